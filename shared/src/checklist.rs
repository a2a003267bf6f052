//! Checklists: questions as data, with what makes them relevant, what fits them and what a bad answer opens.
//! Decides nothing about ledgers; that is in [`crate::form`].

mod condition;
mod question;

pub use condition::{Condition, Situation, Test};
pub use question::{Choice, Opens, Question, QuestionKind, Target, Writes};

use crate::builtin;
use crate::form::FormProblem;
use crate::ledger::{LedgerKind, issue};
use crate::observation::{Answers, ChecklistRef, ObservationKind, Outcome};
use crate::rules;
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;

/// Questions asked together.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Checklist {
    /// Such as `visit`.
    pub key: String,
    /// Counts up with every change of the questions.
    pub version: u32,
    /// Which kind of record it makes.
    pub kind: ObservationKind,
    /// How it may have gone, in the order offered. A single one is taken as chosen.
    pub outcomes: Vec<Outcome>,
    /// Its parts, in the order asked.
    #[serde(rename = "section")]
    pub sections: Vec<Section>,
    /// Its questions, in the order asked.
    #[serde(rename = "question")]
    pub questions: Vec<Question>,
}

/// A part of a checklist.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Section {
    /// Its name in data.
    pub key: String,
    /// Its heading.
    pub text: Words,
    /// When its questions are asked at all.
    #[serde(default)]
    pub relevance: Condition,
}

/// Words in the two languages of the app.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Words {
    /// The words in a language; Chinese unless the tag is English.
    pub fn of(&self, language: &str) -> &str {
        if language.starts_with("en") { &self.en } else { &self.zh }
    }
}

/// A checklist that cannot be used. The text names the line and what is wrong there.
#[derive(Debug, thiserror::Error)]
#[error("the checklist cannot be read: {0}")]
pub struct BadChecklist(String);

impl Checklist {
    /// The checklist of a kind of record; of one that this version does not know, the visit's.
    pub fn of(kind: ObservationKind) -> &'static Checklist {
        match kind {
            ObservationKind::HouseInspection => Self::house(),
            ObservationKind::WaterCheck => Self::water(),
            ObservationKind::Attendance => Self::attendance(),
            ObservationKind::Visit | ObservationKind::Unknown => Self::visit(),
        }
    }

    /// 危房巡查, part by part.
    pub fn house() -> &'static Checklist {
        static HOUSE: LazyLock<Checklist> = LazyLock::new(|| built_in(builtin::HOUSE_CHECKLIST));
        &HOUSE
    }

    /// 饮水检查, four indicators.
    pub fn water() -> &'static Checklist {
        static WATER: LazyLock<Checklist> = LazyLock::new(|| built_in(builtin::WATER_CHECKLIST));
        &WATER
    }

    /// 公岗签到.
    pub fn attendance() -> &'static Checklist {
        static POST: LazyLock<Checklist> = LazyLock::new(|| built_in(builtin::POST_CHECKLIST));
        &POST
    }

    /// “两不愁三保障一安全” and the ten topics, as asked on a visit.
    pub fn visit() -> &'static Checklist {
        static VISIT: LazyLock<Checklist> = LazyLock::new(|| built_in(builtin::VISIT_CHECKLIST));
        &VISIT
    }

    /// Reads a checklist and checks that its parts fit together.
    pub fn parse(text: &str) -> Result<Checklist, BadChecklist> {
        let list: Checklist = toml::from_str(text).map_err(|error| BadChecklist(error.to_string()))?;
        list.check()?;
        Ok(list)
    }

    fn check(&self) -> Result<(), BadChecklist> {
        let mut earlier: Vec<&str> = Vec::new();
        for question in &self.questions {
            let bad = |detail: String| Err(BadChecklist(format!("question {}: {detail}", question.key)));
            if earlier.contains(&question.key.as_str()) {
                return bad("asked twice".to_owned());
            }
            let Some(section) = self.section(&question.section) else {
                return bad(format!("no section {:?}", question.section));
            };
            // Only what was asked before decides, so relevance has no circles and reads top down.
            let later = (question.relevance.questions().into_iter())
                .chain(section.relevance.questions())
                .find(|key| !earlier.contains(key));
            if let Some(key) = later {
                return bad(format!("its relevance names {key:?}, which is not asked before it"));
            }
            earlier.push(&question.key);
            for opens in &question.opens {
                if opens.topic.is_none() && question.topic.is_none() {
                    return bad("opens a problem without a topic".to_owned());
                }
                if let Some(kind) = opens.kind.as_ref().filter(|kind| !issue::KINDS.contains(&kind.as_str()))
                {
                    return bad(format!("opens a problem of no known kind, {kind:?}"));
                }
                if let Some(key) = opens.when.questions().into_iter().find(|key| !earlier.contains(key)) {
                    return bad(format!("opens on {key:?}, which is not asked before it"));
                }
            }
        }
        Ok(())
    }

    /// The outcome, where there is only one.
    pub fn only_outcome(&self) -> Option<Outcome> {
        match self.outcomes[..] {
            [only] => Some(only),
            _ => None,
        }
    }

    /// Its name and version, as records carry them.
    pub fn reference(&self) -> ChecklistRef {
        ChecklistRef { key: self.key.clone(), version: self.version }
    }

    /// The question with this key.
    pub fn question(&self, key: &str) -> Option<&Question> {
        self.questions.iter().find(|question| question.key == key)
    }

    /// The section with this key.
    pub fn section(&self, key: &str) -> Option<&Section> {
        self.sections.iter().find(|section| section.key == key)
    }

    /// The questions asked in this situation, in order. An answer to a question that is not asked decides nothing.
    pub fn relevant(&self, situation: &Situation<'_>) -> Vec<&Question> {
        self.walk(situation).0
    }

    /// The answers to the questions asked, without those left over from before an earlier answer changed.
    pub fn relevant_answers(&self, situation: &Situation<'_>) -> Answers {
        self.walk(situation).1
    }

    fn walk(&self, situation: &Situation<'_>) -> (Vec<&Question>, Answers) {
        let (mut asked, mut answers) = (Vec::new(), Answers::new());
        for question in &self.questions {
            let so_far = Situation { answers: &answers, ..*situation };
            let section_asked =
                self.section(&question.section).is_none_or(|section| section.relevance.holds(&so_far, ""));
            if !section_asked || !question.relevance.holds(&so_far, &question.key) {
                continue;
            }
            asked.push(question);
            let answer = match &question.kind {
                QuestionKind::Photo { .. } => None,
                QuestionKind::Derived { rule, .. } => {
                    rules::derive(*rule, &Situation { answers: &answers, ..*situation })
                }
                _ => situation.answers.get(&question.key).cloned(),
            };
            if let Some(answer) = answer.filter(|answer| !answer.is_blank()) {
                answers.insert(question.key.clone(), answer);
            }
        }
        (asked, answers)
    }

    /// What the answers still lack, or hold that does not fit, in the order asked.
    pub fn problems(&self, situation: &Situation<'_>) -> Vec<FormProblem> {
        let ledger = situation.subject.ledger.unwrap_or(LedgerKind::Household);
        self.relevant(situation)
            .into_iter()
            .filter_map(|question| question.problem(situation.answers.get(&question.key), ledger))
            .collect()
    }
}

fn built_in(text: &str) -> Checklist {
    Checklist::parse(text).expect("the built-in checklists are read by a test")
}
