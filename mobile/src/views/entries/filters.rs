//! Which entries of a ledger: by words at once, by village, state and the like when unfolded.

use bianfang_device::message::EntryFilter;
use bianfang_shared::ledger::{FieldType, LedgerKind, house, issue, post, water_supply};
use bianfang_shared::value::Value;
use dioxus::prelude::*;

use crate::app::use_app;
use crate::components::{Icon, Sign};
use crate::i18n::{Lang, use_lang};
use crate::words;

/// The fields by which a ledger is narrowed; each has choices.
fn narrowing(ledger: LedgerKind) -> &'static [&'static str] {
    match ledger {
        LedgerKind::House => &[house::GRADE, house::RECTIFICATION],
        LedgerKind::WaterSupply => &[water_supply::LATEST_RESULT, water_supply::KIND],
        LedgerKind::Post => &[post::KIND],
        LedgerKind::Issue => &[issue::STATE, issue::TOPIC],
        LedgerKind::Household | LedgerKind::Person | LedgerKind::Unknown => &[],
    }
}

/// The search above a ledger's list.
#[component]
pub fn Filters(ledger: LedgerKind, filter: EntryFilter, onchange: EventHandler<EntryFilter>) -> Element {
    let (lang, app) = (use_lang(), use_app());
    let villages = app.status.read().as_ref().map(|status| status.villages.clone()).unwrap_or_default();
    let villages: Vec<(String, String)> =
        villages.into_iter().map(|village| (village.code.to_string(), village.name)).collect();
    let village = filter.scope.map(|code| code.to_string()).unwrap_or_default();
    let typed = filter.clone();
    let narrowed = filter.clone();
    let within = filter.clone();
    let (first, rest) =
        narrowing(ledger).split_first().map_or((None, [].as_slice()), |(first, rest)| (Some(*first), rest));
    rsx! {
        div { class: "bf-search", role: "search",
            label { class: "bf-search__box",
                Icon { sign: Sign::Search }
                span { class: "bf-hidden", {lang.say("entries-search")} }
                input {
                    class: "weui-input",
                    r#type: "search",
                    "enterkeyhint": "search",
                    autocomplete: "off",
                    placeholder: lang.say(&format!("entries-hint-{}", ledger.key())),
                    "data-testid": "search",
                    value: filter.text.clone(),
                    oninput: move |event| onchange.call(EntryFilter { text: event.value(), ..typed.clone() }),
                }
            }
            div { class: "bf-filters",
                if let Some(field) = first {
                    Narrow { ledger, field, filter: narrowed.clone(), onchange }
                }
                Toggle {
                    testid: "only-mine",
                    words: lang.say("entries-mine"),
                    sign: Sign::Person,
                    on: filter.mine,
                    next: EntryFilter { mine: !filter.mine, ..filter.clone() },
                    onchange,
                }
                Toggle {
                    testid: "only-open",
                    words: lang.say(if ledger == LedgerKind::Issue { "entries-open-issues" } else { "entries-open" }),
                    sign: Sign::Flag,
                    on: filter.open,
                    next: EntryFilter { open: !filter.open, ..filter.clone() },
                    onchange,
                }
            }
            details { class: "bf-more-filters",
                summary { class: "bf-link", "data-testid": "filter-more", {lang.say("filter-more")} }
                div { class: "bf-filters",
                    Pick {
                        testid: "village",
                        name: lang.say("ledger-village"),
                        choices: villages,
                        chosen: village,
                        onpick: move |key: String| onchange.call(EntryFilter { scope: key.parse().ok(), ..within.clone() }),
                    }
                    for field in rest.iter().copied() {
                        Narrow { key: "{field}", ledger, field, filter: narrowed.clone(), onchange }
                    }
                    Toggle {
                        testid: "only-conflicts",
                        words: lang.say("ledger-only-conflicts"),
                        sign: Sign::Fork,
                        on: filter.in_conflict,
                        next: EntryFilter { in_conflict: !filter.in_conflict, ..filter.clone() },
                        onchange,
                    }
                }
            }
        }
    }
}

fn choices(lang: Lang, ledger: LedgerKind, field: &str) -> Vec<(String, String)> {
    let keys: &[&str] = match ledger.field(field).map(|spec| spec.kind) {
        Some(FieldType::OneOf(keys) | FieldType::ManyOf(keys)) => keys,
        _ => &[],
    };
    let words = |key: &&str| {
        let words = words::field_value(lang, ledger, field, &Value::from(*key), &words::Names::new());
        ((*key).to_owned(), words)
    };
    keys.iter().map(words).collect()
}

#[component]
fn Narrow(
    ledger: LedgerKind,
    field: &'static str,
    filter: EntryFilter,
    onchange: EventHandler<EntryFilter>,
) -> Element {
    let lang = use_lang();
    let chosen = filter.fields.get(field).and_then(Value::as_text).unwrap_or_default().to_owned();
    rsx! {
        Pick {
            testid: "filter-{field}",
            name: words::field_name(lang, ledger, field),
            choices: choices(lang, ledger, field),
            chosen,
            onpick: move |key: String| {
                let mut next = filter.clone();
                if key.is_empty() {
                    next.fields.remove(field);
                } else {
                    next.fields.insert(field.to_owned(), key.into());
                }
                onchange.call(next);
            },
        }
    }
}

#[component]
fn Pick(
    testid: String,
    name: String,
    choices: Vec<(String, String)>,
    chosen: String,
    onpick: EventHandler<String>,
) -> Element {
    let lang = use_lang();
    rsx! {
        label { class: "bf-filter",
            span { class: "bf-filter__name", {name} }
            select {
                class: "weui-select bf-select",
                "data-testid": testid,
                onchange: move |event| onpick.call(event.value()),
                option { value: "", selected: chosen.is_empty(), {lang.say("filter-all")} }
                for (key , words) in choices {
                    option { key: "{key}", value: key.clone(), selected: chosen == key, {words} }
                }
            }
        }
    }
}

#[component]
fn Toggle(
    testid: &'static str,
    words: String,
    sign: Sign,
    on: bool,
    next: EntryFilter,
    onchange: EventHandler<EntryFilter>,
) -> Element {
    rsx! {
        button {
            r#type: "button",
            class: if on { "bf-choice bf-choice_on" } else { "bf-choice" },
            "aria-pressed": on.to_string(),
            "data-testid": testid,
            onclick: move |_| onchange.call(next.clone()),
            Icon { sign }
            {words}
        }
    }
}
