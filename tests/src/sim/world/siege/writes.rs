//! What the hostile phone's merged operations did to what others wrote.

use super::secrets::honest;
use super::{Siege, World};
use crate::sim::check::{Held, is_merged};
use bianfang_shared::id::{EntityId, ObservationId, OpId};
use bianfang_shared::judge::{CLOCK_AHEAD_MS_MAX, Outcome, Reason};
use bianfang_shared::ledger::{LedgerKind, Writer, issue};
use bianfang_shared::op::{Body, Change, IssueStep, Op, Verdict};
use std::collections::{BTreeMap, BTreeSet};

/// Whether no cadre changes the field once an entry stands: it is the office's, or changes by steps only.
fn is_no_cadres(ledger: LedgerKind, field: &str) -> bool {
    use Writer::{Confirmation, Office, Registration, Rule, Steps, Village};
    let spec = ledger.field(field);
    spec.is_some_and(|spec| {
        matches!(spec.writer, Confirmation | Office | Registration | Rule | Steps | Village)
    })
}

/// A write to a field, and the operations whose values it replaces.
struct Write {
    at: usize,
    op: OpId,
    field: (EntityId, String),
    parents: Vec<OpId>,
}

fn writes(ops: &[(Op, i64)]) -> Vec<Write> {
    let mut writes = Vec::new();
    for (at, (op, _)) in ops.iter().enumerate() {
        let mut write = |entity: EntityId, field: &str, parents: &[OpId]| {
            let (op, field, parents) = (op.id(), (entity, field.to_owned()), parents.to_vec());
            writes.push(Write { at, op, field, parents });
        };
        match &op.body {
            Body::Register { entity, fields, .. } => {
                fields.keys().for_each(|field| write(*entity, field, &[]))
            }
            Body::Amend { entity, changes, .. } => {
                changes.iter().for_each(|change| write(*entity, &change.field, &change.parents));
            }
            Body::Step { issue, parents, .. } => write(*issue, issue::STATE, parents),
            _ => (),
        }
    }
    writes
}

impl World {
    /// An honest person's value that is no sibling any more was replaced by an honest operation, or by one whose
    /// author could have seen it: it was merged before, in a village that the hostile phone sees.
    pub(super) fn check_replaced(&self, held: &Held) -> Result<(), String> {
        let siege = self.siege.as_ref().expect("only runs with a hostile phone ask");
        for (scope, ops) in &held.logs {
            let writes = writes(ops);
            let mut replaced: BTreeMap<(&(EntityId, String), OpId), Vec<&Write>> = BTreeMap::new();
            for write in &writes {
                for parent in write.parents.iter().filter(|parent| **parent != write.op) {
                    replaced.entry((&write.field, *parent)).or_default().push(write);
                }
            }
            for write in writes.iter().filter(|write| !siege.is_hostile(write.op.device)) {
                let Some(by) = replaced.get(&(&write.field, write.op)) else { continue };
                let could_see =
                    |by: &&Write| !siege.is_hostile(by.op.device) || (siege.sees(*scope) && write.at < by.at);
                if !by.iter().any(could_see) {
                    let (entity, field) = &write.field;
                    return Err(format!("{field} of {entity} by {} is replaced by {}", write.op, by[0].op));
                }
            }
        }
        Ok(())
    }

    /// What the hostile phone has no right to is not merged.
    pub(super) fn check_rights(&self, held: &Held) -> Result<(), String> {
        let siege = self.siege.as_ref().expect("only runs with a hostile phone ask");
        let ledgers: BTreeMap<EntityId, LedgerKind> = held
            .logs
            .values()
            .flatten()
            .filter_map(|(op, _)| match op.body {
                Body::Register { entity, ledger, .. } => Some((entity, ledger)),
                _ => None,
            })
            .collect();
        let mut authors = BTreeMap::new();
        for (op, _) in held.logs.values().flatten() {
            if let Body::Record { observation } = &op.body {
                authors.entry(observation.id).or_insert(op.author);
            }
        }
        for (op, _) in hostile(siege, held) {
            let forbidden = match &op.body {
                Body::Amend { entity, changes, .. } => {
                    let ledger = ledgers.get(entity).copied().unwrap_or(LedgerKind::Unknown);
                    // Of two steps that did not know of each other it may choose one, as of any values in conflict.
                    let settles = |change: &Change| change.field == issue::STATE && change.parents.len() > 1;
                    let mut forbidden = changes
                        .iter()
                        .filter(|change| is_no_cadres(ledger, &change.field) && !settles(change));
                    forbidden.next().map(|change| change.field.clone())
                }
                Body::Review { .. } => Some("a review".to_owned()),
                Body::Step { step: IssueStep::Accept | IssueStep::SendBack, .. } => {
                    Some("an acceptance".to_owned())
                }
                Body::Retract { observation, .. } => authors
                    .get(observation)
                    .is_some_and(|author| *author != op.author)
                    .then(|| "somebody else's record".to_owned()),
                _ => None,
            };
            if op.author != siege.phone.user || !siege.sees(op.scope) {
                return Err(format!("{} is merged as another's or elsewhere", op.id()));
            }
            if let Some(forbidden) = forbidden {
                return Err(format!("{} changes {forbidden}", op.id()));
            }
        }
        Ok(())
    }

    /// Kinds, ledgers, steps and words of no version are not merged.
    pub(super) fn check_unknown(&self, held: &Held) -> Result<(), String> {
        let siege = self.siege.as_ref().expect("only runs with a hostile phone ask");
        let unknown = |op: &Op| match &op.body {
            Body::Unknown => Some("kind"),
            Body::Register { ledger: LedgerKind::Unknown, .. } => Some("ledger"),
            Body::Step { step: IssueStep::Unknown, .. } => Some("step"),
            Body::Review { verdict: Verdict::Unknown, .. } => Some("verdict"),
            _ => None,
        };
        let found = hostile(siege, held).find_map(|(op, _)| Some((op.id(), unknown(op)?)));
        found.map_or(Ok(()), |(op, what)| Err(format!("{op} is merged with an unknown {what}")))
    }

    /// Honest operations are in the ledgers, unless something that only the hostile phone made is missing for them.
    pub(super) fn check_merged(&self, held: &Held) -> Result<(), String> {
        let siege = self.siege.as_ref().expect("only runs with a hostile phone ask");
        let (mut entities, mut records) = (BTreeSet::new(), BTreeSet::new());
        for (op, _) in honest(siege, held) {
            match op.body {
                Body::Register { entity, .. } => drop(entities.insert(entity)),
                Body::Record { observation } => drop(records.insert(observation.id)),
                _ => (),
            }
        }
        for (id, (raw, outcome)) in held.chains.iter().filter(|(id, _)| !siege.is_hostile(id.device)) {
            let Outcome::Quarantined { reason } = outcome else { continue };
            // What only the hostile phone can send again, the office takes once that phone is out of service.
            let is_its = |op: &OpId| siege.is_hostile(op.device);
            let waits_for_it = matches!(reason, Reason::UnknownParents { ops } if ops.iter().any(is_its));
            // What a phone years ahead dates is the office's to see.
            let is_ahead = matches!(reason, Reason::NeedsApproval { .. })
                && serde_json::from_str::<Op>(raw)
                    .is_ok_and(|op| op.hlc.wall_ms() > self.now_ms.saturating_add(CLOCK_AHEAD_MS_MAX));
            if !waits_for_it
                && !is_ahead
                && !is_excused(reason, &entities, &records)
                && !is_of_the_office_now(id, raw, reason, held)
            {
                let missing = match reason {
                    Reason::UnknownParents { ops } => ops.iter().map(|op| whereabouts(held, *op)).collect(),
                    _ => Vec::new(),
                };
                return Err(format!("{id} is set aside: {reason:?}: {raw} {}", missing.join("; ")));
            }
        }
        Ok(())
    }
}

/// Whether what the author's role does not cover are fields that say something else than the author knew: a report's
/// grade that came meanwhile is the office's to judge.
fn is_of_the_office_now(id: &OpId, raw: &str, reason: &Reason, held: &Held) -> bool {
    let Reason::NeedsApproval { fields } = reason else { return false };
    let Ok(Op { scope, body: Body::Amend { entity, changes, .. }, .. }) = serde_json::from_str(raw) else {
        return false;
    };
    let living = held.living(scope);
    let unseen = |parents: &[OpId], field: &str| {
        let values = living.get(&(entity, field.to_owned()));
        values.is_some_and(|values| values.keys().any(|op| op != id && !parents.contains(op)))
    };
    changes.iter().any(|change| fields.contains(&change.field) && unseen(&change.parents, &change.field))
}

/// What is known of an operation that others name.
fn whereabouts(held: &Held, op: OpId) -> String {
    let last = held.chains.keys().filter(|known| known.device == op.device).map(|known| known.seq).max();
    let text = op.to_string();
    let names_it = |raw: &str| raw.contains(&format!("\"{text}\""));
    let named_by: Vec<_> =
        held.chains.iter().filter(|(_, (raw, _))| names_it(raw)).map(|(op, _)| op.to_string()).collect();
    let outcome = held.chains.get(&op).map(|(_, outcome)| outcome);
    format!("{op}: {outcome:?}, its chain is held up to {last:?}, it is named by {named_by:?}")
}

fn is_excused(reason: &Reason, entities: &BTreeSet<EntityId>, records: &BTreeSet<ObservationId>) -> bool {
    match reason {
        // What two people do on two phones may not fit, without anybody's ill will.
        Reason::OwnRectification => true,
        Reason::UnknownEntity { entity } => !entities.contains(entity),
        Reason::UnknownObservation { observation } => !records.contains(observation),
        _ => false,
    }
}

/// The merged operations of the hostile phone.
fn hostile<'h>(siege: &'h Siege, held: &'h Held) -> impl Iterator<Item = &'h (Op, i64)> {
    let ops = held.logs.values().flatten();
    ops.filter(|(op, _)| siege.is_hostile(op.device))
        .filter(|(op, _)| held.chains.get(&op.id()).is_some_and(|(_, outcome)| is_merged(outcome)))
}
