//! Signing in and out.

use super::auth::{Caller, device_time_ms};
use super::docs::{DeviceTime, Refused};
use super::{Shared, body};
use crate::service::Refusal;
use axum::Json;
use axum::body::Body;
use axum::extract::{ConnectInfo, State};
use axum::http::{Extensions, HeaderMap, StatusCode};
use bianfang_shared::wire::{EnrolRequest, LoginReply, LoginRequest, Session};
use std::net::SocketAddr;

/// Sign in and enrol the device
///
/// A device id known with another key or for another person is refused. Ten failures close an account for a quarter
/// of an hour.
#[utoipa::path(
    post,
    path = "/api/v1/login",
    params(DeviceTime),
    request_body = LoginRequest,
    responses((status = 200, description = "Done.", body = LoginReply), Refused),
    security(())
)]
pub(super) async fn login(
    State(shared): State<Shared>,
    headers: HeaderMap,
    extensions: Extensions,
    request: Body,
) -> Result<Json<LoginReply>, Refusal> {
    let request: LoginRequest = body::small_json(request).await?;
    let address = address(&shared, &headers, &extensions);
    let _turn = shared.hashing.acquire().await.map_err(|_| Refusal::ShuttingDown)?;
    let device = request.device;
    let reply = shared.blocking(move |parts| parts.sessions.login(&request, &address)).await?;
    note_clock(&shared, device, &headers).await?;
    Ok(Json(reply))
}

/// Enrol a new device with the token held
///
/// For a phone whose chain was forked. The old token ends with the first use of the new one.
#[utoipa::path(
    post,
    path = "/api/v1/enrol",
    request_body = EnrolRequest,
    responses((status = 200, description = "Done.", body = LoginReply), Refused)
)]
pub(super) async fn enrol(
    State(shared): State<Shared>,
    caller: Caller,
    request: Body,
) -> Result<Json<LoginReply>, Refusal> {
    let request: EnrolRequest = body::small_json(request).await?;
    shared.blocking(move |parts| parts.sessions.enrol(&caller.who, &caller.token, &request)).await.map(Json)
}

/// Sign out
#[utoipa::path(
    post,
    path = "/api/v1/logout",
    responses((status = 204, description = "Done."), Refused)
)]
pub(super) async fn logout(State(shared): State<Shared>, caller: Caller) -> Result<StatusCode, Refusal> {
    shared.blocking(move |parts| parts.sessions.logout(&caller.token)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What a device has to know before it exchanges anything
#[utoipa::path(
    get,
    path = "/api/v1/session",
    params(DeviceTime),
    responses((status = 200, description = "Done.", body = Session), Refused)
)]
pub(super) async fn session(
    State(shared): State<Shared>,
    caller: Caller,
    headers: HeaderMap,
) -> Result<Json<Session>, Refusal> {
    note_clock(&shared, caller.who.device, &headers).await?;
    shared.blocking(move |parts| parts.sessions.session(&caller.who)).await.map(Json)
}

async fn note_clock(
    shared: &Shared,
    device: bianfang_shared::id::DeviceId,
    headers: &HeaderMap,
) -> Result<(), Refusal> {
    match device_time_ms(headers) {
        Some(told_ms) => shared.blocking(move |parts| parts.sessions.note_clock(device, told_ms)).await,
        None => Ok(()),
    }
}

/// From where the request came, as far as attempts to sign in are counted by it.
fn address(shared: &Shared, headers: &HeaderMap, extensions: &Extensions) -> String {
    let forwarded = headers.get("x-forwarded-for").filter(|_| shared.config.trust_forwarded);
    // The proxy in front appends the address it saw; what stands before that is the client's own claim.
    let told = forwarded.and_then(|value| value.to_str().ok()?.rsplit(',').next().map(str::trim));
    let seen = extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip().to_string());
    told.map(str::to_owned).or(seen).unwrap_or_else(|| "unknown".to_owned())
}
