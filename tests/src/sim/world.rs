//! The world: phones, people, a network, a centre, and time. Each tick something may go wrong.

use super::centre::Centre;
use super::check;
use super::dice::Dice;
use super::net::{Network, Signal};
use super::people::{self, Deed};
use super::phone::{Asker, PASSWORD, Phone};
use crate::maker::Maker;
use bianfang_device::message::{Request, SyncPhase};
use bianfang_device::platform::{HttpError, HttpRequest, HttpResponse, Method};
use bianfang_device::sync::Step;
use bianfang_server::service::accounts::NewAccount;
use bianfang_shared::access::Role;
use bianfang_shared::area::AreaCode;
use bianfang_shared::id::{ObservationId, UserId};
use bianfang_shared::wire::LoginReply;
use std::collections::BTreeSet;

/// 2025-06-15 10:00 in China.
const BEGIN_MS: i64 = 1_749_952_800_000;
const TEN_YEARS_MS: i64 = 10 * 365 * 24 * 3_600_000;
/// Ticks in which things go wrong.
const TICKS: usize = 160;
/// Ticks within which all must be well again.
const HEALING_TICKS_MAX: usize = 4_000;
/// Times that everybody exchanges at the end: once to hand over, once to see what the others handed over, once more
/// for what that led to.
const HEALING_ROUNDS: usize = 3;
const HOUSEHOLDS_PER_VILLAGE: u64 = 5;

/// Something under way between a phone and the centre.
#[derive(Clone, Debug)]
enum Parcel {
    Up { life: u64, asker: Asker, request: HttpRequest },
    Down { life: u64, asker: Asker, answer: Result<HttpResponse, HttpError> },
}

/// What may go wrong in a run, so that a failing seed says where to look.
#[derive(Clone, Copy, Debug)]
struct Weather {
    bad_signal: bool,
    skewed_clocks: bool,
    phones_die: bool,
    phones_restored: bool,
    disks_fail: bool,
    centre_dies: bool,
    centre_restored: bool,
    grants_change: bool,
}

impl Weather {
    /// Every fourth seed has it all; the others have each thing half of the time.
    fn of(seed: u64, dice: &mut Dice) -> Self {
        let all = seed.is_multiple_of(4);
        let mut some = || all || dice.permille(500);
        Self {
            bad_signal: some(),
            skewed_clocks: some(),
            phones_die: some(),
            phones_restored: some(),
            disks_fail: some(),
            centre_dies: some(),
            centre_restored: some(),
            grants_change: some(),
        }
    }
}

/// Somebody did something.
#[derive(Debug)]
struct Done {
    phone: usize,
    deed: Deed,
    /// The phone it was done on was put back to a state before it: nobody has it any more, if it was not sent.
    may_be_gone: bool,
}

/// A run.
#[derive(Debug)]
pub struct World {
    dice: Dice,
    weather: Weather,
    now_ms: i64,
    centre: Centre,
    phones: Vec<Phone>,
    people: Vec<(UserId, Vec<AreaCode>)>,
    network: Network<Parcel>,
    done: Vec<Done>,
    /// How much had been done when each phone's copy was kept.
    copied_at: Vec<usize>,
    edits: u64,
    story: Vec<String>,
}

fn village(number: u64) -> AreaCode {
    AreaCode::new(430_681_113_211 + number).expect("twelve digits")
}

fn township() -> AreaCode {
    AreaCode::new(430_681_113_000).expect("twelve digits")
}

impl World {
    /// The world of a seed, with three villages, six phones and five people.
    pub fn new(seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        let weather = Weather::of(seed, &mut dice);
        let centre = Centre::new(seed, BEGIN_MS);
        let mut world = Self {
            dice,
            weather,
            now_ms: BEGIN_MS,
            centre,
            phones: Vec::new(),
            people: Vec::new(),
            network: Network::default(),
            done: Vec::new(),
            copied_at: Vec::new(),
            edits: 0,
            story: vec![format!("{weather:?}")],
        };
        world.hire("cadre", Role::Cadre, vec![village(0), village(1)], 2);
        world.hire("cadre2", Role::Cadre, vec![village(1), village(2)], 1);
        world.hire("team", Role::TeamMember, vec![village(0)], 1);
        world.hire("secretary", Role::VillageSecretary, vec![village(2)], 1);
        world.hire("supervisor", Role::Supervisor, vec![township()], 1);
        world.register_households();
        world.centre.back_up();
        world
    }

    fn hire(&mut self, login: &'static str, role: Role, grants: Vec<AreaCode>, phones: usize) {
        let account = NewAccount {
            login: login.to_owned(),
            name: login.to_owned(),
            role,
            grants: grants.clone(),
            password: PASSWORD.to_owned(),
        };
        let user = self.centre.app().accounts().add(&account, None).expect("a new account");
        let villages: Vec<_> = (0..3)
            .map(village)
            .filter(|&village| grants.iter().any(|grant| grant.contains(village)))
            .collect();
        for _ in 0..phones {
            let skew_ms = if self.weather.skewed_clocks { self.skew_ms() } else { 0 };
            let seed = self.dice.below(usize::MAX >> 1) as u64;
            self.phones.push(Phone::new(login, villages.clone(), seed, BEGIN_MS + skew_ms));
            self.copied_at.push(0);
        }
        self.people.push((user.id, grants));
    }

    /// Most clocks are nearly right, some are years off.
    fn skew_ms(&mut self) -> i64 {
        if self.dice.permille(700) {
            self.dice.between(-90_000, 90_000)
        } else {
            self.dice.between(-TEN_YEARS_MS, TEN_YEARS_MS)
        }
    }

    fn register_households(&mut self) {
        let (supervisor, _) =
            *self.people.last().map(|(user, grants)| (user, grants)).as_ref().expect("hired");
        let mut maker = Maker::new(*supervisor, 1);
        for number in 0..3 * HOUSEHOLDS_PER_VILLAGE {
            crate::bench::load::register(&mut maker, village(number % 3), number);
        }
        let login = self.post(None, "/api/v1/login", &maker.login("supervisor", PASSWORD));
        let login: LoginReply = serde_json::from_slice(&login).expect("a login");
        let push = maker.push(login.session.epoch, usize::MAX).expect("households");
        self.post(Some(&login.token), "/api/v1/sync/push", &push);
    }

    fn post(&self, token: Option<&str>, path: &str, body: &impl serde::Serialize) -> Vec<u8> {
        let mut headers = vec![("content-type", "application/json".to_owned())];
        headers.extend(token.map(|token| ("authorization", format!("Bearer {token}"))));
        let body = serde_json::to_vec(body).expect("a message has a JSON form");
        let request = HttpRequest { method: Method::Post, path: path.to_owned(), headers, body };
        let answer = self.centre.answer(&request).expect("the centre runs");
        assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
        answer.body
    }

    /// What happened so far, one line each. Equal for equal seeds.
    pub fn story(&self) -> &[String] {
        &self.story
    }

    fn tell(&mut self, line: impl FnOnce() -> String) {
        let now_s = (self.now_ms - BEGIN_MS) / 1000;
        self.story.push(format!("{now_s:>7} {}", line()));
    }

    /// Runs the whole story: trouble, healing, checks. Says what does not hold.
    pub fn run(&mut self) -> Result<(), String> {
        for _ in 0..TICKS {
            self.tick();
            self.trouble();
            for phone in 0..self.phones.len() {
                self.person(phone);
            }
        }
        self.heal()?;
        self.check()
    }

    fn tick(&mut self) {
        let ms = if self.dice.permille(60) {
            self.dice.between(60_000, 3 * 3_600_000)
        } else {
            self.dice.between(200, 12_000)
        };
        self.pass(ms);
    }

    /// Time passes, and what is under way arrives in its order.
    fn pass(&mut self, ms: i64) {
        let until_ms = self.now_ms + ms;
        self.let_phones_speak();
        while let Some(at_ms) = self.network.next_arrival_ms().filter(|at_ms| *at_ms <= until_ms) {
            self.advance_to(at_ms.max(self.now_ms));
            while let Some(letter) = self.network.arrived(self.now_ms) {
                match letter.content {
                    Parcel::Up { life, asker, request } => self.serve(letter.phone, life, asker, &request),
                    Parcel::Down { life, asker, answer } => self.deliver(letter.phone, life, asker, answer),
                }
            }
            self.let_phones_speak();
        }
        self.advance_to(until_ms);
    }

    fn advance_to(&mut self, now_ms: i64) {
        let ms = now_ms - self.now_ms;
        self.now_ms = now_ms;
        self.centre.clock.advance(ms);
        self.phones.iter().for_each(|phone| phone.advance(ms));
    }

    fn let_phones_speak(&mut self) {
        for at in 0..self.phones.len() {
            let phone = &mut self.phones[at];
            if !phone.is_on() {
                continue;
            }
            let life = phone.life;
            if let Step::Send { ticket, request } = phone.next_step() {
                self.tell(|| format!("phone {at} sends {request:?}"));
                let signal = self.phones[at].signal;
                let parcel = Parcel::Up { life, asker: Asker::Engine(ticket), request };
                self.network.post(&mut self.dice, signal, self.now_ms, at, parcel);
            }
        }
    }

    fn serve(&mut self, at: usize, life: u64, asker: Asker, request: &HttpRequest) {
        if self.weather.disks_fail && self.dice.permille(40) {
            let n = u32::try_from(self.dice.between(1, 40)).unwrap_or(1);
            self.centre.faults.arm(n);
        }
        let answer = match self.centre.answer(request) {
            Some(answer) => Ok(answer),
            None => Err(HttpError::Unreachable("the centre is down".to_owned())),
        };
        self.centre.faults.arm(0);
        // The centre may die after the commit and before the answer is out.
        if self.weather.centre_dies && self.dice.permille(15) {
            self.tell(|| "the centre dies before it can answer".to_owned());
            self.centre.crash();
            return;
        }
        self.tell(|| match &answer {
            Ok(HttpResponse { status, body }) => {
                let digest = bianfang_shared::chain::extend_checksum(0, body);
                format!("the centre answers phone {at} {request:?}: {status} {digest:016x}")
            }
            Err(error) => format!("the centre does not answer phone {at}: {error}"),
        });
        let signal = self.phones[at].signal;
        self.network.post(&mut self.dice, signal, self.now_ms, at, Parcel::Down { life, asker, answer });
    }

    fn deliver(&mut self, at: usize, life: u64, asker: Asker, answer: Result<HttpResponse, HttpError>) {
        let fail_at = self.disk_fault();
        let phone = &mut self.phones[at];
        if phone.is_on() && phone.life == life {
            bianfang_device::store::faults::fail_at(fail_at);
            phone.receive(asker, answer);
            bianfang_device::store::faults::fail_at(0);
        }
    }

    fn disk_fault(&mut self) -> u64 {
        let fails = self.weather.disks_fail && self.dice.permille(50);
        if fails { u64::try_from(self.dice.between(1, 30)).unwrap_or(1) } else { 0 }
    }

    /// Something goes wrong, or comes right again.
    fn trouble(&mut self) {
        let weather = self.weather;
        let at = self.dice.below(self.phones.len());
        if weather.bad_signal && self.dice.permille(200) {
            let signal =
                *self.dice.pick(&[Signal::None, Signal::Weak, Signal::Weak, Signal::Good]).expect("four");
            self.phones[at].signal = signal;
        }
        if weather.phones_die && self.dice.permille(40) {
            self.tell(|| format!("phone {at} dies"));
            self.phones[at].crash();
        }
        if weather.skewed_clocks && self.dice.permille(25) {
            let wall_ms = self.now_ms + self.skew_ms();
            self.tell(|| format!("phone {at} is set to {wall_ms}"));
            self.phones[at].set_wall(wall_ms);
        }
        if weather.phones_restored && self.dice.permille(45) {
            self.restore_phone(at);
        }
        if weather.centre_dies && self.dice.permille(25) {
            self.tell(|| "the centre dies".to_owned());
            self.centre.crash();
        }
        if !self.centre.is_up() && self.dice.permille(300) {
            self.centre.open();
        }
        if weather.centre_restored && self.centre.is_up() && self.dice.permille(15) {
            self.centre.back_up();
        }
        if weather.centre_restored && self.dice.permille(12) {
            let backup = self.dice.below(self.centre.backups());
            self.tell(|| format!("the centre is put back to backup {backup}"));
            self.centre.restore(backup);
        }
        if weather.grants_change && self.centre.is_up() && self.dice.permille(50) {
            self.change_grants();
        }
        if self.dice.permille(400) {
            self.phones[at].start();
        }
    }

    /// Puts a phone back to the copy kept of it, or keeps one.
    fn restore_phone(&mut self, at: usize) {
        if self.phones[at].restore_copy() {
            self.tell(|| format!("phone {at} is put back to an older state"));
            let from = self.copied_at[at];
            let since = self.done[from..].iter_mut().filter(|done| done.phone == at);
            since.for_each(|done| done.may_be_gone = true);
        } else {
            self.phones[at].keep_copy();
            self.copied_at[at] = self.done.len();
        }
    }

    fn change_grants(&mut self) {
        let at = self.dice.below(self.people.len());
        let (user, grants) = self.people[at].clone();
        let granted = if self.dice.permille(500) {
            grants
        } else {
            grants.into_iter().filter(|_| self.dice.permille(500)).collect()
        };
        self.tell(|| format!("person {at} is granted {granted:?}"));
        self.centre.app().accounts().grant(user, &granted, None).expect("grants can be changed");
    }

    fn person(&mut self, at: usize) {
        if !self.phones[at].is_on() || !self.dice.permille(220) {
            return;
        }
        self.sign_in_if_asked(at);
        let mut households = people::households(&mut self.phones[at]);
        households.sort();
        let Some(&household) = self.dice.pick(&households) else { return };
        let fail_at = self.disk_fault();
        let (phone, dice) = (&mut self.phones[at], &mut self.dice);
        let deed = match dice.below(10) {
            0..=2 => people::visit(phone, dice, household, fail_at),
            3..=6 => {
                self.edits += 1;
                people::edit(phone, dice, household, self.edits, fail_at)
            }
            7 => {
                people::settle(phone, dice);
                None
            }
            8 => {
                people::review(phone, dice, household);
                None
            }
            _ => {
                let _ = phone.ask(Request::SyncNow);
                None
            }
        };
        if let Some(deed) = deed {
            self.tell(|| format!("phone {at}: {deed:?}"));
            self.done.push(Done { phone: at, deed, may_be_gone: false });
        }
    }

    fn sign_in_if_asked(&mut self, at: usize) {
        let phone = &mut self.phones[at];
        if phone.device().sync_state().phase != SyncPhase::SignedOut {
            return;
        }
        if self.dice.permille(300) {
            phone.give_up_sign_in();
        }
        let life = phone.life;
        if let Some((asker, request)) = phone.sign_in() {
            let signal = phone.signal;
            let parcel = Parcel::Up { life, asker, request };
            self.network.post(&mut self.dice, signal, self.now_ms, at, parcel);
        }
    }

    /// Everything works again, and everybody exchanges.
    fn heal(&mut self) -> Result<(), String> {
        self.tell(|| "all is well from here on".to_owned());
        let quiet = Weather {
            bad_signal: false,
            skewed_clocks: false,
            phones_die: false,
            phones_restored: false,
            disks_fail: false,
            centre_dies: false,
            centre_restored: false,
            grants_change: false,
        };
        self.weather = quiet;
        self.centre.open();
        for (user, grants) in &self.people {
            self.centre.app().accounts().grant(*user, grants, None).map_err(|refusal| refusal.to_string())?;
        }
        for _ in 0..HEALING_ROUNDS {
            for at in 0..self.phones.len() {
                self.phones[at].signal = Signal::Good;
                self.phones[at].start();
                self.phones[at].give_up_sign_in();
                let _ = self.phones[at].ask(Request::SyncNow);
            }
            self.settle_down()?;
        }
        Ok(())
    }

    fn settle_down(&mut self) -> Result<(), String> {
        for _ in 0..HEALING_TICKS_MAX {
            self.pass(1_000);
            for at in 0..self.phones.len() {
                self.sign_in_if_asked(at);
            }
            if self.network.next_arrival_ms().is_none() && self.phones.iter_mut().all(at_rest) {
                return Ok(());
            }
        }
        let states: Vec<_> = self.phones.iter_mut().map(|phone| phone.device().sync_state()).collect();
        Err(format!("the exchange does not come to rest: {states:#?}"))
    }

    /// Everything that must hold now.
    fn check(&mut self) -> Result<(), String> {
        let held = check::read(&self.centre)?;
        let app = self.centre.app();
        let report =
            bianfang_server::service::verify::verify(&**app.store()).map_err(|error| error.to_string())?;
        if !report.is_sound() {
            return Err(format!("verify: {report:?}"));
        }
        if let Some(op) = held.waits_in_vain() {
            return Err(format!("{op} is set aside for want of something that is there"));
        }
        let store = std::sync::Arc::clone(app.store());
        for scope in (0..3).map(village) {
            let entries: Vec<_> = store
                .entries_in(scope)
                .map_err(|error| error.to_string())?
                .into_iter()
                .map(|held| held.entry)
                .collect();
            let (living, shown) = (held.living(scope), check::shown(&entries));
            if let Some(difference) = check::difference(&living, &check::living_of(&entries)) {
                return Err(format!("{scope}: the centre's ledger is not what its log says: {difference}"));
            }
            for (at, phone) in self.phones.iter_mut().enumerate() {
                let here = phone.device().ledger(scope).map_err(|error| error.to_string())?;
                let nothing = check::living_of([]);
                let granted = phone.villages.contains(&scope);
                let expected = if granted { &living } else { &nothing };
                if let Some(difference) = check::difference(expected, &check::living_of(&here)) {
                    return Err(format!("{scope}: phone {at} differs from the centre: {difference}"));
                }
                if granted && let Some(difference) = check::difference(&shown, &check::shown(&here)) {
                    return Err(format!("{scope}: phone {at} shows another value: {difference}"));
                }
            }
        }
        self.check_deeds(&held)?;
        self.check_phones(&held)
    }

    fn check_deeds(&self, held: &check::Held) -> Result<(), String> {
        let records = held.records();
        for Done { phone, deed, may_be_gone } in &self.done {
            let is_held = match deed {
                Deed::Visited(id) => records.contains_key(id),
                Deed::Wrote(text) => held.mentions(text),
            };
            if !is_held && !may_be_gone {
                return Err(format!("lost: {deed:?} of phone {phone}"));
            }
        }
        Ok(())
    }

    fn check_phones(&mut self, held: &check::Held) -> Result<(), String> {
        use bianfang_device::message::Place;
        let records = held.records();
        for (at, phone) in self.phones.iter_mut().enumerate() {
            let found = phone.device().integrity().map_err(|error| error.to_string())?;
            if !found.is_empty() {
                return Err(format!("phone {at} is not sound: {found:?}"));
            }
            for (id, place) in phone.device().own_records().map_err(|error| error.to_string())? {
                let fits = match records.get(&id) {
                    Some(true) => !matches!(place, Place::Device | Place::SetAside { .. }),
                    Some(false) => matches!(place, Place::SetAside { .. }),
                    None => false,
                };
                if !fits {
                    return Err(format!(
                        "phone {at} says {place:?} of {id}, the centre {:?}",
                        records.get(&id)
                    ));
                }
            }
        }
        Ok(())
    }

    /// Every record that somebody saved and that must be found.
    pub fn saved_records(&self) -> BTreeSet<ObservationId> {
        let visits = self.done.iter().filter_map(|done| match done.deed {
            Deed::Visited(id) => Some(id),
            Deed::Wrote(_) => None,
        });
        visits.collect()
    }
}

fn at_rest(phone: &mut Phone) -> bool {
    let state = phone.device().sync_state();
    state.phase == SyncPhase::Idle && state.to_send == 0 && state.last_trouble.is_none()
}
