//! What every exchange by tus has: its version, told and checked, and an answer that arrives.

use crate::app::Running;
use crate::http::Shared;
use crate::service::Refusal;
use axum::body::{Body, BodyDataStream, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use bianfang_shared::wire::{PHOTO_BYTES_MAX, PHOTO_UPLOADS_PATH};
use futures::{FutureExt as _, Stream, StreamExt as _};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

/// The one version spoken here.
pub(super) const VERSION: &str = "1.0.0";

const TUS_RESUMABLE: HeaderName = HeaderName::from_static("tus-resumable");
const TUS_VERSION: HeaderName = HeaderName::from_static("tus-version");
/// How long the rest of a refused body is waited for.
const REST_WAIT_MAX: Duration = Duration::from_secs(5);

/// Refuses other versions before anything is done, and puts the version into every answer, refusals included.
pub(in crate::http) async fn speak(State(shared): State<Shared>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let rest = path.strip_prefix(PHOTO_UPLOADS_PATH);
    if !rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/')) {
        return next.run(request).await;
    }
    let asks_first = request.method() == Method::OPTIONS;
    let fits = request.headers().get(TUS_RESUMABLE).is_some_and(|version| version == VERSION);
    let (parts, body) = request.into_parts();
    let body = Lent(Arc::new(Mutex::new(body.into_data_stream())));
    let mut response = if asks_first || fits {
        next.run(Request::from_parts(parts, Body::from_stream(body.clone()))).await
    } else {
        let mut refused = Refusal::TusVersion.into_response();
        refused.headers_mut().insert(TUS_VERSION, HeaderValue::from_static(VERSION));
        refused
    };
    if is_final(response.status()) {
        read_on(body, shared.config.running).await;
    }
    response.headers_mut().insert(TUS_RESUMABLE, HeaderValue::from_static(VERSION));
    response
}

/// Whether a refusal is for the client to learn. An upload that was taken over or interrupted has nobody who listens;
/// the rest of one that took too long would take as long.
fn is_final(status: StatusCode) -> bool {
    status.is_client_error() && !matches!(status, StatusCode::LOCKED | StatusCode::REQUEST_TIMEOUT)
}

/// Reads what is left of a refused body and forgets it. A connection that is closed while the client still sends is
/// reset, and the client never learns why.
async fn read_on(mut body: Lent, running: Running) {
    let reading = async move {
        let mut left = PHOTO_BYTES_MAX;
        while let Some(Ok(bytes)) = body.next().await {
            left = left.saturating_sub(bytes.len());
            if left == 0 {
                break;
            }
        }
    };
    match running {
        // Too long is as good as gone.
        Running::Threads => drop(tokio::time::timeout(REST_WAIT_MAX, reading).await),
        Running::Inline => drop(reading.now_or_never()),
    }
}

/// A body of which the rest can be read when its reader is gone.
#[derive(Clone)]
struct Lent(Arc<Mutex<BodyDataStream>>);

impl Stream for Lent {
    type Item = Result<Bytes, axum::Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let mut body = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        body.poll_next_unpin(context)
    }
}
