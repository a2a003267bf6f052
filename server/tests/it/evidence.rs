//! What the centre believes: numbers that no record can hold, times that contradict one another, one person with several
//! phones, companions.

use crate::harness::{NOW_MS, TestDevice, TestServer, VILLAGE, area, entity, photo, record_id, visit};
use bianfang_server::service::verify::verify;
use bianfang_server::store::log::HeldRecord;
use bianfang_shared::evidence::{CheckName, Evidence, Finding, Grade};
use bianfang_shared::hlc::Hlc;
use bianfang_shared::id::{ObservationId, UserId};
use bianfang_shared::judge::{Outcome as Fate, Reason};
use bianfang_shared::ledger::LedgerKind;
use bianfang_shared::observation::{Observation, ObservationKind, Outcome};
use bianfang_shared::op::{Body, IssueStep, Op};
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;
const DAY_MS: i64 = 24 * HOUR_MS;
/// A degree of latitude, about 111 km.
const FAR_DEGREES: f64 = 1.0;

fn held(server: &TestServer, id: ObservationId) -> HeldRecord {
    server.app.store().record(id).unwrap().unwrap()
}

fn finding(evidence: &Evidence, name: CheckName) -> Option<Finding> {
    evidence.checks.iter().find(|check| check.name == name).map(|check| check.finding)
}

fn recorded(observation: Observation) -> Body {
    Body::Record { observation: Box::new(observation) }
}

/// Makes a record as a phone whose clock is right when it is made.
fn record_in_time(phone: &mut TestDevice, observation: Observation) {
    let (seq, hlc) = (phone.ops.len() as u64 + 1, Hlc::at(observation.ended_at_ms));
    let op = Op {
        device: phone.id,
        seq,
        hlc,
        author: phone.user,
        scope: area(VILLAGE),
        body: recorded(observation),
    };
    phone.make_raw(serde_json::to_string(&op).unwrap());
}

/// A visit that ended so many minutes ago, so many degrees north of the usual place.
fn visit_ago(number: u8, minutes: i64, north: f64) -> Observation {
    let mut record = visit(entity(1), record_id(number));
    let by_ms = minutes * MINUTE_MS;
    record.started_at_ms -= by_ms;
    record.ended_at_ms -= by_ms;
    record.fixes[0].at_ms -= by_ms;
    record.fixes[0].lat += north;
    record
}

async fn with_household() -> TestServer {
    let server = TestServer::new();
    let mut office = server.device("supervisor", 9).await;
    office.register(VILLAGE, entity(1), "王小明");
    office.push_all(&server).await;
    server
}

#[tokio::test]
async fn a_number_that_no_record_can_hold_is_set_aside_and_every_list_goes_on_answering() {
    let cases: &[(&str, &str, Json)] = &[
        ("/fixes/0/accuracy_m", "fix_accuracy_m", json!(-1e308)),
        ("/fixes/0/accuracy_m", "fix_accuracy_m", json!(-1)),
        ("/fixes/0/accuracy_m", "fix_accuracy_m", json!(1e8)),
        ("/fixes/0/lat", "fix_lat", json!(91)),
        ("/fixes/0/lat", "fix_lat", json!(-1e308)),
        ("/fixes/0/lon", "fix_lon", json!(180.1)),
        ("/fixes/0/altitude_m", "fix_altitude_m", json!(1e300)),
        ("/fixes/0/at_ms", "fix_at_ms", json!(i64::MIN)),
        ("/fixes/0/received_at_ms", "fix_received_at_ms", json!(i64::MAX)),
        ("/started_at_ms", "started_at_ms", json!(-1)),
        ("/ended_at_ms", "ended_at_ms", json!(i64::MAX)),
        ("/dwell_ms", "dwell_ms", json!(u64::MAX)),
        ("/clock_offset_ms", "clock_offset_ms", json!(i64::MIN)),
        ("/photos/0/place/accuracy_m", "fix_accuracy_m", json!(-5)),
        ("/photos/0/taken_at_ms", "photo_taken_at_ms", json!(i64::MAX)),
        ("/photos/0/bytes", "photo_bytes", json!(u64::MAX)),
    ];
    let server = with_household().await;
    let mut phone = server.device("cadre", 1).await;
    let mut whole = visit(entity(1), record_id(1));
    whole.fixes[0].altitude_m = Some(80.0);
    whole.fixes[0].received_at_ms = Some(NOW_MS - 30_000);
    whole.photos = vec![photo(&"ab".repeat(32))];
    whole.photos[0].place = Some(whole.fixes[0].clone());
    for (at, (path, _, value)) in cases.iter().enumerate() {
        let mut told = serde_json::to_value(&whole).unwrap();
        *told.pointer_mut(path).unwrap() = value.clone();
        told["id"] = json!(record_id(u8::try_from(at).unwrap() + 10));
        let observation: Observation = serde_json::from_value(told).unwrap();
        phone.make(VILLAGE, recorded(observation));
    }
    // Not records alone name photographs.
    let mut opened = photo(&"cd".repeat(32));
    opened.place = Some(visit(entity(1), record_id(1)).fixes[0].clone());
    opened.place.as_mut().unwrap().accuracy_m = -1e308;
    let (issue, photos) = (entity(60), vec![opened]);
    let fields = BTreeMap::from([("state".to_owned(), "open".into())]);
    phone.make(
        VILLAGE,
        Body::Register {
            entity: issue,
            ledger: LedgerKind::Issue,
            fields,
            cause: None,
            photos: photos.clone(),
        },
    );
    let note = String::new();
    phone.make(VILLAGE, Body::Step { issue, step: IssueStep::Begin, parents: Vec::new(), note, photos });
    phone.make(VILLAGE, recorded(whole));
    let receipts = phone.push_all(&server).await;
    for ((path, part, value), receipt) in cases.iter().zip(&receipts) {
        let Fate::Quarantined { reason: Reason::BadValue { field, .. } } = &receipt.outcome else {
            panic!("{path} {value}: {:?}", receipt.outcome)
        };
        assert_eq!(field, part, "{path} {value}");
    }
    for receipt in &receipts[cases.len()..cases.len() + 2] {
        assert!(
            matches!(&receipt.outcome, Fate::Quarantined { reason: Reason::BadValue { field, .. } } if field == "fix_accuracy_m")
        );
    }
    assert_eq!(receipts.last().unwrap().outcome, Fate::Merged, "the record without them");
    let office = server.device("supervisor", 8).await;
    for list in ["/api/v1/visits", "/api/v1/quarantine", "/api/v1/conflicts"] {
        assert_eq!(server.get(list, &office.token).await.status, 200, "{list}");
    }
    assert!(verify(&**server.app.store()).unwrap().is_sound());
}

#[tokio::test]
async fn what_contradicts_itself_is_merged_and_not_credible() {
    use CheckName::{Checklist, Clock, Companions, Future, Mock, Open, Span};
    type Change = fn(&mut Observation);
    let cases: &[(&str, CheckName, Option<Finding>, Grade, Change)] = &[
        ("in order", Span, None, Grade::Credible, |_| ()),
        (
            "a phone that says of itself that nothing is made up",
            Mock,
            Some(Finding::Unknown),
            Grade::Credible,
            |_| (),
        ),
        ("two minutes ahead", Future, None, Grade::Credible, |r| later(r, 110_000)),
        ("an hour ahead", Future, Some(Finding::Doubt), Grade::Doubtful, |r| later(r, HOUR_MS)),
        ("two days ahead", Future, Some(Finding::Fail), Grade::Insufficient, |r| later(r, 2 * DAY_MS)),
        ("a year ahead", Future, Some(Finding::Fail), Grade::Insufficient, |r| later(r, 365 * DAY_MS)),
        ("a year ahead by a clock that says so", Clock, Some(Finding::Fail), Grade::Doubtful, |r| {
            later(r, 365 * DAY_MS);
            r.clock_offset_ms = Some(365 * DAY_MS);
        }),
        ("ended before it began", Span, Some(Finding::Fail), Grade::Insufficient, |r| {
            r.started_at_ms = NOW_MS + HOUR_MS
        }),
        ("ended some minutes before", Span, Some(Finding::Doubt), Grade::Doubtful, |r| {
            r.started_at_ms = NOW_MS + 1;
            r.dwell_ms = 310_000;
        }),
        ("eight hours in ten seconds", Span, Some(Finding::Fail), Grade::Insufficient, |r| {
            r.started_at_ms = NOW_MS - 10_000;
            r.dwell_ms = 8 * 3_600_000;
        }),
        ("begun three days ago", Open, Some(Finding::Doubt), Grade::Doubtful, |r| {
            r.started_at_ms -= 3 * DAY_MS
        }),
        ("a version that does not exist", Checklist, Some(Finding::Doubt), Grade::Doubtful, |r| {
            r.checklist.version = 99
        }),
        ("no version", Checklist, Some(Finding::Doubt), Grade::Doubtful, |r| r.checklist.version = 0),
        ("a list of another kind", Checklist, Some(Finding::Doubt), Grade::Doubtful, |r| {
            r.checklist.key = "house".into()
        }),
        ("two invented companions", Companions, Some(Finding::Doubt), Grade::Doubtful, |r| {
            r.companions = vec![UserId::from_bytes([77; 16]), UserId::from_bytes([78; 16])];
        }),
        ("the clock put back by 24 days and right again", Clock, Some(Finding::Fail), Grade::Doubtful, |r| {
            later(r, -24 * DAY_MS)
        }),
        ("the clock in 2010", Clock, Some(Finding::Fail), Grade::Doubtful, |r| {
            later(r, 1_262_304_000_000 - NOW_MS)
        }),
        ("the clock put back by half an hour", Clock, Some(Finding::Fail), Grade::Doubtful, |r| {
            later(r, -30 * MINUTE_MS)
        }),
        (
            "a clock that the phone itself knows to be a day off",
            Clock,
            Some(Finding::Fail),
            Grade::Doubtful,
            |r| {
                r.clock_offset_ms = Some(-DAY_MS);
                later(r, -DAY_MS);
            },
        ),
    ];
    let server = with_household().await;
    let mut phone = server.device("cadre", 1).await;
    // Something that the phone did before it went off line, at the right time.
    phone.amend(VILLAGE, entity(1), "remark", "在家", &[]);
    for (at, (.., change)) in cases.iter().enumerate() {
        let mut record = visit(entity(1), record_id(u8::try_from(at).unwrap() + 10));
        // Each in a place that nobody can be too fast at.
        record.fixes[0].accuracy_m = 30.0;
        change(&mut record);
        phone.make(VILLAGE, recorded(record));
    }
    let receipts = phone.push_all(&server).await;
    assert!(receipts.iter().all(|receipt| receipt.outcome == Fate::Merged), "{receipts:?}");
    for (at, (case, name, expected, grade, _)) in cases.iter().enumerate() {
        let record = held(&server, record_id(u8::try_from(at).unwrap() + 10));
        assert_eq!(finding(&record.evidence, *name), *expected, "{case}: {:?}", record.evidence);
        assert_eq!(record.evidence.grade, *grade, "{case}: {:?}", record.evidence);
        assert!(record.ended_at_ms <= NOW_MS, "{case}: it counts no later than it came");
        assert_eq!(
            finding(&record.evidence, CheckName::Hour),
            Some(Finding::Pass),
            "{case}: the hour is told"
        );
    }
}

/// All of a record so much later.
fn later(record: &mut Observation, by_ms: i64) {
    record.started_at_ms += by_ms;
    record.ended_at_ms += by_ms;
    record.fixes[0].at_ms += by_ms;
}

#[tokio::test]
async fn a_record_that_comes_days_after_it_was_made_is_told_to_and_loses_nothing() {
    let server = with_household().await;
    let mut phone = server.device("cadre", 1).await;
    record_in_time(&mut phone, visit_ago(10, 3 * 24 * 60, 0.0));
    phone.push_all(&server).await;
    let record = held(&server, record_id(10));
    assert_eq!(finding(&record.evidence, CheckName::Late), Some(Finding::Pass));
    assert_eq!((record.evidence.grade, record.ended_at_ms), (Grade::Credible, NOW_MS - 3 * DAY_MS));
}

#[tokio::test]
async fn a_receiver_that_keeps_another_time_than_the_phone_is_no_old_fix() {
    let server = with_household().await;
    let mut phone = server.device("cadre", 1).await;
    let received = |number: u8, stamp_ms: i64, received_at_ms: Option<i64>| {
        let mut record = visit(entity(1), record_id(number));
        record.fixes[0].at_ms = stamp_ms;
        record.fixes[0].received_at_ms = received_at_ms;
        record
    };
    let off = 16 * MINUTE_MS;
    phone.make(VILLAGE, recorded(received(10, NOW_MS - off, Some(NOW_MS - 1_000))));
    phone.make(VILLAGE, recorded(received(11, NOW_MS + off, Some(NOW_MS - 1_000))));
    phone.make(VILLAGE, recorded(received(12, NOW_MS - 1_000, Some(NOW_MS - off))));
    phone.make(VILLAGE, recorded(received(13, NOW_MS - off, None)));
    phone.push_all(&server).await;
    let age = |number| finding(&held(&server, record_id(number)).evidence, CheckName::FixAge);
    let (pass, fail) = (Some(Finding::Pass), Some(Finding::Fail));
    assert_eq!([10, 11, 12, 13].map(age), [pass, pass, fail, fail]);
}

#[tokio::test]
async fn a_record_is_about_an_entry_of_its_own_ledger() {
    use ObservationKind::{Attendance, HouseInspection, Visit, WaterCheck};
    let server = with_household().await;
    let mut office = server.device("supervisor", 8).await;
    let ledgers = [
        (2, LedgerKind::House),
        (3, LedgerKind::WaterSupply),
        (4, LedgerKind::Post),
        (5, LedgerKind::Person),
        (6, LedgerKind::Issue),
    ];
    for (number, ledger) in ledgers {
        let fields = crate::harness::whole(ledger, BTreeMap::new());
        office.make(
            VILLAGE,
            Body::Register { entity: entity(number), ledger, fields, cause: None, photos: Vec::new() },
        );
    }
    office.push_all(&server).await;
    let mut phone = server.device("cadre", 1).await;
    let fits = |kind: ObservationKind, subject: u8| {
        matches!(
            (kind, subject),
            (Visit | WaterCheck, 1) | (HouseInspection, 2) | (WaterCheck, 3) | (Attendance, 4)
        )
    };
    let pairs: Vec<(ObservationKind, u8)> = ObservationKind::ALL
        .into_iter()
        .flat_map(|kind| (1..=6).map(move |subject| (kind, subject)))
        .collect();
    for (at, (kind, subject)) in pairs.iter().enumerate() {
        let record = visit(entity(*subject), record_id(u8::try_from(at).unwrap() + 10));
        let outcome = if *kind == Visit { Outcome::AtHome } else { Outcome::Done };
        phone.make(VILLAGE, recorded(Observation { kind: *kind, outcome, ..record }));
    }
    for ((kind, subject), receipt) in pairs.iter().zip(phone.push_all(&server).await) {
        let expected = if fits(*kind, *subject) {
            Fate::Merged
        } else {
            Fate::Quarantined { reason: Reason::WrongLedger }
        };
        assert_eq!(receipt.outcome, expected, "{kind} about entry {subject}");
    }
}

/// Every order in which two chains of so many operations can arrive: true where the next is the first phone's.
fn interleavings(first: usize, second: usize) -> Vec<Vec<bool>> {
    if first == 0 || second == 0 {
        return vec![[vec![true; first], vec![false; second]].concat()];
    }
    let then =
        |head: bool, rest: Vec<Vec<bool>>| rest.into_iter().map(move |tail| [vec![head], tail].concat());
    then(true, interleavings(first - 1, second))
        .chain(then(false, interleavings(first, second - 1)))
        .collect()
}

/// One person's records on two phones, some at two places at once. The third has a photograph, so that it may be assessed
/// again for other reasons too.
fn of_two_phones() -> [Vec<Observation>; 2] {
    let mut pictured = visit_ago(12, 20, 0.0);
    pictured.photos = vec![photo(&"ab".repeat(32))];
    [
        vec![visit_ago(10, 60, 0.0), visit_ago(11, 40, FAR_DEGREES), pictured],
        vec![
            visit_ago(20, 50, 2.0 * FAR_DEGREES),
            visit_ago(21, 40, 0.0),
            visit_ago(22, 19, 3.0 * FAR_DEGREES),
        ],
    ]
}

fn evidence_of_all(server: &TestServer) -> BTreeMap<u8, Evidence> {
    [10, 11, 12, 20, 21, 22]
        .into_iter()
        .map(|number| (number, held(server, record_id(number)).evidence))
        .collect()
}

#[tokio::test]
async fn grades_are_independent_of_the_order_of_arrival() {
    let mut expected = None;
    let mut orders: Vec<Vec<Vec<bool>>> = interleavings(3, 3)
        .into_iter()
        .map(|order| order.into_iter().map(|own| vec![own]).collect())
        .collect();
    // And each phone at once.
    orders.push(vec![vec![true; 3], vec![false; 3]]);
    orders.push(vec![vec![false; 3], vec![true; 3]]);
    for order in orders {
        let server = with_household().await;
        let mut phones = [server.device("cadre", 1).await, server.device("cadre", 2).await];
        for (phone, records) in phones.iter_mut().zip(of_two_phones()) {
            records.into_iter().for_each(|record| record_in_time(phone, record));
        }
        let mut sent = [0, 0];
        for push in &order {
            let at = usize::from(!push[0]);
            let (first, last) = (sent[at] + 1, sent[at] + push.len() as u64);
            phones[at].push(&server, first, last).await;
            sent[at] = last;
        }
        server.app.photos().settle().unwrap();
        let found = evidence_of_all(&server);
        let travel = |number: u8| finding(&found[&number], CheckName::Travel);
        // 22 is three degrees from 12, a minute later; 21 is a degree from 11 at the same moment.
        assert_eq!((travel(22), travel(21)), (Some(Finding::Fail), Some(Finding::Fail)), "{order:?}");
        assert_eq!(travel(10), Some(Finding::Unknown), "the first of all: {order:?}");
        assert_eq!(*expected.get_or_insert_with(|| found.clone()), found, "{order:?}");
        assert!(verify(&**server.app.store()).unwrap().is_sound());
    }
}

#[tokio::test]
async fn two_people_may_be_at_two_places_at_once() {
    let server = with_household().await;
    for (number, login, north) in [(1, "cadre", 0.0), (2, "cadre2", FAR_DEGREES)] {
        let mut phone = server.device(login, number).await;
        record_in_time(&mut phone, visit_ago(number + 9, 5, north));
        phone.push_all(&server).await;
    }
    for number in [10, 11] {
        assert_eq!(
            finding(&held(&server, record_id(number)).evidence, CheckName::Travel),
            Some(Finding::Unknown)
        );
    }
}

#[tokio::test]
async fn records_merged_before_keep_what_they_counted_and_what_was_written_badly_is_read() {
    let server = with_household().await;
    let mut phone = server.device("cadre", 1).await;
    record_in_time(&mut phone, visit_ago(11, 5, FAR_DEGREES));
    phone.push_all(&server).await;
    let database = rusqlite::Connection::open(bianfang_server::database_path(&server.folder)).unwrap();
    let before = "UPDATE record SET trace = NULL, trace_at_ms = NULL, \
                  evidence = replace(evidence, '\"numbers\":{\"age_s\"', '\"numbers\":{\"speed_km_h\":null,\"age_s\"')";
    assert_eq!(database.execute(before, []).unwrap(), 1);
    let mut other = server.device("cadre", 2).await;
    record_in_time(&mut other, visit_ago(10, 6, 0.0));
    other.push_all(&server).await;
    let record = held(&server, record_id(11));
    assert_eq!(
        (record.evidence.grade, finding(&record.evidence, CheckName::Travel)),
        (Grade::Credible, Some(Finding::Unknown))
    );
    assert!(record.evidence.checks.iter().all(|check| !check.numbers.contains_key("speed_km_h")));
    let office = server.device("supervisor", 8).await;
    assert_eq!(server.get("/api/v1/visits", &office.token).await.status, 200);
    assert!(verify(&**server.app.store()).unwrap().is_sound());
}

#[tokio::test]
async fn a_companion_is_named_by_the_record_and_has_a_grant() {
    let server = with_household().await;
    let names = ["cadre2", "elsewhere", "stranger"];
    server.add("elsewhere", bianfang_shared::access::Role::Cadre, &[crate::harness::OTHER_VILLAGE]);
    server.add("stranger", bianfang_shared::access::Role::Cadre, &[VILLAGE]);
    let mut phones = Vec::new();
    for (number, login) in (2..).zip(names) {
        phones.push(server.device(login, number).await);
    }
    let mut author = server.device("cadre", 1).await;
    let mut record = visit(entity(1), record_id(10));
    record.companions = vec![phones[0].user, phones[1].user, author.user];
    author.make(VILLAGE, recorded(record));
    author.make(VILLAGE, Body::Accompany { observation: record_id(10) });
    let receipts = author.push_all(&server).await;
    assert_eq!(receipts[1].outcome, Fate::Quarantined { reason: Reason::NotNamed }, "one's own record");
    let company = held(&server, record_id(10)).evidence;
    let check = company.checks.iter().find(|check| check.name == CheckName::Companions).unwrap();
    assert_eq!((check.numbers["named_count"], check.numbers["stranger_count"]), (3.0, 2.0));
    let expected = [
        Fate::Merged,
        Fate::Quarantined { reason: Reason::OutsideGrants },
        Fate::Quarantined { reason: Reason::NotNamed },
    ];
    for ((phone, expected), login) in phones.iter_mut().zip(expected).zip(names) {
        phone.make(VILLAGE, Body::Accompany { observation: record_id(10) });
        assert_eq!(phone.push_all(&server).await[0].outcome, expected, "{login}");
    }
    // Said before the record came, it waits for it.
    phones[0].make(VILLAGE, Body::Accompany { observation: record_id(11) });
    let receipts = phones[0].push_all(&server).await;
    assert!(matches!(receipts[1].outcome, Fate::Quarantined { reason: Reason::UnknownObservation { .. } }));
    let companions = vec![phones[0].user];
    author.make(VILLAGE, recorded(Observation { companions, ..visit(entity(1), record_id(11)) }));
    author.push_all(&server).await;
    assert_eq!(phones[0].push_all(&server).await[1].outcome, Fate::Merged);
    assert!(verify(&**server.app.store()).unwrap().is_sound());
}
