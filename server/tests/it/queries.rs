//! What reviewers are shown.

use crate::harness::{OTHER_VILLAGE, TestDevice, TestServer, VILLAGE, entity, record_id};
use bianfang_shared::id::OpId;
use bianfang_shared::ledger::LedgerKind;
use bianfang_shared::op::{Body, Change, Verdict};
use bianfang_shared::query::{
    ConflictView, EntryView, HistoryItem, HouseholdSummary, Page, QuarantineItem, ReviewState, VisitDetail,
    VisitSummary,
};
use serde_json::json;
use std::collections::BTreeMap;

/// A household visited, its water state changed and a problem opened; a second cadre disagreed; a supervisor spoke.
async fn told() -> (TestServer, TestDevice, TestDevice, OpId) {
    let server = TestServer::new();
    let mut phone = server.device("cadre", 1).await;
    let mut supervisor = server.device("supervisor", 3).await;
    let mut other = server.device("cadre2", 2).await;
    let fields = BTreeMap::from([
        ("registration".to_owned(), "to_confirm".into()),
        ("head_name".to_owned(), "王小明".into()),
        ("water_state".to_owned(), "met".into()),
    ]);
    let ledger = LedgerKind::Household;
    let born = phone
        .make(VILLAGE, Body::Register { entity: entity(1), ledger, fields, cause: None, photos: Vec::new() });
    phone.record(VILLAGE, entity(1), record_id(5));
    let water = |value: &str| Change {
        field: "water_state".to_owned(),
        value: value.into(),
        parents: vec![born],
        adopts: None,
    };
    let cause = Some(record_id(5));
    phone.make(VILLAGE, Body::Amend { entity: entity(1), changes: vec![water("unmet")], cause });
    let issue = BTreeMap::from([
        ("topic".to_owned(), "water".into()),
        ("what".to_owned(), "饮水不达标".into()),
        ("urgent".to_owned(), true.into()),
        ("lead".to_owned(), "镇农业服务中心".into()),
        ("deadline".to_owned(), "2025-06-17".into()),
        ("subject".to_owned(), entity(1).to_string().into()),
        ("state".to_owned(), "open".into()),
    ]);
    phone.make(
        VILLAGE,
        Body::Register {
            entity: entity(8),
            ledger: LedgerKind::Issue,
            fields: issue,
            cause,
            photos: Vec::new(),
        },
    );
    phone.push_all(&server).await;
    // Somebody else's change that claims the same cause is not this visit's doing.
    other.make(VILLAGE, Body::Amend { entity: entity(1), changes: vec![water("basic")], cause });
    other.push_all(&server).await;
    let comment = "补照片".to_owned();
    supervisor.make(VILLAGE, Body::Review { observation: record_id(5), verdict: Verdict::SentBack, comment });
    supervisor.push_all(&server).await;
    (server, phone, supervisor, born)
}

#[tokio::test]
async fn a_visit_shows_its_answers_effects_evidence_reviews_and_conflicts() {
    let (server, phone, supervisor, _) = told().await;
    let list: Page<VisitSummary> = server.get("/api/v1/visits", &supervisor.token).await.json();
    assert_eq!(list.rows.len(), 1);
    let row = &list.rows[0];
    assert_eq!((row.subject_name.as_str(), row.subject_code.as_str()), ("王小明", ""));
    assert_eq!((row.issues, row.conflicts, row.state), (1, 1, ReviewState::SentBack));
    let path = format!("/api/v1/visits/{}", record_id(5));
    let detail: VisitDetail = server.get(&path, &supervisor.token).await.json();
    assert_eq!(detail.summary, *row);
    assert_eq!(detail.op, OpId::new(phone.id, 2));
    assert_eq!(detail.observation.met, "户主");
    assert_eq!(detail.conflicts.len(), 1);
    assert_eq!(detail.reviews[0].comment, "补照片");
    insta::assert_json_snapshot!(detail.effects);
    let own: VisitDetail = server.get(&path, &phone.token).await.json();
    assert_eq!(own, detail, "its author sees the same");
}

#[tokio::test]
async fn the_review_list_is_filtered_and_stays_within_the_grants() {
    let (server, phone, supervisor, _) = told().await;
    let stranger = server.device("cadre2", 4).await;
    for (filter, found) in [
        (String::new(), 1),
        (format!("?area={VILLAGE}"), 1),
        (format!("?area={OTHER_VILLAGE}"), 0),
        ("?area=440000000000".to_owned(), 0),
        (format!("?author={}", phone.user), 1),
        (format!("?author={}", supervisor.user), 0),
        (format!("?subject={}", entity(1)), 1),
        ("?outcome=at_home&state=sent_back".to_owned(), 1),
        ("?state=waiting".to_owned(), 0),
        ("?text=wxm".to_owned(), 1),
        ("?text=%E7%8E%8B".to_owned(), 1),
        ("?text=nobody".to_owned(), 0),
        ("?from_ms=1750000000000&until_ms=1750000000001".to_owned(), 1),
        ("?until_ms=1750000000000".to_owned(), 0),
    ] {
        let page: Page<VisitSummary> =
            server.get(&format!("/api/v1/visits{filter}"), &supervisor.token).await.json();
        assert_eq!(page.rows.len(), found, "{filter}");
    }
    let all: Page<VisitSummary> = server.get("/api/v1/visits", &stranger.token).await.json();
    assert_eq!(all.rows.len(), 1);
    let admin = server.device("admin", 9).await;
    let path = format!("/api/v1/users/{}/grants", stranger.user);
    server.put(&path, &admin.token, &json!({"grants": [OTHER_VILLAGE]})).await;
    let none: Page<VisitSummary> = server.get("/api/v1/visits", &stranger.token).await.json();
    assert!(none.rows.is_empty());
    let detail = server.get(&format!("/api/v1/visits/{}", record_id(5)), &stranger.token).await;
    assert_eq!(detail.status, 404);
    let entry = server.get(&format!("/api/v1/entries/{}", entity(1)), &stranger.token).await;
    assert_eq!(entry.status, 404);
}

#[tokio::test]
async fn an_entry_shows_its_fields_conflicts_and_who_said_what_because_of_which_visit() {
    let (server, phone, supervisor, born) = told().await;
    let path = format!("/api/v1/entries/{}", entity(1));
    let view: EntryView = server.get(&path, &supervisor.token).await.json();
    assert_eq!(view.fields["head_name"], "王小明".into());
    assert_eq!(view.conflicts[0].siblings.len(), 2);
    let conflicts: Page<ConflictView> = server.get("/api/v1/conflicts", &supervisor.token).await.json();
    assert_eq!(conflicts.rows, view.conflicts);
    let mut rows: Vec<HistoryItem> = Vec::new();
    let mut after = String::new();
    loop {
        let page: Page<HistoryItem> =
            server.get(&format!("{path}/history?limit=1{after}"), &supervisor.token).await.json();
        rows.extend(page.rows);
        let Some(next) = page.next else { break };
        after = format!("&after={next}");
    }
    let told: Vec<_> = rows.iter().map(|item| (item.field.as_str(), item.value.as_text().unwrap())).collect();
    assert_eq!(
        told,
        [
            ("water_state", "basic"),
            ("water_state", "unmet"),
            ("head_name", "王小明"),
            ("registration", "to_confirm"),
            ("water_state", "met")
        ]
    );
    assert_eq!((rows[1].cause, rows[1].device), (Some(record_id(5)), phone.id));
    assert_eq!(rows[4].op, born);
}

#[tokio::test]
async fn households_are_found_by_what_a_person_remembers_and_paged_by_key() {
    let server = TestServer::new();
    let mut phone = server.device("supervisor", 1).await;
    for number in 1..=9 {
        let scope = if number % 2 == 0 { VILLAGE } else { OTHER_VILLAGE };
        phone.register(scope, entity(number), if number == 5 { "李大山" } else { "王小明" });
    }
    phone.push_all(&server).await;
    let (mut codes, mut after) = (Vec::new(), String::new());
    loop {
        let page: Page<HouseholdSummary> =
            server.get(&format!("/api/v1/households?limit=4{after}"), &phone.token).await.json();
        codes.extend(page.rows.into_iter().map(|row| row.code));
        let Some(next) = page.next else { break };
        after = format!("&after={next}");
    }
    assert_eq!(codes, ["H2", "H4", "H6", "H8", "H1", "H3", "H5", "H7", "H9"]);
    for text in ["李", "lds", "%E6%9D%8E%E5%A4%A7", "H5"] {
        let path = format!("/api/v1/households?text={text}");
        let page: Page<HouseholdSummary> =
            server.get(&path.replace('李', "%E6%9D%8E"), &phone.token).await.json();
        assert_eq!(page.rows.iter().map(|row| row.code.as_str()).collect::<Vec<_>>(), ["H5"], "{text}");
    }
}

#[tokio::test]
async fn what_was_set_aside_is_shown_and_merged_when_judged_again() {
    let server = TestServer::new();
    let admin = server.device("admin", 9).await;
    let supervisor = server.device("supervisor", 3).await;
    let mut phone = server.device("cadre", 1).await;
    phone.register(OTHER_VILLAGE, entity(1), "王小明");
    phone.make_raw("{}".to_owned());
    phone.push_all(&server).await;
    let own: Page<QuarantineItem> = server.get("/api/v1/quarantine", &phone.token).await.json();
    assert_eq!(own.rows.len(), 2);
    let seen: Page<QuarantineItem> = server.get("/api/v1/quarantine", &supervisor.token).await.json();
    assert_eq!(seen.rows.len(), 1, "what names no village is the administrator's");
    assert_eq!(seen.rows[0].raw, phone.ops[0]);
    let all: Page<QuarantineItem> = server.get("/api/v1/quarantine", &admin.token).await.json();
    assert_eq!(all.rows.len(), 2);
    let release = format!("/api/v1/quarantine/{}/1/release", phone.id);
    assert_eq!(server.post(&release, &phone.token, &json!({})).await.status, 404);
    let reply: serde_json::Value = server.post(&release, &supervisor.token, &json!({})).await.json();
    assert_eq!(reply, json!({"merged": false}));
    let grants = format!("/api/v1/users/{}/grants", phone.user);
    server.put(&grants, &admin.token, &json!({"grants": [VILLAGE, OTHER_VILLAGE]})).await;
    let reply: serde_json::Value = server.post(&release, &supervisor.token, &json!({})).await.json();
    assert_eq!(reply, json!({"merged": true}));
    assert_eq!(phone.log(&server, OTHER_VILLAGE).await, phone.ops[..1]);
    assert_eq!(server.post(&release, &supervisor.token, &json!({})).await.status, 404);
}
