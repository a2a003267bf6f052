//! The visit form as it stands: what is known already, what is asked, what saving would do, how far it would be
//! believed.

use super::names::Names;
use super::{Reading, households, record};
use crate::message::VisitView;
use crate::platform::Now;
use crate::store::entries::{self, HouseholdLine};
use crate::store::{StoreError, meta, ops, records};
use crate::view::household::{MEMBERS_MAX, many};
use bianfang_shared::checklist::Checklist;
use bianfang_shared::entry::Entry;
use bianfang_shared::evidence::{Evidence, EvidenceInput, Trace, assess};
use bianfang_shared::id::EntityId;
use bianfang_shared::ledger::LedgerKind;
use bianfang_shared::op::Body;
use bianfang_shared::policy::Policy;
use bianfang_shared::visit::{self, VisitDraft, VisitLedger};

/// A household as a visit needs it.
#[derive(Debug)]
pub(crate) struct Household {
    pub(crate) line: HouseholdLine,
    pub(crate) entry: Entry,
    pub(crate) members: Vec<Entry>,
    pub(crate) open_issues: Vec<Entry>,
}

impl Household {
    pub(crate) fn read(reading: &Reading<'_>, id: EntityId) -> Result<Option<Self>, StoreError> {
        let conn = reading.conn;
        let (Some(line), Some(entry)) = (entries::household(conn, id)?, entries::entry(conn, id)?) else {
            return Ok(None);
        };
        let issues = entries::open_issues(conn, id, MEMBERS_MAX)?;
        let open_issues = issues.into_iter().filter_map(|id| entries::entry(conn, id).transpose());
        Ok(Some(Self {
            line,
            entry,
            members: many(reading, id, LedgerKind::Person)?,
            open_issues: open_issues.collect::<Result<_, _>>()?,
        }))
    }

    pub(crate) fn ledger(&self) -> VisitLedger<'_> {
        VisitLedger { household: &self.entry, open_issues: &self.open_issues }
    }
}

pub(crate) fn view(
    reading: &Reading<'_>,
    now: Now,
    known: Household,
    draft: VisitDraft,
) -> Result<VisitView, StoreError> {
    let (checklist, policy) = (Checklist::visit(), Policy::builtin());
    let prefilled = visit::prefill(&draft, checklist, &known.entry);
    let relevant = visit::relevant(&draft, checklist, &known.entry);
    let last_visit = records::last_at_home(reading.conn, draft.household)?;
    let names = Names::read(reading.conn)?;
    Ok(VisitView {
        prefilled: prefilled.into_iter().map(|fact| (fact.question, fact.answer)).collect(),
        relevant: relevant.into_iter().map(|question| question.key.clone()).collect(),
        problems: visit::problems(&draft, checklist, &known.entry),
        effects: visit::effects(&draft, checklist, policy, &known.ledger()),
        evidence: evidence(reading, now, &draft)?,
        anchor: known.line.anchor,
        household: households::row(known.line, None),
        last_visit: last_visit.map(|line| record::row(reading, &names, line)).transpose()?,
        draft,
    })
}

/// How far the form would be believed if it were saved now.
pub(crate) fn evidence(reading: &Reading<'_>, now: Now, draft: &VisitDraft) -> Result<Evidence, StoreError> {
    let conn = reading.conn;
    let input = EvidenceInput::of_draft(
        draft,
        now.wall_ms,
        meta::get(conn, meta::CLOCK_OFFSET_MS)?,
        reading.kind,
        entries::anchor(conn, draft.household)?,
        previous(reading)?,
    );
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
