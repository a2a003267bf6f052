//! What one person, one phone or one connection may take of the centre, and how those are told who have to wait.

use crate::harness::{NOW_MS, TestDevice, TestServer, VILLAGE, entity, record_id};
use crate::threads::threaded;
use bianfang_server::files::Room;
use bianfang_server::service::quotas::DayQuotas;
use bianfang_server::service::readiness::OPS_RESERVE_BYTES;
use bianfang_server::{App, Config, serve};
use bianfang_shared::id::Epoch;
use bianfang_shared::judge::{Outcome, Reason};
use bianfang_shared::op::Body;
use bianfang_shared::query::{HistoryItem, PAGE_BYTES_MAX, Page, QuarantineItem, RAW_CHARS_MAX};
use bianfang_shared::wire::{Problem, PushReply, PushRequest, UNKNOWN_OP_BYTES_MAX};
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A disk whose room is chosen.
#[derive(Debug)]
pub(crate) struct ChosenRoom(pub(crate) AtomicU64);

impl Room for ChosenRoom {
    fn free_bytes(&self) -> Option<u64> {
        Some(self.0.load(Ordering::SeqCst))
    }
}

/// A server that is set up differently.
fn tuned(tune: impl FnOnce(&mut Config)) -> TestServer {
    let mut server = TestServer::new();
    let mut config = server.app.config().clone();
    tune(&mut config);
    server.app = App::open(config).unwrap();
    server.router = server.app.router();
    server
}

#[tokio::test]
async fn with_little_room_left_photographs_stop_first_then_records_and_nothing_is_set_aside() {
    let room = Arc::new(ChosenRoom(AtomicU64::new(u64::MAX)));
    let server = tuned(|config| config.room = Arc::clone(&room) as _);
    assert!(server.app.photos().limits().reserve_bytes > OPS_RESERVE_BYTES);
    let mut phone = server.device("cadre", 1).await;
    phone.register(VILLAGE, entity(1), "王小明");
    let push = async || server.post("/api/v1/sync/push", &phone.token, &phone.push_request(1, 1)).await;
    for left in [0, OPS_RESERVE_BYTES - 1] {
        room.0.store(left, Ordering::SeqCst);
        let reply = push().await;
        assert_eq!((reply.status, reply.code().as_str()), (507, "no_room_for_records"));
        assert!(reply.headers.contains_key("retry-after"));
        assert!(!reply.json::<Problem>().permanent);
        assert_eq!(server.get("/readyz", "").await.status, 507);
        assert_eq!(phone.log(&server, VILLAGE).await.len(), 0, "what is there is given out");
    }
    room.0.store(OPS_RESERVE_BYTES, Ordering::SeqCst);
    assert_eq!(push().await.status, 200);
    assert_eq!(server.get("/readyz", "").await.status, 200);
}

#[tokio::test]
async fn ready_means_that_writing_works() {
    let server = TestServer::new();
    assert_eq!(server.get("/readyz", "").await.status, 200);
    let asked = server.faults.asked();
    assert_eq!(server.get("/readyz", "").await.status, 200);
    assert!(server.faults.asked() - asked <= 1, "it is not written each time that somebody asks");
    // Each statement of the check in turn: reading, and writing.
    for n in 1..=4 {
        server.clock.advance(60_000);
        server.faults.arm(n);
        let status = server.get("/readyz", "").await.status;
        assert_eq!(status == 200, server.faults.is_armed(), "statement {n}");
        assert!(n > 3 || status == 503, "statement {n}");
        server.faults.arm(0);
        assert_eq!(server.get("/readyz", "").await.status, 200, "and it is, when it works again");
    }
}

#[tokio::test]
async fn who_brings_too_much_in_a_day_is_asked_to_come_later_and_others_go_on() {
    let few = DayQuotas { ops: 3, ..DayQuotas::default() };
    let small = DayQuotas { op_bytes: 900, ..DayQuotas::default() };
    for quotas in [few, small] {
        let server = tuned(|config| config.quotas = quotas);
        let mut phone = server.device("cadre", 1).await;
        for number in 1..=4 {
            phone.register(VILLAGE, entity(number), "王小明");
        }
        assert!(matches!(phone.push(&server, 1, 3).await, PushReply::Accepted { .. }));
        let push = async || server.post("/api/v1/sync/push", &phone.token, &phone.push_request(4, 4)).await;
        let reply = push().await;
        assert_eq!((reply.status, reply.code().as_str()), (429, "quota_reached"));
        assert_eq!(reply.headers["retry-after"], (24 * 3_600 + 1).to_string().as_str());
        assert!(!reply.json::<Problem>().permanent);
        // Whoever waits still reads, and nobody else waits.
        assert_eq!(phone.log(&server, VILLAGE).await.len(), 3);
        let mut other = server.device("cadre2", 2).await;
        other.register(VILLAGE, entity(9), "李大山");
        assert!(matches!(other.push(&server, 1, 1).await, PushReply::Accepted { .. }));
        // Another phone of the same person is that person.
        let again = server.device("cadre", 7).await;
        assert_eq!(
            server.post("/api/v1/sync/push", &again.token, &again.push_request(1, 0)).await.status,
            429
        );
        server.clock.advance(24 * 3_600_000);
        assert_eq!(push().await.status, 200);
        assert_eq!(server.app.store().counts().unwrap().aside, 0);
    }
}

#[tokio::test]
async fn what_is_sent_again_or_comes_by_a_file_is_not_counted() {
    let server = tuned(|config| config.quotas = DayQuotas { ops: 3, ..DayQuotas::default() });
    let mut phone = server.device("cadre", 1).await;
    phone.register(VILLAGE, entity(1), "王小明");
    phone.register(VILLAGE, entity(2), "李大山");
    for _ in 0..5 {
        assert!(matches!(phone.push(&server, 1, 2).await, PushReply::Accepted { .. }));
        server.clock.advance(1_000);
    }
    // What an earlier life of the centre had is not counted; what is said to be so long after is.
    for (restored, after_ms, is_counted) in
        [(true, 0, false), (true, 91 * 24 * 3_600_000, true), (false, 0, true)]
    {
        let server = tuned(|config| config.quotas = DayQuotas { ops: 3, ..DayQuotas::default() });
        if restored {
            let now_ms = bianfang_server::clock::Clock::now_ms(&*server.clock);
            server.app.store().begin_epoch(Epoch::new(now_ms, [7; 10])).unwrap();
        }
        server.clock.advance(after_ms);
        let mut phone = server.device("cadre", 1).await;
        for number in 1..=7 {
            phone.register(VILLAGE, entity(number), "王小明");
        }
        for (first, last) in [(1, 3), (4, 6)] {
            let request = PushRequest { acknowledged_seq: Some(6), ..phone.push_request(first, last) };
            let status = server.post("/api/v1/sync/push", &phone.token, &request).await.status;
            assert_eq!(status, if is_counted && first > 1 { 429 } else { 200 });
        }
    }
    let quotas = DayQuotas::default();
    assert!(quotas.ops >= 10 * 2_000 && quotas.photos >= 10 * 200, "ten times the heaviest honest day");
    assert!(quotas.op_bytes / quotas.ops >= 10_000 && quotas.photo_bytes / quotas.photos >= 1_000_000);
}

#[tokio::test]
async fn an_operation_that_nobody_knows_may_only_be_small() {
    let server = TestServer::new();
    let mut phone = server.device("cadre", 1).await;
    let known = phone.register(VILLAGE, entity(1), "王小明");
    let unknown = |phone: &TestDevice, kind: &str, size: usize| {
        let mut op: Value = serde_json::from_str(&phone.ops[0]).unwrap();
        op["seq"] = json!(phone.ops.len() + 1);
        op["body"] = json!({ "kind": kind, "text": "" });
        let bare = op.to_string().len();
        op["body"]["text"] = json!("x".repeat(size - bare));
        op.to_string()
    };
    assert_eq!(known.seq, 1);
    for (kind, size) in [
        ("future", UNKNOWN_OP_BYTES_MAX + 1),
        ("dream", 10 * UNKNOWN_OP_BYTES_MAX),
        ("proposal_of_2030", 250_000),
    ] {
        let raw = unknown(&phone, kind, size);
        phone.make_raw(raw);
    }
    let raw = unknown(&phone, "future", UNKNOWN_OP_BYTES_MAX);
    phone.make_raw(raw);
    phone.amend(VILLAGE, entity(1), "remark", "长".repeat(300), &[]);
    let receipts = phone.push_all(&server).await;
    let too_large = Reason::TooMany { what: "bytes".to_owned(), max: UNKNOWN_OP_BYTES_MAX };
    for receipt in &receipts[1..4] {
        assert_eq!(receipt.outcome, Outcome::Quarantined { reason: too_large.clone() });
    }
    assert_ne!(receipts[4].outcome, Outcome::Quarantined { reason: too_large });
    assert_eq!(receipts[5].outcome, Outcome::Merged, "one that is known goes on");
}

#[tokio::test]
async fn pages_end_by_bytes_and_join_into_the_whole_list() {
    const LARGE: usize = 200_000;
    const MANY: u8 = 20;
    let server = TestServer::new();
    let mut phone = server.device("cadre", 1).await;
    let supervisor = server.device("supervisor", 3).await;
    phone.register(VILLAGE, entity(1), "王小明");
    // In no ledger: set aside. In this one: merged, long remarks beside one another.
    for _ in 0..MANY {
        phone.amend(VILLAGE, entity(99), "unknown", "x".repeat(LARGE), &[]);
    }
    let filler = |number: u8| format!("{number:03}{}", "长".repeat(3_990));
    for household in 1..=MANY {
        if household > 1 {
            phone.register(VILLAGE, entity(household), "王小明");
        }
        for number in 1..MANY {
            phone.amend(VILLAGE, entity(household), "remark", filler(number), &[]);
        }
    }
    let mut sent = 0;
    while sent < phone.ops.len() as u64 {
        let last = (sent + 10).min(phone.ops.len() as u64);
        assert!(matches!(phone.push(&server, sent + 1, last).await, PushReply::Accepted { .. }));
        sent = last;
    }
    let history = format!("/api/v1/entries/{}/history", entity(1));
    for (path, expected) in
        [("/api/v1/quarantine", usize::from(MANY)), ("/api/v1/conflicts", usize::from(MANY)), (&*history, 21)]
    {
        let (mut rows, mut after) = (0, String::new());
        loop {
            let reply = server.get(&format!("{path}?limit=200{after}"), &supervisor.token).await;
            assert!(reply.body.len() < PAGE_BYTES_MAX + 600_000, "{path}: {}", reply.body.len());
            let page: Page<Value> = reply.json();
            rows += page.rows.len();
            let Some(next) = page.next else { break };
            after = format!("&after={next}");
        }
        assert_eq!(rows, expected, "{path}");
    }
    let _: Page<HistoryItem> = server.get(&history, &supervisor.token).await.json();
    let page: Page<QuarantineItem> = server.get("/api/v1/quarantine", &supervisor.token).await.json();
    let cut = &page.rows[0];
    assert_eq!((cut.raw.chars().count(), cut.raw_bytes), (RAW_CHARS_MAX, phone.ops[1].len() as u64));
    let one = format!("/api/v1/quarantine/{}/{}", cut.op.device, cut.op.seq);
    for (who, token, status) in [
        ("supervisor", &supervisor.token, 200),
        ("its sender", &phone.token, 200),
        ("another cadre", &server.device("cadre2", 2).await.token, 404),
    ] {
        let reply = server.get(&one, token).await;
        assert_eq!(reply.status, status, "{who}");
        if status == 200 {
            assert_eq!(reply.json::<QuarantineItem>().raw, phone.ops[1], "{who}");
        }
    }
}

#[tokio::test]
async fn who_names_a_record_of_others_very_often_hides_nothing_of_it() {
    let server = TestServer::new();
    let mut phone = server.device("cadre", 1).await;
    let mut other = server.device("cadre2", 2).await;
    let mut supervisor = server.device("supervisor", 3).await;
    phone.register(VILLAGE, entity(1), "王小明");
    phone.record(VILLAGE, entity(1), record_id(1));
    phone.push_all(&server).await;
    for number in 0..1_500 {
        let change = bianfang_shared::op::Change {
            field: "remark".to_owned(),
            value: format!("{number}").into(),
            parents: Vec::new(),
            adopts: None,
        };
        other.make(
            VILLAGE,
            Body::Amend { entity: entity(1), changes: vec![change], cause: Some(record_id(1)) },
        );
    }
    other.push_all(&server).await;
    let verdict = bianfang_shared::op::Verdict::Approved;
    supervisor.make(VILLAGE, Body::Review { observation: record_id(1), verdict, comment: "好".to_owned() });
    supervisor.push_all(&server).await;
    let path = format!("/api/v1/visits/{}", record_id(1));
    let detail: bianfang_shared::query::VisitDetail = server.get(&path, &supervisor.token).await.json();
    assert_eq!((detail.reviews.len(), detail.effects.len()), (1, 0));
}

/// Serves on a socket with these limits until dropped.
struct Served {
    address: SocketAddr,
    stop: Option<tokio::sync::oneshot::Sender<()>>,
    serving: tokio::task::JoinHandle<std::io::Result<()>>,
    server: TestServer,
}

async fn served(folder: &std::path::Path, tune: impl FnOnce(&mut Config)) -> Served {
    let server = threaded(folder, tune);
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let (tell, told) = tokio::sync::oneshot::channel();
    let stopping = async {
        let _ = stopped.await;
    };
    let ready = |address| tell.send(address).unwrap();
    let serving = tokio::spawn(serve::serve_until(server.app.clone(), "127.0.0.1:0", stopping, ready));
    Served { address: told.await.unwrap(), stop: Some(stop), serving, server }
}

/// Sends this and answers what comes back until the centre closes.
async fn until_closed(address: SocketAddr, sent: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(sent.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    // A reset is an end as well.
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_sends_half_a_request_is_not_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let soon = Duration::from_millis(20);
    let mut served = served(folder.path(), |config| {
        config.connections.head_max = soon;
        config.connections.body_idle_max = soon;
        config.connections.open_max = 2;
    })
    .await;
    let mut device = TestDevice::new(1);
    device.sign_in(&served.server, "admin").await;
    let bearer = format!("Authorization: Bearer {}\r\n", device.token);
    let half_push =
        format!("POST /api/v1/sync/push HTTP/1.1\r\nHost: a\r\n{bearer}Content-Length: 500\r\n\r\n{{");
    let half_login = "POST /api/v1/login HTTP/1.1\r\nHost: a\r\nContent-Length: 500\r\n\r\n{\"user\"";
    // More of each than there may be connections: the later ones come in when the earlier are closed.
    for (sent, answered) in [
        ("", ""),
        ("GET /health", ""),
        ("GET /healthz HTTP/1.1\r\nHost: a\r\nX-Slow: ", ""),
        (&*half_push, "HTTP/1.1 4"),
        (half_login, "HTTP/1.1 4"),
    ] {
        let all = (0..4).map(|_| until_closed(served.address, sent));
        for answer in futures::future::join_all(all).await {
            assert!(
                answer.starts_with(answered) && (answer.is_empty() == answered.is_empty()),
                "{sent}: {answer}"
            );
        }
    }
    let whole = "GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    assert!(until_closed(served.address, whole).await.ends_with("ok\n"));
    drop(served.stop.take());
    served.serving.await.unwrap().unwrap();
}

#[test]
fn the_limits_of_connections_are_those_that_were_promised() {
    let limits = serve::ConnectionLimits::default();
    assert_eq!((limits.head_max, limits.body_idle_max), (Duration::from_secs(15), Duration::from_secs(30)));
    assert!(limits.open_max < usize::try_from(NOW_MS).unwrap());
}
