//! What the browser says of the connection: whether it is paid by its amount. Many browsers say nothing; then nothing
//! is told.

use wasm_bindgen::prelude::*;
use web_sys::EventTarget;

use super::worker::scope;

/// Calls `tell` now and whenever it changes, for as long as the worker lives.
pub(super) fn watch(tell: impl Fn(bool) + 'static) {
    let navigator = scope().navigator();
    let connection = js_sys::Reflect::get(&navigator, &"connection".into()).ok();
    let Some(connection) = connection.filter(|connection| !connection.is_undefined()) else { return };
    let connection: EventTarget = connection.unchecked_into();
    let told = connection.clone();
    let on_change = Closure::<dyn Fn()>::new(move || {
        if let Some(metered) = is_metered(&told) {
            tell(metered);
        }
    });
    on_change.as_ref().unchecked_ref::<js_sys::Function>().call0(&JsValue::UNDEFINED).ok();
    if let Err(error) =
        connection.add_event_listener_with_callback("change", on_change.as_ref().unchecked_ref())
    {
        web_sys::console::warn_1(&error);
    }
    on_change.forget();
}

fn is_metered(connection: &JsValue) -> Option<bool> {
    let told = |key: &str| js_sys::Reflect::get(connection, &key.into()).ok();
    if told("saveData").and_then(|flag| flag.as_bool()) == Some(true) {
        return Some(true);
    }
    match told("type")?.as_string()?.as_str() {
        "wifi" | "ethernet" => Some(false),
        "cellular" | "wimax" | "bluetooth" => Some(true),
        _ => None,
    }
}
