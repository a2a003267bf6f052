//! The embedded store: one SQLite file, one writing connection, several reading ones.
//! Every statement goes through `sql::Sql`, where tests make it fail.
//!
//! Layout: the log and the chains are tables whose row id is computed, `scope key << 40 | place`, so that an
//! append is an append to the table's end for its scope, and a pull is one range scan.

mod access;
mod keeping;
mod ledgers;
mod merge;
mod photos;
mod pull;
mod rows;
mod schema;
mod sql;

use super::faults::Faults;
use super::{FOLLOWS_ANOTHER, Store, StoreError, StoreResult};
use bianfang_shared::id::Epoch;
use rusqlite::{Connection, OpenFlags, params};
use sql::Sql;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};

pub use schema::SEQ_MAX;

/// Most reading connections kept open.
const READERS_MAX: usize = 8;

/// A database in a file.
#[derive(Debug)]
pub struct SqliteStore {
    path: PathBuf,
    // Before the writer, which as the last one to close folds the write-ahead log in; readers cannot.
    readers: Mutex<Vec<Connection>>,
    writer: Mutex<Writer>,
    keeping: keeping::Keeping,
    faults: Arc<dyn Faults>,
}

/// The writing connection.
#[derive(Debug)]
struct Writer {
    connection: Connection,
    commits: Commits,
}

/// When a commit returns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Commits {
    /// When it is on the disk.
    Flushed,
    /// At once: a loss of power may take it back. Only for what is made again then. The next one that is flushed takes
    /// it along, so what is on the disk is always how things stood at some moment.
    Passing,
}

impl Writer {
    fn commit_as(&mut self, commits: Commits) -> StoreResult<()> {
        if self.commits != commits {
            self.connection.execute_batch(match commits {
                Commits::Flushed => "PRAGMA synchronous = FULL",
                Commits::Passing => "PRAGMA synchronous = NORMAL",
            })?;
            self.commits = commits;
        }
        Ok(())
    }
}

impl SqliteStore {
    /// Opens the database, making it or bringing its tables up to date where needed.
    /// `epoch` is the life that a new database begins.
    pub fn open(path: &Path, epoch: Epoch, faults: Arc<dyn Faults>) -> StoreResult<Self> {
        let connection = Connection::open(path)?;
        schema::set_up_writer(&connection)?;
        let store = Self {
            path: path.to_owned(),
            writer: Mutex::new(Writer { connection, commits: Commits::Flushed }),
            readers: Mutex::new(Vec::new()),
            keeping: keeping::Keeping::default(),
            faults,
        };
        store.write(|sql| schema::upgrade(sql, epoch))?;
        Ok(store)
    }

    /// Whether a database is there whose tables are brought up to date when it is opened.
    pub fn is_behind(path: &Path) -> StoreResult<bool> {
        if !path.exists() {
            return Ok(false);
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        schema::is_behind(&Connection::open_with_flags(path, flags)?)
    }

    /// Copies the whole database, as of one moment, into a file that is not there yet. Pushes go on meanwhile.
    pub fn backup(&self, file: &Path) -> StoreResult<()> {
        self.note_waiting();
        let file = file.to_str().ok_or_else(|| StoreError::Damaged("the path is not UTF-8".to_owned()))?;
        self.read(|sql| sql.run("VACUUM INTO ?1", params![file]).map(drop))
    }

    /// Folds the write-ahead log in and closes: the file alone then holds everything.
    pub fn close(self) -> StoreResult<()> {
        self.note_waiting();
        self.readers.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clear();
        let writer = self.writer();
        let sql = Sql::new(&writer.connection, &*self.faults);
        let busy = sql.one("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, i64>(0))?;
        match busy {
            Some(0) => Ok(()),
            _ => Err(StoreError::Unavailable("another process holds the database".into())),
        }
    }

    fn writer(&self) -> MutexGuard<'_, Writer> {
        // A panic while it was held rolled its transaction back when the guard of `write` was dropped.
        self.writer.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Runs `work` in the write transaction; commits durably if it succeeds.
    fn write<T>(&self, work: impl FnOnce(&Sql<'_>) -> StoreResult<T>) -> StoreResult<T> {
        self.write_after(Commits::Flushed, work)
    }

    /// As [`Self::write`], of what is made again after a loss of power.
    fn write_passing<T>(&self, work: impl FnOnce(&Sql<'_>) -> StoreResult<T>) -> StoreResult<T> {
        self.write_after(Commits::Passing, work)
    }

    /// Writes after the photographs that are still to be noted.
    fn write_after<T>(
        &self,
        commits: Commits,
        work: impl FnOnce(&Sql<'_>) -> StoreResult<T>,
    ) -> StoreResult<T> {
        let mut writer = self.writer();
        self.note_waiting_on(&mut writer);
        self.write_on(&mut writer, commits, work)
    }

    /// Runs `work` in the write transaction of who has the writing connection already.
    fn write_on<T>(
        &self,
        writer: &mut Writer,
        commits: Commits,
        work: impl FnOnce(&Sql<'_>) -> StoreResult<T>,
    ) -> StoreResult<T> {
        writer.commit_as(commits)?;
        let sql = Sql::new(&writer.connection, &*self.faults);
        let transaction = sql.begin()?;
        let answer = work(&sql)?;
        transaction.commit(&sql)?;
        Ok(answer)
    }

    /// As [`Self::read`], of what photographs are held, or what was noted with them.
    fn read_noted<T>(&self, work: impl FnOnce(&Sql<'_>) -> StoreResult<T>) -> StoreResult<T> {
        self.note_waiting();
        self.read(work)
    }

    /// Runs `work` on a reading connection, all of it as of one moment.
    fn read<T>(&self, work: impl FnOnce(&Sql<'_>) -> StoreResult<T>) -> StoreResult<T> {
        let connection = match self.idle_reader() {
            Some(connection) => connection,
            None => self.open_reader()?,
        };
        let answer = work(&Sql::new(&connection, &*self.faults));
        let mut idle = self.readers.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if idle.len() < READERS_MAX {
            idle.push(connection);
        }
        answer
    }

    /// As [`Self::read`], for work of several statements that must see the same moment.
    fn read_at_once<T>(&self, work: impl FnOnce(&Sql<'_>) -> StoreResult<T>) -> StoreResult<T> {
        self.read(|sql| {
            let moment = sql.begin_read()?;
            let answer = work(sql);
            drop(moment);
            answer
        })
    }

    fn idle_reader(&self) -> Option<Connection> {
        self.readers.lock().unwrap_or_else(std::sync::PoisonError::into_inner).pop()
    }

    fn open_reader(&self) -> StoreResult<Connection> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(&self.path, flags)?;
        schema::set_up_reader(&connection)?;
        Ok(connection)
    }
}

impl Drop for SqliteStore {
    fn drop(&mut self) {
        self.note_waiting();
    }
}

impl Store for SqliteStore {
    fn epoch(&self) -> StoreResult<Epoch> {
        let text = self.note("epoch")?.ok_or_else(|| StoreError::Damaged("no epoch".to_owned()))?;
        text.parse().map_err(|_| StoreError::Damaged("epoch".to_owned()))
    }

    fn begin_epoch(&self, epoch: Epoch) -> StoreResult<()> {
        // First: a life that is not known to follow another believes less.
        self.set_note(FOLLOWS_ANOTHER, &epoch.to_string())?;
        self.set_note("epoch", &epoch.to_string())
    }

    fn note(&self, name: &str) -> StoreResult<Option<String>> {
        self.read(|sql| sql.one("SELECT text FROM note WHERE name = ?1", params![name], |row| row.get(0)))
    }

    fn set_note(&self, name: &str, text: &str) -> StoreResult<()> {
        const SQL: &str = "INSERT INTO note (name, text) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET text = excluded.text";
        self.write(|sql| sql.run(SQL, params![name, text]).map(drop))
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::Error::{
            FromSqlConversionFailure, IntegralValueOutOfRange, InvalidColumnType, NulError,
            ToSqlConversionFailure, Utf8Error,
        };
        use rusqlite::ErrorCode::{
            ConstraintViolation, DatabaseCorrupt, DiskFull, NotADatabase, ParameterOutOfRange, TooBig,
            TypeMismatch,
        };
        match error.sqlite_error_code() {
            Some(DatabaseCorrupt | NotADatabase) => Self::Damaged(error.to_string()),
            Some(ConstraintViolation | TooBig | TypeMismatch | ParameterOutOfRange) => {
                Self::CannotBeKept(error.to_string())
            }
            Some(DiskFull) => Self::Full(Box::new(error)),
            // Busy, an error of the disk, and whatever nobody thought of: it may pass.
            Some(_) => Self::Unavailable(Box::new(error)),
            None => match error {
                FromSqlConversionFailure(..)
                | IntegralValueOutOfRange(..)
                | InvalidColumnType(..)
                | Utf8Error(..) => Self::Damaged(error.to_string()),
                ToSqlConversionFailure(_) | NulError(_) => Self::CannotBeKept(error.to_string()),
                _ => Self::Unavailable(Box::new(error)),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::faults::NoFaults;

    #[test]
    fn only_what_is_made_again_is_not_flushed_and_nothing_after_it() {
        let folder = tempfile::tempdir().unwrap();
        let epoch = Epoch::from_bytes([1; 16]);
        let store =
            SqliteStore::open(&folder.path().join("store.sqlite"), epoch, Arc::new(NoFaults)).unwrap();
        let flushes = |sql: &Sql<'_>| sql.one("PRAGMA synchronous", [], |row| row.get::<_, u32>(0));
        const NORMAL: Option<u32> = Some(1);
        const FULL: Option<u32> = Some(2);
        assert_eq!(store.write(flushes).unwrap(), FULL);
        for _ in 0..2 {
            assert_eq!(store.write_passing(flushes).unwrap(), NORMAL);
            assert_eq!(store.write(flushes).unwrap(), FULL);
        }
        store.write_passing(|_| Err::<(), _>(StoreError::Damaged("as the test wants".into()))).unwrap_err();
        assert_eq!(store.write(flushes).unwrap(), FULL);
    }

    #[test]
    fn what_is_held_and_what_is_out_of_reach_are_told_apart() {
        use rusqlite::ffi::{
            Error, SQLITE_BUSY, SQLITE_CANTOPEN, SQLITE_CONSTRAINT, SQLITE_CORRUPT, SQLITE_FULL,
            SQLITE_IOERR, SQLITE_MISMATCH, SQLITE_NOMEM, SQLITE_NOTADB, SQLITE_READONLY, SQLITE_TOOBIG,
        };
        let told = |code| match StoreError::from(rusqlite::Error::SqliteFailure(Error::new(code), None)) {
            StoreError::Unavailable(_) => "unavailable",
            StoreError::Full(_) => "full",
            StoreError::Damaged(_) => "damaged",
            StoreError::CannotBeKept(_) => "cannot be kept",
        };
        for (codes, expected) in [
            (&[SQLITE_BUSY, SQLITE_CANTOPEN, SQLITE_IOERR, SQLITE_NOMEM, SQLITE_READONLY][..], "unavailable"),
            (&[SQLITE_FULL], "full"),
            (&[SQLITE_CORRUPT, SQLITE_NOTADB], "damaged"),
            (&[SQLITE_CONSTRAINT, SQLITE_TOOBIG, SQLITE_MISMATCH], "cannot be kept"),
        ] {
            for code in codes {
                assert_eq!(told(*code), expected, "{code}");
            }
        }
    }
}
