//! Forms filled as a conscientious person fills them: on the spot, long enough, everything answered.

use crate::world::{Phone, picture};
use bianfang_device::message::{Reply, Request, Today};
use bianfang_shared::checklist::{Checklist, QuestionKind};
use bianfang_shared::form::FormDraft;
use bianfang_shared::id::ObservationId;
use bianfang_shared::ledger::Point;
use bianfang_shared::observation::{Fix, ObservationKind};
use bianfang_shared::value::Value;

/// Some fifty metres north of where all households and houses are.
pub(crate) const HERE: Point = Point { lat: 28.9005, lon: 113.3, accuracy_m: 10.0 };
/// Rounds of answering. An answer may make further questions relevant.
const ROUNDS: u8 = 30;

impl Phone {
    /// What the first screen shows of the day, looked at from [`HERE`].
    pub(crate) fn today(&mut self) -> Today {
        match self.ask(Request::Today { here: Some(HERE) }).unwrap() {
            Reply::Today(today) => today,
            other => panic!("{other:?}"),
        }
    }

    /// Spends ten minutes at the subject, with a good fix at their end.
    pub(crate) fn stay(&mut self, draft: &mut FormDraft) {
        draft.dwell_ms = 600_000;
        self.clock.advance(600_000);
        draft.fixes = vec![Fix {
            lat: 28.9,
            lon: 113.3,
            accuracy_m: 8.0,
            altitude_m: None,
            at_ms: self.wall_ms(),
            received_at_ms: None,
            provider: None,
            mocked: Some(false),
        }];
    }

    /// Answers everything that is asked until the form can be saved, of photographs those required, and saves it.
    pub(crate) fn fill(&mut self, mut draft: FormDraft) -> ObservationId {
        for round in 0..ROUNDS {
            let Reply::Form(view) = self.ask(Request::KeepForm { draft: Box::new(draft.clone()) }).unwrap()
            else {
                panic!()
            };
            if view.problems.is_empty() && view.missing_photos.is_empty() {
                break;
            }
            for problem in &view.problems {
                draft.answers.insert(problem.question.clone(), some_answer(draft.kind, &problem.question));
            }
            for (n, question) in view.missing_photos.iter().enumerate() {
                let minute = self.wall_ms() / 60_000;
                let number = minute.to_le_bytes()[0].wrapping_mul(7).wrapping_add(u8::try_from(n).unwrap());
                let mut photo = self.take(draft.subject, picture(100 + round, number, 700)).unwrap().photo;
                photo.purpose = question.clone();
                draft.photos.push(photo);
            }
        }
        match self.ask(Request::SaveForm { draft: Box::new(draft) }) {
            Ok(Reply::Saved(saved)) => saved.id,
            other => panic!("{other:?}"),
        }
    }
}

fn some_answer(kind: ObservationKind, question: &str) -> Value {
    let question = Checklist::of(kind).question(question).unwrap();
    match (&question.kind, question.kind.choices()) {
        (QuestionKind::ManyOf { .. }, choices) => Value::texts([choices[0].key.clone()]),
        (QuestionKind::Number { min, .. }, _) => Value::number(*min),
        (QuestionKind::Text { .. }, _) => "有".into(),
        (QuestionKind::Date, _) => "2025-07-01".into(),
        (_, []) => Value::Bool(true),
        (_, choices) => choices[0].key.as_str().into(),
    }
}
