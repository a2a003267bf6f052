//! Whether a value fits its field. Decides about single values only.

use super::{AREA_POINTS_MAX, FieldType, LedgerKind, NOTE_CHARS_MAX, POINT_ACCURACY_M_MAX, Point};
use crate::day::Day;
use crate::text;
use crate::value::Value;
use serde::{Deserialize, Serialize};

/// Why a value does not fit its field. The text names what would fit.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadValue {
    /// Another shape than the field's.
    #[error("expected {0}")]
    Shape(Expected),
    /// Longer than allowed.
    #[error("longer than {0} characters")]
    TooLong(usize),
    /// Not among the choices.
    #[error("{0:?} is not one of the choices")]
    NotAChoice(String),
    /// Outside the bounds.
    #[error("outside {0} to {1}")]
    OutOfBounds(String, String),
    /// The check digit of the ID number is wrong.
    #[error("the check digit of the ID number is wrong")]
    CheckDigit,
    /// A character that no ledger can hold.
    #[error("a control character inside the text")]
    ControlCharacter,
    /// A character that is not seen and changes how the name looks, or a name not in its composed form.
    #[error("a hidden character, or letters that are not composed (NFC)")]
    HiddenCharacter,
    /// A name or code begins with a letter, a digit or a bracket.
    #[error("a name or code that begins with a sign")]
    BeginsWithSign,
    /// The same choice several times.
    #[error("the same choice twice")]
    Repeated,
    /// More levels inside one another than allowed.
    #[error("nested deeper than {0} levels")]
    TooDeep(usize),
    /// More parts than allowed.
    #[error("more than {0} parts")]
    TooManyParts(usize),
    /// A field's or answer's name that no version gives.
    #[error("a name of more than 64 characters, or of others than a-z, 0-9, _, - and .")]
    OddKey,
}

/// What would fit a field to which something of another shape came. Its words are under
/// `reason-fault-wrong_shape-<key>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Expected {
    /// Text.
    Text,
    /// Yes or no.
    YesNo,
    /// A number.
    Number,
    /// A day.
    Date,
    /// One of the choices.
    Choice,
    /// Any of the choices.
    Choices,
    /// A place on earth.
    Place,
    /// The corners of an area.
    Area,
    /// A telephone number.
    Phone,
    /// An ID number.
    IdNumber,
    /// The id of a person or an entry.
    Id,
    /// What a newer version asks for.
    #[serde(other)]
    Unknown,
}

impl Expected {
    /// Its name in messages, as on the wire.
    pub fn key(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::YesNo => "yes_no",
            Self::Number => "number",
            Self::Date => "date",
            Self::Choice => "choice",
            Self::Choices => "choices",
            Self::Place => "place",
            Self::Area => "area",
            Self::Phone => "phone",
            Self::IdNumber => "id_number",
            Self::Id => "id",
            Self::Unknown => "unknown",
        }
    }
}

impl std::fmt::Display for Expected {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Text => "text",
            Self::YesNo => "yes or no",
            Self::Number => "a number",
            Self::Date => "a date as 2025-07-18",
            Self::Choice => "one of the choices",
            Self::Choices => "a list of choices",
            Self::Place => "a place with lat from -90 to 90 and lon from -180 to 180",
            Self::Area => "the corners of an area, at least three",
            Self::Phone => "a telephone number",
            Self::IdNumber => "an ID number of 18 characters",
            Self::Id => "an id",
            Self::Unknown => "another shape",
        })
    }
}

/// Levels inside one another in a value that this version does not know the shape of.
const DEPTH_MAX: usize = 6;
/// Parts in such a value, all levels together.
const PARTS_MAX: usize = 500;
/// Longest name of a field, an answer or a part of a value.
const KEY_CHARS_MAX: usize = 64;
/// The first and last day that anything here can be about.
const DAYS: (Day, Day) = (Day::constant(1900, 1, 1), Day::constant(2100, 12, 31));

/// Checks a value against what the field may hold. Fields that this version does not know may hold anything that is not
/// too large and not too deep.
pub fn check(ledger: LedgerKind, field: &str, value: &Value) -> Result<(), BadValue> {
    match ledger.field(field) {
        Some(spec) if *value != Value::Null => check_type(spec.kind, value),
        Some(_) => Ok(()),
        None => {
            check_key(field)?;
            check_inside(value, DEPTH_MAX, &mut 0)
        }
    }
}

/// A value as the field keeps it: names composed, codes, numbers and telephones without blanks and in half width. The
/// phone writes it so; the judge reads it so.
pub fn tidy(ledger: LedgerKind, field: &str, value: Value) -> Value {
    let Some(spec) = ledger.field(field) else { return value };
    match (spec.kind, value) {
        (FieldType::Name(_), Value::Text(text)) => text::name(&text).into(),
        (FieldType::Code(_), Value::Text(text)) => text::code(&text).into(),
        (FieldType::Phone, Value::Text(text)) => half_width_phone(&text).into(),
        (FieldType::IdNumber, Value::Text(text)) => text::code(&text).to_ascii_uppercase().into(),
        (FieldType::Text(_), Value::Text(text)) => text::clean(&text).into_owned().into(),
        (_, value) => value,
    }
}

/// A telephone number keeps the blanks between its groups.
fn half_width_phone(text: &str) -> String {
    text.split_whitespace().map(text::code).collect::<Vec<_>>().join(" ")
}

fn check_type(kind: FieldType, value: &Value) -> Result<(), BadValue> {
    let text = |expected| value.as_text().ok_or(BadValue::Shape(expected));
    match kind {
        FieldType::Text(chars_max) => check_text(text(Expected::Text)?, chars_max),
        FieldType::Name(chars_max) => check_name(text(Expected::Text)?, chars_max),
        FieldType::Code(chars_max) => check_name(&text::code(text(Expected::Text)?), chars_max),
        FieldType::Flag => value.as_bool().map(drop).ok_or(BadValue::Shape(Expected::YesNo)),
        FieldType::Number(low, high) => check_number(value, low, high),
        FieldType::Date => check_date(text(Expected::Date)?),
        FieldType::OneOf(choices) => check_choice(text(Expected::Choice)?, choices),
        FieldType::ManyOf(choices) => check_choices(value, choices),
        FieldType::Point => check_point(value),
        FieldType::Area => check_area(value),
        FieldType::Phone => check_phone(&half_width_phone(text(Expected::Phone)?)),
        FieldType::IdNumber => check_id_number(&text::code(text(Expected::IdNumber)?).to_ascii_uppercase()),
        FieldType::User | FieldType::Entry => {
            uuid::Uuid::parse_str(text(Expected::Id)?).map(drop).map_err(|_| BadValue::Shape(Expected::Id))
        }
    }
}

/// Checks the name of a field, an answer or a part of a value.
pub fn check_key(key: &str) -> Result<(), BadValue> {
    let fits = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"_-.".contains(&b);
    if (1..=KEY_CHARS_MAX).contains(&key.len()) && key.bytes().all(fits) {
        Ok(())
    } else {
        Err(BadValue::OddKey)
    }
}

/// Checks a value of a shape that this version does not know: what is too deep or too large is a burden for everybody
/// who reads it.
fn check_inside(value: &Value, depth: usize, parts: &mut usize) -> Result<(), BadValue> {
    *parts += 1;
    if *parts > PARTS_MAX {
        return Err(BadValue::TooManyParts(PARTS_MAX));
    }
    let below = || depth.checked_sub(1).ok_or(BadValue::TooDeep(DEPTH_MAX));
    match value {
        Value::Text(text) => check_text(text, NOTE_CHARS_MAX),
        Value::List(items) => {
            let depth = below()?;
            items.iter().try_for_each(|item| check_inside(item, depth, parts))
        }
        Value::Map(entries) => {
            let depth = below()?;
            entries.iter().try_for_each(|(key, item)| {
                check_key(key)?;
                check_inside(item, depth, parts)
            })
        }
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Num(_) => Ok(()),
    }
}

/// Checks what somebody or something is called: as free text, and nothing in it makes it look like another name or,
/// in a spreadsheet, like a formula.
fn check_name(text: &str, chars_max: usize) -> Result<(), BadValue> {
    check_text(text, chars_max)?;
    if text.contains(['\n', '\t']) {
        return Err(BadValue::ControlCharacter);
    }
    if text.chars().any(text::is_hidden) || !text::is_composed(text) {
        return Err(BadValue::HiddenCharacter);
    }
    match text.trim_start().chars().next() {
        Some(first) if !first.is_alphanumeric() && !"([（【〔「《#".contains(first) => {
            Err(BadValue::BeginsWithSign)
        }
        _ => Ok(()),
    }
}

/// Checks free text: length, and that no control character but a line break or tab is inside. A NUL in a text
/// column stops whole exports elsewhere.
pub fn check_text(text: &str, chars_max: usize) -> Result<(), BadValue> {
    if text.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
        return Err(BadValue::ControlCharacter);
    }
    if text.chars().count() > chars_max { Err(BadValue::TooLong(chars_max)) } else { Ok(()) }
}

fn check_number(value: &Value, low: f64, high: f64) -> Result<(), BadValue> {
    let number = value.as_number().ok_or(BadValue::Shape(Expected::Number))?;
    if (low..=high).contains(&number) {
        Ok(())
    } else {
        Err(BadValue::OutOfBounds(low.to_string(), high.to_string()))
    }
}

fn check_date(text: &str) -> Result<(), BadValue> {
    let day: Day = text.parse().map_err(|_| BadValue::Shape(Expected::Date))?;
    let (first, last) = DAYS;
    if (first..=last).contains(&day) {
        Ok(())
    } else {
        Err(BadValue::OutOfBounds(first.to_string(), last.to_string()))
    }
}

fn check_choice(text: &str, choices: &[&str]) -> Result<(), BadValue> {
    if choices.contains(&text) { Ok(()) } else { Err(BadValue::NotAChoice(text.chars().take(40).collect())) }
}

/// Each choice at most once, so that there are never more of them than there are choices.
fn check_choices(value: &Value, choices: &[&str]) -> Result<(), BadValue> {
    let items = value.as_list().ok_or(BadValue::Shape(Expected::Choices))?;
    for (at, item) in items.iter().enumerate() {
        if at >= choices.len() || items[..at].contains(item) {
            return Err(BadValue::Repeated);
        }
        check_choice(item.as_text().ok_or(BadValue::Shape(Expected::Choices))?, choices)?;
    }
    Ok(())
}

fn check_point(value: &Value) -> Result<(), BadValue> {
    let expected = BadValue::Shape(Expected::Place);
    let point: Point = value.read().ok_or(expected.clone())?;
    let inside = point.lat.abs() <= 90.0
        && point.lon.abs() <= 180.0
        && (0.0..=POINT_ACCURACY_M_MAX).contains(&point.accuracy_m);
    if inside { Ok(()) } else { Err(expected) }
}

/// Three corners at least, each on earth. Whether the sides cross is not asked: such an area still has an inside.
fn check_area(value: &Value) -> Result<(), BadValue> {
    let corners = value.as_list().ok_or(BadValue::Shape(Expected::Area))?;
    if !(3..=AREA_POINTS_MAX).contains(&corners.len()) {
        return Err(BadValue::Shape(Expected::Area));
    }
    corners.iter().try_for_each(check_point)
}

fn check_phone(text: &str) -> Result<(), BadValue> {
    let plausible =
        (5..=20).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit() || b"+- ".contains(&b));
    if plausible { Ok(()) } else { Err(BadValue::Shape(Expected::Phone)) }
}

/// Checks an ID number after GB 11643-1999: 17 digits and a check character.
fn check_id_number(text: &str) -> Result<(), BadValue> {
    let shape = BadValue::Shape(Expected::IdNumber);
    if text.len() != 18 || !text.bytes().take(17).all(|b| b.is_ascii_digit()) {
        return Err(shape);
    }
    match id_check_char(text) {
        Some(check) if text.ends_with(check) => Ok(()),
        _ => Err(BadValue::CheckDigit),
    }
}

/// The check character for the first 17 digits, after GB 11643-1999 (ISO 7064 MOD 11-2).
pub fn id_check_char(first_17: &str) -> Option<char> {
    let sum = first_17.chars().take(17).try_fold((0u32, 1u32 << 17), |(sum, weight), c| {
        c.to_digit(10).map(|digit| (sum + digit * (weight % 11), weight / 2))
    })?;
    "10X98765432".chars().nth((sum.0 % 11) as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_fit_their_fields_or_say_why_not() {
        use LedgerKind::*;
        for (ledger, field, json, fits) in [
            (Household, "head_name", r#""王小明""#, true),
            (Household, "head_name", r#""a\u0000b""#, false),
            (Household, "head_name", r#"5"#, false),
            (Household, "colour", r#""orange""#, true),
            (Household, "colour", r#""red""#, false),
            (Household, "colour", r#"null"#, true),
            (Household, "categories", r#"["lifted","elderly"]"#, true),
            (Household, "categories", r#"["rich"]"#, false),
            (Household, "anchor", r#"{"lat":28.9,"lon":113.3,"accuracy_m":8}"#, true),
            (Household, "anchor", r#"{"lat":128.9,"lon":113.3}"#, false),
            (Household, "phone", r#""10012345678""#, true),
            (Household, "phone", r#""call me""#, false),
            (Household, "a_field_of_next_year", r#"{"x":[1,2]}"#, true),
            (House, "grade", r#""C""#, true),
            (House, "grade", r#""E""#, false),
            (House, "graded_by", r#""report""#, true),
            (House, "storeys", r#"0"#, false),
            (House, "rectification", r#""to_be_assessed""#, true),
            (WaterSupply, "kind", r#""spring""#, true),
            (WaterSupply, "shortage_months", r#"["7","12"]"#, true),
            (WaterSupply, "shortage_months", r#"["13"]"#, false),
            (Post, "radius_m", r#"300"#, true),
            (Post, "radius_m", r#"0"#, false),
            (Post, "required_days", r#"32"#, false),
            (
                Post,
                "area",
                r#"[{"lat":28.9,"lon":113.3},{"lat":28.9,"lon":113.4},{"lat":28.8,"lon":113.3}]"#,
                true,
            ),
            (Post, "area", r#"[{"lat":28.9,"lon":113.3},{"lat":28.9,"lon":113.4}]"#, false),
            (
                Post,
                "area",
                r#"[{"lat":28.9,"lon":113.3},{"lat":98.9,"lon":113.4},{"lat":28.8,"lon":113.3}]"#,
                false,
            ),
            (Post, "area", r#""a meadow""#, false),
            (Issue, "kind", r#""danger_lived_in""#, true),
            (Issue, "kind", r#""a word of my own""#, false),
            (Person, "work_state", r#""away""#, true),
            (Person, "birth", r#""1961-02-29""#, false),
            (Person, "birth", r#""1960-02-29""#, true),
            (Person, "id_number", r#""99999919600101001X""#, false),
        ] {
            let value = serde_json::from_str(json).unwrap();
            assert_eq!(
                check(ledger, field, &value).is_ok(),
                fits,
                "{field} {json}: {:?}",
                check(ledger, field, &value)
            );
        }
    }

    #[test]
    fn the_check_character_of_an_id_number_is_after_gb_11643() {
        // The worked example of the standard: 11010519491231002X.
        assert_eq!(id_check_char("11010519491231002"), Some('X'));
        assert_eq!(check(LedgerKind::Person, "id_number", &"11010519491231002X".into()), Ok(()));
        assert_eq!(
            check(LedgerKind::Person, "id_number", &"110105194912310021".into()),
            Err(BadValue::CheckDigit)
        );
    }
}
