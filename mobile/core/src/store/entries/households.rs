//! Households: their rows in the lists and for the schedule.

use super::{area, point};
use crate::message::HouseholdRow;
use crate::store::{StoreError, sql};
use bianfang_shared::area::AreaCode;
use bianfang_shared::id::{EntityId, UserId};
use bianfang_shared::ledger::Point;
use rusqlite::{Connection, Row};

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
        anchor: point(row, 9)?,
        cadre: user(12)?,
        family_doctor: user(13)?,
    })
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

/// Households on this device: counted along the index that holds only them, a few milliseconds for a hundred thousand.
pub(crate) fn household_count(conn: &Connection) -> Result<u64, StoreError> {
    Ok(sql::number(conn, "SELECT count(*) FROM entries WHERE ledger = 'household'", [])?)
}
