//! What uploads may take of the centre's memory, disk and time, and how what is left of them is cleared away.

use crate::harness::{NOW_MS, TestDevice, TestServer};
use crate::limits::ChosenRoom;
use crate::threads::threaded;
use crate::tus::{
    STREAM, UPLOADS, asked, bytes, create, held, metadata, offset, patch, sha1_said, silent, tus,
};
use axum::body::{Body, Bytes};
use bianfang_server::clock::TestClock;
use bianfang_server::files::hash_of;
use bianfang_server::service::photos::Swept;
use bianfang_server::{App, Config};
use bianfang_shared::wire::PHOTO_BYTES_MAX;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tower::ServiceExt as _;

/// The head of a creation that is to bring a photograph of the largest size in one piece.
fn large(number: usize) -> (String, String) {
    (PHOTO_BYTES_MAX.to_string(), metadata(&hash_of(&bytes(1_000 + number)).to_string()))
}

/// As many as fill the memory for bodies that are gathered.
const HANGING: usize = 16;

#[tokio::test]
async fn who_drips_holds_up_neither_those_who_finish_nor_those_who_ask_nor_the_end() {
    let server = TestServer::new();
    let token = &server.device("cadre", 1).await.token;
    let content = bytes(100);
    let at = &create(&server, token, &content).await;
    patch(&server, token, at, 0, content[..40].to_vec()).await;
    let hanging = (0..HANGING).map(|number| {
        let server = &server;
        async move {
            let (length, name) = large(number);
            let told = [STREAM, ("upload-length", &*length), ("upload-metadata", &*name)];
            let body = Body::from_stream(futures::stream::pending::<Result<Bytes, std::io::Error>>());
            tus(server, ("POST", UPLOADS), token, &told, body).await
        }
    });
    let sum = sha1_said(&content[40..]);
    let checked = [STREAM, ("upload-offset", "40"), ("upload-checksum", &*sum)];
    // There is no memory left for this one.
    let waiting = tus(&server, ("PATCH", at), token, &checked, content[40..].to_vec());
    let others = async {
        assert_eq!(offset(&server, token, at).await, 40, "who asks is answered");
        assert_eq!(patch(&server, token, at, 40, content[40..].to_vec()).await.status, 204);
        assert!(held(&server, token, &content).await);
        server.app.stopping();
    };
    let (hung, waited, ()) = futures::join!(futures::future::join_all(hanging), waiting, others);
    assert_eq!((waited.status, waited.code().as_str()), (423, "upload_locked"));
    for reply in hung {
        assert_eq!((reply.status, reply.code().as_str()), (503, "shutting_down"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_finds_the_memory_full_is_told_to_come_again() {
    let folder = tempfile::tempdir().unwrap();
    let server = threaded(folder.path(), |config| config.photo_limits.memory_wait_max = Duration::ZERO);
    let mut device = TestDevice::new(1);
    device.sign_in(&server, "admin").await;
    let begin = |number: usize, body: Body| {
        let (length, name) = large(number);
        let told = [STREAM, ("upload-length", &*length), ("upload-metadata", &*name)];
        server.router.clone().oneshot(asked("POST", UPLOADS, &device.token, &told, body))
    };
    let mut hanging = Vec::new();
    for number in 0..HANGING {
        let (body, asked_for) = silent();
        hanging.push(tokio::spawn(begin(number, body)));
        asked_for.await.unwrap();
    }
    let refused = begin(HANGING, Body::empty()).await.unwrap();
    assert_eq!(refused.status(), 503);
    assert!(refused.headers().contains_key("retry-after"));
    server.app.stopping();
    for one in hanging {
        assert_eq!(one.await.unwrap().unwrap().status(), 503);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_drips_for_long_gives_the_memory_to_those_who_wait_for_it() {
    let folder = tempfile::tempdir().unwrap();
    let clock = Arc::new(TestClock::at(NOW_MS));
    let server = threaded(folder.path(), |config| config.clock = Arc::clone(&clock) as _);
    let mut device = TestDevice::new(1);
    device.sign_in(&server, "admin").await;
    let begin = |number: usize, body: Body| {
        let (length, name) = large(number);
        let told = [STREAM, ("upload-length", &*length), ("upload-metadata", &*name)];
        server.router.clone().oneshot(asked("POST", UPLOADS, &device.token, &told, body))
    };
    let mut hanging = Vec::new();
    for number in 0..HANGING {
        let (body, asked_for) = silent();
        hanging.push(tokio::spawn(begin(number, body)));
        asked_for.await.unwrap();
    }
    clock.advance(server.app.photos().limits().memory_kept_ms);
    let taken = begin(HANGING, Body::from(bytes(100))).await.unwrap();
    assert_eq!(taken.status(), 201);
    for one in hanging {
        let reply = one.await.unwrap().unwrap();
        assert_eq!(reply.status(), 423, "asked to come again, not refused for good");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_body_of_which_nothing_comes_is_not_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let server = threaded(folder.path(), |config| config.photo_limits.idle_max = Duration::ZERO);
    let mut device = TestDevice::new(1);
    device.sign_in(&server, "admin").await;
    let (length, name) = large(1);
    let told = [STREAM, ("upload-length", &*length), ("upload-metadata", &*name)];
    let reply = tus(&server, ("POST", UPLOADS), &device.token, &told, silent().0).await;
    assert_eq!((reply.status, reply.code().as_str()), (408, "body_too_slow"));
    assert!(!reply.json::<bianfang_shared::wire::Problem>().permanent);
}

#[tokio::test]
async fn photographs_leave_the_last_room_of_the_disk_to_records() {
    let mut server = TestServer::new();
    let reserve = server.app.photos().limits().reserve_bytes;
    let room = Arc::new(ChosenRoom(AtomicU64::new(reserve)));
    let config = Config { room: Arc::clone(&room) as _, ..server.app.config().clone() };
    server.app = App::open(config).unwrap();
    server.router = server.app.router();
    let token = &server.device("cadre", 1).await.token;
    let (content, other) = (bytes(100), bytes(90));
    let at = &create(&server, token, &content).await;
    room.0.store(reserve - 1, Ordering::SeqCst);
    let name = metadata(&hash_of(&other).to_string());
    let told = [("upload-length", "90"), ("upload-metadata", &*name)];
    let with_bytes = [STREAM, told[0], told[1]];
    for reply in [
        tus(&server, ("POST", UPLOADS), token, &told, "").await,
        tus(&server, ("POST", UPLOADS), token, &with_bytes, other.clone()).await,
        patch(&server, token, at, 0, content.clone()).await,
    ] {
        assert_eq!((reply.status, reply.code().as_str()), (507, "no_room"));
    }
    assert_eq!(offset(&server, token, at).await, 0);
    room.0.store(reserve, Ordering::SeqCst);
    assert_eq!(patch(&server, token, at, 0, content.clone()).await.status, 204);
    room.0.store(0, Ordering::SeqCst);
    create(&server, token, &content).await;
}

#[tokio::test]
async fn an_expired_upload_is_gone_and_is_cleared_away_by_the_clock() {
    let server = TestServer::new();
    let token = &server.device("cadre", 1).await.token;
    let content = bytes(100);
    let at = &create(&server, token, &content).await;
    patch(&server, token, at, 0, content[..50].to_vec()).await;
    server.clock.advance(6 * 24 * 3_600_000);
    assert_eq!(server.app.photos().sweep().unwrap(), Swept::default());
    assert_eq!(offset(&server, token, at).await, 50);
    server.clock.advance(24 * 3_600_000);
    for method in ["HEAD", "DELETE"] {
        assert_eq!(tus(&server, (method, at), token, &[], "").await.status, 410);
    }
    let reply = patch(&server, token, at, 50, content[50..].to_vec()).await;
    assert_eq!((reply.status, reply.code().as_str()), (410, "upload_gone"));
    // A request by the hour is enough to clear away.
    server.clock.advance(3_600_000);
    create(&server, token, &bytes(70)).await;
    assert_eq!(tus(&server, ("HEAD", at), token, &[], "").await.status, 404);
    assert_eq!(server.app.photos().files().uploads().unwrap(), []);
}

#[tokio::test]
async fn what_a_crash_left_behind_without_an_upload_is_cleared_away() {
    let server = TestServer::new();
    let token = &server.device("cadre", 1).await.token;
    let content = bytes(100);
    let at = &create(&server, token, &content).await;
    patch(&server, token, at, 0, content[..50].to_vec()).await;
    let files = server.app.photos().files();
    files.append("ab".repeat(16).parse().unwrap(), b"left behind").unwrap();
    assert_eq!(server.app.photos().sweep().unwrap(), Swept { orphans: 1, ..Swept::default() });
    assert_eq!(offset(&server, token, at).await, 50);
}

#[tokio::test]
async fn an_account_has_only_so_many_uploads_under_way() {
    let server = TestServer::new();
    let token = &server.device("cadre", 1).await.token;
    let most = usize::try_from(server.app.photos().limits().open_of_account_max).unwrap();
    for number in 0..most {
        create(&server, token, &bytes(10 + number)).await;
    }
    let name = metadata(&hash_of(b"one more").to_string());
    let headers = [("upload-length", "8"), ("upload-metadata", &*name)];
    let reply = tus(&server, ("POST", UPLOADS), token, &headers, "").await;
    assert_eq!((reply.status, reply.code().as_str()), (429, "too_many_uploads"));
    assert!(reply.headers.contains_key("retry-after"));
    let other = &server.device("cadre2", 2).await.token;
    assert_eq!(tus(&server, ("POST", UPLOADS), other, &headers, "").await.status, 201);
}
