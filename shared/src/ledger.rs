//! The ledgers (台账) and their fields, as the field's people know them. Values are checked here; labels are in
//! the message files under `field-<ledger>-<key>` and `choice-<ledger>-<key>-<choice>`.

mod check;
pub mod house;
pub mod household;
pub mod issue;
pub mod person;
pub mod post;
pub mod water_supply;

pub use check::{BadValue, Expected, check, check_key, check_text, id_check_char, tidy};

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
            Self::House => house::FIELDS,
            Self::WaterSupply => water_supply::FIELDS,
            Self::Post => post::FIELDS,
            Self::Issue => issue::FIELDS,
            Self::Unknown => &[],
        }
    }

    /// The field that says where an entry is; none where a ledger has no place of its own.
    pub fn place_field(self) -> Option<&'static str> {
        match self {
            Self::Household => Some(household::ANCHOR),
            Self::House => Some(house::POINT),
            Self::WaterSupply => Some(water_supply::POINT),
            Self::Post => Some(post::POINT),
            Self::Person | Self::Issue | Self::Unknown => None,
        }
    }

    /// The field that names the entry that one belongs to; none where a ledger stands by itself.
    pub fn above_field(self) -> Option<&'static str> {
        match self {
            Self::Person => Some(person::HOUSEHOLD),
            Self::House => Some(house::HOUSEHOLD),
            Self::Post => Some(post::HOLDER),
            Self::Issue => Some(issue::SUBJECT),
            Self::Household | Self::WaterSupply | Self::Unknown => None,
        }
    }

    /// The fields without which nobody could tell an entry from another: said when it is registered, never emptied.
    pub fn needed_fields(self) -> &'static [&'static str] {
        match self {
            Self::Household => &[household::HEAD_NAME],
            Self::Person => &[person::NAME, person::HOUSEHOLD],
            Self::House => &[house::HOUSEHOLD],
            Self::WaterSupply => &[water_supply::NAME, water_supply::KIND],
            Self::Post => &[post::KIND, post::HOLDER],
            Self::Issue => &[issue::TOPIC, issue::WHAT, issue::SUBJECT],
            Self::Unknown => &[],
        }
    }

    /// What this version knows of a field.
    pub fn field(self, key: &str) -> Option<&'static FieldSpec> {
        self.fields().iter().find(|spec| spec.key == key)
    }
}

/// What entries of every ledger with codes call theirs.
pub const CODE: &str = "code";

/// 登记状态: whether the office has confirmed what somebody registered at the door. An entry without it was registered
/// by the office.
pub const REGISTRATION: &str = "registration";
/// [`REGISTRATION`]: 待核定.
pub const TO_CONFIRM: &str = "to_confirm";
/// [`REGISTRATION`]: 已核定.
pub const CONFIRMED: &str = "confirmed";
/// What [`REGISTRATION`] can be.
pub const REGISTRATIONS: &[&str] = &[TO_CONFIRM, CONFIRMED];

/// Who may write a field (DOMAIN “Who may change what” and “Who may register what”). What it means is decided in
/// [`crate::rights`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Writer {
    /// Whoever visits: it can be seen or asked at the door.
    Visitor,
    /// Whoever visits says it first; then the office.
    First,
    /// Whoever registers the entry; then the office.
    Registration,
    /// Whoever registers the problem, as the topic's rule gives it; then the office.
    Rule,
    /// A place: whoever visits notes it first or moves it a little; farther, the office.
    Place,
    /// A house's grade: a finding by whoever visits, a report by the office.
    Grade,
    /// The state of a house's rectification: up to the work by whoever visits, what was completed by the office.
    Rectification,
    /// The village secretary, or the office.
    Village,
    /// The office.
    Office,
    /// The office; whoever else registers the entry says that it is to be confirmed.
    Confirmation,
    /// Nobody by hand: it follows from the steps of a problem.
    Steps,
}

/// A field, who may write it and what it may hold.
#[derive(Clone, Copy, Debug)]
pub struct FieldSpec {
    /// Its name.
    pub key: &'static str,
    /// Who may write it.
    pub writer: Writer,
    /// What it may hold.
    pub kind: FieldType,
}

/// What a field may hold. `Null` is always allowed: not known.
#[derive(Clone, Copy, Debug)]
pub enum FieldType {
    /// Free text of at most so many characters.
    Text(usize),
    /// What somebody or something is called, of at most so many characters.
    Name(usize),
    /// A code that an office gave, of at most so many characters.
    Code(usize),
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
    /// An area: its corners in order, `[{lat, lon}, …]`, at least three and at most [`AREA_POINTS_MAX`], WGS-84.
    Area,
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
/// A place known worse than this, in metres, is none: it would be inside every county.
pub const POINT_ACCURACY_M_MAX: f64 = 10_000.0;
/// Most corners of an area.
pub const AREA_POINTS_MAX: usize = 200;

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
