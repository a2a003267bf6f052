//! The server put together: store, merge, use cases, routes.

use crate::clock::{Clock, Rng, SystemClock, SystemRng, random};
use crate::files::{FileError, FolderRoom, MemoryRoom, PhotoFiles, PhotoPlace, Room};
use crate::http;
use crate::serve::ConnectionLimits;
use crate::service::accounts::Accounts;
use crate::service::admission::Admission;
use crate::service::evidence::Rules;
use crate::service::merger::{MergeQueue, Merger};
use crate::service::password::PasswordCost;
use crate::service::photos::{PhotoLimits, Photos, Worker};
use crate::service::quotas::{DayQuotas, Quotas};
use crate::service::reader::Reader;
use crate::service::readiness::Readiness;
use crate::service::sessions::Sessions;
use crate::store::faults::{Faults, NoFaults};
use crate::store::people::SignedIn;
use crate::store::sqlite::SqliteStore;
use crate::store::{Store, StoreError};
use bianfang_shared::id::Epoch;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::sync::Semaphore;

/// The database's name in the data folder.
pub const DATABASE_FILE: &str = "bianfang.sqlite";
/// Password hashes computed at once; each takes some 19 MiB.
const HASHES_AT_ONCE: usize = 2;

/// On which threads the work is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Running {
    /// Merges on a thread of their own, reads on tokio's blocking threads.
    Threads,
    /// Everything on the caller's thread: a seeded simulation replays exactly.
    Inline,
}

/// All that can be chosen.
#[derive(Clone, Debug)]
pub struct Config {
    /// The folder of the database.
    pub data_dir: PathBuf,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub rng: Arc<dyn Rng>,
    /// Where tests make the database fail.
    pub faults: Arc<dyn Faults>,
    /// On which threads.
    pub running: Running,
    /// What a password hash costs.
    pub password_cost: PasswordCost,
    /// How records are assessed.
    pub rules: Arc<Rules>,
    /// Where the bytes of photographs lie.
    pub photo_place: PhotoPlace,
    /// How much room the data folder has.
    pub room: Arc<dyn Room>,
    /// How much of photographs is taken in.
    pub photo_limits: PhotoLimits,
    /// How much one person may bring in a day.
    pub quotas: DayQuotas,
    /// How long connections are waited for, and how many there may be.
    pub connections: ConnectionLimits,
    /// The built web client, if it is served from here.
    pub web_dir: Option<PathBuf>,
    /// Whether `X-Forwarded-For` of a proxy in front names the client.
    pub trust_forwarded: bool,
}

impl Config {
    /// As a real server runs.
    pub fn new(data_dir: impl Into<PathBuf>) -> Self {
        let data_dir = data_dir.into();
        Self {
            room: Arc::new(FolderRoom(data_dir.clone())),
            data_dir,
            clock: Arc::new(SystemClock),
            rng: Arc::new(SystemRng),
            faults: Arc::new(NoFaults),
            running: Running::Threads,
            password_cost: PasswordCost::default(),
            rules: Arc::new(Rules::default()),
            photo_place: PhotoPlace::default(),
            photo_limits: PhotoLimits::default(),
            quotas: DayQuotas::default(),
            connections: ConnectionLimits::default(),
            web_dir: None,
            trust_forwarded: false,
        }
    }
}

/// The server could not start.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The data folder cannot be made.
    #[error("the folder {path} cannot be made")]
    Folder {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The database cannot be opened.
    #[error("the database {path} cannot be opened")]
    Database {
        /// Which.
        path: PathBuf,
        /// Why.
        source: StoreError,
    },
    /// The folders of photographs cannot be made.
    #[error("the photographs in {path} cannot be reached")]
    Photos {
        /// The data folder.
        path: PathBuf,
        /// Why.
        source: FileError,
    },
    /// A thread cannot be started.
    #[error("a thread cannot be started")]
    Thread(#[source] std::io::Error),
}

/// A running server without its sockets. Cheap to clone. Dropping the last clone finishes what is in flight.
#[derive(Clone, Debug)]
pub struct App {
    parts: Arc<Parts>,
}

/// What requests are served with.
#[derive(Debug)]
pub(crate) struct Parts {
    pub(crate) config: Config,
    pub(crate) store: Arc<dyn Store>,
    pub(crate) sessions: Arc<Sessions>,
    pub(crate) accounts: Accounts,
    pub(crate) merges: MergeQueue,
    pub(crate) photos: Arc<Photos>,
    pub(crate) photo_worker: Worker,
    pub(crate) admission: Admission,
    pub(crate) readiness: Readiness,
    pub(crate) quotas: Arc<Quotas>,
    pub(crate) room: Arc<dyn Room>,
    pub(crate) hashing: Semaphore,
    pub(crate) metrics: http::metrics::Metrics,
}

impl Parts {
    /// The store as this person may see it.
    pub(crate) fn reader(&self, who: &SignedIn) -> Reader<'_> {
        Reader::new(&*self.store, who)
    }
}

impl App {
    /// Opens the data folder, making what is missing.
    pub fn open(config: Config) -> Result<Self, OpenError> {
        let store = open_store(&config)?;
        Self::with_store(Arc::new(store), config)
    }

    /// Over another store than the embedded one.
    pub fn with_store(store: Arc<dyn Store>, config: Config) -> Result<Self, OpenError> {
        let Config { clock, rng, password_cost, .. } = config.clone();
        let merger = Merger::new(Arc::clone(&store), Arc::clone(&clock), Arc::clone(&config.rules));
        let merges = match config.running {
            Running::Threads => MergeQueue::threaded(merger).map_err(OpenError::Thread)?,
            Running::Inline => MergeQueue::inline(merger),
        };
        let sessions =
            Arc::new(Sessions::new(Arc::clone(&store), Arc::clone(&clock), Arc::clone(&rng), password_cost));
        let files = PhotoFiles::open(&config.photo_place, &config.data_dir, Arc::clone(&config.faults))
            .map_err(|source| OpenError::Photos { path: config.data_dir.clone(), source })?;
        let room: Arc<dyn Room> = match config.photo_place {
            PhotoPlace::DataFolder => Arc::clone(&config.room),
            PhotoPlace::Memory(_) => Arc::new(MemoryRoom),
        };
        let quotas = Arc::new(Quotas::new(config.quotas));
        let photos = Arc::new(Photos::new(
            Arc::clone(&store),
            (files, Arc::clone(&room)),
            (Arc::clone(&clock), Arc::clone(&rng)),
            Arc::clone(&config.rules),
            (config.photo_limits, Arc::clone(&quotas)),
            config.running,
        ));
        let photo_worker = Worker::start(Arc::clone(&photos)).map_err(OpenError::Thread)?;
        let accounts = Accounts::new(Arc::clone(&store), clock, rng, password_cost, Arc::clone(&sessions));
        let parts = Parts {
            config,
            store,
            sessions,
            accounts,
            merges,
            photos,
            photo_worker,
            admission: Admission::default(),
            readiness: Readiness::default(),
            quotas,
            room,
            hashing: Semaphore::new(HASHES_AT_ONCE),
            metrics: http::metrics::Metrics::default(),
        };
        Ok(Self { parts: Arc::new(parts) })
    }

    /// All routes. Can be called with requests directly, without a socket.
    pub fn router(&self) -> axum::Router {
        http::router(Arc::clone(&self.parts))
    }

    /// The store.
    pub fn store(&self) -> &Arc<dyn Store> {
        &self.parts.store
    }

    /// Accounts and devices.
    pub fn accounts(&self) -> &Accounts {
        &self.parts.accounts
    }

    /// Sign-ins.
    pub fn sessions(&self) -> &Sessions {
        &self.parts.sessions
    }

    /// Photographs.
    pub fn photos(&self) -> &Arc<Photos> {
        &self.parts.photos
    }

    /// The merge, to be called at once instead of through its thread.
    pub fn merger(&self) -> &Merger {
        self.parts.merges.merger()
    }

    /// What was chosen.
    pub fn config(&self) -> &Config {
        &self.parts.config
    }

    /// The process is to serve: judges what waited for a newer version again, and notes photographs that lie here without being noted. A kill, a loss of power, or a
    /// folder that was put back by hand leaves such. What goes wrong is for the next start.
    pub fn starting(&self) {
        if let Err(error) = self.parts.merges.merger().release_after_upgrade() {
            tracing::warn!(%error, "what waits for a newer version was not judged again");
        }
        match self.parts.photos.adopt() {
            Ok(0) => (),
            Ok(adopted) => tracing::info!(adopted, "photographs were there that the database did not know"),
            Err(refusal) => tracing::warn!(code = refusal.code(), "photographs were not looked through"),
        }
        self.parts.photo_worker.ring();
    }

    /// The process is to stop: uploads under way keep what came and end, since a weak signal would keep it waiting.
    pub fn stopping(&self) {
        self.parts.photos.interrupt_uploads();
    }

    /// Takes no more pushes, merges those that wait, and returns when all are answered.
    pub fn shutdown(&self) {
        self.parts.merges.finish();
        self.parts.photo_worker.finish();
    }
}

/// Opens the embedded store of a data folder.
pub fn open_store(config: &Config) -> Result<SqliteStore, OpenError> {
    std::fs::create_dir_all(&config.data_dir)
        .map_err(|source| OpenError::Folder { path: config.data_dir.clone(), source })?;
    let path = database_path(&config.data_dir);
    let epoch = Epoch::new(config.clock.now_ms(), random(&*config.rng));
    SqliteStore::open(&path, epoch, Arc::clone(&config.faults))
        .map_err(|source| OpenError::Database { path, source })
}

/// Where the database of a data folder is.
pub fn database_path(data_dir: &Path) -> PathBuf {
    data_dir.join(DATABASE_FILE)
}

impl Parts {
    /// Runs work that may block, where blocking is allowed.
    pub(crate) async fn blocking<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&Parts) -> Result<T, crate::service::Refusal> + Send + 'static,
    ) -> Result<T, crate::service::Refusal> {
        if self.config.running == Running::Inline {
            return work(self);
        }
        let parts = Arc::clone(self);
        tokio::task::spawn_blocking(move || work(&parts))
            .await
            .unwrap_or(Err(crate::service::Refusal::Internal))
    }
}
