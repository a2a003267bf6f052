//! Who has an account, and who works in which village.

use super::dice::Dice;
use super::names;
use bianfang_shared::access::Role;
use bianfang_shared::area::{AreaCode, AreaLevel};
use bianfang_shared::id::UserId;

/// A person with an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemoPerson {
    /// The id that operations name.
    pub id: UserId,
    /// The name to sign in with.
    pub login: String,
    /// The name to show.
    pub name: String,
    /// What the person is.
    pub role: Role,
    /// The areas granted.
    pub grants: Vec<AreaCode>,
    /// Whether the account has the demo password; the others are there to be assigned to.
    pub signs_in: bool,
}

/// Who works in a village.
#[derive(Clone, Debug)]
pub(super) struct Staff {
    pub(super) village: AreaCode,
    pub(super) administrator: UserId,
    pub(super) supervisor: UserId,
    pub(super) secretary: UserId,
    pub(super) doctor: UserId,
    /// Of the work team; signs the holders of public posts in and out.
    pub(super) team: UserId,
    /// Those whom households are assigned to; at least two.
    pub(super) cadres: Vec<UserId>,
}

/// The villages of `cadre` and of `cadre2`, by the end of their codes: 八景村, 双桥村; 双桥村, 智峰村.
const CADRE_VILLAGES: [u64; 2] = [214, 215];
const CADRE2_VILLAGES: [u64; 2] = [215, 216];
/// The village of the work team that signs in.
const TEAM_VILLAGE: u64 = 215;

/// All accounts, and the staff of each village.
pub(super) fn people(dice: &mut Dice, villages: &[AreaCode], since_ms: i64) -> (Vec<DemoPerson>, Vec<Staff>) {
    let township: Vec<AreaCode> =
        villages.first().map(|code| code.at(AreaLevel::Township)).into_iter().collect();
    let ending = |ends: [u64; 2]| -> Vec<AreaCode> {
        villages.iter().filter(|code| ends.contains(&(code.number() % 1_000))).copied().collect()
    };
    let mut made = Vec::new();
    let mut add = |dice: &mut Dice, login: String, role: Role, grants: Vec<AreaCode>, signs_in: bool| {
        let (surname, male) = (names::surname(dice), dice.percent(60));
        let name = names::full(dice, surname, male);
        let id = UserId::new(since_ms, dice.ten_bytes());
        made.push(DemoPerson { id, login, name, role, grants, signs_in });
        id
    };
    let administrator = add(dice, "admin".to_owned(), Role::Administrator, township.clone(), true);
    let supervisor = add(dice, "supervisor".to_owned(), Role::Supervisor, township, true);
    let cadre = add(dice, "cadre".to_owned(), Role::Cadre, ending(CADRE_VILLAGES), true);
    let cadre2 = add(dice, "cadre2".to_owned(), Role::Cadre, ending(CADRE2_VILLAGES), true);
    let staff = villages
        .iter()
        .map(|&village| {
            let end = village.number() % 1_000;
            let login = |role: &str| format!("{role}{end:03}");
            let mut cadres = Vec::new();
            cadres.extend(CADRE_VILLAGES.contains(&end).then_some(cadre));
            cadres.extend(CADRE2_VILLAGES.contains(&end).then_some(cadre2));
            for number in 1..=2 {
                cadres.push(add(dice, login(&format!("cadre{number}-")), Role::Cadre, vec![village], false));
            }
            // Work for the whole village; no household is assigned to it. The one of 双桥村 signs in, since supplies and
            // posts are due for nobody but the work team and the secretary.
            let team = add(dice, login("team-"), Role::TeamMember, vec![village], end == TEAM_VILLAGE);
            Staff {
                village,
                administrator,
                supervisor,
                secretary: add(dice, login("secretary-"), Role::VillageSecretary, vec![village], false),
                doctor: add(dice, login("doctor-"), Role::FamilyDoctor, vec![village], false),
                team,
                cadres,
            }
        })
        .collect();
    (made, staff)
}
