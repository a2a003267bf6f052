//! Request bodies: read whole within a limit, then read as JSON.

use crate::service::Refusal;
use axum::body::{Body, Bytes};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde::de::DeserializeOwned;

/// Largest body of a small request, after decompression.
pub(super) const SMALL_BYTES_MAX: usize = 256 * 1024;

/// Reads a body whole; the limit counts bytes after decompression, so a bomb is cut off as it unfolds.
pub(super) async fn read(body: Body, bytes_max: usize) -> Result<Bytes, Refusal> {
    match Limited::new(body, bytes_max).collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(Refusal::BodyTooLarge { max: bytes_max }),
        Err(_) => Err(Refusal::BodyInterrupted),
    }
}

/// Reads JSON. The message names line and column, never the content.
pub(super) fn json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Refusal> {
    serde_json::from_slice(bytes).map_err(|error| Refusal::BadRequest {
        detail: format!("Expected JSON of this request's form: {error}."),
    })
}

/// Reads a small JSON body.
pub(super) async fn small_json<T: DeserializeOwned>(body: Body) -> Result<T, Refusal> {
    json(&read(body, SMALL_BYTES_MAX).await?)
}
