//! Uploads of photographs by tus clients that others wrote, against the real server. Where such a client cannot be
//! had, that is said and the rest goes on.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context;

use crate::command::{find, output, run, say};
use crate::paths;
use crate::setup::npm;

/// Kept inside the Python environment: a copy of the list that was installed.
const STAMP: &str = "installed-requirements.txt";

pub(crate) fn test(server: &Path) -> anyhow::Result<()> {
    match npm::ensure(&paths::tus_tests()) {
        Ok(()) => run(client(Command::new("node").args(["--test", "--test-reporter=spec"]), server)
            .arg("tus-js-client.test.js"))?,
        Err(error) => skipped("tus-js-client", &error),
    }
    match python() {
        Ok(python) => run(client(Command::new(python).arg("-B"), server).arg("tuspy_test.py"))?,
        Err(error) => skipped("tuspy", &error),
    }
    Ok(())
}

fn client<'c>(command: &'c mut Command, server: &Path) -> &'c mut Command {
    command.current_dir(paths::tus_tests()).env("BIANFANG_SERVER", server)
}

fn skipped(client: &str, error: &anyhow::Error) {
    say("Skipped", &format!("uploads by {client}: {error:#}"));
}

/// A Python of its own with exactly what the list says.
fn python() -> anyhow::Result<PathBuf> {
    let list = paths::tus_tests().join("requirements.txt");
    let wanted = fs::read(&list).with_context(|| format!("reading {}", list.display()))?;
    let home = paths::target().join("tus-python");
    let python = home.join("bin/python3");
    if python.is_file() && fs::read(home.join(STAMP)).is_ok_and(|installed| installed == wanted) {
        return Ok(python);
    }
    let system = find(&["python3"]).context("python3 was not found")?;
    output(Command::new(system).args(["-m", "venv", "--clear"]).arg(&home))
        .context("python3 cannot make an environment; on Debian that takes python3-venv")?;
    say("Installing", &format!("Python packages of {}", list.display()));
    output(
        Command::new(&python)
            .args([
                "-m",
                "pip",
                "install",
                "--quiet",
                "--disable-pip-version-check",
                "--no-deps",
                "--requirement",
            ])
            .arg(&list),
    )
    .context("pip could not install them")?;
    fs::write(home.join(STAMP), wanted).with_context(|| format!("writing into {}", home.display()))?;
    Ok(python)
}
