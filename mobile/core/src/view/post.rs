//! Public posts: the month's sheets, and what has to be looked at.

use super::Reading;
use super::record::own_observation;
use crate::message::{MonthSheet, SheetDay};
use crate::platform::Now;
use crate::store::records::{self, RecordLine};
use crate::store::{StoreError, entries};
use crate::view::household::MEMBERS_MAX;
use bianfang_shared::day::{self, Day};
use bianfang_shared::entry::Entry;
use bianfang_shared::evidence::best_fix;
use bianfang_shared::id::EntityId;
use bianfang_shared::ledger::{LedgerKind, Point, post};
use bianfang_shared::observation::{Observation, ObservationKind};
use bianfang_shared::photo::PhotoPolicy;
use bianfang_shared::policy::Policy;
use bianfang_shared::rules::Ground;
use bianfang_shared::rules::post::{
    AttendanceMark, Finding, Holder, MonthState, PostTerms, RepeatKind, RosterMark, holder_flags,
    month_sheet, repeats,
};
use std::collections::BTreeMap;

/// Attendances of one post that are looked at for its sheets: several a day for two months.
const ATTENDANCES_MAX: usize = 500;
/// Attendances of all posts at about one time that are compared with each other.
const COMPARED_MAX: usize = 200;

/// What is known of whoever holds a post; none where nobody does, or somebody who is not here.
pub(crate) fn holder(reading: &Reading<'_>, post: &Entry, today: Day) -> Result<Option<Holder>, StoreError> {
    let conn = reading.conn;
    let Ok(id) = post.text(post::HOLDER).parse::<EntityId>() else { return Ok(None) };
    let Some(person) = entries::entry(conn, id)? else { return Ok(None) };
    let household = entries::line(conn, id)?.and_then(|line| line.household);
    let mut members = Vec::new();
    for member in household.map_or(Ok(Vec::new()), |household| {
        entries::children(conn, household, LedgerKind::Person, MEMBERS_MAX)
    })? {
        members.extend(entries::entry(conn, member)?);
    }
    let posts = entries::children(conn, id, LedgerKind::Post, MEMBERS_MAX)?.len();
    Ok(Some(Holder::of(&person, &members, posts, today)))
}

/// An attendance with what it says.
struct Attendance {
    line: RecordLine,
    record: Observation,
}

/// Attendances of a post since a day, oldest first.
fn attendances(reading: &Reading<'_>, post: EntityId, since: Day) -> Result<Vec<Attendance>, StoreError> {
    let kind = ObservationKind::Attendance;
    let from_ms = day::start_ms(since);
    let lines = records::of_kind_since(reading.conn, post, kind, from_ms, ATTENDANCES_MAX)?;
    read(reading, lines)
}

fn read(reading: &Reading<'_>, lines: Vec<RecordLine>) -> Result<Vec<Attendance>, StoreError> {
    let mut found = Vec::new();
    for line in lines {
        found.extend(own_observation(reading, line.id)?.map(|record| Attendance { line, record }));
    }
    Ok(found)
}

/// This month and the one before, day by day.
pub(crate) fn sheets(reading: &Reading<'_>, post: &Entry, now: Now) -> Result<Vec<MonthSheet>, StoreError> {
    let today = reading.today(now)?;
    let this = today.first_of_month();
    let before = day::plus_days(this, -1).first_of_month();
    let attendances = attendances(reading, post.id, before)?;
    Ok([this, before].map(|month| sheet(post, &attendances, month, today)).into())
}

fn sheet(post: &Entry, attendances: &[Attendance], month: Day, today: Day) -> MonthSheet {
    let terms = PostTerms::of_post(post);
    // Weak evidence speaks neither for a day nor against it.
    let counted = attendances.iter().filter(|attendance| attendance.line.counts());
    let marks: Vec<AttendanceMark> = counted
        .filter_map(|attendance| {
            AttendanceMark::of_record(&attendance.record, Some(attendance.line.ended_at_ms))
        })
        .collect();
    let sheet = month_sheet(&terms, &marks, month, today, &Policy::builtin().posts.attendance);
    let mut days: BTreeMap<Day, SheetDay> = BTreeMap::new();
    for attendance in attendances {
        let day = day::day_of(attendance.line.ended_at_ms);
        if day < month || day > month.last_of_month() {
            continue;
        }
        let blank = SheetDay { day: day.to_string(), state: "doubtful".to_owned(), records: Vec::new() };
        days.entry(day).or_insert(blank).records.push(attendance.line.id);
    }
    for known in &sheet.days {
        if let Some(day) = days.get_mut(&known.day) {
            day.state = state(known.finding, known.counts).to_owned();
        }
    }
    MonthSheet {
        month: month.to_string(),
        required_days: sheet.required_days,
        counted_days: sheet.counted_days,
        short: sheet.state == MonthState::Short,
        days: days.into_values().collect(),
    }
}

fn state(finding: Option<Finding>, counts: bool) -> &'static str {
    match finding {
        Some(Finding::Absent) => "absent",
        Some(Finding::Leave) => "leave",
        Some(Finding::Substitute) => "substitute",
        Some(Finding::OnPost) | None if counts => "present",
        Some(Finding::OnPost) | None => "doubtful",
    }
}

/// What has to be looked at: who holds it, a month too short, attendances that repeat those of other posts.
pub(crate) fn flags(
    reading: &Reading<'_>,
    post: &Entry,
    sheets: &[MonthSheet],
    now: Now,
) -> Result<Vec<Ground>, StoreError> {
    let policy = &Policy::builtin().posts;
    let today = reading.today(now)?;
    let holder = holder(reading, post, today)?;
    let mut flags = holder.map(|holder| holder_flags(&holder, &policy.eligibility)).unwrap_or_default();
    flags.extend(sheets.iter().filter(|sheet| sheet.short).map(|sheet| {
        let numbers = [
            ("month".to_owned(), sheet.month.as_str().into()),
            ("counted_days".to_owned(), i64::from(sheet.counted_days).into()),
            ("required_days".to_owned(), i64::from(sheet.required_days).into()),
        ];
        ground("attendance_short", numbers.into(), &policy.attendance.source)
    }));
    flags.extend(repeated(reading, post, today)?);
    Ok(flags)
}

fn ground(code: &str, numbers: BTreeMap<String, bianfang_shared::value::Value>, source: &str) -> Ground {
    Ground { code: code.to_owned(), grade: String::new(), numbers, source: source.to_owned() }
}

/// Attendances of this post at the very same point, or with the same picture, as one of another within minutes.
fn repeated(reading: &Reading<'_>, post: &Entry, today: Day) -> Result<Vec<Ground>, StoreError> {
    let policy = &Policy::builtin().posts.repeats;
    let within_ms = policy.within_min.saturating_mul(60_000);
    let since = day::plus_days(today.first_of_month(), -1).first_of_month();
    let mut found: Vec<Ground> = Vec::new();
    for kind in [RepeatKind::Point, RepeatKind::Photo] {
        let mut days: Vec<Day> = Vec::new();
        for own in attendances(reading, post.id, since)? {
            // A phone may say any time, also the last that a number holds.
            let at_ms = own.line.ended_at_ms;
            let around = (at_ms.saturating_sub(within_ms), at_ms.saturating_add(within_ms));
            let lines = records::attendances_between(reading.conn, around, COMPARED_MAX)?;
            if lines.len() < 2 {
                continue;
            }
            let near = read(reading, lines)?;
            let marks: Vec<RosterMark<'_>> = near.iter().map(mark).collect();
            let bits = PhotoPolicy::builtin().likeness.within_bits;
            let own_id = own.line.id;
            if repeats(&marks, policy, bits)
                .iter()
                .any(|repeat| repeat.kind == kind && (repeat.first == own_id || repeat.second == own_id))
            {
                days.push(day::day_of(own.line.ended_at_ms));
            }
        }
        if let Some(last) = days.iter().max() {
            let count = i64::try_from(days.len()).unwrap_or(i64::MAX);
            let numbers =
                [("day".to_owned(), last.to_string().into()), ("records_count".to_owned(), count.into())];
            found.push(ground(kind.code(), numbers.into(), &policy.source));
        }
    }
    Ok(found)
}

fn mark(attendance: &Attendance) -> RosterMark<'_> {
    let Attendance { line, record } = attendance;
    let fix = best_fix(&record.fixes, record.ended_at_ms, &Policy::builtin().evidence);
    RosterMark {
        record: line.id,
        post: line.subject,
        at_ms: line.ended_at_ms,
        point: fix.map(|fix| Point { lat: fix.lat, lon: fix.lon, accuracy_m: fix.accuracy_m }),
        photos: &record.photos,
    }
}
