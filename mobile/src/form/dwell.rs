//! How long a form has been in hand: only while its page is in front, by a clock that nobody can set.

/// Time in hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dwell {
    banked_ms: u64,
    since_ms: Option<u64>,
}

impl Dwell {
    /// Goes on from what was banked when the form was last left.
    #[must_use]
    pub fn resumed(banked_ms: u64, now_ms: u64, visible: bool) -> Self {
        Self { banked_ms, since_ms: visible.then_some(now_ms) }
    }

    /// The page came to the front or left it. Saying the same twice changes nothing.
    pub fn turn(&mut self, visible: bool, now_ms: u64) {
        self.banked_ms = self.total_ms(now_ms);
        self.since_ms = visible.then_some(now_ms);
    }

    /// The time in hand so far.
    #[must_use]
    pub fn total_ms(&self, now_ms: u64) -> u64 {
        self.banked_ms + self.since_ms.map_or(0, |since| now_ms.saturating_sub(since))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_time_in_front_counts() {
        let mut dwell = Dwell::resumed(1_000, 100, true);
        assert_eq!(dwell.total_ms(600), 1_500);
        dwell.turn(false, 600);
        assert_eq!(dwell.total_ms(90_000), 1_500);
        dwell.turn(true, 90_000);
        dwell.turn(true, 90_200);
        assert_eq!(dwell.total_ms(90_500), 2_000);
    }

    #[test]
    fn a_form_opened_behind_another_window_counts_from_when_it_is_seen() {
        let mut dwell = Dwell::resumed(0, 0, false);
        assert_eq!(dwell.total_ms(60_000), 0);
        dwell.turn(true, 60_000);
        assert_eq!(dwell.total_ms(61_000), 1_000);
    }
}
