//! What a person remembers finds the household, in the index that the words are made for.

use crate::given::{entity, entry, household};
use bianfang_shared::ledger::LedgerKind;
use bianfang_shared::search::{Above, entry_text, found_by_fields, household_text, query};
use proptest::prelude::*;
use rusqlite::Connection;
use serde_json::json;

fn index(texts: &[&str]) -> Connection {
    let db = Connection::open_in_memory().unwrap();
    db.execute_batch("CREATE VIRTUAL TABLE words USING fts5(text, tokenize = 'unicode61', prefix = '1 2 3')")
        .unwrap();
    for text in texts {
        db.execute("INSERT INTO words(text) VALUES (?1)", [text]).unwrap();
    }
    db
}

fn hits(db: &Connection, typed: &str) -> rusqlite::Result<i64> {
    let Some(expression) = query(typed) else { return Ok(0) };
    db.query_row("SELECT count(*) FROM words WHERE words MATCH ?1", [expression], |row| row.get(0))
}

#[test]
fn an_entry_is_found_by_the_fields_that_say_so_and_no_others() {
    use LedgerKind::{House, Household, Issue, Person, Post, WaterSupply};
    for ledger in [Household, Person, House, WaterSupply, Post, Issue] {
        for field in ledger.fields().iter().map(|field| field.key) {
            let entry = entry(entity(1), ledger, json!({ field: "某处" }));
            let has_words = !entry_text(&entry, Above::default()).is_empty();
            let names_above = ledger.above_field() == Some(field);
            assert_eq!(
                has_words || names_above,
                found_by_fields(ledger).contains(&field),
                "{ledger:?} {field}"
            );
        }
    }
}

#[test]
fn what_belongs_to_a_household_is_found_by_it() {
    let above = Above { name: "王小明", code: "H0037", address: "八景村" };
    for (ledger, fields) in [
        (LedgerKind::House, json!({ "name": "老屋", "code": "F002" })),
        (LedgerKind::Post, json!({ "name": "护林员", "code": "G004" })),
        (LedgerKind::Issue, json!({ "what": "屋顶漏水" })),
    ] {
        let own = entry_text(&entry(entity(1), ledger, fields.clone()), Above::default());
        let with_above = entry_text(&entry(entity(1), ledger, fields), above);
        let db = index(&[&own, &with_above]);
        for typed in ["wxm", "0037", "八景"] {
            assert_eq!(hits(&db, typed).unwrap(), 1, "{ledger:?} {typed}");
        }
    }
}

#[test]
fn a_household_is_found_by_what_people_remember_of_it() {
    let text = |name: &str| {
        household_text(&household(json!({
            "head_name": name, "code": "SJ-214-0037", "phone": "10012345678",
            "group": "第3组", "address": "八景村山阳片 12 号",
        })))
    };
    for (case, name, typed, found) in [
        ("whole name", "王小明", "王小明", true),
        ("surname", "王小明", "王", true),
        ("given name", "王小明", "小明", true),
        ("last character", "王小明", "明", true),
        ("initials", "王小明", "wxm", true),
        ("initials in capitals", "王小明", "WXM", true),
        ("beginning of the initials", "王小明", "wx", true),
        ("initials of the given name", "王小明", "xm", true),
        ("full pinyin", "王小明", "wangxiaoming", true),
        ("pinyin as it is being typed", "王小明", "wangxi", true),
        ("full-width letters", "王小明", "ｗｘｍ", true),
        ("another name", "王小明", "李", false),
        ("other initials", "王小明", "lxm", false),
        ("曾 as surname", "曾小明", "zengxm zxm", false),
        ("曾 as zeng", "曾小明", "zengxiaoming", true),
        ("曾 by initial", "曾小明", "zxm", true),
        ("单 as shan", "单小明", "shanxiaoming", true),
        ("单 by initial s", "单小明", "sxm", true),
        ("单 by initial d", "单小明", "dxm", true),
        ("仇 as qiu", "仇小明", "qiuxiaoming", true),
        ("仇 by initial q", "仇小明", "qxm", true),
        ("解 as xie", "解小明", "xiexiaoming", true),
        ("区 as ou", "区小明", "ouxiaoming", true),
        ("吕 with v", "吕小明", "lvxiaoming", true),
        ("code", "王小明", "SJ-214-0037", true),
        ("code without dashes", "王小明", "sj2140037", true),
        ("tail of the code", "王小明", "0037", true),
        ("phone", "王小明", "10012345678", true),
        ("phone tail", "王小明", "5678", true),
        ("another phone tail", "王小明", "5679", false),
        ("group", "王小明", "3组", true),
        ("inside the address", "王小明", "山阳", true),
        ("house number", "王小明", "12", true),
        ("name and address together", "王小明", "wxm 山阳", true),
        ("name and a wrong address", "王小明", "wxm 桥头", false),
        ("Chinese and letters run together", "王小明", "王xm", true),
        ("nothing but marks", "王小明", "\"' * ( )", false),
    ] {
        let db = index(&[&text(name)]);
        assert_eq!(hits(&db, typed).unwrap() > 0, found, "{case}: {typed:?} in {}", text(name));
    }
}

#[test]
fn words_of_the_query_language_are_words_here() {
    let db = index(&["and or not near"]);
    for typed in ["AND", "OR", "NOT", "NEAR", "near(a b)", "text:and", "a*", "^and", "{text}"] {
        assert!(hits(&db, typed).is_ok(), "{typed}");
    }
    assert_eq!(hits(&db, "NOT").unwrap(), 1);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn no_input_is_an_error(typed in prop_oneof![any::<String>(), "[\"'*()^:{}+\\-a-zANDORT 王单]{0,40}"]) {
        thread_local!(static DB: Connection = index(&["王小明 wxm"]));
        DB.with(|db| hits(db, &typed)).map_err(|error| TestCaseError::fail(format!("{typed:?}: {error}")))?;
    }

    #[test]
    fn any_name_is_found_by_itself(name in "[\\u{4e00}-\\u{9fa5}]{1,6}", code in "[A-Z0-9-]{1,16}") {
        let text = household_text(&household(json!({ "head_name": name, "code": code })));
        let db = index(&[&text]);
        prop_assert_eq!(hits(&db, &name).unwrap(), 1);
        if code.chars().any(|c| c.is_ascii_alphanumeric()) {
            prop_assert_eq!(hits(&db, &code).unwrap(), 1);
        }
    }

    #[test]
    fn any_value_in_the_fields_can_be_indexed(name in any::<String>(), address in any::<String>()) {
        let text = household_text(&household(json!({ "head_name": name, "address": address, "phone": name })));
        prop_assert!(text.len() < 60_000);
    }
}
