//! What administrators reach: people whose areas are all their own, and nothing beyond.

use crate::harness::{OTHER_VILLAGE, PASSWORD, Reply, TOWNSHIP, TestDevice, TestServer, VILLAGE};
use bianfang_shared::access::Role;
use bianfang_shared::id::UserId;
use serde_json::{Value, json};

const COUNTY: &str = "430681000000";
const COUNTRY: &str = "000000000000";
const NEXT_TOWNSHIP: &str = "430681114000";

/// The people of a county, and an administrator of one of its townships.
struct County {
    server: TestServer,
    admin: TestDevice,
    people: Vec<(&'static str, UserId)>,
}

async fn county() -> County {
    let server = TestServer::new();
    let mut people = Vec::new();
    for (login, role, grants) in [
        ("own-cadre", Role::Cadre, &[VILLAGE][..]),
        ("own-supervisor", Role::Supervisor, &[TOWNSHIP]),
        ("own-admin", Role::Administrator, &[TOWNSHIP]),
        ("next-cadre", Role::Cadre, &["430681114201"]),
        ("both-cadre", Role::Cadre, &[VILLAGE, "430681114201"]),
        ("county-supervisor", Role::Supervisor, &[COUNTY]),
        ("county-admin", Role::Administrator, &[COUNTY]),
        ("chief", Role::Administrator, &[COUNTRY]),
        ("nowhere-cadre", Role::Cadre, &[]),
    ] {
        people.push((login, server.add(login, role, grants)));
    }
    let admin = server.device("admin", 9).await;
    County { server, admin, people }
}

impl County {
    fn person(&self, login: &str) -> UserId {
        self.people.iter().find(|(known, _)| *known == login).unwrap().1
    }

    async fn grant(&self, user: UserId, grants: &[&str]) -> Reply {
        let path = format!("/api/v1/users/{user}/grants");
        self.server.put(&path, &self.admin.token, &json!({"grants": grants})).await
    }

    /// All that is known of people, but for what is written down in the audit log.
    fn state(&self) -> String {
        format!("{:?}{:?}", self.server.app.store().accounts().unwrap(), self.server.app.store().devices())
    }
}

#[tokio::test]
async fn an_administrator_sees_and_changes_only_people_whose_areas_are_all_the_administrators() {
    let county = county().await;
    let County { server, admin, people } = &county;
    let reached = ["own-cadre", "own-supervisor", "own-admin"];
    let listed: Vec<Value> = server.get("/api/v1/users", &admin.token).await.json();
    let mut logins: Vec<&str> = listed.iter().map(|user| user["login"].as_str().unwrap()).collect();
    logins.sort_unstable();
    assert_eq!(
        logins,
        ["admin", "cadre", "cadre2", "own-admin", "own-cadre", "own-supervisor", "supervisor"]
    );
    for (at, (login, user)) in (10..).zip(people) {
        let device = server.device(login, at).await;
        let is_reached = reached.contains(login);
        let devices: Vec<Value> = server.get("/api/v1/devices", &admin.token).await.json();
        let is_listed = devices.iter().any(|row| row["id"] == json!(device.id));
        assert_eq!(is_listed, is_reached, "{login}");
        let audit: Vec<Value> = server.get("/api/v1/audit", &admin.token).await.json();
        let is_told = audit.iter().any(|row| row["actor"] == json!(user) || row["about"] == json!(user));
        assert_eq!(is_told, is_reached, "{login}");
        let before = county.state();
        let change = async |path: String, body: Value| {
            let reply = match path.ends_with("revoke") {
                true => server.post(&path, &admin.token, &body).await,
                false => server.put(&path, &admin.token, &body).await,
            };
            assert_eq!(reply.status, if is_reached { 204 } else { 404 }, "{login}: {path}");
        };
        change(format!("/api/v1/users/{user}/grants"), json!({"grants": [VILLAGE]})).await;
        change(format!("/api/v1/users/{user}/password"), json!({"password": "another secret"})).await;
        change(format!("/api/v1/users/{user}/disabled"), json!({"disabled": true})).await;
        change(format!("/api/v1/devices/{}/revoke", device.id), json!({})).await;
        assert_eq!(before == county.state(), !is_reached, "{login}");
    }
}

#[tokio::test]
async fn nobody_grants_more_than_they_hold_nor_widens_their_own() {
    let county = county().await;
    let County { server, admin, .. } = &county;
    for (number, (grants, status)) in [
        (vec![VILLAGE], 201),
        (vec![TOWNSHIP], 201),
        (vec![VILLAGE, OTHER_VILLAGE], 201),
        (vec![NEXT_TOWNSHIP], 403),
        (vec![VILLAGE, NEXT_TOWNSHIP], 403),
        (vec![COUNTY], 403),
        (vec!["430000000000"], 403),
        (vec![COUNTRY], 403),
        (vec![], 403),
    ]
    .into_iter()
    .enumerate()
    {
        for role in
            ["cadre", "team_member", "village_secretary", "family_doctor", "supervisor", "administrator"]
        {
            let new = json!({
                "login": format!("new-{role}-{number}"), "name": "新人", "role": role, "grants": grants,
                "password": PASSWORD,
            });
            let reply = server.post("/api/v1/users", &admin.token, &new).await;
            assert_eq!(reply.status, status, "{role} of {grants:?}");
        }
        let before = county.state();
        let changed = if status == 201 { 204 } else { 403 };
        for user in [county.person("own-cadre"), county.person("own-admin"), admin.user] {
            assert_eq!(county.grant(user, &grants).await.status, changed, "{user} of {grants:?}");
            if status != 201 {
                assert_eq!(before, county.state());
            }
        }
        // The own ones were narrowed above, and nobody gets them back alone.
        if grants != [TOWNSHIP] && status == 201 {
            assert_eq!(county.grant(admin.user, &[TOWNSHIP]).await.status, 403);
            let areas = [TOWNSHIP.parse().unwrap()];
            server.app.accounts().grant(admin.user, &areas, None).unwrap();
        }
    }
}

#[tokio::test]
async fn an_administrator_of_the_whole_country_is_made_by_command_alone() {
    let county = county().await;
    let chief = county.server.device("chief", 8).await;
    let new = |role: &str| json!({"login": format!("c-{role}"), "name": "新人", "role": role, "grants": [COUNTRY], "password": PASSWORD});
    for (role, status) in [("administrator", 403), ("supervisor", 201)] {
        let reply = county.server.post("/api/v1/users", &chief.token, &new(role)).await;
        assert_eq!(reply.status, status, "{role}");
    }
    let path = format!("/api/v1/users/{}/grants", county.person("county-admin"));
    let wide = json!({"grants": [COUNTRY]});
    assert_eq!(county.server.put(&path, &chief.token, &wide).await.status, 403);
    let wide = json!({"grants": ["430000000000"]});
    assert_eq!(county.server.put(&path, &chief.token, &wide).await.status, 204);
    // Whoever holds nothing is in the charge of the whole country alone.
    let path = format!("/api/v1/users/{}/grants", county.person("nowhere-cadre"));
    assert_eq!(county.server.put(&path, &chief.token, &json!({"grants": [VILLAGE]})).await.status, 204);
}

#[tokio::test]
async fn an_older_line_of_the_audit_log_does_not_give_out_a_name_to_sign_in_with() {
    let county = county().await;
    let County { server, admin, .. } = &county;
    for login in ["own-cadre", "chief", "gone"] {
        let line = bianfang_server::store::people::Audit {
            at_ms: 1,
            actor: Some(county.person("own-admin")),
            action: "account_added".to_owned(),
            about: login.to_owned(),
        };
        server.app.store().audit(&line).unwrap();
    }
    let told = String::from_utf8(server.get("/api/v1/audit", &admin.token).await.body).unwrap();
    assert_eq!(["own-cadre", "chief", "gone"].map(|login| told.contains(login)), [false; 3], "{told}");
    assert!(told.contains(&county.person("own-cadre").to_string()));
}
