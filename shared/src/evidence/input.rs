//! What the checks look at, taken from a record or from a form still in hand.

use super::assess::{best_fix, trace_of};
use super::photos::required_photos;
use crate::checklist::Checklist;
use crate::form::FormDraft;
use crate::hlc::Hlc;
use crate::ledger::Point;
use crate::observation::{ChecklistRef, Fix, Observation, ObservationKind, Outcome, PhotoRef, Platform};
use crate::policy::EvidencePolicy;
use crate::rules::post::WorkArea;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What is known of a record when it is assessed.
#[derive(Clone, Debug, PartialEq)]
pub struct EvidenceInput {
    /// Which kind of record.
    pub kind: ObservationKind,
    /// When the form was opened, by the phone's wall clock, in milliseconds since 1970.
    pub started_at_ms: i64,
    /// When it was saved, or now while it is not, by the phone's wall clock.
    pub saved_at_ms: i64,
    /// The places measured.
    pub fixes: Vec<Fix>,
    /// How it went.
    pub outcome: Option<Outcome>,
    /// How long the form was in hand.
    pub dwell_ms: u64,
    /// How far the phone's clock was ahead of the centre's, as far as the phone could tell.
    pub clock_offset_ms: Option<i64>,
    /// How far it was when the record came, as the centre measured it; none on a phone.
    pub measured_offset_ms: Option<i64>,
    /// A moment that had passed when the record was saved, by the centre's clock, as its phone's chain shows; see
    /// [`Self::after`].
    pub passed_ms: Option<i64>,
    /// When the centre took it in; none while it is on the phone.
    pub received_at_ms: Option<i64>,
    /// The checklist that it says was asked; none of a form in hand, which asks those that there are.
    pub checklist: Option<ChecklistRef>,
    /// What is known of those who are said to have gone along; none where nobody looked.
    pub company: Option<Company>,
    /// Which kind of client recorded it.
    pub platform: Platform,
    /// Where the household, house or supply is, as the ledger knows it.
    pub anchor: Option<Point>,
    /// Of an attendance the area in which the post is worked, as the ledger knows it; see [`Self::in_area`].
    pub area: Option<WorkArea>,
    /// Where and when the same person made the record before this one, on whichever phone.
    pub previous: Option<Trace>,
    /// What is known of the device's chain.
    pub chain: ChainState,
    /// Its photographs, and what is known of them.
    pub photos: PhotoEvidence,
}

/// The photographs of a record or form, and what is known of them. What is not known yet is no reason to doubt.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PhotoEvidence {
    /// As the record names them.
    pub taken: Vec<PhotoRef>,
    /// The purposes for which the form requires one, by its answers.
    pub required: Vec<String>,
    /// The hashes that the centre holds and has verified; none on the device, where a photograph is there before a
    /// draft names it.
    pub held: Option<BTreeSet<String>>,
    /// By hash, what the comparison with other records found. A photograph that is not in here has not been compared.
    pub seen: BTreeMap<String, SeenBefore>,
}

/// What comparing a photograph with those of other records found. Leave out the record itself and the one it corrects.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenBefore {
    /// Another record has the very same bytes.
    pub same_bytes: bool,
    /// How near the nearest is that looks like it, in bits, within what the photo policy takes for one picture.
    pub nearest_bits: Option<u32>,
}

/// Those who are said to have gone along.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Company {
    /// How many are named.
    pub named: u32,
    /// How many of them have no grant in the village, or do not exist.
    pub strangers: u32,
}

/// Where and when somebody made a record.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Trace {
    /// Where.
    pub point: Point,
    /// When, by the centre's clock as far as the phone could tell, in milliseconds since 1970.
    pub at_ms: i64,
}

/// What is known of a device's chain of operations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChainState {
    /// Unbroken and signed up to this record.
    Intact,
    /// Operations before it are missing.
    Gap,
    /// It does not fit the signature or what came before.
    Broken,
    /// The centre has not seen it yet.
    #[default]
    NotYetKnown,
}

impl EvidenceInput {
    /// What a saved record says of itself, beside what the ledger and the device's history say. For an attendance add
    /// [`Self::in_area`]; once photographs have been received or compared, [`Self::with_photos`]. Assess anew whenever
    /// one of them changes: an unknown then becomes a pass, doubt or fail.
    pub fn of_record(
        record: &Observation,
        anchor: Option<Point>,
        previous: Option<Trace>,
        chain: ChainState,
    ) -> Self {
        let checklist = Checklist::of(record.kind);
        // A newer list may ask for other pictures: what it requires cannot be told here.
        let known = record.checklist.key == checklist.key && record.checklist.version <= checklist.version;
        let required = if known {
            required_photos(checklist, Some(record.outcome), &record.answers)
        } else {
            Vec::new()
        };
        Self {
            kind: record.kind,
            area: None,
            photos: PhotoEvidence { taken: record.photos.clone(), required, ..PhotoEvidence::default() },
            started_at_ms: record.started_at_ms,
            saved_at_ms: record.ended_at_ms,
            fixes: record.fixes.clone(),
            outcome: Some(record.outcome),
            dwell_ms: record.dwell_ms,
            clock_offset_ms: record.clock_offset_ms,
            measured_offset_ms: None,
            passed_ms: None,
            received_at_ms: None,
            checklist: Some(record.checklist.clone()),
            company: None,
            platform: record.platform,
            anchor,
            previous,
            chain,
        }
    }

    /// What a form in hand would say if it were saved now: the verdict that is shown before leaving.
    pub fn of_draft(
        draft: &FormDraft,
        now_ms: i64,
        clock_offset_ms: Option<i64>,
        platform: Platform,
        anchor: Option<Point>,
        previous: Option<Trace>,
    ) -> Self {
        let required = required_photos(Checklist::of(draft.kind), draft.outcome, &draft.answers);
        Self {
            kind: draft.kind,
            area: None,
            photos: PhotoEvidence { taken: draft.photos.clone(), required, ..PhotoEvidence::default() },
            started_at_ms: draft.started_at_ms,
            saved_at_ms: now_ms,
            fixes: draft.fixes.clone(),
            outcome: draft.outcome,
            dwell_ms: draft.dwell_ms,
            clock_offset_ms,
            measured_offset_ms: None,
            passed_ms: None,
            received_at_ms: None,
            checklist: None,
            company: None,
            platform,
            anchor,
            previous,
            chain: ChainState::NotYetKnown,
        }
    }
}

impl EvidenceInput {
    /// When it was saved, by the centre's clock as far as the phone could tell.
    pub fn made_at_ms(&self) -> i64 {
        self.saved_at_ms.saturating_sub(self.clock_offset_ms.unwrap_or(0))
    }

    /// When the centre took it in.
    pub fn received(self, at_ms: i64) -> Self {
        Self { received_at_ms: Some(at_ms), ..self }
    }

    /// Saved by an operation with this stamp, of a phone that had done something at `passed_ms` before. A stamp never
    /// goes back, whatever the clock does, so it shows a clock that was put back. One that is far ahead, since the clock
    /// was ahead once, shows nothing beyond what the centre knows to have passed; and one that is older than what the
    /// phone did later belongs to a record that is sent again.
    pub fn after(self, stamp: Hlc, passed_ms: Option<i64>) -> Self {
        Self { passed_ms: passed_ms.map(|passed_ms| passed_ms.min(stamp.wall_ms())), ..self }
    }

    /// Where the post is worked, for an attendance.
    pub fn in_area(self, area: Option<WorkArea>) -> Self {
        Self { area, ..self }
    }

    /// What is known of the photographs by now: which ones the centre holds (`None` on the device), and what comparing
    /// them found, by hash; those not compared yet are left out.
    pub fn with_photos(mut self, held: Option<BTreeSet<String>>, seen: BTreeMap<String, SeenBefore>) -> Self {
        self.photos.held = held;
        self.photos.seen = seen;
        self
    }
}

impl Trace {
    /// Where a record was made; none without a place.
    pub fn of_record(record: &Observation, policy: &EvidencePolicy) -> Option<Trace> {
        let fix = best_fix(&record.fixes, record.ended_at_ms, policy)?;
        Some(trace_of(fix, record.clock_offset_ms))
    }
}
