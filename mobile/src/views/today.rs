//! 今日: what is due, what was begun, what came back.

use bianfang_device::message::{DraftRow, DueRow, RecordRow, Reply, Request, Today};
use bianfang_shared::ledger::Point;
use dioxus::prelude::*;

use crate::app::{HereFinder, Route, Shown, use_app, use_ask};
use crate::components::{
    DueCell, Empty, FirstSync, Group, Head, Icon, LinkRow, Loading, RecordCell, Sign, Tag, Tone,
    TroubleScreen,
};
use crate::i18n::use_lang;
use crate::words;

fn request(here: Option<Point>) -> Request {
    Request::Today { here }
}

fn read(reply: Reply) -> Option<Today> {
    match reply {
        Reply::Today(today) => Some(today),
        _ => None,
    }
}

/// The first screen of whoever visits.
#[component]
pub fn TodayPage() -> Element {
    let (lang, app) = (use_lang(), use_app());
    let asked = use_ask(*app.here.read(), request, read);
    rsx! {
        Head { title: lang.say("nav-today") }
        match asked.shown_or_older() {
            Shown::Loading => rsx! { Loading {} },
            Shown::Failed(trouble, again) => rsx! { TroubleScreen { trouble, again } },
            Shown::Ready(today) => rsx! {
                Sums { today: (*today).clone() }
                Begun { drafts: today.drafts.clone() }
                SentBack { rows: today.sent_back.clone() }
                Due { due: today.due.clone(), total: today.due_total }
            },
        }
        div { class: "bf-do",
            Link { class: "weui-btn weui-btn_primary bf-btn bf-btn_main", to: Route::HouseholdsPage {}, "data-testid": "record-visit",
                Icon { sign: Sign::Pencil }
                {lang.say("today-record")}
            }
        }
    }
}

#[component]
fn Sums(today: Today) -> Element {
    let lang = use_lang();
    let sums = [
        ("sum-overdue", today.overdue_total, lang.say("today-overdue"), today.overdue_total > 0),
        ("sum-due", today.due_total, lang.say("today-due"), false),
        ("sum-visited", today.visited_this_month, lang.say("today-visited"), false),
    ];
    rsx! {
        dl { class: "bf-sums",
            for (testid , count , words , bad) in sums {
                div { key: "{testid}", class: if bad { "bf-sum bf-sum_bad" } else { "bf-sum" }, "data-testid": testid,
                    dt { {words} }
                    dd { {count.to_string()} }
                }
            }
        }
    }
}

#[component]
fn Begun(drafts: Vec<DraftRow>) -> Element {
    let lang = use_lang();
    if drafts.is_empty() {
        return rsx! {};
    }
    rsx! {
        Group { title: lang.say("today-drafts"), testid: "drafts",
            for draft in drafts {
                LinkRow {
                    key: "{draft.household}",
                    to: Route::VisitPage { household: draft.household, corrects: String::new() },
                    testid: "draft",
                    value: lang.say("today-continue"),
                    div { class: "bf-line",
                        Icon { sign: Sign::Pencil }
                        strong { class: "bf-name", {draft.head_name.clone()} }
                    }
                    div { class: "bf-line bf-fine",
                        {lang.with("today-touched", [("at", words::moment(draft.touched_at_ms).into())])}
                    }
                }
            }
        }
    }
}

/// Records sent back that are shown at once; more would hide what is due today.
const SENT_BACK_SHOWN: usize = 2;

#[component]
fn SentBack(rows: Vec<RecordRow>) -> Element {
    let lang = use_lang();
    if rows.is_empty() {
        return rsx! {};
    }
    let (first, rest) = rows.split_at(SENT_BACK_SHOWN.min(rows.len()));
    rsx! {
        Group { title: lang.with("today-sent-back", [("n", (rows.len() as u64).into())]), testid: "sent-back",
            for row in first.iter() {
                RecordCell { key: "{row.id}", row: row.clone() }
            }
        }
        if !rest.is_empty() {
            details { class: "bf-fold", "data-testid": "sent-back-rest",
                summary { class: "bf-row bf-row_link",
                    span { class: "bf-row__body", {lang.with("today-sent-back-rest", [("n", (rest.len() as u64).into())])} }
                    Icon { sign: Sign::Onward }
                }
                Group {
                    for row in rest.iter() {
                        RecordCell { key: "{row.id}", row: row.clone() }
                    }
                }
            }
        }
    }
}

#[component]
fn Due(due: Vec<DueRow>, total: u64) -> Element {
    let (lang, app) = (use_lang(), use_app());
    if due.is_empty() && app.before_first_sync() {
        return rsx! { FirstSync {} };
    }
    if due.is_empty() {
        return rsx! {
            Empty { sign: Sign::Check, title: lang.say("today-nothing-due"), detail: lang.say("today-nothing-due-more"), testid: "nothing-due" }
        };
    }
    let shown = due.len() as u64;
    rsx! {
        div { class: "bf-group__head",
            h2 { class: "weui-cells__title bf-group__title", {lang.say("today-to-visit")} }
            HereFinder {}
        }
        Group { testid: "due",
            for row in due {
                DueCell { key: "{row.household.id}", due: row.clone(), DueTag { row } }
            }
        }
        if total > shown {
            p { class: "bf-fine bf-centred", {lang.with("today-more", [("n", (total - shown).into())])} }
        }
    }
}

/// When a household is due, and by which rule.
#[component]
pub fn DueTag(row: DueRow) -> Element {
    let lang = use_lang();
    let days = row.overdue_days;
    let (tone, sign, words) = match days {
        1.. => (Tone::Bad, Sign::Warn, lang.with("today-overdue-by", [("days", days.into())])),
        0 => (Tone::Careful, Sign::Clock, lang.say("today-due-today")),
        _ => (Tone::Plain, Sign::Clock, lang.with("today-due-on", [("day", row.due_on.as_str().into())])),
    };
    rsx! {
        Tag { tone, sign, words, testid: "due-tag" }
        span { class: "bf-fine", {lang.or(&format!("rule-{}", row.rule), &row.rule)} }
    }
}
