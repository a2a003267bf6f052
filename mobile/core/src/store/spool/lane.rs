//! What the lane asks of the spool and writes into it: what is to be sent, how far it has come, what became of it.

use super::{Kept, PhotoName, Spool, kept_where};
use crate::message::Trouble;
use crate::store::{StoreError, meta, sql};

/// A picture that is to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ToSend {
    pub(crate) name: PhotoName,
    pub(crate) bytes: u64,
    /// The upload under way, if one was begun.
    pub(crate) url: Option<String>,
    /// How much of it the centre has, as last heard.
    pub(crate) sent: u64,
    /// How often the centre did not take it as it ought to.
    pub(crate) attempts: u32,
    /// How often it arrived whole, and as other bytes.
    pub(crate) spoilt: u32,
}

impl Spool {
    /// Photographs that the centre is not known to hold, after a row; also those that cannot be sent.
    pub(crate) fn unheld(&self, after_no: i64, rows_max: usize) -> Result<Vec<Kept>, StoreError> {
        let rest = "WHERE named = 1 AND held_at_ms IS NULL AND no > ?1 ORDER BY no LIMIT ?2";
        kept_where(self.read(), rest, (after_no, sql::signed(rows_max as u64)))
    }

    /// Of a photograph whose bytes were let go and that the centre is not known to hold: what proves that they were here.
    pub(crate) fn proof(&self, name: PhotoName) -> Result<Option<String>, StoreError> {
        let find = "SELECT proof FROM photos WHERE sha256 = ?1 AND here = 0 AND held_at_ms IS NULL";
        Ok(sql::one(self.read(), find, [name.0], |row| row.get(0))?.flatten())
    }

    /// Pictures here that no operation is known to name, after a row.
    pub(crate) fn unnamed(&self, after_no: i64, rows_max: usize) -> Result<Vec<Kept>, StoreError> {
        let rest = "WHERE named = 0 AND here = 1 AND no > ?1 ORDER BY no LIMIT ?2";
        kept_where(self.read(), rest, (after_no, sql::signed(rows_max as u64)))
    }

    /// The next one to send: those that went on without trouble first, oldest first. So one that does not go on does
    /// not hold up the others.
    pub(crate) fn next_to_send(&self) -> Result<Option<ToSend>, StoreError> {
        Ok(sql::one(
            self.read(),
            "SELECT sha256, bytes, url, sent, attempts, spoilt FROM photos
             WHERE named = 1 AND here = 1 AND held_at_ms IS NULL AND trouble IS NULL
             ORDER BY attempts, no LIMIT 1",
            [],
            |row| {
                Ok(ToSend {
                    name: PhotoName(row.get(0)?),
                    bytes: sql::unsigned(row.get(1)?),
                    url: row.get(2)?,
                    sent: sql::unsigned(row.get(3)?),
                    attempts: row.get(4)?,
                    spoilt: row.get(5)?,
                })
            },
        )?)
    }

    /// How many are to be sent, and how many of their bytes the centre does not have.
    pub(crate) fn to_send(&self) -> Result<(u64, u64), StoreError> {
        let told = sql::one(
            self.read(),
            "SELECT count(*), sum(bytes - sent) FROM photos
             WHERE named = 1 AND here = 1 AND held_at_ms IS NULL AND trouble IS NULL",
            [],
            |row| Ok((sql::unsigned(row.get(0)?), sql::unsigned(row.get::<_, Option<i64>>(1)?.unwrap_or(0)))),
        )?;
        Ok(told.unwrap_or_default())
    }

    /// A part of a picture; shorter at its end.
    pub(crate) fn part(&self, name: PhotoName, from: u64, bytes_max: u64) -> Result<Vec<u8>, StoreError> {
        let find = "SELECT substr(jpeg, ?2 + 1, ?3) FROM pictures JOIN photos USING (no) WHERE sha256 = ?1";
        let part = sql::one(self.read(), find, (name.0, sql::signed(from), sql::signed(bytes_max)), |row| {
            row.get(0)
        })?;
        part.ok_or(StoreError::Unreadable { what: "picture", detail: "its bytes are not there".to_owned() })
    }

    /// The centre has these, their hash verified.
    pub(crate) fn held(&mut self, names: &[PhotoName], at_ms: i64) -> Result<(), StoreError> {
        self.store.write(|tx| {
            for name in names {
                sql::run(
                    tx,
                    "UPDATE photos SET held_at_ms = ?2, sent = bytes, url = NULL, attempts = 0, spoilt = 0,
                         trouble = NULL
                     WHERE sha256 = ?1",
                    (name.0, at_ms),
                )?;
            }
            Ok(())
        })
    }

    /// The centre does not have these, and neither has this device: said, so that nobody waits for them.
    pub(crate) fn missing(&mut self, names: &[PhotoName], trouble: &Trouble) -> Result<(), StoreError> {
        self.store.write(|tx| {
            for name in names {
                let told = meta::to_json(trouble);
                sql::run(
                    tx,
                    "UPDATE photos SET trouble = ?2 WHERE sha256 = ?1 AND here = 0",
                    (name.0, told),
                )?;
            }
            Ok(())
        })
    }

    /// An upload was begun, or has come so far.
    // The attempts stay: an upload that is lost again and again would else be begun again and again without a pause.
    pub(crate) fn went_on(&mut self, name: PhotoName, url: &str, sent: u64) -> Result<(), StoreError> {
        self.store.write(|tx| {
            sql::run(
                tx,
                "UPDATE photos SET url = ?2, sent = ?3 WHERE sha256 = ?1",
                (name.0, url, sql::signed(sent)),
            )?;
            Ok(())
        })
    }

    /// It did not go on. Without `url` the upload is gone, and another one is begun.
    pub(crate) fn stalled(&mut self, name: PhotoName, url: Option<&str>) -> Result<(), StoreError> {
        self.store.write(|tx| {
            sql::run(
                tx,
                "UPDATE photos SET attempts = attempts + 1, url = ?2, sent = iif(?2 IS NULL, 0, sent)
                 WHERE sha256 = ?1",
                (name.0, url),
            )?;
            Ok(())
        })
    }

    /// It arrived as other bytes, and the upload is gone.
    pub(crate) fn spoilt(&mut self, name: PhotoName) -> Result<(), StoreError> {
        self.store.write(|tx| {
            sql::run(
                tx,
                "UPDATE photos SET attempts = attempts + 1, spoilt = spoilt + 1, url = NULL, sent = 0
                 WHERE sha256 = ?1",
                [name.0],
            )?;
            Ok(())
        })
    }

    /// It cannot be sent, ever.
    pub(crate) fn failed_for_ever(&mut self, name: PhotoName, trouble: &Trouble) -> Result<(), StoreError> {
        self.store.write(|tx| {
            sql::run(
                tx,
                "UPDATE photos SET trouble = ?2, url = NULL, sent = 0 WHERE sha256 = ?1",
                (name.0, meta::to_json(trouble)),
            )?;
            Ok(())
        })
    }

    /// “Upload now”: those that could not be sent are tried once more.
    pub(crate) fn try_failed_again(&mut self) -> Result<(), StoreError> {
        self.store.write(|tx| {
            sql::run(
                tx,
                "UPDATE photos SET trouble = NULL, attempts = 0, spoilt = 0
                 WHERE trouble IS NOT NULL AND here = 1",
                [],
            )?;
            Ok(())
        })
    }
}
