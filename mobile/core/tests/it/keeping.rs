//! What is kept, and what becomes of files that are damaged, full or from another version.

use crate::centre::{VILLAGE, area};
use crate::world::{Phone, at_work, machine, township};
use bianfang_device::core::Device;
use bianfang_device::message::{Reply, Request};
use bianfang_device::platform::memory::ManualClock;
use bianfang_device::store::Location;
use bianfang_shared::chain::{Head, HeadSignature, PublicKey};
use bianfang_shared::id::DeviceId;
use bianfang_shared::observation::ObservationKind;
use serde_json::value::RawValue;

#[test]
fn an_export_holds_everything_unsent_with_a_signature_that_holds() {
    let (_, mut phone, [household, ..]) = at_work();
    phone.save(household);
    phone.sync();
    phone.save(household);
    phone.amend(household, "phone", "10011111111");
    let Reply::Export(file) = phone.ask(Request::ExportOutbox).unwrap() else { panic!() };
    assert_eq!(file.operations, 2);
    assert!(file.name.starts_with("bianfang-2025-") && file.name.ends_with(".json"), "{}", file.name);

    #[derive(serde::Deserialize)]
    struct Outbox {
        format: String,
        device: DeviceId,
        public_key: PublicKey,
        first_seq: u64,
        ops: Vec<Box<RawValue>>,
        head: Head,
        signature: HeadSignature,
    }
    let outbox: Outbox = serde_json::from_str(&file.text).unwrap();
    assert_eq!((outbox.format.as_str(), outbox.first_seq, outbox.ops.len()), ("bianfang-outbox-v1", 2, 2));
    assert!(outbox.public_key.verifies(outbox.device, outbox.head, &outbox.signature));
    phone.sync();
    let Reply::Export(file) = phone.ask(Request::ExportOutbox).unwrap() else { panic!() };
    assert_eq!(file.operations, 0);
}

#[test]
fn a_form_survives_being_killed_and_opens_as_it_was() {
    let (_, mut phone, [household, ..]) = at_work();
    let mut draft = phone.form(household);
    draft.dwell_ms = 90_000;
    phone.ask(Request::KeepForm { draft: Box::new(draft.clone()) }).unwrap();
    phone.reopen();
    assert_eq!(phone.open(household).draft, draft);
    // A screen with an older copy does not turn the time back.
    draft.dwell_ms = 10_000;
    phone.ask(Request::KeepForm { draft: Box::new(draft) }).unwrap();
    assert_eq!(phone.open(household).draft.dwell_ms, 90_000);
    phone.ask(Request::DropForm { kind: ObservationKind::Visit, subject: household }).unwrap();
    assert_eq!(phone.open(household).draft.note, "");
}

#[test]
fn what_is_saved_in_a_folder_is_there_after_a_kill_and_the_file_is_sound() {
    let folder = tempfile::tempdir().unwrap();
    let (centre, _, [household, ..]) = township();
    let mut phone = in_folder(Phone::new(&centre, 1), folder.path());
    phone.sign_in("cadre").unwrap();
    phone.sync();
    let visit = phone.save(household);
    let mut phone = in_folder(phone, folder.path());
    assert!(matches!(phone.ask(Request::Record { id: visit }), Ok(Reply::Record(_))));
    phone.sync();
    assert!(centre.borrow().has_record(visit));
    phone.in_step();
}

fn in_folder(phone: Phone, folder: &std::path::Path) -> Phone {
    let Phone { device, clock, disk, room, centre, seed } = phone;
    drop(device);
    let device = Device::open(Location::Folder(folder.to_owned()), machine(&clock, &room, seed + 1)).unwrap();
    Phone { device, clock, disk, room, centre, seed: seed + 1 }
}

#[test]
fn a_damaged_file_is_set_aside_under_its_name_and_said() {
    let folder = tempfile::tempdir().unwrap();
    let (centre, ..) = township();
    let mut phone = in_folder(Phone::new(&centre, 1), folder.path());
    phone.sign_in("cadre").unwrap();
    phone.sync();
    drop(phone);
    let profile = profile_file(folder.path());
    std::fs::write(&profile, b"not a database at all, but someone's shopping list").unwrap();
    let mut phone = in_folder(Phone::new(&centre, 2), folder.path());
    assert_eq!(phone.status().user, None);
    let said = phone.status().sync.last_trouble.unwrap();
    assert_eq!(said.code, "storage_broken");
    assert!(said.detail.contains("set aside"), "{said}");
    assert!(std::fs::read(&profile).unwrap().starts_with(b"not a database"));
    phone.sign_in("cadre").unwrap();
    phone.sync();
    assert_eq!(phone.status().households, 3);
    let mut again = in_folder(phone, folder.path());
    assert_eq!(again.status().households, 3);
}

#[test]
fn what_was_unsent_in_a_file_damaged_inside_is_carried_over_and_sent() {
    let folder = tempfile::tempdir().unwrap();
    let (centre, _, [household, second, _]) = township();
    let mut phone = in_folder(Phone::new(&centre, 1), folder.path());
    phone.sign_in("cadre").unwrap();
    phone.sync();
    let sent = phone.save(household);
    phone.sync();
    let unsent = phone.save(second);
    let form = phone.form(household);
    phone.ask(Request::KeepForm { draft: Box::new(form.clone()) }).unwrap();
    drop(phone);
    spoil(&profile_file(folder.path()), "entries_households");
    let mut phone = in_folder(Phone::new(&centre, 2), folder.path());
    let blank =
        Request::Households { text: String::new(), scope: None, in_conflict: false, here: None, skip: 0 };
    assert_eq!(phone.ask(blank).unwrap_err().code, "storage_broken");
    let mut phone = in_folder(phone, folder.path());
    let status = phone.status();
    assert_eq!((status.signed_in, status.unsent), (false, 1));
    assert!(status.sync.last_trouble.unwrap().detail.contains("set aside"));
    phone.sign_in("cadre").unwrap();
    phone.sync();
    assert!(centre.borrow().has_record(sent) && centre.borrow().has_record(unsent));
    assert_eq!(phone.open(household).draft.note, form.note);
    phone.in_step();
    let mut again = in_folder(phone, folder.path());
    assert_eq!(again.status().sync.last_trouble, None);
    assert_eq!(again.find("wxm"), ["王小明"]);
}

fn profile_file(folder: &std::path::Path) -> std::path::PathBuf {
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files = files.filter(|path| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        name.starts_with("profile-") && name.ends_with(".db")
    });
    files.next().unwrap()
}

/// Overwrites the first page of a table or index, as a failing flash chip does.
pub(crate) fn spoil(path: &std::path::Path, name: &str) {
    let conn = rusqlite::Connection::open(path).unwrap();
    conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
    let find = "SELECT rootpage, (SELECT page_size FROM pragma_page_size) FROM sqlite_schema WHERE name = ?1";
    let (page, bytes): (u64, u64) = conn
        .query_row(find, [name], |row| {
            Ok((row.get::<_, i64>(0)?.cast_unsigned(), row.get::<_, i64>(1)?.cast_unsigned()))
        })
        .unwrap();
    drop(conn);
    use std::io::{Seek as _, SeekFrom, Write as _};
    let mut file = std::fs::File::options().write(true).open(path).unwrap();
    file.seek(SeekFrom::Start((page - 1) * bytes)).unwrap();
    file.write_all(&vec![0x5a; usize::try_from(bytes).unwrap()]).unwrap();
}

#[test]
fn a_full_disk_is_said_and_nothing_is_half_saved() {
    let (_, mut phone, [household, ..]) = at_work();
    let draft = phone.form(household);
    phone.device.limit_pages(true).unwrap();
    let mut saved = 0;
    let trouble = loop {
        let mut draft = draft.clone();
        draft.started_at_ms += saved;
        match phone.ask(Request::SaveForm { draft: Box::new(draft) }) {
            Ok(_) => saved += 1,
            Err(trouble) => break trouble,
        }
        assert!(saved < 1_000, "the disk never fills");
    };
    assert_eq!(trouble.code, "storage_full");
    phone.device.limit_pages(false).unwrap();
    assert_eq!(phone.device.own_records().unwrap().len(), usize::try_from(saved).unwrap());
    phone.sound();
    phone.save(household);
    phone.sync();
    phone.in_step();
}

#[test]
fn choices_hold_before_and_after_anybody_signs_in() {
    let (centre, ..) = township();
    let mut phone = Phone::new(&centre, 1);
    phone.ask(Request::Remember { key: "language".into(), value: "en".into() }).unwrap();
    phone.reopen();
    assert_eq!(phone.status().remembered["language"], "en");
    phone.sign_in("cadre").unwrap();
    assert_eq!(phone.status().remembered["language"], "en");
}

#[test]
fn the_core_reads_no_clock_and_no_chance_but_the_platforms() {
    let sources = concat!(env!("CARGO_MANIFEST_DIR"), "/src");
    let shared = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/src");
    let mut folders = vec![std::path::PathBuf::from(sources), std::path::PathBuf::from(shared)];
    let mut looked_at = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let native = path.ends_with("platform/native.rs");
            let text = std::fs::read_to_string(&path).unwrap();
            looked_at += 1;
            for word in ["SystemTime", "Instant::now", "now_v7", "thread::", "tokio", "getrandom", "std::net"]
            {
                assert!(native || !text.contains(word), "{path:?} says {word}");
            }
        }
    }
    assert!(looked_at > 30);
    assert_eq!(area(VILLAGE).to_string(), VILLAGE);
    let _ = ManualClock::default();
}
