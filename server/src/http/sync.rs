//! Push and pull.

use super::auth::Caller;
use super::docs::Refused;
use super::{Shared, body};
use crate::service::readiness::check_room;
use crate::service::{Refusal, pull as pulling, push as pushing};
use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use bianfang_shared::id::Epoch;
use bianfang_shared::wire::{PUSH_BYTES_MAX, PullReply, PullRequest, PushReply, PushRequest};

/// For so long after the centre was put back to an older state phones come that send again what it had.
const SENT_AGAIN_MS: i64 = 90 * 24 * 60 * 60 * 1000;

/// Send operations of this device, in order and without a gap
///
/// The body may be compressed (gzip, br, zstd). Answered when everything is durable. The same push may be sent
/// again. 503 with Retry-After: nothing was taken in.
#[utoipa::path(
    post,
    path = "/api/v1/sync/push",
    request_body = PushRequest,
    responses((status = 200, description = "Done.", body = PushReply), Refused)
)]
pub(super) async fn push(
    State(shared): State<Shared>,
    caller: Caller,
    request: Body,
) -> Result<Json<PushReply>, Refusal> {
    let user = caller.who.account.user.id;
    // Before anything of it is read.
    check_room(&*shared.room)?;
    shared.quotas.check_ops(user, shared.config.clock.now_ms())?;
    let bytes = body::read(request, PUSH_BYTES_MAX).await?;
    let length = bytes.len();
    let admitted = shared.admission.admit(length)?;
    let request: PushRequest = body::json(&bytes)?;
    let job = pushing::prepare(&request, &caller.who)?;
    let photos = job.photos();
    // What an earlier life of the centre had is no more of a burden. Anybody can say so, but only for a while after one
    // ended.
    let lately = restored_lately(request.epoch, shared.config.clock.now_ms());
    let said = request.acknowledged_seq.filter(|_| lately);
    drop((request, bytes));
    let acknowledged_seq = match said {
        None => None,
        Some(seq) => {
            let follows = shared.blocking(move |parts| Ok(parts.store.follows_another()?)).await?;
            follows.then_some(seq)
        }
    };
    let reply = shared.merges.merge(job, admitted).await?;
    shared.metrics.pushed(&reply);
    shared.quotas.count_push(user, &reply, length, acknowledged_seq, shared.config.clock.now_ms());
    if !photos.is_empty() {
        if shared.photos.any_unnamed() {
            // What goes wrong is found by the sweep.
            let _ = shared.blocking(move |parts| parts.photos.named(&photos)).await;
        }
        shared.photo_worker.ring();
    }
    Ok(Json(reply))
}

/// Whether this life of the log is young: then phones send again what an earlier one had.
fn restored_lately(epoch: Epoch, now_ms: i64) -> bool {
    epoch.began_ms().is_some_and(|began_ms| now_ms.saturating_sub(began_ms) < SENT_AGAIN_MS)
}

/// Fetch what is new in these scopes
#[utoipa::path(
    post,
    path = "/api/v1/sync/pull",
    request_body = PullRequest,
    responses((status = 200, description = "Done.", body = PullReply), Refused)
)]
pub(super) async fn pull(
    State(shared): State<Shared>,
    caller: Caller,
    request: Body,
) -> Result<Response, Refusal> {
    let request: PullRequest = body::small_json(request).await?;
    let reply = shared
        .blocking(move |parts| {
            pulling::pull(&*parts.store, &caller.who, &request, parts.config.clock.now_ms())
        })
        .await?;
    Ok(([(header::CONTENT_TYPE, "application/json")], reply).into_response())
}
