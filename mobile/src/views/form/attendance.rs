//! How a post's month stands, before one more attendance is recorded.

use bianfang_device::message::{EntryDetail, Reply, Request};
use bianfang_shared::id::EntityId;
use dioxus::prelude::*;

use crate::app::{Route, Shown, use_ask};
use crate::components::{Icon, MonthSum, Sign};
use crate::i18n::use_lang;

fn request(id: EntityId) -> Request {
    Request::Entry { id, here: None }
}

fn read(reply: Reply) -> Option<EntryDetail> {
    match reply {
        Reply::Entry(detail) => Some(*detail),
        _ => None,
    }
}

/// Days that count so far against those required. Nothing is shown while it is not known: the form does not wait for it.
#[component]
pub fn MonthSoFar(post: EntityId) -> Element {
    let lang = use_lang();
    let asked = use_ask(post, request, read);
    let Shown::Ready(detail) = asked.shown_or_older() else { return rsx! {} };
    let Some(sheet) = detail.sheets.first().cloned() else { return rsx! {} };
    rsx! {
        section { class: "bf-panel", "data-testid": "month-so-far", "aria-label": lang.say("sheet-so-far"),
            MonthSum { sheet }
            Link { class: "bf-link", to: Route::SheetPage { id: post }, "data-testid": "to-sheet",
                Icon { sign: Sign::Today }
                {lang.say("sheet-open")}
            }
        }
    }
}
