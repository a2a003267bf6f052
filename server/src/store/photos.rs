//! Photographs: which are held, which operations name them, which look alike, whose records have to be assessed again,
//! and which uploads are under way. Their bytes lie elsewhere, see [`crate::files`].

use super::StoreResult;
use super::ledgers::AreaRange;
use bianfang_shared::area::AreaCode;
use bianfang_shared::evidence::Evidence;
use bianfang_shared::id::{DeviceId, EntityId, ObservationId, OpId, UserId};
use bianfang_shared::op::{Body, Op};
use std::fmt;
use std::str::FromStr;

/// Keeps what is known of photographs.
///
/// What is known of a photograph that is held follows from its bytes, which are on the disk before it is noted. So to
/// note it waits for no flush: if the power goes first, or the process, the next start notes it anew ([`Photos::adopt`]) and it is looked
/// at again. Everything else is durable when it answers.
///
/// [`Photos::adopt`]: crate::service::photos::Photos::adopt
pub trait PhotoStore {
    /// Begins an upload, if the limits allow. Those of the same account and device for the same photograph end: their
    /// answers were lost, and nobody knows their addresses. So do the earliest of too many finished ones of the account.
    fn begin_upload(&self, upload: &Upload, limits: UploadLimits) -> StoreResult<BeginUpload>;
    /// An upload, under way or done.
    fn upload(&self, id: UploadId) -> StoreResult<Option<Upload>>;
    /// Ends an upload. Answers whether there was one.
    fn end_upload(&self, id: UploadId) -> StoreResult<bool>;
    /// Uploads that expired before this time, the earliest first.
    fn expired_uploads(&self, now_ms: i64, rows_max: usize) -> StoreResult<Vec<Upload>>;

    /// Notes that a photograph is held, and that this upload brought it. Answers whether that is new. One whose bytes
    /// were missing counts as here again; one without a likeness is to be looked at again. Brought by another account than
    /// the first, it counts as brought by both.
    fn keep_photo(&self, photo: &HeldPhoto, by: Option<UploadId>) -> StoreResult<bool>;
    /// As [`Self::keep_photo`], of one that came whole as its upload began. Nothing is noted of that upload; others of the
    /// same account and device end by it. Whoever asks finds it so, but it may be written with the next ones only: a
    /// process that is killed may have taken it back.
    fn keep_whole(&self, photo: &HeldPhoto, device: DeviceId) -> StoreResult<()>;
    /// Notes that the bytes of a photograph are not where they should be. Records that name it are to be assessed again.
    fn note_missing(&self, id: PhotoId) -> StoreResult<()>;
    /// A photograph that is held.
    fn photo(&self, id: PhotoId) -> StoreResult<Option<HeldPhoto>>;
    /// Photographs that are held, in the order of their names, after this one.
    fn photos(&self, after: Option<PhotoId>, rows_max: usize) -> StoreResult<Vec<HeldPhoto>>;

    /// Photographs that nobody has looked at yet and that are not missing, the first received first, after the one that
    /// was received then.
    fn photos_to_examine(
        &self,
        after: Option<(i64, PhotoId)>,
        rows_max: usize,
    ) -> StoreResult<Vec<HeldPhoto>>;
    /// Notes what was seen in photographs, in one step. Records that name one of them, or one that it is like, are to be
    /// assessed again.
    fn note_examined(&self, photos: &[(PhotoId, Examined)]) -> StoreResult<()>;
    /// Photographs that look like this one, with their distance, the nearest first.
    fn photos_alike(&self, id: PhotoId) -> StoreResult<Vec<(PhotoId, u32)>>;
    /// The likeness of every photograph that has one, in the order of their names, after this one.
    fn likenesses(&self, after: Option<PhotoId>, rows_max: usize) -> StoreResult<Vec<(PhotoId, String)>>;

    /// The operations that name a photograph, in the order of their names, after this one.
    fn photo_uses(&self, id: PhotoId, after: Option<OpId>, rows_max: usize) -> StoreResult<Vec<PhotoUse>>;
    /// Whether a record that stands in the ledger names a photograph, and came in before another one.
    fn photo_named_before(&self, id: PhotoId, before: &Before<'_>) -> StoreResult<bool>;
    /// Whether a merged operation of one of these areas opens it to those who see the operation. It does if its author's
    /// account brought the photograph, or if it is the earliest merged one that names it: whoever only knows a hash
    /// opens nothing by naming it.
    fn photo_opened_in(&self, id: PhotoId, areas: &[AreaRange]) -> StoreResult<bool>;
    /// Whether this account brought a photograph. Where nobody is known to have brought it, whoever named it first counts.
    fn photo_brought_by(&self, id: PhotoId, account: UserId) -> StoreResult<bool>;
    /// Notes that an account has a photograph which others brought before: it need not bring it again. Records that name
    /// it are to be assessed again.
    fn note_brought(&self, id: PhotoId, account: UserId) -> StoreResult<()>;
    /// Photographs that are named and not held, in the order of their names, after this one.
    fn photos_missing(&self, after: Option<PhotoId>, rows_max: usize) -> StoreResult<Vec<PhotoId>>;

    /// Photographs that are held, were received before this time, and that no operation names; some of them.
    fn photos_unnamed(&self, received_before_ms: i64, rows_max: usize) -> StoreResult<Vec<PhotoId>>;
    /// Holds a photograph no more that no operation names, and notes when it was let go. Answers whether that was so: it may
    /// have been named meanwhile.
    fn let_photo_go(&self, id: PhotoId, at_ms: i64) -> StoreResult<bool>;
    /// When a photograph was let go, noted as of now where nobody knows. Nothing of one that is held or named.
    fn photo_let_go_at(&self, id: PhotoId, now_ms: i64) -> StoreResult<Option<i64>>;
    /// Forgets that a photograph was let go: it is here again, or gone for good.
    fn forget_let_go(&self, id: PhotoId) -> StoreResult<()>;

    /// Photographs of which something new is known that records are to be assessed by, in the order of their names,
    /// after this one.
    fn photos_due(&self, after: Option<PhotoId>, rows_max: usize) -> StoreResult<Vec<Due>>;
    /// Writes what records are worth now, and that these were dealt with, unless they fell due again since.
    fn note_assessed(&self, dealt_with: &[Due], records: &[(ObservationId, Evidence)]) -> StoreResult<()>;
}

/// A photograph's name: SHA-256 of its bytes. Written as 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PhotoId(pub [u8; 32]);

/// The text names no photograph.
#[derive(Debug, thiserror::Error)]
#[error("a photograph is named by 64 lower-case hexadecimal digits")]
pub struct BadPhotoId;

impl FromStr for PhotoId {
    type Err = BadPhotoId;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        // One spelling only: a name is compared as text elsewhere.
        if text.bytes().any(|b| b.is_ascii_uppercase()) {
            return Err(BadPhotoId);
        }
        let bytes = hex::decode(text).map_err(|_| BadPhotoId)?;
        bytes.try_into().map(Self).map_err(|_| BadPhotoId)
    }
}

impl fmt::Display for PhotoId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for PhotoId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Photo({self})")
    }
}

/// An upload's name. Random, so that nobody can guess it, but of a photograph that came whole. Written as 32 lower-case
/// hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UploadId(pub [u8; 16]);

impl UploadId {
    /// Of the upload by which a photograph came whole, as it began: the first half of the photograph's name, so that
    /// nothing has to be noted of it.
    pub fn of_whole(photo: PhotoId) -> Self {
        let mut half = [0; 16];
        half.copy_from_slice(&photo.0[..16]);
        Self(half)
    }

    /// The name just before those of the photographs that have this half.
    pub fn before_wholes(self) -> PhotoId {
        let mut name = [0; 32];
        name[..16].copy_from_slice(&self.0);
        PhotoId(name)
    }
}

impl FromStr for UploadId {
    type Err = BadPhotoId;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bytes = hex::decode(text).map_err(|_| BadPhotoId)?;
        bytes.try_into().map(Self).map_err(|_| BadPhotoId)
    }
}

impl fmt::Display for UploadId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for UploadId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Upload({self})")
    }
}

/// A photograph that is held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldPhoto {
    /// Its name.
    pub id: PhotoId,
    /// Length in bytes.
    pub bytes: u64,
    /// When it was complete, in milliseconds since 1970.
    pub received_at_ms: i64,
    /// Who brought it first; [`NOBODY`] where that is not known.
    pub uploader: UserId,
    /// What was seen in it; none until somebody looked.
    pub seen: Option<Seen>,
    /// Whether its bytes were not there, or others, when they were last read.
    pub missing: bool,
}

/// Who brought a photograph of which only the bytes are known.
pub const NOBODY: UserId = UserId(uuid::Uuid::nil());

/// What was seen in a photograph.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// Width in pixels; 0 where it cannot be decoded.
    pub width: u32,
    /// Height in pixels; 0 where it cannot be decoded.
    pub height: u32,
    /// Its perceptual hash as text; none where it cannot be decoded.
    pub likeness: Option<String>,
}

/// What came of looking at a photograph.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Examined {
    /// What was seen in it.
    pub seen: Seen,
    /// The photographs it is like, with their distance.
    pub alike: Vec<(PhotoId, u32)>,
}

/// An operation that names a photograph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhotoUse {
    /// The photograph.
    pub photo: PhotoId,
    /// The operation, by the chain it was sent under. Merged or set aside.
    pub op: OpId,
    /// The village that it names.
    pub scope: AreaCode,
    /// The record that it makes, if it makes one.
    pub record: Option<ObservationId>,
}

/// Which records count as earlier than another one.
#[derive(Clone, Copy, Debug)]
pub struct Before<'a> {
    /// When the other one came in, and its name: of two that came at once, the names decide.
    pub than: (i64, ObservationId),
    /// Records that do not count.
    pub besides: &'a [ObservationId],
    /// An entry whose records do not count.
    pub not_about: Option<EntityId>,
}

impl Before<'_> {
    /// Whether this record, which came in then, counts.
    pub fn holds(&self, record: (i64, ObservationId), subject: EntityId) -> bool {
        record < self.than && !self.besides.contains(&record.1) && self.not_about != Some(subject)
    }
}

/// What names a photograph in an operation that was sent as `name`. One that no photograph can have is left out.
pub fn uses_of(op: &Op, name: OpId) -> Vec<PhotoUse> {
    let record = match &op.body {
        Body::Record { observation } => Some(observation.id),
        _ => None,
    };
    let mut uses: Vec<PhotoUse> = Vec::new();
    for photo in op.body.photos().iter().filter_map(|photo| photo.sha256.parse().ok()) {
        if uses.iter().all(|known| known.photo != photo) {
            uses.push(PhotoUse { photo, op: name, scope: op.scope, record });
        }
    }
    uses
}

/// A photograph of which something new is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// Which.
    pub photo: PhotoId,
    /// Counts up each time it falls due.
    pub turn: i64,
}

/// An upload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upload {
    /// Its name.
    pub id: UploadId,
    /// The photograph that it brings.
    pub photo: PhotoId,
    /// Length in bytes.
    pub bytes: u64,
    /// Whose it is.
    pub account: UserId,
    /// From which device.
    pub device: DeviceId,
    /// What the client said of it, to be said again to whoever asks: checked to be plain text for a header.
    pub metadata: String,
    /// When it began, in milliseconds since 1970.
    pub began_at_ms: i64,
    /// From when it cannot be gone on with.
    pub expires_at_ms: i64,
    /// Whether the photograph is held, so that nothing is left to do.
    pub done: bool,
}

/// How much may be under way.
#[derive(Clone, Copy, Debug)]
pub struct UploadLimits {
    /// Unfinished uploads of one account.
    pub open_of_account_max: u64,
    /// Bytes that all unfinished uploads may come to.
    pub open_bytes_max: u64,
    /// Finished uploads of one account beside the one that begins.
    pub done_of_account_max: u64,
}

/// What became of beginning an upload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BeginUpload {
    /// It may go on. These others of the same account, device and photograph have ended.
    Begun {
        /// Their names.
        ended: Vec<UploadId>,
    },
    /// The account has too many under way.
    TooMany,
    /// All together have too many bytes under way.
    NoRoom,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_photograph_has_one_spelling() {
        let digits = "0123456789abcdef".repeat(4);
        assert_eq!(digits.parse::<PhotoId>().map(|id| id.to_string()).ok(), Some(digits.clone()));
        for bad in [&digits.to_uppercase(), &digits[1..], &format!("{digits}00"), &digits.replace('0', "g")] {
            assert!(bad.parse::<PhotoId>().is_err(), "{bad}");
        }
    }
}
