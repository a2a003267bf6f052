//! Forms begun and not saved. They survive everything but being saved or thrown away.

use super::{StoreError, meta, sql};
use bianfang_shared::id::EntityId;
use bianfang_shared::visit::VisitDraft;
use rusqlite::{Connection, Transaction};

pub(crate) fn get(conn: &Connection, household: EntityId) -> Result<Option<VisitDraft>, StoreError> {
    let find = "SELECT draft FROM drafts WHERE household = ?1";
    let text: Option<String> = sql::one(conn, find, [household.bytes()], |row| row.get(0))?;
    text.map(|text| meta::from_json("draft", &text)).transpose()
}

pub(crate) fn put(tx: &Transaction<'_>, draft: &VisitDraft, touched_at_ms: i64) -> Result<(), StoreError> {
    sql::run(
        tx,
        "INSERT OR REPLACE INTO drafts (household, draft, touched_at_ms) VALUES (?1, ?2, ?3)",
        (draft.household.bytes(), meta::to_json(draft), touched_at_ms),
    )?;
    Ok(())
}

pub(crate) fn remove(tx: &Transaction<'_>, household: EntityId) -> Result<(), StoreError> {
    sql::run(tx, "DELETE FROM drafts WHERE household = ?1", [household.bytes()])?;
    Ok(())
}

/// Households with a form begun, last touched first.
pub(crate) fn list(conn: &Connection, rows_max: usize) -> Result<Vec<(EntityId, i64)>, StoreError> {
    Ok(sql::all(
        conn,
        "SELECT household, touched_at_ms FROM drafts ORDER BY touched_at_ms DESC LIMIT ?1",
        [sql::signed(rows_max as u64)],
        |row| Ok((EntityId::from_bytes(row.get(0)?), row.get(1)?)),
    )?)
}
