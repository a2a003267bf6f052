//! The lists of 今日, overdue first, then nearest, as the core has them.

use bianfang_device::message::{DraftRow, DueRow, EntryRow, RecordRow, Request, TaskRow, Trouble};
use dioxus::prelude::*;

use crate::app::{Route, use_app, use_core};
use crate::components::{
    DropDialog, DueCell, DueTag, Empty, EntryCell, FirstSync, Group, Icon, LinkRow, RecordCell, Sign,
    TaskCell, kind_sign,
};
use crate::i18n::use_lang;
use crate::words;

/// Households to call on.
#[component]
pub fn Due(due: Vec<DueRow>, total: u64) -> Element {
    let (lang, app) = (use_lang(), use_app());
    if due.is_empty() && app.before_first_sync() {
        return rsx! { FirstSync {} };
    }
    if due.is_empty() {
        return rsx! {
            Empty { sign: Sign::Check, title: lang.say("today-nothing-due"), detail: lang.say("today-nothing-due-more"), testid: "nothing-due" }
        };
    }
    let rest = total.saturating_sub(due.len() as u64);
    rsx! {
        Group { testid: "due",
            for row in due {
                DueCell { key: "{row.household.id}", due: row.clone(),
                    DueTag { due_on: row.due_on.clone(), overdue_days: row.overdue_days, rule: row.rule.clone() }
                }
            }
        }
        if rest > 0 {
            p { class: "bf-fine bf-centred", {lang.with("today-more", [("n", rest.into())])} }
        }
    }
}

/// Inspections, checks and attendances.
#[component]
pub fn Tasks(tasks: Vec<TaskRow>, total: u64) -> Element {
    let lang = use_lang();
    if tasks.is_empty() {
        return rsx! {
            Empty { sign: Sign::Check, title: lang.say("today-no-tasks"), detail: lang.say("today-no-tasks-more"), testid: "no-tasks" }
        };
    }
    let rest = total.saturating_sub(tasks.len() as u64);
    rsx! {
        Group { testid: "tasks",
            for task in tasks {
                TaskCell { key: "{task.kind}-{task.entry.id}", task: task.clone() }
            }
        }
        if rest > 0 {
            p { class: "bf-fine bf-centred", {lang.with("today-more-tasks", [("n", rest.into())])} }
        }
    }
}

/// Problems that wait for the person.
#[component]
pub fn Issues(rows: Vec<EntryRow>, total: u64) -> Element {
    let lang = use_lang();
    if rows.is_empty() {
        return rsx! {
            Empty { sign: Sign::Check, title: lang.say("today-no-issues"), detail: lang.say("today-no-issues-more"), testid: "no-issues" }
        };
    }
    let rest = total.saturating_sub(rows.len() as u64);
    rsx! {
        Group { testid: "own-issues",
            for row in rows {
                EntryCell { key: "{row.id}", row: row.clone() }
            }
        }
        if rest > 0 {
            p { class: "bf-fine bf-centred", {lang.with("today-more-tasks", [("n", rest.into())])} }
        }
    }
}

/// Records sent back.
#[component]
pub fn SentBack(rows: Vec<RecordRow>) -> Element {
    let lang = use_lang();
    if rows.is_empty() {
        return rsx! {
            Empty { sign: Sign::Check, title: lang.say("today-none-sent-back"), testid: "none-sent-back" }
        };
    }
    rsx! {
        Group { testid: "sent-back",
            for row in rows {
                RecordCell { key: "{row.id}", row: row.clone() }
            }
        }
    }
}

#[component]
fn DraftLines(draft: DraftRow) -> Element {
    let lang = use_lang();
    let name = draft.name.unwrap_or_else(|| lang.say("today-draft-nameless"));
    rsx! {
        div { class: "bf-line",
            Icon { sign: kind_sign(draft.kind) }
            strong { class: "bf-name", {name} }
            span { class: "bf-chip", {lang.say(&format!("kind-short-{}", draft.kind))} }
        }
        div { class: "bf-line bf-fine",
            {lang.with("today-touched", [("at", words::moment(draft.touched_at_ms).into())])}
        }
    }
}

/// Forms begun and not saved.
#[component]
pub fn Begun(drafts: Vec<DraftRow>) -> Element {
    let lang = use_lang();
    let mut dropping = use_signal(|| None::<DraftRow>);
    if drafts.is_empty() {
        return rsx! {
            Empty { sign: Sign::Check, title: lang.say("today-no-drafts"), testid: "no-drafts" }
        };
    }
    // Not one that has gone meanwhile.
    let asked = dropping().filter(|draft| drafts.contains(draft));
    rsx! {
        Group { testid: "drafts",
            for draft in drafts {
                if draft.name.is_some() {
                    LinkRow {
                        key: "{draft.kind}-{draft.subject}",
                        to: Route::form(draft.kind, draft.subject),
                        testid: "draft",
                        value: lang.say("today-continue"),
                        DraftLines { draft: draft.clone() }
                    }
                } else {
                    Waiting {
                        key: "{draft.kind}-{draft.subject}",
                        draft: draft.clone(),
                        ondrop: move |()| dropping.set(Some(draft.clone())),
                    }
                }
            }
        }
        if let Some(draft) = asked {
            DropWaiting { draft, onclose: move |()| dropping.set(None) }
        }
    }
}

/// A form that cannot be opened: what it is about is not here.
#[component]
fn Waiting(draft: DraftRow, ondrop: EventHandler<()>) -> Element {
    let lang = use_lang();
    rsx! {
        li { class: "bf-row", "data-testid": "draft-waits",
            div { class: "bf-row__body",
                DraftLines { draft }
                div { class: "bf-line bf-fine", {lang.say("today-draft-waits")} }
            }
            button { r#type: "button", class: "bf-link bf-row__value", "data-testid": "drop-draft", onclick: move |_| ondrop.call(()),
                {lang.say("visit-drop")}
            }
        }
    }
}

#[component]
fn DropWaiting(draft: DraftRow, onclose: EventHandler<()>) -> Element {
    let core = use_core();
    let mut trouble = use_signal(|| None::<Trouble>);
    let (kind, subject) = (draft.kind, draft.subject);
    let drop_it = move |()| {
        let core = core.clone();
        spawn(async move {
            match core.ask(Request::DropForm { kind, subject }).await {
                Ok(_) => onclose.call(()),
                Err(said) => trouble.set(Some(said)),
            }
        });
    };
    rsx! {
        DropDialog { trouble, ondrop: drop_it, onclose }
    }
}
