//! An entry of any ledger with all that belongs to it.

use super::names::Names;
use super::{Reading, entries as rows, household, photos, post, record, tasks};
use crate::message::{EntryDetail, EntryRow, LIST_ROWS, Place, RecordRow, StepRow};
use crate::platform::Now;
use crate::store::entries::{self, EntryLine};
use crate::store::ops::{self, Held};
use crate::store::{StoreError, drafts, meta, records};
use bianfang_shared::entry::Entry;
use bianfang_shared::id::{EntityId, UserId};
use bianfang_shared::ledger::{LedgerKind, Point, household as house_fields, issue};
use bianfang_shared::observation::ObservationKind;
use bianfang_shared::op::{Body, IssueStep};
use bianfang_shared::query::EntryView;
use bianfang_shared::rules;
use bianfang_shared::schedule::Viewer;
use std::collections::BTreeSet;

pub(crate) fn view(
    reading: &Reading<'_>,
    now: Now,
    id: EntityId,
    here: Option<Point>,
) -> Result<Option<EntryDetail>, StoreError> {
    let conn = reading.conn;
    let (Some(line), Some(entry)) = (entries::line(conn, id)?, entries::entry(conn, id)?) else {
        return Ok(None);
    };
    let names = Names::read(conn)?;
    let is_issue = line.row.ledger == LedgerKind::Issue;
    let held = if is_issue { ops::of_entity(conn, id)? } else { Vec::new() };
    let begun = ObservationKind::ALL.into_iter().filter_map(|kind| match drafts::get(conn, kind, id) {
        Ok(draft) => draft.map(|_| Ok(kind)),
        Err(error) => Some(Err(error)),
    });
    let issues = entries::issues(conn, id, LIST_ROWS)?;
    let tasks = match meta::user(conn)? {
        Some(user) => {
            let viewer = Viewer { role: user.role, user: user.id };
            tasks::of_entry(reading, viewer, &line, reading.today(now)?, here)?
        }
        None => Vec::new(),
    };
    let is_post = line.row.ledger == LedgerKind::Post;
    let sheets = if is_post { post::sheets(reading, &entry, now)? } else { Vec::new() };
    Ok(Some(EntryDetail {
        village: super::village(conn, entry.scope)?,
        point: line.point,
        linked: linked(reading, &line, &entry, here)?,
        issues: rows::rows_of(reading, issues, None)?,
        records: if is_issue { found_by(reading, &names, &held)? } else { about(reading, &names, id)? },
        tasks,
        drafts: begun.collect::<Result<_, _>>()?,
        may: may(reading, &entry, &held)?,
        steps: steps(reading, &names, held)?,
        flags: if is_post { post::flags(reading, &entry, &sheets, now)? } else { Vec::new() },
        sheets,
        names: household::users_named(&names, [&entry].into_iter()),
        row: rows::row(line, here),
        entry: EntryView { same_code: entries::same_code(conn, &entry)?, ..household::entry_view(&entry) },
    }))
}

/// What it names, and what names it.
fn linked(
    reading: &Reading<'_>,
    line: &EntryLine,
    entry: &Entry,
    here: Option<Point>,
) -> Result<Vec<EntryRow>, StoreError> {
    let mut ids = Vec::new();
    let mut put = |id: Option<EntityId>| {
        if let Some(id) = id.filter(|id| *id != entry.id && !ids.contains(id)) {
            ids.push(id);
        }
    };
    let named = |field: &str| entry.text(field).parse::<EntityId>().ok();
    put(line.parent);
    put(line.household);
    match line.row.ledger {
        LedgerKind::Household => {
            of_household(reading, entry)?.into_iter().for_each(|id| put(Some(id)));
        }
        LedgerKind::Person => {
            let posts = entries::children(reading.conn, entry.id, LedgerKind::Post, LIST_ROWS)?;
            posts.into_iter().for_each(|id| put(Some(id)));
        }
        LedgerKind::WaterSupply => {
            let served = entries::served(reading.conn, entry.id, LIST_ROWS)?;
            served.into_iter().for_each(|id| put(Some(id)));
        }
        LedgerKind::House | LedgerKind::Post | LedgerKind::Issue | LedgerKind::Unknown => {
            put(named(issue::SUBJECT));
        }
    }
    ids.truncate(LIST_ROWS);
    rows::rows_of(reading, ids, here)
}

/// A household's houses, the one lived in first; its water supply; the posts of its members.
pub(crate) fn of_household(reading: &Reading<'_>, household: &Entry) -> Result<Vec<EntityId>, StoreError> {
    let conn = reading.conn;
    let named = |field: &str| household.text(field).parse::<EntityId>().ok();
    let mut ids: Vec<EntityId> = named(house_fields::HOUSE).into_iter().collect();
    ids.extend(entries::children(conn, household.id, LedgerKind::House, LIST_ROWS)?);
    ids.extend(named(house_fields::WATER_SUPPLY));
    for person in entries::children(conn, household.id, LedgerKind::Person, household::MEMBERS_MAX)? {
        ids.extend(entries::children(conn, person, LedgerKind::Post, LIST_ROWS)?);
    }
    let mut seen = Vec::new();
    ids.retain(|id| {
        !seen.contains(id) && {
            seen.push(*id);
            true
        }
    });
    Ok(ids)
}

fn about(reading: &Reading<'_>, names: &Names, id: EntityId) -> Result<Vec<RecordRow>, StoreError> {
    record::rows(reading, names, records::of_subject(reading.conn, id, LIST_ROWS)?)
}

/// The record that found a problem.
fn found_by(reading: &Reading<'_>, names: &Names, held: &[Held]) -> Result<Vec<RecordRow>, StoreError> {
    let causes = held.iter().filter_map(|held| match &held.op.body {
        Body::Register { cause, .. } => *cause,
        _ => None,
    });
    let mut found = Vec::new();
    for cause in causes {
        if found.iter().all(|line: &crate::store::records::RecordLine| line.id != cause) {
            found.extend(records::get(reading.conn, cause)?);
        }
    }
    record::rows(reading, names, found)
}

/// A problem's life, oldest first.
fn steps(reading: &Reading<'_>, names: &Names, mut held: Vec<Held>) -> Result<Vec<StepRow>, StoreError> {
    held.retain(|held| held.folds || held.own);
    held.sort_by_key(|held| (held.place.unwrap_or(u64::MAX), held.op.hlc, held.op.seq));
    let mut rows = Vec::new();
    for held in held {
        let (step, note) = match &held.op.body {
            Body::Register { .. } => (None, String::new()),
            Body::Step { step, note, .. } => (Some(*step), note.clone()),
            _ => continue,
        };
        rows.push(StepRow {
            op: held.op.id(),
            step,
            author_name: names.of(held.op.author),
            at_ms: held.op.hlc.wall_ms(),
            note,
            photos: held.op.body.photos().to_vec(),
            place: place(reading, &held)?,
        });
    }
    Ok(rows)
}

/// Where a step is, with its photographs.
fn place(reading: &Reading<'_>, held: &Held) -> Result<Place, StoreError> {
    if let Some(reason) = &held.reason {
        return Ok(Place::SetAside { reason: reason.clone() });
    }
    if !held.own {
        return Ok(Place::Centre);
    }
    if held.received_at_ms.is_none() {
        return Ok(Place::Device);
    }
    photos::place_of(reading, held.op.body.photos())
}

/// The steps that the person signed in may take now, as the centre will judge them.
fn may(reading: &Reading<'_>, entry: &Entry, held: &[Held]) -> Result<Vec<IssueStep>, StoreError> {
    let Some(user) = meta::user(reading.conn)?.filter(|_| entry.ledger == Some(LedgerKind::Issue)) else {
        return Ok(Vec::new());
    };
    Ok(rules::issue::steps(entry.text(issue::STATE), rectifiers(held).contains(&user.id), user.role))
}

/// Whoever rectified a problem.
pub(crate) fn rectifiers(held: &[Held]) -> BTreeSet<UserId> {
    let rectified = |held: &&Held| matches!(held.op.body, Body::Step { step: IssueStep::Rectify, .. });
    held.iter().filter(|held| held.folds).filter(rectified).map(|held| held.op.author).collect()
}
