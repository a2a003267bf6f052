//! The draft in hand. Every change is kept on the device shortly after, when the page is left and when the screen is
//! left; what the core answers to that is the form's view: relevant questions, problems, effects, evidence.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use bianfang_device::message::{FormView, Reply, Request, SavedForm, Trouble};
use bianfang_shared::checklist::Checklist;
use bianfang_shared::form::{FormDraft, FormProblem};
use bianfang_shared::id::EntityId;
use bianfang_shared::observation::{Fix, ObservationKind, PhotoRef};
use dioxus::prelude::*;
use futures::StreamExt as _;
use futures::channel::mpsc;

use super::dwell::Dwell;
use super::fixes::note_fix;
use crate::app::{Core, use_core};
use crate::platform::{Page, Watch, use_platform};

/// How long changes are gathered before they are kept. Short enough that the next question appears as one looks for it.
const GATHER_MS: u32 = 120;
/// How often an untouched form in hand is looked at anew, since time in hand and the age of the place go on.
const LOOK_AGAIN_MS: u32 = 15_000;

/// Whether what was entered is on the device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kept {
    /// Nothing was entered yet.
    Nothing,
    /// It is being kept.
    Keeping,
    /// It is kept.
    Kept,
    /// It could not be kept.
    Failed(Trouble),
}

/// What the form shows and changes. Cheap to clone; all clones are one.
#[derive(Clone)]
pub struct Editor {
    inner: Rc<Inner>,
    /// The form as it stands, once opened.
    pub draft: Signal<Option<FormDraft>>,
    /// What the core said of it last.
    pub view: Signal<Option<Rc<FormView>>>,
    /// Why the form could not be opened.
    pub trouble: Signal<Option<Trouble>>,
    /// Whether what was entered is on the device.
    pub kept: Signal<Kept>,
}

// Apart from the signals, since it has to be read when the screen is left and they are gone.
struct Inner {
    kind: ObservationKind,
    subject: EntityId,
    core: Core,
    page: Rc<dyn Page>,
    draft: RefCell<Option<FormDraft>>,
    dwell: Cell<Dwell>,
    /// Whether the person did anything. A form opened by mistake leaves no draft behind.
    touched: Cell<bool>,
    /// Whether there is something that was not kept yet.
    dirty: Cell<bool>,
    /// Saved or thrown away: nothing is kept from here on, or the draft would come back.
    closed: Cell<bool>,
    /// Whether the screen was left, and its signals with it.
    left: Cell<bool>,
    wake: RefCell<mpsc::Sender<()>>,
}

impl Inner {
    /// The draft with the time in hand so far.
    fn stamped(&self) -> Option<FormDraft> {
        let mut draft = self.draft.borrow().clone()?;
        draft.dwell_ms = self.dwell.get().total_ms(self.page.monotonic_ms());
        Some(draft)
    }

    fn wake(&self) {
        // Refused only when one waits already, which is as good.
        let _ = self.wake.borrow_mut().try_send(());
    }

    /// Keeps what is there without waiting: the last thing done when the page or the screen is left.
    fn flush(&self) {
        if self.touched.get()
            && self.dirty.get()
            && !self.closed.get()
            && let Some(draft) = self.stamped()
        {
            self.dirty.set(false);
            self.core.tell(Request::KeepForm { draft: Box::new(draft) });
        }
    }

    fn turn(&self, visible: bool) {
        let mut dwell = self.dwell.get();
        dwell.turn(visible, self.page.monotonic_ms());
        self.dwell.set(dwell);
        if !visible {
            self.dirty.set(true);
            self.flush();
        }
    }
}

impl Editor {
    /// Changes the draft; it is kept shortly after.
    pub fn edit(&self, change: impl FnOnce(&mut FormDraft)) {
        self.inner.touched.set(true);
        self.change(change);
    }

    fn change(&self, change: impl FnOnce(&mut FormDraft)) {
        if let Some(draft) = self.inner.draft.borrow_mut().as_mut() {
            change(draft);
        }
        self.publish();
        self.inner.dirty.set(true);
        if self.inner.touched.get() {
            self.inner.wake();
        }
    }

    fn publish(&self) {
        let mut shown = self.draft;
        shown.set(self.inner.draft.borrow().clone());
    }

    /// Takes in a photograph that is durably on the device, also after the screen was left. Answers whether it is new.
    pub fn photographed(&self, photo: PhotoRef) -> bool {
        let same = |kept: &PhotoRef| kept.sha256 == photo.sha256 && kept.purpose == photo.purpose;
        match self.inner.draft.borrow_mut().as_mut() {
            Some(draft) if !draft.photos.iter().any(same) => draft.photos.push(photo),
            _ => return false,
        }
        self.inner.touched.set(true);
        self.inner.dirty.set(true);
        if self.inner.left.get() {
            self.inner.flush();
        } else {
            self.publish();
            self.inner.wake();
        }
        true
    }

    /// Takes a photograph out of the form.
    pub fn drop_photo(&self, purpose: &str, sha256: &str) {
        self.edit(|draft| draft.photos.retain(|photo| photo.purpose != purpose || photo.sha256 != sha256));
    }

    /// Takes in a measured place.
    pub fn measured(&self, fix: Fix) {
        let says_more = match self.inner.draft.borrow_mut().as_mut() {
            Some(draft) => note_fix(&mut draft.fixes, fix),
            None => false,
        };
        if says_more {
            self.change(|_| ());
        }
    }

    /// Keeps the form as it is now and answers the first thing that is missing or wrong.
    pub async fn first_problem(&self) -> Option<FormProblem> {
        self.keep().await;
        let view = self.view.peek().clone()?;
        view.problems.first().cloned()
    }

    /// Saves the visit, durably on this device.
    ///
    /// # Errors
    /// What the core says; the form stays as it is then.
    pub async fn save(&self, newest: Option<Fix>) -> Result<SavedForm, Trouble> {
        if let (Some(fix), Some(draft)) = (newest, self.inner.draft.borrow_mut().as_mut()) {
            note_fix(&mut draft.fixes, fix);
        }
        let Some(draft) = self.inner.stamped() else { return Err(no_form()) };
        self.inner.closed.set(true);
        let answer = self.inner.core.ask(Request::SaveForm { draft: Box::new(draft) }).await;
        match answer {
            Ok(Reply::Saved(saved)) => Ok(saved),
            Ok(_) => Err(self.reopen(no_form())),
            Err(trouble) => Err(self.reopen(trouble)),
        }
    }

    fn reopen(&self, trouble: Trouble) -> Trouble {
        self.inner.closed.set(false);
        self.inner.wake();
        trouble
    }

    /// Throws the draft away.
    ///
    /// # Errors
    /// What the core says; the form stays as it is then.
    pub async fn drop_draft(&self) -> Result<(), Trouble> {
        self.inner.closed.set(true);
        let (kind, subject) = (self.inner.kind, self.inner.subject);
        let answer = self.inner.core.ask(Request::DropForm { kind, subject }).await;
        answer.map(drop).map_err(|trouble| self.reopen(trouble))
    }

    async fn open(self) {
        let (kind, subject) = (self.inner.kind, self.inner.subject);
        let (mut view, mut trouble) = (self.view, self.trouble);
        match self.inner.core.ask(Request::OpenForm { kind, subject }).await {
            Ok(Reply::Form(opened)) => {
                let (page, draft) = (&self.inner.page, opened.draft.clone());
                self.inner.dwell.set(Dwell::resumed(draft.dwell_ms, page.monotonic_ms(), page.is_visible()));
                self.inner.touched.set(is_begun(&draft));
                *self.inner.draft.borrow_mut() = Some(draft);
                self.publish();
                view.set(Some(Rc::from(opened)));
                trouble.set(None);
            }
            Ok(_) => trouble.set(Some(no_form())),
            Err(said) => trouble.set(Some(said)),
        }
    }

    /// Opens the form once more after a trouble.
    pub fn open_again(&self) {
        spawn(self.clone().open());
    }

    async fn keep(&self) {
        if self.inner.closed.get() || !self.inner.touched.get() {
            return;
        }
        let Some(draft) = self.inner.stamped() else { return };
        let (mut kept, mut view) = (self.kept, self.view);
        self.inner.dirty.set(false);
        kept.set(Kept::Keeping);
        match self.inner.core.ask(Request::KeepForm { draft: Box::new(draft) }).await {
            Ok(Reply::Form(seen)) => {
                view.set(Some(Rc::from(seen)));
                kept.set(Kept::Kept);
            }
            Ok(_) => kept.set(Kept::Failed(no_form())),
            Err(trouble) => {
                self.inner.dirty.set(true);
                kept.set(Kept::Failed(trouble));
            }
        }
    }
}

impl PartialEq for Editor {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.inner, &other.inner)
    }
}

impl std::fmt::Debug for Editor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Editor").field("subject", &self.inner.subject).finish_non_exhaustive()
    }
}

/// Whether a person did anything to the form. A kind with one outcome has it from the start.
fn is_begun(draft: &FormDraft) -> bool {
    let chosen = draft.outcome != Checklist::of(draft.kind).only_outcome();
    chosen || !draft.answers.is_empty() || !draft.photos.is_empty() || !draft.note.is_empty()
}

fn no_form() -> Trouble {
    Trouble { code: "not_now".to_owned(), detail: String::new(), may_retry: true }
}

/// Opens a form for as long as the calling component is shown.
#[must_use]
pub fn use_editor(kind: ObservationKind, subject: EntityId) -> Editor {
    let (core, page) = (use_core(), use_platform().page);
    let (draft, view, trouble) = (use_signal(|| None), use_signal(|| None), use_signal(|| None));
    let kept = use_signal(|| Kept::Nothing);
    let editor = use_hook(|| {
        let (wake, woken) = mpsc::channel(1);
        let inner = Rc::new(Inner {
            kind,
            subject,
            core,
            dwell: Cell::new(Dwell::resumed(0, page.monotonic_ms(), page.is_visible())),
            page,
            draft: RefCell::new(None),
            touched: Cell::new(false),
            dirty: Cell::new(false),
            closed: Cell::new(false),
            left: Cell::new(false),
            wake: RefCell::new(wake),
        });
        let editor = Editor { inner, draft, view, trouble, kept };
        spawn(editor.clone().open());
        spawn(keeping(editor.clone(), woken));
        spawn(looking_again(editor.clone()));
        editor
    });
    use_hook(|| {
        let inner = Rc::clone(&editor.inner);
        let watched: Watch = editor.inner.page.watch_visible(Rc::new(move |visible| inner.turn(visible)));
        Rc::new(watched)
    });
    let leaving = Rc::clone(&editor.inner);
    use_drop(move || {
        leaving.left.set(true);
        leaving.flush();
    });
    editor
}

async fn keeping(editor: Editor, mut woken: mpsc::Receiver<()>) {
    while woken.next().await.is_some() {
        editor.inner.page.sleep(GATHER_MS).await;
        editor.keep().await;
    }
}

async fn looking_again(editor: Editor) {
    loop {
        editor.inner.page.sleep(LOOK_AGAIN_MS).await;
        if editor.inner.page.is_visible() {
            editor.inner.wake();
        }
    }
}
