//! A form from opening to ready: what is offered, asked and still missing.

use super::{FormDraft, FormLedger, FormProblem, Seen};
use crate::checklist::{Checklist, Question, QuestionKind, Situation, Target};
use crate::ledger::{NOTE_CHARS_MAX, TEXT_CHARS_MAX};
use crate::observation::{Answers, ObservationKind, Outcome};
use crate::rules::{self, Verdict};
use crate::value::Value;
use std::collections::{BTreeMap, BTreeSet};

/// A form of this checklist, opened at `now_ms` by the phone's wall clock. `facts` is what is known besides the
/// entries, such as [`super::member_facts`] for a visit.
pub fn begin(ledger: &FormLedger<'_>, facts: Answers, checklist: &Checklist, now_ms: i64) -> FormDraft {
    FormDraft {
        kind: checklist.kind,
        subject: ledger.subject.id,
        corrects: None,
        started_at_ms: now_ms,
        dwell_ms: 0,
        checklist: checklist.reference(),
        outcome: checklist.only_outcome(),
        met: String::new(),
        note: String::new(),
        companions: Vec::new(),
        answers: BTreeMap::new(),
        fixes: Vec::new(),
        photos: Vec::new(),
        struck: BTreeSet::new(),
        seen: seen(ledger, checklist),
        facts,
    }
}

fn seen(ledger: &FormLedger<'_>, checklist: &Checklist) -> BTreeMap<String, Seen> {
    let written = checklist.questions.iter().filter_map(|question| question.writes.as_ref());
    written
        .filter_map(|writes| {
            let entry = ledger.target(writes)?;
            let field = &writes.field;
            let seen = Seen { value: entry.value(field).clone(), heads: entry.heads(field) };
            Some((seen_key(writes.on, field), seen))
        })
        .collect()
}

/// The name of a field among [`FormDraft::seen`] and in the keys of effects.
pub(super) fn seen_key(on: Target, field: &str) -> String {
    match on {
        Target::Subject => field.to_owned(),
        Target::Household => format!("household.{field}"),
    }
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
pub fn prefill(draft: &FormDraft, checklist: &Checklist, ledger: &FormLedger<'_>) -> Vec<Prefilled> {
    let unanswered = relevant(draft, checklist, ledger)
        .into_iter()
        .filter(|question| draft.answers.get(&question.key).is_none_or(Value::is_blank));
    unanswered
        .filter_map(|question| {
            let known = known(draft, ledger, question.prefill.as_deref()?)?;
            let answer = question.answer_for(known)?;
            Some(Prefilled { question: question.key.clone(), answer })
        })
        .collect()
}

/// What the subject says in a field, its household in `household.<field>`, a fact in `facts.<fact>`.
fn known<'a>(draft: &'a FormDraft, ledger: &FormLedger<'a>, key: &str) -> Option<&'a Value> {
    match key.split_once('.') {
        Some(("household", field)) => ledger.household.map(|household| household.value(field)),
        Some(("facts", fact)) => draft.facts.get(fact),
        _ => Some(ledger.subject.value(key)),
    }
}

/// The questions that the form asks now, in order.
pub fn relevant<'c>(
    draft: &FormDraft,
    checklist: &'c Checklist,
    ledger: &FormLedger<'_>,
) -> Vec<&'c Question> {
    checklist.relevant(&situation(draft, ledger))
}

/// The photographs that are required now and not taken yet, by question. They do not keep a form from being saved: a
/// broken camera must not cost the record. They weigh in its evidence.
pub fn missing_photos(draft: &FormDraft, checklist: &Checklist, ledger: &FormLedger<'_>) -> Vec<String> {
    let taken = |key: &str| draft.photos.iter().any(|photo| photo.purpose == key);
    let wanted =
        |question: &&Question| matches!(question.kind, QuestionKind::Photo { .. }) && question.required;
    let asked = relevant(draft, checklist, ledger).into_iter().filter(wanted);
    asked.map(|question| question.key.clone()).filter(|key| !taken(key)).collect()
}

/// What the rules of the field make of the form as it stands; none for kinds without such rules.
pub fn verdict(draft: &FormDraft, checklist: &Checklist, ledger: &FormLedger<'_>) -> Option<Verdict> {
    let situation = situation(draft, ledger);
    let answers = checklist.relevant_answers(&situation);
    rules::verdict(draft.kind, &Situation { answers: &answers, ..situation })
}

/// What the form still lacks, or cannot take. Empty means that it can be saved.
pub fn problems(draft: &FormDraft, checklist: &Checklist, ledger: &FormLedger<'_>) -> Vec<FormProblem> {
    let missing_outcome = draft.outcome.is_none().then(|| FormProblem::new("outcome", "required"));
    let visited = draft.kind == ObservationKind::Visit && draft.outcome == Some(Outcome::AtHome);
    let met_nobody = visited && draft.met.trim().is_empty();
    let too_long = |part: &str, text: &str, chars_max: usize| {
        (text.chars().count() > chars_max).then(|| FormProblem::new(part, "too_long"))
    };
    missing_outcome
        .into_iter()
        .chain(met_nobody.then(|| FormProblem::new("met", "required")))
        .chain(too_long("met", &draft.met, TEXT_CHARS_MAX))
        .chain(checklist.problems(&situation(draft, ledger)))
        .chain(too_long("note", &draft.note, NOTE_CHARS_MAX))
        .collect()
}

pub(super) fn situation<'a>(draft: &'a FormDraft, ledger: &FormLedger<'a>) -> Situation<'a> {
    Situation {
        answers: &draft.answers,
        outcome: draft.outcome,
        subject: ledger.subject,
        household: ledger.household,
        facts: &draft.facts,
    }
}
