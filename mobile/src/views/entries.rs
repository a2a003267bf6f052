//! 台账 of houses, water supplies, posts and problems: finding an entry, by words and by what matters in its ledger.

mod filters;

use bianfang_device::message::{Entries, EntryFilter, Reply, Request};
use bianfang_shared::ledger::{LedgerKind, Point};
use dioxus::prelude::*;

use self::filters::Filters;
use super::households::Pager;
use crate::app::{Again, HereFinder, LedgerTab, Route, Shown, use_app, use_ask};
use crate::components::{
    Empty, EntryCell, FirstSync, Group, Head, Icon, LinkSegments, Loading, Segment, Sign, TroubleScreen,
    ledger_sign,
};
use crate::i18n::use_lang;

/// What is looked for.
#[derive(Debug, Clone, PartialEq)]
struct Search {
    ledger: LedgerKind,
    filter: EntryFilter,
    here: Option<Point>,
    skip: usize,
}

impl Search {
    /// Of problems the open ones, since that is what one comes for.
    fn of(ledger: LedgerKind) -> Self {
        let filter = EntryFilter { open: ledger == LedgerKind::Issue, ..EntryFilter::default() };
        Self { ledger, filter, here: None, skip: 0 }
    }
}

fn request(search: Search) -> Request {
    let Search { ledger, filter, here, skip } = search;
    Request::Entries { ledger, filter, here, skip }
}

fn read(reply: Reply) -> Option<Entries> {
    match reply {
        Reply::Entries(entries) => Some(entries),
        _ => None,
    }
}

/// The ledgers side by side.
#[component]
pub fn LedgerSegments(current: Route) -> Element {
    let lang = use_lang();
    let segment = |key: Route, ledger: LedgerKind, testid: String| Segment {
        key,
        words: lang.say(&format!("ledger-{}", ledger.key())),
        count: None,
        urgent: false,
        testid,
    };
    let households = segment(Route::HouseholdsPage {}, LedgerKind::Household, "ledger-household".to_owned());
    let others = LedgerTab::ALL
        .map(|tab| segment(Route::EntriesPage { tab }, tab.ledger(), format!("ledger-{}", tab.key())));
    let segments: Vec<Segment<Route>> = std::iter::once(households).chain(others).collect();
    rsx! {
        LinkSegments { label: lang.say("ledger-kinds"), segments, current }
    }
}

/// A ledger.
#[component]
pub fn EntriesPage(tab: LedgerTab) -> Element {
    let lang = use_lang();
    rsx! {
        Head { title: lang.say("nav-ledger"), HereFinder {} }
        LedgerSegments { current: Route::EntriesPage { tab } }
        // In a list of one, whose key makes each ledger's search a search of its own.
        for tab in [tab] {
            Ledger { key: "{tab}", tab }
        }
    }
}

#[component]
fn Ledger(tab: LedgerTab) -> Element {
    let (lang, app) = (use_lang(), use_app());
    let ledger = tab.ledger();
    let mut search = use_signal(|| Search::of(ledger));
    let asked = use_ask(Search { here: *app.here.read(), ..search() }, request, read);
    let change = move |filter| search.with_mut(|search| (search.filter, search.skip) = (filter, 0));
    rsx! {
        Filters { ledger, filter: search.read().filter.clone(), onchange: change }
        div { "aria-busy": (!asked.fresh).to_string(), "aria-live": "polite",
            match asked.shown_or_older() {
                Shown::Loading => rsx! { Loading {} },
                Shown::Failed(trouble, again) => rsx! { TroubleScreen { trouble, again } },
                Shown::Ready(found) if found.rows.is_empty() => rsx! { NoneFound { search: search(), again: asked.again() } },
                Shown::Ready(found) => rsx! {
                    Group { testid: "entries",
                        for row in found.rows.iter() {
                            EntryCell { key: "{row.id}", row: row.clone() }
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
        div { class: "bf-do",
            Link {
                class: "weui-btn weui-btn_primary bf-btn bf-btn_main",
                to: Route::RegisterPage { tab, of: String::new(), shoot: String::new() },
                "data-testid": "register",
                Icon { sign: Sign::Plus }
                {lang.say(&format!("register-{tab}"))}
            }
        }
    }
}

#[component]
fn NoneFound(search: Search, again: Again) -> Element {
    let (lang, app) = (use_lang(), use_app());
    if app.before_first_sync() {
        return rsx! { FirstSync {} };
    }
    let blank = search.filter == Search::of(search.ledger).filter;
    let key = search.ledger.key();
    if blank {
        return rsx! {
            Empty { sign: ledger_sign(search.ledger), title: lang.say(&format!("entries-none-{key}")), detail: lang.say("entries-none-more"), testid: "nothing-yet" }
        };
    }
    rsx! {
        Empty { sign: Sign::Search, title: lang.say("ledger-none-found"), detail: lang.say("entries-none-found-more"), testid: "none-found" }
    }
}
