//! Use cases. Knows no HTTP and no SQL: it is asked by [`crate::http`] and the command line, and asks [`crate::store`].

pub mod accounts;
pub mod admission;
pub mod batch;
pub mod demo_data;
pub mod evidence;
pub mod import_outbox;
pub mod limiter;
pub mod merger;
pub mod password;
pub mod photos;
pub mod pull;
pub mod push;
pub mod quarantine;
pub mod queries;
pub mod quotas;
pub mod reader;
pub mod readiness;
pub mod refusal;
pub mod seed;
pub mod sessions;
pub mod verify;

pub use refusal::Refusal;
