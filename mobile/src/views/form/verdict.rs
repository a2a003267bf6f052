//! Before leaving: what the record will do to the ledgers, how far it will be believed, what is still missing.

use bianfang_device::message::FormView;
use bianfang_shared::checklist::Checklist;
use bianfang_shared::form::FormProblem;
use dioxus::prelude::*;

use crate::app::use_app;
use crate::components::{EffectList, EvidencePanel, Icon, Sign};
use crate::form::Editor;
use crate::i18n::use_lang;
use crate::platform::use_platform;
use crate::words::{problem_words, question_words};

/// Effects and evidence.
#[component]
pub fn Verdict(editor: Editor, view: FormView) -> Element {
    let (lang, app) = (use_lang(), use_app());
    let strike = move |key: String| {
        editor.edit(|draft| {
            if !draft.struck.remove(&key) {
                draft.struck.insert(key);
            }
        });
    };
    rsx! {
        section { class: "bf-panel", "data-testid": "effects-panel", "aria-label": lang.say("effects-title"),
            div { class: "bf-panel__head",
                h2 { class: "bf-panel__title", {lang.say("effects-title")} }
            }
            EffectList { effects: view.effects.clone(), names: app.names(), onstrike: strike }
        }
        EvidencePanel { evidence: view.evidence.clone(), live: true }
    }
}

/// Which photographs are missing, and that it can be saved without them; each line jumps to its question.
#[component]
pub fn MissingPhotos(keys: Vec<String>, checklist: &'static Checklist) -> Element {
    let lang = use_lang();
    let page = use_platform().page;
    if keys.is_empty() {
        return rsx! {};
    }
    let count = keys.len() as u64;
    rsx! {
        div { class: "bf-note bf-note_careful", role: "status", "data-testid": "photos-missing", "data-count": count.to_string(),
            Icon { sign: Sign::Camera }
            div { class: "bf-note__body",
                p { strong { {lang.with("photos-missing", [("n", count.into())])} } }
                ul { class: "bf-jumps bf-jumps_line",
                    for key in keys {
                        li { key: "{key}",
                            button {
                                r#type: "button",
                                class: "bf-link",
                                "data-testid": "photo-jump-{key}",
                                onclick: {
                                    let (page, id) = (page.clone(), format!("q-{key}"));
                                    move |_| page.show_element(&id)
                                },
                                {question_words(lang, checklist, &key)}
                            }
                        }
                    }
                }
                p { class: "bf-fine", {lang.say("photos-missing-means")} }
            }
        }
    }
}

/// What is missing or wrong; each line jumps to its question.
#[component]
pub fn ProblemSummary(problems: Vec<FormProblem>, checklist: &'static Checklist) -> Element {
    let lang = use_lang();
    let page = use_platform().page;
    if problems.is_empty() {
        return rsx! {};
    }
    rsx! {
        section { class: "bf-panel bf-panel_bad", role: "alert", "data-testid": "problems",
            h2 { class: "bf-panel__title",
                Icon { sign: Sign::Warn }
                {lang.with("visit-problems", [("n", (problems.len() as u64).into())])}
            }
            ul { class: "bf-jumps",
                for problem in problems {
                    li { key: "{problem.question}",
                        button {
                            r#type: "button",
                            class: "bf-link",
                            "data-testid": "jump-{problem.question}",
                            onclick: {
                                let (page, id) = (page.clone(), format!("q-{}", problem.question));
                                move |_| page.show_element(&id)
                            },
                            {lang.with("visit-problem-line", [
                                ("question", question_words(lang, checklist, &problem.question).into()),
                                ("problem", problem_words(lang, &problem).into()),
                            ])}
                        }
                    }
                }
            }
        }
    }
}
