//! How the device stands: who is signed in, how far the exchange is.

use super::Trouble;
use bianfang_shared::area::Area;
use bianfang_shared::wire::User;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Who is signed in, how the exchange stands, how much is here.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Status {
    /// Who is signed in.
    pub user: Option<User>,
    /// Whether a token is held; false after the centre refused it.
    pub signed_in: bool,
    /// The villages granted, with names.
    pub villages: Vec<Area>,
    /// The areas above them, with names.
    pub areas: Vec<Area>,
    /// People whose names the screens may show.
    pub people: Vec<User>,
    /// The exchange.
    pub sync: SyncState,
    /// Households on this device.
    pub households: u64,
    /// Records and edits made here and not yet with the centre.
    pub unsent: u64,
    /// Fields in conflict on this device.
    pub conflicts: u64,
    /// Choices remembered.
    pub remembered: BTreeMap<String, String>,
    /// How far the phone's clock is ahead of the centre's, if known. Above five minutes the person is warned.
    pub clock_offset_ms: Option<i64>,
}

/// How the exchange with the centre stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncState {
    /// What it is doing.
    pub phase: SyncPhase,
    /// Operations still to send.
    pub to_send: u64,
    /// Photographs still to send, and bytes of them.
    #[serde(default)]
    pub photos_to_send: u64,
    /// Bytes of those photographs that the centre does not have yet.
    #[serde(default)]
    pub photo_bytes_to_send: u64,
    /// Photographs wait for Wi-Fi, by the person's own choice. “Upload now” sends them all the same.
    #[serde(default)]
    pub photos_wait_for_wifi: bool,
    /// Why photographs do not go on. Records do.
    #[serde(default)]
    pub photo_trouble: Option<Trouble>,
    /// Operations fetched so far in this exchange.
    pub fetched: u64,
    /// Operations that the centre says are still to fetch, if known.
    pub to_fetch: Option<u64>,
    /// The last exchange that ended well, in milliseconds since 1970.
    pub last_success_ms: Option<i64>,
    /// Why the last attempt failed.
    pub last_trouble: Option<Trouble>,
    /// When the next attempt is due, in milliseconds since 1970.
    pub next_attempt_ms: Option<i64>,
}

/// What the exchange is doing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SyncPhase {
    /// Nothing to do, or waiting for its time.
    #[default]
    Idle,
    /// Asking for the session.
    Greeting,
    /// Sending.
    Pushing,
    /// Fetching.
    Pulling,
    /// Sending photographs.
    Photos,
    /// Waiting for a signal after a failure.
    Waiting,
    /// Nobody is signed in.
    SignedOut,
}
