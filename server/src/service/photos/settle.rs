//! What photographs tell: each is looked at once, near duplicates are found among all townships' photographs, and the
//! records that it concerns are assessed again. All that is to be done is read from the store and noted there as done,
//! so a crash repeats at most the last step. What fails with one is tried again the next time; the others go on.

use super::Photos;
use super::look::Likenesses;
use crate::service::Refusal;
use crate::service::evidence::{Known, PhotosKnown};
use crate::service::push::read_op;
use crate::store::ledgers::AreaRange;
use crate::store::log::HeldRecord;
use crate::store::photos::{Before, Due, Examined, PhotoId};
use bianfang_shared::evidence::{CheckName, Evidence, Finding, SeenBefore};
use bianfang_shared::id::ObservationId;
use bianfang_shared::observation::Observation;
use bianfang_shared::op::Body;
use std::collections::BTreeSet;
use std::sync::atomic::Ordering;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Photographs looked at before what was seen is noted and the next are asked for.
const EXAMINE_AT_ONCE: usize = 16;
/// How long a photograph waits at most, before it is looked at, for those that are coming in.
const WAIT_MAX: Duration = Duration::from_millis(250);
/// Photographs of which something new is known that are dealt with together.
const DUE_AT_ONCE: usize = 50;
/// Records that are assessed again in one transaction.
const RECORDS_AT_ONCE: usize = 200;
/// Operations naming one photograph that are read at once.
const USES_AT_ONCE: usize = 200;
/// How far back the records are followed that one corrects. Nobody corrects one more often in earnest.
const CORRECTED_MAX: usize = 16;
/// Likenesses read at once into the index.
const LIKENESSES_AT_ONCE: usize = 10_000;
/// Near duplicates noted of one photograph, the nearest.
const ALIKE_MAX: usize = 20;

/// The likeness of every photograph that was looked at; none until somebody asks. Whoever holds it settles.
#[derive(Debug, Default)]
pub(super) struct Index(Mutex<Option<Likenesses>>);

impl Photos {
    /// Looks at every photograph that waits for it, then assesses every record again that something new is known of.
    /// Answers the first failure, when all the others are done.
    pub fn settle(&self) -> Result<(), Refusal> {
        let mut index = self.index.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mended = self.mend_evidence();
        let examined = self.examine_waiting(&mut index);
        let assessed = self.assess_due();
        mended.and(examined).and(assessed)
    }

    /// Works out again the evidence that could not be read, once for each run of the process. Records that cannot be
    /// assessed stay as they are, and lists say so.
    pub(super) fn mend_evidence(&self) -> Result<(), Refusal> {
        if self.mended.load(Ordering::Relaxed) {
            return Ok(());
        }
        let mut after = None;
        loop {
            let lost = self.store.records_to_mend(after, RECORDS_AT_ONCE)?;
            let Some(last) = lost.last() else {
                self.mended.store(true, Ordering::Relaxed);
                return Ok(());
            };
            after = Some(last.id);
            for record in lost {
                let Some(evidence) = self.assess(record.id)? else { continue };
                tracing::warn!(record = %record.id, "evidence that could not be read was worked out again");
                self.store.mend_record(&HeldRecord { evidence, ..record })?;
            }
        }
    }

    /// What a record is worth, worked out from its operation, whatever was kept of that.
    pub fn assess_anew(&self, id: ObservationId) -> Result<Option<Evidence>, Refusal> {
        self.assess(id)
    }

    /// What is left is done when the process runs again: a stop does not wait for a thousand photographs.
    pub(super) fn stop_settling(&self) {
        self.stopping.store(true, Ordering::Relaxed);
    }

    fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Relaxed)
    }

    /// Each that waits is tried once.
    fn examine_waiting(&self, index: &mut Option<Likenesses>) -> Result<(), Refusal> {
        let (mut after, mut outcome) = (None, Ok(()));
        loop {
            let waiting = self.store.photos_to_examine(after, EXAMINE_AT_ONCE)?;
            let Some(last) = waiting.last() else { return outcome };
            after = Some((last.received_at_ms, last.id));
            let likenesses = match &mut *index {
                Some(likenesses) => likenesses,
                none => none.insert(self.load_likenesses()?),
            };
            let mut examined = Vec::new();
            for photo in waiting.iter().take_while(|_| !self.is_stopping()) {
                // Phones wait for those that come in; the system alone lets this take a quarter of busy processors.
                self.threads.wait_until_quiet(WAIT_MAX);
                match self.examine(photo.id, likenesses) {
                    Ok(seen) => examined.extend(seen.map(|seen| (photo.id, seen))),
                    failed => outcome = outcome.and(said(photo.id, failed.map(drop))),
                }
            }
            let noted = self.note_examined(&examined);
            if noted.is_err() {
                // It has likenesses that are not noted, and would have them twice.
                *index = None;
            }
            // Not only at the end: there may be none for long while more come in.
            outcome = outcome.and(noted).and(self.assess_due());
            if self.is_stopping() {
                return outcome;
            }
        }
    }

    /// Together: those who bring photographs meanwhile wait for the disk as well. Where that fails, each by itself.
    fn note_examined(&self, examined: &[(PhotoId, Examined)]) -> Result<(), Refusal> {
        if examined.is_empty() || self.store.note_examined(examined).is_ok() {
            return Ok(());
        }
        let one_by_one = examined.iter().map(|one| {
            let noted = self.store.note_examined(std::slice::from_ref(one));
            said(one.0, noted.map_err(Refusal::from))
        });
        one_by_one.fold(Ok(()), Result::and)
    }

    /// Each that is due is tried once; where one of several fails, each by itself.
    fn assess_due(&self) -> Result<(), Refusal> {
        let (mut after, mut outcome) = (None, Ok(()));
        loop {
            let due = self.store.photos_due(after, DUE_AT_ONCE)?;
            let Some(last) = due.last().filter(|_| !self.is_stopping()) else { return outcome };
            after = Some(last.photo);
            if self.assess_again(&due).is_err() {
                for one in due {
                    let assessed = self.assess_again(&[one]);
                    outcome = outcome.and(said(one.photo, assessed));
                }
            }
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

    /// Looks at one photograph; nothing where its bytes are not here. What cannot be decoded is kept as it is and has no
    /// likeness.
    fn examine(&self, photo: PhotoId, likenesses: &mut Likenesses) -> Result<Option<Examined>, Refusal> {
        let Some(bytes) = self.files.photo(photo)? else {
            self.note_missing(photo)?;
            return Ok(None);
        };
        let Some(looked) = self.looker.look(bytes) else { return Ok(Some(Examined::default())) };
        self.files.keep_thumbnail(photo, &looked.thumbnail)?;
        // One that was looked at before, but not noted, is in the index already.
        let mut alike = likenesses.near(&looked, ALIKE_MAX + 1);
        alike.retain(|(other, _)| *other != photo);
        alike.truncate(ALIKE_MAX);
        if let Some(likeness) = &looked.seen.likeness {
            likenesses.insert(photo, likeness);
        }
        Ok(Some(Examined { seen: looked.seen, alike }))
    }

    /// Assesses the records that name these photographs, or others that they are like.
    fn assess_again(&self, due: &[Due]) -> Result<(), Refusal> {
        let mut concerned = BTreeSet::new();
        for photo in due.iter().map(|due| due.photo) {
            let alike = self.store.photos_alike(photo)?.into_iter().map(|(other, _)| other);
            for named in std::iter::once(photo).chain(alike) {
                self.assess_naming(named, &mut concerned)?;
            }
        }
        self.write_assessed(&concerned, due)
    }

    /// Gathers the records that name a photograph, and assesses those gathered whenever they are enough.
    fn assess_naming(&self, photo: PhotoId, concerned: &mut BTreeSet<ObservationId>) -> Result<(), Refusal> {
        let mut after = None;
        loop {
            let uses = self.store.photo_uses(photo, after, USES_AT_ONCE)?;
            let Some(last) = uses.last() else { return Ok(()) };
            after = Some(last.op);
            concerned.extend(uses.iter().filter_map(|named| named.record));
            if concerned.len() >= RECORDS_AT_ONCE {
                self.write_assessed(&std::mem::take(concerned), &[])?;
            }
        }
    }

    /// The one place where a record's grade changes after it was merged.
    fn write_assessed(&self, records: &BTreeSet<ObservationId>, dealt_with: &[Due]) -> Result<(), Refusal> {
        let mut assessed = Vec::new();
        for record in records {
            assessed.extend(self.assess(*record)?.map(|evidence| (*record, evidence)));
        }
        Ok(self.store.note_assessed(dealt_with, &assessed)?)
    }

    /// Records whose operations name a photograph; of one that very many name, some.
    pub(super) fn records_naming(&self, photo: PhotoId) -> Result<BTreeSet<ObservationId>, Refusal> {
        let uses = self.store.photo_uses(photo, None, USES_AT_ONCE)?;
        Ok(uses.into_iter().filter_map(|named| named.record).collect())
    }

    /// What a record is worth now; nothing where it is in no ledger.
    fn assess(&self, id: ObservationId) -> Result<Option<Evidence>, Refusal> {
        let Some((record, observation)) = self.record(id)? else { return Ok(None) };
        let photos = self.photos_known(&record, &observation)?;
        let circumstances = record.circumstances.clone().unwrap_or_default();
        let (anchor, circumstances) = (record.anchor, &circumstances);
        let received_at_ms = record.received_at_ms;
        let known = Known { observation: &observation, anchor, circumstances, received_at_ms, photos };
        Ok(Some(match circumstances.company {
            Some(_) => self.rules.assess(known),
            // Nothing is left of what it counted.
            None if record.evidence_lost => self.rules.assess(known),
            None => self.rules.assess_photos(&record.evidence, known),
        }))
    }

    /// What is known by now of the photographs that a record names. One that whoever sees the record may not see counts as
    /// not here: else the grade would tell what is held elsewhere under a hash that anybody can name. What counted once
    /// goes on counting.
    fn photos_known(&self, record: &HeldRecord, observation: &Observation) -> Result<PhotosKnown, Refusal> {
        let sharing = self.sharing(record, observation)?;
        let mut known = PhotosKnown::default();
        let was_counted = record
            .evidence
            .checks
            .iter()
            .any(|check| check.name == CheckName::PhotosPresent && check.finding == Finding::Pass);
        for photo in &observation.photos {
            let Ok(id) = photo.sha256.parse::<PhotoId>() else { continue };
            let Some(held) = self.store.photo(id)? else { continue };
            if !was_counted && !self.store.photo_opened_in(id, &[AreaRange::of(record.scope)])? {
                continue;
            }
            if !held.missing {
                known.held.insert(photo.sha256.clone());
            }
            let Some(seen) = held.seen else { continue };
            let compared = self.compared(id, record, &sharing)?;
            // Of what shows nothing, or nothing that can be decoded, only the very same bytes tell anything.
            if seen.likeness.is_some() || compared.same_bytes {
                known.seen.insert(photo.sha256.clone(), compared);
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

    /// The records that may share their photographs with this one: those that it corrects, while they are about the same
    /// by the same person. Whoever corrects another's record brings photographs of their own.
    fn sharing(&self, record: &HeldRecord, observation: &Observation) -> Result<Vec<ObservationId>, Refusal> {
        let (mut sharing, mut next) = (Vec::new(), observation.corrects);
        while let Some(id) = next.filter(|id| sharing.len() < CORRECTED_MAX && !sharing.contains(id)) {
            let Some((other, text)) = self.record(id)? else { break };
            if (other.subject, other.author) != (record.subject, record.author) {
                break;
            }
            sharing.push(id);
            next = text.corrects;
        }
        Ok(sharing)
    }

    /// What comparing a photograph of a record with those of the records before it found: whoever comes second has to
    /// explain. What only looks like it is of another subject: a house looks like itself every month.
    fn compared(
        &self,
        photo: PhotoId,
        record: &HeldRecord,
        sharing: &[ObservationId],
    ) -> Result<SeenBefore, Refusal> {
        let than = (record.received_at_ms, record.id);
        let earlier = Before { than, besides: sharing, not_about: None };
        let same_bytes = self.store.photo_named_before(photo, &earlier)?;
        let elsewhere = Before { not_about: Some(record.subject), ..earlier };
        let mut nearest_bits = None;
        for (other, distance) in self.store.photos_alike(photo)? {
            if self.store.photo_named_before(other, &elsewhere)? {
                nearest_bits = Some(distance);
                break;
            }
        }
        Ok(SeenBefore { same_bytes, nearest_bits })
    }
}

/// Says that something could not be done with a photograph, as whoever goes on with the others has to.
fn said(photo: PhotoId, done: Result<(), Refusal>) -> Result<(), Refusal> {
    if let Err(refusal) = &done {
        let cause = std::error::Error::source(refusal).map(ToString::to_string);
        tracing::warn!(%photo, code = refusal.code(), cause, "a photograph was passed over");
    }
    done
}
