//! All of a record for whoever reviews it: photographs, answers, the rules' judgement, effects, reasons, the place, what
//! was said before.

use bianfang_device::message::{Reply, Request};
use bianfang_shared::checklist::{Checklist, Situation};
use bianfang_shared::entry::Entry;
use bianfang_shared::form::EffectKind;
use bianfang_shared::id::{ObservationId, UserId};
use bianfang_shared::observation::Answers;
use bianfang_shared::op;
use bianfang_shared::query::{ReviewItem, ReviewState, SimilarPhoto, VisitDetail, WithdrawalItem};
use bianfang_shared::rules::{self, Verdict};
use bianfang_shared::text;
use dioxus::prelude::*;

use super::word::{Word, WordOnWithdrawal};
use crate::app::{Route, Shown, use_app, use_ask_centre};
use crate::components::{
    Answers as AnswerList, ConflictCard, Dispute, EffectWords, EvidencePanel, GradeTag, Group, Head, Icon,
    Loading, Note, PhotoShown, PhotoStrip, Plan, RecordFacts, ReviewStateTag, Sign, Tag, Tone, TroubleScreen,
    VerdictCard, Weight, kind_sign,
};
use crate::i18n::{Lang, use_lang};
use crate::photos::Mark;
use crate::words::{self, Names, best_place, question_words};

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
    let subject = Route::subject(summary.kind, summary.subject);
    rsx! {
        div { class: "bf-panel", "data-testid": "visit-detail",
            div { class: "bf-line",
                Link { class: "bf-link bf-name", to: subject, "data-testid": "to-household", {summary.subject_name.clone()} }
                span { class: "bf-code", {summary.subject_code.clone()} }
                span { class: "bf-fine", {app.area_name(summary.scope)} }
            }
            div { class: "bf-line bf-line_tags",
                Tag { tone: Tone::Plain, sign: kind_sign(summary.kind), words: lang.say(&format!("kind-{}", summary.kind)), testid: "record-kind" }
                GradeTag { grade: summary.grade }
                ReviewStateTag { state: summary.state }
            }
            p { class: "bf-fine", {lang.with("review-received", [("at", words::moment(summary.received_at_ms).into())])} }
        }
        Photos { detail: detail.clone() }
        div { class: "bf-columns",
            div {
                if let Some(verdict) = judged(&detail) {
                    VerdictCard { verdict, kind: summary.kind }
                }
                RecordFacts { observation: detail.observation.clone(), author: summary.author_name.clone() }
                Effects { effects: detail.effects.clone(), names: names.clone() }
                Conflicts { detail: detail.clone(), names }
                AnswerList { observation: detail.observation.clone() }
            }
            div {
                EvidencePanel { evidence: detail.evidence.clone() }
                Place { detail: detail.clone() }
                Said { reviews: detail.reviews.clone() }
                Withdrawn { withdrawals: detail.withdrawals.clone() }
            }
        }
        if is_own(&detail, app.user().map(|user| user.id)) {
            Note { weight: Weight::Info, sign: Sign::Info, testid: "own-record", {lang.say("review-own")} }
        } else if app.reviews() && summary.state == ReviewState::WithdrawalAsked {
            WordOnWithdrawal { id: summary.id, scope: summary.scope }
        } else if app.reviews() {
            Word { id: summary.id, scope: summary.scope }
        }
    }
}

/// The photographs in view, with what each looks like and whose record that is.
#[component]
fn Photos(detail: VisitDetail) -> Element {
    let lang = use_lang();
    if detail.photos.is_empty() {
        return rsx! {};
    }
    let checklist = Checklist::of(detail.observation.kind);
    let missing = detail.photos.iter().filter(|view| !view.held).count() as u64;
    let mark = |purpose: &str| Mark {
        name: detail.summary.subject_name.clone(),
        code: detail.summary.subject_code.clone(),
        author: detail.summary.author_name.clone(),
        shows: question_words(lang, checklist, purpose),
    };
    let photos: Vec<PhotoShown> = (detail.photos.iter())
        .map(|view| PhotoShown {
            photo: view.photo.clone(),
            thumbnail: None,
            state: None,
            mark: mark(&view.photo.purpose),
            warnings: view.similar.iter().map(|similar| similar_words(lang, similar)).collect(),
        })
        .collect();
    let similar: Vec<SimilarPhoto> = detail.photos.iter().flat_map(|view| view.similar.clone()).collect();
    rsx! {
        section { class: "bf-panel", "data-testid": "review-photos",
            h2 { class: "bf-panel__title", {lang.with("record-photos", [("n", (photos.len() as u64).into())])} }
            if missing > 0 {
                p { class: "bf-panel__lead", "data-testid": "photos-coming", {lang.with("review-photos-coming", [("n", missing.into())])} }
            }
            PhotoStrip { photos, named: true }
            SimilarRecords { similar }
        }
    }
}

/// What a photograph looks like, as far as the reader may know.
fn similar_words(lang: Lang, similar: &SimilarPhoto) -> String {
    let same = similar.same_bytes;
    if similar.record.is_none() {
        return lang.say(if same { "similar-same-hidden" } else { "similar-like-hidden" });
    }
    let args = [
        ("name", similar.subject_name.as_str().into()),
        ("author", similar.author_name.as_str().into()),
        ("day", words::day(similar.ended_at_ms).into()),
    ];
    lang.with(if same { "similar-same" } else { "similar-like" }, args)
}

/// The way to the records with the same or a similar photograph.
#[component]
fn SimilarRecords(similar: Vec<SimilarPhoto>) -> Element {
    let lang = use_lang();
    let mut seen = Vec::new();
    for one in similar {
        if let Some(id) = one.record.filter(|id| seen.iter().all(|(known, _)| known != id)) {
            seen.push((id, one));
        }
    }
    if seen.is_empty() {
        return rsx! {};
    }
    rsx! {
        ul { class: "bf-jumps", "data-testid": "similar-records",
            for (id , one) in seen {
                li { key: "{id}",
                    Link { class: "bf-link", to: Route::ReviewPage { id }, "data-testid": "similar-record",
                        {lang.with("similar-open", [("name", one.subject_name.as_str().into()), ("day", words::day(one.ended_at_ms).into())])}
                    }
                }
            }
        }
    }
}

/// What the rules make of the record. The answers are judged as they were written; the ledger has moved on since.
fn judged(detail: &VisitDetail) -> Option<Verdict> {
    let record = &detail.observation;
    let subject = Entry::empty(record.subject, detail.summary.scope);
    let situation = Situation {
        answers: &record.answers,
        outcome: Some(record.outcome),
        subject: &subject,
        household: None,
        facts: &Answers::new(),
    };
    rules::verdict(record.kind, &situation)
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
        (Some(anchor), Some(fix)) => rsx! { Plan { anchor, fix, kind: detail.observation.kind } },
        (_, None) => {
            rsx! { p { class: "bf-panel bf-fine", "data-testid": "plan-none", {lang.say("plan-no-fix")} } }
        }
        (None, _) => {
            rsx! { p { class: "bf-panel bf-fine", "data-testid": "plan-none", {lang.say("plan-no-anchor")} } }
        }
    }
}

/// Whether somebody made the record, or said to have gone along: then somebody else reviews it.
fn is_own(detail: &VisitDetail, user: Option<UserId>) -> bool {
    user.is_some_and(|user| detail.summary.author == user || detail.accompanied.contains(&user))
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
                    Icon { sign: if review.verdict == op::Verdict::Approved { Sign::Check } else { Sign::Return } }
                    div { class: "bf-row__body",
                        div { class: "bf-line",
                            strong { {lang.say(verdict_key(review.verdict))} }
                            span { class: "bf-fine", {review.author_name.clone()} }
                            span { class: "bf-fine", {words::moment(review.received_at_ms)} }
                        }
                        if !review.comment.is_empty() {
                            p { {text::shown(&review.comment).into_owned()} }
                        }
                    }
                }
            }
        }
    }
}

/// Why it was taken back, or is to be.
#[component]
fn Withdrawn(withdrawals: Vec<WithdrawalItem>) -> Element {
    let lang = use_lang();
    if withdrawals.is_empty() {
        return rsx! {};
    }
    rsx! {
        Group { title: lang.say("review-withdrawals"), testid: "withdrawals",
            for (at , withdrawal) in withdrawals.into_iter().enumerate() {
                li { key: "{at}", class: "bf-row", "data-testid": "withdrawal",
                    Icon { sign: Sign::Return }
                    div { class: "bf-row__body",
                        div { class: "bf-line",
                            strong { {withdrawal.author_name.clone()} }
                            span { class: "bf-fine", {words::moment(withdrawal.received_at_ms)} }
                        }
                        p { {text::shown(&withdrawal.reason).into_owned()} }
                    }
                }
            }
        }
    }
}

fn verdict_key(verdict: op::Verdict) -> &'static str {
    match verdict {
        op::Verdict::Approved => "verdict-approved",
        op::Verdict::SentBack => "verdict-sent-back",
        op::Verdict::Unknown => "verdict-unknown",
    }
}
