//! Says that a newer version lies ready, and starts it when the person chooses to.

use dioxus::prelude::*;

use crate::i18n::use_lang;
use crate::platform::{Update, use_platform, use_update};

/// Nothing, until a newer version is ready.
#[component]
pub fn UpdateBanner() -> Element {
    let lang = use_lang();
    let update = use_update();
    let shell = use_platform().shell;
    if update() == Update::None {
        return rsx! {};
    }
    rsx! {
        div { class: "bf-update", role: "status", "data-testid": "update",
            span { {lang.say("update-ready")} }
            button {
                class: "weui-btn weui-btn_primary bf-btn",
                "data-testid": "start-update",
                onclick: move |_| shell.start_update(),
                {lang.say("update-start")}
            }
        }
    }
}
