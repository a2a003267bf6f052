//! A ledger entry folded from operations. The same fold runs on the phone, on the server and in `verify`.
//! Decides nothing about permission; touches no table.

use crate::area::AreaCode;
use crate::field::{Register, Sibling};
use crate::id::{EntityId, OpId};
use crate::ledger::{self, LedgerKind};
use crate::op::{Body, Op};
use crate::query::DecisionKind;
use crate::value::Value;
use std::collections::BTreeMap;

mod proposals;
mod state;

pub use proposals::{Proposal, Proposals};

/// The name of a field, in the words of [`crate::ledger`]; names from newer versions are kept as they are.
pub type FieldKey = String;

/// A household, person, house, water supply, post or problem, as its operations make it.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Which entry.
    pub id: EntityId,
    /// Which ledger it belongs to; none while only edits of it have arrived.
    pub ledger: Option<LedgerKind>,
    /// The village whose log it lives in.
    pub scope: AreaCode,
    /// Its fields.
    pub fields: BTreeMap<FieldKey, Register>,
    /// What was proposed for its fields.
    pub proposals: BTreeMap<FieldKey, Proposals>,
}

impl Entry {
    /// The entry before its first operation.
    pub fn empty(id: EntityId, scope: AreaCode) -> Self {
        Self { id, ledger: None, scope, fields: BTreeMap::new(), proposals: BTreeMap::new() }
    }

    /// Takes in one operation; those about other entries, and those that change no field, change nothing.
    ///
    /// `received_at_ms` is when the centre took it in, none while it is only on this device.
    /// `settled`: see [`Register::apply`].
    pub fn apply(&mut self, op: &Op, received_at_ms: Option<i64>, settled: impl Fn(OpId) -> bool) {
        if op.body.entity() != Some(self.id) {
            return;
        }
        let write = |value: &Value| Sibling {
            op: op.id(),
            author: op.author,
            hlc: op.hlc,
            received_at_ms,
            value: value.clone(),
        };
        match &op.body {
            Body::Register { ledger, fields, .. } => {
                self.ledger = Some(*ledger);
                for (field, value) in fields {
                    self.field(field).apply(write(value), &[], &settled);
                }
            }
            Body::Amend { changes, .. } => {
                for change in changes {
                    self.field(&change.field).apply(write(&change.value), &change.parents, &settled);
                    if let Some(proposal) = change.adopts {
                        self.decide(&change.field, proposal, &settled);
                    }
                }
            }
            Body::Propose { changes, cause, .. } => {
                for change in changes {
                    let proposal = Proposal {
                        op: op.id(),
                        author: op.author,
                        hlc: op.hlc,
                        received_at_ms,
                        cause: *cause,
                        value: change.value.clone(),
                    };
                    self.proposals.entry(change.field.clone()).or_default().propose(proposal);
                }
            }
            Body::Refuse { field, proposal, .. } => self.decide(field, *proposal, &settled),
            Body::Step { step, parents, .. } => {
                self.field(crate::ledger::issue::STATE).apply(write(&step.state().into()), parents, &settled);
            }
            Body::Record { .. }
            | Body::Retract { .. }
            | Body::Review { .. }
            | Body::Accompany { .. }
            | Body::Unknown => (),
        }
    }

    fn decide(&mut self, field: &str, proposal: OpId, settled: impl Fn(OpId) -> bool) {
        let proposals = self.proposals.entry(field.to_owned()).or_default();
        proposals.decide(proposal, settled);
        if proposals.is_empty() {
            self.proposals.remove(field);
        }
    }

    /// What was proposed for a field and waits for a decision.
    pub fn proposed(&self, field: &str) -> &[Proposal] {
        self.proposals.get(field).map(Proposals::open).unwrap_or_default()
    }

    fn field(&mut self, key: &str) -> &mut Register {
        // Not `entry(key.to_owned())`: the field is nearly always there, and this is the merge's inner loop.
        if !self.fields.contains_key(key) {
            self.fields.insert(key.to_owned(), Register::default());
        }
        self.fields.get_mut(key).expect("was there, or was put there just now")
    }

    /// The value shown for a field; `Null` where nothing is known.
    pub fn value(&self, field: &str) -> &Value {
        static NULL: Value = Value::Null;
        self.fields.get(field).and_then(Register::current).map_or(&NULL, |sibling| &sibling.value)
    }

    /// The text shown for a field, empty where there is none.
    pub fn text(&self, field: &str) -> &str {
        self.value(field).as_text().unwrap_or_default()
    }

    /// The operations that an edit of this field has to name as parents.
    pub fn heads(&self, field: &str) -> Vec<OpId> {
        self.fields.get(field).map(Register::heads).unwrap_or_default()
    }

    /// What it waits for a decision about, with the field. Who has the same code, an entry cannot know.
    pub fn decisions(&self) -> impl Iterator<Item = (DecisionKind, &str)> {
        let conflicts = self.conflicts().map(|(field, _)| (DecisionKind::Conflict, field));
        let open = self.proposals.iter().filter(|(_, proposals)| !proposals.open().is_empty());
        let proposed = open.map(|(field, _)| (DecisionKind::Proposal, field.as_str()));
        let to_confirm = self.text(ledger::REGISTRATION) == ledger::TO_CONFIRM;
        let registration = to_confirm.then_some((DecisionKind::Registration, ledger::REGISTRATION));
        conflicts.chain(proposed).chain(registration)
    }

    /// The fields in conflict, in order.
    pub fn conflicts(&self) -> impl Iterator<Item = (&str, &Register)> {
        self.fields
            .iter()
            .filter(|(_, register)| register.in_conflict())
            .map(|(key, register)| (key.as_str(), register))
    }
}
