//! What is asked now, section by section, with how far one has come.

use std::collections::BTreeMap;

use bianfang_device::message::FormView;
use bianfang_shared::checklist::{Checklist, Question, QuestionKind, Section};
use bianfang_shared::form::{FormDraft, FormProblem};
use bianfang_shared::rules::Verdict;
use bianfang_shared::value::Value;
use dioxus::prelude::*;

use super::desk::{Desk, PhotoQuestion};
use super::part::{Part, is_damage, parts};
use crate::components::{Icon, QuestionCard, Sign, VerdictCard};
use crate::form::Editor;
use crate::i18n::use_lang;

/// Sections before which the rules' judgement of what was told so far is shown; at the end where a checklist has none.
const JUDGED_BEFORE: [&str; 2] = ["grade", "verdict"];

/// The relevant questions.
#[component]
pub fn Questions(
    editor: Editor,
    draft: FormDraft,
    view: FormView,
    problems: Vec<FormProblem>,
    checklist: &'static Checklist,
    desk: Desk,
) -> Element {
    let lang = use_lang();
    let asked: Vec<&'static Question> = (view.relevant.iter().filter_map(|key| checklist.question(key)))
        .filter(|question| !matches!(question.kind, QuestionKind::Derived { .. }))
        .collect();
    let answered = asked.iter().filter(|question| is_answered(&draft, &desk, question)).count() as u64;
    let total = asked.len() as u64;
    let offered: Vec<(String, Value)> = (view.prefilled.iter())
        .filter(|(key, _)| draft.answers.get(*key).is_none_or(|answer| answer.is_blank()))
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    if asked.is_empty() {
        return rsx! {};
    }
    let confirming = editor.clone();
    let confirm_all = {
        let offered = offered.clone();
        move |_| confirming.edit(|draft| draft.answers.extend(offered.clone()))
    };
    let parts = parts(&asked);
    let of = |section: &Section| -> Vec<Part> {
        parts.iter().filter(|part| part.lead.section == section.key).cloned().collect()
    };
    let judged = checklist.sections.iter().find(|section| JUDGED_BEFORE.contains(&section.key.as_str()));
    let told = view.verdict.clone();
    rsx! {
        div { class: "bf-progress", role: "status", "data-testid": "progress",
            progress { max: "{total}", value: "{answered}", "aria-label": lang.say("visit-progress-label") }
            span { {lang.with("visit-progress", [("answered", answered.into()), ("total", total.into())])} }
        }
        if offered.len() > 1 {
            button { r#type: "button", class: "bf-confirm bf-confirm_all", "data-testid": "confirm-all", onclick: confirm_all,
                span { class: "bf-confirm__known", {lang.with("visit-known-all", [("n", (offered.len() as u64).into())])} }
                span { class: "bf-confirm__do",
                    Icon { sign: Sign::Check }
                    {lang.say("visit-confirm-all")}
                }
            }
        }
        for section in checklist.sections.iter() {
            SectionPart {
                key: "{section.key}",
                section,
                verdict: told.clone().filter(|_| judged.is_some_and(|judged| judged.key == section.key)),
                parts: of(section),
                editor: editor.clone(),
                draft: draft.clone(),
                prefilled: view.prefilled.clone(),
                problems: problems.clone(),
                desk: desk.clone(),
            }
        }
        if judged.is_none() {
            if let Some(verdict) = told {
                VerdictCard { verdict, kind: draft.kind, live: true }
            }
        }
    }
}

fn is_answered(draft: &FormDraft, desk: &Desk, question: &Question) -> bool {
    match question.kind {
        QuestionKind::Photo { .. } => desk.has(&question.key),
        _ => draft.answers.get(&question.key).is_some_and(|answer| !answer.is_blank()),
    }
}

#[component]
fn SectionPart(
    section: &'static Section,
    /// What the rules make of what was told before it, if that is said here.
    verdict: Option<Verdict>,
    parts: Vec<Part>,
    editor: Editor,
    draft: FormDraft,
    prefilled: BTreeMap<String, Value>,
    problems: Vec<FormProblem>,
    desk: Desk,
) -> Element {
    let lang = use_lang();
    let judged = rsx! {
        if let Some(verdict) = verdict {
            VerdictCard { verdict, kind: draft.kind, live: true }
        }
    };
    if parts.is_empty() {
        return judged;
    }
    let questions: Vec<&'static Question> =
        parts.iter().flat_map(|part| std::iter::once(part.lead).chain(part.more.iter().copied())).collect();
    let answered = questions.iter().filter(|question| is_answered(&draft, &desk, question)).count() as u64;
    let total = questions.len() as u64;
    let done = answered == total;
    let text = section.text.of(lang.tag());
    rsx! {
        {judged}
        section { class: "bf-panel", "data-testid": "section-{section.key}", "aria-label": text,
            div { class: "bf-panel__head",
                h2 { class: "bf-panel__title", {text} }
                span { class: if done { "bf-count bf-count_done" } else { "bf-count" },
                    if done {
                        Icon { sign: Sign::Check }
                    }
                    {lang.with("visit-count", [("answered", answered.into()), ("total", total.into())])}
                }
            }
            for part in parts {
                OnePart {
                    key: "{part.lead.key}",
                    part,
                    editor: editor.clone(),
                    draft: draft.clone(),
                    prefilled: prefilled.clone(),
                    problems: problems.clone(),
                    desk: desk.clone(),
                }
            }
        }
    }
}

/// A question with those that ask further: of a part of a house a card of its own, which grows when it is not 完好.
#[component]
fn OnePart(
    part: Part,
    editor: Editor,
    draft: FormDraft,
    prefilled: BTreeMap<String, Value>,
    problems: Vec<FormProblem>,
    desk: Desk,
) -> Element {
    let Part { lead, more } = part;
    let state = draft.answers.get(&lead.key).and_then(Value::as_text).unwrap_or_default().to_owned();
    let ask = |question: &'static Question| {
        rsx! {
            Ask {
                key: "{question.key}",
                question,
                value: draft.answers.get(&question.key).cloned().unwrap_or_default(),
                prefilled: prefilled.get(&question.key).cloned(),
                problem: problems.iter().find(|problem| problem.question == question.key).cloned(),
                editor: editor.clone(),
                desk: desk.clone(),
            }
        }
    };
    if !is_damage(lead) {
        return ask(lead);
    }
    rsx! {
        div { class: "bf-part", "data-testid": "part-{lead.key}", "data-state": state,
            {ask(lead)}
            for question in more {
                {ask(question)}
            }
        }
    }
}

#[component]
fn Ask(
    question: &'static Question,
    value: Value,
    prefilled: Option<Value>,
    problem: Option<FormProblem>,
    editor: Editor,
    desk: Desk,
) -> Element {
    if matches!(question.kind, QuestionKind::Photo { .. }) {
        return rsx! { PhotoQuestion { question, desk } };
    }
    // The one question that a kind with one outcome begins with: what one came to do.
    let checklist = Checklist::of(
        editor
            .draft
            .peek()
            .as_ref()
            .map(|draft| draft.kind)
            .unwrap_or(bianfang_shared::observation::ObservationKind::Visit),
    );
    let first = checklist.questions.first().is_some_and(|first| first.key == question.key);
    let large = first && checklist.only_outcome().is_some();
    rsx! {
        QuestionCard {
            question,
            value,
            prefilled,
            problem,
            large,
            onanswer: move |value: Value| editor.edit(|draft| answer(draft, &question.key, value)),
        }
    }
}

fn answer(draft: &mut FormDraft, key: &str, value: Value) {
    if value.is_blank() {
        draft.answers.remove(key);
    } else {
        draft.answers.insert(key.to_owned(), value);
    }
}
