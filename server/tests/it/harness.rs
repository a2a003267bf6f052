//! A server on a folder of its own, and a device that speaks to it through the real routes.

use axum::Router;
use axum::body::Body;
use axum::http::{Request, header};
use bianfang_server::clock::{SeededRng, TestClock};
use bianfang_server::files::{PHOTOS_FOLDER, hash_of};
use bianfang_server::service::accounts::NewAccount;
use bianfang_server::service::password::PasswordCost;
use bianfang_server::store::faults::FailNth;
use bianfang_server::{App, Config, Running};
use bianfang_shared::access::Role;
use bianfang_shared::area::{Area, AreaCode};
use bianfang_shared::chain::{DeviceKey, Head};
use bianfang_shared::hlc::Hlc;
use bianfang_shared::id::{DeviceId, EntityId, Epoch, ObservationId, OpId, UserId};
use bianfang_shared::ledger::LedgerKind;
use bianfang_shared::observation::{
    ChecklistRef, Fix, Observation, ObservationKind, Outcome, PhotoRef, PhotoSource, Platform,
};
use bianfang_shared::op::{Body as OpBody, Change, Op};
use bianfang_shared::value::Value;
use bianfang_shared::wire::{
    LoginReply, LoginRequest, PullReply, PullRequest, PushReply, PushRequest, Receipt, ScopePart, Session,
};
use http_body_util::BodyExt;
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use tower::ServiceExt;

pub(crate) const NOW_MS: i64 = 1_750_000_000_000;
pub(crate) const PASSWORD: &str = "secret enough";
pub(crate) const VILLAGE: &str = "430681113214";
pub(crate) const OTHER_VILLAGE: &str = "430681113215";
pub(crate) const TOWNSHIP: &str = "430681113000";

pub(crate) fn area(code: &str) -> AreaCode {
    code.parse().unwrap()
}

pub(crate) struct TestServer {
    pub(crate) app: App,
    pub(crate) router: Router,
    pub(crate) clock: Arc<TestClock>,
    pub(crate) faults: Arc<FailNth>,
    pub(crate) folder: PathBuf,
    _temp: Option<tempfile::TempDir>,
}

pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: axum::http::HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Reply {
    pub(crate) fn json<T: serde::de::DeserializeOwned>(&self) -> T {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&self.body)))
    }

    pub(crate) fn code(&self) -> String {
        self.json::<bianfang_shared::wire::Problem>().code
    }
}

impl TestServer {
    pub(crate) fn new() -> Self {
        let temp = tempfile::tempdir().unwrap();
        let mut server = Self::open(temp.path().to_owned());
        server._temp = Some(temp);
        server.set_up();
        server
    }

    fn open(folder: PathBuf) -> Self {
        let clock = Arc::new(TestClock::at(NOW_MS));
        let faults = Arc::new(FailNth::default());
        let app = Self::app(&folder, &clock, &faults);
        Self { router: app.router(), app, clock, faults, folder, _temp: None }
    }

    /// Where the bytes of a photograph lie.
    pub(crate) fn photo_file(&self, bytes: &[u8]) -> PathBuf {
        let name = hash_of(bytes).to_string();
        self.folder.join(PHOTOS_FOLDER).join(&name[..2]).join(format!("{name}.jpg"))
    }

    fn app(folder: &std::path::Path, clock: &Arc<TestClock>, faults: &Arc<FailNth>) -> App {
        let mut config = Config::new(folder);
        config.clock = clock.clone();
        config.rng = Arc::new(SeededRng::new(7));
        config.faults = faults.clone();
        config.running = Running::Inline;
        config.password_cost = PasswordCost::cheap();
        App::open(config).unwrap()
    }

    fn set_up(&self) {
        let areas = [(TOWNSHIP, "三江镇"), (VILLAGE, "八景村"), (OTHER_VILLAGE, "双桥村")];
        let areas: Vec<Area> =
            areas.iter().map(|(code, name)| Area { code: area(code), name: (*name).to_owned() }).collect();
        self.app.store().put_areas(&areas).unwrap();
        self.add("admin", Role::Administrator, &[TOWNSHIP]);
        self.add("supervisor", Role::Supervisor, &[TOWNSHIP]);
        self.add("cadre", Role::Cadre, &[VILLAGE]);
        self.add("cadre2", Role::Cadre, &[VILLAGE, OTHER_VILLAGE]);
    }

    pub(crate) fn add(&self, login: &str, role: Role, grants: &[&str]) -> UserId {
        let new = NewAccount {
            login: login.to_owned(),
            name: format!("{login} 同志"),
            role,
            grants: grants.iter().map(|code| area(code)).collect(),
            password: PASSWORD.to_owned(),
        };
        self.app.accounts().add(&new, None).unwrap().id
    }

    /// The process dies and starts again on the same folder.
    pub(crate) fn crash_and_reopen(&mut self) {
        self.app = Self::app(&self.folder, &self.clock, &self.faults);
        self.router = self.app.router();
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Reply {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let body = response.into_body().collect().await.unwrap().to_bytes().to_vec();
        Reply { status, headers, body }
    }

    pub(crate) async fn get(&self, path: &str, token: &str) -> Reply {
        self.send(request("GET", path, token, Vec::new())).await
    }

    pub(crate) async fn post(&self, path: &str, token: &str, body: &impl serde::Serialize) -> Reply {
        self.send(request("POST", path, token, serde_json::to_vec(body).unwrap())).await
    }

    pub(crate) async fn put(&self, path: &str, token: &str, body: &impl serde::Serialize) -> Reply {
        self.send(request("PUT", path, token, serde_json::to_vec(body).unwrap())).await
    }

    /// Signs a new device in.
    pub(crate) async fn device(&self, login: &str, number: u8) -> TestDevice {
        let mut device = TestDevice::new(number);
        device.sign_in(self, login).await;
        device
    }
}

pub(crate) fn request(method: &str, path: &str, token: &str, body: Vec<u8>) -> Request<Body> {
    let mut request = Request::builder().method(method).uri(path);
    if !token.is_empty() {
        request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
    }
    request.header(header::CONTENT_TYPE, "application/json").body(Body::from(body)).unwrap()
}

/// A phone, as far as the server sees one.
pub(crate) struct TestDevice {
    pub(crate) id: DeviceId,
    pub(crate) key: DeviceKey,
    pub(crate) token: String,
    pub(crate) user: UserId,
    pub(crate) epoch: Epoch,
    pub(crate) session: Option<Session>,
    pub(crate) ops: Vec<String>,
    pub(crate) heads: Vec<Head>,
    hlc: Hlc,
}

impl TestDevice {
    pub(crate) fn new(number: u8) -> Self {
        Self {
            id: DeviceId::from_bytes([number; 16]),
            key: DeviceKey::from_seed(&[number; 32]),
            token: String::new(),
            user: UserId::from_bytes([0; 16]),
            epoch: Epoch::from_bytes([0; 16]),
            session: None,
            ops: Vec::new(),
            heads: Vec::new(),
            hlc: Hlc::at(NOW_MS),
        }
    }

    pub(crate) fn login_request(&self, login: &str) -> LoginRequest {
        LoginRequest {
            user: login.to_owned(),
            password: PASSWORD.to_owned(),
            device: self.id,
            public_key: self.key.public(),
            label: "test".to_owned(),
        }
    }

    pub(crate) async fn sign_in(&mut self, server: &TestServer, login: &str) {
        let reply: LoginReply = server.post("/api/v1/login", "", &self.login_request(login)).await.json();
        self.token = reply.token;
        self.user = reply.session.user.id;
        self.epoch = reply.session.epoch;
        self.session = Some(reply.session);
    }

    /// Makes an operation; answers its name.
    pub(crate) fn make(&mut self, scope: &str, body: OpBody) -> OpId {
        let seq = self.ops.len() as u64 + 1;
        self.hlc = self.hlc.tick(NOW_MS);
        let op = Op { device: self.id, seq, hlc: self.hlc, author: self.user, scope: area(scope), body };
        self.make_raw(serde_json::to_string(&op).unwrap())
    }

    /// Adds any text to the chain.
    pub(crate) fn make_raw(&mut self, raw: String) -> OpId {
        let last = self.heads.last().copied().unwrap_or(Head::EMPTY);
        self.heads.push(last.extend(raw.as_bytes()));
        self.ops.push(raw);
        OpId::new(self.id, self.ops.len() as u64)
    }

    pub(crate) fn register(&mut self, scope: &str, entity: EntityId, name: &str) -> OpId {
        let fields = self.household(entity, name);
        self.make(
            scope,
            OpBody::Register {
                entity,
                ledger: LedgerKind::Household,
                fields,
                cause: None,
                photos: Vec::new(),
            },
        )
    }

    /// What a household is registered with: by the office with its code, by others to be confirmed.
    fn household(&self, entity: EntityId, name: &str) -> BTreeMap<String, Value> {
        let by_office = self.session.as_ref().is_some_and(|session| session.user.role.is_office());
        let (field, value) = match by_office {
            true => ("code", format!("H{}", entity.bytes()[0])),
            false => ("registration", "to_confirm".to_owned()),
        };
        BTreeMap::from([("head_name".to_owned(), name.into()), (field.to_owned(), value.into())])
    }

    /// A new household with pictures of it.
    pub(crate) fn register_with_photos(&mut self, scope: &str, entity: EntityId, photos: &[&str]) -> OpId {
        let fields = self.household(entity, "王小明");
        let photos = photos.iter().map(|sha256| photo(sha256)).collect();
        let ledger = LedgerKind::Household;
        self.make(scope, OpBody::Register { entity, ledger, fields, cause: None, photos })
    }

    pub(crate) fn amend(
        &mut self,
        scope: &str,
        entity: EntityId,
        field: &str,
        value: impl Into<Value>,
        parents: &[OpId],
    ) -> OpId {
        let change = Change::new(field, value, parents.to_vec());
        self.make(scope, OpBody::Amend { entity, changes: vec![change], cause: None })
    }

    pub(crate) fn record(&mut self, scope: &str, subject: EntityId, id: ObservationId) -> OpId {
        self.make(scope, OpBody::Record { observation: Box::new(visit(subject, id)) })
    }

    pub(crate) fn push_request(&self, first: u64, last: u64) -> PushRequest {
        let from = usize::try_from(first - 1).unwrap();
        let to = usize::try_from(last).unwrap();
        let head = if last == 0 { Head::EMPTY } else { self.heads[to - 1] };
        PushRequest {
            epoch: self.epoch,
            first_seq: first,
            ops: self.ops[from..to].iter().map(|raw| RawValue::from_string(raw.clone()).unwrap()).collect(),
            head,
            signature: self.key.sign(self.id, head),
            acknowledged_seq: None,
        }
    }

    pub(crate) async fn push(&self, server: &TestServer, first: u64, last: u64) -> PushReply {
        server.post("/api/v1/sync/push", &self.token, &self.push_request(first, last)).await.json()
    }

    /// Pushes everything and answers the receipts.
    pub(crate) async fn push_all(&self, server: &TestServer) -> Vec<Receipt> {
        match self.push(server, 1, self.ops.len() as u64).await {
            PushReply::Accepted { outcomes, .. } => outcomes,
            other => panic!("not accepted: {other:?}"),
        }
    }

    pub(crate) async fn pull(&self, server: &TestServer, scope: &str, next: u64, limit: usize) -> PullReply {
        let cursors = BTreeMap::from([(area(scope), next)]);
        let request = PullRequest { epoch: self.epoch, cursors, limit };
        server.post("/api/v1/sync/pull", &self.token, &request).await.json()
    }

    /// The whole log of a scope as its raw texts.
    pub(crate) async fn log(&self, server: &TestServer, scope: &str) -> Vec<String> {
        let reply = self.pull(server, scope, 1, 5_000).await;
        match &reply.scopes[0].part {
            ScopePart::Ops { ops, .. } => ops.iter().map(|op| op.op.get().to_owned()).collect(),
            other => panic!("no log: {other:?}"),
        }
    }
}

/// What an operation says of a photograph.
pub(crate) fn photo(sha256: &str) -> PhotoRef {
    PhotoRef {
        sha256: sha256.to_owned(),
        purpose: "front".to_owned(),
        bytes: 100,
        width: 64,
        height: 48,
        source: PhotoSource::Camera,
        taken_at_ms: Some(NOW_MS - 60_000),
        place: None,
        likeness: String::new(),
    }
}

pub(crate) fn entity(number: u8) -> EntityId {
    EntityId::from_bytes([number; 16])
}

pub(crate) fn record_id(number: u8) -> ObservationId {
    ObservationId::from_bytes([number; 16])
}

pub(crate) fn visit(subject: EntityId, id: ObservationId) -> Observation {
    Observation {
        id,
        kind: ObservationKind::Visit,
        subject,
        corrects: None,
        companions: Vec::new(),
        started_at_ms: NOW_MS - 600_000,
        ended_at_ms: NOW_MS,
        dwell_ms: 600_000,
        fixes: vec![Fix {
            lat: 28.9,
            lon: 113.2,
            accuracy_m: 8.0,
            altitude_m: None,
            at_ms: NOW_MS - 30_000,
            received_at_ms: None,
            provider: None,
            mocked: Some(false),
        }],
        photos: Vec::new(),
        checklist: ChecklistRef { key: "visit".to_owned(), version: 1 },
        answers: BTreeMap::new(),
        outcome: Outcome::AtHome,
        met: "户主".to_owned(),
        note: String::new(),
        struck: Vec::new(),
        clock_offset_ms: Some(0),
        platform: Platform::Native,
    }
}

/// What whoever visits registers a problem with: open, about an entry, with a deadline by its topic's rule.
pub(crate) fn issue(topic: &str, subject: EntityId) -> BTreeMap<String, Value> {
    [
        ("state", "open".to_owned()),
        ("topic", topic.to_owned()),
        ("what", "饮水不达标".to_owned()),
        ("subject", subject.to_string()),
        ("deadline", "2025-06-17".to_owned()),
    ]
    .map(|(field, value)| (field.to_owned(), value.into()))
    .into()
}

/// These fields with what no registration of such an entry can be without.
pub(crate) fn whole(ledger: LedgerKind, said: BTreeMap<String, Value>) -> BTreeMap<String, Value> {
    let needed: &[(&str, &str)] = match ledger {
        LedgerKind::Household => &[("head_name", "王小明"), ("registration", "to_confirm")],
        LedgerKind::Person => &[("name", "王小明"), ("registration", "to_confirm")],
        LedgerKind::WaterSupply => &[("name", "八景水厂"), ("kind", "small")],
        LedgerKind::Post => &[("kind", "road"), ("registration", "to_confirm")],
        LedgerKind::Issue => {
            &[("state", "open"), ("topic", "water"), ("what", "饮水不达标"), ("deadline", "2025-06-17")]
        }
        LedgerKind::House | LedgerKind::Unknown => &[],
    };
    let belongs = ledger.above_field().map(|field| (field, entity(1).to_string()));
    let needed = needed.iter().map(|(field, value)| (*field, (*value).to_owned())).chain(belongs);
    let mut fields: BTreeMap<String, Value> =
        needed.map(|(field, value)| (field.to_owned(), value.into())).collect();
    fields.extend(said);
    fields
}
