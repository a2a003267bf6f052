//! The policy's files can be read, and one with a flaw says where.

use bianfang_shared::policy::{Policy, PolicyTexts};

const TEXTS: PolicyTexts<'static> = PolicyTexts::BUILTIN;

#[test]
fn the_built_in_policy_is_read_from_its_files() {
    assert_eq!(&Policy::parse(TEXTS).unwrap(), Policy::builtin());
}

#[test]
fn a_policy_with_a_flaw_says_where() {
    type Flaw = fn(&mut Texts);
    let cases: &[(&str, Flaw, &str)] = &[
        ("limits crossed", |t| t.change("evidence", "pass = 80", "pass = 800"), "beyond the limit"),
        ("dwell crossed", |t| t.change("evidence", "pass = 300", "pass = 30"), "shorter than"),
        ("a number without its source", |t| t.change("evidence", "source = ", "origin = "), "origin"),
        ("unknown role", |t| t.change("schedule", "\"cadre\"]", "\"chief\"]"), "chief"),
        ("no deadline", |t| t.change("issues", "deadline_days", "deadline"), "deadline"),
        ("a part left out", |t| t.change("house", "[parts.roof]", "[parts.cellar]"), "cellar"),
        (
            "house limits crossed",
            |t| t.change("house", "slight = 1,", "slight = 100,"),
            "beyond the one for severe",
        ),
        (
            "a severe part that harms nothing",
            |t| t.change("house", "severe_alone = \"C\"", "severe_alone = \"B\""),
            "C or D",
        ),
        (
            "no part is ever too many",
            |t| t.change("house", "severe_bearing_parts = 2", "severe_bearing_parts = 0"),
            "no severely damaged part",
        ),
        ("water limits crossed", |t| t.change("water", "met_l = 60", "met_l = 6"), "asks for less"),
        (
            "a reading that never fits",
            |t| t.change("water", "min = 6.5, max = 8.5", "min = 6.5, max = 5"),
            "before it begins",
        ),
        ("a kind of supply that is none", |t| t.change("water", "\"cistern\"", "\"bottle\""), "bottle"),
        (
            "no such area",
            |t| t.change("water", "scarce_areas = []", "scarce_areas = [\"somewhere\"]"),
            "scarce_areas",
        ),
        ("posts without a source", |t| t.change("posts", "source = ", "origin = "), "origin"),
    ];
    for (case, flaw, says) in cases {
        let mut texts = Texts::builtin();
        flaw(&mut texts);
        let error = texts.parse().unwrap_err().to_string();
        assert!(error.contains(says) && error.contains("policy cannot be read"), "{case}: {error}");
    }
}

/// DOMAIN: thresholds live in data, with the source beside each.
#[test]
fn every_number_of_the_policy_stands_beside_its_source() {
    for (file, text) in Texts::builtin().0 {
        let table: toml::Table = toml::from_str(&text).unwrap();
        let mut loose = Vec::new();
        without_source(&table, file, false, &mut loose);
        assert!(loose.is_empty(), "no source for {loose:?}");
    }
}

/// The paths of numbers for which neither their table nor one around it names a source, and of sources left blank.
fn without_source(table: &toml::Table, path: &str, around: bool, loose: &mut Vec<String>) {
    let sourced = around || table.contains_key("source");
    for (key, value) in table {
        let path = format!("{path}/{key}");
        // At the top of a file stand `soon_days` and `soon_source`, `postpone_days` and `postpone_source`.
        let beside = format!("{}_source", key.split('_').next().unwrap_or_default());
        match value {
            toml::Value::Table(inside) => without_source(inside, &path, sourced, loose),
            toml::Value::Array(items) => items
                .iter()
                .filter_map(toml::Value::as_table)
                .for_each(|inside| without_source(inside, &path, sourced, loose)),
            toml::Value::String(text) if key.ends_with("source") && text.is_empty() => loose.push(path),
            toml::Value::Integer(_) | toml::Value::Float(_)
                if key != "version" && !sourced && !table.contains_key(&beside) =>
            {
                loose.push(path);
            }
            _ => (),
        }
    }
}

struct Texts([(&'static str, String); 6]);

impl Texts {
    fn builtin() -> Self {
        Self(
            [
                ("evidence", TEXTS.evidence),
                ("schedule", TEXTS.schedule),
                ("issues", TEXTS.issues),
                ("house", TEXTS.house),
                ("water", TEXTS.water),
                ("posts", TEXTS.posts),
            ]
            .map(|(file, text)| (file, text.to_owned())),
        )
    }

    fn change(&mut self, file: &str, from: &str, to: &str) {
        let text = self.0.iter_mut().find(|(name, _)| *name == file).unwrap();
        assert!(text.1.contains(from), "{file} has no {from}");
        text.1 = text.1.replace(from, to);
    }

    fn parse(&self) -> Result<Policy, bianfang_shared::policy::BadPolicy> {
        let text = |file: &str| self.0.iter().find(|(name, _)| *name == file).unwrap().1.as_str();
        Policy::parse(PolicyTexts {
            evidence: text("evidence"),
            schedule: text("schedule"),
            issues: text("issues"),
            house: text("house"),
            water: text("water"),
            posts: text("posts"),
        })
    }
}
