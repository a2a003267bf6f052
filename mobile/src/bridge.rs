//! What passes between the screens and the owner of the database, and the screens' end of it.
//!
//! The owner is a worker in the browser and a thread elsewhere; either way both ends exchange [`ToOwner`] and
//! [`FromOwner`] as JSON text. The device core's own requests and replies travel inside as text that nothing here
//! looks into.
//!
//! # Pictures
//! A picture's file travels beside the texts, since it is large and no text. There are two ways, and either is whole:
//! - Fill `TakenPhoto::bytes` and ask `Request::KeepPhoto` as any other question: `BridgeTransport` hands the bytes over
//!   with [`Handle::attach`] and puts the number in their place.
//! - Hand a file over as the platform holds it, [`PictureFile`], with [`Handle::attach`], and put the number that it
//!   answers into `TakenPhoto::file`. In a browser that is a `Blob` or `File` (`PictureFile::from_blob`): it reaches the
//!   worker by reference, without one copy in the page's memory, so this is the way for cameras and file choosers there.
//!
//! A number is good for one question, and for as long as the owner lives: if another window takes over in between, the
//! answer is the trouble `not_now` and the file is to be handed over again. At most [`FILES_WAITING_MAX`] files wait.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::fmt;
use std::rc::Rc;

use dioxus::prelude::{spawn, use_hook};
use futures::StreamExt as _;
use futures::channel::mpsc;
use serde::{Deserialize, Serialize};

/// From the screens to the owner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ToOwner {
    /// A request to the device core, in its own JSON.
    Request(String),
    /// Another tab holds the database: ask it to let go.
    TakeOver,
    /// A picture's file that a request will name by this number. The file itself travels beside this frame.
    File(u64),
}

/// Files that may wait at the owner for the request that names them. One more, and the first is forgotten.
pub const FILES_WAITING_MAX: usize = 16;

/// A picture's file as the platform holds it. Cheap to clone; nothing here looks into it.
#[derive(Clone)]
pub struct PictureFile(Rc<dyn Any>);

impl PictureFile {
    /// The file's bytes.
    #[must_use]
    pub fn from_bytes(bytes: Vec<u8>) -> Self {
        Self(Rc::new(bytes))
    }

    /// A file in the form that the platform has it in; only the platform's own link knows what to do with it.
    #[must_use]
    pub fn of<T: 'static>(file: T) -> Self {
        Self(Rc::new(file))
    }

    /// What is in it, if it is one of these.
    #[must_use]
    pub fn get<T: 'static>(&self) -> Option<&T> {
        self.0.downcast_ref()
    }
}

// By hand, so that no picture reaches a log.
impl fmt::Debug for PictureFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PictureFile")
    }
}

/// From the owner to the screens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FromOwner {
    /// A reply or an event of the device core, in its own JSON.
    Message(String),
    /// Who holds the database now.
    Ownership(Ownership),
    /// Too many requests are waiting; this one was not taken and may be sent again.
    Refused(String),
}

/// Whether this window's device core can work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ownership {
    /// Not known yet.
    Starting,
    /// The device core runs here.
    Here,
    /// The app is open in another window, which holds the database. It can be taken over, and is taken up by itself
    /// when the other window closes.
    Elsewhere,
    /// Another window has taken over from this one.
    TakenAway,
    /// Nothing can be kept on this device, so nothing may be collected.
    Impossible(StorageProblem),
    /// The device core stopped unexpectedly. What was saved is safe; opening the app again goes on.
    Stopped {
        /// Where, for a report of the fault. Holds nothing a person entered.
        place: String,
    },
}

impl Ownership {
    /// The state in one word, for styles and tests.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Starting => "starting",
            Self::Here => "here",
            Self::Elsewhere => "elsewhere",
            Self::TakenAway => "taken_away",
            Self::Impossible(_) => "impossible",
            Self::Stopped { .. } => "stopped",
        }
    }
}

/// Why nothing can be kept on this device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StorageProblem {
    /// The browser has no private file system for pages (too old, or a private window).
    NoFileSystem,
    /// The browser has no locks, so two windows could damage the database.
    NoLocks,
    /// Anything else, in the browser's words.
    Other(String),
}

/// A way to hand frames to the owner. One implementation per platform.
pub trait Link {
    /// Hands over one frame. Never blocks.
    fn post(&self, frame: ToOwner);
    /// Hands over a picture's file, before the request that names it by this number. Never blocks.
    fn post_file(&self, number: u64, file: PictureFile);
    /// Starts the owner again after it was taken away or stopped, asking whoever holds the database to let go.
    fn restart(&self);
}

type Listener = Rc<dyn Fn(&FromOwner)>;

/// The screens' end. Cheap to clone; all clones are one.
#[derive(Clone)]
pub struct Handle {
    inner: Rc<Inner>,
}

struct Inner {
    link: RefCell<Option<Rc<dyn Link>>>,
    ownership: RefCell<Ownership>,
    listeners: RefCell<Vec<(u64, Listener)>>,
    next_listener: Cell<u64>,
    next_file: Cell<u64>,
}

impl Handle {
    /// A handle whose link comes later, since a link needs the handle to deliver to.
    #[must_use]
    pub fn unlinked() -> Self {
        Self {
            inner: Rc::new(Inner {
                link: RefCell::new(None),
                ownership: RefCell::new(Ownership::Starting),
                listeners: RefCell::new(Vec::new()),
                next_listener: Cell::new(0),
                next_file: Cell::new(1),
            }),
        }
    }

    /// Connects the handle to its owner.
    pub fn link(&self, link: Rc<dyn Link>) {
        *self.inner.link.borrow_mut() = Some(link);
    }

    /// Sends a request of the device core, in its own JSON.
    pub fn send(&self, request_json: impl Into<String>) {
        self.post(ToOwner::Request(request_json.into()));
    }

    /// Hands a picture's file to the owner and tells the number by which the next request can name it.
    #[must_use = "a file that no request names is forgotten"]
    pub fn attach(&self, file: PictureFile) -> u64 {
        let number = self.inner.next_file.get();
        self.inner.next_file.set(number + 1);
        if let Some(link) = self.current_link() {
            link.post_file(number, file);
        }
        number
    }

    /// Calls `listener` with every frame from now on, until the subscription is dropped.
    pub fn on_message(&self, listener: impl Fn(&FromOwner) + 'static) -> Subscription {
        let id = self.inner.next_listener.get();
        self.inner.next_listener.set(id + 1);
        self.inner.listeners.borrow_mut().push((id, Rc::new(listener)));
        Subscription { id, inner: Rc::clone(&self.inner) }
    }

    /// Who holds the database, as last heard.
    #[must_use]
    pub fn ownership(&self) -> Ownership {
        self.inner.ownership.borrow().clone()
    }

    /// “Use it here”: asks the other window to let go, and starts this window's owner again if it has gone.
    pub fn take_over(&self) {
        let gone = matches!(self.ownership(), Ownership::TakenAway | Ownership::Stopped { .. });
        if gone && let Some(link) = self.current_link() {
            self.deliver(&FromOwner::Ownership(Ownership::Starting));
            link.restart();
        }
        self.post(ToOwner::TakeOver);
    }

    /// Called by the link with each frame that arrives.
    pub fn deliver(&self, frame: &FromOwner) {
        if let FromOwner::Ownership(ownership) = frame {
            *self.inner.ownership.borrow_mut() = ownership.clone();
        }
        // A copy, since a listener may add or drop listeners.
        let listeners: Vec<Listener> =
            self.inner.listeners.borrow().iter().map(|(_, listener)| Rc::clone(listener)).collect();
        for listener in listeners {
            listener(frame);
        }
    }

    fn post(&self, frame: ToOwner) {
        if let Some(link) = self.current_link() {
            link.post(frame);
        }
    }

    fn current_link(&self) -> Option<Rc<dyn Link>> {
        self.inner.link.borrow().clone()
    }
}

impl PartialEq for Handle {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.inner, &other.inner)
    }
}

impl fmt::Debug for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Handle").field("ownership", &self.ownership()).finish_non_exhaustive()
    }
}

/// Frames that may wait for a screen that is busy drawing.
const FRAMES_WAITING_MAX: usize = 4096;

/// Calls `on_frame` with every frame from the owner while the calling component is shown, inside Dioxus, so that it
/// may write signals.
pub fn use_frames(handle: &Handle, mut on_frame: impl FnMut(FromOwner) + 'static) {
    use_hook(|| {
        let (sender, mut receiver) = mpsc::channel(FRAMES_WAITING_MAX);
        let sender = RefCell::new(sender);
        spawn(async move {
            while let Some(frame) = receiver.next().await {
                on_frame(frame);
            }
        });
        // A full queue means that this screen stopped drawing; its state is asked for anew when it draws again.
        Rc::new(handle.on_message(move |frame| {
            let _full_or_gone = sender.borrow_mut().try_send(frame.clone());
        }))
    });
}

/// Ends a subscription when dropped.
#[must_use = "dropping it ends the subscription"]
pub struct Subscription {
    id: u64,
    inner: Rc<Inner>,
}

impl Drop for Subscription {
    fn drop(&mut self) {
        self.inner.listeners.borrow_mut().retain(|(id, _)| *id != self.id);
    }
}

impl fmt::Debug for Subscription {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Subscription").field("id", &self.id).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Default)]
    struct Recorded {
        posted: RefCell<Vec<ToOwner>>,
        files: RefCell<Vec<(u64, PictureFile)>>,
        restarts: Cell<u32>,
    }

    impl Link for Recorded {
        fn post(&self, frame: ToOwner) {
            self.posted.borrow_mut().push(frame);
        }
        fn post_file(&self, number: u64, file: PictureFile) {
            self.files.borrow_mut().push((number, file));
        }
        fn restart(&self) {
            self.restarts.set(self.restarts.get() + 1);
        }
    }

    fn linked() -> (Handle, Rc<Recorded>) {
        let (handle, link) = (Handle::unlinked(), Rc::new(Recorded::default()));
        handle.link(Rc::clone(&link) as Rc<dyn Link>);
        (handle, link)
    }

    #[test]
    fn a_request_travels_untouched() {
        let (handle, link) = linked();
        handle.send(r#"{"find":"zhang"}"#);
        assert_eq!(*link.posted.borrow(), [ToOwner::Request(r#"{"find":"zhang"}"#.into())]);
    }

    #[test]
    fn every_file_gets_a_number_of_its_own_and_travels_beside_the_texts() {
        let (handle, link) = linked();
        let numbers = [b"one", b"two"].map(|bytes| handle.attach(PictureFile::from_bytes(bytes.to_vec())));
        let files = link.files.borrow();
        assert_eq!(numbers, [files[0].0, files[1].0]);
        assert_ne!(numbers[0], numbers[1]);
        assert_eq!(files[1].1.get::<Vec<u8>>().unwrap(), b"two");
        assert!(link.posted.borrow().is_empty());
    }

    #[test]
    fn a_dropped_subscription_hears_nothing_more() {
        let (handle, _) = linked();
        let heard = Rc::new(Cell::new(0));
        let counter = Rc::clone(&heard);
        let subscription = handle.on_message(move |_| counter.set(counter.get() + 1));
        handle.deliver(&FromOwner::Message("{}".into()));
        drop(subscription);
        handle.deliver(&FromOwner::Message("{}".into()));
        assert_eq!(heard.get(), 1);
    }

    #[test]
    fn a_listener_may_subscribe_while_it_is_called() {
        let (handle, _) = linked();
        let kept = Rc::new(RefCell::new(Vec::new()));
        let (inner, store) = (handle.clone(), Rc::clone(&kept));
        let _outer = handle.on_message(move |_| store.borrow_mut().push(inner.on_message(|_| {})));
        handle.deliver(&FromOwner::Message("{}".into()));
        assert_eq!(kept.borrow().len(), 1);
    }

    #[test]
    fn taking_over_restarts_an_owner_that_has_gone_and_only_then() {
        for (ownership, restarts) in [
            (Ownership::Elsewhere, 0),
            (Ownership::TakenAway, 1),
            (Ownership::Stopped { place: "store.rs:1".into() }, 1),
        ] {
            let (handle, link) = linked();
            handle.deliver(&FromOwner::Ownership(ownership.clone()));
            handle.take_over();
            assert_eq!(link.restarts.get(), restarts, "{ownership:?}");
            assert_eq!(*link.posted.borrow(), [ToOwner::TakeOver], "{ownership:?}");
        }
    }

    #[test]
    fn frames_read_back_as_they_were_written() {
        let frames = [
            FromOwner::Message("{\"a\":1}".into()),
            FromOwner::Ownership(Ownership::Impossible(StorageProblem::NoFileSystem)),
            FromOwner::Refused("{}".into()),
        ];
        for frame in frames {
            let text = serde_json::to_string(&frame).unwrap();
            assert_eq!(serde_json::from_str::<FromOwner>(&text).unwrap(), frame);
        }
    }
}
