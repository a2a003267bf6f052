//! One request at a time writes to an upload. Waits for nobody but whom it was asked to interrupt.

use crate::service::Refusal;
use crate::store::photos::UploadId;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::watch;

/// Who writes to which upload.
#[derive(Debug, Default)]
pub(super) struct Leases(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    held: HashMap<UploadId, watch::Sender<bool>>,
    closed: bool,
}

/// The right to write to an upload, given back when dropped.
#[derive(Debug)]
pub(super) struct Lease {
    upload: UploadId,
    leases: Arc<Leases>,
    interrupted: watch::Receiver<bool>,
}

impl Leases {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes an upload that nobody writes to.
    pub(super) fn take(self: &Arc<Self>, upload: UploadId) -> Result<Lease, Refusal> {
        let mut state = self.state();
        if state.closed {
            return Err(Refusal::ShuttingDown);
        }
        if state.held.contains_key(&upload) {
            return Err(Refusal::UploadLocked);
        }
        let (sender, interrupted) = watch::channel(false);
        state.held.insert(upload, sender);
        Ok(Lease { upload, leases: Arc::clone(self), interrupted })
    }

    /// Takes an upload; whoever writes to it keeps what came, and ends. That is how a client gets back to an upload
    /// whose connection broke without the server noticing.
    pub(super) async fn take_over(self: &Arc<Self>, upload: UploadId) -> Result<Lease, Refusal> {
        loop {
            match self.take(upload) {
                Err(Refusal::UploadLocked) => (),
                taken => return taken,
            }
            let holder = self.state().held.get(&upload).cloned();
            if let Some(holder) = holder {
                holder.send_replace(true);
                holder.closed().await;
            }
        }
    }

    /// Interrupts whoever writes to it, and waits for nobody.
    pub(super) fn interrupt(&self, upload: UploadId) {
        if let Some(holder) = self.state().held.get(&upload) {
            holder.send_replace(true);
        }
    }

    /// Gives no more, and interrupts all.
    pub(super) fn close(&self) {
        let mut state = self.state();
        state.closed = true;
        for holder in state.held.values() {
            holder.send_replace(true);
        }
    }
}

impl Lease {
    /// The upload.
    pub(super) fn id(&self) -> UploadId {
        self.upload
    }

    /// Returns when somebody else asks for the upload, or the process is to stop; with what to tell the client.
    pub(super) async fn interrupted(&mut self) -> Refusal {
        // The sender stays in the table for as long as this lease lives.
        let _ = self.interrupted.wait_for(|interrupted| *interrupted).await;
        if self.leases.state().closed { Refusal::ShuttingDown } else { Refusal::UploadLocked }
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        self.leases.state().held.remove(&self.upload);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const UPLOAD: UploadId = UploadId([1; 16]);

    #[tokio::test]
    async fn one_writes_and_whoever_comes_back_takes_over() {
        let leases = Arc::new(Leases::default());
        let mut first = leases.take(UPLOAD).unwrap();
        assert!(matches!(leases.take(UPLOAD), Err(Refusal::UploadLocked)));
        assert!(leases.take(UploadId([2; 16])).is_ok());
        let writing = tokio::spawn(async move { first.interrupted().await });
        let second = leases.take_over(UPLOAD).await.unwrap();
        assert!(matches!(writing.await.unwrap(), Refusal::UploadLocked));
        drop(second);
        assert!(leases.take(UPLOAD).is_ok());
    }

    #[tokio::test]
    async fn when_the_process_stops_all_are_interrupted_and_nobody_begins() {
        let leases = Arc::new(Leases::default());
        let mut lease = leases.take(UPLOAD).unwrap();
        leases.close();
        assert!(matches!(lease.interrupted().await, Refusal::ShuttingDown));
        assert!(matches!(leases.take(UploadId([2; 16])), Err(Refusal::ShuttingDown)));
    }
}
