//! A form being filled, and what is left of it once it is saved.

use super::{EntryRow, PhotoRow, RecordRow};
use bianfang_shared::evidence::Evidence;
use bianfang_shared::form::{Effect, FormDraft, FormProblem};
use bianfang_shared::id::ObservationId;
use bianfang_shared::ledger::Point;
use bianfang_shared::rules::Verdict;
use bianfang_shared::value::Value;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A form as it stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FormView {
    /// The draft. The checklist is `bianfang_shared::checklist`'s of this key and version.
    pub draft: FormDraft,
    /// What the form is about.
    pub subject: EntryRow,
    /// The point to measure the distance against.
    pub anchor: Option<Point>,
    /// What is known already, by question, to be confirmed.
    pub prefilled: BTreeMap<String, Value>,
    /// The questions that apply now, in order.
    pub relevant: Vec<String>,
    /// What is missing or wrong.
    pub problems: Vec<FormProblem>,
    /// What saving will do.
    pub effects: Vec<Effect>,
    /// How far it would be worth believing if saved now.
    pub evidence: Evidence,
    /// The last record of this kind; of visits the last with someone at home.
    pub last: Option<RecordRow>,
    /// What the rules of the field make of it, with the reasons.
    #[serde(default)]
    pub verdict: Option<Verdict>,
    /// Questions whose photograph is required and not taken yet.
    #[serde(default)]
    pub missing_photos: Vec<String>,
    /// The photographs taken so far.
    #[serde(default)]
    pub photos: Vec<PhotoRow>,
}

/// A record that is durably on this device.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SavedForm {
    /// The record.
    pub id: ObservationId,
    /// Its evidence.
    pub evidence: Evidence,
    /// What it did to the ledgers on this device.
    pub effects: Vec<Effect>,
}
