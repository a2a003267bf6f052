//! What a person does to this device and, by hand, to the ledgers.

use super::{Answered, Device, not_found, signed_out, trouble};
use crate::message::{News, Reply, Trouble};
use crate::store::chain::{self, Draft};
use crate::store::{entries, meta};
use crate::view;
use bianfang_shared::area::AreaCode;
use bianfang_shared::entry::Entry;
use bianfang_shared::id::{EntityId, ObservationId, OpId};
use bianfang_shared::judge::FIELDS_MAX;
use bianfang_shared::ledger::{self, LedgerKind, NOTE_CHARS_MAX};
use bianfang_shared::op::{Body, Change, Verdict};
use bianfang_shared::value::Value;
use std::collections::BTreeMap;

impl Device {
    pub(super) fn status(&mut self) -> Answered {
        let sync = self.sync_state();
        let before_sign_in = meta::remembered(self.shelf.index.read())?;
        let status = match &self.profile {
            Some(profile) => view::status::view(profile.store.read(), sync, before_sign_in)?,
            None => view::status::nobody(sync, before_sign_in),
        };
        Ok(Reply::Status(Box::new(status)))
    }

    pub(super) fn uploads(&mut self, skip: usize) -> Answered {
        let sync = self.sync_state();
        Ok(Reply::Uploads(view::uploads::view(self.reading()?, skip, sync)?))
    }

    /// A choice belongs to the phone, so that it holds before anybody has signed in and whoever does.
    pub(super) fn remember(&mut self, key: &str, value: &str) -> Answered {
        self.shelf.index.write(|tx| meta::remember(tx, key, value))?;
        Ok(Reply::Done)
    }

    pub(super) fn online(&mut self, online: bool) -> Answered {
        if online {
            return self.sync_now();
        }
        Ok(Reply::Done)
    }

    pub(super) fn sync_now(&mut self) -> Answered {
        if let Some(profile) = &mut self.profile {
            profile.engine.hurry_from_the_beginning(&self.platform);
        }
        Ok(Reply::Done)
    }

    pub(super) fn amend(&mut self, id: EntityId, changes: BTreeMap<String, Value>) -> Answered {
        let entry = self.entry(id)?;
        let kind = entry.ledger.unwrap_or(LedgerKind::Unknown);
        let mut kept = Vec::new();
        for (field, value) in changes {
            check(kind, &field, &value)?;
            let is_settled = entry.fields.get(&field).is_none_or(|register| !register.in_conflict());
            if *entry.value(&field) == value && is_settled {
                continue;
            }
            let parents = entry.heads(&field);
            kept.push(Change { field, value, parents });
        }
        if kept.is_empty() {
            return Ok(Reply::Done);
        }
        if kept.len() > FIELDS_MAX {
            return Err(trouble("too_large", &format!("at most {FIELDS_MAX} fields at once"), false));
        }
        self.write_op(entry.scope, Body::Amend { entity: id, changes: kept, cause: None })
    }

    pub(super) fn resolve(
        &mut self,
        id: EntityId,
        field: String,
        value: Value,
        parents: Vec<OpId>,
    ) -> Answered {
        let entry = self.entry(id)?;
        check(entry.ledger.unwrap_or(LedgerKind::Unknown), &field, &value)?;
        let changes = vec![Change { field, value, parents }];
        self.write_op(entry.scope, Body::Amend { entity: id, changes, cause: None })
    }

    pub(super) fn review(
        &mut self,
        id: ObservationId,
        scope: AreaCode,
        verdict: Verdict,
        comment: String,
    ) -> Answered {
        let (_, user) = self.signed_in()?;
        if !user.role.reviews() {
            return Err(trouble("no_grant", "only a supervisor reviews records", false));
        }
        ledger::check_text(&comment, NOTE_CHARS_MAX)
            .map_err(|bad| trouble("bad_value", &format!("comment: {bad}"), false))?;
        self.write_op(scope, Body::Review { observation: id, verdict, comment })
    }

    fn entry(&self, id: EntityId) -> Result<Entry, Trouble> {
        let profile = self.profile.as_ref().ok_or_else(signed_out)?;
        entries::entry(profile.store.read(), id)?.ok_or_else(not_found)
    }

    fn write_op(&mut self, scope: AreaCode, body: Body) -> Answered {
        let wall_ms = self.platform.clock.wall_ms();
        let (profile, user) = self.signed_in()?;
        profile.store.write(|tx| chain::author(tx, wall_ms, user.id, vec![Draft { scope, body }]))?;
        self.saved();
        Ok(Reply::Done)
    }

    /// Something is durably here that the centre does not have.
    pub(super) fn saved(&mut self) {
        if let Some(profile) = &mut self.profile {
            profile.engine.saved(&self.platform);
        }
        self.news.push(News::Data);
        self.news.push(News::Sync { state: self.sync_state() });
    }
}

fn check(kind: LedgerKind, field: &str, value: &Value) -> Result<(), Trouble> {
    ledger::check(kind, field, value).map_err(|bad| trouble("bad_value", &format!("{field}: {bad}"), false))
}
