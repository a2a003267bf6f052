//! What an inspection makes of a house.

use super::BadPolicy;
use crate::rules::house::{HouseGrade, Part};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What an inspection makes of a house.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HousePolicy {
    /// Counts up with every change.
    pub version: u32,
    /// What damage to each part means. All five are there.
    pub parts: BTreeMap<Part, PartPolicy>,
    /// What damage to several parts means.
    pub grade: GradePolicy,
}

/// What damage to a part means.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartPolicy {
    /// Whether it bears the house.
    pub bearing: bool,
    /// The grade that severe damage to this part alone means.
    pub severe_alone: HouseGrade,
    /// Where this comes from.
    pub source: String,
    /// Width of the widest crack, in millimetres.
    #[serde(default)]
    pub crack_mm: Option<MeasureLimits>,
    /// How far it leans, in millimetres for each metre of height.
    #[serde(default)]
    pub tilt_mm_m: Option<MeasureLimits>,
}

/// Beyond which measures damage counts as slight or severe, whatever was told.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MeasureLimits {
    /// Beyond this it is slight at least.
    pub slight: f64,
    /// Beyond this it is severe.
    pub severe: f64,
    /// Where the numbers come from.
    pub source: String,
}

/// What damage to several parts means.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GradePolicy {
    /// From so many severely damaged bearing parts on the whole house is in danger: D.
    pub severe_bearing_parts: usize,
    /// Where the number comes from.
    pub source: String,
}

impl HousePolicy {
    pub(super) fn check(&self) -> Result<(), BadPolicy> {
        let bad = |detail: &str| Err(BadPolicy::new("house", detail));
        if let Some(missing) = Part::ALL.iter().find(|part| !self.parts.contains_key(part)) {
            return bad(&format!("nothing is said of the part {}", missing.key()));
        }
        let limits = self.parts.values().flat_map(|part| [&part.crack_mm, &part.tilt_mm_m]).flatten();
        if limits.into_iter().any(|limits| limits.slight > limits.severe) {
            return bad("a limit for slight damage lies beyond the one for severe");
        }
        if self.parts.values().any(|part| part.severe_alone < HouseGrade::C) {
            return bad("severe damage to a part means a grade of C or D");
        }
        if self.grade.severe_bearing_parts == 0 {
            return bad("no severely damaged part would mean grade D");
        }
        Ok(())
    }
}
