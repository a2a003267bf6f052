//! The photographs that operations name, as rows derived from those operations. Their bytes are in the spool; nothing
//! here looks at them.

use super::ops::Held;
use super::{StoreError, sql};
use bianfang_shared::area::AreaCode;
use bianfang_shared::id::{EntityId, ObservationId};
use bianfang_shared::ledger::LedgerKind;
use bianfang_shared::observation::{Observation, PhotoRef};
use bianfang_shared::op::Body;
use rusqlite::{Connection, Row, Transaction};
use std::collections::BTreeSet;
use std::fmt;

/// SHA-256 of a photograph's bytes, which is its name.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct PhotoName(pub(crate) [u8; 32]);

impl PhotoName {
    /// Reads 64 lower-case hexadecimal digits.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(text, &mut bytes).ok()?;
        (!text.bytes().any(|byte| byte.is_ascii_uppercase())).then_some(Self(bytes))
    }

    /// Whatever in a text may be a photograph's name.
    pub(crate) fn all_in(text: &str) -> impl Iterator<Item = Self> {
        text.split(|letter: char| !letter.is_ascii_hexdigit()).filter_map(Self::parse)
    }

    /// The name of these bytes.
    pub(crate) fn of(bytes: &[u8]) -> Self {
        use sha2::Digest as _;
        Self(sha2::Sha256::digest(bytes).into())
    }
}

impl fmt::Display for PhotoName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for PhotoName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A photograph that an operation names.
#[derive(Clone, Debug)]
pub(crate) struct Named {
    /// The row, growing with time.
    pub(crate) no: i64,
    pub(crate) name: PhotoName,
    /// The entry that it belongs to.
    pub(crate) subject: EntityId,
    /// When it was named, by the clock of the phone that did.
    pub(crate) at_ms: i64,
    pub(crate) bytes: u64,
    pub(crate) likeness: String,
}

/// What is written of a photograph.
struct Mention<'a> {
    photo: &'a PhotoRef,
    own: bool,
    at_ms: i64,
}

/// Derives the rows of a record again: of the one that is shown, or of none.
pub(super) fn derive_of_record(
    tx: &Transaction<'_>,
    id: ObservationId,
    shown: Option<(&Held, &Observation)>,
) -> Result<(), StoreError> {
    let mentions = shown.into_iter().flat_map(|(held, record)| {
        let mention = |photo| Mention { photo, own: held.own, at_ms: record.ended_at_ms };
        record.photos.iter().map(mention)
    });
    let subject = shown.map(|(_, record)| record.subject);
    derive(tx, id.bytes(), subject, mentions.collect())
}

/// Derives the rows of an entry again, from its operations that stand or were made here.
pub(super) fn derive_of_entry(
    tx: &Transaction<'_>,
    entity: EntityId,
    held: &[Held],
) -> Result<(), StoreError> {
    let may_name = |held: &Held| match &held.op.body {
        Body::Register { photos, ledger, .. } => !photos.is_empty() || *ledger == LedgerKind::Issue,
        Body::Step { .. } => true,
        _ => false,
    };
    // Nearly every entry is a household or a person, and names none.
    if !held.is_empty() && !held.iter().any(may_name) {
        return Ok(());
    }
    let standing = held.iter().filter(|held| held.folds || held.own);
    let mentions = standing.flat_map(|held| {
        let at_ms = held.op.hlc.wall_ms();
        held.op.body.photos().iter().map(move |photo| Mention { photo, own: held.own, at_ms })
    });
    derive(tx, entity.bytes(), Some(entity), mentions.collect())
}

fn derive(
    tx: &Transaction<'_>,
    owner: [u8; 16],
    subject: Option<EntityId>,
    mentions: Vec<Mention<'_>>,
) -> Result<(), StoreError> {
    let known = sql::all(tx, "SELECT no, sha256 FROM photos WHERE owner = ?1", [owner], |row| {
        Ok((row.get::<_, i64>(0)?, PhotoName(row.get(1)?)))
    })?;
    let named: BTreeSet<PhotoName> =
        mentions.iter().filter_map(|mention| PhotoName::parse(&mention.photo.sha256)).collect();
    for (no, _) in known.iter().filter(|(_, name)| !named.contains(name)) {
        sql::run(tx, "DELETE FROM photos WHERE no = ?1", [no])?;
    }
    let Some(subject) = subject else { return Ok(()) };
    // Own mentions last: of two that name one photograph the own one holds.
    let (own, others): (Vec<_>, Vec<_>) = mentions.into_iter().partition(|mention| mention.own);
    for mention in others.into_iter().chain(own) {
        put(tx, owner, subject, &mention)?;
    }
    Ok(())
}

fn put(
    tx: &Transaction<'_>,
    owner: [u8; 16],
    subject: EntityId,
    mention: &Mention<'_>,
) -> Result<(), StoreError> {
    // A name of a newer version, which no photograph here can have.
    let Some(name) = PhotoName::parse(&mention.photo.sha256) else { return Ok(()) };
    sql::run(
        tx,
        "INSERT INTO photos (owner, sha256, own, subject, at_ms, bytes, likeness)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         ON CONFLICT (owner, sha256) DO UPDATE SET own = ?3, subject = ?4, at_ms = ?5, bytes = ?6, likeness = ?7",
        (
            owner,
            name.0,
            mention.own,
            subject.bytes(),
            mention.at_ms,
            sql::signed(mention.photo.bytes),
            &mention.photo.likeness,
        ),
    )?;
    Ok(())
}

/// Removes what others' records and problems of a village name, before those rows go.
pub(super) fn remove_scope(tx: &Transaction<'_>, scope: AreaCode) -> Result<(), StoreError> {
    sql::run(
        tx,
        "DELETE FROM photos WHERE own = 0 AND (owner IN (SELECT id FROM records WHERE scope = ?1)
         OR owner IN (SELECT id FROM entries WHERE scope = ?1))",
        [scope.sql()],
    )?;
    Ok(())
}

fn named(row: &Row<'_>) -> rusqlite::Result<Named> {
    Ok(Named {
        no: row.get(0)?,
        name: PhotoName(row.get(1)?),
        subject: EntityId::from_bytes(row.get(2)?),
        at_ms: row.get(3)?,
        bytes: sql::unsigned(row.get(4)?),
        likeness: row.get(5)?,
    })
}

const NAMED: &str = "SELECT no, sha256, subject, at_ms, bytes, likeness FROM photos";

/// Photographs named here, or by own operations, that the spool has not been told of.
pub(crate) fn to_spool(conn: &Connection, rows_max: usize) -> Result<Vec<Named>, StoreError> {
    let find = format!("{NAMED} WHERE own = 1 AND spooled = 0 ORDER BY no LIMIT ?1");
    Ok(sql::all(conn, &find, [sql::signed(rows_max as u64)], named)?)
}

/// One of those that name a photograph, whoever it is.
pub(crate) fn naming(conn: &Connection, name: PhotoName) -> Result<Option<Named>, StoreError> {
    Ok(sql::one(conn, &format!("{NAMED} WHERE sha256 = ?1 LIMIT 1"), [name.0], named)?)
}

/// The spool knows these.
pub(crate) fn spooled(tx: &Transaction<'_>, named: &[Named]) -> Result<(), StoreError> {
    for one in named {
        sql::run(tx, "UPDATE photos SET spooled = 1 WHERE no = ?1", [one.no])?;
    }
    Ok(())
}

/// The spool is a new one and knows nothing yet.
pub(crate) fn forget_spooled(tx: &Transaction<'_>) -> Result<(), StoreError> {
    sql::run(tx, "UPDATE photos SET spooled = 0 WHERE spooled = 1", [])?;
    Ok(())
}

/// What a record or a problem names.
pub(crate) fn of_owner(conn: &Connection, owner: [u8; 16]) -> Result<Vec<PhotoName>, StoreError> {
    let find = "SELECT sha256 FROM photos WHERE owner = ?1 ORDER BY no";
    Ok(sql::all(conn, find, [owner], |row| row.get(0).map(PhotoName))?)
}

/// Every photograph that own operations name.
pub(crate) fn own(conn: &Connection) -> Result<Vec<PhotoName>, StoreError> {
    let find = "SELECT DISTINCT sha256 FROM photos WHERE own = 1 ORDER BY sha256";
    Ok(sql::all(conn, find, [], |row| row.get(0).map(PhotoName))?)
}

/// Photographs named since a row, for the index of likenesses.
pub(crate) fn since(conn: &Connection, no: i64) -> Result<Vec<Named>, StoreError> {
    Ok(sql::all(conn, &format!("{NAMED} WHERE no > ?1 ORDER BY no"), [no], named)?)
}

/// One row, if it still stands.
pub(crate) fn get(conn: &Connection, no: i64) -> Result<Option<Named>, StoreError> {
    Ok(sql::one(conn, &format!("{NAMED} WHERE no = ?1"), [no], named)?)
}

/// Whether something else than these records names a photograph.
pub(crate) fn is_named_elsewhere(
    conn: &Connection,
    name: PhotoName,
    but: &BTreeSet<ObservationId>,
) -> Result<bool, StoreError> {
    // One more than those: one of them has to be another.
    let find = "SELECT DISTINCT owner FROM photos WHERE sha256 = ?1 LIMIT ?2";
    let owners = sql::all(conn, find, (name.0, sql::signed(but.len() as u64 + 1)), |row| row.get(0))?;
    Ok(owners.into_iter().map(ObservationId::from_bytes).any(|owner| !but.contains(&owner)))
}
