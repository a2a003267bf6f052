//! The questions fit the ledgers, and relevance says what is asked for whom.

use crate::given::{NOW_MS, entity, entry, household, person, value};
use bianfang_shared::checklist::{Checklist, Condition, Question, QuestionKind, Target, Writes};
use bianfang_shared::form::{self, FormDraft, FormLedger};
use bianfang_shared::ledger::{self, FieldType, LedgerKind, issue};
use bianfang_shared::observation::{Answers, ObservationKind, Outcome};
use bianfang_shared::policy::Policy;
use bianfang_shared::value::Value;
use proptest::prelude::*;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

fn list() -> &'static Checklist {
    Checklist::visit()
}

/// Every list with the ledgers that it is asked about.
fn lists() -> [(&'static Checklist, &'static [LedgerKind]); 4] {
    [
        (Checklist::visit(), &[LedgerKind::Household]),
        (Checklist::house(), &[LedgerKind::House]),
        (Checklist::water(), &[LedgerKind::Household, LedgerKind::WaterSupply]),
        (Checklist::attendance(), &[LedgerKind::Post]),
    ]
}

#[test]
fn every_kind_of_record_has_its_list() {
    for kind in ObservationKind::ALL {
        assert_eq!(Checklist::of(kind).kind, kind);
        assert!(!Checklist::of(kind).outcomes.is_empty(), "{kind}");
    }
    // Whoever signs a post in has nothing to choose: it took place.
    assert_eq!(Checklist::attendance().only_outcome(), Some(Outcome::Done));
}

#[test]
fn a_record_may_go_as_the_dictionary_says() {
    use Outcome::{AtHome, Done, MovedAway, NobodyHome, Refused, RoadCut, WorkingAway};
    for (source, kind, outcomes) in [
        (
            "DOMAIN 入户走访: 在家 | 无人在家 | 拒访 | 外出务工 | 道路中断 | 已搬离",
            ObservationKind::Visit,
            &[AtHome, NobodyHome, Refused, WorkingAway, RoadCut, MovedAway][..],
        ),
        ("DOMAIN 危房巡查", ObservationKind::HouseInspection, &[Done, NobodyHome, RoadCut]),
        ("DOMAIN 饮水检查", ObservationKind::WaterCheck, &[Done, NobodyHome, RoadCut]),
        ("DOMAIN 公岗签到", ObservationKind::Attendance, &[Done]),
    ] {
        assert_eq!(Checklist::of(kind).outcomes, outcomes, "{source}");
    }
}

#[test]
fn a_visit_asks_for_two_worries_three_guarantees_and_the_water() {
    for (source, section, question, field) in [
        ("两不愁: 不愁吃", "两不愁", "food", "food_state"),
        ("两不愁: 不愁穿", "两不愁", "clothing", "clothing_state"),
        ("三保障: 义务教育", "三保障：义务教育", "schooling", "education_state"),
        ("三保障: 基本医疗", "三保障：基本医疗", "insured", "insured"),
        ("三保障: 住房安全", "三保障：住房安全", "housing", "housing_state"),
        ("一安全: 饮水安全", "一安全", "water", "water_state"),
    ] {
        let asked = list().question(question).unwrap_or_else(|| panic!("no {question} ({source})"));
        let heading = &list().section(&asked.section).unwrap().text.zh;
        assert!(heading.contains(section), "{question} is asked under {heading} ({source})");
        // What is bad opens a problem: by the answer itself, or by the closer questions that follow it.
        let mut beside = list().questions.iter().filter(|other| other.section == asked.section);
        assert!(asked.required && beside.any(|other| !other.opens.is_empty()), "{question} ({source})");
        assert_eq!(asked.writes.as_ref().map(|writes| writes.field.as_str()), Some(field), "{source}");
    }
    // DOMAIN 入户走访: income and work facts to confirm; needs; satisfaction.
    for (source, question, confirms) in [
        ("003 (七): 联系方式", "phone", true),
        ("003 (七): 联系方式非本人", "phone_owner", true),
        ("003 (七): 重点核实联系方式、务工地点", "work_record", false),
        ("003 (一): 家庭人均纯收入", "income_per_head", true),
        ("003 (七): 务工信息", "income_source", true),
        ("003 (十四): 了解群众的急难愁盼", "request", false),
        ("003 (十四): an opinion is asked, not confirmed", "satisfaction", false),
    ] {
        let asked = list().question(question).unwrap_or_else(|| panic!("no {question} ({source})"));
        assert_eq!(asked.prefill.is_some(), confirms, "{question} ({source})");
    }
}

#[test]
fn everything_that_the_questions_name_is_in_the_ledgers() {
    for (list, subjects) in lists() {
        for question in &list.questions {
            let key = format!("{}.{}", list.key, question.key);
            // A reading such as pH has no unit; everything else has words.
            assert!(!question.text.zh.is_empty() && !question.text.en.is_empty(), "{key}: text");
            assert!(!question.source.is_empty(), "{key}: source");
            let topics =
                question.topic.iter().chain(question.opens.iter().filter_map(|opens| opens.topic.as_ref()));
            for topic in topics {
                assert!(issue::TOPICS.contains(&topic.as_str()), "{key}: no topic {topic}");
            }
            for kind in question.opens.iter().filter_map(|opens| opens.kind.as_deref()) {
                assert!(issue::KINDS.contains(&kind), "{key}: no kind of problem {kind}");
            }
            if let Some(prefill) = &question.prefill {
                check_prefill(&key, prefill, question, subjects);
            }
            if let Some(writes) = &question.writes {
                check_writes(&key, writes, question, subjects);
            }
        }
    }
}

/// What is offered for confirmation is a field of the entry that an answer writes to, or a known fact.
fn check_prefill(key: &str, prefill: &str, question: &Question, subjects: &[LedgerKind]) {
    if let Some(fact) = prefill.strip_prefix("facts.") {
        assert!(known_facts().contains(fact), "{key}: no fact {fact}");
        return;
    }
    let writes = question.writes.as_ref().unwrap_or_else(|| panic!("{key}: confirms but writes nothing"));
    assert_eq!(writes.field, prefill, "{key}: writes another field than it confirms");
    // Every choice of the field can be confirmed, else its entries are asked anew each time. What a report gave is
    // confirmed only as a report.
    let field = target(writes, subjects).field(prefill);
    if let (Some(FieldType::OneOf(choices)), true) = (field.map(|spec| spec.kind), writes.values.is_empty()) {
        for choice in choices {
            assert!(question.answer_for(&(*choice).into()).is_some(), "{key}: cannot confirm {choice}");
        }
    }
}

/// Whatever is answered fits the field that it is written to.
fn check_writes(key: &str, writes: &Writes, question: &Question, subjects: &[LedgerKind]) {
    let ledger = target(writes, subjects);
    assert!(ledger.field(&writes.field).is_some(), "{key}: no field {} in {ledger:?}", writes.field);
    for written in possible_answers(question).iter().filter_map(|answer| writes.value_for(answer)) {
        assert_eq!(ledger::check(ledger, &writes.field, &written), Ok(()), "{key}: {written}");
    }
}

fn target(writes: &Writes, subjects: &[LedgerKind]) -> LedgerKind {
    match (writes.on, writes.ledger, subjects) {
        (Target::Household, ..) => LedgerKind::Household,
        (Target::Subject, Some(ledger), _) => ledger,
        (Target::Subject, None, [only]) => *only,
        (Target::Subject, None, _) => {
            panic!("a list about several ledgers says to which {} belongs", writes.field)
        }
    }
}

fn possible_answers(question: &Question) -> Vec<Value> {
    match &question.kind {
        QuestionKind::OneOf { choices } | QuestionKind::Derived { choices, .. } => {
            choices.iter().map(|choice| choice.key.as_str().into()).collect()
        }
        QuestionKind::ManyOf { choices } => {
            choices.iter().map(|choice| Value::texts([&choice.key])).collect()
        }
        QuestionKind::Number { min, max, .. } => vec![(*min).into(), (*max).into()],
        QuestionKind::YesNo => vec![true.into(), false.into()],
        QuestionKind::Text { .. } | QuestionKind::Date | QuestionKind::Photo { .. } => Vec::new(),
    }
}

#[test]
fn every_condition_compares_with_something_that_can_be() {
    for (list, subjects) in lists() {
        for question in &list.questions {
            let section = &list.section(&question.section).unwrap().relevance;
            let conditions = [&question.relevance, section]
                .into_iter()
                .chain(question.opens.iter().map(|opens| &opens.when));
            for (key, wanted) in conditions.flat_map(Condition::comparisons) {
                let key = key.unwrap_or(&question.key);
                assert!(is_known(list, key, subjects), "{}.{}: no {key}", list.key, question.key);
                for wanted in wanted {
                    assert!(can_be(list, key, wanted, subjects), "{}: {key} is never {wanted}", question.key);
                }
            }
        }
    }
}

fn known_facts() -> BTreeSet<String> {
    let someone = person(30, "2000-01-01", json!({ "disability": "severe", "work_state": "away" }));
    let supply = json!({ "kind": "well", "scarce": true, "report_meets": true });
    let supply = entry(entity(40), LedgerKind::WaterSupply, supply);
    form::member_facts(std::slice::from_ref(&someone), NOW_MS)
        .into_keys()
        .chain(form::supply_facts(&supply).into_keys())
        .chain(form::holder_facts(&someone, &[], 1, NOW_MS).into_keys())
        .collect()
}

fn is_known(list: &Checklist, key: &str, subjects: &[LedgerKind]) -> bool {
    match key.split_once('.') {
        Some(("subject", "ledger")) => true,
        Some(("subject", field)) => subjects.iter().any(|ledger| ledger.field(field).is_some()),
        Some(("household", field)) => LedgerKind::Household.field(field).is_some(),
        Some(("members" | "facts", fact)) => known_facts().contains(fact),
        Some(_) => false,
        None => key == "outcome" || list.question(key).is_some(),
    }
}

fn can_be(list: &Checklist, key: &str, wanted: &Value, subjects: &[LedgerKind]) -> bool {
    if key == "outcome" {
        return wanted.read::<Outcome>().is_some_and(|outcome| list.outcomes.contains(&outcome));
    }
    let in_field = |ledger: LedgerKind, field: &str| {
        let listed = Value::List(vec![wanted.clone()]);
        ledger.field(field).is_some()
            && [wanted, &listed].into_iter().any(|value| ledger::check(ledger, field, value).is_ok())
    };
    match key.split_once('.') {
        Some(("subject", "ledger")) => subjects.iter().any(|ledger| wanted.as_text() == Some(ledger.key())),
        Some(("subject", field)) => subjects.iter().any(|ledger| in_field(*ledger, field)),
        Some(("household", field)) => in_field(LedgerKind::Household, field),
        Some(("members" | "facts", _)) => wanted.as_number().is_some(),
        Some(_) => false,
        None => match &list.question(key).unwrap_or_else(|| panic!("no question {key}")).kind {
            QuestionKind::YesNo => wanted.as_bool().is_some(),
            QuestionKind::Number { .. } => wanted.as_number().is_some(),
            kind => kind.choices().iter().any(|choice| Some(choice.key.as_str()) == wanted.as_text()),
        },
    }
}

#[test]
fn whatever_a_form_may_open_has_its_place_and_its_topic() {
    for (list, _) in lists() {
        let opened: BTreeSet<_> = (list.questions.iter())
            .flat_map(|question| {
                let topic = question.topic.as_deref();
                question
                    .opens
                    .iter()
                    .map(move |opens| (opens.topic.as_deref().or(topic), opens.kind.as_deref()))
            })
            .collect();
        assert!(opened.len() <= form::ISSUES_MAX, "{} may open {} problems", list.key, opened.len());
    }
    // A kind belongs to one topic, so that its words can stand without it.
    let mut topics: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (list, _) in lists() {
        for question in &list.questions {
            for opens in &question.opens {
                let topic = opens.topic.as_deref().or(question.topic.as_deref()).unwrap();
                if let Some(kind) = &opens.kind {
                    topics.entry(kind).or_default().insert(topic);
                }
            }
        }
    }
    assert_eq!(topics.len(), issue::KINDS.len(), "a kind of problem that nothing opens: {topics:?}");
    assert!(topics.values().all(|topics| topics.len() == 1), "{topics:?}");
}

/// A record is assessed where its subject may not be at hand.
#[test]
fn what_photographs_are_required_depends_on_the_answers_alone() {
    for (list, _) in lists() {
        let required =
            |question: &&Question| question.required && matches!(question.kind, QuestionKind::Photo { .. });
        for question in list.questions.iter().filter(required) {
            let section = &list.section(&question.section).unwrap().relevance;
            let mut waiting: Vec<&str> = question.relevance.keys();
            waiting.extend(section.keys());
            while let Some(key) = waiting.pop() {
                assert!(key == "outcome" || !key.contains('.'), "{}: {key}", question.key);
                if let Some(question) = list.question(key) {
                    waiting.extend(question.relevance.keys());
                    waiting.extend(list.section(&question.section).unwrap().relevance.keys());
                }
            }
        }
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
        (
            "no kind of problem",
            question(
                "kind = 'yes_no'\ntopic = 'water'\nopens = [{ when = { is = true }, kind = 'flood', what = { zh = 'w', en = 'w' } }]",
            ),
            "no known kind",
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
