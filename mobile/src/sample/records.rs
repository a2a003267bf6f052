//! Invented records, forms and what a centre would answer.

use std::collections::BTreeMap;

use bianfang_device::message::{Companion, EditRow, Place, RecordRow, RecordView, Uploads};
use bianfang_device::message::{ConflictRow, SyncState};
use bianfang_shared::checklist::Checklist;
use bianfang_shared::evidence::Grade;
use bianfang_shared::id::UserId;
use bianfang_shared::judge::Reason;
use bianfang_shared::ledger::LedgerKind;
use bianfang_shared::observation::{
    Fix, Observation, ObservationKind, Outcome, PhotoRef, PhotoSource, Platform,
};
use bianfang_shared::op::Verdict;
use bianfang_shared::query::{
    QuarantineItem, ReviewItem, ReviewState, VisitDetail, VisitSummary, WithdrawalItem,
};

use super::NOW_MS;
use super::ledger::{self, ANCHOR, cadre, op, record, second_cadre, supervisor};
use super::{entries, forms, photos};

const OUTCOMES: [Outcome; 4] = [Outcome::AtHome, Outcome::NobodyHome, Outcome::AtHome, Outcome::WorkingAway];

fn places() -> [Place; 7] {
    [
        Place::Device,
        Place::Centre,
        Place::SentBack {
            comment: "饮水的照片和说法对不上，请再去看一次水龙头。".to_owned()
        },
        Place::Approved,
        Place::SetAside { reason: Reason::OutsideGrants },
        Place::Retracted,
        Place::WithdrawalAsked,
    ]
}

/// Which kind the record of a number is: the first six are visits.
fn kind(number: u8) -> ObservationKind {
    match number {
        7 | 8 => ObservationKind::HouseInspection,
        9 => ObservationKind::WaterCheck,
        10 => ObservationKind::Attendance,
        _ => ObservationKind::Visit,
    }
}

/// How far a record is worth believing. Of those whose page is drawn it is what their evidence says there.
fn grade(number: u8) -> Grade {
    match number {
        1..=3 | 8 => Grade::Doubtful,
        6 | 7 => Grade::Insufficient,
        _ => Grade::Credible,
    }
}

/// When a record was ended: by day, the first four of them today.
fn ended_at_ms(number: u8) -> i64 {
    let night_ms = if number > 4 { 12 * 3_600_000 } else { 0 };
    NOW_MS - i64::from(number) * 2_640_000 - night_ms
}

/// The row of a record.
pub(super) fn row(number: u8) -> RecordRow {
    let at = usize::from(number) - 1;
    let subject = match kind(number) {
        ObservationKind::HouseInspection => entries::row(LedgerKind::House, 0),
        ObservationKind::WaterCheck => entries::row(LedgerKind::WaterSupply, 0),
        ObservationKind::Attendance => entries::row(LedgerKind::Post, 0),
        _ => ledger::entry_row(at),
    };
    RecordRow {
        id: record(number),
        kind: kind(number),
        subject: subject.id,
        subject_name: subject.name,
        subject_code: subject.code,
        scope: subject.scope,
        author_name: cadre().name,
        own: true,
        ended_at_ms: ended_at_ms(number),
        outcome: if number > 6 { Outcome::Done } else { OUTCOMES[at % 4] },
        grade: grade(number),
        place: match number {
            7 => Place::Photos { held: 2, total: 3 },
            8 => Place::Complete,
            _ => places()[at % 6].clone(),
        },
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
        received_at_ms: None,
        provider: None,
        mocked: None,
    }
}

/// The photographs of a record.
fn photographs(kind: ObservationKind) -> Vec<PhotoRef> {
    match kind {
        ObservationKind::HouseInspection => photos::of_inspection(),
        ObservationKind::WaterCheck => vec![photos::photo(6, "photo_water", PhotoSource::Camera)],
        ObservationKind::Attendance => vec![photos::photo(7, "photo_post", PhotoSource::Camera)],
        _ => Vec::new(),
    }
}

fn observation(number: u8) -> Observation {
    let row = row(number);
    let visit = row.kind == ObservationKind::Visit;
    Observation {
        id: row.id,
        kind: row.kind,
        subject: row.subject,
        corrects: None,
        companions: Vec::new(),
        started_at_ms: row.ended_at_ms - 540_000,
        ended_at_ms: row.ended_at_ms,
        dwell_ms: forms::DWELL_MS,
        fixes: vec![Fix {
            at_ms: row.ended_at_ms - 20_000,
            ..fix(if number == 2 { 210.0 } else { 36.0 }, 12.0)
        }],
        photos: photographs(row.kind),
        checklist: Checklist::of(row.kind).reference(),
        answers: forms::answers(row.kind),
        outcome: row.outcome,
        met: if row.outcome == Outcome::AtHome { "户主本人".to_owned() } else { String::new() },
        note: if visit { NOTE.to_owned() } else { String::new() },
        struck: Vec::new(),
        clock_offset_ms: Some(800),
        platform: Platform::Web,
    }
}

const NOTE: &str = "水管在屋后拐角处裂开，已拍照，村里答应周五前换管。";

/// One who has said to have gone along, and the person signed in, who has not yet.
fn companions(number: u8) -> Vec<Companion> {
    if kind(number) != ObservationKind::HouseInspection {
        return Vec::new();
    }
    let companion = |at: u8, name: &str, confirmed: bool| Companion {
        user: UserId::from_bytes([at; 16]),
        name: name.to_owned(),
        confirmed,
        me: !confirmed,
    };
    vec![companion(41, "陈志强", true), companion(42, "周丽", false)]
}

/// A record known on the device.
pub(super) fn known(number: u8) -> RecordView {
    let form = forms::open(kind(number), true);
    let states = photos::states();
    let rows = photographs(kind(number)).into_iter().enumerate();
    RecordView {
        row: row(number),
        observation: observation(number),
        evidence: form.evidence,
        anchor: Some(ANCHOR),
        // They are a household's: other records did not make them.
        changes: if kind(number) == ObservationKind::Visit { ledger::history() } else { Vec::new() },
        photos: rows.map(|(at, photo)| photos::row(photo, states[at % states.len()].clone())).collect(),
        verdict: form.verdict,
        companions: companions(number),
    }
}

/// All records made here.
pub(super) fn uploads(sync: SyncState) -> Uploads {
    let conflict = ledger::conflict();
    Uploads {
        records: [7].into_iter().chain(1..=6).map(row).collect(),
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
        photos_to_send: sync.photos_to_send,
        photos_failed: vec![photos::row(
            photos::photo(6, "photo_water", PhotoSource::Gallery),
            photos::states()[3].clone(),
        )],
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
        kind: row.kind,
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
        state: if number == TO_WITHDRAW {
            ReviewState::WithdrawalAsked
        } else {
            states[usize::from(number + 2) % 3]
        },
        issues: u32::from(number == 1),
        conflicts: u32::from(number == 2),
    }
}

/// The record that its author asks to take back.
pub(super) const TO_WITHDRAW: u8 = 12;

fn withdrawal() -> WithdrawalItem {
    WithdrawalItem {
        author: second_cadre().id,
        author_name: second_cadre().name,
        received_at_ms: NOW_MS - 600_000,
        reason: "走错了一家，登记到隔壁户上了。".to_owned(),
    }
}

/// All of a visit.
pub(super) fn detail(number: u8) -> VisitDetail {
    let form = forms::open(kind(number), true);
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
        accompanied: Vec::new(),
        withdrawals: if number == TO_WITHDRAW { vec![withdrawal()] } else { Vec::new() },
        conflicts: if number == 2 { vec![ledger::conflict()] } else { Vec::new() },
        photos: photos::views(&photographs(kind(number))),
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
        raw_bytes: 100,
    }
}
