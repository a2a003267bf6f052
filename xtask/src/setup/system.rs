//! Programs that come from the system's packages. Installs them on Debian when root; otherwise says the exact
//! command and stops.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::bail;

use crate::command::{find, output, run, say};

/// A thing needed, how to see that it is there, and the Debian packages that bring it.
#[derive(Debug)]
pub(crate) struct Need {
    what: &'static str,
    present: fn() -> bool,
    debian: &'static [&'static str],
}

/// The web client contains SQLite, which is C.
pub(crate) const COMPILE_WEB: &[Need] = &[Need {
    what: "a C compiler for WebAssembly (clang) and its archiver",
    present: || clang().is_some() && llvm_ar().is_some(),
    debian: &["clang-19", "llvm-19"],
}];

pub(crate) const BROWSER: &[Need] = &[
    Need { what: "Chromium", present: || chromium().is_some(), debian: &["chromium"] },
    Need { what: "a Chinese font", present: has_chinese_font, debian: &["fonts-noto-cjk", "fontconfig"] },
];

/// Rust's compiler and its library source from Debian, for where rustup cannot fetch the target.
pub(crate) const DEBIAN_RUST: &[Need] = &[Need {
    what: "Debian's Rust with the library source, and a WebAssembly linker",
    present: || {
        ["/usr/bin/cargo", "/usr/bin/rustc", "/usr/bin/wasm-ld-19"]
            .iter()
            .all(|file| Path::new(file).is_file())
            && debian_library_source()
    },
    debian: &["rustc-web", "rust-web-src", "cargo-web", "lld-19"],
}];

pub(crate) fn ensure(needs: &[Need]) -> anyhow::Result<()> {
    let missing: Vec<&Need> = needs.iter().filter(|need| !(need.present)()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let packages: Vec<&str> = missing.iter().flat_map(|need| need.debian).copied().collect();
    let what = missing.iter().map(|need| need.what).collect::<Vec<_>>().join("; ");
    if find(&["apt-get"]).is_none() || !is_root() {
        bail!("{}", advice(&what, &packages, find(&["apt-get"]).is_some()));
    }
    install(&what, &packages)?;
    match missing.iter().find(|need| !(need.present)()) {
        Some(need) => bail!("{} is still not found after installing {}", need.what, packages.join(" ")),
        None => Ok(()),
    }
}

fn advice(what: &str, packages: &[&str], has_apt: bool) -> String {
    let packages = packages.join(" ");
    if has_apt {
        format!(
            "needed and not found: {what}. Please run this, then start again:\n\n    \
             sudo apt-get update && sudo apt-get install --no-install-recommends {packages}\n"
        )
    } else {
        format!(
            "needed and not found: {what}. Install it with this system's packages (on Debian: {packages})"
        )
    }
}

fn install(what: &str, packages: &[&str]) -> anyhow::Result<()> {
    say("Installing", what);
    run(Command::new("apt-get").args(["-q", "update"]))?;
    run(Command::new("apt-get")
        .args(["-q", "install", "-y", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=300"])
        .args(packages)
        .env("DEBIAN_FRONTEND", "noninteractive"))
}

/// A clang that can write WebAssembly; Apple's cannot.
pub(crate) fn clang() -> Option<PathBuf> {
    if let Some(chosen) = env::var_os("CC_wasm32_unknown_unknown") {
        return Some(chosen.into());
    }
    let names = ["clang-19", "clang-20", "clang-21", "clang-18", "clang"];
    names.iter().filter_map(|name| find(&[name])).find(|path| {
        output(Command::new(path).arg("--print-targets")).is_some_and(|targets| targets.contains("wasm32"))
    })
}

pub(crate) fn llvm_ar() -> Option<PathBuf> {
    match env::var_os("AR_wasm32_unknown_unknown") {
        Some(chosen) => Some(chosen.into()),
        None => find(&["llvm-ar-19", "llvm-ar-20", "llvm-ar-21", "llvm-ar-18", "llvm-ar"]),
    }
}

/// The browser that the journeys drive. `CHROMIUM` names another one.
pub(crate) fn chromium() -> Option<PathBuf> {
    match env::var_os("CHROMIUM") {
        Some(chosen) => Some(chosen.into()),
        None => find(&["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]),
    }
}

fn has_chinese_font() -> bool {
    output(Command::new("fc-list").args([":lang=zh-cn", "family"])).is_some_and(|fonts| !fonts.is_empty())
}

fn debian_library_source() -> bool {
    output(Command::new("/usr/bin/rustc").args(["--print", "sysroot"]))
        .is_some_and(|sysroot| Path::new(&sysroot).join("lib/rustlib/src/rust/library/std").is_dir())
}

fn is_root() -> bool {
    output(Command::new("id").arg("-u")).is_some_and(|id| id == "0")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_may_not_install_is_told_the_exact_command() {
        let told = advice("Chromium", &["chromium", "fonts-noto-cjk"], true);
        assert!(
            told.contains("sudo apt-get install --no-install-recommends chromium fonts-noto-cjk"),
            "{told}"
        );
    }
}
