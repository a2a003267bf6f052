//! What all screens share: who is signed in, how the exchange stands, the language, where the phone is. Holds no rules.

use bianfang_device::message::{News, Reply, Request, SavedForm, Status, SyncPhase, SyncState, Trouble};
use bianfang_shared::ledger::Point;
use bianfang_shared::wire::User;
use dioxus::prelude::*;

use super::core::Core;
use crate::i18n::{LANGUAGE_KEY, Lang};
use crate::words::Names;

/// Signals shared by all screens.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AppState {
    /// Who is signed in and how much is here, once known.
    pub status: Signal<Option<Status>>,
    /// Why the status is not known.
    pub status_trouble: Signal<Option<Trouble>>,
    /// The exchange with the centre, newer than the one in the status.
    pub sync: Signal<SyncState>,
    /// Counts up when data on this device change. Screens that show any ask again.
    pub data: Signal<u64>,
    /// The language.
    pub lang: Signal<Lang>,
    /// Whether the device says that there may be a signal.
    pub online: Signal<bool>,
    /// Where the phone is, once a person has asked for distances.
    pub here: Signal<Option<Point>>,
    /// The visit saved last, for the page that says so.
    pub saved: Signal<Option<SavedForm>>,
    /// What was just done, said once to the eye and to a screen reader.
    pub said: Signal<String>,
}

impl AppState {
    /// Signals of the calling component, which has to be the root.
    #[must_use]
    pub fn new(lang: Lang, online: bool) -> Self {
        Self {
            status: Signal::new(None),
            status_trouble: Signal::new(None),
            sync: Signal::new(SyncState::default()),
            data: Signal::new(0),
            lang: Signal::new(lang),
            online: Signal::new(online),
            here: Signal::new(None),
            saved: Signal::new(None),
            said: Signal::new(String::new()),
        }
    }

    /// Asks for the status and shows what comes.
    pub async fn refresh(mut self, core: &Core) {
        match core.ask(Request::Status).await {
            Ok(Reply::Status(status)) => self.take_status(*status),
            Ok(_) => (),
            Err(trouble) => self.status_trouble.set(Some(trouble)),
        }
    }

    /// Shows a status.
    pub fn take_status(mut self, status: Status) {
        if let Some(tag) = status.remembered.get(LANGUAGE_KEY) {
            let lang = Lang::of_tag(tag);
            if *self.lang.peek() != lang {
                self.lang.set(lang);
            }
        }
        self.sync.set(status.sync.clone());
        self.status_trouble.set(None);
        self.status.set(Some(status));
    }

    /// Takes in news. Answers whether the status has to be asked for anew.
    pub fn take_news(mut self, news: News) -> bool {
        match news {
            News::Sync { state } => {
                let ended =
                    matches!(state.phase, SyncPhase::Idle | SyncPhase::Waiting | SyncPhase::SignedOut)
                        && self.sync.peek().phase != state.phase;
                self.sync.set(state);
                ended
            }
            News::Data => {
                *self.data.write() += 1;
                true
            }
            News::SignedOut => true,
        }
    }

    /// Who is signed in.
    #[must_use]
    pub fn user(self) -> Option<User> {
        self.status.read().as_ref().and_then(|status| status.user.clone())
    }

    /// Whether the person signed in reviews others' records.
    #[must_use]
    pub fn reviews(self) -> bool {
        self.user().is_some_and(|user| user.role.reviews())
    }

    /// Whether the person signed in works at a desk: sees the lists of all, and decides what an office decides.
    #[must_use]
    pub fn at_desk(self) -> bool {
        self.user().is_some_and(|user| user.role.is_office())
    }

    /// Whether the ledgers were never fetched whole, so that what is not found may still come.
    #[must_use]
    pub fn before_first_sync(self) -> bool {
        self.sync.read().last_success_ms.is_none()
    }

    /// The name of an area, or its code.
    #[must_use]
    pub fn area_name(self, code: bianfang_shared::area::AreaCode) -> String {
        let status = self.status.read();
        let known = status.as_ref().and_then(|status| {
            let mut areas = status.villages.iter().chain(&status.areas);
            areas.find(|area| area.code == code).map(|area| area.name.clone())
        });
        known.unwrap_or_else(|| code.to_string())
    }

    /// Names of people by id.
    #[must_use]
    pub fn names(self) -> Names {
        let status = self.status.read();
        let people = status.as_ref().map(|status| status.people.as_slice()).unwrap_or_default();
        let own = status.as_ref().and_then(|status| status.user.as_ref());
        people.iter().chain(own).map(|person| (person.id.to_string(), person.name.clone())).collect()
    }

    /// Names of people by id, with those that came along with an answer.
    #[must_use]
    pub fn names_and(self, more: &Names) -> Names {
        let mut names = self.names();
        names.extend(more.clone());
        names
    }

    /// Says something once: shown for a while and read out.
    pub fn say(mut self, words: String) {
        self.said.set(words);
    }
}

/// The shared state.
#[must_use]
pub fn use_app() -> AppState {
    use_context()
}

/// The way to the device core.
#[must_use]
pub fn use_core() -> Core {
    use_context()
}
