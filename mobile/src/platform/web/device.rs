//! The device core in the worker: opened on the browser's storage, clocks and network, then served until the worker
//! ends. Decides nothing.

use std::rc::Rc;

use bianfang_device::core::Device;
use bianfang_device::message::{Envelope, Message};
use bianfang_device::owner;
use bianfang_device::platform::{Clock, Platform};
use bianfang_device::store::Location;
use bianfang_shared::observation;
use futures::FutureExt as _;
use futures::channel::mpsc;
use futures::future::LocalBoxFuture;

use super::clock::{WebClock, sleep};
use super::http::WebHttp;
use super::pictures::{Files, WebPictures, WebRoom};
use super::random::WebRandom;
use super::worker::{scope, send};
use crate::bridge::{FromOwner, StorageProblem};
use crate::platform::label;

/// Opens what is on this device. Call once, with storage installed.
pub(super) async fn open(files: Rc<Files>) -> Result<Device, StorageProblem> {
    let user_agent = scope().navigator().user_agent().unwrap_or_default();
    let room = WebRoom::default();
    let platform = Platform {
        clock: Rc::new(WebClock),
        rng: Rc::new(WebRandom),
        pictures: Rc::new(WebPictures { files, room: room.clone() }),
        room: Rc::new(room),
        kind: observation::Platform::Web,
        label: label(&user_agent),
    };
    Device::open(Location::Pool, platform).map_err(|error| StorageProblem::Other(error.to_string()))
}

/// Answers the screens for as long as the worker lives.
pub(super) async fn serve(device: Device, questions: mpsc::Receiver<Envelope>) {
    let http = Rc::new(WebHttp::new(scope().location().origin()));
    owner::serve(device, http, questions, tell).await;
}

fn tell(message: Message) {
    match serde_json::to_string(&message) {
        Ok(text) => send(&FromOwner::Message(text)),
        // A fault of ours: messages are plain data.
        Err(error) => web_sys::console::error_1(&format!("an answer that cannot be written: {error}").into()),
    }
}

impl Clock for WebClock {
    fn wall_ms(&self) -> i64 {
        i64::try_from(Self::wall_ms(*self)).unwrap_or(i64::MAX)
    }

    fn monotonic_ms(&self) -> i64 {
        i64::try_from(Self::monotonic_ms(*self)).unwrap_or(i64::MAX)
    }

    fn sleep(&self, ms: u64) -> LocalBoxFuture<'static, ()> {
        sleep(u32::try_from(ms).unwrap_or(u32::MAX)).boxed_local()
    }
}
