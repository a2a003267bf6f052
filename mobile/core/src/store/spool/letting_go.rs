//! Which bytes are let go, and when: never those of a picture that the centre does not hold and something names.

use super::{PhotoName, Spool};
use crate::store::{StoreError, meta, sql};
use bianfang_shared::photo::proof;
use rusqlite::Transaction;
use std::collections::BTreeSet;

/// How long the bytes stay after the centre said that it has them: a centre put back to an older state gets them again.
const KEEP_HELD_MS: i64 = 30 * 86_400_000;
/// How long a picture stays that no record and no form in hand names, as of a form that was thrown away.
const KEEP_UNNAMED_MS: i64 = 7 * 86_400_000;
/// The time between two tidyings counts for no more: a clock that is set wrong once costs no picture.
const BETWEEN_MS_MAX: i64 = 86_400_000;
/// When it was tidied last, by the wall clock.
const TIDIED_MS: &str = "tidied_ms";
/// So much of the disk is left free. Below, held pictures are let go before their time, and none is taken.
pub(crate) const ROOM_BYTES_MIN: u64 = 64 * 1024 * 1024;
/// Pictures let go in one transaction.
const AT_ONCE: usize = 50;
/// Pages given back to the disk at once, after pictures were let go.
const PAGES_BACK: u32 = 4_000;
/// At least so many bytes are in as many pages.
const BYTES_BACK: u64 = PAGES_BACK as u64 * 4_000;

impl Spool {
    /// Lets go what has had its time: bytes that the centre has held for long, and pictures that nothing names. `in_hand`
    /// are the photographs of forms in hand.
    pub(crate) fn tidy(&mut self, now_ms: i64, in_hand: &BTreeSet<PhotoName>) -> Result<(), StoreError> {
        let before_ms = now_ms.saturating_sub(KEEP_HELD_MS);
        let find = "SELECT no FROM photos
                    WHERE here = 1 AND held_at_ms IS NOT NULL AND held_at_ms < ?1 ORDER BY held_at_ms";
        let rows = sql::all(self.read(), find, [before_ms], |row| row.get::<_, i64>(0))?;
        self.let_go(&rows)?;
        self.watch_unnamed(now_ms, in_hand)?;
        self.remove_unnamed()?;
        self.give_back()
    }

    /// Lets go of the oldest held pictures, so many bytes of them if there are as many. Answers how many it were; so much
    /// is given back to the disk.
    pub(crate) fn make_room(&mut self, bytes: u64) -> Result<u64, StoreError> {
        let held = sql::some(
            self.read(),
            "SELECT no, bytes FROM photos WHERE here = 1 AND held_at_ms IS NOT NULL ORDER BY held_at_ms",
            [],
            |row| Ok((row.get::<_, i64>(0)?, sql::unsigned(row.get(1)?))),
            {
                let mut found = 0;
                move |(_, of_one): &(i64, u64)| {
                    let wanted = found < bytes;
                    found += of_one;
                    wanted
                }
            },
        )?;
        let (rows, bytes): (Vec<i64>, Vec<u64>) = held.into_iter().unzip();
        self.let_go(&rows)?;
        let let_go = bytes.iter().sum();
        for _ in 0..=let_go / BYTES_BACK {
            self.give_back()?;
        }
        // Only what is out of the log is out of the file. Where that fails now, it is done with a later write.
        let _moved = sql::all(self.read(), "PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
        Ok(let_go)
    }

    /// Removes the bytes of some held pictures; what is known of them stays, with a proof that they were here, and the
    /// small pictures.
    fn let_go(&mut self, rows: &[i64]) -> Result<(), StoreError> {
        for part in rows.chunks(AT_ONCE) {
            self.store.write(|tx| {
                for no in part {
                    let find = "SELECT jpeg FROM pictures WHERE no = ?1";
                    let jpeg: Option<Vec<u8>> = sql::one(tx, find, [no], |row| row.get(0))?;
                    if let Some(jpeg) = jpeg {
                        sql::run(tx, "UPDATE photos SET proof = ?2 WHERE no = ?1", (no, proof(&jpeg)))?;
                    }
                    sql::run(tx, "DELETE FROM pictures WHERE no = ?1", [no])?;
                    sql::run(tx, "UPDATE photos SET here = 0 WHERE no = ?1", [no])?;
                }
                Ok::<_, StoreError>(())
            })?;
        }
        Ok(())
    }

    /// Writes down for how long each picture has been seen with nothing that names it.
    // Not since it was taken: a form may have named it until yesterday.
    fn watch_unnamed(&mut self, now_ms: i64, in_hand: &BTreeSet<PhotoName>) -> Result<(), StoreError> {
        let last_ms = meta::get::<i64>(self.read(), TIDIED_MS)?.unwrap_or(now_ms);
        let passed_ms = now_ms.saturating_sub(last_ms).clamp(0, BETWEEN_MS_MAX);
        self.store.write(|tx| {
            let watch = "UPDATE photos SET unnamed_ms = coalesce(unnamed_ms + ?1, 0) WHERE named = 0";
            sql::run(tx, watch, [passed_ms])?;
            for name in in_hand {
                sql::run(tx, "UPDATE photos SET unnamed_ms = NULL WHERE sha256 = ?1", [name.0])?;
            }
            meta::put(tx, TIDIED_MS, &now_ms)
        })
    }

    fn remove_unnamed(&mut self) -> Result<(), StoreError> {
        let find = "SELECT no FROM photos WHERE named = 0 AND unnamed_ms >= ?1";
        let rows = sql::all(self.read(), find, [KEEP_UNNAMED_MS], |row| row.get::<_, i64>(0))?;
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
