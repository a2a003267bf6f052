//! Merges operations that the server's own programs make, such as the demo township, through the same path as every
//! push. Decides nothing: what is made is judged like everything else.

use super::Refusal;
use super::import_outbox::{ended_sign_in, enrolment_line};
use super::merger::Merger;
use super::push::{Incoming, PushJob};
use crate::store::people::SignInOutcome;
use crate::store::{Store, StoreResult};
use bianfang_shared::chain::{DeviceKey, Head, PublicKey};
use bianfang_shared::id::{DeviceId, Epoch, UserId};
use bianfang_shared::judge::Outcome;
use bianfang_shared::op::Op;
use bianfang_shared::wire::PushReply;
use sha2::{Digest, Sha256};
use std::collections::HashMap;

/// Most operations merged at once.
const CHUNK_OPS_MAX: usize = 2_000;
/// Operations merged at once were made within this time, so that none is taken in long after it was made.
const CHUNK_SPAN_MS: i64 = 6 * 60 * 60 * 1000;

/// What became of the operations.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seeded {
    /// How many are in the ledger, those of an earlier run included.
    pub merged: u64,
    /// How many were set aside, with an example of why.
    pub aside: u64,
    /// The first reason.
    pub first_reason: Option<String>,
}

/// Merges operations in the order given. Each device's operations come in its own order, from 1. The centre takes
/// each in soon after its device made it, but never later than `now_ms`. Running it again does no harm.
pub fn merge_made(
    store: &dyn Store,
    merger: &Merger,
    ops: impl Iterator<Item = Op>,
    now_ms: i64,
) -> Result<Seeded, Refusal> {
    let mut writer =
        Writer { store, merger, epoch: store.epoch()?, heads: HashMap::new(), seeded: Seeded::default() };
    let mut chunk = Vec::with_capacity(CHUNK_OPS_MAX);
    for op in ops {
        if chunk.len() == CHUNK_OPS_MAX || chunk.first().is_some_and(|first| !made_together(first, &op)) {
            writer.merge(std::mem::take(&mut chunk), now_ms)?;
        }
        chunk.push(op);
    }
    writer.merge(chunk, now_ms)?;
    Ok(writer.seeded)
}

fn made_together(first: &Op, next: &Op) -> bool {
    (next.hlc.wall_ms() - first.hlc.wall_ms()).abs() <= CHUNK_SPAN_MS
}

struct Writer<'s> {
    store: &'s dyn Store,
    merger: &'s Merger,
    epoch: Epoch,
    heads: HashMap<DeviceId, Head>,
    seeded: Seeded,
}

impl Writer<'_> {
    fn merge(&mut self, ops: Vec<Op>, now_ms: i64) -> Result<(), Refusal> {
        // Taken in when the last of them was made: nothing arrives before it was written.
        let at_ms = ops.iter().map(|op| op.hlc.wall_ms()).max().map_or(now_ms, |made_ms| made_ms.min(now_ms));
        let mut jobs = Vec::new();
        for run in ops.chunk_by(|a, b| a.device == b.device) {
            jobs.push(self.job(run, now_ms)?);
        }
        for answer in self.merger.merge_at(&jobs, at_ms) {
            self.count(answer?)?;
        }
        Ok(())
    }

    /// A run of one device's operations as a push.
    fn job(&mut self, run: &[Op], now_ms: i64) -> Result<PushJob, Refusal> {
        let first = &run[0];
        if !self.heads.contains_key(&first.device) {
            let key = key_of(first.device).public();
            enrol(self.store, first.device, key, first.author, now_ms, "device_made")?;
        }
        let head = self.heads.entry(first.device).or_insert(Head::EMPTY);
        let mut read = Vec::with_capacity(run.len());
        for op in run {
            let raw = serde_json::to_string(op).map_err(|_| Refusal::Internal)?;
            *head = head.extend(raw.as_bytes());
            read.push(Incoming::read(&raw));
        }
        Ok(PushJob {
            device: first.device,
            user: first.author,
            epoch: self.epoch,
            first_seq: first.seq,
            ops: read,
            head: *head,
            acknowledged_seq: 0,
            by_administrator: true,
        })
    }

    fn count(&mut self, reply: PushReply) -> Result<(), Refusal> {
        let PushReply::Accepted { outcomes, .. } = reply else {
            let detail =
                "The folder holds other operations of the same devices; take an empty one.".to_owned();
            return Err(Refusal::Taken { detail });
        };
        for receipt in outcomes {
            match receipt.outcome {
                Outcome::Merged | Outcome::MergedWithConflict => self.seeded.merged += 1,
                Outcome::Quarantined { reason } => {
                    self.seeded.aside += 1;
                    self.seeded.first_reason.get_or_insert_with(|| format!("{reason:?}"));
                }
            }
        }
        Ok(())
    }
}

/// The key of a made device. Anyone can find it out: such a device is for data that nobody has to believe.
fn key_of(device: DeviceId) -> DeviceKey {
    let seed = Sha256::new().chain_update(b"bianfang made device").chain_update(device.bytes()).finalize();
    DeviceKey::from_seed(&seed.into())
}

/// Enrols a device without anybody signing in on it.
pub(super) fn enrol(
    store: &dyn Store,
    device: DeviceId,
    key: PublicKey,
    user: UserId,
    at_ms: i64,
    action: &str,
) -> StoreResult<SignInOutcome> {
    let sign_in = ended_sign_in(device, key, user, at_ms, action);
    store.sign_in(&sign_in, &enrolment_line(device, at_ms, action))
}
