//! The roll of a village: households with their persons and houses, as an import would register them.

use super::HISTORY_HOUSEHOLDS_MAX;
use super::dice::Dice;
use super::families;
use super::houses::{self, House};
use super::names;
use super::people::Staff;
use super::supplies::{self, Supply};
use super::writer::Writer;
use bianfang_shared::area::AreaCode;
use bianfang_shared::day;
use bianfang_shared::entry::Entry;
use bianfang_shared::id::{EntityId, UserId};
use bianfang_shared::ledger::{LedgerKind, Point, house, household, person};
use bianfang_shared::op::{Body, Op};
use bianfang_shared::value::Value;
use std::collections::BTreeMap;

pub(super) type Fields = BTreeMap<String, Value>;

/// A village as it is planned; each household follows from its number alone.
#[derive(Clone, Debug)]
pub(super) struct VillagePlan {
    pub(super) households: usize,
    pub(super) seed: u64,
    /// The village's number among those of the township, from 1.
    pub(super) salt: u64,
    pub(super) name: String,
    pub(super) village: AreaCode,
    pub(super) importer: UserId,
    pub(super) centre: Point,
    pub(super) since_ms: i64,
    pub(super) supplies: Vec<Supply>,
    cadres: Vec<UserId>,
    doctor: UserId,
}

/// A household with its persons and houses, as the ledgers have them after the roll.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub(super) household: Entry,
    pub(super) members: Vec<Entry>,
    pub(super) houses: Vec<KnownHouse>,
    pub(super) cadre: UserId,
}

/// A house as the ledger has it after the roll, and what is so about it.
#[derive(Clone, Debug)]
pub(super) struct KnownHouse {
    pub(super) case: houses::Case,
    pub(super) entry: Entry,
}

/// Metres of one degree of latitude.
const DEGREE_M: f64 = 111_195.0;
/// How long the import takes for each household.
const IMPORT_STEP_MS: i64 = 4;

impl VillagePlan {
    pub(super) fn new(
        seed: u64,
        salt: u64,
        name: &str,
        staff: &Staff,
        households: usize,
        since_ms: i64,
    ) -> Self {
        // Nine villages in a loose grid of some three kilometres around 28.9 N 113.3 E.
        let cell = |number: u64| f64::from(u8::try_from(number % 3).unwrap_or(0)) - 1.0;
        let mut dice = Dice::new(seed, salt + 500);
        let centre = Point { lat: 28.9, lon: 113.3, accuracy_m: 0.0 };
        let centre = shifted(
            centre,
            cell(salt / 3) * 3_000.0 + dice.around() * 250.0,
            cell(salt) * 3_000.0 + dice.around() * 250.0,
        );
        let mut plan = Self {
            households,
            seed,
            salt,
            name: name.to_owned(),
            village: staff.village,
            importer: staff.administrator,
            centre,
            since_ms,
            supplies: Vec::new(),
            cadres: staff.cadres.clone(),
            doctor: staff.doctor,
        };
        plan.supplies = supplies::plan(&plan);
        plan
    }

    /// The operations that register a household, then its persons, then its houses. Houses are told of as many
    /// households as history is.
    pub(super) fn register(&self, number: usize, writer: &mut Writer) -> Vec<Op> {
        let place = i64::try_from(number).unwrap_or(i64::MAX);
        let mut dice =
            Dice::new(self.seed, self.salt * 10_000_000 + u64::try_from(number).unwrap_or(0) + 10_000);
        let at_ms = self.since_ms.saturating_add(place.saturating_mul(IMPORT_STEP_MS));
        let surname = names::surname(&mut dice);
        let persons = families::persons(&mut dice, surname, day::day_of(self.since_ms));
        let mut fields = self.household(&mut dice, number, &persons);
        let houses = self.houses(number, &fields);
        if let Some(house) = houses.first() {
            fields.insert(household::HOUSE.to_owned(), house.id.to_string().into());
        }
        let mut enter = |dice: &mut Dice, ledger: LedgerKind, fields: Fields| {
            let entity = EntityId::new(at_ms, dice.ten_bytes());
            let body = Body::Register { entity, ledger, fields, cause: None, photos: Vec::new() };
            (entity, writer.write(self.importer, at_ms, body))
        };
        let (household, first) = enter(&mut dice, LedgerKind::Household, fields);
        let mut ops = vec![first];
        for mut person in persons {
            person.insert(person::HOUSEHOLD.to_owned(), household.to_string().into());
            ops.push(enter(&mut dice, LedgerKind::Person, person).1);
        }
        for House { id, mut fields, .. } in houses {
            fields.insert(house::HOUSEHOLD.to_owned(), household.to_string().into());
            ops.push(self.enter(writer, at_ms, (id, LedgerKind::House), fields));
        }
        ops
    }

    /// The operation that registers an entry whose id is known already.
    pub(super) fn enter(
        &self,
        writer: &mut Writer,
        at_ms: i64,
        (entity, ledger): (EntityId, LedgerKind),
        fields: Fields,
    ) -> Op {
        let body = Body::Register { entity, ledger, fields, cause: None, photos: Vec::new() };
        writer.write(self.importer, at_ms, body)
    }

    /// A household as the ledgers have it after these operations.
    pub(super) fn known(&self, number: usize, ops: &[Op]) -> Known {
        let cases = match &ops[0].body {
            Body::Register { fields, .. } => self.houses(number, fields),
            _ => Vec::new(),
        };
        let of_ledger = |ledger: LedgerKind| {
            let entries = ops.iter().filter_map(|op| self.entry(op));
            entries.filter(move |entry| entry.ledger == Some(ledger))
        };
        let houses = cases.iter().zip(of_ledger(LedgerKind::House));
        Known {
            household: of_ledger(LedgerKind::Household)
                .next()
                .expect("the household is registered before its persons"),
            members: of_ledger(LedgerKind::Person).collect(),
            houses: houses.map(|(house, entry)| KnownHouse { case: house.case, entry }).collect(),
            cadre: self.cadre(number),
        }
    }

    /// An entry as the operation that registered it left it.
    pub(super) fn entry(&self, op: &Op) -> Option<Entry> {
        let mut entry = Entry::empty(op.body.entity()?, self.village);
        entry.apply(op, None, |_| false);
        Some(entry)
    }

    fn houses(&self, number: usize, household: &Fields) -> Vec<House> {
        if number < HISTORY_HOUSEHOLDS_MAX { houses::plan(self, number, household) } else { Vec::new() }
    }

    fn cadre(&self, number: usize) -> UserId {
        self.cadres[number % self.cadres.len()]
    }

    fn household(&self, dice: &mut Dice, number: usize, persons: &[Fields]) -> Fields {
        let group = dice.below(8) + 1;
        let has = |key: &str, wanted: &str| {
            persons.iter().any(|person| person.get(key).is_some_and(|v| v.holds(wanted)))
        };
        let categories = categories(dice, persons);
        let monitored = categories.iter().any(|key| household::MONITORED.contains(key));
        let school = persons.iter().any(|person| person["school_state"].holds("in_school"));
        let phone = persons[0].get("phone").cloned().unwrap_or_default();
        let mut fields: Fields = [
            (household::CODE, format!("SJ{:03}-{:05}", self.village.number() % 1_000, number + 1).into()),
            (household::HEAD_NAME, persons[0]["name"].clone()),
            (household::GROUP, format!("第{group}组").into()),
            (household::ADDRESS, format!("{}第{group}组{}号", self.name, number + 1).into()),
            (household::ANCHOR, Value::write(&self.anchor(dice, group))),
            (household::PHONE, phone),
            ("phone_owner", if dice.percent(80) { "self" } else { "family" }.into()),
            (household::CATEGORIES, Value::texts(categories.iter().copied())),
            ("insured", if dice.percent(93) { "all" } else { "some" }.into()),
            ("food_state", "ok".into()),
            ("clothing_state", "ok".into()),
            ("education_state", if school { "ok" } else { "not_applicable" }.into()),
            ("housing_state", if dice.percent(94) { "safe" } else { "suspect" }.into()),
            ("water_state", if dice.percent(85) { "met" } else { "basic" }.into()),
            ("income_source", income(dice, persons.iter().any(|person| person.contains_key("employer")))),
            ("income_per_head", Value::Int(dice.between(80, 260) * 100)),
            (household::CADRE, self.cadre(number).to_string().into()),
            (household::WATER_SUPPLY, supplies::of_group(&self.supplies, group).id.to_string().into()),
        ]
        .map(|(key, value)| (key.to_owned(), value))
        .into();
        let mut put = |key: &str, value: Value| fields.insert(key.to_owned(), value);
        if monitored {
            let colour = *dice.pick(&["green", "green", "yellow", "yellow", "orange"]);
            put(household::COLOUR, colour.into());
            let reason = *dice.pick(&["illness", "disability", "schooling", "unemployment", "disaster"]);
            put("risk_reasons", Value::texts([reason]));
            put("risk_state", if colour == "green" { "removed" } else { "present" }.into());
        }
        if monitored || has("health", "chronic") || has("health", "serious") {
            put(household::FAMILY_DOCTOR, self.doctor.to_string().into());
        }
        // 花桥社区 has the resettlement site of the township.
        if self.village.number() % 1_000 == 1 && dice.percent(40) {
            put("relocation_site", "花桥安置区".into());
        }
        fields
    }

    /// Groups lie around the village's centre, houses around their group's.
    fn anchor(&self, dice: &mut Dice, group: u64) -> Point {
        let mut layout = Dice::new(self.seed, self.salt * 100 + group);
        let (north, east) = (layout.around() * 450.0, layout.around() * 450.0);
        let house = shifted(self.centre, north + dice.around() * 90.0, east + dice.around() * 90.0);
        Point { accuracy_m: f64::from(u8::try_from(dice.between(4, 12)).unwrap_or(8)), ..house }
    }
}

/// The place so many metres north and east.
pub(super) fn shifted(from: Point, north_m: f64, east_m: f64) -> Point {
    let round = |degrees: f64| (degrees * 1e6).round() / 1e6;
    let east_degree_m = DEGREE_M * from.lat.to_radians().cos();
    Point {
        lat: round(from.lat + north_m / DEGREE_M),
        lon: round(from.lon + east_m / east_degree_m),
        accuracy_m: from.accuracy_m,
    }
}

fn categories(dice: &mut Dice, persons: &[Fields]) -> Vec<&'static str> {
    let mut found = match dice.below(100) {
        0..=33 => vec!["lifted"],
        34..=38 => vec!["lifted", "unstable"],
        39..=43 => vec!["marginal"],
        44..=46 => vec!["sudden_hardship"],
        47..=52 => vec!["low_income"],
        53..=55 => vec!["low_income_edge"],
        56..=57 => vec!["destitute"],
        _ => Vec::new(),
    };
    let any = |key: &str, wanted: &[&str]| {
        persons
            .iter()
            .any(|person| wanted.iter().any(|word| person.get(key).is_some_and(|value| value.holds(word))))
    };
    found.extend(any("disability", &["mild", "severe"]).then_some("disabled"));
    found.extend(any("health", &["serious"]).then_some("serious_illness"));
    let old = |person: &Fields| person["birth"].as_text().is_some_and(|born| born < "1955");
    found.extend(persons.iter().all(old).then_some("elderly"));
    if found.is_empty() {
        found.push("ordinary");
    }
    found
}

fn income(dice: &mut Dice, works: bool) -> Value {
    let mut sources = vec!["farming"];
    sources.extend(works.then_some("wages"));
    sources.extend(dice.percent(12).then_some("post"));
    sources.extend(dice.percent(30).then_some("transfers"));
    Value::texts(sources)
}
