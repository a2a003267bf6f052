//! Where databases are kept: a folder, the browser's pool of files, or memory for tests.

use super::{StoreError, sql};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Where databases are kept.
#[derive(Clone, Debug)]
pub enum Location {
    /// A folder of the file system. It is made if it is not there.
    Folder(PathBuf),
    /// SQLite's default file system, as the browser's worker installs it over its private files.
    Pool,
    /// Memory, outliving the connections for as long as the disk is held.
    Memory(Disk),
}

/// What a database holds, as far as its file is laid out for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Content {
    /// Operations and ledgers: many small rows, read again and again.
    Ledgers,
    /// Pictures: large rows, read once or twice, let go some day.
    Pictures,
}

impl Content {
    /// Page cache, in KiB.
    fn cache_kib(self) -> i64 {
        match self {
            // The index pages of a hundred thousand households stay in memory.
            Self::Ledgers => 16 * 1024,
            Self::Pictures => 1024,
        }
    }

    /// Pages in the log before they are moved into the file.
    fn checkpoint_pages(self) -> u32 {
        match self {
            // Fewer, larger moves: a first synchronisation writes much at once.
            Self::Ledgers => 4_000,
            Self::Pictures => 1_000,
        }
    }
}

/// A disk in memory: what was committed to it is there when it is opened again. For tests and simulations; a crash is
/// the dropping of whatever had it open.
#[derive(Clone, Debug)]
pub struct Disk(Rc<Kept>);

#[derive(Debug)]
struct Kept {
    number: u64,
    // An in-memory database lives while a connection to it does.
    files: std::cell::RefCell<std::collections::BTreeMap<String, Connection>>,
}

impl Default for Disk {
    fn default() -> Self {
        static DISKS: AtomicU64 = AtomicU64::new(0);
        let number = DISKS.fetch_add(1, Ordering::Relaxed);
        Self(Rc::new(Kept { number, files: Default::default() }))
    }
}

impl Disk {
    /// An empty disk.
    pub fn new() -> Self {
        Self::default()
    }

    /// A second disk with the same content: a phone restored from a backup, or cloned.
    pub fn copy(&self) -> Result<Disk, StoreError> {
        let copy = Disk::new();
        for (name, from) in self.0.files.borrow().iter() {
            copy.keep(name)?;
            from.execute("VACUUM INTO ?1", [copy.uri(name)])?;
        }
        Ok(copy)
    }

    fn uri(&self, name: &str) -> String {
        format!("file:/bianfang-{}/{name}?vfs=memdb", self.0.number)
    }

    fn keep(&self, name: &str) -> Result<(), StoreError> {
        let mut files = self.0.files.borrow_mut();
        if !files.contains_key(name) {
            files.insert(name.to_owned(), Connection::open(self.uri(name))?);
        }
        Ok(())
    }
}

impl Location {
    /// Whether there is a database of this name.
    pub(crate) fn has(&self, name: &str) -> bool {
        match self {
            Self::Folder(folder) => folder.join(name).exists(),
            Self::Memory(disk) => disk.0.files.borrow().contains_key(name),
            // The pool has no other question to ask: without CREATE, opening what is not there fails.
            Self::Pool => {
                let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
                Connection::open_with_flags(name, flags).is_ok()
            }
        }
    }

    pub(super) fn connect(&self, name: &str, content: Content) -> Result<Connection, StoreError> {
        let conn = match self {
            Self::Folder(folder) => {
                std::fs::create_dir_all(folder).map_err(|error| cannot_open(&error.to_string()))?;
                Connection::open(folder.join(name))?
            }
            Self::Pool => Connection::open(name)?,
            Self::Memory(disk) => {
                disk.keep(name)?;
                Connection::open(disk.uri(name))?
            }
        };
        settle(&conn, self, content)?;
        Ok(conn)
    }
}

fn cannot_open(detail: &str) -> StoreError {
    let code = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_CANTOPEN);
    StoreError::Sqlite(rusqlite::Error::SqliteFailure(code, Some(detail.to_owned())))
}

/// A first synchronisation makes a long log; so much of it is kept for the next.
const JOURNAL_BYTES_KEPT: u64 = 16 * 1024 * 1024;

/// COMMIT returns after the flush, everywhere.
fn settle(conn: &Connection, location: &Location, content: Content) -> Result<(), StoreError> {
    if matches!(location, Location::Pool) {
        // Before anything else, on every open: WAL without it makes a file that cannot be opened again.
        pragma(conn, "PRAGMA locking_mode = exclusive")?;
    }
    if content == Content::Pictures {
        // Pages of pictures let go are given back to the disk. Holds for a file that has no page yet.
        pragma(conn, "PRAGMA auto_vacuum = incremental")?;
    }
    if !matches!(location, Location::Memory(_)) {
        pragma(conn, "PRAGMA journal_mode = wal")?;
    }
    pragma(conn, "PRAGMA synchronous = full")?;
    pragma(conn, &format!("PRAGMA journal_size_limit = {JOURNAL_BYTES_KEPT}"))?;
    // A plan depends on the statement alone. Otherwise partial indexes make SQLite plan anew for every value.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    pragma(conn, &format!("PRAGMA wal_autocheckpoint = {}", content.checkpoint_pages()))?;
    pragma(conn, "PRAGMA temp_store = memory")?;
    pragma(conn, &format!("PRAGMA cache_size = -{}", content.cache_kib()))
}

fn pragma(conn: &Connection, text: &str) -> Result<(), StoreError> {
    Ok(sql::one(conn, text, [], |_| Ok(())).map(drop)?)
}
