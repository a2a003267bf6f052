//! All of a visit for whoever reviews it: answers, effects, reasons, the place, what was said before.

use bianfang_device::message::{Reply, Request};
use bianfang_shared::form::EffectKind;
use bianfang_shared::id::ObservationId;
use bianfang_shared::op::Verdict;
use bianfang_shared::query::{ReviewItem, VisitDetail};
use dioxus::prelude::*;

use super::word::Word;
use crate::app::{Route, Shown, use_app, use_ask_centre};
use crate::components::{
    Answers, ConflictCard, Dispute, EffectWords, EvidencePanel, GradeTag, Group, Head, Icon, Loading, Plan,
    RecordFacts, ReviewStateTag, Sign, TroubleScreen,
};
use crate::i18n::use_lang;
use crate::words::{self, Names, best_place};

fn request(id: ObservationId) -> Request {
    Request::VisitDetail { id }
}

fn read(reply: Reply) -> Option<VisitDetail> {
    match reply {
        Reply::VisitDetail(detail) => Some(*detail),
        _ => None,
    }
}

/// A visit by its id.
#[component]
pub fn Detail(id: ObservationId) -> Element {
    let lang = use_lang();
    let asked = use_ask_centre(id, request, read);
    let title = match asked.shown() {
        Shown::Ready(detail) => detail.summary.subject_name.clone(),
        _ => lang.say("record-title"),
    };
    rsx! {
        Head { title, back: Some(Route::ReviewNone {}) }
        match asked.shown() {
            Shown::Loading => rsx! { Loading {} },
            Shown::Failed(trouble, again) => rsx! { TroubleScreen { trouble, again } },
            // In a list of one, whose key makes a half-typed comment stay with its visit.
            Shown::Ready(detail) => rsx! {
                for detail in [detail] {
                    Whole { key: "{detail.summary.id}", detail: (*detail).clone() }
                }
            },
        }
    }
}

#[component]
fn Whole(detail: VisitDetail) -> Element {
    let (lang, app) = (use_lang(), use_app());
    let names = app.names();
    let summary = detail.summary.clone();
    let household = Route::HouseholdPage { id: summary.subject };
    rsx! {
        div { class: "bf-panel", "data-testid": "visit-detail",
            div { class: "bf-line",
                Link { class: "bf-link bf-name", to: household, "data-testid": "to-household", {summary.subject_name.clone()} }
                span { class: "bf-code", {summary.subject_code.clone()} }
                span { class: "bf-fine", {app.area_name(summary.scope)} }
            }
            div { class: "bf-line bf-line_tags",
                GradeTag { grade: summary.grade }
                ReviewStateTag { state: summary.state }
            }
            p { class: "bf-fine", {lang.with("review-received", [("at", words::moment(summary.received_at_ms).into())])} }
        }
        div { class: "bf-columns",
            div {
                RecordFacts { observation: detail.observation.clone(), author: summary.author_name.clone() }
                Effects { effects: detail.effects.clone(), names: names.clone() }
                Conflicts { detail: detail.clone(), names }
                Answers { observation: detail.observation.clone() }
            }
            div {
                EvidencePanel { evidence: detail.evidence.clone() }
                Place { detail: detail.clone() }
                Said { reviews: detail.reviews.clone() }
            }
        }
        Word { id: summary.id, scope: summary.scope }
    }
}

#[component]
fn Effects(effects: Vec<EffectKind>, names: Names) -> Element {
    let lang = use_lang();
    rsx! {
        section { class: "bf-panel", "data-testid": "effects",
            h2 { class: "bf-panel__title", {lang.say("effects-done")} }
            if effects.is_empty() {
                p { class: "bf-panel__lead", {lang.say("effects-none")} }
            }
            ul { class: "bf-effects",
                for (at , what) in effects.into_iter().enumerate() {
                    li { key: "{at}", class: "bf-effect", "data-testid": "effect",
                        Icon { sign: if matches!(what, EffectKind::Change { .. }) { Sign::Pencil } else { Sign::Warn } }
                        div { class: "bf-effect__body", EffectWords { what, names: names.clone() } }
                    }
                }
            }
        }
    }
}

#[component]
fn Conflicts(detail: VisitDetail, names: Names) -> Element {
    let lang = use_lang();
    if detail.conflicts.is_empty() {
        return rsx! {};
    }
    rsx! {
        Group { title: lang.say("household-disputes"), testid: "conflicts",
            for conflict in detail.conflicts {
                ConflictCard {
                    key: "{conflict.entity}{conflict.field}",
                    dispute: Dispute {
                        entity: conflict.entity,
                        ledger: conflict.ledger,
                        field: conflict.field,
                        siblings: conflict.siblings,
                        names: names.clone(),
                    },
                }
            }
        }
    }
}

/// The drawn plan, or why there is none.
#[component]
fn Place(detail: VisitDetail) -> Element {
    let lang = use_lang();
    match (detail.anchor, best_place(&detail.observation)) {
        (Some(anchor), Some(fix)) => rsx! { Plan { anchor, fix } },
        (_, None) => {
            rsx! { p { class: "bf-panel bf-fine", "data-testid": "plan-none", {lang.say("plan-no-fix")} } }
        }
        (None, _) => {
            rsx! { p { class: "bf-panel bf-fine", "data-testid": "plan-none", {lang.say("plan-no-anchor")} } }
        }
    }
}

#[component]
fn Said(reviews: Vec<ReviewItem>) -> Element {
    let lang = use_lang();
    rsx! {
        Group { title: lang.say("review-history"), testid: "reviews",
            if reviews.is_empty() {
                li { class: "bf-row bf-fine", {lang.say("review-history-none")} }
            }
            for (at , review) in reviews.into_iter().enumerate() {
                li { key: "{at}", class: "bf-row", "data-testid": "review-item",
                    Icon { sign: if review.verdict == Verdict::Approved { Sign::Check } else { Sign::Return } }
                    div { class: "bf-row__body",
                        div { class: "bf-line",
                            strong { {lang.say(verdict_key(review.verdict))} }
                            span { class: "bf-fine", {review.author_name.clone()} }
                            span { class: "bf-fine", {words::moment(review.received_at_ms)} }
                        }
                        if !review.comment.is_empty() {
                            p { {review.comment.clone()} }
                        }
                    }
                }
            }
        }
    }
}

fn verdict_key(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Approved => "verdict-approved",
        Verdict::SentBack => "verdict-sent-back",
        Verdict::Unknown => "verdict-unknown",
    }
}
