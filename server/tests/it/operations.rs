//! Running the server: health, metrics, compression, the web client, backup, restore, outbox files.

use crate::harness::{NOW_MS, TestServer, VILLAGE, entity, record_id, request};
use axum::body::Body;
use axum::http::Request;
use bianfang_server::service::import_outbox::{FORMAT, ImportError, OutboxFile, import, read};
use bianfang_server::service::verify::verify;
use bianfang_server::{App, Config, admin, open_store};
use bianfang_shared::judge::Outcome;
use bianfang_shared::ledger::LedgerKind;
use bianfang_shared::op::Body as OpBody;
use bianfang_shared::wire::PushReply;
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use std::io::Write as _;

#[tokio::test]
async fn health_readiness_and_metrics_answer_without_a_token_and_name_nobody() {
    let server = TestServer::new();
    let mut phone = server.device("cadre", 1).await;
    phone.register(VILLAGE, entity(1), "王小明");
    phone.push_all(&server).await;
    assert_eq!(server.get("/healthz", "").await.body, b"ok\n");
    assert_eq!(server.get("/readyz", "").await.status, 200);
    let text = String::from_utf8(server.get("/metrics", "").await.body).unwrap();
    assert!(text.contains("bianfang_held{outcome=\"ops_merged\"} 1"), "{text}");
    assert!(text.contains("bianfang_pushed_ops_total{outcome=\"merged\"} 1"), "{text}");
    assert!(text.contains("route=\"/api/v1/sync/push\""), "{text}");
    assert!(!text.contains("cadre") && !text.contains(VILLAGE));
    server.faults.arm(1);
    assert_eq!(server.get("/readyz", "").await.status, 503);
}

#[tokio::test]
async fn a_packed_push_is_taken_in_and_a_bomb_is_cut_off() {
    let server = TestServer::new();
    let mut phone = server.device("cadre", 1).await;
    phone.register(VILLAGE, entity(1), "王小明");
    let gzip = |bytes: &[u8]| {
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        packer.write_all(bytes).unwrap();
        packer.finish().unwrap()
    };
    let push = |body: Vec<u8>, encoding: &str| {
        let mut asked = request("POST", "/api/v1/sync/push", &phone.token, body);
        asked.headers_mut().insert("content-encoding", encoding.parse().unwrap());
        asked
    };
    let plain = serde_json::to_vec(&phone.push_request(1, 1)).unwrap();
    assert_eq!(server.send(push(gzip(&plain), "gzip")).await.status, 200);
    let bomb = gzip(&vec![b' '; 64 * 1024 * 1024]);
    assert!(bomb.len() < 100_000);
    let reply = server.send(push(bomb, "gzip")).await;
    assert_eq!((reply.status, reply.code().as_str()), (413, "body_too_large"));
    let reply = server.send(push(b"not gzip".to_vec(), "gzip")).await;
    assert_eq!((reply.status, reply.code().as_str()), (400, "body_interrupted"));
    let reply = server.send(push(plain, "rot13")).await;
    assert_eq!((reply.status, reply.code().as_str()), (415, "unsupported_body"));
}

#[tokio::test]
async fn answers_are_packed_for_those_who_accept_it() {
    let server = TestServer::new();
    let plain = server.get("/api/openapi.json", "").await.body;
    for encoding in ["gzip", "br", "zstd"] {
        let mut asked = request("GET", "/api/openapi.json", "", vec![]);
        asked.headers_mut().insert("accept-encoding", encoding.parse().unwrap());
        let reply = server.send(asked).await;
        assert_eq!(reply.headers["content-encoding"], encoding);
        assert!(reply.body.len() < plain.len() / 3, "{encoding}");
    }
}

#[tokio::test]
async fn the_web_client_is_served_packed_safe_and_kept_only_when_its_name_holds_a_hash() {
    let folder = tempfile::tempdir().unwrap();
    let web = folder.path().join("web");
    std::fs::create_dir_all(&web).unwrap();
    for (name, text) in [
        ("index.html", "<page>"),
        ("app-0a1b2c3d4e.wasm", "wasm"),
        ("app-0a1b2c3d4e.wasm.br", "packed"),
        ("sw.js", "worker"),
    ] {
        std::fs::write(web.join(name), text).unwrap();
    }
    std::fs::write(folder.path().join("secret.txt"), "secret").unwrap();
    let mut config = Config::new(folder.path().join("data"));
    config.web_dir = Some(web);
    let app = App::open(config).unwrap();
    let mut server = TestServer::new();
    server.router = app.router();
    let get = |path: &str, accept: &str, etag: &str| {
        let request = Request::builder().uri(path).header("accept-encoding", accept);
        request.header("if-none-match", etag).body(Body::empty()).unwrap()
    };
    let page = server.send(get("/", "", "")).await;
    assert_eq!(page.body, b"<page>");
    assert_eq!(page.headers["cache-control"], "no-cache");
    let policy = page.headers["content-security-policy"].to_str().unwrap();
    assert!(
        policy.contains("script-src 'self' 'wasm-unsafe-eval';") && policy.contains("default-src 'none'")
    );
    assert_eq!(page.headers["x-content-type-options"], "nosniff");
    assert_eq!(server.send(get("/household/17", "", "")).await.body, b"<page>");
    let packed = server.send(get("/app-0a1b2c3d4e.wasm", "gzip, br", "")).await;
    assert_eq!(packed.body, b"packed");
    assert_eq!(
        (&packed.headers["content-type"], &packed.headers["content-encoding"]),
        (&"application/wasm".parse().unwrap(), &"br".parse().unwrap())
    );
    assert_eq!(packed.headers["cache-control"], "public, max-age=31536000, immutable");
    let plain = server.send(get("/app-0a1b2c3d4e.wasm", "identity", "")).await;
    assert_eq!(plain.body, b"wasm");
    let etag = page.headers["etag"].to_str().unwrap();
    let unchanged = server.send(get("/", "", etag)).await;
    assert_eq!((unchanged.status, unchanged.body.len()), (304, 0));
    for missing in ["/missing.js", "/../secret.txt", "/%2e%2e/secret.txt", "/api/v1/nothing"] {
        assert_eq!(server.send(get(missing, "", "")).await.status, 404, "{missing}");
    }
}

#[tokio::test]
async fn what_was_changed_behind_the_centres_back_is_found() {
    let changes = [
        ("UPDATE log SET raw = replace(raw, 'some', 'none')", "the checksum"),
        ("UPDATE log SET checksum = checksum + 1", "the checksum"),
        ("UPDATE scope SET seq = seq + 1", "its log ends at"),
        ("UPDATE entry SET state = replace(state, '王小明', '王大明')", "not what its operations make"),
        ("UPDATE entry SET rectifier = zeroblob(16)", "the rectifier"),
        ("DELETE FROM entry", "is missing"),
        ("DELETE FROM decision", "is Conflict and not listed"),
        (
            "UPDATE decision SET field = 'head_name' WHERE kind = 'conflict'",
            "is listed as Conflict and is none",
        ),
        ("DELETE FROM decision WHERE kind = 'registration'", "is Registration and not listed"),
        ("UPDATE record SET retracted = 1", "not what its operations make"),
        ("UPDATE household SET search = ' nobody'", "found by something else"),
        ("UPDATE household SET sort = 'H2'", "found by something else"),
        ("UPDATE household SET id = zeroblob(16)", "none that is looked for"),
        ("DELETE FROM household", "found by something else"),
        ("UPDATE found SET above = NULL", "found by something else"),
        ("DELETE FROM found", "found by something else"),
    ];
    for (change, told) in changes {
        let server = TestServer::new();
        let mut phone = server.device("cadre", 1).await;
        phone.register(VILLAGE, entity(1), "王小明");
        let fields = BTreeMap::from([("household".to_owned(), entity(1).to_string().into())]);
        let (ledger, photos) = (LedgerKind::House, Vec::new());
        phone.make(VILLAGE, OpBody::Register { entity: entity(2), ledger, fields, cause: None, photos });
        phone.amend(VILLAGE, entity(1), "insured", "all", &[]);
        phone.amend(VILLAGE, entity(1), "insured", "some", &[]);
        phone.record(VILLAGE, entity(1), record_id(1));
        phone.push_all(&server).await;
        let report = || verify(&**server.app.store()).unwrap();
        assert_eq!(report().named, [""; 0]);
        let database = rusqlite::Connection::open(bianfang_server::database_path(&server.folder)).unwrap();
        assert!(database.execute(change, []).unwrap() > 0, "{change}");
        let named = report().named;
        assert!(named.iter().any(|name| name.contains(told)), "{change}: {named:?}");
    }
}

#[tokio::test]
async fn a_restored_backup_begins_a_new_epoch_and_devices_send_again_what_it_lost() {
    let mut server = TestServer::new();
    let mut phone = server.device("cadre", 1).await;
    phone.register(VILLAGE, entity(1), "王小明");
    phone.push_all(&server).await;
    let file = server.folder.join("backup.sqlite");
    let mut config = Config::new(&server.folder);
    config.clock = server.clock.clone();
    admin::backup(&open_store(&config).unwrap(), &file).unwrap();
    phone.register(VILLAGE, entity(2), "李大山");
    phone.push_all(&server).await;
    let before = server.app.store().epoch().unwrap();
    let aside = admin::restore(&config, &file).unwrap().unwrap();
    assert!(aside.exists(), "the database before it is kept");
    server.crash_and_reopen();
    assert_ne!(server.app.store().epoch().unwrap(), before);
    let PushReply::WrongEpoch { epoch } = phone.push(&server, 1, 2).await else { panic!() };
    phone.epoch = epoch;
    assert_eq!(phone.log(&server, VILLAGE).await.len(), 1);
    let PushReply::Accepted { chain, .. } = phone.push(&server, 2, 2).await else { panic!() };
    assert_eq!(chain.last_seq, 2);
    assert_eq!(phone.log(&server, VILLAGE).await, phone.ops);
    assert!(verify(&**server.app.store()).unwrap().is_sound());
    std::fs::write(server.folder.join("nonsense"), "no database at all, but long enough to be looked at")
        .unwrap();
    assert!(admin::restore(&config, &server.folder.join("nonsense")).is_err());
    server.crash_and_reopen();
    assert_eq!(phone.log(&server, VILLAGE).await, phone.ops, "what was there is there");
    let lock = admin::ServeLock::take(&server.folder).unwrap();
    assert!(matches!(admin::restore(&config, &file), Err(admin::AdminError::InUse)));
    drop(lock);
}

#[tokio::test]
async fn a_command_does_not_change_the_tables_under_a_server_of_the_version_before() {
    let server = TestServer::new();
    let config = Config::new(&server.folder);
    let database = bianfang_server::database_path(&server.folder);
    let version = || -> u32 {
        let connection = rusqlite::Connection::open(&database).unwrap();
        connection.query_row("PRAGMA user_version", [], |row| row.get(0)).unwrap()
    };
    let serving = admin::ServeLock::take(&server.folder).unwrap();
    admin::bring_up_to_date(&config).unwrap();
    let before = "DROP TABLE photo_first; DROP TABLE photo_brought; DROP TABLE found; DROP TABLE photo_let_go; \
         ALTER TABLE decision RENAME TO conflict; \
         ALTER TABLE device DROP COLUMN acknowledged_seq; ALTER TABLE entry DROP COLUMN moved_from; \
         DROP INDEX record_by_author; ALTER TABLE record DROP COLUMN trace_at_ms; \
         ALTER TABLE record DROP COLUMN trace; ALTER TABLE record DROP COLUMN accompanied; ALTER TABLE device DROP COLUMN passed_ms; \
         PRAGMA user_version = 2;";
    rusqlite::Connection::open(&database).unwrap().execute_batch(before).unwrap();
    assert!(matches!(admin::bring_up_to_date(&config), Err(admin::AdminError::InUse)));
    assert_eq!(version(), 2);
    drop(serving);
    admin::bring_up_to_date(&config).unwrap();
    assert!(version() > 2);
}

#[tokio::test]
async fn an_outbox_from_a_file_is_taken_in_like_a_push_even_from_a_device_out_of_service() {
    let server = TestServer::new();
    let admin_device = server.device("admin", 9).await;
    let mut phone = server.device("cadre", 1).await;
    phone.register(VILLAGE, entity(1), "王小明");
    phone.push_all(&server).await;
    phone.register(VILLAGE, entity(2), "李大山");
    phone.amend(VILLAGE, entity(7), "insured", "all", &[]);
    let revoke = format!("/api/v1/devices/{}/revoke", phone.id);
    server.post(&revoke, &admin_device.token, &serde_json::json!({})).await;
    let file = OutboxFile {
        format: FORMAT.to_owned(),
        device: phone.id,
        public_key: phone.key.public(),
        author: phone.user,
        first_seq: 1,
        ops: phone.ops.iter().map(|raw| RawValue::from_string(raw.clone()).unwrap()).collect(),
        head: *phone.heads.last().unwrap(),
        signature: phone.key.sign(phone.id, *phone.heads.last().unwrap()),
    };
    let text = serde_json::to_string(&file).unwrap();
    let store = server.app.store();
    for _ in 0..2 {
        let imported = import(&**store, server.app.merger(), &read(&text).unwrap(), NOW_MS).unwrap();
        assert_eq!(imported.chain.last_seq, 3);
        assert!(matches!(imported.receipts[2].outcome, Outcome::Quarantined { .. }));
        assert_eq!(imported.receipts[1].outcome, Outcome::Merged);
    }
    assert_eq!(store.counts().unwrap().merged, 2);
    assert!(read(&text.replace("李大山", "李小山")).is_ok(), "the signature is over the head");
    let forged = read(&text.replace("李大山", "李小山")).unwrap();
    assert!(matches!(import(&**store, server.app.merger(), &forged, NOW_MS), Err(ImportError::Forked(3))));
    assert!(matches!(read("{}"), Err(ImportError::NotAnOutbox(_))));
    let never_seen = crate::harness::TestDevice::new(50);
    let mut fresh = file.clone();
    fresh.device = never_seen.id;
    fresh.public_key = never_seen.key.public();
    fresh.signature = never_seen.key.sign(never_seen.id, fresh.head);
    fresh.first_seq = 2;
    assert!(matches!(
        import(&**store, server.app.merger(), &fresh, NOW_MS),
        Err(ImportError::Gap { from: 1, to: 1 })
    ));
}
