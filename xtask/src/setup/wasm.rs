//! The WebAssembly target: from rustup where it can be fetched, else built from Debian's library source.

use std::env;
use std::ffi::OsString;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, bail};

use super::system;
use crate::command::{cargo, find, output, run, say};
use crate::paths;

const TARGET: &str = "wasm32-unknown-unknown";

/// Which compiler makes WebAssembly on this machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Route {
    /// The usual toolchain has the target's library.
    Rustup,
    /// Debian's compiler, which builds the library itself (about a minute and a half, once).
    Debian,
}

/// What to do so that this machine can make WebAssembly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Plan {
    Nothing,
    Rustup,
    /// As any desk does; where the fetching is refused, the Debian way.
    RustupElseDebian,
    Debian,
}

pub(crate) fn ensure() -> anyhow::Result<()> {
    match plan(wanted()?, has_target(), debian_is_set_up()) {
        Plan::Nothing => Ok(()),
        Plan::Rustup => add_with_rustup(),
        Plan::Debian => system::ensure(system::DEBIAN_RUST),
        Plan::RustupElseDebian => add_with_rustup().or_else(|refused| {
            say("Note", &format!("{refused:#}; taking Debian's compiler and library source instead"));
            system::ensure(system::DEBIAN_RUST).with_context(|| {
                format!("the target {TARGET} is missing. Usually `rustup target add {TARGET}` brings it")
            })
        }),
    }
}

fn plan(wanted: Option<Route>, has_target: bool, debian_is_set_up: bool) -> Plan {
    match wanted {
        Some(Route::Debian) => Plan::Debian,
        _ if has_target => Plan::Nothing,
        Some(Route::Rustup) => Plan::Rustup,
        // Once set up it is kept, so that a start does not wait for a server that was out of reach before.
        None if debian_is_set_up => Plan::Nothing,
        None => Plan::RustupElseDebian,
    }
}

/// A cargo command that builds for the browser: append what to build.
pub(crate) fn cargo_build() -> anyhow::Result<Command> {
    let mut command = match route()? {
        Route::Rustup => cargo(),
        Route::Debian => debian_cargo(),
    };
    command.arg("rustc").args(["--target", TARGET]).arg("--target-dir").arg(paths::web_target());
    if route()? == Route::Debian {
        command.arg("-Zbuild-std=std,panic_abort");
    }
    let clang = system::clang().context("clang was found by the set-up")?;
    let archiver = system::llvm_ar().context("llvm-ar was found by the set-up")?;
    command.env("CC_wasm32_unknown_unknown", clang).env("AR_wasm32_unknown_unknown", archiver);
    Ok(command)
}

/// The folder that cargo puts the built module into, for a profile.
pub(crate) fn output_dir(profile: &str) -> std::path::PathBuf {
    paths::web_target().join(TARGET).join(profile)
}

fn route() -> anyhow::Result<Route> {
    Ok(match wanted()? {
        Some(route) => route,
        None if has_target() => Route::Rustup,
        None => Route::Debian,
    })
}

/// `BIANFANG_WASM=rustup` or `=debian` chooses; without it the machine decides.
fn wanted() -> anyhow::Result<Option<Route>> {
    match env::var("BIANFANG_WASM").as_deref() {
        Err(_) | Ok("") => Ok(None),
        Ok("rustup") => Ok(Some(Route::Rustup)),
        Ok("debian") => Ok(Some(Route::Debian)),
        Ok(other) => bail!("BIANFANG_WASM={other}: expected rustup or debian"),
    }
}

fn has_target() -> bool {
    output(Command::new("rustc").args(["--print", "sysroot"]).current_dir(paths::root()))
        .is_some_and(|sysroot| Path::new(&sysroot).join("lib/rustlib").join(TARGET).join("lib").is_dir())
}

fn debian_is_set_up() -> bool {
    Path::new("/usr/bin/wasm-ld-19").is_file() && Path::new("/usr/lib/rustlib/src/rust/library/std").exists()
}

fn add_with_rustup() -> anyhow::Result<()> {
    if find(&["rustup"]).is_none() {
        bail!("there is no rustup to fetch {TARGET} with");
    }
    run(Command::new("rustup").args(["target", "add", TARGET]).current_dir(paths::root()))?;
    if !has_target() {
        bail!("rustup did not bring {TARGET} to the compiler in use");
    }
    Ok(())
}

fn debian_cargo() -> Command {
    let mut path = OsString::from("/usr/bin:");
    path.push(env::var_os("PATH").unwrap_or_default());
    let mut command = Command::new("/usr/bin/cargo");
    command
        .current_dir(paths::root())
        .env("PATH", path)
        .env("RUSTC", "/usr/bin/rustc")
        // Building the standard library is not stable; the compiler is a stable one all the same.
        .env("RUSTC_BOOTSTRAP", "1")
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", "wasm-ld-19");
    for name in ["RUSTUP_TOOLCHAIN", "RUSTDOC", "CARGO", "CARGO_MANIFEST_DIR"] {
        command.env_remove(name);
    }
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_machine_that_is_set_up_either_way_is_left_alone() {
        assert_eq!(plan(None, true, false), Plan::Nothing);
        assert_eq!(plan(None, false, true), Plan::Nothing);
    }

    #[test]
    fn rustup_is_tried_first_and_debian_only_where_it_is_refused_or_wished() {
        assert_eq!(plan(None, false, false), Plan::RustupElseDebian);
        assert_eq!(plan(Some(Route::Rustup), false, true), Plan::Rustup);
        assert_eq!(plan(Some(Route::Debian), true, false), Plan::Debian);
    }
}
