//! Thresholds, intervals, deadlines and departments: data, since they differ by county. Each stands beside its
//! source in `assets/policy/*.toml`. Decides nothing.

use crate::access::Role;
use crate::builtin;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
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
            Policy::parse(builtin::EVIDENCE_POLICY, builtin::SCHEDULE_POLICY, builtin::ISSUES_POLICY)
                .expect("the built-in policy is read by a test")
        });
        &BUILTIN
    }

    /// Reads a policy from the texts of its three files.
    pub fn parse(evidence: &str, schedule: &str, issues: &str) -> Result<Policy, BadPolicy> {
        let policy = Policy {
            evidence: read("evidence", evidence)?,
            schedule: read("schedule", schedule)?,
            issues: read("issues", issues)?,
        };
        policy.evidence.check()?;
        Ok(policy)
    }
}

pub(crate) fn read<T: serde::de::DeserializeOwned>(file: &'static str, text: &str) -> Result<T, BadPolicy> {
    toml::from_str(text).map_err(|error| BadPolicy { file, detail: error.to_string() })
}

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
}

impl EvidencePolicy {
    fn check(&self) -> Result<(), BadPolicy> {
        let bad = |detail: &str| Err(BadPolicy { file: "evidence", detail: detail.to_owned() });
        let rising = [self.fix_age_s.clone(), self.accuracy_m.clone(), self.distance_m.clone()]
            .into_iter()
            .chain([self.travel_km_h.clone(), self.clock_offset_s.clone()])
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

/// The hours at which people are called on, local time.
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

/// Who must be called on, how often.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SchedulePolicy {
    /// Counts up with every change.
    pub version: u32,
    /// By how many days a visit that met nobody puts the next one off.
    pub postpone_days: u32,
    /// How often it may be put off.
    pub postpone_times_max: u8,
    /// Where the two numbers come from.
    pub postpone_source: String,
    /// The rules; of those that apply the earliest due day holds.
    #[serde(rename = "rule")]
    pub rules: Vec<ScheduleRule>,
}

/// One line of the visit schedule.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScheduleRule {
    /// Names it, in the messages `rule-<key>`.
    pub key: String,
    /// Who has to call.
    pub who: Vec<Role>,
    /// On whom.
    pub whom: Whom,
    /// How often.
    pub every: Every,
    /// Where it comes from.
    pub source: String,
}

/// Which households a rule is about. All given conditions hold together.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Whom {
    /// The household field that names the visitor, `cadre` or `family_doctor`.
    pub assigned_by: Option<String>,
    /// The household holds one of these categories.
    pub categories: Vec<String>,
    /// The household has this colour.
    pub colour: Option<String>,
}

/// An interval of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Every {
    /// So many months.
    Months(u32),
    /// So many days.
    Days(u32),
}

/// Deadlines and departments of problems, by topic.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IssuePolicy {
    /// Counts up with every change.
    pub version: u32,
    /// By topic, in the words of `ledger::issue::TOPICS`.
    pub topic: BTreeMap<String, TopicPolicy>,
}

impl IssuePolicy {
    /// What holds for a topic; for one that is not listed, what holds for `other`.
    pub fn of(&self, topic: &str) -> &TopicPolicy {
        static UNLISTED: TopicPolicy =
            TopicPolicy { lead: String::new(), deadline_days: 30, urgent_days: 3, source: String::new() };
        self.topic.get(topic).or_else(|| self.topic.get("other")).unwrap_or(&UNLISTED)
    }
}

/// What holds for problems of one topic.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TopicPolicy {
    /// 牵头责任部门.
    pub lead: String,
    /// Days until it has to be closed.
    pub deadline_days: u32,
    /// Days until it has to be closed when it cannot wait.
    pub urgent_days: u32,
    /// Where it comes from.
    pub source: String,
}
