//! Photographs that no operation names. Phones send a photograph after the record that names it, so one that is named by
//! none is a mistake or noise: after long it is moved out of the way, and much later removed. One that is named after all,
//! or comes again, is held as before.

use super::Photos;
use crate::service::Refusal;
use crate::store::photos::NOBODY;
use crate::store::photos::{HeldPhoto, PhotoId};
use std::sync::atomic::Ordering;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// For so long a photograph is held without being named: from its receipt, or from the last change of epoch, since after
/// a restore the operations that name it come again.
pub const UNNAMED_HELD_MS: i64 = 90 * DAY_MS;
/// For so long it lies in the folder afterwards.
pub const UNNAMED_KEPT_MS: i64 = 90 * DAY_MS;
/// Photographs let go in one sweep.
const LET_GO_MAX: usize = 1_000;

impl Photos {
    /// Lets go what nobody named for long. Answers how many.
    pub(super) fn let_unnamed_go(&self) -> Result<u64, Refusal> {
        let now_ms = self.clock.now_ms();
        let before_ms = now_ms.saturating_sub(UNNAMED_HELD_MS);
        if self.epoch_began_ms()? >= before_ms {
            return Ok(0);
        }
        let mut let_go = 0;
        for photo in self.store.photos_unnamed(before_ms, LET_GO_MAX)? {
            // First the note: whoever asks is told no before the bytes are gone.
            if !self.store.let_photo_go(photo, now_ms)? {
                continue;
            }
            self.files.let_go(photo)?;
            self.any_unnamed.store(true, Ordering::SeqCst);
            if self.store.photo(photo)?.is_some() {
                // It came again meanwhile.
                self.bring_back(photo)?;
                continue;
            }
            tracing::warn!(%photo, "a photograph that no operation names was moved to photos/unnamed");
            let_go += 1;
        }
        Ok(let_go)
    }

    /// Brings back what was named or came again meanwhile, and removes what lay long enough. Answers how many were removed.
    pub(super) fn remove_unnamed(&self) -> Result<u64, Refusal> {
        let now_ms = self.clock.now_ms();
        let mut removed = 0;
        let unnamed = self.files.unnamed()?;
        let mut any = !unnamed.is_empty();
        for photo in unnamed {
            match self.store.photo_let_go_at(photo, now_ms)? {
                None => self.bring_back(photo)?,
                Some(at_ms) if now_ms.saturating_sub(at_ms) >= UNNAMED_KEPT_MS => {
                    self.files.remove_unnamed(photo)?;
                    self.store.forget_let_go(photo)?;
                    tracing::warn!(%photo, "a photograph that no operation names was removed");
                    removed += 1;
                }
                Some(_) => (),
            }
        }
        if any {
            any = !self.files.unnamed()?.is_empty();
        }
        self.any_unnamed.store(any, Ordering::SeqCst);
        Ok(removed)
    }

    /// Operations name these photographs: those that were let go are held again.
    pub fn named(&self, photos: &[PhotoId]) -> Result<(), Refusal> {
        photos.iter().try_for_each(|photo| self.bring_back(*photo))
    }

    /// Whether any photograph lies in the folder of those that nobody names. Asks nothing.
    pub fn any_unnamed(&self) -> bool {
        self.any_unnamed.load(Ordering::SeqCst)
    }

    fn bring_back(&self, photo: PhotoId) -> Result<(), Refusal> {
        let Some(bytes) = self.files.bring_back(photo)? else { return Ok(()) };
        let received_at_ms = self.clock.now_ms();
        let held =
            HeldPhoto { id: photo, bytes, received_at_ms, uploader: NOBODY, seen: None, missing: false };
        self.store.keep_photo(&held, None)?;
        self.store.forget_let_go(photo)?;
        tracing::info!(%photo, "a photograph that was let go is held again");
        Ok(())
    }

    /// When this life of the log began; its name tells. One whose name does not tell began long ago.
    fn epoch_began_ms(&self) -> Result<i64, Refusal> {
        Ok(self.store.epoch()?.began_ms().unwrap_or(0))
    }
}
