//! Who must be called on, how often.

use crate::given::{DAY_MS, NOW_MS, household, user};
use bianfang_shared::access::Role;
use bianfang_shared::day::{Day, day_of};
use bianfang_shared::entry::Entry;
use bianfang_shared::evidence::Grade;
use bianfang_shared::observation::Outcome;
use bianfang_shared::policy::Policy;
use bianfang_shared::query::ReviewState;
use bianfang_shared::schedule::{Due, Viewer, VisitMark, counts, due};
use proptest::prelude::*;
use serde_json::json;

fn due_today(household: &Entry, role: Role, visits: &[VisitMark]) -> Option<Due> {
    let viewer = Viewer { role, user: user(1) };
    due(household, viewer, visits, Policy::builtin(), day_of(NOW_MS))
}

fn visit(day: &str, outcome: Outcome) -> VisitMark {
    let day: Day = day.parse().unwrap();
    VisitMark { at_ms: bianfang_shared::day::start_ms(day) + 36_000_000, outcome, own: true }
}

#[test]
fn every_rule_has_its_people_households_and_interval() {
    let me = user(1).to_string();
    let mine = |more: serde_json::Value| {
        let mut fields = json!({ "cadre": me });
        fields.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        fields
    };
    // Today is 2025-07-18; the last visit was on 2025-06-30.
    for (case, role, fields, expected) in [
        ("a cadre, assigned", Role::Cadre, mine(json!({})), Some(("cadre_assigned", "2025-07-30", -12))),
        ("a cadre, another's", Role::Cadre, json!({ "cadre": user(2).to_string() }), None),
        ("a cadre, another's and orange", Role::Cadre, json!({ "colour": "orange" }), None),
        (
            "a cadre, assigned and orange",
            Role::Cadre,
            mine(json!({ "colour": "orange" })),
            Some(("colour_orange", "2025-07-15", 3)),
        ),
        (
            "a cadre, assigned and yellow",
            Role::Cadre,
            mine(json!({ "colour": "yellow" })),
            Some(("cadre_assigned", "2025-07-30", -12)),
        ),
        (
            "a cadre, assigned and green",
            Role::Cadre,
            mine(json!({ "colour": "green" })),
            Some(("cadre_assigned", "2025-07-30", -12)),
        ),
        (
            "a doctor, assigned",
            Role::FamilyDoctor,
            json!({ "family_doctor": me }),
            Some(("doctor_assigned", "2025-07-30", -12)),
        ),
        ("a doctor, assigned to as cadre", Role::FamilyDoctor, mine(json!({})), None),
        (
            "the secretary, lifted",
            Role::VillageSecretary,
            json!({ "categories": ["lifted"] }),
            Some(("secretary_village", "2025-07-30", -12)),
        ),
        (
            "the secretary, monitored",
            Role::VillageSecretary,
            json!({ "categories": ["marginal"] }),
            Some(("secretary_village", "2025-07-30", -12)),
        ),
        ("the secretary, ordinary", Role::VillageSecretary, json!({ "categories": ["ordinary"] }), None),
        (
            "the secretary, orange",
            Role::VillageSecretary,
            json!({ "categories": ["unstable"], "colour": "orange" }),
            Some(("colour_orange", "2025-07-15", 3)),
        ),
        (
            "the work team, lifted",
            Role::TeamMember,
            json!({ "categories": ["lifted", "elderly"] }),
            Some(("team_village", "2025-07-30", -12)),
        ),
        (
            "the work team, green and no longer lifted",
            Role::TeamMember,
            json!({ "colour": "green" }),
            Some(("colour_green", "2025-09-30", -74)),
        ),
        (
            "the township, monitored",
            Role::Supervisor,
            json!({ "categories": ["sudden_hardship"] }),
            Some(("township_monitored", "2025-12-30", -165)),
        ),
        ("the township, lifted", Role::Supervisor, json!({ "categories": ["lifted"] }), None),
        (
            "an administrator",
            Role::Administrator,
            mine(json!({ "categories": ["unstable"], "colour": "orange" })),
            None,
        ),
    ] {
        let found = due_today(&household(fields), role, &[visit("2025-06-30", Outcome::AtHome)]);
        let found = found.map(|due| (due.rule, due.due_on.to_string(), due.overdue_days));
        let expected = expected.map(|(rule, day, over)| (rule.to_owned(), day.to_owned(), over));
        assert_eq!(found, expected, "{case}");
    }
}

#[test]
fn due_days_count_from_the_last_visit_with_someone_at_home() {
    use Outcome::*;
    for (case, visits, due_on, overdue_days, postponed) in [
        ("never visited: today", vec![], "2025-07-18", 0, 0),
        (
            "visited on the 31st: the last day of the shorter month",
            vec![("2025-05-31", AtHome)],
            "2025-06-30",
            18,
            0,
        ),
        (
            "the latest counts, in any order",
            vec![("2025-07-01", AtHome), ("2025-06-01", AtHome)],
            "2025-08-01",
            -14,
            0,
        ),
        (
            "nobody home before the due day",
            vec![("2025-06-20", AtHome), ("2025-07-10", NobodyHome)],
            "2025-07-27",
            -9,
            1,
        ),
        (
            "nobody home after the due day",
            vec![("2025-06-01", AtHome), ("2025-07-10", NobodyHome)],
            "2025-07-17",
            1,
            1,
        ),
        (
            "twice in vain",
            vec![("2025-06-01", AtHome), ("2025-07-01", Refused), ("2025-07-10", RoadCut)],
            "2025-07-17",
            1,
            2,
        ),
        (
            "three times puts off no more",
            vec![
                ("2025-06-01", AtHome),
                ("2025-07-01", NobodyHome),
                ("2025-07-03", NobodyHome),
                ("2025-07-17", NobodyHome),
            ],
            "2025-07-15",
            3,
            2,
        ),
        (
            "twice on one day counts once",
            vec![("2025-06-01", AtHome), ("2025-07-10", NobodyHome), ("2025-07-10", NobodyHome)],
            "2025-07-17",
            1,
            1,
        ),
        (
            "in vain before the last visit says nothing",
            vec![("2025-06-01", NobodyHome), ("2025-06-20", AtHome)],
            "2025-07-20",
            -2,
            0,
        ),
        ("away for work", vec![("2025-06-20", AtHome), ("2025-07-18", WorkingAway)], "2025-07-27", -9, 1),
        ("never met, tried once", vec![("2025-07-10", MovedAway)], "2025-07-17", 1, 1),
        (
            "never met, tried twice",
            vec![("2025-07-10", NobodyHome), ("2025-07-16", NobodyHome)],
            "2025-07-24",
            -6,
            2,
        ),
    ] {
        let marks: Vec<_> = visits.iter().map(|(day, outcome)| visit(day, *outcome)).collect();
        let assigned = household(json!({ "cadre": user(1).to_string() }));
        let found = due_today(&assigned, Role::Cadre, &marks).unwrap();
        let numbers = (found.due_on.to_string(), found.overdue_days, found.postponed);
        assert_eq!(numbers, (due_on.to_owned(), overdue_days, postponed), "{case}");
    }
}

#[test]
fn assigned_households_ask_for_ones_own_visits_and_villages_for_anybodys() {
    let fields = json!({ "cadre": user(1).to_string(), "categories": ["lifted"] });
    let anothers = VisitMark { own: false, ..visit("2025-07-10", Outcome::AtHome) };
    let for_role = |role| due_today(&household(fields.clone()), role, &[anothers]).unwrap().last_visit_on;
    assert_eq!(for_role(Role::Cadre), None);
    assert_eq!(for_role(Role::VillageSecretary), Some("2025-07-10".parse().unwrap()));
}

#[test]
fn a_visit_counts_with_enough_evidence_unless_it_was_sent_back() {
    use Grade::*;
    use ReviewState::*;
    for (grade, review, counted) in [
        (Credible, Waiting, true),
        (Credible, Approved, true),
        (Credible, SentBack, false),
        (Credible, Retracted, false),
        (Doubtful, Approved, true),
        (Doubtful, Waiting, true),
        (Doubtful, SentBack, false),
        (Insufficient, Waiting, false),
        (Insufficient, Approved, false),
    ] {
        assert_eq!(counts(grade, review), counted, "{grade:?} {review:?}");
    }
}

proptest! {
    /// However many visits in vain, in whatever order: at most two weeks beyond the later of due day and attempt.
    #[test]
    fn visits_in_vain_never_put_a_household_off_for_good(home in 0i64..200, tries in prop::collection::vec(0i64..200, 0..12)) {
        let at = |days_ago: i64, outcome| VisitMark { at_ms: NOW_MS - days_ago * DAY_MS, outcome, own: true };
        let mut marks: Vec<_> = tries.iter().map(|&days| at(days, Outcome::NobodyHome)).collect();
        let alone = due_today(&household(json!({ "cadre": user(1).to_string() })), Role::Cadre, &[at(home, Outcome::AtHome)]).unwrap();
        marks.push(at(home, Outcome::AtHome));
        let found = due_today(&household(json!({ "cadre": user(1).to_string() })), Role::Cadre, &marks).unwrap();
        prop_assert!(found.due_on >= alone.due_on);
        prop_assert!(found.postponed <= 2);
        let latest = alone.due_on.max(day_of(NOW_MS));
        prop_assert!(found.due_on <= bianfang_shared::day::plus_days(latest, 14));
    }
}
