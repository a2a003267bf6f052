//! The checks of photographs: there, from the camera, not seen before, of this time and place.

use super::assess::{check, judge, point_of, seconds, unknown};
use super::{Check, CheckName, EvidenceInput, Finding, best_fix, distance_m};
use crate::area::AreaCode;
use crate::checklist::{Checklist, QuestionKind, Situation};
use crate::entry::Entry;
use crate::id::EntityId;
use crate::observation::{Answers, Fix, Observation, Outcome, PhotoRef, PhotoSource};
use crate::policy::EvidencePolicy;

/// The purposes for which a form requires a photograph, by its answers and outcome alone: a record is assessed where
/// its subject may not be at hand. A test holds that no required photograph depends on more.
pub fn required_photos(checklist: &Checklist, outcome: Option<Outcome>, answers: &Answers) -> Vec<String> {
    let nobody = Entry::empty(EntityId::from_bytes([0; 16]), AreaCode::NOWHERE);
    let nothing = Answers::new();
    let situation = Situation { answers, outcome, subject: &nobody, household: None, facts: &nothing };
    let asked = checklist.relevant(&situation).into_iter();
    let required =
        asked.filter(|question| question.required && matches!(question.kind, QuestionKind::Photo { .. }));
    required.map(|question| question.key.clone()).collect()
}

/// The required photographs that a record lacks, by their questions.
pub fn missing_photos(record: &Observation) -> Vec<String> {
    let required = required_photos(Checklist::of(record.kind), Some(record.outcome), &record.answers);
    missing(&required, &record.photos)
}

fn missing(required: &[String], taken: &[PhotoRef]) -> Vec<String> {
    let lacks = |purpose: &&String| taken.iter().all(|photo| photo.purpose != **purpose);
    required.iter().filter(lacks).cloned().collect()
}

/// The names of the checks made here.
pub(super) const NAMES: [CheckName; 5] = [
    CheckName::PhotosPresent,
    CheckName::PhotoSource,
    CheckName::PhotoSeen,
    CheckName::PhotoTime,
    CheckName::PhotoPlace,
];

/// The checks; none where no photograph is required and none was taken.
pub(super) fn checks(input: &EvidenceInput, policy: &EvidencePolicy) -> Vec<Check> {
    if input.photos.required.is_empty() && input.photos.taken.is_empty() {
        return Vec::new();
    }
    let weighed = weighed(input);
    vec![
        present(input, &weighed),
        source(&weighed),
        seen(input, &weighed),
        time(input, &weighed, policy),
        place(input, &weighed, policy),
    ]
}

/// The photographs that speak for the record: those that the form requires; where it requires none, all. A page of a
/// report from the gallery says nothing against an inspection.
fn weighed(input: &EvidenceInput) -> Vec<&PhotoRef> {
    let required = &input.photos.required;
    let speaks = |photo: &&PhotoRef| required.is_empty() || required.contains(&photo.purpose);
    input.photos.taken.iter().filter(speaks).collect()
}

fn count(number: usize) -> f64 {
    f64::from(u32::try_from(number).unwrap_or(u32::MAX))
}

fn present(input: &EvidenceInput, weighed: &[&PhotoRef]) -> Check {
    let missing = missing(&input.photos.required, &input.photos.taken).len();
    let awaited = match &input.photos.held {
        Some(held) => weighed.iter().filter(|photo| !held.contains(&photo.sha256)).count(),
        None => 0,
    };
    let finding = match (missing, awaited) {
        (0, 0) => Finding::Pass,
        (0, _) => Finding::Unknown,
        (_, _) => Finding::Fail,
    };
    let numbers = [
        ("missing_count", count(missing)),
        ("awaited_count", count(awaited)),
        ("taken_count", count(weighed.len())),
    ];
    check(CheckName::PhotosPresent, finding, numbers)
}

fn source(weighed: &[&PhotoRef]) -> Check {
    let from = |source: PhotoSource| weighed.iter().filter(|photo| photo.source == source).count();
    let gallery = from(PhotoSource::Gallery);
    let finding = match (gallery, from(PhotoSource::Unknown)) {
        (0, 0) if !weighed.is_empty() => Finding::Pass,
        (0, _) => return unknown(CheckName::PhotoSource),
        (_, _) => Finding::Doubt,
    };
    check(CheckName::PhotoSource, finding, [("gallery_count", count(gallery))])
}

fn seen(input: &EvidenceInput, weighed: &[&PhotoRef]) -> Check {
    let compared = || weighed.iter().filter_map(|photo| input.photos.seen.get(&photo.sha256));
    let same = compared().filter(|seen| seen.same_bytes).count();
    let near = compared().filter(|seen| !seen.same_bytes).filter_map(|seen| seen.nearest_bits);
    let finding = match (same, near.clone().next()) {
        (0, None) if compared().count() < weighed.len() || weighed.is_empty() => {
            return unknown(CheckName::PhotoSeen);
        }
        (0, None) => Finding::Pass,
        (0, Some(_)) => Finding::Doubt,
        (_, _) => Finding::Fail,
    };
    let numbers = [("same_count", count(same)), ("near_count", count(near.count()))];
    check(CheckName::PhotoSeen, finding, numbers)
}

/// How far a picture was taken from the time in which the form was in hand; the worst of them. A form in hand for days
/// holds pictures of days.
fn time(input: &EvidenceInput, weighed: &[&PhotoRef], policy: &EvidencePolicy) -> Check {
    let apart_ms = |at_ms: i64| {
        let before = input.started_at_ms.saturating_sub(at_ms);
        before.max(at_ms.saturating_sub(input.saved_at_ms)).max(0)
    };
    let apart = weighed.iter().filter_map(|photo| photo.taken_at_ms).map(apart_ms).max();
    let Some(apart_s) = apart.map(seconds) else { return unknown(CheckName::PhotoTime) };
    let (finding, limit_s) = judge(apart_s, &policy.photo_time_s);
    let finding = untold_left(finding, weighed, |photo| photo.taken_at_ms.is_some());
    check(CheckName::PhotoTime, finding, [("apart_s", apart_s), ("limit_s", limit_s)])
}

/// How far from the record's place a picture was taken, less both uncertainties; the worst of them.
fn place(input: &EvidenceInput, weighed: &[&PhotoRef], policy: &EvidencePolicy) -> Check {
    let Some(fix) = best_fix(&input.fixes, input.saved_at_ms, policy) else {
        return unknown(CheckName::PhotoPlace);
    };
    let apart_m = |place: &Fix| {
        let accuracy_m = point_of(fix).accuracy_m.hypot(point_of(place).accuracy_m);
        (distance_m(point_of(fix), point_of(place)) - accuracy_m).max(0.0)
    };
    let apart = weighed.iter().filter_map(|photo| photo.place.as_ref()).map(apart_m).max_by(f64::total_cmp);
    let Some(apart_m) = apart else { return unknown(CheckName::PhotoPlace) };
    let (finding, limit_m) = judge(apart_m, &policy.photo_place_m);
    let finding = untold_left(finding, weighed, |photo| photo.place.is_some());
    check(CheckName::PhotoPlace, finding, [("apart_m", apart_m), ("limit_m", limit_m)])
}

/// A pass holds for all of them: one picture that says nothing of itself leaves the check open.
fn untold_left(finding: Finding, weighed: &[&PhotoRef], told: impl Fn(&PhotoRef) -> bool) -> Finding {
    match finding {
        Finding::Pass if !weighed.iter().all(|photo| told(photo)) => Finding::Unknown,
        other => other,
    }
}
