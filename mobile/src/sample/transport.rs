//! A device core of invented data: answers at once, in one of several moods.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

use bianfang_device::message::{
    DraftRow, Entries, EntryDetail, EntryFilter, Envelope, ExportFile, Households, Message, Place, Reply,
    Request, Status, SyncPhase, SyncState, TakenPhoto, Today, Trouble,
};
use bianfang_shared::judge::{Fault, Reason};
use bianfang_shared::ledger::LedgerKind;
use bianfang_shared::observation::ObservationKind;
use bianfang_shared::op::IssueStep;
use bianfang_shared::query::{Page, ReviewState};
use bianfang_shared::value::Value;

use super::{NOW_MS, entries, forms, ledger, photos, reasons, records};
use crate::app::{Answer, Ear, Heard, Transport};

/// What kind of day it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mood {
    /// A cadre with work to do.
    Cadre,
    /// A supervisor.
    Supervisor,
    /// Signed in, with nothing anywhere.
    Empty,
    /// Just signed in for the first time; the ledgers are being fetched.
    Fresh,
    /// Nobody is signed in.
    SignedOut,
    /// A cadre without a signal; the centre cannot be asked.
    Offline,
    /// A supervisor without a signal.
    SupervisorOffline,
    /// The store is broken: every question about data fails.
    Broken,
    /// No answer ever comes.
    Silent,
    /// A cadre whose form is partly filled.
    Filled,
    /// A supervisor, with one of everything that can be set aside.
    SetAside,
}

/// Answers by mood.
pub struct MemoryTransport {
    mood: Cell<Mood>,
    ear: Rc<RefCell<Option<Ear>>>,
    asked: RefCell<Vec<Request>>,
    /// How many pictures were kept.
    kept: Cell<u8>,
    /// Questions that got no answer yet.
    unanswered: RefCell<Vec<Envelope>>,
}

impl std::fmt::Debug for MemoryTransport {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MemoryTransport").field("mood", &self.mood.get()).finish_non_exhaustive()
    }
}

impl MemoryTransport {
    /// A transport in a mood.
    #[must_use]
    pub fn new(mood: Mood) -> Self {
        Self {
            mood: Cell::new(mood),
            ear: Rc::default(),
            asked: RefCell::default(),
            kept: Cell::new(80),
            unanswered: RefCell::default(),
        }
    }

    /// Changes what kind of day it is.
    pub fn set_mood(&self, mood: Mood) {
        self.mood.set(mood);
    }

    /// Speaks again after a silence, and answers what was asked meanwhile.
    pub fn catch_up(&self, mood: Mood) {
        self.mood.set(mood);
        let waiting = self.unanswered.take();
        waiting.into_iter().for_each(|envelope| self.reply(envelope));
    }

    /// What was asked so far.
    #[must_use]
    pub fn asked(&self) -> Vec<Request> {
        self.asked.borrow().clone()
    }
}

impl Transport for MemoryTransport {
    fn send(&self, envelope: Envelope) {
        self.asked.borrow_mut().push(envelope.request.clone());
        if self.mood.get() == Mood::Silent && !matches!(envelope.request, Request::Status) {
            self.unanswered.borrow_mut().push(envelope);
        } else {
            self.reply(envelope);
        }
    }

    fn listen(&self, ear: Ear) -> Box<dyn Any> {
        *self.ear.borrow_mut() = Some(ear);
        Box::new(())
    }
}

impl MemoryTransport {
    fn reply(&self, envelope: Envelope) {
        let ear = self.ear.borrow().clone();
        if let Some(ear) = ear {
            let result = self.answer(envelope.request);
            ear(Heard::Message(Box::new(Message::Answer { id: envelope.id, result })));
        }
    }

    fn answer(&self, request: Request) -> Answer {
        let broken = self.mood.get() == Mood::Broken && !matches!(request, Request::Status);
        if broken {
            return Err(trouble("storage_broken", "SQLITE_CORRUPT (11)"));
        }
        let number = |id: bianfang_shared::id::ObservationId| id.bytes()[15].max(1);
        Ok(match request {
            Request::Status => Reply::Status(Box::new(self.status())),
            Request::SignIn { .. } => return Err(trouble("bad_credentials", "")),
            Request::Today { .. } => Reply::Today(self.today()),
            Request::Households { text, in_conflict, .. } => {
                Reply::Households(self.households(&text, in_conflict))
            }
            Request::Household { id } => Reply::Household(Box::new(ledger::household(id))),
            Request::History { .. } => Reply::History(ledger::history()),
            Request::OpenForm { kind, .. } => {
                Reply::Form(Box::new(forms::open(kind, self.mood.get() == Mood::Filled)))
            }
            Request::KeepForm { draft } => Reply::Form(Box::new(forms::view(*draft))),
            Request::SaveForm { draft } => Reply::Saved(forms::saved(draft.kind)),
            Request::KeepPhoto { taken } => self.keep(&taken),
            Request::Picture { sha256, .. } => Reply::Picture(photos::picture(&sha256)),
            Request::Entries { ledger, filter, .. } => Reply::Entries(self.entries(ledger, &filter)),
            Request::Entry { id, .. } => match entries::detail(id) {
                Some(detail) => Reply::Entry(Box::new(self.seen_by(detail))),
                None => return Err(trouble("not_found", "")),
            },
            Request::Register { ledger, .. } => Reply::Registered { id: entries::row(ledger, 1).id },
            Request::Record { id } => Reply::Record(Box::new(records::known(number(id)))),
            Request::Uploads { .. } => Reply::Uploads(self.uploads()),
            Request::ExportOutbox => Reply::Export(ExportFile {
                name: "bianfang.json".to_owned(),
                text: String::new(),
                operations: 3,
            }),
            Request::VisitList { .. }
            | Request::VisitDetail { .. }
            | Request::Conflicts { .. }
            | Request::Decisions { .. }
            | Request::Quarantine { .. }
                if self.offline() =>
            {
                return Err(trouble("offline", ""));
            }
            Request::VisitList { filter } if filter.state == Some(ReviewState::WithdrawalAsked) => {
                Reply::VisitList(page(vec![records::summary(records::TO_WITHDRAW)], false))
            }
            Request::VisitList { .. } => {
                Reply::VisitList(page((1..=10).map(records::summary).collect(), true))
            }
            Request::VisitDetail { id } => Reply::VisitDetail(Box::new(records::detail(number(id)))),
            Request::Conflicts { .. } => Reply::Conflicts(page(vec![ledger::conflict()], false)),
            Request::Decisions { kind, .. } => Reply::Decisions(page(vec![ledger::decision(kind)], false)),
            Request::Quarantine { .. } if self.mood.get() == Mood::SetAside => {
                let items = (60..).zip(reasons::every());
                Reply::Quarantine(page(
                    items.map(|(at, reason)| records::set_aside(at, reason)).collect(),
                    false,
                ))
            }
            Request::Quarantine { .. } => Reply::Quarantine(page(
                vec![
                    records::set_aside(41, Reason::UnknownEntity { entity: ledger::entity(9) }),
                    records::set_aside(
                        42,
                        reasons::bad_value("colour", Some(LedgerKind::Household), Some(red())),
                    ),
                ],
                false,
            )),
            _ => Reply::Done,
        })
    }

    fn offline(&self) -> bool {
        matches!(self.mood.get(), Mood::Offline | Mood::SupervisorOffline)
    }

    fn sync(&self) -> SyncState {
        let mut sync = SyncState { last_success_ms: Some(NOW_MS - 5_400_000), ..SyncState::default() };
        sync.to_send = if self.mood.get() == Mood::Empty { 0 } else { 3 };
        if self.mood.get() == Mood::Fresh {
            sync.last_success_ms = None;
            sync.phase = SyncPhase::Pulling;
            sync.fetched = 900;
            sync.to_fetch = Some(2_440);
        }
        if self.offline() {
            sync.phase = SyncPhase::Waiting;
            sync.photos_to_send = 5;
            sync.photo_bytes_to_send = 1_830_000;
            sync.photos_wait_for_wifi = true;
            sync.last_trouble = Some(trouble("offline", ""));
            sync.next_attempt_ms = Some(NOW_MS + 120_000);
        }
        if self.mood.get() == Mood::Filled {
            sync.phase = SyncPhase::Pulling;
            sync.fetched = 1_240;
            sync.to_fetch = Some(2_100);
        }
        sync
    }

    fn status(&self) -> Status {
        let user = match self.mood.get() {
            Mood::SignedOut => None,
            Mood::Supervisor | Mood::SupervisorOffline | Mood::SetAside => Some(ledger::supervisor()),
            _ => Some(ledger::cadre()),
        };
        let empty = matches!(self.mood.get(), Mood::Empty | Mood::SignedOut);
        Status {
            signed_in: user.is_some() && self.mood.get() != Mood::Filled,
            user,
            villages: ledger::villages(),
            areas: Vec::new(),
            people: ledger::people(),
            sync: self.sync(),
            households: if empty { 0 } else { 540 },
            unsent: if empty { 0 } else { 3 },
            conflicts: u64::from(!empty),
            remembered: Default::default(),
            clock_offset_ms: (self.mood.get() == Mood::Filled).then_some(780_000),
        }
    }

    fn today(&self) -> Today {
        if self.nothing() {
            return Today {
                due: Vec::new(),
                due_total: 0,
                overdue_total: 0,
                sent_back: Vec::new(),
                drafts: Vec::new(),
                visited_this_month: 0,
                tasks: Vec::new(),
                tasks_total: 0,
                issues: Vec::new(),
                issues_total: 0,
            };
        }
        Today {
            due: (0..4).map(ledger::due).collect(),
            due_total: 23,
            overdue_total: 2,
            sent_back: vec![records::row(3)],
            drafts: vec![
                DraftRow {
                    kind: ObservationKind::Visit,
                    subject: ledger::entity(2),
                    name: Some("刘大海".to_owned()),
                    touched_at_ms: NOW_MS - 2_600_000,
                },
                DraftRow {
                    kind: ObservationKind::HouseInspection,
                    subject: ledger::entity(9),
                    name: None,
                    touched_at_ms: NOW_MS - 93_000_000,
                },
            ],
            visited_this_month: 11,
            tasks: entries::tasks(),
            tasks_total: 3,
            issues: vec![entries::row(LedgerKind::Issue, 0), entries::row(LedgerKind::Issue, 3)],
            issues_total: 2,
        }
    }

    fn nothing(&self) -> bool {
        matches!(self.mood.get(), Mood::Empty | Mood::Fresh)
    }

    fn entries(&self, ledger: LedgerKind, filter: &EntryFilter) -> Entries {
        let rows = if self.nothing() { Vec::new() } else { entries::rows(ledger, filter) };
        Entries { more: false, rows }
    }

    /// A supervisor may accept and send back what somebody else put right.
    fn seen_by(&self, mut detail: EntryDetail) -> EntryDetail {
        let state = detail.entry.fields.get("state").and_then(Value::as_text);
        if self.mood.get() == Mood::Supervisor && state == Some("to_accept") {
            detail.may = vec![IssueStep::Accept, IssueStep::SendBack];
        }
        detail
    }

    /// Keeps a picture.
    fn keep(&self, taken: &TakenPhoto) -> Reply {
        let number = self.kept.get() + 1;
        self.kept.set(number);
        let photo = photos::photo(number, &taken.purpose, taken.source);
        Reply::Photo(Box::new(photos::kept(photo)))
    }

    fn households(&self, text: &str, in_conflict: bool) -> Households {
        let all = (0..ledger::HOUSEHOLDS).map(ledger::row);
        let found = all.filter(|row| row.head_name.contains(text) && (!in_conflict || row.conflicts > 0));
        let rows = if self.nothing() { Vec::new() } else { found.collect() };
        Households { rows, more: !self.nothing() }
    }

    fn uploads(&self) -> bianfang_device::message::Uploads {
        let mut uploads = records::uploads(self.sync());
        if self.mood.get() == Mood::Empty {
            uploads.records.clear();
            uploads.edits.clear();
            uploads.conflicts.clear();
            uploads.photos_failed.clear();
            uploads.only_here = 0;
        }
        if self.mood.get() == Mood::SetAside {
            uploads.edits =
                (60..).zip(reasons::every()).map(|(at, reason)| records::edit(at, reason)).collect();
        }
        if self.mood.get() == Mood::Cadre {
            uploads.records.retain(|row| row.place != Place::Retracted);
        }
        uploads
    }
}

fn page<T>(rows: Vec<T>, more: bool) -> Page<T> {
    Page { rows, next: more.then(|| "next".to_owned()), unreadable: Vec::new() }
}

fn red() -> Fault {
    Fault::NotAChoice { text: "red".to_owned() }
}

fn trouble(code: &str, detail: &str) -> Trouble {
    Trouble { code: code.to_owned(), detail: detail.to_owned(), may_retry: true }
}
