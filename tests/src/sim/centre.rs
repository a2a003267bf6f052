//! The real server in a folder of its own: its router is called without sockets, it dies and is opened again,
//! it is backed up and put back.

use axum::Router;
use axum::body::Body;
use bianfang_device::platform::{HttpRequest, HttpResponse, Method};
use bianfang_server::clock::{SeededRng, TestClock};
use bianfang_server::service::password::PasswordCost;
use bianfang_server::store::faults::FailNth;
use bianfang_server::{App, Config, Running, admin};
use http_body_util::BodyExt as _;
use std::path::PathBuf;
use std::sync::Arc;
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tower::ServiceExt as _;

/// The server.
pub struct Centre {
    folder: TempDir,
    config: Config,
    /// The server's clock.
    pub clock: Arc<TestClock>,
    /// Makes the n-th statement of its database fail.
    pub faults: Arc<FailNth>,
    runtime: Runtime,
    running: Option<(App, Router)>,
    backups: Vec<PathBuf>,
}

impl std::fmt::Debug for Centre {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Centre").field("folder", &self.folder).finish_non_exhaustive()
    }
}

impl Centre {
    /// A new server, running.
    pub fn new(seed: u64, now_ms: i64) -> Self {
        let folder = folder();
        let clock = Arc::new(TestClock::at(now_ms));
        let faults = Arc::new(FailNth::default());
        let mut config = Config::new(folder.path().join("data"));
        config.clock = Arc::clone(&clock) as _;
        config.rng = Arc::new(SeededRng::new(seed));
        config.faults = Arc::clone(&faults) as _;
        config.running = Running::Inline;
        config.password_cost = PasswordCost::cheap();
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        let mut centre = Self { folder, config, clock, faults, runtime, running: None, backups: Vec::new() };
        centre.open();
        centre
    }

    /// Starts it, if it is not running.
    pub fn open(&mut self) {
        if self.running.is_none() {
            let app = App::open(self.config.clone()).expect("the server opens its folder");
            let router = app.router();
            self.running = Some((app, router));
        }
    }

    /// Kills it. What was answered was durable before.
    pub fn crash(&mut self) {
        self.faults.arm(0);
        self.running = None;
    }

    /// The running server.
    pub fn app(&self) -> &App {
        &self.running.as_ref().expect("asked only while it runs").0
    }

    /// Whether it runs.
    pub fn is_up(&self) -> bool {
        self.running.is_some()
    }

    /// Answers a request; nothing where it is down.
    pub fn answer(&self, request: &HttpRequest) -> Option<HttpResponse> {
        let (_, router) = self.running.as_ref()?;
        let method = match request.method {
            Method::Get => "GET",
            Method::Post => "POST",
        };
        let mut http = axum::http::Request::builder().method(method).uri(&request.path);
        for (name, value) in &request.headers {
            http = http.header(*name, value);
        }
        let http = http.body(Body::from(request.body.clone())).expect("a device makes well-formed requests");
        self.runtime.block_on(async {
            let reply = router.clone().oneshot(http).await.expect("the router never fails");
            let status = reply.status().as_u16();
            let body = reply.into_body().collect().await.ok()?.to_bytes().to_vec();
            Some(HttpResponse { status, body })
        })
    }

    /// Copies the database as it is now.
    pub fn back_up(&mut self) {
        let file = self.folder.path().join(format!("backup-{}", self.backups.len()));
        let store = bianfang_server::open_store(&self.config).expect("a second connection");
        admin::backup(&store, &file).expect("a backup");
        self.backups.push(file);
    }

    /// How many backups there are.
    pub fn backups(&self) -> usize {
        self.backups.len()
    }

    /// Puts a backup back, with a new epoch, and starts from it.
    pub fn restore(&mut self, backup: usize) {
        self.crash();
        admin::restore(&self.config, &self.backups[backup]).expect("a restore");
        self.open();
    }
}

/// In memory where the system offers that: what a crash leaves behind is the same for a process that is only dropped,
/// and most of a seed's time would go into flushes.
fn folder() -> TempDir {
    TempDir::new_in("/dev/shm").or_else(|_| TempDir::new()).expect("a temporary folder")
}
