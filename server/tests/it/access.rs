//! `docs/access.md` says who may do what. It is made here, by trying every route of the API's description as everybody,
//! so that it cannot say anything else than the server does.

use crate::harness::{
    PASSWORD, TOWNSHIP, TestDevice, TestServer, VILLAGE, entity, photo, record_id, request, visit,
};
use crate::pictures::{house, jpeg, upload};
use crate::tus::{STREAM, UPLOADS, bytes, create, metadata};
use axum::body::{Body, Bytes};
use axum::http::{HeaderName, Request};
use bianfang_server::files::hash_of;
use bianfang_server::http::docs::OPENAPI;
use bianfang_shared::access::Role;
use bianfang_shared::id::OpId;
use bianfang_shared::observation::Observation;
use bianfang_shared::op::Body as OpBody;
use bianfang_shared::wire::{EnrolRequest, PhotosHeldRequest, PullRequest};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Where the table is kept.
const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/access.md");
/// Says that the file is to be made anew.
const UPDATE: &str = "UPDATE";

const ROLES: [(&str, Option<Role>); 7] = [
    ("nobody", None),
    ("cadre", Some(Role::Cadre)),
    ("team member", Some(Role::TeamMember)),
    ("village secretary", Some(Role::VillageSecretary)),
    ("family doctor", Some(Role::FamilyDoctor)),
    ("supervisor", Some(Role::Supervisor)),
    ("administrator", Some(Role::Administrator)),
];

/// What a question is about.
#[derive(Clone, Copy, PartialEq)]
enum About {
    /// A village, or a person, that is granted.
    Granted,
    /// One of another township.
    Elsewhere,
}

/// Somebody who tries, and a township in which there is something of everything.
struct Scene {
    server: TestServer,
    actor: TestDevice,
    cadre: TestDevice,
    picture: Bytes,
    aside: OpId,
    upload: String,
}

impl Scene {
    async fn new(role: Option<Role>, about: About) -> Self {
        let server = TestServer::new();
        let mut cadre = server.device("cadre", 1).await;
        let picture = jpeg(&house(1), 80);
        cadre.register(VILLAGE, entity(1), "王小明");
        cadre.amend(VILLAGE, entity(1), "head_name", "王大明", &[]);
        let photos = vec![photo(&hash_of(&picture).to_string())];
        let made = Observation { photos, ..visit(entity(1), record_id(5)) };
        cadre.make(VILLAGE, OpBody::Record { observation: Box::new(made) });
        let aside = cadre.record(VILLAGE, entity(77), record_id(6));
        cadre.push_all(&server).await;
        upload(&server, &cadre, &picture);
        let mut actor = TestDevice::new(20);
        if let Some(role) = role {
            let granted = if about == About::Granted { TOWNSHIP } else { "430681114000" };
            server.add("actor", role, &[granted]);
            actor.sign_in(&server, "actor").await;
            actor.register(VILLAGE, entity(2), "李大山");
        }
        let uploader = if role.is_some() && about == About::Granted { &actor } else { &cadre };
        let upload = create(&server, &uploader.token, &bytes(100)).await;
        Self { server, actor, cadre, picture, aside, upload }
    }

    /// What is sent to try a route. A route that is new has to be added here.
    fn question(&self, method: &str, path: &str) -> Request<Body> {
        let name = hash_of(&self.picture).to_string();
        let json = |body: Value| serde_json::to_vec(&body).unwrap();
        let new = json!({
            "login": "new", "name": "新人", "role": "cadre", "grants": [VILLAGE], "password": PASSWORD
        });
        let key = TestDevice::new(21);
        let enrol = EnrolRequest { device: key.id, public_key: key.key.public(), label: String::new() };
        let cursors = BTreeMap::from([(VILLAGE.parse().unwrap(), 1)]);
        let pull = PullRequest { epoch: self.cadre.epoch, cursors, limit: 100 };
        let last = self.actor.ops.len() as u64;
        let push = (last > 0).then(|| self.actor.push_request(1, last));
        let release = format!("/api/v1/quarantine/{}/{}/release", self.aside.device, self.aside.seq);
        let user = |rest: &str| format!("/api/v1/users/{}/{rest}", self.cadre.user);
        let held = PhotosHeldRequest::of([name.clone()]);
        let length = self.picture.len().to_string();
        let begin = [("upload-length", length), ("upload-metadata", metadata(&name))];
        let from_0 = [STREAM, ("upload-offset", "0")].map(|(name, value)| (name, value.to_owned()));
        let meant = [("x-http-method-override", "HEAD".to_owned())];
        let (at, body, headers): (String, Vec<u8>, &[(&str, String)]) = match (method, path) {
            ("post", "/api/v1/login") => {
                let login = if last > 0 { "actor" } else { "cadre2" };
                (path.to_owned(), json(json!(TestDevice::new(22).login_request(login))), &[])
            }
            ("post", "/api/v1/enrol") => (path.to_owned(), json(json!(enrol)), &[]),
            ("post", "/api/v1/sync/push") => (path.to_owned(), serde_json::to_vec(&push).unwrap(), &[]),
            ("post", "/api/v1/sync/pull") => (path.to_owned(), json(json!(pull)), &[]),
            ("post", "/api/v1/photos/held") => (path.to_owned(), json(json!(held)), &[]),
            ("post", UPLOADS) => (path.to_owned(), Vec::new(), &begin),
            ("patch", "/api/v1/photos/uploads/{id}") => (self.upload.clone(), bytes(100), &from_0),
            ("post", "/api/v1/photos/uploads/{id}") => (self.upload.clone(), Vec::new(), &meant),
            ("head" | "delete", "/api/v1/photos/uploads/{id}") => (self.upload.clone(), Vec::new(), &[]),
            ("get", "/api/v1/photos/{sha256}") => (format!("/api/v1/photos/{name}"), Vec::new(), &[]),
            ("get", "/api/v1/photos/{sha256}/thumb") => {
                (format!("/api/v1/photos/{name}/thumb"), Vec::new(), &[])
            }
            ("get", "/api/v1/visits/{id}") => (format!("/api/v1/visits/{}", record_id(5)), Vec::new(), &[]),
            ("get", "/api/v1/decisions") => (format!("{path}?kind=registration"), Vec::new(), &[]),
            ("get", "/api/v1/entries/{id}") => (format!("/api/v1/entries/{}", entity(1)), Vec::new(), &[]),
            ("get", "/api/v1/entries/{id}/history") => {
                (format!("/api/v1/entries/{}/history", entity(1)), Vec::new(), &[])
            }
            ("get", "/api/v1/quarantine/{device}/{seq}") => {
                (release.trim_end_matches("/release").to_owned(), Vec::new(), &[])
            }
            ("post", "/api/v1/quarantine/{device}/{seq}/release") => (release, Vec::new(), &[]),
            ("post", "/api/v1/users") => (path.to_owned(), json(new), &[]),
            ("put", "/api/v1/users/{id}/grants") => (user("grants"), json(json!({"grants": [VILLAGE]})), &[]),
            ("put", "/api/v1/users/{id}/password") => {
                (user("password"), json(json!({"password": "another secret"})), &[])
            }
            ("put", "/api/v1/users/{id}/disabled") => {
                (user("disabled"), json(json!({"disabled": true})), &[])
            }
            ("post", "/api/v1/devices/{id}/revoke") => {
                (format!("/api/v1/devices/{}/revoke", self.cadre.id), Vec::new(), &[])
            }
            _ if !path.contains('{') => (path.to_owned(), Vec::new(), &[]),
            _ => panic!("say here how {method} {path} is tried"),
        };
        let mut asked = request(&method.to_uppercase(), &at, &self.actor.token, body);
        if path.starts_with(UPLOADS) {
            asked.headers_mut().remove("content-type");
            asked.headers_mut().insert("tus-resumable", "1.0.0".parse().unwrap());
        }
        for (name, value) in headers {
            let name: HeaderName = name.parse().unwrap();
            asked.headers_mut().insert(name, value.parse().unwrap());
        }
        asked
    }

    /// Tries a route; answers what came of it, in a word.
    async fn try_route(&self, method: &str, path: &str) -> String {
        let reply = self.server.send(self.question(method, path)).await;
        let told = String::from_utf8_lossy(&reply.body);
        assert!(
            matches!(reply.status, 200..=204 | 401 | 403 | 404),
            "{method} {path}: {} {told}",
            reply.status
        );
        if reply.status >= 400 {
            return reply.status.to_string();
        }
        if told.contains("\"quarantined\"") {
            return "set aside".to_owned();
        }
        // Whether anything is told of what is in the village.
        let names = [
            entity(1).to_string(),
            record_id(5).to_string(),
            self.cadre.user.to_string(),
            self.cadre.id.to_string(),
            hash_of(&self.picture).to_string(),
        ];
        let offset = reply.headers.get("upload-offset").map(|offset| offset.to_str().unwrap());
        let is_told = names.iter().any(|name| told.contains(name.as_str()))
            || offset == Some(&*self.picture.len().to_string());
        let tells = method == "get" && !path.contains('{')
            || ["/api/v1/sync/pull", "/api/v1/photos/held", UPLOADS].contains(&path) && method == "post";
        if tells && !is_told { "nothing".to_owned() } else { "yes".to_owned() }
    }
}

/// Changes nothing that another route is tried with.
fn leaves_all(method: &str) -> bool {
    matches!(method, "get" | "head" | "options")
}

/// What is about nobody but who asks.
fn is_own(method: &str, path: &str) -> bool {
    ["/api/v1/login", "/api/v1/enrol", "/api/v1/logout"].contains(&path) || method == "options"
}

async fn table(routes: &[(String, String)], about: About) -> String {
    let mut columns: Vec<Vec<String>> = Vec::new();
    for (_, role) in ROLES {
        let shared = Scene::new(role, about).await;
        let mut column = Vec::new();
        for (method, path) in routes {
            column.push(if leaves_all(method) {
                shared.try_route(method, path).await
            } else {
                Scene::new(role, about).await.try_route(method, path).await
            });
        }
        columns.push(column);
    }
    let mut text = format!("| route | {} |\n", ROLES.map(|(name, _)| name).join(" | "));
    writeln!(text, "|---|{}", "---|".repeat(ROLES.len())).unwrap();
    for (at, (method, path)) in routes.iter().enumerate() {
        let cells: Vec<&str> = columns.iter().map(|column| column[at].as_str()).collect();
        writeln!(text, "| `{} {path}` | {} |", method.to_uppercase(), cells.join(" | ")).unwrap();
    }
    text
}

#[tokio::test]
async fn the_table_of_access_says_what_the_server_answers_to_everybody() {
    let api: Value = serde_json::from_str(&OPENAPI).unwrap();
    let mut routes: Vec<(String, String)> = Vec::new();
    for (path, methods) in api["paths"].as_object().unwrap() {
        routes.extend(methods.as_object().unwrap().keys().map(|method| (method.clone(), path.clone())));
    }
    routes.sort_by(|one, other| (&one.1, &one.0).cmp(&(&other.1, &other.0)));
    let others: Vec<(String, String)> =
        routes.iter().filter(|(method, path)| !is_own(method, path)).cloned().collect();
    let made = format!(
        "### About what is granted\n\n{}\n### About what is of another township\n\n{}",
        table(&routes, About::Granted).await,
        table(&others, About::Elsewhere).await
    );
    keep_part("routes", &made);
}

/// Compares a part of `docs/access.md` with what was made, or writes it anew where that is asked for. What stands between
/// the part's marks is made by a test; the rest of the file is not touched.
pub(crate) fn keep_part(part: &str, made: &str) {
    let (begin, end) = (format!("<!-- {part}: begin -->\n"), format!("<!-- {part}: end -->\n"));
    let kept = std::fs::read_to_string(FILE).unwrap();
    let (before, rest) = kept.split_once(&begin).expect("the file says where the part begins");
    let (table, after) = rest.split_once(&end).expect("and where it ends");
    if std::env::var_os(UPDATE).is_some() {
        std::fs::write(FILE, format!("{before}{begin}{made}{end}{after}")).unwrap();
        return;
    }
    assert_eq!(table, made, "docs/access.md: see there how it is made anew");
}
