//! Everything unsent as a file for an administrator: the last resort when a phone never gets a signal.

use crate::message::{ExportFile, Trouble};
use crate::store::{StoreError, chain, meta, outbox};
use crate::view::Reading;
use bianfang_shared::chain::{Head, HeadSignature, PublicKey};
use bianfang_shared::id::{DeviceId, UserId};
use serde::Serialize;
use serde_json::value::RawValue;

/// The file's format. Read by released servers. Do not change; add another.
pub(crate) const FORMAT: &str = "bianfang-outbox-v1";

/// The file: operations as they would be pushed, with what lets the centre believe them.
#[derive(Serialize)]
struct Outbox {
    format: &'static str,
    device: DeviceId,
    public_key: PublicKey,
    author: UserId,
    first_seq: u64,
    ops: Vec<Box<RawValue>>,
    head: Head,
    signature: HeadSignature,
}

pub(crate) fn outbox(reading: Reading<'_>, now_ms: i64) -> Result<ExportFile, Trouble> {
    let conn = reading.conn;
    let chain = chain::read(conn)?;
    let user = meta::user(conn)?
        .ok_or_else(|| crate::core::trouble("signed_out", "nobody signed in here", false))?;
    let (first_seq, raw, head) = match outbox::batch(conn, &chain, usize::MAX, usize::MAX)? {
        Some(batch) => (batch.first_seq, batch.ops, batch.head),
        None => (chain.last_seq + 1, Vec::new(), chain.head),
    };
    let operations = raw.len() as u64;
    let ops = raw
        .into_iter()
        .map(RawValue::from_string)
        .collect::<Result<_, _>>()
        .map_err(|error| StoreError::Unreadable { what: "operation", detail: error.to_string() })?;
    let (device, key) = (chain.identity.device, chain.identity.key());
    let outbox = Outbox {
        format: FORMAT,
        device,
        public_key: key.public(),
        author: user.id,
        first_seq,
        ops,
        head,
        signature: key.sign(device, head),
    };
    let day = bianfang_shared::day::day_of(now_ms);
    let name = format!("bianfang-{day}-{}.json", &device.to_string()[24..]);
    Ok(ExportFile { name, text: meta::to_json(&outbox), operations })
}
