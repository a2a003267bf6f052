//! The centre's own word on how far a record is worth believing: the same checks as on the phone, with what the
//! centre knows. Decides only.

use crate::store::log::Circumstances;
use bianfang_shared::entry::Entry;
use bianfang_shared::evidence::{
    ChainState, Evidence, EvidenceInput, SeenBefore, Trace, assess, photographed, travelled_from,
};
use bianfang_shared::ledger::Point;
use bianfang_shared::observation::{Observation, ObservationKind};
use bianfang_shared::policy::Policy;
use bianfang_shared::rules::post::WorkArea;
use std::collections::{BTreeMap, BTreeSet};

/// By which records are assessed.
#[derive(Clone, Debug)]
pub struct Rules {
    policy: Policy,
}

/// What the centre knows of a record beside the record itself.
#[derive(Debug)]
pub struct Known<'a> {
    /// The record.
    pub observation: &'a Observation,
    /// Where its subject is, as the ledger knew it when the record came in.
    pub anchor: Option<Point>,
    /// What else was known then.
    pub circumstances: &'a Circumstances,
    /// When it came in.
    pub received_at_ms: i64,
    /// What is known of its photographs by now.
    pub photos: PhotosKnown,
}

/// What the centre knows of a record's photographs, by their names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PhotosKnown {
    /// Those that are here.
    pub held: BTreeSet<String>,
    /// What comparing them with those of earlier records found; those not compared yet are left out.
    pub seen: BTreeMap<String, SeenBefore>,
}

impl Default for Rules {
    fn default() -> Self {
        Self { policy: Policy::builtin().clone() }
    }
}

impl Rules {
    /// The grade with its reasons.
    pub fn assess(&self, known: Known<'_>) -> Evidence {
        let mut evidence = assess(&input(known), &self.policy.evidence);
        for check in &mut evidence.checks {
            // JSON has none, so what is kept could not be read back. The finding stands without its number.
            check.numbers.retain(|_, number| number.is_finite());
        }
        evidence
    }

    /// The grade of a record whose photographs tell something new, as it was found but for them. For what was merged
    /// before the circumstances told all that a record is weighed by now: it keeps what it counted.
    pub fn assess_photos(&self, before: &Evidence, known: Known<'_>) -> Evidence {
        photographed(before, &input(known), &self.policy.evidence)
    }

    /// The grade of a record with another one before it.
    pub fn travelled_from(&self, evidence: &Evidence, here: Trace, previous: Trace) -> Evidence {
        travelled_from(evidence, here, Some(previous), &self.policy.evidence)
    }

    /// Where and when the author was with this record.
    pub fn trace(&self, observation: &Observation) -> Option<Trace> {
        Trace::of_record(observation, &self.policy.evidence)
    }

    /// Of an attendance, where its post is worked.
    pub fn area(&self, kind: ObservationKind, subject: Option<&Entry>) -> Option<WorkArea> {
        let post = subject.filter(|_| kind == ObservationKind::Attendance)?;
        WorkArea::of_post(post, &self.policy.posts.area)
    }
}

fn input(known: Known<'_>) -> EvidenceInput {
    let Circumstances { previous, clock_offset_ms, area, passed_ms, company } = known.circumstances.clone();
    // Only what continues a signed chain without a gap is ever taken in.
    let chain = ChainState::Intact;
    let input = EvidenceInput::of_record(known.observation, known.anchor, previous, chain)
        .in_area(area)
        .received(known.received_at_ms)
        .with_photos(Some(known.photos.held), known.photos.seen);
    EvidenceInput { measured_offset_ms: clock_offset_ms, passed_ms, company, ..input }
}
