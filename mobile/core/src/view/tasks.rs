//! What is to be inspected, checked and attended by the person signed in, and when.

use super::Reading;
use super::entries::row;
use super::sketch::sketch;
use super::today::DUE_SOON_DAYS;
use crate::message::{LIST_ROWS, TaskRow};
use crate::store::entries::{self, EntryLine, Wanted};
use crate::store::{StoreError, records};
use bianfang_shared::checklist::{Condition, Test};
use bianfang_shared::day::Day;
use bianfang_shared::entry::Entry;
use bianfang_shared::id::UserId;
use bianfang_shared::ledger::{LedgerKind, Point, household};
use bianfang_shared::policy::{Policy, ScheduleRule};
use bianfang_shared::schedule::{Due, Mark, Subject, Viewer, due_of, record_kind};
use bianfang_shared::value::Value;

/// The ledgers whose entries are called on by other records than visits.
const LEDGERS: [LedgerKind; 3] = [LedgerKind::House, LedgerKind::WaterSupply, LedgerKind::Post];
/// Most entries of one ledger that are looked at for one person.
const CANDIDATES_MAX: usize = 20_000;
/// Records about one entry that the schedule looks at: a year of two a month.
const MARKS_MAX: usize = 24;

/// Those that are due, overdue first, then nearest, and how many they are.
pub(crate) fn due(
    reading: &Reading<'_>,
    viewer: Viewer,
    today: Day,
    here: Option<Point>,
) -> Result<(Vec<TaskRow>, u64), StoreError> {
    let mut found = Vec::new();
    for ledger in LEDGERS {
        for line in candidates(reading, viewer, ledger)? {
            if let Some(due) = due_for(reading, viewer, &line, today)?
                && due.overdue_days >= -DUE_SOON_DAYS
            {
                found.push((due, line));
            }
        }
    }
    let total = found.len() as u64;
    let mut rows: Vec<TaskRow> =
        found.into_iter().filter_map(|(due, line)| task_row(due, line, here)).collect();
    rows.sort_by(|a, b| {
        let distance = |row: &TaskRow| row.entry.distance_m.unwrap_or(f64::INFINITY);
        (b.overdue_days > 0)
            .cmp(&(a.overdue_days > 0))
            .then(distance(a).total_cmp(&distance(b)))
            .then_with(|| a.due_on.cmp(&b.due_on))
            .then_with(|| a.entry.code.cmp(&b.entry.code))
    });
    rows.truncate(LIST_ROWS);
    for row in &mut rows {
        row.entry.open_issues = entries::open_issues_of(reading.conn, row.entry.id)?;
    }
    Ok((rows, total))
}

/// What is due about one entry.
pub(crate) fn of_entry(
    reading: &Reading<'_>,
    viewer: Viewer,
    line: &EntryLine,
    today: Day,
    here: Option<Point>,
) -> Result<Vec<TaskRow>, StoreError> {
    if !LEDGERS.contains(&line.row.ledger) {
        return Ok(Vec::new());
    }
    let due = due_for(reading, viewer, line, today)?;
    Ok(due.and_then(|due| task_row(due, line.clone(), here)).into_iter().collect())
}

/// The entries that some rule may name for this person: by the indexes on who is assigned and on grades where the rules
/// ask for no more.
fn candidates(
    reading: &Reading<'_>,
    viewer: Viewer,
    ledger: LedgerKind,
) -> Result<Vec<EntryLine>, StoreError> {
    let rules = Policy::builtin().schedule.rules.iter();
    let rules: Vec<&ScheduleRule> =
        rules.filter(|rule| rule.about == ledger && rule.who.contains(&viewer.role)).collect();
    if rules.is_empty() {
        return Ok(Vec::new());
    }
    let assigned = rules.iter().all(|rule| rule.whom.assigned_by.is_some());
    let wanted = Wanted { of: assigned.then_some(viewer.user), ..Wanted::default() };
    let standing = entries::standing_field(ledger).and_then(|field| {
        let words = rules.iter().map(|rule| words_wanted(&rule.whom.when, field));
        words.collect::<Option<Vec<_>>>().map(|words| words.concat())
    });
    entries::candidates(reading.conn, ledger, &wanted, standing.as_deref(), CANDIDATES_MAX)
}

/// The words of which a field has to say one for the condition to hold; none where it can hold with any other.
fn words_wanted(when: &Condition, field: &str) -> Option<Vec<String>> {
    let word = |value: &Value| value.as_text().map(str::to_owned);
    match when {
        Condition::All(all) => all.iter().find_map(|condition| words_wanted(condition, field)),
        Condition::Test { key: Some(key), test } if key.strip_prefix("subject.") == Some(field) => match test
        {
            Test::Is(value) => word(value).map(|word| vec![word]),
            Test::AnyOf(values) => values.iter().map(word).collect(),
            Test::AtLeast(_) | Test::AtMost(_) | Test::Answered(_) => None,
        },
        _ => None,
    }
}

fn due_for(
    reading: &Reading<'_>,
    viewer: Viewer,
    line: &EntryLine,
    today: Day,
) -> Result<Option<Due>, StoreError> {
    let (entry, household) = sketches(line);
    let subject = Subject { entry: &entry, household: household.as_ref() };
    let rules = &Policy::builtin().schedule.rules;
    let kind = record_kind(line.row.ledger);
    let Some(kind) = kind.filter(|_| rules.iter().any(|rule| rule.applies_to(subject, viewer))) else {
        return Ok(None);
    };
    let marks = records::marks(reading.conn, line.row.id, kind, MARKS_MAX)?;
    let counted: Vec<Mark> = marks.iter().filter(|one| one.why_not.is_none()).map(|one| one.mark).collect();
    Ok(due_of(subject, viewer, &counted, Policy::builtin(), today))
}

/// The entry and its household as far as the schedule looks at them.
fn sketches(line: &EntryLine) -> (Entry, Option<Entry>) {
    let row = &line.row;
    let said = row.fields.iter().map(|(field, value)| (field.as_str(), value.clone()));
    let user = |user: Option<UserId>| Value::from(user.map(|user| user.to_string()));
    let household = line.household.map(|id| {
        let people =
            [(household::CADRE, user(line.cadre)), (household::FAMILY_DOCTOR, user(line.family_doctor))];
        sketch(id, row.scope, LedgerKind::Household, people)
    });
    (sketch(row.id, row.scope, row.ledger, said), household)
}

fn task_row(due: Due, line: EntryLine, here: Option<Point>) -> Option<TaskRow> {
    Some(TaskRow {
        kind: record_kind(line.row.ledger)?,
        entry: row(line, here),
        due_on: due.due_on.to_string(),
        overdue_days: i64::from(due.overdue_days),
        rule: due.rule,
        last_on: due.last_visit_on.map(|day| day.to_string()),
    })
}
