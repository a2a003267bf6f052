//! Decides what to do with an incoming operation. Touches no table: what it needs to know it asks of [`Facts`].

mod parents;
mod reason;
mod values;

pub use parents::{Arrival, PARENTS_MAX, PARENTS_SUM_MAX, SIBLINGS_OF_ONE_MAX, UNHELD_PARENTS_MAX};
pub use reason::{Awaited, Fault, Outcome, Reason};

use crate::access::Actor;
use crate::area::{AreaCode, AreaLevel};
use crate::day::Day;
use crate::entry::{Entry, FieldKey};
use crate::hlc::Hlc;
use crate::id::{DeviceId, EntityId, ObservationId, OpId, UserId};
use crate::ledger::{self, FieldType, LedgerKind, Point, Writer, house, issue};
use crate::observation::Observation;
use crate::op::{Body, Change, IssueStep, Op, Verdict};
use crate::policy::Policy;
use crate::rights::{self, Writing};
use crate::rules::issue::{Forbidden, follows, permitted};
use crate::value::Value;
use parents::Parents;
use std::collections::{BTreeMap, BTreeSet};
use values::{bad_field, check_field, check_part, check_photos};

/// Most fields in one operation.
pub const FIELDS_MAX: usize = 200;
/// Most answers in one record.
pub const ANSWERS_MAX: usize = 500;
/// Most places in one record.
pub const FIXES_MAX: usize = 200;
/// Most photographs in one record.
pub const PHOTOS_MAX: usize = 50;
/// Most companions of one record.
pub const COMPANIONS_MAX: usize = 50;
/// Most effects struck out of one record.
pub const STRUCK_MAX: usize = 200;
/// Most proposals of one person for one field that wait for a decision.
pub const PROPOSALS_OF_ONE_MAX: usize = 5;

/// A phone's clock that is ahead by more dates no deadline.
pub const CLOCK_AHEAD_MS_MAX: i64 = 7 * 24 * 60 * 60 * 1000;

/// What [`Reason::TooMany`] can name: each has words under `reason-counted-<key>`.
pub const COUNTED: &[&str] = &[
    "bytes",
    "fields",
    "changes",
    "parents",
    "answers",
    "fixes",
    "photos",
    "companions",
    "struck",
    "siblings",
    "proposals",
];

/// What the judge has to know of what was merged before.
pub trait Facts {
    /// An entry that has been registered.
    fn entry(&self, entity: EntityId) -> Option<&Entry>;
    /// What is held of a record.
    fn observation(&self, observation: ObservationId) -> Option<RecordFacts>;
    /// Whoever rectified a problem since it was opened.
    fn rectifiers(&self, issue: EntityId) -> BTreeSet<UserId>;
    /// Where an entry's point stood before this person began to move it; none where the person did not.
    fn moved_from(&self, entity: EntityId, user: UserId) -> Option<Point>;
    /// A merged operation. Asked of those only that a body names and that are not among the values which stand.
    fn operation(&self, op: OpId) -> Option<Op>;
    /// Whose device it is.
    fn owner(&self, device: DeviceId) -> Option<UserId>;
    /// Whether a device was taken out of service: nothing comes from it any more by itself.
    fn is_revoked(&self, device: DeviceId) -> bool;
    /// When it is taken in, in milliseconds since 1970.
    fn now_ms(&self) -> i64;
    /// Whether the device says that a former life of the centre had acknowledged this operation of its own.
    fn was_acknowledged(&self, op: OpId) -> bool;
    /// Whether somebody said to have gone along with a record, being named by it. Being named alone is none's own doing: an
    /// author who names all supervisors would have none to review the record.
    fn has_accompanied(&self, observation: ObservationId, user: UserId) -> bool;
    /// Whether a record names somebody as having gone along.
    fn names_companion(&self, observation: ObservationId, companion: UserId) -> bool;
}

/// What is held of a record, as far as judging needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordFacts {
    /// The operation that recorded it first.
    pub op: OpId,
    /// The village.
    pub scope: AreaCode,
    /// Its author.
    pub author: UserId,
}

/// Whether `op`, sent by `actor`, may be merged.
pub fn judge(op: &Op, actor: &Actor, facts: &impl Facts) -> Result<(), Reason> {
    judge_at(op, actor, Arrival::Now, facts)
}

/// Whether `op`, sent by `actor` and set aside, may be merged now that somebody of the office asked for it.
pub fn judge_asked(op: &Op, actor: &Actor, facts: &impl Facts) -> Result<(), Reason> {
    judge_at(op, actor, Arrival::Asked, facts)
}

/// Whether `op`, sent by `actor` and set aside for `reason`, may be merged now.
pub fn judge_again(op: &Op, actor: &Actor, reason: &Reason, facts: &impl Facts) -> Result<(), Reason> {
    let arrival = match reason {
        Reason::UnknownParents { ops } => Arrival::Missing(ops),
        Reason::UnknownEntity { .. } | Reason::UnknownObservation { .. } => Arrival::Checked,
        _ => Arrival::Now,
    };
    judge_at(op, actor, arrival, facts)
}

fn judge_at(op: &Op, actor: &Actor, arrival: Arrival<'_>, facts: &impl Facts) -> Result<(), Reason> {
    if op.author != actor.user {
        return Err(Reason::AuthorMismatch);
    }
    if op.scope.level() != AreaLevel::Village {
        return Err(Reason::NotAVillage);
    }
    if !actor.covers(op.scope) {
        return Err(Reason::OutsideGrants);
    }
    let judging = Judging { op, actor, arrival, facts };
    match &op.body {
        Body::Register { entity, ledger, fields, .. } => judging.register(*entity, *ledger, fields),
        Body::Amend { entity, changes, .. } => judging.amend(*entity, changes),
        Body::Propose { entity, changes, .. } => judging.propose(*entity, changes),
        Body::Refuse { entity, field, proposal, reason } => judging.refuse(*entity, field, *proposal, reason),
        Body::Record { observation } => judging.record(observation),
        Body::Retract { observation, reason } => judging.retract(*observation, reason),
        Body::Review { observation, verdict, comment } => judging.review(*observation, *verdict, comment),
        Body::Step { issue, step, parents, note, .. } => judging.step(*issue, *step, parents, note),
        Body::Accompany { observation } => judging.accompany(*observation),
        // Merged unjudged, it would take effect with the next upgrade, whoever may say such a thing then.
        Body::Unknown => Err(not_yet_known("kind")),
    }
}

/// One operation and all that it is judged by.
struct Judging<'a, F> {
    op: &'a Op,
    actor: &'a Actor,
    arrival: Arrival<'a>,
    facts: &'a F,
}

impl<'a, F: Facts> Judging<'a, F> {
    fn register(
        &self,
        entity: EntityId,
        ledger: LedgerKind,
        fields: &BTreeMap<FieldKey, Value>,
    ) -> Result<(), Reason> {
        at_most("fields", fields.len(), FIELDS_MAX)?;
        if ledger == LedgerKind::Unknown {
            return Err(not_yet_known("ledger"));
        }
        check_photos(self.op.body.photos())?;
        // A second registration comes from a phone that enrolled anew and sent again what it had; it must agree.
        let known = self.facts.entry(entity);
        if known.is_some_and(|known| (known.ledger, known.scope) != (Some(ledger), self.op.scope)) {
            return Err(Reason::WrongPlace);
        }
        fields.iter().try_for_each(|(field, value)| self.check_field(ledger, field, value))?;
        let blank = |field: &&str| fields.get(*field).is_none_or(Value::is_blank);
        let by_report = fields.get(house::GRADED_BY).and_then(Value::as_text) == Some(house::BY_REPORT);
        let of_report = if ledger == LedgerKind::House && by_report { house::OF_A_REPORT } else { &[] };
        missing(ledger.needed_fields().iter().chain(of_report).filter(|field| blank(field)))?;
        if rights::is_to_confirm(self.actor.role, ledger) && !fields.contains_key(ledger::REGISTRATION) {
            return Err(Reason::Missing { fields: vec![ledger::REGISTRATION.to_owned()] });
        }
        if ledger == LedgerKind::Issue {
            self.check_new_issue(fields)?;
        }
        if known.is_some() {
            // What a repeated registration says stands beside the values that are there.
            self.check_parents(entity, fields.keys().map(|field| (field.as_str(), &[][..])))?;
        }
        let writing = self.writing(entity);
        approved(rights::needs_approval_to_register(&writing, ledger, fields, known))
    }

    fn amend(&self, entity: EntityId, changes: &[Change]) -> Result<(), Reason> {
        let entry = self.changes(entity, changes)?;
        if let Some(by_steps) = changes.iter().find(|change| is_by_steps(entry, change)) {
            return Err(bad_field(&by_steps.field, entry.ledger, Fault::ByStepsOnly));
        }
        let blanked =
            |field: &&str| changes.iter().any(|change| change.field == *field && change.value.is_blank());
        let needed = entry.ledger.map_or(&[][..], LedgerKind::needed_fields);
        missing(needed.iter().filter(|field| blanked(field)))?;
        missing(rights::lacks_report(entry, changes).iter())?;
        for change in changes {
            let Some(proposal) = change.adopts else { continue };
            self.check_proposal(entry, &change.field, proposal)?;
            // As refusing it: another's is the office's to decide on, whatever value is written.
            let own = self.facts.owner(proposal.device) == Some(self.actor.user);
            if !own && !self.actor.role.is_office() {
                return Err(Reason::RoleForbids);
            }
        }
        approved(rights::needs_approval(&self.writing(entity), entry, changes))
    }

    fn propose(&self, entity: EntityId, changes: &[Change]) -> Result<(), Reason> {
        let entry = self.changes(entity, changes)?;
        for change in changes {
            if is_by_steps(entry, change) {
                return Err(bad_field(&change.field, entry.ledger, Fault::ByStepsOnly));
            }
            let own = entry.proposed(&change.field).iter().filter(|open| open.author == self.actor.user);
            at_most("proposals", own.count(), PROPOSALS_OF_ONE_MAX - 1)?;
        }
        Ok(())
    }

    fn refuse(&self, entity: EntityId, field: &str, proposal: OpId, reason: &str) -> Result<(), Reason> {
        self.check_parents(entity, [(field, &[proposal][..])].into_iter())?;
        let entry = self.entry_here(entity)?;
        self.check_proposal(entry, field, proposal)?;
        check_part("reason", reason)?;
        let own = self.facts.owner(proposal.device) == Some(self.actor.user);
        if own || self.actor.role.is_office() { Ok(()) } else { Err(Reason::RoleForbids) }
    }

    /// Whether an operation proposed something for this field, decided on or not. Of what never came nothing is decided.
    fn check_proposal(&self, entry: &Entry, field: &str, proposal: OpId) -> Result<(), Reason> {
        let proposes = |op: &Op| {
            matches!(op.body, Body::Propose { .. })
                && op.body.entity() == Some(entry.id)
                && op.body.writes(field)
        };
        let is_open = entry.proposed(field).iter().any(|open| open.op == proposal);
        if is_open || self.facts.operation(proposal).as_ref().is_some_and(proposes) {
            Ok(())
        } else {
            Err(Reason::UnknownParents { ops: vec![proposal] })
        }
    }

    /// What an edit and a proposal have in common: known fields, once each, with values that fit, parents that its
    /// author can have seen.
    fn changes(&self, entity: EntityId, changes: &[Change]) -> Result<&'a Entry, Reason> {
        at_most("changes", changes.len(), FIELDS_MAX)?;
        if changes.is_empty() {
            return Err(bad_field("changes", None, Fault::OddKey));
        }
        // Before the entry: an edit that waits for its entry must not come to name what was said meanwhile.
        let replaced = changes.iter().map(|change| (change.field.as_str(), &change.parents[..]));
        let adopted = changes.iter().filter_map(|change| {
            change.adopts.as_ref().map(|proposal| (change.field.as_str(), std::slice::from_ref(proposal)))
        });
        self.check_parents(entity, replaced.chain(adopted))?;
        let entry = self.entry_here(entity)?;
        let ledger = entry.ledger.unwrap_or(LedgerKind::Unknown);
        let mut seen = BTreeSet::new();
        for change in changes {
            if !seen.insert(&change.field) {
                return Err(bad_field(&change.field, Some(ledger), Fault::Twice));
            }
            self.check_field(ledger, &change.field, &change.value)?;
        }
        Ok(entry)
    }

    fn record(&self, observation: &Observation) -> Result<(), Reason> {
        let ledger = self.entry_here(observation.subject)?.ledger.unwrap_or(LedgerKind::Unknown);
        if !observation.kind.is_about(ledger) {
            return Err(Reason::WrongLedger);
        }
        let known = self.facts.observation(observation.id);
        if known.is_some_and(|known| known.scope != self.op.scope || known.author != self.op.author) {
            return Err(Reason::DuplicateRecord);
        }
        values::check_record(observation)
    }

    fn retract(&self, observation: ObservationId, reason: &str) -> Result<(), Reason> {
        let record = self.record_here(observation)?;
        check_part("reason", reason)?;
        if record.author == self.actor.user || self.actor.role.reviews() {
            Ok(())
        } else {
            Err(Reason::RoleForbids)
        }
    }

    fn review(&self, observation: ObservationId, verdict: Verdict, comment: &str) -> Result<(), Reason> {
        let record = self.record_here(observation)?;
        check_part("comment", comment)?;
        if verdict == Verdict::Unknown {
            return Err(not_yet_known("verdict"));
        }
        if !self.actor.role.reviews() {
            return Err(Reason::RoleForbids);
        }
        let accompanied = self.facts.has_accompanied(observation, self.actor.user);
        if record.author == self.actor.user || accompanied { Err(Reason::OwnRecord) } else { Ok(()) }
    }

    fn accompany(&self, observation: ObservationId) -> Result<(), Reason> {
        let record = self.record_here(observation)?;
        let author = self.op.author;
        let named = record.author != author && self.facts.names_companion(observation, author);
        if named { Ok(()) } else { Err(Reason::NotNamed) }
    }

    fn step(&self, issue: EntityId, step: IssueStep, parents: &[OpId], note: &str) -> Result<(), Reason> {
        if step == IssueStep::Unknown {
            return Err(not_yet_known("step"));
        }
        check_photos(self.op.body.photos())?;
        self.check_parents(issue, [(issue::STATE, parents)].into_iter())?;
        let entry = self.entry_here(issue)?;
        if entry.ledger != Some(LedgerKind::Issue) {
            return Err(Reason::WrongPlace);
        }
        check_part("note", note)?;
        let seen: Vec<Seen> = parents.iter().filter_map(|parent| self.state_of(entry, *parent)).collect();
        let can_follow = seen.is_empty() || seen.iter().any(|seen| follows(step, &seen.state));
        if step == IssueStep::Accept {
            // A rectification that was replaced is accepted by whoever did not see by what.
            let saw_another = seen.iter().any(|seen| seen.stands && seen.state != issue::TO_ACCEPT);
            let is_to_accept = |seen: &Seen| seen.state == issue::TO_ACCEPT && (seen.stands || !saw_another);
            if !seen.iter().any(is_to_accept) {
                return Err(Reason::NothingToAccept);
            }
        } else if !can_follow {
            return Err(bad_field(issue::STATE, Some(LedgerKind::Issue), Fault::ByStepsOnly));
        }
        // Asked of the store only where it matters.
        let rectified = step == IssueStep::Accept && self.facts.rectifiers(issue).contains(&self.actor.user);
        match permitted(step, rectified, self.actor.role) {
            Err(Forbidden::OwnRectification) => Err(Reason::OwnRectification),
            Err(Forbidden::Role | Forbidden::State) => Err(Reason::RoleForbids),
            Ok(()) => Ok(()),
        }
    }

    /// Which state an operation gave this problem.
    fn state_of(&self, problem: &Entry, op: OpId) -> Option<Seen> {
        let word = |value: Option<&Value>| value.and_then(Value::as_text).unwrap_or_default().to_owned();
        let register = problem.fields.get(issue::STATE);
        let stands = register.and_then(|register| {
            register.siblings().into_iter().find(|sibling| sibling.op == op).map(|sibling| &sibling.value)
        });
        if stands.is_some() {
            return Some(Seen { state: word(stands), stands: true });
        }
        let op = self.facts.operation(op).filter(|op| op.body.entity() == Some(problem.id))?;
        let state = match &op.body {
            Body::Step { step, .. } => step.state().to_owned(),
            Body::Register { fields, .. } => word(fields.get(issue::STATE)),
            // One of two steps that did not know of each other was chosen.
            Body::Amend { changes, .. } => {
                word(changes.iter().find(|change| change.field == issue::STATE).map(|change| &change.value))
            }
            _ => return None,
        };
        Some(Seen { state, stands: false })
    }

    /// A problem begins open, with the department and a deadline as its topic's rule gives them. The office sets others.
    fn check_new_issue(&self, fields: &BTreeMap<FieldKey, Value>) -> Result<(), Reason> {
        let text = |field: &str| fields.get(field).and_then(Value::as_text);
        if text(issue::STATE) != Some(issue::OPEN) {
            return Err(bad_field(issue::STATE, Some(LedgerKind::Issue), Fault::ByStepsOnly));
        }
        if self.actor.role.is_office() {
            return Ok(());
        }
        let rule = Policy::builtin().issues.of(text(issue::TOPIC).unwrap_or_default());
        // It was noted before it came, whatever the phone's clock says; one that is days ahead is for the office to see.
        let now_ms = self.facts.now_ms();
        let latest = Hlc::at(now_ms.saturating_add(CLOCK_AHEAD_MS_MAX));
        let noted = self.op.hlc.clamp(Hlc::at(now_ms), latest);
        let last = rule.last_deadline(noted);
        let lead_by_rule = text(issue::LEAD).is_none_or(|lead| lead == rule.lead);
        let in_time = |day: &str| day.parse().is_ok_and(|day: Day| day <= last);
        let deadline_by_rule = text(issue::DEADLINE).is_some_and(in_time);
        let by_rule = [(issue::LEAD, lead_by_rule), (issue::DEADLINE, deadline_by_rule)];
        approved(by_rule.iter().filter(|(_, holds)| !holds).map(|(field, _)| (*field).to_owned()).collect())
    }

    fn check_parents<'p>(
        &self,
        entity: EntityId,
        named: impl Iterator<Item = (&'p str, &'p [OpId])>,
    ) -> Result<(), Reason> {
        let entry = self.facts.entry(entity);
        let all: Vec<_> = named.map(|(field, parents)| Parents { entry, field, parents }).collect();
        parents::check(self.op, self.actor.user, &all, self.arrival, self.facts)
    }

    fn check_field(&self, ledger: LedgerKind, field: &str, value: &Value) -> Result<(), Reason> {
        check_field(ledger, field, value)?;
        let Some(spec) = ledger.field(field) else { return Err(not_yet_known(field)) };
        // What an entry belongs to lives in the same village: else it would be seen through this one.
        let named = matches!(spec.kind, FieldType::Entry).then(|| value.read::<EntityId>()).flatten();
        let elsewhere = |entry: &Entry| entry.scope != self.op.scope;
        if named.and_then(|id| self.facts.entry(id)).is_some_and(elsewhere) {
            return Err(Reason::WrongPlace);
        }
        Ok(())
    }

    fn writing(&self, entity: EntityId) -> Writing {
        let user = self.actor.user;
        Writing { user, role: self.actor.role, moved_from: self.facts.moved_from(entity, user) }
    }

    /// An entry in the operation's own village.
    fn entry_here(&self, entity: EntityId) -> Result<&'a Entry, Reason> {
        let entry = self.facts.entry(entity).ok_or(Reason::UnknownEntity { entity })?;
        if entry.scope == self.op.scope { Ok(entry) } else { Err(Reason::WrongPlace) }
    }

    fn record_here(&self, observation: ObservationId) -> Result<RecordFacts, Reason> {
        let record = self.facts.observation(observation).ok_or(Reason::UnknownObservation { observation })?;
        if record.scope == self.op.scope { Ok(record) } else { Err(Reason::WrongPlace) }
    }
}

/// Fields of an entry in which something stands that nobody may write: no version of these rules would merge it. Of the
/// state of a problem the operations tell: see [`is_unfit_state`].
pub fn unfit(entry: &Entry) -> impl Iterator<Item = &str> {
    let ledger = entry.ledger.unwrap_or(LedgerKind::Unknown);
    let fits = move |field: &str, value: &Value| {
        ledger.field(field).is_some() && ledger::check(ledger, field, value).is_ok()
    };
    let odd = entry.fields.iter().filter(move |(field, register)| {
        register.siblings().iter().any(|sibling| !fits(field, &sibling.value))
    });
    let lacks = ledger.needed_fields().iter().filter(|field| entry.value(field).is_blank());
    odd.map(|(field, _)| field.as_str()).chain(lacks.copied())
}

/// Whether an operation gives a problem a state that nobody may give it but by a step.
pub fn is_unfit_state(op: &Op) -> bool {
    let closes = |value: Option<&Value>| value.and_then(Value::as_text) != Some(issue::OPEN);
    match &op.body {
        Body::Register { ledger: LedgerKind::Issue, fields, .. } => closes(fields.get(issue::STATE)),
        Body::Amend { changes, .. } => {
            // Of two steps that did not know of each other, an edit chooses one.
            let state = changes.iter().find(|change| change.field == issue::STATE);
            state.is_some_and(|change| change.parents.len() < 2 && closes(Some(&change.value)))
        }
        _ => false,
    }
}

/// A state of a problem that an operation names.
struct Seen {
    state: String,
    /// Whether nothing has replaced it.
    stands: bool,
}

/// Whether a change would have to be a step. Of two steps that did not know of each other, one is chosen as of any two
/// values.
fn is_by_steps(entry: &Entry, change: &Change) -> bool {
    let spec = entry.ledger.and_then(|ledger| ledger.field(&change.field));
    spec.is_some_and(|spec| spec.writer == Writer::Steps) && !rights::settles(entry, change)
}

fn approved(fields: Vec<FieldKey>) -> Result<(), Reason> {
    if fields.is_empty() { Ok(()) } else { Err(Reason::NeedsApproval { fields }) }
}

fn missing<'f>(fields: impl Iterator<Item = &'f &'static str>) -> Result<(), Reason> {
    let fields: Vec<FieldKey> = fields.map(|field| (*field).to_owned()).collect();
    if fields.is_empty() { Ok(()) } else { Err(Reason::Missing { fields }) }
}

fn not_yet_known(what: &str) -> Reason {
    Reason::NotYetKnown { what: what.chars().take(64).collect() }
}

fn at_most(what: &str, count: usize, max: usize) -> Result<(), Reason> {
    if count <= max { Ok(()) } else { Err(Reason::TooMany { what: what.to_owned(), max }) }
}
