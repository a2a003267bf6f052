//! Who must be called on, and when: the rules of 遍访 applied to one household. Reads no clock; the day comes in.

use crate::access::Role;
use crate::day::{self, Day};
use crate::entry::Entry;
use crate::evidence::Grade;
use crate::id::UserId;
use crate::observation::{Observation, ObservationKind, Outcome};
use crate::policy::{Every, Policy, SchedulePolicy, ScheduleRule, Whom};
use crate::query::ReviewState;
use serde::{Deserialize, Serialize};

/// For whom the schedule is worked out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Viewer {
    /// What the person is.
    pub role: Role,
    /// Who.
    pub user: UserId,
}

/// A visit as the schedule sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VisitMark {
    /// When it was saved, by the phone's wall clock, in milliseconds since 1970.
    pub at_ms: i64,
    /// How it went.
    pub outcome: Outcome,
    /// Whether the viewer made it or went along. A rule about assigned households asks for one's own visits;
    /// other rules count anybody's.
    pub own: bool,
}

impl VisitMark {
    /// What the schedule sees of a record by `author`; nothing of one that is no visit.
    pub fn of_record(record: &Observation, author: UserId, viewer: Viewer) -> Option<VisitMark> {
        (record.kind == ObservationKind::Visit).then(|| VisitMark {
            at_ms: record.ended_at_ms,
            outcome: record.outcome,
            own: author == viewer.user || record.companions.contains(&viewer.user),
        })
    }
}

/// Whether a visit counts towards the schedule: 可信 unless it was sent back, 存疑 once approved. A doubtful one that
/// waits for review counts meanwhile, else people would be sent to the same door again before anybody looked.
pub fn counts(grade: Grade, review: ReviewState) -> bool {
    match review {
        ReviewState::SentBack | ReviewState::Retracted => false,
        ReviewState::Approved | ReviewState::Waiting => grade >= Grade::Doubtful,
    }
}

/// When a household is due.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Due {
    /// The day by which it must be called on.
    pub due_on: Day,
    /// Days past that day; negative while it is still to come.
    pub overdue_days: i32,
    /// The rule that asks for it, as `rule-<key>` in the messages.
    pub rule: String,
    /// How often visits that met nobody have put it off.
    pub postponed: u8,
    /// The last visit that counts, with someone at home.
    pub last_visit_on: Option<Day>,
}

/// When the viewer has to call on this household next; none if no rule asks it of this person.
///
/// Due days count from the last visit with someone at home, by the calendar. A visit that met nobody puts the day off
/// by a week, from the due day or from the visit, whichever is later, at most twice; two on one day count once.
/// A household never met is due today: whoever it was assigned to yesterday should see it at once, and there is no
/// day yet that could have been missed. Of several rules the earliest day holds, so an orange household is due
/// twice a month also for a cadre who calls monthly. `visits` are those that [`counts`], in any order.
pub fn due(
    household: &Entry,
    viewer: Viewer,
    visits: &[VisitMark],
    policy: &Policy,
    today: Day,
) -> Option<Due> {
    let rules = policy.schedule.rules.iter().filter(|rule| rule.applies(household, viewer));
    let dues = rules.map(|rule| due_by(rule, visits, &policy.schedule, today));
    // `min_by_key` keeps the first of equals: the order of the rules in the policy.
    dues.min_by_key(|due| due.due_on)
}

impl ScheduleRule {
    /// Whether this person has to call on this household by this rule.
    pub fn applies(&self, household: &Entry, viewer: Viewer) -> bool {
        self.who.contains(&viewer.role) && self.whom.includes(household, viewer)
    }
}

impl Whom {
    fn includes(&self, household: &Entry, viewer: Viewer) -> bool {
        let assigned =
            |field: &String| household.text(field).parse().is_ok_and(|user: UserId| user == viewer.user);
        let categories = household.value(crate::ledger::household::CATEGORIES);
        self.assigned_by.as_ref().is_none_or(assigned)
            && (self.categories.is_empty() || self.categories.iter().any(|key| categories.holds(key)))
            && self.colour.as_ref().is_none_or(|key| household.text(crate::ledger::household::COLOUR) == key)
    }
}

fn due_by(rule: &ScheduleRule, visits: &[VisitMark], policy: &SchedulePolicy, today: Day) -> Due {
    let personal = rule.whom.assigned_by.is_some();
    let counted = || visits.iter().filter(move |visit| visit.own || !personal);
    let last_visit_on = counted()
        .filter(|visit| visit.outcome == Outcome::AtHome)
        .map(|visit| day::day_of(visit.at_ms))
        .max();
    let mut in_vain: Vec<Day> = counted()
        .filter(|visit| visit.outcome != Outcome::AtHome)
        .map(|visit| day::day_of(visit.at_ms))
        .filter(|day| last_visit_on.is_none_or(|last| *day > last))
        .collect();
    in_vain.sort_unstable();
    in_vain.dedup();
    in_vain.truncate(usize::from(policy.postpone_times_max));

    let first = match (last_visit_on, in_vain.first()) {
        (Some(last), _) => rule.every.after(last),
        (None, Some(attempt)) => *attempt,
        (None, None) => today,
    };
    let due_on = in_vain
        .iter()
        .fold(first, |due_on, attempt| day::plus_days(due_on.max(*attempt), i64::from(policy.postpone_days)));
    Due {
        due_on,
        overdue_days: day::days_between(due_on, today),
        rule: rule.key.clone(),
        postponed: u8::try_from(in_vain.len()).unwrap_or(u8::MAX),
        last_visit_on,
    }
}

impl Every {
    /// The day on which the next visit is due after one on `day`.
    pub fn after(self, day: Day) -> Day {
        match self {
            Self::Months(months) => day::plus_months(day, months),
            Self::Days(days) => day::plus_days(day, i64::from(days)),
        }
    }
}
