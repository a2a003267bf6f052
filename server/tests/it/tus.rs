//! What a client of tus says and is told.

use crate::harness::{Reply, TestDevice, TestServer, VILLAGE, request};
use axum::body::{Body, Bytes};
use axum::http::Request;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use bianfang_server::files::hash_of;
use bianfang_shared::id::{EntityId, OpId};
use bianfang_shared::judge::Outcome;
use bianfang_shared::wire::{PhotosHeldReply, PhotosHeldRequest};
use futures::channel::oneshot;

pub(crate) const UPLOADS: &str = "/api/v1/photos/uploads";
pub(crate) type Header<'a> = (&'a str, &'a str);
pub(crate) const STREAM: Header<'_> = ("content-type", "application/offset+octet-stream");

/// Bytes that begin as a picture does and are none: what is kept does not depend on more.
pub(crate) fn bytes(length: usize) -> Vec<u8> {
    let rest = (3..length).map(|at| u8::try_from(at * 31 % 251).unwrap());
    [0xFF, 0xD8, 0xFF].into_iter().chain(rest).collect()
}

pub(crate) fn metadata(name: &str) -> String {
    format!("filename YS5qcGc=,sha256 {}", BASE64.encode(name))
}

/// What a phone says: no more than it has to.
pub(crate) fn metadata_alone(name: &str) -> String {
    format!("sha256 {}", BASE64.encode(name))
}

pub(crate) fn asked(
    method: &str,
    path: &str,
    token: &str,
    headers: &[(&str, &str)],
    body: Body,
) -> Request<Body> {
    let mut asked = request(method, path, token, Vec::new());
    asked.headers_mut().remove("content-type");
    asked.headers_mut().insert("tus-resumable", "1.0.0".parse().unwrap());
    for (name, value) in headers {
        let name: axum::http::HeaderName = name.parse().unwrap();
        asked.headers_mut().insert(name, value.parse().unwrap());
    }
    *asked.body_mut() = body;
    asked
}

pub(crate) async fn tus(
    server: &TestServer,
    (method, path): (&str, &str),
    token: &str,
    headers: &[(&str, &str)],
    body: impl Into<Body>,
) -> Reply {
    server.send(asked(method, path, token, headers, body.into())).await
}

pub(crate) fn header<'r>(reply: &'r Reply, name: &str) -> &'r str {
    reply.headers.get(name).map_or("", |value| value.to_str().unwrap())
}

pub(crate) async fn create(server: &TestServer, token: &str, content: &[u8]) -> String {
    let name = hash_of(content).to_string();
    let headers = [("upload-length", &*content.len().to_string()), ("upload-metadata", &metadata(&name))];
    let reply = tus(server, ("POST", UPLOADS), token, &headers, "").await;
    assert_eq!(reply.status, 201, "{}", String::from_utf8_lossy(&reply.body));
    header(&reply, "location").to_owned()
}

pub(crate) async fn patch(
    server: &TestServer,
    token: &str,
    at: &str,
    offset: usize,
    body: impl Into<Body>,
) -> Reply {
    let offset = offset.to_string();
    tus(server, ("PATCH", at), token, &[STREAM, ("upload-offset", &offset)], body).await
}

pub(crate) async fn offset(server: &TestServer, token: &str, at: &str) -> u64 {
    let reply = tus(server, ("HEAD", at), token, &[], "").await;
    assert_eq!(reply.status, 200);
    header(&reply, "upload-offset").parse().unwrap()
}

pub(crate) async fn held(server: &TestServer, token: &str, content: &[u8]) -> bool {
    let asked = PhotosHeldRequest::of([hash_of(content).to_string()]);
    let reply: PhotosHeldReply = server.post("/api/v1/photos/held", token, &asked).await.json();
    reply.held == asked.sha256
}

pub(crate) async fn fetch(server: &TestServer, token: &str, content: &[u8]) -> Reply {
    server.get(&format!("/api/v1/photos/{}", hash_of(content)), token).await
}

/// Merges an operation of this phone that names a photograph.
pub(crate) async fn name(server: &TestServer, phone: &mut TestDevice, content: &[u8]) -> OpId {
    let number = u8::try_from(phone.ops.len()).unwrap() + 1;
    let entity = EntityId::from_bytes([phone.id.bytes()[0], number].repeat(8).try_into().unwrap());
    let op = phone.register_with_photos(VILLAGE, entity, &[&hash_of(content).to_string()]);
    assert_eq!(phone.push_all(server).await.last().unwrap().outcome, Outcome::Merged);
    op
}

/// What is said of bytes that are to be checked on arrival.
pub(crate) fn sha1_said(bytes: &[u8]) -> String {
    format!("sha1 {}", BASE64.encode(<sha1::Sha1 as sha1::Digest>::digest(bytes)))
}

/// The same as phones say it.
pub(crate) fn sha256_said(bytes: &[u8]) -> String {
    format!("sha256 {}", BASE64.encode(hash_of(bytes).0))
}

/// A body whose connection breaks after these bytes.
pub(crate) fn cut_off(bytes: &[u8]) -> Body {
    let parts = [Ok(Bytes::copy_from_slice(bytes)), Err(std::io::Error::other("cut off"))];
    Body::from_stream(futures::stream::iter(parts))
}

/// A body of which nothing comes; tells when it is asked for something.
pub(crate) fn silent() -> (Body, oneshot::Receiver<()>) {
    let (told, asked_for) = oneshot::channel();
    let mut told = Some(told);
    let stream = futures::stream::poll_fn(move |_| {
        if let Some(told) = told.take() {
            let _ = told.send(());
        }
        std::task::Poll::<Option<Result<Bytes, std::io::Error>>>::Pending
    });
    (Body::from_stream(stream), asked_for)
}
