//! Parts of a screen side by side, one shown at a time.

use dioxus::prelude::*;

use crate::app::Route;

/// One of the parts.
#[derive(Debug, Clone, PartialEq)]
pub struct Segment<K: Clone + PartialEq + 'static> {
    /// Which.
    pub key: K,
    /// Its name.
    pub words: String,
    /// How many are in it, where that is told.
    pub count: Option<u64>,
    /// Whether somebody should look at it.
    pub urgent: bool,
    /// Names it for tests.
    pub testid: String,
}

/// Parts of one screen.
#[component]
pub fn Segments<K: Clone + PartialEq + 'static>(
    label: String,
    segments: Vec<Segment<K>>,
    current: K,
    onchoose: EventHandler<K>,
) -> Element {
    rsx! {
        div { class: "bf-segments", role: "tablist", "aria-label": label,
            for segment in segments {
                button {
                    key: "{segment.testid}",
                    r#type: "button",
                    role: "tab",
                    class: if segment.key == current { "bf-segment bf-segment_on" } else { "bf-segment" },
                    "aria-selected": (segment.key == current).to_string(),
                    "data-testid": segment.testid.clone(),
                    onclick: {
                        let key = segment.key.clone();
                        move |_| onchoose.call(key.clone())
                    },
                    {segment.words.clone()}
                    if let Some(count) = segment.count {
                        Count { count, urgent: segment.urgent }
                    }
                }
            }
        }
    }
}

#[component]
fn Count(count: u64, urgent: bool) -> Element {
    rsx! {
        span { class: if urgent && count > 0 { "bf-segment__count bf-segment__count_bad" } else { "bf-segment__count" },
            {if count > 99 { "99+".to_owned() } else { count.to_string() }}
        }
    }
}

/// Parts that have addresses of their own.
#[component]
pub fn LinkSegments(label: String, segments: Vec<Segment<Route>>, current: Route) -> Element {
    rsx! {
        nav { class: "bf-segments", "aria-label": label,
            for segment in segments {
                Link {
                    key: "{segment.testid}",
                    class: if segment.key == current { "bf-segment bf-segment_on" } else { "bf-segment" },
                    "data-testid": segment.testid.clone(),
                    "aria-current": (segment.key == current).then_some("page"),
                    to: segment.key.clone(),
                    {segment.words.clone()}
                    if let Some(count) = segment.count {
                        Count { count, urgent: segment.urgent }
                    }
                }
            }
        }
    }
}
