//! A form from opening to ready: what is offered, asked and still missing.

use super::{FormProblem, Seen, VisitDraft, members};
use crate::checklist::{Checklist, Question, Situation};
use crate::entry::Entry;
use crate::ledger::{self, NOTE_CHARS_MAX, TEXT_CHARS_MAX};
use crate::observation::Outcome;
use crate::value::Value;
use std::collections::{BTreeMap, BTreeSet};

/// A form for a household, opened at `now_ms` by the phone's wall clock. `members` are its persons.
pub fn begin(household: &Entry, members: &[Entry], checklist: &Checklist, now_ms: i64) -> VisitDraft {
    VisitDraft {
        household: household.id,
        corrects: None,
        started_at_ms: now_ms,
        dwell_ms: 0,
        checklist: checklist.reference(),
        outcome: None,
        met: String::new(),
        note: String::new(),
        companions: Vec::new(),
        answers: BTreeMap::new(),
        fixes: Vec::new(),
        struck: BTreeSet::new(),
        seen: seen(household, checklist),
        members: members::facts(members, now_ms),
    }
}

fn seen(household: &Entry, checklist: &Checklist) -> BTreeMap<String, Seen> {
    let fields = checklist.questions.iter().filter_map(|question| question.writes.as_ref());
    fields
        .map(|writes| {
            let field = &writes.field;
            let seen = Seen { value: household.value(field).clone(), heads: household.heads(field) };
            (field.clone(), seen)
        })
        .collect()
}

/// A fact that the ledger holds already, to be confirmed instead of asked. Not an answer until then.
#[derive(Clone, Debug, PartialEq)]
pub struct Prefilled {
    /// The question.
    pub question: String,
    /// The answer that the ledger stands for.
    pub answer: Value,
}

/// The facts offered for confirmation, in the order asked, without those answered already.
pub fn prefill(draft: &VisitDraft, checklist: &Checklist, household: &Entry) -> Vec<Prefilled> {
    let unanswered = relevant(draft, checklist, household)
        .into_iter()
        .filter(|question| draft.answers.get(&question.key).is_none_or(Value::is_blank));
    unanswered
        .filter_map(|question| {
            let known = household.value(question.prefill.as_deref()?);
            let answer = question.answer_for(known)?;
            Some(Prefilled { question: question.key.clone(), answer })
        })
        .collect()
}

/// The questions that the form asks now, in order.
pub fn relevant<'c>(draft: &VisitDraft, checklist: &'c Checklist, household: &Entry) -> Vec<&'c Question> {
    checklist.relevant(&situation(draft, household))
}

/// What the form still lacks, or cannot take. Empty means that it can be saved.
pub fn problems(draft: &VisitDraft, checklist: &Checklist, household: &Entry) -> Vec<FormProblem> {
    let missing_outcome = draft.outcome.is_none().then(|| FormProblem::new("outcome", "required"));
    let met_nobody = draft.outcome == Some(Outcome::AtHome) && draft.met.trim().is_empty();
    let too_long = |part: &str, text: &str, chars_max: usize| {
        (text.chars().count() > chars_max).then(|| FormProblem::new(part, "too_long"))
    };
    missing_outcome
        .into_iter()
        .chain(met_nobody.then(|| FormProblem::new("met", "required")))
        .chain(too_long("met", &draft.met, TEXT_CHARS_MAX))
        .chain(checklist.problems(&situation(draft, household)))
        .chain(too_long("note", &draft.note, NOTE_CHARS_MAX))
        .collect()
}

pub(super) fn situation<'a>(draft: &'a VisitDraft, household: &'a Entry) -> Situation<'a> {
    Situation { answers: &draft.answers, outcome: draft.outcome, household, members: &draft.members }
}

/// Text without the control characters that no ledger can hold. They come from pasted text and scanners; the
/// person sees no difference, so nothing is asked.
pub(super) fn clean(text: &str) -> String {
    if ledger::check_text(text, usize::MAX).is_ok() {
        return text.to_owned();
    }
    text.chars().filter(|&c| !c.is_control() || c == '\n' || c == '\t').collect()
}
