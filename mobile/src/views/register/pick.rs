//! Choosing the entry that a field names: a household, one of its members, whatever a problem is about.

use bianfang_device::message::{
    Entries, EntryFilter, EntryRow, HouseholdRow, HouseholdView, Households, Reply, Request,
};
use bianfang_shared::area::AreaCode;
use bianfang_shared::id::EntityId;
use bianfang_shared::ledger::{LedgerKind, house, issue, person, post};
use bianfang_shared::query::EntryView;
use dioxus::prelude::*;
use serde::{Deserialize, Serialize};

use super::Entered;
use crate::app::{Begun, Core, LedgerTab, Shown, use_app, use_ask, use_core};
use crate::components::{
    Dialog, Empty, EntryLines, HouseholdLines, Icon, Loading, Segment, Segments, Sign, TroubleScreen,
};
use crate::i18n::use_lang;
use crate::words::text_of;

/// An entry that a field names.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Picked {
    /// The entry.
    pub(super) id: EntityId,
    /// What people call it.
    pub(super) name: String,
    /// Its code.
    pub(super) code: String,
    /// Its village.
    pub(super) scope: AreaCode,
}

impl Picked {
    fn household(row: &HouseholdRow) -> Self {
        Self { id: row.id, name: row.head_name.clone(), code: row.code.clone(), scope: row.scope }
    }

    fn entry(row: &EntryRow) -> Self {
        Self { id: row.id, name: row.name.clone(), code: row.code.clone(), scope: row.scope }
    }

    fn member(member: &EntryView, code: &str) -> Self {
        let name = text_of(member, person::NAME).to_owned();
        Self { id: member.id, name, code: code.to_owned(), scope: member.scope }
    }
}

/// The field of a ledger that names what a new entry belongs to.
fn tie(ledger: LedgerKind) -> Option<&'static str> {
    match ledger {
        LedgerKind::House => Some(house::HOUSEHOLD),
        LedgerKind::Post => Some(post::HOLDER),
        LedgerKind::Issue => Some(issue::SUBJECT),
        _ => None,
    }
}

fn pick(entered: &mut Entered, field: &str, picked: Picked) {
    entered.fields.insert(field.to_owned(), picked.id.to_string().into());
    entered.scope = Some(picked.scope);
    entered.picked.insert(field.to_owned(), picked);
}

fn unpick(entered: &mut Entered, field: &str) {
    entered.fields.remove(field);
    entered.picked.remove(field);
}

/// Fills in what the new entry belongs to, where its page led here.
pub(super) fn use_preset(of: &str, tab: LedgerTab, begun: &Begun<Entered>) {
    let core = use_core();
    let (of, begun) = (of.parse::<EntityId>().ok(), begun.clone());
    use_hook(move || {
        let Some((id, field)) = of.zip(tie(tab.ledger())) else { return };
        if begun.now().picked.contains_key(field) {
            return;
        }
        spawn(async move {
            if let Some(picked) = find(&core, id).await {
                begun.change(|entered| pick(entered, field, picked));
            }
        });
    });
}

/// What an entry is called, whichever ledger it is in.
async fn find(core: &Core, id: EntityId) -> Option<Picked> {
    if let Ok(Reply::Household(view)) = core.ask(Request::Household { id }).await {
        return Some(Picked::household(&view.row));
    }
    match core.ask(Request::Entry { id, here: None }).await {
        Ok(Reply::Entry(detail)) => Some(Picked::entry(&detail.row)),
        _ => None,
    }
}

/// What was picked, and picking something else.
#[component]
pub fn EntryInput(
    ledger: LedgerKind,
    field: &'static str,
    picked: Option<Picked>,
    begun: Begun<Entered>,
) -> Element {
    let lang = use_lang();
    let mut open = use_signal(|| false);
    let (taking, leaving) = (begun.clone(), begun);
    let words = lang.say(if picked.is_some() { "pick-other" } else { "pick" });
    rsx! {
        div { class: "bf-picked",
            if let Some(picked) = picked {
                p { class: "bf-line", "data-testid": "picked-{field}",
                    strong { {picked.name.clone()} }
                    span { class: "bf-code", {picked.code.clone()} }
                }
                button {
                    r#type: "button",
                    class: "bf-icon-btn",
                    "aria-label": lang.say("pick-none"),
                    "data-testid": "unpick-{field}",
                    onclick: move |_| leaving.change(|entered| unpick(entered, field)),
                    Icon { sign: Sign::Cross }
                }
            }
            button {
                r#type: "button",
                class: "weui-btn weui-btn_default bf-btn",
                "data-testid": "pick-{field}",
                onclick: move |_| open.set(true),
                Icon { sign: Sign::Search }
                {words}
            }
        }
        if open() {
            PickDialog {
                ledger,
                onclose: move |()| open.set(false),
                onpick: move |picked: Picked| {
                    taking.change(|entered| pick(entered, field, picked));
                    open.set(false);
                },
            }
        }
    }
}

/// In which ledgers one looks for what a new entry belongs to.
fn looked_in(ledger: LedgerKind) -> &'static [LedgerKind] {
    match ledger {
        LedgerKind::Issue => {
            &[LedgerKind::Household, LedgerKind::House, LedgerKind::WaterSupply, LedgerKind::Post]
        }
        _ => &[LedgerKind::Household],
    }
}

#[component]
fn PickDialog(ledger: LedgerKind, onclose: EventHandler<()>, onpick: EventHandler<Picked>) -> Element {
    let lang = use_lang();
    let ledgers = looked_in(ledger);
    let mut within = use_signal(|| ledgers[0]);
    let mut text = use_signal(String::new);
    let mut of_household = use_signal(|| None::<EntityId>);
    let members = ledger == LedgerKind::Post;
    let segments: Vec<Segment<LedgerKind>> = ledgers
        .iter()
        .map(|ledger| Segment {
            key: *ledger,
            words: lang.say(&format!("ledger-{}", ledger.key())),
            count: None,
            urgent: false,
            testid: format!("pick-in-{}", ledger.key()),
        })
        .collect();
    let chose_household = move |row: HouseholdRow| {
        if members {
            of_household.set(Some(row.id));
        } else {
            onpick.call(Picked::household(&row));
        }
    };
    rsx! {
        Dialog { title: lang.say(if members { "pick-holder" } else { "pick" }), testid: "pick-dialog", onclose,
            if segments.len() > 1 {
                Segments { label: lang.say("ledger-kinds"), segments, current: within(), onchoose: move |key| within.set(key) }
            }
            match of_household() {
                Some(id) => rsx! { Members { id, onpick, onback: move |()| of_household.set(None) } },
                None => rsx! {
                    label { class: "bf-search__box",
                        Icon { sign: Sign::Search }
                        input {
                            class: "weui-input",
                            r#type: "search",
                            autocomplete: "off",
                            "aria-label": lang.say("entries-search"),
                            placeholder: lang.say(&format!("entries-hint-{}", within().key())),
                            "data-testid": "pick-search",
                            value: text(),
                            oninput: move |event| text.set(event.value()),
                        }
                    }
                    div { class: "bf-pick",
                        if within() == LedgerKind::Household {
                            PickHousehold { text: text(), onpick: chose_household }
                        } else {
                            PickEntry { ledger: within(), text: text(), onpick }
                        }
                    }
                },
            }
            div { class: "bf-dialog__do",
                button { r#type: "button", class: "weui-btn weui-btn_default bf-btn", "data-testid": "pick-cancel", onclick: move |_| onclose.call(()),
                    {lang.say("action-cancel")}
                }
            }
        }
    }
}

fn households(text: String) -> Request {
    Request::Households { text, scope: None, in_conflict: false, here: None, skip: 0 }
}

fn read_households(reply: Reply) -> Option<Households> {
    match reply {
        Reply::Households(households) => Some(households),
        _ => None,
    }
}

#[component]
fn PickHousehold(text: String, onpick: EventHandler<HouseholdRow>) -> Element {
    let asked = use_ask(text, households, read_households);
    match asked.shown_or_older() {
        Shown::Loading => rsx! { Loading {} },
        Shown::Failed(trouble, again) => rsx! { TroubleScreen { trouble, again } },
        Shown::Ready(found) if found.rows.is_empty() => rsx! { NoneFound {} },
        Shown::Ready(found) => rsx! {
            ul { class: "bf-list",
                for row in found.rows.iter().cloned() {
                    li { key: "{row.id}",
                        button {
                            r#type: "button",
                            class: "bf-row bf-row_link",
                            "data-testid": "pick-{row.code}",
                            onclick: {
                                let row = row.clone();
                                move |_| onpick.call(row.clone())
                            },
                            div { class: "bf-row__body", HouseholdLines { row: row.clone() } }
                        }
                    }
                }
            }
        },
    }
}

type Search = (LedgerKind, String);

fn entries((ledger, text): Search) -> Request {
    Request::Entries { ledger, filter: EntryFilter { text, ..EntryFilter::default() }, here: None, skip: 0 }
}

fn read_entries(reply: Reply) -> Option<Entries> {
    match reply {
        Reply::Entries(entries) => Some(entries),
        _ => None,
    }
}

#[component]
fn PickEntry(ledger: LedgerKind, text: String, onpick: EventHandler<Picked>) -> Element {
    let asked = use_ask((ledger, text), entries, read_entries);
    match asked.shown_or_older() {
        Shown::Loading => rsx! { Loading {} },
        Shown::Failed(trouble, again) => rsx! { TroubleScreen { trouble, again } },
        Shown::Ready(found) if found.rows.is_empty() => rsx! { NoneFound {} },
        Shown::Ready(found) => rsx! {
            ul { class: "bf-list",
                for row in found.rows.iter().cloned() {
                    li { key: "{row.id}",
                        button {
                            r#type: "button",
                            class: "bf-row bf-row_link",
                            "data-testid": "pick-{row.code}",
                            onclick: {
                                let picked = Picked::entry(&row);
                                move |_| onpick.call(picked.clone())
                            },
                            div { class: "bf-row__body", EntryLines { row: row.clone() } }
                        }
                    }
                }
            }
        },
    }
}

#[component]
fn NoneFound() -> Element {
    let (lang, app) = (use_lang(), use_app());
    let detail = if app.before_first_sync() {
        lang.say("first-sync-more")
    } else {
        lang.say("entries-none-found-more")
    };
    rsx! { Empty { sign: Sign::Search, title: lang.say("ledger-none-found"), detail, testid: "none-found" } }
}

fn household(id: EntityId) -> Request {
    Request::Household { id }
}

fn read_household(reply: Reply) -> Option<HouseholdView> {
    match reply {
        Reply::Household(view) => Some(*view),
        _ => None,
    }
}

/// The members of a household, one of whom holds the post.
#[component]
fn Members(id: EntityId, onpick: EventHandler<Picked>, onback: EventHandler<()>) -> Element {
    let lang = use_lang();
    let asked = use_ask(id, household, read_household);
    rsx! {
        button { r#type: "button", class: "bf-link", "data-testid": "pick-back", onclick: move |_| onback.call(()),
            Icon { sign: Sign::Back }
            {lang.say("pick-back")}
        }
        match asked.shown() {
            Shown::Loading => rsx! { Loading {} },
            Shown::Failed(trouble, again) => rsx! { TroubleScreen { trouble, again } },
            Shown::Ready(view) => rsx! {
                ul { class: "bf-list",
                    for member in view.members.iter() {
                        li { key: "{member.id}",
                            button {
                                r#type: "button",
                                class: "bf-row bf-row_link",
                                "data-testid": "pick-member",
                                onclick: {
                                    let picked = Picked::member(member, &view.row.code);
                                    move |_| onpick.call(picked.clone())
                                },
                                Icon { sign: Sign::Person }
                                span { class: "bf-row__body", {text_of(member, person::NAME).to_owned()} }
                                span { class: "bf-fine", {text_of(member, person::BIRTH).to_owned()} }
                            }
                        }
                    }
                }
                if view.members.is_empty() {
                    p { class: "bf-fine bf-centred", {lang.say("pick-no-members")} }
                }
            },
        }
    }
}
