//! A store in memory: the plainest reading of what a store promises, for tests and for comparing others against.
//! A transaction works on a copy, which takes the place of the state when it succeeds.

mod ledgers;
mod merge;
mod people;
mod photos;

use super::log::{
    Cursor, DeviceFacts, FoundBy, HeldEntry, HeldOp, HeldRecord, HouseholdIndex, LogStore, MergeTxn, Merged,
    PullLimits, PullSink, ScopeHead, ScopeRow, SetAside,
};
use super::people::{Account, Audit, DeviceRow, NewSignIn};
use super::photos::{HeldPhoto, PhotoId, PhotoUse, Upload, UploadId};
use super::{FOLLOWS_ANOTHER, Store, StoreResult};
use bianfang_shared::area::AreaCode;
use bianfang_shared::id::{DeviceId, EntityId, Epoch, ObservationId, OpId, UserId};
use bianfang_shared::ledger::LedgerKind;
use bianfang_shared::query::DecisionKind;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard};

/// Everything in memory. Gone when dropped.
#[derive(Debug)]
pub struct MemoryStore {
    state: Mutex<State>,
}

#[derive(Clone, Debug, Default)]
struct State {
    notes: BTreeMap<String, String>,
    areas: BTreeMap<AreaCode, String>,
    accounts: BTreeMap<UserId, Account>,
    sign_ins: BTreeMap<[u8; 32], NewSignIn>,
    audit: Vec<Audit>,
    devices: BTreeMap<DeviceId, DeviceFacts>,
    /// In the order of enrolment.
    device_rows: Vec<DeviceRow>,
    chains: BTreeMap<OpId, HeldOp>,
    asides: BTreeMap<OpId, SetAside>,
    scopes: BTreeMap<AreaCode, ScopeHead>,
    log: BTreeMap<(AreaCode, u64), ScopeRow>,
    changed: BTreeSet<(EntityId, AreaCode, u64)>,
    caused: BTreeSet<(ObservationId, AreaCode, u64)>,
    entries: BTreeMap<EntityId, HeldEntry>,
    households: BTreeMap<EntityId, HouseholdIndex>,
    found: BTreeMap<EntityId, FoundBy>,
    decisions: BTreeMap<(DecisionKind, AreaCode, EntityId, String), LedgerKind>,
    records: BTreeMap<ObservationId, HeldRecord>,
    photos: BTreeMap<PhotoId, HeldPhoto>,
    photo_uses: BTreeMap<(PhotoId, OpId), PhotoUse>,
    /// Accounts that have a photograph beside the one that brought it first.
    brought: BTreeSet<(PhotoId, UserId)>,
    /// The earliest merged operation that names a photograph.
    photos_first: BTreeMap<PhotoId, OpId>,
    alike: BTreeMap<(PhotoId, PhotoId), u32>,
    let_go: BTreeMap<PhotoId, i64>,
    due: BTreeMap<PhotoId, i64>,
    uploads: BTreeMap<UploadId, Upload>,
}

impl MemoryStore {
    /// An empty store whose log begins this life.
    pub fn new(epoch: Epoch) -> Self {
        let mut state = State::default();
        state.notes.insert("epoch".to_owned(), epoch.to_string());
        Self { state: Mutex::new(state) }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // The state is only ever replaced whole, so a panic elsewhere left it whole.
        self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Works on a copy, which becomes the state when the work succeeds.
    fn write<T>(&self, work: impl FnOnce(&mut State) -> StoreResult<T>) -> StoreResult<T> {
        let mut state = self.state();
        let mut copy = state.clone();
        let answer = work(&mut copy)?;
        *state = copy;
        Ok(answer)
    }
}

impl Store for MemoryStore {
    fn epoch(&self) -> StoreResult<Epoch> {
        let text = self.state().notes.get("epoch").cloned().unwrap_or_default();
        text.parse().map_err(|_| super::StoreError::Damaged("epoch".to_owned()))
    }

    fn begin_epoch(&self, epoch: Epoch) -> StoreResult<()> {
        self.set_note(FOLLOWS_ANOTHER, &epoch.to_string())?;
        self.set_note("epoch", &epoch.to_string())
    }

    fn note(&self, name: &str) -> StoreResult<Option<String>> {
        Ok(self.state().notes.get(name).cloned())
    }

    fn set_note(&self, name: &str, text: &str) -> StoreResult<()> {
        self.state().notes.insert(name.to_owned(), text.to_owned());
        Ok(())
    }
}

impl LogStore for MemoryStore {
    fn merge(&self, work: &mut dyn FnMut(&mut dyn MergeTxn) -> StoreResult<()>) -> StoreResult<()> {
        self.write(|state| work(state))
    }

    fn pull(&self, cursors: &[Cursor], limits: PullLimits, sink: &mut dyn PullSink) -> StoreResult<bool> {
        let state = self.state();
        let mut left = limits;
        for (at, cursor) in cursors.iter().enumerate() {
            if !state.pull_scope(*cursor, &mut left, sink) || (at + 1 < cursors.len() && left.ops_max == 0) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn scopes(&self) -> StoreResult<Vec<ScopeHead>> {
        Ok(self.state().scopes.values().copied().collect())
    }

    fn scope_log(&self, scope: AreaCode, from: u64, rows_max: usize) -> StoreResult<Vec<ScopeRow>> {
        let state = self.state();
        Ok(state
            .log
            .range((scope, from)..=(scope, u64::MAX))
            .take(rows_max)
            .map(|(_, row)| row.clone())
            .collect())
    }

    fn chain_log(&self, device: DeviceId, from: u64, rows_max: usize) -> StoreResult<Vec<HeldOp>> {
        let state = self.state();
        let range = OpId::new(device, from)..=OpId::new(device, u64::MAX);
        Ok(state.chains.range(range).take(rows_max).map(|(_, op)| op.clone()).collect())
    }

    fn device_facts(&self, device: DeviceId) -> StoreResult<Option<DeviceFacts>> {
        Ok(self.state().devices.get(&device).cloned())
    }
}

impl State {
    /// Reads one scope as far as the limits reach; answers whether to its head.
    fn pull_scope(&self, cursor: Cursor, left: &mut PullLimits, sink: &mut dyn PullSink) -> bool {
        let scope = cursor.scope;
        let head = self.scopes.get(&scope).copied().unwrap_or(ScopeHead { scope, seq: 0, checksum: 0 });
        if cursor.next > head.seq + 1 {
            sink.beyond(scope);
            return true;
        }
        let (mut next, mut checksum) = (cursor.next, head.checksum);
        for row in self.log.range((scope, cursor.next)..=(scope, u64::MAX)).map(|(_, row)| row) {
            if left.ops_max == 0 {
                break;
            }
            sink.op(scope, row.place.seq, row.received_at_ms, &row.raw);
            (next, checksum) = (row.place.seq + 1, row.place.checksum);
            left.ops_max -= 1;
            left.bytes_max = left.bytes_max.saturating_sub(row.raw.len());
            if left.bytes_max == 0 {
                left.ops_max = 0;
            }
        }
        sink.end(scope, next, head.seq, checksum);
        next == head.seq + 1
    }

    /// Writes an operation into its scope's log.
    fn write_log(&mut self, merged: &Merged, raw: &std::sync::Arc<str>, received_at_ms: i64) {
        let place = merged.place;
        let row = ScopeRow { place, received_at_ms, raw: std::sync::Arc::clone(raw) };
        self.log.insert((place.scope, place.seq), row);
        self.changed.extend(merged.entity.map(|entity| (entity, place.scope, place.seq)));
        self.caused.extend(merged.observation.map(|record| (record, place.scope, place.seq)));
    }
}
