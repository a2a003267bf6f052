//! 上传: what was made here and is not settled yet, and the file of last resort.

use super::{PhotoRow, Place, RecordRow, SyncState};
use bianfang_shared::field::Sibling;
use bianfang_shared::id::{EntityId, OpId};
use bianfang_shared::ledger::LedgerKind;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// 上传.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Uploads {
    /// The records made here, newest first, at most [`LIST_ROWS`](super::LIST_ROWS).
    pub records: Vec<RecordRow>,
    /// Whether there are more.
    pub more: bool,
    /// Other edits made here that are not with the centre, or were set aside.
    pub edits: Vec<EditRow>,
    /// Conflicts on this device, at most [`LIST_ROWS`](super::LIST_ROWS).
    pub conflicts: Vec<ConflictRow>,
    /// Records that are only on this device.
    pub only_here: u64,
    /// Photographs that are not with the centre.
    #[serde(default)]
    pub photos_to_send: u64,
    /// Photographs that cannot be sent, with the reason; at most [`LIST_ROWS`](super::LIST_ROWS).
    #[serde(default)]
    pub photos_failed: Vec<PhotoRow>,
    /// The exchange.
    pub sync: SyncState,
}

/// An edit that belongs to no record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EditRow {
    /// The operation.
    pub op: OpId,
    /// The entry, if it is about one.
    pub entity: Option<EntityId>,
    /// The household's name, if known.
    pub name: String,
    /// What kind of operation; the message is `edit-<kind>`.
    pub kind: String,
    /// When, by the phone's clock.
    pub at_ms: i64,
    /// Where it is.
    pub place: Place,
}

/// A field in conflict on this device.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ConflictRow {
    /// The entry.
    pub entity: EntityId,
    /// Its ledger.
    pub ledger: LedgerKind,
    /// The name to show for it.
    pub name: String,
    /// The field.
    pub field: String,
    /// The values, the shown one first.
    pub siblings: Vec<Sibling>,
    /// Names of their authors by user id.
    pub names: BTreeMap<String, String>,
}

/// A file to hand over.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExportFile {
    /// Its name.
    pub name: String,
    /// Its text.
    pub text: String,
    /// How many operations are inside.
    pub operations: u64,
}
