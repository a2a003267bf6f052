//! Problems that wait for the person signed in: to work on, or to accept.

use super::Reading;
use super::entries::row;
use super::sketch::sketch;
use crate::message::{EntryRow, LIST_ROWS};
use crate::store::entries::{self, EntryLine};
use crate::store::{StoreError, ops};
use bianfang_shared::day::Day;
use bianfang_shared::id::UserId;
use bianfang_shared::ledger::{LedgerKind, Point, household, issue};
use bianfang_shared::rules::issue::{Order, order, waits_for};
use bianfang_shared::schedule::Viewer;
use bianfang_shared::value::Value;

/// Most open problems that are looked at for one person.
const CANDIDATES_MAX: usize = 5_000;

/// Those that wait for this person, most urgent first, and how many they are.
pub(crate) fn waiting(
    reading: &Reading<'_>,
    viewer: Viewer,
    today: Day,
    here: Option<Point>,
) -> Result<(Vec<EntryRow>, u64), StoreError> {
    let mut found: Vec<(Order, EntryLine)> = Vec::new();
    for line in entries::open_problems(reading.conn, CANDIDATES_MAX)? {
        if waits(reading, viewer, &line)? {
            found.push((place(&line, today), line));
        }
    }
    found.sort_by_key(|(order, _)| *order);
    let total = found.len() as u64;
    found.truncate(LIST_ROWS);
    Ok((found.into_iter().map(|(_, line)| row(line, here)).collect(), total))
}

fn waits(reading: &Reading<'_>, viewer: Viewer, line: &EntryLine) -> Result<bool, StoreError> {
    let said = |field: &str| line.row.fields.get(field).cloned().unwrap_or_default();
    let state = said(issue::STATE);
    let to_accept = state.as_text() == Some(issue::TO_ACCEPT);
    // Who rectified it stands in its operations; only whoever accepts has to know.
    let rectified = to_accept
        && viewer.role.reviews()
        && super::entry::rectifiers(&ops::of_entity(reading.conn, line.row.id)?).contains(&viewer.user);
    let problem = sketch(
        line.row.id,
        line.row.scope,
        LedgerKind::Issue,
        [(issue::STATE, state), (issue::RESPONSIBLE, said(issue::RESPONSIBLE))],
    );
    let user = |user: Option<UserId>| Value::from(user.map(|user| user.to_string()));
    let of_household = line.household.map(|id| {
        let cadre = [(household::CADRE, user(line.cadre))];
        sketch(id, line.row.scope, LedgerKind::Household, cadre)
    });
    Ok(waits_for(&problem, of_household.as_ref(), rectified, viewer.user, viewer.role))
}

fn place(line: &EntryLine, today: Day) -> Order {
    let said = |field: &str| line.row.fields.get(field);
    let text = |field: &str| said(field).and_then(Value::as_text).unwrap_or_default();
    let urgent = said(issue::URGENT) == Some(&Value::Bool(true));
    order(text(issue::STATE), urgent, text(issue::DEADLINE).parse().ok(), today)
}
