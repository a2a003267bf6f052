//! From operations to rows: whatever a transaction touched is folded again from the operations that stand now.
//! There is no other way to a row, so setting aside, releasing, confirming and fetching anew are one path.

use super::ops::{self, Held};
use super::{StoreError, entries, photos, records, search, sql};
use bianfang_shared::area::AreaCode;
use bianfang_shared::entry::Entry;
use bianfang_shared::id::{EntityId, ObservationId, OpId};
use bianfang_shared::ledger::LedgerKind;
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
    settle_entries(tx, dirty.entities, &mut indexed)?;
    for observation in dirty.observations {
        records::derive(tx, observation)?;
    }
    search::index(tx, &indexed)
}

/// Rows take over names, places and people from the row that they belong to, so that one is put before them; and rows
/// that belong to one that now says something else are put again.
fn settle_entries(
    tx: &Transaction<'_>,
    touched: BTreeMap<EntityId, Fresh>,
    indexed: &mut Vec<search::Change>,
) -> Result<(), StoreError> {
    let mut later: [BTreeMap<EntityId, Option<Entry>>; 2] = Default::default();
    let mut changed = Vec::new();
    for (entity, fresh) in touched {
        let known = ops::count_of_entity(tx, entity)?;
        let held = if known == fresh.0.len() as u64 { fresh.0 } else { ops::of_entity(tx, entity)? };
        photos::derive_of_entry(tx, entity, &held)?;
        let entry = fold(entity, held);
        match stage(entry.as_ref().and_then(|entry| entry.ledger)) {
            0 => put(tx, entity, entry.as_ref(), indexed, &mut changed)?,
            stage => drop(later[stage - 1].insert(entity, entry)),
        }
    }
    for stage in 0..later.len() {
        add_dependents(tx, std::mem::take(&mut changed), &mut later)?;
        for (entity, entry) in std::mem::take(&mut later[stage]) {
            let entry = match entry {
                Some(entry) => Some(entry),
                None => self::entry(tx, entity)?,
            };
            put(tx, entity, entry.as_ref(), indexed, &mut changed)?;
        }
    }
    Ok(())
}

/// After which others a row is put: what belongs to a household or person, then problems, which can be about anything.
fn stage(ledger: Option<LedgerKind>) -> usize {
    match ledger {
        Some(LedgerKind::House | LedgerKind::Post) => 1,
        Some(LedgerKind::Issue) => 2,
        _ => 0,
    }
}

fn put(
    tx: &Transaction<'_>,
    entity: EntityId,
    entry: Option<&Entry>,
    indexed: &mut Vec<search::Change>,
    changed: &mut Vec<EntityId>,
) -> Result<(), StoreError> {
    let done = match entry {
        Some(entry) => entries::put(tx, entry)?,
        None => entries::remove(tx, entity)?,
    };
    indexed.extend(done.indexed);
    changed.extend(done.passes_on.then_some(entity));
    Ok(())
}

/// Rows that take something over from rows that changed, to be put in their stage.
fn add_dependents(
    tx: &Transaction<'_>,
    changed: Vec<EntityId>,
    later: &mut [BTreeMap<EntityId, Option<Entry>>; 2],
) -> Result<(), StoreError> {
    // Most ledgers have none, or none yet: then a hundred thousand households are not asked one by one.
    if changed.is_empty() || !entries::any_dependent(tx)? {
        return Ok(());
    }
    for entity in changed {
        for (dependent, ledger) in entries::dependents(tx, entity)? {
            if let Some(stage) = stage(Some(ledger)).checked_sub(1) {
                later[stage].entry(dependent).or_default();
            }
        }
    }
    Ok(())
}

/// Operations whose rows are folded together, so that a whole ledger need not be in memory at once.
const AGAIN_AT_ONCE: usize = 2_000;

/// Folds every row again from the operations, as after a change of the tables.
pub(super) fn again(tx: &Transaction<'_>) -> Result<(), StoreError> {
    let ids = |of: &str| {
        let find = format!("SELECT DISTINCT {of} FROM ops WHERE {of} IS NOT NULL ORDER BY {of}");
        sql::all(tx, &find, [], |row| row.get::<_, [u8; 16]>(0))
    };
    for part in ids("entity")?.chunks(AGAIN_AT_ONCE) {
        let mut dirty = Dirty::default();
        part.iter().for_each(|id| dirty.touch_entity(EntityId::from_bytes(*id)));
        settle(tx, dirty)?;
    }
    for part in ids("observation")?.chunks(AGAIN_AT_ONCE) {
        let mut dirty = Dirty::default();
        part.iter().for_each(|id| dirty.touch_observation(ObservationId::from_bytes(*id)));
        settle(tx, dirty)?;
    }
    Ok(())
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
