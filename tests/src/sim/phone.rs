//! A real device core on a phone that is dropped, cloned, and set to any time.

use super::net::Signal;
use bianfang_device::core::{Asked, Device, Exchange};
use bianfang_device::message::{Reply, Request, Trouble};
use bianfang_device::platform::HttpResponse;
use bianfang_device::platform::memory::{self, ManualClock};
use bianfang_device::platform::{HttpError, HttpRequest};
use bianfang_device::store::{Disk, Location, faults};
use bianfang_device::sync::{Step, Ticket};
use bianfang_shared::area::AreaCode;

/// The password of everybody in the simulation.
pub const PASSWORD: &str = "a long password";

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
    /// Whose it is.
    pub login: &'static str,
    /// Its signal.
    pub signal: Signal,
    /// How often it was started; answers to an earlier life reach nobody.
    pub life: u64,
    /// The villages that its person is to see.
    pub villages: Vec<AreaCode>,
    clock: ManualClock,
    disk: Disk,
    /// An older state of the disk, as a backup of the phone would hold.
    copy: Option<Disk>,
    seed: u64,
    device: Option<Device>,
    signing_in: Option<(u64, Exchange)>,
    attempts: u64,
}

impl Phone {
    /// A new phone, off.
    pub fn new(login: &'static str, villages: Vec<AreaCode>, seed: u64, wall_ms: i64) -> Self {
        Self {
            login,
            signal: Signal::Good,
            life: 0,
            villages,
            clock: ManualClock::at(wall_ms),
            disk: Disk::new(),
            copy: None,
            seed,
            device: None,
            signing_in: None,
            attempts: 0,
        }
    }

    /// Starts it, if it is off.
    pub fn start(&mut self) {
        if self.device.is_none() {
            self.life += 1;
            let platform = memory::platform(&self.clock, self.seed ^ (self.life << 32));
            let device = Device::open(Location::Memory(self.disk.clone()), platform);
            self.device = Some(device.expect("the device opens its own disk"));
        }
    }

    /// The battery is out.
    pub fn crash(&mut self) {
        self.device = None;
        self.signing_in = None;
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
        match self.device().ask(request) {
            Asked::Ready(answer) => *answer,
            Asked::Centre(exchange) => unreachable!("only sign-in asks the centre here: {exchange:?}"),
        }
    }

    /// The same, while the `n`-th statement of the database fails.
    pub fn ask_while_failing(&mut self, request: Request, n: u64) -> Result<Reply, Trouble> {
        faults::fail_at(n);
        let answer = self.ask(request);
        faults::fail_at(0);
        answer
    }

    /// What the exchange wants done next.
    pub fn next_step(&mut self) -> Step {
        self.device().next()
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
            Asked::Ready(answer) => unreachable!("signing in asks the centre: {answer:?}"),
        }
    }

    /// The person gives up a sign-in that nobody answered.
    pub fn give_up_sign_in(&mut self) {
        self.signing_in = None;
    }

    /// Takes an answer from the centre.
    pub fn receive(&mut self, asker: Asker, answer: Result<HttpResponse, HttpError>) {
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
