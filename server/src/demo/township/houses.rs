//! The houses of a village: the one that a household lives in and, here and there, an old one left standing.

use super::dice::Dice;
use super::roster::{Fields, VillagePlan, shifted};
use bianfang_shared::day::{day_of, plus_days};
use bianfang_shared::id::EntityId;
use bianfang_shared::ledger::{Point, house, household};
use bianfang_shared::value::Value;

/// How a house stands when the roll is taken, and so what whoever looks at it will find.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Case {
    /// A, lived in.
    Sound,
    /// B, lived in.
    Basic,
    /// C by first judgement, lived in.
    Suspect,
    /// C by a report, lived in, waits for its renovation.
    Reported,
    /// D by first judgement, lived in.
    Whole,
    /// C by a report, empty while it is renovated.
    Renovating,
    /// Was C, renovated, B by a report.
    Renovated,
    /// C by first judgement, empty, no sign.
    Unsigned,
    /// C by first judgement, empty, with a sign.
    Signed,
    /// D by a report, empty, with a sign, neither sealed nor taken down.
    Standing,
    /// D by a report, empty, sealed with a sign.
    Sealed,
}

/// A house as planned.
#[derive(Clone, Debug)]
pub(super) struct House {
    pub(super) id: EntityId,
    pub(super) case: Case,
    /// What the roll says of it, but for its household.
    pub(super) fields: Fields,
}

/// So many places for special houses in a village; each household stands at one of them.
const PLACES: u64 = 60;
/// Marks the dice of houses.
const HOUSES: u64 = 0x686f_7573;

impl Case {
    pub(super) fn lived_in(self) -> bool {
        matches!(
            self,
            Self::Sound | Self::Basic | Self::Suspect | Self::Reported | Self::Whole | Self::Renovated
        )
    }

    fn grade(self) -> &'static str {
        match self {
            Self::Sound => "A",
            Self::Basic | Self::Renovated => "B",
            Self::Suspect | Self::Reported | Self::Renovating | Self::Unsigned | Self::Signed => "C",
            Self::Whole | Self::Standing | Self::Sealed => "D",
        }
    }

    /// C or D.
    pub(super) fn dangerous(self) -> bool {
        matches!(self.grade(), "C" | "D")
    }

    fn rectification(self) -> &'static str {
        match self {
            Self::Sound | Self::Basic => house::NONE_NEEDED,
            Self::Suspect | Self::Whole | Self::Unsigned | Self::Signed => house::TO_BE_ASSESSED,
            Self::Reported | Self::Standing => house::TO_BE_RENOVATED,
            Self::Renovating => house::BEING_RENOVATED,
            Self::Renovated => house::RENOVATED,
            Self::Sealed => house::SEALED_UP,
        }
    }

    /// How an old house left beside the new one stands, if there is one at this place.
    fn of_old(place: u64) -> Option<Self> {
        match place {
            5 => Some(Self::Unsigned),
            12 => Some(Self::Standing),
            27 => Some(Self::Sealed),
            40 => Some(Self::Signed),
            _ => None,
        }
    }
}

/// A household's houses, the one lived in first. Some households have none on the roll.
pub(super) fn plan(village: &VillagePlan, number: usize, household: &Fields) -> Vec<House> {
    let number = u64::try_from(number).unwrap_or(0);
    let mut dice = Dice::new(village.seed ^ HOUSES, village.salt * 10_000_000 + number);
    // Spread over the roll, differently in each village.
    let place = (number * 7 + village.salt * 11) % PLACES;
    let suspect = household["housing_state"].holds("suspect");
    let main = main_case(&mut dice, village, place, suspect);
    let Some(main) = main else { return Vec::new() };
    [Some(main), Case::of_old(place)]
        .into_iter()
        .flatten()
        .enumerate()
        .map(|(at, case)| house(&mut dice, village, household, at, case))
        .collect()
}

fn main_case(dice: &mut Dice, village: &VillagePlan, place: u64, suspect: bool) -> Option<Case> {
    Some(match place {
        3 => Case::Reported,
        9 if village.salt.is_multiple_of(3) => Case::Whole,
        15 => Case::Renovating,
        21 => Case::Renovated,
        _ if suspect => Case::Suspect,
        // Live with relatives or in the town; the roll has no house of theirs.
        33 | 45 | 57 => return None,
        _ if dice.percent(58) => Case::Sound,
        _ => Case::Basic,
    })
}

fn house(dice: &mut Dice, village: &VillagePlan, household: &Fields, at: usize, case: Case) -> House {
    let anchor: Point = household[household::ANCHOR].read().unwrap_or(village.centre);
    // The anchor was taken at the door of the house lived in; the old one stands behind or beside it.
    let reach = if at == 0 { 4.0 } else { 28.0 };
    let point = shifted(anchor, dice.around() * reach, dice.around() * reach);
    let (structure, years) = structure(dice, case);
    let code = household[household::CODE].as_text().unwrap_or_default();
    let mut fields: Fields = [
        (house::CODE, format!("{code}-{}", at + 1).into()),
        (house::NAME, if at == 0 { "主屋" } else { "老宅" }.into()),
        ("address", household[household::ADDRESS].clone()),
        (house::POINT, Value::write(&point)),
        (house::STRUCTURE, structure.into()),
        ("storeys", Value::Int(if structure == "brick_concrete" { dice.between(2, 3) } else { 1 })),
        ("year", Value::Int(dice.between(years.0, years.1))),
        (house::GRADE, case.grade().into()),
        (house::LIVED_IN, case.lived_in().into()),
        (house::RECTIFICATION, case.rectification().into()),
    ]
    .map(|(key, value)| (key.to_owned(), value))
    .into();
    let mut put = |key: &str, value: Value| fields.insert(key.to_owned(), value);
    if by_report(dice, case) {
        let day = plus_days(day_of(village.since_ms), -dice.between(60, 700));
        put(house::GRADED_BY, house::BY_REPORT.into());
        put("report_no", format!("农房鉴〔{}〕{:03}号", day.year(), dice.between(1, 480)).into());
        put("report_date", day.to_string().into());
    } else {
        put(house::GRADED_BY, house::BY_FIRST_JUDGEMENT.into());
    }
    if !case.lived_in() {
        put(house::SIGN_POSTED, (case != Case::Unsigned).into());
        put(house::SEALED, (case == Case::Sealed).into());
    }
    House { id: EntityId::new(village.since_ms, dice.ten_bytes()), case, fields }
}

fn by_report(dice: &mut Dice, case: Case) -> bool {
    match case {
        Case::Reported | Case::Renovating | Case::Renovated | Case::Standing | Case::Sealed => true,
        Case::Suspect | Case::Whole | Case::Unsigned | Case::Signed => false,
        // The general survey of some years ago reached a third of the houses in order.
        Case::Sound | Case::Basic => dice.percent(34),
    }
}

/// Of what a house is built, and in which years such were built.
fn structure(dice: &mut Dice, case: Case) -> (&'static str, (i64, i64)) {
    const CONCRETE: (&str, (i64, i64)) = ("brick_concrete", (1_998, 2_021));
    const TIMBER: (&str, (i64, i64)) = ("brick_timber", (1_981, 2_003));
    const EARTH: (&str, (i64, i64)) = ("earth_timber", (1_962, 1_988));
    const ADOBE: (&str, (i64, i64)) = ("adobe", (1_956, 1_979));
    const STONE: (&str, (i64, i64)) = ("stone", (1_968, 1_992));
    match case {
        Case::Sound => *dice.pick(&[CONCRETE, CONCRETE, CONCRETE, TIMBER]),
        Case::Basic | Case::Renovated => *dice.pick(&[CONCRETE, TIMBER, TIMBER, STONE]),
        Case::Suspect | Case::Reported | Case::Renovating => *dice.pick(&[TIMBER, EARTH, EARTH, STONE]),
        Case::Whole | Case::Unsigned | Case::Signed | Case::Standing | Case::Sealed => {
            *dice.pick(&[EARTH, EARTH, ADOBE])
        }
    }
}
