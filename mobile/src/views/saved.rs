//! After saving: the record is durably on this device; where it is now and where it goes next.

use bianfang_device::message::{Place, RecordView, Reply, Request};
use bianfang_shared::id::ObservationId;
use bianfang_shared::observation::ObservationKind;
use dioxus::prelude::*;

use super::record::RecordPhotos;
use crate::app::{Route, Shown, use_app, use_ask};
use crate::components::{EffectList, EvidencePanel, Icon, Sign, VerdictCard, place_key, place_words};
use crate::i18n::{Lang, use_lang};

fn request(id: ObservationId) -> Request {
    Request::Record { id }
}

pub(super) fn read(reply: Reply) -> Option<RecordView> {
    match reply {
        Reply::Record(view) => Some(*view),
        _ => None,
    }
}

/// The page after saving.
#[component]
pub fn SavedPage(id: ObservationId) -> Element {
    let (lang, app) = (use_lang(), use_app());
    let asked = use_ask(id, request, read);
    let view = match asked.shown_or_older() {
        Shown::Ready(view) => Some(view),
        Shown::Loading | Shown::Failed(..) => None,
    };
    // Saved is saved: the page does not wait for a second answer to say so.
    let place = view.as_ref().map_or(Place::Device, |view| view.row.place.clone());
    let saved = app.saved.read().clone().filter(|saved| saved.id == id);
    let evidence = saved.as_ref().map(|saved| saved.evidence.clone());
    let evidence = evidence.or_else(|| view.as_ref().map(|view| view.evidence.clone()));
    let title = place_words(lang, &place);
    rsx! {
        div { class: "bf-app bf-app_form",
            div { class: "bf-page",
                main { id: "main", class: "bf-main", "data-testid": "saved",
                    div { class: "bf-success", role: "status",
                        span { class: "bf-success__sign", Icon { sign: Sign::Check } }
                        h1 { "data-testid": "saved-place", "data-place": place_key(&place), {title} }
                        if let Some(view) = &view {
                            p { {format!("{} {}", view.row.subject_name, view.row.subject_code)} }
                            p { class: "bf-fine", {lang.say(&format!("kind-{}", view.row.kind))} }
                        }
                        p { class: "bf-state__detail", {lang.or(&format!("place-{}-next", place_key(&place)), "")} }
                    }
                    Way { place: place.clone(), photos: view.as_ref().map_or(0, |view| view.photos.len()) }
                    if let Some(view) = view.clone().filter(|view| !view.photos.is_empty()) {
                        RecordPhotos { view: (*view).clone() }
                    }
                    if let Some(verdict) = view.as_ref().and_then(|view| view.verdict.clone()) {
                        VerdictCard { verdict, kind: view.as_ref().map_or(ObservationKind::Unknown, |view| view.row.kind) }
                    }
                    if let Some(saved) = saved {
                        section { class: "bf-panel",
                            h2 { class: "bf-panel__title", {lang.say("effects-done")} }
                            EffectList { effects: saved.effects, names: app.names() }
                        }
                    }
                    if let Some(evidence) = evidence {
                        EvidencePanel { evidence }
                    }
                    div { class: "bf-do bf-do_two",
                        Link { class: "weui-btn weui-btn_default bf-btn", to: Route::UploadsPage {}, "data-testid": "to-uploads", {lang.say("nav-uploads")} }
                        Link { class: "weui-btn weui-btn_primary bf-btn bf-btn_main", to: Route::Home {}, "data-testid": "to-today", {lang.say("saved-next")} }
                    }
                }
            }
        }
    }
}

/// The way of a record: on this device, at the centre, its photographs too where it has some, reviewed.
#[component]
pub fn Way(place: Place, #[props(default)] photos: usize) -> Element {
    let lang = use_lang();
    let steps = way(lang, &place, photos > 0);
    let reached = steps.iter().filter(|step| step.reached).count().saturating_sub(1);
    rsx! {
        ol { class: "bf-way", "aria-label": lang.say("way-label"),
            for (at , step) in steps.into_iter().enumerate() {
                li {
                    key: "{at}",
                    class: if step.reached { "bf-way__step bf-way__step_on" } else { "bf-way__step" },
                    "aria-current": (at == reached).then_some("step"),
                    span { class: "bf-way__mark", "aria-hidden": "true",
                        if step.reached {
                            Icon { sign: Sign::Check }
                        } else {
                            {(at + 1).to_string()}
                        }
                    }
                    {step.words}
                }
            }
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
struct WayStep {
    words: String,
    reached: bool,
}

fn way(lang: Lang, place: &Place, has_photos: bool) -> Vec<WayStep> {
    let with_centre = !matches!(place, Place::Device);
    let reviewed =
        matches!(place, Place::Approved | Place::SentBack { .. } | Place::Retracted | Place::WithdrawalAsked);
    let centre = match place {
        Place::SetAside { .. } => lang.say("place-set_aside"),
        _ => lang.say("place-centre"),
    };
    let photos = match place {
        Place::Photos { .. } => place_words(lang, place),
        _ => lang.say("place-complete"),
    };
    let word = match place {
        Place::SentBack { .. } => lang.say("place-sent_back"),
        Place::Retracted => lang.say("place-retracted"),
        Place::WithdrawalAsked => lang.say("place-withdrawal_asked"),
        _ => lang.say("place-approved"),
    };
    let step = |words, reached| WayStep { words, reached };
    let mut steps = vec![step(lang.say("place-device"), true), step(centre, with_centre)];
    if has_photos {
        steps.push(step(photos, matches!(place, Place::Complete) || reviewed));
    }
    steps.push(step(word, reviewed));
    steps
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn photographs_are_a_step_of_their_own_where_there_are_some() {
        let told = |place: Place, photos: bool| -> Vec<(String, bool)> {
            way(Lang::Zh, &place, photos).into_iter().map(|step| (step.words, step.reached)).collect()
        };
        let step = |words: &str, reached| (words.to_owned(), reached);
        assert_eq!(
            told(Place::Photos { held: 2, total: 3 }, true),
            [step("已存本机", true), step("中心已收", true), step("照片 2/3", false), step("已审核", false)]
        );
        assert_eq!(told(Place::Complete, true)[2], step("照片已齐", true));
        assert_eq!(told(Place::Device, false).len(), 3);
        assert_eq!(told(Place::SentBack { comment: String::new() }, true)[3], step("已退回", true));
    }
}
