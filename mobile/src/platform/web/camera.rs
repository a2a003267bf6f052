//! The browser's camera and its canvas.

use std::rc::Rc;

use dioxus::html::FileData;
use futures::FutureExt as _;
use futures::future::{LocalBoxFuture, ready};
use wasm_bindgen::prelude::*;
use web_sys::{Blob, DomException, File};

use super::words;
use crate::bridge::PictureFile;
use crate::platform::{Camera, CameraProblem, CameraView, Lens, LiveCamera, Opened, Printer};

#[wasm_bindgen(module = "/src/platform/web/camera.js")]
extern "C" {
    #[wasm_bindgen(catch)]
    async fn open_camera(
        element: &str,
        lens: Option<String>,
        lost: &js_sys::Function,
    ) -> Result<JsValue, JsValue>;
    fn next_lens(camera: &JsValue) -> Option<String>;
    fn has_torch(camera: &JsValue) -> bool;
    #[wasm_bindgen(catch)]
    async fn set_torch(camera: &JsValue, on: bool) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    async fn take_still(camera: &JsValue) -> Result<JsValue, JsValue>;
    fn close_camera(camera: &JsValue);
    #[wasm_bindgen(catch)]
    async fn watermarked(address: &str, lines: Vec<String>) -> Result<JsValue, JsValue>;
}

pub(super) struct WebCamera;

impl Camera for WebCamera {
    fn open(
        &self,
        element: &str,
        lens: Option<Lens>,
        on_lost: Rc<dyn Fn()>,
    ) -> LocalBoxFuture<'static, Opened> {
        let element = element.to_owned();
        async move {
            let lost = Closure::<dyn Fn()>::new(move || on_lost());
            let opened = open_camera(&element, lens.map(|lens| lens.0), lost.as_ref().unchecked_ref()).await;
            match opened {
                Ok(camera) => Ok(LiveCamera::new(WebView { camera, _lost: lost })),
                Err(error) => Err(problem(&error)),
            }
        }
        .boxed_local()
    }

    fn chosen(&self, file: FileData) -> LocalBoxFuture<'static, Option<PictureFile>> {
        // By reference: nothing is read here, however large the file is.
        let blob =
            file.inner().downcast_ref::<File>().map(|file| PictureFile::from_blob(file.clone().into()));
        ready(blob).boxed_local()
    }
}

struct WebView {
    camera: JsValue,
    _lost: Closure<dyn Fn()>,
}

impl Drop for WebView {
    fn drop(&mut self) {
        close_camera(&self.camera);
    }
}

impl CameraView for WebView {
    fn next_lens(&self) -> Option<Lens> {
        next_lens(&self.camera).map(Lens)
    }

    fn has_torch(&self) -> bool {
        has_torch(&self.camera)
    }

    fn set_torch(&self, on: bool) -> LocalBoxFuture<'static, bool> {
        let camera = self.camera.clone();
        async move {
            match set_torch(&camera, on).await {
                Ok(now) => now.is_truthy(),
                Err(error) => {
                    web_sys::console::warn_1(&words(&error).into());
                    !on
                }
            }
        }
        .boxed_local()
    }

    fn shoot(&self) -> LocalBoxFuture<'static, Result<PictureFile, CameraProblem>> {
        let camera = self.camera.clone();
        async move {
            let still = take_still(&camera).await.map_err(|error| problem(&error))?;
            still.dyn_into::<Blob>().map(PictureFile::from_blob).map_err(|_other| CameraProblem::Lost)
        }
        .boxed_local()
    }
}

/// Why the browser gives no camera, by the name of its error.
fn problem(error: &JsValue) -> CameraProblem {
    let name = error.dyn_ref::<DomException>().map(DomException::name).unwrap_or_default();
    match name.as_str() {
        "NotAllowedError" | "SecurityError" => CameraProblem::Refused,
        "NotFoundError" | "OverconstrainedError" => CameraProblem::Absent,
        "NotReadableError" => CameraProblem::Busy,
        "NotSupportedError" => CameraProblem::Unsupported,
        _ => CameraProblem::Lost,
    }
}

pub(super) struct WebPrinter;

impl Printer for WebPrinter {
    fn watermarked(&self, address: &str, lines: Vec<String>) -> LocalBoxFuture<'static, Option<Vec<u8>>> {
        let address = address.to_owned();
        async move {
            match watermarked(&address, lines).await {
                Ok(bytes) => Some(js_sys::Uint8Array::new(&bytes).to_vec()),
                Err(error) => {
                    web_sys::console::warn_1(&words(&error).into());
                    None
                }
            }
        }
        .boxed_local()
    }

    fn print_page(&self) {
        let printed = web_sys::window().map(|window| window.print());
        if let Some(Err(error)) = printed {
            web_sys::console::warn_1(&error);
        }
    }
}
