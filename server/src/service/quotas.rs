//! How much one person may bring in a day: far more than anybody needs, so that one phone cannot fill the centre's disk or
//! every phone of its village. Counts in memory only. Refuses for a while, never for good, and sets nothing aside.

use super::Refusal;
use bianfang_shared::id::UserId;
use bianfang_shared::wire::{PushReply, Receipt};
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// For so long, from the first thing that is counted, in milliseconds.
const WINDOW_MS: i64 = 24 * 60 * 60 * 1000;
/// So many photographs a person may wrongly say to have had in a day. A phone whose pictures are gone from the centre says
/// so of each.
const WRONG_PROOFS_MAX: u64 = 500;
/// Most people counted at once; beyond, those are forgotten whose day is over, and then all.
const PEOPLE_MAX: usize = 100_000;

/// How much one person may bring in a day. The heaviest honest day is 2,000 operations of some 5 kB and 200 photographs of
/// some 500 kB: these are ten times as much and more.
#[derive(Clone, Copy, Debug)]
pub struct DayQuotas {
    /// Operations that were not held before.
    pub ops: u64,
    /// Their bytes.
    pub op_bytes: u64,
    /// Photographs.
    pub photos: u64,
    /// Their bytes.
    pub photo_bytes: u64,
}

impl Default for DayQuotas {
    fn default() -> Self {
        Self { ops: 20_000, op_bytes: 256 * 1024 * 1024, photos: 2_000, photo_bytes: 4 * 1024 * 1024 * 1024 }
    }
}

/// What people brought in their day.
#[derive(Debug)]
pub struct Quotas {
    quotas: DayQuotas,
    days: Mutex<HashMap<UserId, Day>>,
}

#[derive(Clone, Copy, Debug)]
struct Day {
    since_ms: i64,
    ops: u64,
    op_bytes: u64,
    photos: u64,
    photo_bytes: u64,
    wrong_proofs: u64,
}

impl Day {
    fn beginning(since_ms: i64) -> Self {
        Self { since_ms, ops: 0, op_bytes: 0, photos: 0, photo_bytes: 0, wrong_proofs: 0 }
    }

    fn is_over(&self, now_ms: i64) -> bool {
        // A clock that was set back ends it, too.
        !(self.since_ms..self.since_ms.saturating_add(WINDOW_MS)).contains(&now_ms)
    }
}

impl Quotas {
    /// With these quotas.
    pub fn new(quotas: DayQuotas) -> Self {
        Self { quotas, days: Mutex::default() }
    }

    /// Whether this person may bring more operations now.
    pub fn check_ops(&self, user: UserId, now_ms: i64) -> Result<(), Refusal> {
        let reached = |day: &Day| day.ops >= self.quotas.ops || day.op_bytes >= self.quotas.op_bytes;
        self.check(user, now_ms, reached, self.quotas.ops, "operations")
    }

    /// Whether this person may bring more photographs now.
    pub fn check_photos(&self, user: UserId, now_ms: i64) -> Result<(), Refusal> {
        let reached =
            |day: &Day| day.photos >= self.quotas.photos || day.photo_bytes >= self.quotas.photo_bytes;
        self.check(user, now_ms, reached, self.quotas.photos, "photographs")
    }

    /// Whether this person is still asked what photographs they had.
    pub fn may_prove(&self, user: UserId, now_ms: i64) -> bool {
        let days = self.days();
        days.get(&user).is_none_or(|day| day.is_over(now_ms) || day.wrong_proofs < WRONG_PROOFS_MAX)
    }

    /// Counts a photograph that this person did not have, or that is not held.
    pub fn count_wrong_proof(&self, user: UserId, now_ms: i64) {
        self.count(user, now_ms, |day| day.wrong_proofs = day.wrong_proofs.saturating_add(1));
    }

    fn check(
        &self,
        user: UserId,
        now_ms: i64,
        reached: impl Fn(&Day) -> bool,
        max: u64,
        what: &'static str,
    ) -> Result<(), Refusal> {
        match self.days().get(&user) {
            Some(day) if !day.is_over(now_ms) && reached(day) => {
                let wait_ms = day.since_ms.saturating_add(WINDOW_MS).saturating_sub(now_ms);
                let retry_after_s = u64::try_from(wait_ms / 1000 + 1).unwrap_or(1);
                Err(Refusal::QuotaReached { what, max, retry_after_s })
            }
            _ => Ok(()),
        }
    }

    /// Counts what was new of a push: what is sent again was counted when it came, and what `acknowledged_seq` and those
    /// before it are, an earlier life of the centre had taken in.
    pub fn count_push(
        &self,
        user: UserId,
        reply: &PushReply,
        bytes: usize,
        acknowledged_seq: Option<u64>,
        now_ms: i64,
    ) {
        let PushReply::Accepted { received_at_ms, outcomes, .. } = reply else { return };
        let is_new = |receipt: &&Receipt| {
            receipt.received_at_ms == *received_at_ms && acknowledged_seq.is_none_or(|seq| receipt.seq > seq)
        };
        let new = outcomes.iter().filter(is_new).count() as u64;
        if new == 0 {
            return;
        }
        let bytes = (bytes as u64).saturating_mul(new) / outcomes.len() as u64;
        self.count(user, now_ms, |day| {
            day.ops = day.ops.saturating_add(new);
            day.op_bytes = day.op_bytes.saturating_add(bytes);
        });
    }

    /// Counts a photograph.
    pub fn count_photo(&self, user: UserId, bytes: u64, now_ms: i64) {
        self.count(user, now_ms, |day| {
            day.photos = day.photos.saturating_add(1);
            day.photo_bytes = day.photo_bytes.saturating_add(bytes);
        });
    }

    fn count(&self, user: UserId, now_ms: i64, add: impl FnOnce(&mut Day)) {
        let mut days = self.days();
        if days.len() >= PEOPLE_MAX && !days.contains_key(&user) {
            days.retain(|_, day| !day.is_over(now_ms));
            if days.len() >= PEOPLE_MAX {
                days.clear();
            }
        }
        let day = days.entry(user).or_insert_with(|| Day::beginning(now_ms));
        if day.is_over(now_ms) {
            *day = Day::beginning(now_ms);
        }
        add(day);
    }

    fn days(&self) -> MutexGuard<'_, HashMap<UserId, Day>> {
        self.days.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
