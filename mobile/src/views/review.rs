//! 审核: the records of an area, of every kind, and one of them beside the list.

mod detail;
mod filters;
mod word;

use bianfang_device::message::{Reply, Request};
use bianfang_shared::id::ObservationId;
use bianfang_shared::query::{Page, VisitFilter, VisitSummary};
use dioxus::prelude::*;

use self::detail::Detail;
use self::filters::Filters;
use crate::app::{Listing, Pages, Route, use_app, use_pages};
use crate::components::{
    Empty, GradeTag, Group, Head, Icon, LinkRow, Loading, ReviewStateTag, Sign, Tag, Tone, TroubleLine,
    TroubleScreen, UnreadableRows, done_words, kind_sign,
};
use crate::i18n::use_lang;
use crate::words;

/// Rows on a page of the list.
const ROWS: usize = 50;

const LISTING: Listing<VisitFilter, VisitSummary> = Listing { request, read };

fn request(filter: VisitFilter, after: Option<String>) -> Request {
    Request::VisitList { filter: VisitFilter { after, limit: Some(ROWS), ..filter } }
}

fn read(reply: Reply) -> Option<Page<VisitSummary>> {
    match reply {
        Reply::VisitList(page) => Some(page),
        _ => None,
    }
}

/// The list, and beside or instead of it what was chosen.
#[component]
pub fn Reviews() -> Element {
    let lang = use_lang();
    let chosen = match use_route::<Route>() {
        Route::ReviewPage { id } => Some(id),
        _ => None,
    };
    let mut filter = use_signal(VisitFilter::default);
    let pages = use_pages(filter(), LISTING);
    rsx! {
        div { class: if chosen.is_some() { "bf-sides bf-sides_chosen" } else { "bf-sides" },
            div { class: "bf-sides__list",
                Head { title: lang.say("nav-review") }
                Filters { filter: filter(), onchange: move |next| filter.set(next) }
                VisitList { pages, chosen }
            }
            div { class: "bf-sides__detail", Outlet::<Route> {} }
        }
    }
}

#[component]
fn VisitList(pages: Pages<VisitSummary>, chosen: Option<ObservationId>) -> Element {
    let lang = use_lang();
    let Pages { rows, unreadable, more, busy, known, trouble, again, next } = pages;
    if !known {
        return match trouble {
            Some(trouble) if !busy => rsx! { TroubleScreen { trouble, again } },
            _ => rsx! { Loading {} },
        };
    }
    rsx! {
        div { "aria-busy": busy.to_string(),
            if let Some(trouble) = trouble {
                TroubleLine { trouble }
            }
            UnreadableRows { names: unreadable }
            if rows.is_empty() {
                Empty { sign: Sign::Review, title: lang.say("review-none"), detail: lang.say("review-none-more"), testid: "no-visits" }
            }
            Group { testid: "visits",
                for row in rows.iter() {
                    VisitCell { key: "{row.id}", row: row.clone(), current: chosen == Some(row.id) }
                }
            }
            if more {
                button {
                    r#type: "button",
                    class: "weui-btn weui-btn_default bf-btn",
                    disabled: busy,
                    "data-testid": "more",
                    onclick: move |_| next.call(()),
                    {lang.say("list-more")}
                }
            }
        }
    }
}

/// A record in a list.
#[component]
pub(super) fn VisitCell(row: VisitSummary, current: bool) -> Element {
    let (lang, app) = (use_lang(), use_app());
    rsx! {
        LinkRow { to: Route::ReviewPage { id: row.id }, testid: "{row.kind}-{row.subject_code}", current,
            div { class: "bf-line",
                span { class: "bf-ledger", title: lang.say(&format!("kind-{}", row.kind)), Icon { sign: kind_sign(row.kind) } }
                strong { class: "bf-name", {row.subject_name.clone()} }
                span { class: "bf-code", {row.subject_code.clone()} }
                span { {done_words(lang, row.kind, row.outcome)} }
            }
            div { class: "bf-line bf-fine",
                span { {app.area_name(row.scope)} }
                span { {row.author_name.clone()} }
                span { {words::moment(row.ended_at_ms)} }
            }
            div { class: "bf-line bf-line_tags",
                GradeTag { grade: row.grade }
                ReviewStateTag { state: row.state }
                if row.issues > 0 {
                    Tag { tone: Tone::Careful, sign: Sign::Warn, words: lang.with("review-issues", [("n", row.issues.into())]) }
                }
                if row.conflicts > 0 {
                    Tag { tone: Tone::Bad, sign: Sign::Fork, words: lang.with("household-conflicts", [("n", row.conflicts.into())]) }
                }
            }
        }
    }
}

/// Beside the list while nothing is chosen.
#[component]
pub fn ReviewNone() -> Element {
    let lang = use_lang();
    rsx! { Empty { sign: Sign::Review, title: lang.say("review-choose"), testid: "review-choose" } }
}

/// A visit, all of it.
#[component]
pub fn ReviewPage(id: ObservationId) -> Element {
    rsx! { Detail { id } }
}
