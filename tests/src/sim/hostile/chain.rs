//! Operations and the chains they are sent in.

use super::{Centre, Hostile, device, key};
use crate::grammar::{Grammar, Header, Known};
use bianfang_shared::area::AreaCode;
use bianfang_shared::chain::{Head, HeadSignature};
use bianfang_shared::hlc::Hlc;
use bianfang_shared::id::{DeviceId, EntityId, Epoch, ObservationId, OpId};
use bianfang_shared::judge::FIELDS_MAX;
use bianfang_shared::wire::{
    EnrolRequest, LoginReply, PullReply, PullRequest, PushReply, PushRequest, ScopePart,
};
use serde_json::json;
use serde_json::value::RawValue;

/// Most operations in one of its pushes.
const OPS_MAX: usize = 12;
/// So many of each device's next operations are named as seen.
const SWALLOWED_AHEAD: u64 = 20;
const HOUR_MS: i64 = 3_600_000;
/// Most operations that it fetches at once.
const PULL_LIMIT: usize = 500;

impl Hostile {
    /// Makes some operations and sends what waits.
    pub(super) fn send_operations(&mut self, centre: &Centre, known: &Known, now_ms: i64) {
        for _ in 0..=self.dice.below(OPS_MAX) {
            self.make(known, now_ms);
        }
        self.push_rest(centre);
    }

    fn make(&mut self, known: &Known, now_ms: i64) {
        let raw = self.draw(known, now_ms, self.chain.len() as u64 + 1);
        let head = self.head_at(self.chain.len()).extend(raw.get().as_bytes());
        self.chain.push((raw, head));
    }

    /// An operation for this place in the chain; where the text is no JSON at all, another is drawn.
    fn draw(&mut self, known: &Known, now_ms: i64, seq: u64) -> Box<RawValue> {
        let scope = self.village();
        let hlc = Hlc::at(now_ms + i64::try_from(seq % 1_000).unwrap_or_default());
        let header = Header { device: self.this_device(), seq, hlc, author: self.user, scope };
        if let Some(body) = self.favourite(known, now_ms) {
            return with_body(header, &body);
        }
        loop {
            let text = Grammar::new(&mut self.dice, known, self.weapons.odd, now_ms).op(header);
            if let Ok(raw) = RawValue::from_string(text) {
                return raw;
            }
        }
    }

    /// A body that chance alone would draw too seldom, if it is of the kind that this phone sends.
    fn favourite(&mut self, known: &Known, now_ms: i64) -> Option<serde_json::Value> {
        let odd = self.weapons.odd;
        let of_now = [odd.parents, odd.numbers, odd.depth];
        let at = self.dice.below(3 * of_now.len());
        let (entity, _) = *self.dice.pick(&known.entities)?;
        if !of_now.get(at).is_some_and(|is_sent| *is_sent) {
            return None;
        }
        Some(match at {
            0 => swallow(known, entity),
            1 => self.impossible_place(entity, now_ms),
            _ => {
                let depth = 100 + self.dice.below(25);
                let deep = (0..depth).fold(json!(1), |inside, _| json!([inside]));
                let change = json!({ "field": "future_field", "value": deep, "parents": [] });
                json!({ "kind": "amend", "entity": entity, "changes": [change] })
            }
        })
    }

    /// A record of a moment at which others are too, measured as no place can be.
    fn impossible_place(&mut self, subject: EntityId, now_ms: i64) -> serde_json::Value {
        let accuracy_m = *self.dice.pick(&[-1e308, 1e308, -1.0, 0.0, 1e8]).expect("five");
        let (lat, lon) = *self.dice.pick(&[(28.9, 113.3), (-90.0, 180.0), (1e308, -1e308)]).expect("three");
        let at_ms = now_ms / HOUR_MS * HOUR_MS;
        let mut id = [0x6c; 16];
        self.dice.fill(&mut id[8..]);
        json!({ "kind": "record", "observation": {
            "id": ObservationId::from_bytes(id), "observed": "visit", "subject": subject,
            "started_at_ms": at_ms - 600_000, "ended_at_ms": at_ms, "dwell_ms": 600_000,
            "fixes": [{ "lat": lat, "lon": lon, "accuracy_m": accuracy_m, "at_ms": at_ms }],
            "checklist": { "key": "visit", "version": 1 }, "answers": {}, "outcome": "at_home",
        } })
    }

    fn village(&mut self) -> AreaCode {
        *self.dice.pick(&self.villages).expect("it is granted one at least")
    }

    fn head_at(&self, ops: usize) -> Head {
        ops.checked_sub(1).map_or(Head::EMPTY, |last| self.chain[last].1)
    }

    /// Sends what the centre does not have.
    pub(super) fn push_rest(&mut self, centre: &Centre) {
        // Twice: a new epoch is told first.
        for _ in 0..2 {
            let Some(epoch) = self.epoch else { return };
            let first_seq = self.held as u64 + 1;
            let ops: Vec<_> = self.chain[self.held..].iter().map(|(raw, _)| raw.clone()).collect();
            let request = self.signed(epoch, first_seq, ops, self.head_at(self.chain.len()));
            match self.push(centre, &request) {
                Some(PushReply::Accepted { chain, .. } | PushReply::Gap { chain }) => {
                    self.held = usize::try_from(chain.last_seq).unwrap_or(usize::MAX).min(self.chain.len());
                    return;
                }
                Some(PushReply::WrongEpoch { .. }) => self.ask_session(centre),
                Some(PushReply::Forked { .. }) => return self.enrol(centre),
                None => return,
            }
        }
    }

    fn signed(&self, epoch: Epoch, first_seq: u64, ops: Vec<Box<RawValue>>, head: Head) -> PushRequest {
        let signature = self.key.sign(self.this_device(), head);
        PushRequest { epoch, first_seq, ops, head, signature, acknowledged_seq: None }
    }

    fn push(&mut self, centre: &Centre, request: &PushRequest) -> Option<PushReply> {
        let body = serde_json::to_vec(request).expect("a push has a JSON form");
        let answer = self.say(centre, "POST", "/api/v1/sync/push", &[], body)?;
        serde_json::from_slice(&answer.body).ok()
    }

    /// Sends what no honest chain says.
    pub(super) fn break_chain(&mut self, centre: &Centre, known: &Known, now_ms: i64) {
        let Some(epoch) = self.epoch else { return };
        let next = self.chain.len() as u64 + 1;
        let raw = self.draw(known, now_ms, next);
        let head = self.head_at(self.chain.len()).extend(raw.get().as_bytes());
        let request = match self.dice.below(9) {
            // A gap.
            0 => {
                let beyond = next + 1 + self.dice.below(1_000) as u64;
                self.signed(epoch, beyond, vec![raw], head)
            }
            // Another operation at a place that is taken.
            1 => {
                let seq = 1 + self.dice.below(self.chain.len()) as u64;
                let raw = self.draw(known, now_ms, seq);
                let before = usize::try_from(seq - 1).unwrap_or_default().min(self.chain.len());
                let head = self.head_at(before).extend(raw.get().as_bytes());
                self.signed(epoch, seq, vec![raw], head)
            }
            // All once more.
            2 => {
                let ops = self.chain.iter().map(|(raw, _)| raw.clone()).collect();
                self.signed(epoch, 1, ops, self.head_at(self.chain.len()))
            }
            // A head that is not the operations'.
            3 => self.signed(epoch, next, vec![raw], Head([0x77; 32])),
            4 => PushRequest {
                signature: HeadSignature([0x11; 64]),
                ..self.signed(epoch, next, vec![raw], head)
            },
            // The first place is 1, and places end somewhere.
            5 => self.signed(epoch, 0, vec![raw], head),
            6 => self.signed(epoch, u64::MAX, vec![raw], head),
            7 => self.signed(Epoch::from_bytes([0x33; 16]), next, vec![raw], head),
            _ => return self.enrol(centre),
        };
        self.push(centre, &request);
    }

    /// Becomes another device of the same person.
    fn enrol(&mut self, centre: &Centre) {
        let number = self.devices.len() as u64 + 1;
        let request = EnrolRequest {
            device: device(number),
            public_key: key(number).public(),
            label: "phone".to_owned(),
        };
        let body = serde_json::to_vec(&request).expect("a message has a JSON form");
        if let Some(answer) = self.say(centre, "POST", "/api/v1/enrol", &[], body)
            && let Ok(reply) = serde_json::from_slice::<LoginReply>(&answer.body)
        {
            self.devices.push(device(number));
            self.key = key(number);
            self.token = Some(reply.token);
            self.chain.clear();
            self.note_session(&reply.session);
        }
    }

    /// Fetches what is new, as an honest phone does.
    pub(super) fn read_along(&mut self, centre: &Centre) {
        let Some(epoch) = self.epoch else { return };
        let cursors = self
            .villages
            .iter()
            .map(|village| (*village, self.cursors.get(village).copied().unwrap_or(1)))
            .collect();
        let request = PullRequest { epoch, cursors, limit: PULL_LIMIT };
        let body = serde_json::to_vec(&request).expect("a message has a JSON form");
        let Some(answer) = self.say(centre, "POST", "/api/v1/sync/pull", &[], body) else { return };
        let Ok(reply) = serde_json::from_slice::<PullReply>(&answer.body) else { return };
        if reply.epoch != epoch {
            return self.ask_session(centre);
        }
        for page in reply.scopes {
            if let ScopePart::Ops { next, .. } = page.part {
                self.cursors.insert(page.scope, next);
            }
        }
    }
}

/// An edit of what people edit most, that names as seen whatever anybody may say next.
fn swallow(known: &Known, entity: EntityId) -> serde_json::Value {
    let next = |device: &DeviceId| {
        let last =
            known.ops.iter().filter(|op| op.device == *device).map(|op| op.seq).max().unwrap_or_default();
        let device = *device;
        (last + 1..=last + SWALLOWED_AHEAD).map(move |seq| OpId::new(device, seq))
    };
    let parents: Vec<OpId> = known.devices.iter().flat_map(next).take(FIELDS_MAX).collect();
    let changes = ["remark", "address", "group"]
        .map(|field| json!({ "field": field, "value": null, "parents": parents }));
    json!({ "kind": "amend", "entity": entity, "changes": changes })
}

fn with_body(header: Header, body: &serde_json::Value) -> Box<RawValue> {
    let Header { device, seq, hlc, author, scope } = header;
    let op =
        json!({ "device": device, "seq": seq, "hlc": hlc, "author": author, "scope": scope, "body": body });
    RawValue::from_string(op.to_string()).expect("it is JSON")
}
