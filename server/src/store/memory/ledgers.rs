//! Questions to the ledgers in memory.

use super::{MemoryStore, State};
use crate::store::StoreResult;
use crate::store::ledgers::{
    AreaRange, AsideQuery, AsideRow, Counts, DecisionKey, DecisionQuery, FoundIn, HouseholdKey,
    HouseholdQuery, HouseholdRow, LedgerStore, Listed, LogRow, ReadLimits, RecordQuery,
};
use crate::store::log::{HeldEntry, HeldRecord, SetAside};
use bianfang_shared::area::AreaCode;
use bianfang_shared::id::{EntityId, ObservationId, OpId};
use bianfang_shared::ledger::{CODE, LedgerKind};
use bianfang_shared::observation::{ObservationKind, Outcome};
use bianfang_shared::query::DecisionKind;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Whether each of these begins a word of the text.
fn has_words(text: &str, words: &[String]) -> bool {
    words.iter().all(|word| text.contains(&format!(" {word}")))
}

fn within(areas: &[AreaRange], area: AreaCode) -> bool {
    areas.iter().any(|range| range.holds(area))
}

impl LedgerStore for MemoryStore {
    fn records(&self, query: &RecordQuery) -> StoreResult<Listed<HeldRecord>> {
        let state = self.state();
        let mut found: Vec<&HeldRecord> =
            state.records.values().filter(|record| state.record_fits(record, query)).collect();
        found.sort_by_key(|record| Reverse((record.ended_at_ms, record.id)));
        Ok(found.into_iter().take(query.rows_max).cloned().collect::<Vec<_>>().into())
    }

    fn record(&self, record: ObservationId) -> StoreResult<Option<HeldRecord>> {
        Ok(self.state().records.get(&record).cloned())
    }

    fn households(&self, query: &HouseholdQuery) -> StoreResult<Listed<HouseholdRow>> {
        let state = self.state();
        let mut found: Vec<HouseholdRow> = state
            .households
            .values()
            .filter(|index| within(&query.areas, index.scope))
            .filter(|index| has_words(&index.search, &query.words))
            .filter_map(|index| {
                let key = HouseholdKey { scope: index.scope, sort: index.sort.clone(), entity: index.entity };
                Some(HouseholdRow { key, held: state.entries.get(&index.entity)?.clone() })
            })
            .filter(|row| query.after.as_ref().is_none_or(|after| row.key > *after))
            .collect();
        found.sort_by(|a, b| a.key.cmp(&b.key));
        found.truncate(query.rows_max);
        Ok(found.into())
    }

    fn entries(&self, entities: &[EntityId]) -> StoreResult<Vec<HeldEntry>> {
        let state = self.state();
        Ok(entities.iter().filter_map(|id| state.entries.get(id).cloned()).collect())
    }

    fn entries_in(&self, scope: AreaCode) -> StoreResult<Listed<HeldEntry>> {
        let state = self.state();
        let found = state.entries.values().filter(|held| held.entry.scope == scope);
        Ok(found.cloned().collect::<Vec<_>>().into())
    }

    fn found_in(&self, scope: AreaCode) -> StoreResult<FoundIn> {
        let state = self.state();
        let households = state.households.values().filter(|index| index.scope == scope);
        let others = state.found.values().filter(|found| found.scope == scope);
        Ok(FoundIn { households: households.cloned().collect(), others: others.cloned().collect() })
    }

    fn entry_log(
        &self,
        entity: EntityId,
        before: Option<u64>,
        limits: ReadLimits,
    ) -> StoreResult<Vec<LogRow>> {
        let state = self.state();
        let rows = state
            .changed
            .iter()
            .rev()
            .filter(|(changed, _, seq)| *changed == entity && before.is_none_or(|before| *seq < before))
            .take(limits.rows_max)
            .filter_map(|(_, scope, seq)| state.log_row(*scope, *seq));
        let (mut found, mut left) = (Vec::new(), limits.bytes_max);
        for row in rows {
            left = left.saturating_sub(row.raw.len());
            found.push(row);
            if left == 0 {
                break;
            }
        }
        Ok(found)
    }

    fn ops(&self, ops: &[OpId]) -> StoreResult<Vec<LogRow>> {
        let state = self.state();
        Ok(ops
            .iter()
            .filter_map(|op| state.chains.get(op)?.place)
            .filter_map(|place| state.log_row(place.scope, place.seq))
            .collect())
    }

    fn caused_by(
        &self,
        records: &[ObservationId],
        bytes_max: usize,
        take: &mut dyn FnMut(ObservationId, LogRow),
    ) -> StoreResult<usize> {
        let state = self.state();
        let mut left = bytes_max;
        for (at, record) in records.iter().enumerate() {
            let rows = state.caused.iter().filter(|(of, _, _)| of == record);
            for row in rows.filter_map(|(_, scope, seq)| state.log_row(*scope, *seq)) {
                left = left.saturating_sub(row.raw.len());
                take(*record, row);
            }
            if left == 0 {
                return Ok(at + 1);
            }
        }
        Ok(records.len())
    }

    fn decisions(&self, query: &DecisionQuery) -> StoreResult<Listed<DecisionKey>> {
        let state = self.state();
        let mut found = match query.kind {
            DecisionKind::SameCode => state.same_codes(),
            kind => state.decided(kind),
        };
        found.retain(|key| within(&query.areas, key.scope));
        found.retain(|key| query.after.as_ref().is_none_or(|after| key > after));
        found.sort();
        found.truncate(query.rows_max);
        Ok(found.into())
    }

    fn with_code(
        &self,
        scope: AreaCode,
        ledger: LedgerKind,
        code: &str,
        rows_max: usize,
    ) -> StoreResult<Vec<EntityId>> {
        let state = self.state();
        let found = state.codes().filter(|coded| (coded.0, coded.1, coded.2) == (scope, ledger, code));
        let mut found: Vec<EntityId> = found.map(|coded| coded.3).collect();
        found.sort();
        found.truncate(rows_max);
        Ok(found)
    }

    fn set_asides(&self, query: &AsideQuery) -> StoreResult<Listed<AsideRow>> {
        let state = self.state();
        let cut = |aside: &SetAside| AsideRow {
            raw_bytes: aside.raw.len() as u64,
            aside: SetAside {
                raw: aside.raw.chars().take(query.raw_chars_max).collect::<String>().into(),
                ..aside.clone()
            },
        };
        let found = state
            .asides
            .values()
            .filter(|aside| aside.scope.map_or(query.nowhere, |scope| within(&query.areas, scope)))
            .filter(|aside| query.sender.is_none_or(|sender| aside.sender == sender))
            .filter(|aside| query.after.is_none_or(|after| aside.op > after))
            .take(query.rows_max)
            .map(cut);
        Ok(found.collect::<Vec<_>>().into())
    }

    fn set_aside(&self, op: OpId) -> StoreResult<Option<SetAside>> {
        Ok(self.state().asides.get(&op).cloned())
    }

    fn last_visits(&self, subjects: &[EntityId]) -> StoreResult<Vec<(EntityId, i64)>> {
        let state = self.state();
        let last = |subject: EntityId| {
            let visits = state.records.values().filter(|record| {
                record.subject == subject
                    && record.kind == ObservationKind::Visit
                    && record.outcome == Outcome::AtHome
                    && !record.retracted
            });
            visits.map(|record| record.ended_at_ms).max()
        };
        Ok(subjects.iter().filter_map(|&subject| Some((subject, last(subject)?))).collect())
    }

    fn counts(&self) -> StoreResult<Counts> {
        let state = self.state();
        let count = |number: usize| number as u64;
        Ok(Counts {
            merged: count(state.log.len()),
            aside: count(state.asides.len()),
            entries: count(state.entries.len()),
            records: count(state.records.len()),
            conflicts: count(state.decided(DecisionKind::Conflict).len()),
            devices: count(state.devices.len()),
            photos: count(state.photos.len()),
            photo_bytes: state.photos.values().map(|photo| photo.bytes).sum(),
            uploads: count(state.uploads.values().filter(|upload| !upload.done).count()),
        })
    }

    // Nothing in memory is ever unreadable.

    fn records_to_mend(&self, _: Option<ObservationId>, _: usize) -> StoreResult<Vec<HeldRecord>> {
        Ok(Vec::new())
    }

    fn mend_record(&self, record: &HeldRecord) -> StoreResult<()> {
        self.state().records.insert(record.id, HeldRecord { evidence_lost: false, ..record.clone() });
        Ok(())
    }

    fn unreadable_rows(&self, _: usize) -> StoreResult<Vec<String>> {
        Ok(Vec::new())
    }
}

impl State {
    fn log_row(&self, scope: AreaCode, seq: u64) -> Option<LogRow> {
        let row = self.log.get(&(scope, seq))?;
        Some(LogRow { scope, seq, received_at_ms: row.received_at_ms, raw: row.raw.clone() })
    }

    fn decided(&self, wanted: DecisionKind) -> Vec<DecisionKey> {
        let found = self.decisions.iter().filter(|((kind, ..), _)| *kind == wanted);
        found
            .map(|((_, scope, entity, field), ledger)| DecisionKey {
                scope: *scope,
                entity: *entity,
                field: field.clone(),
                ledger: *ledger,
            })
            .collect()
    }

    /// All entries with a code.
    fn codes(&self) -> impl Iterator<Item = (AreaCode, LedgerKind, &str, EntityId)> {
        let households = self.households.values();
        let households =
            households.map(|index| (index.scope, LedgerKind::Household, &*index.sort, index.entity));
        let others = self.found.values().map(|found| (found.scope, found.ledger, &*found.code, found.entity));
        households.chain(others).filter(|(_, _, code, _)| !code.is_empty())
    }

    fn same_codes(&self) -> Vec<DecisionKey> {
        let mut by_code: BTreeMap<(AreaCode, LedgerKind, &str), Vec<EntityId>> = BTreeMap::new();
        for (scope, ledger, code, entity) in self.codes() {
            by_code.entry((scope, ledger, code)).or_default().push(entity);
        }
        let shared = by_code.into_iter().filter(|(_, entities)| entities.len() > 1);
        shared
            .flat_map(|((scope, ledger, _), entities)| {
                let field = CODE.to_owned();
                let key = move |entity| DecisionKey { scope, entity, field: field.clone(), ledger };
                entities.into_iter().map(key)
            })
            .collect()
    }

    /// All that a record's subject is found by: its own words, those of what it belongs to, and those of its household;
    /// of its village only.
    fn found_by(&self, record: &HeldRecord) -> String {
        let found = |entity| self.found.get(&entity).filter(|found| found.scope == record.scope);
        let own = found(record.subject);
        let above = own.and_then(|own| found(own.above?));
        let household = above.and_then(|above| above.above).or(own.and_then(|own| own.above));
        let household = self.households.get(&household.unwrap_or(record.subject));
        let household = household.filter(|household| household.scope == record.scope);
        let texts = [own, above].map(|found| found.map(|found| &found.search));
        texts.into_iter().chain([household.map(|household| &household.search)]).flatten().cloned().collect()
    }

    fn record_fits(&self, record: &HeldRecord, query: &RecordQuery) -> bool {
        query.kind.is_none_or(|kind| record.kind == kind)
            && within(&query.areas, record.scope)
            && query.author.is_none_or(|author| record.author == author)
            && query.subject.is_none_or(|subject| record.subject == subject)
            && query.grade.is_none_or(|grade| record.evidence.grade == grade)
            && query.outcome.is_none_or(|outcome| record.outcome == outcome)
            && query.state.is_none_or(|state| record.state() == state)
            && query.from_ms.is_none_or(|from| record.ended_at_ms >= from)
            && query.until_ms.is_none_or(|until| record.ended_at_ms < until)
            && query.after.is_none_or(|after| (record.ended_at_ms, record.id) < after)
            && (query.words.is_empty() || has_words(&self.found_by(record), &query.words))
    }
}
