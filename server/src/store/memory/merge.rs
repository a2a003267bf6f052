//! The merge's transaction on the copy.

use super::State;
use crate::store::StoreResult;
use crate::store::log::{
    ActorFacts, Changes, Fate, HeldOp, Loaded, MergeTxn, Merged, Moment, Needs, NewOp, SetAside,
};
use bianfang_shared::access::Actor;
use bianfang_shared::evidence::Trace;
use bianfang_shared::id::{DeviceId, OpId};
use bianfang_shared::judge::{Awaited, Outcome};
use std::collections::BTreeSet;

impl MergeTxn for State {
    fn load(&mut self, needs: &Needs) -> StoreResult<Loaded> {
        Ok(Loaded {
            devices: needs.devices.iter().filter_map(|id| self.devices.get(id).cloned()).collect(),
            users: needs
                .users
                .iter()
                .filter_map(|id| self.accounts.get(id))
                .map(|account| ActorFacts {
                    actor: Actor {
                        user: account.user.id,
                        role: account.user.role,
                        grants: account.grants.clone(),
                    },
                    disabled: account.disabled,
                })
                .collect(),
            scopes: needs.scopes.iter().filter_map(|scope| self.scopes.get(scope).copied()).collect(),
            entries: needs.entities.iter().filter_map(|id| self.entries.get(id).cloned()).collect(),
            records: needs.observations.iter().filter_map(|id| self.records.get(id).cloned()).collect(),
            merged: needs.ops.iter().copied().filter(|op| self.is_merged(*op)).collect(),
            neighbours: needs.moments.iter().flat_map(|moment| self.neighbours(*moment)).collect(),
        })
    }

    fn held(&mut self, device: DeviceId, first: u64, last: u64) -> StoreResult<Vec<HeldOp>> {
        let range = OpId::new(device, first)..=OpId::new(device, last);
        Ok(self.chains.range(range).map(|(_, op)| op.clone()).collect())
    }

    fn waiting_for(
        &mut self,
        awaited: &BTreeSet<Awaited>,
        after: Option<OpId>,
        rows_max: usize,
    ) -> StoreResult<Vec<SetAside>> {
        let waits =
            |aside: &&SetAside| aside.reason.waits_for().is_some_and(|thing| awaited.contains(&thing));
        let later = self.asides.values().filter(|aside| after.is_none_or(|after| aside.op > after));
        Ok(later.filter(waits).take(rows_max).cloned().collect())
    }

    fn set_aside(&mut self, op: OpId) -> StoreResult<Option<SetAside>> {
        Ok(self.asides.get(&op).cloned())
    }

    fn apply(&mut self, changes: &Changes) -> StoreResult<()> {
        changes.ops.iter().for_each(|new| self.write_new(new));
        for released in &changes.released {
            self.write_log(&released.merged, &released.raw, released.received_at_ms);
            self.asides.remove(&released.op);
            if let Some(op) = self.chains.get_mut(&released.op) {
                op.outcome = outcome(&released.merged);
                op.place = Some(released.merged.place);
            }
        }
        for (op, reason) in &changes.still_aside {
            if let Some(aside) = self.asides.get_mut(op) {
                aside.reason = reason.clone();
            }
            if let Some(held) = self.chains.get_mut(op) {
                held.outcome = Outcome::Quarantined { reason: reason.clone() };
            }
        }
        for device in &changes.devices {
            self.devices.insert(device.id, device.clone());
        }
        self.scopes.extend(changes.scopes.iter().map(|head| (head.scope, *head)));
        self.entries.extend(changes.entries.iter().map(|held| (held.entry.id, held.clone())));
        self.households.extend(changes.households.iter().map(|index| (index.entity, index.clone())));
        self.found.extend(changes.found.iter().map(|found| (found.entity, found.clone())));
        for change in &changes.decisions {
            let key = (change.kind, change.scope, change.entity, change.field.clone());
            if change.is_open {
                self.decisions.insert(key, change.ledger);
            } else {
                self.decisions.remove(&key);
            }
        }
        self.records.extend(changes.records.iter().map(|held| (held.id, held.clone())));
        changes.photo_uses.iter().for_each(|named| self.write_use(named));
        changes.photos_named.iter().for_each(|named| self.write_first(named));
        changes.photos_due.iter().for_each(|photo| self.fall_due(*photo));
        Ok(())
    }
}

impl State {
    fn neighbours(&self, moment: Moment) -> impl Iterator<Item = (Moment, Trace)> {
        let own = self.records.values().filter(move |held| held.author == moment.author);
        let traced = own.filter_map(|held| {
            let trace = held.trace?;
            Some((Moment { author: held.author, at_ms: trace.at_ms, record: held.id }, trace))
        });
        let (earlier, later): (Vec<_>, Vec<_>) =
            traced.filter(|(other, _)| *other != moment).partition(|(other, _)| *other < moment);
        let before = earlier.into_iter().max_by_key(|(other, _)| *other);
        before.into_iter().chain(later.into_iter().min_by_key(|(other, _)| *other))
    }

    pub(super) fn is_merged(&self, op: OpId) -> bool {
        self.chains.get(&op).is_some_and(|held| held.place.is_some())
    }

    fn write_new(&mut self, new: &NewOp) {
        let NewOp { op, raw, head, received_at_ms, sender, scope, fate } = new.clone();
        let outcome = fate.outcome();
        let place = match fate {
            Fate::Merged(merged) => {
                self.write_log(&merged, &raw, received_at_ms);
                Some(merged.place)
            }
            Fate::Aside(reason) => {
                let aside = SetAside { op, raw: raw.clone(), sender, scope, received_at_ms, reason };
                self.asides.insert(op, aside);
                None
            }
        };
        self.chains.insert(op, HeldOp { seq: op.seq, raw, head, received_at_ms, outcome, place });
    }
}

fn outcome(merged: &Merged) -> Outcome {
    if merged.conflict { Outcome::MergedWithConflict } else { Outcome::Merged }
}
