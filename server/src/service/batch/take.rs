//! One operation: judged, then folded into entries and records.

use super::{Batch, EntryState, RecordState, household_of, own_place};
use crate::service::evidence::{Known, PhotosKnown};
use crate::store::log::{Circumstances, HeldRecord, Merged};
use crate::store::photos::PhotoId;
use bianfang_shared::access::Actor;
use bianfang_shared::entry::Entry;
use bianfang_shared::id::{EntityId, OpId};
use bianfang_shared::judge::{Awaited, Reason, judge};
use bianfang_shared::ledger::{Point, issue};
use bianfang_shared::observation::Observation;
use bianfang_shared::op::{Body, IssueStep, Op, Verdict};
use bianfang_shared::query::ReviewState;

impl Batch<'_> {
    /// Judges an operation and, where it may, folds it in and gives it its place in the scope's log.
    pub(super) fn take_op(
        &mut self,
        op: &Op,
        raw: &str,
        actor: &Actor,
        received_at_ms: i64,
    ) -> Result<Merged, Reason> {
        judge(op, actor, self)?;
        let place = self.next_place(op.scope, raw);
        let entity = self.fold(op, received_at_ms);
        self.merged.insert(op.id());
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
            Body::Register { entity, .. } | Body::Amend { entity, .. } => {
                self.fold_entry(op, *entity, received_at_ms);
                Some(*entity)
            }
            Body::Step { issue, step, .. } => {
                self.fold_entry(op, *issue, received_at_ms);
                if *step == IssueStep::Rectify
                    && let Some(state) = self.entries.get_mut(issue)
                {
                    state.held.rectifier = Some(op.author);
                }
                Some(*issue)
            }
            Body::Record { observation } => {
                self.fold_record(op, observation, received_at_ms);
                None
            }
            Body::Retract { observation, .. } => {
                if let Some(state) = self.records.get_mut(observation) {
                    state.held.retracted = true;
                    state.changed = true;
                }
                None
            }
            Body::Review { observation, verdict, .. } => {
                if let Some(state) = self.records.get_mut(observation) {
                    state.held.review = reviewed(state.held.review, *verdict);
                    state.changed = true;
                }
                None
            }
            Body::Unknown => None,
        }
    }

    fn fold_entry(&mut self, op: &Op, entity: EntityId, received_at_ms: i64) {
        let merged = &self.merged;
        let settled = |parent: OpId| merged.contains(&parent);
        let is_new = !self.entries.contains_key(&entity);
        let state = self.entries.entry(entity).or_insert_with(|| EntryState::new(entity, op.scope));
        state.held.entry.apply(op, Some(received_at_ms), settled);
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
        let anchor = self.anchor(observation.subject);
        let device = self.devices.get(&op.device).map(|device| &device.facts);
        let circumstances = Circumstances {
            previous: device.and_then(|device| device.last_trace),
            clock_offset_ms: device.and_then(|device| device.clock_offset_ms),
            area: self.rules.area(observation.kind, self.entry_of(observation.subject)),
        };
        let evidence = self.rules.assess(Known {
            observation,
            anchor,
            circumstances: &circumstances,
            photos: PhotosKnown::default(),
        });
        // What its photographs tell is found out beside the merge.
        let photos = observation.photos.iter().filter_map(|photo| photo.sha256.parse::<PhotoId>().ok());
        self.photos_due.extend(photos);
        let held = HeldRecord {
            id: observation.id,
            op: op.id(),
            scope: op.scope,
            kind: observation.kind,
            subject: observation.subject,
            author: op.author,
            started_at_ms: observation.started_at_ms,
            ended_at_ms: observation.ended_at_ms,
            received_at_ms,
            outcome: observation.outcome,
            evidence,
            anchor,
            review: ReviewState::Waiting,
            retracted: false,
            circumstances: (!observation.photos.is_empty()).then_some(circumstances),
        };
        self.records.insert(observation.id, RecordState { held, changed: true });
        self.arrived.insert(Awaited::Observation(observation.id));
        if let (Some(device), Some(trace)) = (self.devices.get_mut(&op.device), self.rules.trace(observation))
            // One that was set aside and is released now is not where the device was last.
            && device.facts.last_seq == op.seq
        {
            device.facts.last_trace = Some(trace);
        }
    }

    fn entry_of(&self, id: EntityId) -> Option<&Entry> {
        self.entries.get(&id).map(|state| &state.held.entry)
    }

    /// Where a record's subject is: what its own entry says, or else, of a house, that of its household.
    fn anchor(&self, subject: EntityId) -> Option<Point> {
        let entry = self.entry_of(subject)?;
        own_place(entry).or_else(|| own_place(self.entry_of(household_of(entry)?)?))
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

/// The state of a record after a supervisor's word. A word of a newer version leaves it.
pub(crate) fn reviewed(before: ReviewState, verdict: Verdict) -> ReviewState {
    match verdict {
        Verdict::Approved => ReviewState::Approved,
        Verdict::SentBack => ReviewState::SentBack,
        Verdict::Unknown => before,
    }
}
