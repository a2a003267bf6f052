//! Programs for a real browser, with the web client and the server that they are about.

use std::path::Path;
use std::process::Command;

use anyhow::Context;

use crate::paths;
use crate::setup::chromium;

/// `node` in the folder of the browser's programs.
pub(crate) fn node(site: &Path, server: &Path) -> anyhow::Result<Command> {
    let browser = chromium().context("Chromium was found by the set-up")?;
    let mut command = Command::new("node");
    command
        .current_dir(paths::browser_tests())
        .env("BIANFANG_SITE", site)
        .env("BIANFANG_SERVER", server)
        .env("CHROMIUM", browser);
    Ok(command)
}
