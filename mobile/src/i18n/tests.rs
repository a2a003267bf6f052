//! Holds the two languages equal, and the keys in code to the keys in the files.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use bianfang_shared::checklist::Checklist;
use bianfang_shared::ledger::{FieldType, LedgerKind, house, issue};
use bianfang_shared::observation::ObservationKind;
use bianfang_shared::policy::Policy;
use fluent_bundle::FluentResource;
use fluent_bundle::types::FluentNumber;

use super::*;
use crate::app::{LedgerTab, StepName};
use crate::platform::CameraProblem;
use crate::words::choice_words;

/// Key → the names of the values put in.
fn messages(lang: Lang) -> BTreeMap<String, BTreeSet<String>> {
    let mut found = BTreeMap::new();
    for text in lang.files() {
        for (key, body) in entries(text) {
            let earlier = found.insert(key.clone(), variables(&body));
            assert!(earlier.is_none(), "{key} is there twice in {}", lang.tag());
        }
    }
    found
}

/// The entries of a file: a key at the beginning of a line, and what follows until the next.
fn entries(text: &str) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        match line.split_once('=') {
            Some((key, body)) if line.starts_with(|c: char| c.is_ascii_alphabetic()) => {
                found.push((key.trim().to_owned(), body.to_owned()));
            }
            _ => {
                if let Some((_, body)) = found.last_mut() {
                    body.push_str(line);
                }
            }
        }
    }
    found
}

fn variables(body: &str) -> BTreeSet<String> {
    let names = body.split('$').skip(1);
    names.map(|rest| rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect()).collect()
}

#[test]
fn both_languages_have_the_same_messages_with_the_same_values() {
    let (zh, en) = (messages(Lang::Zh), messages(Lang::En));
    let missing: Vec<_> = zh.keys().filter(|key| !en.contains_key(*key)).collect();
    let extra: Vec<_> = en.keys().filter(|key| !zh.contains_key(*key)).collect();
    assert!(
        missing.is_empty() && extra.is_empty(),
        "only in Chinese: {missing:?}; only in English: {extra:?}"
    );
    for (key, names) in &zh {
        assert_eq!(names, &en[key], "values of {key}");
    }
}

#[test]
fn every_message_file_can_be_read() {
    for lang in Lang::ALL {
        for text in lang.files() {
            if let Err((_, errors)) = FluentResource::try_new(text.to_owned()) {
                panic!("{}: {errors:?}", lang.tag());
            }
        }
    }
}

#[test]
fn every_key_in_the_code_has_a_message() {
    let known = messages(Lang::Zh);
    let mut missing = BTreeSet::new();
    for (file, text) in sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src")) {
        for key in keys_in(&text) {
            if !known.contains_key(&key) {
                missing.insert(format!("{key} ({file})"));
            }
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn every_message_is_used() {
    let sources = sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"));
    let unused: Vec<_> = messages(Lang::Zh)
        .into_keys()
        .filter(|key| !FROM_DATA.iter().any(|prefix| key.starts_with(prefix)))
        .filter(|key| !sources.iter().any(|(_, text)| text.contains(&format!("\"{key}\""))))
        .collect();
    assert!(unused.is_empty(), "{unused:#?}");
}

/// Beginnings of keys whose ends come from data.
const FROM_DATA: &[&str] = &[
    "field-",
    "choice-",
    "trouble-",
    "reason-",
    "check-",
    "problem-",
    "place-",
    "rule-",
    "edit-",
    "role-",
    "outcome-",
    "grade-",
    "finding-",
    "topic-",
    "ledger-",
    "state-",
    "verdict-",
    "phase-",
    "task-do-",
    "advice-",
    "storage-",
    "blocked-",
    "house-reason-",
    "water-indicator-",
    "water-reading-",
    "post-flag-",
    "issue-forbidden-",
    "camera-",
    "photo-failed-",
    "choose-",
    "decisions-",
    "entries-hint-",
    "entries-none-",
    "entry-title-",
    "form-save-",
    "house-found-",
    "house-lived_in-",
    "house-sign_posted-",
    "kind-",
    "photo-problem-",
    "photo-state-",
    "purpose-",
    "record-again-",
    "record-now-",
    "register-",
    "sheet-",
    "step-",
    "today-part-",
    "water-detail-",
];

/// What stands in `say("…")` and `with("…"`.
fn keys_in(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for call in [".say(", ".with("] {
        for rest in text.split(call).skip(1) {
            if let Some(key) = rest.trim_start().strip_prefix('"').and_then(|rest| rest.split('"').next()) {
                found.push(key.to_owned());
            }
        }
    }
    found
}

fn sources(folder: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut waiting = vec![folder.to_path_buf()];
    while let Some(dir) = waiting.pop() {
        for entry in fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                waiting.push(path);
            } else if path.extension().is_some_and(|end| end == "rs") && !path.ends_with("i18n/tests.rs") {
                found.push((path.display().to_string(), fs::read_to_string(&path).unwrap()));
            }
        }
    }
    found
}

#[test]
fn every_field_and_choice_of_the_ledgers_has_a_name() {
    let known = messages(Lang::Zh);
    let mut wanted = Vec::new();
    for ledger in [
        LedgerKind::Household,
        LedgerKind::Person,
        LedgerKind::House,
        LedgerKind::WaterSupply,
        LedgerKind::Post,
        LedgerKind::Issue,
    ] {
        for spec in ledger.fields() {
            wanted.push(format!("field-{}-{}", ledger.key(), spec.key));
            if let FieldType::OneOf(choices) | FieldType::ManyOf(choices) = spec.kind {
                let key = |choice: &&str| format!("choice-{}-{}-{choice}", ledger.key(), spec.key);
                wanted.extend(choices.iter().map(key));
            }
        }
    }
    wanted.retain(|key| !known.contains_key(key));
    assert!(wanted.is_empty(), "{wanted:#?}");
}

#[test]
fn every_word_that_the_rules_use_has_a_message() {
    let known = messages(Lang::Zh);
    let outcomes = ["at_home", "nobody_home", "refused", "working_away", "road_cut", "moved_away", "unknown"];
    let reasons = [
        "unreadable",
        "misnumbered",
        "author_mismatch",
        "not_a_village",
        "outside_grants",
        "role_forbids",
        "unknown_entity",
        "unknown_observation",
        "wrong_place",
        "wrong_ledger",
        "bad_value",
        "too_many",
        "duplicate_record",
        "own_rectification",
        "needs_approval",
        "missing",
        "unknown_parents",
        "foreign_parent",
        "not_yet_known",
        "own_record",
        "nothing_to_accept",
        "cannot_be_kept",
        "not_named",
        "unknown",
    ];
    let troubles = [
        "offline",
        "bad_credentials",
        "signed_out",
        "not_found",
        "form_incomplete",
        "no_grant",
        "storage_full",
        "storage_broken",
        "server_refused",
        "server_trouble",
        "quota_reached",
        "centre_full",
        "bad_value",
        "too_large",
        "not_now",
    ];
    let problems = ["required", "out_of_bounds", "not_a_choice", "bad_date", "too_long", "wrong_shape"];
    let edits = [
        "register",
        "amend",
        "record",
        "retract",
        "review",
        "step",
        "propose",
        "refuse",
        "accompany",
        "unknown",
    ];
    let roles = ["cadre", "team_member", "village_secretary", "family_doctor", "supervisor", "administrator"];
    let places =
        ["device", "centre", "photos", "complete", "set_aside", "approved", "sent_back", "retracted"];
    let of = |prefix: &str, words: &[&str]| -> Vec<String> {
        words.iter().map(|word| format!("{prefix}-{word}")).collect()
    };
    let mut wanted = [
        of("outcome", &outcomes),
        of("reason", &reasons),
        of("trouble", &troubles),
        of("problem", &problems),
        of("edit", &edits),
        of("role", &roles),
        of("place", &places),
        of("topic", issue::TOPICS),
    ]
    .concat();
    wanted.extend(Policy::builtin().schedule.rules.iter().map(|rule| format!("rule-{}", rule.key)));
    wanted.retain(|key| !known.contains_key(key));
    assert!(wanted.is_empty(), "{wanted:#?}");
}

#[test]
fn the_checklists_have_words_in_both_languages() {
    for question in ObservationKind::ALL.iter().flat_map(|kind| &Checklist::of(*kind).questions) {
        for lang in Lang::ALL {
            assert!(!question.text.of(lang.tag()).is_empty(), "{}", question.key);
            for choice in question.kind.choices() {
                assert!(!choice_words(lang, choice).is_empty(), "{} {}", question.key, choice.key);
            }
        }
    }
}

#[test]
fn every_word_of_the_screens_that_comes_from_data_has_a_message() {
    let known = messages(Lang::Zh);
    let mut wanted: Vec<String> = Vec::new();
    for kind in ObservationKind::ALL {
        let of = ["kind", "kind-short", "record-now", "record-again", "choose", "form-save", "verdict-title"];
        wanted.extend(of.map(|prefix| format!("{prefix}-{kind}")));
    }
    for tab in LedgerTab::ALL {
        let ledger = tab.ledger().key();
        wanted.push(format!("register-{tab}"));
        let of = ["ledger", "entries-hint", "entries-none", "entry-title"];
        wanted.extend(of.map(|prefix| format!("{prefix}-{ledger}")));
    }
    for step in StepName::ALL {
        let of = ["step", "step-do", "step-means", "step-note"];
        wanted.extend(of.map(|prefix| format!("{prefix}-{step}")));
    }
    let problems = [
        CameraProblem::Refused,
        CameraProblem::Absent,
        CameraProblem::Busy,
        CameraProblem::Unsupported,
        CameraProblem::Lost,
    ];
    wanted.extend(
        problems.iter().flat_map(|problem| {
            [format!("camera-{}", problem.key()), format!("camera-{}-do", problem.key())]
        }),
    );
    wanted.extend(["device", "sending", "held", "failed"].map(|state| format!("photo-state-{state}")));
    wanted.extend(PHOTO_PROBLEMS.map(|code| format!("photo-problem-{code}")));
    wanted.extend(["sign_in", "sign_out", "face_check"].map(|act| format!("form-save-attendance-{act}")));
    wanted.extend(house::GRADES.iter().map(|grade| format!("house-found-{grade}")));
    wanted.retain(|key| !known.contains_key(key));
    assert!(wanted.is_empty(), "{wanted:#?}");
}

/// Why a file is no photograph; see `bianfang_shared::photo::PhotoProblem`.
const PHOTO_PROBLEMS: [&str; 13] = [
    "empty",
    "not_a_picture",
    "video",
    "wrong_sort",
    "not_opened_here",
    "too_many_bytes",
    "too_many_pixels",
    "too_much_memory",
    "too_small",
    "cut_short",
    "damaged",
    "colours_unknown",
    "unknown",
];

#[test]
fn numbers_and_words_are_put_in_without_marks_around_them() {
    let day = FluentValue::Number(FluentNumber::from(3));
    assert_eq!(Lang::Zh.with("today-overdue-by", [("days", day.clone())]), "逾期 3 天");
    assert_eq!(Lang::En.with("today-overdue-by", [("days", day)]), "3 days overdue");
}

#[test]
fn a_language_is_found_by_its_tag() {
    for (tag, lang) in
        [("zh-CN", Lang::Zh), ("en", Lang::En), ("en-GB", Lang::En), ("fr", Lang::Zh), ("", Lang::Zh)]
    {
        assert_eq!(Lang::of_tag(tag), lang, "{tag}");
    }
}
