//! After saving: the record is durably on this device; where it is now and where it goes next.

use bianfang_device::message::{Place, RecordView, Reply, Request};
use bianfang_shared::id::ObservationId;
use dioxus::prelude::*;

use crate::app::{Route, Shown, use_app, use_ask};
use crate::components::{EffectList, EvidencePanel, Icon, Sign, place_key};
use crate::i18n::use_lang;

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
    let title = lang.say(&format!("place-{}", place_key(&place)));
    rsx! {
        div { class: "bf-app bf-app_form",
            div { class: "bf-page",
                main { id: "main", class: "bf-main", "data-testid": "saved",
                    div { class: "bf-success", role: "status",
                        span { class: "bf-success__sign", Icon { sign: Sign::Check } }
                        h1 { "data-testid": "saved-place", "data-place": place_key(&place), {title} }
                        if let Some(view) = &view {
                            p { {format!("{} {}", view.row.subject_name, view.row.subject_code)} }
                        }
                        p { class: "bf-state__detail", {lang.or(&format!("place-{}-next", place_key(&place)), "")} }
                    }
                    Way { place: place.clone() }
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

/// The way of a record: on this device, at the centre, reviewed.
#[component]
pub fn Way(place: Place) -> Element {
    let lang = use_lang();
    let reached = match place {
        Place::Device => 0,
        Place::Centre | Place::Photos { .. } | Place::Complete | Place::SetAside { .. } => 1,
        Place::Approved | Place::SentBack { .. } | Place::Retracted => 2,
    };
    let last = match place {
        Place::SentBack { .. } => lang.say("place-sent_back"),
        Place::Retracted => lang.say("place-retracted"),
        _ => lang.say("place-approved"),
    };
    let middle = if matches!(place, Place::SetAside { .. }) {
        lang.say("place-set_aside")
    } else {
        lang.say("place-centre")
    };
    let steps = [lang.say("place-device"), middle, last];
    rsx! {
        ol { class: "bf-way", "aria-label": lang.say("way-label"),
            for (at , words) in steps.into_iter().enumerate() {
                li {
                    key: "{at}",
                    class: if at <= reached { "bf-way__step bf-way__step_on" } else { "bf-way__step" },
                    "aria-current": (at == reached).then_some("step"),
                    span { class: "bf-way__mark", "aria-hidden": "true",
                        if at <= reached {
                            Icon { sign: Sign::Check }
                        } else {
                            {(at + 1).to_string()}
                        }
                    }
                    {words}
                }
            }
        }
    }
}
