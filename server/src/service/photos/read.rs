//! Photographs given out: which are held, and their bytes to those who may see them.

use super::Photos;
use super::look::look;
use crate::files::hash_of;
use crate::service::Refusal;
use crate::service::reader::Reader;
use crate::store::StoreError;
use crate::store::people::SignedIn;
use crate::store::photos::{HeldPhoto, PhotoId};
use axum::body::Bytes;
use bianfang_shared::wire::{PHOTO_PROOFS_MAX, PHOTOS_HELD_MAX, PhotosHeldReply, PhotosHeldRequest};
use std::collections::HashSet;
use std::sync::Arc;

/// A photograph as it is kept, or small.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Size {
    /// The very bytes.
    Original,
    /// For lists.
    Thumbnail,
}

/// The bytes of a picture.
#[derive(Clone, Debug)]
pub struct Found {
    /// A JPEG.
    pub bytes: Bytes,
}

impl Photos {
    /// `POST /api/v1/photos/held`.
    pub async fn held(
        self: &Arc<Self>,
        who: &Arc<SignedIn>,
        asked: PhotosHeldRequest,
    ) -> Result<PhotosHeldReply, Refusal> {
        if asked.sha256.len() > PHOTOS_HELD_MAX {
            return Err(Refusal::BadRequest {
                detail: format!("Ask for at most {PHOTOS_HELD_MAX} photographs at once."),
            });
        }
        if asked.proofs.len() > PHOTO_PROOFS_MAX {
            return Err(Refusal::BadRequest {
                detail: format!("Say of at most {PHOTO_PROOFS_MAX} photographs at once that you had them."),
            });
        }
        let who = Arc::clone(who);
        self.blocking(move |photos| {
            let mut held = Vec::new();
            let mut names = asked.sha256;
            let mut seen = HashSet::new();
            // Each is looked at once, however often it is named.
            names.retain(|name| seen.insert(name.clone()));
            for name in names {
                let photo = name
                    .parse()
                    .map_err(|error| Refusal::BadRequest { detail: format!("In `sha256`: {error}.") })?;
                if photos.is_held_for(&who, photo)?
                    || photos.is_proved(&who, photo, asked.proofs.get(&name).map(String::as_str))?
                {
                    held.push(name);
                }
            }
            Ok(PhotosHeldReply { held })
        })
        .await
    }

    /// `GET /api/v1/photos/{sha256}` and its thumbnail.
    pub async fn open(
        self: &Arc<Self>,
        who: &Arc<SignedIn>,
        photo: PhotoId,
        size: Size,
    ) -> Result<Found, Refusal> {
        let who = Arc::clone(who);
        let found = self.blocking(move |photos| {
            let held = photos.visible(&who, photo)?;
            match size {
                Size::Original => photos.original(held.id).map(Some),
                Size::Thumbnail => Ok(photos.files.thumbnail(photo)?),
            }
        });
        match found.await? {
            Some(bytes) => Ok(Found { bytes }),
            None => self.make_thumbnail(photo).await,
        }
    }

    /// One that nobody looked at yet, or whose thumbnail was lost.
    async fn make_thumbnail(self: &Arc<Self>, photo: PhotoId) -> Result<Found, Refusal> {
        let _turn = self.thumbnails.acquire().await.map_err(|_| Refusal::ShuttingDown)?;
        self.blocking(move |photos| {
            let looked = look(&photos.original(photo)?).ok_or(Refusal::NotFound)?;
            photos.files.keep_thumbnail(photo, &looked.thumbnail)?;
            Ok(Found { bytes: looked.thumbnail })
        })
        .await
    }

    /// A photograph, if this person may see it. Having brought it is not enough: grants end.
    fn visible(&self, who: &SignedIn, photo: PhotoId) -> Result<HeldPhoto, Refusal> {
        // Not "forbidden": whether it exists is nobody's business.
        if !Reader::new(&*self.store, who).sees_photo(photo)? {
            return Err(Refusal::NotFound);
        }
        self.store.photo(photo)?.ok_or(Refusal::NotFound)
    }

    /// The very bytes, and no others: evidence that changed on the disk is not given out as if it had not, and is
    /// awaited anew.
    fn original(&self, photo: PhotoId) -> Result<Bytes, Refusal> {
        let bytes = self.files.photo(photo)?.ok_or(Refusal::NotFound)?;
        if hash_of(&bytes) == photo {
            Ok(bytes)
        } else {
            self.set_aside(photo)?;
            Err(Refusal::Store(StoreError::Damaged(format!("photograph {photo} is not what it was"))))
        }
    }
}
