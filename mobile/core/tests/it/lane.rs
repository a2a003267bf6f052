//! The lane of photographs against a centre that takes them by tus: whatever is lost, doubled, late or cut, in the end
//! every picture is there with the right bytes, and records never wait for one.

use crate::album::name_of;
use crate::centre::Shared;
use crate::world::{Answer, Phone, at_work, picture, township};
use bianfang_device::message::{PHOTOS_WIFI_ONLY, PhotoState, Place, Request, SyncPhase};
use bianfang_device::platform::{HttpError, HttpRequest, Method};
use bianfang_device::sync::{ANSWER_MS_MAX, CHUNK_BYTES, Ticket};
use bianfang_shared::id::{EntityId, ObservationId};

const CHUNK: usize = 256 * 1024;

fn prepared(pictures: &[Vec<u8>]) -> (Phone, ObservationId, EntityId) {
    let (_, mut phone, [household, ..]) = at_work();
    let visit = phone.save_with(household, pictures);
    (phone, visit, household)
}

fn of_lane(request: &HttpRequest) -> bool {
    request.path.starts_with("/api/v1/photos")
}

/// Exchanges, handing every request of the lane to `carry` with its number.
fn carry_all(
    phone: &mut Phone,
    mut carry: impl FnMut(&Shared, usize, Ticket, &HttpRequest) -> Option<Answer>,
) -> usize {
    phone.ask(Request::SyncNow).unwrap();
    let centre = phone.centre.clone();
    let mut number = 0;
    for _ in 0..400 {
        let Some((ticket, request)) = phone.next_request() else { return number };
        let answer = if of_lane(&request) {
            number += 1;
            carry(&centre, number, ticket, &request)
        } else {
            Some(centre.borrow_mut().answer(&request))
        };
        if let Some(answer) = answer {
            phone.device.receive(ticket, answer);
        }
    }
    panic!("it does not come to an end");
}

fn ask_centre(centre: &Shared, request: &HttpRequest) -> Answer {
    centre.borrow_mut().answer(request)
}

#[test]
fn records_go_first_then_what_is_held_is_asked_then_pictures_one_by_one() {
    let shots = [picture(1, 1, 300_000), picture(2, 2, 10)];
    let (mut phone, visit, household) = prepared(&shots);
    assert_eq!(phone.record(visit).row.place, Place::Device);
    let state = phone.device.sync_state();
    assert_eq!((state.photos_to_send, state.photo_bytes_to_send), (2, 300_010));
    let centre = phone.centre.clone();
    centre.borrow_mut().requests.clear();
    let mut places = Vec::new();
    let mut phases = Vec::new();
    phone.ask(Request::SyncNow).unwrap();
    while let Some((ticket, request)) = phone.next_request() {
        phases.push(phone.device.sync_state().phase);
        let answer = ask_centre(&centre, &request);
        phone.device.receive(ticket, answer);
        places.push(phone.record(visit).row.place);
    }
    places.dedup();
    let photos = |held| Place::Photos { held, total: 2 };
    assert_eq!(places, [Place::Device, photos(0), photos(1), Place::Complete]);
    assert!(phases.contains(&SyncPhase::Photos), "{phases:?}");
    let requests = centre.borrow().requests.clone();
    let at = |part: &str| requests.iter().position(|path| path.ends_with(part)).unwrap();
    assert!(at("sync/push") < at("photos/held") && at("photos/held") < at("photos/uploads"), "{requests:?}");
    assert_eq!(centre.borrow().album_mood.parts, [CHUNK, 300_000 - CHUNK, 10]);
    assert_eq!(CHUNK as u64, CHUNK_BYTES);
    let of_lane = requests.iter().filter(|path| path.contains("/photos/")).count();
    assert_eq!(of_lane, 4, "a picture of one part is one request: {requests:?}");
    for shot in &shots {
        assert_eq!(centre.borrow().state.album.held[&name_of(shot)], *shot);
    }
    assert_eq!(phone.device.sync_state().photos_to_send, 0);
    // A later exchange asks nothing more.
    centre.borrow_mut().requests.clear();
    phone.save(household);
    phone.sync();
    assert!(!centre.borrow().requests.iter().any(|path| path.contains("photos")));
}

#[test]
fn a_picture_that_the_centre_has_already_is_not_sent() {
    let shot = picture(1, 1, 300_000);
    let (mut phone, visit, _) = prepared(std::slice::from_ref(&shot));
    phone.centre.borrow_mut().state.album.held.insert(name_of(&shot), shot.clone());
    phone.sync();
    assert_eq!(phone.record(visit).row.place, Place::Complete);
    assert!(phone.centre.borrow().album_mood.parts.is_empty());
}

#[test]
fn a_picture_that_went_whole_is_not_sent_again_when_only_its_answer_was_lost() {
    for lost in [Err(HttpError::Unreachable("lost".into())), crate::centre::status(504)] {
        let shots = [picture(1, 1, 5_000), picture(2, 2, 900)];
        let (mut phone, visit, _) = prepared(&shots);
        carry_all(&mut phone, |centre, number, _, request| {
            let answer = ask_centre(centre, request);
            Some(if number == 2 { lost.clone() } else { answer })
        });
        assert_eq!(phone.record(visit).row.place, Place::Photos { held: 0, total: 2 });
        phone.clock.advance(5 * 60_000);
        phone.sync();
        assert_eq!(phone.record(visit).row.place, Place::Complete);
        assert_eq!(phone.centre.borrow().album_mood.parts, [5_000, 900]);
    }
}

#[test]
fn a_picture_that_never_passes_waits_longer_each_time_and_lets_the_others_go() {
    let (mut phone, visit, _) = prepared(&[picture(1, 1, 5_000), picture(2, 2, 900)]);
    let mut tries = 0;
    for _ in 0..12 {
        // Small requests pass, and the larger picture does not.
        carry_all(&mut phone, |centre, _, _, request| {
            let is_large = request.body.len() == 5_000;
            tries += usize::from(is_large);
            let lost = || Err(HttpError::Unreachable("lost".into()));
            Some(if is_large { lost() } else { ask_centre(centre, request) })
        });
        phone.clock.advance(10 * 60_000);
    }
    assert_eq!(phone.record(visit).row.place, Place::Photos { held: 1, total: 2 });
    assert!(tries >= 4, "{tries}");
    // Left to itself for a day, it is not tried without a pause.
    let mut tries = 0;
    for _ in 0..24 * 360 {
        while let Some((ticket, request)) = phone.next_request() {
            let is_large = request.body.len() == 5_000;
            tries += usize::from(is_large);
            let answer = if is_large {
                Err(HttpError::Unreachable("lost".into()))
            } else {
                ask_centre(&phone.centre.clone(), &request)
            };
            phone.device.receive(ticket, answer);
        }
        phone.clock.advance(10_000);
    }
    assert!((10..1_000).contains(&tries), "{tries}");
}

#[test]
fn a_centre_that_takes_no_bytes_as_an_upload_begins_gets_them_afterwards() {
    let shots = [picture(1, 1, 600_000), picture(2, 2, 5_000)];
    let (mut phone, visit, _) = prepared(&shots);
    phone.centre.borrow_mut().album_mood.begins_empty = true;
    phone.sync();
    assert_eq!(phone.record(visit).row.place, Place::Complete);
    assert_eq!(phone.centre.borrow().album_mood.parts, [CHUNK, CHUNK, 600_000 - 2 * CHUNK, 5_000]);
}

/// How one request may fare.
#[derive(Clone, Copy, Debug)]
enum Fate {
    /// It never arrives, and the phone is told so.
    Lost,
    /// It arrives; the answer does not.
    Unanswered,
    /// It arrives twice.
    Doubled,
    /// Nothing is heard until the lease is over; then the answer comes.
    Late,
    /// Of a part only a piece arrives.
    Cut,
    /// The phone dies after it was sent.
    Dies,
    /// The centre is out of order for once.
    Trouble,
}

#[test]
fn whatever_happens_to_any_one_request_every_picture_arrives_and_little_is_sent_twice() {
    let shots = [picture(1, 1, 600_000), picture(2, 2, 5_000)];
    let (mut first, ..) = prepared(&shots);
    let requests = carry_all(&mut first, |centre, _, _, request| Some(ask_centre(centre, request)));
    assert_eq!(requests, 5, "what is held; three parts of the first, of which one begins it; the second");
    for fate in
        [Fate::Lost, Fate::Unanswered, Fate::Doubled, Fate::Late, Fate::Cut, Fate::Dies, Fate::Trouble]
    {
        for struck in 1..=requests {
            let (mut phone, visit, _) = prepared(&shots);
            let mut late = Vec::new();
            let dies = matches!(fate, Fate::Dies);
            carry_all(&mut phone, |centre, number, ticket, request| {
                if number != struck {
                    return Some(ask_centre(centre, request));
                }
                let lost = || Err(HttpError::Unreachable("lost".into()));
                match fate {
                    Fate::Lost => Some(lost()),
                    Fate::Unanswered => {
                        let _unheard = ask_centre(centre, request);
                        Some(lost())
                    }
                    Fate::Doubled => {
                        let answer = ask_centre(centre, request);
                        let _again = ask_centre(centre, request);
                        Some(answer)
                    }
                    Fate::Late | Fate::Dies => {
                        late.push((ticket, ask_centre(centre, request)));
                        None
                    }
                    Fate::Cut => {
                        centre.borrow_mut().album_mood.cut_after = Some(70_000);
                        Some(ask_centre(centre, request))
                    }
                    Fate::Trouble => Some(crate::centre::status(503)),
                }
            });
            if dies {
                phone.reopen();
            }
            for _ in 0..4 {
                phone.clock.advance(ANSWER_MS_MAX.max(5 * 60_000));
                phone.sync();
                for (ticket, answer) in late.drain(..) {
                    phone.device.receive(ticket, answer);
                }
            }
            let told = format!("{fate:?} at {struck}: {:?}", phone.device.sync_state());
            assert_eq!(phone.record(visit).row.place, Place::Complete, "{told}");
            let centre = phone.centre.borrow();
            for shot in &shots {
                assert_eq!(centre.state.album.held[&name_of(shot)], *shot, "{told}");
            }
            let parts: usize = centre.album_mood.parts.iter().sum();
            assert!(parts <= 605_000 + CHUNK, "{parts} bytes sent; {told}");
        }
    }
}

/// Exchanges until the first part that follows the beginning breaks off after so many bytes.
fn cut_second_part(phone: &mut Phone, after: usize) {
    let mut is_cut = false;
    carry_all(phone, |centre, _, _, request| {
        if request.method == Method::Patch && !std::mem::replace(&mut is_cut, true) {
            centre.borrow_mut().album_mood.cut_after = Some(after);
        }
        Some(ask_centre(centre, request))
    });
    assert!(is_cut);
}

#[test]
fn an_upload_goes_on_at_the_very_byte_where_it_broke() {
    let shot = picture(1, 1, 700_000);
    let (mut phone, visit, _) = prepared(std::slice::from_ref(&shot));
    cut_second_part(&mut phone, 100_001);
    phone.reopen();
    phone.centre.borrow_mut().requests.clear();
    phone.centre.borrow_mut().album_mood.parts.clear();
    phone.sync();
    assert_eq!(phone.record(visit).row.place, Place::Complete);
    let centre = phone.centre.borrow();
    assert_eq!(centre.album_mood.parts, [CHUNK, 700_000 - 100_001 - 2 * CHUNK]);
    assert_eq!(centre.album_mood.sent_again, 0);
    assert!(!centre.requests.iter().any(|path| path.ends_with("/uploads")), "no second upload was begun");
}

#[test]
fn an_upload_that_expired_is_begun_anew() {
    let shot = picture(1, 1, 600_000);
    let (mut phone, visit, _) = prepared(std::slice::from_ref(&shot));
    cut_second_part(&mut phone, 100_001);
    phone.centre.borrow_mut().state.album.expire();
    for _ in 0..3 {
        phone.clock.advance(5 * 60_000);
        phone.sync();
    }
    assert_eq!(phone.record(visit).row.place, Place::Complete);
}

#[test]
fn bytes_spoilt_on_their_way_are_sent_again() {
    let shot = picture(1, 1, 300_000);
    let (mut phone, visit, _) = prepared(std::slice::from_ref(&shot));
    phone.centre.borrow_mut().album_mood.spoil_parts = 1;
    for _ in 0..3 {
        phone.sync();
        phone.clock.advance(5 * 60_000);
    }
    assert_eq!(phone.record(visit).row.place, Place::Complete);
}

/// How often an upload was begun.
fn uploads_begun(phone: &Phone) -> usize {
    phone.centre.borrow().requests.iter().filter(|path| path.ends_with("/uploads")).count()
}

#[test]
fn a_picture_that_always_arrives_as_other_bytes_is_given_up_and_says_why() {
    let shot = picture(1, 1, 5_000);
    let (mut phone, visit, _) = prepared(std::slice::from_ref(&shot));
    phone.centre.borrow_mut().album_mood.spoil_parts = u32::MAX;
    // Without “upload now”, which tries once more what was given up.
    let tries = |phone: &mut Phone| {
        for _ in 0..20 {
            while phone.carry().is_some() {}
            phone.clock.advance(5 * 60_000);
        }
    };
    tries(&mut phone);
    let PhotoState::Failed { trouble } = phone.record(visit).photos.remove(0).state else { panic!() };
    assert_eq!((trouble.code.as_str(), trouble.may_retry), ("server_refused", false));
    assert!(trouble.detail.contains("not those"), "{trouble}");
    let begun = uploads_begun(&phone);
    assert!(begun <= 4, "sent whole {begun} times");
    // A person may try again; every try is counted anew.
    phone.ask(Request::SyncNow).unwrap();
    phone.centre.borrow_mut().album_mood.spoil_parts = 2;
    tries(&mut phone);
    assert_eq!(phone.record(visit).row.place, Place::Complete);
}

#[test]
fn a_network_that_often_breaks_does_not_make_a_picture_count_as_spoilt() {
    let shot = picture(1, 1, 5_000);
    let (mut phone, visit, _) = prepared(std::slice::from_ref(&shot));
    for _ in 0..20 {
        carry_all(&mut phone, |centre, _, _, request| {
            let is_part = request.path.contains("/uploads") && !request.body.is_empty();
            Some(if is_part { crate::centre::status(503) } else { ask_centre(centre, request) })
        });
        phone.clock.advance(5 * 60_000);
    }
    phone.centre.borrow_mut().album_mood.spoil_parts = 1;
    for _ in 0..4 {
        carry_all(&mut phone, |centre, _, _, request| Some(ask_centre(centre, request)));
        let state = phone.record(visit).photos.remove(0).state;
        assert!(!matches!(state, PhotoState::Failed { .. }), "{state:?}");
        phone.clock.advance(5 * 60_000);
    }
    assert_eq!(phone.record(visit).row.place, Place::Complete);
}

#[test]
fn a_closed_account_or_a_proxy_in_the_way_gives_up_no_picture() {
    let shots = [picture(1, 1, 300_000), picture(2, 2, 5_000), picture(3, 3, 5_000)];
    for refused in [402, 403, 407, 451] {
        for refuses in [Method::Post, Method::Head, Method::Patch] {
            let (mut phone, visit, _) = prepared(&shots);
            for _ in 0..4 {
                carry_all(&mut phone, |centre, _, _, request| {
                    let is_upload = request.path.contains("/uploads") && request.method == refuses;
                    Some(if is_upload { crate::centre::status(refused) } else { ask_centre(centre, request) })
                });
                let told = format!("{refused} to {refuses:?}");
                let failed = phone.uploads().photos_failed;
                assert!(failed.is_empty(), "{told}: {failed:?}");
                let trouble = phone.device.sync_state().photo_trouble;
                assert!(refuses == Method::Head || trouble.is_some(), "{told}");
                phone.clock.advance(5 * 60_000);
            }
            for _ in 0..4 {
                phone.sync();
                phone.clock.advance(5 * 60_000);
            }
            assert_eq!(phone.record(visit).row.place, Place::Complete, "{refused} to {refuses:?}");
        }
    }
}

#[test]
fn one_picture_that_is_refused_holds_up_no_other_and_says_why() {
    let shots = [picture(1, 1, 300_000), picture(2, 2, 5_000), picture(3, 3, 5_000)];
    let (mut phone, visit, household) = prepared(&shots);
    phone.centre.borrow_mut().album_mood.refused.insert(name_of(&shots[0]), 413);
    phone.centre.borrow_mut().album_mood.refused.insert(name_of(&shots[1]), 500);
    for _ in 0..6 {
        phone.sync();
        phone.clock.advance(5 * 60_000);
    }
    assert_eq!(phone.record(visit).row.place, Place::Photos { held: 1, total: 3 });
    let states: Vec<PhotoState> = phone.record(visit).photos.into_iter().map(|row| row.state).collect();
    let PhotoState::Failed { trouble } = &states[0] else { panic!("{states:?}") };
    assert_eq!(trouble.code, "too_large");
    assert_eq!(states[1..], [PhotoState::Device, PhotoState::Held], "the second is tried again");
    let uploads = phone.uploads();
    assert_eq!((uploads.photos_to_send, uploads.photos_failed.len()), (1, 1));
    assert!(uploads.photos_failed[0].thumbnail.is_some());
    // Records go on, and the trouble is the photographs' own.
    let later = phone.save(household);
    phone.sync();
    assert!(phone.centre.borrow().has_record(later));
    let state = phone.device.sync_state();
    assert_eq!(state.last_trouble, None);
    assert_eq!(state.photo_trouble.unwrap().code, "server_trouble");
    // “Upload now” tries once more what was refused.
    phone.centre.borrow_mut().album_mood.refused.clear();
    phone.clock.advance(5 * 60_000);
    phone.sync();
    phone.clock.advance(5 * 60_000);
    phone.sync();
    assert_eq!(phone.record(visit).row.place, Place::Complete);
}

#[test]
fn a_record_saved_while_a_picture_is_under_way_does_not_wait_for_it() {
    let (mut phone, _, household) = prepared(&[picture(1, 1, 2_000_000)]);
    phone.ask(Request::SyncNow).unwrap();
    let centre = phone.centre.clone();
    let part = loop {
        let (ticket, request) = phone.next_request().unwrap();
        if request.method == Method::Patch {
            break (ticket, request);
        }
        let answer = ask_centre(&centre, &request);
        phone.device.receive(ticket, answer);
    };
    // The part hangs; meanwhile a record is saved and goes its own way.
    let visit = phone.save(household);
    while let Some((ticket, request)) = phone.next_request() {
        assert!(!of_lane(&request));
        let answer = ask_centre(&centre, &request);
        phone.device.receive(ticket, answer);
    }
    assert!(centre.borrow().has_record(visit));
    assert!(phone.device.is_under_way(part.0));
    let answer = ask_centre(&centre, &part.1);
    phone.device.receive(part.0, answer);
    phone.sync();
    assert_eq!(phone.device.sync_state().photos_to_send, 0);
}

#[test]
fn photographs_wait_for_wifi_if_the_person_wants_it_until_told_otherwise() {
    let remember = |value: &str| Request::Remember { key: PHOTOS_WIFI_ONLY.into(), value: value.into() };
    let quiet = |phone: &mut Phone| {
        phone.ask(Request::Online { online: true }).unwrap();
        while phone.carry().is_some() {}
        let state = phone.device.sync_state();
        (state.photos_to_send, state.photos_wait_for_wifi)
    };
    let (mut phone, visit, household) = prepared(&[picture(1, 1, 300_000)]);
    phone.ask(remember("true")).unwrap();
    assert_eq!(quiet(&mut phone), (1, true), "what is not told may cost money");
    phone.ask(Request::Metered { metered: true }).unwrap();
    assert_eq!(quiet(&mut phone), (1, true));
    assert_eq!(phone.record(visit).row.place, Place::Photos { held: 0, total: 1 }, "records go");
    phone.reopen();
    assert_eq!(quiet(&mut phone), (1, true), "the choice holds");
    phone.ask(Request::Metered { metered: false }).unwrap();
    assert_eq!(quiet(&mut phone), (0, false));
    // “Upload now” is for once.
    phone.ask(Request::Metered { metered: true }).unwrap();
    phone.save_with(household, &[picture(2, 2, 300_000)]);
    phone.sync();
    assert_eq!(phone.device.sync_state().photos_to_send, 0);
    phone.save_with(household, &[picture(3, 3, 100)]);
    assert_eq!(quiet(&mut phone), (1, true));
    phone.ask(remember("false")).unwrap();
    assert_eq!(quiet(&mut phone), (0, false));
}

#[test]
fn a_centre_put_back_to_an_older_state_gets_its_pictures_again() {
    let shots = [picture(1, 1, 300_000), picture(2, 2, 5_000)];
    let (mut phone, first, household) = prepared(&shots[..1]);
    phone.sync();
    let backup = phone.centre.borrow().state.clone();
    let second = phone.save_with(household, &shots[1..]);
    phone.sync();
    phone.centre.borrow_mut().restore(backup.clone());
    phone.sync();
    assert!(phone.centre.borrow().state.album.held.contains_key(&name_of(&shots[1])));
    assert_eq!(phone.record(second).row.place, Place::Complete);
    // One that has lost everything.
    let mut empty = backup;
    empty.album.held.clear();
    phone.centre.borrow_mut().restore(empty);
    phone.sync();
    assert_eq!(phone.centre.borrow().state.album.held.len(), 2);
    for visit in [first, second] {
        assert_eq!(phone.record(visit).row.place, Place::Complete);
    }
    phone.in_step();
}

#[test]
fn a_centre_without_photographs_is_not_asked_for_them() {
    let (mut phone, visit, _) = prepared(&[picture(1, 1, 100)]);
    phone.centre.borrow_mut().takes_photos = false;
    phone.sync();
    assert_eq!(phone.record(visit).row.place, Place::Photos { held: 0, total: 1 });
    phone.centre.borrow_mut().takes_photos = true;
    phone.sync();
    assert_eq!(phone.record(visit).row.place, Place::Complete);
}

#[test]
fn a_token_refused_to_a_picture_asks_for_a_new_sign_in_and_nothing_is_lost() {
    let (mut phone, visit, _) = prepared(&[picture(1, 1, 300_000)]);
    carry_all(&mut phone, |centre, _, _, request| {
        centre.borrow_mut().revoke_tokens();
        Some(ask_centre(centre, request))
    });
    assert!(!phone.status().signed_in);
    phone.sign_in("cadre").unwrap();
    phone.sync();
    assert_eq!(phone.record(visit).row.place, Place::Complete);
}

#[test]
fn a_picture_whose_bytes_are_not_its_own_is_given_up_and_the_next_one_goes() {
    let folder = tempfile::tempdir().unwrap();
    let (centre, _, [household, ..]) = township();
    let open = |phone: &mut Phone| {
        phone.seed += 1;
        let location = bianfang_device::store::Location::Folder(folder.path().to_owned());
        let machine = crate::world::machine(&phone.clock, &phone.room, phone.seed);
        phone.device = bianfang_device::core::Device::open(location, machine).unwrap();
    };
    let mut phone = Phone::new(&centre, 1);
    open(&mut phone);
    phone.sign_in("cadre").unwrap();
    phone.sync();
    let visit = phone.save_with(household, &[picture(1, 1, 900), picture(2, 2, 900)]);
    let mut files = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path());
    let file = files.find(|path| path.to_string_lossy().contains("photos-")).unwrap();
    let path = file.to_string_lossy().replace("-wal", "").replace("-shm", "");
    let conn = rusqlite::Connection::open(path).unwrap();
    conn.execute("UPDATE pictures SET jpeg = zeroblob(900) WHERE no = 1", []).unwrap();
    drop(conn);
    phone.ask(Request::SyncNow).unwrap();
    while phone.carry().is_some() {}
    let states: Vec<PhotoState> = phone.record(visit).photos.into_iter().map(|row| row.state).collect();
    let PhotoState::Failed { trouble } = &states[0] else { panic!("{states:?}") };
    assert_eq!((trouble.code.as_str(), &states[1]), ("photo_damaged", &PhotoState::Held));
}
