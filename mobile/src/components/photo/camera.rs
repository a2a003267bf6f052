//! The camera over the whole screen: what it sees, whose picture it will be, a shutter. Where there is none, why, and the
//! way to a file instead.

use std::cell::RefCell;
use std::rc::Rc;

use bianfang_shared::observation::{Fix, PhotoRef};
use dioxus::html::FileData;
use dioxus::prelude::*;
use futures::StreamExt as _;
use futures::channel::mpsc;

use super::field::{FileButton, Wanted, add_files};
use crate::app::Route;
use crate::bridge::PictureFile;
use crate::components::{Icon, Sign};
use crate::form::to_fix;
use crate::i18n::use_lang;
use crate::photos::{Gather, Mark, NewPicture, Origin};
use crate::platform::{CameraProblem, Lens, LiveCamera, Opened, Reading, use_location, use_platform};

/// The element that shows what the camera sees.
const VIEW_ID: &str = "camera-view";
/// How often the time in view goes on.
const TICK_MS: u32 = 1_000;

/// A still with its time and place.
#[derive(Debug, Clone)]
struct Shooting {
    file: PictureFile,
    /// When, by the phone's wall clock.
    at_ms: i64,
    /// Where, if known.
    place: Option<Fix>,
}

/// The camera over a screen, while its address says so: what is taken goes to `gather`.
#[component]
pub fn OwnCamera(
    open: bool,
    wanted: Wanted,
    /// All photographs there are, also those for other purposes.
    photos: Vec<PhotoRef>,
    gather: Gather,
    mark: Mark,
    /// The screen's address without the camera.
    closed: Route,
) -> Element {
    let navigator = use_navigator();
    if !open {
        return rsx! {};
    }
    let purpose = wanted.purpose.clone();
    let own: Vec<&PhotoRef> = photos.iter().filter(|photo| photo.purpose == purpose).collect();
    let taken = own.len() + gather.waiting_for(&purpose);
    let left = wanted.max.saturating_sub(taken);
    let newest =
        own.last().and_then(|photo| gather.kept.read().get(&photo.sha256).map(|kept| kept.thumbnail.clone()));
    let (shooting, choosing) = (gather.clone(), gather);
    let (shot_purpose, file_purpose) = (purpose.clone(), purpose);
    rsx! {
        CameraOverlay {
            mark: Mark { shows: wanted.text.clone(), ..mark },
            left,
            taken,
            newest,
            onshot: move |Shooting { file, at_ms, place }| {
                let origin = Origin::Camera { file, at_ms, place };
                shooting.add(NewPicture { purpose: shot_purpose.clone(), origin });
            },
            onfiles: move |files: Vec<FileData>| add_files(&choosing, &file_purpose, files, left, taken),
            onclose: move |()| {
                // Back to where the camera was opened; an address opened directly has nothing behind it.
                if navigator.can_go_back() {
                    navigator.go_back();
                } else {
                    navigator.replace(closed.clone());
                }
            },
        }
    }
}

/// The camera.
#[component]
fn CameraOverlay(
    /// Whose picture it will be.
    mark: Mark,
    /// How many may still be taken.
    left: usize,
    /// How many there are, those on their way included.
    taken: usize,
    /// The newest one, small.
    newest: Option<String>,
    onshot: EventHandler<Shooting>,
    onfiles: EventHandler<Vec<FileData>>,
    onclose: EventHandler<()>,
) -> Element {
    let lang = use_lang();
    let eye = use_eye();
    let reading = use_location();
    let opened = eye.opened.read().clone();
    let state = state_key(opened.as_ref());
    let live = opened.clone().and_then(Result::ok);
    rsx! {
        div {
            class: "bf-camera",
            role: "dialog",
            "aria-modal": "true",
            "aria-label": lang.say("camera-title"),
            "data-testid": "camera",
            "data-state": state,
            onkeydown: move |event| {
                if event.key() == Key::Escape {
                    onclose.call(());
                }
            },
            div { class: "bf-camera__bar",
                button {
                    r#type: "button",
                    class: "bf-dark-btn",
                    "aria-label": lang.say("camera-close"),
                    "data-testid": "camera-close",
                    onclick: move |_| onclose.call(()),
                    Icon { sign: Sign::Cross }
                }
                p { class: "bf-camera__of", "data-testid": "camera-subject",
                    strong { {mark.name.clone()} }
                    span { {mark.shows.clone()} }
                }
                Light { opened: opened.clone() }
                if let Some(lens) = live.as_ref().and_then(|live| live.next_lens()) {
                    button {
                        r#type: "button",
                        class: "bf-dark-btn",
                        "aria-label": lang.say("camera-lens"),
                        "data-testid": "camera-lens",
                        onclick: move |_| eye.open.call(Some(lens.clone())),
                        Icon { sign: Sign::Swap }
                    }
                }
            }
            div { class: "bf-camera__stage",
                // Always there, since a camera opens into it.
                video {
                    id: VIEW_ID,
                    class: "bf-camera__view",
                    "playsinline": "true",
                    "muted": "true",
                    "autoplay": "true",
                    "aria-label": lang.say("camera-view"),
                }
                match opened.clone() {
                    None => rsx! {
                        p { class: "bf-camera__word", role: "status", "data-testid": "camera-opening",
                            span { class: "weui-loading", "aria-hidden": "true" }
                            {lang.say("camera-opening")}
                        }
                    },
                    Some(Err(problem)) => rsx! { NoCamera { problem, onagain: move |()| eye.open.call(None), onfiles, left } },
                    Some(Ok(_)) => rsx! { LiveMark { mark, reading } },
                }
            }
            if let Some(live) = live {
                Shutter { live, reading, left, taken, newest, onshot, onlost: move |problem| eye.fail.call(problem), onclose }
            }
        }
    }
}

fn state_key(opened: Option<&Opened>) -> &'static str {
    match opened {
        None => "opening",
        Some(Ok(_)) => "live",
        Some(Err(problem)) => problem.key(),
    }
}

/// The camera that is on, for as long as the calling component is shown.
#[derive(Clone, Copy, PartialEq)]
struct Eye {
    opened: Signal<Option<Opened>>,
    open: Callback<Option<Lens>>,
    fail: Callback<CameraProblem>,
}

fn use_eye() -> Eye {
    let camera = use_platform().camera;
    let mut opened = use_signal(|| None::<Opened>);
    let lost = use_hook(|| {
        // The platform calls from outside Dioxus, where signals may not be written: hand over through a queue.
        let (sender, mut stops) = mpsc::channel::<()>(1);
        spawn(async move {
            while stops.next().await.is_some() {
                opened.set(Some(Err(CameraProblem::Lost)));
            }
        });
        let sender = RefCell::new(sender);
        Rc::new(move || drop(sender.borrow_mut().try_send(())))
    });
    let open = use_callback(move |lens: Option<Lens>| {
        // The one that is on goes off first: many phones have no second one at a time.
        opened.set(None);
        let opening = camera.open(VIEW_ID, lens, Rc::clone(&lost) as Rc<dyn Fn()>);
        spawn(async move {
            let answer = opening.await;
            opened.set(Some(answer));
        });
    });
    let fail = use_callback(move |problem| opened.set(Some(Err(problem))));
    // After drawing, when the element to show it in is there.
    use_effect(move || open.call(None));
    Eye { opened, open, fail }
}

/// The torch, where there is one.
#[component]
fn Light(opened: Option<Opened>) -> Element {
    let lang = use_lang();
    let mut on = use_signal(|| false);
    let Some(Ok(live)) = opened else { return rsx! {} };
    if !live.has_torch() {
        return rsx! {};
    }
    let turn = move |_| {
        let turning = live.set_torch(!on());
        spawn(async move { on.set(turning.await) });
    };
    rsx! {
        button {
            r#type: "button",
            class: if on() { "bf-dark-btn bf-dark-btn_on" } else { "bf-dark-btn" },
            "aria-label": lang.say("camera-torch"),
            "aria-pressed": on().to_string(),
            "data-testid": "camera-torch",
            onclick: turn,
            Icon { sign: Sign::Torch }
        }
    }
}

/// Time, place, whose picture and by whom, over what the camera sees.
#[component]
fn LiveMark(mark: Mark, reading: ReadSignal<Reading>) -> Element {
    let lang = use_lang();
    let page = use_platform().page;
    let ticking = page.clone();
    let mut now_ms = use_signal(move || ticking.wall_ms());
    use_hook(|| {
        spawn(async move {
            loop {
                page.sleep(TICK_MS).await;
                now_ms.set(page.wall_ms());
            }
        })
    });
    let lines = mark.lines_now(lang, now_ms(), reading.read().fix.map(to_fix));
    rsx! {
        div { class: "bf-mark", "data-testid": "camera-mark",
            for line in lines {
                p { key: "{line}", {line.clone()} }
            }
        }
    }
}

#[component]
fn Shutter(
    live: LiveCamera,
    reading: ReadSignal<Reading>,
    left: usize,
    taken: usize,
    newest: Option<String>,
    onshot: EventHandler<Shooting>,
    onlost: EventHandler<CameraProblem>,
    onclose: EventHandler<()>,
) -> Element {
    let lang = use_lang();
    let page = use_platform().page;
    let mut busy = use_signal(|| false);
    let shoot = move |_| {
        let (at_ms, place) = (page.wall_ms(), reading.peek().fix.map(to_fix));
        let shooting = live.shoot();
        busy.set(true);
        spawn(async move {
            match shooting.await {
                Ok(file) => onshot.call(Shooting { file, at_ms, place }),
                Err(problem) => onlost.call(problem),
            }
            busy.set(false);
        });
    };
    rsx! {
        div { class: "bf-camera__do",
            div { class: "bf-camera__newest",
                if let Some(address) = newest {
                    img { src: address, alt: lang.say("camera-newest"), "data-testid": "camera-newest" }
                }
            }
            button {
                r#type: "button",
                class: if busy() { "bf-shutter bf-shutter_busy" } else { "bf-shutter" },
                disabled: busy() || left == 0,
                "aria-label": lang.say("camera-shoot"),
                "data-testid": "shutter",
                onclick: shoot,
                span { class: "bf-shutter__eye", "aria-hidden": "true" }
            }
            button {
                r#type: "button",
                class: "bf-dark-btn bf-camera__done",
                "data-testid": "camera-done",
                onclick: move |_| onclose.call(()),
                Icon { sign: Sign::Check }
                {lang.say("camera-done")}
            }
            p { class: "bf-camera__count", role: "status", "data-testid": "camera-count",
                if left == 0 {
                    {lang.with("photo-full", [("n", (taken as u64).into())])}
                } else {
                    {lang.with("camera-left", [("taken", (taken as u64).into()), ("total", ((taken + left) as u64).into())])}
                }
            }
        }
    }
}

/// Why there is no camera, what to do, and a file instead.
#[component]
fn NoCamera(
    problem: CameraProblem,
    onagain: EventHandler<()>,
    onfiles: EventHandler<Vec<FileData>>,
    left: usize,
) -> Element {
    let lang = use_lang();
    let key = problem.key();
    rsx! {
        div { class: "bf-camera__none", role: "alert", "data-testid": "camera-none", "data-problem": key,
            Icon { sign: Sign::Camera }
            p { class: "bf-camera__why", {lang.say(&format!("camera-{key}"))} }
            p { {lang.say(&format!("camera-{key}-do"))} }
            button {
                r#type: "button",
                class: "weui-btn weui-btn_default bf-btn",
                "data-testid": "camera-again",
                onclick: move |_| onagain.call(()),
                Icon { sign: Sign::Again }
                {lang.say("camera-again")}
            }
            FileButton { testid: "camera-file", words: lang.say("photo-choose"), many: left > 1, onfiles }
            p { class: "bf-fine", {lang.say("photo-choose-means")} }
        }
    }
}
