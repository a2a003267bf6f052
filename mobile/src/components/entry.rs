//! An entry of any ledger in a list: what it is called, where it is, what has to be seen at once.

use bianfang_device::message::{EntryRow, TaskRow};
use bianfang_shared::day::{Day, day_of, days_between};
use bianfang_shared::ledger::{LedgerKind, house, household, issue, person, post, water_supply};
use bianfang_shared::observation::ObservationKind;
use bianfang_shared::value::Value;
use dioxus::prelude::*;

use super::rows::address;
use super::verdict::{house_grade_look, water_look};
use super::{ColourTag, Icon, LinkRow, Sign, Tag, Tone};
use crate::app::{Route, use_app};
use crate::i18n::{Lang, use_lang};
use crate::platform::use_platform;
use crate::words::{self, Names};

/// The icon of a ledger.
#[must_use]
pub fn ledger_sign(ledger: LedgerKind) -> Sign {
    match ledger {
        LedgerKind::Household => Sign::House,
        LedgerKind::Person => Sign::Person,
        LedgerKind::House => Sign::Cracked,
        LedgerKind::WaterSupply => Sign::Drop,
        LedgerKind::Post => Sign::Badge,
        LedgerKind::Issue => Sign::Flag,
        LedgerKind::Unknown => Sign::Unknown,
    }
}

/// The icon of a kind of record.
#[must_use]
pub fn kind_sign(kind: ObservationKind) -> Sign {
    match kind {
        ObservationKind::Visit => Sign::House,
        ObservationKind::HouseInspection => Sign::Cracked,
        ObservationKind::WaterCheck => Sign::Drop,
        ObservationKind::Attendance => Sign::Badge,
        ObservationKind::Unknown => Sign::Unknown,
    }
}

/// What identifies an entry of any ledger, and what has to be seen of it at once.
#[component]
pub fn EntryLines(row: EntryRow, #[props(default)] children: Element) -> Element {
    let (lang, app) = (use_lang(), use_app());
    let place = address(&app.area_name(row.scope), &row.address);
    rsx! {
        div { class: "bf-line bf-line_head",
            span { class: "bf-ledger", title: lang.say(&format!("ledger-{}", row.ledger.key())),
                Icon { sign: ledger_sign(row.ledger) }
            }
            strong { class: "bf-name", {row.name.clone()} }
            if !row.code.is_empty() {
                span { class: "bf-code", {row.code.clone()} }
            }
            if let Some(metres) = row.distance_m {
                span { class: "bf-far", "data-testid": "distance",
                    Icon { sign: Sign::Pin }
                    {words::distance(lang, metres)}
                }
            }
        }
        if !place.is_empty() {
            div { class: "bf-line bf-fine", {place} }
        }
        div { class: "bf-line bf-line_tags",
            FieldTags { row: row.clone() }
            if row.open_issues > 0 {
                Tag {
                    tone: Tone::Careful,
                    sign: Sign::Flag,
                    testid: "open-issues",
                    words: lang.with("entry-open-issues", [("n", row.open_issues.into())]),
                }
            }
            if row.conflicts > 0 {
                Tag {
                    tone: Tone::Bad,
                    sign: Sign::Fork,
                    testid: "in-conflict",
                    words: lang.with("household-conflicts", [("n", row.conflicts.into())]),
                }
            }
            {children}
        }
    }
}

/// An entry that leads to its page.
#[component]
pub fn EntryCell(
    row: EntryRow,
    /// Where it leads, if elsewhere than to its page.
    to: Option<Route>,
    #[props(default)] children: Element,
) -> Element {
    let lang = use_lang();
    let to = to.unwrap_or_else(|| Route::entry(&row));
    let name = if row.code.is_empty() { row.id.to_string() } else { row.code.clone() };
    let last =
        row.last_record_ms.map(|at_ms| lang.with("entry-last-record", [("day", words::day(at_ms).into())]));
    rsx! {
        LinkRow { to, testid: "{row.ledger.key()}-{name}",
            EntryLines { row,
                {children}
                if let Some(last) = last {
                    span { class: "bf-fine", {last} }
                }
            }
        }
    }
}

/// What is said of an entry besides its name, in the order in which it matters.
fn shown_fields(ledger: LedgerKind) -> &'static [&'static str] {
    match ledger {
        LedgerKind::House => &[
            house::NAME,
            house::GRADE,
            house::GRADED_BY,
            house::LIVED_IN,
            house::SIGN_POSTED,
            house::RECTIFICATION,
        ],
        LedgerKind::WaterSupply => &[water_supply::KIND, water_supply::LATEST_RESULT],
        LedgerKind::Post => &[post::KIND, post::NAME],
        LedgerKind::Issue => &[issue::URGENT, issue::STATE, issue::DEADLINE, issue::TOPIC, issue::KIND],
        LedgerKind::Person => &[person::RELATION],
        LedgerKind::Household => &[household::COLOUR, household::CATEGORIES],
        LedgerKind::Unknown => &[],
    }
}

#[component]
fn FieldTags(row: EntryRow) -> Element {
    let lang = use_lang();
    let today = day_of(use_platform().page.wall_ms());
    let closed = row.fields.get(issue::STATE).and_then(Value::as_text) == Some(issue::CLOSED);
    let shown = shown_fields(row.ledger).iter().filter_map(|field| {
        let value = row.fields.get(*field).filter(|value| !value.is_blank())?;
        // What the name says already is not said twice.
        (value.as_text() != Some(row.name.as_str())).then_some((*field, value.clone()))
    });
    let shown: Vec<(&str, FieldLook)> = shown
        .filter_map(|(field, value)| Some((field, look(lang, row.ledger, field, &value, today, closed)?)))
        .collect();
    rsx! {
        for (field , look) in shown {
            span { key: "{field}", class: "bf-tags", "data-testid": "tag-{field}",
                match look {
                    FieldLook::Tag(tone, sign, words) => rsx! { Tag { tone, sign, words } },
                    FieldLook::Chip(words) => rsx! { span { class: "bf-chip", {words} } },
                    FieldLook::Chips(all) => rsx! {
                        for words in all {
                            span { key: "{words}", class: "bf-chip", {words.clone()} }
                        }
                    },
                    FieldLook::Colour(colour) => rsx! { ColourTag { colour } },
                }
            }
        }
    }
}

/// How a field is shown in a list.
#[derive(Debug, Clone, PartialEq)]
enum FieldLook {
    /// With an icon, since it asks for something.
    Tag(Tone, Sign, String),
    /// As a plain word.
    Chip(String),
    /// As plain words, one beside the other.
    Chips(Vec<String>),
    /// One of the three colours, with its shape.
    Colour(String),
}

fn look(
    lang: Lang,
    ledger: LedgerKind,
    field: &str,
    value: &Value,
    today: Day,
    closed: bool,
) -> Option<FieldLook> {
    let words = words::field_value(lang, ledger, field, value, &Names::new());
    let text = value.as_text().unwrap_or_default();
    let tag = |(tone, sign): (Tone, Sign)| Some(FieldLook::Tag(tone, sign, words.clone()));
    match (ledger, field) {
        (LedgerKind::Household, household::COLOUR) => Some(FieldLook::Colour(text.to_owned())),
        (LedgerKind::Household, household::CATEGORIES) => {
            let each = value.as_list().unwrap_or_default().iter();
            let said = |one: &Value| {
                words::field_value(lang, ledger, field, &Value::List(vec![one.clone()]), &Names::new())
            };
            Some(FieldLook::Chips(each.map(said).collect()))
        }
        (LedgerKind::House, house::GRADE) => tag(house_grade_look(text)),
        (LedgerKind::WaterSupply, water_supply::LATEST_RESULT) => tag(water_look(text)),
        (LedgerKind::Issue, issue::STATE) => tag(issue_look(text)),
        (LedgerKind::Issue, issue::URGENT) => {
            (value.as_bool()?).then(|| FieldLook::Tag(Tone::Bad, Sign::Warn, lang.say("household-urgent")))
        }
        (LedgerKind::Issue, issue::DEADLINE) => deadline(lang, text, today).filter(|_| !closed),
        (LedgerKind::House, house::LIVED_IN | house::SIGN_POSTED) => {
            let answer = if value.as_bool()? { "yes" } else { "no" };
            // What goes without saying has no words.
            lang.with_args(&format!("house-{field}-{answer}"), &Default::default()).map(FieldLook::Chip)
        }
        _ => Some(FieldLook::Chip(words)),
    }
}

/// How a state of a problem looks.
#[must_use]
pub fn issue_look(state: &str) -> (Tone, Sign) {
    match state {
        issue::CLOSED => (Tone::Good, Sign::Check),
        issue::SENT_BACK => (Tone::Bad, Sign::Return),
        issue::OPEN => (Tone::Careful, Sign::Flag),
        issue::TO_ACCEPT => (Tone::Busy, Sign::Review),
        _ => (Tone::Busy, Sign::Clock),
    }
}

/// Whether a problem cannot wait: it is urgent, overdue or was sent back.
#[must_use]
pub fn issue_presses(row: &EntryRow, today: Day) -> bool {
    let text = |field: &str| row.fields.get(field).and_then(Value::as_text).unwrap_or_default();
    let overdue = text(issue::DEADLINE).parse().is_ok_and(|day: Day| days_between(day, today) > 0);
    let urgent = row.fields.get(issue::URGENT).and_then(Value::as_bool) == Some(true);
    text(issue::STATE) != issue::CLOSED && (urgent || overdue || text(issue::STATE) == issue::SENT_BACK)
}

/// Until when, or for how long it is too late.
fn deadline(lang: Lang, text: &str, today: Day) -> Option<FieldLook> {
    let day: Day = text.parse().ok()?;
    let late = days_between(day, today);
    let (tone, sign, words) = match late {
        1.. => (Tone::Bad, Sign::Warn, lang.with("today-overdue-by", [("days", late.into())])),
        0 => (Tone::Careful, Sign::Clock, lang.say("today-due-today")),
        _ => (Tone::Plain, Sign::Clock, lang.with("today-due-on", [("day", text.into())])),
    };
    Some(FieldLook::Tag(tone, sign, words))
}

/// When something is due, and by which rule.
#[component]
pub fn DueTag(due_on: String, overdue_days: i64, rule: String) -> Element {
    let lang = use_lang();
    let (tone, sign, words) = match overdue_days {
        1.. => (Tone::Bad, Sign::Warn, lang.with("today-overdue-by", [("days", overdue_days.into())])),
        0 => (Tone::Careful, Sign::Clock, lang.say("today-due-today")),
        _ => (Tone::Plain, Sign::Clock, lang.with("today-due-on", [("day", due_on.as_str().into())])),
    };
    rsx! {
        Tag { tone, sign, words, testid: "due-tag" }
        span { class: "bf-fine", {lang.or(&format!("rule-{rule}"), &rule)} }
    }
}

/// A record that is due and leads to its form.
#[component]
pub fn TaskCell(task: TaskRow) -> Element {
    let lang = use_lang();
    let row = task.entry.clone();
    let name = if row.code.is_empty() { row.id.to_string() } else { row.code.clone() };
    let last = task.last_on.as_ref().map(|day| lang.with("task-last", [("day", day.as_str().into())]));
    rsx! {
        LinkRow { to: Route::form(task.kind, row.id), testid: "task-{task.kind}-{name}", value: lang.say(&format!("task-do-{}", task.kind)),
            EntryLines { row,
                DueTag { due_on: task.due_on.clone(), overdue_days: task.overdue_days, rule: task.rule.clone() }
                span { class: "bf-fine", {last.unwrap_or_else(|| lang.say("task-never"))} }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_to_be_seen_at_once_is_said_by_icon_and_words() {
        let today: Day = "2025-07-18".parse().unwrap();
        let say = |ledger, field: &str, value: Value| look(Lang::Zh, ledger, field, &value, today, false);
        let chip = |words: &str| Some(FieldLook::Chip(words.to_owned()));
        let tag = |tone, sign, words: &str| Some(FieldLook::Tag(tone, sign, words.to_owned()));
        assert_eq!(
            say(LedgerKind::House, house::GRADE, "D".into()),
            tag(Tone::Bad, Sign::Cracked, "D 级（整幢危房）")
        );
        assert_eq!(say(LedgerKind::House, house::LIVED_IN, true.into()), chip("住人"));
        assert_eq!(say(LedgerKind::House, house::SIGN_POSTED, true.into()), chip("有警示标识"));
        assert_eq!(say(LedgerKind::Issue, issue::URGENT, false.into()), None);
        assert_eq!(
            say(LedgerKind::Issue, issue::DEADLINE, "2025-07-15".into()),
            tag(Tone::Bad, Sign::Warn, "逾期 3 天")
        );
        assert_eq!(
            look(Lang::Zh, LedgerKind::Issue, issue::DEADLINE, &"2025-07-15".into(), today, true),
            None,
            "a closed problem is not overdue"
        );
        assert_eq!(say(LedgerKind::Post, post::KIND, "forest".into()), chip("护林"));
    }
    #[test]
    fn a_problem_presses_when_it_is_urgent_overdue_or_sent_back() {
        let today: Day = "2025-07-18".parse().unwrap();
        let presses = |said: &[(&str, Value)]| {
            let fields = said.iter().map(|(field, value)| ((*field).to_owned(), value.clone())).collect();
            let row = crate::sample::issue_detail(0).row;
            issue_presses(&EntryRow { fields, ..row }, today)
        };
        assert!(!presses(&[(issue::STATE, issue::OPEN.into()), (issue::DEADLINE, "2025-07-18".into())]));
        assert!(presses(&[(issue::STATE, issue::OPEN.into()), (issue::DEADLINE, "2025-07-17".into())]));
        assert!(presses(&[(issue::STATE, issue::OPEN.into()), (issue::URGENT, true.into())]));
        assert!(presses(&[(issue::STATE, issue::SENT_BACK.into())]));
        assert!(!presses(&[(issue::STATE, issue::CLOSED.into()), (issue::URGENT, true.into())]));
    }
}
