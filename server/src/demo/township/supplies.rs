//! The water supplies of a village, of whatever kinds its hills allow, and what is wrong with some of them.

use super::dice::Dice;
use super::names;
use super::roster::{Fields, VillagePlan, shifted};
use super::writer::Writer;
use bianfang_shared::day::{day_of, plus_days};
use bianfang_shared::id::EntityId;
use bianfang_shared::ledger::{LedgerKind, Point, water_supply};
use bianfang_shared::op::Op;
use bianfang_shared::value::Value;

/// What whoever checks a supply will find.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Case {
    /// Everything is in order.
    Good,
    /// Less water than one would like: 基本达标.
    Scant,
    /// Short in autumn: 基本达标.
    Seasonal,
    /// Short for two months and more: 不达标.
    Dry,
    /// It smells.
    Smelly,
    /// Nobody ever tested it.
    Untested,
    /// Nobody keeps it.
    Unkept,
    /// Often cut off.
    Unstable,
    /// Too dear.
    Dear,
    /// The kit finds too little chlorine.
    Weak,
}

/// A supply as planned.
#[derive(Clone, Debug)]
pub(super) struct Supply {
    pub(super) id: EntityId,
    pub(super) kind: &'static str,
    pub(super) case: Case,
    fields: Fields,
}

/// Marks the dice of supplies.
const SUPPLIES: u64 = 0x7761_7465;
/// Groups of a village.
const GROUPS: u64 = 8;

/// By village, in the order of their codes: the first serves most households.
const TABLE: [&[(&str, Case)]; 9] = [
    &[("central", Case::Good), ("well", Case::Good)],
    &[("small", Case::Good), ("spring", Case::Seasonal), ("well", Case::Smelly)],
    &[("central", Case::Unstable), ("small", Case::Untested), ("cistern", Case::Dry)],
    &[("small", Case::Good), ("diverted", Case::Unkept)],
    &[("central", Case::Good), ("well", Case::Scant), ("spring", Case::Good)],
    &[("small", Case::Weak), ("central", Case::Good), ("spring", Case::Seasonal), ("well", Case::Good)],
    &[("central", Case::Dear), ("small", Case::Good), ("cistern", Case::Dry), ("well", Case::Smelly)],
    &[("small", Case::Untested), ("spring", Case::Good)],
    &[("central", Case::Good), ("diverted", Case::Seasonal), ("well", Case::Good)],
];

/// The supplies of a village.
pub(super) fn plan(village: &VillagePlan) -> Vec<Supply> {
    let at = usize::try_from(village.salt.saturating_sub(1)).unwrap_or(0) % TABLE.len();
    let mut dice = Dice::new(village.seed ^ SUPPLIES, village.salt);
    let kinds = TABLE[at];
    let supply = |(number, &(kind, case)): (usize, &(&'static str, Case))| {
        let share = (0..GROUPS).filter(|group| place_of(*group, kinds.len()) == number).count();
        let served = village.households * share / usize::try_from(GROUPS).unwrap_or(1);
        let fields = fields(&mut dice, village, (number, kind), case, served);
        Supply { id: EntityId::new(village.since_ms, dice.ten_bytes()), kind, case, fields }
    };
    kinds.iter().enumerate().map(supply).collect()
}

/// The supply of a group.
pub(super) fn of_group(supplies: &[Supply], group: u64) -> &Supply {
    &supplies[place_of(group, supplies.len())]
}

/// The last groups have a supply of their own each, the others share the first.
fn place_of(group: u64, supplies: usize) -> usize {
    let own = usize::try_from(group % GROUPS).unwrap_or(0);
    if own < supplies { own } else { 0 }
}

/// The operations that register the supplies.
pub(super) fn register(village: &VillagePlan, at_ms: i64, writer: &mut Writer) -> Vec<Op> {
    let enter = |supply: &Supply| {
        village.enter(writer, at_ms, (supply.id, LedgerKind::WaterSupply), supply.fields.clone())
    };
    village.supplies.iter().map(enter).collect()
}

fn fields(
    dice: &mut Dice,
    village: &VillagePlan,
    (number, kind): (usize, &'static str),
    case: Case,
    served: usize,
) -> Fields {
    let group = if number == 0 { GROUPS } else { u64::try_from(number).unwrap_or(1) };
    let place = format!("{}第{group}组", village.name);
    let point =
        Point { accuracy_m: 8.0, ..shifted(village.centre, dice.around() * 420.0, dice.around() * 420.0) };
    let name = match kind {
        "central" => format!("三江水厂{}管网", village.name),
        "small" => format!("{}小型供水站", village.name),
        "well" => format!("{place}水井"),
        "spring" => format!("{place}山泉"),
        "cistern" => format!("{place}集雨水窖"),
        _ => format!("{place}引水池"),
    };
    let works = matches!(kind, "central" | "small");
    let unit = if kind == "central" {
        "三江镇供水站".to_owned()
    } else {
        format!("{}村民委员会", village.name)
    };
    let mut fields: Fields = [
        (water_supply::NAME, name.into()),
        (water_supply::CODE, format!("SJ{:03}-W{:02}", village.village.number() % 1_000, number + 1).into()),
        (water_supply::KIND, kind.into()),
        ("address", place.into()),
        (water_supply::POINT, Value::write(&point)),
        (water_supply::UNIT, unit.into()),
        ("households_served", Value::Int(i64::try_from(served).unwrap_or(0))),
        (water_supply::SCARCE, false.into()),
    ]
    .map(|(key, value)| (key.to_owned(), value))
    .into();
    let mut put = |key: &str, value: Value| fields.insert(key.to_owned(), value);
    if case != Case::Unkept {
        let surname = names::surname(dice);
        put(water_supply::KEEPER, names::full(dice, surname, true).into());
        put("keeper_phone", names::phone(dice).into());
    }
    match kind {
        "central" => put("price", Value::number(if case == Case::Dear { 4.2 } else { 2.3 })),
        "small" => put("price", Value::number(1.6)),
        _ => None,
    };
    if works && case != Case::Untested {
        let day = plus_days(day_of(village.since_ms), -dice.between(20, 160));
        put(water_supply::REPORT_MEETS, true.into());
        put("report_date", day.to_string().into());
    }
    if matches!(case, Case::Seasonal | Case::Dry) {
        put(water_supply::SHORTAGE_MONTHS, Value::texts(["9", "10"]));
    }
    fields
}
