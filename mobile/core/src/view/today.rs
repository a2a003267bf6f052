//! 今日: what is due for the person signed in.

use super::names::Names;
use super::{Reading, households, issues, record, tasks};
use crate::message::{DraftRow, DueRow, LIST_ROWS, Today, Uncounted, WhyUncounted};
use crate::platform::Now;
use crate::store::entries::{self, HouseholdLine};
use crate::store::records::Marked;
use crate::store::{StoreError, drafts, meta, records};
use bianfang_shared::day::{self, Day};
use bianfang_shared::entry::Entry;
use bianfang_shared::id::UserId;
use bianfang_shared::ledger::{LedgerKind, Point, household};
use bianfang_shared::observation::ObservationKind;
use bianfang_shared::observation::Outcome;
use bianfang_shared::policy::Policy;
use bianfang_shared::schedule::{Due, Viewer, due};
use bianfang_shared::value::Value;

/// Households due within so many days are shown; later ones are not yet of interest.
pub(crate) const DUE_SOON_DAYS: i32 = 7;
/// Most households that are looked at for one person. Far more than anybody calls on.
const CANDIDATES_MAX: usize = 20_000;
/// Visits of one household that the schedule looks at: a year of two a month.
const MARKS_MAX: usize = 24;

pub(crate) fn view(reading: Reading<'_>, now: Now, here: Option<Point>) -> Result<Today, StoreError> {
    let conn = reading.conn;
    let names = Names::read(conn)?;
    let Some(user) = meta::user(conn)? else { return Ok(empty()) };
    let viewer = Viewer { role: user.role, user: user.id };
    let today = reading.today(now)?;
    let mut found: Vec<Found> = Vec::new();
    for line in candidates(&reading, viewer)? {
        if let Some(one) = find(&reading, viewer, line, today)?
            && one.due.overdue_days >= -DUE_SOON_DAYS
        {
            found.push(one);
        }
    }
    let due_total = found.len() as u64;
    let overdue_total = found.iter().filter(|one| one.due.overdue_days > 0).count() as u64;
    let month_start = day::start_ms(today.first_of_month());
    let (issues, issues_total) = issues::waiting(&reading, viewer, today, here)?;
    let (tasks, tasks_total) = tasks::due(&reading, viewer, today, here)?;
    Ok(Today {
        tasks,
        tasks_total,
        issues,
        issues_total,
        due: nearest(found, here),
        due_total,
        overdue_total,
        sent_back: record::rows(&reading, &names, records::sent_back(conn, user.id, LIST_ROWS)?)?,
        drafts: begun(&reading)?,
        visited_this_month: records::visited_since(conn, user.id, month_start)?,
    })
}

/// A household that some rule asks the person to call on.
struct Found {
    due: Due,
    uncounted: Option<Uncounted>,
    line: HouseholdLine,
}

fn empty() -> Today {
    Today {
        due: Vec::new(),
        due_total: 0,
        overdue_total: 0,
        sent_back: Vec::new(),
        drafts: Vec::new(),
        visited_this_month: 0,
        tasks: Vec::new(),
        tasks_total: 0,
        issues: Vec::new(),
        issues_total: 0,
    }
}

/// Overdue first, then nearest, then earliest; at most a page.
fn nearest(found: Vec<Found>, here: Option<Point>) -> Vec<DueRow> {
    let mut rows: Vec<DueRow> = found.into_iter().map(|one| due_row(one, here)).collect();
    rows.sort_by(|a, b| {
        let distance = |row: &DueRow| row.household.distance_m.unwrap_or(f64::INFINITY);
        (b.overdue_days > 0)
            .cmp(&(a.overdue_days > 0))
            .then(distance(a).total_cmp(&distance(b)))
            .then_with(|| a.due_on.cmp(&b.due_on))
            .then_with(|| a.household.code.cmp(&b.household.code))
    });
    rows.truncate(LIST_ROWS);
    rows
}

/// The households that some rule may name for this person: by the indexes on who is assigned, or all where a rule
/// asks for whole villages.
fn candidates(reading: &Reading<'_>, viewer: Viewer) -> Result<Vec<HouseholdLine>, StoreError> {
    let rules = &Policy::builtin().schedule.rules;
    let mut mine = rules
        .iter()
        .filter(|rule| rule.about == LedgerKind::Household && rule.who.contains(&viewer.role))
        .peekable();
    if mine.peek().is_none() {
        return Ok(Vec::new());
    }
    if mine.all(|rule| rule.whom.assigned_by.is_some()) {
        entries::assigned(reading.conn, viewer.user, CANDIDATES_MAX)
    } else {
        entries::every_household(reading.conn, CANDIDATES_MAX)
    }
}

/// When the person signed in has to call on this household.
pub(crate) fn due_of(
    reading: &Reading<'_>,
    now: Now,
    line: &HouseholdLine,
    here: Option<Point>,
) -> Result<Option<DueRow>, StoreError> {
    let Some(user) = meta::user(reading.conn)? else { return Ok(None) };
    let viewer = Viewer { role: user.role, user: user.id };
    let found = find(reading, viewer, line.clone(), reading.today(now)?)?;
    Ok(found.map(|one| due_row(one, here)))
}

fn find(
    reading: &Reading<'_>,
    viewer: Viewer,
    line: HouseholdLine,
    today: Day,
) -> Result<Option<Found>, StoreError> {
    let entry = sketch(&line);
    let rules = &Policy::builtin().schedule.rules;
    if !rules.iter().any(|rule| rule.applies(&entry, viewer)) {
        return Ok(None);
    }
    let marks = records::marks(reading.conn, line.row.id, ObservationKind::Visit, MARKS_MAX)?;
    let counted: Vec<_> = marks.iter().filter(|one| one.why_not.is_none()).map(|one| one.mark).collect();
    let found = due(&entry, viewer, &counted, Policy::builtin(), today);
    Ok(found.map(|due| Found { uncounted: uncounted(&due, &marks), due, line }))
}

/// The last visit at home, if it is later than the one that counts. `marks` are newest first.
fn uncounted(due: &Due, marks: &[Marked]) -> Option<Uncounted> {
    let last = marks.iter().find(|one| one.mark.outcome == Outcome::AtHome)?;
    let on = day::day_of(last.mark.at_ms);
    if due.last_visit_on.is_some_and(|counted| counted >= on) {
        return None;
    }
    // What counts for somebody and not here can only be another person's.
    Some(Uncounted { on: on.to_string(), why: last.why_not.unwrap_or(WhyUncounted::NotOwn) })
}

/// The household as far as the schedule looks at it.
fn sketch(line: &HouseholdLine) -> Entry {
    let user = |user: Option<UserId>| Value::from(user.map(|user| user.to_string()));
    let fields = [
        (household::CATEGORIES, Value::texts(line.row.categories.iter().cloned())),
        (household::COLOUR, Value::from(line.row.colour.clone())),
        (household::CADRE, user(line.cadre)),
        (household::FAMILY_DOCTOR, user(line.family_doctor)),
    ];
    super::sketch::sketch(line.row.id, line.row.scope, LedgerKind::Household, fields)
}

fn due_row(found: Found, here: Option<Point>) -> DueRow {
    let Found { due, uncounted, line } = found;
    DueRow {
        household: households::row(line, here),
        due_on: due.due_on.to_string(),
        overdue_days: i64::from(due.overdue_days),
        rule: due.rule,
        last_visit_on: due.last_visit_on.map(|day| day.to_string()),
        uncounted,
    }
}

fn begun(reading: &Reading<'_>) -> Result<Vec<DraftRow>, StoreError> {
    let mut rows = Vec::new();
    for (kind, subject, touched_at_ms) in drafts::list(reading.conn, LIST_ROWS)? {
        let name = entries::name(reading.conn, subject)?.map(|(name, _)| name);
        rows.push(DraftRow { kind, subject, name, touched_at_ms });
    }
    Ok(rows)
}
