//! Photographs in a backup, and back from one. They never change, so a folder that has some of them takes the others.

use super::Photos;
use super::arrived::Arrived;
use crate::files::{PhotoFiles, hash_of};
use crate::service::Refusal;
use crate::store::photos::{HeldPhoto, NOBODY, PhotoId};
use axum::body::Bytes;
use bianfang_shared::id::UserId;
use std::collections::BTreeSet;

/// Photographs asked for at once.
const ROWS_MAX: usize = 500;
/// Photographs noted at once that are here without being noted; the next start goes on.
const ADOPTED_MAX: usize = 100_000;

impl Photos {
    /// Copies every photograph that is here, and not there yet, to another place. Answers how many were copied.
    /// What is missing or damaged here is left out: `verify` tells.
    pub fn copy_to(&self, other: &PhotoFiles) -> Result<u64, Refusal> {
        let mut copied = 0;
        // By the files: a server that runs beside this may not have noted the last of them yet.
        for photo in self.files.photos()? {
            if other.holds(photo)? {
                continue;
            }
            let bytes = self.files.photo(photo)?.filter(|bytes| hash_of(bytes) == photo);
            if let Some(bytes) = bytes {
                other.keep(photo, &bytes)?;
                copied += 1;
            }
        }
        Ok(copied)
    }

    /// Keeps a photograph that comes by another way than an upload, such as with demo data.
    pub fn bring(&self, bytes: &Bytes, uploader: UserId) -> Result<PhotoId, Refusal> {
        let arrived = Arrived::new(bytes.clone());
        let photo = arrived.hash();
        self.keep(photo, &arrived, uploader, None)?;
        Ok(photo)
    }

    /// Notes photographs that are here without being noted, or noted as missing: those that came after the backup whose
    /// database was put back, and those of which a kill or a loss of power took the note. Their phones may have let them
    /// go. One that cannot be read is passed over. Answers how many.
    pub fn adopt(&self) -> Result<u64, Refusal> {
        let mut adopted = 0;
        for photo in self.unnoted()?.into_iter().take(ADOPTED_MAX) {
            match self.adopt_one(photo) {
                Ok(is_new) => adopted += u64::from(is_new),
                Err(refusal) => tracing::warn!(%photo, code = refusal.code(), "a photograph was passed over"),
            }
        }
        Ok(adopted)
    }

    fn adopt_one(&self, photo: PhotoId) -> Result<bool, Refusal> {
        let Some(bytes) = self.files.photo(photo)? else { return Ok(false) };
        if hash_of(&bytes) != photo {
            // Mostly its name came to the disk and not all of its bytes, as the power went: then nobody was told of it.
            tracing::warn!(%photo, "a photograph that is not noted is not what its name says, and was set aside");
            self.files.set_aside(photo)?;
            return Ok(false);
        }
        self.files.flush(photo)?;
        let held = HeldPhoto {
            id: photo,
            bytes: bytes.len() as u64,
            received_at_ms: self.clock.now_ms(),
            uploader: NOBODY,
            seen: None,
            missing: false,
        };
        Ok(self.store.keep_photo(&held, None)?)
    }

    fn unnoted(&self) -> Result<BTreeSet<PhotoId>, Refusal> {
        let mut unnoted: BTreeSet<PhotoId> = self.files.photos()?.into_iter().collect();
        let mut after = None;
        loop {
            let rows = self.store.photos(after, ROWS_MAX)?;
            let Some(last) = rows.last() else { return Ok(unnoted) };
            after = Some(last.id);
            for photo in rows.iter().filter(|photo| !photo.missing) {
                unnoted.remove(&photo.id);
            }
        }
    }
}
