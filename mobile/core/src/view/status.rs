//! Who is signed in and how much is here.

use crate::clock;
use crate::message::{Status, SyncState};
use crate::platform::Now;
use crate::store::{StoreError, chain, entries, meta};
use bianfang_shared::area::AreaLevel;
use rusqlite::Connection;
use std::collections::BTreeMap;

pub(crate) fn view(
    conn: &Connection,
    now: Now,
    sync: SyncState,
    remembered: BTreeMap<String, String>,
) -> Result<Status, StoreError> {
    let session = meta::session(conn)?;
    let (areas, people) = session.map(|session| (session.areas, session.people)).unwrap_or_default();
    let (villages, areas) = areas.into_iter().partition(|area| area.code.level() == AreaLevel::Village);
    Ok(Status {
        user: meta::user(conn)?,
        signed_in: meta::token(conn)?.is_some(),
        villages,
        areas,
        people,
        sync,
        households: entries::household_count(conn)?,
        unsent: chain::read(conn)?.unsent(),
        conflicts: entries::conflicts(conn)?,
        remembered,
        clock_offset_ms: clock::offset_ms(conn, now)?,
    })
}

/// Before anybody has signed in.
pub(crate) fn nobody(sync: SyncState, remembered: BTreeMap<String, String>) -> Status {
    Status {
        user: None,
        signed_in: false,
        villages: Vec::new(),
        areas: Vec::new(),
        people: Vec::new(),
        sync,
        households: 0,
        unsent: 0,
        conflicts: 0,
        remembered,
        clock_offset_ms: None,
    }
}
