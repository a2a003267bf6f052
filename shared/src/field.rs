//! One field of a ledger entry: a register whose values know what they replace.
//! Knows nothing of entries, stores or networks.
//!
//! A value is superseded exactly when some operation names its operation as a parent. What is left are the
//! *siblings*; when two of them differ, the field is in conflict. Union of operations plus this domination is
//! associative, commutative and idempotent, so every order of arrival ends in the same state.

use crate::hlc::Hlc;
use crate::id::{DeviceId, OpId, UserId};
use crate::value::Value;
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;
use std::collections::BTreeSet;

/// A value that nothing has replaced yet. Sent under these short names. Do not change them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Sibling {
    /// The operation that wrote it.
    #[serde(rename = "op")]
    pub op: OpId,
    /// Who wrote it.
    #[serde(rename = "by")]
    pub author: UserId,
    /// The writing device's clock.
    #[serde(rename = "at")]
    pub hlc: Hlc,
    /// When the centre took it in, in milliseconds since 1970; none while it is only on the device.
    #[serde(rename = "rx", default, skip_serializing_if = "Option::is_none")]
    pub received_at_ms: Option<i64>,
    /// What it says.
    #[serde(rename = "v")]
    pub value: Value,
}

impl Sibling {
    /// What decides which of several siblings is shown: a clock ahead of the centre's is held back to the time
    /// of receipt, so a phone set to next year does not win for a year.
    fn rank(&self) -> (Hlc, OpId) {
        let ceiling = self.received_at_ms.map_or(Hlc::from_bits(u64::MAX), Hlc::at);
        (self.hlc.min(ceiling), self.op)
    }
}

/// The state of one field.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Register {
    /// The values that nothing has replaced, in the order of their operations.
    siblings: Vec<Sibling>,
    /// Operations that are named as a parent and may still arrive, or arrive again.
    superseded: BTreeSet<OpId>,
}

impl Register {
    /// A register with one value that a database kept.
    pub(crate) fn of_stored(sibling: Sibling) -> Self {
        Self { siblings: vec![sibling], superseded: BTreeSet::new() }
    }

    /// One more value that a database kept, in the order of [`Self::stored`].
    pub(crate) fn push_stored(&mut self, sibling: Sibling) {
        self.siblings.push(sibling);
    }

    /// The replaced operations that a database kept.
    pub(crate) fn restore_superseded(&mut self, superseded: BTreeSet<OpId>) {
        self.superseded = superseded;
    }

    /// What a database keeps of the values, in the order of their operations.
    pub(crate) fn stored(&self) -> &[Sibling] {
        &self.siblings
    }

    /// What a database keeps of replaced operations that may still arrive.
    pub(crate) fn superseded(&self) -> &BTreeSet<OpId> {
        &self.superseded
    }

    /// Takes in one write that replaces the values of `parents`.
    ///
    /// `settled(op)` says that `op` has been merged already and will never be handed in again: only then may its
    /// having been replaced be forgotten. Answer `false` when in doubt; the state is then larger, never wrong.
    pub fn apply(&mut self, write: Sibling, parents: &[OpId], settled: impl Fn(OpId) -> bool) {
        for &parent in parents.iter().filter(|&&parent| parent != write.op) {
            if let Ok(at) = self.place(parent) {
                self.siblings.remove(at);
            }
            if !settled(parent) {
                self.superseded.insert(parent);
            }
        }
        self.insert(write);
    }

    fn insert(&mut self, write: Sibling) {
        if self.superseded.contains(&write.op) {
            return;
        }
        match self.place(write.op) {
            // The same write again: all that can be new is that the centre now has it.
            Ok(at) => {
                let known = &mut self.siblings[at];
                known.received_at_ms = write.received_at_ms.or(known.received_at_ms);
            }
            Err(at) => self.siblings.insert(at, write),
        }
    }

    fn place(&self, op: OpId) -> Result<usize, usize> {
        self.siblings.binary_search_by_key(&op, |sibling| sibling.op)
    }

    /// The value shown: of several siblings the one with the latest clock, the clock being held back to the
    /// time of receipt.
    pub fn current(&self) -> Option<&Sibling> {
        self.siblings.iter().max_by_key(|sibling| sibling.rank())
    }

    /// All values that nothing has replaced, the shown one first.
    pub fn siblings(&self) -> Vec<&Sibling> {
        let mut ranked: Vec<_> = self.siblings.iter().collect();
        ranked.sort_by_key(|sibling| Reverse(sibling.rank()));
        ranked
    }

    /// The operations that an edit of what is seen now has to name as parents.
    pub fn heads(&self) -> Vec<OpId> {
        self.siblings.iter().map(|sibling| sibling.op).collect()
    }

    /// Whether a value of this operation stands here.
    pub fn holds(&self, op: OpId) -> bool {
        self.place(op).is_ok()
    }

    /// The operations of one person whose values stand here.
    pub fn heads_by(&self, author: UserId) -> impl Iterator<Item = OpId> {
        self.siblings.iter().filter(move |sibling| sibling.author == author).map(|sibling| sibling.op)
    }

    /// Whether somebody replaced this operation before it came.
    pub fn knows_as_replaced(&self, op: OpId) -> bool {
        self.superseded.contains(&op)
    }

    /// How many operations of a device were replaced here before they came.
    pub fn replaced_of(&self, device: DeviceId) -> usize {
        let of_device = OpId::new(device, 0)..=OpId::new(device, u64::MAX);
        self.superseded.range(of_device).count()
    }

    /// Whether two people said different things and neither saw the other's. Equal values are no conflict.
    pub fn in_conflict(&self) -> bool {
        self.siblings.windows(2).any(|pair| pair[0].value != pair[1].value)
    }
}
