//! Questions of reviewers.

use super::Shared;
use super::auth::Caller;
use super::docs::Refused;
use super::people::id;
use crate::service::queries::{self, ListFilter};
use crate::service::{Refusal, quarantine as quarantining};
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::Uri;
use bianfang_shared::area::AreaCode;
use bianfang_shared::id::{DeviceId, EntityId, ObservationId, OpId};
use bianfang_shared::query::{
    ConflictView, DecisionKind, DecisionView, EntryView, HistoryItem, HouseholdSummary, Page, QuarantineItem,
    VisitDetail, VisitFilter, VisitSummary,
};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

fn filter<T: DeserializeOwned>(uri: &Uri) -> Result<T, Refusal> {
    Query::try_from_uri(uri).map(|Query(filter)| filter).map_err(|error| Refusal::BadRequest {
        detail: format!("The question after `?` cannot be read: {}.", error.body_text()),
    })
}

/// Records for review, the latest first
#[utoipa::path(
    get,
    path = "/api/v1/visits",
    params(VisitFilter),
    responses((status = 200, description = "Done.", body = Page<VisitSummary>), Refused)
)]
pub(super) async fn visits(
    State(shared): State<Shared>,
    caller: Caller,
    uri: Uri,
) -> Result<Json<Page<VisitSummary>>, Refusal> {
    let filter: VisitFilter = filter(&uri)?;
    shared.blocking(move |parts| queries::visits(&parts.reader(&caller.who), &filter)).await.map(Json)
}

/// All of a record
#[utoipa::path(
    get,
    path = "/api/v1/visits/{id}",
    params(("id" = ObservationId, Path, description = "The record.")),
    responses((status = 200, description = "Done.", body = VisitDetail), Refused)
)]
pub(super) async fn visit(
    State(shared): State<Shared>,
    caller: Caller,
    Path(visit): Path<String>,
) -> Result<Json<VisitDetail>, Refusal> {
    let visit: ObservationId = id(&visit)?;
    shared
        .blocking(move |parts| queries::visit(&parts.reader(&caller.who), &parts.photos, visit))
        .await
        .map(Json)
}

/// Households by village and code
#[utoipa::path(
    get,
    path = "/api/v1/households",
    params(
        ("area" = Option<AreaCode>, Query, description = "In this area or beneath it."),
        ("text" = Option<String>, Query, description = "Found by name, pinyin, code, telephone, address."),
        ("after" = Option<String>, Query, description = "Where the page begins: `next` of the page before."),
        ("limit" = Option<usize>, Query, minimum = 1, maximum = 200, description = "Most rows wanted."),
    ),
    responses((status = 200, description = "Done.", body = Page<HouseholdSummary>), Refused)
)]
pub(super) async fn households(
    State(shared): State<Shared>,
    caller: Caller,
    uri: Uri,
) -> Result<Json<Page<HouseholdSummary>>, Refusal> {
    let filter: ListFilter = filter(&uri)?;
    shared.blocking(move |parts| queries::households(&parts.reader(&caller.who), &filter)).await.map(Json)
}

/// A ledger entry as it stands
#[utoipa::path(
    get,
    path = "/api/v1/entries/{id}",
    params(("id" = EntityId, Path, description = "The entry.")),
    responses((status = 200, description = "Done.", body = EntryView), Refused)
)]
pub(super) async fn entry(
    State(shared): State<Shared>,
    caller: Caller,
    Path(entity): Path<String>,
) -> Result<Json<EntryView>, Refusal> {
    let entity: EntityId = id(&entity)?;
    shared.blocking(move |parts| queries::entry(&parts.reader(&caller.who), entity)).await.map(Json)
}

/// Changes of an entry, newest first
#[utoipa::path(
    get,
    path = "/api/v1/entries/{id}/history",
    params(
        ("id" = EntityId, Path, description = "The entry."),
        ("after" = Option<String>, Query, description = "Where the page begins: `next` of the page before."),
        ("limit" = Option<usize>, Query, minimum = 1, maximum = 200, description = "Most rows wanted."),
    ),
    responses((status = 200, description = "Done.", body = Page<HistoryItem>), Refused)
)]
pub(super) async fn history(
    State(shared): State<Shared>,
    caller: Caller,
    Path(entity): Path<String>,
    uri: Uri,
) -> Result<Json<Page<HistoryItem>>, Refusal> {
    let entity: EntityId = id(&entity)?;
    let filter: ListFilter = filter(&uri)?;
    shared
        .blocking(move |parts| queries::history(&parts.reader(&caller.who), entity, &filter))
        .await
        .map(Json)
}

/// Fields in conflict
#[utoipa::path(
    get,
    path = "/api/v1/conflicts",
    params(
        ("area" = Option<AreaCode>, Query, description = "In this area or beneath it."),
        ("after" = Option<String>, Query, description = "Where the page begins: `next` of the page before."),
        ("limit" = Option<usize>, Query, minimum = 1, maximum = 200, description = "Most rows wanted."),
    ),
    responses((status = 200, description = "Done.", body = Page<ConflictView>), Refused)
)]
pub(super) async fn conflicts(
    State(shared): State<Shared>,
    caller: Caller,
    uri: Uri,
) -> Result<Json<Page<ConflictView>>, Refusal> {
    let filter: ListFilter = filter(&uri)?;
    shared.blocking(move |parts| queries::conflicts(&parts.reader(&caller.who), &filter)).await.map(Json)
}

/// Which decisions.
#[derive(Debug, Deserialize)]
struct DecisionFilter {
    kind: DecisionKind,
    area: Option<AreaCode>,
    after: Option<String>,
    limit: Option<usize>,
}

/// Entries that wait for the office
#[utoipa::path(
    get,
    path = "/api/v1/decisions",
    params(
        ("kind" = DecisionKind, Query, description = "What they wait for."),
        ("area" = Option<AreaCode>, Query, description = "In this area or beneath it."),
        ("after" = Option<String>, Query, description = "Where the page begins: `next` of the page before."),
        ("limit" = Option<usize>, Query, minimum = 1, maximum = 200, description = "Most rows wanted."),
    ),
    responses((status = 200, description = "Done.", body = Page<DecisionView>), Refused)
)]
pub(super) async fn decisions(
    State(shared): State<Shared>,
    caller: Caller,
    uri: Uri,
) -> Result<Json<Page<DecisionView>>, Refusal> {
    let DecisionFilter { kind, area, after, limit } = filter(&uri)?;
    let list = ListFilter { area, text: None, after, limit };
    shared.blocking(move |parts| queries::decisions(&parts.reader(&caller.who), kind, &list)).await.map(Json)
}

/// Operations that were set aside
#[utoipa::path(
    get,
    path = "/api/v1/quarantine",
    params(
        ("area" = Option<AreaCode>, Query, description = "In this area or beneath it."),
        ("after" = Option<String>, Query, description = "Where the page begins: `next` of the page before."),
        ("limit" = Option<usize>, Query, minimum = 1, maximum = 200, description = "Most rows wanted."),
    ),
    responses((status = 200, description = "Done.", body = Page<QuarantineItem>), Refused)
)]
pub(super) async fn quarantine(
    State(shared): State<Shared>,
    caller: Caller,
    uri: Uri,
) -> Result<Json<Page<QuarantineItem>>, Refusal> {
    let filter: ListFilter = filter(&uri)?;
    shared.blocking(move |parts| queries::quarantine(&parts.reader(&caller.who), &filter)).await.map(Json)
}

/// An operation that was set aside, with all of its text
#[utoipa::path(
    get,
    path = "/api/v1/quarantine/{device}/{seq}",
    params(
        ("device" = DeviceId, Path, description = "The device that made it."),
        ("seq" = u64, Path, description = "Its place in that device's chain."),
    ),
    responses((status = 200, description = "Done.", body = QuarantineItem), Refused)
)]
pub(super) async fn quarantined(
    State(shared): State<Shared>,
    caller: Caller,
    Path((device, seq)): Path<(String, String)>,
) -> Result<Json<QuarantineItem>, Refusal> {
    let op = OpId::new(id::<DeviceId>(&device)?, id(&seq)?);
    shared.blocking(move |parts| queries::quarantined(&parts.reader(&caller.who), op)).await.map(Json)
}

/// What became of an operation that was judged again.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct ReleaseReply {
    /// Whether it is in the ledger now. If not, the list of those set aside tells the reason of today.
    merged: bool,
}

/// Judge an operation again
#[utoipa::path(
    post,
    path = "/api/v1/quarantine/{device}/{seq}/release",
    params(
        ("device" = DeviceId, Path, description = "The device that made it."),
        ("seq" = u64, Path, description = "Its place in that device's chain."),
    ),
    responses((status = 200, description = "Done.", body = ReleaseReply), Refused)
)]
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
