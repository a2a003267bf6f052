//! Threads for work that waits for the disk. Not tokio's: there `object_store` would pass each file on to yet another
//! thread, and the one that asked would wait for that. Nor the pool of `futures`: its threads queue up for one receiver,
//! so that each piece of work wakes two of them, and one that panics is lost.

use crate::app::Running;
use futures::channel::oneshot;
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How many. More of them at once only wait for the same disk.
const THREADS: usize = 16;
/// Where no work was in hand for so long, the next is not about to come.
const QUIET: Duration = Duration::from_millis(5);

/// Runs work apart from those that answer requests. How much waits is limited by whoever asks: each request has one
/// piece of work here at a time.
#[derive(Debug)]
pub(super) struct Threads(Option<Arc<Shared>>);

#[derive(Default)]
struct Shared {
    queue: Mutex<Queue>,
    bell: Condvar,
}

#[derive(Default)]
struct Queue {
    waiting: VecDeque<Box<dyn FnOnce() + Send>>,
    /// Pieces of work that threads are at.
    in_hand: usize,
    /// When the last one was done.
    done_at: Option<Instant>,
    closed: bool,
}

impl Threads {
    /// None in a simulation, and where none are to be had.
    pub(super) fn new(running: Running) -> Self {
        if running == Running::Inline {
            return Self(None);
        }
        let shared = Arc::<Shared>::default();
        let threads = Self(Some(Arc::clone(&shared)));
        for number in 0..THREADS {
            let shared = Arc::clone(&shared);
            let name = format!("photos-{number}");
            let started = std::thread::Builder::new().name(name).spawn(move || shared.work());
            if let Err(error) = started {
                tracing::warn!(%error, number, "photographs have fewer threads than they should");
                return if number == 0 { Self(None) } else { threads };
            }
        }
        threads
    }

    /// Runs it to its end, even when nobody waits for that any more. Nothing if it panicked.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Option<T> {
        let Some(shared) = &self.0 else { return tokio::task::spawn_blocking(work).await.ok() };
        let (answer, answered) = oneshot::channel();
        shared.queue().waiting.push_back(Box::new(move || {
            // The panic was said by itself; it must not cost a thread.
            if let Ok(done) = catch_unwind(AssertUnwindSafe(work)) {
                let _ = answer.send(done);
            }
        }));
        shared.bell.notify_one();
        answered.await.ok()
    }

    /// Returns when nothing was in hand for a moment, or after so long at the latest. For whoever does what nobody waits
    /// for.
    pub(super) fn wait_until_quiet(&self, most: Duration) {
        let Some(shared) = &self.0 else { return };
        let until = Instant::now() + most;
        while !shared.queue().is_quiet() && Instant::now() < until {
            std::thread::sleep(QUIET);
        }
    }
}

impl Queue {
    fn is_quiet(&self) -> bool {
        let rested = self.done_at.is_none_or(|done_at| done_at.elapsed() >= QUIET);
        self.waiting.is_empty() && self.in_hand == 0 && rested
    }
}

/// What waits is still done.
impl Drop for Threads {
    fn drop(&mut self) {
        if let Some(shared) = &self.0 {
            shared.queue().closed = true;
            shared.bell.notify_all();
        }
    }
}

impl Shared {
    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn work(&self) {
        while let Some(work) = self.next() {
            work();
            let mut queue = self.queue();
            queue.in_hand -= 1;
            queue.done_at = Some(Instant::now());
        }
    }

    /// What is to be done next; nothing when there will be no more.
    fn next(&self) -> Option<Box<dyn FnOnce() + Send>> {
        let idle = |queue: &mut Queue| queue.waiting.is_empty() && !queue.closed;
        let mut queue = self.bell.wait_while(self.queue(), idle).unwrap_or_else(PoisonError::into_inner);
        let work = queue.waiting.pop_front()?;
        queue.in_hand += 1;
        Some(work)
    }
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shared").field("waiting", &self.queue().waiting.len()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt as _;

    #[tokio::test]
    async fn work_that_panics_costs_its_own_answer_and_no_thread() {
        let threads = Threads::new(Running::Threads);
        for _ in 0..=THREADS {
            assert_eq!(threads.run(|| -> u32 { panic!("as the test wants") }).await, None);
        }
        assert_eq!(threads.run(|| 7).await, Some(7));
    }

    #[tokio::test]
    async fn who_has_time_waits_while_something_is_in_hand_but_not_for_ever() {
        let threads = Threads::new(Running::Threads);
        let is_quiet = || threads.0.as_ref().unwrap().queue().is_quiet();
        assert!(is_quiet());
        let (go_on, told) = std::sync::mpsc::channel();
        let mut work = std::pin::pin!(threads.run(move || told.recv()));
        assert_eq!(work.as_mut().now_or_never(), None);
        threads.wait_until_quiet(QUIET);
        assert!(!is_quiet(), "it is in hand, or about to be");
        go_on.send(()).unwrap();
        assert_eq!(work.await, Some(Ok(())));
        threads.wait_until_quiet(Duration::from_secs(3_600));
        assert!(is_quiet());
    }

    #[tokio::test]
    async fn work_goes_on_when_nobody_waits_for_it() {
        let threads = Threads::new(Running::Threads);
        let (done, told) = oneshot::channel();
        // Asked once, and then given up; and so are the threads.
        let _ = threads.run(move || done.send(())).now_or_never();
        drop(threads);
        assert_eq!(told.await, Ok(()));
    }
}
