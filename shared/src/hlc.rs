//! A hybrid logical clock: wall time where clocks agree, causal order where they do not.
//! It ranks concurrent edits only; what follows from what is said by explicit parents.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A stamp: 48 bits of milliseconds since 1970, 16 bits of counter.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(transparent)]
pub struct Hlc(u64);

const COUNTER_BITS: u32 = 16;
const WALL_MS_MAX: u64 = (1 << 48) - 1;

impl Hlc {
    /// The first stamp of a millisecond. Times outside 1970–10889 are brought to the nearest end.
    pub fn at(wall_ms: i64) -> Self {
        let ms = u64::try_from(wall_ms).unwrap_or(0).min(WALL_MS_MAX);
        Self(ms << COUNTER_BITS)
    }

    /// The stamp with these 64 bits.
    pub fn from_bits(bits: u64) -> Self {
        Self(bits)
    }

    /// All 64 bits.
    pub fn bits(self) -> u64 {
        self.0
    }

    /// The wall part, in milliseconds since 1970.
    pub fn wall_ms(self) -> i64 {
        i64::try_from(self.0 >> COUNTER_BITS).expect("48 bits fit")
    }

    /// The stamp for a new event on a device that last used `self` and whose wall clock says `now_ms`.
    /// Always greater than `self`, whatever the wall clock does. A full counter runs on into the next millisecond.
    pub fn tick(self, now_ms: i64) -> Self {
        Self::at(now_ms).max(Self(self.0.saturating_add(1)))
    }

    /// The clock after seeing `remote`. A stamp further ahead than `now_ms + drift_ms_max` is held back to
    /// that, so that one phone set to next year does not drag everybody's clock along.
    pub fn observe(self, remote: Hlc, now_ms: i64, drift_ms_max: i64) -> Self {
        self.max(remote.min(Self::at(now_ms.saturating_add(drift_ms_max))))
    }
}

impl fmt::Debug for Hlc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hlc({}+{})", self.wall_ms(), self.0 & 0xffff)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_tick_is_always_later_whatever_the_wall_clock_does(bits in 0..u64::MAX, now in any::<i64>()) {
            prop_assert!(Hlc::from_bits(bits).tick(now) > Hlc::from_bits(bits));
        }

        #[test]
        fn a_remote_stamp_never_pulls_the_clock_past_the_drift(bits in any::<u64>(), now in 0i64..4_000_000_000_000) {
            let seen = Hlc::at(now).observe(Hlc::from_bits(bits), now, 60_000);
            prop_assert!(seen >= Hlc::at(now) && seen <= Hlc::at(now + 60_000));
        }
    }

    #[test]
    fn a_full_counter_runs_on_into_the_next_millisecond() {
        let full = Hlc::from_bits(Hlc::at(1_000).bits() | 0xffff);
        assert_eq!(full.tick(1_000).wall_ms(), 1_001);
    }
}
