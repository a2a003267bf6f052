//! Stands before every screen: shows them only while this window owns the database, else says why not and what to do.

use dioxus::prelude::*;

use crate::bridge::{FromOwner, Ownership, StorageProblem, use_frames};
use crate::components::{Icon, Sign};
use crate::i18n::{Lang, use_lang};
use crate::platform::use_platform;

/// Who holds the database, as it changes.
#[must_use]
pub fn use_ownership() -> ReadSignal<Ownership> {
    let handle = use_platform().handle;
    let mut ownership = use_signal(|| handle.ownership());
    use_frames(&handle, move |frame| {
        if let FromOwner::Ownership(now) = frame {
            ownership.set(now);
        }
    });
    ownership.into()
}

/// Shows `children` while this window owns the database.
#[component]
pub fn OwnershipGate(children: Element) -> Element {
    let lang = use_lang();
    let ownership = use_ownership();
    match &*ownership.read() {
        Ownership::Here => children,
        Ownership::Starting => rsx! {
            div { class: "bf-state", role: "status", "data-testid": "gate-starting",
                span { class: "weui-loading", "aria-hidden": "true" }
                {lang.say("blocked-starting")}
            }
        },
        Ownership::Elsewhere => rsx! {
            Elsewhere { title: lang.say("blocked-elsewhere"), detail: lang.say("blocked-elsewhere-more") }
        },
        Ownership::TakenAway => rsx! {
            Elsewhere { title: lang.say("blocked-taken-away"), detail: lang.say("blocked-taken-away-more") }
        },
        Ownership::Impossible(problem) => rsx! {
            Message { testid: "gate-impossible", sign: Sign::Warn, title: lang.say("blocked-impossible"), detail: advice(lang, problem) }
        },
        Ownership::Stopped { place } => rsx! {
            Message {
                testid: "gate-stopped",
                sign: Sign::Warn,
                title: lang.say("blocked-stopped"),
                detail: lang.with("blocked-stopped-more", [("place", place.as_str().into())]),
                TakeOver { label: lang.say("blocked-open-again") }
            }
        },
    }
}

#[component]
fn Elsewhere(title: String, detail: String) -> Element {
    let lang = use_lang();
    rsx! {
        Message { testid: "gate-elsewhere", sign: Sign::Info, title, detail, TakeOver { label: lang.say("blocked-use-here") } }
    }
}

#[component]
fn Message(
    testid: String,
    sign: Sign,
    title: String,
    detail: String,
    #[props(default)] children: Element,
) -> Element {
    rsx! {
        main { class: "bf-state bf-gate", role: "alert", "data-testid": testid,
            Icon { sign }
            h1 { class: "bf-state__title", {title} }
            p { class: "bf-state__detail", {detail} }
            {children}
        }
    }
}

#[component]
fn TakeOver(label: String) -> Element {
    let handle = use_platform().handle;
    rsx! {
        button {
            r#type: "button",
            class: "weui-btn weui-btn_primary bf-btn",
            "data-testid": "take-over",
            onclick: move |_| handle.take_over(),
            {label}
        }
    }
}

fn advice(lang: Lang, problem: &StorageProblem) -> String {
    match problem {
        StorageProblem::NoFileSystem => lang.say("blocked-no-file-system"),
        StorageProblem::NoLocks => lang.say("blocked-no-locks"),
        StorageProblem::Other(words) => lang.with("blocked-other", [("words", words.as_str().into())]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::AppState;
    use crate::platform::inert;

    #[component]
    fn Gated() -> Element {
        use_context_provider(|| AppState::new(Lang::Zh, true));
        rsx! { OwnershipGate { p { "台账" } } }
    }

    fn drawn(ownership: Ownership) -> String {
        let platform = inert();
        platform.handle.deliver(&FromOwner::Ownership(ownership));
        let mut screens = VirtualDom::new(Gated).with_root_context(platform);
        screens.rebuild_in_place();
        dioxus_ssr::render(&screens)
    }

    #[test]
    fn the_screens_are_shown_only_by_the_owner() {
        assert!(drawn(Ownership::Here).contains("台账"));
        for ownership in [
            Ownership::Starting,
            Ownership::Elsewhere,
            Ownership::TakenAway,
            Ownership::Impossible(StorageProblem::NoLocks),
            Ownership::Stopped { place: "store.rs:1:1".into() },
        ] {
            assert!(!drawn(ownership.clone()).contains("台账"), "{ownership:?}");
        }
    }

    #[test]
    fn wherever_the_person_can_go_on_there_is_a_button() {
        for (ownership, button) in [
            (Ownership::Elsewhere, true),
            (Ownership::TakenAway, true),
            (Ownership::Stopped { place: "store.rs:1:1".into() }, true),
            (Ownership::Impossible(StorageProblem::NoFileSystem), false),
        ] {
            assert_eq!(drawn(ownership.clone()).contains("take-over"), button, "{ownership:?}");
        }
    }
}
