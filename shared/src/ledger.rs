//! The ledgers (台账) and their fields, as the field's people know them. Values are checked here; labels are in
//! the message files under `field-<ledger>-<key>` and `choice-<ledger>-<key>-<choice>`.

use crate::value::Value;
use serde::{Deserialize, Serialize};

/// The ledgers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum LedgerKind {
    /// 户.
    Household,
    /// 人.
    Person,
    /// 房.
    House,
    /// 供水点.
    WaterSupply,
    /// 公岗.
    Post,
    /// 问题.
    Issue,
    /// A ledger of a newer version.
    #[serde(other)]
    Unknown,
}

impl LedgerKind {
    /// Its name in code, data and databases.
    pub fn key(self) -> &'static str {
        match self {
            Self::Household => "household",
            Self::Person => "person",
            Self::House => "house",
            Self::WaterSupply => "water_supply",
            Self::Post => "post",
            Self::Issue => "issue",
            Self::Unknown => "unknown",
        }
    }

    /// The fields that this version knows.
    pub fn fields(self) -> &'static [FieldSpec] {
        match self {
            Self::Household => household::FIELDS,
            Self::Person => person::FIELDS,
            Self::Issue => issue::FIELDS,
            Self::House | Self::WaterSupply | Self::Post | Self::Unknown => &[],
        }
    }

    /// What this version knows of a field.
    pub fn field(self, key: &str) -> Option<&'static FieldSpec> {
        self.fields().iter().find(|spec| spec.key == key)
    }
}

/// A field and what it may hold.
#[derive(Clone, Copy, Debug)]
pub struct FieldSpec {
    /// Its name.
    pub key: &'static str,
    /// What it may hold.
    pub kind: FieldType,
}

/// What a field may hold. `Null` is always allowed: not known.
#[derive(Clone, Copy, Debug)]
pub enum FieldType {
    /// Free text of at most so many characters.
    Text(usize),
    /// Yes or no.
    Flag,
    /// A number between two bounds.
    Number(f64, f64),
    /// A day, `2025-07-18`.
    Date,
    /// One of these.
    OneOf(&'static [&'static str]),
    /// Any of these.
    ManyOf(&'static [&'static str]),
    /// A place: `{lat, lon, accuracy_m}`, WGS-84.
    Point,
    /// A telephone number.
    Phone,
    /// An ID number of 18 characters with its check digit.
    IdNumber,
    /// A user's id.
    User,
    /// The id of an entry in another ledger.
    Entry,
}

/// Longest short text, in characters.
pub const TEXT_CHARS_MAX: usize = 200;
/// Longest note, in characters.
pub const NOTE_CHARS_MAX: usize = 4_000;

/// A place in a field.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Point {
    /// Degrees north, WGS-84.
    pub lat: f64,
    /// Degrees east, WGS-84.
    pub lon: f64,
    /// How well it is known, in metres.
    #[serde(default)]
    pub accuracy_m: f64,
}

/// Households.
pub mod household {
    use super::{FieldSpec, FieldType::*, NOTE_CHARS_MAX, TEXT_CHARS_MAX};

    /// 户编号.
    pub const CODE: &str = "code";
    /// 户主.
    pub const HEAD_NAME: &str = "head_name";
    /// 村民小组.
    pub const GROUP: &str = "group";
    /// 住址.
    pub const ADDRESS: &str = "address";
    /// 定位点.
    pub const ANCHOR: &str = "anchor";
    /// 电话.
    pub const PHONE: &str = "phone";
    /// 户类型.
    pub const CATEGORIES: &str = "categories";
    /// 三色码.
    pub const COLOUR: &str = "colour";
    /// 帮扶责任人.
    pub const CADRE: &str = "cadre";
    /// 家庭签约医生.
    pub const FAMILY_DOCTOR: &str = "family_doctor";

    /// 户类型.
    pub const CATEGORY_CHOICES: &[&str] = &[
        "lifted",          // 脱贫户
        "unstable",        // 监测对象: 脱贫不稳定户
        "marginal",        // 监测对象: 边缘易致贫户
        "sudden_hardship", // 监测对象: 突发严重困难户
        "low_income",      // 低保户
        "low_income_edge", // 低保边缘户
        "destitute",       // 特困供养户
        "disabled",        // 残疾人户
        "serious_illness", // 大病户
        "elderly",         // 老人户
        "ordinary",        // 一般农户
    ];
    /// Those of [`CATEGORY_CHOICES`] that are 监测对象.
    pub const MONITORED: &[&str] = &["unstable", "marginal", "sudden_hardship"];

    pub(super) const FIELDS: &[FieldSpec] = &[
        FieldSpec { key: CODE, kind: Text(32) },
        FieldSpec { key: HEAD_NAME, kind: Text(32) },
        FieldSpec { key: GROUP, kind: Text(32) },
        FieldSpec { key: ADDRESS, kind: Text(TEXT_CHARS_MAX) },
        FieldSpec { key: ANCHOR, kind: Point },
        FieldSpec { key: PHONE, kind: Phone },
        FieldSpec { key: "phone_owner", kind: OneOf(&["self", "family"]) },
        FieldSpec { key: CATEGORIES, kind: ManyOf(CATEGORY_CHOICES) },
        FieldSpec { key: COLOUR, kind: OneOf(&["green", "yellow", "orange"]) },
        FieldSpec {
            key: "risk_reasons",
            kind: ManyOf(&["illness", "disability", "disaster", "schooling", "unemployment", "other"]),
        },
        FieldSpec { key: "risk_state", kind: OneOf(&["none", "present", "removed"]) },
        FieldSpec { key: "insured", kind: OneOf(&["all", "some", "none"]) },
        FieldSpec { key: "food_state", kind: OneOf(&["ok", "short"]) },
        FieldSpec { key: "clothing_state", kind: OneOf(&["ok", "short"]) },
        FieldSpec {
            key: "education_state",
            kind: OneOf(&["ok", "dropout", "not_applicable", "home_teaching"]),
        },
        FieldSpec { key: "housing_state", kind: OneOf(&["safe", "suspect", "unsafe"]) },
        FieldSpec { key: "water_state", kind: OneOf(&["met", "basic", "unmet"]) },
        FieldSpec {
            key: "income_source",
            kind: ManyOf(&["wages", "farming", "post", "transfers", "business", "other"]),
        },
        FieldSpec { key: "income_per_head", kind: Number(0.0, 10_000_000.0) },
        FieldSpec { key: "satisfaction", kind: OneOf(&["satisfied", "fair", "dissatisfied"]) },
        FieldSpec { key: "relocation_site", kind: Text(TEXT_CHARS_MAX) },
        FieldSpec { key: CADRE, kind: User },
        FieldSpec { key: FAMILY_DOCTOR, kind: User },
        FieldSpec { key: "house", kind: Entry },
        FieldSpec { key: "water_supply", kind: Entry },
        FieldSpec { key: "remark", kind: Text(NOTE_CHARS_MAX) },
    ];
}

/// Persons.
pub mod person {
    use super::{FieldSpec, FieldType::*, TEXT_CHARS_MAX};

    /// The household the person belongs to.
    pub const HOUSEHOLD: &str = "household";
    /// 姓名.
    pub const NAME: &str = "name";
    /// 与户主关系.
    pub const RELATION: &str = "relation";

    pub(super) const FIELDS: &[FieldSpec] = &[
        FieldSpec { key: HOUSEHOLD, kind: Entry },
        FieldSpec { key: NAME, kind: Text(32) },
        FieldSpec { key: "id_number", kind: IdNumber },
        FieldSpec {
            key: RELATION,
            kind: OneOf(&["head", "spouse", "child", "parent", "grandchild", "other"]),
        },
        FieldSpec { key: "birth", kind: Date },
        FieldSpec { key: "health", kind: OneOf(&["good", "chronic", "serious", "disabled"]) },
        FieldSpec { key: "disability", kind: OneOf(&["none", "mild", "severe"]) },
        FieldSpec { key: "certificate_expiry", kind: Date },
        FieldSpec {
            key: "school_state",
            kind: OneOf(&["not_applicable", "in_school", "home_teaching", "dropout", "finished"]),
        },
        FieldSpec { key: "insured", kind: Flag },
        FieldSpec { key: "work_place", kind: Text(TEXT_CHARS_MAX) },
        FieldSpec { key: "employer", kind: Text(TEXT_CHARS_MAX) },
        FieldSpec { key: "phone", kind: Phone },
    ];
}

/// Problems.
pub mod issue {
    use super::{FieldSpec, FieldType::*, NOTE_CHARS_MAX, TEXT_CHARS_MAX};

    /// The state.
    pub const STATE: &str = "state";
    /// 待整改.
    pub const OPEN: &str = "open";
    /// 整改中.
    pub const UNDER_WAY: &str = "under_way";
    /// 待验收.
    pub const TO_ACCEPT: &str = "to_accept";
    /// 已销号.
    pub const CLOSED: &str = "closed";
    /// 退回.
    pub const SENT_BACK: &str = "sent_back";

    /// The topics: the ten of the special rectifications, then three more.
    pub const TOPICS: &[&str] = &[
        "monitoring",  // 应纳未纳
        "housing",     // 住房安全
        "schooling",   // 控辍保学
        "insurance",   // 重点人群未参保
        "water",       // 饮水工程
        "elderly",     // 老人户保障
        "industry",    // 产业带贫
        "employment",  // 就业帮扶
        "finance",     // 金融帮扶
        "relocation",  // 搬迁社区
        "assets",      // 项目资产
        "recognition", // 群众认可
        "other",       // 其他
    ];

    pub(super) const FIELDS: &[FieldSpec] = &[
        FieldSpec { key: "topic", kind: OneOf(TOPICS) },
        FieldSpec { key: "what", kind: Text(NOTE_CHARS_MAX) },
        FieldSpec { key: "subject", kind: Entry },
        FieldSpec { key: "urgent", kind: Flag },
        FieldSpec { key: "lead", kind: Text(TEXT_CHARS_MAX) },
        FieldSpec { key: "responsible", kind: User },
        FieldSpec { key: "deadline", kind: Date },
        FieldSpec { key: STATE, kind: OneOf(&[OPEN, UNDER_WAY, TO_ACCEPT, CLOSED, SENT_BACK]) },
    ];
}

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
            Self::Phone => "a telephone number",
            Self::IdNumber => "an ID number of 18 characters",
            Self::Id => "an id",
            Self::Unknown => "another shape",
        })
    }
}

/// Checks a value against what the field may hold. Fields that this version does not know are taken as they are.
pub fn check(ledger: LedgerKind, field: &str, value: &Value) -> Result<(), BadValue> {
    match ledger.field(field) {
        Some(spec) if *value != Value::Null => check_type(spec.kind, value),
        _ => check_text_inside(value),
    }
}

fn check_type(kind: FieldType, value: &Value) -> Result<(), BadValue> {
    let text = |expected| value.as_text().ok_or(BadValue::Shape(expected));
    match kind {
        FieldType::Text(chars_max) => check_text(text(Expected::Text)?, chars_max),
        FieldType::Flag => value.as_bool().map(drop).ok_or(BadValue::Shape(Expected::YesNo)),
        FieldType::Number(low, high) => check_number(value, low, high),
        FieldType::Date => check_date(text(Expected::Date)?),
        FieldType::OneOf(choices) => check_choice(text(Expected::Choice)?, choices),
        FieldType::ManyOf(choices) => {
            let items = value.as_list().ok_or(BadValue::Shape(Expected::Choices))?;
            items.iter().try_for_each(|item| {
                check_choice(item.as_text().ok_or(BadValue::Shape(Expected::Choices))?, choices)
            })
        }
        FieldType::Point => check_point(value),
        FieldType::Phone => check_phone(text(Expected::Phone)?),
        FieldType::IdNumber => check_id_number(text(Expected::IdNumber)?),
        FieldType::User | FieldType::Entry => {
            uuid::Uuid::parse_str(text(Expected::Id)?).map(drop).map_err(|_| BadValue::Shape(Expected::Id))
        }
    }
}

fn check_text_inside(value: &Value) -> Result<(), BadValue> {
    match value {
        Value::Text(text) => check_text(text, NOTE_CHARS_MAX),
        Value::List(items) => items.iter().try_for_each(check_text_inside),
        Value::Map(entries) => entries.values().try_for_each(check_text_inside),
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Num(_) => Ok(()),
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
    text.parse::<jiff::civil::Date>().map(drop).map_err(|_| BadValue::Shape(Expected::Date))
}

fn check_choice(text: &str, choices: &[&str]) -> Result<(), BadValue> {
    if choices.contains(&text) { Ok(()) } else { Err(BadValue::NotAChoice(text.chars().take(40).collect())) }
}

fn check_point(value: &Value) -> Result<(), BadValue> {
    let expected = BadValue::Shape(Expected::Place);
    let point: Point = value.read().ok_or(expected.clone())?;
    let inside = point.lat.abs() <= 90.0 && point.lon.abs() <= 180.0 && point.accuracy_m >= 0.0;
    if inside { Ok(()) } else { Err(expected) }
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
