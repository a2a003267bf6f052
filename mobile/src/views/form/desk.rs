//! The photographs of a form: what each question needs to show and take some, and the camera over the form.

use std::rc::Rc;

use bianfang_device::message::{FormView, PhotoRow};
use bianfang_shared::checklist::{Checklist, Question, QuestionKind};
use bianfang_shared::form::FormDraft;
use bianfang_shared::id::EntityId;
use bianfang_shared::observation::{ObservationKind, PhotoRef};
use dioxus::prelude::*;

use crate::app::{Route, use_app};
use crate::components::{OwnCamera, PhotoField, Wanted};
use crate::form::Editor;
use crate::i18n::{Lang, use_lang};
use crate::photos::{Gather, Mark, use_gather};

/// What the photograph questions of a form share.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Desk {
    editor: Editor,
    gather: Gather,
    kind: ObservationKind,
    subject: EntityId,
    corrects: String,
    photos: Vec<PhotoRef>,
    rows: Vec<PhotoRow>,
    missing: Rc<Vec<String>>,
    mark: Mark,
}

/// The desk of a form, for as long as the calling component is shown.
pub(super) fn use_desk(editor: &Editor, draft: &FormDraft, view: &FormView, corrects: &str) -> Desk {
    let app = use_app();
    let keeping = editor.clone();
    let gather = use_gather(draft.subject, move |photo| keeping.photographed(photo));
    Desk {
        editor: editor.clone(),
        gather,
        kind: draft.kind,
        subject: draft.subject,
        corrects: corrects.to_owned(),
        photos: draft.photos.clone(),
        rows: view.photos.clone(),
        missing: Rc::new(view.missing_photos.clone()),
        mark: Mark {
            name: view.subject.name.clone(),
            code: view.subject.code.clone(),
            author: app.user().map(|user| user.name).unwrap_or_default(),
            shows: String::new(),
        },
    }
}

impl Desk {
    /// Whether pictures are still on their way onto the device.
    pub(super) fn is_keeping(&self) -> bool {
        !self.gather.waiting.read().is_empty()
    }

    /// Whether the question has a photograph.
    pub(super) fn has(&self, purpose: &str) -> bool {
        self.photos.iter().any(|photo| photo.purpose == purpose)
    }

    /// The form's address, with the camera open for a question or with none. The camera has an address of its own, so
    /// that going back on a phone closes it and not the form.
    fn route(&self, shoot: &str) -> Route {
        let (kind, subject) = (self.kind, self.subject);
        Route::FormPage { kind, subject, corrects: self.corrects.clone(), shoot: shoot.to_owned() }
    }
}

fn wanted(lang: Lang, question: &Question) -> Wanted {
    let max = match question.kind {
        QuestionKind::Photo { photos_max } => usize::from(photos_max),
        _ => 0,
    };
    Wanted {
        purpose: question.key.clone(),
        text: question.text.of(lang.tag()).to_owned(),
        hint: question.hint.as_ref().map(|hint| hint.of(lang.tag()).to_owned()).unwrap_or_default(),
        required: question.required,
        max,
    }
}

/// A question that asks for photographs.
#[component]
pub(super) fn PhotoQuestion(question: &'static Question, desk: Desk) -> Element {
    let lang = use_lang();
    let navigator = use_navigator();
    let opening = desk.route(&question.key);
    let editor = desk.editor.clone();
    rsx! {
        PhotoField {
            wanted: wanted(lang, question),
            missing: desk.missing.contains(&question.key),
            photos: desk.photos.clone(),
            rows: desk.rows.clone(),
            gather: desk.gather.clone(),
            mark: desk.mark.clone(),
            onshoot: move |()| drop(navigator.push(opening.clone())),
            ondrop: move |photo: PhotoRef| editor.drop_photo(&photo.purpose, &photo.sha256),
        }
    }
}

/// The camera over the form, while its address says so.
#[component]
pub(super) fn Shooter(shoot: String, desk: Desk, checklist: &'static Checklist) -> Element {
    let lang = use_lang();
    let Some(question) = checklist.question(&shoot) else { return rsx! {} };
    rsx! {
        OwnCamera {
            open: true,
            wanted: wanted(lang, question),
            photos: desk.photos.clone(),
            gather: desk.gather.clone(),
            mark: desk.mark.clone(),
            closed: desk.route(""),
        }
    }
}
