//! An outbox that was exported to a file, because its phone never got a signal: taken in by the same chain rules
//! as a push.

use super::Refusal;
use super::merger::Merger;
use super::push::{Incoming, PushJob};
use crate::store::Store;
use crate::store::people::{Audit, NewSignIn, SignInOutcome};
use bianfang_shared::chain::{Head, HeadSignature, PublicKey};
use bianfang_shared::id::{DeviceId, UserId};
use bianfang_shared::wire::{ChainPosition, PUSH_OPS_MAX, PushReply, Receipt};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// What the file calls itself.
pub const FORMAT: &str = "bianfang-outbox-v1";

/// An exported outbox. Written by released clients. Do not change; add V2.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct OutboxFile {
    /// [`FORMAT`].
    pub format: String,
    /// The device.
    pub device: DeviceId,
    /// The public half of its key.
    pub public_key: PublicKey,
    /// Who was signed in there.
    pub author: UserId,
    /// The place of the first operation in the device's chain.
    pub first_seq: u64,
    /// The operations, byte for byte.
    pub ops: Vec<Box<RawValue>>,
    /// The head after the last of them.
    pub head: Head,
    /// The device's signature over that head.
    pub signature: HeadSignature,
}

/// What became of a file.
#[derive(Debug)]
pub struct Imported {
    /// For each operation in the file, in order.
    pub receipts: Vec<Receipt>,
    /// Where the device's chain stands now.
    pub chain: ChainPosition,
}

/// Why a file was not taken in. Nothing of it was.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// Not such a file.
    #[error("this is not an exported outbox: {0}")]
    NotAnOutbox(String),
    /// The signature is not the device's.
    #[error("the signature does not fit; the file was changed or is incomplete")]
    BadSignature,
    /// The device or its person is not known here, or they do not fit.
    #[error("the device cannot be taken in: {0}")]
    Device(&'static str),
    /// Operations before the first one are missing here.
    #[error("operations {from} to {to} are missing here; import the file that holds them first")]
    Gap {
        /// The first missing one.
        from: u64,
        /// The last missing one.
        to: u64,
    },
    /// The server holds another chain of this device.
    #[error("the server holds another history of this device, up to operation {0}; nothing was taken in")]
    Forked(u64),
    /// The server failed.
    #[error(transparent)]
    Refused(#[from] Refusal),
}

/// Reads a file's text.
pub fn read(text: &str) -> Result<OutboxFile, ImportError> {
    let file: OutboxFile =
        serde_json::from_str(text).map_err(|error| ImportError::NotAnOutbox(error.to_string()))?;
    if file.format != FORMAT {
        return Err(ImportError::NotAnOutbox(format!("its format is {:?}, not {FORMAT:?}", file.format)));
    }
    if file.first_seq == 0 {
        return Err(ImportError::NotAnOutbox("first_seq counts from 1".to_owned()));
    }
    if !file.public_key.verifies(file.device, file.head, &file.signature) {
        return Err(ImportError::BadSignature);
    }
    Ok(file)
}

/// Takes a file in, part by part. Running it again does no harm.
pub fn import(
    store: &dyn Store,
    merger: &Merger,
    file: &OutboxFile,
    now_ms: i64,
) -> Result<Imported, ImportError> {
    enrol(store, file, now_ms)?;
    let held = store.device_facts(file.device).map_err(Refusal::from)?;
    let last_seq = held.as_ref().map_or(0, |facts| facts.last_seq);
    if file.first_seq > last_seq + 1 {
        return Err(ImportError::Gap { from: last_seq + 1, to: file.first_seq - 1 });
    }
    let heads = heads(store, file, held.map_or(Head::EMPTY, |facts| facts.head), last_seq)?;
    if heads.last().is_some_and(|last| *last != file.head) {
        return Err(ImportError::Forked(last_seq));
    }
    let epoch = store.epoch().map_err(Refusal::from)?;
    let mut imported = Imported {
        receipts: Vec::with_capacity(file.ops.len()),
        chain: ChainPosition { last_seq, head: Head::EMPTY },
    };
    for (part, (ops, heads)) in file.ops.chunks(PUSH_OPS_MAX).zip(heads.chunks(PUSH_OPS_MAX)).enumerate() {
        let job = PushJob {
            device: file.device,
            user: file.author,
            epoch,
            first_seq: file.first_seq + (part * PUSH_OPS_MAX) as u64,
            ops: ops.iter().map(|raw| Incoming::read(raw.get())).collect(),
            head: heads.last().copied().unwrap_or(Head::EMPTY),
            acknowledged_seq: 0,
            by_administrator: true,
        };
        let answer = merger.merge_now(std::slice::from_ref(&job)).pop().unwrap_or(Err(Refusal::Internal));
        match answer? {
            PushReply::Accepted { outcomes, chain, .. } => {
                imported.receipts.extend(outcomes);
                imported.chain = chain;
            }
            PushReply::Forked { chain } => return Err(ImportError::Forked(chain.last_seq)),
            PushReply::Gap { chain } => {
                return Err(ImportError::Gap { from: chain.last_seq + 1, to: job.first_seq - 1 });
            }
            PushReply::WrongEpoch { .. } => return Err(Refusal::Busy.into()),
        }
    }
    Ok(imported)
}

/// The head after each operation of the file.
fn heads(store: &dyn Store, file: &OutboxFile, head: Head, last_seq: u64) -> Result<Vec<Head>, ImportError> {
    let before = if file.first_seq == last_seq + 1 {
        head
    } else if file.first_seq == 1 {
        Head::EMPTY
    } else {
        let held = store.chain_log(file.device, file.first_seq - 1, 1).map_err(Refusal::from)?;
        held.first().map_or(Head::EMPTY, |op| op.head)
    };
    let mut running = before;
    Ok(file
        .ops
        .iter()
        .map(|raw| {
            running = running.extend(raw.get().as_bytes());
            running
        })
        .collect())
}

/// A device that never reached the server is enrolled by its file; one that is known must agree.
fn enrol(store: &dyn Store, file: &OutboxFile, now_ms: i64) -> Result<(), ImportError> {
    if let Some(known) = store.device_facts(file.device).map_err(Refusal::from)? {
        if known.public_key != file.public_key {
            return Err(ImportError::Device("it is enrolled with another key"));
        }
        return if known.user == file.author {
            Ok(())
        } else {
            Err(ImportError::Device("it is enrolled for another person"))
        };
    }
    match super::seed::enrol(store, file.device, file.public_key, file.author, now_ms, "outbox_imported") {
        Ok(SignInOutcome::Kept) => Ok(()),
        Ok(_) => Err(ImportError::Device("its person has no open account here")),
        Err(error) => Err(Refusal::from(error).into()),
    }
}

/// A sign-in that is over as soon as it begins: all that is wanted is the device's enrolment.
pub(super) fn ended_sign_in(
    device: DeviceId,
    key: PublicKey,
    user: UserId,
    at_ms: i64,
    label: &str,
) -> NewSignIn {
    NewSignIn {
        token_hash: [0; 32],
        user,
        device,
        public_key: key,
        label: label.to_owned(),
        at_ms,
        expires_at_ms: at_ms,
        replaces: None,
    }
}

/// The line of the audit log for it.
pub(super) fn enrolment_line(device: DeviceId, at_ms: i64, action: &str) -> Audit {
    Audit { at_ms, actor: None, action: action.to_owned(), about: device.to_string() }
}
