//! 考勤表: the months of a post, to be looked at on a phone and printed on paper.

use bianfang_device::message::{EntryDetail, MonthSheet, Request};
use bianfang_shared::id::EntityId;
use bianfang_shared::ledger::{LedgerKind, post};
use bianfang_shared::value::Value;
use dioxus::prelude::*;

use super::entry::read;
use crate::app::{Route, Shown, use_app, use_ask};
use crate::components::{Empty, Head, Icon, Loading, MonthGrid, MonthSum, SheetLegend, Sign, TroubleScreen};
use crate::i18n::use_lang;
use crate::platform::use_platform;
use crate::words;

fn request(id: EntityId) -> Request {
    Request::Entry { id, here: None }
}

/// The months of a post, this one first.
#[component]
pub fn SheetPage(id: EntityId) -> Element {
    let lang = use_lang();
    let asked = use_ask(id, request, read);
    let printer = use_platform().printer;
    let ready = matches!(asked.shown(), Shown::Ready(_));
    rsx! {
        Head { title: lang.say("sheet-title"), back: Some(Route::EntryPage { id }),
            if ready {
                button {
                    r#type: "button",
                    class: "bf-link",
                    "data-testid": "sheet-print",
                    onclick: move |_| printer.print_page(),
                    Icon { sign: Sign::Print }
                    {lang.say("sheet-print")}
                }
            }
        }
        match asked.shown() {
            Shown::Loading => rsx! { Loading {} },
            Shown::Failed(trouble, again) => rsx! { TroubleScreen { trouble, again } },
            Shown::Ready(detail) => rsx! { Sheets { detail: (*detail).clone() } },
        }
    }
}

#[component]
fn Sheets(detail: EntryDetail) -> Element {
    let lang = use_lang();
    if detail.sheets.is_empty() {
        return rsx! { Empty { sign: Sign::Today, title: lang.say("sheet-none"), testid: "no-sheets" } };
    }
    rsx! {
        for sheet in detail.sheets.iter() {
            Month { key: "{sheet.month}", sheet: sheet.clone(), detail: detail.clone() }
        }
        div { class: "bf-panel bf-screen-only", SheetLegend {} }
    }
}

/// A month with its post, so that each stands for itself on paper.
#[component]
fn Month(sheet: MonthSheet, detail: EntryDetail) -> Element {
    let (lang, app) = (use_lang(), use_app());
    let field = |key: &str| {
        let value = detail.entry.fields.get(key).cloned().unwrap_or_default();
        words::field_value(lang, LedgerKind::Post, key, &value, &app.names())
    };
    let holder = detail.linked.iter().find(|row| {
        detail.entry.fields.get(post::HOLDER).and_then(Value::as_text) == Some(row.id.to_string().as_str())
    });
    let holder = holder.map_or_else(|| detail.row.name.clone(), |row| row.name.clone());
    rsx! {
        section { class: "bf-panel bf-sheet-page", "data-testid": "sheet", "aria-label": lang.say("sheet-title"),
            div { class: "bf-line",
                strong { class: "bf-name", {holder} }
                span { class: "bf-chip", {field(post::KIND)} }
                span { class: "bf-code", {detail.row.code.clone()} }
                span { class: "bf-fine", {detail.village.clone()} }
            }
            MonthSum { sheet: sheet.clone() }
            MonthGrid { sheet }
            div { class: "bf-paper-only bf-sheet__signatures",
                p { {lang.say("sheet-sign-holder")} }
                p { {lang.say("sheet-sign-village")} }
            }
        }
    }
}
