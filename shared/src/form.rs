//! A form of any kind of record, from opening to operations: what is missing, what the ledgers will say, what is
//! written. Decides only; the device keeps drafts and makes ids.

mod begin;
mod effects;
mod facts;
mod save;

pub use begin::{Prefilled, begin, missing_photos, prefill, problems, relevant, verdict};
pub use effects::{FormLedger, effects};
pub use facts::{holder_facts, member_facts, supply_facts};
pub use save::{ISSUES_MAX, NotSaved, Stamp, mark_to_approve, save};

use crate::id::{EntityId, ObservationId, OpId, UserId};
use crate::ledger::LedgerKind;
use crate::observation::{Answers, ChecklistRef, Fix, ObservationKind, Outcome, PhotoRef};
use crate::value::Value;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A form being filled. A partial one is normal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FormDraft {
    /// Which kind of record it becomes.
    #[serde(default = "visit")]
    pub kind: ObservationKind,
    /// The ledger entry it is about.
    // Drafts kept by the first version know households only.
    #[serde(alias = "household")]
    pub subject: EntityId,
    /// The record that this one corrects.
    #[serde(default)]
    pub corrects: Option<ObservationId>,
    /// When the form was opened, by the phone's wall clock, in milliseconds since 1970.
    pub started_at_ms: i64,
    /// How long it has been in hand so far, by a clock that nobody can set.
    pub dwell_ms: u64,
    /// The checklist that is asked.
    pub checklist: ChecklistRef,
    /// How it went, once chosen.
    #[serde(default)]
    pub outcome: Option<Outcome>,
    /// Who was met.
    #[serde(default)]
    pub met: String,
    /// Anything else.
    #[serde(default)]
    pub note: String,
    /// Who went along.
    #[serde(default)]
    pub companions: Vec<UserId>,
    /// The answers so far, pre-filled facts included once they are confirmed or changed.
    #[serde(default)]
    pub answers: Answers,
    /// Places measured so far.
    #[serde(default)]
    pub fixes: Vec<Fix>,
    /// Photographs taken so far. Their bytes are durably on the device before a draft names them.
    #[serde(default)]
    pub photos: Vec<PhotoRef>,
    /// Keys of effects struck out.
    #[serde(default)]
    pub struck: BTreeSet<String>,
    /// What the fields said when the form was opened, those of the subject's household as `household.<field>`. An
    /// edit names these as its parents, so one that arrives while the form is in hand is not replaced unseen: the two
    /// become a conflict.
    #[serde(default)]
    pub seen: BTreeMap<String, Seen>,
    /// What was known besides the subject when the form was opened, such as its members, for `facts.` in conditions.
    #[serde(default, alias = "members")]
    pub facts: Answers,
}

fn visit() -> ObservationKind {
    ObservationKind::Visit
}

/// What a field said when the form was opened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Seen {
    /// The value shown.
    pub value: Value,
    /// The operations behind it and behind its siblings.
    pub heads: Vec<OpId>,
}

/// Something the form still lacks or cannot take. The message is `problem-<code>` with the question's text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FormProblem {
    /// The question, or `outcome`, `met`, `note`.
    pub question: String,
    /// `required`, `out_of_bounds`, `not_a_choice`, `bad_date`, `too_long`, `wrong_shape`.
    pub code: String,
    /// The lower bound, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<f64>,
    /// The upper bound, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<f64>,
}

impl FormProblem {
    pub(crate) fn new(question: &str, code: &str) -> Self {
        Self { question: question.to_owned(), code: code.to_owned(), min: None, max: None }
    }
}

/// Something that saving the form will do to the ledgers (“本次将更新台账”).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Effect {
    /// Names the effect within its form, so that it can be struck out.
    pub key: String,
    /// Whether the person struck it out.
    pub struck: bool,
    /// Whether it is proposed to the office, since the person's role does not cover the field (待核定).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub to_approve: bool,
    /// What it does.
    pub what: EffectKind,
}

/// What an effect does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "effect", rename_all = "snake_case")]
pub enum EffectKind {
    /// A field gets another value.
    Change {
        /// The entry.
        entity: EntityId,
        /// Its ledger.
        ledger: LedgerKind,
        /// The field.
        field: String,
        /// What it says now.
        from: Value,
        /// What it will say.
        to: Value,
    },
    /// A problem is opened.
    OpenIssue {
        /// The topic, one of `ledger::issue::TOPICS`.
        topic: String,
        /// Which problem within the topic, one of `ledger::issue::KINDS`; empty where the topic says enough.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        kind: String,
        /// What is wrong, in a sentence for the ledger.
        what: String,
        /// Whether it cannot wait.
        urgent: bool,
        /// Days until it has to be closed.
        deadline_days: u32,
        /// The lead department.
        lead: String,
    },
    /// The same problem is open for this subject already; the record is noted, no second one opened.
    IssueStands {
        /// The topic.
        topic: String,
        /// Which problem within the topic; empty where the topic says enough.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        kind: String,
        /// The open problem.
        issue: EntityId,
    },
}
