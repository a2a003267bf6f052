//! A step in a problem's life: what was done or found, how it looks now.

use bianfang_device::message::{EntryDetail, Request, Trouble};
use bianfang_shared::id::EntityId;
use bianfang_shared::ledger::NOTE_CHARS_MAX;
use bianfang_shared::observation::PhotoRef;
use bianfang_shared::op::IssueStep;
use dioxus::prelude::*;
use serde::{Deserialize, Serialize};

use super::entry::read;
use crate::app::{Begun, Route, Shown, StepName, use_app, use_ask, use_begun, use_core};
use crate::components::{
    EntryLines, Head, Icon, Loading, OwnCamera, PhotoField, Sign, TroubleLine, TroubleScreen, Wanted,
};
use crate::i18n::{Lang, use_lang};
use crate::photos::{Gather, Mark, use_gather};
use crate::platform::use_platform;

fn request(id: EntityId) -> Request {
    Request::Entry { id, here: None }
}

/// Most photographs with a step.
const PHOTOS_MAX: usize = 6;

/// A step of a problem.
#[component]
pub fn StepPage(id: EntityId, step: StepName, shoot: String) -> Element {
    let lang = use_lang();
    let asked = use_ask(id, request, read);
    rsx! {
        div { class: "bf-app bf-app_form",
            div { class: "bf-page",
                Head { title: lang.say(&format!("step-do-{step}")), back: Some(Route::EntryPage { id }) }
                main { id: "main", class: "bf-main", "data-testid": "step-form", "data-step": step.key(),
                    match asked.shown() {
                        Shown::Loading => rsx! { Loading {} },
                        Shown::Failed(trouble, again) => rsx! { TroubleScreen { trouble, again } },
                        Shown::Ready(detail) => rsx! { Step { detail: (*detail).clone(), step, shoot } },
                    }
                }
            }
        }
    }
}

/// What is entered for a step.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
struct Entered {
    note: String,
    photos: Vec<PhotoRef>,
}

/// Whether a step has to be explained: whoever gets something back, and whoever accepts it, has to know what was done.
fn needs_note(step: IssueStep) -> bool {
    matches!(step, IssueStep::Rectify | IssueStep::SendBack)
}

/// For which purpose a step's photographs are taken: before the work or after it.
fn purpose(step: IssueStep) -> &'static str {
    if step == IssueStep::Begin { "before" } else { "after" }
}

fn wanted(lang: Lang, step: StepName) -> Wanted {
    Wanted {
        purpose: purpose(step.0).to_owned(),
        text: lang.say(&format!("step-photos-{step}")),
        hint: lang.or(&format!("step-photos-{step}-hint"), ""),
        required: false,
        max: PHOTOS_MAX,
    }
}

#[component]
fn Step(detail: EntryDetail, step: StepName, shoot: String) -> Element {
    let (lang, app, navigator) = (use_lang(), use_app(), use_navigator());
    let id = detail.row.id;
    let begun = use_begun(format!("step/{id}/{step}"), Entered::default);
    let keeping = begun.clone();
    let gather = use_gather(id, move |photo| add(&keeping, photo));
    let entered = begun.value.read().clone();
    let mark = Mark {
        name: detail.row.name.clone(),
        code: detail.row.code.clone(),
        author: app.user().map(|user| user.name).unwrap_or_default(),
        shows: String::new(),
    };
    let route = move |shoot: &str| Route::StepPage { id, step, shoot: shoot.to_owned() };
    let opening = route(purpose(step.0));
    let (typing, dropping) = (begun.clone(), begun.clone());
    let mut missing = use_signal(|| false);
    rsx! {
        div { class: "bf-panel", EntryLines { row: detail.row.clone() } }
        p { class: "bf-under bf-fine", {lang.say(&format!("step-means-{step}"))} }
        section { class: "bf-panel", id: "q-note", tabindex: "-1",
            label { class: "bf-field",
                span { class: "bf-question__text",
                    {lang.say(&format!("step-note-{step}"))}
                    " "
                    if needs_note(step.0) {
                        span { class: "bf-required", {lang.say("visit-required")} }
                    }
                }
                textarea {
                    class: "weui-textarea bf-boxed",
                    rows: "4",
                    maxlength: "{NOTE_CHARS_MAX}",
                    "data-testid": "step-note",
                    initial_value: entered.note.clone(),
                    oninput: move |event| {
                        missing.set(false);
                        typing.change(|entered| entered.note = event.value());
                    },
                }
            }
            div { "aria-live": "assertive",
                if missing() {
                    p { class: "bf-problem", "data-testid": "step-note-missing",
                        Icon { sign: Sign::Warn }
                        {lang.say("step-note-missing")}
                    }
                }
            }
            PhotoField {
                wanted: wanted(lang, step),
                missing: false,
                photos: entered.photos.clone(),
                gather: gather.clone(),
                mark: mark.clone(),
                onshoot: move |()| drop(navigator.push(opening.clone())),
                ondrop: move |photo: PhotoRef| dropping.change(|entered| entered.photos.retain(|own| own.sha256 != photo.sha256)),
            }
        }
        Do { id, step, begun, gather: gather.clone(), missing }
        OwnCamera { open: shoot == purpose(step.0), wanted: wanted(lang, step), photos: entered.photos, gather, mark, closed: route("") }
    }
}

/// Takes in a photograph; answers whether it is a new one.
fn add(begun: &Begun<Entered>, photo: PhotoRef) -> bool {
    let new = begun.now().photos.iter().all(|own| own.sha256 != photo.sha256);
    if new {
        begun.change(|entered| entered.photos.push(photo));
    }
    new
}

#[component]
fn Do(
    id: EntityId,
    step: StepName,
    begun: Begun<Entered>,
    gather: Gather,
    mut missing: Signal<bool>,
) -> Element {
    let (lang, app, core, navigator, page) =
        (use_lang(), use_app(), use_core(), use_navigator(), use_platform().page);
    let mut busy = use_signal(|| false);
    let mut trouble = use_signal(|| None::<Trouble>);
    let keeping = !gather.waiting.read().is_empty();
    let save = move |_| {
        let Entered { note, photos } = begun.now();
        let note = note.trim().to_owned();
        missing.set(needs_note(step.0) && note.is_empty());
        if missing() {
            page.show_element("q-note");
            return;
        }
        let (core, begun) = (core.clone(), begun.clone());
        busy.set(true);
        trouble.set(None);
        spawn(async move {
            match core.ask(Request::Step { issue: id, step: step.0, note, photos }).await {
                Ok(_) => {
                    begun.done();
                    app.say(lang.say("edit-kept"));
                    navigator.replace(Route::EntryPage { id });
                }
                Err(said) => trouble.set(Some(said)),
            }
            busy.set(false);
        });
    };
    rsx! {
        if let Some(trouble) = trouble() {
            TroubleLine { trouble }
        }
        div { class: "bf-do",
            button {
                r#type: "button",
                class: "weui-btn weui-btn_primary bf-btn bf-btn_main",
                disabled: busy() || keeping,
                "data-testid": "step-save",
                onclick: save,
                if keeping {
                    span { class: "weui-loading", "aria-hidden": "true" }
                    {lang.say("photo-keeping-wait")}
                } else {
                    Icon { sign: Sign::Device }
                    {lang.say(&format!("step-do-{step}"))}
                }
            }
        }
    }
}
