//! Signing in and out, devices, and what access changes.

use crate::harness::{
    NOW_MS, OTHER_VILLAGE, PASSWORD, TOWNSHIP, TestDevice, TestServer, VILLAGE, entity, request,
};
use bianfang_shared::access::Role;
use bianfang_shared::wire::{EnrolRequest, LoginReply, Problem, ScopePart, Session};
use serde_json::json;

#[tokio::test]
async fn every_refusal_says_what_happened_and_what_to_do() {
    let server = TestServer::new();
    let phone = server.device("cadre", 1).await;
    let mut shown = String::new();
    let big = vec![b' '; 300_000];
    let cases = [
        ("no such address", request("GET", "/api/v1/nothing", "", vec![])),
        ("wrong method", request("DELETE", "/api/v1/session", &phone.token, vec![])),
        ("no token", request("GET", "/api/v1/session", "", vec![])),
        ("unknown token", request("GET", "/api/v1/session", "made-up", vec![])),
        ("no JSON", request("POST", "/api/v1/login", "", b"{\"user\":".to_vec())),
        ("too large", request("POST", "/api/v1/login", "", big)),
        ("wrong password", request("POST", "/api/v1/login", "", login(&phone, "cadre", "wrong"))),
        ("unknown name", request("POST", "/api/v1/login", "", login(&phone, "nobody", "wrong"))),
        ("another's device", request("POST", "/api/v1/login", "", login(&phone, "cadre2", PASSWORD))),
        ("no administrator", request("GET", "/api/v1/users", &phone.token, vec![])),
        ("not an id", request("GET", "/api/v1/visits/17", &phone.token, vec![])),
        ("bad filter", request("GET", "/api/v1/visits?area=43", &phone.token, vec![])),
        ("bad page", request("GET", "/api/v1/visits?after=xyz", &phone.token, vec![])),
    ];
    for (name, asked) in cases {
        let reply = server.send(asked).await;
        assert_eq!(reply.headers["content-type"], "application/problem+json", "{name}");
        let problem: Problem = reply.json();
        assert_eq!(problem.status, reply.status);
        shown.push_str(&format!("{name}: {}\n", serde_json::to_string(&problem).unwrap()));
    }
    insta::assert_snapshot!(shown);
}

fn login(phone: &TestDevice, user: &str, password: &str) -> Vec<u8> {
    let mut request = phone.login_request(user);
    request.password = password.to_owned();
    serde_json::to_vec(&request).unwrap()
}

#[tokio::test]
async fn a_session_tells_all_that_a_device_needs() {
    let server = TestServer::new();
    let mut phone = server.device("cadre", 1).await;
    phone.register(VILLAGE, entity(1), "王小明");
    phone.push_all(&server).await;
    let session: Session = server.get("/api/v1/session", &phone.token).await.json();
    assert_eq!((session.chain.last_seq, session.chain.head), (1, phone.heads[0]));
    assert_eq!(session.server_time_ms, NOW_MS);
    let areas: Vec<_> = session.areas.iter().map(|area| area.name.as_str()).collect();
    assert_eq!(areas, ["三江镇", "八景村"]);
    let people: Vec<_> =
        session.people.iter().map(|user| (user.login.as_str(), user.name.as_str())).collect();
    let named = ["admin 同志", "cadre 同志", "cadre2 同志", "supervisor 同志"].map(|name| ("", name));
    assert_eq!(people, named, "with the names to show, not with those to sign in with");
    assert_eq!(session.user.login, "cadre");
}

#[tokio::test]
async fn grants_take_effect_at_once_for_reading_and_writing() {
    let server = TestServer::new();
    let admin = server.device("admin", 9).await;
    let mut phone = server.device("cadre", 1).await;
    phone.register(VILLAGE, entity(1), "王小明");
    phone.push_all(&server).await;
    let path = format!("/api/v1/users/{}/grants", phone.user);
    assert_eq!(server.put(&path, &admin.token, &json!({"grants": [OTHER_VILLAGE]})).await.status, 204);
    let reply = phone.pull(&server, VILLAGE, 1, 10).await;
    assert!(matches!(reply.scopes[0].part, ScopePart::Drop));
    phone.register(VILLAGE, entity(2), "王小明");
    let receipts = phone.push_all(&server).await;
    assert!(matches!(receipts[1].outcome, bianfang_shared::judge::Outcome::Quarantined { .. }));
    assert_eq!(server.put(&path, &admin.token, &json!({"grants": [TOWNSHIP]})).await.status, 204);
    assert_eq!(phone.log(&server, VILLAGE).await.len(), 1, "set aside until judged again");
}

#[tokio::test]
async fn a_revoked_device_a_closed_account_and_a_new_password_end_what_was_open() {
    let server = TestServer::new();
    let admin = server.device("admin", 9).await;
    let mut phone = server.device("cadre", 1).await;
    phone.register(VILLAGE, entity(1), "王小明");
    let body = phone.push_request(1, 1);
    let revoke = format!("/api/v1/devices/{}/revoke", phone.id);
    assert_eq!(server.post(&revoke, &admin.token, &json!({})).await.status, 204);
    let reply = server.post("/api/v1/sync/push", &phone.token, &body).await;
    assert_eq!((reply.status, reply.code().as_str()), (403, "device_revoked"));

    let other = server.device("cadre2", 2).await;
    let disable = format!("/api/v1/users/{}/disabled", other.user);
    assert_eq!(server.put(&disable, &admin.token, &json!({"disabled": true})).await.status, 204);
    assert_eq!(server.get("/api/v1/session", &other.token).await.code(), "not_signed_in");
    let login = server.post("/api/v1/login", "", &other.login_request("cadre2")).await;
    assert_eq!((login.status, login.code().as_str()), (403, "account_closed"));

    let supervisor = server.device("supervisor", 3).await;
    let password = format!("/api/v1/users/{}/password", supervisor.user);
    let reply = server.put(&password, &admin.token, &json!({"password": "short"})).await;
    assert_eq!((reply.status, reply.code().as_str()), (422, "bad_value"));
    assert_eq!(server.put(&password, &admin.token, &json!({"password": "another one"})).await.status, 204);
    assert_eq!(server.get("/api/v1/session", &supervisor.token).await.status, 401);
}

#[tokio::test]
async fn a_forked_phone_enrols_anew_and_the_old_token_ends_with_the_first_use_of_the_new() {
    let server = TestServer::new();
    let phone = server.device("cadre", 1).await;
    let new = TestDevice::new(7);
    let request = EnrolRequest { device: new.id, public_key: new.key.public(), label: "again".to_owned() };
    let lost = server.post("/api/v1/enrol", &phone.token, &request).await;
    assert_eq!(lost.status, 200);
    let reply: LoginReply = server.post("/api/v1/enrol", &phone.token, &request).await.json();
    assert_eq!(reply.session.chain.last_seq, 0);
    assert_eq!(server.get("/api/v1/session", &phone.token).await.status, 200);
    assert_eq!(server.get("/api/v1/session", &reply.token).await.status, 200);
    assert_eq!(server.get("/api/v1/session", &phone.token).await.status, 401);
    let other_key = EnrolRequest { public_key: TestDevice::new(8).key.public(), ..request };
    assert_eq!(server.post("/api/v1/enrol", &reply.token, &other_key).await.status, 422);
}

#[tokio::test]
async fn a_sign_in_ends_after_half_a_year_and_with_signing_out() {
    let server = TestServer::new();
    let phone = server.device("cadre", 1).await;
    let other = server.device("cadre2", 2).await;
    assert_eq!(server.post("/api/v1/logout", &other.token, &json!({})).await.status, 204);
    assert_eq!(server.get("/api/v1/session", &other.token).await.status, 401);
    server.clock.advance(179 * 86_400_000);
    assert_eq!(server.get("/api/v1/session", &phone.token).await.status, 200);
    server.clock.advance(2 * 86_400_000);
    assert_eq!(server.get("/api/v1/session", &phone.token).await.status, 401);
}

#[tokio::test]
async fn guessing_a_password_is_slowed_down_and_the_demo_password_opens_demo_data_only() {
    let server = TestServer::new();
    let phone = TestDevice::new(1);
    for _ in 0..10 {
        let reply = server.send(request("POST", "/api/v1/login", "", login(&phone, "cadre", "wrong"))).await;
        assert_eq!(reply.status, 401);
    }
    let reply = server.send(request("POST", "/api/v1/login", "", login(&phone, "cadre", PASSWORD))).await;
    assert_eq!((reply.status, reply.code().as_str()), (429, "too_many_attempts"));
    assert_eq!(reply.headers["retry-after"], "901");

    let admin = server.device("admin", 9).await;
    let new = json!({"login": "new", "name": "新", "role": Role::Cadre, "grants": [VILLAGE], "password": "bianfang-demo"});
    let reply = server.post("/api/v1/users", &admin.token, &new).await;
    assert_eq!((reply.status, reply.code().as_str()), (403, "demo_password"));
}

#[tokio::test]
async fn administrators_make_accounts_and_everything_they_do_is_written_down() {
    let server = TestServer::new();
    let admin = server.device("admin", 9).await;
    let new =
        json!({"login": "zhao", "name": "赵", "role": "cadre", "grants": [VILLAGE], "password": PASSWORD});
    assert_eq!(server.post("/api/v1/users", &admin.token, &new).await.status, 201);
    assert_eq!(server.post("/api/v1/users", &admin.token, &new).await.code(), "taken");
    assert!(server.device("zhao", 4).await.session.is_some());
    let lines: Vec<serde_json::Value> = server.get("/api/v1/audit", &admin.token).await.json();
    let actions: Vec<_> = lines.iter().take(3).map(|line| line["action"].as_str().unwrap()).collect();
    assert_eq!(actions, ["signed_in", "account_added", "signed_in"]);
}

#[tokio::test]
async fn the_centre_measures_how_far_a_devices_clock_is_off() {
    let server = TestServer::new();
    let phone = server.device("cadre", 1).await;
    let mut asked = request("GET", "/api/v1/session", &phone.token, vec![]);
    let told = (NOW_MS + 400_000).to_string().parse().unwrap();
    asked.headers_mut().insert(bianfang_server::http::DEVICE_TIME_HEADER, told);
    assert_eq!(server.send(asked).await.status, 200);
    let facts = server.app.store().device_facts(phone.id).unwrap().unwrap();
    assert_eq!(facts.clock_offset_ms, Some(400_000));
}
