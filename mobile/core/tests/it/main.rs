//! The device core through its own doors, before a centre in memory.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so by stopping")]

mod album;
mod believed;
mod centre;
mod exchange;
mod faults;
mod filling;
mod journey;
mod keeping;
mod lane;
mod ledgers;
mod owner;
mod photos;
mod storm;
mod views;
mod world;
