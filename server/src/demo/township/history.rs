//! The past months of a village: visits with what followed from them, reviews, steps of problems, and one pair of
//! edits that had not seen each other. Saved by the same rules as on a phone.

mod answers;
mod fixes;

use super::dice::Dice;
use super::people::Staff;
use super::roster::Known;
use super::writer::Writer;
use bianfang_shared::checklist::Checklist;
use bianfang_shared::day::{day_of, plus_days, start_ms};
use bianfang_shared::entry::Entry;
use bianfang_shared::form::{self, FormDraft, FormLedger, Stamp};
use bianfang_shared::id::{EntityId, ObservationId, UserId};
use bianfang_shared::ledger::{household, issue};
use bianfang_shared::observation::{Outcome, Platform};
use bianfang_shared::op::{Body, Change, IssueStep, Op, Verdict};
use bianfang_shared::policy::Policy;
use std::collections::BTreeMap;

const DAY_MS: i64 = 86_400_000;
const MINUTE_MS: i64 = 60_000;
/// One visit with the way to it.
const SLOT_MS: i64 = 40 * MINUTE_MS;
/// Most visits of a person in a day.
const DAY_VISITS_MAX: i64 = 9;

/// What happens next.
enum Event {
    Visit { household: usize, author: UserId },
    Review { observation: ObservationId, verdict: Verdict, comment: &'static str },
    Step { issue: usize, author: UserId, step: IssueStep, note: &'static str },
    Rivals { household: usize },
}

/// A problem as it was opened and as it stands.
struct Problem {
    household: usize,
    entry: Entry,
}

struct Story<'a> {
    dice: &'a mut Dice,
    staff: &'a Staff,
    known: Vec<Known>,
    problems: Vec<Problem>,
    writer: Writer,
    agenda: BTreeMap<(i64, u64), Event>,
    planned: u64,
    until_ms: i64,
    ops: Vec<Op>,
}

/// The operations from the first instant to before the second, in the order of their times.
pub(super) fn tell(
    dice: &mut Dice,
    staff: &Staff,
    known: Vec<Known>,
    writer: Writer,
    (from_ms, until_ms): (i64, i64),
) -> Vec<Op> {
    let mut story = Story {
        dice,
        staff,
        known,
        problems: Vec::new(),
        writer,
        agenda: BTreeMap::new(),
        planned: 0,
        until_ms,
        ops: Vec::new(),
    };
    story.plan_visits(from_ms);
    if !story.known.is_empty() && staff.cadres.len() > 1 {
        let household = story.known.len() / 2;
        story.plan(until_ms - 3 * DAY_MS, Event::Rivals { household });
    }
    while let Some(((at_ms, _), event)) = story.agenda.pop_first() {
        story.happen(at_ms, event);
    }
    story.ops
}

impl Story<'_> {
    /// Puts something on the agenda, unless it lies in the future.
    fn plan(&mut self, at_ms: i64, event: Event) {
        if at_ms < self.until_ms {
            self.planned += 1;
            self.agenda.insert((at_ms, self.planned), event);
        }
    }

    fn plan_visits(&mut self, from_ms: i64) {
        let mut taken: BTreeMap<(UserId, i64), i64> = BTreeMap::new();
        let days = (self.until_ms - from_ms) / DAY_MS - 1;
        for household in 0..self.known.len() {
            let (cadre, entry) = (self.known[household].cadre, &self.known[household].household);
            let every = if entry.text(household::COLOUR) == "orange" { 15 } else { 29 };
            let doctor = (!entry.text(household::FAMILY_DOCTOR).is_empty()).then_some(self.staff.doctor);
            let secretary =
                entry.value(household::CATEGORIES).holds("lifted").then_some(self.staff.secretary);
            let mut day = self.dice.between(6, 6 + every);
            while day < days {
                // Of the last month's visits some have not been made, so that something is due and overdue.
                if self.dice.percent(if days - day < 30 { 62 } else { 88 }) {
                    self.plan_visit(&mut taken, from_ms, day, household, cadre);
                }
                for other in [doctor, secretary].into_iter().flatten() {
                    if self.dice.percent(22) {
                        let day = (day + self.dice.between(1, 9)).min(days - 1);
                        self.plan_visit(&mut taken, from_ms, day, household, other);
                    }
                }
                day += every + self.dice.between(-4, 5);
            }
        }
    }

    /// In the next free slot of the person's day. Villages of odd and even number have odd and even days, so nobody
    /// is in two at once.
    fn plan_visit(
        &mut self,
        taken: &mut BTreeMap<(UserId, i64), i64>,
        from_ms: i64,
        day: i64,
        household: usize,
        author: UserId,
    ) {
        let parity = i64::try_from(self.staff.village.number() % 2).unwrap_or(0);
        let mut day = day + (day + parity) % 2;
        while taken.get(&(author, day)).is_some_and(|visits| *visits >= DAY_VISITS_MAX) {
            day += 2;
        }
        let slot = taken.entry((author, day)).or_insert(0);
        let morning_ms = start_ms(plus_days(day_of(from_ms), day)) + 9 * 60 * MINUTE_MS;
        let at_ms = morning_ms + *slot * SLOT_MS;
        *slot += 1;
        let at_ms = at_ms + self.dice.between(0, 8) * MINUTE_MS;
        self.plan(at_ms, Event::Visit { household, author });
    }

    fn happen(&mut self, at_ms: i64, event: Event) {
        match event {
            Event::Visit { household, author } => self.visit(at_ms, household, author),
            Event::Review { observation, verdict, comment } => {
                let body = Body::Review { observation, verdict, comment: comment.to_owned() };
                self.write(self.staff.supervisor, at_ms, body);
            }
            Event::Step { issue, author, step, note } => {
                let problem = &self.problems[issue].entry;
                let parents = problem.heads(issue::STATE);
                let body = Body::Step {
                    issue: problem.id,
                    step,
                    parents,
                    note: note.to_owned(),
                    photos: Vec::new(),
                };
                self.write(author, at_ms, body);
            }
            Event::Rivals { household } => self.rivals(at_ms, household),
        }
    }

    fn visit(&mut self, at_ms: i64, household: usize, author: UserId) {
        let known = &self.known[household];
        let list = Checklist::visit();
        let outcome = match self.dice.below(100) {
            0..=85 => Outcome::AtHome,
            86..=92 => Outcome::NobodyHome,
            93..=96 => Outcome::WorkingAway,
            97..=98 => Outcome::Refused,
            _ => Outcome::RoadCut,
        };
        let mut draft = FormDraft {
            outcome: Some(outcome),
            ..form::begin(
                &FormLedger::of_household(&known.household, &[]),
                form::member_facts(&known.members, at_ms),
                list,
                at_ms,
            )
        };
        let closed = self.topics(household, true);
        answers::fill(self.dice, &mut draft, &known.household, &closed);
        let platform = if self.dice.percent(70) { Platform::Web } else { Platform::Native };
        let measured = fixes::measure(self.dice, &known.household, at_ms, outcome, platform);
        draft.fixes = measured.fixes;
        draft.dwell_ms = u64::try_from(measured.dwell_ms).unwrap_or(0);
        let saved_ms = at_ms + measured.dwell_ms;
        let observation = ObservationId::new(saved_ms, self.dice.ten_bytes());
        let stamp = Stamp {
            now_ms: saved_ms,
            observation,
            issues: std::array::from_fn(|_| EntityId::new(saved_ms, self.dice.ten_bytes())),
            clock_offset_ms: Some(self.dice.between(-1_800, 1_800)),
            platform,
        };
        let open: Vec<Entry> = (self.problems.iter())
            .filter(|problem| problem.household == household)
            .map(|problem| problem.entry.clone())
            .collect();
        let ledger = FormLedger::of_household(&known.household, &open);
        let Ok(bodies) = form::save(&draft, list, Policy::builtin(), &ledger, &stamp) else {
            debug_assert!(
                false,
                "a demo form that cannot be saved: {:?}",
                answers::lacks(&draft, &known.household)
            );
            return;
        };
        for body in bodies {
            if let Body::Register { entity, .. } = &body {
                let entry = Entry::empty(*entity, self.staff.village);
                self.problems.push(Problem { household, entry });
                self.plan_steps(saved_ms, author);
            }
            self.write(author, saved_ms, body);
        }
        if self.dice.percent(72) {
            let (verdict, comment) = match measured.weak {
                true => (Verdict::SentBack, "定位离户较远或停留过短，请补访并说明"),
                false => (Verdict::Approved, ""),
            };
            let later_ms = saved_ms + self.dice.between(20, 140) * 60 * MINUTE_MS;
            self.plan(later_ms, Event::Review { observation, verdict, comment });
        }
    }

    /// What becomes of the problem opened last.
    fn plan_steps(&mut self, opened_ms: i64, author: UserId) {
        let issue = self.problems.len() - 1;
        let mut at_ms = opened_ms;
        for (step, author, chance, note) in [
            (IssueStep::Begin, author, 85, "已上户核实，正在协调"),
            (IssueStep::Rectify, author, 70, "已整改到位，请验收"),
            (IssueStep::Accept, self.staff.supervisor, 80, "现场验收合格"),
        ] {
            if !self.dice.percent(chance) {
                return;
            }
            at_ms += self.dice.between(50, 250) * 60 * MINUTE_MS;
            self.plan(at_ms, Event::Step { issue, author, step, note });
        }
    }

    /// Topics of this household's problems that are closed, or that are not.
    fn topics(&self, household: usize, closed: bool) -> Vec<String> {
        let own = self.problems.iter().filter(|problem| problem.household == household);
        own.filter(|problem| (problem.entry.text(issue::STATE) == issue::CLOSED) == closed)
            .map(|problem| problem.entry.text("topic").to_owned())
            .collect()
    }

    /// Two cadres say different things of one field, neither having seen the other's.
    fn rivals(&mut self, at_ms: i64, household: usize) {
        let entry = &self.known[household].household;
        let (entity, parents) = (entry.id, entry.heads("water_state"));
        let others = ["met", "basic", "unmet"].into_iter().filter(|word| *word != entry.text("water_state"));
        let words: Vec<&str> = others.collect();
        for (author, value) in self.staff.cadres.clone().into_iter().zip(words) {
            let change =
                Change { field: "water_state".to_owned(), value: value.into(), parents: parents.clone() };
            let body = Body::Amend { entity, changes: vec![change], cause: None };
            self.write(author, at_ms, body);
        }
    }

    fn write(&mut self, author: UserId, at_ms: i64, body: Body) {
        let op = self.writer.write(author, at_ms, body);
        // Applying to all is simple, and there are few: every entry passes over what is not about it.
        for known in &mut self.known {
            known.household.apply(&op, None, |_| false);
        }
        for problem in &mut self.problems {
            problem.entry.apply(&op, None, |_| false);
        }
        self.ops.push(op);
    }
}
