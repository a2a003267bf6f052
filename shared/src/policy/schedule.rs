//! Who must be called on, how often.

use crate::access::Role;
use serde::{Deserialize, Serialize};

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

impl SchedulePolicy {
    pub(super) fn check(&self) -> Result<(), super::BadPolicy> {
        Ok(())
    }
}
