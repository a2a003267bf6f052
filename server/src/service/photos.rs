//! Photographs: uploads that survive every break, bytes that are kept once and never change, who may see them, and
//! what they tell about records.
//!
//! A photograph counts as held when its bytes are durable under the name that their hash gives them, and the store says
//! so; nobody is told before. What is seen in it follows behind, on a thread of its own.

mod archive;
mod arrived;
mod finish;
mod leases;
mod look;
mod looker;
mod read;
mod receive;
mod settle;
mod similar;
mod sweep;
mod threads;
mod unnamed;
mod uploads;
mod verify;
mod worker;

use super::Refusal;
use super::evidence::Rules;
use super::quotas::Quotas;
use crate::app::Running;
use crate::clock::{Clock, Rng};
use crate::files::{PhotoFiles, Room};
use crate::store::Store;
use crate::store::photos::UploadId;
use bianfang_shared::wire::PHOTO_BYTES_MAX;
use leases::Leases;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

pub use read::{Found, Size};
pub use receive::{Algorithm, Checksum, Chunk};
pub use similar::views;
pub use sweep::Swept;
pub use unnamed::{UNNAMED_HELD_MS, UNNAMED_KEPT_MS};
pub use uploads::{Begin, Progress};
pub use verify::PhotoReport;
pub(crate) use worker::Worker;

/// Bytes of photographs in memory at once.
const MEMORY_BYTES_MAX: usize = 128 * 1024 * 1024;
/// Bytes of photographs in memory at once that are all here and only have to be kept. Apart from those above, which
/// wait for clients.
const FINISHING_BYTES_MAX: usize = 64 * 1024 * 1024;
/// One permit stands for so many bytes.
const BYTES_PER_PERMIT: usize = 1_024;
/// Thumbnails made at once because somebody waits for them.
const THUMBNAILS_AT_ONCE: usize = 2;

/// How much of photographs is taken in.
#[derive(Clone, Copy, Debug)]
pub struct PhotoLimits {
    /// Bytes of a photograph.
    pub bytes_max: u64,
    /// Unfinished uploads of one account.
    pub open_of_account_max: u64,
    /// Bytes that all unfinished uploads may come to.
    pub open_bytes_max: u64,
    /// Finished uploads of one account that can still be asked about; the earliest are forgotten first.
    pub done_of_account_max: u64,
    /// Bytes of the disk that photographs leave free, so that records can still be taken in.
    pub reserve_bytes: u64,
    /// How long an upload may take, in milliseconds.
    pub expiry_ms: i64,
    /// How long a body may bring nothing. One that comes slowly, but comes, is waited for to its end.
    pub idle_max: Duration,
    /// For so long, in milliseconds, a body that is kept whole or not at all keeps its memory when others wait for it. Then it
    /// is asked to come again.
    pub memory_kept_ms: i64,
    /// How long a request waits for memory that others hold.
    pub memory_wait_max: Duration,
}

impl Default for PhotoLimits {
    fn default() -> Self {
        Self {
            bytes_max: PHOTO_BYTES_MAX as u64,
            open_of_account_max: 64,
            open_bytes_max: 16 * 1024 * 1024 * 1024,
            done_of_account_max: 1_000,
            reserve_bytes: 512 * 1024 * 1024,
            expiry_ms: 7 * 24 * 60 * 60 * 1000,
            idle_max: Duration::from_secs(30),
            memory_kept_ms: 120_000,
            memory_wait_max: Duration::from_secs(10),
        }
    }
}

/// The use cases of photographs.
#[derive(Debug)]
pub struct Photos {
    store: Arc<dyn Store>,
    files: PhotoFiles,
    room: Arc<dyn Room>,
    clock: Arc<dyn Clock>,
    rng: Arc<dyn Rng>,
    rules: Arc<Rules>,
    limits: PhotoLimits,
    quotas: Arc<Quotas>,
    running: Running,
    leases: Arc<Leases>,
    memory: Arc<Semaphore>,
    finishing: Arc<Semaphore>,
    /// Bodies that hold memory while they come, with when they began.
    gathering: Mutex<BTreeMap<UploadId, i64>>,
    thumbnails: Semaphore,
    threads: threads::Threads,
    looker: looker::Looker,
    index: settle::Index,
    stopping: AtomicBool,
    mended: AtomicBool,
    any_unnamed: AtomicBool,
    swept_at_ms: AtomicI64,
    received_bytes: AtomicU64,
    unnamed_total: AtomicU64,
}

impl Photos {
    /// Over this store and these files.
    pub(crate) fn new(
        store: Arc<dyn Store>,
        (files, room): (PhotoFiles, Arc<dyn Room>),
        (clock, rng): (Arc<dyn Clock>, Arc<dyn Rng>),
        rules: Arc<Rules>,
        (limits, quotas): (PhotoLimits, Arc<Quotas>),
        running: Running,
    ) -> Self {
        Self {
            store,
            files,
            room,
            clock,
            rng,
            rules,
            limits,
            quotas,
            running,
            leases: Arc::default(),
            memory: Arc::new(Semaphore::new(MEMORY_BYTES_MAX / BYTES_PER_PERMIT)),
            finishing: Arc::new(Semaphore::new(FINISHING_BYTES_MAX / BYTES_PER_PERMIT)),
            gathering: Mutex::default(),
            thumbnails: Semaphore::new(THUMBNAILS_AT_ONCE),
            threads: threads::Threads::new(running),
            looker: looker::Looker::new(running),
            index: settle::Index::default(),
            stopping: AtomicBool::new(false),
            mended: AtomicBool::new(false),
            // Until the first sweep has looked.
            any_unnamed: AtomicBool::new(true),
            swept_at_ms: AtomicI64::new(i64::MIN),
            received_bytes: AtomicU64::new(0),
            unnamed_total: AtomicU64::new(0),
        }
    }

    /// What is taken in.
    pub fn limits(&self) -> &PhotoLimits {
        &self.limits
    }

    /// The bytes.
    pub fn files(&self) -> &PhotoFiles {
        &self.files
    }

    /// Bytes received in uploads since the start.
    pub fn received_bytes(&self) -> u64 {
        self.received_bytes.load(std::sync::atomic::Ordering::Relaxed)
    }

    /// Photographs that no operation names and that were moved out of the way since the start.
    pub fn unnamed_total(&self) -> u64 {
        self.unnamed_total.load(std::sync::atomic::Ordering::Relaxed)
    }

    /// Refuses more bytes of photographs where they would take the last room of the disk.
    fn check_room(&self) -> Result<(), Refusal> {
        match self.room.free_bytes() {
            Some(free) if free < self.limits.reserve_bytes => {
                tracing::error!(free, reserve = self.limits.reserve_bytes, "no room for photographs");
                Err(Refusal::NoRoom)
            }
            _ => Ok(()),
        }
    }

    fn gathering(&self) -> MutexGuard<'_, BTreeMap<UploadId, i64>> {
        self.gathering.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Asks all uploads under way to keep what came and end: the process is to stop.
    pub fn interrupt_uploads(&self) {
        self.leases.close();
    }

    /// Runs work that may block, where blocking is allowed.
    async fn blocking<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&Photos) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Refusal> {
        if self.running == Running::Inline {
            return work(self);
        }
        let photos = Arc::clone(self);
        let work = move || {
            let done = work(&photos);
            // Whoever gets the answer may be about to close the store.
            drop(photos);
            done
        };
        self.threads.run(work).await.unwrap_or(Err(Refusal::Internal))
    }
}

/// The right to keep so many bytes in memory.
async fn permit(memory: &Arc<Semaphore>, bytes: u64) -> Result<OwnedSemaphorePermit, Refusal> {
    let bytes = usize::try_from(bytes).unwrap_or(usize::MAX).clamp(1, FINISHING_BYTES_MAX);
    let permits = u32::try_from(bytes.div_ceil(BYTES_PER_PERMIT)).unwrap_or(u32::MAX);
    Arc::clone(memory).acquire_many_owned(permits).await.map_err(|_| Refusal::ShuttingDown)
}
