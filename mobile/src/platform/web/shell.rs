//! The browser's window: storage it promises to keep, updates by the service worker, downloads.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use futures::FutureExt as _;
use futures::future::LocalBoxFuture;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, StorageManager, Url, Window};

use super::words;
use crate::platform::{Persistence, Shell, Watch};

#[wasm_bindgen(module = "/src/platform/web/update.js")]
extern "C" {
    #[wasm_bindgen(catch)]
    async fn watch_update(on_ready: &js_sys::Function) -> Result<JsValue, JsValue>;
    fn start_update();
}

type OnReady = Rc<dyn Fn()>;

pub(super) struct WebShell {
    window: Window,
    build_id: String,
    update: Rc<UpdateState>,
}

#[derive(Default)]
struct UpdateState {
    ready: Cell<bool>,
    listeners: RefCell<Vec<OnReady>>,
}

impl WebShell {
    pub(super) fn new(build_id: &str) -> Result<Self, JsValue> {
        let window = web_sys::window().ok_or("no window")?;
        let update = Rc::new(UpdateState::default());
        spawn_local(register(Rc::clone(&update)));
        Ok(Self { window, build_id: build_id.to_owned(), update })
    }

    fn storage(&self) -> Option<StorageManager> {
        let storage = self.window.navigator().storage();
        (!storage.is_undefined()).then_some(storage)
    }
}

async fn register(state: Rc<UpdateState>) {
    let on_ready = Closure::<dyn Fn()>::new(move || {
        state.ready.set(true);
        let listeners: Vec<OnReady> = state.listeners.borrow().clone();
        listeners.iter().for_each(|listener| listener());
    });
    let registered = watch_update(on_ready.as_ref().unchecked_ref()).await;
    if let Err(error) = registered {
        // The app works from here on with a signal; without one it will not open next time.
        web_sys::console::warn_1(&format!("no service worker: {}", words(&error)).into());
    }
    // Called for as long as the page lives.
    on_ready.forget();
}

impl Shell for WebShell {
    fn persist(&self) -> LocalBoxFuture<'static, Persistence> {
        answer(self.storage().map(|storage| storage.persist()))
    }

    fn persistence(&self) -> LocalBoxFuture<'static, Persistence> {
        answer(self.storage().map(|storage| storage.persisted()))
    }

    fn watch_update(&self, on_ready: Rc<dyn Fn()>) -> Watch {
        if self.update.ready.get() {
            on_ready();
        }
        self.update.listeners.borrow_mut().push(Rc::clone(&on_ready));
        Watch::new(Listening { state: Rc::clone(&self.update), on_ready })
    }

    fn start_update(&self) {
        start_update();
    }

    fn reload(&self) {
        if let Err(error) = self.window.location().reload() {
            web_sys::console::warn_1(&error);
        }
    }

    fn save_file(&self, name: &str, media_type: &str, content: &[u8]) {
        if let Err(error) = self.download(name, media_type, content) {
            web_sys::console::error_1(&error);
        }
    }

    fn set_title(&self, title: &str) {
        if let Some(document) = self.window.document() {
            document.set_title(title);
        }
    }

    fn languages(&self) -> Vec<String> {
        self.window.navigator().languages().iter().filter_map(|language| language.as_string()).collect()
    }

    fn build_id(&self) -> String {
        self.build_id.clone()
    }
}

impl WebShell {
    fn download(&self, name: &str, media_type: &str, content: &[u8]) -> Result<(), JsValue> {
        let options = BlobPropertyBag::new();
        options.set_type(media_type);
        let parts = js_sys::Array::of1(&js_sys::Uint8Array::from(content));
        let blob = Blob::new_with_u8_array_sequence_and_options(&parts, &options)?;
        let address = Url::create_object_url_with_blob(&blob)?;
        let document = self.window.document().ok_or("no document")?;
        let link: HtmlAnchorElement = document.create_element("a")?.unchecked_into();
        link.set_href(&address);
        link.set_download(name);
        link.click();
        Url::revoke_object_url(&address)
    }
}

fn answer(asked: Option<Result<js_sys::Promise, JsValue>>) -> LocalBoxFuture<'static, Persistence> {
    async move {
        let Some(Ok(promise)) = asked else { return Persistence::Unknown };
        match JsFuture::from(promise).await.ok().and_then(|kept| kept.as_bool()) {
            Some(true) => Persistence::Kept,
            Some(false) => Persistence::MayBeCleared,
            None => Persistence::Unknown,
        }
    }
    .boxed_local()
}

struct Listening {
    state: Rc<UpdateState>,
    on_ready: OnReady,
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.state.listeners.borrow_mut().retain(|listener| !Rc::ptr_eq(listener, &self.on_ready));
    }
}
