//! Answers what the screens ask. Questions about this device are answered at once; those for the centre become an
//! exchange that the caller carries out. Does no I/O but the database's.

mod actions;
mod centre;
mod forms;
mod photos;
mod sign_in;

pub use centre::Exchange;
pub use photos::Preparation;
pub(crate) use photos::{RoomMade, data_address};

use crate::export;
use crate::message::{News, PhotoState, Reply, Request, SyncPhase, SyncState, Trouble};
use crate::platform::Platform;
use crate::profile::{Profile, Shelf};
use crate::store::photos::PhotoName;
use crate::store::{Location, StoreError, entries, meta, ops};
use crate::sync::{Answer, Step, Ticket};
use crate::view;
use bianfang_shared::area::AreaCode;
use bianfang_shared::entry::Entry;
use bianfang_shared::id::{ObservationId, OpId};
use bianfang_shared::wire::User;
use std::fmt;

/// The app on one device, without drawing and without a network of its own.
pub struct Device {
    platform: Platform,
    shelf: Shelf,
    profile: Option<Profile>,
    news: Vec<News>,
    /// Whether the connection is paid by its amount, where that was told.
    metered: Option<bool>,
    /// Whose files are to be looked through at the next start.
    suspected: Option<String>,
}

impl fmt::Debug for Device {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Device").field("platform", &self.platform).finish_non_exhaustive()
    }
}

/// How a question is answered.
#[derive(Debug)]
pub enum Asked {
    /// At once.
    Ready(Box<Result<Reply, Trouble>>),
    /// By the centre: send the exchange's request, and hand what comes back to [`Device::finish`].
    Centre(Box<Exchange>),
    /// After work on a picture: let [`Platform::pictures`] prepare its file, and hand what comes of it to
    /// [`Device::keep`].
    Picture(Box<Preparation>),
}

/// What a question about this device leads to.
type Answered = Result<Reply, Trouble>;

impl Device {
    /// Opens what is on this device, or begins with nothing.
    pub fn open(location: Location, platform: Platform) -> Result<Self, StoreError> {
        let mut shelf = Shelf::open(location)?;
        let profile = shelf.current(&platform)?;
        Ok(Self { platform, shelf, profile, news: Vec::new(), metered: None, suspected: None })
    }

    /// Answers a question, or says what to ask the centre for it.
    pub fn ask(&mut self, request: Request) -> Asked {
        match request {
            Request::SignIn { user, password } => self.begin_sign_in(&user, &password),
            Request::VisitList { .. }
            | Request::VisitDetail { .. }
            | Request::Conflicts { .. }
            | Request::Decisions { .. }
            | Request::Quarantine { .. } => self.begin_query(request),
            Request::KeepPhoto { taken } => self.begin_photo(taken),
            Request::Picture { sha256, full } => self.begin_picture(sha256, full),
            local => {
                let answer = self.answer(local);
                self.look_out(answer.as_ref().err());
                Asked::Ready(Box::new(answer))
            }
        }
    }

    /// A file that could not be read is looked through at the next start.
    fn look_out(&mut self, trouble: Option<&Trouble>) {
        let broken = trouble.is_some_and(|trouble| trouble.code == "storage_broken" && !trouble.may_retry);
        let Some(profile) = self.profile.as_ref().filter(|_| broken) else { return };
        // Once for each start: what is broken is asked again and again.
        if self.suspected.as_deref() == Some(&profile.login) {
            return;
        }
        match self.shelf.suspect(&profile.login) {
            Ok(()) => self.suspected = Some(profile.login.clone()),
            // The index cannot be written either; the trouble itself is on its way to the screen.
            Err(error) => self.shelf.said = Some(error.into()),
        }
    }

    fn answer(&mut self, request: Request) -> Answered {
        let now = self.platform.now();
        match request {
            Request::Status => self.status(),
            Request::SignOut => self.sign_out(),
            Request::Remember { key, value } => self.remember(&key, &value),
            Request::Online { online } => self.online(online),
            Request::Metered { metered } => self.metered(metered),
            Request::SyncNow => self.sync_now(),
            Request::Today { here } => Ok(Reply::Today(view::today::view(self.reading()?, now, here)?)),
            Request::Households { text, scope, in_conflict, here, skip } => {
                let listing = view::households::Asked { text, scope, in_conflict, here, skip };
                Ok(Reply::Households(view::households::view(self.reading()?, &listing)?))
            }
            Request::Household { id } => {
                let found = view::household::view(self.reading()?, now, id)?;
                found.map(|view| Reply::Household(Box::new(view))).ok_or_else(not_found)
            }
            Request::History { id } => Ok(Reply::History(view::history::of_entry(self.reading()?, id)?)),
            Request::Record { id } => {
                let found = view::record::view(self.reading()?, now, id)?;
                found.map(|view| Reply::Record(Box::new(view))).ok_or_else(not_found)
            }
            Request::Uploads { skip } => self.uploads(skip),
            Request::ExportOutbox => Ok(Reply::Export(export::outbox(self.reading()?, now.wall_ms)?)),
            Request::OpenForm { kind, subject } => self.open_form(kind, subject),
            Request::KeepForm { draft } => self.keep_form(*draft),
            Request::DropForm { kind, subject } => self.drop_form(kind, subject),
            Request::SaveForm { draft } => self.save_form(*draft),
            Request::Entries { ledger, filter, here, skip } => {
                let listing = view::entries::Asked { ledger, filter, here, skip };
                Ok(Reply::Entries(view::entries::view(&self.reading()?, listing)?))
            }
            Request::Entry { id, here } => {
                let found = view::entry::view(&self.reading()?, now, id, here)?;
                found.map(|view| Reply::Entry(Box::new(view))).ok_or_else(not_found)
            }
            Request::Register { ledger, scope, fields, photos } => {
                self.register(ledger, scope, fields, photos)
            }
            Request::Step { issue, step, note, photos } => self.step(issue, step, note, photos),
            Request::Retract { id, reason } => self.retract(id, reason),
            Request::Accompany { id } => self.accompany(id),
            Request::Amend { id, changes } => self.amend(id, changes),
            Request::Adopt { id, field, proposal } => self.adopt(id, field, proposal),
            Request::Refuse { id, field, proposal, reason } => self.refuse(id, field, proposal, reason),
            Request::Resolve { id, field, value, parents } => self.resolve(id, field, value, parents),
            Request::Review { id, scope, verdict, comment } => self.review(id, scope, verdict, comment),
            Request::SignIn { .. }
            | Request::KeepPhoto { .. }
            | Request::Picture { .. }
            | Request::VisitList { .. }
            | Request::VisitDetail { .. }
            | Request::Conflicts { .. }
            | Request::Decisions { .. }
            | Request::Quarantine { .. } => Err(trouble("not_now", "this is not answered at once", true)),
        }
    }

    /// What the exchange wants done next.
    #[expect(clippy::should_implement_trait, reason = "it has no end, and asking twice is another question")]
    pub fn next(&mut self) -> Step {
        let Some(profile) = &mut self.profile else { return Step::Idle };
        let step = profile.engine.next(&mut profile.store, &mut profile.spool, &self.platform);
        let trouble = profile.engine.photo_trouble().cloned();
        self.look_out(trouble.as_ref());
        step
    }

    /// Takes what came back for a request of the exchange. Late and double answers are harmless.
    pub fn receive(&mut self, ticket: Ticket, answer: Answer) {
        if let Some(profile) = &mut self.profile {
            let (store, spool) = (&mut profile.store, &mut profile.spool);
            let news = profile.engine.receive(store, spool, &self.platform, ticket, answer);
            self.news.extend(news);
            let trouble = self.sync_state().last_trouble;
            self.look_out(trouble.as_ref());
        }
    }

    /// Whether the exchange still waits for an answer to this request.
    pub fn is_under_way(&self, ticket: Ticket) -> bool {
        self.profile.as_ref().is_some_and(|profile| profile.engine.is_under_way(ticket))
    }

    /// What has changed since this was asked last.
    pub fn take_news(&mut self) -> Vec<News> {
        std::mem::take(&mut self.news)
    }

    pub(crate) fn say(&mut self, news: News) {
        self.news.push(news);
    }

    /// How the exchange stands.
    pub fn sync_state(&self) -> SyncState {
        let mut state = match &self.profile {
            Some(profile) => profile.engine.state(&profile.store, &profile.spool, &self.platform),
            None => SyncState { phase: SyncPhase::SignedOut, ..SyncState::default() },
        };
        state.last_trouble = state.last_trouble.or_else(|| self.shelf.said.clone());
        state
    }

    /// The machine that this device runs on.
    pub fn platform(&self) -> &Platform {
        &self.platform
    }

    fn reading(&self) -> Result<view::Reading<'_>, Trouble> {
        let profile = self.profile.as_ref().ok_or_else(signed_out)?;
        let Profile { store, spool, likes, .. } = profile;
        Ok(view::Reading { conn: store.read(), spool, likes, kind: self.platform.kind })
    }

    fn signed_in(&mut self) -> Result<(&mut Profile, User), Trouble> {
        let profile = self.profile.as_mut().ok_or_else(signed_out)?;
        let user = meta::user(profile.store.read())?.ok_or_else(signed_out)?;
        Ok((profile, user))
    }
}

/// For checks of the whole, in tests and simulations.
impl Device {
    /// Every entry of a village as it stands here, by id.
    pub fn ledger(&self, scope: AreaCode) -> Result<Vec<Entry>, StoreError> {
        let Some(profile) = &self.profile else { return Ok(Vec::new()) };
        let conn = profile.store.read();
        let ids = entries::of_scope(conn, scope)?;
        ids.into_iter().filter_map(|id| entries::entry(conn, id).transpose()).collect()
    }

    /// Every operation known here, and whether ledgers are folded from it.
    pub fn operations(&self) -> Result<Vec<(OpId, bool)>, StoreError> {
        self.profile.as_ref().map_or(Ok(Vec::new()), |profile| ops::names(profile.store.read()))
    }

    /// Every record made here, with where it is.
    pub fn own_records(&self) -> Result<Vec<(ObservationId, crate::message::Place)>, StoreError> {
        let Some(profile) = &self.profile else { return Ok(Vec::new()) };
        let lines = crate::store::records::own(profile.store.read(), 0, usize::MAX)?;
        Ok(lines.into_iter().map(|line| (line.id, line.place)).collect())
    }

    /// Lets the disk be full from now on, or not any more.
    pub fn limit_pages(&mut self, full: bool) -> Result<(), StoreError> {
        let Some(profile) = &self.profile else { return Ok(()) };
        profile.store.limit_pages(full)?;
        profile.spool.limit_pages(full)
    }

    /// Every photograph that records or problems made here name, with where it is.
    pub fn own_photos(&self) -> Result<Vec<(String, PhotoState)>, StoreError> {
        let Some(profile) = &self.profile else { return Ok(Vec::new()) };
        let mut found = Vec::new();
        for name in crate::store::photos::own(profile.store.read())? {
            let state = profile.spool.get(name)?.map_or(PhotoState::Elsewhere, |kept| kept.state());
            found.push((name.to_string(), state));
        }
        Ok(found)
    }

    /// Whether an operation that is known here names a photograph.
    pub fn names_photo(&self, sha256: &str) -> Result<bool, StoreError> {
        let Some((profile, name)) = self.profile.as_ref().zip(PhotoName::parse(sha256)) else {
            return Ok(false);
        };
        Ok(crate::store::photos::naming(profile.store.read(), name)?.is_some())
    }

    /// What is wrong with the database's file, and where rows differ from what the operations say. Empty when sound.
    pub fn integrity(&self) -> Result<Vec<String>, StoreError> {
        let Some(profile) = &self.profile else { return Ok(Vec::new()) };
        let mut found = profile.store.integrity()?;
        found.extend(crate::store::check::whole(profile.store.read())?);
        found.extend(profile.spool.integrity()?);
        Ok(found)
    }
}

pub(crate) fn trouble(code: &str, detail: &str, may_retry: bool) -> Trouble {
    Trouble { code: code.to_owned(), detail: detail.to_owned(), may_retry }
}

fn signed_out() -> Trouble {
    trouble("signed_out", "nobody is signed in on this device", false)
}

fn not_found() -> Trouble {
    trouble("not_found", "it is not on this device", false)
}
