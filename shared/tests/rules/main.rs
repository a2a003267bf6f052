//! The rules of the field as tables: a named case for each line of the dictionary that concerns visits.
#![expect(
    clippy::unwrap_used,
    clippy::cast_possible_truncation,
    reason = "helpers of tests: small made-up numbers and values"
)]

mod checklist;
mod evidence;
mod given;
mod house;
mod issue;
mod policy;
mod post;
mod schedule;
mod search;
mod visit;
mod water;
