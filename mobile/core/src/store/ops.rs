//! The table of operations: every one known here, byte for byte.

use super::{StoreError, sql};
use bianfang_shared::id::{DeviceId, EntityId, ObservationId};
use bianfang_shared::judge::Reason;
use bianfang_shared::op::{Body, Op};
use rusqlite::{Connection, Row, Transaction};

/// An operation with what is known of it here.
#[derive(Clone, Debug)]
pub(crate) struct Held {
    pub(crate) op: Op,
    /// Whether ledgers are folded from it.
    pub(crate) folds: bool,
    /// When the centre took it in.
    pub(crate) received_at_ms: Option<i64>,
    /// Its place in the village's log, once seen there.
    pub(crate) place: Option<u64>,
    /// Whether this installation made it.
    pub(crate) own: bool,
    /// Whether it met a different value at the centre.
    pub(crate) conflict: bool,
    /// Why the centre set it aside.
    pub(crate) reason: Option<Reason>,
}

/// Where the centre's log has an operation.
#[derive(Clone, Copy, Debug)]
pub(super) struct InLog {
    pub(super) place: u64,
    pub(super) received_at_ms: i64,
    pub(super) life: i64,
}

/// An operation to be put in the table.
#[derive(Debug)]
pub(super) struct NewOp<'a> {
    pub(super) device_no: i64,
    pub(super) op: &'a Op,
    pub(super) raw: &'a str,
    pub(super) log: Option<InLog>,
}

pub(crate) fn kind(body: &Body) -> &'static str {
    match body {
        Body::Register { .. } => "register",
        Body::Amend { .. } => "amend",
        Body::Record { .. } => "record",
        Body::Retract { .. } => "retract",
        Body::Review { .. } => "review",
        Body::Step { .. } => "step",
        Body::Propose { .. } => "propose",
        Body::Refuse { .. } => "refuse",
        Body::Accompany { .. } => "accompany",
        Body::Unknown => "unknown",
    }
}

/// The entry whose fields an operation changes. A record changes none of its subject's.
pub(super) fn folded_entity(body: &Body) -> Option<EntityId> {
    match body {
        Body::Record { .. } => None,
        other => other.entity(),
    }
}

/// The small number that stands for a device.
pub(super) fn device_no(tx: &Transaction<'_>, device: DeviceId) -> Result<i64, StoreError> {
    let find = "SELECT no FROM devices WHERE id = ?1";
    if let Some(no) = sql::one(tx, find, [device.bytes()], |row| row.get(0))? {
        return Ok(no);
    }
    sql::run(tx, "INSERT INTO devices (id) VALUES (?1)", [device.bytes()])?;
    Ok(tx.last_insert_rowid())
}

/// Puts an operation in the table. False when its name is taken already; then nothing has changed.
pub(super) fn insert(tx: &Transaction<'_>, new: &NewOp<'_>) -> Result<bool, StoreError> {
    let added = sql::run(
        tx,
        "INSERT INTO ops (device_no, seq, scope, kind, entity, observation, received_at_ms, place, life, raw)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) ON CONFLICT DO NOTHING",
        (
            new.device_no,
            sql::signed(new.op.seq),
            new.op.scope.sql(),
            kind(&new.op.body),
            folded_entity(&new.op.body).map(|id| id.bytes()),
            new.op.body.observation().map(|id| id.bytes()),
            new.log.map(|log| log.received_at_ms),
            new.log.map(|log| sql::signed(log.place)),
            new.log.map(|log| log.life),
            new.raw,
        ),
    )?;
    Ok(added == 1)
}

const HELD: &str = "SELECT ops.raw, ops.folds, ops.received_at_ms, ops.place, devices.own,
    coalesce(own.conflict, 0), own.reason
    FROM ops JOIN devices ON devices.no = ops.device_no
    LEFT JOIN own ON own.device_no = ops.device_no AND own.seq = ops.seq";

type Row7 = (String, bool, Option<i64>, Option<i64>, bool, bool, Option<String>);

fn read_row(row: &Row<'_>) -> rusqlite::Result<Row7> {
    Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?, row.get(6)?))
}

fn held((raw, folds, received_at_ms, place, own, conflict, reason): Row7) -> Result<Held, StoreError> {
    Ok(Held {
        op: super::meta::from_json("operation", &raw)?,
        folds,
        received_at_ms,
        place: place.map(sql::unsigned),
        own,
        conflict,
        reason: reason.map(|text| super::meta::from_json("reason", &text)).transpose()?,
    })
}

fn held_where(conn: &Connection, condition: &str, id: [u8; 16]) -> Result<Vec<Held>, StoreError> {
    let rows = sql::all(conn, &format!("{HELD} WHERE {condition}"), [id], read_row)?;
    rows.into_iter().map(held).collect()
}

/// All operations that change an entry's fields, in no order.
pub(crate) fn of_entity(conn: &Connection, entity: EntityId) -> Result<Vec<Held>, StoreError> {
    held_where(conn, "ops.entity = ?1", entity.bytes())
}

/// How many there are.
pub(super) fn count_of_entity(conn: &Connection, entity: EntityId) -> Result<u64, StoreError> {
    Ok(sql::number(conn, "SELECT count(*) FROM ops WHERE entity = ?1", [entity.bytes()])?)
}

/// All operations that are, follow from or are about a record, in no order.
pub(crate) fn of_observation(conn: &Connection, observation: ObservationId) -> Result<Vec<Held>, StoreError> {
    held_where(conn, "ops.observation = ?1", observation.bytes())
}

/// Edits made here that belong to no record and are not with the centre, or were set aside; newest first.
pub(crate) fn open_edits(conn: &Connection, rows_max: usize) -> Result<Vec<Held>, StoreError> {
    let rows = sql::all(
        conn,
        &format!(
            "{HELD} WHERE (ops.device_no, ops.seq) IN (
                 SELECT device_no, seq FROM own WHERE reason IS NOT NULL
                 UNION
                 SELECT own.device_no, own.seq FROM own JOIN chain ON chain.device_no = own.device_no
                 WHERE own.seq > chain.acked)
             AND (ops.kind IN ('retract', 'review', 'step', 'accompany', 'unknown')
                  OR (ops.kind <> 'record' AND ops.observation IS NULL))
             ORDER BY ops.device_no DESC, ops.seq DESC LIMIT ?1"
        ),
        [sql::signed(rows_max as u64)],
        read_row,
    )?;
    rows.into_iter().map(held).collect()
}

/// The bytes of own records, newest first.
pub(crate) fn latest_own_records(conn: &Connection, rows_max: u32) -> Result<Vec<Op>, StoreError> {
    let rows = sql::all(
        conn,
        "SELECT ops.raw FROM records JOIN ops USING (device_no, seq)
         WHERE records.own = 1 ORDER BY records.ended_at_ms DESC LIMIT ?1",
        [rows_max],
        |row| row.get::<_, String>(0),
    )?;
    rows.iter().map(|raw| super::meta::from_json("operation", raw)).collect()
}

/// Every name of an operation known here with whether ledgers are folded from it; for checks of the whole.
pub(crate) fn names(conn: &Connection) -> Result<Vec<(bianfang_shared::id::OpId, bool)>, StoreError> {
    Ok(sql::all(
        conn,
        "SELECT devices.id, ops.seq, ops.folds FROM ops JOIN devices ON devices.no = ops.device_no",
        [],
        |row| {
            let device = DeviceId::from_bytes(row.get(0)?);
            Ok((bianfang_shared::id::OpId::new(device, sql::unsigned(row.get(1)?)), row.get(2)?))
        },
    )?)
}
