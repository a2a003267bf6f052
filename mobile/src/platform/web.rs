//! The browser. One module with two entrances: [`ui::start_ui`] in the page and [`worker::start_worker`] in a
//! dedicated worker.

mod camera;
mod clock;
mod connection;
mod device;
mod http;
mod locator;
mod lock;
mod owner_link;
mod page;
mod pictures;
mod random;
mod shell;
mod storage;
mod ui;
mod worker;

use wasm_bindgen::prelude::*;

/// A JavaScript error in words: its name and message where it has them.
fn words(error: &JsValue) -> String {
    match error.dyn_ref::<js_sys::Error>() {
        Some(error) => format!("{}: {}", error.name(), error.message()),
        None => format!("{error:?}"),
    }
}
