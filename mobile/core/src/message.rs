//! What the screens ask of the device core and what it answers: plain data, the same in one process and across
//! the browser's worker border. Holds no behaviour.

mod entries;
mod forms;
mod households;
mod photos;
mod records;
mod request;
mod status;
mod today;
mod uploads;

pub use entries::{Entries, EntryDetail, EntryFilter, EntryRow, MonthSheet, SheetDay, StepRow};
pub use forms::{FormView, SavedForm};
pub use households::{HouseholdRow, HouseholdView, Households};
pub use photos::{KeptPhoto, PhotoRow, PhotoState, Picture, SimilarHere, TakenPhoto};
pub use records::{Companion, Place, RecordRow, RecordView};
pub use request::{LIST_ROWS, PHOTOS_WIFI_ONLY, Reply, Request, Trouble};
pub use status::{Status, SyncPhase, SyncState};
pub use today::{DraftRow, DueRow, TaskRow, Today, Uncounted, WhyUncounted};
pub use uploads::{ConflictRow, EditRow, ExportFile, Uploads};

use serde::{Deserialize, Serialize};

/// A question with the number that its answer will carry.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Envelope {
    /// Chosen by the screens, unique among those still open.
    pub id: u64,
    /// The question.
    pub request: Request,
}

/// From the core to the screens: an answer, or news that nobody asked for.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "message", rename_all = "snake_case")]
pub enum Message {
    /// The answer to the request of this number.
    Answer {
        /// The request's number.
        id: u64,
        /// The answer, or why there is none.
        result: Result<Reply, Trouble>,
    },
    /// Something changed. Screens that show it ask again.
    News(News),
}

/// What changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "news", rename_all = "snake_case")]
pub enum News {
    /// The state of the exchange with the centre.
    Sync {
        /// The state.
        state: SyncState,
    },
    /// Ledgers, records or drafts on this device.
    Data,
    /// The person has to sign in again; unsent records stay.
    SignedOut,
}
