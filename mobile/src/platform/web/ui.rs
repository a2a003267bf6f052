//! The page's entrance: starts the worker, then draws.

use std::rc::Rc;

use dioxus::prelude::VirtualDom;
use wasm_bindgen::prelude::*;

use super::camera::{WebCamera, WebPrinter};
use super::locator::WebLocator;
use super::owner_link::WorkerLink;
use super::page::WebPage;
use super::shell::WebShell;
use crate::app::App;
use crate::bridge::Handle;
use crate::platform::Platform;

const ROOT_ELEMENT: &str = "app";

/// Called once by the page's script.
///
/// # Errors
/// When the worker cannot be created, which a browser allows a page only to be told about.
#[wasm_bindgen]
#[expect(unreachable_pub, reason = "called from JavaScript, which wants it public")]
pub fn start_ui(worker_address: &str, build_id: &str) -> Result<(), JsValue> {
    let handle = Handle::unlinked();
    // The worker first: opening the database takes longer than drawing.
    handle.link(Rc::new(WorkerLink::start(worker_address, handle.clone())?));
    let shell = WebShell::new(build_id)?;
    let page = Rc::new(WebPage::new()?);
    let platform = Platform {
        handle,
        locator: Rc::new(WebLocator),
        shell: Rc::new(shell),
        page,
        camera: Rc::new(WebCamera),
        printer: Rc::new(WebPrinter),
    };
    let screens = VirtualDom::new(App).with_root_context(platform);
    let config = dioxus::web::Config::new().rootname(ROOT_ELEMENT);
    dioxus::web::launch::launch_virtual_dom(screens, config);
    Ok(())
}
