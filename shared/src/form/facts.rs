//! What is known besides the entry that a form is about: a household's persons, its supply, a post's holder.

use crate::day::{Day, day_of, years_between};
use crate::entry::Entry;
use crate::ledger::water_supply;
use crate::observation::Answers;
use crate::rules::post::Holder;
use crate::value::Value;

/// Ages of compulsory schooling: nine years from six, with one year for late starters (义务教育法 art. 2, 11).
const SCHOOL_AGES: std::ops::RangeInclusive<i32> = 6..=16;
/// Ages counted as workforce in the ledgers of 就业帮扶.
const WORKING_AGES: std::ops::RangeInclusive<i32> = 16..=60;
/// From this age a person is elderly (老年人权益保障法 art. 2).
const ELDERLY_AGE: i32 = 60;

/// Counts of members: `count`, `school_age`, `working_age`, `elderly`, `disabled`. Empty where no member is
/// registered. A member without a date of birth counts as every age, so no question is lost for want of a date.
pub fn member_facts(members: &[Entry], now_ms: i64) -> Answers {
    if members.is_empty() {
        return Answers::new();
    }
    let today = day_of(now_ms);
    let aged = |fits: &dyn Fn(i32) -> bool| {
        count(members, |member| birth(member).is_none_or(|born| fits(years_between(born, today))))
    };
    let disabled = |member: &Entry| {
        matches!(member.text("disability"), "mild" | "severe") || member.text("health") == "disabled"
    };
    [
        ("count", count(members, |_| true)),
        ("school_age", aged(&|age| SCHOOL_AGES.contains(&age))),
        ("working_age", aged(&|age| WORKING_AGES.contains(&age))),
        ("elderly", aged(&|age| age >= ELDERLY_AGE)),
        ("disabled", count(members, disabled)),
    ]
    .map(|(key, number)| (key.to_owned(), number))
    .into()
}

/// What a household's water supply says to a check at the household: `supply_kind`, `supply_scarce`,
/// `supply_report_meets`. What the supply does not say is left out.
pub fn supply_facts(supply: &Entry) -> Answers {
    [
        ("supply_kind", water_supply::KIND),
        ("supply_scarce", water_supply::SCARCE),
        ("supply_report_meets", water_supply::REPORT_MEETS),
    ]
    .into_iter()
    .map(|(fact, field)| (fact.to_owned(), supply.value(field).clone()))
    .filter(|(_, value)| !value.is_blank())
    .collect()
}

/// What a post's holder says to an attendance. `members` are the persons of the holder's household, `posts` is how many
/// posts the holder has, this one included.
pub fn holder_facts(holder: &Entry, members: &[Entry], posts: usize, now_ms: i64) -> Answers {
    Holder::of(holder, members, posts, day_of(now_ms)).facts()
}

fn count(members: &[Entry], fits: impl Fn(&Entry) -> bool) -> Value {
    let count = members.iter().filter(|member| fits(member)).count();
    Value::Int(i64::try_from(count).unwrap_or(i64::MAX))
}

fn birth(member: &Entry) -> Option<Day> {
    member.text("birth").parse().ok()
}
