//! Uploads of photographs by tus 1.0.0 (<https://tus.io/protocols/resumable-upload>): core, creation,
//! creation-with-upload, checksum, expiration, termination.

mod headers;
mod speak;

use super::Shared;
use super::auth::Caller;
use super::docs::Refused;
use crate::service::Refusal;
use crate::service::photos::{Algorithm, Progress};
use crate::store::photos::UploadId;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bianfang_shared::wire::PHOTO_UPLOADS_PATH;
use headers::{Headers, expires};

pub(super) use speak::speak;

/// The extensions spoken here, as tus names them.
const EXTENSIONS: &str = "creation,creation-with-upload,checksum,expiration,termination";

const UPLOAD_OFFSET: HeaderName = HeaderName::from_static("upload-offset");
const UPLOAD_LENGTH: HeaderName = HeaderName::from_static("upload-length");
const UPLOAD_METADATA: HeaderName = HeaderName::from_static("upload-metadata");
const UPLOAD_EXPIRES: HeaderName = HeaderName::from_static("upload-expires");

/// What is spoken here
///
/// tus 1.0.0. The largest photograph is told in `Tus-Max-Size`.
#[utoipa::path(
    options,
    path = "/api/v1/photos/uploads",
    responses((status = 204, description = "The versions, extensions and limits, in headers."), Refused),
    security(())
)]
pub(super) async fn options(State(shared): State<Shared>) -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    let headers = response.headers_mut();
    headers.insert("tus-version", HeaderValue::from_static(speak::VERSION));
    headers.insert("tus-extension", HeaderValue::from_static(EXTENSIONS));
    headers.insert("tus-checksum-algorithm", HeaderValue::from_static(Algorithm::NAMES));
    headers.insert("tus-max-size", HeaderValue::from(shared.photos.limits().bytes_max));
    response
}

/// Begin an upload of a photograph
///
/// The first bytes, or all, may come with it. A photograph that the centre holds already, and that you uploaded or may
/// see, is uploaded at once: the answer's `Upload-Offset` is its length. An unfinished upload of the same device for the same photograph ends.
#[utoipa::path(
    post,
    path = "/api/v1/photos/uploads",
    params(
        ("Tus-Resumable" = String, Header, description = "`1.0.0`"),
        ("Upload-Length" = u64, Header, description = "Length of the photograph in bytes."),
        (
            "Upload-Metadata" = String,
            Header,
            description = "`sha256` and, in base64, the 64 hexadecimal digits of the SHA-256 of the photograph. Other \
                           keys are kept and not looked at."
        ),
        ("Upload-Checksum" = Option<String>, Header, description = "`sha1` or `sha256` of the bytes that come with it, in base64."),
    ),
    request_body(
        content = Vec<u8>,
        content_type = "application/offset+octet-stream",
        description = "The first bytes, if any."
    ),
    responses(
        (status = 201, description = "`Location` is its address, `Upload-Offset` where it stands."),
        Refused
    )
)]
pub(super) async fn create(
    State(shared): State<Shared>,
    caller: Caller,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Refusal> {
    let headers = Headers(&headers);
    let begin = headers.begin()?;
    let progress = if headers.brings_bytes()? {
        let chunk = headers.chunk(0)?;
        shared.photos.begin_with(&caller.who, begin, chunk, body.into_data_stream()).await?
    } else {
        shared.photos.begin(&caller.who, begin).await?
    };
    shared.photo_worker.ring();
    let location = format!("{PHOTO_UPLOADS_PATH}/{}", progress.upload.id);
    let mut response = answer(StatusCode::CREATED, &progress);
    if let Ok(location) = HeaderValue::from_str(&location) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    Ok(response)
}

/// Where an upload stands
///
/// Whoever writes to it is interrupted, and what came is kept: a client asks this when its connection broke.
#[utoipa::path(
    head,
    path = "/api/v1/photos/uploads/{id}",
    params(
        ("id" = String, Path, description = "The upload."),
        ("Tus-Resumable" = String, Header, description = "`1.0.0`"),
    ),
    responses((status = 200, description = "`Upload-Offset` and `Upload-Length` tell."), Refused)
)]
pub(super) async fn status(
    State(shared): State<Shared>,
    caller: Caller,
    Path(upload): Path<String>,
) -> Result<Response, Refusal> {
    let progress = shared.photos.progress(&caller.who, id(&upload)?).await?;
    // It may have been finished just now.
    shared.photo_worker.ring();
    let mut response = answer(StatusCode::OK, &progress);
    let headers = response.headers_mut();
    headers.insert(UPLOAD_LENGTH, HeaderValue::from(progress.upload.bytes));
    if let Ok(metadata) = HeaderValue::from_str(&progress.upload.metadata) {
        headers.insert(UPLOAD_METADATA, metadata);
    }
    Ok(response)
}

/// Go on with an upload
///
/// What arrives is kept even if the connection breaks, unless a checksum was given: then all of it or nothing. With
/// the last byte the whole is checked, and this is answered when the photograph is durably held.
#[utoipa::path(
    patch,
    path = "/api/v1/photos/uploads/{id}",
    params(
        ("id" = String, Path, description = "The upload."),
        ("Tus-Resumable" = String, Header, description = "`1.0.0`"),
        ("Upload-Offset" = u64, Header, description = "Where these bytes begin; where the upload stands."),
        ("Upload-Checksum" = Option<String>, Header, description = "`sha1` or `sha256` of these bytes, in base64."),
    ),
    request_body(content = Vec<u8>, content_type = "application/offset+octet-stream", description = "The next bytes."),
    responses((status = 204, description = "`Upload-Offset` tells where it stands now."), Refused)
)]
pub(super) async fn append(
    State(shared): State<Shared>,
    caller: Caller,
    Path(upload): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Refusal> {
    let headers = Headers(&headers);
    let upload = id(&upload)?;
    headers.expect_bytes()?;
    let chunk = headers.chunk(headers.offset()?)?;
    let progress = shared.photos.append(&caller.who, upload, chunk, body.into_data_stream()).await?;
    if progress.upload.done {
        shared.photo_worker.ring();
    }
    Ok(answer(StatusCode::NO_CONTENT, &progress))
}

/// End an upload
///
/// What came of it is forgotten; a photograph that it brought stays.
#[utoipa::path(
    delete,
    path = "/api/v1/photos/uploads/{id}",
    params(
        ("id" = String, Path, description = "The upload."),
        ("Tus-Resumable" = String, Header, description = "`1.0.0`"),
    ),
    responses((status = 204, description = "Done."), Refused)
)]
pub(super) async fn terminate(
    State(shared): State<Shared>,
    caller: Caller,
    Path(upload): Path<String>,
) -> Result<StatusCode, Refusal> {
    shared.photos.terminate(&caller.who, id(&upload)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The same by POST
///
/// For clients that can send no other method: `X-HTTP-Method-Override` says which is meant.
#[utoipa::path(
    post,
    path = "/api/v1/photos/uploads/{id}",
    params(
        ("id" = String, Path, description = "The upload."),
        ("X-HTTP-Method-Override" = String, Header, description = "`HEAD`, `PATCH` or `DELETE`"),
    ),
    responses((status = 200, description = "As that method answers."), Refused)
)]
pub(super) async fn overridden(
    shared: State<Shared>,
    caller: Caller,
    path: Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Refusal> {
    match headers.get("x-http-method-override").and_then(|method| method.to_str().ok()) {
        Some("HEAD") => status(shared, caller, path).await,
        Some("PATCH") => append(shared, caller, path, headers, body).await,
        Some("DELETE") => terminate(shared, caller, path).await.map(IntoResponse::into_response),
        _ => Err(Refusal::WrongMethod),
    }
}

fn id(text: &str) -> Result<UploadId, Refusal> {
    text.parse().map_err(|_| Refusal::NoSuchUpload)
}

fn answer(status: StatusCode, progress: &Progress) -> Response {
    let mut response = status.into_response();
    let headers = response.headers_mut();
    headers.insert(UPLOAD_OFFSET, HeaderValue::from(progress.offset));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if !progress.upload.done
        && let Some(expires) = expires(progress.upload.expires_at_ms)
    {
        headers.insert(UPLOAD_EXPIRES, expires);
    }
    response
}
