//! 暂存待处理: what the centre could not apply, with the reason. Nothing of it is lost.

use bianfang_device::message::{Reply, Request};
use bianfang_shared::query::{Page, QuarantineItem};
use dioxus::prelude::*;

use crate::app::{Listing, Pages, Route, use_app, use_pages};
use crate::components::{
    Empty, Group, Head, Icon, Loading, Note, Sign, TroubleLine, TroubleScreen, UnreadableRows, Weight,
};
use crate::i18n::use_lang;
use crate::words::{self, reason_detail, reason_words};

const LISTING: Listing<(), QuarantineItem> = Listing { request, read };

fn request((): (), after: Option<String>) -> Request {
    Request::Quarantine { after }
}

fn read(reply: Reply) -> Option<Page<QuarantineItem>> {
    match reply {
        Reply::Quarantine(page) => Some(page),
        _ => None,
    }
}

/// What was set aside.
#[component]
pub fn QuarantinePage() -> Element {
    let lang = use_lang();
    let Pages { rows, unreadable, more, busy, known, trouble, again, next } = use_pages((), LISTING);
    rsx! {
        Head { title: lang.say("nav-quarantine"), back: Some(Route::MePage {}) }
        Note { weight: Weight::Info, sign: Sign::Info, testid: "quarantine-note", {lang.say("quarantine-explained")} }
        if !known {
            match trouble {
                Some(trouble) if !busy => rsx! { TroubleScreen { trouble, again } },
                _ => rsx! { Loading {} },
            }
        } else {
            if let Some(trouble) = trouble {
                TroubleLine { trouble }
            }
            UnreadableRows { names: unreadable }
            if rows.is_empty() {
                Empty { sign: Sign::Check, title: lang.say("quarantine-none"), testid: "no-quarantine" }
            }
            Group { testid: "quarantine",
                for item in rows.iter() {
                    Item { key: "{item.op}", item: item.clone() }
                }
            }
            if more {
                button { r#type: "button", class: "weui-btn weui-btn_default bf-btn", disabled: busy, "data-testid": "more", onclick: move |_| next.call(()),
                    {lang.say("list-more")}
                }
            }
        }
    }
}

#[component]
fn Item(item: QuarantineItem) -> Element {
    let (lang, app) = (use_lang(), use_app());
    let detail = reason_detail(&item.reason);
    let place = item.scope.map(|scope| app.area_name(scope)).unwrap_or_default();
    rsx! {
        li { class: "bf-row", "data-testid": "quarantine-item",
            Icon { sign: Sign::SetAside }
            div { class: "bf-row__body",
                p { strong { {reason_words(lang, &item.reason)} } }
                div { class: "bf-line bf-fine",
                    span { {item.author_name.clone()} }
                    span { {place} }
                    span { {words::moment(item.received_at_ms)} }
                }
                details {
                    summary { class: "bf-link", {lang.say("quarantine-raw")} }
                    if !detail.is_empty() {
                        p { class: "bf-fine", {detail} }
                    }
                    pre { class: "bf-raw", {item.raw.clone()} }
                    if item.raw_bytes > item.raw.len() as u64 {
                        p { class: "bf-fine", "data-testid": "raw-cut",
                            {lang.with("quarantine-raw-cut", [("bytes", item.raw_bytes.to_string().into())])}
                        }
                    }
                }
            }
        }
    }
}
