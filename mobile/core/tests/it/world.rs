//! A phone before a centre, driven step by step.

#![expect(clippy::cast_possible_truncation, reason = "small numbers of a test")]

use crate::centre::{Centre, PASSWORD, Shared, VILLAGE, area, user_id};
use bianfang_device::core::{Asked, Device};
use bianfang_device::message::{FormView, KeptPhoto, RecordView, Reply, Request, TakenPhoto, Trouble};
use bianfang_device::platform::memory::{ManualClock, ManualRoom, platform};
use bianfang_device::platform::{Clock, HttpError, HttpRequest, HttpResponse};
use bianfang_device::platform::{PictureError, PictureFile, Pictures, Platform};
use bianfang_device::store::{Disk, Location};
use bianfang_device::sync::{Step, Ticket};
use bianfang_shared::chain::{DeviceKey, Head};
use bianfang_shared::form::FormDraft;
use bianfang_shared::hlc::Hlc;
use bianfang_shared::id::{DeviceId, EntityId, ObservationId};
use bianfang_shared::ledger::LedgerKind;
use bianfang_shared::observation::{ObservationKind, Outcome, PhotoSource};
use bianfang_shared::op::{Body, Op};
use bianfang_shared::photo::{
    Examined, Likeness, LikenessProbes, Photo, PhotoProblem, PictureSort, Prepared,
};
use bianfang_shared::value::Value;
use bianfang_shared::wire::{LoginReply, LoginRequest, PushRequest};
use futures::FutureExt as _;
use futures::future::{LocalBoxFuture, ready};
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use std::rc::Rc;

pub(crate) type Answer = Result<HttpResponse, HttpError>;

/// A machine whose picture work takes a file for the finished picture, so that a test can make any.
pub(crate) fn machine(clock: &ManualClock, room: &ManualRoom, seed: u64) -> Platform {
    Platform { pictures: Rc::new(PlainPictures), room: Rc::new(room.clone()), ..platform(clock, seed) }
}

/// The file is the picture. Files with the same first byte look alike; one that begins with 0 is none.
struct PlainPictures;

impl Pictures for PlainPictures {
    fn prepare(&self, file: PictureFile) -> LocalBoxFuture<'static, Result<Prepared, PictureError>> {
        ready(match file {
            PictureFile::Bytes(bytes) if bytes.first() == Some(&0) => Err(PhotoProblem::NotAPicture.into()),
            PictureFile::Bytes(bytes) => Ok(prepared(bytes)),
            PictureFile::Number(_) => Err(PictureError::Gone),
        })
        .boxed_local()
    }
}

fn prepared(jpeg: Vec<u8>) -> Prepared {
    let mut likeness = [0; 62];
    likeness[0] = 1;
    likeness[1..60].fill(jpeg[0]);
    // The outline has sixty bits.
    likeness[8] &= 0x0f;
    let likeness: Likeness = hex::encode(likeness).parse().unwrap();
    let examined = Examined {
        sort: PictureSort::Jpeg,
        width: 1600,
        height: 1200,
        orientation: 1,
        taken_at_ms: Some(7),
        place: None,
    };
    let photo = Photo {
        sha256: crate::album::name_of(&jpeg),
        width: 1600,
        height: 1200,
        probes: Some(LikenessProbes::uncropped(likeness)),
        thumbnail: jpeg[..jpeg.len().min(16)].to_vec(),
        jpeg,
    };
    Prepared { examined, photo }
}

/// A picture of so many bytes that looks like others of the same `look`.
pub(crate) fn picture(look: u8, number: u8, bytes: usize) -> Vec<u8> {
    (0..bytes)
        .map(|at| if at == 0 { look } else { number.wrapping_mul(31).wrapping_add((at % 251) as u8) })
        .collect()
}

pub(crate) struct Phone {
    pub(crate) device: Device,
    pub(crate) clock: ManualClock,
    pub(crate) disk: Disk,
    pub(crate) room: ManualRoom,
    pub(crate) centre: Shared,
    pub(crate) seed: u64,
}

/// More steps than any exchange here takes.
const STEPS_MAX: usize = 400;

impl Phone {
    pub(crate) fn new(centre: &Shared, seed: u64) -> Self {
        let disk = Disk::new();
        let clock = ManualClock::at(centre.borrow().now_ms);
        let room = ManualRoom::default();
        let device = Device::open(Location::Memory(disk.clone()), machine(&clock, &room, seed)).unwrap();
        Self { device, clock, disk, room, centre: centre.clone(), seed }
    }

    pub(crate) fn signed_in(centre: &Shared, seed: u64, login: &str) -> Self {
        let mut phone = Self::new(centre, seed);
        phone.sign_in(login).unwrap();
        phone
    }

    /// A phone signed in that has fetched everything.
    pub(crate) fn synced(centre: &Shared, seed: u64, login: &str) -> Self {
        let mut phone = Self::signed_in(centre, seed, login);
        phone.sync();
        phone
    }

    /// Another phone on a copy of this one's disk, as a clone or a backup put elsewhere is.
    pub(crate) fn cloned(&self, seed: u64) -> Self {
        let mut clone = Self { disk: self.disk.copy().unwrap(), ..Self::new(&self.centre, seed) };
        clone.reopen();
        clone
    }

    /// The app is killed and started again.
    pub(crate) fn reopen(&mut self) {
        self.seed += 1_000;
        let location = Location::Memory(self.disk.clone());
        self.device = Device::open(location, machine(&self.clock, &self.room, self.seed)).unwrap();
    }

    /// What the network carries now: the next request of the exchange, if it has one.
    pub(crate) fn next_request(&mut self) -> Option<(Ticket, HttpRequest)> {
        match self.device.next() {
            Step::Send { ticket, request } => Some((ticket, request)),
            Step::Wait { .. } | Step::Idle => None,
        }
    }

    pub(crate) fn sign_in(&mut self, login: &str) -> Result<Reply, Trouble> {
        self.ask(Request::SignIn { user: login.into(), password: PASSWORD.into() })
    }

    pub(crate) fn ask(&mut self, request: Request) -> Result<Reply, Trouble> {
        match self.device.ask(request) {
            Asked::Ready(answer) => *answer,
            Asked::Centre(exchange) => {
                let answer = self.centre.borrow_mut().answer(&exchange.request);
                self.device.finish(*exchange, answer)
            }
            Asked::Picture(mut preparation) => {
                let working = self.device.platform().pictures.prepare(preparation.take_file());
                let prepared = futures::executor::block_on(working);
                self.device.keep(*preparation, prepared)
            }
        }
    }

    /// Carries the next request of the exchange to the centre and the answer back, if it has one now.
    pub(crate) fn carry(&mut self) -> Option<HttpRequest> {
        let (ticket, request) = self.next_request()?;
        let answer = self.centre.borrow_mut().answer(&request);
        self.device.receive(ticket, answer);
        Some(request)
    }

    /// Carries until everything recorded is with the centre, and no further.
    pub(crate) fn carry_records(&mut self) {
        self.ask(Request::SyncNow).unwrap();
        while self.status().unsent > 0 {
            self.carry().expect("it has something to send");
        }
    }

    /// Exchanges until there is nothing left to do now.
    pub(crate) fn sync(&mut self) {
        self.ask(Request::SyncNow).unwrap();
        for _ in 0..STEPS_MAX {
            if self.carry().is_none() {
                return self.sound();
            }
        }
        panic!("the exchange does not come to an end: {:?}", self.device.sync_state());
    }

    pub(crate) fn clock_ms(&self) -> i64 {
        Clock::monotonic_ms(&self.clock)
    }

    pub(crate) fn wall_ms(&self) -> i64 {
        Clock::wall_ms(&self.clock)
    }

    pub(crate) fn amend_when_synced(&mut self, household: EntityId) {
        self.sync();
        self.amend(household, "phone", "10011111111");
        self.sync();
    }

    pub(crate) fn sound(&self) {
        assert_eq!(self.device.integrity().unwrap(), Vec::<String>::new());
    }

    pub(crate) fn in_step(&self) {
        for village in [VILLAGE, crate::centre::OTHER_VILLAGE] {
            let held: Vec<_> = self.centre.borrow().state.accounts["cadre"].grants.clone();
            if held.iter().any(|grant| grant.contains(area(village))) {
                assert_eq!(
                    entries(&self.device.ledger(area(village)).unwrap()),
                    entries(&self.centre.borrow().ledger(area(village)))
                );
            }
        }
    }

    pub(crate) fn open(&mut self, household: EntityId) -> FormView {
        match self.ask(Request::OpenForm { kind: ObservationKind::Visit, subject: household }).unwrap() {
            Reply::Form(view) => *view,
            other => panic!("{other:?}"),
        }
    }

    /// A finished form: nobody home, so little is asked.
    pub(crate) fn form(&mut self, household: EntityId) -> FormDraft {
        let draft = self.open(household).draft;
        FormDraft { outcome: Some(Outcome::NobodyHome), note: format!("visit of {household}"), ..draft }
    }

    pub(crate) fn save(&mut self, household: EntityId) -> ObservationId {
        let draft = self.form(household);
        self.save_form(draft)
    }

    /// Saves a finished form, a minute after it was begun.
    pub(crate) fn save_form(&mut self, draft: FormDraft) -> ObservationId {
        self.clock.advance(60_000);
        match self.ask(Request::SaveForm { draft: Box::new(draft) }).unwrap() {
            Reply::Saved(saved) => saved.id,
            other => panic!("{other:?}"),
        }
    }

    /// Takes a picture; it is kept here when this answers.
    pub(crate) fn take(&mut self, subject: EntityId, bytes: Vec<u8>) -> Result<KeptPhoto, Trouble> {
        let taken = TakenPhoto {
            source: PhotoSource::Camera,
            purpose: "overall".into(),
            subject,
            taken_at_ms: Some(self.wall_ms()),
            place: None,
            bytes,
            file: None,
        };
        match self.ask(Request::KeepPhoto { taken })? {
            Reply::Photo(kept) => Ok(*kept),
            other => panic!("{other:?}"),
        }
    }

    /// A finished form with these pictures.
    pub(crate) fn form_with(&mut self, household: EntityId, pictures: &[Vec<u8>]) -> FormDraft {
        let mut draft = self.form(household);
        for picture in pictures {
            draft.photos.push(self.take(household, picture.clone()).unwrap().photo);
        }
        draft
    }

    /// Saves a record with these pictures.
    pub(crate) fn save_with(&mut self, household: EntityId, pictures: &[Vec<u8>]) -> ObservationId {
        let draft = self.form_with(household, pictures);
        self.save_form(draft)
    }

    pub(crate) fn record(&mut self, id: ObservationId) -> RecordView {
        match self.ask(Request::Record { id }).unwrap() {
            Reply::Record(view) => *view,
            other => panic!("{other:?}"),
        }
    }

    pub(crate) fn amend(&mut self, id: EntityId, field: &str, value: &str) {
        let changes = BTreeMap::from([(field.to_owned(), Value::from(value))]);
        self.ask(Request::Amend { id, changes }).unwrap();
    }

    pub(crate) fn status(&mut self) -> bianfang_device::message::Status {
        match self.ask(Request::Status).unwrap() {
            Reply::Status(status) => *status,
            other => panic!("{other:?}"),
        }
    }

    pub(crate) fn uploads(&mut self) -> bianfang_device::message::Uploads {
        match self.ask(Request::Uploads { skip: 0 }).unwrap() {
            Reply::Uploads(uploads) => uploads,
            other => panic!("{other:?}"),
        }
    }

    pub(crate) fn find(&mut self, text: &str) -> Vec<String> {
        let asked =
            Request::Households { text: text.into(), scope: None, in_conflict: false, here: None, skip: 0 };
        match self.ask(asked).unwrap() {
            Reply::Households(found) => found.rows.into_iter().map(|row| row.head_name).collect(),
            other => panic!("{other:?}"),
        }
    }

    pub(crate) fn value(&mut self, id: EntityId, field: &str) -> Value {
        match self.ask(Request::Household { id }).unwrap() {
            Reply::Household(view) => view.entry.fields.get(field).cloned().unwrap_or_default(),
            other => panic!("{other:?}"),
        }
    }
}

/// An entry's fields, each with the values that nothing has replaced.
type Fields = Vec<(String, Vec<String>)>;

/// What has to be equal on both sides: the values that nothing has replaced, and who wrote them.
pub(crate) fn entries(entries: &[bianfang_shared::entry::Entry]) -> Vec<(EntityId, Fields)> {
    entries
        .iter()
        .map(|entry| {
            let fields = entry.fields.iter().map(|(key, register)| {
                let siblings = register.siblings().into_iter();
                (key.clone(), siblings.map(|sibling| serde_json::to_string(sibling).unwrap()).collect())
            });
            (entry.id, fields.collect())
        })
        .collect()
}

/// The office's own device, which registers the households that the phones find.
pub(crate) struct Office {
    device: DeviceId,
    key: DeviceKey,
    token: String,
    ops: Vec<String>,
    head: Head,
    centre: Shared,
}

impl Office {
    pub(crate) fn new(centre: &Shared) -> Self {
        let (device, key) = (DeviceId::from_bytes([0xaa; 16]), DeviceKey::from_seed(&[5; 32]));
        let login = LoginRequest {
            user: "supervisor".into(),
            password: PASSWORD.into(),
            device,
            public_key: key.public(),
            label: String::new(),
        };
        let reply: LoginReply = send(centre, "/api/v1/login", None, &login);
        Self { device, key, token: reply.token, ops: Vec::new(), head: Head::EMPTY, centre: centre.clone() }
    }

    pub(crate) fn write(&mut self, scope: &str, body: Body) {
        let seq = self.ops.len() as u64 + 1;
        let hlc = Hlc::at(self.centre.borrow().now_ms);
        let op = Op { device: self.device, seq, hlc, author: user_id(3), scope: area(scope), body };
        let raw = serde_json::to_string(&op).unwrap();
        self.head = self.head.extend(raw.as_bytes());
        self.ops.push(raw.clone());
        let push = PushRequest {
            epoch: self.centre.borrow().epoch,
            first_seq: seq,
            ops: vec![RawValue::from_string(raw).unwrap()],
            head: self.head,
            signature: self.key.sign(self.device, self.head),
            acknowledged_seq: None,
        };
        let _: serde_json::Value = send(&self.centre, "/api/v1/sync/push", Some(&self.token), &push);
    }

    pub(crate) fn household(&mut self, n: u8, scope: &str, name: &str) -> EntityId {
        let entity = household_id(n);
        let cadre = user_id(1).to_string();
        let fields = [
            ("code", format!("H{n:03}")),
            ("head_name", name.to_owned()),
            ("phone", format!("1001234{n:04}")),
            ("group", "三组".to_owned()),
            ("cadre", cadre),
        ];
        let mut fields: BTreeMap<String, Value> =
            fields.into_iter().map(|(key, text)| (key.to_owned(), text.into())).collect();
        fields.insert("categories".into(), Value::texts(["lifted"]));
        let anchor =
            BTreeMap::from([("lat".to_owned(), Value::from(28.9)), ("lon".to_owned(), Value::from(113.3))]);
        fields.insert("anchor".into(), Value::Map(anchor));
        self.write(
            scope,
            Body::Register { entity, ledger: LedgerKind::Household, fields, cause: None, photos: Vec::new() },
        );
        entity
    }
}

pub(crate) fn household_id(n: u8) -> EntityId {
    EntityId::from_bytes([n, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7])
}

fn send<T: serde::Serialize, R: serde::de::DeserializeOwned>(
    centre: &Shared,
    path: &str,
    token: Option<&str>,
    body: &T,
) -> R {
    let request = HttpRequest {
        method: bianfang_device::platform::Method::Post,
        path: path.into(),
        headers: token.map(|token| ("authorization", format!("Bearer {token}"))).into_iter().collect(),
        body: serde_json::to_vec(body).unwrap(),
    };
    serde_json::from_slice(&centre.borrow_mut().answer(&request).unwrap().body).unwrap()
}

/// A centre with three households, and the office that registered them.
pub(crate) fn township() -> (Shared, Office, [EntityId; 3]) {
    let centre = Centre::new();
    let mut office = Office::new(&centre);
    let households = [
        office.household(1, VILLAGE, "王小明"),
        office.household(2, VILLAGE, "曾大力"),
        office.household(3, crate::centre::OTHER_VILLAGE, "李四海"),
    ];
    (centre, office, households)
}

/// A township, and its cadre's phone that has fetched everything.
pub(crate) fn at_work() -> (Shared, Phone, [EntityId; 3]) {
    let (centre, _, households) = township();
    let phone = Phone::synced(&centre, 1, "cadre");
    (centre, phone, households)
}
