//! Looks at pictures beside everything else: decoding one takes a processor for long, and nobody waits for it.

use super::look::{Looked, look};
use crate::app::Running;
use axum::body::Bytes;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

/// Looks at one picture at a time.
#[derive(Debug)]
pub(super) struct Looker(Option<SyncSender<Task>>);

#[derive(Debug)]
struct Task {
    jpeg: Bytes,
    answer: SyncSender<Option<Looked>>,
}

impl Looker {
    /// On a thread of its own, but in a simulation, and where none is to be had.
    pub(super) fn new(running: Running) -> Self {
        if running == Running::Inline {
            return Self(None);
        }
        let (sender, tasks) = sync_channel(0);
        let thread = std::thread::Builder::new().name("look".into()).spawn(move || run(&tasks));
        if let Err(error) = &thread {
            tracing::warn!(%error, "pictures are looked at without a thread of their own");
        }
        Self(thread.is_ok().then_some(sender))
    }

    /// Looks at a picture; none where it cannot be decoded.
    pub(super) fn look(&self, jpeg: Bytes) -> Option<Looked> {
        let Some(tasks) = &self.0 else { return look(&jpeg) };
        let (answer, looked) = sync_channel(1);
        // A thread that ended has seen nothing: that must not pass for a picture that cannot be decoded.
        let _ = tasks.send(Task { jpeg: jpeg.clone(), answer });
        looked.recv().unwrap_or_else(|_| look(&jpeg))
    }
}

/// Ends when nobody can ask any more.
fn run(tasks: &Receiver<Task>) {
    give_way();
    while let Ok(Task { jpeg, answer }) = tasks.recv() {
        // Whoever asked waits for it, unless they panicked.
        let _ = answer.send(look(&jpeg));
    }
}

/// From now on this thread runs when no other wants to, and stops at once when one does: with the lowest of ordinary
/// rights it would first use up its turn, milliseconds that a request waits. It holds no lock while it looks, so nobody
/// waits for it in turn.
#[cfg(target_os = "linux")]
fn give_way() {
    use thread_priority::unix::{set_thread_priority_and_policy, thread_native_id};
    use thread_priority::{NormalThreadSchedulePolicy, ThreadPriority, ThreadSchedulePolicy};
    let idle = ThreadSchedulePolicy::Normal(NormalThreadSchedulePolicy::Idle);
    if let Err(error) = set_thread_priority_and_policy(thread_native_id(), ThreadPriority::Min, idle) {
        tracing::warn!(%error, "pictures are looked at with as much right as requests");
    }
}

#[cfg(not(target_os = "linux"))]
fn give_way() {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_picture_is_answered_in_both_ways() {
        for running in [Running::Threads, Running::Inline] {
            let looker = Looker::new(running);
            for _ in 0..3 {
                assert!(looker.look(Bytes::from_static(b"no picture")).is_none());
            }
        }
    }
}
