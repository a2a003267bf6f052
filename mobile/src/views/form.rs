//! A form of any kind: how it went first, then the place, then what is asked, then what it will do.

mod attendance;
mod desk;
mod gps;
mod outcome;
mod part;
mod questions;
mod save;
mod verdict;

use bianfang_device::message::FormView;
use bianfang_shared::checklist::Checklist;
use bianfang_shared::form::{FormDraft, FormProblem};
use bianfang_shared::id::EntityId;
use bianfang_shared::observation::ObservationKind;
use dioxus::prelude::*;

use self::attendance::MonthSoFar;
use self::desk::{Shooter, use_desk};
use self::gps::Gps;
use self::outcome::{OutcomePart, Remarks};
use self::questions::Questions;
use self::save::SaveBar;
use self::verdict::{MissingPhotos, ProblemSummary, Verdict};
use crate::app::{Again, Route};
use crate::components::{EntryLines, Head, Icon, Loading, Sign, TroubleLine, TroubleScreen};
use crate::form::{Editor, Kept, to_fix, use_editor};
use crate::i18n::use_lang;
use crate::platform::use_location;

/// A form of any kind.
#[component]
pub fn FormPage(kind: ObservationKind, subject: EntityId, corrects: String, shoot: String) -> Element {
    rsx! {
        // In a list of one, whose key makes each subject's form a form of its own.
        for subject in [subject] {
            OneForm { key: "{kind}-{subject}", kind, subject, corrects: corrects.clone(), shoot: shoot.clone() }
        }
    }
}

#[component]
fn OneForm(kind: ObservationKind, subject: EntityId, corrects: String, shoot: String) -> Element {
    let lang = use_lang();
    let editor = use_editor(kind, subject);
    let (draft, view) = (editor.draft.read().clone(), editor.view.read().clone());
    let back = view.as_ref().map_or(Route::Home {}, |view| Route::entry(&view.subject));
    let again = {
        let editor = editor.clone();
        Again::new(move || editor.open_again())
    };
    rsx! {
        div { class: "bf-app bf-app_form",
            div { class: "bf-page",
                Head { title: lang.say(&format!("kind-{kind}")), back: Some(back), KeptMark { kept: editor.kept } }
                main { id: "main", class: "bf-main", "data-testid": "{kind}-form",
                    match (draft, view, editor.trouble.read().clone()) {
                        (Some(draft), Some(view), _) => rsx! { Form { editor: editor.clone(), draft, view: (*view).clone(), corrects, shoot } },
                        (_, _, Some(trouble)) => rsx! { TroubleScreen { trouble, again } },
                        _ => rsx! { Loading {} },
                    }
                }
            }
        }
    }
}

/// Whether what was entered is on the device, said while one fills in.
#[component]
fn KeptMark(kept: Signal<Kept>) -> Element {
    let lang = use_lang();
    let (key, sign) = match &*kept.read() {
        Kept::Nothing => return rsx! {},
        Kept::Keeping => ("visit-keeping", Sign::Clock),
        Kept::Kept => ("visit-kept", Sign::Device),
        Kept::Failed(_) => ("visit-not-kept", Sign::Warn),
    };
    rsx! {
        span { class: "bf-kept", role: "status", "data-testid": "kept", "data-kept": key,
            Icon { sign }
            {lang.or(key, key)}
        }
    }
}

#[component]
fn Form(editor: Editor, draft: FormDraft, view: FormView, corrects: String, shoot: String) -> Element {
    let reading = use_location();
    let measured = editor.clone();
    use_effect(move || {
        if let Some(fix) = reading.read().fix {
            measured.measured(to_fix(fix));
        }
    });
    let checklist = Checklist::of(draft.kind);
    let chosen = draft.outcome.is_some();
    let correcting = editor.clone();
    use_hook(move || {
        if let Ok(record) = corrects.parse() {
            correcting.edit(|draft| draft.corrects = Some(record));
        }
    });
    let desk = use_desk(&editor, &draft, &view, &corrects_of(&draft));
    let mut tried = use_signal(|| false);
    let problems = if tried() { view.problems.clone() } else { wrong_only(&view) };
    let failed = match &*editor.kept.read() {
        Kept::Failed(trouble) => Some(trouble.clone()),
        _ => None,
    };
    rsx! {
        div { class: "bf-panel", "data-testid": "subject", EntryLines { row: view.subject.clone() } }
        if let Some(trouble) = failed {
            TroubleLine { trouble, testid: "keep-trouble" }
        }
        if draft.kind == ObservationKind::Attendance {
            MonthSoFar { post: draft.subject }
        }
        if checklist.only_outcome().is_none() {
            OutcomePart { editor: editor.clone(), draft: draft.clone(), problems: problems.clone(), checklist }
        }
        Gps { reading, anchor: view.anchor, ledger: view.subject.ledger }
        if chosen {
            MissingPhotos { keys: view.missing_photos.clone(), checklist }
            Questions { editor: editor.clone(), draft: draft.clone(), view: view.clone(), problems: problems.clone(), checklist, desk: desk.clone() }
            Remarks { editor: editor.clone(), draft: draft.clone(), problems }
            Verdict { editor: editor.clone(), view: view.clone() }
            if tried() {
                ProblemSummary { problems: view.problems.clone(), checklist }
            }
        }
        SaveBar { editor, draft, reading, chosen, keeping: desk.is_keeping(), ontry: move |()| tried.set(true) }
        Shooter { shoot, desk, checklist }
    }
}

/// What is wrong at once; what is only missing is said when one wants to save.
fn wrong_only(view: &FormView) -> Vec<FormProblem> {
    view.problems.iter().filter(|problem| problem.code != "required").cloned().collect()
}

/// The record that the form corrects, as an address has it.
fn corrects_of(draft: &FormDraft) -> String {
    draft.corrects.map(|record| record.to_string()).unwrap_or_default()
}
