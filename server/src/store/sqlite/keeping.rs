//! Photographs noted in groups. Nobody waits for those that came whole: they are noted with those that come after them,
//! and at the latest before anybody writes, or asks what is held. Nothing is flushed for them, see [`PhotoStore`].

use super::photos::{also_brought, came_again, end_same};
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

/// Whoever brings so many notes them all; others go on meanwhile.
const GROUP: usize = 64;
/// Most photographs that nobody waits for, those of the transaction under way among them.
const UNNOTED_MAX: usize = 2 * GROUP;
/// Notes that fail by themselves, after which the others are not tried: it is not the notes.
const FAILURES_MAX: usize = 2;

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

/// Those that are to be noted, in the order in which they came. They leave when they are: whoever finds none here finds
/// all of them noted.
#[derive(Debug, Default)]
pub(super) struct Keeping(Mutex<VecDeque<Waiting>>);

#[derive(Clone, Debug)]
struct Waiting {
    keep: Keep,
    /// Where the answer goes; none where nobody waits for it.
    answer: Option<Answer>,
}

/// Whether it was not held before.
type Answer = Arc<Mutex<Option<StoreResult<bool>>>>;

impl Keeping {
    fn waiting(&self) -> MutexGuard<'_, VecDeque<Waiting>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many wait with this one that nobody waits for; none where there is no room for it.
    fn push_if_room(&self, keep: &Keep) -> Option<usize> {
        let mut waiting = self.waiting();
        if waiting.len() >= UNNOTED_MAX {
            return None;
        }
        waiting.push_back(Waiting { keep: keep.clone(), answer: None });
        Some(waiting.len())
    }

    /// All that wait: those that nobody waits for, and at most one for each thread.
    fn group(&self) -> Vec<Waiting> {
        self.waiting().iter().cloned().collect()
    }

    /// The first so many were dealt with; these of them wait on, after the others.
    fn dealt_with(&self, count: usize, failed: Vec<Waiting>) {
        let mut waiting = self.waiting();
        waiting.drain(..count);
        waiting.extend(failed);
    }
}

impl SqliteStore {
    /// Notes a photograph, with all that wait. Answers whether it was not held before.
    pub(super) fn keep(&self, keep: Keep) -> StoreResult<bool> {
        let mine = Answer::default();
        self.keeping.waiting().push_back(Waiting { keep, answer: Some(Arc::clone(&mine)) });
        // Another thread may have done it by then.
        self.note_waiting_on(&mut self.writer());
        let answer = mine.lock().unwrap_or_else(PoisonError::into_inner).take();
        answer.unwrap_or_else(|| Err(StoreError::Unavailable("a photograph got no answer".into())))
    }

    /// Notes a photograph, not necessarily at once.
    pub(super) fn keep_soon(&self, keep: Keep) -> StoreResult<()> {
        match self.keeping.push_if_room(&keep) {
            None => return self.keep(keep).map(drop),
            Some(GROUP) => self.note_waiting(),
            Some(_) => (),
        }
        Ok(())
    }

    /// Notes what waits, for whoever is about to ask what is held.
    pub(super) fn note_waiting(&self) {
        if !self.keeping.waiting().is_empty() {
            self.note_waiting_on(&mut self.writer());
        }
    }

    /// As [`Self::note_waiting`], for who has the writing connection already. What fails and nobody is told of waits on.
    pub(super) fn note_waiting_on(&self, writer: &mut Writer) {
        // They stay where they are until they are noted: readers wait for this, and a panic loses none.
        let group = self.keeping.group();
        if group.is_empty() {
            return;
        }
        let noted = match self.write_all(writer, &group) {
            Ok(new) => new.into_iter().map(Ok).collect(),
            Err(error) if group.len() == 1 => vec![Err(error)],
            Err(_) => self.one_by_one(writer, &group),
        };
        let (count, mut failed, mut cause) = (group.len(), Vec::new(), None);
        for (one, noted) in group.into_iter().zip(noted) {
            match (&one.answer, noted) {
                (Some(place), noted) => *place.lock().unwrap_or_else(PoisonError::into_inner) = Some(noted),
                (None, Ok(_)) => (),
                (None, Err(error)) => {
                    failed.push(one);
                    cause.get_or_insert(error);
                }
            }
        }
        let left = failed.len();
        self.keeping.dealt_with(count, failed);
        if let Some(cause) = cause {
            let cause = &cause as &dyn std::error::Error;
            tracing::error!(photographs = left, cause, "photographs are held but could not be noted yet");
        }
    }

    /// Each in its own transaction, so that one cannot stop others.
    fn one_by_one(&self, writer: &mut Writer, group: &[Waiting]) -> Vec<StoreResult<bool>> {
        let mut failures = 0;
        let one = |one| {
            if failures >= FAILURES_MAX {
                return Err(StoreError::Unavailable("other photographs could not be noted".into()));
            }
            let noted = self.write_all(writer, std::slice::from_ref(one)).map(|new| new == [true]);
            failures += usize::from(noted.is_err());
            noted
        };
        group.iter().map(one).collect()
    }

    fn write_all(&self, writer: &mut Writer, group: &[Waiting]) -> StoreResult<Vec<bool>> {
        self.write_on(writer, Commits::Passing, |sql| {
            group.iter().map(|one| write_kept(sql, &one.keep)).collect()
        })
    }
}

fn write_kept(sql: &Sql<'_>, Keep { photo, by }: &Keep) -> StoreResult<bool> {
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
    let is_new = rows > 0;
    if !is_new {
        came_again(sql, photo.id)?;
        also_brought(sql, photo.id, photo.uploader)?;
    }
    match by {
        Brought::Otherwise => (),
        Brought::By(upload) => drop(sql.run("UPDATE upload SET done = 1 WHERE id = ?1", params![upload.0])?),
        Brought::Whole(device) => drop(end_same(sql, (photo.uploader, *device, photo.id))?),
    }
    Ok(is_new)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Store as _;
    use crate::store::faults::{FailNth, Faults};
    use crate::store::ledgers::LedgerStore as _;
    use crate::store::photos::{PhotoId, PhotoStore as _};
    use bianfang_shared::id::{Epoch, UserId};
    use std::path::Path;
    use std::sync::atomic::{AtomicBool, Ordering};

    const TOGETHER: u8 = 8;

    fn open(folder: &Path, faults: &Arc<impl Faults + 'static>) -> SqliteStore {
        let epoch = Epoch::from_bytes([1; 16]);
        SqliteStore::open(&folder.join("store.sqlite"), epoch, Arc::clone(faults) as _).unwrap()
    }

    fn whole(store: &SqliteStore, number: u8) -> StoreResult<()> {
        store.keep_whole(&held(number), DeviceId::from_bytes([1; 16]))
    }

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
        let store = open(folder.path(), &faults);
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

    #[test]
    fn those_that_nobody_waits_for_are_noted_together_before_anybody_asks_or_writes() {
        type Asks = fn(&SqliteStore) -> StoreResult<()>;
        let asks: [(&str, Asks); 10] = [
            ("a photograph", |store| store.photo(PhotoId([1; 32])).map(drop)),
            ("photographs", |store| store.photos(None, 1).map(drop)),
            ("those to look at", |store| store.photos_to_examine(None, 1).map(drop)),
            ("those missing", |store| store.photos_missing(None, 1).map(drop)),
            ("those due", |store| store.photos_due(None, 1).map(drop)),
            ("an upload", |store| store.upload(UploadId([1; 16])).map(drop)),
            ("expired uploads", |store| store.expired_uploads(0, 1).map(drop)),
            ("counts", |store| store.counts().map(drop)),
            ("a write", |store| store.set_note("name", "text")),
            ("a backup", |store| {
                let copy = tempfile::tempdir().unwrap();
                store.backup(&copy.path().join("copy.sqlite"))
            }),
        ];
        for (what, ask) in asks {
            let folder = tempfile::tempdir().unwrap();
            let faults = Arc::new(FailNth::default());
            let store = open(folder.path(), &faults);
            let asked = |work: &dyn Fn()| {
                let before = faults.asked();
                work();
                faults.asked() - before
            };
            let alone = asked(&|| ask(&store).unwrap());
            let bring_all = || (1..=TOGETHER).for_each(|number| whole(&store, number).unwrap());
            assert_eq!(asked(&bring_all), 0, "nobody waited");
            // Two statements for each, begun and committed once.
            let together = u64::from(TOGETHER) * 2 + 2;
            assert_eq!(asked(&|| ask(&store).unwrap()), together + alone, "{what}");
            assert!(store.keeping.waiting().is_empty(), "{what}");
            let noted =
                store.read(|sql| sql.one("SELECT count(*) FROM photo", [], |row| row.get::<_, u8>(0)));
            assert_eq!(noted.unwrap(), Some(TOGETHER), "{what}");
        }
    }

    #[test]
    fn whoever_makes_the_group_full_notes_it_and_others_go_on_meanwhile() {
        let folder = tempfile::tempdir().unwrap();
        let faults = Arc::new(FailNth::default());
        let store = open(folder.path(), &faults);
        let [group, most] = [GROUP, UNNOTED_MAX].map(|number| u8::try_from(number).unwrap());
        let before = faults.asked();
        (1..group).for_each(|number| whole(&store, number).unwrap());
        assert_eq!(faults.asked(), before);
        std::thread::scope(|scope| {
            let busy = store.writer();
            let noting = scope.spawn(|| whole(&store, group));
            while store.keeping.waiting().len() < GROUP {
                std::thread::yield_now();
            }
            (group + 1..=most).for_each(|number| whole(&store, number).unwrap());
            let one_more = scope.spawn(|| whole(&store, most + 1));
            while store.keeping.waiting().len() <= UNNOTED_MAX {
                std::thread::yield_now();
            }
            assert!(!noting.is_finished() && !one_more.is_finished(), "they wait for the connection");
            drop(busy);
            noting.join().unwrap().unwrap();
            one_more.join().unwrap().unwrap();
        });
        assert!(store.keeping.waiting().is_empty());
        assert_eq!(store.photos(None, 1_000).unwrap().len(), UNNOTED_MAX + 1);
    }

    /// A disk that takes nothing, for a time.
    #[derive(Debug, Default)]
    struct Disk {
        is_full: AtomicBool,
    }

    impl Faults for Disk {
        fn fails(&self, statement: &str) -> bool {
            statement.starts_with("INSERT") && self.is_full.load(Ordering::SeqCst)
        }
    }

    #[test]
    fn what_cannot_be_noted_waits_on_and_is_refused_where_too_many_wait() {
        let folder = tempfile::tempdir().unwrap();
        let disk = Arc::new(Disk::default());
        let store = open(folder.path(), &disk);
        disk.is_full.store(true, Ordering::SeqCst);
        let most = u8::try_from(UNNOTED_MAX).unwrap();
        (1..=most).for_each(|number| whole(&store, number).unwrap());
        assert_eq!(store.photos(None, 1_000).unwrap(), [], "who reads is not held up by it");
        whole(&store, most + 1).unwrap_err();
        disk.is_full.store(false, Ordering::SeqCst);
        let noted: Vec<u8> = store.photos(None, 1_000).unwrap().iter().map(|photo| photo.id.0[0]).collect();
        assert_eq!(noted, (1..=most).collect::<Vec<_>>(), "none twice, none left out, none that was refused");
    }

    #[test]
    fn what_waits_is_noted_as_the_store_goes() {
        let folder = tempfile::tempdir().unwrap();
        let faults = Arc::new(FailNth::default());
        whole(&open(folder.path(), &faults), 1).unwrap();
        assert_eq!(open(folder.path(), &faults).photos(None, 100).unwrap().len(), 1);
    }
}
