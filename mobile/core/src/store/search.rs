//! The search index over households. What is indexed and what is asked is made in `bianfang_shared::search`.

use super::{StoreError, sql};
use rusqlite::Transaction;

/// What is to be indexed for a row. Empty texts are not indexed.
#[derive(Debug)]
pub(super) struct Change {
    pub(super) no: i64,
    pub(super) was_indexed: bool,
    pub(super) now: String,
}

/// Carries out changes. Last in a transaction, and together: any statement in between would make the index write
/// what it has gathered so far, and merging many small pieces is what makes a first synchronisation slow.
pub(super) fn index(tx: &Transaction<'_>, changes: &[Change]) -> Result<(), StoreError> {
    for change in changes.iter().filter(|change| change.was_indexed) {
        sql::run(tx, "DELETE FROM search WHERE rowid = ?1", [change.no])?;
    }
    for change in changes.iter().filter(|change| !change.now.is_empty()) {
        sql::run(tx, "INSERT INTO search (rowid, tokens) VALUES (?1, ?2)", (change.no, &change.now))?;
    }
    Ok(())
}
