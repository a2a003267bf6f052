//! What the screens may ask of the machine they run on. Chosen here, once; callers never write `cfg`.

use std::fmt;
use std::rc::Rc;

use crate::bridge::Handle;

mod camera;
mod label;
mod location;
mod page;
mod printer;
mod shell;

#[cfg(not(target_arch = "wasm32"))]
mod native;
#[cfg(target_arch = "wasm32")]
mod web;

#[cfg(not(target_arch = "wasm32"))]
pub use native::{NoLink, inert};

pub use camera::{Camera, CameraProblem, CameraView, Lens, LiveCamera, Opened};
pub use label::label;
pub use location::{Fix, LocationProblem, Locator, Reading, Watch, use_location};
pub use page::{Page, StorageUse};
pub use printer::Printer;
pub use shell::{Persistence, Shell, Update, use_update};

/// Everything the screens get from the machine, handed to them as a context.
#[derive(Clone)]
pub struct Platform {
    /// The owner of the database.
    pub handle: Handle,
    /// Where the phone is.
    pub locator: Rc<dyn Locator>,
    /// The window, its storage and its updates.
    pub shell: Rc<dyn Shell>,
    /// The page: its clocks, whether it is in front.
    pub page: Rc<dyn Page>,
    /// The cameras.
    pub camera: Rc<dyn Camera>,
    /// Copies for outside the app.
    pub printer: Rc<dyn Printer>,
}

impl fmt::Debug for Platform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Platform").field("handle", &self.handle).finish_non_exhaustive()
    }
}

/// The platform of the component that asks.
#[must_use]
pub fn use_platform() -> Platform {
    dioxus::prelude::use_context()
}
