//! The visit form: how it went first, then the place, then what is asked, then what it will do.

mod gps;
mod outcome;
mod questions;
mod verdict;

use bianfang_device::message::{FormView, Trouble};
use bianfang_shared::checklist::Checklist;
use bianfang_shared::form::FormDraft;
use bianfang_shared::id::EntityId;
use bianfang_shared::observation::ObservationKind;
use dioxus::prelude::*;

use self::gps::Gps;
use self::outcome::{OutcomePart, Remarks};
use self::questions::Questions;
use self::verdict::{ProblemSummary, Verdict};
use crate::app::{Route, use_app};
use crate::components::{Dialog, EntryLines, Head, Icon, Loading, Sign, TroubleLine, TroubleScreen};
use crate::form::{Editor, Kept, to_fix, use_editor};
use crate::i18n::use_lang;
use crate::platform::{use_location, use_platform};

/// A form of any kind.
#[component]
pub fn FormPage(kind: ObservationKind, subject: EntityId, corrects: String) -> Element {
    rsx! {
        // In a list of one, whose key makes each subject's form a form of its own.
        for subject in [subject] {
            OneForm { key: "{kind}-{subject}", kind, subject, corrects: corrects.clone() }
        }
    }
}

#[component]
fn OneForm(kind: ObservationKind, subject: EntityId, corrects: String) -> Element {
    let lang = use_lang();
    let editor = use_editor(kind, subject);
    let (draft, view) = (editor.draft.read().clone(), editor.view.read().clone());
    let back = Route::HouseholdPage { id: subject };
    let again = {
        let editor = editor.clone();
        crate::app::Again::new(move || editor.open_again())
    };
    rsx! {
        div { class: "bf-app bf-app_form",
            div { class: "bf-page",
                Head { title: lang.say("visit-title"), back: Some(back), KeptMark { kept: editor.kept } }
                main { id: "main", class: "bf-main", "data-testid": "visit-form",
                    match (draft, view, editor.trouble.read().clone()) {
                        (Some(draft), Some(view), _) => rsx! { Form { editor: editor.clone(), draft, view: (*view).clone(), corrects } },
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
fn Form(editor: Editor, draft: FormDraft, view: FormView, corrects: String) -> Element {
    let reading = use_location();
    let measured = editor.clone();
    use_effect(move || {
        if let Some(fix) = reading.read().fix {
            measured.measured(to_fix(fix));
        }
    });
    let (checklist, chosen) = (Checklist::of(draft.kind), draft.outcome.is_some());
    let correcting = editor.clone();
    use_hook(move || {
        if let Ok(record) = corrects.parse() {
            correcting.edit(|draft| draft.corrects = Some(record));
        }
    });
    let mut tried = use_signal(|| false);
    let problems = if tried() { view.problems.clone() } else { wrong_only(&view) };
    let failed = match &*editor.kept.read() {
        Kept::Failed(trouble) => Some(trouble.clone()),
        _ => None,
    };
    rsx! {
        div { class: "bf-panel", EntryLines { row: view.subject.clone() } }
        if let Some(trouble) = failed {
            TroubleLine { trouble, testid: "keep-trouble" }
        }
        OutcomePart { editor: editor.clone(), draft: draft.clone(), problems: problems.clone() }
        Gps { reading, anchor: view.anchor }
        if chosen {
            Questions { editor: editor.clone(), draft: draft.clone(), view: view.clone(), problems: problems.clone(), checklist }
            Remarks { editor: editor.clone(), draft: draft.clone(), problems }
            Verdict { editor: editor.clone(), view: view.clone() }
            if tried() {
                ProblemSummary { problems: view.problems.clone(), checklist }
            }
        }
        SaveBar { editor, reading, chosen, ontry: move |()| tried.set(true) }
    }
}

/// What is wrong at once; what is only missing is said when one wants to save.
fn wrong_only(view: &FormView) -> Vec<bianfang_shared::form::FormProblem> {
    view.problems.iter().filter(|problem| problem.code != "required").cloned().collect()
}

#[component]
fn SaveBar(
    editor: Editor,
    reading: ReadSignal<crate::platform::Reading>,
    chosen: bool,
    ontry: EventHandler<()>,
) -> Element {
    let (lang, app, navigator, page) = (use_lang(), use_app(), use_navigator(), use_platform().page);
    let mut busy = use_signal(|| false);
    let mut trouble = use_signal(|| None::<Trouble>);
    let mut dropping = use_signal(|| false);
    let saving = editor.clone();
    let save = move |_| {
        ontry.call(());
        let (editor, mut saved, page) = (saving.clone(), app.saved, page.clone());
        busy.set(true);
        trouble.set(None);
        spawn(async move {
            // Looked at anew, since the last answer may be younger than what the screen knows of it.
            if let Some(problem) = editor.first_problem().await {
                busy.set(false);
                page.show_element(&format!("q-{}", problem.question));
                return;
            }
            let newest = reading.peek().fix.map(to_fix);
            match editor.save(newest).await {
                Ok(done) => {
                    let id = done.id;
                    saved.set(Some(done));
                    navigator.replace(Route::SavedPage { id });
                }
                Err(said) => {
                    busy.set(false);
                    trouble.set(Some(said));
                }
            }
        });
    };
    rsx! {
        if let Some(trouble) = trouble() {
            TroubleLine { trouble, testid: "save-trouble" }
        }
        div { class: "bf-do bf-do_two",
            button {
                r#type: "button",
                class: "weui-btn weui-btn_default bf-btn",
                "data-testid": "drop-draft",
                onclick: move |_| dropping.set(true),
                {lang.say("visit-drop")}
            }
            button {
                r#type: "button",
                class: "weui-btn weui-btn_primary bf-btn bf-btn_main",
                disabled: busy() || !chosen,
                "data-testid": "save-visit",
                onclick: save,
                Icon { sign: Sign::Device }
                {lang.say("visit-save")}
            }
        }
        if dropping() {
            DropDialog { editor, onclose: move |()| dropping.set(false) }
        }
    }
}

#[component]
fn DropDialog(editor: Editor, onclose: EventHandler<()>) -> Element {
    let (lang, navigator) = (use_lang(), use_navigator());
    let mut trouble = use_signal(|| None::<Trouble>);
    let drop_it = move |_| {
        let editor = editor.clone();
        spawn(async move {
            match editor.drop_draft().await {
                Ok(()) => drop(navigator.replace(Route::Home {})),
                Err(said) => trouble.set(Some(said)),
            }
        });
    };
    rsx! {
        Dialog { title: lang.say("visit-drop-title"), testid: "drop-dialog", onclose,
            p { {lang.say("visit-drop-sure")} }
            if let Some(trouble) = trouble() {
                TroubleLine { trouble }
            }
            div { class: "bf-dialog__do",
                button { r#type: "button", class: "weui-btn weui-btn_default bf-btn", "data-testid": "drop-no", onclick: move |_| onclose.call(()),
                    {lang.say("visit-drop-no")}
                }
                button { r#type: "button", class: "weui-btn weui-btn_warn bf-btn", "data-testid": "drop-yes", onclick: drop_it,
                    {lang.say("visit-drop-yes")}
                }
            }
        }
    }
}
