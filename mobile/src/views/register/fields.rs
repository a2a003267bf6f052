//! The fields of a new entry: those that matter first, the rest folded away.

use std::collections::BTreeMap;

use bianfang_shared::ledger::{FieldType, LedgerKind, house, issue, post, water_supply};
use bianfang_shared::value::Value;
use dioxus::prelude::*;

use super::pick::EntryInput;
use super::{Entered, Terms};
use crate::app::Begun;
use crate::components::{Icon, Sign, ValueInput};
use crate::i18n::use_lang;
use crate::words;

/// A field that is asked for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Asked {
    /// Which.
    pub(super) field: &'static str,
    /// Whether it has to be there.
    pub(super) required: bool,
    /// Whether it is folded away.
    pub(super) later: bool,
}

/// What has to be there, and what is asked besides at first glance, in the order asked.
fn plan(ledger: LedgerKind) -> (&'static [&'static str], &'static [&'static str]) {
    match ledger {
        LedgerKind::House => (
            &[house::HOUSEHOLD],
            &[house::NAME, house::POINT, house::STRUCTURE, house::LIVED_IN, "storeys", "year"],
        ),
        LedgerKind::WaterSupply => (
            &[water_supply::NAME, water_supply::KIND],
            &["address", water_supply::POINT, water_supply::UNIT, water_supply::KEEPER, "keeper_phone"],
        ),
        LedgerKind::Post => (
            &[post::NAME, post::KIND],
            &[
                post::HOLDER,
                post::POINT,
                post::RADIUS_M,
                post::REQUIRED_DAYS,
                post::CONTRACT_FROM,
                post::CONTRACT_TO,
            ],
        ),
        LedgerKind::Issue => (
            &[issue::TOPIC, "what"],
            &[issue::SUBJECT, issue::URGENT, issue::DEADLINE, "responsible_unit", issue::RESPONSIBLE],
        ),
        LedgerKind::Household | LedgerKind::Person | LedgerKind::Unknown => (&[], &[]),
    }
}

/// What follows from records and steps and is not entered by hand.
fn follows(ledger: LedgerKind, field: &str) -> bool {
    match ledger {
        LedgerKind::Issue => field == issue::STATE,
        LedgerKind::WaterSupply => field == water_supply::LATEST_RESULT,
        _ => false,
    }
}

impl Asked {
    /// The fields of a ledger in the order asked. Areas are drawn elsewhere.
    #[must_use]
    pub(super) fn of(ledger: LedgerKind) -> Vec<Self> {
        let (required, first) = plan(ledger);
        let known = |field: &&&str| ledger.field(field).is_some();
        let required =
            required.iter().filter(known).map(|field| Self { field, required: true, later: false });
        let first = first.iter().filter(known).map(|field| Self { field, required: false, later: false });
        let mut asked: Vec<Self> = required.chain(first).collect();
        for spec in ledger.fields() {
            let there = asked.iter().any(|one| one.field == spec.key);
            if !there && !matches!(spec.kind, FieldType::Area) && !follows(ledger, spec.key) {
                asked.push(Self { field: spec.key, required: false, later: true });
            }
        }
        asked
    }
}

/// The inputs.
#[component]
pub fn FieldList(
    ledger: LedgerKind,
    entered: Entered,
    begun: Begun<Entered>,
    wrong: BTreeMap<String, String>,
) -> Element {
    let lang = use_lang();
    let (later, first): (Vec<Asked>, Vec<Asked>) =
        Asked::of(ledger).into_iter().partition(|asked| asked.later);
    // What is wrong must not hide.
    let unfold = later.iter().any(|asked| wrong.contains_key(asked.field));
    rsx! {
        section { class: "bf-panel", "aria-label": lang.say("register-fields"),
            for asked in first {
                One { key: "{asked.field}", ledger, asked, entered: entered.clone(), begun: begun.clone(), wrong: wrong.get(asked.field).cloned() }
            }
            if ledger == LedgerKind::Issue {
                Terms { entered: entered.clone() }
            }
        }
        if !later.is_empty() {
            details { class: "bf-fold bf-panel", open: unfold, "data-testid": "register-more",
                summary { class: "bf-row bf-row_link",
                    span { class: "bf-row__body", {lang.with("register-more", [("n", (later.len() as u64).into())])} }
                    Icon { sign: Sign::Onward }
                }
                for asked in later {
                    One { key: "{asked.field}", ledger, asked, entered: entered.clone(), begun: begun.clone(), wrong: wrong.get(asked.field).cloned() }
                }
            }
        }
    }
}

#[component]
fn One(
    ledger: LedgerKind,
    asked: Asked,
    entered: Entered,
    begun: Begun<Entered>,
    wrong: Option<String>,
) -> Element {
    let lang = use_lang();
    let field = asked.field;
    let name = words::field_name(lang, ledger, field);
    let bad = wrong.is_some();
    let value = entered.fields.get(field).cloned().unwrap_or_default();
    let kind = ledger.field(field).map(|spec| spec.kind);
    let picking_begun = begun.clone();
    let take = move |value: Value| {
        begun.change(|entered| {
            if value.is_blank() {
                entered.fields.remove(field);
            } else {
                entered.fields.insert(field.to_owned(), value);
            }
        });
    };
    let picking = matches!(kind, Some(FieldType::Entry));
    rsx! {
        div {
            id: "q-{field}",
            class: if bad { "bf-question bf-question_bad" } else { "bf-question" },
            tabindex: "-1",
            role: "group",
            "aria-label": name.clone(),
            "data-testid": "field-{field}",
            p { class: "bf-question__text",
                {name.clone()}
                " "
                if asked.required {
                    span { class: "bf-required", {lang.say("visit-required")} }
                }
            }
            if let Some(wrong) = wrong {
                p { class: "bf-problem", "data-testid": "wrong-{field}",
                    Icon { sign: Sign::Warn }
                    {wrong}
                }
            }
            if picking {
                EntryInput { ledger, field, picked: entered.picked.get(field).cloned(), begun: picking_begun.clone() }
            } else {
                ValueInput { ledger, field: field.to_owned(), value, onanswer: take }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_of_a_ledger_is_asked_once_or_follows_from_elsewhere() {
        for ledger in [LedgerKind::House, LedgerKind::WaterSupply, LedgerKind::Post, LedgerKind::Issue] {
            let asked = Asked::of(ledger);
            assert!(asked.iter().any(|one| one.required), "{ledger:?}");
            for spec in ledger.fields() {
                let times = asked.iter().filter(|one| one.field == spec.key).count();
                let elsewhere = follows(ledger, spec.key) || matches!(spec.kind, FieldType::Area);
                assert_eq!(times, usize::from(!elsewhere), "{ledger:?} {}", spec.key);
            }
        }
    }
}
