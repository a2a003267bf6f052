//! Picture work in the worker, by the browser's own decoder, scaler and encoder: a fifth of the time that this module's
//! own code would take, and none of it on this thread. The worker answers the screens meanwhile.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

use bianfang_device::platform::{PictureError, PictureFile, Pictures, Room};
use bianfang_shared::photo::{
    self, Examined, PhotoPolicy, PhotoProblem, PictureSort, Prepared, SOURCE_BYTES_MAX,
};
use futures::FutureExt as _;
use futures::future::LocalBoxFuture;
use js_sys::{Promise, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, ImageBitmap, ImageEncodeOptions, OffscreenCanvas, OffscreenCanvasRenderingContext2d};

use super::words;
use super::worker::scope;
use crate::bridge::FILES_WAITING_MAX;

#[wasm_bindgen]
extern "C" {
    // web-sys has it with options once for the page and once for the worker, under names that change.
    #[wasm_bindgen(catch, js_name = createImageBitmap)]
    fn create_image_bitmap(file: &Blob, options: &JsValue) -> Result<Promise, JsValue>;
}

/// Above this many pixels a picture that the browser does not decode is not decoded by this module's own code either: it
/// would take more memory than a worker on a cheap phone has.
const OWN_PIXELS_MAX: u64 = 25_000_000;
/// What tells a file's kind is within its first bytes.
const HEAD_BYTES: f64 = 4_096.0;

/// By this name the last picture stands in the worker's own timings, for whoever measures.
const TIMED: &str = "bianfang-picture";

/// Files that came before the requests that name them, oldest first.
#[derive(Default)]
pub(super) struct Files(RefCell<VecDeque<(u64, Blob)>>);

impl Files {
    /// Keeps a file until a request names it. One too many, and the first is forgotten.
    pub(super) fn put(&self, number: u64, file: Blob) {
        let mut files = self.0.borrow_mut();
        files.push_back((number, file));
        if files.len() > FILES_WAITING_MAX {
            files.pop_front();
        }
    }

    fn take(&self, number: u64) -> Option<Blob> {
        let mut files = self.0.borrow_mut();
        let at = files.iter().position(|(other, _)| *other == number)?;
        files.remove(at).map(|(_, file)| file)
    }
}

/// The room that the browser gives this origin, as told when the last picture was prepared.
#[derive(Clone, Default)]
pub(super) struct WebRoom(Rc<Cell<Option<u64>>>);

impl Room for WebRoom {
    fn free_bytes(&self) -> Option<u64> {
        self.0.get()
    }
}

impl WebRoom {
    /// Asks the browser. What it does not tell is unknown, and is found out by writing.
    async fn ask(&self) {
        self.0.set(free_bytes().await);
    }
}

async fn free_bytes() -> Option<u64> {
    let told = JsFuture::from(scope().navigator().storage().estimate().ok()?).await.ok()?;
    let number = |key: &str| js_sys::Reflect::get(&told, &key.into()).ok()?.as_f64();
    Some(whole(number("quota")? - number("usage")?))
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "`as` takes a float to the nearest bound"
)]
fn whole(number: f64) -> u64 {
    number as u64
}

/// The browser's picture work.
pub(super) struct WebPictures {
    pub(super) files: Rc<Files>,
    pub(super) room: WebRoom,
}

impl Pictures for WebPictures {
    fn prepare(&self, file: PictureFile) -> LocalBoxFuture<'static, Result<Prepared, PictureError>> {
        let file = match file {
            PictureFile::Number(number) => self.files.take(number).ok_or(PictureError::Gone),
            PictureFile::Bytes(bytes) => blob_of(&bytes).map_err(failed),
        };
        let room = self.room.clone();
        async move {
            let file = file?;
            let prepared = timed(prepare(&file)).await;
            // Before each picture is kept: an older word holds neither what was written since nor what was let go.
            room.ask().await;
            prepared
        }
        .boxed_local()
    }
}

async fn timed<T>(work: impl Future<Output = T>) -> T {
    let timings = scope().performance();
    let mark = |note: &dyn Fn(&web_sys::Performance) -> Result<(), JsValue>| timings.as_ref().map(note);
    mark(&|timings| timings.mark(TIMED).map(drop));
    let done = work.await;
    mark(&|timings| {
        // One at a time: a day's pictures would pile up.
        timings.clear_measures_with_measure_name(TIMED);
        timings.measure_with_start_mark(TIMED, TIMED).map(drop)?;
        timings.clear_marks_with_mark_name(TIMED);
        Ok(())
    });
    done
}

async fn prepare(file: &Blob) -> Result<Prepared, PictureError> {
    let policy = PhotoPolicy::builtin();
    let bytes = read(file).await?;
    let examined = photo::examine(&bytes, policy)?;
    match by_browser(file, &examined, policy).await {
        Ok(jpeg) => Ok(Prepared { photo: photo::finish(jpeg, policy)?, examined }),
        // A browser without the one or other, or a file that it does not like: own code says what is wrong with it.
        Err(_) if opened_here(&examined) => Ok(photo::prepare(&bytes, policy)?),
        Err(_) if matches!(examined.sort, PictureSort::Heic | PictureSort::Avif) => {
            Err(PhotoProblem::NotOpenedHere { sort: examined.sort }.into())
        }
        Err(error) => Err(failed(error)),
    }
}

fn opened_here(examined: &Examined) -> bool {
    let pixels = u64::from(examined.width) * u64::from(examined.height);
    let own = matches!(examined.sort, PictureSort::Jpeg | PictureSort::Png | PictureSort::Webp);
    own && pixels <= OWN_PIXELS_MAX
}

/// The whole file; of one that is too large only as much as tells what it is.
async fn read(file: &Blob) -> Result<Vec<u8>, PictureError> {
    let bytes = whole(file.size());
    if bytes <= SOURCE_BYTES_MAX as u64 {
        return bytes_of(file).await.map_err(failed);
    }
    let head = file.slice_with_f64_and_f64(0.0, HEAD_BYTES).map_err(failed)?;
    let head = bytes_of(&head).await.map_err(failed)?;
    let megabytes = |bytes: u64| bytes.div_ceil(1024 * 1024);
    Err(PictureError::Refused(match PictureSort::of(&head) {
        // Of a film of two gigabytes one should not learn that it is too large.
        PictureSort::Video => PhotoProblem::Video,
        _ => PhotoProblem::TooManyBytes {
            size_mb: megabytes(bytes),
            limit_mb: megabytes(SOURCE_BYTES_MAX as u64),
        },
    }))
}

/// Decoded, turned upright, scaled and encoded by the browser.
async fn by_browser(file: &Blob, examined: &Examined, policy: &PhotoPolicy) -> Result<Vec<u8>, JsValue> {
    let long_edge_px = policy.picture.long_edge_px;
    let options = js_sys::Object::new();
    set(&options, "imageOrientation", &"from-image".into())?;
    if examined.width.max(examined.height) > long_edge_px {
        // While it decodes: the whole picture is never in memory. One edge only, so that the other one follows.
        let edge = if examined.width >= examined.height { "resizeWidth" } else { "resizeHeight" };
        set(&options, edge, &long_edge_px.into())?;
        set(&options, "resizeQuality", &"high".into())?;
    }
    let bitmap = JsFuture::from(create_image_bitmap(file, &options)?).await?;
    let bitmap: ImageBitmap = bitmap.dyn_into()?;
    let encoded = encode(&bitmap, policy).await;
    bitmap.close();
    encoded
}

async fn encode(bitmap: &ImageBitmap, policy: &PhotoPolicy) -> Result<Vec<u8>, JsValue> {
    // Measured again: browsers differ in whether they scale before or after they turn.
    let (width, height) = scaled(bitmap.width(), bitmap.height(), policy.picture.long_edge_px);
    let canvas = OffscreenCanvas::new(width, height)?;
    let context = canvas.get_context("2d")?.ok_or("no canvas")?;
    let context: OffscreenCanvasRenderingContext2d = context.dyn_into()?;
    let (width, height) = (f64::from(width), f64::from(height));
    // What is transparent would become black.
    context.set_fill_style_str("#ffffff");
    context.fill_rect(0.0, 0.0, width, height);
    context.draw_image_with_image_bitmap_and_dw_and_dh(bitmap, 0.0, 0.0, width, height)?;
    let options = ImageEncodeOptions::new();
    options.set_type("image/jpeg");
    options.set_quality(f64::from(policy.picture.quality) / 100.0);
    let encoded = JsFuture::from(canvas.convert_to_blob_with_options(&options)?).await?;
    bytes_of(&encoded.dyn_into::<Blob>()?).await
}

/// The size with this long edge, if it is larger.
fn scaled(width: u32, height: u32, long_edge_px: u32) -> (u32, u32) {
    let long = width.max(height);
    if long <= long_edge_px {
        return (width.max(1), height.max(1));
    }
    let scale = |edge: u32| {
        let scaled = (u64::from(edge) * u64::from(long_edge_px) + u64::from(long) / 2) / u64::from(long);
        u32::try_from(scaled).unwrap_or(long_edge_px).max(1)
    };
    (scale(width), scale(height))
}

async fn bytes_of(file: &Blob) -> Result<Vec<u8>, JsValue> {
    Ok(Uint8Array::new(&JsFuture::from(file.array_buffer()).await?).to_vec())
}

fn blob_of(bytes: &[u8]) -> Result<Blob, JsValue> {
    Blob::new_with_u8_array_sequence(&js_sys::Array::of1(&Uint8Array::from(bytes)))
}

fn set(object: &js_sys::Object, key: &str, value: &JsValue) -> Result<(), JsValue> {
    js_sys::Reflect::set(object, &key.into(), value).map(drop)
}

fn failed(error: JsValue) -> PictureError {
    PictureError::Failed(words(&error))
}
