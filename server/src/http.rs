//! The network's side: extracts, calls one use case, answers. Decides nothing, knows no SQL.

mod auth;
mod body;
pub mod docs;
mod headers;
pub mod metrics;
mod operations;
mod people;
mod photos;
mod problem;
mod queries;
mod sessions;
mod sync;
mod uploads;
mod web;

use crate::app::{Parts, Running};
use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{get, head, post, put};
use std::sync::Arc;
use tower::ServiceBuilder;
use tower_http::CompressionLevel;
use tower_http::compression::CompressionLayer;
use tower_http::decompression::RequestDecompressionLayer;
use tower_http::timeout::RequestBodyTimeoutLayer;

pub use auth::DEVICE_TIME_HEADER;

/// What handlers are given.
pub(crate) type Shared = Arc<Parts>;

/// All routes. A test keeps those under `/api/v1` equal to the ones that [`docs::OPENAPI`] describes.
pub(crate) fn router(parts: Shared) -> Router {
    let api = Router::new()
        .route("/api/v1/login", post(sessions::login))
        .route("/api/v1/enrol", post(sessions::enrol))
        .route("/api/v1/logout", post(sessions::logout))
        .route("/api/v1/session", get(sessions::session))
        .route("/api/v1/sync/push", post(sync::push))
        .route("/api/v1/sync/pull", post(sync::pull))
        .route("/api/v1/photos/held", post(photos::held))
        .route("/api/v1/photos/uploads", post(uploads::create).options(uploads::options))
        .route(
            "/api/v1/photos/uploads/{id}",
            head(uploads::status).patch(uploads::append).delete(uploads::terminate).post(uploads::overridden),
        )
        .route("/api/v1/photos/{sha256}", get(photos::original))
        .route("/api/v1/photos/{sha256}/thumb", get(photos::thumbnail))
        .route("/api/v1/visits", get(queries::visits))
        .route("/api/v1/visits/{id}", get(queries::visit))
        .route("/api/v1/households", get(queries::households))
        .route("/api/v1/entries/{id}", get(queries::entry))
        .route("/api/v1/entries/{id}/history", get(queries::history))
        .route("/api/v1/conflicts", get(queries::conflicts))
        .route("/api/v1/decisions", get(queries::decisions))
        .route("/api/v1/quarantine", get(queries::quarantine))
        .route("/api/v1/quarantine/{device}/{seq}", get(queries::quarantined))
        .route("/api/v1/quarantine/{device}/{seq}/release", post(queries::release))
        .route("/api/v1/users", get(people::users).post(people::add_user))
        .route("/api/v1/users/{id}/grants", put(people::set_grants))
        .route("/api/v1/users/{id}/password", put(people::set_password))
        .route("/api/v1/users/{id}/disabled", put(people::set_disabled))
        .route("/api/v1/devices", get(people::devices))
        .route("/api/v1/devices/{id}/revoke", post(people::revoke_device))
        .route("/api/v1/audit", get(people::audit))
        .route("/api/openapi.json", get(docs::openapi))
        .route("/api/docs", get(docs::page))
        .route("/api/docs.js", get(docs::script))
        .route("/api/docs.css", get(docs::style))
        .route("/api/{*rest}", axum::routing::any(problem::not_found));
    let operations = Router::new()
        .route("/healthz", get(operations::health))
        .route("/readyz", get(operations::ready))
        .route("/metrics", get(operations::metrics));
    let served = match &parts.config.web_dir {
        Some(_) => Router::new().fallback(web::file),
        None => Router::new().fallback(problem::not_found),
    };
    // In a simulation no time passes while a request is answered.
    let idle = (parts.config.running == Running::Threads)
        .then(|| RequestBodyTimeoutLayer::new(parts.config.connections.body_idle_max));
    api.merge(operations)
        .merge(served)
        .method_not_allowed_fallback(problem::wrong_method)
        .layer(
            // Together, the outermost first: each `layer` of a router by itself costs every request some more boxes.
            ServiceBuilder::new()
                .layer(from_fn(headers::secure))
                .layer(from_fn_with_state(Arc::clone(&parts), uploads::speak))
                .layer(from_fn_with_state(Arc::clone(&parts), metrics::observe))
                .layer(CompressionLayer::new().quality(CompressionLevel::Fastest))
                .layer(from_fn(problem::explain))
                .option_layer(idle)
                .layer(RequestDecompressionLayer::new().pass_through_unaccepted(false)),
        )
        .with_state(parts)
}
