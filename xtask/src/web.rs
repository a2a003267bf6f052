//! Builds the web client into one folder that the server serves as it is:
//!
//! ```text
//! index.html, sw.js, manifest.webmanifest, icons/   fixed names, asked for anew each time
//! build/<id>/…                                      everything else; the id changes with the content,
//!                                                   so these may be cached for ever
//! *.br, *.gz                                        the same, packed beforehand
//! ```

mod bindings;
mod pack;
mod site;

use std::path::PathBuf;

use crate::command::{run, say};
use crate::paths;
use crate::setup::wasm;

/// How much time to spend on size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flavour {
    /// Builds fast: for the desk and for tests.
    Quick,
    /// As small as it gets: for a phone on a slow link.
    Small,
}

impl Flavour {
    fn profile(self) -> &'static str {
        match self {
            Self::Quick => "web-quick",
            Self::Small => "web",
        }
    }
}

/// Builds what has changed and answers the folder of the finished site.
pub(crate) fn build(flavour: Flavour) -> anyhow::Result<PathBuf> {
    say("Building", &format!("the web client ({})", flavour.profile()));
    run(wasm::cargo_build()?
        .args(["--package", "bianfang-mobile", "--lib", "--crate-type", "cdylib"])
        .args(["--profile", flavour.profile()]))?;
    let module = wasm::output_dir(flavour.profile()).join("bianfang_mobile.wasm");

    let inputs = site::Inputs::read(&module, flavour)?;
    let site = paths::site();
    if site::is_current(&site, &inputs) {
        say("Fresh", &format!("web client {}", inputs.build_id()));
        return Ok(site);
    }
    site::assemble(&site, &inputs, flavour)?;
    Ok(site)
}
