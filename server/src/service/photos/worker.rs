//! The thread on which photographs are looked at and records assessed again, beside all requests.

use super::Photos;
use crate::app::Running;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

/// Looks at the clock at least so often.
const WAKE_EVERY: Duration = Duration::from_secs(600);

/// Wakes the thread; without one, does the work at once.
#[derive(Debug)]
pub(crate) struct Worker {
    photos: Arc<Photos>,
    bell: Mutex<Option<SyncSender<()>>>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Worker {
    /// Begins with what the last process left undone. In a simulation nothing runs beside the requests.
    pub(crate) fn start(photos: Arc<Photos>) -> std::io::Result<Self> {
        let worker = Self { photos, bell: Mutex::default(), thread: Mutex::default() };
        if worker.photos.running == Running::Threads {
            let (bell, rung) = sync_channel(1);
            let photos = Arc::clone(&worker.photos);
            let thread =
                std::thread::Builder::new().name("photos".into()).spawn(move || run(&photos, &rung))?;
            *lock(&worker.bell) = Some(bell);
            *lock(&worker.thread) = Some(thread);
        }
        Ok(worker)
    }

    /// There is something to do. What is to be done is in the store, so a bell that rings already is enough.
    pub(crate) fn ring(&self) {
        match self.photos.running {
            Running::Threads => {
                if let Some(bell) = lock(&self.bell).as_ref() {
                    let _ = bell.try_send(());
                }
            }
            Running::Inline => settle(&self.photos),
        }
    }

    /// Ends the thread, when the photograph that it is at is done.
    pub(crate) fn finish(&self) {
        drop(lock(&self.bell).take());
        let thread = lock(&self.thread).take();
        if let Some(thread) = thread {
            self.photos.stop_settling();
            // A panic there was said by the panic itself.
            let _ = thread.join();
        }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.finish();
    }
}

fn run(photos: &Photos, rung: &Receiver<()>) {
    loop {
        settle(photos);
        if photos.sweep_is_due()
            && let Err(refusal) = photos.sweep()
        {
            tracing::warn!(code = refusal.code(), "uploads were not cleared away");
        }
        match rung.recv_timeout(WAKE_EVERY) {
            Ok(()) | Err(RecvTimeoutError::Timeout) => (),
            Err(RecvTimeoutError::Disconnected) => return,
        }
    }
}

/// What goes wrong is still in the store, for the next time.
fn settle(photos: &Photos) {
    if let Err(refusal) = photos.settle() {
        tracing::warn!(code = refusal.code(), "photographs were not all looked at");
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
