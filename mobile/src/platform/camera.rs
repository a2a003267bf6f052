//! The camera: a live view on the screen and stills taken from it; and files chosen instead. Keeps nothing.

use std::fmt;
use std::rc::Rc;

use dioxus::html::FileData;
use futures::FutureExt as _;
use futures::future::LocalBoxFuture;

use crate::bridge::PictureFile;

/// Why there is no camera to look through. The message is `camera-<key>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CameraProblem {
    /// The person or the system refused. Only the person can change that.
    Refused,
    /// There is none.
    Absent,
    /// Another app has it.
    Busy,
    /// This window can never have one.
    Unsupported,
    /// It stopped or gave nothing. Opening it again may help.
    Lost,
}

impl CameraProblem {
    /// The end of its message's key.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::Absent => "absent",
            Self::Busy => "busy",
            Self::Unsupported => "unsupported",
            Self::Lost => "lost",
        }
    }
}

/// One of the cameras of a phone, by the platform's own name for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lens(pub String);

/// A camera that is on, until it is dropped.
#[derive(Clone)]
pub struct LiveCamera(Rc<dyn CameraView>);

impl LiveCamera {
    /// A camera that lasts as long as `view`.
    pub fn new(view: impl CameraView + 'static) -> Self {
        Self(Rc::new(view))
    }
}

impl std::ops::Deref for LiveCamera {
    type Target = dyn CameraView;

    fn deref(&self) -> &Self::Target {
        &*self.0
    }
}

impl PartialEq for LiveCamera {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl fmt::Debug for LiveCamera {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LiveCamera")
    }
}

/// What a camera that is on can do.
pub trait CameraView {
    /// Another lens to switch to, where there are several.
    fn next_lens(&self) -> Option<Lens>;
    /// Whether it has a light that can be turned on.
    fn has_torch(&self) -> bool;
    /// Turns the light on or off; answers whether it is on now.
    fn set_torch(&self, on: bool) -> LocalBoxFuture<'static, bool>;
    /// Takes a still of what is seen now.
    fn shoot(&self) -> LocalBoxFuture<'static, Result<PictureFile, CameraProblem>>;
}

/// A camera that is on, or why there is none.
pub type Opened = Result<LiveCamera, CameraProblem>;

/// A platform's cameras.
pub trait Camera {
    /// Turns a camera on and shows what it sees in the video element with this id: the lens named, else the one that
    /// looks away from the person. Asks the person for leave where the system wants it. `on_lost` is called when the
    /// camera stops by itself.
    fn open(
        &self,
        element: &str,
        lens: Option<Lens>,
        on_lost: Rc<dyn Fn()>,
    ) -> LocalBoxFuture<'static, Opened>;

    /// A file from a file chooser as the owner of the database takes it; none if it cannot be read.
    fn chosen(&self, file: FileData) -> LocalBoxFuture<'static, Option<PictureFile>> {
        async move { file.read_bytes().await.ok().map(|bytes| PictureFile::from_bytes(bytes.to_vec())) }
            .boxed_local()
    }
}
