//! Bytes in memory, for simulations. They outlive the server that uses them, as files do.

use super::partials::Partials;
use crate::store::photos::UploadId;
use object_store::memory::InMemory;
use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The bytes of photographs in memory. Clones share them.
#[derive(Clone, Debug, Default)]
pub struct MemoryPhotos {
    pub(super) partials: Arc<MemoryPartials>,
    pub(super) objects: Arc<InMemory>,
}

impl MemoryPhotos {
    /// The power is cut: what was appended to uploads and not made durable is gone.
    pub fn lose_unsynced(&self) {
        for partial in self.partials.all().values_mut() {
            partial.bytes.truncate(partial.synced);
        }
    }
}

/// Unfinished uploads in memory.
#[derive(Debug, Default)]
pub(super) struct MemoryPartials {
    all: Mutex<BTreeMap<UploadId, Partial>>,
}

#[derive(Debug, Default)]
struct Partial {
    bytes: Vec<u8>,
    synced: usize,
}

impl MemoryPartials {
    fn all(&self) -> MutexGuard<'_, BTreeMap<UploadId, Partial>> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn sync_one(&self, upload: UploadId) -> u64 {
        let mut all = self.all();
        let Some(partial) = all.get_mut(&upload) else { return 0 };
        partial.synced = partial.bytes.len();
        partial.synced as u64
    }
}

impl Partials for MemoryPartials {
    fn length(&self, upload: UploadId) -> io::Result<u64> {
        Ok(self.sync_one(upload))
    }

    fn append(&self, upload: UploadId, bytes: &[u8]) -> io::Result<()> {
        self.all().entry(upload).or_default().bytes.extend_from_slice(bytes);
        Ok(())
    }

    fn sync(&self, upload: UploadId) -> io::Result<()> {
        self.sync_one(upload);
        Ok(())
    }

    fn cut(&self, upload: UploadId, length: u64) -> io::Result<()> {
        let mut all = self.all();
        let partial = all.entry(upload).or_default();
        partial.bytes.truncate(usize::try_from(length).unwrap_or(usize::MAX));
        partial.synced = partial.bytes.len();
        Ok(())
    }

    fn read(&self, upload: UploadId) -> io::Result<Vec<u8>> {
        let all = self.all();
        all.get(&upload).map(|partial| partial.bytes.clone()).ok_or(io::ErrorKind::NotFound.into())
    }

    fn remove(&self, upload: UploadId) -> io::Result<()> {
        self.all().remove(&upload);
        Ok(())
    }

    fn list(&self) -> io::Result<Vec<UploadId>> {
        Ok(self.all().keys().copied().collect())
    }
}
