//! Signing in: the only moment that needs a signal before anything can be recorded.

use bianfang_device::message::{Reply, Request, Trouble};
use dioxus::prelude::*;

use crate::app::{AppState, Core, Route, use_app, use_core, use_set_lang};
use crate::components::{Head, Icon, Note, Sign, TroubleLine, Weight};
use crate::i18n::{Lang, use_lang};
use crate::platform::use_platform;

/// User, password, language.
#[component]
pub fn SignInPage() -> Element {
    let (lang, app, core, navigator) = (use_lang(), use_app(), use_core(), use_navigator());
    let (mut user, mut password) = (use_signal(String::new), use_signal(String::new));
    let mut missing = use_signal(|| false);
    let trouble = use_signal(|| None::<Trouble>);
    let busy = use_signal(|| false);
    let shell = use_platform().shell;
    let known = app.user().map(|user| user.login);
    let send = move |event: FormEvent| {
        event.prevent_default();
        let (name, word) = (user.read().trim().to_owned(), password());
        missing.set(name.is_empty() || word.is_empty());
        if missing() || busy() {
            return;
        }
        let (core, shell) = (core.clone(), shell.clone());
        spawn(async move {
            if sign_in(app, &core, (name, word), (trouble, busy)).await {
                // From here on records may lie on this device: ask it to keep them. What it says is shown under 我的.
                drop(shell.persist());
                navigator.replace(Route::Home {});
            }
        });
    };
    rsx! {
        main { class: "bf-main bf-sign-in", "data-testid": "sign-in",
            if known.is_some() {
                Head { title: lang.say("sign-in-title"), back: Some(Route::Home {}) }
            }
            Languages {}
            h1 { class: "bf-brand", {lang.say("app-name")} }
            p { class: "bf-brand__line", {lang.say("app-line")} }
            form { onsubmit: send,
                label { class: "bf-field",
                    span { {lang.say("sign-in-user")} }
                    input {
                        class: "weui-input",
                        name: "username",
                        autocomplete: "username",
                        "autocapitalize": "none",
                        spellcheck: "false",
                        required: true,
                        "data-testid": "user",
                        initial_value: known,
                        oninput: move |event| user.set(event.value()),
                    }
                }
                Password { onword: move |word| password.set(word) }
                div { "aria-live": "polite",
                    if missing() {
                        p { class: "bf-problem", "data-testid": "sign-in-missing",
                            Icon { sign: Sign::Warn }
                            {lang.say("sign-in-missing")}
                        }
                    }
                }
                if let Some(trouble) = trouble() {
                    TroubleLine { trouble, testid: "sign-in-trouble" }
                }
                button {
                    class: "weui-btn weui-btn_primary bf-btn bf-btn_main",
                    r#type: "submit",
                    disabled: busy(),
                    "data-testid": "sign-in-send",
                    if busy() {
                        span { class: "weui-loading", "aria-hidden": "true" }
                        {lang.say("sign-in-busy")}
                    } else {
                        {lang.say("sign-in-do")}
                    }
                }
            }
            Note { weight: Weight::Info, sign: Sign::Info, testid: "sign-in-note", {lang.say("sign-in-needs-signal")} }
        }
    }
}

/// Signs in and shows what comes. Answers whether it went well.
async fn sign_in(
    app: AppState,
    core: &Core,
    (user, password): (String, String),
    (mut trouble, mut busy): (Signal<Option<Trouble>>, Signal<bool>),
) -> bool {
    busy.set(true);
    trouble.set(None);
    let answer = core.ask(Request::SignIn { user, password }).await;
    busy.set(false);
    match answer {
        Ok(Reply::Status(status)) => app.take_status(*status),
        Ok(_) => app.refresh(core).await,
        Err(said) => {
            trouble.set(Some(said));
            return false;
        }
    }
    true
}

#[component]
fn Password(onword: EventHandler<String>) -> Element {
    let lang = use_lang();
    let mut shown = use_signal(|| false);
    let label = if shown() { lang.say("sign-in-hide") } else { lang.say("sign-in-show") };
    rsx! {
        div { class: "bf-field",
            label { r#for: "password", {lang.say("sign-in-password")} }
            div { class: "bf-field__row",
                input {
                    id: "password",
                    class: "weui-input",
                    name: "password",
                    r#type: if shown() { "text" } else { "password" },
                    autocomplete: "current-password",
                    "autocapitalize": "none",
                    spellcheck: "false",
                    required: true,
                    "data-testid": "password",
                    oninput: move |event| onword.call(event.value()),
                }
                button {
                    r#type: "button",
                    class: "bf-icon-btn",
                    "aria-pressed": shown().to_string(),
                    "aria-label": label.clone(),
                    title: label,
                    "data-testid": "password-show",
                    onclick: move |_| shown.toggle(),
                    Icon { sign: if shown() { Sign::EyeOff } else { Sign::Eye } }
                }
            }
        }
    }
}

/// The languages to choose from, each named in itself.
#[component]
pub fn Languages() -> Element {
    let now = use_lang();
    let choose = use_set_lang();
    rsx! {
        div { class: "bf-languages", role: "group", "aria-label": now.say("me-language"),
            for lang in Lang::ALL {
                button {
                    key: "{lang.tag()}",
                    r#type: "button",
                    class: if lang == now { "bf-choice bf-choice_on" } else { "bf-choice" },
                    lang: lang.tag(),
                    "aria-pressed": (lang == now).to_string(),
                    "data-testid": "language-{lang.tag()}",
                    onclick: move |_| choose.call(lang),
                    {lang.own_name()}
                }
            }
        }
    }
}
