//! The checks of place, time and device, and the grade that follows from all checks.

use super::{ChainState, Check, CheckName, Evidence, EvidenceInput, Finding, Grade, photos};
use crate::day::minute_of_day;
use crate::ledger::Point;
use crate::observation::{Fix, ObservationKind, Outcome, Platform};
use crate::policy::{EvidencePolicy, Threshold};
use geo::{Distance, Haversine};
use std::collections::BTreeMap;

/// The grade of a record, with every check that concerns its kind in a fixed order. How long it took is asked of visits
/// only, the area worked of attendances instead of the distance; photographs where some are required or were taken.
///
/// A failed check of weight 1 or more makes it 不足. Otherwise doubts count with their weights, lighter failed checks
/// with twice theirs; together 1 or more makes it 存疑. What cannot be told counts for nothing, but for a place
/// that the platform cannot vouch for, which counts `mock.untold_weight`.
pub fn assess(input: &EvidenceInput, policy: &EvidencePolicy) -> Evidence {
    let fix = best_fix(&input.fixes, input.saved_at_ms, policy);
    let whereabouts = match input.kind {
        ObservationKind::Attendance => (area(input, fix, policy), policy.area_m.weight),
        _ => (distance(input, fix, policy), policy.distance_m.weight),
    };
    let dwelt = (input.kind == ObservationKind::Visit).then(|| (dwell(input, policy), policy.dwell_s.weight));
    let weighed: Vec<(Check, f64)> = [
        (fix_age(input, fix, policy), policy.fix_age_s.weight),
        (accuracy(fix, policy), policy.accuracy_m.weight),
        whereabouts,
        (mock(input, policy), policy.mock.weight),
    ]
    .into_iter()
    .chain(dwelt)
    .chain([
        (travel(input, fix, policy), policy.travel_km_h.weight),
        (hour(input, policy), policy.hour.weight),
        (clock(input, policy), policy.clock_offset_s.weight),
        (chain(input), policy.chain.weight),
    ])
    .chain(photos::checks(input, policy))
    .collect();
    Evidence { grade: grade(&weighed, policy), checks: weighed.into_iter().map(|(check, _)| check).collect() }
}

/// The fix that stands for a record: of those fresh at saving the most accurate; if none is fresh, the freshest.
/// Not simply the last: indoors, at saving, it is often the worst.
pub fn best_fix<'f>(fixes: &'f [Fix], saved_at_ms: i64, policy: &EvidencePolicy) -> Option<&'f Fix> {
    let fresh = fixes.iter().filter(|fix| age_s(fix, saved_at_ms) <= policy.fix_age_s.pass);
    let most_accurate = fresh.min_by(|a, b| a.accuracy_m.total_cmp(&b.accuracy_m));
    most_accurate
        .or_else(|| fixes.iter().min_by(|a, b| age_s(a, saved_at_ms).total_cmp(&age_s(b, saved_at_ms))))
}

fn grade(weighed: &[(Check, f64)], policy: &EvidencePolicy) -> Grade {
    let with = |finding: Finding| weighed.iter().filter(move |(check, _)| check.finding == finding);
    if with(Finding::Fail).any(|(_, weight)| *weight >= 1.0) {
        return Grade::Insufficient;
    }
    let doubts: f64 = with(Finding::Doubt).map(|(_, weight)| weight).sum();
    let light_fails: f64 = with(Finding::Fail).map(|(_, weight)| 2.0 * weight).sum();
    let untold = with(Finding::Unknown).any(|(check, _)| check.name == CheckName::Mock);
    let total = doubts + light_fails + if untold { policy.mock.untold_weight } else { 0.0 };
    if total >= 1.0 { Grade::Doubtful } else { Grade::Credible }
}

pub(super) fn check<const N: usize>(name: CheckName, finding: Finding, numbers: [(&str, f64); N]) -> Check {
    let numbers: BTreeMap<_, _> = numbers.map(|(key, number)| (key.to_owned(), number)).into();
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
    seconds(saved_at_ms.saturating_sub(fix.at_ms)).abs()
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
    check(CheckName::Accuracy, finding, [("accuracy_m", fix.accuracy_m), ("limit_m", limit_m)])
}

fn distance(input: &EvidenceInput, fix: Option<&Fix>, policy: &EvidencePolicy) -> Check {
    let Some((fix, anchor)) = fix.zip(input.anchor) else { return unknown(CheckName::Distance) };
    let distance_m = distance_m(point_of(fix), anchor);
    // Two independent errors add as squares.
    let accuracy_m = fix.accuracy_m.hypot(anchor.accuracy_m);
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
    let (finding, limit_m) = judge((outside_m - fix.accuracy_m).max(0.0), &policy.area_m);
    let numbers = [("outside_m", outside_m), ("accuracy_m", fix.accuracy_m), ("limit_m", limit_m)];
    check(CheckName::Area, finding, numbers)
}

/// A single made-up place among true ones speaks against the record: mixing is how such apps slip.
fn mock(input: &EvidenceInput, policy: &EvidencePolicy) -> Check {
    let told: Vec<bool> = input.fixes.iter().filter_map(|fix| fix.mocked).collect();
    let finding = match (input.fixes.is_empty(), told.contains(&true)) {
        (true, _) => return unknown(CheckName::Mock),
        (false, true) => Finding::Fail,
        (false, false) if told.len() == input.fixes.len() && input.platform != Platform::Web => Finding::Pass,
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
fn travel(input: &EvidenceInput, fix: Option<&Fix>, policy: &EvidencePolicy) -> Check {
    let Some((fix, previous)) = fix.zip(input.previous) else { return unknown(CheckName::Travel) };
    let here = point_of(fix);
    let way_m = (distance_m(previous.point, here) - previous.point.accuracy_m - here.accuracy_m).max(0.0);
    let elapsed_s = seconds(fix.at_ms.saturating_sub(previous.at_ms));
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

fn hour(input: &EvidenceInput, policy: &EvidencePolicy) -> Check {
    let true_ms = input.saved_at_ms.saturating_sub(input.clock_offset_ms.unwrap_or(0));
    let minute = minute_of_day(true_ms);
    let (from_h, until_h) = (policy.hour.from_h, policy.hour.until_h);
    let inside = (u16::from(from_h) * 60..=u16::from(until_h) * 60).contains(&minute);
    let finding = if inside { Finding::Pass } else { Finding::Doubt };
    let numbers =
        [("hour_h", f64::from(minute / 60)), ("from_h", f64::from(from_h)), ("until_h", f64::from(until_h))];
    check(CheckName::Hour, finding, numbers)
}

fn clock(input: &EvidenceInput, policy: &EvidencePolicy) -> Check {
    let Some(offset_ms) = input.clock_offset_ms else { return unknown(CheckName::Clock) };
    let offset_s = seconds(offset_ms);
    let limit = &policy.clock_offset_s;
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
    Point { lat: fix.lat, lon: fix.lon, accuracy_m: fix.accuracy_m }
}

/// Metres between two places, on a sphere: within 0.6 % of the ellipsoid, far below any accuracy here.
pub fn distance_m(from: Point, to: Point) -> f64 {
    Haversine.distance(geo::Point::new(from.lon, from.lat), geo::Point::new(to.lon, to.lat))
}
