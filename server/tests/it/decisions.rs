//! What waits for the office.

use crate::harness::{OTHER_VILLAGE, TestDevice, TestServer, VILLAGE, entity, whole};
use bianfang_shared::id::EntityId;
use bianfang_shared::judge::Outcome;
use bianfang_shared::ledger::LedgerKind;
use bianfang_shared::op::{Body, Change};
use bianfang_shared::query::{DecisionView, EntryView, Page};
use bianfang_shared::value::Value;
use std::collections::BTreeMap;

async fn waiting(server: &TestServer, phone: &TestDevice, kind: &str) -> Vec<DecisionView> {
    let path = format!("/api/v1/decisions?kind={kind}");
    let page: Page<DecisionView> = server.get(&path, &phone.token).await.json();
    assert!(page.unreadable.is_empty());
    page.rows
}

fn ids(rows: &[DecisionView]) -> Vec<EntityId> {
    rows.iter().map(|row| row.entity).collect()
}

fn register(number: u8, ledger: LedgerKind, said: &[(&str, Value)]) -> Body {
    let said = said.iter().map(|(field, value)| ((*field).to_owned(), value.clone())).collect();
    let fields = whole(ledger, said);
    Body::Register { entity: entity(number), ledger, fields, cause: None, photos: Vec::new() }
}

#[tokio::test]
async fn a_proposal_waits_until_it_is_adopted_refused_or_taken_back() {
    let server = TestServer::new();
    let (mut phone, mut office) = (server.device("cadre", 1).await, server.device("supervisor", 3).await);
    office.register(VILLAGE, entity(1), "王小明");
    office.push_all(&server).await;
    let propose = |field: &str, value: Value| Body::Propose {
        entity: entity(1),
        changes: vec![Change::new(field, value, Vec::new())],
        cause: None,
    };
    let adopted = phone.make(VILLAGE, propose("colour", "yellow".into()));
    let refused = phone.make(VILLAGE, propose("colour", "green".into()));
    let taken_back = phone.make(VILLAGE, propose("categories", Value::texts(["lifted"])));
    phone.push_all(&server).await;
    let rows = waiting(&server, &office, "proposal").await;
    let fields: Vec<&str> = rows.iter().map(|row| row.proposals[0].field.as_str()).collect();
    assert_eq!(fields, ["categories", "colour"]);
    assert_eq!(rows[1].proposals.len(), 2);
    assert_eq!((rows[1].name.as_str(), rows[1].code.as_str()), ("王小明", "H1"));
    assert_eq!(rows[1].people.get(&phone.user).map(String::as_str), Some("cadre 同志"));
    let adopts = Some(adopted);
    let change = Change { adopts, ..Change::new("colour", "yellow", Vec::new()) };
    office.make(VILLAGE, Body::Amend { entity: entity(1), changes: vec![change], cause: None });
    let refuse = |field: &str, proposal| Body::Refuse {
        entity: entity(1),
        field: field.to_owned(),
        proposal,
        reason: "不符合标准".to_owned(),
    };
    office.make(VILLAGE, refuse("colour", refused));
    office.push_all(&server).await;
    phone.make(VILLAGE, refuse("categories", taken_back));
    phone.push_all(&server).await;
    assert_eq!(waiting(&server, &office, "proposal").await, []);
    let entry: EntryView = server.get(&format!("/api/v1/entries/{}", entity(1)), &office.token).await.json();
    assert_eq!(entry.fields.get("colour"), Some(&"yellow".into()));
    assert!(!entry.fields.contains_key("categories"));
}

#[tokio::test]
async fn what_was_registered_at_the_door_waits_until_the_office_confirms_it() {
    let server = TestServer::new();
    let (mut phone, mut office) = (server.device("cadre2", 2).await, server.device("supervisor", 3).await);
    phone.make(VILLAGE, register(1, LedgerKind::Household, &[]));
    phone.make(VILLAGE, register(2, LedgerKind::Person, &[("name", "王大山".into())]));
    phone.make(OTHER_VILLAGE, register(4, LedgerKind::Household, &[]));
    phone.push_all(&server).await;
    let rows = waiting(&server, &office, "registration").await;
    assert_eq!(ids(&rows), [entity(1), entity(2), entity(4)]);
    assert_eq!(rows[1].name, "王大山");
    assert_eq!(rows[0].people.get(&phone.user).map(String::as_str), Some("cadre2 同志"));
    // Another's village is nobody else's to see.
    let cadre = server.device("cadre", 1).await;
    assert_eq!(ids(&waiting(&server, &cadre, "registration").await), [entity(1), entity(2)]);
    let by_phone = phone.ops.len();
    let parents = vec![bianfang_shared::id::OpId::new(phone.id, 1)];
    phone.amend(VILLAGE, entity(1), "registration", "confirmed", &parents);
    let receipts = phone.push_all(&server).await;
    assert!(matches!(receipts[by_phone].outcome, Outcome::Quarantined { .. }), "only the office confirms");
    office.amend(VILLAGE, entity(1), "registration", "confirmed", &parents);
    office.push_all(&server).await;
    assert_eq!(ids(&waiting(&server, &office, "registration").await), [entity(2), entity(4)]);
}

#[tokio::test]
async fn two_entries_with_one_code_are_told_each_of_the_other_until_one_is_renumbered() {
    let server = TestServer::new();
    let mut office = server.device("supervisor", 3).await;
    let code = |code: &str| [("code", Value::from(code))];
    let first = office.make(VILLAGE, register(1, LedgerKind::Household, &code("0007")));
    office.make(VILLAGE, register(2, LedgerKind::Household, &code("0007")));
    office.make(VILLAGE, register(3, LedgerKind::Household, &code("0008")));
    // The same code elsewhere, of another ledger, or none at all is no other's.
    office.make(OTHER_VILLAGE, register(4, LedgerKind::Household, &code("0007")));
    office.make(VILLAGE, register(5, LedgerKind::WaterSupply, &code("0007")));
    office.make(VILLAGE, register(6, LedgerKind::House, &[("household", entity(1).to_string().into())]));
    office.make(VILLAGE, register(7, LedgerKind::House, &[("household", entity(1).to_string().into())]));
    // Nor is the same entry once more, as from a phone that enrolled anew.
    office.make(VILLAGE, register(3, LedgerKind::Household, &code("0008")));
    for number in [8, 9] {
        let said = [("household", entity(1).to_string().into()), ("code", "F1".into())];
        office.make(VILLAGE, register(number, LedgerKind::House, &said));
    }
    let receipts = office.push_all(&server).await;
    assert!(receipts.iter().all(|receipt| receipt.outcome == Outcome::Merged), "{receipts:?}");
    let rows = waiting(&server, &office, "same_code").await;
    assert_eq!(ids(&rows), [entity(1), entity(2), entity(8), entity(9)]);
    let others = |row: &DecisionView| row.others.iter().map(|other| other.entity).collect::<Vec<_>>();
    assert_eq!([others(&rows[0]), others(&rows[3])], [vec![entity(2)], vec![entity(8)]]);
    let path = format!("/api/v1/entries/{}", entity(2));
    let entry: EntryView = server.get(&path, &office.token).await.json();
    assert_eq!(entry.same_code.iter().map(|other| other.entity).collect::<Vec<_>>(), [entity(1)]);
    office.amend(VILLAGE, entity(1), "code", "0009", &[first]);
    office.push_all(&server).await;
    assert_eq!(ids(&waiting(&server, &office, "same_code").await), [entity(8), entity(9)]);
    let entry: EntryView = server.get(&path, &office.token).await.json();
    assert!(entry.same_code.is_empty());
}

#[tokio::test]
async fn a_long_list_is_told_page_by_page() {
    let server = TestServer::new();
    let (mut phone, office) = (server.device("cadre", 1).await, server.device("supervisor", 3).await);
    for number in 1..=7 {
        phone.make(VILLAGE, register(number, LedgerKind::Household, &[]));
    }
    phone.push_all(&server).await;
    let (mut found, mut after) = (Vec::new(), String::new());
    loop {
        let path = format!("/api/v1/decisions?kind=registration&limit=3{after}");
        let page: Page<DecisionView> = server.get(&path, &office.token).await.json();
        found.extend(ids(&page.rows));
        match page.next {
            Some(next) => after = format!("&after={next}"),
            None => break,
        }
    }
    assert_eq!(found, (1..=7).map(entity).collect::<Vec<_>>());
    assert_eq!(server.get("/api/v1/decisions", &office.token).await.status, 400);
    let _: BTreeMap<String, Value> = server.get("/api/v1/decisions?kind=x", &office.token).await.json();
}
