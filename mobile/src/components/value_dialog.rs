//! One field of a ledger, changed by hand: the input that fits it, checked by the ledgers' own rules before it is taken.

use bianfang_shared::ledger::{self, BadValue, FieldType, LedgerKind, Point};
use bianfang_shared::value::Value;
use dioxus::prelude::*;

use super::question::Labelled;
use super::{DateInput, Dialog, ManyOf, NumberInput, OneOf, Sign, TextInput, YesNo};
use crate::app::use_app;
use crate::components::Icon;
use crate::i18n::{Lang, use_lang};
use crate::platform::use_location;
use crate::words;

/// Asks for a value of a field.
#[component]
pub fn ValueDialog(
    ledger: LedgerKind,
    field: String,
    value: Value,
    onclose: EventHandler<()>,
    onvalue: EventHandler<Value>,
) -> Element {
    let lang = use_lang();
    let mut typed = use_signal(|| value.clone());
    let mut bad = use_signal(|| None::<String>);
    let name = words::field_name(lang, ledger, &field);
    let take = {
        let field = field.clone();
        move |_| {
            let value = tidy(&typed.read());
            match ledger::check(ledger, &field, &value) {
                Ok(()) => onvalue.call(value),
                Err(wrong) => bad.set(Some(bad_words(lang, &wrong))),
            }
        }
    };
    rsx! {
        Dialog { title: lang.with("edit-title", [("field", name.into())]), testid: "value-dialog", onclose,
            ValueInput { ledger, field, value: typed(), onanswer: move |value| typed.set(value) }
            if let Some(bad) = bad() {
                p { class: "bf-problem", role: "alert", "data-testid": "value-bad",
                    Icon { sign: Sign::Warn }
                    {bad}
                }
            }
            div { class: "bf-dialog__do",
                button {
                    r#type: "button",
                    class: "weui-btn weui-btn_default bf-btn",
                    "data-testid": "value-cancel",
                    onclick: move |_| onclose.call(()),
                    {lang.say("action-cancel")}
                }
                button {
                    r#type: "button",
                    class: "weui-btn weui-btn_primary bf-btn",
                    "data-testid": "value-save",
                    onclick: take,
                    {lang.say("action-save")}
                }
            }
        }
    }
}

/// Whether a person can give this field a value here. Ties to other ledgers are made where those are.
#[must_use]
pub fn can_edit(ledger: LedgerKind, field: &str) -> bool {
    !matches!(ledger.field(field).map(|spec| spec.kind), None | Some(FieldType::Entry | FieldType::Area))
}

/// The input that fits a field.
#[component]
pub fn ValueInput(ledger: LedgerKind, field: String, value: Value, onanswer: EventHandler<Value>) -> Element {
    let lang = use_lang();
    let Some(spec) = ledger.field(&field) else { return rsx! {} };
    let label = words::field_name(lang, ledger, &field);
    let choices = |keys: &[&str]| -> Vec<Labelled> {
        let word = |key: &&str| lang.or(&format!("choice-{}-{field}-{key}", ledger.key()), key);
        keys.iter().map(|key| ((*key).to_owned(), word(key))).collect()
    };
    match spec.kind {
        FieldType::Text(chars_max) | FieldType::Name(chars_max) | FieldType::Code(chars_max) => {
            rsx! { TextInput { name: field, label, chars_max, value, onanswer } }
        }
        FieldType::Phone | FieldType::IdNumber => {
            rsx! { TextInput { name: field, label, chars_max: 20usize, value, onanswer } }
        }
        FieldType::Flag => rsx! { YesNo { name: field, value, onanswer } },
        FieldType::Number(..) => {
            rsx! { NumberInput { name: field, label, unit: String::new(), value, onanswer } }
        }
        FieldType::Date => rsx! { DateInput { name: field, label, value, onanswer } },
        FieldType::OneOf(keys) => rsx! { OneOf { choices: choices(keys), name: field, value, onanswer } },
        FieldType::ManyOf(keys) => rsx! { ManyOf { choices: choices(keys), name: field, value, onanswer } },
        FieldType::Point => rsx! { PointInput { value, onanswer } },
        FieldType::User => rsx! { PersonInput { name: field, value, onanswer } },
        FieldType::Entry | FieldType::Area => rsx! {},
    }
}

#[component]
fn PersonInput(name: String, value: Value, onanswer: EventHandler<Value>) -> Element {
    let status = use_app().status;
    let status = status.read();
    let people = status.as_ref().map(|status| status.people.as_slice()).unwrap_or_default();
    let choices =
        people.iter().map(|person| (person.id.to_string(), person.name.clone())).collect::<Vec<_>>();
    rsx! { OneOf { name, choices, value, onanswer } }
}

/// The place where the phone is now: nobody types coordinates at a door.
#[component]
fn PointInput(value: Value, onanswer: EventHandler<Value>) -> Element {
    let lang = use_lang();
    let reading = use_location();
    let now = reading.read().fix.map(|fix| Point {
        lat: fix.latitude_deg,
        lon: fix.longitude_deg,
        accuracy_m: fix.accuracy_m.round(),
    });
    let say = |value: &Value| {
        words::field_value(lang, LedgerKind::Household, "anchor", value, &words::Names::new())
    };
    rsx! {
        p { {say(&value)} }
        match now {
            None => rsx! { p { class: "bf-fine", role: "status", {lang.say("edit-locating")} } },
            Some(point) => {
                let here = Value::write(&point);
                rsx! {
                    p { class: "bf-fine", role: "status", {lang.with("edit-here", [("place", say(&here).into())])} }
                    button {
                        r#type: "button",
                        class: "weui-btn weui-btn_default bf-btn",
                        "data-testid": "use-here",
                        onclick: move |_| onanswer.call(here.clone()),
                        Icon { sign: Sign::Pin }
                        {lang.say("edit-use-here")}
                    }
                }
            }
        }
    }
}

/// Without blanks at the ends; nothing typed means not known.
#[must_use]
pub fn tidy(value: &Value) -> Value {
    match value {
        Value::Text(text) if text.trim().is_empty() => Value::Null,
        Value::Text(text) => Value::Text(text.trim().to_owned()),
        other => other.clone(),
    }
}

/// Why a value does not fit its field.
#[must_use]
pub fn bad_words(lang: Lang, bad: &BadValue) -> String {
    match bad {
        BadValue::TooLong(max) => lang.with("value-bad-too-long", [("max", (*max as u64).into())]),
        BadValue::OutOfBounds(min, max) => {
            lang.with("value-bad-bounds", [("min", min.as_str().into()), ("max", max.as_str().into())])
        }
        BadValue::CheckDigit => lang.say("value-bad-check-digit"),
        BadValue::ControlCharacter | BadValue::HiddenCharacter => lang.say("value-bad-character"),
        BadValue::BeginsWithSign => lang.say("reason-fault-begins_with_sign"),
        BadValue::Shape(_)
        | BadValue::NotAChoice(_)
        | BadValue::Repeated
        | BadValue::TooDeep(_)
        | BadValue::TooManyParts(_)
        | BadValue::OddKey => lang.say("value-bad-shape"),
    }
}
