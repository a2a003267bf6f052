//! What the screens ask of the device core and what it answers: plain data, the same in one process and across
//! the browser's worker border. Holds no behaviour.

use bianfang_shared::area::{Area, AreaCode};
use bianfang_shared::evidence::{Evidence, Grade};
use bianfang_shared::field::Sibling;
use bianfang_shared::id::{EntityId, ObservationId, OpId};
use bianfang_shared::judge::Reason;
use bianfang_shared::ledger::{LedgerKind, Point};
use bianfang_shared::observation::{Observation, Outcome};
use bianfang_shared::op::Verdict;
use bianfang_shared::query::{
    ConflictView, EntryView, HistoryItem, Page, QuarantineItem, VisitDetail, VisitFilter, VisitSummary,
};
use bianfang_shared::value::Value;
use bianfang_shared::visit::{Effect, FormProblem, VisitDraft};
use bianfang_shared::wire::User;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

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

/// A question to the core.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "ask", rename_all = "snake_case")]
pub enum Request {
    /// → [`Reply::Status`].
    Status,
    /// Signs in at the centre; needs a signal once. → [`Reply::Status`].
    SignIn {
        /// The account's name.
        user: String,
        /// Its password.
        password: String,
    },
    /// Forgets the token. What was not sent stays and is sent after the next sign-in. → [`Reply::Done`].
    SignOut,
    /// What is due for the person signed in. → [`Reply::Today`].
    Today {
        /// Where the person is, for “nearest first”.
        here: Option<Point>,
    },
    /// Households found by name, pinyin, code, phone or address; all, when the text is blank. → [`Reply::Households`].
    Households {
        /// What was typed.
        text: String,
        /// Only this village.
        #[serde(default)]
        scope: Option<AreaCode>,
        /// Only those with fields in conflict.
        #[serde(default)]
        in_conflict: bool,
        /// Where the person is, for the distances.
        #[serde(default)]
        here: Option<Point>,
        /// How many to skip; pages are of [`LIST_ROWS`].
        #[serde(default)]
        skip: usize,
    },
    /// A household with members, visits, conflicts. → [`Reply::Household`].
    Household {
        /// The entry.
        id: EntityId,
    },
    /// Every change of an entry known on this device, newest first. → [`Reply::History`].
    History {
        /// The entry.
        id: EntityId,
    },
    /// Changes fields of an entry by hand, as they are seen now. → [`Reply::Done`].
    Amend {
        /// The entry.
        id: EntityId,
        /// The new values.
        changes: BTreeMap<String, Value>,
    },
    /// Settles a field in conflict: the value replaces all that are named. → [`Reply::Done`].
    Resolve {
        /// The entry.
        id: EntityId,
        /// The field.
        field: String,
        /// The value that holds.
        value: Value,
        /// The operations of all values that the person was shown.
        parents: Vec<OpId>,
    },
    /// Opens the visit form: the draft kept, or a new one. → [`Reply::Visit`].
    OpenVisit {
        /// The household.
        household: EntityId,
    },
    /// Keeps the draft and says what saving it would do now. → [`Reply::Visit`].
    KeepVisit {
        /// The form as it stands.
        draft: Box<VisitDraft>,
    },
    /// Throws a draft away. → [`Reply::Done`].
    DropVisit {
        /// The household.
        household: EntityId,
    },
    /// Saves the visit; answered when it is durably on this device (已存本机). → [`Reply::Saved`].
    SaveVisit {
        /// The form as it stands.
        draft: Box<VisitDraft>,
    },
    /// One record known on this device. → [`Reply::Record`].
    Record {
        /// The record.
        id: ObservationId,
    },
    /// The records made here and where each is. → [`Reply::Uploads`].
    Uploads {
        /// How many records to skip; pages are of [`LIST_ROWS`].
        #[serde(default)]
        skip: usize,
    },
    /// “Upload now”: exchange at once, whatever the waiting time. → [`Reply::Done`].
    SyncNow,
    /// Everything unsent as a file for an administrator. → [`Reply::Export`].
    ExportOutbox,
    /// A supervisor's word on a record. → [`Reply::Done`].
    Review {
        /// The record.
        id: ObservationId,
        /// Its village.
        scope: AreaCode,
        /// The word.
        verdict: Verdict,
        /// What the author should know.
        comment: String,
    },
    /// Asked of the centre: the list of visits. → [`Reply::VisitList`].
    VisitList {
        /// Which.
        filter: VisitFilter,
    },
    /// Asked of the centre: all of a visit. → [`Reply::VisitDetail`].
    VisitDetail {
        /// The record.
        id: ObservationId,
    },
    /// Asked of the centre: fields in conflict. → [`Reply::Conflicts`].
    Conflicts {
        /// In this area.
        area: Option<AreaCode>,
        /// Where the page begins.
        after: Option<String>,
    },
    /// Asked of the centre: operations set aside. → [`Reply::Quarantine`].
    Quarantine {
        /// Where the page begins.
        after: Option<String>,
    },
    /// Remembers a choice of the person, such as the language. → [`Reply::Done`].
    Remember {
        /// Such as `language`.
        key: String,
        /// The choice.
        value: String,
    },
    /// The browser or phone says whether there may be a signal. → [`Reply::Done`].
    Online {
        /// What it says.
        online: bool,
    },
}

/// Rows on a page of a list on the device.
pub const LIST_ROWS: usize = 50;

/// An answer.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "reply", content = "with", rename_all = "snake_case")]
pub enum Reply {
    /// It is done, durably where something was written.
    Done,
    /// Who, what, how much.
    Status(Box<Status>),
    /// What is due.
    Today(Today),
    /// A page of households.
    Households(Households),
    /// A household.
    Household(Box<HouseholdView>),
    /// Changes of an entry.
    History(Vec<HistoryItem>),
    /// The visit form.
    Visit(Box<VisitView>),
    /// A visit was saved.
    Saved(SavedVisit),
    /// A record on this device.
    Record(Box<RecordView>),
    /// The records made here.
    Uploads(Uploads),
    /// A file for an administrator.
    Export(ExportFile),
    /// From the centre.
    VisitList(Page<VisitSummary>),
    /// From the centre.
    VisitDetail(Box<VisitDetail>),
    /// From the centre.
    Conflicts(Page<ConflictView>),
    /// From the centre.
    Quarantine(Page<QuarantineItem>),
}

/// Why there is no answer. The message is `trouble-<code>`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{code}: {detail}")]
pub struct Trouble {
    /// `offline`, `bad_credentials`, `signed_out`, `not_found`, `form_incomplete`, `no_grant`, `storage_full`,
    /// `storage_broken`, `server_refused`, `server_trouble`, `too_large`, `bad_value`, `not_now`.
    pub code: String,
    /// More, for a person who wants to know.
    #[serde(default)]
    pub detail: String,
    /// Whether asking again can help.
    #[serde(default)]
    pub may_retry: bool,
}

/// Who is signed in, how the exchange stands, how much is here.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Status {
    /// Who is signed in.
    pub user: Option<User>,
    /// Whether a token is held; false after the centre refused it.
    pub signed_in: bool,
    /// The villages granted, with names.
    pub villages: Vec<Area>,
    /// The areas above them, with names.
    pub areas: Vec<Area>,
    /// People whose names the screens may show.
    pub people: Vec<User>,
    /// The exchange.
    pub sync: SyncState,
    /// Households on this device.
    pub households: u64,
    /// Records and edits made here and not yet with the centre.
    pub unsent: u64,
    /// Fields in conflict on this device.
    pub conflicts: u64,
    /// Choices remembered.
    pub remembered: BTreeMap<String, String>,
    /// How far the phone's clock is ahead of the centre's, if known. Above five minutes the person is warned.
    pub clock_offset_ms: Option<i64>,
}

/// How the exchange with the centre stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncState {
    /// What it is doing.
    pub phase: SyncPhase,
    /// Operations still to send.
    pub to_send: u64,
    /// Operations fetched so far in this exchange.
    pub fetched: u64,
    /// Operations that the centre says are still to fetch, if known.
    pub to_fetch: Option<u64>,
    /// The last exchange that ended well, in milliseconds since 1970.
    pub last_success_ms: Option<i64>,
    /// Why the last attempt failed.
    pub last_trouble: Option<Trouble>,
    /// When the next attempt is due, in milliseconds since 1970.
    pub next_attempt_ms: Option<i64>,
}

/// What the exchange is doing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SyncPhase {
    /// Nothing to do, or waiting for its time.
    #[default]
    Idle,
    /// Asking for the session.
    Greeting,
    /// Sending.
    Pushing,
    /// Fetching.
    Pulling,
    /// Waiting for a signal after a failure.
    Waiting,
    /// Nobody is signed in.
    SignedOut,
}

/// 今日.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Today {
    /// Households due, overdue first, then nearest; at most [`LIST_ROWS`].
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

/// A household in a list on the device.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HouseholdRow {
    /// The entry.
    pub id: EntityId,
    /// The village.
    pub scope: AreaCode,
    /// 户编号.
    pub code: String,
    /// 户主.
    pub head_name: String,
    /// Village group and address.
    pub address: String,
    /// 户类型.
    pub categories: Vec<String>,
    /// 三色码.
    pub colour: Option<String>,
    /// Metres from where the person is.
    pub distance_m: Option<f64>,
    /// How many of its fields are in conflict.
    pub conflicts: u32,
    /// The last visit with someone at home, in milliseconds since 1970.
    pub last_visit_ms: Option<i64>,
}

/// A page of households.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Households {
    /// The page.
    pub rows: Vec<HouseholdRow>,
    /// Whether there are more.
    pub more: bool,
}

/// A form begun and not saved.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DraftRow {
    /// The household.
    pub household: EntityId,
    /// Its head's name.
    pub head_name: String,
    /// When it was last touched, in milliseconds since 1970.
    pub touched_at_ms: i64,
}

/// A household with all that belongs to it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HouseholdView {
    /// The row in the lists.
    pub row: HouseholdRow,
    /// The village's name.
    pub village: String,
    /// The entry.
    pub entry: EntryView,
    /// Its members.
    pub members: Vec<EntryView>,
    /// Its problems.
    pub issues: Vec<EntryView>,
    /// Its visits, newest first, at most [`LIST_ROWS`].
    pub visits: Vec<RecordRow>,
    /// When the person signed in has to call, if at all.
    pub due: Option<DueRow>,
    /// Whether a form was begun.
    pub has_draft: bool,
    /// Names of people by id, for fields that hold a user.
    pub names: BTreeMap<String, String>,
}

/// The visit form as it stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct VisitView {
    /// The draft. The checklist is `bianfang_shared::checklist`'s of this key and version.
    pub draft: VisitDraft,
    /// The household's row.
    pub household: HouseholdRow,
    /// The anchor to measure the distance against.
    pub anchor: Option<Point>,
    /// What is known already, by question, to be confirmed.
    pub prefilled: BTreeMap<String, Value>,
    /// The questions that apply now, in order.
    pub relevant: Vec<String>,
    /// What is missing or wrong.
    pub problems: Vec<FormProblem>,
    /// What saving will do.
    pub effects: Vec<Effect>,
    /// How far it would be worth believing if saved now.
    pub evidence: Evidence,
    /// The last visit with someone at home.
    pub last_visit: Option<RecordRow>,
}

/// A visit that is durably on this device.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SavedVisit {
    /// The record.
    pub id: ObservationId,
    /// Its evidence.
    pub evidence: Evidence,
    /// What it did to the ledgers on this device.
    pub effects: Vec<Effect>,
}

/// Where a record is. The message is `place-<key>`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "place", rename_all = "snake_case")]
pub enum Place {
    /// 已存本机: durably on this device, not with the centre yet.
    Device,
    /// 中心已收: merged durably at the centre.
    Centre,
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
}

/// A record in a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RecordRow {
    /// The record.
    pub id: ObservationId,
    /// The household.
    pub subject: EntityId,
    /// Its head's name.
    pub subject_name: String,
    /// Its code.
    pub subject_code: String,
    /// The village.
    pub scope: AreaCode,
    /// Who recorded it.
    pub author_name: String,
    /// Whether it was made on this device.
    pub own: bool,
    /// When it was saved, in milliseconds since 1970.
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
}

/// 上传.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Uploads {
    /// The records made here, newest first, at most [`LIST_ROWS`].
    pub records: Vec<RecordRow>,
    /// Whether there are more.
    pub more: bool,
    /// Other edits made here that are not with the centre, or were set aside.
    pub edits: Vec<EditRow>,
    /// Conflicts on this device, at most [`LIST_ROWS`].
    pub conflicts: Vec<ConflictRow>,
    /// Records that are only on this device.
    pub only_here: u64,
    /// The exchange.
    pub sync: SyncState,
}

/// An edit that belongs to no record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EditRow {
    /// The operation.
    pub op: OpId,
    /// The entry, if it is about one.
    pub entity: Option<EntityId>,
    /// The household's name, if known.
    pub name: String,
    /// What kind of operation; the message is `edit-<kind>`.
    pub kind: String,
    /// When, by the phone's clock.
    pub at_ms: i64,
    /// Where it is.
    pub place: Place,
}

/// A field in conflict on this device.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ConflictRow {
    /// The entry.
    pub entity: EntityId,
    /// Its ledger.
    pub ledger: LedgerKind,
    /// The name to show for it.
    pub name: String,
    /// The field.
    pub field: String,
    /// The values, the shown one first.
    pub siblings: Vec<Sibling>,
    /// Names of their authors by user id.
    pub names: BTreeMap<String, String>,
}

/// A file to hand over.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExportFile {
    /// Its name.
    pub name: String,
    /// Its text.
    pub text: String,
    /// How many operations are inside.
    pub operations: u64,
}
