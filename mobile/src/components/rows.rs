//! A household and a record as cells of a list.

use bianfang_device::message::{DueRow, HouseholdRow, Place, RecordRow};
use bianfang_shared::observation::{ObservationKind, Outcome};
use dioxus::prelude::*;

use super::entry::kind_sign;
use super::tag::outcome_words;
use super::{ColourTag, GradeTag, Icon, LinkRow, PlaceTag, Sign, Tag, Tone};
use crate::app::{Route, use_app};
use crate::i18n::{Lang, use_lang};
use crate::words;

/// An address with its village, which many an address begins with already.
#[must_use]
pub(super) fn address(village: &str, rest: &str) -> String {
    if rest.contains(village) { rest.to_owned() } else { format!("{village} {rest}").trim().to_owned() }
}

/// What identifies a household, in three lines at most.
#[component]
pub fn HouseholdLines(row: HouseholdRow, #[props(default)] children: Element) -> Element {
    let (lang, app) = (use_lang(), use_app());
    let place = address(&app.area_name(row.scope), &row.address);
    rsx! {
        div { class: "bf-line",
            strong { class: "bf-name", {row.head_name.clone()} }
            span { class: "bf-code", {row.code.clone()} }
            if let Some(colour) = row.colour.clone() {
                ColourTag { colour }
            }
            if let Some(metres) = row.distance_m {
                span { class: "bf-far", "data-testid": "distance",
                    Icon { sign: Sign::Pin }
                    {words::distance(lang, metres)}
                }
            }
        }
        div { class: "bf-line bf-fine", {place} }
        div { class: "bf-line bf-line_tags",
            for category in &row.categories {
                span { key: "{category}", class: "bf-chip",
                    {lang.or(&format!("choice-household-categories-{category}"), category)}
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

/// A household that leads to its entry.
#[component]
pub fn HouseholdCell(row: HouseholdRow, #[props(default)] children: Element) -> Element {
    let lang = use_lang();
    let last = match row.last_visit_ms {
        Some(at_ms) => lang.with("household-last-visit", [("day", words::day(at_ms).into())]),
        None => lang.say("household-never-visited"),
    };
    rsx! {
        LinkRow { to: Route::HouseholdPage { id: row.id }, testid: "household-{row.code}",
            HouseholdLines { row,
                {children}
                span { class: "bf-fine", {last} }
            }
        }
    }
}

/// A household that is due and leads to its entry, with the visit from which its day is reckoned.
#[component]
pub fn DueCell(due: DueRow, #[props(default)] children: Element) -> Element {
    let row = due.household.clone();
    rsx! {
        LinkRow { to: Route::HouseholdPage { id: row.id }, testid: "household-{row.code}",
            HouseholdLines { row,
                {children}
                LastCounted { due }
            }
        }
    }
}

/// The last visit that counts, and a later one that does not.
#[component]
pub fn LastCounted(due: DueRow) -> Element {
    let lang = use_lang();
    let last = match (&due.last_visit_on, &due.uncounted) {
        (Some(day), _) => Some(lang.with("household-last-visit", [("day", day.as_str().into())])),
        (None, None) => Some(lang.say("household-never-visited")),
        // “Never visited” would be wrong, and the day follows.
        (None, Some(_)) => None,
    };
    rsx! {
        if let Some(last) = last {
            span { class: "bf-fine", "data-testid": "last-counted", {last} }
        }
        if let Some(uncounted) = &due.uncounted {
            span { class: "bf-fine", "data-testid": "uncounted", {words::uncounted_words(lang, uncounted)} }
        }
    }
}

/// A record that leads to its page.
#[component]
pub fn RecordCell(row: RecordRow, #[props(default)] by_household: bool) -> Element {
    let lang = use_lang();
    let title = if by_household { row.author_name.clone() } else { row.subject_name.clone() };
    let reason = match &row.place {
        Place::SentBack { comment } => Some(comment.clone()),
        Place::SetAside { reason } => Some(words::reason_words(lang, reason)),
        _ => None,
    };
    rsx! {
        LinkRow { to: Route::RecordPage { id: row.id }, testid: "record-{row.subject_code}",
            div { class: "bf-line",
                span { class: "bf-ledger", title: lang.say(&format!("kind-{}", row.kind)),
                    Icon { sign: kind_sign(row.kind) }
                }
                strong { class: "bf-name", {title} }
                span { {done_words(lang, row.kind, row.outcome)} }
                span { class: "bf-fine", {words::moment(row.ended_at_ms)} }
            }
            div { class: "bf-line bf-line_tags",
                PlaceTag { place: row.place.clone() }
                GradeTag { grade: row.grade }
                if row.in_conflict {
                    Tag { tone: Tone::Bad, sign: Sign::Fork, words: lang.say("record-in-conflict") }
                }
            }
            if let Some(reason) = reason.filter(|reason| !reason.is_empty()) {
                p { class: "bf-said", "data-testid": "reason", {reason} }
            }
        }
    }
}

/// What was done, in a word or two: of a visit how it went, of the others which kind it was.
#[must_use]
pub fn done_words(lang: Lang, kind: ObservationKind, outcome: Outcome) -> String {
    let of = lang.say(&format!("kind-{kind}"));
    match (kind, outcome) {
        (ObservationKind::Visit | ObservationKind::Unknown, _) => outcome_words(lang, outcome),
        (_, Outcome::Done) => of,
        _ => lang
            .with("record-not-done", [("kind", of.into()), ("outcome", outcome_words(lang, outcome).into())]),
    }
}
