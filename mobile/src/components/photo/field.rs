//! What asks for photographs: how many, whether one is missing, those taken so far, the camera and the file chooser.

use std::collections::BTreeMap;

use bianfang_device::message::{KeptPhoto, PhotoRow};
use bianfang_shared::observation::PhotoRef;
use dioxus::html::FileData;
use dioxus::prelude::*;

use super::refused::refused_words;
use super::strip::{PhotoShown, PhotoStrip};
use crate::components::{Dialog, Icon, Sign};
use crate::i18n::{Lang, use_lang};
use crate::photos::{Gather, Mark, NewPicture, Origin, Refused};
use crate::words;

/// What asks for photographs.
#[derive(Debug, Clone, PartialEq)]
pub struct Wanted {
    /// Names it in records: the question's key, or `before`, `after` of a problem.
    pub purpose: String,
    /// What to take, in words.
    pub text: String,
    /// What to look at.
    pub hint: String,
    /// Whether one is asked for.
    pub required: bool,
    /// The most.
    pub max: usize,
}

/// Photographs for one purpose.
#[component]
pub fn PhotoField(
    wanted: Wanted,
    /// Whether it is asked for and not there yet.
    missing: bool,
    /// All photographs of the form, also those for other purposes.
    photos: Vec<PhotoRef>,
    /// What the core says of them.
    #[props(default)]
    rows: Vec<PhotoRow>,
    gather: Gather,
    mark: Mark,
    onshoot: EventHandler<()>,
    ondrop: EventHandler<PhotoRef>,
) -> Element {
    let lang = use_lang();
    let mut dropping = use_signal(|| None::<PhotoRef>);
    let purpose = wanted.purpose.clone();
    let own: Vec<PhotoRef> = photos.into_iter().filter(|photo| photo.purpose == purpose).collect();
    let waiting = gather.waiting_for(&purpose);
    let count = own.len() + waiting;
    let left = wanted.max.saturating_sub(count);
    let refused: Vec<Refused> =
        gather.refused.read().iter().filter(|one| one.purpose == purpose).cloned().collect();
    let kept = gather.kept.read();
    let mark = Mark { shows: wanted.text.clone(), ..mark };
    let shown: Vec<PhotoShown> =
        own.into_iter().map(|photo| shown_of(lang, photo, &rows, &kept, &mark)).collect();
    let choose = {
        let (gather, purpose) = (gather.clone(), purpose.clone());
        move |files: Vec<FileData>| add_files(&gather, &purpose, files, left, count)
    };
    rsx! {
        div {
            class: if missing { "bf-question bf-question_wanting" } else { "bf-question" },
            id: "q-{purpose}",
            tabindex: "-1",
            role: "group",
            "aria-label": wanted.text.clone(),
            "data-testid": "question-{purpose}",
            "data-answered": (count > 0).to_string(),
            p { class: "bf-question__text",
                {wanted.text.clone()}
                " "
                if wanted.required {
                    span { class: "bf-required", {lang.say("photo-required")} }
                }
                span { class: "bf-count bf-question__count", "data-testid": "photo-count-{purpose}",
                    {lang.with("photo-count", [("n", (count as u64).into()), ("max", (wanted.max as u64).into())])}
                }
            }
            if !wanted.hint.is_empty() {
                p { class: "bf-fine", {wanted.hint.clone()} }
            }
            if missing {
                p { class: "bf-wanting", "data-testid": "photo-missing-{purpose}",
                    Icon { sign: Sign::Camera }
                    {lang.say("photo-missing-one")}
                }
            }
            if count > 0 {
                PhotoStrip { photos: shown, ondrop: move |photo| dropping.set(Some(photo)),
                    for at in 0..waiting {
                        li { key: "waiting-{at}", class: "bf-photo", "data-testid": "photo-waiting",
                            span { class: "bf-photo__none", role: "status",
                                span { class: "weui-loading", "aria-hidden": "true" }
                                {lang.say("photo-keeping")}
                            }
                        }
                    }
                }
            }
            for one in refused {
                RefusedLine { key: "{one.number}", one, gather: gather.clone() }
            }
            if left > 0 {
                div { class: "bf-photo-do",
                    button {
                        r#type: "button",
                        class: "weui-btn weui-btn_default bf-btn",
                        "data-testid": "photo-take-{purpose}",
                        onclick: move |_| onshoot.call(()),
                        Icon { sign: Sign::Camera }
                        {lang.say("photo-take")}
                    }
                    FileButton { testid: "photo-file-{purpose}", words: lang.say("photo-choose"), many: left > 1, onfiles: choose }
                }
            }
        }
        if let Some(photo) = dropping() {
            DropDialog { onclose: move |()| dropping.set(None), ondrop: move |()| {
                ondrop.call(photo.clone());
                dropping.set(None);
            } }
        }
    }
}

fn shown_of(
    lang: Lang,
    photo: PhotoRef,
    rows: &[PhotoRow],
    kept: &BTreeMap<String, KeptPhoto>,
    mark: &Mark,
) -> PhotoShown {
    let kept = kept.get(&photo.sha256);
    let row = rows.iter().find(|row| row.photo.sha256 == photo.sha256);
    let thumbnail =
        kept.map(|kept| kept.thumbnail.clone()).or_else(|| row.and_then(|row| row.thumbnail.clone()));
    let warnings = kept.map(|kept| similar_words(lang, kept)).unwrap_or_default();
    PhotoShown { photo, thumbnail, state: None, mark: mark.clone(), warnings }
}

/// What a picture looks like: whose and from when, before it is saved.
fn similar_words(lang: Lang, kept: &KeptPhoto) -> Vec<String> {
    let say = |similar: &bianfang_device::message::SimilarHere| {
        let same = similar.sha256 == kept.photo.sha256;
        let key = if same { "photo-same-as" } else { "photo-like" };
        lang.with(key, [("name", similar.name.as_str().into()), ("day", words::day(similar.at_ms).into())])
    };
    kept.similar.iter().map(say).collect()
}

/// Hands files over, and says of those too many that they were left out.
pub(super) fn add_files(gather: &Gather, purpose: &str, files: Vec<FileData>, left: usize, count: usize) {
    for (at, file) in files.into_iter().enumerate() {
        if at < left {
            gather.add(NewPicture { purpose: purpose.to_owned(), origin: Origin::Gallery(file) });
        } else {
            gather.too_many(purpose, file.name(), left + count);
        }
    }
}

#[component]
fn RefusedLine(one: Refused, gather: Gather) -> Element {
    let lang = use_lang();
    let why = refused_words(lang, &one.why);
    let number = one.number;
    rsx! {
        div { class: "bf-note bf-note_bad", role: "alert", "data-testid": "photo-refused",
            Icon { sign: Sign::Warn }
            div { class: "bf-note__body",
                if !one.name.is_empty() {
                    p { class: "bf-fine", {one.name.clone()} }
                }
                p { {why} }
            }
            button {
                r#type: "button",
                class: "bf-icon-btn",
                "aria-label": lang.say("photo-refused-read"),
                "data-testid": "photo-refused-read",
                onclick: move |_| gather.forget(number),
                Icon { sign: Sign::Cross }
            }
        }
    }
}

/// A file chooser that looks like a button.
#[component]
pub fn FileButton(
    testid: String,
    words: String,
    many: bool,
    onfiles: EventHandler<Vec<FileData>>,
) -> Element {
    // Counted up with every choice, so that the same file can be chosen again.
    let mut round = use_signal(|| 0u32);
    rsx! {
        for turn in [round()] {
            label { key: "{turn}", class: "weui-btn weui-btn_default bf-btn bf-file",
                Icon { sign: Sign::Image }
                {words.clone()}
                input {
                    class: "bf-file__input",
                    r#type: "file",
                    accept: "image/*",
                    multiple: many,
                    "aria-label": words.clone(),
                    "data-testid": testid.clone(),
                    onchange: move |event| {
                        let files = event.files();
                        if !files.is_empty() {
                            onfiles.call(files);
                            round += 1;
                        }
                    },
                }
            }
        }
    }
}

#[component]
fn DropDialog(onclose: EventHandler<()>, ondrop: EventHandler<()>) -> Element {
    let lang = use_lang();
    rsx! {
        Dialog { title: lang.say("photo-drop-title"), testid: "photo-drop-dialog", onclose,
            p { {lang.say("photo-drop-sure")} }
            div { class: "bf-dialog__do",
                button { r#type: "button", class: "weui-btn weui-btn_default bf-btn", "data-testid": "photo-drop-no", onclick: move |_| onclose.call(()),
                    {lang.say("photo-drop-no")}
                }
                button { r#type: "button", class: "weui-btn weui-btn_warn bf-btn", "data-testid": "photo-drop-yes", onclick: move |_| ondrop.call(()),
                    Icon { sign: Sign::Trash }
                    {lang.say("photo-drop-yes")}
                }
            }
        }
    }
}
