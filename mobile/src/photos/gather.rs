//! Pictures on their way onto the device, one after the other. A picture that was taken is kept and told of also when
//! the screen is left meanwhile.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use bianfang_device::message::{KeptPhoto, Reply, Request, TakenPhoto, Trouble};
use bianfang_shared::id::EntityId;
use bianfang_shared::observation::{Fix, PhotoRef, PhotoSource};
use bianfang_shared::photo::PhotoProblem;
use dioxus::core::spawn_forever;
use dioxus::html::FileData;
use dioxus::prelude::*;
use futures::StreamExt as _;
use futures::channel::mpsc;

use crate::app::{Core, use_core};
use crate::bridge::PictureFile;
use crate::platform::{Platform, use_platform};

/// Pictures that may wait to be kept. One more is refused with a word.
pub const WAITING_MAX: usize = 12;

/// A picture just taken or chosen.
#[derive(Debug, Clone)]
pub struct NewPicture {
    /// The question that asks for it; or `before`, `after` of a problem.
    pub purpose: String,
    /// Where it is from.
    pub origin: Origin,
}

/// Where a picture is from.
#[derive(Debug, Clone)]
pub enum Origin {
    /// The camera in the app.
    Camera {
        /// The still.
        file: PictureFile,
        /// When, by the phone's wall clock.
        at_ms: i64,
        /// Where, if known.
        place: Option<Fix>,
    },
    /// The phone's files.
    Gallery(FileData),
}

impl Origin {
    fn name(&self) -> String {
        match self {
            Self::Camera { .. } => String::new(),
            Self::Gallery(file) => file.name(),
        }
    }
}

/// A picture on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    number: u64,
    /// What it is for.
    pub purpose: String,
}

/// A file that was not kept. Nothing else is touched by it.
#[derive(Debug, Clone, PartialEq)]
pub struct Refused {
    /// Tells it from the others.
    pub number: u64,
    /// What it was for.
    pub purpose: String,
    /// Its name; blank for one just taken.
    pub name: String,
    /// Why.
    pub why: WhyRefused,
}

/// Why a file was not kept.
#[derive(Debug, Clone, PartialEq)]
pub enum WhyRefused {
    /// It is no photograph that can be kept.
    Problem(PhotoProblem),
    /// The device could not.
    Trouble(Trouble),
    /// It could not be read.
    Unreadable,
    /// There are as many as there may be.
    Full {
        /// How many.
        max: usize,
    },
    /// The same picture is there already.
    Twice,
}

/// What is called with every picture that is durably on the device. Answers whether it was new there.
type OnKept = Rc<dyn Fn(PhotoRef) -> bool>;

/// Pictures being gathered for a form, a step or a new entry. Cheap to clone; all clones are one.
#[derive(Clone)]
pub struct Gather {
    // Not in the worker, which ends when the last screen that could add something is gone and the queue is empty.
    queue: Rc<RefCell<mpsc::Sender<Job>>>,
    worker: Rc<Worker>,
    /// Those on their way.
    pub waiting: Signal<Vec<Waiting>>,
    /// Those that were not kept.
    pub refused: Signal<Vec<Refused>>,
    /// What was said of those kept, by hash: their small pictures, and what they look like.
    pub kept: Signal<BTreeMap<String, KeptPhoto>>,
}

struct Job {
    number: u64,
    picture: NewPicture,
}

impl Gather {
    /// Takes in a picture. It is on its way from here on, whatever becomes of the screen.
    pub fn add(&self, picture: NewPicture) {
        let number = self.worker.number();
        let (purpose, name) = (picture.purpose.clone(), picture.origin.name());
        let queued = self.queue.borrow_mut().try_send(Job { number, picture });
        if queued.is_err() {
            let why = WhyRefused::Full { max: WAITING_MAX };
            return self.worker.refuse(Refused { number, purpose, name, why });
        }
        let mut waiting = self.waiting;
        waiting.write().push(Waiting { number, purpose });
    }

    /// Says of a file that it was not even tried, since there are enough.
    pub fn too_many(&self, purpose: &str, name: String, max: usize) {
        let (number, purpose) = (self.worker.number(), purpose.to_owned());
        self.worker.refuse(Refused { number, purpose, name, why: WhyRefused::Full { max } });
    }

    /// Takes a word away that was read.
    pub fn forget(&self, number: u64) {
        let mut refused = self.refused;
        refused.write().retain(|one| one.number != number);
    }

    /// How many are on their way for a purpose.
    #[must_use]
    pub fn waiting_for(&self, purpose: &str) -> usize {
        self.waiting.read().iter().filter(|one| one.purpose == purpose).count()
    }
}

impl PartialEq for Gather {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.worker, &other.worker)
    }
}

impl std::fmt::Debug for Gather {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Gather").field("subject", &self.worker.subject).finish_non_exhaustive()
    }
}

/// Gathers pictures of `subject`; `on_kept` is called with each that is durably on the device, also after the screen is
/// left, and answers whether it is a new one.
#[must_use]
pub fn use_gather(subject: EntityId, on_kept: impl Fn(PhotoRef) -> bool + 'static) -> Gather {
    let (core, platform) = (use_core(), use_platform());
    let (waiting, refused, kept) = (use_signal(Vec::new), use_signal(Vec::new), use_signal(BTreeMap::new));
    use_hook(|| {
        let (queue, jobs) = mpsc::channel(WAITING_MAX);
        let on_kept: OnKept = Rc::new(on_kept);
        let worker =
            Rc::new(Worker { subject, core, platform, on_kept, next: Cell::new(0), waiting, refused, kept });
        // Beyond the screen's life: what was taken is kept, and the draft told of it.
        spawn_forever(work(Rc::clone(&worker), jobs));
        Gather { queue: Rc::new(RefCell::new(queue)), worker, waiting, refused, kept }
    })
}

struct Worker {
    subject: EntityId,
    core: Core,
    platform: Platform,
    on_kept: OnKept,
    next: Cell<u64>,
    waiting: Signal<Vec<Waiting>>,
    refused: Signal<Vec<Refused>>,
    kept: Signal<BTreeMap<String, KeptPhoto>>,
}

async fn work(worker: Rc<Worker>, mut jobs: mpsc::Receiver<Job>) {
    // One at a time: decoding a picture takes as much memory as a phone has to spare.
    while let Some(job) = jobs.next().await {
        worker.keep(job).await;
    }
}

impl Worker {
    fn number(&self) -> u64 {
        self.next.set(self.next.get() + 1);
        self.next.get()
    }

    async fn keep(&self, Job { number, picture }: Job) {
        let (purpose, name) = (picture.purpose.clone(), picture.origin.name());
        let why = match self.try_keep(picture).await {
            Ok(kept) => {
                let new = (self.on_kept)(kept.photo.clone());
                change(self.kept, |all| drop(all.insert(kept.photo.sha256.clone(), kept)));
                (!new).then_some(WhyRefused::Twice)
            }
            Err(why) => Some(why),
        };
        if let Some(why) = why {
            self.refuse(Refused { number, purpose, name, why });
        }
        change(self.waiting, |all| all.retain(|one| one.number != number));
    }

    async fn try_keep(&self, picture: NewPicture) -> Result<KeptPhoto, WhyRefused> {
        let (platform, purpose, subject) = (&self.platform, picture.purpose, self.subject);
        let (source, file, taken_at_ms, place) = match picture.origin {
            Origin::Camera { file, at_ms, place } => (PhotoSource::Camera, file, Some(at_ms), place),
            Origin::Gallery(file) => {
                let file = platform.camera.chosen(file).await.ok_or(WhyRefused::Unreadable)?;
                (PhotoSource::Gallery, file, None, None)
            }
        };
        let file = Some(platform.handle.attach(file));
        let taken = TakenPhoto { source, purpose, subject, taken_at_ms, place, bytes: Vec::new(), file };
        match self.core.ask(Request::KeepPhoto { taken }).await {
            Ok(Reply::Photo(kept)) => Ok(*kept),
            Ok(Reply::PhotoRefused(problem)) => Err(WhyRefused::Problem(problem)),
            Ok(_) => Err(WhyRefused::Unreadable),
            Err(trouble) => Err(WhyRefused::Trouble(trouble)),
        }
    }

    fn refuse(&self, refused: Refused) {
        change(self.refused, |all| all.push(refused));
    }
}

/// Changes what is shown, if it still is: the signals go with the screen, the work goes on.
fn change<T: 'static>(mut shown: Signal<T>, how: impl FnOnce(&mut T)) {
    if let Ok(mut shown) = shown.try_write() {
        how(&mut shown);
    }
}
