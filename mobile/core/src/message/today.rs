//! 今日: what is due, what was begun. The rows of ledgers and records in it stand with their own kind.

use super::{EntryRow, HouseholdRow, RecordRow};
use bianfang_shared::id::EntityId;
use bianfang_shared::observation::ObservationKind;
use serde::{Deserialize, Serialize};

/// 今日.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Today {
    /// Households due, overdue first, then nearest; at most [`LIST_ROWS`](super::LIST_ROWS).
    pub due: Vec<DueRow>,
    /// How many are due in all.
    pub due_total: u64,
    /// How many of them are overdue.
    pub overdue_total: u64,
    /// Records sent back to this person.
    pub sent_back: Vec<RecordRow>,
    /// Forms begun and not saved.
    pub drafts: Vec<DraftRow>,
    /// Visits with someone at home by this person this month.
    pub visited_this_month: u64,
    /// Inspections, checks and attendances that are due, overdue first, then nearest; at most [`LIST_ROWS`](super::LIST_ROWS).
    #[serde(default)]
    pub tasks: Vec<TaskRow>,
    /// How many of them are due in all.
    #[serde(default)]
    pub tasks_total: u64,
    /// Problems that are this person's to work on or to accept, most urgent first; at most
    /// [`LIST_ROWS`](super::LIST_ROWS).
    #[serde(default)]
    pub issues: Vec<EntryRow>,
    /// How many of them there are in all.
    #[serde(default)]
    pub issues_total: u64,
}

/// An inspection, a check or an attendance that is due.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TaskRow {
    /// What is to be recorded.
    pub kind: ObservationKind,
    /// What about.
    pub entry: EntryRow,
    /// The day it is due, `2025-07-18`.
    pub due_on: String,
    /// Days past that; negative while there is time.
    pub overdue_days: i64,
    /// The rule that asks for it; its message is `rule-<key>`.
    pub rule: String,
    /// The last record that counts, `2025-07-18`.
    #[serde(default)]
    pub last_on: Option<String>,
}

/// A household that is due.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DueRow {
    /// The household.
    pub household: HouseholdRow,
    /// The day it is due, `2025-07-18`.
    pub due_on: String,
    /// Days past that; negative while there is time.
    pub overdue_days: i64,
    /// The rule that asks for it; its message is `rule-<key>`.
    pub rule: String,
    /// The last visit at home that this rule counts, `2025-07-18`. The row of the household has the last one recorded.
    #[serde(default)]
    pub last_visit_on: Option<String>,
    /// A later visit at home that this rule does not count.
    #[serde(default)]
    pub uncounted: Option<Uncounted>,
}

/// A visit at home that moves no due day, so that nobody wonders why a household visited is due.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Uncounted {
    /// The day of the visit, `2025-07-18`.
    pub on: String,
    /// Why it does not count.
    pub why: WhyUncounted,
}

/// Why a visit does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WhyUncounted {
    /// A supervisor sent it back.
    SentBack,
    /// The centre set it aside.
    SetAside,
    /// Its evidence is insufficient.
    TooWeak,
    /// Somebody else made it, and the rule asks for the person's own.
    NotOwn,
    /// A reason of a newer version.
    #[serde(other)]
    Unknown,
}

/// A form begun and not saved.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DraftRow {
    /// Which kind of record.
    pub kind: ObservationKind,
    /// What it is about.
    pub subject: EntityId,
    /// What people call that. Nothing while it is not on this phone: the centre set its registration aside, or its
    /// village is not granted any more. The form waits until it is back.
    pub name: Option<String>,
    /// When it was last touched, in milliseconds since 1970.
    pub touched_at_ms: i64,
}
