//! Why an operation is set aside, what it waits for, and what became of one. Holds the words only.

use crate::entry::FieldKey;
use crate::id::{EntityId, ObservationId, OpId};
use crate::ledger::{BadValue, Expected, LedgerKind};
use serde::{Deserialize, Serialize};

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
        /// Of what: one of [`super::COUNTED`], or what a newer version counts.
        what: String,
        /// How many are allowed.
        max: usize,
    },
    /// Another record has this id already.
    DuplicateRecord,
    /// A problem is to be accepted by someone other than its rectifier.
    OwnRectification,
    /// Fields that this person's role does not cover: the office can adopt what they say.
    NeedsApproval {
        /// Which.
        #[cfg_attr(feature = "openapi", schema(value_type = Vec<String>))]
        fields: Vec<FieldKey>,
    },
    /// Without these fields nobody could tell the entry from another, or believe the value.
    Missing {
        /// Which.
        #[cfg_attr(feature = "openapi", schema(value_type = Vec<String>))]
        fields: Vec<FieldKey>,
    },
    /// It replaces what other people said in operations that are not here: nobody can have been sent those. Only a
    /// centre that was put back to an older state may still get them; until then it waits.
    UnknownParents {
        /// Which operations.
        ops: Vec<OpId>,
    },
    /// It replaces an operation that says nothing of this entry's field.
    ForeignParent {
        /// Which.
        op: OpId,
    },
    /// A kind of operation, ledger, field, step or word of a newer version: judged after the centre's upgrade.
    NotYetKnown {
        /// What is not known: `kind`, `ledger`, `step`, `verdict`, `observed`, or a field.
        what: String,
    },
    /// Nobody reviews an own record, or one that they accompanied.
    OwnRecord,
    /// An acceptance names the rectification that it accepts.
    NothingToAccept,
    /// A record of this kind cannot be about an entry of that ledger, as an attendance about a household.
    WrongLedger,
    /// Whoever says to have gone along is not named by the record, or made it.
    NotNamed,
    /// The centre could not keep it as it is: something that it concerns is damaged there, or cannot be written.
    CannotBeKept,
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
            Self::UnknownParents { ops } => ops.first().copied().map(Awaited::Operation),
            Self::NotYetKnown { .. } => Some(Awaited::Upgrade),
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
    /// A character that is not seen and changes how a name looks.
    HiddenCharacter,
    /// A name or code begins with a letter, a digit or a bracket.
    BeginsWithSign,
    /// The same choice twice.
    Repeated,
    /// Nested too deep, or of too many parts.
    TooLarge {
        /// How many levels or parts are allowed.
        max: usize,
    },
    /// A name of a field or answer that no version gives.
    OddKey,
    /// It changes by the steps of the problem only.
    ByStepsOnly,
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
            BadValue::HiddenCharacter => Self::HiddenCharacter,
            BadValue::BeginsWithSign => Self::BeginsWithSign,
            BadValue::Repeated => Self::Repeated,
            BadValue::TooDeep(max) | BadValue::TooManyParts(max) => Self::TooLarge { max },
            BadValue::OddKey => Self::OddKey,
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
    /// An operation that a former life of the centre had acknowledged.
    Operation(OpId),
    /// A newer version of the centre.
    Upgrade,
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
