//! One bad row harms one row: lists go on without it and name it, evidence and entries are worked out again, and a push
//! that cannot be kept costs nobody but the operation that is to blame.

use crate::harness::{OTHER_VILLAGE, TestDevice, TestServer, VILLAGE, entity, issue, record_id};
use bianfang_server::service::verify::verify;
use bianfang_server::store::faults::Faults;
use bianfang_server::{App, Config};
use bianfang_shared::id::{EntityId, OpId};
use bianfang_shared::judge::{Outcome, Reason};
use bianfang_shared::ledger::LedgerKind;
use bianfang_shared::op::{Body, Verdict};
use bianfang_shared::query::{
    DecisionView, EntryView, HouseholdSummary, Page, QuarantineItem, VisitDetail, VisitSummary,
};
use bianfang_shared::wire::{PushReply, Receipt};
use serde_json::Value;
use std::sync::Arc;

fn database(server: &TestServer) -> rusqlite::Connection {
    rusqlite::Connection::open(bianfang_server::database_path(&server.folder)).unwrap()
}

fn change(server: &TestServer, sql: &str) {
    database(server).execute_batch(sql).unwrap();
}

fn aside(receipts: &[Receipt]) -> Vec<u64> {
    let kept = |receipt: &&Receipt| receipt.outcome == Outcome::Quarantined { reason: Reason::CannotBeKept };
    receipts.iter().filter(kept).map(|receipt| receipt.seq).collect()
}

/// Two villages with households, records, a conflict and something set aside.
async fn filled() -> (TestServer, TestDevice, TestDevice) {
    let server = TestServer::new();
    let mut phone = server.device("cadre", 1).await;
    phone.register(VILLAGE, entity(1), "王小明");
    phone.register(VILLAGE, entity(2), "李大山");
    phone.record(VILLAGE, entity(1), record_id(1));
    phone.record(VILLAGE, entity(2), record_id(2));
    for at in [1, 2] {
        phone.amend(VILLAGE, entity(at), "insured", "all", &[]);
        phone.amend(VILLAGE, entity(at), "insured", "some", &[]);
        phone.amend(VILLAGE, entity(at + 100), "insured", "some", &[]);
    }
    phone.push_all(&server).await;
    let supervisor = server.device("supervisor", 3).await;
    (server, phone, supervisor)
}

#[tokio::test]
async fn a_row_that_cannot_be_read_is_named_and_every_other_is_listed() {
    let lists = ["visits", "households", "conflicts", "quarantine"];
    // What is damaged, the list that is one row short, and whether its page names a row.
    let cases = [
        ("UPDATE record SET review = 'nonsense' WHERE rowid = 1", "visits"),
        ("UPDATE record SET review = x'00' WHERE rowid = 1", "visits"),
        ("UPDATE record SET subject = x'01' WHERE rowid = 1", "visits"),
        ("UPDATE household SET sort = x'ff' WHERE id = (SELECT min(id) FROM household)", "households"),
        (
            "UPDATE decision SET ledger = x'00' WHERE kind = 'conflict' AND entity = (SELECT min(entity) FROM decision WHERE kind = 'conflict')",
            "conflicts",
        ),
        ("UPDATE aside SET sender = x'00' WHERE seq = (SELECT min(seq) FROM aside)", "quarantine"),
    ];
    for (damage, short) in cases {
        let (server, _, supervisor) = filled().await;
        change(&server, damage);
        for list in lists {
            let reply = server.get(&format!("/api/v1/{list}?limit=1"), &supervisor.token).await;
            assert_eq!(reply.status, 200, "{list} after: {damage}");
            let reply = server.get(&format!("/api/v1/{list}"), &supervisor.token).await;
            let page: Page<Value> = reply.json();
            let expected = if list == short { (1, 1) } else { (2, 0) };
            assert_eq!((page.rows.len(), page.unreadable.len()), expected, "{list} after: {damage}");
        }
        let report = verify(&**server.app.store()).unwrap();
        assert!(!report.is_sound(), "verify ends and names what this did: {damage}");
    }
}

#[tokio::test]
async fn what_is_small_and_cannot_be_read_takes_no_list_with_it() {
    for (damage, is_named) in [
        ("UPDATE account SET role = 'king' WHERE login = 'cadre2'", true),
        ("UPDATE account SET name = x'ff' WHERE login = 'cadre2'", true),
        ("UPDATE aside SET reason = '{'", true),
        // Written anew with the next record.
        ("UPDATE device SET last_trace = '{\"lat\":null}'", false),
        ("UPDATE device SET label = x'ff'", true),
        ("INSERT INTO area (code, name) VALUES (-7, 'nowhere')", true),
        ("INSERT INTO scope (area, seq, checksum) VALUES (-7, 0, 0)", true),
        // It grants nothing.
        ("UPDATE granted SET area = -7 WHERE area = 430681113215", false),
        ("UPDATE record SET anchor = '{\"lat\":null,\"lon\":null}'", true),
        ("UPDATE record SET circumstances = 'null of it'", true),
        ("UPDATE log SET raw = x'ff' WHERE id = (SELECT max(id) FROM log)", true),
    ] {
        let (server, mut phone, supervisor) = filled().await;
        let admin = server.device("admin", 9).await;
        change(&server, damage);
        for (path, token) in [
            ("visits", &supervisor.token),
            ("households", &supervisor.token),
            ("conflicts", &supervisor.token),
            ("quarantine", &supervisor.token),
            ("session", &supervisor.token),
            ("users", &admin.token),
            ("devices", &admin.token),
            ("audit", &admin.token),
        ] {
            let status = server.get(&format!("/api/v1/{path}"), token).await.status;
            assert_eq!(status, 200, "{path} after: {damage}");
        }
        let first = phone.ops.len() as u64 + 1;
        phone.register(VILLAGE, entity(9), "赵一");
        phone.record(VILLAGE, entity(9), record_id(9));
        let reply = phone.push(&server, first, first + 1).await;
        assert!(matches!(reply, PushReply::Accepted { .. }), "{damage}");
        assert_eq!(verify(&**server.app.store()).unwrap().is_sound(), !is_named, "{damage}");
    }
}

#[tokio::test]
async fn evidence_that_cannot_be_read_is_worked_out_again_from_the_operation() {
    for damage in [
        r#"replace(evidence, '"age_s":30.0', '"age_s":"soon"')"#,
        "'{'",
        "'[]'",
        "x'ff'",
        r#"json_remove(evidence, '$.grade')"#,
    ] {
        let (mut server, _, supervisor) = filled().await;
        let detail = async |server: &TestServer| -> VisitDetail {
            server.get(&format!("/api/v1/visits/{}", record_id(1)), &supervisor.token).await.json()
        };
        let before = detail(&server).await;
        change(&server, &format!("UPDATE record SET evidence = {damage}"));
        let kept = |server: &TestServer| -> Vec<u8> {
            let connection = database(server);
            connection
                .query_row("SELECT CAST(evidence AS BLOB) FROM record LIMIT 1", [], |row| row.get(0))
                .unwrap()
        };
        let damaged = kept(&server);
        assert_eq!(detail(&server).await.evidence, before.evidence, "{damage}");
        let page: Page<VisitSummary> = server.get("/api/v1/visits", &supervisor.token).await.json();
        assert_eq!((page.rows.len(), page.rows[0].grade), (2, before.summary.grade), "{damage}");
        assert!(!verify(&**server.app.store()).unwrap().is_sound(), "{damage}");
        // The next start works it out for good.
        server.crash_and_reopen();
        server.app.starting();
        assert_ne!(kept(&server), damaged, "{damage}");
        assert!(verify(&**server.app.store()).unwrap().is_sound(), "{damage}");
        assert_eq!(detail(&server).await.evidence, before.evidence, "{damage}");
    }
}

#[tokio::test]
async fn an_entry_that_cannot_be_read_is_folded_again_and_goes_on() {
    for damage in ["'{'", "'[[[['", "x'ff'"] {
        let (server, mut phone, supervisor) = filled().await;
        let households = async |server: &TestServer| -> Page<HouseholdSummary> {
            server.get("/api/v1/households", &supervisor.token).await.json()
        };
        let before = households(&server).await;
        change(&server, &format!("UPDATE entry SET state = {damage}"));
        assert_eq!(households(&server).await, before, "{damage}");
        let first = phone.ops.len() as u64 + 1;
        phone.amend(VILLAGE, entity(1), "address", "一组", &[]);
        phone.amend(VILLAGE, entity(2), "address", "二组", &[]);
        let PushReply::Accepted { outcomes, .. } = phone.push(&server, first, first + 1).await else {
            panic!()
        };
        assert!(outcomes.iter().all(|receipt| receipt.outcome == Outcome::Merged), "{damage}");
        assert!(
            verify(&**server.app.store()).unwrap().is_sound(),
            "{damage}: written again, it is as it should be"
        );
    }
}

/// What makes an operation impossible to keep, and how one of the four that follow is made so.
const IMPOSSIBLE: [(&str, &str); 4] = [
    (
        "a value that no row can hold",
        "CREATE TRIGGER no BEFORE INSERT ON log WHEN instr(NEW.raw, 'poison') \
      BEGIN SELECT RAISE(ABORT, 'not that'); END",
    ),
    (
        "a record's row",
        "CREATE TRIGGER no BEFORE INSERT ON entry WHEN instr(NEW.state, 'poison') \
      BEGIN SELECT RAISE(ABORT, 'not that'); END",
    ),
    ("a damaged record", "UPDATE record SET review = x'00' WHERE id = (SELECT max(id) FROM record)"),
    (
        "an entry that nothing can mend",
        "UPDATE entry SET state = '{' WHERE id = (SELECT max(id) FROM entry); UPDATE log SET raw = '{' WHERE instr(raw, '李大山')",
    ),
];

#[tokio::test]
async fn the_operation_that_cannot_be_kept_is_set_aside_and_all_others_are_merged() {
    for (what, damage) in IMPOSSIBLE {
        let (server, _, mut supervisor) = filled().await;
        let mut other = server.device("cadre2", 2).await;
        change(&server, damage);
        supervisor.register(VILLAGE, entity(20), "甲");
        match what {
            "a damaged record" => {
                let (observation, comment) = (record_id(2), String::new());
                supervisor.make(VILLAGE, Body::Review { observation, verdict: Verdict::Approved, comment });
            }
            "an entry that nothing can mend" => {
                supervisor.amend(VILLAGE, entity(2), "address", "三组", &[]);
            }
            _ => drop(supervisor.register(VILLAGE, entity(21), "poison")),
        }
        supervisor.register(VILLAGE, entity(22), "乙");
        supervisor.amend(VILLAGE, entity(22), "address", "四组", &[]);
        other.register(OTHER_VILLAGE, entity(30), "丙");
        let jobs = [job(&server, &supervisor), job(&server, &other)];
        let answers = server.app.merger().merge_now(&jobs);
        let [
            Ok(PushReply::Accepted { outcomes, chain, .. }),
            Ok(PushReply::Accepted { outcomes: others, .. }),
        ] = &answers[..]
        else {
            panic!("{what}: {answers:?}")
        };
        assert_eq!((aside(outcomes), chain.last_seq, outcomes.len()), (vec![2], 4, 4), "{what}");
        assert_eq!((aside(others), others.len()), (vec![], 1), "{what}");
        let again = supervisor.push_all(&server).await;
        assert_eq!(&again, outcomes, "{what}: asked again, the same is answered");
        let page: Page<QuarantineItem> = server.get("/api/v1/quarantine", &supervisor.token).await.json();
        let kept = page.rows.iter().find(|item| item.reason == Reason::CannotBeKept).unwrap();
        assert_eq!(kept.raw, supervisor.ops[1], "{what}: all of it is kept, and shown where it belongs");
    }
}

fn job(server: &TestServer, device: &TestDevice) -> bianfang_server::service::push::PushJob {
    let who = server.app.sessions().who(&device.token).unwrap();
    let request = device.push_request(1, device.ops.len() as u64);
    bianfang_server::service::push::prepare(&request, &who).unwrap()
}

/// The program itself fails where a field comes into conflict.
#[derive(Debug)]
struct Panics;

impl Faults for Panics {
    fn fails(&self, statement: &str) -> bool {
        assert!(!statement.contains("INTO decision"), "as the test wants");
        false
    }
}

#[tokio::test]
async fn where_the_program_fails_over_an_operation_the_others_are_merged() {
    let mut server = TestServer::new();
    let config = Config { faults: Arc::new(Panics), ..server.app.config().clone() };
    server.app = App::open(config).unwrap();
    server.router = server.app.router();
    let mut phone = server.device("supervisor", 1).await;
    phone.register(VILLAGE, entity(1), "王小明");
    phone.amend(VILLAGE, entity(1), "insured", "all", &[]);
    phone.amend(VILLAGE, entity(1), "insured", "some", &[]);
    phone.register(VILLAGE, entity(2), "李大山");
    assert_eq!(aside(&phone.push_all(&server).await), [3]);
    assert_eq!(phone.log(&server, VILLAGE).await.len(), 3);
    assert!(verify(&**server.app.store()).unwrap().is_sound());
}

#[tokio::test]
async fn what_waited_and_cannot_be_kept_does_not_hold_up_what_it_waited_for() {
    let server = TestServer::new();
    let mut phone = server.device("cadre", 1).await;
    let mut other = server.device("cadre2", 2).await;
    other.amend(VILLAGE, entity(1), "head_name", "poison", &[]);
    other.amend(VILLAGE, entity(1), "address", "一组", &[]);
    other.push_all(&server).await;
    change(
        &server,
        "CREATE TRIGGER no BEFORE INSERT ON log WHEN instr(NEW.raw, 'poison') BEGIN SELECT RAISE(ABORT, 'no'); END",
    );
    phone.register(VILLAGE, entity(1), "王小明");
    let receipts = phone.push_all(&server).await;
    assert_eq!(receipts[0].outcome, Outcome::Merged);
    assert_eq!(aside(&other.push_all(&server).await), [1], "the other one that waited is merged");
    assert_eq!(phone.log(&server, VILLAGE).await.len(), 2);
    assert!(verify(&**server.app.store()).unwrap().is_sound());
}

#[tokio::test]
async fn where_the_store_is_out_of_reach_nothing_is_set_aside_and_all_are_asked_to_come_again() {
    let mut server = TestServer::new();
    let mut phone = server.device("cadre", 1).await;
    let mut other = server.device("cadre2", 2).await;
    phone.register(VILLAGE, entity(1), "王小明");
    other.register(OTHER_VILLAGE, entity(2), "李大山");
    let jobs = [job(&server, &phone), job(&server, &other)];
    for n in 1..40 {
        server.faults.arm(n);
        let answers = server.app.merger().merge_now(&jobs);
        if answers.iter().all(Result::is_ok) {
            break;
        }
        assert!(answers.iter().all(Result::is_err), "statement {n}");
        for answer in answers {
            let problem = answer.unwrap_err().problem();
            assert_eq!((problem.status, problem.permanent), (503, false), "statement {n}");
        }
        assert_eq!(server.app.store().counts().unwrap().aside, 0);
    }
    server.faults.arm(0);
    server.crash_and_reopen();
    assert_eq!(aside(&phone.push_all(&server).await), [0; 0]);
}

/// The tables as the version before had them.
const A_VERSION_BACK: &str = "ALTER TABLE decision RENAME TO conflict; DROP INDEX found_by_code; \
     ALTER TABLE found DROP COLUMN ledger; ALTER TABLE found DROP COLUMN code; \
     ALTER TABLE record DROP COLUMN accompanied; PRAGMA user_version = 7;";

#[tokio::test]
async fn what_nobody_may_write_and_an_older_version_merged_is_listed_for_the_office_and_stays() {
    let mut server = TestServer::new();
    let mut office = server.device("supervisor", 3).await;
    office.register(VILLAGE, entity(1), "王小明");
    let colour = office.amend(VILLAGE, entity(1), "colour", "yellow", &[]);
    let fields = issue("water", entity(1));
    let (ledger, photos) = (LedgerKind::Issue, Vec::new());
    office.make(VILLAGE, Body::Register { entity: entity(8), ledger, fields, cause: None, photos });
    let parents = vec![OpId::new(office.id, 1)];
    office.amend(VILLAGE, entity(1), "head_name", "王大明", &parents);
    office.push_all(&server).await;
    change(
        &server,
        "UPDATE entry SET state = replace(replace(state, '\"yellow\"', '\"purple\"'), '\"open\"', '\"closed\"')",
    );
    change(&server, "UPDATE log SET raw = replace(raw, '\"state\":\"open\"', '\"state\":\"closed\"')");
    let foreign = format!("{}/1", office.id).replace("03030303", "04040404");
    change(&server, &format!("UPDATE log SET raw = replace(raw, '{}/1', '{foreign}')", office.id));
    change(&server, A_VERSION_BACK);
    server.crash_and_reopen();
    let listed = async |server: &TestServer| -> Vec<(EntityId, String)> {
        let page: Page<DecisionView> = server.get("/api/v1/decisions?kind=unfit", &office.token).await.json();
        page.rows.into_iter().map(|row| (row.entity, row.field)).collect()
    };
    let (colour_of_1, state_of_8) = ((entity(1), "colour".to_owned()), (entity(8), "state".to_owned()));
    assert_eq!(listed(&server).await, [colour_of_1, state_of_8.clone()]);
    let view: EntryView = server.get(&format!("/api/v1/entries/{}", entity(1)), &office.token).await.json();
    assert_eq!(view.fields.get("colour"), Some(&"purple".into()), "it is shown as it stands");
    let report = verify(&**server.app.store()).unwrap();
    for left in ["gives a problem a state", &format!("replaces {foreign} in head_name")] {
        assert!(report.unsettled_named.iter().any(|name| name.contains(left)), "{left}: {report:?}");
    }
    let mut phone = server.device("supervisor", 5).await;
    phone.amend(VILLAGE, entity(1), "colour", "green", &[colour]);
    phone.push_all(&server).await;
    assert_eq!(listed(&server).await, [state_of_8], "put right by a person");
}
