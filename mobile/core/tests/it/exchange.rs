//! The exchange when things go wrong: clones, restored backups, lost grants, refusals, spoiled logs.

use crate::centre::{Centre, OTHER_VILLAGE, VILLAGE, area};
use crate::world::{Phone, at_work, household_id, township};
use bianfang_device::core::Device;
use bianfang_device::message::{News, Place, Reply, Request, SyncPhase};
use bianfang_device::platform::memory::platform;
use bianfang_device::platform::{HttpError, HttpResponse};
use bianfang_device::store::Location;
use bianfang_device::sync::{ANSWER_MS_MAX, REST_MS, Step};
use bianfang_shared::judge::Reason;
use bianfang_shared::ledger::LedgerKind;
use bianfang_shared::op::Body;
use bianfang_shared::value::Value;
use std::collections::BTreeMap;

#[test]
fn an_op_set_aside_leaves_the_local_ledger_and_comes_back_when_it_is_released() {
    let (centre, mut office, [household, ..]) = township();
    let mut phone = Phone::synced(&centre, 1, "cadre");
    // The centre loses the household, as one restored from a backup does, and judges the edit meanwhile.
    let empty = Centre::new().borrow().state.clone();
    let full = centre.borrow().state.clone();
    phone.amend(household, "phone", "10011111111");
    assert_eq!(phone.value(household, "phone"), Value::from("10011111111"));
    centre.borrow_mut().state = full.clone().without_entries(&empty);
    phone.sync();
    assert_eq!(phone.value(household, "phone"), Value::from("10012340001"), "set aside: it does not fold");
    let edits = phone.uploads().edits;
    assert!(matches!(&edits[0].place, Place::SetAside { reason: Reason::UnknownEntity { .. } }), "{edits:?}");
    let fields = BTreeMap::from([("head_name".to_owned(), Value::from("王小明"))]);
    office.write(
        VILLAGE,
        Body::Register {
            entity: household,
            ledger: LedgerKind::Household,
            fields,
            cause: None,
            photos: Vec::new(),
        },
    );
    phone.sync();
    assert_eq!(phone.uploads().edits, []);
    assert!(centre.borrow().entry(household).is_some());
    let seen = phone.device.ledger(area(VILLAGE)).unwrap();
    let entry = seen.iter().find(|entry| entry.id == household).unwrap();
    assert!(
        entry.fields["phone"].siblings().iter().any(|sibling| sibling.value == Value::from("10011111111"))
    );
}

#[test]
fn a_record_set_aside_is_kept_shown_and_never_blocks_what_comes_after() {
    let (centre, mut phone, [household, second, _]) = at_work();
    phone.save(household);
    let grants = std::mem::take(&mut centre.borrow_mut().state.accounts.get_mut("cadre").unwrap().grants);
    phone.sync();
    assert_eq!(phone.uploads().records[0].place, Place::SetAside { reason: Reason::OutsideGrants });
    assert_eq!(phone.status().households, 0, "the villages were taken away");
    centre.borrow_mut().state.accounts.get_mut("cadre").unwrap().grants = grants;
    phone.clock.advance(11 * 60_000);
    phone.sync();
    assert_eq!(phone.status().households, 3);
    phone.save(second);
    phone.sync();
    let places: Vec<Place> = phone.uploads().records.into_iter().map(|row| row.place).collect();
    assert_eq!(places, [Place::Centre, Place::SetAside { reason: Reason::OutsideGrants }]);
    phone.in_step();
}

#[test]
fn losing_a_village_removes_its_rows_and_never_what_was_not_sent() {
    let (centre, mut phone, [household, _, other]) = at_work();
    let sent = phone.save(other);
    phone.amend(other, "phone", "10033333333");
    phone.sync();
    phone.amend(other, "phone", "10044444444");
    let unsent = phone.save(other);
    centre.borrow_mut().state.accounts.get_mut("cadre").unwrap().grants = vec![area(VILLAGE)];
    phone.sync();
    assert_eq!(phone.status().households, 2);
    assert_eq!(phone.device.ledger(area(OTHER_VILLAGE)).unwrap(), []);
    let records: BTreeMap<_, _> = phone.device.own_records().unwrap().into_iter().collect();
    assert_eq!(records[&sent], Place::Centre);
    assert_eq!(records[&unsent], Place::SetAside { reason: Reason::OutsideGrants });
    // Given back, everything is there again.
    centre.borrow_mut().state.accounts.get_mut("cadre").unwrap().grants = vec![area("430681113000")];
    phone.clock.advance(11 * 60_000);
    phone.sync();
    assert_eq!(phone.value(other, "phone"), Value::from("10033333333"));
    assert_eq!(phone.value(household, "phone"), Value::from("10012340001"));
    phone.in_step();
}

#[test]
fn a_cloned_phone_begins_a_chain_of_its_own_and_loses_nothing() {
    let (centre, mut phone, [household, second, _]) = at_work();
    phone.save(household);
    phone.sync();
    let mut clone = phone.cloned(77);
    let first = phone.save(household);
    phone.sync();
    // On the clone: a record, an edit that follows an edit, and a form begun on that edit.
    let second_visit = clone.save(second);
    clone.amend(household, "phone", "10055555555");
    clone.amend(household, "phone", "10066666666");
    let form = clone.form(household);
    clone.ask(Request::KeepForm { draft: Box::new(form) }).unwrap();
    clone.sync();
    assert!(centre.borrow().has_record(first) && centre.borrow().has_record(second_visit));
    assert_eq!(clone.status().unsent, 0);
    assert_eq!(clone.status().conflicts, 0, "the second edit still replaces the first");
    assert_eq!(clone.value(household, "phone"), Value::from("10066666666"));
    let draft = clone.open(household).draft;
    let heads = centre.borrow().entry(household).unwrap().heads("phone");
    assert_eq!(draft.seen.get("phone").map_or(heads.clone(), |seen| seen.heads.clone()), heads);
    clone.in_step();
    phone.sync();
    phone.in_step();
}

#[test]
fn a_phone_restored_from_a_backup_begins_anew_and_gets_back_what_it_had_sent() {
    let (centre, mut phone, [household, second, _]) = at_work();
    let backup = phone.disk.copy().unwrap();
    let lost_here = phone.save(household);
    phone.sync();
    phone.disk = backup;
    phone.reopen();
    let made_since = phone.save(second);
    phone.sync();
    for id in [lost_here, made_since] {
        assert!(centre.borrow().has_record(id));
        assert!(matches!(phone.ask(Request::Record { id }), Ok(Reply::Record(_))));
    }
    phone.in_step();
}

#[test]
fn a_centre_that_knows_no_enrolment_asks_for_the_password_once_and_gets_everything() {
    let (centre, _, [household, ..]) = township();
    centre.borrow_mut().enrols = false;
    let mut phone = Phone::synced(&centre, 1, "cadre");
    let mut clone = phone.cloned(77);
    phone.save(household);
    phone.sync();
    let visit = clone.save(household);
    clone.sync();
    assert!(!clone.status().signed_in);
    assert_eq!(clone.uploads().records[0].place, Place::Device);
    clone.sign_in("cadre").unwrap();
    clone.sync();
    assert!(centre.borrow().has_record(visit));
    clone.in_step();
}

#[test]
fn a_centre_restored_from_an_old_backup_gets_back_what_it_lost() {
    let (centre, _, [household, second, _]) = township();
    let mut phones = [Phone::signed_in(&centre, 1, "cadre"), Phone::signed_in(&centre, 2, "cadre2")];
    phones.iter_mut().for_each(Phone::sync);
    phones[0].save(household);
    phones[0].sync();
    let backup = centre.borrow().state.clone();
    let after_backup = phones[0].save(second);
    phones[0].amend(household, "phone", "10011111111");
    phones.iter_mut().for_each(Phone::sync);
    phones[1].amend(household, "phone", "10022222222");
    phones[1].sync();
    centre.borrow_mut().restore(backup);
    let offline = phones[0].save(household);
    assert_eq!(phones[0].status().households, 3, "the old rows stay visible");
    for _ in 0..2 {
        phones.iter_mut().for_each(Phone::sync);
    }
    for id in [after_backup, offline] {
        assert!(centre.borrow().has_record(id));
    }
    for phone in &mut phones {
        assert_eq!(phone.value(household, "phone"), Value::from("10022222222"));
        assert_eq!(phone.status().conflicts, 0);
        phone.in_step();
    }
}

#[test]
fn what_a_restored_centre_has_set_aside_says_so_whatever_was_said_before() {
    let (centre, mut phone, [household, ..]) = at_work();
    let empty = centre.borrow().state.clone();
    phone.save(household);
    let granted = |grants| {
        std::mem::replace(&mut centre.borrow_mut().state.accounts.get_mut("cadre").unwrap().grants, grants)
    };
    let grants = granted(Vec::new());
    phone.sync();
    let set_aside = Place::SetAside { reason: Reason::OutsideGrants };
    assert_eq!(phone.uploads().records[0].place, set_aside);
    granted(grants);
    let of_then = centre.borrow().state.clone();
    // A centre that never saw it takes it in; the one of then still has it set aside, and is asked for nothing.
    for (backup, place) in [(empty, Place::Centre), (of_then, set_aside)] {
        centre.borrow_mut().restore(backup);
        phone.clock.advance(11 * 60_000);
        phone.sync();
        assert_eq!(phone.uploads().records[0].place, place);
        phone.sound();
    }
}

#[test]
fn a_restored_centre_brings_no_village_back_to_sight_that_was_taken_away() {
    let (centre, mut phone, [household, ..]) = at_work();
    phone.save(household);
    phone.sync();
    centre.borrow_mut().state.accounts.get_mut("cadre").unwrap().grants = Vec::new();
    phone.sync();
    assert_eq!(phone.device.ledger(area(VILLAGE)).unwrap(), []);
    let same = centre.borrow().state.clone();
    centre.borrow_mut().restore(same);
    phone.clock.advance(11 * 60_000);
    phone.sync();
    assert_eq!(phone.device.ledger(area(VILLAGE)).unwrap(), []);
    assert_eq!(phone.uploads().records[0].place, Place::Centre);
    assert_eq!(phone.status().unsent, 0);
    phone.sound();
}

#[test]
fn a_phone_and_a_centre_both_put_back_say_nothing_twice() {
    let (centre, mut phone, [household, second, _]) = at_work();
    let first = phone.save(household);
    phone.sync();
    let copy = phone.disk.copy().unwrap();
    let same = centre.borrow().state.clone();
    centre.borrow_mut().restore(same);
    phone.clock.advance(11 * 60_000);
    let then = phone.save(second);
    phone.sync();
    phone.disk = copy;
    phone.reopen();
    phone.clock.advance(11 * 60_000);
    phone.sync();
    phone.sync();
    for visit in [first, then] {
        assert_eq!(phone.record(visit).row.place, Place::Centre);
    }
    assert_eq!(phone.uploads().conflicts, []);
    phone.sound();
}

#[test]
fn what_a_restored_centre_lost_for_ever_leaves_the_other_phones() {
    let (centre, mut office, _) = township();
    let mut phone = Phone::synced(&centre, 1, "cadre");
    let backup = centre.borrow().state.clone();
    office.household(9, VILLAGE, "赵无名");
    phone.sync();
    assert_eq!(phone.find("赵"), ["赵无名"]);
    centre.borrow_mut().restore(backup);
    phone.clock.advance(11 * 60_000);
    phone.sync();
    assert_eq!(phone.find("赵"), Vec::<String>::new());
    assert_eq!(phone.find("zeng"), ["曾大力"]);
    phone.in_step();
    assert!(centre.borrow().entry(household_id(9)).is_none());
}

#[test]
fn a_restored_centre_gets_back_also_what_a_former_chain_had_handed_over() {
    let (centre, mut phone, [household, second, _]) = at_work();
    let backup = centre.borrow().state.clone();
    let early = phone.save(household);
    phone.sync();
    let mut clone = phone.cloned(77);
    phone.save(second);
    phone.sync();
    clone.save(second);
    clone.sync();
    // The phone that made the first record is gone; only its clone, by now another device, is left.
    drop(phone);
    centre.borrow_mut().restore(backup);
    clone.sign_in("cadre").unwrap();
    clone.sync();
    clone.sync();
    assert!(centre.borrow().has_record(early));
    clone.in_step();
}

#[test]
fn a_restored_centre_gets_back_also_what_a_former_chain_was_only_told_of() {
    let (centre, mut phone, [household, second, _]) = at_work();
    let backup = centre.borrow().state.clone();
    // Sent and acknowledged, but not seen in a log before the phone turns out to be a clone.
    let early = phone.save(household);
    phone.carry_records();
    let mut clone = phone.cloned(77);
    phone.save(second);
    phone.sync();
    clone.save(second);
    while clone.status().unsent > 0 {
        clone.carry().expect("it has something to send");
    }
    drop(phone);
    centre.borrow_mut().restore(backup);
    clone.sign_in("cadre").unwrap();
    clone.sync();
    assert!(centre.borrow().has_record(early));
    clone.in_step();
}

#[test]
fn when_a_restored_centre_holds_a_clones_words_under_our_names_ours_are_written_again() {
    let (centre, mut phone, [household, second, _]) = at_work();
    let mut clone = phone.cloned(77);
    let backup = centre.borrow().state.clone();
    let ours = phone.save(household);
    phone.sync();
    centre.borrow_mut().restore(backup);
    clone.clock.advance(1);
    let theirs = clone.save(second);
    clone.sync();
    phone.sync();
    assert!(centre.borrow().has_record(ours) && centre.borrow().has_record(theirs));
    phone.in_step();
    clone.sync();
    clone.in_step();
}

#[test]
fn a_record_written_twice_is_with_the_centre_when_either_writing_is() {
    let (centre, mut phone, [household, second, _]) = at_work();
    let visit = phone.save(household);
    let backup = phone.disk.copy().unwrap();
    phone.save(second);
    phone.sync();
    // Put back to before it was sent, the phone writes it again; by then the village is taken away for a while.
    phone.disk = backup;
    phone.reopen();
    let grants = std::mem::take(&mut centre.borrow_mut().state.accounts.get_mut("cadre").unwrap().grants);
    phone.sync();
    assert_eq!(phone.uploads().records[0].place, Place::SetAside { reason: Reason::OutsideGrants });
    centre.borrow_mut().state.accounts.get_mut("cadre").unwrap().grants = grants;
    phone.sync();
    let places: BTreeMap<_, _> = phone.device.own_records().unwrap().into_iter().collect();
    assert_eq!(places[&visit], Place::Centre);
    phone.in_step();
}

#[test]
fn a_log_whose_checksum_differs_is_fetched_again_from_its_beginning() {
    let (centre, mut office, _) = township();
    let mut phone = Phone::synced(&centre, 1, "cadre");
    office.household(4, VILLAGE, "周而复");
    centre.borrow_mut().spoil_checksum = true;
    phone.sync();
    assert_eq!(phone.find("周"), ["周而复"]);
    assert_eq!(phone.device.sync_state().last_trouble, None);
    phone.in_step();
}

#[test]
fn a_refused_token_keeps_what_is_unsent_until_the_next_sign_in() {
    let (centre, mut phone, [household, ..]) = at_work();
    let visit = phone.save(household);
    centre.borrow_mut().revoke_tokens();
    phone.device.take_news();
    phone.sync();
    assert!(phone.device.take_news().contains(&News::SignedOut));
    assert_eq!(phone.device.next(), Step::Idle);
    let status = phone.status();
    assert_eq!((status.signed_in, status.unsent, status.sync.phase), (false, 1, SyncPhase::SignedOut));
    // Work goes on meanwhile.
    let later = phone.save(household);
    phone.sign_in("cadre").unwrap();
    phone.sync();
    assert!(centre.borrow().has_record(visit) && centre.borrow().has_record(later));
}

#[test]
fn a_refused_batch_gets_smaller_and_does_not_stop_the_fetching() {
    let (centre, mut office, [household, ..]) = township();
    let mut phone = Phone::synced(&centre, 1, "cadre");
    for _ in 0..9 {
        phone.save(household);
    }
    office.household(5, VILLAGE, "吴远山");
    centre.borrow_mut().push_status = Some(413);
    phone.sync();
    assert_eq!(phone.find("吴"), ["吴远山"], "fetching went on");
    let trouble = phone.device.sync_state().last_trouble.unwrap();
    assert_eq!((trouble.code.as_str(), phone.status().unsent), ("too_large", 9));
    centre.borrow_mut().push_status = None;
    phone.sync();
    assert_eq!(phone.status().unsent, 0);
    assert_eq!(phone.device.sync_state().last_trouble, None);
}

#[test]
fn after_a_failure_it_waits_but_never_sticks() {
    let (_, mut phone, [household, ..]) = at_work();
    phone.save(household);
    let mut failures = 0;
    while failures < 12 {
        match phone.device.next() {
            Step::Send { ticket, .. } => {
                failures += 1;
                phone.device.receive(ticket, Err(HttpError::Unreachable("no signal".into())));
            }
            Step::Wait { until_ms } => phone.clock.advance(until_ms - phone.clock_ms()),
            Step::Idle => panic!("it has stopped trying"),
        }
    }
    assert!(matches!(phone.device.next(), Step::Wait { .. }));
    assert_eq!(phone.device.sync_state().last_trouble.unwrap().code, "offline");
    phone.ask(Request::Online { online: true }).unwrap();
    assert!(matches!(phone.device.next(), Step::Send { .. }), "a signal ends the waiting");
}

#[test]
fn a_request_is_a_lease_and_upload_now_does_not_wait_for_it() {
    let (centre, ..) = township();
    let mut phone = Phone::signed_in(&centre, 1, "cadre");
    let Step::Send { ticket: first, .. } = phone.device.next() else { panic!() };
    assert!(matches!(phone.device.next(), Step::Wait { .. }));
    phone.clock.advance(6_000);
    phone.ask(Request::SyncNow).unwrap();
    let Step::Send { ticket: second, .. } = phone.device.next() else { panic!("it still waits") };
    assert_ne!(first, second);
    phone.clock.advance(ANSWER_MS_MAX);
    assert!(matches!(phone.device.next(), Step::Wait { .. }), "the second counts as lost");
    phone.clock.advance(REST_MS);
    assert!(matches!(phone.device.next(), Step::Send { .. }));
    // Whatever comes for the first two now is of no use, and does no harm.
    let nonsense = Ok(HttpResponse::new(401, b"{}".to_vec()));
    phone.device.receive(first, nonsense.clone());
    phone.device.receive(second, nonsense);
    assert!(phone.status().signed_in);
}

#[test]
fn a_page_that_stands_between_the_phone_and_the_centre_is_trouble_and_no_data() {
    let (centre, ..) = township();
    let mut phone = Phone::signed_in(&centre, 1, "cadre");
    let Step::Send { ticket, .. } = phone.device.next() else { panic!() };
    let hotel = HttpResponse::new(200, b"<html>Welcome! Please sign in".to_vec());
    phone.device.receive(ticket, Ok(hotel));
    let trouble = phone.device.sync_state().last_trouble.unwrap();
    assert_eq!((trouble.code.as_str(), trouble.may_retry), ("server_trouble", true));
}

#[test]
fn people_who_share_a_phone_never_send_under_each_others_name() {
    let (centre, mut phone, [household, ..]) = at_work();
    let mine = phone.save(household);
    phone.sign_in("Cadre2 ").unwrap_err();
    phone.sign_in("cadre2").unwrap();
    phone.sync();
    assert!(!centre.borrow().has_record(mine), "it waits for its author");
    assert_eq!(phone.uploads().records, []);
    let theirs = phone.save(household);
    phone.sync();
    phone.reopen();
    assert_eq!(phone.status().user.unwrap().login, "cadre2");
    phone.sign_in("cadre").unwrap();
    phone.sync();
    let authors: Vec<_> = centre.borrow().log(area(VILLAGE)).iter().map(|op| op.author).collect();
    assert!(centre.borrow().has_record(mine) && centre.borrow().has_record(theirs));
    assert_eq!(authors[authors.len() - 2..], [crate::centre::user_id(2), crate::centre::user_id(1)]);
    phone.ask(Request::SignOut).unwrap();
    assert_eq!(phone.status().user, None);
    assert_eq!(phone.ask(Request::Today { here: None }).unwrap_err().code, "signed_out");
}

#[test]
fn a_wrong_password_says_so_and_leaves_nothing_behind() {
    let (centre, ..) = township();
    let mut phone = Phone::new(&centre, 1);
    let wrong = Request::SignIn { user: "cadre".into(), password: "guess".into() };
    assert_eq!(phone.ask(wrong).unwrap_err().code, "bad_credentials");
    assert_eq!(phone.status().user, None);
    let dead = Request::SignIn { user: "cadre".into(), password: "secret".into() };
    let bianfang_device::core::Asked::Centre(exchange) = phone.device.ask(dead) else { panic!() };
    let answer = phone.device.finish(*exchange, Err(HttpError::Unreachable("no signal".into())));
    assert_eq!(answer.unwrap_err().code, "offline");
    phone.sign_in("cadre").unwrap();
    assert!(phone.status().signed_in);
}

#[test]
fn the_clock_of_a_phone_set_to_next_year_is_told_and_does_no_harm() {
    let (centre, _, [household, ..]) = township();
    let mut phone = Phone::new(&centre, 1);
    let year_ms = 365 * 86_400_000;
    phone.clock.set_wall(centre.borrow().now_ms + year_ms);
    phone.sign_in("cadre").unwrap();
    phone.amend_when_synced(household);
    assert_eq!(phone.status().clock_offset_ms, Some(year_ms));
    let mut other = Phone::synced(&centre, 2, "cadre2");
    centre.borrow_mut().now_ms += 60_000;
    other.clock.advance(60_000);
    other.amend(household, "phone", "10022222222");
    other.sync();
    phone.sync();
    assert_eq!(phone.value(household, "phone"), Value::from("10022222222"));
    phone.in_step();
}

#[test]
fn a_device_opened_on_an_empty_disk_says_that_nobody_is_signed_in() {
    let (centre, ..) = township();
    let phone = Phone::new(&centre, 1);
    let mut device = Device::open(Location::Memory(phone.disk.clone()), platform(&phone.clock, 3)).unwrap();
    assert_eq!(device.next(), Step::Idle);
    assert_eq!(device.sync_state().phase, SyncPhase::SignedOut);
}

#[test]
fn where_the_centre_takes_nothing_for_a_while_fetching_goes_on_and_the_records_wait() {
    for (status, code, told) in [
        (429, "quota_reached", "quota_reached"),
        (507, "no_room_for_records", "centre_full"),
        // As an older centre says it.
        (507, "no_room", "centre_full"),
    ] {
        let (centre, mut office, [household, second, _]) = township();
        let mut phone = Phone::synced(&centre, 1, "cadre");
        phone.amend(household, "phone", "10011111111");
        let change = bianfang_shared::op::Change {
            field: "remark".to_owned(),
            value: "later".into(),
            parents: Vec::new(),
            adopts: None,
        };
        office.write(VILLAGE, Body::Amend { entity: second, changes: vec![change], cause: None });
        let before = centre.borrow().log(area(VILLAGE)).len();
        phone.ask(Request::SyncNow).unwrap();
        while let Some((ticket, request)) = phone.next_request() {
            let answer = if request.path == "/api/v1/sync/push" {
                let body = serde_json::json!({
                    "code": code, "status": status, "title": "Later.", "detail": null, "permanent": false
                });
                Ok(HttpResponse::new(status, serde_json::to_vec(&body).unwrap()))
            } else {
                centre.borrow_mut().answer(&request)
            };
            phone.device.receive(ticket, answer);
        }
        let state = phone.device.sync_state();
        let trouble = state.last_trouble.clone().unwrap();
        assert_eq!((trouble.code.as_str(), trouble.may_retry, state.to_send), (told, true, 1), "{code}");
        let fetched = phone.value(second, "remark") == Value::from("later");
        assert_eq!(fetched, code != "no_room", "{code}: what others wrote is fetched");
        assert_eq!(centre.borrow().log(area(VILLAGE)).len(), before);
        phone.sync();
        assert_eq!((phone.status().unsent, phone.uploads().edits.len()), (0, 0), "{code}: it goes by itself");
        assert_eq!(phone.value(second, "remark"), Value::from("later"));
    }
}
