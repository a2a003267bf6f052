//! Why a request was not done, in words for programs and for people. Every answer says what happened and what to do.

use crate::files::FileError;
use crate::store::StoreError;
use bianfang_shared::wire::{CODE_NO_ROOM_FOR_RECORDS, CODE_QUOTA_REACHED, Problem};

/// Seconds after which a request that met a full queue or a failing database is worth repeating.
pub const RETRY_AFTER_S: u64 = 2;
/// Seconds after which one is worth repeating that found no room: somebody has to make some.
pub const RETRY_WITHOUT_ROOM_S: u64 = 300;

/// A request was not done.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs, reason = "each text below says what it means")]
pub enum Refusal {
    #[error("the request cannot be read")]
    BadRequest { detail: String },
    #[error("the body is larger than {max} bytes")]
    BodyTooLarge { max: usize },
    #[error("more than {max} operations in one push")]
    TooManyOps { max: usize },
    #[error("the body did not arrive whole")]
    BodyInterrupted,
    #[error("the body took too long to arrive")]
    BodyTooSlow,
    #[error("the content type or encoding is not understood")]
    UnsupportedBody { detail: String },
    #[error("not signed in, or signed out since")]
    NotSignedIn,
    #[error("the user name or the password is wrong")]
    BadCredentials,
    #[error("too many attempts to sign in")]
    TooManyAttempts { retry_after_s: u64 },
    #[error("this account is closed")]
    AccountClosed,
    #[error("this device was taken out of service")]
    DeviceRevoked,
    #[error("this device is enrolled with another key")]
    DeviceHasOtherKey,
    #[error("this device is enrolled for another person")]
    DeviceOfAnother,
    #[error("the device is not enrolled here")]
    UnknownDevice,
    #[error("the signature does not fit the head and this device's key")]
    BadSignature,
    #[error("your role or areas do not allow this")]
    Forbidden,
    #[error("nothing is found under this address")]
    NotFound,
    #[error("this address does not know this method")]
    WrongMethod,
    #[error("this is taken")]
    Taken { detail: String },
    #[error("a value is not acceptable")]
    BadValue { detail: String },
    #[error("the demo password opens demo data only")]
    DemoPassword,
    #[error("this version of tus is not spoken here")]
    TusVersion,
    #[error("there is no such upload")]
    NoSuchUpload,
    #[error("this upload has expired or cannot be gone on with")]
    UploadGone,
    #[error("the upload stands at byte {offset}, not where this would begin")]
    WrongOffset { offset: u64 },
    #[error("another request is writing to this upload")]
    UploadLocked,
    #[error("the chunk arrived garbled")]
    WrongChecksum,
    #[error("a photograph has at most {max} bytes")]
    PhotoTooLarge { max: u64 },
    #[error("this is more than the upload was said to have, {length} bytes")]
    MoreThanTold { length: u64 },
    #[error("the bytes are not those that the photograph is named by")]
    WrongHash,
    #[error("these bytes are no photograph")]
    NotAPhotograph,
    #[error("too many uploads are under way from this account")]
    TooManyUploads,
    #[error("the centre has no room for photographs at the moment")]
    NoRoom,
    #[error("the centre has no room for records at the moment")]
    NoRoomForOps,
    #[error("more than {max} {what} from you within a day")]
    QuotaReached { what: &'static str, max: u64, retry_after_s: u64 },
    #[error("the centre could not reach its photographs")]
    Files(#[source] FileError),
    #[error("the centre is busy")]
    Busy,
    #[error("the centre is shutting down")]
    ShuttingDown,
    #[error("the centre could not reach its database")]
    Store(#[from] StoreError),
    #[error("something went wrong at the centre")]
    Internal,
}

impl From<FileError> for Refusal {
    fn from(error: FileError) -> Self {
        match error {
            FileError::Full(cause) => {
                tracing::error!(%cause, "no room for photographs");
                Self::NoRoom
            }
            FileError::Failed(_) => Self::Files(error),
        }
    }
}

impl Refusal {
    /// Its word for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::BadRequest { .. } => "bad_request",
            Self::BodyTooLarge { .. } => "body_too_large",
            Self::TooManyOps { .. } => "too_many_ops",
            Self::BodyInterrupted => "body_interrupted",
            Self::BodyTooSlow => "body_too_slow",
            Self::UnsupportedBody { .. } => "unsupported_body",
            Self::NotSignedIn => "not_signed_in",
            Self::BadCredentials => "bad_credentials",
            Self::TooManyAttempts { .. } => "too_many_attempts",
            Self::AccountClosed => "account_closed",
            Self::DeviceRevoked => "device_revoked",
            Self::DeviceHasOtherKey => "device_has_other_key",
            Self::DeviceOfAnother => "device_of_another",
            Self::UnknownDevice => "unknown_device",
            Self::BadSignature => "bad_signature",
            Self::Forbidden => "forbidden",
            Self::NotFound => "not_found",
            Self::WrongMethod => "wrong_method",
            Self::Taken { .. } => "taken",
            Self::BadValue { .. } => "bad_value",
            Self::DemoPassword => "demo_password",
            Self::TusVersion => "tus_version",
            Self::NoSuchUpload => "no_such_upload",
            Self::UploadGone => "upload_gone",
            Self::WrongOffset { .. } => "wrong_offset",
            Self::UploadLocked => "upload_locked",
            Self::WrongChecksum => "wrong_checksum",
            Self::PhotoTooLarge { .. } => "photo_too_large",
            Self::MoreThanTold { .. } => "more_than_told",
            Self::WrongHash => "wrong_hash",
            Self::NotAPhotograph => "not_a_photograph",
            Self::TooManyUploads => "too_many_uploads",
            Self::NoRoom => "no_room",
            Self::NoRoomForOps => CODE_NO_ROOM_FOR_RECORDS,
            Self::Store(StoreError::Full(_)) => CODE_NO_ROOM_FOR_RECORDS,
            Self::QuotaReached { .. } => CODE_QUOTA_REACHED,
            Self::Files(_) => "photos_unavailable",
            Self::Busy => "busy",
            Self::ShuttingDown => "shutting_down",
            Self::Store(_) => "store_unavailable",
            Self::Internal => "internal",
        }
    }

    /// Its HTTP status.
    pub fn status(&self) -> u16 {
        match self {
            Self::BadRequest { .. } | Self::BodyInterrupted => 400,
            Self::NotSignedIn | Self::BadCredentials => 401,
            Self::AccountClosed | Self::DeviceRevoked | Self::Forbidden | Self::DemoPassword => 403,
            Self::NotFound | Self::UnknownDevice | Self::NoSuchUpload => 404,
            Self::WrongMethod => 405,
            Self::BodyTooSlow => 408,
            Self::DeviceHasOtherKey
            | Self::DeviceOfAnother
            | Self::Taken { .. }
            | Self::WrongOffset { .. } => 409,
            Self::UploadGone => 410,
            Self::TusVersion => 412,
            Self::BodyTooLarge { .. }
            | Self::TooManyOps { .. }
            | Self::PhotoTooLarge { .. }
            | Self::MoreThanTold { .. } => 413,
            Self::UnsupportedBody { .. } => 415,
            Self::BadSignature | Self::BadValue { .. } | Self::WrongHash | Self::NotAPhotograph => 422,
            Self::UploadLocked => 423,
            Self::TooManyAttempts { .. } | Self::TooManyUploads | Self::QuotaReached { .. } => 429,
            // Given by tus; no status of HTTP itself.
            Self::WrongChecksum => 460,
            Self::Internal => 500,
            Self::Store(error) if error.is_permanent() => 500,
            Self::NoRoomForOps | Self::Store(StoreError::Full(_)) => 507,
            Self::Busy | Self::ShuttingDown | Self::Store(_) | Self::Files(_) => 503,
            Self::NoRoom => 507,
        }
    }

    /// Whether the same request can never succeed.
    pub fn is_permanent(&self) -> bool {
        match self {
            Self::BodyInterrupted
            | Self::BodyTooSlow
            | Self::TooManyAttempts { .. }
            // Another request for the same photograph may succeed.
            | Self::UploadGone
            | Self::NoSuchUpload
            | Self::WrongOffset { .. }
            | Self::UploadLocked
            | Self::WrongChecksum
            | Self::WrongHash
            | Self::TooManyUploads
            | Self::NoRoom
            | Self::NoRoomForOps
            | Self::QuotaReached { .. }
            | Self::Files(_)
            | Self::Busy
            | Self::ShuttingDown
            | Self::Internal => false,
            Self::Store(error) => error.is_permanent(),
            _ => true,
        }
    }

    /// When the same request is worth repeating.
    pub fn retry_after_s(&self) -> Option<u64> {
        match self {
            Self::TooManyAttempts { retry_after_s } | Self::QuotaReached { retry_after_s, .. } => {
                Some(*retry_after_s)
            }
            Self::UploadLocked => Some(RETRY_AFTER_S),
            Self::TooManyUploads | Self::NoRoom | Self::NoRoomForOps | Self::Store(StoreError::Full(_)) => {
                Some(RETRY_WITHOUT_ROOM_S)
            }
            _ if self.status() == 503 => Some(RETRY_AFTER_S),
            _ => None,
        }
    }

    /// What to do about it.
    fn advice(&self) -> String {
        let advice = match self {
            Self::BadRequest { detail }
            | Self::UnsupportedBody { detail }
            | Self::Taken { detail }
            | Self::BadValue { detail } => detail.as_str(),
            Self::BodyTooLarge { .. } | Self::TooManyOps { .. } => {
                "Send less at once; GET /api/v1/session tells the limits."
            }
            Self::BodyInterrupted => "Send it again.",
            Self::BodyTooSlow => "Nothing came for too long. Send it again, or less at once.",
            Self::NotSignedIn => {
                "Sign in again; what was recorded stays on the device and is sent afterwards."
            }
            Self::BadCredentials => "Check both; an administrator can set a new password.",
            Self::TooManyAttempts { .. } => "Wait a little before trying again.",
            Self::AccountClosed => "Ask an administrator to open it again; nothing on the device is lost.",
            Self::DeviceRevoked => {
                "Ask an administrator. What was not sent can be exported to a file and handed over."
            }
            Self::DeviceHasOtherKey => "Enrol under a new device id.",
            Self::DeviceOfAnother => "Enrol under a new device id, or let that person sign in.",
            Self::UnknownDevice => "Sign in on this device first.",
            Self::BadSignature => "The device enrols anew and sends again what was not acknowledged.",
            Self::Forbidden => "An administrator can widen the role or the areas.",
            Self::DemoPassword => "Set another password: bianfang-server user passwd NAME.",
            Self::TusVersion => "Send Tus-Resumable: 1.0.0.",
            Self::NoSuchUpload | Self::UploadGone => "Begin a new upload of the photograph.",
            Self::WrongOffset { .. } => "Ask with HEAD where the upload stands and go on from there.",
            Self::UploadLocked => "Ask with HEAD where the upload stands; that ends the other request.",
            Self::WrongChecksum => "Send the chunk again; nothing of it was kept.",
            Self::PhotoTooLarge { .. } => "Make the picture smaller.",
            Self::MoreThanTold { .. } => "Nothing of it was kept. Send what is missing and no more.",
            Self::WrongHash => {
                "The upload is gone. Begin a new one, with the SHA-256 of the very bytes that are sent."
            }
            Self::NotAPhotograph => {
                "The upload is gone. Photographs are kept as JPEG; these bytes begin as something else."
            }
            Self::TooManyUploads => "Finish or end some first.",
            Self::QuotaReached { .. } => {
                "Nothing of it was taken in, and nothing is lost: it stays on the phone and is sent later by itself."
            }
            Self::NoRoomForOps | Self::Store(StoreError::Full(_)) => {
                "Nothing of it was taken in: it stays on the phone and is sent later by itself. An administrator has to \
                 make room on the disk."
            }
            Self::NoRoom => {
                "What was acknowledged is kept; an administrator has to make room on the disk. Try again later."
            }
            Self::Files(_) => "Try again in a moment; what was acknowledged is kept.",
            Self::Busy | Self::ShuttingDown => "Try again in a moment; nothing is lost.",
            Self::Store(error) if error.is_permanent() => {
                "An administrator should run: bianfang-server verify."
            }
            Self::Store(_) => "Try again in a moment; nothing of the request was taken in.",
            Self::Internal => "Try again; if it stays, tell an administrator the time.",
            Self::NotFound => "It may be gone, or lie outside the areas granted to you.",
            Self::WrongMethod => "GET /api/openapi.json tells which methods there are.",
        };
        advice.to_owned()
    }

    /// The answer as it is sent.
    pub fn problem(&self) -> Problem {
        Problem {
            code: self.code().to_owned(),
            status: self.status(),
            title: sentence(&self.to_string()),
            detail: Some(self.advice()),
            permanent: self.is_permanent(),
        }
    }
}

fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", chars.as_str())
}

/// An error with all that is behind it, for the log.
pub(crate) fn causes(error: &dyn std::error::Error) -> String {
    let chain = std::iter::successors(Some(error), |error| error.source());
    let mut texts: Vec<String> = chain.map(ToString::to_string).collect();
    // What passes another error on says the same twice.
    texts.dedup();
    texts.join(": ")
}
