//! One question of a checklist with the means to answer it: large, for a thumb.

use bianfang_shared::checklist::{Choice, Question, QuestionKind};
use bianfang_shared::form::FormProblem;
use bianfang_shared::value::Value;
use dioxus::prelude::*;

use super::{Icon, Sign};
use crate::i18n::{Lang, use_lang};
use crate::words::{self, problem_words};

/// A question, its answer so far, and what is wrong with it.
#[component]
pub fn QuestionCard(
    question: &'static Question,
    value: Value,
    prefilled: Option<Value>,
    problem: Option<FormProblem>,
    /// Whether its choices are the large ones that a form begins with.
    #[props(default)]
    large: bool,
    onanswer: EventHandler<Value>,
) -> Element {
    let lang = use_lang();
    let key = question.key.as_str();
    let offered = prefilled.filter(|_| value.is_blank());
    let text = question.text.of(lang.tag());
    let described = format!("q-{key}-more");
    rsx! {
        div {
            class: match (problem.is_some(), large) {
                (true, _) => "bf-question bf-question_bad",
                (false, true) => "bf-question bf-question_large",
                (false, false) => "bf-question",
            },
            id: "q-{key}",
            tabindex: "-1",
            role: "group",
            "aria-label": text,
            "aria-describedby": described.clone(),
            "data-testid": "question-{key}",
            "data-answered": (!value.is_blank()).to_string(),
            p { class: "bf-question__text",
                {text}
                " "
                if question.required {
                    span { class: "bf-required", {lang.say("visit-required")} }
                }
            }
            div { id: described,
                if let Some(hint) = &question.hint {
                    p { class: "bf-fine", {hint.of(lang.tag())} }
                }
                if let Some(problem) = &problem {
                    p { class: "bf-problem", "data-testid": "problem-{key}",
                        Icon { sign: Sign::Warn }
                        {problem_words(lang, problem)}
                    }
                }
            }
            if let Some(offered) = offered {
                Confirm { question, offered, onanswer }
            }
            Input { question, value: value.clone(), onanswer }
        }
    }
}

/// A fact held already: one tap says that it still holds.
#[component]
fn Confirm(question: &'static Question, offered: Value, onanswer: EventHandler<Value>) -> Element {
    let lang = use_lang();
    let said = words::answer(lang, &question.kind, &offered);
    rsx! {
        button {
            r#type: "button",
            class: "bf-confirm",
            "data-testid": "confirm-{question.key}",
            onclick: move |_| onanswer.call(offered.clone()),
            span { class: "bf-confirm__known", {lang.with("visit-known", [("value", said.into())])} }
            span { class: "bf-confirm__do",
                Icon { sign: Sign::Check }
                {lang.say("visit-confirm")}
            }
        }
    }
}

#[component]
fn Input(question: &'static Question, value: Value, onanswer: EventHandler<Value>) -> Element {
    let lang = use_lang();
    let label = question.text.of(lang.tag()).to_owned();
    match &question.kind {
        QuestionKind::YesNo => rsx! { YesNo { name: question.key.clone(), value, onanswer } },
        QuestionKind::OneOf { choices } => rsx! {
            OneOf { name: question.key.clone(), choices: labelled(lang, choices), value, onanswer }
        },
        QuestionKind::ManyOf { choices } => rsx! {
            ManyOf { name: question.key.clone(), choices: labelled(lang, choices), value, onanswer }
        },
        QuestionKind::Number { unit, .. } => rsx! {
            NumberInput { name: question.key.clone(), label, unit: unit.of(lang.tag()).to_owned(), value, onanswer }
        },
        QuestionKind::Text { chars_max } => rsx! {
            TextInput { name: question.key.clone(), label, chars_max: *chars_max, value, onanswer }
        },
        // Photographs and what the rules derive have cards of their own.
        QuestionKind::Photo { .. } | QuestionKind::Derived { .. } => rsx! {},
        QuestionKind::Date => rsx! { DateInput { name: question.key.clone(), label, value, onanswer } },
    }
}

/// A choice's key with its words.
pub type Labelled = (String, String);

fn labelled(lang: Lang, choices: &[Choice]) -> Vec<Labelled> {
    choices.iter().map(|choice| (choice.key.clone(), words::choice_words(lang, choice).to_owned())).collect()
}

/// Yes or no.
#[component]
pub fn YesNo(name: String, value: Value, onanswer: EventHandler<Value>) -> Element {
    let lang = use_lang();
    let chosen = match value.as_bool() {
        Some(true) => Value::from("yes"),
        Some(false) => Value::from("no"),
        None => Value::Null,
    };
    let choices = vec![("yes".to_owned(), lang.say("answer-yes")), ("no".to_owned(), lang.say("answer-no"))];
    let flag = move |value: Value| {
        let flag = value.as_text().map(|word| word == "yes");
        onanswer.call(flag.into());
    };
    rsx! { OneOf { name, choices, value: chosen, onanswer: flag } }
}

/// One of some choices. Choosing the chosen one again takes it back.
#[component]
pub fn OneOf(name: String, choices: Vec<Labelled>, value: Value, onanswer: EventHandler<Value>) -> Element {
    rsx! {
        div { class: "bf-choices", role: "radiogroup",
            for (choice , words) in choices {
                Pick {
                    key: "{choice}",
                    role: "radio",
                    testid: "choice-{name}-{choice}",
                    on: value.as_text() == Some(choice.as_str()),
                    words,
                    onpick: {
                        let taken_back = value.as_text() == Some(choice.as_str());
                        let next = if taken_back { Value::Null } else { Value::Text(choice) };
                        move |()| onanswer.call(next.clone())
                    },
                }
            }
        }
    }
}

/// Any of some choices.
#[component]
pub fn ManyOf(name: String, choices: Vec<Labelled>, value: Value, onanswer: EventHandler<Value>) -> Element {
    rsx! {
        div { class: "bf-choices",
            for (choice , words) in choices {
                Pick {
                    key: "{choice}",
                    role: "checkbox",
                    testid: "choice-{name}-{choice}",
                    on: value.holds(&choice),
                    words,
                    onpick: {
                        let next = toggled(&value, &choice);
                        move |()| onanswer.call(next.clone())
                    },
                }
            }
        }
    }
}

/// The list with a choice put in or taken out; `none` and the others exclude each other.
fn toggled(value: &Value, choice: &str) -> Value {
    let mut chosen: Vec<&str> =
        value.as_list().unwrap_or_default().iter().filter_map(Value::as_text).collect();
    match chosen.iter().position(|own| *own == choice) {
        Some(at) => drop(chosen.remove(at)),
        None => {
            chosen.retain(|own| (choice == NONE) == (*own == NONE));
            chosen.push(choice);
        }
    }
    Value::texts(chosen)
}

/// The choice that stands for none of the others.
const NONE: &str = "none";

#[component]
fn Pick(role: String, testid: String, on: bool, words: String, onpick: EventHandler<()>) -> Element {
    rsx! {
        button {
            r#type: "button",
            class: if on { "bf-choice bf-choice_on" } else { "bf-choice" },
            role,
            "aria-checked": on.to_string(),
            "data-testid": testid,
            onclick: move |_| onpick.call(()),
            span { class: "bf-choice__mark", "aria-hidden": "true",
                if on {
                    Icon { sign: Sign::Check }
                }
            }
            {words}
        }
    }
}

/// A number with its unit.
#[component]
pub fn NumberInput(
    name: String,
    label: String,
    unit: String,
    value: Value,
    onanswer: EventHandler<Value>,
) -> Element {
    let shown =
        value.as_number().map_or_else(|| value.as_text().unwrap_or_default().to_owned(), |n| n.to_string());
    rsx! {
        label { class: "bf-input",
            input {
                class: "weui-input",
                inputmode: "decimal",
                autocomplete: "off",
                "aria-label": label,
                "data-testid": "input-{name}",
                initial_value: shown,
                oninput: move |event| onanswer.call(number_or_text(&event.value())),
            }
            span { {unit.clone()} }
        }
    }
}

/// What was typed, as a number if it is one. What is none is kept as typed: the rules say what is wrong with it.
fn number_or_text(typed: &str) -> Value {
    let typed = typed.trim();
    match typed.parse::<f64>() {
        _ if typed.is_empty() => Value::Null,
        Ok(number) if number.is_finite() => Value::number(number),
        _ => Value::Text(typed.to_owned()),
    }
}

/// Free text; a line, or several where much may be said.
#[component]
pub fn TextInput(
    name: String,
    label: String,
    chars_max: usize,
    value: Value,
    onanswer: EventHandler<Value>,
) -> Element {
    let shown = value.as_text().unwrap_or_default().to_owned();
    let answer = move |event: FormEvent| onanswer.call(Value::Text(event.value()));
    rsx! {
        label { class: "bf-input",
            if chars_max > 100 {
                textarea {
                    class: "weui-textarea",
                    rows: "2",
                    maxlength: "{chars_max}",
                    "aria-label": label,
                    "data-testid": "input-{name}",
                    initial_value: shown,
                    oninput: answer,
                }
            } else {
                input {
                    class: "weui-input",
                    maxlength: "{chars_max}",
                    autocomplete: "off",
                    "aria-label": label,
                    "data-testid": "input-{name}",
                    initial_value: shown,
                    oninput: answer,
                }
            }
        }
    }
}

/// A day.
#[component]
pub fn DateInput(name: String, label: String, value: Value, onanswer: EventHandler<Value>) -> Element {
    let shown = value.as_text().unwrap_or_default().to_owned();
    rsx! {
        label { class: "bf-input",
            input {
                class: "weui-input",
                r#type: "date",
                "aria-label": label,
                "data-testid": "input-{name}",
                value: shown,
                oninput: move |event| {
                    let typed = event.value();
                    onanswer.call(if typed.is_empty() { Value::Null } else { Value::Text(typed) });
                },
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn choices_go_in_and_out_and_none_stands_alone() {
        let list = |items: &[&str]| Value::texts(items.iter().copied());
        for (before, choice, after) in [
            (Value::Null, "a", list(&["a"])),
            (list(&["a"]), "b", list(&["a", "b"])),
            (list(&["a", "b"]), "a", list(&["b"])),
            (list(&["a", "b"]), "none", list(&["none"])),
            (list(&["none"]), "a", list(&["a"])),
        ] {
            assert_eq!(toggled(&before, choice), after, "{before:?} {choice}");
        }
    }

    #[test]
    fn what_is_no_number_is_kept_as_typed() {
        for (typed, value) in [
            ("12", Value::Int(12)),
            (" 0.5 ", Value::Num(0.5)),
            ("", Value::Null),
            ("about 3", Value::from("about 3")),
            ("NaN", Value::from("NaN")),
        ] {
            assert_eq!(number_or_text(typed), value, "{typed}");
        }
    }
}
