//! The page's end of the worker.

use std::cell::RefCell;

use wasm_bindgen::prelude::*;
use web_sys::{Blob, ErrorEvent, MessageEvent, Worker, WorkerOptions, WorkerType};

use super::words;
use crate::bridge::{FromOwner, Handle, Link, Ownership, PictureFile, ToOwner};

/// On the page's root element.
const OWNERSHIP_ATTRIBUTE: &str = "data-ownership";

pub(super) struct WorkerLink {
    address: String,
    worker: RefCell<Worker>,
    on_message: Closure<dyn FnMut(MessageEvent)>,
    on_error: Closure<dyn FnMut(ErrorEvent)>,
}

impl WorkerLink {
    pub(super) fn start(address: &str, handle: Handle) -> Result<Self, JsValue> {
        let failed = handle.clone();
        let on_message = Closure::new(move |event: MessageEvent| deliver(&handle, &event));
        let on_error = Closure::new(move |event: ErrorEvent| {
            // Seen for a script that does not load and for a panic alike; the first has no place in our code.
            let place = format!("{}:{}", event.filename(), event.lineno());
            hand_over(&failed, &FromOwner::Ownership(Ownership::Stopped { place }));
        });
        let worker = RefCell::new(new_worker(address, &on_message, &on_error)?);
        Ok(Self { address: address.to_owned(), worker, on_message, on_error })
    }
}

impl Link for WorkerLink {
    fn post(&self, frame: ToOwner) {
        let text = serde_json::to_string(&frame).expect("frames hold only strings");
        if let Err(error) = self.worker.borrow().post_message(&JsValue::from_str(&text)) {
            web_sys::console::error_1(&error);
        }
    }

    fn post_file(&self, number: u64, file: PictureFile) {
        if let Err(error) = blob_of(&file).and_then(|blob| {
            let text = serde_json::to_string(&ToOwner::File(number)).expect("frames hold only strings");
            // A blob travels by reference; its bytes are not copied.
            self.worker.borrow().post_message(&js_sys::Array::of2(&JsValue::from_str(&text), &blob))
        }) {
            web_sys::console::error_1(&error);
        }
    }

    fn restart(&self) {
        self.worker.borrow().terminate();
        match new_worker(&self.address, &self.on_message, &self.on_error) {
            Ok(worker) => *self.worker.borrow_mut() = worker,
            Err(error) => {
                web_sys::console::error_2(&"the worker did not start".into(), &words(&error).into())
            }
        }
    }
}

/// The file as the browser holds one.
fn blob_of(file: &PictureFile) -> Result<Blob, JsValue> {
    if let Some(blob) = file.get::<Blob>() {
        return Ok(blob.clone());
    }
    let bytes = file.get::<Vec<u8>>().ok_or("a file of another platform")?;
    Blob::new_with_u8_array_sequence(&js_sys::Array::of1(&js_sys::Uint8Array::from(bytes.as_slice())))
}

impl PictureFile {
    /// What a camera's canvas or a file chooser gives. A `File` is a `Blob`.
    #[must_use]
    pub fn from_blob(blob: Blob) -> Self {
        Self::of(blob)
    }
}

fn new_worker(
    address: &str,
    on_message: &Closure<dyn FnMut(MessageEvent)>,
    on_error: &Closure<dyn FnMut(ErrorEvent)>,
) -> Result<Worker, JsValue> {
    let options = WorkerOptions::new();
    options.set_type(WorkerType::Module);
    options.set_name("bianfang-owner");
    let worker = Worker::new_with_options(address, &options)?;
    worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
    Ok(worker)
}

fn deliver(handle: &Handle, event: &MessageEvent) {
    let Some(text) = event.data().as_string() else { return };
    match serde_json::from_str(&text) {
        Ok(frame) => hand_over(handle, &frame),
        // Both ends come from one build, so this is a fault of ours and not of the data.
        Err(error) => web_sys::console::error_1(&format!("a frame that cannot be read: {error}").into()),
    }
}

/// Also marks the page, so that styles and tests see the state whatever the screens draw.
fn hand_over(handle: &Handle, frame: &FromOwner) {
    if let FromOwner::Ownership(ownership) = frame
        && let Some(root) = web_sys::window().and_then(|window| window.document()?.document_element())
        && let Err(error) = root.set_attribute(OWNERSHIP_ATTRIBUTE, ownership.name())
    {
        web_sys::console::warn_1(&error);
    }
    handle.deliver(frame);
}
