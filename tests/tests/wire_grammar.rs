//! Operations drawn by a grammar of the wire format, as text: whatever comes, reading, judging and folding it end, agree
//! and keep what they store readable.

use bianfang_server::service::push::read_op;
use bianfang_shared::access::{Actor, Role};
use bianfang_shared::entry::Entry;
use bianfang_shared::hlc::Hlc;
use bianfang_shared::id::{DeviceId, EntityId, ObservationId, OpId, UserId};
use bianfang_shared::judge::{Facts, Reason, RecordFacts, judge};
use bianfang_shared::ledger::{LedgerKind, Point};
use bianfang_shared::op::{Body, IssueStep, Op};
use bianfang_tests::fuzz::known;
use bianfang_tests::grammar::{Bytes, Choices as _, Grammar, Header, Known, Oddities};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet, HashMap};

const NOW_MS: i64 = 1_749_952_800_000;
/// Operations in a history.
const OPS: usize = 10;
/// Bytes that decide on a history.
const CHOICE_BYTES_MAX: usize = 3_000;

/// The facts as a plain list of what was merged says them: everything is worked out anew from it, entries by a fold of
/// the list from its end.
#[derive(Default)]
struct Listed {
    ops: Vec<Op>,
    entries: BTreeMap<EntityId, Entry>,
}

impl Listed {
    fn take(&mut self, op: &Op) {
        self.ops.push(op.clone());
        self.entries = fold(self.ops.iter().rev());
    }
}

impl Facts for Listed {
    fn entry(&self, entity: EntityId) -> Option<&Entry> {
        self.entries.get(&entity).filter(|entry| entry.ledger.is_some())
    }

    fn observation(&self, observation: ObservationId) -> Option<RecordFacts> {
        self.ops.iter().find_map(|op| match &op.body {
            Body::Record { observation: known } if known.id == observation => {
                Some(RecordFacts { op: op.id(), scope: op.scope, author: op.author })
            }
            _ => None,
        })
    }

    fn has_accompanied(&self, _: ObservationId, _: UserId) -> bool {
        false
    }

    fn names_companion(&self, observation: ObservationId, companion: UserId) -> bool {
        self.ops.iter().any(|op| match &op.body {
            Body::Record { observation: known } => {
                known.id == observation && known.companions.contains(&companion)
            }
            _ => false,
        })
    }

    fn rectifiers(&self, issue: EntityId) -> BTreeSet<UserId> {
        let rectifies = |op: &&Op| match op.body {
            Body::Step { issue: known, step: IssueStep::Rectify, .. } => known == issue,
            _ => false,
        };
        self.ops.iter().filter(rectifies).map(|op| op.author).collect()
    }

    fn moved_from(&self, _: EntityId, _: UserId) -> Option<Point> {
        None
    }

    fn operation(&self, op: OpId) -> Option<Op> {
        self.ops.iter().find(|merged| merged.id() == op).cloned()
    }

    fn owner(&self, device: DeviceId) -> Option<UserId> {
        owner(device)
    }

    fn now_ms(&self) -> i64 {
        NOW_MS
    }

    fn is_revoked(&self, _: DeviceId) -> bool {
        false
    }

    fn was_acknowledged(&self, _: OpId) -> bool {
        false
    }
}

/// Whose device it is, among those of the histories.
fn owner(device: DeviceId) -> Option<UserId> {
    let known = known();
    let at = known.devices.iter().position(|known| *known == device)?;
    known.users.get(at).copied()
}

/// The facts as folded entries and tables of records say them, which is how centre and phone keep them.
#[derive(Default)]
struct Folded {
    entries: BTreeMap<EntityId, Entry>,
    records: BTreeMap<ObservationId, RecordFacts>,
    companions: BTreeMap<ObservationId, BTreeSet<UserId>>,
    rectifiers: BTreeMap<EntityId, BTreeSet<UserId>>,
    ops: BTreeMap<OpId, Op>,
}

impl Facts for Folded {
    fn entry(&self, entity: EntityId) -> Option<&Entry> {
        self.entries.get(&entity).filter(|entry| entry.ledger.is_some())
    }

    fn observation(&self, observation: ObservationId) -> Option<RecordFacts> {
        self.records.get(&observation).cloned()
    }

    fn has_accompanied(&self, _: ObservationId, _: UserId) -> bool {
        false
    }

    fn names_companion(&self, observation: ObservationId, companion: UserId) -> bool {
        self.companions.get(&observation).is_some_and(|named| named.contains(&companion))
    }

    fn rectifiers(&self, issue: EntityId) -> BTreeSet<UserId> {
        self.rectifiers.get(&issue).cloned().unwrap_or_default()
    }

    fn moved_from(&self, _: EntityId, _: UserId) -> Option<Point> {
        None
    }

    fn operation(&self, op: OpId) -> Option<Op> {
        self.ops.get(&op).cloned()
    }

    fn owner(&self, device: DeviceId) -> Option<UserId> {
        owner(device)
    }

    fn now_ms(&self) -> i64 {
        NOW_MS
    }

    fn is_revoked(&self, _: DeviceId) -> bool {
        false
    }

    fn was_acknowledged(&self, _: OpId) -> bool {
        false
    }
}

impl Folded {
    fn take(&mut self, op: &Op) {
        self.ops.entry(op.id()).or_insert_with(|| op.clone());
        if is_write(op)
            && let Some(entity) = op.body.entity()
        {
            let entry = self.entries.entry(entity).or_insert_with(|| Entry::empty(entity, op.scope));
            entry.apply(op, Some(NOW_MS), |_| false);
        }
        match &op.body {
            Body::Record { observation } => {
                let facts = RecordFacts { op: op.id(), scope: op.scope, author: op.author };
                self.records.entry(observation.id).or_insert(facts);
                let named = self.companions.entry(observation.id).or_default();
                named.extend(observation.companions.iter().copied());
            }
            Body::Step { issue, step: IssueStep::Rectify, .. } => {
                self.rectifiers.entry(*issue).or_default().insert(op.author);
            }
            _ => (),
        }
    }
}

fn is_write(op: &Op) -> bool {
    matches!(
        op.body,
        Body::Register { .. }
            | Body::Amend { .. }
            | Body::Step { .. }
            | Body::Propose { .. }
            | Body::Refuse { .. }
    )
}

/// The texts of a history, most of them about the same few things.
fn history(bytes: &[u8], odd: Oddities) -> Vec<String> {
    let known = known();
    let mut choices = Bytes(bytes);
    let mut seqs = BTreeMap::new();
    (0..OPS)
        .map(|_| {
            let at = choices.below(known.devices.len());
            let seq = seqs.entry(at).or_insert(0);
            *seq += 1;
            let header = Header {
                device: known.devices[at],
                seq: *seq,
                hlc: Hlc::at(NOW_MS),
                author: known.users[at],
                scope: known.areas[0],
            };
            Grammar::new(&mut choices, &known, odd, NOW_MS).op(header)
        })
        .collect()
}

/// What registers the entries that the histories are about.
fn registered(known: &Known) -> Vec<Op> {
    let register = |(seq, (entity, ledger)): (u64, &(EntityId, LedgerKind))| Op {
        device: DeviceId::from_bytes([9; 16]),
        seq,
        hlc: Hlc::at(NOW_MS),
        author: known.users[0],
        scope: known.areas[0],
        body: Body::Register {
            entity: *entity,
            ledger: *ledger,
            fields: BTreeMap::new(),
            cause: None,
            photos: Vec::new(),
        },
    };
    (1..).zip(&known.entities).map(register).collect()
}

fn actor(known: &Known, op: &Op) -> Actor {
    let role = if op.author == known.users[0] { Role::Supervisor } else { Role::Cadre };
    Actor { user: op.author, role, grants: vec![known.areas[0]] }
}

/// The operations of a history that may be merged, after those that register its entries.
fn merged(bytes: &[u8], odd: Oddities) -> Vec<Op> {
    let known = known();
    let mut facts = Folded::default();
    let mut merged = registered(&known);
    merged.iter().for_each(|op| facts.take(op));
    for text in history(bytes, odd) {
        if let Ok(op) = read_op(&text)
            && judge(&op, &actor(&known, &op), &facts).is_ok()
        {
            facts.take(&op);
            merged.push(op);
        }
    }
    merged
}

fn fold<'o>(ops: impl Iterator<Item = &'o Op>) -> BTreeMap<EntityId, Entry> {
    let mut folded = Folded::default();
    ops.for_each(|op| folded.take(op));
    folded.entries
}

/// Steps that folding these may take for each entry: a write for each field named, and a look for each parent.
fn steps_max(ops: &[Op]) -> usize {
    let steps = |op: &Op| match &op.body {
        Body::Register { fields, .. } => fields.len(),
        Body::Amend { changes, .. } => changes.iter().map(|change| 1 + change.parents.len()).sum(),
        Body::Step { parents, .. } => 1 + parents.len(),
        _ => 0,
    };
    ops.iter().map(steps).sum()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn reading_ends_and_what_was_read_is_written_and_read_again(bytes in prop::collection::vec(any::<u8>(), 0..CHOICE_BYTES_MAX)) {
        for text in history(&bytes, Oddities::ALL) {
            if let Ok(op) = read_op(&text) {
                let written = serde_json::to_string(&op).unwrap();
                prop_assert_eq!(serde_json::from_str::<Op>(&written).unwrap(), op, "{}", text);
            }
        }
    }

    #[test]
    fn the_same_facts_give_the_same_judgement_wherever_they_are_kept(bytes in prop::collection::vec(any::<u8>(), 0..CHOICE_BYTES_MAX)) {
        let known = known();
        let (mut listed, mut folded) = (Listed::default(), Folded::default());
        for op in registered(&known) {
            folded.take(&op);
            listed.take(&op);
        }
        for text in history(&bytes, Oddities::ALL) {
            let Ok(op) = read_op(&text) else { continue };
            let actor = actor(&known, &op);
            let said: [Result<(), Reason>; 2] = [judge(&op, &actor, &listed), judge(&op, &actor, &folded)];
            prop_assert_eq!(&said[0], &said[1], "{}", text);
            // A judgement is told to the phone.
            if let Err(reason) = &said[0] {
                let told = serde_json::to_string(reason).unwrap();
                prop_assert_eq!(&serde_json::from_str::<Reason>(&told).unwrap(), reason);
            } else {
                folded.take(&op);
                listed.take(&op);
            }
        }
    }

    #[test]
    fn what_may_be_merged_is_stored_in_a_form_that_is_read_again(bytes in prop::collection::vec(any::<u8>(), 0..CHOICE_BYTES_MAX)) {
        for entry in fold(merged(&bytes, Oddities::ALL).iter()).into_values() {
            let stored = serde_json::to_string(&entry).unwrap();
            prop_assert_eq!(serde_json::from_str::<Entry>(&stored).unwrap(), entry);
        }
    }

    #[test]
    fn what_may_be_merged_folds_to_the_same_in_every_order_and_twice(
        bytes in prop::collection::vec(any::<u8>(), 0..CHOICE_BYTES_MAX),
        keys in prop::collection::vec(any::<u32>(), 64),
    ) {
        let ops = merged(&bytes, Oddities::ALL);
        // A registration decides the ledger; two of one entry agree, since the judge holds them to it.
        let mut shuffled: Vec<(u32, &Op)> = ops.iter().enumerate().map(|(at, op)| (keys[at % keys.len()], op)).collect();
        shuffled.sort_by_key(|(key, _)| *key);
        let (in_order, otherwise) = (fold(ops.iter()), fold(shuffled.iter().map(|(_, op)| *op)));
        prop_assert_eq!(&in_order, &otherwise);
        prop_assert_eq!(&in_order, &fold(ops.iter().chain(&ops)));
    }

    #[test]
    fn what_a_fold_keeps_is_bounded_by_what_was_said(bytes in prop::collection::vec(any::<u8>(), 0..CHOICE_BYTES_MAX)) {
        let ops = merged(&bytes, Oddities::ALL);
        let kept = |entry: &Entry| -> usize {
            let siblings: usize = entry.fields.values().map(|register| register.siblings().len()).sum();
            let stored: serde_json::Value = serde_json::to_value(entry).unwrap();
            let gone = stored["gone"].as_object().into_iter().flat_map(|gone| gone.values());
            siblings + gone.filter_map(|gone| Some(gone.as_array()?.len())).sum::<usize>()
        };
        let kept: usize = fold(ops.iter()).values().map(kept).sum();
        prop_assert!(kept <= steps_max(&ops), "{} of {}", kept, steps_max(&ops));
    }
}

#[test]
fn the_grammar_draws_operations_of_every_kind_most_of_which_are_read() {
    let mut kinds = HashMap::new();
    let (mut read, mut drawn) = (0, 0);
    let mut bytes = vec![0; CHOICE_BYTES_MAX];
    for seed in 0..200 {
        bianfang_tests::sim::dice::Dice::new(seed).fill(&mut bytes);
        for text in history(&bytes, Oddities::ALL) {
            drawn += 1;
            if let Ok(op) = read_op(&text) {
                read += 1;
                *kinds.entry(std::mem::discriminant(&op.body)).or_insert(0) += 1;
            }
        }
    }
    assert!(read * 2 > drawn, "{read} of {drawn}");
    assert!(kinds.len() == 7 && kinds.values().all(|times| *times > 10), "{kinds:?}");
}
