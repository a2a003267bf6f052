//! Clears away uploads that expired, what crashes left behind, and photographs that nobody names.

use super::Photos;
use crate::service::Refusal;
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// Cleared away at least so often, in milliseconds.
const SWEEP_EVERY_MS: i64 = 60 * 60 * 1000;
/// For so long an expired upload is still known, so that whoever goes on with it learns that it has expired, in
/// milliseconds.
const TOLD_GONE_MS: i64 = 60 * 60 * 1000;
/// Uploads ended at once.
const ROWS_MAX: usize = 500;

/// What was cleared away.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Uploads that had expired.
    pub expired: u64,
    /// Files that belonged to no upload.
    pub orphans: u64,
    /// Photographs that no operation names, moved out of the way.
    pub unnamed: u64,
    /// Such photographs, removed for good.
    pub removed: u64,
}

impl Photos {
    /// Ends uploads that have expired, and removes the files of those that ended.
    pub fn sweep(&self) -> Result<Swept, Refusal> {
        let now_ms = self.clock.now_ms();
        self.swept_at_ms.store(now_ms, Ordering::SeqCst);
        let expired_ms = now_ms.saturating_sub(TOLD_GONE_MS);
        let mut swept = Swept::default();
        loop {
            let rows = self.store.expired_uploads(expired_ms, ROWS_MAX)?;
            for upload in &rows {
                self.leases.interrupt(upload.id);
                self.end(upload.id)?;
                swept.expired += 1;
            }
            if rows.len() < ROWS_MAX {
                break;
            }
        }
        for id in self.files.uploads()? {
            // Nobody begins to write to an upload that is not noted, so what is looked at here cannot come to life.
            let belongs = self.store.upload(id)?.is_some_and(|upload| !upload.done);
            if !belongs {
                self.files.remove(id)?;
                swept.orphans += 1;
            }
        }
        swept.removed = self.remove_unnamed()?;
        swept.unnamed = self.let_unnamed_go()?;
        self.unnamed_total.fetch_add(swept.unnamed, Ordering::Relaxed);
        if swept != Swept::default() {
            let Swept { expired, orphans, unnamed, removed } = swept;
            tracing::info!(expired, orphans, unnamed, removed, "cleared photographs and uploads away");
        }
        Ok(swept)
    }

    /// Whether it is time to sweep again.
    pub(super) fn sweep_is_due(&self) -> bool {
        let swept_at_ms = self.swept_at_ms.load(Ordering::SeqCst);
        self.clock.now_ms().saturating_sub(swept_at_ms) >= SWEEP_EVERY_MS
    }

    /// Sweeps when it is time, on the way of a request. What goes wrong is for the next time.
    pub(super) async fn sweep_if_due(self: &Arc<Self>) {
        if self.sweep_is_due() {
            let swept = self.blocking(|photos| photos.sweep()).await;
            if let Err(refusal) = swept {
                tracing::warn!(code = refusal.code(), "uploads were not cleared away");
            }
        }
    }
}
