//! The server on a socket: listens, says that it is ready, and ends without losing what is in flight.

use crate::App;
use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use std::io::{ErrorKind, Write as _};
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tower::ServiceExt as _;

/// How long connections are waited for.
#[derive(Clone, Copy, Debug)]
pub struct ConnectionLimits {
    /// Most connections at once. Beyond, the next one waits until one has ended.
    pub open_max: usize,
    /// How long the head of a request may take to arrive, from when it is waited for. A connection on which nothing is
    /// asked for so long is closed as well.
    pub head_max: Duration,
    /// How long a body may bring nothing. One that comes slowly, but comes, is waited for to its end.
    pub body_idle_max: Duration,
}

impl Default for ConnectionLimits {
    fn default() -> Self {
        Self { open_max: 4_096, head_max: Duration::from_secs(15), body_idle_max: Duration::from_secs(30) }
    }
}

/// How long no connection is taken when the process has too many files open.
const ACCEPT_PAUSE: Duration = Duration::from_secs(1);

/// Serves until the process is told to stop (SIGTERM or SIGINT), then finishes what is in flight.
pub async fn serve(app: App, listen: &str) -> std::io::Result<()> {
    serve_until(app, listen, stop_signal(), announce).await
}

/// Serves until `stop`; tells the real address once connections are accepted.
pub async fn serve_until(
    app: App,
    listen: &str,
    stop: impl Future<Output = ()> + Send + 'static,
    ready: impl FnOnce(SocketAddr),
) -> std::io::Result<()> {
    let starting = app.clone();
    tokio::task::spawn_blocking(move || starting.starting()).await.map_err(std::io::Error::other)?;
    let listener = TcpListener::bind(listen).await?;
    ready(listener.local_addr()?);
    let stopping = app.clone();
    let stop = async move {
        stop.await;
        stopping.stopping();
    };
    serve_connections(&listener, app.router(), app.config().connections, stop).await;
    tokio::task::spawn_blocking(move || app.shutdown()).await.map_err(std::io::Error::other)
}

/// Takes connections until `stop`, and returns when all have ended.
///
/// Not by `axum::serve`: it waits for the head of a request for ever, so whoever sends half of one stays.
async fn serve_connections(
    listener: &TcpListener,
    router: Router,
    limits: ConnectionLimits,
    stop: impl Future<Output = ()>,
) {
    let open = Arc::new(Semaphore::new(limits.open_max));
    let (stopping, _) = watch::channel(());
    let mut stop = pin!(stop);
    loop {
        let next = async {
            // Never closed, so this waits for room and cannot fail.
            let permit = Arc::clone(&open).acquire_owned().await.ok()?;
            Some((permit, accept(listener).await))
        };
        let (permit, (stream, address)) = tokio::select! {
            () = &mut stop => break,
            Some(next) = next => next,
        };
        let (router, stopping) = (router.clone(), stopping.subscribe());
        tokio::spawn(async move {
            serve_connection(stream, address, router, limits, stopping).await;
            drop(permit);
        });
    }
    // Asks each to end when it has answered; each holds its end of the channel until then.
    stopping.send_replace(());
    stopping.closed().await;
}

async fn serve_connection(
    stream: TcpStream,
    address: SocketAddr,
    router: Router,
    limits: ConnectionLimits,
    mut stopping: watch::Receiver<()>,
) {
    let service = router.map_request(move |mut request: Request<hyper::body::Incoming>| {
        request.extensions_mut().insert(ConnectInfo(address));
        request.map(Body::new)
    });
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(limits.head_max);
    let connection = builder.serve_connection(TokioIo::new(stream), TowerToHyperService::new(service));
    let mut connection = pin!(connection);
    // What goes wrong with one connection is told to nobody else.
    tokio::select! {
        _ = connection.as_mut() => return,
        _ = stopping.changed() => connection.as_mut().graceful_shutdown(),
    }
    let _ = connection.await;
}

/// The next connection.
async fn accept(listener: &TcpListener) -> (TcpStream, SocketAddr) {
    loop {
        match listener.accept().await {
            Ok(accepted) => return accepted,
            // Of that one connection.
            Err(error)
                if matches!(
                    error.kind(),
                    ErrorKind::ConnectionRefused | ErrorKind::ConnectionAborted | ErrorKind::ConnectionReset
                ) => {}
            Err(error) => {
                tracing::error!(%error, "no connection can be taken");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

fn announce(address: SocketAddr) {
    let mut out = std::io::stdout().lock();
    // Whoever started the process reads this line; if nobody does, serving goes on.
    let _ = writeln!(out, "ready http://{address}").and_then(|()| out.flush());
}

async fn stop_signal() {
    let interrupt = async {
        let _ = tokio::signal::ctrl_c().await;
    };
    #[cfg(unix)]
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => drop(signal.recv().await),
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! { () = interrupt => (), () = terminate => () }
    tracing::info!("stopping; finishing what is in flight");
}
