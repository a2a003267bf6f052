//! Invented households, people and problems.

use std::collections::BTreeMap;

use bianfang_device::message::{DueRow, EntryRow, HouseholdRow, HouseholdView, Uncounted, WhyUncounted};
use bianfang_shared::access::Role;
use bianfang_shared::area::{Area, AreaCode};
use bianfang_shared::entry::{Entry, Proposal};
use bianfang_shared::field::Sibling;
use bianfang_shared::hlc::Hlc;
use bianfang_shared::id::{DeviceId, EntityId, ObservationId, OpId, UserId};
use bianfang_shared::ledger::{LedgerKind, Point};
use bianfang_shared::op::{Body, Op};
use bianfang_shared::query::{
    ConflictView, DecisionKind, DecisionView, EntryView, HistoryItem, NamedEntry, ProposalView,
};
use bianfang_shared::value::Value;
use bianfang_shared::wire::User;

use super::NOW_MS;
use super::records;

/// Where the household visited is.
pub(super) const ANCHOR: Point = Point { lat: 28.913_42, lon: 113.308_17, accuracy_m: 8.0 };

const HEADS: [(&str, &str, &str, &str); 8] = [
    ("王秀梅", "BJ-0012", "李家组 6 号", "orange"),
    ("刘大海", "BJ-0031", "塘湾组 2 号", "yellow"),
    ("陈桂香", "BJ-0007", "李家组 11 号", "yellow"),
    ("周建国", "BJ-0044", "新屋组 9 号", "green"),
    ("黄玉兰", "LT-0103", "龙潭组 1 号", "orange"),
    ("易长生", "LT-0118", "桥头组 14 号", "green"),
    ("何春生", "LT-0126", "桥头组 3 号", ""),
    ("欧阳志明", "BJ-0052", "塘湾组 17 号（老粮站后面第二栋）", "green"),
];

pub(super) fn bytes(number: u8) -> [u8; 16] {
    let mut bytes = [0; 16];
    bytes[15] = number;
    bytes
}

pub(super) fn entity(number: u8) -> EntityId {
    EntityId::from_bytes(bytes(number))
}

pub(super) fn record(number: u8) -> ObservationId {
    ObservationId::from_bytes(bytes(number))
}

pub(super) fn op(number: u8) -> OpId {
    OpId::new(DeviceId::from_bytes(bytes(number % 3)), u64::from(number))
}

pub(super) fn village() -> AreaCode {
    AreaCode::new(430_681_113_214).expect("twelve digits")
}

fn other_village() -> AreaCode {
    AreaCode::new(430_681_113_207).expect("twelve digits")
}

/// The villages of the samples.
pub(super) fn villages() -> Vec<Area> {
    [(village(), "八景村"), (other_village(), "龙潭村")]
        .map(|(code, name)| Area { code, name: name.to_owned() })
        .into()
}

fn user(number: u8, login: &str, name: &str, role: Role) -> User {
    User { id: UserId::from_bytes(bytes(number)), login: login.to_owned(), name: name.to_owned(), role }
}

pub(super) fn cadre() -> User {
    user(1, "cadre", "彭海燕", Role::Cadre)
}

pub(super) fn second_cadre() -> User {
    user(2, "cadre2", "罗文斌", Role::Cadre)
}

pub(super) fn supervisor() -> User {
    user(3, "supervisor", "谢晓东", Role::Supervisor)
}

pub(super) fn people() -> Vec<User> {
    vec![cadre(), second_cadre(), supervisor()]
}

/// The row of the `at`-th household.
pub(super) fn row(at: usize) -> HouseholdRow {
    let (head, code, address, colour) = HEADS[at % HEADS.len()];
    let number = u8::try_from(at + 1).expect("few samples");
    HouseholdRow {
        id: entity(number),
        scope: if code.starts_with("LT") { other_village() } else { village() },
        code: code.to_owned(),
        head_name: head.to_owned(),
        address: address.to_owned(),
        categories: if at.is_multiple_of(2) {
            vec!["lifted".into(), "elderly".into()]
        } else {
            vec!["unstable".into()]
        },
        colour: (!colour.is_empty()).then(|| colour.to_owned()),
        distance_m: Some([42.0, 380.0, 610.0, 1_250.0, 3_480.0, 3_900.0, 4_100.0, 5_300.0][at % 8]),
        conflicts: u32::from(at == 1),
        last_visit_ms: (at != 6).then_some(NOW_MS - 86_400_000 * i64::from(number) * 9),
    }
}

/// A household's row as an entry of any ledger.
pub(super) fn entry_row(at: usize) -> EntryRow {
    let row = row(at);
    EntryRow {
        id: row.id,
        ledger: LedgerKind::Household,
        scope: row.scope,
        name: row.head_name,
        code: row.code,
        address: row.address,
        fields: [("categories", Some(Value::texts(row.categories))), ("colour", row.colour.map(Value::from))]
            .into_iter()
            .filter_map(|(field, value)| Some((field.to_owned(), value?)))
            .collect(),
        distance_m: row.distance_m,
        conflicts: row.conflicts,
        open_issues: 0,
        last_record_ms: row.last_visit_ms,
    }
}

/// How many households the samples have.
pub(super) const HOUSEHOLDS: usize = HEADS.len();

/// When the `at`-th household is due.
pub(super) fn due(at: usize) -> DueRow {
    let (due_on, overdue_days, rule) = [
        ("2025-07-01", 17, "colour_orange"),
        ("2025-07-11", 7, "cadre_assigned"),
        ("2025-07-18", 0, "colour_yellow"),
        ("2025-07-31", -13, "cadre_assigned"),
    ][at % 4];
    let uncounted = |why| Some(Uncounted { on: "2025-07-09".to_owned(), why });
    let (last_visit_on, uncounted) = [
        (Some("2025-06-16"), uncounted(WhyUncounted::SentBack)),
        (Some("2025-06-11"), None),
        (None, None),
        (Some("2025-06-30"), uncounted(WhyUncounted::NotOwn)),
    ][at % 4]
        .clone();
    DueRow {
        household: row(at),
        due_on: due_on.to_owned(),
        overdue_days,
        rule: rule.to_owned(),
        last_visit_on: last_visit_on.map(str::to_owned),
        uncounted,
    }
}

fn household_fields() -> BTreeMap<String, Value> {
    let texts = [
        ("code", "BJ-0012"),
        ("head_name", "王秀梅"),
        ("group", "李家组"),
        ("address", "李家组 6 号"),
        ("phone", "10013567788"),
        ("phone_owner", "self"),
        ("colour", "orange"),
        ("risk_state", "present"),
        ("insured", "all"),
        ("food_state", "ok"),
        ("clothing_state", "ok"),
        ("housing_state", "safe"),
        ("water_state", "met"),
        ("satisfaction", "satisfied"),
    ];
    let mut fields: BTreeMap<String, Value> =
        texts.into_iter().map(|(key, text)| (key.to_owned(), text.into())).collect();
    fields.insert("anchor".to_owned(), Value::write(&ANCHOR));
    fields.insert("categories".to_owned(), Value::texts(["lifted", "elderly"]));
    fields.insert("income_source".to_owned(), Value::texts(["farming", "transfers"]));
    fields.insert("cadre".to_owned(), cadre().id.to_string().into());
    fields
}

/// The household visited, folded from its operations.
pub(super) fn entry() -> Entry {
    let mut entry = Entry::empty(entity(1), village());
    let body = Body::Register {
        entity: entry.id,
        ledger: LedgerKind::Household,
        fields: household_fields(),
        cause: None,
        photos: Vec::new(),
    };
    let made = Op {
        device: op(1).device,
        seq: 1,
        hlc: Hlc::at(NOW_MS - 90 * 86_400_000),
        author: cadre().id,
        scope: village(),
        body,
    };
    entry.apply(&made, Some(NOW_MS - 90 * 86_400_000), |_| true);
    entry
}

fn sibling(number: u8, author: &User, days_ago: i64, received: bool, value: Value) -> Sibling {
    let at_ms = NOW_MS - days_ago * 86_400_000;
    Sibling {
        op: op(number),
        author: author.id,
        hlc: Hlc::at(at_ms),
        received_at_ms: received.then_some(at_ms + 3_600_000),
        value,
    }
}

/// Two people who said different things of the water.
pub(super) fn conflict() -> ConflictView {
    ConflictView {
        entity: entity(2),
        ledger: LedgerKind::Household,
        scope: village(),
        field: "water_state".to_owned(),
        siblings: vec![
            sibling(11, &second_cadre(), 1, true, "unmet".into()),
            sibling(12, &cadre(), 2, true, "basic".into()),
        ],
    }
}

fn view(number: u8, ledger: LedgerKind, fields: &[(&str, Value)]) -> EntryView {
    EntryView {
        id: entity(number),
        ledger,
        scope: village(),
        fields: fields.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect(),
        conflicts: Vec::new(),
        proposals: Vec::new(),
        same_code: Vec::new(),
    }
}

/// What a cadre proposes for the colour, with the name of who decides on it nowhere yet.
/// Another household with the code of the second one.
fn namesake() -> NamedEntry {
    NamedEntry { entity: entity(4), ledger: LedgerKind::Household, name: row(3).head_name }
}

/// What waits for the office.
pub(super) fn decision(kind: DecisionKind) -> DecisionView {
    let row = row(1);
    let (proposals, others) = match kind {
        DecisionKind::Proposal => (vec![proposal()], Vec::new()),
        DecisionKind::SameCode => (Vec::new(), vec![namesake()]),
        DecisionKind::Registration | DecisionKind::Unfit | DecisionKind::Conflict => (Vec::new(), Vec::new()),
    };
    let author = proposal().proposal.author;
    DecisionView {
        kind,
        entity: row.id,
        ledger: LedgerKind::Household,
        scope: row.scope,
        field: "phone".to_owned(),
        value: "电话在门牌上".into(),
        name: row.head_name,
        code: row.code,
        proposals,
        others,
        people: [(author, second_cadre().name)].into(),
    }
}

fn proposal() -> ProposalView {
    ProposalView {
        entity: entity(1),
        ledger: LedgerKind::Household,
        scope: village(),
        field: "colour".to_owned(),
        from: "yellow".into(),
        proposal: Proposal {
            op: op(21),
            author: cadre().id,
            hlc: Hlc::at(NOW_MS),
            received_at_ms: Some(NOW_MS),
            cause: None,
            value: "orange".into(),
        },
    }
}

fn members() -> Vec<EntryView> {
    let person = |number, name: &str, relation: &str, birth: &str, id: &str| {
        view(
            number,
            LedgerKind::Person,
            &[
                ("name", name.into()),
                ("relation", relation.into()),
                ("birth", birth.into()),
                ("id_number", id.into()),
                ("health", "chronic".into()),
                ("insured", true.into()),
            ],
        )
    };
    vec![
        person(101, "王秀梅", "head", "1951-03-09", "999999195103090026"),
        person(102, "李冬生", "grandchild", "2012-11-20", "999999201211200015"),
    ]
}

fn issues() -> Vec<EntryView> {
    vec![view(
        111,
        LedgerKind::Issue,
        &[
            ("topic", "water".into()),
            ("what", "自来水管冬天冻裂，一周没有水".into()),
            ("state", "under_way".into()),
            ("urgent", true.into()),
            ("deadline", "2025-07-25".into()),
            ("lead", "水利站".into()),
        ],
    )]
}

/// A household with all that belongs to it; the second one has a conflict.
pub(super) fn household(id: EntityId) -> HouseholdView {
    let at = (0..HOUSEHOLDS).find(|at| row(*at).id == id).unwrap_or(0);
    let disputed = at == 1;
    let mut fields = household_fields();
    fields.insert("head_name".to_owned(), row(at).head_name.into());
    fields.insert("code".to_owned(), row(at).code.into());
    HouseholdView {
        row: row(at),
        village: "八景村".to_owned(),
        entry: EntryView {
            id,
            ledger: LedgerKind::Household,
            scope: village(),
            fields,
            conflicts: if disputed { vec![conflict()] } else { Vec::new() },
            proposals: if disputed { vec![proposal()] } else { Vec::new() },
            same_code: if disputed { vec![namesake()] } else { Vec::new() },
        },
        members: members(),
        issues: issues(),
        visits: vec![records::row(1), records::row(2)],
        due: Some(due(at)),
        has_draft: disputed,
        names: BTreeMap::new(),
        linked: Vec::new(),
    }
}

/// Changes of the household visited.
pub(super) fn history() -> Vec<HistoryItem> {
    let item = |number: u8, field: &str, value: Value, days_ago: i64, received: bool| HistoryItem {
        op: op(number),
        device: op(number).device,
        author: cadre().id,
        author_name: cadre().name,
        at_ms: NOW_MS - days_ago * 86_400_000,
        received_at_ms: received.then_some(NOW_MS),
        field: field.to_owned(),
        value,
        cause: Some(record(1)),
    };
    vec![item(21, "water_state", "unmet".into(), 0, false), item(22, "insured", "all".into(), 31, true)]
}
