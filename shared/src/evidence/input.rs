//! What the checks look at, taken from a record or from a form still in hand.

use super::assess::{best_fix, point_of};
use crate::form::FormDraft;
use crate::ledger::Point;
use crate::observation::{Fix, Observation, Outcome, Platform};
use crate::policy::EvidencePolicy;
use serde::{Deserialize, Serialize};

/// What is known of a record when it is assessed.
#[derive(Clone, Debug, PartialEq)]
pub struct EvidenceInput {
    /// When it was saved, or now while it is not, by the phone's wall clock.
    pub saved_at_ms: i64,
    /// The places measured.
    pub fixes: Vec<Fix>,
    /// How it went.
    pub outcome: Option<Outcome>,
    /// How long the form was in hand.
    pub dwell_ms: u64,
    /// How far the phone's clock was ahead of the centre's at the last contact.
    pub clock_offset_ms: Option<i64>,
    /// Which kind of client recorded it.
    pub platform: Platform,
    /// Where the household is, as the ledger knows it.
    pub anchor: Option<Point>,
    /// Where and when the same device made its record before this one.
    pub previous: Option<Trace>,
    /// What is known of the device's chain.
    pub chain: ChainState,
}

/// Where and when a device made a record.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Trace {
    /// Where.
    pub point: Point,
    /// When, by the phone's wall clock, in milliseconds since 1970.
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
    /// What a saved record says of itself, beside what the ledger and the device's history say.
    pub fn of_record(
        record: &Observation,
        anchor: Option<Point>,
        previous: Option<Trace>,
        chain: ChainState,
    ) -> Self {
        Self {
            saved_at_ms: record.ended_at_ms,
            fixes: record.fixes.clone(),
            outcome: Some(record.outcome),
            dwell_ms: record.dwell_ms,
            clock_offset_ms: record.clock_offset_ms,
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
        Self {
            saved_at_ms: now_ms,
            fixes: draft.fixes.clone(),
            outcome: draft.outcome,
            dwell_ms: draft.dwell_ms,
            clock_offset_ms,
            platform,
            anchor,
            previous,
            chain: ChainState::NotYetKnown,
        }
    }
}

impl Trace {
    /// Where a record was made; none without a place.
    pub fn of_record(record: &Observation, policy: &EvidencePolicy) -> Option<Trace> {
        let fix = best_fix(&record.fixes, record.ended_at_ms, policy)?;
        Some(Trace { point: point_of(fix), at_ms: fix.at_ms })
    }
}
