//! Stands before every screen: shows them only while this window owns the database, else says why not and what to do.

use dioxus::prelude::*;

use crate::bridge::{FromOwner, Ownership, StorageProblem, use_frames};
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
    let ownership = use_ownership();
    match &*ownership.read() {
        Ownership::Here => children,
        Ownership::Starting => rsx! {
            p { class: "gate", role: "status", "data-testid": "gate-starting", "正在打开本机数据…" }
        },
        Ownership::Elsewhere => rsx! {
            Elsewhere { title: "遍访已在另一窗口打开", detail: "同一时间只能在一个窗口使用，以免数据受损。" }
        },
        Ownership::TakenAway => rsx! {
            Elsewhere { title: "已转到另一窗口使用", detail: "已保存的记录都在，没有丢失。" }
        },
        Ownership::Impossible(problem) => rsx! {
            Message { testid: "gate-impossible", title: "本机无法保存数据，不能采集", detail: advice(problem) }
        },
        Ownership::Stopped { place } => rsx! {
            Message {
                testid: "gate-stopped",
                title: "本机数据服务意外停止",
                detail: "已保存的记录都在，没有丢失。请重新打开；如再次出现，请把下面的位置告诉管理员：{place}",
            }
            TakeOver { label: "重新打开" }
        },
    }
}

#[component]
fn Elsewhere(title: String, detail: String) -> Element {
    rsx! {
        Message { testid: "gate-elsewhere", title, detail }
        TakeOver { label: "在此窗口使用" }
    }
}

#[component]
fn Message(testid: String, title: String, detail: String) -> Element {
    rsx! {
        div { class: "gate", role: "alert", "data-testid": testid,
            h1 { {title} }
            p { {detail} }
        }
    }
}

#[component]
fn TakeOver(label: String) -> Element {
    let handle = use_platform().handle;
    rsx! {
        button {
            class: "weui-btn weui-btn_primary",
            "data-testid": "take-over",
            onclick: move |_| handle.take_over(),
            {label}
        }
    }
}

fn advice(problem: &StorageProblem) -> String {
    match problem {
        StorageProblem::NoFileSystem => {
            "此浏览器或无痕窗口不提供本机存储。请用普通窗口打开，或更新浏览器（Chrome 109、Safari 17 以上）。"
                .to_owned()
        }
        StorageProblem::NoLocks => "此浏览器版本过低，请更新后再打开。".to_owned(),
        StorageProblem::Other(words) => format!("请检查手机存储空间后重新打开。系统的说法：{words}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::inert;

    fn drawn(ownership: Ownership) -> String {
        let platform = inert();
        platform.handle.deliver(&FromOwner::Ownership(ownership));
        let mut screens =
            VirtualDom::new(|| rsx! { OwnershipGate { p { "台账" } } }).with_root_context(platform);
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
