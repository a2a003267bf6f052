//! The worker's entrance: becomes the one owner of the database, then serves the screens' requests.
//!
//! One owner at a time, since two would damage the file: a Web Lock is held for as long as the worker lives. Another
//! window waits in the lock's queue and is told so; when the person chooses to go on there, it asks this worker to
//! let go.

use std::cell::RefCell;

use bianfang_device::core::Device;
use bianfang_device::message::Envelope;
use futures::channel::mpsc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

use super::{device, lock, storage};
use crate::bridge::{FromOwner, Ownership, StorageProblem, ToOwner};

/// Requests that may wait while the device core is busy. One more is handed back.
const REQUESTS_WAITING_MAX: usize = 1024;

/// Called once by the worker's script, with the texts that came while the module was loading.
#[wasm_bindgen]
#[expect(unreachable_pub, reason = "called from JavaScript, which wants it public")]
pub fn start_worker(early: js_sys::Array) {
    report_panics();
    let (questions, inbox) = mpsc::channel(REQUESTS_WAITING_MAX);
    let (take_overs, asked) = mpsc::channel(1);
    let post = Post { questions: RefCell::new(questions), take_overs: RefCell::new(take_overs) };
    for text in early.iter() {
        post.receive(&text);
    }
    let on_message =
        Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| post.receive(&event.data()));
    scope().set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    // Lives as long as the worker.
    on_message.forget();
    spawn_local(own(inbox, asked));
}

/// Sends one frame to the screens.
pub(super) fn send(frame: &FromOwner) {
    let text = serde_json::to_string(frame).expect("frames hold only strings");
    if let Err(error) = scope().post_message(&JsValue::from_str(&text)) {
        web_sys::console::error_1(&error);
    }
}

pub(super) fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}

/// Sorts what arrives: requests to the device core, the rest to ownership.
struct Post {
    questions: RefCell<mpsc::Sender<Envelope>>,
    take_overs: RefCell<mpsc::Sender<()>>,
}

impl Post {
    fn receive(&self, data: &JsValue) {
        let Some(text) = data.as_string() else { return };
        match serde_json::from_str(&text) {
            Ok(ToOwner::Request(question)) => self.question(question),
            Ok(ToOwner::TakeOver) => {
                // A second press while the first is under way changes nothing.
                let _already_asked = self.take_overs.borrow_mut().try_send(());
            }
            Err(error) => web_sys::console::error_1(&format!("a frame that cannot be read: {error}").into()),
        }
    }

    fn question(&self, text: String) {
        match serde_json::from_str(&text) {
            Ok(envelope) => {
                if self.questions.borrow_mut().try_send(envelope).is_err() {
                    send(&FromOwner::Refused(text));
                }
            }
            Err(error) => {
                web_sys::console::error_1(&format!("a question that cannot be read: {error}").into())
            }
        }
    }
}

async fn own(questions: mpsc::Receiver<Envelope>, asked: mpsc::Receiver<()>) {
    match become_owner(asked).await {
        Ok(device) => {
            send(&FromOwner::Ownership(Ownership::Here));
            device::serve(device, questions).await;
        }
        Err(problem) => send(&FromOwner::Ownership(Ownership::Impossible(problem))),
    }
}

async fn become_owner(asked: mpsc::Receiver<()>) -> Result<Device, StorageProblem> {
    storage::check()?;
    lock::acquire(asked).await?;
    storage::install().await?;
    device::open()
}

/// Says where the fault is and not what was in hand: a panic's message may hold what a person entered.
fn report_panics() {
    std::panic::set_hook(Box::new(|info| {
        let place = info.location().map_or_else(|| "unknown".to_owned(), ToString::to_string);
        web_sys::console::error_1(&format!("the device core stopped at {place}").into());
        send(&FromOwner::Ownership(Ownership::Stopped { place }));
        // Nothing after a panic can be relied on; ending the worker gives the database back.
        scope().close();
    }));
}
