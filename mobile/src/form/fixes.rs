//! Which of the places measured a record keeps. Phones give one a second; a record needs the course of the visit.

use bianfang_shared::observation::Fix;

use crate::platform;

/// Most places kept in a form. When it is full, the one before the last gives way: the first and the newest say most.
pub const FIXES_KEPT_MAX: usize = 40;
/// A place no better than the last one is kept only after so long.
const KEEP_EVERY_MS: i64 = 15_000;
/// A place this much more accurate than the last one is kept at once.
const MUCH_BETTER: f64 = 0.8;

/// A reading of the platform as records have it.
#[must_use]
pub fn to_fix(reading: platform::Fix) -> Fix {
    Fix {
        lat: reading.latitude_deg,
        lon: reading.longitude_deg,
        accuracy_m: reading.accuracy_m,
        altitude_m: None,
        at_ms: i64::try_from(reading.taken_at_ms).unwrap_or(i64::MAX),
        received_at_ms: i64::try_from(reading.received_at_ms).ok(),
        provider: None,
        mocked: None,
    }
}

/// Keeps `fix` if it says more than what is there. Answers whether it did. What says nothing of a place is not kept.
pub fn note_fix(kept: &mut Vec<Fix>, fix: Fix) -> bool {
    let Some(fix) = fix.storable() else { return false };
    if let Some(last) = kept.last() {
        let later = fix.at_ms.saturating_sub(last.at_ms) >= KEEP_EVERY_MS;
        let better = fix.accuracy_m <= last.accuracy_m * MUCH_BETTER;
        if fix.at_ms == last.at_ms || !(later || better) {
            return false;
        }
    }
    if kept.len() >= FIXES_KEPT_MAX {
        kept.remove(kept.len() - 2);
    }
    kept.push(fix);
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fix(at_ms: i64, accuracy_m: f64) -> Fix {
        to_fix(platform::Fix {
            latitude_deg: 28.9,
            longitude_deg: 113.3,
            accuracy_m,
            taken_at_ms: at_ms.try_into().unwrap(),
            received_at_ms: at_ms.try_into().unwrap(),
        })
    }

    #[test]
    fn a_place_is_kept_when_it_is_much_better_or_some_time_has_passed() {
        let mut kept = vec![fix(0, 50.0)];
        for (at_ms, accuracy_m, keeps) in [
            (1_000, 50.0, false),
            (2_000, 45.0, false),
            (3_000, 20.0, true),
            (3_000, 5.0, false),
            (10_000, 60.0, false),
            (18_000, 60.0, true),
        ] {
            assert_eq!(note_fix(&mut kept, fix(at_ms, accuracy_m)), keeps, "{at_ms} {accuracy_m}");
        }
    }

    #[test]
    fn a_long_visit_keeps_its_first_and_its_newest_place() {
        let mut kept = Vec::new();
        for step in 0..1_000 {
            note_fix(&mut kept, fix(step * KEEP_EVERY_MS, 10.0));
        }
        assert_eq!(kept.len(), FIXES_KEPT_MAX);
        assert_eq!(kept[0].at_ms, 0);
        assert_eq!(kept.last().unwrap().at_ms, 999 * KEEP_EVERY_MS);
    }
}
