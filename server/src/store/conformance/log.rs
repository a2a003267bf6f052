//! Promises about the log: all or nothing, dense places, paging.

use super::{Bench, Check, Phone, township, village};
use crate::store::log::{Cursor, PullLimits, PullSink};
use crate::store::{StoreError, StoreResult};
use bianfang_shared::access::Role;
use bianfang_shared::area::AreaCode;
use bianfang_shared::chain::extend_checksum;
use bianfang_shared::id::EntityId;
use bianfang_shared::ledger::LedgerKind;
use bianfang_shared::op::Body;
use bianfang_shared::wire::PushReply;
use std::collections::BTreeMap;

pub(super) const CHECKS: &[Check] = &[
    ("a transaction that fails leaves nothing behind", all_or_nothing),
    ("places in a scope's log are dense and its checksum runs", dense),
    ("a pull of many scopes joins into each log whatever the limits", pages_join),
    ("a page ends after its bytes but always moves on", bytes),
    ("the chain keeps every byte and head, merged or set aside", chains),
];

fn household(number: u8) -> Body {
    Body::Register {
        entity: EntityId::from_bytes([number; 16]),
        ledger: LedgerKind::Household,
        fields: BTreeMap::from([
            ("code".to_owned(), format!("H{number:03}").into()),
            ("head_name".to_owned(), "王小明".into()),
        ]),
        cause: None,
        photos: Vec::new(),
    }
}

fn phone(bench: &Bench) -> StoreResult<Phone> {
    let phone = Phone::new(1, bench.add_user(1, Role::Administrator, &[township()])?);
    bench.enrol(&phone)?;
    Ok(phone)
}

fn all_or_nothing(bench: &Bench) -> StoreResult<()> {
    let mut phone = phone(bench)?;
    phone.make(village(1), household(1));
    let before = bench.store.counts()?;
    let failed = bench.store.merge(&mut |txn| {
        let mut changes = crate::store::log::Changes::default();
        let mut facts = txn.load(&needs(&phone))?.devices.remove(0);
        facts.last_seq = 7;
        changes.devices.push(facts);
        changes.scopes.push(crate::store::log::ScopeHead { scope: village(1), seq: 7, checksum: 7 });
        txn.apply(&changes)?;
        Err(StoreError::Unavailable("on purpose".into()))
    });
    assert!(failed.is_err());
    assert_eq!(bench.store.counts()?, before);
    assert!(bench.store.scopes()?.is_empty());
    assert_eq!(bench.store.device_facts(phone.id)?.map(|facts| facts.last_seq), Some(0));
    assert!(matches!(bench.push(&phone.all()), Some(PushReply::Accepted { .. })));
    Ok(())
}

fn needs(phone: &Phone) -> crate::store::log::Needs {
    crate::store::log::Needs { devices: [phone.id].into(), ..Default::default() }
}

fn fill(bench: &Bench, phone: &mut Phone) -> StoreResult<()> {
    for number in 0..23 {
        phone.make(village(u64::from(number % 3) + 1), household(number + 1));
    }
    assert!(matches!(bench.push(&phone.all()), Some(PushReply::Accepted { .. })));
    Ok(())
}

fn dense(bench: &Bench) -> StoreResult<()> {
    fill(bench, &mut phone(bench)?)?;
    let heads = bench.store.scopes()?;
    assert_eq!(heads.iter().map(|head| head.seq).collect::<Vec<_>>(), [8, 8, 7]);
    for head in heads {
        let mut checksum = 0;
        let rows = bench.store.scope_log(head.scope, 1, 100)?;
        for (row, seq) in rows.iter().zip(1..) {
            checksum = extend_checksum(checksum, row.raw.as_bytes());
            assert_eq!((row.place.scope, row.place.seq, row.place.checksum), (head.scope, seq, checksum));
        }
        assert_eq!((rows.len() as u64, checksum), (head.seq, head.checksum));
        assert_eq!(bench.store.scope_log(head.scope, 3, 2)?, rows[2..4]);
    }
    Ok(())
}

/// What a pull read, by scope.
#[derive(Default)]
struct Read {
    ops: Vec<(AreaCode, u64, String)>,
    ends: Vec<(AreaCode, u64, u64, u64)>,
    beyond: Vec<AreaCode>,
}

impl PullSink for Read {
    fn op(&mut self, scope: AreaCode, seq: u64, _received_at_ms: i64, raw: &str) {
        self.ops.push((scope, seq, raw.to_owned()));
    }
    fn end(&mut self, scope: AreaCode, next: u64, head: u64, checksum: u64) {
        self.ends.push((scope, next, head, checksum));
    }
    fn beyond(&mut self, scope: AreaCode) {
        self.beyond.push(scope);
    }
}

fn pages_join(bench: &Bench) -> StoreResult<()> {
    fill(bench, &mut phone(bench)?)?;
    for ops_max in [1, 2, 5, 7, 8, 16, 23, 100] {
        let mut cursors: BTreeMap<AreaCode, u64> = (1..=4).map(|number| (village(number), 1)).collect();
        let mut seen: BTreeMap<AreaCode, Vec<u64>> = BTreeMap::new();
        let mut pages = 0;
        loop {
            let asked: Vec<Cursor> = cursors.iter().map(|(&scope, &next)| Cursor { scope, next }).collect();
            let mut read = Read::default();
            let more = bench.store.pull(&asked, PullLimits { ops_max, bytes_max: 1 << 20 }, &mut read)?;
            assert!(read.ops.len() <= ops_max && read.beyond.is_empty());
            for (scope, seq, _) in read.ops {
                seen.entry(scope).or_default().push(seq);
            }
            for (scope, next, _, _) in read.ends {
                cursors.insert(scope, next);
            }
            pages += 1;
            assert!(pages <= 40, "every page moves on");
            if !more {
                break;
            }
        }
        let lengths: Vec<usize> = seen.values().map(Vec::len).collect();
        assert_eq!(lengths, [8, 8, 7], "limit {ops_max}");
        assert!(seen.values().all(|seqs| seqs.iter().copied().eq(1..=seqs.len() as u64)));
        assert_eq!(cursors[&village(4)], 1, "an empty scope has its beginning as cursor");
    }
    let mut read = Read::default();
    let beyond = [Cursor { scope: village(1), next: 10 }, Cursor { scope: village(4), next: 2 }];
    assert!(!bench.store.pull(&beyond, PullLimits { ops_max: 5, bytes_max: 1 << 20 }, &mut read)?);
    assert_eq!(read.beyond, [village(1), village(4)]);
    Ok(())
}

fn bytes(bench: &Bench) -> StoreResult<()> {
    fill(bench, &mut phone(bench)?)?;
    let mut read = Read::default();
    let asked = [Cursor { scope: village(1), next: 1 }, Cursor { scope: village(2), next: 1 }];
    assert!(bench.store.pull(&asked, PullLimits { ops_max: 100, bytes_max: 1 }, &mut read)?);
    assert_eq!((read.ops.len(), read.ends.len()), (1, 1));
    assert_eq!((read.ends[0].1, read.ends[0].2), (2, 8));
    Ok(())
}

fn chains(bench: &Bench) -> StoreResult<()> {
    let mut phone = phone(bench)?;
    phone.make(village(1), household(1));
    phone.make_raw("{\"not\":\"an operation\"}");
    phone.make(village(1), household(2));
    assert!(bench.push(&phone.all()).is_some());
    let held = bench.store.chain_log(phone.id, 1, 10)?;
    assert_eq!(held.iter().map(|op| op.seq).collect::<Vec<_>>(), [1, 2, 3]);
    for op in &held {
        let at = usize::try_from(op.seq).expect("few");
        assert_eq!((&op.raw, op.head), (&phone.raws[at - 1], phone.heads[at]));
        assert_eq!(op.place.is_none(), op.seq == 2);
    }
    assert_eq!(bench.store.chain_log(phone.id, 2, 1)?, held[1..2]);
    Ok(())
}
