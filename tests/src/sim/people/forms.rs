//! Records of all kinds, from an open form to a saved one, and forms that are left or thrown away.

use super::{Deed, Person};
use bianfang_device::message::{FormView, Reply, Request};
use bianfang_shared::checklist::{Checklist, Question, QuestionKind};
use bianfang_shared::form::FormDraft;
use bianfang_shared::id::EntityId;
use bianfang_shared::ledger::LedgerKind;
use bianfang_shared::observation::ObservationKind;
use bianfang_shared::value::Value;

/// Rounds of answering what the form still asks for.
const ROUNDS_MAX: usize = 40;

impl Person<'_> {
    /// Somebody records something and saves the form; perhaps the disk fails.
    pub(super) fn record(&mut self) -> Option<Deed> {
        let draft = self.filled()?;
        if self.dies() {
            return None;
        }
        let (kind, with_photos) = (draft.kind, !draft.photos.is_empty());
        let save = Request::SaveForm { draft: Box::new(draft) };
        // An answer that was lost: the screen asks again, and that is no second record.
        let saved = self.write(save.clone()).or_else(|_| self.ask(save));
        match saved {
            Ok(Reply::Saved(saved)) => {
                self.count(kind.key());
                if with_photos {
                    self.count("record with photographs");
                }
                Some(Deed::Recorded(saved.id))
            }
            Err(trouble) if trouble.code == "form_incomplete" => {
                panic!("the form cannot be completed: {trouble}")
            }
            _ => None,
        }
    }

    /// Somebody begins a form and leaves it for later, or throws it away with its pictures.
    pub(super) fn begin_and_leave(&mut self) -> Option<Deed> {
        let draft = self.filled()?;
        if self.dice.permille(500) {
            let dropped = self.write(Request::DropForm { kind: draft.kind, subject: draft.subject });
            if dropped.is_ok() && !draft.photos.is_empty() {
                self.count("form with photographs dropped");
            }
        }
        None
    }

    /// A form of any kind, filled as far as it asks, with pictures.
    fn filled(&mut self) -> Option<FormDraft> {
        let (kind, subject) = self.kind_and_subject()?;
        let Ok(Reply::Form(mut view)) = self.ask(Request::OpenForm { kind, subject }) else {
            return None;
        };
        let checklist = Checklist::of(kind);
        // Mostly as it ought to go.
        let outcome = if self.dice.permille(600) { 0 } else { self.dice.below(checklist.outcomes.len()) };
        view.draft.outcome = checklist.outcomes.get(outcome).copied();
        view.draft.dwell_ms += u64::try_from(self.dice.between(30_000, 900_000)).unwrap_or_default();
        let fix = self.fix();
        view.draft.fixes.push(fix);
        for _ in 0..ROUNDS_MAX {
            view = self.kept(view.draft)?;
            if view.problems.is_empty() || !self.answer_problems(&mut view, checklist) {
                break;
            }
        }
        let purposes = self.purposes(&view, checklist);
        let photos = self.photograph(&purposes, subject)?;
        if photos.is_empty() {
            return Some(view.draft);
        }
        view.draft.photos.extend(photos);
        Some(self.kept(view.draft)?.draft)
    }

    fn kept(&mut self, draft: FormDraft) -> Option<Box<FormView>> {
        match self.ask(Request::KeepForm { draft: Box::new(draft) }) {
            Ok(Reply::Form(view)) => Some(view),
            _ => None,
        }
    }

    fn kind_and_subject(&mut self) -> Option<(ObservationKind, EntityId)> {
        let of = |rows: Vec<bianfang_device::message::EntryRow>| rows.into_iter().map(|row| row.id).collect();
        let (kind, subjects): (_, Vec<EntityId>) = match self.dice.below(8) {
            0..=2 => (ObservationKind::Visit, self.households()),
            3 => (ObservationKind::WaterCheck, self.households()),
            4 => (ObservationKind::WaterCheck, of(self.entries(LedgerKind::WaterSupply))),
            5..=6 => (ObservationKind::HouseInspection, of(self.entries(LedgerKind::House))),
            _ => (ObservationKind::Attendance, of(self.entries(LedgerKind::Post))),
        };
        self.dice.pick(&subjects).map(|subject| (kind, *subject))
    }

    /// The pictures that somebody takes: most of those required, and some others that the form has a place for.
    fn purposes(&mut self, view: &FormView, checklist: &Checklist) -> Vec<String> {
        let is_photo = |key: &&String| {
            let question = checklist.question(key);
            matches!(question.map(|question| &question.kind), Some(QuestionKind::Photo { .. }))
        };
        let (missing, offered) = (&view.missing_photos, view.relevant.iter().filter(is_photo));
        let chance = |key: &String| if missing.contains(key) { 850 } else { 250 };
        offered.filter(|key| self.dice.permille(chance(key))).cloned().collect()
    }

    /// Answers every question that the form complains about; `false` where nothing could be answered.
    fn answer_problems(&mut self, view: &mut FormView, checklist: &Checklist) -> bool {
        let mut answered = false;
        for problem in &view.problems {
            match (problem.question.as_str(), checklist.question(&problem.question)) {
                ("met", _) => view.draft.met = "户主".to_owned(),
                (_, Some(question)) => {
                    drop(view.draft.answers.insert(question.key.clone(), self.answer(question)))
                }
                _ => continue,
            }
            answered = true;
        }
        answered
    }

    fn answer(&mut self, question: &Question) -> Value {
        let choice = self.dice.pick(question.kind.choices());
        let choice = choice.map_or_else(|| Value::from("yes"), |choice| Value::from(choice.key.clone()));
        match &question.kind {
            QuestionKind::YesNo => Value::from(self.dice.permille(700)),
            QuestionKind::OneOf { .. } => choice,
            QuestionKind::ManyOf { .. } => Value::List(vec![choice]),
            QuestionKind::Number { min, .. } => Value::from(*min),
            QuestionKind::Date => Value::from("2025-06-01"),
            QuestionKind::Text { .. } => Value::from("如实记录"),
            // Neither is an answer: pictures stand apart, and the rules derive the other.
            QuestionKind::Photo { .. } | QuestionKind::Derived { .. } => Value::Null,
        }
    }
}
