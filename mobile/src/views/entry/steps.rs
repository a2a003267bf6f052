//! The life of a problem: found, worked on, done, accepted or sent back, each with its photographs.

use bianfang_device::message::{EntryDetail, StepRow};
use bianfang_shared::op::IssueStep;
use bianfang_shared::text;
use dioxus::prelude::*;

use crate::app::StepName;
use crate::components::{Icon, PhotoShown, PhotoStrip, PlaceTag, Sign};
use crate::i18n::{Lang, use_lang};
use crate::photos::Mark;
use crate::words;

/// The steps, oldest first.
#[component]
pub fn Steps(detail: EntryDetail) -> Element {
    let lang = use_lang();
    if detail.steps.is_empty() {
        return rsx! {};
    }
    let (name, code) = (detail.row.name.clone(), detail.row.code.clone());
    rsx! {
        section { class: "bf-panel", "data-testid": "steps",
            h2 { class: "bf-panel__title", {lang.say("issue-steps")} }
            ol { class: "bf-steps",
                for step in detail.steps.iter() {
                    Step { key: "{step.op}", step: step.clone(), mark: Mark {
                        name: name.clone(),
                        code: code.clone(),
                        author: step.author_name.clone(),
                        shows: step_words(lang, step.step),
                    } }
                }
            }
        }
    }
}

/// A step in words; its opening without one.
#[must_use]
pub(super) fn step_words(lang: Lang, step: Option<IssueStep>) -> String {
    match step {
        None => lang.say("step-opened"),
        Some(step) => lang.say(&format!("step-{}", StepName(step).key())),
    }
}

fn step_sign(step: Option<IssueStep>) -> Sign {
    match step {
        None => Sign::Flag,
        Some(IssueStep::Begin) => Sign::Clock,
        Some(IssueStep::Rectify) => Sign::Review,
        Some(IssueStep::Accept) => Sign::Check,
        Some(IssueStep::SendBack) => Sign::Return,
        Some(IssueStep::Unknown) => Sign::Unknown,
    }
}

#[component]
fn Step(step: StepRow, mark: Mark) -> Element {
    let lang = use_lang();
    let key = step.step.map_or("opened", |step| StepName(step).key());
    let photos: Vec<PhotoShown> = (step.photos.iter())
        .map(|photo| PhotoShown {
            photo: photo.clone(),
            thumbnail: None,
            state: None,
            mark: Mark { shows: lang.or(&format!("purpose-{}", photo.purpose), &mark.shows), ..mark.clone() },
            warnings: Vec::new(),
        })
        .collect();
    rsx! {
        li { class: "bf-step", "data-testid": "step-{key}",
            span { class: "bf-step__mark", "aria-hidden": "true", Icon { sign: step_sign(step.step) } }
            div { class: "bf-step__body",
                div { class: "bf-line",
                    strong { {step_words(lang, step.step)} }
                    span { class: "bf-fine", {step.author_name.clone()} }
                    span { class: "bf-fine bf-nowrap", {words::moment(step.at_ms)} }
                }
                if !step.note.is_empty() {
                    p { class: "bf-step__note", {text::shown(&step.note).into_owned()} }
                }
                if !photos.is_empty() {
                    PhotoStrip { photos, named: true }
                }
                PlaceTag { place: step.place.clone() }
            }
        }
    }
}
