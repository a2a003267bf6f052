//! Folds the whole log again and compares with what is kept: logs dense and their checksums right, chains unbroken,
//! entries, conflicts and records as their operations make them, entries found by what they say. Changes nothing.

use super::push::read_op;
use crate::store::ledgers::{DecisionQuery, Listed};
use crate::store::log::{FoundBy, HeldOp, HouseholdIndex, ScopeHead, ScopeRow};
use crate::store::{Store, StoreResult};
use bianfang_shared::area::AreaCode;
use bianfang_shared::chain::{Head, extend_checksum};
use bianfang_shared::entry::{Entry, Proposal};
use bianfang_shared::field::Register;
use bianfang_shared::id::{DeviceId, EntityId, ObservationId, OpId, UserId};
use bianfang_shared::judge::{self, Outcome};
use bianfang_shared::ledger::LedgerKind;
use bianfang_shared::observation::ObservationKind;
use bianfang_shared::op::{Body, IssueStep, Op, Verdict};
use bianfang_shared::query::DecisionKind;
use bianfang_shared::rules::review::Standing;
use std::collections::{BTreeMap, BTreeSet};

/// Rows read at once.
const ROWS_MAX: usize = 1_000;
/// Most differences named; beyond, they are only counted.
const NAMED_MAX: usize = 100;

/// What was looked at, and what differs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Operations in scopes' logs.
    pub log_ops: u64,
    /// Operations in devices' chains.
    pub chain_ops: u64,
    /// Of those, set aside.
    pub aside: u64,
    /// Entries compared.
    pub entries: u64,
    /// Records compared.
    pub records: u64,
    /// How many differences there are.
    pub differences: u64,
    /// What differs, by name.
    pub named: Vec<String>,
    /// How much stands that an older version merged and this one would not: for a person to settle. All is as it was
    /// decided then, so it is no difference.
    pub unsettled: u64,
    /// That, by name.
    pub unsettled_named: Vec<String>,
}

impl Report {
    fn differs(&mut self, what: impl FnOnce() -> String) {
        self.differences += 1;
        if self.named.len() < NAMED_MAX {
            self.named.push(what());
        }
    }

    fn expect(&mut self, holds: bool, what: impl FnOnce() -> String) {
        if !holds {
            self.differs(what);
        }
    }

    fn leaves(&mut self, what: impl FnOnce() -> String) {
        self.unsettled += 1;
        if self.unsettled_named.len() < NAMED_MAX {
            self.unsettled_named.push(what());
        }
    }

    /// Whether nothing differs.
    pub fn is_sound(&self) -> bool {
        self.differences == 0
    }
}

/// Looks at everything.
pub fn verify(store: &dyn Store) -> StoreResult<Report> {
    let mut report = Report::default();
    let mut placed = BTreeMap::new();
    let devices = store.devices()?;
    let owners: Owners = devices.iter().map(|device| (device.id, device.user)).collect();
    for head in store.scopes()? {
        verify_scope(store, head, &owners, &mut placed, &mut report)?;
    }
    for device in devices {
        verify_chain(store, device.id, &mut placed, &mut report)?;
    }
    for (op, scope) in placed {
        report.differs(|| format!("{op} is in the log of {scope} but in no chain"));
    }
    for name in store.unreadable_rows(NAMED_MAX)? {
        report.differs(|| format!("{name} cannot be read"));
    }
    Ok(report)
}

/// Goes on without what cannot be read, and names it.
fn or_named<T>(
    read: StoreResult<T>,
    report: &mut Report,
    what: impl FnOnce() -> String,
) -> StoreResult<Option<T>> {
    match read {
        Ok(read) => Ok(Some(read)),
        Err(error) if error.is_permanent() => {
            report.differs(|| format!("{} cannot be read", what()));
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// The next rows of a log or a chain; where they cannot be read together, row by row. Those that cannot be read are told
/// by their places.
fn next_rows<T>(
    (from, last): (u64, u64),
    place: impl Fn(&T) -> u64,
    read: impl Fn(u64, usize) -> StoreResult<Vec<T>>,
) -> StoreResult<Vec<Result<T, u64>>> {
    match read(from, ROWS_MAX) {
        Err(error) if error.is_permanent() => (),
        rows => return Ok(rows?.into_iter().map(Ok).collect()),
    }
    let mut rows = Vec::new();
    for at in (from..=last).take(ROWS_MAX) {
        match read(at, 1) {
            Ok(found) => rows.extend(found.into_iter().filter(|row| place(row) == at).map(Ok)),
            Err(error) if error.is_permanent() => rows.push(Err(at)),
            Err(error) => return Err(error),
        }
    }
    Ok(rows)
}

/// Whose each device is.
type Owners = BTreeMap<DeviceId, UserId>;

/// What a scope's log makes.
#[derive(Default)]
struct Folded {
    entries: BTreeMap<EntityId, Entry>,
    rectifiers: BTreeMap<EntityId, BTreeSet<UserId>>,
    records: BTreeMap<ObservationId, FoldedRecord>,
}

struct FoldedRecord {
    op: OpId,
    subject: EntityId,
    author: UserId,
    kind: ObservationKind,
    standing: Standing,
    accompanied: BTreeSet<UserId>,
}

fn verify_scope(
    store: &dyn Store,
    head: ScopeHead,
    owners: &Owners,
    placed: &mut BTreeMap<OpId, AreaCode>,
    report: &mut Report,
) -> StoreResult<()> {
    let scope = head.scope;
    let mut folded = Folded::default();
    // Unknown after a row that cannot be read.
    let (mut seq, mut checksum) = (0, Some(0));
    loop {
        let read = |from, rows_max| store.scope_log(scope, from, rows_max);
        let rows = next_rows((seq + 1, head.seq), |row: &ScopeRow| row.place.seq, read)?;
        if rows.is_empty() {
            break;
        }
        for row in rows {
            let row = match row {
                Ok(row) => row,
                Err(at) => {
                    report.differs(|| format!("the log of {scope} at {at} cannot be read"));
                    (seq, checksum) = (at, None);
                    continue;
                }
            };
            seq += 1;
            let made = checksum.map(|before| extend_checksum(before, row.raw.as_bytes()));
            report.expect(row.place.seq == seq, || format!("the log of {scope} has a hole at {seq}"));
            report.expect(made.is_none_or(|made| row.place.checksum == made), || {
                format!("the checksum of {scope} at {seq} is wrong")
            });
            (seq, checksum) = (row.place.seq, Some(made.unwrap_or(row.place.checksum)));
            report.log_ops += 1;
            fold_row(&row, (scope, owners), &mut folded, placed, report);
        }
    }
    let stands = head.seq == seq && checksum.is_none_or(|checksum| checksum == head.checksum);
    report.expect(stands, || format!("the head of {scope} says {}, its log ends at {seq}", head.seq));
    compare_entries(store, scope, &folded, report)?;
    for kind in [DecisionKind::Conflict, DecisionKind::Proposal, DecisionKind::Registration] {
        compare_decisions(store, scope, kind, &folded, report)?;
    }
    compare_records(store, &folded, report)
}

fn fold_row(
    row: &ScopeRow,
    (scope, owners): (AreaCode, &Owners),
    folded: &mut Folded,
    placed: &mut BTreeMap<OpId, AreaCode>,
    report: &mut Report,
) {
    let Ok(op) = read_op(&row.raw) else {
        report.differs(|| format!("the log of {scope} at {} cannot be read", row.place.seq));
        return;
    };
    report.expect(op.scope == scope, || format!("{} is in the log of another village", op.id()));
    let earlier = placed.insert(op.id(), scope);
    report.expect(earlier.is_none(), || format!("{} is in the log twice", op.id()));
    if let Some(what) = folded.unsettled_by(&op, owners) {
        report.leaves(|| format!("{} {what}", op.id()));
    }
    folded.fold(&op, row.received_at_ms);
}

impl Folded {
    /// What this version would not have merged of an operation that is next.
    fn unsettled_by(&self, op: &Op, owners: &Owners) -> Option<String> {
        let unknown = match &op.body {
            Body::Unknown => Some("kind"),
            Body::Register { ledger: LedgerKind::Unknown, .. } => Some("ledger"),
            Body::Step { step: IssueStep::Unknown, .. } => Some("step"),
            Body::Review { verdict: Verdict::Unknown, .. } => Some("verdict"),
            _ => None,
        };
        if let Some(what) = unknown {
            return Some(format!("is of a {what} that is not known"));
        }
        if judge::is_unfit_state(op) {
            return Some("gives a problem a state that only a step gives".to_owned());
        }
        // What the fold remembers of a field is all that was merged there before, and what that replaced.
        let entry = op.body.entity().and_then(|entity| self.entries.get(&entity));
        let was_there = |field: &str, parent: OpId| {
            let register = entry.and_then(|entry| entry.fields.get(field));
            let proposed = entry.is_some_and(|entry| entry.proposals.contains_key(field));
            proposed
                || register
                    .is_some_and(|register| register.holds(parent) || register.knows_as_replaced(parent))
        };
        let is_own = |parent: OpId| owners.get(&parent.device) == Some(&op.author);
        let mut unseen =
            op.body.names().filter(|(field, parent)| !is_own(*parent) && !was_there(field, *parent));
        unseen.next().map(|(field, parent)| format!("replaces {parent} in {field}, which was not there"))
    }

    fn fold(&mut self, op: &Op, received_at_ms: i64) {
        if let Some(entity) = op.body.entity()
            && !matches!(op.body, Body::Record { .. })
        {
            let entry = self.entries.entry(entity).or_insert_with(|| Entry::empty(entity, op.scope));
            // In doubt about what is settled the fold remembers more; what is compared are the values.
            entry.apply(op, Some(received_at_ms), |_| false);
        }
        match &op.body {
            Body::Step { issue, step: IssueStep::Rectify, .. } => {
                self.rectifiers.entry(*issue).or_default().insert(op.author);
            }
            Body::Record { observation } => {
                self.records.entry(observation.id).or_insert(FoldedRecord {
                    op: op.id(),
                    subject: observation.subject,
                    author: op.author,
                    kind: observation.kind,
                    standing: Standing::default(),
                    accompanied: BTreeSet::new(),
                });
            }
            Body::Accompany { observation } => {
                if let Some(record) = self.records.get_mut(observation) {
                    record.accompanied.insert(op.author);
                }
            }
            Body::Retract { observation, .. } => {
                if let Some(record) = self.records.get_mut(observation) {
                    record.standing.retract(op.author == record.author);
                }
            }
            Body::Review { observation, verdict, .. } => {
                if let Some(record) = self.records.get_mut(observation) {
                    record.standing.review(*verdict);
                }
            }
            _ => (),
        }
    }
}

fn compare_entries(
    store: &dyn Store,
    scope: AreaCode,
    folded: &Folded,
    report: &mut Report,
) -> StoreResult<()> {
    let mut left: BTreeSet<EntityId> = folded.entries.keys().copied().collect();
    let Listed { rows: entries, unreadable } = store.entries_in(scope)?;
    for name in unreadable {
        report.differs(|| format!("{name} cannot be read"));
    }
    for held in &entries {
        let id = held.entry.id;
        report.entries += 1;
        left.remove(&id);
        let same = folded.entries.get(&id).is_some_and(|entry| says_the_same(entry, &held.entry));
        report.expect(same, || format!("entry {id} is not what its operations make"));
        let rectifiers = folded.rectifiers.get(&id).cloned().unwrap_or_default();
        report.expect(held.rectifiers == rectifiers, || format!("the rectifiers of {id} are wrong"));
    }
    for id in left {
        report.differs(|| format!("entry {id} is missing"));
    }
    for entry in folded.entries.values().filter(|entry| entry.ledger.is_some()) {
        for field in judge::unfit(entry) {
            report.leaves(|| format!("{field} of {} says what nobody may write", entry.id));
        }
    }
    let found = or_named(store.found_in(scope), report, || format!("what entries of {scope} are found by"))?;
    let Some(found) = found else { return Ok(()) };
    let households = entries.iter().filter_map(|held| HouseholdIndex::of(&held.entry));
    compare_found(households, found.households, |index| index.entity, report);
    let others = entries.iter().filter_map(|held| FoundBy::of(&held.entry));
    compare_found(others, found.others, |found| found.entity, report);
    Ok(())
}

/// Whether entries are found by what they say, and nothing else is.
fn compare_found<T: PartialEq>(
    made: impl Iterator<Item = T>,
    held: Vec<T>,
    entry_of: fn(&T) -> EntityId,
    report: &mut Report,
) {
    let mut held: BTreeMap<EntityId, T> = held.into_iter().map(|found| (entry_of(&found), found)).collect();
    for made in made {
        let id = entry_of(&made);
        let same = held.remove(&id).is_some_and(|held| held == made);
        report.expect(same, || format!("entry {id} is found by something else than it says"));
    }
    for id in held.into_keys() {
        report.differs(|| format!("entry {id} is found, and is none that is looked for"));
    }
}

fn says_the_same(a: &Entry, b: &Entry) -> bool {
    let fields = |entry: &Entry| -> Vec<(String, Vec<bianfang_shared::field::Sibling>)> {
        let siblings = |register: &Register| register.siblings().into_iter().cloned().collect();
        entry.fields.iter().map(|(field, register)| (field.clone(), siblings(register))).collect()
    };
    let proposed = |entry: &Entry| -> Vec<(String, Vec<Proposal>)> {
        let open = entry.proposals.iter().map(|(field, all)| (field.clone(), all.open().to_vec()));
        open.filter(|(_, open)| !open.is_empty()).collect()
    };
    a.ledger == b.ledger && a.scope == b.scope && fields(a) == fields(b) && proposed(a) == proposed(b)
}

fn compare_decisions(
    store: &dyn Store,
    scope: AreaCode,
    kind: DecisionKind,
    folded: &Folded,
    report: &mut Report,
) -> StoreResult<()> {
    let mut made: BTreeSet<(EntityId, String)> = BTreeSet::new();
    for entry in folded.entries.values() {
        let decisions = entry.decisions().filter(|(open, _)| *open == kind);
        made.extend(decisions.map(|(_, field)| (entry.id, field.to_owned())));
    }
    let mut query = DecisionQuery {
        kind,
        areas: vec![crate::store::ledgers::AreaRange { first: scope, last: scope }],
        after: None,
        rows_max: ROWS_MAX,
    };
    loop {
        let Listed { rows, .. } = store.decisions(&query)?;
        for key in &rows {
            let known = made.remove(&(key.entity, key.field.clone()));
            report.expect(known, || {
                format!("{} of {} is listed as {kind:?} and is none", key.field, key.entity)
            });
        }
        query.after = rows.last().cloned();
        if rows.len() < ROWS_MAX {
            break;
        }
    }
    for (entity, field) in made {
        report.differs(|| format!("{field} of {entity} is {kind:?} and not listed"));
    }
    Ok(())
}

fn compare_records(store: &dyn Store, folded: &Folded, report: &mut Report) -> StoreResult<()> {
    for (id, made) in &folded.records {
        report.records += 1;
        let held = or_named(store.record(*id), report, || format!("record {id}"))?;
        let Some(held) = held else { continue };
        let same = held.is_some_and(|held| {
            held.subject == made.subject
                && held.author == made.author
                && held.kind == made.kind
                && held.op == made.op
                && held.standing() == made.standing
                && held.accompanied == made.accompanied
        });
        report.expect(same, || format!("record {id} is not what its operations make"));
    }
    Ok(())
}

fn verify_chain(
    store: &dyn Store,
    device: DeviceId,
    placed: &mut BTreeMap<OpId, AreaCode>,
    report: &mut Report,
) -> StoreResult<()> {
    let facts = or_named(store.device_facts(device), report, || format!("device {device}"))?.flatten();
    let last = facts.as_ref().map_or(0, |facts| facts.last_seq);
    // Unknown after a row that cannot be read.
    let (mut seq, mut head) = (0, Some(Head::EMPTY));
    loop {
        let read = |from, rows_max| store.chain_log(device, from, rows_max);
        let ops = next_rows((seq + 1, last), |op: &HeldOp| op.seq, read)?;
        if ops.is_empty() {
            break;
        }
        for op in ops {
            seq += 1;
            match op {
                Ok(op) => {
                    let made = head.map_or(op.head, |before| before.extend(op.raw.as_bytes()));
                    head = Some(made);
                    report.chain_ops += 1;
                    verify_link(device, &op, (seq, made), placed, report);
                }
                Err(at) => {
                    report.differs(|| format!("{} cannot be read", OpId::new(device, at)));
                    (seq, head) = (at, None);
                    // Where it is in a log, that was looked at by itself.
                    placed.remove(&OpId::new(device, at));
                }
            }
        }
    }
    let stands =
        facts.is_some_and(|facts| facts.last_seq == seq && head.is_none_or(|head| head == facts.head));
    report.expect(stands, || format!("the head of device {device} does not fit its chain"));
    Ok(())
}

fn verify_link(
    device: DeviceId,
    op: &HeldOp,
    (seq, head): (u64, Head),
    placed: &mut BTreeMap<OpId, AreaCode>,
    report: &mut Report,
) {
    let name = OpId::new(device, op.seq);
    report.expect(op.seq == seq, || format!("the chain of {device} has a hole at {seq}"));
    report.expect(op.head == head, || format!("the head at {name} is wrong"));
    match &op.outcome {
        Outcome::Quarantined { .. } => {
            report.aside += 1;
            report.expect(op.place.is_none(), || format!("{name} is set aside and in a log"));
        }
        Outcome::Merged | Outcome::MergedWithConflict => {
            let found = placed.remove(&name);
            let same = found.is_some() && found == op.place.map(|place| place.scope);
            report.expect(same, || format!("{name} is not where its chain says"));
        }
    }
}
