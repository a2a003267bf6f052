//! Lists of the ledgers other than the households'.

use super::Reading;
use crate::message::{Entries, EntryFilter, EntryRow, LIST_ROWS};
use crate::store::entries::{self, EntryLine, Wanted};
use crate::store::{StoreError, meta};
use bianfang_shared::evidence::distance_m;
use bianfang_shared::id::EntityId;
use bianfang_shared::ledger::{LedgerKind, Point};
use bianfang_shared::search;

/// Which page of which ledger is asked for.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) ledger: LedgerKind,
    pub(crate) filter: EntryFilter,
    pub(crate) here: Option<Point>,
    pub(crate) skip: usize,
}

pub(crate) fn view(reading: &Reading<'_>, asked: Asked) -> Result<Entries, StoreError> {
    let Asked { ledger, filter, here, skip } = asked;
    let matching = search::query(&filter.text);
    if matching.is_none() && !filter.text.trim().is_empty() {
        // Something was typed that no name, code or address can hold.
        return Ok(Entries { rows: Vec::new(), more: false });
    }
    let user = meta::user(reading.conn)?.map(|user| user.id);
    let of = user.filter(|_| filter.mine);
    let wanted = Wanted { matching, filter, of, here };
    let mut lines = entries::list(reading.conn, ledger, &wanted, skip, LIST_ROWS + 1)?;
    let more = lines.len() > LIST_ROWS;
    lines.truncate(LIST_ROWS);
    Ok(Entries { rows: lines.into_iter().map(|line| row(line, here)).collect(), more })
}

/// An entry's row, with how far it is.
pub(crate) fn row(line: EntryLine, here: Option<Point>) -> EntryRow {
    let distance_m = here.zip(line.point).map(|(here, point)| distance_m(here, point));
    EntryRow { distance_m, ..line.row }
}

/// The rows of these entries, in their order; those that are not here are left out.
pub(crate) fn rows_of(
    reading: &Reading<'_>,
    ids: impl IntoIterator<Item = EntityId>,
    here: Option<Point>,
) -> Result<Vec<EntryRow>, StoreError> {
    let mut rows = Vec::new();
    for id in ids {
        rows.extend(entries::line(reading.conn, id)?.map(|line| row(line, here)));
    }
    Ok(rows)
}
