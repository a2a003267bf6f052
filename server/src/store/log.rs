//! The log of operations: what the merge needs to know, what it writes, and how the log is read again.

use super::StoreResult;
use super::photos::{PhotoId, PhotoUse};
use bianfang_shared::access::Actor;
use bianfang_shared::area::AreaCode;
use bianfang_shared::chain::{Head, PublicKey};
use bianfang_shared::entry::Entry;
use bianfang_shared::evidence::{Company, Evidence, Trace};
use bianfang_shared::id::{DeviceId, EntityId, ObservationId, OpId, UserId};
use bianfang_shared::judge::{Awaited, Outcome, Reason};
use bianfang_shared::ledger::{CODE, LedgerKind, Point};
use bianfang_shared::observation::{ObservationKind, Outcome as VisitOutcome};
use bianfang_shared::query::{DecisionKind, ReviewState};
use bianfang_shared::rules::post::WorkArea;
use bianfang_shared::rules::review::Standing;
use bianfang_shared::search;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::sync::Arc;

/// The log, and the ledgers folded from it.
pub trait LogStore {
    /// Runs `work` inside the one write transaction: all it applies becomes durable together, or, when it fails,
    /// nothing does. Transactions follow one another; none sees half of another.
    fn merge(&self, work: &mut dyn FnMut(&mut dyn MergeTxn) -> StoreResult<()>) -> StoreResult<()>;

    /// Reads what is new in each scope, in the order asked, until the limits are reached.
    /// Answers whether something was left for the next page.
    fn pull(&self, cursors: &[Cursor], limits: PullLimits, sink: &mut dyn PullSink) -> StoreResult<bool>;

    /// The scopes that have a log, with its head.
    fn scopes(&self) -> StoreResult<Vec<ScopeHead>>;

    /// Part of a scope's log, in order, from `from` on.
    fn scope_log(&self, scope: AreaCode, from: u64, rows_max: usize) -> StoreResult<Vec<ScopeRow>>;

    /// Part of a device's chain, in order, from `from` on, with what was set aside.
    fn chain_log(&self, device: DeviceId, from: u64, rows_max: usize) -> StoreResult<Vec<HeldOp>>;

    /// What is held of a device.
    fn device_facts(&self, device: DeviceId) -> StoreResult<Option<DeviceFacts>>;
}

/// What the merge may do inside its transaction.
pub trait MergeTxn {
    /// Loads what is known of the things named. What is not known is left out.
    fn load(&mut self, needs: &Needs) -> StoreResult<Loaded>;

    /// What is held of a device's chain between two places, both included.
    fn held(&mut self, device: DeviceId, first: u64, last: u64) -> StoreResult<Vec<HeldOp>>;

    /// Operations set aside that wait for any of these, in the order of their names, after `after`.
    fn waiting_for(
        &mut self,
        awaited: &BTreeSet<Awaited>,
        after: Option<OpId>,
        rows_max: usize,
    ) -> StoreResult<Vec<SetAside>>;

    /// One operation that was set aside.
    fn set_aside(&mut self, op: OpId) -> StoreResult<Option<SetAside>>;

    /// Writes what the merge decided.
    fn apply(&mut self, changes: &Changes) -> StoreResult<()>;
}

/// Things to load.
#[derive(Clone, Debug, Default)]
pub struct Needs {
    /// Devices with their chains.
    pub devices: BTreeSet<DeviceId>,
    /// People with role and grants.
    pub users: BTreeSet<UserId>,
    /// Heads of scopes.
    pub scopes: BTreeSet<AreaCode>,
    /// Ledger entries.
    pub entities: BTreeSet<EntityId>,
    /// Records.
    pub observations: BTreeSet<ObservationId>,
    /// Operations of which only this is asked: are they merged?
    pub ops: BTreeSet<OpId>,
    /// Moments of which the records are asked that the same person made next before and next after.
    pub moments: BTreeSet<Moment>,
    /// Records of which it is asked whom they name as companions. Not asked of the store as such: it stands in the text.
    pub named_by: BTreeSet<ObservationId>,
}

/// When somebody made a record. Two records of one moment follow one another by their ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment {
    /// Who.
    pub author: UserId,
    /// When, as [`Trace::at_ms`].
    pub at_ms: i64,
    /// Which record.
    pub record: ObservationId,
}

/// What was found.
#[derive(Clone, Debug, Default)]
pub struct Loaded {
    /// Devices with their chains.
    pub devices: Vec<DeviceFacts>,
    /// People with role and grants.
    pub users: Vec<ActorFacts>,
    /// Heads of scopes; one that never had an operation is left out.
    pub scopes: Vec<ScopeHead>,
    /// Ledger entries.
    pub entries: Vec<HeldEntry>,
    /// Records.
    pub records: Vec<HeldRecord>,
    /// Those of the operations asked for that are merged.
    pub merged: Vec<OpId>,
    /// The neighbours of the moments asked for: when and where. Only of records that were merged with their place noted.
    pub neighbours: Vec<(Moment, Trace)>,
}

/// A device and where its chain stands.
#[derive(Clone, Debug, PartialEq)]
pub struct DeviceFacts {
    /// Which device.
    pub id: DeviceId,
    /// Whose it is.
    pub user: UserId,
    /// The public half of its key.
    pub public_key: PublicKey,
    /// Whether an administrator took it out of service.
    pub revoked: bool,
    /// The last operation held; 0 if none.
    pub last_seq: u64,
    /// The head after it.
    pub head: Head,
    /// Its clock against the centre's at the last contact, where it told; positive when it is ahead.
    pub clock_offset_ms: Option<i64>,
    /// Where and when its last record was made that was merged before places were noted with the records.
    pub last_trace: Option<Trace>,
    /// The last of its operations that a former life of the centre had acknowledged, as it says; 0 if none.
    pub acknowledged_seq: u64,
    /// A moment that has passed, by the centre's clock: the latest stamp in its chain, no later than that came. None
    /// before it sent something to this version.
    pub passed_ms: Option<i64>,
}

/// A person as the judge needs one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActorFacts {
    /// Who, as what, where.
    pub actor: Actor,
    /// Whether the account is closed.
    pub disabled: bool,
}

/// Where a scope's log stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScopeHead {
    /// The village.
    pub scope: AreaCode,
    /// The place of the last operation; 0 if none.
    pub seq: u64,
    /// The running checksum after it.
    pub checksum: u64,
}

/// A ledger entry as the server keeps it.
#[derive(Clone, Debug, PartialEq)]
pub struct HeldEntry {
    /// The fold of its operations.
    pub entry: Entry,
    /// Whoever said that the problem is rectified.
    pub rectifiers: BTreeSet<UserId>,
    /// Where its point stood before somebody other than the office began to move it.
    pub moved_from: Option<MovedFrom>,
}

/// Where a point stood before a person began to move it: by that, the person's records are assessed and further moves
/// are measured.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct MovedFrom {
    /// Who moved it.
    pub by: UserId,
    /// Where it stood.
    pub from: Point,
}

/// A record as the server keeps it, beside the operation that holds its text.
#[derive(Clone, Debug, PartialEq)]
pub struct HeldRecord {
    /// Which record.
    pub id: ObservationId,
    /// The operation that recorded it first.
    pub op: OpId,
    /// The village.
    pub scope: AreaCode,
    /// Its kind.
    pub kind: ObservationKind,
    /// The entry it is about.
    pub subject: EntityId,
    /// Who made it.
    pub author: UserId,
    /// When the form was opened, by the phone's clock, in milliseconds since 1970.
    pub started_at_ms: i64,
    /// The moment as of which it counts; see `Observation::counted_at_ms`. Of records of older versions when it was
    /// saved, by the phone's clock.
    pub ended_at_ms: i64,
    /// When the centre took it in.
    pub received_at_ms: i64,
    /// How it went.
    pub outcome: VisitOutcome,
    /// The centre's grade with its reasons.
    pub evidence: Evidence,
    /// The subject's anchor as it was known when the record came in.
    pub anchor: Option<Point>,
    /// The supervisors' last word: waiting, approved or sent back.
    pub review: ReviewState,
    /// Whether it was taken back.
    pub retracted: bool,
    /// What it was weighed by beside itself; for records with photographs, which may tell more later.
    pub circumstances: Option<Circumstances>,
    /// Whether what was kept of its evidence, or of what it was weighed by, could not be read: then it is to be worked out
    /// again.
    pub evidence_lost: bool,
    /// Those named as companions who said that they went along.
    pub accompanied: BTreeSet<UserId>,
    /// Where and when its author was, for the records next to it. None without a place, and in records that were merged
    /// before this was noted: those keep the grade that they had.
    pub trace: Option<Trace>,
}

/// What was known of a record when it came in.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Circumstances {
    /// Where and when its author made the record before.
    pub previous: Option<Trace>,
    /// The device's clock against the centre's, where it told; positive when it is ahead.
    pub clock_offset_ms: Option<i64>,
    /// Of an attendance, where its post was worked as the ledger knew it.
    #[serde(default)]
    pub area: Option<WorkArea>,
    /// A moment that had passed when it was saved; see `EvidenceInput::passed_ms`.
    #[serde(default)]
    pub passed_ms: Option<i64>,
    /// Those who are said to have gone along; none in what older versions noted.
    #[serde(default)]
    pub company: Option<Company>,
}

impl HeldRecord {
    /// Where it stands.
    pub fn standing(&self) -> Standing {
        Standing { review: self.review, retracted: self.retracted }
    }

    /// Where it stands from now on.
    pub fn stand(&mut self, Standing { review, retracted }: Standing) {
        (self.review, self.retracted) = (review, retracted);
    }

    /// The state as lists show it.
    pub fn state(&self) -> ReviewState {
        self.standing().state()
    }
}

/// An operation of a device's chain as the server holds it.
#[derive(Clone, Debug, PartialEq)]
pub struct HeldOp {
    /// Its place in the chain.
    pub seq: u64,
    /// Its exact bytes.
    pub raw: Arc<str>,
    /// The head after it.
    pub head: Head,
    /// When the centre took it in.
    pub received_at_ms: i64,
    /// What became of it.
    pub outcome: Outcome,
    /// Its place in its scope's log; none while it is set aside.
    pub place: Option<Place>,
}

/// A place in a scope's log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The village.
    pub scope: AreaCode,
    /// The place.
    pub seq: u64,
    /// The running checksum after it.
    pub checksum: u64,
}

/// An operation set aside.
#[derive(Clone, Debug, PartialEq)]
pub struct SetAside {
    /// Its name by the chain it was sent under.
    pub op: OpId,
    /// Its exact bytes.
    pub raw: Arc<str>,
    /// Who sent it.
    pub sender: UserId,
    /// The village it names, if it could be read.
    pub scope: Option<AreaCode>,
    /// When the centre took it in.
    pub received_at_ms: i64,
    /// Why it was set aside.
    pub reason: Reason,
}

/// All that one group of pushes writes.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    /// Devices whose chain moved on.
    pub devices: Vec<DeviceFacts>,
    /// New operations, in the order of their devices and chains.
    pub ops: Vec<NewOp>,
    /// Operations that were set aside in an earlier transaction and are merged now.
    pub released: Vec<Released>,
    /// Operations that stay set aside, for another reason than before.
    pub still_aside: Vec<(OpId, Reason)>,
    /// Scopes whose log grew.
    pub scopes: Vec<ScopeHead>,
    /// Entries that changed.
    pub entries: Vec<HeldEntry>,
    /// Where households are found from now on.
    pub households: Vec<HouseholdIndex>,
    /// What entries of other ledgers are found by from now on.
    pub found: Vec<FoundBy>,
    /// What waits for a decision from now on, or no more.
    pub decisions: Vec<DecisionChange>,
    /// Records that are new or changed.
    pub records: Vec<HeldRecord>,
    /// The photographs that new operations name.
    pub photo_uses: Vec<PhotoUse>,
    /// The photographs that operations merged now name, in the order in which they were merged.
    pub photos_named: Vec<PhotoUse>,
    /// Photographs of records that are new in a ledger.
    pub photos_due: BTreeSet<PhotoId>,
}

/// An operation that was not held before.
#[derive(Clone, Debug)]
pub struct NewOp {
    /// Its name by the chain it was sent under.
    pub op: OpId,
    /// Its exact bytes.
    pub raw: Arc<str>,
    /// The head after it.
    pub head: Head,
    /// When the centre took it in.
    pub received_at_ms: i64,
    /// Who sent it.
    pub sender: UserId,
    /// The village it names, if it could be read.
    pub scope: Option<AreaCode>,
    /// What became of it.
    pub fate: Fate,
}

/// What became of an operation.
#[derive(Clone, Debug)]
pub enum Fate {
    /// In the ledger.
    Merged(Merged),
    /// Set aside.
    Aside(Reason),
}

impl Fate {
    /// What the device is told.
    pub fn outcome(&self) -> Outcome {
        match self {
            Self::Merged(Merged { conflict: false, .. }) => Outcome::Merged,
            Self::Merged(Merged { conflict: true, .. }) => Outcome::MergedWithConflict,
            Self::Aside(reason) => Outcome::Quarantined { reason: reason.clone() },
        }
    }
}

/// How an operation was merged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Merged {
    /// Its place in its scope's log.
    pub place: Place,
    /// Whether it now stands beside a value that its author had not seen.
    pub conflict: bool,
    /// The entry whose fields it changed.
    pub entity: Option<EntityId>,
    /// The record that it is, follows from, or is about.
    pub observation: Option<ObservationId>,
}

/// An operation that was set aside and is merged now.
#[derive(Clone, Debug)]
pub struct Released {
    /// Its name.
    pub op: OpId,
    /// Its exact bytes.
    pub raw: Arc<str>,
    /// When the centre took it in at first; that does not change.
    pub received_at_ms: i64,
    /// How it was merged.
    pub merged: Merged,
}

/// What an entry of another ledger than the households' is found by, beside what the one is found by that it belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundBy {
    /// The entry.
    pub entity: EntityId,
    /// The village.
    pub scope: AreaCode,
    /// Its ledger.
    pub ledger: LedgerKind,
    /// Its code; empty where it has none.
    pub code: String,
    /// The entry that it belongs to.
    pub above: Option<EntityId>,
    /// What a search looks through, in lower case.
    pub search: String,
}

impl FoundBy {
    /// Of an entry; none of a household, and of what no record is about, nor what one is about belongs to.
    pub fn of(entry: &Entry) -> Option<Self> {
        use LedgerKind::{House, Person, Post, WaterSupply};
        let ledger = entry.ledger.filter(|ledger| matches!(ledger, House | Person | Post | WaterSupply))?;
        Some(Self {
            entity: entry.id,
            scope: entry.scope,
            ledger,
            code: entry.text(CODE).to_owned(),
            above: ledger.above_field().and_then(|field| entry.value(field).read()),
            search: in_words(&search::entry_text(entry, search::Above::default())),
        })
    }
}

/// Where a household is found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HouseholdIndex {
    /// The entry.
    pub entity: EntityId,
    /// The village.
    pub scope: AreaCode,
    /// What the list is ordered by within a village.
    pub sort: String,
    /// What a search looks through, in lower case.
    pub search: String,
}

impl HouseholdIndex {
    /// Of an entry; none of other ledgers.
    pub fn of(entry: &Entry) -> Option<Self> {
        (entry.ledger == Some(LedgerKind::Household)).then(|| Self {
            entity: entry.id,
            scope: entry.scope,
            sort: entry.text(CODE).to_owned(),
            search: in_words(&search::household_text(entry)),
        })
    }
}

/// Words apart by blanks with one in front, so that ` word` finds those that begin so. Whoever changes what these are has
/// to write them anew for the entries that are there: `verify` tells.
fn in_words(text: &str) -> String {
    format!(" {text}")
}

/// A field that waits for a decision from now on, or no more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecisionChange {
    /// Which decision.
    pub kind: DecisionKind,
    /// The entry.
    pub entity: EntityId,
    /// Its ledger.
    pub ledger: LedgerKind,
    /// The village.
    pub scope: AreaCode,
    /// The field.
    pub field: String,
    /// Whether it waits now.
    pub is_open: bool,
}

/// Where to read on in a scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// The village.
    pub scope: AreaCode,
    /// The place of the next operation wanted; the first is 1.
    pub next: u64,
}

/// How much one pull reads.
#[derive(Clone, Copy, Debug)]
pub struct PullLimits {
    /// Most operations, over all scopes.
    pub ops_max: usize,
    /// Stop after this many bytes of operations. At least one operation is always read.
    pub bytes_max: usize,
}

/// Takes in what a pull reads, without a copy in between.
pub trait PullSink {
    /// The next operation of the scope being read.
    fn op(&mut self, scope: AreaCode, seq: u64, received_at_ms: i64, raw: &str);
    /// The scope is read as far as it will be: the next cursor, its head, the checksum before the cursor.
    fn end(&mut self, scope: AreaCode, next: u64, head: u64, checksum: u64);
    /// The cursor is beyond the head.
    fn beyond(&mut self, scope: AreaCode);
}

/// An operation in a scope's log.
#[derive(Clone, Debug, PartialEq)]
pub struct ScopeRow {
    /// Its place.
    pub place: Place,
    /// When the centre took it in.
    pub received_at_ms: i64,
    /// Its exact bytes.
    pub raw: Arc<str>,
}
