//! Packages from npm, exactly as the lock file says.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, bail};

use crate::command::{find, run, say};

/// Kept inside node_modules: a copy of the lock file that was installed.
const STAMP: &str = "node_modules/.installed-lock.json";

/// Installs what `folder/package-lock.json` names, unless just that is there.
pub(crate) fn ensure(folder: &Path) -> anyhow::Result<()> {
    let lock = folder.join("package-lock.json");
    let wanted = fs::read(&lock).with_context(|| format!("reading {}", lock.display()))?;
    let stamp = folder.join(STAMP);
    if fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    if find(&["npm"]).is_none() {
        bail!(
            "npm was not found; install Node.js 20 or newer from https://nodejs.org or the system's packages"
        );
    }
    say("Installing", &format!("npm packages of {}", folder.display()));
    run(Command::new("npm").args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]).current_dir(folder))?;
    fs::write(&stamp, wanted).with_context(|| format!("writing {}", stamp.display()))
}
