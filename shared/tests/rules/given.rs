//! Ledger entries and ids for the tables.

use bianfang_shared::access::Role;
use bianfang_shared::area::AreaCode;
use bianfang_shared::entry::Entry;
use bianfang_shared::form::Stamp;
use bianfang_shared::hlc::Hlc;
use bianfang_shared::id::{DeviceId, EntityId, ObservationId, UserId};
use bianfang_shared::ledger::LedgerKind;
use bianfang_shared::observation::{Answers, PhotoRef, PhotoSource, Platform};
use bianfang_shared::op::{Body, Op};
use bianfang_shared::value::Value;
use serde_json::json;

/// 2025-07-18 10:00 in Shanghai.
pub(crate) const NOW_MS: i64 = 1_752_804_000_000;
pub(crate) const DAY_MS: i64 = 86_400_000;

pub(crate) fn entity(number: u8) -> EntityId {
    EntityId::from_bytes([number; 16])
}

pub(crate) fn user(number: u8) -> UserId {
    UserId::from_bytes([number; 16])
}

pub(crate) fn device(number: u8) -> DeviceId {
    DeviceId::from_bytes([number; 16])
}

pub(crate) fn village() -> AreaCode {
    "430681113214".parse().unwrap()
}

pub(crate) fn op(device_number: u8, seq: u64, body: Body) -> Op {
    Op { device: device(device_number), seq, hlc: Hlc::at(NOW_MS), author: user(1), scope: village(), body }
}

pub(crate) fn entry(id: EntityId, ledger: LedgerKind, fields: serde_json::Value) -> Entry {
    let body = Body::Register {
        entity: id,
        ledger,
        fields: serde_json::from_value(fields).unwrap(),
        cause: None,
        photos: Vec::new(),
    };
    let mut entry = Entry::empty(id, village());
    entry.apply(&op(id.bytes()[0], 1, body), None, |_| false);
    entry
}

pub(crate) fn household(fields: serde_json::Value) -> Entry {
    entry(entity(10), LedgerKind::Household, fields)
}

pub(crate) fn person(number: u8, birth: &str, more: serde_json::Value) -> Entry {
    let mut fields = json!({ "name": "某人", "birth": birth });
    fields.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    entry(entity(number), LedgerKind::Person, fields)
}

pub(crate) fn value(json: serde_json::Value) -> Value {
    serde_json::from_value(json).unwrap()
}

pub(crate) fn house(fields: serde_json::Value) -> Entry {
    entry(entity(20), LedgerKind::House, fields)
}

pub(crate) fn supply(fields: serde_json::Value) -> Entry {
    entry(entity(40), LedgerKind::WaterSupply, fields)
}

pub(crate) fn post(fields: serde_json::Value) -> Entry {
    entry(entity(60), LedgerKind::Post, fields)
}

/// What saving needs from a device.
pub(crate) fn stamp() -> Stamp {
    Stamp {
        author: user(1),
        role: Role::Cadre,
        now_ms: NOW_MS,
        observation: ObservationId::from_bytes([77; 16]),
        issues: std::array::from_fn(|at| EntityId::from_bytes([100 + at as u8; 16])),
        clock_offset_ms: Some(-250),
        platform: Platform::Web,
    }
}

pub(crate) fn answers(json: serde_json::Value) -> Answers {
    serde_json::from_value(json).unwrap()
}

/// A photograph taken in the app for a question, a few minutes before saving.
pub(crate) fn photo(purpose: &str) -> PhotoRef {
    PhotoRef {
        sha256: format!("{purpose:0>64}").replace('_', "0"),
        purpose: purpose.to_owned(),
        bytes: 300_000,
        width: 1_600,
        height: 1_200,
        source: PhotoSource::Camera,
        taken_at_ms: Some(NOW_MS - 60_000),
        place: None,
        likeness: String::new(),
    }
}
