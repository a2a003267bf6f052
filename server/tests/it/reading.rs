//! A reference leads nobody where they may not look: whatever an operation names, its readers are told of it only what
//! lies in the villages granted to them now.

use crate::harness::{NOW_MS, OTHER_VILLAGE, TestDevice, TestServer, VILLAGE, entity, record_id, visit};
use bianfang_shared::access::Role;
use bianfang_shared::evidence::{CheckName, Finding};
use bianfang_shared::form::EffectKind;
use bianfang_shared::id::{ObservationId, OpId};
use bianfang_shared::ledger::{LedgerKind, Point};
use bianfang_shared::observation::{Observation, ObservationKind};
use bianfang_shared::op::{Body, Change};
use bianfang_shared::query::{Page, VisitDetail, VisitSummary};
use bianfang_shared::value::Value;
use serde_json::json;
use std::collections::BTreeMap;

/// What stands in the village that is not granted. Each is found in no other text.
const SECRETS: [&str; 4] = ["尉迟秘", "H-SECRET", "999999199001010016", "28.7654"];

/// A colleague's household in another village, with a person of it, and operations that say what it is like.
struct Elsewhere {
    ops: Vec<OpId>,
}

fn fields(fields: &[(&str, Value)]) -> BTreeMap<String, Value> {
    fields.iter().map(|(field, value)| ((*field).to_owned(), value.clone())).collect()
}

fn register(
    phone: &mut TestDevice,
    scope: &str,
    (number, ledger): (u8, LedgerKind),
    said: &[(&str, Value)],
) -> OpId {
    let (entity, cause) = (entity(number), None);
    let fields = crate::harness::whole(ledger, fields(said));
    phone.make(scope, Body::Register { entity, ledger, fields, cause, photos: Vec::new() })
}

fn point(lat: f64, lon: f64) -> Value {
    Value::write(&Point { lat, lon, accuracy_m: 5.0 })
}

async fn elsewhere(server: &TestServer) -> Elsewhere {
    server.add("stranger", Role::Supervisor, &[OTHER_VILLAGE]);
    let mut phone = server.device("stranger", 40).await;
    let [name, code, id_number, _] = SECRETS;
    let said = [("head_name", name.into()), ("code", code.into()), ("anchor", point(28.7654, 113.1))];
    let household = register(&mut phone, OTHER_VILLAGE, (90, LedgerKind::Household), &said);
    let said = [
        ("name", name.into()),
        ("id_number", id_number.into()),
        ("household", entity(90).to_string().into()),
    ];
    let person = register(&mut phone, OTHER_VILLAGE, (91, LedgerKind::Person), &said);
    let amended = phone.amend(OTHER_VILLAGE, entity(90), "head_name", format!("{name}二"), &[household]);
    phone.push_all(server).await;
    Elsewhere { ops: vec![household, person, amended] }
}

/// All that a person is told in answer to every question that a reviewer asks.
async fn all_that_is_told(server: &TestServer, reader: &TestDevice) -> String {
    let mut told = String::new();
    let mut asked = vec!["/api/v1/session".to_owned()];
    asked.extend(["visits", "households", "conflicts", "quarantine"].map(|list| format!("/api/v1/{list}")));
    asked.extend(
        ["conflict", "proposal", "registration", "same_code", "unfit"]
            .map(|kind| format!("/api/v1/decisions?kind={kind}")),
    );
    let entities = (0..=99).map(entity);
    asked.extend(entities.clone().map(|entity| format!("/api/v1/entries/{entity}")));
    asked.extend(entities.map(|entity| format!("/api/v1/entries/{entity}/history")));
    asked.extend((0..=99).map(|number| format!("/api/v1/visits/{}", record_id(number))));
    for path in asked {
        let reply = server.get(&path, &reader.token).await;
        assert!(matches!(reply.status, 200 | 404), "{path}: {}", reply.status);
        told.push_str(&String::from_utf8(reply.body).unwrap());
        told.push('\n');
    }
    told
}

async fn detail(server: &TestServer, reader: &TestDevice, id: ObservationId) -> VisitDetail {
    server.get(&format!("/api/v1/visits/{id}"), &reader.token).await.json()
}

#[tokio::test]
async fn an_amendment_gives_out_nothing_of_the_operations_that_it_names_as_parents() {
    let server = TestServer::new();
    let Elsewhere { ops, .. } = elsewhere(&server).await;
    let mut phone = server.device("cadre", 1).await;
    let own = phone.register(VILLAGE, entity(1), "王小明");
    let other = phone.register(VILLAGE, entity(2), "别家的");
    // Set aside, since it is of a village that is not granted.
    let aside = phone.register(OTHER_VILLAGE, entity(3), "没收下的");
    let last_of_another = OpId::new(ops[0].device, 99);
    for (number, parents, expected) in [
        (10, vec![ops[0]], ""),
        (11, vec![ops[2]], ""),
        (12, vec![own, ops[0]], "王小明"),
        (13, vec![ops[0], own], "王小明"),
        (14, vec![other], ""),
        (15, vec![aside], ""),
        (16, vec![last_of_another], ""),
        (17, vec![own], "王小明"),
    ] {
        let id = record_id(number);
        phone.record(VILLAGE, entity(1), id);
        let change = Change::new("head_name", "王大明", parents);
        phone.make(VILLAGE, Body::Amend { entity: entity(1), changes: vec![change], cause: Some(id) });
        phone.push_all(&server).await;
        let told: VisitDetail = detail(&server, &phone, id).await;
        for effect in told.effects {
            let EffectKind::Change { from, .. } = effect else { panic!("nothing else was done") };
            assert_eq!(from.as_text().unwrap_or_default(), expected, "{number}");
        }
    }
    // The same of an ID number, through a person of one's own.
    let born = register(&mut phone, VILLAGE, (4, LedgerKind::Person), &[("name", "王二".into())]);
    phone.record(VILLAGE, entity(1), record_id(20));
    for field in ["id_number", "name"] {
        let change = Change::new(field, Value::Null, vec![ops[1], born]);
        let cause = Some(record_id(20));
        phone.make(VILLAGE, Body::Amend { entity: entity(4), changes: vec![change], cause });
    }
    phone.push_all(&server).await;
    let told = all_that_is_told(&server, &phone).await;
    assert_eq!(SECRETS.map(|secret| told.contains(secret)), [false; 4]);
    let supervisor = server.device("supervisor", 3).await;
    let seen = all_that_is_told(&server, &supervisor).await;
    assert!(SECRETS.iter().all(|secret| seen.contains(secret)), "who has the village sees it all");
}

/// A record of this kind about an entry.
fn record(kind: ObservationKind, about: u8, number: u8) -> Observation {
    Observation { kind, ended_at_ms: NOW_MS + i64::from(number), ..visit(entity(about), record_id(number)) }
}

#[tokio::test]
async fn a_name_a_code_and_a_place_of_another_village_are_not_told_through_what_belongs_to_it() {
    let server = TestServer::new();
    // What belongs to an entry that is known elsewhere is set aside; these are said before it is known.
    let (household, person) = (entity(90), entity(91));
    let mut phone = server.device("cadre", 1).await;
    let [household, person] = [household, person].map(|id| Value::from(id.to_string()));
    use LedgerKind::{House, Issue, Person, Post, WaterSupply};
    use ObservationKind::{Attendance, HouseInspection, Visit, WaterCheck};
    let cases = [
        ("a house without a name", (20, House), vec![("household", household.clone())], HouseInspection),
        (
            "a house with one",
            (21, House),
            vec![("household", household.clone()), ("name", "老屋".into())],
            HouseInspection,
        ),
        ("a post", (22, Post), vec![("holder", person.clone()), ("kind", "road".into())], Attendance),
        ("a person", (23, Person), vec![("household", household.clone()), ("name", "王三".into())], Visit),
        ("a problem", (24, Issue), vec![("subject", household.clone()), ("topic", "housing".into())], Visit),
        ("a post held by a household", (25, Post), vec![("holder", household.clone())], Attendance),
        ("a house of a person", (26, House), vec![("household", person.clone())], HouseInspection),
        ("a supply", (27, WaterSupply), vec![("keeper", person.clone()), ("name", "井".into())], WaterCheck),
    ];
    for (_, (number, ledger), said, _) in &cases {
        register(&mut phone, VILLAGE, (*number, *ledger), said);
    }
    phone.push_all(&server).await;
    elsewhere(&server).await;
    for (_, (number, _), _, kind) in &cases {
        let made = record(*kind, *number, *number);
        phone.make(VILLAGE, Body::Record { observation: Box::new(made) });
    }
    phone.push_all(&server).await;
    let told = all_that_is_told(&server, &phone).await;
    assert_eq!(SECRETS.map(|secret| told.contains(secret)), [false; 4]);
    let supervisor = server.device("supervisor", 3).await;
    for (what, (number, ledger), ..) in &cases {
        let path = format!("/api/v1/visits?subject={}", entity(*number));
        let row = |page: Page<VisitSummary>| page.rows.into_iter().next();
        let Some(own) = row(server.get(&path, &phone.token).await.json()) else { continue };
        let seen = row(server.get(&path, &supervisor.token).await.json()).unwrap();
        let is_named_by_it = matches!(ledger, House | Post);
        assert_eq!(seen.subject_name.contains(SECRETS[0]), is_named_by_it, "{what}: who may see it is told");
        assert!(!own.subject_name.contains(SECRETS[0]), "{what}");
        let found: Page<VisitSummary> =
            server.get(&format!("{path}&text=%E5%B0%89%E8%BF%9F"), &phone.token).await.json();
        assert!(found.rows.is_empty(), "{what}: nor is it found by the name");
    }
}

#[tokio::test]
async fn a_record_is_not_measured_from_a_household_of_another_village() {
    let server = TestServer::new();
    let mut phone = server.device("cadre", 1).await;
    let own = [("anchor", point(28.9, 113.2))];
    register(&mut phone, VILLAGE, (1, LedgerKind::Household), &own);
    let cases = [(20, 90, None), (21, 91, None), (22, 99, None), (23, 1, Some((28.9, 113.2)))];
    for (number, household, _) in cases {
        let said = [("household", entity(household).to_string().into())];
        register(&mut phone, VILLAGE, (number, LedgerKind::House), &said);
    }
    phone.push_all(&server).await;
    // Known only after somebody named it.
    elsewhere(&server).await;
    for (number, household, expected) in cases {
        let made = record(ObservationKind::HouseInspection, number, number);
        phone.make(VILLAGE, Body::Record { observation: Box::new(made) });
        phone.push_all(&server).await;
        let told = detail(&server, &phone, record_id(number)).await;
        let place = |anchor: Point| (anchor.lat, anchor.lon);
        assert_eq!(told.anchor.map(place), expected, "household {household}");
        let distance = told.evidence.checks.iter().find(|check| check.name == CheckName::Distance).unwrap();
        assert_eq!(distance.finding == Finding::Unknown, expected.is_none(), "household {household}");
    }
}

#[tokio::test]
async fn what_names_no_village_is_shown_to_administrators_in_charge_of_its_sender_alone() {
    let server = TestServer::new();
    server.add("far", Role::Cadre, &["440000000000"]);
    let mut phone = server.device("far", 1).await;
    phone.make_raw("{\"told\":\"尉迟秘\"}".to_owned());
    phone.make_raw("[\"尉迟秘\"]".to_owned());
    phone.push_all(&server).await;
    let admin = server.device("admin", 9).await;
    assert!(!all_that_is_told(&server, &admin).await.contains("尉迟秘"));
    let release = format!("/api/v1/quarantine/{}/1/release", phone.id);
    assert_eq!(server.post(&release, &admin.token, &json!({})).await.status, 404);
    server.add("chief", Role::Administrator, &["000000000000"]);
    let chief = server.device("chief", 8).await;
    assert!(all_that_is_told(&server, &chief).await.contains("尉迟秘"));
    assert_eq!(server.post(&release, &chief.token, &json!({})).await.status, 200);
    assert!(all_that_is_told(&server, &phone).await.contains("尉迟秘"), "and to the sender");
}

#[tokio::test]
async fn names_to_sign_in_with_are_in_no_answer_but_the_administrators_list_of_their_own_people() {
    let server = TestServer::new();
    server.add("county-chief", Role::Administrator, &["430681000000"]);
    server.add("far-admin", Role::Administrator, &["440000000000"]);
    server.add("secret-login", Role::Cadre, &[VILLAGE]);
    let logins = ["county-chief", "far-admin", "secret-login"];
    // Their names to show are made of those to sign in with in the harness.
    let shown = |text: String| logins.map(|login| text.replace(&format!("{login} 同志"), "").contains(login));
    for (login, number) in [("cadre", 1), ("supervisor", 3), ("secret-login", 4)] {
        let reader = server.device(login, number).await;
        let told = all_that_is_told(&server, &reader).await;
        let own = logins.map(|known| known == login);
        assert_eq!(shown(told), own, "{login} knows only their own");
    }
    let admin = server.device("admin", 9).await;
    let mut told = all_that_is_told(&server, &admin).await;
    for path in ["/api/v1/devices", "/api/v1/audit"] {
        told.push_str(&String::from_utf8(server.get(path, &admin.token).await.body).unwrap());
    }
    assert_eq!(shown(told), [false; 3]);
    let people = server.get("/api/v1/users", &admin.token).await;
    assert_eq!(shown(String::from_utf8(people.body).unwrap()), [false, false, true]);
}
