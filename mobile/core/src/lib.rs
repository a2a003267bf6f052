//! The app without drawing: store, outbox, sync engine, view models, platform traits.
//! Knows no Dioxus and no server crate; reads time and randomness only through [`platform`].
#![forbid(unsafe_code)]

mod clock;
pub mod core;
mod export;
mod likes;
pub mod message;
pub mod owner;
pub mod platform;
mod profile;
pub mod store;
pub mod sync;
mod view;
