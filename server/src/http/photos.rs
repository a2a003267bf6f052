//! Photographs that are held.

use super::auth::Caller;
use super::docs::Refused;
use super::{Shared, body};
use crate::service::Refusal;
use crate::service::photos::{Found, Size};
use crate::store::photos::PhotoId;
use axum::Json;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bianfang_shared::wire::{PhotosHeldReply, PhotosHeldRequest};

/// A photograph never changes under its name; only who fetched it may keep it.
const KEEP: &str = "private, max-age=31536000, immutable";

/// Which of these photographs does the centre hold?
///
/// Told of those that you uploaded, or may see. A photograph that is held need not be uploaded, and may be let go on
/// the device; one that is not told of is uploaded again, and kept once.
#[utoipa::path(
    post,
    path = "/api/v1/photos/held",
    request_body = PhotosHeldRequest,
    responses((status = 200, description = "Done.", body = PhotosHeldReply), Refused)
)]
pub(super) async fn held(
    State(shared): State<Shared>,
    caller: Caller,
    request: Body,
) -> Result<Json<PhotosHeldReply>, Refusal> {
    let asked: PhotosHeldRequest = body::small_json(request).await?;
    shared.photos.held(&caller.who, asked).await.map(Json)
}

/// A photograph, the very bytes
///
/// For whoever has a village in which a merged operation names it, whose author uploaded it, or which was the first to
/// name it.
#[utoipa::path(
    get,
    path = "/api/v1/photos/{sha256}",
    params(("sha256" = String, Path, description = "Its name.")),
    responses((status = 200, description = "Done.", content_type = "image/jpeg", body = Vec<u8>), Refused)
)]
pub(super) async fn original(
    State(shared): State<Shared>,
    caller: Caller,
    Path(photo): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    give(&shared, &caller, &photo, Size::Original, &headers).await
}

/// A small picture of a photograph
///
/// At most 320 pixels long. None where it cannot be decoded.
#[utoipa::path(
    get,
    path = "/api/v1/photos/{sha256}/thumb",
    params(("sha256" = String, Path, description = "The photograph's name.")),
    responses((status = 200, description = "Done.", content_type = "image/jpeg", body = Vec<u8>), Refused)
)]
pub(super) async fn thumbnail(
    State(shared): State<Shared>,
    caller: Caller,
    Path(photo): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    give(&shared, &caller, &photo, Size::Thumbnail, &headers).await
}

async fn give(
    shared: &Shared,
    caller: &Caller,
    name: &str,
    size: Size,
    asked: &HeaderMap,
) -> Result<Response, Refusal> {
    let photo: PhotoId = name.parse().map_err(|_| Refusal::NotFound)?;
    let Found { bytes } = shared.photos.open(&caller.who, photo, size).await?;
    let tag = match size {
        Size::Original => format!("\"{photo}\""),
        Size::Thumbnail => format!("\"{photo}-thumb\""),
    };
    let known = asked.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    let is_known = known.is_some_and(|known| known.split(',').any(|known| known.trim() == tag));
    let mut response = if is_known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        ([(header::CONTENT_TYPE, "image/jpeg")], bytes).into_response()
    };
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(KEEP));
    headers.insert(header::VARY, HeaderValue::from_static("authorization"));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        headers.insert(header::ETAG, tag);
    }
    Ok(response)
}
