//! What the form promises: nothing entered is lost, nothing saved comes back, nothing counts that was not in hand.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use bianfang_device::message::Request;
use bianfang_shared::form::FormDraft;
use bianfang_shared::id::EntityId;
use bianfang_shared::observation::{ObservationKind, Outcome};
use dioxus::prelude::*;
use futures::FutureExt as _;
use futures::future::{LocalBoxFuture, pending, ready};

use super::*;
use crate::app::{Core, Transport};
use crate::bridge::PictureFile;
use crate::photos::{Gather, NewPicture, Origin, use_gather};
use crate::platform::{Page, Platform, StorageUse, Watch, inert};
use crate::sample::{MemoryTransport, Mood, NOW_MS};

type Watcher = Rc<dyn Fn(bool)>;

/// A page whose clock and visibility the test moves. Short waits are over at once; long ones never end.
#[derive(Default)]
struct TestPage {
    clock_ms: Cell<u64>,
    visible: Cell<bool>,
    watcher: RefCell<Option<Watcher>>,
}

impl TestPage {
    fn turn(&self, visible: bool) {
        self.visible.set(visible);
        let watcher = self.watcher.borrow().clone();
        watcher.unwrap()(visible);
    }
}

const LONG_MS: u32 = 1_000;

impl Page for TestPage {
    fn wall_ms(&self) -> i64 {
        NOW_MS
    }
    fn monotonic_ms(&self) -> u64 {
        self.clock_ms.get()
    }
    fn sleep(&self, delay_ms: u32) -> LocalBoxFuture<'static, ()> {
        if delay_ms < LONG_MS { ready(()).boxed_local() } else { pending().boxed_local() }
    }
    fn is_visible(&self) -> bool {
        self.visible.get()
    }
    fn watch_visible(&self, on_change: Rc<dyn Fn(bool)>) -> Watch {
        *self.watcher.borrow_mut() = Some(on_change);
        Watch::new(())
    }
    fn is_online(&self) -> bool {
        false
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

/// Where the form of the test lies; the screen is shown while `open`.
#[derive(Clone, Default)]
struct Held {
    editor: Rc<RefCell<Option<Editor>>>,
    gather: Rc<RefCell<Option<Gather>>>,
}

#[component]
fn Screen() -> Element {
    let mut open = use_context_provider(|| Signal::new(true));
    use_hook(|| *consume_context::<Closer>().0.borrow_mut() = Some(open));
    let _ = &mut open;
    rsx! {
        if open() {
            Form {}
        }
    }
}

#[derive(Clone, Default)]
struct Closer(Rc<RefCell<Option<Signal<bool>>>>);

#[component]
fn Form() -> Element {
    let held: Held = use_context();
    let editor = use_editor(ObservationKind::Visit, EntityId::from_bytes([1; 16]));
    let keeping = editor.clone();
    let gather = use_gather(EntityId::from_bytes([1; 16]), move |photo| keeping.photographed(photo));
    *held.editor.borrow_mut() = Some(editor);
    *held.gather.borrow_mut() = Some(gather);
    rsx! {}
}

struct Desk {
    screens: VirtualDom,
    page: Rc<TestPage>,
    transport: Rc<MemoryTransport>,
    held: Held,
    closer: Closer,
}

impl Desk {
    fn open(mood: Mood) -> Self {
        let page = Rc::new(TestPage::default());
        page.visible.set(true);
        let transport = Rc::new(MemoryTransport::new(mood));
        let core = Core::new(Rc::clone(&transport) as Rc<dyn Transport>, |_| ());
        let (held, closer) = (Held::default(), Closer::default());
        let platform = Platform { page: Rc::clone(&page) as Rc<dyn Page>, ..inert() };
        let screens = VirtualDom::new(Screen)
            .with_root_context(platform)
            .with_root_context(core)
            .with_root_context(held.clone())
            .with_root_context(closer.clone());
        let mut desk = Self { screens, page, transport, held, closer };
        desk.screens.rebuild_in_place();
        desk.settle();
        desk
    }

    fn settle(&mut self) {
        while self.screens.wait_for_work().now_or_never().is_some() {
            self.screens.render_immediate(&mut dioxus::core::NoOpMutations);
        }
    }

    fn with_editor<T>(&mut self, act: impl FnOnce(&Editor) -> T) -> T {
        let editor = self.held.editor.borrow().clone().unwrap();
        let answer = self.screens.in_runtime(|| act(&editor));
        self.settle();
        answer
    }

    fn shoot(&mut self) {
        let gather = self.held.gather.borrow().clone().unwrap();
        let origin = Origin::Camera { file: PictureFile::from_bytes(vec![0xff]), at_ms: NOW_MS, place: None };
        self.screens.in_runtime(|| gather.add(NewPicture { purpose: "photo_whole".to_owned(), origin }));
        // The screen lets go of it when it goes, and so must the test.
        drop(gather);
        self.settle();
    }

    fn edit(&mut self, change: impl FnOnce(&mut FormDraft)) {
        self.with_editor(|editor| editor.edit(change));
    }

    fn leave(&mut self) {
        let mut open = self.closer.0.borrow().unwrap();
        self.screens.in_runtime(|| open.set(false));
        self.settle();
    }

    fn save(&mut self) {
        self.with_editor(|editor| editor.save(None).now_or_never()).unwrap().unwrap();
    }

    fn kept(&self) -> Vec<FormDraft> {
        let asked = self.transport.asked().into_iter();
        asked
            .filter_map(|request| match request {
                Request::KeepForm { draft } => Some(*draft),
                _ => None,
            })
            .collect()
    }
}

#[test]
fn every_change_is_kept_on_the_device() {
    let mut desk = Desk::open(Mood::Cadre);
    desk.edit(|draft| draft.outcome = Some(Outcome::AtHome));
    desk.edit(|draft| draft.met = "户主".to_owned());
    let last = desk.kept().pop().unwrap();
    assert_eq!((last.outcome, last.met.as_str()), (Some(Outcome::AtHome), "户主"));
}

#[test]
fn a_form_opened_by_mistake_leaves_no_draft() {
    let mut desk = Desk::open(Mood::Cadre);
    desk.page.turn(false);
    desk.leave();
    assert_eq!(desk.kept(), []);
}

#[test]
fn what_was_entered_is_kept_when_the_page_is_left() {
    let mut desk = Desk::open(Mood::Cadre);
    desk.edit(|draft| draft.outcome = Some(Outcome::AtHome));
    let before = desk.kept().len();
    desk.page.clock_ms.set(45_000);
    desk.page.turn(false);
    let kept = desk.kept();
    assert_eq!(kept.len(), before + 1);
    assert_eq!(kept.last().unwrap().dwell_ms, 45_000);
}

#[test]
fn a_change_made_just_before_the_screen_is_left_is_kept() {
    let mut desk = Desk::open(Mood::Cadre);
    let editor = desk.held.editor.borrow().clone().unwrap();
    // Left before the change could be gathered.
    desk.screens.in_runtime(|| editor.edit(|draft| draft.note = "最后一句".to_owned()));
    desk.leave();
    assert_eq!(desk.kept().pop().unwrap().note, "最后一句");
}

#[test]
fn time_behind_another_window_does_not_count() {
    let mut desk = Desk::open(Mood::Cadre);
    desk.page.clock_ms.set(10_000);
    desk.page.turn(false);
    desk.page.clock_ms.set(600_000);
    desk.page.turn(true);
    desk.page.clock_ms.set(605_000);
    desk.edit(|draft| draft.outcome = Some(Outcome::AtHome));
    assert_eq!(desk.kept().pop().unwrap().dwell_ms, 15_000);
}

#[test]
fn a_saved_visit_never_comes_back_as_a_draft() {
    let mut desk = Desk::open(Mood::Cadre);
    desk.edit(|draft| draft.outcome = Some(Outcome::AtHome));
    desk.save();
    let before = desk.kept().len();
    desk.page.turn(false);
    desk.leave();
    assert_eq!(desk.kept().len(), before);
}

#[test]
fn a_form_that_could_not_be_saved_is_still_in_hand() {
    let mut desk = Desk::open(Mood::Cadre);
    desk.edit(|draft| draft.outcome = Some(Outcome::AtHome));
    desk.transport.set_mood(Mood::Broken);
    let answer = desk.with_editor(|editor| editor.save(None).now_or_never()).unwrap();
    assert_eq!(answer.unwrap_err().code, "storage_broken");
    desk.transport.set_mood(Mood::Cadre);
    desk.edit(|draft| draft.note = "再试".to_owned());
    let last = desk.kept().pop().unwrap();
    assert_eq!((last.outcome, last.note.as_str()), (Some(Outcome::AtHome), "再试"));
}

#[test]
fn a_photograph_is_in_the_draft_once_it_is_on_the_device() {
    let mut desk = Desk::open(Mood::Cadre);
    desk.shoot();
    let photos = desk.kept().pop().unwrap().photos;
    assert_eq!(photos.iter().map(|photo| photo.purpose.as_str()).collect::<Vec<_>>(), ["photo_whole"]);
}

#[test]
fn a_photograph_that_is_kept_after_the_screen_was_left_is_in_the_draft_all_the_same() {
    let mut desk = Desk::open(Mood::Cadre);
    desk.transport.set_mood(Mood::Silent);
    desk.shoot();
    desk.leave();
    assert_eq!(desk.kept(), []);
    desk.transport.catch_up(Mood::Cadre);
    desk.settle();
    assert_eq!(desk.kept().pop().unwrap().photos.len(), 1);
}

#[test]
fn a_photograph_that_is_kept_after_the_form_was_saved_brings_no_draft_back() {
    let mut desk = Desk::open(Mood::Cadre);
    desk.edit(|draft| draft.outcome = Some(Outcome::AtHome));
    desk.transport.set_mood(Mood::Silent);
    desk.shoot();
    let editor = desk.held.editor.borrow().clone().unwrap();
    let mut saving = Box::pin(async move { editor.save(None).await });
    desk.screens.in_runtime(|| assert!(saving.as_mut().now_or_never().is_none()));
    let before = desk.kept().len();
    desk.transport.catch_up(Mood::Cadre);
    desk.settle();
    desk.leave();
    assert_eq!(desk.kept().len(), before);
}
