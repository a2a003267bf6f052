//! A post's month, day by day: as a calendar on a phone, as a sheet on paper.

use bianfang_device::message::{MonthSheet, SheetDay};
use bianfang_shared::day::{Day, days_between, plus_days, plus_months};
use dioxus::prelude::*;

use super::{Icon, Sign, Tag, Tone};
use crate::i18n::use_lang;

/// Days that count against those required.
#[component]
pub fn MonthSum(sheet: MonthSheet) -> Element {
    let lang = use_lang();
    let (counted, required) = (sheet.counted_days, sheet.required_days);
    rsx! {
        div { class: "bf-line", "data-testid": "month-sum", "data-counted": counted.to_string(), "data-required": required.to_string(),
            strong { {lang.with("sheet-month", month_args(&sheet.month))} }
            span {
                {lang.with("sheet-sum", [("counted", counted.into()), ("required", required.into())])}
            }
            if sheet.short {
                Tag { tone: Tone::Bad, sign: Sign::Warn, testid: "sheet-short", words: lang.say("sheet-short") }
            } else if counted >= required && required > 0 {
                Tag { tone: Tone::Good, sign: Sign::Check, words: lang.say("sheet-enough") }
            }
        }
        if required > 0 {
            progress { class: "bf-sheet__progress", max: "{required}", value: "{counted.min(required)}", "aria-label": lang.say("sheet-so-far") }
        }
    }
}

fn month_args(month: &str) -> [(&'static str, fluent_bundle::FluentValue<'static>); 2] {
    let part = |at: usize| month.split('-').nth(at).unwrap_or_default();
    // A number, so that a language may call it by its name.
    [("year", part(0).to_owned().into()), ("month", part(1).parse::<u32>().unwrap_or_default().into())]
}

/// How a state of a day looks.
#[must_use]
pub(super) fn day_look(state: &str) -> (Tone, Sign) {
    match state {
        "present" => (Tone::Good, Sign::Check),
        "absent" => (Tone::Bad, Sign::Cross),
        "leave" => (Tone::Plain, Sign::Minus),
        "substitute" => (Tone::Careful, Sign::Swap),
        _ => (Tone::Careful, Sign::Unknown),
    }
}

/// The states that a day may have, for the legend.
const STATES: [&str; 5] = ["present", "absent", "leave", "substitute", "doubtful"];

/// The calendar of a month, its weeks beginning on Monday.
#[component]
pub fn MonthGrid(sheet: MonthSheet) -> Element {
    let lang = use_lang();
    let Some(weeks) = weeks(&sheet) else { return rsx! {} };
    let names = lang.say("sheet-weekdays");
    rsx! {
        table { class: "bf-sheet", "data-testid": "sheet-{sheet.month}",
            caption { class: "bf-hidden", {lang.with("sheet-month", month_args(&sheet.month))} }
            thead {
                tr {
                    for name in names.split(' ') {
                        th { key: "{name}", scope: "col", {name.to_owned()} }
                    }
                }
            }
            tbody {
                for (at , week) in weeks.into_iter().enumerate() {
                    tr { key: "{at}",
                        for (at , cell) in week.into_iter().enumerate() {
                            DayCell { key: "{at}", cell }
                        }
                    }
                }
            }
        }
    }
}

/// What the marks mean.
#[component]
pub fn SheetLegend() -> Element {
    let lang = use_lang();
    rsx! {
        ul { class: "bf-line bf-sheet__legend", "aria-label": lang.say("sheet-legend"),
            for state in STATES {
                li { key: "{state}",
                    Tag { tone: day_look(state).0, sign: day_look(state).1, words: lang.say(&format!("sheet-{state}")) }
                }
            }
        }
    }
}

/// A day of the month with what is on it; none before and after the month.
type Cell = Option<(i8, Option<SheetDay>)>;

fn weeks(sheet: &MonthSheet) -> Option<Vec<Vec<Cell>>> {
    let first: Day = sheet.month.parse().ok()?;
    let count = days_between(first, plus_months(first, 1));
    let lead = first.weekday().to_monday_zero_offset();
    let mut cells: Vec<Cell> = (0..lead).map(|_| None).collect();
    for at in 0..count {
        let day = plus_days(first, i64::from(at));
        let text = day.to_string();
        let on_it = sheet.days.iter().find(|one| one.day == text).cloned();
        cells.push(Some((day.day(), on_it)));
    }
    while !cells.len().is_multiple_of(7) {
        cells.push(None);
    }
    Some(cells.chunks(7).map(<[Cell]>::to_vec).collect())
}

#[component]
fn DayCell(cell: Cell) -> Element {
    let lang = use_lang();
    let Some((number, on_it)) = cell else { return rsx! { td { class: "bf-sheet__none" } } };
    match on_it {
        None => {
            rsx! { td { class: "bf-sheet__day", span { class: "bf-sheet__number", {number.to_string()} } } }
        }
        Some(day) => {
            let (tone, sign) = day_look(&day.state);
            let state = lang.or(&format!("sheet-{}", day.state), &day.state);
            rsx! {
                td { class: "bf-sheet__day bf-tag_{tone.word()}", "data-testid": "sheet-day-{day.day}", "data-state": day.state.clone(),
                    span { class: "bf-sheet__number", {number.to_string()} }
                    Icon { sign }
                    span { class: "bf-sheet__state", {state} }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_stands_in_whole_weeks_from_monday() {
        let present = SheetDay { day: "2025-07-18".into(), state: "present".into(), records: Vec::new() };
        let sheet = MonthSheet {
            month: "2025-07-01".into(),
            required_days: 22,
            counted_days: 1,
            short: false,
            days: vec![present.clone()],
        };
        let weeks = weeks(&sheet).unwrap();
        assert!(weeks.iter().all(|week| week.len() == 7));
        // The first of July 2025 is a Tuesday, the thirty-first a Thursday.
        assert_eq!((weeks.len(), weeks[0][0].clone(), weeks[0][1].clone()), (5, None, Some((1, None))));
        assert_eq!(weeks[2][4], Some((18, Some(present))));
        assert_eq!((weeks[4][3].clone(), weeks[4][4].clone()), (Some((31, None)), None));
    }
}
