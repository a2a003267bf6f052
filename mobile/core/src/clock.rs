//! How far the phone's clock is off, as far as the phone can tell by itself. Reads no clock.
//!
//! At each contact the centre tells its time. From then on the monotonic clock, which nobody can set, says how much has
//! passed at least; it begins anew with the phone or the app, and then says too little and never too much. So a clock
//! that was put back shows at once, also with no signal. One that was put ahead shows at the next contact: a phone that
//! slept cannot be told from one whose clock jumped. Only where the offset that was measured would make the time since
//! the contact longer than phones are without one, the clock was rather put right. → ADR 0014

use crate::platform::Now;
use crate::store::{StoreError, meta};
use bianfang_shared::evidence::EARLIEST_MS;
use rusqlite::Connection;
use serde::{Deserialize, Serialize};

/// Below this what the two clocks say apart is drift, and what was measured at the contact holds.
const JUMP_MS_MIN: i64 = 60_000;

/// Longer than phones are without contact, so that a clock which says so was set.
const WITHOUT_CONTACT_MS_MAX: i64 = 60 * 86_400_000;

/// What the centre told of its time, last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Contact {
    /// The centre's time, in milliseconds since 1970.
    pub(crate) centre_ms: i64,
    /// The phone's monotonic clock then.
    pub(crate) monotonic_ms: i64,
}

/// How far the phone's clock is ahead of the centre's now; none before the first contact.
pub(crate) fn offset_ms(conn: &Connection, now: Now) -> Result<Option<i64>, StoreError> {
    Ok(offset(now, meta::get(conn, meta::CLOCK_OFFSET_MS)?, meta::get(conn, meta::CONTACT)?))
}

/// Now, by the centre's clock as far as the phone can tell: what is due today is so by this.
pub(crate) fn centre_ms(conn: &Connection, now: Now) -> Result<i64, StoreError> {
    Ok(now.wall_ms.saturating_sub(offset_ms(conn, now)?.unwrap_or(0)))
}

fn offset(now: Now, told_ms: Option<i64>, contact: Option<Contact>) -> Option<i64> {
    let told_now_ms = now.wall_ms.saturating_sub(told_ms.unwrap_or(0));
    let passed_ms = contact.map(|contact| {
        let since_ms = now.monotonic_ms.saturating_sub(contact.monotonic_ms).max(0);
        contact.centre_ms.saturating_add(since_ms)
    });
    let at_least_ms = passed_ms.unwrap_or(EARLIEST_MS).max(EARLIEST_MS);
    let is_long = passed_ms.is_some_and(|at| told_now_ms.saturating_sub(at) > WITHOUT_CONTACT_MS_MAX);
    if is_long && (at_least_ms..told_now_ms).contains(&now.wall_ms) {
        return Some(0);
    }
    if at_least_ms.saturating_sub(told_now_ms) < JUMP_MS_MIN {
        return told_ms;
    }
    Some(now.wall_ms.saturating_sub(at_least_ms))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW_MS: i64 = 1_752_800_000_000;
    const DAY_MS: i64 = 86_400_000;

    #[test]
    fn a_clock_that_was_put_back_is_noticed_at_once_and_one_that_slept_is_not_accused() {
        let contact = Some(Contact { centre_ms: NOW_MS, monotonic_ms: 5_000 });
        let at = |wall_ms: i64, monotonic_ms: i64| Now { wall_ms, monotonic_ms };
        for (case, now, told, contact, expected) in [
            ("as measured", at(NOW_MS + 60_000, 65_000), Some(0), contact, Some(0)),
            (
                "an hour behind, as measured",
                at(NOW_MS - 3_600_000, 5_000),
                Some(-3_600_000),
                contact,
                Some(-3_600_000),
            ),
            (
                "24 days back, offline",
                at(NOW_MS - 24 * DAY_MS, 65_000),
                Some(0),
                contact,
                Some(-24 * DAY_MS - 60_000),
            ),
            (
                "an hour back after two hours",
                at(NOW_MS + 3_600_000, 7_205_000),
                Some(0),
                contact,
                Some(-3_600_000),
            ),
            (
                "a year back, and the app opened anew",
                at(NOW_MS - 365 * DAY_MS, 10),
                Some(0),
                contact,
                Some(-365 * DAY_MS),
            ),
            ("asleep for a night", at(NOW_MS + DAY_MS / 3, 6_000), Some(0), contact, Some(0)),
            ("some seconds of drift", at(NOW_MS + 50_000, 65_000), Some(0), contact, Some(0)),
            (
                "ahead at the contact, and put back from there",
                at(NOW_MS, 5_000),
                Some(DAY_MS),
                contact,
                Some(0),
            ),
            (
                "five years behind, and put right",
                at(NOW_MS + 60_000, 65_000),
                Some(-5 * 365 * DAY_MS),
                contact,
                Some(0),
            ),
            (
                "five years behind, a week later",
                at(NOW_MS - (5 * 365 - 7) * DAY_MS, 5_000 + 7 * DAY_MS),
                Some(-5 * 365 * DAY_MS),
                contact,
                Some(-5 * 365 * DAY_MS),
            ),
            (
                "a day behind, and without contact for a month",
                at(NOW_MS + 29 * DAY_MS, 5_000),
                Some(-DAY_MS),
                contact,
                Some(-DAY_MS),
            ),
            ("never in contact", at(NOW_MS, 0), None, None, None),
            (
                "never in contact, in 2010",
                at(1_262_304_000_000, 0),
                None,
                None,
                Some(1_262_304_000_000 - EARLIEST_MS),
            ),
        ] {
            assert_eq!(offset(now, told, contact), expected, "{case}");
        }
    }
}
