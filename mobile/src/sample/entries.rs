//! Invented houses, water supplies, posts and problems.

use std::collections::BTreeMap;

use bianfang_device::message::{
    EntryDetail, EntryFilter, EntryRow, MonthSheet, Place, SheetDay, StepRow, TaskRow,
};
use bianfang_shared::entry::Entry;
use bianfang_shared::hlc::Hlc;
use bianfang_shared::id::EntityId;
use bianfang_shared::ledger::{LedgerKind, Point};
use bianfang_shared::observation::{ObservationKind, PhotoSource};
use bianfang_shared::op::{Body, IssueStep, Op};
use bianfang_shared::query::EntryView;
use bianfang_shared::rules::Ground;
use bianfang_shared::value::Value;

use super::NOW_MS;
use super::ledger::{self, ANCHOR, cadre, entity, op, second_cadre, supervisor, village};
use super::{photos, records};

type Fields = &'static [(&'static str, &'static str)];

/// A ledger's entries begin at this number.
fn base(ledger: LedgerKind) -> u8 {
    match ledger {
        LedgerKind::House => 201,
        LedgerKind::WaterSupply => 211,
        LedgerKind::Post => 221,
        LedgerKind::Issue => 231,
        _ => 1,
    }
}

const HOUSES: [(&str, &str, Fields); 4] = [
    (
        "王秀梅",
        "BJ-0012-1",
        &[
            ("name", "老宅"),
            ("grade", "D"),
            ("graded_by", "first_judgement"),
            ("lived_in", "yes"),
            ("sign_posted", "no"),
            ("rectification", "to_be_assessed"),
            ("structure", "adobe"),
        ],
    ),
    (
        "刘大海",
        "BJ-0031-1",
        &[
            ("grade", "C"),
            ("graded_by", "report"),
            ("lived_in", "no"),
            ("sign_posted", "yes"),
            ("rectification", "sealed_up"),
        ],
    ),
    (
        "陈桂香",
        "BJ-0007-1",
        &[
            ("grade", "B"),
            ("graded_by", "first_judgement"),
            ("lived_in", "yes"),
            ("rectification", "none_needed"),
        ],
    ),
    ("周建国", "BJ-0044-1", &[("grade", "A"), ("lived_in", "yes")]),
];
const SUPPLIES: [(&str, &str, Fields); 3] = [
    ("塘湾小型水厂", "GS-03", &[("kind", "small"), ("latest_result", "basic"), ("keeper", "周满堂")]),
    ("龙潭集中供水", "GS-01", &[("kind", "central"), ("latest_result", "met")]),
    ("桥头水井", "GS-07", &[("kind", "well"), ("latest_result", "unmet")]),
];
const POSTS: [(&str, &str, Fields); 3] = [
    ("李福田", "GG-011", &[("name", "李家组保洁"), ("kind", "cleaning")]),
    ("易长生", "GG-004", &[("name", "桥头护林"), ("kind", "forest")]),
    ("何春生", "GG-007", &[("name", "龙潭护路"), ("kind", "road")]),
];
const ISSUES: [(&str, &str, Fields); 5] = [
    (
        "危房住人：老宅墙体严重开裂，仍有人居住",
        "",
        &[
            ("urgent", "yes"),
            ("state", "open"),
            ("deadline", "2025-07-16"),
            ("topic", "housing"),
            ("kind", "danger_lived_in"),
        ],
    ),
    (
        "自来水管冬天冻裂，一周没有水",
        "",
        &[
            ("urgent", "yes"),
            ("state", "under_way"),
            ("deadline", "2025-07-20"),
            ("topic", "water"),
            ("kind", "unstable"),
        ],
    ),
    (
        "空置危房无警示标识",
        "",
        &[("state", "to_accept"), ("deadline", "2025-07-25"), ("topic", "housing"), ("kind", "no_sign")],
    ),
    (
        "保洁员连续三天缺岗",
        "",
        &[
            ("state", "sent_back"),
            ("deadline", "2025-07-10"),
            ("topic", "employment"),
            ("kind", "post_absent"),
        ],
    ),
    (
        "水费未收缴，维护费用无保障",
        "",
        &[("state", "closed"), ("deadline", "2025-06-30"), ("topic", "water"), ("kind", "fees")],
    ),
];

fn table(ledger: LedgerKind) -> &'static [(&'static str, &'static str, Fields)] {
    match ledger {
        LedgerKind::House => &HOUSES,
        LedgerKind::WaterSupply => &SUPPLIES,
        LedgerKind::Post => &POSTS,
        LedgerKind::Issue => &ISSUES,
        _ => &[],
    }
}

fn value(text: &str) -> Value {
    match text {
        "yes" => true.into(),
        "no" => false.into(),
        text => text.into(),
    }
}

/// The `at`-th entry of a ledger as a row.
pub(super) fn row(ledger: LedgerKind, at: usize) -> EntryRow {
    let (name, code, fields) = table(ledger)[at % table(ledger).len()];
    let number = u8::try_from(at).expect("few samples");
    let mut fields: BTreeMap<String, Value> =
        fields.iter().map(|(field, text)| ((*field).to_owned(), value(text))).collect();
    if ledger == LedgerKind::Post {
        fields.insert("holder".to_owned(), entity(103).to_string().into());
    }
    EntryRow {
        id: entity(base(ledger) + number),
        ledger,
        scope: village(),
        name: name.to_owned(),
        code: code.to_owned(),
        address: ["李家组 6 号", "塘湾组 2 号", "李家组 11 号", "新屋组 9 号", "桥头组 3 号"][at % 5]
            .to_owned(),
        fields,
        distance_m: Some([42.0, 380.0, 610.0, 1_250.0, 3_480.0][at % 5]),
        conflicts: u32::from(ledger == LedgerKind::House && at == 1),
        open_issues: u32::from(ledger != LedgerKind::Issue && at == 0),
        last_record_ms: (ledger != LedgerKind::Issue && at != 2)
            .then_some(NOW_MS - 86_400_000 * (9 + i64::from(number) * 13)),
    }
}

/// A page of a ledger that holds what the filter asks for.
pub(super) fn rows(ledger: LedgerKind, filter: &EntryFilter) -> Vec<EntryRow> {
    let all = (0..table(ledger).len()).map(|at| row(ledger, at));
    let closed = |row: &EntryRow| row.fields.get("state") == Some(&"closed".into());
    let fits = |row: &EntryRow| {
        let fields = filter.fields.iter().all(|(field, wanted)| row.fields.get(field) == Some(wanted));
        let open =
            !filter.open || if ledger == LedgerKind::Issue { !closed(row) } else { row.open_issues > 0 };
        fields && open && row.name.contains(&filter.text) && (!filter.in_conflict || row.conflicts > 0)
    };
    all.filter(fits).collect()
}

/// What is due besides visits.
pub(super) fn tasks() -> Vec<TaskRow> {
    let task = |kind, ledger, at, due_on: &str, overdue_days, rule: &str, last: Option<&str>| TaskRow {
        kind,
        entry: row(ledger, at),
        due_on: due_on.to_owned(),
        overdue_days,
        rule: rule.to_owned(),
        last_on: last.map(str::to_owned),
    };
    vec![
        task(
            ObservationKind::HouseInspection,
            LedgerKind::House,
            0,
            "2025-07-09",
            9,
            "house_dangerous",
            Some("2025-06-09"),
        ),
        task(ObservationKind::Attendance, LedgerKind::Post, 1, "2025-07-18", 0, "post_face_check", None),
        task(
            ObservationKind::WaterCheck,
            LedgerKind::WaterSupply,
            0,
            "2025-07-31",
            -13,
            "water_supply",
            Some("2025-04-30"),
        ),
    ]
}

/// An entry, whichever ledger it is in; none of a household.
pub(super) fn detail(id: EntityId) -> Option<EntryDetail> {
    let number = id.bytes()[15];
    let (ledger, at) = [LedgerKind::House, LedgerKind::WaterSupply, LedgerKind::Post, LedgerKind::Issue]
        .into_iter()
        .find_map(|ledger| {
            let at = usize::from(number.checked_sub(base(ledger))?);
            (at < table(ledger).len()).then_some((ledger, at))
        })?;
    Some(match ledger {
        LedgerKind::Issue => issue(at),
        _ => plain(ledger, at),
    })
}

fn plain(ledger: LedgerKind, at: usize) -> EntryDetail {
    let row = row(ledger, at);
    let mut linked = vec![ledger::entry_row(at)];
    if ledger == LedgerKind::Post {
        linked.insert(0, holder());
    }
    let first = at == 0;
    EntryDetail {
        village: "八景村".to_owned(),
        entry: EntryView {
            id: row.id,
            ledger,
            scope: row.scope,
            fields: all_fields(&row),
            conflicts: Vec::new(),
            proposals: Vec::new(),
            same_code: Vec::new(),
        },
        point: Some(ANCHOR),
        linked,
        issues: if first { vec![self::row(LedgerKind::Issue, issue_of(ledger))] } else { Vec::new() },
        records: match ledger {
            LedgerKind::House if first => vec![records::row(7), records::row(8)],
            _ => Vec::new(),
        },
        tasks: tasks().into_iter().filter(|task| task.entry.id == row.id).collect(),
        drafts: Vec::new(),
        steps: Vec::new(),
        may: Vec::new(),
        sheets: if ledger == LedgerKind::Post { sheets() } else { Vec::new() },
        flags: if ledger == LedgerKind::Post && first { flags() } else { Vec::new() },
        names: BTreeMap::new(),
        row,
    }
}

/// The problem of the first entry of a ledger.
fn issue_of(ledger: LedgerKind) -> usize {
    match ledger {
        LedgerKind::WaterSupply => 1,
        LedgerKind::Post => 3,
        _ => 0,
    }
}

/// What a problem is about.
fn subject_of(issue: usize) -> EntryRow {
    match issue {
        1 | 4 => row(LedgerKind::WaterSupply, 0),
        3 => row(LedgerKind::Post, 0),
        at => row(LedgerKind::House, at),
    }
}

fn all_fields(row: &EntryRow) -> BTreeMap<String, Value> {
    let mut fields = row.fields.clone();
    fields.insert("code".to_owned(), row.code.as_str().into());
    if row.ledger != LedgerKind::Issue {
        fields.insert("point".to_owned(), Value::write(&Point { accuracy_m: 12.0, ..ANCHOR }));
    }
    match row.ledger {
        LedgerKind::House => {
            fields.insert("household".to_owned(), entity(1).to_string().into());
            fields.insert("year".to_owned(), 1978.into());
        }
        LedgerKind::Post => {
            fields.insert("required_days".to_owned(), 22.into());
            fields.insert("radius_m".to_owned(), 500.into());
            fields.insert("subsidy".to_owned(), 300.into());
        }
        LedgerKind::WaterSupply => {
            fields.insert("households_served".to_owned(), 86.into());
            fields.insert("unit".to_owned(), "八景村村委会".into());
        }
        _ => {
            fields.insert("lead".to_owned(), "镇村镇所".into());
            fields.insert("responsible".to_owned(), cadre().id.to_string().into());
            fields.insert("what".to_owned(), row.name.as_str().into());
        }
    }
    fields
}

fn holder() -> EntryRow {
    EntryRow {
        id: entity(103),
        ledger: LedgerKind::Person,
        scope: village(),
        name: "李福田".to_owned(),
        code: "BJ-0012".to_owned(),
        address: "李家组 6 号".to_owned(),
        fields: BTreeMap::from([("relation".to_owned(), Value::from("spouse"))]),
        distance_m: None,
        conflicts: 0,
        open_issues: 0,
        last_record_ms: None,
    }
}

fn flags() -> Vec<Ground> {
    let ground = |code: &str, numbers: &[(&str, i64)]| Ground {
        code: code.to_owned(),
        grade: String::new(),
        numbers: numbers.iter().map(|(name, number)| ((*name).to_owned(), (*number).into())).collect(),
        source: "003 (六)".to_owned(),
    };
    vec![ground("several_posts", &[("posts_count", 2)]), ground("too_old", &[("age_y", 82), ("limit_y", 80)])]
}

/// This month and the one before.
fn sheets() -> Vec<MonthSheet> {
    let month = |month: &str, counted, short, states: &[(u8, &str)]| MonthSheet {
        month: format!("{month}-01"),
        required_days: 22,
        counted_days: counted,
        short,
        days: states
            .iter()
            .map(|(day, state)| SheetDay {
                day: format!("{month}-{day:02}"),
                state: (*state).to_owned(),
                records: Vec::new(),
            })
            .collect(),
    };
    let present = "present";
    vec![
        month(
            "2025-07",
            8,
            false,
            &[
                (1, present),
                (2, present),
                (3, "absent"),
                (4, present),
                (7, present),
                (8, "leave"),
                (9, present),
                (10, present),
                (11, "substitute"),
                (14, present),
                (15, "doubtful"),
                (16, present),
            ],
        ),
        month(
            "2025-06",
            12,
            true,
            &[
                (2, present),
                (3, present),
                (4, present),
                (5, present),
                (9, present),
                (10, present),
                (11, present),
                (12, "leave"),
                (13, "leave"),
                (16, present),
                (17, present),
                (18, present),
                (19, present),
                (20, "absent"),
                (23, present),
            ],
        ),
    ]
}

/// A problem in its life: the `at`-th.
pub fn issue(at: usize) -> EntryDetail {
    let row = row(LedgerKind::Issue, at);
    let state = row.fields["state"].as_text().unwrap_or_default().to_owned();
    let step = |number: u8, step, author: &str, days_ago: i64, note: &str, place| StepRow {
        op: op(number),
        step,
        author_name: author.to_owned(),
        at_ms: NOW_MS - days_ago * 86_400_000,
        note: note.to_owned(),
        photos: Vec::new(),
        place,
    };
    let (cadre, second, supervisor) = (cadre().name, second_cadre().name, supervisor().name);
    let mut steps = vec![step(60, None, &second, 8, "", Place::Complete)];
    steps[0].photos = vec![photos::photo(5, "before", PhotoSource::Camera)];
    if state != "open" {
        steps.push(step(61, Some(IssueStep::Begin), &cadre, 6, "已联系镇村镇所，周三到场", Place::Centre));
    }
    if ["to_accept", "closed", "sent_back"].contains(&state.as_str()) {
        let mut done = step(
            62,
            Some(IssueStep::Rectify),
            &cadre,
            2,
            "贴了警示标识，门窗钉死",
            Place::Photos { held: 1, total: 2 },
        );
        done.photos = vec![
            photos::photo(4, "after", PhotoSource::Camera),
            photos::photo(7, "after", PhotoSource::Gallery),
        ];
        steps.push(done);
    }
    match state.as_str() {
        "sent_back" => steps.push(step(
            63,
            Some(IssueStep::SendBack),
            &supervisor,
            1,
            "标识被遮住，请重新张贴",
            Place::Centre,
        )),
        "closed" => {
            steps.push(step(64, Some(IssueStep::Accept), &supervisor, 1, "已到现场看过", Place::Centre))
        }
        _ => (),
    }
    let may = match state.as_str() {
        "open" | "sent_back" => vec![IssueStep::Begin, IssueStep::Rectify],
        "under_way" => vec![IssueStep::Rectify],
        _ => Vec::new(),
    };
    EntryDetail {
        village: "八景村".to_owned(),
        entry: EntryView {
            id: row.id,
            ledger: LedgerKind::Issue,
            scope: row.scope,
            fields: all_fields(&row),
            conflicts: Vec::new(),
            proposals: Vec::new(),
            same_code: Vec::new(),
        },
        point: None,
        linked: vec![subject_of(at), ledger::entry_row(at)],
        issues: Vec::new(),
        records: vec![records::row(7)],
        tasks: Vec::new(),
        drafts: Vec::new(),
        steps,
        may,
        sheets: Vec::new(),
        flags: Vec::new(),
        names: BTreeMap::new(),
        row,
    }
}

/// The entry of a row, folded from its registration.
pub(super) fn folded(row: &EntryRow) -> Entry {
    let mut entry = Entry::empty(row.id, row.scope);
    let body = Body::Register {
        entity: row.id,
        ledger: row.ledger,
        fields: all_fields(row),
        cause: None,
        photos: Vec::new(),
    };
    let at_ms = NOW_MS - 90 * 86_400_000;
    let made =
        Op { device: op(1).device, seq: 1, hlc: Hlc::at(at_ms), author: cadre().id, scope: row.scope, body };
    entry.apply(&made, Some(at_ms), |_| true);
    entry
}
