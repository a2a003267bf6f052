//! How far a record is worth believing, with every reason; and what a record does to the ledgers.

use bianfang_shared::evidence::{Check, Evidence, Finding, Grade};
use bianfang_shared::form::{Effect, EffectKind};
use dioxus::prelude::*;

use super::tag::{finding_look, grade_key};
use super::{GradeTag, Icon, Sign};
use crate::i18n::{Lang, use_lang};
use crate::words::{self, Names, check_key, check_words};

/// The grade and its reasons, the weightiest first.
#[component]
pub fn EvidencePanel(
    evidence: Evidence,
    /// Whether the form is still in hand, so that something can be done about it.
    #[props(default)]
    live: bool,
) -> Element {
    let lang = use_lang();
    let mut checks = evidence.checks.clone();
    checks.sort_by_key(|check| std::cmp::Reverse(check.finding));
    let advice = lang.say(&format!("grade-{}-means", grade_key(evidence.grade)));
    let now = (live && evidence.grade != Grade::Credible).then(|| lang.say("grade-better-now"));
    rsx! {
        section { class: "bf-panel", "data-testid": "evidence", "aria-label": lang.say("evidence-title"),
            div { class: "bf-panel__head",
                h2 { class: "bf-panel__title", {lang.say("evidence-title")} }
                GradeTag { grade: evidence.grade }
            }
            p { class: "bf-panel__lead",
                {advice}
                if let Some(now) = now {
                    {lang.say("sentence-gap")}
                    {now}
                }
            }
            ul { class: "bf-checks",
                for check in checks {
                    CheckLine { key: "{check_key(check.name)}", check }
                }
            }
        }
    }
}

#[component]
fn CheckLine(check: Check) -> Element {
    let lang = use_lang();
    let (tone, sign, finding) = finding_look(check.finding);
    rsx! {
        li { class: "bf-check bf-check_{tone.word()}", "data-testid": "check-{check_key(check.name)}", "data-finding": finding,
            Icon { sign }
            span { class: "bf-check__finding", {lang.say(&format!("finding-{finding}"))} }
            span { class: "bf-check__words", {check_words(lang, &check)} }
        }
    }
}

/// The reasons that keep a grade from being credible, in one line, for lists and for the summary.
#[must_use]
pub fn weak_points(lang: Lang, evidence: &Evidence) -> Vec<String> {
    if evidence.grade == Grade::Credible {
        return Vec::new();
    }
    let weak = evidence.checks.iter().filter(|check| matches!(check.finding, Finding::Doubt | Finding::Fail));
    weak.map(|check| check_words(lang, check)).collect()
}

/// “本次将更新台账”: what a visit does, each of which can be struck out where `onstrike` is given.
#[component]
pub fn EffectList(
    effects: Vec<Effect>,
    #[props(default)] names: Names,
    onstrike: Option<EventHandler<String>>,
) -> Element {
    let lang = use_lang();
    if effects.is_empty() {
        return rsx! {
            p { class: "bf-panel__lead", "data-testid": "effects-none", {lang.say("effects-none")} }
        };
    }
    rsx! {
        ul { class: "bf-effects", "data-testid": "effects",
            for effect in effects {
                EffectLine { key: "{effect.key}", effect, names: names.clone(), onstrike }
            }
        }
    }
}

#[component]
fn EffectLine(effect: Effect, names: Names, onstrike: Option<EventHandler<String>>) -> Element {
    let lang = use_lang();
    let (class, sign) = match &effect.what {
        EffectKind::OpenIssue { urgent: true, .. } => ("bf-effect bf-effect_urgent", Sign::Warn),
        EffectKind::OpenIssue { .. } => ("bf-effect", Sign::Warn),
        EffectKind::Change { .. } => ("bf-effect", Sign::Pencil),
        EffectKind::IssueStands { .. } => ("bf-effect", Sign::Info),
    };
    let (key, struck) = (effect.key.clone(), effect.struck);
    let striking = key.clone();
    let label = lang.say(if struck { "effects-take-back" } else { "effects-strike" });
    // What stands already is only told; there is nothing to strike out.
    let strikes = onstrike.filter(|_| !matches!(effect.what, EffectKind::IssueStands { .. }));
    rsx! {
        li { class, "data-testid": "effect", "data-key": key.clone(), "data-struck": struck.to_string(),
            Icon { sign }
            div { class: if struck { "bf-effect__body bf-struck" } else { "bf-effect__body" },
                EffectWords { what: effect.what.clone(), names }
                if effect.to_approve {
                    p { class: "bf-fine", "data-testid": "to-approve", {lang.say("effects-to-approve")} }
                }
                if struck {
                    p { class: "bf-fine bf-unstruck", {lang.say("effects-struck")} }
                }
            }
            if let Some(onstrike) = strikes {
                button {
                    r#type: "button",
                    class: "bf-link",
                    "data-testid": "strike-{key}",
                    "aria-pressed": struck.to_string(),
                    onclick: move |_| onstrike.call(striking.clone()),
                    {label}
                }
            }
        }
    }
}

/// What an effect does, in words.
#[component]
pub fn EffectWords(what: EffectKind, #[props(default)] names: Names) -> Element {
    let lang = use_lang();
    match what {
        EffectKind::Change { ledger, field, from, to, .. } => {
            let say = |value| words::field_value(lang, ledger, &field, value, &names);
            rsx! {
                p { class: "bf-effect__title", {words::field_name(lang, ledger, &field)} }
                p {
                    span { class: "bf-from", {say(&from)} }
                    span { " → " }
                    strong { {say(&to)} }
                }
            }
        }
        EffectKind::OpenIssue { topic, what, urgent, deadline_days, lead, .. } => {
            let topic = lang.or(&format!("topic-{topic}"), &topic);
            let key = if urgent { "effects-opens-urgent" } else { "effects-opens" };
            rsx! {
                p { class: "bf-effect__title", {lang.with(key, [("topic", topic.into())])} }
                p { {what} }
                p { class: "bf-fine",
                    {lang.with("effects-deadline", [("days", deadline_days.into()), ("lead", lead.into())])}
                }
            }
        }
        EffectKind::IssueStands { topic, .. } => {
            let topic = lang.or(&format!("topic-{topic}"), &topic);
            rsx! { p { {lang.with("effects-stands", [("topic", topic.into())])} } }
        }
    }
}
