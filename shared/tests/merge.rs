//! The merge, held against a model that knows nothing of registers: sets of operations, searched from scratch.
//! Histories are made by devices that write what they like, exchange what they like, in any order, under any clocks.
#![expect(
    clippy::unwrap_used,
    clippy::cast_possible_truncation,
    reason = "helpers of tests: small made-up numbers and values"
)]

use bianfang_shared::area::AreaCode;
use bianfang_shared::entry::Entry;
use bianfang_shared::hlc::Hlc;
use bianfang_shared::id::{DeviceId, EntityId, OpId, UserId};
use bianfang_shared::ledger::LedgerKind;
use bianfang_shared::op::{Body, Change, IssueStep, Op};
use bianfang_shared::value::Value;
use bianfang_shared::wire::LoggedOp;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

const DEVICES: usize = 4;
const FIELDS: [&str; 4] = ["state", "colour", "phone", "a_field_of_next_year"];
const YEARS_10_MS: i64 = 10 * 366 * 86_400_000;
const START_MS: i64 = 1_752_804_000_000;

/// What a device does next.
#[derive(Clone, Debug)]
enum Action {
    /// Writes these values, after looking at what it holds.
    Write { device: usize, fields: BTreeMap<usize, i64>, clock_ms: i64, shape: u8 },
    /// Takes over what another device holds.
    Learn { device: usize, from: usize },
    /// Takes over a single operation, perhaps without those before it.
    Overhear { device: usize, pick: usize },
}

/// An operation with what its author had seen.
#[derive(Clone, Debug)]
struct Event {
    op: Op,
    received_at_ms: i64,
    /// Every operation that had reached its device, by place in the history.
    seen: BTreeSet<usize>,
}

fn action() -> impl Strategy<Value = Action> {
    // Few values, so that equal ones meet; clocks ten years off either way, and back again.
    let fields = prop::collection::btree_map(0..FIELDS.len(), 0i64..3, 1..=2);
    prop_oneof![
        5 => (0..DEVICES, fields, -YEARS_10_MS..YEARS_10_MS, any::<u8>())
            .prop_map(|(device, fields, clock_ms, shape)| Action::Write { device, fields, clock_ms, shape }),
        3 => (0..DEVICES, 0..DEVICES).prop_map(|(device, from)| Action::Learn { device, from }),
        1 => (0..DEVICES, any::<usize>()).prop_map(|(device, pick)| Action::Overhear { device, pick }),
    ]
}

fn history() -> impl Strategy<Value = Vec<Event>> {
    prop::collection::vec(action(), 1..28).prop_map(|actions| play(&actions))
}

/// A history with an order in which it arrives somewhere: every event at least once, some again.
fn delivered() -> impl Strategy<Value = (Vec<Event>, Vec<usize>)> {
    history().prop_flat_map(|events| {
        let once: Vec<usize> = (0..events.len()).collect();
        let again = prop::collection::vec(0..events.len().max(1), 0..=events.len());
        let all = again.prop_map(move |again| {
            let count = once.len();
            once.iter().copied().chain(again.into_iter().filter(|&at| at < count)).collect::<Vec<_>>()
        });
        (Just(events), all.prop_shuffle())
    })
}

fn entity() -> EntityId {
    EntityId::from_bytes([5; 16])
}

fn village() -> AreaCode {
    "430681113214".parse().unwrap()
}

fn play(actions: &[Action]) -> Vec<Event> {
    let mut events: Vec<Event> = Vec::new();
    let mut holds = vec![BTreeSet::<usize>::new(); DEVICES];
    for action in actions {
        match action {
            Action::Learn { device, from } => {
                let theirs = holds[*from].clone();
                holds[*device].extend(theirs);
            }
            Action::Overhear { device, pick } => {
                if !events.is_empty() {
                    holds[*device].insert(pick % events.len());
                }
            }
            Action::Write { device, fields, clock_ms, shape } => {
                let seen = holds[*device].clone();
                let seq =
                    1 + events.iter().filter(|event| event.op.device == device_id(*device)).count() as u64;
                let op = Op {
                    device: device_id(*device),
                    seq,
                    hlc: Hlc::at(START_MS + clock_ms),
                    author: UserId::from_bytes([*device as u8; 16]),
                    scope: village(),
                    body: body(fields, *shape, &events, &seen),
                };
                holds[*device].insert(events.len());
                events.push(Event { op, received_at_ms: START_MS + events.len() as i64, seen });
            }
        }
    }
    events
}

fn device_id(device: usize) -> DeviceId {
    DeviceId::from_bytes([device as u8 + 1; 16])
}

fn body(fields: &BTreeMap<usize, i64>, shape: u8, events: &[Event], seen: &BTreeSet<usize>) -> Body {
    let heads = |field: &str| -> Vec<OpId> {
        let held: Vec<&Event> = seen.iter().map(|&at| &events[at]).collect();
        model_siblings(&held, field).into_iter().map(|event| event.op.id()).collect()
    };
    let entity = entity();
    match shape % 8 {
        // The first words about an entry, and those of a phone that enrolled anew and says them again.
        0 if fields.keys().all(|&field| heads(FIELDS[field]).is_empty()) => Body::Register {
            entity,
            ledger: LedgerKind::Issue,
            fields: fields.iter().map(|(&field, &value)| (FIELDS[field].to_owned(), value.into())).collect(),
            cause: None,
            photos: Vec::new(),
        },
        1 => {
            let step = [IssueStep::Begin, IssueStep::Rectify][usize::from(shape >= 128)];
            Body::Step {
                issue: entity,
                step,
                parents: heads("state"),
                note: String::new(),
                photos: Vec::new(),
            }
        }
        2 => Body::Propose {
            entity,
            changes: fields
                .iter()
                .map(|(&field, &value)| Change::new(FIELDS[field], value, heads(FIELDS[field])))
                .collect(),
            cause: None,
        },
        3 if proposed(fields, events, seen).is_some() => {
            let (field, proposal) = proposed(fields, events, seen).unwrap();
            Body::Refuse { entity, field: field.to_owned(), proposal, reason: String::new() }
        }
        4 if proposed(fields, events, seen).is_some() => {
            let (field, proposal) = proposed(fields, events, seen).unwrap();
            let change = Change { adopts: Some(proposal), ..Change::new(field, 1i64, heads(field)) };
            Body::Amend { entity, changes: vec![change], cause: None }
        }
        _ => Body::Amend {
            entity,
            changes: fields
                .iter()
                .map(|(&field, &value)| Change::new(FIELDS[field], value, heads(FIELDS[field])))
                .collect(),
            cause: None,
        },
    }
}

/// A proposal that the author has seen, decided on or not, of the first field that is written.
fn proposed(
    fields: &BTreeMap<usize, i64>,
    events: &[Event],
    seen: &BTreeSet<usize>,
) -> Option<(&'static str, OpId)> {
    let field = FIELDS[*fields.keys().next()?];
    let proposes = |at: &&usize| matches!(&events[**at].op.body, Body::Propose { changes, .. } if changes.iter().any(|change| change.field == field));
    seen.iter().find(proposes).map(|at| (field, events[*at].op.id()))
}

// ------------------------------------------------------------------------------------------------------------- the model

/// The proposals for a field that no held operation decides on.
fn model_proposed(held: &[&Event], field: &str) -> BTreeSet<OpId> {
    let decided: BTreeSet<OpId> = held
        .iter()
        .flat_map(|event| match &event.op.body {
            Body::Refuse { field: refused, proposal, .. } if refused == field => vec![*proposal],
            Body::Amend { changes, .. } => {
                let adopting = changes.iter().filter(|change| change.field == field);
                adopting.filter_map(|change| change.adopts).collect()
            }
            _ => Vec::new(),
        })
        .collect();
    let proposes = |event: &&&Event| matches!(&event.op.body, Body::Propose { changes, .. } if changes.iter().any(|change| change.field == field));
    held.iter().filter(proposes).map(|event| event.op.id()).filter(|op| !decided.contains(op)).collect()
}

/// What an operation says of a field, and whose values it replaces there.
fn says(op: &Op, field: &str) -> Option<(Value, Vec<OpId>)> {
    match &op.body {
        Body::Register { fields, .. } => fields.get(field).map(|value| (value.clone(), Vec::new())),
        Body::Amend { changes, .. } => changes
            .iter()
            .find(|change| change.field == field)
            .map(|change| (change.value.clone(), change.parents.clone())),
        Body::Step { step, parents, .. } if field == "state" => Some((step.state().into(), parents.clone())),
        _ => None,
    }
}

/// The writes of a field that no other held operation names.
fn model_siblings<'e>(held: &[&'e Event], field: &str) -> Vec<&'e Event> {
    let named: Vec<OpId> =
        held.iter().filter_map(|event| says(&event.op, field)).flat_map(|(_, parents)| parents).collect();
    held.iter()
        .filter(|event| says(&event.op, field).is_some() && !named.contains(&event.op.id()))
        .copied()
        .collect()
}

/// The writes of a field that nobody who wrote it had seen. By what people had before their eyes; knows no parents.
fn unseen_writes<'e>(events: &'e [Event], field: &str) -> Vec<&'e Event> {
    let writes: Vec<usize> = (0..events.len()).filter(|&at| says(&events[at].op, field).is_some()).collect();
    let unseen = writes.iter().filter(|at| !writes.iter().any(|&other| knows(events, other, **at)));
    unseen.map(|&at| &events[at]).collect()
}

/// Whether the author of `later` had seen `earlier`, or had seen a write of someone who had, and so on.
fn knows(events: &[Event], later: usize, earlier: usize) -> bool {
    events[later].seen.contains(&earlier)
}

fn model_value(siblings: &[&Event], field: &str) -> Option<Value> {
    let rank = |event: &&&Event| (event.op.hlc.min(Hlc::at(event.received_at_ms)), event.op.id());
    siblings.iter().max_by_key(rank).and_then(|event| says(&event.op, field)).map(|(value, _)| value)
}

fn model_conflict(siblings: &[&Event], field: &str) -> bool {
    let value = |event: &Event| says(&event.op, field).map(|(value, _)| value);
    siblings.iter().any(|one| siblings.iter().any(|other| value(one) != value(other)))
}

// -------------------------------------------------------------------------------------------------------------- the fold

fn fold(events: &[Event], order: &[usize]) -> Entry {
    let mut entry = Entry::empty(entity(), village());
    for &at in order {
        entry.apply(&events[at].op, Some(events[at].received_at_ms), |_| false);
    }
    entry
}

fn in_order(events: &[Event]) -> Entry {
    fold(events, &(0..events.len()).collect::<Vec<_>>())
}

/// What people see of a field.
#[derive(Debug, PartialEq)]
struct Shown {
    value: Value,
    heads: BTreeSet<OpId>,
    conflict: bool,
}

fn shown(entry: &Entry, field: &str) -> Shown {
    Shown {
        value: entry.value(field).clone(),
        heads: entry.heads(field).into_iter().collect(),
        conflict: entry.fields.get(field).is_some_and(|register| register.in_conflict()),
    }
}

fn model_shown(siblings: &[&Event], field: &str) -> Shown {
    Shown {
        value: model_value(siblings, field).unwrap_or_default(),
        heads: siblings.iter().map(|event| event.op.id()).collect(),
        conflict: model_conflict(siblings, field),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn every_order_of_arrival_with_repeats_ends_in_the_same_state((events, order) in delivered()) {
        prop_assert_eq!(fold(&events, &order), in_order(&events));
    }

    #[test]
    fn every_prefix_of_every_order_shows_what_the_model_shows((events, order) in delivered()) {
        let mut entry = Entry::empty(entity(), village());
        let mut held: Vec<&Event> = Vec::new();
        for &at in &order {
            entry.apply(&events[at].op, Some(events[at].received_at_ms), |_| false);
            if !held.iter().any(|event| event.op.id() == events[at].op.id()) {
                held.push(&events[at]);
            }
            for field in FIELDS {
                prop_assert_eq!(shown(&entry, field), model_shown(&model_siblings(&held, field), field), "{}", field);
                let proposed: BTreeSet<OpId> = entry.proposed(field).iter().map(|open| open.op).collect();
                prop_assert_eq!(proposed, model_proposed(&held, field), "{}", field);
            }
        }
    }

    #[test]
    fn two_operations_commute_and_one_twice_is_one(events in history(), a in any::<usize>(), b in any::<usize>()) {
        prop_assume!(!events.is_empty());
        let (a, b) = (a % events.len(), b % events.len());
        let before: Vec<usize> = (0..events.len()).filter(|&at| at != a && at != b).collect();
        let with = |more: &[usize]| fold(&events, &[before.as_slice(), more].concat());
        prop_assert_eq!(with(&[a, b]), with(&[b, a]));
        prop_assert_eq!(with(&[a, b, a]), with(&[a, b]));
        prop_assert_eq!(with(&[a, a]), with(&[a]));
    }

    /// Merging two stores by handing over what each holds, in either direction or through a third, is the same.
    #[test]
    fn stores_merge_alike_whoever_hands_over_to_whom((events, order) in delivered(), cut in any::<prop::sample::Index>()) {
        let (one, two) = order.split_at(cut.index(order.len() + 1));
        prop_assert_eq!(fold(&events, &[one, two].concat()), fold(&events, &[two, one].concat()));
        prop_assert_eq!(fold(&events, &[one, two, one].concat()), fold(&events, &[two, one].concat()));
    }

    #[test]
    fn no_write_is_lost((events, order) in delivered()) {
        let entry = fold(&events, &order);
        for field in FIELDS {
            let heads = shown(&entry, field).heads;
            for event in events.iter().filter(|event| says(&event.op, field).is_some()) {
                // Follow those who name it until one is there.
                let mut reached: BTreeSet<OpId> = [event.op.id()].into();
                while heads.is_disjoint(&reached) {
                    let more: BTreeSet<OpId> = events
                        .iter()
                        .filter(|other| says(&other.op, field).is_some_and(|(_, parents)| parents.iter().any(|parent| reached.contains(parent))))
                        .map(|other| other.op.id())
                        .filter(|id| !reached.contains(id))
                        .collect();
                    prop_assert!(!more.is_empty(), "{} of {:?} is neither shown nor replaced", field, event.op.id());
                    reached.extend(more);
                }
            }
        }
    }

    /// Clocks are any within ten years either way, and run backwards as they like.
    #[test]
    fn an_edit_that_saw_another_beats_it_whatever_the_clocks_say((events, order) in delivered()) {
        let entry = fold(&events, &order);
        for field in FIELDS {
            let heads = shown(&entry, field).heads;
            for (later, event) in events.iter().enumerate().filter(|(_, event)| says(&event.op, field).is_some()) {
                for &earlier in event.seen.iter().filter(|&&earlier| says(&events[earlier].op, field).is_some()) {
                    prop_assert!(!heads.contains(&events[earlier].op.id()), "{} {} saw {}", field, later, earlier);
                }
            }
        }
    }

    /// A conflict is there exactly when two people who had not seen each other's words said different things.
    #[test]
    fn there_is_no_false_and_no_missed_conflict((events, order) in delivered()) {
        let entry = fold(&events, &order);
        for field in FIELDS {
            let unseen = unseen_writes(&events, field);
            prop_assert_eq!(shown(&entry, field), model_shown(&unseen, field), "{}", field);
            // All the values are there to choose from, each with its author.
            let siblings = entry.fields.get(field).map(|register| register.siblings().into_iter().cloned().collect::<Vec<_>>());
            for event in unseen {
                let said = says(&event.op, field).map(|(value, _)| value);
                let there = siblings.iter().flatten().find(|sibling| sibling.op == event.op.id());
                prop_assert_eq!(there.map(|sibling| (sibling.author, Some(sibling.value.clone()))), Some((event.op.author, said)));
            }
        }
    }

    /// Forgetting that what was merged already has been replaced changes nothing that anybody sees, as long as
    /// nothing is handed in twice. The state never grows beyond the other's.
    #[test]
    fn forgetting_what_is_settled_changes_nothing_that_is_seen(events in history(), keys in prop::collection::vec(any::<u32>(), 28)) {
        let mut order: Vec<usize> = (0..events.len()).collect();
        order.sort_by_key(|&at| keys[at]);
        let mut merged: BTreeSet<OpId> = BTreeSet::new();
        let mut pruned = Entry::empty(entity(), village());
        let mut whole = Entry::empty(entity(), village());
        for &at in &order {
            let (op, received_at_ms) = (&events[at].op, Some(events[at].received_at_ms));
            pruned.apply(op, received_at_ms, |id| merged.contains(&id));
            whole.apply(op, received_at_ms, |_| false);
            merged.insert(op.id());
            for field in FIELDS {
                prop_assert_eq!(shown(&pruned, field), shown(&whole, field));
            }
        }
        let bytes = |entry: &Entry| serde_json::to_string(entry).unwrap().len();
        prop_assert!(bytes(&pruned) <= bytes(&whole));
    }

    /// Parents may name anything: other devices' future operations, oneself, things that never were.
    #[test]
    fn forged_parents_change_no_promise_of_the_fold(
        events in history(),
        forged in prop::collection::vec((any::<usize>(), 0..DEVICES, 0u64..12), 0..20),
        keys in prop::collection::vec(any::<u32>(), 28),
    ) {
        let mut events = events;
        let count = events.len();
        for (at, device, seq) in forged.into_iter().filter(|_| count > 0) {
            if let Body::Amend { changes, .. } = &mut events[at % count].op.body {
                changes[0].parents.push(OpId::new(device_id(device), seq));
            }
        }
        let mut order: Vec<usize> = (0..count).collect();
        order.sort_by_key(|&at| keys[at]);
        prop_assert_eq!(fold(&events, &order), in_order(&events));
    }

    #[test]
    fn what_a_newer_version_says_survives_older_code(name in "[a-z]{1,12}", extra in json_value(), (events, order) in delivered()) {
        // A field of an unknown name with a value of an unknown shape folds like any other and keeps its value.
        let value: Value = serde_json::from_value(extra.clone()).unwrap();
        let amend = Body::Amend {
            entity: entity(),
            changes: vec![Change::new(format!("new_{name}"), value.clone(), Vec::new())],
            cause: None,
        };
        let op = Op { device: device_id(9), seq: 1, hlc: Hlc::at(START_MS), author: UserId::from_bytes([9; 16]), scope: village(), body: amend };
        let mut entry = fold(&events, &order);
        entry.apply(&op, None, |_| false);
        let text = serde_json::to_string(&entry).unwrap();
        let back: Entry = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(&back, &entry);
        prop_assert_eq!(back.value(&format!("new_{name}")), &value);

        // An operation of an unknown kind changes nothing here, and its bytes travel on as they came.
        let written = serde_json::json!({
            "device": device_id(9), "seq": 2, "hlc": 7, "author": UserId::from_bytes([9; 16]), "scope": village(),
            "body": { "kind": format!("new_{name}"), "entity": entity(), "payload": extra }, "later": extra,
        });
        let raw = format!(" {written} ").trim().to_owned();
        let op: Op = serde_json::from_str(&raw).unwrap();
        prop_assert_eq!(&op.body, &Body::Unknown);
        let before = entry.clone();
        entry.apply(&op, None, |_| false);
        prop_assert_eq!(&entry, &before);
        let logged = LoggedOp { seq: 1, received_at_ms: 0, op: serde_json::value::RawValue::from_string(raw.clone()).unwrap() };
        let passed_on: LoggedOp = serde_json::from_str(&serde_json::to_string(&logged).unwrap()).unwrap();
        prop_assert_eq!(passed_on.op.get(), raw);
    }
}

fn json_value() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        "[^\\u{0}]{0,8}".prop_map(Into::into),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Into::into),
            prop::collection::btree_map("[a-z]{1,4}", inner, 0..4)
                .prop_map(|map| serde_json::Value::Object(map.into_iter().collect())),
        ]
    })
}

#[test]
fn a_clock_ten_years_ahead_wins_among_strangers_only_until_the_centre_has_it() {
    let write = |device: usize, value: &str, clock_ms: i64| Op {
        device: device_id(device),
        seq: 1,
        hlc: Hlc::at(clock_ms),
        author: UserId::from_bytes([device as u8; 16]),
        scope: village(),
        body: Body::Amend {
            entity: entity(),
            changes: vec![Change {
                field: "colour".to_owned(),
                value: value.into(),
                parents: Vec::new(),
                adopts: None,
            }],
            cause: None,
        },
    };
    let mut entry = Entry::empty(entity(), village());
    entry.apply(&write(0, "from next decade", START_MS + YEARS_10_MS), Some(START_MS), |_| false);
    entry.apply(&write(1, "from now", START_MS + 1_000), Some(START_MS + 2_000), |_| false);
    assert_eq!(entry.text("colour"), "from now");
    assert!(entry.fields["colour"].in_conflict());
}
