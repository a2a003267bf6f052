//! Saving a form, or throwing it away.

use bianfang_device::message::Trouble;
use bianfang_shared::form::FormDraft;
use bianfang_shared::observation::ObservationKind;
use bianfang_shared::value::Value;
use dioxus::prelude::*;

use crate::app::{Route, use_app};
use crate::components::{DropDialog, Icon, Sign, TroubleLine};
use crate::form::{Editor, to_fix};
use crate::i18n::{Lang, use_lang};
use crate::platform::{Reading, use_platform};

/// The buttons beneath a form.
#[component]
pub fn SaveBar(
    editor: Editor,
    draft: FormDraft,
    reading: ReadSignal<Reading>,
    /// Whether it is said how it went.
    chosen: bool,
    /// Whether pictures are still on their way onto the device.
    keeping: bool,
    ontry: EventHandler<()>,
) -> Element {
    let (lang, app, navigator, page) = (use_lang(), use_app(), use_navigator(), use_platform().page);
    let mut busy = use_signal(|| false);
    let mut trouble = use_signal(|| None::<Trouble>);
    let mut dropping = use_signal(|| false);
    let mut not_dropped = use_signal(|| None::<Trouble>);
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
    let drop_it = move |()| {
        let editor = editor.clone();
        spawn(async move {
            match editor.drop_draft().await {
                Ok(()) => drop(navigator.replace(Route::Home {})),
                Err(said) => not_dropped.set(Some(said)),
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
                onclick: move |_| {
                    not_dropped.set(None);
                    dropping.set(true);
                },
                {lang.say("visit-drop")}
            }
            button {
                r#type: "button",
                class: "weui-btn weui-btn_primary bf-btn bf-btn_main",
                disabled: busy() || !chosen || keeping,
                "data-testid": "save-{draft.kind}",
                onclick: save,
                if keeping {
                    span { class: "weui-loading", "aria-hidden": "true" }
                    {lang.say("photo-keeping-wait")}
                } else {
                    Icon { sign: Sign::Device }
                    {save_words(lang, &draft)}
                }
            }
        }
        if dropping() {
            DropDialog { trouble: not_dropped, ondrop: drop_it, onclose: move |()| dropping.set(false) }
        }
    }
}

/// What saving is called: of an attendance what one came to do.
fn save_words(lang: Lang, draft: &FormDraft) -> String {
    let kind = format!("form-save-{}", draft.kind);
    let action = draft.answers.get("action").and_then(Value::as_text);
    match action.filter(|_| draft.kind == ObservationKind::Attendance) {
        Some(action) => lang.or(&format!("{kind}-{action}"), &lang.say(&kind)),
        None => lang.say(&kind),
    }
}
