//! What an inspection makes of a house: the grade with its reasons, the grade that stands, rectification, problems.

use crate::given::{NOW_MS, answers, entity, entry, house, household, photo, stamp};
use bianfang_shared::checklist::{Checklist, QuestionKind, Situation};
use bianfang_shared::entry::Entry;
use bianfang_shared::form::{self, EffectKind, FormDraft, FormLedger, effects, save};
use bianfang_shared::ledger::{self, LedgerKind};
use bianfang_shared::observation::{Observation, Outcome};
use bianfang_shared::op::Body;
use bianfang_shared::policy::{HousePolicy, Policy};
use bianfang_shared::rules::house::{
    Basis, HouseGrade, HouseState, Inspection, Part, PartFinding, Severity, housing_state,
    next_rectification, reasons, standing_grade, suggested_grade,
};
use bianfang_shared::rules::{self, Verdict};
use bianfang_shared::value::Value;
use proptest::prelude::*;
use serde_json::json;
use std::collections::BTreeMap;

fn policy() -> &'static HousePolicy {
    &Policy::builtin().house
}

fn list() -> &'static Checklist {
    Checklist::house()
}

/// Five parts as told, in their order: `s` sound, `l` slight, `v` severe, `-` not looked at.
fn told(parts: &str) -> Inspection {
    let mut found = Inspection::default();
    for (finding, letter) in found.parts.iter_mut().zip(parts.chars()) {
        finding.told = match letter {
            's' => Some(Severity::Sound),
            'l' => Some(Severity::Slight),
            'v' => Some(Severity::Severe),
            _ => None,
        };
    }
    found
}

fn measured(parts: &str, part: Part, crack_mm: Option<f64>, tilt_mm_m: Option<f64>) -> Inspection {
    let mut found = told(parts);
    let at = Part::ALL.iter().position(|other| *other == part).unwrap();
    found.parts[at] = PartFinding { crack_mm, tilt_mm_m, ..found.parts[at] };
    found
}

#[test]
fn the_grade_follows_from_the_parts() {
    use HouseGrade::{A, B, C, D};
    // Foundation, walls, frame, roof, surroundings.
    for (source, case, inspection, grade) in [
        ("DOMAIN 房: A structure safe", "all sound", told("sssss"), Some(A)),
        ("DOMAIN 房: B single members at risk", "slight damage to the roof", told("sssls"), Some(B)),
        ("DOMAIN 房: B", "slight damage everywhere", told("lllll"), Some(B)),
        ("DOMAIN 房: C 局部危房", "severe damage to the walls", told("svsss"), Some(C)),
        ("DOMAIN 房: C 局部危房", "severe damage to the frame", told("ssvss"), Some(C)),
        ("DOMAIN 房: C 局部危房", "severe damage to the roof", told("sssvs"), Some(C)),
        ("场地先于房屋评定", "a slope that threatens the house", told("ssssv"), Some(C)),
        ("DOMAIN 房: D 整幢危房", "two bearing parts", told("svsvs"), Some(D)),
        ("DOMAIN 房: D 整幢危房", "all of them", told("vvvvv"), Some(D)),
        ("JGJ 125-2016 第6章", "the foundation alone", told("vssss"), Some(D)),
        ("场地先于房屋评定", "one bearing part and the slope", told("svssv"), Some(C)),
        ("too little said", "nothing looked at", told("-----"), None),
        ("too little said", "one part left out", told("ssss-"), None),
        ("too little said", "one part severe, one left out", told("svss-"), None),
        ("worse it cannot get", "two parts severe, others left out", told("-vv--"), Some(D)),
        ("worse it cannot get", "the foundation severe, others left out", told("v----"), Some(D)),
        // Measures weigh whatever was told.
        (
            "JGJ 125-2016 4.2: > 10 mm",
            "a settlement crack of 10 mm",
            measured("lssss", Part::Foundation, Some(10.0), None),
            Some(B),
        ),
        (
            "JGJ 125-2016 4.2: > 10 mm",
            "a settlement crack of 10.1 mm",
            measured("lssss", Part::Foundation, Some(10.1), None),
            Some(D),
        ),
        (
            "JGJ 125-2016 4.2: > 1 %",
            "leaning 10 mm in a metre",
            measured("lssss", Part::Foundation, None, Some(10.0)),
            Some(B),
        ),
        (
            "JGJ 125-2016 4.2: > 1 %",
            "leaning 11 mm in a metre",
            measured("lssss", Part::Foundation, None, Some(11.0)),
            Some(D),
        ),
        (
            "policy: 5 mm, several parallel cracks by JGJ 125-2016 4.2",
            "a settlement crack of 5 mm in a foundation told to be sound",
            measured("sssss", Part::Foundation, Some(5.0), None),
            Some(A),
        ),
        (
            "policy: 5 mm, several parallel cracks by JGJ 125-2016 4.2",
            "a settlement crack of 5.1 mm in a foundation told to be sound",
            measured("sssss", Part::Foundation, Some(5.1), None),
            Some(B),
        ),
        (
            "policy: 0.7 %, as for walls",
            "leaning 7 mm in a metre, told to be sound",
            measured("sssss", Part::Foundation, None, Some(7.0)),
            Some(A),
        ),
        (
            "policy: 0.7 %, as for walls",
            "leaning 8 mm in a metre, told to be sound",
            measured("sssss", Part::Foundation, None, Some(8.0)),
            Some(B),
        ),
        (
            "JGJ 125-2016 5.3: > 1 mm",
            "a crack of 1.1 mm in walls told to be sound",
            measured("sssss", Part::Walls, Some(1.1), None),
            Some(B),
        ),
        (
            "JGJ 125-2016 5.3: > 1 mm",
            "a crack of 1 mm in walls told to be sound",
            measured("sssss", Part::Walls, Some(1.0), None),
            Some(A),
        ),
        (
            "policy: 5 mm",
            "a crack of 5 mm in the walls",
            measured("slsss", Part::Walls, Some(5.0), None),
            Some(B),
        ),
        (
            "policy: 5 mm",
            "a crack of 6 mm in the walls",
            measured("slsss", Part::Walls, Some(6.0), None),
            Some(C),
        ),
        (
            "JGJ 125-2016 5.3: > 0.7 %",
            "walls leaning 7 mm in a metre",
            measured("slsss", Part::Walls, None, Some(7.0)),
            Some(B),
        ),
        (
            "JGJ 125-2016 5.3: > 0.7 %",
            "walls leaning 8 mm in a metre",
            measured("slsss", Part::Walls, None, Some(8.0)),
            Some(C),
        ),
        (
            "policy: 0.4 %, about half of JGJ 125-2016 5.3",
            "walls leaning 4 mm in a metre, told to be sound",
            measured("sssss", Part::Walls, None, Some(4.0)),
            Some(A),
        ),
        (
            "policy: 0.4 %, about half of JGJ 125-2016 5.3",
            "walls leaning 5 mm in a metre, told to be sound",
            measured("sssss", Part::Walls, None, Some(5.0)),
            Some(B),
        ),
        (
            "JGJ 125-2016 5.4: > 0.5 mm along a bar",
            "a beam with a crack of 0.5 mm, told to be sound",
            measured("sssss", Part::Frame, Some(0.5), None),
            Some(A),
        ),
        (
            "JGJ 125-2016 5.4: > 0.5 mm along a bar",
            "a beam with a crack of 0.6 mm, told to be sound",
            measured("sssss", Part::Frame, Some(0.6), None),
            Some(B),
        ),
        (
            "JGJ 125-2016 5.4: > 1 mm",
            "a beam with a crack of 1 mm",
            measured("sslss", Part::Frame, Some(1.0), None),
            Some(B),
        ),
        (
            "JGJ 125-2016 5.4: > 1 mm",
            "a beam with a crack of 1.2 mm",
            measured("sslss", Part::Frame, Some(1.2), None),
            Some(C),
        ),
        (
            "a measure left over",
            "of a part that was not looked at",
            measured("s-sss", Part::Walls, Some(50.0), None),
            None,
        ),
        (
            "no limit is known",
            "a crack in the roof as it was told",
            measured("sssls", Part::Roof, Some(50.0), None),
            Some(B),
        ),
    ] {
        assert_eq!(suggested_grade(&inspection, policy()), grade, "{case} ({source})");
    }
}

#[test]
fn the_reasons_name_what_led_to_the_grade_worst_first() {
    let codes = |inspection: &Inspection| -> Vec<String> {
        let found = reasons(inspection, policy());
        assert!(found.iter().all(|ground| !ground.source.is_empty()), "{found:?}");
        found
            .into_iter()
            .map(|ground| format!("{} {}", ground.code, ground.grade).trim().to_owned())
            .collect()
    };
    for (case, inspection, expected) in [
        ("nothing looked at", told("-----"), &[][..]),
        ("all sound", told("sssss"), &["all_sound"]),
        ("one part left out", told("ssss-"), &[]),
        (
            "worst first",
            told("lsvll"),
            &["frame severe", "foundation slight", "roof slight", "surroundings slight"],
        ),
        ("several", told("svvss"), &["several_severe severe", "walls severe", "frame severe"]),
        (
            "a measure beyond its limit",
            measured("slsss", Part::Walls, Some(6.0), Some(5.0)),
            &["walls_crack severe", "walls slight", "walls_tilt slight"],
        ),
    ] {
        assert_eq!(codes(&inspection), expected, "{case}");
    }
    let found = reasons(&measured("slsss", Part::Walls, Some(6.0), None), policy());
    assert_eq!(found[0].numbers["crack_mm"], Value::from(6));
    assert_eq!(found[0].numbers["limit_mm"], Value::from(5));
}

#[test]
fn only_a_report_makes_a_grade_an_assessment() {
    use HouseGrade::{A, B, C, D};
    for (case, found, reported, standing) in [
        ("found only", Some(C), None, Some((C, Basis::FirstJudgement))),
        ("reported only", None, Some(D), Some((D, Basis::Report))),
        ("found worse than reported", Some(D), Some(B), Some((B, Basis::Report))),
        ("found better than reported", Some(A), Some(C), Some((C, Basis::Report))),
        ("neither", None, None, None),
    ] {
        assert_eq!(standing_grade(found, reported), standing, "{case}");
    }
    assert_eq!(housing_state((B, Basis::FirstJudgement)), "safe");
    assert_eq!(housing_state((C, Basis::FirstJudgement)), "suspect");
    assert_eq!(housing_state((C, Basis::Report)), "unsafe");
}

#[test]
fn rectification_follows_from_the_grade_and_is_never_set_back() {
    use Basis::{FirstJudgement, Report};
    use HouseGrade::{A, B, C, D};
    // DOMAIN 房: 无需整改 → 待鉴定 → 待改造 → 改造中 → 已改造 | 已拆除 | 已封存.
    for (case, standing, now, secured, next) in [
        ("suspected", (C, FirstJudgement), "", false, Some("to_be_assessed")),
        ("suspected, needed none before", (D, FirstJudgement), "none_needed", false, Some("to_be_assessed")),
        ("suspected and secured", (D, FirstJudgement), "", true, Some("to_be_assessed")),
        ("suspected, waits already", (C, FirstJudgement), "to_be_assessed", false, None),
        ("suspected, being renovated", (C, FirstJudgement), "being_renovated", false, None),
        ("reported", (C, Report), "", false, Some("to_be_renovated")),
        ("reported after waiting", (D, Report), "to_be_assessed", false, Some("to_be_renovated")),
        ("reported and secured", (D, Report), "to_be_renovated", true, Some("sealed_up")),
        ("reported, waits for renovation", (C, Report), "to_be_renovated", false, None),
        ("reported, being renovated", (C, Report), "being_renovated", false, None),
        ("reported, demolished", (D, Report), "demolished", false, None),
        ("reported, sealed before", (D, Report), "sealed_up", true, None),
        ("found safe", (A, FirstJudgement), "", false, Some("none_needed")),
        ("found safe, but an assessment was asked for", (B, FirstJudgement), "to_be_assessed", false, None),
        ("reported safe", (B, Report), "to_be_assessed", false, Some("none_needed")),
        ("reported safe after renovation", (A, Report), "renovated", false, None),
    ] {
        let house = HouseState { standing, rectification: now, secured };
        assert_eq!(next_rectification(house), next, "{case}");
        if let Some(next) = next {
            assert_eq!(ledger::check(LedgerKind::House, "rectification", &next.into()), Ok(()), "{case}");
        }
    }
}

/// An inspection with every part sound, of a house that is lived in.
fn inspected(house: &Entry, more: serde_json::Value) -> FormDraft {
    let sound = json!({ "lived_in": true, "foundation": "sound", "walls": "sound", "frame": "sound", "roof": "sound",
        "surroundings": "sound" });
    let mut draft = FormDraft {
        outcome: Some(Outcome::Done),
        ..form::begin(&of(house, None), Default::default(), list(), NOW_MS)
    };
    draft.answers.extend(answers(sound));
    draft.answers.extend(answers(more));
    draft
}

fn of<'a>(house: &'a Entry, household: Option<&'a Entry>) -> FormLedger<'a> {
    FormLedger { subject: house, household, open_issues: &[] }
}

fn saved(draft: &FormDraft, ledger: &FormLedger<'_>) -> Vec<Body> {
    assert_eq!(form::problems(draft, list(), ledger), []);
    save(draft, list(), Policy::builtin(), ledger, &stamp()).unwrap()
}

fn record_of(bodies: &[Body]) -> &Observation {
    match &bodies[0] {
        Body::Record { observation } => observation,
        other => panic!("the record comes first, not {other:?}"),
    }
}

/// What saving writes to an entry.
fn written(bodies: &[Body], to: &Entry) -> BTreeMap<String, Value> {
    let changes = bodies.iter().filter_map(|body| match body {
        Body::Amend { entity, changes, .. } | Body::Propose { entity, changes, .. } if *entity == to.id => {
            Some(changes)
        }
        _ => None,
    });
    changes.flatten().map(|change| (change.field.clone(), change.value.clone())).collect()
}

/// The problems that saving opens: kind, urgent, days.
fn opened(draft: &FormDraft, ledger: &FormLedger<'_>) -> Vec<(String, bool, u32)> {
    effects(draft, list(), Policy::builtin(), ledger)
        .into_iter()
        .filter_map(|effect| match effect.what {
            EffectKind::OpenIssue { topic, kind, urgent, deadline_days, .. } => {
                assert_eq!(topic, "housing");
                Some((kind, urgent, deadline_days))
            }
            _ => None,
        })
        .collect()
}

#[test]
fn every_problem_of_houses_is_opened_by_its_finding() {
    let report = |grade: &str, more: serde_json::Value| {
        let mut said = json!({ "report": true, "report_grade": grade, "report_no": "JD-1", "report_date": "2024-05-01", "walls": "severe",
            "walls_signs": ["crack"], "walls_crack_mm": 20 });
        said.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        said
    };
    let suspect = |more: serde_json::Value| {
        let mut said = json!({ "report": false, "walls": "severe", "walls_signs": ["tilt"], "rectification": "to_be_assessed" });
        said.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        said
    };
    let secured = json!({ "lived_in": false, "sign_posted": true, "sealed": true });
    for (source, case, said, expected) in [
        ("000 (二) 2 (1)", "sound and lived in", json!({}), &[][..]),
        (
            "DOMAIN 房: C or D and lived in → urgent; suspected without a report → 15 days",
            "suspected C, lived in",
            suspect(json!({})),
            &[("danger_lived_in", true, 3), ("unassessed", false, 15)],
        ),
        (
            "DOMAIN 房: C or D and lived in → problem, urgent",
            "reported D, lived in",
            report("D", json!({})),
            &[("danger_lived_in", true, 3)],
        ),
        (
            "DOMAIN 房: Suspected C/D without a report → 未鉴定, 15 days",
            "suspected, empty and secured",
            suspect(secured.clone()),
            &[("unassessed", false, 15)],
        ),
        (
            "DOMAIN 房: Empty C/D without a sign → 无警示标识",
            "reported C, empty, no sign",
            report("C", json!({ "lived_in": false, "sign_posted": false, "sealed": true })),
            &[("no_sign", false, 30)],
        ),
        (
            "DOMAIN 房: D standing and empty → 应拆未拆 unless sealed with a sign",
            "reported D, empty, sealed with a sign",
            report("D", secured.clone()),
            &[],
        ),
        (
            "DOMAIN 房: D standing and empty → 应拆未拆",
            "reported D, empty, signed and open",
            report("D", json!({ "lived_in": false, "sign_posted": true, "sealed": false })),
            &[("due_demolition", false, 30)],
        ),
        (
            "DOMAIN 房: both by themselves",
            "reported D, empty, neither",
            report("D", json!({ "lived_in": false, "sign_posted": false, "sealed": false })),
            &[("no_sign", false, 30), ("due_demolition", false, 30)],
        ),
        (
            "C is not to be demolished",
            "reported C, empty, signed and open",
            report("C", json!({ "lived_in": false, "sign_posted": true, "sealed": false })),
            &[],
        ),
        (
            "DOMAIN 房: C or D and lived in → problem, urgent",
            "reported C, lived in",
            report("C", json!({})),
            &[("danger_lived_in", true, 3)],
        ),
        (
            "DOMAIN 房: C or D and lived in → urgent; suspected without a report → 15 days",
            "suspected D, lived in",
            suspect(json!({ "roof": "severe", "roof_signs": ["sag"] })),
            &[("danger_lived_in", true, 3), ("unassessed", false, 15)],
        ),
        (
            "DOMAIN 房: B basically safe",
            "found to be B, lived in",
            json!({ "walls": "slight", "walls_signs": ["weathered"] }),
            &[],
        ),
        (
            "DOMAIN 房: Empty C/D without a sign → 无警示标识; without a report → 未鉴定",
            "suspected C, empty, no sign",
            suspect(json!({ "lived_in": false, "sign_posted": false, "sealed": true })),
            &[("unassessed", false, 15), ("no_sign", false, 30)],
        ),
        (
            "DOMAIN 房: D standing and empty → 应拆未拆, whatever the grade rests on",
            "suspected D, empty, signed and open",
            suspect(json!({ "roof": "severe", "roof_signs": ["sag"], "lived_in": false, "sign_posted": true,
                "sealed": false })),
            &[("unassessed", false, 15), ("due_demolition", false, 30)],
        ),
        (
            "DOMAIN 房: unless sealed with a sign: sealed alone is not enough",
            "reported D, empty, sealed without a sign",
            report("D", json!({ "lived_in": false, "sign_posted": false, "sealed": true })),
            &[("no_sign", false, 30), ("due_demolition", false, 30)],
        ),
        (
            "000 (二) 2 (3)",
            "reported D, being rebuilt",
            report(
                "D",
                json!({ "lived_in": false, "sign_posted": true, "sealed": false, "rectification": "being_renovated" }),
            ),
            &[],
        ),
        (
            "what does not stand any more",
            "reported D, demolished",
            report("D", json!({ "lived_in": false, "rectification": "demolished" })),
            &[],
        ),
        (
            "003 三 (三): 严禁纸面整改",
            "reported D, said to be renovated, found as bad as before",
            report("D", json!({ "rectification": "renovated" })),
            &[("danger_lived_in", true, 3)],
        ),
        (
            "000 (二) 1 (2): 危房鉴定不及时、不全面",
            "looks worse than its report",
            report("B", json!({})),
            &[("reassess", false, 15)],
        ),
    ] {
        let subject = house(json!({}));
        let draft = inspected(&subject, said);
        let expected: Vec<_> =
            expected.iter().map(|(kind, urgent, days)| ((*kind).to_owned(), *urgent, *days)).collect();
        assert_eq!(opened(&draft, &of(&subject, None)), expected, "{case} ({source})");
        saved(&draft, &of(&subject, None));
    }
}

#[test]
fn a_first_judgement_is_written_with_its_basis_and_a_reports_grade_is_never_overwritten() {
    let home = household(json!({ "housing_state": "safe" }));
    let severe = json!({ "roof": "severe", "roof_signs": ["sag"], "report": false });

    let unknown = house(json!({}));
    let bodies = saved(&inspected(&unknown, severe.clone()), &of(&unknown, Some(&home)));
    let now = written(&bodies, &unknown);
    assert_eq!((&now["grade"], &now["graded_by"]), (&"C".into(), &"first_judgement".into()));
    assert_eq!((&now["rectification"], &now["lived_in"]), (&"to_be_assessed".into(), &true.into()));
    assert_eq!(written(&bodies, &home)["housing_state"], "suspect".into());

    let fields = json!({ "grade": "B", "graded_by": "report", "report_no": "JD-7", "lived_in": true });
    let assessed = house(fields);
    let draft = inspected(&assessed, severe);
    let bodies = saved(&draft, &of(&assessed, Some(&home)));
    let now = written(&bodies, &assessed);
    assert!(!now.contains_key("grade") && !now.contains_key("graded_by"), "{now:?}");
    // What the phone found stands in the record all the same.
    assert_eq!(record_of(&bodies).answers["found_grade"], "C".into());
    let verdict = form::verdict(&draft, list(), &of(&assessed, Some(&home)));
    let Some(Verdict::House { grade, reasons }) = verdict else { panic!("{verdict:?}") };
    assert_eq!(grade.as_deref(), Some("C"));
    let differs = reasons.iter().find(|ground| ground.code == "worse_than_report").unwrap();
    assert_eq!((&differs.numbers["found"], &differs.numbers["reported"]), (&"C".into(), &"B".into()));
}

#[test]
fn a_new_report_replaces_a_first_judgement() {
    let suspected =
        house(json!({ "grade": "C", "graded_by": "first_judgement", "rectification": "to_be_assessed" }));
    let home = household(json!({}));
    let said = json!({ "walls": "slight", "walls_signs": ["crack"], "walls_crack_mm": 2, "report": true, "report_grade": "D",
        "report_no": "JD-9", "report_date": "2025-07-01", "rectification": "to_be_assessed" });
    let bodies = saved(&inspected(&suspected, said), &of(&suspected, Some(&home)));
    let now = written(&bodies, &suspected);
    for (field, value) in [
        ("grade", "D"),
        ("graded_by", "report"),
        ("report_no", "JD-9"),
        ("report_date", "2025-07-01"),
        ("rectification", "to_be_renovated"),
    ] {
        assert_eq!(now[field], value.into(), "{field}");
    }
    assert_eq!(written(&bodies, &home)["housing_state"], "unsafe".into());
}

#[test]
fn a_renovated_house_keeps_its_reported_grade_frightens_nobody_and_is_to_be_assessed_anew() {
    let rebuilt = house(
        json!({ "grade": "D", "graded_by": "report", "report_no": "JD-1", "rectification": "renovated" }),
    );
    let home = household(json!({ "housing_state": "safe" }));
    let draft = inspected(
        &rebuilt,
        json!({ "report": true, "report_grade": "D", "report_no": "JD-1", "report_date": "2024-05-01" }),
    );
    // DOMAIN 房: only a report makes it 鉴定; the one from before the renovation says nothing of the house as it is.
    assert_eq!(opened(&draft, &of(&rebuilt, None)), [("reassess".to_owned(), false, 15)]);
    let bodies = saved(&draft, &of(&rebuilt, Some(&home)));
    let now = written(&bodies, &rebuilt);
    assert!(!now.contains_key("grade") && !now.contains_key("rectification"), "{now:?}");
    assert!(written(&bodies, &home).is_empty());
}

#[test]
fn an_old_house_left_standing_says_nothing_of_the_households_housing() {
    let home = household(json!({ "housing_state": "safe" }));
    let old = house(json!({}));
    let empty = json!({ "lived_in": false, "walls": "severe", "walls_signs": ["tilt"], "report": false,
        "sign_posted": true, "sealed": true });
    let bodies = saved(&inspected(&old, empty), &of(&old, Some(&home)));
    assert!(written(&bodies, &home).is_empty());
}

#[test]
fn the_form_says_which_photographs_are_missing_and_is_saved_without_them() {
    let subject = house(json!({}));
    let missing = |draft: &FormDraft| form::missing_photos(draft, list(), &of(&subject, None));
    let mut draft = inspected(&subject, json!({}));
    assert_eq!(missing(&draft), ["photo_whole", "photo_door"]);
    draft.photos.push(photo("photo_whole"));
    assert_eq!(missing(&draft), ["photo_door"]);
    // DOMAIN 危房巡查: each 严重 part a close view, also where only its measure says so.
    let severe = json!({ "roof": "severe", "roof_signs": ["leak"], "walls": "slight", "walls_signs": ["crack"],
        "walls_crack_mm": 6, "report": false });
    draft.answers.extend(answers(severe));
    assert_eq!(missing(&draft), ["photo_door", "photo_walls", "photo_roof"]);
    draft.answers.insert("walls_crack_mm".to_owned(), 4.into());
    assert_eq!(missing(&draft), ["photo_door", "photo_roof"]);
    let bodies = saved(&draft, &of(&subject, None));
    let record = record_of(&bodies);
    assert_eq!(record.photos, [photo("photo_whole")]);
    assert_eq!(bianfang_shared::evidence::missing_photos(record), ["photo_door", "photo_roof"]);
    let away = FormDraft { outcome: Some(Outcome::NobodyHome), ..draft };
    assert!(missing(&away).is_empty());
}

#[test]
fn the_whole_and_the_door_are_photographed_always_and_each_severe_part_close_by() {
    let subject = house(json!({}));
    let severe = |part: &str, sign: &str| json!({ part: "severe", format!("{part}_signs"): [sign], "walls_crack_mm": 9, "report": false });
    for (source, case, said, also) in [
        ("DOMAIN 危房巡查: photos required: 全景, 门牌或户主确认", "all sound", json!({}), None),
        (
            "DOMAIN 危房巡查: each 严重 part",
            "slight damage asks for no close view",
            json!({ "roof": "slight", "roof_signs": ["leak"] }),
            None,
        ),
        (
            "DOMAIN 危房巡查: each 严重 part",
            "地基",
            severe("foundation", "settlement"),
            Some("photo_foundation"),
        ),
        ("DOMAIN 危房巡查: each 严重 part", "墙体", severe("walls", "crack"), Some("photo_walls")),
        ("DOMAIN 危房巡查: each 严重 part", "梁柱", severe("frame", "rot"), Some("photo_frame")),
        ("DOMAIN 危房巡查: each 严重 part", "楼屋面", severe("roof", "leak"), Some("photo_roof")),
        (
            "DOMAIN 危房巡查: each 严重 part",
            "周边",
            severe("surroundings", "landslide"),
            Some("photo_surroundings"),
        ),
    ] {
        let expected: Vec<&str> = ["photo_whole", "photo_door"].into_iter().chain(also).collect();
        let draft = inspected(&subject, said);
        assert_eq!(form::missing_photos(&draft, list(), &of(&subject, None)), expected, "{case} ({source})");
    }
}

#[test]
fn an_inspection_asks_for_every_part_and_its_signs() {
    let key = |part: &str, sign: &str| (format!("{part}{sign}"), part.to_owned());
    for (source, part, word, signs) in [
        ("DOMAIN 危房巡查: 地基", "foundation", "地基", &["裂缝", "倾斜"][..]),
        ("DOMAIN 危房巡查: 墙体", "walls", "墙体", &["裂缝", "倾斜"]),
        ("DOMAIN 危房巡查: 梁柱", "frame", "梁柱", &["腐朽", "裂缝", "倾斜"]),
        ("DOMAIN 危房巡查: 楼屋面", "roof", "楼屋面", &["渗漏", "腐朽"]),
        ("DOMAIN 危房巡查: 周边", "surroundings", "周边", &["滑坡"]),
    ] {
        let question = |key: &str| list().question(key).unwrap_or_else(|| panic!("no {key} ({source})"));
        let (signs_key, part) = key(part, "_signs");
        assert_eq!((question(&part).text.zh.as_str(), question(&part).required), (word, true), "{source}");
        let severities: Vec<_> =
            question(&part).kind.choices().iter().map(|choice| choice.zh.as_str()).collect();
        assert_eq!(severities, ["完好", "轻微", "严重"], "{source}");
        for sign in signs {
            let asked = question(&signs_key).kind.choices();
            assert!(asked.iter().any(|choice| choice.zh.contains(sign)), "{part} without {sign} ({source})");
        }
    }
    // DOMAIN 危房巡查: 裂缝宽度 mm.
    for measured in ["foundation_crack_mm", "walls_crack_mm", "frame_crack_mm"] {
        let QuestionKind::Number { unit, .. } = &list().question(measured).unwrap().kind else {
            panic!("{measured} is a number")
        };
        assert_eq!(unit.zh, "毫米", "{measured}");
    }
}

#[test]
fn problems_of_a_house_stand_beside_each_other_and_none_is_opened_twice() {
    let subject = house(json!({ "grade": "D", "graded_by": "report", "report_no": "JD-1" }));
    let empty = json!({ "lived_in": false, "walls": "severe", "walls_signs": ["tilt"], "report": true,
        "report_grade": "D", "report_no": "JD-1", "report_date": "2024-05-01", "sign_posted": false, "sealed": false });
    let draft = inspected(&subject, empty);
    let issue = |number: u8, kind: &str, state: &str| {
        let mut fields = json!({ "subject": subject.id.to_string(), "topic": "housing", "state": state });
        if !kind.is_empty() {
            fields["kind"] = kind.into();
        }
        entry(entity(number), LedgerKind::Issue, fields)
    };
    for (case, issues, opens) in [
        ("none before", vec![], &["no_sign", "due_demolition"][..]),
        ("the sign is asked for already", vec![issue(50, "no_sign", "open")], &["due_demolition"]),
        ("it was closed", vec![issue(50, "no_sign", "closed")], &["no_sign", "due_demolition"]),
        ("one about something else", vec![issue(50, "unassessed", "open")], &["no_sign", "due_demolition"]),
        // Opened by hand, about anything: a leak does not keep a missing sign from being seen.
        ("one without a kind", vec![issue(50, "", "open")], &["no_sign", "due_demolition"]),
    ] {
        let ledger = FormLedger { open_issues: &issues, ..of(&subject, None) };
        let kinds: Vec<_> = opened(&draft, &ledger).into_iter().map(|(kind, ..)| kind).collect();
        assert_eq!(kinds, opens, "{case}");
    }
    let keys: Vec<String> = effects(&draft, list(), Policy::builtin(), &of(&subject, None))
        .into_iter()
        .map(|effect| effect.key)
        .filter(|key| key.starts_with("issue:"))
        .collect();
    assert_eq!(keys, ["issue:housing:no_sign", "issue:housing:due_demolition"]);
    // Each is struck out by itself, and what is registered says which it is.
    let struck = FormDraft { struck: ["issue:housing:no_sign".to_owned()].into(), ..draft };
    let bodies = saved(&struck, &of(&subject, None));
    let registered: Vec<_> = bodies
        .iter()
        .filter_map(|body| match body {
            Body::Register { fields, .. } => fields["kind"].as_text(),
            _ => None,
        })
        .collect();
    assert_eq!(registered, ["due_demolition"]);
}

#[test]
fn a_verdict_can_be_read_from_the_record_as_from_the_form() {
    let subject = house(json!({}));
    let draft = inspected(&subject, json!({ "frame": "severe", "frame_signs": ["rot"], "report": false }));
    let bodies = saved(&draft, &of(&subject, None));
    let record = record_of(&bodies);
    let nothing = Default::default();
    let situation = Situation {
        answers: &record.answers,
        outcome: Some(record.outcome),
        subject: &subject,
        household: None,
        facts: &nothing,
    };
    let verdict = rules::verdict(record.kind, &situation);
    assert_eq!(verdict, form::verdict(&draft, list(), &of(&subject, None)));
    assert!(matches!(verdict, Some(Verdict::House { grade: Some(grade), .. }) if grade == "C"));
}

fn any_inspection() -> impl Strategy<Value = Inspection> {
    let severity =
        prop::option::of(prop::sample::select(vec![Severity::Sound, Severity::Slight, Severity::Severe]));
    let finding = (severity, prop::option::of(0.0..30.0f64), prop::option::of(0.0..30.0f64))
        .prop_map(|(told, crack_mm, tilt_mm_m)| PartFinding { told, crack_mm, tilt_mm_m });
    prop::array::uniform5(finding).prop_map(|parts| Inspection { parts })
}

/// One finding made worse, or filled in.
fn worse(inspection: &Inspection, at: usize, by_mm: f64) -> Inspection {
    let mut worse = *inspection;
    let finding = &mut worse.parts[at];
    finding.told = match finding.told {
        None | Some(Severity::Sound) => Some(Severity::Slight),
        Some(_) => Some(Severity::Severe),
    };
    finding.crack_mm = Some(finding.crack_mm.unwrap_or(0.0) + by_mm);
    worse
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// A worse finding never means a better grade, and a grade once certain is not taken back by looking further.
    #[test]
    fn worse_is_never_better(inspection in any_inspection(), at in 0..5usize, by_mm in 0.0..20.0f64) {
        let (before, after) = (suggested_grade(&inspection, policy()), suggested_grade(&worse(&inspection, at, by_mm), policy()));
        if let Some(before) = before {
            prop_assert!(after.is_some_and(|after| after >= before), "{before:?} → {after:?}");
        }
    }

    /// Whatever was found, saving writes only what fits the ledger, and the reasons carry the grade.
    #[test]
    fn a_grade_has_its_reasons(inspection in any_inspection()) {
        let reasons = reasons(&inspection, policy());
        match suggested_grade(&inspection, policy()) {
            Some(HouseGrade::A) => prop_assert_eq!(&reasons[0].code, "all_sound"),
            Some(HouseGrade::B) => prop_assert!(reasons.iter().all(|ground| ground.grade == "slight")),
            Some(HouseGrade::C | HouseGrade::D) => prop_assert_eq!(&reasons[0].grade, "severe"),
            None => (),
        }
    }
}
