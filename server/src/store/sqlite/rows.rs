//! Rows to things and back.

use super::schema::{SEQ_BITS, SEQ_MAX};
use crate::store::log::{HeldRecord, SetAside};
use crate::store::{StoreError, StoreResult};
use bianfang_shared::area::AreaCode;
use bianfang_shared::evidence::{Evidence, Grade};
use bianfang_shared::id::{DeviceId, EntityId, ObservationId, OpId, UserId};
use bianfang_shared::judge::Reason;
use rusqlite::Row;
use rusqlite::types::{FromSql, ValueRef};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Most bytes of a key that are told.
const KEY_BYTES_MAX: usize = 32;

/// The row id of a place in a scope's log or a device's chain.
pub(super) fn row_id(key: i64, seq: u64) -> i64 {
    (key << SEQ_BITS) | seq.min(SEQ_MAX).cast_signed()
}

/// The place that a row id stands for.
pub(super) fn seq_of(row_id: i64) -> u64 {
    row_id.cast_unsigned() & SEQ_MAX
}

pub(super) fn key_of(row_id: i64) -> i64 {
    row_id >> SEQ_BITS
}

/// A column.
pub(super) fn get<T: FromSql>(row: &Row<'_>, at: usize) -> StoreResult<T> {
    Ok(row.get(at)?)
}

/// A column of sixteen bytes that is an id.
pub(super) fn id<T: From16>(row: &Row<'_>, at: usize) -> StoreResult<T> {
    Ok(T::from_16(row.get(at)?))
}

/// Ids that are kept as sixteen bytes.
pub(super) trait From16 {
    fn from_16(bytes: [u8; 16]) -> Self;
}

macro_rules! from_16 {
    ($($id:ty),*) => {$(
        impl From16 for $id {
            fn from_16(bytes: [u8; 16]) -> Self {
                Self::from_bytes(bytes)
            }
        }
    )*};
}
from_16!(DeviceId, EntityId, ObservationId, UserId);

pub(super) fn area(row: &Row<'_>, at: usize) -> StoreResult<AreaCode> {
    area_of(row.get(at)?)
}

pub(super) fn area_of(number: i64) -> StoreResult<AreaCode> {
    u64::try_from(number)
        .ok()
        .and_then(AreaCode::new)
        .ok_or_else(|| StoreError::Damaged(format!("area {number}")))
}

pub(super) fn raw(row: &Row<'_>, at: usize) -> StoreResult<Arc<str>> {
    let text = row.get_ref(at)?.as_str().map_err(rusqlite::Error::from)?;
    Ok(text.into())
}

/// A column that is kept as JSON.
pub(super) fn json<T: DeserializeOwned>(row: &Row<'_>, at: usize) -> StoreResult<T> {
    let text = row.get_ref(at)?.as_str().map_err(rusqlite::Error::from)?;
    from_json(text)
}

/// A column that may be empty, kept as JSON.
pub(super) fn json_opt<T: DeserializeOwned>(row: &Row<'_>, at: usize) -> StoreResult<Option<T>> {
    row.get::<_, Option<String>>(at)?.as_deref().map(from_json).transpose()
}

fn from_json<T: DeserializeOwned>(text: &str) -> StoreResult<T> {
    serde_json::from_str(text).map_err(|error| StoreError::Damaged(error.to_string()))
}

pub(super) fn to_json(thing: &impl Serialize) -> StoreResult<String> {
    serde_json::to_string(thing).map_err(|error| StoreError::Damaged(error.to_string()))
}

/// An enum without data as the word that JSON has for it.
pub(super) fn word(thing: &impl Serialize) -> StoreResult<String> {
    Ok(to_json(thing)?.trim_matches('"').to_owned())
}

/// A column that holds such a word.
pub(super) fn from_word<T: DeserializeOwned>(row: &Row<'_>, at: usize) -> StoreResult<T> {
    let text = row.get_ref(at)?.as_str().map_err(rusqlite::Error::from)?;
    from_json(&format!("\"{text}\""))
}

/// Columns of [`held_record`], in order.
pub(super) const RECORD: &str = "record.id, record.device, record.seq, record.area, record.kind, record.subject, \
     record.author, record.started_at_ms, record.ended_at_ms, record.received_at_ms, record.outcome, \
     record.evidence, record.anchor, record.review, record.retracted, record.circumstances, record.grade, record.trace, \
     record.accompanied";

/// A record. What was kept of its evidence may be lost; the record is not lost by that.
pub(super) fn held_record(row: &Row<'_>) -> StoreResult<HeldRecord> {
    let evidence = or_lost(json::<Evidence>(row, 11).map(Some))?;
    let anchor = or_lost(json_opt(row, 12))?;
    let circumstances = or_lost(json_opt(row, 15))?;
    let evidence_lost = evidence.is_none() || anchor.is_none() || circumstances.is_none();
    let grade = || from_word::<Grade>(row, 16).unwrap_or(Grade::Insufficient);
    Ok(HeldRecord {
        id: id(row, 0)?,
        op: OpId::new(id(row, 1)?, get::<i64>(row, 2)?.cast_unsigned()),
        scope: area(row, 3)?,
        kind: from_word(row, 4)?,
        subject: id(row, 5)?,
        author: id(row, 6)?,
        started_at_ms: get(row, 7)?,
        ended_at_ms: get(row, 8)?,
        received_at_ms: get(row, 9)?,
        outcome: from_word(row, 10)?,
        evidence: evidence.flatten().unwrap_or_else(|| Evidence { grade: grade(), checks: Vec::new() }),
        anchor: anchor.flatten(),
        review: from_word(row, 13)?,
        retracted: get(row, 14)?,
        circumstances: circumstances.flatten(),
        evidence_lost,
        accompanied: users(row, 18)?,
        trace: json_or_lost(row, 17)?,
    })
}

/// People, 16 bytes each.
pub(super) fn users(row: &Row<'_>, at: usize) -> StoreResult<BTreeSet<UserId>> {
    let bytes = get::<Option<Vec<u8>>>(row, at)?.unwrap_or_default();
    let (users, rest) = bytes.as_chunks::<16>();
    if rest.is_empty() {
        Ok(users.iter().map(|user| UserId::from_bytes(*user)).collect())
    } else {
        Err(StoreError::Damaged("people of other than 16 bytes each".to_owned()))
    }
}

/// Nothing where what is kept cannot be read.
fn or_lost<T>(read: StoreResult<T>) -> StoreResult<Option<T>> {
    match read {
        Ok(read) => Ok(Some(read)),
        Err(StoreError::Damaged(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

/// A column whose content may be lost.
pub(super) fn json_or_lost<T: DeserializeOwned>(row: &Row<'_>, at: usize) -> StoreResult<Option<T>> {
    or_lost(json_opt(row, at)).map(Option::flatten)
}

/// What a row that cannot be read is called: the table, and its key as far as that can be read.
pub(super) fn row_name(table: &str, row: &Row<'_>, key: std::ops::Range<usize>) -> String {
    let parts = key.map(|at| match row.get_ref(at) {
        Ok(ValueRef::Blob(bytes)) => hex::encode(&bytes[..bytes.len().min(KEY_BYTES_MAX)]),
        Ok(ValueRef::Integer(number)) => number.to_string(),
        Ok(ValueRef::Text(_)) => "text".to_owned(),
        _ => "?".to_owned(),
    });
    format!("{table} {}", parts.collect::<Vec<_>>().join("/"))
}

/// Columns of [`set_aside`], in order.
pub(super) const ASIDE: &str = "device, seq, raw, sender, area, received_at_ms, reason";

pub(super) fn set_aside(row: &Row<'_>) -> StoreResult<SetAside> {
    Ok(SetAside {
        op: OpId::new(id(row, 0)?, get::<i64>(row, 1)?.cast_unsigned()),
        raw: raw(row, 2)?,
        sender: id(row, 3)?,
        scope: get::<Option<i64>>(row, 4)?.map(area_of).transpose()?,
        received_at_ms: get(row, 5)?,
        // It stays set aside all the same.
        reason: json_or_lost(row, 6)?.unwrap_or(Reason::CannotBeKept),
    })
}
