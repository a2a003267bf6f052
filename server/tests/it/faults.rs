//! The database fails at every statement in turn: nothing is half done, and a retry completes.

use crate::harness::{TestDevice, TestServer, VILLAGE, entity, record_id};
use bianfang_server::service::verify::verify;
use bianfang_shared::op::{Body, Verdict};
use bianfang_shared::wire::PushReply;

/// Far more statements than a push takes.
const STATEMENTS_MAX: u32 = 500;

async fn prepared() -> (TestServer, TestDevice) {
    let server = TestServer::new();
    let mut other = server.device("cadre2", 2).await;
    let mut phone = server.device("cadre", 1).await;
    let born = phone.register(VILLAGE, entity(1), "王小明");
    phone.push_all(&server).await;
    // Waits for what the push below brings.
    let mut supervisor = server.device("supervisor", 3).await;
    let review =
        Body::Review { observation: record_id(5), verdict: Verdict::Approved, comment: String::new() };
    supervisor.make(VILLAGE, review);
    supervisor.push_all(&server).await;
    other.amend(VILLAGE, entity(1), "head_name", "王二明", &[born]);
    other.push_all(&server).await;
    phone.amend(VILLAGE, entity(1), "head_name", "王大明", &[born]);
    phone.register(VILLAGE, entity(2), "李大山");
    phone.record(VILLAGE, entity(1), record_id(5));
    phone.amend(VILLAGE, entity(9), "insured", "all", &[]);
    (server, phone)
}

#[tokio::test]
async fn a_push_survives_the_failure_of_any_one_statement() {
    let (reference, phone) = prepared().await;
    let expected = (phone.push_all(&reference).await, phone.log(&reference, VILLAGE).await);
    for n in 1..STATEMENTS_MAX {
        let (mut server, phone) = prepared().await;
        server.faults.arm(n);
        let last = phone.ops.len() as u64;
        let reply = server.post("/api/v1/sync/push", &phone.token, &phone.push_request(1, last)).await;
        if server.faults.is_armed() {
            assert!(n > 20, "the loop reached the push itself");
            return;
        }
        if reply.status != 200 {
            assert_eq!((reply.status, reply.code().as_str()), (503, "store_unavailable"), "statement {n}");
            assert!(reply.headers.contains_key("retry-after"));
            assert_eq!(phone.log(&server, VILLAGE).await.len(), 2, "statement {n}: nothing of it is there");
        }
        if n % 2 == 0 {
            server.crash_and_reopen();
        }
        let PushReply::Accepted { outcomes, .. } = phone.push(&server, 1, last).await else { panic!() };
        assert_eq!((outcomes, phone.log(&server, VILLAGE).await), expected, "statement {n}");
        let report = verify(&**server.app.store()).unwrap();
        assert!(report.is_sound(), "statement {n}: {:?}", report.named);
    }
    panic!("a push takes more statements than the loop has");
}

#[tokio::test]
async fn signing_in_and_pulling_survive_the_failure_of_any_one_statement() {
    for n in 1..STATEMENTS_MAX {
        let (server, phone) = prepared().await;
        let before = phone.log(&server, VILLAGE).await;
        server.faults.arm(n);
        let login = server.post("/api/v1/login", "", &phone.login_request("cadre")).await;
        let pulled = server
            .post(
                "/api/v1/sync/pull",
                &phone.token,
                &serde_json::json!({"epoch": phone.epoch, "cursors": {VILLAGE: 1}, "limit": 10}),
            )
            .await;
        for reply in [&login, &pulled] {
            assert!([200, 503].contains(&reply.status), "statement {n}: {}", reply.status);
        }
        assert!(login.status == 200 || pulled.status == 200, "one fault, one failure");
        if server.faults.is_armed() {
            return;
        }
        assert_eq!(server.post("/api/v1/login", "", &phone.login_request("cadre")).await.status, 200);
        assert_eq!(phone.log(&server, VILLAGE).await, before);
    }
    panic!("a sign-in takes more statements than the loop has");
}

#[tokio::test]
async fn opening_the_data_folder_survives_the_failure_of_any_one_statement() {
    use bianfang_server::store::faults::FailNth;
    use bianfang_server::store::sqlite::SqliteStore;
    use bianfang_shared::id::Epoch;
    use std::sync::Arc;
    let epoch = Epoch::from_bytes([1; 16]);
    for n in 1..STATEMENTS_MAX {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new.sqlite");
        let faults = Arc::new(FailNth::default());
        faults.arm(n);
        let opened = SqliteStore::open(&path, epoch, faults.clone());
        if faults.is_armed() {
            assert!(opened.is_ok() && n > 3);
            return;
        }
        assert!(opened.is_err(), "statement {n}");
        let store = SqliteStore::open(&path, epoch, faults).unwrap();
        assert_eq!(bianfang_server::store::Store::epoch(&store).unwrap(), epoch);
    }
    panic!("opening takes more statements than the loop has");
}
