//! A machine that stands still: a fixed clock, a given place.

use std::rc::Rc;

use futures::FutureExt as _;
use futures::future::{LocalBoxFuture, pending, ready};

use super::NOW_MS;
use crate::bridge::{FromOwner, Ownership, PictureFile};
use crate::platform::{
    Camera, CameraProblem, CameraView, Fix, Lens, LiveCamera, LocationProblem, Locator, Opened, Page,
    Persistence, Platform, Printer, Shell, StorageUse, Watch, inert,
};

/// What the machine's camera does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sight {
    /// It is on at once, with a light and a second lens.
    Live,
    /// It stays about to open.
    Opening,
    /// There is none, for this reason.
    None(CameraProblem),
}

/// A machine at a place, in a language, with or without a signal.
#[must_use]
pub fn machine(
    place: Result<Fix, LocationProblem>,
    tag: &'static str,
    online: bool,
    ownership: Ownership,
    sight: Sight,
) -> Platform {
    let still = inert();
    still.handle.deliver(&FromOwner::Ownership(ownership));
    Platform {
        locator: Rc::new(At(place)),
        shell: Rc::new(Still { tag }),
        page: Rc::new(StillPage { online }),
        camera: Rc::new(StillCamera(sight)),
        printer: Rc::new(StillPrinter),
        handle: still.handle,
    }
}

struct At(Result<Fix, LocationProblem>);

impl Locator for At {
    fn watch(&self, on_change: Rc<dyn Fn(Result<Fix, LocationProblem>)>) -> Watch {
        on_change(self.0.clone());
        Watch::new(())
    }
}

struct Still {
    tag: &'static str,
}

impl Shell for Still {
    fn persist(&self) -> LocalBoxFuture<'static, Persistence> {
        ready(Persistence::Kept).boxed_local()
    }
    fn persistence(&self) -> LocalBoxFuture<'static, Persistence> {
        ready(Persistence::MayBeCleared).boxed_local()
    }
    fn watch_update(&self, _on_ready: Rc<dyn Fn()>) -> Watch {
        Watch::new(())
    }
    fn start_update(&self) {}
    fn reload(&self) {}
    fn save_file(&self, _name: &str, _media_type: &str, _content: &[u8]) {}
    fn set_title(&self, _title: &str) {}
    fn languages(&self) -> Vec<String> {
        vec![self.tag.to_owned()]
    }
    fn build_id(&self) -> String {
        "3f9c2a71".to_owned()
    }
}

struct StillPage {
    online: bool,
}

impl Page for StillPage {
    fn wall_ms(&self) -> i64 {
        NOW_MS
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
        self.online
    }
    fn watch_online(&self, _on_change: Rc<dyn Fn(bool)>) -> Watch {
        Watch::new(())
    }
    fn set_language(&self, _tag: &str) {}
    fn storage_use(&self) -> LocalBoxFuture<'static, Option<StorageUse>> {
        ready(Some(StorageUse { used_bytes: 18_400_000, quota_bytes: 6_200_000_000 })).boxed_local()
    }
    fn show_element(&self, _id: &str) {}
}

struct StillCamera(Sight);

impl Camera for StillCamera {
    fn open(
        &self,
        _element: &str,
        _lens: Option<Lens>,
        _on_lost: Rc<dyn Fn()>,
    ) -> LocalBoxFuture<'static, Opened> {
        match self.0 {
            Sight::Live => ready(Ok(LiveCamera::new(StillView))).boxed_local(),
            Sight::Opening => pending().boxed_local(),
            Sight::None(problem) => ready(Err(problem)).boxed_local(),
        }
    }
}

struct StillView;

impl CameraView for StillView {
    fn next_lens(&self) -> Option<Lens> {
        Some(Lens("front".to_owned()))
    }
    fn has_torch(&self) -> bool {
        true
    }
    fn set_torch(&self, on: bool) -> LocalBoxFuture<'static, bool> {
        ready(on).boxed_local()
    }
    fn shoot(&self) -> LocalBoxFuture<'static, Result<PictureFile, CameraProblem>> {
        ready(Ok(PictureFile::from_bytes(vec![0xff, 0xd8]))).boxed_local()
    }
}

struct StillPrinter;

impl Printer for StillPrinter {
    fn watermarked(&self, _address: &str, _lines: Vec<String>) -> LocalBoxFuture<'static, Option<Vec<u8>>> {
        ready(Some(vec![0xff, 0xd8])).boxed_local()
    }
    fn print_page(&self) {}
}
