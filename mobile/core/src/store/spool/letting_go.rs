//! Which bytes are let go, and when: never those of a picture that the centre does not hold and something names.

use super::{PhotoName, Spool};
use crate::store::{StoreError, sql};
use rusqlite::Transaction;
use std::collections::BTreeSet;

/// How long the bytes stay after the centre said that it has them: a centre put back to an older state gets them again.
const KEEP_HELD_MS: i64 = 30 * 86_400_000;
/// How long a picture stays that no record and no draft names, as of a form that was thrown away.
const KEEP_UNNAMED_MS: i64 = 7 * 86_400_000;
/// So much of the disk is left free. Below, held pictures are let go before their time, and none is taken.
pub(crate) const ROOM_BYTES_MIN: u64 = 64 * 1024 * 1024;
/// Pictures let go in one transaction.
const AT_ONCE: usize = 50;
/// Pages given back to the disk at once, after pictures were let go.
const PAGES_BACK: u32 = 4_000;

impl Spool {
    /// Lets go what has had its time: bytes that the centre has held for long, and pictures that nothing names. `drafts`
    /// are the photographs of forms in hand.
    pub(crate) fn tidy(&mut self, now_ms: i64, drafts: &BTreeSet<PhotoName>) -> Result<(), StoreError> {
        let before_ms = now_ms.saturating_sub(KEEP_HELD_MS);
        while self.let_go("held_at_ms < ?1", before_ms)? == AT_ONCE {}
        self.remove_unnamed(now_ms.saturating_sub(KEEP_UNNAMED_MS), drafts)?;
        self.give_back()
    }

    /// Lets go of the oldest held pictures, so many bytes of them if there are as many. Answers how many it were.
    pub(crate) fn make_room(&mut self, bytes: u64) -> Result<u64, StoreError> {
        let held = sql::some(
            self.read(),
            "SELECT bytes, held_at_ms FROM photos WHERE here = 1 AND held_at_ms IS NOT NULL ORDER BY held_at_ms",
            [],
            |row| Ok((sql::unsigned(row.get(0)?), row.get::<_, i64>(1)?)),
            {
                let mut found = 0;
                move |(of_one, _): &(u64, i64)| {
                    let wanted = found < bytes;
                    found += of_one;
                    wanted
                }
            },
        )?;
        let Some((_, last_ms)) = held.last() else { return Ok(0) };
        while self.let_go("held_at_ms <= ?1", *last_ms)? == AT_ONCE {}
        self.give_back()?;
        Ok(held.iter().map(|(bytes, _)| bytes).sum())
    }

    /// Removes the bytes of some held pictures; what is known of them stays, and the small pictures.
    fn let_go(&mut self, condition: &str, number: i64) -> Result<usize, StoreError> {
        let find = format!(
            "SELECT no FROM photos WHERE here = 1 AND held_at_ms IS NOT NULL AND {condition} LIMIT {AT_ONCE}"
        );
        let rows = sql::all(self.read(), &find, [number], |row| row.get::<_, i64>(0))?;
        if !rows.is_empty() {
            self.store.write(|tx| {
                for no in &rows {
                    sql::run(tx, "DELETE FROM pictures WHERE no = ?1", [no])?;
                    sql::run(tx, "UPDATE photos SET here = 0 WHERE no = ?1", [no])?;
                }
                Ok::<_, StoreError>(())
            })?;
        }
        Ok(rows.len())
    }

    fn remove_unnamed(&mut self, before_ms: i64, drafts: &BTreeSet<PhotoName>) -> Result<(), StoreError> {
        let find = "SELECT no, sha256 FROM photos WHERE named = 0 AND at_ms < ?1";
        let rows = sql::all(self.read(), find, [before_ms], |row| {
            Ok((row.get::<_, i64>(0)?, PhotoName(row.get(1)?)))
        })?;
        let rows: Vec<i64> =
            rows.into_iter().filter(|(_, name)| !drafts.contains(name)).map(|(no, _)| no).collect();
        for part in rows.chunks(AT_ONCE) {
            self.store.write(|tx| part.iter().try_for_each(|no| remove(tx, *no)))?;
        }
        Ok(())
    }

    /// Gives free pages of the file back to the disk.
    fn give_back(&mut self) -> Result<(), StoreError> {
        // A row comes back for every page; the statement works as they are read.
        let text = format!("PRAGMA incremental_vacuum({PAGES_BACK})");
        Ok(sql::all(self.read(), &text, [], |_| Ok(())).map(drop)?)
    }
}

fn remove(tx: &Transaction<'_>, no: i64) -> Result<(), StoreError> {
    sql::run(tx, "DELETE FROM pictures WHERE no = ?1", [no])?;
    sql::run(tx, "DELETE FROM thumbnails WHERE no = ?1", [no])?;
    sql::run(tx, "DELETE FROM photos WHERE no = ?1", [no])?;
    Ok(())
}
