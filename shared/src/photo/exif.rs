//! Reads from EXIF when and where a picture was taken, and which way up it is. Writes none.

use super::policy::PhotoPolicy;
use crate::observation::Fix;
use exif::{Exif, In, Reader, Tag, Value};
use jiff::civil::DateTime;
use std::io::Cursor;

/// What a file says beside its picture. What it does not say well is left out.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Said {
    /// From 1 to 8.
    pub(super) orientation: u8,
    pub(super) taken_at_ms: Option<i64>,
    pub(super) place: Option<Fix>,
}

/// Reads what there is. Damaged EXIF is common and no reason to refuse a picture.
pub(super) fn said(bytes: &[u8], policy: &PhotoPolicy) -> Said {
    let mut reader = Reader::new();
    reader.continue_on_error(true);
    let read = reader.read_from_container(&mut Cursor::new(bytes));
    let Ok(exif) = read.or_else(|error| error.distill_partial_result(|_| ())) else {
        return Said { orientation: 1, ..Said::default() };
    };
    let taken_at_ms = taken_at_ms(&exif, policy);
    Said { orientation: orientation(&exif), taken_at_ms, place: place(&exif, taken_at_ms, policy) }
}

fn orientation(exif: &Exif) -> u8 {
    let told = exif.get_field(Tag::Orientation, In::PRIMARY).and_then(|field| field.value.get_uint(0));
    told.and_then(|told| u8::try_from(told).ok()).filter(|told| (1..=8).contains(told)).unwrap_or(1)
}

/// The moment of the shutter. The camera's clock shows local time; newer ones say how far it is from UTC.
fn taken_at_ms(exif: &Exif, policy: &PhotoPolicy) -> Option<i64> {
    let taken = [
        (Tag::DateTimeOriginal, Tag::OffsetTimeOriginal, Tag::SubSecTimeOriginal),
        (Tag::DateTimeDigitized, Tag::OffsetTimeDigitized, Tag::SubSecTimeDigitized),
    ];
    taken.into_iter().find_map(|(time, offset, fraction)| {
        let mut told = exif::DateTime::from_ascii(ascii(exif, time)?).ok()?;
        // Neither is worth losing the time for.
        let _ = ascii(exif, offset).map(|text| told.parse_offset(text));
        let _ = ascii(exif, fraction).map(|text| told.parse_subsec(text));
        let offset_min = told.offset.map_or(policy.time.utc_offset_min, i32::from);
        let part_ms = i64::from(told.nanosecond.unwrap_or(0) / 1_000_000);
        Some(utc_ms(&told)? - i64::from(offset_min) * 60_000 + part_ms)
    })
}

/// The place, unless it is the 0° N 0° E that some phones write before they know any.
fn place(exif: &Exif, taken_at_ms: Option<i64>, policy: &PhotoPolicy) -> Option<Fix> {
    let lat = degrees(exif, Tag::GPSLatitude, Tag::GPSLatitudeRef, b'S', 90.0)?;
    let lon = degrees(exif, Tag::GPSLongitude, Tag::GPSLongitudeRef, b'W', 180.0)?;
    if lat == 0.0 && lon == 0.0 {
        return None;
    }
    let told = |tag| rationals(exif, tag).and_then(|list| list.first().copied());
    let accuracy_m = told(Tag::GPSHPositioningError).filter(|accuracy| *accuracy > 0.0);
    let below = exif.get_field(Tag::GPSAltitudeRef, In::PRIMARY).and_then(|field| field.value.get_uint(0));
    let sign = if below == Some(1) { -1.0 } else { 1.0 };
    Some(Fix {
        lat,
        lon,
        accuracy_m: accuracy_m.unwrap_or(policy.place.accuracy_m),
        altitude_m: told(Tag::GPSAltitude).map(|height| sign * height),
        at_ms: satellite_ms(exif).or(taken_at_ms)?,
        received_at_ms: None,
        provider: Some("exif".to_owned()),
        mocked: None,
    })
}

/// The time that came with the place, in UTC.
fn satellite_ms(exif: &Exif) -> Option<i64> {
    let day = std::str::from_utf8(ascii(exif, Tag::GPSDateStamp)?).ok()?;
    let mut parts = day.trim_end_matches('\0').splitn(3, ':').map(|part| part.parse::<u16>().ok());
    let (year, month, date) = (parts.next()??, parts.next()??, parts.next()??);
    let midnight = exif::DateTime {
        year,
        month: u8::try_from(month).ok()?,
        day: u8::try_from(date).ok()?,
        hour: 0,
        minute: 0,
        second: 0,
        nanosecond: None,
        offset: None,
    };
    let [hours, minutes, seconds] = rationals(exif, Tag::GPSTimeStamp)?[..] else { return None };
    let ms = (hours * 3_600.0 + minutes * 60.0 + seconds) * 1_000.0;
    #[expect(clippy::cast_possible_truncation, reason = "the milliseconds of a day")]
    let of_day = (0.0..86_401_000.0).contains(&ms).then_some(ms as i64)?;
    Some(utc_ms(&midnight)? + of_day)
}

/// A day and time of the calendar as if it were UTC; none for the days that cameras without a clock write.
fn utc_ms(told: &exif::DateTime) -> Option<i64> {
    let [month, day, hour, minute, second] =
        [told.month, told.day, told.hour, told.minute, told.second].map(|part| i8::try_from(part).ok());
    let year = i16::try_from(told.year).ok()?;
    let time = DateTime::new(year, month?, day?, hour?, minute?, second?, 0).ok()?;
    Some(time.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp().as_millisecond())
}

fn degrees(exif: &Exif, tag: Tag, side: Tag, negative: u8, most: f64) -> Option<f64> {
    let [degrees, minutes, seconds] = rationals(exif, tag)?[..] else { return None };
    let sign = if ascii(exif, side)?.first()?.eq_ignore_ascii_case(&negative) { -1.0 } else { 1.0 };
    let value = degrees + minutes / 60.0 + seconds / 3_600.0;
    (value <= most).then_some(sign * value)
}

/// The numbers of a field; none if one of them is a division by nothing.
fn rationals(exif: &Exif, tag: Tag) -> Option<Vec<f64>> {
    let Value::Rational(list) = &exif.get_field(tag, In::PRIMARY)?.value else { return None };
    list.iter().map(|part| Some(part.to_f64()).filter(|value| value.is_finite())).collect()
}

fn ascii(exif: &Exif, tag: Tag) -> Option<&[u8]> {
    let Value::Ascii(list) = &exif.get_field(tag, In::PRIMARY)?.value else { return None };
    list.first().map(Vec::as_slice)
}
