//! Places and times as phones measure them: mostly at the door, now and then weak.

use super::super::dice::Dice;
use super::super::roster::shifted;
use bianfang_shared::entry::Entry;
use bianfang_shared::ledger::Point;
use bianfang_shared::observation::{Fix, Outcome, Platform};

const MINUTE_MS: i64 = 60_000;

/// What a phone measured while a record was made.
pub(super) struct Measured {
    pub(super) fixes: Vec<Fix>,
    pub(super) dwell_ms: i64,
    /// Whether a supervisor would send it back.
    pub(super) weak: bool,
}

/// How good a record is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Quality {
    Good,
    Imprecise,
    Short,
    FarOff,
    NoPlace,
}

/// How good a record turns out.
pub(super) fn quality(dice: &mut Dice) -> Quality {
    match dice.below(100) {
        0..=84 => Quality::Good,
        85..=90 => Quality::Imprecise,
        91..=94 => Quality::Short,
        95..=97 => Quality::FarOff,
        _ => Quality::NoPlace,
    }
}

/// A place that an entry names.
pub(super) fn point(entry: &Entry, field: &str) -> Point {
    entry.value(field).read().unwrap_or(Point { lat: 28.9, lon: 113.3, accuracy_m: 0.0 })
}

/// How long somebody stays at a door.
pub(super) fn stay_ms(dice: &mut Dice, outcome: Outcome, quality: Quality) -> i64 {
    let seconds = match (outcome, quality) {
        (Outcome::AtHome, Quality::Short) => dice.between(60, 280),
        (Outcome::AtHome, _) => dice.between(5 * 60 + 10, 16 * 60),
        _ => dice.between(40, 200),
    };
    seconds * 1_000
}

/// The fixes of a record that began at `at_ms` and took so long.
pub(super) fn measure(
    dice: &mut Dice,
    anchor: Point,
    (at_ms, dwell_ms): (i64, i64),
    quality: Quality,
    platform: Platform,
) -> Measured {
    let (off_m, accuracy_m) = match quality {
        Quality::Good | Quality::Short => (dice.around() * 14.0, dice.between(5, 24)),
        Quality::Imprecise => (dice.around() * 40.0, dice.between(35, 95)),
        Quality::FarOff | Quality::NoPlace => (450.0 + dice.fraction() * 900.0, dice.between(8, 30)),
    };
    let turn = dice.fraction() * std::f64::consts::TAU;
    let at = shifted(anchor, off_m * turn.sin(), off_m * turn.cos());
    let fix = |at_ms: i64, accuracy_m: i64| Fix {
        lat: at.lat,
        lon: at.lon,
        accuracy_m: f64::from(u16::try_from(accuracy_m).unwrap_or(50)),
        altitude_m: None,
        at_ms,
        received_at_ms: None,
        provider: None,
        mocked: (platform == Platform::Native).then_some(false),
    };
    let fixes = match quality {
        Quality::NoPlace => Vec::new(),
        _ => vec![
            fix(at_ms + MINUTE_MS / 3, accuracy_m + 3),
            fix(at_ms + dwell_ms - MINUTE_MS / 2, accuracy_m),
        ],
    };
    Measured { fixes, dwell_ms, weak: matches!(quality, Quality::FarOff | Quality::NoPlace) }
}
