//! What holds for the forms of every kind, whatever is answered.

use crate::given::{
    NOW_MS, answers, entity, entry, house, household, op, person, photo, post, stamp, supply, user,
};
use bianfang_shared::access::{Actor, Role};
use bianfang_shared::checklist::{Checklist, Question, QuestionKind, Situation};
use bianfang_shared::entry::Entry;
use bianfang_shared::form::{self, EffectKind, FormDraft, FormLedger, NotSaved, effects, save};
use bianfang_shared::id::{DeviceId, EntityId, ObservationId, OpId, UserId};
use bianfang_shared::judge::{self, Facts, RecordFacts};
use bianfang_shared::ledger::{self, LedgerKind, Point};
use bianfang_shared::observation::{Answers, Outcome};
use bianfang_shared::op::{Body, Op};
use bianfang_shared::policy::Policy;
use bianfang_shared::value::Value;
use proptest::prelude::*;
use serde_json::json;
use std::collections::BTreeSet;

/// A form of every kind about an entry that says something already, with its household.
struct Case {
    list: &'static Checklist,
    subject: Entry,
    household: Option<Entry>,
    facts: Answers,
}

fn cases() -> Vec<Case> {
    let home =
        || household(json!({ "head_name": "王小明", "categories": ["lifted"], "housing_state": "safe" }));
    let someone = person(30, "1940-01-01", json!({ "disability": "severe" }));
    let case = |list, subject, household, facts| Case { list, subject, household, facts };
    vec![
        case(
            Checklist::visit(),
            home(),
            Some(home()),
            form::member_facts(std::slice::from_ref(&someone), NOW_MS),
        ),
        case(Checklist::house(), house(json!({})), Some(home()), Answers::new()),
        case(
            Checklist::house(),
            house(
                json!({ "grade": "D", "graded_by": "report", "rectification": "to_be_renovated", "lived_in": false }),
            ),
            Some(home()),
            Answers::new(),
        ),
        case(
            Checklist::house(),
            house(json!({ "grade": "C", "rectification": "renovated" })),
            None,
            Answers::new(),
        ),
        case(Checklist::water(), home(), Some(home()), answers(json!({ "supply_kind": "central" }))),
        case(
            Checklist::water(),
            supply(json!({ "kind": "small", "keeper": "某水管员" })),
            None,
            Answers::new(),
        ),
        case(
            Checklist::attendance(),
            post(json!({ "kind": "cleaning" })),
            None,
            form::holder_facts(&someone, &[], 2, NOW_MS),
        ),
    ]
}

impl Case {
    fn ledger(&self) -> FormLedger<'_> {
        FormLedger { subject: &self.subject, household: self.household.as_ref(), open_issues: &[] }
    }

    fn draft(&self, outcome: usize, answers: Answers) -> FormDraft {
        let outcomes = &self.list.outcomes;
        FormDraft {
            outcome: Some(outcomes[outcome % outcomes.len()]),
            met: "户主".to_owned(),
            answers,
            ..form::begin(&self.ledger(), self.facts.clone(), self.list, NOW_MS)
        }
    }
}

/// A fitting answer, chosen by a number.
fn fitting(question: &Question, number: u8) -> Value {
    match &question.kind {
        QuestionKind::YesNo => number.is_multiple_of(2).into(),
        QuestionKind::OneOf { choices } => choices[usize::from(number) % choices.len()].key.as_str().into(),
        QuestionKind::ManyOf { choices } => {
            let other = usize::from(number / 7) % choices.len();
            let mut ticked = vec![&choices[usize::from(number) % choices.len()].key, &choices[other].key];
            ticked.dedup();
            Value::texts(ticked)
        }
        QuestionKind::Number { min, max, .. } => {
            // Small numbers are where the limits are.
            let span = if number.is_multiple_of(3) { max - min } else { (max - min).min(60.0) };
            Value::number(min + span * f64::from(number) / 255.0)
        }
        QuestionKind::Text { .. } => format!("{number:05}").into(),
        QuestionKind::Date => "2025-07-01".into(),
        QuestionKind::Photo { .. } | QuestionKind::Derived { .. } => Value::Null,
    }
}

fn fitting_answers(list: &Checklist, numbers: &[u8]) -> Answers {
    let numbered = list.questions.iter().zip(numbers.iter().cycle());
    numbered.map(|(question, number)| (question.key.clone(), fitting(question, *number))).collect()
}

/// What the judge knows after the subject and its household were registered.
struct Registered<'a>(&'a Case);

impl Facts for Registered<'_> {
    fn entry(&self, entity: EntityId) -> Option<&Entry> {
        let known = [Some(&self.0.subject), self.0.household.as_ref()].into_iter().flatten();
        known.into_iter().find(|entry| entry.id == entity)
    }
    fn observation(&self, _: ObservationId) -> Option<RecordFacts> {
        None
    }
    fn has_accompanied(&self, _: ObservationId, _: UserId) -> bool {
        false
    }

    fn names_companion(&self, _: ObservationId, _: UserId) -> bool {
        false
    }
    fn rectifiers(&self, _: EntityId) -> BTreeSet<UserId> {
        BTreeSet::new()
    }
    fn moved_from(&self, _: EntityId, _: UserId) -> Option<Point> {
        None
    }
    fn operation(&self, _: OpId) -> Option<Op> {
        None
    }
    fn owner(&self, _: DeviceId) -> Option<UserId> {
        None
    }
    fn now_ms(&self) -> i64 {
        NOW_MS
    }
    fn is_revoked(&self, _: DeviceId) -> bool {
        false
    }

    fn was_acknowledged(&self, _: OpId) -> bool {
        false
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    /// What is answered fittingly can be saved, writes what fits the ledgers, opens no more than it has ids for, and is
    /// taken by the centre.
    #[test]
    fn whatever_is_answered_can_be_saved_and_is_taken(
        which in 0..7usize,
        outcome in 0..6usize,
        numbers in prop::collection::vec(any::<u8>(), 64),
        struck in prop::collection::vec(any::<bool>(), 24),
    ) {
        let case = &cases()[which];
        let mut draft = case.draft(outcome, fitting_answers(case.list, &numbers));
        let shown = effects(&draft, case.list, Policy::builtin(), &case.ledger());
        draft.struck = shown.iter().zip(&struck).filter(|(_, struck)| **struck).map(|(effect, _)| effect.key.clone()).collect();
        prop_assert_eq!(form::problems(&draft, case.list, &case.ledger()), vec![]);
        let bodies = save(&draft, case.list, Policy::builtin(), &case.ledger(), &stamp()).unwrap();

        let opens = shown.iter().filter(|effect| matches!(effect.what, EffectKind::OpenIssue { .. }) && !draft.struck.contains(&effect.key));
        let registered = bodies.iter().filter(|body| matches!(body, Body::Register { .. })).count();
        prop_assert_eq!(opens.count(), registered);
        for effect in &shown {
            if let EffectKind::Change { ledger, field, to, from, .. } = &effect.what {
                prop_assert!(ledger.field(field).is_some(), "no field {} in {:?}", field, ledger);
                prop_assert_eq!(ledger::check(*ledger, field, to), Ok(()));
                prop_assert_ne!(from, to);
            }
        }
        let actor = Actor { user: user(1), role: Role::Cadre, grants: vec![case.subject.scope] };
        for (seq, body) in (1..).zip(bodies) {
            let op = op(9, seq, body);
            prop_assert_eq!(judge::judge(&op, &actor, &Registered(case)), Ok(()));
        }
    }

    /// Relevance settles at once also where the rules derive something: asking again with what was recorded asks the
    /// same and derives the same.
    #[test]
    fn what_is_recorded_asks_and_derives_the_same_again(
        which in 0..7usize,
        outcome in 0..6usize,
        numbers in prop::collection::vec(any::<u8>(), 64),
    ) {
        let case = &cases()[which];
        let draft = case.draft(outcome, fitting_answers(case.list, &numbers));
        let ledger = case.ledger();
        let situation = |answers| Situation {
            answers,
            outcome: draft.outcome,
            subject: &case.subject,
            household: case.household.as_ref(),
            facts: &draft.facts,
        };
        let kept = case.list.relevant_answers(&situation(&draft.answers));
        let again = case.list.relevant_answers(&situation(&kept));
        prop_assert_eq!(&kept, &again);
        let recorded = FormDraft { answers: kept, ..draft.clone() };
        prop_assert_eq!(form::verdict(&draft, case.list, &ledger), form::verdict(&recorded, case.list, &ledger));
        prop_assert_eq!(
            form::missing_photos(&draft, case.list, &ledger),
            form::missing_photos(&recorded, case.list, &ledger)
        );
    }

    /// Nonsense is named, never taken, and breaks nothing.
    #[test]
    fn no_answer_breaks_a_form(which in 0..7usize, outcome in 0..6usize, nonsense in prop::collection::vec(any_value(), 40)) {
        let case = &cases()[which];
        let keys = case.list.questions.iter().map(|question| question.key.clone());
        let draft = case.draft(outcome, keys.zip(nonsense.into_iter().cycle()).collect());
        let _ = (form::verdict(&draft, case.list, &case.ledger()), form::missing_photos(&draft, case.list, &case.ledger()));
        match save(&draft, case.list, Policy::builtin(), &case.ledger(), &stamp()) {
            Ok(_) => prop_assert_eq!(form::problems(&draft, case.list, &case.ledger()), vec![]),
            Err(NotSaved::Problems(problems)) => prop_assert!(!problems.is_empty()),
            Err(NotSaved::OtherSubject) => prop_assert!(false, "it is about this subject"),
        }
    }
}

fn any_value() -> impl Strategy<Value = Value> {
    prop_oneof![
        any::<String>().prop_map(Value::from),
        any::<bool>().prop_map(Value::from),
        any::<f64>().prop_map(Value::number),
        prop::collection::vec(any::<String>(), 0..3).prop_map(Value::texts),
        Just("severe".into()),
        Just(Value::texts(["clean", "smell"])),
        Just(Value::Null),
    ]
}

#[test]
fn photographs_travel_in_the_record_and_not_among_its_answers() {
    let case = &cases()[1];
    let said = json!({ "lived_in": true, "foundation": "sound", "walls": "sound", "frame": "sound", "roof": "sound",
        "surroundings": "sound", "photo_whole": "no place for a picture" });
    let draft =
        FormDraft { photos: vec![photo("photo_whole"), photo("photo_door")], ..case.draft(0, answers(said)) };
    assert_eq!(draft.outcome, Some(Outcome::Done));
    let bodies = save(&draft, case.list, Policy::builtin(), &case.ledger(), &stamp()).unwrap();
    let Body::Record { observation } = &bodies[0] else { panic!("the record comes first") };
    assert_eq!(observation.photos, draft.photos);
    assert!(!observation.answers.contains_key("photo_whole"));
}

#[test]
fn a_record_carries_all_that_the_dictionary_asks_of_it() {
    let case = &cases()[0];
    let fix = json!({ "lat": 28.9, "lon": 113.3, "accuracy_m": 8.0, "altitude_m": 61.0, "at_ms": NOW_MS - 9_000,
        "provider": "gps", "mocked": false });
    let draft = FormDraft {
        outcome: Some(Outcome::NobodyHome),
        answers: answers(json!({ "neighbour_says": "back_today" })),
        companions: vec![user(2)],
        started_at_ms: NOW_MS - 400_000,
        dwell_ms: 390_000,
        fixes: vec![serde_json::from_value(fix.clone()).unwrap()],
        photos: vec![photo("photo_whole")],
        note: "门口有狗".to_owned(),
        ..case.draft(0, Answers::new())
    };
    let bodies = save(&draft, case.list, Policy::builtin(), &case.ledger(), &stamp()).unwrap();
    let op = op(9, 1, bodies[0].clone());
    let written = serde_json::to_value(&op).unwrap();
    for (source, path, value) in [
        ("DOMAIN 采集: subject", "/body/observation/subject", json!(entity(10))),
        ("DOMAIN 采集: author", "/author", json!(user(1))),
        ("DOMAIN 采集: and companions", "/body/observation/companions", json!([user(2)])),
        ("DOMAIN 采集: started, wall", "/body/observation/started_at_ms", json!(NOW_MS - 400_000)),
        ("DOMAIN 采集: ended, wall", "/body/observation/ended_at_ms", json!(NOW_MS)),
        ("DOMAIN 采集: started and ended, monotonic", "/body/observation/dwell_ms", json!(390_000)),
        ("DOMAIN 采集: fixes", "/body/observation/fixes", json!([fix])),
        ("DOMAIN 采集: photos with purpose", "/body/observation/photos/0/purpose", json!("photo_whole")),
        ("DOMAIN 采集: checklist", "/body/observation/checklist/key", json!("visit")),
        ("DOMAIN 采集: checklist version", "/body/observation/checklist/version", json!(case.list.version)),
        ("DOMAIN 采集: answers", "/body/observation/answers/neighbour_says", json!("back_today")),
        ("DOMAIN 采集: outcome", "/body/observation/outcome", json!("nobody_home")),
        ("DOMAIN 采集: note", "/body/observation/note", json!("门口有狗")),
    ] {
        assert_eq!(written.pointer(path), Some(&value), "{source}: {written}");
    }
}

#[test]
fn an_answer_meant_for_another_ledger_is_written_nowhere() {
    let said = json!({ "source": "well", "litres": 80, "senses": ["clean"], "piped": true, "short_days": 3,
        "short_months": ["8"], "unstable": false, "kept": true, "report": "meets" });
    let changed = |subject: &Entry| -> Vec<String> {
        let ledger = FormLedger { subject, household: None, open_issues: &[] };
        let draft = FormDraft {
            outcome: Some(Outcome::Done),
            answers: answers(said.clone()),
            ..form::begin(&ledger, Answers::new(), Checklist::water(), NOW_MS)
        };
        let found = effects(&draft, Checklist::water(), Policy::builtin(), &ledger);
        found.into_iter().map(|effect| effect.key).collect()
    };
    assert_eq!(changed(&household(json!({}))), ["change:water_state"]);
    assert_eq!(
        changed(&supply(json!({ "kind": "well" }))),
        ["change:report_meets", "change:shortage_months", "change:latest_result"]
    );
    // An entry of which only edits have arrived is taken for what the answer is meant for.
    let unregistered = Entry::empty(entity(90), entry(entity(91), LedgerKind::House, json!({})).scope);
    assert!(changed(&unregistered).contains(&"change:water_state".to_owned()));
}

#[test]
fn a_road_that_is_cut_opens_its_problem_and_nothing_else_is_asked() {
    let (old, well, home) = (house(json!({})), supply(json!({})), household(json!({})));
    for (source, list, subject) in [
        ("DOMAIN 入户走访: 道路中断", Checklist::visit(), &home),
        ("DOMAIN 危房巡查, 003 (九): 道路路面损坏严重", Checklist::house(), &old),
        ("DOMAIN 饮水检查, 003 (九): 道路路面损坏严重", Checklist::water(), &well),
    ] {
        let ledger = FormLedger { subject, household: None, open_issues: &[] };
        let draft = FormDraft {
            outcome: Some(Outcome::RoadCut),
            answers: answers(json!({ "road_where": "村口塌方" })),
            ..form::begin(&ledger, Answers::new(), list, NOW_MS)
        };
        assert_eq!(form::problems(&draft, list, &ledger), [], "{source}");
        let shown = effects(&draft, list, Policy::builtin(), &ledger);
        let [EffectKind::OpenIssue { topic, urgent, .. }] =
            &shown.iter().map(|effect| &effect.what).collect::<Vec<_>>()[..]
        else {
            panic!("{source}: {shown:?}")
        };
        assert_eq!((topic.as_str(), *urgent), ("other", true), "{source}");
    }
}
