//! Inspections of houses: what is found of each part, who lives there, and the photographs.

use super::records::{Making, Pictures};
use super::scribe::About;
use super::{MINUTE_MS, Story, answers, fixes};
use crate::demo::township::album::Shot;
use crate::demo::township::dice::Dice;
use crate::demo::township::houses::Case;
use crate::demo::township::pictures::{Looks, Part, Scene, Walls, Wear};
use bianfang_shared::checklist::Checklist;
use bianfang_shared::day::{Day, day_of, plus_days};
use bianfang_shared::entry::Entry;
use bianfang_shared::form::{self, FormDraft};
use bianfang_shared::id::UserId;
use bianfang_shared::ledger::{house, issue};
use bianfang_shared::observation::{Answers, Outcome};
use bianfang_shared::value::Value;

impl Story<'_> {
    pub(super) fn inspect(
        &mut self,
        at_ms: i64,
        (household, house): (usize, usize),
        author: UserId,
        pictures: &Pictures,
    ) {
        let known = &self.known[household];
        let (case, id) = (known.houses[house].case, known.houses[house].entry.id);
        let about = About { subject: id, household: Some(known.household.id) };
        if self.scribe.entry(id).text(house::RECTIFICATION) == house::DEMOLISHED {
            return;
        }
        let list = Checklist::house();
        // Whoever comes with a camera comes when somebody is there.
        let outcome = match self.luck.below(100) {
            _ if pictures.painted > 0 => Outcome::Done,
            0..=93 => Outcome::Done,
            94..=98 => Outcome::NobodyHome,
            _ => Outcome::RoadCut,
        };
        let closed = self.scribe.said_of(id, issue::KIND, true);
        let found = found(self.scribe.entry(id), case, &closed, outcome, (day_of(at_ms), &mut self.luck));
        let mut draft = self.scribe.with_ledger(about, |ledger| FormDraft {
            outcome: Some(outcome),
            answers: found,
            ..form::begin(ledger, Answers::new(), list, at_ms)
        });
        self.scribe.with_ledger(about, |ledger| {
            answers::complete(&mut draft, list, ledger, |key| answers::first(list, key));
        });
        let minutes = if outcome == Outcome::Done { self.luck.between(6, 21) } else { 2 };
        let entry = self.scribe.entry(id).clone();
        let making = Making {
            about,
            author,
            anchor: fixes::point(&entry, house::POINT),
            dwell_ms: minutes * MINUTE_MS,
            quality: fixes::quality(&mut self.luck),
            reviewed: true,
            pictures,
        };
        self.record(draft, &making, |purpose| shot(&entry, case, purpose));
    }
}

/// What an inspector finds. `closed` are the kinds of problems of this house that have been set right.
fn found(
    entry: &Entry,
    case: Case,
    closed: &[String],
    outcome: Outcome,
    (today, luck): (Day, &mut Dice),
) -> Answers {
    let set_right = |kind: &str| closed.iter().any(|key| key == kind);
    let mut said: Vec<(&str, Value)> = match outcome {
        Outcome::Done => parts(case, luck),
        Outcome::RoadCut => vec![("road_where", "进组便道边坡滑塌，车辆无法通行".into())],
        _ => Vec::new(),
    };
    if entry.text(house::GRADED_BY) != house::BY_REPORT {
        said.extend(assessed(entry, set_right("unassessed"), today, luck));
    }
    if set_right("danger_lived_in") {
        said.extend([("lived_in", false.into()), ("sign_posted", true.into()), ("sealed", true.into())]);
    }
    if set_right("no_sign") {
        said.push(("sign_posted", true.into()));
    }
    if set_right("due_demolition") {
        said.push(("rectification", house::DEMOLISHED.into()));
    }
    said.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

/// What is said of the report of a house that had none.
fn assessed(entry: &Entry, by_now: bool, today: Day, luck: &mut Dice) -> Vec<(&'static str, Value)> {
    if !by_now {
        return vec![("report", false.into())];
    }
    let number = format!("农房鉴〔{}〕{}号", entry.text(house::CODE), luck.between(481, 900));
    vec![
        ("report", true.into()),
        ("report_grade", entry.value(house::GRADE).clone()),
        ("report_no", number.into()),
        ("report_date", plus_days(today, -luck.between(3, 20)).to_string().into()),
    ]
}

/// The parts of a house that stands so.
fn parts(case: Case, luck: &mut Dice) -> Vec<(&'static str, Value)> {
    let word = |text: &str| Value::from(text);
    let signs = |text: &str| Value::texts([text]);
    let millimetres = |luck: &mut Dice, low, high| Value::Int(luck.between(low, high));
    match case {
        Case::Sound => Vec::new(),
        Case::Basic | Case::Renovated => match luck.below(3) {
            0 => vec![("walls", word("slight")), ("walls_signs", signs("weathered"))],
            1 => vec![("roof", word("slight")), ("roof_signs", signs("leak"))],
            _ => vec![
                ("walls", word("slight")),
                ("walls_signs", signs("crack")),
                ("walls_crack_mm", millimetres(luck, 1, 3)),
            ],
        },
        Case::Suspect | Case::Renovating => vec![
            ("walls", word("severe")),
            ("walls_signs", signs("crack")),
            ("walls_crack_mm", millimetres(luck, 6, 14)),
        ],
        Case::Reported | Case::Unsigned => {
            vec![("roof", word("severe")), ("roof_signs", Value::texts(["leak", "rot"]))]
        }
        Case::Signed => vec![("frame", word("severe")), ("frame_signs", signs("rot"))],
        Case::Whole => vec![
            ("foundation", word("severe")),
            ("foundation_signs", signs("settlement")),
            ("walls", word("severe")),
            ("walls_signs", Value::texts(["crack", "tilt"])),
            ("walls_crack_mm", millimetres(luck, 15, 40)),
            ("walls_tilt_mm_m", millimetres(luck, 12, 25)),
        ],
        Case::Standing | Case::Sealed => vec![
            ("walls", word("severe")),
            ("walls_signs", signs("bulge")),
            ("roof", word("severe")),
            ("roof_signs", signs("sag")),
        ],
    }
}

/// What a photograph of a house shows.
fn shot(entry: &Entry, case: Case, purpose: &str) -> Option<Shot> {
    let looks = looks(entry, case);
    let scene = match purpose {
        "photo_whole" => Scene::House(looks),
        "photo_door" => Scene::Door(looks),
        "photo_foundation" => Scene::Close(Part::Footing, looks.walls),
        "photo_walls" => Scene::Close(Part::Wall, looks.walls),
        "photo_frame" => Scene::Close(Part::Beam, looks.walls),
        "photo_roof" => Scene::Close(Part::Roof, looks.walls),
        "photo_surroundings" => Scene::Close(Part::Surroundings, looks.walls),
        _ => return None,
    };
    Some(Shot::new(scene, entry.id))
}

/// The house from across the yard.
pub(super) fn whole_shot(entry: &Entry, case: Case) -> Shot {
    Shot::new(Scene::House(looks(entry, case)), entry.id)
}

fn looks(entry: &Entry, case: Case) -> Looks {
    let storeys = entry.value("storeys").as_number().unwrap_or(1.0);
    Looks {
        walls: match entry.text(house::STRUCTURE) {
            "brick_concrete" => Walls::Plaster,
            "earth_timber" | "adobe" => Walls::Earth,
            "stone" => Walls::Stone,
            _ => Walls::Brick,
        },
        storeys: if storeys > 1.0 { 2 } else { 1 },
        wear: match case {
            Case::Sound => Wear::Sound,
            Case::Basic | Case::Renovated => Wear::Worn,
            Case::Suspect | Case::Reported | Case::Renovating | Case::Unsigned | Case::Signed => Wear::Broken,
            Case::Whole | Case::Standing | Case::Sealed => Wear::Falling,
        },
        sign: matches!(case, Case::Signed | Case::Standing | Case::Sealed | Case::Renovating),
        sealed: case == Case::Sealed,
    }
}
