//! Choosing what a record is about: what is due first, then whatever is found by words.

use bianfang_device::message::{
    Entries, EntryFilter, EntryRow, HouseholdRow, Households, Reply, Request, TaskRow, Today,
};
use bianfang_shared::ledger::{LedgerKind, Point};
use bianfang_shared::observation::ObservationKind;
use dioxus::prelude::*;

use crate::app::{HereFinder, LedgerTab, Route, Shown, use_app, use_ask};
use crate::components::{
    Empty, EntryCell, FirstSync, Group, Head, HouseholdLines, Icon, LinkRow, Loading, Segment, Segments,
    Sign, TaskCell, TroubleScreen, ledger_sign,
};
use crate::i18n::use_lang;

/// The ledgers that a kind of record can be about, the usual one first.
fn ledgers(kind: ObservationKind) -> &'static [LedgerKind] {
    match kind {
        ObservationKind::HouseInspection => &[LedgerKind::House],
        ObservationKind::WaterCheck => &[LedgerKind::WaterSupply, LedgerKind::Household],
        ObservationKind::Attendance => &[LedgerKind::Post],
        ObservationKind::Visit | ObservationKind::Unknown => &[LedgerKind::Household],
    }
}

/// What is the record about?
#[component]
pub fn ChoosePage(kind: ObservationKind) -> Element {
    let lang = use_lang();
    rsx! {
        Head { title: lang.say(&format!("choose-{kind}")), back: Some(Route::Home {}), HereFinder {} }
        // In a list of one, whose key makes each kind's search a search of its own.
        for kind in [kind] {
            Choose { key: "{kind}", kind }
        }
    }
}

#[component]
fn Choose(kind: ObservationKind) -> Element {
    let lang = use_lang();
    let of = ledgers(kind);
    let mut ledger = use_signal(|| of[0]);
    let mut text = use_signal(String::new);
    let segments: Vec<Segment<LedgerKind>> = of
        .iter()
        .map(|ledger| Segment {
            key: *ledger,
            words: lang.say(&format!("ledger-{}", ledger.key())),
            count: None,
            urgent: false,
            testid: format!("choose-{}", ledger.key()),
        })
        .collect();
    rsx! {
        if segments.len() > 1 {
            Segments { label: lang.say("ledger-kinds"), segments, current: ledger(), onchoose: move |key| ledger.set(key) }
        }
        div { class: "bf-search", role: "search",
            label { class: "bf-search__box",
                Icon { sign: Sign::Search }
                span { class: "bf-hidden", {lang.say("entries-search")} }
                input {
                    class: "weui-input",
                    r#type: "search",
                    "enterkeyhint": "search",
                    autocomplete: "off",
                    placeholder: lang.say(&format!("entries-hint-{}", ledger().key())),
                    "data-testid": "search",
                    value: text(),
                    oninput: move |event| text.set(event.value()),
                }
            }
        }
        if text.read().trim().is_empty() {
            DueFirst { kind, ledger: ledger() }
        }
        if ledger() == LedgerKind::Household {
            FoundHouseholds { kind, text: text() }
        } else {
            Found { kind, ledger: ledger(), text: text() }
        }
        if let Some(tab) = LedgerTab::of(ledger()) {
            div { class: "bf-centred",
                Link {
                    class: "bf-link",
                    to: Route::RegisterPage { tab, of: String::new(), shoot: String::new() },
                    "data-testid": "register",
                    Icon { sign: Sign::Plus }
                    {lang.say(&format!("register-{tab}"))}
                }
            }
        }
    }
}

fn today(here: Option<Point>) -> Request {
    Request::Today { here }
}

fn read_today(reply: Reply) -> Option<Today> {
    match reply {
        Reply::Today(today) => Some(today),
        _ => None,
    }
}

/// What is due of this kind. Nothing is shown while that is not known: the list beneath does not wait.
#[component]
fn DueFirst(kind: ObservationKind, ledger: LedgerKind) -> Element {
    let (lang, app) = (use_lang(), use_app());
    let asked = use_ask(*app.here.read(), today, read_today);
    let Shown::Ready(today) = asked.shown_or_older() else { return rsx! {} };
    let due: Vec<TaskRow> = (today.tasks.iter())
        .filter(|task| task.kind == kind && task.entry.ledger == ledger)
        .cloned()
        .collect();
    if due.is_empty() {
        return rsx! {};
    }
    rsx! {
        Group { title: lang.say("choose-due"), testid: "choose-due",
            for task in due {
                TaskCell { key: "{task.entry.id}", task: task.clone() }
            }
        }
    }
}

type Search = (LedgerKind, String, Option<Point>);

fn find((ledger, text, here): Search) -> Request {
    Request::Entries { ledger, filter: EntryFilter { text, ..EntryFilter::default() }, here, skip: 0 }
}

fn read_found(reply: Reply) -> Option<Entries> {
    match reply {
        Reply::Entries(entries) => Some(entries),
        _ => None,
    }
}

#[component]
fn Found(kind: ObservationKind, ledger: LedgerKind, text: String) -> Element {
    let (lang, app) = (use_lang(), use_app());
    let searched = !text.trim().is_empty();
    let asked = use_ask((ledger, text, *app.here.read()), find, read_found);
    match asked.shown_or_older() {
        Shown::Loading => rsx! { Loading {} },
        Shown::Failed(trouble, again) => rsx! { TroubleScreen { trouble, again } },
        Shown::Ready(found) if found.rows.is_empty() => rsx! { NoneFound { ledger, searched } },
        Shown::Ready(found) => rsx! {
            Group { title: lang.say("choose-all"), testid: "choose-all",
                for row in found.rows.iter() {
                    Chosen { key: "{row.id}", kind, row: row.clone() }
                }
            }
            More { more: found.more }
        },
    }
}

#[component]
fn Chosen(kind: ObservationKind, row: EntryRow) -> Element {
    let to = Route::form(kind, row.id);
    rsx! { EntryCell { row, to: Some(to) } }
}

fn find_households((_, text, here): Search) -> Request {
    Request::Households { text, scope: None, in_conflict: false, here, skip: 0 }
}

fn read_households(reply: Reply) -> Option<Households> {
    match reply {
        Reply::Households(households) => Some(households),
        _ => None,
    }
}

#[component]
fn FoundHouseholds(kind: ObservationKind, text: String) -> Element {
    let (lang, app) = (use_lang(), use_app());
    let searched = !text.trim().is_empty();
    let question = (LedgerKind::Household, text, *app.here.read());
    let asked = use_ask(question, find_households, read_households);
    match asked.shown_or_older() {
        Shown::Loading => rsx! { Loading {} },
        Shown::Failed(trouble, again) => rsx! { TroubleScreen { trouble, again } },
        Shown::Ready(found) if found.rows.is_empty() => {
            rsx! { NoneFound { ledger: LedgerKind::Household, searched } }
        }
        Shown::Ready(found) => rsx! {
            Group { title: lang.say("choose-all"), testid: "choose-all",
                for row in found.rows.iter() {
                    ChosenHousehold { key: "{row.id}", kind, row: row.clone() }
                }
            }
            More { more: found.more }
        },
    }
}

#[component]
fn ChosenHousehold(kind: ObservationKind, row: HouseholdRow) -> Element {
    rsx! {
        LinkRow { to: Route::form(kind, row.id), testid: "household-{row.code}", HouseholdLines { row } }
    }
}

#[component]
fn NoneFound(ledger: LedgerKind, searched: bool) -> Element {
    let (lang, app) = (use_lang(), use_app());
    if app.before_first_sync() {
        return rsx! { FirstSync {} };
    }
    if searched {
        return rsx! {
            Empty { sign: Sign::Search, title: lang.say("ledger-none-found"), detail: lang.say("choose-none-found-more"), testid: "none-found" }
        };
    }
    // Nothing was asked for, so other words would not help.
    let (title, detail) = match ledger {
        LedgerKind::Household => ("ledger-nothing-yet".to_owned(), "ledger-nothing-yet-more"),
        _ => (format!("entries-none-{}", ledger.key()), "entries-none-more"),
    };
    rsx! {
        Empty { sign: ledger_sign(ledger), title: lang.say(&title), detail: lang.say(detail), testid: "none-found" }
    }
}

/// That there are more than a page: here one narrows by words.
#[component]
fn More(more: bool) -> Element {
    let lang = use_lang();
    if !more {
        return rsx! {};
    }
    rsx! { p { class: "bf-fine bf-centred", {lang.say("choose-more")} } }
}
