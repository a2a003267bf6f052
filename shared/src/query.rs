//! What the server answers to questions of reviewers: lists, details, histories. Read-only; every change is an
//! operation. All lists are paged by an opaque cursor.

use crate::area::AreaCode;
use crate::entry::{Entry, Proposal};
use crate::evidence::{Evidence, Grade};
use crate::field::Sibling;
use crate::form::EffectKind;
use crate::id::{DeviceId, EntityId, ObservationId, OpId, UserId};
use crate::judge::Reason;
use crate::ledger::{LedgerKind, Point};
use crate::observation::{Observation, ObservationKind, Outcome, PhotoRef};
use crate::op::Verdict;
use crate::value::Value;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Most rows on a page.
pub const PAGE_ROWS_MAX: usize = 200;
/// A page ends when its rows come to so many bytes, however many they are.
pub const PAGE_BYTES_MAX: usize = 1024 * 1024;
/// Of an operation that was set aside a list has so many characters; the whole of one is asked for by itself.
pub const RAW_CHARS_MAX: usize = 2_000;

/// A page of a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Page<T> {
    /// The rows.
    pub rows: Vec<T>,
    /// Where the next page begins; none at the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// The names of rows of this page that the centre cannot read. All others are here; an administrator runs `verify`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unreadable: Vec<String>,
}

/// `GET /api/v1/visits`: which records. All given conditions hold together.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
pub struct VisitFilter {
    /// In this area or beneath it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub area: Option<AreaCode>,
    /// Of this kind; without it, of every kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<ObservationKind>,
    /// By this person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<UserId>,
    /// About this household, house, water supply or post.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<EntityId>,
    /// With this grade.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grade: Option<Grade>,
    /// With this outcome.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
    /// In this state of review.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<ReviewState>,
    /// Ended at or after this, in milliseconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from_ms: Option<i64>,
    /// Ended before this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until_ms: Option<i64>,
    /// What it is about is found by these words, by its own or its household's name, pinyin, code, telephone or address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Where the page begins, from the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// Most rows wanted; at most [`PAGE_ROWS_MAX`].
    #[cfg_attr(feature = "openapi", param(minimum = 1, maximum = 200))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<usize>,
}

/// What the supervisors have said of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ReviewState {
    /// Nothing yet.
    Waiting,
    /// 已审核.
    Approved,
    /// 已退回.
    SentBack,
    /// Taken back by its author or a supervisor.
    Retracted,
    /// Approved, and its author asks for it to be taken back.
    WithdrawalAsked,
}

/// A record in the review list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct VisitSummary {
    /// The record.
    pub id: ObservationId,
    /// Its kind.
    pub kind: ObservationKind,
    /// The village.
    pub scope: AreaCode,
    /// The household, house, water supply or post.
    pub subject: EntityId,
    /// Of a household or house its head's name, of a water supply its name, of a post its name or its holder's.
    pub subject_name: String,
    /// Its code.
    pub subject_code: String,
    /// Who recorded it.
    pub author: UserId,
    /// That person's name.
    pub author_name: String,
    /// When it was saved, by the phone's clock, in milliseconds since 1970.
    pub ended_at_ms: i64,
    /// When the centre took it in.
    pub received_at_ms: i64,
    /// How it went.
    pub outcome: Outcome,
    /// The centre's grade.
    pub grade: Grade,
    /// What the supervisors have said.
    pub state: ReviewState,
    /// How many problems it opened.
    pub issues: u32,
    /// How many fields it changed that are in conflict now.
    pub conflicts: u32,
}

/// `GET /api/v1/visits/{id}`: all of a record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct VisitDetail {
    /// The row in the list.
    pub summary: VisitSummary,
    /// The record as its author wrote it.
    pub observation: Observation,
    /// The operation that recorded it.
    pub op: OpId,
    /// The centre's grade with its reasons.
    pub evidence: Evidence,
    /// The household's anchor as it was known when the record came in.
    pub anchor: Option<Point>,
    /// What it did to the ledgers.
    pub effects: Vec<EffectKind>,
    /// What the supervisors said, oldest first.
    pub reviews: Vec<ReviewItem>,
    /// Who took it back or asked for that, oldest first.
    #[serde(default)]
    pub withdrawals: Vec<WithdrawalItem>,
    /// Fields of its subject that are in conflict now.
    pub conflicts: Vec<ConflictView>,
    /// Its photographs, in the order of the record.
    #[serde(default)]
    pub photos: Vec<PhotoView>,
    /// Those named as companions who said that they went along.
    #[serde(default)]
    pub accompanied: Vec<UserId>,
}

/// A photograph of a record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PhotoView {
    /// What the record says of it.
    pub photo: PhotoRef,
    /// Whether the centre holds it.
    pub held: bool,
    /// Other records, of all townships, with the same photograph or one that looks like it; the nearest first.
    pub similar: Vec<SimilarPhoto>,
}

/// A photograph that is the same as another, or looks like it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SimilarPhoto {
    /// Its name; empty where the reader may not see it.
    pub sha256: String,
    /// How far apart the two look, in bits; 0 for the same bytes.
    pub distance: u32,
    /// Whether it is the very same file.
    pub same_bytes: bool,
    /// The record that it belongs to; none where the reader may not see it, as all that follows.
    pub record: Option<ObservationId>,
    /// That record's village.
    pub scope: Option<AreaCode>,
    /// What that record is about.
    pub subject_name: String,
    /// Who made that record.
    pub author_name: String,
    /// When it was saved, by the phone's clock, in milliseconds since 1970; 0 where it is not told.
    pub ended_at_ms: i64,
}

/// A supervisor's word.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReviewItem {
    /// Who.
    pub author: UserId,
    /// That person's name.
    pub author_name: String,
    /// When, by the centre's clock.
    pub received_at_ms: i64,
    /// What.
    pub verdict: Verdict,
    /// With which comment.
    pub comment: String,
}

/// A record was taken back, or asked to be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WithdrawalItem {
    /// Who.
    pub author: UserId,
    /// That person's name.
    pub author_name: String,
    /// When, by the centre's clock.
    pub received_at_ms: i64,
    /// Why.
    pub reason: String,
}

/// A household in a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HouseholdSummary {
    /// The entry.
    pub id: EntityId,
    /// The village.
    pub scope: AreaCode,
    /// Its code.
    pub code: String,
    /// Its head's name.
    pub head_name: String,
    /// Village group and address.
    pub address: String,
    /// 户类型.
    pub categories: Vec<String>,
    /// 三色码.
    pub colour: Option<String>,
    /// How many of its fields are in conflict.
    pub conflicts: u32,
    /// The last visit with someone at home, in milliseconds since 1970.
    pub last_visit_ms: Option<i64>,
}

/// `GET /api/v1/entries/{id}`: an entry as it stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EntryView {
    /// The entry.
    pub id: EntityId,
    /// Its ledger.
    pub ledger: LedgerKind,
    /// The village.
    pub scope: AreaCode,
    /// The value shown for each field.
    pub fields: BTreeMap<String, Value>,
    /// Fields in conflict.
    pub conflicts: Vec<ConflictView>,
    /// What was proposed for its fields and waits for a decision.
    #[serde(default)]
    pub proposals: Vec<ProposalView>,
    /// Others of its ledger and village that have its code (重码); no more than [`SAME_CODE_MAX`].
    #[serde(default)]
    pub same_code: Vec<NamedEntry>,
}

/// A value that somebody proposed for a field (待核定). To follow it, amend the field and name the operation as adopted;
/// not to follow it, refuse it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProposalView {
    /// The entry.
    pub entity: EntityId,
    /// Its ledger.
    pub ledger: LedgerKind,
    /// The village.
    pub scope: AreaCode,
    /// The field.
    pub field: String,
    /// What the field says now.
    pub from: Value,
    /// What is proposed, by whom.
    pub proposal: Proposal,
}

impl ProposalView {
    /// All that wait for a decision at an entry.
    pub fn of_entry(entry: &Entry) -> Vec<Self> {
        let ledger = entry.ledger.unwrap_or(LedgerKind::Unknown);
        let all = entry.proposals.iter();
        all.flat_map(|(field, proposals)| {
            proposals.open().iter().map(|proposal| Self {
                entity: entry.id,
                ledger,
                scope: entry.scope,
                field: field.clone(),
                from: entry.value(field).clone(),
                proposal: proposal.clone(),
            })
        })
        .collect()
    }
}

/// What an entry waits for a decision about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum DecisionKind {
    /// A field says different things.
    Conflict,
    /// Values were proposed for a field (待核定).
    Proposal,
    /// It was registered by somebody whose role does not cover that (待核定).
    Registration,
    /// Another entry of its ledger and village has its code (重码).
    SameCode,
    /// A value stands that nobody may write today: merged by an older version, and not changed by itself.
    Unfit,
}

/// `GET /api/v1/decisions`: an entry that waits for the office.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DecisionView {
    /// What it waits for.
    pub kind: DecisionKind,
    /// The entry.
    pub entity: EntityId,
    /// Its ledger.
    pub ledger: LedgerKind,
    /// The village.
    pub scope: AreaCode,
    /// The field that it is about.
    pub field: String,
    /// What that says now.
    pub value: Value,
    /// What it is called.
    pub name: String,
    /// Its code.
    pub code: String,
    /// What was proposed for one of its fields, where it waits for that.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub proposals: Vec<ProposalView>,
    /// The others with its code, where it waits for that; no more than [`SAME_CODE_MAX`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub others: Vec<NamedEntry>,
    /// The names of the people that it mentions.
    #[serde(default)]
    pub people: BTreeMap<UserId, String>,
}

/// Of the entries that have one code, so many are named.
pub const SAME_CODE_MAX: usize = 5;

/// An entry with what it is called.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NamedEntry {
    /// The entry.
    pub entity: EntityId,
    /// Its ledger.
    pub ledger: LedgerKind,
    /// What it is called.
    pub name: String,
}

/// A field in conflict: every value that nothing has replaced, the shown one first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ConflictView {
    /// The entry.
    pub entity: EntityId,
    /// Its ledger.
    pub ledger: LedgerKind,
    /// The village.
    pub scope: AreaCode,
    /// The field.
    pub field: String,
    /// The values with their authors. To resolve, amend the field and name all their operations as parents.
    pub siblings: Vec<Sibling>,
}

impl ConflictView {
    /// The fields of an entry that are in conflict now.
    pub fn of_entry(entry: &Entry) -> Vec<Self> {
        let ledger = entry.ledger.unwrap_or(LedgerKind::Unknown);
        let conflicts = entry.conflicts();
        conflicts
            .map(|(field, register)| Self {
                entity: entry.id,
                ledger,
                scope: entry.scope,
                field: field.to_owned(),
                siblings: register.siblings().into_iter().cloned().collect(),
            })
            .collect()
    }
}

/// `GET /api/v1/entries/{id}/history`: one change of one field, newest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HistoryItem {
    /// The operation.
    pub op: OpId,
    /// The device that made it.
    pub device: DeviceId,
    /// Who.
    pub author: UserId,
    /// That person's name, where known.
    pub author_name: String,
    /// When, by the device's clock, in milliseconds since 1970.
    pub at_ms: i64,
    /// When the centre took it in; none while it is only on this device.
    pub received_at_ms: Option<i64>,
    /// The field.
    pub field: String,
    /// The value given.
    pub value: Value,
    /// The record that led to it.
    pub cause: Option<ObservationId>,
}

/// `GET /api/v1/quarantine`: an operation that was set aside.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct QuarantineItem {
    /// The operation's name.
    pub op: OpId,
    /// The village it named, if it could be read.
    pub scope: Option<AreaCode>,
    /// Who sent it.
    pub author: UserId,
    /// That person's name.
    pub author_name: String,
    /// When the centre took it in.
    pub received_at_ms: i64,
    /// Why it was set aside.
    pub reason: Reason,
    /// The operation as it was sent: in a list its first [`RAW_CHARS_MAX`] characters, by itself all of it.
    pub raw: String,
    /// How long it is, in bytes. Where this is more than `raw` has, `GET /api/v1/quarantine/{device}/{seq}` has the rest.
    #[serde(default)]
    pub raw_bytes: u64,
}
