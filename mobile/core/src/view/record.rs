//! Records: rows of lists, and one with its evidence.

use super::Reading;
use super::names::Names;
use crate::message::{RecordRow, RecordView};
use crate::store::records::{self, RecordLine};
use crate::store::{StoreError, entries, ops};
use crate::view::history;
use bianfang_shared::id::ObservationId;
use bianfang_shared::observation::Observation;
use bianfang_shared::op::Body;

pub(crate) fn row(reading: &Reading<'_>, names: &Names, line: RecordLine) -> Result<RecordRow, StoreError> {
    let (subject_name, subject_code) = entries::name(reading.conn, line.subject)?.unwrap_or_default();
    Ok(RecordRow {
        id: line.id,
        kind: line.kind,
        subject: line.subject,
        subject_name,
        subject_code,
        scope: line.scope,
        author_name: names.of(line.author),
        own: line.own,
        ended_at_ms: line.ended_at_ms,
        outcome: line.outcome,
        grade: line.grade,
        place: line.place,
        in_conflict: line.conflict,
    })
}

pub(crate) fn rows(
    reading: &Reading<'_>,
    names: &Names,
    lines: Vec<RecordLine>,
) -> Result<Vec<RecordRow>, StoreError> {
    lines.into_iter().map(|line| row(reading, names, line)).collect()
}

pub(crate) fn view(reading: Reading<'_>, id: ObservationId) -> Result<Option<RecordView>, StoreError> {
    let Some(line) = records::get(reading.conn, id)? else { return Ok(None) };
    let Some(observation) = own_observation(&reading, id)? else { return Ok(None) };
    let evidence = match records::kept_evidence(reading.conn, id)? {
        Some(evidence) => evidence,
        None => records::assessed(reading.conn, &observation)?,
    };
    Ok(Some(RecordView {
        row: row(&reading, &Names::read(reading.conn)?, line)?,
        anchor: entries::anchor(reading.conn, observation.subject)?,
        observation,
        evidence,
        changes: history::of_record(reading, id)?,
        photos: Vec::new(),
        verdict: None,
    }))
}

/// The record as its author wrote it.
pub(crate) fn own_observation(
    reading: &Reading<'_>,
    id: ObservationId,
) -> Result<Option<Observation>, StoreError> {
    let held = ops::of_observation(reading.conn, id)?;
    Ok(held.into_iter().find_map(|held| match held.op.body {
        Body::Record { observation } => Some(*observation),
        _ => None,
    }))
}
