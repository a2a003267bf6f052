//! The central service of 遍访: merge, ledgers, review, administration.
//!
//! # For whoever drives it in a test or a simulation
//! ```no_run
//! use bianfang_server::{App, Config, Running, clock::{TestClock, SeededRng}, service::password::PasswordCost};
//! use std::sync::Arc;
//! let mut config = Config::new("data");              // the folder; the database is made where missing
//! config.clock = Arc::new(TestClock::at(1_750_000_000_000));
//! config.rng = Arc::new(SeededRng::new(7));
//! config.running = Running::Inline;                  // no threads: merges and reads on the caller's own
//! config.password_cost = PasswordCost::cheap();
//! let app = App::open(config).unwrap();
//! let router = app.router();                         // axum::Router; call it with requests, no socket needed
//! // app.accounts().add(&NewAccount { … }, None)     people and grants
//! // app.store().put_areas(&areas)                   names of areas
//! // app.merger().merge_now(&[job])                  the merge itself, at once
//! // app.photos().settle(), .sweep()                  look at photographs, clear uploads away, at once
//! app.shutdown();                                    // or drop it: as a crash, since every answer was durable before
//! ```
//! - **Crash**: drop the `App` and the routers made from it, then `App::open` the same folder. With
//!   [`Running::Inline`] nothing runs in the background.
//! - **Faults**: set `config.faults` to a [`store::faults::FailNth`]; `arm(n)` makes the n-th statement fail once.
//! - **Backup and restore**: [`admin::backup`] and [`admin::restore`]; restoring begins a new epoch.
//! - **Photographs in memory**: set `config.photo_place` to [`files::PhotoPlace::Memory`]; the bytes outlive the `App`,
//!   as files do. `config.faults` is asked before every reading and writing of theirs too.
//! - **Another store**: [`App::with_store`], for example over [`store::memory::MemoryStore`].
//! - **Checking**: [`service::verify::verify`] folds the whole log again and compares.
//!
//! # Layers
//! [`http`] extracts, calls one use case and answers → [`service`] knows no HTTP and no SQL → [`store`] and [`files`]
//! know no rule.
#![forbid(unsafe_code)]

pub mod admin;
mod app;
pub mod cli;
pub mod clock;
pub mod demo;
pub mod files;
pub mod http;
pub mod serve;
pub mod service;
pub mod store;

pub use app::{App, Config, DATABASE_FILE, OpenError, Running, database_path, open_store};
pub use service::Refusal;
