//! Photographs that come with the beginning of their upload, whole or in part.

use crate::harness::{TestDevice, TestServer};
use crate::threads::threaded;
use crate::tus::{
    STREAM, UPLOADS, bytes, fetch, header, held, metadata, metadata_alone, name, offset, patch, sha1_said,
    sha256_said, silent, tus,
};
use bianfang_server::files::hash_of;
use bianfang_server::store::photos::HeldPhoto;
use bianfang_shared::id::{DeviceId, UserId};

#[tokio::test]
async fn a_photograph_may_come_with_its_creation_whole_or_in_part() {
    let server = TestServer::new();
    let token = &server.device("cadre", 1).await.token;
    for (said, extra) in [(metadata as fn(&str) -> String, 0), (metadata_alone, 1)] {
        for (length, sent) in [(500, 500), (600, 600), (700, 300), (800, 0)] {
            let content = bytes(length + extra);
            let (length, sent) = (content.len(), if sent == length { content.len() } else { sent });
            let said = said(&hash_of(&content).to_string());
            let told = [STREAM, ("upload-length", &*length.to_string()), ("upload-metadata", &said)];
            let reply = tus(&server, ("POST", UPLOADS), token, &told, content[..sent].to_vec()).await;
            assert_eq!((reply.status, header(&reply, "upload-offset")), (201, &*sent.to_string()));
            let at = header(&reply, "location");
            assert_eq!(held(&server, token, &content).await, sent == length);
            let stands = tus(&server, ("HEAD", at), token, &[], "").await;
            assert_eq!((stands.status, header(&stands, "upload-offset")), (200, &*sent.to_string()));
            assert_eq!(header(&stands, "upload-length"), length.to_string());
            assert_eq!(header(&stands, "upload-metadata"), said, "as it was said");
            assert_eq!(header(&stands, "upload-expires"), header(&reply, "upload-expires"));
            if sent < length {
                assert_eq!(patch(&server, token, at, sent, content[sent..].to_vec()).await.status, 204);
                assert!(held(&server, token, &content).await);
            }
        }
    }
}

#[tokio::test]
async fn what_came_whole_is_known_to_who_brought_it_for_as_long_as_other_uploads() {
    let server = TestServer::new();
    let [mut cadre, other] = [server.device("cadre", 1).await, server.device("cadre2", 2).await];
    let content = bytes(100);
    let said = metadata_alone(&hash_of(&content).to_string());
    let told = [STREAM, ("upload-length", "100"), ("upload-metadata", &*said)];
    let created = tus(&server, ("POST", UPLOADS), &cadre.token, &told, content.clone()).await;
    let at = header(&created, "location");
    assert_eq!(offset(&server, &cadre.token, at).await, 100);
    assert_eq!(tus(&server, ("HEAD", at), &other.token, &[], "").await.status, 404, "it is another's");
    let again = tus(&server, ("POST", UPLOADS), &other.token, &told, content.clone()).await;
    assert_eq!((again.status, header(&again, "upload-offset")), (201, "100"));
    assert_eq!(server.app.store().counts().unwrap().photos, 1);
    assert_eq!(patch(&server, &cadre.token, at, 100, "").await.status, 204, "there is nothing left to do");
    assert_eq!(tus(&server, ("DELETE", at), &cadre.token, &[], "").await.status, 204);
    name(&server, &mut cadre, &content).await;
    assert_eq!(fetch(&server, &cadre.token, &content).await.body, content, "the photograph stays");
    server.clock.advance(7 * 24 * 3_600_000);
    assert_eq!(tus(&server, ("HEAD", at), &cadre.token, &[], "").await.status, 410);
    std::fs::remove_file(server.photo_file(&content)).unwrap();
    let again = tus(&server, ("POST", UPLOADS), &cadre.token, &told, content.clone()).await;
    assert_eq!(again.status, 201);
    assert_eq!(fetch(&server, &cadre.token, &content).await.body, content, "here again");
}

#[tokio::test]
async fn other_bytes_than_those_that_are_named_are_refused_and_leave_nothing() {
    let server = TestServer::new();
    let token = &server.device("cadre", 1).await.token;
    for said in [metadata, metadata_alone] {
        let said = said(&hash_of(&bytes(101)).to_string());
        let told = [STREAM, ("upload-length", "100"), ("upload-metadata", &*said)];
        let reply = tus(&server, ("POST", UPLOADS), token, &told, bytes(100)).await;
        assert_eq!((reply.status, reply.code().as_str()), (422, "wrong_hash"));
        let counts = server.app.store().counts().unwrap();
        assert_eq!((counts.photos, counts.uploads), (0, 0));
        assert_eq!(server.app.photos().files().uploads().unwrap(), []);
    }
}

#[tokio::test]
async fn bytes_are_held_to_their_checksum_and_to_the_photographs_name() {
    let server = TestServer::new();
    let token = &server.device("cadre", 1).await.token;
    let (content, other) = (&*bytes(100), &*bytes(101));
    for said in [metadata, metadata_alone] {
        for checksum in [sha1_said, sha256_said] {
            for (summed, named, status, code) in [
                (other, content, 460, "wrong_checksum"),
                (other, other, 460, "wrong_checksum"),
                (content, other, 422, "wrong_hash"),
            ] {
                let (said, sum) = (said(&hash_of(named).to_string()), checksum(summed));
                let told = [STREAM, ("upload-length", "100"), ("upload-metadata", &said)];
                let told = [&told[..], &[("upload-checksum", &sum)]].concat();
                let reply = tus(&server, ("POST", UPLOADS), token, &told, content.to_vec()).await;
                assert_eq!((reply.status, reply.code().as_str()), (status, code), "{said} {sum}");
                assert!(!held(&server, token, content).await);
            }
        }
    }
    let (said, sum) = (metadata_alone(&hash_of(content).to_string()), sha256_said(content));
    let told = [STREAM, ("upload-length", "100"), ("upload-metadata", &said), ("upload-checksum", &sum)];
    assert_eq!(tus(&server, ("POST", UPLOADS), token, &told, content.to_vec()).await.status, 201);
    assert!(held(&server, token, content).await);
}

#[tokio::test]
async fn a_photograph_that_comes_whole_survives_the_failure_of_any_one_statement_or_write() {
    const STEPS_MAX: u32 = 60;
    let content = bytes(900);
    for said in [metadata, metadata_alone] {
        let said = said(&hash_of(&content).to_string());
        let told = [STREAM, ("upload-length", "900"), ("upload-metadata", &*said)];
        let mut failed = 0;
        let all_seen = 'steps: {
            for n in 1..STEPS_MAX {
                let mut server = TestServer::new();
                let mut phone = server.device("cadre", 1).await;
                let token = &phone.token.clone();
                server.faults.arm(n);
                // As a phone does: the same again, until it is told that it is here.
                while tus(&server, ("POST", UPLOADS), token, &told, content.clone()).await.status != 201 {
                    failed += 1;
                    assert!(failed < STEPS_MAX, "step {n}: it is never taken");
                    if n % 2 == 0 {
                        server.crash_and_reopen();
                    }
                }
                let left = server.faults.is_armed();
                server.faults.arm(0);
                assert!(held(&server, token, &content).await, "step {n}");
                name(&server, &mut phone, &content).await;
                assert_eq!(fetch(&server, token, &content).await.body, content, "step {n}");
                server.app.photos().sweep().unwrap();
                assert_eq!(server.app.photos().files().uploads().unwrap(), [], "step {n}");
                if left {
                    break 'steps failed;
                }
            }
            panic!("a photograph takes more steps than the loop has");
        };
        assert!(all_seen > 4, "{all_seen} failures seen");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_brings_slowly_what_is_held_need_not_bring_it() {
    let folder = tempfile::tempdir().unwrap();
    let server = threaded(folder.path(), |_| ());
    let mut device = TestDevice::new(1);
    device.sign_in(&server, "admin").await;
    let content = bytes(100);
    let said = metadata_alone(&hash_of(&content).to_string());
    let told = [STREAM, ("upload-length", "100"), ("upload-metadata", &*said)];
    let reply = tus(&server, ("POST", UPLOADS), &device.token, &told, content).await;
    assert_eq!(reply.status, 201);
    let reply = tus(&server, ("POST", UPLOADS), &device.token, &told, silent().0).await;
    assert_eq!((reply.status, header(&reply, "upload-offset")), (201, "100"));
}

#[tokio::test]
async fn what_came_whole_is_found_after_a_kill_that_took_its_note() {
    let mut server = TestServer::new();
    let cadre = server.device("cadre", 1).await;
    let content = bytes(300);
    let photo = hash_of(&content);
    let said = metadata_alone(&photo.to_string());
    let held_photo = HeldPhoto {
        id: photo,
        bytes: 300,
        received_at_ms: 1,
        uploader: UserId::from_bytes([1; 16]),
        seen: None,
        missing: false,
    };
    server.app.photos().files().keep(photo, &content.clone().into()).unwrap();
    server.app.store().keep_whole(&held_photo, DeviceId::from_bytes([1; 16])).unwrap();
    // Whoever is killed writes nothing more, and this one never ends.
    std::mem::forget(server.app.clone());
    server.crash_and_reopen();
    assert_eq!(server.app.store().photo(photo).unwrap(), None, "its note was still to be written");
    server.app.starting();
    assert!(server.app.store().photo(photo).unwrap().is_some(), "and is noted again");
    assert!(!held(&server, &cadre.token, &content).await, "nobody is known to have brought it");
    assert_eq!(fetch(&server, &cadre.token, &content).await.status, 404, "no record names it yet");
    let told = [STREAM, ("upload-length", "300"), ("upload-metadata", &*said)];
    let again = tus(&server, ("POST", UPLOADS), &cadre.token, &told, content.clone()).await;
    assert_eq!(
        (again.status, header(&again, "upload-offset")),
        (201, "300"),
        "the phone may bring it once more"
    );
    assert!(held(&server, &cadre.token, &content).await);
}
