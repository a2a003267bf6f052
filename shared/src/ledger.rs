//! The ledgers (台账) and their fields, as the field's people know them. Values are checked here; labels are in
//! the message files under `field-<ledger>-<key>` and `choice-<ledger>-<key>-<choice>`.

mod check;
pub mod house;
pub mod household;
pub mod issue;
pub mod person;
pub mod post;
pub mod water_supply;

pub use check::{BadValue, Expected, check, check_text, id_check_char};

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
