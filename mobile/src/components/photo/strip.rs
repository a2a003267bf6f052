//! Small photographs in a row. Pressed, one is looked at closely.

use bianfang_device::message::PhotoState;
use bianfang_shared::observation::{PhotoRef, PhotoSource};
use dioxus::prelude::*;

use super::viewer::{Viewer, use_picture};
use crate::components::{Icon, Sign, Tag, Tone, trouble_words};
use crate::i18n::{Lang, use_lang};
use crate::photos::Mark;

/// A photograph as a row shows it.
#[derive(Debug, Clone, PartialEq)]
pub struct PhotoShown {
    /// What the record says of it.
    pub photo: PhotoRef,
    /// A small picture as a `data:` address, where it came along.
    pub thumbnail: Option<String>,
    /// Where it is, where that is told.
    pub state: Option<PhotoState>,
    /// What its watermark says besides time and place.
    pub mark: Mark,
    /// What else has to be said of it, such as that it looks like another.
    pub warnings: Vec<String>,
}

/// Photographs in a row.
#[component]
pub fn PhotoStrip(
    photos: Vec<PhotoShown>,
    /// Whether each says what it shows.
    #[props(default)]
    named: bool,
    /// Where given, each can be taken out.
    ondrop: Option<EventHandler<PhotoRef>>,
    /// More at the end of the row.
    #[props(default)]
    children: Element,
) -> Element {
    let mut looked_at = use_signal(|| None::<usize>);
    let all = photos.clone();
    rsx! {
        ul { class: "bf-photos", "data-testid": "photos",
            for (at , shown) in photos.into_iter().enumerate() {
                li { key: "{shown.photo.purpose}-{shown.photo.sha256}", class: "bf-photo", "data-testid": "photo", "data-sha256": shown.photo.sha256.clone(),
                    Small { shown: shown.clone(), named, onlook: move |()| looked_at.set(Some(at)), ondrop }
                }
            }
            {children}
        }
        if let Some(at) = looked_at().filter(|at| *at < all.len()) {
            Viewer { photos: all, at, onturn: move |at| looked_at.set(Some(at)), onclose: move |()| looked_at.set(None) }
        }
    }
}

#[component]
fn Small(
    shown: PhotoShown,
    named: bool,
    onlook: EventHandler<()>,
    ondrop: Option<EventHandler<PhotoRef>>,
) -> Element {
    let lang = use_lang();
    let name = if shown.mark.shows.is_empty() { lang.say("photo-look") } else { shown.mark.shows.clone() };
    let photo = shown.photo.clone();
    rsx! {
        button {
            r#type: "button",
            class: "bf-photo__look",
            "aria-label": lang.with("photo-look-at", [("what", name.into())]),
            "data-testid": "photo-look",
            onclick: move |_| onlook.call(()),
            match shown.thumbnail.clone() {
                Some(address) => rsx! { img { class: "bf-photo__small", src: address, alt: "" } },
                None => rsx! { Fetched { sha256: shown.photo.sha256.clone() } },
            }
        }
        if photo.source == PhotoSource::Gallery {
            span { class: "bf-photo__source", "data-testid": "photo-gallery", {lang.say("photo-gallery")} }
        }
        if let Some(ondrop) = ondrop {
            button {
                r#type: "button",
                class: "bf-photo__drop",
                "aria-label": lang.say("photo-drop"),
                "data-testid": "photo-drop",
                onclick: move |_| ondrop.call(photo.clone()),
                Icon { sign: Sign::Trash }
            }
        }
        if named && !shown.mark.shows.is_empty() {
            p { class: "bf-photo__name", {shown.mark.shows.clone()} }
        }
        if let Some(state) = shown.state.clone() {
            StateTag { state }
        }
        for warning in &shown.warnings {
            p { key: "{warning}", class: "bf-photo__warning", "data-testid": "photo-warning",
                Icon { sign: Sign::Warn }
                {warning.clone()}
            }
        }
    }
}

/// A small picture that has to be asked for.
#[component]
fn Fetched(sha256: String) -> Element {
    let lang = use_lang();
    let picture = use_picture(sha256, false);
    match picture {
        Some(Some(address)) => rsx! { img { class: "bf-photo__small", src: address, alt: "" } },
        Some(None) => rsx! {
            span { class: "bf-photo__none", "data-testid": "photo-none",
                Icon { sign: Sign::Image }
                {lang.say("photo-not-here")}
            }
        },
        None => {
            rsx! { span { class: "bf-photo__none", span { class: "weui-loading", "aria-hidden": "true" } } }
        }
    }
}

/// Where a photograph is.
#[component]
fn StateTag(state: PhotoState) -> Element {
    let lang = use_lang();
    let (tone, sign, key) = match &state {
        PhotoState::Device => (Tone::Careful, Sign::Device, "device"),
        PhotoState::Sending { .. } => (Tone::Busy, Sign::Upload, "sending"),
        PhotoState::Held => (Tone::Good, Sign::Cloud, "held"),
        PhotoState::Failed { .. } => (Tone::Bad, Sign::Cross, "failed"),
        // Nothing is known, so nothing is said.
        PhotoState::Elsewhere => return rsx! {},
    };
    rsx! {
        span { "data-testid": "photo-state", "data-state": key,
            Tag { tone, sign, words: lang.say(&format!("photo-state-{key}")) }
        }
        if let Some(why) = failure(lang, &state) {
            p { class: "bf-photo__warning", "data-testid": "photo-failed", {why} }
        }
    }
}

fn failure(lang: Lang, state: &PhotoState) -> Option<String> {
    match state {
        // Of a photograph some troubles mean something else than of a record.
        PhotoState::Failed { trouble } => {
            Some(lang.or(&format!("photo-failed-{}", trouble.code), &trouble_words(lang, trouble)))
        }
        _ => None,
    }
}
