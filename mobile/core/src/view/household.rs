//! A household with all that belongs to it.

use super::names::Names;
use super::{Reading, entries as entries_view, entry as entry_detail, households, record, today};
use crate::message::{HouseholdView, LIST_ROWS};
use crate::platform::Now;
use crate::store::{StoreError, drafts, entries, records};
use bianfang_shared::entry::Entry;
use bianfang_shared::id::{EntityId, UserId};
use bianfang_shared::ledger::{FieldType, LedgerKind};
use bianfang_shared::observation::ObservationKind;
use bianfang_shared::query::{ConflictView, EntryView, ProposalView};
use std::collections::BTreeMap;

/// Most members or problems shown with a household.
pub(crate) const MEMBERS_MAX: usize = 100;

pub(crate) fn view(
    reading: Reading<'_>,
    now: Now,
    id: EntityId,
) -> Result<Option<HouseholdView>, StoreError> {
    let conn = reading.conn;
    let (Some(line), Some(entry)) = (entries::household(conn, id)?, entries::entry(conn, id)?) else {
        return Ok(None);
    };
    let names = Names::read(conn)?;
    let visits = records::of_subject(conn, id, LIST_ROWS)?;
    let members = many(&reading, id, LedgerKind::Person)?;
    Ok(Some(HouseholdView {
        due: today::due_of(&reading, now, &line, None)?,
        row: households::row(line, None),
        village: super::village(conn, entry.scope)?,
        linked: entries_view::rows_of(&reading, entry_detail::of_household(&reading, &entry)?, None)?,
        names: users_named(&names, [&entry].into_iter().chain(&members)),
        members: members.iter().map(entry_view).collect(),
        issues: many(&reading, id, LedgerKind::Issue)?.iter().map(entry_view).collect(),
        visits: record::rows(&reading, &names, visits)?,
        has_draft: drafts::get(conn, ObservationKind::Visit, id)?.is_some(),
        entry: EntryView { same_code: entries::same_code(conn, &entry)?, ..entry_view(&entry) },
    }))
}

/// Entries of one ledger that belong to a household.
pub(crate) fn many(
    reading: &Reading<'_>,
    household: EntityId,
    ledger: LedgerKind,
) -> Result<Vec<Entry>, StoreError> {
    let ids = entries::children(reading.conn, household, ledger, MEMBERS_MAX)?;
    ids.into_iter().filter_map(|id| entries::entry(reading.conn, id).transpose()).collect()
}

/// An entry as it stands. Who has the same code is asked where the entry itself is shown.
pub(crate) fn entry_view(entry: &Entry) -> EntryView {
    EntryView {
        id: entry.id,
        ledger: entry.ledger.unwrap_or(LedgerKind::Unknown),
        scope: entry.scope,
        fields: entry.fields.keys().map(|key| (key.clone(), entry.value(key).clone())).collect(),
        conflicts: ConflictView::of_entry(entry),
        proposals: ProposalView::of_entry(entry),
        same_code: Vec::new(),
    }
}

/// Names of the people that fields hold, and of those behind values in conflict.
pub(crate) fn users_named<'e>(
    names: &Names,
    entries: impl Iterator<Item = &'e Entry>,
) -> BTreeMap<String, String> {
    let mut users: Vec<UserId> = Vec::new();
    for entry in entries {
        let kind = entry.ledger.unwrap_or(LedgerKind::Unknown);
        for (key, register) in &entry.fields {
            let holds_user = kind.field(key).is_some_and(|spec| matches!(spec.kind, FieldType::User));
            for sibling in register.siblings() {
                users.push(sibling.author);
                if holds_user {
                    users.extend(sibling.value.as_text().and_then(|text| text.parse::<UserId>().ok()));
                }
            }
        }
    }
    names.among(users)
}
