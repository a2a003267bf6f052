//! Who must be called on, how often.

use crate::given::{DAY_MS, NOW_MS, entity, house, household, post, supply, user};
use bianfang_shared::access::Role;
use bianfang_shared::day::{Day, day_of};
use bianfang_shared::entry::Entry;
use bianfang_shared::evidence::Grade;
use bianfang_shared::id::ObservationId;
use bianfang_shared::ledger::LedgerKind;
use bianfang_shared::observation::{Observation, ObservationKind, Outcome};
use bianfang_shared::policy::Policy;
use bianfang_shared::query::ReviewState;
use bianfang_shared::schedule::{Due, Mark, Subject, Viewer, VisitMark, counts, due, due_of};
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
fn who_is_called_on_follows_from_the_category() {
    // 002 三、二: 村支部书记每月遍访本村脱贫户和监测户; 党委书记每半年遍访全乡监测户.
    const MONTH: Option<&str> = Some("2025-07-30");
    const HALF_YEAR: Option<&str> = Some("2025-12-30");
    for (case, category, secretary, township) in [
        ("脱贫户", "lifted", MONTH, None),
        ("监测对象: 脱贫不稳定户", "unstable", MONTH, HALF_YEAR),
        ("监测对象: 边缘易致贫户", "marginal", MONTH, HALF_YEAR),
        ("监测对象: 突发严重困难户", "sudden_hardship", MONTH, HALF_YEAR),
        ("低保户", "low_income", None, None),
        ("低保边缘户", "low_income_edge", None, None),
        ("特困供养户", "destitute", None, None),
        ("残疾人户", "disabled", None, None),
        ("大病户", "serious_illness", None, None),
        ("老人户", "elderly", None, None),
        ("一般农户", "ordinary", None, None),
    ] {
        let home = household(json!({ "categories": [category] }));
        let due_on = |role| {
            let found = due_today(&home, role, &[visit("2025-06-30", Outcome::AtHome)]);
            found.map(|due| due.due_on.to_string())
        };
        assert_eq!(due_on(Role::VillageSecretary).as_deref(), secretary, "{case}: 村支书");
        // DOMAIN People: the work team does the same for a whole village.
        assert_eq!(due_on(Role::TeamMember).as_deref(), secretary, "{case}: 驻村工作队员");
        assert_eq!(due_on(Role::Supervisor).as_deref(), township, "{case}: 党委书记");
        // Whoever is assigned to households calls on those, whatever they are.
        assert_eq!(due_on(Role::Cadre), None, "{case}: 帮扶责任人 of others");
        assert_eq!(due_on(Role::FamilyDoctor), None, "{case}: 家庭签约医生 of others");
    }
}

#[test]
fn every_colour_has_its_interval() {
    let mut policy = Policy::builtin().clone();
    policy.schedule.rules.retain(|rule| rule.key.starts_with("colour_"));
    for (source, colour, due_on) in [
        ("DOMAIN 遍访: 橙 twice a month", "orange", Some("2025-07-15")),
        ("DOMAIN 遍访: 黄 monthly", "yellow", Some("2025-07-30")),
        ("DOMAIN 遍访: 绿 quarterly", "green", Some("2025-09-30")),
        ("DOMAIN 户: None outside monitored households", "", None),
    ] {
        let mine =
            household(json!({ "cadre": user(1).to_string(), "categories": ["unstable"], "colour": colour }));
        let marks = [visit("2025-06-30", Outcome::AtHome)];
        for role in [Role::Cadre, Role::TeamMember, Role::VillageSecretary] {
            let found = due(&mine, Viewer { role, user: user(1) }, &marks, &policy, day_of(NOW_MS));
            assert_eq!(found.map(|due| due.due_on.to_string()).as_deref(), due_on, "{role:?} ({source})");
        }
        for role in [Role::FamilyDoctor, Role::Supervisor, Role::Administrator] {
            let found = due(&mine, Viewer { role, user: user(1) }, &marks, &policy, day_of(NOW_MS));
            assert_eq!(found, None, "{role:?} ({source})");
        }
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

/// When an entry is due for a person, by records on these days that came about.
fn due_entry(
    entry: &Entry,
    of: Option<&Entry>,
    role: Role,
    days: &[&str],
    today: &str,
) -> Option<(String, String)> {
    let viewer = Viewer { role, user: user(1) };
    let marks: Vec<_> = days.iter().map(|day| visit(day, Outcome::Done)).collect();
    let subject = Subject { entry, household: of };
    let found = due_of(subject, viewer, &marks, Policy::builtin(), today.parse().unwrap());
    found.map(|due| (due.rule, due.due_on.to_string()))
}

#[test]
fn dangerous_houses_are_inspected_monthly_and_twice_in_the_flood_season() {
    let mine = household(json!({ "cadre": user(1).to_string() }));
    let others = household(json!({ "cadre": user(2).to_string() }));
    let due = |fields: serde_json::Value, days: &[&str], today: &str| {
        due_entry(&house(fields), Some(&mine), Role::Cadre, days, today)
    };
    let lived_in = json!({ "grade": "C", "lived_in": true });
    // DOMAIN 遍访: house C/D lived in or unsealed | inspection | month; in flood season twice. 汛期: 4–9 月.
    for (case, fields, days, today, expected) in [
        (
            "C, lived in, in winter",
            lived_in.clone(),
            &["2025-01-10"][..],
            "2025-01-20",
            Some(("house_dangerous", "2025-02-10")),
        ),
        (
            "in the flood season",
            lived_in.clone(),
            &["2025-07-01"],
            "2025-07-10",
            Some(("house_dangerous-season", "2025-07-16")),
        ),
        (
            "when the flood season begins before the month is over",
            lived_in.clone(),
            &["2025-03-10"],
            "2025-03-20",
            Some(("house_dangerous-season", "2025-04-01")),
        ),
        (
            "when it begins after",
            lived_in.clone(),
            &["2025-02-10"],
            "2025-03-01",
            Some(("house_dangerous", "2025-03-10")),
        ),
        (
            "the flood season is over",
            lived_in.clone(),
            &["2025-09-25"],
            "2025-09-30",
            Some(("house_dangerous", "2025-10-25")),
        ),
        (
            "due on the last day of the flood season",
            lived_in.clone(),
            &["2025-09-15"],
            "2025-09-20",
            Some(("house_dangerous-season", "2025-09-30")),
        ),
        (
            "due on the day after the flood season: monthly",
            lived_in.clone(),
            &["2025-09-16"],
            "2025-09-20",
            Some(("house_dangerous", "2025-10-16")),
        ),
        (
            "due on the day before the flood season: as it begins",
            lived_in.clone(),
            &["2025-03-16"],
            "2025-03-20",
            Some(("house_dangerous-season", "2025-04-01")),
        ),
        (
            "due on the first day of the flood season by both",
            lived_in.clone(),
            &["2025-03-01"],
            "2025-03-20",
            Some(("house_dangerous", "2025-04-01")),
        ),
        (
            "D, lived in, in the flood season",
            json!({ "grade": "D", "lived_in": true }),
            &["2025-07-01"],
            "2025-07-10",
            Some(("house_dangerous-season", "2025-07-16")),
        ),
        (
            "C, empty and unsealed",
            json!({ "grade": "C", "lived_in": false, "sealed": false }),
            &["2025-01-10"],
            "2025-01-20",
            Some(("house_dangerous", "2025-02-10")),
        ),
        (
            "never inspected: today",
            lived_in.clone(),
            &[],
            "2025-07-18",
            Some(("house_dangerous", "2025-07-18")),
        ),
        (
            "D, empty and unsealed",
            json!({ "grade": "D", "lived_in": false, "sealed": false }),
            &["2025-01-10"],
            "2025-01-20",
            Some(("house_dangerous", "2025-02-10")),
        ),
        (
            "D, of which nothing more is known",
            json!({ "grade": "D" }),
            &["2025-01-10"],
            "2025-01-20",
            Some(("house_dangerous", "2025-02-10")),
        ),
        (
            "D, empty and sealed",
            json!({ "grade": "D", "lived_in": false, "sealed": true }),
            &[],
            "2025-07-18",
            None,
        ),
        (
            "D, sealed and lived in all the same",
            json!({ "grade": "D", "lived_in": true, "sealed": true }),
            &["2025-01-10"],
            "2025-01-20",
            Some(("house_dangerous", "2025-02-10")),
        ),
        (
            "D, sealed up for good",
            json!({ "grade": "D", "rectification": "sealed_up" }),
            &[],
            "2025-07-18",
            None,
        ),
        ("D, demolished", json!({ "grade": "D", "rectification": "demolished" }), &[], "2025-07-18", None),
        ("B, lived in", json!({ "grade": "B", "lived_in": true }), &[], "2025-07-18", None),
        ("not graded", json!({ "lived_in": true }), &[], "2025-07-18", None),
    ] {
        let expected = expected.map(|(rule, day)| (rule.to_owned(), day.to_owned()));
        assert_eq!(due(fields, days, today), expected, "{case}");
    }
    let dangerous = house(lived_in);
    let for_role = |role, of| due_entry(&dangerous, of, role, &[], "2025-07-18").is_some();
    assert!(!for_role(Role::Cadre, Some(&others)) && !for_role(Role::Cadre, None), "another's household");
    assert!(for_role(Role::TeamMember, None) && for_role(Role::VillageSecretary, Some(&others)));
    assert!(!for_role(Role::FamilyDoctor, Some(&mine)) && !for_role(Role::Supervisor, Some(&mine)));
}

#[test]
fn the_flood_season_and_the_dry_season_have_their_months() {
    let dangerous = house(json!({ "grade": "C", "lived_in": true }));
    let well = supply(json!({}));
    // 汛期: 湖南省实施《防洪法》办法, 4 月 1 日至 9 月 30 日. 枯水期: 湘江流域, 10 月至次年 2 月.
    for (month, flood, dry) in [
        (1, false, true),
        (2, false, true),
        (3, false, false),
        (4, true, false),
        (5, true, false),
        (6, true, false),
        (7, true, false),
        (8, true, false),
        (9, true, false),
        (10, false, true),
        (11, false, true),
        (12, false, true),
    ] {
        let first = format!("2025-{month:02}-01");
        let month_before =
            if month == 1 { "2024-12-01".to_owned() } else { format!("2025-{:02}-01", month - 1) };
        let in_season = |entry: &Entry, day: &str, due_on: &str| {
            let (rule, found) = due_entry(entry, None, Role::VillageSecretary, &[day], day).unwrap();
            rule.ends_with("-season") && found == due_on
        };
        let fortnight = format!("2025-{month:02}-16");
        assert_eq!(in_season(&dangerous, &first, &fortnight), flood, "houses in month {month}");
        assert_eq!(in_season(&well, &month_before, &first), dry, "water in month {month}");
    }
}

/// A house that somebody inspected has been inspected; a household assigned to one asks for one's own visit.
#[test]
fn an_inspection_by_anybody_counts_for_a_house() {
    let mine = household(json!({ "cadre": user(1).to_string() }));
    let dangerous = house(json!({ "grade": "C", "lived_in": true }));
    let subject = Subject { entry: &dangerous, household: Some(&mine) };
    let viewer = Viewer { role: Role::Cadre, user: user(1) };
    let anothers = Mark { own: false, ..visit("2025-01-10", Outcome::Done) };
    let found =
        due_of(subject, viewer, &[anothers], Policy::builtin(), "2025-01-20".parse().unwrap()).unwrap();
    assert_eq!(found.last_visit_on, Some("2025-01-10".parse().unwrap()));
}

#[test]
fn water_is_checked_quarterly_and_monthly_when_it_is_short() {
    let due = |fields: serde_json::Value, days: &[&str], today: &str| {
        due_entry(&supply(fields), None, Role::VillageSecretary, days, today)
    };
    // DOMAIN 遍访: water supply | check | quarter; dry season monthly. 枯水期: 10–2 月, and the supply's own months.
    for (case, fields, days, today, expected) in [
        ("quarterly", json!({}), &["2025-03-10"][..], "2025-04-01", Some(("water_supply", "2025-06-10"))),
        (
            "in the dry season",
            json!({}),
            &["2025-11-10"],
            "2025-11-20",
            Some(("water_supply-season", "2025-12-10")),
        ),
        (
            "as the dry season begins",
            json!({}),
            &["2025-08-20"],
            "2025-09-01",
            Some(("water_supply-season", "2025-10-01")),
        ),
        ("as it ends", json!({}), &["2025-02-10"], "2025-02-20", Some(("water_supply", "2025-05-10"))),
        (
            "due on the last day of the dry season",
            json!({}),
            &["2025-01-28"],
            "2025-02-01",
            Some(("water_supply-season", "2025-02-28")),
        ),
        (
            "due on the day after the dry season: quarterly",
            json!({}),
            &["2025-02-01"],
            "2025-02-10",
            Some(("water_supply", "2025-05-01")),
        ),
        (
            "due on the first day of the dry season",
            json!({}),
            &["2025-09-01"],
            "2025-09-10",
            Some(("water_supply-season", "2025-10-01")),
        ),
        (
            "due on the day before the dry season: as it begins",
            json!({}),
            &["2025-08-30"],
            "2025-09-10",
            Some(("water_supply-season", "2025-10-01")),
        ),
        (
            "in a month in which this one runs short",
            json!({ "shortage_months": ["7", "8"] }),
            &["2025-07-01"],
            "2025-07-10",
            Some(("water_supply-season", "2025-08-01")),
        ),
        ("never checked: today", json!({}), &[], "2025-07-18", Some(("water_supply", "2025-07-18"))),
    ] {
        let expected = expected.map(|(rule, day)| (rule.to_owned(), day.to_owned()));
        assert_eq!(due(fields, days, today), expected, "{case}");
    }
    assert_eq!(due_entry(&supply(json!({})), None, Role::Cadre, &[], "2025-07-18"), None, "no cadre's");
}

#[test]
fn holders_of_posts_are_met_monthly_while_their_contract_runs() {
    let due = |fields: serde_json::Value, days: &[&str], today: &str| {
        due_entry(&post(fields), None, Role::TeamMember, days, today)
    };
    let contract = json!({ "contract_from": "2025-01-01", "contract_to": "2025-12-31" });
    let monthly = Some(("post_face_check".to_owned(), "2025-08-01".to_owned()));
    assert_eq!(due(contract.clone(), &["2025-07-01"], "2025-07-18"), monthly);
    assert_eq!(due(json!({}), &["2025-07-01"], "2025-07-18"), monthly, "a contract without days");
    assert!(due(contract.clone(), &[], "2025-12-31").is_some(), "the last day");
    assert_eq!(due(contract.clone(), &[], "2026-01-01"), None, "the contract is over");
    assert_eq!(due(contract, &[], "2024-12-31"), None, "the contract has not begun");
}

#[test]
fn an_entry_is_called_on_by_its_own_kind_of_record() {
    let viewer = Viewer { role: Role::TeamMember, user: user(1) };
    let record = |kind: ObservationKind, said: serde_json::Value| {
        let json = json!({ "id": ObservationId::from_bytes([7; 16]), "observed": kind.key(), "subject": entity(20),
            "started_at_ms": NOW_MS, "ended_at_ms": NOW_MS, "dwell_ms": 0, "checklist": { "key": "x", "version": 1 },
            "answers": said, "outcome": "done" });
        serde_json::from_value::<Observation>(json).unwrap()
    };
    let face_check = json!({ "action": "face_check", "finding": "on_post" });
    for (case, ledger, record, seen) in [
        (
            "a house by its inspection",
            LedgerKind::House,
            record(ObservationKind::HouseInspection, json!({})),
            true,
        ),
        (
            "a supply by its check",
            LedgerKind::WaterSupply,
            record(ObservationKind::WaterCheck, json!({})),
            true,
        ),
        (
            "a household not by a water check",
            LedgerKind::Household,
            record(ObservationKind::WaterCheck, json!({})),
            false,
        ),
        (
            "a post by meeting its holder",
            LedgerKind::Post,
            record(ObservationKind::Attendance, face_check),
            true,
        ),
        (
            "a post not by its holder signing in",
            LedgerKind::Post,
            record(ObservationKind::Attendance, json!({ "action": "sign_in" })),
            false,
        ),
        ("a problem by nothing", LedgerKind::Issue, record(ObservationKind::Visit, json!({})), false),
    ] {
        let mark = Mark::about(ledger, &record, user(1), viewer);
        assert_eq!(mark.is_some(), seen, "{case}");
        assert!(mark.is_none_or(|mark| mark.own), "{case}");
    }
}

#[test]
fn a_rule_can_be_written_and_read_back() {
    let written = serde_json::to_string(&Policy::builtin().schedule).unwrap();
    let read: bianfang_shared::policy::SchedulePolicy = serde_json::from_str(&written).unwrap();
    assert_eq!(read, Policy::builtin().schedule);
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
    for (source, grade, review, counted) in [
        ("DOMAIN 遍访: or 可信", Credible, Waiting, true),
        ("DOMAIN 遍访: or 可信", Credible, Approved, true),
        ("sent back: it returns as a task", Credible, SentBack, false),
        ("taken back by its author", Credible, Retracted, false),
        ("DOMAIN 遍访: at least 存疑 after review", Doubtful, Approved, true),
        // Meanwhile it counts, else people would be sent to the same door again before anybody looked.
        ("DOMAIN 遍访: at least 存疑 after review; until then taken for reviewed", Doubtful, Waiting, true),
        ("DOMAIN 遍访: at least 存疑 after review", Doubtful, SentBack, false),
        ("taken back by its author", Doubtful, Retracted, false),
        ("DOMAIN 遍访: at least 存疑", Insufficient, Waiting, false),
        ("DOMAIN 遍访: at least 存疑", Insufficient, Approved, false),
        ("DOMAIN 遍访: at least 存疑", Insufficient, SentBack, false),
    ] {
        assert_eq!(counts(grade, review), counted, "{grade:?} {review:?} ({source})");
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
