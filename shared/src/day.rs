//! Days as people in the field count them: China standard time, eight hours ahead of UTC all year.
//! A fixed offset, so that no time zone data travel with the app. Reads no clock.

use jiff::ToSpan;
use jiff::civil::{Date, DateTime};

/// A day of the calendar.
pub type Day = Date;

const LOCAL_OFFSET_MS: i64 = 8 * 3_600_000;
/// The first and last instants that the calendar is asked about: the years 1 to 9998.
const EPOCH_MS: std::ops::RangeInclusive<i64> = -62_100_000_000_000..=253_300_000_000_000;

/// The local day of an instant in milliseconds since 1970. Instants beyond the years 1 to 9998, which only a
/// broken clock tells, are brought to the nearest end.
pub fn day_of(at_ms: i64) -> Day {
    local(at_ms).date()
}

/// The minute of the local day of an instant, 0 to 1439.
pub fn minute_of_day(at_ms: i64) -> u16 {
    let time = local(at_ms).time();
    u16::from(time.hour().unsigned_abs()) * 60 + u16::from(time.minute().unsigned_abs())
}

/// The first instant of a local day, in milliseconds since 1970.
pub fn start_ms(day: Day) -> i64 {
    i64::from(days_between(epoch_day(), day)) * 86_400_000 - LOCAL_OFFSET_MS
}

/// So many days later (or earlier); the calendar's end where it would be beyond.
pub fn plus_days(day: Day, days: i64) -> Day {
    day.saturating_add(days.clamp(-4_000_000, 4_000_000).days())
}

/// The same day so many months later, or the last day of that month where it is shorter.
pub fn plus_months(day: Day, months: u32) -> Day {
    day.saturating_add(i64::from(months.min(100_000)).months())
}

/// How many days `to` is after `from`; negative when before.
pub fn days_between(from: Day, to: Day) -> i32 {
    (to - from).get_days()
}

/// Full years from one day to another, as ages are counted; of someone born on 29 February a year is full on 1 March.
pub fn years_between(from: Day, to: Day) -> i32 {
    let not_yet = (to.month(), to.day()) < (from.month(), from.day());
    i32::from(to.year()) - i32::from(from.year()) - i32::from(not_yet)
}

fn epoch_day() -> Day {
    Date::constant(1970, 1, 1)
}

fn local(at_ms: i64) -> DateTime {
    let local_ms = at_ms.clamp(*EPOCH_MS.start(), *EPOCH_MS.end()) + LOCAL_OFFSET_MS;
    epoch_day().at(0, 0, 0, 0).saturating_add(local_ms.milliseconds())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_at_midnight_in_shanghai_and_not_in_greenwich() {
        for (at_ms, day, minute) in [
            (0, "1970-01-01", 8 * 60),
            (1_752_767_999_999, "2025-07-17", 23 * 60 + 59),
            (1_752_768_000_000, "2025-07-18", 0),
            (-28_800_001, "1969-12-31", 23 * 60 + 59),
        ] {
            assert_eq!(day_of(at_ms).to_string(), day, "{at_ms}");
            assert_eq!(minute_of_day(at_ms), minute, "{at_ms}");
        }
        assert_eq!(start_ms("2025-07-18".parse().unwrap()), 1_752_768_000_000);
    }

    #[test]
    fn days_and_months_are_counted_by_the_calendar_and_never_overflow() {
        let day = |text: &str| text.parse::<Day>().unwrap();
        assert_eq!(plus_months(day("2025-01-31"), 1), day("2025-02-28"));
        assert_eq!(plus_months(day("2024-01-31"), 1), day("2024-02-29"));
        assert_eq!(plus_days(day("2025-12-31"), 1), day("2026-01-01"));
        assert_eq!(days_between(day("2025-02-28"), day("2025-03-01")), 1);
        assert_eq!(plus_days(Day::MAX, 1), Day::MAX);
        assert!(day_of(i64::MAX) > day("9990-01-01"));
        assert!(day_of(i64::MIN) < day("0010-01-01"));
    }
}
