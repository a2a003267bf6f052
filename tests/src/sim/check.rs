//! What must hold at the centre, said a second time and as plainly as possible: no shared fold, no index, just
//! the log read from the beginning.

use super::centre::Centre;
use bianfang_server::store::log::{HeldOp, ScopeRow};
use bianfang_server::store::photos::PhotoId;
use bianfang_shared::area::AreaCode;
use bianfang_shared::chain::{Head, extend_checksum};
use bianfang_shared::entry::Entry;
use bianfang_shared::id::{DeviceId, EntityId, ObservationId, OpId};
use bianfang_shared::judge::{Awaited, Outcome};
use bianfang_shared::ledger::issue;
use bianfang_shared::observation::PhotoRef;
use bianfang_shared::op::{Body, IssueStep, Op};
use bianfang_shared::value::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Rows read at once.
const ROWS: usize = 1_000;

/// A field of an entry.
pub type FieldName = (EntityId, String);

/// The living values of a field: the operation and what it says.
pub type Living = BTreeMap<OpId, Value>;

/// Everything the centre holds, read from its log.
#[derive(Debug, Default)]
pub struct Held {
    /// The merged operations of each village, in log order, with their time of receipt.
    pub logs: BTreeMap<AreaCode, Vec<(Op, i64)>>,
    /// Every operation of every chain with what became of it.
    pub chains: BTreeMap<OpId, (String, Outcome)>,
}

/// Where a photograph is named.
#[derive(Clone, Debug, Default)]
pub struct Naming {
    /// The operations, merged or set aside.
    pub ops: Vec<OpId>,
    /// Its length, as the operations say.
    pub bytes: u64,
    /// Whether one of the operations is merged.
    pub is_merged: bool,
}

/// Reads all, and checks what can be seen at once: numbers without a hole, checksums, heads, one place for each
/// merged operation.
pub fn read(centre: &Centre) -> Result<Held, String> {
    let mut held = Held::default();
    for head in centre.app().store().scopes().map_err(text)? {
        let rows = scope_rows(centre, head.scope)?;
        let mut checksum = 0;
        for (expected, row) in (1..).zip(&rows) {
            checksum = extend_checksum(checksum, row.raw.as_bytes());
            if (row.place.seq, row.place.checksum) != (expected, checksum) {
                return Err(format!("{}: place {} or its checksum is wrong", head.scope, expected));
            }
        }
        if (head.seq, head.checksum) != (rows.len() as u64, checksum) {
            return Err(format!("{}: the head says {} of {} rows", head.scope, head.seq, rows.len()));
        }
        let ops = rows.iter().map(|row| Ok((read_op(&row.raw)?, row.received_at_ms)));
        held.logs.insert(head.scope, ops.collect::<Result<_, String>>()?);
    }
    for device in centre.app().accounts().devices(None).map_err(text)? {
        read_chain(centre, device.id, &mut held)?;
    }
    let merged: BTreeSet<OpId> =
        held.chains.iter().filter(|(_, (_, outcome))| is_merged(outcome)).map(|(op, _)| *op).collect();
    let logged: Vec<OpId> = held.logs.values().flatten().map(|(op, _)| op.id()).collect();
    if logged.len() != merged.len() || !logged.iter().all(|op| merged.contains(op)) {
        return Err(format!(
            "{} operations are merged by the chains, {} are in logs",
            merged.len(),
            logged.len()
        ));
    }
    Ok(held)
}

fn scope_rows(centre: &Centre, scope: AreaCode) -> Result<Vec<ScopeRow>, String> {
    let mut rows = Vec::new();
    loop {
        let page = centre.app().store().scope_log(scope, rows.len() as u64 + 1, ROWS).map_err(text)?;
        if page.is_empty() {
            return Ok(rows);
        }
        rows.extend(page);
    }
}

fn read_chain(centre: &Centre, device: DeviceId, held: &mut Held) -> Result<(), String> {
    let (mut head, mut next) = (Head::EMPTY, 1);
    loop {
        let page = centre.app().store().chain_log(device, next, ROWS).map_err(text)?;
        if page.is_empty() {
            break;
        }
        for HeldOp { seq, raw, head: kept, outcome, .. } in page {
            head = head.extend(raw.as_bytes());
            if (seq, kept) != (next, head) {
                return Err(format!("{device}: the chain breaks at {next}"));
            }
            held.chains.insert(OpId::new(device, seq), (raw.to_string(), outcome));
            next += 1;
        }
    }
    let facts = centre.app().store().device_facts(device).map_err(text)?.ok_or("a device without facts")?;
    if (facts.last_seq, facts.head) == (next - 1, head) {
        Ok(())
    } else {
        Err(format!("{device}: wrong head"))
    }
}

/// Whether the operation is in a ledger.
pub fn is_merged(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Merged | Outcome::MergedWithConflict)
}

impl Held {
    /// The living values of every field of a village, by the definition: a value lives until an operation names it.
    pub fn living(&self, scope: AreaCode) -> BTreeMap<FieldName, Living> {
        let mut writes: Vec<(FieldName, OpId, &Value, &[OpId])> = Vec::new();
        let mut states = Vec::new();
        for (op, _) in self.logs.get(&scope).into_iter().flatten() {
            match &op.body {
                Body::Register { entity, fields, .. } => writes.extend(
                    fields
                        .iter()
                        .map(|(field, value)| ((*entity, field.clone()), op.id(), value, [].as_slice())),
                ),
                Body::Amend { entity, changes, .. } => writes.extend(changes.iter().map(|change| {
                    ((*entity, change.field.clone()), op.id(), &change.value, change.parents.as_slice())
                })),
                Body::Step { issue, step, parents, .. } => {
                    states.push((*issue, op.id(), Value::from(step.state()), parents));
                }
                _ => (),
            }
        }
        writes.extend(states.iter().map(|(issue, op, value, parents)| {
            ((*issue, issue::STATE.to_owned()), *op, value, parents.as_slice())
        }));
        let mut living: BTreeMap<FieldName, Living> = BTreeMap::new();
        for (field, op, value, _) in &writes {
            living.entry(field.clone()).or_default().insert(*op, (*value).clone());
        }
        for (field, op, _, parents) in &writes {
            let values = living.get_mut(field).expect("every write has its field");
            // Nothing replaces itself.
            parents.iter().filter(|parent| *parent != op).for_each(|parent| drop(values.remove(parent)));
        }
        living
    }

    /// Every record that is merged, or set aside in readable form.
    pub fn records(&self) -> BTreeMap<ObservationId, bool> {
        let mut records = BTreeMap::new();
        for (raw, outcome) in self.chains.values() {
            if let Ok(Op { body: Body::Record { observation }, .. }) = serde_json::from_str(raw) {
                *records.entry(observation.id).or_default() |= is_merged(outcome);
            }
        }
        records
    }

    /// The records of which something is set aside: the record itself, or what it changes in the ledgers.
    pub fn records_set_aside(&self) -> BTreeSet<ObservationId> {
        let aside = self.readable().filter(|(_, _, merged)| !merged);
        aside.filter_map(|(_, op, _)| op.body.observation()).collect()
    }

    /// Every entry whose registration is merged.
    pub fn registered(&self) -> BTreeSet<EntityId> {
        let registered = |op: &Op| match op.body {
            Body::Register { entity, .. } => Some(entity),
            _ => None,
        };
        self.logs.values().flatten().filter_map(|(op, _)| registered(op)).collect()
    }

    fn readable(&self) -> impl Iterator<Item = (OpId, Op, bool)> {
        self.chains.iter().filter_map(|(id, (raw, outcome))| {
            let op = serde_json::from_str(raw).ok()?;
            Some((*id, op, is_merged(outcome)))
        })
    }

    /// Every photograph that an operation names, merged or set aside.
    pub fn photos(&self) -> BTreeMap<String, Naming> {
        let mut named: BTreeMap<String, Naming> = BTreeMap::new();
        for (id, op, merged) in self.readable() {
            for photo in op.body.photos() {
                if photo.sha256.parse::<PhotoId>().is_err() {
                    continue;
                }
                let naming = named.entry(photo.sha256.clone()).or_default();
                naming.ops.push(id);
                naming.is_merged |= merged;
                naming.bytes = photo.bytes;
            }
        }
        named
    }

    /// The photographs of every record, and whether it is merged: as the operation says that was merged first, or, where
    /// none was, as all of them say. What no photograph can be called is left out.
    pub fn photos_of_records(&self) -> BTreeMap<ObservationId, (bool, BTreeSet<String>)> {
        let mut records: BTreeMap<ObservationId, (bool, BTreeSet<String>)> = BTreeMap::new();
        let names = |photos: &[PhotoRef]| -> BTreeSet<String> {
            let names = photos.iter().map(|photo| photo.sha256.clone());
            names.filter(|name| name.parse::<PhotoId>().is_ok()).collect()
        };
        for (op, _) in self.logs.values().flatten() {
            if let Body::Record { observation } = &op.body {
                records.entry(observation.id).or_insert_with(|| (true, names(&observation.photos)));
            }
        }
        for (_, op, _) in self.readable() {
            if let Body::Record { observation } = &op.body
                && let (false, photos) = records.entry(observation.id).or_default()
            {
                photos.extend(names(&observation.photos));
            }
        }
        records
    }

    /// An acceptance in a log by whoever rectified the problem last before it.
    pub fn accepted_by_own_rectifier(&self) -> Option<OpId> {
        let mut rectifiers = BTreeMap::new();
        for (op, _) in self.logs.values().flatten() {
            match &op.body {
                Body::Step { issue, step: IssueStep::Rectify, .. } => {
                    rectifiers.insert(*issue, op.author);
                }
                Body::Step { issue, step: IssueStep::Accept, .. }
                    if rectifiers.get(issue) == Some(&op.author) =>
                {
                    return Some(op.id());
                }
                _ => (),
            }
        }
        None
    }

    /// An operation that is still set aside for want of something that has arrived, if there is one.
    pub fn waits_in_vain(&self) -> Option<OpId> {
        let bodies = || self.logs.values().flatten().map(|(op, _)| &op.body);
        let entries: BTreeSet<EntityId> = bodies()
            .filter_map(|body| match body {
                Body::Register { entity, .. } => Some(*entity),
                _ => None,
            })
            .collect();
        let records: BTreeSet<ObservationId> = bodies()
            .filter_map(|body| match body {
                Body::Record { observation } => Some(observation.id),
                _ => None,
            })
            .collect();
        let in_vain = |outcome: &Outcome| match outcome {
            Outcome::Quarantined { reason } => reason.waits_for().is_some_and(|awaited| match awaited {
                Awaited::Entity(entity) => entries.contains(&entity),
                Awaited::Observation(record) => records.contains(&record),
                // Only what a former life had acknowledged releases these, and a newer version of the centre those.
                Awaited::Operation(_) | Awaited::Upgrade => false,
            }),
            Outcome::Merged | Outcome::MergedWithConflict => false,
        };
        self.chains.iter().find(|(_, (_, outcome))| in_vain(outcome)).map(|(op, _)| *op)
    }

    /// Whether some operation of some chain carries this text.
    pub fn mentions(&self, text: &str) -> bool {
        self.chains.values().any(|(raw, _)| raw.contains(text))
    }
}

/// The living values of one side's entries, in the same form as [`Held::living`].
pub fn living_of<'e>(entries: impl IntoIterator<Item = &'e Entry>) -> BTreeMap<FieldName, Living> {
    let mut living = BTreeMap::new();
    for entry in entries {
        for (field, register) in &entry.fields {
            let values = register.siblings().into_iter().map(|sibling| (sibling.op, sibling.value.clone()));
            living.insert((entry.id, field.clone()), values.collect());
        }
    }
    living
}

/// The value shown for every field.
pub fn shown<'e>(entries: impl IntoIterator<Item = &'e Entry>) -> BTreeMap<FieldName, Value> {
    let fields = entries.into_iter().flat_map(|entry| {
        entry.fields.keys().map(|field| ((entry.id, field.clone()), entry.value(field).clone()))
    });
    fields.collect()
}

/// The first difference between two maps, in words.
pub fn difference<K: Ord + std::fmt::Debug, V: PartialEq + std::fmt::Debug>(
    left: &BTreeMap<K, V>,
    right: &BTreeMap<K, V>,
) -> Option<String> {
    let keys: BTreeSet<&K> = left.keys().chain(right.keys()).collect();
    keys.into_iter()
        .find(|key| left.get(key) != right.get(key))
        .map(|key| format!("{key:?}: {:?} against {:?}", left.get(key), right.get(key)))
}

/// Reads an operation that the centre holds.
pub fn read_op(raw: &str) -> Result<Op, String> {
    serde_json::from_str(raw).map_err(text)
}

fn text(error: impl std::fmt::Display) -> String {
    error.to_string()
}
