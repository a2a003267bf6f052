//! A household with all that belongs to it.

mod facts;
mod history;

use bianfang_device::message::{EntryRow, HouseholdView, Reply, Request};
use bianfang_shared::id::EntityId;
use bianfang_shared::ledger::LedgerKind;
use bianfang_shared::observation::ObservationKind;
use bianfang_shared::query::{EntryView, ProposalView};
use dioxus::prelude::*;

pub(super) use self::facts::Facts;
pub(super) use self::history::History;
use super::decisions::SameCodeLine;
use super::entry::Issues;
use crate::app::{LedgerTab, Route, Shown, use_app, use_ask};
use crate::components::{
    ConflictCard, Dispute, DueTag, EntryCell, Group, Head, HouseholdLines, Icon, LastCounted, LinkRow,
    Loading, ProposalCard, RecordCell, Sign, TroubleScreen,
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
    let visit = Route::form(ObservationKind::Visit, view.row.id);
    let do_words = lang.say(if view.has_draft { "household-continue" } else { "household-visit" });
    let reviews = app.at_desk();
    rsx! {
        div { class: "bf-panel", "data-testid": "household",
            HouseholdLines { row: view.row.clone(),
                if let Some(due) = view.due.clone() {
                    DueTag { due_on: due.due_on.clone(), overdue_days: due.overdue_days, rule: due.rule.clone() }
                    LastCounted { due }
                }
            }
        }
        Disputes { entries: all_entries(&view), names: names.clone() }
        Linked { rows: view.linked.clone(), id: view.row.id, reviews }
        Issues { rows: view.issues.iter().map(issue_row).collect::<Vec<_>>(), of: view.row.id }
        Facts { entry: view.entry.clone(), names: names.clone(), linked: linked_names(&view) }
        Members { members: view.members.clone(), names }
        Group { title: lang.say("household-visits"), testid: "visits",
            for row in view.visits.iter() {
                RecordCell { key: "{row.id}", row: row.clone(), by_household: true }
            }
            if view.visits.is_empty() {
                li { class: "bf-row bf-fine", {lang.say("household-no-visits")} }
            }
        }
        History { id: view.row.id, ledger: LedgerKind::Household }
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

/// Which of a household's entries a field belongs to, where that has to be said.
fn name_in(entry: &EntryView) -> String {
    if entry.ledger == LedgerKind::Person { text_of(entry, "name").to_owned() } else { String::new() }
}

/// Fields in conflict of the household and of what belongs to it, and what is proposed for them.
#[component]
pub fn Disputes(entries: Vec<EntryView>, names: Names) -> Element {
    let lang = use_lang();
    let disputes: Vec<(String, Dispute)> =
        entries.iter().flat_map(|entry| disputes_of(entry, &names)).collect();
    let proposals: Vec<(String, ProposalView)> = entries
        .iter()
        .flat_map(|entry| entry.proposals.iter().map(|proposal| (name_in(entry), proposal.clone())))
        .collect();
    rsx! {
        for entry in entries.iter() {
            SameCodeLine { key: "{entry.id}", others: entry.same_code.clone() }
        }
        if !disputes.is_empty() {
            Group { title: lang.say("household-disputes"), testid: "conflicts",
                for (of , dispute) in disputes {
                    ConflictCard { key: "{dispute.entity}{dispute.field}", dispute, of }
                }
            }
        }
        if !proposals.is_empty() {
            Group { title: lang.say("household-proposals"), testid: "proposals",
                for (of , proposal) in proposals {
                    ProposalCard {
                        key: "{proposal.proposal.op}{proposal.field}",
                        proposal,
                        names: names.clone(),
                        of,
                    }
                }
            }
        }
    }
}

fn disputes_of(entry: &EntryView, names: &Names) -> Vec<(String, Dispute)> {
    let of = name_in(entry);
    let dispute = |conflict: &bianfang_shared::query::ConflictView| Dispute {
        entity: conflict.entity,
        ledger: conflict.ledger,
        field: conflict.field.clone(),
        siblings: conflict.siblings.clone(),
        names: names.clone(),
    };
    entry.conflicts.iter().map(|conflict| (of.clone(), dispute(conflict))).collect()
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

/// What the entries are called that the household names.
fn linked_names(view: &HouseholdView) -> Names {
    view.linked.iter().map(|row| (row.id.to_string(), row.name.clone())).collect()
}

/// A problem of the household as a row; where it is, is told already.
fn issue_row(issue: &EntryView) -> EntryRow {
    EntryRow {
        id: issue.id,
        ledger: issue.ledger,
        scope: issue.scope,
        name: text_of(issue, "what").to_owned(),
        code: String::new(),
        address: String::new(),
        fields: issue.fields.clone(),
        distance_m: None,
        conflicts: u32::try_from(issue.conflicts.len()).unwrap_or(u32::MAX),
        open_issues: 0,
        last_record_ms: None,
    }
}

/// Its houses, its water, its posts; checking the water, and entering a house that is not there yet.
#[component]
fn Linked(rows: Vec<EntryRow>, id: EntityId, reviews: bool) -> Element {
    let lang = use_lang();
    rsx! {
        Group { title: lang.say("household-linked"), testid: "linked",
            for row in rows {
                EntryCell { key: "{row.id}", row: row.clone() }
            }
            if !reviews {
                LinkRow { to: Route::form(ObservationKind::WaterCheck, id), testid: "record-water_check",
                    div { class: "bf-line bf-do-line",
                        Icon { sign: Sign::Drop }
                        {lang.say("record-now-water_check")}
                    }
                }
            }
            LinkRow {
                to: Route::RegisterPage { tab: LedgerTab::House, of: id.to_string(), shoot: String::new() },
                testid: "register-house",
                div { class: "bf-line bf-do-line",
                    Icon { sign: Sign::Plus }
                    {lang.say("register-house")}
                }
            }
        }
    }
}
