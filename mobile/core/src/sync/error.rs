//! Why an exchange did not go on, and whether trying again can help.

use crate::message::Trouble;
use crate::platform::HttpError;
use crate::store::StoreError;
use bianfang_shared::wire::{CODE_NO_ROOM_FOR_RECORDS, CODE_QUOTA_REACHED, Problem};

/// Why an exchange did not go on.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SyncError {
    /// The centre was not reached, or gave no whole answer.
    #[error(transparent)]
    Http(#[from] HttpError),
    /// The token is not taken any more.
    #[error("the centre asks for a new sign-in")]
    SignedOut,
    /// The centre refused.
    #[error("the centre answered {}: {}", .0.status, .0.title)]
    Refused(Problem),
    /// An answer that is not what was asked for, as a hotel's sign-in page is.
    #[error("the answer cannot be read: {0}")]
    Unreadable(String),
    /// An answer that brings nothing forward; asking again at once would go on for ever.
    #[error("the centre's answer brings nothing forward: {0}")]
    NoProgress(&'static str),
    /// The database said no.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Sending is refused; fetching went on.
    #[error("sending is refused: {0}")]
    Blocked(Trouble),
    /// Another phone writes the same chain.
    #[error("another phone writes this chain")]
    Forked,
}

impl SyncError {
    /// Whether the same request can never succeed.
    pub(crate) fn is_permanent(&self) -> bool {
        match self {
            Self::Http(_) | Self::Unreadable(_) | Self::NoProgress(_) | Self::Forked => false,
            Self::SignedOut => true,
            Self::Refused(problem) => problem.permanent,
            Self::Store(error) => error.is_permanent(),
            Self::Blocked(trouble) => !trouble.may_retry,
        }
    }

    /// Whether the centre takes nothing more for a while, and gives out as before.
    pub(crate) fn is_of_sending(&self) -> bool {
        let codes = [CODE_QUOTA_REACHED, CODE_NO_ROOM_FOR_RECORDS];
        matches!(self, Self::Refused(problem) if codes.contains(&problem.code.as_str()))
    }

    /// Whether the centre may have done what was asked all the same.
    pub(crate) fn leaves_open(&self) -> bool {
        match self {
            Self::Http(_) => true,
            Self::Refused(problem) => problem.status >= 500,
            _ => false,
        }
    }
}

impl From<crate::store::scopes::TakeError> for SyncError {
    fn from(error: crate::store::scopes::TakeError) -> Self {
        match error {
            crate::store::scopes::TakeError::Store(error) => Self::Store(error),
            crate::store::scopes::TakeError::Forked => Self::Forked,
        }
    }
}

impl From<SyncError> for Trouble {
    fn from(error: SyncError) -> Self {
        let may_retry = !error.is_permanent();
        let code = match &error {
            SyncError::Http(HttpError::TooLarge) | SyncError::Unreadable(_) | SyncError::NoProgress(_) => {
                "server_trouble"
            }
            SyncError::Http(_) => "offline",
            SyncError::SignedOut => "signed_out",
            SyncError::Refused(problem) => refusal(problem),
            SyncError::Forked => "server_trouble",
            SyncError::Store(_) | SyncError::Blocked(_) => "",
        };
        let detail = match &error {
            SyncError::Refused(Problem { detail: Some(detail), title, .. }) => format!("{title} {detail}"),
            SyncError::Refused(problem) => problem.title.clone(),
            other => other.to_string(),
        };
        match error {
            SyncError::Store(error) => error.into(),
            SyncError::Blocked(trouble) => trouble,
            _ => Trouble { code: code.to_owned(), detail, may_retry },
        }
    }
}

fn refusal(problem: &Problem) -> &'static str {
    match problem.code.as_str() {
        CODE_QUOTA_REACHED => return CODE_QUOTA_REACHED,
        CODE_NO_ROOM_FOR_RECORDS | "no_room" => return "centre_full",
        _ => (),
    }
    match problem.status {
        404 => "not_found",
        413 => "too_large",
        408 | 429 | 500.. => "server_trouble",
        _ => "server_refused",
    }
}
