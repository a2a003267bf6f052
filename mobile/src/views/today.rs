//! 今日: what is due, what was begun, what came back; and recording any of the four.

mod lists;

use bianfang_device::message::{Reply, Request, Today};
use bianfang_shared::day::{Day, day_of};
use bianfang_shared::ledger::Point;
use bianfang_shared::observation::ObservationKind;
use dioxus::prelude::*;

use self::lists::{Begun, Due, Issues, SentBack, Tasks};
use crate::app::{HereFinder, Route, Shown, use_app, use_ask};
use crate::components::{Head, Icon, Loading, Segment, Segments, TroubleScreen, issue_presses, kind_sign};
use crate::i18n::use_lang;
use crate::platform::use_platform;

fn request(here: Option<Point>) -> Request {
    Request::Today { here }
}

fn read(reply: Reply) -> Option<Today> {
    match reply {
        Reply::Today(today) => Some(today),
        _ => None,
    }
}

/// The first screen of whoever visits.
#[component]
pub fn TodayPage() -> Element {
    let (lang, app) = (use_lang(), use_app());
    let asked = use_ask(*app.here.read(), request, read);
    rsx! {
        Head { title: lang.say("nav-today"), HereFinder {} }
        match asked.shown_or_older() {
            Shown::Loading => rsx! { Loading {} },
            Shown::Failed(trouble, again) => rsx! { TroubleScreen { trouble, again } },
            Shown::Ready(today) => rsx! {
                Sums { today: (*today).clone() }
                Parts { today: (*today).clone() }
            },
        }
        Record {}
    }
}

#[component]
fn Sums(today: Today) -> Element {
    let lang = use_lang();
    let late = today.tasks.iter().filter(|task| task.overdue_days > 0).count() as u64;
    let overdue = today.overdue_total + late;
    let due = today.due_total + today.tasks_total;
    let sums = [
        ("sum-overdue", overdue, lang.say("today-overdue"), overdue > 0),
        ("sum-due", due, lang.say("today-due"), false),
        ("sum-visited", today.visited_this_month, lang.say("today-visited"), false),
    ];
    rsx! {
        dl { class: "bf-sums",
            for (testid , count , words , bad) in sums {
                div { key: "{testid}", class: if bad { "bf-sum bf-sum_bad" } else { "bf-sum" }, "data-testid": testid,
                    dt { {words} }
                    dd { {count.to_string()} }
                }
            }
        }
    }
}

/// What lies before the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    /// Households to call on.
    Visits,
    /// Inspections, checks, attendances.
    Tasks,
    /// Problems.
    Issues,
    /// Records sent back.
    SentBack,
    /// Forms begun.
    Drafts,
}

impl Part {
    const ALL: [Self; 5] = [Self::Visits, Self::Tasks, Self::Issues, Self::SentBack, Self::Drafts];

    fn key(self) -> &'static str {
        match self {
            Self::Visits => "visits",
            Self::Tasks => "tasks",
            Self::Issues => "issues",
            Self::SentBack => "sent-back",
            Self::Drafts => "drafts",
        }
    }

    /// How many there are, and whether they press.
    fn count(self, today: &Today, on: Day) -> (u64, bool) {
        match self {
            Self::Visits => (today.due_total, today.overdue_total > 0),
            Self::Tasks => (today.tasks_total, today.tasks.iter().any(|task| task.overdue_days > 0)),
            Self::Issues => (today.issues_total, today.issues.iter().any(|row| issue_presses(row, on))),
            Self::SentBack => (today.sent_back.len() as u64, true),
            Self::Drafts => (today.drafts.len() as u64, false),
        }
    }
}

#[component]
fn Parts(today: Today) -> Element {
    let lang = use_lang();
    let on = day_of(use_platform().page.wall_ms());
    let mut part = use_signal(|| Part::Visits);
    let segments: Vec<Segment<Part>> = Part::ALL
        .into_iter()
        .map(|part| {
            let (count, urgent) = part.count(&today, on);
            Segment {
                key: part,
                words: lang.say(&format!("today-part-{}", part.key())),
                count: Some(count),
                urgent,
                testid: format!("part-{}", part.key()),
            }
        })
        .collect();
    rsx! {
        Segments { label: lang.say("today-parts"), segments, current: part(), onchoose: move |next| part.set(next) }
        match part() {
            Part::Visits => rsx! { Due { due: today.due.clone(), total: today.due_total } },
            Part::Tasks => rsx! { Tasks { tasks: today.tasks.clone(), total: today.tasks_total } },
            Part::Issues => rsx! { Issues { rows: today.issues.clone(), total: today.issues_total } },
            Part::SentBack => rsx! { SentBack { rows: today.sent_back.clone() } },
            Part::Drafts => rsx! { Begun { drafts: today.drafts.clone() } },
        }
    }
}

/// Recording: four large buttons within reach of a thumb.
#[component]
fn Record() -> Element {
    let lang = use_lang();
    rsx! {
        nav { class: "bf-do bf-do_four", "aria-label": lang.say("today-record"),
            for kind in ObservationKind::ALL {
                Link {
                    key: "{kind}",
                    class: "bf-record",
                    to: Route::ChoosePage { kind },
                    "data-testid": "record-{kind}",
                    "aria-label": lang.say(&format!("kind-{kind}")),
                    Icon { sign: kind_sign(kind) }
                    span { {lang.say(&format!("kind-short-{kind}"))} }
                }
            }
        }
    }
}
