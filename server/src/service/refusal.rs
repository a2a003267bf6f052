//! Why a request was not done, in words for programs and for people. Every answer says what happened and what to do.

use crate::store::StoreError;
use bianfang_shared::wire::Problem;

/// Seconds after which a request that met a full queue or a failing database is worth repeating.
pub const RETRY_AFTER_S: u64 = 2;

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
    #[error("the centre is busy")]
    Busy,
    #[error("the centre is shutting down")]
    ShuttingDown,
    #[error("the centre could not reach its database")]
    Store(#[from] StoreError),
    #[error("something went wrong at the centre")]
    Internal,
}

impl Refusal {
    /// Its word for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::BadRequest { .. } => "bad_request",
            Self::BodyTooLarge { .. } => "body_too_large",
            Self::TooManyOps { .. } => "too_many_ops",
            Self::BodyInterrupted => "body_interrupted",
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
            Self::NotFound | Self::UnknownDevice => 404,
            Self::WrongMethod => 405,
            Self::DeviceHasOtherKey | Self::DeviceOfAnother | Self::Taken { .. } => 409,
            Self::BodyTooLarge { .. } | Self::TooManyOps { .. } => 413,
            Self::UnsupportedBody { .. } => 415,
            Self::BadSignature | Self::BadValue { .. } => 422,
            Self::TooManyAttempts { .. } => 429,
            Self::Internal => 500,
            Self::Store(error) if error.is_permanent() => 500,
            Self::Busy | Self::ShuttingDown | Self::Store(_) => 503,
        }
    }

    /// Whether the same request can never succeed.
    pub fn is_permanent(&self) -> bool {
        match self {
            Self::BodyInterrupted
            | Self::TooManyAttempts { .. }
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
            Self::TooManyAttempts { retry_after_s } => Some(*retry_after_s),
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
