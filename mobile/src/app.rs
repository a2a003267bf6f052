//! The root of the screens.

use dioxus::prelude::*;

use crate::bridge::{FromOwner, Ownership};
use crate::platform::{Update, use_platform, use_update};

/// The root component. Expects a [`crate::platform::Platform`] in its context.
#[component]
pub fn App() -> Element {
    let platform = use_platform();
    let update = use_update();
    let ownership = use_ownership();
    let (shell, handle) = (platform.shell.clone(), platform.handle.clone());
    rsx! {
        main { class: "page", "data-testid": "app",
            h1 { "遍访" }
            p { "data-testid": "ownership", {describe(&ownership.read())} }
            if matches!(*ownership.read(), Ownership::Elsewhere | Ownership::TakenAway | Ownership::Stopped { .. }) {
                button {
                    class: "weui-btn weui-btn_primary",
                    "data-testid": "take-over",
                    onclick: move |_| handle.take_over(),
                    "在此处使用"
                }
            }
            Probe {}
            if update() == Update::Ready {
                button {
                    class: "weui-btn weui-btn_primary",
                    "data-testid": "start-update",
                    onclick: move |_| shell.start_update(),
                    "新版本已就绪，点此启用"
                }
            }
        }
    }
}

/// Asks the worker to show that everything the device core builds on works here.
#[component]
fn Probe() -> Element {
    let platform = use_platform();
    let mut reply = use_signal(String::new);
    let reading = crate::platform::use_location();
    crate::bridge::use_frames(&platform.handle, move |frame| {
        if let FromOwner::Message(text) = frame {
            reply.set(text);
        }
    });
    let handle = platform.handle.clone();
    rsx! {
        button { class: "weui-btn weui-btn_default", "data-testid": "probe", onclick: move |_| handle.send("三江镇"), "自检" }
        pre { "data-testid": "probe-reply", "{reply}" }
        p { "data-testid": "reading", "{reading:?}" }
    }
}

fn describe(ownership: &Ownership) -> &'static str {
    match ownership {
        Ownership::Starting => "正在打开本机数据…",
        Ownership::Here => "本机数据已打开",
        Ownership::Elsewhere => "遍访已在另一窗口打开",
        Ownership::TakenAway => "已转到另一窗口使用",
        Ownership::Impossible(_) => "本机无法保存数据，请勿采集",
        Ownership::Stopped { .. } => "本机数据服务已停止，请重新打开",
    }
}

/// Who holds the database, as it changes.
#[must_use]
pub fn use_ownership() -> ReadSignal<Ownership> {
    let handle = use_platform().handle;
    let mut ownership = use_signal(|| handle.ownership());
    crate::bridge::use_frames(&handle, move |frame| {
        if let FromOwner::Ownership(now) = frame {
            ownership.set(now);
        }
    });
    ownership.into()
}
