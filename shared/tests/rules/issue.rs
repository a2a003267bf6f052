//! Which steps of a problem a person may take, how its deadline stands, which comes first.

use crate::given::{entity, entry, household, user};
use bianfang_shared::access::Role;
use bianfang_shared::day::Day;
use bianfang_shared::ledger::LedgerKind;
use bianfang_shared::op::IssueStep::{self, Accept, Begin, Rectify, SendBack};
use bianfang_shared::policy::Policy;
use bianfang_shared::rules::issue::{
    DeadlineState, Forbidden, deadline_state, may, order, permitted, steps, waits_for,
};
use serde_json::json;

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

#[test]
fn the_steps_follow_the_state_and_the_role() {
    let (me, other) = (user(1), user(2));
    for (case, state, rectifier, role, offered) in [
        ("a cadre, open", "open", None, Role::Cadre, &[Begin, Rectify][..]),
        ("a cadre, under way", "under_way", None, Role::Cadre, &[Rectify]),
        ("a cadre, sent back", "sent_back", None, Role::Cadre, &[Begin, Rectify]),
        ("a cadre, to be accepted", "to_accept", Some(other), Role::Cadre, &[]),
        ("a cadre, closed", "closed", None, Role::Cadre, &[]),
        ("a supervisor, open", "open", None, Role::Supervisor, &[Begin, Rectify]),
        (
            "a supervisor, rectified by another",
            "to_accept",
            Some(other),
            Role::Supervisor,
            &[Accept, SendBack],
        ),
        // DOMAIN 问题: acceptance by someone other than the rectifier; sending one's own back harms nobody.
        ("a supervisor, rectified by themselves", "to_accept", Some(me), Role::Supervisor, &[SendBack]),
        ("a supervisor, closed: 回头看", "closed", Some(other), Role::Supervisor, &[SendBack]),
        ("an administrator", "to_accept", Some(other), Role::Administrator, &[Accept, SendBack]),
        ("a village secretary", "to_accept", Some(other), Role::VillageSecretary, &[]),
        ("a state of a newer version", "on_hold", None, Role::Supervisor, &[]),
    ] {
        assert_eq!(steps(state, rectifier, me, role), offered, "{case}");
    }
}

#[test]
fn a_step_that_may_not_be_taken_says_why() {
    let me = user(1);
    for (step, state, rectifier, role, why) in [
        (Accept, "open", None, Role::Supervisor, Forbidden::State),
        (Accept, "to_accept", Some(me), Role::Supervisor, Forbidden::OwnRectification),
        (Accept, "to_accept", None, Role::Cadre, Forbidden::Role),
        (SendBack, "to_accept", None, Role::TeamMember, Forbidden::Role),
        (Rectify, "closed", None, Role::Cadre, Forbidden::State),
        (IssueStep::Unknown, "open", None, Role::Cadre, Forbidden::State),
    ] {
        assert_eq!(may(step, state, rectifier, me, role), Err(why), "{step:?} from {state}");
    }
}

/// Whoever took a step offline did not know of the one that came between: the centre keeps both and looks at the state
/// as the fold makes it.
#[test]
fn the_centre_holds_the_role_and_the_rectifier_against_a_step_and_not_the_state() {
    let (me, other) = (user(1), user(2));
    for role in [Role::Cadre, Role::TeamMember, Role::VillageSecretary, Role::FamilyDoctor] {
        assert_eq!(permitted(Begin, None, me, role), Ok(()));
        assert_eq!(permitted(Rectify, Some(me), me, role), Ok(()));
        assert_eq!(permitted(Accept, Some(other), me, role), Err(Forbidden::Role));
        assert_eq!(permitted(SendBack, Some(other), me, role), Err(Forbidden::Role));
        // The stronger reason first: nobody accepts their own, whatever they are.
        assert_eq!(permitted(Accept, Some(me), me, role), Err(Forbidden::OwnRectification));
    }
    for role in [Role::Supervisor, Role::Administrator] {
        assert_eq!(permitted(Accept, Some(other), me, role), Ok(()));
        assert_eq!(permitted(Accept, Some(me), me, role), Err(Forbidden::OwnRectification));
        assert_eq!(permitted(SendBack, Some(me), me, role), Ok(()));
    }
    assert_eq!(
        permitted(IssueStep::Unknown, None, me, Role::Cadre),
        Ok(()),
        "a newer version's step is kept"
    );
}

#[test]
fn a_deadline_is_near_overdue_or_of_no_matter() {
    let policy = &Policy::builtin().issues;
    let today = day("2025-07-18");
    for (case, state, deadline, expected) in [
        ("yesterday", "open", Some("2025-07-17"), DeadlineState::Overdue { overdue_days: 1 }),
        ("today", "open", Some("2025-07-18"), DeadlineState::Soon { days_left: 0 }),
        ("in a week", "under_way", Some("2025-07-25"), DeadlineState::Soon { days_left: 7 }),
        ("in eight days", "under_way", Some("2025-07-26"), DeadlineState::Later { days_left: 8 }),
        (
            "waiting for acceptance counts on",
            "to_accept",
            Some("2025-07-10"),
            DeadlineState::Overdue { overdue_days: 8 },
        ),
        ("closed", "closed", Some("2025-07-10"), DeadlineState::Closed),
        ("none set", "open", None, DeadlineState::NotSet),
    ] {
        assert_eq!(deadline_state(state, deadline.map(day), today, policy), expected, "{case}");
    }
}

#[test]
fn what_cannot_wait_comes_first_and_what_is_closed_last() {
    let today = day("2025-07-18");
    let mut list = [
        ("closed, was urgent", order("closed", true, Some(day("2025-07-01")), today)),
        ("no deadline", order("open", false, None, today)),
        ("in a month", order("open", false, Some(day("2025-08-18")), today)),
        ("tomorrow", order("open", false, Some(day("2025-07-19")), today)),
        ("overdue", order("open", false, Some(day("2025-07-17")), today)),
        ("urgent, in a month", order("open", true, Some(day("2025-08-18")), today)),
        ("urgent and overdue", order("open", true, Some(day("2025-07-10")), today)),
    ];
    list.sort_by_key(|(_, order)| *order);
    assert_eq!(
        list.map(|(name, _)| name),
        [
            "urgent and overdue",
            "urgent, in a month",
            "overdue",
            "tomorrow",
            "in a month",
            "no deadline",
            "closed, was urgent"
        ]
    );
}

#[test]
fn a_problem_waits_for_whoever_has_to_act_on_it() {
    let (me, other) = (user(1), user(2));
    let issue = |fields: serde_json::Value| entry(entity(50), LedgerKind::Issue, fields);
    let mine = household(json!({ "cadre": me.to_string() }));
    let others = household(json!({ "cadre": other.to_string() }));
    for (case, fields, home, rectifier, role, waits) in [
        (
            "made responsible",
            json!({ "state": "open", "responsible": me.to_string() }),
            None,
            None,
            Role::Cadre,
            true,
        ),
        (
            "another is responsible",
            json!({ "state": "open", "responsible": other.to_string() }),
            Some(&mine),
            None,
            Role::Cadre,
            false,
        ),
        ("nobody is, of an own household", json!({ "state": "open" }), Some(&mine), None, Role::Cadre, true),
        ("nobody is, of another's", json!({ "state": "open" }), Some(&others), None, Role::Cadre, false),
        (
            "nobody is, of the village",
            json!({ "state": "sent_back" }),
            None,
            None,
            Role::VillageSecretary,
            true,
        ),
        ("rectified", json!({ "state": "to_accept" }), Some(&mine), Some(me), Role::Cadre, false),
        ("rectified by another", json!({ "state": "to_accept" }), None, Some(other), Role::Supervisor, true),
        ("rectified by themselves", json!({ "state": "to_accept" }), None, Some(me), Role::Supervisor, false),
        ("closed", json!({ "state": "closed" }), Some(&mine), None, Role::Cadre, false),
    ] {
        assert_eq!(waits_for(&issue(fields), home, rectifier, me, role), waits, "{case}");
    }
}
