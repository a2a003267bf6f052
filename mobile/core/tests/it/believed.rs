//! What a phone notices by itself of what will not be believed: a clock that was put back, companions who have not said so.

use crate::centre::user_id;
use crate::world::{Phone, at_work, township};
use bianfang_device::message::{Reply, Request};
use bianfang_shared::evidence::{CheckName, Finding};
use bianfang_shared::form::FormDraft;
use bianfang_shared::id::{EntityId, ObservationId};

const DAY_MS: i64 = 86_400_000;

fn clock_finding(phone: &mut Phone, household: EntityId) -> Option<Finding> {
    let view = phone.open(household);
    view.evidence.checks.iter().find(|check| check.name == CheckName::Clock).map(|check| check.finding)
}

#[test]
fn a_clock_that_is_put_back_is_told_at_once_and_dates_nothing() {
    for (case, back_ms, opened_anew) in [
        ("24 days", 24 * DAY_MS, false),
        ("an hour", 3_600_000, false),
        ("to 2010", 15 * 365 * DAY_MS, false),
        ("24 days, and the app opened anew", 24 * DAY_MS, true),
    ] {
        let (centre, mut phone, [household, ..]) = at_work();
        phone.clock.advance(DAY_MS);
        let true_ms = phone.wall_ms();
        assert_eq!(clock_finding(&mut phone, household), Some(Finding::Pass), "{case}");
        let overdue_before = phone.today().overdue_total;
        phone.clock.set_wall(true_ms - back_ms);
        if opened_anew {
            phone.reopen();
        }
        assert_eq!(phone.status().clock_offset_ms, Some(-back_ms), "{case}");
        assert_eq!(clock_finding(&mut phone, household), Some(Finding::Fail), "{case}");
        assert_eq!(phone.today().overdue_total, overdue_before, "{case}: what is due is due by the true day");
        let visit = phone.save(household);
        // Put right again before anybody could see it.
        phone.clock.set_wall(true_ms + 60_000);
        centre.borrow_mut().now_ms = true_ms + 60_000;
        phone.sync();
        assert!(centre.borrow().has_record(visit), "{case}");
        let record = phone.record(visit);
        assert_eq!(record.observation.made_at_ms(), true_ms + 60_000, "{case}");
        assert!(record.row.ended_at_ms >= true_ms && record.row.ended_at_ms <= phone.wall_ms(), "{case}");
        assert_eq!(phone.status().clock_offset_ms.map(|offset| offset.abs() < 60_000), Some(true), "{case}");
        phone.in_step();
    }
}

#[test]
fn a_phone_that_slept_is_not_accused() {
    let (_, mut phone, [household, ..]) = at_work();
    // The monotonic clock stood still meanwhile.
    phone.clock.set_wall(phone.wall_ms() + DAY_MS);
    assert_eq!(clock_finding(&mut phone, household), Some(Finding::Pass));
}

fn accompanied_by(phone: &mut Phone, household: EntityId, companion: u8) -> ObservationId {
    let draft = FormDraft { companions: vec![user_id(companion)], ..phone.form(household) };
    phone.save_form(draft)
}

#[test]
fn a_companion_counts_after_saying_so_and_nobody_else_can_say_it() {
    let (centre, _, [household, ..]) = township();
    let [mut author, mut companion, mut other] = [(1, "cadre"), (2, "cadre2"), (3, "supervisor")]
        .map(|(seed, login)| Phone::synced(&centre, seed, login));
    let visit = accompanied_by(&mut author, household, 2);
    author.sync();
    for phone in [&mut companion, &mut other] {
        phone.sync();
    }
    let named = |phone: &mut Phone| {
        let companions = phone.record(visit).companions;
        companions.into_iter().map(|one| (one.user, one.confirmed, one.me)).collect::<Vec<_>>()
    };
    assert_eq!(named(&mut companion), [(user_id(2), false, true)]);
    assert_eq!(named(&mut author), [(user_id(2), false, false)]);
    for phone in [&mut author, &mut other] {
        let refused = phone.ask(Request::Accompany { id: visit }).unwrap_err();
        assert_eq!(refused.code, "not_named");
    }
    for _ in 0..2 {
        assert!(matches!(companion.ask(Request::Accompany { id: visit }), Ok(Reply::Done)));
    }
    assert_eq!(companion.status().unsent, 1, "said once");
    for phone in [&mut companion, &mut author] {
        phone.sync();
    }
    assert_eq!(named(&mut author), [(user_id(2), true, false)]);
    for phone in [&mut author, &mut companion] {
        phone.in_step();
        phone.sound();
    }
}
