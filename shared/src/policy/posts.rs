//! Who may hold a public post, and how it is attended.

use serde::{Deserialize, Serialize};

/// Who may hold a public post, and how it is attended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PostPolicy {
    /// Counts up with every change.
    pub version: u32,
    /// Who may hold one.
    pub eligibility: EligibilityPolicy,
    /// When a month is long enough.
    pub attendance: AttendancePolicy,
    /// The area worked where the ledger does not say.
    pub area: AreaPolicy,
    /// What repeats too exactly.
    pub repeats: RepeatPolicy,
}

/// For whom a post is not right (不宜安置).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EligibilityPolicy {
    /// From this age on, in full years.
    pub age_from: i64,
    /// Whether a severe disability is in the way.
    pub severe_disability: bool,
    /// Whether working away from home is in the way.
    pub works_away: bool,
    /// From so many others of the household who work away on.
    pub others_away_from: i64,
    /// How many posts one person may hold.
    pub posts_max: i64,
    /// Where this comes from.
    pub source: String,
}

/// When a month is long enough.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AttendancePolicy {
    /// Whether a day of leave counts as worked.
    pub leave_counts: bool,
    /// Where this comes from.
    pub source: String,
}

/// The area worked where the ledger does not say.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AreaPolicy {
    /// Around the post's point, in metres.
    pub radius_m: f64,
    /// Where the number comes from.
    pub source: String,
}

/// What repeats too exactly.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RepeatPolicy {
    /// Records of different holders no farther apart than this, in minutes.
    pub within_min: i64,
    /// Points no farther apart than this are one, in metres.
    pub point_m: f64,
    /// Where the numbers come from.
    pub source: String,
}
