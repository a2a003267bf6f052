//! An upload from its beginning to its end, but for the bytes themselves.

use super::Photos;
use super::arrived::Arrived;
use super::leases::Lease;
use super::receive::Chunk;
use crate::clock::random;
use crate::service::Refusal;
use crate::store::people::SignedIn;
use crate::store::photos::{BeginUpload, PhotoId, Upload, UploadId, UploadLimits};
use axum::body::Bytes;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use bianfang_shared::id::DeviceId;
use futures::Stream;
use futures::future::{Either, select};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::OwnedSemaphorePermit;
use uuid::Uuid;

/// Bytes that are here by then are taken as they are. Those that come more slowly may not have to come at all.
const SOON: Duration = Duration::from_millis(50);
/// Of an upload that is done it is not asked which device it came from.
const NO_DEVICE: DeviceId = DeviceId(Uuid::nil());

/// What a client says that says no more than it has to.
fn metadata_of(photo: PhotoId) -> String {
    format!("sha256 {}", BASE64.encode(photo.to_string()))
}

/// A new upload.
#[derive(Clone, Debug)]
pub struct Begin {
    /// The photograph that it is to bring.
    pub photo: PhotoId,
    /// Its length in bytes.
    pub bytes: u64,
    /// What the client says of it, to be said again to whoever asks.
    pub metadata: String,
}

/// Where an upload stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The upload.
    pub upload: Upload,
    /// How many of its bytes are durably here.
    pub offset: u64,
}

impl Progress {
    fn done(upload: Upload) -> Self {
        Self { offset: upload.bytes, upload: Upload { done: true, ..upload } }
    }
}

impl Photos {
    /// `POST` without bytes. One of a photograph that is held already, and that this person may know of, is done as it
    /// begins.
    pub async fn begin(self: &Arc<Self>, who: &Arc<SignedIn>, asked: Begin) -> Result<Progress, Refusal> {
        self.quotas.check_photos(who.account.user.id, self.clock.now_ms())?;
        let who = Arc::clone(who);
        let progress = self.blocking(move |photos| {
            let id = UploadId(random(&*photos.rng));
            photos.begin_now(&who, &asked, id)
        });
        let progress = progress.await?;
        self.sweep_if_due().await;
        Ok(progress)
    }

    /// `POST` with the first bytes. Until they are here nobody but the client knows of the upload, and the client
    /// does not know its address: so it begins when they are, and where they are all, it is done at once.
    pub async fn begin_with<S, E>(
        self: &Arc<Self>,
        who: &Arc<SignedIn>,
        asked: Begin,
        chunk: Chunk,
        body: S,
    ) -> Result<Progress, Refusal>
    where
        S: Stream<Item = Result<Bytes, E>> + Unpin + Send,
    {
        self.quotas.check_photos(who.account.user.id, self.clock.now_ms())?;
        // Nobody knows of it yet, but whoever stops the process interrupts it like all others.
        let id = UploadId(random(&*self.rng));
        let mut lease = self.leases.take(id)?;
        let Some((memory, bytes)) = self.collect_new(who, &asked, &chunk, body, &mut lease).await? else {
            return self.begin(who, asked).await;
        };
        // From here on it comes to its end, whether or not somebody waits for the answer.
        let who = Arc::clone(who);
        let begun = self.blocking(move |photos| {
            let arrived = Arrived::new(bytes);
            let checked = chunk.check(&arrived);
            let begun = checked.and_then(|()| photos.begin_holding(&who, &asked, (id, &arrived)));
            drop((arrived, memory, lease));
            begun
        });
        let progress = begun.await?;
        self.sweep_if_due().await;
        Ok(progress)
    }

    /// Reads the bytes of a photograph. Nothing where they come slowly and the photograph is held already, as this person
    /// may know: what comes is what is here, and there is no need to wait for it.
    async fn collect_new<S, E>(
        self: &Arc<Self>,
        who: &Arc<SignedIn>,
        asked: &Begin,
        chunk: &Chunk,
        body: S,
        lease: &mut Lease,
    ) -> Result<Option<(OwnedSemaphorePermit, Bytes)>, Refusal>
    where
        S: Stream<Item = Result<Bytes, E>> + Unpin + Send,
    {
        self.check_length(asked.bytes)?;
        let mut collected = pin!(async {
            let coming = chunk.length.map_or(asked.bytes, |length| length.min(asked.bytes));
            let memory = self.admit(coming, lease).await?;
            let bytes = self.collect(asked.bytes, chunk, body, lease).await?;
            Ok(Some((memory, bytes)))
        });
        if let Either::Left((collected, _)) = select(collected.as_mut(), pin!(self.pass(SOON))).await {
            return collected;
        }
        let (who, photo) = (Arc::clone(who), asked.photo);
        let held = pin!(self.blocking(move |photos| photos.is_held_or_room(&who, photo)));
        match select(held, collected).await {
            Either::Left((Ok(true), _)) => Ok(None),
            Either::Left((Ok(false), collected)) => collected.await,
            Either::Left((Err(refusal), _)) => Err(refusal),
            Either::Right((collected, _)) => collected,
        }
    }

    /// Whether a photograph is held that this person may know of. There has to be room for any other.
    fn is_held_or_room(&self, who: &SignedIn, photo: PhotoId) -> Result<bool, Refusal> {
        let held = self.is_held_for(who, photo)?;
        if !held {
            self.check_room()?;
        }
        Ok(held)
    }

    fn begin_holding(
        &self,
        who: &SignedIn,
        asked: &Begin,
        (id, arrived): (UploadId, &Arrived),
    ) -> Result<Progress, Refusal> {
        let bytes = &arrived.bytes;
        let is_whole = bytes.len() as u64 == asked.bytes;
        if is_whole && asked.metadata == metadata_of(asked.photo) {
            // Most are new, and there is room: only otherwise it is looked up whether it is held.
            if self.check_room().is_err() {
                self.is_held_or_room(who, asked.photo)?;
            }
            let held = self.keep_bytes(asked.photo, arrived, who.account.user.id)?;
            self.store.keep_whole(&held, who.device)?;
            return Ok(Progress::done(self.new_upload(who, asked, UploadId::of_whole(asked.photo))));
        }
        let progress = self.begin_now(who, asked, id)?;
        if progress.upload.done || bytes.is_empty() {
            return Ok(progress);
        }
        let begun = if is_whole {
            // More is said of it than its hash, and has to be said again to whoever asks: so it is noted.
            let kept = self.keep(asked.photo, arrived, who.account.user.id, Some(id));
            kept.map(|()| Progress::done(progress.upload))
        } else {
            let written = self.files.append(id, bytes).and_then(|()| self.files.sync(id));
            written.map(|()| Progress { offset: bytes.len() as u64, ..progress }).map_err(Refusal::from)
        };
        if begun.is_err() {
            // Nobody learns its address.
            let _ = self.store.end_upload(id);
            let _ = self.files.remove(id);
        }
        begun
    }

    fn check_length(&self, bytes: u64) -> Result<(), Refusal> {
        if bytes > self.limits.bytes_max {
            return Err(Refusal::PhotoTooLarge { max: self.limits.bytes_max });
        }
        if bytes == 0 {
            return Err(Refusal::BadValue { detail: "A photograph has at least one byte.".to_owned() });
        }
        Ok(())
    }

    fn begin_now(&self, who: &SignedIn, asked: &Begin, id: UploadId) -> Result<Progress, Refusal> {
        self.check_length(asked.bytes)?;
        let done = self.is_held_or_room(who, asked.photo)?;
        let upload = Upload { done, ..self.new_upload(who, asked, id) };
        let limits = UploadLimits {
            open_of_account_max: self.limits.open_of_account_max,
            open_bytes_max: self.limits.open_bytes_max,
            done_of_account_max: self.limits.done_of_account_max,
        };
        match self.store.begin_upload(&upload, limits)? {
            BeginUpload::TooMany => Err(Refusal::TooManyUploads),
            BeginUpload::NoRoom => Err(Refusal::NoRoom),
            BeginUpload::Begun { ended } => {
                self.forget(ended);
                let offset = if upload.done { upload.bytes } else { 0 };
                Ok(Progress { upload, offset })
            }
        }
    }

    fn new_upload(&self, who: &SignedIn, asked: &Begin, id: UploadId) -> Upload {
        let now_ms = self.clock.now_ms();
        Upload {
            id,
            photo: asked.photo,
            bytes: asked.bytes,
            account: who.account.user.id,
            device: who.device,
            metadata: asked.metadata.clone(),
            began_at_ms: now_ms,
            expires_at_ms: now_ms.saturating_add(self.limits.expiry_ms),
            done: false,
        }
    }

    /// Of uploads that ended, what is left of them.
    fn forget(&self, ended: Vec<UploadId>) {
        for id in ended {
            self.leases.interrupt(id);
            // What stays behind is found by the sweep.
            let _ = self.files.remove(id);
        }
    }

    /// `HEAD`: where the upload stands. Whoever writes to it is interrupted: a client asks this when its connection
    /// broke, which the server may not have noticed. Only whose upload it is may ask: nobody interrupts another's.
    pub async fn progress(self: &Arc<Self>, who: &SignedIn, id: UploadId) -> Result<Progress, Refusal> {
        let (photos, account) = (Arc::clone(self), who.account.user.id);
        self.detached(async move {
            photos.blocking(move |photos| photos.own(account, id)).await?;
            let _lease = photos.leases.take_over(id).await?;
            photos.stands(account, id).await
        })
        .await
    }

    /// Where an upload stands that nobody writes to. One whose bytes are all here, but whose photograph is not held
    /// yet because the server was killed in between, is finished first: its length would say that all is well.
    pub(super) async fn stands(
        self: &Arc<Self>,
        account: bianfang_shared::id::UserId,
        id: UploadId,
    ) -> Result<Progress, Refusal> {
        let progress = self.blocking(move |photos| photos.offset(photos.own(account, id)?)).await?;
        if progress.upload.done || progress.offset < progress.upload.bytes {
            return Ok(progress);
        }
        self.finish(progress.upload).await.map(Progress::done)
    }

    fn offset(&self, upload: Upload) -> Result<Progress, Refusal> {
        if upload.done {
            // After a restore the photograph may be gone, and has to come again.
            return if self.is_held(upload.photo)? {
                Ok(Progress::done(upload))
            } else {
                self.end(upload.id)?;
                Err(Refusal::UploadGone)
            };
        }
        let offset = self.files.length(upload.id)?;
        if offset > upload.bytes {
            // Only a fault of the disk or of an administrator's hand makes such a file.
            self.end(upload.id)?;
            return Err(Refusal::UploadGone);
        }
        Ok(Progress { upload, offset })
    }

    /// An upload of this account. What others upload is nobody's business.
    pub(super) fn own(&self, account: bianfang_shared::id::UserId, id: UploadId) -> Result<Upload, Refusal> {
        let noted = self.store.upload(id)?;
        let upload = if noted.is_some() { noted } else { self.came_whole(account, id)? };
        let upload = upload.filter(|upload| upload.account == account).ok_or(Refusal::NoSuchUpload)?;
        if upload.expires_at_ms <= self.clock.now_ms() { Err(Refusal::UploadGone) } else { Ok(upload) }
    }

    /// The upload by which a photograph came whole from this account, as far as the photograph tells of it.
    fn came_whole(
        &self,
        account: bianfang_shared::id::UserId,
        id: UploadId,
    ) -> Result<Option<Upload>, Refusal> {
        let next = self.store.photos(Some(id.before_wholes()), 1)?.into_iter().next();
        let photo = next.filter(|photo| UploadId::of_whole(photo.id) == id);
        let Some(photo) = photo else { return Ok(None) };
        let brought = self.store.photo_brought_by(photo.id, account)?;
        Ok(brought.then(|| Upload {
            id,
            photo: photo.id,
            bytes: photo.bytes,
            account,
            device: NO_DEVICE,
            metadata: metadata_of(photo.id),
            began_at_ms: photo.received_at_ms,
            expires_at_ms: photo.received_at_ms.saturating_add(self.limits.expiry_ms),
            done: true,
        }))
    }

    /// `DELETE`: forgets an upload. A photograph that it brought stays.
    pub async fn terminate(self: &Arc<Self>, who: &SignedIn, id: UploadId) -> Result<(), Refusal> {
        let (photos, account) = (Arc::clone(self), who.account.user.id);
        self.detached(async move {
            photos.blocking(move |photos| photos.own(account, id)).await?;
            let _lease = photos.leases.take_over(id).await?;
            photos.blocking(move |photos| photos.end(id)).await
        })
        .await
    }

    pub(super) fn end(&self, id: UploadId) -> Result<(), Refusal> {
        self.store.end_upload(id)?;
        // What stays behind is found by the sweep.
        let _ = self.files.remove(id);
        Ok(())
    }
}
