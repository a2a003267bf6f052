//! Randomness in a browser: `crypto.getRandomValues`.

use bianfang_device::platform::Rng;

/// The browser's generator, fit for keys.
pub(super) struct WebRandom;

impl Rng for WebRandom {
    fn fill(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes).expect("every browser that can run this module has crypto.getRandomValues");
    }
}
