//! What a cadre and a supervisor do, end to end.

use crate::centre::VILLAGE;
use crate::world::{Phone, at_work, township};
use bianfang_device::message::{Place, Request};
use bianfang_shared::value::Value;

#[test]
fn a_visit_saved_offline_reaches_the_centre_and_comes_back_confirmed() {
    let (centre, mut phone, [household, ..]) = at_work();
    assert_eq!(phone.status().households, 3);
    assert_eq!(phone.find("wxm"), ["王小明"]);
    let visit = phone.save(household);
    assert_eq!(phone.uploads().records[0].place, Place::Device);
    assert_eq!(phone.uploads().only_here, 1);
    assert!(!centre.borrow().has_record(visit));
    phone.reopen();
    assert_eq!(phone.uploads().records[0].place, Place::Device);
    phone.sync();
    assert!(centre.borrow().has_record(visit));
    assert_eq!(phone.uploads().records[0].place, Place::Centre);
    assert_eq!((phone.status().unsent, phone.uploads().only_here), (0, 0));
    phone.in_step();
}

#[test]
fn two_people_who_edit_one_field_offline_make_a_conflict_that_both_see_and_one_settles() {
    let (centre, _, [household, ..]) = township();
    let mut phones = [Phone::signed_in(&centre, 1, "cadre"), Phone::signed_in(&centre, 2, "cadre2")];
    phones.iter_mut().for_each(Phone::sync);
    phones[0].amend(household, "phone", "10011111111");
    phones[1].amend(household, "phone", "10022222222");
    for _ in 0..2 {
        phones.iter_mut().for_each(Phone::sync);
    }
    for phone in &mut phones {
        assert_eq!(phone.status().conflicts, 1);
        phone.in_step();
    }
    let conflict = phones[0].uploads().conflicts.remove(0);
    let parents = conflict.siblings.iter().map(|sibling| sibling.op).collect();
    let value = Value::from("10022222222");
    phones[0].ask(Request::Resolve { id: household, field: conflict.field, value, parents }).unwrap();
    for _ in 0..2 {
        phones.iter_mut().for_each(Phone::sync);
    }
    for phone in &mut phones {
        assert_eq!(phone.status().conflicts, 0);
        assert_eq!(phone.value(household, "phone"), Value::from("10022222222"));
        phone.in_step();
    }
    assert!(!centre.borrow().log(crate::centre::area(VILLAGE)).is_empty());
}
