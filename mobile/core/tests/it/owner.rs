//! The loop around the device, as the native thread and the browser's worker run it.

use crate::centre::{PASSWORD, Shared};
use crate::world::township;
use bianfang_device::core::Device;
use bianfang_device::message::{Envelope, Message, News, Reply, Request, SyncPhase};
use bianfang_device::owner::serve;
use bianfang_device::platform::memory::{Loopback, ManualClock, platform};
use bianfang_device::platform::{Http, HttpError, HttpRequest, HttpResponse};
use bianfang_device::store::{Disk, Location};
use bianfang_device::sync::ANSWER_MS_MAX;
use futures::FutureExt as _;
use futures::channel::mpsc;
use futures::executor::LocalPool;
use futures::future::LocalBoxFuture;
use futures::task::LocalSpawnExt as _;
use std::cell::{Cell, RefCell};
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
        let device = Device::open(Location::Memory(Disk::new()), platform(&clock, 1)).unwrap();
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
