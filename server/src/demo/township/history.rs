//! The past months of a village: visits, inspections, checks and attendances with what followed from them, reviews, and
//! the steps of problems, some opened by hand. Saved by the same rules as on a phone.

mod answers;
mod attendance;
mod checks;
mod fixes;
mod inspections;
mod problems;
mod records;
mod rounds;
mod scribe;
mod slots;
mod visits;

use super::album::{Album, Shot};
use super::dice::Dice;
use super::people::Staff;
use super::posts::Post;
use super::roster::Known;
use super::supplies::Supply;
use super::writer::Writer;
use attendance::Turn;
use bianfang_shared::entry::Entry;
use bianfang_shared::id::{EntityId, ObservationId, UserId};
use bianfang_shared::op::{Body, IssueStep, Op, Verdict};
use problems::ByHand;
use records::Pictures;
use scribe::Scribe;
use std::collections::{BTreeMap, VecDeque};

const DAY_MS: i64 = 86_400_000;
const MINUTE_MS: i64 = 60_000;

/// What is there when the story begins.
pub(super) struct Stage<'a> {
    pub(super) staff: &'a Staff,
    pub(super) known: &'a [Known],
    pub(super) supplies: &'a [Supply],
    pub(super) posts: &'a [Post],
    /// Supplies and posts as the roll left them.
    pub(super) entries: Vec<Entry>,
    pub(super) album: &'a Album,
}

/// What happens next.
enum Event {
    Visit { household: usize, author: UserId },
    Inspect { household: usize, house: usize, author: UserId, pictures: Pictures },
    CheckSupply { supply: usize, author: UserId, pictures: Pictures },
    CheckHousehold { household: usize, author: UserId },
    Attend { post: usize, author: UserId, turn: Turn, pictures: Pictures },
    Review { observation: ObservationId, verdict: Verdict, comment: &'static str },
    Step { issue: EntityId, author: UserId, step: IssueStep, note: &'static str, shots: Vec<Shot> },
    Assign { issue: EntityId, responsible: UserId },
    ByHand(ByHand),
    Rivals { household: usize },
}

/// Where the dice of the visits stood when each began.
enum Starts {
    /// They are noted.
    Noted(Vec<Dice>),
    /// They are kept to.
    KeptTo(VecDeque<Dice>),
}

struct Story<'a> {
    /// Of the visits and what follows from them.
    dice: Dice,
    /// Of everything else.
    luck: Dice,
    staff: &'a Staff,
    known: &'a [Known],
    supplies: &'a [Supply],
    posts: &'a [Post],
    album: &'a Album,
    scribe: Scribe,
    starts: Starts,
    agenda: BTreeMap<(i64, u64), Event>,
    planned: u64,
    /// On which days each post's holder is met.
    met: BTreeMap<usize, Vec<i64>>,
    from_ms: i64,
    until_ms: i64,
}

/// The operations from the first instant to before the second, in the order of their times.
///
/// Visits are rehearsed alone first, and each then begins with the dice where they stood in the rehearsal: so a village
/// has the same visits whatever else happens in it, but for what the ledgers have come to say meanwhile.
pub(super) fn tell(
    stage: &Stage<'_>,
    (dice, luck): (Dice, Dice),
    writer: Writer,
    span_ms: (i64, i64),
) -> Vec<Op> {
    let begin = |starts| Story::new(stage, (dice.clone(), luck.clone()), writer.clone(), span_ms, starts);
    let mut rehearsal = begin(Starts::Noted(Vec::new()));
    rehearsal.plan_visits();
    rehearsal.happen();
    let starts = match rehearsal.starts {
        Starts::Noted(starts) => starts.into(),
        Starts::KeptTo(starts) => starts,
    };
    let mut story = begin(Starts::KeptTo(starts));
    story.plan_visits();
    story.plan_rounds();
    story.plan_attendances();
    story.plan_by_hand();
    if !stage.known.is_empty() && stage.staff.cadres.len() > 1 {
        let household = stage.known.len() / 2;
        story.plan(story.until_ms - 3 * DAY_MS, Event::Rivals { household });
    }
    story.happen();
    story.scribe.into_ops()
}

impl<'a> Story<'a> {
    fn new(
        stage: &Stage<'a>,
        (dice, luck): (Dice, Dice),
        writer: Writer,
        (from_ms, until_ms): (i64, i64),
        starts: Starts,
    ) -> Self {
        let of_households = stage.known.iter().flat_map(|known| {
            let houses = known.houses.iter().map(|house| house.entry.clone());
            [known.household.clone()].into_iter().chain(houses)
        });
        let entries = of_households.chain(stage.entries.iter().cloned());
        Self {
            dice,
            luck,
            staff: stage.staff,
            known: stage.known,
            supplies: stage.supplies,
            posts: stage.posts,
            album: stage.album,
            scribe: Scribe::new((stage.staff.village, stage.staff.supervisor), writer, entries),
            starts,
            agenda: BTreeMap::new(),
            planned: 0,
            met: BTreeMap::new(),
            from_ms,
            until_ms,
        }
    }

    /// Puts something on the agenda, unless it lies in the future.
    fn plan(&mut self, at_ms: i64, event: Event) {
        if at_ms < self.until_ms {
            self.planned += 1;
            self.agenda.insert((at_ms, self.planned), event);
        }
    }

    /// The days of the story; today is not among them.
    fn days(&self) -> i64 {
        (self.until_ms - self.from_ms) / DAY_MS - 1
    }

    /// Brings the dice of the visits to where they stand when the next one begins.
    fn rewind(&mut self) {
        match &mut self.starts {
            Starts::Noted(starts) => starts.push(self.dice.clone()),
            Starts::KeptTo(starts) => {
                if let Some(dice) = starts.pop_front() {
                    self.dice = dice;
                }
            }
        }
    }

    /// Lets everything happen that is on the agenda, and what follows from it.
    fn happen(&mut self) {
        while let Some(((at_ms, _), event)) = self.agenda.pop_first() {
            self.happens(at_ms, event);
        }
    }

    fn happens(&mut self, at_ms: i64, event: Event) {
        match event {
            Event::Visit { household, author } => self.visit(at_ms, household, author),
            Event::Inspect { household, house, author, pictures } => {
                self.inspect(at_ms, (household, house), author, &pictures);
            }
            Event::CheckSupply { supply, author, pictures } => {
                self.check_supply(at_ms, supply, author, &pictures);
            }
            Event::CheckHousehold { household, author } => self.check_household(at_ms, household, author),
            Event::Attend { post, author, turn, pictures } => {
                self.attend(at_ms, post, author, turn, &pictures);
            }
            Event::Review { observation, verdict, comment } => {
                let body = Body::Review { observation, verdict, comment: comment.to_owned() };
                self.scribe.write(self.staff.supervisor, at_ms, body);
            }
            Event::Step { issue, author, step, note, shots } => {
                self.step(at_ms, issue, author, (step, note), &shots);
            }
            Event::Assign { issue, responsible } => self.assign(at_ms, issue, responsible),
            Event::ByHand(problem) => self.open_by_hand(at_ms, &problem),
            Event::Rivals { household } => self.rivals(at_ms, household),
        }
    }
}

/// When and how the supervisor reviews a record, if at all.
fn review(dice: &mut Dice, observation: ObservationId, saved_ms: i64, weak: bool) -> Option<(i64, Event)> {
    if !dice.percent(72) {
        return None;
    }
    let (verdict, comment) = match weak {
        true => (Verdict::SentBack, "定位离户较远或停留过短，请补访并说明"),
        false => (Verdict::Approved, ""),
    };
    let later_ms = saved_ms + dice.between(20, 140) * 60 * MINUTE_MS;
    Some((later_ms, Event::Review { observation, verdict, comment }))
}
