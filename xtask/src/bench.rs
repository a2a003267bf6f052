//! Starts the measuring programs of the tests package, optimised, and what is measured in a browser.

use std::ffi::OsString;

use crate::command::{cargo, run};
use crate::web::{self, Flavour};
use crate::{browser, server, setup};

pub(crate) fn bench(rest: &[OsString]) -> anyhow::Result<()> {
    program("bench", rest)?;
    setup::for_browser_tests()?;
    let server = server::build(true)?;
    let site = web::build(Flavour::Small)?;
    run(browser::node(&site, &server)?.arg("bench/pictures.js"))
}

pub(crate) fn sim(rest: &[OsString]) -> anyhow::Result<()> {
    program("sim", rest)
}

fn program(name: &str, rest: &[OsString]) -> anyhow::Result<()> {
    run(cargo().args(["run", "--release", "--package", "bianfang-tests", "--bin", name, "--"]).args(rest))
}
