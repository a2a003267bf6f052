//! The server on a socket: listens, says that it is ready, and ends without losing what is in flight.

use crate::App;
use std::io::Write as _;
use std::net::SocketAddr;
use tokio::net::TcpListener;

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
    let service = app.router().into_make_service_with_connect_info::<SocketAddr>();
    let served = axum::serve(listener, service).with_graceful_shutdown(stop).await;
    tokio::task::spawn_blocking(move || app.shutdown()).await.map_err(std::io::Error::other)?;
    served
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
