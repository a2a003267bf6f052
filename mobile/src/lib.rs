//! The client: screens in Dioxus, and the adapters that let the device core run in a browser.
//!
//! The screens are portable and know only [`platform::Platform`]; what a browser offers sits behind it, in one
//! module chosen by one `cfg`. No SQL and no sync policy here: those are the device core's.

pub mod app;
pub mod bridge;
pub mod components;
pub mod form;
pub mod i18n;
pub mod photos;
pub mod platform;
#[cfg(all(not(target_arch = "wasm32"), any(test, feature = "sample")))]
pub mod sample;
pub mod views;
pub mod words;
