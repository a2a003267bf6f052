//! Whether the worker believes itself connected. A hint: “connected” may still mean a network that leads nowhere.

use wasm_bindgen::prelude::*;

use super::worker::scope;

/// The browser's idea of being online.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct WebConnectivity;

impl WebConnectivity {
    pub(super) fn is_online(self) -> bool {
        scope().navigator().on_line()
    }

    /// Calls `on_change` at each change, for as long as the worker lives.
    pub(super) fn watch(self, on_change: impl Fn(bool) + 'static) {
        let closure = Closure::<dyn Fn()>::new(move || on_change(Self.is_online()));
        for event in ["online", "offline"] {
            scope()
                .add_event_listener_with_callback(event, closure.as_ref().unchecked_ref())
                .expect("adding a listener fails only for a closed scope");
        }
        closure.forget();
    }
}
