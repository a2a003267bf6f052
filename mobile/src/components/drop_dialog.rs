//! Whether what was filled in is to go.

use bianfang_device::message::Trouble;
use dioxus::prelude::*;

use super::{Dialog, TroubleLine};
use crate::i18n::use_lang;

/// Asks before a form that was begun is thrown away. Whoever opens it throws it away.
#[component]
pub fn DropDialog(
    /// Why it could not be thrown away.
    trouble: ReadSignal<Option<Trouble>>,
    ondrop: EventHandler<()>,
    onclose: EventHandler<()>,
) -> Element {
    let lang = use_lang();
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
                button { r#type: "button", class: "weui-btn weui-btn_warn bf-btn", "data-testid": "drop-yes", onclick: move |_| ondrop.call(()),
                    {lang.say("visit-drop-yes")}
                }
            }
        }
    }
}
