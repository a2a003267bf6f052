//! 待核定: what waits for the office, asked of the centre: values proposed for fields, entries registered at the door, codes
//! that two entries have, values from before that nobody may write, and approved records that are to be taken back.

use std::collections::BTreeMap;

use bianfang_device::message::{Reply, Request, Trouble};
use bianfang_shared::id::EntityId;
use bianfang_shared::ledger::{CODE, CONFIRMED, REGISTRATION};
use bianfang_shared::query::{
    DecisionKind, DecisionView, NamedEntry, Page, ReviewState, VisitFilter, VisitSummary,
};
use bianfang_shared::value::Value;
use dioxus::prelude::*;

use super::review::VisitCell;
use crate::app::{DecisionTab, Listing, Pages, Route, use_app, use_core, use_pages};
use crate::components::{
    Empty, Group, Head, Icon, LinkSegments, Loading, ProposalCard, Segment, Sign, TroubleLine, TroubleScreen,
    UnreadableRows, ValueDialog,
};
use crate::i18n::use_lang;
use crate::words::{self, Names};

const DECISIONS: Listing<DecisionKind, DecisionView> = Listing {
    request: |kind, after| Request::Decisions { kind, after },
    read: |reply| match reply {
        Reply::Decisions(page) => Some(page),
        _ => None,
    },
};

const WITHDRAWALS: Listing<(), VisitSummary> = Listing { request: withdrawals, read: withdrawals_in };

fn withdrawals((): (), after: Option<String>) -> Request {
    let state = Some(ReviewState::WithdrawalAsked);
    Request::VisitList { filter: VisitFilter { state, after, ..VisitFilter::default() } }
}

fn withdrawals_in(reply: Reply) -> Option<Page<VisitSummary>> {
    match reply {
        Reply::VisitList(page) => Some(page),
        _ => None,
    }
}

/// What waits for the office.
#[component]
pub fn DecisionsPage(tab: DecisionTab) -> Element {
    let lang = use_lang();
    let segment = |tab: DecisionTab| Segment {
        key: Route::DecisionsPage { tab },
        words: lang.say(&format!("decisions-{tab}")),
        count: None,
        urgent: false,
        testid: format!("decisions-{tab}"),
    };
    let decisions = |kind| rsx! { Decisions { key: "{tab}", kind, tab } };
    rsx! {
        Head { title: lang.say("nav-decisions"), back: Some(Route::MePage {}) }
        LinkSegments {
            label: lang.say("nav-decisions"),
            segments: DecisionTab::ALL.map(segment).to_vec(),
            current: Route::DecisionsPage { tab },
        }
        p { class: "bf-hint", "data-testid": "decisions-note", {lang.say(&format!("decisions-{tab}-explained"))} }
        match tab {
            DecisionTab::Proposals => decisions(DecisionKind::Proposal),
            DecisionTab::Registrations => decisions(DecisionKind::Registration),
            DecisionTab::SameCode => decisions(DecisionKind::SameCode),
            DecisionTab::Unfit => decisions(DecisionKind::Unfit),
            DecisionTab::Withdrawals => rsx! { Withdrawals {} },
        }
    }
}

#[component]
fn Decisions(kind: DecisionKind, tab: DecisionTab) -> Element {
    let pages = use_pages(kind, DECISIONS);
    let rows = pages.rows.clone();
    rsx! {
        Listed { pages, tab,
            Group { testid: "decisions",
                for row in rows.iter() {
                    Decision { key: "{row.entity}{row.field}", row: row.clone() }
                }
            }
        }
    }
}

#[component]
fn Withdrawals() -> Element {
    let pages = use_pages((), WITHDRAWALS);
    let rows = pages.rows.clone();
    rsx! {
        Listed { pages, tab: DecisionTab::Withdrawals,
            Group { testid: "decisions",
                for row in rows.iter() {
                    VisitCell { key: "{row.id}", row: row.clone(), current: false }
                }
            }
        }
    }
}

/// A list of the centre: waiting, failed, empty, or its rows and the way to more.
#[component]
fn Listed<T: PartialEq + Clone + 'static>(pages: Pages<T>, tab: DecisionTab, children: Element) -> Element {
    let lang = use_lang();
    let Pages { rows, unreadable, more, busy, known, trouble, again, next } = pages;
    if !known {
        return match trouble {
            Some(trouble) if !busy => rsx! { TroubleScreen { trouble, again } },
            _ => rsx! { Loading {} },
        };
    }
    rsx! {
        if let Some(trouble) = trouble {
            TroubleLine { trouble }
        }
        UnreadableRows { names: unreadable }
        if rows.is_empty() {
            Empty { sign: Sign::Check, title: lang.say(&format!("decisions-{tab}-none")), testid: "no-decisions" }
        } else {
            {children}
        }
        if more {
            button { r#type: "button", class: "weui-btn weui-btn_default bf-btn", disabled: busy, "data-testid": "more", onclick: move |_| next.call(()),
                {lang.say("list-more")}
            }
        }
    }
}

#[component]
fn Decision(row: DecisionView) -> Element {
    let app = use_app();
    let people: Names = row.people.iter().map(|(user, name)| (user.to_string(), name.clone())).collect();
    let names = app.names_and(&people);
    rsx! {
        match row.kind {
            DecisionKind::Proposal => rsx! {
                for proposal in row.proposals.clone() {
                    ProposalCard {
                        key: "{proposal.proposal.op}",
                        proposal,
                        names: names.clone(),
                        Of { row: row.clone() }
                    }
                }
            },
            DecisionKind::Registration => rsx! { Registration { row, people } },
            DecisionKind::SameCode => rsx! { SameCode { row } },
            DecisionKind::Unfit | DecisionKind::Conflict => rsx! { Unfit { row, names } },
        }
    }
}

/// Which entry it is about, with the way there.
#[component]
fn Of(row: DecisionView) -> Element {
    let (lang, app) = (use_lang(), use_app());
    let named = NamedEntry { entity: row.entity, ledger: row.ledger, name: row.name.clone() };
    rsx! {
        div { class: "bf-line",
            ToEntry { named }
            span { class: "bf-code", {row.code.clone()} }
            span { class: "bf-fine", {lang.say(&format!("entry-title-{}", row.ledger.key()))} }
            span { class: "bf-fine", {app.area_name(row.scope)} }
        }
    }
}

/// The way to an entry by its name.
#[component]
pub fn ToEntry(named: NamedEntry) -> Element {
    let lang = use_lang();
    let name = if named.name.is_empty() { lang.say("conflicts-to-entry") } else { named.name.clone() };
    rsx! {
        Link { class: "bf-link bf-name", to: Route::of_ledger(named.ledger, named.entity), "data-testid": "to-entry", {name} }
    }
}

/// An edit of one field by the office, with what became of it.
#[derive(Clone, Copy, PartialEq)]
struct Edit {
    busy: Signal<bool>,
    trouble: Signal<Option<Trouble>>,
    write: Callback<Value>,
}

fn use_edit(id: EntityId, field: &'static str, done: &'static str) -> Edit {
    let (lang, app, core) = (use_lang(), use_app(), use_core());
    let (mut busy, mut trouble) = (use_signal(|| false), use_signal(|| None::<Trouble>));
    let write = use_callback(move |value: Value| {
        let core = core.clone();
        busy.set(true);
        trouble.set(None);
        spawn(async move {
            let changes = BTreeMap::from([(field.to_owned(), value)]);
            match core.ask(Request::Amend { id, changes }).await {
                Ok(_) => {
                    app.say(lang.say(done));
                    core.tell(Request::SyncNow);
                }
                Err(said) => trouble.set(Some(said)),
            }
            busy.set(false);
        });
    });
    Edit { busy, trouble, write }
}

/// An entry that somebody registered at the door.
#[component]
fn Registration(row: DecisionView, people: Names) -> Element {
    let lang = use_lang();
    let Edit { busy, trouble, write } = use_edit(row.entity, REGISTRATION, "decision-confirmed");
    let by: Vec<String> = people.into_values().collect();
    rsx! {
        li { class: "bf-dispute", "data-testid": "registration",
            Of { row }
            p { class: "bf-fine", {lang.with("decision-registered-by", [("name", by.join(&lang.say("list-separator")).into())])} }
            button {
                r#type: "button",
                class: "weui-btn weui-btn_primary bf-btn",
                "data-testid": "confirm",
                disabled: busy(),
                onclick: move |_| write.call(CONFIRMED.into()),
                {lang.say("decision-confirm")}
            }
            if let Some(trouble) = trouble() {
                TroubleLine { trouble }
            }
        }
    }
}

/// An entry whose code another has.
#[component]
fn SameCode(row: DecisionView) -> Element {
    let lang = use_lang();
    let mut typing = use_signal(|| false);
    let Edit { busy, trouble, write } = use_edit(row.entity, CODE, "decision-renumbered");
    let (ledger, code) = (row.ledger, row.code.clone());
    rsx! {
        li { class: "bf-dispute", "data-testid": "same-code",
            Of { row: row.clone() }
            SameCodeLine { others: row.others.clone() }
            button {
                r#type: "button",
                class: "weui-btn weui-btn_default bf-btn",
                "data-testid": "renumber",
                disabled: busy(),
                onclick: move |_| typing.set(true),
                Icon { sign: Sign::Pencil }
                {lang.say("decision-renumber")}
            }
            if let Some(trouble) = trouble() {
                TroubleLine { trouble }
            }
            if typing() {
                ValueDialog {
                    ledger,
                    field: CODE,
                    value: Value::from(code.as_str()),
                    onclose: move |()| typing.set(false),
                    onvalue: move |value| {
                        typing.set(false);
                        write.call(value);
                    },
                }
            }
        }
    }
}

/// A value that nobody may write, from before that was asked. It is put right on the entry's own page.
#[component]
fn Unfit(row: DecisionView, names: Names) -> Element {
    let lang = use_lang();
    let field = words::field_name(lang, row.ledger, &row.field);
    let value = words::field_value(lang, row.ledger, &row.field, &row.value, &names);
    rsx! {
        li { class: "bf-dispute", "data-testid": "unfit",
            Of { row }
            p {
                span { class: "bf-fine", {field} }
                " "
                strong { {value} }
            }
        }
    }
}

/// Which other entries have the same code.
#[component]
pub fn SameCodeLine(others: Vec<NamedEntry>) -> Element {
    let lang = use_lang();
    if others.is_empty() {
        return rsx! {};
    }
    rsx! {
        div { class: "bf-line", "data-testid": "same-code-with",
            Icon { sign: Sign::Warn }
            span { {lang.say("same-code-with")} }
            for named in others {
                ToEntry { key: "{named.entity}", named }
            }
        }
    }
}
