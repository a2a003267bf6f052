//! Messages between a device and the server, version 1: JSON over HTTPS under `/api/v1`.
//!
//! Sent by released clients and servers. Do not change; add to it.

use crate::access::Role;
use crate::area::{Area, AreaCode};
use crate::chain::{Head, HeadSignature, PublicKey};
use crate::id::{DeviceId, Epoch, UserId};
use crate::judge::Outcome;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use std::collections::BTreeMap;

/// Most operations in one push.
pub const PUSH_OPS_MAX: usize = 2_000;
/// Largest push body before compression, in bytes.
pub const PUSH_BYTES_MAX: usize = 8 * 1024 * 1024;
/// Largest operation, in bytes. A larger one is never made; one that arrives is set aside.
pub const OP_BYTES_MAX: usize = 256 * 1024;
/// Largest operation of a kind that the centre does not know, in bytes. A larger one is set aside for that.
pub const UNKNOWN_OP_BYTES_MAX: usize = 16 * 1024;
/// Most operations in one pull answer, over all scopes.
pub const PULL_OPS_MAX: usize = 5_000;
/// Most scopes in one pull.
pub const PULL_SCOPES_MAX: usize = 2_000;
/// Largest photograph, in bytes.
pub const PHOTO_BYTES_MAX: usize = 8 * 1024 * 1024;
/// Most photographs asked about in one request.
pub const PHOTOS_HELD_MAX: usize = 500;
/// Most photographs in one request that somebody says to have had.
pub const PHOTO_PROOFS_MAX: usize = 50;
/// Where uploads of photographs begin: tus 1.0.0, see <https://tus.io/protocols/resumable-upload>. Each has an address
/// beneath it.
pub const PHOTO_UPLOADS_PATH: &str = "/api/v1/photos/uploads";

/// [`Problem::code`] of a push or a photograph for which somebody brought too much within a day: it may come later.
pub const CODE_QUOTA_REACHED: &str = "quota_reached";
/// [`Problem::code`] of a push for which the centre's disk has no room: it may come later.
pub const CODE_NO_ROOM_FOR_RECORDS: &str = "no_room_for_records";

/// `POST /api/v1/login`.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LoginRequest {
    /// The account's name.
    pub user: String,
    /// Its password.
    #[cfg_attr(feature = "openapi", schema(format = Password))]
    pub password: String,
    /// This installation.
    pub device: DeviceId,
    /// The public half of its key.
    pub public_key: PublicKey,
    /// What the person would call it, such as `Chrome · Android`.
    #[serde(default)]
    pub label: String,
}

// By hand, so that a password never reaches a log.
impl std::fmt::Debug for LoginRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LoginRequest").field("device", &self.device).finish_non_exhaustive()
    }
}

/// The answer to a login.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LoginReply {
    /// Sent as `Authorization: Bearer …` from now on.
    pub token: String,
    /// The same as `GET /api/v1/session`.
    pub session: Session,
}

/// `POST /api/v1/enrol`, with a token that is still good: the phone whose chain was found forked becomes a new device
/// of the same person. Answered with [`LoginReply`], whose session tells the new device's chain.
///
/// The answer may be lost and the request come again, with the same device, key and old token: then it is answered
/// as before. The old token stays good until the new one is used.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EnrolRequest {
    /// The new device.
    pub device: DeviceId,
    /// The public half of its key.
    pub public_key: PublicKey,
    /// What the person would call it.
    #[serde(default)]
    pub label: String,
}

/// `GET /api/v1/session`: what a device has to know before it exchanges anything.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Session {
    /// Who is signed in.
    pub user: User,
    /// The areas granted.
    pub grants: Vec<AreaCode>,
    /// The villages beneath them, which are the scopes to pull, and the areas above them for their names.
    pub areas: Vec<Area>,
    /// People with an account whose areas touch the granted ones, for showing names.
    pub people: Vec<User>,
    /// This life of the server's log.
    pub epoch: Epoch,
    /// The server's clock, in milliseconds since 1970.
    pub server_time_ms: i64,
    /// The last of this device's operations that the server holds.
    pub chain: ChainPosition,
    /// What the server allows.
    pub limits: Limits,
    /// What this server takes beyond what every version does: see [`crate::capability`].
    #[serde(default)]
    pub capabilities: Vec<String>,
}

/// A person with an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct User {
    /// The id that operations name.
    pub id: UserId,
    /// The name to sign in with: one's own, and in the list of people that administrators have. Empty for the people of a
    /// session. Expected by released clients, so it stays there.
    pub login: String,
    /// The name to show.
    pub name: String,
    /// What the person is.
    pub role: Role,
}

/// Where a device's chain stands on the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChainPosition {
    /// The last operation held; 0 if none.
    pub last_seq: u64,
    /// The head after it.
    pub head: Head,
}

/// What the server allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Limits {
    /// Most operations in one push.
    pub push_ops_max: usize,
    /// Largest push body before compression, in bytes.
    pub push_bytes_max: usize,
    /// Largest operation, in bytes.
    pub op_bytes_max: usize,
    /// Most operations in one pull answer.
    pub pull_ops_max: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            push_ops_max: PUSH_OPS_MAX,
            push_bytes_max: PUSH_BYTES_MAX,
            op_bytes_max: OP_BYTES_MAX,
            pull_ops_max: PULL_OPS_MAX,
        }
    }
}

/// `POST /api/v1/sync/push`: operations of this device, in order, without a gap.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PushRequest {
    /// The epoch that the device believes in.
    pub epoch: Epoch,
    /// The place of the first operation in the device's chain.
    pub first_seq: u64,
    /// The operations, byte for byte as they were hashed.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<crate::op::Op>))]
    pub ops: Vec<Box<RawValue>>,
    /// The head after the last of them.
    pub head: Head,
    /// The device's signature over that head.
    pub signature: HeadSignature,
    /// Of a chain that is sent again, as after the centre was put back to an older state: the last operation that a
    /// former life of the centre had acknowledged, or had been sent without an answer. Others may have been sent those
    /// by it and have built on them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acknowledged_seq: Option<u64>,
}

/// The answer to a push.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "result", rename_all = "snake_case")]
pub enum PushReply {
    /// All are durably held, each with its outcome.
    Accepted {
        /// When the centre took in those that were new, in milliseconds since 1970.
        received_at_ms: i64,
        /// Where the chain stands now.
        chain: ChainPosition,
        /// For each operation of the request that the server holds now, in order from `first_seq`.
        outcomes: Vec<Receipt>,
    },
    /// The server holds another operation at a place that this push claims, or is ahead of the device: the phone
    /// was cloned or restored. It enrols anew and sends again what was never acknowledged.
    Forked {
        /// Where the server's chain stands.
        chain: ChainPosition,
    },
    /// Operations before `first_seq` are missing here; send from there.
    Gap {
        /// Where the server's chain stands.
        chain: ChainPosition,
    },
    /// The server's log has begun a new life. Ask for the session again.
    WrongEpoch {
        /// The life it is in.
        epoch: Epoch,
    },
}

/// What became of one operation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Receipt {
    /// Its place in the device's chain.
    pub seq: u64,
    /// When the centre took it in, in milliseconds since 1970.
    pub received_at_ms: i64,
    /// What became of it.
    #[serde(flatten)]
    pub outcome: Outcome,
}

/// `POST /api/v1/sync/pull`: what is new in these scopes.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PullRequest {
    /// The epoch that the cursors belong to.
    pub epoch: Epoch,
    /// For each scope the place of the next operation wanted; the first is 1.
    #[cfg_attr(feature = "openapi", schema(value_type = BTreeMap<String, u64>))]
    pub cursors: BTreeMap<AreaCode, u64>,
    /// Most operations wanted, over all scopes.
    pub limit: usize,
}

/// The answer to a pull.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PullReply {
    /// This life of the server's log.
    pub epoch: Epoch,
    /// The server's clock, in milliseconds since 1970.
    pub server_time_ms: i64,
    /// For each scope asked for, as far as the limit reached.
    pub scopes: Vec<ScopePage>,
    /// Whether there is more to fetch now.
    pub more: bool,
}

/// A part of a scope's log.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ScopePage {
    /// The village.
    pub scope: AreaCode,
    /// What to do with it.
    pub part: ScopePart,
}

/// What to do with a scope.
// Tagged from outside: serde reads the other forms through a copy, in which the exact bytes of an op are lost.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ScopePart {
    /// The next operations, dense and in order.
    Ops {
        /// Each with its place in the scope's log.
        ops: Vec<LoggedOp>,
        /// The cursor after them.
        next: u64,
        /// The place of the last operation the server holds.
        head: u64,
        /// The running checksum of the scope's log up to `next - 1`, as 16 hexadecimal digits.
        checksum: Checksum,
    },
    /// The cursor belongs to another life of the log: fetch this scope from 1.
    Resync,
    /// The grant was taken: remove what was fetched, never what was not yet sent.
    Drop,
}

/// An operation in a scope's log.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LoggedOp {
    /// Its place in the scope's log.
    pub seq: u64,
    /// When the centre took it in, in milliseconds since 1970.
    pub received_at_ms: i64,
    /// The operation, byte for byte as its device wrote it.
    #[cfg_attr(feature = "openapi", schema(value_type = crate::op::Op))]
    pub op: Box<RawValue>,
}

/// A running checksum of a scope's log; see [`crate::chain::extend_checksum`]. Written as 16 hexadecimal digits,
/// since JSON numbers do not hold 64 bits everywhere.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(value_type = String, pattern = "^[0-9a-f]{16}$"))]
pub struct Checksum(pub u64);

impl Serialize for Checksum {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{:016x}", self.0))
    }
}

impl<'de> Deserialize<'de> for Checksum {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        u64::from_str_radix(&text, 16).map(Self).map_err(serde::de::Error::custom)
    }
}

/// `POST /api/v1/photos/held`: which of these photographs does the centre hold?
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PhotosHeldRequest {
    /// Their names: SHA-256 of their bytes in 64 lower-case hexadecimal digits. At most [`PHOTOS_HELD_MAX`].
    pub sha256: Vec<String>,
    /// By name, what [`proof`](crate::photo::proof) says of those whose bytes were let go: a centre that was put back to
    /// an older state does not know who brought them. At most [`PHOTO_PROOFS_MAX`].
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub proofs: BTreeMap<String, String>,
}

impl PhotosHeldRequest {
    /// Asks about these.
    pub fn of(sha256: impl IntoIterator<Item = String>) -> Self {
        Self { sha256: sha256.into_iter().collect(), proofs: BTreeMap::new() }
    }
}

/// The answer to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PhotosHeldReply {
    /// Those that the centre holds durably, their hash verified, in the order asked.
    pub held: Vec<String>,
}

/// An error, as `application/problem+json` (RFC 9457).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Problem {
    /// A word for programs, such as `bad_credentials`.
    pub code: String,
    /// The HTTP status.
    pub status: u16,
    /// What happened, in one sentence.
    pub title: String,
    /// What to do about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// Whether the same request can never succeed.
    pub permanent: bool,
}
