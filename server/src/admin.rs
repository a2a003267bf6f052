//! Backup and restore of a whole data folder.

use crate::app::{App, Config, Running, database_path, open_store};
use crate::clock::random;
use crate::files::{FileError, PhotoFiles};
use crate::service::Refusal;
use crate::store::sqlite::SqliteStore;
use crate::store::{Store, StoreError};
use bianfang_shared::id::Epoch;
use std::path::{Path, PathBuf};

/// A backup or a restore failed; the data folder is as it was.
#[derive(Debug, thiserror::Error)]
pub enum AdminError {
    /// The file is there already.
    #[error("{0} is there already; choose another name")]
    FileExists(PathBuf),
    /// A file could not be read or written.
    #[error("{path} could not be read or written")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A server uses the folder.
    #[error("a server is running on this data folder; stop it first")]
    InUse,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The folder cannot be opened.
    #[error(transparent)]
    Open(#[from] crate::app::OpenError),
    /// The photographs could not be read or written.
    #[error("the photographs could not all be copied")]
    Files(#[from] FileError),
    /// What is known of the photographs could not be read or written.
    #[error("the photographs could not all be noted")]
    Refused(#[from] Refusal),
}

/// Held by a serving process for as long as it runs, so that `restore` does not pull the database from under it.
#[derive(Debug)]
pub struct ServeLock(#[expect(dead_code, reason = "held for its drop")] std::fs::File);

impl ServeLock {
    /// Takes the lock of a data folder.
    pub fn take(data_dir: &Path) -> Result<Self, AdminError> {
        let path = data_dir.join("server.lock");
        let failed = |source| AdminError::File { path: path.clone(), source };
        std::fs::create_dir_all(data_dir).map_err(failed)?;
        let options = std::fs::OpenOptions::new().create(true).truncate(false).write(true).open(&path);
        let file = options.map_err(failed)?;
        file.try_lock().map_err(|_| AdminError::InUse)?;
        Ok(Self(file))
    }
}

/// Brings an older database up to date, before a command uses it. Not while a server runs: it would be one of the version
/// before, and go on writing without the tables that are new.
pub fn bring_up_to_date(config: &Config) -> Result<(), AdminError> {
    if SqliteStore::is_behind(&database_path(&config.data_dir))? {
        let _lock = ServeLock::take(&config.data_dir)?;
        open_store(config)?;
    }
    Ok(())
}

/// Copies the database, as of one moment, into a new file. Pushes go on meanwhile.
pub fn backup(store: &SqliteStore, file: &Path) -> Result<(), AdminError> {
    if file.exists() {
        return Err(AdminError::FileExists(file.to_owned()));
    }
    Ok(store.backup(file)?)
}

/// Puts a backup in the place of the database and begins a new epoch. The database before it is set aside
/// beside it, never deleted. Answers where.
pub fn restore(config: &Config, file: &Path) -> Result<Option<PathBuf>, AdminError> {
    let _lock = ServeLock::take(&config.data_dir)?;
    let database = database_path(&config.data_dir);
    let coming = database.with_extension("restoring");
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |source| AdminError::File { path, source }
    };
    std::fs::copy(file, &coming).map_err(failed(file))?;
    let epoch = Epoch::new(config.clock.now_ms(), random(&*config.rng));
    // Opened before anything is moved: what is no database of ours is refused while all is still in place.
    let store = SqliteStore::open(&coming, epoch, std::sync::Arc::clone(&config.faults))?;
    store.begin_epoch(epoch)?;
    store.close()?;
    let aside = set_aside(&database, config.clock.now_ms()).map_err(failed(&database))?;
    std::fs::rename(&coming, &database).map_err(failed(&coming))?;
    sync_folder(&config.data_dir).map_err(failed(&config.data_dir))?;
    let store = open_store(config)?;
    adopt_photos(config, store)?;
    Ok(aside)
}

/// Notes the photographs that are in the folder and that the backup did not know.
fn adopt_photos(config: &Config, store: SqliteStore) -> Result<(), AdminError> {
    let config = Config { running: Running::Inline, ..config.clone() };
    let app = App::with_store(std::sync::Arc::new(store), config)?;
    let adopted = app.photos().adopt()?;
    if adopted > 0 {
        tracing::info!(adopted, "photographs were there that the backup did not know");
    }
    Ok(())
}

/// Where the photographs of a backup lie, unless told otherwise.
pub fn photos_beside(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".photos");
    PathBuf::from(name)
}

/// Copies the photographs that are held into a folder. One that has some of them takes the others only: they never
/// change, so several backups may share it. After the database, so that none is missing that it names.
pub fn backup_photos(app: &App, folder: &Path) -> Result<u64, AdminError> {
    Ok(app.photos().copy_to(&archive(folder)?)?)
}

/// Puts the photographs of a backup back, those that are missing. Before the database, which then finds them.
pub fn restore_photos(config: &Config, folder: &Path) -> Result<u64, AdminError> {
    let _lock = ServeLock::take(&config.data_dir)?;
    let here =
        PhotoFiles::open(&config.photo_place, &config.data_dir, std::sync::Arc::clone(&config.faults))?;
    Ok(here.take_from(&archive(folder)?)?)
}

fn archive(folder: &Path) -> Result<PhotoFiles, AdminError> {
    Ok(PhotoFiles::archive(folder)?)
}

/// Moves the database with its log out of the way.
fn set_aside(database: &Path, now_ms: i64) -> std::io::Result<Option<PathBuf>> {
    if !database.exists() {
        return Ok(None);
    }
    let aside = database.with_extension(format!("before-{now_ms}.sqlite"));
    for ending in ["-wal", "-shm"] {
        let with = |path: &Path| {
            let mut name = path.as_os_str().to_owned();
            name.push(ending);
            PathBuf::from(name)
        };
        if with(database).exists() {
            std::fs::rename(with(database), with(&aside))?;
        }
    }
    std::fs::rename(database, &aside)?;
    Ok(Some(aside))
}

fn sync_folder(folder: &Path) -> std::io::Result<()> {
    std::fs::File::open(folder)?.sync_all()
}
