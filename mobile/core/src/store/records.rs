//! The records made in the field, as the lists show them: derived from their operations.

use super::entries;
use super::ops::{self, Held};
use super::{StoreError, meta, photos, sql};
use crate::message::{Place, WhyUncounted};
use bianfang_shared::evidence::{ChainState, Evidence, EvidenceInput, Grade, assess};
use bianfang_shared::id::{EntityId, ObservationId, UserId};
use bianfang_shared::observation::{Observation, ObservationKind, Outcome};
use bianfang_shared::op::{Body, Change};
use bianfang_shared::policy::Policy;
use bianfang_shared::query::ReviewState;
use bianfang_shared::rules::post::WorkArea;
use bianfang_shared::rules::review::Standing;
use bianfang_shared::schedule::{Mark, is_face_check};
use bianfang_shared::value::Value;
use rusqlite::{Connection, Row, Transaction};
use std::collections::BTreeSet;

/// A record as the lists need it.
#[derive(Clone, Debug)]
pub(crate) struct RecordLine {
    pub(crate) id: ObservationId,
    pub(crate) own: bool,
    pub(crate) scope: bianfang_shared::area::AreaCode,
    pub(crate) kind: ObservationKind,
    pub(crate) subject: EntityId,
    pub(crate) author: UserId,
    /// The moment as of which it counts; see `Observation::counted_at_ms`.
    pub(crate) ended_at_ms: i64,
    pub(crate) outcome: Outcome,
    pub(crate) grade: Grade,
    pub(crate) place: Place,
    pub(crate) conflict: bool,
}

impl RecordLine {
    /// Whether it counts towards schedules and sheets.
    pub(crate) fn counts(&self) -> bool {
        let review = match &self.place {
            Place::Approved => ReviewState::Approved,
            Place::SentBack { .. } => ReviewState::SentBack,
            Place::Retracted => ReviewState::Retracted,
            Place::WithdrawalAsked => ReviewState::WithdrawalAsked,
            _ => ReviewState::Waiting,
        };
        !matches!(self.place, Place::SetAside { .. }) && bianfang_shared::schedule::counts(self.grade, review)
    }
}

/// Derives a record's row from its operations again; removes it when none are left.
pub(super) fn derive(tx: &Transaction<'_>, id: ObservationId) -> Result<(), StoreError> {
    let held = ops::of_observation(tx, id)?;
    let subject_before: Option<[u8; 16]> =
        sql::one(tx, "SELECT subject FROM records WHERE id = ?1", [id.bytes()], |row| row.get(0))?;
    let shown = held.iter().filter(|held| held.folds || held.own).filter_map(|held| match &held.op.body {
        Body::Record { observation } => Some((held, observation.as_ref())),
        _ => None,
    });
    // Of a record sent again under a new chain the copy that the centre took in first.
    let shown = shown.min_by_key(|(held, _)| (!held.folds, held.place.unwrap_or(u64::MAX), held.op.seq));
    photos::derive_of_record(tx, id, shown)?;
    match shown {
        Some((record, observation)) => write(tx, record, observation, &held)?,
        None => drop(sql::run(tx, "DELETE FROM records WHERE id = ?1", [id.bytes()])?),
    }
    let subject_now = shown.map(|(_, observation)| observation.subject);
    for subject in subject_before.map(EntityId::from_bytes).into_iter().chain(subject_now) {
        entries::refresh_last_records(tx, subject)?;
    }
    Ok(())
}

fn write(
    tx: &Transaction<'_>,
    record: &Held,
    observation: &Observation,
    held: &[Held],
) -> Result<(), StoreError> {
    let place = place(record, held);
    let me: Option<UserId> = meta::user(tx)?.map(|user| user.id);
    let mine = me.is_some_and(|me| {
        record.op.author == me || (observation.companions.contains(&me) && accompanied(held, me))
    });
    let known: Option<(String, Option<String>)> =
        sql::one(tx, "SELECT grade, evidence FROM records WHERE id = ?1", [observation.id.bytes()], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
    let (grade, evidence) = match known {
        Some((grade, evidence)) => (meta::from_json("grade", &grade)?, evidence),
        None => (assessed(tx, observation, record.received_at_ms)?.grade, None),
    };
    // What was shown when it was saved could not know when it would come to the centre.
    let grade: Grade = grade.min(grade_by_receipt(observation, record.received_at_ms));
    sql::run(
        tx,
        "INSERT OR REPLACE INTO records (id, device_no, seq, own, mine, scope, subject, author, kind, outcome,
             ended_at_ms, grade, evidence, place, state, conflict, only_here, face_check)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)",
        rusqlite::params![
            observation.id.bytes(),
            ops::device_no(tx, record.op.device)?,
            sql::signed(record.op.seq),
            record.own,
            mine,
            record.op.scope.sql(),
            observation.subject.bytes(),
            record.op.author.bytes(),
            meta::word(&observation.kind),
            meta::word(&observation.outcome),
            observation.counted_at_ms(record.received_at_ms),
            meta::to_json(&grade),
            evidence,
            meta::to_json(&place),
            state(&place),
            held.iter().any(|held| held.conflict && belongs(held)),
            record.own && place == Place::Device,
            is_face_check(observation),
        ],
    )?;
    Ok(())
}

/// How far this device believes a record of another one, from what it knows now. A record of its own keeps the
/// evidence that was shown when it was saved.
pub(crate) fn assessed(
    conn: &Connection,
    record: &Observation,
    received_at_ms: Option<i64>,
) -> Result<Evidence, StoreError> {
    let anchor = entries::anchor(conn, record.subject)?;
    let input = EvidenceInput::of_record(record, anchor, None, ChainState::NotYetKnown);
    let input = input.in_area(area(conn, record.kind, record.subject)?);
    let input = match received_at_ms {
        Some(at_ms) => input.received(at_ms),
        None => input,
    };
    Ok(assess(&input, &Policy::builtin().evidence))
}

/// The best grade that a record can have by the time of its receipt.
pub(crate) fn grade_by_receipt(record: &Observation, received_at_ms: Option<i64>) -> Grade {
    let policy = &Policy::builtin().evidence;
    received_at_ms.map_or(Grade::Credible, |at_ms| {
        bianfang_shared::evidence::grade_by_receipt(record.made_at_ms(), at_ms, policy)
    })
}

/// Whether somebody has said to have gone along, and the centre has not set that aside.
pub(crate) fn accompanied(held: &[Held], user: UserId) -> bool {
    held.iter()
        .any(|held| held.folds && held.op.author == user && matches!(held.op.body, Body::Accompany { .. }))
}

/// Of an attendance, where its post is worked.
pub(crate) fn area(
    conn: &Connection,
    kind: ObservationKind,
    subject: EntityId,
) -> Result<Option<WorkArea>, StoreError> {
    if kind != ObservationKind::Attendance {
        return Ok(None);
    }
    let post = entries::entry(conn, subject)?;
    Ok(post.and_then(|post| WorkArea::of_post(&post, &Policy::builtin().posts.area)))
}

/// Corrections of corrections that are followed. Nobody corrects a record so often.
const LINKS_MAX: usize = 16;

/// The record with this id, if it is by this author about this subject, and those that it corrects, one after the other,
/// as long as they are too.
pub(crate) fn corrected(
    conn: &Connection,
    last: Option<ObservationId>,
    author: UserId,
    subject: EntityId,
) -> Result<BTreeSet<ObservationId>, StoreError> {
    let mut found = BTreeSet::new();
    let mut next = last;
    while let Some(id) = next.filter(|_| found.len() < LINKS_MAX) {
        let held = ops::of_observation(conn, id)?.into_iter().filter(|held| held.folds || held.own);
        let record = held.into_iter().find_map(|held| match held.op.body {
            Body::Record { observation } => Some((held.op.author, observation)),
            _ => None,
        });
        next = match record {
            Some((by, record)) if by == author && record.subject == subject && found.insert(id) => {
                record.corrects
            }
            _ => None,
        };
    }
    Ok(found)
}

/// Whether an operation is the record or follows from it, as against being said about it.
fn belongs(held: &Held) -> bool {
    matches!(
        held.op.body,
        Body::Record { .. } | Body::Amend { .. } | Body::Propose { .. } | Body::Register { .. }
    )
}

fn place(record: &Held, held: &[Held]) -> Place {
    let parts = || held.iter().filter(|held| held.own && belongs(held));
    // A word written again under a new chain may be set aside while its first writing was merged after all.
    let merged_elsewhere = |part: &Held| {
        held.iter().any(|other| {
            other.folds && other.received_at_ms.is_some() && same_word(&other.op.body, &part.op.body)
        })
    };
    let set_aside = parts().filter(|part| part.reason.is_some() && !merged_elsewhere(part));
    if let Some(reason) = set_aside.filter_map(|part| part.reason.clone()).next() {
        return Place::SetAside { reason };
    }
    // Only when every part is there: success is never told too early.
    if record.own && parts().any(|part| part.received_at_ms.is_none()) {
        return Place::Device;
    }
    reviewed(record.op.author, held)
}

/// Whether two operations say the same, whatever they replace.
fn same_word(one: &Body, other: &Body) -> bool {
    match (one, other) {
        (Body::Record { observation: one }, Body::Record { observation: other }) => one.id == other.id,
        (Body::Register { entity: one, .. }, Body::Register { entity: other, .. }) => one == other,
        (
            Body::Amend { entity: one, changes: these, .. },
            Body::Amend { entity: other, changes: those, .. },
        )
        | (
            Body::Propose { entity: one, changes: these, .. },
            Body::Propose { entity: other, changes: those, .. },
        ) => {
            let words = |changes: &[Change]| -> Vec<(String, Value)> {
                changes.iter().map(|change| (change.field.clone(), change.value.clone())).collect()
            };
            one == other && words(these) == words(those)
        }
        _ => false,
    }
}

/// What was said of the record, in the order of the village's log; what is only here comes last.
fn reviewed(author: UserId, held: &[Held]) -> Place {
    let mut said: Vec<&Held> = held.iter().filter(|held| held.folds).collect();
    said.sort_by_key(|held| (held.place.unwrap_or(u64::MAX), held.op.hlc));
    let mut standing = Standing::default();
    let mut last_comment = "";
    for held in said {
        match &held.op.body {
            Body::Review { verdict, comment, .. } => {
                standing.review(*verdict);
                last_comment = comment;
            }
            Body::Retract { .. } => standing.retract(held.op.author == author),
            _ => (),
        }
    }
    match standing.state() {
        ReviewState::Waiting => Place::Centre,
        ReviewState::Approved => Place::Approved,
        ReviewState::SentBack => Place::SentBack { comment: last_comment.to_owned() },
        ReviewState::Retracted => Place::Retracted,
        ReviewState::WithdrawalAsked => Place::WithdrawalAsked,
    }
}

fn state(place: &Place) -> &'static str {
    match place {
        Place::Device => "device",
        Place::Centre | Place::Photos { .. } | Place::Complete => "centre",
        Place::SetAside { .. } => "set_aside",
        Place::Approved => "approved",
        Place::SentBack { .. } => "sent_back",
        Place::Retracted => "retracted",
        Place::WithdrawalAsked => "withdrawal_asked",
    }
}

/// Keeps the evidence that was shown when an own record was saved.
pub(crate) fn keep_evidence(
    tx: &Transaction<'_>,
    id: ObservationId,
    evidence: &Evidence,
) -> Result<(), StoreError> {
    sql::run(
        tx,
        "UPDATE records SET grade = ?2, evidence = ?3 WHERE id = ?1",
        (id.bytes(), meta::to_json(&evidence.grade), meta::to_json(evidence)),
    )?;
    Ok(())
}

/// The evidence kept with a record, if it was saved here.
pub(crate) fn kept_evidence(conn: &Connection, id: ObservationId) -> Result<Option<Evidence>, StoreError> {
    let find = "SELECT evidence FROM records WHERE id = ?1";
    let text: Option<Option<String>> = sql::one(conn, find, [id.bytes()], |row| row.get(0))?;
    text.flatten().map(|text| meta::from_json("evidence", &text)).transpose()
}

/// Removes the rows of a village that were not made here.
pub(super) fn remove_scope(
    tx: &Transaction<'_>,
    scope: bianfang_shared::area::AreaCode,
) -> Result<(), StoreError> {
    sql::run(tx, "DELETE FROM records WHERE scope = ?1 AND own = 0", [scope.sql()])?;
    Ok(())
}

const LINE: &str =
    "SELECT id, own, scope, subject, author, ended_at_ms, outcome, grade, place, conflict, kind FROM records";

type Raw = (RecordLine, String, String, String, String);

fn raw(row: &Row<'_>) -> rusqlite::Result<Raw> {
    let line = RecordLine {
        id: ObservationId::from_bytes(row.get(0)?),
        own: row.get(1)?,
        scope: entries::area(row.get(2)?),
        kind: ObservationKind::Unknown,
        subject: EntityId::from_bytes(row.get(3)?),
        author: UserId::from_bytes(row.get(4)?),
        ended_at_ms: row.get(5)?,
        outcome: Outcome::Unknown,
        grade: Grade::Insufficient,
        place: Place::Device,
        conflict: row.get(9)?,
    };
    Ok((line, row.get(6)?, row.get(7)?, row.get(8)?, row.get(10)?))
}

fn line((line, outcome, grade, place, kind): Raw) -> Result<RecordLine, StoreError> {
    Ok(RecordLine {
        kind: meta::from_word("kind", &kind)?,
        outcome: meta::from_word("outcome", &outcome)?,
        grade: meta::from_json("grade", &grade)?,
        place: meta::from_json("place", &place)?,
        ..line
    })
}

fn lines(
    conn: &Connection,
    rest: &str,
    params: impl rusqlite::Params,
) -> Result<Vec<RecordLine>, StoreError> {
    sql::all(conn, &format!("{LINE} {rest}"), params, raw)?.into_iter().map(line).collect()
}

pub(crate) fn get(conn: &Connection, id: ObservationId) -> Result<Option<RecordLine>, StoreError> {
    Ok(lines(conn, "WHERE id = ?1", [id.bytes()])?.pop())
}

/// Records made on this device, newest first.
pub(crate) fn own(conn: &Connection, skip: usize, rows_max: usize) -> Result<Vec<RecordLine>, StoreError> {
    let params = (sql::signed(rows_max as u64), sql::signed(skip as u64));
    lines(conn, "WHERE own = 1 ORDER BY ended_at_ms DESC, id DESC LIMIT ?1 OFFSET ?2", params)
}

/// Records about an entry, newest first.
pub(crate) fn of_subject(
    conn: &Connection,
    subject: EntityId,
    rows_max: usize,
) -> Result<Vec<RecordLine>, StoreError> {
    let params = (subject.bytes(), sql::signed(rows_max as u64));
    lines(conn, "WHERE subject = ?1 ORDER BY ended_at_ms DESC LIMIT ?2", params)
}

/// The last visit with someone at home that stands.
pub(crate) fn last_at_home(conn: &Connection, subject: EntityId) -> Result<Option<RecordLine>, StoreError> {
    let rest = "WHERE subject = ?1 AND kind = 'visit' AND outcome = 'at_home'
        AND state NOT IN ('set_aside', 'retracted') ORDER BY ended_at_ms DESC LIMIT 1";
    Ok(lines(conn, rest, [subject.bytes()])?.pop())
}

/// The last record of a kind about an entry that stands; of visits the last with someone at home.
pub(crate) fn last_of_kind(
    conn: &Connection,
    subject: EntityId,
    kind: ObservationKind,
) -> Result<Option<RecordLine>, StoreError> {
    if kind == ObservationKind::Visit {
        return last_at_home(conn, subject);
    }
    let rest = "WHERE subject = ?1 AND kind = ?2 AND state NOT IN ('set_aside', 'retracted')
        ORDER BY ended_at_ms DESC LIMIT 1";
    Ok(lines(conn, rest, (subject.bytes(), meta::word(&kind)))?.pop())
}

/// Records of a kind about an entry since an instant, oldest first; of too many the last ones.
pub(crate) fn of_kind_since(
    conn: &Connection,
    subject: EntityId,
    kind: ObservationKind,
    from_ms: i64,
    rows_max: usize,
) -> Result<Vec<RecordLine>, StoreError> {
    let params = (subject.bytes(), meta::word(&kind), from_ms, sql::signed(rows_max as u64));
    let rest = "WHERE subject = ?1 AND kind = ?2 AND ended_at_ms >= ?3 ORDER BY ended_at_ms DESC LIMIT ?4";
    let mut found = lines(conn, rest, params)?;
    found.reverse();
    Ok(found)
}

/// Attendances at any post between two instants.
pub(crate) fn attendances_between(
    conn: &Connection,
    (from_ms, until_ms): (i64, i64),
    rows_max: usize,
) -> Result<Vec<RecordLine>, StoreError> {
    let rest = "WHERE kind = 'attendance' AND ended_at_ms BETWEEN ?1 AND ?2 ORDER BY ended_at_ms LIMIT ?3";
    lines(conn, rest, (from_ms, until_ms, sql::signed(rows_max as u64)))
}

/// Records sent back to this person and not yet corrected, newest first.
pub(crate) fn sent_back(
    conn: &Connection,
    author: UserId,
    rows_max: usize,
) -> Result<Vec<RecordLine>, StoreError> {
    let params = (author.bytes(), sql::signed(rows_max as u64));
    lines(conn, "WHERE author = ?1 AND state = 'sent_back' ORDER BY ended_at_ms DESC LIMIT ?2", params)
}

/// Visits with someone at home by this person since an instant.
pub(crate) fn visited_since(conn: &Connection, author: UserId, from_ms: i64) -> Result<u64, StoreError> {
    Ok(sql::number(
        conn,
        "SELECT count(*) FROM records WHERE author = ?1 AND ended_at_ms >= ?2 AND kind = 'visit'
         AND outcome = 'at_home' AND state NOT IN ('set_aside', 'retracted')",
        (author.bytes(), from_ms),
    )?)
}

/// Records that are only on this device.
pub(crate) fn only_here(conn: &Connection) -> Result<u64, StoreError> {
    Ok(sql::number(conn, "SELECT count(*) FROM records WHERE only_here = 1", [])?)
}

/// A record as the schedule looks at it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Marked {
    pub(crate) mark: Mark,
    /// Why it counts for nobody; none if it counts.
    pub(crate) why_not: Option<WhyUncounted>,
}

/// The records of a kind about an entry that stand, newest first; of attendances the face-to-face checks.
pub(crate) fn marks(
    conn: &Connection,
    subject: EntityId,
    kind: ObservationKind,
    rows_max: usize,
) -> Result<Vec<Marked>, StoreError> {
    let rows = sql::all(
        conn,
        "SELECT ended_at_ms, outcome, mine, grade, state FROM records
         WHERE subject = ?1 AND kind = ?3 AND state <> 'retracted' AND (kind <> 'attendance' OR face_check = 1)
         ORDER BY ended_at_ms DESC LIMIT ?2",
        (subject.bytes(), sql::signed(rows_max as u64), meta::word(&kind)),
        |row| {
            Ok((
                row.get::<_, i64>(0)?,
                row.get::<_, String>(1)?,
                row.get::<_, bool>(2)?,
                row.get::<_, String>(3)?,
                row.get::<_, String>(4)?,
            ))
        },
    )?;
    let mut marks = Vec::with_capacity(rows.len());
    for (at_ms, outcome, own, grade, state) in rows {
        let outcome = meta::from_word("outcome", &outcome)?;
        let why_not = why_not(meta::from_json("grade", &grade)?, &state);
        marks.push(Marked { mark: Mark { at_ms, outcome, own }, why_not });
    }
    Ok(marks)
}

fn why_not(grade: Grade, state: &str) -> Option<WhyUncounted> {
    if state == "set_aside" {
        return Some(WhyUncounted::SetAside);
    }
    let review = review_state(state);
    (!bianfang_shared::schedule::counts(grade, review)).then_some(match review {
        ReviewState::SentBack => WhyUncounted::SentBack,
        _ => WhyUncounted::TooWeak,
    })
}

fn review_state(state: &str) -> ReviewState {
    match state {
        "approved" => ReviewState::Approved,
        "sent_back" => ReviewState::SentBack,
        "retracted" => ReviewState::Retracted,
        "withdrawal_asked" => ReviewState::WithdrawalAsked,
        _ => ReviewState::Waiting,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_visit_counts_or_the_reason_is_told() {
        use WhyUncounted::{SentBack, SetAside, TooWeak};
        for (grade, state, why) in [
            (Grade::Credible, "device", None),
            (Grade::Doubtful, "centre", None),
            (Grade::Doubtful, "approved", None),
            (Grade::Insufficient, "approved", Some(TooWeak)),
            (Grade::Insufficient, "device", Some(TooWeak)),
            (Grade::Credible, "sent_back", Some(SentBack)),
            (Grade::Insufficient, "sent_back", Some(SentBack)),
            (Grade::Credible, "set_aside", Some(SetAside)),
        ] {
            assert_eq!(why_not(grade, state), why, "{grade:?} {state}");
        }
    }
}
