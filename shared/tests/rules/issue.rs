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
        ("an administrator", "to_accept", Some(other), Role::Administrator, &[]),
        ("a village secretary", "to_accept", Some(other), Role::VillageSecretary, &[]),
        ("a state of a newer version", "on_hold", None, Role::Supervisor, &[]),
    ] {
        assert_eq!(steps(state, rectifier == Some(me), role), offered, "{case}");
    }
}

#[test]
fn every_step_leads_to_its_state() {
    // DOMAIN 问题: 待整改 → 整改中 → 待验收 → 已销号, or 退回.
    for (step, state, word) in [
        (Begin, "under_way", "整改中"),
        (Rectify, "to_accept", "待验收"),
        (Accept, "closed", "已销号"),
        (SendBack, "sent_back", "退回"),
    ] {
        assert_eq!(step.state(), state, "{word}");
        assert_eq!(crate::words::zh(&format!("choice-issue-state-{state}")), word);
    }
    // Through all of them, and twice round for what was not good enough.
    let (worker, reviewer) = (user(1), user(2));
    let mut state = "open";
    for (step, user, role, rectifier) in [
        (Begin, worker, Role::Cadre, None),
        (Rectify, worker, Role::Cadre, None),
        (SendBack, reviewer, Role::Supervisor, Some(worker)),
        (Begin, worker, Role::Cadre, Some(worker)),
        (Rectify, worker, Role::Cadre, Some(worker)),
        (Accept, reviewer, Role::Supervisor, Some(worker)),
        (SendBack, reviewer, Role::Supervisor, Some(worker)),
        (Rectify, worker, Role::Cadre, Some(worker)),
        (Accept, reviewer, Role::Supervisor, Some(worker)),
    ] {
        assert_eq!(may(step, state, rectifier == Some(user), role), Ok(()), "{step:?} from {state}");
        state = step.state();
    }
    assert_eq!(state, "closed");
}

#[test]
fn every_topic_is_led_by_the_department_that_the_plan_names() {
    let policy = &Policy::builtin().issues;
    for (source, topic, lead) in [
        ("000 二 (一) 应纳未纳", "monitoring", "镇乡村振兴办"),
        ("000 二 (二) 住房安全", "housing", "镇村镇所"),
        ("000 二 (三) 控辍保学", "schooling", "镇科教办"),
        ("000 二 (四) 重点人群未参保", "insurance", "镇劳保所"),
        ("000 二 (五) 饮水工程", "water", "镇农业服务中心"),
        ("000 二 (六) 老人户保障", "elderly", "镇民政所"),
        ("000 二 (七) 产业带贫", "industry", "镇乡村振兴办"),
        ("000 二 (八) 就业帮扶", "employment", "镇劳保所"),
        ("000 二 (九) 金融帮扶", "finance", "镇企业服务办公室"),
        ("000 二 (十) 搬迁社区", "relocation", "镇乡村振兴办"),
        ("003 (十) 项目资产", "assets", "镇农业大面组"),
        ("003 (十四) 群众认可", "recognition", "镇农业大面组"),
        ("policy: what no department leads", "other", "镇乡村振兴办"),
        ("a topic of a newer version", "a topic of next year", "镇乡村振兴办"),
    ] {
        assert_eq!(policy.of(topic).lead, lead, "{topic} ({source})");
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
        assert_eq!(may(step, state, rectifier == Some(me), role), Err(why), "{step:?} from {state}");
    }
}

/// Whoever took a step offline did not know of the one that came between: the centre keeps both and looks at the state
/// as the fold makes it.
#[test]
fn the_centre_holds_the_role_and_the_rectifier_against_a_step_and_not_the_state() {
    for role in [Role::Cadre, Role::TeamMember, Role::VillageSecretary, Role::FamilyDoctor] {
        assert_eq!(permitted(Begin, false, role), Ok(()));
        assert_eq!(permitted(Rectify, true, role), Ok(()));
        assert_eq!(permitted(Accept, false, role), Err(Forbidden::Role));
        assert_eq!(permitted(SendBack, false, role), Err(Forbidden::Role));
        // The stronger reason first: nobody accepts their own, whatever they are.
        assert_eq!(permitted(Accept, true, role), Err(Forbidden::OwnRectification));
    }
    assert_eq!(permitted(Accept, false, Role::Supervisor), Ok(()));
    assert_eq!(permitted(Accept, true, Role::Supervisor), Err(Forbidden::OwnRectification));
    assert_eq!(permitted(SendBack, true, Role::Supervisor), Ok(()));
    // An administrator makes the accounts of those who are reviewed.
    assert_eq!(permitted(Accept, false, Role::Administrator), Err(Forbidden::Role));
    assert_eq!(permitted(SendBack, false, Role::Administrator), Err(Forbidden::Role));
    assert_eq!(permitted(IssueStep::Unknown, false, Role::Cadre), Ok(()), "a newer version's step is kept");
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
        assert_eq!(waits_for(&issue(fields), home, rectifier == Some(me), me, role), waits, "{case}");
    }
}
