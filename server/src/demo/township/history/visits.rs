//! Visits to households: who calls when, what comes of it, and one pair of edits that had not seen each other.

use super::scribe::About;
use super::slots::{Slots, VISITS};
use super::{Event, MINUTE_MS, Story, answers, fixes, review};
use bianfang_shared::checklist::Checklist;
use bianfang_shared::form::{self, FormDraft, FormLedger};
use bianfang_shared::id::{EntityId, UserId};
use bianfang_shared::ledger::{household, issue};
use bianfang_shared::observation::{Outcome, Platform};
use bianfang_shared::op::{Body, Change, IssueStep};

impl Story<'_> {
    pub(super) fn plan_visits(&mut self) {
        let mut slots = Slots::new(VISITS, self.staff, self.from_ms);
        for household in 0..self.known.len() {
            let known = &self.known[household];
            let (cadre, entry) = (known.cadre, &known.household);
            let every = if entry.text(household::COLOUR) == "orange" { 15 } else { 29 };
            let doctor = (!entry.text(household::FAMILY_DOCTOR).is_empty()).then_some(self.staff.doctor);
            let secretary =
                entry.value(household::CATEGORIES).holds("lifted").then_some(self.staff.secretary);
            let mut day = self.dice.between(6, 6 + every);
            while day < self.days() {
                // Of the last month's visits some have not been made, so that something is due and overdue.
                if self.dice.percent(if self.days() - day < 30 { 62 } else { 88 }) {
                    self.plan_visit(&mut slots, day, household, cadre);
                }
                for other in [doctor, secretary].into_iter().flatten() {
                    if self.dice.percent(22) {
                        let day = (day + self.dice.between(1, 9)).min(self.days() - 1);
                        self.plan_visit(&mut slots, day, household, other);
                    }
                }
                day += every + self.dice.between(-4, 5);
            }
        }
    }

    fn plan_visit(&mut self, slots: &mut Slots, day: i64, household: usize, author: UserId) {
        let at_ms = slots.take(author, day) + self.dice.between(0, 8) * MINUTE_MS;
        self.plan(at_ms, Event::Visit { household, author });
    }

    pub(super) fn visit(&mut self, at_ms: i64, household: usize, author: UserId) {
        self.rewind();
        let known = &self.known[household];
        let id = known.household.id;
        let entry = self.scribe.entry(id).clone();
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
                &FormLedger::of_household(&entry, &[]),
                form::member_facts(&known.members, at_ms),
                Checklist::visit(),
                at_ms,
            )
        };
        let closed = self.scribe.said_of(id, issue::TOPIC, true);
        answers::fill(&mut self.dice, &mut draft, &entry, &closed);
        let platform = if self.dice.percent(70) { Platform::Web } else { Platform::Native };
        let anchor = fixes::point(&entry, household::ANCHOR);
        let quality = fixes::quality(&mut self.dice);
        let dwell_ms = fixes::stay_ms(&mut self.dice, outcome, quality);
        let measured = fixes::measure(&mut self.dice, anchor, (at_ms, dwell_ms), quality, platform);
        draft.fixes = measured.fixes;
        draft.dwell_ms = u64::try_from(measured.dwell_ms).unwrap_or(0);
        let saved_ms = at_ms + measured.dwell_ms;
        let about = About { subject: id, household: Some(id) };
        let Some(saved) = self.scribe.save(&mut self.dice, &draft, about, author, (saved_ms, platform))
        else {
            return;
        };
        for issue in saved.opened {
            self.plan_visit_steps(issue, saved_ms, author);
        }
        if let Some((at_ms, review)) = review(&mut self.dice, saved.observation, saved_ms, measured.weak) {
            self.plan(at_ms, review);
        }
    }

    /// What becomes of a problem that a visit opened.
    fn plan_visit_steps(&mut self, issue: EntityId, opened_ms: i64, author: UserId) {
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
            self.plan(at_ms, Event::Step { issue, author, step, note, shots: Vec::new() });
        }
    }

    /// Two cadres say different things of one field, neither having seen the other's.
    pub(super) fn rivals(&mut self, at_ms: i64, household: usize) {
        let entry = self.scribe.entry(self.known[household].household.id);
        let (entity, field) = (entry.id, household::WATER_STATE);
        let (parents, now) = (entry.heads(field), entry.text(field).to_owned());
        let words: Vec<&str> = ["met", "basic", "unmet"].into_iter().filter(|word| *word != now).collect();
        for (author, value) in self.staff.cadres.clone().into_iter().zip(words) {
            let change = Change {
                field: field.to_owned(),
                value: value.into(),
                parents: parents.clone(),
                adopts: None,
            };
            self.scribe.write(author, at_ms, Body::Amend { entity, changes: vec![change], cause: None });
        }
    }
}
