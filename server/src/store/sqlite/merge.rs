//! The write transaction of the merge: loads by key, writes what was decided.

use super::access;
use super::photos::{due, write_first, write_use};
use super::rows::{
    ASIDE, RECORD, area, get, held_record, id, json, json_opt, json_or_lost, raw, row_id, seq_of, set_aside,
    to_json, users, word,
};
use super::sql::Sql;
use crate::store::log::{
    Changes, DecisionChange, DeviceFacts, Fate, FoundBy, HeldEntry, HeldOp, HeldRecord, HouseholdIndex,
    Loaded, MergeTxn, Merged, Moment, Needs, NewOp, Place, Released, ScopeHead, SetAside,
};
use crate::store::{StoreError, StoreResult};
use bianfang_shared::area::AreaCode;
use bianfang_shared::chain::{Head, PublicKey};
use bianfang_shared::entry::Entry;
use bianfang_shared::evidence::{Evidence, Trace};
use bianfang_shared::id::{DeviceId, EntityId, ObservationId, OpId, UserId};
use bianfang_shared::judge::{self, Awaited, Outcome, Reason};
use bianfang_shared::ledger::{LedgerKind, issue};
use bianfang_shared::op::{Body, IssueStep, Op};
use bianfang_shared::query::DecisionKind;
use rusqlite::{Row, params};
use std::collections::{BTreeSet, HashMap};

const MERGED: i64 = 0;
const MERGED_WITH_CONFLICT: i64 = 1;
const ASIDE_OUTCOME: i64 = 2;

/// The transaction, with the keys that it has looked up so far.
#[derive(Debug)]
pub(super) struct SqliteMerge<'t, 'c> {
    sql: &'t Sql<'c>,
    device_keys: HashMap<DeviceId, i64>,
    scope_keys: HashMap<AreaCode, i64>,
}

impl<'t, 'c> SqliteMerge<'t, 'c> {
    pub(super) fn new(sql: &'t Sql<'c>) -> Self {
        Self { sql, device_keys: HashMap::new(), scope_keys: HashMap::new() }
    }

    fn device_key(&mut self, device: DeviceId) -> StoreResult<Option<i64>> {
        if let Some(&key) = self.device_keys.get(&device) {
            return Ok(Some(key));
        }
        let key = device_key(self.sql, device)?;
        self.device_keys.extend(key.map(|key| (device, key)));
        Ok(key)
    }

    fn known_device_key(&mut self, device: DeviceId) -> StoreResult<i64> {
        self.device_key(device)?.ok_or_else(|| StoreError::Damaged(format!("device {device} is gone")))
    }

    fn chain_id(&mut self, op: OpId) -> StoreResult<i64> {
        Ok(row_id(self.known_device_key(op.device)?, op.seq))
    }

    /// The key of a scope, made with its first operation.
    fn scope_key(&mut self, scope: AreaCode) -> StoreResult<i64> {
        if let Some(&key) = self.scope_keys.get(&scope) {
            return Ok(key);
        }
        let found =
            self.sql.one("SELECT key FROM scope WHERE area = ?1", params![scope.sql()], |row| row.get(0))?;
        let key = match found {
            Some(key) => key,
            None => {
                self.sql
                    .run("INSERT INTO scope (area, seq, checksum) VALUES (?1, 0, 0)", params![scope.sql()])?;
                self.sql.last_key()
            }
        };
        self.scope_keys.insert(scope, key);
        Ok(key)
    }

    fn is_merged(&mut self, op: OpId) -> StoreResult<bool> {
        let Some(key) = self.device_key(op.device)? else { return Ok(false) };
        let outcome =
            self.sql.one("SELECT outcome FROM chain WHERE id = ?1", params![row_id(key, op.seq)], |row| {
                row.get::<_, i64>(0)
            })?;
        Ok(outcome.is_some_and(|outcome| outcome != ASIDE_OUTCOME))
    }
}

impl MergeTxn for SqliteMerge<'_, '_> {
    fn load(&mut self, needs: &Needs) -> StoreResult<Loaded> {
        let mut loaded = Loaded::default();
        for &device in &needs.devices {
            loaded.devices.extend(device_facts(self.sql, device)?);
        }
        for &user in &needs.users {
            loaded.users.extend(access::actor_facts(self.sql, user)?);
        }
        for &scope in &needs.scopes {
            loaded.scopes.extend(scope_head(self.sql, scope)?);
        }
        for &entity in &needs.entities {
            loaded.entries.extend(held_entry(self.sql, entity)?);
        }
        for &observation in &needs.observations {
            loaded.records.extend(record(self.sql, observation)?);
        }
        for &op in &needs.ops {
            if self.is_merged(op)? {
                loaded.merged.push(op);
            }
        }
        for &moment in &needs.moments {
            loaded.neighbours.extend(neighbours(self.sql, moment)?);
        }
        Ok(loaded)
    }

    fn held(&mut self, device: DeviceId, first: u64, last: u64) -> StoreResult<Vec<HeldOp>> {
        match self.device_key(device)? {
            Some(key) => held_ops(self.sql, key, first, last),
            None => Ok(Vec::new()),
        }
    }

    fn waiting_for(
        &mut self,
        awaited: &BTreeSet<Awaited>,
        after: Option<OpId>,
        rows_max: usize,
    ) -> StoreResult<Vec<SetAside>> {
        // Nearly always nobody waits for anything; then it need not be asked for each thing that arrived.
        let somebody_waits = "SELECT 1 FROM aside WHERE awaited > x'' LIMIT 1";
        if self.sql.one(somebody_waits, [], |_| Ok(()))?.is_none() {
            return Ok(Vec::new());
        }
        let statement = format!(
            "SELECT {ASIDE} FROM aside WHERE awaited = ?1 AND (device, seq) > (?2, ?3) \
             ORDER BY device, seq LIMIT ?4"
        );
        let (device, seq) = after.map_or((Vec::new(), 0), |op| (op.device.bytes().to_vec(), op.seq));
        let mut rows = Vec::new();
        for thing in awaited {
            let bytes = awaited_bytes(*thing);
            let limit = i64::try_from(rows_max).unwrap_or(i64::MAX);
            rows.extend(self.sql.all(
                &statement,
                params![bytes, device, seq.cast_signed(), limit],
                set_aside,
            )?);
        }
        rows.sort_by_key(|row| row.op);
        rows.truncate(rows_max);
        Ok(rows)
    }

    fn set_aside(&mut self, op: OpId) -> StoreResult<Option<SetAside>> {
        one_aside(self.sql, op)
    }

    fn apply(&mut self, changes: &Changes) -> StoreResult<()> {
        for new in &changes.ops {
            self.write_new(new)?;
        }
        for released in &changes.released {
            self.write_released(released)?;
        }
        for (op, reason) in &changes.still_aside {
            self.write_reason(*op, reason)?;
        }
        for device in &changes.devices {
            self.write_device(device)?;
        }
        for head in &changes.scopes {
            self.write_scope(head)?;
        }
        for entry in &changes.entries {
            self.write_entry(entry)?;
        }
        for household in &changes.households {
            self.write_household(household)?;
        }
        for found in &changes.found {
            write_found(self.sql, found)?;
        }
        for decision in &changes.decisions {
            self.write_decision(decision)?;
        }
        for record in &changes.records {
            self.write_record(record)?;
        }
        for named in &changes.photo_uses {
            write_use(self.sql, named)?;
        }
        for named in &changes.photos_named {
            write_first(self.sql, named)?;
        }
        for photo in &changes.photos_due {
            due(self.sql, *photo)?;
        }
        Ok(())
    }
}

impl SqliteMerge<'_, '_> {
    fn write_new(&mut self, new: &NewOp) -> StoreResult<()> {
        let chain_id = self.chain_id(new.op)?;
        let (outcome, log) = match &new.fate {
            Fate::Merged(merged) => {
                let log = self.write_log(merged, &new.raw, new.received_at_ms)?;
                (outcome_of(merged), Some(log))
            }
            Fate::Aside(reason) => {
                self.write_aside(chain_id, new, reason)?;
                (ASIDE_OUTCOME, None)
            }
        };
        self.sql.run(
            "INSERT INTO chain (id, outcome, received_at_ms, log, head) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![chain_id, outcome, new.received_at_ms, log, new.head.0],
        )?;
        Ok(())
    }

    /// Writes an operation into its scope's log; answers its row id there.
    fn write_log(&mut self, merged: &Merged, raw: &str, received_at_ms: i64) -> StoreResult<i64> {
        let Place { scope, seq, checksum } = merged.place;
        let log = row_id(self.scope_key(scope)?, seq);
        self.sql.run(
            "INSERT INTO log (id, received_at_ms, checksum, raw) VALUES (?1, ?2, ?3, ?4)",
            params![log, received_at_ms, checksum.cast_signed(), raw],
        )?;
        if let Some(entity) = merged.entity {
            self.sql
                .run("INSERT INTO changed (entity, log) VALUES (?1, ?2)", params![entity.bytes(), log])?;
        }
        if let Some(record) = merged.observation {
            self.sql.run("INSERT INTO caused (record, log) VALUES (?1, ?2)", params![record.bytes(), log])?;
        }
        Ok(log)
    }

    fn write_aside(&mut self, chain_id: i64, new: &NewOp, reason: &Reason) -> StoreResult<()> {
        self.sql.run(
            "INSERT INTO aside (id, device, seq, sender, area, received_at_ms, reason, awaited, raw) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            params![
                chain_id,
                new.op.device.bytes(),
                new.op.seq.cast_signed(),
                new.sender.bytes(),
                new.scope.map(AreaCode::sql),
                new.received_at_ms,
                to_json(reason)?,
                reason.waits_for().map(awaited_bytes),
                &*new.raw,
            ],
        )?;
        Ok(())
    }

    fn write_released(&mut self, released: &Released) -> StoreResult<()> {
        let chain_id = self.chain_id(released.op)?;
        let log = self.write_log(&released.merged, &released.raw, released.received_at_ms)?;
        self.sql.run("DELETE FROM aside WHERE id = ?1", params![chain_id])?;
        self.sql.run(
            "UPDATE chain SET outcome = ?2, log = ?3 WHERE id = ?1",
            params![chain_id, outcome_of(&released.merged), log],
        )?;
        Ok(())
    }

    fn write_reason(&mut self, op: OpId, reason: &Reason) -> StoreResult<()> {
        let chain_id = self.chain_id(op)?;
        self.sql.run(
            "UPDATE aside SET reason = ?2, awaited = ?3 WHERE id = ?1",
            params![chain_id, to_json(reason)?, reason.waits_for().map(awaited_bytes)],
        )?;
        Ok(())
    }

    fn write_device(&mut self, device: &DeviceFacts) -> StoreResult<()> {
        let key = self.known_device_key(device.id)?;
        let trace = device.last_trace.as_ref().map(to_json).transpose()?;
        self.sql.run(
            "UPDATE device SET last_seq = ?2, head = ?3, last_trace = ?4, acknowledged_seq = ?5, \
             passed_ms = ?6 WHERE key = ?1",
            params![
                key,
                device.last_seq.cast_signed(),
                device.head.0,
                trace,
                device.acknowledged_seq.cast_signed(),
                device.passed_ms
            ],
        )?;
        Ok(())
    }

    fn write_scope(&mut self, head: &ScopeHead) -> StoreResult<()> {
        let key = self.scope_key(head.scope)?;
        self.sql.run(
            "UPDATE scope SET seq = ?2, checksum = ?3 WHERE key = ?1",
            params![key, head.seq.cast_signed(), head.checksum.cast_signed()],
        )?;
        Ok(())
    }

    fn write_entry(&mut self, held: &HeldEntry) -> StoreResult<()> {
        self.sql.run(
            "INSERT INTO entry (id, area, rectifier, state, moved_from) VALUES (?1, ?2, ?3, ?4, ?5) \
             ON CONFLICT (id) DO UPDATE SET rectifier = excluded.rectifier, state = excluded.state, \
             moved_from = excluded.moved_from",
            params![
                held.entry.id.bytes(),
                held.entry.scope.sql(),
                user_bytes(&held.rectifiers),
                to_json(&held.entry)?,
                held.moved_from.as_ref().map(to_json).transpose()?,
            ],
        )?;
        Ok(())
    }

    fn write_household(&mut self, index: &HouseholdIndex) -> StoreResult<()> {
        self.sql.run(
            "INSERT INTO household (id, area, sort, search) VALUES (?1, ?2, ?3, ?4) \
             ON CONFLICT (id) DO UPDATE SET sort = excluded.sort, search = excluded.search",
            params![index.entity.bytes(), index.scope.sql(), index.sort, index.search],
        )?;
        Ok(())
    }

    fn write_decision(&mut self, change: &DecisionChange) -> StoreResult<()> {
        let DecisionChange { kind, entity, ledger, scope, field, is_open } = change;
        if *is_open {
            self.sql.run(
                "INSERT OR IGNORE INTO decision (kind, area, entity, field, ledger) VALUES (?1, ?2, ?3, ?4, ?5)",
                params![word(kind)?, scope.sql(), entity.bytes(), field, word(ledger)?],
            )?;
        } else {
            self.sql.run(
                "DELETE FROM decision WHERE kind = ?1 AND area = ?2 AND entity = ?3 AND field = ?4",
                params![word(kind)?, scope.sql(), entity.bytes(), field],
            )?;
        }
        Ok(())
    }

    fn write_record(&mut self, held: &HeldRecord) -> StoreResult<()> {
        readable(&held.evidence)?;
        self.sql.run(
            "INSERT INTO record (id, device, seq, area, kind, subject, author, started_at_ms, ended_at_ms, \
             received_at_ms, outcome, grade, evidence, anchor, review, retracted, \
             circumstances, trace_at_ms, trace, accompanied) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20) \
             ON CONFLICT (id) DO UPDATE SET review = excluded.review, retracted = excluded.retracted, \
             accompanied = excluded.accompanied, \
             grade = excluded.grade, evidence = excluded.evidence, circumstances = excluded.circumstances",
            params![
                held.id.bytes(),
                held.op.device.bytes(),
                held.op.seq.cast_signed(),
                held.scope.sql(),
                word(&held.kind)?,
                held.subject.bytes(),
                held.author.bytes(),
                held.started_at_ms,
                held.ended_at_ms,
                held.received_at_ms,
                word(&held.outcome)?,
                word(&held.evidence.grade)?,
                to_json(&held.evidence)?,
                held.anchor.as_ref().map(to_json).transpose()?,
                word(&held.review)?,
                held.retracted,
                held.circumstances.as_ref().map(to_json).transpose()?,
                held.trace.map(|trace| trace.at_ms),
                held.trace.as_ref().map(to_json).transpose()?,
                user_bytes(&held.accompanied),
            ],
        )?;
        Ok(())
    }
}

fn outcome_of(merged: &Merged) -> i64 {
    if merged.conflict { MERGED_WITH_CONFLICT } else { MERGED }
}

/// The key of what is waited for. Each kind has a length of its own, or is made of random bytes.
fn awaited_bytes(awaited: Awaited) -> Vec<u8> {
    match awaited {
        Awaited::Entity(entity) => entity.bytes().to_vec(),
        Awaited::Observation(observation) => observation.bytes().to_vec(),
        Awaited::Operation(op) => [&op.device.bytes()[..], &op.seq.to_be_bytes()].concat(),
        Awaited::Upgrade => b"upgrade".to_vec(),
    }
}

/// Whoever rectified a problem, one id after the other; none where nobody did.
fn user_bytes(users: &BTreeSet<UserId>) -> Option<Vec<u8>> {
    (!users.is_empty()).then(|| users.iter().flat_map(|user| user.bytes()).collect())
}

/// An entry from its columns `rectifier`, `state` and `moved_from`, of which the first is the one at `at`.
pub(super) fn held_entry_at(row: &Row<'_>, at: usize) -> StoreResult<HeldEntry> {
    Ok(HeldEntry {
        rectifiers: users(row, at)?,
        entry: json(row, at + 1)?,
        moved_from: json_opt(row, at + 2)?,
    })
}

/// Notes for every problem all who rectified it, where only the last was noted before.
pub(super) fn find_rectifiers(sql: &Sql<'_>) -> StoreResult<()> {
    let issues =
        sql.all("SELECT id FROM entry WHERE rectifier IS NOT NULL", [], |row| get::<[u8; 16]>(row, 0))?;
    for issue in issues {
        let find = "SELECT log.raw FROM changed JOIN log ON log.id = changed.log WHERE changed.entity = ?1";
        let ops = sql.all(find, params![issue], |row| raw(row, 0))?;
        let rectified = ops.iter().filter_map(|raw| serde_json::from_str::<Op>(raw).ok());
        let by: BTreeSet<UserId> = rectified
            .filter(|op| matches!(op.body, Body::Step { step: IssueStep::Rectify, .. }))
            .map(|op| op.author)
            .collect();
        sql.run("UPDATE entry SET rectifier = ?2 WHERE id = ?1", params![issue, user_bytes(&by)])?;
    }
    Ok(())
}

pub(super) fn device_key(sql: &Sql<'_>, device: DeviceId) -> StoreResult<Option<i64>> {
    sql.one("SELECT key FROM device WHERE id = ?1", params![device.bytes()], |row| row.get(0))
}

pub(super) fn device_facts(sql: &Sql<'_>, device: DeviceId) -> StoreResult<Option<DeviceFacts>> {
    let found = sql.all(
        "SELECT account, public_key, revoked, last_seq, head, clock_offset_ms, last_trace, acknowledged_seq, passed_ms \
         FROM device WHERE id = ?1",
        params![device.bytes()],
        |row| {
            Ok(DeviceFacts {
                id: device,
                user: id(row, 0)?,
                public_key: PublicKey(get(row, 1)?),
                revoked: get(row, 2)?,
                last_seq: get::<i64>(row, 3)?.cast_unsigned(),
                head: Head(get(row, 4)?),
                clock_offset_ms: get(row, 5)?,
                // One that is lost is as none: the next record is measured from nowhere.
                last_trace: json_or_lost(row, 6)?,
                acknowledged_seq: get::<i64>(row, 7)?.cast_unsigned(),
                passed_ms: get(row, 8)?,
            })
        },
    )?;
    Ok(found.into_iter().next())
}

pub(super) fn scope_head(sql: &Sql<'_>, scope: AreaCode) -> StoreResult<Option<ScopeHead>> {
    sql.one("SELECT seq, checksum FROM scope WHERE area = ?1", params![scope.sql()], |row| {
        let (seq, checksum): (i64, i64) = (row.get(0)?, row.get(1)?);
        Ok(ScopeHead { scope, seq: seq.cast_unsigned(), checksum: checksum.cast_unsigned() })
    })
}

pub(super) fn held_entry(sql: &Sql<'_>, entity: EntityId) -> StoreResult<Option<HeldEntry>> {
    let found = sql.all(
        "SELECT rectifier, state, moved_from, area FROM entry WHERE id = ?1",
        params![entity.bytes()],
        |row| entry_or_folded(sql, entity, row, 0),
    )?;
    Ok(found.into_iter().next())
}

/// An entry from its columns `rectifier, state, moved_from, area`; where it cannot be read, as its operations make it.
pub(super) fn entry_or_folded(
    sql: &Sql<'_>,
    entity: EntityId,
    row: &Row<'_>,
    at: usize,
) -> StoreResult<HeldEntry> {
    match held_entry_at(row, at) {
        Err(StoreError::Damaged(cause)) => {
            tracing::error!(%entity, cause, "an entry cannot be read and is folded again");
            let entry = fold_again(sql, entity, area(row, at + 3)?)?;
            Ok(HeldEntry { entry, rectifiers: users(row, at)?, moved_from: None })
        }
        read => read,
    }
}

fn fold_again(sql: &Sql<'_>, entity: EntityId, scope: AreaCode) -> StoreResult<Entry> {
    let mut entry = Entry::empty(entity, scope);
    sql.each(
        "SELECT log.raw, log.received_at_ms FROM changed JOIN log ON log.id = changed.log \
         WHERE changed.entity = ?1 ORDER BY changed.log",
        params![entity.bytes()],
        |row| {
            let op: Op = json(row, 0)?;
            // In doubt about what is settled the fold remembers more.
            entry.apply(&op, Some(get(row, 1)?), |_| false);
            Ok(true)
        },
    )?;
    Ok(entry)
}

pub(super) fn record(sql: &Sql<'_>, record: ObservationId) -> StoreResult<Option<HeldRecord>> {
    let statement = format!("SELECT {RECORD} FROM record WHERE id = ?1");
    Ok(sql.all(&statement, params![record.bytes()], held_record)?.into_iter().next())
}

/// The records that somebody made next before a moment and next after it.
fn neighbours(sql: &Sql<'_>, moment: Moment) -> StoreResult<Vec<(Moment, Trace)>> {
    let author = moment.author;
    let read =
        |row: &Row<'_>| Ok((Moment { author, at_ms: get(row, 0)?, record: id(row, 1)? }, json(row, 2)?));
    let at = params![author.bytes(), moment.at_ms, moment.record.bytes()];
    let mut found = sql.all(
        "SELECT trace_at_ms, id, trace FROM record WHERE author = ?1 AND trace_at_ms IS NOT NULL \
         AND (trace_at_ms, id) < (?2, ?3) ORDER BY trace_at_ms DESC, id DESC LIMIT 1",
        at,
        read,
    )?;
    found.extend(sql.all(
        "SELECT trace_at_ms, id, trace FROM record WHERE author = ?1 AND trace_at_ms IS NOT NULL \
         AND (trace_at_ms, id) > (?2, ?3) ORDER BY trace_at_ms, id LIMIT 1",
        at,
        read,
    )?);
    Ok(found)
}

pub(super) fn one_aside(sql: &Sql<'_>, op: OpId) -> StoreResult<Option<SetAside>> {
    let statement = format!("SELECT {ASIDE} FROM aside WHERE device = ?1 AND seq = ?2");
    let found = sql.all(&statement, params![op.device.bytes(), op.seq.cast_signed()], set_aside)?;
    Ok(found.into_iter().next())
}

/// Refuses evidence that could not be read back: JSON has no number that is not finite.
pub(super) fn readable(evidence: &Evidence) -> StoreResult<()> {
    if evidence.checks.iter().flat_map(|check| check.numbers.values()).all(|number| number.is_finite()) {
        Ok(())
    } else {
        Err(StoreError::CannotBeKept("a number of the evidence is not finite".to_owned()))
    }
}

/// Notes what an entry is found by.
fn write_found(sql: &Sql<'_>, found: &FoundBy) -> StoreResult<()> {
    sql.run(
        "INSERT INTO found (id, area, above, search, ledger, code) VALUES (?1, ?2, ?3, ?4, ?5, ?6) \
         ON CONFLICT (id) DO UPDATE SET above = excluded.above, search = excluded.search, \
         ledger = excluded.ledger, code = excluded.code",
        params![
            found.entity.bytes(),
            found.scope.sql(),
            found.above.map(|above| above.bytes()),
            found.search,
            word(&found.ledger)?,
            found.code
        ],
    )?;
    Ok(())
}

/// Notes what all entries are found by, as the merge does for those that change.
pub(super) fn find_words(sql: &Sql<'_>) -> StoreResult<()> {
    sql.each("SELECT state, area, id FROM entry", [], |row| {
        let entry = match json(row, 0) {
            Err(StoreError::Damaged(_)) => fold_again(sql, id(row, 2)?, area(row, 1)?),
            read => read,
        };
        let entry = match entry {
            Ok(entry) => entry,
            // Nobody is helped by a database that does not open; `verify` names it.
            Err(StoreError::Damaged(_)) => return Ok(true),
            Err(error) => return Err(error),
        };
        FoundBy::of(&entry).map_or(Ok(()), |found| write_found(sql, &found))?;
        find_unfit(sql, &entry)?;
        Ok(true)
    })
}

/// A merged operation; none also where it cannot be read.
fn merged(sql: &Sql<'_>, op: OpId) -> StoreResult<Option<Op>> {
    let raw = sql.one(
        "SELECT log.raw FROM device JOIN chain ON chain.id = (device.key << 40) | ?2 JOIN log ON log.id = chain.log \
         WHERE device.id = ?1",
        params![op.device.bytes(), op.seq.cast_signed()],
        |row| row.get::<_, String>(0),
    )?;
    Ok(raw.and_then(|raw| serde_json::from_str(&raw).ok()))
}

/// Notes what stands in an entry that nobody may write, for the office.
fn find_unfit(sql: &Sql<'_>, entry: &Entry) -> StoreResult<()> {
    let Some(ledger) = entry.ledger else { return Ok(()) };
    let mut fields: BTreeSet<&str> = judge::unfit(entry).collect();
    if ledger == LedgerKind::Issue {
        for head in entry.heads(issue::STATE) {
            let op = merged(sql, head)?;
            fields.extend(op.filter(judge::is_unfit_state).map(|_| issue::STATE));
        }
    }
    for field in fields {
        sql.run(
            "INSERT OR IGNORE INTO decision (kind, area, entity, field, ledger) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![word(&DecisionKind::Unfit)?, entry.scope.sql(), entry.id.bytes(), field, word(&ledger)?],
        )?;
    }
    Ok(())
}

/// Part of a device's chain with its texts, wherever they are.
pub(super) fn held_ops(sql: &Sql<'_>, key: i64, first: u64, last: u64) -> StoreResult<Vec<HeldOp>> {
    sql.all(
        "SELECT chain.id, chain.outcome, chain.received_at_ms, chain.head, coalesce(log.raw, aside.raw), \
         aside.reason, scope.area, log.id, log.checksum \
         FROM chain LEFT JOIN log ON log.id = chain.log LEFT JOIN aside ON aside.id = chain.id \
         LEFT JOIN scope ON scope.key = chain.log >> 40 \
         WHERE chain.id BETWEEN ?1 AND ?2 ORDER BY chain.id",
        params![row_id(key, first), row_id(key, last)],
        |row| {
            let outcome = match get::<i64>(row, 1)? {
                MERGED => Outcome::Merged,
                MERGED_WITH_CONFLICT => Outcome::MergedWithConflict,
                _ => Outcome::Quarantined { reason: json_or_lost(row, 5)?.unwrap_or(Reason::CannotBeKept) },
            };
            let place = match get::<Option<i64>>(row, 7)? {
                Some(log) => Some(Place {
                    scope: area(row, 6)?,
                    seq: seq_of(log),
                    checksum: get::<i64>(row, 8)?.cast_unsigned(),
                }),
                None => None,
            };
            Ok(HeldOp {
                seq: seq_of(get(row, 0)?),
                raw: raw(row, 4)?,
                head: Head(get(row, 3)?),
                received_at_ms: get(row, 2)?,
                outcome,
                place,
            })
        },
    )
}
