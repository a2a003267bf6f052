//! The requests of tus 1.0.0, <https://tus.io/protocols/resumable-upload>, and what their answers say. Knows nothing of
//! when they are made.

use super::super::request::{authorization, read_ok};
use super::super::{Answer, SyncError};
use crate::platform::{HttpRequest, HttpResponse, Method};
use crate::store::spool::ToSend;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use bianfang_shared::wire::PHOTO_UPLOADS_PATH;
use sha2::{Digest as _, Sha256};

const VERSION: &str = "1.0.0";

fn request(method: Method, path: &str, token: &str) -> HttpRequest {
    let mut headers = authorization(Some(token));
    headers.push(("tus-resumable", VERSION.to_owned()));
    HttpRequest { method, path: path.to_owned(), headers, body: Vec::new() }
}

/// Begins an upload with its first part: one request less for each photograph, where each takes its time.
pub(super) fn create(token: &str, photo: &ToSend, part: Vec<u8>) -> HttpRequest {
    let mut request = request(Method::Post, PHOTO_UPLOADS_PATH, token);
    request.headers.push(("upload-length", photo.bytes.to_string()));
    let name = BASE64.encode(photo.name.to_string());
    request.headers.push(("upload-metadata", format!("sha256 {name}")));
    with(request, part)
}

/// Asks how far an upload has come.
pub(super) fn look(token: &str, url: &str) -> HttpRequest {
    request(Method::Head, url, token)
}

/// Sends a part, which begins at this byte.
pub(super) fn send(token: &str, url: &str, from: u64, part: Vec<u8>) -> HttpRequest {
    let mut request = request(Method::Patch, url, token);
    request.headers.push(("upload-offset", from.to_string()));
    with(request, part)
}

/// Puts a part into a request. By its checksum all of it is taken, or nothing.
fn with(mut request: HttpRequest, part: Vec<u8>) -> HttpRequest {
    request.headers.push(("content-type", "application/offset+octet-stream".to_owned()));
    let checksum = BASE64.encode(Sha256::digest(&part));
    request.headers.push(("upload-checksum", format!("sha256 {checksum}")));
    request.body = part;
    request
}

/// An upload that was begun.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Created {
    /// Its path at the centre.
    pub(super) url: String,
    /// How much of it is there already. Nothing where the centre does not say: it may take bytes afterwards only.
    pub(super) sent: u64,
}

pub(super) fn read_created(answer: Answer) -> Result<Created, SyncError> {
    let response = read_ok(answer)?;
    let location = response.header("location").unwrap_or_default();
    let url =
        path_of(location).ok_or_else(|| SyncError::Unreadable("an upload without a place".to_owned()))?;
    Ok(Created { url: url.to_owned(), sent: offset_of(&response).unwrap_or(0) })
}

pub(super) fn read_offset(answer: Answer) -> Result<u64, SyncError> {
    let response = read_ok(answer)?;
    offset_of(&response).ok_or_else(|| SyncError::Unreadable("an upload without an offset".to_owned()))
}

fn offset_of(response: &HttpResponse) -> Option<u64> {
    response.header("upload-offset")?.trim().parse().ok()
}

/// The path of an address, which has to lie beneath the uploads': the token goes to no other place.
fn path_of(location: &str) -> Option<&str> {
    let path = match location.split_once("://") {
        Some((_, rest)) => &rest[rest.find('/')?..],
        None => location,
    };
    let id = path.strip_prefix(PHOTO_UPLOADS_PATH)?.strip_prefix('/')?;
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
    (!id.is_empty() && id.bytes().all(plain)).then_some(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_upload_lies_beneath_the_uploads_and_nowhere_else() {
        for (location, path) in [
            ("/api/v1/photos/uploads/0a-1", Some("/api/v1/photos/uploads/0a-1")),
            ("https://centre.example/api/v1/photos/uploads/7", Some("/api/v1/photos/uploads/7")),
            ("http://127.0.0.1:8080/api/v1/photos/uploads/7", Some("/api/v1/photos/uploads/7")),
            ("https://elsewhere.example/uploads/7", None),
            ("/api/v1/photos/uploads/", None),
            ("/api/v1/photos/uploads/../../session", None),
            ("/api/v1/photos/uploads/7?x=1", None),
            ("https://centre.example", None),
            ("", None),
        ] {
            assert_eq!(path_of(location), path, "{location}");
        }
    }
}
