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

    /// Whether this person may see and change the account of somebody who holds these areas: all of them have to be
    /// this person's own. An account that holds none belongs to no area, so only an administrator of the whole country
    /// is in charge of it: otherwise any township could take it over with its history.
    pub fn administers(&self, held: &[AreaCode]) -> bool {
        let covers_all = || !held.is_empty() && held.iter().all(|area| self.covers(*area));
        self.role.administers() && (self.covers(AreaCode::COUNTRY) || covers_all())
    }

    /// Whether this person may give these areas to an account of this role. Nobody grants more than they hold. An
    /// administrator of the whole country is made by command only, beside the machine.
    pub fn may_grant(&self, role: Role, areas: &[AreaCode]) -> bool {
        let is_chief = role.administers() && areas.contains(&AreaCode::COUNTRY);
        self.administers(areas) && !is_chief
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_grants_or_administers_more_than_they_hold() {
        let areas =
            |codes: &[&str]| codes.iter().map(|code| code.parse().unwrap()).collect::<Vec<AreaCode>>();
        const COUNTRY: &str = "000000000000";
        const COUNTY: &str = "430681000000";
        const TOWNSHIP: &str = "430681113000";
        const VILLAGE: &str = "430681113214";
        const ELSEWHERE: &str = "430682000000";
        use Role::{Administrator, Cadre, Supervisor};
        // Who, with what; what another account holds or is to hold; whether it is in this person's charge, whether its
        // grants may be given to a cadre, and to an administrator.
        for (role, own, other, expected) in [
            (Administrator, &[TOWNSHIP][..], &[VILLAGE][..], [true, true, true]),
            (Administrator, &[TOWNSHIP], &[TOWNSHIP, VILLAGE], [true, true, true]),
            (Administrator, &[TOWNSHIP], &[COUNTY], [false, false, false]),
            (Administrator, &[TOWNSHIP], &[VILLAGE, ELSEWHERE], [false, false, false]),
            (Administrator, &[TOWNSHIP], &[COUNTRY], [false, false, false]),
            (Administrator, &[TOWNSHIP], &[], [false, false, false]),
            (Administrator, &[VILLAGE, COUNTY], &[TOWNSHIP], [true, true, true]),
            (Administrator, &[COUNTRY], &[], [true, true, true]),
            (Administrator, &[COUNTRY], &[ELSEWHERE], [true, true, true]),
            (Administrator, &[COUNTRY], &[COUNTRY], [true, true, false]),
            (Administrator, &[], &[], [false, false, false]),
            (Supervisor, &[COUNTY], &[VILLAGE], [false, false, false]),
            (Cadre, &[VILLAGE], &[VILLAGE], [false, false, false]),
        ] {
            let actor = Actor { user: UserId::from_bytes([1; 16]), role, grants: areas(own) };
            let other = areas(other);
            let found = [
                actor.administers(&other),
                actor.may_grant(Cadre, &other),
                actor.may_grant(Administrator, &other),
            ];
            assert_eq!(found, expected, "{role:?} of {own:?} over {other:?}");
        }
    }
}
