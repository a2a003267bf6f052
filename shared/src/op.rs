//! Operations: every change anywhere is one, made on one device, in that device's own unbroken order.
//! Holds their shape only; what they do is in [`crate::entry`], whether they may is in [`crate::judge`].

use crate::area::AreaCode;
use crate::entry::FieldKey;
use crate::hlc::Hlc;
use crate::id::{DeviceId, EntityId, ObservationId, OpId, UserId};
use crate::ledger::LedgerKind;
use crate::observation::{Observation, PhotoRef};
use crate::value::Value;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One operation. Its JSON bytes are kept and sent exactly as the device wrote them; nothing is written anew
/// before hashing, so fields that this version does not know survive.
///
/// Sent by released clients. Do not change; add to it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Op {
    /// The device that made it.
    pub device: DeviceId,
    /// Its place in that device's chain, from 1.
    pub seq: u64,
    /// The device's clock.
    pub hlc: Hlc,
    /// Who made it.
    pub author: UserId,
    /// The village whose log it belongs to.
    pub scope: AreaCode,
    /// What it does.
    pub body: Body,
}

impl Op {
    /// Its name.
    pub fn id(&self) -> OpId {
        OpId::new(self.device, self.seq)
    }
}

/// What an operation does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = OpBody))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Body {
    /// A new ledger entry.
    Register {
        /// The new entry's id.
        entity: EntityId,
        /// The ledger it belongs to.
        ledger: LedgerKind,
        /// What is known of it.
        #[cfg_attr(feature = "openapi", schema(value_type = BTreeMap<String, Value>))]
        fields: BTreeMap<FieldKey, Value>,
        /// The observation that led to it, as with a problem found on a visit.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        cause: Option<ObservationId>,
        /// What it looked like, as with a problem opened by hand.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        photos: Vec<PhotoRef>,
    },
    /// New values for fields of an entry.
    Amend {
        /// The entry.
        entity: EntityId,
        /// The new values, at most one for each field.
        changes: Vec<Change>,
        /// The observation that led to it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        cause: Option<ObservationId>,
    },
    /// A record made in the field.
    Record {
        /// The record.
        observation: Box<Observation>,
    },
    /// Takes a record back; it stays readable. By its author or a supervisor; by its author after it was approved, it
    /// asks the supervisor to.
    Retract {
        /// The record.
        observation: ObservationId,
        /// Why.
        reason: String,
    },
    /// A supervisor's word on a record.
    Review {
        /// The record.
        observation: ObservationId,
        /// Approved or sent back.
        verdict: Verdict,
        /// What the author should know.
        #[serde(default)]
        comment: String,
    },
    /// A step in a problem's life.
    Step {
        /// The problem.
        issue: EntityId,
        /// Which step.
        step: IssueStep,
        /// The state's values that its author was looking at.
        parents: Vec<OpId>,
        /// What was done or found.
        #[serde(default)]
        note: String,
        /// What it looks like now.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        photos: Vec<PhotoRef>,
    },
    /// New values that its author's role does not cover (待核定). Kept beside the fields, never among their values, until
    /// the office adopts or refuses them.
    Propose {
        /// The entry.
        entity: EntityId,
        /// The values proposed, at most one for each field, with what its author was looking at.
        changes: Vec<Change>,
        /// The observation that led to it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        cause: Option<ObservationId>,
    },
    /// A proposal is not followed: said by who may write the field, or taken back by its author.
    Refuse {
        /// The entry.
        entity: EntityId,
        /// The field.
        #[cfg_attr(feature = "openapi", schema(value_type = String))]
        field: FieldKey,
        /// The operation that proposed it.
        proposal: OpId,
        /// Why.
        #[serde(default)]
        reason: String,
    },
    /// A companion's word of having gone along. Whom a record names counts for nothing before.
    Accompany {
        /// The record.
        observation: ObservationId,
    },
    /// A kind of a newer version: kept and passed on, understood later.
    #[serde(other)]
    Unknown,
}

impl Body {
    /// The ledger entry that it is about; for a record, its subject.
    pub fn entity(&self) -> Option<EntityId> {
        match self {
            Self::Register { entity, .. }
            | Self::Amend { entity, .. }
            | Self::Propose { entity, .. }
            | Self::Refuse { entity, .. } => Some(*entity),
            Self::Record { observation } => Some(observation.subject),
            Self::Step { issue, .. } => Some(*issue),
            Self::Retract { .. } | Self::Review { .. } | Self::Accompany { .. } | Self::Unknown => None,
        }
    }

    /// The record that it is, follows from, or is about.
    pub fn observation(&self) -> Option<ObservationId> {
        match self {
            Self::Register { cause, .. } | Self::Amend { cause, .. } | Self::Propose { cause, .. } => *cause,
            Self::Record { observation } => Some(observation.id),
            Self::Retract { observation, .. }
            | Self::Review { observation, .. }
            | Self::Accompany { observation } => Some(*observation),
            Self::Step { .. } | Self::Refuse { .. } | Self::Unknown => None,
        }
    }

    /// Whether it is about this field: gives it a value, or proposes one.
    pub fn writes(&self, field: &str) -> bool {
        match self {
            Self::Register { fields, .. } => fields.contains_key(field),
            Self::Amend { changes, .. } | Self::Propose { changes, .. } => {
                changes.iter().any(|change| change.field == field)
            }
            Self::Step { .. } => field == crate::ledger::issue::STATE,
            Self::Refuse { field: refused, .. } => refused == field,
            Self::Record { .. }
            | Self::Retract { .. }
            | Self::Review { .. }
            | Self::Accompany { .. }
            | Self::Unknown => false,
        }
    }

    /// The operations that it names, each with the field in which it is meant.
    pub fn names(&self) -> impl Iterator<Item = (&str, OpId)> {
        let changes = match self {
            Self::Amend { changes, .. } | Self::Propose { changes, .. } => changes.as_slice(),
            _ => &[],
        };
        let of_changes = changes.iter().flat_map(|change| {
            change.parents.iter().chain(&change.adopts).map(|op| (change.field.as_str(), *op))
        });
        let refused = match self {
            Self::Refuse { field, proposal, .. } => Some((field.as_str(), *proposal)),
            _ => None,
        };
        let of_step = match self {
            Self::Step { parents, .. } => parents.as_slice(),
            _ => &[],
        };
        of_changes.chain(refused).chain(of_step.iter().map(|op| (crate::ledger::issue::STATE, *op)))
    }

    /// The photographs that it names. Their bytes follow in the photo lane.
    pub fn photos(&self) -> &[PhotoRef] {
        match self {
            Self::Register { photos, .. } | Self::Step { photos, .. } => photos,
            Self::Record { observation } => &observation.photos,
            Self::Amend { .. }
            | Self::Retract { .. }
            | Self::Review { .. }
            | Self::Propose { .. }
            | Self::Refuse { .. }
            | Self::Accompany { .. }
            | Self::Unknown => &[],
        }
    }
}

/// A new value for one field.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Change {
    /// The field.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub field: FieldKey,
    /// What it says now.
    pub value: Value,
    /// The operations whose values its author was looking at; it replaces exactly those.
    pub parents: Vec<OpId>,
    /// The operation that proposed this, where it follows a proposal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub adopts: Option<OpId>,
}

impl Change {
    /// A new value in place of those of `parents`.
    pub fn new(field: impl Into<FieldKey>, value: impl Into<Value>, parents: Vec<OpId>) -> Self {
        Self { field: field.into(), value: value.into(), parents, adopts: None }
    }
}

/// A supervisor's word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// 已审核.
    Approved,
    /// 已退回: it returns to its author as a task.
    SentBack,
    /// A word of a newer version.
    #[serde(other)]
    Unknown,
}

/// A step of a problem: 整改 → 验收 → 销号, or back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum IssueStep {
    /// Work on it has begun.
    Begin,
    /// 整改: done, asks for acceptance.
    Rectify,
    /// 验收: accepted by someone else, 销号.
    Accept,
    /// 退回: not good enough.
    SendBack,
    /// A step of a newer version; leaves the state to it.
    #[serde(other)]
    Unknown,
}

impl IssueStep {
    /// The state the problem is in after it.
    pub fn state(self) -> &'static str {
        use crate::ledger::issue;
        match self {
            Self::Begin => issue::UNDER_WAY,
            Self::Rectify => issue::TO_ACCEPT,
            Self::Accept => issue::CLOSED,
            Self::SendBack => issue::SENT_BACK,
            Self::Unknown => "unknown",
        }
    }
}
