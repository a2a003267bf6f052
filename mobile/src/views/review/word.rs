//! A supervisor's word on a visit: approved, or sent back with what its author should know.

use bianfang_device::message::{Request, Trouble};
use bianfang_shared::area::AreaCode;
use bianfang_shared::id::ObservationId;
use bianfang_shared::ledger::NOTE_CHARS_MAX;
use bianfang_shared::op::Verdict;
use dioxus::prelude::*;

use crate::app::{use_app, use_core};
use crate::components::{Icon, Sign, TroubleLine};
use crate::i18n::use_lang;

/// Approve, or send back with a comment.
#[component]
pub fn Word(id: ObservationId, scope: AreaCode) -> Element {
    let (lang, app, core) = (use_lang(), use_app(), use_core());
    let mut comment = use_signal(String::new);
    let mut missing = use_signal(|| false);
    let mut busy = use_signal(|| false);
    let mut trouble = use_signal(|| None::<Trouble>);
    let say = Callback::new(move |verdict: Verdict| {
        let words = comment.read().trim().to_owned();
        // Whoever gets a record back has to know what to do.
        missing.set(verdict == Verdict::SentBack && words.is_empty());
        if missing() {
            return;
        }
        let core = core.clone();
        busy.set(true);
        trouble.set(None);
        spawn(async move {
            match core.ask(Request::Review { id, scope, verdict, comment: words }).await {
                Ok(_) => {
                    comment.set(String::new());
                    app.say(lang.say("review-said"));
                    core.tell(Request::SyncNow);
                }
                Err(said) => trouble.set(Some(said)),
            }
            busy.set(false);
        });
    });
    rsx! {
        section { class: "bf-panel bf-word", "data-testid": "word", "aria-label": lang.say("review-word"),
            label { class: "bf-field",
                span { {lang.say("review-comment")} }
                textarea {
                    class: "weui-textarea bf-boxed",
                    rows: "1",
                    maxlength: "{NOTE_CHARS_MAX}",
                    value: comment(),
                    "data-testid": "comment",
                    oninput: move |event| comment.set(event.value()),
                }
            }
            div { "aria-live": "assertive",
                if missing() {
                    p { class: "bf-problem", "data-testid": "comment-missing",
                        Icon { sign: Sign::Warn }
                        {lang.say("review-comment-missing")}
                    }
                }
            }
            if let Some(trouble) = trouble() {
                TroubleLine { trouble }
            }
            div { class: "bf-dialog__do",
                button {
                    r#type: "button",
                    class: "weui-btn weui-btn_default bf-btn",
                    disabled: busy(),
                    "data-testid": "send-back",
                    onclick: move |_| say.call(Verdict::SentBack),
                    Icon { sign: Sign::Return }
                    {lang.say("review-send-back")}
                }
                button {
                    r#type: "button",
                    class: "weui-btn weui-btn_primary bf-btn",
                    disabled: busy(),
                    "data-testid": "approve",
                    onclick: move |_| say.call(Verdict::Approved),
                    Icon { sign: Sign::Check }
                    {lang.say("review-approve")}
                }
            }
        }
    }
}

/// The answer to whoever asks for an approved record to be taken back.
#[component]
pub fn WordOnWithdrawal(id: ObservationId, scope: AreaCode) -> Element {
    let (lang, app, core) = (use_lang(), use_app(), use_core());
    let mut busy = use_signal(|| false);
    let mut trouble = use_signal(|| None::<Trouble>);
    let say = Callback::new(move |agreed: bool| {
        let core = core.clone();
        let request = match agreed {
            true => Request::Retract { id, reason: lang.say("withdrawal-agreed") },
            false => Request::Review {
                id,
                scope,
                verdict: Verdict::Approved,
                comment: lang.say("withdrawal-refused"),
            },
        };
        busy.set(true);
        trouble.set(None);
        spawn(async move {
            match core.ask(request).await {
                Ok(_) => {
                    app.say(lang.say("review-said"));
                    core.tell(Request::SyncNow);
                }
                Err(said) => trouble.set(Some(said)),
            }
            busy.set(false);
        });
    });
    rsx! {
        section { class: "bf-panel bf-word", "data-testid": "word-on-withdrawal", "aria-label": lang.say("review-word"),
            p { class: "bf-panel__lead", {lang.say("withdrawal-asked-lead")} }
            if let Some(trouble) = trouble() {
                TroubleLine { trouble }
            }
            div { class: "bf-dialog__do",
                button {
                    r#type: "button",
                    class: "weui-btn weui-btn_default bf-btn",
                    disabled: busy(),
                    "data-testid": "refuse-withdrawal",
                    onclick: move |_| say.call(false),
                    {lang.say("withdrawal-refuse")}
                }
                button {
                    r#type: "button",
                    class: "weui-btn weui-btn_primary bf-btn",
                    disabled: busy(),
                    "data-testid": "agree-withdrawal",
                    onclick: move |_| say.call(true),
                    {lang.say("withdrawal-agree")}
                }
            }
        }
    }
}
