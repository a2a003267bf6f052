//! The screens' way to the device core: a question, its answer, and news. Knows neither workers nor threads; those
//! are behind [`Transport`].

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::fmt;
use std::rc::Rc;

use bianfang_device::message::{Envelope, Message, News, Reply, Request, Trouble};
use futures::channel::oneshot;

/// What comes from the other side.
#[derive(Debug, Clone)]
pub enum Heard {
    /// An answer or news.
    Message(Box<Message>),
    /// The question of this number was not taken: too many were waiting.
    Refused(u64),
    /// The other side has gone; what was asked will not be answered.
    Gone,
}

/// What is called with everything heard.
pub type Ear = Rc<dyn Fn(Heard)>;

/// Carries questions to a device core.
pub trait Transport {
    /// Hands over a question. Never blocks.
    fn send(&self, envelope: Envelope);
    /// Calls `ear` with everything that comes, until what is returned is dropped.
    fn listen(&self, ear: Ear) -> Box<dyn Any>;
}

/// An answer, or why there is none.
pub type Answer = Result<Reply, Trouble>;

/// The device core as the screens see it. Cheap to clone; all clones are one.
#[derive(Clone)]
pub struct Core {
    inner: Rc<Inner>,
}

struct Inner {
    transport: Rc<dyn Transport>,
    open: RefCell<BTreeMap<u64, oneshot::Sender<Answer>>>,
    next: Cell<u64>,
    listening: RefCell<Option<Box<dyn Any>>>,
}

impl Core {
    /// A core behind `transport`; `on_news` is called with what nobody asked for.
    #[must_use]
    pub fn new(transport: Rc<dyn Transport>, on_news: impl Fn(News) + 'static) -> Self {
        let inner = Rc::new(Inner {
            transport,
            open: RefCell::default(),
            next: Cell::new(1),
            listening: RefCell::new(None),
        });
        let ear = {
            // Weak, since the transport holds the ear and would otherwise hold itself.
            let inner = Rc::downgrade(&inner);
            move |heard| {
                if let Some(inner) = inner.upgrade() {
                    inner.hear(heard, &on_news);
                }
            }
        };
        let guard = inner.transport.listen(Rc::new(ear));
        *inner.listening.borrow_mut() = Some(guard);
        Self { inner }
    }

    /// Asks and waits for the answer.
    ///
    /// # Errors
    /// What the core says, or `not_now` when it has gone or has too much to do.
    pub async fn ask(&self, request: Request) -> Answer {
        let (sender, receiver) = oneshot::channel();
        let id = self.number();
        self.inner.open.borrow_mut().insert(id, sender);
        self.inner.transport.send(Envelope { id, request });
        receiver.await.unwrap_or_else(|_gone| Err(not_now()))
    }

    /// Says something whose answer nobody waits for, as when a screen is left.
    pub fn tell(&self, request: Request) {
        self.inner.transport.send(Envelope { id: self.number(), request });
    }

    fn number(&self) -> u64 {
        let id = self.inner.next.get();
        self.inner.next.set(id + 1);
        id
    }
}

impl Inner {
    fn hear(&self, heard: Heard, on_news: &impl Fn(News)) {
        match heard {
            Heard::Message(message) => match *message {
                Message::Answer { id, result } => self.answer(id, result),
                Message::News(news) => on_news(news),
            },
            Heard::Refused(id) => self.answer(id, Err(not_now())),
            Heard::Gone => {
                // Taken out first: whoever is woken may ask again.
                let open = std::mem::take(&mut *self.open.borrow_mut());
                drop(open);
            }
        }
    }

    fn answer(&self, id: u64, result: Answer) {
        let waiting = self.open.borrow_mut().remove(&id);
        // The screen that asked may have been left meanwhile.
        if let Some(sender) = waiting {
            let _ = sender.send(result);
        }
    }
}

fn not_now() -> Trouble {
    Trouble { code: "not_now".to_owned(), detail: String::new(), may_retry: true }
}

impl PartialEq for Core {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.inner, &other.inner)
    }
}

impl fmt::Debug for Core {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Core").field("open", &self.inner.open.borrow().len()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt as _;

    /// Keeps what is sent and lets the test speak for the other side.
    #[derive(Default)]
    struct Wire {
        sent: RefCell<Vec<Envelope>>,
        ear: RefCell<Option<Ear>>,
    }

    impl Wire {
        fn speak(&self, heard: Heard) {
            let ear = self.ear.borrow().clone().unwrap();
            ear(heard);
        }

        fn answer(&self, id: u64, result: Answer) {
            self.speak(Heard::Message(Box::new(Message::Answer { id, result })));
        }
    }

    impl Transport for Wire {
        fn send(&self, envelope: Envelope) {
            self.sent.borrow_mut().push(envelope);
        }
        fn listen(&self, ear: Ear) -> Box<dyn Any> {
            *self.ear.borrow_mut() = Some(ear);
            Box::new(())
        }
    }

    fn wired() -> (Core, Rc<Wire>, Rc<RefCell<Vec<News>>>) {
        let (wire, news) = (Rc::new(Wire::default()), Rc::new(RefCell::new(Vec::new())));
        let heard = Rc::clone(&news);
        let core =
            Core::new(Rc::clone(&wire) as Rc<dyn Transport>, move |item| heard.borrow_mut().push(item));
        (core, wire, news)
    }

    #[test]
    fn answers_find_their_questions_in_any_order() {
        let (core, wire, _) = wired();
        let (mut first, mut second) =
            (Box::pin(core.ask(Request::Status)), Box::pin(core.ask(Request::SyncNow)));
        assert!(first.as_mut().now_or_never().is_none() && second.as_mut().now_or_never().is_none());
        let ids: Vec<u64> = wire.sent.borrow().iter().map(|envelope| envelope.id).collect();
        wire.answer(ids[1], Ok(Reply::Done));
        wire.answer(ids[0], Err(Trouble { code: "offline".into(), detail: String::new(), may_retry: true }));
        assert!(matches!(second.now_or_never(), Some(Ok(Reply::Done))));
        assert_eq!(first.now_or_never().unwrap().unwrap_err().code, "offline");
    }

    #[test]
    fn a_question_is_answered_also_when_the_core_goes_away_or_is_too_busy() {
        for heard in [Heard::Gone, Heard::Refused(1)] {
            let (core, wire, _) = wired();
            let mut asked = Box::pin(core.ask(Request::Today { here: None }));
            assert!(asked.as_mut().now_or_never().is_none());
            wire.speak(heard);
            let trouble = asked.now_or_never().unwrap().unwrap_err();
            assert_eq!((trouble.code.as_str(), trouble.may_retry), ("not_now", true));
        }
    }

    #[test]
    fn news_reach_whoever_listens_and_an_answer_nobody_waits_for_is_dropped() {
        let (core, wire, news) = wired();
        core.tell(Request::SyncNow);
        wire.answer(1, Ok(Reply::Done));
        wire.speak(Heard::Message(Box::new(Message::News(News::Data))));
        assert_eq!(*news.borrow(), [News::Data]);
    }
}
