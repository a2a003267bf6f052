//! What is counted, and the trace of each request. Neither holds anything of a person: routes by their pattern only.

use super::Shared;
use crate::service::Refusal;
use crate::store::ledgers::Counts;
use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use bianfang_shared::judge::Outcome;
use bianfang_shared::wire::PushReply;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;
use std::time::Instant;

/// Upper bounds of the request times, in seconds.
const SECONDS: [f64; 10] = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0];

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct RequestLabels {
    method: String,
    route: String,
    status: u16,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct OutcomeLabels {
    outcome: &'static str,
}

/// Counters of this process.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    requests: Family<RequestLabels, Counter>,
    seconds: Histogram,
    ops: Family<OutcomeLabels, Counter>,
    held: Family<OutcomeLabels, Gauge>,
    photo_bytes: Gauge,
    photos_unnamed: Gauge,
    disk_free_bytes: Gauge,
}

/// What is read when the metrics are asked for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Readings {
    /// Bytes of photographs received since the start.
    pub(super) photo_received_bytes: u64,
    /// Photographs moved out of the way since the start.
    pub(super) photos_unnamed: u64,
    /// Bytes that the disk has left, where that is known.
    pub(super) disk_free_bytes: Option<u64>,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("bianfang");
        let requests = Family::default();
        let seconds = Histogram::new(SECONDS);
        let ops = Family::default();
        let held = Family::default();
        let photo_bytes = Gauge::default();
        registry.register("requests", "Requests by route and status", requests.clone());
        registry.register("request_seconds", "Time to answer a request", seconds.clone());
        registry.register("pushed_ops", "Operations in answered pushes by outcome", ops.clone());
        registry.register("held", "What the centre holds", held.clone());
        registry.register(
            "photo_received_bytes",
            "Bytes of photographs received since the start",
            photo_bytes.clone(),
        );
        let photos_unnamed = Gauge::default();
        registry.register(
            "photos_unnamed",
            "Photographs that no operation names, moved to photos/unnamed since the start",
            photos_unnamed.clone(),
        );
        let disk_free_bytes = Gauge::default();
        registry.register("disk_free_bytes", "Bytes that the disk has left", disk_free_bytes.clone());
        Self { registry, requests, seconds, ops, held, photo_bytes, photos_unnamed, disk_free_bytes }
    }
}

impl Metrics {
    /// Counts what became of a push.
    pub(super) fn pushed(&self, reply: &PushReply) {
        let PushReply::Accepted { outcomes, .. } = reply else { return };
        let (mut merged, mut conflict, mut aside) = (0, 0, 0);
        for receipt in outcomes {
            match receipt.outcome {
                Outcome::Merged => merged += 1,
                Outcome::MergedWithConflict => conflict += 1,
                Outcome::Quarantined { .. } => aside += 1,
            }
        }
        for (outcome, count) in
            [("merged", merged), ("merged_with_conflict", conflict), ("quarantined", aside)]
        {
            if count > 0 {
                self.ops.get_or_create(&OutcomeLabels { outcome }).inc_by(count);
            }
        }
    }

    /// All metrics as OpenMetrics text.
    pub(super) fn text(&self, counts: &Counts, readings: Readings) -> Result<String, Refusal> {
        self.photo_bytes.set(readings.photo_received_bytes.cast_signed());
        self.photos_unnamed.set(readings.photos_unnamed.cast_signed());
        self.disk_free_bytes.set(readings.disk_free_bytes.unwrap_or(0).cast_signed());
        for (outcome, count) in [
            ("ops_merged", counts.merged),
            ("ops_quarantined", counts.aside),
            ("entries", counts.entries),
            ("records", counts.records),
            ("conflicts", counts.conflicts),
            ("devices", counts.devices),
            ("photos", counts.photos),
            ("photo_bytes", counts.photo_bytes),
            ("uploads_open", counts.uploads),
        ] {
            self.held.get_or_create(&OutcomeLabels { outcome }).set(count.cast_signed());
        }
        let mut text = String::new();
        prometheus_client::encoding::text::encode(&mut text, &self.registry)
            .map_err(|_| Refusal::Internal)?;
        Ok(text)
    }
}

/// Counts and traces a request.
pub(super) async fn observe(State(shared): State<Shared>, request: Request, next: Next) -> Response {
    let method = match *request.method() {
        axum::http::Method::GET => "GET",
        axum::http::Method::POST => "POST",
        axum::http::Method::PUT => "PUT",
        axum::http::Method::HEAD => "HEAD",
        axum::http::Method::PATCH => "PATCH",
        axum::http::Method::DELETE => "DELETE",
        axum::http::Method::OPTIONS => "OPTIONS",
        _ => "other",
    };
    let route = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str).to_owned();
    let started = Instant::now();
    let response = next.run(request).await;
    let took = started.elapsed();
    let status = response.status().as_u16();
    tracing::debug!(method, route, status, ms = took.as_millis(), "answered");
    shared.metrics.seconds.observe(took.as_secs_f64());
    shared.metrics.requests.get_or_create(&RequestLabels { method: method.to_owned(), route, status }).inc();
    response
}
