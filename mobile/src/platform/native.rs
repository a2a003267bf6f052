//! A machine that offers nothing: the screens draw on it, for tests that compare what is drawn.
//!
//! The desktop and phone shells get a module of their own beside this one.

use std::rc::Rc;

use futures::FutureExt as _;
use futures::future::{LocalBoxFuture, pending, ready};

use super::{
    Camera, CameraProblem, Fix, Lens, LocationProblem, Locator, Opened, Page, Persistence, Platform, Printer,
    Shell, StorageUse, Watch,
};
use crate::bridge::{Handle, Link, PictureFile, ToOwner};

/// A platform without an owner, a position or a window. What the screens need to hear is told with
/// [`Handle::deliver`].
#[must_use]
pub fn inert() -> Platform {
    let handle = Handle::unlinked();
    handle.link(Rc::new(NoLink));
    Platform {
        handle,
        locator: Rc::new(NoLocator),
        shell: Rc::new(NoShell),
        page: Rc::new(NoPage),
        camera: Rc::new(NoCamera),
        printer: Rc::new(NoPrinter),
    }
}

/// Takes every frame and answers none.
#[derive(Debug, Clone, Copy)]
pub struct NoLink;

impl Link for NoLink {
    fn post(&self, _frame: ToOwner) {}
    fn post_file(&self, _number: u64, _file: PictureFile) {}
    fn restart(&self) {}
}

struct NoLocator;

impl Locator for NoLocator {
    fn watch(&self, on_change: Rc<dyn Fn(Result<Fix, LocationProblem>)>) -> Watch {
        on_change(Err(LocationProblem::Unsupported));
        Watch::new(())
    }
}

struct NoShell;

impl Shell for NoShell {
    fn persist(&self) -> LocalBoxFuture<'static, Persistence> {
        self.persistence()
    }
    fn persistence(&self) -> LocalBoxFuture<'static, Persistence> {
        ready(Persistence::Unknown).boxed_local()
    }
    fn watch_update(&self, _on_ready: Rc<dyn Fn()>) -> Watch {
        Watch::new(())
    }
    fn start_update(&self) {}
    fn reload(&self) {}
    fn save_file(&self, _name: &str, _media_type: &str, _content: &[u8]) {}
    fn set_title(&self, _title: &str) {}
    fn languages(&self) -> Vec<String> {
        vec!["zh-CN".to_owned()]
    }
    fn build_id(&self) -> String {
        "native".to_owned()
    }
}

struct NoPage;

impl Page for NoPage {
    fn wall_ms(&self) -> i64 {
        0
    }
    fn monotonic_ms(&self) -> u64 {
        0
    }
    fn sleep(&self, _delay_ms: u32) -> LocalBoxFuture<'static, ()> {
        pending().boxed_local()
    }
    fn is_visible(&self) -> bool {
        true
    }
    fn watch_visible(&self, _on_change: Rc<dyn Fn(bool)>) -> Watch {
        Watch::new(())
    }
    fn is_online(&self) -> bool {
        true
    }
    fn watch_online(&self, _on_change: Rc<dyn Fn(bool)>) -> Watch {
        Watch::new(())
    }
    fn set_language(&self, _tag: &str) {}
    fn storage_use(&self) -> LocalBoxFuture<'static, Option<StorageUse>> {
        ready(None).boxed_local()
    }
    fn show_element(&self, _id: &str) {}
}

struct NoCamera;

impl Camera for NoCamera {
    fn open(
        &self,
        _element: &str,
        _lens: Option<Lens>,
        _on_lost: Rc<dyn Fn()>,
    ) -> LocalBoxFuture<'static, Opened> {
        ready(Err(CameraProblem::Unsupported)).boxed_local()
    }
}

struct NoPrinter;

impl Printer for NoPrinter {
    fn watermarked(&self, _address: &str, _lines: Vec<String>) -> LocalBoxFuture<'static, Option<Vec<u8>>> {
        ready(None).boxed_local()
    }
    fn print_page(&self) {}
}
