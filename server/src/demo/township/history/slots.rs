//! Who is where at what hour, so that nobody is in two places at once.

use super::super::people::Staff;
use super::{DAY_MS, MINUTE_MS};
use bianfang_shared::day::{day_of, plus_days, start_ms};
use bianfang_shared::id::UserId;
use std::collections::BTreeMap;

/// A part of the day that is spent on one record after another.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shift {
    from_minute: i64,
    /// One record with the way to it.
    slot_minutes: i64,
    /// Most records of a person.
    records_max: i64,
}

/// Visits to households, from nine in the morning.
pub(super) const VISITS: Shift = Shift { from_minute: 9 * 60, slot_minutes: 40, records_max: 9 };
/// Inspections, checks and meetings with post holders, once the last visit is over and while it is light.
pub(super) const ROUNDS: Shift = Shift { from_minute: 15 * 60 + 10, slot_minutes: 32, records_max: 8 };

/// The slots taken in one shift.
#[derive(Clone, Debug)]
pub(super) struct Slots {
    shift: Shift,
    from_ms: i64,
    parity: i64,
    taken: BTreeMap<(UserId, i64), i64>,
}

impl Slots {
    /// Nothing taken; days are counted from that of `from_ms`.
    pub(super) fn new(shift: Shift, staff: &Staff, from_ms: i64) -> Self {
        let parity = i64::try_from(staff.village.number() % 2).unwrap_or(0);
        Self { shift, from_ms, parity, taken: BTreeMap::new() }
    }

    /// When the next free slot of a person's day begins. Villages of odd and even number have odd and even days, so
    /// that those who work in two are never in both.
    pub(super) fn take(&mut self, author: UserId, day: i64) -> i64 {
        let mut day = day + (day + self.parity) % 2;
        while self.taken.get(&(author, day)).is_some_and(|records| *records >= self.shift.records_max) {
            day += 2;
        }
        let taken = self.taken.entry((author, day)).or_insert(0);
        let minute = self.shift.from_minute + *taken * self.shift.slot_minutes;
        *taken += 1;
        midnight_ms(self.from_ms, day) + minute * MINUTE_MS
    }
}

/// The first instant of the day so many days after that of `from_ms`.
pub(super) fn midnight_ms(from_ms: i64, day: i64) -> i64 {
    start_ms(plus_days(day_of(from_ms), day))
}

/// An instant so many days later at an office's hours.
pub(super) fn office_ms(at_ms: i64, days: i64, minute: i64) -> i64 {
    let later = midnight_ms(at_ms, days) + (9 * 60 + minute.rem_euclid(8 * 60)) * MINUTE_MS;
    // The same day may be over already.
    if later > at_ms { later } else { later + DAY_MS }
}
