//! Conditions over answers, the outcome, the subject, its household and what is known besides. Structured data and a
//! small total function: no expression language to parse, nothing that can fail at the door.

use crate::entry::Entry;
use crate::observation::{Answers, Outcome};
use crate::value::Value;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// What conditions look at.
#[derive(Clone, Copy, Debug)]
pub struct Situation<'a> {
    /// The answers so far.
    pub answers: &'a Answers,
    /// How it went, once chosen.
    pub outcome: Option<Outcome>,
    /// What the form is about, as the ledger has it.
    pub subject: &'a Entry,
    /// The household that the subject is or belongs to, if any.
    pub household: Option<&'a Entry>,
    /// What is known besides, such as `school_age` of a household's members.
    pub facts: &'a Answers,
}

/// A condition. In data one of `{ key, is }`, `{ key, any_of }`, `{ key, at_least }`, `{ key, at_most }`,
/// `{ key, answered }`, `{ all = […] }`, `{ any = […] }`, `{ not = {…} }`. A key is a question, `outcome`,
/// `subject.ledger`, `subject.<field>`, `household.<field>`, or `facts.<fact>`, for households also `members.<fact>`;
/// without one it is the question that the condition stands in.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub enum Condition {
    /// Always holds.
    #[default]
    Always,
    /// All of them hold.
    All(Vec<Condition>),
    /// One of them holds.
    Any(Vec<Condition>),
    /// It does not hold.
    Not(Box<Condition>),
    /// What a key says passes a test.
    Test {
        /// Whose value; none for the question that the condition stands in.
        key: Option<String>,
        /// Which test.
        test: Test,
    },
}

/// A test of one value. A value that is not there passes only `Answered(false)`.
#[derive(Clone, Debug, PartialEq)]
pub enum Test {
    /// Equal, or a list that holds it.
    Is(Value),
    /// Equal to one of them, or a list that holds one of them.
    AnyOf(Vec<Value>),
    /// A number not below this.
    AtLeast(f64),
    /// A number not above this.
    AtMost(f64),
    /// Whether anything is said.
    Answered(bool),
}

#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    is: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    any_of: Option<Vec<Value>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    at_least: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    at_most: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    answered: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    all: Option<Vec<Condition>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    any: Option<Vec<Condition>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    not: Option<Box<Condition>>,
}

impl From<Condition> for Written {
    fn from(condition: Condition) -> Self {
        let written = Self::default();
        match condition {
            // As data has no word for it, “all of nothing” says the same.
            Condition::Always => Self { all: Some(Vec::new()), ..written },
            Condition::All(all) => Self { all: Some(all), ..written },
            Condition::Any(any) => Self { any: Some(any), ..written },
            Condition::Not(not) => Self { not: Some(not), ..written },
            Condition::Test { key, test } => {
                let written = Self { key, ..written };
                match test {
                    Test::Is(value) => Self { is: Some(value), ..written },
                    Test::AnyOf(values) => Self { any_of: Some(values), ..written },
                    Test::AtLeast(least) => Self { at_least: Some(least), ..written },
                    Test::AtMost(most) => Self { at_most: Some(most), ..written },
                    Test::Answered(answered) => Self { answered: Some(answered), ..written },
                }
            }
        }
    }
}

impl TryFrom<Written> for Condition {
    type Error = &'static str;

    fn try_from(written: Written) -> Result<Self, Self::Error> {
        let key = written.key;
        let has_key = key.is_some();
        let test = |test: Test| Condition::Test { key: key.clone(), test };
        let found: Vec<Condition> = [
            written.is.map(|value| test(Test::Is(value))),
            written.any_of.map(|values| test(Test::AnyOf(values))),
            written.at_least.map(|number| test(Test::AtLeast(number))),
            written.at_most.map(|number| test(Test::AtMost(number))),
            written.answered.map(|flag| test(Test::Answered(flag))),
            written.all.map(Condition::All),
            written.any.map(Condition::Any),
            written.not.map(Condition::Not),
        ]
        .into_iter()
        .flatten()
        .collect();
        match <[Condition; 1]>::try_from(found) {
            Ok([Condition::All(_) | Condition::Any(_) | Condition::Not(_)]) if has_key => {
                Err("all, any and not stand without a key")
            }
            Ok([condition]) => Ok(condition),
            Err(_) => {
                Err("a condition has exactly one of is, any_of, at_least, at_most, answered, all, any, not")
            }
        }
    }
}

impl Condition {
    /// Whether it asks for nothing.
    pub(crate) fn is_always(&self) -> bool {
        *self == Self::Always
    }

    /// Whether it holds. `own` is the key of the question that it stands in.
    pub fn holds(&self, situation: &Situation<'_>, own: &str) -> bool {
        match self {
            Self::Always => true,
            Self::All(all) => all.iter().all(|condition| condition.holds(situation, own)),
            Self::Any(any) => any.iter().any(|condition| condition.holds(situation, own)),
            Self::Not(not) => !not.holds(situation, own),
            Self::Test { key, test } => test.passes(&situation.value(key.as_deref().unwrap_or(own))),
        }
    }

    /// Every key that it names.
    pub fn keys(&self) -> Vec<&str> {
        match self {
            Self::Always => Vec::new(),
            Self::All(many) | Self::Any(many) => many.iter().flat_map(Self::keys).collect(),
            Self::Not(one) => one.keys(),
            Self::Test { key, .. } => key.as_deref().into_iter().collect(),
        }
    }

    /// The questions that it names.
    pub(super) fn questions(&self) -> Vec<&str> {
        let is_question = |key: &&str| *key != OUTCOME && !key.contains('.');
        self.keys().into_iter().filter(is_question).collect()
    }

    /// Every key with the values that it is compared with, for checking the data.
    pub fn comparisons(&self) -> Vec<(Option<&str>, Vec<&Value>)> {
        match self {
            Self::Always => Vec::new(),
            Self::All(many) | Self::Any(many) => many.iter().flat_map(Self::comparisons).collect(),
            Self::Not(one) => one.comparisons(),
            Self::Test { key, test } => vec![(key.as_deref(), test.values())],
        }
    }
}

const OUTCOME: &str = "outcome";
/// Which ledger the form is about: a water check is made at a household or at a supply. No ledger has a field of this
/// name.
const SUBJECT_LEDGER: &str = "subject.ledger";

impl<'a> Situation<'a> {
    /// What a key says; see [`Condition`]. `Null` where nothing is known.
    pub fn value(&self, key: &str) -> Cow<'a, Value> {
        static NULL: Value = Value::Null;
        if key == OUTCOME {
            return Cow::Owned(self.outcome.map_or(Value::Null, |outcome| Value::write(&outcome)));
        }
        if key == SUBJECT_LEDGER {
            return Cow::Owned(self.subject.ledger.map_or(Value::Null, |ledger| ledger.key().into()));
        }
        Cow::Borrowed(match key.split_once('.') {
            Some(("subject", field)) => self.subject.value(field),
            Some(("household", field)) => self.household.map_or(&NULL, |household| household.value(field)),
            Some(("facts" | "members", fact)) => self.facts.get(fact).unwrap_or(&NULL),
            _ => self.answers.get(key).unwrap_or(&NULL),
        })
    }
}

impl Test {
    fn passes(&self, value: &Value) -> bool {
        match self {
            Self::Is(wanted) => is(value, wanted),
            Self::AnyOf(wanted) => wanted.iter().any(|wanted| is(value, wanted)),
            Self::AtLeast(least) => value.as_number().is_some_and(|number| number >= *least),
            Self::AtMost(most) => value.as_number().is_some_and(|number| number <= *most),
            Self::Answered(answered) => value.is_blank() != *answered,
        }
    }

    fn values(&self) -> Vec<&Value> {
        match self {
            Self::Is(value) => vec![value],
            Self::AnyOf(values) => values.iter().collect(),
            Self::AtLeast(_) | Self::AtMost(_) | Self::Answered(_) => Vec::new(),
        }
    }
}

fn is(value: &Value, wanted: &Value) -> bool {
    value == wanted || value.as_list().is_some_and(|items| items.contains(wanted))
}
