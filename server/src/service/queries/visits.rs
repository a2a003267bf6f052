//! The review list and a visit's detail.

use super::{Names, READ_BYTES_MAX, Subjects, op_of, page, rows_max, seal, unseal, words};
use crate::service::Refusal;
use crate::service::photos::{self, Photos};
use crate::service::reader::Reader;
use crate::store::ledgers::RecordQuery;
use crate::store::log::{HeldEntry, HeldRecord};
use bianfang_shared::day::{Day, day_of, days_between};
use bianfang_shared::entry::FieldKey;
use bianfang_shared::form::EffectKind;
use bianfang_shared::id::{EntityId, ObservationId, OpId};
use bianfang_shared::ledger::{LedgerKind, Point, house};
use bianfang_shared::observation::Observation;
use bianfang_shared::op::{Body, Change, Op};
use bianfang_shared::query::{
    ConflictView, Page, ReviewItem, VisitDetail, VisitFilter, VisitSummary, WithdrawalItem,
};
use bianfang_shared::value::Value;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// `GET /api/v1/visits`.
pub fn visits(reader: &Reader<'_>, filter: &VisitFilter) -> Result<Page<VisitSummary>, Refusal> {
    let rows_max = rows_max(filter.limit);
    let query = RecordQuery {
        areas: Vec::new(),
        kind: filter.kind,
        author: filter.author,
        subject: filter.subject,
        grade: filter.grade,
        outcome: filter.outcome,
        state: filter.state,
        from_ms: filter.from_ms,
        until_ms: filter.until_ms,
        words: words(filter.text.as_deref()),
        after: unseal::<(i64, ObservationId)>(filter.after.as_deref())?,
        rows_max: rows_max + 1,
    };
    let mut found = reader.records(filter.area, query)?;
    let asked = found.rows.len();
    found.rows.truncate(rows_max);
    let (caused, whole) = caused(reader, &found.rows)?;
    // What did not all come is for the next page.
    found.rows.truncate(whole);
    let more = found.rows.len() < asked;
    let mut summaries = summaries(reader, &found.rows, &caused)?.into_iter();
    let key = |record: &HeldRecord| seal(&(record.ended_at_ms, record.id));
    Ok(page(found, (rows_max, more), key, |_| summaries.next()))
}

fn summaries(
    reader: &Reader<'_>,
    records: &[HeldRecord],
    caused: &Caused,
) -> Result<Vec<VisitSummary>, Refusal> {
    let names = Names::load(reader)?;
    let touched = records.iter().map(|record| record.subject);
    let touched: BTreeSet<EntityId> =
        touched.chain(caused.values().flatten().filter_map(|(_, op)| op.body.entity())).collect();
    let subjects = Subjects::load(reader, touched)?;
    Ok(records
        .iter()
        .map(|record| {
            let effects = caused.get(&record.id).map_or(&[][..], Vec::as_slice);
            summary(record, effects, &subjects, &names)
        })
        .collect())
}

/// Most effects of one record that are told. No form has so many questions.
const EFFECTS_MAX: usize = 1_000;

/// Most words on one record, and requests to take it back, that are told.
const WORDS_MAX: usize = 200;

type Caused = BTreeMap<ObservationId, Vec<(i64, Op)>>;

/// The operations that are, follow from, or are about each record, with their time of receipt. What names a record
/// as its cause without being of its village, or changes a ledger without being its author's, is not its doing. With of how
/// many records these are all.
fn caused(reader: &Reader<'_>, records: &[HeldRecord]) -> Result<(Caused, usize), Refusal> {
    let known: BTreeMap<ObservationId, &HeldRecord> =
        records.iter().map(|record| (record.id, record)).collect();
    let ids: Vec<ObservationId> = records.iter().map(|record| record.id).collect();
    let mut caused = Caused::new();
    let mut words: BTreeMap<ObservationId, usize> = BTreeMap::new();
    let whole = reader.caused_by(&ids, READ_BYTES_MAX, &mut |id, row| {
        // One that cannot be read is named by `verify`; the others are told.
        let (Some(record), Ok(op)) = (known.get(&id), op_of(&row)) else { return };
        let is_word = matches!(op.body, Body::Review { .. } | Body::Retract { .. });
        if row.scope != record.scope || !(is_word || op.author == record.author) {
            return;
        }
        let effects = caused.entry(id).or_default();
        let told = if is_word { words.entry(id).or_default() } else { &mut 0 };
        *told += 1;
        let has_room = if is_word { *told <= WORDS_MAX } else { effects.len() < EFFECTS_MAX };
        if has_room || op.id() == record.op {
            effects.push((row.received_at_ms, op));
        }
    })?;
    Ok((caused, whole))
}

fn summary(record: &HeldRecord, effects: &[(i64, Op)], subjects: &Subjects, names: &Names) -> VisitSummary {
    let in_conflict = |(entity, field): &(EntityId, FieldKey)| {
        let register = subjects.entry(*entity).and_then(|entry| entry.fields.get(field));
        register.is_some_and(|register| register.in_conflict())
    };
    let changed: BTreeSet<(EntityId, FieldKey)> =
        effects.iter().flat_map(|(_, op)| changed_fields(op)).collect();
    VisitSummary {
        id: record.id,
        kind: record.kind,
        scope: record.scope,
        subject: record.subject,
        subject_name: subjects.name(record.subject),
        subject_code: subjects.code(record.subject),
        author: record.author,
        author_name: names.of(record.author),
        ended_at_ms: record.ended_at_ms,
        received_at_ms: record.received_at_ms,
        outcome: record.outcome,
        grade: record.evidence.grade,
        state: record.state(),
        issues: count(effects.iter().filter(|(_, op)| opens_issue(op)).count()),
        conflicts: count(changed.iter().filter(|changed| in_conflict(changed)).count()),
    }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

fn opens_issue(op: &Op) -> bool {
    matches!(op.body, Body::Register { ledger: LedgerKind::Issue, .. })
}

fn changed_fields(op: &Op) -> Vec<(EntityId, FieldKey)> {
    match &op.body {
        Body::Amend { entity, changes, .. } => {
            changes.iter().map(|change| (*entity, change.field.clone())).collect()
        }
        _ => Vec::new(),
    }
}

/// `GET /api/v1/visits/{id}`.
pub fn visit(reader: &Reader<'_>, photos: &Photos, id: ObservationId) -> Result<VisitDetail, Refusal> {
    let mut record = reader.record(id)?;
    if record.evidence_lost {
        record.evidence = photos.assess_anew(id)?.unwrap_or(record.evidence);
    }
    let (mut caused, _) = caused(reader, std::slice::from_ref(&record))?;
    let summary =
        summaries(reader, std::slice::from_ref(&record), &caused)?.pop().ok_or(Refusal::NotFound)?;
    let effects = caused.remove(&id).unwrap_or_default();
    let observation = observation(&effects, record.op).ok_or(Refusal::NotFound)?;
    let names = Names::load(reader)?;
    let subject = reader.entries(&[record.subject])?;
    Ok(VisitDetail {
        summary,
        op: record.op,
        effects: effect_kinds(reader, &effects, record.ended_at_ms)?,
        reviews: effects.iter().filter_map(|(at_ms, op)| review(*at_ms, op, &names)).collect(),
        accompanied: record.accompanied.iter().copied().collect(),
        withdrawals: effects.iter().filter_map(|(at_ms, op)| withdrawal(*at_ms, op, &names)).collect(),
        conflicts: subject.iter().flat_map(|held| ConflictView::of_entry(&held.entry)).collect(),
        anchor: anchor(reader, &record, &subject)?,
        evidence: record.evidence,
        photos: photos::views(photos, reader, &observation)?,
        observation,
    })
}

/// Where the record's subject is. Of a house whose household is not the reader's to see nothing is told: what was measured
/// from may be that household's place, in records that were assessed before houses lent only from their own village.
fn anchor(reader: &Reader<'_>, record: &HeldRecord, subject: &[HeldEntry]) -> Result<Option<Point>, Refusal> {
    for held in subject {
        let is_house = held.entry.ledger == Some(LedgerKind::House);
        let household = held.entry.value(house::HOUSEHOLD).read::<EntityId>().filter(|_| is_house);
        if let Some(household) = household
            && reader.entries(&[household])?.is_empty()
        {
            return Ok(None);
        }
    }
    Ok(record.anchor)
}

fn observation(effects: &[(i64, Op)], recorded_by: OpId) -> Option<Observation> {
    effects.iter().find_map(|(_, op)| match &op.body {
        Body::Record { observation } if op.id() == recorded_by => Some((**observation).clone()),
        _ => None,
    })
}

fn review(received_at_ms: i64, op: &Op, names: &Names) -> Option<ReviewItem> {
    let Body::Review { verdict, comment, .. } = &op.body else { return None };
    let author_name = names.of(op.author);
    let comment = comment.clone();
    Some(ReviewItem { author: op.author, author_name, received_at_ms, verdict: *verdict, comment })
}

fn withdrawal(received_at_ms: i64, op: &Op, names: &Names) -> Option<WithdrawalItem> {
    let Body::Retract { reason, .. } = &op.body else { return None };
    let (author_name, reason) = (names.of(op.author), reason.clone());
    Some(WithdrawalItem { author: op.author, author_name, received_at_ms, reason })
}

/// What the record did to the ledgers, as far as operations tell it.
fn effect_kinds(
    reader: &Reader<'_>,
    effects: &[(i64, Op)],
    ended_at_ms: i64,
) -> Result<Vec<EffectKind>, Refusal> {
    let before = Before::load(reader, effects)?;
    let mut kinds = Vec::new();
    for (_, op) in effects {
        match &op.body {
            Body::Amend { entity, changes, .. } => {
                kinds.extend(changes.iter().map(|change| EffectKind::Change {
                    entity: *entity,
                    ledger: before.ledger(*entity),
                    field: change.field.clone(),
                    from: before.value(*entity, change),
                    to: change.value.clone(),
                }));
            }
            Body::Register { ledger: LedgerKind::Issue, fields, .. } => {
                kinds.push(opened(fields, day_of(ended_at_ms)));
            }
            _ => (),
        }
    }
    Ok(kinds)
}

fn opened(fields: &BTreeMap<FieldKey, Value>, day: Day) -> EffectKind {
    let text = |field: &str| fields.get(field).and_then(Value::as_text).unwrap_or_default().to_owned();
    let deadline = text("deadline").parse::<Day>().map_or(0, |deadline| days_between(day, deadline));
    EffectKind::OpenIssue {
        topic: text("topic"),
        kind: text("kind"),
        what: text("what"),
        urgent: fields.get("urgent").and_then(Value::as_bool).unwrap_or_default(),
        deadline_days: u32::try_from(deadline).unwrap_or(0),
        lead: text("lead"),
    }
}

/// What fields said before, by the operations that an amendment names as parents. An amendment can name any operation
/// there is, so only those count that its reader may see, and of them only what they say of the same field of the same
/// entry.
struct Before {
    parents: HashMap<OpId, Op>,
    ledgers: HashMap<EntityId, LedgerKind>,
}

impl Before {
    fn load(reader: &Reader<'_>, effects: &[(i64, Op)]) -> Result<Self, Refusal> {
        let mut parents = BTreeSet::new();
        let mut entities = BTreeSet::new();
        for (_, op) in effects {
            if let Body::Amend { entity, changes, .. } = &op.body {
                entities.insert(*entity);
                parents.extend(changes.iter().flat_map(|change| change.parents.iter().copied()));
            }
        }
        let rows = reader.ops(&parents.into_iter().collect::<Vec<_>>())?;
        let ops: Vec<Op> = rows.iter().filter_map(|row| op_of(row).ok()).collect();
        let entries = reader.entries(&entities.into_iter().collect::<Vec<_>>())?;
        Ok(Self {
            parents: ops.into_iter().map(|op| (op.id(), op)).collect(),
            ledgers: entries.iter().filter_map(|held| Some((held.entry.id, held.entry.ledger?))).collect(),
        })
    }

    fn ledger(&self, entity: EntityId) -> LedgerKind {
        self.ledgers.get(&entity).copied().unwrap_or(LedgerKind::Unknown)
    }

    fn value(&self, entity: EntityId, change: &Change) -> Value {
        let parents = change.parents.iter().rev().filter_map(|parent| self.parents.get(parent));
        let mut written = parents
            .filter(|parent| parent.body.entity() == Some(entity))
            .filter_map(|parent| written(&parent.body, &change.field));
        written.next().unwrap_or_default()
    }
}

/// What a body wrote into a field.
fn written(body: &Body, field: &str) -> Option<Value> {
    match body {
        Body::Register { fields, .. } => fields.get(field).cloned(),
        Body::Amend { changes, .. } => {
            changes.iter().find(|change| change.field == field).map(|change| change.value.clone())
        }
        _ => None,
    }
}
