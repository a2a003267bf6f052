//! The form in which an entry is kept in databases. Fields that one operation wrote share what is said of it:
//! a household registered at once is a quarter of the size it would have otherwise, and is read four times as fast.
//!
//! Kept on released devices. Do not change; add to it.

use super::{Entry, FieldKey};
use crate::area::AreaCode;
use crate::field::{Register, Sibling};
use crate::hlc::Hlc;
use crate::id::{EntityId, OpId, UserId};
use crate::ledger::LedgerKind;
use crate::value::Value;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Operation, author, device clock, time of receipt.
type Writer = (OpId, UserId, Hlc, Option<i64>);

#[derive(Serialize)]
struct Writing<'a> {
    id: EntityId,
    ledger: Option<LedgerKind>,
    scope: AreaCode,
    writers: Vec<Writer>,
    fields: BTreeMap<&'a str, Vec<(usize, &'a Value)>>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    gone: BTreeMap<&'a str, &'a BTreeSet<OpId>>,
}

#[derive(Deserialize)]
struct Reading {
    id: EntityId,
    ledger: Option<LedgerKind>,
    scope: AreaCode,
    writers: Vec<Writer>,
    fields: BTreeMap<FieldKey, Vec<(usize, Value)>>,
    #[serde(default)]
    gone: BTreeMap<FieldKey, BTreeSet<OpId>>,
}

impl Serialize for Entry {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut places = HashMap::new();
        let mut writers = Vec::new();
        let mut place_of = |sibling: &Sibling| {
            *places.entry((sibling.op, sibling.received_at_ms)).or_insert_with(|| {
                writers.push((sibling.op, sibling.author, sibling.hlc, sibling.received_at_ms));
                writers.len() - 1
            })
        };
        let fields = self
            .fields
            .iter()
            .map(|(key, register)| {
                (
                    key.as_str(),
                    register.stored().iter().map(|sibling| (place_of(sibling), &sibling.value)).collect(),
                )
            })
            .collect();
        let gone = self
            .fields
            .iter()
            .filter(|(_, register)| !register.superseded().is_empty())
            .map(|(key, register)| (key.as_str(), register.superseded()))
            .collect();
        Writing { id: self.id, ledger: self.ledger, scope: self.scope, writers, fields, gone }
            .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Entry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Reading { id, ledger, scope, writers, fields, mut gone } = Reading::deserialize(deserializer)?;
        let sibling = |(place, value): (usize, Value)| {
            let &(op, author, hlc, received_at_ms) = writers
                .get(place)
                .ok_or_else(|| serde::de::Error::custom("a value names a writer that is not there"))?;
            Ok(Sibling { op, author, hlc, received_at_ms, value })
        };
        let fields = fields
            .into_iter()
            .map(|(key, values)| {
                let siblings = values.into_iter().map(sibling).collect::<Result<_, D::Error>>()?;
                let superseded = gone.remove(&key).unwrap_or_default();
                Ok((key, Register::restore(siblings, superseded)))
            })
            .collect::<Result<_, D::Error>>()?;
        Ok(Self { id, ledger, scope, fields })
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
            let change =
                Change { field: "phone".into(), value: value.into(), parents: vec![OpId::new(device, 1)] };
            op(seq, Body::Amend { entity: id, changes: vec![change], cause: None })
        };
        let fields =
            BTreeMap::from([("code".to_owned(), "A1".into()), ("phone".to_owned(), "10000000001".into())]);
        let register =
            op(1, Body::Register { entity: id, ledger: LedgerKind::Household, fields, cause: None });
        let mut entry = Entry::empty(id, scope);
        entry.apply(&register, Some(9), |_| false);
        entry.apply(&amend(2, "10000000002"), Some(10), |_| false);
        entry.apply(&amend(3, "10000000003"), None, |_| false);
        assert!(entry.conflicts().count() == 1);
        let stored = serde_json::to_string(&entry).unwrap();
        assert_eq!(serde_json::from_str::<Entry>(&stored).unwrap(), entry, "{stored}");
    }
}
