//! What records are about, by the names that people know them by. A house goes by its household's head, a post by its
//! holder; by a name of their own only where that is not known, or not the reader's to know.

use crate::service::Refusal;
use crate::service::reader::Reader;
use crate::store::log::HeldEntry;
use bianfang_shared::entry::Entry;
use bianfang_shared::id::EntityId;
use bianfang_shared::ledger::{CODE, LedgerKind, household, person};
use bianfang_shared::query::NamedEntry;
use bianfang_shared::text;
use std::collections::{BTreeSet, HashMap};

/// The name of water supplies and posts.
const NAME: &str = "name";
/// The person who holds a post.
const HOLDER: &str = "holder";

/// Entries that records are about or have changed, and those that name them.
#[derive(Debug, Default)]
pub(in crate::service) struct Subjects(HashMap<EntityId, HeldEntry>);

impl Subjects {
    /// These entries, and what is needed to name them.
    pub(in crate::service) fn load(
        reader: &Reader<'_>,
        entities: impl IntoIterator<Item = EntityId>,
    ) -> Result<Self, Refusal> {
        let mut subjects = Self::default();
        subjects.add(reader, entities.into_iter().collect())?;
        let by_others: BTreeSet<EntityId> =
            subjects.0.values().filter_map(|held| named_by(&held.entry)).collect();
        let missing = by_others.into_iter().filter(|entity| !subjects.0.contains_key(entity)).collect();
        subjects.add(reader, missing)?;
        Ok(subjects)
    }

    fn add(&mut self, reader: &Reader<'_>, entities: BTreeSet<EntityId>) -> Result<(), Refusal> {
        let entries = reader.entries(&entities.into_iter().collect::<Vec<_>>())?;
        self.0.extend(entries.into_iter().map(|held| (held.entry.id, held)));
        Ok(())
    }

    /// An entry.
    pub(super) fn entry(&self, entity: EntityId) -> Option<&Entry> {
        self.0.get(&entity).map(|held| &held.entry)
    }

    /// What people call it; empty where it is not known.
    pub(in crate::service) fn name(&self, entity: EntityId) -> String {
        let Some(entry) = self.entry(entity) else { return String::new() };
        let other = named_by(entry).and_then(|other| self.entry(other));
        let by_other = other.map_or("", |other| other.text(own_name(other.ledger)));
        let name = if by_other.is_empty() { entry.text(own_name(entry.ledger)) } else { by_other };
        text::shown(name).into_owned()
    }

    /// An entry with what people call it.
    pub(super) fn named(&self, entity: EntityId) -> NamedEntry {
        let ledger = self.entry(entity).and_then(|entry| entry.ledger).unwrap_or(LedgerKind::Unknown);
        NamedEntry { entity, ledger, name: self.name(entity) }
    }

    /// Its code.
    pub(super) fn code(&self, entity: EntityId) -> String {
        self.entry(entity).map(|entry| entry.text(CODE).to_owned()).unwrap_or_default()
    }
}

fn own_name(ledger: Option<LedgerKind>) -> &'static str {
    match ledger {
        Some(LedgerKind::Household) => household::HEAD_NAME,
        _ => NAME,
    }
}

/// The entry that gives this one its name.
fn named_by(entry: &Entry) -> Option<EntityId> {
    let field = match entry.ledger? {
        LedgerKind::House => person::HOUSEHOLD,
        LedgerKind::Post => HOLDER,
        _ => return None,
    };
    entry.text(field).parse().ok()
}
