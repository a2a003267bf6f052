//! Starts the measuring programs of the tests package, optimised.

use std::ffi::OsString;

use crate::command::{cargo, run};

pub(crate) fn bench(rest: &[OsString]) -> anyhow::Result<()> {
    program("bench", rest)
}

pub(crate) fn sim(rest: &[OsString]) -> anyhow::Result<()> {
    program("sim", rest)
}

fn program(name: &str, rest: &[OsString]) -> anyhow::Result<()> {
    run(cargo().args(["run", "--release", "--package", "bianfang-tests", "--bin", name, "--"]).args(rest))
}
