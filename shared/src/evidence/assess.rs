//! The checks of place, time and device, and the grade that follows from all checks.

use super::{
    ChainState, Check, CheckName, Evidence, EvidenceInput, Finding, Grade, Trace, contradictions, photos,
};
use crate::day::minute_of_day;
use crate::ledger::Point;
use crate::observation::{ACCURACY_M, Fix, ObservationKind, Outcome};
use crate::policy::{EvidencePolicy, Threshold};
use geo::{Distance, Haversine};
use std::collections::BTreeMap;

/// The first moment that a phone's clock can tell in earnest, 1 January 2015 in China, in milliseconds since 1970: a clock
/// before it was put there or lost its battery.
pub const EARLIEST_MS: i64 = 1_420_041_600_000;

/// The grade of a record, with every check that concerns its kind in a fixed order. How long it took is asked of visits
/// only, the area worked of attendances instead of the distance; photographs where some are required or were taken.
/// Contradictions are named only where there are some.
///
/// A failed check of weight 1 or more makes it 不足. Otherwise doubts count with their weights, lighter failed checks
/// with twice theirs; together 1 or more makes it 存疑. What cannot be told counts for nothing, but for a place
/// that the platform cannot vouch for, which counts `mock.untold_weight`.
pub fn assess(input: &EvidenceInput, policy: &EvidencePolicy) -> Evidence {
    let fix = best_fix(&input.fixes, input.saved_at_ms, policy);
    let whereabouts = match input.kind {
        ObservationKind::Attendance => area(input, fix, policy),
        _ => distance(input, fix, policy),
    };
    let dwelt = (input.kind == ObservationKind::Visit).then(|| dwell(input, policy));
    let here = fix.map(|fix| trace_of(fix, input.clock_offset_ms));
    let checks: Vec<Check> =
        [fix_age(input, fix, policy), accuracy(fix, policy), whereabouts, mock(input, policy)]
            .into_iter()
            .chain(dwelt)
            .chain([
                travel(here, input.previous, policy),
                hour(input, policy),
                clock(input, policy),
                chain(input),
            ])
            .chain(photos::checks(input, policy))
            .chain(contradictions::checks(input, policy))
            .collect();
    Evidence { grade: grade(&checks, policy), checks }
}

/// The same evidence with another record before it: a record may arrive after the one that follows it in time.
pub fn travelled_from(
    evidence: &Evidence,
    here: Trace,
    previous: Option<Trace>,
    policy: &EvidencePolicy,
) -> Evidence {
    let again = |check: &Check| match check.name {
        CheckName::Travel => travel(Some(here), previous, policy),
        _ => check.clone(),
    };
    let checks: Vec<Check> = evidence.checks.iter().map(again).collect();
    Evidence { grade: grade(&checks, policy), checks }
}

/// The same evidence with what is known of the photographs by now.
pub fn photographed(evidence: &Evidence, input: &EvidenceInput, policy: &EvidencePolicy) -> Evidence {
    let others = evidence.checks.iter().filter(|check| !photos::NAMES.contains(&check.name)).cloned();
    let checks: Vec<Check> = others.chain(photos::checks(input, policy)).collect();
    Evidence { grade: grade(&checks, policy), checks }
}

/// The best grade that a record can have by its time and that of its receipt alone, for whoever keeps the grade that was
/// told when it was saved.
pub fn grade_by_receipt(made_at_ms: i64, received_at_ms: i64, policy: &EvidencePolicy) -> Grade {
    match contradictions::future(made_at_ms, received_at_ms, policy) {
        Some(check) => grade(&[check], policy),
        None => Grade::Credible,
    }
}

/// The fix that stands for a record: of those fresh at saving the most accurate; if none is fresh, the freshest.
/// Not simply the last: indoors, at saving, it is often the worst.
pub fn best_fix<'f>(fixes: &'f [Fix], saved_at_ms: i64, policy: &EvidencePolicy) -> Option<&'f Fix> {
    let fresh = fixes.iter().filter(|fix| age_s(fix, saved_at_ms) <= policy.fix_age_s.pass);
    let most_accurate = fresh.min_by(|a, b| a.accuracy_m.total_cmp(&b.accuracy_m));
    most_accurate
        .or_else(|| fixes.iter().min_by(|a, b| age_s(a, saved_at_ms).total_cmp(&age_s(b, saved_at_ms))))
}

fn grade(checks: &[Check], policy: &EvidencePolicy) -> Grade {
    let with = |finding: Finding| {
        let found = checks.iter().filter(move |check| check.finding == finding);
        found.map(|check| weight(check.name, policy))
    };
    if with(Finding::Fail).any(|weight| weight >= 1.0) {
        return Grade::Insufficient;
    }
    let doubts: f64 = with(Finding::Doubt).sum();
    let light_fails: f64 = with(Finding::Fail).map(|weight| 2.0 * weight).sum();
    let untold =
        checks.iter().any(|check| check.finding == Finding::Unknown && check.name == CheckName::Mock);
    let total = doubts + light_fails + if untold { policy.mock.untold_weight } else { 0.0 };
    if total >= 1.0 { Grade::Doubtful } else { Grade::Credible }
}

/// How much each check weighs.
fn weight(name: CheckName, policy: &EvidencePolicy) -> f64 {
    match name {
        CheckName::FixAge => policy.fix_age_s.weight,
        CheckName::Accuracy => policy.accuracy_m.weight,
        CheckName::Distance => policy.distance_m.weight,
        CheckName::Area => policy.area_m.weight,
        CheckName::Mock => policy.mock.weight,
        CheckName::Dwell => policy.dwell_s.weight,
        CheckName::Travel => policy.travel_km_h.weight,
        CheckName::Hour => policy.hour.weight,
        CheckName::Clock => policy.clock_offset_s.weight,
        CheckName::Chain => policy.chain.weight,
        CheckName::PhotosPresent => policy.photos_present.weight,
        CheckName::PhotoSource => policy.photo_source.weight,
        CheckName::PhotoSeen => policy.photo_seen.weight,
        CheckName::PhotoTime => policy.photo_time_s.weight,
        CheckName::PhotoPlace => policy.photo_place_m.weight,
        CheckName::Future => policy.future_s.weight,
        CheckName::Span => policy.span_s.weight,
        CheckName::Open => policy.open_s.weight,
        CheckName::Checklist => policy.checklist.weight,
        CheckName::Companions => policy.companions.weight,
        // Lateness is what offline means; of a check of a newer version nobody here can tell.
        CheckName::Late | CheckName::Unknown => 0.0,
    }
}

pub(super) fn check<const N: usize>(name: CheckName, finding: Finding, numbers: [(&str, f64); N]) -> Check {
    // A number that is not finite cannot be written, and would make the whole record unreadable.
    let told = numbers.into_iter().filter(|(_, number)| number.is_finite());
    let numbers: BTreeMap<_, _> = told.map(|(key, number)| (key.to_owned(), number)).collect();
    Check { name, finding, numbers }
}

pub(super) fn unknown(name: CheckName) -> Check {
    check(name, Finding::Unknown, [])
}

/// The finding for a measure where more is worse, with the limit that was kept or passed over.
pub(super) fn judge(measure: f64, limit: &Threshold) -> (Finding, f64) {
    if measure <= limit.pass {
        (Finding::Pass, limit.pass)
    } else if measure <= limit.doubt {
        (Finding::Doubt, limit.pass)
    } else {
        (Finding::Fail, limit.doubt)
    }
}

#[expect(clippy::cast_precision_loss, reason = "a span of time in a form, far below 2^53 ms")]
pub(super) fn seconds(ms: i64) -> f64 {
    ms as f64 / 1_000.0
}

/// How old a fix is at saving. One from after it, which a moved clock makes, is as far off the other way.
fn age_s(fix: &Fix, saved_at_ms: i64) -> f64 {
    seconds(saved_at_ms.saturating_sub(fix.taken_at_ms())).abs()
}

fn fix_age(input: &EvidenceInput, fix: Option<&Fix>, policy: &EvidencePolicy) -> Check {
    let Some(fix) = fix else { return check(CheckName::FixAge, Finding::Fail, []) };
    let age_s = age_s(fix, input.saved_at_ms);
    let (finding, limit_s) = judge(age_s, &policy.fix_age_s);
    // Beyond the limit for doubt a fix is as good as none: it says where the phone was before, not at the visit.
    check(CheckName::FixAge, finding, [("age_s", age_s), ("limit_s", limit_s)])
}

fn accuracy(fix: Option<&Fix>, policy: &EvidencePolicy) -> Check {
    let Some(fix) = fix else { return unknown(CheckName::Accuracy) };
    let (finding, limit_m) = judge(fix.accuracy_m, &policy.accuracy_m);
    // Records of older versions may hold any number.
    let finding = if ACCURACY_M.contains(&fix.accuracy_m) { finding } else { Finding::Fail };
    check(CheckName::Accuracy, finding, [("accuracy_m", fix.accuracy_m), ("limit_m", limit_m)])
}

fn distance(input: &EvidenceInput, fix: Option<&Fix>, policy: &EvidencePolicy) -> Check {
    let Some((fix, anchor)) = fix.zip(input.anchor) else { return unknown(CheckName::Distance) };
    let distance_m = distance_m(point_of(fix), anchor);
    // Two independent errors add as squares.
    let accuracy_m = point_of(fix).accuracy_m.hypot(sane(anchor.accuracy_m));
    let (finding, limit_m) = judge(distance_m - accuracy_m, &policy.distance_m);
    // Whoever reports the road cut could not come near.
    let cut_off = input.outcome == Some(Outcome::RoadCut);
    let finding = if cut_off { Finding::Unknown } else { finding };
    let numbers = [("distance_m", distance_m), ("accuracy_m", accuracy_m), ("limit_m", limit_m)];
    check(CheckName::Distance, finding, numbers)
}

/// How far outside the area worked. The uncertainty is the fix's; that of the post's point is in the area.
fn area(input: &EvidenceInput, fix: Option<&Fix>, policy: &EvidencePolicy) -> Check {
    let Some((fix, area)) = fix.zip(input.area.as_ref()) else { return unknown(CheckName::Area) };
    let outside_m = area.outside_m(point_of(fix));
    let (finding, limit_m) = judge((outside_m - point_of(fix).accuracy_m).max(0.0), &policy.area_m);
    let numbers = [("outside_m", outside_m), ("accuracy_m", fix.accuracy_m), ("limit_m", limit_m)];
    check(CheckName::Area, finding, numbers)
}

/// A single made-up place among true ones speaks against the record: mixing is how such apps slip. That none is made up
/// is believed of nobody: what a native app says of itself anybody can write, until a phone attests to it.
fn mock(input: &EvidenceInput, policy: &EvidencePolicy) -> Check {
    let made_up = input.fixes.iter().any(|fix| fix.mocked == Some(true));
    let finding = match (input.fixes.is_empty(), made_up) {
        (true, _) => return unknown(CheckName::Mock),
        (false, true) => Finding::Fail,
        (false, false) if policy.mock.untold_weight >= 1.0 => Finding::Doubt,
        (false, false) => Finding::Unknown,
    };
    check(CheckName::Mock, finding, [])
}

fn dwell(input: &EvidenceInput, policy: &EvidencePolicy) -> Check {
    if input.outcome != Some(Outcome::AtHome) {
        return unknown(CheckName::Dwell);
    }
    let dwell_s = seconds(i64::try_from(input.dwell_ms).unwrap_or(i64::MAX));
    let limit = &policy.dwell_s;
    let (finding, limit_s) = match dwell_s {
        long if long >= limit.pass => (Finding::Pass, limit.pass),
        short if short >= limit.doubt => (Finding::Doubt, limit.pass),
        _ => (Finding::Fail, limit.doubt),
    };
    check(CheckName::Dwell, finding, [("dwell_s", dwell_s), ("limit_s", limit_s)])
}

/// The least speed that explains both places: both uncertainties are taken off the way between them, so two
/// imprecise fixes are never “too fast”.
fn travel(here: Option<Trace>, previous: Option<Trace>, policy: &EvidencePolicy) -> Check {
    let Some((here, previous)) = here.zip(previous) else { return unknown(CheckName::Travel) };
    let accuracy_m = sane(previous.point.accuracy_m) + sane(here.point.accuracy_m);
    let way_m = (distance_m(previous.point, here.point) - accuracy_m).max(0.0);
    let elapsed_s = seconds(here.at_ms.saturating_sub(previous.at_ms));
    if way_m == 0.0 {
        let numbers = [("distance_m", 0.0), ("elapsed_s", elapsed_s), ("speed_km_h", 0.0)];
        return check(CheckName::Travel, Finding::Pass, numbers);
    }
    // The clock was set back in between: no speed can be told, and the times contradict the order.
    if elapsed_s < 0.0 {
        let numbers = [("distance_m", way_m), ("elapsed_s", elapsed_s)];
        return check(CheckName::Travel, Finding::Doubt, numbers);
    }
    let speed_km_h = way_m / elapsed_s.max(1.0) * 3.6;
    let (finding, limit_km_h) = judge(speed_km_h, &policy.travel_km_h);
    let numbers = [
        ("distance_m", way_m),
        ("elapsed_s", elapsed_s),
        ("speed_km_h", speed_km_h),
        ("limit_km_h", limit_km_h),
    ];
    check(CheckName::Travel, finding, numbers)
}

/// The hour is told and never judged: evening visits to families who work by day are asked for.
fn hour(input: &EvidenceInput, policy: &EvidencePolicy) -> Check {
    let minute = minute_of_day(input.made_at_ms());
    let (from_h, until_h) = (f64::from(policy.hour.from_h), f64::from(policy.hour.until_h));
    let numbers = [("hour_h", f64::from(minute / 60)), ("from_h", from_h), ("until_h", until_h)];
    check(CheckName::Hour, Finding::Pass, numbers)
}

/// The worst of what the phone told, what the centre measured when the record came, and how far the record's time lies
/// before what its phone had done by then: a clock that was put back and right again shows in one of them.
fn clock(input: &EvidenceInput, policy: &EvidencePolicy) -> Check {
    let earliest_ms = input.passed_ms.unwrap_or(EARLIEST_MS).max(EARLIEST_MS);
    let back_ms = earliest_ms.saturating_sub(input.saved_at_ms.max(input.made_at_ms()));
    let limit = &policy.clock_offset_s;
    let back_ms = Some(-back_ms).filter(|back_ms| -seconds(*back_ms) >= limit.pass);
    let offsets = [input.clock_offset_ms, input.measured_offset_ms, back_ms].into_iter().flatten();
    let Some(offset_ms) = offsets.max_by_key(|offset_ms| offset_ms.unsigned_abs()) else {
        return unknown(CheckName::Clock);
    };
    let offset_s = seconds(offset_ms);
    // Here the limits themselves are beyond: “less than two minutes”.
    let (finding, limit_s) = match offset_s.abs() {
        small if small < limit.pass => (Finding::Pass, limit.pass),
        large if large < limit.doubt => (Finding::Doubt, limit.pass),
        _ => (Finding::Fail, limit.doubt),
    };
    check(CheckName::Clock, finding, [("offset_s", offset_s), ("limit_s", limit_s)])
}

fn chain(input: &EvidenceInput) -> Check {
    let finding = match input.chain {
        ChainState::Intact => Finding::Pass,
        ChainState::NotYetKnown => Finding::Unknown,
        ChainState::Gap => Finding::Doubt,
        ChainState::Broken => Finding::Fail,
    };
    check(CheckName::Chain, finding, [])
}

pub(super) fn point_of(fix: &Fix) -> Point {
    Point { lat: fix.lat, lon: fix.lon, accuracy_m: sane(fix.accuracy_m) }
}

/// Where and when somebody was, by the centre's clock as far as the phone could tell.
pub(super) fn trace_of(fix: &Fix, clock_offset_ms: Option<i64>) -> Trace {
    Trace { point: point_of(fix), at_ms: fix.taken_at_ms().saturating_sub(clock_offset_ms.unwrap_or(0)) }
}

/// An uncertainty as one can reckon with it: a negative or endless one would put somebody anywhere.
fn sane(accuracy_m: f64) -> f64 {
    if accuracy_m.is_nan() { 0.0 } else { accuracy_m.clamp(*ACCURACY_M.start(), *ACCURACY_M.end()) }
}

/// Metres between two places, on a sphere: within 0.6 % of the ellipsoid, far below any accuracy here.
pub fn distance_m(from: Point, to: Point) -> f64 {
    Haversine.distance(geo::Point::new(from.lon, from.lat), geo::Point::new(to.lon, to.lat))
}
