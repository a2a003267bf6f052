//! Builds the server's program.

use std::path::PathBuf;

use anyhow::bail;

use crate::command::{cargo, run};
use crate::paths;

/// Builds and answers where the program lies.
pub(crate) fn build(release: bool) -> anyhow::Result<PathBuf> {
    let mut command = cargo();
    command.args(["build", "--package", "bianfang-server"]);
    if release {
        command.arg("--release");
    }
    run(&mut command)?;
    let folder = if release { "release" } else { "debug" };
    let program = paths::target().join(folder).join("bianfang-server");
    if !program.is_file() {
        bail!("the build succeeded and left no program at {}", program.display());
    }
    Ok(program)
}
