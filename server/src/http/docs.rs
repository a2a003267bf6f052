//! The description of the API, and a page to read it without a third party's scripts. It is derived from the handlers
//! and the messages themselves; nothing here repeats their shapes.

use super::auth::DEVICE_TIME_HEADER;
use super::problem::PROBLEM;
use super::{people, photos, queries, sessions, sync, uploads};
use axum::http::header;
use axum::response::IntoResponse;
use bianfang_shared::wire::Problem;
use std::collections::BTreeMap;
use std::sync::LazyLock;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{ContentBuilder, KnownFormat, ObjectBuilder, Ref, RefOr, Required, Response};
use utoipa::openapi::{ResponseBuilder, SchemaFormat, schema::Type};
use utoipa::{IntoParams, IntoResponses, Modify, OpenApi, ToSchema};

/// The description as JSON (OpenAPI 3.1), drawn once.
pub static OPENAPI: LazyLock<String> =
    LazyLock::new(|| plain(&Api::openapi().to_pretty_json().expect("a description is but text and maps")));
const PAGE: &str = include_str!("docs/page.html");
const SCRIPT: &str = include_str!("docs/page.js");
const STYLE: &str = include_str!("docs/page.css");

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Bianfang",
        version = "1",
        license(name = "AGPL-3.0-or-later", identifier = "AGPL-3.0-or-later"),
        description = "The central service of 遍访: devices push signed chains of operations and pull the logs of \
                       their villages; reviewers ask questions. Errors are application/problem+json."
    ),
    paths(
        sessions::login,
        sessions::enrol,
        sessions::logout,
        sessions::session,
        sync::push,
        sync::pull,
        photos::held,
        photos::original,
        photos::thumbnail,
        uploads::options,
        uploads::create,
        uploads::status,
        uploads::append,
        uploads::terminate,
        uploads::overridden,
        queries::visits,
        queries::visit,
        queries::households,
        queries::entry,
        queries::history,
        queries::conflicts,
        queries::decisions,
        queries::quarantine,
        queries::quarantined,
        queries::release,
        people::users,
        people::add_user,
        people::set_grants,
        people::set_password,
        people::set_disabled,
        people::devices,
        people::revoke_device,
        people::audit,
    ),
    components(schemas(Problem)),
    modifiers(&BearerToken),
    security(("token" = [])),
    tags(
        (name = "sessions", description = "Signing in and out."),
        (name = "sync", description = "Push and pull."),
        (name = "photos", description = "Photographs that are held."),
        (name = "uploads", description = "Uploads of photographs by tus 1.0.0."),
        (name = "queries", description = "Questions of reviewers."),
        (name = "people", description = "Accounts, devices and the audit log, for administrators."),
    )
)]
struct Api;

struct BearerToken;

impl Modify for BearerToken {
    fn modify(&self, api: &mut utoipa::openapi::OpenApi) {
        let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
        let parts = api.components.get_or_insert_default();
        parts.security_schemes.insert("token".to_owned(), SecurityScheme::Http(scheme).into());
    }
}

/// Comments link to one another in brackets, which read as noise where no links are drawn. No JSON has a bracket
/// beside a backtick elsewhere.
fn plain(json: &str) -> String {
    json.replace("[`", "`").replace("`]", "`")
}

/// Every answer that is no success, whatever its status.
pub(super) struct Refused;

impl IntoResponses for Refused {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let content = ContentBuilder::new().schema(Some(Ref::from_schema_name(Problem::name()))).build();
        let response =
            ResponseBuilder::new().description("What happened and what to do.").content(PROBLEM, content);
        BTreeMap::from([("default".to_owned(), response.build().into())])
    }
}

/// The header by which a device tells its clock.
pub(super) struct DeviceTime;

impl IntoParams for DeviceTime {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let number = ObjectBuilder::new()
            .schema_type(Type::Integer)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Int64)))
            .description(Some("Milliseconds since 1970."));
        let header = ParameterBuilder::new()
            .name(DEVICE_TIME_HEADER)
            .parameter_in(ParameterIn::Header)
            .required(Required::False)
            .description(Some(
                "The device's wall clock as it sends, so that the centre can measure how far it is off.",
            ))
            .schema(Some(number));
        vec![header.build()]
    }
}

/// `GET /api/openapi.json`.
pub(super) async fn openapi() -> impl IntoResponse {
    let kind = [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-cache")];
    (kind, OPENAPI.as_str())
}

/// `GET /api/docs`.
pub(super) async fn page() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CACHE_CONTROL, "no-cache")], PAGE)
}

/// `GET /api/docs.js`.
pub(super) async fn script() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/javascript; charset=utf-8"), (header::CACHE_CONTROL, "no-cache")], SCRIPT)
}

/// `GET /api/docs.css`.
pub(super) async fn style() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8"), (header::CACHE_CONTROL, "no-cache")], STYLE)
}
