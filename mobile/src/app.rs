//! The root of the screens, and what they all share.

mod address;
mod ask;
mod begun;
mod core;
mod here;
mod pages;
mod route;
mod state;
mod transport;

use std::cell::RefCell;
use std::rc::Rc;

use bianfang_device::message::{News, Request};
use dioxus::prelude::*;
use futures::StreamExt as _;
use futures::channel::mpsc;

use crate::components::{OwnershipGate, UpdateBanner};
use crate::i18n::{LANGUAGE_KEY, Lang};
use crate::platform::{Platform, use_platform};

pub use self::address::{DecisionTab, LedgerTab, StepName};
pub use self::ask::{Again, Asked, Shown, use_ask, use_ask_centre};
pub use self::begun::{Begun, use_begun};
pub use self::core::{Answer, Core, Ear, Heard, Transport};
pub use self::here::HereFinder;
pub use self::pages::{Listing, Pages, ROWS_SHOWN_MAX, use_pages};
pub use self::route::Route;
pub use self::state::{AppState, use_app, use_core};
pub use self::transport::BridgeTransport;

/// The root component. Expects a [`Platform`] in its context, and takes a [`Carrier`] from there if there is one.
#[component]
pub fn App() -> Element {
    use_shared();
    rsx! {
        UpdateBanner {}
        OwnershipGate {
            Router::<Route> {}
            Said {}
        }
    }
}

/// Another transport than the platform's bridge, for drawing screens without a device core behind them.
#[derive(Clone)]
pub struct Carrier(pub Rc<dyn Transport>);

impl std::fmt::Debug for Carrier {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Carrier")
    }
}

/// News that may wait while the screens are drawn. One more is dropped: each only says that something is to be asked.
const NEWS_WAITING_MAX: usize = 256;

/// Makes the core and the shared state, and keeps them up to date.
fn use_shared() {
    let platform = use_platform();
    let languages = platform.shell.languages();
    let lang = languages.first().map_or(Lang::default(), |tag| Lang::of_tag(tag));
    let online = platform.page.is_online();
    let app = use_context_provider(|| AppState::new(lang, online));
    use_hook(|| {
        let (sender, news) = mpsc::channel(NEWS_WAITING_MAX);
        let sender = RefCell::new(sender);
        let transport = match try_consume_context::<Carrier>() {
            Some(Carrier(transport)) => transport,
            None => Rc::new(BridgeTransport(platform.handle.clone())),
        };
        // News come from outside the screens, where signals may not be written: hand over through a queue.
        let core = Core::new(transport, move |item| {
            let _ = sender.borrow_mut().try_send(item);
        });
        provide_context(core.clone());
        spawn(follow(app, core, news));
    });
    use_online(app, &platform);
    let (page, shell) = (platform.page, platform.shell);
    use_effect(move || {
        let lang = *app.lang.read();
        page.set_language(lang.tag());
        shell.set_title(&lang.say("app-name"));
    });
}

async fn follow(app: AppState, core: Core, mut news: mpsc::Receiver<News>) {
    app.refresh(&core).await;
    while let Some(item) = news.next().await {
        let mut refresh = app.take_news(item);
        // Those that wait already are taken together: one question answers them all.
        while let Ok(item) = news.try_recv() {
            refresh |= app.take_news(item);
        }
        if refresh {
            app.refresh(&core).await;
        }
    }
}

/// Follows whether there may be a signal, and tells the core.
fn use_online(app: AppState, platform: &Platform) {
    let page = Rc::clone(&platform.page);
    use_hook(move || {
        let (sender, mut changes) = mpsc::channel::<bool>(8);
        let sender = RefCell::new(sender);
        let (core, mut shown) = (consume_context::<Core>(), app.online);
        spawn(async move {
            while let Some(online) = changes.next().await {
                shown.set(online);
                core.tell(Request::Online { online });
            }
        });
        Rc::new(page.watch_online(Rc::new(move |online| {
            let _ = sender.borrow_mut().try_send(online);
        })))
    });
}

/// Changes the language of the screens, at once and for the next time.
pub fn use_set_lang() -> Callback<Lang> {
    let (app, core) = (use_app(), use_core());
    use_callback(move |lang: Lang| {
        let mut shown = app.lang;
        shown.set(lang);
        core.tell(Request::Remember { key: LANGUAGE_KEY.to_owned(), value: lang.tag().to_owned() });
    })
}

/// Asks for the status once more.
#[must_use]
pub fn use_again_status() -> Again {
    let (app, core) = (use_app(), use_core());
    Again::new(move || {
        let core = core.clone();
        spawn(async move { app.refresh(&core).await });
    })
}

/// How long a word stays on the screen.
const SAID_MS: u32 = 4_000;

/// What was just done, for the eye and for screen readers.
#[component]
fn Said() -> Element {
    let app = use_app();
    let page = use_platform().page;
    let mut said = app.said;
    use_effect(move || {
        if !said.read().is_empty() {
            let page = Rc::clone(&page);
            spawn(async move {
                page.sleep(SAID_MS).await;
                said.set(String::new());
            });
        }
    });
    rsx! {
        div { class: "bf-said-live", role: "status", "aria-live": "polite", "data-testid": "said",
            if !said.read().is_empty() {
                p { class: "bf-toast", {said.read().clone()} }
            }
        }
    }
}
