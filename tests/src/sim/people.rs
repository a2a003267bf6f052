//! What people do on their phones, as far as chance decides it.

use super::dice::Dice;
use super::phone::Phone;
use bianfang_device::message::{ConflictRow, FormView, Reply, Request};
use bianfang_shared::checklist::{Checklist, Question, QuestionKind};
use bianfang_shared::id::{EntityId, ObservationId};
use bianfang_shared::observation::{Fix, ObservationKind, Outcome};
use bianfang_shared::op::Verdict;
use bianfang_shared::value::Value;
use std::collections::BTreeMap;

/// Rounds of answering what the form still asks for.
const ROUNDS_MAX: usize = 40;

/// What somebody did that must never be lost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deed {
    /// A visit was saved.
    Visited(ObservationId),
    /// A field was given this value, which occurs nowhere else.
    Wrote(String),
}

/// The households that this phone knows.
pub fn households(phone: &mut Phone) -> Vec<EntityId> {
    let request =
        Request::Households { text: String::new(), scope: None, in_conflict: false, here: None, skip: 0 };
    match phone.ask(request) {
        Ok(Reply::Households(list)) => list.rows.into_iter().map(|row| row.id).collect(),
        _ => Vec::new(),
    }
}

/// Somebody visits a household and saves the form; perhaps the disk fails at the `fail_at`-th statement.
pub fn visit(phone: &mut Phone, dice: &mut Dice, household: EntityId, fail_at: u64) -> Option<Deed> {
    let Ok(Reply::Form(mut view)) =
        phone.ask(Request::OpenForm { kind: ObservationKind::Visit, subject: household })
    else {
        return None;
    };
    let outcomes =
        [Outcome::AtHome, Outcome::AtHome, Outcome::NobodyHome, Outcome::Refused, Outcome::RoadCut];
    view.draft.outcome = dice.pick(&outcomes).copied();
    view.draft.dwell_ms += u64::try_from(dice.between(30_000, 900_000)).unwrap_or_default();
    view.draft.fixes.push(fix(phone, dice));
    for _ in 0..ROUNDS_MAX {
        view = match phone.ask(Request::KeepForm { draft: Box::new(view.draft.clone()) }) {
            Ok(Reply::Form(view)) => view,
            _ => return None,
        };
        if view.problems.is_empty() || !answer_problems(&mut view, dice) {
            break;
        }
    }
    // Now and then the app dies between the last touch and the save: the draft must be there afterwards.
    let save = Request::SaveForm { draft: Box::new(view.draft.clone()) };
    match phone.ask_while_failing(save.clone(), fail_at).or_else(|_| phone.ask(save)) {
        Ok(Reply::Saved(saved)) => Some(Deed::Visited(saved.id)),
        Err(trouble) if trouble.code == "form_incomplete" => {
            panic!("the form cannot be completed: {trouble}")
        }
        _ => None,
    }
}

fn fix(phone: &Phone, dice: &mut Dice) -> Fix {
    #[expect(clippy::cast_precision_loss, reason = "a place on a made-up map")]
    let near = |base: f64, dice: &mut Dice| base + dice.between(-300, 300) as f64 / 100_000.0;
    Fix {
        lat: near(28.9, dice),
        lon: near(113.3, dice),
        accuracy_m: 12.0,
        altitude_m: None,
        at_ms: phone.wall_ms(),
        provider: None,
        mocked: None,
    }
}

/// Answers every question that the form complains about; `false` where nothing could be answered.
fn answer_problems(view: &mut FormView, dice: &mut Dice) -> bool {
    let checklist = Checklist::visit();
    let mut answered = false;
    for problem in &view.problems {
        match (problem.question.as_str(), checklist.question(&problem.question)) {
            ("met", _) => view.draft.met = "户主".to_owned(),
            (_, Some(question)) => {
                drop(view.draft.answers.insert(question.key.clone(), answer(question, dice)))
            }
            _ => continue,
        }
        answered = true;
    }
    answered
}

fn answer(question: &Question, dice: &mut Dice) -> Value {
    let choices = question.kind.choices();
    let choice =
        || choices.first().map_or_else(|| Value::from("yes"), |choice| Value::from(choice.key.clone()));
    match &question.kind {
        QuestionKind::YesNo => Value::from(dice.permille(700)),
        QuestionKind::OneOf { .. } => {
            dice.pick(choices).map_or_else(choice, |choice| Value::from(choice.key.clone()))
        }
        QuestionKind::ManyOf { .. } => Value::List(vec![choice()]),
        QuestionKind::Number { min, .. } => Value::from(*min),
        QuestionKind::Date => Value::from("2025-06-01"),
        QuestionKind::Text { .. } => Value::from("如实记录"),
        // Neither is an answer: pictures stand apart, and the rules derive the other.
        QuestionKind::Photo { .. } | QuestionKind::Derived { .. } => Value::Null,
    }
}

/// Somebody corrects a fact by hand.
pub fn edit(
    phone: &mut Phone,
    dice: &mut Dice,
    household: EntityId,
    number: u64,
    fail_at: u64,
) -> Option<Deed> {
    // Few fields, so that people meet.
    let field = *dice.pick(&["remark", "address", "group"])?;
    let text = format!("写{number}号");
    let changes = BTreeMap::from([(field.to_owned(), Value::from(text.clone()))]);
    match phone.ask_while_failing(Request::Amend { id: household, changes }, fail_at) {
        Ok(_) => Some(Deed::Wrote(text)),
        Err(_) => None,
    }
}

/// Somebody settles a conflict by choosing one of the values.
pub fn settle(phone: &mut Phone, dice: &mut Dice) {
    let Ok(Reply::Uploads(uploads)) = phone.ask(Request::Uploads { skip: 0 }) else { return };
    let Some(ConflictRow { entity, field, siblings, .. }) = dice.pick(&uploads.conflicts).cloned() else {
        return;
    };
    let Some(chosen) = dice.pick(&siblings) else { return };
    let request = Request::Resolve {
        id: entity,
        field,
        value: chosen.value.clone(),
        parents: siblings.iter().map(|sibling| sibling.op).collect(),
    };
    let _ = phone.ask(request);
}

/// Somebody reviews a visit to this household; only a supervisor may.
pub fn review(phone: &mut Phone, dice: &mut Dice, household: EntityId) {
    let Ok(Reply::Household(view)) = phone.ask(Request::Household { id: household }) else { return };
    let Some(visit) = dice.pick(&view.visits) else { return };
    let verdict = if dice.permille(600) { Verdict::Approved } else { Verdict::SentBack };
    let request =
        Request::Review { id: visit.id, scope: visit.scope, verdict, comment: "请核对".to_owned() };
    let _ = phone.ask(request);
}
