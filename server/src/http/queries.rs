//! Questions of reviewers.

use super::Shared;
use super::auth::Caller;
use super::people::id;
use crate::service::queries::{self, ListFilter};
use crate::service::{Refusal, quarantine as quarantining};
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::Uri;
use bianfang_shared::id::{DeviceId, EntityId, ObservationId, OpId};
use bianfang_shared::query::{
    ConflictView, EntryView, HistoryItem, HouseholdSummary, Page, QuarantineItem, VisitDetail, VisitFilter,
    VisitSummary,
};
use serde::Serialize;
use serde::de::DeserializeOwned;

fn filter<T: DeserializeOwned>(uri: &Uri) -> Result<T, Refusal> {
    Query::try_from_uri(uri).map(|Query(filter)| filter).map_err(|error| Refusal::BadRequest {
        detail: format!("The question after `?` cannot be read: {}.", error.body_text()),
    })
}

/// `GET /api/v1/visits`.
pub(super) async fn visits(
    State(shared): State<Shared>,
    caller: Caller,
    uri: Uri,
) -> Result<Json<Page<VisitSummary>>, Refusal> {
    let filter: VisitFilter = filter(&uri)?;
    shared.blocking(move |parts| queries::visits(&*parts.store, &caller.who, &filter)).await.map(Json)
}

/// `GET /api/v1/visits/{id}`.
pub(super) async fn visit(
    State(shared): State<Shared>,
    caller: Caller,
    Path(visit): Path<String>,
) -> Result<Json<VisitDetail>, Refusal> {
    let visit: ObservationId = id(&visit)?;
    shared.blocking(move |parts| queries::visit(&*parts.store, &caller.who, visit)).await.map(Json)
}

/// `GET /api/v1/households`.
pub(super) async fn households(
    State(shared): State<Shared>,
    caller: Caller,
    uri: Uri,
) -> Result<Json<Page<HouseholdSummary>>, Refusal> {
    let filter: ListFilter = filter(&uri)?;
    shared.blocking(move |parts| queries::households(&*parts.store, &caller.who, &filter)).await.map(Json)
}

/// `GET /api/v1/entries/{id}`.
pub(super) async fn entry(
    State(shared): State<Shared>,
    caller: Caller,
    Path(entity): Path<String>,
) -> Result<Json<EntryView>, Refusal> {
    let entity: EntityId = id(&entity)?;
    shared.blocking(move |parts| queries::entry(&*parts.store, &caller.who, entity)).await.map(Json)
}

/// `GET /api/v1/entries/{id}/history`.
pub(super) async fn history(
    State(shared): State<Shared>,
    caller: Caller,
    Path(entity): Path<String>,
    uri: Uri,
) -> Result<Json<Page<HistoryItem>>, Refusal> {
    let entity: EntityId = id(&entity)?;
    let filter: ListFilter = filter(&uri)?;
    shared
        .blocking(move |parts| queries::history(&*parts.store, &caller.who, entity, &filter))
        .await
        .map(Json)
}

/// `GET /api/v1/conflicts`.
pub(super) async fn conflicts(
    State(shared): State<Shared>,
    caller: Caller,
    uri: Uri,
) -> Result<Json<Page<ConflictView>>, Refusal> {
    let filter: ListFilter = filter(&uri)?;
    shared.blocking(move |parts| queries::conflicts(&*parts.store, &caller.who, &filter)).await.map(Json)
}

/// `GET /api/v1/quarantine`.
pub(super) async fn quarantine(
    State(shared): State<Shared>,
    caller: Caller,
    uri: Uri,
) -> Result<Json<Page<QuarantineItem>>, Refusal> {
    let filter: ListFilter = filter(&uri)?;
    shared.blocking(move |parts| queries::quarantine(&*parts.store, &caller.who, &filter)).await.map(Json)
}

/// What became of an operation that was judged again.
#[derive(Debug, Serialize)]
pub(super) struct ReleaseReply {
    /// Whether it is in the ledger now. If not, the list of those set aside tells the reason of today.
    merged: bool,
}

/// `POST /api/v1/quarantine/{device}/{seq}/release`.
pub(super) async fn release(
    State(shared): State<Shared>,
    caller: Caller,
    Path((device, seq)): Path<(String, String)>,
) -> Result<Json<ReleaseReply>, Refusal> {
    let op = OpId::new(id::<DeviceId>(&device)?, id(&seq)?);
    let merged = shared
        .blocking(move |parts| {
            let now_ms = parts.config.clock.now_ms();
            quarantining::release(&*parts.store, parts.merges.merger(), &caller.who, op, now_ms)
        })
        .await?;
    Ok(Json(ReleaseReply { merged }))
}
