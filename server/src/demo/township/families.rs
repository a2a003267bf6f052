//! The families of a village: who lives together, how old, in what health, at which work.

use super::dice::Dice;
use super::names;
use super::roster::Fields;
use bianfang_shared::day::{self, Day};
use bianfang_shared::ledger::person;
use bianfang_shared::value::Value;

/// One to six people of a family: an old couple, a young family, three generations, someone alone.
pub(super) fn persons(dice: &mut Dice, surname: char, today: Day) -> Vec<Fields> {
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
            let away = matches!(place, "长沙市" | "广东省");
            put("work_place", place.into());
            put("employer", employer.into());
            put(person::WORK_STATE, if away { person::WORKS_AWAY } else { "near" }.into());
        } else {
            put(person::WORK_STATE, "none".into());
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
