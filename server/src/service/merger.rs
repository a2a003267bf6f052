//! The one place where pushes become durable: a thread that merges what waits for it in one transaction.
//!
//! While one group is being committed the next one gathers, so the group grows with the load and a lone push
//! waits for nobody.

mod parts;

use super::Refusal;
use super::admission::Admitted;
use super::batch::{Batch, Taken, needs_of};
use super::evidence::Rules;
use super::push::PushJob;
use super::refusal::causes;
use crate::clock::Clock;
use crate::store::log::{MergeTxn, Needs};
use crate::store::{Store, StoreError, StoreResult};
use bianfang_shared::access::Role;
use bianfang_shared::id::{DeviceId, OpId};
use bianfang_shared::judge::Awaited;
use bianfang_shared::wire::PushReply;
use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::time::{Duration, Instant};
use tokio::sync::oneshot;

/// Most pushes that wait for the merge. Beyond, the centre says that it is busy.
pub const QUEUE_PUSHES_MAX: usize = 1_024;
/// Most operations in one transaction, so that nobody waits long for others.
const GROUP_OPS_MAX: usize = 4_000;
/// Longest time that a group gathers.
const GATHER_MAX: Duration = Duration::from_millis(3);

/// A push that was taken in, or the reason why not.
pub type Answer = Result<PushReply, Refusal>;

/// Whether what waits for something that arrives is judged again in the same transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Waiting {
    Released,
    Left,
}

/// A group that is durable.
#[derive(Debug, Default)]
struct Group {
    answers: Vec<Answer>,
    /// What arrived, where those that wait for it were left.
    arrived: BTreeSet<Awaited>,
}

/// Why a group was not merged. Nothing of it was.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error(transparent)]
    Store(StoreError),
    #[error("the program failed")]
    Panic,
}

impl Failure {
    /// Whether it fails because of what the group holds, so that another group may succeed.
    fn is_of_the_group(&self) -> bool {
        match self {
            Self::Store(error) => error.is_permanent(),
            Self::Panic => true,
        }
    }
}

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Store(error) => Self::Store(error),
            Failure::Panic => Self::Internal,
        }
    }
}

/// All are asked to come again; the first is told why.
fn come_again(pushes: usize, failure: Failure) -> Vec<Answer> {
    tracing::warn!(pushes, cause = causes(&failure), "a group was not merged");
    let again = || Refusal::Store(StoreError::Unavailable("the group was not merged".into()));
    let first = Err(failure.into());
    std::iter::once(first).chain((1..pushes).map(|_| Err(again()))).take(pushes).collect()
}

/// Merges pushes. Holds nothing between two groups but what it needs to ask: a failed transaction leaves
/// nothing behind.
#[derive(Clone, Debug)]
pub struct Merger {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    rules: Arc<Rules>,
}

impl Merger {
    /// A merger over this store.
    pub fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>, rules: Arc<Rules>) -> Self {
        Self { store, clock, rules }
    }

    /// Merges these pushes in one durable transaction; answers each.
    ///
    /// Where the group fails because of what it holds, each push is tried alone, and of one that fails alone the operations
    /// in it: so that nobody can stop others. Where the store is out of reach, all are asked to come again.
    pub fn merge_now(&self, jobs: &[PushJob]) -> Vec<Answer> {
        self.merge_at(jobs, self.clock.now_ms())
    }

    /// As [`Self::merge_now`], taken in at this time.
    pub fn merge_at(&self, jobs: &[PushJob], now_ms: i64) -> Vec<Answer> {
        match self.attempt(jobs, now_ms, Waiting::Released) {
            Ok(group) => group.answers,
            Err(failure) if !failure.is_of_the_group() => come_again(jobs.len(), failure),
            Err(failure) if jobs.len() > 1 => {
                tracing::warn!(pushes = jobs.len(), cause = %failure, "a group was not merged; each push is tried alone");
                jobs.iter().flat_map(|job| self.merge_at(std::slice::from_ref(job), now_ms)).collect()
            }
            Err(failure) => jobs.iter().map(|job| self.merge_parts(job, now_ms, &failure)).collect(),
        }
    }

    /// Merges a group, or does nothing at all.
    fn attempt(&self, jobs: &[PushJob], now_ms: i64, waiting: Waiting) -> Result<Group, Failure> {
        let merged = catch_unwind(AssertUnwindSafe(|| self.merge_group(jobs, now_ms, waiting)));
        merged.map_err(|_| Failure::Panic)?.map_err(Failure::Store)
    }

    fn merge_group(&self, jobs: &[PushJob], now_ms: i64, waiting: Waiting) -> StoreResult<Group> {
        let epoch = self.store.epoch()?;
        let says_so = jobs.iter().any(|job| job.acknowledged_seq > 0);
        let follows_another = says_so && self.store.follows_another()?;
        let mut group = Group::default();
        self.store.merge(&mut |txn| {
            let mut batch = Batch::new(now_ms, epoch, &self.rules);
            batch.follows_another = follows_another;
            batch.load(txn, needs_of_jobs(jobs, &self.rules))?;
            batch.load_named(txn, jobs.iter().flat_map(|job| &job.ops).flat_map(|incoming| &incoming.op))?;
            let taken = take_all(&mut batch, txn, jobs)?;
            match waiting {
                Waiting::Released => batch.release_all(txn)?,
                Waiting::Left => group.arrived = batch.arrived(),
            }
            group.answers = taken.into_iter().map(|taken| taken.map(|taken| batch.reply(taken))).collect();
            txn.apply(&batch.into_changes())
        })?;
        Ok(group)
    }

    /// Judges again what waits for a newer version of this program: it may be the one.
    pub fn release_after_upgrade(&self) -> StoreResult<()> {
        let epoch = self.store.epoch()?;
        self.store.merge(&mut |txn| {
            let mut batch = Batch::new(self.clock.now_ms(), epoch, &self.rules);
            batch.release_after_upgrade(txn)?;
            txn.apply(&batch.into_changes())
        })
    }

    /// Judges one operation that was set aside again, as a person of this role asks. Answers whether it is merged now;
    /// `None` where there is no such operation.
    pub fn release(&self, op: OpId, asker: Role) -> StoreResult<Option<bool>> {
        self.release_one(op, Some(asker))
    }

    fn release_one(&self, op: OpId, asker: Option<Role>) -> StoreResult<Option<bool>> {
        let epoch = self.store.epoch()?;
        let mut answer = None;
        self.store.merge(&mut |txn| {
            let Some(aside) = txn.set_aside(op)? else { return Ok(()) };
            let mut batch = Batch::new(self.clock.now_ms(), epoch, &self.rules);
            answer = Some(batch.release_one(txn, aside, asker)?);
            txn.apply(&batch.into_changes())
        })?;
        Ok(answer)
    }
}

fn needs_of_jobs(jobs: &[PushJob], rules: &Rules) -> Needs {
    let mut needs = Needs::default();
    for job in jobs {
        needs.devices.insert(job.device);
        needs.users.insert(job.user);
        let judged = job.ops.iter().filter(|incoming| incoming.aside.is_none());
        judged.flat_map(|incoming| &incoming.op).for_each(|op| needs_of(op, rules, &mut needs));
    }
    needs
}

fn take_all(
    batch: &mut Batch<'_>,
    txn: &mut dyn MergeTxn,
    jobs: &[PushJob],
) -> StoreResult<Vec<Result<Taken, Refusal>>> {
    let mut read = |device: DeviceId, first, last| txn.held(device, first, last);
    jobs.iter().map(|job| batch.take(job, &mut read)).collect()
}

/// The push goes back with its answer, to be dropped on the waiter's thread and not on the merge's.
type Answered = (Answer, PushJob);

/// A push that waits for its answer.
#[derive(Debug)]
struct Queued {
    job: PushJob,
    /// Held until the answer is sent: what is read but not yet merged is bounded.
    admitted: Admitted,
    answer: oneshot::Sender<Answered>,
}

/// Hands pushes to the merge: to its thread, or, for a simulation, at once and on the caller's own.
#[derive(Debug)]
pub struct MergeQueue {
    merger: Merger,
    inline: bool,
    queue: std::sync::Mutex<Option<SyncSender<Queued>>>,
    thread: std::sync::Mutex<Option<std::thread::JoinHandle<()>>>,
}

impl MergeQueue {
    /// Merges on a thread of its own.
    pub fn threaded(merger: Merger) -> std::io::Result<Self> {
        let (sender, receiver) = sync_channel(QUEUE_PUSHES_MAX);
        let own = merger.clone();
        let thread = std::thread::Builder::new().name("merge".into()).spawn(move || run(&own, &receiver))?;
        Ok(Self { merger, inline: false, queue: Some(sender).into(), thread: Some(thread).into() })
    }

    /// Merges on the caller's thread, one push at a time.
    pub fn inline(merger: Merger) -> Self {
        Self { merger, inline: true, queue: None.into(), thread: None.into() }
    }

    /// The merger behind the queue.
    pub fn merger(&self) -> &Merger {
        &self.merger
    }

    /// Merges a push and answers when it is durable.
    pub async fn merge(&self, job: PushJob, admitted: Admitted) -> Answer {
        if self.inline {
            return self.merger.merge_now(&[job]).pop().unwrap_or(Err(Refusal::Internal));
        }
        let (answer, answered) = oneshot::channel();
        let waiting = Queued { job, admitted, answer };
        match lock(&self.queue).as_ref() {
            Some(queue) => queue.try_send(waiting).map_err(|error| match error {
                TrySendError::Full(_) => Refusal::Busy,
                TrySendError::Disconnected(_) => Refusal::ShuttingDown,
            })?,
            None => return Err(Refusal::ShuttingDown),
        }
        answered.await.map_or(Err(Refusal::ShuttingDown), |(answer, _)| answer)
    }

    /// Takes no more pushes, merges those that wait, and returns when all are answered.
    pub fn finish(&self) {
        drop(lock(&self.queue).take());
        let thread = lock(&self.thread).take();
        if let Some(thread) = thread {
            // A panic there was answered to those who waited; there is nobody else to tell.
            let _ = thread.join();
        }
    }
}

impl Drop for MergeQueue {
    fn drop(&mut self) {
        self.finish();
    }
}

fn lock<T>(mutex: &std::sync::Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

fn run(merger: &Merger, queue: &Receiver<Queued>) {
    let mut expected = 1;
    while let Ok(first) = queue.recv() {
        let group = gather(first, queue, expected);
        // Those who were answered together come back together: wait a moment for as many next time.
        expected = group.len();
        let (jobs, waiting): (Vec<_>, Vec<_>) =
            group.into_iter().map(|waiting| (waiting.job, (waiting.answer, waiting.admitted))).unzip();
        let answers = merger.merge_now(&jobs);
        for ((answer, job), (waiting, _admitted)) in answers.into_iter().zip(jobs).zip(waiting) {
            // Nobody listens any more where the connection broke; the device will ask again.
            let _ = waiting.send((answer, job));
        }
    }
}

/// What waits already, and a moment's wait for as many as came last time.
fn gather(first: Queued, queue: &Receiver<Queued>, expected: usize) -> Vec<Queued> {
    let until = Instant::now() + GATHER_MAX;
    let mut ops = first.job.ops.len();
    let mut group = vec![first];
    while ops < GROUP_OPS_MAX {
        let wait = if group.len() < expected {
            until.saturating_duration_since(Instant::now())
        } else {
            Duration::ZERO
        };
        match queue.recv_timeout(wait) {
            Ok(next) => {
                ops += next.job.ops.len();
                group.push(next);
            }
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => break,
        }
    }
    group
}
