//! The public posts of a village: who holds them, where they are worked, and for whom a post is not right.

use super::dice::Dice;
use super::roster::{Fields, Known, VillagePlan, shifted};
use super::writer::Writer;
use bianfang_shared::day::{Day, day_of, plus_days, plus_months};
use bianfang_shared::entry::Entry;
use bianfang_shared::id::EntityId;
use bianfang_shared::ledger::{LedgerKind, Point, person, post};
use bianfang_shared::op::Op;
use bianfang_shared::policy::Policy;
use bianfang_shared::rules::post::{Holder, holder_flags};
use bianfang_shared::value::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Who holds a post, and how it is worked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Case {
    /// Somebody suitable, who comes as often as required.
    Proper,
    /// Somebody suitable, who does not come often enough.
    Short,
    /// Somebody of eighty years or more.
    TooOld,
    /// Somebody who works in another province.
    Away,
    /// Whoever holds the post before this one, too.
    Second,
}

/// A post as planned.
#[derive(Clone, Debug)]
pub(super) struct Post {
    pub(super) id: EntityId,
    pub(super) kind: &'static str,
    pub(super) case: Case,
    /// The person.
    pub(super) holder: EntityId,
    /// The person's household, by its place on the roll.
    pub(super) household: usize,
    pub(super) required_days: i64,
    /// The middle of the area worked.
    pub(super) middle: Point,
    /// How far from there one is still well inside, in metres.
    pub(super) reach_m: f64,
    fields: Fields,
}

/// Marks the dice of posts.
const POSTS: u64 = 0x706f_7374;

/// By village, in the order of their codes.
const TABLE: [&[(&str, Case)]; 9] = [
    &[("cleaning", Case::Proper), ("facilities", Case::Proper), ("other", Case::Proper)],
    &[("cleaning", Case::Proper), ("road", Case::Proper), ("forest", Case::Proper)],
    &[("cleaning", Case::Proper), ("forest", Case::Proper), ("water", Case::Proper)],
    &[
        ("cleaning", Case::Proper),
        ("river", Case::Proper),
        ("road", Case::Proper),
        ("facilities", Case::Proper),
    ],
    &[("road", Case::Proper), ("cleaning", Case::Proper), ("forest", Case::Proper), ("other", Case::Proper)],
    &[
        ("cleaning", Case::Proper),
        ("road", Case::Away),
        ("river", Case::Proper),
        ("facilities", Case::Proper),
    ],
    &[
        ("cleaning", Case::Short),
        ("forest", Case::Proper),
        ("road", Case::Second),
        ("water", Case::Proper),
        ("river", Case::Proper),
    ],
    &[("cleaning", Case::Proper), ("forest", Case::TooOld), ("river", Case::Proper)],
    &[
        ("cleaning", Case::Proper),
        ("forest", Case::Proper),
        ("road", Case::Proper),
        ("river", Case::Proper),
        ("water", Case::Proper),
        ("facilities", Case::Proper),
    ],
];

/// What holds for a kind of post: name, days required a month, subsidy a month, radius of its area.
fn terms(kind: &str) -> (&'static str, i64, i64, f64) {
    match kind {
        "cleaning" => ("保洁岗", 10, 600, 420.0),
        "forest" => ("护林岗", 6, 800, 1_400.0),
        "road" => ("护路岗", 6, 600, 900.0),
        "water" => ("水管员岗", 4, 500, 650.0),
        "river" => ("护河岗", 6, 600, 700.0),
        "facilities" => ("公共设施管护岗", 4, 500, 320.0),
        _ => ("照料服务岗", 4, 500, 480.0),
    }
}

/// The posts of a village; those for which nobody fits are left out.
pub(super) fn plan(village: &VillagePlan, known: &[Known]) -> Vec<Post> {
    let at = usize::try_from(village.salt.saturating_sub(1)).unwrap_or(0) % TABLE.len();
    let mut dice = Dice::new(village.seed ^ POSTS, village.salt);
    let today = day_of(village.since_ms);
    let mut posts: Vec<Post> = Vec::new();
    for (number, &(kind, case)) in TABLE[at].iter().enumerate() {
        let taken: BTreeSet<EntityId> = posts.iter().map(|post| post.holder).collect();
        let found = match case {
            Case::Second => posts.last().map(|before| (before.household, before.holder)),
            _ => holder(&mut dice, known, case, &taken, today),
        };
        let Some((household, holder)) = found else { continue };
        let (name, required_days, subsidy, radius_m) = terms(kind);
        let middle = Point {
            accuracy_m: 10.0,
            ..shifted(village.centre, dice.around() * 300.0, dice.around() * 300.0)
        };
        let mut fields: Fields = [
            (post::NAME, format!("{}{name}", village.name).into()),
            (post::CODE, format!("SJ{:03}-G{:02}", village.village.number() % 1_000, number + 1).into()),
            (post::KIND, kind.into()),
            (post::HOLDER, holder.to_string().into()),
            (post::POINT, Value::write(&middle)),
            (post::REQUIRED_DAYS, Value::Int(required_days)),
            (post::CONTRACT_FROM, plus_days(today, -40).first_of_month().to_string().into()),
            (post::CONTRACT_TO, plus_months(today, 18).last_of_month().to_string().into()),
            ("subsidy", Value::Int(subsidy)),
        ]
        .map(|(key, value)| (key.to_owned(), value))
        .into();
        // The river bends, so its stretch is drawn.
        let reach_m = if kind == "river" {
            fields.insert(post::AREA.to_owned(), bend(middle));
            100.0
        } else {
            fields.insert(post::RADIUS_M.to_owned(), Value::number(radius_m));
            radius_m * 0.4
        };
        let id = EntityId::new(village.since_ms, dice.ten_bytes());
        posts.push(Post { id, kind, case, holder, household, required_days, middle, reach_m, fields });
    }
    posts
}

/// The operations that register the posts.
pub(super) fn register(village: &VillagePlan, posts: &[Post], at_ms: i64, writer: &mut Writer) -> Vec<Op> {
    let enter = |post: &Post| village.enter(writer, at_ms, (post.id, LedgerKind::Post), post.fields.clone());
    posts.iter().map(enter).collect()
}

/// The corners of a stretch of river around its middle.
fn bend(middle: Point) -> Value {
    const CORNERS: [(f64, f64); 6] =
        [(-160.0, -640.0), (140.0, -600.0), (210.0, 0.0), (380.0, 560.0), (120.0, 680.0), (-230.0, 40.0)];
    let corner = |(north, east): (f64, f64)| {
        let Point { lat, lon, .. } = shifted(middle, north, east);
        Value::Map(BTreeMap::from([("lat".to_owned(), lat.into()), ("lon".to_owned(), lon.into())]))
    };
    Value::List(CORNERS.map(corner).into())
}

/// Somebody for a post: the household's place on the roll, and the person.
fn holder(
    dice: &mut Dice,
    known: &[Known],
    case: Case,
    taken: &BTreeSet<EntityId>,
    today: Day,
) -> Option<(usize, EntityId)> {
    let first = usize::try_from(dice.below(known.len() as u64)).unwrap_or(0);
    let households = (0..known.len()).map(|step| (first + step) % known.len());
    let all = households.flat_map(|at| known[at].members.iter().map(move |person| (at, person)));
    all.filter(|(_, person)| !taken.contains(&person.id))
        .find(|(at, person)| suits(case, person, &known[*at].members, today))
        .map(|(at, person)| (at, person.id))
}

/// Whether the rules flag nothing about this person but what the case is about.
fn suits(case: Case, person: &Entry, members: &[Entry], today: Day) -> bool {
    let holder = Holder::of(person, members, 1, today);
    let flags = holder_flags(&holder, &Policy::builtin().posts.eligibility);
    let codes: Vec<&str> = flags.iter().map(|ground| ground.code.as_str()).collect();
    let grown = matches!(person.text(person::RELATION), "head" | "spouse" | "parent");
    match case {
        Case::Proper | Case::Short | Case::Second => {
            codes.is_empty()
                && grown
                && holder.age.is_some_and(|age| (26..=68).contains(&age))
                && matches!(person.text("health"), "good" | "chronic")
        }
        // Beyond doubt also when the story ends.
        Case::TooOld => codes == ["too_old"] && holder.age.is_some_and(|age| age >= 81),
        Case::Away => codes == ["works_away"] && grown,
    }
}
