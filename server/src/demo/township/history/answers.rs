//! What people say at the door: mostly what the ledger says already, now and then a trouble. And how any form is filled
//! until nothing is missing.

use super::super::dice::Dice;
use bianfang_shared::checklist::{Checklist, QuestionKind};
use bianfang_shared::entry::Entry;
use bianfang_shared::form::{self, FormDraft, FormLedger};
use bianfang_shared::observation::{Answers, Outcome};
use bianfang_shared::value::Value;

/// Most rounds of answering what earlier answers have opened.
const ROUNDS_MAX: usize = 16;
/// Of a hundred visits at home, how many find a trouble.
const TROUBLE_PERCENT: u64 = 12;

/// Fills the form. `closed` are topics of problems of this household that have been set right.
pub(super) fn fill(dice: &mut Dice, draft: &mut FormDraft, household: &Entry, closed: &[String]) {
    if draft.outcome != Some(Outcome::AtHome) {
        draft.answers = unmet(dice, draft.outcome);
        return;
    }
    draft.met = (*dice.pick(&["户主", "户主", "配偶", "父母", "子女"])).to_owned();
    set_right(draft, household, closed);
    if dice.percent(TROUBLE_PERCENT) {
        draft.answers.extend(trouble(dice));
    }
    let ledger = FormLedger::of_household(household, &[]);
    complete(draft, Checklist::visit(), &ledger, |key| calm(dice, key));
}

/// Confirms what the ledgers say already, and answers what is still asked for.
pub(super) fn complete(
    draft: &mut FormDraft,
    list: &Checklist,
    ledger: &FormLedger<'_>,
    mut answer: impl FnMut(&str) -> Value,
) {
    for _ in 0..ROUNDS_MAX {
        let mut known = form::prefill(draft, list, ledger);
        known.retain(|fact| !draft.answers.contains_key(&fact.question));
        if !known.is_empty() {
            draft.answers.extend(known.into_iter().map(|fact| (fact.question, fact.answer)));
            // What is known opens further questions, whose answers are known too.
            continue;
        }
        let lacking = form::problems(draft, list, ledger);
        if lacking.is_empty() {
            return;
        }
        for problem in lacking {
            let answer = answer(&problem.question);
            draft.answers.insert(problem.question, answer);
        }
    }
}

/// A ledger that still says what a closed problem was about is corrected at the next visit.
fn set_right(draft: &mut FormDraft, household: &Entry, closed: &[String]) {
    for (topic, field, question, bad, good) in [
        ("water", "water_state", "water", "unmet", "met"),
        ("insurance", "insured", "insured", "some", "all"),
        ("housing", "housing_state", "housing", "unsafe", "safe"),
        ("schooling", "education_state", "schooling", "dropout", "ok"),
        ("monitoring", "food_state", "food", "short", "ok"),
    ] {
        if closed.iter().any(|key| key == topic) && household.text(field) == bad {
            draft.answers.insert(question.to_owned(), good.into());
        }
    }
}

fn trouble(dice: &mut Dice) -> Answers {
    let yes = || Value::Bool(true);
    let no = || Value::Bool(false);
    let word = |text: &str| Value::from(text);
    let some = |text: &str| Value::texts([text]);
    let said: Vec<(&str, Value)> = match dice.below(13) {
        0 => vec![("water", word("unmet")), ("water_trouble", some("quality"))],
        1 => vec![
            ("water", word("basic")),
            ("water_trouble", some("shortage")),
            ("water_short_days", Value::Int(45)),
        ],
        2 => vec![("insured", word("some"))],
        3 => vec![("illness", yes()), ("illness_cost", word("unbearable"))],
        4 => vec![("housing", word("unsafe")), ("housing_lived_in", yes())],
        5 => vec![("housing", word("suspect")), ("housing_lived_in", yes()), ("housing_report", no())],
        6 => vec![("schooling", word("dropout"))],
        7 => vec![("wants_work", yes())],
        8 => vec![("work_record", no())],
        9 => vec![("satisfaction", word("dissatisfied")), ("dissatisfied_with", word("路灯坏了很久没人修"))],
        10 => vec![("loan", word("overdue"))],
        11 => vec![("elderly_care", no())],
        _ => vec![("hardship", some("accident"))],
    };
    said.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

/// An answer that opens nothing.
fn calm(dice: &mut Dice, key: &str) -> Value {
    match key {
        "illness" => dice.percent(25).into(),
        "illness_cost" => "bearable".into(),
        "income_trend" => (*dice.pick(&["up", "same", "same", "down"])).into(),
        "water_trouble" => Value::texts(["shortage"]),
        "water_short_days" => Value::Int(dice.between(5, 30)),
        "satisfaction" => (*dice.pick(&["satisfied", "satisfied", "satisfied", "fair"])).into(),
        "relocation_repairs" => false.into(),
        _ => first(Checklist::visit(), key),
    }
}

/// The first choice of a question, which is the good one.
pub(super) fn first(list: &Checklist, key: &str) -> Value {
    match list.question(key).map(|question| &question.kind) {
        Some(QuestionKind::YesNo) => true.into(),
        Some(QuestionKind::OneOf { choices }) => choices[0].key.as_str().into(),
        Some(QuestionKind::ManyOf { choices }) => Value::texts([&choices[0].key]),
        Some(QuestionKind::Number { min, .. }) => (*min).into(),
        Some(QuestionKind::Text { .. }) => "无".into(),
        Some(QuestionKind::Date | QuestionKind::Photo { .. } | QuestionKind::Derived { .. }) | None => {
            Value::Null
        }
    }
}

fn unmet(dice: &mut Dice, outcome: Option<Outcome>) -> Answers {
    let said: Option<(&str, Value)> = match outcome {
        Some(Outcome::NobodyHome) => {
            Some(("neighbour_says", (*dice.pick(&["back_today", "away_long", "unknown"])).into()))
        }
        Some(Outcome::Refused) => {
            Some(("refusal", (*dice.pick(&["busy", "busy", "no_need", "grievance"])).into()))
        }
        Some(Outcome::WorkingAway) => {
            Some(("away_place", (*dice.pick(&["长沙市", "广东省", "岳阳市"])).into()))
        }
        Some(Outcome::RoadCut) => Some(("road_where", "屋后山体滑塌，便道不通".into())),
        _ => None,
    };
    said.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}
