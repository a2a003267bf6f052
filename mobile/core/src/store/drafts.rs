//! Forms begun and not saved. They survive everything but being saved or thrown away.

use super::photos::PhotoName;
use super::{StoreError, meta, sql};
use bianfang_shared::form::FormDraft;
use bianfang_shared::id::EntityId;
use bianfang_shared::observation::ObservationKind;
use rusqlite::{Connection, Transaction};
use std::collections::BTreeSet;

/// A form begun: which kind of record, what about, when it was last touched.
pub(crate) type Begun = (ObservationKind, EntityId, i64);

pub(crate) fn get(
    conn: &Connection,
    kind: ObservationKind,
    subject: EntityId,
) -> Result<Option<FormDraft>, StoreError> {
    let find = "SELECT draft FROM drafts WHERE kind = ?1 AND subject = ?2";
    let text: Option<String> = sql::one(conn, find, (meta::word(&kind), subject.bytes()), |row| row.get(0))?;
    text.map(|text| meta::from_json("draft", &text)).transpose()
}

pub(crate) fn put(tx: &Transaction<'_>, draft: &FormDraft, touched_at_ms: i64) -> Result<(), StoreError> {
    sql::run(
        tx,
        "INSERT OR REPLACE INTO drafts (kind, subject, draft, touched_at_ms) VALUES (?1, ?2, ?3, ?4)",
        (meta::word(&draft.kind), draft.subject.bytes(), meta::to_json(draft), touched_at_ms),
    )?;
    Ok(())
}

pub(crate) fn remove(
    tx: &Transaction<'_>,
    kind: ObservationKind,
    subject: EntityId,
) -> Result<(), StoreError> {
    let remove = "DELETE FROM drafts WHERE kind = ?1 AND subject = ?2";
    sql::run(tx, remove, (meta::word(&kind), subject.bytes()))?;
    Ok(())
}

/// Far more forms than anybody begins.
pub(super) const DRAFTS_MAX: usize = 10_000;

/// The photographs that drafts name.
pub(crate) fn photos(conn: &Connection) -> Result<BTreeSet<PhotoName>, StoreError> {
    let mut named = BTreeSet::new();
    for (kind, subject, _) in list(conn, DRAFTS_MAX)? {
        let draft = get(conn, kind, subject)?;
        let photos = draft.iter().flat_map(|draft| &draft.photos);
        named.extend(photos.filter_map(|photo| PhotoName::parse(&photo.sha256)));
    }
    Ok(named)
}

/// Forms begun, last touched first.
pub(crate) fn list(conn: &Connection, rows_max: usize) -> Result<Vec<Begun>, StoreError> {
    let rows = sql::all(
        conn,
        "SELECT kind, subject, touched_at_ms FROM drafts ORDER BY touched_at_ms DESC LIMIT ?1",
        [sql::signed(rows_max as u64)],
        |row| Ok((row.get::<_, String>(0)?, EntityId::from_bytes(row.get(1)?), row.get(2)?)),
    )?;
    let read = |(kind, subject, at_ms): (String, EntityId, i64)| -> Result<Begun, StoreError> {
        Ok((meta::from_word("kind", &kind)?, subject, at_ms))
    };
    rows.into_iter().map(read).collect()
}
