//! Operations set aside, judged again when what they wait for arrives, in the same transaction.

use super::take::Why;
use super::{Batch, needs_of};
use crate::service::push::read_op;
use crate::store::StoreResult;
use crate::store::log::{Fate, MergeTxn, Merged, Needs, Released, SetAside};
use bianfang_shared::access::Role;
use bianfang_shared::id::OpId;
use bianfang_shared::judge::{Awaited, Reason};
use std::collections::BTreeSet;

/// How many waiting operations are read at once.
const RELEASE_ROWS_MAX: usize = 500;

impl Batch<'_> {
    /// Judges again what waited for anything that has arrived, and what waited for that, until nothing moves.
    /// Ends: every round needs something new to have arrived, and an entry or a record arrives once.
    pub fn release_all(&mut self, txn: &mut dyn MergeTxn) -> StoreResult<()> {
        while !self.arrived.is_empty() {
            let arrived = std::mem::take(&mut self.arrived);
            self.release_new(txn, &arrived)?;
            self.release_held(txn, &arrived)?;
            self.release_moved(txn, &arrived)?;
        }
        Ok(())
    }

    /// Judges what waits for a newer version of this program again.
    pub fn release_after_upgrade(&mut self, txn: &mut dyn MergeTxn) -> StoreResult<()> {
        self.arrived.insert(Awaited::Upgrade);
        self.release_all(txn)
    }

    /// What has arrived and was not yet looked at for those that wait for it.
    pub fn arrived(&self) -> BTreeSet<Awaited> {
        self.arrived.clone()
    }

    /// Judges one operation again: because what it waited for has come, or because a person of this role asked for it.
    /// Then as if it came now, since somebody has looked at it, and fields that only the office writes are covered by
    /// the office. Answers whether it is merged now.
    pub fn release_one(
        &mut self,
        txn: &mut dyn MergeTxn,
        aside: SetAside,
        asker: Option<Role>,
    ) -> StoreResult<bool> {
        let op = aside.op;
        let needs_approval = matches!(aside.reason, Reason::NeedsApproval { .. });
        let judged = match asker {
            None => Judged::Waited,
            Some(asker) => Judged::Asked { approved: needs_approval.then_some(asker) },
        };
        self.release_some(txn, vec![aside], judged)?;
        self.release_all(txn)?;
        Ok(self.released.contains_key(&op))
    }

    /// Those that this very batch set aside.
    fn release_new(&mut self, txn: &mut dyn MergeTxn, arrived: &BTreeSet<Awaited>) -> StoreResult<()> {
        let due: Vec<SetAside> = self
            .waiting
            .iter()
            .filter_map(|&op| self.new_aside(op))
            .filter(|aside| due(aside, arrived))
            .collect();
        for aside in due {
            let fate = match self.judge_again(txn, &aside, Judged::Waited)? {
                Ok(merged) => {
                    self.waiting.remove(&aside.op);
                    Fate::Merged(merged)
                }
                Err(reason) => Fate::Aside(reason),
            };
            let at = self.place_of[&aside.op];
            self.ops[at].fate = fate;
        }
        Ok(())
    }

    fn new_aside(&self, op: OpId) -> Option<SetAside> {
        let new = &self.ops[*self.place_of.get(&op)?];
        let Fate::Aside(reason) = &new.fate else { return None };
        Some(SetAside {
            op,
            raw: new.raw.clone(),
            sender: new.sender,
            scope: new.scope,
            received_at_ms: new.received_at_ms,
            reason: reason.clone(),
        })
    }

    /// Those that earlier transactions set aside.
    fn release_held(&mut self, txn: &mut dyn MergeTxn, arrived: &BTreeSet<Awaited>) -> StoreResult<()> {
        let mut after = None;
        loop {
            let rows = txn.waiting_for(arrived, after, RELEASE_ROWS_MAX)?;
            let is_last = rows.len() < RELEASE_ROWS_MAX;
            after = rows.last().map(|row| row.op);
            self.release_some(txn, rows, Judged::Waited)?;
            if is_last {
                return Ok(());
            }
        }
    }

    /// Those that an earlier round judged again and that wait for this now; the store still has their old reason.
    fn release_moved(&mut self, txn: &mut dyn MergeTxn, arrived: &BTreeSet<Awaited>) -> StoreResult<()> {
        let moved: Vec<OpId> = self
            .still_aside
            .iter()
            .filter(|(_, reason)| reason.waits_for().is_some_and(|awaited| arrived.contains(&awaited)))
            .map(|(op, _)| *op)
            .collect();
        for op in moved {
            let aside = txn.set_aside(op)?;
            self.release_some(txn, aside.into_iter().collect(), Judged::Waited)?;
        }
        Ok(())
    }

    fn release_some(
        &mut self,
        txn: &mut dyn MergeTxn,
        rows: Vec<SetAside>,
        judged: Judged,
    ) -> StoreResult<()> {
        for aside in rows {
            // The store does not know yet what this batch released. What waits for another thing of the same bytes stays as
            // it is, judged or not.
            if self.released.contains_key(&aside.op) {
                continue;
            }
            match self.judge_again(txn, &aside, judged)? {
                Ok(merged) => {
                    self.still_aside.remove(&aside.op);
                    let SetAside { op, raw, received_at_ms, .. } = aside;
                    self.released.insert(op, Released { op, raw, received_at_ms, merged });
                }
                Err(reason) => {
                    self.still_aside.insert(aside.op, reason);
                }
            }
        }
        Ok(())
    }

    /// The person's grants are those of now, the time of receipt is that of then.
    fn judge_again(
        &mut self,
        txn: &mut dyn MergeTxn,
        aside: &SetAside,
        judged: Judged,
    ) -> StoreResult<Result<Merged, Reason>> {
        let op = match read_op(&aside.raw) {
            Ok(op) if op.id() == aside.op => op,
            Ok(_) => return Ok(Err(Reason::Misnumbered)),
            Err(reason) => return Ok(Err(reason)),
        };
        let mut needs = Needs::default();
        needs_of(&op, self.rules, &mut needs);
        needs.users.insert(aside.sender);
        needs.devices.insert(aside.op.device);
        self.load(txn, needs)?;
        self.load_named(txn, std::iter::once(&op))?;
        let Some(mut actor) = self.actor(aside.sender) else { return Ok(Err(Reason::RoleForbids)) };
        let why = match judged {
            Judged::Waited => Why::Waited(&aside.reason),
            Judged::Asked { approved } => {
                actor.role = approved.unwrap_or(actor.role);
                Why::Asked
            }
        };
        Ok(self.take_op(&op, &aside.raw, &actor, aside.received_at_ms, why))
    }
}

/// Why an operation is judged again.
#[derive(Clone, Copy, Debug)]
enum Judged {
    /// What it waited for has come.
    Waited,
    /// A person asked. `approved` is the role by whose rights it is judged.
    Asked { approved: Option<Role> },
}

fn due(aside: &SetAside, arrived: &BTreeSet<Awaited>) -> bool {
    aside.reason.waits_for().is_some_and(|awaited| arrived.contains(&awaited))
}
