//! Water checks at supplies and at households: what is found of the four indicators, and the photographs.

use super::records::{Making, Pictures};
use super::scribe::About;
use super::{MINUTE_MS, Story, answers, fixes};
use crate::demo::township::album::Shot;
use crate::demo::township::dice::Dice;
use crate::demo::township::pictures::{Scene, Source};
use crate::demo::township::supplies::Case;
use bianfang_shared::checklist::Checklist;
use bianfang_shared::form::{self, FormDraft};
use bianfang_shared::id::{EntityId, UserId};
use bianfang_shared::ledger::{Point, household, issue, water_supply};
use bianfang_shared::observation::{Answers, Outcome};
use bianfang_shared::value::Value;

type Said = Vec<(&'static str, Value)>;

impl Story<'_> {
    pub(super) fn check_supply(&mut self, at_ms: i64, supply: usize, author: UserId, pictures: &Pictures) {
        let supply = &self.supplies[supply];
        let (id, kind, case) = (supply.id, supply.kind, supply.case);
        let closed = self.scribe.said_of(id, issue::KIND, true);
        let mut said = usual(&mut self.luck, kind);
        said.extend(trouble(&mut self.luck, case, &closed));
        let about = About { subject: id, household: None };
        let anchor = fixes::point(self.scribe.entry(id), water_supply::POINT);
        self.check((at_ms, author), about, anchor, said, Answers::new(), (kind, case, pictures));
    }

    pub(super) fn check_household(&mut self, at_ms: i64, household: usize, author: UserId) {
        let id = self.known[household].household.id;
        let entry = self.scribe.entry(id).clone();
        let supply = self.supplies.iter().find(|supply| {
            entry.text(household::WATER_SUPPLY).parse::<EntityId>().is_ok_and(|named| named == supply.id)
        });
        let Some(supply) = supply else { return };
        let facts = form::supply_facts(self.scribe.entry(supply.id));
        let kind = supply.kind;
        let mut said = usual(&mut self.luck, kind);
        // The tap says what the last visit said.
        match entry.text(household::WATER_STATE) {
            "basic" => said.push(("litres", Value::Int(self.luck.between(38, 52)))),
            "unmet" => said.push(("litres", Value::Int(self.luck.between(18, 30)))),
            _ => (),
        }
        let about = About { subject: id, household: Some(id) };
        let anchor = fixes::point(&entry, household::ANCHOR);
        self.check((at_ms, author), about, anchor, said, facts, (kind, Case::Good, &Pictures::default()));
    }

    fn check(
        &mut self,
        (at_ms, author): (i64, UserId),
        about: About,
        anchor: Point,
        said: Said,
        facts: Answers,
        (kind, case, pictures): (&str, Case, &Pictures),
    ) {
        let list = Checklist::water();
        let answers = said.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
        let mut draft = self.scribe.with_ledger(about, |ledger| FormDraft {
            outcome: Some(Outcome::Done),
            answers,
            ..form::begin(ledger, facts, list, at_ms)
        });
        self.scribe.with_ledger(about, |ledger| {
            answers::complete(&mut draft, list, ledger, |key| answers::first(list, key));
        });
        let making = Making {
            about,
            author,
            anchor,
            dwell_ms: self.luck.between(5, 16) * MINUTE_MS,
            quality: fixes::quality(&mut self.luck),
            reviewed: true,
            pictures,
        };
        let source = source(kind, &mut self.luck);
        let scene = Scene::Water(source, case != Case::Smelly);
        self.record(draft, &making, |_| Some(Shot::new(scene, about.subject)));
    }
}

fn source(kind: &str, luck: &mut Dice) -> Source {
    match kind {
        "central" => *luck.pick(&[Source::Tank, Source::Tap]),
        "small" => *luck.pick(&[Source::Tank, Source::Tank, Source::Test]),
        "well" => Source::Well,
        "spring" => Source::Spring,
        _ => *luck.pick(&[Source::Spring, Source::Test]),
    }
}

/// What is found where nothing is wrong.
fn usual(luck: &mut Dice, kind: &str) -> Said {
    let works = matches!(kind, "central" | "small");
    let mut said: Said = vec![
        ("litres", Value::Int(luck.between(7, 13) * 10)),
        ("senses", Value::texts(["clean"])),
        ("piped", works.into()),
        ("fetch_minutes", Value::Int(luck.between(4, 9))),
        ("short_days", Value::Int(luck.between(0, 4))),
        ("short_months", Value::List(Vec::new())),
        ("unstable", false.into()),
        ("kept", true.into()),
        ("fees", if works { "fair" } else { "none" }.into()),
        ("kit", (works && luck.percent(60)).into()),
    ];
    said.extend([
        ("chlorine", Value::number(f64::from(i32::try_from(luck.between(35, 90)).unwrap_or(50)) / 100.0)),
        ("turbidity", Value::number(f64::from(i32::try_from(luck.between(2, 8)).unwrap_or(5)) / 10.0)),
        ("ph", Value::number(f64::from(i32::try_from(luck.between(69, 79)).unwrap_or(72)) / 10.0)),
    ]);
    said
}

/// What is wrong with a supply, but for what has been set right since.
fn trouble(luck: &mut Dice, case: Case, closed: &[String]) -> Said {
    let right = |kind: &str| closed.iter().any(|key| key == kind);
    let dry_months = || ("short_months", Value::texts(["9", "10"]));
    match case {
        Case::Good => Vec::new(),
        Case::Scant => vec![("litres", Value::Int(luck.between(38, 55)))],
        Case::Seasonal => vec![("short_days", Value::Int(luck.between(20, 34))), dry_months()],
        Case::Dry if right("shortage") => vec![("short_days", Value::Int(25)), dry_months()],
        Case::Dry => vec![("short_days", Value::Int(luck.between(48, 75))), dry_months()],
        Case::Smelly if right("smell") => Vec::new(),
        Case::Smelly => vec![("senses", Value::texts(["colour", "smell"]))],
        Case::Untested if right("untested") => vec![("report", "meets".into())],
        Case::Untested => vec![("report", "none".into())],
        Case::Unkept if right("no_keeper") => Vec::new(),
        Case::Unkept => vec![("kept", false.into()), ("fees", "uncollected".into())],
        Case::Unstable if right("unstable") => Vec::new(),
        Case::Unstable => vec![("unstable", true.into())],
        Case::Dear if right("fees") => vec![("price", Value::number(2.6))],
        Case::Dear => vec![("fees", "unfair".into())],
        Case::Weak if right("reading_off") => vec![("kit", true.into())],
        Case::Weak => vec![("kit", true.into()), ("chlorine", Value::number(0.1))],
    }
}
