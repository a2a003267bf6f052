//! What saving a form will do to the ledgers, told before it is done. The same list is what saving carries out.

use super::begin::situation;
use super::{Effect, EffectKind, VisitDraft};
use crate::checklist::{Checklist, Opens, Question, Situation};
use crate::entry::Entry;
use crate::id::EntityId;
use crate::ledger::{LedgerKind, issue};
use crate::observation::Answers;
use crate::policy::Policy;
use crate::value::Value;

/// What the ledgers say now, as far as a visit touches them.
#[derive(Clone, Copy, Debug)]
pub struct VisitLedger<'a> {
    /// The household.
    pub household: &'a Entry,
    /// Problems in the village that are not closed; those of other households are passed over.
    pub open_issues: &'a [Entry],
}

/// What saving will do: changed fields in the order asked, then problems in the order of their first question.
/// Several bad answers of one topic open one problem.
pub fn effects(
    draft: &VisitDraft,
    checklist: &Checklist,
    policy: &Policy,
    ledger: &VisitLedger<'_>,
) -> Vec<Effect> {
    let situation = situation(draft, ledger.household);
    let answers = checklist.relevant_answers(&situation);
    let asked = checklist.relevant(&situation);
    let mut found = changes(draft, &asked, &answers, ledger.household);
    found.extend(issues(draft, &asked, &answers, policy, ledger));
    for effect in &mut found {
        effect.struck = draft.struck.contains(&effect.key);
    }
    found
}

fn changes(draft: &VisitDraft, asked: &[&Question], answers: &Answers, household: &Entry) -> Vec<Effect> {
    let mut found: Vec<Effect> = Vec::new();
    for question in asked {
        let Some((writes, answer)) = question.writes.as_ref().zip(answers.get(&question.key)) else {
            continue;
        };
        let Some(to) = writes.value_for(answer) else { continue };
        let now = household.value(&writes.field);
        let seen = draft.seen.get(&writes.field).map_or(now, |seen| &seen.value);
        let key = format!("change:{}", writes.field);
        // A later question about the same field is the closer look, so it decides.
        found.retain(|effect| effect.key != key);
        // Equal to what was seen: confirmed, not changed, whatever has arrived since. Equal to what the ledger says
        // by now: nothing left to say.
        if same(&to, seen) || same(&to, now) {
            continue;
        }
        let what = EffectKind::Change {
            entity: household.id,
            ledger: LedgerKind::Household,
            field: writes.field.clone(),
            from: seen.clone(),
            to,
        };
        found.push(Effect { key, struck: false, what });
    }
    found
}

/// Whether two values say the same: the order in which choices were ticked says nothing.
fn same(one: &Value, other: &Value) -> bool {
    match (one.as_list(), other.as_list()) {
        (Some(one), Some(other)) => {
            one.iter().all(|item| other.contains(item)) && other.iter().all(|item| one.contains(item))
        }
        _ => one == other || (one.is_blank() && other.is_blank()),
    }
}

fn issues(
    draft: &VisitDraft,
    asked: &[&Question],
    answers: &Answers,
    policy: &Policy,
    ledger: &VisitLedger<'_>,
) -> Vec<Effect> {
    let situation = Situation { answers, ..situation(draft, ledger.household) };
    let mut found: Vec<Effect> = Vec::new();
    for question in asked.iter().filter(|question| answers.contains_key(&question.key)) {
        for opens in question.opens.iter().filter(|opens| opens.when.holds(&situation, &question.key)) {
            let Some(topic) = opens.topic.as_deref().or(question.topic.as_deref()) else { continue };
            let key = format!("issue:{topic}");
            match found.iter_mut().find(|effect| effect.key == key) {
                Some(effect) => join(&mut effect.what, opens, policy, topic),
                None => {
                    let what = open(opens, policy, topic, ledger);
                    found.push(Effect { key, struck: false, what });
                }
            }
        }
    }
    found
}

fn open(opens: &Opens, policy: &Policy, topic: &str, ledger: &VisitLedger<'_>) -> EffectKind {
    match standing(ledger, topic) {
        Some(issue) => EffectKind::IssueStands { topic: topic.to_owned(), issue },
        None => EffectKind::OpenIssue {
            topic: topic.to_owned(),
            what: opens.what.zh.clone(),
            urgent: opens.urgent,
            deadline_days: deadline_days(opens, policy, topic),
            lead: policy.issues.of(topic).lead.clone(),
        },
    }
}

/// One more bad answer of a topic: both sentences, the nearer deadline.
fn join(effect: &mut EffectKind, opens: &Opens, policy: &Policy, topic: &str) {
    if let EffectKind::OpenIssue { what, urgent, deadline_days: days, .. } = effect {
        if !what.contains(&opens.what.zh) {
            what.push('；');
            what.push_str(&opens.what.zh);
        }
        *urgent |= opens.urgent;
        *days = (*days).min(deadline_days(opens, policy, topic));
    }
}

fn deadline_days(opens: &Opens, policy: &Policy, topic: &str) -> u32 {
    let policy = policy.issues.of(topic);
    opens.deadline_days.unwrap_or(if opens.urgent { policy.urgent_days } else { policy.deadline_days })
}

/// The open problem of this household and topic; of several the first registered.
fn standing(ledger: &VisitLedger<'_>, topic: &str) -> Option<EntityId> {
    let household = ledger.household.id.to_string();
    let stands = |entry: &&Entry| {
        entry.text("subject") == household
            && entry.text("topic") == topic
            && entry.text(issue::STATE) != issue::CLOSED
    };
    ledger.open_issues.iter().filter(stands).map(|entry| entry.id).min()
}
