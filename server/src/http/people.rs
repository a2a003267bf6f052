//! Accounts, grants, devices and the audit log, for administrators.

use super::auth::Caller;
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

/// Most lines of the audit log in one answer.
const AUDIT_ROWS_MAX: usize = 500;

/// An account as administrators see it.
#[derive(Debug, Serialize)]
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

#[derive(Deserialize)]
struct AddUser {
    login: String,
    name: String,
    role: Role,
    #[serde(default)]
    grants: Vec<AreaCode>,
    password: String,
}

#[derive(Deserialize)]
struct SetGrants {
    grants: Vec<AreaCode>,
}

#[derive(Deserialize)]
struct SetPassword {
    password: String,
}

#[derive(Deserialize)]
struct SetDisabled {
    disabled: bool,
}

/// `GET /api/v1/users`.
pub(super) async fn users(
    State(shared): State<Shared>,
    caller: Caller,
) -> Result<Json<Vec<AccountView>>, Refusal> {
    caller.administers()?;
    let accounts = shared.blocking(|parts| parts.accounts.list()).await?;
    Ok(Json(accounts.into_iter().map(AccountView::from).collect()))
}

/// `POST /api/v1/users`.
pub(super) async fn add_user(
    State(shared): State<Shared>,
    caller: Caller,
    request: Body,
) -> Result<(StatusCode, Json<User>), Refusal> {
    caller.administers()?;
    let AddUser { login, name, role, grants, password } = body::small_json(request).await?;
    let new = NewAccount { login, name, role, grants, password };
    let actor = caller.who.account.user.id;
    let _turn = shared.hashing.acquire().await.map_err(|_| Refusal::ShuttingDown)?;
    let user = shared.blocking(move |parts| parts.accounts.add(&new, Some(actor))).await?;
    Ok((StatusCode::CREATED, Json(user)))
}

/// `PUT /api/v1/users/{id}/grants`.
pub(super) async fn set_grants(
    State(shared): State<Shared>,
    caller: Caller,
    Path(user): Path<String>,
    request: Body,
) -> Result<StatusCode, Refusal> {
    caller.administers()?;
    let user: UserId = id(&user)?;
    let SetGrants { grants } = body::small_json(request).await?;
    let actor = caller.who.account.user.id;
    shared.blocking(move |parts| parts.accounts.grant(user, &grants, Some(actor))).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `PUT /api/v1/users/{id}/password`.
pub(super) async fn set_password(
    State(shared): State<Shared>,
    caller: Caller,
    Path(user): Path<String>,
    request: Body,
) -> Result<StatusCode, Refusal> {
    caller.administers()?;
    let user: UserId = id(&user)?;
    let SetPassword { password } = body::small_json(request).await?;
    let actor = caller.who.account.user.id;
    let _turn = shared.hashing.acquire().await.map_err(|_| Refusal::ShuttingDown)?;
    shared.blocking(move |parts| parts.accounts.set_password(user, &password, Some(actor))).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `PUT /api/v1/users/{id}/disabled`.
pub(super) async fn set_disabled(
    State(shared): State<Shared>,
    caller: Caller,
    Path(user): Path<String>,
    request: Body,
) -> Result<StatusCode, Refusal> {
    caller.administers()?;
    let user: UserId = id(&user)?;
    let SetDisabled { disabled } = body::small_json(request).await?;
    let actor = caller.who.account.user.id;
    shared.blocking(move |parts| parts.accounts.set_disabled(user, disabled, Some(actor))).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A device as administrators see it.
#[derive(Debug, Serialize)]
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

/// `GET /api/v1/devices`.
pub(super) async fn devices(
    State(shared): State<Shared>,
    caller: Caller,
) -> Result<Json<Vec<DeviceView>>, Refusal> {
    caller.administers()?;
    let devices = shared.blocking(|parts| parts.accounts.devices()).await?;
    Ok(Json(devices.into_iter().map(DeviceView::from).collect()))
}

/// `POST /api/v1/devices/{id}/revoke`.
pub(super) async fn revoke_device(
    State(shared): State<Shared>,
    caller: Caller,
    Path(device): Path<String>,
) -> Result<StatusCode, Refusal> {
    caller.administers()?;
    let device: DeviceId = id(&device)?;
    let actor = caller.who.account.user.id;
    shared.blocking(move |parts| parts.accounts.revoke_device(device, Some(actor))).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A line of the audit log.
#[derive(Debug, Serialize)]
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

/// `GET /api/v1/audit`.
pub(super) async fn audit(
    State(shared): State<Shared>,
    caller: Caller,
) -> Result<Json<Vec<AuditView>>, Refusal> {
    caller.administers()?;
    let lines = shared.blocking(|parts| Ok(parts.store.audit_log(AUDIT_ROWS_MAX)?)).await?;
    Ok(Json(lines.into_iter().map(AuditView::from).collect()))
}

/// An id in an address. One that is none is found nowhere.
pub(super) fn id<T: std::str::FromStr>(text: &str) -> Result<T, Refusal> {
    text.parse().map_err(|_| Refusal::NotFound)
}
