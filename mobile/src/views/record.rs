//! A record known on this device: where it is, what was answered, what it did, how far it is believed.

use std::collections::BTreeMap;

use bianfang_device::message::{Companion, Place, RecordView, Request, Trouble};
use bianfang_shared::checklist::Checklist;
use bianfang_shared::id::{ObservationId, OpId};
use bianfang_shared::ledger::{LedgerKind, Point};
use bianfang_shared::observation::ObservationKind;
use bianfang_shared::query::HistoryItem;
use bianfang_shared::value::Value;
use dioxus::prelude::*;

use super::saved::{Way, read};
use crate::app::{Route, Shown, use_app, use_ask, use_core};
use crate::components::{
    Answers, EvidencePanel, FactRow, GradeTag, Group, Head, Icon, Loading, Note, PhotoShown, PhotoStrip,
    PlaceTag, Plan, RecordFacts, Sign, TroubleLine, TroubleScreen, VerdictCard, Weight,
};
use crate::i18n::{Lang, use_lang};
use crate::photos::Mark;
use crate::words::{field_name, field_value, question_words, reason_words};

fn request(id: ObservationId) -> Request {
    Request::Record { id }
}

/// A record.
#[component]
pub fn RecordPage(id: ObservationId) -> Element {
    let lang = use_lang();
    let asked = use_ask(id, request, read);
    rsx! {
        Head { title: title(lang, &asked.shown()), back: Some(Route::UploadsPage {}) }
        match asked.shown() {
            Shown::Loading => rsx! { Loading {} },
            Shown::Failed(trouble, again) => rsx! { TroubleScreen { trouble, again } },
            Shown::Ready(view) => rsx! { Record { view: (*view).clone() } },
        }
    }
}

fn title(lang: Lang, shown: &Shown<RecordView>) -> String {
    match shown {
        Shown::Ready(view) => lang.say(&format!("kind-{}", view.row.kind)),
        _ => lang.say("record-title"),
    }
}

#[component]
fn Record(view: RecordView) -> Element {
    let row = view.row.clone();
    let subject = Route::subject(row.kind, row.subject);
    rsx! {
        div { class: "bf-panel", "data-testid": "record",
            div { class: "bf-line",
                Link { class: "bf-link bf-name", to: subject, "data-testid": "to-household", {row.subject_name.clone()} }
                span { class: "bf-code", {row.subject_code.clone()} }
            }
            div { class: "bf-line bf-line_tags",
                PlaceTag { place: row.place.clone() }
                GradeTag { grade: row.grade }
            }
            Way { place: row.place.clone(), photos: view.photos.len() }
        }
        PlaceNote { view: view.clone() }
        if !view.photos.is_empty() {
            RecordPhotos { view: view.clone() }
        }
        if let Some(verdict) = view.verdict.clone() {
            VerdictCard { verdict, kind: row.kind }
        }
        RecordFacts { observation: view.observation.clone(), author: row.author_name.clone() }
        Company { view: view.clone() }
        EvidencePanel { evidence: view.evidence.clone() }
        if let Some((anchor, fix)) = view.anchor.zip(last_place(&view)) {
            Plan { anchor, fix, kind: row.kind }
        }
        Changes { items: view.changes.clone(), kind: row.kind }
        Answers { observation: view.observation.clone() }
    }
}

/// Who is said to have gone along. Whoever is named says so here; before that it counts for nothing.
#[component]
fn Company(view: RecordView) -> Element {
    let (lang, core) = (use_lang(), use_core());
    let mut busy = use_signal(|| false);
    let mut trouble = use_signal(|| None::<Trouble>);
    if view.companions.is_empty() {
        return rsx! {};
    }
    let id = view.row.id;
    let confirm = Callback::new(move |()| {
        let core = core.clone();
        busy.set(true);
        spawn(async move {
            trouble.set(core.ask(Request::Accompany { id }).await.err());
            busy.set(false);
        });
    });
    rsx! {
        Group { testid: "record-companions",
            for companion in view.companions.clone() {
                FactRow { name: lang.say("record-companion"),
                    {companion_words(lang, &companion)}
                    if companion.me && !companion.confirmed {
                        button {
                            r#type: "button",
                            class: "bf-link",
                            "data-testid": "accompany",
                            disabled: busy(),
                            onclick: move |_| confirm.call(()),
                            {lang.say("record-companion-confirm")}
                        }
                    }
                }
            }
        }
        if let Some(trouble) = trouble() {
            TroubleLine { trouble }
        }
    }
}

fn companion_words(lang: Lang, companion: &Companion) -> String {
    let name =
        if companion.name.is_empty() { lang.say("value-person-unknown") } else { companion.name.clone() };
    let key = if companion.confirmed { "record-companion-confirmed" } else { "record-companion-waits" };
    lang.with(key, [("name", name.into())])
}

/// The photographs of a record, each with what it shows and where it is.
#[component]
pub fn RecordPhotos(view: RecordView) -> Element {
    let lang = use_lang();
    let checklist = Checklist::of(view.row.kind);
    let mark = |purpose: &str| Mark {
        name: view.row.subject_name.clone(),
        code: view.row.subject_code.clone(),
        author: view.row.author_name.clone(),
        shows: question_words(lang, checklist, purpose),
    };
    let photos: Vec<PhotoShown> = (view.photos.iter())
        .map(|row| PhotoShown {
            mark: mark(&row.photo.purpose),
            photo: row.photo.clone(),
            thumbnail: row.thumbnail.clone(),
            state: Some(row.state.clone()),
            warnings: Vec::new(),
        })
        .collect();
    let count = photos.len() as u64;
    rsx! {
        section { class: "bf-panel", "data-testid": "record-photos",
            h2 { class: "bf-panel__title", {lang.with("record-photos", [("n", count.into())])} }
            PhotoStrip { photos, named: true }
        }
    }
}

/// What the record did: fields of its subject or household, and problems opened, each as one.
#[component]
fn Changes(items: Vec<HistoryItem>, kind: ObservationKind) -> Element {
    let (lang, app) = (use_lang(), use_app());
    let done = done(&items);
    if done.is_empty() {
        return rsx! {};
    }
    rsx! {
        section { class: "bf-panel", "data-testid": "changes",
            h2 { class: "bf-panel__title", {lang.say("effects-done")} }
            ul { class: "bf-effects",
                for (at , done) in done.into_iter().enumerate() {
                    li { key: "{at}", class: "bf-effect", "data-testid": "change",
                        match done {
                            Done::Opened { topic, what } => rsx! {
                                Icon { sign: Sign::Warn }
                                div { class: "bf-effect__body",
                                    p { class: "bf-effect__title",
                                        {lang.with("effects-opens", [("topic", lang.or(&format!("topic-{topic}"), &topic).into())])}
                                    }
                                    p { {what} }
                                }
                            },
                            Done::Changed { field, value } => rsx! {
                                Icon { sign: Sign::Pencil }
                                div { class: "bf-effect__body",
                                    p { class: "bf-effect__title", {field_name(lang, ledger_of(kind, &field), &field)} }
                                    strong { {field_value(lang, ledger_of(kind, &field), &field, &value, &app.names())} }
                                }
                            },
                        }
                    }
                }
            }
        }
    }
}

/// The ledger that a record of this kind writes a field of: its subject's, else its household's.
fn ledger_of(kind: ObservationKind, field: &str) -> LedgerKind {
    let own = match kind {
        ObservationKind::HouseInspection => LedgerKind::House,
        ObservationKind::WaterCheck => LedgerKind::WaterSupply,
        ObservationKind::Attendance => LedgerKind::Post,
        ObservationKind::Visit | ObservationKind::Unknown => LedgerKind::Household,
    };
    if own.field(field).is_some() { own } else { LedgerKind::Household }
}

/// One thing that a record did.
#[derive(Debug, Clone, PartialEq)]
enum Done {
    Changed { field: String, value: Value },
    Opened { topic: String, what: String },
}

/// The operations of a record as what they did. An operation that gives a topic registers a problem.
fn done(items: &[HistoryItem]) -> Vec<Done> {
    let mut by_op: BTreeMap<OpId, Vec<&HistoryItem>> = BTreeMap::new();
    for item in items {
        by_op.entry(item.op).or_default().push(item);
    }
    by_op.into_values().flat_map(done_by_one).collect()
}

fn done_by_one(items: Vec<&HistoryItem>) -> Vec<Done> {
    let text = |field: &str| {
        let found = items.iter().find(|item| item.field == field);
        found.and_then(|item| item.value.as_text()).map(str::to_owned)
    };
    match text("topic") {
        Some(topic) => vec![Done::Opened { topic, what: text("what").unwrap_or_default() }],
        None => {
            let changed =
                |item: &&HistoryItem| Done::Changed { field: item.field.clone(), value: item.value.clone() };
            items.iter().map(changed).collect()
        }
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
            let again = Route::FormPage {
                kind: view.row.kind,
                subject: view.row.subject,
                corrects: view.row.id.to_string(),
                shoot: String::new(),
            };
            rsx! {
                Note { weight: Weight::Bad, sign: Sign::Return, testid: "sent-back-note",
                    p { strong { {lang.say("record-sent-back")} } }
                    p { {comment.clone()} }
                    if view.row.own {
                        Link { class: "weui-btn weui-btn_primary bf-btn", to: again, "data-testid": "visit-again",
                            Icon { sign: Sign::Pencil }
                            {lang.say(&format!("record-again-{}", view.row.kind))}
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
        Place::Photos { .. } => rsx! {
            Note { weight: Weight::Careful, sign: Sign::Image, testid: "photos-note", {lang.say("place-photos-next")} }
        },
        Place::WithdrawalAsked => rsx! {
            Note { weight: Weight::Info, sign: Sign::Clock, testid: "withdrawal-note", {lang.say("place-withdrawal_asked-next")} }
        },
        Place::Centre | Place::Complete | Place::Approved | Place::Retracted => rsx! {},
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bianfang_shared::id::{DeviceId, UserId};

    #[test]
    fn a_problem_opened_is_told_as_one_thing() {
        let item = |seq, field: &str, value: Value| HistoryItem {
            op: OpId::new(DeviceId::from_bytes([1; 16]), seq),
            device: DeviceId::from_bytes([1; 16]),
            author: UserId::from_bytes([2; 16]),
            author_name: String::new(),
            at_ms: 0,
            received_at_ms: None,
            field: field.to_owned(),
            value,
            cause: None,
        };
        let items = [
            item(3, "topic", "water".into()),
            item(3, "what", "停水".into()),
            item(3, "state", "open".into()),
            item(2, "water_state", "unmet".into()),
        ];
        assert_eq!(
            done(&items),
            [
                Done::Changed { field: "water_state".to_owned(), value: "unmet".into() },
                Done::Opened { topic: "water".to_owned(), what: "停水".to_owned() },
            ]
        );
    }
}
