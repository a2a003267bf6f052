//! Randomness in a browser: `crypto.getRandomValues`.

/// The browser's generator, fit for keys.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct WebRandom;

impl WebRandom {
    pub(super) fn fill(self, bytes: &mut [u8]) {
        getrandom::fill(bytes).expect("every browser that can run this module has crypto.getRandomValues");
    }
}
