//! Before the first exchange has ended the ledgers are not here yet: said in place of “nothing found”, which would mislead.

use bianfang_device::message::SyncPhase;
use dioxus::prelude::*;

use super::{Empty, Sign, TroubleLine};
use crate::app::{Route, use_app};
use crate::i18n::use_lang;

/// How far the first exchange has come, or what holds it up.
#[component]
pub fn FirstSync() -> Element {
    let (lang, app) = (use_lang(), use_app());
    let sync = app.sync.read().clone();
    let under_way = matches!(sync.phase, SyncPhase::Greeting | SyncPhase::Pushing | SyncPhase::Pulling);
    let total = sync.to_fetch.map(|rest| sync.fetched + rest);
    rsx! {
        Empty { sign: Sign::Cloud, title: lang.say("first-sync"), detail: lang.say("first-sync-more"), testid: "first-sync" }
        div { class: "bf-first", role: "status",
            if under_way {
                match total {
                    Some(total) if total > 0 => rsx! {
                        progress { max: "{total}", value: "{sync.fetched}", "aria-label": lang.say("phase-pulling") }
                        p { {lang.with("sync-fetched-of", [("n", sync.fetched.into()), ("total", total.into())])} }
                    },
                    _ => rsx! {
                        span { class: "weui-loading", "aria-hidden": "true" }
                        p { {lang.say("phase-pulling")} }
                    },
                }
            } else {
                if let Some(trouble) = sync.last_trouble.clone() {
                    TroubleLine { trouble, testid: "first-sync-trouble" }
                }
                Link { class: "weui-btn weui-btn_default bf-btn", to: Route::UploadsPage {}, "data-testid": "to-uploads", {lang.say("nav-uploads")} }
            }
        }
    }
}
