//! The device core with many households: first sync, cold start, search, the list of today, one save. The centre is
//! played from memory, so that only the device's work is measured; its answers are the wire's own.

use super::{Figure, percentile};
use anyhow::{Context as _, bail};
use bianfang_device::core::{Asked, Device};
use bianfang_device::message::{Reply, Request};
use bianfang_device::platform::memory::{ManualClock, platform};
use bianfang_device::platform::{HttpRequest, HttpResponse};
use bianfang_device::store::Location;
use bianfang_device::sync::Step;
use bianfang_shared::access::Role;
use bianfang_shared::area::{Area, AreaCode};
use bianfang_shared::chain::extend_checksum;
use bianfang_shared::hlc::Hlc;
use bianfang_shared::id::{DeviceId, EntityId, Epoch, UserId};
use bianfang_shared::ledger::LedgerKind;
use bianfang_shared::observation::{ObservationKind, Outcome};
use bianfang_shared::op::{Body, Op};
use bianfang_shared::value::Value;
use bianfang_shared::wire::{
    ChainPosition, Checksum, Limits, LoggedOp, LoginReply, PullReply, PullRequest, ScopePage, ScopePart,
    Session, User,
};
use flate2::read::GzDecoder;
use serde_json::json;
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use std::io::Read as _;
use std::time::{Duration, Instant};

const VILLAGES: u64 = 200;
const NOW_MS: i64 = 1_752_800_000_000;
/// What people type: names, initials, spelled names, ends of numbers, places, and what nothing answers to.
const TYPED: &[&str] =
    &["王", "w", "wx", "lxm", "zhang", "1001", "00", "H000", "三", "三组 w", "大", "zzz", "H0001234", "z x"];
const SEARCH_ROUNDS: usize = 20;

/// Runs all device figures over so many households.
pub fn run(households: u64, tell: &mut dyn FnMut(&Figure)) -> anyhow::Result<()> {
    let centre = Centre::new(households);
    let folder = tempfile::tempdir()?;
    let location = || Location::Folder(folder.path().to_owned());
    let clock = ManualClock::at(NOW_MS);
    let with = json!({ "households": households });
    let mut figure = |name, value, unit| tell(&Figure { name, value, unit, with: with.clone() });

    let mut device = Device::open(location(), platform(&clock, 1))?;
    figure("device_first_sync", first_sync(&mut device, &centre)?.as_secs_f64(), "s");
    drop(device);

    let began = Instant::now();
    let mut device = Device::open(location(), platform(&clock, 2))?;
    list(&mut device, "", 0)?;
    figure("device_cold_open", ms(began.elapsed()), "ms");

    let mut searches = searches(&mut device)?;
    figure("device_search_p50", percentile(&mut searches, 0.5), "ms");
    figure("device_search_p99", percentile(&mut searches, 0.99), "ms");

    let began = Instant::now();
    let Reply::Today(today) = local(&mut device, Request::Today { here: None })? else { bail!("no list") };
    figure("device_today", ms(began.elapsed()), "ms");

    let due: Vec<EntityId> = today.due.iter().map(|row| row.household.id).collect();
    let mut saves = saves(&mut device, &due)?;
    figure("device_save_p50", percentile(&mut saves, 0.5), "ms");
    Ok(())
}

fn searches(device: &mut Device) -> anyhow::Result<Vec<f64>> {
    let mut times = Vec::new();
    for round in 0..SEARCH_ROUNDS {
        for typed in TYPED {
            let began = Instant::now();
            list(device, typed, if round % 5 == 4 { 50 } else { 0 })?;
            times.push(ms(began.elapsed()));
        }
    }
    Ok(times)
}

fn saves(device: &mut Device, households: &[EntityId]) -> anyhow::Result<Vec<f64>> {
    let mut times = Vec::new();
    for &household in households {
        let Reply::Form(view) =
            local(device, Request::OpenForm { kind: ObservationKind::Visit, subject: household })?
        else {
            bail!("no form")
        };
        let mut draft = view.draft;
        draft.outcome = Some(Outcome::NobodyHome);
        let began = Instant::now();
        local(device, Request::SaveForm { draft: Box::new(draft) })?;
        times.push(ms(began.elapsed()));
    }
    Ok(times)
}

fn ms(took: Duration) -> f64 {
    took.as_secs_f64() * 1_000.0
}

fn local(device: &mut Device, request: Request) -> anyhow::Result<Reply> {
    match device.ask(request) {
        Asked::Ready(answer) => Ok((*answer)?),
        Asked::Centre(_) | Asked::Picture(_) => bail!("this was to be answered here"),
    }
}

fn list(device: &mut Device, text: &str, skip: usize) -> anyhow::Result<()> {
    let asked = Request::Households { text: text.into(), scope: None, in_conflict: false, here: None, skip };
    local(device, asked).map(drop)
}

/// Time spent in the core only, without the centre's.
fn first_sync(device: &mut Device, centre: &Centre) -> anyhow::Result<Duration> {
    let sign_in = Request::SignIn { user: "cadre".into(), password: String::new() };
    let Asked::Centre(exchange) = device.ask(sign_in) else { bail!("signing in asks the centre") };
    let answer = centre.answer(&exchange.request);
    device.finish(*exchange, Ok(answer)).context("the sign-in is right")?;
    let mut took = Duration::ZERO;
    loop {
        let began = Instant::now();
        let step = device.next();
        took += began.elapsed();
        let Step::Send { ticket, request } = step else { break };
        let answer = centre.answer(&request);
        let began = Instant::now();
        device.receive(ticket, Ok(answer));
        took += began.elapsed();
    }
    match device.sync_state().last_trouble {
        Some(trouble) => Err(trouble.into()),
        None => Ok(took),
    }
}

/// The centre's part, from memory.
struct Centre {
    logs: BTreeMap<AreaCode, Vec<(String, u64)>>,
    user: User,
}

fn village(n: u64) -> AreaCode {
    AreaCode::new(430_681_100_001 + n).expect("twelve digits")
}

impl Centre {
    fn new(households: u64) -> Self {
        let user = UserId::from_bytes([1; 16]);
        let device = DeviceId::from_bytes([2; 16]);
        let mut logs: BTreeMap<AreaCode, Vec<(String, u64)>> = BTreeMap::new();
        let mut seq = 0;
        let mut write = |scope: AreaCode, entity, ledger, fields: BTreeMap<String, Value>| {
            seq += 1;
            let body = Body::Register { entity, ledger, fields, cause: None, photos: Vec::new() };
            let op = Op { device, seq, hlc: Hlc::at(NOW_MS), author: user, scope, body };
            let raw = serde_json::to_string(&op).expect("an operation has a JSON form");
            let log = logs.entry(scope).or_default();
            let before = log.last().map_or(0, |(_, sum)| *sum);
            let sum = extend_checksum(before, raw.as_bytes());
            log.push((raw, sum));
        };
        for n in 0..households {
            let scope = village(n % VILLAGES);
            let entity = EntityId::new(NOW_MS + n.cast_signed(), *b"householde");
            write(scope, entity, LedgerKind::Household, household(n, user));
        }
        let user = User { id: user, login: "cadre".into(), name: "某人".into(), role: Role::Cadre };
        Self { logs, user }
    }

    fn answer(&self, request: &HttpRequest) -> HttpResponse {
        let mut body = request.body.clone();
        if request.headers.iter().any(|(name, _)| *name == "content-encoding") {
            body.clear();
            GzDecoder::new(&request.body[..]).read_to_end(&mut body).expect("it was compressed just now");
        }
        let text = match request.path.as_str() {
            "/api/v1/login" => {
                serde_json::to_vec(&LoginReply { token: "token".into(), session: self.session() })
            }
            "/api/v1/session" => serde_json::to_vec(&self.session()),
            _ => serde_json::to_vec(&self.pull(&serde_json::from_slice(&body).expect("a pull"))),
        };
        HttpResponse::new(200, text.expect("wire messages have a JSON form"))
    }

    fn session(&self) -> Session {
        Session {
            user: self.user.clone(),
            grants: vec![AreaCode::new(430_681_000_000).expect("twelve digits")],
            areas: (0..VILLAGES).map(|n| Area { code: village(n), name: format!("{n}村") }).collect(),
            people: vec![self.user.clone()],
            epoch: Epoch::from_bytes([9; 16]),
            server_time_ms: NOW_MS,
            chain: ChainPosition { last_seq: 0, head: Default::default() },
            limits: Limits::default(),
            capabilities: Vec::new(),
        }
    }

    fn pull(&self, pull: &PullRequest) -> PullReply {
        let mut left = pull.limit;
        let mut more = false;
        let mut scopes = Vec::new();
        for (&scope, &next) in &pull.cursors {
            let log = self.logs.get(&scope).map(Vec::as_slice).unwrap_or_default();
            let from = usize::try_from(next - 1).unwrap_or(usize::MAX).min(log.len());
            let until = log.len().min(from + left);
            left -= until - from;
            more |= until < log.len();
            if until == from && until < log.len() {
                continue;
            }
            let ops = (from..until)
                .map(|at| LoggedOp {
                    seq: at as u64 + 1,
                    received_at_ms: NOW_MS,
                    op: RawValue::from_string(log[at].0.clone()).expect("JSON"),
                })
                .collect();
            let checksum = Checksum(until.checked_sub(1).map_or(0, |last| log[last].1));
            let part = ScopePart::Ops { ops, next: until as u64 + 1, head: log.len() as u64, checksum };
            scopes.push(ScopePage { scope, part });
        }
        PullReply { epoch: pull.epoch, server_time_ms: NOW_MS, scopes, more }
    }
}

fn name(n: u64) -> String {
    let of = |letters: &[char], at: u64| letters[index(at % letters.len() as u64)];
    let surnames: Vec<char> = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗曾单".chars().collect();
    let given: Vec<char> = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红小大".chars().collect();
    [of(&surnames, n), of(&given, n / 22), of(&given, n / 638)].iter().collect()
}

fn household(n: u64, cadre: UserId) -> BTreeMap<String, Value> {
    let assigned = n.is_multiple_of(500);
    let texts = [
        ("code", format!("{}{n:06}", village(n % VILLAGES))),
        ("head_name", name(n)),
        ("group", format!("{}组", ["一", "二", "三", "四", "五"][index(n % 5)])),
        ("address", format!("三江镇大路{}号", n % 97)),
        ("phone", format!("100{n:08}")),
        ("phone_owner", "self".to_owned()),
        ("colour", ["green", "yellow", "orange"][index(n % 3)].to_owned()),
        ("risk_state", "none".to_owned()),
        ("insured", "all".to_owned()),
        ("housing_state", "safe".to_owned()),
        ("water_state", "met".to_owned()),
        ("cadre", if assigned { cadre.to_string() } else { EntityId::from_bytes([7; 16]).to_string() }),
    ];
    let mut fields: BTreeMap<String, Value> =
        texts.map(|(key, text)| (key.to_owned(), Value::from(text))).into();
    fields.insert("categories".into(), Value::texts(["lifted"]));
    let place = [("lat", 28.8 + degrees(n % 1_000)), ("lon", 113.1 + degrees(n % 777))];
    let place = place.map(|(key, degrees)| (key.to_owned(), Value::number(degrees)));
    fields.insert("anchor".into(), Value::Map(place.into()));
    fields
}

fn index(number: u64) -> usize {
    usize::try_from(number).unwrap_or_default()
}

#[expect(clippy::cast_precision_loss, reason = "a place on a made-up map")]
fn degrees(number: u64) -> f64 {
    number as f64 / 5_000.0
}
