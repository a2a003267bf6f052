//! What every exchange by tus has: its version, told and checked.

use crate::service::Refusal;
use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use bianfang_shared::wire::PHOTO_UPLOADS_PATH;

/// The one version spoken here.
pub(super) const VERSION: &str = "1.0.0";

const TUS_RESUMABLE: HeaderName = HeaderName::from_static("tus-resumable");
const TUS_VERSION: HeaderName = HeaderName::from_static("tus-version");

/// Refuses other versions before anything is done, and puts the version into every answer, refusals included.
pub(in crate::http) async fn speak(request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let is_tus =
        path.strip_prefix(PHOTO_UPLOADS_PATH).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    if !is_tus {
        return next.run(request).await;
    }
    let asks_first = request.method() == Method::OPTIONS;
    let fits = request.headers().get(TUS_RESUMABLE).is_some_and(|version| version == VERSION);
    let mut response = if asks_first || fits {
        next.run(request).await
    } else {
        let mut refused = Refusal::TusVersion.into_response();
        refused.headers_mut().insert(TUS_VERSION, HeaderValue::from_static(VERSION));
        refused
    };
    response.headers_mut().insert(TUS_RESUMABLE, HeaderValue::from_static(VERSION));
    response
}
