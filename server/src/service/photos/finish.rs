//! From the last byte of an upload to a photograph that is held.

use super::arrived::Arrived;
use super::{Photos, permit};
use crate::service::Refusal;
use crate::service::reader::Reader;
use crate::store::people::SignedIn;
use crate::store::photos::{HeldPhoto, PhotoId, Upload, UploadId};
use bianfang_shared::id::UserId;
use bianfang_shared::photo::{PictureSort, proof};
use std::sync::Arc;

impl Photos {
    /// All bytes of an upload are here. Answers when its photograph is held. Wrong bytes end the upload.
    pub(super) async fn finish(self: &Arc<Self>, upload: Upload) -> Result<Upload, Refusal> {
        let _memory = permit(&self.finishing, upload.bytes).await?;
        self.blocking(move |photos| photos.finish_now(upload)).await
    }

    fn finish_now(&self, upload: Upload) -> Result<Upload, Refusal> {
        let arrived = Arrived::new(self.files.read(upload.id)?);
        match self.keep(upload.photo, &arrived, upload.account, Some(upload.id)) {
            // No more bytes can make it right.
            Err(refusal @ (Refusal::WrongHash | Refusal::NotAPhotograph)) => {
                self.end(upload.id)?;
                Err(refusal)
            }
            Err(refusal) => Err(refusal),
            Ok(()) => {
                // What stays behind is found by the sweep.
                let _ = self.files.remove(upload.id);
                Ok(Upload { done: true, ..upload })
            }
        }
    }

    /// Keeps the bytes of a photograph: first durably under its name, then noted. Killed in between, it is noted by
    /// the next start.
    pub(super) fn keep(
        &self,
        photo: PhotoId,
        arrived: &Arrived,
        uploader: UserId,
        by: Option<UploadId>,
    ) -> Result<(), Refusal> {
        let held = self.keep_bytes(photo, arrived, uploader)?;
        self.store.keep_photo(&held, by)?;
        Ok(())
    }

    /// The first half of keeping a photograph; answers what is to be noted then. It is hashed here at the latest, so not
    /// for tokio's threads: meanwhile other connections would be waiting.
    pub(super) fn keep_bytes(
        &self,
        photo: PhotoId,
        arrived: &Arrived,
        uploader: UserId,
    ) -> Result<HeldPhoto, Refusal> {
        if arrived.hash() != photo {
            return Err(Refusal::WrongHash);
        }
        if PictureSort::of(&arrived.bytes) != PictureSort::Jpeg {
            return Err(Refusal::NotAPhotograph);
        }
        self.files.keep(photo, &arrived.bytes)?;
        self.quotas.count_photo(uploader, arrived.bytes.len() as u64, self.clock.now_ms());
        Ok(HeldPhoto {
            id: photo,
            bytes: arrived.bytes.len() as u64,
            received_at_ms: self.clock.now_ms(),
            uploader,
            seen: None,
            missing: false,
        })
    }

    /// Whether a photograph is held: noted, and its bytes really there. After a restore they may not be; then it has
    /// to come again.
    pub(super) fn is_held(&self, photo: PhotoId) -> Result<bool, Refusal> {
        match self.store.photo(photo)? {
            Some(held) => Ok(self.files.has(photo, held.bytes)?),
            None => Ok(false),
        }
    }

    /// Whether this person need not bring a photograph: it is held, and they brought it before or may see it. Of any
    /// other they are told no, so that nobody learns from a hash what villages hold, and what they bring is kept once.
    /// Who may see a photograph has it as good as brought, and is noted so: nothing tells the phone to send it later.
    pub(super) fn is_held_for(&self, who: &SignedIn, photo: PhotoId) -> Result<bool, Refusal> {
        let account = who.account.user.id;
        let brought = self.store.photo_brought_by(photo, account)?;
        let may_know = brought || Reader::new(&*self.store, who).sees_photo(photo)?;
        if !may_know || !self.is_held(photo)? {
            return Ok(false);
        }
        if !brought {
            self.store.note_brought(photo, account)?;
        }
        Ok(true)
    }

    /// Whether somebody had the bytes of a photograph that is held: then they are as one who brought it. Asked only where a
    /// former life of the centre may have known it, and of nobody who guessed often: looking takes time, and time tells.
    pub(super) fn is_proved(
        &self,
        who: &SignedIn,
        photo: PhotoId,
        said: Option<&str>,
    ) -> Result<bool, Refusal> {
        let (Some(said), account) = (said, who.account.user.id) else { return Ok(false) };
        if !self.store.follows_another()? || !self.quotas.may_prove(account, self.clock.now_ms()) {
            return Ok(false);
        }
        let bytes = if self.is_held(photo)? { self.files.photo(photo)? } else { None };
        if bytes.is_none_or(|bytes| proof(&bytes) != said) {
            self.quotas.count_wrong_proof(account, self.clock.now_ms());
            return Ok(false);
        }
        self.store.note_brought(photo, account)?;
        Ok(true)
    }

    /// Notes that the bytes of a photograph are not here, so that it counts as awaited.
    pub(super) fn note_missing(&self, photo: PhotoId) -> Result<(), Refusal> {
        self.store.note_missing(photo)?;
        // It may have come again meanwhile.
        if let Some(held) = self.store.photo(photo)?
            && self.files.has(photo, held.bytes)?
        {
            self.store.keep_photo(&held, None)?;
        }
        Ok(())
    }

    /// Moves bytes out of the way that are not the photograph's any more: it counts as awaited, and phones that still
    /// have it bring it again.
    pub(super) fn set_aside(&self, photo: PhotoId) -> Result<(), Refusal> {
        tracing::error!(%photo, "a photograph is damaged and was set aside");
        self.files.set_aside(photo)?;
        self.note_missing(photo)
    }
}
