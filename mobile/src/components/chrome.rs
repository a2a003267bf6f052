//! Around every screen: its heading, the way back, and notes that concern all screens.

use dioxus::prelude::*;

use super::{Icon, Sign};
use crate::app::Route;
use crate::i18n::use_lang;

/// The heading of a screen, with the way back and room for what belongs beside it.
#[component]
pub fn Head(
    title: String,
    #[props(default)] back: Option<Route>,
    #[props(default)] children: Element,
) -> Element {
    let lang = use_lang();
    rsx! {
        header { class: "bf-head",
            if let Some(to) = back {
                Link { class: "bf-head__back", to, "data-testid": "back", "aria-label": lang.say("action-back"),
                    Icon { sign: Sign::Back }
                }
            }
            h1 { class: "bf-head__title", {title} }
            div { class: "bf-head__side", {children} }
        }
    }
}

/// How grave a note is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// Good to know.
    Info,
    /// Look at it.
    Careful,
    /// Something is wrong.
    Bad,
}

/// A note across the screen.
#[component]
pub fn Note(weight: Weight, sign: Sign, testid: String, children: Element) -> Element {
    let class = match weight {
        Weight::Info => "bf-note",
        Weight::Careful => "bf-note bf-note_careful",
        Weight::Bad => "bf-note bf-note_bad",
    };
    let role = if weight == Weight::Bad { "alert" } else { "status" };
    rsx! {
        div { class, role, "data-testid": testid,
            Icon { sign }
            div { class: "bf-note__body", {children} }
        }
    }
}

/// A question that has to be answered before anything else.
#[component]
pub fn Dialog(title: String, testid: String, onclose: EventHandler<()>, children: Element) -> Element {
    rsx! {
        div { class: "bf-mask", onclick: move |_| onclose.call(()) }
        div {
            class: "bf-dialog",
            role: "dialog",
            "aria-modal": "true",
            "aria-label": title.clone(),
            "data-testid": testid,
            tabindex: "-1",
            // The keyboard follows the eye, also where the dialogue was opened by a touch.
            onmounted: move |event| async move {
                if let Err(error) = event.set_focus(true).await {
                    drop(error);
                }
            },
            onkeydown: move |event| {
                if event.key() == Key::Escape {
                    onclose.call(());
                }
            },
            h2 { class: "bf-dialog__title", {title.clone()} }
            {children}
        }
    }
}
