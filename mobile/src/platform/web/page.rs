//! The browser's page.

use std::rc::Rc;

use futures::FutureExt as _;
use futures::future::LocalBoxFuture;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Document, EventTarget, HtmlElement, VisibilityState, Window};

use super::clock::{WebClock, sleep};
use crate::platform::{Page, StorageUse, Watch};

pub(super) struct WebPage {
    window: Window,
    document: Document,
}

impl WebPage {
    pub(super) fn new() -> Result<Self, JsValue> {
        let window = web_sys::window().ok_or("no window")?;
        let document = window.document().ok_or("no document")?;
        Ok(Self { window, document })
    }
}

impl Page for WebPage {
    fn wall_ms(&self) -> i64 {
        i64::try_from(WebClock.wall_ms()).unwrap_or(i64::MAX)
    }

    fn monotonic_ms(&self) -> u64 {
        WebClock.monotonic_ms()
    }

    fn sleep(&self, delay_ms: u32) -> LocalBoxFuture<'static, ()> {
        sleep(delay_ms).boxed_local()
    }

    fn is_visible(&self) -> bool {
        visible(&self.document)
    }

    fn watch_visible(&self, on_change: Rc<dyn Fn(bool)>) -> Watch {
        let document = self.document.clone();
        Listening::start(&self.document, &["visibilitychange"], move || on_change(visible(&document)))
    }

    fn is_online(&self) -> bool {
        self.window.navigator().on_line()
    }

    fn watch_online(&self, on_change: Rc<dyn Fn(bool)>) -> Watch {
        let navigator = self.window.navigator();
        Listening::start(&self.window, &["online", "offline"], move || on_change(navigator.on_line()))
    }

    fn set_language(&self, tag: &str) {
        if let Some(root) = self.document.document_element()
            && let Err(error) = root.set_attribute("lang", tag)
        {
            web_sys::console::warn_1(&error);
        }
    }

    fn storage_use(&self) -> LocalBoxFuture<'static, Option<StorageUse>> {
        let storage = self.window.navigator().storage();
        async move {
            if storage.is_undefined() {
                return None;
            }
            let told = JsFuture::from(storage.estimate().ok()?).await.ok()?;
            Some(StorageUse { used_bytes: bytes(&told, "usage")?, quota_bytes: bytes(&told, "quota")? })
        }
        .boxed_local()
    }

    fn show_element(&self, id: &str) {
        let Some(element) = self.document.get_element_by_id(id) else { return };
        element.scroll_into_view();
        if let Err(error) = element.unchecked_into::<HtmlElement>().focus() {
            web_sys::console::warn_1(&error);
        }
    }
}

fn visible(document: &Document) -> bool {
    document.visibility_state() == VisibilityState::Visible
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "`as` takes a float to the nearest bound"
)]
fn bytes(told: &JsValue, key: &str) -> Option<u64> {
    js_sys::Reflect::get(told, &key.into()).ok()?.as_f64().map(|bytes| bytes as u64)
}

/// Listens to events until it is dropped.
struct Listening {
    target: EventTarget,
    events: &'static [&'static str],
    closure: Closure<dyn Fn()>,
}

impl Listening {
    fn start(target: &EventTarget, events: &'static [&'static str], hear: impl Fn() + 'static) -> Watch {
        let closure = Closure::<dyn Fn()>::new(hear);
        let target = target.clone();
        for event in events {
            if let Err(error) =
                target.add_event_listener_with_callback(event, closure.as_ref().unchecked_ref())
            {
                web_sys::console::warn_1(&error);
            }
        }
        Watch::new(Self { target, events, closure })
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        for event in self.events {
            let heard =
                self.target.remove_event_listener_with_callback(event, self.closure.as_ref().unchecked_ref());
            if let Err(error) = heard {
                web_sys::console::warn_1(&error);
            }
        }
    }
}
