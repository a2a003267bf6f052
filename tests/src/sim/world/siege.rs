//! A world with a hostile phone in it, and one honest phone that has no signal for a month. Holds what happens; what
//! must hold afterwards is in `invariants`.

mod answers;
mod invariants;
mod secrets;
mod writes;

use super::township::{VILLAGES, township, village};
use super::weather::Weather;
use super::{PASSWORD, TICKS, World};
use crate::grammar::Known;
use crate::maker::Maker;
use crate::sim::check;
use crate::sim::dice::Dice;
use crate::sim::hostile::{self, Hostile, Weapons};
use crate::sim::net::Signal;
use crate::sim::people::secret;
use crate::sim::words_of;
use bianfang_device::platform::{HttpRequest, HttpResponse};
use bianfang_server::service::accounts::NewAccount;
use bianfang_shared::access::Role;
use bianfang_shared::area::AreaCode;
use bianfang_shared::id::{DeviceId, EntityId, Epoch, OpId, UserId};
use bianfang_shared::ledger::household;
use bianfang_shared::op::{Body, Change, Op};
use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};

pub use invariants::{INVARIANTS, Invariant, NOTHING_PANICS};

/// Who administers the whole country.
const ADMINISTRATOR: &str = "login-administrator";
/// Ticks of a run. Fewer than of a run without a hostile phone: it does several things in each.
const SIEGE_TICKS: usize = TICKS / 2;
/// From this tick on one phone has no signal.
const ABSENT_FROM: usize = 12;
/// At this tick a month goes by.
const MONTH_AT: usize = 44;
const MONTH_MS: i64 = 30 * 24 * 3_600_000;
/// Rows of a log read at once.
const ROWS: usize = 1_000;

/// The hostile phone and what is noted of its doings.
#[derive(Debug)]
pub(super) struct Siege {
    phone: Hostile,
    known: Known,
    /// Rows of each village's log from which `known` was learnt, in this life of the log.
    learnt: BTreeMap<AreaCode, u64>,
    epoch: Option<Epoch>,
    /// Whether it may name photographs of villages that it has no grant for: not where the centre is put back, since
    /// nobody can know a photograph's name before the operation that names it is merged.
    names_any_photo: bool,
    absent: usize,
    is_gone: bool,
    /// Answers to honest phones that none should get.
    refused: Vec<(bool, String)>,
}

impl Siege {
    /// Whether this phone has no signal, whatever the weather.
    pub(super) fn is_absent(&self, at: usize) -> bool {
        self.is_gone && self.absent == at
    }

    /// Notes what an honest phone was answered.
    pub(super) fn note_answer(&mut self, at: usize, request: &HttpRequest, answer: &HttpResponse) {
        let HttpResponse { status, headers, body } = answer;
        let location = headers.iter().find(|(name, _)| name == "location");
        self.known.uploads.extend(location.map(|(_, location)| location.clone()));
        if *status >= 500 || matches!(status, 400 | 403 | 413 | 422 | 429) {
            let is_push = request.path == "/api/v1/sync/push";
            let said = String::from_utf8_lossy(body);
            self.refused.push((is_push, format!("phone {at}: {}: {status} {said}", request.path)));
        }
    }

    /// Whether an operation of this device is the hostile phone's.
    fn is_hostile(&self, device: DeviceId) -> bool {
        self.phone.devices.contains(&device)
    }

    fn sees(&self, scope: AreaCode) -> bool {
        self.phone.villages.contains(&scope)
    }
}

impl World {
    /// The world of a seed with a hostile phone that does what the seed says, or what is told.
    pub fn besieged(seed: u64, weapons: Option<Weapons>) -> Self {
        let mut dice = Dice::new(seed);
        let weather = Weather::of(seed, &mut dice).of_a_siege();
        let drawn = Weapons::of(seed, &mut dice);
        let own = dice.fork();
        let mut world = Self::peopled(seed, dice, weather);
        let weapons = weapons.unwrap_or(drawn);
        let mut villages: Vec<_> = (0..VILLAGES).map(village).collect();
        villages.remove(world.dice.below(villages.len()));
        if world.dice.permille(500) {
            villages.remove(world.dice.below(villages.len()));
        }
        world.account(ADMINISTRATOR, Role::Administrator, &["000000000000".parse().expect("twelve digits")]);
        let user = world.account(hostile::LOGIN, Role::Cadre, &villages);
        let absent = world.dice.below(world.phones.len());
        world.tell(|| {
            format!("the hostile phone sees {villages:?} and has {weapons:?}; phone {absent} goes away")
        });
        let mut known = Known { users: vec![user], ..Known::default() };
        known.users.extend(world.people.iter().map(|(user, _)| *user));
        known.areas = (0..VILLAGES).map(village).chain([township()]).collect();
        world.siege = Some(Box::new(Siege {
            phone: Hostile::new(user, villages, weapons, PASSWORD, own),
            known,
            learnt: BTreeMap::new(),
            epoch: None,
            names_any_photo: !weather.centre_restored,
            absent,
            is_gone: false,
            refused: Vec::new(),
        }));
        world.register_township();
        world.centre.back_up();
        world
    }

    fn account(&mut self, login: &str, role: Role, grants: &[AreaCode]) -> UserId {
        let account = NewAccount {
            login: login.to_owned(),
            name: format!("{role:?}"),
            role,
            grants: grants.to_vec(),
            password: PASSWORD.to_owned(),
        };
        self.centre.app().accounts().add(&account, None).expect("a new account").id
    }

    /// Gives a household that was registered just now a name and an address that only its village may read.
    pub(super) fn keep_secret(&mut self, maker: &mut Maker, scope: AreaCode, entity: EntityId) {
        let registered = OpId::new(maker.device, maker.pending() as u64);
        let changes = [household::HEAD_NAME, household::ADDRESS, "remark"]
            .into_iter()
            .map(|field| {
                self.words += 1;
                Change::new(field, secret(self.words), vec![registered])
            })
            .collect();
        maker.make(crate::bench::load::NOON_MS, scope, Body::Amend { entity, changes, cause: None });
    }

    /// Runs the whole story: trouble, healing, checks. Answers the invariants that do not hold.
    pub fn run_besieged(&mut self) -> BTreeMap<&'static str, String> {
        for tick in 0..SIEGE_TICKS {
            self.tick();
            self.trouble();
            self.lose_signal(tick);
            self.attack();
            for phone in 0..self.phones.len() {
                self.person(phone);
            }
        }
        if let Some(siege) = &mut self.siege {
            siege.is_gone = false;
        }
        self.centre.open();
        if self.dice.permille(800) {
            self.with_siege(|world, siege| siege.phone.send_again(&world.centre));
        }
        let rested = self.heal();
        self.with_siege(|world, siege| {
            siege.learn(world);
            siege.phone.ask_everything(&world.centre, &siege.known)
        });
        self.judge(rested)
    }

    /// One phone has no signal for a month.
    fn lose_signal(&mut self, tick: usize) {
        let Some(siege) = &mut self.siege else { return };
        siege.is_gone |= tick == ABSENT_FROM;
        if siege.is_gone {
            self.phones[siege.absent].signal = Signal::None;
        }
        if tick == MONTH_AT {
            self.tell(|| "a month goes by".to_owned());
            self.count("month without signal");
            self.pass(MONTH_MS);
        }
    }

    fn attack(&mut self) {
        if self.centre.is_up() {
            let now_ms = self.now_ms;
            self.with_siege(|world, siege| {
                siege.learn(world);
                siege.phone.act(&world.centre, &siege.known, now_ms)
            });
        }
    }

    /// Does something with the hostile phone, and tells what it did.
    fn with_siege(&mut self, act: impl FnOnce(&mut World, &mut Siege) -> Vec<String>) {
        let Some(mut siege) = self.siege.take() else { return };
        let lines = act(self, &mut siege);
        self.siege = Some(siege);
        for line in lines {
            self.count("hostile request");
            self.tell(|| line);
        }
    }

    fn judge(&mut self, rested: Result<(), String>) -> BTreeMap<&'static str, String> {
        let mut broken = BTreeMap::new();
        if let Err(found) = rested {
            broken.insert(invariants::EVERYBODY_COMES_TO_REST, found);
        }
        let held = match check::read(&self.centre) {
            Ok(held) => held,
            Err(found) => {
                broken.insert(invariants::THE_LOG_IS_READ, found);
                return broken;
            }
        };
        for Invariant { name, holds } in INVARIANTS {
            let outcome = catch_unwind(AssertUnwindSafe(|| holds(self, &held)));
            if let Err(found) = outcome.unwrap_or_else(|panic| Err(words_of(&*panic))) {
                broken.insert(name, found);
            }
        }
        broken
    }
}

impl Siege {
    /// Learns the ids that are new in the centre's logs. The phone knows them all: no rule may rest on an id being
    /// secret.
    fn learn(&mut self, world: &World) {
        let store = world.centre.app().store();
        let epoch = store.epoch().expect("the store is read");
        if self.epoch.replace(epoch) != Some(epoch) {
            self.learnt.clear();
        }
        for head in store.scopes().expect("the store is read") {
            let mut learnt = self.learnt.get(&head.scope).copied().unwrap_or_default();
            while learnt < head.seq {
                let rows = store.scope_log(head.scope, learnt + 1, ROWS).expect("the store is read");
                if rows.is_empty() {
                    break;
                }
                for row in rows {
                    learnt = row.place.seq;
                    if let Ok(op) = serde_json::from_str::<Op>(&row.raw) {
                        self.learn_op(&op);
                    }
                }
            }
            self.learnt.insert(head.scope, learnt);
        }
    }

    fn learn_op(&mut self, op: &Op) {
        add(&mut self.known.ops, op.id());
        add(&mut self.known.devices, op.device);
        match &op.body {
            Body::Register { entity, ledger, .. } => add(&mut self.known.entities, (*entity, *ledger)),
            Body::Record { observation } => add(&mut self.known.records, observation.id),
            _ => (),
        }
        if self.names_any_photo || self.sees(op.scope) {
            let photos = op.body.photos().iter().map(|photo| photo.sha256.clone());
            photos.filter(|photo| is_photo_name(photo)).for_each(|photo| add(&mut self.known.photos, photo));
        }
    }
}

fn add<T: PartialEq>(to: &mut Vec<T>, new: T) {
    if !to.contains(&new) {
        to.push(new);
    }
}

fn is_photo_name(text: &str) -> bool {
    text.parse::<bianfang_server::store::photos::PhotoId>().is_ok()
}

/// The ids of these that are text.
fn texts(ids: impl IntoIterator<Item = impl ToString>) -> BTreeSet<String> {
    ids.into_iter().map(|id| id.to_string()).collect()
}
