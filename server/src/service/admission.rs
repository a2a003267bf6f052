//! Bounds what is read from the network and not yet merged. Decides only who may come in.

use super::Refusal;
use std::sync::Arc;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Most bytes of pushes in memory, read but not yet merged.
const BYTES_MAX: usize = 128 * 1024 * 1024;
/// One permit stands for so many bytes.
const BYTES_PER_PERMIT: usize = 1_024;

/// The gate.
#[derive(Clone, Debug)]
pub struct Admission {
    permits: Arc<Semaphore>,
}

/// The right to keep so many bytes in memory, given back when dropped.
#[derive(Debug)]
pub struct Admitted(#[expect(dead_code, reason = "held for its drop")] OwnedSemaphorePermit);

impl Default for Admission {
    fn default() -> Self {
        Self { permits: Arc::new(Semaphore::new(BYTES_MAX / BYTES_PER_PERMIT)) }
    }
}

impl Admission {
    /// Lets in a body of so many bytes, or says that the centre is busy.
    pub fn admit(&self, bytes: usize) -> Result<Admitted, Refusal> {
        let permits = u32::try_from(bytes.div_ceil(BYTES_PER_PERMIT).max(1)).map_err(|_| Refusal::Busy)?;
        Arc::clone(&self.permits).try_acquire_many_owned(permits).map(Admitted).map_err(|_| Refusal::Busy)
    }
}
