//! What every other person asks of the centre, and of the own phone, is answered.

use super::{ADMINISTRATOR, World};
use crate::maker::Maker;
use crate::sim::check::Held;
use crate::sim::phone::PASSWORD;
use crate::sim::world::SUPERVISOR;
use bianfang_device::message::{EntryFilter, Reply, Request};
use bianfang_device::platform::Method;
use bianfang_shared::id::UserId;
use bianfang_shared::ledger::LedgerKind;
use bianfang_shared::query::{EntryView, HistoryItem, Page, VisitDetail};
use bianfang_shared::wire::LoginReply;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

/// Pages of a list that are read. Beyond lies a page that begins where it began.
const PAGES_MAX: usize = 50;
/// What everybody sees lists of.
const LISTS: &[&str] = &[
    "/api/v1/visits?",
    "/api/v1/visits?grade=credible&",
    "/api/v1/visits?state=waiting&text=%E5%AF%86&",
    "/api/v1/households?",
    "/api/v1/households?text=%E5%AF%86&",
    "/api/v1/conflicts?",
    "/api/v1/quarantine?",
];
const ROWS_OF_ADMINISTRATORS: &[&str] =
    &["/api/v1/users", "/api/v1/devices", "/api/v1/audit", "/metrics", "/readyz"];
const LEDGERS: &[LedgerKind] =
    &[LedgerKind::Person, LedgerKind::House, LedgerKind::WaterSupply, LedgerKind::Post, LedgerKind::Issue];

impl World {
    fn token(&self, login: &str, number: u64) -> Result<String, String> {
        // A device that only asks.
        let maker = Maker::new(UserId::from_bytes([0; 16]), 1_000 + number);
        let body = serde_json::to_vec(&maker.login(login, PASSWORD)).expect("a message has a JSON form");
        let answer = self.call(Method::Post, None, "/api/v1/login", body);
        let reply: LoginReply = serde_json::from_slice(&answer.body)
            .map_err(|error| format!("{login} cannot sign in: {} {error}", answer.status))?;
        Ok(reply.token)
    }

    fn answers(&self, login: &str, token: &str, path: &str) -> Result<Vec<u8>, String> {
        let answer = self.call(Method::Get, Some(token), path, Vec::new());
        if answer.status == 200 {
            return Ok(answer.body);
        }
        let said = String::from_utf8_lossy(&answer.body).into_owned();
        Err(format!("{login}: {path} is answered with {}: {said}", answer.status))
    }

    /// Every page of every list.
    pub(super) fn check_lists(&self) -> Result<(), String> {
        let mut logins: Vec<&str> = self.phones.iter().map(|phone| phone.login).collect();
        logins.dedup();
        logins.push(ADMINISTRATOR);
        for (number, login) in (0..).zip(logins) {
            let token = self.token(login, number)?;
            self.answers(login, &token, "/api/v1/session")?;
            for list in LISTS {
                self.check_pages(login, &token, list)?;
            }
            if login == ADMINISTRATOR {
                for path in ROWS_OF_ADMINISTRATORS {
                    self.answers(login, &token, path)?;
                }
            }
        }
        Ok(())
    }

    fn check_pages(&self, login: &str, token: &str, list: &str) -> Result<(), String> {
        let mut path = format!("{list}limit=200");
        for _ in 0..PAGES_MAX {
            let body = self.answers(login, token, &path)?;
            let page: Page<Box<RawValue>> =
                serde_json::from_slice(&body).map_err(|error| format!("{path}: {error}"))?;
            match page.next {
                Some(next) => path = format!("{list}limit=200&after={next}"),
                None => return Ok(()),
            }
        }
        Err(format!("{list} does not end"))
    }

    /// Every record and every entry, for a supervisor.
    pub(super) fn check_answers_of_each(&self, held: &Held) -> Result<(), String> {
        let token = self.token(SUPERVISOR, 999)?;
        let merged = held.records().into_iter().filter(|(_, merged)| *merged);
        for (record, _) in merged {
            self.reads::<VisitDetail>(&token, &format!("/api/v1/visits/{record}"))?;
        }
        for entry in held.registered() {
            self.reads::<EntryView>(&token, &format!("/api/v1/entries/{entry}"))?;
            self.reads::<Page<HistoryItem>>(&token, &format!("/api/v1/entries/{entry}/history"))?;
        }
        Ok(())
    }

    /// An answer that a client can read.
    fn reads<T: DeserializeOwned>(&self, token: &str, path: &str) -> Result<(), String> {
        let body = self.answers(SUPERVISOR, token, path)?;
        serde_json::from_slice::<T>(&body)
            .map(drop)
            .map_err(|error| format!("{path} cannot be read: {error}"))
    }

    /// Every list and every entry on every phone.
    pub(super) fn check_entries_open(&mut self) -> Result<(), String> {
        for (at, phone) in self.phones.iter_mut().enumerate() {
            let mut asked = vec![
                Request::Today { here: None },
                Request::Uploads { skip: 0 },
                Request::Households {
                    text: String::new(),
                    scope: None,
                    in_conflict: false,
                    here: None,
                    skip: 0,
                },
            ];
            asked.extend(LEDGERS.iter().map(|ledger| Request::Entries {
                ledger: *ledger,
                filter: EntryFilter::default(),
                here: None,
                skip: 0,
            }));
            for scope in phone.villages.clone() {
                let entries = phone.device().ledger(scope).map_err(|error| format!("phone {at}: {error}"))?;
                for entry in entries {
                    asked.push(Request::History { id: entry.id });
                    match entry.ledger {
                        Some(LedgerKind::Household) => asked.push(Request::Household { id: entry.id }),
                        Some(LedgerKind::Unknown) | None => (),
                        Some(_) => asked.push(Request::Entry { id: entry.id, here: None }),
                    }
                }
            }
            for request in asked {
                let words = format!("{request:?}");
                let reply =
                    phone.ask(request).map_err(|trouble| format!("phone {at}: {words}: {trouble}"))?;
                // As it goes from the worker to the screen.
                let text =
                    serde_json::to_string(&reply).map_err(|error| format!("phone {at}: {words}: {error}"))?;
                serde_json::from_str::<Reply>(&text)
                    .map_err(|error| format!("phone {at}: {words}: {error}"))?;
            }
        }
        Ok(())
    }
}
