//! The window around the screens: whether the device keeps what is stored, updates of the app, files handed out.

use std::cell::RefCell;
use std::rc::Rc;

use dioxus::prelude::*;
use futures::StreamExt as _;
use futures::channel::mpsc;
use futures::future::LocalBoxFuture;

use super::{Watch, use_platform};

/// Whether the device promises to keep what is stored here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Persistence {
    /// It is kept until the person removes it.
    Kept,
    /// It may be cleared when the device runs out of space or the app is not used for long. Upload soon, and put the
    /// app on the home screen.
    MayBeCleared,
    /// The device does not say.
    Unknown,
}

/// Whether a newer version of the app lies ready on this device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Update {
    /// This is the newest version known.
    #[default]
    None,
    /// A newer version is downloaded whole and starts when the person says so. Records not yet uploaded stay where
    /// they are.
    Ready,
}

/// A platform's window.
pub trait Shell {
    /// Asks the device to keep what is stored, and answers what it said.
    fn persist(&self) -> LocalBoxFuture<'static, Persistence>;
    /// What the device promised before, without asking.
    fn persistence(&self) -> LocalBoxFuture<'static, Persistence>;
    /// Calls `on_ready` when a newer version lies ready, until the watch is dropped.
    fn watch_update(&self, on_ready: Rc<dyn Fn()>) -> Watch;
    /// Starts the newer version. The screens are loaded anew.
    fn start_update(&self);
    /// Loads the screens anew.
    fn reload(&self);
    /// Hands a file to the person, as a download or through the system's own dialogue.
    fn save_file(&self, name: &str, media_type: &str, content: &[u8]);
    /// Shown in the window's bar and in the list of windows.
    fn set_title(&self, title: &str);
    /// The person's languages, best first, such as `zh-CN`.
    fn languages(&self) -> Vec<String>;
    /// The number of this build, to be read out to someone who helps.
    fn build_id(&self) -> String;
}

/// Whether a newer version lies ready, for as long as the calling component is shown.
#[must_use]
pub fn use_update() -> ReadSignal<Update> {
    let platform = use_platform();
    let mut update = use_signal(Update::default);
    use_hook(|| {
        // One word is enough: a version that is ready stays ready.
        let (sender, mut receiver) = mpsc::channel(1);
        let sender = RefCell::new(sender);
        spawn(async move {
            while receiver.next().await.is_some() {
                update.set(Update::Ready);
            }
        });
        Rc::new(platform.shell.watch_update(Rc::new(move || {
            let _already_said = sender.borrow_mut().try_send(());
        })))
    });
    update.into()
}
