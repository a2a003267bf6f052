//! Every test: the workspace's own, then the journeys in a real browser against the real server.

use std::process::Command;

use anyhow::Context;

use crate::command::{cargo, run};
use crate::setup::{self, chromium};
use crate::web::{self, Flavour};
use crate::{paths, server};

pub(crate) fn test() -> anyhow::Result<()> {
    setup::for_browser_tests()?;
    run(cargo().args(["test", "--workspace"]))?;
    let site = web::build(Flavour::Quick)?;
    let server = server::build(false)?;
    let browser = chromium().context("Chromium was found by the set-up")?;
    run(Command::new("node")
        .args(["--test", "--test-reporter=spec", "--test-concurrency=1"])
        .arg("journeys/")
        .current_dir(paths::browser_tests())
        .env("BIANFANG_SITE", site)
        .env("BIANFANG_SERVER", server)
        .env("CHROMIUM", browser))
}
