//! Questions to the ledgers.

use super::merge::{entry_or_folded, held_entry, held_entry_at, one_aside, readable, record};
use super::rows::{
    ASIDE, RECORD, area, from_word, get, held_record, id, json, key_of, raw, row_id, row_name, seq_of,
    set_aside, to_json, word,
};
use super::sql::Sql;
use super::{SqliteStore, access};
use crate::store::ledgers::{
    AreaRange, AsideQuery, AsideRow, Counts, DecisionKey, DecisionQuery, FoundIn, HouseholdKey,
    HouseholdQuery, HouseholdRow, LedgerStore, Listed, LogRow, ReadLimits, RecordQuery,
};
use crate::store::log::{FoundBy, HeldEntry, HeldRecord, HouseholdIndex, SetAside};
use crate::store::{StoreError, StoreResult};
use bianfang_shared::area::AreaCode;
use bianfang_shared::id::{EntityId, ObservationId, OpId, UserId};
use bianfang_shared::judge::Reason;
use bianfang_shared::ledger::LedgerKind;
use bianfang_shared::observation::ObservationKind;
use bianfang_shared::query::DecisionKind;
use rusqlite::types::Value;
use rusqlite::{Row, params, params_from_iter};
use std::cmp::Reverse;

/// A `WHERE` under construction, with its parameters.
#[derive(Default)]
struct Where {
    conditions: Vec<String>,
    params: Vec<Value>,
}

impl Where {
    /// Adds a condition whose `?` is the next parameter.
    fn and(&mut self, condition: &str, params: impl IntoIterator<Item = Value>) {
        self.conditions.push(condition.to_owned());
        self.params.extend(params);
    }

    fn and_some<T>(&mut self, condition: &str, value: Option<T>, write: impl FnOnce(T) -> Value) {
        if let Some(value) = value {
            self.and(condition, [write(value)]);
        }
    }

    fn within(&mut self, column: &str, areas: &[AreaRange], or: Option<&str>) {
        let ranges = areas.iter().map(|_| format!("{column} BETWEEN ? AND ?"));
        let any: Vec<String> = ranges.chain(or.map(str::to_owned)).collect();
        let condition = if any.is_empty() { "0".to_owned() } else { format!("({})", any.join(" OR ")) };
        let bounds = areas.iter().flat_map(|range| [range.first.sql().into(), range.last.sql().into()]);
        self.and(&condition, bounds);
    }

    fn text(&self) -> String {
        if self.conditions.is_empty() { "1".to_owned() } else { self.conditions.join(" AND ") }
    }
}

fn blob(bytes: [u8; 16]) -> Value {
    Value::Blob(bytes.to_vec())
}

fn limit(rows_max: usize) -> i64 {
    i64::try_from(rows_max).unwrap_or(i64::MAX)
}

impl LedgerStore for SqliteStore {
    fn records(&self, query: &RecordQuery) -> StoreResult<Listed<HeldRecord>> {
        if let Some(kind) = query.kind {
            return self.read(|sql| records_of(sql, query, kind));
        }
        // Each kind by the index that begins with it, rather than one more index to be written with every record.
        self.read_at_once(|sql| {
            let mut found = Listed::default();
            for kind in KINDS {
                let Listed { rows, unreadable } = records_of(sql, query, kind)?;
                found.rows.extend(rows);
                found.unreadable.extend(unreadable);
            }
            found.rows.sort_by_key(|record: &HeldRecord| Reverse((record.ended_at_ms, record.id)));
            found.rows.truncate(query.rows_max);
            Ok(found)
        })
    }

    fn record(&self, wanted: ObservationId) -> StoreResult<Option<HeldRecord>> {
        self.read(|sql| record(sql, wanted))
    }

    fn households(&self, query: &HouseholdQuery) -> StoreResult<Listed<HouseholdRow>> {
        let mut filter = Where::default();
        filter.within("household.area", &query.areas, None);
        for word in &query.words {
            filter.and("instr(household.search, ?) > 0", [Value::Text(format!(" {word}"))]);
        }
        if let Some(HouseholdKey { scope, sort, entity }) = &query.after {
            filter.and(
                "(household.area, household.sort, household.id) > (?, ?, ?)",
                [scope.sql().into(), sort.clone().into(), blob(entity.bytes())],
            );
        }
        let statement = format!(
            "SELECT household.area, household.sort, household.id, entry.rectifier, entry.state, entry.moved_from, entry.area \
             FROM household JOIN entry ON entry.id = household.id WHERE {} \
             ORDER BY household.area, household.sort, household.id",
            filter.text()
        );
        self.read(|sql| {
            let asked = (&*statement, || params_from_iter(&filter.params));
            sql.page(
                asked,
                query.rows_max,
                |row| row_name("household", row, 2..3),
                |row| {
                    let key = HouseholdKey { scope: area(row, 0)?, sort: get(row, 1)?, entity: id(row, 2)? };
                    Ok(HouseholdRow { held: entry_or_folded(sql, key.entity, row, 3)?, key })
                },
            )
        })
    }

    fn entries(&self, entities: &[EntityId]) -> StoreResult<Vec<HeldEntry>> {
        self.read_at_once(|sql| {
            let mut found = Vec::with_capacity(entities.len());
            for &entity in entities {
                match held_entry(sql, entity) {
                    // What names others does not fail with one of them.
                    Err(StoreError::Damaged(cause)) => {
                        tracing::error!(%entity, cause, "an entry cannot be read nor folded again");
                    }
                    held => found.extend(held?),
                }
            }
            Ok(found)
        })
    }

    fn entries_in(&self, scope: AreaCode) -> StoreResult<Listed<HeldEntry>> {
        self.read(|sql| {
            sql.readable(
                "SELECT rectifier, state, moved_from, id FROM entry WHERE area = ?1 ORDER BY id",
                params![scope.sql()],
                |row| row_name("entry", row, 3..4),
                |row| held_entry_at(row, 0),
            )
        })
    }

    fn found_in(&self, scope: AreaCode) -> StoreResult<FoundIn> {
        self.read_at_once(|sql| {
            let households = sql.all(
                "SELECT id, area, sort, search FROM household WHERE area = ?1 ORDER BY id",
                params![scope.sql()],
                |row| {
                    let (entity, scope) = (id(row, 0)?, area(row, 1)?);
                    Ok(HouseholdIndex { entity, scope, sort: get(row, 2)?, search: get(row, 3)? })
                },
            )?;
            // By the entries: they have an index by village.
            let others = sql.all(
                "SELECT found.id, found.area, found.above, found.search, found.ledger, found.code \
                 FROM entry JOIN found ON found.id = entry.id WHERE entry.area = ?1 ORDER BY found.id",
                params![scope.sql()],
                |row| {
                    let above = get::<Option<[u8; 16]>>(row, 2)?.map(EntityId::from_bytes);
                    Ok(FoundBy {
                        entity: id(row, 0)?,
                        scope: area(row, 1)?,
                        ledger: from_word(row, 4)?,
                        code: get(row, 5)?,
                        above,
                        search: get(row, 3)?,
                    })
                },
            )?;
            Ok(FoundIn { households, others })
        })
    }

    fn entry_log(
        &self,
        entity: EntityId,
        before: Option<u64>,
        limits: ReadLimits,
    ) -> StoreResult<Vec<LogRow>> {
        // An entry lives in one scope, so the order of log rows is the order of that scope's log.
        self.read_at_once(|sql| {
            let key: Option<i64> = sql.one(
                "SELECT scope.key FROM entry JOIN scope ON scope.area = entry.area WHERE entry.id = ?1",
                params![entity.bytes()],
                |row| row.get(0),
            )?;
            let before = match (key, before) {
                (Some(key), Some(before)) => row_id(key, before),
                _ => i64::MAX,
            };
            let statement = format!(
                "{LOG_ROW} JOIN changed ON changed.log = log.id \
                 WHERE changed.entity = ?1 AND changed.log < ?2 ORDER BY changed.log DESC LIMIT ?3"
            );
            let (mut found, mut left) = (Vec::new(), limits.bytes_max);
            sql.each(&statement, params![entity.bytes(), before, limit(limits.rows_max)], |row| {
                let row = log_row(row)?;
                left = left.saturating_sub(row.raw.len());
                found.push(row);
                Ok(left > 0)
            })?;
            Ok(found)
        })
    }

    fn ops(&self, ops: &[OpId]) -> StoreResult<Vec<LogRow>> {
        let statement = format!(
            "{LOG_ROW} JOIN chain ON chain.log = log.id JOIN device ON device.key = chain.id >> 40 \
             WHERE device.id = ?1 AND chain.id = (device.key << 40) | ?2"
        );
        self.read_at_once(|sql| {
            let mut found = Vec::with_capacity(ops.len());
            for op in ops {
                found.extend(sql.all(
                    &statement,
                    params![op.device.bytes(), op.seq.cast_signed()],
                    log_row,
                )?);
            }
            Ok(found)
        })
    }

    fn caused_by(
        &self,
        records: &[ObservationId],
        bytes_max: usize,
        take: &mut dyn FnMut(ObservationId, LogRow),
    ) -> StoreResult<usize> {
        let statement = format!(
            "{LOG_ROW} JOIN caused ON caused.log = log.id WHERE caused.record = ?1 \
             ORDER BY scope.area, caused.log"
        );
        self.read_at_once(|sql| {
            let mut left = bytes_max;
            for (at, &record) in records.iter().enumerate() {
                sql.each(&statement, params![record.bytes()], |row| {
                    match log_row(row) {
                        Ok(row) => {
                            left = left.saturating_sub(row.raw.len());
                            take(record, row);
                        }
                        // What it did is not told; the record is, and what else it did.
                        Err(StoreError::Damaged(cause)) => {
                            tracing::error!(row = row_name("log", row, 0..1), cause, "a row cannot be read");
                        }
                        Err(error) => return Err(error),
                    }
                    Ok(true)
                })?;
                if left == 0 {
                    return Ok(at + 1);
                }
            }
            Ok(records.len())
        })
    }

    fn decisions(&self, query: &DecisionQuery) -> StoreResult<Listed<DecisionKey>> {
        let mut filter = Where::default();
        let table = match query.kind {
            DecisionKind::SameCode => SAME_CODE,
            kind => {
                filter.and("kind = ?", [word(&kind)?.into()]);
                "decision"
            }
        };
        filter.within("area", &query.areas, None);
        if let Some(after) = &query.after {
            filter.and(
                "(area, entity, field) > (?, ?, ?)",
                [after.scope.sql().into(), blob(after.entity.bytes()), after.field.clone().into()],
            );
        }
        let statement = format!(
            "SELECT area, entity, field, ledger FROM {table} WHERE {} ORDER BY area, entity, field",
            filter.text()
        );
        self.read(|sql| {
            let asked = (&*statement, || params_from_iter(&filter.params));
            sql.page(
                asked,
                query.rows_max,
                |row| row_name("decision", row, 0..2),
                |row| {
                    Ok(DecisionKey {
                        scope: area(row, 0)?,
                        entity: id(row, 1)?,
                        field: get(row, 2)?,
                        ledger: from_word(row, 3)?,
                    })
                },
            )
        })
    }

    fn with_code(
        &self,
        scope: AreaCode,
        ledger: LedgerKind,
        code: &str,
        rows_max: usize,
    ) -> StoreResult<Vec<EntityId>> {
        let statement = match ledger {
            LedgerKind::Household => {
                "SELECT id FROM household WHERE area = ?1 AND sort = ?2 AND ?3 IS NOT NULL ORDER BY id LIMIT ?4"
            }
            _ => "SELECT id FROM found WHERE area = ?1 AND code = ?2 AND ledger = ?3 ORDER BY id LIMIT ?4",
        };
        let asked = params![scope.sql(), code, word(&ledger)?, limit(rows_max)];
        self.read(|sql| sql.all(statement, asked, |row| id(row, 0)))
    }

    fn set_asides(&self, query: &AsideQuery) -> StoreResult<Listed<AsideRow>> {
        let mut filter = Where::default();
        filter.within("area", &query.areas, query.nowhere.then_some("area IS NULL"));
        filter.and_some("sender = ?", query.sender, |user| blob(user.bytes()));
        if let Some(after) = query.after {
            filter
                .and("(device, seq) > (?, ?)", [blob(after.device.bytes()), after.seq.cast_signed().into()]);
        }
        let statement = format!(
            "SELECT device, seq, substr(raw, 1, {}), sender, area, received_at_ms, reason, \
             length(CAST(raw AS BLOB)) FROM aside WHERE {} ORDER BY device, seq",
            limit(query.raw_chars_max),
            filter.text()
        );
        self.read(|sql| {
            let asked = (&*statement, || params_from_iter(&filter.params));
            sql.page(
                asked,
                query.rows_max,
                |row| row_name("operation set aside", row, 0..2),
                |row| Ok(AsideRow { aside: set_aside(row)?, raw_bytes: get::<i64>(row, 7)?.cast_unsigned() }),
            )
        })
    }

    fn set_aside(&self, op: OpId) -> StoreResult<Option<SetAside>> {
        self.read(|sql| one_aside(sql, op))
    }

    fn last_visits(&self, subjects: &[EntityId]) -> StoreResult<Vec<(EntityId, i64)>> {
        self.read_at_once(|sql| {
            let mut found = Vec::new();
            for &subject in subjects {
                let last: Option<i64> = sql
                    .one(
                        "SELECT max(ended_at_ms) FROM record WHERE subject = ?1 AND kind = 'visit' \
                         AND outcome = 'at_home' AND NOT retracted",
                        params![subject.bytes()],
                        |row| row.get(0),
                    )?
                    .flatten();
                found.extend(last.map(|last| (subject, last)));
            }
            Ok(found)
        })
    }

    fn counts(&self) -> StoreResult<Counts> {
        let count = |sql: &Sql<'_>, table: &str| -> StoreResult<u64> {
            let count: Option<i64> =
                sql.one(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0))?;
            Ok(count.unwrap_or(0).cast_unsigned())
        };
        self.note_waiting();
        self.read_at_once(|sql| {
            // Not a count of the log: that reads the whole of it.
            let merged: Option<i64> =
                sql.one("SELECT coalesce(sum(seq), 0) FROM scope", [], |row| row.get(0))?;
            let photo_bytes: Option<i64> =
                sql.one("SELECT coalesce(sum(bytes), 0) FROM photo", [], |row| row.get(0))?;
            Ok(Counts {
                merged: merged.unwrap_or(0).cast_unsigned(),
                aside: count(sql, "aside")?,
                entries: count(sql, "entry")?,
                records: count(sql, "record")?,
                conflicts: count(sql, "decision WHERE kind = 'conflict'")?,
                devices: count(sql, "device")?,
                photos: count(sql, "photo")?,
                photo_bytes: photo_bytes.unwrap_or(0).cast_unsigned(),
                uploads: count(sql, "upload WHERE NOT done")?,
            })
        })
    }

    fn records_to_mend(&self, after: Option<ObservationId>, rows_max: usize) -> StoreResult<Vec<HeldRecord>> {
        let statement = format!("SELECT {RECORD} FROM record WHERE id > ?1 ORDER BY id");
        let after = after.map_or_else(Vec::new, |id| id.bytes().to_vec());
        self.read(|sql| {
            let mut found = Vec::new();
            sql.each(&statement, params![after], |row| {
                // One that cannot be read at all is for `verify` to name.
                if let Ok(record) = held_record(row)
                    && record.evidence_lost
                {
                    found.push(record);
                }
                Ok(found.len() < rows_max)
            })?;
            Ok(found)
        })
    }

    fn mend_record(&self, record: &HeldRecord) -> StoreResult<()> {
        readable(&record.evidence)?;
        self.write(|sql| {
            sql.run(
                "UPDATE record SET grade = ?2, evidence = ?3, anchor = ?4, circumstances = ?5 WHERE id = ?1",
                params![
                    record.id.bytes(),
                    word(&record.evidence.grade)?,
                    to_json(&record.evidence)?,
                    record.anchor.as_ref().map(to_json).transpose()?,
                    record.circumstances.as_ref().map(to_json).transpose()?,
                ],
            )
            .map(drop)
        })
    }

    fn unreadable_rows(&self, rows_max: usize) -> StoreResult<Vec<String>> {
        self.read_at_once(|sql| {
            let mut named = Vec::new();
            access::unreadable(sql, &mut named)?;
            for (table, columns, read) in TABLES {
                let statement = format!("SELECT {columns} FROM {table}");
                sql.each(&statement, [], |row| {
                    if let Err(StoreError::Damaged(_)) = read(row) {
                        named.push(row_name(table, row, 0..2));
                    }
                    Ok(named.len() < rows_max)
                })?;
            }
            named.truncate(rows_max);
            Ok(named)
        })
    }
}

/// Tables of lists, with what is read of a row there.
type Table = (&'static str, &'static str, fn(&Row<'_>) -> StoreResult<()>);
const TABLES: [Table; 5] = [
    ("area", "code, name", |row| {
        let _: (AreaCode, String) = (area(row, 0)?, get(row, 1)?);
        Ok(())
    }),
    ("scope", "key, area, seq", |row| {
        let _: (AreaCode, i64) = (area(row, 1)?, get(row, 2)?);
        Ok(())
    }),
    ("record", RECORD, |row| match held_record(row)?.evidence_lost {
        true => Err(StoreError::Damaged("its evidence".to_owned())),
        false => Ok(()),
    }),
    ("aside", ASIDE, |row| set_aside(row).and_then(|_| json::<Reason>(row, 6)).map(drop)),
    ("decision", "entity, area, ledger, kind", |row| {
        let _: (EntityId, AreaCode, LedgerKind) = (id(row, 0)?, area(row, 1)?, from_word(row, 2)?);
        let _: DecisionKind = from_word(row, 3)?;
        Ok(())
    }),
];

/// Entries that have their code together with another of their ledger and village, as rows of decisions.
const SAME_CODE: &str = "(SELECT area, id AS entity, 'code' AS field, 'household' AS ledger FROM household one \
     WHERE sort <> '' AND EXISTS (SELECT 1 FROM household other \
     WHERE other.area = one.area AND other.sort = one.sort AND other.id <> one.id) \
     UNION ALL SELECT area, id, 'code', ledger FROM found one \
     WHERE code <> '' AND EXISTS (SELECT 1 FROM found other \
     WHERE other.area = one.area AND other.code = one.code AND other.ledger = one.ledger AND other.id <> one.id))";

/// All kinds of record that there can be a row of.
const KINDS: [ObservationKind; 5] = {
    use ObservationKind::{Attendance, HouseInspection, Unknown, Visit, WaterCheck};
    [Visit, HouseInspection, WaterCheck, Attendance, Unknown]
};

fn records_of(sql: &Sql<'_>, query: &RecordQuery, kind: ObservationKind) -> StoreResult<Listed<HeldRecord>> {
    let filter = record_filter(query, kind)?;
    let join = if query.words.is_empty() { "" } else { SUBJECT };
    let statement = format!(
        "SELECT {RECORD} FROM record {join} WHERE {} ORDER BY record.ended_at_ms DESC, record.id DESC",
        filter.text()
    );
    let asked = (&*statement, || params_from_iter(&filter.params));
    sql.page(asked, query.rows_max, |row| row_name("record", row, 0..1), held_record)
}

/// Beside a record's subject, what it belongs to, and the household that it is, or belongs to in the end; of the same
/// village only, since whoever names an entry elsewhere may not be allowed to know what it says.
const SUBJECT: &str = "LEFT JOIN found ON found.id = record.subject AND found.area = record.area \
     LEFT JOIN found above ON above.id = found.above AND above.area = record.area \
     LEFT JOIN household ON household.id = coalesce(above.above, found.above, record.subject) \
     AND household.area = record.area";
/// All that a record's subject is found by.
const FOUND_BY: &str =
    "coalesce(found.search, '') || coalesce(above.search, '') || coalesce(household.search, '')";

/// The filter of a record list; with words it looks at [`SUBJECT`].
fn record_filter(query: &RecordQuery, kind: ObservationKind) -> StoreResult<Where> {
    let mut filter = Where::default();
    filter.and("record.kind = ?", [word(&kind)?.into()]);
    filter.within("record.area", &query.areas, None);
    filter.and_some("record.author = ?", query.author, |user: UserId| blob(user.bytes()));
    filter.and_some("record.subject = ?", query.subject, |entity| blob(entity.bytes()));
    filter.and_some("record.grade = ?", query.grade.map(|grade| word(&grade)).transpose()?, Value::Text);
    filter.and_some(
        "record.outcome = ?",
        query.outcome.map(|outcome| word(&outcome)).transpose()?,
        Value::Text,
    );
    filter.and_some("record.ended_at_ms >= ?", query.from_ms, Value::Integer);
    filter.and_some("record.ended_at_ms < ?", query.until_ms, Value::Integer);
    match query.state {
        Some(bianfang_shared::query::ReviewState::Retracted) => filter.and("record.retracted", []),
        Some(state) => {
            filter.and("NOT record.retracted AND record.review = ?", [word(&state)?.into()]);
        }
        None => (),
    }
    for word in &query.words {
        filter.and(&format!("instr({FOUND_BY}, ?) > 0"), [Value::Text(format!(" {word}"))]);
    }
    if let Some((ended_at_ms, id)) = query.after {
        filter.and("(record.ended_at_ms, record.id) < (?, ?)", [ended_at_ms.into(), blob(id.bytes())]);
    }
    Ok(filter)
}

const LOG_ROW: &str = "SELECT log.id, scope.area, log.received_at_ms, log.raw \
     FROM log JOIN scope ON scope.key = log.id >> 40";

fn log_row(row: &Row<'_>) -> StoreResult<LogRow> {
    debug_assert!(key_of(get(row, 0)?) > 0, "keys count from 1");
    Ok(LogRow {
        seq: seq_of(get(row, 0)?),
        scope: area(row, 1)?,
        received_at_ms: get(row, 2)?,
        raw: raw(row, 3)?,
    })
}
