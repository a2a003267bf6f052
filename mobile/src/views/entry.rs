//! An entry of any ledger but the households': what is known of it, what belongs to it, what is to be done.

mod issue;
mod post;
mod steps;

use bianfang_device::message::{EntryDetail, EntryRow, Reply, Request, TaskRow};
use bianfang_shared::id::EntityId;
use bianfang_shared::ledger::{LedgerKind, Point};
use bianfang_shared::observation::ObservationKind;
use bianfang_shared::rules::Ground;
use dioxus::prelude::*;

use self::issue::{IssueActions, IssueFacts};
use self::post::PostMonths;
use self::steps::Steps;
use super::HouseholdPage;
use super::household::{Disputes, Facts, History};
use crate::app::{LedgerTab, Route, Shown, use_app, use_ask};
use crate::components::{
    DueTag, EntryCell, EntryLines, Grounds, Group, Head, Icon, Loading, RecordCell, Sign, TroubleScreen,
    kind_sign,
};
use crate::i18n::use_lang;
use crate::words::Names;

type Question = (EntityId, Option<Point>);

fn request((id, here): Question) -> Request {
    Request::Entry { id, here }
}

pub(super) fn read(reply: Reply) -> Option<EntryDetail> {
    match reply {
        Reply::Entry(detail) => Some(*detail),
        _ => None,
    }
}

/// An entry by its id.
#[component]
pub fn EntryPage(id: EntityId) -> Element {
    let (lang, app) = (use_lang(), use_app());
    let asked = use_ask((id, *app.here.read()), request, read);
    match asked.shown() {
        // A record may be about a household, and a link does not tell: that has a page of its own.
        Shown::Failed(trouble, _) if trouble.code == "not_found" => rsx! { HouseholdPage { id } },
        Shown::Ready(detail) if detail.row.ledger == LedgerKind::Household => rsx! { HouseholdPage { id } },
        Shown::Ready(detail) => rsx! {
            Head { title: lang.say(&format!("entry-title-{}", detail.row.ledger.key())), back: Some(Route::list(detail.row.ledger)) }
            Entry { detail: (*detail).clone() }
        },
        Shown::Loading => rsx! {
            Head { title: lang.say("nav-ledger"), back: Some(Route::HouseholdsPage {}) }
            Loading {}
        },
        Shown::Failed(trouble, again) => rsx! {
            Head { title: lang.say("nav-ledger"), back: Some(Route::HouseholdsPage {}) }
            TroubleScreen { trouble, again }
        },
    }
}

#[component]
fn Entry(detail: EntryDetail) -> Element {
    let (lang, app) = (use_lang(), use_app());
    let names = app.names_and(&detail.names);
    let row = detail.row.clone();
    let (id, ledger) = (row.id, row.ledger);
    rsx! {
        div { class: "bf-panel", "data-testid": "entry", "data-ledger": ledger.key(),
            EntryLines { row: row.clone(),
                for task in detail.tasks.iter() {
                    DueTag { key: "{task.kind}", due_on: task.due_on.clone(), overdue_days: task.overdue_days, rule: task.rule.clone() }
                }
            }
        }
        Flags { ledger, flags: detail.flags.clone() }
        if ledger == LedgerKind::Issue {
            IssueFacts { detail: detail.clone(), names: names.clone() }
            Steps { detail: detail.clone() }
        }
        if ledger == LedgerKind::Post {
            PostMonths { id, sheets: detail.sheets.clone() }
        }
        Disputes { entries: vec![detail.entry.clone()], names: names.clone() }
        Linked { rows: detail.linked.clone() }
        if ledger != LedgerKind::Issue {
            Issues { rows: detail.issues.clone(), of: id }
        }
        Records { detail: detail.clone() }
        if ledger == LedgerKind::Issue {
            // Told above already; here to be put right.
            details { class: "bf-fold", "data-testid": "issue-all",
                summary { class: "bf-row bf-row_link",
                    span { class: "bf-row__body", {lang.say("issue-all")} }
                    Icon { sign: Sign::Onward }
                }
                Facts { entry: detail.entry.clone(), names: names.clone(), linked: linked_names(&detail) }
            }
        } else {
            Facts { entry: detail.entry.clone(), names: names.clone(), linked: linked_names(&detail) }
        }
        History { id, ledger }
        if ledger == LedgerKind::Issue {
            IssueActions { detail }
        } else {
            RecordNow { row, drafts: detail.drafts.clone(), tasks: detail.tasks.clone() }
        }
    }
}

/// What the entries are called that this one names.
fn linked_names(detail: &EntryDetail) -> Names {
    detail.linked.iter().map(|row| (row.id.to_string(), row.name.clone())).collect()
}

/// What the rules of the field say of the entry as it stands.
#[component]
fn Flags(ledger: LedgerKind, flags: Vec<Ground>) -> Element {
    let lang = use_lang();
    if flags.is_empty() {
        return rsx! {};
    }
    let prefix = match ledger {
        LedgerKind::House => "house-flag",
        LedgerKind::WaterSupply => "water_supply-flag",
        LedgerKind::Post => "post-flag",
        _ => "issue-flag",
    };
    rsx! {
        section { class: "bf-panel bf-panel_careful", "data-testid": "flags",
            h2 { class: "bf-panel__title",
                Icon { sign: Sign::Warn }
                {lang.say("entry-flags")}
            }
            Grounds { grounds: flags, prefix }
        }
    }
}

/// Entries that it names or that name it.
#[component]
fn Linked(rows: Vec<EntryRow>) -> Element {
    let lang = use_lang();
    if rows.is_empty() {
        return rsx! {};
    }
    rsx! {
        Group { title: lang.say("entry-linked"), testid: "linked",
            for row in rows {
                EntryCell { key: "{row.id}", row: row.clone() }
            }
        }
    }
}

/// Its problems, and the way to tell of another.
#[component]
pub fn Issues(rows: Vec<EntryRow>, of: EntityId) -> Element {
    let lang = use_lang();
    rsx! {
        div { class: "bf-group__head",
            h2 { class: "weui-cells__title bf-group__title", {lang.say("household-issues")} }
            Link {
                class: "bf-link",
                to: Route::RegisterPage { tab: LedgerTab::Issue, of: of.to_string(), shoot: String::new() },
                "data-testid": "register-issue",
                Icon { sign: Sign::Plus }
                {lang.say("register-issue")}
            }
        }
        Group { testid: "issues",
            for row in rows.iter() {
                EntryCell { key: "{row.id}", row: row.clone() }
            }
            if rows.is_empty() {
                li { class: "bf-row bf-fine", {lang.say("entry-no-issues")} }
            }
        }
    }
}

#[component]
fn Records(detail: EntryDetail) -> Element {
    let lang = use_lang();
    let issue = detail.row.ledger == LedgerKind::Issue;
    if issue && detail.records.is_empty() {
        return rsx! {};
    }
    rsx! {
        Group { title: lang.say(if issue { "issue-found-by" } else { "entry-records" }), testid: "records",
            for row in detail.records.iter() {
                RecordCell { key: "{row.id}", row: row.clone(), by_household: !issue }
            }
            if detail.records.is_empty() {
                li { class: "bf-row bf-fine", {lang.say("entry-no-records")} }
            }
        }
    }
}

/// The kind of record that is made about an entry of a ledger.
#[must_use]
fn recorded(ledger: LedgerKind) -> Option<ObservationKind> {
    match ledger {
        LedgerKind::Household => Some(ObservationKind::Visit),
        LedgerKind::House => Some(ObservationKind::HouseInspection),
        LedgerKind::WaterSupply => Some(ObservationKind::WaterCheck),
        LedgerKind::Post => Some(ObservationKind::Attendance),
        LedgerKind::Person | LedgerKind::Issue | LedgerKind::Unknown => None,
    }
}

/// The main action: recording now.
#[component]
fn RecordNow(row: EntryRow, drafts: Vec<ObservationKind>, tasks: Vec<TaskRow>) -> Element {
    let (lang, app) = (use_lang(), use_app());
    // A water supply has one kind of record, whatever is due; a newer core may ask for another.
    let kind = recorded(row.ledger).or(tasks.first().map(|task| task.kind));
    let Some(kind) = kind.filter(|_| !app.at_desk()) else { return rsx! {} };
    let begun = drafts.contains(&kind);
    rsx! {
        div { class: "bf-do",
            Link { class: "weui-btn weui-btn_primary bf-btn bf-btn_main", to: Route::form(kind, row.id), "data-testid": "record-{kind}",
                Icon { sign: kind_sign(kind) }
                if begun {
                    {lang.say("record-continue")}
                } else {
                    {lang.say(&format!("record-now-{kind}"))}
                }
            }
        }
    }
}
