//! The rows of the lists: what a list shows and sorts by, folded from the operations of an entry and taken over from
//! the entry that it belongs to.

mod households;
mod listing;
mod written;

pub(crate) use fold::entry;
pub(crate) use households::{
    HouseholdLine, Listing, assigned, every_household, household, household_count, households,
};
pub(crate) use listing::{EntryLine, Wanted, candidates, line, list, open_issues_of, open_problems};
pub(crate) use written::standing_field;

use super::{StoreError, fold, meta, search, sql};
use bianfang_shared::area::AreaCode;
use bianfang_shared::entry::Entry;
use bianfang_shared::id::EntityId;
use bianfang_shared::ledger::{CODE, LedgerKind, Point};
use bianfang_shared::query::{NamedEntry, SAME_CODE_MAX};
use rusqlite::{Connection, Params, Row, Transaction};
use written::Written;

/// What putting or removing a row leads to.
#[derive(Debug, Default)]
pub(super) struct Done {
    /// What to index for it.
    pub(super) indexed: Option<search::Change>,
    /// Whether rows that take something over from it are to be put again.
    pub(super) passes_on: bool,
}

/// Writes an entry's row.
pub(super) fn put(tx: &Transaction<'_>, entry: &Entry) -> Result<Done, StoreError> {
    let written = Written::of(tx, entry)?;
    let known = sql::one(
        tx,
        "SELECT no, tokens, name, code, address, lat, lon, accuracy_m, household, cadre, family_doctor
         FROM entries WHERE id = ?1",
        [entry.id.bytes()],
        |row| Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?, written.passes_on(row)?)),
    )?;
    let (no, indexed, passes_on) = match known {
        Some((no, indexed, passes_on)) => {
            written.update(tx, no)?;
            (no, indexed, passes_on)
        }
        None => (written.insert(tx)?, String::new(), true),
    };
    let change = search::Change { no, was_indexed: !indexed.is_empty(), now: written.tokens };
    Ok(Done { indexed: (change.now != indexed).then_some(change), passes_on })
}

/// Whether an entry's row says what its operations, and the rows that it belongs to, make of it.
pub(super) fn is_as_written(conn: &Connection, entry: &Entry) -> Result<bool, StoreError> {
    Written::of(conn, entry)?.is_stored(conn)
}

pub(super) fn remove(tx: &Transaction<'_>, entity: EntityId) -> Result<Done, StoreError> {
    let find = "SELECT no, tokens FROM entries WHERE id = ?1";
    let known: Option<(i64, String)> =
        sql::one(tx, find, [entity.bytes()], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let Some((no, indexed)) = known else { return Ok(Done::default()) };
    sql::run(tx, "DELETE FROM entries WHERE no = ?1", [no])?;
    let change = search::Change { no, was_indexed: true, now: String::new() };
    Ok(Done { indexed: (!indexed.is_empty()).then_some(change), passes_on: true })
}

/// Whether there is any row that takes something over from another.
pub(super) fn any_dependent(conn: &Connection) -> Result<bool, StoreError> {
    let find = "SELECT EXISTS (SELECT 1 FROM entries WHERE ledger = 'house')
        OR EXISTS (SELECT 1 FROM entries WHERE ledger = 'post')
        OR EXISTS (SELECT 1 FROM entries WHERE ledger = 'issue')";
    Ok(sql::number(conn, find, [])? > 0)
}

/// Rows that take something over from this one, or from one that belongs to it.
pub(super) fn dependents(
    conn: &Connection,
    entity: EntityId,
) -> Result<Vec<(EntityId, LedgerKind)>, StoreError> {
    let of = |parent: EntityId| -> Result<Vec<(EntityId, LedgerKind)>, StoreError> {
        let find = "SELECT id, ledger FROM entries WHERE parent = ?1 AND ledger IS NOT NULL";
        Ok(sql::all(conn, find, [parent.bytes()], |row| {
            Ok((EntityId::from_bytes(row.get(0)?), ledger(&row.get::<_, String>(1)?)))
        })?)
    };
    let mut found = of(entity)?;
    let mut at = 0;
    // A household's person's post's problem is as deep as it goes; a ring of entries that name each other ends here too.
    while let Some((next, ledger)) = found.get(at).copied() {
        if ledger != LedgerKind::Issue && found.len() < DEPENDENTS_MAX {
            for dependent in of(next)? {
                if !found.contains(&dependent) {
                    found.push(dependent);
                }
            }
        }
        at += 1;
    }
    Ok(found)
}

/// Far more than belong to one household.
const DEPENDENTS_MAX: usize = 1_000;

/// Rows of other villages that take something over from rows of this one.
pub(super) fn dependents_elsewhere(conn: &Connection, scope: AreaCode) -> Result<Vec<EntityId>, StoreError> {
    let find =
        "SELECT id FROM entries WHERE scope <> ?1 AND parent IN (SELECT id FROM entries WHERE scope = ?1)";
    ids(conn, find, [scope.sql()])
}

/// The ledgers that rows name.
const LEDGERS: [LedgerKind; 6] = [
    LedgerKind::Household,
    LedgerKind::Person,
    LedgerKind::House,
    LedgerKind::WaterSupply,
    LedgerKind::Post,
    LedgerKind::Issue,
];

fn ledger(key: &str) -> LedgerKind {
    LEDGERS.into_iter().find(|ledger| ledger.key() == key).unwrap_or(LedgerKind::Unknown)
}

/// The last visit with someone at home, and the last record of any kind, that stand.
fn last_records(conn: &Connection, subject: EntityId) -> Result<(Option<i64>, Option<i64>), StoreError> {
    let last = sql::one(
        conn,
        "SELECT max(iif(kind = 'visit' AND outcome = 'at_home', ended_at_ms, NULL)), max(ended_at_ms) FROM records
         WHERE subject = ?1 AND state NOT IN ('set_aside', 'retracted')",
        [subject.bytes()],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    Ok(last.unwrap_or_default())
}

/// Brings the last visit and the last record in an entry's row up to date.
pub(super) fn refresh_last_records(tx: &Transaction<'_>, subject: EntityId) -> Result<(), StoreError> {
    let (last_visit_ms, last_record_ms) = last_records(tx, subject)?;
    sql::run(
        tx,
        "UPDATE entries SET last_visit_ms = ?2, last_record_ms = ?3
         WHERE id = ?1 AND (last_visit_ms IS NOT ?2 OR last_record_ms IS NOT ?3)",
        (subject.bytes(), last_visit_ms, last_record_ms),
    )?;
    Ok(())
}

/// Removes all rows of a village.
pub(super) fn remove_scope(tx: &Transaction<'_>, scope: AreaCode) -> Result<(), StoreError> {
    sql::run(
        tx,
        "DELETE FROM search WHERE rowid IN (SELECT no FROM entries WHERE scope = ?1 AND tokens <> '')",
        [scope.sql()],
    )?;
    sql::run(tx, "DELETE FROM entries WHERE scope = ?1", [scope.sql()])?;
    Ok(())
}

/// Ids of entries that belong to another: a household's persons, or its problems.
pub(crate) fn children(
    conn: &Connection,
    parent: EntityId,
    ledger: LedgerKind,
    rows_max: usize,
) -> Result<Vec<EntityId>, StoreError> {
    ids(
        conn,
        "SELECT id FROM entries WHERE parent = ?1 AND ledger = ?2 ORDER BY no LIMIT ?3",
        (parent.bytes(), ledger.key(), sql::signed(rows_max as u64)),
    )
}

/// Ids of a household's problems that are not closed.
pub(crate) fn open_issues(
    conn: &Connection,
    subject: EntityId,
    rows_max: usize,
) -> Result<Vec<EntityId>, StoreError> {
    ids(
        conn,
        "SELECT id FROM entries WHERE parent = ?1 AND ledger = 'issue' AND open = 1 ORDER BY no LIMIT ?2",
        (subject.bytes(), sql::signed(rows_max as u64)),
    )
}

/// Ids of an entry's problems, open ones first, then as they fall due.
pub(crate) fn issues(
    conn: &Connection,
    subject: EntityId,
    rows_max: usize,
) -> Result<Vec<EntityId>, StoreError> {
    ids(
        conn,
        "SELECT id FROM entries WHERE parent = ?1 AND ledger = 'issue'
         ORDER BY open DESC, urgent DESC, due_on IS NULL, due_on, no LIMIT ?2",
        (subject.bytes(), sql::signed(rows_max as u64)),
    )
}

/// Ids of the households that a water supply serves, by code.
pub(crate) fn served(
    conn: &Connection,
    supply: EntityId,
    rows_max: usize,
) -> Result<Vec<EntityId>, StoreError> {
    ids(
        conn,
        "SELECT id FROM entries WHERE supply = ?1 ORDER BY scope, code, no LIMIT ?2",
        (supply.bytes(), sql::signed(rows_max as u64)),
    )
}

/// Ids of entries with fields in conflict.
pub(crate) fn in_conflict(conn: &Connection, rows_max: usize) -> Result<Vec<EntityId>, StoreError> {
    ids(
        conn,
        "SELECT id FROM entries WHERE conflicts > 0 ORDER BY no LIMIT ?1",
        [sql::signed(rows_max as u64)],
    )
}

/// Fields in conflict on this device.
pub(crate) fn conflicts(conn: &Connection) -> Result<u64, StoreError> {
    Ok(sql::number(conn, "SELECT sum(conflicts) FROM entries WHERE conflicts > 0", [])?)
}

/// A name to show for an entry, with its code: a household's head, a person, a problem's text.
pub(crate) fn name(conn: &Connection, id: EntityId) -> Result<Option<(String, String)>, StoreError> {
    let find = "SELECT name, code FROM entries WHERE id = ?1";
    Ok(sql::one(conn, find, [id.bytes()], |row| Ok((row.get(0)?, row.get(1)?)))?)
}

/// Others of the entry's village and ledger that have its code.
pub(crate) fn same_code(conn: &Connection, of: &Entry) -> Result<Vec<NamedEntry>, StoreError> {
    let (code, Some(ledger)) = (of.text(CODE), of.ledger) else { return Ok(Vec::new()) };
    if code.is_empty() {
        return Ok(Vec::new());
    }
    // The ledger is spelt out so that its index serves.
    let find = format!(
        "SELECT id, name FROM entries WHERE ledger = '{}' AND scope = ?1 AND code = ?2 AND id <> ?3
         ORDER BY id LIMIT ?4",
        meta::word(&ledger)
    );
    let asked = (of.scope.sql(), code, of.id.bytes(), sql::signed(SAME_CODE_MAX as u64));
    let found = sql::all(conn, &find, asked, |row| {
        Ok(NamedEntry { entity: EntityId::from_bytes(row.get(0)?), ledger, name: row.get(1)? })
    })?;
    // A house or post without a code of its own is listed by its household's.
    let mut others = Vec::new();
    for named in found {
        if entry(conn, named.entity)?.is_some_and(|other| other.text(CODE) == code) {
            others.push(named);
        }
    }
    Ok(others)
}

/// Where an entry is: by its own point, else by its household's.
pub(crate) fn anchor(conn: &Connection, id: EntityId) -> Result<Option<Point>, StoreError> {
    let find = "SELECT lat, lon, accuracy_m FROM entries WHERE id = ?1";
    Ok(sql::one(conn, find, [id.bytes()], |row| point(row, 0))?.flatten())
}

/// The place in three columns of a row, from this one on.
fn point(row: &Row<'_>, at: usize) -> rusqlite::Result<Option<Point>> {
    let (lat, lon): (Option<f64>, Option<f64>) = (row.get(at)?, row.get(at + 1)?);
    let accuracy_m: Option<f64> = row.get(at + 2)?;
    Ok(lat.zip(lon).map(|(lat, lon)| Point { lat, lon, accuracy_m: accuracy_m.unwrap_or(0.0) }))
}

pub(super) fn area(number: i64) -> AreaCode {
    AreaCode::new(sql::unsigned(number)).unwrap_or_else(|| AreaCode::new(0).expect("zero has one digit"))
}

/// Ids of all entries of a village, for checks of the whole.
pub(crate) fn of_scope(conn: &Connection, scope: AreaCode) -> Result<Vec<EntityId>, StoreError> {
    let find = "SELECT id FROM entries WHERE scope = ?1 ORDER BY id";
    ids(conn, find, [scope.sql()])
}

fn ids(conn: &Connection, sql: &str, params: impl Params) -> Result<Vec<EntityId>, StoreError> {
    Ok(sql::all(conn, sql, params, |row| row.get(0).map(EntityId::from_bytes))?)
}
