//! What the screens show, built from the rows of the store. Reads only.

pub(crate) mod entries;
pub(crate) mod entry;
pub(crate) mod form;
pub(crate) mod history;
pub(crate) mod household;
pub(crate) mod households;
pub(crate) mod issues;
pub(crate) mod names;
pub(crate) mod photos;
pub(crate) mod post;
pub(crate) mod record;
mod sketch;
pub(crate) mod status;
pub(crate) mod tasks;
pub(crate) mod today;
pub(crate) mod uploads;

use crate::clock;
use crate::likes::Likes;
use crate::platform::Now;
use crate::store::spool::Spool;
use crate::store::{StoreError, meta};
use bianfang_shared::area::AreaCode;
use bianfang_shared::day::{self, Day};
use bianfang_shared::observation::Platform;
use rusqlite::Connection;
use std::cell::RefCell;

/// What views are built from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reading<'a> {
    pub(crate) conn: &'a Connection,
    pub(crate) spool: &'a Spool,
    pub(crate) likes: &'a RefCell<Likes>,
    /// Which kind of client this is; places from a browser are believed less.
    pub(crate) kind: Platform,
}

impl Reading<'_> {
    /// The day, by the centre's clock as far as the phone can tell.
    pub(crate) fn today(&self, now: Now) -> Result<Day, StoreError> {
        Ok(day::day_of(clock::centre_ms(self.conn, now)?))
    }
}

/// A village's name, empty where it was not told.
pub(crate) fn village(conn: &Connection, scope: AreaCode) -> Result<String, StoreError> {
    let areas = meta::session(conn)?.map(|session| session.areas).unwrap_or_default();
    let village = areas.into_iter().find(|area| area.code == scope).map(|area| area.name);
    Ok(village.unwrap_or_default())
}
