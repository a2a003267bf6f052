//! Measures the device core with many households: first sync, cold start, search, the list of today, one save.
//! `cargo run --release -p bianfang-device --example bulk -- [households] [persons per household]`
//! prints one line of JSON for each.

#![expect(clippy::cast_possible_truncation, reason = "numbers of a measurement, far below every limit")]

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
use bianfang_shared::observation::Outcome;
use bianfang_shared::op::{Body, Op};
use bianfang_shared::value::Value;
use bianfang_shared::wire::*;
use flate2::read::GzDecoder;
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::time::{Duration, Instant};

const VILLAGES: u64 = 200;
const NOW_MS: i64 = 1_752_800_000_000;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let households: u64 = args.next().map_or(Ok(100_000), |text| text.parse())?;
    let persons: u64 = args.next().map_or(Ok(0), |text| text.parse())?;
    let centre = Centre::new(households, persons);
    let folder = tempfile::tempdir()?;
    let location = || Location::Folder(folder.path().to_owned());
    let clock = ManualClock::at(NOW_MS);

    let mut device = Device::open(location(), platform(&clock, 1))?;
    let took = first_sync(&mut device, &centre);
    let ops = centre.logs.values().map(Vec::len).sum::<usize>();
    say(
        "first_sync",
        &[("households", households as f64), ("ops", ops as f64), ("seconds", took.as_secs_f64())],
    );
    drop(device);

    let began = started();
    let mut device = Device::open(location(), platform(&clock, 2))?;
    let first = list(&mut device, "", 0);
    say("cold_open", &[("ms", ms(began.elapsed())), ("rows", first as f64)]);

    let mut times = Vec::new();
    for round in 0..20 {
        for text in [
            "王",
            "w",
            "wx",
            "lxm",
            "zhang",
            "1001",
            "00",
            "430",
            "430681",
            "4306811000",
            "001234",
            "三",
            "三组 w",
            "大",
            "大路7",
            "zzz",
            "z x",
        ] {
            let began = started();
            list(&mut device, text, if round % 5 == 4 { 50 } else { 0 });
            times.push(ms(began.elapsed()));
        }
    }
    times.sort_by(f64::total_cmp);
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
    say("search", &[("p50_ms", at(0.5)), ("p99_ms", at(0.99)), ("max_ms", at(1.0))]);

    let began = started();
    let Asked::Ready(answer) = device.ask(Request::Today { here: None }) else { return Err("asked".into()) };
    let Ok(Reply::Today(today)) = *answer else { return Err("no list".into()) };
    say("today", &[("ms", ms(began.elapsed())), ("due", today.due_total as f64)]);

    let mut times = Vec::new();
    for row in &today.due {
        let household = row.household.id;
        let Asked::Ready(answer) = device.ask(Request::OpenVisit { household }) else {
            return Err("asked".into());
        };
        let Ok(Reply::Visit(view)) = *answer else { return Err("no form".into()) };
        let mut draft = view.draft;
        draft.outcome = Some(Outcome::NobodyHome);
        let began = started();
        let Asked::Ready(answer) = device.ask(Request::SaveVisit { draft: Box::new(draft) }) else {
            return Err("asked".into());
        };
        times.push(ms(began.elapsed()));
        answer.map_err(|trouble| trouble.to_string())?;
    }
    times.sort_by(f64::total_cmp);
    say("save", &[("p50_ms", times[times.len() / 2]), ("max_ms", times[times.len() - 1])]);
    let began = started();
    let Asked::Ready(answer) = device.ask(Request::Status) else { return Err("asked".into()) };
    answer.map_err(|trouble| trouble.to_string())?;
    say("status", &[("ms", ms(began.elapsed()))]);
    Ok(())
}

fn started() -> Instant {
    Instant::now()
}

fn ms(took: Duration) -> f64 {
    took.as_secs_f64() * 1_000.0
}

fn say(name: &str, numbers: &[(&str, f64)]) {
    let numbers: Vec<String> = numbers.iter().map(|(key, number)| format!("\"{key}\":{number:.3}")).collect();
    let line = format!("{{\"bench\":\"device_{name}\",{}}}\n", numbers.join(","));
    std::io::stdout().write_all(line.as_bytes()).expect("standard output is open");
}

fn list(device: &mut Device, text: &str, skip: usize) -> usize {
    let asked = Request::Households { text: text.into(), scope: None, in_conflict: false, here: None, skip };
    match device.ask(asked) {
        Asked::Ready(answer) => match *answer {
            Ok(Reply::Households(found)) => found.rows.len(),
            other => panic!("{other:?}"),
        },
        Asked::Centre(_) => panic!("a list asks nobody"),
    }
}

/// Time spent in the core only, without the centre's.
fn first_sync(device: &mut Device, centre: &Centre) -> Duration {
    let sign_in = Request::SignIn { user: "cadre".into(), password: String::new() };
    let Asked::Centre(exchange) = device.ask(sign_in) else { panic!("signing in asks the centre") };
    let answer = centre.answer(&exchange.request);
    device.finish(*exchange, Ok(answer)).expect("the sign-in is right");
    let mut took = Duration::ZERO;
    loop {
        let began = started();
        let step = device.next();
        took += began.elapsed();
        let Step::Send { ticket, request } = step else { break };
        let answer = centre.answer(&request);
        let began = started();
        device.receive(ticket, Ok(answer));
        took += began.elapsed();
    }
    let state = device.sync_state();
    assert!(state.last_trouble.is_none(), "{state:?}");
    took
}

struct Centre {
    logs: BTreeMap<AreaCode, Vec<(String, u64)>>,
    user: User,
}

fn village(n: u64) -> AreaCode {
    AreaCode::new(430_681_100_001 + n).expect("twelve digits")
}

impl Centre {
    fn new(households: u64, persons: u64) -> Self {
        let user = UserId::from_bytes([1; 16]);
        let device = DeviceId::from_bytes([2; 16]);
        let mut logs: BTreeMap<AreaCode, Vec<(String, u64)>> = BTreeMap::new();
        let mut seq = 0;
        let mut write = |scope: AreaCode, entity, ledger, fields: BTreeMap<String, Value>| {
            seq += 1;
            let body = Body::Register { entity, ledger, fields, cause: None };
            let op = Op { device, seq, hlc: Hlc::at(NOW_MS), author: user, scope, body };
            let raw = serde_json::to_string(&op).expect("an operation has a JSON form");
            let log = logs.entry(scope).or_default();
            let before = log.last().map_or(0, |(_, sum)| *sum);
            let sum = extend_checksum(before, raw.as_bytes());
            log.push((raw, sum));
        };
        for n in 0..households {
            let scope = village(n % VILLAGES);
            let entity = EntityId::new(NOW_MS + n as i64, *b"householde");
            write(scope, entity, LedgerKind::Household, household(n, user));
            for person in 0..persons {
                let id = EntityId::new(NOW_MS + n as i64, [person as u8; 10]);
                let fields = [
                    ("household", entity.to_string()),
                    ("name", name(n + person)),
                    ("relation", "child".into()),
                ];
                let fields = fields.map(|(key, text)| (key.to_owned(), Value::from(text)));
                write(scope, id, LedgerKind::Person, fields.into());
            }
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
        HttpResponse { status: 200, body: text.expect("wire messages have a JSON form") }
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
            let from = next as usize - 1;
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
    let of = |letters: &[char], at: u64| letters[(at % letters.len() as u64) as usize];
    let surnames: Vec<char> = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗曾单".chars().collect();
    let given: Vec<char> = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红小大".chars().collect();
    [of(&surnames, n), of(&given, n / 22), of(&given, n / 638)].iter().collect()
}

fn household(n: u64, cadre: UserId) -> BTreeMap<String, Value> {
    let assigned = n.is_multiple_of(500);
    let texts = [
        ("code", format!("{}{n:06}", village(n % VILLAGES))),
        ("head_name", name(n)),
        ("group", format!("{}组", ["一", "二", "三", "四", "五"][(n % 5) as usize])),
        ("address", format!("三江镇大路{}号", n % 97)),
        ("phone", format!("100{n:08}")),
        ("phone_owner", "self".to_owned()),
        ("colour", ["green", "yellow", "orange"][(n % 3) as usize].to_owned()),
        ("risk_state", "none".to_owned()),
        ("insured", "all".to_owned()),
        ("housing_state", "safe".to_owned()),
        ("water_state", "met".to_owned()),
        ("cadre", if assigned { cadre.to_string() } else { EntityId::from_bytes([7; 16]).to_string() }),
    ];
    let mut fields: BTreeMap<String, Value> =
        texts.map(|(key, text)| (key.to_owned(), Value::from(text))).into();
    fields.insert("categories".into(), Value::texts(["lifted"]));
    let place = [("lat", 28.8 + (n % 1_000) as f64 / 5_000.0), ("lon", 113.1 + (n % 777) as f64 / 5_000.0)];
    let place = place.map(|(key, degrees)| (key.to_owned(), Value::number(degrees)));
    fields.insert("anchor".into(), Value::Map(place.into()));
    fields
}
