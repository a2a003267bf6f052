//! The one way to the database: every statement of the store runs through these functions.

use super::faults;
use rusqlite::{Connection, Params, Row};

/// Runs a statement and tells how many rows it changed.
pub(super) fn run(conn: &Connection, sql: &str, params: impl Params) -> rusqlite::Result<usize> {
    faults::strike()?;
    conn.prepare_cached(sql)?.execute(params)
}

/// The first row, if there is one.
pub(super) fn one<T>(
    conn: &Connection,
    sql: &str,
    params: impl Params,
    read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
) -> rusqlite::Result<Option<T>> {
    faults::strike()?;
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query(params)?;
    rows.next()?.map(read).transpose()
}

/// The number in the first row.
pub(super) fn number(conn: &Connection, sql: &str, params: impl Params) -> rusqlite::Result<u64> {
    one(conn, sql, params, |row| row.get::<_, Option<i64>>(0)).map(|n| unsigned(n.flatten().unwrap_or(0)))
}

/// All rows. The statement limits them, or the table is small.
pub(super) fn all<T>(
    conn: &Connection,
    sql: &str,
    params: impl Params,
    read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
) -> rusqlite::Result<Vec<T>> {
    faults::strike()?;
    let mut statement = conn.prepare_cached(sql)?;
    statement.query_map(params, read)?.collect()
}

/// Rows from the first, as long as `keep` says so. What comes after is not read.
pub(super) fn some<T>(
    conn: &Connection,
    sql: &str,
    params: impl Params,
    mut read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    mut keep: impl FnMut(&T) -> bool,
) -> rusqlite::Result<Vec<T>> {
    faults::strike()?;
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query(params)?;
    let mut kept = Vec::new();
    while let Some(row) = rows.next()? {
        let item = read(row)?;
        if !keep(&item) {
            break;
        }
        kept.push(item);
    }
    Ok(kept)
}

/// SQLite's numbers are signed; places and counts are not, and stay far below the limit.
pub(super) fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// A place or count that SQLite kept.
pub(super) fn unsigned(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}
