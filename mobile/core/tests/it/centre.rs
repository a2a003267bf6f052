//! A centre in memory, made of nothing but what the two sides share: it judges, logs, and answers as the wire
//! messages say. Small on purpose; the real one is tried against the real device in the tests package.

#![expect(clippy::cast_possible_truncation, reason = "places in logs of a test, far below every limit")]

use crate::album::{Album, AlbumMood};
use bianfang_device::platform::{HttpError, HttpRequest, HttpResponse};
use bianfang_shared::access::{Actor, Role};
use bianfang_shared::area::{Area, AreaCode, AreaLevel};
use bianfang_shared::capability;
use bianfang_shared::chain::{Head, PublicKey, extend_checksum};
use bianfang_shared::entry::Entry;
use bianfang_shared::id::{DeviceId, EntityId, Epoch, ObservationId, OpId, UserId};
use bianfang_shared::judge::{Awaited, Facts, Outcome, Reason, RecordFacts, judge};
use bianfang_shared::ledger::Point;
use bianfang_shared::op::{Body, Op};
use bianfang_shared::wire::*;
use flate2::read::GzDecoder;
use serde::Serialize;
use serde_json::value::RawValue;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read as _;
use std::rc::Rc;

pub(crate) const VILLAGE: &str = "430681113201";
pub(crate) const OTHER_VILLAGE: &str = "430681113202";
pub(crate) const PASSWORD: &str = "secret";

pub(crate) fn area(code: &str) -> AreaCode {
    code.parse().unwrap()
}

#[derive(Clone)]
pub(crate) struct Account {
    pub(crate) user: User,
    pub(crate) grants: Vec<AreaCode>,
}

#[derive(Clone, Default)]
struct Chain {
    key: Option<PublicKey>,
    user: Option<UserId>,
    heads: Vec<Head>,
    receipts: Vec<Receipt>,
}

#[derive(Clone)]
struct Logged {
    received_at_ms: i64,
    raw: String,
    op: Op,
}

/// All that the centre knows; a clone of it is a backup.
#[derive(Clone, Default)]
pub(crate) struct State {
    /// When operations are taken in.
    now_ms: i64,
    pub(crate) accounts: BTreeMap<String, Account>,
    pub(crate) villages: Vec<Area>,
    tokens: BTreeMap<String, (DeviceId, String)>,
    chains: BTreeMap<DeviceId, Chain>,
    logs: BTreeMap<AreaCode, Vec<Logged>>,
    entries: BTreeMap<EntityId, Entry>,
    records: BTreeMap<ObservationId, RecordFacts>,
    companions: BTreeMap<ObservationId, Vec<UserId>>,
    waiting: Vec<(Awaited, Logged)>,
    merged: BTreeSet<OpId>,
    owners: BTreeMap<DeviceId, UserId>,
    pub(crate) album: Album,
}

pub(crate) struct Centre {
    pub(crate) state: State,
    pub(crate) epoch: Epoch,
    pub(crate) now_ms: i64,
    /// Whether `POST /enrol` is there.
    pub(crate) enrols: bool,
    /// Operations in one pull answer.
    pub(crate) pull_ops_max: usize,
    /// Answers every push with this status.
    pub(crate) push_status: Option<u16>,
    /// Spoils the checksum of the next page.
    pub(crate) spoil_checksum: bool,
    tokens_made: u64,
    pub(crate) requests: Vec<String>,
    /// Whether it offers to take photographs.
    pub(crate) takes_photos: bool,
    /// What the next parts of photographs meet.
    pub(crate) album_mood: AlbumMood,
}

pub(crate) type Shared = Rc<RefCell<Centre>>;

pub(crate) fn user_id(n: u8) -> UserId {
    UserId::from_bytes([n; 16])
}

impl State {
    /// The same log, but nothing that was registered is known, as for a judge that has lost its tables.
    pub(crate) fn without_entries(mut self, empty: &State) -> State {
        self.entries = empty.entries.clone();
        self
    }
}

impl Facts for State {
    fn entry(&self, entity: EntityId) -> Option<&Entry> {
        self.entries.get(&entity).filter(|entry| entry.ledger.is_some())
    }
    fn observation(&self, observation: ObservationId) -> Option<RecordFacts> {
        self.records.get(&observation).cloned()
    }
    fn has_accompanied(&self, _: ObservationId, _: UserId) -> bool {
        false
    }

    fn names_companion(&self, observation: ObservationId, companion: UserId) -> bool {
        self.companions.get(&observation).is_some_and(|named| named.contains(&companion))
    }
    fn rectifiers(&self, _: EntityId) -> BTreeSet<UserId> {
        BTreeSet::new()
    }
    fn moved_from(&self, _: EntityId, _: UserId) -> Option<Point> {
        None
    }
    fn operation(&self, op: OpId) -> Option<Op> {
        let logged = || self.logs.values().flatten();
        logged().find(|logged| logged.op.id() == op).map(|logged| logged.op.clone())
    }
    fn owner(&self, device: DeviceId) -> Option<UserId> {
        self.owners.get(&device).copied()
    }
    fn now_ms(&self) -> i64 {
        self.now_ms
    }
    fn is_revoked(&self, _: DeviceId) -> bool {
        false
    }

    fn was_acknowledged(&self, _: OpId) -> bool {
        false
    }
}

impl Centre {
    pub(crate) fn new() -> Shared {
        let mut state = State::default();
        for (n, login, role) in
            [(1, "cadre", Role::Cadre), (2, "cadre2", Role::Cadre), (3, "supervisor", Role::Supervisor)]
        {
            let user = User { id: user_id(n), login: login.into(), name: format!("某{login}"), role };
            state.accounts.insert(login.into(), Account { user, grants: vec![area("430681113000")] });
        }
        state.villages = [(VILLAGE, "一村"), (OTHER_VILLAGE, "二村")]
            .map(|(code, name)| Area { code: area(code), name: name.into() })
            .into();
        Rc::new(RefCell::new(Self {
            state,
            epoch: Epoch::from_bytes([9; 16]),
            now_ms: 1_752_800_000_000,
            enrols: true,
            pull_ops_max: 5_000,
            push_status: None,
            spoil_checksum: false,
            tokens_made: 0,
            requests: Vec::new(),
            takes_photos: true,
            album_mood: AlbumMood::default(),
        }))
    }

    pub(crate) fn restore(&mut self, backup: State) {
        let accounts = self.state.accounts.clone();
        self.state = State { accounts, ..backup };
        let mut bytes = self.epoch.bytes();
        bytes[0] = bytes[0].wrapping_add(1);
        self.epoch = Epoch::from_bytes(bytes);
    }

    pub(crate) fn entry(&self, id: EntityId) -> Option<&Entry> {
        self.state.entries.get(&id)
    }

    pub(crate) fn ledger(&self, scope: AreaCode) -> Vec<Entry> {
        self.state.entries.values().filter(|entry| entry.scope == scope).cloned().collect()
    }

    pub(crate) fn log(&self, scope: AreaCode) -> Vec<Op> {
        self.state.logs.get(&scope).into_iter().flatten().map(|logged| logged.op.clone()).collect()
    }

    pub(crate) fn has_record(&self, id: ObservationId) -> bool {
        self.state.records.contains_key(&id)
    }

    pub(crate) fn answer(&mut self, request: &HttpRequest) -> Result<HttpResponse, HttpError> {
        let path = request.path.split('?').next().unwrap().to_owned();
        self.requests.push(path.clone());
        assert!(request.headers.iter().all(|(name, _)| *name == name.to_lowercase()));
        let body = decoded(request);
        let signed_in = request
            .headers
            .iter()
            .find_map(|(name, value)| (*name == "authorization").then_some(value))
            .and_then(|bearer| self.state.tokens.get(bearer.strip_prefix("Bearer ")?).cloned());
        match (path.as_str(), signed_in) {
            ("/api/v1/login", _) => self.login(&serde_json::from_slice(&body).unwrap()),
            (_, None) => status(401),
            ("/api/v1/session", Some((device, login))) => ok(&self.session(device, &login)),
            ("/api/v1/enrol", Some((_, login))) if self.enrols => {
                let enrol: EnrolRequest = serde_json::from_slice(&body).unwrap();
                ok(&self.enrol(enrol.device, enrol.public_key, &login))
            }
            ("/api/v1/sync/push", Some(_)) if self.push_status.is_some() => status(self.push_status.unwrap()),
            ("/api/v1/sync/push", Some((device, login))) => {
                ok(&self.push(device, &login, &serde_json::from_slice(&body).unwrap()))
            }
            ("/api/v1/sync/pull", Some((_, login))) => {
                ok(&self.pull(&login, &serde_json::from_slice(&body).unwrap()))
            }
            (path, Some(_)) if path.starts_with("/api/v1/photos/") => {
                self.state.album.answer(request, path, &body, &mut self.album_mood)
            }
            _ => status(404),
        }
    }

    fn login(&mut self, login: &LoginRequest) -> Result<HttpResponse, HttpError> {
        if login.password != PASSWORD || !self.state.accounts.contains_key(&login.user) {
            return status(401);
        }
        ok(&self.enrol(login.device, login.public_key, &login.user.clone()))
    }

    fn enrol(&mut self, device: DeviceId, key: PublicKey, login: &str) -> LoginReply {
        let chain = self.state.chains.entry(device).or_default();
        chain.key = Some(key);
        chain.user = Some(self.state.accounts[login].user.id);
        self.tokens_made += 1;
        let token = format!("token-{}", self.tokens_made);
        self.state.tokens.insert(token.clone(), (device, login.to_owned()));
        LoginReply { token, session: self.session(device, login) }
    }

    pub(crate) fn revoke_tokens(&mut self) {
        self.state.tokens.clear();
    }

    fn position(&self, device: DeviceId) -> ChainPosition {
        let heads = self.state.chains.get(&device).map(|chain| chain.heads.as_slice()).unwrap_or_default();
        ChainPosition { last_seq: heads.len() as u64, head: heads.last().copied().unwrap_or_default() }
    }

    fn session(&self, device: DeviceId, login: &str) -> Session {
        let account = &self.state.accounts[login];
        let granted = |area: &&Area| account.grants.iter().any(|grant| grant.contains(area.code));
        Session {
            user: account.user.clone(),
            grants: account.grants.clone(),
            areas: self.state.villages.iter().filter(granted).cloned().collect(),
            people: self.state.accounts.values().map(|account| account.user.clone()).collect(),
            epoch: self.epoch,
            server_time_ms: self.now_ms,
            chain: self.position(device),
            limits: Limits::default(),
            capabilities: (capability::ALL.iter())
                .filter(|word| self.takes_photos || **word != capability::PHOTOS)
                .map(|word| (*word).to_owned())
                .collect(),
        }
    }

    fn push(&mut self, device: DeviceId, login: &str, push: &PushRequest) -> PushReply {
        if push.epoch != self.epoch {
            return PushReply::WrongEpoch { epoch: self.epoch };
        }
        let position = self.position(device);
        let held = position.last_seq;
        if push.first_seq > held + 1 {
            return PushReply::Gap { chain: position };
        }
        let key = self.state.chains[&device].key.unwrap();
        assert!(key.verifies(device, push.head, &push.signature), "the signature does not hold");
        let mut head = match push.first_seq {
            1 => Head::EMPTY,
            first => self.state.chains[&device].heads[first as usize - 2],
        };
        let mut receipts = Vec::new();
        let received_at_ms = self.now_ms;
        for (at, raw) in push.ops.iter().enumerate() {
            let seq = push.first_seq + at as u64;
            head = head.extend(raw.get().as_bytes());
            if seq <= held {
                if self.state.chains[&device].heads[seq as usize - 1] != head {
                    return PushReply::Forked { chain: position };
                }
                receipts.push(self.state.chains[&device].receipts[seq as usize - 1].clone());
                continue;
            }
            let receipt = Receipt { seq, received_at_ms, outcome: self.merge(device, seq, login, raw.get()) };
            let chain = self.state.chains.get_mut(&device).unwrap();
            chain.heads.push(head);
            chain.receipts.push(receipt.clone());
            receipts.push(receipt);
        }
        assert_eq!(head, push.head, "the head is not that of the operations");
        PushReply::Accepted { received_at_ms, chain: self.position(device), outcomes: receipts }
    }

    fn merge(&mut self, device: DeviceId, seq: u64, login: &str, raw: &str) -> Outcome {
        let Ok(op) = serde_json::from_str::<Op>(raw) else {
            return Outcome::Quarantined { reason: Reason::Unreadable { detail: "no".into() } };
        };
        if op.id() != OpId::new(device, seq) {
            return Outcome::Quarantined { reason: Reason::Misnumbered };
        }
        let account = &self.state.accounts[login];
        let actor = Actor { user: account.user.id, role: account.user.role, grants: account.grants.clone() };
        self.state.owners.insert(device, actor.user);
        self.state.now_ms = self.now_ms;
        let logged = Logged { received_at_ms: self.now_ms, raw: raw.to_owned(), op };
        match judge(&logged.op, &actor, &self.state) {
            Err(reason) => {
                if let Some(awaited) = reason.waits_for() {
                    self.state.waiting.push((awaited, logged));
                }
                Outcome::Quarantined { reason }
            }
            Ok(()) => self.apply(logged),
        }
    }

    fn apply(&mut self, logged: Logged) -> Outcome {
        let op = logged.op.clone();
        let mut outcome = Outcome::Merged;
        let mut came = Vec::new();
        if let Body::Record { observation } = &op.body {
            let facts = RecordFacts { op: op.id(), scope: op.scope, author: op.author };
            self.state.records.entry(observation.id).or_insert(facts);
            self.state.companions.insert(observation.id, observation.companions.clone());
            came.push(Awaited::Observation(observation.id));
        } else if let Some(id) = op.body.entity() {
            let entry = self.state.entries.entry(id).or_insert_with(|| Entry::empty(id, op.scope));
            let before = entry.conflicts().count();
            entry.apply(&op, Some(logged.received_at_ms), |_| false);
            if entry.conflicts().count() > before {
                outcome = Outcome::MergedWithConflict;
            }
            came.push(Awaited::Entity(id));
        }
        self.state.merged.insert(op.id());
        self.state.logs.entry(op.scope).or_default().push(logged);
        for awaited in came {
            let (released, still) = std::mem::take(&mut self.state.waiting)
                .into_iter()
                .partition(|(for_what, _)| *for_what == awaited);
            self.state.waiting = still;
            let released: Vec<(Awaited, Logged)> = released;
            for (_, logged) in released {
                self.apply(logged);
            }
        }
        outcome
    }

    fn pull(&mut self, login: &str, pull: &PullRequest) -> PullReply {
        let grants = self.state.accounts[login].grants.clone();
        let mut left = pull.limit.min(self.pull_ops_max);
        let mut scopes = Vec::new();
        let mut more = false;
        for (&scope, &next) in &pull.cursors {
            let page = |part| ScopePage { scope, part };
            if !grants.iter().any(|grant| grant.contains(scope)) {
                scopes.push(page(ScopePart::Drop));
                continue;
            }
            let log = self.state.logs.get(&scope).map(Vec::as_slice).unwrap_or_default();
            let head = log.len() as u64;
            if pull.epoch != self.epoch || next > head + 1 {
                scopes.push(page(ScopePart::Resync));
                continue;
            }
            let from = next as usize - 1;
            let until = log.len().min(from + left);
            left -= until - from;
            more |= until < log.len();
            let mut checksum = log[..until].iter().fold(0, |sum, op| extend_checksum(sum, op.raw.as_bytes()));
            if std::mem::take(&mut self.spoil_checksum) {
                checksum ^= 1;
            }
            let ops = log[from..until]
                .iter()
                .enumerate()
                .map(|(at, logged)| LoggedOp {
                    seq: next + at as u64,
                    received_at_ms: logged.received_at_ms,
                    op: RawValue::from_string(logged.raw.clone()).unwrap(),
                })
                .collect();
            let part = ScopePart::Ops { ops, next: until as u64 + 1, head, checksum: Checksum(checksum) };
            scopes.push(page(part));
        }
        assert!(AreaLevel::Village > AreaLevel::Township);
        PullReply { epoch: self.epoch, server_time_ms: self.now_ms, scopes, more }
    }
}

fn decoded(request: &HttpRequest) -> Vec<u8> {
    if !request.headers.iter().any(|(name, _)| *name == "content-encoding") {
        return request.body.clone();
    }
    let mut plain = Vec::new();
    GzDecoder::new(&request.body[..]).read_to_end(&mut plain).unwrap();
    plain
}

pub(crate) fn ok<T: Serialize>(body: &T) -> Result<HttpResponse, HttpError> {
    Ok(HttpResponse::new(200, serde_json::to_vec(body).unwrap()))
}

pub(crate) fn status(status: u16) -> Result<HttpResponse, HttpError> {
    Ok(HttpResponse::new(status, Vec::new()))
}
