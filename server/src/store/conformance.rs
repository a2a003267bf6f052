//! What every store promises, as checks that any implementation can be put through.
//!
//! [`check_all`] runs every named check on a fresh store each, then walks the store and the one in memory side by
//! side through seeded random pushes, changes of access and questions, comparing every answer. Panics, naming the
//! check, where a promise is broken.

mod access;
mod log;
mod photos;
mod walk;

use super::memory::MemoryStore;
use super::{Store, StoreResult};
use crate::clock::TestClock;
use crate::service::evidence::Rules;
use crate::service::merger::Merger;
use crate::service::push::{Incoming, PushJob};
use crate::store::people::{Account, Audit, NewSignIn, SignInOutcome};
use bianfang_shared::access::Role;
use bianfang_shared::area::AreaCode;
use bianfang_shared::chain::{DeviceKey, Head};
use bianfang_shared::hlc::Hlc;
use bianfang_shared::id::{DeviceId, Epoch, UserId};
use bianfang_shared::op::{Body, Op};
use bianfang_shared::wire::{PushReply, User};
use std::sync::Arc;

/// The epoch that a store under check is made with.
pub const EPOCH: Epoch = Epoch(uuid::Uuid::from_u128(0xe0));
/// When checks begin.
pub const START_MS: i64 = 1_750_000_000_000;
/// Walks of [`check_all`].
const WALKS: u64 = 12;

/// A check with its name.
type Check = (&'static str, fn(&Bench) -> StoreResult<()>);

/// Puts an implementation through everything. `make` makes a fresh, empty store whose log begins [`EPOCH`].
pub fn check_all(make: impl Fn() -> Arc<dyn Store>) {
    for (name, check) in access::CHECKS.iter().chain(log::CHECKS).chain(photos::CHECKS) {
        if let Err(error) = check(&Bench::new(make())) {
            panic!("{name}: the store failed: {error}");
        }
    }
    for seed in 1..=WALKS {
        if let Err(error) = walk::walk(&make, seed) {
            panic!("walk {seed}: a store failed: {error}");
        }
    }
}

/// Fills a fresh store with what a few phones make: merged, set aside, with and without photographs.
pub fn fill(store: Arc<dyn Store>) -> StoreResult<()> {
    walk::fill(&Bench::new(store))
}

/// A store with a merge over it.
struct Bench {
    store: Arc<dyn Store>,
    merger: Merger,
    clock: Arc<TestClock>,
}

impl Bench {
    fn new(store: Arc<dyn Store>) -> Self {
        let clock = Arc::new(TestClock::at(START_MS));
        let merger = Merger::new(Arc::clone(&store), Arc::clone(&clock) as _, Arc::new(Rules::default()));
        Self { store, merger, clock }
    }

    fn memory() -> Self {
        Self::new(Arc::new(MemoryStore::new(EPOCH)))
    }

    fn add_user(&self, number: u8, role: Role, grants: &[AreaCode]) -> StoreResult<UserId> {
        let account = account(number, role, grants);
        assert!(self.store.add_account(&account, &audit("added"))?, "a new account is taken in");
        Ok(account.user.id)
    }

    fn enrol(&self, phone: &Phone) -> StoreResult<SignInOutcome> {
        self.store.sign_in(&phone.sign_in(START_MS + 1_000_000), &audit("signed_in"))
    }

    fn push(&self, job: &PushJob) -> Option<PushReply> {
        self.merger.merge_now(std::slice::from_ref(job)).pop().and_then(Result::ok)
    }
}

fn audit(action: &str) -> Audit {
    Audit { at_ms: START_MS, actor: None, action: action.to_owned(), about: "check".to_owned() }
}

fn user(number: u8) -> UserId {
    UserId::from_bytes([number; 16])
}

fn account(number: u8, role: Role, grants: &[AreaCode]) -> Account {
    Account {
        user: User { id: user(number), login: format!("user{number}"), name: format!("name {number}"), role },
        grants: grants.to_vec(),
        password_hash: format!("hash {number}"),
        disabled: false,
        created_at_ms: START_MS,
    }
}

fn village(number: u64) -> AreaCode {
    AreaCode::new(430_681_113_200 + number).expect("twelve digits")
}

fn township() -> AreaCode {
    AreaCode::new(430_681_113_000).expect("twelve digits")
}

/// A device that makes operations.
struct Phone {
    id: DeviceId,
    user: UserId,
    key: DeviceKey,
    raws: Vec<Arc<str>>,
    heads: Vec<Head>,
    hlc: Hlc,
}

impl Phone {
    fn new(number: u8, user: UserId) -> Self {
        Self {
            id: DeviceId::from_bytes([number; 16]),
            user,
            key: DeviceKey::from_seed(&[number; 32]),
            raws: Vec::new(),
            heads: vec![Head::EMPTY],
            hlc: Hlc::at(START_MS),
        }
    }

    fn sign_in(&self, expires_at_ms: i64) -> NewSignIn {
        NewSignIn {
            token_hash: [self.id.bytes()[0]; 32],
            user: self.user,
            device: self.id,
            public_key: self.key.public(),
            label: "phone".to_owned(),
            at_ms: START_MS,
            expires_at_ms,
            replaces: None,
        }
    }

    fn last_seq(&self) -> u64 {
        self.raws.len() as u64
    }

    fn make(&mut self, scope: AreaCode, body: Body) -> Op {
        self.hlc = self.hlc.tick(START_MS);
        let (device, seq) = (self.id, self.last_seq() + 1);
        let op = Op { device, seq, hlc: self.hlc, author: self.user, scope, body };
        self.make_raw(&serde_json::to_string(&op).expect("an operation has a JSON form"));
        op
    }

    fn make_raw(&mut self, raw: &str) {
        let last = self.heads.last().copied().unwrap_or(Head::EMPTY);
        self.heads.push(last.extend(raw.as_bytes()));
        self.raws.push(raw.into());
    }

    /// A push of the operations from `first` to `last`, both included.
    fn job(&self, first: u64, last: u64) -> PushJob {
        let at = |seq: u64| usize::try_from(seq).expect("few operations");
        PushJob {
            device: self.id,
            user: self.user,
            epoch: EPOCH,
            first_seq: first,
            ops: self.raws[at(first) - 1..at(last)].iter().map(|raw| Incoming::read(raw)).collect(),
            head: self.heads[at(last)],
            acknowledged_seq: 0,
            by_administrator: false,
        }
    }

    fn all(&self) -> PushJob {
        self.job(1, self.last_seq())
    }
}
