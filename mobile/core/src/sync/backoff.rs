//! How long to wait after a failure: exponential, with full jitter, so that phones that lost the centre together do
//! not come back together.

use crate::platform::Platform;

/// The longest wait after the first failure.
pub(super) const RETRY_MS_FIRST: u64 = 2_000;
/// The longest wait after any failure.
pub(super) const RETRY_MS_MAX: u64 = 5 * 60_000;
/// The shortest wait.
pub(super) const RETRY_MS_MIN: u64 = 250;

/// How long to wait after the failure that followed `failures` others.
pub(super) fn delay_ms(failures: u32, platform: &Platform) -> i64 {
    let ceiling = RETRY_MS_FIRST.saturating_mul(1 << failures.min(20)).min(RETRY_MS_MAX);
    let random = u64::from_le_bytes(platform.random());
    let delay = RETRY_MS_MIN + random % (ceiling - RETRY_MS_MIN + 1);
    i64::try_from(delay).expect("five minutes fit")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::memory::{ManualClock, platform};

    #[test]
    fn waits_grow_to_a_limit_and_never_vanish() {
        let platform = platform(&ManualClock::default(), 1);
        for failures in [0, 1, 5, 8, 100, u32::MAX] {
            let ceiling = RETRY_MS_FIRST.saturating_mul(1 << failures.min(20)).min(RETRY_MS_MAX);
            for _ in 0..200 {
                let delay = u64::try_from(delay_ms(failures, &platform)).unwrap();
                assert!((RETRY_MS_MIN..=ceiling).contains(&delay), "{failures}: {delay}");
            }
        }
    }
}
