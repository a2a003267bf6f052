//! A seam for tests: the n-th statement or commit on this thread fails as a full or failing disk would make it fail.
//! Every statement of the store passes here. Costs one look at a thread's own cell.

use std::cell::Cell;

thread_local! {
    static PASSED: Cell<u64> = const { Cell::new(0) };
    static FAIL_AT: Cell<u64> = const { Cell::new(0) };
}

/// Lets the `n`-th statement or commit from now on fail, counted from 1, and all others pass. 0 lets all pass.
pub fn fail_at(n: u64) {
    PASSED.set(0);
    FAIL_AT.set(n);
}

/// How many statements and commits have been tried since [`fail_at`].
pub fn passed() -> u64 {
    PASSED.get()
}

pub(super) fn strike() -> rusqlite::Result<()> {
    let at = PASSED.get() + 1;
    PASSED.set(at);
    if at == FAIL_AT.get() { Err(injected()) } else { Ok(()) }
}

fn injected() -> rusqlite::Error {
    let code = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_IOERR_WRITE);
    rusqlite::Error::SqliteFailure(code, Some("a fault put there by a test".to_owned()))
}
