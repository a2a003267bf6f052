//! `docs/access.md` says who may write what. Its second part is made here: every field of every ledger and every
//! operation, tried with a real phone of each role.

use crate::access::keep_part;
use crate::harness::{TestDevice, TestServer, VILLAGE, entity, record_id, visit, whole};
use bianfang_shared::access::Role;
use bianfang_shared::id::{EntityId, OpId};
use bianfang_shared::judge::{Fault, Outcome, Reason};
use bianfang_shared::ledger::{FieldType, LedgerKind, Point, house, issue};
use bianfang_shared::op::{Body, Change, IssueStep, Verdict};
use bianfang_shared::value::Value;
use bianfang_shared::wire::PushReply;
use std::collections::BTreeMap;
use std::fmt::Write as _;

const ROLES: [(&str, Role); 6] = [
    ("cadre", Role::Cadre),
    ("team member", Role::TeamMember),
    ("village secretary", Role::VillageSecretary),
    ("family doctor", Role::FamilyDoctor),
    ("supervisor", Role::Supervisor),
    ("administrator", Role::Administrator),
];
const LEDGERS: [LedgerKind; 6] = [
    LedgerKind::Household,
    LedgerKind::Person,
    LedgerKind::House,
    LedgerKind::WaterSupply,
    LedgerKind::Post,
    LedgerKind::Issue,
];
/// Operations of one push.
const PUSH_OPS: u64 = 400;

type Fields = Vec<(&'static str, Value)>;

/// A line of the table: what an entry is registered with, what stands in another, and what is said there instead.
struct Line {
    label: String,
    field: &'static str,
    registered: Fields,
    before: Fields,
    after: Fields,
}

fn point(lat: f64) -> Value {
    Value::write(&Point { lat, lon: 113.2, accuracy_m: 10.0 })
}

/// One of two values that fit.
fn sample(kind: FieldType, second: bool) -> Value {
    let text = |first: &str, other: &str| Value::from(if second { other } else { first });
    match kind {
        FieldType::Text(_) | FieldType::Name(_) => text("甲", "乙"),
        FieldType::Code(_) => text("A1", "B2"),
        FieldType::Flag => second.into(),
        FieldType::Number(min, max) => Value::from(if second { min } else { max }),
        FieldType::Date => text("2020-01-01", "2021-01-01"),
        FieldType::OneOf(words) => words[usize::from(second).min(words.len() - 1)].into(),
        FieldType::ManyOf(words) => Value::texts([words[usize::from(second).min(words.len() - 1)]]),
        FieldType::Point => point(if second { 28.9005 } else { 28.9 }),
        FieldType::Area => {
            let east = if second { 113.3 } else { 113.2 };
            let corner = |lat: f64, lon: f64| Value::write(&Point { lat, lon, accuracy_m: 0.0 });
            Value::List(vec![corner(28.9, east), corner(28.91, east), corner(28.9, east + 0.01)])
        }
        FieldType::Phone => text("10012345678", "10087654321"),
        FieldType::IdNumber => text("999999198001010011", "99999919800101002X"),
        FieldType::User => {
            text("01234567-89ab-7cde-8f01-23456789abcd", "01234567-89ab-7cde-8f01-23456789abce")
        }
        FieldType::Entry => entity(if second { 2 } else { 1 }).to_string().into(),
    }
}

/// Lines for values that are judged apart from the field's others.
fn special(ledger: LedgerKind) -> Vec<Line> {
    let line = |label: &str, field, before: Fields, after: Fields| Line {
        label: label.to_owned(),
        field,
        registered: after.clone(),
        before,
        after,
    };
    let first = || (house::GRADED_BY, house::BY_FIRST_JUDGEMENT.into());
    let report = || (house::GRADED_BY, house::BY_REPORT.into());
    let number = || (house::REPORT_NO, "JD-1".into());
    let dated = || (house::REPORT_DATE, "2024-05-01".into());
    match ledger {
        LedgerKind::Household => vec![
            line(
                "`anchor`, 5 km away",
                "anchor",
                vec![("anchor", point(28.9))],
                vec![("anchor", point(28.95))],
            ),
            line(
                "`registration`: confirmed",
                "registration",
                vec![("registration", "to_confirm".into())],
                vec![("registration", "confirmed".into())],
            ),
        ],
        LedgerKind::House => vec![
            line(
                "`grade`, as a first judgement",
                house::GRADE,
                vec![(house::GRADE, "A".into()), first()],
                vec![(house::GRADE, "C".into()), first()],
            ),
            line(
                "`grade`, by a report",
                house::GRADE,
                vec![(house::GRADE, "A".into()), first()],
                vec![(house::GRADE, "C".into()), report(), number(), dated()],
            ),
            line(
                "`grade`, where a report stands",
                house::GRADE,
                vec![(house::GRADE, "A".into()), report(), number(), dated()],
                vec![(house::GRADE, "C".into()), first()],
            ),
            line(
                "`rectification`: being renovated",
                house::RECTIFICATION,
                vec![(house::RECTIFICATION, house::TO_BE_RENOVATED.into())],
                vec![(house::RECTIFICATION, house::BEING_RENOVATED.into())],
            ),
            line(
                "`rectification`: renovated",
                house::RECTIFICATION,
                vec![(house::RECTIFICATION, house::BEING_RENOVATED.into())],
                vec![(house::RECTIFICATION, house::RENOVATED.into())],
            ),
        ],
        _ => Vec::new(),
    }
}

fn lines(ledger: LedgerKind) -> Vec<Line> {
    let apart = special(ledger);
    let is_apart = |key: &str| [house::GRADE, house::GRADED_BY, house::RECTIFICATION].contains(&key);
    let plain = ledger.fields().iter().filter(|spec| !is_apart(spec.key)).map(|spec| Line {
        label: format!("`{}`", spec.key),
        field: spec.key,
        registered: vec![(spec.key, sample(spec.kind, false))],
        before: vec![(spec.key, sample(spec.kind, false))],
        after: vec![(spec.key, sample(spec.kind, true))],
    });
    plain.chain(apart).collect()
}

/// What a phone tries, and what comes of it.
struct Trying {
    server: TestServer,
    office: TestDevice,
    phone: TestDevice,
    role: Role,
    entries: u32,
}

impl Trying {
    async fn new(role: Role) -> Self {
        let server = TestServer::new();
        let mut office = server.device("supervisor", 3).await;
        server.add("trying", role, &[VILLAGE]);
        let phone = server.device("trying", 9).await;
        // What fields that name an entry can name.
        for (ledger, number) in [(LedgerKind::Household, 1), (LedgerKind::Household, 2)] {
            let fields = whole(ledger, BTreeMap::from([("code".to_owned(), format!("H{number}").into())]));
            office.make(VILLAGE, register(entity(number), ledger, fields));
        }
        Self { server, office, phone, role, entries: 0 }
    }

    fn next(&mut self) -> EntityId {
        self.entries += 1;
        let mut bytes = [0xee; 16];
        bytes[..4].copy_from_slice(&self.entries.to_be_bytes());
        EntityId::from_bytes(bytes)
    }

    /// Pushes all of a phone's operations, and answers what became of each.
    async fn push(server: &TestServer, phone: &TestDevice) -> Vec<Outcome> {
        let (mut outcomes, last) = (Vec::new(), phone.ops.len() as u64);
        while (outcomes.len() as u64) < last {
            let first = outcomes.len() as u64 + 1;
            match phone.push(server, first, last.min(first + PUSH_OPS - 1)).await {
                PushReply::Accepted { outcomes: receipts, .. } => {
                    outcomes.extend(receipts.into_iter().map(|receipt| receipt.outcome));
                }
                other => panic!("not taken in: {other:?}"),
            }
        }
        outcomes
    }
}

fn register(entity: EntityId, ledger: LedgerKind, fields: BTreeMap<String, Value>) -> Body {
    Body::Register { entity, ledger, fields, cause: None, photos: Vec::new() }
}

fn owned(fields: &Fields) -> impl Iterator<Item = (String, Value)> + '_ {
    fields.iter().map(|(field, value)| ((*field).to_owned(), value.clone()))
}

/// Of what a line says, what this role does: registers it, says it first, changes it.
async fn cells(role: Role, ledger: LedgerKind, lines: &[Line]) -> Vec<String> {
    let mut trying = Trying::new(role).await;
    let mut tried: Vec<(usize, &str, OpId)> = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        // There is no entry without these.
        let needed = ledger.needed_fields().contains(&line.field) || line.field == issue::STATE;
        // Registered whole by the phone itself.
        let fields = whole(ledger, owned(&line.registered).collect());
        let entity = trying.next();
        tried.push((at, "registers", trying.phone.make(VILLAGE, register(entity, ledger, fields))));
        for (does, stands) in [("first", false), ("changes", true)] {
            if !stands && needed {
                continue;
            }
            let entity = trying.next();
            let said: BTreeMap<_, _> = if stands { owned(&line.before).collect() } else { BTreeMap::new() };
            let mut fields = whole(ledger, said);
            if !stands {
                fields.remove(line.field);
            }
            let op = trying.office.make(VILLAGE, register(entity, ledger, fields));
            let parents = if stands { vec![op] } else { Vec::new() };
            let change = |(field, value): (String, Value)| {
                let stands = line.before.iter().any(|(before, _)| *before == field);
                Change::new(field, value, if stands { parents.clone() } else { Vec::new() })
            };
            let changes = owned(&line.after).map(change).collect();
            tried.push((at, does, trying.phone.make(VILLAGE, Body::Amend { entity, changes, cause: None })));
        }
    }
    let by_office = Trying::push(&trying.server, &trying.office).await;
    assert!(by_office.iter().all(|outcome| *outcome == Outcome::Merged), "{ledger:?}: {by_office:?}");
    let outcomes = Trying::push(&trying.server, &trying.phone).await;
    let mut may: Vec<Vec<&str>> = vec![Vec::new(); lines.len()];
    let mut asked: Vec<usize> = vec![0; lines.len()];
    for (at, does, op) in tried {
        asked[at] += 1;
        let place = usize::try_from(op.seq - 1).expect("few operations");
        match &outcomes[place] {
            Outcome::Merged | Outcome::MergedWithConflict => may[at].push(does),
            Outcome::Quarantined { reason: Reason::NeedsApproval { .. } | Reason::Missing { .. } } => (),
            Outcome::Quarantined { reason: Reason::BadValue { fault: Some(Fault::ByStepsOnly), .. } } => (),
            other => panic!("{:?} {does} {}: {other:?}", trying.role, lines[at].label),
        }
    }
    let cell = |(may, asked): (&Vec<&str>, &usize)| match may.len() {
        0 => "—".to_owned(),
        all if all == *asked => "yes".to_owned(),
        _ => may.join(", "),
    };
    may.iter().zip(&asked).map(cell).collect()
}

fn head(what: &str) -> String {
    let mut text = format!("| {what} | {} |\n", ROLES.map(|(name, _)| name).join(" | "));
    writeln!(text, "|---|{}", "---|".repeat(ROLES.len())).expect("text takes all");
    text
}

#[tokio::test]
async fn the_table_of_rights_says_which_field_the_centre_takes_from_whom() {
    let mut made = String::new();
    for ledger in LEDGERS {
        let lines = lines(ledger);
        let mut columns = Vec::new();
        for (_, role) in ROLES {
            columns.push(cells(role, ledger, &lines).await);
        }
        writeln!(made, "### {}\n\n{}", ledger.key(), head("field").trim_end()).expect("text takes all");
        for (at, line) in lines.iter().enumerate() {
            let row: Vec<&str> = columns.iter().map(|column| column[at].as_str()).collect();
            writeln!(made, "| {} | {} |", line.label, row.join(" | ")).expect("text takes all");
        }
        made.push('\n');
    }
    keep_part("fields", &made);
}

/// An operation that a phone tries, after what others did.
struct Deed {
    label: &'static str,
    make: fn(&mut Scene) -> Body,
}

/// A village in which there is something to say.
struct Scene {
    server: TestServer,
    phone: TestDevice,
    other: TestDevice,
    issue: OpId,
}

const HOUSEHOLD: u8 = 1;
const ISSUE: u8 = 8;
const OWN_RECORD: u8 = 20;
const OTHERS_RECORD: u8 = 21;

impl Scene {
    /// `role` with an own record, a colleague's record that names it as a companion, a proposal of each, a problem that the
    /// colleague rectified.
    async fn new(role: Role) -> Self {
        let server = TestServer::new();
        server.add("trying", role, &[VILLAGE]);
        let (phone, mut other) = (server.device("trying", 9).await, server.device("cadre", 2).await);
        let mut supervisor = server.device("supervisor", 3).await;
        supervisor.register(VILLAGE, entity(HOUSEHOLD), "王小明");
        let problem = crate::harness::issue("water", entity(HOUSEHOLD));
        let issue = supervisor.make(VILLAGE, register(entity(ISSUE), LedgerKind::Issue, problem));
        supervisor.push_all(&server).await;
        let mut scene = Self { server, phone, other: TestDevice::new(0), issue };
        let mut theirs = visit(entity(HOUSEHOLD), record_id(OTHERS_RECORD));
        theirs.companions = vec![scene.phone.user];
        other.make(VILLAGE, Body::Record { observation: Box::new(theirs) });
        let colour = vec![Change::new("colour", "yellow", Vec::new())];
        other.make(VILLAGE, Body::Propose { entity: entity(HOUSEHOLD), changes: colour, cause: None });
        let rectified = Body::Step {
            issue: entity(ISSUE),
            step: IssueStep::Rectify,
            parents: vec![scene.issue],
            note: String::new(),
            photos: Vec::new(),
        };
        other.make(VILLAGE, rectified);
        other.push_all(&scene.server).await;
        scene.other = other;
        scene.phone.record(VILLAGE, entity(HOUSEHOLD), record_id(OWN_RECORD));
        let colour = vec![Change::new("colour", "green", Vec::new())];
        scene.phone.make(VILLAGE, Body::Propose { entity: entity(HOUSEHOLD), changes: colour, cause: None });
        scene.phone.push_all(&scene.server).await;
        scene
    }

    fn step(&self, step: IssueStep) -> Body {
        let parents = vec![OpId::new(self.other.id, 3)];
        Body::Step { issue: entity(ISSUE), step, parents, note: String::new(), photos: Vec::new() }
    }

    fn refuse(&self, proposal: OpId) -> Body {
        let field = "colour".to_owned();
        Body::Refuse { entity: entity(HOUSEHOLD), field, proposal, reason: String::new() }
    }
}

fn review(record: u8) -> Body {
    let verdict = Verdict::Approved;
    Body::Review { observation: record_id(record), verdict, comment: String::new() }
}

fn retract(record: u8) -> Body {
    Body::Retract { observation: record_id(record), reason: "记错了".to_owned() }
}

const DEEDS: &[Deed] = &[
    Deed {
        label: "record a visit",
        make: |_| Body::Record { observation: Box::new(visit(entity(HOUSEHOLD), record_id(30))) },
    },
    Deed { label: "take an own record back", make: |_| retract(OWN_RECORD) },
    Deed { label: "take another's record back", make: |_| retract(OTHERS_RECORD) },
    Deed {
        label: "say to have gone along, being named",
        make: |_| Body::Accompany { observation: record_id(OTHERS_RECORD) },
    },
    Deed {
        label: "say to have gone along, not being named",
        make: |_| Body::Accompany { observation: record_id(OWN_RECORD) },
    },
    Deed { label: "review an own record", make: |_| review(OWN_RECORD) },
    Deed { label: "review a record that names one as a companion", make: |_| review(OTHERS_RECORD) },
    Deed {
        label: "review a record that one accompanied",
        make: |scene| {
            scene.phone.make(VILLAGE, Body::Accompany { observation: record_id(OTHERS_RECORD) });
            review(OTHERS_RECORD)
        },
    },
    Deed {
        label: "review another's record",
        make: |scene| {
            // A record of the colleague that names nobody.
            scene.other.record(VILLAGE, entity(HOUSEHOLD), record_id(22));
            review(22)
        },
    },
    Deed { label: "begin work on a problem", make: |scene| scene.step(IssueStep::Begin) },
    Deed { label: "rectify a problem", make: |scene| scene.step(IssueStep::Rectify) },
    Deed { label: "accept what another rectified", make: |scene| scene.step(IssueStep::Accept) },
    Deed { label: "send back what another rectified", make: |scene| scene.step(IssueStep::SendBack) },
    Deed {
        label: "accept a problem that nobody rectified",
        make: |scene| {
            let parents = vec![scene.issue];
            let step = IssueStep::Accept;
            Body::Step { issue: entity(ISSUE), step, parents, note: String::new(), photos: Vec::new() }
        },
    },
    Deed {
        label: "propose a value",
        make: |_| {
            let changes = vec![Change::new("categories", Value::texts(["lifted"]), Vec::new())];
            Body::Propose { entity: entity(HOUSEHOLD), changes, cause: None }
        },
    },
    Deed {
        label: "adopt another's proposal",
        make: |scene| {
            let adopts = Some(OpId::new(scene.other.id, 2));
            let change = Change { adopts, ..Change::new("colour", "yellow", Vec::new()) };
            Body::Amend { entity: entity(HOUSEHOLD), changes: vec![change], cause: None }
        },
    },
    Deed { label: "refuse another's proposal", make: |scene| scene.refuse(OpId::new(scene.other.id, 2)) },
    Deed { label: "take an own proposal back", make: |scene| scene.refuse(OpId::new(scene.phone.id, 2)) },
];

#[tokio::test]
async fn the_table_of_rights_says_which_operation_the_centre_takes_from_whom() {
    let mut made = head("operation");
    let mut rows: Vec<Vec<&str>> = vec![Vec::new(); DEEDS.len()];
    for (_, role) in ROLES {
        for (row, deed) in rows.iter_mut().zip(DEEDS) {
            let mut scene = Scene::new(role).await;
            let body = (deed.make)(&mut scene);
            scene.other.push_all(&scene.server).await;
            scene.phone.make(VILLAGE, body);
            let receipts = scene.phone.push_all(&scene.server).await;
            row.push(match &receipts.last().expect("one was made").outcome {
                Outcome::Merged | Outcome::MergedWithConflict => "yes",
                Outcome::Quarantined { .. } => "—",
            });
        }
    }
    for (row, deed) in rows.iter().zip(DEEDS) {
        writeln!(made, "| {} | {} |", deed.label, row.join(" | ")).expect("text takes all");
    }
    keep_part("operations", &made);
}
