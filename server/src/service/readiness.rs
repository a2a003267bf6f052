//! Whether the centre can take anything in: the database is really written to, and the disk has room left. Bounded in rate,
//! since anybody may ask.

use super::Refusal;
use crate::files::Room;
use crate::store::Store;
use std::sync::atomic::{AtomicI64, Ordering};

/// Bytes of the disk that are left when no operation is taken in any more: the database needs them to merge what it has
/// taken, to fold its write-ahead log in, and to be looked at. Photographs leave more, so they stop first.
pub const OPS_RESERVE_BYTES: u64 = 128 * 1024 * 1024;
/// A write that succeeded is believed for so long.
const WRITTEN_MS_MAX: i64 = 5_000;

/// When writing was last seen to work.
#[derive(Debug)]
pub struct Readiness {
    written_at_ms: AtomicI64,
}

impl Default for Readiness {
    fn default() -> Self {
        Self { written_at_ms: AtomicI64::new(i64::MIN) }
    }
}

impl Readiness {
    /// Whether something can be taken in now.
    pub fn check(&self, store: &dyn Store, room: &dyn Room, now_ms: i64) -> Result<(), Refusal> {
        store.ready()?;
        check_room(room)?;
        let written_at_ms = self.written_at_ms.load(Ordering::Relaxed);
        // A clock that was set back makes it be tried again.
        let recent = (written_at_ms..written_at_ms.saturating_add(WRITTEN_MS_MAX)).contains(&now_ms);
        if !recent {
            store.check_writing(now_ms)?;
            self.written_at_ms.store(now_ms, Ordering::Relaxed);
        }
        Ok(())
    }
}

/// Refuses more operations where they would take the last room of the disk.
pub fn check_room(room: &dyn Room) -> Result<(), Refusal> {
    match room.free_bytes() {
        Some(free) if free < OPS_RESERVE_BYTES => {
            tracing::error!(free, reserve = OPS_RESERVE_BYTES, "no room for operations");
            Err(Refusal::NoRoomForOps)
        }
        _ => Ok(()),
    }
}
