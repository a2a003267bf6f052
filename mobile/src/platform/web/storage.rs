//! Where SQLite keeps its files in a browser: the origin's private file system, through synchronous handles.
//!
//! `COMMIT` returns after the flush. IndexedDB would return before the data are on disk.

use sqlite_wasm_rs::WasmOsCallback;
use sqlite_wasm_vfs::sahpool::{self, OpfsSAHError, OpfsSAHPoolCfgBuilder};
use wasm_bindgen::prelude::*;

use super::clock::sleep;
use super::worker::scope;
use super::{lock, words};
use crate::bridge::StorageProblem;

/// Database, log and journal files that may exist at once: each account has two databases, and each of them may have a
/// log and, while it is made, a journal. The pool's own default of six runs out with “unable to open database file”.
const FILES_MAX: usize = 64;
/// A worker that was ended gives its handles back a moment after its lock.
const HANDLE_TRIES_MAX: u32 = 20;
const HANDLE_WAIT_MS: u32 = 250;

/// What must be there before anything is collected.
pub(super) fn check() -> Result<(), StorageProblem> {
    let storage = scope().navigator().storage();
    let has_files = js_sys::Reflect::get(&storage, &"getDirectory".into()).is_ok_and(|f| f.is_function());
    if storage.is_undefined() || !has_files {
        return Err(StorageProblem::NoFileSystem);
    }
    if !lock::available() {
        return Err(StorageProblem::NoLocks);
    }
    Ok(())
}

/// Makes the private file system SQLite's own. Call once, holding the lock.
pub(super) async fn install() -> Result<(), StorageProblem> {
    let options = OpfsSAHPoolCfgBuilder::new().initial_capacity(FILES_MAX).build();
    let mut tries = 1;
    loop {
        match sahpool::install::<WasmOsCallback>(&options, true).await {
            Ok(_pool) => return Ok(()),
            Err(error) if is_still_held(&error) && tries < HANDLE_TRIES_MAX => {
                tries += 1;
                sleep(HANDLE_WAIT_MS).await;
            }
            Err(error) => return Err(problem(error)),
        }
    }
}

fn is_still_held(error: &OpfsSAHError) -> bool {
    matches!(error, OpfsSAHError::Opfs { value, .. }
        if value.dyn_ref::<js_sys::Error>().is_some_and(|e| e.name() == "NoModificationAllowedError"))
}

fn problem(error: OpfsSAHError) -> StorageProblem {
    match error {
        OpfsSAHError::NotSupported => StorageProblem::NoFileSystem,
        // A private window has the functions and refuses them.
        OpfsSAHError::Opfs { ref value, .. }
            if value.dyn_ref::<js_sys::Error>().is_some_and(|e| e.name() == "SecurityError") =>
        {
            StorageProblem::NoFileSystem
        }
        OpfsSAHError::Opfs { operation, value, .. } => {
            StorageProblem::Other(format!("{operation}: {}", words(&value)))
        }
        other => StorageProblem::Other(other.to_string()),
    }
}
