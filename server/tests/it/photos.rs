//! What photographs tell once they are here: thumbnails, near duplicates among all villages, grades of records; and
//! that backups hold them.

use crate::harness::{OTHER_VILLAGE, TestDevice, TestServer, VILLAGE, area, entity, photo, record_id, visit};
use axum::body::Bytes;
use bianfang_server::files::hash_of;
use bianfang_server::service::verify::verify;
use bianfang_server::{Config, admin, open_store};
use bianfang_shared::id::ObservationId;
use bianfang_shared::observation::{Observation, ObservationKind};
use bianfang_shared::op::Body;
use bianfang_shared::query::{Page, VisitDetail, VisitSummary};
use image::{Rgb, RgbImage};

/// A made-up front of a house: sky, wall, roof, and openings where the number says.
fn house(number: u32) -> RgbImage {
    let dice = |what: u32, below: u32| {
        let mixed = (number * 7_919 + what * 104_729).wrapping_mul(2_654_435_761);
        (mixed >> 12) % below
    };
    let ridge = 40 + dice(1, 60);
    let eaves = ridge + 50 + dice(2, 60);
    let (left, right) = (30 + dice(3, 90), 300 + dice(4, 80));
    let openings: Vec<[u32; 4]> = (0..5)
        .map(|at| {
            let (x, y) = (left + dice(10 + at, right - left - 50), eaves + 20 + dice(20 + at, 90));
            [x, y, x + 18 + dice(30 + at, 40), y + 18 + dice(40 + at, 60)]
        })
        .collect();
    RgbImage::from_fn(400, 300, |x, y| {
        let inside = |[left, top, right, bottom]: &[u32; 4]| {
            (*left..*right).contains(&x) && (*top..*bottom).contains(&y)
        };
        let grain = u8::try_from((x * 31 + y * 17 + x * y) % 9).unwrap();
        let roof = (ridge..eaves).contains(&y) && x + (eaves - y) / 2 > left && x < right + (eaves - y) / 3;
        let wall = y >= eaves && (left..right).contains(&x) && y < 270;
        let shade = if openings.iter().any(inside) && wall {
            40
        } else if roof {
            90 + u8::try_from(dice(5, 60)).unwrap()
        } else if wall {
            170 + u8::try_from(dice(6, 50)).unwrap()
        } else if y < eaves {
            225
        } else {
            120
        };
        Rgb([shade, shade.saturating_sub(grain), shade.saturating_sub(grain / 2)])
    })
}

fn jpeg(picture: &RgbImage, quality: u8) -> Bytes {
    let mut bytes = Vec::new();
    let mut encoder = image::codecs::jpeg::JpegEncoder::new_with_quality(&mut bytes, quality);
    encoder.encode_image(picture).unwrap();
    bytes.into()
}

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

fn upload(server: &TestServer, phone: &TestDevice, bytes: &Bytes) {
    server.app.photos().bring(bytes, phone.user).unwrap();
    server.app.photos().settle().unwrap();
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
    let name = hash_of(&picture).to_string();
    std::fs::remove_file(server.folder.join("photos").join(&name[..2]).join(format!("{name}.thumb.jpg")))
        .unwrap();
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

#[tokio::test]
async fn what_was_left_undone_by_a_crash_is_done_after_it() {
    let mut server = TestServer::new();
    let mut phone = server.device("cadre", 1).await;
    phone.register(VILLAGE, entity(1), "王小明");
    let (one, other) = (jpeg(&house(1), 90), jpeg(&house(1), 50));
    push_record(&server, &mut phone, VILLAGE, record(1, 5, &[&one])).await;
    push_record(&server, &mut phone, VILLAGE, record(1, 6, &[&other])).await;
    for bytes in [&one, &other] {
        server.app.photos().bring(bytes, phone.user).unwrap();
    }
    for n in 1..200 {
        server.faults.arm(n);
        let settled = server.app.photos().settle();
        let was_armed = server.faults.is_armed();
        server.faults.arm(0);
        if settled.is_ok() {
            assert!(was_armed && n > 1, "the last one settled");
            break;
        }
        server.crash_and_reopen();
    }
    let store = server.app.store();
    assert_eq!((store.photos_to_examine(9).unwrap().len(), store.photos_due(9).unwrap().len()), (0, 0));
    assert_eq!(store.photos_alike(hash_of(&one)).unwrap().len(), 1);
    assert_eq!(store.photos_alike(hash_of(&other)).unwrap().len(), 1);
}

#[tokio::test]
async fn records_of_every_kind_are_listed_by_the_names_that_people_know() {
    use bianfang_shared::ledger::LedgerKind;
    let server = TestServer::new();
    let mut phone = server.device("cadre", 1).await;
    phone.register(VILLAGE, entity(1), "王小明");
    let text = |pairs: &[(&str, &str)]| {
        pairs.iter().map(|(field, value)| ((*field).to_owned(), (*value).into())).collect()
    };
    let household = entity(1).to_string();
    let person = entity(9).to_string();
    for (number, ledger, fields) in [
        (2, LedgerKind::House, text(&[("household", &household), ("code", "F002")])),
        (3, LedgerKind::WaterSupply, text(&[("name", "八景水厂"), ("code", "S003")])),
        (4, LedgerKind::Post, text(&[("holder", &person), ("code", "G004")])),
        (9, LedgerKind::Person, text(&[("name", "赵小芳")])),
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
    let mut after = String::new();
    for expected in &all {
        let query = format!("/api/v1/visits?limit=1{after}");
        let page: Page<VisitSummary> = server.get(&query, &phone.token).await.json();
        assert_eq!(page.rows[0].subject_name, expected.0);
        after = page.next.map(|next| format!("&after={next}")).unwrap_or_default();
    }
    assert_eq!(after, "");
}

#[tokio::test]
async fn verify_tells_photographs_that_are_damaged_missing_or_awaited() {
    let server = TestServer::new();
    let mut phone = server.device("cadre", 1).await;
    let pictures: Vec<Bytes> = (1..=3).map(|number| jpeg(&house(number), 80)).collect();
    let names: Vec<String> = pictures.iter().map(|bytes| hash_of(bytes).to_string()).collect();
    phone.register_with_photos(VILLAGE, entity(1), &[&names[0], &names[1], &names[2]]);
    phone.push_all(&server).await;
    upload(&server, &phone, &pictures[0]);
    upload(&server, &phone, &pictures[1]);
    let photos = server.app.photos();
    let report = photos.verify().unwrap();
    assert!(report.is_sound());
    assert_eq!((report.held, report.awaited), (2, 1));
    assert_eq!(report.awaited_named[0].to_string(), names[2]);
    let file =
        |at: usize| server.folder.join("photos").join(&names[at][..2]).join(format!("{}.jpg", names[at]));
    std::fs::write(file(0), "something else").unwrap();
    std::fs::remove_file(file(1)).unwrap();
    let mut report = photos.verify().unwrap();
    report.named.sort();
    let mut expected =
        [format!("photograph {} is damaged", names[0]), format!("photograph {} is missing", names[1])];
    expected.sort();
    assert_eq!((report.named.as_slice(), report.differences), (expected.as_slice(), 2));
    assert!(verify(&**server.app.store()).unwrap().is_sound(), "the log is sound all the same");
}

#[tokio::test]
async fn a_backup_holds_the_photographs_and_a_restore_loses_none_that_came_after_it() {
    let mut server = TestServer::new();
    let mut phone = server.device("cadre", 1).await;
    let pictures: Vec<Bytes> = (1..=3).map(|number| jpeg(&house(number), 80)).collect();
    let names: Vec<String> = pictures.iter().map(|bytes| hash_of(bytes).to_string()).collect();
    phone.register_with_photos(VILLAGE, entity(1), &[&names[0], &names[1], &names[2]]);
    phone.push_all(&server).await;
    upload(&server, &phone, &pictures[0]);
    let mut config = Config::new(&server.folder);
    config.clock = server.clock.clone();
    let file = server.folder.join("backup.sqlite");
    let folder = admin::photos_beside(&file);
    admin::backup(&open_store(&config).unwrap(), &file).unwrap();
    assert_eq!(admin::backup_photos(&server.app, &folder).unwrap(), 1);
    upload(&server, &phone, &pictures[1]);
    assert_eq!(admin::backup_photos(&server.app, &folder).unwrap(), 1, "only what it has not");
    upload(&server, &phone, &pictures[2]);
    // The first is lost with the disk; the third came after the backup.
    std::fs::remove_file(server.folder.join("photos").join(&names[0][..2]).join(format!("{}.jpg", names[0])))
        .unwrap();
    assert_eq!(admin::restore_photos(&config, &folder).unwrap(), 1);
    admin::restore(&config, &file).unwrap();
    server.crash_and_reopen();
    server.app.photos().settle().unwrap();
    let report = server.app.photos().verify().unwrap();
    assert_eq!((report.held, report.awaited, report.is_sound()), (3, 0, true), "{report:?}");
    let supervisor = server.device("supervisor", 3).await;
    for (name, bytes) in names.iter().zip(&pictures) {
        let fetched = server.get(&format!("/api/v1/photos/{name}"), &supervisor.token).await;
        assert_eq!(fetched.body, *bytes, "{name}");
    }
}
