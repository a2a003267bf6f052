//! Public posts: who may hold one (不宜安置、一人多岗), the month's sheet, the area worked, what repeats too exactly.
//! Flags for review; decides about nobody.

mod area;
mod month;
mod repeats;

pub use area::WorkArea;
pub use month::{Action, AttendanceMark, Finding, MonthSheet, MonthState, PostTerms, SheetDay, month_sheet};
pub use repeats::{REPEATS_MAX, Repeat, RepeatKind, RosterMark, repeats};

use super::{Ground, Verdict};
use crate::checklist::Situation;
use crate::day::{Day, years_between};
use crate::entry::Entry;
use crate::ledger::person;
use crate::observation::Answers;
use crate::policy::{EligibilityPolicy, PostPolicy};
use crate::value::Value;

/// What is known of a post's holder. What is not known is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Holder {
    /// Age in full years.
    pub age: Option<i64>,
    /// Whether severely disabled.
    pub severely_disabled: Option<bool>,
    /// Whether working away from home.
    pub works_away: Option<bool>,
    /// How many others of the household work away.
    pub others_away: i64,
    /// How many posts the person holds, this one included.
    pub posts: i64,
}

const AGE: &str = "holder_age";
const SEVERELY_DISABLED: &str = "holder_severely_disabled";
const WORKS_AWAY: &str = "holder_works_away";
const OTHERS_AWAY: &str = "holder_others_away";
const POSTS: &str = "holder_posts";

impl Holder {
    /// What the ledgers say of a person who holds `posts` posts. `members` are the persons of the household, with or
    /// without the holder.
    pub fn of(holder: &Entry, members: &[Entry], posts: usize, today: Day) -> Self {
        let works_away = |entry: &Entry| entry.text(person::WORK_STATE) == person::WORKS_AWAY;
        let told = |field: &str| !entry_blank(holder, field);
        let others = members.iter().filter(|member| member.id != holder.id && works_away(member));
        let born: Option<Day> = holder.text(person::BIRTH).parse().ok();
        Self {
            age: born.map(|born| i64::from(years_between(born, today))),
            severely_disabled: told(person::DISABILITY).then(|| holder.text(person::DISABILITY) == "severe"),
            works_away: told(person::WORK_STATE).then(|| works_away(holder)),
            others_away: i64::try_from(others.count()).unwrap_or(i64::MAX),
            posts: i64::try_from(posts).unwrap_or(i64::MAX),
        }
    }

    /// As facts of a form about the post, for [`crate::form::begin`].
    pub fn facts(&self) -> Answers {
        let facts: [(&str, Value); 5] = [
            (AGE, self.age.into()),
            (SEVERELY_DISABLED, self.severely_disabled.into()),
            (WORKS_AWAY, self.works_away.into()),
            (OTHERS_AWAY, self.others_away.into()),
            (POSTS, self.posts.into()),
        ];
        let told = facts.into_iter().filter(|(_, fact)| !fact.is_blank());
        told.map(|(key, fact)| (key.to_owned(), fact)).collect()
    }

    fn of_facts(facts: &Answers) -> Self {
        let fact = |key: &str| facts.get(key);
        let number = |key: &str| fact(key).and_then(Value::read);
        let flag = |key: &str| fact(key).and_then(Value::as_bool);
        Self {
            age: number(AGE),
            severely_disabled: flag(SEVERELY_DISABLED),
            works_away: flag(WORKS_AWAY),
            others_away: number(OTHERS_AWAY).unwrap_or(0),
            posts: number(POSTS).unwrap_or(0),
        }
    }
}

fn entry_blank(entry: &Entry, field: &str) -> bool {
    entry.value(field).is_blank()
}

/// For whom a post is not right, flagged for review; the message is `post-flag-<code>`. Codes: `several_posts`, and for
/// 不宜安置 `too_old`, `severely_disabled`, `works_away`, `others_away`. What is not known flags nobody.
pub fn holder_flags(holder: &Holder, policy: &EligibilityPolicy) -> Vec<Ground> {
    let flag = |code: &str| Ground::new(code, &policy.source);
    let several = (holder.posts > policy.posts_max).then(|| {
        flag("several_posts").with("posts_count", holder.posts).with("limit_count", policy.posts_max)
    });
    let too_old = holder.age.filter(|age| *age >= policy.age_from);
    let too_old = too_old.map(|age| flag("too_old").with("age_y", age).with("limit_y", policy.age_from));
    let disabled = policy.severe_disability && holder.severely_disabled == Some(true);
    let away = policy.works_away && holder.works_away == Some(true);
    let others = holder.others_away >= policy.others_away_from;
    let others = others.then(|| flag("others_away").with("others_count", holder.others_away));
    let disabled = disabled.then(|| flag("severely_disabled"));
    let away = away.then(|| flag("works_away"));
    [several, too_old, disabled, away, others].into_iter().flatten().collect()
}

/// The flags of an attendance: those of its holder, from the facts that [`Holder::facts`] made.
pub(super) fn verdict(situation: &Situation<'_>, policy: &PostPolicy) -> Verdict {
    Verdict::Attendance { flags: holder_flags(&Holder::of_facts(situation.facts), &policy.eligibility) }
}
