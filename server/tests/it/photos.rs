//! What photographs tell once they are here: thumbnails, near duplicates among all villages, grades of records.

use crate::harness::{OTHER_VILLAGE, TestDevice, TestServer, VILLAGE, area, entity, photo, record_id, visit};
use crate::pictures::{house, jpeg, upload};
use crate::threads::threaded;
use axum::body::Bytes;
use bianfang_server::files::hash_of;
use bianfang_server::{App, Config};
use bianfang_shared::evidence::{CheckName, Finding};
use bianfang_shared::id::{ObservationId, UserId};
use bianfang_shared::observation::{Observation, ObservationKind};
use bianfang_shared::op::Body;
use bianfang_shared::query::{Page, VisitDetail, VisitSummary};
use image::{Rgb, RgbImage};

/// A record about an entry with these photographs.
fn record(about: u8, number: u8, photos: &[&Bytes]) -> Observation {
    Observation {
        photos: photos.iter().map(|bytes| photo(&hash_of(bytes).to_string())).collect(),
        ..visit(entity(about), record_id(number))
    }
}

async fn push_record(server: &TestServer, phone: &mut TestDevice, scope: &str, made: Observation) {
    phone.make(scope, Body::Record { observation: Box::new(made) });
    phone.push_all(server).await;
}

async fn detail(server: &TestServer, reader: &TestDevice, number: u8) -> VisitDetail {
    let id: ObservationId = record_id(number);
    server.get(&format!("/api/v1/visits/{id}"), &reader.token).await.json()
}

#[tokio::test]
async fn a_picture_has_a_thumbnail_and_is_shown_with_its_record() {
    let server = TestServer::new();
    let mut phone = server.device("cadre", 1).await;
    phone.register(VILLAGE, entity(1), "王小明");
    let picture = jpeg(&house(1), 85);
    push_record(&server, &mut phone, VILLAGE, record(1, 5, &[&picture])).await;
    let awaited = detail(&server, &phone, 5).await;
    assert_eq!((awaited.photos.len(), awaited.photos[0].held), (1, false));
    upload(&server, &phone, &picture);
    let supervisor = server.device("supervisor", 3).await;
    let shown = detail(&server, &supervisor, 5).await;
    assert_eq!((shown.photos[0].held, shown.photos[0].similar.len()), (true, 0));
    assert_eq!(shown.photos[0].photo.sha256, hash_of(&picture).to_string());
    let path = format!("/api/v1/photos/{}/thumb", hash_of(&picture));
    let thumbnail = server.get(&path, &supervisor.token).await;
    let small = image::load_from_memory(&thumbnail.body).unwrap();
    assert_eq!((thumbnail.status, small.width(), small.height()), (200, 320, 240));
    std::fs::remove_file(server.photo_file(&picture).with_extension("thumb.jpg")).unwrap();
    let again = server.get(&path, &supervisor.token).await;
    assert_eq!((again.status, again.body), (200, thumbnail.body), "a lost one is made again");
}

#[tokio::test]
async fn the_same_file_and_one_that_looks_like_it_are_found_in_other_villages_records() {
    let server = TestServer::new();
    let mut first = server.device("cadre2", 2).await;
    first.register(OTHER_VILLAGE, entity(2), "李大山");
    let original = jpeg(&house(1), 90);
    push_record(&server, &mut first, OTHER_VILLAGE, record(2, 6, &[&original])).await;
    upload(&server, &first, &original);

    let mut second = server.device("cadre", 1).await;
    second.register(VILLAGE, entity(1), "王小明");
    let smaller = image::imageops::thumbnail(&house(1), 360, 270);
    let copied = jpeg(&smaller, 60);
    let own = jpeg(&house(2), 85);
    let made = Observation {
        ended_at_ms: visit(entity(1), record_id(5)).ended_at_ms + 1,
        ..record(1, 5, &[&original, &copied, &own])
    };
    server.clock.advance(1_000);
    push_record(&server, &mut second, VILLAGE, made).await;
    upload(&server, &second, &copied);
    upload(&server, &second, &own);

    let supervisor = server.device("supervisor", 3).await;
    let seen = detail(&server, &supervisor, 5).await.photos;
    let brief = |at: usize| -> Vec<(bool, Option<ObservationId>, String)> {
        let similar = seen[at].similar.iter();
        similar.map(|one| (one.same_bytes, one.record, one.subject_name.clone())).collect()
    };
    assert_eq!(brief(0), [(true, Some(record_id(6)), "李大山".to_owned())]);
    assert_eq!(brief(1), [(false, Some(record_id(6)), "李大山".to_owned())]);
    assert_eq!(brief(2), []);
    assert_eq!(seen[1].similar[0].scope, Some(area(OTHER_VILLAGE)));
    assert_eq!(seen[1].similar[0].sha256, hash_of(&original).to_string());
    assert!(seen[1].similar[0].distance > 0 && seen[0].similar[0].distance == 0);
    let earlier = detail(&server, &supervisor, 6).await.photos;
    assert_eq!(earlier[0].similar.len(), 2, "both ways");

    let hidden = detail(&server, &second, 5).await.photos;
    let told = &hidden[1].similar[0];
    assert_eq!((told.record, told.scope, &*told.sha256, &*told.subject_name), (None, None, "", ""));
    assert!(told.distance > 0, "that there is one is told");
    assert_eq!(
        server.get(&format!("/api/v1/photos/{}", hash_of(&copied)), &first.token).await.status,
        200,
        "cadre2 has both villages"
    );
}

/// Two records with a picture each; nobody has looked at them.
async fn brought(server: &TestServer, [one, other]: &[Bytes; 2]) {
    let mut phone = server.device("cadre", 1).await;
    phone.register(VILLAGE, entity(1), "王小明");
    push_record(server, &mut phone, VILLAGE, record(1, 5, &[one])).await;
    push_record(server, &mut phone, VILLAGE, record(1, 6, &[other])).await;
    for bytes in [one, other] {
        server.app.photos().bring(bytes, phone.user).unwrap();
    }
}

#[tokio::test]
async fn what_was_left_undone_by_a_crash_is_done_after_it() {
    let pictures = [jpeg(&house(1), 90), jpeg(&house(1), 50)];
    for n in 1..200 {
        let mut server = TestServer::new();
        brought(&server, &pictures).await;
        server.faults.arm(n);
        let settled = server.app.photos().settle();
        let was_armed = server.faults.is_armed();
        server.faults.arm(0);
        if settled.is_err() {
            server.crash_and_reopen();
            server.app.photos().settle().unwrap();
        }
        let store = server.app.store();
        assert_eq!(store.photos_to_examine(None, 9).unwrap(), [], "statement {n}");
        assert_eq!(store.photos_due(None, 9).unwrap(), [], "statement {n}");
        for picture in &pictures {
            assert_eq!(store.photos_alike(hash_of(picture)).unwrap().len(), 1, "statement {n}");
        }
        if was_armed {
            assert!(settled.is_ok() && n > 10, "every statement failed once");
            return;
        }
    }
    panic!("more statements than were made to fail");
}

#[tokio::test]
async fn a_stop_does_not_wait_for_photographs_that_nobody_looked_at_and_a_start_goes_on_with_them() {
    let folder = tempfile::tempdir().unwrap();
    let pictures: Vec<Bytes> = (1..=3).map(|number| jpeg(&house(number), 90)).collect();
    let waiting = |server: &TestServer| server.app.store().photos_to_examine(None, 9).unwrap().len();
    let server = threaded(folder.path(), |_| ());
    server.app.shutdown();
    for picture in &pictures {
        server.app.photos().bring(picture, UserId::from_bytes([1; 16])).unwrap();
    }
    server.app.photos().settle().unwrap();
    assert_eq!(waiting(&server), pictures.len(), "there is no time for that now");
    drop(server);
    let app = App::open(Config::new(folder.path())).unwrap();
    app.photos().settle().unwrap();
    assert_eq!(app.store().photos_to_examine(None, 9).unwrap(), []);
}

/// A visit about an entry with a photograph, pushed when it is later than whatever was before. Answers what its
/// pictures were found to be.
async fn pushed(server: &TestServer, phone: &mut TestDevice, made: Observation) -> ObservationId {
    server.clock.advance(1_000);
    let id = made.id;
    push_record(server, phone, VILLAGE, made).await;
    server.app.photos().settle().unwrap();
    id
}

fn finding(server: &TestServer, id: ObservationId, name: CheckName) -> Finding {
    let record = server.app.store().record(id).unwrap().unwrap();
    let mut checks = record.evidence.checks.into_iter();
    checks.find(|check| check.name == name).unwrap().finding
}

#[tokio::test]
async fn a_photograph_that_cannot_be_read_keeps_no_other_from_being_looked_at() {
    let server = TestServer::new();
    let mut phone = server.device("cadre", 1).await;
    phone.register(VILLAGE, entity(1), "王小明");
    let (spoilt, sound) = (jpeg(&house(1), 90), jpeg(&house(2), 90));
    push_record(&server, &mut phone, VILLAGE, record(1, 5, &[&sound])).await;
    for bytes in [&spoilt, &sound] {
        server.app.photos().bring(bytes, phone.user).unwrap();
        server.clock.advance(1_000);
    }
    // A name that leads to itself can be neither read nor is it missing.
    let file = server.photo_file(&spoilt);
    std::fs::remove_file(&file).unwrap();
    std::os::unix::fs::symlink(&file, &file).unwrap();
    server.app.photos().settle().unwrap_err();
    let store = server.app.store();
    let waiting: Vec<_> =
        store.photos_to_examine(None, 9).unwrap().into_iter().map(|photo| photo.id).collect();
    assert_eq!(waiting, [hash_of(&spoilt)]);
    assert_eq!(store.photos_due(None, 9).unwrap(), []);
    assert_eq!(finding(&server, record_id(5), CheckName::PhotoSeen), Finding::Pass);
    std::fs::remove_file(&file).unwrap();
    std::fs::write(&file, &spoilt).unwrap();
    server.app.photos().settle().unwrap();
    assert_eq!(store.photos_to_examine(None, 9).unwrap(), []);
}

#[tokio::test]
async fn of_a_picture_that_shows_nothing_only_the_same_file_is_known_again() {
    let server = TestServer::new();
    let mut phone = server.device("cadre", 1).await;
    phone.register(VILLAGE, entity(1), "王小明");
    phone.register(VILLAGE, entity(2), "李大山");
    let night = jpeg(&RgbImage::from_pixel(400, 300, Rgb([3, 3, 3])), 90);
    let torn = Bytes::from([b"\xff\xd8\xff\xe0".as_slice(), b"and no picture"].concat());
    for (at, bytes) in [(0, &night), (10, &torn)] {
        upload(&server, &phone, bytes);
        let first = pushed(&server, &mut phone, record(1, 20 + at, &[bytes])).await;
        assert_eq!(finding(&server, first, CheckName::PhotoSeen), Finding::Unknown, "nobody can tell");
        assert_eq!(finding(&server, first, CheckName::PhotosPresent), Finding::Pass);
        let second = pushed(&server, &mut phone, record(2, 21 + at, &[bytes])).await;
        assert_eq!(finding(&server, second, CheckName::PhotoSeen), Finding::Fail, "it is the same file");
    }
}

#[tokio::test]
async fn a_correction_shares_the_photographs_of_its_author_and_its_subject_alone() {
    let server = TestServer::new();
    let mut own = server.device("cadre", 1).await;
    let mut other = server.device("cadre2", 2).await;
    own.register(VILLAGE, entity(1), "王小明");
    own.register(VILLAGE, entity(2), "李大山");
    let correcting = |about: u8, number: u8, corrected: Option<u8>| Observation {
        corrects: corrected.map(record_id),
        ..record(about, number, &[&jpeg(&house(u32::from(number / 10)), 90)])
    };
    let seen = |id| finding(&server, id, CheckName::PhotoSeen);
    for number in 2..=4 {
        upload(&server, &own, &jpeg(&house(number), 90));
    }
    // The third corrects a correction.
    for (made, is_same) in [
        (correcting(1, 20, None), false),
        (correcting(1, 21, Some(20)), false),
        (correcting(1, 22, Some(21)), false),
        (correcting(1, 23, None), true),
        (correcting(1, 30, None), false),
        (correcting(2, 31, Some(30)), true),
        (correcting(1, 40, None), false),
    ] {
        let id = pushed(&server, &mut own, made).await;
        assert_eq!(seen(id) == Finding::Fail, is_same, "{id}");
    }
    let id = pushed(&server, &mut other, correcting(1, 41, Some(40))).await;
    assert_eq!(seen(id), Finding::Fail, "it is another person's");
}

#[tokio::test]
async fn a_house_may_look_like_itself_and_no_other_may() {
    let server = TestServer::new();
    let mut phone = server.device("cadre", 1).await;
    phone.register(VILLAGE, entity(1), "王小明");
    phone.register(VILLAGE, entity(2), "李大山");
    let pictures: Vec<Bytes> = [90, 70, 50].iter().map(|quality| jpeg(&house(1), *quality)).collect();
    for bytes in &pictures {
        upload(&server, &phone, bytes);
    }
    for (about, number, expected) in [(1, 20, Finding::Pass), (1, 21, Finding::Pass), (2, 22, Finding::Doubt)]
    {
        let made = record(about, number, &[&pictures[usize::from(number) - 20]]);
        let id = pushed(&server, &mut phone, made).await;
        assert_eq!(finding(&server, id, CheckName::PhotoSeen), expected, "{number}");
    }
    let again = pushed(&server, &mut phone, record(1, 23, &[&pictures[0]])).await;
    assert_eq!(
        finding(&server, again, CheckName::PhotoSeen),
        Finding::Fail,
        "the same file is the same file"
    );
}

#[tokio::test]
async fn a_photograph_that_very_many_name_is_known_again_and_all_their_records_are_assessed() {
    const HOUSEHOLDS: u8 = 120;
    let server = TestServer::new();
    let mut phone = server.device("cadre", 1).await;
    let mut early = server.device("cadre2", 250).await;
    let picture = jpeg(&house(1), 90);
    early.register(VILLAGE, entity(1), "王小明");
    let first = pushed(&server, &mut early, record(1, 200, &[&picture])).await;
    server.clock.advance(1_000);
    let name = hash_of(&picture).to_string();
    // Its own uses come before the first one's, in the order in which they are told.
    for number in 1..=HOUSEHOLDS {
        phone.register_with_photos(VILLAGE, entity(number + 1), &[&name]);
        phone.register_with_photos(OTHER_VILLAGE, entity(number + 1), &[&name]);
    }
    let made = record(1, 201, &[&picture]);
    phone.make(VILLAGE, Body::Record { observation: Box::new(made) });
    phone.push_all(&server).await;
    upload(&server, &phone, &picture);
    assert_eq!(finding(&server, first, CheckName::PhotosPresent), Finding::Pass, "assessed again");
    assert_eq!(finding(&server, first, CheckName::PhotoSeen), Finding::Pass);
    assert_eq!(finding(&server, record_id(201), CheckName::PhotoSeen), Finding::Fail, "the first one has it");
}

#[tokio::test]
async fn a_record_whose_photograph_is_lost_awaits_it_and_is_content_when_it_comes_again() {
    let server = TestServer::new();
    let mut phone = server.device("cadre", 1).await;
    phone.register(VILLAGE, entity(1), "王小明");
    let picture = jpeg(&house(1), 90);
    push_record(&server, &mut phone, VILLAGE, record(1, 5, &[&picture])).await;
    let photos = server.app.photos();
    // Lost before anybody looked at it, as after a restore without the photographs.
    photos.bring(&picture, phone.user).unwrap();
    std::fs::remove_file(server.photo_file(&picture)).unwrap();
    let present = || finding(&server, record_id(5), CheckName::PhotosPresent);
    for _ in 0..2 {
        photos.settle().unwrap();
        assert_eq!(present(), Finding::Unknown);
    }
    upload(&server, &phone, &picture);
    assert_eq!(present(), Finding::Pass);
    assert_eq!(finding(&server, record_id(5), CheckName::PhotoSeen), Finding::Pass, "it was looked at");
    // Lost afterwards, and found out by `verify`.
    std::fs::remove_file(server.photo_file(&picture)).unwrap();
    assert!(!photos.verify().unwrap().is_sound());
    photos.settle().unwrap();
    assert_eq!(present(), Finding::Unknown);
    upload(&server, &phone, &picture);
    assert_eq!(present(), Finding::Pass);
    assert!(photos.verify().unwrap().is_sound());
}

#[tokio::test]
async fn records_of_every_kind_are_listed_by_the_names_that_people_know() {
    use bianfang_shared::ledger::LedgerKind;
    let server = TestServer::new();
    let mut phone = server.device("supervisor", 1).await;
    phone.register(VILLAGE, entity(1), "王小明");
    let text = |pairs: &[(&str, &str)]| {
        pairs.iter().map(|(field, value)| ((*field).to_owned(), (*value).into())).collect()
    };
    let household = entity(1).to_string();
    let person = entity(9).to_string();
    for (number, ledger, fields) in [
        (2, LedgerKind::House, text(&[("household", &household), ("code", "F002"), ("name", "主屋")])),
        (3, LedgerKind::WaterSupply, text(&[("name", "八景水厂"), ("code", "S003"), ("kind", "small")])),
        (
            4,
            LedgerKind::Post,
            text(&[("holder", &person), ("kind", "forest"), ("code", "G004"), ("name", "护林员")]),
        ),
        (9, LedgerKind::Person, text(&[("household", &household), ("name", "赵小芳")])),
    ] {
        let (entity, photos) = (entity(number), Vec::new());
        phone.make(VILLAGE, Body::Register { entity, ledger, fields, cause: None, photos });
    }
    for (number, kind) in [
        (1, ObservationKind::Visit),
        (2, ObservationKind::HouseInspection),
        (3, ObservationKind::WaterCheck),
        (4, ObservationKind::Attendance),
    ] {
        let made = Observation {
            kind,
            ended_at_ms: 1_749_999_999_000 + i64::from(number),
            ..record(number, 50 + number, &[])
        };
        phone.make(VILLAGE, Body::Record { observation: Box::new(made) });
    }
    phone.push_all(&server).await;
    let list = async |query: &str| -> Vec<(String, String)> {
        let page: Page<VisitSummary> =
            server.get(&format!("/api/v1/visits{query}"), &phone.token).await.json();
        page.rows.into_iter().map(|row| (row.subject_name, row.subject_code)).collect()
    };
    let named = |name: &str, code: &str| (name.to_owned(), code.to_owned());
    let all =
        [named("赵小芳", "G004"), named("八景水厂", "S003"), named("王小明", "F002"), named("王小明", "H1")];
    assert_eq!(list("").await, all);
    for (kind, at) in [("attendance", 0), ("water_check", 1), ("house_inspection", 2), ("visit", 3)] {
        assert_eq!(list(&format!("?kind={kind}")).await, all[at..=at]);
    }
    // By their own words, and by those of whom and what they belong to.
    for (words, at) in [
        ("wxm", &[0, 2, 3][..]),
        ("zhaoxf", &[]),
        ("zhaoxiaofang", &[0]),
        ("hly", &[0]),
        ("g004%20wxm", &[0]),
        ("%E5%85%AB%E6%99%AF", &[1]),
        ("s003", &[1]),
        ("s003%20wxm", &[]),
        ("zhuwu", &[2]),
        ("h1", &[0, 2, 3]),
    ] {
        let expected: Vec<_> = at.iter().map(|at: &usize| all[*at].clone()).collect();
        assert_eq!(list(&format!("?text={words}")).await, expected, "{words}");
    }
    let mut after = String::new();
    for expected in &all {
        let query = format!("/api/v1/visits?limit=1{after}");
        let page: Page<VisitSummary> = server.get(&query, &phone.token).await.json();
        assert_eq!(page.rows[0].subject_name, expected.0);
        after = page.next.map(|next| format!("&after={next}")).unwrap_or_default();
    }
    assert_eq!(after, "");
}
