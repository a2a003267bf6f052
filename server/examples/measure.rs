//! Measures the server through HTTP on loopback, client and server in one process: merged operations a second in
//! batches and one at a time, pulled operations a second. Prints one line of JSON each.
//!
//! `cargo run --release -p bianfang-server --example measure`

use bianfang_server::service::accounts::NewAccount;
use bianfang_server::service::password::PasswordCost;
use bianfang_server::{App, Config, serve};
use bianfang_shared::access::Role;
use bianfang_shared::area::AreaCode;
use bianfang_shared::chain::{DeviceKey, Head};
use bianfang_shared::hlc::Hlc;
use bianfang_shared::id::{DeviceId, EntityId, Epoch, ObservationId, OpId, UserId};
use bianfang_shared::ledger::LedgerKind;
use bianfang_shared::observation::{ChecklistRef, Fix, Observation, ObservationKind, Outcome, Platform};
use bianfang_shared::op::{Body, Change, Op};
use bianfang_shared::wire::{LoginReply, LoginRequest, PushRequest};
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use std::time::Instant;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const NOW_MS: i64 = 1_750_000_000_000;
const VILLAGES: u64 = 9;
const BATCH_OPS: usize = 500;
const BATCH_DEVICES: u8 = 4;
const HOUSEHOLDS: usize = 4_000;
const VISITS: usize = 30_000;
const SINGLE_DEVICES: u8 = 16;
const SINGLE_OPS: usize = 500;
const PASSWORD: &str = "secret enough";

fn main() -> anyhow::Result<()> {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?.block_on(measure())
}

async fn measure() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let mut config = Config::new(folder.path());
    config.password_cost = PasswordCost::cheap();
    let app = App::open(config)?;
    let new = NewAccount {
        login: "admin".to_owned(),
        name: "admin".to_owned(),
        role: Role::Administrator,
        grants: vec![AreaCode::new(430_681_113_000).expect("twelve digits")],
        password: PASSWORD.to_owned(),
    };
    app.accounts().add(&new, None)?;
    let (told, address) = tokio::sync::oneshot::channel();
    let serving = app.clone();
    tokio::spawn(async move {
        let ready = |address: std::net::SocketAddr| drop(told.send(address.to_string()));
        serve::serve_until(serving, "127.0.0.1:0", std::future::pending(), ready).await
    });
    let address = address.await?;
    batches(&address).await?;
    singles(&address).await?;
    pulls(&address).await?;
    Ok(())
}

struct Phone {
    id: DeviceId,
    user: UserId,
    epoch: Epoch,
    key: DeviceKey,
    token: String,
    seq: u64,
    head: Head,
    hlc: Hlc,
}

impl Phone {
    async fn sign_in(address: &str, number: u8) -> anyhow::Result<Self> {
        let (id, key) = (DeviceId::from_bytes([number; 16]), DeviceKey::from_seed(&[number; 32]));
        let request = LoginRequest {
            user: "admin".to_owned(),
            password: PASSWORD.to_owned(),
            device: id,
            public_key: key.public(),
            label: String::new(),
        };
        let mut connection = Connection::open(address).await?;
        let reply = connection.post("/api/v1/login", "", &serde_json::to_vec(&request)?).await?;
        let reply: LoginReply = serde_json::from_slice(&reply)?;
        let (user, epoch) = (reply.session.user.id, reply.session.epoch);
        let (head, hlc) = (Head::EMPTY, Hlc::at(NOW_MS));
        Ok(Self { id, user, epoch, key, token: reply.token, seq: 0, head, hlc })
    }

    fn op(&mut self, scope: AreaCode, body: Body) -> Box<RawValue> {
        self.seq += 1;
        self.hlc = self.hlc.tick(NOW_MS);
        let op = Op { device: self.id, seq: self.seq, hlc: self.hlc, author: self.user, scope, body };
        let raw = serde_json::to_string(&op).expect("an operation has a JSON form");
        self.head = self.head.extend(raw.as_bytes());
        RawValue::from_string(raw).expect("valid JSON")
    }

    fn push(&self, ops: Vec<Box<RawValue>>) -> Vec<u8> {
        let request = PushRequest {
            epoch: self.epoch,
            first_seq: self.seq + 1 - ops.len() as u64,
            ops,
            head: self.head,
            signature: self.key.sign(self.id, self.head),
        };
        serde_json::to_vec(&request).expect("a push has a JSON form")
    }
}

fn entity(device: u8, number: usize) -> EntityId {
    let mut random = [device; 10];
    random[..8].copy_from_slice(&(number as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15).to_le_bytes());
    EntityId::new(NOW_MS + number as i64, random)
}

fn village(number: usize) -> AreaCode {
    AreaCode::new(430_681_113_201 + number as u64 % VILLAGES).expect("twelve digits")
}

fn household(device: u8, number: usize) -> Body {
    let fields =
        [("code", format!("H{number:06}")), ("head_name", "王小明".to_owned()), ("group", "三组".to_owned())];
    let texts = fields.into_iter().map(|(field, text)| (field.to_owned(), text.into()));
    let choices =
        [("colour", "green"), ("housing_state", "safe"), ("water_state", "met"), ("insured", "all")];
    let fields: BTreeMap<_, _> =
        texts.chain(choices.into_iter().map(|(field, text)| (field.to_owned(), text.into()))).collect();
    Body::Register { entity: entity(device, number), ledger: LedgerKind::Household, fields, cause: None }
}

fn visit(device: u8, number: usize, subject: EntityId) -> (ObservationId, Body) {
    let id = ObservationId(entity(device.wrapping_add(100), number).0);
    let answers = (0..20).map(|question| (format!("question_{question}"), "yes".into())).collect();
    let observation = Observation {
        id,
        kind: ObservationKind::Visit,
        subject,
        corrects: None,
        companions: Vec::new(),
        started_at_ms: NOW_MS,
        ended_at_ms: NOW_MS + number as i64,
        dwell_ms: 400_000,
        fixes: vec![Fix {
            lat: 28.9,
            lon: 113.2,
            accuracy_m: 8.0,
            altitude_m: None,
            at_ms: NOW_MS,
            provider: None,
            mocked: None,
        }],
        photos: Vec::new(),
        checklist: ChecklistRef { key: "visit".to_owned(), version: 1 },
        answers,
        outcome: Outcome::AtHome,
        met: "户主".to_owned(),
        note: String::new(),
        struck: Vec::new(),
        clock_offset_ms: Some(0),
        platform: Platform::Web,
    };
    (id, Body::Record { observation: Box::new(observation) })
}

async fn batches(address: &str) -> anyhow::Result<()> {
    let mut work = Vec::new();
    let mut count = 0;
    for device in 1..=BATCH_DEVICES {
        let mut phone = Phone::sign_in(address, device).await?;
        let mut ops = Vec::new();
        let mut pushes = Vec::new();
        let share = HOUSEHOLDS / usize::from(BATCH_DEVICES);
        let mut last: Vec<OpId> = Vec::new();
        let mut flush = |phone: &Phone, ops: &mut Vec<Box<RawValue>>, least: usize| {
            if ops.len() >= least {
                pushes.push(phone.push(std::mem::take(ops)));
            }
        };
        for number in 0..share {
            let op = phone.op(village(number), household(device, number));
            last.push(OpId::new(phone.id, phone.seq));
            ops.push(op);
            flush(&phone, &mut ops, BATCH_OPS);
        }
        flush(&phone, &mut ops, 1);
        for number in 0..VISITS / usize::from(BATCH_DEVICES) {
            let at = number * 7 % share;
            let subject = entity(device, at);
            let (cause, body) = visit(device, number, subject);
            ops.push(phone.op(village(at), body));
            let change = Change {
                field: "water_state".to_owned(),
                value: ["met", "basic", "unmet"][number % 3].into(),
                parents: vec![last[at]],
            };
            let body = Body::Amend { entity: subject, changes: vec![change], cause: Some(cause) };
            ops.push(phone.op(village(at), body));
            last[at] = OpId::new(phone.id, phone.seq);
            flush(&phone, &mut ops, BATCH_OPS);
        }
        flush(&phone, &mut ops, 1);
        count += phone.seq;
        work.push((phone.token.clone(), pushes));
    }
    let bytes: usize = work.iter().flat_map(|(_, pushes)| pushes.iter().map(Vec::len)).sum();
    let started = Instant::now();
    let senders =
        work.into_iter().map(|(token, pushes)| tokio::spawn(send_all(address.to_owned(), token, pushes)));
    for sender in senders.collect::<Vec<_>>() {
        sender.await??;
    }
    tell("push_batches", count, started, &format!(",\"bytes_per_op\":{}", bytes as u64 / count));
    Ok(())
}

async fn singles(address: &str) -> anyhow::Result<()> {
    let mut work = Vec::new();
    for device in 1..=SINGLE_DEVICES {
        let mut phone = Phone::sign_in(address, 100 + device).await?;
        let mut pushes = Vec::new();
        for number in 0..SINGLE_OPS {
            let body = household(100 + device, number);
            let op = phone.op(village(number), body);
            pushes.push(phone.push(vec![op]));
        }
        work.push((phone.token.clone(), pushes));
    }
    let started = Instant::now();
    let senders =
        work.into_iter().map(|(token, pushes)| tokio::spawn(send_all(address.to_owned(), token, pushes)));
    for sender in senders.collect::<Vec<_>>() {
        sender.await??;
    }
    tell("push_singly_16", u64::from(SINGLE_DEVICES) * SINGLE_OPS as u64, started, "");
    Ok(())
}

async fn send_all(address: String, token: String, pushes: Vec<Vec<u8>>) -> anyhow::Result<()> {
    let mut connection = Connection::open(&address).await?;
    for push in pushes {
        let reply = connection.post("/api/v1/sync/push", &token, &push).await?;
        let text = std::str::from_utf8(&reply)?;
        anyhow::ensure!(text.contains("\"accepted\"") && !text.contains("quarantined"), "{}", &text[..200]);
    }
    Ok(())
}

async fn pulls(address: &str) -> anyhow::Result<()> {
    let phone = Phone::sign_in(address, 200).await?;
    let mut connection = Connection::open(address).await?;
    let started = Instant::now();
    let (mut count, mut bytes) = (0u64, 0u64);
    for number in 0..VILLAGES {
        let scope = village(usize::try_from(number)?);
        let mut next = 1u64;
        loop {
            let request =
                format!(r#"{{"epoch":"{}","cursors":{{"{scope}":{next}}},"limit":5000}}"#, phone.epoch);
            let reply = connection.post("/api/v1/sync/pull", &phone.token, request.as_bytes()).await?;
            bytes += reply.len() as u64;
            let tail = std::str::from_utf8(&reply[reply.len() - 250..])?;
            let at = tail.find("\"next\":").ok_or_else(|| anyhow::anyhow!("no next"))? + 7;
            let after: u64 = tail[at..].split(',').next().unwrap_or_default().parse()?;
            count += after - next;
            next = after;
            if tail.ends_with("\"more\":false}") {
                break;
            }
        }
    }
    tell("pull", count, started, &format!(",\"bytes_per_op\":{}", bytes / count));
    Ok(())
}

fn tell(what: &str, ops: u64, started: Instant, more: &str) {
    let seconds = started.elapsed().as_secs_f64();
    let rate = ops as f64 / seconds;
    println!(r#"{{"measure":"{what}","ops":{ops},"seconds":{seconds:.3},"ops_per_s":{rate:.0}{more}}}"#);
}

/// The least of an HTTP client, so that the measure is of the server.
struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    async fn open(address: &str) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: vec![0; 1 << 18] })
    }

    async fn post(&mut self, path: &str, token: &str, body: &[u8]) -> anyhow::Result<Vec<u8>> {
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        let mut request = head.into_bytes();
        request.extend_from_slice(body);
        self.stream.write_all(&request).await?;
        let mut reply = Vec::new();
        let (at, length) = loop {
            let read = self.stream.read(&mut self.buffer).await?;
            anyhow::ensure!(read > 0, "closed");
            reply.extend_from_slice(&self.buffer[..read]);
            if let Some(at) = reply.windows(4).position(|window| window == b"\r\n\r\n") {
                let head = std::str::from_utf8(&reply[..at])?.to_lowercase();
                anyhow::ensure!(head.starts_with("http/1.1 200"), "{head}");
                let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
                let length: usize = length.ok_or_else(|| anyhow::anyhow!("no length: {head}"))?.parse()?;
                break (at + 4, length);
            }
        };
        reply.reserve(length);
        while reply.len() < at + length {
            let read = self.stream.read(&mut self.buffer).await?;
            anyhow::ensure!(read > 0, "closed");
            reply.extend_from_slice(&self.buffer[..read]);
        }
        Ok(reply.split_off(at))
    }
}
