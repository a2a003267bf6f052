//! What a ledger says of an entry, field by field, and changing it by hand.

use std::collections::BTreeMap;

use bianfang_device::message::{Request, Trouble};
use bianfang_shared::id::EntityId;
use bianfang_shared::ledger::{FieldType, LedgerKind, issue, person};
use bianfang_shared::query::EntryView;
use bianfang_shared::value::Value;
use dioxus::prelude::*;

use crate::app::{use_app, use_core};
use crate::components::{FactRow, Group, Icon, Sign, TroubleLine, ValueDialog, can_edit};
use crate::i18n::use_lang;
use crate::words::{self, Names};

/// The fields of an entry: what is known, and folded away what is not.
#[component]
pub fn Facts(
    entry: EntryView,
    names: Names,
    /// What the entries are called that it names, by id.
    #[props(default)]
    linked: Names,
) -> Element {
    let lang = use_lang();
    let mut editing = use_signal(|| None::<String>);
    let (known, unknown): (Vec<_>, Vec<_>) =
        fields(&entry).into_iter().partition(|(_, value)| !value.is_blank());
    let (id, ledger) = (entry.id, entry.ledger);
    rsx! {
        Group { title: if ledger == LedgerKind::Person { String::new() } else { lang.say("household-facts") }, testid: "facts",
            for (field , value) in known {
                Fact { key: "{field}", ledger, field, value, names: names.clone(), linked: linked.clone(), onedit: move |field| editing.set(Some(field)) }
            }
        }
        if !unknown.is_empty() {
            details { class: "bf-fold", "data-testid": "facts-blank",
                summary { class: "bf-row bf-row_link",
                    span { class: "bf-row__body", {lang.with("household-blank", [("n", (unknown.len() as u64).into())])} }
                    Icon { sign: Sign::Onward }
                }
                Group {
                    for (field , value) in unknown {
                        Fact { key: "{field}", ledger, field, value, names: names.clone(), linked: linked.clone(), onedit: move |field| editing.set(Some(field)) }
                    }
                }
            }
        }
        if let Some(field) = editing() {
            Edit {
                id,
                ledger,
                value: entry.fields.get(&field).cloned().unwrap_or_default(),
                field,
                onclose: move |()| editing.set(None),
            }
        }
    }
}

/// Known fields in the ledger's order, then those of newer versions.
fn fields(entry: &EntryView) -> Vec<(String, Value)> {
    let specs = entry.ledger.fields().iter().filter(|spec| !is_tie(entry.ledger, spec.key));
    let known =
        specs.map(|spec| (spec.key.to_owned(), entry.fields.get(spec.key).cloned().unwrap_or_default()));
    let newer = entry.fields.iter().filter(|(field, _)| entry.ledger.field(field).is_none());
    known.chain(newer.map(|(field, value)| (field.clone(), value.clone()))).collect()
}

/// A tie that the screen shows by its place, such as a member's household; and what moves by steps only, such as a
/// problem's state.
fn is_tie(ledger: LedgerKind, field: &str) -> bool {
    match ledger {
        LedgerKind::Person => field == person::HOUSEHOLD,
        LedgerKind::Issue => field == issue::STATE,
        _ => false,
    }
}

#[component]
fn Fact(
    ledger: LedgerKind,
    field: String,
    value: Value,
    names: Names,
    linked: Names,
    onedit: EventHandler<String>,
) -> Element {
    let lang = use_lang();
    let name = words::field_name(lang, ledger, &field);
    let secret =
        matches!(ledger.field(&field).map(|spec| spec.kind), Some(FieldType::Phone | FieldType::IdNumber));
    let names_entry = matches!(ledger.field(&field).map(|spec| spec.kind), Some(FieldType::Entry));
    let tied = value.as_text().filter(|_| names_entry).and_then(|id| linked.get(id)).cloned();
    let said = tied.unwrap_or_else(|| words::field_value(lang, ledger, &field, &value, &names));
    let edit_words = lang.with("edit-title", [("field", name.clone().into())]);
    let editable = can_edit(ledger, &field);
    rsx! {
        FactRow { name, testid: "fact-{field}",
            if secret && !value.is_blank() {
                Secret { text: said, is_phone: matches!(ledger.field(&field).map(|spec| spec.kind), Some(FieldType::Phone)) }
            } else {
                span { class: if value.is_blank() { "bf-fine" } else { "" }, {said} }
            }
            if editable {
                button {
                    r#type: "button",
                    class: "bf-icon-btn",
                    "aria-label": edit_words.clone(),
                    title: edit_words,
                    "data-testid": "edit-{field}",
                    onclick: move |_| onedit.call(field.clone()),
                    Icon { sign: Sign::Pencil }
                }
            }
        }
    }
}

/// A number whose middle is hidden until it is wanted.
#[component]
fn Secret(text: String, is_phone: bool) -> Element {
    let lang = use_lang();
    let mut open = use_signal(|| false);
    let label = if open() { lang.say("secret-hide") } else { lang.say("secret-show") };
    rsx! {
        if !open() {
            span { {words::masked(&text)} }
        } else if is_phone {
            a { class: "bf-link", href: "tel:{text}", "data-testid": "call", {text.clone()} }
        } else {
            span { {text.clone()} }
        }
        button {
            r#type: "button",
            class: "bf-icon-btn",
            "aria-label": label.clone(),
            "aria-pressed": open().to_string(),
            title: label,
            "data-testid": "secret",
            onclick: move |_| open.toggle(),
            Icon { sign: if open() { Sign::EyeOff } else { Sign::Eye } }
        }
    }
}

#[component]
fn Edit(id: EntityId, ledger: LedgerKind, field: String, value: Value, onclose: EventHandler<()>) -> Element {
    let (lang, app, core) = (use_lang(), use_app(), use_core());
    let mut trouble = use_signal(|| None::<Trouble>);
    let changed = field.clone();
    rsx! {
        ValueDialog {
            ledger,
            field,
            value,
            onclose,
            onvalue: move |value| {
                let core = core.clone();
                let request = Request::Amend { id, changes: BTreeMap::from([(changed.clone(), value)]) };
                spawn(async move {
                    match core.ask(request).await {
                        Ok(_) => {
                            app.say(lang.say("edit-kept"));
                            onclose.call(());
                        }
                        Err(said) => trouble.set(Some(said)),
                    }
                });
            },
        }
        if let Some(trouble) = trouble() {
            TroubleLine { trouble }
        }
    }
}
