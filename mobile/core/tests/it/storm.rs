//! Any order, loss and doubling of requests and answers, with saves, kills and clock changes in between: after the
//! storm the phone and the centre agree, and every record is there.

use crate::world::{Phone, household_id, picture, township};
use bianfang_device::message::{PhotoState, Place, Request};
use bianfang_device::platform::{HttpError, HttpRequest};
use bianfang_device::sync::{Step, Ticket};
use proptest::prelude::*;
use proptest::test_runner::Config;

#[derive(Clone, Debug)]
enum Act {
    /// Lets the exchange say what it wants; what it sends is held.
    Next,
    /// A held request reaches the centre; its answer is held. It may arrive again later.
    Deliver {
        which: usize,
        again: bool,
    },
    /// A held answer reaches the phone. It may arrive again later.
    Answer {
        which: usize,
        again: bool,
    },
    /// A held request is lost, and the phone told so.
    Lose {
        which: usize,
    },
    Save {
        household: u8,
    },
    /// Saves a record with a new picture.
    Shoot {
        household: u8,
    },
    /// A part of a picture is cut off on its way.
    Cut {
        after: usize,
    },
    /// Uploads under way expire.
    Expire,
    Amend {
        household: u8,
        value: u8,
    },
    Advance {
        ms: i64,
    },
    SetClock {
        off_ms: i64,
    },
    Reopen,
    UploadNow,
    Office {
        n: u8,
    },
    Other {
        value: u8,
    },
}

fn act() -> impl Strategy<Value = Act> {
    let which = 0usize..4;
    prop_oneof![
        8 => Just(Act::Next),
        6 => (which.clone(), any::<bool>()).prop_map(|(which, again)| Act::Deliver { which, again }),
        6 => (which.clone(), any::<bool>()).prop_map(|(which, again)| Act::Answer { which, again }),
        1 => which.prop_map(|which| Act::Lose { which }),
        2 => (1u8..4).prop_map(|household| Act::Save { household }),
        2 => (1u8..4).prop_map(|household| Act::Shoot { household }),
        1 => (0usize..400_000).prop_map(|after| Act::Cut { after }),
        1 => Just(Act::Expire),
        3 => (1u8..4, any::<u8>()).prop_map(|(household, value)| Act::Amend { household, value }),
        3 => (0i64..200_000).prop_map(|ms| Act::Advance { ms }),
        1 => (-100_000_000i64..100_000_000).prop_map(|off_ms| Act::SetClock { off_ms }),
        1 => Just(Act::Reopen),
        2 => Just(Act::UploadNow),
        1 => (20u8..40).prop_map(|n| Act::Office { n }),
        1 => any::<u8>().prop_map(|value| Act::Other { value }),
    ]
}

fn phone_number(value: u8) -> String {
    format!("100{value:08}")
}

fn weather(acts: Vec<Act>) {
    let (centre, mut office, _) = township();
    let mut other = Phone::signed_in(&centre, 2, "cadre2");
    let mut phone = Phone::synced(&centre, 1, "cadre");
    let mut requests: Vec<(Ticket, HttpRequest)> = Vec::new();
    let mut answers: Vec<(Ticket, crate::world::Answer)> = Vec::new();
    let mut saved = Vec::new();
    let mut shots = Vec::new();
    for act in acts {
        match act {
            Act::Next => {
                if let Step::Send { ticket, request } = phone.device.next() {
                    requests.push((ticket, request));
                }
            }
            Act::Deliver { which, again } if which < requests.len() => {
                let (ticket, request) = requests[which].clone();
                if !again {
                    requests.remove(which);
                }
                answers.push((ticket, centre.borrow_mut().answer(&request)));
            }
            Act::Answer { which, again } if which < answers.len() => {
                let (ticket, answer) = answers[which].clone();
                if !again {
                    drop(answers.remove(which));
                }
                phone.device.receive(ticket, answer);
            }
            Act::Lose { which } if which < requests.len() => {
                let (ticket, _) = requests.remove(which);
                phone.device.receive(ticket, Err(HttpError::Unreachable("lost".into())));
            }
            Act::Deliver { .. } | Act::Answer { .. } | Act::Lose { .. } => (),
            Act::Save { household } => saved.push(phone.save(household_id(household))),
            Act::Shoot { household } => {
                let number = u8::try_from(shots.len()).unwrap();
                // Every third one has more than one part.
                let bytes = if number.is_multiple_of(3) { 300_000 } else { 900 };
                let shot = picture(1 + number % 200, number, bytes);
                saved.push(phone.save_with(household_id(household), std::slice::from_ref(&shot)));
                shots.push(shot);
            }
            Act::Cut { after } => centre.borrow_mut().album_mood.cut_after = Some(after),
            Act::Expire => centre.borrow_mut().state.album.expire(),
            Act::Amend { household, value } => {
                phone.amend(household_id(household), "phone", &phone_number(value));
            }
            Act::Advance { ms } => phone.clock.advance(ms),
            Act::SetClock { off_ms } => {
                let wall_ms = centre.borrow().now_ms + off_ms;
                phone.clock.set_wall(wall_ms);
            }
            // Requests and answers of the killed process may still arrive.
            Act::Reopen => phone.reopen(),
            Act::UploadNow => drop(phone.ask(Request::SyncNow)),
            Act::Office { n } => drop(office.household(n, crate::centre::VILLAGE, "新户主")),
            Act::Other { value } => {
                other.sync();
                other.amend(household_id(1), "phone", &phone_number(value));
                other.sync();
            }
        }
    }
    centre.borrow_mut().album_mood.cut_after = None;
    for _ in 0..3 {
        phone.clock.advance(11 * 60_000);
        phone.sync();
        other.sync();
    }
    assert_eq!(phone.status().unsent, 0);
    for id in saved {
        assert!(centre.borrow().has_record(id));
        assert!(phone.device.own_records().unwrap().contains(&(id, Place::Centre)));
    }
    for shot in &shots {
        assert_eq!(centre.borrow().state.album.held.get(&crate::album::name_of(shot)), Some(shot));
    }
    assert!(phone.device.own_photos().unwrap().iter().all(|(_, state)| *state == PhotoState::Held));
    phone.in_step();
    other.in_step();
}

#[test]
fn any_order_loss_and_doubling_of_requests_and_answers_ends_well() {
    let mut runner = proptest::test_runner::TestRunner::new(Config {
        cases: 96,
        failure_persistence: None,
        ..Config::default()
    });
    runner
        .run(&proptest::collection::vec(act(), 0..120), |acts| {
            weather(acts);
            Ok(())
        })
        .unwrap();
}
