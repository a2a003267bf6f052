//! Every test: the workspace's own, then uploads by others' tus clients and the journeys in a real browser, both against
//! the real server.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;

use crate::command::{cargo, run};
use crate::web::{self, Flavour};
use crate::{browser, paths, server, setup, tus};

/// What a file of journeys is called.
const JOURNEY_ENDING: &str = ".test.js";

pub(crate) fn test() -> anyhow::Result<()> {
    setup::for_browser_tests()?;
    let server = server::build_for_tests()?;
    // Some tests start the real program and kill it.
    run(cargo().args(["test", "--workspace"]).env("BIANFANG_SERVER", &server))?;
    tus::test(&server)?;
    let site = web::build(Flavour::Quick)?;
    drive_browser(&site, &server)
}

fn drive_browser(site: &Path, server: &Path) -> anyhow::Result<()> {
    run(browser::node(site, server)?
        // One after the other: two browsers and two servers on two cores only wait for each other.
        .args(["--test", "--test-reporter=spec", "--test-concurrency=1"])
        .args(journeys()?))
}

/// Named one by one, since releases of node differ in what they do with a folder.
fn journeys() -> anyhow::Result<Vec<PathBuf>> {
    let folder = paths::browser_tests().join("journeys");
    let mut found = Vec::new();
    for entry in fs::read_dir(&folder).with_context(|| format!("reading {}", folder.display()))? {
        let path = entry?.path();
        if path.to_str().is_some_and(|name| name.ends_with(JOURNEY_ENDING)) {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}
