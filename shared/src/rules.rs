//! The rules of the field that make a judgement of answers: house grades, water indicators, attendance. Every rule
//! cites its source, every threshold is data in `assets/policy/`. Decides nothing about ledgers; what a judgement
//! writes and opens stands in the checklists.

use crate::checklist::Situation;
use crate::observation::ObservationKind;
use crate::value::Value;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Names a rule in a checklist.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// The parts of a house that are severely damaged, told or measured: a list.
    HouseSevereParts,
    /// The grade A–D that a house inspection suggests (现场初判).
    HouseFoundGrade,
    /// The grade that stands: a report's where there is one, else what was found.
    HouseStandingGrade,
    /// What the standing grade rests on: a report or a first judgement.
    HouseStandingBasis,
    /// What a house's rectification comes to by the grade, where that follows.
    HouseRectification,
    /// What the house lived in means for its household's housing.
    HouseholdHousing,
    /// The verdict of a water check, as good as its worst indicator.
    WaterVerdict,
    /// The indicators of a water check that are not met: a list.
    WaterBelow,
    /// The indicators of a water check that are not even basically met: a list.
    WaterUnmet,
    /// Field readings beyond their range: a list.
    WaterReadingsOff,
}

/// What the rules make of a form or a record, with the reasons that the screens put into words.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = RuleVerdict))]
#[serde(tag = "about", rename_all = "snake_case")]
pub enum Verdict {
    /// Of a house inspection.
    House {
        /// `A` to `D`; none while too little is said.
        grade: Option<String>,
        /// What led to it, worst first; the message is `house-reason-<code>`.
        reasons: Vec<Ground>,
    },
    /// Of a water check.
    Water {
        /// `met`, `basic`, `unmet`; none while too little is said.
        overall: Option<String>,
        /// The four indicators in their order; the name is `water-indicator-<code>`.
        indicators: Vec<Ground>,
        /// Field readings beyond their range; the message is `water-reading-<code>`.
        readings: Vec<Ground>,
    },
    /// Of an attendance.
    Attendance {
        /// What has to be looked at; the message is `post-flag-<code>`.
        flags: Vec<Ground>,
    },
}

/// A reason with its numbers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Ground {
    /// Names the message.
    pub code: String,
    /// How it stands: `met`, `basic`, `unmet` for indicators; `slight`, `severe` for parts; else empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub grade: String,
    /// Numbers and words for the message, by name; names of numbers end in their unit.
    #[cfg_attr(feature = "openapi", schema(value_type = BTreeMap<String, Value>))]
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub numbers: BTreeMap<String, Value>,
    /// The document and clause it comes from.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub source: String,
}

/// What a rule makes of the answers so far; none while too little is said.
pub fn derive(rule: Rule, situation: &Situation<'_>) -> Option<Value> {
    let _ = (rule, situation);
    None
}

/// What the rules make of the answers, with reasons; none for kinds without rules.
pub fn verdict(kind: ObservationKind, situation: &Situation<'_>) -> Option<Verdict> {
    let _ = (kind, situation);
    None
}
