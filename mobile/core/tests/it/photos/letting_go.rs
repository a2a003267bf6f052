//! Room for pictures: what a full disk says, what is let go, when, and what never is.

use super::{look, state};
use crate::world::{Phone, at_work, picture};
use bianfang_device::message::{PhotoState, Place, Request};
use bianfang_shared::observation::{ObservationKind, PhotoRef};

const DAY_MS: i64 = 86_400_000;

#[test]
fn a_full_disk_is_said_before_a_picture_is_kept_and_nothing_else_is_lost() {
    let (_, mut phone, [household, ..]) = at_work();
    let draft = phone.form_with(household, &[picture(1, 1, 4_000)]);
    phone.ask(Request::KeepForm { draft: Box::new(draft.clone()) }).unwrap();
    phone.room.set(Some(10_000_000));
    let trouble = phone.take(household, picture(1, 2, 4_000)).unwrap_err();
    assert_eq!((trouble.code.as_str(), trouble.may_retry), ("storage_full", true));
    // What was begun goes on.
    phone.ask(Request::SaveForm { draft: Box::new(draft) }).unwrap();
    phone.sync();
    assert_eq!(phone.uploads().records[0].place, Place::Complete);
    phone.room.set(None);
    phone.take(household, picture(1, 2, 4_000)).expect("where nothing is told it is tried");
    // The database itself finds out.
    phone.device.limit_pages(true).unwrap();
    let trouble = phone.take(household, picture(1, 3, 400_000)).unwrap_err();
    assert_eq!(trouble.code, "storage_full");
    phone.device.limit_pages(false).unwrap();
    phone.sound();
    phone.take(household, picture(1, 3, 400_000)).unwrap();
}

#[test]
fn bytes_are_let_go_only_when_the_centre_holds_them_and_after_their_time() {
    let (centre, mut phone, [household, second, _]) = at_work();
    let (sent, unsent) = (picture(1, 1, 5_000), picture(2, 2, 5_000));
    let visit = phone.save_with(household, std::slice::from_ref(&sent));
    phone.sync();
    phone.save_with(second, std::slice::from_ref(&unsent));
    phone.clock.advance(29 * DAY_MS);
    phone.reopen();
    centre.borrow_mut().state.album.held.clear();
    assert!(look(&mut phone, &sent, true).is_some(), "not yet");
    phone.clock.advance(2 * DAY_MS);
    phone.reopen();
    assert_eq!(look(&mut phone, &sent, true), None, "neither here nor, in this test, at the centre");
    assert!(look(&mut phone, &sent, false).is_some(), "the small picture stays");
    assert!(look(&mut phone, &unsent, true).is_some(), "never before the centre has it");
    assert_eq!(phone.record(visit).photos[0].state, PhotoState::Held);
    phone.sound();
}

#[test]
fn held_pictures_make_room_before_their_time_when_the_disk_is_short() {
    let (centre, mut phone, [household, ..]) = at_work();
    let (sent, unsent) = (picture(1, 1, 5_000), picture(2, 2, 5_000));
    phone.save_with(household, std::slice::from_ref(&sent));
    phone.sync();
    phone.save_with(household, std::slice::from_ref(&unsent));
    phone.room.set(Some(0));
    phone.take(household, picture(3, 3, 100)).unwrap_err();
    centre.borrow_mut().state.album.held.clear();
    assert_eq!(look(&mut phone, &sent, true), None);
    assert!(look(&mut phone, &unsent, true).is_some());
    assert_eq!(state(&phone, &unsent), PhotoState::Device);
    phone.sound();
}

#[test]
fn room_made_once_counts_until_it_is_used_and_no_more_pictures_go_for_it() {
    let (centre, mut phone, [household, ..]) = at_work();
    let sent: Vec<Vec<u8>> = (1..7).map(|n| picture(n, n, 200_000)).collect();
    phone.save_with(household, &sent);
    phone.sync();
    centre.borrow_mut().state.album.held.clear();
    let here = |phone: &mut Phone| sent.iter().filter(|shot| look(phone, shot, true).is_some()).count();
    // A browser tells the same number until the app is started again, whatever was let go.
    let wanted = 64 * 1024 * 1024 + 1_016;
    phone.room.set(Some(wanted - 300_000));
    for n in 7..20 {
        phone.take(household, picture(n, n, 1_000)).unwrap();
        assert_eq!(here(&mut phone), 4, "at picture {n}");
    }
    // Used up, more is made.
    phone.take(household, picture(20, 20, 150_000)).unwrap();
    assert_eq!(here(&mut phone), 3);
    // One that tells at once is believed.
    phone.room.set(Some(wanted));
    phone.take(household, picture(21, 21, 1_000)).unwrap();
    assert_eq!(here(&mut phone), 3);
    phone.sound();
}

#[test]
fn a_picture_that_nothing_names_goes_after_its_time_and_one_of_a_draft_never() {
    let (_, mut phone, [household, second, _]) = at_work();
    let (dropped, in_draft) = (picture(1, 1, 100), picture(2, 2, 100));
    let draft = phone.form_with(household, std::slice::from_ref(&dropped));
    phone.ask(Request::KeepForm { draft: Box::new(draft) }).unwrap();
    phone.ask(Request::DropForm { kind: ObservationKind::Visit, subject: household }).unwrap();
    let draft = phone.form_with(second, std::slice::from_ref(&in_draft));
    phone.ask(Request::KeepForm { draft: Box::new(draft) }).unwrap();
    days(&mut phone, 7);
    assert!(look(&mut phone, &dropped, true).is_some());
    days(&mut phone, 1);
    assert_eq!(look(&mut phone, &dropped, true), None);
    assert!(look(&mut phone, &in_draft, true).is_some());
    phone.sound();
}

/// The app is started on each of so many days.
fn days(phone: &mut Phone, days: u32) {
    for _ in 0..days {
        phone.clock.advance(DAY_MS);
        phone.reopen();
    }
}

#[test]
fn a_picture_of_a_problem_or_a_step_in_hand_stays_as_long_as_its_form_does() {
    let (_, mut phone, [household, ..]) = at_work();
    let shots = [picture(1, 1, 100), picture(2, 2, 100)];
    let kept = shots.each_ref().map(|shot| phone.take(household, shot.clone()).unwrap().photo);
    // As the screens keep what they have no draft for.
    let begun = |photos: &[PhotoRef]| {
        let all = serde_json::json!([["step/7/rectify", { "note": "换了瓦", "photos": photos }]]);
        Request::Remember { key: "begun".into(), value: all.to_string() }
    };
    phone.ask(begun(&kept)).unwrap();
    days(&mut phone, 40);
    assert!(shots.iter().all(|shot| look(&mut phone, shot, true).is_some()));
    // Its time begins when the form lets go of it.
    phone.ask(begun(&kept[1..])).unwrap();
    days(&mut phone, 7);
    assert!(look(&mut phone, &shots[0], true).is_some());
    days(&mut phone, 1);
    assert_eq!(look(&mut phone, &shots[0], true), None);
    assert!(look(&mut phone, &shots[1], true).is_some());
    phone.sound();
}

#[test]
fn a_clock_that_jumps_takes_no_picture_with_it() {
    let (_, mut phone, [household, ..]) = at_work();
    let shot = picture(1, 1, 100);
    phone.take(household, shot.clone()).unwrap();
    let now_ms = phone.wall_ms();
    for off_days in [0, 400, -400, 0, 8, 16, 0] {
        phone.clock.set_wall(now_ms + off_days * DAY_MS);
        phone.reopen();
        assert!(look(&mut phone, &shot, true).is_some(), "{off_days}");
    }
}
