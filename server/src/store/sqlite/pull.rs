//! The log, read again.

use super::SqliteStore;
use super::merge::{self, SqliteMerge, device_key, scope_head};
use super::rows::{area, get, raw, row_id, row_name, seq_of};
use super::schema::SEQ_MAX;
use super::sql::Sql;
use crate::store::log::{
    Cursor, DeviceFacts, HeldOp, LogStore, MergeTxn, Place, PullLimits, PullSink, ScopeHead, ScopeRow,
};
use crate::store::{StoreError, StoreResult};
use bianfang_shared::area::AreaCode;
use bianfang_shared::id::DeviceId;
use rusqlite::params;

impl LogStore for SqliteStore {
    fn merge(&self, work: &mut dyn FnMut(&mut dyn MergeTxn) -> StoreResult<()>) -> StoreResult<()> {
        self.write(|sql| work(&mut SqliteMerge::new(sql)))
    }

    fn pull(&self, cursors: &[Cursor], limits: PullLimits, sink: &mut dyn PullSink) -> StoreResult<bool> {
        self.read_at_once(|sql| {
            let mut left = limits;
            for (at, cursor) in cursors.iter().enumerate() {
                let whole = pull_scope(sql, *cursor, &mut left, sink)?;
                let others = at + 1 < cursors.len();
                if !whole || (others && left.ops_max == 0) {
                    return Ok(true);
                }
            }
            Ok(false)
        })
    }

    fn scopes(&self) -> StoreResult<Vec<ScopeHead>> {
        self.read(|sql| {
            let statement = "SELECT area, seq, checksum FROM scope ORDER BY area";
            let listed = sql.readable(
                statement,
                [],
                |row| row_name("scope", row, 0..1),
                |row| {
                    Ok(ScopeHead {
                        scope: area(row, 0)?,
                        seq: get::<i64>(row, 1)?.cast_unsigned(),
                        checksum: get::<i64>(row, 2)?.cast_unsigned(),
                    })
                },
            );
            Ok(listed?.rows)
        })
    }

    fn scope_log(&self, scope: AreaCode, from: u64, rows_max: usize) -> StoreResult<Vec<ScopeRow>> {
        self.read(|sql| {
            let Some(key) = scope_key(sql, scope)? else { return Ok(Vec::new()) };
            sql.all(
                "SELECT id, received_at_ms, checksum, raw FROM log WHERE id BETWEEN ?1 AND ?2 ORDER BY id LIMIT ?3",
                params![row_id(key, from), row_id(key, SEQ_MAX), i64::try_from(rows_max).unwrap_or(i64::MAX)],
                |row| {
                    let checksum = get::<i64>(row, 2)?.cast_unsigned();
                    Ok(ScopeRow {
                        place: Place { scope, seq: seq_of(get(row, 0)?), checksum },
                        received_at_ms: get(row, 1)?,
                        raw: raw(row, 3)?,
                    })
                },
            )
        })
    }

    fn chain_log(&self, device: DeviceId, from: u64, rows_max: usize) -> StoreResult<Vec<HeldOp>> {
        self.read_at_once(|sql| {
            let Some(key) = device_key(sql, device)? else { return Ok(Vec::new()) };
            merge::held_ops(sql, key, from, from.saturating_add(rows_max as u64).saturating_sub(1))
        })
    }

    fn device_facts(&self, device: DeviceId) -> StoreResult<Option<DeviceFacts>> {
        self.read(|sql| merge::device_facts(sql, device))
    }
}

fn scope_key(sql: &Sql<'_>, scope: AreaCode) -> StoreResult<Option<i64>> {
    sql.one("SELECT key FROM scope WHERE area = ?1", params![scope.sql()], |row| row.get(0))
}

/// Reads one scope as far as the limits reach; answers whether to its head.
fn pull_scope(
    sql: &Sql<'_>,
    cursor: Cursor,
    left: &mut PullLimits,
    sink: &mut dyn PullSink,
) -> StoreResult<bool> {
    let scope = cursor.scope;
    let head = scope_head(sql, scope)?.unwrap_or(ScopeHead { scope, seq: 0, checksum: 0 });
    if cursor.next > head.seq + 1 {
        sink.beyond(scope);
        return Ok(true);
    }
    if cursor.next == head.seq + 1 {
        sink.end(scope, cursor.next, head.seq, head.checksum);
        return Ok(true);
    }
    let key = scope_key(sql, scope)?.ok_or_else(|| StoreError::Damaged(format!("scope {scope}")))?;
    let (mut next, mut checksum) = (cursor.next, 0);
    sql.each(
        "SELECT id, received_at_ms, checksum, raw FROM log WHERE id BETWEEN ?1 AND ?2 ORDER BY id LIMIT ?3",
        params![
            row_id(key, cursor.next),
            row_id(key, head.seq),
            i64::try_from(left.ops_max).unwrap_or(i64::MAX)
        ],
        |row| {
            let text = row.get_ref(3)?.as_str().map_err(rusqlite::Error::from)?;
            sink.op(scope, next, row.get(1)?, text);
            checksum = get::<i64>(row, 2)?.cast_unsigned();
            next += 1;
            left.ops_max -= 1;
            left.bytes_max = left.bytes_max.saturating_sub(text.len());
            if left.bytes_max == 0 {
                left.ops_max = 0;
            }
            Ok(left.ops_max > 0)
        },
    )?;
    if next == cursor.next {
        return Err(StoreError::Damaged(format!("the log of scope {scope} has a hole at {next}")));
    }
    sink.end(scope, next, head.seq, checksum);
    Ok(next == head.seq + 1)
}
