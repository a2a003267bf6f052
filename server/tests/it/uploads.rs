//! Uploads of photographs: every byte that was acknowledged stays, whatever breaks, and nothing else is kept.

use crate::harness::{TestDevice, TestServer, VILLAGE, entity, request};
use crate::tus::{
    Header, STREAM, UPLOADS, bytes, create, cut_off, fetch, header, held, metadata, name as naming, offset,
    patch, sha1_said, sha256_said, tus,
};
use axum::body::{Body, Bytes};
use bianfang_server::files::hash_of;
use bianfang_shared::access::Role;
use bianfang_shared::wire::{PHOTO_BYTES_MAX, PhotosHeldRequest};
use futures::StreamExt as _;
use futures::channel::mpsc;

#[tokio::test]
async fn a_photograph_comes_in_pieces_and_is_given_out_whole() {
    let server = TestServer::new();
    let mut phone = server.device("cadre", 1).await;
    let token = &phone.token.clone();
    let content = bytes(1_000);
    let name = hash_of(&content).to_string();
    let headers = [("upload-length", "1000"), ("upload-metadata", &*metadata(&name))];
    let created = tus(&server, ("POST", UPLOADS), token, &headers, "").await;
    assert_eq!((created.status, header(&created, "tus-resumable")), (201, "1.0.0"));
    assert_eq!(header(&created, "upload-expires"), "Sun, 22 Jun 2025 15:06:40 GMT");
    let at = header(&created, "location");
    assert!(at.starts_with("/api/v1/photos/uploads/"), "{at}");

    let reply = patch(&server, token, at, 0, content[..300].to_vec()).await;
    assert_eq!((reply.status, header(&reply, "upload-offset")), (204, "300"));
    assert!(!header(&reply, "upload-expires").is_empty());
    let stands = tus(&server, ("HEAD", at), token, &[], "").await;
    assert_eq!((stands.status, header(&stands, "upload-offset")), (200, "300"));
    assert_eq!(header(&stands, "upload-length"), "1000");
    assert_eq!(header(&stands, "upload-metadata"), metadata(&name));
    assert_eq!(header(&stands, "cache-control"), "no-store");
    assert!(!held(&server, token, &content).await);
    assert_eq!(fetch(&server, token, &content).await.status, 404);

    let reply = patch(&server, token, at, 300, content[300..].to_vec()).await;
    assert_eq!((reply.status, header(&reply, "upload-offset")), (204, "1000"));
    assert!(held(&server, token, &content).await);
    assert_eq!(offset(&server, token, at).await, 1000, "a finished upload can still be asked about");
    assert_eq!(fetch(&server, token, &content).await.status, 404, "no record names it yet");
    naming(&server, &mut phone, &content).await;
    let fetched = fetch(&server, token, &content).await;
    assert_eq!((fetched.status, fetched.body.as_slice()), (200, content.as_slice()));
    assert_eq!(header(&fetched, "content-type"), "image/jpeg");
    assert_eq!(header(&fetched, "cache-control"), "private, max-age=31536000, immutable");
    assert_eq!(header(&fetched, "etag"), format!("\"{name}\""));
    let mut again = request("GET", &format!("/api/v1/photos/{name}"), token, Vec::new());
    again.headers_mut().insert("if-none-match", format!("\"{name}\"").parse().unwrap());
    assert_eq!(server.send(again).await.status, 304);
    let thumbnail = server.get(&format!("/api/v1/photos/{name}/thumb"), token).await;
    assert_eq!(thumbnail.status, 404, "what is no picture has none");
    let metrics = String::from_utf8(server.get("/metrics", "").await.body).unwrap();
    for line in ["{outcome=\"photos\"} 1", "{outcome=\"photo_bytes\"} 1000", "{outcome=\"uploads_open\"} 0"] {
        assert!(metrics.contains(&format!("bianfang_held{line}\n")), "{metrics}");
    }
    assert!(metrics.contains("bianfang_photo_received_bytes 1000\n"), "{metrics}");
}

#[tokio::test]
async fn what_is_spoken_here_is_told_and_every_answer_says_the_version() {
    let server = TestServer::new();
    let token = &server.device("cadre", 1).await.token;
    let mut ask = request("OPTIONS", UPLOADS, "", Vec::new());
    ask.headers_mut().insert("tus-resumable", "0.2.2".parse().unwrap());
    let told = server.send(ask).await;
    assert_eq!((told.status, header(&told, "tus-version")), (204, "1.0.0"));
    assert_eq!(
        header(&told, "tus-extension"),
        "creation,creation-with-upload,checksum,expiration,termination"
    );
    assert_eq!(header(&told, "tus-checksum-algorithm"), "sha1,sha256");
    assert_eq!(header(&told, "tus-max-size"), PHOTO_BYTES_MAX.to_string());
    for (method, path, token, status) in [
        ("OPTIONS", UPLOADS, "", 204),
        ("POST", UPLOADS, "", 401),
        ("POST", UPLOADS, token, 400),
        ("GET", UPLOADS, token, 405),
        ("HEAD", "/api/v1/photos/uploads/0123", token, 404),
        ("PATCH", "/api/v1/photos/uploads/0123", token, 404),
    ] {
        let reply = tus(&server, (method, path), token, &[], "").await;
        assert_eq!((reply.status, header(&reply, "tus-resumable")), (status, "1.0.0"), "{method} {path}");
    }
    for version in ["0.2.2", "1.0.1", ""] {
        let reply = tus(&server, ("POST", UPLOADS), token, &[("tus-resumable", version)], "").await;
        assert_eq!((reply.status, reply.code().as_str()), (412, "tus_version"));
        assert_eq!((header(&reply, "tus-version"), header(&reply, "tus-resumable")), ("1.0.0", "1.0.0"));
    }
    assert!(server.get("/api/v1/session", token).await.headers.get("tus-resumable").is_none());
}

#[tokio::test]
async fn a_creation_that_cannot_become_a_photograph_is_refused_with_what_to_do() {
    let server = TestServer::new();
    let token = &server.device("cadre", 1).await.token;
    let good = metadata(&"ab".repeat(32));
    let too_large = (PHOTO_BYTES_MAX + 1).to_string();
    let length = ("upload-length", "10");
    let named = ("upload-metadata", good.as_str());
    let cases: &[(&[Header<'_>], u16, &str)] = &[
        (&[named], 400, "bad_request"),
        (&[named, ("upload-defer-length", "1")], 400, "bad_request"),
        (&[named, ("upload-length", "-1")], 400, "bad_request"),
        (&[named, ("upload-length", "0")], 422, "bad_value"),
        (&[named, ("upload-length", &too_large)], 413, "photo_too_large"),
        (&[length], 400, "bad_request"),
        (&[length, ("upload-metadata", "sha256 AAAA")], 400, "bad_request"),
        (&[length, named, ("upload-concat", "partial")], 400, "bad_request"),
        (&[length, named, ("content-length", "4"), ("content-type", "text/plain")], 415, "unsupported_body"),
        (&[length, named, STREAM, ("content-length", "11")], 413, "more_than_told"),
        (&[length, named, STREAM, ("upload-checksum", "md5 AAAA")], 400, "bad_request"),
    ];
    for (headers, status, code) in cases {
        let reply = tus(&server, ("POST", UPLOADS), token, headers, "").await;
        assert_eq!((reply.status, reply.code().as_str()), (*status, *code), "{headers:?}");
    }
    let all_wrong = [STREAM, ("upload-length", "4"), named];
    let reply = tus(&server, ("POST", UPLOADS), token, &all_wrong, "1234").await;
    assert_eq!((reply.status, reply.code().as_str()), (422, "wrong_hash"));
    assert_eq!(server.app.store().counts().unwrap().uploads, 0);
}

#[tokio::test]
async fn a_chunk_that_does_not_fit_is_refused_and_nothing_of_it_is_kept() {
    let server = TestServer::new();
    let mut phone = server.device("cadre", 1).await;
    let token = &phone.token.clone();
    let content = bytes(100);
    let at = &create(&server, token, &content).await;
    patch(&server, token, at, 0, content[..40].to_vec()).await;
    let good = sha256_said(b"other bytes");
    let from_40 = ("upload-offset", "40");
    let cases: &[(&[Header<'_>], usize, u16, &str)] = &[
        (&[from_40], 10, 415, "unsupported_body"),
        (&[from_40, ("content-type", "image/jpeg")], 10, 415, "unsupported_body"),
        (&[STREAM], 10, 400, "bad_request"),
        (&[STREAM, ("upload-offset", "x")], 10, 400, "bad_request"),
        (&[STREAM, ("upload-offset", "0")], 10, 409, "wrong_offset"),
        (&[STREAM, ("upload-offset", "50")], 10, 409, "wrong_offset"),
        (&[STREAM, from_40, ("upload-checksum", "crc32 AAAA")], 10, 400, "bad_request"),
        (&[STREAM, from_40, ("upload-checksum", "sha1")], 10, 400, "bad_request"),
        (&[STREAM, from_40, ("upload-checksum", &good)], 10, 460, "wrong_checksum"),
        (&[STREAM, from_40, ("upload-checksum", &good)], 61, 413, "more_than_told"),
        (&[STREAM, from_40], 61, 413, "more_than_told"),
        (&[STREAM, from_40, ("content-length", "61")], 0, 413, "more_than_told"),
    ];
    for (headers, length, status, code) in cases {
        let reply = tus(&server, ("PATCH", at), token, headers, bytes(*length)).await;
        assert_eq!((reply.status, reply.code().as_str()), (*status, *code), "{headers:?}");
        assert_eq!(offset(&server, token, at).await, 40, "{headers:?}");
    }
    for sum in [sha1_said(&content[40..60]), sha256_said(&content[60..80])] {
        let stands = offset(&server, token, at).await;
        let from = usize::try_from(stands).unwrap();
        let headers = [STREAM, ("upload-offset", &*stands.to_string()), ("upload-checksum", &*sum)];
        let reply = tus(&server, ("PATCH", at), token, &headers, content[from..from + 20].to_vec()).await;
        assert_eq!((reply.status, header(&reply, "upload-offset")), (204, &*(from + 20).to_string()));
    }
    assert_eq!(patch(&server, token, at, 80, content[80..].to_vec()).await.status, 204);
    naming(&server, &mut phone, &content).await;
    assert_eq!(fetch(&server, token, &content).await.body, content);
}

#[tokio::test]
async fn bytes_that_are_not_the_photograph_end_the_upload_and_a_new_one_may_begin() {
    let server = TestServer::new();
    let token = &server.device("cadre", 1).await.token;
    let content = bytes(100);
    let at = &create(&server, token, &content).await;
    let mut wrong = content.clone();
    wrong[50] ^= 1;
    let reply = patch(&server, token, at, 0, wrong).await;
    assert_eq!((reply.status, reply.code().as_str()), (422, "wrong_hash"));
    assert_eq!(tus(&server, ("HEAD", at), token, &[], "").await.status, 404);
    assert!(!held(&server, token, &content).await);
    let at = &create(&server, token, &content).await;
    assert_eq!(patch(&server, token, at, 0, content.clone()).await.status, 204);
    assert!(held(&server, token, &content).await);
}

#[tokio::test]
async fn bytes_that_are_no_photograph_are_refused_for_good() {
    let server = TestServer::new();
    let token = &server.device("cadre", 1).await.token;
    let content = b"%PDF-1.7 and no photograph".to_vec();
    let at = &create(&server, token, &content).await;
    let patched = patch(&server, token, at, 0, content.clone()).await;
    assert_eq!(tus(&server, ("HEAD", at), token, &[], "").await.status, 404);
    let name = metadata(&hash_of(&content).to_string());
    let told = [STREAM, ("upload-length", &*content.len().to_string()), ("upload-metadata", &name)];
    let created = tus(&server, ("POST", UPLOADS), token, &told, content.clone()).await;
    for reply in [patched, created] {
        assert_eq!((reply.status, reply.code().as_str()), (422, "not_a_photograph"));
        assert!(reply.json::<bianfang_shared::wire::Problem>().permanent);
    }
    assert!(!held(&server, token, &content).await);
    assert_eq!(server.app.photos().files().uploads().unwrap(), []);
}

#[tokio::test]
async fn after_a_break_the_upload_stands_at_the_very_byte_that_arrived() {
    let mut server = TestServer::new();
    let token = &server.device("cadre", 1).await.token;
    let content = bytes(1_000);
    let at = &create(&server, token, &content).await;
    let reply = patch(&server, token, at, 0, cut_off(&content[..333])).await;
    assert_eq!((reply.status, reply.code().as_str()), (400, "body_interrupted"));
    assert_eq!(offset(&server, token, at).await, 333);
    server.crash_and_reopen();
    assert_eq!(offset(&server, token, at).await, 333);
    let sum = sha1_said(&content[333..500]);
    let headers = [STREAM, ("upload-offset", "333"), ("upload-checksum", &sum)];
    tus(&server, ("PATCH", at), token, &headers, cut_off(&content[333..500])).await;
    assert_eq!(offset(&server, token, at).await, 333, "an unchecked part of a checked chunk is not kept");
    // All bytes came, and the connection broke before the end was said.
    patch(&server, token, at, 333, cut_off(&content[333..])).await;
    assert!(!held(&server, token, &content).await);
    assert_eq!(offset(&server, token, at).await, 1_000);
    assert!(held(&server, token, &content).await, "who is told that it is whole can rely on it");
}

#[tokio::test]
async fn an_upload_survives_the_failure_of_any_one_statement_or_write() {
    const STEPS_MAX: u32 = 200;
    let content = bytes(900);
    let mut failed = 0;
    for n in 1..STEPS_MAX {
        let mut server = TestServer::new();
        let mut phone = server.device("cadre", 1).await;
        let token = &phone.token.clone();
        server.faults.arm(n);
        let (mut at, mut acknowledged) = (None, 0);
        // As a phone does: begin, go on from where it stands, ask again whatever happens.
        for attempt in 0..20 {
            let Some(at) = &at else {
                let name = metadata(&hash_of(&content).to_string());
                let headers = [("upload-length", "900"), ("upload-metadata", &*name)];
                let reply = tus(&server, ("POST", UPLOADS), token, &headers, "").await;
                failed += u32::from(reply.status != 201);
                at = (reply.status == 201).then(|| header(&reply, "location").to_owned());
                continue;
            };
            if n % 2 == 0 && attempt > 2 && !server.faults.is_armed() {
                server.crash_and_reopen();
            }
            let stands = tus(&server, ("HEAD", at), token, &[], "").await;
            if stands.status != 200 {
                assert!(matches!(stands.status, 503 | 507), "step {n}: {}", stands.status);
                failed += 1;
                continue;
            }
            let from: usize = header(&stands, "upload-offset").parse().unwrap();
            assert!(
                from >= acknowledged,
                "step {n}: {acknowledged} bytes were acknowledged, {from} are there"
            );
            if from == content.len() {
                break;
            }
            let until = (from + 300).min(content.len());
            let reply = patch(&server, token, at, from, content[from..until].to_vec()).await;
            match reply.status {
                204 => acknowledged = until,
                503 | 507 => failed += 1,
                other => panic!("step {n}: {other} {}", String::from_utf8_lossy(&reply.body)),
            }
        }
        let left = server.faults.is_armed();
        server.faults.arm(0);
        assert!(held(&server, token, &content).await, "step {n}");
        naming(&server, &mut phone, &content).await;
        assert_eq!(fetch(&server, token, &content).await.body, content, "step {n}");
        server.app.photos().sweep().unwrap();
        assert_eq!(server.app.photos().files().uploads().unwrap(), [], "step {n}: nothing stays behind");
        if left {
            assert!(n > 20 && failed > 10, "{n} steps, {failed} failures seen");
            return;
        }
    }
    panic!("an upload takes more steps than the loop has");
}

#[tokio::test]
async fn a_full_disk_is_said_and_nothing_is_acknowledged() {
    let server = TestServer::new();
    let token = &server.device("cadre", 1).await.token;
    let content = bytes(100);
    let at = &create(&server, token, &content).await;
    for n in 1.. {
        server.faults.arm(n);
        let reply = patch(&server, token, at, 0, content[..50].to_vec()).await;
        server.faults.arm(0);
        assert_ne!(reply.status, 204, "the {n}th");
        if reply.status == 507 {
            assert_eq!(reply.code(), "no_room");
            assert!(reply.headers.contains_key("retry-after"));
            assert!(!reply.json::<bianfang_shared::wire::Problem>().permanent);
            return;
        }
    }
}

#[tokio::test]
async fn of_two_who_write_at_once_one_wins_and_who_comes_back_takes_over() {
    let server = TestServer::new();
    let token = &server.device("cadre", 1).await.token;
    let content = bytes(100);
    let at = &create(&server, token, &content).await;
    let (mut sender, receiver) = mpsc::unbounded::<Bytes>();
    let body = Body::from_stream(receiver.map(Ok::<_, std::io::Error>));
    let hanging = patch(&server, token, at, 0, body);
    let others = async {
        sender.start_send(Bytes::copy_from_slice(&content[..30])).unwrap();
        let reply = patch(&server, token, at, 0, content.clone()).await;
        assert_eq!((reply.status, reply.code().as_str()), (423, "upload_locked"));
        // The first connection is dead, and the server has not noticed: the client asks where it stands.
        assert_eq!(offset(&server, token, at).await, 30);
        assert_eq!(patch(&server, token, at, 30, content[30..].to_vec()).await.status, 204);
    };
    let (hung, ()) = futures::join!(hanging, others);
    assert_eq!(hung.status, 423);
    assert!(held(&server, token, &content).await);
}

#[tokio::test]
async fn what_is_uploaded_again_and_again_is_noted_once() {
    let server = TestServer::new();
    let token = &server.device("cadre", 1).await.token;
    let content = bytes(100);
    let at = create(&server, token, &content).await;
    patch(&server, token, &at, 0, content.clone()).await;
    let mut last = at;
    for _ in 0..3 {
        let next = create(&server, token, &content).await;
        assert_eq!(tus(&server, ("HEAD", &last), token, &[], "").await.status, 404);
        assert_eq!(offset(&server, token, &next).await, 100);
        last = next;
    }
}

#[tokio::test]
async fn a_photograph_that_is_held_is_uploaded_at_once_by_who_brought_it_and_kept_once_from_others() {
    let server = TestServer::new();
    let first = &server.device("cadre", 1).await.token;
    let second = &server.device("cadre2", 2).await.token;
    let content = bytes(100);
    let here = &create(&server, first, &content).await;
    let there = &create(&server, second, &content).await;
    patch(&server, first, here, 0, content[..60].to_vec()).await;
    patch(&server, second, there, 0, content[..50].to_vec()).await;
    assert_eq!(tus(&server, ("HEAD", here), second, &[], "").await.status, 404, "it is another's");
    assert_eq!(patch(&server, second, there, 50, content[50..].to_vec()).await.status, 204);
    assert_eq!(patch(&server, first, here, 60, content[60..].to_vec()).await.status, 204);
    for token in [first, second] {
        let at = &create(&server, token, &content).await;
        assert_eq!(offset(&server, token, at).await, 100, "there is nothing left to bring");
        let reply = patch(&server, token, at, 0, content.clone()).await;
        assert_eq!((reply.status, reply.code().as_str()), (409, "wrong_offset"));
    }
    let third = &server.device("supervisor", 3).await.token;
    let at = &create(&server, third, &content).await;
    assert_eq!(offset(&server, third, at).await, 0, "who only says its name learns nothing");
    assert!(!held(&server, third, &content).await);
    assert_eq!(patch(&server, third, at, 0, content.clone()).await.status, 204);
    assert!(held(&server, third, &content).await);
    assert_eq!(fetch(&server, third, &content).await.status, 404, "no record names it yet");
    assert_eq!(server.app.store().counts().unwrap().photos, 1);
}

#[tokio::test]
async fn who_has_a_village_that_names_a_photograph_sees_it() {
    let server = TestServer::new();
    let mut cadre = server.device("cadre", 1).await;
    let content = bytes(100);
    let at = &create(&server, &cadre.token, &content).await;
    patch(&server, &cadre.token, at, 0, content.clone()).await;
    server.add("elsewhere", Role::Cadre, &["430681113216"]);
    server.add("neighbour", Role::Cadre, &[VILLAGE]);
    let outsider = server.device("elsewhere", 4).await;
    let neighbour = server.device("neighbour", 5).await;
    assert_eq!(
        fetch(&server, &cadre.token, &content).await.status,
        404,
        "not even who brought it, without a record"
    );
    assert_eq!(fetch(&server, &neighbour.token, &content).await.status, 404);
    cadre.register_with_photos(VILLAGE, entity(1), &[&hash_of(&content).to_string()]);
    cadre.push_all(&server).await;
    assert_eq!(fetch(&server, &cadre.token, &content).await.status, 200);
    assert_eq!(fetch(&server, &neighbour.token, &content).await.status, 200);
    let supervisor = server.device("supervisor", 3).await;
    assert_eq!(fetch(&server, &supervisor.token, &content).await.status, 200);
    assert_eq!(fetch(&server, &outsider.token, &content).await.status, 404);
    assert_eq!(server.get("/api/v1/photos/nonsense", &cadre.token).await.status, 404);
    assert_eq!(fetch(&server, "", &content).await.status, 401);
}

#[tokio::test]
async fn an_upload_ends_when_told_and_when_its_device_begins_anew() {
    let server = TestServer::new();
    let token = &server.device("cadre", 1).await.token;
    let content = bytes(100);
    let first = &create(&server, token, &content).await;
    patch(&server, token, first, 0, content[..50].to_vec()).await;
    // The answer to the first was lost; the phone does not know its address.
    let second = &create(&server, token, &content).await;
    assert_eq!(tus(&server, ("HEAD", first), token, &[], "").await.status, 404);
    let told = tus(&server, ("DELETE", second), token, &[], "").await;
    assert_eq!((told.status, header(&told, "tus-resumable")), (204, "1.0.0"));
    for method in ["HEAD", "DELETE"] {
        assert_eq!(tus(&server, (method, second), token, &[], "").await.status, 404);
    }
    assert_eq!(server.app.photos().files().uploads().unwrap(), []);
}

#[tokio::test]
async fn whoever_can_only_post_says_what_is_meant() {
    let server = TestServer::new();
    let token = &server.device("cadre", 1).await.token;
    let content = bytes(100);
    let at = &create(&server, token, &content).await;
    let meant = |method| ("x-http-method-override", method);
    let headers = [STREAM, ("upload-offset", "0"), meant("PATCH")];
    let reply = tus(&server, ("POST", at), token, &headers, content[..40].to_vec()).await;
    assert_eq!((reply.status, header(&reply, "upload-offset")), (204, "40"));
    let reply = tus(&server, ("POST", at), token, &[meant("HEAD")], "").await;
    assert_eq!((reply.status, header(&reply, "upload-offset")), (200, "40"));
    assert_eq!(tus(&server, ("POST", at), token, &[meant("DELETE")], "").await.status, 204);
    assert_eq!(tus(&server, ("POST", at), token, &[], "").await.status, 405);
}

#[tokio::test]
async fn a_photograph_whose_bytes_are_gone_is_not_held_and_mends_when_it_comes_again() {
    let server = TestServer::new();
    let mut phone = server.device("cadre", 1).await;
    let token = &phone.token.clone();
    let content = bytes(100);
    let at = &create(&server, token, &content).await;
    patch(&server, token, at, 0, content.clone()).await;
    naming(&server, &mut phone, &content).await;
    let file = server.photo_file(&content);
    std::fs::write(&file, "changed on the disk").unwrap();
    assert!(!held(&server, token, &content).await, "another length is seen at once");
    let mut damaged = content.clone();
    damaged[0] ^= 1;
    std::fs::write(&file, &damaged).unwrap();
    let reply = fetch(&server, token, &content).await;
    assert_eq!((reply.status, reply.code().as_str()), (500, "store_unavailable"));
    assert_eq!(std::fs::read(file.with_extension("damaged")).unwrap(), damaged, "it is kept aside");
    assert!(!held(&server, token, &content).await);
    let at = &create(&server, token, &content).await;
    assert_eq!(patch(&server, token, at, 0, content.clone()).await.status, 204);
    assert_eq!(fetch(&server, token, &content).await.body, content);
}

#[tokio::test]
async fn the_centre_is_asked_about_many_photographs_at_once() {
    let server = TestServer::new();
    let device: TestDevice = server.device("cadre", 1).await;
    assert!(device.session.as_ref().unwrap().capabilities.contains(&"photos".to_owned()));
    let ask = |sha256: Vec<String>| PhotosHeldRequest::of(sha256);
    for (names, status) in [
        (vec!["ab".repeat(32); 500], 200),
        (vec!["ab".repeat(32); 501], 400),
        (vec!["AB".repeat(32)], 400),
        (vec![], 200),
    ] {
        let reply = server.post("/api/v1/photos/held", &device.token, &ask(names)).await;
        assert_eq!(reply.status, status);
    }
    assert_eq!(server.post("/api/v1/photos/held", "", &ask(vec![])).await.status, 401);
}
