//! Invented records, forms and what a centre would answer.

use std::collections::BTreeMap;

use bianfang_device::message::{ConflictRow, SyncState};
use bianfang_device::message::{EditRow, Place, RecordRow, RecordView, SavedVisit, Uploads, VisitView};
use bianfang_shared::checklist::Checklist;
use bianfang_shared::evidence::{EvidenceInput, Grade, assess};
use bianfang_shared::judge::Reason;
use bianfang_shared::observation::{ChecklistRef, Fix, Observation, ObservationKind, Outcome, Platform};
use bianfang_shared::op::Verdict;
use bianfang_shared::policy::Policy;
use bianfang_shared::query::{QuarantineItem, ReviewItem, ReviewState, VisitDetail, VisitSummary};
use bianfang_shared::value::Value;
use bianfang_shared::visit::{self, VisitDraft, VisitLedger};

use super::NOW_MS;
use super::ledger::{self, ANCHOR, cadre, op, record, second_cadre, supervisor};

const OUTCOMES: [Outcome; 4] = [Outcome::AtHome, Outcome::NobodyHome, Outcome::AtHome, Outcome::WorkingAway];
const GRADES: [Grade; 3] = [Grade::Credible, Grade::Doubtful, Grade::Insufficient];

fn places() -> [Place; 6] {
    [
        Place::Device,
        Place::Centre,
        Place::SentBack {
            comment: "饮水的照片和说法对不上，请再去看一次水龙头。".to_owned()
        },
        Place::Approved,
        Place::SetAside { reason: Reason::OutsideGrants },
        Place::Retracted,
    ]
}

/// The row of a record.
pub(super) fn row(number: u8) -> RecordRow {
    let at = usize::from(number) - 1;
    let household = ledger::row(at);
    RecordRow {
        id: record(number),
        subject: household.id,
        subject_name: household.head_name,
        subject_code: household.code,
        scope: household.scope,
        author_name: cadre().name,
        own: true,
        ended_at_ms: NOW_MS - i64::from(number) * 7_400_000,
        outcome: OUTCOMES[at % 4],
        grade: GRADES[at % 3],
        place: places()[at % 6].clone(),
        in_conflict: number == 2,
    }
}

/// A place measured `north_m` north of the household.
pub(super) fn fix(north_m: f64, accuracy_m: f64) -> Fix {
    Fix {
        lat: ANCHOR.lat + north_m / 111_195.0,
        lon: ANCHOR.lon + 0.000_2,
        accuracy_m,
        altitude_m: None,
        at_ms: NOW_MS - 20_000,
        provider: None,
        mocked: None,
    }
}

fn answers() -> BTreeMap<String, Value> {
    let answers = [
        ("phone", Value::from("10013567788")),
        ("food", Value::from("ok")),
        ("insured", "some".into()),
        ("water", "unmet".into()),
        ("water_trouble", Value::texts(["unstable"])),
        ("satisfaction", "satisfied".into()),
    ];
    answers.map(|(key, value)| (key.to_owned(), value)).into()
}

/// The form: as opened, or partly filled.
pub(super) fn form(filled: bool) -> VisitView {
    let (entry, checklist) = (ledger::entry(), Checklist::visit());
    let mut draft = visit::begin(&entry, &[], checklist, NOW_MS - 400_000);
    if filled {
        draft.outcome = Some(Outcome::AtHome);
        draft.met = "户主本人".to_owned();
        draft.answers = answers();
        draft.dwell_ms = 190_000;
        draft.fixes = vec![fix(36.0, 12.0)];
        draft.struck = ["change:insured".to_owned()].into();
    }
    view(draft)
}

/// What the core would say of a draft.
pub(super) fn view(draft: VisitDraft) -> VisitView {
    let (entry, checklist, policy) = (ledger::entry(), Checklist::visit(), Policy::builtin());
    let ledger = VisitLedger { household: &entry, open_issues: &[] };
    let input = EvidenceInput::of_draft(&draft, NOW_MS, Some(800), Platform::Web, Some(ANCHOR), None);
    VisitView {
        household: ledger::row(0),
        anchor: Some(ANCHOR),
        prefilled: visit::prefill(&draft, checklist, &entry)
            .into_iter()
            .map(|known| (known.question, known.answer))
            .collect(),
        relevant: visit::relevant(&draft, checklist, &entry)
            .iter()
            .map(|question| question.key.clone())
            .collect(),
        problems: visit::problems(&draft, checklist, &entry),
        effects: visit::effects(&draft, checklist, policy, &ledger),
        evidence: assess(&input, &policy.evidence),
        last_visit: Some(row(4)),
        draft,
    }
}

/// A visit just saved.
pub(super) fn saved() -> SavedVisit {
    let form = form(true);
    SavedVisit { id: record(1), evidence: form.evidence, effects: form.effects }
}

fn observation(number: u8) -> Observation {
    let row = row(number);
    Observation {
        id: row.id,
        kind: ObservationKind::Visit,
        subject: row.subject,
        corrects: None,
        companions: Vec::new(),
        started_at_ms: row.ended_at_ms - 540_000,
        ended_at_ms: row.ended_at_ms,
        dwell_ms: 520_000,
        fixes: vec![Fix {
            at_ms: row.ended_at_ms - 20_000,
            ..fix(if number == 2 { 210.0 } else { 36.0 }, 12.0)
        }],
        photos: Vec::new(),
        checklist: ChecklistRef { key: "visit".to_owned(), version: 1 },
        answers: answers(),
        outcome: row.outcome,
        met: "户主本人".to_owned(),
        note: "水管在屋后拐角处裂开，已拍照，村里答应周五前换管。".to_owned(),
        struck: Vec::new(),
        clock_offset_ms: Some(800),
        platform: Platform::Web,
    }
}

/// A record known on the device.
pub(super) fn known(number: u8) -> RecordView {
    let form = form(true);
    RecordView {
        row: row(number),
        observation: observation(number),
        evidence: form.evidence,
        anchor: Some(ANCHOR),
        changes: ledger::history(),
    }
}

/// All records made here.
pub(super) fn uploads(sync: SyncState) -> Uploads {
    let conflict = ledger::conflict();
    Uploads {
        records: (1..=6).map(row).collect(),
        more: false,
        edits: vec![edit(31, Reason::RoleForbids)],
        conflicts: vec![ConflictRow {
            entity: conflict.entity,
            ledger: conflict.ledger,
            name: "刘大海".to_owned(),
            field: conflict.field,
            siblings: conflict.siblings,
            names: BTreeMap::new(),
        }],
        only_here: 3,
        sync,
    }
}

/// An edit set aside.
pub(super) fn edit(number: u8, reason: Reason) -> EditRow {
    EditRow {
        op: op(number),
        entity: Some(ledger::entity(3)),
        name: "陈桂香".to_owned(),
        kind: "amend".to_owned(),
        at_ms: NOW_MS - 5_000_000,
        place: Place::SetAside { reason },
    }
}

/// A visit in the review list.
pub(super) fn summary(number: u8) -> VisitSummary {
    let row = row(number);
    let states = [ReviewState::Waiting, ReviewState::Approved, ReviewState::SentBack];
    VisitSummary {
        id: row.id,
        kind: ObservationKind::Visit,
        scope: row.scope,
        subject: row.subject,
        subject_name: row.subject_name,
        subject_code: row.subject_code,
        author: if number.is_multiple_of(2) { second_cadre().id } else { cadre().id },
        author_name: if number.is_multiple_of(2) { second_cadre().name } else { cadre().name },
        ended_at_ms: row.ended_at_ms,
        received_at_ms: row.ended_at_ms + 900_000,
        outcome: row.outcome,
        grade: row.grade,
        state: states[usize::from(number + 2) % 3],
        issues: u32::from(number == 1),
        conflicts: u32::from(number == 2),
    }
}

/// All of a visit.
pub(super) fn detail(number: u8) -> VisitDetail {
    let form = form(true);
    VisitDetail {
        summary: summary(number),
        observation: observation(number),
        op: op(number),
        evidence: form.evidence,
        anchor: Some(ANCHOR),
        effects: form.effects.into_iter().map(|effect| effect.what).collect(),
        reviews: vec![ReviewItem {
            author: supervisor().id,
            author_name: supervisor().name,
            received_at_ms: NOW_MS - 1_800_000,
            verdict: Verdict::SentBack,
            comment: "请补充说明停水从哪天开始。".to_owned(),
        }],
        conflicts: if number == 2 { vec![ledger::conflict()] } else { Vec::new() },
    }
}

/// An operation set aside.
pub(super) fn set_aside(number: u8, reason: Reason) -> QuarantineItem {
    QuarantineItem {
        op: op(number),
        scope: Some(ledger::village()),
        author: second_cadre().id,
        author_name: second_cadre().name,
        received_at_ms: NOW_MS - 7_200_000,
        reason,
        raw: r#"{"device":"…","seq":7,"body":{"kind":"amend","changes":[{"field":"colour","value":"red"}]}}"#
            .to_owned(),
    }
}
