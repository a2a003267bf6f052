//! How much room the disk has left. Decides nothing.

use std::path::PathBuf;

/// Tells how much room there is for photographs.
pub trait Room: Send + Sync + std::fmt::Debug {
    /// Bytes that are free; none where nobody can tell.
    fn free_bytes(&self) -> Option<u64>;
}

/// The file system that a folder lies on.
#[derive(Clone, Debug)]
pub struct FolderRoom(pub PathBuf);

impl Room for FolderRoom {
    #[cfg(unix)]
    fn free_bytes(&self) -> Option<u64> {
        let told = rustix::fs::statvfs(&self.0).ok()?;
        Some(told.f_bavail.saturating_mul(told.f_frsize))
    }

    #[cfg(not(unix))]
    fn free_bytes(&self) -> Option<u64> {
        let _folder = &self.0;
        None
    }
}

/// Memory, of which nobody asks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct MemoryRoom;

impl Room for MemoryRoom {
    fn free_bytes(&self) -> Option<u64> {
        None
    }
}
