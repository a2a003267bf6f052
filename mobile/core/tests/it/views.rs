//! What the screens are shown.

use crate::centre::{OTHER_VILLAGE, VILLAGE, area};
use crate::filling::HERE;
use crate::world::{Phone, at_work, township};
use bianfang_device::message::{Households, Reply, Request, Today, Uncounted, WhyUncounted};
use bianfang_shared::id::EntityId;
use bianfang_shared::ledger::LedgerKind;
use bianfang_shared::observation::Outcome;
use bianfang_shared::op::{Body, Verdict};
use bianfang_shared::value::Value;
use std::collections::BTreeMap;

/// A full visit with everything in order.
fn visit(phone: &mut Phone, household: EntityId) -> bianfang_shared::id::ObservationId {
    let mut draft = phone.open(household).draft;
    draft.outcome = Some(Outcome::AtHome);
    draft.met = "户主".into();
    phone.stay(&mut draft);
    phone.fill(draft)
}

#[test]
fn a_household_never_met_is_due_today_and_not_after_it_was_met() {
    let (_, mut phone, [household, ..]) = at_work();
    let before = phone.today();
    assert_eq!((before.due_total, before.visited_this_month), (3, 0));
    assert_eq!(before.due[0].household.distance_m.unwrap().round(), 56.0);
    let Reply::Today(anywhere) = phone.ask(Request::Today { here: None }).unwrap() else { panic!() };
    insta::assert_json_snapshot!(anywhere.due[0]);
    visit(&mut phone, household);
    let after = phone.today();
    assert_eq!((after.due_total, after.visited_this_month, after.drafts.len()), (2, 1, 0));
    // A month and a week later it is overdue, and comes first.
    phone.clock.advance(38 * 86_400_000);
    let later = phone.today();
    assert_eq!((later.due_total, later.overdue_total), (3, 1));
    assert_eq!(later.due[0].household.id, household);
    assert!(later.due[0].overdue_days > 0);
    assert_eq!((later.due[0].last_visit_on.as_deref(), &later.due[0].uncounted), (Some("2025-07-18"), &None));
}

#[test]
fn someone_without_assigned_households_has_nothing_due() {
    let (centre, ..) = township();
    let mut phone = Phone::synced(&centre, 1, "cadre2");
    assert_eq!(phone.today().due_total, 0);
}

#[test]
fn a_record_sent_back_returns_as_a_task_with_the_reason() {
    let (centre, mut phone, [household, ..]) = at_work();
    let id = visit(&mut phone, household);
    phone.sync();
    let mut supervisor = Phone::synced(&centre, 3, "supervisor");
    let review = Request::Review {
        id,
        scope: area(VILLAGE),
        verdict: Verdict::SentBack,
        comment: "请补充照片".into(),
    };
    assert_eq!(phone.ask(review.clone()).unwrap_err().code, "no_grant");
    supervisor.ask(review).unwrap();
    supervisor.sync();
    phone.sync();
    let today = phone.today();
    assert_eq!(today.sent_back.len(), 1);
    insta::assert_json_snapshot!(today.sent_back[0].place);
    assert_eq!(today.due_total, 3, "it does not count until it is put right");
    let uncounted = Uncounted { on: "2025-07-18".into(), why: WhyUncounted::SentBack };
    assert_eq!(due_of(&today, household), (None, Some(uncounted)));
}

/// What is said of the last visits of a household that is due.
fn due_of(today: &Today, household: EntityId) -> (Option<String>, Option<Uncounted>) {
    let row = today.due.iter().find(|row| row.household.id == household).unwrap();
    (row.last_visit_on.clone(), row.uncounted.clone())
}

#[test]
fn a_later_visit_that_does_not_count_is_told_beside_the_one_that_does() {
    const MONTH_MS: i64 = 31 * 86_400_000;
    let (_, mut phone, [household, ..]) = at_work();
    visit(&mut phone, household);
    phone.clock.advance(MONTH_MS);
    // Without a place, however long one stayed.
    let mut weak = phone.open(household).draft;
    weak.outcome = Some(Outcome::AtHome);
    weak.met = "户主".into();
    phone.fill(weak);
    let uncounted = Uncounted { on: "2025-08-18".into(), why: WhyUncounted::TooWeak };
    let first = Some("2025-07-18".to_owned());
    assert_eq!(due_of(&phone.today(), household), (first, Some(uncounted)));
    let Reply::Household(view) = phone.ask(Request::Household { id: household }).unwrap() else { panic!() };
    assert!(view.due.unwrap().uncounted.is_some());
    // A good one after it counts again, and there is nothing left to explain.
    phone.clock.advance(86_400_000);
    visit(&mut phone, household);
    phone.clock.advance(MONTH_MS);
    assert_eq!(due_of(&phone.today(), household), (Some("2025-08-19".to_owned()), None));
}

#[test]
fn a_visit_by_somebody_else_is_told_where_the_rule_asks_for_ones_own() {
    let (centre, _, [household, ..]) = township();
    let mut other = Phone::synced(&centre, 2, "cadre2");
    visit(&mut other, household);
    other.sync();
    let mut phone = Phone::synced(&centre, 1, "cadre");
    let uncounted = Uncounted { on: "2025-07-18".into(), why: WhyUncounted::NotOwn };
    assert_eq!(due_of(&phone.today(), household), (None, Some(uncounted)));
}

#[test]
fn a_household_shows_its_members_problems_visits_and_history() {
    let (centre, mut office, [household, ..]) = township();
    let fields: BTreeMap<String, Value> = [
        ("household", household.to_string()),
        ("name", "王小红".to_owned()),
        ("relation", "child".to_owned()),
    ]
    .map(|(key, text)| (key.to_owned(), text.into()))
    .into();
    let entity = EntityId::from_bytes([0x55; 16]);
    office.write(
        VILLAGE,
        Body::Register { entity, ledger: LedgerKind::Person, fields, cause: None, photos: Vec::new() },
    );
    let mut phone = Phone::synced(&centre, 1, "cadre");
    phone.amend(household, "phone", "10011111111");
    visit(&mut phone, household);
    let Reply::Household(view) = phone.ask(Request::Household { id: household }).unwrap() else { panic!() };
    assert_eq!((view.village.as_str(), view.visits.len(), view.has_draft), ("一村", 1, false));
    assert_eq!(view.members[0].fields["name"], Value::from("王小红"));
    insta::assert_json_snapshot!(view.names);
    insta::assert_json_snapshot!(view.entry.fields);
    let Reply::History(history) = phone.ask(Request::History { id: household }).unwrap() else { panic!() };
    let phones: Vec<_> = history.iter().filter(|item| item.field == "phone").collect();
    assert_eq!((phones[0].value.clone(), phones[0].received_at_ms), (Value::from("10011111111"), None));
    assert_eq!((phones[1].author_name.as_str(), phones.len()), ("某supervisor", 2));
}

#[test]
fn households_are_found_by_what_a_person_remembers_and_listed_by_village_and_code() {
    let (centre, ..) = township();
    let mut phone = Phone::synced(&centre, 1, "cadre");
    for (typed, found) in [
        ("王", &["王小明"][..]),
        ("小明", &["王小明"]),
        ("wxm", &["王小明"]),
        ("wang", &["王小明"]),
        ("zdl", &["曾大力"]),
        ("cengdali", &["曾大力"]),
        ("H003", &["李四海"]),
        ("0002", &["曾大力"]),
        ("三组", &["王小明", "曾大力", "李四海"]),
        ("三组 lsh", &["李四海"]),
        ("", &["王小明", "曾大力", "李四海"]),
        ("\"; DROP TABLE ops; --", &[]),
        ("不存在", &[]),
        ("???", &[]),
    ] {
        assert_eq!(phone.find(typed), found, "{typed}");
    }
    let in_village = |phone: &mut Phone, text: &str| {
        let asked = Request::Households {
            text: text.into(),
            scope: Some(area(OTHER_VILLAGE)),
            in_conflict: false,
            here: Some(HERE),
            skip: 0,
        };
        match phone.ask(asked).unwrap() {
            Reply::Households(Households { rows, .. }) => rows,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(in_village(&mut phone, "三组").len(), 1);
    let rows = in_village(&mut phone, "");
    assert_eq!(rows[0].head_name, "李四海");
    assert_eq!(rows[0].distance_m.unwrap().round(), 56.0);
}

#[test]
fn a_list_goes_on_where_the_page_ended() {
    let (centre, mut office, _) = township();
    for n in 10..120 {
        office.household(n, VILLAGE, "王某");
    }
    let mut phone = Phone::synced(&centre, 1, "cadre");
    for text in ["", "王"] {
        let (mut codes, mut skip) = (Vec::new(), 0);
        loop {
            let asked =
                Request::Households { text: text.into(), scope: None, in_conflict: false, here: None, skip };
            let Reply::Households(page) = phone.ask(asked).unwrap() else { panic!() };
            skip += page.rows.len();
            codes.extend(page.rows.into_iter().map(|row| row.code));
            if !page.more {
                break;
            }
        }
        let count = codes.len();
        codes.sort();
        codes.dedup();
        assert_eq!((codes.len(), count), if text.is_empty() { (113, 113) } else { (111, 111) });
    }
}

#[test]
fn a_value_that_does_not_fit_is_refused_with_what_would_fit() {
    let (_, mut phone, [household, ..]) = at_work();
    let changes = BTreeMap::from([("colour".to_owned(), Value::from("red"))]);
    let trouble = phone.ask(Request::Amend { id: household, changes }).unwrap_err();
    assert_eq!((trouble.code.as_str(), trouble.may_retry), ("bad_value", false));
    let draft = phone.open(household).draft;
    let trouble = phone.ask(Request::SaveForm { draft: Box::new(draft) }).unwrap_err();
    assert_eq!((trouble.code.as_str(), trouble.detail.as_str()), ("form_incomplete", "outcome"));
    assert_eq!(phone.status().unsent, 0);
}

#[test]
fn an_edit_that_says_what_is_there_already_writes_nothing() {
    let (_, mut phone, [household, ..]) = at_work();
    phone.amend(household, "phone", "10012340001");
    assert_eq!(phone.status().unsent, 0);
}

#[test]
fn a_form_about_a_village_that_was_taken_away_is_kept_and_says_so_goes_on_when_it_is_back_and_can_be_dropped()
{
    let (centre, mut phone, [household, ..]) = at_work();
    let draft = phone.form(household);
    phone.ask(Request::KeepForm { draft: Box::new(draft.clone()) }).unwrap();
    let named = |phone: &mut Phone| phone.today().drafts.into_iter().map(|row| row.name).collect::<Vec<_>>();
    let before = named(&mut phone);
    assert!(matches!(before.as_slice(), [Some(_)]), "{before:?}");
    let granted = |grants| centre.borrow_mut().state.accounts.get_mut("cadre").unwrap().grants = grants;
    granted(Vec::new());
    phone.sync();
    assert_eq!(named(&mut phone), [None]);
    granted(vec![area("430681113000")]);
    phone.sync();
    assert_eq!(named(&mut phone), before);
    assert_eq!(phone.open(household).draft.note, draft.note);
    granted(Vec::new());
    phone.sync();
    phone.ask(Request::DropForm { kind: draft.kind, subject: draft.subject }).unwrap();
    assert_eq!(named(&mut phone), []);
}
