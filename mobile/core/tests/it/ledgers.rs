//! The ledgers besides the households': their lists, what belongs together, problems from opening to closing, and forms
//! of every kind.

use crate::centre::{OTHER_VILLAGE, VILLAGE, area};
use crate::filling::HERE;
use crate::world::{Office, Phone, picture, township};
use bianfang_device::message::{EntryDetail, EntryFilter, EntryRow, Place, Reply, Request, Trouble};
use bianfang_shared::id::{EntityId, ObservationId};
use bianfang_shared::ledger::{LedgerKind, Point};
use bianfang_shared::observation::{ObservationKind, Outcome};
use bianfang_shared::op::{Body, IssueStep};
use bianfang_shared::rules::Verdict;
use bianfang_shared::value::Value;
use std::collections::BTreeMap;

fn fields<const N: usize>(fields: [(&str, Value); N]) -> BTreeMap<String, Value> {
    fields.map(|(key, value)| (key.to_owned(), value)).into()
}

fn point(lat: f64, lon: f64) -> Value {
    Value::Map(fields([("lat", lat.into()), ("lon", lon.into())]))
}

fn id(n: u8) -> EntityId {
    EntityId::from_bytes([0xe0, n, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14])
}

struct Township {
    phone: Phone,
    office: Office,
    households: [EntityId; 3],
    houses: [EntityId; 3],
    supply: EntityId,
    holder: EntityId,
    post: EntityId,
}

fn register<const N: usize>(
    office: &mut Office,
    scope: &str,
    entity: EntityId,
    ledger: LedgerKind,
    said: [(&str, Value); N],
) {
    let body = Body::Register { entity, ledger, fields: fields(said), cause: None, photos: Vec::new() };
    office.write(scope, body);
}

/// Three households with a house each; the first two on one supply; a post of the first household's son.
fn prepared() -> Township {
    let (centre, mut office, households) = township();
    let houses = [id(1), id(2), id(3)];
    let [supply, holder, post] = [id(4), id(5), id(6)];
    // Houses before their households' supply, and a post before its holder: any order is right.
    let text = |id: EntityId| Value::from(id.to_string());
    register(
        &mut office,
        VILLAGE,
        post,
        LedgerKind::Post,
        [
            ("kind", "cleaning".into()),
            ("holder", text(holder)),
            ("required_days", 20.into()),
            ("point", point(28.9, 113.3)),
        ],
    );
    for (n, (house, household)) in houses.into_iter().zip(households).enumerate() {
        let grade = ["D", "B", "C"][n];
        let scope = if n == 2 { OTHER_VILLAGE } else { VILLAGE };
        register(
            &mut office,
            scope,
            house,
            LedgerKind::House,
            [
                ("household", text(household)),
                ("grade", grade.into()),
                ("lived_in", (n != 1).into()),
                ("point", point(28.9 + 0.001 * f64::from(u8::try_from(n).unwrap()), 113.3)),
            ],
        );
    }
    register(
        &mut office,
        VILLAGE,
        supply,
        LedgerKind::WaterSupply,
        [("name", "龙泉井".into()), ("kind", "well".into()), ("point", point(28.9002, 113.3))],
    );
    register(
        &mut office,
        VILLAGE,
        holder,
        LedgerKind::Person,
        [("household", text(households[0])), ("name", "王勤快".into()), ("birth", "1940-01-01".into())],
    );
    for household in &households[..2] {
        let heads = centre.borrow().entry(*household).unwrap().heads("water_supply");
        let change = bianfang_shared::op::Change {
            field: "water_supply".into(),
            value: text(supply),
            parents: heads,
            adopts: None,
        };
        office.write(VILLAGE, Body::Amend { entity: *household, changes: vec![change], cause: None });
    }
    let phone = Phone::synced(&centre, 1, "cadre");
    Township { phone, office, households, houses, supply, holder, post }
}

fn list(phone: &mut Phone, ledger: LedgerKind, filter: EntryFilter, here: Option<Point>) -> Vec<EntryRow> {
    match phone.ask(Request::Entries { ledger, filter, here, skip: 0 }).unwrap() {
        Reply::Entries(page) => page.rows,
        other => panic!("{other:?}"),
    }
}

fn ids(rows: &[EntryRow]) -> Vec<EntityId> {
    rows.iter().map(|row| row.id).collect()
}

fn detail(phone: &mut Phone, id: EntityId) -> EntryDetail {
    match phone.ask(Request::Entry { id, here: Some(HERE) }).unwrap() {
        Reply::Entry(detail) => *detail,
        other => panic!("{other:?}"),
    }
}

fn says(field: &str, value: impl Into<Value>) -> EntryFilter {
    EntryFilter { fields: fields([(field, value.into())]), ..EntryFilter::default() }
}

#[test]
fn ledgers_are_listed_searched_and_filtered_and_rows_say_whose_they_are() {
    let Township { mut phone, houses, supply, post, .. } = prepared();
    phone.sound();
    let all = list(&mut phone, LedgerKind::House, EntryFilter::default(), None);
    assert_eq!(ids(&all), houses);
    let row = &all[0];
    assert_eq!((row.name.as_str(), row.code.as_str(), row.address.as_str()), ("王小明", "H001", "三组"));
    assert_eq!(row.fields["grade"], Value::from("D"));
    for (ledger, filter, found) in [
        (LedgerKind::House, says("grade", "D"), vec![houses[0]]),
        (LedgerKind::House, says("lived_in", true), vec![houses[0], houses[2]]),
        (LedgerKind::House, says("rectification", Value::Null), houses.to_vec()),
        (LedgerKind::House, says("nonsense') OR 1 --", true), vec![]),
        (
            LedgerKind::House,
            EntryFilter { scope: Some(area(OTHER_VILLAGE)), ..EntryFilter::default() },
            vec![houses[2]],
        ),
        (LedgerKind::House, EntryFilter { mine: true, ..EntryFilter::default() }, houses.to_vec()),
        (LedgerKind::House, EntryFilter { text: "zdl".into(), ..EntryFilter::default() }, vec![houses[1]]),
        (LedgerKind::House, EntryFilter { text: "???".into(), ..EntryFilter::default() }, vec![]),
        (LedgerKind::WaterSupply, EntryFilter { text: "lqj".into(), ..EntryFilter::default() }, vec![supply]),
        (LedgerKind::WaterSupply, EntryFilter { mine: true, ..EntryFilter::default() }, vec![supply]),
        (LedgerKind::WaterSupply, says("kind", "spring"), vec![]),
        (LedgerKind::Post, EntryFilter { text: "勤快".into(), ..EntryFilter::default() }, vec![post]),
        (LedgerKind::Post, EntryFilter { text: "H001".into(), ..EntryFilter::default() }, vec![post]),
        (LedgerKind::Post, EntryFilter { mine: true, ..EntryFilter::default() }, vec![post]),
        (LedgerKind::Post, EntryFilter { in_conflict: true, ..EntryFilter::default() }, vec![]),
    ] {
        assert_eq!(ids(&list(&mut phone, ledger, filter.clone(), None)), found, "{ledger:?} {filter:?}");
    }
    let here = Point { lat: 28.9004, ..HERE };
    let near = list(&mut phone, LedgerKind::House, EntryFilter::default(), Some(here));
    assert_eq!(ids(&near), [houses[0], houses[1], houses[2]]);
    assert_eq!(near[0].distance_m.unwrap().round(), 44.0);
    let far = Point { lat: 28.93, ..HERE };
    let near = list(&mut phone, LedgerKind::House, EntryFilter::default(), Some(far));
    assert_eq!(ids(&near), [houses[2], houses[1], houses[0]]);
    // Nobody's are nobody's.
    let mut other = Phone::synced(&phone.centre, 2, "cadre2");
    let mine = EntryFilter { mine: true, ..EntryFilter::default() };
    assert_eq!(list(&mut other, LedgerKind::House, mine, None), []);
}

#[test]
fn what_a_household_says_anew_stands_in_the_rows_of_what_belongs_to_it() {
    let Township { mut phone, mut office, households, houses, holder, post, .. } = prepared();
    phone.amend(households[0], "head_name", "赵新名");
    phone.sound();
    assert_eq!(detail(&mut phone, houses[0]).row.name, "赵新名");
    let found = EntryFilter { text: "zxm".into(), ..EntryFilter::default() };
    assert_eq!(ids(&list(&mut phone, LedgerKind::House, found.clone(), None)), [houses[0]]);
    phone.amend(holder, "name", "王不懒");
    assert_eq!(detail(&mut phone, post).row.name, "王不懒");
    // Whose member somebody is, is the office's to change: a cadre proposes it, and nothing moves until it is adopted.
    phone.amend(holder, "household", &households[1].to_string());
    assert_eq!(detail(&mut phone, post).row.code, "H001");
    phone.sync();
    let mut supervisor = Phone::synced(&phone.centre, 3, "supervisor");
    let proposed = detail(&mut supervisor, holder).entry.proposals;
    let [proposal] = &proposed[..] else { panic!("one proposal, not {proposed:?}") };
    let (field, op) = (proposal.field.clone(), proposal.proposal.op);
    let refused = phone.ask(Request::Adopt { id: holder, field: field.clone(), proposal: op }).unwrap_err();
    assert_eq!(refused.code, "not_office");
    supervisor.ask(Request::Adopt { id: holder, field, proposal: op }).unwrap();
    supervisor.sync();
    supervisor.in_step();
    phone.sync();
    assert_eq!(detail(&mut phone, holder).entry.proposals, []);
    assert_eq!(detail(&mut phone, post).row.code, "H002");
    phone.sound();
    phone.sync();
    phone.in_step();
    // The same on a phone that fetches it all at once, and when a household comes last.
    let late = EntityId::from_bytes([0x99; 16]);
    let house = id(9);
    let of = Value::from(late.to_string());
    register(&mut office, VILLAGE, house, LedgerKind::House, [("household", of), ("grade", "A".into())]);
    phone.sync();
    assert_eq!(detail(&mut phone, house).row.name, "");
    let said = [("head_name", "周迟到".into()), ("code", "H099".into())];
    register(&mut office, VILLAGE, late, LedgerKind::Household, said);
    phone.sync();
    assert_eq!(detail(&mut phone, house).row.name, "周迟到");
    let mut fresh = Phone::synced(&phone.centre, 2, "cadre2");
    assert_eq!(detail(&mut fresh, house).row, EntryRow { distance_m: None, ..detail(&mut phone, house).row });
    fresh.sound();
}

#[test]
fn an_entry_shows_what_belongs_to_it() {
    let Township { mut phone, households, houses, supply, holder, post, .. } = prepared();
    let linked = |phone: &mut Phone, id| ids(&detail(phone, id).linked);
    assert_eq!(linked(&mut phone, houses[0]), [households[0]]);
    assert_eq!(linked(&mut phone, supply), households[..2]);
    assert_eq!(linked(&mut phone, post), [holder, households[0]]);
    let Reply::Household(view) = phone.ask(Request::Household { id: households[0] }).unwrap() else {
        panic!()
    };
    assert_eq!(ids(&view.linked), [houses[0], supply, post]);
    let shown = detail(&mut phone, houses[0]);
    assert_eq!((shown.village.as_str(), shown.entry.fields["grade"].clone()), ("一村", Value::from("D")));
    assert_eq!(shown.point.unwrap().lat, 28.9);
    assert_eq!(detail(&mut phone, id(3)).village, "二村");
    assert_eq!(phone.ask(Request::Entry { id: id(77), here: None }).unwrap_err().code, "not_found");
    // The holder is 85: 不宜安置.
    let codes: Vec<String> = detail(&mut phone, post).flags.into_iter().map(|flag| flag.code).collect();
    assert!(codes.contains(&"too_old".to_owned()), "{codes:?}");
}

fn problem(phone: &mut Phone, subject: EntityId, photos: &[Vec<u8>]) -> Result<EntityId, Trouble> {
    let photos = photos.iter().map(|shot| phone.take(subject, shot.clone()).unwrap().photo).collect();
    let said = [
        ("topic", "housing".into()),
        ("what", "屋顶漏雨".into()),
        ("subject", subject.to_string().into()),
        ("deadline", "2025-07-30".into()),
    ];
    let asked =
        Request::Register { ledger: LedgerKind::Issue, scope: area(VILLAGE), fields: fields(said), photos };
    match phone.ask(asked)? {
        Reply::Registered { id } => Ok(id),
        other => panic!("{other:?}"),
    }
}

fn step(phone: &mut Phone, issue: EntityId, step: IssueStep, shot: Option<Vec<u8>>) -> Result<(), Trouble> {
    let photos = shot.into_iter().map(|shot| phone.take(issue, shot).unwrap().photo).collect();
    phone.ask(Request::Step { issue, step, note: "已处理".into(), photos }).map(drop)
}

#[test]
fn a_problem_goes_from_opening_to_closing_with_pictures_and_is_accepted_by_another() {
    let Township { mut phone, houses, households, .. } = prepared();
    let centre = phone.centre.clone();
    let issue = problem(&mut phone, houses[0], &[picture(1, 1, 300_000)]).unwrap();
    let shown = detail(&mut phone, issue);
    assert_eq!(shown.may, [IssueStep::Begin, IssueStep::Rectify]);
    assert_eq!(ids(&shown.linked), [houses[0], households[0]]);
    assert_eq!((shown.steps[0].step, shown.steps[0].place.clone()), (None, Place::Device));
    assert_eq!(detail(&mut phone, houses[0]).row.open_issues, 1);
    let open = EntryFilter { open: true, ..EntryFilter::default() };
    assert_eq!(ids(&list(&mut phone, LedgerKind::House, open.clone(), None)), [houses[0]]);
    let found = phone.today();
    assert_eq!((found.issues_total, ids(&found.issues)), (1, vec![issue]), "the cadre's own household");
    step(&mut phone, issue, IssueStep::Accept, None).unwrap_err();
    step(&mut phone, issue, IssueStep::Rectify, Some(picture(2, 2, 1_000))).unwrap();
    assert_eq!(phone.today().issues_total, 0, "it waits for somebody else now");
    assert_eq!(step(&mut phone, issue, IssueStep::Rectify, None).unwrap_err().code, "wrong_state");
    phone.sync();
    let steps = detail(&mut phone, issue).steps;
    assert_eq!(
        steps.iter().map(|step| step.place.clone()).collect::<Vec<_>>(),
        [Place::Complete, Place::Complete]
    );
    assert_eq!(centre.borrow().state.album.held.len(), 2);
    let mut supervisor = Phone::synced(&centre, 3, "supervisor");
    assert_eq!(ids(&supervisor.today().issues), [issue]);
    assert_eq!(detail(&mut supervisor, issue).may, [IssueStep::Accept, IssueStep::SendBack]);
    step(&mut supervisor, issue, IssueStep::SendBack, None).unwrap();
    supervisor.sync();
    phone.sync();
    assert_eq!(phone.today().issues_total, 1);
    step(&mut phone, issue, IssueStep::Rectify, None).unwrap();
    phone.sync();
    supervisor.sync();
    step(&mut supervisor, issue, IssueStep::Accept, None).unwrap();
    supervisor.sync();
    phone.sync();
    assert_eq!(detail(&mut phone, houses[0]).row.open_issues, 0);
    assert_eq!(list(&mut phone, LedgerKind::Issue, open, None), []);
    let taken: Vec<_> = detail(&mut phone, issue).steps.into_iter().filter_map(|row| row.step).collect();
    use IssueStep::{Accept, Rectify, SendBack};
    assert_eq!(taken, [Rectify, SendBack, Rectify, Accept]);
    phone.in_step();
    // Whoever rectified does not accept, whatever the role.
    let own = problem(&mut supervisor, houses[1], &[]).unwrap();
    step(&mut supervisor, own, IssueStep::Rectify, None).unwrap();
    let refused = step(&mut supervisor, own, IssueStep::Accept, None).unwrap_err();
    assert_eq!((refused.code.as_str(), refused.may_retry), ("own_rectification", false));
}

#[test]
fn what_is_entered_by_hand_is_checked_and_refused_in_words() {
    let Township { mut phone, households, houses, .. } = prepared();
    let mut enter = |ledger, scope: &str, said: BTreeMap<String, Value>| {
        phone.ask(Request::Register { ledger, scope: area(scope), fields: said, photos: Vec::new() })
    };
    let of = |household: EntityId| ("household", Value::from(household.to_string()));
    for (ledger, scope, said, told) in [
        (LedgerKind::Household, VILLAGE, fields([("head_name", "王".into())]), "imported"),
        (LedgerKind::House, "430681113000", fields([of(households[0])]), "village"),
        (LedgerKind::House, VILLAGE, fields([("grade", "A".into())]), "household"),
        (LedgerKind::House, VILLAGE, fields([of(households[0]), ("grade", "E".into())]), "grade"),
        (LedgerKind::House, VILLAGE, fields([of(households[2])]), "another village"),
        (LedgerKind::WaterSupply, VILLAGE, fields([("kind", "well".into())]), "name"),
        (LedgerKind::Post, VILLAGE, fields([("kind", "forest".into())]), "holder"),
        (LedgerKind::Issue, VILLAGE, fields([("topic", "housing".into()), ("what", "漏".into())]), "subject"),
    ] {
        let trouble = enter(ledger, scope, said).unwrap_err();
        assert_eq!(trouble.code, "bad_value", "{trouble}");
        assert!(trouble.detail.contains(told), "{trouble}");
    }
    let nowhere = enter(LedgerKind::House, VILLAGE, fields([of(id(99))])).unwrap_err();
    assert_eq!(nowhere.code, "not_found");
    let Reply::Registered { id } =
        enter(LedgerKind::House, VILLAGE, fields([of(households[0]), ("name", "老宅".into())])).unwrap()
    else {
        panic!()
    };
    assert_eq!(phone.status().unsent, 1);
    phone.sync();
    let rows = list(&mut phone, LedgerKind::House, EntryFilter::default(), None);
    assert!(ids(&rows).contains(&id) && ids(&rows).contains(&houses[0]));
    phone.in_step();
}

/// Answers everything that is asked until the form can be saved; of photographs those required.
fn fill(
    phone: &mut Phone,
    kind: ObservationKind,
    subject: EntityId,
    answers: BTreeMap<String, Value>,
) -> ObservationId {
    let Reply::Form(view) = phone.ask(Request::OpenForm { kind, subject }).unwrap() else { panic!() };
    let mut draft = view.draft;
    phone.stay(&mut draft);
    draft.outcome = Some(Outcome::Done);
    draft.answers = answers;
    phone.fill(draft)
}

#[test]
fn every_kind_of_form_is_filled_offline_saved_sent_and_seen_with_its_pictures() {
    let Township { mut phone, houses, supply, post, households, .. } = prepared();
    let centre = phone.centre.clone();
    let none = BTreeMap::new;
    let records = [
        fill(&mut phone, ObservationKind::HouseInspection, houses[0], none()),
        fill(&mut phone, ObservationKind::WaterCheck, supply, none()),
        fill(&mut phone, ObservationKind::WaterCheck, households[0], none()),
        fill(&mut phone, ObservationKind::Attendance, post, fields([("action", "sign_in".into())])),
    ];
    phone.reopen();
    for (record, subject) in records.iter().zip([houses[0], supply, households[0], post]) {
        let view = phone.record(*record);
        assert_eq!((view.row.subject, view.row.place.clone()), (subject, Place::Device));
        assert!(!view.row.subject_name.is_empty());
        assert!(view.verdict.is_some(), "{:?}", view.row.kind);
    }
    phone.sync();
    for record in records {
        let view = phone.record(record);
        let wanted = if view.photos.is_empty() { Place::Centre } else { Place::Complete };
        assert_eq!(view.row.place, wanted, "{:?}", view.row.kind);
        assert!(centre.borrow().has_record(record));
    }
    assert_eq!(detail(&mut phone, houses[0]).records.len(), 1);
    assert!(detail(&mut phone, houses[0]).row.last_record_ms.is_some());
    phone.in_step();
    phone.sound();
    let mut colleague = Phone::synced(&centre, 2, "cadre2");
    colleague.sound();
    assert!(matches!(colleague.record(records[1]).verdict, Some(Verdict::Water { .. })));
}

#[test]
fn a_posts_month_is_counted_day_by_day() {
    let Township { mut phone, post, .. } = prepared();
    let sign = |action: &str| fields([("action", action.into())]);
    let check = |finding: &str| {
        fields([("action", "face_check".into()), ("finding", finding.into()), ("work", "done".into())])
    };
    fill(&mut phone, ObservationKind::Attendance, post, sign("sign_in"));
    phone.clock.advance(86_400_000);
    fill(&mut phone, ObservationKind::Attendance, post, sign("sign_in"));
    fill(&mut phone, ObservationKind::Attendance, post, check("absent"));
    phone.clock.advance(86_400_000);
    let last = fill(&mut phone, ObservationKind::Attendance, post, check("leave"));
    let shown = detail(&mut phone, post);
    let sheet = &shown.sheets[0];
    let states: Vec<&str> = sheet.days.iter().map(|day| day.state.as_str()).collect();
    assert_eq!(states, ["present", "absent", "leave"]);
    assert_eq!((sheet.month.as_str(), sheet.required_days, sheet.counted_days), ("2025-07-01", 20, 1));
    assert!(sheet.short, "eleven days are left");
    assert_eq!(sheet.days[1].records.len(), 2);
    assert_eq!(shown.sheets[1].days, []);
    assert!(shown.flags.iter().any(|flag| flag.code == "attendance_short"));
    assert!(shown.issues.iter().any(|issue| issue.fields["kind"] == Value::from("post_absent")));
    // Taken back, a record stays readable and counts no more.
    let unsaid = phone.ask(Request::Retract { id: last, reason: " ".into() }).unwrap_err();
    assert_eq!(unsaid.code, "bad_value");
    phone.ask(Request::Retract { id: last, reason: "记错了人".into() }).unwrap();
    phone.ask(Request::Retract { id: last, reason: "记错了人".into() }).unwrap();
    // The centre's days passed too: nothing comes before it was made.
    phone.centre.borrow_mut().now_ms = phone.wall_ms();
    phone.sync();
    assert_eq!(phone.record(last).row.place, Place::Retracted);
    let days = detail(&mut phone, post).sheets.remove(0).days;
    assert_eq!(days[2].state, "doubtful");
    let mut other = Phone::synced(&phone.centre, 2, "cadre2");
    let earlier = phone.uploads().records[1].id;
    let refused = other.ask(Request::Retract { id: earlier, reason: "不是我的".into() }).unwrap_err();
    assert_eq!(refused.code, "not_reviewer");
}

#[test]
fn forms_of_several_kinds_about_one_entry_are_kept_beside_each_other() {
    let Township { mut phone, households, supply, .. } = prepared();
    for (kind, subject, note) in [
        (ObservationKind::Visit, households[0], "走访"),
        (ObservationKind::WaterCheck, households[0], "水"),
        (ObservationKind::WaterCheck, supply, "井"),
    ] {
        let Reply::Form(view) = phone.ask(Request::OpenForm { kind, subject }).unwrap() else { panic!() };
        let draft = bianfang_shared::form::FormDraft { note: note.into(), ..view.draft };
        phone.ask(Request::KeepForm { draft: Box::new(draft) }).unwrap();
    }
    phone.reopen();
    let drafts = phone.today().drafts;
    assert_eq!(drafts.len(), 3);
    assert!(
        drafts
            .iter()
            .any(|row| row.name.as_deref() == Some("龙泉井") && row.kind == ObservationKind::WaterCheck)
    );
    assert_eq!(detail(&mut phone, supply).drafts, [ObservationKind::WaterCheck]);
    let kind = ObservationKind::WaterCheck;
    phone.ask(Request::DropForm { kind, subject: households[0] }).unwrap();
    assert_eq!(phone.today().drafts.len(), 2);
    let Reply::Form(view) = phone.ask(Request::OpenForm { kind, subject: households[0] }).unwrap() else {
        panic!()
    };
    assert_eq!(view.draft.facts["supply_kind"], Value::from("well"), "known, not asked");
}

#[test]
fn what_has_to_be_looked_at_is_due_until_somebody_looked() {
    let Township { mut phone, houses, .. } = prepared();
    let due = |phone: &mut Phone| {
        let today = phone.today();
        assert_eq!(today.tasks_total, today.tasks.len() as u64);
        today.tasks.into_iter().map(|task| task.entry.id).collect::<Vec<_>>()
    };
    // Dangerous houses that are lived in, by the cadre of their households; a sound one is not among them.
    assert_eq!(due(&mut phone), [houses[0], houses[2]]);
    let task = detail(&mut phone, houses[2]).tasks.remove(0);
    assert_eq!((task.kind, task.rule.as_str()), (ObservationKind::HouseInspection, "house_dangerous"));
    assert_eq!((task.due_on.as_str(), task.overdue_days, task.last_on), ("2025-07-18", 0, None));
    assert_eq!(detail(&mut phone, houses[1]).tasks, []);
    fill(&mut phone, ObservationKind::HouseInspection, houses[0], BTreeMap::new());
    assert_eq!(due(&mut phone), [houses[2]]);
    let mut other = Phone::synced(&phone.centre, 2, "cadre2");
    assert_eq!(due(&mut other), []);
}
