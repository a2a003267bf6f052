//! Small labels for states: always an icon and words, colour besides.

use bianfang_device::message::Place;
use bianfang_shared::evidence::{Finding, Grade};
use bianfang_shared::observation::Outcome;
use bianfang_shared::query::ReviewState;
use dioxus::prelude::*;

use super::{Icon, Sign};
use crate::i18n::{Lang, use_lang};

/// How a label is coloured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// In order.
    Good,
    /// Look at it.
    Careful,
    /// Something is wrong.
    Bad,
    /// Neither good nor bad.
    Plain,
    /// On its way.
    Busy,
}

impl Tone {
    /// The end of its class names.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Careful => "careful",
            Self::Bad => "bad",
            Self::Plain => "plain",
            Self::Busy => "busy",
        }
    }
}

/// A label.
#[component]
pub fn Tag(tone: Tone, sign: Sign, words: String, #[props(default)] testid: String) -> Element {
    rsx! {
        span { class: "bf-tag bf-tag_{tone.word()}", "data-testid": (!testid.is_empty()).then_some(testid),
            Icon { sign }
            {words}
        }
    }
}

/// The key of an outcome in data and messages.
#[must_use]
pub fn outcome_key(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::AtHome => "at_home",
        Outcome::NobodyHome => "nobody_home",
        Outcome::Refused => "refused",
        Outcome::WorkingAway => "working_away",
        Outcome::RoadCut => "road_cut",
        Outcome::MovedAway => "moved_away",
        Outcome::Done => "done",
        Outcome::Unknown => "unknown",
    }
}

/// An outcome in words.
#[must_use]
pub fn outcome_words(lang: Lang, outcome: Outcome) -> String {
    lang.say(&format!("outcome-{}", outcome_key(outcome)))
}

/// The key of a grade in data and messages.
#[must_use]
pub fn grade_key(grade: Grade) -> &'static str {
    match grade {
        Grade::Credible => "credible",
        Grade::Doubtful => "doubtful",
        Grade::Insufficient => "insufficient",
    }
}

fn grade_look(grade: Grade) -> (Tone, Sign) {
    match grade {
        Grade::Credible => (Tone::Good, Sign::Check),
        Grade::Doubtful => (Tone::Careful, Sign::Unknown),
        Grade::Insufficient => (Tone::Bad, Sign::Cross),
    }
}

/// 佐证等级.
#[component]
pub fn GradeTag(grade: Grade) -> Element {
    let lang = use_lang();
    let (tone, sign) = grade_look(grade);
    rsx! {
        span { "data-testid": "grade", "data-grade": grade_key(grade),
            Tag { tone, sign, words: lang.say(&format!("grade-{}", grade_key(grade))) }
        }
    }
}

/// How a finding of one check looks.
#[must_use]
pub fn finding_look(finding: Finding) -> (Tone, Sign, &'static str) {
    match finding {
        Finding::Pass => (Tone::Good, Sign::Check, "pass"),
        Finding::Doubt => (Tone::Careful, Sign::Warn, "doubt"),
        Finding::Fail => (Tone::Bad, Sign::Cross, "fail"),
        Finding::Unknown => (Tone::Plain, Sign::Minus, "unknown"),
    }
}

/// The key of a place in data and messages.
#[must_use]
pub fn place_key(place: &Place) -> &'static str {
    match place {
        Place::Device => "device",
        Place::Centre => "centre",
        Place::Photos { .. } => "photos",
        Place::Complete => "complete",
        Place::SetAside { .. } => "set_aside",
        Place::Approved => "approved",
        Place::SentBack { .. } => "sent_back",
        Place::Retracted => "retracted",
        Place::WithdrawalAsked => "withdrawal_asked",
    }
}

fn place_look(place: &Place) -> (Tone, Sign) {
    match place {
        Place::Device => (Tone::Careful, Sign::Device),
        Place::Centre | Place::Complete => (Tone::Good, Sign::Cloud),
        Place::Photos { .. } => (Tone::Careful, Sign::Cloud),
        Place::SetAside { .. } => (Tone::Bad, Sign::SetAside),
        Place::Approved => (Tone::Good, Sign::Check),
        Place::SentBack { .. } => (Tone::Bad, Sign::Return),
        Place::Retracted => (Tone::Plain, Sign::Minus),
        Place::WithdrawalAsked => (Tone::Busy, Sign::Clock),
    }
}

/// Where a record is, in words.
#[must_use]
pub fn place_words(lang: Lang, place: &Place) -> String {
    match place {
        Place::Photos { held, total } => {
            lang.with("place-photos", [("held", (*held).into()), ("total", (*total).into())])
        }
        _ => lang.say(&format!("place-{}", place_key(place))),
    }
}

/// Where a record is.
#[component]
pub fn PlaceTag(place: Place) -> Element {
    let lang = use_lang();
    let (tone, sign) = place_look(&place);
    let (key, words) = (place_key(&place), place_words(lang, &place));
    rsx! {
        span { "data-testid": "place", "data-place": key,
            Tag { tone, sign, words }
        }
    }
}

/// The key of a state of review in data and messages.
#[must_use]
pub fn review_state_key(state: ReviewState) -> &'static str {
    match state {
        ReviewState::Waiting => "waiting",
        ReviewState::Approved => "approved",
        ReviewState::SentBack => "sent_back",
        ReviewState::Retracted => "retracted",
        ReviewState::WithdrawalAsked => "withdrawal_asked",
    }
}

/// What the supervisors have said.
#[component]
pub fn ReviewStateTag(state: ReviewState) -> Element {
    let lang = use_lang();
    let (tone, sign) = match state {
        ReviewState::Waiting => (Tone::Busy, Sign::Clock),
        ReviewState::Approved => (Tone::Good, Sign::Check),
        ReviewState::SentBack => (Tone::Bad, Sign::Return),
        ReviewState::Retracted => (Tone::Plain, Sign::Minus),
        ReviewState::WithdrawalAsked => (Tone::Busy, Sign::Clock),
    };
    let key = review_state_key(state);
    rsx! {
        span { "data-testid": "review-state", "data-state": key,
            Tag { tone, sign, words: lang.say(&format!("state-{key}")) }
        }
    }
}

/// 三色码: a dot and its word.
#[component]
pub fn ColourTag(colour: String) -> Element {
    let lang = use_lang();
    let class = match colour.as_str() {
        "green" | "yellow" | "orange" => colour.as_str(),
        _ => "other",
    };
    rsx! {
        span { class: "bf-colour bf-colour_{class}", "data-testid": "colour",
            i { "aria-hidden": "true" }
            {lang.or(&format!("choice-household-colour-{colour}"), &colour)}
        }
    }
}
