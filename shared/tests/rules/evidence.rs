//! The table of 佐证, each threshold at its borders.

use crate::given::{NOW_MS, photo};
use bianfang_shared::checklist::Checklist;
use bianfang_shared::evidence::{
    ChainState, CheckName, Evidence, EvidenceInput, Finding, Grade, PhotoEvidence, SeenBefore, Trace, assess,
    best_fix,
};
use bianfang_shared::form::{self, FormDraft, FormLedger};
use bianfang_shared::hlc::Hlc;
use bianfang_shared::ledger::Point;
use bianfang_shared::observation::{self, Fix, ObservationKind, Outcome, PhotoRef, Platform};
use bianfang_shared::op::Body;
use bianfang_shared::policy::Policy;
use bianfang_shared::rules::post::WorkArea;
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
        received_at_ms: None,
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
        measured_offset_ms: None,
        passed_ms: None,
        received_at_ms: None,
        checklist: None,
        company: None,
        platform: Platform::Native,
        anchor: Some(HOME),
        previous: Some(Trace { point: HOME, at_ms: NOW_MS - 3_600_000 }),
        chain: ChainState::Intact,
    }
}

fn judged(input: &EvidenceInput) -> Evidence {
    assess(input, &Policy::builtin().evidence)
}

/// Where the limits of a check come from, as it stands beside them in the policy.
fn source(name: CheckName) -> &'static str {
    let policy = &Policy::builtin().evidence;
    match name {
        CheckName::FixAge => &policy.fix_age_s.source,
        CheckName::Accuracy => &policy.accuracy_m.source,
        CheckName::Distance => &policy.distance_m.source,
        CheckName::Area => &policy.area_m.source,
        CheckName::Mock => &policy.mock.source,
        CheckName::Dwell => &policy.dwell_s.source,
        CheckName::Travel => &policy.travel_km_h.source,
        CheckName::Hour => &policy.hour.source,
        CheckName::Clock => &policy.clock_offset_s.source,
        CheckName::Chain => &policy.chain.source,
        CheckName::PhotosPresent => &policy.photos_present.source,
        CheckName::PhotoSource => &policy.photo_source.source,
        CheckName::PhotoSeen => &policy.photo_seen.source,
        CheckName::PhotoTime => &policy.photo_time_s.source,
        CheckName::PhotoPlace => &policy.photo_place_m.source,
        CheckName::Future => &policy.future_s.source,
        CheckName::Span => &policy.span_s.source,
        CheckName::Open => &policy.open_s.source,
        CheckName::Checklist => &policy.checklist.source,
        CheckName::Companions => &policy.companions.source,
        CheckName::Late => &policy.late.source,
        CheckName::Unknown => "",
    }
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
        ("before 7", Hour, Pass, Grade::Credible, |i| move_to(i, 6, 59)),
        ("20 o'clock", Hour, Pass, Grade::Credible, |i| move_to(i, 20, 0)),
        ("after 20", Hour, Pass, Grade::Credible, |i| move_to(i, 20, 1)),
        ("8 in the evening by a phone an hour ahead", Hour, Pass, Grade::Doubtful, |i| {
            move_to(i, 20, 30);
            i.clock_offset_ms = Some(3_600_000);
        }),
        ("clock 1:59.999 off", Clock, Pass, Grade::Credible, |i| i.clock_offset_ms = Some(-119_999)),
        ("clock 2 minutes off", Clock, Doubt, Grade::Doubtful, |i| i.clock_offset_ms = Some(120_000)),
        ("clock just below 10 minutes off", Clock, Doubt, Grade::Doubtful, |i| {
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
        let (mut input, source) = (good(), source(*name));
        change(&mut input);
        let evidence = judged(&input);
        assert!(source.starts_with("DOMAIN 佐证: "), "{case} ({source})");
        assert_eq!(finding(&evidence, *name), *expected, "{case} ({source}): {evidence:?}");
        assert_eq!(evidence.grade, *grade, "{case} ({source}): {evidence:?}");
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
    input.started_at_ms += by_ms;
    input.saved_at_ms += by_ms;
    input.fixes[0].at_ms += by_ms;
    input.previous = None;
}

/// An inspection in order, with its two required photographs taken in the app and received by the centre.
fn inspection() -> EvidenceInput {
    let taken = vec![photo("photo_whole"), photo("photo_door")];
    let held = taken.iter().map(|photo| photo.sha256.clone()).collect();
    let seen = taken.iter().map(|photo| (photo.sha256.clone(), SeenBefore::default())).collect();
    let taken = taken.into_iter().map(|photo| PhotoRef { place: Some(fix(12.0, 9.0)), ..photo }).collect();
    let required = vec!["photo_whole".to_owned(), "photo_door".to_owned()];
    EvidenceInput {
        kind: ObservationKind::HouseInspection,
        outcome: Some(Outcome::Done),
        photos: PhotoEvidence { taken, required, held: Some(held), seen },
        ..good()
    }
}

fn look_alike(input: &mut EvidenceInput, seen: SeenBefore) {
    input.photos.seen.insert(photo("photo_whole").sha256, seen);
}

#[test]
fn every_check_of_photographs_keeps_its_limits() {
    use CheckName::{PhotoPlace, PhotoSeen, PhotoSource, PhotoTime, PhotosPresent};
    use Finding::*;
    type Change = fn(&mut EvidenceInput);
    let cases: &[(&str, CheckName, Finding, Grade, Change)] = &[
        ("all taken and received", PhotosPresent, Pass, Grade::Credible, |_| ()),
        ("one missing", PhotosPresent, Fail, Grade::Insufficient, |i| drop(i.photos.taken.remove(0))),
        ("none taken", PhotosPresent, Fail, Grade::Insufficient, |i| i.photos.taken.clear()),
        ("one still on its way", PhotosPresent, Unknown, Grade::Credible, |i| {
            i.photos.held.as_mut().unwrap().pop_first();
        }),
        ("on the phone, where they are", PhotosPresent, Pass, Grade::Credible, |i| i.photos.held = None),
        ("taken in the app", PhotoSource, Pass, Grade::Credible, |_| ()),
        ("one from the gallery", PhotoSource, Doubt, Grade::Doubtful, |i| {
            i.photos.taken[0].source = observation::PhotoSource::Gallery;
        }),
        ("one of a source not told", PhotoSource, Unknown, Grade::Credible, |i| {
            i.photos.taken[0].source = observation::PhotoSource::Unknown;
        }),
        ("a report's page from the gallery says nothing", PhotoSource, Pass, Grade::Credible, |i| {
            i.photos
                .taken
                .push(PhotoRef { source: observation::PhotoSource::Gallery, ..photo("photo_report") });
        }),
        ("not seen before", PhotoSeen, Pass, Grade::Credible, |_| ()),
        ("one not compared yet", PhotoSeen, Unknown, Grade::Credible, |i| {
            i.photos.seen.pop_first();
        }),
        ("one looks like another's", PhotoSeen, Doubt, Grade::Doubtful, |i| {
            look_alike(i, SeenBefore { same_bytes: false, nearest_bits: Some(30) });
        }),
        ("one is another's", PhotoSeen, Fail, Grade::Insufficient, |i| {
            look_alike(i, SeenBefore { same_bytes: true, nearest_bits: Some(0) });
        }),
        ("one looks like another's, the other is not compared", PhotoSeen, Doubt, Grade::Doubtful, |i| {
            i.photos.seen.clear();
            look_alike(i, SeenBefore { same_bytes: false, nearest_bits: Some(30) });
        }),
        ("taken while the form was in hand", PhotoTime, Pass, Grade::Credible, |_| ()),
        ("taken 10 minutes before it was opened", PhotoTime, Pass, Grade::Credible, |i| taken(i, -600)),
        ("taken 11 minutes before", PhotoTime, Doubt, Grade::Doubtful, |i| taken(i, -660)),
        ("taken two hours before", PhotoTime, Doubt, Grade::Doubtful, |i| taken(i, -7_200)),
        ("taken two hours and a minute before", PhotoTime, Fail, Grade::Insufficient, |i| taken(i, -7_260)),
        ("taken last week", PhotoTime, Fail, Grade::Insufficient, |i| taken(i, -7 * 86_400)),
        ("taken tomorrow", PhotoTime, Fail, Grade::Insufficient, |i| taken(i, 86_400)),
        ("one says no time", PhotoTime, Unknown, Grade::Credible, |i| i.photos.taken[0].taken_at_ms = None),
        ("one says no time, the other last week", PhotoTime, Fail, Grade::Insufficient, |i| {
            taken(i, -7 * 86_400);
            i.photos.taken[1].taken_at_ms = None;
        }),
        ("taken at the place", PhotoPlace, Pass, Grade::Credible, |_| ()),
        ("taken 90 m off, both within some metres", PhotoPlace, Pass, Grade::Credible, |i| placed(i, 92.0)),
        ("taken 93 m off", PhotoPlace, Doubt, Grade::Doubtful, |i| placed(i, 93.0)),
        ("taken 312 m off, both within some metres", PhotoPlace, Doubt, Grade::Doubtful, |i| {
            placed(i, 312.0)
        }),
        ("taken 313 m off", PhotoPlace, Fail, Grade::Insufficient, |i| placed(i, 313.0)),
        ("taken in another village", PhotoPlace, Fail, Grade::Insufficient, |i| placed(i, 5_000.0)),
        ("one says no place", PhotoPlace, Unknown, Grade::Credible, |i| i.photos.taken[0].place = None),
    ];
    for (case, name, expected, grade, change) in cases {
        let (mut input, source) = (inspection(), source(*name));
        change(&mut input);
        let evidence = judged(&input);
        assert!(source.starts_with("DOMAIN 佐证: "), "{case} ({source})");
        assert_eq!(finding(&evidence, *name), *expected, "{case} ({source}): {evidence:?}");
        assert_eq!(evidence.grade, *grade, "{case} ({source}): {evidence:?}");
    }
}

/// The first photograph was taken so many seconds after the form was opened, or before.
fn taken(input: &mut EvidenceInput, after_s: i64) {
    let at_ms = if after_s < 0 { input.started_at_ms } else { input.saved_at_ms };
    input.photos.taken[0].taken_at_ms = Some(at_ms + after_s * 1_000);
}

fn placed(input: &mut EvidenceInput, north_m: f64) {
    input.photos.taken[0].place = Some(fix(10.0 + north_m, 9.0));
}

/// A record of the first version: no photograph asked for, none taken.
#[test]
fn records_of_kinds_without_photographs_keep_the_checks_and_the_grade_they_had() {
    use CheckName::*;
    let evidence = judged(&good());
    let names: Vec<_> = evidence.checks.iter().map(|check| check.name).collect();
    assert_eq!(names, [FixAge, Accuracy, Distance, Mock, Dwell, Travel, Hour, Clock, Chain]);
    assert_eq!(evidence.grade, Grade::Credible);
    // A visit that brings some has them weighed.
    let mut visit = good();
    visit.photos.taken.push(PhotoRef { source: observation::PhotoSource::Gallery, ..photo("photo_house") });
    let evidence = judged(&visit);
    assert_eq!((evidence.grade, finding(&evidence, PhotoSource)), (Grade::Doubtful, Finding::Doubt));
    assert_eq!(finding(&evidence, PhotosPresent), Finding::Pass);
}

#[test]
fn how_long_it_took_is_asked_of_visits_only() {
    let mut short = inspection();
    short.dwell_ms = 10_000;
    let evidence = judged(&short);
    assert_eq!(evidence.grade, Grade::Credible);
    assert!(evidence.checks.iter().all(|check| check.name != CheckName::Dwell));
}

#[test]
fn an_attendance_is_weighed_against_the_area_worked_and_not_a_single_point() {
    let attendance = |north_m: f64, accuracy_m: f64| {
        let area = WorkArea::Circle { centre: HOME, radius_m: 200.0 };
        let input = EvidenceInput {
            kind: ObservationKind::Attendance,
            outcome: Some(Outcome::Done),
            fixes: vec![fix(north_m, accuracy_m)],
            previous: None,
            ..good()
        };
        judged(&input.in_area(Some(area)))
    };
    // DOMAIN 公岗: outside the area beyond the fix's uncertainty → 位置不符.
    for (case, north_m, accuracy_m, expected, grade) in [
        ("in the middle", 0.0, 8.0, Finding::Pass, Grade::Credible),
        ("far from the middle, inside", 190.0, 8.0, Finding::Pass, Grade::Credible),
        ("20 m outside, known within 25", 220.0, 25.0, Finding::Pass, Grade::Credible),
        ("30 m outside, known within 25", 230.0, 25.0, Finding::Doubt, Grade::Doubtful),
        ("299 m outside beyond what is known", 507.0, 8.0, Finding::Doubt, Grade::Doubtful),
        ("301 m outside beyond what is known", 509.0, 8.0, Finding::Fail, Grade::Insufficient),
        ("600 m outside", 800.0, 8.0, Finding::Fail, Grade::Insufficient),
    ] {
        let evidence = attendance(north_m, accuracy_m);
        assert!(source(CheckName::Area).contains("位置不符"), "{case}");
        assert_eq!(finding(&evidence, CheckName::Area), expected, "{case}: {evidence:?}");
        assert_eq!(evidence.grade, grade, "{case}: {evidence:?}");
        assert!(evidence.checks.iter().all(|check| check.name != CheckName::Distance), "{case}");
    }
    let nowhere = EvidenceInput { kind: ObservationKind::Attendance, ..good() };
    assert_eq!(finding(&judged(&nowhere), CheckName::Area), Finding::Unknown, "a post without an area");
}

#[test]
fn a_record_tells_which_photographs_it_should_have() {
    let subject = crate::given::house(serde_json::json!({}));
    let ledger = FormLedger { subject: &subject, household: None, open_issues: &[] };
    let list = Checklist::house();
    let said = serde_json::json!({ "lived_in": true, "foundation": "sound", "walls": "severe", "walls_signs": ["tilt"],
        "frame": "sound", "roof": "sound", "surroundings": "sound", "report": false });
    let mut draft = FormDraft {
        outcome: Some(Outcome::Done),
        answers: crate::given::answers(said),
        photos: vec![photo("photo_whole")],
        ..form::begin(&ledger, Default::default(), list, NOW_MS)
    };
    let asked = ["photo_whole", "photo_door", "photo_walls"];
    let of_draft = |draft: &FormDraft| {
        EvidenceInput::of_draft(draft, NOW_MS, None, Platform::Native, None, None).photos.required
    };
    assert_eq!(of_draft(&draft), asked);
    let bodies = form::save(&draft, list, Policy::builtin(), &ledger, &crate::given::stamp()).unwrap();
    let Body::Record { observation } = &bodies[0] else { panic!("the record comes first") };
    let input = EvidenceInput::of_record(observation, None, None, ChainState::Intact);
    assert_eq!(
        (&input.photos.required[..], &input.photos.taken),
        (&asked.map(str::to_owned)[..], &draft.photos)
    );
    assert_eq!(finding(&judged(&input), CheckName::PhotosPresent), Finding::Fail);
    // What a newer list asks for cannot be told here, and is no reason against the record.
    let mut newer = observation.clone();
    newer.checklist.version += 1;
    assert!(EvidenceInput::of_record(&newer, None, None, ChainState::Intact).photos.required.is_empty());
    draft.outcome = Some(Outcome::RoadCut);
    assert!(of_draft(&draft).is_empty());
}

/// Nothing vouches for the answer of a phone yet: who calls itself the native app earns what a browser earns.
#[test]
fn a_record_in_order_is_credible_from_whatever_client_and_one_light_doubt_makes_it_doubtful() {
    for (platform, mocked) in [
        (Platform::Web, None),
        (Platform::Web, Some(false)),
        (Platform::Native, None),
        (Platform::Native, Some(false)),
        (Platform::Unknown, Some(false)),
    ] {
        let mut input = EvidenceInput { platform, ..good() };
        input.fixes.iter_mut().for_each(|fix| fix.mocked = mocked);
        let in_order = judged(&input);
        assert_eq!(
            (in_order.grade, finding(&in_order, CheckName::Mock)),
            (Grade::Credible, Finding::Unknown)
        );
        let mut late = input.clone();
        move_to(&mut late, 21, 0);
        assert_eq!(judged(&late).grade, Grade::Credible, "the hour weighs nothing");
        input.clock_offset_ms = Some(180_000);
        assert_eq!(judged(&input).grade, Grade::Doubtful, "{platform:?} {mocked:?}");
    }
}

/// What a chain shows of a clock: its stamps never go back.
#[test]
fn a_stamp_shows_a_clock_that_was_put_back_and_accuses_nobody_else() {
    let day_ms = 86_400_000;
    for (case, saved_ago_days, stamp_ago_days, passed_ago_days, expected) in [
        ("in order", 0, 0, Some(1), Finding::Pass),
        ("the first of a phone", 24, 0, None, Finding::Pass),
        ("put back by 24 days", 24, 0, Some(1), Finding::Fail),
        ("sent again after later ones", 24, 24, Some(0), Finding::Pass),
        ("ahead by a year once, in order since", 3, -365, Some(3), Finding::Pass),
    ] {
        let ago = |days: i64| NOW_MS - days * day_ms;
        let mut input = good();
        input.saved_at_ms = ago(saved_ago_days);
        input.started_at_ms = input.saved_at_ms - 400_000;
        let input = input.after(Hlc::at(ago(stamp_ago_days)), passed_ago_days.map(ago));
        assert_eq!(finding(&judged(&input), CheckName::Clock), expected, "{case}");
    }
}

#[test]
fn what_the_centre_measures_and_what_the_phone_tells_both_count() {
    for (told, measured, expected) in [
        (Some(0), Some(0), Finding::Pass),
        (Some(0), Some(300_000), Finding::Doubt),
        (Some(-86_400_000), Some(0), Finding::Fail),
        (None, Some(700_000), Finding::Fail),
        (None, None, Finding::Unknown),
    ] {
        let input = EvidenceInput { clock_offset_ms: told, measured_offset_ms: measured, ..good() };
        assert_eq!(finding(&judged(&input), CheckName::Clock), expected, "{told:?} {measured:?}");
    }
}

/// Records of older versions may hold any number, and evidence has to be written and read.
#[test]
fn no_number_of_a_record_makes_its_evidence_unreadable() {
    for bad in [-1e308, 1e308, f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        for spoil in [
            (|fix, bad| fix.accuracy_m = bad) as fn(&mut Fix, f64),
            |fix, bad| fix.lat = bad,
            |fix, bad| fix.lon = bad,
        ] {
            let mut input = good();
            spoil(&mut input.fixes[0], bad);
            let trace = |at_ms| Trace { point: Point { accuracy_m: bad, ..HOME }, at_ms };
            input.previous = Some(trace(input.fixes[0].at_ms));
            input.anchor = Some(Point { accuracy_m: bad, ..HOME });
            let evidence = judged(&input);
            let text = serde_json::to_string(&evidence).unwrap();
            assert_eq!(serde_json::from_str::<Evidence>(&text).unwrap(), evidence, "{bad}");
        }
        let mut input = good();
        input.fixes[0].accuracy_m = bad;
        assert_eq!(finding(&judged(&input), CheckName::Accuracy), Finding::Fail, "{bad}");
    }
    // What older versions wrote for such a number.
    let old = serde_json::json!({ "grade": "credible", "checks": [
        { "name": "travel", "finding": "fail", "numbers": { "speed_km_h": null, "distance_m": 5.0 } },
    ] });
    let read: Evidence = serde_json::from_value(old).unwrap();
    assert_eq!(read.checks[0].numbers.keys().collect::<Vec<_>>(), ["distance_m"]);
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
            input.started_at_ms = NOW_MS - 900_000;
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
