//! One owner at a time, by a Web Lock.
//!
//! The lock is asked for at once and waited for in the queue, so that a window goes on by itself when the other one
//! closes. Taking over is first a polite request over a channel: the owner is between two transactions whenever it
//! hears it. Only an owner that does not answer loses the lock by force.

use std::cell::RefCell;
use std::rc::Rc;

use futures::channel::{mpsc, oneshot};
use futures::future::{Either, select};
use futures::{FutureExt as _, StreamExt as _};
use js_sys::Promise;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{BroadcastChannel, MessageEvent};

use super::clock::sleep;
use super::words;
use super::worker::{scope, send};
use crate::bridge::{FromOwner, Ownership, StorageProblem};

/// Also the channel's name. Not tied to a build: windows of different builds must see each other.
const NAME: &str = "bianfang-owner";
const LET_GO: &str = "let-go";
/// A page that is loaded anew starts before its old worker has quite gone; it is not told of “another window” yet.
const QUIET_MS: u32 = 1_000;
/// How long a polite request may go unanswered, before the lock is taken by force.
const POLITE_MS: u32 = 3_000;

#[wasm_bindgen]
extern "C" {
    /// Not in web-sys without unstable flags.
    type LockManager;
    #[wasm_bindgen(method)]
    fn request(this: &LockManager, name: &str, options: &JsValue, callback: &js_sys::Function) -> Promise;
}

/// Whether this browser has locks at all.
pub(super) fn available() -> bool {
    manager().is_some()
}

/// Holds the lock from here on, for as long as the worker lives. Each word in `asked` is the person's wish to go on in
/// this window.
pub(super) async fn acquire(mut asked: mpsc::Receiver<()>) -> Result<(), StorageProblem> {
    let mut granted = ask(false)?;
    let wish = wish_to_go_on_here(&mut asked).boxed_local();
    match select(&mut granted, wish).await {
        Either::Left((outcome, _)) => outcome_of(outcome)?,
        Either::Right(_) => {
            send(&FromOwner::Ownership(Ownership::Starting));
            take_over(granted).await?;
        }
    }
    let_go_when_asked()
}

/// Tells the person of the other window, unless it goes in a moment or the wish was there from the start.
async fn wish_to_go_on_here(asked: &mut mpsc::Receiver<()>) {
    let quiet = sleep(QUIET_MS).boxed_local();
    if let Either::Left(_) = select(quiet, asked.next()).await {
        send(&FromOwner::Ownership(Ownership::Elsewhere));
        if asked.next().await.is_none() {
            // Nobody can ask any more; the lock's own queue decides.
            futures::future::pending::<()>().await;
        }
    }
}

async fn take_over(mut granted: Granted) -> Result<(), StorageProblem> {
    let channel = BroadcastChannel::new(NAME).map_err(|error| StorageProblem::Other(words(&error)))?;
    channel.post_message(&LET_GO.into()).map_err(|error| StorageProblem::Other(words(&error)))?;
    channel.close();
    match select(&mut granted, sleep(POLITE_MS).boxed_local()).await {
        Either::Left((outcome, _)) => outcome_of(outcome),
        // The queued request is overtaken by this one; were it granted later, it would find the same owner.
        Either::Right(_) => outcome_of(ask(true)?.await),
    }
}

type Granted = oneshot::Receiver<Result<(), StorageProblem>>;

fn outcome_of(outcome: Result<Result<(), StorageProblem>, oneshot::Canceled>) -> Result<(), StorageProblem> {
    outcome
        .unwrap_or_else(|_| Err(StorageProblem::Other("the browser dropped the request for a lock".into())))
}

/// Asks for the lock. The answer comes once; afterwards the lock is held until the worker ends, or is taken by force.
fn ask(by_force: bool) -> Result<Granted, StorageProblem> {
    let locks = manager().ok_or(StorageProblem::NoLocks)?;
    let (sender, receiver) = oneshot::channel();
    let sender = Rc::new(RefCell::new(Some(sender)));
    let told = Rc::clone(&sender);
    let on_grant = Closure::once_into_js(move |_lock: JsValue| {
        tell(&told, Ok(()));
        // The lock is held until this promise is settled: never.
        Promise::new(&mut |_, _| {})
    });
    let options = js_sys::Object::new();
    if by_force {
        js_sys::Reflect::set(&options, &"steal".into(), &JsValue::TRUE)
            .map_err(|e| StorageProblem::Other(words(&e)))?;
    }
    let held = locks.request(NAME, &options, on_grant.unchecked_ref());
    spawn_local(async move {
        // Settles only when the lock is taken by force, or could not be asked for.
        if let Err(error) = JsFuture::from(held).await
            && !tell(&sender, Err(StorageProblem::Other(words(&error))))
        {
            leave();
        }
    });
    Ok(receiver)
}

type Teller = Rc<RefCell<Option<oneshot::Sender<Result<(), StorageProblem>>>>>;

/// Answers the request, unless it was answered before.
fn tell(sender: &Teller, outcome: Result<(), StorageProblem>) -> bool {
    match sender.borrow_mut().take() {
        // The asker may have given up waiting; the lock is held all the same.
        Some(sender) => sender.send(outcome).map_or(true, |()| true),
        None => false,
    }
}

fn let_go_when_asked() -> Result<(), StorageProblem> {
    let channel = BroadcastChannel::new(NAME).map_err(|error| StorageProblem::Other(words(&error)))?;
    let on_message = Closure::<dyn Fn(MessageEvent)>::new(|event: MessageEvent| {
        if event.data().as_string().as_deref() == Some(LET_GO) {
            leave();
        }
    });
    channel.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    // Both live as long as the worker.
    on_message.forget();
    std::mem::forget(channel);
    Ok(())
}

/// Ends this worker, which gives back the lock and the files. Transactions never span two turns of the worker, so none
/// is cut short.
fn leave() {
    send(&FromOwner::Ownership(Ownership::TakenAway));
    scope().close();
}

fn manager() -> Option<LockManager> {
    let navigator = scope().navigator();
    let locks = js_sys::Reflect::get(&navigator, &"locks".into()).ok()?;
    (!locks.is_undefined()).then(|| locks.unchecked_into())
}
