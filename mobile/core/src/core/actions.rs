//! What a person does to this device and, by hand, to the ledgers.

use super::{Answered, Device, not_found, signed_out, trouble};
use crate::clock;
use crate::message::{News, Place, Reply, Trouble};
use crate::store::chain::{self, Draft};
use crate::store::{entries, meta, ops, records};
use crate::sync::tell_spool;
use crate::view;
use bianfang_shared::area::{AreaCode, AreaLevel};
use bianfang_shared::capability;
use bianfang_shared::day::{Day, day_of, plus_days};
use bianfang_shared::entry::Entry;
use bianfang_shared::id::{EntityId, ObservationId, OpId};
use bianfang_shared::judge::{FIELDS_MAX, PHOTOS_MAX};
use bianfang_shared::ledger::issue;
use bianfang_shared::ledger::{self, FieldType, LedgerKind, NOTE_CHARS_MAX, Writer};
use bianfang_shared::observation::PhotoRef;
use bianfang_shared::op::{Body, Change, IssueStep, Verdict};
use bianfang_shared::policy::Policy;
use bianfang_shared::rights::{self, Writing};
use bianfang_shared::rules::issue::{Forbidden, may};
use bianfang_shared::value::Value;
use std::collections::BTreeMap;

impl Device {
    pub(super) fn status(&mut self) -> Answered {
        let sync = self.sync_state();
        let before_sign_in = meta::remembered(self.shelf.index.read())?;
        let status = match &self.profile {
            Some(profile) => {
                view::status::view(profile.store.read(), self.platform.now(), sync, before_sign_in)?
            }
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
        let wifi_only = self.shelf.wifi_only()?;
        if let Some(profile) = &mut self.profile {
            profile.engine.set_wifi_only(wifi_only);
        }
        self.news.push(News::Sync { state: self.sync_state() });
        Ok(Reply::Done)
    }

    /// A signal has come: at once, but photographs only over a connection that the person wants them on.
    pub(super) fn online(&mut self, online: bool) -> Answered {
        if let Some(profile) = self.profile.as_mut().filter(|_| online) {
            profile.engine.hurry_from_the_beginning(&self.platform);
        }
        Ok(Reply::Done)
    }

    pub(super) fn metered(&mut self, metered: bool) -> Answered {
        self.metered = Some(metered);
        if let Some(profile) = &mut self.profile {
            profile.engine.set_metered(self.metered);
        }
        self.news.push(News::Sync { state: self.sync_state() });
        Ok(Reply::Done)
    }

    pub(super) fn sync_now(&mut self) -> Answered {
        if let Some(profile) = &mut self.profile {
            // Records first: pictures that cannot be written to keep none of them back.
            profile.engine.hurry_from_the_beginning(&self.platform);
            profile.engine.send_photos_anyhow();
            profile.spool.try_failed_again()?;
        }
        Ok(Reply::Done)
    }

    pub(super) fn amend(&mut self, id: EntityId, changes: BTreeMap<String, Value>) -> Answered {
        let entry = self.entry(id)?;
        let kind = entry.ledger.unwrap_or(LedgerKind::Unknown);
        self.check_linked(kind, entry.scope, &changes)?;
        let mut kept = Vec::new();
        for (field, value) in changes {
            let value = ledger::tidy(kind, &field, value);
            check(kind, &field, &value)?;
            if kind.field(&field).is_some_and(|spec| spec.writer == Writer::Steps) {
                return Err(trouble("wrong_state", "a problem goes on by its steps", false));
            }
            let is_settled = entry.fields.get(&field).is_none_or(|register| !register.in_conflict());
            if *entry.value(&field) == value && is_settled {
                continue;
            }
            let parents = entry.heads(&field);
            kept.push(Change::new(field, value, parents));
        }
        if kept.is_empty() {
            return Ok(Reply::Done);
        }
        if kept.len() > FIELDS_MAX {
            return Err(trouble("too_large", &format!("at most {FIELDS_MAX} fields at once"), false));
        }
        self.write_changes(&entry, kept)
    }

    /// Follows a proposal: its value is written over what the person sees, and the proposal is named.
    pub(super) fn adopt(&mut self, id: EntityId, field: String, proposal: OpId) -> Answered {
        let entry = self.entry(id)?;
        let proposed =
            entry.proposed(&field).iter().find(|open| open.op == proposal).ok_or_else(not_found)?;
        let (value, parents) = (proposed.value.clone(), entry.heads(&field));
        let changes = vec![Change { field, value, parents, adopts: Some(proposal) }];
        let (_, user) = self.signed_in()?;
        let writing = Writing { user: user.id, role: user.role, moved_from: None };
        if !rights::needs_approval(&writing, &entry, &changes).is_empty() {
            return Err(trouble("not_office", "a proposal is decided on by the office", false));
        }
        check_report(&entry, &changes)?;
        self.write_op(entry.scope, Body::Amend { entity: id, changes, cause: None })
    }

    /// Does not follow a proposal, or takes an own one back.
    pub(super) fn refuse(&mut self, id: EntityId, field: String, proposal: OpId, reason: String) -> Answered {
        let entry = self.entry(id)?;
        let (_, user) = self.signed_in()?;
        let proposed =
            entry.proposed(&field).iter().find(|open| open.op == proposal).ok_or_else(not_found)?;
        if proposed.author != user.id && !user.role.is_office() {
            return Err(trouble("not_office", "a proposal is decided on by the office", false));
        }
        ledger::check_text(&reason, NOTE_CHARS_MAX)
            .map_err(|bad| trouble("bad_value", &format!("reason: {bad}"), false))?;
        self.write_op(entry.scope, Body::Refuse { entity: id, field, proposal, reason })
    }

    /// Writes changes as far as the person's role covers them, and proposes the others.
    fn write_changes(&mut self, entry: &Entry, changes: Vec<Change>) -> Answered {
        let (_, user) = self.signed_in()?;
        let bodies = rights::written(entry, changes, user.id, user.role, None);
        if let Some(Body::Amend { changes, .. }) = bodies.first() {
            check_report(entry, changes)?;
        }
        self.write_ops(entry.scope, bodies)
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
        self.write_changes(&entry, vec![Change::new(field, value, parents)])
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
        let (profile, user) = self.signed_in()?;
        let held = ops::of_observation(profile.store.read(), id)?;
        let is_author =
            |held: &ops::Held| matches!(held.op.body, Body::Record { .. }) && held.op.author == user.id;
        let is_own = held.iter().any(is_author) || records::accompanied(&held, user.id);
        if is_own {
            return Err(trouble("own_record", "somebody else reviews an own record", false));
        }
        ledger::check_text(&comment, NOTE_CHARS_MAX)
            .map_err(|bad| trouble("bad_value", &format!("comment: {bad}"), false))?;
        self.write_op(scope, Body::Review { observation: id, verdict, comment })
    }

    /// Enters something new into a ledger by hand.
    pub(super) fn register(
        &mut self,
        ledger: LedgerKind,
        scope: AreaCode,
        mut fields: BTreeMap<String, Value>,
        photos: Vec<PhotoRef>,
    ) -> Answered {
        self.check_registration(ledger, scope, &fields, &photos)?;
        // What is not known is not said, and a problem begins open, whatever the form was filled with.
        fields.retain(|_, value| !value.is_blank());
        fields = fields
            .into_iter()
            .map(|(field, value)| {
                let value = ledger::tidy(ledger, &field, value);
                (field, value)
            })
            .collect();
        if ledger == LedgerKind::Issue {
            fields.insert(issue::STATE.to_owned(), issue::OPEN.into());
        }
        let (_, user) = self.signed_in()?;
        let (user, role) = (user.id, user.role);
        let mut by_office = Vec::new();
        if ledger == LedgerKind::Issue && !role.is_office() {
            // By the centre's clock as far as the phone can tell, as a form's problems are.
            let centre_ms = clock::centre_ms(self.reading()?.conn, self.platform.now())?;
            by_office = keep_to_rule(&mut fields, centre_ms);
        }
        if rights::is_to_confirm(role, ledger) {
            fields.insert(ledger::REGISTRATION.to_owned(), ledger::TO_CONFIRM.into());
        }
        let now_ms = self.platform.clock.wall_ms();
        let id = EntityId::new(now_ms, self.platform.random());
        let writing = Writing { user, role, moved_from: None };
        let proposed = rights::needs_approval_to_register(&writing, ledger, &fields, None);
        let changes: Vec<Change> = proposed
            .into_iter()
            .filter_map(|field| {
                let value = fields.remove(&field)?;
                Some(Change::new(field, value, Vec::new()))
            })
            .chain(by_office)
            .collect();
        let photos = photos.into_iter().map(PhotoRef::storable).collect();
        let register = Body::Register { entity: id, ledger, fields, cause: None, photos };
        let propose = (!changes.is_empty()).then_some(Body::Propose { entity: id, changes, cause: None });
        self.write_ops(scope, std::iter::once(register).chain(propose).collect())?;
        Ok(Reply::Registered { id })
    }

    fn check_registration(
        &self,
        ledger: LedgerKind,
        scope: AreaCode,
        fields: &BTreeMap<String, Value>,
        photos: &[PhotoRef],
    ) -> Result<(), Trouble> {
        let bad = |detail: &str| Err(trouble("bad_value", detail, false));
        let taken = [LedgerKind::House, LedgerKind::WaterSupply, LedgerKind::Post, LedgerKind::Issue];
        if !taken.contains(&ledger) {
            return bad(
                "houses, water supplies, posts and problems are entered by hand; others are imported",
            );
        }
        if scope.level() != AreaLevel::Village {
            return bad("an entry belongs to a village");
        }
        if fields.len() > FIELDS_MAX {
            return bad(&format!("at most {FIELDS_MAX} fields at once"));
        }
        if photos.len() > PHOTOS_MAX {
            return bad(&format!("at most {PHOTOS_MAX} photographs at once"));
        }
        fields.iter().try_for_each(|(field, value)| check(ledger, field, value))?;
        for field in ledger.needed_fields() {
            if fields.get(*field).is_none_or(Value::is_blank) {
                return bad(&format!("{field}: it is needed"));
            }
        }
        self.check_linked(ledger, scope, fields)?;
        self.check_kept(photos)
    }

    /// What an entry belongs to is known here, and of the same village: else the centre would set it aside.
    fn check_linked(
        &self,
        ledger: LedgerKind,
        scope: AreaCode,
        fields: &BTreeMap<String, Value>,
    ) -> Result<(), Trouble> {
        for (field, value) in fields {
            let names_entry = ledger.field(field).is_some_and(|spec| matches!(spec.kind, FieldType::Entry));
            let Some(id) = value.as_text().filter(|_| names_entry).and_then(|text| text.parse().ok()) else {
                continue;
            };
            if self.entry(id).map_err(|_| not_found())?.scope != scope {
                return Err(trouble("bad_value", &format!("{field}: it belongs to another village"), false));
            }
        }
        Ok(())
    }

    /// A step in a problem's life.
    pub(super) fn step(
        &mut self,
        id: EntityId,
        step: IssueStep,
        note: String,
        photos: Vec<PhotoRef>,
    ) -> Answered {
        let entry = self.entry(id)?;
        let (profile, user) = self.signed_in()?;
        if entry.ledger != Some(LedgerKind::Issue) {
            return Err(trouble("bad_value", "only a problem is rectified and accepted", false));
        }
        let rectifiers = view::entry::rectifiers(&ops::of_entity(profile.store.read(), id)?);
        let state = entry.text(issue::STATE);
        may(step, state, rectifiers.contains(&user.id), user.role).map_err(|forbidden| match forbidden {
            Forbidden::Role => trouble("not_reviewer", "only a supervisor accepts or sends back", false),
            Forbidden::OwnRectification => {
                trouble("own_rectification", "whoever rectified a problem cannot accept it", false)
            }
            Forbidden::State => trouble("wrong_state", "the problem is not where this step follows", false),
        })?;
        ledger::check_text(&note, NOTE_CHARS_MAX)
            .map_err(|bad| trouble("bad_value", &format!("note: {bad}"), false))?;
        if photos.len() > PHOTOS_MAX {
            return Err(trouble("bad_value", &format!("at most {PHOTOS_MAX} photographs at once"), false));
        }
        self.check_kept(&photos)?;
        let parents = entry.heads(issue::STATE);
        let photos = photos.into_iter().map(PhotoRef::storable).collect();
        self.write_op(entry.scope, Body::Step { issue: id, step, parents, note, photos })
    }

    /// Takes a record back; it stays readable.
    pub(super) fn retract(&mut self, id: ObservationId, reason: String) -> Answered {
        let (profile, user) = self.signed_in()?;
        let record = records::get(profile.store.read(), id)?.ok_or_else(not_found)?;
        if record.author != user.id && !user.role.reviews() {
            return Err(trouble(
                "not_reviewer",
                "a record is taken back by its author or a supervisor",
                false,
            ));
        }
        if record.place == Place::Retracted {
            return Ok(Reply::Done);
        }
        if reason.trim().is_empty() {
            return Err(trouble("bad_value", "reason: say why the record is taken back", false));
        }
        ledger::check_text(&reason, NOTE_CHARS_MAX)
            .map_err(|bad| trouble("bad_value", &format!("reason: {bad}"), false))?;
        self.write_op(record.scope, Body::Retract { observation: id, reason })
    }

    /// Says to have gone along with a record that names this person.
    pub(super) fn accompany(&mut self, id: ObservationId) -> Answered {
        let (_, user) = self.signed_in()?;
        let reading = self.reading()?;
        let record = records::get(reading.conn, id)?.ok_or_else(not_found)?;
        let companions = view::record::companions(&reading, id)?;
        match companions.iter().find(|companion| companion.user == user.id) {
            Some(own) if own.confirmed => Ok(Reply::Done),
            Some(_) if record.author != user.id => {
                self.write_op(record.scope, Body::Accompany { observation: id })
            }
            _ => Err(trouble("not_named", "the record does not name this person as a companion", false)),
        }
    }

    fn entry(&self, id: EntityId) -> Result<Entry, Trouble> {
        let profile = self.profile.as_ref().ok_or_else(signed_out)?;
        entries::entry(profile.store.read(), id)?.ok_or_else(not_found)
    }

    fn write_op(&mut self, scope: AreaCode, body: Body) -> Answered {
        self.write_ops(scope, vec![body])
    }

    fn write_ops(&mut self, scope: AreaCode, bodies: Vec<Body>) -> Answered {
        let wall_ms = self.platform.clock.wall_ms();
        let (profile, user) = self.signed_in()?;
        let session = meta::session(profile.store.read())?;
        let is_taken = |body: &Body| {
            let capabilities = session.as_ref().map(|session| session.capabilities.as_slice());
            capabilities.is_none_or(|known| capability::taken(known, body.clone()).as_ref() == Some(body))
        };
        if !bodies.iter().all(is_taken) {
            return Err(trouble("centre_older", "the centre does not know this yet", true));
        }
        let drafts = bodies.into_iter().map(|body| Draft { scope, body }).collect();
        profile.store.write(|tx| chain::author(tx, wall_ms, user.id, drafts))?;
        self.saved();
        Ok(Reply::Done)
    }

    /// Something is durably here that the centre does not have.
    pub(super) fn saved(&mut self) {
        if let Some(profile) = &mut self.profile {
            // Whether or not this succeeds the record is saved; the lane tells the spool again before it sends.
            let _told = tell_spool(&mut profile.store, &mut profile.spool);
            profile.engine.saved(&self.platform);
        }
        self.news.push(News::Data);
        self.news.push(News::Sync { state: self.sync_state() });
    }
}

/// A grade rests on a report only where its number and date stand.
fn check_report(entry: &Entry, changes: &[Change]) -> Result<(), Trouble> {
    match rights::lacks_report(entry, changes).as_slice() {
        [] => Ok(()),
        lacking => Err(trouble("report_first", &lacking.join(", "), false)),
    }
}

/// Gives a problem the department and the deadline of its topic's rule; what was said otherwise is for the office.
fn keep_to_rule(fields: &mut BTreeMap<String, Value>, now_ms: i64) -> Vec<Change> {
    let text = |fields: &BTreeMap<String, Value>, field: &str| {
        fields.get(field).and_then(Value::as_text).unwrap_or_default().to_owned()
    };
    let rule = Policy::builtin().issues.of(&text(fields, issue::TOPIC));
    let urgent = fields.get(issue::URGENT).and_then(Value::as_bool).unwrap_or_default();
    let days = if urgent { rule.urgent_days } else { rule.deadline_days };
    let by_rule = plus_days(day_of(now_ms), i64::from(days));
    let mut otherwise = Vec::new();
    let said = text(fields, issue::DEADLINE);
    if !said.parse().is_ok_and(|day: Day| day <= by_rule) {
        let said = fields.insert(issue::DEADLINE.to_owned(), by_rule.to_string().into());
        otherwise.extend(said.map(|said| Change::new(issue::DEADLINE, said, Vec::new())));
    }
    if text(fields, issue::LEAD) != rule.lead {
        let said = fields.insert(issue::LEAD.to_owned(), rule.lead.as_str().into());
        otherwise.extend(said.map(|said| Change::new(issue::LEAD, said, Vec::new())));
    }
    otherwise
}

fn check(kind: LedgerKind, field: &str, value: &Value) -> Result<(), Trouble> {
    ledger::check(kind, field, value).map_err(|bad| trouble("bad_value", &format!("{field}: {bad}"), false))
}
