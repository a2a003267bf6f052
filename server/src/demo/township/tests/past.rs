//! What happened in the past months, as whoever signs in finds it.

use super::*;
use bianfang_shared::day::Day;
use bianfang_shared::ledger::{house, post};
use bianfang_shared::query::ReviewState;
use bianfang_shared::rules::issue::{DeadlineState, deadline_state, waits_for};
use bianfang_shared::rules::post::{
    Action, AttendanceMark, Finding, MonthState, PostTerms, WorkArea, month_sheet,
};
use bianfang_shared::schedule::{Due, Mark, Subject, counts, due_of};

/// How far a record is believed, by what the township itself tells.
fn grade(observation: &Observation) -> Grade {
    let (told, policy) = (&usual().told, Policy::builtin());
    let subject = &told.entries[&observation.subject];
    let place = match subject.ledger.unwrap() {
        LedgerKind::Household => household::ANCHOR,
        _ => "point",
    };
    let attends = observation.kind == ObservationKind::Attendance;
    let anchor = (!attends).then(|| subject.value(place).read()).flatten();
    let area = attends.then(|| WorkArea::of_post(subject, &policy.posts.area)).flatten();
    let input = EvidenceInput::of_record(observation, anchor, None, ChainState::Intact).in_area(area);
    assess(&input, &policy.evidence).grade
}

fn due(entry: &Entry, viewer: Viewer) -> Option<Due> {
    let told = &usual().told;
    let ledger = entry.ledger.unwrap();
    let marks: Vec<Mark> = (usual().records())
        .filter(|(_, record)| record.subject == entry.id)
        .filter(|(_, record)| counts(grade(record), ReviewState::Waiting))
        .filter_map(|(op, record)| Mark::about(ledger, record, op.author, viewer))
        .collect();
    let home = (!entry.text("household").is_empty()).then(|| named(told, entry, "household"));
    due_of(Subject { entry, household: home }, viewer, &marks, Policy::builtin(), day_of(NOW_MS))
}

/// How many entries of a ledger in a village are due now for somebody.
fn due_now(ledger: LedgerKind, village: AreaCode, login: &str) -> usize {
    let person = usual().person(login);
    let viewer = Viewer { role: person.role, user: person.id };
    let entries = usual().told.of(ledger).filter(|entry| entry.scope == village);
    entries.filter_map(|entry| due(entry, viewer)).filter(|due| due.overdue_days >= 0).count()
}

fn villages_of_cadre() -> [AreaCode; 2] {
    ["430681113214".parse().unwrap(), "430681113215".parse().unwrap()]
}

#[test]
fn nobody_makes_two_records_at_once() {
    let mut days: BTreeMap<UserId, Vec<(i64, i64)>> = BTreeMap::new();
    for (op, record) in usual().records() {
        days.entry(op.author).or_default().push((record.started_at_ms, record.ended_at_ms));
    }
    for (author, mut records) in days {
        records.sort_unstable();
        for pair in records.windows(2) {
            assert!(pair[0].1 <= pair[1].0, "{author}: {pair:?}");
        }
    }
}

#[test]
fn every_kind_of_record_is_made_in_every_village_and_most_are_believed() {
    let Usual { town, .. } = usual();
    let mut made: BTreeMap<(AreaCode, &str), usize> = BTreeMap::new();
    let mut grades: BTreeMap<(ObservationKind, Grade), usize> = BTreeMap::new();
    for (op, record) in usual().records() {
        *made.entry((op.scope, record.kind.key())).or_default() += 1;
        *grades.entry((record.kind, grade(record))).or_default() += 1;
    }
    for village in town.villages() {
        for kind in ObservationKind::ALL {
            assert!(made.get(&(village, kind.key())).is_some_and(|count| *count >= 3), "{kind} in {village}");
        }
    }
    for kind in ObservationKind::ALL {
        let of = |grade| grades.get(&(kind, grade)).copied().unwrap_or(0);
        let all = of(Grade::Credible) + of(Grade::Doubtful) + of(Grade::Insufficient);
        assert!(of(Grade::Credible) * 10 > all * 7, "{kind}: {grades:?}");
        assert!(of(Grade::Insufficient) > 0, "{kind}: {grades:?}");
    }
}

#[test]
fn attendances_say_everything_that_can_be_found() {
    let (mut actions, mut findings) = (BTreeSet::new(), BTreeSet::new());
    for mark in usual().records().filter_map(|(_, record)| AttendanceMark::of_record(record, None)) {
        actions.insert(format!("{:?}", mark.action));
        findings.extend(mark.finding.map(|finding| format!("{finding:?}")));
    }
    assert_eq!(actions.len(), [Action::SignIn, Action::SignOut, Action::FaceCheck].len());
    let all = [Finding::OnPost, Finding::Absent, Finding::Leave, Finding::Substitute];
    assert_eq!(findings.len(), all.len(), "{findings:?}");
}

#[test]
fn last_month_was_long_enough_at_every_post_but_one() {
    let told = &usual().told;
    let today = day_of(NOW_MS);
    let last_month: Day = "2025-06-01".parse().unwrap();
    let mut short = Vec::new();
    for entry in told.of(LedgerKind::Post) {
        let marks: Vec<AttendanceMark> = (usual().records())
            .filter(|(_, record)| record.subject == entry.id && counts(grade(record), ReviewState::Waiting))
            .filter_map(|(_, record)| AttendanceMark::of_record(record, None))
            .collect();
        let policy = &Policy::builtin().posts.attendance;
        let sheet = month_sheet(&PostTerms::of_post(entry), &marks, last_month, today, policy);
        assert!(sheet.counted_days >= 4, "{} {sheet:?}", entry.text(post::CODE));
        let present = month_sheet(&PostTerms::of_post(entry), &marks, today, today, policy);
        assert!(present.counted_days >= 2, "{} {present:?}", entry.text(post::CODE));
        match sheet.state {
            MonthState::Enough => (),
            state => short.push((entry.text(post::CODE), state)),
        }
    }
    assert_eq!(short, [("SJ215-G01", MonthState::Short)]);
}

#[test]
fn problems_of_all_states_and_many_kinds_are_there_some_overdue_some_opened_by_hand() {
    let told = &usual().told;
    let problems: Vec<&Entry> = told.of(LedgerKind::Issue).collect();
    let states: BTreeSet<&str> = problems.iter().map(|entry| entry.text(issue::STATE)).collect();
    assert_eq!(states, ["open", "under_way", "to_accept", "closed", "sent_back"].into());
    let kinds: BTreeSet<&str> = problems.iter().map(|entry| entry.text(issue::KIND)).collect();
    for kind in
        ["danger_lived_in", "unassessed", "no_sign", "due_demolition", "shortage", "smell", "no_keeper"]
            .into_iter()
            .chain(["untested", "unstable", "fees", "reading_off", "post_absent", "post_substitute", ""])
    {
        assert!(kinds.contains(kind), "{kind} in {kinds:?}");
    }
    let (today, policy) = (day_of(NOW_MS), &Policy::builtin().issues);
    let overdue = problems.iter().filter(|entry| {
        let deadline = entry.text(issue::DEADLINE).parse().ok();
        let stands = deadline_state(entry.text(issue::STATE), deadline, today, policy);
        matches!(stands, DeadlineState::Overdue { .. })
    });
    assert!(overdue.count() >= 9);
    let assigned = problems.iter().filter(|entry| !entry.text(issue::RESPONSIBLE).is_empty()).count();
    assert!(assigned > 30 && assigned < problems.len(), "{assigned} of {}", problems.len());
    let by_hand = usual()
        .ops
        .iter()
        .filter(|op| matches!(&op.body, Body::Register { ledger: LedgerKind::Issue, cause: None, .. }));
    assert_eq!(by_hand.count(), 27);
}

#[test]
fn a_cadre_finds_something_of_everything_to_do_in_both_villages() {
    let Usual { told, .. } = usual();
    let cadre = usual().person("cadre");
    for (village, end) in villages_of_cadre().into_iter().zip(["214", "215"]) {
        assert!(due_now(LedgerKind::House, village, "cadre") >= 1, "{village}");
        for ledger in [LedgerKind::WaterSupply, LedgerKind::Post] {
            let secretary = due_now(ledger, village, &format!("secretary-{end}"));
            let all = told.of(ledger).filter(|entry| entry.scope == village).count();
            assert!(secretary >= 1 && secretary < all, "{ledger:?} in {village}: {secretary} of {all}");
        }
        let own = told.of(LedgerKind::Issue).filter(|problem| {
            let state = problem.text(issue::STATE);
            problem.scope == village
                && problem.text(issue::RESPONSIBLE) == cadre.id.to_string()
                && !matches!(state, issue::CLOSED | issue::TO_ACCEPT)
                && waits_for(problem, None, false, cadre.id, cadre.role)
        });
        assert!(own.count() >= 2, "{village}");
    }
    let dangerous =
        told.of(LedgerKind::House).filter(|entry| "CD".contains(entry.text(house::GRADE))).count();
    let due: usize =
        usual().town.villages().into_iter().map(|village| due_now(LedgerKind::House, village, "cadre")).sum();
    assert!(due * 2 < dangerous, "{due} of {dangerous}: not everything is late");
}

#[test]
fn the_supervisor_finds_problems_to_accept() {
    let Usual { told, .. } = usual();
    let supervisor = usual().person("supervisor");
    let waiting = told.of(LedgerKind::Issue).filter(|problem| {
        let rectified = told.rectifiers.get(&problem.id).is_some_and(|by| by.contains(&supervisor.id));
        problem.text(issue::STATE) == issue::TO_ACCEPT
            && waits_for(problem, None, rectified, supervisor.id, supervisor.role)
    });
    assert!(waiting.count() >= 9);
}
