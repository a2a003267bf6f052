//! Photographs: uploads that survive every break, bytes that are kept once and never change, who may see them, and
//! what they tell about records.
//!
//! A photograph counts as held when its bytes are durable under the name that their hash gives them, and the store says
//! so; nobody is told before. What is seen in it follows behind, on a thread of its own.

mod archive;
mod finish;
mod leases;
mod look;
mod read;
mod receive;
mod settle;
mod similar;
mod sweep;
mod uploads;
mod verify;
mod worker;

use super::Refusal;
use super::evidence::Rules;
use crate::app::Running;
use crate::clock::{Clock, Rng};
use crate::files::PhotoFiles;
use crate::store::Store;
use bianfang_shared::wire::PHOTO_BYTES_MAX;
use leases::Leases;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64};
use tokio::sync::Semaphore;

pub use read::{Found, Size};
pub use receive::{Algorithm, Checksum, Chunk};
pub use similar::views;
pub use sweep::Swept;
pub use uploads::{Begin, Progress};
pub use verify::PhotoReport;
pub(crate) use worker::Worker;

/// Bytes of photographs in memory at once.
const MEMORY_BYTES_MAX: usize = 128 * 1024 * 1024;
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
    /// How long an upload may take, in milliseconds.
    pub expiry_ms: i64,
}

impl Default for PhotoLimits {
    fn default() -> Self {
        Self {
            bytes_max: PHOTO_BYTES_MAX as u64,
            open_of_account_max: 64,
            open_bytes_max: 16 * 1024 * 1024 * 1024,
            expiry_ms: 7 * 24 * 60 * 60 * 1000,
        }
    }
}

/// The use cases of photographs.
#[derive(Debug)]
pub struct Photos {
    store: Arc<dyn Store>,
    files: PhotoFiles,
    clock: Arc<dyn Clock>,
    rng: Arc<dyn Rng>,
    rules: Arc<Rules>,
    limits: PhotoLimits,
    running: Running,
    leases: Arc<Leases>,
    memory: Arc<Semaphore>,
    thumbnails: Semaphore,
    index: settle::Index,
    swept_at_ms: AtomicI64,
    received_bytes: AtomicU64,
}

impl Photos {
    /// Over this store and these files.
    pub(crate) fn new(
        store: Arc<dyn Store>,
        files: PhotoFiles,
        (clock, rng): (Arc<dyn Clock>, Arc<dyn Rng>),
        rules: Arc<Rules>,
        limits: PhotoLimits,
        running: Running,
    ) -> Self {
        Self {
            store,
            files,
            clock,
            rng,
            rules,
            limits,
            running,
            leases: Arc::default(),
            memory: Arc::new(Semaphore::new(MEMORY_BYTES_MAX / BYTES_PER_PERMIT)),
            thumbnails: Semaphore::new(THUMBNAILS_AT_ONCE),
            index: settle::Index::default(),
            swept_at_ms: AtomicI64::new(i64::MIN),
            received_bytes: AtomicU64::new(0),
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
        tokio::task::spawn_blocking(move || work(&photos)).await.unwrap_or(Err(Refusal::Internal))
    }

    /// The right to keep so many bytes in memory.
    async fn admit(&self, bytes: u64) -> Result<tokio::sync::OwnedSemaphorePermit, Refusal> {
        let bytes = usize::try_from(bytes).unwrap_or(usize::MAX).clamp(1, MEMORY_BYTES_MAX);
        let permits = u32::try_from(bytes.div_ceil(BYTES_PER_PERMIT)).unwrap_or(u32::MAX);
        Arc::clone(&self.memory).acquire_many_owned(permits).await.map_err(|_| Refusal::ShuttingDown)
    }
}
