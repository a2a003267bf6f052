//! Photographs noted in groups: while one transaction runs, or the merge's is made durable, those that come meanwhile
//! wait, and go into the next together. A lone one waits for nobody. Nothing is flushed for them, see [`PhotoStore`].

use super::photos::{came_again, end_same};
use super::sql::Sql;
use super::{Commits, SqliteStore, Writer};
#[cfg(doc)]
use crate::store::photos::PhotoStore;
use crate::store::photos::{HeldPhoto, UploadId};
use crate::store::{StoreError, StoreResult};
use bianfang_shared::id::DeviceId;
use rusqlite::params;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Most photographs in one transaction.
const GROUP_MAX: usize = 64;

/// A photograph that is held, to be noted.
#[derive(Clone, Debug)]
pub(super) struct Keep {
    pub(super) photo: HeldPhoto,
    pub(super) by: Brought,
}

/// How it came.
#[derive(Clone, Debug)]
pub(super) enum Brought {
    /// By no upload.
    Otherwise,
    /// By an upload that began before.
    By(UploadId),
    /// Whole, as its upload began on this device.
    Whole(DeviceId),
}

/// What came of noting it.
#[derive(Debug, Default)]
pub(super) struct Kept {
    /// Whether it was not held before.
    pub(super) new: bool,
    /// Uploads that ended by it.
    pub(super) ended: Vec<UploadId>,
}

/// Those that wait for the next transaction, in the order in which they came.
#[derive(Debug, Default)]
pub(super) struct Keeping(Mutex<VecDeque<Waiting>>);

#[derive(Clone, Debug)]
struct Waiting {
    keep: Keep,
    answer: Arc<Mutex<Option<StoreResult<Kept>>>>,
}

impl Keeping {
    fn waiting(&self) -> MutexGuard<'_, VecDeque<Waiting>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn next_group(&self) -> Vec<Waiting> {
        let mut waiting = self.waiting();
        let most = waiting.len().min(GROUP_MAX);
        waiting.drain(..most).collect()
    }
}

impl Waiting {
    fn answered(&self, answer: StoreResult<Kept>) {
        *self.answer.lock().unwrap_or_else(PoisonError::into_inner) = Some(answer);
    }

    fn answer(&self) -> Option<StoreResult<Kept>> {
        self.answer.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl SqliteStore {
    /// Notes a photograph. Whoever has the writing connection notes all that wait.
    pub(super) fn keep(&self, keep: Keep) -> StoreResult<Kept> {
        let mine = Waiting { keep, answer: Arc::default() };
        self.keeping.waiting().push_back(mine.clone());
        let mut writer = self.writer();
        loop {
            if let Some(answer) = mine.answer() {
                return answer;
            }
            let group = self.keeping.next_group();
            if group.is_empty() {
                // Whoever had taken it did not get to its end.
                return Err(StoreError::Unavailable("the photographs noted with it failed".into()));
            }
            self.keep_group(&mut writer, &group);
        }
    }

    /// All in one transaction; where that fails, each in its own, so that one cannot stop others.
    fn keep_group(&self, writer: &mut Writer, group: &[Waiting]) {
        match self.write_all(writer, group) {
            Ok(kept) => group.iter().zip(kept).for_each(|(one, kept)| one.answered(Ok(kept))),
            Err(error) if group.len() == 1 => group[0].answered(Err(error)),
            Err(_) => group.iter().for_each(|one| self.keep_group(writer, std::slice::from_ref(one))),
        }
    }

    fn write_all(&self, writer: &mut Writer, group: &[Waiting]) -> StoreResult<Vec<Kept>> {
        self.write_on(writer, Commits::Passing, |sql| {
            group.iter().map(|one| write_kept(sql, &one.keep)).collect()
        })
    }
}

fn write_kept(sql: &Sql<'_>, Keep { photo, by }: &Keep) -> StoreResult<Kept> {
    let seen = photo.seen.as_ref();
    let rows = sql.run(
        "INSERT OR IGNORE INTO photo (id, bytes, received_at_ms, uploader, seen, width, height, likeness) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        params![
            photo.id.0,
            photo.bytes.cast_signed(),
            photo.received_at_ms,
            photo.uploader.bytes(),
            seen.is_some(),
            seen.map_or(0, |seen| seen.width),
            seen.map_or(0, |seen| seen.height),
            seen.and_then(|seen| seen.likeness.as_deref()),
        ],
    )?;
    let mut kept = Kept { new: rows > 0, ended: Vec::new() };
    if !kept.new {
        came_again(sql, photo.id)?;
    }
    match by {
        Brought::Otherwise => (),
        Brought::By(upload) => drop(sql.run("UPDATE upload SET done = 1 WHERE id = ?1", params![upload.0])?),
        Brought::Whole(device) => kept.ended = end_same(sql, (photo.uploader, *device, photo.id))?,
    }
    Ok(kept)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::faults::FailNth;
    use crate::store::photos::{PhotoId, PhotoStore as _};
    use bianfang_shared::id::{Epoch, UserId};

    const TOGETHER: u8 = 8;

    fn held(number: u8) -> HeldPhoto {
        HeldPhoto {
            id: PhotoId([number; 32]),
            bytes: 1,
            received_at_ms: 1,
            uploader: UserId::from_bytes([1; 16]),
            seen: None,
            missing: false,
        }
    }

    /// Keeps several photographs at once, while the writing connection is busy; with the n-th statement failing.
    fn kept_together(fails: u32) -> (usize, usize, u64) {
        let folder = tempfile::tempdir().unwrap();
        let faults = Arc::new(FailNth::default());
        let path = folder.path().join("store.sqlite");
        let store = SqliteStore::open(&path, Epoch::from_bytes([1; 16]), Arc::clone(&faults) as _).unwrap();
        let before = faults.asked();
        let (answers, asked) = std::thread::scope(|scope| {
            let busy = store.writer();
            let keep = |number| store.keep_photo(&held(number), None);
            let threads: Vec<_> = (1..=TOGETHER).map(|number| scope.spawn(move || keep(number))).collect();
            while store.keeping.waiting().len() < usize::from(TOGETHER) {
                std::thread::yield_now();
            }
            faults.arm(fails);
            drop(busy);
            let answers: Vec<_> = threads.into_iter().map(|thread| thread.join().unwrap()).collect();
            (answers, faults.asked() - before)
        });
        let new = answers.iter().filter(|answer| matches!(answer, Ok(true))).count();
        (new, store.photos(None, 100).unwrap().len(), asked)
    }

    #[test]
    fn those_that_wait_are_noted_in_one_transaction() {
        let all = usize::from(TOGETHER);
        assert_eq!(kept_together(0), (all, all, u64::from(TOGETHER) + 2), "begun and committed once");
    }

    #[test]
    fn a_group_that_fails_is_noted_one_by_one_and_nobody_is_told_what_is_not_so() {
        for fails in 1..=u32::from(TOGETHER) + 2 {
            let (new, noted, _) = kept_together(fails);
            assert_eq!((new, noted), (usize::from(TOGETHER), usize::from(TOGETHER)), "statement {fails}");
        }
    }
}
