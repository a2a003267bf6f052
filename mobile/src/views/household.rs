//! A household with all that belongs to it.

mod facts;
mod history;

use bianfang_device::message::{HouseholdView, Reply, Request};
use bianfang_shared::id::EntityId;
use bianfang_shared::ledger::{LedgerKind, issue};
use bianfang_shared::query::EntryView;
use dioxus::prelude::*;

use self::facts::Facts;
use self::history::History;
use super::today::DueTag;
use crate::app::{Route, Shown, use_app, use_ask};
use crate::components::{
    ConflictCard, Dispute, Group, Head, HouseholdLines, Icon, LastCounted, Loading, RecordCell, Sign, Tag,
    Tone, TroubleScreen,
};
use crate::i18n::use_lang;
use crate::words::{self, Names, text_of};

fn request(id: EntityId) -> Request {
    Request::Household { id }
}

pub(super) fn read(reply: Reply) -> Option<HouseholdView> {
    match reply {
        Reply::Household(view) => Some(*view),
        _ => None,
    }
}

/// A household's entry.
#[component]
pub fn HouseholdPage(id: EntityId) -> Element {
    let lang = use_lang();
    let asked = use_ask(id, request, read);
    rsx! {
        Head { title: lang.say("household-title"), back: Some(Route::HouseholdsPage {}) }
        match asked.shown() {
            Shown::Loading => rsx! { Loading {} },
            Shown::Failed(trouble, again) => rsx! { TroubleScreen { trouble, again } },
            Shown::Ready(view) => rsx! { Household { view: (*view).clone() } },
        }
    }
}

#[component]
fn Household(view: HouseholdView) -> Element {
    let (lang, app) = (use_lang(), use_app());
    let names = app.names_and(&view.names);
    let visit = Route::VisitPage { household: view.row.id, corrects: String::new() };
    let do_words = lang.say(if view.has_draft { "household-continue" } else { "household-visit" });
    let reviews = app.reviews();
    rsx! {
        div { class: "bf-panel", "data-testid": "household",
            HouseholdLines { row: view.row.clone(),
                if let Some(due) = view.due.clone() {
                    DueTag { row: due.clone() }
                    LastCounted { due }
                }
            }
        }
        Disputes { entries: all_entries(&view), names: names.clone() }
        Facts { entry: view.entry.clone(), names: names.clone() }
        Members { members: view.members.clone(), names }
        Issues { issues: view.issues.clone() }
        Group { title: lang.say("household-visits"), testid: "visits",
            for row in view.visits.iter() {
                RecordCell { key: "{row.id}", row: row.clone(), by_household: true }
            }
            if view.visits.is_empty() {
                li { class: "bf-row bf-fine", {lang.say("household-no-visits")} }
            }
        }
        History { id: view.row.id }
        if !reviews {
            div { class: "bf-do",
                Link { class: "weui-btn weui-btn_primary bf-btn bf-btn_main", to: visit, "data-testid": "visit",
                    Icon { sign: Sign::Pencil }
                    {do_words}
                }
            }
        }
    }
}

fn all_entries(view: &HouseholdView) -> Vec<EntryView> {
    std::iter::once(&view.entry).chain(&view.members).chain(&view.issues).cloned().collect()
}

/// Fields in conflict of the household and of what belongs to it.
#[component]
fn Disputes(entries: Vec<EntryView>, names: Names) -> Element {
    let lang = use_lang();
    let disputes: Vec<(String, Dispute)> =
        entries.iter().flat_map(|entry| disputes_of(entry, &names)).collect();
    if disputes.is_empty() {
        return rsx! {};
    }
    rsx! {
        Group { title: lang.say("household-disputes"), testid: "conflicts",
            for (of , dispute) in disputes {
                ConflictCard { key: "{dispute.entity}{dispute.field}", dispute, of }
            }
        }
    }
}

fn disputes_of(entry: &EntryView, names: &Names) -> Vec<(String, Dispute)> {
    let of = if entry.ledger == LedgerKind::Person { text_of(entry, "name") } else { "" };
    let dispute = |conflict: &bianfang_shared::query::ConflictView| Dispute {
        entity: conflict.entity,
        ledger: conflict.ledger,
        field: conflict.field.clone(),
        siblings: conflict.siblings.clone(),
        names: names.clone(),
    };
    entry.conflicts.iter().map(|conflict| (of.to_owned(), dispute(conflict))).collect()
}

#[component]
fn Members(members: Vec<EntryView>, names: Names) -> Element {
    let lang = use_lang();
    let title = lang.with("household-members", [("n", (members.len() as u64).into())]);
    rsx! {
        section { class: "bf-group", "data-testid": "members",
            h2 { class: "weui-cells__title bf-group__title", {title} }
            for member in members {
                details { key: "{member.id}", class: "bf-fold", "data-testid": "member",
                    summary { class: "bf-row bf-row_link",
                        Icon { sign: Sign::Person }
                        span { class: "bf-row__body",
                            strong { class: "bf-name", {text_of(&member, "name").to_owned()} }
                            " "
                            {choice(lang, &member, "relation")}
                        }
                        span { class: "bf-fine", {text_of(&member, "birth").to_owned()} }
                        Icon { sign: Sign::Onward }
                    }
                    Facts { entry: member, names: names.clone() }
                }
            }
        }
    }
}

fn choice(lang: crate::i18n::Lang, entry: &EntryView, field: &str) -> String {
    let value = entry.fields.get(field).cloned().unwrap_or_default();
    if value.is_blank() {
        String::new()
    } else {
        words::field_value(lang, entry.ledger, field, &value, &Names::new())
    }
}

#[component]
fn Issues(issues: Vec<EntryView>) -> Element {
    let lang = use_lang();
    if issues.is_empty() {
        return rsx! {};
    }
    rsx! {
        Group { title: lang.say("household-issues"), testid: "issues",
            for entry in issues {
                li { key: "{entry.id}", class: "bf-row", "data-testid": "issue",
                    div { class: "bf-row__body",
                        div { class: "bf-line",
                            strong { {choice(lang, &entry, "topic")} }
                            IssueTag { state: text_of(&entry, issue::STATE).to_owned() }
                            if entry.fields.get("urgent").and_then(bianfang_shared::value::Value::as_bool) == Some(true) {
                                Tag { tone: Tone::Bad, sign: Sign::Warn, words: lang.say("household-urgent") }
                            }
                        }
                        p { {text_of(&entry, "what").to_owned()} }
                        p { class: "bf-fine",
                            {lang.with("household-deadline", [
                                ("day", choice(lang, &entry, "deadline").into()),
                                ("lead", text_of(&entry, "lead").to_owned().into()),
                            ])}
                        }
                    }
                }
            }
        }
    }
}

#[component]
fn IssueTag(state: String) -> Element {
    let lang = use_lang();
    let (tone, sign) = match state.as_str() {
        issue::CLOSED => (Tone::Good, Sign::Check),
        issue::SENT_BACK => (Tone::Bad, Sign::Return),
        issue::OPEN => (Tone::Careful, Sign::Warn),
        _ => (Tone::Busy, Sign::Clock),
    };
    rsx! { Tag { tone, sign, words: lang.or(&format!("choice-issue-state-{state}"), &state) } }
}
