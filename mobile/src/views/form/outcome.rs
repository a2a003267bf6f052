//! How it went and, of a visit, who was met; at the end anything else.

use bianfang_shared::checklist::Checklist;
use bianfang_shared::form::{FormDraft, FormProblem};
use bianfang_shared::ledger::{NOTE_CHARS_MAX, TEXT_CHARS_MAX};
use bianfang_shared::observation::{ObservationKind, Outcome};
use bianfang_shared::value::Value;
use dioxus::prelude::*;

use crate::components::{Icon, Labelled, OneOf, Sign, outcome_key, outcome_words};
use crate::form::Editor;
use crate::i18n::use_lang;
use crate::words::problem_words;

/// The first question of all.
#[component]
pub fn OutcomePart(
    editor: Editor,
    draft: FormDraft,
    problems: Vec<FormProblem>,
    checklist: &'static Checklist,
) -> Element {
    let lang = use_lang();
    let visit = draft.kind == ObservationKind::Visit;
    let text = lang.say(if visit { "visit-outcome" } else { "form-outcome" });
    let choices: Vec<Labelled> = (checklist.outcomes.iter())
        .map(|outcome| (outcome_key(*outcome).to_owned(), outcome_words(lang, *outcome)))
        .collect();
    let value = draft.outcome.map_or(Value::Null, |outcome| outcome_key(outcome).into());
    let (choosing, meeting) = (editor.clone(), editor);
    let choose = move |value: Value| {
        let outcome =
            checklist.outcomes.iter().copied().find(|outcome| value.as_text() == Some(outcome_key(*outcome)));
        choosing.edit(|draft| draft.outcome = outcome);
    };
    rsx! {
        section { class: "bf-panel",
            div { id: "q-outcome", class: "bf-question", tabindex: "-1", role: "group", "aria-label": text.clone(),
                h2 { class: "bf-question__text", {text.clone()} }
                Problem { of: "outcome", problems: problems.clone() }
                OneOf { name: "outcome", choices, value, onanswer: choose }
            }
            if visit && draft.outcome == Some(Outcome::AtHome) {
                div { id: "q-met", class: "bf-question", tabindex: "-1",
                    label { class: "bf-field",
                        span { class: "bf-question__text",
                            {lang.say("visit-met")}
                            " "
                            span { class: "bf-required", {lang.say("visit-required")} }
                        }
                        Problem { of: "met", problems }
                        input {
                            class: "weui-input bf-boxed",
                            maxlength: "{TEXT_CHARS_MAX}",
                            autocomplete: "off",
                            placeholder: lang.say("visit-met-hint"),
                            "data-testid": "met",
                            initial_value: draft.met.clone(),
                            oninput: move |event| meeting.edit(|draft| draft.met = event.value()),
                        }
                    }
                }
            } else if draft.outcome.is_some_and(|outcome| outcome != Outcome::Done) {
                p { class: "bf-fine", {lang.say(if visit { "visit-neutral" } else { "form-neutral" })} }
            }
        }
    }
}

/// Anything else.
#[component]
pub fn Remarks(editor: Editor, draft: FormDraft, problems: Vec<FormProblem>) -> Element {
    let lang = use_lang();
    rsx! {
        section { class: "bf-panel", id: "q-note", tabindex: "-1",
            label { class: "bf-field",
                span { class: "bf-question__text", {lang.say("visit-note")} }
                Problem { of: "note", problems }
                textarea {
                    class: "weui-textarea bf-boxed",
                    rows: "3",
                    maxlength: "{NOTE_CHARS_MAX}",
                    "data-testid": "note",
                    initial_value: draft.note.clone(),
                    oninput: move |event| editor.edit(|draft| draft.note = event.value()),
                }
            }
        }
    }
}

#[component]
fn Problem(of: String, problems: Vec<FormProblem>) -> Element {
    let lang = use_lang();
    let found = problems.iter().find(|problem| problem.question == of);
    match found {
        None => rsx! {},
        Some(problem) => rsx! {
            span { class: "bf-problem", "data-testid": "problem-{of}",
                Icon { sign: Sign::Warn }
                {problem_words(lang, problem)}
            }
        },
    }
}
