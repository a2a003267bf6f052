//! How far a record is worth believing: a grade with its reasons. Runs on the phone while the person still stands
//! at the door, and again at the centre. Weak evidence is graded and explained, never refused.

mod assess;
mod contradictions;
mod input;
mod photos;

pub use assess::{EARLIEST_MS, assess, best_fix, distance_m, grade_by_receipt, photographed, travelled_from};
pub use input::{ChainState, Company, EvidenceInput, PhotoEvidence, SeenBefore, Trace};
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
    /// Dated later than the centre took it in. Named only where it is.
    Future,
    /// Its times contradict one another. Named only where they do.
    Span,
    /// The form was open for more than a day. Named only where it was.
    Open,
    /// It came to the centre days after it was made: told, and never weighed. Named only where it did.
    Late,
    /// The checklist that it names does not exist. Named only where it does not.
    Checklist,
    /// Somebody named as companion is nobody with a grant there. Named only where there is such a name.
    Companions,
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
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty", deserialize_with = "finite_numbers")]
    pub numbers: BTreeMap<String, f64>,
}

/// JSON has no word for a number that is not finite: older versions wrote `null` for one. What else the evidence says is
/// still true.
fn finite_numbers<'de, D: serde::Deserializer<'de>>(from: D) -> Result<BTreeMap<String, f64>, D::Error> {
    let numbers = BTreeMap::<String, Option<f64>>::deserialize(from)?;
    Ok(numbers.into_iter().filter_map(|(key, number)| Some((key, number?))).collect())
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
