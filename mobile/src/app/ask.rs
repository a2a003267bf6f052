//! A question that a screen keeps asking: at first, when what it asks for changes, and when data change. One is under
//! way at a time, so that news in a row never starve the answer.

use std::cell::RefCell;
use std::rc::Rc;

use bianfang_device::message::{Reply, Request, Trouble};
use dioxus::prelude::*;
use futures::StreamExt as _;
use futures::channel::mpsc;

use super::state::{use_app, use_core};

/// What a screen knows of its answer.
#[derive(Debug)]
pub struct Asked<T: 'static> {
    /// The newest answer, kept while another is awaited.
    pub got: Option<Rc<T>>,
    /// Why the last attempt had none.
    pub trouble: Option<Trouble>,
    /// Whether `got` answers what is asked now, and not what was asked before.
    pub fresh: bool,
    again: Again,
}

/// Asks once more when called.
#[derive(Clone)]
pub struct Again(Rc<dyn Fn()>);

impl Again {
    /// What to do to ask once more.
    #[must_use]
    pub fn new(ask: impl Fn() + 'static) -> Self {
        Self(Rc::new(ask))
    }

    /// Asks once more.
    pub fn ask(&self) {
        (self.0)();
    }
}

impl PartialEq for Again {
    // Every one does the same for its screen.
    fn eq(&self, _other: &Self) -> bool {
        true
    }
}

impl std::fmt::Debug for Again {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Again")
    }
}

/// The states that every screen has.
#[derive(Debug)]
pub enum Shown<T: 'static> {
    /// Nothing is known yet.
    Loading,
    /// There is no answer.
    Failed(Trouble, Again),
    /// The answer, perhaps an older one while the newest could not be had.
    Ready(Rc<T>),
}

impl<T> Asked<T> {
    /// What to show where an older answer would mislead, as when another household is opened.
    #[must_use]
    pub fn shown(&self) -> Shown<T> {
        match (&self.got, &self.trouble) {
            (Some(got), _) if self.fresh => Shown::Ready(Rc::clone(got)),
            (_, Some(trouble)) => Shown::Failed(trouble.clone(), self.again.clone()),
            _ => Shown::Loading,
        }
    }

    /// What to show where an older answer is better than none, as while typing a search.
    #[must_use]
    pub fn shown_or_older(&self) -> Shown<T> {
        match (&self.got, &self.trouble) {
            (Some(got), None) => Shown::Ready(Rc::clone(got)),
            _ => self.shown(),
        }
    }

    /// Asks once more.
    #[must_use]
    pub fn again(&self) -> Again {
        self.again.clone()
    }
}

struct Held<Q, T> {
    of: Option<Q>,
    got: Option<Rc<T>>,
    trouble: Option<(Q, Trouble)>,
}

/// Asks `request(question)` of this device and keeps the answer that `read` takes from it.
pub fn use_ask<Q, T>(question: Q, request: fn(Q) -> Request, read: fn(Reply) -> Option<T>) -> Asked<T>
where
    Q: Clone + PartialEq + 'static,
    T: 'static,
{
    let data = *use_app().data.read();
    use_ask_at((data, None), question, request, read)
}

/// The same of the centre: asked once more also when an exchange has ended, since only then it knows what was done here.
pub fn use_ask_centre<Q, T>(question: Q, request: fn(Q) -> Request, read: fn(Reply) -> Option<T>) -> Asked<T>
where
    Q: Clone + PartialEq + 'static,
    T: 'static,
{
    let app = use_app();
    let now = (*app.data.read(), app.sync.read().last_success_ms);
    use_ask_at(now, question, request, read)
}

/// What an answer depends on besides its question: changes of data here, and the last exchange with the centre.
type Age = (u64, Option<i64>);

fn use_ask_at<Q, T>(
    age: Age,
    question: Q,
    request: fn(Q) -> Request,
    read: fn(Reply) -> Option<T>,
) -> Asked<T>
where
    Q: Clone + PartialEq + 'static,
    T: 'static,
{
    let core = use_core();
    let mut held = use_signal(|| Held::<Q, T> { of: None, got: None, trouble: None });
    let latest = use_hook(|| Rc::new(RefCell::new(question.clone())));
    let wake = use_hook(|| {
        // One word waiting is enough: it stands for everything that changed until it is heard.
        let (sender, mut receiver) = mpsc::channel::<()>(1);
        let latest = Rc::clone(&latest);
        spawn(async move {
            while receiver.next().await.is_some() {
                let asked = latest.borrow().clone();
                let answer = core.ask(request(asked.clone())).await;
                // Another question meanwhile: its own answer follows.
                if *latest.borrow() == asked {
                    held.with_mut(|held| held.take(asked, answer.map(read)));
                }
            }
        });
        Rc::new(RefCell::new(sender))
    });
    let again = Again::new(move || {
        // Refused only when one waits already, which is as good.
        let _ = wake.borrow_mut().try_send(());
    });
    let wanted = use_hook(|| Rc::new(RefCell::new(None::<(Age, Q)>)));
    let now = (age, question.clone());
    if wanted.borrow().as_ref() != Some(&now) {
        *latest.borrow_mut() = question.clone();
        *wanted.borrow_mut() = Some(now);
        again.ask();
    }
    let held = held.read();
    let trouble = held.trouble.as_ref().filter(|(of, _)| *of == question).map(|(_, trouble)| trouble.clone());
    Asked { got: held.got.clone(), trouble, fresh: held.of.as_ref() == Some(&question), again }
}

impl<Q: PartialEq, T> Held<Q, T> {
    fn take(&mut self, asked: Q, answer: Result<Option<T>, Trouble>) {
        match answer {
            Ok(Some(got)) => {
                self.got = Some(Rc::new(got));
                self.of = Some(asked);
                self.trouble = None;
            }
            // A reply of another kind than asked for: a newer core. Said as a passing trouble.
            Ok(None) => {
                let trouble = Trouble { code: "not_now".to_owned(), detail: String::new(), may_retry: true };
                self.trouble = Some((asked, trouble));
            }
            Err(trouble) => self.trouble = Some((asked, trouble)),
        }
    }
}
