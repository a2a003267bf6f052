//! The world: phones, people, a network, a centre, and time. Each tick something may go wrong.

pub mod siege;
mod township;
mod trouble;
mod verdict;
mod weather;

use super::album::Camera;
use super::centre::{Arriving, Centre};
use super::dice::Dice;
use super::net::Network;
use super::people::{Deed, Person, Shot, Tally};
use super::phone::{Asker, PASSWORD, Phone};
use bianfang_device::platform::{HttpError, HttpRequest, HttpResponse};
use bianfang_device::sync::Step;
use bianfang_server::service::accounts::NewAccount;
use bianfang_server::store::photos::PhotoId;
use bianfang_shared::access::Role;
use bianfang_shared::area::AreaCode;
use bianfang_shared::id::{ObservationId, UserId};
use bianfang_shared::wire::PHOTO_UPLOADS_PATH;
use siege::Siege;
use std::collections::BTreeSet;
use township::{VILLAGES, township, village};
use weather::Weather;

/// 2025-06-15 10:00 in China.
const BEGIN_MS: i64 = 1_749_952_800_000;
const TEN_YEARS_MS: i64 = 10 * 365 * 24 * 3_600_000;
/// Who has the whole township.
const SUPERVISOR: &str = "login-supervisor";
/// Ticks in which things go wrong.
const TICKS: usize = 130;
/// Ticks within which all must be well again.
const HEALING_TICKS_MAX: usize = 4_000;
/// Times that everybody exchanges at the end: once to hand over, once to see what the others handed over, once more
/// for what that led to.
const HEALING_ROUNDS: usize = 3;
/// Requests that a phone makes at one moment.
const REQUESTS_AT_ONCE_MAX: usize = 4;

/// More photographs than any run has.
const PHOTOS_MAX: usize = 10_000;

/// Something under way between a phone and the centre.
#[derive(Clone, Debug)]
enum Parcel {
    Up { life: u64, asker: Asker, request: HttpRequest },
    Down { life: u64, asker: Asker, answer: Result<HttpResponse, HttpError> },
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
    /// The weather at the beginning: what the centre is like does not change.
    began_with: Weather,
    now_ms: i64,
    centre: Centre,
    phones: Vec<Phone>,
    people: Vec<(UserId, Vec<AreaCode>)>,
    network: Network<Parcel>,
    camera: Camera,
    done: Vec<Done>,
    shots: Vec<Shot>,
    /// How much had been done, and how many pictures taken, when each phone's copy was kept.
    copied_at: Vec<(usize, usize)>,
    words: u64,
    /// Photographs that the centre held at some time.
    ever_held: BTreeSet<PhotoId>,
    /// Somebody put the centre back without the photographs that it had held since.
    photos_were_lost: bool,
    /// A hostile phone, in runs that have one.
    siege: Option<Box<Siege>>,
    tally: Tally,
    story: Vec<String>,
}

impl World {
    /// The world of a seed, with three villages, six phones and five people.
    pub fn new(seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        let weather = Weather::of(seed, &mut dice);
        let mut world = Self::peopled(seed, dice, weather);
        world.register_township();
        world.centre.back_up();
        world
    }

    fn peopled(seed: u64, dice: Dice, weather: Weather) -> Self {
        let centre = Centre::new(seed, BEGIN_MS, weather.habits());
        let mut world = Self {
            dice,
            weather,
            began_with: weather,
            now_ms: BEGIN_MS,
            centre,
            phones: Vec::new(),
            people: Vec::new(),
            network: Network::default(),
            camera: Camera::default(),
            done: Vec::new(),
            shots: Vec::new(),
            copied_at: Vec::new(),
            words: 0,
            ever_held: BTreeSet::new(),
            photos_were_lost: false,
            siege: None,
            tally: Tally::new(),
            story: vec![format!("{weather:?}")],
        };
        world.hire("login-cadre", Role::Cadre, vec![village(0), village(1)], 2);
        world.hire("login-cadre2", Role::Cadre, vec![village(1), village(2)], 1);
        world.hire("login-team", Role::TeamMember, vec![village(0)], 1);
        world.hire("login-secretary", Role::VillageSecretary, vec![village(2)], 1);
        world.hire(SUPERVISOR, Role::Supervisor, vec![township()], 1);
        world
    }

    fn hire(&mut self, login: &'static str, role: Role, grants: Vec<AreaCode>, phones: usize) {
        let account = NewAccount {
            login: login.to_owned(),
            name: format!("干部{}", self.people.len()),
            role,
            grants: grants.clone(),
            password: PASSWORD.to_owned(),
        };
        let user = self.centre.app().accounts().add(&account, None).expect("a new account");
        let villages: Vec<_> = (0..VILLAGES)
            .map(village)
            .filter(|&village| grants.iter().any(|grant| grant.contains(village)))
            .collect();
        for _ in 0..phones {
            let skew_ms = if self.weather.skewed_clocks { self.skew_ms() } else { 0 };
            let seed = self.dice.below(usize::MAX >> 1) as u64;
            let number = self.phones.len();
            self.phones.push(Phone::new(number, login, villages.clone(), seed, BEGIN_MS + skew_ms));
            self.copied_at.push((0, 0));
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

    /// What happened so far, one line each. Equal for equal seeds.
    pub fn story(&self) -> &[String] {
        &self.story
    }

    /// How often what happened.
    pub fn tally(&self) -> &Tally {
        &self.tally
    }

    fn count(&mut self, what: &'static str) {
        *self.tally.entry(what).or_default() += 1;
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
            let phone = &self.phones[at];
            if !phone.is_on() {
                continue;
            }
            let life = phone.life;
            // Records and photographs have a request under way each.
            for _ in 0..REQUESTS_AT_ONCE_MAX {
                let Step::Send { ticket, request } = self.phones[at].next_step() else { break };
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
            self.centre.disk.arm(n);
        }
        let arriving = self.arriving(request);
        let answer = match self.centre.answer(request, arriving) {
            Some(answer) => Ok(answer),
            None => Err(HttpError::Unreachable("the centre is down, or the connection broke".to_owned())),
        };
        self.centre.disk.arm(0);
        self.note_held(request);
        if let (Some(siege), Ok(answer)) = (&mut self.siege, &answer) {
            siege.note_answer(at, request, answer);
        }
        // The centre may die after the commit and before the answer is out.
        if self.weather.centre_dies && self.dice.permille(15) {
            self.tell(|| "the centre dies before it can answer".to_owned());
            self.kill_centre();
            return;
        }
        self.tell(|| match &answer {
            Ok(HttpResponse { status, headers, body }) => {
                let digest = bianfang_shared::chain::extend_checksum(0, body);
                let offset = headers.iter().find(|(name, _)| name == "upload-offset");
                let offset = offset.map(|(_, offset)| format!(" at {offset}")).unwrap_or_default();
                format!("the centre answers phone {at} {request:?}: {status} {digest:016x}{offset}")
            }
            Err(error) => format!("the centre does not answer phone {at} {request:?}, {arriving:?}: {error}"),
        });
        if let Ok(HttpResponse { status: 410 | 404, .. }) = &answer
            && request.path.starts_with(PHOTO_UPLOADS_PATH)
        {
            self.count("upload gone");
        }
        let signal = self.phones[at].signal;
        self.network.post(&mut self.dice, signal, self.now_ms, at, Parcel::Down { life, asker, answer });
    }

    /// A connection may break in the middle of a photograph.
    fn arriving(&mut self, request: &HttpRequest) -> Arriving {
        let is_part = request.path.starts_with(PHOTO_UPLOADS_PATH) && !request.body.is_empty();
        if is_part && self.weather.uploads_cut && self.dice.permille(150) {
            self.count("photograph cut on its way");
            Arriving::CutAfter(self.dice.below(request.body.len() + 1))
        } else {
            Arriving::Whole
        }
    }

    /// Remembers what the centre holds, once it does.
    fn note_held(&mut self, request: &HttpRequest) {
        if !self.centre.is_up() || !request.path.starts_with(PHOTO_UPLOADS_PATH) {
            return;
        }
        let held = self.centre.app().store().photos(None, PHOTOS_MAX).expect("reading");
        for photo in held {
            if self.ever_held.insert(photo.id) {
                self.count("photograph held");
            }
        }
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

    fn person(&mut self, at: usize) {
        if !self.phones[at].is_on() || !self.dice.permille(220) {
            return;
        }
        self.sign_in_if_asked(at);
        let fail_at = self.disk_fault();
        let before = self.shots.len();
        let mut heard = Vec::new();
        let mut person = Person {
            phone: &mut self.phones[at],
            dice: &mut self.dice,
            camera: &mut self.camera,
            shots: &mut self.shots,
            heard: &mut heard,
            tally: &mut self.tally,
            words: &mut self.words,
            may_die: self.weather.phones_die,
            fail_at,
        };
        let deed = person.act();
        for shot in before..self.shots.len() {
            self.tell_shot(shot);
        }
        for trouble in heard {
            self.tell(|| format!("phone {at} refuses: {trouble}"));
        }
        if let Some(deed) = deed {
            self.tell(|| format!("phone {at}: {deed:?}"));
            self.done.push(Done { phone: at, deed, may_be_gone: false });
        }
    }

    fn tell_shot(&mut self, shot: usize) {
        let Shot { phone, sha256, .. } = self.shots[shot].clone();
        self.tell(|| format!("phone {phone} keeps picture {sha256}"));
    }

    /// Every record that somebody saved and that must be found.
    pub fn saved_records(&self) -> BTreeSet<ObservationId> {
        let records = self.done.iter().filter_map(|done| match done.deed {
            Deed::Recorded(id) => Some(id),
            Deed::Wrote(_) => None,
        });
        records.collect()
    }
}
