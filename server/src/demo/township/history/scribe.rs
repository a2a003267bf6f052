//! Writes what happens and keeps the ledgers as they then stand. Decides nothing about what happens.

use super::super::dice::Dice;
use super::super::writer::Writer;
use bianfang_shared::access::Role;
use bianfang_shared::area::AreaCode;
use bianfang_shared::checklist::Checklist;
use bianfang_shared::entry::Entry;
use bianfang_shared::form::{self, FormDraft, FormLedger, Stamp};
use bianfang_shared::id::{EntityId, ObservationId, UserId};
use bianfang_shared::ledger::{LedgerKind, issue};
use bianfang_shared::observation::Platform;
use bianfang_shared::op::{Body, Op};
use bianfang_shared::policy::Policy;
use std::collections::BTreeMap;

/// The ledgers of a village and the operations that made them so.
pub(super) struct Scribe {
    village: AreaCode,
    supervisor: UserId,
    writer: Writer,
    entries: BTreeMap<EntityId, Entry>,
    problems: BTreeMap<EntityId, Vec<EntityId>>,
    ops: Vec<Op>,
}

/// What a form is about: the entry and the household that it belongs to.
#[derive(Clone, Copy, Debug)]
pub(super) struct About {
    pub(super) subject: EntityId,
    pub(super) household: Option<EntityId>,
}

/// A form that was saved.
#[derive(Clone, Debug)]
pub(super) struct Saved {
    pub(super) observation: ObservationId,
    /// The problems that it opened.
    pub(super) opened: Vec<EntityId>,
}

impl Scribe {
    pub(super) fn new(
        (village, supervisor): (AreaCode, UserId),
        writer: Writer,
        known: impl IntoIterator<Item = Entry>,
    ) -> Self {
        let entries = known.into_iter().map(|entry| (entry.id, entry)).collect();
        Self { village, supervisor, writer, entries, problems: BTreeMap::new(), ops: Vec::new() }
    }

    /// An entry as it stands.
    pub(super) fn entry(&self, id: EntityId) -> &Entry {
        self.entries.get(&id).expect("what is told of is on the roll, or was opened in the story")
    }

    /// The problems of an entry, in the order opened.
    pub(super) fn problems(&self, subject: EntityId) -> Vec<Entry> {
        let ids = self.problems.get(&subject).map_or(&[][..], Vec::as_slice);
        ids.iter().map(|id| self.entry(*id).clone()).collect()
    }

    /// What an entry's problems that are closed, or that are not, say in a field.
    pub(super) fn said_of(&self, subject: EntityId, field: &str, closed: bool) -> Vec<String> {
        let own = self.problems(subject).into_iter();
        own.filter(|problem| (problem.text(issue::STATE) == issue::CLOSED) == closed)
            .map(|problem| problem.text(field).to_owned())
            .collect()
    }

    /// All operations, in the order written.
    pub(super) fn into_ops(self) -> Vec<Op> {
        self.ops
    }

    /// Asks something of a form with the ledgers as they stand.
    pub(super) fn with_ledger<T>(&self, about: About, ask: impl FnOnce(&FormLedger<'_>) -> T) -> T {
        let open_issues = self.problems(about.subject);
        ask(&FormLedger {
            subject: self.entry(about.subject),
            household: about.household.map(|household| self.entry(household)),
            open_issues: &open_issues,
        })
    }

    /// Saves a form as a phone does.
    pub(super) fn save(
        &mut self,
        dice: &mut Dice,
        draft: &FormDraft,
        about: About,
        author: UserId,
        (saved_ms, platform): (i64, Platform),
    ) -> Option<Saved> {
        let observation = ObservationId::new(saved_ms, dice.ten_bytes());
        let stamp = Stamp {
            author,
            role: if author == self.supervisor { Role::Supervisor } else { Role::Cadre },
            now_ms: saved_ms,
            observation,
            issues: std::array::from_fn(|_| EntityId::new(saved_ms, dice.ten_bytes())),
            clock_offset_ms: Some(dice.between(-1_800, 1_800)),
            platform,
        };
        let list = Checklist::of(draft.kind);
        let saved =
            self.with_ledger(about, |ledger| form::save(draft, list, Policy::builtin(), ledger, &stamp));
        let Ok(bodies) = saved else {
            debug_assert!(false, "a demo form that cannot be saved: {saved:?}");
            return None;
        };
        let mut opened = Vec::new();
        for body in bodies {
            opened.extend(self.write(author, saved_ms, body));
        }
        Some(Saved { observation, opened })
    }

    /// Writes an operation. Answers the problem that it opens, if it opens one.
    pub(super) fn write(&mut self, author: UserId, at_ms: i64, body: Body) -> Option<EntityId> {
        let opens = match &body {
            Body::Register { entity, ledger: LedgerKind::Issue, fields, .. } => {
                self.entries.insert(*entity, Entry::empty(*entity, self.village));
                if let Some(subject) = fields.get(issue::SUBJECT).and_then(|id| id.as_text()?.parse().ok()) {
                    self.problems.entry(subject).or_default().push(*entity);
                }
                Some(*entity)
            }
            _ => None,
        };
        let op = self.writer.write(author, at_ms, body);
        if let Some(entry) = op.body.entity().and_then(|entity| self.entries.get_mut(&entity)) {
            entry.apply(&op, None, |_| false);
        }
        self.ops.push(op);
        opens
    }
}
