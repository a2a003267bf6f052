//! Starts the measuring programs of the tests package, optimised, and what is measured in a browser.

use std::ffi::OsString;

use crate::command::{cargo, run};
use crate::web::{self, Flavour};
use crate::{browser, server, setup};

/// The part that is measured in a browser. The others are the measuring program's.
const BROWSER: &str = "browser";

/// Measures the parts that are named; all of them if none is.
pub(crate) fn bench(named: &[OsString]) -> anyhow::Result<()> {
    let (browser, others): (Vec<_>, Vec<_>) = named.iter().cloned().partition(|part| part == BROWSER);
    if named.is_empty() || !others.is_empty() {
        program("bench", &others)?;
    }
    if named.is_empty() || !browser.is_empty() {
        in_browser()?;
    }
    Ok(())
}

fn in_browser() -> anyhow::Result<()> {
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
