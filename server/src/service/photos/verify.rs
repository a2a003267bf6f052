//! Looks at every photograph that is held: are its bytes there, and are they those that its name says? And which are
//! named by operations and not here? Moves damaged ones aside and notes which are missing, so that they come again;
//! changes nothing else.

use super::Photos;
use crate::files::hash_of;
use crate::service::Refusal;
use crate::store::photos::{HeldPhoto, PhotoId};

/// Photographs asked for at once.
const ROWS_MAX: usize = 500;
/// Most photographs named in a report; beyond, they are only counted.
const NAMED_MAX: usize = 100;

/// What was looked at, and what is not as it should be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PhotoReport {
    /// Photographs held.
    pub held: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Photographs that operations name and that are not here yet. That is no fault: phones send records first.
    pub awaited: u64,
    /// Some of them.
    pub awaited_named: Vec<PhotoId>,
    /// How many are missing or damaged of those that should be here.
    pub differences: u64,
    /// What is wrong, by name.
    pub named: Vec<String>,
}

impl PhotoReport {
    /// Whether all is as it should be.
    pub fn is_sound(&self) -> bool {
        self.differences == 0
    }

    fn differs(&mut self, what: String) {
        self.differences += 1;
        if self.named.len() < NAMED_MAX {
            self.named.push(what);
        }
    }
}

impl Photos {
    fn verify_one(&self, photo: &HeldPhoto, report: &mut PhotoReport) -> Result<(), Refusal> {
        match self.files.photo(photo.id)? {
            None => {
                report.differs(format!("photograph {} is missing", photo.id));
                self.note_missing(photo.id)
            }
            Some(bytes) if hash_of(&bytes) != photo.id => {
                report.differs(format!("photograph {} is damaged", photo.id));
                self.set_aside(photo.id)
            }
            Some(bytes) if bytes.len() as u64 != photo.bytes => {
                report.differs(format!("photograph {} is noted with another length", photo.id));
                Ok(())
            }
            Some(_) => Ok(()),
        }
    }

    /// Looks at everything.
    pub fn verify(&self) -> Result<PhotoReport, Refusal> {
        let mut report = PhotoReport::default();
        let mut after = None;
        loop {
            let rows = self.store.photos(after, ROWS_MAX)?;
            let Some(last) = rows.last() else { break };
            after = Some(last.id);
            for photo in rows {
                report.held += 1;
                report.bytes += photo.bytes;
                self.verify_one(&photo, &mut report)?;
            }
        }
        let mut after = None;
        loop {
            let rows = self.store.photos_missing(after, ROWS_MAX)?;
            let Some(last) = rows.last() else { return Ok(report) };
            after = Some(*last);
            report.awaited += rows.len() as u64;
            let room = NAMED_MAX - report.awaited_named.len();
            report.awaited_named.extend(rows.into_iter().take(room));
        }
    }
}
