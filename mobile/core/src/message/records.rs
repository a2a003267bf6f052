//! Records: where they are, in lists and whole.

use super::PhotoRow;
use bianfang_shared::area::AreaCode;
use bianfang_shared::evidence::{Evidence, Grade};
use bianfang_shared::id::{EntityId, ObservationId, UserId};
use bianfang_shared::judge::Reason;
use bianfang_shared::ledger::Point;
use bianfang_shared::observation::{Observation, ObservationKind, Outcome};
use bianfang_shared::query::HistoryItem;
use bianfang_shared::rules::Verdict;
use serde::{Deserialize, Serialize};

/// Where a record is. The message is `place-<key>`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "place", rename_all = "snake_case")]
pub enum Place {
    /// 已存本机: durably on this device, not with the centre yet.
    Device,
    /// 中心已收: merged durably at the centre.
    Centre,
    /// 照片 2/3: the record is with the centre, some of its photographs are not yet.
    Photos {
        /// How many the centre has.
        held: u32,
        /// How many there are.
        total: u32,
    },
    /// 照片已齐: the record and all its photographs are with the centre.
    Complete,
    /// Set aside at the centre, with the reason; nothing is lost.
    SetAside {
        /// Why.
        reason: Reason,
    },
    /// 已审核.
    Approved,
    /// 已退回, with the reason.
    SentBack {
        /// What the supervisor said.
        comment: String,
    },
    /// Taken back.
    Retracted,
    /// Approved; its author asks the supervisor to take it back.
    WithdrawalAsked,
}

/// A record in a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RecordRow {
    /// The record.
    pub id: ObservationId,
    /// Its kind.
    pub kind: ObservationKind,
    /// What it is about.
    pub subject: EntityId,
    /// What people call that: a household's head, a supply, a post's holder.
    pub subject_name: String,
    /// Its code.
    pub subject_code: String,
    /// The village.
    pub scope: AreaCode,
    /// Who recorded it.
    pub author_name: String,
    /// Whether it was made on this device.
    pub own: bool,
    /// When it was saved, by the centre's clock as far as known and never later than it came there, in milliseconds since
    /// 1970.
    pub ended_at_ms: i64,
    /// How it went.
    pub outcome: Outcome,
    /// How far it is worth believing.
    pub grade: Grade,
    /// Where it is.
    pub place: Place,
    /// Whether its edits met a different value at the centre.
    pub in_conflict: bool,
}

/// Somebody whom a record names as having gone along.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Companion {
    /// Who.
    pub user: UserId,
    /// The name, empty where it is not known here.
    pub name: String,
    /// Whether this person has said so. Before that it counts for nothing.
    pub confirmed: bool,
    /// Whether it is the person signed in.
    pub me: bool,
}

/// A record with its evidence.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RecordView {
    /// The row in the lists.
    pub row: RecordRow,
    /// The record.
    pub observation: Observation,
    /// Its evidence, as this device sees it.
    pub evidence: Evidence,
    /// The household's anchor.
    pub anchor: Option<Point>,
    /// Fields changed and problems opened by it, as written.
    pub changes: Vec<HistoryItem>,
    /// Its photographs.
    #[serde(default)]
    pub photos: Vec<PhotoRow>,
    /// What the rules of the field make of it.
    #[serde(default)]
    pub verdict: Option<Verdict>,
    /// Who is said to have gone along.
    #[serde(default)]
    pub companions: Vec<Companion>,
}
