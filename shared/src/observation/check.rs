//! Which numbers a record can hold at all: what cannot be stored, compared or drawn is no measurement. Decides about
//! single numbers; numbers that contradict one another are merged, and weigh in [`crate::evidence`].

use super::{Fix, Observation, PhotoRef};
use crate::ledger::BadValue;
use std::fmt::Display;
use std::ops::RangeInclusive;

/// Degrees north.
const LAT: RangeInclusive<f64> = -90.0..=90.0;
/// Degrees east.
const LON: RangeInclusive<f64> = -180.0..=180.0;
/// Metres within which a place is known. A place known no better than this says nothing of where somebody was.
pub(crate) const ACCURACY_M: RangeInclusive<f64> = 0.0..=100_000.0;
/// Metres above sea level: below the lowest mine, above the highest summit.
const ALTITUDE_M: RangeInclusive<f64> = -5_000.0..=10_000.0;
/// Times of a record, in milliseconds since 1970. Not from 2015 on: a phone whose battery ran out begins at 1970, and what
/// it records is merged and weighed.
const TIME_MS: RangeInclusive<i64> = 0..=4_102_444_800_000;
/// Times that a picture's own data may tell, the years 1 to 9999: cameras of others say anything.
const PICTURE_TIME_MS: RangeInclusive<i64> = -62_135_596_800_000..=253_402_300_799_999;
/// A clock is off by no more than all times there are.
const OFFSET_MS: RangeInclusive<i64> = -4_102_444_800_000..=4_102_444_800_000;
/// The longest that a form can have been in hand.
const DWELL_MS: RangeInclusive<u64> = 0..=4_102_444_800_000;
/// Bytes that a record may say that a photograph has. How many may come is asked where they come.
const PICTURE_BYTES: RangeInclusive<u64> = 0..=1_099_511_627_776;

/// A number that no record can hold.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{part} is {bad}")]
pub struct BadPart {
    /// Which part, such as `fix_accuracy_m`; its words are under `reason-part-<part>`.
    pub part: &'static str,
    /// What would fit.
    pub bad: BadValue,
}

impl BadPart {
    /// Every part that can be bad. A test holds that each has words.
    pub const PARTS: &[&str] = &[
        "started_at_ms",
        "ended_at_ms",
        "dwell_ms",
        "clock_offset_ms",
        "fix_lat",
        "fix_lon",
        "fix_accuracy_m",
        "fix_altitude_m",
        "fix_at_ms",
        "fix_received_at_ms",
        "photo_bytes",
        "photo_taken_at_ms",
        "photo_at_ms",
    ];

    /// Whether its bounds are worth telling a person: those of times and sizes are numbers that nobody reads.
    pub fn has_plain_bounds(&self) -> bool {
        !self.part.ends_with("_ms") && !self.part.ends_with("_bytes")
    }
}

/// Checks every number of a record.
pub fn check(record: &Observation) -> Result<(), BadPart> {
    within("started_at_ms", record.started_at_ms, &TIME_MS)?;
    within("ended_at_ms", record.ended_at_ms, &TIME_MS)?;
    within("dwell_ms", record.dwell_ms, &DWELL_MS)?;
    within("clock_offset_ms", record.clock_offset_ms.unwrap_or(0), &OFFSET_MS)?;
    record.fixes.iter().try_for_each(check_fix)?;
    record.photos.iter().try_for_each(check_photo)
}

/// Checks every number that an operation says of a photograph.
pub fn check_photo(photo: &PhotoRef) -> Result<(), BadPart> {
    within("photo_bytes", photo.bytes, &PICTURE_BYTES)?;
    within("photo_taken_at_ms", photo.taken_at_ms.unwrap_or(0), &PICTURE_TIME_MS)?;
    let Some(place) = &photo.place else { return Ok(()) };
    check_place(place)?;
    within("photo_at_ms", place.at_ms, &PICTURE_TIME_MS)
}

fn check_fix(fix: &Fix) -> Result<(), BadPart> {
    check_place(fix)?;
    within("fix_at_ms", fix.at_ms, &TIME_MS)?;
    within("fix_received_at_ms", fix.received_at_ms.unwrap_or(0), &TIME_MS)
}

fn check_place(fix: &Fix) -> Result<(), BadPart> {
    within("fix_lat", fix.lat, &LAT)?;
    within("fix_lon", fix.lon, &LON)?;
    within("fix_accuracy_m", fix.accuracy_m, &ACCURACY_M)?;
    within("fix_altitude_m", fix.altitude_m.unwrap_or(0.0), &ALTITUDE_M)
}

/// What is not a number is in no range.
fn within<T: PartialOrd + Display>(
    part: &'static str,
    value: T,
    range: &RangeInclusive<T>,
) -> Result<(), BadPart> {
    if range.contains(&value) {
        return Ok(());
    }
    let (min, max) = (range.start().to_string(), range.end().to_string());
    Err(BadPart { part, bad: BadValue::OutOfBounds(min, max) })
}

impl Fix {
    /// The measurement as a record can hold it; none where it says nothing of a place. Receivers do tell such things:
    /// a browser guesses a province, a chip begins in 1980. They are left out where they are measured, since a record
    /// that holds one is set aside.
    pub fn storable(mut self) -> Option<Fix> {
        self.altitude_m = self.altitude_m.filter(|altitude| ALTITUDE_M.contains(altitude));
        check_fix(&self).is_ok().then_some(self)
    }
}

impl PhotoRef {
    /// What is said of a photograph, without the numbers that no record can hold.
    pub fn storable(mut self) -> PhotoRef {
        self.taken_at_ms = self.taken_at_ms.filter(|at_ms| PICTURE_TIME_MS.contains(at_ms));
        self.place =
            self.place.filter(|place| check_place(place).is_ok() && PICTURE_TIME_MS.contains(&place.at_ms));
        self
    }
}
