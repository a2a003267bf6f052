//! The app without drawing: store, outbox, sync engine, view models, platform traits.
//! Knows no Dioxus and no server crate; reads time and randomness only through [`platform`].

pub mod message;
