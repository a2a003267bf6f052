//! The root of the screens.

use dioxus::prelude::*;

use crate::bridge::{FromOwner, use_frames};
use crate::components::{OwnershipGate, UpdateBanner};
use crate::platform::{use_location, use_platform};

/// The root component. Expects a [`crate::platform::Platform`] in its context.
#[component]
pub fn App() -> Element {
    rsx! {
        main { "data-testid": "app",
            UpdateBanner {}
            OwnershipGate { Probe {} }
        }
    }
}

/// Stands where the screens will stand: asks the worker to show that what the device core builds on works here.
#[component]
fn Probe() -> Element {
    let handle = use_platform().handle;
    let mut reply = use_signal(String::new);
    let reading = use_location();
    use_frames(&handle, move |frame| {
        if let FromOwner::Message(text) = frame {
            reply.set(text);
        }
    });
    rsx! {
        h1 { "遍访" }
        button {
            class: "weui-btn weui-btn_default",
            "data-testid": "probe",
            onclick: move |_| handle.send("三江镇"),
            "自检"
        }
        pre { "data-testid": "probe-reply", "{reply}" }
        p { "data-testid": "reading", "{reading:?}" }
    }
}
