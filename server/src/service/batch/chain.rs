//! One push: where it stands against the chain that is held, and its new operations taken in one by one.
//! The rules are those of `bianfang_shared::wire::PushReply`.

use super::Batch;
use super::take::Why;
use crate::service::Refusal;
use crate::service::push::{Incoming, PushJob};
use crate::store::StoreResult;
use crate::store::log::{Fate, HeldOp, Merged, NewOp};
use crate::store::photos::uses_of;
use bianfang_shared::chain::Head;
use bianfang_shared::id::{DeviceId, OpId};
use bianfang_shared::judge::Reason;
use bianfang_shared::op::Op;
use bianfang_shared::wire::{ChainPosition, PushReply, Receipt};

/// Reads part of a device's chain from the store: first and last place, both included.
pub(super) type ReadHeld<'t> = dyn FnMut(DeviceId, u64, u64) -> StoreResult<Vec<HeldOp>> + 't;

/// What became of a push; made into a reply when the whole batch is decided, since a later push of the same
/// batch may release what this one had to set aside.
#[derive(Debug)]
pub enum Taken {
    /// Said already: the reply stands.
    Said(PushReply),
    /// Taken in.
    In {
        /// Whose chain.
        device: DeviceId,
        /// Operations of the push that were held before, with their outcome then.
        held: Vec<Receipt>,
        /// The place of the first new one.
        first_new: u64,
        /// How many are new.
        new: u64,
        /// Where the chain stood after this push.
        chain: ChainPosition,
    },
}

impl Batch<'_> {
    /// Takes in one push.
    pub fn take(&mut self, job: &PushJob, read: &mut ReadHeld<'_>) -> StoreResult<Result<Taken, Refusal>> {
        if let Err(refusal) = self.admit(job) {
            return Ok(Err(refusal));
        }
        if job.epoch != self.epoch {
            return Ok(Ok(Taken::Said(PushReply::WrongEpoch { epoch: self.epoch })));
        }
        let chain = self.position(job.device);
        if job.first_seq > chain.last_seq + 1 {
            return Ok(Ok(Taken::Said(PushReply::Gap { chain })));
        }
        let forked = Ok(Ok(Taken::Said(PushReply::Forked { chain })));
        let Some(overlap) = self.overlap(job, chain, read)? else { return forked };
        let new_ops = &job.ops[overlap.receipts.len()..];
        let heads = heads_from(overlap.head, new_ops);
        if heads.last().copied().unwrap_or(overlap.head) != job.head {
            return forked;
        }
        if self.follows_another
            && let Some(device) = self.devices.get_mut(&job.device)
        {
            device.facts.acknowledged_seq = device.facts.acknowledged_seq.max(job.acknowledged_seq);
        }
        for (incoming, head) in new_ops.iter().zip(heads) {
            self.take_next(job, incoming, head);
        }
        Ok(Ok(Taken::In {
            device: job.device,
            held: overlap.receipts,
            first_new: chain.last_seq + 1,
            new: new_ops.len() as u64,
            chain: self.position(job.device),
        }))
    }

    /// The reply, when nothing of the batch moves any more.
    pub fn reply(&self, taken: Taken) -> PushReply {
        match taken {
            Taken::Said(reply) => reply,
            Taken::In { device, held, first_new, new, chain } => {
                let repeated = held.into_iter().map(|receipt| {
                    let now = self.fate_now(OpId::new(device, receipt.seq));
                    Receipt { outcome: now.unwrap_or(receipt.outcome), ..receipt }
                });
                let fresh = (first_new..first_new + new).map(|seq| self.receipt(OpId::new(device, seq)));
                PushReply::Accepted {
                    received_at_ms: self.now_ms,
                    chain,
                    outcomes: repeated.chain(fresh).collect(),
                }
            }
        }
    }

    fn receipt(&self, op: OpId) -> Receipt {
        let outcome = self.fate_now(op).expect("every new operation has a fate");
        Receipt { seq: op.seq, received_at_ms: self.now_ms, outcome }
    }

    /// Whether this person may push from this device now. Asked inside the transaction: what the front door
    /// knows may be a moment old.
    fn admit(&self, job: &PushJob) -> Result<(), Refusal> {
        let device = &self.devices.get(&job.device).ok_or(Refusal::UnknownDevice)?.facts;
        let user = self.users.get(&job.user).ok_or(Refusal::AccountClosed)?;
        if device.user != job.user {
            Err(Refusal::DeviceOfAnother)
        } else if device.revoked && !job.by_administrator {
            Err(Refusal::DeviceRevoked)
        } else if user.disabled && !job.by_administrator {
            Err(Refusal::AccountClosed)
        } else {
            Ok(())
        }
    }

    fn position(&self, device: DeviceId) -> ChainPosition {
        self.devices.get(&device).map_or(ChainPosition { last_seq: 0, head: Head::EMPTY }, |device| {
            ChainPosition { last_seq: device.facts.last_seq, head: device.facts.head }
        })
    }

    /// Compares what the push repeats with what is held. `None` if they differ.
    fn overlap(
        &self,
        job: &PushJob,
        chain: ChainPosition,
        read: &mut ReadHeld<'_>,
    ) -> StoreResult<Option<Overlap>> {
        if job.first_seq == chain.last_seq + 1 {
            return Ok(Some(Overlap { receipts: Vec::new(), head: chain.head }));
        }
        let repeated = usize::try_from(chain.last_seq + 1 - job.first_seq).unwrap_or(usize::MAX);
        let count = job.ops.len().min(repeated);
        // From one before the first: an empty push is measured by the head there.
        let first = (job.first_seq - 1).max(1);
        let last = job.first_seq + count as u64 - 1;
        let mut overlap = Overlap { receipts: Vec::with_capacity(count), head: Head::EMPTY };
        for op in self.held(job.device, first, last, read)? {
            overlap.head = op.head;
            let Some(at) = op.seq.checked_sub(job.first_seq) else { continue };
            let incoming = usize::try_from(at).ok().and_then(|at| job.ops.get(at));
            if incoming.is_none_or(|incoming| *incoming.raw != *op.raw) {
                return Ok(None);
            }
            let HeldOp { seq, received_at_ms, outcome, .. } = op;
            overlap.receipts.push(Receipt { seq, received_at_ms, outcome });
        }
        Ok((overlap.receipts.len() == count).then_some(overlap))
    }

    /// Part of the chain: from the store, and from what this batch took in.
    fn held(
        &self,
        device: DeviceId,
        first: u64,
        last: u64,
        read: &mut ReadHeld<'_>,
    ) -> StoreResult<Vec<HeldOp>> {
        let stored = self.devices.get(&device).map_or(0, |device| device.held_seq);
        let mut held = if first <= stored { read(device, first, last.min(stored))? } else { Vec::new() };
        let new = (first.max(stored + 1)..=last).filter_map(|seq| self.place_of.get(&OpId::new(device, seq)));
        held.extend(new.map(|&at| {
            let new = &self.ops[at];
            HeldOp {
                seq: new.op.seq,
                raw: new.raw.clone(),
                head: new.head,
                received_at_ms: new.received_at_ms,
                outcome: new.fate.outcome(),
                place: None,
            }
        }));
        Ok(held)
    }

    /// Takes in the next operation of a chain, whatever becomes of it.
    fn take_next(&mut self, job: &PushJob, incoming: &Incoming, head: Head) {
        let device = &mut self.devices.get_mut(&job.device).expect("admitted, so it is there").facts;
        device.last_seq += 1;
        device.head = head;
        let op = OpId::new(job.device, device.last_seq);
        let fate = match self.decide(job, incoming, op) {
            Ok(merged) => Fate::Merged(merged),
            Err(reason) => {
                if reason.waits_for().is_some() {
                    self.waiting.insert(op);
                }
                Fate::Aside(reason)
            }
        };
        if let Ok(read) = &incoming.op {
            self.note_passed(job.device, read);
            // Whatever became of it: what it names is to be sent. Who may see that is decided by those merged alone.
            self.photo_uses.extend(uses_of(read, op));
        }
        self.place_of.insert(op, self.ops.len());
        self.ops.push(NewOp {
            op,
            raw: incoming.raw.clone(),
            head,
            received_at_ms: self.now_ms,
            sender: job.user,
            scope: incoming.op.as_ref().ok().map(|op| op.scope),
            fate,
        });
    }

    /// What a chain says happened has passed, as far as it is not in the future.
    fn note_passed(&mut self, device: DeviceId, op: &Op) {
        let passed_ms = op.hlc.wall_ms().min(self.now_ms);
        if let Some(state) = self.devices.get_mut(&device) {
            state.facts.passed_ms = state.facts.passed_ms.max(Some(passed_ms));
        }
    }

    fn decide(&mut self, job: &PushJob, incoming: &Incoming, name: OpId) -> Result<Merged, Reason> {
        let op = incoming.op.as_ref().map_err(Clone::clone)?;
        if let Some(reason) = &incoming.aside {
            return Err(reason.clone());
        }
        if op.id() != name {
            return Err(Reason::Misnumbered);
        }
        let actor = self.actor(job.user).ok_or(Reason::RoleForbids)?;
        self.take_op(op, &incoming.raw, &actor, self.now_ms, Why::Came)
    }
}

struct Overlap {
    receipts: Vec<Receipt>,
    /// The head after what the push repeats.
    head: Head,
}

fn heads_from(start: Head, ops: &[Incoming]) -> Vec<Head> {
    ops.iter()
        .scan(start, |head, incoming| {
            *head = head.extend(incoming.raw.as_bytes());
            Some(*head)
        })
        .collect()
}
