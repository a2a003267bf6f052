//! The rules of the field that make a judgement: house grades, water indicators, public posts, steps of problems. Every
//! rule cites its source, every threshold is data in `assets/policy/`. Pure functions over plain inputs, called alike by
//! forms, the device's views and the centre. Decides nothing about ledgers; what a judgement writes and opens stands in
//! the checklists.

pub mod house;
pub mod issue;
pub mod post;
pub mod review;
pub mod water;

use crate::checklist::Situation;
use crate::observation::{ObservationKind, Outcome};
use crate::policy::Policy;
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
    /// A house's rectification as said now, else as in the ledger.
    HouseRectificationNow,
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

impl Ground {
    pub(crate) fn new(code: &str, source: &str) -> Self {
        let (code, source) = (code.to_owned(), source.to_owned());
        Self { code, grade: String::new(), numbers: BTreeMap::new(), source }
    }

    pub(crate) fn graded(self, grade: &str) -> Self {
        Self { grade: grade.to_owned(), ..self }
    }

    pub(crate) fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.numbers.insert(name.to_owned(), value.into());
        self
    }
}

/// What a rule makes of the answers so far; none while too little is said. By the policy that comes with the program.
pub fn derive(rule: Rule, situation: &Situation<'_>) -> Option<Value> {
    let policy = Policy::builtin();
    match rule {
        Rule::HouseSevereParts
        | Rule::HouseFoundGrade
        | Rule::HouseStandingGrade
        | Rule::HouseStandingBasis
        | Rule::HouseRectificationNow
        | Rule::HouseRectification
        | Rule::HouseholdHousing => house::derive(rule, situation, &policy.house),
        Rule::WaterVerdict | Rule::WaterBelow | Rule::WaterUnmet | Rule::WaterReadingsOff => {
            water::derive(rule, situation, &policy.water)
        }
    }
}

/// What the rules make of the answers, with reasons; none for kinds without rules, and for records that could not be
/// made. By the policy that comes with the program. For a record instead of a form: its answers, its outcome, and the
/// entries as they are known.
pub fn verdict(kind: ObservationKind, situation: &Situation<'_>) -> Option<Verdict> {
    let policy = Policy::builtin();
    if situation.outcome != Some(Outcome::Done) {
        return None;
    }
    match kind {
        ObservationKind::HouseInspection => Some(house::verdict(situation, &policy.house)),
        ObservationKind::WaterCheck => Some(water::verdict(situation, &policy.water)),
        ObservationKind::Attendance => Some(post::verdict(situation, &policy.posts)),
        ObservationKind::Visit | ObservationKind::Unknown => None,
    }
}
