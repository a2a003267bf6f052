//! The states every screen has: loading, empty, trouble.

use std::rc::Rc;

use bianfang_device::message::Trouble;
use dioxus::prelude::*;

use super::{Icon, Sign};
use crate::app::Again;
use crate::i18n::{Lang, use_lang};

/// Waiting for the device core.
#[component]
pub fn Loading() -> Element {
    let lang = use_lang();
    rsx! {
        div { class: "bf-state", role: "status", "data-testid": "loading",
            span { class: "weui-loading", "aria-hidden": "true" }
            span { {lang.say("state-loading")} }
        }
    }
}

/// Nothing to show, and why that is or what to do.
#[component]
pub fn Empty(
    sign: Sign,
    title: String,
    #[props(default)] detail: String,
    #[props(default)] testid: String,
) -> Element {
    let testid = if testid.is_empty() { "empty".to_owned() } else { testid };
    rsx! {
        div { class: "bf-state", "data-testid": testid,
            Icon { sign }
            p { class: "bf-state__title", {title} }
            if !detail.is_empty() {
                p { class: "bf-state__detail", {detail} }
            }
        }
    }
}

/// What happened and what to do, in the person's language.
#[must_use]
pub fn trouble_words(lang: Lang, trouble: &Trouble) -> String {
    let key = format!("trouble-{}", trouble.code);
    lang.or(&key, &lang.with("trouble-other", [("code", trouble.code.as_str().into())]))
}

/// A trouble on its own, as beneath a form.
#[component]
pub fn TroubleLine(trouble: Trouble, #[props(default)] testid: String) -> Element {
    let lang = use_lang();
    let testid = if testid.is_empty() { "trouble".to_owned() } else { testid };
    rsx! {
        div { class: "bf-note bf-note_bad", role: "alert", "data-testid": testid, "data-code": trouble.code.clone(),
            Icon { sign: Sign::Warn }
            div {
                p { {trouble_words(lang, &trouble)} }
                TroubleDetail { trouble: trouble.clone() }
            }
        }
    }
}

/// Rows of a list that the centre cannot read: how many, what to do, and what they are called.
#[component]
pub fn UnreadableRows(names: Rc<Vec<String>>) -> Element {
    let lang = use_lang();
    if names.is_empty() {
        return rsx! {};
    }
    rsx! {
        div { class: "bf-note bf-note_bad", role: "alert", "data-testid": "unreadable-rows",
            Icon { sign: Sign::Warn }
            div {
                p { {lang.with("list-unreadable", [("count", names.len().into())])} }
                details { class: "bf-detail",
                    summary { class: "bf-link", {lang.say("trouble-detail")} }
                    for name in names.iter() {
                        p { key: "{name}", class: "bf-fine", {name.clone()} }
                    }
                }
            }
        }
    }
}

/// What a program would say of it, folded away for whoever helps.
#[component]
pub fn TroubleDetail(trouble: Trouble) -> Element {
    let lang = use_lang();
    if trouble.detail.is_empty() {
        return rsx! {};
    }
    rsx! {
        details { class: "bf-detail", "data-testid": "trouble-detail",
            summary { class: "bf-link", {lang.say("trouble-detail")} }
            p { class: "bf-fine", {trouble.detail.clone()} }
        }
    }
}

/// A trouble in place of a screen, with a way to try once more.
#[component]
pub fn TroubleScreen(trouble: Trouble, again: Again) -> Element {
    let lang = use_lang();
    let offline = trouble.code == "offline";
    rsx! {
        div { class: "bf-state", role: "alert", "data-testid": "trouble", "data-code": trouble.code.clone(),
            Icon { sign: if offline { Sign::NoSignal } else { Sign::Warn } }
            p { class: "bf-state__title", {trouble_words(lang, &trouble)} }
            TroubleDetail { trouble: trouble.clone() }
            button {
                class: "weui-btn weui-btn_default bf-btn",
                "data-testid": "try-again",
                onclick: move |_| again.ask(),
                {lang.say("action-try-again")}
            }
        }
    }
}
