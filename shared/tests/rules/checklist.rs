//! The questions fit the ledgers, and relevance says what is asked for whom.

use crate::given::{NOW_MS, household, person, value};
use bianfang_shared::checklist::{Checklist, Condition, QuestionKind};
use bianfang_shared::form::{self, FormDraft, FormLedger};
use bianfang_shared::ledger::{self, FieldType, LedgerKind, issue};
use bianfang_shared::observation::{Answers, Outcome};
use bianfang_shared::policy::Policy;
use bianfang_shared::value::Value;
use proptest::prelude::*;
use serde_json::json;
use std::collections::BTreeSet;

fn list() -> &'static Checklist {
    Checklist::visit()
}

#[test]
fn everything_that_the_questions_name_is_in_the_ledgers() {
    let spec = |field: &str| LedgerKind::Household.field(field).unwrap_or_else(|| panic!("no field {field}"));
    for question in &list().questions {
        let key = &question.key;
        assert!(!question.text.zh.is_empty() && !question.text.en.is_empty(), "{key}: text");
        assert!(!question.source.is_empty(), "{key}: source");
        let topics =
            question.topic.iter().chain(question.opens.iter().filter_map(|opens| opens.topic.as_ref()));
        for topic in topics {
            assert!(issue::TOPICS.contains(&topic.as_str()), "{key}: no topic {topic}");
        }
        if let Some(prefill) = &question.prefill {
            let writes =
                question.writes.as_ref().unwrap_or_else(|| panic!("{key}: confirms but writes nothing"));
            assert_eq!(&writes.field, prefill, "{key}: writes another field than it confirms");
        }
        let Some(writes) = &question.writes else { continue };
        let answers: Vec<Value> = match &question.kind {
            QuestionKind::OneOf { choices } => {
                choices.iter().map(|choice| choice.key.as_str().into()).collect()
            }
            QuestionKind::ManyOf { choices } => {
                choices.iter().map(|choice| Value::texts([&choice.key])).collect()
            }
            QuestionKind::Number { min, max, .. } => vec![(*min).into(), (*max).into()],
            QuestionKind::YesNo => vec![true.into(), false.into()],
            QuestionKind::Text { .. } | QuestionKind::Date | QuestionKind::Photo { .. } => Vec::new(),
            QuestionKind::Derived { choices, .. } => {
                choices.iter().map(|choice| choice.key.as_str().into()).collect()
            }
        };
        for written in answers.iter().filter_map(|answer| writes.value_for(answer)) {
            assert_eq!(
                ledger::check(LedgerKind::Household, &writes.field, &written),
                Ok(()),
                "{key}: {written}"
            );
        }
        // Every choice of the field can be confirmed, else its households are asked anew each time.
        if let (FieldType::OneOf(choices), Some(_)) = (spec(&writes.field).kind, &question.prefill) {
            for choice in choices {
                assert!(question.answer_for(&(*choice).into()).is_some(), "{key}: cannot confirm {choice}");
            }
        }
    }
}

#[test]
fn every_condition_compares_with_something_that_can_be() {
    let all = list().questions.iter().flat_map(|question| {
        let section = &list().section(&question.section).unwrap().relevance;
        let conditions: Vec<&Condition> = [&question.relevance, section]
            .into_iter()
            .chain(question.opens.iter().map(|opens| &opens.when))
            .collect();
        conditions.into_iter().map(move |condition| (question, condition))
    });
    for (question, condition) in all {
        for (key, wanted) in condition.comparisons() {
            let key = key.unwrap_or(&question.key);
            for wanted in wanted {
                assert!(can_be(key, wanted), "{}: {key} is never {wanted}", question.key);
            }
        }
    }
}

fn can_be(key: &str, wanted: &Value) -> bool {
    if key == "outcome" {
        return wanted.read::<Outcome>().is_some_and(|outcome| outcome != Outcome::Unknown);
    }
    match key.split_once('.') {
        Some(("household", field)) => {
            let listed = Value::List(vec![wanted.clone()]);
            LedgerKind::Household.field(field).is_some()
                && [wanted, &listed]
                    .into_iter()
                    .any(|value| ledger::check(LedgerKind::Household, field, value).is_ok())
        }
        Some(("members", fact)) => {
            let known = form::member_facts(&[person(30, "2000-01-01", json!({}))], NOW_MS);
            known.contains_key(fact) && wanted.as_number().is_some()
        }
        Some(_) => false,
        None => match &list().question(key).unwrap_or_else(|| panic!("no question {key}")).kind {
            QuestionKind::YesNo => wanted.as_bool().is_some(),
            QuestionKind::Number { .. } => wanted.as_number().is_some(),
            kind => kind.choices().iter().any(|choice| Some(choice.key.as_str()) == wanted.as_text()),
        },
    }
}

#[test]
fn the_ten_topics_are_asked_about_and_every_topic_has_its_department_and_deadline() {
    let opened: BTreeSet<&str> = (list().questions.iter())
        .flat_map(|question| {
            question.opens.iter().filter_map(|opens| opens.topic.as_deref().or(question.topic.as_deref()))
        })
        .collect();
    for topic in &issue::TOPICS[..10] {
        assert!(opened.contains(topic), "nothing opens {topic}");
    }
    let policy = &Policy::builtin().issues;
    let listed: BTreeSet<&str> = policy.topic.keys().map(String::as_str).collect();
    assert_eq!(listed, issue::TOPICS.iter().copied().collect());
    for (topic, rule) in &policy.topic {
        assert!(!rule.lead.is_empty() && !rule.source.is_empty(), "{topic}");
        assert!(rule.urgent_days > 0 && rule.urgent_days <= rule.deadline_days, "{topic}");
    }
}

fn draft(household_fields: serde_json::Value, births: &[&str], answers: serde_json::Value) -> Vec<String> {
    let household = household(household_fields);
    let members: Vec<_> =
        births.iter().enumerate().map(|(at, birth)| person(30 + at as u8, birth, json!({}))).collect();
    let draft = FormDraft {
        outcome: Some(Outcome::AtHome),
        answers: serde_json::from_value(answers).unwrap(),
        ..form::begin(
            &FormLedger::of_household(&household, &[]),
            form::member_facts(&members, NOW_MS),
            list(),
            NOW_MS,
        )
    };
    form::relevant(&draft, list(), &FormLedger::of_household(&household, &[]))
        .into_iter()
        .map(|question| question.key.clone())
        .collect()
}

#[test]
fn questions_are_asked_of_those_they_concern() {
    let adults = ["1970-01-01"];
    for (case, fields, births, answers, question, asked) in [
        ("no child of school age", json!({}), &adults[..], json!({}), "schooling", false),
        ("a child of ten", json!({}), &["2015-01-01"][..], json!({}), "schooling", true),
        ("seventeen today", json!({}), &["2008-07-18"][..], json!({}), "schooling", false),
        ("seventeen tomorrow", json!({}), &["2008-07-19"][..], json!({}), "schooling", true),
        ("six today", json!({}), &["2019-07-18"][..], json!({}), "schooling", true),
        ("six tomorrow", json!({}), &["2019-07-19"][..], json!({}), "schooling", false),
        ("a member without a date of birth", json!({}), &[""][..], json!({}), "schooling", true),
        ("no member registered", json!({}), &[][..], json!({}), "schooling", true),
        (
            "an ordinary household's loan",
            json!({ "categories": ["ordinary"] }),
            &adults[..],
            json!({}),
            "loan",
            false,
        ),
        (
            "a lifted household's loan",
            json!({ "categories": ["lifted"] }),
            &adults[..],
            json!({}),
            "loan",
            true,
        ),
        (
            "hardship of the monitored is known",
            json!({ "categories": ["marginal"] }),
            &adults[..],
            json!({}),
            "hardship",
            false,
        ),
        (
            "measures for the monitored",
            json!({ "categories": ["marginal"] }),
            &adults[..],
            json!({}),
            "measures",
            true,
        ),
        (
            "a safe house's report",
            json!({}),
            &adults[..],
            json!({ "housing": "safe" }),
            "housing_report",
            false,
        ),
        (
            "a suspect house's report",
            json!({}),
            &adults[..],
            json!({ "housing": "suspect" }),
            "housing_report",
            true,
        ),
        (
            "an empty dangerous house's sign",
            json!({}),
            &adults[..],
            json!({ "housing": "unsafe", "housing_lived_in": false }),
            "housing_sign",
            true,
        ),
        (
            "a sign, where the house became safe again",
            json!({}),
            &adults[..],
            json!({ "housing": "safe", "housing_lived_in": false }),
            "housing_sign",
            false,
        ),
        (
            "days of shortage",
            json!({}),
            &adults[..],
            json!({ "water": "basic", "water_trouble": ["shortage"] }),
            "water_short_days",
            true,
        ),
        (
            "days of shortage, left over",
            json!({}),
            &adults[..],
            json!({ "water": "met", "water_trouble": ["shortage"] }),
            "water_short_days",
            false,
        ),
        ("old people at sixty", json!({}), &["1965-07-18"][..], json!({}), "elderly_care", true),
        ("not at fifty-nine", json!({}), &["1965-07-19"][..], json!({}), "elderly_care", false),
        ("not relocated", json!({}), &adults[..], json!({}), "relocation_repairs", false),
        (
            "relocated",
            json!({ "relocation_site": "花桥安置区" }),
            &adults[..],
            json!({}),
            "relocation_repairs",
            true,
        ),
    ] {
        assert_eq!(draft(fields, births, answers).iter().any(|key| key == question), asked, "{case}");
    }
}

#[test]
fn a_plain_visit_is_short() {
    let calm = json!({ "food": "ok", "clothing": "ok", "insured": "all", "illness": false, "housing": "safe",
        "water": "met", "income_trend": "same", "income_source": ["farming"], "hardship": ["none"], "satisfaction": "satisfied" });
    let asked = draft(json!({ "categories": ["ordinary"], "phone": "10012345678" }), &["1970-01-01"], calm);
    assert!((12..=18).contains(&asked.len()), "{} questions: {asked:?}", asked.len());
}

#[test]
fn a_checklist_with_a_flaw_says_where() {
    let head = "key = 'x'\nversion = 1\nkind = 'visit'\noutcomes = []\n[[section]]\nkey = 's'\ntext = { zh = 's', en = 's' }\n";
    let question = |more: &str| {
        format!(
            "{head}[[question]]\nkey = 'q'\nsection = 's'\ntext = {{ zh = 'q', en = 'q' }}\nsource = 'x'\n{more}"
        )
    };
    for (case, text, says) in [
        (
            "unknown section",
            question("kind = 'yes_no'").replace("section = 's'", "section = 't'"),
            "no section",
        ),
        (
            "later question",
            question("kind = 'yes_no'\nrelevance = { key = 'r', is = true }"),
            "not asked before it",
        ),
        (
            "two tests",
            question("kind = 'yes_no'\nrelevance = { key = 'outcome', is = 'a', at_least = 1 }"),
            "exactly one",
        ),
        (
            "misspelt test",
            question("kind = 'yes_no'\nrelevance = { key = 'outcome', equals = 'a' }"),
            "equals",
        ),
        (
            "no topic",
            question("kind = 'yes_no'\nopens = [{ when = { is = true }, what = { zh = 'w', en = 'w' } }]"),
            "without a topic",
        ),
        ("not TOML", "key =".to_owned(), "cannot be read"),
    ] {
        let error = Checklist::parse(&text).unwrap_err().to_string();
        assert!(error.contains(says), "{case}: {error}");
    }
}

#[test]
fn an_answer_that_does_not_fit_is_named_with_what_would() {
    let problem = |key: &str, answer: serde_json::Value| {
        let found = list().question(key).unwrap().problem(Some(&value(answer)), LedgerKind::Household);
        found.map(|problem| problem.code)
    };
    for (case, key, answer, code) in [
        ("a choice", "food", json!("ok"), None),
        ("no choice", "food", json!("plenty"), Some("not_a_choice")),
        ("not even text", "food", json!(3), Some("wrong_shape")),
        ("blank and required", "food", json!(""), Some("required")),
        ("blank and not required", "request", json!(" "), None),
        ("choices", "income_source", json!(["wages", "other"]), None),
        ("one wrong of several", "income_source", json!(["wages", "gold"]), Some("not_a_choice")),
        ("a number", "water_short_days", json!(366), None),
        ("too large", "water_short_days", json!(367), Some("out_of_bounds")),
        ("below", "water_short_days", json!(-1), Some("out_of_bounds")),
        ("yes", "illness", json!(true), None),
        ("yes as text", "illness", json!("yes"), Some("wrong_shape")),
        ("a day", "away_until", json!("2025-02-28"), None),
        ("no day", "away_until", json!("2025-02-29"), Some("bad_date")),
        ("a number to ring", "phone", json!("10012345678"), None),
        ("letters in it", "phone", json!("ring me"), Some("wrong_shape")),
        ("too long", "request", json!("长".repeat(501)), Some("too_long")),
    ] {
        assert_eq!(problem(key, answer).as_deref(), code, "{case}");
    }
}

fn any_answers() -> impl Strategy<Value = Answers> {
    let keys: Vec<String> = list().questions.iter().map(|question| question.key.clone()).collect();
    let choices: Vec<String> = list()
        .questions
        .iter()
        .flat_map(|question| question.kind.choices())
        .map(|choice| choice.key.clone())
        .collect();
    let one = prop_oneof![
        prop::sample::select(choices.clone()).prop_map(Value::from),
        prop::collection::vec(prop::sample::select(choices), 0..4).prop_map(Value::texts),
        any::<bool>().prop_map(Value::from),
        (-10i64..400).prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        Just(Value::Null),
    ];
    prop::collection::btree_map(prop::sample::select(keys), one, 0..30)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// Whatever was answered: relevance decides, what is recorded is what was asked, and asking again with only that
    /// changes nothing.
    #[test]
    fn relevance_is_total_and_settles_at_once(answers in any_answers(), outcome in 0..7usize) {
        let outcomes = [None, Some(Outcome::AtHome), Some(Outcome::NobodyHome), Some(Outcome::Refused),
            Some(Outcome::WorkingAway), Some(Outcome::RoadCut), Some(Outcome::Unknown)];
        let household = household(json!({ "categories": ["lifted", "disabled"] }));
        let draft = FormDraft { outcome: outcomes[outcome], answers, ..form::begin(&FormLedger::of_household(&household, &[]), Default::default(), list(), NOW_MS) };
        let asked: Vec<&str> = form::relevant(&draft, list(), &FormLedger::of_household(&household, &[])).into_iter().map(|q| q.key.as_str()).collect();
        let situation = bianfang_shared::checklist::Situation {
            answers: &draft.answers,
            outcome: draft.outcome,
            subject: &household,
            household: Some(&household),
            facts: &draft.facts,
        };
        let kept = list().relevant_answers(&situation);
        prop_assert!(kept.keys().all(|key| asked.contains(&key.as_str())));
        let again = FormDraft { answers: kept, ..draft.clone() };
        let asked_again: Vec<&str> = form::relevant(&again, list(), &FormLedger::of_household(&household, &[])).into_iter().map(|q| q.key.as_str()).collect();
        prop_assert_eq!(asked, asked_again.clone());
        if draft.outcome.is_none() || draft.outcome == Some(Outcome::Unknown) {
            prop_assert!(asked_again.is_empty());
        }
        let _ = form::problems(&draft, list(), &FormLedger::of_household(&household, &[]));
    }
}
