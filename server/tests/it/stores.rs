//! Every store keeps what stores promise.

use bianfang_server::store::conformance::{EPOCH, check_all};
use bianfang_server::store::faults::NoFaults;
use bianfang_server::store::memory::MemoryStore;
use bianfang_server::store::sqlite::SqliteStore;
use std::cell::Cell;
use std::sync::Arc;

#[test]
fn the_store_in_memory_keeps_what_stores_promise() {
    check_all(|| Arc::new(MemoryStore::new(EPOCH)));
}

#[test]
fn the_embedded_store_keeps_what_stores_promise() {
    let folder = tempfile::tempdir().unwrap();
    let number = Cell::new(0);
    check_all(|| {
        number.set(number.get() + 1);
        let path = folder.path().join(format!("{}.sqlite", number.get()));
        Arc::new(SqliteStore::open(&path, EPOCH, Arc::new(NoFaults)).unwrap())
    });
}
