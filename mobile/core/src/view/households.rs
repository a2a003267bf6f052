//! Lists of households.

use super::Reading;
use crate::message::{HouseholdRow, Households, LIST_ROWS};
use crate::store::StoreError;
use crate::store::entries::{self, HouseholdLine, Listing};
use bianfang_shared::area::AreaCode;
use bianfang_shared::evidence::distance_m;
use bianfang_shared::ledger::Point;
use bianfang_shared::search;

/// Which households are asked for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Asked {
    pub(crate) text: String,
    pub(crate) scope: Option<AreaCode>,
    pub(crate) in_conflict: bool,
    pub(crate) here: Option<Point>,
    pub(crate) skip: usize,
}

pub(crate) fn view(reading: Reading<'_>, asked: &Asked) -> Result<Households, StoreError> {
    let matching = search::query(&asked.text);
    if matching.is_none() && !asked.text.trim().is_empty() {
        // Something was typed that no name, code or address can hold.
        return Ok(Households { rows: Vec::new(), more: false });
    }
    let listing = Listing { matching, scope: asked.scope, in_conflict: asked.in_conflict };
    let mut lines = entries::households(reading.conn, &listing, asked.skip, LIST_ROWS + 1)?;
    let more = lines.len() > LIST_ROWS;
    lines.truncate(LIST_ROWS);
    Ok(Households { rows: lines.into_iter().map(|line| row(line, asked.here)).collect(), more })
}

/// A household's row, with how far it is.
pub(crate) fn row(line: HouseholdLine, here: Option<Point>) -> HouseholdRow {
    let distance_m = here.zip(line.anchor).map(|(here, anchor)| distance_m(here, anchor));
    HouseholdRow { distance_m, ..line.row }
}
