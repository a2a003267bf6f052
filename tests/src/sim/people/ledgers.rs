//! Entries written by hand: corrected, entered anew, linked; conflicts settled; records reviewed and taken back.

use super::{Deed, Person};
use bianfang_device::message::{ConflictRow, Place, Reply, Request};
use bianfang_shared::id::EntityId;
use bianfang_shared::ledger::{LedgerKind, house, household, post, water_supply};
use bianfang_shared::op::Verdict;
use bianfang_shared::value::Value;
use std::collections::BTreeMap;

impl Person<'_> {
    /// Somebody corrects a fact by hand.
    pub(super) fn edit(&mut self) -> Option<Deed> {
        // Few fields, so that people meet.
        let field = *self.dice.pick(&["remark", "remark", "address", "group"])?;
        let ids: Vec<EntityId> = match self.dice.below(5) {
            0 if field == "remark" => {
                let ledger = *self.dice.pick(&[LedgerKind::WaterSupply, LedgerKind::Post])?;
                self.entries(ledger).into_iter().map(|row| row.id).collect()
            }
            _ => self.households(),
        };
        let id = *self.dice.pick(&ids)?;
        let text = self.words("写");
        let changes = BTreeMap::from([(field.to_owned(), Value::from(text.clone()))]);
        self.write(Request::Amend { id, changes }).ok().map(|_| Deed::Wrote(text))
    }

    /// Somebody enters a house, a supply or a post by hand.
    pub(super) fn register(&mut self) -> Option<Deed> {
        let households = self.households();
        let id = *self.dice.pick(&households)?;
        let Ok(Reply::Household(view)) = self.ask(Request::Household { id }) else { return None };
        let text = self.words("立");
        let (ledger, name, others): (_, _, Vec<(&str, Value)>) = match self.dice.below(3) {
            0 => (LedgerKind::House, house::NAME, vec![(house::HOUSEHOLD, id.to_string().into())]),
            1 => (LedgerKind::WaterSupply, water_supply::NAME, vec![(water_supply::KIND, "well".into())]),
            _ => {
                let holder = self.dice.pick(&view.members)?.id.to_string();
                (
                    LedgerKind::Post,
                    post::NAME,
                    vec![(post::KIND, "road".into()), (post::HOLDER, holder.into())],
                )
            }
        };
        let named = [(name, Value::from(text.clone()))].into_iter().chain(others);
        let fields = named.map(|(field, value)| (field.to_owned(), value)).collect();
        let request = Request::Register { ledger, scope: view.row.scope, fields, photos: Vec::new() };
        self.write(request).ok()?;
        self.count("entry registered by hand");
        Some(Deed::Wrote(text))
    }

    /// Somebody says that a house belongs to another household, or that a household drinks from another supply.
    pub(super) fn link(&mut self) -> Option<Deed> {
        let households = self.households();
        let household = *self.dice.pick(&households)?;
        let (ledger, to_household) = if self.dice.permille(500) {
            (LedgerKind::House, true)
        } else {
            (LedgerKind::WaterSupply, false)
        };
        let Ok(Reply::Household(view)) = self.ask(Request::Household { id: household }) else { return None };
        // What belongs together lies in one village; no screen offers others.
        let mut others = self.entries(ledger);
        others.retain(|other| other.scope == view.row.scope);
        let other = self.dice.pick(&others)?.id;
        let (id, field, value) = if to_household {
            (other, house::HOUSEHOLD, household)
        } else {
            (household, household::WATER_SUPPLY, other)
        };
        let changes = BTreeMap::from([(field.to_owned(), Value::from(value.to_string()))]);
        let _ = self.write(Request::Amend { id, changes });
        None
    }

    /// Somebody settles a conflict by choosing one of the values.
    pub(super) fn settle(&mut self) -> Option<Deed> {
        let Ok(Reply::Uploads(uploads)) = self.ask(Request::Uploads { skip: 0 }) else { return None };
        let ConflictRow { entity, field, siblings, .. } = self.dice.pick(&uploads.conflicts)?.clone();
        let chosen = self.dice.pick(&siblings)?;
        let request = Request::Resolve {
            id: entity,
            field,
            value: chosen.value.clone(),
            parents: siblings.iter().map(|sibling| sibling.op).collect(),
        };
        let _ = self.ask(request);
        None
    }

    /// Somebody reviews a visit to a household; only a supervisor may.
    pub(super) fn review(&mut self) -> Option<Deed> {
        let households = self.households();
        let id = *self.dice.pick(&households)?;
        let Ok(Reply::Household(view)) = self.ask(Request::Household { id }) else { return None };
        let visit = self.dice.pick(&view.visits)?;
        let verdict = if self.dice.permille(600) { Verdict::Approved } else { Verdict::SentBack };
        let request =
            Request::Review { id: visit.id, scope: visit.scope, verdict, comment: "请核对".to_owned() };
        let _ = self.ask(request);
        None
    }

    /// Somebody takes an own record back.
    pub(super) fn retract(&mut self) -> Option<Deed> {
        let own = self.phone.device().own_records().ok()?;
        let standing: Vec<_> = own.into_iter().filter(|(_, place)| *place != Place::Retracted).collect();
        let (id, _) = *self.dice.pick(&standing)?;
        let reason = self.words("撤");
        let request = Request::Retract { id, reason: reason.clone() };
        self.write(request).ok()?;
        self.count("record taken back");
        Some(Deed::Wrote(reason))
    }
}
