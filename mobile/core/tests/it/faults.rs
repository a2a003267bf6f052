//! The n-th statement or commit fails, for every n: nothing is lost, nothing is half done, and doing it again works.

use crate::centre::{VILLAGE, area};
use crate::world::{Office, Phone, household_id, picture, township};
use bianfang_device::core::Device;
use bianfang_device::message::{Place, Reply, Request};
use bianfang_device::platform::memory::platform;
use bianfang_device::store::{Location, faults};
use bianfang_shared::id::EntityId;

/// More statements than anything here takes; a loop beyond it would go on for ever.
const STATEMENTS_MAX: u64 = 5_000;

/// Runs `act` on a copy of the phone, with the n-th statement failing, for every n until none fails any more.
/// `act` tells whether it succeeded; `after` looks at the phone then, and after it was opened again.
fn every_fault(
    phone: &Phone,
    mut act: impl FnMut(&mut Phone) -> bool,
    mut after: impl FnMut(&mut Phone, bool),
) -> u64 {
    for n in 1..STATEMENTS_MAX {
        let mut copy =
            Phone { disk: phone.disk.copy().unwrap(), ..Phone::new(&phone.centre, phone.seed + n) };
        copy.clock.set_wall(phone.wall_ms());
        copy.reopen();
        faults::fail_at(n);
        let succeeded = act(&mut copy);
        let struck = faults::passed() >= n;
        faults::fail_at(0);
        copy.sound();
        after(&mut copy, succeeded);
        copy.reopen();
        copy.sound();
        if !struck {
            assert!(succeeded);
            return n;
        }
    }
    panic!("more than {STATEMENTS_MAX} statements");
}

/// Exchanges once; whether it came to an end with nothing left to send and nothing to complain of.
fn exchanges(phone: &mut Phone) -> bool {
    phone.ask(Request::SyncNow).is_ok() && {
        let mut steps = 0;
        while phone.carry().is_some() {
            steps += 1;
            assert!(steps < 100);
        }
        let state = phone.device.sync_state();
        state.last_trouble.is_none() && state.to_send == 0
    }
}

fn prepared() -> (Phone, Office, EntityId) {
    let (centre, office, [household, ..]) = township();
    let phone = Phone::synced(&centre, 1, "cadre");
    (phone, office, household)
}

#[test]
fn a_save_that_fails_at_any_statement_keeps_the_form_and_succeeds_when_asked_again() {
    let (mut phone, _, household) = prepared();
    let draft = phone.form(household);
    phone.ask(Request::KeepForm { draft: Box::new(draft.clone()) }).unwrap();
    let save = |phone: &mut Phone| {
        let answer = phone.ask(Request::SaveForm { draft: Box::new(draft.clone()) });
        matches!(answer, Ok(Reply::Saved(_)))
    };
    let faults = every_fault(&phone, save, |phone, succeeded| {
        let kept = phone.open(household).draft.note == draft.note;
        assert_eq!(phone.uploads().records.len(), usize::from(succeeded));
        assert_eq!(kept, !succeeded, "either a record or the form");
        phone.ask(Request::SaveForm { draft: Box::new(draft.clone()) }).unwrap();
        assert_eq!(phone.uploads().records.len(), 1, "asking again makes no second record");
    });
    assert!(faults > 20, "{faults}");
}

#[test]
fn an_exchange_that_fails_at_any_statement_completes_when_tried_again() {
    let (mut phone, mut office, household) = prepared();
    phone.save(household);
    phone.amend(household, "phone", "10011111111");
    for n in 10..14 {
        office.household(n, VILLAGE, "新户主");
    }
    let backup = phone.centre.borrow().state.clone();
    let centre = phone.centre.clone();
    let faults = every_fault(&phone, exchanges, |phone, _| {
        assert_eq!(phone.uploads().records.len(), 1);
        phone.sync();
        assert_eq!(phone.status().unsent, 0);
        assert_eq!(phone.status().households, 7);
        phone.in_step();
        centre.borrow_mut().state = backup.clone();
    });
    assert!(faults > 100, "{faults}");
}

#[test]
fn a_start_that_fails_at_any_statement_succeeds_the_next_time() {
    let (mut phone, _, household) = prepared();
    phone.save(household);
    for n in 1..STATEMENTS_MAX {
        let disk = phone.disk.copy().unwrap();
        faults::fail_at(n);
        let opened = Device::open(Location::Memory(disk.clone()), platform(&phone.clock, n));
        let struck = faults::passed() >= n;
        faults::fail_at(0);
        drop(opened);
        let mut copy = Phone { disk, ..Phone::new(&phone.centre, n) };
        copy.reopen();
        assert_eq!(copy.uploads().records.len(), 1);
        copy.sound();
        if !struck {
            return;
        }
    }
}

#[test]
fn a_first_sign_in_that_fails_at_any_statement_succeeds_when_tried_again() {
    let (centre, ..) = township();
    let phone = Phone::new(&centre, 1);
    let sign_in = |phone: &mut Phone| phone.sign_in("cadre").is_ok();
    every_fault(&phone, sign_in, |phone, _| {
        phone.sign_in("cadre").unwrap();
        phone.sync();
        assert_eq!(phone.status().households, 3);
    });
}

#[test]
fn a_fork_that_fails_at_any_statement_loses_nothing() {
    let (mut phone, _, household) = prepared();
    let clone = Phone { disk: phone.disk.copy().unwrap(), ..Phone::new(&phone.centre, 77) };
    phone.save(household);
    phone.sync();
    let mut clone = clone;
    clone.clock.advance(1);
    clone.reopen();
    let visit = clone.save(household_id(2));
    clone.amend(household, "phone", "10011111111");
    let backup = phone.centre.borrow().state.clone();
    let centre = phone.centre.clone();
    every_fault(&clone, exchanges, |phone, _| {
        phone.sync();
        assert!(phone.centre.borrow().has_record(visit));
        assert_eq!(phone.status().unsent, 0);
        assert!(!phone.device.ledger(area(VILLAGE)).unwrap().is_empty());
        phone.in_step();
        centre.borrow_mut().state = backup.clone();
    });
}

#[test]
fn a_picture_that_cannot_be_kept_at_any_statement_leaves_nothing_half_and_is_kept_when_tried_again() {
    let (phone, _, household) = prepared();
    let shot = picture(1, 1, 20_000);
    let keep = |phone: &mut Phone| phone.take(household, shot.clone()).is_ok();
    let faults = every_fault(&phone, keep, |phone, _| {
        let kept = phone.take(household, shot.clone()).unwrap().photo;
        let full = Request::Picture { sha256: kept.sha256, full: true };
        assert!(matches!(phone.ask(full), Ok(Reply::Picture(found)) if found.address.is_some()));
        assert_eq!(phone.device.sync_state().photos_to_send, 0);
    });
    assert!(faults > 5, "{faults}");
}

#[test]
fn a_save_with_pictures_that_fails_at_any_statement_keeps_form_and_pictures() {
    let (mut phone, _, household) = prepared();
    let draft = phone.form_with(household, &[picture(1, 1, 2_000), picture(2, 2, 2_000)]);
    phone.ask(Request::KeepForm { draft: Box::new(draft.clone()) }).unwrap();
    let backup = phone.centre.borrow().state.clone();
    let centre = phone.centre.clone();
    let save = |phone: &mut Phone| {
        let answer = phone.ask(Request::SaveForm { draft: Box::new(draft.clone()) });
        matches!(answer, Ok(Reply::Saved(_)))
    };
    every_fault(&phone, save, |phone, succeeded| {
        let kept = !phone.open(household).draft.photos.is_empty();
        assert_eq!(kept, !succeeded, "either a record or the form");
        phone.ask(Request::SaveForm { draft: Box::new(draft.clone()) }).unwrap();
        phone.sync();
        let records = phone.uploads().records;
        assert_eq!((records.len(), &records[0].place), (1, &Place::Complete));
        centre.borrow_mut().state = backup.clone();
    });
}

#[test]
fn sending_pictures_fails_at_any_statement_and_completes_when_tried_again() {
    let (mut phone, _, household) = prepared();
    phone.save_with(household, &[picture(1, 1, 300_000), picture(2, 2, 2_000)]);
    let backup = phone.centre.borrow().state.clone();
    let centre = phone.centre.clone();
    let exchange = |phone: &mut Phone| {
        exchanges(phone) && {
            let state = phone.device.sync_state();
            state.photo_trouble.is_none() && state.photos_to_send == 0
        }
    };
    let faults = every_fault(&phone, exchange, |phone, _| {
        for _ in 0..2 {
            phone.clock.advance(5 * 60_000);
            phone.sync();
        }
        assert_eq!(phone.uploads().records[0].place, Place::Complete);
        assert_eq!(phone.device.sync_state().photo_trouble, None);
        centre.borrow_mut().state = backup.clone();
    });
    assert!(faults > 150, "{faults}");
}
