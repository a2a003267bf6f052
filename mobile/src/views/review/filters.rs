//! Which records: by kind, village, person, grade, outcome, state, days and text.

use bianfang_shared::day::{Day, plus_days, start_ms};
use bianfang_shared::evidence::Grade;
use bianfang_shared::id::UserId;
use bianfang_shared::observation::{ObservationKind, Outcome};
use bianfang_shared::query::{ReviewState, VisitFilter};
use dioxus::prelude::*;

use crate::app::use_app;
use crate::components::{Icon, Sign, grade_key, outcome_key, outcome_words, review_state_key};
use crate::i18n::use_lang;

const GRADES: [Grade; 3] = [Grade::Credible, Grade::Doubtful, Grade::Insufficient];
const STATES: [ReviewState; 5] = [
    ReviewState::Waiting,
    ReviewState::WithdrawalAsked,
    ReviewState::Approved,
    ReviewState::SentBack,
    ReviewState::Retracted,
];
const OUTCOMES: [Outcome; 7] = [
    Outcome::Done,
    Outcome::AtHome,
    Outcome::NobodyHome,
    Outcome::Refused,
    Outcome::WorkingAway,
    Outcome::RoadCut,
    Outcome::MovedAway,
];

/// A choice of a filter: its key and its words.
type Choice = (String, String);

/// The filters above the list.
#[component]
pub fn Filters(filter: VisitFilter, onchange: EventHandler<VisitFilter>) -> Element {
    let (lang, app) = (use_lang(), use_app());
    let status = app.status.read();
    let villages = status.as_ref().map(|status| status.villages.as_slice()).unwrap_or_default();
    let people = status.as_ref().map(|status| status.people.as_slice()).unwrap_or_default();
    let villages: Vec<Choice> =
        villages.iter().map(|area| (area.code.to_string(), area.name.clone())).collect();
    let visitors = people.iter().filter(|person| !person.role.is_office());
    let visitors: Vec<Choice> = visitors.map(|person| (person.id.to_string(), person.name.clone())).collect();
    let grades =
        GRADES.map(|grade| (grade_key(grade).to_owned(), lang.say(&format!("grade-{}", grade_key(grade)))));
    let states = STATES.map(|state| {
        (review_state_key(state).to_owned(), lang.say(&format!("state-{}", review_state_key(state))))
    });
    let outcomes = OUTCOMES.map(|outcome| (outcome_key(outcome).to_owned(), outcome_words(lang, outcome)));
    let kinds = ObservationKind::ALL.map(|kind| (kind.key().to_owned(), lang.say(&format!("kind-{kind}"))));
    let set = move |change: &dyn Fn(&mut VisitFilter)| {
        let mut next = filter.clone();
        change(&mut next);
        onchange.call(next);
    };
    let set = std::rc::Rc::new(set);
    let by = |take: fn(&mut VisitFilter, &str)| {
        let set = std::rc::Rc::clone(&set);
        EventHandler::new(move |key: String| set(&|filter| take(filter, &key)))
    };
    rsx! {
        div { class: "bf-search", role: "search",
            label { class: "bf-search__box",
                Icon { sign: Sign::Search }
                span { class: "bf-hidden", {lang.say("review-search")} }
                input {
                    class: "weui-input",
                    r#type: "search",
                    autocomplete: "off",
                    placeholder: lang.say("review-search"),
                    "data-testid": "review-search",
                    oninput: {
                        let text = by(|filter, text| filter.text = Some(text.trim().to_owned()).filter(|text| !text.is_empty()));
                        move |event: FormEvent| text.call(event.value())
                    },
                }
            }
            div { class: "bf-filters",
                Pick { testid: "filter-kind", name: lang.say("filter-kind"), choices: kinds.to_vec(), onpick: by(|filter, key| filter.kind = key.parse().ok()) }
                Pick { testid: "filter-state", name: lang.say("filter-state"), choices: states.to_vec(), onpick: by(|filter, key| filter.state = STATES.into_iter().find(|state| review_state_key(*state) == key)) }
                Pick { testid: "filter-grade", name: lang.say("filter-grade"), choices: grades.to_vec(), onpick: by(|filter, key| filter.grade = GRADES.into_iter().find(|grade| grade_key(*grade) == key)) }
            }
            details { class: "bf-more-filters",
                summary { class: "bf-link", "data-testid": "filter-more", {lang.say("filter-more")} }
                div { class: "bf-filters",
                Pick { testid: "filter-village", name: lang.say("filter-village"), choices: villages, onpick: by(|filter, key| filter.area = key.parse().ok()) }
                Pick { testid: "filter-author", name: lang.say("filter-author"), choices: visitors, onpick: by(|filter, key| filter.author = key.parse::<UserId>().ok()) }
                Pick { testid: "filter-outcome", name: lang.say("filter-outcome"), choices: outcomes.to_vec(), onpick: by(|filter, key| filter.outcome = OUTCOMES.into_iter().find(|outcome| outcome_key(*outcome) == key)) }
                DayPick { testid: "filter-from", name: lang.say("filter-from"), onpick: by(|filter, day| filter.from_ms = day.parse().ok().map(start_ms)) }
                DayPick { testid: "filter-until", name: lang.say("filter-until"), onpick: by(|filter, day| filter.until_ms = day.parse().ok().map(|day: Day| start_ms(plus_days(day, 1)))) }
                }
            }
        }
    }
}

#[component]
fn Pick(testid: String, name: String, choices: Vec<Choice>, onpick: EventHandler<String>) -> Element {
    let lang = use_lang();
    let mut chosen = use_signal(String::new);
    rsx! {
        label { class: "bf-filter",
            span { class: "bf-filter__name", {name} }
            select {
                class: "weui-select bf-select",
                "data-testid": testid,
                onchange: move |event| {
                    chosen.set(event.value());
                    onpick.call(event.value());
                },
                option { value: "", selected: chosen.read().is_empty(), {lang.say("filter-all")} }
                for (key , words) in choices {
                    option { key: "{key}", value: key.clone(), selected: *chosen.read() == key, {words} }
                }
            }
        }
    }
}

#[component]
fn DayPick(testid: String, name: String, onpick: EventHandler<String>) -> Element {
    rsx! {
        label { class: "bf-filter",
            span { class: "bf-filter__name", {name} }
            input { class: "bf-select", r#type: "date", "data-testid": testid, oninput: move |event| onpick.call(event.value()) }
        }
    }
}
