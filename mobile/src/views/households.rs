//! 台账: finding a household among tens of thousands, as one types.

use bianfang_device::message::{Households, LIST_ROWS, Reply, Request};
use bianfang_shared::area::AreaCode;
use bianfang_shared::ledger::Point;
use dioxus::prelude::*;

use super::entries::LedgerSegments;
use crate::app::{Again, HereFinder, Route, Shown, use_app, use_ask};
use crate::components::{Empty, FirstSync, Group, Head, HouseholdCell, Icon, Loading, Sign, TroubleScreen};
use crate::i18n::use_lang;

/// What is looked for.
#[derive(Debug, Clone, Default, PartialEq)]
struct Search {
    text: String,
    scope: Option<AreaCode>,
    in_conflict: bool,
    here: Option<Point>,
    skip: usize,
}

fn request(search: Search) -> Request {
    let Search { text, scope, in_conflict, here, skip } = search;
    Request::Households { text, scope, in_conflict, here, skip }
}

fn read(reply: Reply) -> Option<Households> {
    match reply {
        Reply::Households(households) => Some(households),
        _ => None,
    }
}

/// The households on this device.
#[component]
pub fn HouseholdsPage() -> Element {
    let (lang, app) = (use_lang(), use_app());
    let mut search = use_signal(Search::default);
    let asked = use_ask(Search { here: *app.here.read(), ..search() }, request, read);
    let change = Callback::new(move |next: Search| search.set(next));
    rsx! {
        Head { title: lang.say("nav-ledger"), HereFinder {} }
        LedgerSegments { current: Route::HouseholdsPage {} }
        Filters { search: search(), onchange: change }
        div { "aria-busy": (!asked.fresh).to_string(), "aria-live": "polite",
            match asked.shown_or_older() {
                Shown::Loading => rsx! { Loading {} },
                Shown::Failed(trouble, again) => rsx! { TroubleScreen { trouble, again } },
                Shown::Ready(found) if found.rows.is_empty() => rsx! { NoneFound { search: search(), again: asked.again() } },
                Shown::Ready(found) => rsx! {
                    Group { testid: "households",
                        for row in found.rows.iter() {
                            HouseholdCell { key: "{row.id}", row: row.clone() }
                        }
                    }
                    Pager {
                        skip: search.read().skip,
                        more: found.more,
                        onskip: move |skip| search.with_mut(|search| search.skip = skip),
                    }
                },
            }
        }
    }
}

#[component]
fn Filters(search: Search, onchange: Callback<Search>) -> Element {
    let (lang, app) = (use_lang(), use_app());
    let status = app.status.read();
    let villages = status.as_ref().map(|status| status.villages.clone()).unwrap_or_default();
    let from_start = Search { skip: 0, ..search.clone() };
    let (typed, chosen, toggled) = (from_start.clone(), from_start.clone(), from_start);
    let shown = search.text.clone();
    rsx! {
        div { class: "bf-search", role: "search",
            label { class: "bf-search__box",
                Icon { sign: Sign::Search }
                span { class: "bf-hidden", {lang.say("ledger-search")} }
                input {
                    class: "weui-input",
                    r#type: "search",
                    "enterkeyhint": "search",
                    autocomplete: "off",
                    placeholder: lang.say("ledger-search-hint"),
                    "data-testid": "search",
                    value: shown,
                    oninput: move |event| onchange.call(Search { text: event.value(), ..typed.clone() }),
                }
            }
            div { class: "bf-filters",
                label { class: "bf-filter",
                    span { class: "bf-hidden", {lang.say("ledger-village")} }
                    select {
                        class: "weui-select bf-select",
                        "data-testid": "village",
                        onchange: move |event| onchange.call(Search { scope: event.value().parse().ok(), ..chosen.clone() }),
                        option { value: "", selected: search.scope.is_none(), {lang.say("ledger-all-villages")} }
                        for village in villages {
                            option {
                                key: "{village.code}",
                                value: village.code.to_string(),
                                selected: search.scope == Some(village.code),
                                {village.name.clone()}
                            }
                        }
                    }
                }
                button {
                    r#type: "button",
                    class: if search.in_conflict { "bf-choice bf-choice_on" } else { "bf-choice" },
                    "aria-pressed": search.in_conflict.to_string(),
                    "data-testid": "only-conflicts",
                    onclick: move |_| onchange.call(Search { in_conflict: !toggled.in_conflict, ..toggled.clone() }),
                    Icon { sign: Sign::Fork }
                    {lang.say("ledger-only-conflicts")}
                }
            }
        }
    }
}

#[component]
fn NoneFound(search: Search, again: Again) -> Element {
    let (lang, app) = (use_lang(), use_app());
    let households = app.status.read().as_ref().map_or(0, |status| status.households);
    let blank = search.text.trim().is_empty() && search.scope.is_none() && !search.in_conflict;
    if app.before_first_sync() {
        return rsx! { FirstSync {} };
    }
    if blank && households == 0 {
        return rsx! {
            Empty { sign: Sign::Cloud, title: lang.say("ledger-nothing-yet"), detail: lang.say("ledger-nothing-yet-more"), testid: "nothing-yet" }
            button { r#type: "button", class: "weui-btn weui-btn_default bf-btn", "data-testid": "look-again", onclick: move |_| again.ask(),
                {lang.say("action-try-again")}
            }
        };
    }
    rsx! {
        Empty { sign: Sign::Search, title: lang.say("ledger-none-found"), detail: lang.say("ledger-none-found-more"), testid: "none-found" }
    }
}

/// Forth and back through the pages of a list on the device.
#[component]
pub fn Pager(skip: usize, more: bool, onskip: EventHandler<usize>) -> Element {
    let lang = use_lang();
    if skip == 0 && !more {
        return rsx! {};
    }
    let page = (skip / LIST_ROWS + 1) as u64;
    rsx! {
        nav { class: "bf-pager", "aria-label": lang.say("pager-label"),
            button {
                r#type: "button",
                class: "weui-btn weui-btn_default bf-btn",
                disabled: skip == 0,
                "data-testid": "page-before",
                onclick: move |_| onskip.call(skip.saturating_sub(LIST_ROWS)),
                {lang.say("pager-before")}
            }
            span { {lang.with("pager-page", [("n", page.into())])} }
            button {
                r#type: "button",
                class: "weui-btn weui-btn_default bf-btn",
                disabled: !more,
                "data-testid": "page-after",
                onclick: move |_| onskip.call(skip + LIST_ROWS),
                {lang.say("pager-after")}
            }
        }
    }
}
