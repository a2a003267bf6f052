//! What the screens show, built from the rows of the store. Reads only.

pub(crate) mod entries;
pub(crate) mod form;
pub(crate) mod history;
pub(crate) mod household;
pub(crate) mod households;
pub(crate) mod names;
pub(crate) mod record;
pub(crate) mod status;
pub(crate) mod today;
pub(crate) mod uploads;

use bianfang_shared::observation::Platform;
use rusqlite::Connection;

/// What views are built from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reading<'a> {
    pub(crate) conn: &'a Connection,
    /// Which kind of client this is; places from a browser are believed less.
    pub(crate) kind: Platform,
}
