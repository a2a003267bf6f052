//! Problems opened by hand and taken through their steps by several people.

use super::{Deed, Person};
use bianfang_device::message::{Reply, Request};
use bianfang_shared::ledger::{LedgerKind, issue};
use bianfang_shared::op::IssueStep;
use bianfang_shared::value::Value;
use std::collections::BTreeMap;

impl Person<'_> {
    /// Somebody reports a problem, with a picture or two.
    pub(super) fn report(&mut self) -> Option<Deed> {
        let households = self.households();
        let id = *self.dice.pick(&households)?;
        let Ok(Reply::Household(view)) = self.ask(Request::Household { id }) else { return None };
        let photos = self.some_photos("before", id)?;
        let what = self.words("问题");
        let topic = *self.dice.pick(&["housing", "water", "other"])?;
        let fields = BTreeMap::from([
            (issue::TOPIC.to_owned(), Value::from(topic)),
            (issue::SUBJECT.to_owned(), Value::from(id.to_string())),
            ("what".to_owned(), Value::from(what.clone())),
        ]);
        let request = Request::Register { ledger: LedgerKind::Issue, scope: view.row.scope, fields, photos };
        self.write(request).ok()?;
        self.count("problem opened by hand");
        Some(Deed::Wrote(what))
    }

    /// Somebody takes a step that the phone offers for a problem, or tries another one.
    pub(super) fn step(&mut self) -> Option<Deed> {
        let problems = self.entries(LedgerKind::Issue);
        let id = self.dice.pick(&problems)?.id;
        let Ok(Reply::Entry(detail)) = self.ask(Request::Entry { id, here: None }) else { return None };
        let all = [IssueStep::Begin, IssueStep::Rectify, IssueStep::Accept, IssueStep::SendBack];
        let steps = if self.dice.permille(750) { detail.may.as_slice() } else { &all };
        let step = *self.dice.pick(steps)?;
        let photos = self.some_photos("after", id)?;
        let note = self.words("步");
        let request = Request::Step { issue: id, step, note: note.clone(), photos };
        let taken = self.write(request);
        if taken.as_ref().is_err_and(|trouble| trouble.detail.contains("rectified a problem")) {
            self.count("own rectification refused");
        }
        taken.ok()?;
        self.count(match step {
            IssueStep::Begin => "problem taken up",
            IssueStep::Rectify => "problem rectified",
            IssueStep::Accept => "problem accepted",
            IssueStep::SendBack | IssueStep::Unknown => "problem sent back",
        });
        Some(Deed::Wrote(note))
    }

    fn some_photos(
        &mut self,
        purpose: &str,
        subject: bianfang_shared::id::EntityId,
    ) -> Option<Vec<bianfang_shared::observation::PhotoRef>> {
        let purposes = if self.dice.permille(500) { vec![purpose.to_owned()] } else { Vec::new() };
        self.photograph(&purposes, subject)
    }
}
