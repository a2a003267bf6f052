//! Accounts, grants, devices and the audit log, for administrators: within the areas granted to them, and no further.

use super::auth::Caller;
use super::docs::Refused;
use super::{Shared, body};
use crate::service::Refusal;
use crate::service::accounts::NewAccount;
use crate::store::people::{Account, Audit, DeviceRow};
use axum::Json;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use bianfang_shared::access::Role;
use bianfang_shared::area::AreaCode;
use bianfang_shared::id::{DeviceId, UserId};
use bianfang_shared::wire::User;
use serde::{Deserialize, Serialize};

/// An account as administrators see it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Account)]
pub(super) struct AccountView {
    #[serde(flatten)]
    user: User,
    grants: Vec<AreaCode>,
    disabled: bool,
    created_at_ms: i64,
}

impl From<Account> for AccountView {
    fn from(account: Account) -> Self {
        let Account { user, grants, disabled, created_at_ms, .. } = account;
        Self { user, grants, disabled, created_at_ms }
    }
}

/// A new account.
#[derive(Deserialize, utoipa::ToSchema)]
#[schema(as = NewAccount)]
pub(super) struct AddUser {
    login: String,
    name: String,
    role: Role,
    #[serde(default)]
    grants: Vec<AreaCode>,
    #[schema(format = Password)]
    password: String,
}

/// The areas that a person may see and change, all of them.
#[derive(Deserialize, utoipa::ToSchema)]
pub(super) struct SetGrants {
    grants: Vec<AreaCode>,
}

/// A new password.
#[derive(Deserialize, utoipa::ToSchema)]
pub(super) struct SetPassword {
    #[schema(format = Password)]
    password: String,
}

/// Whether the account is closed.
#[derive(Deserialize, utoipa::ToSchema)]
pub(super) struct SetDisabled {
    disabled: bool,
}

/// The accounts in the administrator's charge: all their areas are the administrator's own
#[utoipa::path(
    get,
    path = "/api/v1/users",
    responses((status = 200, description = "Done.", body = Vec<AccountView>), Refused)
)]
pub(super) async fn users(
    State(shared): State<Shared>,
    caller: Caller,
) -> Result<Json<Vec<AccountView>>, Refusal> {
    let by = caller.administers()?;
    let accounts = shared.blocking(move |parts| parts.accounts.list(Some(&by))).await?;
    Ok(Json(accounts.into_iter().map(AccountView::from).collect()))
}

/// Make an account
#[utoipa::path(
    post,
    path = "/api/v1/users",
    request_body = AddUser,
    responses((status = 201, description = "Made.", body = User), Refused)
)]
pub(super) async fn add_user(
    State(shared): State<Shared>,
    caller: Caller,
    request: Body,
) -> Result<(StatusCode, Json<User>), Refusal> {
    let by = caller.administers()?;
    let AddUser { login, name, role, grants, password } = body::small_json(request).await?;
    let new = NewAccount { login, name, role, grants, password };
    let _turn = shared.hashing.acquire().await.map_err(|_| Refusal::ShuttingDown)?;
    let user = shared.blocking(move |parts| parts.accounts.add(&new, Some(&by))).await?;
    Ok((StatusCode::CREATED, Json(user)))
}

/// Replace the areas granted; takes effect at once
#[utoipa::path(
    put,
    path = "/api/v1/users/{id}/grants",
    params(("id" = UserId, Path, description = "The person.")),
    request_body = SetGrants,
    responses((status = 204, description = "Done."), Refused)
)]
pub(super) async fn set_grants(
    State(shared): State<Shared>,
    caller: Caller,
    Path(user): Path<String>,
    request: Body,
) -> Result<StatusCode, Refusal> {
    let by = caller.administers()?;
    let user: UserId = id(&user)?;
    let SetGrants { grants } = body::small_json(request).await?;
    shared.blocking(move |parts| parts.accounts.grant(user, &grants, Some(&by))).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Set a password and end every sign-in
#[utoipa::path(
    put,
    path = "/api/v1/users/{id}/password",
    params(("id" = UserId, Path, description = "The person.")),
    request_body = SetPassword,
    responses((status = 204, description = "Done."), Refused)
)]
pub(super) async fn set_password(
    State(shared): State<Shared>,
    caller: Caller,
    Path(user): Path<String>,
    request: Body,
) -> Result<StatusCode, Refusal> {
    let by = caller.administers()?;
    let user: UserId = id(&user)?;
    let SetPassword { password } = body::small_json(request).await?;
    let _turn = shared.hashing.acquire().await.map_err(|_| Refusal::ShuttingDown)?;
    shared.blocking(move |parts| parts.accounts.set_password(user, &password, Some(&by))).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Close or open an account
#[utoipa::path(
    put,
    path = "/api/v1/users/{id}/disabled",
    params(("id" = UserId, Path, description = "The person.")),
    request_body = SetDisabled,
    responses((status = 204, description = "Done."), Refused)
)]
pub(super) async fn set_disabled(
    State(shared): State<Shared>,
    caller: Caller,
    Path(user): Path<String>,
    request: Body,
) -> Result<StatusCode, Refusal> {
    let by = caller.administers()?;
    let user: UserId = id(&user)?;
    let SetDisabled { disabled } = body::small_json(request).await?;
    shared.blocking(move |parts| parts.accounts.set_disabled(user, disabled, Some(&by))).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A device as administrators see it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Device)]
pub(super) struct DeviceView {
    id: DeviceId,
    user: UserId,
    label: String,
    enrolled_at_ms: i64,
    last_seq: u64,
    revoked: bool,
}

impl From<DeviceRow> for DeviceView {
    fn from(row: DeviceRow) -> Self {
        let DeviceRow { id, user, label, enrolled_at_ms, last_seq, revoked } = row;
        Self { id, user, label, enrolled_at_ms, last_seq, revoked }
    }
}

/// The devices of the people in the administrator's charge
#[utoipa::path(
    get,
    path = "/api/v1/devices",
    responses((status = 200, description = "Done.", body = Vec<DeviceView>), Refused)
)]
pub(super) async fn devices(
    State(shared): State<Shared>,
    caller: Caller,
) -> Result<Json<Vec<DeviceView>>, Refusal> {
    let by = caller.administers()?;
    let devices = shared.blocking(move |parts| parts.accounts.devices(Some(&by))).await?;
    Ok(Json(devices.into_iter().map(DeviceView::from).collect()))
}

/// Take a device out of service
#[utoipa::path(
    post,
    path = "/api/v1/devices/{id}/revoke",
    params(("id" = DeviceId, Path, description = "The device.")),
    responses((status = 204, description = "Done."), Refused)
)]
pub(super) async fn revoke_device(
    State(shared): State<Shared>,
    caller: Caller,
    Path(device): Path<String>,
) -> Result<StatusCode, Refusal> {
    let by = caller.administers()?;
    let device: DeviceId = id(&device)?;
    shared.blocking(move |parts| parts.accounts.revoke_device(device, Some(&by))).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A line of the audit log.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = AuditLine)]
pub(super) struct AuditView {
    at_ms: i64,
    actor: Option<UserId>,
    action: String,
    about: String,
}

impl From<Audit> for AuditView {
    fn from(line: Audit) -> Self {
        let Audit { at_ms, actor, action, about } = line;
        Self { at_ms, actor, action, about }
    }
}

/// The last lines of the audit log about the people in the administrator's charge
#[utoipa::path(
    get,
    path = "/api/v1/audit",
    responses((status = 200, description = "Done.", body = Vec<AuditView>), Refused)
)]
pub(super) async fn audit(
    State(shared): State<Shared>,
    caller: Caller,
) -> Result<Json<Vec<AuditView>>, Refusal> {
    let by = caller.administers()?;
    let lines = shared.blocking(move |parts| parts.accounts.audit_log(&by)).await?;
    Ok(Json(lines.into_iter().map(AuditView::from).collect()))
}

/// An id in an address. One that is none is found nowhere.
pub(super) fn id<T: std::str::FromStr>(text: &str) -> Result<T, Refusal> {
    text.parse().map_err(|_| Refusal::NotFound)
}
