//! Photographs that no operation names: held for long, then moved away, removed much later, and brought back by being
//! named or sent again.

use crate::harness::{TestServer, VILLAGE, entity};
use crate::limits::ChosenRoom;
use crate::tus::{STREAM, UPLOADS, bytes, create, held, metadata, patch, tus};
use bianfang_server::files::hash_of;
use bianfang_server::service::photos::{Swept, UNNAMED_HELD_MS, UNNAMED_KEPT_MS};
use bianfang_server::service::quotas::DayQuotas;
use bianfang_server::{App, Config};
use bianfang_shared::id::Epoch;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

/// Brings a photograph.
async fn bring(server: &TestServer, token: &str, content: &[u8]) {
    let at = create(server, token, content).await;
    assert_eq!(patch(server, token, &at, 0, content.to_vec()).await.status, 204);
}

fn sweep(server: &TestServer) -> (u64, u64) {
    let Swept { unnamed, removed, .. } = server.app.photos().sweep().unwrap();
    (unnamed, removed)
}

#[tokio::test]
async fn one_that_nobody_names_goes_to_a_folder_first_and_is_removed_much_later() {
    let server = TestServer::new();
    let mut phone = server.device("cadre", 1).await;
    let token = phone.token.clone();
    let (noise, merged, aside) = (bytes(100), bytes(101), bytes(102));
    for content in [&noise, &merged, &aside] {
        bring(&server, &token, content).await;
    }
    phone.register_with_photos(VILLAGE, entity(1), &[&hash_of(&merged).to_string()]);
    // Not this person's village: set aside, and what it names is kept all the same.
    phone.register_with_photos(crate::harness::OTHER_VILLAGE, entity(2), &[&hash_of(&aside).to_string()]);
    phone.push_all(&server).await;
    server.clock.advance(UNNAMED_HELD_MS);
    assert_eq!(sweep(&server), (0, 0), "on the last day all are there");
    assert!(held(&server, &token, &noise).await);
    server.clock.advance(1);
    assert_eq!(sweep(&server), (1, 0));
    assert!(!held(&server, &token, &noise).await, "a phone that asks sends it again");
    assert!(held(&server, &token, &merged).await && held(&server, &token, &aside).await);
    assert!(!server.photo_file(&noise).exists());
    let folder = server.folder.join("photos/unnamed");
    let away = folder.join(format!("{}.jpg", hash_of(&noise)));
    assert_eq!(std::fs::read(&away).unwrap(), noise);
    let metrics = String::from_utf8(server.get("/metrics", "").await.body).unwrap();
    assert!(metrics.contains("bianfang_photos_unnamed 1"), "{metrics}");
    server.clock.advance(UNNAMED_KEPT_MS - 1);
    assert_eq!(sweep(&server), (0, 0));
    assert!(away.exists());
    server.clock.advance(1);
    assert_eq!(sweep(&server), (0, 1));
    assert!(!away.exists());
    // Half a year is as long as a sign-in holds.
    let token = server.device("cadre", 1).await.token;
    assert!(held(&server, &token, &merged).await && held(&server, &token, &aside).await);
    assert!(server.app.photos().verify().unwrap().is_sound());
}

#[tokio::test]
async fn one_in_the_folder_comes_back_when_it_is_named_or_sent_again() {
    for by in ["a record", "being sent again", "a record while the centre was down", "both"] {
        let mut server = TestServer::new();
        let mut phone = server.device("cadre", 1).await;
        let token = phone.token.clone();
        let content = bytes(100);
        bring(&server, &token, &content).await;
        server.clock.advance(UNNAMED_HELD_MS + 1);
        assert_eq!(sweep(&server), (1, 0), "{by}");
        phone.register_with_photos(VILLAGE, entity(1), &[&hash_of(&content).to_string()]);
        match by {
            "a record" => drop(phone.push_all(&server).await),
            "being sent again" => bring(&server, &token, &content).await,
            "both" => {
                phone.push_all(&server).await;
                create(&server, &token, &content).await;
            }
            _ => {
                let who = server.app.sessions().who(&token).unwrap();
                let request = phone.push_request(1, 1);
                let job = bianfang_server::service::push::prepare(&request, &who).unwrap();
                server.app.merger().merge_now(&[job]);
                server.crash_and_reopen();
                server.app.photos().sweep().unwrap();
            }
        }
        assert!(held(&server, &token, &content).await, "{by}");
        assert_eq!(std::fs::read(server.photo_file(&content)).unwrap(), content, "{by}");
        server.app.photos().sweep().unwrap();
        assert_eq!(server.app.photos().files().unnamed().unwrap(), [], "{by}");
        server.clock.advance(UNNAMED_HELD_MS / 2);
        assert_eq!(sweep(&server), (0, 0), "{by}: it begins anew");
        assert!(held(&server, &token, &content).await, "{by}");
    }
}

#[tokio::test]
async fn after_a_restore_the_time_begins_anew_since_what_names_them_comes_again() {
    let server = TestServer::new();
    let token = &server.device("cadre", 1).await.token;
    bring(&server, token, &bytes(100)).await;
    server.clock.advance(UNNAMED_HELD_MS);
    let now_ms = bianfang_server::clock::Clock::now_ms(&*server.clock);
    server.app.store().begin_epoch(Epoch::new(now_ms, [7; 10])).unwrap();
    server.clock.advance(UNNAMED_HELD_MS);
    assert_eq!(sweep(&server), (0, 0));
    server.clock.advance(1);
    assert_eq!(sweep(&server), (1, 0));
}

#[tokio::test]
async fn whoever_brings_too_many_photographs_in_a_day_is_asked_to_come_later() {
    let few = DayQuotas { photos: 2, ..DayQuotas::default() };
    let small = DayQuotas { photo_bytes: 200, ..DayQuotas::default() };
    for quotas in [few, small] {
        let mut server = TestServer::new();
        let room = Arc::new(ChosenRoom(AtomicU64::new(u64::MAX)));
        let config = Config { quotas, room, ..server.app.config().clone() };
        server.app = App::open(config).unwrap();
        server.router = server.app.router();
        let token = &server.device("cadre", 1).await.token;
        bring(&server, token, &bytes(100)).await;
        bring(&server, token, &bytes(101)).await;
        let third = bytes(102);
        let name = metadata(&hash_of(&third).to_string());
        let told = [("upload-length", "102"), ("upload-metadata", &*name)];
        let with_bytes = [STREAM, told[0], told[1]];
        for reply in [
            tus(&server, ("POST", UPLOADS), token, &told, "").await,
            tus(&server, ("POST", UPLOADS), token, &with_bytes, third.clone()).await,
        ] {
            assert_eq!((reply.status, reply.code().as_str()), (429, "quota_reached"));
            assert!(reply.headers.contains_key("retry-after"));
        }
        let other = &server.device("cadre2", 2).await.token;
        bring(&server, other, &third).await;
        server.clock.advance(24 * 3_600_000);
        bring(&server, token, &bytes(103)).await;
    }
}
