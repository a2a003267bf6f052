//! A form from opening to saved. What it does is decided in `bianfang_shared::form`.

use super::{Answered, Device, not_found, trouble};
use crate::clock;
use crate::message::{LIST_ROWS, News, Reply, SavedForm, Trouble};
use crate::store::chain::{self, Draft};
use crate::store::{drafts, records};
use crate::view::form::{Subject, evidence, view};
use crate::view::record::own_observation;
use bianfang_shared::access::Role;
use bianfang_shared::checklist::{Checklist, QuestionKind};
use bianfang_shared::evidence::Evidence;
use bianfang_shared::form::{self, Effect, FormDraft, ISSUES_MAX, NotSaved, Stamp};
use bianfang_shared::id::{EntityId, ObservationId, UserId};
use bianfang_shared::observation::ObservationKind;
use bianfang_shared::policy::Policy;

impl Device {
    pub(super) fn open_form(&mut self, kind: ObservationKind, subject: EntityId) -> Answered {
        let now = self.platform.now();
        let reading = self.reading()?;
        let known = Subject::read(&reading, subject)?.ok_or_else(not_found)?;
        let draft = match drafts::get(reading.conn, kind, subject)? {
            Some(draft) => draft,
            None => {
                let facts = known.facts(&reading, kind, now)?;
                form::begin(&known.ledger(), facts, Checklist::of(kind), now.wall_ms)
            }
        };
        Ok(Reply::Form(Box::new(view(&reading, now, known, draft)?)))
    }

    pub(super) fn keep_form(&mut self, draft: FormDraft) -> Answered {
        let now = self.platform.now();
        let reading = self.reading()?;
        let known = Subject::read(&reading, draft.subject)?.ok_or_else(not_found)?;
        let draft = merge(drafts::get(reading.conn, draft.kind, draft.subject)?, draft);
        let (profile, _) = self.signed_in()?;
        profile.store.write(|tx| drafts::put(tx, &draft, now.wall_ms))?;
        Ok(Reply::Form(Box::new(view(&self.reading()?, now, known, draft)?)))
    }

    pub(super) fn drop_form(&mut self, kind: ObservationKind, subject: EntityId) -> Answered {
        let (profile, _) = self.signed_in()?;
        profile.store.write(|tx| drafts::remove(tx, kind, subject))?;
        self.news.push(News::Data);
        Ok(Reply::Done)
    }

    pub(super) fn save_form(&mut self, draft: FormDraft) -> Answered {
        let now = self.platform.now();
        let reading = self.reading()?;
        let known = Subject::read(&reading, draft.subject)?.ok_or_else(not_found)?;
        let draft = merge(drafts::get(reading.conn, draft.kind, draft.subject)?, draft);
        let (checklist, policy) = (Checklist::of(draft.kind), Policy::builtin());
        let (_, user) = self.signed_in()?;
        let (author, role) = (user.id, user.role);
        let reading = self.reading()?;
        let mut effects = form::effects(&draft, checklist, policy, &known.ledger());
        form::mark_to_approve(&mut effects, &known.ledger(), author, role);
        if let Some(saved) = saved_before(&reading, &draft, &effects)? {
            return Ok(Reply::Saved(saved));
        }
        self.check_kept(&draft.photos)?;
        let evidence = evidence(&reading, now, &draft, &known)?;
        let offset_ms = clock::offset_ms(self.reading()?.conn, now)?;
        let stamp = self.stamp(offset_ms, author, role);
        let bodies = form::save(&draft, checklist, policy, &known.ledger(), &stamp).map_err(not_saved)?;
        let scope = known.entry.scope;
        let ops = bodies.into_iter().map(|body| Draft { scope, body }).collect();
        let (profile, user) = self.signed_in()?;
        profile.store.write(|tx| {
            chain::author(tx, now.wall_ms, user.id, ops)?;
            records::keep_evidence(tx, stamp.observation, &evidence)?;
            drafts::remove(tx, draft.kind, draft.subject)
        })?;
        self.saved();
        Ok(Reply::Saved(SavedForm { id: stamp.observation, evidence, effects }))
    }

    fn stamp(&self, clock_offset_ms: Option<i64>, author: UserId, role: Role) -> Stamp {
        let now_ms = self.platform.clock.wall_ms();
        let issues: [EntityId; ISSUES_MAX] =
            std::array::from_fn(|_| EntityId::new(now_ms, self.platform.random()));
        let observation = ObservationId::new(now_ms, self.platform.random());
        let platform = self.platform.kind;
        Stamp { now_ms, author, role, observation, issues, clock_offset_ms, platform }
    }
}

/// The form as the screen has it, but what was seen when it was opened, and how long it has been in hand, as kept:
/// a screen may hold an older copy.
fn merge(kept: Option<FormDraft>, mut draft: FormDraft) -> FormDraft {
    if let Some(kept) = kept {
        draft.dwell_ms = draft.dwell_ms.max(kept.dwell_ms);
        draft.started_at_ms = kept.started_at_ms;
        draft.seen = kept.seen;
        draft.facts = kept.facts;
        draft.corrects = draft.corrects.or(kept.corrects);
    }
    // The questions are those of this version, also for a form begun with an older one.
    draft.checklist = Checklist::of(draft.kind).reference();
    draft
}

/// The record that this form was saved as before. A screen whose answer was lost asks again; that is no second record.
fn saved_before(
    reading: &crate::view::Reading<'_>,
    draft: &FormDraft,
    effects: &[Effect],
) -> Result<Option<SavedForm>, Trouble> {
    for line in records::of_subject(reading.conn, draft.subject, LIST_ROWS)? {
        if !line.own {
            continue;
        }
        let Some(record) = own_observation(reading, line.id)? else { continue };
        // What the rules derived stands in the record and not in the draft.
        let asked = |key: &str| {
            let question = Checklist::of(draft.kind).question(key);
            !matches!(question.map(|question| &question.kind), Some(QuestionKind::Derived { .. }))
        };
        let same = record.kind == draft.kind
            && record.started_at_ms == draft.started_at_ms
            && record.dwell_ms == draft.dwell_ms
            && Some(record.outcome) == draft.outcome
            && record.fixes == draft.fixes
            && record.photos == draft.photos
            && (record.answers.iter())
                .all(|(key, answer)| !asked(key) || draft.answers.get(key) == Some(answer));
        if same {
            let kept: Option<Evidence> = records::kept_evidence(reading.conn, line.id)?;
            let evidence = match kept {
                Some(evidence) => evidence,
                None => records::assessed(reading.conn, &record, None)?,
            };
            return Ok(Some(SavedForm { id: line.id, evidence, effects: effects.to_vec() }));
        }
    }
    Ok(None)
}

fn not_saved(error: NotSaved) -> Trouble {
    match error {
        NotSaved::Problems(problems) => {
            let questions: Vec<&str> = problems.iter().map(|problem| problem.question.as_str()).collect();
            trouble("form_incomplete", &questions.join(", "), false)
        }
        NotSaved::OtherSubject => not_found(),
    }
}
