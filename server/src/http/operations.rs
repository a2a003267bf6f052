//! For those who run the server: is it alive, is it ready, how is it doing.

use super::Shared;
use crate::service::Refusal;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};

/// `GET /healthz`: the process answers.
pub(super) async fn health() -> &'static str {
    "ok\n"
}

/// `GET /readyz`: the database answers.
pub(super) async fn ready(State(shared): State<Shared>) -> Result<&'static str, Refusal> {
    shared.blocking(|parts| Ok(parts.store.ready()?)).await?;
    Ok("ready\n")
}

/// `GET /metrics`, as Prometheus reads it.
pub(super) async fn metrics(State(shared): State<Shared>) -> Result<Response, Refusal> {
    let counts = shared.blocking(|parts| Ok(parts.store.counts()?)).await?;
    let text = shared.metrics.text(&counts, shared.photos.received_bytes())?;
    Ok(([(header::CONTENT_TYPE, "application/openmetrics-text; version=1.0.0; charset=utf-8")], text)
        .into_response())
}
