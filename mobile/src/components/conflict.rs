//! A field of which two people said different things: the values side by side, and the choice of one that holds.

use bianfang_device::message::{Request, Trouble};
use bianfang_shared::field::Sibling;
use bianfang_shared::id::EntityId;
use bianfang_shared::ledger::LedgerKind;
use bianfang_shared::value::Value;
use dioxus::prelude::*;

use super::{Icon, Sign, TroubleLine, ValueDialog};
use crate::app::{use_app, use_core};
use crate::i18n::use_lang;
use crate::words::{self, Names};

/// A field in conflict.
#[derive(Debug, Clone, PartialEq)]
pub struct Dispute {
    /// The entry.
    pub entity: EntityId,
    /// Its ledger.
    pub ledger: LedgerKind,
    /// The field.
    pub field: String,
    /// The values, the shown one first.
    pub siblings: Vec<Sibling>,
    /// Names of people by id.
    pub names: Names,
}

/// The values of a field in conflict, each with who and when, and the ways to settle it.
#[component]
pub fn ConflictCard(
    dispute: Dispute,
    #[props(default)] of: String,
    #[props(default)] children: Element,
) -> Element {
    let (lang, app, core) = (use_lang(), use_app(), use_core());
    let mut trouble = use_signal(|| None::<Trouble>);
    let mut busy = use_signal(|| false);
    let mut typing = use_signal(|| false);
    let name = words::field_name(lang, dispute.ledger, &dispute.field);
    let title = if of.is_empty() { name } else { format!("{of} · {name}") };
    let resolve = {
        let dispute = dispute.clone();
        Callback::new(move |value: Value| {
            let (core, dispute) = (core.clone(), dispute.clone());
            let parents = dispute.siblings.iter().map(|sibling| sibling.op).collect();
            let request = Request::Resolve { id: dispute.entity, field: dispute.field, value, parents };
            busy.set(true);
            spawn(async move {
                match core.ask(request).await {
                    Ok(_) => app.say(lang.say("conflict-settled")),
                    Err(said) => trouble.set(Some(said)),
                }
                busy.set(false);
            });
        })
    };
    rsx! {
        li { class: "bf-dispute", "data-testid": "conflict-{dispute.field}",
            p { class: "bf-dispute__title",
                Icon { sign: Sign::Fork }
                strong { {title} }
            }
            {children}
            p { class: "bf-fine", {lang.say("conflict-explained")} }
            div { class: "bf-dispute__values",
                for (at , sibling) in dispute.siblings.iter().enumerate() {
                    SiblingBox {
                        key: "{sibling.op}",
                        sibling: sibling.clone(),
                        dispute: dispute.clone(),
                        shown: at == 0,
                        busy: busy(),
                        onchoose: resolve,
                    }
                }
            }
            button {
                r#type: "button",
                class: "bf-link",
                "data-testid": "resolve-other",
                onclick: move |_| typing.set(true),
                {lang.say("conflict-other")}
            }
            if let Some(trouble) = trouble() {
                TroubleLine { trouble }
            }
        }
        if typing() {
            ValueDialog {
                ledger: dispute.ledger,
                field: dispute.field.clone(),
                value: dispute.siblings.first().map(|sibling| sibling.value.clone()).unwrap_or_default(),
                onclose: move |()| typing.set(false),
                onvalue: move |value| {
                    typing.set(false);
                    resolve.call(value);
                },
            }
        }
    }
}

#[component]
fn SiblingBox(
    sibling: Sibling,
    dispute: Dispute,
    shown: bool,
    busy: bool,
    onchoose: Callback<Value>,
) -> Element {
    let lang = use_lang();
    let author = dispute.names.get(&sibling.author.to_string()).cloned();
    let author = author.unwrap_or_else(|| lang.say("value-person-unknown"));
    let value = words::field_value(lang, dispute.ledger, &dispute.field, &sibling.value, &dispute.names);
    let chosen = sibling.value.clone();
    rsx! {
        div { class: "bf-sibling", "data-testid": "sibling",
            p { class: "bf-sibling__value", {value} }
            p { class: "bf-fine", {author} }
            p { class: "bf-fine", {words::moment(sibling.hlc.wall_ms())} }
            if sibling.received_at_ms.is_none() {
                p { class: "bf-fine", {lang.say("conflict-only-here")} }
            }
            if shown {
                p { class: "bf-fine", {lang.say("conflict-shown")} }
            }
            button {
                r#type: "button",
                class: "weui-btn weui-btn_default bf-btn",
                "data-testid": "resolve",
                disabled: busy,
                onclick: move |_| onchoose.call(chosen.clone()),
                {lang.say("conflict-take")}
            }
        }
    }
}
