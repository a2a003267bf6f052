//! One operation: judged, then folded into entries and records.

use super::{Batch, EntryState, RecordState, household_of, moment_of, own_place, photos_of};
use crate::service::evidence::{Known, PhotosKnown};
use crate::store::log::{Circumstances, HeldEntry, HeldRecord, Merged, Moment, MovedFrom};
use crate::store::photos::uses_of;
use bianfang_shared::access::Actor;
use bianfang_shared::entry::Entry;
use bianfang_shared::evidence::{Company, Trace};
use bianfang_shared::id::{EntityId, ObservationId, OpId, UserId};
use bianfang_shared::judge::{Awaited, Facts, Reason, judge, judge_again, judge_asked};
use bianfang_shared::ledger::{Point, issue};
use bianfang_shared::observation::Observation;
use bianfang_shared::op::{Body, IssueStep, Op};
use bianfang_shared::query::ReviewState;
use bianfang_shared::rules::review::Standing;
use std::collections::BTreeSet;
use std::ops::Bound;

/// Why an operation is judged.
#[derive(Clone, Copy, Debug)]
pub(super) enum Why<'r> {
    /// It has just come.
    Came,
    /// What it waited for, by this reason, has come.
    Waited(&'r Reason),
    /// Somebody of the office asked.
    Asked,
}

impl Batch<'_> {
    /// Judges an operation and, where it may, folds it in and gives it its place in the scope's log.
    pub(super) fn take_op(
        &mut self,
        op: &Op,
        raw: &str,
        actor: &Actor,
        received_at_ms: i64,
        why: Why<'_>,
    ) -> Result<Merged, Reason> {
        match why {
            Why::Came => judge(op, actor, self)?,
            Why::Waited(reason) => judge_again(op, actor, reason, self)?,
            Why::Asked => judge_asked(op, actor, self)?,
        }
        let place = self.next_place(op.scope, raw);
        let entity = self.fold(op, received_at_ms);
        self.merged.insert(op.id());
        self.note_arrival(op);
        self.photos_named.extend(uses_of(op, op.id()));
        Ok(Merged {
            place,
            conflict: entity.is_some_and(|entity| self.conflicts_after(entity, &op.body)),
            entity,
            observation: op.body.observation(),
        })
    }

    /// Folds a permitted operation in; answers the entry whose fields it changed.
    fn fold(&mut self, op: &Op, received_at_ms: i64) -> Option<EntityId> {
        match &op.body {
            Body::Register { entity, .. }
            | Body::Amend { entity, .. }
            | Body::Propose { entity, .. }
            | Body::Refuse { entity, .. } => {
                self.fold_entry(op, *entity, received_at_ms);
                Some(*entity)
            }
            Body::Step { issue, step, .. } => {
                self.fold_entry(op, *issue, received_at_ms);
                if *step == IssueStep::Rectify
                    && let Some(state) = self.entries.get_mut(issue)
                {
                    state.held.rectifiers.insert(op.author);
                }
                Some(*issue)
            }
            Body::Record { observation } => {
                self.fold_record(op, observation, received_at_ms);
                None
            }
            Body::Retract { observation, .. } => {
                self.stand(*observation, |standing, author| standing.retract(op.author == author));
                None
            }
            Body::Review { observation, verdict, .. } => {
                self.stand(*observation, |standing, _| standing.review(*verdict));
                None
            }
            // Whom a record names counts once that person has said so.
            Body::Accompany { observation } => {
                if let Some(state) = self.records.get_mut(observation) {
                    state.held.accompanied.insert(op.author);
                    state.changed = true;
                }
                None
            }
            Body::Unknown => None,
        }
    }

    fn stand(&mut self, record: ObservationId, said: impl FnOnce(&mut Standing, UserId)) {
        let Some(state) = self.records.get_mut(&record) else { return };
        let mut standing = state.held.standing();
        said(&mut standing, state.held.author);
        state.held.stand(standing);
        state.changed = true;
    }

    /// What may release edits that wait for operations: only what a former life of the centre had acknowledged, and
    /// what its own author says again under another name.
    fn note_arrival(&mut self, op: &Op) {
        if self.was_acknowledged(op.id()) {
            self.arrived.insert(Awaited::Operation(op.id()));
        }
        for (_, parent) in op.body.names() {
            if parent.device != op.device && !self.merged.contains(&parent) {
                self.arrived.insert(Awaited::Operation(parent));
            }
        }
    }

    fn fold_entry(&mut self, op: &Op, entity: EntityId, received_at_ms: i64) {
        let merged = &self.merged;
        let settled = |parent: OpId| merged.contains(&parent);
        let is_new = !self.entries.contains_key(&entity);
        let state = self.entries.entry(entity).or_insert_with(|| EntryState::new(entity, op.scope));
        let place = place_of_entry(&state.held.entry);
        state.held.entry.apply(op, Some(received_at_ms), settled);
        state.held.moved_from = moved_from(&state.held, place, op.author);
        state.changed = true;
        if is_new {
            self.arrived.insert(Awaited::Entity(entity));
        }
    }

    fn fold_record(&mut self, op: &Op, observation: &Observation, received_at_ms: i64) {
        // The same record again comes from a phone that enrolled anew; the first one stands.
        if self.records.contains_key(&observation.id) {
            return;
        }
        let anchor = self.anchor(observation.subject, op.author);
        let here = moment_of(op, observation, self.rules);
        let device = self.devices.get(&op.device).map(|device| &device.facts);
        let circumstances = Circumstances {
            previous: here.and_then(|(moment, _)| self.before(moment)).or_else(|| {
                // The last one that this device made before places were noted with the records.
                let last = device?.last_trace?;
                here.filter(|(moment, _)| moment.at_ms >= last.at_ms).map(|_| last)
            }),
            clock_offset_ms: device.and_then(|device| device.clock_offset_ms),
            area: self.rules.area(observation.kind, self.entry_of(observation.subject)),
            passed_ms: device.and_then(|device| device.passed_ms).map(|ms| ms.min(op.hlc.wall_ms())),
            company: Some(self.company(op, observation)),
        };
        let evidence = self.rules.assess(Known {
            observation,
            anchor,
            circumstances: &circumstances,
            received_at_ms,
            photos: PhotosKnown::default(),
        });
        // What its photographs tell is found out beside the merge.
        self.photos_due.extend(photos_of(observation));
        let held = HeldRecord {
            id: observation.id,
            op: op.id(),
            scope: op.scope,
            kind: observation.kind,
            subject: observation.subject,
            author: op.author,
            started_at_ms: observation.started_at_ms,
            ended_at_ms: observation.counted_at_ms(Some(received_at_ms)),
            received_at_ms,
            outcome: observation.outcome,
            evidence,
            anchor,
            review: ReviewState::Waiting,
            retracted: false,
            circumstances: (!observation.photos.is_empty()).then_some(circumstances),
            evidence_lost: false,
            accompanied: BTreeSet::new(),
            trace: here.map(|(_, trace)| trace),
        };
        self.records.insert(observation.id, RecordState { held, changed: true });
        self.arrived.insert(Awaited::Observation(observation.id));
        self.companions.insert(observation.id, observation.companions.clone());
        if let Some((moment, trace)) = here {
            self.traces.insert(moment, trace);
            self.assess_after(moment, trace);
        }
    }

    /// Where and when the same person made the record before.
    fn before(&self, moment: Moment) -> Option<Trace> {
        let (before, trace) = self.traces.range(..moment).next_back()?;
        (before.author == moment.author).then_some(*trace)
    }

    /// Assesses the record again that the same person made next: in whichever order they arrive, each is measured from
    /// the one before it.
    fn assess_after(&mut self, moment: Moment, trace: Trace) {
        let later = (Bound::Excluded(moment), Bound::Unbounded);
        let Some((next, here)) = self.traces.range(later).next() else { return };
        let Some(state) =
            self.records.get_mut(&next.record).filter(|state| state.held.author == moment.author)
        else {
            return;
        };
        state.held.evidence = self.rules.travelled_from(&state.held.evidence, *here, trace);
        state.changed = true;
        if let Some(circumstances) = &mut state.held.circumstances {
            circumstances.previous = Some(trace);
            // Whoever assesses its photographs at this moment does not know of this yet, and shall look again.
            self.photos_due.extend(self.photos_of.get(&next.record).into_iter().flatten());
        }
    }

    /// Who of those named as companions can be one: somebody else with a grant in the village.
    fn company(&self, op: &Op, observation: &Observation) -> Company {
        let named: BTreeSet<UserId> = observation.companions.iter().copied().collect();
        let has_grant =
            |user: &UserId| self.users.get(user).is_some_and(|facts| facts.actor.covers(op.scope));
        let strangers = named.iter().filter(|user| **user == op.author || !has_grant(user)).count();
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        Company { named: count(named.len()), strangers: count(strangers) }
    }

    pub(super) fn entry_of(&self, id: EntityId) -> Option<&Entry> {
        self.entries.get(&id).map(|state| &state.held.entry)
    }

    /// Where a record's subject is: what its own entry says, or else, of a house, that of its household. As it stood
    /// before the record's author moved it: else whoever sits at a desk first moves the house there.
    fn anchor(&self, subject: EntityId, author: UserId) -> Option<Point> {
        let stood = |id: EntityId| {
            let held = &self.entries.get(&id)?.held;
            let moved = held.moved_from.filter(|moved| moved.by == author);
            moved.map(|moved| moved.from).or_else(|| own_place(&held.entry))
        };
        let entry = self.entry_of(subject)?;
        let household = household_of(entry)
            .filter(|id| self.entry_of(*id).is_some_and(|household| household.scope == entry.scope));
        stood(subject).or_else(|| stood(household?))
    }

    /// Whether one of the fields that this body writes is in conflict now.
    fn conflicts_after(&self, entity: EntityId, body: &Body) -> bool {
        let Some(state) = self.entries.get(&entity) else { return false };
        let in_conflict =
            |field: &str| state.held.entry.fields.get(field).is_some_and(|register| register.in_conflict());
        match body {
            Body::Register { fields, .. } => fields.keys().any(|field| in_conflict(field)),
            Body::Amend { changes, .. } => changes.iter().any(|change| in_conflict(&change.field)),
            Body::Step { .. } => in_conflict(issue::STATE),
            _ => false,
        }
    }
}

/// The point of an entry with who wrote it.
fn place_of_entry(entry: &Entry) -> Option<(Point, UserId)> {
    let shown = entry.fields.get(entry.ledger?.place_field()?)?.current()?;
    Some((shown.value.read()?, shown.author))
}

/// Where the point stood before its author began to move it. A person's moves one after the other are measured from the
/// first of them; another's word ends that.
fn moved_from(held: &HeldEntry, before: Option<(Point, UserId)>, author: UserId) -> Option<MovedFrom> {
    let now = place_of_entry(&held.entry);
    match (before, now) {
        (Some((from, by)), Some((to, mover))) if mover == author && (from != to || by != mover) => {
            held.moved_from.filter(|moved| moved.by == author).or(Some(MovedFrom { by: author, from }))
        }
        (_, Some((_, mover))) if held.moved_from.is_some_and(|moved| moved.by == mover) => held.moved_from,
        _ => None,
    }
}
