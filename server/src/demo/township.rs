//! The demo township 三江镇: nine villages with their real area codes and invented people, as the operations that
//! their devices would have sent, and the photographs that some of these name. Everything follows from the seed, the
//! size and the day. Touches no store.
//!
//! Nobody here exists: names come from lists of common surnames and syllables, ID numbers carry the prefix 999999 that
//! no place has, telephone numbers begin with 100, which no carrier assigns.

mod album;
mod dice;
mod families;
mod history;
mod houses;
mod names;
mod people;
mod pictures;
mod posts;
mod roster;
mod supplies;
#[cfg(test)]
mod tests;
mod writer;

pub use people::DemoPerson;

use album::Album;
use bianfang_shared::area::{Area, AreaCode, AreaLevel};
use bianfang_shared::op::Op;
use dice::Dice;
use history::Stage;
use people::Staff;
use roster::VillagePlan;
use std::sync::Arc;
use writer::Writer;

/// Of so many households of a village the past months are told; the others are on the roll only. Keeps a township of
/// a hundred thousand quick to make, and its review list readable.
pub const HISTORY_HOUSEHOLDS_MAX: usize = 80;
/// How far back the history goes, in days.
pub const HISTORY_DAYS: i64 = 110;

/// How many households there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Size {
    /// So many in each village.
    PerVillage(usize),
    /// So many in all, spread evenly.
    Total(usize),
}

/// A township made from a seed.
#[derive(Clone, Debug)]
pub struct DemoTownship {
    /// The areas, from the province down to the nine villages.
    pub areas: Vec<Area>,
    /// Everybody with an account.
    pub people: Vec<DemoPerson>,
    seed: u64,
    size: Size,
    now_ms: i64,
    staff: Vec<Staff>,
    album: Arc<Album>,
}

/// What happened in a village: the roll, of which the households beyond the told ones are made while they are taken,
/// and the past months.
struct Tale {
    plan: VillagePlan,
    told: Vec<Op>,
    rest: std::ops::Range<usize>,
    rest_writer: Writer,
    past: Vec<Op>,
}

impl Tale {
    fn roll(mut self) -> impl Iterator<Item = Op> {
        let rest = self.rest.flat_map(move |number| self.plan.register(number, &mut self.rest_writer));
        self.told.into_iter().chain(rest)
    }
}

/// The township of this seed and size, as it would stand at `now_ms`.
pub fn township(seed: u64, size: Size, now_ms: i64) -> DemoTownship {
    let areas = areas();
    let villages: Vec<AreaCode> =
        areas.iter().map(|area| area.code).filter(|code| code.level() == AreaLevel::Village).collect();
    let (people, staff) = people::people(&mut Dice::new(seed, 0), &villages, start_ms(now_ms));
    let album = Arc::new(Album::new(seed));
    DemoTownship { areas, people, seed, size, now_ms, staff, album }
}

impl DemoTownship {
    /// The villages, in the order of their codes.
    pub fn villages(&self) -> Vec<AreaCode> {
        self.staff.iter().map(|staff| staff.village).collect()
    }

    /// How many households a village has.
    pub fn households(&self, village: AreaCode) -> usize {
        let count = self.staff.len();
        let at = self.staff.iter().position(|staff| staff.village == village);
        match (self.size, at) {
            (_, None) => 0,
            (Size::PerVillage(households), _) => households,
            (Size::Total(total), Some(at)) => total / count + usize::from(at < total % count),
        }
    }

    /// A village's operations in the order of their times: first the roll, made while it is taken, then the past
    /// months. Each person has a device for each village, and each device's operations are numbered from 1 without
    /// a gap. The same seed, size and time give the same operations in every run.
    pub fn ops(&self, village: AreaCode) -> Box<dyn Iterator<Item = Op> + '_> {
        let at = self.staff.iter().position(|staff| staff.village == village);
        let Some(mut tale) = at.map(|at| self.tale(at)) else { return Box::new(std::iter::empty()) };
        let past = std::mem::take(&mut tale.past);
        Box::new(tale.roll().chain(past))
    }

    /// All villages' operations: the rolls, village after village, then what happened in all of them in the order of
    /// time, so that what was made on the same day arrives together.
    pub fn all_ops(&self) -> impl Iterator<Item = Op> + '_ {
        let mut tales = self.tales();
        let mut past: Vec<Op> = tales.iter_mut().flat_map(|tale| std::mem::take(&mut tale.past)).collect();
        // A device's own operations stay in their order: its clock never goes back, and equals are not exchanged.
        past.sort_by_key(|op| op.hlc);
        tales.into_iter().flat_map(Tale::roll).chain(past)
    }

    /// The JPEG of a photograph that operations told so far name; none of one that is still on somebody's phone.
    pub fn picture(&self, sha256: &str) -> Option<Arc<[u8]>> {
        self.album.jpeg(sha256)
    }

    /// What happened in every village. They are told of side by side, since painting takes most of the time.
    fn tales(&self) -> Vec<Tale> {
        let at_once = std::thread::available_parallelism().map_or(1, usize::from);
        let villages: Vec<usize> = (0..self.staff.len()).collect();
        let share = villages.len().div_ceil(at_once).max(1);
        std::thread::scope(|scope| {
            let tell =
                |villages: Vec<usize>| villages.into_iter().map(|at| self.tale(at)).collect::<Vec<_>>();
            let tellers: Vec<_> =
                villages.chunks(share).map(|some| scope.spawn(move || tell(some.to_vec()))).collect();
            let tales = tellers.into_iter().map(|teller| teller.join());
            tales.flat_map(|told| told.unwrap_or_else(|panic| std::panic::resume_unwind(panic))).collect()
        })
    }

    fn tale(&self, at: usize) -> Tale {
        let staff = &self.staff[at];
        let name = self.areas.iter().find(|area| area.code == staff.village).map_or("", |area| &area.name);
        let salt = u64::try_from(at).unwrap_or(0) + 1;
        let (since_ms, households) = (start_ms(self.now_ms), self.households(staff.village));
        let plan = VillagePlan::new(self.seed, salt, name, staff, households, since_ms);
        let mut writer = Writer::new(self.seed, staff.village);
        let count = households.min(HISTORY_HOUSEHOLDS_MAX);
        let mut told = Vec::new();
        let mut known = Vec::with_capacity(count);
        for number in 0..count {
            let ops = plan.register(number, &mut writer);
            known.push(plan.known(number, &ops));
            told.extend(ops);
        }
        let posts = posts::plan(&plan, &known);
        let of_village = told.len();
        told.extend(supplies::register(&plan, since_ms, &mut writer));
        told.extend(posts::register(&plan, &posts, since_ms, &mut writer));
        let stage = Stage {
            staff,
            known: &known,
            supplies: &plan.supplies,
            posts: &posts,
            entries: told[of_village..].iter().filter_map(|op| plan.entry(op)).collect(),
            album: &self.album,
        };
        // Only the roll is written by the administrator's device, so what is left of it and the story never number
        // the same operation.
        let rest_writer = writer.clone();
        let dice = (Dice::new(self.seed, salt + 1_000), Dice::new(self.seed ^ LUCK, salt));
        let past = history::tell(&stage, dice, writer, (since_ms, self.now_ms));
        Tale { told, rest: count..households, rest_writer, past, plan }
    }
}

/// Marks the dice of all that is not a visit.
const LUCK: u64 = 0x6c75_636b;

/// When the rolls were taken in.
fn start_ms(now_ms: i64) -> i64 {
    now_ms - (HISTORY_DAYS + 5) * 86_400_000
}

/// The real areas: code, level, name, parent.
fn areas() -> Vec<Area> {
    const ROWS: &str = include_str!("../../../assets/areas/sanjiang.csv");
    ROWS.lines()
        .skip(1)
        .map(|row| {
            let mut cells = row.split(',');
            let code = cells.next().and_then(|code| code.parse().ok());
            let name = cells.nth(1);
            code.zip(name)
                .map(|(code, name)| Area { code, name: name.to_owned() })
                .expect("the list of areas travels with the program and is read by a test")
        })
        .collect()
}
