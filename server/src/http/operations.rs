//! For those who run the server: is it alive, is it ready, how is it doing.

use super::Shared;
use super::metrics::Readings;
use crate::service::Refusal;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};

/// `GET /healthz`: the process answers.
pub(super) async fn health() -> &'static str {
    "ok\n"
}

/// `GET /readyz`: the database answers and can be written to.
pub(super) async fn ready(State(shared): State<Shared>) -> Result<&'static str, Refusal> {
    shared
        .blocking(|parts| {
            let now_ms = parts.config.clock.now_ms();
            parts.readiness.check(&*parts.store, &*parts.room, now_ms)
        })
        .await?;
    Ok("ready\n")
}

/// `GET /metrics`, as Prometheus reads it.
pub(super) async fn metrics(State(shared): State<Shared>) -> Result<Response, Refusal> {
    let counts = shared.blocking(|parts| Ok(parts.store.counts()?)).await?;
    let readings = Readings {
        photo_received_bytes: shared.photos.received_bytes(),
        photos_unnamed: shared.photos.unnamed_total(),
        disk_free_bytes: shared.room.free_bytes(),
    };
    let text = shared.metrics.text(&counts, readings)?;
    Ok(([(header::CONTENT_TYPE, "application/openmetrics-text; version=1.0.0; charset=utf-8")], text)
        .into_response())
}
