//! What stands in the ledgers of houses, supplies and posts.

use super::*;
use bianfang_shared::ledger::{FieldType, house, person, post, water_supply};
use bianfang_shared::rules::post::{Holder, holder_flags};

fn words<'t>(ledger: LedgerKind, field: &str) -> BTreeSet<&'t str> {
    usual().told.of(ledger).map(|entry| entry.text(field)).collect()
}

#[test]
fn every_id_in_a_ledger_names_an_entry_of_the_same_village_or_somebody_with_an_account() {
    let Usual { town, told, .. } = usual();
    let accounts: BTreeSet<String> = town.people.iter().map(|person| person.id.to_string()).collect();
    for entry in told.entries.values() {
        let ledger = entry.ledger.unwrap();
        for (field, kind) in ledger.fields().iter().map(|spec| (spec.key, spec.kind)) {
            let text = entry.text(field);
            match kind {
                FieldType::Entry if !text.is_empty() => {
                    let found = named(told, entry, field);
                    assert_eq!(found.scope, entry.scope, "{field} of {entry:?}");
                    assert!(found.ledger.is_some(), "{field} of {entry:?}");
                }
                FieldType::User if !text.is_empty() => assert!(accounts.contains(text), "{field}: {text}"),
                _ => (),
            }
        }
    }
}

#[test]
fn houses_and_their_households_name_each_other() {
    let told = &usual().told;
    let households = told.of(LedgerKind::Household).count();
    let with_house: Vec<&Entry> =
        told.of(LedgerKind::Household).filter(|entry| !entry.text(household::HOUSE).is_empty()).collect();
    assert!(with_house.len() < households && with_house.len() * 10 > households * 9, "{}", with_house.len());
    for entry in with_house {
        let home = named(told, entry, household::HOUSE);
        assert_eq!(home.ledger, Some(LedgerKind::House));
        assert_eq!(named(told, home, house::HOUSEHOLD).id, entry.id);
    }
}

#[test]
fn houses_of_all_grades_stand_in_plausible_shares() {
    let told = &usual().told;
    let with = |test: &dyn Fn(&Entry) -> bool| told.of(LedgerKind::House).filter(|entry| test(entry)).count();
    let all = with(&|_| true);
    let grade = |entry: &Entry, grades: &str| grades.contains(entry.text(house::GRADE));
    let (sound, basic) = (with(&|entry| grade(entry, "A")), with(&|entry| grade(entry, "B")));
    let (local, whole) = (with(&|entry| grade(entry, "C")), with(&|entry| grade(entry, "D")));
    assert_eq!(sound + basic + local + whole, all);
    assert!(sound * 3 > all && basic * 4 > all, "{sound} {basic} of {all}");
    assert!((20..all / 6).contains(&local) && (10..all / 12).contains(&whole), "{local} {whole} of {all}");
    let lived_in = |entry: &Entry| entry.value(house::LIVED_IN).as_bool().unwrap();
    let says = |entry: &Entry, field: &str, said: bool| entry.value(field).as_bool() == Some(said);
    let dangerous = |entry: &Entry| grade(entry, "CD");
    for (count, what) in [
        (with(&|entry| dangerous(entry) && lived_in(entry)), "lived in"),
        (with(&|entry| dangerous(entry) && says(entry, house::SIGN_POSTED, false)), "without a sign"),
        (with(&|entry| dangerous(entry) && says(entry, house::SEALED, true)), "sealed"),
        (with(&|entry| dangerous(entry) && entry.text(house::GRADED_BY) == house::BY_REPORT), "by report"),
        (with(&|entry| dangerous(entry) && entry.text(house::GRADED_BY) != house::BY_REPORT), "by judgement"),
        (with(&|entry| entry.text(house::NAME) == "老宅"), "old"),
    ] {
        assert!(count >= 5, "{count} {what}");
    }
    assert!(with(&|entry| lived_in(entry) && says(entry, house::SEALED, true)) == 0);
    let rectifications = words(LedgerKind::House, house::RECTIFICATION);
    for state in
        ["none_needed", "to_be_assessed", "to_be_renovated", "being_renovated", "renovated", "sealed_up"]
    {
        assert!(rectifications.contains(state), "{rectifications:?}");
    }
    assert!(words(LedgerKind::House, house::STRUCTURE).len() >= 5);
}

#[test]
fn every_village_has_two_to_four_supplies_and_the_township_all_kinds() {
    let Usual { town, told, .. } = usual();
    for village in town.villages() {
        let supplies: Vec<&Entry> =
            told.of(LedgerKind::WaterSupply).filter(|entry| entry.scope == village).collect();
        assert!((2..=4).contains(&supplies.len()), "{village}");
        let served: f64 =
            supplies.iter().filter_map(|entry| entry.value("households_served").as_number()).sum();
        assert!(served > 40.0 && served <= 60.0, "{village}: {served}");
        for supply in supplies {
            assert!(
                !supply.text(water_supply::UNIT).is_empty() && !supply.text(water_supply::NAME).is_empty()
            );
            assert!(supply.value(water_supply::POINT).read::<bianfang_shared::ledger::Point>().is_some());
        }
    }
    assert_eq!(
        words(LedgerKind::WaterSupply, water_supply::KIND),
        water_supply::KINDS.iter().copied().collect()
    );
    assert!(words(LedgerKind::WaterSupply, water_supply::KEEPER).contains(""), "one has no keeper");
    let results = words(LedgerKind::WaterSupply, water_supply::LATEST_RESULT);
    assert!(["met", "basic", "unmet"].iter().all(|result| results.contains(result)), "{results:?}");
}

#[test]
fn every_village_has_three_to_six_posts_and_four_holders_are_flagged() {
    let Usual { town, told, .. } = usual();
    let mut held: BTreeMap<EntityId, usize> = BTreeMap::new();
    for village in town.villages() {
        let posts = told.of(LedgerKind::Post).filter(|entry| entry.scope == village).count();
        assert!((3..=6).contains(&posts), "{village}: {posts}");
    }
    for entry in told.of(LedgerKind::Post) {
        *held.entry(named(told, entry, post::HOLDER).id).or_default() += 1;
        let has_radius = entry.value(post::RADIUS_M).as_number().is_some();
        assert_ne!(has_radius, entry.value(post::AREA).as_list().is_some(), "a circle or a stretch");
    }
    assert_eq!(words(LedgerKind::Post, post::KIND), post::KINDS.iter().copied().collect());
    let mut flags: BTreeMap<String, usize> = BTreeMap::new();
    for (holder, posts) in held {
        let holder = &told.entries[&holder];
        let home = holder.text(person::HOUSEHOLD);
        let members: Vec<Entry> = told
            .of(LedgerKind::Person)
            .filter(|other| other.text(person::HOUSEHOLD) == home)
            .cloned()
            .collect();
        let known = Holder::of(holder, &members, posts, day_of(NOW_MS));
        for ground in holder_flags(&known, &Policy::builtin().posts.eligibility) {
            *flags.entry(ground.code).or_default() += 1;
        }
    }
    let expected = [("several_posts", 1), ("too_old", 1), ("works_away", 1)];
    assert_eq!(flags, expected.map(|(code, count)| (code.to_owned(), count)).into());
}

#[test]
fn the_household_that_the_browser_journeys_call_on_is_as_they_know_it() {
    let told = &usual().told;
    let entry = told.of(LedgerKind::Household).find(|entry| entry.text("code") == "SJ215-00021").unwrap();
    assert_eq!(entry.text("head_name"), "李柏林");
    assert!(!["unmet", "basic"].contains(&entry.text(household::WATER_STATE)), "both are chosen there");
}
