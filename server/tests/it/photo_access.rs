//! Who is shown a photograph, and who is told that it is held: whoever sees an operation that opens it, and nobody for
//! knowing its name.

use crate::harness::{
    NOW_MS, OTHER_VILLAGE, TestDevice, TestServer, VILLAGE, entity, photo, record_id, visit,
};
use crate::pictures::{house, jpeg};
use crate::tus::{
    STREAM, UPLOADS, bytes, create, fetch, header, held, metadata, metadata_alone, offset, patch, tus,
};
use axum::body::{Body as HttpBody, Bytes};
use bianfang_server::files::hash_of;
use bianfang_shared::access::Role;
use bianfang_shared::evidence::{CheckName, Finding};
use bianfang_shared::id::{Epoch, OpId};
use bianfang_shared::judge::Outcome;
use bianfang_shared::ledger::LedgerKind;
use bianfang_shared::observation::Observation;
use bianfang_shared::op::{Body, IssueStep};
use bianfang_shared::photo::proof;
use bianfang_shared::query::VisitDetail;
use bianfang_shared::wire::{PhotosHeldReply, PhotosHeldRequest};
use futures::StreamExt as _;
use futures::channel::mpsc;
use serde_json::json;
use std::collections::BTreeMap;

/// Sends all bytes of a photograph at once; answers how that was taken.
async fn bring(server: &TestServer, token: &str, content: &[u8]) -> u16 {
    let said = metadata_alone(&hash_of(content).to_string());
    let told = [STREAM, ("upload-length", &*content.len().to_string()), ("upload-metadata", &said)];
    tus(server, ("POST", UPLOADS), token, &told, content.to_vec()).await.status
}

fn named(content: &[u8]) -> String {
    hash_of(content).to_string()
}

async fn detail(server: &TestServer, reader: &TestDevice, number: u8) -> VisitDetail {
    server.get(&format!("/api/v1/visits/{}", record_id(number)), &reader.token).await.json()
}

fn record_with(phone: &mut TestDevice, scope: &str, about: u8, number: u8, content: &[u8]) -> OpId {
    let made =
        Observation { photos: vec![photo(&named(content))], ..visit(entity(about), record_id(number)) };
    phone.make(scope, Body::Record { observation: Box::new(made) })
}

/// A colleague of the other village, whose photograph is in a record there.
async fn with_a_photograph(server: &TestServer, content: &[u8]) -> TestDevice {
    server.add("owner", Role::Cadre, &[OTHER_VILLAGE]);
    let mut owner = server.device("owner", 40).await;
    owner.register(OTHER_VILLAGE, entity(90), "李大山");
    record_with(&mut owner, OTHER_VILLAGE, 90, 90, content);
    owner.push_all(server).await;
    assert_eq!(bring(server, &owner.token, content).await, 201);
    server.app.photos().settle().unwrap();
    assert_eq!(fetch(server, &owner.token, content).await.status, 200);
    owner
}

/// Nothing that the centre answers differs from what it would say of a photograph that nobody ever brought.
async fn assert_unknown(server: &TestServer, reader: &TestDevice, content: &[u8], why: &str) {
    let thumbnail = format!("/api/v1/photos/{}/thumb", named(content));
    assert_eq!(fetch(server, &reader.token, content).await.status, 404, "{why}");
    assert_eq!(server.get(&thumbnail, &reader.token).await.status, 404, "{why}");
    assert!(!held(server, &reader.token, content).await, "{why}");
    let at = create(server, &reader.token, content).await;
    assert_eq!(offset(server, &reader.token, &at).await, 0, "{why}");
    assert_eq!(tus(server, ("DELETE", &at), &reader.token, &[], "").await.status, 204, "{why}");
    // Its name gives the address of an upload by which it came whole.
    let whole = format!("{UPLOADS}/{}", &named(content)[..32]);
    assert_eq!(tus(server, ("HEAD", &whole), &reader.token, &[], "").await.status, 404, "{why}");
}

#[tokio::test]
async fn naming_a_photograph_opens_it_to_nobody() {
    let server = TestServer::new();
    let content = jpeg(&house(1), 85);
    with_a_photograph(&server, &content).await;
    let mut phone = server.device("cadre", 1).await;
    let name = named(&content);
    phone.register(VILLAGE, entity(1), "王小明");
    let photos = || vec![photo(&name)];
    let issue = |number| Body::Register {
        entity: entity(number),
        ledger: LedgerKind::Issue,
        fields: BTreeMap::from([("topic".to_owned(), "housing".into())]),
        cause: None,
        photos: photos(),
    };
    phone.push_all(&server).await;
    for (why, number) in [
        ("a registration", 0),
        ("a record", 1),
        ("a problem", 2),
        ("a step of one", 3),
        ("what is set aside as outside the grants", 4),
        ("what is set aside as unknown", 5),
        ("a record of what is not there", 6),
    ] {
        match number {
            0 => drop(phone.register_with_photos(VILLAGE, entity(2), &[&name])),
            1 => drop(record_with(&mut phone, VILLAGE, 1, 5, &content)),
            2 => drop(phone.make(VILLAGE, issue(3))),
            3 => {
                let (issue, step) = (entity(3), IssueStep::Begin);
                let (note, parents) = (String::new(), Vec::new());
                phone.make(VILLAGE, Body::Step { issue, step, note, photos: photos(), parents });
            }
            4 => drop(phone.register_with_photos(OTHER_VILLAGE, entity(4), &[&name])),
            5 => drop(record_with(&mut phone, OTHER_VILLAGE, 90, 7, &content)),
            _ => drop(record_with(&mut phone, VILLAGE, 77, 6, &content)),
        }
        phone.push_all(&server).await;
        server.app.photos().settle().unwrap();
        assert_unknown(&server, &phone, &content, why).await;
    }
    let told = detail(&server, &phone, 5).await;
    assert_eq!((told.photos[0].held, told.photos[0].similar.len()), (false, 0));
    let finding = |name| told.evidence.checks.iter().find(|check| check.name == name).unwrap().finding;
    assert_eq!(
        [finding(CheckName::PhotosPresent), finding(CheckName::PhotoSeen)],
        [Finding::Unknown, Finding::Unknown],
        "nor does the grade tell"
    );
    let supervisor = server.device("supervisor", 3).await;
    assert_eq!(
        fetch(&server, &supervisor.token, &content).await.status,
        200,
        "who has both villages sees it"
    );
}

#[tokio::test]
async fn a_photograph_is_shown_only_while_a_village_that_opens_it_is_granted() {
    let server = TestServer::new();
    let content = bytes(300);
    let owner = with_a_photograph(&server, &content).await;
    let admin = server.device("admin", 9).await;
    let grants = format!("/api/v1/users/{}/grants", owner.user);
    for (granted, status) in [(VILLAGE, 404), (OTHER_VILLAGE, 200)] {
        assert_eq!(server.put(&grants, &admin.token, &json!({"grants": [granted]})).await.status, 204);
        assert_eq!(fetch(&server, &owner.token, &content).await.status, status, "{granted}");
        assert!(held(&server, &owner.token, &content).await, "who brought it need not bring it again");
    }
}

#[tokio::test]
async fn what_is_set_aside_opens_a_photograph_when_it_is_merged_and_not_before() {
    let server = TestServer::new();
    let content = bytes(300);
    let mut phone = server.device("cadre", 1).await;
    assert_eq!(bring(&server, &phone.token, &content).await, 201);
    let op = phone.register_with_photos(OTHER_VILLAGE, entity(1), &[&named(&content)]);
    assert!(matches!(phone.push_all(&server).await[0].outcome, Outcome::Quarantined { .. }));
    let supervisor = server.device("supervisor", 3).await;
    for reader in [&phone, &supervisor] {
        assert_eq!(fetch(&server, &reader.token, &content).await.status, 404);
    }
    let admin = server.device("admin", 9).await;
    let grants = format!("/api/v1/users/{}/grants", phone.user);
    server.put(&grants, &admin.token, &json!({"grants": [VILLAGE, OTHER_VILLAGE]})).await;
    let release = format!("/api/v1/quarantine/{}/{}/release", phone.id, op.seq);
    assert_eq!(server.post(&release, &supervisor.token, &json!({})).await.status, 200);
    for reader in [&phone, &supervisor] {
        assert_eq!(fetch(&server, &reader.token, &content).await.status, 200);
    }
}

#[tokio::test]
async fn each_who_brings_a_photograph_opens_it_in_their_own_village_and_it_is_kept_once() {
    let server = TestServer::new();
    let content = jpeg(&house(2), 85);
    with_a_photograph(&server, &content).await;
    server.add("neighbour", Role::Cadre, &[VILLAGE]);
    let neighbour = server.device("neighbour", 41).await;
    let mut phone = server.device("cadre", 1).await;
    phone.register(VILLAGE, entity(1), "王小明");
    record_with(&mut phone, VILLAGE, 1, 5, &content);
    phone.push_all(&server).await;
    server.app.photos().settle().unwrap();
    assert_unknown(&server, &phone, &content, "it was not brought yet").await;
    // In pieces, as over a bad line.
    let at = create(&server, &phone.token, &content).await;
    assert_eq!(patch(&server, &phone.token, &at, 0, content[..50].to_vec()).await.status, 204);
    assert_eq!(patch(&server, &phone.token, &at, 50, content[50..].to_vec()).await.status, 204);
    server.app.photos().settle().unwrap();
    for reader in [&phone, &neighbour] {
        assert_eq!(fetch(&server, &reader.token, &content).await.status, 200);
        let told = detail(&server, reader, 5).await;
        assert!(told.photos[0].held);
        let present = told.evidence.checks.iter().find(|check| check.name == CheckName::PhotosPresent);
        assert_eq!(present.unwrap().finding, Finding::Pass, "the record is assessed again");
    }
    assert!(held(&server, &phone.token, &content).await);
    assert_eq!(bring(&server, &phone.token, &content).await, 201, "and once more is no error");
    assert_eq!(server.app.store().counts().unwrap().photos, 1);
}

#[tokio::test]
async fn who_may_see_a_photograph_need_not_bring_it_to_show_it_elsewhere() {
    let server = TestServer::new();
    let content = bytes(300);
    with_a_photograph(&server, &content).await;
    server.add("neighbour", Role::Cadre, &[VILLAGE]);
    let neighbour = server.device("neighbour", 41).await;
    for (login, number, asks) in [("cadre2", 2, true), ("supervisor", 3, false)] {
        let mut phone = server.device(login, number).await;
        if asks {
            assert!(held(&server, &phone.token, &content).await);
        } else {
            let at = create(&server, &phone.token, &content).await;
            assert_eq!(offset(&server, &phone.token, &at).await, 300);
        }
        assert_eq!(fetch(&server, &neighbour.token, &content).await.status == 200, !asks, "before");
        phone.register_with_photos(VILLAGE, entity(number), &[&named(&content)]);
        phone.push_all(&server).await;
        assert_eq!(fetch(&server, &neighbour.token, &content).await.status, 200, "{login}");
    }
}

#[tokio::test]
async fn of_a_photograph_that_nobody_is_known_to_have_brought_the_earliest_merged_decides() {
    let server = TestServer::new();
    let content: Bytes = bytes(300).into();
    server.add("owner", Role::Cadre, &[OTHER_VILLAGE]);
    let mut owner = server.device("owner", 40).await;
    let mut phone = server.device("cadre", 1).await;
    owner.register_with_photos(OTHER_VILLAGE, entity(90), &[&named(&content)]);
    owner.push_all(&server).await;
    phone.register_with_photos(VILLAGE, entity(1), &[&named(&content)]);
    phone.push_all(&server).await;
    // As after a backup was put back: the bytes are there, and no note of them.
    server.app.photos().files().keep(hash_of(&content), &content).unwrap();
    assert_eq!(server.app.photos().adopt().unwrap(), 1);
    assert_eq!(fetch(&server, &owner.token, &content).await.status, 200);
    assert!(held(&server, &owner.token, &content).await);
    assert_unknown(&server, &phone, &content, "another named it first").await;
    assert_eq!(bring(&server, &phone.token, &content).await, 201);
    assert_eq!(fetch(&server, &phone.token, &content).await.status, 200, "now it is known who brought it");
    assert_eq!(fetch(&server, &owner.token, &content).await.status, 200, "and the earliest still opens it");
}

#[tokio::test]
async fn what_looks_like_anothers_photograph_is_told_of_ones_own_pictures_alone() {
    let server = TestServer::new();
    let content = jpeg(&house(3), 90);
    with_a_photograph(&server, &content).await;
    let mut phone = server.device("cadre", 1).await;
    phone.register(VILLAGE, entity(1), "王小明");
    let alike = jpeg(&house(3), 60);
    for (number, of) in [(5, &content), (6, &alike)] {
        server.clock.advance(1_000);
        record_with(&mut phone, VILLAGE, 1, number, of);
    }
    phone.push_all(&server).await;
    assert_eq!(bring(&server, &phone.token, &alike).await, 201);
    server.app.photos().settle().unwrap();
    assert!(detail(&server, &phone, 5).await.photos[0].similar.is_empty(), "of a hash nothing is told");
    let told = detail(&server, &phone, 6).await.photos.remove(0).similar;
    assert!(!told.is_empty(), "of a picture it is told that it was seen");
    for seen in told.iter().filter(|seen| seen.record != Some(record_id(5))) {
        assert_eq!((seen.record, &*seen.sha256, &*seen.subject_name, &*seen.author_name), (None, "", "", ""));
    }
}

#[tokio::test]
async fn nobody_touches_or_interrupts_anothers_upload() {
    let server = TestServer::new();
    let owner = server.device("cadre", 1).await;
    let content = bytes(100);
    for (login, number) in [("cadre2", 2), ("supervisor", 3), ("admin", 9)] {
        let other = server.device(login, number).await;
        let at = &create(&server, &owner.token, &content).await;
        let (mut sender, receiver) = mpsc::unbounded::<Bytes>();
        let body = HttpBody::from_stream(receiver.map(Ok::<_, std::io::Error>));
        let writing = patch(&server, &owner.token, at, 0, body);
        let others = async {
            sender.start_send(Bytes::copy_from_slice(&content[..30])).unwrap();
            for (method, meant) in [
                ("HEAD", None),
                ("PATCH", None),
                ("DELETE", None),
                ("POST", Some("HEAD")),
                ("POST", Some("PATCH")),
                ("POST", Some("DELETE")),
            ] {
                let mut said = vec![STREAM, ("upload-offset", "0")];
                said.extend(meant.map(|meant| ("x-http-method-override", meant)));
                let reply = tus(&server, (method, at), &other.token, &said, content.clone()).await;
                let unknown = format!("{UPLOADS}/{}", "ab".repeat(16));
                let nothing = tus(&server, (method, &unknown), &other.token, &said, content.clone()).await;
                assert_eq!((reply.status, reply.body), (404, nothing.body), "{login}: {method} {meant:?}");
            }
            sender.start_send(Bytes::copy_from_slice(&content[30..60])).unwrap();
            drop(sender);
        };
        let (written, ()) = futures::join!(writing, others);
        assert_eq!((written.status, header(&written, "upload-offset")), (204, "60"), "{login}");
        // Nor does an upload of their own for the same photograph end it.
        let name = metadata(&named(&content));
        let told = [("upload-length", "100"), ("upload-metadata", &*name)];
        assert_eq!(tus(&server, ("POST", UPLOADS), &other.token, &told, "").await.status, 201);
        assert_eq!(offset(&server, &owner.token, at).await, 60, "{login}");
    }
}

#[tokio::test]
async fn whoever_had_the_bytes_proves_it_to_a_centre_that_forgot_who_brought_them() {
    let server = TestServer::new();
    let content = jpeg(&house(4), 85);
    let owner = with_a_photograph(&server, &content).await;
    let mut phone = server.device("cadre", 1).await;
    phone.register(VILLAGE, entity(1), "王小明");
    record_with(&mut phone, VILLAGE, 1, 5, &content);
    phone.push_all(&server).await;
    let ask = async |proof: Option<String>| -> Vec<String> {
        let mut request = PhotosHeldRequest::of([named(&content)]);
        request.proofs.extend(proof.map(|proof| (named(&content), proof)));
        let reply: PhotosHeldReply = server.post("/api/v1/photos/held", &phone.token, &request).await.json();
        reply.held
    };
    let right = proof(&content);
    assert_eq!(ask(Some(right.clone())).await, [""; 0], "no former life of this centre knew more");
    let epoch = Epoch::new(NOW_MS, [7; 10]);
    server.app.store().begin_epoch(epoch).unwrap();
    for guess in [None, Some(String::new()), Some(named(&content)), Some(right[..63].to_owned())] {
        assert_eq!(ask(guess).await, [""; 0]);
    }
    assert_unknown(&server, &phone, &content, "a guess opens nothing").await;
    assert_eq!(ask(Some(right.clone())).await, [named(&content)]);
    server.app.photos().settle().unwrap();
    assert_eq!(fetch(&server, &phone.token, &content).await.status, 200, "as if it had brought it");
    assert_eq!(ask(None).await, [named(&content)], "and from then on");
    assert!(detail(&server, &phone, 5).await.photos[0].held);
    assert_eq!(fetch(&server, &owner.token, &content).await.status, 200);
    // Of what is not held nothing can be proved, and nobody asks for too many at once.
    let mut many = PhotosHeldRequest::of([named(b"nowhere")]);
    many.proofs.insert(named(b"nowhere"), proof(b"nowhere"));
    let reply: PhotosHeldReply = server.post("/api/v1/photos/held", &phone.token, &many).await.json();
    assert_eq!(reply.held, [""; 0]);
    many.proofs = (0..51).map(|number| (number.to_string(), right.clone())).collect();
    assert_eq!(server.post("/api/v1/photos/held", &phone.token, &many).await.status, 400);
}
