//! Decides what a group of pushes does: a pure fold over what was loaded. Touches no table.
//!
//! A [`Batch`] is filled from the store, takes in one push after another, releases what was waiting, and ends as
//! [`Changes`]. Each entry is loaded once, folded with all its operations, and written once.

mod chain;
mod release;
mod take;

use crate::service::evidence::Rules;
use crate::service::push::read_op;
use crate::store::StoreResult;
use crate::store::log::{
    ActorFacts, Changes, DecisionChange, DeviceFacts, Fate, FoundBy, HeldEntry, HeldRecord, HouseholdIndex,
    Loaded, MergeTxn, Moment, Needs, NewOp, Place, Released, ScopeHead,
};
use crate::store::photos::{PhotoId, PhotoUse};
use bianfang_shared::access::Actor;
use bianfang_shared::area::{AreaCode, AreaLevel};
use bianfang_shared::chain::extend_checksum;
use bianfang_shared::entry::Entry;
use bianfang_shared::evidence::Trace;
use bianfang_shared::id::{DeviceId, EntityId, Epoch, ObservationId, OpId, UserId};
use bianfang_shared::judge::{Awaited, COMPANIONS_MAX, Facts, Reason, RecordFacts};
use bianfang_shared::ledger::{FieldType, LedgerKind, Point, house};
use bianfang_shared::observation::Observation;
use bianfang_shared::op::{Body, Op};
use bianfang_shared::query::DecisionKind;
use bianfang_shared::search;
use bianfang_shared::value::Value;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

pub use chain::Taken;

/// What is known and decided so far.
#[derive(Debug)]
pub struct Batch<'r> {
    now_ms: i64,
    epoch: Epoch,
    /// Whether phones are believed that say what a former life of the centre had.
    pub follows_another: bool,
    rules: &'r Rules,
    /// What was asked of the store already, so that nothing is asked twice.
    asked: Needs,
    devices: BTreeMap<DeviceId, DeviceState>,
    users: BTreeMap<UserId, ActorFacts>,
    scopes: BTreeMap<AreaCode, ScopeState>,
    entries: BTreeMap<EntityId, EntryState>,
    records: BTreeMap<ObservationId, RecordState>,
    merged: HashSet<OpId>,
    /// Merged operations that bodies name and that stand as no value any more, or may soon not.
    named: HashMap<OpId, Op>,
    ops: Vec<NewOp>,
    place_of: HashMap<OpId, usize>,
    /// New operations set aside in this batch that wait for something.
    waiting: BTreeSet<OpId>,
    released: BTreeMap<OpId, Released>,
    still_aside: BTreeMap<OpId, Reason>,
    arrived: BTreeSet<Awaited>,
    photo_uses: Vec<PhotoUse>,
    photos_named: Vec<PhotoUse>,
    photos_due: BTreeSet<PhotoId>,
    /// Where and when people made records: those of this batch, and those next to them in time.
    traces: BTreeMap<Moment, Trace>,
    /// The photographs of records that are assessed again.
    photos_of: HashMap<ObservationId, Vec<PhotoId>>,
    /// Those whom records name as companions; asked of the store only where somebody says to be one.
    companions: HashMap<ObservationId, Vec<UserId>>,
}

#[derive(Debug)]
struct DeviceState {
    facts: DeviceFacts,
    /// The last operation held before this batch.
    held_seq: u64,
}

#[derive(Debug)]
struct ScopeState {
    head: ScopeHead,
    grown: bool,
}

#[derive(Debug)]
struct EntryState {
    held: HeldEntry,
    changed: bool,
    decisions_before: BTreeSet<(DecisionKind, String)>,
    found_by_before: Option<Vec<Value>>,
}

#[derive(Debug)]
struct RecordState {
    held: HeldRecord,
    changed: bool,
}

impl<'r> Batch<'r> {
    /// A batch that takes everything in at this time.
    pub fn new(now_ms: i64, epoch: Epoch, rules: &'r Rules) -> Self {
        Self {
            now_ms,
            epoch,
            follows_another: false,
            rules,
            asked: Needs::default(),
            devices: BTreeMap::new(),
            users: BTreeMap::new(),
            scopes: BTreeMap::new(),
            entries: BTreeMap::new(),
            records: BTreeMap::new(),
            merged: HashSet::new(),
            named: HashMap::new(),
            ops: Vec::new(),
            place_of: HashMap::new(),
            waiting: BTreeSet::new(),
            released: BTreeMap::new(),
            still_aside: BTreeMap::new(),
            arrived: BTreeSet::new(),
            photo_uses: Vec::new(),
            photos_named: Vec::new(),
            photos_due: BTreeSet::new(),
            traces: BTreeMap::new(),
            photos_of: HashMap::new(),
            companions: HashMap::new(),
        }
    }

    /// Loads what is needed and was not asked for yet.
    pub fn load(&mut self, txn: &mut dyn MergeTxn, needs: Needs) -> StoreResult<()> {
        let missing = Needs {
            devices: news(&mut self.asked.devices, needs.devices),
            users: news(&mut self.asked.users, needs.users),
            scopes: news(&mut self.asked.scopes, needs.scopes),
            entities: news(&mut self.asked.entities, needs.entities),
            observations: news(&mut self.asked.observations, needs.observations),
            ops: news(&mut self.asked.ops, needs.ops),
            moments: news(&mut self.asked.moments, needs.moments),
            named_by: news(&mut self.asked.named_by, needs.named_by),
        };
        let loaded = txn.load(&missing)?;
        self.load_later(txn, &missing.moments, &loaded.neighbours)?;
        // A house whose own place nobody noted is where its household is.
        let placeless =
            loaded.entries.iter().map(|held| &held.entry).filter(|entry| own_place(entry).is_none());
        let households = news(&mut self.asked.entities, placeless.filter_map(household_of).collect());
        self.add(loaded);
        if !households.is_empty() {
            let households = txn.load(&Needs { entities: households, ..Needs::default() })?;
            self.add(households);
        }
        for record in missing.named_by {
            self.load_companions(txn, record)?;
        }
        Ok(())
    }

    /// Loads the records that come after new ones in their author's time: they are assessed again.
    fn load_later(
        &mut self,
        txn: &mut dyn MergeTxn,
        asked: &BTreeSet<Moment>,
        neighbours: &[(Moment, Trace)],
    ) -> StoreResult<()> {
        // Nearly always a record is its author's latest.
        let earlier = |moment: &Moment| {
            asked.range(..moment).next_back().is_some_and(|asked| asked.author == moment.author)
        };
        let later = neighbours.iter().map(|(moment, _)| moment).filter(|moment| earlier(moment));
        let later = news(&mut self.asked.observations, later.map(|moment| moment.record).collect());
        if later.is_empty() {
            return Ok(());
        }
        let later = txn.load(&Needs { observations: later, ..Needs::default() })?;
        for held in later.records.iter().filter(|held| held.circumstances.is_some()) {
            let photos = observation_of(txn, held)?.map(|observation| photos_of(&observation));
            self.photos_of.insert(held.id, photos.unwrap_or_default());
        }
        self.add(later);
        Ok(())
    }

    /// Reads whom a record of the store names as companions.
    fn load_companions(&mut self, txn: &mut dyn MergeTxn, record: ObservationId) -> StoreResult<()> {
        let Some(state) = self.records.get(&record) else { return Ok(()) };
        if self.companions.contains_key(&record) {
            return Ok(());
        }
        let observation = observation_of(txn, &state.held)?;
        self.companions.insert(record, observation.map(|record| record.companions).unwrap_or_default());
        Ok(())
    }

    /// Reads what the judge has to know of operations that these name: records under review, and merged parents that
    /// do not stand in their field any more, or that two of these replace. The usual edit names what stands there, and
    /// nothing is read for it.
    pub fn load_named<'o>(
        &mut self,
        txn: &mut dyn MergeTxn,
        ops: impl Iterator<Item = &'o Op>,
    ) -> StoreResult<()> {
        let (mut once, mut wanted) = (HashSet::new(), BTreeSet::new());
        for op in ops {
            let record = match &op.body {
                Body::Review { observation, .. } => self.records.get(observation).map(|state| state.held.op),
                _ => None,
            };
            wanted.extend(record);
            let entry = op.body.entity().and_then(|entity| self.entry_of(entity));
            for (field, parent) in op.body.names() {
                let stands = entry
                    .and_then(|entry| entry.fields.get(field))
                    .is_some_and(|register| register.holds(parent));
                let again = !once.insert(parent);
                if (!stands || again) && self.merged.contains(&parent) {
                    wanted.insert(parent);
                }
            }
        }
        for op in wanted {
            if self.named.contains_key(&op) || self.place_of.contains_key(&op) {
                continue;
            }
            for held in txn.held(op.device, op.seq, op.seq)? {
                if let Some(read) = (held.place.is_some()).then(|| read_op(&held.raw).ok()).flatten() {
                    self.named.insert(op, read);
                }
            }
        }
        Ok(())
    }

    fn add(&mut self, loaded: Loaded) {
        for facts in loaded.devices {
            self.devices.insert(facts.id, DeviceState { held_seq: facts.last_seq, facts });
        }
        self.users.extend(loaded.users.into_iter().map(|facts| (facts.actor.user, facts)));
        for head in loaded.scopes {
            self.scopes.insert(head.scope, ScopeState { head, grown: false });
        }
        for held in loaded.entries {
            self.entries.insert(held.entry.id, EntryState::held(held));
        }
        for held in loaded.records {
            self.records.insert(held.id, RecordState { held, changed: false });
        }
        self.merged.extend(loaded.merged);
        self.traces.extend(loaded.neighbours);
    }

    /// What became of a new operation of this batch, or of one that it released.
    fn fate_now(&self, op: OpId) -> Option<bianfang_shared::judge::Outcome> {
        if let Some(released) = self.released.get(&op) {
            return Some(Fate::Merged(released.merged).outcome());
        }
        if let Some(&at) = self.place_of.get(&op) {
            return Some(self.ops[at].fate.outcome());
        }
        self.still_aside
            .get(&op)
            .map(|reason| bianfang_shared::judge::Outcome::Quarantined { reason: reason.clone() })
    }

    /// All that is to be written.
    pub fn into_changes(self) -> Changes {
        let mut changes = Changes {
            ops: self.ops,
            released: self.released.into_values().collect(),
            still_aside: self.still_aside.into_iter().collect(),
            photo_uses: self.photo_uses,
            photos_named: self.photos_named,
            photos_due: self.photos_due,
            ..Changes::default()
        };
        changes.ops.sort_by_key(|new| new.op);
        changes.devices.extend(
            self.devices
                .into_values()
                .filter(|device| device.facts.last_seq > device.held_seq)
                .map(|device| device.facts),
        );
        changes.scopes.extend(self.scopes.into_values().filter(|scope| scope.grown).map(|scope| scope.head));
        changes
            .records
            .extend(self.records.into_values().filter(|record| record.changed).map(|record| record.held));
        for state in self.entries.into_values().filter(|state| state.changed) {
            state.write_into(&mut changes);
        }
        changes
    }
}

/// Where an entry is, by its own fields.
fn own_place(entry: &Entry) -> Option<Point> {
    entry.value(entry.ledger?.place_field()?).read()
}

/// The household that a house belongs to.
fn household_of(entry: &Entry) -> Option<EntityId> {
    (entry.ledger == Some(LedgerKind::House)).then(|| entry.value(house::HOUSEHOLD).read()).flatten()
}

/// The text of a record that the store holds; none where its operation cannot be read.
fn observation_of(txn: &mut dyn MergeTxn, held: &HeldRecord) -> StoreResult<Option<Observation>> {
    let OpId { device, seq } = held.op;
    let rows = txn.held(device, seq, seq)?;
    let op = rows.first().and_then(|row| read_op(&row.raw).ok());
    Ok(op.and_then(|op| match op.body {
        Body::Record { observation } => Some(*observation),
        _ => None,
    }))
}

fn photos_of(observation: &Observation) -> Vec<PhotoId> {
    observation.photos.iter().filter_map(|photo| photo.sha256.parse().ok()).collect()
}

fn news<T: Ord + Copy>(asked: &mut BTreeSet<T>, needed: BTreeSet<T>) -> BTreeSet<T> {
    needed.into_iter().filter(|&thing| asked.insert(thing)).collect()
}

impl EntryState {
    fn held(held: HeldEntry) -> Self {
        Self {
            decisions_before: decisions(&held.entry),
            found_by_before: found_by(&held.entry),
            held,
            changed: false,
        }
    }

    fn new(id: EntityId, scope: AreaCode) -> Self {
        let entry = Entry::empty(id, scope);
        let held = HeldEntry { entry, rectifiers: BTreeSet::new(), moved_from: None };
        Self { held, changed: false, decisions_before: BTreeSet::new(), found_by_before: None }
    }

    fn write_into(self, changes: &mut Changes) {
        let entry = &self.held.entry;
        let now = decisions(entry);
        let moved = now.symmetric_difference(&self.decisions_before).map(|decision| DecisionChange {
            kind: decision.0,
            entity: entry.id,
            ledger: entry.ledger.unwrap_or(LedgerKind::Unknown),
            scope: entry.scope,
            field: decision.1.clone(),
            is_open: now.contains(decision),
        });
        changes.decisions.extend(moved);
        if found_by(entry) != self.found_by_before {
            changes.households.extend(HouseholdIndex::of(entry));
            changes.found.extend(FoundBy::of(entry));
        }
        changes.entries.push(self.held);
    }
}

fn decisions(entry: &Entry) -> BTreeSet<(DecisionKind, String)> {
    entry.decisions().map(|(kind, field)| (kind, field.to_owned())).collect()
}

/// What an entry is found by. Compared first, since spelling out the search text costs far more.
fn found_by(entry: &Entry) -> Option<Vec<Value>> {
    let fields = search::found_by_fields(entry.ledger?);
    Some(fields.iter().map(|field| entry.value(field).clone()).collect())
}

/// What has to be loaded to judge and merge an operation.
pub fn needs_of(op: &Op, rules: &Rules, needs: &mut Needs) {
    if op.scope.level() == AreaLevel::Village {
        needs.scopes.insert(op.scope);
    }
    needs.entities.extend(op.body.entity());
    match &op.body {
        Body::Record { observation } => {
            needs.observations.insert(observation.id);
            needs.moments.extend(moment_of(op, observation, rules).map(|(moment, _)| moment));
            needs.users.extend(observation.companions.iter().take(COMPANIONS_MAX));
        }
        Body::Accompany { observation } => {
            needs.observations.insert(*observation);
            needs.named_by.insert(*observation);
        }
        Body::Retract { observation, .. } | Body::Review { observation, .. } => {
            needs.observations.insert(*observation);
        }
        Body::Register { ledger, fields, .. } => {
            needs.entities.extend(fields.iter().filter_map(|(field, value)| entry_in(*ledger, field, value)));
        }
        Body::Amend { .. }
        | Body::Propose { .. }
        | Body::Refuse { .. }
        | Body::Step { .. }
        | Body::Unknown => (),
    }
    for (_, named) in op.body.names().take(NAMED_MAX) {
        needs.ops.insert(named);
        needs.devices.insert(named.device);
    }
    if let Body::Amend { changes, .. } | Body::Propose { changes, .. } = &op.body {
        let ledgers = [
            LedgerKind::Household,
            LedgerKind::Person,
            LedgerKind::House,
            LedgerKind::Post,
            LedgerKind::Issue,
        ];
        needs.entities.extend(changes.iter().filter_map(|change| {
            ledgers.iter().find_map(|ledger| entry_in(*ledger, &change.field, &change.value))
        }));
    }
}

/// More are not looked up: the judge sets aside what names so many.
const NAMED_MAX: usize = bianfang_shared::judge::PARENTS_SUM_MAX;

/// The entry that a field of this ledger names with this value.
fn entry_in(ledger: LedgerKind, field: &str, value: &Value) -> Option<EntityId> {
    let names_entry = ledger.field(field).is_some_and(|spec| matches!(spec.kind, FieldType::Entry));
    names_entry.then(|| value.as_text().and_then(|text| text.parse().ok())).flatten()
}

/// When and where a record's author was; none without a place.
fn moment_of(op: &Op, observation: &Observation, rules: &Rules) -> Option<(Moment, Trace)> {
    let trace = rules.trace(observation)?;
    Some((Moment { author: op.author, at_ms: trace.at_ms, record: observation.id }, trace))
}

impl Facts for Batch<'_> {
    fn entry(&self, entity: EntityId) -> Option<&Entry> {
        self.entry_of(entity).filter(|entry| entry.ledger.is_some())
    }

    fn observation(&self, observation: ObservationId) -> Option<RecordFacts> {
        let held = &self.records.get(&observation)?.held;
        Some(RecordFacts { op: held.op, scope: held.scope, author: held.author })
    }

    fn rectifiers(&self, issue: EntityId) -> BTreeSet<UserId> {
        self.entries.get(&issue).map(|state| state.held.rectifiers.clone()).unwrap_or_default()
    }

    fn moved_from(&self, entity: EntityId, user: UserId) -> Option<Point> {
        let moved = self.entries.get(&entity)?.held.moved_from?;
        (moved.by == user).then_some(moved.from)
    }

    fn operation(&self, op: OpId) -> Option<Op> {
        if let Some(named) = self.named.get(&op) {
            return Some(named.clone());
        }
        let raw = match self.released.get(&op) {
            Some(released) => &released.raw,
            None => {
                let new = &self.ops[*self.place_of.get(&op)?];
                matches!(new.fate, Fate::Merged(_)).then_some(&new.raw)?
            }
        };
        read_op(raw).ok()
    }

    fn owner(&self, device: DeviceId) -> Option<UserId> {
        self.devices.get(&device).map(|device| device.facts.user)
    }

    fn now_ms(&self) -> i64 {
        self.now_ms
    }

    fn is_revoked(&self, device: DeviceId) -> bool {
        self.devices.get(&device).is_some_and(|device| device.facts.revoked)
    }

    fn was_acknowledged(&self, op: OpId) -> bool {
        self.devices.get(&op.device).is_some_and(|device| op.seq <= device.facts.acknowledged_seq)
    }

    fn has_accompanied(&self, observation: ObservationId, user: UserId) -> bool {
        self.records.get(&observation).is_some_and(|state| state.held.accompanied.contains(&user))
    }

    fn names_companion(&self, observation: ObservationId, companion: UserId) -> bool {
        self.companions.get(&observation).is_some_and(|named| named.contains(&companion))
    }
}

impl Batch<'_> {
    /// The next place in a scope's log, which then belongs to this operation.
    fn next_place(&mut self, scope: AreaCode, raw: &str) -> Place {
        let state = self
            .scopes
            .entry(scope)
            .or_insert(ScopeState { head: ScopeHead { scope, seq: 0, checksum: 0 }, grown: false });
        state.head.seq += 1;
        state.head.checksum = extend_checksum(state.head.checksum, raw.as_bytes());
        state.grown = true;
        Place { scope, seq: state.head.seq, checksum: state.head.checksum }
    }

    fn actor(&self, user: UserId) -> Option<Actor> {
        self.users.get(&user).map(|facts| facts.actor.clone())
    }
}
