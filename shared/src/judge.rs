//! Decides what to do with an incoming operation. Touches no table: what it needs to know it asks of [`Facts`].

use crate::access::Actor;
use crate::area::{AreaCode, AreaLevel};
use crate::entry::FieldKey;
use crate::id::{EntityId, ObservationId, OpId, UserId};
use crate::ledger::{self, BadValue, Expected, LedgerKind};
use crate::observation::Observation;
use crate::op::{Body, Change, IssueStep, Op};
use crate::value::Value;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Most fields in one operation.
pub const FIELDS_MAX: usize = 200;
/// Most answers in one record.
pub const ANSWERS_MAX: usize = 500;
/// Most places in one record.
pub const FIXES_MAX: usize = 200;
/// Most photographs in one record.
pub const PHOTOS_MAX: usize = 50;
/// Most companions of one record.
pub const COMPANIONS_MAX: usize = 50;

/// What [`Reason::TooMany`] can name: each has words under `reason-counted-<key>`.
pub const COUNTED: &[&str] =
    &["bytes", "fields", "changes", "parents", "answers", "fixes", "photos", "companions"];

/// What the judge has to know of what was merged before.
pub trait Facts {
    /// The ledger and the village of an entry that has been registered.
    fn entry(&self, entity: EntityId) -> Option<(LedgerKind, AreaCode)>;
    /// What is held of a record.
    fn observation(&self, observation: ObservationId) -> Option<RecordFacts>;
    /// Who last rectified a problem.
    fn rectifier(&self, issue: EntityId) -> Option<UserId>;
}

/// What is held of a record, as far as judging needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordFacts {
    /// The operation that recorded it first.
    pub op: OpId,
    /// The village.
    pub scope: AreaCode,
    /// Its author.
    pub author: UserId,
}

/// Why an operation is set aside. It is kept and shown, never dropped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Reason {
    /// Not readable as an operation.
    Unreadable {
        /// What the reader said.
        detail: String,
    },
    /// It names another device or place in the chain than it was sent under.
    Misnumbered,
    /// It names another author than the one signed in.
    AuthorMismatch,
    /// The scope is not a village.
    NotAVillage,
    /// The author has no grant for the village.
    OutsideGrants,
    /// The author's role does not allow this.
    RoleForbids,
    /// The entry is not known here (yet).
    UnknownEntity {
        /// Which.
        entity: EntityId,
    },
    /// The record is not known here (yet).
    UnknownObservation {
        /// Which.
        observation: ObservationId,
    },
    /// The entry or record belongs to another village or ledger.
    WrongPlace,
    /// A value does not fit its field.
    BadValue {
        /// The field, answer or part.
        #[cfg_attr(feature = "openapi", schema(value_type = String))]
        field: FieldKey,
        /// What would fit, in English, for whoever looks closer.
        detail: String,
        /// The ledger whose field it is; none for answers and parts of a record, and in reasons of older versions.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ledger: Option<LedgerKind>,
        /// What is wrong, for the screens' own words; none in reasons of older versions.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        fault: Option<Fault>,
    },
    /// More of something than allowed.
    TooMany {
        /// Of what: one of [`COUNTED`], or what a newer version counts.
        what: String,
        /// How many are allowed.
        max: usize,
    },
    /// Another record has this id already.
    DuplicateRecord,
    /// A problem is to be accepted by someone other than its rectifier.
    OwnRectification,
    /// A reason of a newer version.
    #[serde(other)]
    Unknown,
}

impl Reason {
    /// Whether something that may still arrive can heal it. Then it is judged again by itself.
    pub fn waits_for(&self) -> Option<Awaited> {
        match self {
            Self::UnknownEntity { entity } => Some(Awaited::Entity(*entity)),
            Self::UnknownObservation { observation } => Some(Awaited::Observation(*observation)),
            _ => None,
        }
    }
}

/// What is wrong with a value. Its words are under `reason-fault-<code>`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Fault {
    /// Another shape than the field's.
    WrongShape {
        /// What would fit.
        expected: Expected,
    },
    /// Longer than allowed.
    TooLong {
        /// How many characters are allowed.
        max: usize,
    },
    /// Not among the choices.
    NotAChoice {
        /// What came, at most its first 40 characters.
        text: String,
    },
    /// Outside the bounds, which are decimal numbers.
    OutOfBounds {
        /// The least that fits.
        min: String,
        /// The most that fits.
        max: String,
    },
    /// The check digit of the ID number is wrong.
    CheckDigit,
    /// A character that no ledger can hold.
    ControlCharacter,
    /// The same field twice in one operation.
    Twice,
    /// A fault of a newer version.
    #[serde(other)]
    Unknown,
}

impl From<BadValue> for Fault {
    fn from(bad: BadValue) -> Self {
        match bad {
            BadValue::Shape(expected) => Self::WrongShape { expected },
            BadValue::TooLong(max) => Self::TooLong { max },
            BadValue::NotAChoice(text) => Self::NotAChoice { text },
            BadValue::OutOfBounds(min, max) => Self::OutOfBounds { min, max },
            BadValue::CheckDigit => Self::CheckDigit,
            BadValue::ControlCharacter => Self::ControlCharacter,
        }
    }
}

/// What a set-aside operation waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Awaited {
    /// An entry's registration.
    Entity(EntityId),
    /// A record.
    Observation(ObservationId),
}

/// What became of an operation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = MergeOutcome))]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Outcome {
    /// In the ledger.
    Merged,
    /// In the ledger, beside a different value that its author had not seen.
    MergedWithConflict,
    /// Set aside, with the reason.
    Quarantined {
        /// Why.
        reason: Reason,
    },
}

/// Whether `op`, sent by `actor`, may be merged.
pub fn judge(op: &Op, actor: &Actor, facts: &impl Facts) -> Result<(), Reason> {
    if op.author != actor.user {
        return Err(Reason::AuthorMismatch);
    }
    if op.scope.level() != AreaLevel::Village {
        return Err(Reason::NotAVillage);
    }
    if !actor.covers(op.scope) {
        return Err(Reason::OutsideGrants);
    }
    match &op.body {
        Body::Register { entity, ledger, fields, .. } => judge_register(op, *entity, *ledger, fields, facts),
        Body::Amend { entity, changes, .. } => judge_amend(op, *entity, changes, facts),
        Body::Record { observation } => judge_record(op, observation, facts),
        Body::Retract { observation, reason } => {
            let record = record_in(op, *observation, facts)?;
            check_part("reason", reason)?;
            if record.author == actor.user || actor.role.reviews() {
                Ok(())
            } else {
                Err(Reason::RoleForbids)
            }
        }
        Body::Review { observation, comment, .. } => {
            record_in(op, *observation, facts)?;
            check_part("comment", comment)?;
            if actor.role.reviews() { Ok(()) } else { Err(Reason::RoleForbids) }
        }
        Body::Step { issue, step, note, .. } => judge_step(op, *issue, *step, note, actor, facts),
        // What a newer client says is kept in the log and understood after the next upgrade.
        Body::Unknown => Ok(()),
    }
}

fn judge_register(
    op: &Op,
    entity: EntityId,
    ledger: LedgerKind,
    fields: &BTreeMap<FieldKey, Value>,
    facts: &impl Facts,
) -> Result<(), Reason> {
    at_most("fields", fields.len(), FIELDS_MAX)?;
    // A second registration comes from a phone that enrolled anew and sent again what it had; it must agree.
    if facts.entry(entity).is_some_and(|known| known != (ledger, op.scope)) {
        return Err(Reason::WrongPlace);
    }
    fields.iter().try_for_each(|(field, value)| check_field(ledger, field, value))
}

fn judge_amend(op: &Op, entity: EntityId, changes: &[Change], facts: &impl Facts) -> Result<(), Reason> {
    at_most("changes", changes.len(), FIELDS_MAX)?;
    let ledger = entry_in(op, entity, facts)?;
    let mut seen = BTreeSet::new();
    changes.iter().try_for_each(|change| {
        at_most("parents", change.parents.len(), FIELDS_MAX)?;
        if !seen.insert(&change.field) {
            let detail = "a field can be changed once in an operation".to_owned();
            let (field, ledger) = (change.field.clone(), Some(ledger));
            return Err(Reason::BadValue { field, detail, ledger, fault: Some(Fault::Twice) });
        }
        check_field(ledger, &change.field, &change.value)
    })
}

fn judge_record(op: &Op, observation: &Observation, facts: &impl Facts) -> Result<(), Reason> {
    entry_in(op, observation.subject, facts)?;
    if facts
        .observation(observation.id)
        .is_some_and(|known| known.scope != op.scope || known.author != op.author)
    {
        return Err(Reason::DuplicateRecord);
    }
    at_most("answers", observation.answers.len(), ANSWERS_MAX)?;
    at_most("fixes", observation.fixes.len(), FIXES_MAX)?;
    at_most("photos", observation.photos.len(), PHOTOS_MAX)?;
    at_most("companions", observation.companions.len(), COMPANIONS_MAX)?;
    check_part("note", &observation.note)?;
    check_part("met", &observation.met)?;
    observation.answers.iter().try_for_each(|(key, value)| check_field(LedgerKind::Unknown, key, value))
}

fn judge_step(
    op: &Op,
    issue: EntityId,
    step: IssueStep,
    note: &str,
    actor: &Actor,
    facts: &impl Facts,
) -> Result<(), Reason> {
    if entry_in(op, issue, facts)? != LedgerKind::Issue {
        return Err(Reason::WrongPlace);
    }
    check_part("note", note)?;
    match step {
        IssueStep::Accept if facts.rectifier(issue) == Some(actor.user) => Err(Reason::OwnRectification),
        IssueStep::Accept | IssueStep::SendBack if !actor.role.reviews() => Err(Reason::RoleForbids),
        _ => Ok(()),
    }
}

/// The ledger of an entry in the operation's own village.
fn entry_in(op: &Op, entity: EntityId, facts: &impl Facts) -> Result<LedgerKind, Reason> {
    let (ledger, scope) = facts.entry(entity).ok_or(Reason::UnknownEntity { entity })?;
    if scope == op.scope { Ok(ledger) } else { Err(Reason::WrongPlace) }
}

fn record_in(op: &Op, observation: ObservationId, facts: &impl Facts) -> Result<RecordFacts, Reason> {
    let record = facts.observation(observation).ok_or(Reason::UnknownObservation { observation })?;
    if record.scope == op.scope { Ok(record) } else { Err(Reason::WrongPlace) }
}

fn check_field(ledger: LedgerKind, field: &str, value: &Value) -> Result<(), Reason> {
    let known = (ledger != LedgerKind::Unknown).then_some(ledger);
    ledger::check(ledger, field, value).map_err(|bad| bad_value(field, known, bad))
}

fn check_part(part: &str, text: &str) -> Result<(), Reason> {
    ledger::check_text(text, ledger::NOTE_CHARS_MAX).map_err(|bad| bad_value(part, None, bad))
}

fn bad_value(field: &str, ledger: Option<LedgerKind>, bad: BadValue) -> Reason {
    let field = field.chars().take(64).collect();
    Reason::BadValue { field, detail: bad.to_string(), ledger, fault: Some(bad.into()) }
}

fn at_most(what: &str, count: usize, max: usize) -> Result<(), Reason> {
    if count <= max { Ok(()) } else { Err(Reason::TooMany { what: what.to_owned(), max }) }
}
