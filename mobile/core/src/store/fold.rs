//! From operations to rows: whatever a transaction touched is folded again from the operations that stand now.
//! There is no other way to a row, so setting aside, releasing, confirming and fetching anew are one path.

use super::ops::{self, Held};
use super::{StoreError, entries, records, search};
use bianfang_shared::area::AreaCode;
use bianfang_shared::entry::Entry;
use bianfang_shared::id::{EntityId, ObservationId, OpId};
use bianfang_shared::op::{Body, Op};
use rusqlite::{Connection, Transaction};
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// What a transaction has touched.
#[derive(Debug, Default)]
pub(super) struct Dirty {
    entities: BTreeMap<EntityId, Fresh>,
    observations: BTreeSet<ObservationId>,
}

/// Operations of an entry that this transaction has put in the table, if it knows them all.
#[derive(Debug, Default)]
struct Fresh(Vec<Held>);

impl Dirty {
    /// The rows that follow from this operation are to be folded again.
    pub(super) fn touch(&mut self, op: &Op) {
        if let Some(entity) = ops::folded_entity(&op.body) {
            self.entities.entry(entity).or_default();
        }
        self.observations.extend(op.body.observation());
    }

    /// The same for an operation put in the table just now, which spares reading it back.
    pub(super) fn touch_fresh(&mut self, op: Op, received_at_ms: i64, place: u64) {
        self.observations.extend(op.body.observation());
        if let Some(entity) = ops::folded_entity(&op.body) {
            let held = Held {
                op,
                folds: true,
                received_at_ms: Some(received_at_ms),
                place: Some(place),
                own: false,
                conflict: false,
                reason: None,
            };
            self.entities.entry(entity).or_default().0.push(held);
        }
    }

    pub(super) fn touch_entity(&mut self, entity: EntityId) {
        self.entities.entry(entity).or_default();
    }

    pub(super) fn touch_observation(&mut self, observation: ObservationId) {
        self.observations.insert(observation);
    }
}

/// Brings every touched row up to date.
pub(super) fn settle(tx: &Transaction<'_>, dirty: Dirty) -> Result<(), StoreError> {
    let mut indexed = Vec::new();
    for (entity, fresh) in dirty.entities {
        let known = ops::count_of_entity(tx, entity)?;
        let held = if known == fresh.0.len() as u64 { fresh.0 } else { ops::of_entity(tx, entity)? };
        indexed.extend(match fold(entity, held) {
            Some(entry) => entries::put(tx, &entry)?,
            None => entries::remove(tx, entity)?,
        });
    }
    for observation in dirty.observations {
        records::derive(tx, observation)?;
    }
    search::index(tx, &indexed)
}

/// An entry as the operations that stand make it; none if there are none.
pub(crate) fn entry(conn: &Connection, entity: EntityId) -> Result<Option<Entry>, StoreError> {
    Ok(fold(entity, ops::of_entity(conn, entity)?))
}

fn fold(entity: EntityId, mut held: Vec<Held>) -> Option<Entry> {
    held.retain(|held| held.folds);
    // The log's own order, then what is only here in the order made: a parent nearly always comes before its child.
    held.sort_by_key(|held| (held.place.unwrap_or(u64::MAX), held.op.device, held.op.seq));
    let mut entry = Entry::empty(entity, scope_of(&held)?);
    let mut applied: HashSet<OpId> = HashSet::with_capacity(held.len());
    for Held { op, received_at_ms, .. } in &held {
        // What was applied in this fold is not handed in again, so its having been replaced may be forgotten.
        entry.apply(op, *received_at_ms, |parent| applied.contains(&parent));
        applied.insert(op.id());
    }
    Some(entry)
}

/// The village of the registration; while only edits have arrived, theirs.
fn scope_of(held: &[Held]) -> Option<AreaCode> {
    let registered = held.iter().find(|held| matches!(held.op.body, Body::Register { .. }));
    registered.or(held.first()).map(|held| held.op.scope)
}
