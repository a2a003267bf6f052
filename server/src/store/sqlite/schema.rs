//! Tables, and the numbered steps by which older ones become them.

use super::sql::Sql;
use crate::store::{StoreError, StoreResult};
use bianfang_shared::id::Epoch;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, params};
use std::time::Duration;

/// Bits of a row id that hold the place within a scope's log or a device's chain.
pub(super) const SEQ_BITS: u32 = 40;
/// No chain and no scope's log grows beyond this.
pub const SEQ_MAX: u64 = (1 << SEQ_BITS) - 1;

/// Statements kept prepared on each connection.
const STATEMENTS_MAX: usize = 128;
/// How long a connection waits for another process's write, such as a command's on the same file.
const BUSY_WAIT: Duration = Duration::from_secs(10);

/// A step for each version: the first makes version 1 of nothing.
const STEPS: &[&str] = &[include_str!("schema_1.sql")];

/// The writing connection: WAL, and a commit returns after the flush.
pub(super) fn set_up_writer(connection: &Connection) -> StoreResult<()> {
    set_up(connection)?;
    connection.execute_batch(
        "PRAGMA journal_mode = WAL;
         PRAGMA synchronous = FULL;
         PRAGMA wal_autocheckpoint = 8000;
         PRAGMA journal_size_limit = 268435456;
         PRAGMA cache_size = -32768;
         PRAGMA temp_store = MEMORY;",
    )?;
    Ok(())
}

pub(super) fn set_up_reader(connection: &Connection) -> StoreResult<()> {
    set_up(connection)?;
    connection.execute_batch("PRAGMA cache_size = -16384; PRAGMA temp_store = MEMORY;")?;
    Ok(())
}

fn set_up(connection: &Connection) -> StoreResult<()> {
    connection.busy_timeout(BUSY_WAIT)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS_MAX);
    // Plans must not depend on parameters: without this SQLite prepares some statements anew for every new value,
    // which took a fifth of the merge's time.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(())
}

/// Takes the steps that the file has not seen. A file of a newer version is refused, not touched.
pub(super) fn upgrade(sql: &Sql<'_>, epoch: Epoch) -> StoreResult<()> {
    let version = sql.one("PRAGMA user_version", [], |row| row.get::<_, u32>(0))?.unwrap_or(0) as usize;
    if version > STEPS.len() {
        let text = format!("the data are of version {version}, made by a newer program than this one");
        return Err(StoreError::Damaged(text));
    }
    for (number, step) in STEPS.iter().enumerate().skip(version) {
        sql.script(step)?;
        sql.script(&format!("PRAGMA user_version = {}", number + 1))?;
    }
    if version == 0 {
        sql.run("INSERT INTO note (name, text) VALUES ('epoch', ?1)", params![epoch.to_string()])?;
    }
    Ok(())
}
