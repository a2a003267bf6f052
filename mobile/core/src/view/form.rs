//! A form as it stands: what is known already, what is asked, what saving would do, how far it would be believed.

use super::names::Names;
use super::{Reading, photos, post, record};
use crate::clock;
use crate::message::{EntryRow, FormView};
use crate::platform::Now;
use crate::store::{StoreError, entries, meta, ops, records};
use crate::view::household::{MEMBERS_MAX, many};
use bianfang_shared::checklist::Checklist;
use bianfang_shared::entry::Entry;
use bianfang_shared::evidence::{Evidence, EvidenceInput, Trace, assess};
use bianfang_shared::form::{self, FormDraft, FormLedger};
use bianfang_shared::id::EntityId;
use bianfang_shared::ledger::{LedgerKind, Point, household, water_supply};
use bianfang_shared::observation::{Answers, ObservationKind};
use bianfang_shared::op::Body;
use bianfang_shared::policy::Policy;

/// What a form is about, with what it needs of the ledgers.
#[derive(Debug)]
pub(crate) struct Subject {
    pub(crate) row: EntryRow,
    pub(crate) point: Option<Point>,
    pub(crate) entry: Entry,
    /// The household that the subject belongs to; none where it is one itself.
    household: Option<Entry>,
    open_issues: Vec<Entry>,
}

impl Subject {
    pub(crate) fn read(reading: &Reading<'_>, id: EntityId) -> Result<Option<Self>, StoreError> {
        let conn = reading.conn;
        let Some(entry) = entries::entry(conn, id)?.filter(|entry| entry.ledger.is_some()) else {
            return Ok(None);
        };
        let Some(line) = entries::line(conn, id)? else { return Ok(None) };
        let issues = entries::open_issues(conn, id, MEMBERS_MAX)?;
        let open_issues = issues.into_iter().filter_map(|id| entries::entry(conn, id).transpose());
        let household = match line.household.filter(|household| *household != id) {
            // One of another village would take the change of its fields into a log that is not its own.
            Some(household) => {
                entries::entry(conn, household)?.filter(|household| household.scope == entry.scope)
            }
            None => None,
        };
        Ok(Some(Self {
            row: line.row,
            point: line.point,
            open_issues: open_issues.collect::<Result<_, _>>()?,
            household,
            entry,
        }))
    }

    pub(crate) fn ledger(&self) -> FormLedger<'_> {
        let own = (self.entry.ledger == Some(LedgerKind::Household)).then_some(&self.entry);
        FormLedger {
            subject: &self.entry,
            household: own.or(self.household.as_ref()),
            open_issues: &self.open_issues,
        }
    }

    /// What is known besides the entries when a form is opened.
    pub(crate) fn facts(
        &self,
        reading: &Reading<'_>,
        kind: ObservationKind,
        now: Now,
    ) -> Result<Answers, StoreError> {
        match kind {
            ObservationKind::Visit => {
                let members = many(reading, self.entry.id, LedgerKind::Person)?;
                Ok(form::member_facts(&members, clock::centre_ms(reading.conn, now)?))
            }
            ObservationKind::Attendance => {
                let holder = post::holder(reading, &self.entry, reading.today(now)?)?;
                Ok(holder.map(|holder| holder.facts()).unwrap_or_default())
            }
            ObservationKind::WaterCheck => self.supply_facts(reading),
            ObservationKind::HouseInspection | ObservationKind::Unknown => Ok(Answers::new()),
        }
    }
}

impl Subject {
    /// Of a check at a household: what kind of supply it has.
    fn supply_facts(&self, reading: &Reading<'_>) -> Result<Answers, StoreError> {
        let Ok(supply) = self.entry.text(household::WATER_SUPPLY).parse::<EntityId>() else {
            return Ok(Answers::new());
        };
        let supply = entries::entry(reading.conn, supply)?;
        let kind = supply.map(|supply| supply.value(water_supply::KIND).clone());
        let told = kind.filter(|kind| !kind.is_blank());
        Ok(told.into_iter().map(|kind| ("supply_kind".to_owned(), kind)).collect())
    }
}

pub(crate) fn view(
    reading: &Reading<'_>,
    now: Now,
    known: Subject,
    draft: FormDraft,
) -> Result<FormView, StoreError> {
    let (checklist, policy, ledger) = (Checklist::of(draft.kind), Policy::builtin(), known.ledger());
    let prefilled = form::prefill(&draft, checklist, &ledger);
    let relevant = form::relevant(&draft, checklist, &ledger);
    let last = records::last_of_kind(reading.conn, draft.subject, draft.kind)?;
    let names = Names::read(reading.conn)?;
    let mut effects = form::effects(&draft, checklist, policy, &ledger);
    if let Some(user) = meta::user(reading.conn)? {
        form::mark_to_approve(&mut effects, &ledger, user.id, user.role);
    }
    Ok(FormView {
        prefilled: prefilled.into_iter().map(|fact| (fact.question, fact.answer)).collect(),
        relevant: relevant.into_iter().map(|question| question.key.clone()).collect(),
        problems: form::problems(&draft, checklist, &ledger),
        effects,
        evidence: evidence(reading, now, &draft, &known)?,
        anchor: known.point,
        verdict: form::verdict(&draft, checklist, &ledger),
        missing_photos: form::missing_photos(&draft, checklist, &ledger),
        photos: photos::rows_in_hand(reading, &draft.photos)?,
        subject: known.row,
        last: last.map(|line| record::row(reading, &names, line)).transpose()?,
        draft,
    })
}

/// How far the form would be believed if it were saved now.
pub(crate) fn evidence(
    reading: &Reading<'_>,
    now: Now,
    draft: &FormDraft,
    known: &Subject,
) -> Result<Evidence, StoreError> {
    let conn = reading.conn;
    let input = EvidenceInput::of_draft(
        draft,
        now.wall_ms,
        clock::offset_ms(conn, now)?,
        reading.kind,
        known.point,
        previous(reading)?,
    );
    let seen = reading.likes.borrow_mut().seen(conn, reading.spool, draft)?;
    let area = records::area(conn, draft.kind, draft.subject)?;
    let input = input.in_area(area).with_photos(None, seen);
    Ok(assess(&input, &Policy::builtin().evidence))
}

/// Own records that are looked through for the last one with a place.
const PREVIOUS_MAX: u32 = 10;

/// Where and when this device made its last record that has a place.
fn previous(reading: &Reading<'_>) -> Result<Option<Trace>, StoreError> {
    let policy = &Policy::builtin().evidence;
    let ops = ops::latest_own_records(reading.conn, PREVIOUS_MAX)?;
    Ok(ops.iter().find_map(|op| match &op.body {
        Body::Record { observation } => Trace::of_record(observation, policy),
        _ => None,
    }))
}
