//! A real device core on a phone that is dropped, cloned, and set to any time.

use super::album::Darkroom;
use super::net::Signal;
use bianfang_device::core::{Asked, Device, Exchange};
use bianfang_device::message::{Picture, Reply, Request, TakenPhoto, Trouble};
use bianfang_device::platform::HttpResponse;
use bianfang_device::platform::memory::{self, ManualClock, ManualRoom};
use bianfang_device::platform::{HttpError, HttpRequest, Pictures as _, Platform};
use bianfang_device::store::{Disk, Location, faults};
use bianfang_device::sync::{Step, Ticket};
use bianfang_shared::area::AreaCode;
use futures::future::FutureExt as _;
use std::rc::Rc;

/// The password of everybody in the simulation.
pub const PASSWORD: &str = "a long password";

/// Free bytes of a disk that is nearly full.
const LITTLE_ROOM_BYTES: u64 = 1024 * 1024;
/// Free bytes of any other.
const ROOM_BYTES: u64 = 1 << 36;

/// Who asks the centre: the exchange, or a person for a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asker {
    /// The exchange, with its ticket.
    Engine(Ticket),
    /// A person signing in, by the count of attempts.
    Person(u64),
}

/// A phone.
#[derive(Debug)]
pub struct Phone {
    /// Which one.
    pub number: usize,
    /// Whose it is.
    pub login: &'static str,
    /// Its signal.
    pub signal: Signal,
    /// How often it was started; answers to an earlier life reach nobody.
    pub life: u64,
    /// The villages that its person is to see.
    pub villages: Vec<AreaCode>,
    clock: ManualClock,
    room: ManualRoom,
    /// Whether nothing more goes onto its disk.
    is_full: bool,
    disk: Disk,
    /// An older state of the disk, as a backup of the phone would hold.
    copy: Option<Disk>,
    seed: u64,
    device: Option<Device>,
    signing_in: Option<(u64, Exchange)>,
    attempts: u64,
    /// The requests of the exchange that may still be under way.
    asked: Vec<Ticket>,
    /// Until when, by its monotonic clock, the exchange wants nothing, unless somebody touches the phone.
    rests_until_ms: Option<i64>,
}

impl Phone {
    /// A new phone, off.
    pub fn new(number: usize, login: &'static str, villages: Vec<AreaCode>, seed: u64, wall_ms: i64) -> Self {
        Self {
            number,
            login,
            signal: Signal::Good,
            life: 0,
            villages,
            clock: ManualClock::at(wall_ms),
            room: ManualRoom::default(),
            is_full: false,
            disk: Disk::new(),
            copy: None,
            seed,
            device: None,
            signing_in: None,
            attempts: 0,
            asked: Vec::new(),
            rests_until_ms: None,
        }
    }

    /// Starts it, if it is off.
    pub fn start(&mut self) {
        if self.device.is_none() {
            self.life += 1;
            self.rests_until_ms = None;
            let platform = memory::platform(&self.clock, self.seed ^ (self.life << 32));
            let platform =
                Platform { pictures: Rc::new(Darkroom), room: Rc::new(self.room.clone()), ..platform };
            let device = Device::open(Location::Memory(self.disk.clone()), platform);
            self.device = Some(device.expect("the device opens its own disk"));
            self.limit_disk();
        }
    }

    /// The battery is out.
    pub fn crash(&mut self) {
        self.device = None;
        self.signing_in = None;
    }

    /// Other apps fill the disk, or make room. The phone may tell that little is left before nothing is.
    pub fn set_room(&mut self, is_tight: bool, is_full: bool) {
        self.room.set(Some(if is_tight { LITTLE_ROOM_BYTES } else { ROOM_BYTES }));
        self.is_full = is_full;
        self.limit_disk();
    }

    fn limit_disk(&mut self) {
        if let Some(device) = &mut self.device {
            device.limit_pages(self.is_full).expect("a limit can be set");
        }
    }

    /// Whether it runs.
    pub fn is_on(&self) -> bool {
        self.device.is_some()
    }

    /// The running core.
    pub fn device(&mut self) -> &mut Device {
        self.device.as_mut().expect("asked only while it is on")
    }

    /// Lets time pass.
    pub fn advance(&self, ms: i64) {
        self.clock.advance(ms);
    }

    /// Sets the wall clock.
    pub fn set_wall(&self, wall_ms: i64) {
        self.clock.set_wall(wall_ms);
    }

    /// What its wall clock shows.
    pub fn wall_ms(&self) -> i64 {
        use bianfang_device::platform::Clock as _;
        self.clock.wall_ms()
    }

    /// Keeps a copy of the disk as it is.
    pub fn keep_copy(&mut self) {
        self.copy = Some(self.disk.copy().expect("a copy of a disk in memory"));
    }

    /// Throws away what was saved since [`Phone::keep_copy`], as a phone put back from its backup does.
    /// Answers whether there was a copy.
    pub fn restore_copy(&mut self) -> bool {
        let Some(copy) = self.copy.take() else { return false };
        self.crash();
        self.disk = copy;
        true
    }

    /// A question about the device itself, answered at once.
    pub fn ask(&mut self, request: Request) -> Result<Reply, Trouble> {
        self.rests_until_ms = None;
        match self.device().ask(request) {
            Asked::Ready(answer) => *answer,
            other => unreachable!("only sign-in and pictures are not answered at once: {other:?}"),
        }
    }

    /// The same, while the `n`-th statement of the database fails.
    pub fn ask_while_failing(&mut self, request: Request, n: u64) -> Result<Reply, Trouble> {
        faults::fail_at(n);
        let answer = self.ask(request);
        faults::fail_at(0);
        answer
    }

    /// Keeps a picture, while the `n`-th statement of the databases fails.
    pub fn keep_photo(&mut self, taken: TakenPhoto, n: u64) -> Result<Reply, Trouble> {
        self.rests_until_ms = None;
        faults::fail_at(n);
        let answer = match self.device().ask(Request::KeepPhoto { taken }) {
            Asked::Picture(mut work) => {
                let prepared = Darkroom.prepare(work.take_file()).now_or_never();
                self.device().keep(*work, prepared.expect("pictures are prepared at once"))
            }
            Asked::Ready(answer) => *answer,
            Asked::Centre(exchange) => unreachable!("a picture is kept without the centre: {exchange:?}"),
        };
        faults::fail_at(0);
        answer
    }

    /// Whether the bytes of a photograph are on this phone.
    pub fn has_photo(&mut self, sha256: &str) -> bool {
        let asked = self.device().ask(Request::Picture { sha256: sha256.to_owned(), full: true });
        match asked {
            Asked::Ready(answer) => matches!(*answer, Ok(Reply::Picture(Picture { address: Some(_), .. }))),
            Asked::Centre(_) | Asked::Picture(_) => false,
        }
    }

    /// This phone's number, if it knows of anything that names a photograph, and its bytes are here.
    pub fn owes(&mut self, sha256: &str) -> Option<usize> {
        let named = self.device().names_photo(sha256).expect("its own database is read");
        (named && self.has_photo(sha256)).then_some(self.number)
    }

    /// What the exchange wants done next.
    pub fn next_step(&mut self) -> Step {
        use bianfang_device::platform::Clock as _;
        if let Some(until_ms) = self.rests_until_ms.filter(|until_ms| self.clock.monotonic_ms() < *until_ms) {
            return Step::Wait { until_ms };
        }
        let step = self.device().next();
        self.rests_until_ms = match &step {
            Step::Wait { until_ms } => Some(*until_ms),
            _ => None,
        };
        if let Step::Send { ticket, .. } = &step {
            self.asked.push(*ticket);
        }
        step
    }

    /// Whether the exchange still waits for an answer, which may have been lost.
    pub fn waits_for_answer(&mut self) -> bool {
        let mut asked = std::mem::take(&mut self.asked);
        asked.retain(|ticket| self.device().is_under_way(*ticket));
        self.asked = asked;
        !self.asked.is_empty()
    }

    /// A person signs in, unless that is under way.
    pub fn sign_in(&mut self) -> Option<(Asker, HttpRequest)> {
        if self.signing_in.is_some() {
            return None;
        }
        let request = Request::SignIn { user: self.login.to_owned(), password: PASSWORD.to_owned() };
        match self.device().ask(request) {
            Asked::Centre(exchange) => {
                self.attempts += 1;
                let request = exchange.request.clone();
                self.signing_in = Some((self.attempts, *exchange));
                Some((Asker::Person(self.attempts), request))
            }
            other => unreachable!("signing in asks the centre: {other:?}"),
        }
    }

    /// The person gives up a sign-in that nobody answered.
    pub fn give_up_sign_in(&mut self) {
        self.signing_in = None;
    }

    /// Takes an answer from the centre.
    pub fn receive(&mut self, asker: Asker, answer: Result<HttpResponse, HttpError>) {
        self.rests_until_ms = None;
        match asker {
            Asker::Engine(ticket) => self.device().receive(ticket, answer),
            Asker::Person(attempt) => {
                let Some((_, exchange)) = self.signing_in.take_if(|(current, _)| *current == attempt) else {
                    return;
                };
                // A refusal or a lost answer: the person tries again later.
                let _ = self.device().finish(exchange, answer);
            }
        }
    }
}
