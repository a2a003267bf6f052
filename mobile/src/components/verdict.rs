//! What the rules of the field make of a form or a record, with every reason and where it is from.

use bianfang_shared::ledger::LedgerKind;
use bianfang_shared::observation::ObservationKind;
use bianfang_shared::rules::{Ground, Verdict};
use bianfang_shared::value::Value;
use dioxus::prelude::*;

use super::{Icon, Sign, Tag, Tone};
use crate::i18n::{Lang, use_lang};
use crate::words;

/// The judgement, while one fills in or of a record.
#[component]
pub fn VerdictCard(
    verdict: Verdict,
    kind: ObservationKind,
    /// Whether it changes as one answers.
    #[props(default)]
    live: bool,
) -> Element {
    let lang = use_lang();
    let in_a_word = said(&verdict);
    rsx! {
        section {
            class: "bf-panel bf-verdict",
            "data-testid": "verdict",
            "data-verdict": in_a_word,
            "aria-label": lang.say(&format!("verdict-title-{kind}")),
            "aria-live": live.then_some("polite"),
            match verdict {
                Verdict::House { grade, reasons } => rsx! { HouseVerdict { grade, reasons } },
                Verdict::Water { overall, indicators, readings } => rsx! { WaterVerdict { overall, indicators, readings } },
                Verdict::Attendance { flags } => rsx! { AttendanceVerdict { flags } },
            }
        }
    }
}

/// The judgement in one word, for tests.
fn said(verdict: &Verdict) -> String {
    match verdict {
        Verdict::House { grade, .. } => grade.clone().unwrap_or_default(),
        Verdict::Water { overall, .. } => overall.clone().unwrap_or_default(),
        Verdict::Attendance { flags } => {
            if flags.is_empty() {
                "clear".to_owned()
            } else {
                "flagged".to_owned()
            }
        }
    }
}

/// How a grade of a house looks.
#[must_use]
pub fn house_grade_look(grade: &str) -> (Tone, Sign) {
    match grade {
        "A" => (Tone::Good, Sign::Check),
        "B" => (Tone::Plain, Sign::Info),
        "C" => (Tone::Careful, Sign::Warn),
        "D" => (Tone::Bad, Sign::Cracked),
        _ => (Tone::Plain, Sign::Unknown),
    }
}

/// How a result of a water check looks.
#[must_use]
pub fn water_look(result: &str) -> (Tone, Sign) {
    match result {
        "met" => (Tone::Good, Sign::Check),
        "basic" => (Tone::Careful, Sign::Info),
        "unmet" => (Tone::Bad, Sign::Cross),
        _ => (Tone::Plain, Sign::Unknown),
    }
}

#[component]
fn HouseVerdict(grade: Option<String>, reasons: Vec<Ground>) -> Element {
    let lang = use_lang();
    let title = lang.say("verdict-title-house_inspection");
    rsx! {
        div { class: "bf-panel__head",
            h2 { class: "bf-panel__title", {title} }
            if let Some(grade) = grade.clone() {
                span { class: "bf-grade bf-grade_{house_grade_look(&grade).0.word()}", "data-testid": "house-grade", "data-grade": grade.clone(),
                    Icon { sign: house_grade_look(&grade).1 }
                    {lang.or(&format!("house-found-{grade}"), &grade)}
                }
            }
        }
        if grade.is_none() {
            p { class: "bf-panel__lead", {lang.say("verdict-house-open")} }
        } else {
            p { class: "bf-panel__lead", {lang.say("verdict-house-means")} }
        }
        Grounds { grounds: reasons, prefix: "house-reason" }
    }
}

#[component]
fn WaterVerdict(overall: Option<String>, indicators: Vec<Ground>, readings: Vec<Ground>) -> Element {
    let lang = use_lang();
    let worst: Vec<String> = overall
        .iter()
        .filter(|overall| *overall != "met")
        .flat_map(|overall| indicators.iter().filter(move |one| one.grade == *overall))
        .map(|one| indicator_name(lang, one))
        .collect();
    rsx! {
        div { class: "bf-panel__head",
            h2 { class: "bf-panel__title", {lang.say("verdict-title-water_check")} }
            if let Some(overall) = overall.clone() {
                span { "data-testid": "water-verdict", "data-verdict": overall.clone(),
                    Tag { tone: water_look(&overall).0, sign: water_look(&overall).1, words: water_words(lang, &overall) }
                }
            }
        }
        if overall.is_none() {
            p { class: "bf-panel__lead", {lang.say("verdict-water-open")} }
        }
        if !worst.is_empty() {
            p { class: "bf-panel__lead", "data-testid": "water-worst",
                {lang.with("verdict-water-worst", [("names", worst.join(&lang.say("list-separator")).into())])}
            }
        }
        ul { class: "bf-indicators",
            for one in indicators {
                Indicator { key: "{one.code}", one }
            }
        }
        Grounds { grounds: readings, prefix: "water-reading" }
    }
}

fn indicator_name(lang: Lang, one: &Ground) -> String {
    lang.or(&format!("water-indicator-{}", one.code), &one.code)
}

/// A result of a water check in words.
fn water_words(lang: Lang, result: &str) -> String {
    words::field_value(lang, LedgerKind::WaterSupply, "latest_result", &result.into(), &words::Names::new())
}

#[component]
fn Indicator(one: Ground) -> Element {
    let lang = use_lang();
    let (tone, sign) = water_look(&one.grade);
    let open = one.grade.is_empty();
    let detail = indicator_detail(lang, &one);
    let worst = one.numbers.get("worst").and_then(Value::as_bool) == Some(true) && one.grade != "met";
    rsx! {
        li { class: if worst { "bf-indicator bf-indicator_worst" } else { "bf-indicator" }, "data-testid": "indicator-{one.code}", "data-grade": one.grade.clone(),
            strong { {indicator_name(lang, &one)} }
            if let Some(detail) = detail {
                span { class: "bf-fine", {detail} }
            }
            if open {
                Tag { tone, sign, words: lang.say("verdict-not-yet") }
            } else {
                Tag { tone, sign, words: water_words(lang, &one.grade) }
            }
        }
    }
}

/// What an indicator rests on, where that was told.
fn indicator_detail(lang: Lang, one: &Ground) -> Option<String> {
    let said = |name: &str| one.numbers.get(name).and_then(Value::as_bool) == Some(true);
    let told = |name: &str| one.numbers.contains_key(name);
    let key = match one.code.as_str() {
        "quantity" if told("litres_l") => "quantity",
        "quality" if said("needs_report") => "report",
        "convenience" if said("piped") => "piped",
        "convenience" if told("fetch_min") => "fetch",
        "reliability" if told("short_days") => "reliability",
        _ => return None,
    };
    words::ground(lang, "water-detail", &Ground { code: key.to_owned(), grade: String::new(), ..one.clone() })
}

#[component]
fn AttendanceVerdict(flags: Vec<Ground>) -> Element {
    let lang = use_lang();
    rsx! {
        div { class: "bf-panel__head",
            h2 { class: "bf-panel__title", {lang.say("verdict-title-attendance")} }
            if flags.is_empty() {
                Tag { tone: Tone::Good, sign: Sign::Check, words: lang.say("verdict-attendance-clear") }
            }
        }
        Grounds { grounds: flags, prefix: "post-flag" }
    }
}

/// Reasons, one a line, with where each comes from folded away.
#[component]
pub fn Grounds(grounds: Vec<Ground>, prefix: &'static str) -> Element {
    let lang = use_lang();
    if grounds.is_empty() {
        return rsx! {};
    }
    let sources: Vec<String> = sources(&grounds);
    rsx! {
        ul { class: "bf-grounds", "data-testid": "grounds",
            for (at , ground) in grounds.into_iter().enumerate() {
                GroundLine { key: "{at}", ground, prefix }
            }
        }
        if !sources.is_empty() {
            details { class: "bf-detail", "data-testid": "grounds-sources",
                summary { class: "bf-link", {lang.say("verdict-sources")} }
                for source in sources {
                    p { key: "{source}", class: "bf-fine", {source.clone()} }
                }
            }
        }
    }
}

fn sources(grounds: &[Ground]) -> Vec<String> {
    let mut sources = Vec::new();
    for ground in grounds {
        if !ground.source.is_empty() && !sources.contains(&ground.source) {
            sources.push(ground.source.clone());
        }
    }
    sources
}

/// How a reason looks: most say what is wrong, some that nothing is.
fn ground_look(ground: &Ground) -> (Tone, Sign) {
    match (ground.code.as_str(), ground.grade.as_str()) {
        ("all_sound", _) | (_, "met" | "sound") => (Tone::Good, Sign::Check),
        ("better_than_report", _) => (Tone::Plain, Sign::Info),
        (_, "severe" | "unmet") => (Tone::Bad, Sign::Warn),
        (_, "slight" | "basic") => (Tone::Careful, Sign::Info),
        _ => (Tone::Careful, Sign::Warn),
    }
}

#[component]
fn GroundLine(ground: Ground, prefix: &'static str) -> Element {
    let lang = use_lang();
    let (tone, sign) = ground_look(&ground);
    let said = words::ground(lang, prefix, &ground).unwrap_or_else(|| lang.say("verdict-other-reason"));
    rsx! {
        li { class: "bf-ground bf-check_{tone.word()}", "data-testid": "ground-{ground.code}",
            Icon { sign }
            span { {said} }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn a_reason_that_nothing_is_wrong_does_not_warn() {
        let look = |code: &str, grade: &str| {
            let (numbers, source) = (BTreeMap::new(), String::new());
            ground_look(&Ground { code: code.to_owned(), grade: grade.to_owned(), numbers, source })
        };
        assert_eq!(look("all_sound", ""), (Tone::Good, Sign::Check));
        assert_eq!(look("better_than_report", ""), (Tone::Plain, Sign::Info));
        assert_eq!(look("worse_than_report", ""), (Tone::Careful, Sign::Warn));
        assert_eq!(look("walls", "severe"), (Tone::Bad, Sign::Warn));
        assert_eq!(look("too_old", ""), (Tone::Careful, Sign::Warn));
    }
}
