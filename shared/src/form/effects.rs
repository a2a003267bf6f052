//! What saving a form will do to the ledgers, told before it is done. The same list is what saving carries out.

use super::begin::{seen_key, situation};
use super::{Effect, EffectKind, FormDraft};
use crate::checklist::{Checklist, Opens, Question, Situation, Target, Writes};
use crate::entry::Entry;
use crate::id::EntityId;
use crate::ledger::{LedgerKind, issue};
use crate::observation::Answers;
use crate::policy::Policy;
use crate::value::Value;

/// What the ledgers say now, as far as a form touches them.
#[derive(Clone, Copy, Debug)]
pub struct FormLedger<'a> {
    /// What the form is about.
    pub subject: &'a Entry,
    /// The household that the subject is or belongs to, if any.
    pub household: Option<&'a Entry>,
    /// Problems in the village that are not closed; those of other subjects are passed over.
    pub open_issues: &'a [Entry],
}

impl<'a> FormLedger<'a> {
    /// For a form about a household.
    pub fn of_household(household: &'a Entry, open_issues: &'a [Entry]) -> Self {
        Self { subject: household, household: Some(household), open_issues }
    }

    /// The entry that is meant.
    pub(super) fn entry(&self, on: Target) -> Option<&'a Entry> {
        match on {
            Target::Subject => Some(self.subject),
            Target::Household => self.household,
        }
    }

    /// The entry that an answer is written to, if it is one of the ledger that the answer is for.
    pub(super) fn target(&self, writes: &Writes) -> Option<&'a Entry> {
        self.entry(writes.on).filter(|entry| writes.fits(entry.ledger))
    }
}

/// What saving will do: changed fields in the order asked, then problems in the order of their first question.
/// Several bad answers of one topic and kind open one problem.
pub fn effects(
    draft: &FormDraft,
    checklist: &Checklist,
    policy: &Policy,
    ledger: &FormLedger<'_>,
) -> Vec<Effect> {
    let situation = situation(draft, ledger);
    let answers = checklist.relevant_answers(&situation);
    let asked = checklist.relevant(&situation);
    let mut found = changes(draft, &asked, &answers, ledger);
    found.extend(issues(draft, &asked, &answers, policy, ledger));
    for effect in &mut found {
        effect.struck = draft.struck.contains(&effect.key);
    }
    found
}

fn changes(
    draft: &FormDraft,
    asked: &[&Question],
    answers: &Answers,
    ledger: &FormLedger<'_>,
) -> Vec<Effect> {
    let mut found: Vec<Effect> = Vec::new();
    for question in asked {
        let Some((writes, answer)) = question.writes.as_ref().zip(answers.get(&question.key)) else {
            continue;
        };
        let Some((to, entry)) = writes.value_for(answer).zip(ledger.target(writes)) else { continue };
        let now = entry.value(&writes.field);
        let key = seen_key(writes.on, &writes.field);
        let seen = draft.seen.get(&key).map_or(now, |seen| &seen.value);
        let key = format!("change:{key}");
        // A later question about the same field is the closer look, so it decides.
        found.retain(|effect| effect.key != key);
        // Equal to what was seen: confirmed, not changed, whatever has arrived since. Equal to what the ledger says
        // by now: nothing left to say.
        if same(&to, seen) || same(&to, now) {
            continue;
        }
        let what = EffectKind::Change {
            entity: entry.id,
            ledger: ledger_of(writes, entry),
            field: writes.field.clone(),
            from: seen.clone(),
            to,
        };
        found.push(Effect { key, struck: false, to_approve: false, what });
    }
    found
}

/// The ledger of an entry written to. A household that is only known from edits is still one.
fn ledger_of(writes: &Writes, entry: &Entry) -> LedgerKind {
    entry.ledger.or(writes.ledger).unwrap_or(match writes.on {
        Target::Household => LedgerKind::Household,
        Target::Subject => LedgerKind::Unknown,
    })
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
    draft: &FormDraft,
    asked: &[&Question],
    answers: &Answers,
    policy: &Policy,
    ledger: &FormLedger<'_>,
) -> Vec<Effect> {
    let situation = Situation { answers, ..situation(draft, ledger) };
    let mut found: Vec<Effect> = Vec::new();
    for question in asked.iter().filter(|question| answers.contains_key(&question.key)) {
        for opens in question.opens.iter().filter(|opens| opens.when.holds(&situation, &question.key)) {
            let Some(topic) = opens.topic.as_deref().or(question.topic.as_deref()) else { continue };
            let kind = opens.kind.as_deref().unwrap_or_default();
            let key =
                if kind.is_empty() { format!("issue:{topic}") } else { format!("issue:{topic}:{kind}") };
            match found.iter_mut().find(|effect| effect.key == key) {
                Some(effect) => join(&mut effect.what, opens, policy, topic),
                None => {
                    let what = open(opens, policy, topic, ledger);
                    found.push(Effect { key, struck: false, to_approve: false, what });
                }
            }
        }
    }
    found
}

fn open(opens: &Opens, policy: &Policy, topic: &str, ledger: &FormLedger<'_>) -> EffectKind {
    let kind = opens.kind.clone().unwrap_or_default();
    match standing(ledger, topic, &kind) {
        Some(issue) => EffectKind::IssueStands { topic: topic.to_owned(), kind, issue },
        None => EffectKind::OpenIssue {
            topic: topic.to_owned(),
            kind,
            what: opens.what.zh.clone(),
            urgent: opens.urgent,
            deadline_days: deadline_days(opens, policy, topic),
            lead: policy.issues.of(topic).lead.clone(),
        },
    }
}

/// One more bad answer of a topic and kind: both sentences, the nearer deadline.
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

/// The open problem of this subject, topic and kind; of several the first registered. One without a kind, opened by
/// hand or on a visit, stands for itself only: it may be about anything within the topic, and a problem noted twice is
/// put right in a second, one passed over is not.
fn standing(ledger: &FormLedger<'_>, topic: &str, kind: &str) -> Option<EntityId> {
    let subject = ledger.subject.id.to_string();
    let stands = |entry: &&Entry| {
        entry.text(issue::SUBJECT) == subject
            && entry.text(issue::TOPIC) == topic
            && entry.text(issue::KIND) == kind
            && entry.text(issue::STATE) != issue::CLOSED
    };
    ledger.open_issues.iter().filter(stands).map(|entry| entry.id).min()
}
