//! Where things lie. Looks at nothing but the environment.

use std::env;
use std::path::PathBuf;

/// The folder of the workspace's Cargo.toml.
pub(crate) fn root() -> PathBuf {
    let own = env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    own.parent().map_or(own.clone(), PathBuf::from)
}

/// The folder that cargo builds into.
pub(crate) fn target() -> PathBuf {
    match env::var_os("CARGO_TARGET_DIR") {
        Some(dir) => root().join(dir),
        None => root().join("target"),
    }
}

/// The web client's own target folder: another target and, on some machines, another compiler, which
/// must not wait for the lock of the native builds nor throw away their work.
pub(crate) fn web_target() -> PathBuf {
    target().join("web")
}

/// The finished web client, as the server serves it.
pub(crate) fn site() -> PathBuf {
    target().join("site")
}

/// The page shell, icons and styles.
pub(crate) fn assets() -> PathBuf {
    root().join("assets")
}

/// Uploads by others' tus clients.
pub(crate) fn tus_tests() -> PathBuf {
    root().join("tests/tus")
}

/// The journeys in a real browser.
pub(crate) fn browser_tests() -> PathBuf {
    root().join("tests/browser")
}
