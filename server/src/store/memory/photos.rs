//! Photographs and their uploads in memory.

use super::{MemoryStore, State};
use crate::store::StoreResult;
use crate::store::ledgers::AreaRange;
use crate::store::photos::{
    Before, BeginUpload, Due, Examined, HeldPhoto, NOBODY, PhotoId, PhotoStore, PhotoUse, Upload, UploadId,
    UploadLimits,
};
use bianfang_shared::evidence::Evidence;
use bianfang_shared::id::{DeviceId, ObservationId, OpId, UserId};
use std::collections::BTreeSet;
use std::ops::Bound;

impl PhotoStore for MemoryStore {
    fn begin_upload(&self, upload: &Upload, limits: UploadLimits) -> StoreResult<BeginUpload> {
        self.write(|state| {
            let ended = state.end_same((upload.account, upload.device, upload.photo));
            let open = || state.uploads.values().filter(|known| !known.done);
            let of_account = open().filter(|known| known.account == upload.account).count() as u64;
            let bytes: u64 = open().map(|known| known.bytes).sum();
            if !upload.done && of_account >= limits.open_of_account_max {
                return Ok(BeginUpload::TooMany);
            }
            if !upload.done && bytes.saturating_add(upload.bytes) > limits.open_bytes_max {
                return Ok(BeginUpload::NoRoom);
            }
            state.uploads.insert(upload.id, upload.clone());
            state.forget_done(upload, limits.done_of_account_max);
            Ok(BeginUpload::Begun { ended })
        })
    }

    fn upload(&self, id: UploadId) -> StoreResult<Option<Upload>> {
        Ok(self.state().uploads.get(&id).cloned())
    }

    fn end_upload(&self, id: UploadId) -> StoreResult<bool> {
        Ok(self.state().uploads.remove(&id).is_some())
    }

    fn expired_uploads(&self, now_ms: i64, rows_max: usize) -> StoreResult<Vec<Upload>> {
        let state = self.state();
        let mut expired: Vec<Upload> =
            state.uploads.values().filter(|upload| upload.expires_at_ms <= now_ms).cloned().collect();
        expired.sort_by_key(|upload| (upload.expires_at_ms, upload.id));
        expired.truncate(rows_max);
        Ok(expired)
    }

    fn keep_photo(&self, photo: &HeldPhoto, by: Option<UploadId>) -> StoreResult<bool> {
        let mut state = self.state();
        let new = state.keep(photo);
        if let Some(upload) = by.and_then(|id| state.uploads.get_mut(&id)) {
            upload.done = true;
        }
        Ok(new)
    }

    fn keep_whole(&self, photo: &HeldPhoto, device: DeviceId) -> StoreResult<()> {
        let mut state = self.state();
        state.keep(photo);
        state.end_same((photo.uploader, device, photo.id));
        Ok(())
    }

    fn note_missing(&self, id: PhotoId) -> StoreResult<()> {
        let mut state = self.state();
        if let Some(photo) = state.photos.get_mut(&id).filter(|photo| !photo.missing) {
            photo.missing = true;
            state.fall_due(id);
        }
        Ok(())
    }

    fn photo(&self, id: PhotoId) -> StoreResult<Option<HeldPhoto>> {
        Ok(self.state().photos.get(&id).cloned())
    }

    fn photos(&self, after: Option<PhotoId>, rows_max: usize) -> StoreResult<Vec<HeldPhoto>> {
        let state = self.state();
        Ok(state.photos.range(beyond(after)).take(rows_max).map(|(_, photo)| photo.clone()).collect())
    }

    fn photos_to_examine(
        &self,
        after: Option<(i64, PhotoId)>,
        rows_max: usize,
    ) -> StoreResult<Vec<HeldPhoto>> {
        let state = self.state();
        let waits = |photo: &&HeldPhoto| {
            photo.seen.is_none() && !photo.missing && Some((photo.received_at_ms, photo.id)) > after
        };
        let mut found: Vec<HeldPhoto> = state.photos.values().filter(waits).cloned().collect();
        found.sort_by_key(|photo| (photo.received_at_ms, photo.id));
        found.truncate(rows_max);
        Ok(found)
    }

    fn note_examined(&self, photos: &[(PhotoId, Examined)]) -> StoreResult<()> {
        self.write(|state| {
            for (id, examined) in photos {
                let Some(photo) = state.photos.get_mut(id) else { continue };
                photo.seen = Some(examined.seen.clone());
                state.fall_due(*id);
                for (other, distance) in &examined.alike {
                    state.alike.insert((*id, *other), *distance);
                    state.alike.insert((*other, *id), *distance);
                    state.fall_due(*other);
                }
            }
            Ok(())
        })
    }

    fn photos_alike(&self, id: PhotoId) -> StoreResult<Vec<(PhotoId, u32)>> {
        let state = self.state();
        let mut alike: Vec<(PhotoId, u32)> = state
            .alike
            .iter()
            .filter(|((photo, _), _)| *photo == id)
            .map(|((_, other), distance)| (*other, *distance))
            .collect();
        alike.sort_by_key(|(other, distance)| (*distance, *other));
        Ok(alike)
    }

    fn likenesses(&self, after: Option<PhotoId>, rows_max: usize) -> StoreResult<Vec<(PhotoId, String)>> {
        let state = self.state();
        let likeness = |photo: &HeldPhoto| photo.seen.as_ref()?.likeness.clone();
        let found = state.photos.range(beyond(after)).filter_map(|(id, photo)| Some((*id, likeness(photo)?)));
        Ok(found.take(rows_max).collect())
    }

    fn photo_uses(&self, id: PhotoId, after: Option<OpId>, rows_max: usize) -> StoreResult<Vec<PhotoUse>> {
        let state = self.state();
        let uses = state.uses_of(id).filter(|named| Some(named.op) > after);
        Ok(uses.take(rows_max).cloned().collect())
    }

    fn photo_named_before(&self, id: PhotoId, before: &Before<'_>) -> StoreResult<bool> {
        let state = self.state();
        let record_of =
            |named: &PhotoUse| state.records.get(&named.record?).filter(|record| record.op == named.op);
        let mut records = state.uses_of(id).filter_map(record_of);
        Ok(records.any(|record| before.holds((record.received_at_ms, record.id), record.subject)))
    }

    fn photo_opened_in(&self, id: PhotoId, areas: &[AreaRange]) -> StoreResult<bool> {
        let state = self.state();
        let within = |named: &&PhotoUse| areas.iter().any(|range| range.holds(named.scope));
        Ok(state.uses_of(id).filter(within).any(|named| state.opens(named)))
    }

    fn photo_brought_by(&self, id: PhotoId, account: UserId) -> StoreResult<bool> {
        let state = self.state();
        let Some(photo) = state.photos.get(&id) else { return Ok(false) };
        let is_known = photo.uploader != NOBODY || state.brought.iter().any(|(brought, _)| *brought == id);
        let named_first = || {
            let first = state.photos_first.get(&id).and_then(|op| state.devices.get(&op.device));
            first.is_some_and(|device| device.user == account)
        };
        Ok(state.has_brought(id, account) || (!is_known && named_first()))
    }

    fn note_brought(&self, id: PhotoId, account: UserId) -> StoreResult<()> {
        self.state().also_brought(id, account);
        Ok(())
    }

    fn photos_missing(&self, after: Option<PhotoId>, rows_max: usize) -> StoreResult<Vec<PhotoId>> {
        let state = self.state();
        let named: BTreeSet<PhotoId> = state.photo_uses.keys().map(|(photo, _)| *photo).collect();
        let missing = named.range(beyond(after)).filter(|photo| !state.photos.contains_key(photo));
        Ok(missing.take(rows_max).copied().collect())
    }

    fn photos_unnamed(&self, received_before_ms: i64, rows_max: usize) -> StoreResult<Vec<PhotoId>> {
        let state = self.state();
        let old = state.photos.values().filter(|photo| photo.received_at_ms < received_before_ms);
        let unnamed = old.filter(|photo| state.uses_of(photo.id).next().is_none());
        Ok(unnamed.take(rows_max).map(|photo| photo.id).collect())
    }

    fn let_photo_go(&self, id: PhotoId, at_ms: i64) -> StoreResult<bool> {
        self.write(|state| {
            if state.uses_of(id).next().is_some() || state.photos.remove(&id).is_none() {
                return Ok(false);
            }
            state.alike.retain(|(photo, other), _| *photo != id && *other != id);
            state.let_go.insert(id, at_ms);
            Ok(true)
        })
    }

    fn photo_let_go_at(&self, id: PhotoId, now_ms: i64) -> StoreResult<Option<i64>> {
        let mut state = self.state();
        if state.photos.contains_key(&id) || state.uses_of(id).next().is_some() {
            return Ok(None);
        }
        Ok(Some(*state.let_go.entry(id).or_insert(now_ms)))
    }

    fn forget_let_go(&self, id: PhotoId) -> StoreResult<()> {
        self.state().let_go.remove(&id);
        Ok(())
    }

    fn photos_due(&self, after: Option<PhotoId>, rows_max: usize) -> StoreResult<Vec<Due>> {
        let state = self.state();
        let due = state.due.range(beyond(after)).take(rows_max);
        Ok(due.map(|(photo, turn)| Due { photo: *photo, turn: *turn }).collect())
    }

    fn note_assessed(&self, dealt_with: &[Due], records: &[(ObservationId, Evidence)]) -> StoreResult<()> {
        self.write(|state| {
            for (id, evidence) in records {
                if let Some(record) = state.records.get_mut(id) {
                    record.evidence = evidence.clone();
                }
            }
            for due in dealt_with {
                if state.due.get(&due.photo) == Some(&due.turn) {
                    state.due.remove(&due.photo);
                }
            }
            Ok(())
        })
    }
}

impl State {
    pub(super) fn fall_due(&mut self, photo: PhotoId) {
        *self.due.entry(photo).or_default() += 1;
    }

    /// Notes that a photograph is held. Answers whether that is new.
    fn keep(&mut self, photo: &HeldPhoto) -> bool {
        let new = !self.photos.contains_key(&photo.id);
        if new {
            self.photos.insert(photo.id, photo.clone());
        } else {
            self.came_again(photo.id);
            self.also_brought(photo.id, photo.uploader);
        }
        new
    }

    /// Ends uploads of the same account and device for the same photograph.
    fn end_same(&mut self, key: (UserId, DeviceId, PhotoId)) -> Vec<UploadId> {
        let same = self.uploads.values().filter(|known| (known.account, known.device, known.photo) == key);
        let ended: Vec<UploadId> = same.map(|known| known.id).collect();
        ended.iter().for_each(|id| drop(self.uploads.remove(id)));
        ended
    }

    /// Keeps of an account's finished uploads the latest, beside the one that begins.
    fn forget_done(&mut self, beginning: &Upload, most: u64) {
        let of_account = |known: &&Upload| known.done && known.account == beginning.account;
        let others = self.uploads.values().filter(of_account).filter(|known| known.id != beginning.id);
        let mut done: Vec<(i64, UploadId)> = others.map(|known| (known.began_at_ms, known.id)).collect();
        done.sort();
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        for (_, id) in done.iter().rev().skip(most) {
            self.uploads.remove(id);
        }
    }

    fn uses_of(&self, photo: PhotoId) -> impl Iterator<Item = &PhotoUse> {
        let (first, last) = (DeviceId::from_bytes([0; 16]), DeviceId::from_bytes([u8::MAX; 16]));
        let range = (photo, OpId::new(first, 0))..=(photo, OpId::new(last, u64::MAX));
        self.photo_uses.range(range).map(|(_, named)| named)
    }

    /// A photograph that is noted already is here once more.
    fn came_again(&mut self, id: PhotoId) {
        let Some(photo) = self.photos.get_mut(&id) else { return };
        photo.seen = photo.seen.take().filter(|seen| seen.likeness.is_some());
        if std::mem::take(&mut photo.missing) {
            self.fall_due(id);
        }
    }

    fn has_brought(&self, photo: PhotoId, account: UserId) -> bool {
        let is_first = self.photos.get(&photo).is_some_and(|held| held.uploader == account);
        is_first || self.brought.contains(&(photo, account))
    }

    fn also_brought(&mut self, photo: PhotoId, account: UserId) {
        let is_held = self.photos.contains_key(&photo);
        if is_held && account != NOBODY && !self.has_brought(photo, account) {
            self.brought.insert((photo, account));
            self.fall_due(photo);
        }
    }

    /// Whether an operation opens the photograph that it names to those who see it.
    fn opens(&self, named: &PhotoUse) -> bool {
        let is_first = self.photos_first.get(&named.photo) == Some(&named.op);
        let author = self.devices.get(&named.op.device).map(|device| device.user);
        let brought = || author.is_some_and(|author| self.has_brought(named.photo, author));
        self.is_merged(named.op) && (is_first || brought())
    }

    pub(super) fn write_first(&mut self, named: &PhotoUse) {
        self.photos_first.entry(named.photo).or_insert(named.op);
    }

    pub(super) fn write_use(&mut self, named: &PhotoUse) {
        self.photo_uses.entry((named.photo, named.op)).or_insert_with(|| named.clone());
    }
}

fn beyond(after: Option<PhotoId>) -> (Bound<PhotoId>, Bound<PhotoId>) {
    (after.map_or(Bound::Unbounded, Bound::Excluded), Bound::Unbounded)
}
