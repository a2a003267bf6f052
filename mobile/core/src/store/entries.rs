//! The rows of the lists: what a list shows and sorts by, folded from the operations of an entry.

use super::fold;
use super::{StoreError, meta, search, sql};
use crate::message::HouseholdRow;
use bianfang_shared::area::AreaCode;
use bianfang_shared::entry::Entry;
use bianfang_shared::id::{EntityId, UserId};
use bianfang_shared::ledger::{LedgerKind, Point, household, issue, person};
use rusqlite::{Connection, Row, Transaction};

pub(crate) use fold::entry;

/// Writes an entry's row, and tells what to index for it.
pub(super) fn put(tx: &Transaction<'_>, entry: &Entry) -> Result<Option<search::Change>, StoreError> {
    let is_household = entry.ledger == Some(LedgerKind::Household);
    let tokens = if is_household { bianfang_shared::search::household_text(entry) } else { String::new() };
    let known: Option<(i64, String)> =
        sql::one(tx, "SELECT no, tokens FROM entries WHERE id = ?1", [entry.id.bytes()], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
    let row = Written::of(entry, &tokens, last_visit(tx, entry.id)?);
    let (no, indexed) = match known {
        Some((no, indexed)) => {
            row.update(tx, no)?;
            (no, indexed)
        }
        None => (row.insert(tx)?, String::new()),
    };
    let was_indexed = !indexed.is_empty();
    Ok((tokens != indexed).then_some(search::Change { no, was_indexed, now: tokens }))
}

/// What is written of an entry.
struct Written<'e> {
    entry: &'e Entry,
    tokens: &'e str,
    last_visit_ms: Option<i64>,
    name: &'e str,
    address: String,
    categories: String,
    anchor: Option<Point>,
    parent: Option<[u8; 16]>,
}

impl<'e> Written<'e> {
    fn of(entry: &'e Entry, tokens: &'e str, last_visit_ms: Option<i64>) -> Self {
        let (name, parent) = match entry.ledger {
            Some(LedgerKind::Person) => (person::NAME, id_in(entry, person::HOUSEHOLD)),
            Some(LedgerKind::Issue) => ("what", id_in(entry, "subject")),
            _ => (household::HEAD_NAME, None),
        };
        let address = [entry.text(household::GROUP), entry.text(household::ADDRESS)];
        let address: Vec<&str> = address.into_iter().filter(|part| !part.is_empty()).collect();
        let categories = entry.value(household::CATEGORIES).as_list().unwrap_or_default();
        Self {
            entry,
            tokens,
            last_visit_ms,
            name: entry.text(name),
            address: address.join(" "),
            categories: meta::to_json(&categories),
            anchor: entry.value(household::ANCHOR).read(),
            parent,
        }
    }

    fn insert(&self, tx: &Transaction<'_>) -> Result<i64, StoreError> {
        self.run(
            tx,
            "INSERT INTO entries (id, ledger, scope, code, name, address, categories, colour, lat, lon, accuracy_m,
                 cadre, family_doctor, parent, open, conflicts, tokens, last_visit_ms, no)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)",
            None,
        )?;
        Ok(tx.last_insert_rowid())
    }

    fn update(&self, tx: &Transaction<'_>, no: i64) -> Result<(), StoreError> {
        self.run(
            tx,
            "UPDATE entries SET ledger = ?2, scope = ?3, code = ?4, name = ?5, address = ?6, categories = ?7,
                 colour = ?8, lat = ?9, lon = ?10, accuracy_m = ?11, cadre = ?12, family_doctor = ?13, parent = ?14,
                 open = ?15, conflicts = ?16, tokens = ?17, last_visit_ms = ?18
             WHERE no = ?19 AND id = ?1",
            Some(no),
        )
    }

    fn run(&self, tx: &Transaction<'_>, text: &str, no: Option<i64>) -> Result<(), StoreError> {
        let entry = self.entry;
        let is_open = entry.ledger == Some(LedgerKind::Issue) && entry.text(issue::STATE) != issue::CLOSED;
        sql::run(
            tx,
            text,
            rusqlite::params![
                entry.id.bytes(),
                entry.ledger.map(LedgerKind::key),
                entry.scope.sql(),
                entry.text(household::CODE),
                self.name,
                self.address,
                self.categories,
                entry.value(household::COLOUR).as_text(),
                self.anchor.map(|point| point.lat),
                self.anchor.map(|point| point.lon),
                self.anchor.map(|point| point.accuracy_m),
                id_in(entry, household::CADRE),
                id_in(entry, household::FAMILY_DOCTOR),
                self.parent,
                is_open,
                i64::try_from(entry.conflicts().count()).unwrap_or(i64::MAX),
                self.tokens,
                self.last_visit_ms,
                no,
            ],
        )?;
        Ok(())
    }
}

/// The id that a field holds, of a person or of another entry.
fn id_in(entry: &Entry, field: &str) -> Option<[u8; 16]> {
    entry.text(field).parse::<EntityId>().ok().map(|id| id.bytes())
}

/// The last visit with someone at home that stands.
fn last_visit(conn: &Connection, subject: EntityId) -> Result<Option<i64>, StoreError> {
    Ok(sql::one(
        conn,
        "SELECT ended_at_ms FROM records
         WHERE subject = ?1 AND kind = 'visit' AND outcome = 'at_home' AND state NOT IN ('set_aside', 'retracted')
         ORDER BY ended_at_ms DESC LIMIT 1",
        [subject.bytes()],
        |row| row.get(0),
    )?)
}

/// Brings the last visit in a household's row up to date.
pub(super) fn refresh_last_visit(tx: &Transaction<'_>, subject: EntityId) -> Result<(), StoreError> {
    let last_visit_ms = last_visit(tx, subject)?;
    sql::run(
        tx,
        "UPDATE entries SET last_visit_ms = ?2 WHERE id = ?1 AND last_visit_ms IS NOT ?2",
        (subject.bytes(), last_visit_ms),
    )?;
    Ok(())
}

pub(super) fn remove(tx: &Transaction<'_>, entity: EntityId) -> Result<Option<search::Change>, StoreError> {
    let find = "SELECT no, tokens FROM entries WHERE id = ?1";
    let known: Option<(i64, String)> =
        sql::one(tx, find, [entity.bytes()], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let Some((no, indexed)) = known else { return Ok(None) };
    sql::run(tx, "DELETE FROM entries WHERE no = ?1", [no])?;
    Ok((!indexed.is_empty()).then_some(search::Change { no, was_indexed: true, now: String::new() }))
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

/// A household as the lists and the schedule need it.
#[derive(Clone, Debug)]
pub(crate) struct HouseholdLine {
    pub(crate) row: HouseholdRow,
    pub(crate) anchor: Option<Point>,
    pub(crate) cadre: Option<UserId>,
    pub(crate) family_doctor: Option<UserId>,
}

const LINE_COLUMNS: &str =
    "SELECT id, scope, code, name, address, categories, colour, conflicts, last_visit_ms,
    lat, lon, accuracy_m, cadre, family_doctor";

fn line(row: &Row<'_>) -> rusqlite::Result<HouseholdLine> {
    let categories: String = row.get(5)?;
    let user =
        |at: usize| Ok::<_, rusqlite::Error>(row.get::<_, Option<[u8; 16]>>(at)?.map(UserId::from_bytes));
    let point = |lat: Option<f64>, lon: Option<f64>, accuracy_m: Option<f64>| {
        lat.zip(lon).map(|(lat, lon)| Point { lat, lon, accuracy_m: accuracy_m.unwrap_or(0.0) })
    };
    Ok(HouseholdLine {
        row: HouseholdRow {
            id: EntityId::from_bytes(row.get(0)?),
            scope: area(row.get(1)?),
            code: row.get(2)?,
            head_name: row.get(3)?,
            address: row.get(4)?,
            categories: serde_json::from_str(&categories).unwrap_or_default(),
            colour: row.get(6)?,
            distance_m: None,
            conflicts: row.get(7)?,
            last_visit_ms: row.get(8)?,
        },
        anchor: point(row.get(9)?, row.get(10)?, row.get(11)?),
        cadre: user(12)?,
        family_doctor: user(13)?,
    })
}

pub(super) fn area(number: i64) -> AreaCode {
    AreaCode::new(sql::unsigned(number)).unwrap_or_else(|| AreaCode::new(0).expect("zero has one digit"))
}

/// One household.
pub(crate) fn household(conn: &Connection, id: EntityId) -> Result<Option<HouseholdLine>, StoreError> {
    Ok(sql::one(
        conn,
        &format!("{LINE_COLUMNS} FROM entries WHERE id = ?1 AND ledger = 'household'"),
        [id.bytes()],
        line,
    )?)
}

/// Which households a list shows.
#[derive(Clone, Debug, Default)]
pub(crate) struct Listing {
    /// An FTS5 expression.
    pub(crate) matching: Option<String>,
    pub(crate) scope: Option<AreaCode>,
    pub(crate) in_conflict: bool,
}

/// A page of households: by village and code, or in the order indexed when searching.
pub(crate) fn households(
    conn: &Connection,
    listing: &Listing,
    skip: usize,
    rows_max: usize,
) -> Result<Vec<HouseholdLine>, StoreError> {
    let scope = listing.scope.map(AreaCode::sql);
    let (skip, rows_max) = (sql::signed(skip as u64), sql::signed(rows_max as u64));
    let conflict = if listing.in_conflict { "AND conflicts > 0" } else { "" };
    let in_scope = if scope.is_some() { "AND scope = ?1" } else { "AND ?1 IS NULL" };
    let lines = match &listing.matching {
        Some(expression) => sql::all(
            conn,
            &format!(
                // The index leads, in its own order, so that a page of a broad search ends early.
                "{LINE_COLUMNS} FROM search CROSS JOIN entries ON entries.no = search.rowid
                 WHERE search MATCH ?4 AND ledger = 'household' {conflict} {in_scope}
                 ORDER BY search.rowid LIMIT ?3 OFFSET ?2"
            ),
            (scope, skip, rows_max, expression),
            line,
        )?,
        None => sql::all(
            conn,
            &format!(
                "{LINE_COLUMNS} FROM entries WHERE ledger = 'household' {conflict} {in_scope} ORDER BY scope, code LIMIT ?3 OFFSET ?2"
            ),
            (scope, skip, rows_max),
            line,
        )?,
    };
    Ok(lines)
}

/// Households that name this person as cadre or family doctor.
pub(crate) fn assigned(
    conn: &Connection,
    user: UserId,
    rows_max: usize,
) -> Result<Vec<HouseholdLine>, StoreError> {
    Ok(sql::all(
        conn,
        &format!(
            "{LINE_COLUMNS} FROM entries WHERE no IN (SELECT no FROM entries WHERE cadre = ?1
                 UNION SELECT no FROM entries WHERE family_doctor = ?1)
             AND ledger = 'household' LIMIT ?2"
        ),
        (user.bytes(), sql::signed(rows_max as u64)),
        line,
    )?)
}

/// All households, for rules that ask for whole villages: those not visited for longest first.
pub(crate) fn every_household(conn: &Connection, rows_max: usize) -> Result<Vec<HouseholdLine>, StoreError> {
    Ok(sql::all(
        conn,
        &format!("{LINE_COLUMNS} FROM entries WHERE ledger = 'household' LIMIT ?1"),
        [sql::signed(rows_max as u64)],
        line,
    )?)
}

/// Ids of entries that belong to another: a household's persons, or its problems.
pub(crate) fn children(
    conn: &Connection,
    parent: EntityId,
    ledger: LedgerKind,
    rows_max: usize,
) -> Result<Vec<EntityId>, StoreError> {
    Ok(sql::all(
        conn,
        "SELECT id FROM entries WHERE parent = ?1 AND ledger = ?2 ORDER BY no LIMIT ?3",
        (parent.bytes(), ledger.key(), sql::signed(rows_max as u64)),
        |row| row.get(0).map(EntityId::from_bytes),
    )?)
}

/// Ids of a household's problems that are not closed.
pub(crate) fn open_issues(
    conn: &Connection,
    subject: EntityId,
    rows_max: usize,
) -> Result<Vec<EntityId>, StoreError> {
    Ok(sql::all(
        conn,
        "SELECT id FROM entries WHERE parent = ?1 AND ledger = 'issue' AND open = 1 ORDER BY no LIMIT ?2",
        (subject.bytes(), sql::signed(rows_max as u64)),
        |row| row.get(0).map(EntityId::from_bytes),
    )?)
}

/// Ids of entries with fields in conflict.
pub(crate) fn in_conflict(conn: &Connection, rows_max: usize) -> Result<Vec<EntityId>, StoreError> {
    Ok(sql::all(
        conn,
        "SELECT id FROM entries WHERE conflicts > 0 ORDER BY no LIMIT ?1",
        [sql::signed(rows_max as u64)],
        |row| row.get(0).map(EntityId::from_bytes),
    )?)
}

/// Fields in conflict on this device.
pub(crate) fn conflicts(conn: &Connection) -> Result<u64, StoreError> {
    Ok(sql::number(conn, "SELECT sum(conflicts) FROM entries WHERE conflicts > 0", [])?)
}

/// Households on this device: counted along the index that holds only them, a few milliseconds for a hundred thousand.
pub(crate) fn household_count(conn: &Connection) -> Result<u64, StoreError> {
    Ok(sql::number(conn, "SELECT count(*) FROM entries WHERE ledger = 'household'", [])?)
}

/// A name to show for an entry, with its code: a household's head, a person, a problem's text.
pub(crate) fn name(conn: &Connection, id: EntityId) -> Result<Option<(String, String)>, StoreError> {
    let find = "SELECT name, code FROM entries WHERE id = ?1";
    Ok(sql::one(conn, find, [id.bytes()], |row| Ok((row.get(0)?, row.get(1)?)))?)
}

/// Where a household is.
pub(crate) fn anchor(conn: &Connection, id: EntityId) -> Result<Option<Point>, StoreError> {
    Ok(household(conn, id)?.and_then(|line| line.anchor))
}

/// Ids of all entries of a village, for checks of the whole.
pub(crate) fn of_scope(conn: &Connection, scope: AreaCode) -> Result<Vec<EntityId>, StoreError> {
    let find = "SELECT id FROM entries WHERE scope = ?1 ORDER BY id";
    Ok(sql::all(conn, find, [scope.sql()], |row| row.get(0).map(EntityId::from_bytes))?)
}
