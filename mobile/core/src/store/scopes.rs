//! How far each village's log has been fetched, and the one place where a cursor moves: together with the rows
//! that it covers.

use super::fold::{self, Dirty};
use super::ops::{self, InLog, NewOp};
use super::{StoreError, chain, entries, fork, meta, outbox, photos, records, sql};
use bianfang_shared::area::AreaCode;
use bianfang_shared::chain::extend_checksum;
use bianfang_shared::hlc::Hlc;
use bianfang_shared::id::{DeviceId, EntityId, Epoch, ObservationId};
use bianfang_shared::op::Op;
use bianfang_shared::wire::{Checksum, LoggedOp};
use rusqlite::{Connection, Transaction};
use std::collections::{BTreeMap, HashMap};

/// How far a village's log has been fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cursor {
    /// The place of the next operation wanted.
    pub(crate) next: u64,
    /// The running checksum up to there.
    pub(crate) checksum: u64,
    /// The place of the last operation that the centre has told of.
    pub(crate) head: u64,
    /// How often the log was begun anew.
    pub(crate) life: i64,
    /// Whether rows of an earlier life are still there.
    pub(crate) catching_up: bool,
}

const START: Cursor = Cursor { next: 1, checksum: 0, head: 0, life: 0, catching_up: false };

/// All cursors.
pub(crate) fn cursors(conn: &Connection) -> Result<BTreeMap<AreaCode, Cursor>, StoreError> {
    let rows =
        sql::all(conn, "SELECT scope, next, checksum, head, life, catching_up FROM scopes", [], |row| {
            let cursor = Cursor {
                next: sql::unsigned(row.get(1)?),
                checksum: row.get::<_, i64>(2)?.cast_unsigned(),
                head: sql::unsigned(row.get(3)?),
                life: row.get(4)?,
                catching_up: row.get(5)?,
            };
            Ok((entries::area(row.get(0)?), cursor))
        })?;
    Ok(rows.into_iter().collect())
}

fn write_cursor(tx: &Transaction<'_>, scope: AreaCode, cursor: &Cursor) -> Result<(), StoreError> {
    sql::run(
        tx,
        "INSERT OR REPLACE INTO scopes (scope, next, checksum, head, life, catching_up)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        (
            scope.sql(),
            sql::signed(cursor.next),
            cursor.checksum.cast_signed(),
            sql::signed(cursor.head),
            cursor.life,
            cursor.catching_up,
        ),
    )?;
    Ok(())
}

/// A part of a village's log as it came.
#[derive(Debug)]
pub(crate) struct Page<'a> {
    pub(crate) scope: AreaCode,
    pub(crate) ops: &'a [LoggedOp],
    pub(crate) next: u64,
    pub(crate) head: u64,
    pub(crate) checksum: Checksum,
}

/// What became of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Taken {
    /// Taken in, and the cursor moved; so many operations are still to fetch.
    Moved {
        /// How many.
        remaining: u64,
    },
    /// It does not begin where the cursor stands; nothing was done.
    Elsewhere,
    /// The checksum differs: what is here is not this log. Nothing was done.
    Mismatch,
}

/// Why a page was not taken in at all.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TakeError {
    /// The database said no.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The log holds another operation under a name of this chain: another phone writes the same chain.
    #[error("another phone writes this chain")]
    Forked,
}

/// Takes in the pages of one answer. Rows that several pages touch are folded once.
pub(crate) struct Intake<'t> {
    tx: &'t Transaction<'t>,
    cursors: BTreeMap<AreaCode, Cursor>,
    devices: HashMap<DeviceId, i64>,
    chain: chain::Chain,
    dirty: Dirty,
    /// Own operations whose names the log gives to others.
    displaced: Vec<Op>,
    latest: Hlc,
}

impl std::fmt::Debug for Intake<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Intake").finish_non_exhaustive()
    }
}

impl<'t> Intake<'t> {
    pub(crate) fn begin(tx: &'t Transaction<'t>) -> Result<Self, StoreError> {
        let (cursors, chain) = (cursors(tx)?, chain::read(tx)?);
        let (devices, dirty, latest) = (HashMap::new(), Dirty::default(), Hlc::default());
        Ok(Self { tx, cursors, devices, chain, dirty, displaced: Vec::new(), latest })
    }

    /// Takes in one page and moves its cursor.
    pub(crate) fn take(&mut self, page: &Page<'_>) -> Result<Taken, TakeError> {
        let mut cursor = self.cursors.get(&page.scope).copied().unwrap_or(START);
        let dense = (page.ops.iter().enumerate()).all(|(at, op)| op.seq == cursor.next + at as u64);
        if !dense || page.next != cursor.next + page.ops.len() as u64 {
            return Ok(Taken::Elsewhere);
        }
        let extend = |sum, op: &LoggedOp| extend_checksum(sum, op.op.get().as_bytes());
        let checksum = page.ops.iter().fold(cursor.checksum, extend);
        if checksum != page.checksum.0 {
            return Ok(Taken::Mismatch);
        }
        for logged in page.ops {
            self.take_op(page.scope, logged, cursor.life)?;
        }
        cursor = Cursor { next: page.next, checksum, head: page.head, ..cursor };
        if cursor.catching_up && cursor.next > cursor.head {
            self.remove_earlier_lives(page.scope, cursor.life)?;
            cursor.catching_up = false;
        }
        write_cursor(self.tx, page.scope, &cursor)?;
        self.cursors.insert(page.scope, cursor);
        Ok(Taken::Moved { remaining: (cursor.head + 1).saturating_sub(cursor.next) })
    }

    /// Begins a village's log anew. What is here stays visible until the new one has caught up.
    pub(crate) fn restart(&mut self, scope: AreaCode) -> Result<(), StoreError> {
        let cursor = self.cursors.get(&scope).copied().unwrap_or(START);
        let cursor = Cursor { life: cursor.life + 1, catching_up: true, ..START };
        write_cursor(self.tx, scope, &cursor)?;
        self.cursors.insert(scope, cursor);
        Ok(())
    }

    /// Removes a village, but never what was made here.
    pub(crate) fn forget(&mut self, scope: AreaCode) -> Result<(), StoreError> {
        let in_scope = [scope.sql()];
        if let Some(cursor) = self.cursors.get(&scope).filter(|cursor| cursor.catching_up) {
            // Whether the new life of the log has them will not be told any more.
            fork::write_again_lost(self.tx, scope, cursor.life, &mut self.dirty)?;
        }
        sql::run(self.tx, "DELETE FROM scopes WHERE scope = ?1", in_scope)?;
        self.cursors.remove(&scope);
        sql::run(
            self.tx,
            "DELETE FROM ops WHERE scope = ?1 AND place IS NOT NULL
             AND device_no NOT IN (SELECT no FROM devices WHERE own = 1)",
            in_scope,
        )?;
        sql::run(self.tx, "DELETE FROM unread WHERE scope = ?1", in_scope)?;
        // What rows of other villages took over from here is not known any more.
        let elsewhere = entries::dependents_elsewhere(self.tx, scope)?;
        elsewhere.into_iter().for_each(|entity| self.dirty.touch_entity(entity));
        photos::remove_scope(self.tx, scope)?;
        entries::remove_scope(self.tx, scope)?;
        records::remove_scope(self.tx, scope)?;
        // The ledger is no longer shown here, so own operations that the centre has fold into nothing.
        sql::run(
            self.tx,
            "UPDATE ops SET folds = 0, place = NULL, life = NULL WHERE scope = ?1 AND received_at_ms IS NOT NULL
             AND device_no IN (SELECT no FROM devices WHERE own = 1)",
            in_scope,
        )?;
        self.touch_where("scope = ?1 AND device_no IN (SELECT no FROM devices WHERE own = 1)", scope.sql(), 0)
    }

    /// Folds what was touched, and lets the clock see what came.
    pub(crate) fn finish(mut self, server_time_ms: i64) -> Result<(), StoreError> {
        fork::write_again_displaced(self.tx, std::mem::take(&mut self.displaced), &mut self.dirty)?;
        // Read anew: operations may have been written again just now.
        let mut chain = chain::read(self.tx)?;
        let seen = chain.hlc.observe(self.latest, server_time_ms, DRIFT_MS_MAX);
        if seen != chain.hlc {
            chain.hlc = seen;
            chain::write(self.tx, &chain)?;
        }
        fold::settle(self.tx, self.dirty)
    }

    fn take_op(&mut self, scope: AreaCode, logged: &LoggedOp, life: i64) -> Result<(), TakeError> {
        let raw = logged.op.get();
        let Ok(op) = serde_json::from_str::<Op>(raw) else {
            return Ok(self.keep_unread(scope, logged)?);
        };
        let device_no = self.device_no(op.device)?;
        let is_chain = device_no == self.chain.device_no;
        if is_chain && op.seq > self.chain.last_seq {
            return Err(TakeError::Forked);
        }
        self.latest = self.latest.max(op.hlc);
        let log = InLog { place: logged.seq, received_at_ms: logged.received_at_ms, life };
        if ops::insert(self.tx, &NewOp { device_no, op: &op, raw, log: Some(log) })? {
            self.dirty.touch_fresh(op, logged.received_at_ms, logged.seq);
            return Ok(());
        }
        self.take_known(device_no, is_chain, &op, raw, log)
    }

    /// An operation whose name is known here: most often an own one that comes back, which confirms it.
    fn take_known(
        &mut self,
        device_no: i64,
        is_chain: bool,
        op: &Op,
        raw: &str,
        log: InLog,
    ) -> Result<(), TakeError> {
        let name = (device_no, sql::signed(op.seq));
        let known = sql::one(
            self.tx,
            "SELECT raw = ?3, received_at_ms, folds FROM ops WHERE device_no = ?1 AND seq = ?2",
            (name.0, name.1, raw),
            |row| Ok((row.get::<_, bool>(0)?, row.get::<_, Option<i64>>(1)?, row.get::<_, bool>(2)?)),
        );
        let (same, received_at_ms, folds) = known
            .map_err(StoreError::from)?
            .ok_or(StoreError::Unreadable { what: "operation", detail: op.id().to_string() })?;
        if !same && is_chain {
            return Err(TakeError::Forked);
        }
        let place = (sql::signed(log.place), log.life, log.received_at_ms);
        if !same {
            self.replace(device_no, op, raw)?;
        }
        sql::run(
            self.tx,
            "UPDATE ops SET place = ?3, life = ?4, received_at_ms = ?5, folds = 1 WHERE device_no = ?1 AND seq = ?2",
            (name.0, name.1, place.0, place.1, place.2),
        )
        .map_err(StoreError::from)?;
        if !same || !folds || received_at_ms != Some(log.received_at_ms) {
            // In the log means merged: released, if it had been set aside.
            sql::run(self.tx, "UPDATE own SET reason = NULL WHERE device_no = ?1 AND seq = ?2", name)
                .map_err(StoreError::from)?;
            self.dirty.touch(op);
        }
        Ok(())
    }

    /// Another operation under a known name of another device: the centre's word holds. If the one known here was
    /// made here, by a former chain that a clone went on with, it is written again under the present one.
    fn replace(&mut self, device_no: i64, op: &Op, raw: &str) -> Result<(), StoreError> {
        let seq = sql::signed(op.seq);
        self.touch_where("device_no = ?2 AND seq = ?1", seq, device_no)?;
        let made_here = sql::one(
            self.tx,
            "SELECT raw FROM ops JOIN devices ON devices.no = ops.device_no
             WHERE device_no = ?1 AND seq = ?2 AND devices.own = 1",
            (device_no, seq),
            |row| row.get::<_, String>(0),
        )?;
        if let Some(raw) = made_here {
            self.displaced.push(meta::from_json("operation", &raw)?);
        }
        sql::run(
            self.tx,
            "UPDATE ops SET scope = ?3, kind = ?4, entity = ?5, observation = ?6, raw = ?7
             WHERE device_no = ?1 AND seq = ?2",
            (
                device_no,
                seq,
                op.scope.sql(),
                ops::kind(&op.body),
                ops::folded_entity(&op.body).map(|id| id.bytes()),
                op.body.observation().map(|id| id.bytes()),
                raw,
            ),
        )?;
        Ok(())
    }

    fn keep_unread(&mut self, scope: AreaCode, logged: &LoggedOp) -> Result<(), StoreError> {
        sql::run(
            self.tx,
            "INSERT OR REPLACE INTO unread (scope, place, raw) VALUES (?1, ?2, ?3)",
            (scope.sql(), sql::signed(logged.seq), logged.op.get()),
        )?;
        Ok(())
    }

    /// The new life has caught up: what it did not bring again is not in the centre's log any more.
    fn remove_earlier_lives(&mut self, scope: AreaCode, life: i64) -> Result<(), StoreError> {
        const GONE: &str = "scope = ?1 AND place IS NOT NULL AND life < ?2
            AND device_no NOT IN (SELECT no FROM devices WHERE own = 1)";
        self.touch_where(GONE, scope.sql(), life)?;
        sql::run(self.tx, &format!("DELETE FROM ops WHERE {GONE}"), (scope.sql(), life))?;
        // What a former chain of this phone had handed over and the centre has lost is written again.
        fork::write_again_lost(self.tx, scope, life, &mut self.dirty)
    }

    fn touch_where(&mut self, condition: &str, first: i64, second: i64) -> Result<(), StoreError> {
        let rows = sql::all(
            self.tx,
            &format!("SELECT entity, observation FROM ops WHERE ({condition}) AND ?2 IS NOT NULL"),
            (first, second),
            |row| Ok((row.get::<_, Option<[u8; 16]>>(0)?, row.get::<_, Option<[u8; 16]>>(1)?)),
        )?;
        for (entity, observation) in rows {
            entity.into_iter().for_each(|id| self.dirty.touch_entity(EntityId::from_bytes(id)));
            observation
                .into_iter()
                .for_each(|id| self.dirty.touch_observation(ObservationId::from_bytes(id)));
        }
        Ok(())
    }

    fn device_no(&mut self, device: DeviceId) -> Result<i64, StoreError> {
        if let Some(no) = self.devices.get(&device) {
            return Ok(*no);
        }
        let no = ops::device_no(self.tx, device)?;
        self.devices.insert(device, no);
        Ok(no)
    }
}

/// How far a stamp may run ahead of the centre's clock before it is held back.
const DRIFT_MS_MAX: i64 = 60_000;

/// The cursors belong to this life of the centre's log from now on; every village is fetched again from its
/// beginning where they belonged to another. So do the receipts: what was merged may be set aside now.
pub(crate) fn enter_epoch(tx: &Transaction<'_>, epoch: Epoch) -> Result<(), StoreError> {
    let known = meta::epoch(tx)?;
    if known == Some(epoch) {
        return Ok(());
    }
    if known.is_some() {
        sql::run(
            tx,
            "UPDATE scopes SET next = 1, checksum = 0, head = 0, life = life + 1, catching_up = 1",
            [],
        )?;
        outbox::note_new_life(tx)?;
        outbox::ask_again(tx)?;
        fork::write_again_unseen(tx)?;
    }
    meta::put(tx, meta::EPOCH, &epoch)
}
