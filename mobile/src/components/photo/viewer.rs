//! A photograph looked at closely: as large as the screen, larger when pressed, with its watermark over it.

use std::cell::RefCell;
use std::rc::Rc;

use bianfang_device::message::{Reply, Request};
use dioxus::prelude::*;

use super::strip::PhotoShown;
use crate::app::{Answer, use_app, use_core};
use crate::components::{Icon, Sign};
use crate::i18n::use_lang;
use crate::photos::file_name;
use crate::platform::use_platform;

type Which = (String, bool);

/// A picture as an address: none while it is awaited, `Some(None)` where nobody has it now. What is had is not asked for
/// again, since a picture never changes; what is not, whenever data change.
#[must_use]
pub fn use_picture(sha256: String, full: bool) -> Option<Option<String>> {
    let (app, core) = (use_app(), use_core());
    let mut held = use_signal(|| None::<(Which, Option<String>)>);
    let asked = use_hook(|| Rc::new(RefCell::new(None::<(Which, u64)>)));
    let which: Which = (sha256, full);
    let got = held.read().as_ref().filter(|(of, _)| *of == which).map(|(_, address)| address.clone());
    let now = (which.clone(), *app.data.read());
    if !matches!(got, Some(Some(_))) && asked.borrow().as_ref() != Some(&now) {
        *asked.borrow_mut() = Some(now);
        spawn(async move {
            let (sha256, full) = which.clone();
            let answer = core.ask(Request::Picture { sha256, full }).await;
            // Another picture meanwhile: its own answer follows.
            if asked.borrow().as_ref().is_some_and(|(of, _)| *of == which) {
                held.set(Some((which, address_in(answer))));
            }
        });
    }
    got
}

fn address_in(answer: Answer) -> Option<String> {
    match answer {
        Ok(Reply::Picture(picture)) => picture.address,
        _ => None,
    }
}

/// One of some photographs, over the whole screen.
#[component]
pub fn Viewer(
    photos: Vec<PhotoShown>,
    at: usize,
    onturn: EventHandler<usize>,
    onclose: EventHandler<()>,
) -> Element {
    let lang = use_lang();
    let count = photos.len();
    let Some(shown) = photos.get(at).cloned() else { return rsx! {} };
    rsx! {
        div {
            class: "bf-viewer",
            role: "dialog",
            "aria-modal": "true",
            "aria-label": lang.say("photo-look"),
            "data-testid": "viewer",
            tabindex: "-1",
            onmounted: move |event| async move {
                if let Err(error) = event.set_focus(true).await {
                    drop(error);
                }
            },
            onkeydown: move |event| match event.key() {
                Key::Escape => onclose.call(()),
                Key::ArrowLeft if at > 0 => onturn.call(at - 1),
                Key::ArrowRight if at + 1 < count => onturn.call(at + 1),
                _ => (),
            },
            div { class: "bf-viewer__bar",
                button {
                    r#type: "button",
                    class: "bf-dark-btn",
                    "aria-label": lang.say("photo-close"),
                    "data-testid": "viewer-close",
                    onclick: move |_| onclose.call(()),
                    Icon { sign: Sign::Cross }
                }
                span { class: "bf-viewer__count", {format!("{}/{count}", at + 1)} }
                Turn { testid: "viewer-before", sign: Sign::Back, name: lang.say("photo-before"), to: at.checked_sub(1), onturn }
                Turn { testid: "viewer-after", sign: Sign::Onward, name: lang.say("photo-after"), to: Some(at + 1).filter(|next| *next < count), onturn }
            }
            // In a list of one, whose key makes each picture begin unmagnified.
            for shown in [shown] {
                Large { key: "{shown.photo.sha256}", shown }
            }
        }
    }
}

#[component]
fn Turn(
    testid: &'static str,
    sign: Sign,
    name: String,
    to: Option<usize>,
    onturn: EventHandler<usize>,
) -> Element {
    rsx! {
        button {
            r#type: "button",
            class: "bf-dark-btn",
            "aria-label": name,
            disabled: to.is_none(),
            "data-testid": testid,
            onclick: move |_| {
                if let Some(to) = to {
                    onturn.call(to);
                }
            },
            Icon { sign }
        }
    }
}

#[component]
fn Large(shown: PhotoShown) -> Element {
    let lang = use_lang();
    let mut zoomed = use_signal(|| false);
    let full = use_picture(shown.photo.sha256.clone(), true);
    let lines = shown.mark.lines(lang, &shown.photo);
    // The small one stands in until the whole has come, and where only it can be had.
    let address = full.clone().flatten().or(shown.thumbnail.clone());
    let whole = full.clone().flatten();
    let zoom = if zoomed() { lang.say("photo-smaller") } else { lang.say("photo-larger") };
    rsx! {
        div { class: if zoomed() { "bf-viewer__stage bf-viewer__stage_zoomed" } else { "bf-viewer__stage" },
            match address {
                Some(address) => rsx! {
                    button {
                        r#type: "button",
                        class: "bf-viewer__zoom",
                        "aria-label": zoom,
                        "aria-pressed": zoomed().to_string(),
                        "data-testid": "viewer-zoom",
                        onclick: move |_| zoomed.toggle(),
                        img {
                            class: "bf-viewer__picture",
                            src: address,
                            alt: shown.mark.shows.clone(),
                            "data-testid": "viewer-picture",
                            "data-whole": whole.is_some().to_string(),
                        }
                    }
                },
                None if full.is_none() => rsx! {
                    span { class: "bf-viewer__wait", role: "status",
                        span { class: "weui-loading", "aria-hidden": "true" }
                        {lang.say("photo-fetching")}
                    }
                },
                None => rsx! {},
            }
            div { class: "bf-mark", "data-testid": "mark",
                for line in &lines {
                    p { key: "{line}", {line.clone()} }
                }
            }
        }
        if full == Some(None) {
            p { class: "bf-viewer__word", role: "status", "data-testid": "viewer-none", {lang.say("photo-not-here-more")} }
        }
        for warning in &shown.warnings {
            p { key: "{warning}", class: "bf-viewer__word", "data-testid": "viewer-warning",
                Icon { sign: Sign::Warn }
                {warning.clone()}
            }
        }
        if let Some(address) = whole {
            Copy { shown: shown.clone(), address, lines }
        }
    }
}

/// A copy with its watermark, for people outside the app.
#[component]
fn Copy(shown: PhotoShown, address: String, lines: Vec<String>) -> Element {
    let (lang, app) = (use_lang(), use_app());
    let platform = use_platform();
    let mut busy = use_signal(|| false);
    let export = move |_| {
        let (shell, name) = (platform.shell.clone(), file_name(&shown.mark, &shown.photo));
        let making = platform.printer.watermarked(&address, lines.clone());
        busy.set(true);
        spawn(async move {
            match making.await {
                Some(bytes) => {
                    shell.save_file(&name, "image/jpeg", &bytes);
                    app.say(lang.with("photo-exported", [("name", name.into())]));
                }
                None => app.say(lang.say("photo-not-exported")),
            }
            busy.set(false);
        });
    };
    rsx! {
        button {
            r#type: "button",
            class: "bf-dark-btn bf-dark-btn_wide",
            disabled: busy(),
            "data-testid": "viewer-export",
            onclick: export,
            Icon { sign: Sign::Download }
            {lang.say("photo-export")}
        }
    }
}
