//! One profile's database: operations, the ledgers folded from them, drafts, cursors.
//! Readers take a `&Connection`, writers a `&Transaction`. Knows no network and no screens.

pub(crate) mod chain;
pub(crate) mod check;
pub(crate) mod drafts;
pub(crate) mod entries;
pub mod faults;
mod fold;
pub(crate) mod fork;
pub(crate) mod location;
pub(crate) mod meta;
pub(crate) mod ops;
pub(crate) mod outbox;
pub(crate) mod records;
pub(crate) mod salvage;
mod schema;
pub(crate) mod scopes;
pub(crate) mod search;
mod sql;

pub use location::{Disk, Location};

use crate::message::Trouble;
use rusqlite::{Connection, Transaction, TransactionBehavior};

/// The database said no, or holds something that it should not.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database said no.
    #[error("the database on this device answered: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// A stored value cannot be read back.
    #[error("a stored {what} cannot be read: {detail}")]
    Unreadable {
        /// What it was to be.
        what: &'static str,
        /// What the reader said.
        detail: String,
    },
    /// Written by a newer version of the app.
    #[error("the data on this device were written by a newer version of the app")]
    Newer,
    /// One operation would be larger than [`bianfang_shared::wire::OP_BYTES_MAX`].
    #[error("the record has {bytes} bytes; one may have {max}")]
    TooLarge {
        /// How large it is.
        bytes: usize,
        /// How large it may be.
        max: usize,
    },
}

impl StoreError {
    fn code(&self) -> Option<rusqlite::ErrorCode> {
        match self {
            Self::Sqlite(error) => error.sqlite_error_code(),
            _ => None,
        }
    }

    /// Whether the file itself is damaged, or is no database.
    pub fn is_damage(&self) -> bool {
        use rusqlite::ErrorCode::{DatabaseCorrupt, NotADatabase};
        matches!(self.code(), Some(DatabaseCorrupt | NotADatabase)) || matches!(self, Self::Unreadable { .. })
    }

    /// Whether asking again can never help.
    pub fn is_permanent(&self) -> bool {
        self.is_damage() || matches!(self, Self::Newer | Self::TooLarge { .. })
    }
}

impl From<StoreError> for Trouble {
    fn from(error: StoreError) -> Self {
        let code = match (&error, error.code()) {
            (_, Some(rusqlite::ErrorCode::DiskFull)) => "storage_full",
            (StoreError::TooLarge { .. }, _) => "too_large",
            _ => "storage_broken",
        };
        Trouble { code: code.to_owned(), detail: error.to_string(), may_retry: !error.is_permanent() }
    }
}

/// A profile's database, opened. Nobody else has it open.
#[derive(Debug)]
pub struct Store {
    conn: Connection,
}

/// Statements kept prepared.
const STATEMENTS_KEPT: usize = 160;

impl Store {
    /// Opens a database, or makes it, and brings it up to date.
    pub(crate) fn open(location: &Location, name: &str) -> Result<Self, StoreError> {
        let mut conn = location.connect(name)?;
        conn.set_prepared_statement_cache_capacity(STATEMENTS_KEPT);
        schema::upgrade(&mut conn, schema::STEPS).map_err(|error| match error {
            schema::UpgradeError::Newer { .. } => StoreError::Newer,
            schema::UpgradeError::Sqlite(error) => StoreError::Sqlite(error),
        })?;
        Ok(Self { conn })
    }

    /// For reading.
    pub(crate) fn read(&self) -> &Connection {
        &self.conn
    }

    /// Does all of `work` durably, or nothing of it.
    pub(crate) fn write<T, E: From<StoreError>>(
        &mut self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let refused = |error: rusqlite::Error| E::from(StoreError::Sqlite(error));
        faults::strike().map_err(refused)?;
        let tx = self.conn.transaction_with_behavior(TransactionBehavior::Immediate).map_err(refused)?;
        let done = work(&tx)?;
        faults::strike().map_err(refused)?;
        tx.commit().map_err(refused)?;
        Ok(done)
    }

    /// Whether the file's structure holds. Reads all of it.
    pub(crate) fn is_sound(&self) -> bool {
        let told = sql::one(&self.conn, "PRAGMA quick_check(1)", [], |row| row.get::<_, String>(0));
        matches!(told, Ok(Some(word)) if word == "ok")
    }

    /// Lets the file grow no further, as on a full disk; or again.
    pub(crate) fn limit_pages(&self, full: bool) -> Result<(), StoreError> {
        let pages = sql::number(&self.conn, "PRAGMA page_count", [])?;
        // One page of room: what fits into it is still saved.
        let max = if full { pages + 1 } else { 1 << 30 };
        Ok(sql::one(&self.conn, &format!("PRAGMA max_page_count = {max}"), [], |_| Ok(())).map(drop)?)
    }

    /// Checks the whole file, slowly. Empty when it is sound.
    pub fn integrity(&self) -> Result<Vec<String>, StoreError> {
        let found = sql::all(&self.conn, "PRAGMA integrity_check", [], |row| row.get::<_, String>(0))?;
        Ok(found.into_iter().filter(|line| line != "ok").collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Everything that SQLite knows of the tables, as text.
    fn described(conn: &Connection) -> Vec<String> {
        let find =
            "SELECT type || ' ' || name || ': ' || coalesce(sql, '') FROM sqlite_schema ORDER BY type, name";
        sql::all(conn, find, [], |row| row.get(0)).unwrap()
    }

    #[test]
    fn a_database_of_any_older_version_is_upgraded_to_what_a_new_one_is() {
        let fresh = Store::open(&Location::Memory(Disk::new()), "fresh").unwrap();
        for version in 0..schema::STEPS.len() {
            let location = Location::Memory(Disk::new());
            let mut old = location.connect("old").unwrap();
            schema::upgrade(&mut old, &schema::STEPS[..version]).unwrap();
            drop(old);
            let upgraded = Store::open(&location, "old").unwrap();
            assert_eq!(described(upgraded.read()), described(fresh.read()), "from version {version}");
        }
        let version = sql::number(fresh.read(), "PRAGMA user_version", []).unwrap();
        assert_eq!(version, schema::STEPS.len() as u64);
    }

    #[test]
    fn an_upgrade_that_fails_half_way_leaves_the_old_version_and_succeeds_later() {
        let steps =
            ["CREATE TABLE a (x); INSERT INTO a VALUES (1);", "ALTER TABLE a ADD COLUMN y DEFAULT 2;"];
        for n in 1..20 {
            let location = Location::Memory(Disk::new());
            let mut conn = location.connect("old").unwrap();
            schema::upgrade(&mut conn, &steps[..1]).unwrap();
            faults::fail_at(n);
            let upgraded = schema::upgrade(&mut conn, &steps);
            let struck = faults::passed() >= n;
            faults::fail_at(0);
            assert_eq!(upgraded.is_err(), struck);
            schema::upgrade(&mut conn, &steps).unwrap();
            assert_eq!(sql::number(&conn, "SELECT y FROM a", []).unwrap(), 2);
            if !struck {
                return;
            }
        }
        panic!("it never succeeds");
    }

    #[test]
    fn a_database_of_a_newer_version_is_left_alone() {
        let location = Location::Memory(Disk::new());
        drop(Store::open(&location, "new").unwrap());
        let conn = location.connect("new").unwrap();
        conn.pragma_update(None, "user_version", 99).unwrap();
        drop(conn);
        let refused = Store::open(&location, "new").unwrap_err();
        assert!(matches!(refused, StoreError::Newer) && refused.is_permanent() && !refused.is_damage());
    }
}
