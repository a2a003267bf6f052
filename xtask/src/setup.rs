//! Puts what the other tasks need on this machine. Each step says what it does, and one that is already
//! satisfied costs a look at a file.

pub(crate) mod npm;
mod system;
pub(crate) mod wasm;

pub(crate) use system::chromium;

use crate::paths;

/// For building the web client.
pub(crate) fn for_web() -> anyhow::Result<()> {
    system::ensure(system::COMPILE_WEB)?;
    wasm::ensure()?;
    npm::ensure(&paths::assets())
}

/// For driving it in a browser as well.
pub(crate) fn for_browser_tests() -> anyhow::Result<()> {
    for_web()?;
    system::ensure(system::BROWSER)?;
    npm::ensure(&paths::browser_tests())
}

pub(crate) fn everything() -> anyhow::Result<()> {
    for_browser_tests()
}
