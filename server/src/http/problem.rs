//! Errors as `application/problem+json` (RFC 9457).

use crate::service::Refusal;
use crate::service::refusal::causes;
use axum::Json;
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// The content type of every refusal.
pub(super) const PROBLEM: &str = "application/problem+json";

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        if status.is_server_error() {
            let cause = std::error::Error::source(&self).map(causes);
            tracing::error!(code = self.code(), cause, "a request was not done");
        }
        let mut response = (status, Json(self.problem())).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(PROBLEM));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(seconds) = self.retry_after_s() {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

/// No such address.
pub(super) async fn not_found() -> Refusal {
    Refusal::NotFound
}

/// The address exists, the method does not.
pub(super) async fn wrong_method() -> Refusal {
    Refusal::WrongMethod
}

/// Puts a refusal of a layer or of axum itself, which comes as bare text, into the form of all others.
pub(super) async fn explain(request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    let status = response.status();
    let is_bare = response.headers().get(header::CONTENT_TYPE).is_none_or(|kind| kind != PROBLEM);
    match status {
        StatusCode::UNSUPPORTED_MEDIA_TYPE if is_bare => {
            Refusal::UnsupportedBody { detail: "Bodies may be packed with gzip, br or zstd.".to_owned() }
                .into_response()
        }
        StatusCode::BAD_REQUEST if is_bare => {
            Refusal::BadRequest { detail: "Its address or headers are malformed.".to_owned() }.into_response()
        }
        StatusCode::INTERNAL_SERVER_ERROR if is_bare => Refusal::Internal.into_response(),
        _ => response,
    }
}
