//! A question: what it asks, what fits it, what an answer writes and opens.

use super::{Condition, Words};
use crate::form::FormProblem;
use crate::ledger::{self, LedgerKind};
use crate::rules::Rule;
use crate::value::Value;
use serde::Deserialize;
use std::collections::BTreeMap;

/// A question.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Question {
    /// Its name in data and in records. Never used again for another question.
    pub key: String,
    /// The section it belongs to.
    pub section: String,
    /// What is asked.
    pub text: Words,
    /// What to look at or ask for, where the question needs it.
    #[serde(default)]
    pub hint: Option<Words>,
    /// What an answer looks like.
    #[serde(flatten)]
    pub kind: QuestionKind,
    /// When it is asked, besides its section's relevance.
    #[serde(default)]
    pub relevance: Condition,
    /// Whether the form cannot be saved without an answer while it is asked.
    #[serde(default)]
    pub required: bool,
    /// The topic it belongs to, one of `ledger::issue::TOPICS`.
    #[serde(default)]
    pub topic: Option<String>,
    /// The document and clause it comes from.
    pub source: String,
    /// The field that says already what would be answered; offered for confirmation. Of the subject, of its household
    /// as `household.<field>`, or a fact as `facts.<fact>`.
    #[serde(default)]
    pub prefill: Option<String>,
    /// What an answer writes into a ledger.
    #[serde(default)]
    pub writes: Option<Writes>,
    /// Problems that an answer opens.
    #[serde(default)]
    pub opens: Vec<Opens>,
}

/// What an answer looks like.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum QuestionKind {
    /// Yes or no.
    YesNo,
    /// One of some choices.
    OneOf {
        /// Which.
        choices: Vec<Choice>,
    },
    /// Any of some choices; none of them is an answer only as a choice of its own.
    ManyOf {
        /// Which.
        choices: Vec<Choice>,
    },
    /// A number.
    Number {
        /// Of what.
        unit: Words,
        /// The least that is possible.
        min: f64,
        /// The most that is possible.
        max: f64,
    },
    /// Words.
    Text {
        /// The most characters.
        #[serde(default = "text_chars_max")]
        chars_max: usize,
    },
    /// A day, `2025-07-18`.
    Date,
    /// Photographs. They stand in the form's photographs with the question's key as purpose, never among the answers;
    /// a required one that is missing weighs in the evidence and does not keep the form from being saved.
    Photo {
        /// The most for this question.
        #[serde(default = "photos_max")]
        photos_max: u8,
    },
    /// Not asked: what the rules of the field make of the answers before it. Kept in the record like an answer, so that
    /// it writes and opens as an answer does.
    Derived {
        /// By which rule.
        rule: Rule,
        /// What may come out.
        choices: Vec<Choice>,
    },
}

fn photos_max() -> u8 {
    3
}

fn text_chars_max() -> usize {
    ledger::TEXT_CHARS_MAX
}

impl QuestionKind {
    /// The choices, where there are any.
    pub fn choices(&self) -> &[Choice] {
        match self {
            Self::OneOf { choices } | Self::ManyOf { choices } | Self::Derived { choices, .. } => choices,
            Self::YesNo | Self::Number { .. } | Self::Text { .. } | Self::Date | Self::Photo { .. } => &[],
        }
    }
}

/// One of the choices of a question.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// Its name in data and in records.
    pub key: String,
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

/// Which entry an answer writes to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// What the form is about.
    #[default]
    Subject,
    /// The household that the subject belongs to.
    Household,
}

/// Which field an answer writes, and how.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Writes {
    /// Of which entry.
    #[serde(default)]
    pub on: Target,
    /// The field.
    pub field: String,
    /// Only where that entry is of this ledger: a water check is about a household or a supply.
    #[serde(default)]
    pub ledger: Option<LedgerKind>,
    /// The field's value for an answer (`yes`, `no` or a choice). Empty: the answer itself. An answer that is not
    /// listed here writes nothing.
    #[serde(default)]
    pub values: BTreeMap<String, Value>,
}

/// A problem that an answer opens.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Opens {
    /// For which answers. A condition without a key is about the question itself.
    pub when: Condition,
    /// The topic, if another than the question's.
    #[serde(default)]
    pub topic: Option<String>,
    /// Which problem within the topic, one of `ledger::issue::KINDS`. Problems of different kinds are opened beside
    /// each other; without one all bad answers of the topic open one.
    #[serde(default)]
    pub kind: Option<String>,
    /// What is wrong, in a sentence for the ledger.
    pub what: Words,
    /// Whether it cannot wait.
    #[serde(default)]
    pub urgent: bool,
    /// Days until it has to be closed, if others than the topic's.
    #[serde(default)]
    pub deadline_days: Option<u32>,
}

impl Question {
    /// What is wrong with an answer in a form about an entry of this ledger, if anything.
    pub fn problem(&self, answer: Option<&Value>, subject: LedgerKind) -> Option<FormProblem> {
        if matches!(self.kind, QuestionKind::Photo { .. } | QuestionKind::Derived { .. }) {
            return None;
        }
        match answer.filter(|answer| !answer.is_blank()) {
            None => self.required.then(|| FormProblem::new(&self.key, "required")),
            Some(answer) => self.kind.problem(&self.key, answer).or_else(|| self.unwritable(answer, subject)),
        }
    }

    /// An answer that its ledger field cannot hold, such as letters in a telephone number: told here, where it can be
    /// put right, and not by the centre days later.
    fn unwritable(&self, answer: &Value, subject: LedgerKind) -> Option<FormProblem> {
        let writes = self.writes.as_ref()?;
        let value = writes.value_for(answer)?;
        let ledger = match writes.on {
            Target::Subject => subject,
            Target::Household => LedgerKind::Household,
        };
        let unfit = writes.fits(Some(ledger)) && ledger::check(ledger, &writes.field, &value).is_err();
        unfit.then(|| FormProblem::new(&self.key, "wrong_shape"))
    }

    /// The answer that this value of the prefilled field stands for, if the question can take it.
    pub fn answer_for(&self, field_value: &Value) -> Option<Value> {
        if field_value.is_blank() {
            return None;
        }
        let values = self.writes.as_ref().map(|writes| &writes.values).filter(|values| !values.is_empty());
        let answer = match values {
            None => field_value.clone(),
            Some(values) => {
                let word = values.iter().find(|(_, value)| *value == field_value)?.0;
                match (&self.kind, word.as_str()) {
                    (QuestionKind::YesNo, "yes") => true.into(),
                    (QuestionKind::YesNo, "no") => false.into(),
                    (_, word) => word.into(),
                }
            }
        };
        self.kind.problem(&self.key, &answer).is_none().then_some(answer)
    }
}

impl Writes {
    /// Whether it writes to an entry of this ledger. One that is only known from edits is taken for what it should be.
    pub fn fits(&self, ledger: Option<LedgerKind>) -> bool {
        self.ledger.is_none_or(|wanted| ledger.is_none_or(|ledger| ledger == wanted))
    }

    /// What an answer makes of the field; none where it says nothing about it.
    pub fn value_for(&self, answer: &Value) -> Option<Value> {
        if self.values.is_empty() {
            return Some(answer.clone());
        }
        let word = match answer {
            Value::Bool(true) => "yes",
            Value::Bool(false) => "no",
            other => other.as_text()?,
        };
        self.values.get(word).cloned()
    }
}

impl QuestionKind {
    fn problem(&self, key: &str, answer: &Value) -> Option<FormProblem> {
        let code = match self {
            Self::YesNo => answer.as_bool().is_none().then_some("wrong_shape"),
            Self::OneOf { choices } => choice_problem(choices, answer),
            Self::ManyOf { choices } => match answer.as_list() {
                Some(items) => items.iter().find_map(|item| choice_problem(choices, item)),
                None => Some("wrong_shape"),
            },
            Self::Number { min, max, .. } => match answer.as_number() {
                Some(number) if (*min..=*max).contains(&number) => None,
                Some(_) => {
                    let bounds =
                        FormProblem { min: Some(*min), max: Some(*max), ..FormProblem::new(key, "") };
                    return Some(FormProblem { code: "out_of_bounds".to_owned(), ..bounds });
                }
                None => Some("wrong_shape"),
            },
            Self::Text { chars_max } => text_problem(answer, *chars_max),
            Self::Date => match answer.as_text() {
                Some(text) => text.parse::<crate::day::Day>().is_err().then_some("bad_date"),
                None => Some("wrong_shape"),
            },
            Self::Photo { .. } | Self::Derived { .. } => None,
        };
        code.map(|code| FormProblem::new(key, code))
    }
}

fn choice_problem(choices: &[Choice], answer: &Value) -> Option<&'static str> {
    match answer.as_text() {
        None => Some("wrong_shape"),
        Some(text) => choices.iter().all(|choice| choice.key != text).then_some("not_a_choice"),
    }
}

fn text_problem(answer: &Value, chars_max: usize) -> Option<&'static str> {
    let text = match answer.as_text() {
        Some(text) => text,
        None => return Some("wrong_shape"),
    };
    (text.chars().count() > chars_max).then_some("too_long")
}
