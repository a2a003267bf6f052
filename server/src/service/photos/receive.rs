//! The bytes of an upload as they arrive: written as they come, so that a break costs none of them, and made durable
//! before they are acknowledged.

use super::arrived::Arrived;
use super::leases::Lease;
use super::uploads::Progress;
use super::{BYTES_PER_PERMIT, Photos, permit};
use crate::app::Running;
use crate::service::Refusal;
use crate::store::people::SignedIn;
use crate::store::photos::{Upload, UploadId};
use axum::body::Bytes;
use futures::future::{Either, FutureExt as _, select};
use futures::{Stream, StreamExt as _};
use sha1::{Digest as _, Sha1};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::sync::OwnedSemaphorePermit;

/// Written at once where bytes come faster than that.
const WRITE_BYTES: usize = 256 * 1024;

/// Which bytes of an upload a request brings.
#[derive(Clone, Debug, Default)]
pub struct Chunk {
    /// Where they begin.
    pub offset: u64,
    /// How many there are, where that was told.
    pub length: Option<u64>,
    /// What they have to come to.
    pub checksum: Option<Checksum>,
}

/// What a chunk has to come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checksum {
    /// By which reckoning.
    pub algorithm: Algorithm,
    /// The result.
    pub expected: Vec<u8>,
}

/// How a chunk is checked on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    /// SHA-1, which tus asks every server to know.
    Sha1,
    /// SHA-256.
    Sha256,
}

impl Algorithm {
    /// All, as tus names them.
    pub const NAMES: &str = "sha1,sha256";

    /// By its name in tus.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "sha1" => Some(Self::Sha1),
            "sha256" => Some(Self::Sha256),
            _ => None,
        }
    }
}

impl Chunk {
    /// Refuses other bytes than those that were meant. Not for tokio's threads: meanwhile other connections would wait.
    pub(super) fn check(&self, arrived: &Arrived) -> Result<(), Refusal> {
        match &self.checksum {
            Some(checksum) if !checksum.fits(arrived) => Err(Refusal::WrongChecksum),
            _ => Ok(()),
        }
    }
}

impl Checksum {
    fn fits(&self, arrived: &Arrived) -> bool {
        match self.algorithm {
            Algorithm::Sha1 => Sha1::digest(&arrived.bytes).as_slice() == self.expected,
            Algorithm::Sha256 => arrived.hash().0.as_slice() == self.expected,
        }
    }
}

/// A body that holds memory while it comes.
struct Gathering<'p>(&'p Photos, UploadId);

impl<'p> Gathering<'p> {
    fn begin(photos: &'p Photos, id: UploadId) -> Self {
        photos.gathering().insert(id, photos.clock.now_ms());
        Self(photos, id)
    }
}

impl Drop for Gathering<'_> {
    fn drop(&mut self) {
        self.0.gathering().remove(&self.1);
    }
}

impl Photos {
    /// `PATCH`: takes in the next bytes. With the last of them the photograph is held, and only then this answers.
    pub async fn append<S, E>(
        self: &Arc<Self>,
        who: &SignedIn,
        id: UploadId,
        chunk: Chunk,
        body: S,
    ) -> Result<Progress, Refusal>
    where
        S: Stream<Item = Result<Bytes, E>> + Unpin + Send + 'static,
        E: Send + 'static,
    {
        let (photos, account) = (Arc::clone(self), who.account.user.id);
        self.detached(async move {
            photos.blocking(move |photos| photos.own(account, id)).await?;
            let mut lease = photos.leases.take(id)?;
            let stands = photos.stands(account, id).await?;
            if stands.offset != chunk.offset {
                return Err(Refusal::WrongOffset { offset: stands.offset });
            }
            if stands.upload.done {
                return Ok(stands);
            }
            photos.blocking(|photos| photos.check_room()).await?;
            let offset = photos.take_in(&stands, &chunk, body, &mut lease).await?;
            if offset < stands.upload.bytes {
                return Ok(Progress { offset, ..stands });
            }
            let upload = photos.finish(stands.upload).await?;
            Ok(Progress { upload, offset })
        })
        .await
    }

    async fn take_in<S, E>(
        self: &Arc<Self>,
        stands: &Progress,
        chunk: &Chunk,
        body: S,
        lease: &mut Lease,
    ) -> Result<u64, Refusal>
    where
        S: Stream<Item = Result<Bytes, E>> + Unpin + Send,
    {
        let Progress { upload, offset } = stands;
        let left = upload.bytes - offset;
        if chunk.length.is_some_and(|length| length > left) {
            return Err(Refusal::MoreThanTold { length: upload.bytes });
        }
        if chunk.checksum.is_none() {
            return self.stream(upload, *offset, body, lease).await;
        }
        // Whether the chunk is kept is known only when it is here.
        let memory = self.admit(chunk.length.unwrap_or(left), lease).await?;
        let arrived = Arrived::new(self.collect(left, chunk, body, lease).await?);
        let length = arrived.bytes.len() as u64;
        let (id, end, is_last) = (upload.id, offset + length, length == left);
        let chunk = chunk.clone();
        let written = self.blocking(move |photos| {
            chunk.check(&arrived)?;
            photos.files.append(id, &arrived.bytes)?;
            if !is_last {
                photos.files.sync(id)?;
            }
            Ok(())
        });
        let written = written.await;
        drop(memory);
        match written {
            Ok(()) => Ok(end),
            Err(Refusal::WrongChecksum) => Err(Refusal::WrongChecksum),
            Err(refusal) => self.take_back(id, *offset, refusal).await,
        }
    }

    /// Takes off again what is not to be kept.
    async fn take_back(
        self: &Arc<Self>,
        id: UploadId,
        offset: u64,
        refusal: Refusal,
    ) -> Result<u64, Refusal> {
        self.blocking(move |photos| Ok(photos.files.cut(id, offset)?)).await?;
        Err(refusal)
    }

    /// The right to keep so many bytes in memory until a client has sent them.
    pub(super) async fn admit(&self, bytes: u64, lease: &mut Lease) -> Result<OwnedSemaphorePermit, Refusal> {
        if usize::try_from(bytes)
            .is_ok_and(|bytes| bytes > self.memory.available_permits() * BYTES_PER_PERMIT)
        {
            self.ask_slowest_to_come_again();
        }
        let permit = permit(&self.memory, bytes);
        self.within((self.limits.memory_wait_max, Refusal::Busy), lease, permit).await
    }

    /// Whoever drips must not keep the memory from all others for ever.
    fn ask_slowest_to_come_again(&self) {
        let began_before_ms = self.clock.now_ms().saturating_sub(self.limits.memory_kept_ms);
        let slow: Vec<UploadId> = {
            let gathering = self.gathering();
            let slow = gathering.iter().filter(|(_, began_ms)| **began_ms <= began_before_ms);
            slow.map(|(id, _)| *id).collect()
        };
        slow.iter().for_each(|id| self.leases.interrupt(*id));
    }

    /// Reads a body whole, at most so many bytes, unless it stops coming or somebody else asks for the upload.
    pub(super) async fn collect<S, E>(
        &self,
        bytes_max: u64,
        chunk: &Chunk,
        body: S,
        lease: &mut Lease,
    ) -> Result<Bytes, Refusal>
    where
        S: Stream<Item = Result<Bytes, E>> + Unpin + Send,
    {
        let _gathering = Gathering::begin(self, lease.id());
        self.gather(bytes_max, chunk, body, lease).await
    }

    async fn gather<S, E>(
        &self,
        bytes_max: u64,
        chunk: &Chunk,
        mut body: S,
        lease: &mut Lease,
    ) -> Result<Bytes, Refusal>
    where
        S: Stream<Item = Result<Bytes, E>> + Unpin + Send,
    {
        if chunk.length.is_some_and(|length| length > bytes_max) {
            return Err(Refusal::MoreThanTold { length: chunk.offset + bytes_max });
        }
        // What comes in one piece is kept as it came: it holds no more than the connection's own buffer.
        let (mut only, mut all, mut length) = (Bytes::new(), Vec::new(), 0);
        while let Some(next) = self.next(&mut body, lease).await? {
            length += next.len() as u64;
            if length > bytes_max {
                return Err(Refusal::MoreThanTold { length: chunk.offset + bytes_max });
            }
            if only.is_empty() {
                only = next;
                continue;
            }
            if all.is_empty() {
                // The right to so much memory was given before.
                all.reserve(usize::try_from(chunk.length.unwrap_or(0)).unwrap_or(0));
                all.extend_from_slice(&only);
            }
            all.extend_from_slice(&next);
        }
        Ok(if all.is_empty() { only } else { all.into() })
    }

    /// Writes what comes as it comes. Answers where the upload stands then.
    async fn stream<S, E>(
        self: &Arc<Self>,
        upload: &Upload,
        start: u64,
        mut body: S,
        lease: &mut Lease,
    ) -> Result<u64, Refusal>
    where
        S: Stream<Item = Result<Bytes, E>> + Unpin + Send,
    {
        let (mut offset, mut waiting) = (start, Vec::new());
        let ended = loop {
            let next = match self.next(&mut body, lease).now_or_never() {
                Some(next) => next,
                None => {
                    // Nothing more is here: on a slow way, what came is written before the next is waited for.
                    self.write(upload.id, &mut waiting).await?;
                    self.next(&mut body, lease).await
                }
            };
            match next {
                Ok(None) => break Ok(()),
                Err(refusal) => break Err(refusal),
                Ok(Some(bytes)) => {
                    offset += bytes.len() as u64;
                    if offset > upload.bytes {
                        let refusal = Refusal::MoreThanTold { length: upload.bytes };
                        return self.take_back(upload.id, start, refusal).await;
                    }
                    waiting.extend_from_slice(&bytes);
                    if waiting.len() >= WRITE_BYTES {
                        self.write(upload.id, &mut waiting).await?;
                    }
                }
            }
        };
        self.write(upload.id, &mut waiting).await?;
        // The last bytes need not be durable by themselves: they are acknowledged as a photograph.
        if offset < upload.bytes {
            let id = upload.id;
            self.blocking(move |photos| Ok(photos.files.sync(id)?)).await?;
        }
        ended.map(|()| offset)
    }

    async fn write(self: &Arc<Self>, id: UploadId, waiting: &mut Vec<u8>) -> Result<(), Refusal> {
        let bytes = std::mem::take(waiting);
        if bytes.is_empty() {
            return Ok(());
        }
        self.blocking(move |photos| Ok(photos.files.append(id, &bytes)?)).await
    }

    /// What comes next; none at the end. Waits, but not for ever, and not when somebody else asks for the upload.
    async fn next<S, E>(&self, body: &mut S, lease: &mut Lease) -> Result<Option<Bytes>, Refusal>
    where
        S: Stream<Item = Result<Bytes, E>> + Unpin + Send,
    {
        let interrupted = pin!(lease.interrupted());
        let patience = pin!(self.pass(self.limits.idle_max));
        // The body first: what is here is taken in before anybody is listened to.
        match select(body.next(), select(interrupted, patience)).await {
            Either::Left((None, _)) => Ok(None),
            Either::Left((Some(Err(_)), _)) => Err(Refusal::BodyInterrupted),
            Either::Right((Either::Right(_), _)) => Err(Refusal::BodyTooSlow),
            Either::Left((Some(Ok(bytes)), _)) => {
                self.received_bytes.fetch_add(bytes.len() as u64, Ordering::Relaxed);
                Ok(Some(bytes))
            }
            Either::Right((Either::Left((refusal, _)), _)) => Err(refusal),
        }
    }

    /// Waits for what clients may hold up: not for ever, and not when the upload is asked for or the process stops.
    async fn within<T>(
        &self,
        (limit, late): (Duration, Refusal),
        lease: &mut Lease,
        work: impl Future<Output = Result<T, Refusal>>,
    ) -> Result<T, Refusal> {
        let stopped = pin!(lease.interrupted());
        let late = pin!(self.pass(limit).map(|()| late));
        // The work first: what can be done at once is done before anybody is listened to.
        match select(pin!(work), select(stopped, late)).await {
            Either::Left((done, _)) => done,
            Either::Right((Either::Left((refusal, _)) | Either::Right((refusal, _)), _)) => Err(refusal),
        }
    }

    /// Returns when so much time has passed; in a simulation none does during a request.
    pub(super) async fn pass(&self, time: Duration) {
        match self.running {
            Running::Threads => tokio::time::sleep(time).await,
            Running::Inline => std::future::pending().await,
        }
    }

    /// Runs to its end even when nobody waits for the answer any more: what came before a connection broke is kept.
    pub(super) async fn detached<T: Send + 'static>(
        &self,
        work: impl Future<Output = Result<T, Refusal>> + Send + 'static,
    ) -> Result<T, Refusal> {
        match self.running {
            Running::Threads => tokio::spawn(work).await.unwrap_or(Err(Refusal::Internal)),
            Running::Inline => work.await,
        }
    }
}
