//! Records made in the field: visits, inspections, checks and attendances. Facts: written once, never changed;
//! a correction is a new record that names the old one.

mod check;

pub(crate) use check::ACCURACY_M;
pub use check::{BadPart, check, check_photo};

use crate::id::{EntityId, ObservationId, UserId};
use crate::ledger::LedgerKind;
use crate::value::Value;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Answers by question key.
pub type Answers = BTreeMap<String, Value>;

/// A record. Sent by released clients. Do not change; add to it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Observation {
    /// Made on the device, ordered by time.
    pub id: ObservationId,
    /// What kind of record.
    #[serde(rename = "observed")]
    pub kind: ObservationKind,
    /// The ledger entry it is about.
    pub subject: EntityId,
    /// The record that it corrects.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub corrects: Option<ObservationId>,
    /// Who went along.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub companions: Vec<UserId>,
    /// When the form was opened, by the phone's wall clock, in milliseconds since 1970.
    pub started_at_ms: i64,
    /// When it was saved, by the phone's wall clock.
    pub ended_at_ms: i64,
    /// How long the form was in hand, by a clock that nobody can set.
    pub dwell_ms: u64,
    /// Where, in the order measured.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fixes: Vec<Fix>,
    /// Photographs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub photos: Vec<PhotoRef>,
    /// The checklist that was asked.
    pub checklist: ChecklistRef,
    /// The answers by question key.
    #[cfg_attr(feature = "openapi", schema(value_type = BTreeMap<String, Value>))]
    pub answers: Answers,
    /// How it went.
    pub outcome: Outcome,
    /// Who was met, in the words of the form.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub met: String,
    /// Anything else.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// Effects that the person struck out before saving, by their keys.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub struck: Vec<String>,
    /// How far the phone's clock was from the centre's when it was saved, as far as the phone could tell; positive when
    /// the phone is ahead. Phones of the first version tell that of the last contact.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clock_offset_ms: Option<i64>,
    /// Which kind of client recorded it.
    #[serde(default)]
    pub platform: Platform,
}

impl Observation {
    /// The last place measured.
    pub fn last_fix(&self) -> Option<&Fix> {
        self.fixes.last()
    }

    /// When it was saved by the centre's clock, as far as the phone could tell, in milliseconds since 1970.
    pub fn made_at_ms(&self) -> i64 {
        self.ended_at_ms.saturating_sub(self.clock_offset_ms.unwrap_or(0))
    }

    /// The moment as of which it counts, for schedule and deadlines, the same on every phone and at the centre: when it
    /// was made, and never later than the centre took it in. → ADR 0014
    pub fn counted_at_ms(&self, received_at_ms: Option<i64>) -> i64 {
        self.made_at_ms().min(received_at_ms.unwrap_or(i64::MAX))
    }
}

/// The kinds of record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ObservationKind {
    /// 入户走访.
    Visit,
    /// 危房巡查.
    HouseInspection,
    /// 饮水检查.
    WaterCheck,
    /// 公岗签到.
    Attendance,
    /// A kind of a newer version.
    #[serde(other)]
    Unknown,
}

impl ObservationKind {
    /// The kinds that this version can record, in the order in which people know them.
    pub const ALL: [Self; 4] = [Self::Visit, Self::HouseInspection, Self::WaterCheck, Self::Attendance];

    /// Whether a record of this kind can be about an entry of this ledger. What a kind of a newer version is about is not
    /// known here.
    pub fn is_about(self, ledger: LedgerKind) -> bool {
        match self {
            Self::Visit => ledger == LedgerKind::Household,
            Self::HouseInspection => ledger == LedgerKind::House,
            Self::WaterCheck => matches!(ledger, LedgerKind::WaterSupply | LedgerKind::Household),
            Self::Attendance => ledger == LedgerKind::Post,
            Self::Unknown => true,
        }
    }

    /// Its name in data, in addresses and in the messages.
    pub fn key(self) -> &'static str {
        match self {
            Self::Visit => "visit",
            Self::HouseInspection => "house_inspection",
            Self::WaterCheck => "water_check",
            Self::Attendance => "attendance",
            Self::Unknown => "unknown",
        }
    }
}

impl std::fmt::Display for ObservationKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.key())
    }
}

/// It names no kind of record that this version knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no kind of record has this name")]
pub struct NoSuchKind;

impl std::str::FromStr for ObservationKind {
    type Err = NoSuchKind;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|kind| kind.key() == text).ok_or(NoSuchKind)
    }
}

/// How a visit went. Everything but 在家 is neutral in rankings: counting it against a village buys fake visits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = VisitOutcome))]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// 在家.
    AtHome,
    /// 无人在家.
    NobodyHome,
    /// 拒访.
    Refused,
    /// 外出务工.
    WorkingAway,
    /// 道路中断.
    RoadCut,
    /// 已搬离.
    MovedAway,
    /// 已完成: an inspection, a check or an attendance that took place. Visits say who was met instead.
    Done,
    /// An outcome of a newer version.
    #[serde(other)]
    Unknown,
}

/// A place as the phone measured it. WGS-84.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Fix {
    /// Degrees north.
    pub lat: f64,
    /// Degrees east.
    pub lon: f64,
    /// Radius within which the place lies with 68 % certainty, in metres.
    pub accuracy_m: f64,
    /// Metres above sea level.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub altitude_m: Option<f64>,
    /// When it was measured, by whatever measured it, in milliseconds since 1970. A receiver may keep another time than
    /// the phone.
    pub at_ms: i64,
    /// When the phone was told of it, by the phone's wall clock. None in records of the first version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub received_at_ms: Option<i64>,
    /// What measured it, where the platform tells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider: Option<String>,
    /// Whether the place was made up by another app, where the platform tells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mocked: Option<bool>,
}

impl Fix {
    /// When it was measured, by the phone's wall clock as far as known. Phones ask for no reading but fresh ones, so the
    /// moment in which one comes is its time.
    pub fn taken_at_ms(&self) -> i64 {
        self.received_at_ms.unwrap_or(self.at_ms)
    }
}

/// A photograph by its content. Its bytes travel in a lane of their own; this is what the record says of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PhotoRef {
    /// SHA-256 of the stored bytes, in 64 lower-case hexadecimal digits.
    pub sha256: String,
    /// What it shows: the key of the question that asks for it.
    pub purpose: String,
    /// Length in bytes.
    pub bytes: u64,
    /// Width in pixels, as stored; 0 where not told.
    #[serde(default)]
    pub width: u32,
    /// Height in pixels, as stored; 0 where not told.
    #[serde(default)]
    pub height: u32,
    /// Where the picture came from.
    #[serde(default)]
    pub source: PhotoSource,
    /// When it was taken, by the phone's wall clock, in milliseconds since 1970: of a picture from the gallery what
    /// its own data say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken_at_ms: Option<i64>,
    /// Where it was taken: of a picture from the gallery what its own data say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Fix>,
    /// Perceptual hash of the stored picture, in hexadecimal; see [`crate::photo`].
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub likeness: String,
}

/// Where a picture came from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum PhotoSource {
    /// Taken in the app, with the subject's name in view.
    Camera,
    /// Chosen from the phone's files.
    Gallery,
    /// Not told.
    #[default]
    #[serde(other)]
    Unknown,
}

/// A checklist by key and version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChecklistRef {
    /// Such as `visit`.
    pub key: String,
    /// Counts up with every change of the questions.
    pub version: u32,
}

/// Which kind of client made a record. Browsers tell less of how a place was found, so they earn less belief.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Platform {
    /// A browser, or the app installed from it.
    Web,
    /// The native app on a phone.
    Native,
    /// Not told.
    #[default]
    #[serde(other)]
    Unknown,
}
