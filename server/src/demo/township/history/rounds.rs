//! Who inspects, checks and meets whom on which day, and which of those records have painted photographs.

use super::attendance::{Duty, Turn};
use super::records::Pictures;
use super::slots::{ROUNDS, Slots, midnight_ms};
use super::{Event, Known, MINUTE_MS, Story, attendance, inspections};
use crate::demo::township::album::Shot;
use crate::demo::township::{houses, posts};
use bianfang_shared::day::{day_of, days_between, plus_days};
use bianfang_shared::id::UserId;
use bianfang_shared::rules::post::Finding;
use std::collections::BTreeMap;

/// Where a house is in the cast: its household's place on the roll, and its own among the household's.
type HouseAt = (usize, usize);

/// How far back the rounds go, in days.
const ROUNDS_DAYS: i64 = 70;
/// The village that shows photographs used twice: 双桥村.
const DOUBLES_VILLAGE: u64 = 215;

impl Story<'_> {
    pub(super) fn plan_rounds(&mut self) {
        let mut slots = Slots::new(ROUNDS, self.staff, self.from_ms);
        self.plan_inspections(&mut slots);
        self.plan_checks(&mut slots);
        self.plan_meetings(&mut slots);
    }

    fn shows_doubles(&self) -> bool {
        self.staff.village.number() % 1_000 == DOUBLES_VILLAGE
    }

    fn plan_inspections(&mut self, slots: &mut Slots) {
        let first_cadre = self.staff.cadres.first().copied();
        let mut late_by_force = true;
        let mut pictured: Vec<HouseAt> = Vec::new();
        for at in self.all_houses() {
            let (case, author) = self.house_case(at);
            let watched = case.dangerous() && case != houses::Case::Sealed;
            // Somebody's next inspection is overdue in every village, and so is one of whoever signs in as cadre.
            let late = watched && (late_by_force && Some(author) == first_cadre || self.luck.percent(28));
            late_by_force &= !(late && Some(author) == first_cadre);
            let days = self.inspection_days(case, watched, late);
            let newest = days.len().saturating_sub(1);
            for (number, day) in days.into_iter().enumerate() {
                let pictures = if case.dangerous() && number == newest {
                    pictured.push(at);
                    self.inspection_pictures(&pictured)
                } else {
                    Pictures::default()
                };
                let at_ms = slots.take(author, day) + self.luck.between(0, 6) * MINUTE_MS;
                let (household, house) = at;
                self.plan(at_ms, Event::Inspect { household, house, author, pictures });
            }
        }
    }

    fn all_houses(&self) -> Vec<HouseAt> {
        let of = |(at, known): (usize, &Known)| (0..known.houses.len()).map(move |house| (at, house));
        self.known.iter().enumerate().flat_map(of).collect()
    }

    fn house_case(&self, (household, house): HouseAt) -> (houses::Case, UserId) {
        let known = &self.known[household];
        (known.houses[house].case, known.cadre)
    }

    /// The days of a house's inspections: dangerous ones as often as the schedule asks, of the others a few once.
    fn inspection_days(&mut self, case: houses::Case, watched: bool, late: bool) -> Vec<i64> {
        let last = self.days() - 1;
        if !watched {
            let once = case == houses::Case::Sealed || self.luck.percent(16);
            return if once { vec![last - self.luck.between(3, ROUNDS_DAYS - 8)] } else { Vec::new() };
        }
        let interval = |story: &Self, day: i64| {
            // Twice a month in the flood season.
            if (4..=9).contains(&story.month(day)) { 14 } else { 27 }
        };
        let end = if late { last - interval(self, last) - self.luck.between(4, 9) } else { last };
        let mut day = self.days() - ROUNDS_DAYS + self.luck.between(0, 12);
        let mut days = Vec::new();
        while day < end {
            days.push(day);
            day += interval(self, day) + self.luck.between(-3, 1);
        }
        days
    }

    /// Of the newest inspections of dangerous houses: in the villages of those who sign in all photographs of the first,
    /// elsewhere all but the close views; here and there one of two of the second; and where doubles are shown, a third
    /// house that was photographed from the first one's picture.
    fn inspection_pictures(&self, pictured: &[HouseAt]) -> Pictures {
        match pictured.len() {
            1 if self.staff.cadres.len() > 2 => Pictures::ALL,
            1 => Pictures::first(2),
            2 if self.staff.village.number().is_multiple_of(2) || self.shows_doubles() => Pictures::first(1),
            3 if self.shows_doubles() => {
                Pictures { painted: 1, instead: Some(self.house_shot(pictured[0]).again()) }
            }
            _ => Pictures::default(),
        }
    }

    fn month(&self, day: i64) -> i8 {
        plus_days(day_of(self.from_ms), day).month()
    }

    fn plan_checks(&mut self, slots: &mut Slots) {
        let last = self.days() - 1;
        let authors: Vec<UserId> =
            [self.staff.secretary].into_iter().chain(self.staff.cadres.iter().copied()).collect();
        for supply in 0..self.supplies.len() {
            // The last one has not been looked at for more than a quarter.
            let neglected = supply + 1 == self.supplies.len();
            let days = if neglected { vec![last - self.luck.between(94, 98)] } else { self.check_days(last) };
            for (number, day) in days.iter().enumerate() {
                let newest = number + 1 == days.len() && supply == 0;
                let pictures = if newest { Pictures::first(1) } else { Pictures::default() };
                let author = authors[(supply + number) % authors.len()];
                let at_ms = slots.take(author, *day) + self.luck.between(0, 6) * MINUTE_MS;
                self.plan(at_ms, Event::CheckSupply { supply, author, pictures });
            }
        }
        for step in 0..self.known.len().div_ceil(20) {
            let household = (step * 17 + 4) % self.known.len();
            let author = self.known[household].cadre;
            let day = last - self.luck.between(2, ROUNDS_DAYS - 6);
            let at_ms = slots.take(author, day) + self.luck.between(0, 6) * MINUTE_MS;
            self.plan(at_ms, Event::CheckHousehold { household, author });
        }
    }

    /// Monthly in the dry season and where autumn is short of water, else quarterly.
    fn check_days(&mut self, last: i64) -> Vec<i64> {
        let mut day = last - self.luck.between(2, 20);
        let mut days = Vec::new();
        while day > last - ROUNDS_DAYS {
            days.push(day);
            day -= if matches!(self.month(day), 1..=2 | 9..=12) { 27 } else { 80 };
        }
        days.reverse();
        days
    }

    /// The monthly meetings with post holders, and then the days on which holders sign in and out.
    fn plan_meetings(&mut self, slots: &mut Slots) {
        let last = self.days() - 1;
        let mut met: BTreeMap<usize, Vec<i64>> = BTreeMap::new();
        let mut first_shot: Option<Shot> = None;
        for post in 0..self.posts.len() {
            // Every other holder was not met for more than a month.
            let newest = if post % 2 == 1 {
                last - self.luck.between(33, 38)
            } else {
                last - self.luck.between(2, 18)
            };
            let days = [newest - 29 - self.luck.between(0, 4), newest];
            for (number, day) in days.into_iter().enumerate() {
                let author = match (post + number) % 2 {
                    0 => self.staff.secretary,
                    _ => self.staff.cadres[post % self.staff.cadres.len()],
                };
                let at_ms = slots.take(author, day) + self.luck.between(0, 6) * MINUTE_MS;
                let pictures = match (number, post) {
                    (1, 0) => Pictures::first(1),
                    (1, 1 | 2) if self.shows_doubles() => {
                        let shot = *first_shot.get_or_insert_with(|| self.post_shot(post));
                        Pictures { painted: 1, instead: Some(shot) }
                    }
                    _ => Pictures::default(),
                };
                let finding = self.finding(post, number);
                met.entry(post)
                    .or_default()
                    .push(i64::from(days_between(day_of(self.from_ms), day_of(at_ms))));
                self.plan(at_ms, Event::Attend { post, author, turn: Turn::Met(finding), pictures });
            }
        }
        self.met = met;
    }

    /// What whoever comes to meet a holder finds: mostly that person, at work.
    fn finding(&self, post: usize, number: usize) -> Finding {
        let village = self.staff.village.number() % 9;
        match (self.posts[post].case, number) {
            // Works in another province; a brother stands in.
            (posts::Case::Away, 1) => Finding::Substitute,
            (posts::Case::Short, 0) => Finding::Absent,
            (posts::Case::TooOld, 1) => Finding::Leave,
            (posts::Case::Proper, 1) if village == 3 && post == 2 => Finding::Absent,
            (posts::Case::Proper, 0) if village == 5 && post == 1 => Finding::Leave,
            _ => Finding::OnPost,
        }
    }

    /// Days on which a holder signs in and out: as many as the post asks for, spread over last month and this one.
    pub(super) fn plan_attendances(&mut self) {
        for post in 0..self.posts.len() {
            let duty = Duty::of(&self.posts[post]);
            let mut days = duty.days(&mut self.luck, self.from_ms, self.until_ms);
            days.extend(self.met.get(&post).into_iter().flatten());
            days.retain(|day| *day < self.days());
            for day in days {
                self.plan_day(post, day);
            }
        }
    }

    fn plan_day(&mut self, post: usize, day: i64) {
        let author = self.staff.team;
        let walk = i64::try_from(post).unwrap_or(0) * 7;
        for (turn, minute) in [(Turn::In, 7 * 60 + 15), (Turn::Out, 17 * 60 + 20)] {
            let minute = minute + walk + self.luck.between(0, 3);
            let at_ms = midnight_ms(self.from_ms, day) + minute * MINUTE_MS;
            self.plan(at_ms, Event::Attend { post, author, turn, pictures: Pictures::default() });
        }
    }

    fn house_shot(&self, (household, house): HouseAt) -> Shot {
        let known = &self.known[household].houses[house];
        inspections::whole_shot(&known.entry, known.case)
    }

    fn post_shot(&self, post: usize) -> Shot {
        attendance::work_shot(&self.posts[post], true)
    }
}
