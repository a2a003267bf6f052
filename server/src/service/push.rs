//! A push from its message to a job for the merge: read, checked, its signature verified. Touches no store.

use super::Refusal;
use crate::store::people::SignedIn;
use crate::store::photos::PhotoId;
use bianfang_shared::chain::Head;
use bianfang_shared::id::{DeviceId, Epoch, UserId};
use bianfang_shared::judge::Reason;
use bianfang_shared::op::{Body, Op};
use bianfang_shared::wire::{OP_BYTES_MAX, PUSH_OPS_MAX, PushRequest, UNKNOWN_OP_BYTES_MAX};
use std::sync::Arc;

/// Longest explanation of an unreadable operation that is kept, in characters.
const DETAIL_CHARS_MAX: usize = 200;

/// A push ready to be merged.
#[derive(Clone, Debug)]
pub struct PushJob {
    /// The device whose chain it continues.
    pub device: DeviceId,
    /// Who is signed in there.
    pub user: UserId,
    /// The epoch that the device believes in.
    pub epoch: Epoch,
    /// The place of the first operation.
    pub first_seq: u64,
    /// The operations.
    pub ops: Vec<Incoming>,
    /// The head after the last of them; its signature holds.
    pub head: Head,
    /// The last operation that a former life of the centre had acknowledged; 0 if none.
    pub acknowledged_seq: u64,
    /// Whether an administrator brings it from a file: then a device out of service may still hand over.
    pub by_administrator: bool,
}

impl PushJob {
    /// The photographs that its operations name.
    pub fn photos(&self) -> Vec<PhotoId> {
        let ops = self.ops.iter().flat_map(|incoming| &incoming.op);
        ops.flat_map(|op| op.body.photos()).filter_map(|photo| photo.sha256.parse().ok()).collect()
    }
}

/// An operation as it came.
#[derive(Clone, Debug)]
pub struct Incoming {
    /// Its exact bytes.
    pub raw: Arc<str>,
    /// What could be read from them.
    pub op: Result<Op, Reason>,
    /// Why it is to be set aside whatever it says.
    pub aside: Option<Reason>,
}

impl Incoming {
    /// Reads an operation; what cannot be read is kept all the same.
    pub fn read(raw: &str) -> Self {
        Self { raw: raw.into(), op: read_op(raw).and_then(known_or_small(raw)), aside: None }
    }

    /// The same, to be set aside.
    pub fn set_aside(&self, reason: Reason) -> Self {
        Self { aside: Some(reason), ..self.clone() }
    }

    /// The same, to be set aside without being looked at: only its bytes are kept.
    pub fn unread(&self, reason: Reason) -> Self {
        Self { op: Err(reason), ..self.clone() }
    }
}

/// Reads an operation from its exact bytes.
pub fn read_op(raw: &str) -> Result<Op, Reason> {
    if raw.len() > OP_BYTES_MAX {
        return Err(Reason::TooMany { what: "bytes".to_owned(), max: OP_BYTES_MAX });
    }
    serde_json::from_str(raw).map_err(|error| Reason::Unreadable {
        detail: error.to_string().chars().take(DETAIL_CHARS_MAX).collect(),
    })
}

/// An operation of a kind that this version does not know is kept for later ones, so it may take less room.
fn known_or_small(raw: &str) -> impl FnOnce(Op) -> Result<Op, Reason> {
    let bytes = raw.len();
    move |op| match op.body {
        Body::Unknown if bytes > UNKNOWN_OP_BYTES_MAX => {
            Err(Reason::TooMany { what: "bytes".to_owned(), max: UNKNOWN_OP_BYTES_MAX })
        }
        _ => Ok(op),
    }
}

/// Checks what can be checked without the log, and reads the operations.
pub fn prepare(request: &PushRequest, signed_in: &SignedIn) -> Result<PushJob, Refusal> {
    if request.ops.len() > PUSH_OPS_MAX {
        return Err(Refusal::TooManyOps { max: PUSH_OPS_MAX });
    }
    let last = request.first_seq.checked_add(request.ops.len() as u64);
    if request.first_seq == 0 || last.is_none_or(|last| last > crate::store::sqlite::SEQ_MAX) {
        return Err(Refusal::BadRequest {
            detail: "first_seq counts from 1 and stays below 2^40".to_owned(),
        });
    }
    if !signed_in.public_key.verifies(signed_in.device, request.head, &request.signature) {
        return Err(Refusal::BadSignature);
    }
    Ok(PushJob {
        device: signed_in.device,
        user: signed_in.account.user.id,
        epoch: request.epoch,
        first_seq: request.first_seq,
        ops: request.ops.iter().map(|raw| Incoming::read(raw.get())).collect(),
        head: request.head,
        acknowledged_seq: request.acknowledged_seq.unwrap_or(0),
        by_administrator: false,
    })
}
