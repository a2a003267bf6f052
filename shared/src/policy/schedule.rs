//! Who must be called on, how often.

use super::BadPolicy;
use crate::access::Role;
use crate::checklist::Condition;
use crate::ledger::LedgerKind;
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

/// One line of the schedule.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScheduleRule {
    /// Names it, in the messages `rule-<key>`, for its season `rule-<key>-season`.
    pub key: String,
    /// The ledger whose entries it is about. Households are visited, houses inspected, supplies checked, the holders of
    /// posts met.
    #[serde(default = "household")]
    pub about: LedgerKind,
    /// Who has to call.
    pub who: Vec<Role>,
    /// On whom.
    pub whom: Whom,
    /// How often.
    pub every: Every,
    /// When it is more often.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub season: Option<Season>,
    /// Where it comes from.
    pub source: String,
}

fn household() -> LedgerKind {
    LedgerKind::Household
}

/// Which entries a rule is about. All given conditions hold together.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Whom {
    /// The field that names who has to call: `cadre` or `family_doctor` of a household, `household.cadre` of what
    /// belongs to one.
    pub assigned_by: Option<String>,
    /// The household holds one of these categories.
    pub categories: Vec<String>,
    /// The household has this colour.
    pub colour: Option<String>,
    /// What the entry says in its fields, as `subject.<field>` and `household.<field>`.
    #[serde(skip_serializing_if = "Condition::is_always")]
    pub when: Condition,
    /// The field with the first day on which it is asked, where it says one.
    pub from_field: Option<String>,
    /// The field with the last day on which it is asked, where it says one.
    pub until_field: Option<String>,
}

/// A part of the year in which something is asked more often.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Season {
    /// Its months, 1 to 12.
    pub months: Vec<i8>,
    /// A field of the entry that names further months by their numbers.
    #[serde(default)]
    pub months_field: Option<String>,
    /// How often then.
    pub every: Every,
    /// Where it comes from.
    pub source: String,
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
    pub(super) fn check(&self) -> Result<(), BadPolicy> {
        let bad = |rule: &ScheduleRule, detail: &str| {
            Err(BadPolicy::new("schedule", &format!("rule {}: {detail}", rule.key)))
        };
        for rule in &self.rules {
            if rule.about == LedgerKind::Unknown {
                return bad(rule, "there is no such ledger");
            }
            let months = rule.season.iter().flat_map(|season| &season.months);
            if months.into_iter().any(|month| !(1..=12).contains(month)) {
                return bad(rule, "a year has the months 1 to 12");
            }
        }
        Ok(())
    }
}
