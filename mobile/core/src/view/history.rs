//! Every change of an entry known here.

use super::Reading;
use super::names::Names;
use crate::store::StoreError;
use crate::store::ops::{self, Held};
use bianfang_shared::id::{EntityId, ObservationId};
use bianfang_shared::ledger::issue;
use bianfang_shared::op::Body;
use bianfang_shared::query::HistoryItem;
use bianfang_shared::value::Value;
use std::cmp::Reverse;

/// Most changes in one answer; beyond, the oldest are left out.
const ITEMS_MAX: usize = 1_000;

/// Changes of an entry, newest first.
pub(crate) fn of_entity_ops(reading: Reading<'_>, held: &[Held]) -> Result<Vec<HistoryItem>, StoreError> {
    let names = Names::read(reading.conn)?;
    let mut items: Vec<(u64, HistoryItem)> = Vec::new();
    for held in held {
        for (field, value, cause) in changes(&held.op.body) {
            let op = &held.op;
            let item = HistoryItem {
                op: op.id(),
                device: op.device,
                author: op.author,
                author_name: names.of(op.author),
                at_ms: op.hlc.wall_ms(),
                received_at_ms: held.received_at_ms,
                field,
                value,
                cause,
            };
            items.push((op.hlc.bits(), item));
        }
    }
    items.sort_by_key(|(hlc, item)| (Reverse(*hlc), Reverse(item.op)));
    items.truncate(ITEMS_MAX);
    Ok(items.into_iter().map(|(_, item)| item).collect())
}

pub(crate) fn of_entry(reading: Reading<'_>, id: EntityId) -> Result<Vec<HistoryItem>, StoreError> {
    let mut held = ops::of_entity(reading.conn, id)?;
    held.retain(|held| held.folds || held.own);
    of_entity_ops(reading, &held)
}

/// What a record changed, as written.
pub(crate) fn of_record(reading: Reading<'_>, id: ObservationId) -> Result<Vec<HistoryItem>, StoreError> {
    let mut held = ops::of_observation(reading.conn, id)?;
    held.retain(|held| matches!(held.op.body, Body::Amend { .. } | Body::Register { .. }));
    of_entity_ops(reading, &held)
}

fn changes(body: &Body) -> Vec<(String, Value, Option<ObservationId>)> {
    match body {
        Body::Register { fields, cause, .. } => {
            fields.iter().map(|(field, value)| (field.clone(), value.clone(), *cause)).collect()
        }
        Body::Amend { changes, cause, .. } => {
            changes.iter().map(|change| (change.field.clone(), change.value.clone(), *cause)).collect()
        }
        Body::Step { step, .. } => vec![(issue::STATE.to_owned(), step.state().into(), None)],
        Body::Record { .. }
        | Body::Retract { .. }
        | Body::Review { .. }
        | Body::Propose { .. }
        | Body::Refuse { .. }
        | Body::Accompany { .. }
        | Body::Unknown => Vec::new(),
    }
}
