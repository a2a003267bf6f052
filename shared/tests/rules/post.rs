//! Public posts: who may hold one, the month's sheet, the area worked, what repeats, what an attendance opens.

use crate::given::{NOW_MS, answers, entity, household, person, photo, post, stamp};
use bianfang_shared::checklist::Checklist;
use bianfang_shared::day::{Day, start_ms};
use bianfang_shared::entry::Entry;
use bianfang_shared::form::{self, EffectKind, FormDraft, FormLedger, effects, save};
use bianfang_shared::id::ObservationId;
use bianfang_shared::ledger::Point;
use bianfang_shared::observation::{Outcome, PhotoRef};
use bianfang_shared::op::Body;
use bianfang_shared::policy::{Policy, PostPolicy};
use bianfang_shared::rules::Verdict;
use bianfang_shared::rules::post::{
    Action, AttendanceMark, Finding, Holder, MonthState, PostTerms, REPEATS_MAX, Repeat, RepeatKind,
    RosterMark, WorkArea, holder_flags, month_sheet, repeats,
};
use proptest::prelude::*;
use serde_json::json;

fn policy() -> &'static PostPolicy {
    &Policy::builtin().posts
}

fn list() -> &'static Checklist {
    Checklist::attendance()
}

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

#[test]
fn who_may_hold_a_post_is_flagged_by_the_ledgers() {
    let today = day("2025-07-18");
    let away = |number: u8| person(number, "1990-01-01", json!({ "work_state": "away" }));
    for (source, case, holder, members, posts, flags) in [
        (
            "in order",
            "a holder of sixty",
            person(30, "1965-07-18", json!({ "disability": "none" })),
            vec![],
            1,
            &[][..],
        ),
        (
            "002 一: 杜绝“一人多岗”",
            "two posts",
            person(30, "1965-07-18", json!({})),
            vec![],
            2,
            &["several_posts"],
        ),
        ("003 (六): 80岁以上", "eighty today", person(30, "1945-07-18", json!({})), vec![], 1, &["too_old"]),
        ("003 (六): 80岁以上", "eighty tomorrow", person(30, "1945-07-19", json!({})), vec![], 1, &[]),
        ("003 (六): 80岁以上", "eighty-one", person(30, "1944-01-01", json!({})), vec![], 1, &["too_old"]),
        ("003 (六): 80岁以上", "seventy-nine", person(30, "1946-01-01", json!({})), vec![], 1, &[]),
        ("003 (六): 80岁以上", "no date of birth", person(30, "", json!({})), vec![], 1, &[]),
        (
            "003 (六): 重度残疾人口",
            "severely disabled",
            person(30, "1965-01-01", json!({ "disability": "severe" })),
            vec![],
            1,
            &["severely_disabled"],
        ),
        (
            "003 (六): 重度残疾人口",
            "mildly disabled: that is whom posts are for",
            person(30, "1965-01-01", json!({ "disability": "mild" })),
            vec![],
            1,
            &[],
        ),
        (
            "003 (六): 在外务工人员",
            "works away",
            person(30, "1965-01-01", json!({ "work_state": "away" })),
            vec![],
            1,
            &["works_away"],
        ),
        (
            "003 (六): 在外务工人员",
            "works nearby",
            person(30, "1965-01-01", json!({ "work_state": "near" })),
            vec![],
            1,
            &[],
        ),
        (
            "003 (六): 两个以上劳动力在外务工",
            "two others away",
            person(30, "1965-01-01", json!({})),
            vec![away(31), away(32)],
            1,
            &["others_away"],
        ),
        (
            "003 (六): 两个以上劳动力在外务工",
            "one other away",
            person(30, "1965-01-01", json!({})),
            vec![away(31)],
            1,
            &[],
        ),
        (
            "003 (六): 两个以上劳动力在外务工",
            "three others away",
            person(30, "1965-01-01", json!({})),
            vec![away(31), away(32), away(33)],
            1,
            &["others_away"],
        ),
        (
            "003 (六): 两个以上劳动力在外务工",
            "one other away, one who works nearby, one at home",
            person(30, "1965-01-01", json!({})),
            vec![
                away(31),
                person(32, "1990-01-01", json!({ "work_state": "near" })),
                person(33, "1990-01-01", json!({ "work_state": "none" })),
            ],
            1,
            &[],
        ),
        (
            "DOMAIN 公岗: two or more other workers",
            "one other away and the holder, who is among the members",
            person(30, "1965-01-01", json!({ "work_state": "away" })),
            vec![person(30, "1965-01-01", json!({ "work_state": "away" })), away(31)],
            1,
            &["works_away"],
        ),
        (
            "all at once",
            "everything",
            person(30, "1940-01-01", json!({ "disability": "severe", "work_state": "away" })),
            vec![away(31), away(32)],
            3,
            &["several_posts", "too_old", "severely_disabled", "works_away", "others_away"],
        ),
    ] {
        let known = Holder::of(&holder, &members, posts, today);
        let found = holder_flags(&known, &policy().eligibility);
        let codes: Vec<_> = found.iter().map(|ground| ground.code.as_str()).collect();
        assert_eq!(codes, flags, "{case} ({source})");
        assert!(found.iter().all(|ground| !ground.source.is_empty()), "{case}");
        // The form's facts say the same.
        let facts = form::holder_facts(&holder, &members, posts, NOW_MS);
        assert_eq!(flags_of(facts), found, "{case}");
    }
    assert_eq!(flags_of(Default::default()), [], "what is not known flags nobody");
}

fn flags_of(facts: bianfang_shared::observation::Answers) -> Vec<bianfang_shared::rules::Ground> {
    let subject = post(json!({}));
    let ledger = FormLedger { subject: &subject, household: None, open_issues: &[] };
    match form::verdict(&form::begin(&ledger, facts, list(), NOW_MS), list(), &ledger) {
        Some(Verdict::Attendance { flags }) => flags,
        other => panic!("{other:?}"),
    }
}

fn mark(day_of_july: i64, action: Action, finding: Option<Finding>) -> AttendanceMark {
    let at_ms = start_ms(day("2025-07-01")) + (day_of_july - 1) * 86_400_000 + 9 * 3_600_000;
    AttendanceMark { at_ms, action, finding }
}

/// Signed in on the first days of the month.
fn signed_in(days: i64) -> Vec<AttendanceMark> {
    (1..=days).map(|day| mark(day, Action::SignIn, None)).collect()
}

#[test]
fn a_month_is_short_only_once_it_can_no_longer_be_enough() {
    let required = |days: f64| PostTerms { required_days: Some(days), ..PostTerms::default() };
    for (case, terms, marks, today, state, numbers) in [
        // Required, counted, still possible.
        ("enough", required(20.0), signed_in(20), "2025-07-21", MonthState::Enough, (20, 20, 11)),
        (
            "behind, but there are days left",
            required(20.0),
            signed_in(2),
            "2025-07-13",
            MonthState::Open,
            (20, 2, 19),
        ),
        ("today still counts", required(20.0), signed_in(1), "2025-07-13", MonthState::Open, (20, 1, 19)),
        (
            "one day too few are left",
            required(20.0),
            signed_in(0),
            "2025-07-13",
            MonthState::Short,
            (20, 0, 19),
        ),
        (
            "the last day, one missing",
            required(20.0),
            signed_in(19),
            "2025-07-31",
            MonthState::Open,
            (20, 19, 1),
        ),
        (
            "the last day, two missing",
            required(20.0),
            signed_in(18),
            "2025-07-31",
            MonthState::Short,
            (20, 18, 1),
        ),
        ("the month is over", required(20.0), signed_in(19), "2025-08-01", MonthState::Short, (20, 19, 0)),
        (
            "the month is over and was enough",
            required(20.0),
            signed_in(20),
            "2025-09-01",
            MonthState::Enough,
            (20, 20, 0),
        ),
        ("the month has not begun", required(20.0), vec![], "2025-06-10", MonthState::Open, (20, 0, 31)),
        (
            "nothing is required",
            PostTerms::default(),
            vec![],
            "2025-07-31",
            MonthState::NotRequired,
            (0, 0, 1),
        ),
        (
            "signing in twice on a day is one day",
            required(20.0),
            [signed_in(10), signed_in(10)].concat(),
            "2025-07-31",
            MonthState::Short,
            (20, 10, 1),
        ),
        (
            "of a contract from the 17th fifteen of thirty-one days",
            PostTerms { from: Some(day("2025-07-17")), ..required(20.0) },
            vec![],
            "2025-07-17",
            MonthState::Open,
            (9, 0, 15),
        ),
        (
            "after the contract no day can come",
            PostTerms { to: Some(day("2025-07-10")), ..required(31.0) },
            signed_in(9),
            "2025-07-11",
            MonthState::Short,
            (10, 9, 0),
        ),
        (
            "before the contract nothing is required",
            PostTerms { from: Some(day("2025-08-01")), ..required(20.0) },
            vec![],
            "2025-07-20",
            MonthState::NotRequired,
            (0, 0, 0),
        ),
    ] {
        let sheet = month_sheet(&terms, &marks, day("2025-07-15"), day(today), &policy().attendance);
        assert_eq!(sheet.state, state, "{case}: {sheet:?}");
        assert_eq!((sheet.required_days, sheet.counted_days, sheet.possible_days), numbers, "{case}");
        assert_eq!(sheet.month, day("2025-07-01"), "{case}");
    }
}

#[test]
fn a_day_counts_as_the_holder_was_found() {
    use Action::{FaceCheck, SignIn, SignOut};
    let found = |marks: &[AttendanceMark]| {
        let terms = PostTerms { required_days: Some(20.0), ..PostTerms::default() };
        let sheet = month_sheet(&terms, marks, day("2025-07-01"), day("2025-07-31"), &policy().attendance);
        (sheet.days.first().is_some_and(|day| day.counts), sheet.leave_days)
    };
    for (case, marks, counts) in [
        ("signed in", vec![mark(3, SignIn, None)], (true, 0)),
        ("signed out only", vec![mark(3, SignOut, None)], (false, 0)),
        ("met at work without signing in", vec![mark(3, FaceCheck, Some(Finding::OnPost))], (true, 0)),
        (
            "signed in, but found absent",
            vec![mark(3, SignIn, None), mark(3, FaceCheck, Some(Finding::Absent))],
            (false, 0),
        ),
        (
            "signed in, but somebody else stood in",
            vec![mark(3, SignIn, None), mark(3, FaceCheck, Some(Finding::Substitute))],
            (false, 0),
        ),
        ("on leave", vec![mark(3, FaceCheck, Some(Finding::Leave))], (false, 1)),
        (
            "absent first, met later that day",
            vec![mark(3, FaceCheck, Some(Finding::Absent)), mark(3, FaceCheck, Some(Finding::OnPost))],
            (true, 0),
        ),
    ] {
        assert_eq!(found(&marks), counts, "{case}");
    }
    let mut kind = policy().attendance.clone();
    kind.leave_counts = true;
    let leave = [mark(3, FaceCheck, Some(Finding::Leave))];
    let sheet = month_sheet(&PostTerms::default(), &leave, day("2025-07-01"), day("2025-07-31"), &kind);
    assert_eq!(sheet.counted_days, 1, "a county may let leave count");
}

const CENTRE: Point = Point { lat: 28.9, lon: 113.3, accuracy_m: 0.0 };
const DEGREE_M: f64 = 6_371_008.8 * std::f64::consts::PI / 180.0;

/// So many metres north and east of the centre.
fn at(north_m: f64, east_m: f64) -> Point {
    let lon = CENTRE.lon + east_m / DEGREE_M / CENTRE.lat.to_radians().cos();
    Point { lat: CENTRE.lat + north_m / DEGREE_M, lon, accuracy_m: 0.0 }
}

#[test]
fn how_far_outside_its_area_a_point_lies() {
    let circle = WorkArea::Circle { centre: CENTRE, radius_m: 200.0 };
    let square = WorkArea::Corners(vec![at(0.0, 0.0), at(400.0, 0.0), at(400.0, 400.0), at(0.0, 400.0)]);
    for (case, area, point, outside_m) in [
        ("in the middle", &circle, CENTRE, 0.0),
        ("just inside", &circle, at(199.0, 0.0), 0.0),
        ("outside", &circle, at(260.0, 0.0), 60.0),
        ("inside the corners", &square, at(200.0, 200.0), 0.0),
        ("on the edge", &square, at(0.0, 200.0), 0.0),
        ("before an edge", &square, at(-50.0, 200.0), 50.0),
        ("before a corner", &square, at(-30.0, -40.0), 50.0),
    ] {
        let found = area.outside_m(point);
        assert!((found - outside_m).abs() < 1.0, "{case}: {found}");
    }
    let vague = WorkArea::Circle { centre: Point { accuracy_m: 50.0, ..CENTRE }, radius_m: 200.0 };
    assert!((vague.outside_m(at(260.0, 0.0)) - 10.0).abs() < 1.0, "what the middle is known by is taken off");
}

#[test]
fn the_area_is_the_one_that_the_ledger_names() {
    let area = |fields: serde_json::Value| WorkArea::of_post(&post(fields), &policy().area);
    let point = json!({ "lat": 28.9, "lon": 113.3 });
    assert_eq!(area(json!({})), None);
    assert_eq!(area(json!({ "radius_m": 300 })), None, "a radius around nothing");
    let Some(WorkArea::Circle { radius_m, .. }) = area(json!({ "point": point })) else { panic!("a circle") };
    assert_eq!(radius_m, policy().area.radius_m, "a post whose ledger says no radius has the policy's");
    let Some(WorkArea::Circle { radius_m, .. }) = area(json!({ "point": point, "radius_m": 80 })) else {
        panic!("a circle")
    };
    assert_eq!(radius_m, 80.0);
    let corners =
        json!([{ "lat": 28.9, "lon": 113.3 }, { "lat": 28.9, "lon": 113.4 }, { "lat": 28.8, "lon": 113.3 }]);
    assert!(matches!(area(json!({ "point": point, "area": corners })), Some(WorkArea::Corners(_))));
}

fn record(number: u8, post: u8, minute: i64, point: Point, photos: &[PhotoRef]) -> RosterMark<'_> {
    RosterMark {
        record: ObservationId::from_bytes([number; 16]),
        post: entity(post),
        at_ms: NOW_MS + minute * 60_000,
        point: Some(point),
        photos,
    }
}

#[test]
fn attendances_repeat_when_points_or_photographs_do_and_not_by_one_phone_alone() {
    let found = |marks: &[RosterMark<'_>]| -> Vec<RepeatKind> {
        repeats(marks, &policy().repeats, 50).iter().map(|repeat| repeat.kind).collect()
    };
    let (one, two) = ([photo("one")], [photo("two")]);
    // Likenesses of the first form: none of their bits set, some of them, and more than two of one picture differ in.
    let looks =
        |name: &str, detail: &str| [PhotoRef { likeness: format!("01{detail:0>122}"), ..photo(name) }];
    let (alike, like, unlike) =
        (looks("alike", ""), looks("like", "ff00"), looks("unlike", &format!("{}00", "f".repeat(20))));
    for (case, marks, expected) in [
        // DOMAIN 公岗: signing in many holders within minutes is normal for a team leader.
        (
            "one phone, two holders, two places",
            vec![record(1, 60, 0, at(0.0, 0.0), &one), record(2, 61, 2, at(5.0, 0.0), &two)],
            &[][..],
        ),
        (
            "the very same point",
            vec![record(1, 60, 0, at(0.0, 0.0), &one), record(2, 61, 2, at(0.5, 0.0), &two)],
            &[RepeatKind::Point],
        ),
        (
            "nine tenths of a metre apart",
            vec![record(1, 60, 0, at(0.0, 0.0), &one), record(2, 61, 2, at(0.9, 0.0), &two)],
            &[RepeatKind::Point],
        ),
        (
            "more than a metre apart",
            vec![record(1, 60, 0, at(0.0, 0.0), &one), record(2, 61, 2, at(1.1, 0.0), &two)],
            &[],
        ),
        (
            "the same photograph",
            vec![record(1, 60, 0, at(0.0, 0.0), &one), record(2, 61, 2, at(90.0, 0.0), &one)],
            &[RepeatKind::Photo],
        ),
        (
            "both",
            vec![record(1, 60, 0, at(0.0, 0.0), &one), record(2, 61, 2, at(0.0, 0.0), &one)],
            &[RepeatKind::Point, RepeatKind::Photo],
        ),
        (
            "two pictures that look like one",
            vec![record(1, 60, 0, at(0.0, 0.0), &alike), record(2, 61, 2, at(90.0, 0.0), &like)],
            &[RepeatKind::Photo],
        ),
        (
            "two pictures that look unlike each other",
            vec![record(1, 60, 0, at(0.0, 0.0), &alike), record(2, 61, 2, at(90.0, 0.0), &unlike)],
            &[],
        ),
        (
            "the same holder signing out",
            vec![record(1, 60, 0, at(0.0, 0.0), &one), record(2, 60, 2, at(0.0, 0.0), &one)],
            &[],
        ),
        (
            "ten minutes apart",
            vec![record(1, 60, 0, at(0.0, 0.0), &one), record(2, 61, 10, at(0.0, 0.0), &two)],
            &[RepeatKind::Point],
        ),
        (
            "eleven minutes apart",
            vec![record(1, 60, 0, at(0.0, 0.0), &one), record(2, 61, 11, at(0.0, 0.0), &two)],
            &[],
        ),
        (
            "handed in in any order",
            vec![record(2, 61, 2, at(0.0, 0.0), &two), record(1, 60, 0, at(0.0, 0.0), &one)],
            &[RepeatKind::Point],
        ),
    ] {
        assert_eq!(found(&marks), expected, "{case}");
    }
    // A phone may say any time, also the first and the last that a number holds.
    let at_any_time =
        |at_ms: i64, number: u8| RosterMark { at_ms, ..record(number, 60 + number, 0, at(0.0, 0.0), &one) };
    for (one, two) in [(i64::MIN, i64::MAX), (i64::MIN, 0), (0, i64::MAX)] {
        assert_eq!(found(&[at_any_time(one, 1), at_any_time(two, 2)]), [], "{one} and {two}");
    }
    let many: Vec<_> = (0..40).map(|number| record(number, 60 + number, 0, at(0.0, 0.0), &[])).collect();
    assert_eq!(found(&many).len(), REPEATS_MAX, "a list has an end");
    let marks = [record(2, 61, 3, at(0.0, 0.0), &two), record(1, 60, 0, at(0.0, 0.0), &one)];
    let [Repeat { first, second, apart_ms, .. }] = repeats(&marks, &policy().repeats, 50)[..] else {
        panic!("one repeat")
    };
    assert_eq!((first.bytes()[0], second.bytes()[0], apart_ms), (1, 2, 180_000), "the earlier is the first");
}

fn attended(subject: &Entry, said: serde_json::Value) -> FormDraft {
    let ledger = FormLedger { subject, household: None, open_issues: &[] };
    let mut draft = form::begin(&ledger, Default::default(), list(), NOW_MS);
    assert_eq!(draft.outcome, Some(Outcome::Done));
    draft.answers.extend(answers(said));
    assert_eq!(form::problems(&draft, list(), &ledger), []);
    draft
}

#[test]
fn what_a_check_finds_opens_its_problem_and_an_attendance_asks_for_a_photograph() {
    let subject = post(json!({ "name": "保洁" }));
    let ledger = FormLedger { subject: &subject, household: None, open_issues: &[] };
    for (source, case, said, kinds, photos) in [
        ("002 一: 签到管理", "signing in", json!({ "action": "sign_in" }), &[][..], &["photo_post"][..]),
        ("002 一: 签到管理", "signing out", json!({ "action": "sign_out" }), &[], &["photo_post"]),
        (
            "002 一: 见面核查",
            "met at work",
            json!({ "action": "face_check", "finding": "on_post", "work": "done" }),
            &[],
            &["photo_post"],
        ),
        (
            "003 (六): 占岗不做事",
            "at work, nothing done",
            json!({ "action": "face_check", "finding": "on_post", "work": "not_done" }),
            &["post_idle"],
            &["photo_post"],
        ),
        (
            "DOMAIN 公岗: 缺岗",
            "absent",
            json!({ "action": "face_check", "finding": "absent" }),
            &["post_absent"],
            &["photo_post"],
        ),
        (
            "DOMAIN 公岗: 他人代岗",
            "somebody else",
            json!({ "action": "face_check", "finding": "substitute", "substitute_name": "某某" }),
            &["post_substitute"],
            &["photo_post"],
        ),
        (
            "DOMAIN 公岗: 请假",
            "on leave: nobody is there to photograph",
            json!({ "action": "face_check", "finding": "leave" }),
            &[],
            &[],
        ),
    ] {
        let draft = attended(&subject, said);
        let opened: Vec<_> = effects(&draft, list(), Policy::builtin(), &ledger)
            .into_iter()
            .filter_map(|effect| match effect.what {
                EffectKind::OpenIssue { topic, kind, .. } => Some((topic, kind)),
                _ => None,
            })
            .collect();
        let expected: Vec<_> =
            kinds.iter().map(|kind| ("employment".to_owned(), (*kind).to_owned())).collect();
        assert_eq!(opened, expected, "{case} ({source})");
        assert_eq!(form::missing_photos(&draft, list(), &ledger), photos, "{case}");
        let bodies = save(&draft, list(), Policy::builtin(), &ledger, &stamp()).unwrap();
        let Body::Record { observation } = &bodies[0] else { panic!("the record comes first") };
        let seen = AttendanceMark::of_record(observation, None).unwrap();
        assert_eq!(seen.finding.is_some(), seen.action == Action::FaceCheck, "{case}");
    }
    let visited = household(json!({}));
    let ledger = FormLedger::of_household(&visited, &[]);
    let draft = FormDraft {
        outcome: Some(Outcome::NobodyHome),
        ..form::begin(&ledger, Default::default(), Checklist::visit(), NOW_MS)
    };
    let bodies = save(&draft, Checklist::visit(), Policy::builtin(), &ledger, &stamp()).unwrap();
    let Body::Record { observation } = &bodies[0] else { panic!("the record comes first") };
    assert_eq!(AttendanceMark::of_record(observation, None), None, "a visit is no attendance");
}

proptest! {
    /// Whoever is told 考勤不足 is told it for good: no day that may still come makes the month enough, and whoever is
    /// told nothing can still make it.
    #[test]
    fn short_is_final_and_open_can_be_made_good(
        required in 0..31u32,
        worked in prop::collection::btree_set(1i64..=31, 0..31),
        today in 1i64..=31,
    ) {
        let past: Vec<_> = worked.iter().filter(|day| **day <= today).map(|day| mark(*day, Action::SignIn, None)).collect();
        let terms = PostTerms { required_days: Some(f64::from(required)), ..PostTerms::default() };
        let today = bianfang_shared::day::plus_days(day("2025-06-30"), today);
        let sheet = |marks: &[AttendanceMark], on: Day| month_sheet(&terms, marks, day("2025-07-01"), on, &policy().attendance);
        let now = sheet(&past, today);
        let rest: Vec<_> = (1..=31).filter(|number| bianfang_shared::day::plus_days(day("2025-06-30"), *number) >= today)
            .map(|number| mark(number, Action::SignIn, None)).chain(past.clone()).collect();
        let best = sheet(&rest, day("2025-08-01"));
        match now.state {
            MonthState::Short => prop_assert_eq!(best.state, MonthState::Short),
            MonthState::Open | MonthState::Enough => prop_assert_eq!(best.state, MonthState::Enough),
            MonthState::NotRequired => prop_assert!(false, "something is required"),
        }
    }
}
