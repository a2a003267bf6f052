//! The device core through its own doors, before a centre in memory.

mod centre;
mod journey;
mod world;
