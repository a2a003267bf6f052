//! Time in a browser, page or worker.

use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen]
extern "C" {
    // The page's scope and the worker's both have these; web-sys has them once for each.
    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(callback: &js_sys::Function, delay_ms: u32);
    #[wasm_bindgen(js_namespace = performance, js_name = now)]
    fn performance_now() -> f64;
}

/// The browser's clocks.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct WebClock;

impl WebClock {
    /// Milliseconds since 1970 by the device's clock, which a person can set to anything.
    pub(super) fn wall_ms(self) -> u64 {
        whole(js_sys::Date::now())
    }

    /// Milliseconds since this page or worker began; never goes back.
    pub(super) fn monotonic_ms(self) -> u64 {
        whole(performance_now())
    }
}

/// The longest delay that a browser's timer takes, some 24 days; a longer one would end at once.
const DELAY_MS_MAX: u32 = i32::MAX.unsigned_abs();

/// Ends after `delay_ms`.
pub(super) async fn sleep(delay_ms: u32) {
    let delay_ms = delay_ms.min(DELAY_MS_MAX);
    let timer = js_sys::Promise::new(&mut |resolve, _| set_timeout(&resolve, delay_ms));
    // A timer's promise is never rejected.
    let _ = JsFuture::from(timer).await;
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "`as` takes a float to the nearest bound"
)]
fn whole(ms: f64) -> u64 {
    ms as u64
}
