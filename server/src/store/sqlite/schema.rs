//! Tables, and the numbered steps by which older ones become them.

use super::sql::Sql;
use super::{merge, photos};
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

/// From one version to the next: tables, then what fills them from what is there.
struct Step {
    script: &'static str,
    fill: fn(&Sql<'_>) -> StoreResult<()>,
}

/// A step for each version: the first makes version 1 of nothing.
const STEPS: &[Step] = &[
    Step { script: include_str!("schema_1.sql"), fill: |_| Ok(()) },
    Step { script: include_str!("schema_2.sql"), fill: photos::find_uses },
    Step { script: include_str!("schema_3.sql"), fill: |_| Ok(()) },
    Step { script: include_str!("schema_4.sql"), fill: |_| Ok(()) },
    Step { script: include_str!("schema_5.sql"), fill: |_| Ok(()) },
    Step { script: include_str!("schema_6.sql"), fill: |_| Ok(()) },
    Step { script: include_str!("schema_7.sql"), fill: merge::find_rectifiers },
    // Also what version 3 made room for.
    Step { script: include_str!("schema_8.sql"), fill: merge::find_words },
];

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
        sql.script(step.script)?;
        (step.fill)(sql)?;
        sql.script(&format!("PRAGMA user_version = {}", number + 1))?;
    }
    if version == 0 {
        sql.run("INSERT INTO note (name, text) VALUES ('epoch', ?1)", params![epoch.to_string()])?;
    }
    Ok(())
}

/// Whether there are steps that a database has not seen. An empty one was never used by anybody.
pub(super) fn is_behind(connection: &Connection) -> StoreResult<bool> {
    let version: u32 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    Ok((1..STEPS.len()).contains(&(version as usize)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Store;
    use crate::store::conformance::{self, EPOCH};
    use crate::store::faults::NoFaults;
    use crate::store::ledgers::AreaRange;
    use crate::store::photos::PhotoId;
    use crate::store::sqlite::SqliteStore;
    use bianfang_shared::area::AreaCode;
    use std::path::Path;
    use std::sync::Arc;

    /// Takes the later steps back.
    const BACK_TO_1: &str = "DROP TABLE photo_first; DROP TABLE photo_brought; DROP TABLE photo_let_go; DROP TABLE found; \
         CREATE TABLE conflict (area INTEGER NOT NULL, entity BLOB NOT NULL, field TEXT NOT NULL, ledger TEXT NOT NULL, \
         PRIMARY KEY (area, entity, field)) WITHOUT ROWID; \
         INSERT INTO conflict SELECT area, entity, field, ledger FROM decision WHERE kind = 'conflict'; \
         DROP TABLE decision; DROP TABLE photo; DROP TABLE photo_use; DROP TABLE photo_alike; \
         DROP TABLE photo_due; DROP TABLE upload; ALTER TABLE record DROP COLUMN circumstances; \
         ALTER TABLE device DROP COLUMN acknowledged_seq; ALTER TABLE entry DROP COLUMN moved_from; \
         DROP INDEX record_by_author; ALTER TABLE record DROP COLUMN trace_at_ms; \
         ALTER TABLE record DROP COLUMN trace; ALTER TABLE record DROP COLUMN accompanied; ALTER TABLE device DROP COLUMN passed_ms; \
         PRAGMA user_version = 1;";

    fn open(path: &Path) -> SqliteStore {
        SqliteStore::open(path, EPOCH, Arc::new(NoFaults)).unwrap()
    }

    fn tables(path: &Path) -> Vec<String> {
        let connection = Connection::open(path).unwrap();
        let mut asked = connection
            .prepare("SELECT coalesce(sql, '') || ' ' || name FROM sqlite_master ORDER BY name")
            .unwrap();
        let rows = asked.query_map([], |row| row.get::<_, String>(0)).unwrap();
        // A column that was added keeps the spacing of the statement that added it.
        rows.map(|row| row.unwrap().split_whitespace().collect::<Vec<_>>().join(" ")).collect()
    }

    #[test]
    fn an_upgraded_database_equals_a_fresh_one() {
        let folder = tempfile::tempdir().unwrap();
        let (fresh, old) = (folder.path().join("fresh.sqlite"), folder.path().join("old.sqlite"));
        for path in [&fresh, &old] {
            conformance::fill(Arc::new(open(path))).unwrap();
        }
        Connection::open(&old).unwrap().execute_batch(BACK_TO_1).unwrap();
        let (fresh_store, old_store) = (open(&fresh), open(&old));
        assert_eq!(tables(&fresh), tables(&old));
        let (expected, found) = (photos_of(&fresh_store), photos_of(&old_store));
        assert!(expected.contains("Photo("), "the operations name photographs");
        let differ = expected.lines().zip(found.lines()).find(|(expected, found)| expected != found);
        assert_eq!((differ, found.len()), (None, expected.len()));
        assert_eq!(words_of(&fresh), words_of(&old));
        assert!(words_of(&fresh).iter().any(|words| words.contains("laowu")), "a house is registered");
    }

    /// All that entries are found by.
    fn words_of(path: &Path) -> Vec<String> {
        let connection = Connection::open(path).unwrap();
        let mut asked = connection
            .prepare("SELECT hex(id) || ' ' || hex(above) || search FROM found ORDER BY id")
            .unwrap();
        let rows = asked.query_map([], |row| row.get::<_, Option<String>>(0)).unwrap();
        rows.map(|row| row.unwrap().unwrap_or_default()).collect()
    }

    /// All that is known of photographs by operations alone.
    fn photos_of(store: &dyn Store) -> String {
        let missing = store.photos_missing(None, 1_000).unwrap();
        let due: Vec<_> = store.photos_due(None, 1_000).unwrap().into_iter().map(|due| due.photo).collect();
        let uses: Vec<_> =
            missing.iter().map(|photo| store.photo_uses(*photo, None, 1_000).unwrap()).collect();
        let places = (0..100).map(|number| AreaRange::of(AreaCode::new(430_681_113_200 + number).unwrap()));
        let opened = |photo: &PhotoId| -> Vec<bool> {
            places.clone().map(|place| store.photo_opened_in(*photo, &[place]).unwrap()).collect()
        };
        let opened: Vec<_> = missing.iter().map(opened).collect();
        format!("{uses:#?}\n{due:#?}\n{opened:#?}")
    }

    #[test]
    fn a_file_of_a_newer_version_is_refused_and_not_touched() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new.sqlite");
        drop(open(&path));
        Connection::open(&path).unwrap().execute_batch("PRAGMA user_version = 99").unwrap();
        let refused = SqliteStore::open(&path, EPOCH, Arc::new(NoFaults)).unwrap_err();
        assert!(refused.to_string().contains("newer program"), "{refused}");
    }
}
