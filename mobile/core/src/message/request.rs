//! Questions and answers: what may be asked of the core, what it answers to that, and why it does not.

use super::{
    Entries, EntryDetail, EntryFilter, ExportFile, FormView, HouseholdView, Households, KeptPhoto, Picture,
    RecordView, SavedForm, Status, TakenPhoto, Today, Uploads,
};
use bianfang_shared::area::AreaCode;
use bianfang_shared::form::FormDraft;
use bianfang_shared::id::{EntityId, ObservationId, OpId};
use bianfang_shared::ledger::{LedgerKind, Point};
use bianfang_shared::observation::{ObservationKind, PhotoRef};
use bianfang_shared::op::{self, IssueStep};
use bianfang_shared::photo::PhotoProblem;
use bianfang_shared::query::{
    ConflictView, DecisionKind, DecisionView, HistoryItem, Page, QuarantineItem, VisitDetail, VisitFilter,
    VisitSummary,
};
use bianfang_shared::value::Value;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The choice that lets photographs wait for Wi-Fi; see [`Request::Remember`].
pub const PHOTOS_WIFI_ONLY: &str = "photos_wifi_only";

/// Rows on a page of a list on the device.
pub const LIST_ROWS: usize = 50;

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
    /// Follows a proposal for a field. → [`Reply::Done`].
    Adopt {
        /// The entry.
        id: EntityId,
        /// The field.
        field: String,
        /// The operation that proposed it.
        proposal: OpId,
    },
    /// Does not follow a proposal for a field, or takes an own one back. → [`Reply::Done`].
    Refuse {
        /// The entry.
        id: EntityId,
        /// The field.
        field: String,
        /// The operation that proposed it.
        proposal: OpId,
        /// Why.
        #[serde(default)]
        reason: String,
    },
    /// A page of a ledger other than the households'. → [`Reply::Entries`].
    Entries {
        /// Which ledger.
        ledger: LedgerKind,
        /// Which of its entries.
        #[serde(default)]
        filter: EntryFilter,
        /// Where the person is, for the distances.
        #[serde(default)]
        here: Option<Point>,
        /// How many to skip; pages are of [`LIST_ROWS`].
        #[serde(default)]
        skip: usize,
    },
    /// An entry of any ledger but the households', with what belongs to it. → [`Reply::Entry`].
    Entry {
        /// The entry.
        id: EntityId,
        /// Where the person is, for the distance.
        #[serde(default)]
        here: Option<Point>,
    },
    /// Enters something new into a ledger by hand: a house, a supply, a post, a problem. → [`Reply::Registered`].
    Register {
        /// The ledger.
        ledger: LedgerKind,
        /// The village.
        scope: AreaCode,
        /// What is known of it, by field.
        fields: BTreeMap<String, Value>,
        /// What it looks like, for a problem.
        #[serde(default)]
        photos: Vec<PhotoRef>,
    },
    /// A step in a problem's life: 整改, 验收, 退回. → [`Reply::Done`].
    Step {
        /// The problem.
        issue: EntityId,
        /// Which step.
        step: IssueStep,
        /// What was done or found.
        note: String,
        /// What it looks like now.
        #[serde(default)]
        photos: Vec<PhotoRef>,
    },
    /// Says that this person went along with a record that names them. → [`Reply::Done`].
    Accompany {
        /// The record.
        id: ObservationId,
    },
    /// Takes a record back; it stays readable. → [`Reply::Done`].
    Retract {
        /// The record.
        id: ObservationId,
        /// Why.
        reason: String,
    },
    /// Opens a form: the draft kept, or a new one. → [`Reply::Form`].
    OpenForm {
        /// Which kind of record.
        kind: ObservationKind,
        /// What it is about.
        subject: EntityId,
    },
    /// Keeps the draft and says what saving it would do now. → [`Reply::Form`].
    KeepForm {
        /// The form as it stands.
        draft: Box<FormDraft>,
    },
    /// Throws a draft away. → [`Reply::Done`].
    DropForm {
        /// Which kind of record.
        kind: ObservationKind,
        /// What it is about.
        subject: EntityId,
    },
    /// Keeps a picture durably on this device, before any draft names it. → [`Reply::Photo`], or
    /// [`Reply::PhotoRefused`] where the file cannot be kept as a photograph.
    KeepPhoto {
        /// The picture as it was taken or chosen.
        taken: TakenPhoto,
    },
    /// A photograph to look at: from this device if it is here, else from the centre. → [`Reply::Picture`].
    Picture {
        /// SHA-256 of its bytes.
        sha256: String,
        /// The whole, not only the thumbnail.
        #[serde(default)]
        full: bool,
    },
    /// Saves the form; answered when it is durably on this device (已存本机). → [`Reply::Saved`].
    SaveForm {
        /// The form as it stands.
        draft: Box<FormDraft>,
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
    /// “Upload now”: exchange at once, whatever the waiting time, photographs also without Wi-Fi. → [`Reply::Done`].
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
        verdict: op::Verdict,
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
    /// Asked of the centre: entries that wait for the office. → [`Reply::Decisions`].
    Decisions {
        /// What they wait for.
        kind: DecisionKind,
        /// Where the page begins.
        after: Option<String>,
    },
    /// Asked of the centre: operations set aside. → [`Reply::Quarantine`].
    Quarantine {
        /// Where the page begins.
        after: Option<String>,
    },
    /// Remembers a choice of the person, such as the language. [`PHOTOS_WIFI_ONLY`] with `true` lets photographs wait
    /// for a connection that costs nothing. → [`Reply::Done`].
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
    /// The browser or phone says whether the connection is paid by its amount. While nothing was said it is not known,
    /// and photographs that are to wait for Wi-Fi wait. → [`Reply::Done`].
    Metered {
        /// What it says.
        metered: bool,
    },
}

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
    /// A page of another ledger.
    Entries(Entries),
    /// An entry of another ledger.
    Entry(Box<EntryDetail>),
    /// Something new stands in a ledger.
    Registered {
        /// The new entry.
        id: EntityId,
    },
    /// A picture is kept.
    Photo(Box<KeptPhoto>),
    /// A file cannot be kept as a photograph. Nothing else is touched by it. The message is `photo-problem-<code>`.
    PhotoRefused(PhotoProblem),
    /// A photograph to look at.
    Picture(Picture),
    /// Changes of an entry.
    History(Vec<HistoryItem>),
    /// A form.
    Form(Box<FormView>),
    /// A record was saved.
    Saved(SavedForm),
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
    Decisions(Page<DecisionView>),
    /// From the centre.
    Quarantine(Page<QuarantineItem>),
}

/// Why there is no answer. The message is `trouble-<code>`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{code}: {detail}")]
pub struct Trouble {
    /// `offline`, `bad_credentials`, `signed_out`, `not_found`, `form_incomplete`, `no_grant`, `storage_full`,
    /// `storage_broken`, `server_refused`, `server_trouble`, `too_large`, `bad_value`, `not_now`, `photo_missing`,
    /// `photo_lost`, `photo_damaged`, `picture_failed`, `not_reviewer`, `own_rectification`, `wrong_state`, `not_office`,
    /// `not_named`, `own_record`.
    pub code: String,
    /// More, for a person who wants to know.
    #[serde(default)]
    pub detail: String,
    /// Whether asking again can help.
    #[serde(default)]
    pub may_retry: bool,
}
