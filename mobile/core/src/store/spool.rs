//! The pictures kept on this device, in a database of their own beside the account's: a full or damaged one costs no
//! record. A picture is durable here before any draft names it, and its bytes go only when the centre holds them.
//! Knows no network; what is to be sent next is told to the lane.

mod lane;
mod letting_go;
mod schema;

pub(crate) use lane::ToSend;
pub(crate) use letting_go::ROOM_BYTES_MIN;

use super::location::Content;
use super::photos::{Named, PhotoName};
use super::{Disk, Location, Store, StoreError, meta, sql};
use crate::message::{PhotoState, Trouble};
use bianfang_shared::id::{EntityId, Epoch};
use rusqlite::{Connection, Row};

/// Whether the account's database has been asked what this spool ought to hold.
const BEGUN: &str = "begun";
/// The life of the centre's log that the word “held” belongs to.
const EPOCH: &str = "epoch";

/// Whether all was carried over that the damaged file before this one holds.
const CARRIED: &str = "carried";
/// Most rows of a damaged file that are looked for; what it says of their number may be damaged too.
const CARRIED_MAX: i64 = 1_000_000;

/// The pictures of one account.
#[derive(Debug)]
pub(crate) struct Spool {
    store: Store,
}

/// A picture as it is put in.
#[derive(Debug)]
pub(crate) struct NewPicture<'a> {
    pub(crate) name: PhotoName,
    pub(crate) jpeg: &'a [u8],
    pub(crate) thumbnail: &'a [u8],
    pub(crate) likeness: String,
    pub(crate) subject: EntityId,
    pub(crate) at_ms: i64,
}

/// What is known of a picture.
#[derive(Clone, Debug)]
pub(crate) struct Kept {
    pub(crate) no: i64,
    pub(crate) name: PhotoName,
    pub(crate) bytes: u64,
    pub(crate) likeness: String,
    pub(crate) subject: Option<EntityId>,
    pub(crate) at_ms: i64,
    /// Whether its bytes are here.
    pub(crate) here: bool,
    pub(crate) held: bool,
    pub(crate) sent: u64,
    pub(crate) trouble: Option<Trouble>,
}

impl Kept {
    /// Where it is, in the words of the screens.
    pub(crate) fn state(&self) -> PhotoState {
        match (self.held, &self.trouble) {
            (true, _) => PhotoState::Held,
            (false, Some(trouble)) => PhotoState::Failed { trouble: trouble.clone() },
            (false, None) if self.sent > 0 => PhotoState::Sending { sent: self.sent },
            (false, None) => PhotoState::Device,
        }
    }

    /// Whether a record can name it: its bytes are here, or the centre has them.
    pub(crate) fn is_safe(&self) -> bool {
        self.here || self.held
    }
}

const KEPT: &str =
    "SELECT no, sha256, bytes, likeness, subject, at_ms, here, held_at_ms, sent, trouble FROM photos";

type Raw = (Kept, Option<String>);

fn raw(row: &Row<'_>) -> rusqlite::Result<Raw> {
    let kept = Kept {
        no: row.get(0)?,
        name: PhotoName(row.get(1)?),
        bytes: sql::unsigned(row.get(2)?),
        likeness: row.get(3)?,
        subject: row.get::<_, Option<[u8; 16]>>(4)?.map(EntityId::from_bytes),
        at_ms: row.get(5)?,
        here: row.get(6)?,
        held: row.get::<_, Option<i64>>(7)?.is_some(),
        sent: sql::unsigned(row.get(8)?),
        trouble: None,
    };
    Ok((kept, row.get(9)?))
}

fn kept((kept, trouble): Raw) -> Result<Kept, StoreError> {
    let trouble = trouble.map(|text| meta::from_json("trouble", &text)).transpose()?;
    Ok(Kept { trouble, ..kept })
}

fn kept_where(conn: &Connection, rest: &str, params: impl rusqlite::Params) -> Result<Vec<Kept>, StoreError> {
    sql::all(conn, &format!("{KEPT} {rest}"), params, raw)?.into_iter().map(kept).collect()
}

/// What can still be read of a damaged file.
struct Reading<'a> {
    from: &'a Connection,
    /// Whether something could not be read for another reason than damage, and is worth another try.
    failed: bool,
}

impl Reading<'_> {
    fn one<T>(
        &mut self,
        find: &str,
        params: impl rusqlite::Params,
        read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Option<T> {
        sql::one(self.from, find, params, read).unwrap_or_else(|error| {
            self.failed |= !StoreError::from(error).is_damage();
            None
        })
    }

    /// The number of the last picture, from whichever place still tells it.
    fn last_no(&mut self) -> i64 {
        let told = [
            "SELECT max(no) FROM photos",
            "SELECT max(no) FROM pictures",
            "SELECT seq FROM sqlite_sequence WHERE name = 'photos'",
        ];
        let told = told.map(|find| self.one(find, [], |row| row.get::<_, Option<i64>>(0)).flatten());
        told.into_iter().flatten().max().unwrap_or(0).min(CARRIED_MAX)
    }
}

impl Spool {
    /// Opens it, or makes it.
    pub(crate) fn open(location: &Location, name: &str) -> Result<Self, StoreError> {
        Ok(Self { store: Store::open_as(location, name, Content::Pictures, schema::STEPS)? })
    }

    /// Stands in for pictures that cannot be opened, until the app is started again: knows none and keeps none, so that
    /// they keep nobody from the records.
    pub(crate) fn stand_in() -> Result<Self, StoreError> {
        let spool = Self::open(&Location::Memory(Disk::new()), "photos.db")?;
        sql::all(spool.read(), "PRAGMA query_only = on", [], |_| Ok(()))?;
        Ok(spool)
    }

    /// Takes over from a damaged file what can still be read and is what its name says; the file stays as it is. What
    /// ends half-way, as on a full disk, is carried on when this is asked again.
    pub(crate) fn carry_over(&mut self, location: &Location, damaged: &str) -> Result<(), StoreError> {
        if meta::get::<bool>(self.read(), CARRIED)?.unwrap_or(false) {
            return Ok(());
        }
        let Ok(from) = location.connect(damaged, Content::Pictures) else { return Ok(()) };
        let mut reading = Reading { from: &from, failed: false };
        // One by one: a page that cannot be read takes only its own picture with it.
        for no in 1..=reading.last_no() {
            let row = reading.one(&format!("{KEPT} WHERE no = ?1"), [no], raw).map(|(row, _)| row);
            if let Some(row) = &row
                && self.get(row.name)?.is_some_and(|kept| kept.is_safe())
            {
                continue;
            }
            let blob = |row: &Row<'_>| row.get::<_, Vec<u8>>(0);
            let Some(jpeg) = reading.one("SELECT jpeg FROM pictures WHERE no = ?1", [no], blob) else {
                continue;
            };
            // Where its row is lost, its bytes still tell its name.
            let name = PhotoName::of(&jpeg);
            if row.as_ref().is_some_and(|row| row.name != name) {
                continue;
            }
            let thumbnail = reading.one("SELECT jpeg FROM thumbnails WHERE no = ?1", [no], blob);
            let subject = row.as_ref().and_then(|row| row.subject);
            self.keep(&NewPicture {
                name,
                jpeg: &jpeg,
                thumbnail: &thumbnail.unwrap_or_default(),
                subject: subject.unwrap_or(EntityId::from_bytes([0; 16])),
                at_ms: row.as_ref().map_or(0, |row| row.at_ms),
                likeness: row.map(|row| row.likeness).unwrap_or_default(),
            })?;
        }
        if reading.failed {
            return Ok(());
        }
        self.store.write(|tx| meta::put(tx, CARRIED, &true))
    }

    fn read(&self) -> &Connection {
        self.store.read()
    }

    /// Keeps a picture durably. One that is here already, by the same bytes, stays as it is; one whose bytes were
    /// missing is whole again.
    pub(crate) fn keep(&mut self, picture: &NewPicture<'_>) -> Result<(), StoreError> {
        self.store.write(|tx| {
            sql::run(
                tx,
                "INSERT INTO photos (sha256, bytes, likeness, subject, at_ms, here) VALUES (?1, ?2, ?3, ?4, ?5, 1)
                 ON CONFLICT (sha256) DO UPDATE
                 SET here = 1, at_ms = max(at_ms, excluded.at_ms), trouble = NULL, spoilt = 0,
                     unnamed_ms = NULL",
                (
                    picture.name.0,
                    sql::signed(picture.jpeg.len() as u64),
                    &picture.likeness,
                    picture.subject.bytes(),
                    picture.at_ms,
                ),
            )?;
            let find = "SELECT no FROM photos WHERE sha256 = ?1";
            let no = sql::number(tx, find, [picture.name.0])?;
            let no = sql::signed(no);
            sql::run(tx, "INSERT OR IGNORE INTO pictures (no, jpeg) VALUES (?1, ?2)", (no, picture.jpeg))?;
            sql::run(
                tx,
                "INSERT OR IGNORE INTO thumbnails (no, jpeg) VALUES (?1, ?2)",
                (no, picture.thumbnail),
            )?;
            Ok(())
        })
    }

    /// What is known of a picture.
    pub(crate) fn get(&self, name: PhotoName) -> Result<Option<Kept>, StoreError> {
        Ok(kept_where(self.read(), "WHERE sha256 = ?1", [name.0])?.pop())
    }

    /// The stored picture, if its bytes are here.
    pub(crate) fn jpeg(&self, name: PhotoName) -> Result<Option<Vec<u8>>, StoreError> {
        let find = "SELECT jpeg FROM pictures JOIN photos USING (no) WHERE sha256 = ?1";
        Ok(sql::one(self.read(), find, [name.0], |row| row.get(0))?)
    }

    /// The small picture, if it was ever here.
    pub(crate) fn thumbnail(&self, name: PhotoName) -> Result<Option<Vec<u8>>, StoreError> {
        let find = "SELECT jpeg FROM thumbnails JOIN photos USING (no) WHERE sha256 = ?1";
        Ok(sql::one(self.read(), find, [name.0], |row| row.get(0))?)
    }

    /// Whether it has been told what the account's operations name.
    pub(crate) fn has_begun(&self) -> Result<bool, StoreError> {
        Ok(meta::get::<bool>(self.read(), BEGUN)?.unwrap_or(false))
    }

    /// It is being told from now on.
    pub(crate) fn begin(&mut self) -> Result<(), StoreError> {
        self.store.write(|tx| meta::put(tx, BEGUN, &true))
    }

    /// Own operations name these: they are to be sent. Of one whose bytes are not here it is at least known that the
    /// centre ought to have it.
    pub(crate) fn name(&mut self, named: &[Named]) -> Result<(), StoreError> {
        self.store.write(|tx| {
            for one in named {
                sql::run(
                    tx,
                    "INSERT INTO photos (sha256, bytes, likeness, subject, at_ms, here, named)
                     VALUES (?1, ?2, ?3, ?4, ?5, 0, 1) ON CONFLICT (sha256) DO UPDATE SET named = 1",
                    (one.name.0, sql::signed(one.bytes), &one.likeness, one.subject.bytes(), one.at_ms),
                )?;
            }
            Ok(())
        })
    }

    /// The word “held” is of this life of the centre's log. In another one, which begins when the centre is put back to
    /// an older state, everything has to be asked and sent anew.
    pub(crate) fn enter_epoch(&mut self, epoch: Epoch) -> Result<(), StoreError> {
        if meta::get::<Epoch>(self.read(), EPOCH)? == Some(epoch) {
            return Ok(());
        }
        self.store.write(|tx| {
            sql::run(
                tx,
                "UPDATE photos SET held_at_ms = NULL, url = NULL, sent = 0, attempts = 0, spoilt = 0,
                     trouble = NULL",
                [],
            )?;
            meta::put(tx, EPOCH, &epoch)
        })
    }

    /// Pictures kept since a row, for the index of likenesses.
    pub(crate) fn since(&self, no: i64) -> Result<Vec<Kept>, StoreError> {
        kept_where(self.read(), "WHERE no > ?1 ORDER BY no", [no])
    }

    /// One row, if it still stands.
    pub(crate) fn by_no(&self, no: i64) -> Result<Option<Kept>, StoreError> {
        Ok(kept_where(self.read(), "WHERE no = ?1", [no])?.pop())
    }

    /// Pictures that cannot be sent, oldest first.
    pub(crate) fn failed(&self, rows_max: usize) -> Result<Vec<Kept>, StoreError> {
        let rest = "WHERE named = 1 AND held_at_ms IS NULL AND trouble IS NOT NULL ORDER BY no LIMIT ?1";
        kept_where(self.read(), rest, [sql::signed(rows_max as u64)])
    }

    /// See [`Store::is_sound`].
    pub(crate) fn is_sound(&self) -> bool {
        self.store.is_sound()
    }

    /// See [`Store::limit_pages`].
    pub(crate) fn limit_pages(&self, full: bool) -> Result<(), StoreError> {
        self.store.limit_pages(full)
    }

    /// What is wrong with the file, and which pictures are not what their names say. Empty when sound.
    pub(crate) fn integrity(&self) -> Result<Vec<String>, StoreError> {
        let mut found = self.store.integrity()?;
        let here = sql::all(
            self.read(),
            "SELECT sha256, jpeg, photos.bytes FROM photos LEFT JOIN pictures USING (no) WHERE here = 1",
            [],
            |row| Ok((PhotoName(row.get(0)?), row.get::<_, Option<Vec<u8>>>(1)?, row.get::<_, i64>(2)?)),
        )?;
        for (name, jpeg, bytes) in here {
            let sound = jpeg.is_some_and(|jpeg| {
                PhotoName::of(&jpeg) == name && jpeg.len() as u64 == sql::unsigned(bytes)
            });
            if !sound {
                found.push(format!("the picture {name} is not what its name says"));
            }
        }
        let stray = "SELECT count(*) FROM pictures WHERE no NOT IN (SELECT no FROM photos WHERE here = 1)";
        if sql::number(self.read(), stray, [])? > 0 {
            found.push("pictures belong to no row".to_owned());
        }
        Ok(found)
    }
}
