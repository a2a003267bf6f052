//! A finished form as operations: the record, the changes that follow from it, the problems it opens.

use super::begin::{seen_key, situation};
use super::{Effect, EffectKind, FormDraft, FormLedger, FormProblem, effects, problems};
use crate::access::Role;
use crate::checklist::{Checklist, Target};
use crate::day::{day_of, plus_days};
use crate::id::{EntityId, ObservationId, UserId};
use crate::ledger::{self, LedgerKind, issue};
use crate::observation::{Answers, Fix, Observation, Outcome, PhotoRef, Platform};
use crate::op::{Body, Change};
use crate::policy::Policy;
use crate::rights::{Writing, needs_approval, written};
use crate::text::clean;
use crate::value::Value;
use std::collections::BTreeMap;

/// The most problems that one record can open. A test holds it against the checklists: one for each topic and kind that
/// a form names.
pub const ISSUES_MAX: usize = issue::TOPICS.len();

/// What saving needs from the device.
#[derive(Clone, Debug)]
pub struct Stamp {
    /// The phone's wall clock, in milliseconds since 1970.
    pub now_ms: i64,
    /// Who saves it.
    pub author: UserId,
    /// As what.
    pub role: Role,
    /// The id of the record.
    pub observation: ObservationId,
    /// Unused ids for the problems that it may open.
    pub issues: [EntityId; ISSUES_MAX],
    /// How far the phone's clock is from the centre's, as far as it can tell; positive when the phone is ahead.
    pub clock_offset_ms: Option<i64>,
    /// Which kind of client records.
    pub platform: Platform,
}

impl Stamp {
    /// Now, by the centre's clock as far as the phone can tell: a deadline that a phone in 2010 sets is one of today.
    fn made_at_ms(&self) -> i64 {
        self.now_ms.saturating_sub(self.clock_offset_ms.unwrap_or(0))
    }
}

/// The form cannot be saved yet. The draft stays as it is.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum NotSaved {
    /// Something is missing or does not fit.
    #[error("the form has {} answers missing or not fitting", .0.len())]
    Problems(Vec<FormProblem>),
    /// The ledger handed in belongs to another subject.
    #[error("the form is about another subject than the ledger entry")]
    OtherSubject,
}

/// The operations of a finished form, in order: the record, then at most one amendment and one proposal for the subject
/// and for its household, then a registration for each problem. Carries out exactly those [`effects`] that are not struck out.
pub fn save(
    draft: &FormDraft,
    checklist: &Checklist,
    policy: &Policy,
    ledger: &FormLedger<'_>,
    stamp: &Stamp,
) -> Result<Vec<Body>, NotSaved> {
    if draft.subject != ledger.subject.id {
        return Err(NotSaved::OtherSubject);
    }
    let problems = problems(draft, checklist, ledger);
    let Some(outcome) = draft.outcome.filter(|_| problems.is_empty()) else {
        return Err(NotSaved::Problems(problems));
    };
    let effects = effects(draft, checklist, policy, ledger);
    let answers = checklist.relevant_answers(&situation(draft, ledger));
    let observation = Box::new(record(draft, checklist, outcome, answers, &effects, stamp));
    let kept = || effects.iter().filter(|effect| !effect.struck);
    let amend = |on: Target| {
        let Some(entry) = ledger.entry(on).filter(|entry| on == Target::Subject || entry.id != draft.subject)
        else {
            // A household is its own subject: its changes are told once.
            return Vec::new();
        };
        let changes = kept().filter_map(|effect| change(effect, entry.id, on, draft, ledger)).collect();
        written(entry, changes, stamp.author, stamp.role, Some(stamp.observation))
    };
    let issues = kept().filter_map(|effect| issue_fields(effect, draft, stamp)).zip(stamp.issues).map(
        |(fields, entity)| Body::Register {
            entity,
            ledger: LedgerKind::Issue,
            fields,
            cause: Some(stamp.observation),
            photos: Vec::new(),
        },
    );
    let amends = [Target::Subject, Target::Household].into_iter().flat_map(amend);
    Ok([Body::Record { observation }].into_iter().chain(amends).chain(issues).collect())
}

/// Says of each effect whether this person can only propose it.
pub fn mark_to_approve(effects: &mut [Effect], ledger: &FormLedger<'_>, author: UserId, role: Role) {
    for on in [Target::Subject, Target::Household] {
        let Some(entry) = ledger.entry(on) else { continue };
        let changes: Vec<Change> = effects
            .iter()
            .filter_map(|effect| match &effect.what {
                EffectKind::Change { entity, field, to, .. } if *entity == entry.id => {
                    Some(Change::new(field.as_str(), to.clone(), entry.heads(field)))
                }
                _ => None,
            })
            .collect();
        let writing = Writing { user: author, role, moved_from: None };
        let proposed = needs_approval(&writing, entry, &changes);
        for effect in effects.iter_mut() {
            if let EffectKind::Change { entity, field, .. } = &effect.what
                && *entity == entry.id
            {
                effect.to_approve = proposed.contains(field);
            }
        }
    }
}

fn record(
    draft: &FormDraft,
    checklist: &Checklist,
    outcome: Outcome,
    answers: Answers,
    effects: &[Effect],
    stamp: &Stamp,
) -> Observation {
    Observation {
        id: stamp.observation,
        kind: draft.kind,
        subject: draft.subject,
        corrects: draft.corrects,
        companions: draft.companions.clone(),
        started_at_ms: draft.started_at_ms,
        ended_at_ms: stamp.now_ms,
        dwell_ms: draft.dwell_ms,
        fixes: draft.fixes.iter().cloned().filter_map(Fix::storable).collect(),
        photos: draft.photos.iter().cloned().map(PhotoRef::storable).collect(),
        // The questions asked are those of today's list, also for a draft begun before an update.
        checklist: checklist.reference(),
        answers: answers.into_iter().map(|(key, answer)| (key, cleaned(answer))).collect(),
        outcome,
        met: clean(&draft.met).into_owned(),
        note: clean(&draft.note).into_owned(),
        struck: effects.iter().filter(|effect| effect.struck).map(|effect| effect.key.clone()).collect(),
        clock_offset_ms: stamp.clock_offset_ms,
        platform: stamp.platform,
    }
}

fn change(
    effect: &Effect,
    entry: EntityId,
    on: Target,
    draft: &FormDraft,
    ledger: &FormLedger<'_>,
) -> Option<Change> {
    let EffectKind::Change { entity, field, to, .. } = &effect.what else { return None };
    if *entity != entry {
        return None;
    }
    let now = || ledger.entry(on).map(|entry| entry.heads(field)).unwrap_or_default();
    let parents = draft.seen.get(&seen_key(on, field)).map_or_else(now, |seen| seen.heads.clone());
    let value = ledger::tidy(ledger_kind(&effect.what), field, cleaned(to.clone()));
    Some(Change::new(field.as_str(), value, parents))
}

fn ledger_kind(what: &EffectKind) -> LedgerKind {
    match what {
        EffectKind::Change { ledger, .. } => *ledger,
        _ => LedgerKind::Unknown,
    }
}

fn issue_fields(effect: &Effect, draft: &FormDraft, stamp: &Stamp) -> Option<BTreeMap<String, Value>> {
    let EffectKind::OpenIssue { topic, kind, what, urgent, deadline_days, lead } = &effect.what else {
        return None;
    };
    let deadline = plus_days(day_of(stamp.made_at_ms()), i64::from(*deadline_days));
    let fields: [(&str, Value); 8] = [
        (issue::STATE, issue::OPEN.into()),
        (issue::TOPIC, topic.as_str().into()),
        (issue::KIND, kind.as_str().into()),
        ("what", what.as_str().into()),
        (issue::SUBJECT, draft.subject.to_string().into()),
        (issue::URGENT, (*urgent).into()),
        ("lead", lead.as_str().into()),
        (issue::DEADLINE, deadline.to_string().into()),
    ];
    let said = fields.into_iter().filter(|(_, value)| !value.is_blank());
    Some(said.map(|(key, value)| (key.to_owned(), value)).collect())
}

fn cleaned(value: Value) -> Value {
    match value {
        Value::Text(text) => clean(&text).into_owned().into(),
        other => other,
    }
}
