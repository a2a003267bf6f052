//! Photographs that are damaged, missing or not noted: found out, set aside, put back from a backup, asked for again.

use crate::harness::{TestServer, VILLAGE, entity};
use crate::pictures::{house, jpeg, upload};
use axum::body::Bytes;
use bianfang_server::files::hash_of;
use bianfang_server::service::verify::verify;
use bianfang_server::{Config, admin, open_store};

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
    let file = |at: usize| server.photo_file(&pictures[at]);
    std::fs::write(file(0), "something else").unwrap();
    std::fs::remove_file(file(1)).unwrap();
    let mut report = photos.verify().unwrap();
    report.named.sort();
    let mut expected =
        [format!("photograph {} is damaged", names[0]), format!("photograph {} is missing", names[1])];
    expected.sort();
    assert_eq!((report.named.as_slice(), report.differences), (expected.as_slice(), 2));
    assert!(verify(&**server.app.store()).unwrap().is_sound(), "the log is sound all the same");
    assert_eq!(
        std::fs::read(file(0).with_extension("damaged")).unwrap(),
        b"something else",
        "it is kept aside"
    );
    let report = photos.verify().unwrap();
    assert!(report.named.iter().all(|named| named.ends_with("is missing")), "{:?}", report.named);
    upload(&server, &phone, &pictures[0]);
    upload(&server, &phone, &pictures[1]);
    assert!(photos.verify().unwrap().is_sound(), "both came again");
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
    std::fs::remove_file(server.photo_file(&pictures[0])).unwrap();
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

#[tokio::test]
async fn a_backup_mends_photographs_that_are_damaged_and_is_mended_itself() {
    let server = TestServer::new();
    let phone = server.device("cadre", 1).await;
    let picture = jpeg(&house(1), 80);
    upload(&server, &phone, &picture);
    let config = Config::new(&server.folder);
    let folder = server.folder.join("archive");
    assert_eq!(admin::backup_photos(&server.app, &folder).unwrap(), 1);
    // The length stays the same.
    let mut damaged = picture.to_vec();
    damaged[99] ^= 1;
    std::fs::write(server.photo_file(&picture), &damaged).unwrap();
    assert_eq!(admin::restore_photos(&config, &folder).unwrap(), 1);
    assert_eq!(std::fs::read(server.photo_file(&picture)).unwrap(), picture);
    let name = hash_of(&picture).to_string();
    let archived = folder.join(&name[..2]).join(format!("{name}.jpg"));
    std::fs::write(&archived, &damaged).unwrap();
    assert_eq!(admin::backup_photos(&server.app, &folder).unwrap(), 1);
    assert_eq!(std::fs::read(archived).unwrap(), picture);
}

#[tokio::test]
async fn photographs_that_a_killed_restore_left_unnoted_are_noted_when_serving_begins() {
    let server = TestServer::new();
    let phone = server.device("cadre", 1).await;
    let pictures: Vec<Bytes> = (1..=3).map(|number| jpeg(&house(number), 80)).collect();
    for bytes in &pictures {
        server.app.photos().files().keep(hash_of(bytes), bytes).unwrap();
    }
    let store = server.app.store();
    server.app.photos().bring(&pictures[2], phone.user).unwrap();
    store.note_missing(hash_of(&pictures[2])).unwrap();
    // Damaged, so that its bytes are nobody's.
    std::fs::write(server.photo_file(&pictures[0]), "something else").unwrap();
    server.app.starting();
    let noted = |at: usize| store.photo(hash_of(&pictures[at])).unwrap();
    assert_eq!(noted(0), None);
    for at in 1..=2 {
        assert!(noted(at).is_some_and(|held| !held.missing && held.seen.is_some()), "{at}");
    }
}

#[tokio::test]
async fn half_a_photograph_that_a_loss_of_power_left_is_nobodys_and_comes_again() {
    let server = TestServer::new();
    let phone = server.device("cadre", 1).await;
    for (number, starts_anew) in [(1, true), (2, false)] {
        let picture = jpeg(&house(number), 80);
        let file = server.photo_file(&picture);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(&file, &picture[..picture.len() / 2]).unwrap();
        if starts_anew {
            server.app.starting();
            assert!(!file.exists() && file.with_extension("damaged").exists());
        }
        assert_eq!(server.app.store().photo(hash_of(&picture)).unwrap(), None);
        upload(&server, &phone, &picture);
        assert_eq!(std::fs::read(&file).unwrap(), picture);
        assert!(server.app.store().photo(hash_of(&picture)).unwrap().is_some());
    }
}

#[tokio::test]
async fn one_photograph_that_cannot_be_read_keeps_no_other_from_being_noted() {
    let server = TestServer::new();
    let pictures: Vec<Bytes> = (1..=3).map(|number| jpeg(&house(number), 80)).collect();
    for bytes in &pictures {
        server.app.photos().files().keep(hash_of(bytes), bytes).unwrap();
    }
    let noted = || server.app.store().photos(None, 9).unwrap().len();
    for n in 1..100 {
        server.faults.arm(n);
        let adopted = server.app.photos().adopt();
        let left = server.faults.is_armed();
        server.faults.arm(0);
        if noted() == 2 {
            assert_eq!((adopted.unwrap(), left), (2, false));
            return;
        }
    }
    panic!("no single failure left one out");
}
