//! The machine as native programs find it. HTTPS comes with the TLS that the program's own `reqwest` features choose.
//! Wants a tokio runtime around it, for timers and sockets.

use super::{ANSWER_HEADERS, Http, HttpError, HttpRequest, HttpResponse, Method, RESPONSE_BYTES_MAX};
use super::{Clock, PictureError, PictureFile, Pictures, Platform, Rng, Room};
use bianfang_shared::photo::{self, PhotoPolicy, Prepared};
use futures::FutureExt as _;
use futures::future::LocalBoxFuture;
use std::path::PathBuf;
use std::rc::Rc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// The system's clocks.
#[derive(Clone, Debug)]
pub struct SystemClock {
    began: Instant,
}

impl Default for SystemClock {
    fn default() -> Self {
        Self { began: Instant::now() }
    }
}

impl Clock for SystemClock {
    fn wall_ms(&self) -> i64 {
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        let ms = |passed: Duration| i64::try_from(passed.as_millis()).unwrap_or(i64::MAX);
        since.map_or_else(|before| -ms(before.duration()), ms)
    }

    fn monotonic_ms(&self) -> i64 {
        i64::try_from(self.began.elapsed().as_millis()).unwrap_or(i64::MAX)
    }

    fn sleep(&self, ms: u64) -> LocalBoxFuture<'static, ()> {
        tokio::time::sleep(Duration::from_millis(ms)).boxed_local()
    }
}

/// The system's generator.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemRng;

impl Rng for SystemRng {
    fn fill(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes).expect("a system that can run this has a random generator");
    }
}

/// Requests over the network.
#[derive(Clone, Debug)]
pub struct NativeHttp {
    client: reqwest::Client,
    origin: String,
}

/// How long a request may take in all.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(80);

impl NativeHttp {
    /// Requests to `origin`, as in `https://example.org`, without a slash at the end.
    pub fn new(origin: impl Into<String>) -> Self {
        Self { client: reqwest::Client::new(), origin: origin.into() }
    }
}

impl Http for NativeHttp {
    fn send(&self, request: HttpRequest) -> LocalBoxFuture<'static, Result<HttpResponse, HttpError>> {
        let method = match request.method {
            Method::Get => reqwest::Method::GET,
            Method::Post => reqwest::Method::POST,
            Method::Patch => reqwest::Method::PATCH,
            Method::Head => reqwest::Method::HEAD,
        };
        let address = format!("{}{}", self.origin, request.path);
        let mut sending = self.client.request(method, address).timeout(REQUEST_TIMEOUT).body(request.body);
        for (name, value) in request.headers {
            sending = sending.header(name, value);
        }
        async move {
            let mut response = sending.send().await.map_err(failed)?;
            let headers = ANSWER_HEADERS.iter().filter_map(|name| {
                let value = response.headers().get(*name)?.to_str().ok()?;
                Some(((*name).to_owned(), value.to_owned()))
            });
            let headers = headers.collect();
            let mut body = Vec::new();
            while let Some(chunk) = response.chunk().await.map_err(failed)? {
                if body.len() + chunk.len() > RESPONSE_BYTES_MAX {
                    return Err(HttpError::TooLarge);
                }
                body.extend_from_slice(&chunk);
            }
            Ok(HttpResponse { status: response.status().as_u16(), headers, body })
        }
        .boxed_local()
    }
}

fn failed(error: reqwest::Error) -> HttpError {
    // Without the address: it may hold what was searched for.
    if error.is_timeout() {
        HttpError::Timeout
    } else {
        HttpError::Unreachable(error.without_url().to_string())
    }
}

/// Picture work by this program's own code, on a thread of its own: the owner of the database answers meanwhile.
#[derive(Clone, Copy, Debug, Default)]
pub struct NativePictures;

impl Pictures for NativePictures {
    fn prepare(&self, file: PictureFile) -> LocalBoxFuture<'static, Result<Prepared, PictureError>> {
        let PictureFile::Bytes(bytes) = file else {
            return futures::future::ready(Err(PictureError::Gone)).boxed_local();
        };
        let work = tokio::task::spawn_blocking(move || photo::prepare(&bytes, PhotoPolicy::builtin()));
        async move {
            match work.await {
                Ok(prepared) => prepared.map_err(PictureError::from),
                Err(error) => Err(PictureError::Failed(error.to_string())),
            }
        }
        .boxed_local()
    }
}

/// The file system that a folder lies on.
#[derive(Clone, Debug)]
pub struct FolderRoom(PathBuf);

impl Room for FolderRoom {
    #[cfg(unix)]
    fn free_bytes(&self) -> Option<u64> {
        let told = rustix::fs::statvfs(&self.0).ok()?;
        Some(told.f_bavail.saturating_mul(told.f_frsize))
    }

    #[cfg(not(unix))]
    fn free_bytes(&self) -> Option<u64> {
        let _folder = &self.0;
        None
    }
}

/// This machine, with its databases in `folder`.
pub fn platform(label: impl Into<String>, folder: impl Into<PathBuf>) -> Platform {
    Platform {
        clock: Rc::new(SystemClock::default()),
        rng: Rc::new(SystemRng),
        pictures: Rc::new(NativePictures),
        room: Rc::new(FolderRoom(folder.into())),
        kind: bianfang_shared::observation::Platform::Native,
        label: label.into(),
    }
}
