//! Public posts: holders who sign in and out, and the monthly meeting with them.

use super::fixes::{self, Quality};
use super::records::{Making, Pictures};
use super::scribe::About;
use super::{MINUTE_MS, Story, answers};
use crate::demo::township::album::Shot;
use crate::demo::township::dice::Dice;
use crate::demo::township::pictures::{Place, Scene};
use crate::demo::township::posts::{Case, Post};
use crate::demo::township::roster::shifted;
use bianfang_shared::checklist::Checklist;
use bianfang_shared::day::{Day, day_of, days_between, plus_days};
use bianfang_shared::form::{self, FormDraft};
use bianfang_shared::id::UserId;
use bianfang_shared::observation::Outcome;
use bianfang_shared::rules::post::Finding;
use bianfang_shared::value::Value;
use std::collections::BTreeSet;

/// What an attendance records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    /// 签到.
    In,
    /// 签退.
    Out,
    /// 见面核查.
    Met(Finding),
}

/// How often a holder comes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Duty {
    days_a_month: i64,
}

impl Duty {
    pub(super) fn of(post: &Post) -> Self {
        let days_a_month = match post.case {
            Case::Short => (post.required_days - 5).max(1),
            // Two more than asked for, since a sheet passes over a day without a place.
            Case::Proper | Case::TooOld | Case::Away | Case::Second => post.required_days + 2,
        };
        Self { days_a_month }
    }

    /// The days of last month and this one, counted from that of `from_ms`, up to the end.
    pub(super) fn days(self, luck: &mut Dice, from_ms: i64, until_ms: i64) -> BTreeSet<i64> {
        let today = day_of(until_ms);
        let last_month = plus_days(today.first_of_month(), -1).first_of_month();
        let mut days = BTreeSet::new();
        for month in [last_month, today.first_of_month()] {
            let length = i64::from(month.days_in_month());
            for number in 0..self.days_a_month {
                let at = (number * length + luck.between(0, length / 2)) / self.days_a_month;
                let day: Day = plus_days(month, at.min(length - 1));
                days.insert(i64::from(days_between(day_of(from_ms), day)));
            }
        }
        days
    }
}

impl Story<'_> {
    pub(super) fn attend(
        &mut self,
        at_ms: i64,
        post: usize,
        author: UserId,
        turn: Turn,
        pictures: &Pictures,
    ) {
        let post = &self.posts[post];
        let holder = &self.known[post.household];
        let held = self.posts.iter().filter(|other| other.holder == post.holder).count();
        let person = holder.members.iter().find(|member| member.id == post.holder);
        let Some(person) = person else { return };
        let facts = form::holder_facts(person, &holder.members, held, at_ms);
        let about = About { subject: post.id, household: None };
        let list = Checklist::attendance();
        let mut draft = self.scribe.with_ledger(about, |ledger| FormDraft {
            outcome: Some(Outcome::Done),
            answers: said(turn).into_iter().map(|(key, value)| (key.to_owned(), value)).collect(),
            ..form::begin(ledger, facts, list, at_ms)
        });
        self.scribe.with_ledger(about, |ledger| {
            answers::complete(&mut draft, list, ledger, |key| answers::first(list, key));
        });
        let (reach_m, somebody) = (post.reach_m, turn != Turn::Met(Finding::Absent));
        let (north, east) = (self.luck.fraction() * 2.0 - 1.0, self.luck.fraction() * 2.0 - 1.0);
        let anchor = shifted(post.middle, north * reach_m, east * reach_m);
        let met = matches!(turn, Turn::Met(_));
        // Those who sign many in every day know how; now and then somebody does it from afar.
        let quality =
            if met || self.luck.percent(12) { fixes::quality(&mut self.luck) } else { Quality::Good };
        let shot = work_shot(post, somebody);
        let making = Making {
            about,
            author,
            anchor,
            dwell_ms: if met {
                self.luck.between(3, 9) * MINUTE_MS
            } else {
                self.luck.between(60, 110) * 1_000
            },
            quality,
            reviewed: met,
            pictures,
        };
        self.record(draft, &making, |_| Some(shot));
    }
}

fn said(turn: Turn) -> Vec<(&'static str, Value)> {
    let finding = match turn {
        Turn::In => return vec![("action", "sign_in".into())],
        Turn::Out => return vec![("action", "sign_out".into())],
        Turn::Met(finding) => finding,
    };
    let mut said = vec![("action", "face_check".into()), ("finding", Value::write(&finding))];
    match finding {
        Finding::Substitute => {
            said.extend([("substitute_name", "其兄弟".into()), ("work", "partly".into())]);
        }
        Finding::Leave => said.push(("leave_reason", "住院治疗，月底返岗".into())),
        Finding::OnPost => said.push(("work", "done".into())),
        Finding::Absent => (),
    }
    said
}

/// The place of a post, with its holder or without.
pub(super) fn work_shot(post: &Post, somebody: bool) -> Shot {
    let place = match post.kind {
        "forest" => Place::Wood,
        "river" | "water" => Place::River,
        "facilities" | "other" => Place::Square,
        _ => Place::Road,
    };
    Shot::new(Scene::Work(place, somebody), post.id)
}
