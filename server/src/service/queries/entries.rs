//! Households, entries with their histories, conflicts, and what was set aside.

use super::{ListFilter, Names, Subjects, op_of, page, rows_max, seal, unseal, words};
use crate::service::Refusal;
use crate::service::reader::Reader;
use crate::store::ledgers::{
    DecisionKey, DecisionQuery, HouseholdKey, HouseholdQuery, HouseholdRow, Listed, ReadLimits,
};
use crate::store::log::{HeldEntry, SetAside};
use bianfang_shared::area::AreaCode;
use bianfang_shared::entry::Entry;
use bianfang_shared::field::Register;
use bianfang_shared::id::{EntityId, OpId, UserId};
use bianfang_shared::judge;
use bianfang_shared::ledger::{CODE, LedgerKind, household, issue};
use bianfang_shared::op::{Body, Op};
use bianfang_shared::query::{
    ConflictView, DecisionKind, DecisionView, EntryView, HistoryItem, HouseholdSummary, PAGE_BYTES_MAX, Page,
    ProposalView, QuarantineItem,
};
use bianfang_shared::value::Value;
use serde::Serialize;
use std::collections::{BTreeSet, HashMap};

/// `GET /api/v1/households`.
pub fn households(reader: &Reader<'_>, filter: &ListFilter) -> Result<Page<HouseholdSummary>, Refusal> {
    let rows_max = rows_max(filter.limit);
    let after = unseal::<(AreaCode, String, EntityId)>(filter.after.as_deref())?;
    let query = HouseholdQuery {
        areas: Vec::new(),
        words: words(filter.text.as_deref()),
        after: after.map(|(scope, sort, entity)| HouseholdKey { scope, sort, entity }),
        rows_max: rows_max + 1,
    };
    let found = reader.households(filter.area, query)?;
    let ids: Vec<EntityId> = found.rows.iter().map(|row| row.key.entity).collect();
    let visited = reader.last_visits(&ids)?;
    Ok(page(
        found,
        (rows_max, false),
        |HouseholdRow { key, .. }| seal(&(key.scope, &key.sort, key.entity)),
        |row| Some(household_summary(&row.held.entry, visited.get(&row.key.entity).copied())),
    ))
}

fn household_summary(entry: &Entry, last_visit_ms: Option<i64>) -> HouseholdSummary {
    let text = |field| entry.text(field).to_owned();
    let categories = entry.value(household::CATEGORIES).as_list().unwrap_or_default();
    let group = entry.text(household::GROUP);
    HouseholdSummary {
        id: entry.id,
        scope: entry.scope,
        code: text(household::CODE),
        head_name: text(household::HEAD_NAME),
        address: format!("{group} {}", entry.text(household::ADDRESS)).trim().to_owned(),
        categories: categories.iter().filter_map(Value::as_text).map(str::to_owned).collect(),
        colour: entry.value(household::COLOUR).as_text().map(str::to_owned),
        conflicts: u32::try_from(entry.conflicts().count()).unwrap_or(u32::MAX),
        last_visit_ms,
    }
}

/// `GET /api/v1/entries/{id}`.
pub fn entry(reader: &Reader<'_>, id: EntityId) -> Result<EntryView, Refusal> {
    let HeldEntry { entry, .. } = reader.entry(id)?;
    let others = reader.same_code(&entry)?;
    let subjects = Subjects::load(reader, others.iter().copied())?;
    let shown = entry.fields.keys().map(|field| (field.clone(), entry.value(field).clone()));
    Ok(EntryView {
        id,
        ledger: entry.ledger.unwrap_or(LedgerKind::Unknown),
        scope: entry.scope,
        fields: shown.collect(),
        conflicts: ConflictView::of_entry(&entry),
        proposals: ProposalView::of_entry(&entry),
        same_code: others.iter().map(|other| subjects.named(*other)).collect(),
    })
}

/// `GET /api/v1/entries/{id}/history`: newest first. An operation's fields are never torn apart by a page's end.
pub fn history(reader: &Reader<'_>, id: EntityId, filter: &ListFilter) -> Result<Page<HistoryItem>, Refusal> {
    let rows_max = rows_max(filter.limit);
    let before = unseal::<u64>(filter.after.as_deref())?;
    let names = Names::load(reader)?;
    let limits = ReadLimits { rows_max: rows_max + 1, bytes_max: PAGE_BYTES_MAX };
    let log = reader.entry_log(id, before, limits)?;
    // Read to the limit, or ended by its bytes: then there may be more.
    let bytes: usize = log.iter().map(|row| row.raw.len()).sum();
    let more = log.len() > rows_max || bytes >= PAGE_BYTES_MAX;
    let (mut rows, mut unreadable, mut next) = (Vec::new(), Vec::new(), None);
    for (at, row) in log.iter().enumerate() {
        match op_of(row) {
            Ok(op) => rows.extend(history_items(&op, row.received_at_ms, &names)),
            Err(_) => unreadable.push(format!("log of {} at {}", row.scope, row.seq)),
        }
        let is_last = at + 1 == log.len();
        if rows.len() >= rows_max || is_last {
            next = (!is_last || more).then(|| seal(&row.seq));
            break;
        }
    }
    Ok(Page { rows, next, unreadable })
}

fn history_items(op: &Op, received_at_ms: i64, names: &Names) -> Vec<HistoryItem> {
    let cause = op.body.observation();
    let item = |field: &str, value: Value| HistoryItem {
        op: op.id(),
        device: op.device,
        author: op.author,
        author_name: names.of(op.author),
        at_ms: op.hlc.wall_ms(),
        received_at_ms: Some(received_at_ms),
        field: field.to_owned(),
        value,
        cause,
    };
    match &op.body {
        Body::Register { fields, .. } => {
            fields.iter().map(|(field, value)| item(field, value.clone())).collect()
        }
        Body::Amend { changes, .. } => {
            changes.iter().map(|change| item(&change.field, change.value.clone())).collect()
        }
        Body::Step { step, .. } => vec![item(issue::STATE, step.state().into())],
        _ => Vec::new(),
    }
}

/// `GET /api/v1/conflicts`.
pub fn conflicts(reader: &Reader<'_>, filter: &ListFilter) -> Result<Page<ConflictView>, Refusal> {
    let (found, entries) = open_decisions(reader, DecisionKind::Conflict, filter)?;
    let view = |key: &DecisionKey| {
        let register = entries.get(&key.entity)?.entry.fields.get(&key.field)?;
        let siblings = register.siblings().into_iter().cloned().collect();
        let DecisionKey { scope, entity, field, ledger } = key.clone();
        Some(ConflictView { entity, ledger, scope, field, siblings })
    };
    Ok(decision_page(found, &entries, filter, view))
}

/// `GET /api/v1/decisions`: a proposal, a registration to confirm, or a code that two entries have.
pub fn decisions(
    reader: &Reader<'_>,
    kind: DecisionKind,
    filter: &ListFilter,
) -> Result<Page<DecisionView>, Refusal> {
    let (found, entries) = open_decisions(reader, kind, filter)?;
    let names = Names::load(reader)?;
    let mut others: HashMap<EntityId, Vec<EntityId>> = HashMap::new();
    if kind == DecisionKind::SameCode {
        for held in entries.values() {
            others.insert(held.entry.id, reader.same_code(&held.entry)?);
        }
    }
    let named: BTreeSet<EntityId> = others.values().flatten().chain(entries.keys()).copied().collect();
    let subjects = Subjects::load(reader, named)?;
    let by_edit =
        if kind == DecisionKind::Unfit { states_by_edit(reader, &entries)? } else { BTreeSet::new() };
    let view = |key: &DecisionKey| {
        let entry = &entries.get(&key.entity)?.entry;
        // It was noted once; whoever changed it since has settled it.
        if kind == DecisionKind::Unfit
            && !by_edit.contains(&entry.id)
            && judge::unfit(entry).all(|field| field != key.field)
        {
            return None;
        }
        let mut proposals = ProposalView::of_entry(entry);
        proposals.retain(|proposal| kind == DecisionKind::Proposal && proposal.field == key.field);
        let mut people: BTreeSet<UserId> = proposals.iter().map(|view| view.proposal.author).collect();
        if kind == DecisionKind::Registration {
            people.extend(entry.fields.get(&key.field).and_then(Register::current).map(|shown| shown.author));
        }
        let others = others.get(&entry.id).map(Vec::as_slice).unwrap_or_default();
        Some(DecisionView {
            kind,
            entity: entry.id,
            ledger: key.ledger,
            scope: key.scope,
            field: key.field.clone(),
            value: entry.value(&key.field).clone(),
            name: subjects.name(entry.id),
            code: entry.text(CODE).to_owned(),
            proposals,
            others: others.iter().map(|id| subjects.named(*id)).collect(),
            people: people.into_iter().map(|user| (user, names.of(user))).collect(),
        })
    };
    Ok(decision_page(found, &entries, filter, view))
}

/// Problems that were given their state by an edit instead of a step.
fn states_by_edit(reader: &Reader<'_>, entries: &Entries) -> Result<BTreeSet<EntityId>, Refusal> {
    let problems = entries.values().filter(|held| held.entry.ledger == Some(LedgerKind::Issue));
    let heads: Vec<OpId> = problems.flat_map(|held| held.entry.heads(issue::STATE)).collect();
    let ops = reader.ops(&heads)?;
    let unfit = ops.iter().filter_map(|row| op_of(row).ok()).filter(judge::is_unfit_state);
    Ok(unfit.filter_map(|op| op.body.entity()).collect())
}

type Entries = HashMap<EntityId, HeldEntry>;

/// What waits for a decision of this kind, with its entries.
fn open_decisions(
    reader: &Reader<'_>,
    kind: DecisionKind,
    filter: &ListFilter,
) -> Result<(Listed<DecisionKey>, Entries), Refusal> {
    let after = unseal::<(AreaCode, EntityId, String, LedgerKind)>(filter.after.as_deref())?;
    let query = DecisionQuery {
        kind,
        areas: Vec::new(),
        after: after.map(|(scope, entity, field, ledger)| DecisionKey { scope, entity, field, ledger }),
        rows_max: rows_max(filter.limit) + 1,
    };
    let found = reader.decisions(filter.area, query)?;
    let ids: BTreeSet<EntityId> = found.rows.iter().map(|key| key.entity).collect();
    let entries = reader.entries(&ids.into_iter().collect::<Vec<_>>())?;
    Ok((found, entries.into_iter().map(|held| (held.entry.id, held)).collect()))
}

fn decision_page<T: Serialize>(
    found: Listed<DecisionKey>,
    entries: &Entries,
    filter: &ListFilter,
    view: impl FnMut(&DecisionKey) -> Option<T>,
) -> Page<T> {
    let rows_max = rows_max(filter.limit);
    let lost = found.rows.iter().filter(|key| !entries.contains_key(&key.entity));
    let lost: Vec<String> = lost.take(rows_max).map(|key| format!("entry {}", key.entity)).collect();
    let key = |key: &DecisionKey| seal(&(key.scope, key.entity, &key.field, key.ledger));
    let mut page = page(found, (rows_max, false), key, view);
    page.unreadable.extend(lost);
    page
}

/// `GET /api/v1/quarantine`: reviewers see what was set aside in their areas, administrators also what names no
/// village; everybody else their own. A page is shorter where administrators are not in charge of the sender.
pub fn quarantine(reader: &Reader<'_>, filter: &ListFilter) -> Result<Page<QuarantineItem>, Refusal> {
    let rows_max = rows_max(filter.limit);
    let after = unseal::<OpId>(filter.after.as_deref())?;
    let found = reader.set_asides(filter.area, after, rows_max + 1)?;
    let names = Names::load(reader)?;
    let mut seen = Vec::with_capacity(found.rows.len());
    for row in &found.rows {
        seen.push(reader.sees_aside(&row.aside)?);
    }
    let mut seen = seen.into_iter();
    Ok(page(
        found,
        (rows_max, false),
        |row| seal(&row.aside.op),
        |row| seen.next().unwrap_or(false).then(|| item(row.aside.clone(), row.raw_bytes, &names)),
    ))
}

fn item(aside: SetAside, raw_bytes: u64, names: &Names) -> QuarantineItem {
    QuarantineItem {
        op: aside.op,
        scope: aside.scope,
        author: aside.sender,
        author_name: names.of(aside.sender),
        received_at_ms: aside.received_at_ms,
        reason: aside.reason,
        raw: (*aside.raw).to_owned(),
        raw_bytes,
    }
}

/// `GET /api/v1/quarantine/{device}/{seq}`: one with all of its text, to whoever has it in the list.
pub fn quarantined(reader: &Reader<'_>, op: OpId) -> Result<QuarantineItem, Refusal> {
    let aside = reader.set_aside(op)?;
    let raw_bytes = aside.raw.len() as u64;
    Ok(item(aside, raw_bytes, &Names::load(reader)?))
}
