//! The exchange with the centre as a state machine without I/O: it says what to send and is told what came back.
//! Whoever drives it may lose, delay, double or reorder any request or answer, and may stop between any two steps.
//! Decides nothing about ledgers; those follow from the operations in the store.

mod backoff;
mod error;
mod flight;
mod lane;
mod plan;
mod pull;
mod push;
mod request;
mod session;

pub(crate) use error::SyncError;
pub use lane::CHUNK_BYTES;
pub(crate) use lane::tell as tell_spool;
pub(crate) use request::{get, read_json, read_ok};
pub(crate) use session::{enter as enter_session, sign_in_request};

use crate::message::{News, SyncPhase, SyncState, Trouble};
use crate::platform::{HttpError, HttpRequest, HttpResponse, Platform};
use crate::store::spool::Spool;
use crate::store::{Store, StoreError, chain, meta, scopes};
use bianfang_shared::area::{AreaCode, AreaLevel};
use bianfang_shared::capability;
use bianfang_shared::wire::{Limits, Session};
use flight::Flight;
use lane::{Lane, LaneStep};
use plan::{Move, Standing};
use std::collections::{BTreeMap, BTreeSet};

/// How long an answer is waited for. A request is a lease and no flag: when this has passed it counts as lost.
pub const ANSWER_MS_MAX: i64 = 90_000;
/// “Upload now” gives up a request that has been under way for longer than this.
const PATIENCE_MS: i64 = 5_000;
/// How long the exchange rests when all is done and nothing new was saved.
pub const REST_MS: i64 = 60_000;
/// How long a greeting holds.
const GREETING_MS: i64 = 10 * 60_000;
/// Greetings in one round. One begins it; a new epoch, a gap and a fork ask for another.
const GREETINGS_MAX: u32 = 8;

/// What to do next.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// Send this; hand what comes back, or that nothing came, to
    /// [`Device::receive`](crate::core::Device::receive) with the ticket.
    Send {
        /// Names the request.
        ticket: Ticket,
        /// The request.
        request: HttpRequest,
    },
    /// Nothing to do before this time by the monotonic clock, unless something is asked.
    Wait {
        /// That time, in milliseconds.
        until_ms: i64,
    },
    /// Nothing to do until somebody signs in.
    Idle,
}

/// Names a request.
pub type Ticket = u64;

/// What came back for a request.
pub type Answer = Result<HttpResponse, HttpError>;

/// The exchange of one profile.
#[derive(Debug)]
pub struct Engine {
    flight: Option<Flight<What>>,
    tickets: Ticket,
    round: Option<Round>,
    /// When the next round may begin, by the monotonic clock.
    due_ms: i64,
    greeted_until_ms: i64,
    failures: u32,
    trouble: Option<Trouble>,
    limits: Limits,
    villages: Vec<AreaCode>,
    /// Shrinks when the centre refuses a batch as a whole, grows again when one is taken.
    batch_ops_max: usize,
    phase: SyncPhase,
    lane: Lane,
    /// Whether the centre takes photographs.
    takes_photos: bool,
    /// Until when the centre is believed to be within reach, so that photographs may go.
    reached_until_ms: i64,
    /// The centre refuses records, for the time being; photographs do not wait for that.
    refuses_records: bool,
}

/// What is asked of the centre.
#[derive(Debug)]
enum What {
    Enrol,
    Greet,
    Push { first_seq: u64, ops: usize },
    Pull { asked: Vec<AreaCode> },
}

/// One time through: greet, send until nothing is left, fetch until nothing is new.
#[derive(Debug, Default)]
struct Round {
    /// Villages that are fetched up to their head.
    done: BTreeSet<AreaCode>,
    /// Villages begun anew because their checksum differed; each once a round.
    restarted: BTreeSet<AreaCode>,
    /// Operations still to fetch, where told.
    remaining: BTreeMap<AreaCode, u64>,
    fetched: u64,
    /// How often the centre was asked where it stands.
    greetings: u32,
    /// Why sending does not go on in this round. Fetching does.
    push_blocked: Option<Trouble>,
}

impl Engine {
    /// An engine that begins at once.
    pub(crate) fn new(store: &Store, platform: &Platform) -> Result<Self, StoreError> {
        let mut engine = Self {
            flight: None,
            // Not from 0: an answer to a request of the process before would be taken for one of this.
            tickets: u64::from(u32::from_le_bytes(platform.random())) << 20,
            round: None,
            due_ms: i64::MIN,
            greeted_until_ms: i64::MIN,
            failures: 0,
            trouble: None,
            limits: Limits::default(),
            villages: Vec::new(),
            batch_ops_max: Limits::default().push_ops_max,
            phase: SyncPhase::Idle,
            lane: Lane::default(),
            takes_photos: false,
            reached_until_ms: i64::MIN,
            refuses_records: false,
        };
        if let Some(session) = meta::session(store.read())? {
            engine.adopt(&session);
        }
        Ok(engine)
    }

    /// Takes over what a session says of limits and villages.
    fn adopt(&mut self, session: &Session) {
        let (ours, theirs) = (Limits::default(), session.limits);
        self.limits = Limits {
            push_ops_max: theirs.push_ops_max.clamp(1, ours.push_ops_max),
            push_bytes_max: theirs.push_bytes_max.clamp(1, ours.push_bytes_max),
            op_bytes_max: theirs.op_bytes_max,
            pull_ops_max: theirs.pull_ops_max.clamp(1, ours.pull_ops_max),
        };
        self.batch_ops_max = self.batch_ops_max.clamp(1, self.limits.push_ops_max);
        self.takes_photos = session.capabilities.iter().any(|word| word == capability::PHOTOS);
        let areas = session.areas.iter().map(|area| area.code);
        self.villages = areas.filter(|code| code.level() == AreaLevel::Village).collect();
    }

    /// The centre has just been greeted, by signing in.
    pub(crate) fn greeted(&mut self, platform: &Platform, session: &Session) {
        self.hurry(platform);
        self.adopt(session);
        self.reached(platform);
    }

    /// The centre has answered a greeting.
    fn reached(&mut self, platform: &Platform) {
        self.greeted_until_ms = platform.clock.monotonic_ms().saturating_add(GREETING_MS);
        self.reached_until_ms = self.greeted_until_ms;
    }

    /// What to do next: records first, photographs when none is left to send.
    pub(crate) fn next(&mut self, store: &mut Store, spool: &mut Spool, platform: &Platform) -> Step {
        let records = match self.try_next(store, platform) {
            Ok(step) => step,
            Err(error) => {
                self.fail(platform, error.into());
                Step::Wait { until_ms: self.due_ms }
            }
        };
        let Step::Wait { until_ms } = records else { return records };
        match self.next_photo(store, spool, platform) {
            LaneStep::Send(request) => Step::Send { ticket: self.tickets, request },
            LaneStep::Wait { until_ms: other_ms } => Step::Wait { until_ms: until_ms.min(other_ms) },
            LaneStep::Nothing => records,
        }
    }

    fn next_photo(&mut self, store: &mut Store, spool: &mut Spool, platform: &Platform) -> LaneStep {
        let known = || -> Result<_, StoreError> {
            let conn = store.read();
            let unsent = chain::read(conn)?.unsent() > 0;
            Ok((meta::token(conn)?, meta::epoch(conn)?, unsent))
        };
        // What cannot be read here is told by the exchange of records.
        let Ok((Some(token), Some(epoch), unsent)) = known() else { return LaneStep::Nothing };
        let within_reach = platform.clock.monotonic_ms() < self.reached_until_ms;
        let after_records = !unsent || self.refuses_records;
        if self.lane.under_way().is_none() && !(self.takes_photos && within_reach && after_records) {
            return LaneStep::Nothing;
        }
        let ticket = self.tickets + 1;
        let step = self.lane.next((store, spool), platform, (&token, epoch), ticket);
        self.tickets += Ticket::from(matches!(step, LaneStep::Send(_)));
        step
    }

    fn try_next(&mut self, store: &mut Store, platform: &Platform) -> Result<Step, StoreError> {
        let now_ms = platform.clock.monotonic_ms();
        let Some(token) = meta::token(store.read())? else {
            self.phase = SyncPhase::SignedOut;
            return Ok(Step::Idle);
        };
        if let Some(flight) = &self.flight {
            let lease_ms = flight.lease_ms();
            if now_ms < lease_ms {
                return Ok(Step::Wait { until_ms: lease_ms });
            }
            self.fail(platform, SyncError::Http(HttpError::Timeout));
        }
        if now_ms < self.due_ms {
            return Ok(Step::Wait { until_ms: self.due_ms });
        }
        self.round.get_or_insert_default();
        let chosen = self.choose(store, now_ms)?;
        if self.greets_too_often(chosen) {
            self.fail(platform, SyncError::NoProgress("it has to be greeted again and again"));
            return Ok(Step::Wait { until_ms: self.due_ms });
        }
        self.phase = chosen.phase();
        let (what, request) = match chosen {
            Move::Enrol => (What::Enrol, session::enrol_request(store, platform, &token)?),
            Move::Greet => {
                let asked = get("/api/v1/session", Some(&token));
                (What::Greet, request::with_device_time(asked, platform))
            }
            Move::Push => push::request(self, store, &token)?,
            Move::Pull => pull::request(self, store, &token)?,
            Move::Rest => {
                self.rest(now_ms);
                return Ok(Step::Wait { until_ms: self.due_ms });
            }
        };
        self.tickets += 1;
        self.flight = Some(Flight { ticket: self.tickets, sent_ms: now_ms, what });
        Ok(Step::Send { ticket: self.tickets, request })
    }

    fn greets_too_often(&mut self, chosen: Move) -> bool {
        let round = self.round.get_or_insert_default();
        round.greetings += u32::from(matches!(chosen, Move::Enrol | Move::Greet));
        round.greetings > GREETINGS_MAX
    }

    fn choose(&self, store: &Store, now_ms: i64) -> Result<Move, StoreError> {
        let chain = chain::read(store.read())?;
        let blocked = self.round.as_ref().is_some_and(|round| round.push_blocked.is_some());
        Ok(plan::choose(&Standing {
            enrolled: chain.enrolled,
            greeted: now_ms < self.greeted_until_ms,
            may_push: chain.unsent() > 0 && !blocked,
            may_pull: !self.scopes_left(store)?.is_empty(),
        }))
    }

    /// Villages that are not fetched up to their head in this round. Those held here and no longer granted are asked
    /// for too: the answer is what removes them.
    fn scopes_left(&self, store: &Store) -> Result<BTreeMap<AreaCode, u64>, StoreError> {
        let held = scopes::cursors(store.read())?;
        let done = self.round.as_ref().map(|round| &round.done);
        let wanted: BTreeSet<AreaCode> = held.keys().chain(&self.villages).copied().collect();
        Ok(wanted
            .into_iter()
            .filter(|scope| done.is_none_or(|done| !done.contains(scope)))
            .map(|scope| (scope, held.get(&scope).map_or(1, |cursor| cursor.next)))
            .collect())
    }

    /// Takes what came back. An answer to a request that was given up, or one that comes twice, changes nothing.
    pub(crate) fn receive(
        &mut self,
        store: &mut Store,
        spool: &mut Spool,
        platform: &Platform,
        ticket: Ticket,
        answer: Answer,
    ) -> Vec<News> {
        if self.lane.awaits(ticket) {
            return self.receive_photo(store, spool, platform, answer);
        }
        let Some(flight) = self.flight.take_if(|flight| flight.ticket == ticket) else { return Vec::new() };
        let mut news = Vec::new();
        let taken = match &flight.what {
            What::Enrol => session::receive_enrolment(self, store, platform, &flight, answer),
            What::Greet => session::receive_greeting(self, store, platform, &flight, answer),
            What::Push { first_seq, ops } => push::receive(self, store, platform, (*first_seq, *ops), answer),
            What::Pull { asked } => pull::receive(self, store, platform, asked, answer),
        };
        if let Ok(true) = taken {
            news.push(News::Data);
        }
        match taken.and_then(|_| self.finish_round(store, platform)) {
            Ok(()) => (),
            Err(SyncError::SignedOut) => news.extend(self.signed_out(store, platform)),
            Err(error) => self.fail(platform, error),
        }
        news.push(News::Sync { state: self.state(store, spool, platform) });
        news
    }

    fn receive_photo(
        &mut self,
        store: &mut Store,
        spool: &mut Spool,
        platform: &Platform,
        answer: Answer,
    ) -> Vec<News> {
        let mut news = match self.lane.receive(spool, platform, answer) {
            Ok(true) => vec![News::Data],
            Err(SyncError::SignedOut) => self.signed_out(store, platform),
            // The lane keeps its own troubles, and waits for itself.
            Ok(false) | Err(_) => Vec::new(),
        };
        news.push(News::Sync { state: self.state(store, spool, platform) });
        news
    }

    /// Ends the round when nothing is left to do in it.
    fn finish_round(&mut self, store: &mut Store, platform: &Platform) -> Result<(), SyncError> {
        let now = platform.now();
        if self.choose(store, now.monotonic_ms)? != Move::Rest {
            return Ok(());
        }
        if let Some(trouble) = self.round.take().and_then(|round| round.push_blocked) {
            return Err(SyncError::Blocked(trouble));
        }
        self.refuses_records = false;
        store.write(|tx| meta::put(tx, meta::LAST_SUCCESS_MS, &now.wall_ms).map_err(SyncError::from))?;
        self.rest(now.monotonic_ms);
        Ok(())
    }

    fn rest(&mut self, now_ms: i64) {
        self.round = None;
        self.failures = 0;
        self.trouble = None;
        self.due_ms = now_ms.saturating_add(REST_MS);
        self.phase = SyncPhase::Idle;
    }

    fn fail(&mut self, platform: &Platform, error: SyncError) {
        let now_ms = platform.clock.monotonic_ms();
        self.flight = None;
        self.round = None;
        // Whatever went wrong, the next attempt begins by asking where the centre stands.
        self.greeted_until_ms = i64::MIN;
        self.refuses_records = matches!(error, SyncError::Blocked(_));
        if !self.refuses_records {
            self.reached_until_ms = i64::MIN;
        }
        self.due_ms = now_ms.saturating_add(backoff::delay_ms(self.failures, platform));
        self.failures = self.failures.saturating_add(1);
        self.phase = SyncPhase::Waiting;
        self.trouble = Some(error.into());
    }

    fn signed_out(&mut self, store: &mut Store, platform: &Platform) -> Vec<News> {
        // The token is of no use any more; what was not sent stays and is sent after the next sign-in.
        let forgotten = store.write(|tx| meta::remove(tx, meta::TOKEN));
        if let Err(error) = forgotten {
            self.fail(platform, error.into());
            return Vec::new();
        }
        self.forget();
        vec![News::SignedOut]
    }

    /// Stops whatever is under way: somebody signed out or in.
    pub(crate) fn forget(&mut self) {
        self.flight = None;
        self.round = None;
        self.failures = 0;
        self.trouble = None;
        self.due_ms = i64::MIN;
        self.greeted_until_ms = i64::MIN;
        self.reached_until_ms = i64::MIN;
        self.lane.forget();
        self.phase = SyncPhase::SignedOut;
    }

    /// Something was saved: send it soon, but not into a network that has just failed.
    pub(crate) fn saved(&mut self, platform: &Platform) {
        if self.failures == 0 {
            self.due_ms = self.due_ms.min(platform.clock.monotonic_ms());
        }
    }

    /// “Upload now”, or a signal has come: at once, whatever the waiting time.
    pub(crate) fn hurry(&mut self, platform: &Platform) {
        let now_ms = platform.clock.monotonic_ms();
        self.lane.hurry(now_ms);
        if self.flight.as_ref().is_some_and(|flight| flight.outlasts_patience(now_ms)) {
            self.flight = None;
            self.round = None;
        }
        // Whoever asks by hand may have heard of a village given or taken: that comes with the greeting.
        self.greeted_until_ms = i64::MIN;
        self.failures = 0;
        self.due_ms = self.due_ms.min(now_ms);
    }

    /// The same at a person's word: also asks anew which villages are granted, which otherwise holds for a while.
    pub(crate) fn hurry_from_the_beginning(&mut self, platform: &Platform) {
        self.greeted_until_ms = i64::MIN;
        self.hurry(platform);
    }

    /// Photographs go whatever the connection costs, until all are sent.
    pub(crate) fn send_photos_anyhow(&mut self) {
        self.lane.network.anyhow = true;
    }

    /// The person's choice: photographs only over a connection that costs nothing.
    pub(crate) fn set_wifi_only(&mut self, wifi_only: bool) {
        self.lane.network.wifi_only = wifi_only;
    }

    /// What the platform says of the connection.
    pub(crate) fn set_metered(&mut self, metered: Option<bool>) {
        self.lane.network.metered = metered;
    }

    /// Why photographs do not go on.
    pub(crate) fn photo_trouble(&self) -> Option<&Trouble> {
        self.lane.trouble()
    }

    /// Whether an answer to this ticket is waited for; what comes back for another one is of no use.
    pub fn is_under_way(&self, ticket: Ticket) -> bool {
        self.lane.awaits(ticket) || self.flight.as_ref().is_some_and(|flight| flight.ticket == ticket)
    }

    /// How the exchange stands, for the screens.
    pub(crate) fn state(&self, store: &Store, spool: &Spool, platform: &Platform) -> SyncState {
        let (conn, now) = (store.read(), platform.now());
        let signed_in = matches!(meta::token(conn), Ok(Some(_)));
        let waits = self.flight.is_none() && self.due_ms > now.monotonic_ms;
        let remaining = self.round.as_ref().map(|round| &round.remaining).filter(|known| !known.is_empty());
        let (photos_to_send, photo_bytes_to_send) = spool.to_send().unwrap_or_default();
        SyncState {
            phase: match self.phase {
                _ if !signed_in => SyncPhase::SignedOut,
                SyncPhase::Idle if self.lane.is_sending() => SyncPhase::Photos,
                phase => phase,
            },
            to_send: chain::read(conn).map(|chain| chain.unsent()).unwrap_or_default(),
            photos_to_send,
            photo_bytes_to_send,
            photos_wait_for_wifi: photos_to_send > 0 && self.lane.network.waits(),
            photo_trouble: self.lane.trouble().cloned(),
            fetched: self.round.as_ref().map_or(0, |round| round.fetched),
            to_fetch: remaining.map(|remaining| remaining.values().sum()),
            last_success_ms: meta::get(conn, meta::LAST_SUCCESS_MS).unwrap_or_default(),
            last_trouble: self.trouble.clone(),
            next_attempt_ms: (signed_in && waits).then(|| now.wall_ms + (self.due_ms - now.monotonic_ms)),
        }
    }
}
