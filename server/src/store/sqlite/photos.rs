//! Photographs and their uploads.

use super::SqliteStore;
use super::keeping::{Brought, Keep};
use super::merge::readable;
use super::rows::{area, get, id, raw, seq_of, to_json, word};
use super::sql::Sql;
use crate::store::StoreResult;
use crate::store::ledgers::AreaRange;
use crate::store::photos::{
    Before, BeginUpload, Due, Examined, HeldPhoto, NOBODY, PhotoId, PhotoStore, PhotoUse, Seen, Upload,
    UploadId, UploadLimits, uses_of,
};
use bianfang_shared::evidence::Evidence;
use bianfang_shared::id::{DeviceId, EntityId, ObservationId, OpId, UserId};
use bianfang_shared::op::Op;
use rusqlite::{Row, params, params_from_iter};

impl PhotoStore for SqliteStore {
    fn begin_upload(&self, upload: &Upload, limits: UploadLimits) -> StoreResult<BeginUpload> {
        self.write(|sql| {
            let ended = end_same(sql, (upload.account, upload.device, upload.photo))?;
            if !upload.done {
                let open = sql.one(
                    "SELECT count(*) FILTER (WHERE account = ?1), coalesce(sum(bytes), 0) \
                     FROM upload WHERE done = 0",
                    params![upload.account.bytes()],
                    |row| Ok((row.get::<_, i64>(0)?.cast_unsigned(), row.get::<_, i64>(1)?.cast_unsigned())),
                )?;
                let (of_account, bytes) = open.unwrap_or((0, 0));
                if of_account >= limits.open_of_account_max {
                    return Ok(BeginUpload::TooMany);
                }
                if bytes.saturating_add(upload.bytes) > limits.open_bytes_max {
                    return Ok(BeginUpload::NoRoom);
                }
            }
            write_upload(sql, upload)?;
            forget_done(sql, upload, limits.done_of_account_max)?;
            Ok(BeginUpload::Begun { ended })
        })
    }

    fn upload(&self, id: UploadId) -> StoreResult<Option<Upload>> {
        let statement = format!("SELECT {UPLOAD} FROM upload WHERE id = ?1");
        self.read_noted(|sql| Ok(sql.all(&statement, params![id.0], read_upload)?.into_iter().next()))
    }

    fn end_upload(&self, id: UploadId) -> StoreResult<bool> {
        self.write(|sql| Ok(sql.run("DELETE FROM upload WHERE id = ?1", params![id.0])? > 0))
    }

    fn expired_uploads(&self, now_ms: i64, rows_max: usize) -> StoreResult<Vec<Upload>> {
        let statement = format!(
            "SELECT {UPLOAD} FROM upload WHERE expires_at_ms <= ?1 ORDER BY expires_at_ms, id LIMIT ?2"
        );
        self.read_noted(|sql| sql.all(&statement, params![now_ms, limit(rows_max)], read_upload))
    }

    fn keep_photo(&self, photo: &HeldPhoto, by: Option<UploadId>) -> StoreResult<bool> {
        let by = by.map_or(Brought::Otherwise, Brought::By);
        self.keep(Keep { photo: photo.clone(), by })
    }

    fn keep_whole(&self, photo: &HeldPhoto, device: DeviceId) -> StoreResult<()> {
        self.keep_soon(Keep { photo: photo.clone(), by: Brought::Whole(device) })
    }

    fn note_missing(&self, id: PhotoId) -> StoreResult<()> {
        self.write(|sql| {
            let noted =
                sql.run("UPDATE photo SET missing = 1 WHERE id = ?1 AND NOT missing", params![id.0])?;
            if noted > 0 { due(sql, id) } else { Ok(()) }
        })
    }

    fn photo(&self, id: PhotoId) -> StoreResult<Option<HeldPhoto>> {
        let statement = format!("SELECT {PHOTO} FROM photo WHERE id = ?1");
        self.read_noted(|sql| Ok(sql.all(&statement, params![id.0], read_photo)?.into_iter().next()))
    }

    fn photos(&self, after: Option<PhotoId>, rows_max: usize) -> StoreResult<Vec<HeldPhoto>> {
        let statement = format!("SELECT {PHOTO} FROM photo WHERE id > ?1 ORDER BY id LIMIT ?2");
        self.read_noted(|sql| sql.all(&statement, params![beyond(after), limit(rows_max)], read_photo))
    }

    fn photos_to_examine(
        &self,
        after: Option<(i64, PhotoId)>,
        rows_max: usize,
    ) -> StoreResult<Vec<HeldPhoto>> {
        let statement = format!(
            "SELECT {PHOTO} FROM photo WHERE seen = 0 AND missing = 0 AND (received_at_ms, id) > (?1, ?2) \
             ORDER BY received_at_ms, id LIMIT ?3"
        );
        let (at_ms, id) = after.map_or((i64::MIN, None), |(at_ms, id)| (at_ms, Some(id)));
        self.read_noted(|sql| sql.all(&statement, params![at_ms, beyond(id), limit(rows_max)], read_photo))
    }

    fn note_examined(&self, photos: &[(PhotoId, Examined)]) -> StoreResult<()> {
        self.write_passing(|sql| {
            photos.iter().try_for_each(|(id, examined)| write_examined(sql, *id, examined))
        })
    }

    fn photos_alike(&self, id: PhotoId) -> StoreResult<Vec<(PhotoId, u32)>> {
        self.read(|sql| {
            sql.all(
                "SELECT other, distance FROM photo_alike WHERE photo = ?1 ORDER BY distance, other",
                params![id.0],
                |row| Ok((photo_id(row, 0)?, get(row, 1)?)),
            )
        })
    }

    fn likenesses(&self, after: Option<PhotoId>, rows_max: usize) -> StoreResult<Vec<(PhotoId, String)>> {
        self.read(|sql| {
            sql.all(
                "SELECT id, likeness FROM photo WHERE id > ?1 AND likeness IS NOT NULL ORDER BY id LIMIT ?2",
                params![beyond(after), limit(rows_max)],
                |row| Ok((photo_id(row, 0)?, get(row, 1)?)),
            )
        })
    }

    fn photo_uses(&self, id: PhotoId, after: Option<OpId>, rows_max: usize) -> StoreResult<Vec<PhotoUse>> {
        // Every device's name comes after the empty one.
        let (device, seq) =
            after.map_or((Vec::new(), 0), |op| (op.device.bytes().to_vec(), op.seq.cast_signed()));
        self.read(|sql| {
            sql.all(
                "SELECT device, seq, area, record FROM photo_use \
                 WHERE photo = ?1 AND (device, seq) > (?2, ?3) ORDER BY device, seq LIMIT ?4",
                params![id.0, device, seq, limit(rows_max)],
                |row| read_use(id, row),
            )
        })
    }

    fn photo_named_before(&self, id: PhotoId, before: &Before<'_>) -> StoreResult<bool> {
        let mut found = false;
        self.read(|sql| {
            sql.each(
                "SELECT record.received_at_ms, record.id, record.subject FROM photo_use JOIN record \
                 ON record.id = photo_use.record AND record.device = photo_use.device \
                 AND record.seq = photo_use.seq WHERE photo_use.photo = ?1",
                params![id.0],
                |row| {
                    let record = (get(row, 0)?, ObservationId::from_bytes(get(row, 1)?));
                    found = before.holds(record, EntityId::from_bytes(get(row, 2)?));
                    Ok(!found)
                },
            )
        })?;
        Ok(found)
    }

    fn photo_opened_in(&self, id: PhotoId, areas: &[AreaRange]) -> StoreResult<bool> {
        let ranges: Vec<&str> = areas.iter().map(|_| "photo_use.area BETWEEN ? AND ?").collect();
        let within = if ranges.is_empty() { "0".to_owned() } else { ranges.join(" OR ") };
        let statement = format!("SELECT 1 {OPENING} AND ({within}) LIMIT 1");
        let bounds = areas.iter().flat_map(|range| [range.first.sql().into(), range.last.sql().into()]);
        let name = rusqlite::types::Value::Blob(id.0.to_vec());
        let found = std::iter::once(name).chain(bounds);
        self.read_noted(|sql| Ok(sql.one(&statement, params_from_iter(found), |_| Ok(()))?.is_some()))
    }

    fn photo_brought_by(&self, id: PhotoId, account: UserId) -> StoreResult<bool> {
        self.read_noted(|sql| {
            let found = sql.one(
                "SELECT 1 FROM photo WHERE id = ?1 AND (uploader = ?2 \
                 OR EXISTS (SELECT 1 FROM photo_brought WHERE photo = ?1 AND account = ?2) \
                 OR uploader = ?3 AND NOT EXISTS (SELECT 1 FROM photo_brought WHERE photo = ?1) \
                 AND EXISTS (SELECT 1 FROM photo_first JOIN device ON device.id = photo_first.device \
                 WHERE photo_first.photo = ?1 AND device.account = ?2))",
                params![id.0, account.bytes(), NOBODY.bytes()],
                |_| Ok(()),
            )?;
            Ok(found.is_some())
        })
    }

    fn note_brought(&self, id: PhotoId, account: UserId) -> StoreResult<()> {
        self.write(|sql| also_brought(sql, id, account))
    }

    fn photos_missing(&self, after: Option<PhotoId>, rows_max: usize) -> StoreResult<Vec<PhotoId>> {
        self.read_noted(|sql| {
            sql.all(
                "SELECT DISTINCT photo FROM photo_use WHERE photo > ?1 \
                 AND NOT EXISTS (SELECT 1 FROM photo WHERE photo.id = photo_use.photo) ORDER BY photo LIMIT ?2",
                params![beyond(after), limit(rows_max)],
                |row| photo_id(row, 0),
            )
        })
    }

    fn photos_unnamed(&self, received_before_ms: i64, rows_max: usize) -> StoreResult<Vec<PhotoId>> {
        self.read_noted(|sql| {
            sql.all(
                "SELECT id FROM photo WHERE received_at_ms < ?1 \
                 AND NOT EXISTS (SELECT 1 FROM photo_use WHERE photo_use.photo = photo.id) LIMIT ?2",
                params![received_before_ms, limit(rows_max)],
                |row| photo_id(row, 0),
            )
        })
    }

    fn let_photo_go(&self, id: PhotoId, at_ms: i64) -> StoreResult<bool> {
        self.write(|sql| {
            let held = sql.run(
                "DELETE FROM photo WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM photo_use WHERE photo = ?1)",
                params![id.0],
            )?;
            if held == 0 {
                return Ok(false);
            }
            sql.run(
                "DELETE FROM photo_alike WHERE (photo, other) IN \
                 (SELECT other, photo FROM photo_alike WHERE photo = ?1)",
                params![id.0],
            )?;
            sql.run("DELETE FROM photo_alike WHERE photo = ?1", params![id.0])?;
            sql.run("INSERT OR REPLACE INTO photo_let_go (id, at_ms) VALUES (?1, ?2)", params![id.0, at_ms])?;
            Ok(true)
        })
    }

    fn photo_let_go_at(&self, id: PhotoId, now_ms: i64) -> StoreResult<Option<i64>> {
        self.write(|sql| {
            let wanted = sql.one(
                "SELECT 1 WHERE EXISTS (SELECT 1 FROM photo WHERE id = ?1) \
                 OR EXISTS (SELECT 1 FROM photo_use WHERE photo = ?1)",
                params![id.0],
                |_| Ok(()),
            )?;
            if wanted.is_some() {
                return Ok(None);
            }
            sql.run("INSERT OR IGNORE INTO photo_let_go (id, at_ms) VALUES (?1, ?2)", params![id.0, now_ms])?;
            sql.one("SELECT at_ms FROM photo_let_go WHERE id = ?1", params![id.0], |row| row.get(0))
        })
    }

    fn forget_let_go(&self, id: PhotoId) -> StoreResult<()> {
        self.write(|sql| sql.run("DELETE FROM photo_let_go WHERE id = ?1", params![id.0]).map(drop))
    }

    fn photos_due(&self, after: Option<PhotoId>, rows_max: usize) -> StoreResult<Vec<Due>> {
        self.read_noted(|sql| {
            sql.all(
                "SELECT photo, turn FROM photo_due WHERE photo > ?1 ORDER BY photo LIMIT ?2",
                params![beyond(after), limit(rows_max)],
                |row| Ok(Due { photo: photo_id(row, 0)?, turn: get(row, 1)? }),
            )
        })
    }

    fn note_assessed(&self, dealt_with: &[Due], records: &[(ObservationId, Evidence)]) -> StoreResult<()> {
        self.write(|sql| {
            for (record, evidence) in records {
                readable(evidence)?;
                sql.run(
                    "UPDATE record SET grade = ?2, evidence = ?3 WHERE id = ?1",
                    params![record.bytes(), word(&evidence.grade)?, to_json(evidence)?],
                )?;
            }
            for due in dealt_with {
                sql.run(
                    "DELETE FROM photo_due WHERE photo = ?1 AND turn = ?2",
                    params![due.photo.0, due.turn],
                )?;
            }
            Ok(())
        })
    }
}

/// The merged operations that open a photograph, `?1`, to those who see them. A device belongs to one account, which is
/// the author of all that is merged of its chain.
const OPENING: &str = "FROM photo_use JOIN device ON device.id = photo_use.device \
     JOIN chain ON chain.id = (device.key << 40) | photo_use.seq AND chain.log IS NOT NULL \
     WHERE photo_use.photo = ?1 AND (EXISTS (SELECT 1 FROM photo_first WHERE photo_first.photo = ?1 \
     AND photo_first.device = photo_use.device AND photo_first.seq = photo_use.seq) \
     OR device.account = (SELECT uploader FROM photo WHERE id = ?1) \
     OR EXISTS (SELECT 1 FROM photo_brought WHERE photo_brought.photo = ?1 AND account = device.account))";
const UPLOAD: &str = "id, photo, bytes, account, device, metadata, began_at_ms, expires_at_ms, done";
const PHOTO: &str = "id, bytes, received_at_ms, uploader, seen, width, height, likeness, missing";

fn limit(rows_max: usize) -> i64 {
    i64::try_from(rows_max).unwrap_or(i64::MAX)
}

/// Every name comes after the empty one.
fn beyond(after: Option<PhotoId>) -> Vec<u8> {
    after.map_or_else(Vec::new, |id| id.0.to_vec())
}

fn photo_id(row: &Row<'_>, at: usize) -> StoreResult<PhotoId> {
    Ok(PhotoId(get(row, at)?))
}

pub(super) fn end_same(
    sql: &Sql<'_>,
    (account, device, photo): (UserId, DeviceId, PhotoId),
) -> StoreResult<Vec<UploadId>> {
    let same = params![device.bytes(), photo.0, account.bytes()];
    let ended = sql.all(
        "SELECT id FROM upload WHERE device = ?1 AND photo = ?2 AND account = ?3 ORDER BY id",
        same,
        |row| Ok(UploadId(get(row, 0)?)),
    )?;
    if !ended.is_empty() {
        sql.run("DELETE FROM upload WHERE device = ?1 AND photo = ?2 AND account = ?3", same)?;
    }
    Ok(ended)
}

/// Notes an upload.
fn write_upload(sql: &Sql<'_>, upload: &Upload) -> StoreResult<()> {
    sql.run(
        "INSERT OR REPLACE INTO upload (id, photo, bytes, account, device, metadata, began_at_ms, expires_at_ms, \
         done) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        params![
            upload.id.0,
            upload.photo.0,
            upload.bytes.cast_signed(),
            upload.account.bytes(),
            upload.device.bytes(),
            upload.metadata,
            upload.began_at_ms,
            upload.expires_at_ms,
            upload.done,
        ],
    )?;
    Ok(())
}

/// Keeps of an account's finished uploads the latest, beside the one that begins.
fn forget_done(sql: &Sql<'_>, beginning: &Upload, most: u64) -> StoreResult<()> {
    sql.run(
        "DELETE FROM upload WHERE id IN (SELECT id FROM upload WHERE account = ?1 AND done = 1 AND id <> ?2 \
         ORDER BY began_at_ms DESC, id DESC LIMIT -1 OFFSET ?3)",
        params![beginning.account.bytes(), beginning.id.0, i64::try_from(most).unwrap_or(i64::MAX)],
    )?;
    Ok(())
}

fn read_upload(row: &Row<'_>) -> StoreResult<Upload> {
    Ok(Upload {
        id: UploadId(get(row, 0)?),
        photo: photo_id(row, 1)?,
        bytes: get::<i64>(row, 2)?.cast_unsigned(),
        account: id(row, 3)?,
        device: id(row, 4)?,
        metadata: get(row, 5)?,
        began_at_ms: get(row, 6)?,
        expires_at_ms: get(row, 7)?,
        done: get(row, 8)?,
    })
}

fn read_photo(row: &Row<'_>) -> StoreResult<HeldPhoto> {
    let seen = if get(row, 4)? {
        Some(Seen { width: get(row, 5)?, height: get(row, 6)?, likeness: get(row, 7)? })
    } else {
        None
    };
    Ok(HeldPhoto {
        id: photo_id(row, 0)?,
        bytes: get::<i64>(row, 1)?.cast_unsigned(),
        received_at_ms: get(row, 2)?,
        uploader: id(row, 3)?,
        seen,
        missing: get(row, 8)?,
    })
}

fn read_use(photo: PhotoId, row: &Row<'_>) -> StoreResult<PhotoUse> {
    Ok(PhotoUse {
        photo,
        op: OpId::new(id(row, 0)?, get::<i64>(row, 1)?.cast_unsigned()),
        scope: area(row, 2)?,
        record: get::<Option<[u8; 16]>>(row, 3)?.map(ObservationId::from_bytes),
    })
}

fn write_examined(sql: &Sql<'_>, id: PhotoId, examined: &Examined) -> StoreResult<()> {
    let Seen { width, height, likeness } = &examined.seen;
    let known = sql.run(
        "UPDATE photo SET seen = 1, width = ?2, height = ?3, likeness = ?4 WHERE id = ?1",
        params![id.0, width, height, likeness],
    )?;
    if known == 0 {
        return Ok(());
    }
    due(sql, id)?;
    for (other, distance) in &examined.alike {
        for (one, another) in [(id, *other), (*other, id)] {
            sql.run(
                "INSERT OR REPLACE INTO photo_alike (photo, other, distance) VALUES (?1, ?2, ?3)",
                params![one.0, another.0, distance],
            )?;
        }
        due(sql, *other)?;
    }
    Ok(())
}

/// A photograph that is noted already is here once more.
pub(super) fn came_again(sql: &Sql<'_>, photo: PhotoId) -> StoreResult<()> {
    sql.run("UPDATE photo SET seen = 0 WHERE id = ?1 AND likeness IS NULL", params![photo.0])?;
    let returned = sql.run("UPDATE photo SET missing = 0 WHERE id = ?1 AND missing", params![photo.0])?;
    if returned > 0 { due(sql, photo) } else { Ok(()) }
}

/// Notes that an account has a photograph as well, which is noted already.
pub(super) fn also_brought(sql: &Sql<'_>, photo: PhotoId, account: UserId) -> StoreResult<()> {
    if account == NOBODY {
        return Ok(());
    }
    let noted = sql.run(
        "INSERT OR IGNORE INTO photo_brought (photo, account) SELECT id, ?2 FROM photo WHERE id = ?1 AND uploader <> ?2",
        params![photo.0, account.bytes()],
    )?;
    // Records of the account that name it were waiting for it.
    if noted > 0 { due(sql, photo) } else { Ok(()) }
}

/// Notes that a merged operation names a photograph, where it is the first.
pub(super) fn write_first(sql: &Sql<'_>, named: &PhotoUse) -> StoreResult<()> {
    sql.run(
        "INSERT OR IGNORE INTO photo_first (photo, device, seq) VALUES (?1, ?2, ?3)",
        params![named.photo.0, named.op.device.bytes(), named.op.seq.cast_signed()],
    )?;
    Ok(())
}

/// Notes that an operation names a photograph.
pub(super) fn write_use(sql: &Sql<'_>, named: &PhotoUse) -> StoreResult<()> {
    sql.run(
        "INSERT OR IGNORE INTO photo_use (photo, device, seq, area, record) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![
            named.photo.0,
            named.op.device.bytes(),
            named.op.seq.cast_signed(),
            named.scope.sql(),
            named.record.map(|record| record.bytes()),
        ],
    )?;
    Ok(())
}

/// Notes that something new is known of a photograph.
pub(super) fn due(sql: &Sql<'_>, photo: PhotoId) -> StoreResult<()> {
    sql.run(
        "INSERT INTO photo_due (photo, turn) VALUES (?1, 1) ON CONFLICT (photo) DO UPDATE SET turn = turn + 1",
        params![photo.0],
    )?;
    Ok(())
}

/// Notes which operations of the chains name photographs, as the merge does for new ones.
pub(super) fn find_uses(sql: &Sql<'_>) -> StoreResult<()> {
    sql.each(
        "SELECT device.id, chain.id, coalesce(log.raw, aside.raw) \
         FROM chain JOIN device ON device.key = chain.id >> 40 LEFT JOIN log ON log.id = chain.log \
         LEFT JOIN aside ON aside.id = chain.id WHERE instr(coalesce(log.raw, aside.raw), 'sha256') > 0",
        [],
        |row| {
            let name = OpId::new(id(row, 0)?, seq_of(get(row, 1)?));
            // What cannot be read was set aside for that, and names nothing.
            let Ok(op) = serde_json::from_str::<Op>(&raw(row, 2)?) else { return Ok(true) };
            for named in uses_of(&op, name) {
                write_use(sql, &named)?;
                if stands(sql, &named)? {
                    due(sql, named.photo)?;
                }
            }
            Ok(true)
        },
    )
}

/// Whether the operation made the record that the ledger has.
fn stands(sql: &Sql<'_>, named: &PhotoUse) -> StoreResult<bool> {
    let Some(record) = named.record else { return Ok(false) };
    let found = sql.one(
        "SELECT 1 FROM record WHERE id = ?1 AND device = ?2 AND seq = ?3",
        params![record.bytes(), named.op.device.bytes(), named.op.seq.cast_signed()],
        |_| Ok(()),
    )?;
    Ok(found.is_some())
}
