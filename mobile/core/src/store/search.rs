//! The search index over households. What is indexed and what is asked is made in `bianfang_shared::search`.

use super::{StoreError, sql};
use rusqlite::Transaction;

/// Replaces what is indexed for a row; empty texts are not indexed.
pub(super) fn index(tx: &Transaction<'_>, no: i64, before: &str, now: &str) -> Result<(), StoreError> {
    if !before.is_empty() {
        sql::run(tx, "DELETE FROM search WHERE rowid = ?1", [no])?;
    }
    if !now.is_empty() {
        sql::run(tx, "INSERT INTO search (rowid, tokens) VALUES (?1, ?2)", (no, now))?;
    }
    Ok(())
}
