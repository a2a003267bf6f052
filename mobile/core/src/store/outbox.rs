//! What the centre does not have yet: batches to send, and what becomes of them.

use super::chain::{self, Chain};
use super::fold::{self, Dirty};
use super::{StoreError, meta, sql};
use bianfang_shared::chain::Head;
use bianfang_shared::id::{DeviceId, EntityId, ObservationId};
use bianfang_shared::judge::Outcome;
use bianfang_shared::wire::{ChainPosition, Receipt};
use rusqlite::{Connection, Transaction};
use serde::{Deserialize, Serialize};

/// Operations to send: in order, without a gap.
#[derive(Clone, Debug)]
pub(crate) struct Batch {
    pub(crate) first_seq: u64,
    pub(crate) ops: Vec<String>,
    /// The head after the last of them.
    pub(crate) head: Head,
}

/// The next operations to send, at most so many and so many bytes, but always one; none when all is sent.
pub(crate) fn batch(
    conn: &Connection,
    chain: &Chain,
    ops_max: usize,
    bytes_max: usize,
) -> Result<Option<Batch>, StoreError> {
    let first_seq = chain.acked + 1;
    let mut bytes = 0;
    let ops = sql::some(
        conn,
        "SELECT raw FROM ops WHERE device_no = ?1 AND seq >= ?2 AND seq <= ?4 ORDER BY seq LIMIT ?3",
        (
            chain.device_no,
            sql::signed(first_seq),
            sql::signed(ops_max.max(1) as u64),
            sql::signed(chain.last_seq),
        ),
        |row| row.get::<_, String>(0),
        |raw| {
            let is_first = bytes == 0;
            bytes += raw.len() + 1;
            is_first || bytes <= bytes_max
        },
    )?;
    if ops.is_empty() {
        return Ok(None);
    }
    let last_seq = first_seq + ops.len() as u64 - 1;
    let head = chain::head_after(conn, chain.device_no, last_seq)?;
    let head = head.ok_or(StoreError::Unreadable { what: "chain", detail: format!("no head {last_seq}") })?;
    Ok(Some(Batch { first_seq, ops, head }))
}

/// Notes that operations of the present chain are about to be sent up to this one. Whoever sends cannot know what
/// arrives: the answer may be lost, and the centre be put back to an older state before it is asked again.
pub(crate) fn note_sent(tx: &Transaction<'_>, chain: &Chain, seq: u64) -> Result<(), StoreError> {
    let before = sent(tx, chain)?;
    if seq > before.now {
        meta::put(tx, meta::SENT, &Sent { now: seq, ..before })?;
    }
    Ok(())
}

/// A new life of the centre's log begins: what was sent so far, its former lives may have had.
pub(crate) fn note_new_life(tx: &Transaction<'_>) -> Result<(), StoreError> {
    let chain = chain::read(tx)?;
    let find = "SELECT max(seq) FROM ops WHERE device_no = ?1 AND received_at_ms IS NOT NULL";
    let heard: Option<i64> = sql::one(tx, find, [chain.device_no], |row| row.get(0))?.flatten();
    let now = sent(tx, &chain)?.now.max(heard.map_or(0, sql::unsigned));
    meta::put(tx, meta::SENT, &Sent { device: chain.identity.device, now, before: now })
}

/// Of a chain that is sent again, the last operation that a former life of the centre may have had: others may have
/// been sent it and have built on it.
pub(crate) fn acknowledged(conn: &Connection, chain: &Chain) -> Result<Option<u64>, StoreError> {
    Ok(Some(sent(conn, chain)?.before).filter(|before| *before > chain.acked))
}

fn sent(conn: &Connection, chain: &Chain) -> Result<Sent, StoreError> {
    let device = chain.identity.device;
    let noted = meta::get::<Sent>(conn, meta::SENT)?.filter(|sent| sent.device == device);
    Ok(noted.unwrap_or(Sent { device, now: 0, before: 0 }))
}

/// How far a chain was sent.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Sent {
    device: DeviceId,
    /// The last operation that was ever sent.
    now: u64,
    /// The last one that was sent to former lives of the centre.
    before: u64,
}

/// Writes down what the centre made of the operations. True if any was new.
pub(crate) fn acknowledge(tx: &Transaction<'_>, receipts: &[Receipt]) -> Result<bool, StoreError> {
    let mut chain = chain::read(tx)?;
    let mut dirty = Dirty::default();
    let before = chain.acked;
    for receipt in receipts {
        // A receipt beyond the next is of no use: what lies between would never be sent.
        if receipt.seq == 0 || receipt.seq > chain.last_seq || receipt.seq > chain.acked + 1 {
            continue;
        }
        write_outcome(tx, &chain, receipt)?;
        touch(tx, &chain, receipt.seq, &mut dirty)?;
        chain.acked = chain.acked.max(receipt.seq);
    }
    chain::write(tx, &chain)?;
    fold::settle(tx, dirty)?;
    Ok(chain.acked > before)
}

fn write_outcome(tx: &Transaction<'_>, chain: &Chain, receipt: &Receipt) -> Result<(), StoreError> {
    let (conflict, reason) = match &receipt.outcome {
        Outcome::Merged => (false, None),
        Outcome::MergedWithConflict => (true, None),
        Outcome::Quarantined { reason } => (false, Some(meta::to_json(reason))),
    };
    let name = (chain.device_no, sql::signed(receipt.seq));
    // One that was merged and is so still folds as it did: not where its village was taken away.
    sql::run(
        tx,
        "UPDATE ops SET received_at_ms = ?3, folds = ?4 AND (folds OR received_at_ms IS NULL OR EXISTS (
             SELECT 1 FROM own WHERE own.device_no = ?1 AND own.seq = ?2 AND reason IS NOT NULL))
         WHERE device_no = ?1 AND seq = ?2",
        (name.0, name.1, receipt.received_at_ms, reason.is_none()),
    )?;
    sql::run(
        tx,
        "UPDATE own SET conflict = ?3, reason = ?4 WHERE device_no = ?1 AND seq = ?2",
        (name.0, name.1, conflict, &reason),
    )?;
    Ok(())
}

fn touch(tx: &Transaction<'_>, chain: &Chain, seq: u64, dirty: &mut Dirty) -> Result<(), StoreError> {
    let find = "SELECT entity, observation FROM ops WHERE device_no = ?1 AND seq = ?2";
    let found = sql::one(tx, find, (chain.device_no, sql::signed(seq)), |row| {
        Ok((row.get::<_, Option<[u8; 16]>>(0)?, row.get::<_, Option<[u8; 16]>>(1)?))
    })?;
    if let Some((entity, observation)) = found {
        entity.into_iter().for_each(|id| dirty.touch_entity(EntityId::from_bytes(id)));
        observation.into_iter().for_each(|id| dirty.touch_observation(ObservationId::from_bytes(id)));
    }
    Ok(())
}

/// How what the centre holds of this chain fits what is here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fit {
    /// It is a beginning of this chain.
    Fits,
    /// It is another chain, or one ahead of this: the phone was cloned, or restored from a backup.
    Forked,
}

/// Compares the centre's chain with this one. Where the centre has lost what it had acknowledged, that is unsent
/// again, and will be judged again.
pub(crate) fn reconcile(tx: &Transaction<'_>, position: ChainPosition) -> Result<Fit, StoreError> {
    let mut chain = chain::read(tx)?;
    let ours = chain::head_after(tx, chain.device_no, position.last_seq)?;
    if position.last_seq > chain.last_seq || ours != Some(position.head) {
        return Ok(Fit::Forked);
    }
    unsend(tx, &mut chain, position.last_seq)?;
    Ok(Fit::Fits)
}

/// What became of each operation of this chain is asked anew, which is to send it again. Until its receipt comes, what
/// was heard of it last still counts.
pub(crate) fn ask_again(tx: &Transaction<'_>) -> Result<(), StoreError> {
    let mut chain = chain::read(tx)?;
    chain.acked = 0;
    chain::write(tx, &chain)
}

/// What lies above is not at the centre, whatever was heard before: a receipt, or a page of a log that is no more.
fn unsend(tx: &Transaction<'_>, chain: &mut Chain, last_seq: u64) -> Result<(), StoreError> {
    let above = (chain.device_no, sql::signed(last_seq));
    let heard = sql::all(
        tx,
        "SELECT seq FROM ops WHERE device_no = ?1 AND seq > ?2 AND received_at_ms IS NOT NULL",
        above,
        |row| row.get(0).map(sql::unsigned),
    )?;
    if heard.is_empty() {
        return Ok(());
    }
    let mut dirty = Dirty::default();
    heard.into_iter().try_for_each(|seq| touch(tx, chain, seq, &mut dirty))?;
    sql::run(tx, "UPDATE own SET conflict = 0, reason = NULL WHERE device_no = ?1 AND seq > ?2", above)?;
    sql::run(
        tx,
        "UPDATE ops SET received_at_ms = NULL, place = NULL, life = NULL, folds = 1
         WHERE device_no = ?1 AND seq > ?2",
        above,
    )?;
    chain.acked = chain.acked.min(last_seq);
    chain::write(tx, chain)?;
    fold::settle(tx, dirty)
}
