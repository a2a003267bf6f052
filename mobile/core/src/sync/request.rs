//! Requests and answers on the wire: headers, compression, errors. Knows nothing of what they are about.

use super::{Answer, SyncError};
use crate::platform::{HttpRequest, HttpResponse, Method, Platform};
use bianfang_shared::wire::Problem;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::io::Write as _;

/// Bodies from this size on are compressed, in bytes.
const GZIP_FROM_BYTES: usize = 4 * 1024;

/// Asks.
pub(crate) fn get(path: impl Into<String>, token: Option<&str>) -> HttpRequest {
    HttpRequest { method: Method::Get, path: path.into(), headers: authorization(token), body: Vec::new() }
}

/// The same with the header that tells the centre what this device's clock shows.
pub(crate) fn with_device_time(mut request: HttpRequest, platform: &Platform) -> HttpRequest {
    request.headers.push((DEVICE_TIME_HEADER, platform.clock.wall_ms().to_string()));
    request
}

/// What this device's clock shows, in milliseconds since 1970. The centre writes down how far it is off.
const DEVICE_TIME_HEADER: &str = "bianfang-device-time";

/// Hands over.
pub(crate) fn post<T: Serialize>(path: &str, token: Option<&str>, body: &T) -> HttpRequest {
    let mut headers = authorization(token);
    headers.push(("content-type", "application/json".to_owned()));
    let plain = serde_json::to_vec(body).expect("wire messages have string keys and finite numbers");
    let body = if plain.len() >= GZIP_FROM_BYTES {
        headers.push(("content-encoding", "gzip".to_owned()));
        gzip(&plain)
    } else {
        plain
    };
    HttpRequest { method: Method::Post, path: path.to_owned(), headers, body }
}

pub(super) fn authorization(token: Option<&str>) -> Vec<(&'static str, String)> {
    token.map(|token| ("authorization", format!("Bearer {token}"))).into_iter().collect()
}

fn gzip(plain: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(plain.len() / 4), Compression::fast());
    encoder.write_all(plain).and_then(|()| encoder.finish()).expect("writing to memory does not fail")
}

/// The JSON of a good answer, or why it is none.
pub(crate) fn read_json<T: DeserializeOwned>(answer: Answer) -> Result<T, SyncError> {
    let response = read_ok(answer)?;
    serde_json::from_slice(&response.body).map_err(|error| SyncError::Unreadable(error.to_string()))
}

/// A good answer, or why it is none.
pub(crate) fn read_ok(answer: Answer) -> Result<HttpResponse, SyncError> {
    let response = answer?;
    match response.status {
        200..=299 => Ok(response),
        401 => Err(SyncError::SignedOut),
        status => Err(SyncError::Refused(problem(status, &response.body))),
    }
}

/// What the centre says is wrong. Something between it and the phone may answer in other words.
fn problem(status: u16, body: &[u8]) -> Problem {
    let told: Option<Problem> = serde_json::from_slice(body).ok();
    told.unwrap_or_else(|| Problem {
        code: format!("http_{status}"),
        status,
        title: format!("HTTP {status}"),
        detail: None,
        permanent: (400..500).contains(&status) && !matches!(status, 408 | 425 | 429),
    })
}
