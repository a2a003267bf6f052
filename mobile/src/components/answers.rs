//! A record as its author wrote it: how it went, who, how long, and the answers by section.

use bianfang_shared::checklist::{Checklist, Question};
use bianfang_shared::observation::{Observation, ObservationKind, Outcome};
use bianfang_shared::text;
use bianfang_shared::value::Value;
use dioxus::prelude::*;

use super::{FactRow, Group, outcome_words};
use crate::i18n::use_lang;
use crate::words;

/// The heads of a record: outcome, who was met, when, how long, the note.
#[component]
pub fn RecordFacts(observation: Observation, author: String) -> Element {
    let lang = use_lang();
    #[expect(clippy::cast_precision_loss, reason = "a visit's length, shown in minutes")]
    let dwell = words::span(lang, observation.dwell_ms as f64 / 1_000.0);
    let when = lang.with(
        "record-when",
        [
            ("day", words::day(observation.ended_at_ms).into()),
            ("from", words::time(observation.started_at_ms).into()),
            ("until", words::time(observation.ended_at_ms).into()),
        ],
    );
    rsx! {
        Group { testid: "record-facts",
            if observation.kind == ObservationKind::Visit || observation.outcome != Outcome::Done {
                FactRow { name: lang.say("record-outcome"), {outcome_words(lang, observation.outcome)} }
            }
            if !observation.met.is_empty() {
                FactRow { name: lang.say("record-met"), {text::shown(&observation.met).into_owned()} }
            }
            FactRow { name: lang.say("record-author"), {author} }
            FactRow { name: lang.say("record-time"), span { class: "bf-nowrap", {when} } }
            FactRow { name: lang.say("record-dwell"), {dwell} }
            if !observation.note.is_empty() {
                FactRow { name: lang.say("record-note"), testid: "record-note", {text::shown(&observation.note).into_owned()} }
            }
        }
    }
}

/// The answers by section, in the order asked; those of questions that this version does not know come last.
#[component]
pub fn Answers(observation: Observation) -> Element {
    let lang = use_lang();
    let checklist = Checklist::of(observation.kind);
    let answer = |question: &Question| observation.answers.get(&question.key).cloned();
    let sections = checklist.sections.iter().map(|section| {
        let asked = checklist.questions.iter().filter(|question| question.section == section.key);
        let lines: Vec<Line> = asked
            .filter_map(|question| {
                Some(Line {
                    key: question.key.clone(),
                    asked: question.text.of(lang.tag()).to_owned(),
                    said: words::answer(lang, &question.kind, &answer(question)?),
                })
            })
            .collect();
        (section.key.clone(), section.text.of(lang.tag()).to_owned(), lines)
    });
    let newer = observation.answers.iter().filter(|(key, _)| checklist.question(key).is_none());
    let newer: Vec<Line> = newer
        .map(|(key, value): (&String, &Value)| Line {
            key: key.clone(),
            asked: key.clone(),
            said: words::plain(lang, value),
        })
        .collect();
    let parts = sections.chain([("newer".to_owned(), lang.say("record-other-answers"), newer)]);
    let parts: Vec<_> = parts.filter(|(_, _, lines)| !lines.is_empty()).collect();
    rsx! {
        if parts.is_empty() {
            p { class: "bf-fine bf-centred", {lang.say("record-no-answers")} }
        }
        for (key , title , lines) in parts {
            Group { key: "{key}", title, testid: "answers-{key}",
                for line in lines {
                    FactRow { key: "{line.key}", long: true, name: line.asked, testid: "answer-{line.key}", {line.said} }
                }
            }
        }
    }
}

struct Line {
    key: String,
    asked: String,
    said: String,
}
