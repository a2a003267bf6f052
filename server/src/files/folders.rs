//! The folders that photographs are spread over, and what makes a photograph in one of them durable.

use super::partials::sync_folder;
use crate::store::photos::PhotoId;
use object_store::path::Path as ObjectPath;
use std::collections::BTreeSet;
use std::fs::File;
use std::io;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// One for each first byte of a name.
#[derive(Debug)]
pub(super) struct Folders {
    above: PathBuf,
    /// Of which it is known that they are durable themselves.
    durable: [AtomicBool; 256],
    /// Photographs that may have their names and are not flushed yet, or could not be.
    under_way: Mutex<BTreeSet<PhotoId>>,
}

impl Folders {
    pub(super) fn new(above: PathBuf) -> Self {
        Self { above, durable: std::array::from_fn(|_| AtomicBool::new(false)), under_way: Mutex::default() }
    }

    fn under_way(&self) -> MutexGuard<'_, BTreeSet<PhotoId>> {
        self.under_way.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// From now on a photograph may lie under its name without being durable. True if that is so for nobody else yet.
    pub(super) fn begin(&self, photo: PhotoId) -> bool {
        self.under_way().insert(photo)
    }

    /// What lies under the name of a photograph is durable.
    pub(super) fn end(&self, photo: PhotoId) {
        self.under_way().remove(&photo);
    }

    /// Whether nobody may be told yet that a photograph is there.
    pub(super) fn is_under_way(&self, photo: PhotoId) -> bool {
        self.under_way().contains(&photo)
    }

    /// Makes durable what was written under this name, the name, and the folder.
    pub(super) fn flush(&self, photo: PhotoId, name: &ObjectPath) -> io::Result<()> {
        let path = self.above.join(name.as_ref());
        File::open(&path)?.sync_all()?;
        sync_folder(path.parent().unwrap_or(&self.above))?;
        let durable = &self.durable[usize::from(photo.0[0])];
        if !durable.load(Ordering::Acquire) {
            // It may be new. Whoever else finds it so flushes it too: only then it is known.
            sync_folder(&self.above)?;
            durable.store(true, Ordering::Release);
        }
        Ok(())
    }
}
