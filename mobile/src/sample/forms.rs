//! Invented forms of every kind, judged by the real rules.

use std::collections::BTreeMap;

use bianfang_device::message::{EntryRow, FormView, PhotoState, SavedForm};
use bianfang_shared::checklist::Checklist;
use bianfang_shared::entry::Entry;
use bianfang_shared::evidence::{EvidenceInput, assess};
use bianfang_shared::form::{self, FormDraft, FormLedger};
use bianfang_shared::ledger::LedgerKind;
use bianfang_shared::observation::{Answers, ObservationKind, Outcome, PhotoSource, Platform};
use bianfang_shared::policy::Policy;
use bianfang_shared::rules::post::WorkArea;
use bianfang_shared::value::Value;

use super::NOW_MS;
use super::ledger::{self, ANCHOR, record};
use super::records::{self, fix};
use super::{entries, photos};

/// How long its author was on the spot.
pub(super) const DWELL_MS: u64 = 190_000;

/// What a form of a kind is about.
fn subject(kind: ObservationKind) -> (EntryRow, Entry) {
    let of = |ledger| {
        let row = entries::row(ledger, 0);
        let entry = entries::folded(&row);
        (row, entry)
    };
    match kind {
        ObservationKind::HouseInspection => of(LedgerKind::House),
        ObservationKind::WaterCheck => of(LedgerKind::WaterSupply),
        ObservationKind::Attendance => of(LedgerKind::Post),
        ObservationKind::Visit | ObservationKind::Unknown => (ledger::entry_row(0), ledger::entry()),
    }
}

fn facts(kind: ObservationKind) -> Answers {
    let facts: &[(&str, i64)] = match kind {
        ObservationKind::Attendance => &[("holder_age", 82), ("holder_posts", 2)],
        _ => &[],
    };
    facts.iter().map(|(key, number)| ((*key).to_owned(), (*number).into())).collect()
}

/// What has been answered in a form that is partly filled.
pub(super) fn answers(kind: ObservationKind) -> Answers {
    let answers: Vec<(&str, Value)> = match kind {
        ObservationKind::HouseInspection => vec![
            ("lived_in", true.into()),
            ("foundation", "sound".into()),
            ("walls", "severe".into()),
            ("walls_signs", Value::texts(["crack", "tilt"])),
            ("walls_crack_mm", 34.into()),
            ("walls_tilt_mm_m", 12.into()),
            ("frame", "severe".into()),
            ("frame_signs", Value::texts(["rot"])),
            ("roof", "slight".into()),
            ("roof_signs", Value::texts(["leak"])),
            ("surroundings", "sound".into()),
            ("report", false.into()),
        ],
        ObservationKind::WaterCheck => vec![
            ("litres", 45.into()),
            ("senses", Value::texts(["clean"])),
            ("report", "meets".into()),
            ("piped", false.into()),
            ("fetch_minutes", 25.into()),
            ("short_days", 12.into()),
            ("kit", true.into()),
            ("ph", Value::number(9.1)),
        ],
        ObservationKind::Attendance => {
            vec![
                ("action", "face_check".into()),
                ("finding", "substitute".into()),
                ("substitute_name", "李小满".into()),
            ]
        }
        ObservationKind::Visit | ObservationKind::Unknown => vec![
            ("phone", "10013567788".into()),
            ("food", "ok".into()),
            ("insured", "some".into()),
            ("water", "unmet".into()),
            ("water_trouble", Value::texts(["unstable"])),
            ("satisfaction", "satisfied".into()),
        ],
    };
    answers.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

/// A form: as opened, or partly filled.
pub(super) fn open(kind: ObservationKind, filled: bool) -> FormView {
    let (_, entry) = subject(kind);
    let (household, checklist) = (ledger::entry(), Checklist::of(kind));
    let ledger = FormLedger { subject: &entry, household: Some(&household), open_issues: &[] };
    let mut draft = form::begin(&ledger, facts(kind), checklist, NOW_MS - 400_000);
    if filled {
        fill(&mut draft, kind);
    }
    view(draft)
}

fn fill(draft: &mut FormDraft, kind: ObservationKind) {
    let visit = kind == ObservationKind::Visit;
    draft.outcome = Some(if visit { Outcome::AtHome } else { Outcome::Done });
    draft.answers = answers(kind);
    draft.dwell_ms = DWELL_MS;
    draft.fixes = vec![fix(36.0, 12.0)];
    match kind {
        ObservationKind::Visit => {
            draft.met = "户主本人".to_owned();
            draft.struck = ["change:insured".to_owned()].into();
        }
        ObservationKind::HouseInspection => {
            draft.photos = vec![
                photos::photo(4, "photo_whole", PhotoSource::Camera),
                photos::photo(5, "photo_walls", PhotoSource::Gallery),
            ];
        }
        ObservationKind::WaterCheck => {
            draft.photos = vec![photos::photo(6, "photo_water", PhotoSource::Camera)]
        }
        ObservationKind::Attendance => {
            draft.photos = vec![photos::photo(7, "photo_post", PhotoSource::Camera)]
        }
        ObservationKind::Unknown => (),
    }
}

/// What the core would say of a draft.
pub(super) fn view(draft: FormDraft) -> FormView {
    let (row, entry) = subject(draft.kind);
    let (household, checklist, policy) = (ledger::entry(), Checklist::of(draft.kind), Policy::builtin());
    let ledger = FormLedger { subject: &entry, household: Some(&household), open_issues: &[] };
    let area =
        (row.ledger == LedgerKind::Post).then(|| WorkArea::of_post(&entry, &policy.posts.area)).flatten();
    let input = EvidenceInput::of_draft(&draft, NOW_MS, Some(800), Platform::Web, Some(ANCHOR), None);
    let input = input.in_area(area);
    FormView {
        subject: row,
        anchor: Some(ANCHOR),
        prefilled: form::prefill(&draft, checklist, &ledger)
            .into_iter()
            .map(|known| (known.question, known.answer))
            .collect::<BTreeMap<_, _>>(),
        relevant: form::relevant(&draft, checklist, &ledger)
            .iter()
            .map(|question| question.key.clone())
            .collect(),
        problems: form::problems(&draft, checklist, &ledger),
        effects: form::effects(&draft, checklist, policy, &ledger),
        evidence: assess(&input, &policy.evidence),
        last: Some(records::row(4)),
        verdict: form::verdict(&draft, checklist, &ledger),
        missing_photos: form::missing_photos(&draft, checklist, &ledger),
        photos: draft.photos.iter().map(|photo| photos::row(photo.clone(), PhotoState::Device)).collect(),
        draft,
    }
}

/// A record just saved.
pub(super) fn saved(kind: ObservationKind) -> SavedForm {
    let form = open(kind, true);
    let number = if kind == ObservationKind::HouseInspection { 7 } else { 1 };
    SavedForm { id: record(number), evidence: form.evidence, effects: form.effects }
}
