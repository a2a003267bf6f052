//! When drinking water is good enough: each indicator at its borders, what a kit measures, what is written and opened.

use crate::given::{NOW_MS, answers, entity, household, stamp, supply};
use bianfang_shared::checklist::Checklist;
use bianfang_shared::entry::Entry;
use bianfang_shared::form::{self, EffectKind, FormDraft, FormLedger, effects, save};
use bianfang_shared::observation::Outcome;
use bianfang_shared::op::Body;
use bianfang_shared::policy::{Policy, WaterPolicy};
use bianfang_shared::rules::water::{Indicator, Level, WaterCheck, level, overall, readings_off, worst};
use bianfang_shared::rules::{Ground, Verdict};
use bianfang_shared::value::Value;
use proptest::prelude::*;
use serde_json::json;
use std::collections::BTreeMap;

fn policy() -> &'static WaterPolicy {
    &Policy::builtin().water
}

fn list() -> &'static Checklist {
    Checklist::water()
}

/// A check with everything met, at a household with a well.
fn good() -> WaterCheck {
    WaterCheck {
        kind: Some("well".to_owned()),
        litres: Some(80.0),
        clean: Some(true),
        piped: Some(true),
        short_days: Some(0.0),
        ..WaterCheck::default()
    }
}

#[test]
fn every_indicator_keeps_its_borders() {
    use Indicator::{Convenience, Quality, Quantity, Reliability};
    use Level::{Basic, Met, Unmet};
    type Change = fn(&mut WaterCheck);
    let cases: &[(&str, Indicator, Option<Level>, Change)] = &[
        // T/CHES 18-2018: 水量, L/(人·d).
        ("60 L", Quantity, Some(Met), |c| c.litres = Some(60.0)),
        ("59.9 L", Quantity, Some(Basic), |c| c.litres = Some(59.9)),
        ("35 L", Quantity, Some(Basic), |c| c.litres = Some(35.0)),
        ("34.9 L", Quantity, Some(Unmet), |c| c.litres = Some(34.9)),
        ("40 L where water is scarce", Quantity, Some(Met), |c| (c.litres, c.scarce) = (Some(40.0), true)),
        ("39.9 L where water is scarce", Quantity, Some(Basic), |c| {
            (c.litres, c.scarce) = (Some(39.9), true)
        }),
        ("20 L where water is scarce", Quantity, Some(Basic), |c| (c.litres, c.scarce) = (Some(20.0), true)),
        ("19.9 L where water is scarce", Quantity, Some(Unmet), |c| {
            (c.litres, c.scarce) = (Some(19.9), true)
        }),
        ("not asked", Quantity, None, |c| c.litres = None),
        // T/CHES 18-2018: 水质: a report that meets GB 5749, or the senses where the supply is dispersed.
        ("a well, by the senses", Quality, Some(Met), |_| ()),
        ("a spring, by the senses", Quality, Some(Met), |c| c.kind = Some("spring".to_owned())),
        ("a cistern, by the senses", Quality, Some(Met), |c| c.kind = Some("cistern".to_owned())),
        ("diverted, by the senses", Quality, Some(Met), |c| c.kind = Some("diverted".to_owned())),
        ("central, by the senses alone", Quality, None, |c| c.kind = Some("central".to_owned())),
        ("small works, by the senses alone", Quality, None, |c| c.kind = Some("small".to_owned())),
        ("of a kind not known, by the senses alone", Quality, None, |c| c.kind = None),
        ("central, with a good report", Quality, Some(Met), |c| {
            (c.kind, c.report_meets) = (Some("central".to_owned()), Some(true));
        }),
        ("central, with a bad report", Quality, Some(Unmet), |c| {
            (c.kind, c.report_meets) = (Some("central".to_owned()), Some(false));
        }),
        ("a well with a bad report", Quality, Some(Unmet), |c| c.report_meets = Some(false)),
        ("a good report, but it smells", Quality, Some(Unmet), |c| {
            (c.report_meets, c.clean) = (Some(true), Some(false))
        }),
        ("central, and it smells", Quality, Some(Unmet), |c| {
            (c.kind, c.clean) = (Some("central".to_owned()), Some(false));
        }),
        ("a good report, nobody looked", Quality, None, |c| (c.report_meets, c.clean) = (Some(true), None)),
        // T/CHES 18-2018: 用水方便程度.
        ("piped", Convenience, Some(Met), |_| ()),
        ("fetched in 10 minutes", Convenience, Some(Met), |c| fetched(c, 10.0)),
        ("fetched in 11 minutes", Convenience, Some(Basic), |c| fetched(c, 11.0)),
        ("fetched in 20 minutes", Convenience, Some(Basic), |c| fetched(c, 20.0)),
        ("fetched in 21 minutes", Convenience, Some(Unmet), |c| fetched(c, 21.0)),
        ("21 minutes, but 800 m on level ground", Convenience, Some(Basic), |c| {
            fetched(c, 21.0);
            c.fetch_distance_m = Some(800.0);
        }),
        ("21 minutes and 801 m", Convenience, Some(Unmet), |c| {
            fetched(c, 21.0);
            c.fetch_distance_m = Some(801.0);
        }),
        ("21 minutes, but 80 m up", Convenience, Some(Basic), |c| {
            fetched(c, 21.0);
            c.fetch_height_m = Some(80.0);
        }),
        ("21 minutes and 81 m up", Convenience, Some(Unmet), |c| {
            fetched(c, 21.0);
            c.fetch_height_m = Some(81.0);
        }),
        // DOMAIN 饮水检查: ≤ 20 min, or ≤ 800 m level, or ≤ 80 m height; any of them is enough.
        ("800 m on level ground, no time told", Convenience, Some(Basic), |c| {
            (c.piped, c.fetch_distance_m) = (Some(false), Some(800.0));
        }),
        ("801 m on level ground, no time told", Convenience, Some(Unmet), |c| {
            (c.piped, c.fetch_distance_m) = (Some(false), Some(801.0));
        }),
        ("80 m up, no time told", Convenience, Some(Basic), |c| {
            (c.piped, c.fetch_height_m) = (Some(false), Some(80.0));
        }),
        ("81 m up, no time told", Convenience, Some(Unmet), |c| {
            (c.piped, c.fetch_height_m) = (Some(false), Some(81.0));
        }),
        ("10 minutes, however far", Convenience, Some(Met), |c| {
            fetched(c, 10.0);
            (c.fetch_distance_m, c.fetch_height_m) = (Some(2_000.0), Some(200.0));
        }),
        ("100 m off, but 11 minutes: near alone is not 达标", Convenience, Some(Basic), |c| {
            fetched(c, 11.0);
            c.fetch_distance_m = Some(100.0);
        }),
        ("far by every measure", Convenience, Some(Unmet), |c| {
            fetched(c, 21.0);
            (c.fetch_distance_m, c.fetch_height_m) = (Some(801.0), Some(81.0));
        }),
        ("not piped, nothing measured", Convenience, None, |c| c.piped = Some(false)),
        ("not asked", Convenience, None, |c| c.piped = None),
        // T/CHES 18-2018: 供水保证率; 95 % of 365 days is 18 days short, 90 % is 36.
        ("18 days short", Reliability, Some(Met), |c| c.short_days = Some(18.0)),
        ("19 days short", Reliability, Some(Basic), |c| c.short_days = Some(19.0)),
        ("36 days short", Reliability, Some(Basic), |c| c.short_days = Some(36.0)),
        ("37 days short", Reliability, Some(Unmet), |c| c.short_days = Some(37.0)),
        ("a leap year short", Reliability, Some(Unmet), |c| c.short_days = Some(366.0)),
        ("not asked", Reliability, None, |c| c.short_days = None),
    ];
    for (case, indicator, expected, change) in cases {
        let mut check = good();
        change(&mut check);
        assert_eq!(level(*indicator, &check, policy()), *expected, "{case}");
    }
}

fn fetched(check: &mut WaterCheck, minutes: f64) {
    (check.piped, check.fetch_minutes) = (Some(false), Some(minutes));
}

#[test]
fn the_whole_is_as_good_as_its_worst_indicator() {
    use Level::{Basic, Met, Unmet};
    type Change = fn(&mut WaterCheck);
    let cases: &[(&str, Option<Level>, Option<Indicator>, Change)] = &[
        ("all met", Some(Met), Some(Indicator::Quantity), |_| ()),
        ("one basic", Some(Basic), Some(Indicator::Reliability), |c| c.short_days = Some(30.0)),
        ("two basic, the first is named", Some(Basic), Some(Indicator::Quantity), |c| {
            (c.litres, c.short_days) = (Some(50.0), Some(30.0));
        }),
        ("one unmet beside a basic one", Some(Unmet), Some(Indicator::Reliability), |c| {
            (c.litres, c.short_days) = (Some(50.0), Some(60.0));
        }),
        ("one not known", None, Some(Indicator::Quantity), |c| c.short_days = None),
        ("one not known, one unmet: worse it cannot get", Some(Unmet), Some(Indicator::Quality), |c| {
            (c.short_days, c.clean) = (None, Some(false));
        }),
        ("nothing known", None, None, |c| *c = WaterCheck::default()),
    ];
    for (case, expected, named, change) in cases {
        let mut check = good();
        change(&mut check);
        assert_eq!(overall(&check, policy()), *expected, "{case}");
        assert_eq!(worst(&check, policy()).map(|(indicator, _)| indicator), *named, "{case}");
    }
}

#[test]
fn dispersed_water_is_good_when_none_of_the_four_senses_finds_anything() {
    let home = household(json!({}));
    for (source, case, senses, expected) in [
        ("DOMAIN 水质: 望闻问尝", "nothing is wrong", json!(["clean"]), Some(Level::Met)),
        ("DOMAIN 水质: no visible impurity", "impurities", json!(["impurity"]), Some(Level::Unmet)),
        ("DOMAIN 水质: no odd colour", "a colour", json!(["colour"]), Some(Level::Unmet)),
        ("DOMAIN 水质: no odd smell", "a smell", json!(["smell"]), Some(Level::Unmet)),
        ("DOMAIN 水质: no harm after long use", "harm", json!(["harm"]), Some(Level::Unmet)),
        ("DOMAIN 水质: any failed", "one of several", json!(["clean", "harm"]), Some(Level::Unmet)),
        (
            "DOMAIN 水质: any failed",
            "all of them",
            json!(["impurity", "colour", "smell", "harm"]),
            Some(Level::Unmet),
        ),
        ("nothing is said", "nobody looked", json!([]), None),
    ] {
        let said = answers(json!({ "source": "well", "senses": senses }));
        let nothing = Default::default();
        let situation = bianfang_shared::checklist::Situation {
            answers: &said,
            outcome: Some(Outcome::Done),
            subject: &home,
            household: None,
            facts: &nothing,
        };
        let check = WaterCheck::of(&situation, policy());
        assert_eq!(level(Indicator::Quality, &check, policy()), expected, "{case} ({source})");
    }
}

/// The limits are data: what a county asks beyond the standard is asked.
#[test]
fn a_county_may_tighten_every_indicator() {
    type Tighten = fn(&mut WaterPolicy);
    type Change = fn(&mut WaterCheck);
    // By the standard, by the county.
    type Levels = (Option<Level>, Option<Level>);
    let cases: &[(&str, Indicator, Tighten, Change, Levels)] = &[
        (
            "80 L",
            Indicator::Quantity,
            |p| p.quantity.met_l = 100.0,
            |_| (),
            (Some(Level::Met), Some(Level::Basic)),
        ),
        (
            "a well by the senses, where every supply needs its report",
            Indicator::Quality,
            |p| p.quality.senses_suffice.clear(),
            |_| (),
            (Some(Level::Met), None),
        ),
        (
            "fetched in 10 minutes",
            Indicator::Convenience,
            |p| p.convenience.met_minutes = 5.0,
            |c| fetched(c, 10.0),
            (Some(Level::Met), Some(Level::Basic)),
        ),
        (
            "18 days short",
            Indicator::Reliability,
            |p| p.reliability.met_percent = 99.0,
            |c| c.short_days = Some(18.0),
            (Some(Level::Met), Some(Level::Basic)),
        ),
        (
            "36 days short",
            Indicator::Reliability,
            |p| p.reliability.basic_percent = 95.0,
            |c| c.short_days = Some(36.0),
            (Some(Level::Basic), Some(Level::Unmet)),
        ),
    ];
    for (case, indicator, tighten, change, (standard, county)) in cases {
        let mut tightened = policy().clone();
        tighten(&mut tightened);
        let mut check = good();
        change(&mut check);
        assert_eq!(level(*indicator, &check, policy()), *standard, "{case}, by T/CHES 18-2018");
        assert_eq!(level(*indicator, &check, &tightened), *county, "{case}, by the county");
    }
}

#[test]
fn readings_are_held_against_the_range_of_their_place() {
    let off = |at_supply: bool, kind: Option<&str>, key: &str, reading: f64| {
        let check = WaterCheck {
            at_supply,
            kind: kind.map(str::to_owned),
            readings: vec![(key.to_owned(), reading)],
            ..WaterCheck::default()
        };
        !readings_off(&check, policy()).is_empty()
    };
    for (source, case, at_supply, kind, key, reading, expected) in [
        ("GB 5749-2022 表2", "0.3 mg/L leaving the works", true, Some("central"), "chlorine", 0.3, false),
        ("GB 5749-2022 表2", "0.29 mg/L leaving the works", true, Some("central"), "chlorine", 0.29, true),
        ("GB 5749-2022 表2", "2 mg/L leaving the works", true, Some("central"), "chlorine", 2.0, false),
        ("GB 5749-2022 表2", "2.1 mg/L leaving the works", true, Some("central"), "chlorine", 2.1, true),
        ("GB 5749-2022 表2", "0.05 mg/L at the tap", false, Some("central"), "chlorine", 0.05, false),
        ("GB 5749-2022 表2", "0.04 mg/L at the tap", false, Some("small"), "chlorine", 0.04, true),
        ("GB 5749-2022 表2", "0.3 mg/L leaving small works", true, Some("small"), "chlorine", 0.3, false),
        ("GB 5749-2022 表2", "0.29 mg/L leaving small works", true, Some("small"), "chlorine", 0.29, true),
        ("GB 5749-2022 表2", "0.29 mg/L at the tap", false, Some("central"), "chlorine", 0.29, false),
        ("GB 5749-2022 表2", "2 mg/L at the tap", false, Some("central"), "chlorine", 2.0, false),
        ("GB 5749-2022 表2", "2.1 mg/L at the tap", false, Some("central"), "chlorine", 2.1, true),
        ("nobody chlorinates a spring", "none in a spring", false, Some("spring"), "chlorine", 0.0, false),
        ("GB 5749-2022 表1", "1 NTU", false, Some("central"), "turbidity", 1.0, false),
        ("GB 5749-2022 表1", "1.1 NTU", false, Some("central"), "turbidity", 1.1, true),
        ("GB 5749-2022 表1", "1 NTU leaving the works", true, Some("central"), "turbidity", 1.0, false),
        ("GB 5749-2022 表1", "1.1 NTU leaving the works", true, Some("central"), "turbidity", 1.1, true),
        ("GB 5749-2022: 分散式", "3.1 NTU from a well", false, Some("well"), "turbidity", 3.1, true),
        ("GB 5749-2022: 小型", "3 NTU from small works", true, Some("small"), "turbidity", 3.0, false),
        ("GB 5749-2022: 小型", "3.1 NTU from small works", true, Some("small"), "turbidity", 3.1, true),
        ("GB 5749-2022: 分散式", "3 NTU from a well", false, Some("well"), "turbidity", 3.0, false),
        ("GB 5749-2022 表1", "1.1 NTU of a kind not known", false, None, "turbidity", 1.1, true),
        ("GB 5749-2022 表1", "pH 6.5", false, Some("central"), "ph", 6.5, false),
        ("GB 5749-2022 表1", "pH 6.4", false, Some("central"), "ph", 6.4, true),
        ("GB 5749-2022 表1", "pH 8.5", false, Some("central"), "ph", 8.5, false),
        ("GB 5749-2022 表1", "pH 8.6", false, Some("central"), "ph", 8.6, true),
        (
            "DOMAIN 饮水检查: small works to 9.5",
            "pH 9.5 of small works",
            false,
            Some("small"),
            "ph",
            9.5,
            false,
        ),
        (
            "DOMAIN 饮水检查: small works to 9.5",
            "pH 9.6 of small works",
            false,
            Some("small"),
            "ph",
            9.6,
            true,
        ),
        (
            "DOMAIN 饮水检查: small works to 9.5",
            "pH 6.4 of small works",
            true,
            Some("small"),
            "ph",
            6.4,
            true,
        ),
        ("DOMAIN 饮水检查: small works to 9.5", "pH 9.5 of a well", false, Some("well"), "ph", 9.5, false),
        ("GB 5749-2022 表1", "pH 6.4 leaving the works", true, Some("central"), "ph", 6.4, true),
        ("GB 5749-2022 表1", "pH 8.5 leaving the works", true, Some("central"), "ph", 8.5, false),
        ("GB 5749-2022 表1", "pH 8.6 leaving the works", true, Some("central"), "ph", 8.6, true),
        ("GB 5749-2022 表1", "pH 9.5 of a kind not known", false, None, "ph", 9.5, true),
        ("a reading of a newer form", "an unknown reading", false, Some("small"), "iron", 9.6, false),
    ] {
        assert_eq!(off(at_supply, kind, key, reading), expected, "{case} ({source})");
    }
}

#[test]
fn readings_that_cannot_be_are_refused_by_the_form() {
    let problem = |key: &str, answer: f64| {
        let question = list().question(key).unwrap();
        let found = question.problem(Some(&answer.into()), bianfang_shared::ledger::LedgerKind::Household);
        found.map(|problem| (problem.code, problem.min, problem.max))
    };
    let outside = |min: f64, max: f64| Some(("out_of_bounds".to_owned(), Some(min), Some(max)));
    assert_eq!(problem("ph", 14.0), None);
    assert_eq!(problem("ph", 14.1), outside(0.0, 14.0));
    assert_eq!(problem("chlorine", -0.1), outside(0.0, 20.0));
    assert_eq!(problem("turbidity", 1_001.0), outside(0.0, 1_000.0));
    assert_eq!(problem("litres", 2_001.0), outside(0.0, 2_000.0));
}

/// A check in which everything is in order.
fn checked(subject: &Entry, facts: serde_json::Value, more: serde_json::Value) -> FormDraft {
    let fine = json!({ "source": "well", "litres": 80, "senses": ["clean"], "piped": true, "short_days": 0,
        "unstable": false, "kept": true });
    let ledger = of(subject);
    let mut draft =
        FormDraft { outcome: Some(Outcome::Done), ..form::begin(&ledger, answers(facts), list(), NOW_MS) };
    draft.answers.extend(answers(fine));
    draft.answers.extend(answers(more));
    assert_eq!(form::problems(&draft, list(), &ledger), []);
    draft
}

fn of(subject: &Entry) -> FormLedger<'_> {
    FormLedger { subject, household: None, open_issues: &[] }
}

fn written(draft: &FormDraft, subject: &Entry) -> BTreeMap<String, Value> {
    let bodies = save(draft, list(), Policy::builtin(), &of(subject), &stamp()).unwrap();
    let changes = bodies.into_iter().filter_map(|body| match body {
        Body::Amend { changes, .. } | Body::Propose { changes, .. } => Some(changes),
        _ => None,
    });
    changes.flatten().map(|change| (change.field, change.value)).collect()
}

fn opened(draft: &FormDraft, subject: &Entry) -> Vec<(String, bool)> {
    effects(draft, list(), Policy::builtin(), &of(subject))
        .into_iter()
        .filter_map(|effect| match effect.what {
            EffectKind::OpenIssue { kind, urgent, .. } => Some((kind, urgent)),
            _ => None,
        })
        .collect()
}

#[test]
fn a_check_at_a_household_writes_its_state_and_one_at_a_supply_its_latest_result() {
    let home = household(json!({ "water_state": "met" }));
    let poor = json!({ "litres": 30, "short_days": 20, "short_months": ["7", "8"] });
    let now = written(&checked(&home, json!({}), poor.clone()), &home);
    assert_eq!(now, [("water_state".to_owned(), Value::from("unmet"))].into());

    let spring = supply(json!({ "kind": "spring", "latest_result": "met" }));
    let mut more = poor;
    more.as_object_mut().unwrap().extend(
        json!({ "keeper": "某水管员", "unit": "八景村", "households_served": 42, "fees": "fair", "price": 1.5, "report": "meets",
            "report_date": "2025-06-01" })
        .as_object()
        .unwrap()
        .clone(),
    );
    let now = written(&checked(&spring, json!({}), more), &spring);
    for (field, value) in [
        ("latest_result", Value::from("unmet")),
        ("shortage_months", Value::texts(["7", "8"])),
        ("keeper", "某水管员".into()),
        ("unit", "八景村".into()),
        ("households_served", 42.into()),
        ("price", 1.5.into()),
        ("report_meets", true.into()),
        ("report_date", "2025-06-01".into()),
    ] {
        assert_eq!(now[field], value, "{field}");
    }
    assert!(!now.contains_key("water_state"));
}

#[test]
fn every_trouble_with_water_opens_its_problem() {
    let home = household(json!({}));
    let central = supply(json!({ "kind": "central" }));
    for (source, case, subject, more, expected) in [
        ("T/CHES 18-2018", "all met", &home, json!({}), &[][..]),
        ("T/CHES 18-2018: 基本达标 is safe", "basic", &home, json!({ "litres": 40 }), &[]),
        ("T/CHES 18-2018: 水量", "too little", &home, json!({ "litres": 20 }), &[("water_unmet", false)]),
        (
            "T/CHES 18-2018: 水质",
            "impurities",
            &home,
            json!({ "senses": ["impurity"] }),
            &[("water_unmet", true)],
        ),
        ("003 (四): 自来水存在异味", "it smells", &home, json!({ "senses": ["smell"] }), &[("smell", true)]),
        (
            "000 (五) 1 (3): 季节性缺水",
            "short in July",
            &home,
            json!({ "short_days": 25, "short_months": ["7"] }),
            &[("shortage", false)],
        ),
        (
            "000 (五) 1 (3): 季节性缺水",
            "short in July, beyond the limit: one problem, not two",
            &home,
            json!({ "short_days": 60, "short_months": ["7"] }),
            &[("shortage", false)],
        ),
        (
            "T/CHES 18-2018: 保证率",
            "short now and then",
            &home,
            json!({ "short_days": 60 }),
            &[("water_unmet", false)],
        ),
        (
            "T/CHES 18-2018: 保证率",
            "short for some days of July",
            &home,
            json!({ "short_days": 10, "short_months": ["7"] }),
            &[],
        ),
        ("003 (四): 供水不稳定", "unstable", &home, json!({ "unstable": true }), &[("unstable", false)]),
        (
            "000 (五) 1 (1): 管护责任人不明确",
            "no keeper",
            &home,
            json!({ "kept": false }),
            &[("no_keeper", false)],
        ),
        ("000 (五) 1 (2): 水价不合理", "fees", &home, json!({ "fees": "unfair" }), &[("fees", false)]),
        (
            "000 (五) 1 (2): 维护费用无保障",
            "no fees",
            &home,
            json!({ "fees": "uncollected" }),
            &[("fees", false)],
        ),
        ("an own source", "no fees are due", &home, json!({ "fees": "none" }), &[]),
        (
            "GB 5749-2022",
            "a reading out of range",
            &home,
            json!({ "kit": true, "ph": 5.0 }),
            &[("reading_off", false)],
        ),
        (
            "000 (五) 2 (3): 明确水质检测指标、频次",
            "central works without a report",
            &central,
            json!({ "report": "none" }),
            &[("untested", false)],
        ),
        ("the household's own check", "no report at hand", &home, json!({ "report": "none" }), &[]),
        (
            "all at once",
            "everything is wrong",
            &central,
            json!({ "litres": 5, "senses": ["smell", "harm"], "piped": false, "fetch_minutes": 60, "short_days": 90,
                "short_months": ["8"], "unstable": true, "kept": false, "fees": "unfair", "report": "none", "kit": true,
                "chlorine": 0.0 }),
            &[
                ("smell", true),
                ("untested", false),
                ("unstable", false),
                ("no_keeper", false),
                ("fees", false),
                ("reading_off", false),
                ("shortage", false),
                ("water_unmet", true),
            ],
        ),
    ] {
        let expected: Vec<_> = expected.iter().map(|(kind, urgent)| ((*kind).to_owned(), *urgent)).collect();
        assert_eq!(opened(&checked(subject, json!({}), more), subject), expected, "{case} ({source})");
    }
}

#[test]
fn what_the_supply_is_known_for_counts_at_its_households() {
    let home = household(json!({}));
    let verdict = |facts: serde_json::Value, more: serde_json::Value| {
        let draft = checked(&home, facts, more);
        match form::verdict(&draft, list(), &of(&home)) {
            Some(Verdict::Water { overall, .. }) => overall,
            other => panic!("{other:?}"),
        }
    };
    let scarce = json!({ "supply_kind": "central", "supply_scarce": true, "supply_report_meets": true });
    assert_eq!(verdict(scarce, json!({ "source": "central", "litres": 40 })).as_deref(), Some("met"));
    let plenty = json!({ "supply_kind": "central", "supply_report_meets": true });
    assert_eq!(
        verdict(plenty.clone(), json!({ "source": "central", "litres": 40 })).as_deref(),
        Some("basic")
    );
    // What is answered at the door goes before what is known of the supply.
    assert_eq!(
        verdict(plenty.clone(), json!({ "source": "central", "report": "fails" })).as_deref(),
        Some("unmet")
    );
    assert_eq!(verdict(json!({}), json!({ "source": "central" })), None, "central works need a report");
    // The kind is offered for confirmation.
    let draft = FormDraft {
        outcome: Some(Outcome::Done),
        ..form::begin(&of(&home), answers(plenty), list(), NOW_MS)
    };
    let offered = form::prefill(&draft, list(), &of(&home));
    assert!(
        offered.iter().any(|fact| fact.question == "source" && fact.answer == "central".into()),
        "{offered:?}"
    );
}

#[test]
fn a_water_scarce_area_is_named_by_the_policy() {
    let home = household(json!({}));
    let draft = checked(&home, json!({}), json!({ "litres": 40 }));
    let situation = bianfang_shared::checklist::Situation {
        answers: &draft.answers,
        outcome: draft.outcome,
        subject: &home,
        household: None,
        facts: &draft.facts,
    };
    let level_in = |areas: &[&str]| {
        let mut policy = policy().clone();
        policy.quantity.scarce_areas = areas.iter().map(|area| area.parse().unwrap()).collect();
        level(Indicator::Quantity, &WaterCheck::of(&situation, &policy), &policy)
    };
    assert_eq!(level_in(&[]), Some(Level::Basic));
    assert_eq!(level_in(&["430681000000"]), Some(Level::Met));
    assert_eq!(level_in(&["430682000000"]), Some(Level::Basic));
}

#[test]
fn the_verdict_shows_the_four_indicators_and_names_the_worst() {
    let home = household(json!({}));
    let draft = checked(&home, json!({}), json!({ "litres": 50, "short_days": 40, "kit": true, "ph": 9.9 }));
    let Some(Verdict::Water { overall, indicators, readings }) = form::verdict(&draft, list(), &of(&home))
    else {
        panic!("a water check has a verdict")
    };
    assert_eq!(overall.as_deref(), Some("unmet"));
    let graded: Vec<_> =
        indicators.iter().map(|ground| (ground.code.as_str(), ground.grade.as_str())).collect();
    assert_eq!(
        graded,
        [("quantity", "basic"), ("quality", "met"), ("convenience", "met"), ("reliability", "unmet")]
    );
    let is_worst = |ground: &&Ground| ground.numbers.contains_key("worst");
    let named: Vec<_> = indicators.iter().filter(is_worst).map(|ground| ground.code.as_str()).collect();
    assert_eq!(named, ["reliability"]);
    assert_eq!((&indicators[3].numbers["short_days"], readings[0].code.as_str()), (&40.into(), "ph"));
    assert!(indicators.iter().chain(&readings).all(|ground| !ground.source.is_empty()));
    // A check that could not be made has none.
    let away = FormDraft { outcome: Some(Outcome::NobodyHome), ..draft };
    assert_eq!(form::verdict(&away, list(), &of(&home)), None);
}

#[test]
fn a_check_may_stand_beside_the_problem_that_a_visit_opened() {
    let home = household(json!({}));
    let of_visit = json!({ "subject": home.id.to_string(), "topic": "water", "state": "open" });
    let issues = [crate::given::entry(entity(50), bianfang_shared::ledger::LedgerKind::Issue, of_visit)];
    let draft = checked(&home, json!({}), json!({ "kept": false }));
    let ledger = FormLedger { open_issues: &issues, ..of(&home) };
    let found = effects(&draft, list(), Policy::builtin(), &ledger);
    assert!(
        found.iter().any(|effect| effect.key == "issue:water:no_keeper"
            && matches!(effect.what, EffectKind::OpenIssue { .. }))
    );
}

fn any_check() -> impl Strategy<Value = WaterCheck> {
    let number = |most: f64| prop::option::of(0.0..most);
    let kind = prop::option::of(prop::sample::select(vec!["central", "small", "well", "spring"]));
    let flag = || prop::option::of(any::<bool>());
    let numbers = (number(100.0), number(60.0), number(2_000.0), number(200.0), number(366.0));
    (any::<bool>(), kind, flag(), flag(), flag(), numbers).prop_map(
        |(scarce, kind, clean, report_meets, piped, (litres, minutes, distance, height, short_days))| {
            WaterCheck {
                at_supply: false,
                kind: kind.map(str::to_owned),
                scarce,
                litres,
                clean,
                report_meets,
                piped,
                fetch_minutes: minutes,
                fetch_distance_m: distance,
                fetch_height_m: height,
                short_days,
                readings: Vec::new(),
            }
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// A better answer never lowers the verdict.
    #[test]
    fn better_is_never_worse(check in any_check(), more in 0.0..50.0f64, which in 0..7usize) {
        let mut better = check.clone();
        let less = |number: Option<f64>| number.map(|number| (number - more).max(0.0));
        match which {
            0 => better.litres = check.litres.map(|litres| litres + more),
            1 => better.fetch_minutes = less(check.fetch_minutes),
            2 => better.fetch_distance_m = less(check.fetch_distance_m),
            3 => better.fetch_height_m = less(check.fetch_height_m),
            4 => better.short_days = less(check.short_days),
            5 => better.clean = check.clean.map(|_| true),
            _ => better.piped = check.piped.map(|_| true),
        }
        let (before, after) = (overall(&check, policy()), overall(&better, policy()));
        // Where an unmet indicator was all that could be told, a better answer may leave the whole open.
        if let (Some(before), Some(after)) = (before, after) {
            prop_assert!(after >= before, "{before:?} → {after:?}");
        }
        for indicator in Indicator::ALL {
            let levels = (level(indicator, &check, policy()), level(indicator, &better, policy()));
            if let (Some(before), Some(after)) = levels {
                prop_assert!(after >= before, "{indicator:?}: {before:?} → {after:?}");
            }
        }
    }

    /// The whole is the worst of its indicators, and never better than any.
    #[test]
    fn the_whole_is_the_worst(check in any_check()) {
        let levels: Vec<_> = Indicator::ALL.iter().filter_map(|&indicator| level(indicator, &check, policy())).collect();
        match overall(&check, policy()) {
            Some(whole) => prop_assert_eq!(Some(&whole), levels.iter().min()),
            None => prop_assert!(levels.len() < 4 && !levels.contains(&Level::Unmet)),
        }
    }
}
