//! 我的: who is signed in, for which villages, whether this device keeps what is stored, the version, signing out.

use bianfang_device::message::{PHOTOS_WIFI_ONLY, Request, Status, Trouble};
use dioxus::prelude::*;

use super::shell::CLOCK_OFFSET_MS_MAX;
use super::sign_in::Languages;
use crate::app::{AppState, Core, DecisionTab, Route, use_app, use_core};
use crate::components::{
    ActionRow, Dialog, FactRow, Group, Head, Icon, LinkRow, Loading, Note, Sign, TroubleLine, Weight,
    trouble_words,
};
use crate::i18n::use_lang;
use crate::platform::{Persistence, StorageUse, Update, use_platform, use_update};
use crate::words;

/// The person and the device.
#[component]
pub fn MePage() -> Element {
    let (lang, app) = (use_lang(), use_app());
    let status = app.status.read().clone();
    let reviews = app.at_desk();
    rsx! {
        Head { title: lang.say("nav-me") }
        match status {
            None => rsx! { Loading {} },
            Some(status) => rsx! {
                Person { status: status.clone() }
                if reviews {
                    Group { testid: "me-review",
                        LinkRow { to: Route::ConflictsPage {}, testid: "to-conflicts", {lang.say("nav-conflicts")} }
                        LinkRow { to: Route::DecisionsPage { tab: DecisionTab::Proposals }, testid: "to-decisions", {lang.say("nav-decisions")} }
                        LinkRow { to: Route::QuarantinePage {}, testid: "to-quarantine", {lang.say("nav-quarantine")} }
                    }
                }
                section { class: "bf-group",
                    h2 { class: "weui-cells__title bf-group__title", {lang.say("me-language")} }
                    div { class: "bf-panel", Languages {} }
                }
                WifiOnly { on: status.remembered.get(PHOTOS_WIFI_ONLY).is_some_and(|choice| choice == YES) }
                Storage { households: status.households }
                Clock { offset_ms: status.clock_offset_ms }
                Version {}
                SignOut { unsent: status.unsent }
            },
        }
    }
}

#[component]
fn Person(status: Status) -> Element {
    let lang = use_lang();
    let Some(user) = status.user.clone() else { return rsx! {} };
    let role = format!("role-{}", words::role_key(user.role));
    let villages: Vec<String> = status.villages.iter().map(|village| village.name.clone()).collect();
    rsx! {
        Group { testid: "me-person",
            FactRow { name: lang.say("me-name"), testid: "me-name", strong { {user.name.clone()} } }
            FactRow { name: lang.say("me-account"), {user.login.clone()} }
            FactRow { name: lang.say("me-role"), testid: "me-role", {lang.say(&role)} }
            FactRow { name: lang.say("me-villages"), testid: "me-villages", {villages.join(&lang.say("list-separator"))} }
        }
    }
}

/// How a choice is remembered that was made; any other word takes it back.
const YES: &str = "true";

/// Whether photographs wait for a connection that costs nothing.
#[component]
fn WifiOnly(on: bool) -> Element {
    let (lang, app, core) = (use_lang(), use_app(), use_core());
    let choose = move |_| {
        let value = if on { "false" } else { YES };
        let core = core.clone();
        spawn(async move {
            let choice = Request::Remember { key: PHOTOS_WIFI_ONLY.to_owned(), value: value.to_owned() };
            match core.ask(choice).await {
                Ok(_) => app.refresh(&core).await,
                Err(trouble) => app.say(trouble_words(lang, &trouble)),
            }
        });
    };
    rsx! {
        Group { title: lang.say("me-photos"), testid: "me-photos",
            li {
                button {
                    r#type: "button",
                    class: "bf-row bf-row_link",
                    role: "switch",
                    "aria-checked": on.to_string(),
                    "data-testid": "wifi-only",
                    onclick: choose,
                    span { class: "bf-row__body", {lang.say("me-wifi-only")} }
                    span { class: if on { "bf-switch bf-switch_on" } else { "bf-switch" }, "aria-hidden": "true" }
                    span { class: "bf-switch__word", {lang.say(if on { "switch-on" } else { "switch-off" })} }
                }
            }
        }
        p { class: "bf-fine bf-under", {lang.say("me-wifi-only-means")} }
    }
}

/// Whether the device promises to keep what is stored, how full it is, and what that means.
#[component]
fn Storage(households: u64) -> Element {
    let lang = use_lang();
    let platform = use_platform();
    let mut promise = use_signal(|| None::<Persistence>);
    let mut used = use_signal(|| None::<StorageUse>);
    let (shell, page) = (platform.shell.clone(), platform.page.clone());
    use_hook(|| {
        spawn(async move {
            promise.set(Some(shell.persistence().await));
            used.set(page.storage_use().await);
        })
    });
    let asking = platform.shell.clone();
    let ask = move |()| {
        let answer = asking.persist();
        spawn(async move { promise.set(Some(answer.await)) });
    };
    let key = match promise() {
        None => "unknown",
        Some(Persistence::Kept) => "kept",
        Some(Persistence::MayBeCleared) => "may-be-cleared",
        Some(Persistence::Unknown) => "unknown",
    };
    rsx! {
        Group { title: lang.say("me-storage"), testid: "storage",
            FactRow { name: lang.say("storage-promise"), testid: "storage-promise",
                span { "data-promise": key, {lang.say(&format!("storage-{key}"))} }
            }
            if let Some(used) = used() {
                FactRow { name: lang.say("storage-used"), testid: "storage-used",
                    {lang.with("storage-used-of", [("used", words::size(used.used_bytes).into()), ("quota", words::size(used.quota_bytes).into())])}
                }
            }
            FactRow { name: lang.say("storage-households"), testid: "storage-households", {households.to_string()} }
            if key == "may-be-cleared" {
                ActionRow { testid: "storage-ask", sign: Sign::Device, words: lang.say("storage-ask"), onclick: ask }
            }
        }
        p { class: "bf-fine bf-under", {lang.say(&format!("storage-{key}-means"))} }
    }
}

#[component]
fn Clock(offset_ms: Option<i64>) -> Element {
    let lang = use_lang();
    match offset_ms {
        // Further off, the note above every screen says so.
        Some(offset_ms) if offset_ms.unsigned_abs() <= CLOCK_OFFSET_MS_MAX => rsx! {
            Group {
                FactRow { name: lang.say("me-clock"), testid: "me-clock", {lang.say("me-clock-good")} }
            }
        },
        _ => rsx! {},
    }
}

#[component]
fn Version() -> Element {
    let lang = use_lang();
    let shell = use_platform().shell;
    let update = use_update();
    let starting = shell.clone();
    rsx! {
        Group { title: lang.say("me-version"), testid: "version",
            FactRow { name: lang.say("me-version-number"), {env!("CARGO_PKG_VERSION")} }
            FactRow { name: lang.say("me-build"), testid: "build", code { {shell.build_id()} } }
            if update() == Update::Ready {
                ActionRow { testid: "me-start-update", sign: Sign::Again, words: lang.say("update-start-long"), onclick: move |()| starting.start_update() }
            } else {
                FactRow { name: lang.say("me-update"), {lang.say("me-update-none")} }
            }
        }
    }
}

#[component]
fn SignOut(unsent: u64) -> Element {
    let (lang, app, core) = (use_lang(), use_app(), use_core());
    let mut asking = use_signal(|| false);
    let mut trouble = use_signal(|| None::<Trouble>);
    let go = move |_| {
        let core = core.clone();
        spawn(async move {
            match sign_out(app, &core).await {
                Ok(()) => asking.set(false),
                Err(said) => trouble.set(Some(said)),
            }
        });
    };
    rsx! {
        Group { testid: "sign-out-group",
            ActionRow { testid: "sign-out", sign: Sign::Return, words: lang.say("me-sign-out"), onclick: move |()| asking.set(true) }
        }
        if asking() {
            Dialog { title: lang.say("me-sign-out"), testid: "sign-out-dialog", onclose: move |()| asking.set(false),
                if unsent > 0 {
                    Note { weight: Weight::Careful, sign: Sign::Device, testid: "sign-out-unsent", {lang.with("sign-out-unsent", [("n", unsent.into())])} }
                }
                p { {lang.say("sign-out-sure")} }
                if let Some(trouble) = trouble() {
                    TroubleLine { trouble }
                }
                div { class: "bf-dialog__do",
                    button { r#type: "button", class: "weui-btn weui-btn_default bf-btn", "data-testid": "sign-out-no", onclick: move |_| asking.set(false),
                        {lang.say("action-cancel")}
                    }
                    button { r#type: "button", class: "weui-btn weui-btn_warn bf-btn", "data-testid": "sign-out-yes", onclick: go,
                        Icon { sign: Sign::Return }
                        {lang.say("me-sign-out")}
                    }
                }
            }
        }
    }
}

async fn sign_out(app: AppState, core: &Core) -> Result<(), Trouble> {
    core.ask(Request::SignOut).await?;
    app.refresh(core).await;
    Ok(())
}
