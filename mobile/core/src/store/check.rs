//! Checks of the whole, for tests, simulations and support: does everything derived equal what it is derived from?

use super::{StoreError, chain, entries, fold, photos, sql};
use bianfang_shared::chain::Head;
use bianfang_shared::id::EntityId;
use bianfang_shared::op::{Body, Op};
use rusqlite::Connection;
use std::collections::BTreeSet;

/// What does not hold. Empty when all does.
pub(crate) fn whole(conn: &Connection) -> Result<Vec<String>, StoreError> {
    let mut found = Vec::new();
    if chain::begun(conn)? {
        check_chain(conn, &mut found)?;
    }
    check_rows(conn, &mut found)?;
    check_search(conn, &mut found)?;
    check_photos(conn, &mut found)?;
    Ok(found)
}

/// The heads follow from the bytes, without a gap, and everything acknowledged has its time of receipt.
fn check_chain(conn: &Connection, found: &mut Vec<String>) -> Result<(), StoreError> {
    let chain = chain::read(conn)?;
    let rows = sql::all(
        conn,
        "SELECT own.seq, own.head, ops.raw, ops.received_at_ms FROM own
         LEFT JOIN ops ON ops.device_no = own.device_no AND ops.seq = own.seq
         WHERE own.device_no = ?1 ORDER BY own.seq",
        [chain.device_no],
        |row| {
            Ok((
                sql::unsigned(row.get(0)?),
                Head(row.get(1)?),
                row.get::<_, Option<String>>(2)?,
                row.get::<_, Option<i64>>(3)?,
            ))
        },
    )?;
    let mut head = Head::EMPTY;
    for (at, (seq, told, raw, received_at_ms)) in rows.iter().enumerate() {
        let Some(raw) = raw else {
            found.push(format!("own operation {seq} is not there"));
            continue;
        };
        head = head.extend(raw.as_bytes());
        if *seq != at as u64 + 1 || *told != head {
            found.push(format!("the chain does not hold at {seq}"));
        }
        if *seq <= chain.acked && received_at_ms.is_none() {
            found.push(format!("own operation {seq} is acknowledged and has no time of receipt"));
        }
    }
    if chain.last_seq != rows.len() as u64 || chain.head != head || chain.acked > chain.last_seq {
        found.push(format!("the chain's end does not hold: {chain:?}"));
    }
    Ok(())
}

/// Every entity with operations that stand has the row that they make, and there is no other row.
fn check_rows(conn: &Connection, found: &mut Vec<String>) -> Result<(), StoreError> {
    let ids = |sql_text: &str| sql::all(conn, sql_text, [], |row| row.get(0).map(EntityId::from_bytes));
    let named =
        ids("SELECT DISTINCT entity FROM ops WHERE entity IS NOT NULL AND folds = 1 ORDER BY entity")?;
    let rows = ids("SELECT id FROM entries ORDER BY id")?;
    if named != rows {
        found.push(format!("{} entries have operations, {} have rows", named.len(), rows.len()));
    }
    for id in rows {
        let Some(entry) = fold::entry(conn, id)? else { continue };
        let sound = entries::is_as_written(conn, &entry)?;
        if !sound {
            found.push(format!("the row of {id} is not what its operations make"));
        }
    }
    Ok(())
}

/// Every photograph that an own operation names has its row, and no row is without an operation.
fn check_photos(conn: &Connection, found: &mut Vec<String>) -> Result<(), StoreError> {
    let rows = sql::all(
        conn,
        "SELECT raw, devices.own, folds FROM ops JOIN devices ON devices.no = ops.device_no
         WHERE kind IN ('record', 'register', 'step') AND raw LIKE '%\"photos\"%'",
        [],
        |row| Ok((row.get::<_, String>(0)?, row.get::<_, bool>(1)?, row.get::<_, bool>(2)?)),
    )?;
    let mut named = BTreeSet::new();
    for (raw, own, folds) in rows {
        let op: Op = super::meta::from_json("operation", &raw)?;
        let owner =
            op.body.observation().map(|id| id.bytes()).filter(|_| matches!(op.body, Body::Record { .. }));
        let owner = owner.or(op.body.entity().map(|id| id.bytes()));
        for photo in op.body.photos() {
            let name = photos::PhotoName::parse(&photo.sha256);
            if let Some((owner, name)) = owner.zip(name).filter(|_| own || folds) {
                named.insert((owner, name));
            }
        }
    }
    let known = sql::all(conn, "SELECT owner, sha256 FROM photos", [], |row| {
        Ok((row.get::<_, [u8; 16]>(0)?, photos::PhotoName(row.get(1)?)))
    })?;
    let known: BTreeSet<_> = known.into_iter().collect();
    if known != named {
        found.push(format!("{} photographs are named, {} have rows", named.len(), known.len()));
    }
    Ok(())
}

fn check_search(conn: &Connection, found: &mut Vec<String>) -> Result<(), StoreError> {
    let indexed = sql::all(conn, "SELECT rowid FROM search ORDER BY rowid", [], |row| row.get::<_, i64>(0))?;
    let wanted = sql::all(conn, "SELECT no FROM entries WHERE tokens <> '' ORDER BY no", [], |row| {
        row.get::<_, i64>(0)
    })?;
    if indexed != wanted {
        found.push(format!("{} households are indexed, {} ought to be", indexed.len(), wanted.len()));
    }
    Ok(())
}
