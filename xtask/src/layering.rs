//! Checks which package may depend on which: what must be absent is the architecture.

use std::process::Stdio;

use anyhow::{Context, bail};

use crate::command::{cargo, say};

/// `(package, what it must never depend on, why)`.
const FORBIDDEN: &[(&str, &[&str], &str)] = &[
    (
        "bianfang-shared",
        &["tokio", "async-std", "futures", "rusqlite", "reqwest", "axum", "dioxus", "getrandom", "web-sys"],
        "the domain is pure: no I/O, clock, randomness or async",
    ),
    (
        "bianfang-device",
        &["dioxus", "dioxus-core", "axum", "bianfang-server"],
        "the device core runs without drawing and without the server",
    ),
    (
        "bianfang-server",
        &["dioxus", "dioxus-core", "bianfang-device", "bianfang-mobile"],
        "the server knows no client",
    ),
    (
        "bianfang-mobile",
        &["axum", "bianfang-server"],
        "the client knows the server only through wire messages",
    ),
];

pub(crate) fn check() -> anyhow::Result<()> {
    say("Checking", "which package depends on which");
    let mut broken = Vec::new();
    for (package, forbidden, why) in FORBIDDEN {
        let tree = dependencies(package)?;
        for name in *forbidden {
            if tree.iter().any(|dependency| dependency == name) {
                broken.push(format!(
                    "{package} depends on {name} ({why}): `cargo tree -p {package} -i {name}`"
                ));
            }
        }
    }
    if !broken.is_empty() {
        bail!("{}", broken.join("\n"));
    }
    Ok(())
}

/// Every package that is built into this one, on the host or in the browser. Tests may use more.
fn dependencies(package: &str) -> anyhow::Result<Vec<String>> {
    let output = cargo()
        .args(["tree", "--package", package, "--edges", "normal", "--prefix", "none", "--format", "{p}"])
        .args(["--target", "all"])
        .stderr(Stdio::inherit())
        .output()
        .context("starting cargo tree")?;
    if !output.status.success() {
        bail!("cargo tree failed for {package}");
    }
    let text = String::from_utf8(output.stdout).context("cargo tree printed something else than text")?;
    Ok(text.lines().filter_map(|line| line.split_whitespace().next()).map(str::to_owned).collect())
}
