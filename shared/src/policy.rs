//! Thresholds, intervals, deadlines and departments: data, since they differ by county. Each stands beside its
//! source in `assets/policy/*.toml`. Decides nothing.

mod evidence;
mod house;
mod issues;
mod posts;
mod schedule;
mod water;

pub use evidence::{
    ChainPolicy, EvidencePolicy, HourPolicy, LatePolicy, MockPolicy, PhotoWeight, Threshold, Weight,
};
pub use house::{GradePolicy, HousePolicy, MeasureLimits, PartPolicy};
pub use issues::{IssuePolicy, TopicPolicy};
pub use posts::{AreaPolicy, AttendancePolicy, EligibilityPolicy, PostPolicy, RepeatPolicy};
pub use schedule::{Every, SchedulePolicy, ScheduleRule, Season, Whom};
pub use water::{
    ConveniencePolicy, QualityPolicy, QuantityPolicy, Range, ReadingPolicy, ReliabilityPolicy, WaterPolicy,
};

use crate::builtin;
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;

/// All that a county may set for itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Policy {
    /// When a record is worth believing.
    pub evidence: EvidencePolicy,
    /// Who is called on, how often.
    pub schedule: SchedulePolicy,
    /// Deadlines and departments of problems.
    pub issues: IssuePolicy,
    /// What an inspection makes of a house.
    pub house: HousePolicy,
    /// When drinking water is good enough.
    pub water: WaterPolicy,
    /// Who may hold a public post, and how it is attended.
    pub posts: PostPolicy,
}

/// The texts of the policy's files.
#[derive(Clone, Copy, Debug)]
pub struct PolicyTexts<'a> {
    /// `evidence.toml`.
    pub evidence: &'a str,
    /// `schedule.toml`.
    pub schedule: &'a str,
    /// `issues.toml`.
    pub issues: &'a str,
    /// `house.toml`.
    pub house: &'a str,
    /// `water.toml`.
    pub water: &'a str,
    /// `posts.toml`.
    pub posts: &'a str,
}

impl PolicyTexts<'static> {
    /// Those that come with the program.
    pub const BUILTIN: Self = Self {
        evidence: builtin::EVIDENCE_POLICY,
        schedule: builtin::SCHEDULE_POLICY,
        issues: builtin::ISSUES_POLICY,
        house: builtin::HOUSE_POLICY,
        water: builtin::WATER_POLICY,
        posts: builtin::POSTS_POLICY,
    };
}

/// A policy file that cannot be used. The text names the line and what is wrong there.
#[derive(Debug, thiserror::Error)]
#[error("the {file} policy cannot be read: {detail}")]
pub struct BadPolicy {
    file: &'static str,
    detail: String,
}

impl BadPolicy {
    pub(crate) fn new(file: &'static str, detail: &str) -> Self {
        Self { file, detail: detail.to_owned() }
    }
}

impl Policy {
    /// The policy that comes with the program.
    pub fn builtin() -> &'static Policy {
        static BUILTIN: LazyLock<Policy> = LazyLock::new(|| {
            Policy::parse(PolicyTexts::BUILTIN).expect("the built-in policy is read by a test")
        });
        &BUILTIN
    }

    /// Reads a policy from the texts of its files.
    pub fn parse(texts: PolicyTexts<'_>) -> Result<Policy, BadPolicy> {
        let policy = Policy {
            evidence: read("evidence", texts.evidence)?,
            schedule: read("schedule", texts.schedule)?,
            issues: read("issues", texts.issues)?,
            house: read("house", texts.house)?,
            water: read("water", texts.water)?,
            posts: read("posts", texts.posts)?,
        };
        policy.evidence.check()?;
        policy.schedule.check()?;
        policy.house.check()?;
        policy.water.check()?;
        Ok(policy)
    }
}

pub(crate) fn read<T: serde::de::DeserializeOwned>(file: &'static str, text: &str) -> Result<T, BadPolicy> {
    toml::from_str(text).map_err(|error| BadPolicy { file, detail: error.to_string() })
}
