//! The centre's own word on how far a record is worth believing: the same checks as on the phone, with what the
//! centre knows. Decides only.

use crate::store::log::Circumstances;
use crate::store::photos::PhotoId;
use bianfang_shared::evidence::{ChainState, Evidence, EvidenceInput, Trace, assess};
use bianfang_shared::ledger::Point;
use bianfang_shared::observation::Observation;
use bianfang_shared::policy::Policy;
use std::collections::BTreeMap;

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
    /// Its device before this record.
    pub circumstances: Circumstances,
    /// What is known of its photographs; of those that are left out nothing is known yet.
    pub photos: &'a BTreeMap<PhotoId, PhotoKnown>,
}

/// What the centre knows of a photograph of a record, from the records that came before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PhotoKnown {
    /// Whether one of them has the same bytes.
    pub same_bytes: bool,
    /// How near one of them is that looks like it.
    pub nearest: Option<u32>,
}

impl Default for Rules {
    fn default() -> Self {
        Self { policy: Policy::builtin().clone() }
    }
}

impl Rules {
    /// The grade with its reasons.
    pub fn assess(&self, known: &Known<'_>) -> Evidence {
        let Circumstances { previous, clock_offset_ms } = known.circumstances;
        // Only what continues a signed chain without a gap is ever taken in.
        let chain = ChainState::Intact;
        let mut input = EvidenceInput::of_record(known.observation, known.anchor, previous, chain);
        // What the centre measured itself counts before what the phone remembers.
        input.clock_offset_ms = clock_offset_ms.or(input.clock_offset_ms);
        assess(&input, &self.policy.evidence)
    }

    /// Where and when the device was with this record.
    pub fn trace(&self, observation: &Observation) -> Option<Trace> {
        Trace::of_record(observation, &self.policy.evidence)
    }
}
