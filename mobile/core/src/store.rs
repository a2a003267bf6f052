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

    /// Checks the whole file, slowly. Empty when it is sound.
    pub fn integrity(&self) -> Result<Vec<String>, StoreError> {
        let found = sql::all(&self.conn, "PRAGMA integrity_check", [], |row| row.get::<_, String>(0))?;
        Ok(found.into_iter().filter(|line| line != "ok").collect())
    }
}
