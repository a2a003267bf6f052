//! Problems: which steps a person may take (整改—验收—销号), how its deadline stands, which comes first, whose it is. The
//! judge and the screens ask the same functions.

use crate::access::Role;
use crate::day::{Day, days_between};
use crate::entry::Entry;
use crate::id::UserId;
use crate::ledger::{household, issue};
use crate::op::IssueStep;
use crate::policy::IssuePolicy;
use serde::{Deserialize, Serialize};

/// Why a step may not be taken; the message is `issue-forbidden-<code>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Forbidden {
    /// The role does not accept or send back.
    Role,
    /// Whoever rectified it does not accept it.
    OwnRectification,
    /// The problem is not at the point where this step follows.
    State,
}

impl Forbidden {
    /// The name of its message.
    pub fn code(self) -> &'static str {
        match self {
            Self::Role => "role",
            Self::OwnRectification => "own_rectification",
            Self::State => "state",
        }
    }
}

/// The steps, in the order offered.
pub const STEPS: [IssueStep; 4] =
    [IssueStep::Begin, IssueStep::Rectify, IssueStep::Accept, IssueStep::SendBack];

/// Whether a person may take a step at all, whatever state the problem is in: acceptance is a reviewer's, and never that
/// of somebody who rectified it since it was opened (整改—验收—销号, DOMAIN 问题; 003 工作要求 (一)). This is what the centre holds against each step. It does
/// not look at the state, because the step may have been taken offline, before another was known.
pub fn permitted(step: IssueStep, rectified: bool, role: Role) -> Result<(), Forbidden> {
    match step {
        IssueStep::Accept if rectified => Err(Forbidden::OwnRectification),
        IssueStep::Accept | IssueStep::SendBack if !role.reviews() => Err(Forbidden::Role),
        _ => Ok(()),
    }
}

/// Whether a step follows on a state. A closed problem can be sent back: that is what a “回头看” finds.
pub fn follows(step: IssueStep, state: &str) -> bool {
    match step {
        IssueStep::Begin => matches!(state, issue::OPEN | issue::SENT_BACK),
        IssueStep::Rectify => matches!(state, issue::OPEN | issue::UNDER_WAY | issue::SENT_BACK),
        IssueStep::Accept => state == issue::TO_ACCEPT,
        IssueStep::SendBack => matches!(state, issue::TO_ACCEPT | issue::CLOSED),
        IssueStep::Unknown => false,
    }
}

/// Whether a person may take a step now, as the screens offer it. `rectified` says that the person did so since the
/// problem was opened.
pub fn may(step: IssueStep, state: &str, rectified: bool, role: Role) -> Result<(), Forbidden> {
    if !follows(step, state) {
        return Err(Forbidden::State);
    }
    permitted(step, rectified, role)
}

/// The steps that a person may take now, in the order offered.
pub fn steps(state: &str, rectified: bool, role: Role) -> Vec<IssueStep> {
    STEPS.into_iter().filter(|step| may(*step, state, rectified, role).is_ok()).collect()
}

/// How a problem's deadline stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "deadline", rename_all = "snake_case")]
pub enum DeadlineState {
    /// Closed: no deadline matters any more.
    Closed,
    /// None was set.
    NotSet,
    /// There is time.
    Later {
        /// Days left.
        days_left: i32,
    },
    /// It is near.
    Soon {
        /// Days left; 0 on the last day.
        days_left: i32,
    },
    /// It has passed.
    Overdue {
        /// Days past it.
        overdue_days: i32,
    },
}

/// How a problem's deadline stands on a day.
pub fn deadline_state(state: &str, deadline: Option<Day>, today: Day, policy: &IssuePolicy) -> DeadlineState {
    if state == issue::CLOSED {
        return DeadlineState::Closed;
    }
    let Some(deadline) = deadline else { return DeadlineState::NotSet };
    match days_between(today, deadline) {
        passed if passed < 0 => DeadlineState::Overdue { overdue_days: -passed },
        days_left if days_left <= policy.soon_days => DeadlineState::Soon { days_left },
        days_left => DeadlineState::Later { days_left },
    }
}

/// Where a problem stands in a list: those with the least come first. What is closed comes last, what cannot wait first,
/// then what is overdue, then by deadline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Order {
    closed: bool,
    can_wait: bool,
    in_time: bool,
    deadline: Day,
}

/// Where a problem stands in a list.
pub fn order(state: &str, urgent: bool, deadline: Option<Day>, today: Day) -> Order {
    Order {
        closed: state == issue::CLOSED,
        can_wait: !urgent,
        in_time: deadline.is_none_or(|deadline| deadline >= today),
        deadline: deadline.unwrap_or(Day::MAX),
    }
}

/// Whether an open problem waits for this person: one that was made responsible for it; where nobody was, the cadre of
/// the household that it concerns, or whoever works for the whole village; and, once it is rectified, a reviewer other
/// than the rectifier.
pub fn waits_for(
    problem: &Entry,
    of_household: Option<&Entry>,
    rectified: bool,
    user: UserId,
    role: Role,
) -> bool {
    let state = problem.text(issue::STATE);
    if state == issue::TO_ACCEPT {
        return may(IssueStep::Accept, state, rectified, role).is_ok();
    }
    if state == issue::CLOSED {
        return false;
    }
    let named = |entry: &Entry, field: &str| entry.text(field).parse::<UserId>().ok();
    match named(problem, issue::RESPONSIBLE) {
        Some(responsible) => responsible == user,
        None => match role {
            Role::VillageSecretary | Role::TeamMember => true,
            _ => of_household.and_then(|entry| named(entry, household::CADRE)) == Some(user),
        },
    }
}
