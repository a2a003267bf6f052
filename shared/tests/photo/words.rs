//! Every problem with a picture has its words in both languages, with the values that it gives.

use bianfang_shared::photo::{PhotoProblem, PictureSort};
use std::collections::{BTreeMap, BTreeSet};

const ZH: &str = include_str!("../../../assets/messages/zh-CN/photo.ftl");
const EN: &str = include_str!("../../../assets/messages/en/photo.ftl");

fn every_problem() -> Vec<PhotoProblem> {
    let sort = PictureSort::Heic;
    let all = vec![
        PhotoProblem::Empty,
        PhotoProblem::NotAPicture,
        PhotoProblem::Video,
        PhotoProblem::WrongSort { sort },
        PhotoProblem::NotOpenedHere { sort },
        PhotoProblem::TooManyBytes { size_mb: 65, limit_mb: 64 },
        PhotoProblem::TooManyPixels { width: 20_000, height: 10_000, limit_megapixels: 120 },
        PhotoProblem::TooMuchMemory { size_mb: 800, limit_mb: 512 },
        PhotoProblem::TooSmall { width: 8, height: 8 },
        PhotoProblem::CutShort,
        PhotoProblem::Damaged,
        PhotoProblem::ColoursUnknown,
        PhotoProblem::Unknown,
    ];
    // A new problem does not compile until it is listed above, too.
    all.iter().for_each(|problem| match problem {
        PhotoProblem::Empty
        | PhotoProblem::NotAPicture
        | PhotoProblem::Video
        | PhotoProblem::WrongSort { .. }
        | PhotoProblem::NotOpenedHere { .. }
        | PhotoProblem::TooManyBytes { .. }
        | PhotoProblem::TooManyPixels { .. }
        | PhotoProblem::TooMuchMemory { .. }
        | PhotoProblem::TooSmall { .. }
        | PhotoProblem::CutShort
        | PhotoProblem::Damaged
        | PhotoProblem::ColoursUnknown
        | PhotoProblem::Unknown => {}
    });
    all
}

/// Key → the names of the values put in. Each message stands on one line.
fn messages(text: &str) -> BTreeMap<String, BTreeSet<String>> {
    let lines = text.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(" = "));
    lines.map(|(key, words)| (key.to_owned(), values(words))).collect()
}

fn values(words: &str) -> BTreeSet<String> {
    let name = |rest: &str| rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
    words.split('$').skip(1).map(name).collect()
}

#[test]
fn every_problem_is_worded_in_both_languages_with_its_values() {
    let problems = every_problem();
    for (language, text) in [("zh-CN", ZH), ("en", EN)] {
        let mut messages = messages(text);
        for problem in &problems {
            let key = format!("photo-problem-{}", problem.code());
            let worded = messages.remove(&key).unwrap_or_else(|| panic!("{key} is missing in {language}"));
            let given: BTreeSet<String> = problem.values().into_keys().map(str::to_owned).collect();
            assert_eq!(worded, given, "{key} in {language}");
        }
        let unused: Vec<_> = messages.keys().filter(|key| key.starts_with("photo-problem-")).collect();
        assert!(unused.is_empty(), "{language}: {unused:?}");
    }
}

#[test]
fn a_problem_is_written_with_its_code_and_read_again() {
    for problem in every_problem() {
        let json = serde_json::to_value(&problem).unwrap();
        assert_eq!(json["code"], problem.code());
        assert_eq!(serde_json::from_value::<PhotoProblem>(json).unwrap(), problem);
    }
    let newer = r#"{"code": "of_a_newer_version", "size_mb": 3}"#;
    assert_eq!(serde_json::from_str::<PhotoProblem>(newer).unwrap(), PhotoProblem::Unknown);
}
