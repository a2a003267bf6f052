//! 上传: where every record and edit made here is.

use super::names::Names;
use super::{Reading, photos, record};
use crate::message::{ConflictRow, EditRow, LIST_ROWS, PhotoRow, Place, SyncState, Uploads};
use crate::store::ops::{self, Held};
use crate::store::{StoreError, entries, records};
use bianfang_shared::ledger::LedgerKind;
use bianfang_shared::observation::{PhotoRef, PhotoSource};
use bianfang_shared::query::ConflictView;

/// Most edits in one answer.
const EDITS_MAX: usize = 200;

pub(crate) fn view(reading: Reading<'_>, skip: usize, sync: SyncState) -> Result<Uploads, StoreError> {
    let conn = reading.conn;
    let names = Names::read(conn)?;
    let mut lines = records::own(conn, skip, LIST_ROWS + 1)?;
    let more = lines.len() > LIST_ROWS;
    lines.truncate(LIST_ROWS);
    let edits = ops::open_edits(conn, EDITS_MAX)?;
    Ok(Uploads {
        records: record::rows(&reading, &names, lines)?,
        more,
        edits: edits.iter().map(|held| edit(&reading, held)).collect::<Result<_, _>>()?,
        conflicts: conflicts(&reading, &names)?,
        only_here: records::only_here(conn)?,
        photos_to_send: sync.photos_to_send,
        photos_failed: failed(&reading)?,
        sync,
    })
}

/// Photographs that cannot be sent.
fn failed(reading: &Reading<'_>) -> Result<Vec<PhotoRow>, StoreError> {
    let failed = reading.spool.failed(LIST_ROWS)?.into_iter().map(|kept| PhotoRef {
        sha256: kept.name.to_string(),
        purpose: String::new(),
        bytes: kept.bytes,
        width: 0,
        height: 0,
        source: PhotoSource::Unknown,
        taken_at_ms: None,
        place: None,
        likeness: kept.likeness,
    });
    photos::rows(reading, &failed.collect::<Vec<_>>())
}

fn edit(reading: &Reading<'_>, held: &Held) -> Result<EditRow, StoreError> {
    let entity = held.op.body.entity();
    let observation = held.op.body.observation();
    let subject = match (entity, observation) {
        (None, Some(id)) => records::get(reading.conn, id)?.map(|line| line.subject),
        (entity, _) => entity,
    };
    let name = subject.map(|id| entries::name(reading.conn, id)).transpose()?.flatten();
    Ok(EditRow {
        op: held.op.id(),
        entity: subject,
        name: name.unwrap_or_default().0,
        kind: ops::kind(&held.op.body).to_owned(),
        at_ms: held.op.hlc.wall_ms(),
        place: match &held.reason {
            Some(reason) => Place::SetAside { reason: reason.clone() },
            None => Place::Device,
        },
    })
}

fn conflicts(reading: &Reading<'_>, names: &Names) -> Result<Vec<ConflictRow>, StoreError> {
    let mut rows = Vec::new();
    for id in entries::in_conflict(reading.conn, LIST_ROWS)? {
        let Some(entry) = entries::entry(reading.conn, id)? else { continue };
        let name = entries::name(reading.conn, id)?.unwrap_or_default().0;
        for conflict in ConflictView::of_entry(&entry) {
            rows.push(ConflictRow {
                entity: id,
                ledger: entry.ledger.unwrap_or(LedgerKind::Unknown),
                name: name.clone(),
                field: conflict.field,
                names: names.among(conflict.siblings.iter().map(|sibling| sibling.author)),
                siblings: conflict.siblings,
            });
        }
    }
    rows.truncate(LIST_ROWS);
    Ok(rows)
}
