//! What someone may see: the one place where that is asked.
//!
//! A reference (an operation's parents, a house's household, a post's holder, the photograph that an operation names)
//! says nothing about whether its reader may see what it leads to: whoever wrote it could name anything. So questions of
//! reviewers and photographs are answered from here, never from the store itself: what is outside the areas granted now
//! is not found, as if it did not exist.

use super::Refusal;
use super::pull::actor;
use crate::store::Store;
use crate::store::ledgers::{
    AreaRange, AsideQuery, AsideRow, DecisionKey, DecisionQuery, HouseholdQuery, HouseholdRow, Listed,
    LogRow, ReadLimits, RecordQuery,
};
use crate::store::log::{HeldEntry, HeldRecord, SetAside};
use crate::store::people::SignedIn;
use crate::store::photos::PhotoId;
use bianfang_shared::access::{Actor, Role};
use bianfang_shared::area::AreaCode;
use bianfang_shared::entry::Entry;
use bianfang_shared::id::{EntityId, ObservationId, OpId, UserId};
use bianfang_shared::ledger::{CODE, LedgerKind};
use bianfang_shared::query::{RAW_CHARS_MAX, SAME_CODE_MAX};
use std::collections::HashMap;

/// A store as one person may see it.
#[derive(Debug)]
pub struct Reader<'s> {
    store: &'s dyn Store,
    actor: Actor,
}

impl<'s> Reader<'s> {
    /// The store as this person may see it now.
    pub fn new(store: &'s dyn Store, who: &SignedIn) -> Self {
        Self { store, actor: actor(who) }
    }

    /// Whether this person may see what belongs to a village.
    pub fn sees(&self, scope: AreaCode) -> bool {
        self.actor.covers(scope)
    }

    /// What this person is.
    pub fn role(&self) -> Role {
        self.actor.role
    }

    /// Who this is.
    pub fn user(&self) -> UserId {
        self.actor.user
    }

    /// An entry.
    pub fn entry(&self, id: EntityId) -> Result<HeldEntry, Refusal> {
        self.entries(&[id])?.pop().ok_or(Refusal::NotFound)
    }

    /// Entries by their ids; what is not known or not to be seen is left out.
    pub fn entries(&self, ids: &[EntityId]) -> Result<Vec<HeldEntry>, Refusal> {
        let mut entries = self.store.entries(ids)?;
        entries.retain(|held| self.sees(held.entry.scope));
        Ok(entries)
    }

    /// The operations that changed an entry, as [`crate::store::LedgerStore::entry_log`] tells them.
    pub fn entry_log(
        &self,
        id: EntityId,
        before: Option<u64>,
        limits: ReadLimits,
    ) -> Result<Vec<LogRow>, Refusal> {
        self.entry(id)?;
        self.seen(self.store.entry_log(id, before, limits)?)
    }

    /// Merged operations by their names; what is not known or not to be seen is left out.
    pub fn ops(&self, ops: &[OpId]) -> Result<Vec<LogRow>, Refusal> {
        self.seen(self.store.ops(ops)?)
    }

    fn seen(&self, mut rows: Vec<LogRow>) -> Result<Vec<LogRow>, Refusal> {
        rows.retain(|row| self.sees(row.scope));
        Ok(rows)
    }

    /// A record.
    pub fn record(&self, id: ObservationId) -> Result<HeldRecord, Refusal> {
        let record = self.store.record(id)?.filter(|record| self.sees(record.scope));
        record.ok_or(Refusal::NotFound)
    }

    /// Hands on the operations that are, follow from, or are about each of these records, as
    /// [`crate::store::LedgerStore::caused_by`] does.
    pub fn caused_by(
        &self,
        records: &[ObservationId],
        bytes_max: usize,
        sink: &mut dyn FnMut(ObservationId, LogRow),
    ) -> Result<usize, Refusal> {
        let mut seen = |id, row: LogRow| {
            if self.sees(row.scope) {
                sink(id, row);
            }
        };
        Ok(self.store.caused_by(records, bytes_max, &mut seen)?)
    }

    /// Records in an area, or in all that this person has.
    pub fn records(&self, area: Option<AreaCode>, query: RecordQuery) -> Result<Listed<HeldRecord>, Refusal> {
        Ok(self.store.records(&RecordQuery { areas: self.areas(area), ..query })?)
    }

    /// Households in an area, or in all that this person has.
    pub fn households(
        &self,
        area: Option<AreaCode>,
        query: HouseholdQuery,
    ) -> Result<Listed<HouseholdRow>, Refusal> {
        Ok(self.store.households(&HouseholdQuery { areas: self.areas(area), ..query })?)
    }

    /// The last time somebody was met at home on a visit to each of these, where they may be seen.
    pub fn last_visits(&self, ids: &[EntityId]) -> Result<HashMap<EntityId, i64>, Refusal> {
        let seen: Vec<EntityId> = self.entries(ids)?.into_iter().map(|held| held.entry.id).collect();
        Ok(self.store.last_visits(&seen)?.into_iter().collect())
    }

    /// What waits for a decision in an area, or in all that this person has.
    pub fn decisions(
        &self,
        area: Option<AreaCode>,
        query: DecisionQuery,
    ) -> Result<Listed<DecisionKey>, Refusal> {
        Ok(self.store.decisions(&DecisionQuery { areas: self.areas(area), ..query })?)
    }

    /// Others of an entry's village and ledger that have its code: a few of them.
    pub fn same_code(&self, entry: &Entry) -> Result<Vec<EntityId>, Refusal> {
        let (code, ledger) = (entry.text(CODE), entry.ledger.unwrap_or(LedgerKind::Unknown));
        if code.is_empty() || !self.sees(entry.scope) {
            return Ok(Vec::new());
        }
        let mut found = self.store.with_code(entry.scope, ledger, code, SAME_CODE_MAX + 1)?;
        found.retain(|id| *id != entry.id);
        found.truncate(SAME_CODE_MAX);
        Ok(found)
    }

    /// Operations set aside: for reviewers those that name a village of theirs, for all others their own. What names no
    /// village is shown where none is asked for, to its sender and to the administrators in charge of the sender.
    pub fn set_asides(
        &self,
        area: Option<AreaCode>,
        after: Option<OpId>,
        rows_max: usize,
    ) -> Result<Listed<AsideRow>, Refusal> {
        let own = (!self.actor.role.is_office()).then_some(self.actor.user);
        let areas = match own {
            // One's own show wherever they were meant for: being outside the grants may be the very reason.
            Some(_) => vec![AreaRange::of(area.unwrap_or(AreaCode::COUNTRY))],
            None => self.areas(area),
        };
        let nowhere = area.is_none() && (self.actor.role.administers() || own.is_some());
        let raw_chars_max = RAW_CHARS_MAX;
        Ok(self.store.set_asides(&AsideQuery {
            areas,
            nowhere,
            sender: own,
            after,
            rows_max,
            raw_chars_max,
        })?)
    }

    /// One operation set aside with all of its text, for whoever has it in the list.
    pub fn set_aside(&self, op: OpId) -> Result<SetAside, Refusal> {
        let aside = self.store.set_aside(op)?.ok_or(Refusal::NotFound)?;
        if self.sees_aside(&aside)? { Ok(aside) } else { Err(Refusal::NotFound) }
    }

    /// Whether this person may see what was set aside.
    pub fn sees_aside(&self, aside: &SetAside) -> Result<bool, Refusal> {
        let is_own = aside.sender == self.actor.user;
        match aside.scope {
            _ if !self.actor.role.is_office() => Ok(is_own),
            Some(scope) => Ok(self.sees(scope)),
            None if !self.actor.role.administers() => Ok(false),
            None => {
                let sender = self.store.account(aside.sender)?;
                Ok(sender.is_some_and(|sender| self.actor.administers(&sender.grants)))
            }
        }
    }

    /// Whether this person may see a photograph: through a merged operation of a village that is granted now and that
    /// opens it, see [`crate::store::PhotoStore::photo_opened_in`]. That they brought it themselves is not enough.
    pub fn sees_photo(&self, photo: PhotoId) -> Result<bool, Refusal> {
        Ok(self.store.photo_opened_in(photo, &self.areas(None))?)
    }

    /// Names of people by their ids. Those who wrote what may be seen are named with it.
    pub fn names(&self) -> Result<HashMap<UserId, String>, Refusal> {
        let named = self.store.accounts()?.into_iter().map(|account| (account.user.id, account.user.name));
        Ok(named.collect())
    }

    /// The areas that this person may see of those asked for.
    fn areas(&self, asked: Option<AreaCode>) -> Vec<AreaRange> {
        let grants = self.actor.grants.iter().copied();
        let seen: Vec<AreaCode> = match asked {
            None => grants.collect(),
            Some(asked) if self.sees(asked) => vec![asked],
            Some(asked) => grants.filter(|grant| asked.contains(*grant)).collect(),
        };
        seen.into_iter().map(AreaRange::of).collect()
    }
}
