//! How far a record is worth believing: a grade with its reasons. Runs on the phone while the person still stands
//! at the door, and again at the centre. Weak evidence is graded and explained, never refused.

mod assess;
mod input;
mod photos;

pub use assess::{assess, best_fix, distance_m};
pub use input::{ChainState, EvidenceInput, PhotoEvidence, SeenBefore, Trace};
pub use photos::{missing_photos, required_photos};

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// 佐证等级.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Grade {
    /// 不足.
    Insufficient,
    /// 存疑.
    Doubtful,
    /// 可信.
    Credible,
}

/// What one check found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Finding {
    /// In order.
    Pass,
    /// Cannot be told, because what it needs is not there; counts for nothing.
    Unknown,
    /// Makes one doubt.
    Doubt,
    /// Speaks against the record.
    Fail,
}

/// The checks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum CheckName {
    /// A place was measured, and not long before saving.
    FixAge,
    /// How well it was measured.
    Accuracy,
    /// How far from the household's anchor, the house's or the supply's point, less the uncertainty.
    Distance,
    /// Of an attendance: how far outside the area worked, less the uncertainty (位置不符).
    Area,
    /// Whether another app made the place up.
    Mock,
    /// How long the visit took.
    Dwell,
    /// How fast one would have had to travel from the record before.
    Travel,
    /// The hour of the day.
    Hour,
    /// The phone's clock against the centre's.
    Clock,
    /// The device's chain of operations and its signature.
    Chain,
    /// The photographs that the form requires were taken, and have arrived.
    PhotosPresent,
    /// Where the pictures came from.
    PhotoSource,
    /// Whether a picture was seen before, in another record.
    PhotoSeen,
    /// When the pictures were taken, against the record.
    PhotoTime,
    /// Where they were taken, against the record.
    PhotoPlace,
    /// A check of a newer version.
    #[serde(other)]
    Unknown,
}

/// One check with its numbers, named as the messages need them (`distance_m`, `accuracy_m`, `limit_m` …).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Check {
    /// Which.
    pub name: CheckName,
    /// What it found.
    pub finding: Finding,
    /// The numbers behind it, with their unit as the end of the name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub numbers: BTreeMap<String, f64>,
}

/// The grade with its reasons.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Evidence {
    /// The grade.
    pub grade: Grade,
    /// Every check that concerns this kind of record, in a fixed order.
    pub checks: Vec<Check>,
}
