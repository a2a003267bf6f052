//! What the core needs of the machine it runs on. Holds the traits and plain data; the in-memory versions are in
//! [`memory`], the browser's are with the client, the native ones in `native`, behind the feature of
//! that name.

use bianfang_shared::photo::{PhotoProblem, Prepared};
use futures::future::LocalBoxFuture;
use std::fmt;
use std::rc::Rc;

pub mod memory;
#[cfg(all(feature = "native", not(target_arch = "wasm32")))]
pub mod native;

/// Time.
pub trait Clock {
    /// Milliseconds since 1970 by the device's clock, which a person can set to anything.
    fn wall_ms(&self) -> i64;
    /// Milliseconds by a clock that nobody can set and that never goes back; its zero means nothing.
    fn monotonic_ms(&self) -> i64;
    /// Ends after `ms`. May end early; the caller looks at the clock again.
    fn sleep(&self, ms: u64) -> LocalBoxFuture<'static, ()>;
}

/// Randomness fit for keys.
pub trait Rng {
    /// Fills the bytes.
    fn fill(&self, bytes: &mut [u8]);
}

/// Requests to the centre. Paths begin with a slash; the implementation knows the origin.
pub trait Http {
    /// Sends one request and reads the whole answer, at most [`RESPONSE_BYTES_MAX`] of it after decompression.
    fn send(&self, request: HttpRequest) -> LocalBoxFuture<'static, Result<HttpResponse, HttpError>>;
}

/// Largest answer taken from the centre, in bytes after decompression.
pub const RESPONSE_BYTES_MAX: usize = 64 * 1024 * 1024;

/// What a request does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Asks.
    Get,
    /// Hands over.
    Post,
    /// Hands over the next part of something begun.
    Patch,
    /// Asks how far something has come; the answer is in its headers.
    Head,
}

impl Method {
    /// Its name on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Patch => "PATCH",
            Self::Head => "HEAD",
        }
    }
}

/// The headers of answers that anything here looks at. An implementation need hand on no others.
pub const ANSWER_HEADERS: &[&str] = &["content-type", "location", "upload-offset"];

/// A request to the centre.
#[derive(Clone, PartialEq, Eq)]
pub struct HttpRequest {
    /// What it does.
    pub method: Method,
    /// Path and query, beginning with a slash.
    pub path: String,
    /// Header names in lower case with their values.
    pub headers: Vec<(&'static str, String)>,
    /// The body, empty for none.
    pub body: Vec<u8>,
}

// By hand, so that neither a token nor an answer reaches a log.
impl fmt::Debug for HttpRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.split('?').next().unwrap_or_default();
        write!(f, "{:?} {path} ({} bytes)", self.method, self.body.len())
    }
}

/// The centre's answer.
#[derive(Clone, PartialEq, Eq)]
pub struct HttpResponse {
    /// The status.
    pub status: u16,
    /// Those of [`ANSWER_HEADERS`] that came, with names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body, decompressed.
    pub body: Vec<u8>,
}

impl HttpResponse {
    /// An answer without headers.
    pub fn new(status: u16, body: Vec<u8>) -> Self {
        Self { status, headers: Vec::new(), body }
    }

    /// A header's value, by its name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find_map(|(key, value)| (key == name).then_some(value.as_str()))
    }
}

impl fmt::Debug for HttpResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({} bytes)", self.status, self.body.len())
    }
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HttpError {
    /// The centre was not reached.
    #[error("the centre was not reached: {0}")]
    Unreachable(String),
    /// No answer in time.
    #[error("no answer in time")]
    Timeout,
    /// The answer is larger than [`RESPONSE_BYTES_MAX`].
    #[error("the answer is larger than {RESPONSE_BYTES_MAX} bytes")]
    TooLarge,
}

/// The work on pictures: natively this program's own code, in a browser the browser's.
pub trait Pictures {
    /// Makes of a file what is stored of a photograph. Takes up to half a second, and does not hold up whoever waits.
    fn prepare(&self, file: PictureFile) -> LocalBoxFuture<'static, Result<Prepared, PictureError>>;
}

/// A picture's file as it came.
#[derive(Clone, PartialEq, Eq)]
pub enum PictureFile {
    /// Its bytes.
    Bytes(Vec<u8>),
    /// Held by the platform under this number.
    Number(u64),
}

// By hand, so that no picture reaches a log.
impl fmt::Debug for PictureFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bytes(bytes) => write!(f, "a picture of {} bytes", bytes.len()),
            Self::Number(number) => write!(f, "picture {number}"),
        }
    }
}

/// Why nothing was made of a picture.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PictureError {
    /// The file cannot be kept as a photograph.
    #[error(transparent)]
    Refused(#[from] PhotoProblem),
    /// The platform does not have the file any more: the app was opened anew in between.
    #[error("the file is not at hand any more")]
    Gone,
    /// The platform's own work failed.
    #[error("the picture could not be worked on here: {0}")]
    Failed(String),
}

/// The disk that the databases lie on.
pub trait Room {
    /// Bytes that may still be written, where that is told: of now, or of when the last picture was prepared.
    fn free_bytes(&self) -> Option<u64>;
}

/// A moment on both clocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Now {
    /// See [`Clock::wall_ms`].
    pub wall_ms: i64,
    /// See [`Clock::monotonic_ms`].
    pub monotonic_ms: i64,
}

/// The machine, as far as the database's owner needs it.
#[derive(Clone)]
pub struct Platform {
    /// Time.
    pub clock: Rc<dyn Clock>,
    /// Randomness.
    pub rng: Rc<dyn Rng>,
    /// The work on pictures.
    pub pictures: Rc<dyn Pictures>,
    /// The disk.
    pub room: Rc<dyn Room>,
    /// Which kind of client this is, as records carry it.
    pub kind: bianfang_shared::observation::Platform,
    /// What the person would call this installation, such as `Chrome · Android`.
    pub label: String,
}

impl Platform {
    /// This moment.
    pub fn now(&self) -> Now {
        Now { wall_ms: self.clock.wall_ms(), monotonic_ms: self.clock.monotonic_ms() }
    }

    /// So many random bytes.
    pub fn random<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.rng.fill(&mut bytes);
        bytes
    }
}

impl fmt::Debug for Platform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Platform")
            .field("kind", &self.kind)
            .field("label", &self.label)
            .finish_non_exhaustive()
    }
}
