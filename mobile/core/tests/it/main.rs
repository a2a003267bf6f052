//! The device core through its own doors, before a centre in memory.

mod centre;
mod exchange;
mod faults;
mod journey;
mod keeping;
mod owner;
mod storm;
mod views;
mod world;
