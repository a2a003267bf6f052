//! A record known on this device: where it is, what was answered, what it did, how far it is believed.

use bianfang_device::message::{Place, RecordView, Request};
use bianfang_shared::id::ObservationId;
use bianfang_shared::ledger::{LedgerKind, Point};
use dioxus::prelude::*;

use super::household::ChangeList;
use super::saved::{Way, read};
use crate::app::{Route, Shown, use_app, use_ask};
use crate::components::{
    Answers, EvidencePanel, GradeTag, Head, Icon, Loading, Note, PlaceTag, Plan, RecordFacts, Sign, TroubleScreen, Weight,
};
use crate::i18n::use_lang;
use crate::words::reason_words;

fn request(id: ObservationId) -> Request {
    Request::Record { id }
}

/// A record.
#[component]
pub fn RecordPage(id: ObservationId) -> Element {
    let lang = use_lang();
    let asked = use_ask(id, request, read);
    rsx! {
        Head { title: lang.say("record-title"), back: Some(Route::UploadsPage {}) }
        match asked.shown() {
            Shown::Loading => rsx! { Loading {} },
            Shown::Failed(trouble, again) => rsx! { TroubleScreen { trouble, again } },
            Shown::Ready(view) => rsx! { Record { view: (*view).clone() } },
        }
    }
}

#[component]
fn Record(view: RecordView) -> Element {
    let (lang, app) = (use_lang(), use_app());
    let row = view.row.clone();
    let household = Route::HouseholdPage { id: row.subject };
    rsx! {
        div { class: "bf-panel", "data-testid": "record",
            div { class: "bf-line",
                Link { class: "bf-link bf-name", to: household, "data-testid": "to-household", {row.subject_name.clone()} }
                span { class: "bf-code", {row.subject_code.clone()} }
            }
            div { class: "bf-line bf-line_tags",
                PlaceTag { place: row.place.clone() }
                GradeTag { grade: row.grade }
            }
            Way { place: row.place.clone() }
        }
        PlaceNote { view: view.clone() }
        RecordFacts { observation: view.observation.clone(), author: row.author_name.clone() }
        EvidencePanel { evidence: view.evidence.clone() }
        if let Some((anchor, fix)) = view.anchor.zip(last_place(&view)) {
            Plan { anchor, fix }
        }
        if !view.changes.is_empty() {
            section { class: "bf-group", "data-testid": "changes",
                h2 { class: "weui-cells__title bf-group__title", {lang.say("effects-done")} }
                ChangeList { items: view.changes.clone(), ledger: LedgerKind::Household, names: app.names() }
            }
        }
        Answers { observation: view.observation.clone() }
    }
}

fn last_place(view: &RecordView) -> Option<Point> {
    crate::words::best_place(&view.observation)
}

/// What the place of the record asks of the person.
#[component]
fn PlaceNote(view: RecordView) -> Element {
    let lang = use_lang();
    match &view.row.place {
        Place::SentBack { comment } => {
            let again = Route::VisitPage { household: view.row.subject, corrects: view.row.id.to_string() };
            rsx! {
                Note { weight: Weight::Bad, sign: Sign::Return, testid: "sent-back-note",
                    p { strong { {lang.say("record-sent-back")} } }
                    p { {comment.clone()} }
                    if view.row.own {
                        Link { class: "weui-btn weui-btn_primary bf-btn", to: again, "data-testid": "visit-again",
                            Icon { sign: Sign::Pencil }
                            {lang.say("record-visit-again")}
                        }
                    }
                }
            }
        }
        Place::SetAside { reason } => rsx! {
            Note { weight: Weight::Bad, sign: Sign::SetAside, testid: "set-aside-note",
                p { strong { {lang.say("place-set_aside")} } }
                p { {reason_words(lang, reason)} }
                p { {lang.say("place-set_aside-next")} }
            }
        },
        Place::Device => rsx! {
            Note { weight: Weight::Careful, sign: Sign::Device, testid: "device-note", {lang.say("place-device-next")} }
        },
        Place::Centre | Place::Approved | Place::Retracted => rsx! {},
    }
}
