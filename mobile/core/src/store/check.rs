//! Checks of the whole, for tests, simulations and support: does everything derived equal what it is derived from?

use super::{StoreError, chain, fold, sql};
use bianfang_shared::chain::Head;
use bianfang_shared::id::EntityId;
use rusqlite::Connection;

/// What does not hold. Empty when all does.
pub(crate) fn whole(conn: &Connection) -> Result<Vec<String>, StoreError> {
    let mut found = Vec::new();
    if chain::begun(conn)? {
        check_chain(conn, &mut found)?;
    }
    check_rows(conn, &mut found)?;
    check_search(conn, &mut found)?;
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
        let sound = sql::one(
            conn,
            "SELECT conflicts = ?2 AND scope = ?3 AND (ledger IS ?4) FROM entries WHERE id = ?1",
            (
                id.bytes(),
                sql::signed(entry.conflicts().count() as u64),
                entry.scope.sql(),
                entry.ledger.map(bianfang_shared::ledger::LedgerKind::key),
            ),
            |row| row.get::<_, bool>(0),
        )?;
        if sound != Some(true) {
            found.push(format!("the row of {id} is not what its operations make"));
        }
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
