//! The load: villages of households, then visits, as phones send them; and photographs.

use crate::maker::Maker;
use crate::wirecall::request_with;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bianfang_server::files::hash_of;
use bianfang_shared::area::AreaCode;
use bianfang_shared::id::{EntityId, Epoch, ObservationId, OpId};
use bianfang_shared::ledger::LedgerKind;
use bianfang_shared::observation::{ChecklistRef, Fix, Observation, ObservationKind, Outcome, Platform};
use bianfang_shared::op::{Body, Change};
use bianfang_shared::value::Value;
use bianfang_shared::wire::PHOTO_UPLOADS_PATH;
use std::collections::BTreeMap;

/// 2025-06-15 10:00 in China.
pub const NOON_MS: i64 = 1_749_952_800_000;

/// A household that the load calls on.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// The entry.
    pub id: EntityId,
    /// Its village.
    pub scope: AreaCode,
    /// The operations that wrote its water state and its satisfaction last.
    parents: [OpId; 2],
}

/// The villages of the load.
pub fn villages(count: u64) -> Vec<AreaCode> {
    (0..count).filter_map(|number| AreaCode::new(430_681_113_201 + number)).collect()
}

/// Registers a household with the fields that a real one has.
pub fn register(maker: &mut Maker, scope: AreaCode, number: u64) -> Target {
    let mut bytes = [0x11; 16];
    bytes[8..].copy_from_slice(&number.to_be_bytes());
    let id = EntityId::from_bytes(bytes);
    #[expect(clippy::cast_precision_loss, reason = "a place on a made-up map")]
    let anchor = BTreeMap::from([
        ("lat".to_owned(), Value::number(28.9 + (number % 997) as f64 / 10_000.0)),
        ("lon".to_owned(), Value::number(113.3 + (number % 991) as f64 / 10_000.0)),
        ("accuracy_m".to_owned(), Value::Int(8)),
    ]);
    let fields = BTreeMap::from([
        ("code".to_owned(), Value::from(format!("{scope}{number:06}"))),
        ("head_name".to_owned(), Value::from(name(number))),
        ("group".to_owned(), Value::from(format!("{}组", number % 12 + 1))),
        ("address".to_owned(), Value::from(format!("{}号", number % 300 + 1))),
        ("anchor".to_owned(), Value::Map(anchor)),
        ("phone".to_owned(), Value::from(format!("100{:08}", number % 100_000_000))),
        ("categories".to_owned(), Value::texts(["lifted"])),
        ("water_state".to_owned(), Value::from("basic")),
        ("satisfaction".to_owned(), Value::from("fair")),
        ("insured".to_owned(), Value::from("all")),
    ]);
    let body =
        Body::Register { entity: id, ledger: LedgerKind::Household, fields, cause: None, photos: Vec::new() };
    let op = maker.make(NOON_MS, scope, body);
    Target { id, scope, parents: [op, op] }
}

/// A made-up name: surname and two characters.
pub fn name(number: u64) -> String {
    const SURNAMES: &[&str] =
        &["王", "李", "张", "刘", "陈", "杨", "黄", "赵", "吴", "周", "徐", "孙", "曾", "仇"];
    const GIVEN: &[&str] =
        &["明", "秀", "英", "国", "强", "梅", "兰", "建", "华", "志", "玉", "春", "德", "福"];
    let pick =
        |list: &[&'static str], by: u64| list[usize::try_from(by % list.len() as u64).unwrap_or_default()];
    format!("{}{}{}", pick(SURNAMES, number), pick(GIVEN, number / 14), pick(GIVEN, number / 196))
}

/// A visit: the record, and the edit of two fields that follows from it.
pub fn visit(maker: &mut Maker, target: &mut Target, number: u64) {
    let mut bytes = [0x77; 16];
    bytes[..8].copy_from_slice(&number.to_be_bytes());
    let id = ObservationId::from_bytes(bytes);
    let at_ms = NOON_MS + i64::try_from(number % 10_000_000).unwrap_or_default() * 1_000;
    let observation = Observation {
        id,
        kind: ObservationKind::Visit,
        subject: target.id,
        corrects: None,
        companions: Vec::new(),
        started_at_ms: at_ms - 420_000,
        ended_at_ms: at_ms,
        dwell_ms: 400_000,
        fixes: vec![Fix {
            lat: 28.91234,
            lon: 113.31234,
            accuracy_m: 11.5,
            altitude_m: None,
            at_ms: at_ms - 20_000,
            received_at_ms: None,
            provider: None,
            mocked: None,
        }],
        photos: Vec::new(),
        checklist: ChecklistRef { key: "visit".to_owned(), version: 1 },
        answers: (0..12).map(|question| (format!("question_{question}"), Value::from("yes"))).collect(),
        outcome: Outcome::AtHome,
        met: "户主".to_owned(),
        note: String::new(),
        struck: Vec::new(),
        clock_offset_ms: Some(120),
        platform: Platform::Web,
    };
    maker.make(at_ms, target.scope, Body::Record { observation: Box::new(observation) });
    let states = ["met", "basic", "unmet"];
    let feelings = ["satisfied", "fair", "dissatisfied"];
    let of = |list: [&str; 3]| Value::from(list[usize::try_from(number % 3).unwrap_or_default()]);
    let changes = vec![
        Change {
            field: "water_state".to_owned(),
            value: of(states),
            parents: vec![target.parents[0]],
            adopts: None,
        },
        Change {
            field: "satisfaction".to_owned(),
            value: of(feelings),
            parents: vec![target.parents[1]],
            adopts: None,
        },
    ];
    let op = maker.make(at_ms, target.scope, Body::Amend { entity: target.id, changes, cause: Some(id) });
    target.parents = [op, op];
}

/// All that waits as bodies of at most so many operations, with how many are in each.
pub fn bodies(maker: &mut Maker, epoch: Epoch, ops_max: usize) -> Vec<(Vec<u8>, usize)> {
    std::iter::from_fn(|| maker.push(epoch, ops_max))
        .map(|push| (serde_json::to_vec(&push).expect("a push has a JSON form"), push.ops.len()))
        .collect()
}

/// The request that brings a photograph whole, as its upload begins; the one that phones send of photographs that are
/// no longer than a part. It is answered with 201.
pub fn upload(photo: &[u8], token: &str) -> Vec<u8> {
    let name = hash_of(photo);
    let headers = [
        ("authorization", format!("Bearer {token}")),
        ("tus-resumable", "1.0.0".to_owned()),
        ("upload-length", photo.len().to_string()),
        ("upload-metadata", format!("sha256 {}", STANDARD.encode(name.to_string()))),
        ("upload-checksum", format!("sha256 {}", STANDARD.encode(name.0))),
        ("content-type", "application/offset+octet-stream".to_owned()),
    ];
    request_with("POST", PHOTO_UPLOADS_PATH, &headers, photo)
}

/// What a photograph is called.
pub(super) fn name_of(photo: &[u8]) -> String {
    hash_of(photo).to_string()
}
