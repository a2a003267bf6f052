//! What was proposed for one field (待核定): kept beside the field, never among its values. Knows nothing of rights.
//!
//! A proposal is open until an operation adopts or refuses it. As with replaced values, one that was decided before it
//! came is remembered, so every order of arrival ends in the same state.

use crate::hlc::Hlc;
use crate::id::{ObservationId, OpId, UserId};
use crate::value::Value;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A value that somebody proposed and nobody has decided on. Kept under these short names. Do not change them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Proposal {
    /// The operation that proposed it.
    #[serde(rename = "op")]
    pub op: OpId,
    /// Who.
    #[serde(rename = "by")]
    pub author: UserId,
    /// The proposing device's clock.
    #[serde(rename = "at")]
    pub hlc: Hlc,
    /// When the centre took it in, in milliseconds since 1970; none while it is only on the device.
    #[serde(rename = "rx", default, skip_serializing_if = "Option::is_none")]
    pub received_at_ms: Option<i64>,
    /// The record that led to it.
    #[serde(rename = "of", default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<ObservationId>,
    /// The value proposed.
    #[serde(rename = "v")]
    pub value: Value,
}

/// What was proposed for one field.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Proposals {
    /// Those not decided on, in the order of their operations.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    open: Vec<Proposal>,
    /// Those decided on that may still arrive, or arrive again.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    decided: BTreeSet<OpId>,
}

impl Proposals {
    /// Takes in a proposal.
    pub(super) fn propose(&mut self, proposal: Proposal) {
        if self.decided.contains(&proposal.op) {
            return;
        }
        match self.open.binary_search_by_key(&proposal.op, |open| open.op) {
            // The same again: all that can be new is that the centre now has it.
            Ok(at) => {
                let known = &mut self.open[at];
                known.received_at_ms = proposal.received_at_ms.or(known.received_at_ms);
            }
            Err(at) => self.open.insert(at, proposal),
        }
    }

    /// Takes in that a proposal was adopted or refused. `settled`: see [`crate::field::Register::apply`].
    pub(super) fn decide(&mut self, op: OpId, settled: impl Fn(OpId) -> bool) {
        self.open.retain(|open| open.op != op);
        if !settled(op) {
            self.decided.insert(op);
        }
    }

    /// Those that nobody has decided on, in the order of their operations.
    pub fn open(&self) -> &[Proposal] {
        &self.open
    }

    pub(super) fn is_empty(&self) -> bool {
        self.open.is_empty() && self.decided.is_empty()
    }
}
