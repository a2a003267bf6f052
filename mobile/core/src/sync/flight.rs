//! A request under way, of records or of photographs. Knows nothing of what was asked.

use super::{ANSWER_MS_MAX, PATIENCE_MS, Ticket};

/// A request under way.
#[derive(Debug)]
pub(super) struct Flight<W> {
    pub(super) ticket: Ticket,
    pub(super) sent_ms: i64,
    /// What was asked.
    pub(super) what: W,
}

impl<W> Flight<W> {
    /// Until when its answer is waited for.
    pub(super) fn lease_ms(&self) -> i64 {
        self.sent_ms.saturating_add(ANSWER_MS_MAX)
    }

    /// Whether “upload now” gives it up.
    pub(super) fn outlasts_patience(&self, now_ms: i64) -> bool {
        now_ms.saturating_sub(self.sent_ms) > PATIENCE_MS
    }
}
