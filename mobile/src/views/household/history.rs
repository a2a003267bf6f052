//! Every change of an entry: what, who, when, because of which record.

use bianfang_device::message::{Reply, Request};
use bianfang_shared::id::EntityId;
use bianfang_shared::ledger::LedgerKind;
use bianfang_shared::query::HistoryItem;
use dioxus::prelude::*;

use crate::app::{Route, Shown, use_app, use_ask};
use crate::components::{Icon, Loading, Sign, Tag, Tone, TroubleScreen};
use crate::i18n::use_lang;
use crate::words::{self, Names};

fn request(id: EntityId) -> Request {
    Request::History { id }
}

fn read(reply: Reply) -> Option<Vec<HistoryItem>> {
    match reply {
        Reply::History(items) => Some(items),
        _ => None,
    }
}

/// The history, folded away until it is wanted.
#[component]
pub fn History(id: EntityId, ledger: LedgerKind) -> Element {
    let lang = use_lang();
    let mut open = use_signal(|| false);
    rsx! {
        section { class: "bf-group", "data-testid": "history",
            h2 { class: "bf-group__title",
                button {
                    r#type: "button",
                    class: "bf-row bf-row_link",
                    "aria-expanded": open().to_string(),
                    "data-testid": "history-open",
                    onclick: move |_| open.toggle(),
                    Icon { sign: Sign::Clock }
                    span { class: "bf-row__body", {lang.say("history-title")} }
                    Icon { sign: Sign::Onward }
                }
            }
            if open() {
                Changes { id, ledger }
            }
        }
    }
}

#[component]
fn Changes(id: EntityId, ledger: LedgerKind) -> Element {
    let (lang, app) = (use_lang(), use_app());
    let asked = use_ask(id, request, read);
    match asked.shown() {
        Shown::Loading => rsx! { Loading {} },
        Shown::Failed(trouble, again) => rsx! { TroubleScreen { trouble, again } },
        Shown::Ready(items) => rsx! {
            ChangeList { items: (*items).clone(), ledger, names: app.names() }
            if items.is_empty() {
                p { class: "bf-fine bf-centred", {lang.say("history-none")} }
            }
        },
    }
}

/// Changes as cells, the newest first.
#[component]
fn ChangeList(items: Vec<HistoryItem>, ledger: LedgerKind, names: Names) -> Element {
    let lang = use_lang();
    rsx! {
        ul { class: "bf-list",
            for item in items {
                li { key: "{item.op}{item.field}", class: "bf-row", "data-testid": "change",
                    div { class: "bf-row__body",
                        div { class: "bf-line",
                            span { {words::field_name(lang, ledger, &item.field)} }
                            strong { {words::field_value(lang, ledger, &item.field, &item.value, &names)} }
                        }
                        div { class: "bf-line bf-fine",
                            span { {item.author_name.clone()} }
                            span { {words::moment(item.at_ms)} }
                            if item.received_at_ms.is_none() {
                                Tag { tone: Tone::Careful, sign: Sign::Device, words: lang.say("place-device") }
                            }
                            if let Some(id) = item.cause {
                                Link { class: "bf-link", to: Route::RecordPage { id }, "data-testid": "cause", {lang.say("history-cause")} }
                            }
                        }
                    }
                }
            }
        }
    }
}
