//! Sending: batches from the outbox, and what the centre makes of them. One bad batch never stops the fetching, and
//! one bad operation never stops the others.

use super::request::{post, read_json};
use super::{Answer, Engine, SyncError, What};
use crate::platform::{HttpRequest, Platform};
use crate::store::chain::Identity;
use crate::store::outbox::{self, Fit};
use crate::store::{Store, StoreError, chain, fork, meta};
use bianfang_shared::wire::{ChainPosition, PushReply, PushRequest, Receipt};
use serde_json::value::RawValue;

pub(super) fn request(
    engine: &Engine,
    store: &mut Store,
    token: &str,
) -> Result<(What, HttpRequest), StoreError> {
    let conn = store.read();
    let chain = chain::read(conn)?;
    let unreadable = |detail: String| StoreError::Unreadable { what: "outbox", detail };
    let batch = outbox::batch(conn, &chain, engine.batch_ops_max, engine.limits.push_bytes_max)?;
    let batch = batch.ok_or_else(|| unreadable("counted operations are not there".to_owned()))?;
    let what = What::Push { first_seq: batch.first_seq, ops: batch.ops.len() };
    let epoch = meta::epoch(conn)?.ok_or_else(|| unreadable("no epoch".to_owned()))?;
    let ops = batch.ops.into_iter().map(RawValue::from_string).collect::<Result<_, _>>();
    let body = PushRequest {
        epoch,
        first_seq: batch.first_seq,
        ops: ops.map_err(|error| unreadable(error.to_string()))?,
        head: batch.head,
        signature: chain.identity.key().sign(chain.identity.device, batch.head),
        acknowledged_seq: outbox::acknowledged(conn, &chain)?,
    };
    let last_seq = batch.first_seq + body.ops.len() as u64 - 1;
    // A phone without room for this note sends all the same: it matters only once the centre was put back.
    let _ = store.write(|tx| outbox::note_sent(tx, &chain, last_seq));
    Ok((what, post("/api/v1/sync/push", Some(token), &body)))
}

pub(super) fn receive(
    engine: &mut Engine,
    store: &mut Store,
    platform: &Platform,
    (first_seq, ops): (u64, usize),
    answer: Answer,
) -> Result<bool, SyncError> {
    let reply = match read_json(answer) {
        Err(error @ SyncError::Refused(_)) if error.is_permanent() => return refused(engine, ops, error),
        // The centre takes no records for a while. Whatever the others wrote is fetched all the same.
        Err(error) if error.is_of_sending() => {
            engine.round.get_or_insert_default().push_blocked = Some(error.into());
            return Ok(false);
        }
        read => read?,
    };
    match reply {
        PushReply::Accepted { chain, outcomes, .. } => accepted(engine, store, platform, chain, &outcomes),
        PushReply::Forked { .. } => fork(engine, store, platform),
        // Asking where the centre stands settles both: it lowers the mark of what is acknowledged, or begins a new
        // life of the log. The answer to a gap that is none would repeat for ever; greeting again breaks that.
        PushReply::Gap { chain } if chain.last_seq + 1 >= first_seq => {
            Err(SyncError::NoProgress("a gap that is none"))
        }
        PushReply::Gap { .. } | PushReply::WrongEpoch { .. } => {
            engine.greeted_until_ms = i64::MIN;
            Ok(false)
        }
    }
}

/// The batch as a whole is refused. A smaller one shows whether it was the size or one operation; then sending rests
/// until the next round, and fetching goes on.
fn refused(engine: &mut Engine, ops: usize, error: SyncError) -> Result<bool, SyncError> {
    if ops > 1 {
        engine.batch_ops_max = (ops / 2).max(1);
    } else {
        engine.round.get_or_insert_default().push_blocked = Some(error.into());
    }
    Ok(false)
}

fn accepted(
    engine: &mut Engine,
    store: &mut Store,
    platform: &Platform,
    position: ChainPosition,
    outcomes: &[Receipt],
) -> Result<bool, SyncError> {
    let (progress, fit) = store.write(|tx| {
        let progress = outbox::acknowledge(tx, outcomes)?;
        let fit = outbox::reconcile(tx, position)?;
        if fit == Fit::Forked {
            fork::begin_anew(tx, Identity::new(platform), platform.clock.wall_ms())?;
        }
        Ok::<_, SyncError>((progress, fit))
    })?;
    if fit == Fit::Fits && !progress {
        return Err(SyncError::NoProgress("no operation was acknowledged"));
    }
    engine.batch_ops_max = (engine.batch_ops_max * 2).min(engine.limits.push_ops_max);
    Ok(true)
}

pub(super) fn fork(engine: &mut Engine, store: &mut Store, platform: &Platform) -> Result<bool, SyncError> {
    store.write(|tx| fork::begin_anew(tx, Identity::new(platform), platform.clock.wall_ms()))?;
    engine.greeted_until_ms = i64::MIN;
    Ok(true)
}
