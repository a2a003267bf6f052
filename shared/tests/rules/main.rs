//! The rules of the field as tables: a named case, with its source, for each line of the dictionary.
#![expect(
    clippy::unwrap_used,
    clippy::cast_possible_truncation,
    reason = "helpers of tests: small made-up numbers and values"
)]

mod checklist;
mod evidence;
mod forms;
mod given;
mod house;
mod issue;
mod ledger;
mod policy;
mod post;
mod schedule;
mod search;
mod visit;
mod water;
mod words;
