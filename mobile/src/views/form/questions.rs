//! What is asked now, section by section, with how far one has come.

use bianfang_device::message::FormView;
use bianfang_shared::checklist::{Checklist, Question, Section};
use bianfang_shared::form::{FormDraft, FormProblem};
use bianfang_shared::value::Value;
use dioxus::prelude::*;

use crate::components::{Icon, QuestionCard, Sign};
use crate::form::Editor;
use crate::i18n::use_lang;

/// The relevant questions.
#[component]
pub fn Questions(
    editor: Editor,
    draft: FormDraft,
    view: FormView,
    problems: Vec<FormProblem>,
    checklist: &'static Checklist,
) -> Element {
    let lang = use_lang();
    let asked: Vec<&'static Question> =
        view.relevant.iter().filter_map(|key| checklist.question(key)).collect();
    let answered = asked.iter().filter(|question| is_answered(&draft, &question.key)).count() as u64;
    let total = asked.len() as u64;
    let offered: Vec<(String, Value)> = (view.prefilled.iter())
        .filter(|(key, _)| !is_answered(&draft, key))
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
                questions: asked.iter().copied().filter(|question| question.section == section.key).collect::<Vec<_>>(),
                editor: editor.clone(),
                draft: draft.clone(),
                prefilled: view.prefilled.clone(),
                problems: problems.clone(),
            }
        }
    }
}

fn is_answered(draft: &FormDraft, key: &str) -> bool {
    draft.answers.get(key).is_some_and(|answer| !answer.is_blank())
}

#[component]
fn SectionPart(
    section: &'static Section,
    questions: Vec<&'static Question>,
    editor: Editor,
    draft: FormDraft,
    prefilled: std::collections::BTreeMap<String, Value>,
    problems: Vec<FormProblem>,
) -> Element {
    let lang = use_lang();
    if questions.is_empty() {
        return rsx! {};
    }
    let answered = questions.iter().filter(|question| is_answered(&draft, &question.key)).count() as u64;
    let total = questions.len() as u64;
    let done = answered == total;
    let text = section.text.of(lang.tag());
    rsx! {
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
            for question in questions {
                QuestionCard {
                    key: "{question.key}",
                    question,
                    value: draft.answers.get(&question.key).cloned().unwrap_or_default(),
                    prefilled: prefilled.get(&question.key).cloned(),
                    problem: problems.iter().find(|problem| problem.question == question.key).cloned(),
                    onanswer: {
                        let editor = editor.clone();
                        move |value: Value| editor.edit(|draft| answer(draft, &question.key, value))
                    },
                }
            }
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
