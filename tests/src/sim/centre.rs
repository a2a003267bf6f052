//! The real server in a folder of its own: its router is called without sockets, it dies and is opened again,
//! its disk fills up, it is backed up and put back.

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{HeaderName, HeaderValue};
use bianfang_device::platform::{ANSWER_HEADERS, HttpRequest, HttpResponse};
use bianfang_server::clock::{SeededRng, TestClock};
use bianfang_server::files::{MemoryPhotos, PhotoFiles, PhotoPlace};
use bianfang_server::service::password::PasswordCost;
use bianfang_server::store::faults::{FailNth, Faults, NoFaults};
use bianfang_server::store::photos::PhotoId;
use bianfang_server::{App, Config, Running, admin};
use http_body_util::BodyExt as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tower::ServiceExt as _;

/// The server.
pub struct Centre {
    folder: TempDir,
    config: Config,
    /// The server's clock.
    pub clock: Arc<TestClock>,
    /// What it writes to.
    pub disk: Arc<ServerDisk>,
    runtime: Runtime,
    running: Option<(App, Router)>,
    photos: MemoryPhotos,
    backups: Vec<Backup>,
}

/// The database's file and, as of the same moment, the folder of photographs.
#[derive(Debug)]
struct Backup {
    database: PathBuf,
    photos: MemoryPhotos,
}

/// What becomes of the folder of photographs when a backup is put back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhotoFolder {
    /// It was not touched: newer than the database.
    Stays,
    /// It was put back with the database.
    OfTheBackup,
    /// Nobody had a copy of it.
    Lost,
}

/// How much of a request arrives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arriving {
    /// All of it.
    Whole,
    /// So many bytes of its body, then the connection breaks.
    CutAfter(usize),
}

/// Makes writing fail: the n-th time, or all of it while the disk is full.
#[derive(Debug, Default)]
pub struct ServerDisk {
    nth: FailNth,
    full: AtomicBool,
}

impl ServerDisk {
    /// The `n`-th statement from now fails; 0 lets all pass.
    pub fn arm(&self, n: u32) {
        self.nth.arm(n);
    }

    /// Whether it is full.
    pub fn is_full(&self) -> bool {
        self.full.load(Ordering::SeqCst)
    }

    /// From now on it is full, or not any more.
    pub fn set_full(&self, full: bool) {
        self.full.store(full, Ordering::SeqCst);
    }
}

impl Faults for ServerDisk {
    fn fails(&self, statement: &str) -> bool {
        let writes = ["append", "sync", "keep", "INSERT", "insert", "UPDATE", "update"];
        self.nth.fails(statement)
            || (self.is_full() && writes.iter().any(|word| statement.trim_start().starts_with(word)))
    }
}

impl std::fmt::Debug for Centre {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Centre").field("folder", &self.folder).finish_non_exhaustive()
    }
}

/// All of an answer, as no honest client needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The headers, with names in lower case.
    pub headers: Vec<(String, Vec<u8>)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Answer {
    /// A header's text.
    pub fn header(&self, name: &str) -> Option<&str> {
        let (_, value) = self.headers.iter().find(|(known, _)| known == name)?;
        std::str::from_utf8(value).ok()
    }
}

/// What a centre is like.
#[derive(Clone, Copy, Debug, Default)]
pub struct Habits {
    /// Largest photograph taken, in bytes.
    pub photo_bytes_max: Option<u64>,
    /// How long an upload may take, in milliseconds.
    pub upload_expiry_ms: Option<i64>,
}

impl Centre {
    /// A new server, running.
    pub fn new(seed: u64, now_ms: i64, habits: Habits) -> Self {
        let folder = folder();
        let clock = Arc::new(TestClock::at(now_ms));
        let disk = Arc::new(ServerDisk::default());
        let photos = MemoryPhotos::default();
        let mut config = Config::new(folder.path().join("data"));
        config.clock = Arc::clone(&clock) as _;
        config.rng = Arc::new(SeededRng::new(seed));
        config.faults = Arc::clone(&disk) as _;
        config.running = Running::Inline;
        config.password_cost = PasswordCost::cheap();
        config.photo_place = PhotoPlace::Memory(photos.clone());
        config.photo_limits.bytes_max = habits.photo_bytes_max.unwrap_or(config.photo_limits.bytes_max);
        config.photo_limits.expiry_ms = habits.upload_expiry_ms.unwrap_or(config.photo_limits.expiry_ms);
        // Idle connections are given up by the runtime's clock; none is idle here.
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
        let mut centre =
            Self { folder, config, clock, disk, runtime, running: None, photos, backups: Vec::new() };
        centre.open();
        centre
    }

    /// Starts it, if it is not running. Whoever starts it makes room on its disk first.
    pub fn open(&mut self) {
        if self.running.is_none() {
            self.disk.set_full(false);
            let app = App::open(self.config.clone()).expect("the server opens its folder");
            app.starting();
            let router = app.router();
            self.running = Some((app, router));
        }
    }

    /// Kills it. What was answered was durable before, or follows from what was.
    pub fn crash(&mut self) {
        self.disk.arm(0);
        self.running = None;
    }

    /// The power is cut: what was not durable is gone.
    pub fn lose_power(&mut self) {
        self.crash();
        self.photos.lose_unsynced();
    }

    /// The running server.
    pub fn app(&self) -> &App {
        &self.running.as_ref().expect("asked only while it runs").0
    }

    /// Whether it runs.
    pub fn is_up(&self) -> bool {
        self.running.is_some()
    }

    /// Answers a request; nothing where it is down, or where the connection broke.
    pub fn answer(&self, request: &HttpRequest, arriving: Arriving) -> Option<HttpResponse> {
        let (_, router) = self.running.as_ref()?;
        let mut http = axum::http::Request::builder().method(request.method.name()).uri(&request.path);
        for (name, value) in &request.headers {
            http = http.header(*name, value);
        }
        if !request.body.is_empty() {
            http = http.header("content-length", request.body.len());
        }
        let http = http.body(body(&request.body, arriving)).expect("a device makes well-formed requests");
        let answer = self.runtime.block_on(async {
            let reply = router.clone().oneshot(http).await.expect("the router never fails");
            let status = reply.status().as_u16();
            let headers = ANSWER_HEADERS.iter().filter_map(|name| {
                let value = reply.headers().get(*name)?.to_str().ok()?;
                Some(((*name).to_owned(), value.to_owned()))
            });
            let headers = headers.collect();
            let body = reply.into_body().collect().await.ok()?.to_bytes().to_vec();
            Some(HttpResponse { status, headers, body })
        });
        answer.filter(|_| arriving == Arriving::Whole)
    }

    /// Answers any request; nothing where the centre is down, or where the request has no form that HTTP knows. An
    /// error is a panic inside the centre, in words.
    pub fn say(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, String)],
        body: &[u8],
    ) -> Result<Option<Answer>, String> {
        let Some((_, router)) = self.running.as_ref() else { return Ok(None) };
        let mut http = axum::http::Request::builder().method(method).uri(path);
        for (name, value) in headers {
            http = http.header(*name, value);
        }
        if !body.is_empty() {
            http = http.header("content-length", body.len());
        }
        let Ok(http) = http.body(Body::from(body.to_vec())) else { return Ok(None) };
        let asked = AssertUnwindSafe(|| {
            self.runtime.block_on(async {
                let reply = router.clone().oneshot(http).await.expect("the router never fails");
                let status = reply.status().as_u16();
                let of = |(name, value): (&HeaderName, &HeaderValue)| {
                    (name.to_string(), value.as_bytes().to_vec())
                };
                let headers = reply.headers().iter().map(of).collect();
                let body = reply.into_body().collect().await.ok()?.to_bytes().to_vec();
                Some(Answer { status, headers, body })
            })
        });
        catch_unwind(asked).map_err(|panic| super::words_of(&*panic))
    }

    /// The bytes of a photograph as they lie in the files, whatever the database says of them.
    pub fn photo(&self, photo: PhotoId) -> Option<Bytes> {
        self.app().photos().files().photo(photo).expect("reading from memory")
    }

    /// Copies the database and the photographs as they are now.
    pub fn back_up(&mut self) {
        let file = self.folder.path().join(format!("backup-{}", self.backups.len()));
        let store = bianfang_server::open_store(&self.config).expect("a second connection");
        admin::backup(&store, &file).expect("a backup");
        self.backups.push(Backup { database: file, photos: copy(&self.photos) });
    }

    /// How many backups there are.
    pub fn backups(&self) -> usize {
        self.backups.len()
    }

    /// Puts a backup back, with a new epoch, and starts from it.
    pub fn restore(&mut self, number: usize, folder: PhotoFolder) {
        self.crash();
        let backup = &self.backups[number];
        self.photos = match folder {
            PhotoFolder::Stays => self.photos.clone(),
            PhotoFolder::OfTheBackup => copy(&backup.photos),
            PhotoFolder::Lost => MemoryPhotos::default(),
        };
        self.config.photo_place = PhotoPlace::Memory(self.photos.clone());
        // The folder is in its place first: photographs in it that the database does not know are noted.
        admin::restore(&self.config, &self.backups[number].database).expect("a restore");
        self.open();
    }
}

fn body(bytes: &[u8], arriving: Arriving) -> Body {
    let Arriving::CutAfter(after) = arriving else { return Body::from(bytes.to_vec()) };
    let came = Bytes::copy_from_slice(&bytes[..after.min(bytes.len())]);
    let broke = std::io::Error::from(std::io::ErrorKind::ConnectionReset);
    Body::from_stream(futures::stream::iter([Ok(came), Err(broke)]))
}

/// The folder of photographs a second time, without uploads under way, as whoever copies a folder has it.
fn copy(photos: &MemoryPhotos) -> MemoryPhotos {
    let copy = MemoryPhotos::default();
    let open = |photos: &MemoryPhotos| {
        PhotoFiles::open(&PhotoPlace::Memory(photos.clone()), std::path::Path::new(""), Arc::new(NoFaults))
            .expect("memory is there")
    };
    let (from, to) = (open(photos), open(&copy));
    for photo in from.photos().expect("reading from memory") {
        let bytes = from.photo(photo).expect("reading from memory").expect("it was listed");
        to.keep(photo, &bytes).expect("writing to memory");
    }
    copy
}

/// In memory where the system offers that: what a crash leaves behind is the same for a process that is only dropped,
/// and most of a seed's time would go into flushes.
fn folder() -> TempDir {
    TempDir::new_in("/dev/shm").or_else(|_| TempDir::new()).expect("a temporary folder")
}
