//! When another phone turns out to write the same chain: this one begins a chain of its own and writes again what
//! the centre has not acknowledged. Nothing is thrown away; the old operations are kept as they were.

use super::chain::{self, Chain, Identity};
use super::fold::{self, Dirty};
use super::{StoreError, drafts, meta, sql};
use bianfang_shared::area::AreaCode;
use bianfang_shared::form::FormDraft;
use bianfang_shared::id::OpId;
use bianfang_shared::op::{Body, Op};
use rusqlite::Transaction;
use std::collections::BTreeMap;

/// Begins a new chain under `identity` and writes again what was never acknowledged.
pub(crate) fn begin_anew(tx: &Transaction<'_>, identity: Identity, at_ms: i64) -> Result<(), StoreError> {
    let before = chain::read(tx)?;
    let unsent = "device_no = ?1 AND received_at_ms IS NULL";
    let old = take_out(tx, unsent, (before.device_no, 0), at_ms, 0)?;
    let mut chain = chain::begin(tx, identity, false, before.hlc)?;
    let mut dirty = Dirty::default();
    write_again(tx, &mut chain, old, &mut dirty)?;
    fold::settle(tx, dirty)
}

/// Operations of this phone's former chains. What the present one has handed over, the centre tells by its position.
const OF_FORMER_CHAINS: &str = "device_no IN (SELECT no FROM devices WHERE own = 1)
    AND device_no <> (SELECT device_no FROM chain)";

/// Writes again what former chains of this phone had handed over in a village and a restored centre has lost: what
/// the log's life of this number did not bring. What was set aside there is in no log, so it is written again too.
pub(super) fn write_again_lost(
    tx: &Transaction<'_>,
    scope: AreaCode,
    life: i64,
    dirty: &mut Dirty,
) -> Result<(), StoreError> {
    let lost = format!("{OF_FORMER_CHAINS} AND scope = ?1 AND (life IS NULL OR life < ?2)");
    write_again_where(tx, &lost, (scope.sql(), life), dirty)
}

/// The same for villages that are not fetched here, so that no log can tell.
pub(super) fn write_again_unseen(tx: &Transaction<'_>) -> Result<(), StoreError> {
    let unseen = format!("{OF_FORMER_CHAINS} AND scope NOT IN (SELECT scope FROM scopes) AND ?1 IS NOT NULL");
    let mut dirty = Dirty::default();
    write_again_where(tx, &unseen, (0, 0), &mut dirty)?;
    fold::settle(tx, dirty)
}

fn write_again_where(
    tx: &Transaction<'_>,
    condition: &str,
    numbers: (i64, i64),
    dirty: &mut Dirty,
) -> Result<(), StoreError> {
    let mut chain = chain::read(tx)?;
    let old = take_out(tx, condition, numbers, chain.hlc.wall_ms(), chain.last_seq)?;
    old.iter().for_each(|op| dirty.touch(op));
    write_again(tx, &mut chain, old, dirty)
}

/// Writes again operations whose names another phone's operations have taken in the log.
pub(super) fn write_again_displaced(
    tx: &Transaction<'_>,
    displaced: Vec<Op>,
    dirty: &mut Dirty,
) -> Result<(), StoreError> {
    if displaced.is_empty() {
        return Ok(());
    }
    let mut chain = chain::read(tx)?;
    for (op, again_as) in displaced.iter().zip(chain.last_seq + 1..) {
        keep(tx, op, &meta::to_json(op), again_as, chain.hlc.wall_ms())?;
    }
    write_again(tx, &mut chain, displaced, dirty)
}

/// Moves operations to the table of former ones, and returns them in the order made.
fn take_out(
    tx: &Transaction<'_>,
    condition: &str,
    (first, second): (i64, i64),
    at_ms: i64,
    again_after: u64,
) -> Result<Vec<Op>, StoreError> {
    let rows = sql::all(
        tx,
        &format!("SELECT raw FROM ops WHERE ({condition}) AND ?2 IS NOT NULL ORDER BY device_no, seq"),
        (first, second),
        |row| row.get::<_, String>(0),
    )?;
    let mut ops = Vec::with_capacity(rows.len());
    for raw in rows {
        let op: Op = meta::from_json("operation", &raw)?;
        keep(tx, &op, &raw, again_after + ops.len() as u64 + 1, at_ms)?;
        ops.push(op);
    }
    sql::run(tx, &format!("DELETE FROM ops WHERE ({condition}) AND ?2 IS NOT NULL"), (first, second))?;
    Ok(ops)
}

fn keep(tx: &Transaction<'_>, op: &Op, raw: &str, again_as: u64, at_ms: i64) -> Result<(), StoreError> {
    sql::run(
        tx,
        "INSERT OR IGNORE INTO former_ops (device, seq, raw, again_as, at_ms) VALUES (?1, ?2, ?3, ?4, ?5)",
        (op.device.bytes(), sql::signed(op.seq), raw, sql::signed(again_as), at_ms),
    )?;
    Ok(())
}

/// Keeps operations of a damaged database that are about to be written again as the first of a new chain.
pub(super) fn keep_former(tx: &Transaction<'_>, ops: &[Op], at_ms: i64) -> Result<(), StoreError> {
    ops.iter().zip(1..).try_for_each(|(op, again_as)| keep(tx, op, &meta::to_json(op), again_as, at_ms))
}

/// Gives operations their places in the chain. Parents among them are renamed with them; entries and records keep
/// their ids, and so do the stamps, since they rank what was said at the time.
pub(super) fn write_again(
    tx: &Transaction<'_>,
    chain: &mut Chain,
    old: Vec<Op>,
    dirty: &mut Dirty,
) -> Result<(), StoreError> {
    let mut names = BTreeMap::new();
    for mut op in old {
        let (before, now) = (op.id(), OpId::new(chain.identity.device, chain.last_seq + 1));
        names.insert(before, now);
        (op.device, op.seq) = (now.device, now.seq);
        rename_parents(&mut op.body, &names);
        replace_former(&mut op.body, before);
        chain::append(tx, chain, &op, dirty)?;
    }
    chain::write(tx, chain)?;
    rename_in_drafts(tx, &names)
}

fn rename(parents: &mut [OpId], names: &BTreeMap<OpId, OpId>) {
    for parent in parents {
        if let Some(now) = names.get(parent) {
            *parent = *now;
        }
    }
}

fn rename_parents(body: &mut Body, names: &BTreeMap<OpId, OpId>) {
    match body {
        Body::Amend { changes, .. } | Body::Propose { changes, .. } => {
            for change in changes {
                rename(&mut change.parents, names);
                rename(change.adopts.as_mut_slice(), names);
            }
        }
        Body::Step { parents, .. } => rename(parents, names),
        Body::Refuse { proposal, .. } => rename(std::slice::from_mut(proposal), names),
        Body::Register { .. }
        | Body::Record { .. }
        | Body::Retract { .. }
        | Body::Review { .. }
        | Body::Accompany { .. }
        | Body::Unknown => (),
    }
}

/// A push of the old chain may still be under way somewhere. Should its operation arrive after all, it is the same
/// word said before, and replaced: not a second one to choose from.
fn replace_former(body: &mut Body, former: OpId) {
    match body {
        Body::Amend { changes, .. } => changes.iter_mut().for_each(|change| change.parents.push(former)),
        Body::Step { parents, .. } => parents.push(former),
        Body::Register { .. }
        | Body::Propose { .. }
        | Body::Refuse { .. }
        | Body::Record { .. }
        | Body::Retract { .. }
        | Body::Review { .. }
        | Body::Accompany { .. }
        | Body::Unknown => (),
    }
}

/// A form in hand names the operations whose values it was opened on.
fn rename_in_drafts(tx: &Transaction<'_>, names: &BTreeMap<OpId, OpId>) -> Result<(), StoreError> {
    for (kind, subject, touched_at_ms) in drafts::list(tx, drafts::DRAFTS_MAX)? {
        let Some(mut draft) = drafts::get(tx, kind, subject)? else { continue };
        let before: FormDraft = draft.clone();
        draft.seen.values_mut().for_each(|seen| rename(&mut seen.heads, names));
        if draft != before {
            drafts::put(tx, &draft, touched_at_ms)?;
        }
    }
    Ok(())
}
