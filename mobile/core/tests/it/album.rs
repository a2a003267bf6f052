//! A centre's photographs in memory: tus 1.0.0 as far as phones use it, what is held, and what may go wrong.

use crate::centre::{ok, status};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use bianfang_device::platform::{HttpError, HttpRequest, HttpResponse, Method};
use bianfang_shared::wire::{PHOTOS_HELD_MAX, PhotosHeldReply, PhotosHeldRequest, Problem};
use sha2::{Digest as _, Sha256};
use std::collections::{BTreeMap, BTreeSet};

const UPLOADS: &str = "/api/v1/photos/uploads";

/// The photographs of a centre; a clone of it is a backup.
#[derive(Clone, Default)]
pub(crate) struct Album {
    pub(crate) held: BTreeMap<String, Vec<u8>>,
    uploads: BTreeMap<String, Upload>,
    begun: u64,
}

#[derive(Clone)]
struct Upload {
    sha256: String,
    length: usize,
    bytes: Vec<u8>,
}

/// What goes wrong.
#[derive(Clone, Default)]
pub(crate) struct AlbumMood {
    /// The centre takes no bytes with the beginning of an upload, as tus lets it.
    pub(crate) begins_empty: bool,
    /// Only so many bytes of the next part arrive before the connection breaks. Of the first part, that begins the
    /// upload, nothing is kept then.
    pub(crate) cut_after: Option<usize>,
    /// So many of the next parts arrive with one byte changed, past the check of the part.
    pub(crate) spoil_parts: u32,
    /// Uploads of these photographs are refused with this status.
    pub(crate) refused: BTreeMap<String, u16>,
    /// Parts that were sent, in bytes.
    pub(crate) parts: Vec<usize>,
    /// The greatest number of bytes that were sent again.
    pub(crate) sent_again: usize,
}

pub(crate) fn name_of(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

fn header<'r>(request: &'r HttpRequest, name: &str) -> Option<&'r str> {
    request.headers.iter().find_map(|(key, value)| (*key == name).then_some(value.as_str()))
}

fn with(status: u16, headers: &[(&str, String)]) -> Result<HttpResponse, HttpError> {
    let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    Ok(HttpResponse { status, headers, body: Vec::new() })
}

/// What the real centre answers to a photograph that arrived as other bytes.
fn wrong_hash() -> Result<HttpResponse, HttpError> {
    let problem = Problem {
        code: "wrong_hash".into(),
        status: 422,
        title: "The bytes are not those that the photograph is named by.".into(),
        detail: Some("The upload is gone. Begin a new one.".into()),
        permanent: false,
    };
    Ok(HttpResponse::new(problem.status, serde_json::to_vec(&problem).unwrap()))
}

impl Album {
    /// Uploads under way expire.
    pub(crate) fn expire(&mut self) {
        self.uploads.clear();
    }

    pub(crate) fn answer(
        &mut self,
        request: &HttpRequest,
        path: &str,
        body: &[u8],
        mood: &mut AlbumMood,
    ) -> Result<HttpResponse, HttpError> {
        if path == "/api/v1/photos/held" {
            let asked: PhotosHeldRequest = serde_json::from_slice(body).unwrap();
            assert!(asked.sha256.len() <= PHOTOS_HELD_MAX);
            let distinct: BTreeSet<&String> = asked.sha256.iter().collect();
            assert_eq!(distinct.len(), asked.sha256.len());
            let held = asked.sha256.into_iter().filter(|name| self.held.contains_key(name)).collect();
            return ok(&PhotosHeldReply { held });
        }
        if path == UPLOADS || path.starts_with(&format!("{UPLOADS}/")) {
            assert_eq!(header(request, "tus-resumable"), Some("1.0.0"));
            return match (request.method, path.strip_prefix(&format!("{UPLOADS}/"))) {
                (Method::Post, None) => self.begin(request, mood),
                (Method::Head, Some(id)) => self.look(id),
                (Method::Patch, Some(id)) => self.part(id, request, mood),
                _ => status(405),
            };
        }
        let name = path.trim_start_matches("/api/v1/photos/");
        match self.held.get(name.trim_end_matches("/thumb")) {
            Some(_) if name.ends_with("/thumb") => Ok(HttpResponse::new(200, b"thumb".to_vec())),
            Some(bytes) => Ok(HttpResponse::new(200, bytes.clone())),
            None => status(404),
        }
    }

    fn begin(&mut self, request: &HttpRequest, mood: &mut AlbumMood) -> Result<HttpResponse, HttpError> {
        let metadata = header(request, "upload-metadata").unwrap().strip_prefix("sha256 ").unwrap();
        let sha256 = String::from_utf8(BASE64.decode(metadata).unwrap()).unwrap();
        if let Some(refused) = mood.refused.get(&sha256) {
            return status(*refused);
        }
        let length = header(request, "upload-length").unwrap().parse().unwrap();
        self.begun += 1;
        let id = format!("up-{}", self.begun);
        let location = ("location", format!("{UPLOADS}/{id}"));
        let held = self.held.get(&sha256).cloned();
        let mut upload = Upload { sha256, length, bytes: held.unwrap_or_default() };
        if mood.begins_empty {
            self.uploads.insert(id, upload);
            return with(201, &[location]);
        }
        if upload.bytes.is_empty() {
            if let Err(refused) = check_part(request, mood) {
                return refused;
            }
            if mood.cut_after.take().is_some() {
                return Err(HttpError::Unreachable("the connection broke".into()));
            }
            upload.take(&request.body, mood);
        }
        let offset = upload.bytes.len();
        if let Some(refused) = self.keep_if_whole(&upload) {
            return refused;
        }
        self.uploads.insert(id, upload);
        with(201, &[location, ("upload-offset", offset.to_string())])
    }

    /// A photograph that is whole is held, or refused where its bytes are others.
    fn keep_if_whole(&mut self, upload: &Upload) -> Option<Result<HttpResponse, HttpError>> {
        if upload.bytes.len() < upload.length {
            return None;
        }
        if name_of(&upload.bytes) != upload.sha256 {
            return Some(wrong_hash());
        }
        self.held.insert(upload.sha256.clone(), upload.bytes.clone());
        None
    }

    fn look(&self, id: &str) -> Result<HttpResponse, HttpError> {
        match self.uploads.get(id) {
            Some(upload) => with(200, &[("upload-offset", upload.bytes.len().to_string())]),
            None => status(404),
        }
    }

    fn part(
        &mut self,
        id: &str,
        request: &HttpRequest,
        mood: &mut AlbumMood,
    ) -> Result<HttpResponse, HttpError> {
        let Some(upload) = self.uploads.get_mut(id) else { return status(410) };
        let offset: usize = header(request, "upload-offset").unwrap().parse().unwrap();
        mood.sent_again = mood.sent_again.max(upload.bytes.len().saturating_sub(offset));
        if offset != upload.bytes.len() {
            mood.parts.push(request.body.len());
            return status(409);
        }
        if let Err(refused) = check_part(request, mood) {
            return refused;
        }
        if let Some(arrives) = mood.cut_after.take() {
            upload.bytes.extend(&request.body[..arrives.min(request.body.len())]);
            return Err(HttpError::Unreachable("the connection broke".into()));
        }
        upload.take(&request.body, mood);
        let (upload, offset) = (upload.clone(), upload.bytes.len());
        if let Some(refused) = self.keep_if_whole(&upload) {
            self.uploads.remove(id);
            return refused;
        }
        with(204, &[("upload-offset", offset.to_string())])
    }
}

impl Upload {
    fn take(&mut self, part: &[u8], mood: &mut AlbumMood) {
        self.bytes.extend(part);
        if mood.spoil_parts > 0 {
            mood.spoil_parts -= 1;
            *self.bytes.last_mut().unwrap() ^= 1;
        }
        assert!(self.bytes.len() <= self.length);
    }
}

/// Whether a part says what it is, and is what it says.
fn check_part(request: &HttpRequest, mood: &mut AlbumMood) -> Result<(), Result<HttpResponse, HttpError>> {
    mood.parts.push(request.body.len());
    assert_eq!(header(request, "content-type"), Some("application/offset+octet-stream"));
    let checksum = header(request, "upload-checksum").unwrap().strip_prefix("sha256 ").unwrap();
    if BASE64.decode(checksum).unwrap() == Sha256::digest(&request.body).as_slice() {
        Ok(())
    } else {
        Err(status(460))
    }
}
