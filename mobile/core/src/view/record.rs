//! Records: rows of lists, and one with its evidence.

use super::names::Names;
use super::{Reading, photos};
use crate::message::{Companion, RecordRow, RecordView};
use crate::platform::Now;
use crate::store::records::{self, RecordLine};
use crate::store::{StoreError, entries, meta, ops};
use crate::view::form::Subject;
use crate::view::history;
use bianfang_shared::checklist::Situation;
use bianfang_shared::evidence::Grade;
use bianfang_shared::id::{ObservationId, UserId};
use bianfang_shared::observation::Observation;
use bianfang_shared::op::Body;
use bianfang_shared::rules::{self, Verdict};

pub(crate) fn row(reading: &Reading<'_>, names: &Names, line: RecordLine) -> Result<RecordRow, StoreError> {
    let place = if line.own { photos::place(reading, line.place, line.id.bytes())? } else { line.place };
    let (subject_name, subject_code) = entries::name(reading.conn, line.subject)?.unwrap_or_default();
    Ok(RecordRow {
        id: line.id,
        kind: line.kind,
        subject: line.subject,
        subject_name,
        subject_code,
        scope: line.scope,
        author_name: names.of(line.author),
        own: line.own,
        ended_at_ms: line.ended_at_ms,
        outcome: line.outcome,
        grade: line.grade,
        place,
        in_conflict: line.conflict,
    })
}

pub(crate) fn rows(
    reading: &Reading<'_>,
    names: &Names,
    lines: Vec<RecordLine>,
) -> Result<Vec<RecordRow>, StoreError> {
    lines.into_iter().map(|line| row(reading, names, line)).collect()
}

pub(crate) fn view(
    reading: Reading<'_>,
    now: Now,
    id: ObservationId,
) -> Result<Option<RecordView>, StoreError> {
    let Some(line) = records::get(reading.conn, id)? else { return Ok(None) };
    let Some((observation, received_at_ms)) = received(&reading, id)? else { return Ok(None) };
    let by_receipt = records::grade_by_receipt(&observation, received_at_ms);
    let evidence = match records::kept_evidence(reading.conn, id)?.filter(|_| by_receipt == Grade::Credible) {
        Some(evidence) => evidence,
        None => records::assessed(reading.conn, &observation, received_at_ms)?,
    };
    let verdict = verdict(&reading, now, &observation)?;
    Ok(Some(RecordView {
        row: row(&reading, &Names::read(reading.conn)?, line)?,
        anchor: entries::anchor(reading.conn, observation.subject)?,
        photos: photos::rows(&reading, &observation.photos)?,
        companions: companions(&reading, id)?,
        observation,
        evidence,
        changes: history::of_record(reading, id)?,
        verdict,
    }))
}

/// What the rules make of a record, as its subject is known now.
fn verdict(reading: &Reading<'_>, now: Now, record: &Observation) -> Result<Option<Verdict>, StoreError> {
    let Some(known) = Subject::read(reading, record.subject)? else { return Ok(None) };
    let facts = known.facts(reading, record.kind, now)?;
    let ledger = known.ledger();
    let situation = Situation {
        answers: &record.answers,
        outcome: Some(record.outcome),
        subject: ledger.subject,
        household: ledger.household,
        facts: &facts,
    };
    Ok(rules::verdict(record.kind, &situation))
}

/// The record as its author wrote it.
pub(crate) fn own_observation(
    reading: &Reading<'_>,
    id: ObservationId,
) -> Result<Option<Observation>, StoreError> {
    Ok(received(reading, id)?.map(|(observation, _)| observation))
}

/// The record as its author wrote it, and when the centre took it in.
fn received(
    reading: &Reading<'_>,
    id: ObservationId,
) -> Result<Option<(Observation, Option<i64>)>, StoreError> {
    let held = ops::of_observation(reading.conn, id)?;
    Ok(held.into_iter().find_map(|held| match held.op.body {
        Body::Record { observation } => Some((*observation, held.received_at_ms)),
        _ => None,
    }))
}

/// Whom a record names as having gone along, and who of them has said so.
pub(crate) fn companions(reading: &Reading<'_>, id: ObservationId) -> Result<Vec<Companion>, StoreError> {
    let Some(record) = own_observation(reading, id)?.filter(|record| !record.companions.is_empty()) else {
        return Ok(Vec::new());
    };
    let (names, held) = (Names::read(reading.conn)?, ops::of_observation(reading.conn, id)?);
    let me = meta::user(reading.conn)?.map(|user| user.id);
    let companion = |user: UserId| Companion {
        user,
        name: names.of(user),
        confirmed: records::accompanied(&held, user),
        me: me == Some(user),
    };
    Ok(record.companions.into_iter().map(companion).collect())
}
