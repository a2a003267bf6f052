//! Households, entries with their histories, conflicts, and what was set aside.

use super::{ListFilter, Names, op_of, page, rows_max, seal, unseal, words};
use crate::service::Refusal;
use crate::service::reader::Reader;
use crate::store::ledgers::{
    ConflictKey, ConflictQuery, HouseholdKey, HouseholdQuery, HouseholdRow, ReadLimits,
};
use crate::store::log::{HeldEntry, SetAside};
use bianfang_shared::area::AreaCode;
use bianfang_shared::entry::Entry;
use bianfang_shared::id::{EntityId, OpId};
use bianfang_shared::ledger::{LedgerKind, household, issue};
use bianfang_shared::op::{Body, Op};
use bianfang_shared::query::{
    ConflictView, EntryView, HistoryItem, HouseholdSummary, PAGE_BYTES_MAX, Page, ProposalView,
    QuarantineItem,
};
use bianfang_shared::value::Value;
use std::collections::{BTreeSet, HashMap};

/// `GET /api/v1/households`.
pub fn households(reader: &Reader<'_>, filter: &ListFilter) -> Result<Page<HouseholdSummary>, Refusal> {
    let rows_max = rows_max(filter.limit);
    let after = unseal::<(AreaCode, String, EntityId)>(filter.after.as_deref())?;
    let query = HouseholdQuery {
        areas: Vec::new(),
        words: words(filter.text.as_deref()),
        after: after.map(|(scope, sort, entity)| HouseholdKey { scope, sort, entity }),
        rows_max: rows_max + 1,
    };
    let found = reader.households(filter.area, query)?;
    let ids: Vec<EntityId> = found.rows.iter().map(|row| row.key.entity).collect();
    let visited = reader.last_visits(&ids)?;
    Ok(page(
        found,
        (rows_max, false),
        |HouseholdRow { key, .. }| seal(&(key.scope, &key.sort, key.entity)),
        |row| Some(household_summary(&row.held.entry, visited.get(&row.key.entity).copied())),
    ))
}

fn household_summary(entry: &Entry, last_visit_ms: Option<i64>) -> HouseholdSummary {
    let text = |field| entry.text(field).to_owned();
    let categories = entry.value(household::CATEGORIES).as_list().unwrap_or_default();
    let group = entry.text(household::GROUP);
    HouseholdSummary {
        id: entry.id,
        scope: entry.scope,
        code: text(household::CODE),
        head_name: text(household::HEAD_NAME),
        address: format!("{group} {}", entry.text(household::ADDRESS)).trim().to_owned(),
        categories: categories.iter().filter_map(Value::as_text).map(str::to_owned).collect(),
        colour: entry.value(household::COLOUR).as_text().map(str::to_owned),
        conflicts: u32::try_from(entry.conflicts().count()).unwrap_or(u32::MAX),
        last_visit_ms,
    }
}

/// `GET /api/v1/entries/{id}`.
pub fn entry(reader: &Reader<'_>, id: EntityId) -> Result<EntryView, Refusal> {
    let HeldEntry { entry, .. } = reader.entry(id)?;
    let shown = entry.fields.keys().map(|field| (field.clone(), entry.value(field).clone()));
    Ok(EntryView {
        id,
        ledger: entry.ledger.unwrap_or(LedgerKind::Unknown),
        scope: entry.scope,
        fields: shown.collect(),
        conflicts: conflict_views(&entry),
        proposals: ProposalView::of_entry(&entry),
    })
}

/// The fields of an entry that are in conflict now.
pub(super) fn conflict_views(entry: &Entry) -> Vec<ConflictView> {
    let view = |(field, register): (&str, &bianfang_shared::field::Register)| ConflictView {
        entity: entry.id,
        ledger: entry.ledger.unwrap_or(LedgerKind::Unknown),
        scope: entry.scope,
        field: field.to_owned(),
        siblings: register.siblings().into_iter().cloned().collect(),
    };
    entry.conflicts().map(view).collect()
}

/// `GET /api/v1/entries/{id}/history`: newest first. An operation's fields are never torn apart by a page's end.
pub fn history(reader: &Reader<'_>, id: EntityId, filter: &ListFilter) -> Result<Page<HistoryItem>, Refusal> {
    let rows_max = rows_max(filter.limit);
    let before = unseal::<u64>(filter.after.as_deref())?;
    let names = Names::load(reader)?;
    let limits = ReadLimits { rows_max: rows_max + 1, bytes_max: PAGE_BYTES_MAX };
    let log = reader.entry_log(id, before, limits)?;
    // Read to the limit, or ended by its bytes: then there may be more.
    let bytes: usize = log.iter().map(|row| row.raw.len()).sum();
    let more = log.len() > rows_max || bytes >= PAGE_BYTES_MAX;
    let (mut rows, mut unreadable, mut next) = (Vec::new(), Vec::new(), None);
    for (at, row) in log.iter().enumerate() {
        match op_of(row) {
            Ok(op) => rows.extend(history_items(&op, row.received_at_ms, &names)),
            Err(_) => unreadable.push(format!("log of {} at {}", row.scope, row.seq)),
        }
        let is_last = at + 1 == log.len();
        if rows.len() >= rows_max || is_last {
            next = (!is_last || more).then(|| seal(&row.seq));
            break;
        }
    }
    Ok(Page { rows, next, unreadable })
}

fn history_items(op: &Op, received_at_ms: i64, names: &Names) -> Vec<HistoryItem> {
    let cause = op.body.observation();
    let item = |field: &str, value: Value| HistoryItem {
        op: op.id(),
        device: op.device,
        author: op.author,
        author_name: names.of(op.author),
        at_ms: op.hlc.wall_ms(),
        received_at_ms: Some(received_at_ms),
        field: field.to_owned(),
        value,
        cause,
    };
    match &op.body {
        Body::Register { fields, .. } => {
            fields.iter().map(|(field, value)| item(field, value.clone())).collect()
        }
        Body::Amend { changes, .. } => {
            changes.iter().map(|change| item(&change.field, change.value.clone())).collect()
        }
        Body::Step { step, .. } => vec![item(issue::STATE, step.state().into())],
        _ => Vec::new(),
    }
}

/// `GET /api/v1/conflicts`.
pub fn conflicts(reader: &Reader<'_>, filter: &ListFilter) -> Result<Page<ConflictView>, Refusal> {
    let rows_max = rows_max(filter.limit);
    let after = unseal::<(AreaCode, EntityId, String, LedgerKind)>(filter.after.as_deref())?;
    let query = ConflictQuery {
        areas: Vec::new(),
        after: after.map(|(scope, entity, field, ledger)| ConflictKey { scope, entity, field, ledger }),
        rows_max: rows_max + 1,
    };
    let found = reader.conflicts(filter.area, query)?;
    let ids: BTreeSet<EntityId> = found.rows.iter().map(|key| key.entity).collect();
    let entries: HashMap<EntityId, HeldEntry> = reader
        .entries(&ids.into_iter().collect::<Vec<_>>())?
        .into_iter()
        .map(|held| (held.entry.id, held))
        .collect();
    let lost = found.rows.iter().filter(|key| !entries.contains_key(&key.entity));
    let lost: Vec<String> = lost.take(rows_max).map(|key| format!("entry {}", key.entity)).collect();
    let view = |key: &ConflictKey| {
        let register = entries.get(&key.entity)?.entry.fields.get(&key.field)?;
        let siblings = register.siblings().into_iter().cloned().collect();
        let ConflictKey { scope, entity, field, ledger } = key.clone();
        Some(ConflictView { entity, ledger, scope, field, siblings })
    };
    let key = |key: &ConflictKey| seal(&(key.scope, key.entity, &key.field, key.ledger));
    let mut page = page(found, (rows_max, false), key, view);
    page.unreadable.extend(lost);
    Ok(page)
}

/// `GET /api/v1/quarantine`: reviewers see what was set aside in their areas, administrators also what names no
/// village; everybody else their own. A page is shorter where administrators are not in charge of the sender.
pub fn quarantine(reader: &Reader<'_>, filter: &ListFilter) -> Result<Page<QuarantineItem>, Refusal> {
    let rows_max = rows_max(filter.limit);
    let after = unseal::<OpId>(filter.after.as_deref())?;
    let found = reader.set_asides(filter.area, after, rows_max + 1)?;
    let names = Names::load(reader)?;
    let mut seen = Vec::with_capacity(found.rows.len());
    for row in &found.rows {
        seen.push(reader.sees_aside(&row.aside)?);
    }
    let mut seen = seen.into_iter();
    Ok(page(
        found,
        (rows_max, false),
        |row| seal(&row.aside.op),
        |row| seen.next().unwrap_or(false).then(|| item(row.aside.clone(), row.raw_bytes, &names)),
    ))
}

fn item(aside: SetAside, raw_bytes: u64, names: &Names) -> QuarantineItem {
    QuarantineItem {
        op: aside.op,
        scope: aside.scope,
        author: aside.sender,
        author_name: names.of(aside.sender),
        received_at_ms: aside.received_at_ms,
        reason: aside.reason,
        raw: (*aside.raw).to_owned(),
        raw_bytes,
    }
}

/// `GET /api/v1/quarantine/{device}/{seq}`: one with all of its text, to whoever has it in the list.
pub fn quarantined(reader: &Reader<'_>, op: OpId) -> Result<QuarantineItem, Refusal> {
    let aside = reader.set_aside(op)?;
    let raw_bytes = aside.raw.len() as u64;
    Ok(item(aside, raw_bytes, &Names::load(reader)?))
}
