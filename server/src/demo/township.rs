//! The demo township 三江镇: nine villages with their real area codes and invented people, as the operations that
//! their devices would have sent. Everything follows from the seed, the size and the day. Touches no store.
//!
//! Nobody here exists: names come from lists of common surnames and syllables, ID numbers carry the prefix 999999 that
//! no place has, telephone numbers begin with 100, which no carrier assigns.

mod dice;
mod history;
mod names;
mod people;
mod roster;
#[cfg(test)]
mod tests;
mod writer;

pub use people::DemoPerson;

use bianfang_shared::area::{Area, AreaCode, AreaLevel};
use bianfang_shared::op::Op;
use dice::Dice;
use people::Staff;
use roster::VillagePlan;
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
    /// Everybody with an account, with the accounts that can sign in first.
    pub people: Vec<DemoPerson>,
    seed: u64,
    size: Size,
    now_ms: i64,
    staff: Vec<Staff>,
}

/// The township of this seed and size, as it would stand at `now_ms`.
pub fn township(seed: u64, size: Size, now_ms: i64) -> DemoTownship {
    let areas = areas();
    let villages: Vec<AreaCode> =
        areas.iter().map(|area| area.code).filter(|code| code.level() == AreaLevel::Village).collect();
    let (people, staff) = people::people(&mut Dice::new(seed, 0), &villages, start_ms(now_ms));
    DemoTownship { areas, people, seed, size, now_ms, staff }
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

    /// A village's operations in the order of their times, made while they are taken: first the roll, then the past
    /// months. Each person has a device for each village, and each device's operations are numbered from 1 without
    /// a gap. The same seed, size and time give the same operations in every run.
    pub fn ops(&self, village: AreaCode) -> Box<dyn Iterator<Item = Op> + '_> {
        let Some((at, staff)) = self.staff.iter().enumerate().find(|(_, staff)| staff.village == village)
        else {
            return Box::new(std::iter::empty());
        };
        let name = self.areas.iter().find(|area| area.code == village).map_or("", |area| &area.name);
        let salt = u64::try_from(at).unwrap_or(0) + 1;
        let plan =
            VillagePlan::new(self.seed, salt, name, staff, self.households(village), start_ms(self.now_ms));
        let mut writer = Writer::new(self.seed, village);
        let told = plan.households.min(HISTORY_HOUSEHOLDS_MAX);
        let mut known = Vec::with_capacity(told);
        // The roll of the households whose history is told comes whole; the rest household by household.
        let mut first = Vec::new();
        for number in 0..told {
            let ops = plan.register(number, &mut writer);
            known.push(plan.known(number, &ops));
            first.extend(ops);
        }
        // Only the roll is written by the administrator's device, so the two writers never number the same one.
        let mut rest_writer = writer.clone();
        let rest_plan = plan.clone();
        let rest =
            (told..plan.households).flat_map(move |number| rest_plan.register(number, &mut rest_writer));
        let mut dice = Dice::new(self.seed, salt + 1_000);
        let past = history::tell(&mut dice, staff, known, writer, (start_ms(self.now_ms), self.now_ms));
        Box::new(first.into_iter().chain(rest).chain(past))
    }

    /// All villages' operations, village after village.
    pub fn all_ops(&self) -> impl Iterator<Item = Op> + '_ {
        self.villages().into_iter().flat_map(|village| self.ops(village))
    }
}

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
