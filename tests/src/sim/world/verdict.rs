//! Everything that must hold once all is well again.

mod photos;

use super::{Done, VILLAGES, World, village};
use crate::sim::check;
use crate::sim::people::Deed;
use bianfang_device::message::Place;
use std::sync::Arc;

impl World {
    /// Everything that must hold now.
    pub(super) fn check(&mut self) -> Result<(), String> {
        let held = check::read(&self.centre)?;
        self.check_verify()?;
        self.check_waiting(&held)?;
        self.check_acceptance(&held)?;
        self.check_ledgers(&held)?;
        self.check_deeds(&held)?;
        self.check_phones(&held)?;
        self.check_photos(&held)
    }

    pub(super) fn check_verify(&self) -> Result<(), String> {
        let store = self.centre.app().store();
        let report = bianfang_server::service::verify::verify(&**store).map_err(text)?;
        if report.is_sound() { Ok(()) } else { Err(format!("verify: {report:?}")) }
    }

    pub(super) fn check_waiting(&self, held: &check::Held) -> Result<(), String> {
        match held.waits_in_vain() {
            Some(op) => Err(format!("{op} is set aside for want of something that is there")),
            None => Ok(()),
        }
    }

    pub(super) fn check_acceptance(&self, held: &check::Held) -> Result<(), String> {
        match held.accepted_by_own_rectifier() {
            Some(op) => Err(format!("{op} accepts what its author rectified")),
            None => Ok(()),
        }
    }

    pub(super) fn check_ledgers(&mut self, held: &check::Held) -> Result<(), String> {
        let store = Arc::clone(self.centre.app().store());
        for scope in (0..VILLAGES).map(village) {
            let entries = store.entries_in(scope).map_err(text)?;
            let entries: Vec<_> = entries.rows.into_iter().map(|held| held.entry).collect();
            let (living, shown) = (held.living(scope), check::shown(&entries));
            if let Some(difference) = check::difference(&living, &check::living_of(&entries)) {
                return Err(format!("{scope}: the centre's ledger is not what its log says: {difference}"));
            }
            for (at, phone) in self.phones.iter_mut().enumerate() {
                let here = phone.device().ledger(scope).map_err(text)?;
                let nothing = check::living_of([]);
                let granted = phone.villages.contains(&scope);
                let expected = if granted { &living } else { &nothing };
                if let Some(difference) = check::difference(expected, &check::living_of(&here)) {
                    return Err(format!("{scope}: phone {at} differs from the centre: {difference}"));
                }
                if granted && let Some(difference) = check::difference(&shown, &check::shown(&here)) {
                    return Err(format!("{scope}: phone {at} shows another value: {difference}"));
                }
            }
        }
        Ok(())
    }

    pub(super) fn check_deeds(&self, held: &check::Held) -> Result<(), String> {
        let records = held.records();
        for Done { phone, deed, may_be_gone } in &self.done {
            let is_held = match deed {
                Deed::Recorded(id) => records.contains_key(id),
                Deed::Wrote(text) => held.mentions(text),
            };
            if !is_held && !may_be_gone {
                return Err(format!("lost: {deed:?} of phone {phone}"));
            }
        }
        Ok(())
    }

    pub(super) fn check_phones(&mut self, held: &check::Held) -> Result<(), String> {
        let (records, aside) = (held.records(), held.records_set_aside());
        for (at, phone) in self.phones.iter_mut().enumerate() {
            let found = phone.device().integrity().map_err(text)?;
            if !found.is_empty() {
                return Err(format!("phone {at} is not sound: {found:?}"));
            }
            for (id, place) in phone.device().own_records().map_err(text)? {
                let fits = match records.get(&id) {
                    Some(true) if matches!(place, Place::SetAside { .. }) => aside.contains(&id),
                    Some(true) => place != Place::Device,
                    Some(false) => matches!(place, Place::SetAside { .. }),
                    None => false,
                };
                if !fits {
                    let centre = records.get(&id);
                    return Err(format!("phone {at} says {place:?} of {id}, the centre {centre:?}"));
                }
            }
        }
        Ok(())
    }
}

fn text(error: impl std::fmt::Display) -> String {
    error.to_string()
}
