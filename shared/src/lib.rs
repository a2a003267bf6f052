//! What both sides of 遍访 agree on: areas, ids, operations, ledgers, rules, merge and wire messages.
//! Pure: no I/O, no clock, no randomness, no async. Time and random bytes come in as arguments.
#![forbid(unsafe_code)]

pub mod access;
pub mod area;
mod builtin;
pub mod capability;
pub mod chain;
pub mod checklist;
pub mod day;
pub mod entry;
pub mod evidence;
pub mod field;
pub mod form;
pub mod hlc;
pub mod id;
pub mod judge;
pub mod ledger;
pub mod observation;
pub mod op;
pub mod photo;
pub mod policy;
pub mod query;
pub mod rights;
pub mod rules;
pub mod schedule;
#[cfg(feature = "openapi")]
mod schema;
pub mod search;
pub mod text;
pub mod value;
pub mod wire;
