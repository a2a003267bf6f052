//! The description of the API: it tells the routes there are, and the shapes that are really sent.

use crate::harness::{PASSWORD, TestServer, VILLAGE, entity, record_id};
use bianfang_server::http::docs::OPENAPI;
use bianfang_shared::ledger::LedgerKind;
use bianfang_shared::op::{Body, Change, Verdict};
use bianfang_shared::query::PAGE_ROWS_MAX;
use bianfang_shared::wire::PullRequest;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

fn api() -> Value {
    serde_json::from_str(&OPENAPI).unwrap()
}

#[test]
fn the_description_names_every_route_and_no_other() {
    let api = api();
    let mut described: Vec<String> = Vec::new();
    for (path, methods) in api["paths"].as_object().unwrap() {
        described.extend(methods.as_object().unwrap().keys().map(|method| format!("{method} {path}")));
    }
    let mut routed: Vec<String> = Vec::new();
    for line in include_str!("../../src/http.rs").split(".route(").skip(1) {
        let path = line.split('"').nth(1).unwrap();
        if path.starts_with("/api/v1/") {
            for method in ["get", "post", "put", "head", "patch", "delete", "options"] {
                if line.contains(&format!("{method}(")) {
                    routed.push(format!("{method} {path}"));
                }
            }
        }
    }
    described.sort();
    routed.sort();
    assert_eq!(described, routed);
}

#[test]
fn the_description_refers_only_to_shapes_that_it_holds() {
    let api = api();
    let shapes = api["components"]["schemas"].as_object().unwrap();
    for part in OPENAPI.split("#/components/schemas/").skip(1) {
        let name = part.split('"').next().unwrap();
        assert!(shapes.contains_key(name), "{name}");
    }
}

/// What a shape says of a value: where it does not fit, the way there.
fn misfit(api: &Value, shape: &Value, value: &Value, at: &str) -> Option<String> {
    if let Some(name) = shape["$ref"].as_str() {
        let name = name.rsplit('/').next().unwrap();
        return misfit(api, &api["components"]["schemas"][name], value, at);
    }
    for one_of in ["oneOf", "anyOf"] {
        if let Some(parts) = shape[one_of].as_array() {
            let misfits: Option<Vec<_>> = parts.iter().map(|part| misfit(api, part, value, at)).collect();
            return misfits.map(|misfits| misfits.join(" or "));
        }
    }
    if !kinds(shape).is_none_or(|kinds| kinds.contains(&kind(value)) || fits_number(&kinds, value)) {
        return Some(format!("{at}: {value} is not {}", shape["type"]));
    }
    if shape["enum"].as_array().is_some_and(|allowed| !allowed.contains(value)) {
        return Some(format!("{at}: {value} is none of {}", shape["enum"]));
    }
    match value {
        Value::Array(items) => items
            .iter()
            .enumerate()
            .find_map(|(place, item)| misfit(api, &shape["items"], item, &format!("{at}[{place}]"))),
        Value::Object(fields) => misfit_of_fields(api, shape, fields, at),
        _ => None,
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

/// The kinds that a shape allows; none where it allows all.
fn kinds(shape: &Value) -> Option<Vec<&str>> {
    match &shape["type"] {
        Value::String(one) => Some(vec![one]),
        Value::Array(several) => Some(several.iter().filter_map(Value::as_str).collect()),
        _ => None,
    }
}

fn fits_number(kinds: &[&str], value: &Value) -> bool {
    value.is_number() && kinds.contains(&"number")
}

/// Every field must be told of, and every one that is required be there.
fn misfit_of_fields(
    api: &Value,
    shape: &Value,
    fields: &serde_json::Map<String, Value>,
    at: &str,
) -> Option<String> {
    let mut told = Told::default();
    if !told.read(api, shape, fields) {
        return Some(format!("{at}: no variant is made of {:?}", fields.keys()));
    }
    if told.properties.is_empty() && told.others.is_none() {
        // No type, no properties: anything.
        return kinds(shape).is_some().then(|| format!("{at}: nothing is told of its fields"));
    }
    if let Some(missing) = told.required.iter().find(|name| !fields.contains_key(*name)) {
        return Some(format!("{at}: {missing} is missing"));
    }
    fields.iter().find_map(|(name, value)| match told.properties.get(name).or(told.others.as_ref()) {
        Some(shape) => misfit(api, shape, value, &format!("{at}.{name}")),
        None => Some(format!("{at}: nothing is told of {name}")),
    })
}

/// What a shape tells of fields, with the shapes that are flattened into it.
#[derive(Default)]
struct Told {
    properties: BTreeMap<String, Value>,
    required: BTreeSet<String>,
    others: Option<Value>,
}

impl Told {
    /// Whether one of each set of variants could be found.
    fn read(&mut self, api: &Value, shape: &Value, fields: &serde_json::Map<String, Value>) -> bool {
        if let Some(name) = shape["$ref"].as_str() {
            let name = name.rsplit('/').next().unwrap();
            return self.read(api, &api["components"]["schemas"][name], fields);
        }
        if let Some(variants) = shape["oneOf"].as_array() {
            let fitting = variants.iter().find(|variant| fits_variant(variant, fields));
            return fitting.is_some_and(|variant| self.read(api, variant, fields));
        }
        self.properties.extend(shape["properties"].as_object().cloned().unwrap_or_default());
        let required = shape["required"].as_array().into_iter().flatten();
        self.required.extend(required.filter_map(Value::as_str).map(str::to_owned));
        if shape["additionalProperties"].is_object() {
            self.others = Some(shape["additionalProperties"].clone());
        }
        let mut parts = shape["allOf"].as_array().into_iter().flatten();
        parts.all(|part| self.read(api, part, fields))
    }
}

/// Whether the tag of a variant is the one of these fields.
fn fits_variant(variant: &Value, fields: &serde_json::Map<String, Value>) -> bool {
    let parts = variant["properties"].as_object();
    parts.into_iter().flatten().all(|(name, shape)| match shape["enum"].as_array() {
        Some(allowed) => fields.get(name).is_some_and(|value| allowed.contains(value)),
        None => true,
    })
}

#[track_caller]
fn assert_told(name: &str, sent: &Value) {
    let api = api();
    let shape = &api["components"]["schemas"][name];
    assert!(shape.is_object(), "no shape {name}");
    assert_eq!(misfit(&api, shape, sent, name), None, "{sent:#}");
}

#[tokio::test]
async fn every_message_of_a_real_exchange_is_made_as_the_description_tells() {
    let server = TestServer::new();
    let mut phone = server.device("cadre", 1).await;
    let supervisor = &mut server.device("supervisor", 3).await;
    let admin = server.device("admin", 9).await;
    let born = phone.register(VILLAGE, entity(1), "王小明");
    phone.record(VILLAGE, entity(1), record_id(5));
    let water =
        Change { field: "water_state".to_owned(), value: "unmet".into(), parents: vec![born], adopts: None };
    let cause = Some(record_id(5));
    phone.make(VILLAGE, Body::Amend { entity: entity(1), changes: vec![water], cause });
    let issue = crate::harness::issue("water", entity(1));
    phone.make(
        VILLAGE,
        Body::Register {
            entity: entity(8),
            ledger: LedgerKind::Issue,
            fields: issue,
            cause,
            photos: Vec::new(),
        },
    );
    // A second word on the same, of somebody who had not seen the first.
    phone.amend(VILLAGE, entity(1), "water_state", "met", &[born]);
    phone.amend(VILLAGE, entity(77), "insured", "red", &[]);
    let push = phone.push_request(1, phone.ops.len() as u64);
    assert_told("PushRequest", &serde_json::to_value(&push).unwrap());
    let reply: Value = server.post("/api/v1/sync/push", &phone.token, &push).await.json();
    assert!(reply["outcomes"].as_array().unwrap().iter().any(|receipt| receipt["outcome"] == "quarantined"));
    assert_told("PushReply", &reply);
    let mut other = server.device("cadre2", 2).await;
    other.amend(VILLAGE, entity(1), "water_state", "basic", &[born]);
    other.push_all(&server).await;
    let comment = "补照片".to_owned();
    supervisor.make(VILLAGE, Body::Review { observation: record_id(5), verdict: Verdict::SentBack, comment });
    supervisor.push_all(&server).await;

    let login = phone.login_request("cadre");
    assert_told("LoginRequest", &serde_json::to_value(&login).unwrap());
    let login: Value = server.post("/api/v1/login", "", &login).await.json();
    assert_told("LoginReply", &login);
    let token = login["token"].as_str().unwrap();
    assert_told("Session", &server.get("/api/v1/session", token).await.json());

    let asked = PullRequest {
        epoch: phone.epoch,
        cursors: BTreeMap::from([(VILLAGE.parse().unwrap(), 1)]),
        limit: 100,
    };
    assert_told("PullRequest", &serde_json::to_value(&asked).unwrap());
    let pulled: Value = server.post("/api/v1/sync/pull", token, &asked).await.json();
    assert!(pulled["scopes"][0]["part"]["ops"]["ops"].as_array().unwrap().len() > 4);
    assert_told("PullReply", &pulled);

    let visit: Value =
        server.get(&format!("/api/v1/visits/{}", record_id(5)), &supervisor.token).await.json();
    for part in ["effects", "conflicts", "reviews"] {
        assert!(!visit[part].as_array().unwrap().is_empty(), "{part}");
    }
    assert_told("VisitDetail", &visit);
    let history = format!("/api/v1/entries/{}/history", entity(1));
    for (path, shape) in [
        ("/api/v1/visits", "Page_VisitSummary"),
        ("/api/v1/households", "Page_HouseholdSummary"),
        ("/api/v1/conflicts", "Page_ConflictView"),
        ("/api/v1/quarantine", "Page_QuarantineItem"),
        (history.as_str(), "Page_HistoryItem"),
    ] {
        let page: Value = server.get(path, &supervisor.token).await.json();
        assert!(!page["rows"].as_array().unwrap().is_empty(), "{path}");
        assert_told(shape, &page);
    }
    let entry = format!("/api/v1/entries/{}", entity(1));
    assert_told("EntryView", &server.get(&entry, &supervisor.token).await.json());
    for (path, shape) in
        [("/api/v1/users", "Account"), ("/api/v1/devices", "Device"), ("/api/v1/audit", "AuditLine")]
    {
        for row in server.get(path, &admin.token).await.json::<Vec<Value>>() {
            assert_told(shape, &row);
        }
    }
    let new =
        json!({"login": "new", "name": "新人", "role": "cadre", "grants": [VILLAGE], "password": PASSWORD});
    assert_told("NewAccount", &new);
    assert_told("User", &server.post("/api/v1/users", &admin.token, &new).await.json());
    assert_told("Problem", &server.get("/api/v1/session", "").await.json());
}

#[test]
fn a_message_that_differs_from_its_shape_is_noticed() {
    let user = |extra: Value| {
        let mut user = json!({"id": "0197", "login": "a", "name": "b", "role": "cadre"});
        user.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        let api = api();
        misfit(&api, &api["components"]["schemas"]["User"], &user, "user")
    };
    assert_eq!(user(json!({})), None);
    assert_eq!(user(json!({"phone": 1})).unwrap(), "user: nothing is told of phone");
    assert!(user(json!({"name": 1})).unwrap().starts_with("user.name: 1 is not"));
    assert!(user(json!({"role": "king"})).unwrap().starts_with("user.role: "));
}

#[test]
fn only_signing_in_is_open_to_those_without_a_token() {
    let api = api();
    assert_eq!(api["components"]["securitySchemes"]["token"]["scheme"], "bearer");
    assert_eq!(api["security"], json!([{"token": []}]));
    for (path, methods) in api["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let open = operation.get("security").is_some();
            // What is spoken here is told to everybody.
            assert_eq!(open, path == "/api/v1/login" || method == "options", "{method} {path}");
            let refusal = &operation["responses"]["default"]["content"];
            assert!(refusal["application/problem+json"].is_object(), "{method} {path}");
            assert!(operation["summary"].as_str().is_some_and(|words| !words.contains("/api/")));
        }
    }
}

#[test]
fn the_longest_page_is_told_and_words_hold_no_links_of_the_source() {
    let api = api();
    for (path, methods) in api["paths"].as_object().unwrap() {
        for parameter in methods["get"]["parameters"].as_array().into_iter().flatten() {
            if parameter["name"] == "limit" {
                assert_eq!(parameter["schema"]["maximum"], PAGE_ROWS_MAX, "{path}");
            }
        }
    }
    assert!(!OPENAPI.contains("[`"));
}
