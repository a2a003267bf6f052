//! Builds the server's program.

use std::path::PathBuf;
use std::process::Command;

use anyhow::bail;

use crate::command::{cargo, run};
use crate::paths;

const PROGRAM: &str = "bianfang-server";

/// Builds the server alone and answers where the program lies.
pub(crate) fn build(release: bool) -> anyhow::Result<PathBuf> {
    let mut command = cargo();
    command.args(["build", "--package", PROGRAM, "--bin", PROGRAM]);
    if release {
        command.arg("--release");
    }
    built(&mut command, if release { "release" } else { "debug" })
}

/// Builds it with the features that the whole workspace agrees on, so that the tests need not build its
/// dependencies again.
pub(crate) fn build_for_tests() -> anyhow::Result<PathBuf> {
    built(cargo().args(["build", "--workspace", "--bin", PROGRAM]), "debug")
}

fn built(command: &mut Command, folder: &str) -> anyhow::Result<PathBuf> {
    run(command)?;
    let program = paths::target().join(folder).join(PROGRAM);
    if !program.is_file() {
        bail!("the build succeeded and left no program at {}", program.display());
    }
    Ok(program)
}
