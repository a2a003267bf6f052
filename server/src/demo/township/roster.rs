//! The roll of a village: households with their persons, as an import would register them.

use super::dice::Dice;
use super::names;
use super::people::Staff;
use super::writer::Writer;
use bianfang_shared::area::AreaCode;
use bianfang_shared::day::{self, Day};
use bianfang_shared::entry::Entry;
use bianfang_shared::id::{EntityId, UserId};
use bianfang_shared::ledger::{LedgerKind, Point, household};
use bianfang_shared::op::{Body, Op};
use bianfang_shared::value::Value;
use std::collections::BTreeMap;

type Fields = BTreeMap<String, Value>;

/// A village as it is planned; each household follows from its number alone.
#[derive(Clone, Debug)]
pub(super) struct VillagePlan {
    pub(super) households: usize,
    seed: u64,
    salt: u64,
    name: String,
    village: AreaCode,
    importer: UserId,
    cadres: Vec<UserId>,
    doctor: UserId,
    centre: Point,
    since_ms: i64,
}

/// A household with its persons, as the ledgers have them after the roll.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub(super) household: Entry,
    pub(super) members: Vec<Entry>,
    pub(super) cadre: UserId,
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
        Self {
            households,
            seed,
            salt,
            name: name.to_owned(),
            village: staff.village,
            importer: staff.administrator,
            cadres: staff.cadres.clone(),
            doctor: staff.doctor,
            centre,
            since_ms,
        }
    }

    /// The operations that register a household and then its persons.
    pub(super) fn register(&self, number: usize, writer: &mut Writer) -> Vec<Op> {
        let place = i64::try_from(number).unwrap_or(i64::MAX);
        let mut dice =
            Dice::new(self.seed, self.salt * 10_000_000 + u64::try_from(number).unwrap_or(0) + 10_000);
        let at_ms = self.since_ms.saturating_add(place.saturating_mul(IMPORT_STEP_MS));
        let surname = names::surname(&mut dice);
        let persons = persons(&mut dice, surname, day::day_of(self.since_ms));
        let fields = self.household(&mut dice, number, &persons);
        let mut enter = |dice: &mut Dice, ledger: LedgerKind, fields: Fields| {
            let entity = EntityId::new(at_ms, dice.ten_bytes());
            let body = Body::Register { entity, ledger, fields, cause: None, photos: Vec::new() };
            (entity, writer.write(self.importer, at_ms, body))
        };
        let (household, first) = enter(&mut dice, LedgerKind::Household, fields);
        let persons = persons.into_iter().map(|mut person| {
            person.insert("household".to_owned(), household.to_string().into());
            enter(&mut dice, LedgerKind::Person, person).1
        });
        [first].into_iter().chain(persons).collect()
    }

    /// A household as the ledgers have it after these operations.
    pub(super) fn known(&self, number: usize, ops: &[Op]) -> Known {
        let mut entries = ops.iter().filter_map(|op| {
            let mut entry = Entry::empty(op.body.entity()?, self.village);
            entry.apply(op, None, |_| false);
            Some(entry)
        });
        let household = entries.next().expect("the household is registered before its persons");
        Known { household, members: entries.collect(), cadre: self.cadre(number) }
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

/// One to six people of a family: an old couple, a young family, three generations, someone alone.
fn persons(dice: &mut Dice, surname: char, today: Day) -> Vec<Fields> {
    let head_age = dice.between(28, 82);
    let head_male = dice.percent(75);
    let mut family = vec![("head", head_age, head_male)];
    if dice.percent(80) {
        family.push(("spouse", head_age + dice.between(-5, 4), !head_male));
    }
    let child_age = head_age - dice.between(22, 30);
    for _ in 0..dice.below(3) {
        let age = child_age - dice.between(0, 6);
        if (0..45).contains(&age) {
            family.push(("child", age, dice.percent(52)));
        }
    }
    if (50..70).contains(&head_age) && dice.percent(35) {
        family.push(("grandchild", dice.between(0, 15), dice.percent(52)));
    }
    if head_age < 60 && dice.percent(30) {
        family.push(("parent", head_age + dice.between(20, 30), dice.percent(40)));
    }
    family
        .into_iter()
        .map(|(relation, age, male)| person(dice, surname, today, relation, age, male))
        .collect()
}

fn person(dice: &mut Dice, surname: char, today: Day, relation: &str, age: i64, male: bool) -> Fields {
    let born = day::plus_days(today, -(age * 365 + age / 4 + dice.between(0, 364)));
    // Women who married in keep their own name.
    let own =
        if relation == "spouse" || (relation == "parent" && !male) { names::surname(dice) } else { surname };
    let mut fields: Fields = [
        ("name", names::full(dice, own, male).into()),
        ("id_number", names::id_number(dice, born, male).into()),
        ("relation", Value::from(relation)),
        ("birth", born.to_string().into()),
        ("insured", dice.percent(97).into()),
        ("school_state", school(dice, age).into()),
    ]
    .map(|(key, value)| (key.to_owned(), value))
    .into();
    let mut put = |key: &str, value: Value| fields.insert(key.to_owned(), value);
    put("health", health(dice, age).into());
    if dice.percent(6) {
        put("disability", (*dice.pick(&["mild", "mild", "severe"])).into());
        put("certificate_expiry", day::plus_days(today, dice.between(-60, 3_000)).to_string().into());
    }
    if (18..62).contains(&age) {
        put("phone", names::phone(dice).into());
        if dice.percent(60) {
            let (place, employer) = *dice.pick(&[
                ("本镇", "镇办竹木制品车间"),
                ("汨罗市", "汨罗某建材厂"),
                ("长沙市", "长沙某物流公司"),
                ("广东省", "某电子厂"),
            ]);
            put("work_place", place.into());
            put("employer", employer.into());
        }
    } else if relation == "head" {
        put("phone", names::phone(dice).into());
    }
    fields
}

fn school(dice: &mut Dice, age: i64) -> &'static str {
    match age {
        6..=15 if dice.percent(2) => "home_teaching",
        6..=17 => "in_school",
        18.. => "finished",
        _ => "not_applicable",
    }
}

fn health(dice: &mut Dice, age: i64) -> &'static str {
    let chronic = if age >= 60 { 30 } else { 5 };
    match dice.below(100) {
        0..=2 => "serious",
        roll if roll < 3 + chronic => "chronic",
        _ => "good",
    }
}
