//! The month's sheet of a post, from its attendances: which days count, and whether the month can still be enough.

use crate::day::{Day, day_of, days_between, plus_days};
use crate::entry::Entry;
use crate::ledger::post;
use crate::observation::{Observation, ObservationKind};
use crate::policy::AttendancePolicy;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What an attendance records: the choices of its question `action`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// 签到.
    SignIn,
    /// 签退.
    SignOut,
    /// 见面核查.
    FaceCheck,
}

/// What a face-to-face check found: the choices of its question `finding`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = PostFinding))]
#[serde(rename_all = "snake_case")]
pub enum Finding {
    /// 在岗.
    OnPost,
    /// 缺岗.
    Absent,
    /// 请假.
    Leave,
    /// 他人代岗.
    Substitute,
}

/// An attendance as the sheet sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AttendanceMark {
    /// The moment as of which it counts, see `Observation::counted_at_ms`, in milliseconds since 1970.
    pub at_ms: i64,
    /// What it records.
    pub action: Action,
    /// What was found, for a face-to-face check.
    pub finding: Option<Finding>,
}

impl AttendanceMark {
    /// What the sheet sees of a record; nothing of one that is no attendance. Hand in those only that
    /// [`crate::schedule::counts`]: weak evidence speaks neither for a day nor against it.
    pub fn of_record(record: &Observation, received_at_ms: Option<i64>) -> Option<Self> {
        if record.kind != ObservationKind::Attendance {
            return None;
        }
        Some(Self {
            at_ms: record.counted_at_ms(received_at_ms),
            action: record.answers.get("action")?.read()?,
            finding: record.answers.get("finding").and_then(|finding| finding.read()),
        })
    }
}

/// What was agreed about a post.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct PostTerms {
    /// Days required a month; none where the ledger does not say.
    pub required_days: Option<f64>,
    /// The first day of the contract.
    pub from: Option<Day>,
    /// The last day of the contract.
    pub to: Option<Day>,
}

impl PostTerms {
    /// What the ledger says.
    pub fn of_post(entry: &Entry) -> Self {
        let day = |field: &str| entry.text(field).parse().ok();
        Self {
            required_days: entry.value(post::REQUIRED_DAYS).as_number(),
            from: day(post::CONTRACT_FROM),
            to: day(post::CONTRACT_TO),
        }
    }

    fn covers(&self, day: Day) -> bool {
        self.from.is_none_or(|from| day >= from) && self.to.is_none_or(|to| day <= to)
    }
}

/// One day of the sheet on which something was recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SheetDay {
    /// The day.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub day: Day,
    /// The first sign-in, in milliseconds since 1970.
    pub sign_in_ms: Option<i64>,
    /// The last sign-out.
    pub sign_out_ms: Option<i64>,
    /// What the last face-to-face check found.
    pub finding: Option<Finding>,
    /// Whether the day counts as worked.
    pub counts: bool,
}

/// How a month stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum MonthState {
    /// The ledger does not say how many days are required, or the contract does not cover the month.
    NotRequired,
    /// As many days as required.
    Enough,
    /// Not yet, but it can still be.
    Open,
    /// 考勤不足: it can no longer be, or the month is over.
    Short,
}

/// The month's sheet of a post.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MonthSheet {
    /// The first day of the month.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub month: Day,
    /// The days on which something was recorded, in order.
    pub days: Vec<SheetDay>,
    /// How many days count.
    pub counted_days: u32,
    /// How many days of leave.
    pub leave_days: u32,
    /// How many days are required; of a month that the contract covers in part, that part, rounded down.
    pub required_days: u32,
    /// How many days may still come to count, today included.
    pub possible_days: u32,
    /// How the month stands.
    pub state: MonthState,
}

/// The sheet of the month that `month` lies in, as it stands on `today`.
///
/// A day counts when the holder signed in, or was met at work, unless a face-to-face check of that day found the place
/// empty or somebody else on it. Days of leave count only where the policy says so. A month is 考勤不足 only once the
/// days left cannot make it enough: whoever is told so on the tenth is told something that is true.
pub fn month_sheet(
    terms: &PostTerms,
    marks: &[AttendanceMark],
    month: Day,
    today: Day,
    policy: &AttendancePolicy,
) -> MonthSheet {
    let (first, last) = (month.first_of_month(), month.last_of_month());
    let days = days(marks, first, last, policy);
    let decided =
        |day: Day| days.iter().any(|known| known.day == day && (known.counts || known.finding.is_some()));
    let ahead = each_day(first.max(today), last).filter(|day| terms.covers(*day) && !decided(*day));
    let possible_days = count(ahead);
    let counted_days = count(days.iter().filter(|day| day.counts));
    let required = required_days(terms, first, last);
    let required_days = required.unwrap_or(0);
    let state = match required {
        None => MonthState::NotRequired,
        Some(required) if counted_days >= required => MonthState::Enough,
        Some(required) if counted_days + possible_days < required => MonthState::Short,
        Some(_) => MonthState::Open,
    };
    let leave_days = count(days.iter().filter(|day| day.finding == Some(Finding::Leave)));
    MonthSheet { month: first, days, counted_days, leave_days, required_days, possible_days, state }
}

fn days(marks: &[AttendanceMark], first: Day, last: Day, policy: &AttendancePolicy) -> Vec<SheetDay> {
    let mut sorted: Vec<&AttendanceMark> = marks.iter().collect();
    sorted.sort_by_key(|mark| mark.at_ms);
    let mut days: BTreeMap<Day, SheetDay> = BTreeMap::new();
    for mark in sorted {
        let day = day_of(mark.at_ms);
        if !(first..=last).contains(&day) {
            continue;
        }
        let blank = SheetDay { day, sign_in_ms: None, sign_out_ms: None, finding: None, counts: false };
        let sheet = days.entry(day).or_insert(blank);
        match mark.action {
            Action::SignIn => sheet.sign_in_ms = sheet.sign_in_ms.or(Some(mark.at_ms)),
            Action::SignOut => sheet.sign_out_ms = Some(mark.at_ms),
            Action::FaceCheck => sheet.finding = mark.finding.or(sheet.finding),
        }
    }
    let counted = |day: SheetDay| SheetDay { counts: counts(&day, policy), ..day };
    days.into_values().map(counted).collect()
}

fn counts(day: &SheetDay, policy: &AttendancePolicy) -> bool {
    match day.finding {
        Some(Finding::OnPost) => true,
        Some(Finding::Absent | Finding::Substitute) => false,
        Some(Finding::Leave) => policy.leave_counts,
        None => day.sign_in_ms.is_some(),
    }
}

/// The share of the month that the contract covers; none where nothing is required of it.
fn required_days(terms: &PostTerms, first: Day, last: Day) -> Option<u32> {
    let covered = count(each_day(first, last).filter(|day| terms.covers(*day)));
    let whole = count(each_day(first, last));
    let required = terms.required_days?.clamp(0.0, 31.0) * f64::from(covered) / f64::from(whole);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 31")]
    (covered > 0).then_some(required.floor() as u32)
}

fn each_day(first: Day, last: Day) -> impl Iterator<Item = Day> {
    (0..=days_between(first, last)).map(move |days| plus_days(first, i64::from(days)))
}

fn count(items: impl Iterator) -> u32 {
    u32::try_from(items.count()).unwrap_or(u32::MAX)
}
