//! The ledgers in lists and one entry with what belongs to it.

use super::{Place, RecordRow, TaskRow};
use bianfang_shared::area::AreaCode;
use bianfang_shared::id::{EntityId, ObservationId, OpId};
use bianfang_shared::ledger::{LedgerKind, Point};
use bianfang_shared::observation::{ObservationKind, PhotoRef};
use bianfang_shared::op::IssueStep;
use bianfang_shared::query::EntryView;
use bianfang_shared::rules::Ground;
use bianfang_shared::value::Value;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Which entries of a ledger. All given conditions hold together.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct EntryFilter {
    /// What was typed: names, initials, codes, places.
    pub text: String,
    /// Only this village.
    pub scope: Option<AreaCode>,
    /// Only those whose field says this, such as `grade` = `D` or `state` = `open`.
    pub fields: BTreeMap<String, Value>,
    /// Only those with fields in conflict.
    pub in_conflict: bool,
    /// Of problems only those not closed; of houses, supplies and posts only those with something open.
    pub open: bool,
    /// Only those of the person signed in.
    pub mine: bool,
}

/// An entry of any ledger in a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EntryRow {
    /// The entry.
    pub id: EntityId,
    /// Its ledger.
    pub ledger: LedgerKind,
    /// The village.
    pub scope: AreaCode,
    /// What people call it: the head of the household, the supply's or the holder's name, what is wrong.
    pub name: String,
    /// Its number, or the household's.
    pub code: String,
    /// Where it is, in words.
    pub address: String,
    /// What the row shows besides, by field of its ledger: a house's grade, a supply's kind, a problem's state.
    pub fields: BTreeMap<String, Value>,
    /// Metres from where the person is.
    pub distance_m: Option<f64>,
    /// How many of its fields are in conflict.
    pub conflicts: u32,
    /// Problems about it that are not closed.
    pub open_issues: u32,
    /// The last record about it, in milliseconds since 1970.
    pub last_record_ms: Option<i64>,
}

/// A page of a ledger.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entries {
    /// The page.
    pub rows: Vec<EntryRow>,
    /// Whether there are more.
    pub more: bool,
}

/// An entry with what belongs to it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EntryDetail {
    /// The row in the lists.
    pub row: EntryRow,
    /// The village's name.
    pub village: String,
    /// The entry.
    pub entry: EntryView,
    /// Where it is, by its own point or its household's.
    pub point: Option<Point>,
    /// Entries that it names or that name it: its household, its house, its supply, its holder; households served.
    pub linked: Vec<EntryRow>,
    /// Problems about it, open ones first; at most [`LIST_ROWS`](super::LIST_ROWS).
    pub issues: Vec<EntryRow>,
    /// Records about it, newest first; at most [`LIST_ROWS`](super::LIST_ROWS). Of a problem, the one that found it.
    pub records: Vec<RecordRow>,
    /// What is due.
    pub tasks: Vec<TaskRow>,
    /// Kinds of record for which a form was begun.
    pub drafts: Vec<ObservationKind>,
    /// Of a problem: its steps, oldest first.
    pub steps: Vec<StepRow>,
    /// Of a problem: the steps that the person signed in may take now.
    pub may: Vec<IssueStep>,
    /// Of a post: this month and the one before, day by day.
    pub sheets: Vec<MonthSheet>,
    /// What the rules of the field say of the entry as it stands, such as 一人多岗; the message is
    /// `<ledger>-flag-<code>`.
    pub flags: Vec<Ground>,
    /// Names of people by id, for fields that hold a user.
    pub names: BTreeMap<String, String>,
}

/// A step in a problem's life.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StepRow {
    /// The operation.
    pub op: OpId,
    /// Which step; none for its opening.
    pub step: Option<IssueStep>,
    /// Who took it.
    pub author_name: String,
    /// When, by the device's clock, in milliseconds since 1970.
    pub at_ms: i64,
    /// What was done or found.
    pub note: String,
    /// What it looked like.
    pub photos: Vec<PhotoRef>,
    /// Where it is.
    pub place: Place,
}

/// 一个月的考勤: a month of a post.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MonthSheet {
    /// The first day of the month, `2025-07-01`.
    pub month: String,
    /// Days required in the month.
    pub required_days: u32,
    /// Days that count so far.
    pub counted_days: u32,
    /// Whether the month ended, or can end, only below what is required (考勤不足).
    pub short: bool,
    /// Days with something on them, in order.
    pub days: Vec<SheetDay>,
}

/// A day on a post's sheet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SheetDay {
    /// `2025-07-18`.
    pub day: String,
    /// `present`, `absent`, `leave`, `substitute`, `doubtful`; the message is `sheet-<state>`.
    pub state: String,
    /// The records of that day.
    pub records: Vec<ObservationId>,
}
