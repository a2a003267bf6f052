//! Entries of any ledger: their rows, where they are, whose household they belong to.

use super::Reading;
use crate::message::EntryRow;
use crate::store::{StoreError, entries};
use bianfang_shared::entry::Entry;
use bianfang_shared::evidence::distance_m;
use bianfang_shared::id::EntityId;
use bianfang_shared::ledger::{LedgerKind, Point};
use bianfang_shared::value::Value;

/// An entry as the lists show it; none while only edits of it are known.
pub(crate) fn row_of(
    reading: &Reading<'_>,
    entry: &Entry,
    here: Option<Point>,
) -> Result<Option<EntryRow>, StoreError> {
    let Some(ledger) = entry.ledger else { return Ok(None) };
    let household = household_of(reading, entry)?;
    let point = point_of(entry, household.as_ref());
    let (name, code) = entries::name(reading.conn, entry.id)?.unwrap_or_default();
    let conflicts = entry.conflicts().count();
    Ok(Some(EntryRow {
        id: entry.id,
        ledger,
        scope: entry.scope,
        name,
        code,
        address: household.as_ref().unwrap_or(entry).text("address").to_owned(),
        fields: Default::default(),
        distance_m: here.zip(point).map(|(here, point)| distance_m(here, point)),
        conflicts: u32::try_from(conflicts).unwrap_or(u32::MAX),
        open_issues: 0,
        last_record_ms: None,
    }))
}

/// The household that an entry belongs to; none for households themselves.
pub(crate) fn household_of(reading: &Reading<'_>, entry: &Entry) -> Result<Option<Entry>, StoreError> {
    match entry.text("household").parse::<EntityId>() {
        Ok(id) => entries::entry(reading.conn, id),
        Err(_) => Ok(None),
    }
}

/// Where an entry is: its own point, else its household's anchor.
pub(crate) fn point_of(entry: &Entry, household: Option<&Entry>) -> Option<Point> {
    let own = match entry.ledger {
        Some(LedgerKind::Household) => "anchor",
        _ => "point",
    };
    let read = |value: &Value| value.read::<Point>();
    read(entry.value(own)).or_else(|| household.and_then(|household| read(household.value("anchor"))))
}
