//! Well-formed operations of an enrolled phone that nobody may make: each is set aside with its reason, and what others
//! wrote stands.

use crate::harness::{
    OTHER_VILLAGE, TestDevice, TestServer, VILLAGE, entity, issue, record_id, visit, whole,
};
use bianfang_shared::id::OpId;
use bianfang_shared::judge::{Fault, Outcome, Reason};
use bianfang_shared::ledger::{LedgerKind, Point};
use bianfang_shared::op::{Body, Change, IssueStep, Verdict};
use bianfang_shared::query::{EntryView, ReviewState, VisitDetail};
use bianfang_shared::value::Value;
use bianfang_shared::wire::Receipt;
use serde_json::json;
use std::collections::BTreeMap;

const HOUSEHOLD: u8 = 1;
const ISSUE: u8 = 8;

/// A village with a household and a problem, a hostile cadre's phone, and a colleague's.
struct Village {
    server: TestServer,
    hostile: TestDevice,
    colleague: TestDevice,
    supervisor: TestDevice,
    household: OpId,
    issue: OpId,
}

impl Village {
    async fn new() -> Self {
        let server = TestServer::new();
        let (hostile, colleague) = (server.device("cadre2", 2).await, server.device("cadre", 1).await);
        let mut supervisor = server.device("supervisor", 3).await;
        let household = supervisor.register(VILLAGE, entity(HOUSEHOLD), "王小明");
        let problem = issue("water", entity(HOUSEHOLD));
        let issue = supervisor.make(VILLAGE, register(ISSUE, LedgerKind::Issue, problem));
        supervisor.push_all(&server).await;
        Self { server, hostile, colleague, supervisor, household, issue }
    }

    /// What becomes of one more operation of the hostile phone.
    async fn attack(&mut self, body: Body) -> Outcome {
        self.hostile.make(VILLAGE, body);
        last(self.hostile.push_all(&self.server).await)
    }

    async fn entry(&self, number: u8) -> EntryView {
        let path = format!("/api/v1/entries/{}", entity(number));
        self.server.get(&path, &self.supervisor.token).await.json()
    }

    async fn visit(&self, number: u8) -> VisitDetail {
        let path = format!("/api/v1/visits/{}", record_id(number));
        self.server.get(&path, &self.supervisor.token).await.json()
    }
}

fn last(receipts: Vec<Receipt>) -> Outcome {
    receipts.into_iter().next_back().expect("something was pushed").outcome
}

fn reason(outcome: &Outcome) -> &Reason {
    match outcome {
        Outcome::Quarantined { reason } => reason,
        other => panic!("it is merged: {other:?}"),
    }
}

fn register(number: u8, ledger: LedgerKind, fields: BTreeMap<String, Value>) -> Body {
    Body::Register { entity: entity(number), ledger, fields, cause: None, photos: Vec::new() }
}

fn amend(number: u8, changes: Vec<Change>) -> Body {
    Body::Amend { entity: entity(number), changes, cause: None }
}

fn step(step: IssueStep, parents: Vec<OpId>) -> Body {
    Body::Step { issue: entity(ISSUE), step, parents, note: String::new(), photos: Vec::new() }
}

#[tokio::test]
async fn an_edit_swallows_nothing_that_its_author_cannot_have_seen() {
    type Make = fn(Vec<OpId>) -> Body;
    let cases: &[(&str, Make)] = &[
        ("an edit", |future| amend(HOUSEHOLD, vec![Change::new("phone", "10012345678", future)])),
        ("a step", |future| step(IssueStep::Begin, future)),
        ("a proposal", |changes| {
            let changes = vec![Change::new("colour", "yellow", changes)];
            Body::Propose { entity: entity(HOUSEHOLD), changes, cause: None }
        }),
        ("an adoption", |future| {
            let adopts = future.first().copied();
            amend(HOUSEHOLD, vec![Change { adopts, ..Change::new("phone", "10012345678", Vec::new()) }])
        }),
        ("a refusal", |future| Body::Refuse {
            entity: entity(HOUSEHOLD),
            field: "colour".to_owned(),
            proposal: future[0],
            reason: String::new(),
        }),
    ];
    for (case, make) in cases {
        let mut village = Village::new().await;
        let future: Vec<OpId> = (1..=30).map(|seq| OpId::new(village.colleague.id, seq)).collect();
        let outcome = village.attack(make(future)).await;
        assert!(matches!(reason(&outcome), Reason::UnknownParents { .. }), "{case}: {outcome:?}");
        village.colleague.amend(VILLAGE, entity(HOUSEHOLD), "phone", "10087654321", &[]);
        village.colleague.make(VILLAGE, step(IssueStep::Rectify, vec![village.issue]));
        let colour = vec![Change::new("colour", "green", Vec::new())];
        let proposal = Body::Propose { entity: entity(HOUSEHOLD), changes: colour, cause: None };
        village.colleague.make(VILLAGE, proposal);
        village.colleague.push_all(&village.server).await;
        let (household, problem) = (village.entry(HOUSEHOLD).await, village.entry(ISSUE).await);
        assert_eq!(household.fields.get("phone"), Some(&"10087654321".into()), "{case}");
        assert_eq!(problem.fields.get("state"), Some(&"to_accept".into()), "{case}");
        assert_eq!(household.proposals.len(), 1, "{case}");
        assert!(household.conflicts.is_empty() && problem.conflicts.is_empty(), "{case}");
        // Not when it is sent again either, now that what it named is here.
        let again = last(village.hostile.push_all(&village.server).await);
        assert!(matches!(reason(&again), Reason::UnknownParents { .. }), "{case}: {again:?}");
    }
}

#[tokio::test]
async fn what_waits_for_a_phone_that_is_out_of_service_is_the_offices_to_take() {
    let mut village = Village::new().await;
    // As after a restore: what the colleague's lost phone had said is nowhere any more.
    let lost = OpId::new(village.colleague.id, 1);
    let waits = village.attack(amend(HOUSEHOLD, vec![Change::new("phone", "10012345678", vec![lost])])).await;
    assert_eq!(*reason(&waits), Reason::UnknownParents { ops: vec![lost] });
    let release = format!("/api/v1/quarantine/{}/{}/release", village.hostile.id, village.hostile.ops.len());
    let released = async |village: &Village| -> bool {
        let reply = village.server.post(&release, &village.supervisor.token, &json!({})).await;
        reply.json::<serde_json::Value>()["merged"] == true
    };
    assert!(!released(&village).await, "the phone may still come");
    let admin = village.server.device("admin", 9).await;
    let revoke = format!("/api/v1/devices/{}/revoke", village.colleague.id);
    assert_eq!(village.server.post(&revoke, &admin.token, &json!({})).await.status, 204);
    assert!(released(&village).await);
    assert_eq!(village.entry(HOUSEHOLD).await.fields.get("phone"), Some(&"10012345678".into()));
}

#[tokio::test]
async fn an_edit_replaces_only_what_says_something_of_its_field() {
    let mut village = Village::new().await;
    let remark = village.supervisor.amend(VILLAGE, entity(HOUSEHOLD), "remark", "大门朝东", &[]);
    village.supervisor.push_all(&village.server).await;
    let (household, problem) = (village.household, village.issue);
    for (case, field, parent) in [
        ("of another field", "phone", remark),
        ("of another entry", "phone", problem),
        ("a registration without the field", "remark", household),
    ] {
        let body = amend(HOUSEHOLD, vec![Change::new(field, "10012345678", vec![parent])]);
        let outcome = village.attack(body).await;
        assert_eq!(*reason(&outcome), Reason::ForeignParent { op: parent }, "{case}");
    }
    assert_eq!(village.entry(HOUSEHOLD).await.fields.get("remark"), Some(&"大门朝东".into()));
}

#[tokio::test]
async fn a_cadre_registers_and_edits_nothing_that_is_the_offices() {
    let fields = |fields: &[(&str, Value)]| -> BTreeMap<String, Value> {
        fields.iter().map(|(field, value)| ((*field).to_owned(), value.clone())).collect()
    };
    let problem = |said: &[(&str, Value)]| {
        let mut whole = issue("water", entity(HOUSEHOLD));
        whole.extend(fields(said));
        register(30, LedgerKind::Issue, whole)
    };
    let household = |said: &[(&str, Value)]| {
        register(31, LedgerKind::Household, whole(LedgerKind::Household, fields(said)))
    };
    let needs =
        |fields: &[&str]| Reason::NeedsApproval { fields: fields.iter().map(|f| (*f).to_owned()).collect() };
    let missing =
        |fields: &[&str]| Reason::Missing { fields: fields.iter().map(|f| (*f).to_owned()).collect() };
    let point = |lat: f64, accuracy_m: f64| Value::write(&Point { lat, lon: 113.2, accuracy_m });
    let village = Village::new().await;
    let (born, open) = (village.household, village.issue);
    let one =
        |number, field: &str, value: Value, parents| amend(number, vec![Change::new(field, value, parents)]);
    let cases: Vec<(&str, Body, Reason)> = vec![
        (
            "a household without its head",
            register(31, LedgerKind::Household, fields(&[("registration", "to_confirm".into())])),
            missing(&["head_name"]),
        ),
        (
            "a household as if confirmed",
            register(31, LedgerKind::Household, fields(&[("head_name", "王小明".into())])),
            missing(&["registration"]),
        ),
        ("a household with a code", household(&[("code", "H9".into())]), needs(&["code"])),
        ("a household with a colour", household(&[("colour", "yellow".into())]), needs(&["colour"])),
        (
            "a problem with a late deadline",
            problem(&[("deadline", "2026-12-31".into())]),
            needs(&["deadline"]),
        ),
        ("a problem without a deadline", problem(&[("deadline", Value::Null)]), needs(&["deadline"])),
        ("a problem led by another department", problem(&[("lead", "县水利局".into())]), needs(&["lead"])),
        ("a colour", one(HOUSEHOLD, "colour", "green".into(), vec![]), needs(&["colour"])),
        ("a risk state", one(HOUSEHOLD, "risk_state", "removed".into(), vec![]), needs(&["risk_state"])),
        (
            "an assignment",
            one(HOUSEHOLD, "cadre", village.hostile.user.to_string().into(), vec![]),
            needs(&["cadre"]),
        ),
        ("a deadline", one(ISSUE, "deadline", "2026-01-01".into(), vec![open]), needs(&["deadline"])),
        (
            "a responsible person",
            one(ISSUE, "responsible", village.hostile.user.to_string().into(), vec![]),
            needs(&["responsible"]),
        ),
        ("a place known badly", one(HOUSEHOLD, "anchor", point(28.9, 9_000.0), vec![]), needs(&["anchor"])),
        ("an empty name", one(HOUSEHOLD, "head_name", Value::Null, vec![born]), missing(&["head_name"])),
    ];
    let mut village = village;
    for (case, body, expected) in cases {
        assert_eq!(*reason(&village.attack(body).await), expected, "{case}");
    }
    let closed = [
        ("a closed problem", problem(&[("state", "closed".into())])),
        ("a problem under way", problem(&[("state", "under_way".into())])),
        ("closed by an edit", one(ISSUE, "state", "closed".into(), vec![open])),
    ];
    for (case, body) in closed {
        let outcome = village.attack(body).await;
        let by_steps = matches!(reason(&outcome), Reason::BadValue { fault: Some(Fault::ByStepsOnly), .. });
        assert!(by_steps, "{case}: {outcome:?}");
    }
    let anywhere = one(HOUSEHOLD, "anchor", point(28.9, 1e8), vec![]);
    assert!(matches!(reason(&village.attack(anywhere).await), Reason::BadValue { .. }));
    let (household, problem) = (village.entry(HOUSEHOLD).await, village.entry(ISSUE).await);
    assert_eq!(household.fields.get("head_name"), Some(&"王小明".into()));
    assert_eq!(household.fields.len(), 2, "{household:?}");
    assert_eq!(problem.fields.get("state"), Some(&"open".into()));
}

#[tokio::test]
async fn what_others_said_is_replaced_and_not_emptied_and_their_conflicts_are_not_settled_for_them() {
    let mut village = Village::new().await;
    let said = ["phone", "address", "remark", "water_state", "income_main"];
    let first: Vec<OpId> = vec![
        village.colleague.amend(VILLAGE, entity(HOUSEHOLD), "phone", "10012345678", &[]),
        village.colleague.amend(VILLAGE, entity(HOUSEHOLD), "address", "三组12号", &[]),
        village.colleague.amend(VILLAGE, entity(HOUSEHOLD), "remark", "大门朝东", &[]),
        village.colleague.amend(VILLAGE, entity(HOUSEHOLD), "water_state", "met", &[]),
    ];
    village.supervisor.amend(VILLAGE, entity(HOUSEHOLD), "water_state", "unmet", &[]);
    let theirs = OpId::new(village.supervisor.id, village.supervisor.ops.len() as u64);
    for phone in [&village.colleague, &village.supervisor] {
        phone.push_all(&village.server).await;
    }
    for (field, op) in said.iter().zip(&first).take(3) {
        let body = amend(HOUSEHOLD, vec![Change::new(*field, Value::Null, vec![*op])]);
        let outcome = village.attack(body).await;
        assert_eq!(*reason(&outcome), Reason::NeedsApproval { fields: vec![(*field).to_owned()] });
    }
    for value in ["met", "unmet", "basic"] {
        let body = amend(HOUSEHOLD, vec![Change::new("water_state", value, vec![first[3], theirs])]);
        let outcome = village.attack(body).await;
        assert_eq!(
            *reason(&outcome),
            Reason::NeedsApproval { fields: vec!["water_state".to_owned()] },
            "{value}"
        );
    }
    // Whoever wrote one of the values takes the other.
    village.colleague.amend(VILLAGE, entity(HOUSEHOLD), "water_state", "unmet", &[first[3], theirs]);
    assert_eq!(last(village.colleague.push_all(&village.server).await), Outcome::Merged);
    let household = village.entry(HOUSEHOLD).await;
    assert_eq!(household.fields.get("water_state"), Some(&"unmet".into()));
    assert_eq!(household.fields.get("phone"), Some(&"10012345678".into()));
}

#[tokio::test]
async fn what_no_version_knows_is_set_aside_and_reaches_no_log() {
    let mut village = Village::new().await;
    let before = village.hostile.log(&village.server, VILLAGE).await.len();
    let household = entity(HOUSEHOLD).to_string();
    let problem = entity(ISSUE).to_string();
    for (what, body) in [
        ("kind", r#"{"kind":"merge_entries","into":"x"}"#.to_owned()),
        (
            "ledger",
            format!(r#"{{"kind":"register","entity":"{household}","ledger":"vehicle","fields":{{}}}}"#),
        ),
        (
            "tractor",
            format!(
                r#"{{"kind":"amend","entity":"{household}","changes":[{{"field":"tractor","value":1,"parents":[]}}]}}"#
            ),
        ),
        (
            "tractor",
            format!(
                r#"{{"kind":"propose","entity":"{household}","changes":[{{"field":"tractor","value":1,"parents":[]}}]}}"#
            ),
        ),
        ("step", format!(r#"{{"kind":"step","issue":"{problem}","step":"delegate","parents":[]}}"#)),
    ] {
        let seq = village.hostile.ops.len() + 1;
        let raw = format!(
            r#"{{"device":"{}","seq":{seq},"hlc":114688000000000000,"author":"{}","scope":"{VILLAGE}","body":{body}}}"#,
            village.hostile.id, village.hostile.user
        );
        village.hostile.make_raw(raw);
        let outcome = last(village.hostile.push_all(&village.server).await);
        assert_eq!(*reason(&outcome), Reason::NotYetKnown { what: what.to_owned() });
    }
    village.server.crash_and_reopen();
    assert_eq!(village.hostile.log(&village.server, VILLAGE).await.len(), before);
}

#[tokio::test]
async fn nobody_has_the_last_word_on_their_own_work() {
    let mut village = Village::new().await;
    let verdict = Verdict::Approved;
    let review = |number| Body::Review { observation: record_id(number), verdict, comment: String::new() };
    let say = async |village: &mut Village, body| {
        village.supervisor.make(VILLAGE, body);
        last(village.supervisor.push_all(&village.server).await)
    };
    // A record of one's own, and one that one is said to have accompanied.
    village.supervisor.record(VILLAGE, entity(HOUSEHOLD), record_id(20));
    let mut accompanied = visit(entity(HOUSEHOLD), record_id(21));
    accompanied.companions = vec![village.supervisor.user];
    village.colleague.make(VILLAGE, Body::Record { observation: Box::new(accompanied) });
    village.colleague.record(VILLAGE, entity(HOUSEHOLD), record_id(22));
    village.colleague.push_all(&village.server).await;
    // Being named is not one's own doing: an author who names every supervisor would have none.
    assert_eq!(say(&mut village, review(21)).await, Outcome::Merged);
    assert_eq!(say(&mut village, Body::Accompany { observation: record_id(21) }).await, Outcome::Merged);
    for number in [20, 21] {
        assert_eq!(*reason(&say(&mut village, review(number)).await), Reason::OwnRecord);
    }
    assert_eq!(say(&mut village, review(22)).await, Outcome::Merged);
    // A problem that nobody rectified; one's own rectification, also after somebody else pressed once more.
    let open = village.issue;
    let accepted = say(&mut village, step(IssueStep::Accept, vec![open])).await;
    assert_eq!(*reason(&accepted), Reason::NothingToAccept);
    assert_eq!(say(&mut village, step(IssueStep::Rectify, vec![open])).await, Outcome::Merged);
    let own = OpId::new(village.supervisor.id, village.supervisor.ops.len() as u64);
    // Who saw it rectified does not press once more; who did not, does, and it stays one's own work all the same.
    village.colleague.make(VILLAGE, step(IssueStep::Rectify, vec![own]));
    let pressed = last(village.colleague.push_all(&village.server).await);
    assert!(matches!(reason(&pressed), Reason::BadValue { fault: Some(Fault::ByStepsOnly), .. }));
    village.colleague.make(VILLAGE, step(IssueStep::Rectify, vec![open]));
    let pressed = OpId::new(village.colleague.id, village.colleague.ops.len() as u64);
    village.colleague.push_all(&village.server).await;
    for parents in [vec![own], vec![pressed], vec![own, pressed]] {
        let accepted = say(&mut village, step(IssueStep::Accept, parents)).await;
        assert_eq!(*reason(&accepted), Reason::OwnRectification);
    }
    // Taking an approved record back asks the supervisor, who may keep it.
    let retract = Body::Retract { observation: record_id(22), reason: "走错了一家".to_owned() };
    village.colleague.make(VILLAGE, retract.clone());
    assert_eq!(last(village.colleague.push_all(&village.server).await), Outcome::Merged);
    let asked = village.visit(22).await;
    assert_eq!(asked.summary.state, ReviewState::WithdrawalAsked);
    assert_eq!(asked.withdrawals[0].reason, "走错了一家");
    assert_eq!(say(&mut village, review(22)).await, Outcome::Merged);
    assert_eq!(village.visit(22).await.summary.state, ReviewState::Approved);
    assert_eq!(say(&mut village, retract).await, Outcome::Merged);
    assert_eq!(village.visit(22).await.summary.state, ReviewState::Retracted);
}

#[tokio::test]
async fn no_name_looks_like_something_else_and_nothing_is_longer_than_its_field() {
    let mut village = Village::new().await;
    let born = village.household;
    let name = |name: &str| amend(HOUSEHOLD, vec![Change::new("head_name", name, vec![born])]);
    for (case, text) in [
        ("turned around", "王\u{202e}明小"),
        ("an isolate", "王\u{2066}小明"),
        ("no width", "王\u{200b}小明"),
        ("a joiner", "王\u{200d}小明"),
        ("a tag", "王\u{e0041}小明"),
        ("a byte order mark", "\u{feff}王小明"),
        ("a soft hyphen", "王\u{ad}小明"),
        ("a formula", "=cmd|'/C calc'!A0"),
        ("a sum", "+1"),
        ("a difference", "-1"),
        ("a mention", "@SUM(A1)"),
    ] {
        let outcome = village.attack(name(text)).await;
        assert!(
            matches!(
                reason(&outcome),
                Reason::BadValue { fault: Some(Fault::HiddenCharacter | Fault::BeginsWithSign), .. }
            ),
            "{case}: {outcome:?}"
        );
    }
    let long = "x".repeat(100_000);
    let choices = Value::texts(std::iter::repeat_n("lifted", 20_000));
    let deep = (0..122).fold(Value::Null, |inner, _| Value::List(vec![inner]));
    let change = |field: &str, value: Value| amend(HOUSEHOLD, vec![Change::new(field, value, Vec::new())]);
    for (case, body) in [
        ("a field with a name of 100,000 characters", change(&long, 1.into())),
        ("20,000 repeated choices", change("categories", choices)),
        ("two repeated choices", change("categories", Value::texts(["lifted", "lifted"]))),
        ("a list nested 122 deep", change("tractor", deep)),
        ("the year 9999", register(40, LedgerKind::House, house("9999-01-01"))),
        ("the year -9999", register(41, LedgerKind::House, house("-9999-01-01"))),
        ("a name of 100,000 characters", name(&long)),
    ] {
        let outcome = village.attack(body).await;
        assert!(matches!(reason(&outcome), Reason::BadValue { .. }), "{case}: {outcome:?}");
    }
    // A rare name with a variation selector is a name, and a note is merged as it was written.
    for (field, text) in [("head_name", "葛\u{e0100}小明"), ("remark", "门牌\u{202e}在左")] {
        let parents = if field == "head_name" { vec![born] } else { Vec::new() };
        let body = amend(HOUSEHOLD, vec![Change::new(field, text, parents)]);
        assert_eq!(village.attack(body).await, Outcome::Merged, "{field}");
    }
}

fn house(report_date: &str) -> BTreeMap<String, Value> {
    let fields = [("household", entity(HOUSEHOLD).to_string()), ("report_date", report_date.to_owned())];
    fields.map(|(field, value)| (field.to_owned(), value.into())).into()
}

#[tokio::test]
async fn nobody_writes_into_a_village_that_is_not_granted_nor_as_somebody_else() {
    let village = Village::new().await;
    let (mut colleague, hostile) = (village.colleague, village.hostile);
    let fields = whole(LedgerKind::Household, BTreeMap::new());
    // The colleague has one village only.
    colleague.make(OTHER_VILLAGE, register(50, LedgerKind::Household, fields.clone()));
    let outside = last(colleague.push_all(&village.server).await);
    assert_eq!(*reason(&outside), Reason::OutsideGrants);
    colleague.user = hostile.user;
    colleague.make(VILLAGE, register(51, LedgerKind::Household, fields));
    let as_another = last(colleague.push_all(&village.server).await);
    assert_eq!(*reason(&as_another), Reason::AuthorMismatch);
}

#[tokio::test]
async fn what_was_never_proposed_is_not_decided_on_and_anothers_proposal_is_the_offices() {
    let mut village = Village::new().await;
    let point = |lat: f64| Value::write(&Point { lat, lon: 113.2, accuracy_m: 10.0 });
    let own_future = OpId::new(village.hostile.id, 900);
    let refuse = |field: &str, proposal| Body::Refuse {
        entity: entity(HOUSEHOLD),
        field: field.to_owned(),
        proposal,
        reason: String::new(),
    };
    let adopt = |field: &str, value: Value, proposal| {
        let change = Change { adopts: Some(proposal), ..Change::new(field, value, Vec::new()) };
        amend(HOUSEHOLD, vec![change])
    };
    for (case, body) in [
        ("a refusal of a field that is none", refuse(&"x".repeat(100_000), own_future)),
        ("a refusal of what will be said", refuse("colour", own_future)),
        ("an adoption of what will be said", adopt("phone", "10012345678".into(), own_future)),
    ] {
        let outcome = village.attack(body).await;
        assert!(matches!(reason(&outcome), Reason::UnknownParents { .. }), "{case}: {outcome:?}");
    }
    let changes = vec![Change::new("anchor", point(29.5), Vec::new())];
    let proposal =
        village.colleague.make(VILLAGE, Body::Propose { entity: entity(HOUSEHOLD), changes, cause: None });
    village.colleague.push_all(&village.server).await;
    let adopted = village.attack(adopt("anchor", point(28.9), proposal)).await;
    assert_eq!(*reason(&adopted), Reason::RoleForbids, "whatever value it writes");
    assert_eq!(village.entry(HOUSEHOLD).await.proposals.len(), 1);
}

#[tokio::test]
async fn a_step_follows_on_a_state_that_its_author_saw() {
    let mut village = Village::new().await;
    let open = village.issue;
    let supervisor = async |village: &mut Village, body| {
        village.supervisor.make(VILLAGE, body);
        (
            OpId::new(village.supervisor.id, village.supervisor.ops.len() as u64),
            last(village.supervisor.push_all(&village.server).await),
        )
    };
    // Another problem's rectification is none of this one.
    let (_, other) =
        supervisor(&mut village, register(9, LedgerKind::Issue, issue("water", entity(HOUSEHOLD)))).await;
    assert_eq!(other, Outcome::Merged);
    let other_opened = OpId::new(village.supervisor.id, village.supervisor.ops.len() as u64);
    let of_other = Body::Step {
        issue: entity(9),
        step: IssueStep::Rectify,
        parents: vec![other_opened],
        note: String::new(),
        photos: Vec::new(),
    };
    let (rectified_other, _) = supervisor(&mut village, of_other).await;
    let (_, accepted) = supervisor(&mut village, step(IssueStep::Accept, vec![open, rectified_other])).await;
    assert_eq!(*reason(&accepted), Reason::NothingToAccept);
    // Nor is one that was sent back.
    village.colleague.make(VILLAGE, step(IssueStep::Rectify, vec![open]));
    village.colleague.push_all(&village.server).await;
    let rectified = OpId::new(village.colleague.id, village.colleague.ops.len() as u64);
    let (sent_back, _) = supervisor(&mut village, step(IssueStep::SendBack, vec![rectified])).await;
    let (_, accepted) = supervisor(&mut village, step(IssueStep::Accept, vec![rectified, sent_back])).await;
    assert_eq!(*reason(&accepted), Reason::NothingToAccept);
    village.colleague.make(VILLAGE, step(IssueStep::Rectify, vec![sent_back]));
    village.colleague.push_all(&village.server).await;
    let again = OpId::new(village.colleague.id, village.colleague.ops.len() as u64);
    let (closed, outcome) = supervisor(&mut village, step(IssueStep::Accept, vec![again])).await;
    assert_eq!(outcome, Outcome::Merged);
    // Whoever saw it closed does not begin on it again.
    let begun = village.attack(step(IssueStep::Begin, vec![closed])).await;
    assert!(matches!(reason(&begun), Reason::BadValue { fault: Some(Fault::ByStepsOnly), .. }), "{begun:?}");
    assert_eq!(village.entry(ISSUE).await.fields.get("state"), Some(&"closed".into()));
}

#[tokio::test]
async fn no_stamp_dates_a_deadline_and_no_repetition_chooses_an_office_value() {
    let mut village = Village::new().await;
    let mut far: serde_json::Value = {
        let mut fields = issue("water", entity(HOUSEHOLD));
        fields.insert("deadline".to_owned(), "2099-01-01".into());
        village.hostile.make(VILLAGE, register(60, LedgerKind::Issue, fields));
        serde_json::from_str(&village.hostile.ops.pop().unwrap()).unwrap()
    };
    village.hostile.heads.pop();
    far["hlc"] = json!(4_100_000_000_000_u64 << 16);
    village.hostile.make_raw(far.to_string());
    let dated = last(village.hostile.push_all(&village.server).await);
    assert_eq!(*reason(&dated), Reason::NeedsApproval { fields: vec!["deadline".to_owned()] });
    // Two of the office disagree over a report; a cadre's word chooses neither.
    let house = |said: &[(&str, &str)]| {
        let fields = said.iter().map(|(field, value)| ((*field).to_owned(), (*value).into())).collect();
        register(61, LedgerKind::House, whole(LedgerKind::House, fields))
    };
    village.supervisor.make(VILLAGE, house(&[]));
    village.supervisor.push_all(&village.server).await;
    let mut admin = village.server.device("admin", 9).await;
    admin.amend(VILLAGE, entity(61), "report_no", "R1", &[]);
    admin.push_all(&village.server).await;
    village.supervisor.amend(VILLAGE, entity(61), "report_no", "R2", &[]);
    village.supervisor.push_all(&village.server).await;
    let shown = village.entry(61).await.fields.get("report_no").cloned();
    let hidden = if shown == Some("R1".into()) { "R2" } else { "R1" };
    let repeated = village.attack(house(&[("report_no", hidden)])).await;
    assert_eq!(*reason(&repeated), Reason::NeedsApproval { fields: vec!["report_no".to_owned()] });
    assert_eq!(village.entry(61).await.fields.get("report_no").cloned(), shown);
}
