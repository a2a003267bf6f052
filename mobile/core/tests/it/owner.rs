//! The loop around the device, as the native thread and the browser's worker run it.

use crate::centre::{PASSWORD, Shared};
use crate::world::{machine, picture, township};
use bianfang_device::core::Device;
use bianfang_device::message::{Envelope, Message, News, Reply, Request, SyncPhase, TakenPhoto};
use bianfang_device::owner::serve;
use bianfang_device::platform::memory::{Loopback, ManualClock, ManualRoom, platform};
use bianfang_device::platform::{Http, HttpError, HttpRequest, HttpResponse};
use bianfang_device::platform::{PictureError, PictureFile, Pictures, Platform};
use bianfang_device::store::{Disk, Location};
use bianfang_device::sync::ANSWER_MS_MAX;
use bianfang_shared::observation::PhotoSource;
use bianfang_shared::photo::Prepared;
use futures::FutureExt as _;
use futures::channel::{mpsc, oneshot};
use futures::executor::LocalPool;
use futures::future::LocalBoxFuture;
use futures::task::LocalSpawnExt as _;
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

struct Running {
    pool: LocalPool,
    clock: ManualClock,
    questions: mpsc::Sender<Envelope>,
    told: Rc<RefCell<Vec<Message>>>,
}

impl Running {
    fn start(centre: &Shared, http: Rc<dyn Http>) -> Self {
        let clock = ManualClock::at(centre.borrow().now_ms);
        let machine = platform(&clock, 1);
        Self::on(clock, machine, http)
    }

    fn on(clock: ManualClock, machine: Platform, http: Rc<dyn Http>) -> Self {
        let device = Device::open(Location::Memory(Disk::new()), machine).unwrap();
        let (questions, inbox) = mpsc::channel(8);
        let told = Rc::new(RefCell::new(Vec::new()));
        let pool = LocalPool::new();
        let into = Rc::clone(&told);
        let serving = serve(device, http, inbox, move |message| into.borrow_mut().push(message));
        pool.spawner().spawn_local(serving).unwrap();
        Self { pool, clock, questions, told }
    }

    fn ask(&mut self, id: u64, request: Request) {
        self.questions.try_send(Envelope { id, request }).unwrap();
        self.pool.run_until_stalled();
    }

    fn sign_in(&mut self) {
        self.ask(1, Request::SignIn { user: "cadre".into(), password: PASSWORD.into() });
    }

    fn answers(&self) -> Vec<u64> {
        let told = self.told.borrow();
        told.iter()
            .filter_map(|message| match message {
                Message::Answer { id, .. } => Some(*id),
                Message::News(_) => None,
            })
            .collect()
    }

    fn phases(&self) -> Vec<SyncPhase> {
        let told = self.told.borrow();
        let mut phases: Vec<SyncPhase> = told
            .iter()
            .filter_map(|message| match message {
                Message::News(News::Sync { state }) => Some(state.phase),
                _ => None,
            })
            .collect();
        phases.dedup();
        phases
    }
}

fn loopback(centre: &Shared) -> Rc<dyn Http> {
    let centre = centre.clone();
    Rc::new(Loopback::new(move |request| centre.borrow_mut().answer(request)))
}

#[test]
fn it_answers_signs_in_exchanges_by_itself_and_ends_with_its_last_asker() {
    let (centre, _, [household, ..]) = township();
    let mut running = Running::start(&centre, loopback(&centre));
    running.sign_in();
    running.ask(
        2,
        Request::Households { text: "wang".into(), scope: None, in_conflict: false, here: None, skip: 0 },
    );
    assert_eq!(running.answers(), [1, 2]);
    assert!(running.phases().contains(&SyncPhase::Pulling));
    match running.told.borrow().last() {
        Some(Message::Answer { result: Ok(Reply::Households(found)), .. }) => {
            assert_eq!(found.rows[0].id, household)
        }
        other => panic!("{other:?}"),
    }
    let before = centre.borrow().requests.len();
    running.clock.advance(61_000);
    running.pool.run_until_stalled();
    assert!(centre.borrow().requests.len() > before, "it looks again after a rest");
    drop(running.questions);
    running.pool.run();
}

/// A network that swallows the first requests of the exchange for ever.
struct Silent {
    swallows: Cell<u32>,
    inner: Rc<dyn Http>,
}

impl Http for Silent {
    fn send(&self, request: HttpRequest) -> LocalBoxFuture<'static, Result<HttpResponse, HttpError>> {
        if request.path.starts_with("/api/v1/login") || self.swallows.get() == 0 {
            return self.inner.send(request);
        }
        self.swallows.set(self.swallows.get() - 1);
        futures::future::pending().boxed_local()
    }
}

#[test]
fn a_request_that_is_never_answered_does_not_stop_it() {
    let (centre, ..) = township();
    let http = Silent { swallows: Cell::new(1), inner: loopback(&centre) };
    let mut running = Running::start(&centre, Rc::new(http));
    running.sign_in();
    running.ask(2, Request::Status);
    assert_eq!(running.answers(), [1, 2], "questions are answered meanwhile");
    for _ in 0..3 {
        running.clock.advance(ANSWER_MS_MAX);
        running.pool.run_until_stalled();
    }
    running.ask(3, Request::Status);
    match running.told.borrow().last() {
        Some(Message::Answer { result: Ok(Reply::Status(status)), .. }) => assert_eq!(status.households, 3),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_question_for_the_centre_without_a_signal_says_offline() {
    let (centre, ..) = township();
    let mut running = Running::start(&centre, Rc::new(Loopback::dead()));
    running.sign_in();
    match running.told.borrow().last() {
        Some(Message::Answer { id: 1, result: Err(trouble) }) => {
            assert_eq!((trouble.code.as_str(), trouble.may_retry), ("offline", true));
        }
        other => panic!("{other:?}"),
    }
}

/// Picture work that is done when it is told to be, by the machine of the other tests.
struct Slow {
    machine: Platform,
    waiting: Rc<RefCell<VecDeque<oneshot::Sender<()>>>>,
}

impl Pictures for Slow {
    fn prepare(&self, file: PictureFile) -> LocalBoxFuture<'static, Result<Prepared, PictureError>> {
        let (done, when) = oneshot::channel();
        self.waiting.borrow_mut().push_back(done);
        let prepared = self.machine.pictures.prepare(file);
        async move {
            when.await.unwrap();
            prepared.await
        }
        .boxed_local()
    }
}

#[test]
fn questions_are_answered_while_a_picture_is_worked_on_and_pictures_wait_for_each_other() {
    let (centre, _, [household, ..]) = township();
    let clock = ManualClock::at(centre.borrow().now_ms);
    let room = ManualRoom::default();
    let waiting = Rc::new(RefCell::new(VecDeque::new()));
    let slow = Slow { machine: machine(&clock, &room, 2), waiting: Rc::clone(&waiting) };
    let machine = Platform { pictures: Rc::new(slow), ..machine(&clock, &room, 1) };
    let mut running = Running::on(clock, machine, loopback(&centre));
    running.sign_in();
    let keep = |number: u8| Request::KeepPhoto {
        taken: TakenPhoto {
            source: PhotoSource::Camera,
            purpose: "overall".into(),
            subject: household,
            taken_at_ms: None,
            place: None,
            bytes: picture(number, number, 100),
            file: None,
        },
    };
    for number in 0..20u8 {
        running.ask(10 + u64::from(number), keep(number + 1));
    }
    running.ask(2, Request::Status);
    let at_once = running.answers();
    assert_eq!(at_once, [1, 27, 28, 29, 2], "one is worked on, sixteen wait, the rest are told so");
    assert_eq!(waiting.borrow().len(), 1, "one at a time");
    for _ in 0..17 {
        waiting.borrow_mut().pop_front().unwrap().send(()).unwrap();
        running.pool.run_until_stalled();
    }
    let answers = running.answers();
    assert_eq!(answers[5..], (10..27).collect::<Vec<u64>>(), "in the order asked");
    let told = running.told.borrow();
    let kept =
        told.iter().filter(|message| matches!(message, Message::Answer { result: Ok(Reply::Photo(_)), .. }));
    assert_eq!(kept.count(), 17);
}
