//! Harness, simulation and benchmarks over the real device core and the real server.
//! Holds no product code; nothing here sleeps, retries or is left out.

pub mod bench;
pub mod fuzz;
pub mod grammar;
pub mod maker;
pub mod sim;
pub mod wirecall;
