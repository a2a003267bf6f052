//! Turns the linked module into one a browser can load, with its JavaScript side.

use std::path::Path;

use anyhow::Context;
use wasm_bindgen_cli_support::Bindgen;

/// Writes `app.js`, `app_bg.wasm` and snippets into `out`.
pub(crate) fn generate(module: &[u8], out: &Path) -> anyhow::Result<()> {
    Bindgen::new()
        .input_bytes("app", module.to_vec())
        .web(true)?
        .typescript(false)
        .remove_name_section(true)
        .remove_producers_section(true)
        // Without this the script does not know the module's address.
        .omit_default_module_path(false)
        .generate(out)
        .context("finishing the WebAssembly module")
}
