//! Households, entries with their histories, conflicts, and what was set aside.

use super::{ListFilter, Names, areas, may_see, op_of, rows_max, seal, unseal, words};
use crate::service::Refusal;
use crate::store::Store;
use crate::store::ledgers::{
    AsideQuery, ConflictKey, ConflictQuery, HouseholdKey, HouseholdQuery, HouseholdRow,
};
use crate::store::log::HeldEntry;
use crate::store::people::SignedIn;
use bianfang_shared::area::AreaCode;
use bianfang_shared::entry::Entry;
use bianfang_shared::id::{EntityId, OpId};
use bianfang_shared::ledger::{LedgerKind, household, issue};
use bianfang_shared::op::{Body, Op};
use bianfang_shared::query::{ProposalView, ConflictView, EntryView, HistoryItem, HouseholdSummary, Page, QuarantineItem};
use bianfang_shared::value::Value;
use std::collections::HashMap;

/// `GET /api/v1/households`.
pub fn households(
    store: &dyn Store,
    who: &SignedIn,
    filter: &ListFilter,
) -> Result<Page<HouseholdSummary>, Refusal> {
    let rows_max = rows_max(filter.limit);
    let after = unseal::<(AreaCode, String, EntityId)>(filter.after.as_deref())?;
    let mut found = store.households(&HouseholdQuery {
        areas: areas(who, filter.area),
        words: words(filter.text.as_deref()),
        after: after.map(|(scope, sort, entity)| HouseholdKey { scope, sort, entity }),
        rows_max: rows_max + 1,
    })?;
    let more = found.len() > rows_max;
    found.truncate(rows_max);
    let next = found
        .last()
        .filter(|_| more)
        .map(|HouseholdRow { key, .. }| seal(&(key.scope, &key.sort, key.entity)));
    let ids: Vec<EntityId> = found.iter().map(|row| row.key.entity).collect();
    let visited: HashMap<EntityId, i64> = store.last_visits(&ids)?.into_iter().collect();
    let rows = found
        .iter()
        .map(|row| household_summary(&row.held.entry, visited.get(&row.key.entity).copied()))
        .collect();
    Ok(Page { rows, next })
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
pub fn entry(store: &dyn Store, who: &SignedIn, id: EntityId) -> Result<EntryView, Refusal> {
    let HeldEntry { entry, .. } = seen(store, who, id)?;
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

fn seen(store: &dyn Store, who: &SignedIn, id: EntityId) -> Result<HeldEntry, Refusal> {
    let held = store.entries(&[id])?.pop().ok_or(Refusal::NotFound)?;
    may_see(who, held.entry.scope)?;
    Ok(held)
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
pub fn history(
    store: &dyn Store,
    who: &SignedIn,
    id: EntityId,
    filter: &ListFilter,
) -> Result<Page<HistoryItem>, Refusal> {
    seen(store, who, id)?;
    let rows_max = rows_max(filter.limit);
    let before = unseal::<u64>(filter.after.as_deref())?;
    let names = Names::load(store)?;
    let log = store.entry_log(id, before, rows_max + 1)?;
    let (mut rows, mut next) = (Vec::new(), None);
    for (at, row) in log.iter().enumerate() {
        rows.extend(history_items(&op_of(row)?, row.received_at_ms, &names));
        if rows.len() >= rows_max && at + 1 < log.len() {
            next = Some(seal(&row.seq));
            break;
        }
    }
    Ok(Page { rows, next })
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
pub fn conflicts(
    store: &dyn Store,
    who: &SignedIn,
    filter: &ListFilter,
) -> Result<Page<ConflictView>, Refusal> {
    let rows_max = rows_max(filter.limit);
    let after = unseal::<(AreaCode, EntityId, String, LedgerKind)>(filter.after.as_deref())?;
    let mut found = store.conflicts(&ConflictQuery {
        areas: areas(who, filter.area),
        after: after.map(|(scope, entity, field, ledger)| ConflictKey { scope, entity, field, ledger }),
        rows_max: rows_max + 1,
    })?;
    let more = found.len() > rows_max;
    found.truncate(rows_max);
    let next =
        found.last().filter(|_| more).map(|key| seal(&(key.scope, key.entity, &key.field, key.ledger)));
    let ids: Vec<EntityId> = found.iter().map(|key| key.entity).collect();
    let entries: HashMap<EntityId, HeldEntry> =
        store.entries(&ids)?.into_iter().map(|held| (held.entry.id, held)).collect();
    let view = |key: ConflictKey| {
        let register = entries.get(&key.entity)?.entry.fields.get(&key.field)?;
        let siblings = register.siblings().into_iter().cloned().collect();
        let ConflictKey { scope, entity, field, ledger } = key;
        Some(ConflictView { entity, ledger, scope, field, siblings })
    };
    Ok(Page { rows: found.into_iter().filter_map(view).collect(), next })
}

/// `GET /api/v1/quarantine`: reviewers see what was set aside in their areas, administrators also what names no
/// village; everybody else their own.
pub fn quarantine(
    store: &dyn Store,
    who: &SignedIn,
    filter: &ListFilter,
) -> Result<Page<QuarantineItem>, Refusal> {
    let role = who.account.user.role;
    let rows_max = rows_max(filter.limit);
    let own = (!role.is_office()).then_some(who.account.user.id);
    let everywhere = bianfang_shared::area::AreaCode::new(0).expect("zero has at most twelve digits");
    let query = AsideQuery {
        // One's own show wherever they were meant for: being outside the grants may be the very reason.
        areas: if own.is_some() {
            vec![crate::store::ledgers::AreaRange::of(filter.area.unwrap_or(everywhere))]
        } else {
            areas(who, filter.area)
        },
        nowhere: filter.area.is_none() && (role.administers() || own.is_some()),
        sender: own,
        after: unseal::<OpId>(filter.after.as_deref())?,
        rows_max: rows_max + 1,
    };
    let mut found = store.set_asides(&query)?;
    let more = found.len() > rows_max;
    found.truncate(rows_max);
    let next = found.last().filter(|_| more).map(|last| seal(&last.op));
    let names = Names::load(store)?;
    let item = |aside: crate::store::log::SetAside| QuarantineItem {
        op: aside.op,
        scope: aside.scope,
        author: aside.sender,
        author_name: names.of(aside.sender),
        received_at_ms: aside.received_at_ms,
        reason: aside.reason,
        raw: (*aside.raw).to_owned(),
    };
    Ok(Page { rows: found.into_iter().map(item).collect(), next })
}
