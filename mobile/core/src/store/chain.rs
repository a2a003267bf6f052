//! The chain of operations that this installation writes: its key, its head, and the one place where own
//! operations are made.

use super::fold::Dirty;
use super::ops::{self, NewOp};
use super::{StoreError, fold, meta, sql};
use bianfang_shared::area::AreaCode;
use bianfang_shared::capability;
use bianfang_shared::chain::{DeviceKey, Head};
use bianfang_shared::hlc::Hlc;
use bianfang_shared::id::{DeviceId, UserId};
use bianfang_shared::op::{Body, Op};
use bianfang_shared::wire::OP_BYTES_MAX;
use rusqlite::{Connection, Transaction};

/// A device id with the secret of its key.
#[derive(Clone, Copy)]
pub(crate) struct Identity {
    pub(crate) device: DeviceId,
    pub(crate) key_seed: [u8; 32],
}

impl std::fmt::Debug for Identity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Identity").field("device", &self.device).finish_non_exhaustive()
    }
}

impl Identity {
    pub(crate) fn new(platform: &crate::platform::Platform) -> Self {
        let device = DeviceId::new(platform.clock.wall_ms(), platform.random());
        Self { device, key_seed: platform.random() }
    }

    pub(crate) fn key(&self) -> DeviceKey {
        DeviceKey::from_seed(&self.key_seed)
    }
}

/// Where the chain stands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Chain {
    pub(crate) device_no: i64,
    pub(crate) identity: Identity,
    /// Whether the centre knows the device.
    pub(crate) enrolled: bool,
    /// The last operation written; 0 for none.
    pub(crate) last_seq: u64,
    /// The head after it.
    pub(crate) head: Head,
    /// The last operation that the centre has acknowledged.
    pub(crate) acked: u64,
    /// The clock's last stamp.
    pub(crate) hlc: Hlc,
}

impl Chain {
    pub(crate) fn unsent(&self) -> u64 {
        self.last_seq - self.acked
    }
}

pub(crate) fn read(conn: &Connection) -> Result<Chain, StoreError> {
    let found = sql::one(
        conn,
        "SELECT device_no, id, key_seed, enrolled, last_seq, head, acked, hlc
         FROM chain JOIN devices ON devices.no = chain.device_no",
        [],
        |row| {
            Ok(Chain {
                device_no: row.get(0)?,
                identity: Identity { device: DeviceId::from_bytes(row.get(1)?), key_seed: row.get(2)? },
                enrolled: row.get(3)?,
                last_seq: sql::unsigned(row.get(4)?),
                head: Head(row.get(5)?),
                acked: sql::unsigned(row.get(6)?),
                hlc: Hlc::from_bits(row.get::<_, i64>(7)?.cast_unsigned()),
            })
        },
    )?;
    found.ok_or(StoreError::Unreadable { what: "chain", detail: "there is none".to_owned() })
}

/// Whether a chain was begun.
pub(crate) fn begun(conn: &Connection) -> Result<bool, StoreError> {
    Ok(sql::number(conn, "SELECT count(*) FROM chain", [])? > 0)
}

/// Begins a new chain. The clock goes on from `hlc`.
pub(crate) fn begin(
    tx: &Transaction<'_>,
    identity: Identity,
    enrolled: bool,
    hlc: Hlc,
) -> Result<Chain, StoreError> {
    let device_no = ops::device_no(tx, identity.device)?;
    sql::run(tx, "UPDATE devices SET own = 1 WHERE no = ?1", [device_no])?;
    let chain = Chain { device_no, identity, enrolled, last_seq: 0, head: Head::EMPTY, acked: 0, hlc };
    write(tx, &chain)?;
    Ok(chain)
}

pub(crate) fn write(tx: &Transaction<'_>, chain: &Chain) -> Result<(), StoreError> {
    sql::run(
        tx,
        "INSERT OR REPLACE INTO chain (one, device_no, key_seed, enrolled, last_seq, head, acked, hlc)
         VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        (
            chain.device_no,
            chain.identity.key_seed,
            chain.enrolled,
            sql::signed(chain.last_seq),
            chain.head.0,
            sql::signed(chain.acked),
            chain.hlc.bits().cast_signed(),
        ),
    )?;
    Ok(())
}

/// The head after an operation of a chain; the empty head after none.
pub(crate) fn head_after(conn: &Connection, device_no: i64, seq: u64) -> Result<Option<Head>, StoreError> {
    if seq == 0 {
        return Ok(Some(Head::EMPTY));
    }
    let sql = "SELECT head FROM own WHERE device_no = ?1 AND seq = ?2";
    Ok(sql::one(conn, sql, (device_no, sql::signed(seq)), |row| row.get(0).map(Head))?)
}

/// What an own operation is made of.
#[derive(Debug)]
pub(crate) struct Draft {
    pub(crate) scope: AreaCode,
    pub(crate) body: Body,
}

/// Writes operations with everything they imply: stamp, place in the chain, bytes, head, ledgers, records. What a centre
/// that is older than this phone would not know is left out: answers stand in their records all the same.
pub(crate) fn author(
    tx: &Transaction<'_>,
    wall_ms: i64,
    author: UserId,
    drafts: Vec<Draft>,
) -> Result<Vec<Op>, StoreError> {
    let mut chain = read(tx)?;
    let mut dirty = Dirty::default();
    let mut written = Vec::with_capacity(drafts.len());
    let session = meta::session(tx)?;
    let taken = |body: Body| match &session {
        Some(session) => capability::taken(&session.capabilities, body),
        None => Some(body),
    };
    for Draft { scope, body } in drafts {
        let Some(body) = taken(body) else { continue };
        let hlc = chain.hlc.tick(wall_ms);
        let op = Op { device: chain.identity.device, seq: chain.last_seq + 1, hlc, author, scope, body };
        append(tx, &mut chain, &op, &mut dirty)?;
        written.push(op);
    }
    write(tx, &chain)?;
    fold::settle(tx, dirty)?;
    Ok(written)
}

/// Adds an operation to the chain. Its bytes are made here, once, and never again.
pub(super) fn append(
    tx: &Transaction<'_>,
    chain: &mut Chain,
    op: &Op,
    dirty: &mut Dirty,
) -> Result<(), StoreError> {
    let raw = meta::to_json(op);
    if raw.len() > OP_BYTES_MAX {
        return Err(StoreError::TooLarge { bytes: raw.len(), max: OP_BYTES_MAX });
    }
    chain.last_seq = op.seq;
    chain.hlc = chain.hlc.max(op.hlc);
    chain.head = chain.head.extend(raw.as_bytes());
    ops::insert(tx, &NewOp { device_no: chain.device_no, op, raw: &raw, log: None })?;
    sql::run(
        tx,
        "INSERT INTO own (device_no, seq, head) VALUES (?1, ?2, ?3)",
        (chain.device_no, sql::signed(op.seq), chain.head.0),
    )?;
    dirty.touch(op);
    Ok(())
}
