//! When a record is worth believing.

use super::BadPolicy;
use serde::{Deserialize, Serialize};

/// Thresholds of the evidence checks, and what each weighs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EvidencePolicy {
    /// Counts up with every change.
    pub version: u32,
    /// Age of the fix when the record is saved, in seconds.
    pub fix_age_s: Threshold,
    /// Accuracy of the fix, in metres.
    pub accuracy_m: Threshold,
    /// Distance from the anchor less the uncertainty, in metres.
    pub distance_m: Threshold,
    /// How far outside the area of a post, less the uncertainty, in metres.
    pub area_m: Threshold,
    /// How long a visit takes that met someone, in seconds. Here less is worse.
    pub dwell_s: Threshold,
    /// Speed from the record before, in kilometres an hour.
    pub travel_km_h: Threshold,
    /// The phone's clock against the centre's, in seconds.
    pub clock_offset_s: Threshold,
    /// The hours at which people are called on.
    pub hour: HourPolicy,
    /// Made-up places.
    pub mock: MockPolicy,
    /// The chain of operations.
    pub chain: ChainPolicy,
    /// Photographs that are required and were not taken.
    pub photos_present: PhotoWeight,
    /// Pictures from the gallery.
    pub photo_source: PhotoWeight,
    /// Pictures seen before.
    pub photo_seen: PhotoWeight,
    /// How far from the time of the record a picture was taken, in seconds.
    pub photo_time_s: Threshold,
    /// How far from the place of the record a picture was taken, less the uncertainty, in metres.
    pub photo_place_m: Threshold,
    /// How far after its receipt a record is dated, in seconds.
    pub future_s: Threshold,
    /// By how much the times of a record contradict one another, in seconds.
    pub span_s: Threshold,
    /// How long a form was open, in seconds.
    pub open_s: Threshold,
    /// When it is told that a record came late.
    pub late: LatePolicy,
    /// A checklist that does not exist.
    pub checklist: Weight,
    /// Companions who have no grant in the village.
    pub companions: Weight,
}

/// When it is told that a record came late. It weighs nothing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LatePolicy {
    /// After how many seconds.
    pub after_s: f64,
    /// Where the number comes from.
    pub source: String,
}

/// What a check weighs that has no limit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Weight {
    /// See [`Threshold::weight`].
    pub weight: f64,
    /// Where it comes from.
    pub source: String,
}

/// What a check of photographs weighs that has no number.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PhotoWeight {
    /// See [`Threshold::weight`].
    pub weight: f64,
    /// Where it comes from.
    pub source: String,
}

impl EvidencePolicy {
    pub(super) fn check(&self) -> Result<(), BadPolicy> {
        let bad = |detail| Err(BadPolicy::new("evidence", detail));
        let rising = [&self.fix_age_s, &self.accuracy_m, &self.distance_m, &self.area_m]
            .into_iter()
            .chain([&self.travel_km_h, &self.clock_offset_s, &self.photo_time_s, &self.photo_place_m])
            .chain([&self.future_s, &self.span_s, &self.open_s])
            .all(|limit| limit.pass <= limit.doubt);
        if !rising {
            return bad("the limit for passing lies beyond the limit for doubt");
        }
        if self.dwell_s.pass < self.dwell_s.doubt {
            return bad("a visit long enough to pass is shorter than one that is doubtful");
        }
        Ok(())
    }
}

/// Two limits of a measure: in order as far as `pass`, doubtful as far as `doubt`, failed beyond.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Threshold {
    /// The limit for passing.
    pub pass: f64,
    /// The limit for doubt.
    pub doubt: f64,
    /// How much a doubt weighs; at 1 it makes the whole record doubtful by itself, at 0.5 only with another.
    pub weight: f64,
    /// Where the numbers come from.
    pub source: String,
}

/// The hours at which people are usually called on, local time. Told, and never weighed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HourPolicy {
    /// From this hour.
    pub from_h: u8,
    /// Until this hour.
    pub until_h: u8,
    /// See [`Threshold::weight`].
    pub weight: f64,
    /// Where the numbers come from.
    pub source: String,
}

/// What a made-up place weighs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MockPolicy {
    /// See [`Threshold::weight`].
    pub weight: f64,
    /// What it weighs that the platform cannot tell, as in a browser. Below 1 a record with everything else in
    /// order is still credible; at 1 none from such a platform is.
    pub untold_weight: f64,
    /// Where the numbers come from.
    pub source: String,
}

/// What a damaged chain weighs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChainPolicy {
    /// See [`Threshold::weight`].
    pub weight: f64,
    /// Where the numbers come from.
    pub source: String,
}
