//! Files of pictures that are damaged, cannot be opened or cannot be written: records do not wait for them, and what can be
//! read is carried over.

use super::look;
use crate::world::{Phone, picture, township};
use bianfang_device::core::Device;
use bianfang_device::message::{Place, Request};
use bianfang_device::store::{Disk, Location, StoreError, faults};
use bianfang_shared::id::{EntityId, ObservationId};

#[test]
fn pictures_of_a_damaged_file_are_carried_over_and_records_do_not_wait_for_them() {
    // One is found out at the start, one in use; of the last one not even the rows can be read.
    for broken in ["photos_to_send", "photos_unheld", "photos"] {
        let folder = tempfile::tempdir().unwrap();
        let shots: Vec<Vec<u8>> = (0..8).map(|n| picture(n + 1, n, 40_000)).collect();
        let (mut phone, visit) = in_folder(folder.path(), &shots);
        let centre = phone.centre.clone();
        crate::keeping::spoil(&file_of(folder.path(), "photos-"), broken);
        start(&mut phone, folder.path()).unwrap();
        let mut said = tells_of_damage(&phone);
        let _told_of_pictures = phone.ask(Request::SyncNow);
        while phone.carry().is_some() {}
        assert!(centre.borrow().has_record(visit), "records do not wait for pictures");
        start(&mut phone, folder.path()).unwrap();
        said |= tells_of_damage(&phone);
        assert!(said);
        phone.sync();
        assert_eq!(phone.record(visit).row.place, Place::Complete, "{broken}");
        assert_eq!(centre.borrow().state.album.held.len(), 8);
        start(&mut phone, folder.path()).unwrap();
        assert!(!tells_of_damage(&phone), "it is not found damaged again");
    }
}

fn tells_of_damage(phone: &Phone) -> bool {
    let trouble = phone.device.sync_state().last_trouble;
    trouble.is_some_and(|trouble| trouble.detail.contains("set aside"))
}

/// A phone whose files are in a folder, with a record and its pictures that are only there.
fn in_folder(folder: &std::path::Path, shots: &[Vec<u8>]) -> (Phone, ObservationId) {
    let (centre, _, [household, ..]) = township();
    let mut phone = Phone::new(&centre, 1);
    start(&mut phone, folder).unwrap();
    phone.sign_in("cadre").unwrap();
    phone.sync();
    let visit = phone.save_with(household, shots);
    stop(&mut phone);
    (phone, visit)
}

fn stop(phone: &mut Phone) {
    let machine = crate::world::machine(&phone.clock, &phone.room, 0);
    phone.device = Device::open(Location::Memory(Disk::new()), machine).unwrap();
}

fn start(phone: &mut Phone, folder: &std::path::Path) -> Result<(), StoreError> {
    phone.seed += 1;
    let machine = crate::world::machine(&phone.clock, &phone.room, phone.seed);
    phone.device = Device::open(Location::Folder(folder.to_owned()), machine)?;
    Ok(())
}

#[test]
fn pictures_that_cannot_be_opened_keep_nobody_from_the_records_and_come_back() {
    let folder = tempfile::tempdir().unwrap();
    let shots = [picture(1, 1, 40_000), picture(2, 2, 40_000)];
    let (mut phone, visit) = in_folder(folder.path(), &shots);
    let centre = phone.centre.clone();
    let file = file_of(folder.path(), "photos-");
    crate::keeping::spoil(&file, "meta");
    // Where the next file would be, none can be made.
    let next = file.with_extension("2.db");
    std::fs::create_dir(&next).unwrap();
    start(&mut phone, folder.path()).unwrap();
    assert_eq!(phone.record(visit).row.place, Place::Device);
    let said = phone.device.sync_state().last_trouble.unwrap();
    assert_eq!((said.code.as_str(), said.may_retry), ("storage_broken", true));
    assert_eq!(phone.ask(Request::SyncNow).unwrap_err().code, "storage_broken");
    while phone.carry().is_some() {}
    assert!(centre.borrow().has_record(visit), "records go");
    assert_eq!(phone.record(visit).row.place, Place::Photos { held: 0, total: 2 });
    let refused = phone.take(EntityId::from_bytes([3; 16]), picture(3, 3, 100)).unwrap_err();
    assert_eq!(refused.code, "storage_broken", "none is taken that would not last");
    std::fs::remove_dir(&next).unwrap();
    stop(&mut phone);
    start(&mut phone, folder.path()).unwrap();
    phone.sync();
    assert_eq!(phone.record(visit).row.place, Place::Complete);
}

/// In memory where the system offers that: hundreds of starts flush a lot.
fn quick_folder() -> tempfile::TempDir {
    tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap()
}

#[test]
fn a_disk_that_is_full_while_pictures_are_carried_over_costs_neither_them_nor_a_start() {
    let shots = [picture(1, 1, 5_000), picture(2, 2, 5_000)];
    let mut refused_starts = Vec::new();
    for is_damaged in [false, true] {
        let folder = quick_folder();
        let (mut phone, visit) = in_folder(folder.path(), &shots);
        if is_damaged {
            crate::keeping::spoil(&file_of(folder.path(), "photos-"), "meta");
        }
        let mut refused = 0;
        for n in 1.. {
            let copy = quick_folder();
            for file in std::fs::read_dir(folder.path()).unwrap().map(Result::unwrap) {
                std::fs::copy(file.path(), copy.path().join(file.file_name())).unwrap();
            }
            stop(&mut phone);
            faults::fail_at(n);
            let started = start(&mut phone, copy.path());
            let struck = faults::passed() >= n;
            faults::fail_at(0);
            match started {
                Ok(()) => assert_eq!(phone.record(visit).row.place, Place::Device, "{n}"),
                Err(_) => refused += 1,
            }
            let here = |phone: &mut Phone| shots.iter().all(|shot| look(phone, shot, true).is_some());
            if is_damaged && !(phone.device.own_photos().is_ok_and(|own| own.len() == 2) && here(&mut phone))
            {
                stop(&mut phone);
                start(&mut phone, copy.path()).unwrap();
                assert!(here(&mut phone), "{n}");
            }
            if !struck {
                assert!(!is_damaged || n > 60, "{n}");
                break;
            }
        }
        refused_starts.push(refused);
    }
    assert_eq!(refused_starts[0], refused_starts[1], "what is wrong with pictures is no reason");
}

fn file_of(folder: &std::path::Path, start: &str) -> std::path::PathBuf {
    let mut files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let named = |path: &std::path::PathBuf| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        name.starts_with(start) && name.ends_with(".db")
    };
    files.find(named).unwrap()
}
