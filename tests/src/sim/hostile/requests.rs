//! Everything that has an address, asked for with every id.

use super::{Centre, Hostile};
use crate::grammar::Known;
use bianfang_shared::id::{DeviceId, EntityId, ObservationId, OpId, UserId};
use bianfang_shared::wire::{PHOTOS_HELD_MAX, PhotosHeldRequest};
use serde_json::json;

/// Questions after `?`, odd ones included.
const QUESTIONS: &[&str] = &[
    "",
    "?area=000000000000",
    "?area=430681113000",
    "?area=430681113211",
    "?area=430681113212",
    "?area=430681113213",
    "?area=999999999999",
    "?area=x",
    "?limit=0",
    "?limit=200",
    "?limit=99999999999999999999",
    "?limit=-1",
    "?after=AAAA",
    "?after=W10",
    "?after=bnVsbA",
    "?after=%00%ff",
    "?text=%E5%AF%86",
    "?text=%22%20OR%201",
    "?text=%E2%80%AE*",
    "?from_ms=-9223372036854775808&until_ms=9223372036854775807",
    "?from_ms=9223372036854775808",
    "?grade=credible&state=waiting&kind=visit",
    "?grade=x",
    "?area=430681113211&area=430681113212",
    "?unknown=1",
    "?%",
];
/// Where every sign-in may ask, and where only some may.
const LISTS: &[&str] = &[
    "/api/v1/visits",
    "/api/v1/households",
    "/api/v1/conflicts",
    "/api/v1/quarantine",
    "/api/v1/session",
    "/api/v1/users",
    "/api/v1/devices",
    "/api/v1/audit",
    "/metrics",
    "/readyz",
    "/healthz",
    "/api/openapi.json",
    "/api/v1/nothing",
    "/",
];

impl Hostile {
    pub(super) fn ask(&mut self, centre: &Centre, known: &Known) {
        let question = *self.dice.pick(QUESTIONS).expect("there are some");
        match self.dice.below(10) {
            0..=2 => {
                let list = *self.dice.pick(LISTS).expect("there are some");
                self.say(centre, "GET", &format!("{list}{question}"), &[], Vec::new());
            }
            3 => {
                let record = self.of(&known.records).unwrap_or(ObservationId::from_bytes([1; 16]));
                self.say(centre, "GET", &format!("/api/v1/visits/{record}"), &[], Vec::new());
            }
            4 => {
                let entry = self.entry(known);
                self.say(centre, "GET", &format!("/api/v1/entries/{entry}"), &[], Vec::new());
            }
            5 => {
                let entry = self.entry(known);
                self.say(
                    centre,
                    "GET",
                    &format!("/api/v1/entries/{entry}/history{question}"),
                    &[],
                    Vec::new(),
                );
            }
            6 => {
                let op = self.of(&known.ops).unwrap_or(OpId::new(DeviceId::from_bytes([1; 16]), 1));
                let path = format!("/api/v1/quarantine/{}/{}/release", op.device, op.seq);
                self.say(centre, "POST", &path, &[], Vec::new());
            }
            7 => self.pull_all(centre, known),
            8 => self.administer(centre, known),
            _ => self.say_anything(centre),
        }
    }

    /// Everything that has an address, once. Answers what it did, one line each.
    pub fn ask_everything(&mut self, centre: &Centre, known: &Known) -> Vec<String> {
        self.sign_in(centre);
        self.read_along(centre);
        let records = known.records.iter().map(|record| format!("/api/v1/visits/{record}"));
        let entries = known.entities.iter().flat_map(|(entry, _)| {
            [format!("/api/v1/entries/{entry}"), format!("/api/v1/entries/{entry}/history")]
        });
        let photos = known
            .photos
            .iter()
            .flat_map(|photo| [format!("/api/v1/photos/{photo}"), format!("/api/v1/photos/{photo}/thumb")]);
        let lists = LISTS.iter().map(|list| (*list).to_owned());
        for path in records.chain(entries).chain(photos).chain(lists) {
            self.say(centre, "GET", &path, &[], Vec::new());
        }
        let request = PhotosHeldRequest::of(known.photos.iter().take(PHOTOS_HELD_MAX).cloned());
        let body = serde_json::to_vec(&request).expect("a message has a JSON form");
        self.say(centre, "POST", "/api/v1/photos/held", &[], body);
        std::mem::take(&mut self.story)
    }

    fn of<T: Copy>(&mut self, from: &[T]) -> Option<T> {
        self.dice.pick(from).copied()
    }

    fn entry(&mut self, known: &Known) -> EntityId {
        self.of(&known.entities).map_or(EntityId::from_bytes([1; 16]), |(entry, _)| entry)
    }

    /// Every village, granted or not, from any place.
    fn pull_all(&mut self, centre: &Centre, known: &Known) {
        let from = *self.dice.pick(&[0, 1, 2, u64::MAX, 1 << 40]).expect("five");
        let cursors: serde_json::Map<_, _> =
            known.areas.iter().map(|area| (area.to_string(), json!(from))).collect();
        let request = json!({ "epoch": self.epoch, "cursors": cursors, "limit": 5_000 });
        self.say(centre, "POST", "/api/v1/sync/pull", &[], request.to_string().into_bytes());
    }

    /// What only administrators may.
    fn administer(&mut self, centre: &Centre, known: &Known) {
        let user = self.of(&known.users).unwrap_or(UserId::from_bytes([1; 16]));
        let device = self.of(&known.devices).unwrap_or(DeviceId::from_bytes([1; 16]));
        let all = json!({ "grants": ["000000000000"] });
        let (method, path, body) = match self.dice.below(6) {
            0 => ("PUT", format!("/api/v1/users/{}/grants", self.user), all),
            1 => {
                ("PUT", format!("/api/v1/users/{user}/password"), json!({ "password": "a hostile password" }))
            }
            2 => ("PUT", format!("/api/v1/users/{user}/disabled"), json!({ "disabled": true })),
            3 => ("POST", format!("/api/v1/devices/{device}/revoke"), json!({})),
            4 => {
                let new = json!({ "login": "another", "name": "another", "role": "administrator",
                    "grants": ["000000000000"], "password": "a hostile password" });
                ("POST", "/api/v1/users".to_owned(), new)
            }
            _ => ("GET", "/api/v1/audit".to_owned(), json!({})),
        };
        self.say(centre, method, &path, &[], body.to_string().into_bytes());
    }

    /// Bodies and headers that no client sends.
    fn say_anything(&mut self, centre: &Centre) {
        let deep = "[".repeat(20_000);
        let bodies: [&[u8]; 7] = [
            b"",
            b"null",
            b"{}",
            b"\xff\xfe",
            deep.as_bytes(),
            b"{\"epoch\":1}",
            b"{\"first_seq\":1e999,\"ops\":[]}",
        ];
        let body = self.dice.pick(&bodies).map(|body| body.to_vec()).unwrap_or_default();
        let paths = [
            "/api/v1/sync/push",
            "/api/v1/sync/pull",
            "/api/v1/photos/held",
            "/api/v1/photos/uploads",
            "/api/v1/enrol",
            "/api/v1/logout",
        ];
        let path = *self.dice.pick(&paths).expect("six");
        let encodings = ["identity", "gzip", "br", "zstd", "x"];
        let encoding = (*self.dice.pick(&encodings).expect("five")).to_owned();
        let time =
            (*self.dice.pick(&["0", "-9223372036854775808", "9223372036854775807", "x"]).expect("four"))
                .to_owned();
        let headers = [("content-encoding", encoding), ("bianfang-device-time", time)];
        self.say(centre, "POST", path, &headers, body);
        if path == "/api/v1/logout" {
            self.token = None;
        }
    }
}
