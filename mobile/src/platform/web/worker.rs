//! The worker's entrance: becomes the one owner of the database, then serves the screens' requests.
//!
//! One owner at a time, since two would damage the file: a Web Lock is held for as long as the worker lives. Another
//! window waits in the lock's queue and is told so; when the person chooses to go on there, it asks this worker to
//! let go.

use std::cell::RefCell;
use std::rc::Rc;

use bianfang_device::core::Device;
use bianfang_device::message::{Envelope, Request};
use futures::channel::mpsc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Blob, DedicatedWorkerGlobalScope, MessageEvent};

use super::pictures::Files;
use super::{connection, device, lock, storage};
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
    let files = Rc::new(Files::default());
    let of_connection = RefCell::new(questions.clone());
    let post = Post {
        questions: RefCell::new(questions),
        take_overs: RefCell::new(take_overs),
        files: Rc::clone(&files),
    };
    for frame in early.iter() {
        post.receive(&frame);
    }
    let on_message =
        Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| post.receive(&event.data()));
    scope().set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    // Lives as long as the worker.
    on_message.forget();
    connection::watch(move |metered| {
        let told = Envelope { id: UNASKED, request: Request::Metered { metered } };
        // A full queue has more urgent things in it; the next change is told again.
        let _full = of_connection.borrow_mut().try_send(told);
    });
    spawn_local(own(inbox, asked, files));
}

/// The number of what the worker says to the device core by itself. The screens count from 1, and pass its answers over.
const UNASKED: u64 = 0;

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
    files: Rc<Files>,
}

impl Post {
    fn receive(&self, data: &JsValue) {
        if let Some(pair) = data.dyn_ref::<js_sys::Array>() {
            return self.file(pair);
        }
        let Some(text) = data.as_string() else { return };
        match serde_json::from_str(&text) {
            Ok(ToOwner::Request(question)) => self.question(question),
            Ok(ToOwner::TakeOver) => {
                // A second press while the first is under way changes nothing.
                let _already_asked = self.take_overs.borrow_mut().try_send(());
            }
            // Its file is not beside it; the request that names it will say that it is gone.
            Ok(ToOwner::File(_)) => (),
            Err(error) => web_sys::console::error_1(&format!("a frame that cannot be read: {error}").into()),
        }
    }

    /// A frame with the file that it announces beside it.
    fn file(&self, pair: &js_sys::Array) {
        let frame = pair.get(0).as_string().and_then(|text| serde_json::from_str(&text).ok());
        if let (Some(ToOwner::File(number)), Ok(file)) = (frame, pair.get(1).dyn_into::<Blob>()) {
            self.files.put(number, file);
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

async fn own(questions: mpsc::Receiver<Envelope>, asked: mpsc::Receiver<()>, files: Rc<Files>) {
    match become_owner(asked, files).await {
        Ok(device) => {
            send(&FromOwner::Ownership(Ownership::Here));
            device::serve(device, questions).await;
        }
        Err(problem) => send(&FromOwner::Ownership(Ownership::Impossible(problem))),
    }
}

async fn become_owner(asked: mpsc::Receiver<()>, files: Rc<Files>) -> Result<Device, StorageProblem> {
    storage::check()?;
    lock::acquire(asked).await?;
    storage::install().await?;
    device::open(files).await
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
