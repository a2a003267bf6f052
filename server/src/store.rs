//! What the service keeps, as operations named after use cases. Knows no SQL, no HTTP and no rule of the field:
//! what to write is decided in [`crate::service`].
//!
//! A store is durable when a writing operation returns. Every implementation passes [`conformance`].

pub mod conformance;
pub mod faults;
pub mod ledgers;
pub mod log;
pub mod memory;
pub mod people;
pub mod photos;
pub mod sqlite;

use bianfang_shared::id::Epoch;

pub use ledgers::LedgerStore;
pub use log::LogStore;
pub use people::PeopleStore;
pub use photos::PhotoStore;

/// The note of which life of the log follows another.
pub(crate) const FOLLOWS_ANOTHER: &str = "restored";

/// All a store does.
pub trait Store: LogStore + PeopleStore + LedgerStore + PhotoStore + Send + Sync + std::fmt::Debug {
    /// This life of the log.
    fn epoch(&self) -> StoreResult<Epoch>;

    /// Begins a new life of the log, after it was restored from a backup.
    fn begin_epoch(&self, epoch: Epoch) -> StoreResult<()>;
    /// Whether this life of the log follows another: then phones may say what that one had.
    fn follows_another(&self) -> StoreResult<bool> {
        Ok(self.note(FOLLOWS_ANOTHER)? == Some(self.epoch()?.to_string()))
    }

    /// A word kept under a name, such as whether the data were made by `demo`.
    fn note(&self, name: &str) -> StoreResult<Option<String>>;

    /// Keeps a word under a name.
    fn set_note(&self, name: &str, text: &str) -> StoreResult<()>;

    /// Whether the store answers at all.
    fn ready(&self) -> StoreResult<()> {
        self.epoch().map(drop)
    }

    /// Whether it can be written to: writes a word, durably.
    fn check_writing(&self, at_ms: i64) -> StoreResult<()> {
        self.set_note("writing_checked_at_ms", &at_ms.to_string())
    }
}

/// What a store answers.
pub type StoreResult<T> = Result<T, StoreError>;

/// The store could not do it. Nothing of what was asked has happened.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database refused or could not be reached; the same may succeed later.
    #[error("the database did not answer")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The disk has no room left; the same succeeds when somebody has made some.
    #[error("the disk of the database is full")]
    Full(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// Something kept cannot be read back. Run `verify`.
    #[error("what is kept cannot be read: {0}")]
    Damaged(String),
    /// What was to be kept cannot be, or could not be read back. Everything else still can.
    #[error("what is to be kept cannot be written: {0}")]
    CannotBeKept(String),
}

impl StoreError {
    /// Whether the same can never succeed: it fails because of what is held or was to be held, and not because the store
    /// is out of reach. Then whatever has nothing to do with it succeeds by itself.
    pub fn is_permanent(&self) -> bool {
        match self {
            Self::Damaged(_) | Self::CannotBeKept(_) => true,
            Self::Unavailable(_) | Self::Full(_) => false,
        }
    }
}
