//! Lists of large cells, as every user knows them.

use dioxus::prelude::*;

use super::{Icon, Sign};
use crate::app::Route;

/// A titled group of cells.
#[component]
pub fn Group(
    #[props(default)] title: String,
    #[props(default)] testid: String,
    children: Element,
) -> Element {
    rsx! {
        section { class: "bf-group", "data-testid": (!testid.is_empty()).then_some(testid),
            if !title.is_empty() {
                h2 { class: "weui-cells__title bf-group__title", {title} }
            }
            ul { class: "bf-list", {children} }
        }
    }
}

/// A cell that leads to another screen.
#[component]
pub fn LinkRow(
    to: Route,
    testid: String,
    children: Element,
    #[props(default)] value: String,
    #[props(default)] current: bool,
) -> Element {
    rsx! {
        li {
            Link {
                class: if current { "bf-row bf-row_link bf-row_current" } else { "bf-row bf-row_link" },
                to,
                "data-testid": testid,
                div { class: "bf-row__body", {children} }
                if !value.is_empty() {
                    span { class: "bf-row__value", {value} }
                }
                Icon { sign: Sign::Onward }
            }
        }
    }
}

/// A cell with a name and a value.
#[component]
pub fn FactRow(
    name: String,
    #[props(default)] testid: String,
    /// Whether the name is a sentence.
    #[props(default)]
    long: bool,
    children: Element,
) -> Element {
    rsx! {
        li { class: if long { "bf-row bf-row_long" } else { "bf-row" }, "data-testid": (!testid.is_empty()).then_some(testid),
            span { class: "bf-row__name", {name} }
            div { class: "bf-row__fact", {children} }
        }
    }
}

/// A cell that does something.
#[component]
pub fn ActionRow(
    testid: String,
    sign: Sign,
    words: String,
    onclick: EventHandler<()>,
    #[props(default)] busy: bool,
) -> Element {
    rsx! {
        li {
            button {
                r#type: "button",
                class: "bf-row bf-row_link",
                "data-testid": testid,
                disabled: busy,
                onclick: move |_| onclick.call(()),
                Icon { sign }
                span { class: "bf-row__body", {words} }
                if busy {
                    span { class: "weui-loading", "aria-hidden": "true" }
                }
            }
        }
    }
}
