//! The built web client: files with their packed forms, and the page itself for every other address.

use super::Shared;
use crate::service::Refusal;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};
use std::path::{Component, Path, PathBuf};

/// What the browser may keep without asking again: files whose name holds a hash of their content.
const IMMUTABLE: &str = "public, max-age=31536000, immutable";
/// What it may keep but has to ask about each time.
const ASK_FIRST: &str = "no-cache";
/// Packed forms made by the build, best first.
const PACKED: &[(&str, &str)] = &[("br", "br"), ("gzip", "gz")];
/// Largest file served.
const FILE_BYTES_MAX: u64 = 64 * 1024 * 1024;

/// Any address that is no API: a file, or the page.
pub(super) async fn file(State(shared): State<Shared>, request: Request) -> Result<Response, Refusal> {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Err(Refusal::WrongMethod);
    }
    let folder = shared.config.web_dir.clone().ok_or(Refusal::NotFound)?;
    let asked = request.uri().path().trim_start_matches('/').to_owned();
    let headers = request.headers().clone();
    let found = shared.blocking(move |_| find(&folder, &asked, &headers)).await?;
    let is_head = request.method() == Method::HEAD;
    Ok(found.answer(request.headers(), is_head))
}

struct Found {
    bytes: Vec<u8>,
    mime: &'static str,
    encoding: Option<&'static str>,
    cache: &'static str,
    etag: String,
}

fn find(folder: &Path, asked: &str, headers: &HeaderMap) -> Result<Found, Refusal> {
    let path = safe(asked).ok_or(Refusal::NotFound)?;
    let named = if asked.is_empty() { PathBuf::from("index.html") } else { path };
    if let Some(found) = load(folder, &named, headers) {
        return Ok(found);
    }
    // An address of a screen has no ending; a missing file has one and is missing.
    if named.extension().is_some() {
        return Err(Refusal::NotFound);
    }
    load(folder, Path::new("index.html"), headers).ok_or(Refusal::NotFound)
}

/// The path, if it stays inside the folder.
fn safe(asked: &str) -> Option<PathBuf> {
    let path = PathBuf::from(asked);
    let inside = path.components().all(|part| matches!(part, Component::Normal(_)));
    let plain = asked.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_./".contains(&b));
    (inside && plain).then_some(path)
}

fn load(folder: &Path, named: &Path, headers: &HeaderMap) -> Option<Found> {
    let plain = folder.join(named);
    let mime = mime_of(named);
    let cache = if has_hash(named) { IMMUTABLE } else { ASK_FIRST };
    for (encoding, ending) in PACKED.iter().filter(|(encoding, _)| accepts(headers, encoding)) {
        let mut packed = plain.clone().into_os_string();
        packed.push(format!(".{ending}"));
        if let Some(bytes) = read(Path::new(&packed)) {
            return Some(Found { etag: etag(&bytes), bytes, mime, encoding: Some(encoding), cache });
        }
    }
    let bytes = read(&plain)?;
    Some(Found { etag: etag(&bytes), bytes, mime, encoding: None, cache })
}

fn read(path: &Path) -> Option<Vec<u8>> {
    let meta = std::fs::metadata(path).ok().filter(|meta| meta.is_file() && meta.len() <= FILE_BYTES_MAX);
    meta.and_then(|_| std::fs::read(path).ok())
}

fn etag(bytes: &[u8]) -> String {
    format!("\"{}\"", hex::encode(&Sha256::digest(bytes)[..12]))
}

fn accepts(headers: &HeaderMap, encoding: &str) -> bool {
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or("");
    accepted.split(',').any(|part| {
        let mut halves = part.trim().split(";q=");
        halves.next() == Some(encoding) && halves.next() != Some("0")
    })
}

/// Whether a folder or the name holds at least eight hexadecimal digits between dots or dashes, as the build writes
/// them.
fn has_hash(path: &Path) -> bool {
    let is_hash = |part: &str| part.len() >= 8 && part.bytes().all(|b| b.is_ascii_hexdigit());
    path.iter().filter_map(|name| name.to_str()).any(|name| name.split(['.', '-']).any(is_hash))
}

fn mime_of(path: &Path) -> &'static str {
    match path.extension().and_then(|ending| ending.to_str()).unwrap_or("") {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" | "ftl" | "toml" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

impl Found {
    fn answer(self, asked: &HeaderMap, is_head: bool) -> Response {
        let known = asked.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
        let unchanged = known.is_some_and(|known| {
            known.split(',').any(|tag| tag.trim().trim_start_matches("W/") == self.etag)
        });
        let body = if unchanged || is_head { Body::empty() } else { Body::from(self.bytes) };
        let mut response = body.into_response();
        if unchanged {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
        }
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(self.mime));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(self.cache));
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        if let Ok(etag) = HeaderValue::from_str(&self.etag) {
            headers.insert(header::ETAG, etag);
        }
        if let Some(encoding) = self.encoding {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_never_leaves_the_folder() {
        for (asked, inside) in [
            ("app.js", true),
            ("", true),
            ("icons/icon-192.png", true),
            ("../secret", false),
            ("a/../../b", false),
            ("%2e%2e/secret", false),
            ("a\\b", false),
            ("/etc/passwd", false),
        ] {
            assert_eq!(safe(asked).is_some(), inside, "{asked}");
        }
    }

    #[test]
    fn only_names_with_a_hash_are_kept_for_ever() {
        for (name, forever) in [
            ("app-0a1b2c3d.js", true),
            ("app.0a1b2c3d4e5f.wasm", true),
            ("build/91b1f5090b9ee4fb/app_bg.wasm", true),
            ("index.html", false),
            ("sw.js", false),
        ] {
            assert_eq!(has_hash(Path::new(name)), forever, "{name}");
        }
    }
}
