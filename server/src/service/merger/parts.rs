//! A push that cannot be merged as it is, operation by operation: the one that cannot be kept is set aside, and the others
//! are merged. Only for pushes that failed because of what they hold.

use super::{Answer, Failure, Merger, Waiting};
use crate::service::Refusal;
use crate::service::push::{Incoming, PushJob};
use crate::store::StoreResult;
use crate::store::log::{Changes, MergeTxn};
use bianfang_shared::chain::Head;
use bianfang_shared::id::OpId;
use bianfang_shared::judge::{Awaited, Reason};
use bianfang_shared::wire::PushReply;
use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Most operations of one push that are set aside because they cannot be kept. Beyond, what came before them is durable
/// and the phone is asked to come again: others wait for the merge meanwhile.
const CULPRITS_MAX: usize = 64;
/// Waiting operations read at once, to be looked at one by one after a push that failed because of them.
const LEFT_ROWS: usize = 500;

/// How far a push came.
struct Progress {
    reply: Option<PushReply>,
    culprits: usize,
}

impl Merger {
    /// Merges what can be merged of a push that failed by itself.
    pub(super) fn merge_parts(&self, job: &PushJob, now_ms: i64, failure: &Failure) -> Answer {
        tracing::error!(device = %job.device, ops = job.ops.len(), cause = %failure, "a push was not merged as it is");
        let Some(heads) = self.heads(job)? else {
            // What is held of the chain is itself damaged, or the push does not fit it.
            return Err(Refusal::Internal);
        };
        let mut progress = Progress { reply: None, culprits: 0 };
        self.merge_range(job, &heads, now_ms, (0, job.ops.len()), &mut progress)?;
        progress.reply.ok_or(Refusal::Internal)
    }

    /// Halves what fails until a single operation is left: few bad ones among many cost few transactions.
    fn merge_range(
        &self,
        job: &PushJob,
        heads: &[Head],
        now_ms: i64,
        (from, to): (usize, usize),
        progress: &mut Progress,
    ) -> Result<(), Refusal> {
        let part = part(job, heads, (from, to));
        let failure = match self.attempt(std::slice::from_ref(&part), now_ms, Waiting::Released) {
            Ok(group) => return progress.add(group.answers),
            Err(failure) => failure,
        };
        if !failure.is_of_the_group() {
            return Err(failure.into());
        }
        if to - from > 1 {
            let middle = from + (to - from) / 2;
            self.merge_range(job, heads, now_ms, (from, middle), progress)?;
            return self.merge_range(job, heads, now_ms, (middle, to), progress);
        }
        let answers = self.merge_one(part, now_ms, failure, progress)?;
        progress.add(answers)
    }

    /// One operation that fails by itself: it may be another one that waited for it. If not, it is set aside.
    fn merge_one(
        &self,
        part: PushJob,
        now_ms: i64,
        failure: Failure,
        progress: &mut Progress,
    ) -> Result<Vec<Answer>, Refusal> {
        if let Ok(group) = self.attempt(std::slice::from_ref(&part), now_ms, Waiting::Left) {
            self.release_left(&group.arrived)?;
            return Ok(group.answers);
        }
        progress.culprits += 1;
        if progress.culprits > CULPRITS_MAX {
            return Err(Refusal::Busy);
        }
        tracing::error!(device = %part.device, seq = part.first_seq, cause = %failure, "an operation cannot be kept and was set aside");
        for aside in [Incoming::set_aside, Incoming::unread] {
            let ops = part.ops.iter().map(|incoming| aside(incoming, Reason::CannotBeKept)).collect();
            let part = PushJob { ops, ..part.clone() };
            match self.attempt(std::slice::from_ref(&part), now_ms, Waiting::Left) {
                Ok(group) => return Ok(group.answers),
                Err(failure) if failure.is_of_the_group() => (),
                Err(failure) => return Err(failure.into()),
            }
        }
        // Not even its bytes can be kept, so it is not acknowledged: it stays on the phone.
        Err(failure.into())
    }

    /// Judges again, each in a transaction of its own, what waited for something that arrived.
    fn release_left(&self, arrived: &BTreeSet<Awaited>) -> Result<(), Refusal> {
        let mut after = None;
        loop {
            let mut waiting = Vec::new();
            self.store.merge(&mut |txn| {
                waiting = txn.waiting_for(arrived, after, LEFT_ROWS)?.into_iter().map(|row| row.op).collect();
                Ok(())
            })?;
            let is_last = waiting.len() < LEFT_ROWS;
            after = waiting.last().copied();
            self.release_each(&waiting)?;
            if is_last {
                return Ok(());
            }
        }
    }

    fn release_each(&self, waiting: &[OpId]) -> Result<(), Refusal> {
        for &op in waiting {
            match catch_unwind(AssertUnwindSafe(|| self.release_one(op, None))) {
                Ok(Ok(_)) => (),
                Ok(Err(error)) if !error.is_permanent() => return Err(error.into()),
                Ok(Err(_)) | Err(_) => {
                    tracing::error!(%op, "an operation that waited cannot be kept and stays set aside");
                    self.store.merge(&mut |txn| stays_aside(txn, op))?;
                }
            }
        }
        Ok(())
    }

    /// The head after each operation of a push. Nothing where the push does not fit the chain that is held: what was signed
    /// is the last of them.
    fn heads(&self, job: &PushJob) -> Result<Option<Vec<Head>>, Refusal> {
        let facts = self.store.device_facts(job.device)?;
        let before = match facts {
            _ if job.first_seq == 1 => Some(Head::EMPTY),
            Some(facts) if facts.last_seq + 1 == job.first_seq => Some(facts.head),
            _ => self.store.chain_log(job.device, job.first_seq - 1, 1)?.first().map(|op| op.head),
        };
        let Some(mut head) = before else { return Ok(None) };
        let heads: Vec<Head> = job
            .ops
            .iter()
            .map(|incoming| {
                head = head.extend(incoming.raw.as_bytes());
                head
            })
            .collect();
        Ok((heads.last() == Some(&job.head)).then_some(heads))
    }
}

impl Progress {
    /// Joins what became of a part to what became of those before it.
    fn add(&mut self, answers: Vec<Answer>) -> Result<(), Refusal> {
        for answer in answers {
            let answer = answer?;
            self.reply = Some(match (self.reply.take(), answer) {
                (
                    Some(PushReply::Accepted { outcomes: mut before, .. }),
                    PushReply::Accepted { received_at_ms, chain, outcomes },
                ) => {
                    before.extend(outcomes);
                    PushReply::Accepted { received_at_ms, chain, outcomes: before }
                }
                (_, reply) => reply,
            });
        }
        Ok(())
    }
}

fn part(job: &PushJob, heads: &[Head], (from, to): (usize, usize)) -> PushJob {
    PushJob {
        first_seq: job.first_seq + from as u64,
        ops: job.ops[from..to].to_vec(),
        head: heads[to - 1],
        ..*job
    }
}

fn stays_aside(txn: &mut dyn MergeTxn, op: OpId) -> StoreResult<()> {
    txn.apply(&Changes { still_aside: vec![(op, Reason::CannotBeKept)], ..Changes::default() })
}
