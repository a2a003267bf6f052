//! Who may do what, where. Decides only; knows no store and no request.

use crate::area::AreaCode;
use crate::id::UserId;
use serde::{Deserialize, Serialize};

/// What a person is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// 帮扶干部、帮扶责任人.
    Cadre,
    /// 驻村工作队员.
    TeamMember,
    /// 村支书.
    VillageSecretary,
    /// 家庭签约医生.
    FamilyDoctor,
    /// 督导、乡村振兴办.
    Supervisor,
    /// 管理员.
    Administrator,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 6] = [
        Self::Cadre,
        Self::TeamMember,
        Self::VillageSecretary,
        Self::FamilyDoctor,
        Self::Supervisor,
        Self::Administrator,
    ];

    /// May approve, send back, retract others' records, accept rectified problems and settle what others wrote
    /// differently. Administrators do not: they make the accounts of those who are reviewed.
    pub fn reviews(self) -> bool {
        matches!(self, Self::Supervisor)
    }

    /// Writes what an office decides: whoever reviews, and administrators, who bring in the office's lists.
    pub fn is_office(self) -> bool {
        matches!(self, Self::Supervisor | Self::Administrator)
    }

    /// May make users, grants and devices.
    pub fn administers(self) -> bool {
        matches!(self, Self::Administrator)
    }
}

/// A person acting: who, as what, and for which areas.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// Who.
    pub user: UserId,
    /// As what.
    pub role: Role,
    /// The areas granted; each means all villages beneath.
    pub grants: Vec<AreaCode>,
}

impl Actor {
    /// Whether a grant covers this area.
    pub fn covers(&self, area: AreaCode) -> bool {
        self.grants.iter().any(|grant| grant.contains(area))
    }
}
