//! What the centre knows before anybody records anything: villages with households and whatever else is looked at.

use super::{SUPERVISOR, World};
use crate::maker::Maker;
use crate::sim::centre::Arriving;
use crate::sim::phone::PASSWORD;
use bianfang_device::platform::{HttpRequest, HttpResponse, Method};
use bianfang_shared::area::AreaCode;
use bianfang_shared::id::EntityId;
use bianfang_shared::ledger::{LedgerKind, house, person, post, water_supply};
use bianfang_shared::op::Body;
use bianfang_shared::value::Value;
use bianfang_shared::wire::LoginReply;
use std::collections::BTreeMap;

const HOUSEHOLDS_PER_VILLAGE: u64 = 5;
/// Houses, supplies, persons and posts in each village.
const OTHERS_PER_VILLAGE: u64 = 2;

pub(super) const VILLAGES: u64 = 3;

pub(super) fn village(number: u64) -> AreaCode {
    AreaCode::new(430_681_113_211 + number).expect("twelve digits")
}

pub(super) fn township() -> AreaCode {
    AreaCode::new(430_681_113_000).expect("twelve digits")
}

impl World {
    pub(super) fn register_township(&mut self) {
        let (supervisor, _) = self.people.last().expect("somebody was hired");
        let mut maker = Maker::new(*supervisor, 1);
        let households: Vec<(AreaCode, EntityId)> = (0..VILLAGES * HOUSEHOLDS_PER_VILLAGE)
            .map(|number| {
                let scope = village(number % VILLAGES);
                let id = crate::bench::load::register(&mut maker, scope, number).id;
                if self.siege.is_some() {
                    self.keep_secret(&mut maker, scope, id);
                }
                (scope, id)
            })
            .collect();
        for (number, (scope, household)) in (0..).zip(
            households.into_iter().take(usize::try_from(VILLAGES * OTHERS_PER_VILLAGE).expect("a few dozen")),
        ) {
            register_others(&mut maker, scope, household, number);
        }
        let login = self.post(None, "/api/v1/login", &maker.login(SUPERVISOR, PASSWORD));
        let login: LoginReply = serde_json::from_slice(&login).expect("a login");
        let push = maker.push(login.session.epoch, usize::MAX).expect("a township");
        self.post(Some(&login.token), "/api/v1/sync/push", &push);
    }

    pub(super) fn post(&self, token: Option<&str>, path: &str, body: &impl serde::Serialize) -> Vec<u8> {
        let body = serde_json::to_vec(body).expect("a message has a JSON form");
        let answer = self.call(Method::Post, token, path, body);
        assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
        answer.body
    }

    pub(super) fn call(
        &self,
        method: Method,
        token: Option<&str>,
        path: &str,
        body: Vec<u8>,
    ) -> HttpResponse {
        let mut headers = vec![("content-type", "application/json".to_owned())];
        headers.extend(token.map(|token| ("authorization", format!("Bearer {token}"))));
        let request = HttpRequest { method, path: path.to_owned(), headers, body };
        self.centre.answer(&request, Arriving::Whole).expect("the centre runs")
    }
}

/// A house of a household, a supply, and a post with its holder.
fn register_others(maker: &mut Maker, scope: AreaCode, household: EntityId, number: u64) {
    let holder = id(LedgerKind::Person, number);
    let named = |name: &str| Value::from(format!("{name}{number}"));
    let entries = [
        (
            LedgerKind::House,
            vec![(house::NAME, named("屋")), (house::HOUSEHOLD, household.to_string().into())],
        ),
        (
            LedgerKind::WaterSupply,
            vec![(water_supply::NAME, named("井")), (water_supply::KIND, "well".into())],
        ),
        (
            LedgerKind::Person,
            vec![(person::NAME, named("人")), (person::HOUSEHOLD, household.to_string().into())],
        ),
        (
            LedgerKind::Post,
            vec![
                (post::NAME, named("岗")),
                (post::KIND, "cleaning".into()),
                (post::HOLDER, holder.to_string().into()),
            ],
        ),
    ];
    for (ledger, fields) in entries {
        let fields: BTreeMap<String, Value> =
            fields.into_iter().map(|(field, value)| (field.to_owned(), value)).collect();
        let entity = id(ledger, number);
        let body = Body::Register { entity, ledger, fields, cause: None, photos: Vec::new() };
        maker.make(crate::bench::load::NOON_MS, scope, body);
    }
}

fn id(ledger: LedgerKind, number: u64) -> EntityId {
    let mut bytes = [0x22; 16];
    bytes[1] = ledger as u8;
    bytes[8..].copy_from_slice(&number.to_be_bytes());
    EntityId::from_bytes(bytes)
}
