//! Questions to the ledgers: lists and single things, read-only. All lists are paged by key, never by offset.

use super::StoreResult;
use super::log::{FoundBy, HeldEntry, HeldRecord, HouseholdIndex, SetAside};
use bianfang_shared::area::AreaCode;
use bianfang_shared::evidence::Grade;
use bianfang_shared::id::{EntityId, ObservationId, OpId, UserId};
use bianfang_shared::ledger::LedgerKind;
use bianfang_shared::observation::{ObservationKind, Outcome};
use bianfang_shared::query::{DecisionKind, ReviewState};
use std::sync::Arc;

/// Reads the ledgers. A row that cannot be read harms no other: lists name it and go on.
pub trait LedgerStore {
    /// Records, the latest saved first.
    fn records(&self, query: &RecordQuery) -> StoreResult<Listed<HeldRecord>>;
    /// One record.
    fn record(&self, record: ObservationId) -> StoreResult<Option<HeldRecord>>;
    /// Households by village and code.
    fn households(&self, query: &HouseholdQuery) -> StoreResult<Listed<HouseholdRow>>;
    /// Entries by their ids; what is not known, or cannot be read nor folded again, is left out.
    fn entries(&self, entities: &[EntityId]) -> StoreResult<Vec<HeldEntry>>;
    /// All entries of a village exactly as they are kept, for `verify`.
    fn entries_in(&self, scope: AreaCode) -> StoreResult<Listed<HeldEntry>>;
    /// What the entries of a village are found by, ordered by entry, for `verify`.
    fn found_in(&self, scope: AreaCode) -> StoreResult<FoundIn>;
    /// The merged operations that changed an entry, the latest in its scope's log first, before place `before`. Stops when
    /// their bytes come to so many; at least one is read.
    fn entry_log(
        &self,
        entity: EntityId,
        before: Option<u64>,
        limits: ReadLimits,
    ) -> StoreResult<Vec<LogRow>>;
    /// Merged operations by their names; what is not merged is left out.
    fn ops(&self, ops: &[OpId]) -> StoreResult<Vec<LogRow>>;
    /// Hands on the merged operations that are, follow from, or are about each of these records, by village and place: one
    /// after the other, since anybody may name a record. Stops with the record by which their bytes come to so many;
    /// answers of how many records all were handed on.
    fn caused_by(
        &self,
        records: &[ObservationId],
        bytes_max: usize,
        take: &mut dyn FnMut(ObservationId, LogRow),
    ) -> StoreResult<usize>;
    /// What waits for a decision, by village, entry and field.
    fn decisions(&self, query: &DecisionQuery) -> StoreResult<Listed<DecisionKey>>;
    /// Entries of a village and ledger with this code, in the order of their ids.
    fn with_code(
        &self,
        scope: AreaCode,
        ledger: LedgerKind,
        code: &str,
        rows_max: usize,
    ) -> StoreResult<Vec<EntityId>>;
    /// Operations set aside, by their names, each with the beginning of its text.
    fn set_asides(&self, query: &AsideQuery) -> StoreResult<Listed<AsideRow>>;
    /// One operation set aside.
    fn set_aside(&self, op: OpId) -> StoreResult<Option<SetAside>>;
    /// The last time somebody was met at home on a visit to each of these, in milliseconds since 1970.
    fn last_visits(&self, subjects: &[EntityId]) -> StoreResult<Vec<(EntityId, i64)>>;
    /// How much there is, for metrics and `verify`.
    fn counts(&self) -> StoreResult<Counts>;
    /// Records of which the evidence, or what it was weighed by, cannot be read, in the order of their ids.
    fn records_to_mend(&self, after: Option<ObservationId>, rows_max: usize) -> StoreResult<Vec<HeldRecord>>;
    /// Keeps the evidence of a record, and what it was weighed by, as they are here.
    fn mend_record(&self, record: &HeldRecord) -> StoreResult<()>;
    /// The names of rows that cannot be read and that no scope's log or chain leads to, for `verify`.
    fn unreadable_rows(&self, rows_max: usize) -> StoreResult<Vec<String>>;
}

/// Rows of a list, and the names of those among them that cannot be read.
#[derive(Clone, Debug, PartialEq)]
pub struct Listed<T> {
    /// Those that can be read.
    pub rows: Vec<T>,
    /// The names of the others, as far as their keys tell.
    pub unreadable: Vec<String>,
}

impl<T> From<Vec<T>> for Listed<T> {
    fn from(rows: Vec<T>) -> Self {
        Self { rows, unreadable: Vec::new() }
    }
}

impl<T> Default for Listed<T> {
    fn default() -> Self {
        Vec::new().into()
    }
}

/// How much of the log a question reads.
#[derive(Clone, Copy, Debug)]
pub struct ReadLimits {
    /// Most operations.
    pub rows_max: usize,
    /// Stop after this many bytes of operations.
    pub bytes_max: usize,
}

/// An operation set aside in a list.
#[derive(Clone, Debug, PartialEq)]
pub struct AsideRow {
    /// It, with no more of its text than was asked for.
    pub aside: SetAside,
    /// How long its text is, in bytes.
    pub raw_bytes: u64,
}

/// What the entries of a village are found by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FoundIn {
    /// The households.
    pub households: Vec<HouseholdIndex>,
    /// Those of other ledgers.
    pub others: Vec<FoundBy>,
}

/// An inclusive range of area codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AreaRange {
    /// The lowest code.
    pub first: AreaCode,
    /// The highest code.
    pub last: AreaCode,
}

impl AreaRange {
    /// The area with all beneath it.
    pub fn of(area: AreaCode) -> Self {
        let (first, last) = area.range();
        Self { first, last }
    }

    /// Whether the code lies in it.
    pub fn holds(&self, area: AreaCode) -> bool {
        (self.first..=self.last).contains(&area)
    }
}

/// Which records.
#[derive(Clone, Debug)]
pub struct RecordQuery {
    /// In any of these.
    pub areas: Vec<AreaRange>,
    /// Of this kind; none for every kind.
    pub kind: Option<ObservationKind>,
    /// By this person.
    pub author: Option<UserId>,
    /// About this entry.
    pub subject: Option<EntityId>,
    /// With this grade.
    pub grade: Option<Grade>,
    /// With this outcome.
    pub outcome: Option<Outcome>,
    /// In this state.
    pub state: Option<ReviewState>,
    /// Saved at or after this.
    pub from_ms: Option<i64>,
    /// Saved before this.
    pub until_ms: Option<i64>,
    /// The subject is found by all of these, each the beginning of a word that it has or its household has.
    pub words: Vec<String>,
    /// After this row of the page before.
    pub after: Option<(i64, ObservationId)>,
    /// Most rows.
    pub rows_max: usize,
}

/// Which households.
#[derive(Clone, Debug)]
pub struct HouseholdQuery {
    /// In any of these.
    pub areas: Vec<AreaRange>,
    /// Found by all of these, each the beginning of a word of the search text.
    pub words: Vec<String>,
    /// After this row of the page before.
    pub after: Option<HouseholdKey>,
    /// Most rows.
    pub rows_max: usize,
}

/// The order of the household list.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct HouseholdKey {
    /// The village.
    pub scope: AreaCode,
    /// What the list is ordered by within a village.
    pub sort: String,
    /// The entry.
    pub entity: EntityId,
}

/// A household in a list.
#[derive(Clone, Debug, PartialEq)]
pub struct HouseholdRow {
    /// Its place in the list.
    pub key: HouseholdKey,
    /// The entry.
    pub held: HeldEntry,
}

/// An operation in the log.
#[derive(Clone, Debug, PartialEq)]
pub struct LogRow {
    /// The village.
    pub scope: AreaCode,
    /// Its place in the village's log.
    pub seq: u64,
    /// When the centre took it in.
    pub received_at_ms: i64,
    /// Its exact bytes.
    pub raw: Arc<str>,
}

/// Which decisions.
#[derive(Clone, Debug)]
pub struct DecisionQuery {
    /// Of this kind.
    pub kind: DecisionKind,
    /// In any of these.
    pub areas: Vec<AreaRange>,
    /// After this row of the page before.
    pub after: Option<DecisionKey>,
    /// Most rows.
    pub rows_max: usize,
}

/// A field of an entry that waits for a decision.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DecisionKey {
    /// The village.
    pub scope: AreaCode,
    /// The entry.
    pub entity: EntityId,
    /// The field.
    pub field: String,
    /// Its ledger.
    pub ledger: LedgerKind,
}

/// Which operations set aside.
#[derive(Clone, Debug)]
pub struct AsideQuery {
    /// Naming a village in any of these.
    pub areas: Vec<AreaRange>,
    /// Also those that name no village.
    pub nowhere: bool,
    /// Only those that this person sent.
    pub sender: Option<UserId>,
    /// After this row of the page before.
    pub after: Option<OpId>,
    /// Most rows.
    pub rows_max: usize,
    /// Most characters of each text.
    pub raw_chars_max: usize,
}

/// How much there is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Operations merged.
    pub merged: u64,
    /// Operations set aside.
    pub aside: u64,
    /// Ledger entries.
    pub entries: u64,
    /// Records.
    pub records: u64,
    /// Fields in conflict.
    pub conflicts: u64,
    /// Devices.
    pub devices: u64,
    /// Photographs held.
    pub photos: u64,
    /// Their bytes.
    pub photo_bytes: u64,
    /// Uploads under way.
    pub uploads: u64,
}
