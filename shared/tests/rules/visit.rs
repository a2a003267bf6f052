//! From form to operations: what saving does is what was shown, less what was struck out.

use crate::given::{NOW_MS, entity, entry, household, op, stamp};
use bianfang_shared::access::Role;
use bianfang_shared::checklist::Checklist;
use bianfang_shared::entry::Entry;
use bianfang_shared::form::{
    self, Effect, EffectKind, FormDraft, FormLedger, NotSaved, Stamp, effects, save,
};
use bianfang_shared::id::{EntityId, OpId};
use bianfang_shared::ledger::{self, LedgerKind};
use bianfang_shared::observation::{Observation, Outcome, Platform};
use bianfang_shared::op::{Body, Change};
use bianfang_shared::policy::Policy;
use bianfang_shared::value::Value;
use proptest::prelude::*;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

fn list() -> &'static Checklist {
    Checklist::visit()
}

fn ledger_of(household: &Entry) -> FormLedger<'_> {
    FormLedger::of_household(household, &[])
}

/// A household of which everything is known and in order.
fn calm() -> Entry {
    calm_but(json!({}))
}

/// The same, but for these fields.
fn calm_but(other: serde_json::Value) -> Entry {
    let mut fields = json!({
        "head_name": "王小明", "categories": ["lifted"], "phone": "10012345678", "phone_owner": "self",
        "insured": "all", "food_state": "ok", "clothing_state": "ok", "education_state": "ok",
        "housing_state": "safe", "water_state": "met", "income_source": ["farming"], "satisfaction": "satisfied",
        "income_per_head": 12000,
    });
    fields.as_object_mut().unwrap().extend(other.as_object().unwrap().clone());
    household(fields)
}

/// A complete form for it, with every fact confirmed.
fn complete(household: &Entry) -> FormDraft {
    let mut draft = FormDraft {
        outcome: Some(Outcome::AtHome),
        met: "户主".to_owned(),
        dwell_ms: 400_000,
        ..form::begin(&ledger_of(household), Default::default(), list(), NOW_MS - 400_000)
    };
    // Confirming one fact can open the question about another: whose the telephone number is.
    while let Some(fact) = form::prefill(&draft, list(), &ledger_of(household)).into_iter().next() {
        draft.answers.insert(fact.question, fact.answer);
    }
    let rest = json!({ "illness": false, "income_trend": "same", "hardship": ["none"], "satisfaction": "satisfied" });
    draft.answers.extend(serde_json::from_value::<BTreeMap<String, Value>>(rest).unwrap());
    draft
}

fn answer(draft: &mut FormDraft, answers: serde_json::Value) {
    draft.answers.extend(serde_json::from_value::<BTreeMap<String, Value>>(answers).unwrap());
}

fn saved(draft: &FormDraft, household: &Entry) -> Vec<Body> {
    save(draft, list(), Policy::builtin(), &ledger_of(household), &stamp()).unwrap()
}

fn shown(draft: &FormDraft, household: &Entry) -> Vec<Effect> {
    effects(draft, list(), Policy::builtin(), &ledger_of(household))
}

fn record_of(bodies: &[Body]) -> &Observation {
    match &bodies[0] {
        Body::Record { observation } => observation,
        other => panic!("the record comes first, not {other:?}"),
    }
}

#[test]
fn facts_are_offered_and_count_only_when_confirmed() {
    let household = calm();
    let draft = FormDraft {
        outcome: Some(Outcome::AtHome),
        ..form::begin(&ledger_of(&household), Default::default(), list(), NOW_MS)
    };
    let offered: BTreeMap<_, _> = form::prefill(&draft, list(), &ledger_of(&household))
        .into_iter()
        .map(|fact| (fact.question, fact.answer))
        .collect();
    assert_eq!(offered["water"], Value::from("met"));
    assert_eq!(offered["income_per_head"], Value::from(12_000));
    // An opinion is asked, not offered.
    assert!(!offered.contains_key("satisfaction"));
    let missing: Vec<_> = form::problems(&draft, list(), &ledger_of(&household))
        .into_iter()
        .map(|problem| problem.question)
        .collect();
    assert!(missing.contains(&"water".to_owned()), "{missing:?}");
    let confirmed = complete(&household);
    assert_eq!(form::problems(&confirmed, list(), &ledger_of(&household)), []);
    assert_eq!(form::prefill(&confirmed, list(), &ledger_of(&household)), []);
}

#[test]
fn a_visit_that_finds_everything_as_it_was_writes_one_record_and_nothing_else() {
    let household = calm();
    let bodies = saved(&complete(&household), &household);
    assert_eq!(bodies.len(), 1, "{bodies:?}");
    let record = record_of(&bodies);
    assert_eq!(
        (record.started_at_ms, record.ended_at_ms, record.dwell_ms),
        (NOW_MS - 400_000, NOW_MS, 400_000)
    );
    assert_eq!((record.clock_offset_ms, record.platform), (Some(-250), Platform::Web));
    assert_eq!(record.answers["water"], Value::from("met"));
}

#[test]
fn bad_water_changes_the_ledger_and_opens_one_problem_with_lead_and_deadline() {
    let household = calm();
    let mut draft = complete(&household);
    answer(
        &mut draft,
        json!({ "water": "unmet", "water_trouble": ["quality", "shortage"], "water_short_days": 60 }),
    );
    let bodies = saved(&draft, &household);
    let [
        Body::Record { .. },
        Body::Amend { entity: amended, changes, cause },
        Body::Register { ledger, fields, .. },
    ] = bodies.as_slice()
    else {
        panic!("{bodies:?}")
    };
    assert_eq!((*amended, *cause), (entity(10), Some(stamp().observation)));
    let change = Change {
        field: "water_state".to_owned(),
        value: "unmet".into(),
        parents: household.heads("water_state"),
        adopts: None,
    };
    assert_eq!(changes, &[change]);
    assert_eq!(*ledger, LedgerKind::Issue);
    let text = |key: &str| fields[key].as_text().unwrap_or_default();
    assert_eq!((text("state"), text("topic"), text("lead")), ("open", "water", "镇农业服务中心"));
    assert_eq!(text("what"), "饮水安全不达标；水质有异味或浑浊；一年缺水超过 36 天，供水保证率不达标");
    // Saved on 2025-07-18; the smell cannot wait: three days.
    assert_eq!((text("deadline"), &fields["urgent"]), ("2025-07-21", &Value::Bool(true)));
    assert_eq!(text("subject"), entity(10).to_string());
    for (key, value) in fields {
        assert_eq!(ledger::check(LedgerKind::Issue, key, value), Ok(()), "{key}");
    }
}

#[test]
fn every_bad_answer_opens_its_problem() {
    let mut told = BTreeSet::new();
    for (case, answers, topic, urgent, days) in [
        ("no food", json!({ "food": "short" }), "monitoring", true, 7),
        ("no clothing", json!({ "clothing": "short" }), "monitoring", false, 30),
        ("dropout", json!({ "schooling": "dropout" }), "schooling", true, 3),
        ("school aid", json!({ "school_aid": "missing" }), "schooling", false, 15),
        (
            "home teaching",
            json!({ "schooling": "home_teaching", "home_teaching_regular": false }),
            "schooling",
            false,
            15,
        ),
        ("not insured", json!({ "insured": "some" }), "insurance", false, 30),
        ("costs of illness", json!({ "illness": true, "illness_cost": "unbearable" }), "monitoring", true, 7),
        (
            "dangerous and lived in",
            json!({ "housing": "unsafe", "housing_lived_in": true }),
            "housing",
            true,
            3,
        ),
        (
            "suspect without report",
            json!({ "housing": "suspect", "housing_lived_in": true, "housing_report": false }),
            "housing",
            false,
            15,
        ),
        (
            "empty without sign",
            json!({ "housing": "unsafe", "housing_lived_in": false, "housing_sign": false }),
            "housing",
            false,
            30,
        ),
        ("water unmet", json!({ "water": "unmet", "water_trouble": ["distance"] }), "water", false, 30),
        ("water stinks", json!({ "water": "basic", "water_trouble": ["quality"] }), "water", true, 3),
        ("no keeper", json!({ "water_keeper": false }), "water", false, 30),
        ("income collapsed", json!({ "income_trend": "collapsed" }), "monitoring", false, 30),
        (
            "work record wrong",
            json!({ "income_source": ["wages"], "work_record": false }),
            "employment",
            false,
            15,
        ),
        ("wants work", json!({ "wants_work": true }), "employment", false, 30),
        (
            "post not worked",
            json!({ "income_source": ["post"], "work_record": true, "post_duty": "not_worked" }),
            "employment",
            false,
            30,
        ),
        ("dividend missing", json!({ "project_share": "unpaid" }), "industry", false, 90),
        ("loan passed on", json!({ "loan": "lent_on" }), "finance", true, 7),
        ("loan refused", json!({ "loan": "refused" }), "finance", false, 30),
        ("sudden hardship", json!({ "hardship": ["accident"] }), "monitoring", false, 30),
        (
            "dissatisfied",
            json!({ "satisfaction": "dissatisfied", "dissatisfied_with": "路灯" }),
            "recognition",
            false,
            30,
        ),
    ] {
        told.extend(opens_one(case, &calm(), answers, (topic, urgent, days)));
    }
    for (case, fields, answers, topic, urgent, days) in [
        (
            "000 (四) 1 (2): 分类资助落实不到位",
            json!({ "categories": ["low_income"] }),
            json!({ "premium_aid": "missing", "benefits": "on_time" }),
            "insurance",
            false,
            30,
        ),
        (
            "002 三: 家庭签约医生每月遍访",
            json!({}),
            json!({ "illness": true, "illness_cost": "bearable", "doctor_follow_up": false }),
            "other",
            false,
            30,
        ),
        (
            "003 (四): 供水不稳定",
            json!({}),
            json!({ "water": "basic", "water_trouble": ["unstable"], "water_short_days": 0 }),
            "water",
            false,
            30,
        ),
        (
            "T/CHES 18-2018: 90 %, 37 days short",
            json!({}),
            json!({ "water": "basic", "water_trouble": ["shortage"], "water_short_days": 37 }),
            "water",
            false,
            30,
        ),
        (
            "000 (八) 1 (4): 公益岗位管理不规范",
            json!({}),
            json!({ "income_source": ["post"], "work_record": true, "post_duty": "unpaid" }),
            "employment",
            false,
            30,
        ),
        ("000 (九) 1 (2): loan misused", json!({}), json!({ "loan": "misused" }), "finance", false, 30),
        ("000 (九) 1 (3): 逾期还贷风险", json!({}), json!({ "loan": "overdue" }), "finance", false, 30),
        ("000 (一) 1 (1): 大病", json!({}), json!({ "hardship": ["illness"] }), "monitoring", false, 30),
        ("000 (一) 1 (1): 残疾", json!({}), json!({ "hardship": ["disability"] }), "monitoring", false, 30),
        ("000 (一) 1 (1): 灾害", json!({}), json!({ "hardship": ["disaster"] }), "monitoring", false, 30),
        ("000 (一) 1 (1): 上学", json!({}), json!({ "hardship": ["schooling"] }), "monitoring", false, 30),
        ("000 (一) 1 (1): 失业", json!({}), json!({ "hardship": ["unemployment"] }), "monitoring", false, 30),
        (
            "003 (二): 帮扶措施不够精准有力",
            json!({ "categories": ["marginal"] }),
            json!({ "measures": "weak" }),
            "monitoring",
            false,
            30,
        ),
        (
            "000 (一) 1 (3): 纳而不帮",
            json!({ "categories": ["unstable"] }),
            json!({ "measures": "absent" }),
            "monitoring",
            true,
            7,
        ),
        (
            "003 (四): 残疾人两项补贴发放断档",
            json!({ "categories": ["low_income"] }),
            json!({ "benefits": "stopped" }),
            "elderly",
            false,
            30,
        ),
        (
            "003 (四): 残疾证到期提醒, before it lapses",
            json!({ "categories": ["disabled"] }),
            json!({ "benefits": "on_time", "certificate": "expiring" }),
            "elderly",
            false,
            30,
        ),
        (
            "003 (四): 残疾证到期提醒, after it lapsed",
            json!({ "categories": ["disabled"] }),
            json!({ "benefits": "on_time", "certificate": "expired" }),
            "elderly",
            false,
            30,
        ),
        (
            "000 (六) 1 (2): 养老服务能力不强",
            json!({ "categories": ["elderly"] }),
            json!({ "elderly_care": false }),
            "elderly",
            false,
            30,
        ),
        (
            "003 (九): 安置区维护维修不及时",
            json!({ "relocation_site": "花桥安置区" }),
            json!({ "relocation_repairs": true }),
            "relocation",
            false,
            30,
        ),
        (
            "000 (十) 1 (2): 办事“两边跑”",
            json!({ "relocation_site": "花桥安置区" }),
            json!({ "relocation_repairs": false, "relocation_services": true }),
            "relocation",
            false,
            30,
        ),
    ] {
        told.extend(opens_one(case, &calm_but(fields), answers, (topic, urgent, days)));
    }
    // Whoever adds a problem to the list adds its case here.
    let at_home = list().questions.iter().filter(|question| question.section != "unmet");
    let untold: Vec<_> = at_home
        .flat_map(|question| &question.opens)
        .map(|opens| opens.what.zh.as_str())
        .filter(|what| !told.contains(*what))
        .collect();
    assert!(untold.is_empty(), "opened by no case: {untold:?}");
}

/// What the one problem says that these answers open.
fn opens_one(
    case: &str,
    household: &Entry,
    answers: serde_json::Value,
    (topic, urgent, days): (&str, bool, u32),
) -> Vec<String> {
    let mut draft = complete(household);
    answer(&mut draft, answers);
    assert_eq!(form::problems(&draft, list(), &ledger_of(household)), [], "{case}");
    let (opened, said): (Vec<_>, Vec<_>) = shown(&draft, household)
        .into_iter()
        .filter_map(|effect| match effect.what {
            EffectKind::OpenIssue { topic, urgent, deadline_days, what, .. } => {
                Some(((topic, urgent, deadline_days), what))
            }
            _ => None,
        })
        .unzip();
    assert_eq!(opened, [(topic.to_owned(), urgent, days)], "{case}");
    said.iter().flat_map(|said| said.split('；')).map(str::to_owned).collect()
}

#[test]
fn good_answers_open_nothing() {
    for answers in [
        json!({ "insured": "all" }),
        json!({ "housing": "suspect", "housing_lived_in": true, "housing_report": true }),
        json!({ "housing": "unsafe", "housing_lived_in": false, "housing_sign": true }),
        json!({ "water": "basic", "water_trouble": ["shortage"], "water_short_days": 36 }),
        json!({ "income_trend": "down" }),
        json!({ "hardship": ["none"] }),
        json!({ "loan": "production" }),
    ] {
        let household = calm();
        let mut draft = complete(&household);
        answer(&mut draft, answers.clone());
        let opened = shown(&draft, &household).into_iter().any(|effect| effect.key.starts_with("issue:"));
        assert!(!opened, "{answers}");
    }
    // Somebody of an ordinary household not insured is a fact for the ledger and no problem of a priority group.
    let ordinary =
        household(json!({ "categories": ["ordinary"], "insured": "all", "satisfaction": "satisfied" }));
    let mut draft = complete(&ordinary);
    answer(&mut draft, json!({ "insured": "none" }));
    let keys: Vec<_> = shown(&draft, &ordinary).into_iter().map(|effect| effect.key).collect();
    assert_eq!(keys, ["change:insured"]);
}

#[test]
fn a_problem_that_stands_is_not_opened_again() {
    let household = calm();
    let issue = |number: u8, subject: EntityId, topic: &str, state: &str| {
        let fields = json!({ "subject": subject.to_string(), "topic": topic, "state": state });
        entry(entity(number), LedgerKind::Issue, fields)
    };
    let mut draft = complete(&household);
    answer(&mut draft, json!({ "water_keeper": false }));
    for (case, issues, stands) in [
        ("the same topic and household", vec![issue(50, entity(10), "water", "under_way")], Some(50)),
        (
            "the first of two",
            vec![issue(51, entity(10), "water", "open"), issue(50, entity(10), "water", "open")],
            Some(50),
        ),
        ("another household's", vec![issue(50, entity(11), "water", "open")], None),
        ("another topic", vec![issue(50, entity(10), "housing", "open")], None),
        ("closed", vec![issue(50, entity(10), "water", "closed")], None),
    ] {
        let ledger = FormLedger::of_household(&household, &issues);
        let found = effects(&draft, list(), Policy::builtin(), &ledger);
        let standing = found.iter().find_map(|effect| match &effect.what {
            EffectKind::IssueStands { issue, .. } => Some(*issue),
            _ => None,
        });
        assert_eq!(standing, stands.map(entity), "{case}");
        let bodies = save(&draft, list(), Policy::builtin(), &ledger, &stamp()).unwrap();
        let registered = bodies.iter().any(|body| matches!(body, Body::Register { .. }));
        assert_eq!(registered, stands.is_none(), "{case}");
    }
}

#[test]
fn an_effect_struck_out_is_recorded_as_struck_and_not_carried_out() {
    let household = calm();
    let mut draft = complete(&household);
    answer(&mut draft, json!({ "water": "unmet", "water_trouble": ["distance"], "insured": "some" }));
    draft.struck.extend(["change:insured", "issue:water", "issue:never-shown"].map(str::to_owned));
    let bodies = saved(&draft, &household);
    assert_eq!(record_of(&bodies).struck, ["change:insured", "issue:water"]);
    let changed: Vec<_> = bodies.iter().flat_map(changes_of).map(|change| change.field.as_str()).collect();
    assert_eq!(changed, ["water_state"]);
    let topics: Vec<_> = bodies.iter().filter_map(topic_of).collect();
    assert_eq!(topics, ["insurance"]);
}

fn changes_of(body: &Body) -> &[Change] {
    match body {
        Body::Amend { changes, .. } | Body::Propose { changes, .. } => changes,
        _ => &[],
    }
}

fn topic_of(body: &Body) -> Option<&str> {
    match body {
        Body::Register { fields, .. } => fields["topic"].as_text(),
        _ => None,
    }
}

#[test]
fn every_outcome_can_be_saved_and_only_at_home_asks_the_questions() {
    use Outcome::*;
    for (outcome, extra, opens) in [
        (NobodyHome, json!({ "neighbour_says": "away_long" }), vec![]),
        (Refused, json!({ "refusal": "grievance" }), vec!["recognition"]),
        (Refused, json!({ "refusal": "busy" }), vec![]),
        (WorkingAway, json!({ "away_until": "2025-12-31" }), vec![]),
        (RoadCut, json!({ "road_where": "村口塌方" }), vec!["other"]),
        (RoadCut, json!({}), vec![]),
        (MovedAway, json!({}), vec![]),
    ] {
        let household = calm();
        let mut draft = FormDraft {
            outcome: Some(outcome),
            ..form::begin(&ledger_of(&household), Default::default(), list(), NOW_MS)
        };
        // Left over from before the outcome was changed.
        answer(&mut draft, json!({ "water": "unmet", "food": "no such choice" }));
        answer(&mut draft, extra);
        let bodies = saved(&draft, &household);
        let record = record_of(&bodies);
        assert!(!record.answers.contains_key("water"), "{outcome:?}");
        assert_eq!(bodies.iter().filter_map(topic_of).collect::<Vec<_>>(), opens, "{outcome:?}");
        assert!(bodies.iter().flat_map(changes_of).next().is_none(), "{outcome:?}");
    }
}

#[test]
fn an_unfinished_form_is_not_saved_and_says_what_it_lacks() {
    let household = calm();
    let lacks =
        |draft: &FormDraft| match save(draft, list(), Policy::builtin(), &ledger_of(&household), &stamp()) {
            Err(NotSaved::Problems(problems)) => {
                problems.into_iter().map(|problem| (problem.question, problem.code)).collect::<Vec<_>>()
            }
            other => panic!("{other:?}"),
        };
    let pair = |question: &str, code: &str| (question.to_owned(), code.to_owned());
    let blank = form::begin(&ledger_of(&household), Default::default(), list(), NOW_MS);
    assert_eq!(lacks(&blank), [pair("outcome", "required")]);
    let mut draft = complete(&household);
    draft.met = " ".to_owned();
    draft.answers.remove("water");
    draft.note = "长".repeat(4_001);
    assert_eq!(lacks(&draft), [pair("met", "required"), pair("water", "required"), pair("note", "too_long")]);
    let another = Entry::empty(entity(11), household.scope);
    let refused = save(&complete(&household), list(), Policy::builtin(), &ledger_of(&another), &stamp());
    assert_eq!(refused, Err(NotSaved::OtherSubject));
}

#[test]
fn control_characters_are_taken_out_on_the_way_into_the_record() {
    let household = calm();
    let mut draft = complete(&household);
    draft.note = "一\u{0}二\n三".to_owned();
    answer(&mut draft, json!({ "request": "修\u{7}路" }));
    let bodies = saved(&draft, &household);
    assert_eq!(record_of(&bodies).note, "一二\n三");
    assert_eq!(record_of(&bodies).answers["request"], Value::from("修路"));
}

#[test]
fn an_edit_that_arrives_while_the_form_is_in_hand_becomes_a_conflict_and_is_not_overwritten() {
    let before = calm();
    let mut draft = complete(&before);
    answer(&mut draft, json!({ "water": "unmet", "water_trouble": ["distance"] }));
    let mut after = before.clone();
    let arrived = |value: &str| {
        let change = Change {
            field: "water_state".to_owned(),
            value: value.into(),
            parents: before.heads("water_state"),
            adopts: None,
        };
        op(200, 7, Body::Amend { entity: before.id, changes: vec![change], cause: None })
    };
    after.apply(&arrived("basic"), Some(NOW_MS), |_| false);
    let bodies = saved(&draft, &after);
    after.apply(&op(201, 1, bodies[1].clone()), None, |_| false);
    assert!(after.fields["water_state"].in_conflict());
    // The same said by both is no conflict and needs no second write.
    let mut agreed = before.clone();
    agreed.apply(&arrived("unmet"), Some(NOW_MS), |_| false);
    assert!(saved(&draft, &agreed).iter().all(|body| changes_of(body).is_empty()));
    // A fact that was confirmed as it was seen is no edit, whatever has arrived since.
    let confirmed = complete(&before);
    let mut moved_on = before.clone();
    moved_on.apply(&arrived("basic"), Some(NOW_MS), |_| false);
    assert!(saved(&confirmed, &moved_on).iter().all(|body| changes_of(body).is_empty()));
}

#[test]
fn an_edit_of_a_field_in_conflict_names_every_value_that_was_there() {
    let mut household = calm();
    let parents = household.heads("water_state");
    for (device, value) in [(200, "basic"), (201, "unmet")] {
        let change = Change {
            field: "water_state".to_owned(),
            value: value.into(),
            parents: parents.clone(),
            adopts: None,
        };
        household.apply(
            &op(device, 1, Body::Amend { entity: household.id, changes: vec![change], cause: None }),
            None,
            |_| false,
        );
    }
    assert_eq!(household.conflicts().count(), 1);
    let mut draft = complete(&household);
    answer(&mut draft, json!({ "water": "met" }));
    draft.answers.remove("water_trouble");
    // A cadre who wrote neither of the values proposes; a supervisor settles.
    assert!(matches!(saved(&draft, &household)[1], Body::Propose { .. }));
    let stamp = Stamp { role: Role::Supervisor, ..stamp() };
    let bodies = save(&draft, list(), Policy::builtin(), &ledger_of(&household), &stamp).unwrap();
    household.apply(&op(202, 1, bodies[1].clone()), None, |_| false);
    assert_eq!((household.conflicts().count(), household.text("water_state")), (0, "met"));
}

#[test]
fn the_order_of_ticks_is_no_change() {
    let household = household(json!({ "income_source": ["wages", "farming"] }));
    let mut draft = complete(&household);
    answer(&mut draft, json!({ "income_source": ["farming", "wages"], "work_record": true }));
    assert!(shown(&draft, &household).iter().all(|effect| effect.key != "change:income_source"));
}

#[test]
fn a_draft_of_an_older_version_is_still_read() {
    let old = json!({
        "household": entity(10), "started_at_ms": NOW_MS, "dwell_ms": 5,
        "checklist": { "key": "visit", "version": 0 }, "outcome": "at_home", "met": "户主",
    });
    let draft: FormDraft = serde_json::from_value(old).unwrap();
    let household = calm();
    let mut complete = FormDraft { answers: complete(&household).answers, ..draft };
    answer(&mut complete, json!({ "insured": "some" }));
    let bodies = saved(&complete, &household);
    assert_eq!(changes_of(&bodies[1])[0].parents, household.heads("insured"));
    assert_eq!(record_of(&bodies).checklist, list().reference());
}

/// A fitting answer to every question, chosen by a number.
fn answers_by(numbers: &[u8]) -> BTreeMap<String, Value> {
    use bianfang_shared::checklist::QuestionKind::*;
    let pick = |number: u8, question: &bianfang_shared::checklist::Question| match &question.kind {
        YesNo => number.is_multiple_of(2).into(),
        OneOf { choices } => choices[usize::from(number) % choices.len()].key.as_str().into(),
        ManyOf { choices } => Value::texts([&choices[usize::from(number) % choices.len()].key]),
        Number { min, max, .. } => Value::number(min + (max - min) * f64::from(number) / 255.0),
        Text { .. } => format!("{:05}", number).into(),
        Date => "2025-08-01".into(),
        Photo { .. } | Derived { .. } => Value::Null,
    };
    let numbered = list().questions.iter().zip(numbers.iter().cycle());
    numbered.map(|(question, number)| (question.key.clone(), pick(*number, question))).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    /// Saving writes exactly the effects that were shown and not struck out, and the ledger then says what was shown.
    #[test]
    fn saving_carries_out_exactly_what_was_shown_less_what_was_struck(
        numbers in prop::collection::vec(any::<u8>(), 60),
        struck in prop::collection::vec(any::<bool>(), 40),
        outcome in 0..6usize,
    ) {
        use Outcome::*;
        let mut household = calm();
        let mut draft = FormDraft {
            outcome: Some([AtHome, AtHome, AtHome, Refused, RoadCut, WorkingAway][outcome]),
            met: "户主".to_owned(),
            answers: answers_by(&numbers),
            ..form::begin(&ledger_of(&household), Default::default(), list(), NOW_MS)
        };
        let first = shown(&draft, &household);
        draft.struck = first.iter().zip(&struck).filter(|(_, struck)| **struck).map(|(effect, _)| effect.key.clone()).collect();
        let second = shown(&draft, &household);
        prop_assert_eq!(first.len(), second.len());
        let bodies = saved(&draft, &household);

        let kept = second.iter().filter(|effect| !effect.struck);
        let (mut fields, mut topics) = (Vec::new(), Vec::new());
        for effect in kept {
            match &effect.what {
                EffectKind::Change { field, to, .. } => fields.push((field.clone(), to.clone())),
                EffectKind::OpenIssue { topic, .. } => topics.push(topic.as_str()),
                EffectKind::IssueStands { .. } => (),
            }
        }
        let written: Vec<_> = bodies.iter().flat_map(changes_of).map(|c| (c.field.clone(), c.value.clone())).collect();
        prop_assert_eq!(&written, &fields);
        prop_assert_eq!(bodies.iter().filter_map(topic_of).collect::<Vec<_>>(), topics);
        for (seq, body) in (1..).zip(&bodies) {
            household.apply(&op(210, seq, body.clone()), None, |_: OpId| false);
        }
        for (field, to) in &fields {
            prop_assert_eq!(household.value(field), to);
            prop_assert_eq!(ledger::check(LedgerKind::Household, field, to), Ok(()));
        }
        prop_assert_eq!(household.conflicts().count(), 0);
        prop_assert_eq!(bodies.iter().filter(|body| matches!(body, Body::Amend { .. })).count() as usize, usize::from(!fields.is_empty()));
    }
}
