//! Households in lists and one with what belongs to it.

use super::{DueRow, EntryRow, RecordRow};
use bianfang_shared::area::AreaCode;
use bianfang_shared::id::EntityId;
use bianfang_shared::query::EntryView;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A household in a list on the device.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HouseholdRow {
    /// The entry.
    pub id: EntityId,
    /// The village.
    pub scope: AreaCode,
    /// 户编号.
    pub code: String,
    /// 户主.
    pub head_name: String,
    /// Village group and address.
    pub address: String,
    /// 户类型.
    pub categories: Vec<String>,
    /// 三色码.
    pub colour: Option<String>,
    /// Metres from where the person is.
    pub distance_m: Option<f64>,
    /// How many of its fields are in conflict.
    pub conflicts: u32,
    /// The last visit with someone at home, in milliseconds since 1970.
    pub last_visit_ms: Option<i64>,
}

/// A page of households.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Households {
    /// The page.
    pub rows: Vec<HouseholdRow>,
    /// Whether there are more.
    pub more: bool,
}

/// A household with all that belongs to it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HouseholdView {
    /// The row in the lists.
    pub row: HouseholdRow,
    /// The village's name.
    pub village: String,
    /// The entry.
    pub entry: EntryView,
    /// Its members.
    pub members: Vec<EntryView>,
    /// Its problems.
    pub issues: Vec<EntryView>,
    /// Its visits, newest first, at most [`LIST_ROWS`](super::LIST_ROWS).
    pub visits: Vec<RecordRow>,
    /// When the person signed in has to call, if at all.
    pub due: Option<DueRow>,
    /// Whether a form was begun.
    pub has_draft: bool,
    /// Names of people by id, for fields that hold a user.
    pub names: BTreeMap<String, String>,
    /// Its house, its water supply, the posts of its members.
    #[serde(default)]
    pub linked: Vec<EntryRow>,
}
