//! From the last byte of an upload to a photograph that is held.

use super::Photos;
use crate::files::hash_of;
use crate::service::Refusal;
use crate::store::photos::{HeldPhoto, PhotoId, Upload, UploadId};
use axum::body::Bytes;
use bianfang_shared::id::UserId;
use std::sync::Arc;

impl Photos {
    /// All bytes of an upload are here. Answers when its photograph is held. Wrong bytes end the upload.
    pub(super) async fn finish(self: &Arc<Self>, upload: Upload) -> Result<Upload, Refusal> {
        let _memory = self.admit(upload.bytes).await?;
        self.blocking(move |photos| photos.finish_now(upload)).await
    }

    fn finish_now(&self, upload: Upload) -> Result<Upload, Refusal> {
        let bytes = self.files.read(upload.id)?;
        match self.keep(upload.photo, &bytes, upload.account, Some(upload.id)) {
            Err(Refusal::WrongHash) => {
                self.end(upload.id)?;
                Err(Refusal::WrongHash)
            }
            Err(refusal) => Err(refusal),
            Ok(()) => {
                // What stays behind is found by the sweep.
                let _ = self.files.remove(upload.id);
                Ok(Upload { done: true, ..upload })
            }
        }
    }

    /// Keeps the bytes of a photograph: first durably under its name, then noted. Killed in between, it is not held,
    /// and the same again finds it there.
    pub(super) fn keep(
        &self,
        photo: PhotoId,
        bytes: &Bytes,
        uploader: UserId,
        by: Option<UploadId>,
    ) -> Result<(), Refusal> {
        if hash_of(bytes) != photo {
            return Err(Refusal::WrongHash);
        }
        self.files.keep(photo, bytes)?;
        let held = HeldPhoto {
            id: photo,
            bytes: bytes.len() as u64,
            received_at_ms: self.clock.now_ms(),
            uploader,
            seen: None,
        };
        self.store.keep_photo(&held, by)?;
        Ok(())
    }

    /// Whether a photograph is held: noted, and its bytes really there. After a restore they may not be; then it has
    /// to come again.
    pub(super) fn is_held(&self, photo: PhotoId) -> Result<bool, Refusal> {
        match self.store.photo(photo)? {
            Some(held) => Ok(self.files.has(photo, held.bytes)?),
            None => Ok(false),
        }
    }
}
