//! What fuzzers call: each takes any bytes and must neither panic nor break what it says. The corpus that they found
//! is replayed by an ordinary test; see `tests/README.md`.

use crate::grammar::{Bytes, Grammar, Header, Known, Oddities};
use axum::extract::Query;
use axum::http::Uri;
use bianfang_server::service::push::{Incoming, read_op};
use bianfang_server::service::queries::ListFilter;
use bianfang_shared::area::AreaCode;
use bianfang_shared::entry::Entry;
use bianfang_shared::hlc::Hlc;
use bianfang_shared::id::{DeviceId, EntityId, ObservationId, OpId, UserId};
use bianfang_shared::ledger::LedgerKind;
use bianfang_shared::op::Op;
use bianfang_shared::photo::{PhotoPolicy, Prepared, examine, prepare};
use bianfang_shared::query::VisitFilter;
use bianfang_shared::search;
use bianfang_shared::wire::{PullRequest, PushRequest};
use serde::de::DeserializeOwned;

/// 2025-06-15 10:00 in China.
const NOW_MS: i64 = 1_749_952_800_000;

/// Takes any bytes.
pub type Target = fn(&[u8]);

/// The targets, by the names of their folders under `tests/fuzz/corpus`.
pub const TARGETS: &[(&str, Target)] =
    &[("push", fuzz_push), ("op", fuzz_op), ("photo", fuzz_photo), ("query", fuzz_query)];

/// A body as it arrives at `sync/push` or `sync/pull`.
pub fn fuzz_push(data: &[u8]) {
    if let Ok(request) = serde_json::from_slice::<PushRequest>(data) {
        for raw in &request.ops {
            let incoming = Incoming::read(raw.get());
            assert_eq!(&*incoming.raw, raw.get(), "an operation's bytes are kept as they came");
        }
        let text = serde_json::to_string(&request).expect("what was read can be written");
        let again: PushRequest = serde_json::from_str(&text).expect("and read again");
        assert_eq!((again.first_seq, again.ops.len()), (request.first_seq, request.ops.len()));
    }
    if let Ok(request) = serde_json::from_slice::<PullRequest>(data) {
        let _ = serde_json::to_string(&request).expect("what was read can be written");
    }
}

/// An operation: as text, and as the grammar draws it by these bytes.
pub fn fuzz_op(data: &[u8]) {
    if let Ok(text) = std::str::from_utf8(data) {
        take_in(text);
    }
    let known = known();
    let mut choices = Bytes(data);
    let header = Header {
        device: known.devices[0],
        seq: 1,
        hlc: Hlc::at(NOW_MS),
        author: known.users[0],
        scope: known.areas[0],
    };
    let text = Grammar::new(&mut choices, &known, Oddities::ALL, NOW_MS).op(header);
    take_in(&text);
}

fn take_in(text: &str) {
    let Ok(op) = read_op(text) else { return };
    let written = serde_json::to_string(&op).expect("what was read can be written");
    let again: Op = serde_json::from_str(&written).expect("and read again");
    assert_eq!(again, op, "an operation is the same after writing and reading");
    let Some(id) = op.body.entity() else { return };
    let mut entry = Entry::empty(id, op.scope);
    entry.apply(&op, Some(NOW_MS), |_| false);
    let once = entry.clone();
    entry.apply(&op, Some(NOW_MS), |_| false);
    assert_eq!(entry, once, "an operation taken in twice changes nothing");
}

/// A file that somebody calls a photograph.
pub fn fuzz_photo(data: &[u8]) {
    let policy = PhotoPolicy::builtin();
    let Ok(examined) = examine(data, policy) else { return };
    if let Ok(Prepared { photo, .. }) = prepare(data, policy) {
        assert!(photo.width > 0 && photo.height > 0, "{examined:?}");
        examine(&photo.jpeg, policy).expect("what was made ready is a photograph");
    }
}

/// What stands after the question mark, and the words of a search.
pub fn fuzz_query(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let _ = search::query(text);
    let Ok(uri) = format!("/list?{text}").parse::<Uri>() else { return };
    read_again::<VisitFilter>(&uri);
    read_again::<ListFilter>(&uri);
}

fn read_again<T: DeserializeOwned + serde::Serialize + PartialEq + std::fmt::Debug>(uri: &Uri) {
    if let Ok(Query(filter)) = Query::<T>::try_from_uri(uri) {
        let text = serde_json::to_string(&filter).expect("what was read can be written");
        let again: T = serde_json::from_str(&text).expect("and read again");
        assert_eq!(again, filter);
    }
}

/// A few ids, so that operations meet.
pub fn known() -> Known {
    let devices: Vec<DeviceId> = (1..4).map(|number| DeviceId::from_bytes([number; 16])).collect();
    let ops = devices.iter().flat_map(|device| (1..4).map(|seq| OpId::new(*device, seq))).collect();
    let ledgers =
        [LedgerKind::Household, LedgerKind::House, LedgerKind::Person, LedgerKind::Post, LedgerKind::Issue];
    let entities = (0x20..).zip(ledgers).map(|(number, ledger)| (EntityId::from_bytes([number; 16]), ledger));
    Known {
        ops,
        devices,
        entities: entities.collect(),
        records: (0x30..0x33).map(|number| ObservationId::from_bytes([number; 16])).collect(),
        users: (0x40..0x43).map(|number| UserId::from_bytes([number; 16])).collect(),
        areas: (0..2).filter_map(|number| AreaCode::new(430_681_113_211 + number)).collect(),
        photos: vec!["ab".repeat(32), "cd".repeat(32)],
        uploads: Vec::new(),
    }
}
