//! The form in which an entry is kept in databases. Fields that one operation wrote share what is said of it:
//! a household registered at once is a quarter of the size it would have otherwise, and is read four times as fast.
//!
//! Kept on released devices. Do not change; add to it.

use super::{Entry, FieldKey, Proposals};
use crate::area::AreaCode;
use crate::field::{Register, Sibling};
use crate::hlc::Hlc;
use crate::id::{EntityId, OpId, UserId};
use crate::ledger::LedgerKind;
use crate::value::Value;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::{BTreeMap, BTreeSet};

/// Operation, author, device clock, time of receipt.
type Writer = (OpId, UserId, Hlc, Option<i64>);

#[derive(Serialize)]
struct Writing<'a> {
    id: EntityId,
    ledger: Option<LedgerKind>,
    scope: AreaCode,
    writers: Vec<Writer>,
    values: Vec<(&'a str, usize, &'a Value)>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    gone: BTreeMap<&'a str, &'a BTreeSet<OpId>>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    proposed: &'a BTreeMap<FieldKey, Proposals>,
}

#[derive(Deserialize)]
struct Reading {
    id: EntityId,
    ledger: Option<LedgerKind>,
    scope: AreaCode,
    writers: Vec<Writer>,
    /// Field, place of the writer, value; the values of one field side by side.
    values: Vec<(FieldKey, usize, Value)>,
    #[serde(default)]
    gone: BTreeMap<FieldKey, BTreeSet<OpId>>,
    #[serde(default)]
    proposed: BTreeMap<FieldKey, Proposals>,
}

impl Serialize for Entry {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut writers = Vec::new();
        let mut values = Vec::with_capacity(self.fields.len());
        let mut gone = BTreeMap::new();
        for (key, register) in &self.fields {
            for sibling in register.stored() {
                values.push((key.as_str(), place_of(sibling, &mut writers), &sibling.value));
            }
            if !register.superseded().is_empty() {
                gone.insert(key.as_str(), register.superseded());
            }
        }
        let Self { id, ledger, scope, proposals: proposed, .. } = self;
        Writing { id: *id, ledger: *ledger, scope: *scope, writers, values, gone, proposed }
            .serialize(serializer)
    }
}

/// An entry has few living writers; going through them is faster than hashing.
fn place_of(sibling: &Sibling, writers: &mut Vec<Writer>) -> usize {
    let writer = (sibling.op, sibling.author, sibling.hlc, sibling.received_at_ms);
    writers.iter().position(|known| *known == writer).unwrap_or_else(|| {
        writers.push(writer);
        writers.len() - 1
    })
}

impl<'de> Deserialize<'de> for Entry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Reading { id, ledger, scope, writers, values, gone, proposed } =
            Reading::deserialize(deserializer)?;
        let mut read: Vec<(FieldKey, Register)> = Vec::with_capacity(values.len());
        for (key, place, value) in values {
            let &(op, author, hlc, received_at_ms) = writers
                .get(place)
                .ok_or_else(|| serde::de::Error::custom("a value names a writer that is not there"))?;
            let sibling = Sibling { op, author, hlc, received_at_ms, value };
            match read.last_mut() {
                Some((last, register)) if *last == key => register.push_stored(sibling),
                _ => read.push((key, Register::of_stored(sibling))),
            }
        }
        let mut fields: BTreeMap<_, _> = read.into_iter().collect();
        for (key, superseded) in gone {
            fields.entry(key).or_default().restore_superseded(superseded);
        }
        Ok(Self { id, ledger, scope, fields, proposals: proposed })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::DeviceId;
    use crate::op::{Body, Change, Op};

    #[test]
    fn an_entry_survives_its_stored_form_with_conflicts_and_what_is_gone() {
        let (author, device) = (UserId::from_bytes([1; 16]), DeviceId::from_bytes([2; 16]));
        let scope = "430681113214".parse().unwrap();
        let id = EntityId::from_bytes([3; 16]);
        let op = |seq, body| Op { device, seq, hlc: Hlc::at(7), author, scope, body };
        let amend = |seq, value: &str| {
            let change = Change {
                field: "phone".into(),
                value: value.into(),
                parents: vec![OpId::new(device, 1)],
                adopts: None,
            };
            op(seq, Body::Amend { entity: id, changes: vec![change], cause: None })
        };
        let fields =
            BTreeMap::from([("code".to_owned(), "A1".into()), ("phone".to_owned(), "10000000001".into())]);
        let register = op(
            1,
            Body::Register {
                entity: id,
                ledger: LedgerKind::Household,
                fields,
                cause: None,
                photos: Vec::new(),
            },
        );
        let mut entry = Entry::empty(id, scope);
        entry.apply(&register, Some(9), |_| false);
        entry.apply(&amend(2, "10000000002"), Some(10), |_| false);
        entry.apply(&amend(3, "10000000003"), None, |_| false);
        assert!(entry.conflicts().count() == 1);
        let stored = serde_json::to_string(&entry).unwrap();
        assert_eq!(serde_json::from_str::<Entry>(&stored).unwrap(), entry, "{stored}");
    }
}
