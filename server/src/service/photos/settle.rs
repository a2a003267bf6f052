//! What photographs tell: each is looked at once, near duplicates are found among all townships' photographs, and the
//! records that it concerns are assessed again. All that is to be done is read from the store and noted there as done,
//! so a crash repeats at most the last step.

use super::Photos;
use super::look::{Likenesses, look};
use crate::service::Refusal;
use crate::service::evidence::{Known, PhotosKnown};
use crate::service::push::read_op;
use crate::store::log::HeldRecord;
use crate::store::photos::{Due, Examined, HeldPhoto, PhotoId};
use bianfang_shared::evidence::{Evidence, SeenBefore};
use bianfang_shared::id::ObservationId;
use bianfang_shared::observation::Observation;
use bianfang_shared::op::Body;
use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

/// Photographs looked at before the next are asked for.
const EXAMINE_AT_ONCE: usize = 16;
/// Photographs whose records are assessed again in one transaction.
const DUE_AT_ONCE: usize = 50;
/// Operations naming one photograph that are looked at. Nobody names one more often in earnest.
const USES_MAX: usize = 200;
/// Likenesses read at once into the index.
const LIKENESSES_AT_ONCE: usize = 10_000;
/// Near duplicates noted of one photograph, the nearest.
const ALIKE_MAX: usize = 20;

/// The likeness of every photograph that was looked at; none until somebody asks. Whoever holds it settles.
#[derive(Debug, Default)]
pub(super) struct Index(Mutex<Option<Likenesses>>);

impl Photos {
    /// Looks at every photograph that waits for it, then assesses every record again that something new is known of.
    pub fn settle(&self) -> Result<(), Refusal> {
        let mut index = self.index.0.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            let waiting = self.store.photos_to_examine(EXAMINE_AT_ONCE)?;
            if waiting.is_empty() {
                break;
            }
            for photo in waiting {
                let likenesses = match &mut *index {
                    Some(likenesses) => likenesses,
                    none => none.insert(self.load_likenesses()?),
                };
                self.examine(&photo, likenesses)?;
            }
        }
        loop {
            let due = self.store.photos_due(DUE_AT_ONCE)?;
            if due.is_empty() {
                return Ok(());
            }
            self.assess_again(&due)?;
        }
    }

    fn load_likenesses(&self) -> Result<Likenesses, Refusal> {
        let mut likenesses = Likenesses::default();
        let mut after = None;
        loop {
            let rows = self.store.likenesses(after, LIKENESSES_AT_ONCE)?;
            after = rows.last().map(|(photo, _)| *photo);
            let is_last = rows.len() < LIKENESSES_AT_ONCE;
            rows.into_iter().for_each(|(photo, likeness)| likenesses.insert(photo, &likeness));
            if is_last {
                return Ok(likenesses);
            }
        }
    }

    /// Looks at one photograph. What cannot be decoded, or is not there, is kept as it is and has no likeness.
    fn examine(&self, photo: &HeldPhoto, likenesses: &mut Likenesses) -> Result<(), Refusal> {
        let looked = self.files.photo(photo.id)?.and_then(|bytes| look(&bytes));
        let Some(looked) = looked else {
            return Ok(self.store.note_examined(photo.id, &Examined::default())?);
        };
        self.files.keep_thumbnail(photo.id, &looked.thumbnail)?;
        // One that was looked at before, but not noted, is in the index already.
        let mut alike = likenesses.near(&looked, ALIKE_MAX + 1);
        alike.retain(|(other, _)| *other != photo.id);
        alike.truncate(ALIKE_MAX);
        self.store.note_examined(photo.id, &Examined { seen: looked.seen.clone(), alike })?;
        if let Some(likeness) = &looked.seen.likeness {
            likenesses.insert(photo.id, likeness);
        }
        Ok(())
    }

    /// The one place where a record's grade changes after it was merged.
    fn assess_again(&self, due: &[Due]) -> Result<(), Refusal> {
        let mut concerned = BTreeSet::new();
        for photo in due.iter().map(|due| due.photo) {
            concerned.extend(self.records_naming(photo)?);
            for (other, _) in self.store.photos_alike(photo)? {
                concerned.extend(self.records_naming(other)?);
            }
        }
        let mut assessed = Vec::new();
        for record in concerned {
            if let Some(evidence) = self.assess(record)? {
                assessed.push((record, evidence));
            }
        }
        Ok(self.store.note_assessed(due, &assessed)?)
    }

    pub(super) fn records_naming(&self, photo: PhotoId) -> Result<BTreeSet<ObservationId>, Refusal> {
        let uses = self.store.photo_uses(photo, USES_MAX)?;
        Ok(uses.into_iter().filter_map(|named| named.record).collect())
    }

    /// What a record is worth now; nothing where it is in no ledger.
    fn assess(&self, id: ObservationId) -> Result<Option<Evidence>, Refusal> {
        let Some((record, observation)) = self.record(id)? else { return Ok(None) };
        let photos = self.photos_known(&record, &observation)?;
        let circumstances = record.circumstances.clone().unwrap_or_default();
        let (anchor, circumstances) = (record.anchor, &circumstances);
        Ok(Some(self.rules.assess(Known { observation: &observation, anchor, circumstances, photos })))
    }

    /// What is known by now of the photographs that a record names.
    fn photos_known(&self, record: &HeldRecord, observation: &Observation) -> Result<PhotosKnown, Refusal> {
        let mut known = PhotosKnown::default();
        for photo in &observation.photos {
            let Ok(id) = photo.sha256.parse::<PhotoId>() else { continue };
            let Some(held) = self.store.photo(id)? else { continue };
            known.held.insert(photo.sha256.clone());
            if held.seen.is_some() {
                known.seen.insert(photo.sha256.clone(), self.compared(id, record, observation)?);
            }
        }
        Ok(known)
    }

    /// A record with the text that its operation has of it.
    pub(super) fn record(&self, id: ObservationId) -> Result<Option<(HeldRecord, Observation)>, Refusal> {
        let Some(record) = self.store.record(id)? else { return Ok(None) };
        let rows = self.store.ops(&[record.op])?;
        let op = rows.first().and_then(|row| read_op(&row.raw).ok());
        Ok(op.and_then(|op| match op.body {
            Body::Record { observation } => Some((record, *observation)),
            _ => None,
        }))
    }

    /// What comparing a photograph of a record with those of the records before it found: whoever comes second has to
    /// explain.
    fn compared(
        &self,
        photo: PhotoId,
        record: &HeldRecord,
        observation: &Observation,
    ) -> Result<SeenBefore, Refusal> {
        let same_bytes = self.seen_before(photo, record, observation)?;
        let mut nearest_bits = None;
        for (other, distance) in self.store.photos_alike(photo)? {
            if self.seen_before(other, record, observation)? {
                nearest_bits = Some(distance);
                break;
            }
        }
        Ok(SeenBefore { same_bytes, nearest_bits })
    }

    /// Whether an earlier record names a photograph. A record and the one that it corrects may share theirs.
    fn seen_before(
        &self,
        photo: PhotoId,
        record: &HeldRecord,
        observation: &Observation,
    ) -> Result<bool, Refusal> {
        for id in self.records_naming(photo)? {
            if id == record.id || observation.corrects == Some(id) {
                continue;
            }
            let other = self.store.record(id)?;
            let came_first =
                |other: &HeldRecord| (other.received_at_ms, other.id) < (record.received_at_ms, record.id);
            if other.is_some_and(|other| came_first(&other)) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
