//! Who must be called on, and when: the rules of 遍访 applied to one household, house, supply or post. Reads no clock;
//! the day comes in.

use crate::access::Role;
use crate::checklist::Situation;
use crate::day::{self, Day};
use crate::entry::Entry;
use crate::evidence::Grade;
use crate::id::UserId;
use crate::ledger::{LedgerKind, household};
use crate::observation::{Answers, Observation, ObservationKind, Outcome};
use crate::policy::{Every, Policy, SchedulePolicy, ScheduleRule, Season, Whom};
use crate::query::ReviewState;
use crate::rules::post::{Action, AttendanceMark};
use serde::{Deserialize, Serialize};

/// For whom the schedule is worked out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Viewer {
    /// What the person is.
    pub role: Role,
    /// Who.
    pub user: UserId,
}

/// What the schedule is worked out for: an entry, with the household that it belongs to.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// The household, house, supply or post.
    pub entry: &'a Entry,
    /// The household that it is or belongs to, if any.
    pub household: Option<&'a Entry>,
}

impl<'a> Subject<'a> {
    /// A household by itself.
    pub fn of_household(household: &'a Entry) -> Self {
        Self { entry: household, household: Some(household) }
    }

    /// Its ledger. What is only known from edits is taken for a household, as the first version knew no other.
    fn ledger(&self) -> LedgerKind {
        self.entry.ledger.unwrap_or(LedgerKind::Household)
    }

    /// What a field says, of the entry itself or of its household as `household.<field>`.
    fn text(&self, field: &str) -> &'a str {
        match field.strip_prefix("household.") {
            Some(field) => self.household.map_or("", |household| household.text(field)),
            None => self.entry.text(field),
        }
    }
}

/// The kind of record by which an entry of a ledger counts as called on; none for ledgers that nobody calls on.
pub fn record_kind(ledger: LedgerKind) -> Option<ObservationKind> {
    match ledger {
        LedgerKind::Household => Some(ObservationKind::Visit),
        LedgerKind::House => Some(ObservationKind::HouseInspection),
        LedgerKind::WaterSupply => Some(ObservationKind::WaterCheck),
        LedgerKind::Post => Some(ObservationKind::Attendance),
        LedgerKind::Person | LedgerKind::Issue | LedgerKind::Unknown => None,
    }
}

/// A record as the schedule sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// When it was saved, by the centre's clock as far as known, and never later than it came there; in milliseconds
    /// since 1970.
    pub at_ms: i64,
    /// How it went.
    pub outcome: Outcome,
    /// Whether the viewer made it, or has said to have gone along where the record says so. A rule about assigned households asks for one's own visits;
    /// other rules count anybody's.
    pub own: bool,
}

/// A visit as the schedule sees it.
pub type VisitMark = Mark;

impl Mark {
    /// What the schedule sees of a record by `author`; nothing of one that is no visit.
    pub fn of_record(record: &Observation, author: UserId, viewer: Viewer) -> Option<Mark> {
        Self::about(LedgerKind::Household, record, author, viewer)
    }

    /// What the schedule of entries of a ledger sees of a record by `author`; nothing of a record of another kind, such
    /// as a water check at a household that is due for a visit. Of attendances it sees face-to-face checks only: signing
    /// in is the holder's own work.
    pub fn about(ledger: LedgerKind, record: &Observation, author: UserId, viewer: Viewer) -> Option<Mark> {
        let seen = record_kind(ledger) == Some(record.kind)
            && (record.kind != ObservationKind::Attendance || is_face_check(record));
        seen.then(|| Mark { at_ms: record.made_at_ms(), outcome: record.outcome, own: author == viewer.user })
    }

    /// The same mark where the viewer has said to have gone along, and the record names the viewer.
    pub fn accompanied(self) -> Mark {
        Mark { own: true, ..self }
    }

    /// Whether somebody was met, or the thing was looked at.
    fn came_about(&self) -> bool {
        matches!(self.outcome, Outcome::AtHome | Outcome::Done)
    }
}

/// Whether an attendance is a face-to-face check (见面核查).
pub fn is_face_check(record: &Observation) -> bool {
    AttendanceMark::of_record(record, None).is_some_and(|mark| mark.action == Action::FaceCheck)
}

/// Whether a visit counts towards the schedule: 可信 unless it was sent back, 存疑 once approved. A doubtful one that
/// waits for review counts meanwhile, else people would be sent to the same door again before anybody looked.
pub fn counts(grade: Grade, review: ReviewState) -> bool {
    match review {
        ReviewState::SentBack | ReviewState::Retracted => false,
        ReviewState::Approved | ReviewState::WithdrawalAsked | ReviewState::Waiting => {
            grade >= Grade::Doubtful
        }
    }
}

/// When an entry is due.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Due {
    /// The day by which it must be called on.
    pub due_on: Day,
    /// Days past that day; negative while it is still to come.
    pub overdue_days: i32,
    /// The rule that asks for it, as `rule-<key>` in the messages.
    pub rule: String,
    /// How often records that met nobody have put it off.
    pub postponed: u8,
    /// The last record that counts and came about: a visit with someone at home, an inspection made.
    pub last_visit_on: Option<Day>,
}

/// When the viewer has to call on this household next; none if no rule asks it of this person. See [`due_of`].
pub fn due(household: &Entry, viewer: Viewer, visits: &[Mark], policy: &Policy, today: Day) -> Option<Due> {
    due_of(Subject::of_household(household), viewer, visits, policy, today)
}

/// When the viewer has to call on this entry next; none if no rule asks it of this person.
///
/// Due days count from the last record that came about, by the calendar; within a season by the season's interval. One
/// that met nobody puts the day off by a week, from the due day or from the attempt, whichever is later, at most twice;
/// two on one day count once. What was never called on is due today: whoever it was assigned to yesterday should see it
/// at once, and there is no day yet that could have been missed. Of several rules the earliest day holds, so an orange
/// household is due twice a month also for a cadre who calls monthly. `marks` are those that [`counts`], of the kind
/// that [`record_kind`] names ([`Mark::about`]), in any order.
pub fn due_of(
    subject: Subject<'_>,
    viewer: Viewer,
    marks: &[Mark],
    policy: &Policy,
    today: Day,
) -> Option<Due> {
    let rules = policy.schedule.rules.iter();
    let rules = rules.filter(|rule| rule.applies_to(subject, viewer) && rule.whom.is_current(subject, today));
    let dues = rules.map(|rule| due_by(rule, subject, marks, &policy.schedule, today));
    // `min_by_key` keeps the first of equals: the order of the rules in the policy.
    dues.min_by_key(|due| due.due_on)
}

impl ScheduleRule {
    /// Whether this person has to call on this household by this rule.
    pub fn applies(&self, household: &Entry, viewer: Viewer) -> bool {
        self.applies_to(Subject::of_household(household), viewer)
    }

    /// Whether this person has to call on this entry by this rule.
    pub fn applies_to(&self, subject: Subject<'_>, viewer: Viewer) -> bool {
        self.about == subject.ledger()
            && self.who.contains(&viewer.role)
            && self.whom.includes(subject, viewer)
    }

    /// Whether only the viewer's own records count: whoever is assigned to a household calls there in person, while a
    /// house that somebody inspected has been inspected.
    fn is_personal(&self) -> bool {
        self.about == LedgerKind::Household && self.whom.assigned_by.is_some()
    }

    /// The day on which the entry is due after it was called on, and whether it is its season that asks for it.
    fn next(&self, subject: Subject<'_>, last: Day) -> (Day, bool) {
        let usual = self.every.after(last);
        let seasonal = self.season.as_ref().and_then(|season| {
            let earliest = season.every.after(last);
            season.first_day(subject.entry, earliest)
        });
        match seasonal {
            Some(seasonal) if seasonal < usual => (seasonal, true),
            _ => (usual, false),
        }
    }
}

impl Season {
    fn holds(&self, entry: &Entry, day: Day) -> bool {
        let month = day.month();
        let of_entry = self.months_field.as_ref().map(|field| entry.value(field));
        self.months.contains(&month) || of_entry.is_some_and(|months| months.holds(&month.to_string()))
    }

    /// The first day of the season from a day on; none where it has no months.
    fn first_day(&self, entry: &Entry, from: Day) -> Option<Day> {
        let months = (1..=12).map(|later| day::plus_months(from.first_of_month(), later));
        std::iter::once(from).chain(months).find(|day| self.holds(entry, *day))
    }
}

impl Whom {
    fn includes(&self, subject: Subject<'_>, viewer: Viewer) -> bool {
        let assigned =
            |field: &String| subject.text(field).parse().is_ok_and(|user: UserId| user == viewer.user);
        let nothing = Answers::new();
        let situation = Situation {
            answers: &nothing,
            outcome: None,
            subject: subject.entry,
            household: subject.household,
            facts: &nothing,
        };
        let categories = || subject.household.map(|entry| entry.value(household::CATEGORIES));
        let colour = || subject.household.map(|entry| entry.text(household::COLOUR));
        self.assigned_by.as_ref().is_none_or(assigned)
            && (self.categories.is_empty()
                || self.categories.iter().any(|key| categories().is_some_and(|held| held.holds(key))))
            && self.colour.as_ref().is_none_or(|key| colour() == Some(key))
            && self.when.holds(&situation, "")
    }

    /// Whether it is asked on this day: a post is attended while its contract runs.
    fn is_current(&self, subject: Subject<'_>, today: Day) -> bool {
        let day =
            |field: &Option<String>| field.as_ref().and_then(|field| subject.text(field).parse::<Day>().ok());
        day(&self.from_field).is_none_or(|from| today >= from)
            && day(&self.until_field).is_none_or(|until| today <= until)
    }
}

fn due_by(
    rule: &ScheduleRule,
    subject: Subject<'_>,
    marks: &[Mark],
    policy: &SchedulePolicy,
    today: Day,
) -> Due {
    let counted = || marks.iter().filter(|mark| mark.own || !rule.is_personal());
    let last_visit_on = counted().filter(|mark| mark.came_about()).map(|mark| day::day_of(mark.at_ms)).max();
    let mut in_vain: Vec<Day> = counted()
        .filter(|mark| !mark.came_about())
        .map(|mark| day::day_of(mark.at_ms))
        .filter(|day| last_visit_on.is_none_or(|last| *day > last))
        .collect();
    in_vain.sort_unstable();
    in_vain.dedup();
    in_vain.truncate(usize::from(policy.postpone_times_max));

    let (first, seasonal) = match (last_visit_on, in_vain.first()) {
        (Some(last), _) => rule.next(subject, last),
        (None, Some(attempt)) => (*attempt, false),
        (None, None) => (today, false),
    };
    let due_on = in_vain
        .iter()
        .fold(first, |due_on, attempt| day::plus_days(due_on.max(*attempt), i64::from(policy.postpone_days)));
    Due {
        due_on,
        overdue_days: day::days_between(due_on, today),
        rule: if seasonal { format!("{}-season", rule.key) } else { rule.key.clone() },
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
