//! The table of 佐证, each threshold at its borders.

use crate::given::NOW_MS;
use bianfang_shared::evidence::{
    ChainState, CheckName, Evidence, EvidenceInput, Finding, Grade, PhotoEvidence, Trace, assess, best_fix,
};
use bianfang_shared::ledger::Point;
use bianfang_shared::observation::{Fix, ObservationKind, Outcome, Platform};
use bianfang_shared::policy::Policy;
use proptest::prelude::*;

const HOME: Point = Point { lat: 28.9, lon: 113.3, accuracy_m: 0.0 };

/// A fix so many metres north of the anchor.
fn fix(north_m: f64, accuracy_m: f64) -> Fix {
    // One degree of latitude on the sphere that distances are measured on.
    let degree_m = 6_371_008.8 * std::f64::consts::PI / 180.0;
    Fix {
        lat: HOME.lat + north_m / degree_m,
        lon: HOME.lon,
        accuracy_m,
        altitude_m: None,
        at_ms: NOW_MS - 30_000,
        provider: None,
        mocked: Some(false),
    }
}

/// A record of the native app with everything in order.
fn good() -> EvidenceInput {
    EvidenceInput {
        kind: ObservationKind::Visit,
        started_at_ms: NOW_MS - 400_000,
        area: None,
        photos: PhotoEvidence::default(),
        saved_at_ms: NOW_MS,
        fixes: vec![fix(10.0, 8.0)],
        outcome: Some(Outcome::AtHome),
        dwell_ms: 400_000,
        clock_offset_ms: Some(0),
        platform: Platform::Native,
        anchor: Some(HOME),
        previous: Some(Trace { point: HOME, at_ms: NOW_MS - 3_600_000 }),
        chain: ChainState::Intact,
    }
}

fn judged(input: &EvidenceInput) -> Evidence {
    assess(input, &Policy::builtin().evidence)
}

fn finding(evidence: &Evidence, name: CheckName) -> Finding {
    evidence.checks.iter().find(|check| check.name == name).unwrap().finding
}

#[test]
fn every_check_keeps_its_thresholds() {
    use CheckName::{Accuracy, Chain, Clock, Distance, Dwell, FixAge, Hour, Mock, Travel};
    use Finding::*;
    type Change = fn(&mut EvidenceInput);
    let cases: &[(&str, CheckName, Finding, Grade, Change)] = &[
        ("fix 120 s old", FixAge, Pass, Grade::Credible, |i| i.fixes[0].at_ms = NOW_MS - 120_000),
        ("fix 121 s old", FixAge, Doubt, Grade::Doubtful, |i| i.fixes[0].at_ms = NOW_MS - 121_000),
        ("fix 15 min old", FixAge, Doubt, Grade::Doubtful, |i| i.fixes[0].at_ms = NOW_MS - 900_000),
        ("fix older", FixAge, Fail, Grade::Insufficient, |i| i.fixes[0].at_ms = NOW_MS - 900_001),
        ("fix from after saving", FixAge, Doubt, Grade::Doubtful, |i| i.fixes[0].at_ms = NOW_MS + 200_000),
        ("no fix", FixAge, Fail, Grade::Insufficient, |i| i.fixes.clear()),
        ("no fix says nothing of the place", Distance, Unknown, Grade::Insufficient, |i| i.fixes.clear()),
        ("accuracy 30 m", Accuracy, Pass, Grade::Credible, |i| i.fixes[0].accuracy_m = 30.0),
        ("accuracy 31 m", Accuracy, Doubt, Grade::Doubtful, |i| i.fixes[0].accuracy_m = 31.0),
        ("accuracy 100 m", Accuracy, Doubt, Grade::Doubtful, |i| i.fixes[0].accuracy_m = 100.0),
        ("accuracy 101 m", Accuracy, Fail, Grade::Insufficient, |i| i.fixes[0].accuracy_m = 101.0),
        ("99.9 m off, 20 m accurate", Distance, Pass, Grade::Credible, |i| i.fixes = vec![fix(99.9, 20.0)]),
        ("100.1 m off, 20 m accurate", Distance, Doubt, Grade::Doubtful, |i| {
            i.fixes = vec![fix(100.1, 20.0)]
        }),
        ("319.9 m off, 20 m accurate", Distance, Doubt, Grade::Doubtful, |i| {
            i.fixes = vec![fix(319.9, 20.0)]
        }),
        ("320.1 m off, 20 m accurate", Distance, Fail, Grade::Insufficient, |i| {
            i.fixes = vec![fix(320.1, 20.0)]
        }),
        ("an anchor known within 40 m, a fix within 30", Distance, Pass, Grade::Credible, |i| {
            i.fixes = vec![fix(129.9, 30.0)];
            i.anchor = Some(Point { accuracy_m: 40.0, ..HOME });
        }),
        ("no anchor", Distance, Unknown, Grade::Credible, |i| i.anchor = None),
        ("far off, but the road is cut", Distance, Unknown, Grade::Credible, |i| {
            i.fixes = vec![fix(5_000.0, 8.0)];
            i.outcome = Some(Outcome::RoadCut);
        }),
        ("made-up place", Mock, Fail, Grade::Insufficient, |i| i.fixes[0].mocked = Some(true)),
        ("one made-up place among true ones", Mock, Fail, Grade::Insufficient, |i| {
            i.fixes.insert(0, Fix { mocked: Some(true), ..fix(10.0, 8.0) });
        }),
        ("5 minutes", Dwell, Pass, Grade::Credible, |i| i.dwell_ms = 300_000),
        ("just below 5 minutes", Dwell, Doubt, Grade::Doubtful, |i| i.dwell_ms = 299_999),
        ("2 minutes", Dwell, Doubt, Grade::Doubtful, |i| i.dwell_ms = 120_000),
        ("below 2 minutes", Dwell, Fail, Grade::Insufficient, |i| i.dwell_ms = 119_999),
        ("nobody met, so no time asked for", Dwell, Unknown, Grade::Credible, |i| {
            i.dwell_ms = 5_000;
            i.outcome = Some(Outcome::NobodyHome);
        }),
        ("first record of the device", Travel, Unknown, Grade::Credible, |i| i.previous = None),
        ("80 km/h", Travel, Pass, Grade::Credible, |i| from_afar(i, 79.9)),
        ("above 80 km/h", Travel, Doubt, Grade::Doubtful, |i| from_afar(i, 80.1)),
        ("below 120 km/h", Travel, Doubt, Grade::Doubtful, |i| from_afar(i, 119.9)),
        ("above 120 km/h", Travel, Fail, Grade::Insufficient, |i| from_afar(i, 120.1)),
        ("next door in the same second", Travel, Pass, Grade::Credible, |i| {
            i.previous = Some(Trace { point: Point { accuracy_m: 8.0, ..HOME }, at_ms: i.fixes[0].at_ms });
        }),
        ("far away, and before that record", Travel, Doubt, Grade::Doubtful, |i| {
            i.previous = Some(Trace { point: Point { lat: 29.9, ..HOME }, at_ms: NOW_MS + 60_000 });
        }),
        ("7 o'clock", Hour, Pass, Grade::Credible, |i| move_to(i, 7, 0)),
        ("before 7", Hour, Doubt, Grade::Credible, |i| move_to(i, 6, 59)),
        ("20 o'clock", Hour, Pass, Grade::Credible, |i| move_to(i, 20, 0)),
        ("after 20", Hour, Doubt, Grade::Credible, |i| move_to(i, 20, 1)),
        ("8 in the evening by a phone an hour ahead", Hour, Pass, Grade::Doubtful, |i| {
            move_to(i, 20, 30);
            i.clock_offset_ms = Some(3_600_000);
        }),
        ("clock 1:59.999 off", Clock, Pass, Grade::Credible, |i| i.clock_offset_ms = Some(-119_999)),
        ("clock 2 minutes off", Clock, Doubt, Grade::Credible, |i| i.clock_offset_ms = Some(120_000)),
        ("clock just below 10 minutes off", Clock, Doubt, Grade::Credible, |i| {
            i.clock_offset_ms = Some(-599_999)
        }),
        ("clock 10 minutes off", Clock, Fail, Grade::Doubtful, |i| i.clock_offset_ms = Some(600_000)),
        ("never in contact", Clock, Unknown, Grade::Credible, |i| i.clock_offset_ms = None),
        ("outside the hours and a clock 3 minutes off", Clock, Doubt, Grade::Doubtful, |i| {
            move_to(i, 22, 0);
            i.clock_offset_ms = Some(180_000);
        }),
        ("chain not yet seen", Chain, Unknown, Grade::Credible, |i| i.chain = ChainState::NotYetKnown),
        ("chain with a gap", Chain, Doubt, Grade::Doubtful, |i| i.chain = ChainState::Gap),
        ("broken chain", Chain, Fail, Grade::Insufficient, |i| i.chain = ChainState::Broken),
    ];
    for (case, name, expected, grade, change) in cases {
        let mut input = good();
        change(&mut input);
        let evidence = judged(&input);
        assert_eq!(finding(&evidence, *name), *expected, "{case}: {evidence:?}");
        assert_eq!(evidence.grade, *grade, "{case}: {evidence:?}");
    }
}

/// The record before was an hour's drive away at this speed, after both uncertainties of 8 and 0 m.
fn from_afar(input: &mut EvidenceInput, km_h: f64) {
    let at_ms = input.fixes[0].at_ms - 3_600_000;
    let there = fix(10.0 - (km_h * 1_000.0 + 8.0), 0.0);
    input.previous = Some(Trace { point: Point { lat: there.lat, lon: there.lon, accuracy_m: 0.0 }, at_ms });
}

fn move_to(input: &mut EvidenceInput, hour: i64, minute: i64) {
    // NOW_MS is ten in the morning.
    let by_ms = ((hour - 10) * 60 + minute) * 60_000;
    input.saved_at_ms += by_ms;
    input.fixes[0].at_ms += by_ms;
    input.previous = None;
}

#[test]
fn a_browser_record_in_order_is_credible_but_earns_less_than_the_same_from_the_app() {
    let browser = |mut input: EvidenceInput| {
        input.platform = Platform::Web;
        input.fixes.iter_mut().for_each(|fix| fix.mocked = None);
        input
    };
    let in_order = judged(&browser(good()));
    assert_eq!((in_order.grade, finding(&in_order, CheckName::Mock)), (Grade::Credible, Finding::Unknown));
    let mut late = good();
    move_to(&mut late, 21, 0);
    assert_eq!(judged(&late).grade, Grade::Credible);
    assert_eq!(judged(&browser(late)).grade, Grade::Doubtful);
}

#[test]
fn a_browser_that_claims_to_know_is_not_believed() {
    let mut input = good();
    input.platform = Platform::Web;
    assert_eq!(finding(&judged(&input), CheckName::Mock), Finding::Unknown);
}

#[test]
fn a_county_may_rule_that_no_browser_record_is_credible() {
    let mut policy = Policy::builtin().evidence.clone();
    policy.mock.untold_weight = 1.0;
    let mut input = good();
    input.fixes[0].mocked = None;
    let evidence = assess(&input, &policy);
    assert_eq!((evidence.grade, finding(&evidence, CheckName::Mock)), (Grade::Doubtful, Finding::Doubt));
}

#[test]
fn the_most_accurate_of_the_fresh_fixes_stands_for_the_record() {
    let aged = |age_s: i64, accuracy_m: f64| Fix { at_ms: NOW_MS - age_s * 1_000, ..fix(0.0, accuracy_m) };
    let policy = &Policy::builtin().evidence;
    for (case, fixes, best_m) in [
        ("best at the door, worse indoors", vec![aged(100, 5.0), aged(10, 60.0)], 5.0),
        ("good but long ago", vec![aged(1_000, 5.0), aged(100, 60.0)], 60.0),
        ("none fresh", vec![aged(1_000, 5.0), aged(500, 60.0)], 60.0),
    ] {
        assert_eq!(best_fix(&fixes, NOW_MS, policy).unwrap().accuracy_m, best_m, "{case}");
    }
}

#[test]
fn a_check_tells_its_numbers_with_the_limit_it_passed_over() {
    let mut input = good();
    input.fixes = vec![fix(350.0, 20.0)];
    let evidence = judged(&input);
    let check = evidence.checks.iter().find(|check| check.name == CheckName::Distance).unwrap();
    let rounded = |key: &str| check.numbers[key].round();
    assert_eq!((rounded("distance_m"), rounded("accuracy_m"), rounded("limit_m")), (350.0, 20.0, 300.0));
}

proptest! {
    /// Two fixes that may be of one and the same place are never “too fast”, however little time is between them.
    #[test]
    fn imprecise_fixes_are_never_too_fast(north in 0.0..500.0f64, a in 0.0..400.0f64, b in 0.0..400.0f64, ms in 0i64..60_000) {
        prop_assume!(north <= a + b);
        let mut input = good();
        input.fixes = vec![fix(north, a)];
        input.previous = Some(Trace { point: Point { accuracy_m: b, ..HOME }, at_ms: input.fixes[0].at_ms - ms });
        prop_assert_eq!(finding(&judged(&input), CheckName::Travel), Finding::Pass);
    }

    /// Making any single measure worse never raises the grade, and every number can be written as JSON.
    #[test]
    fn worse_is_never_better(north in 0.0..1_000.0f64, more in 0.0..1_000.0f64, dwell in 0u64..900_000, less in 0u64..900_000, age in 0i64..2_000_000) {
        let with = |north: f64, dwell_ms: u64| {
            let mut input = good();
            input.fixes = vec![Fix { at_ms: NOW_MS - age, ..fix(north, 10.0) }];
            input.dwell_ms = dwell_ms;
            input.previous = None;
            judged(&input)
        };
        let (better, worse) = (with(north, dwell), with(north + more, dwell.saturating_sub(less)));
        prop_assert!(worse.grade <= better.grade);
        prop_assert!(worse.checks.iter().flat_map(|check| check.numbers.values()).all(|number| number.is_finite()));
        prop_assert_eq!(worse.checks.len(), 9);
    }
}
