//! Says that a newer version lies ready, and starts it when the person chooses to.

use dioxus::prelude::*;

use crate::platform::{Update, use_platform, use_update};

/// Nothing, until a newer version is ready.
#[component]
pub fn UpdateBanner() -> Element {
    let update = use_update();
    let shell = use_platform().shell;
    if update() == Update::None {
        return rsx! {};
    }
    rsx! {
        div { class: "update", role: "status", "data-testid": "update",
            span { "新版本已就绪。未上传的记录会保留在本机。" }
            button {
                class: "weui-btn weui-btn_mini weui-btn_primary",
                "data-testid": "start-update",
                onclick: move |_| shell.start_update(),
                "启用"
            }
        }
    }
}
