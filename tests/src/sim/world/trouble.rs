//! What goes wrong while people work, and how it comes right again.

use super::{Parcel, World};
use crate::sim::centre::PhotoFolder;
use crate::sim::net::Signal;
use crate::sim::phone::Phone;
use crate::sim::world::weather::Weather;
use crate::sim::world::{HEALING_ROUNDS, HEALING_TICKS_MAX};
use bianfang_device::message::{PHOTOS_WIFI_ONLY, Request, SyncPhase};

impl World {
    /// Something goes wrong, or comes right again.
    pub(super) fn trouble(&mut self) {
        let at = self.dice.below(self.phones.len());
        self.trouble_phone(at);
        self.trouble_centre();
        if self.dice.permille(400) {
            self.phones[at].start();
        }
    }

    fn trouble_phone(&mut self, at: usize) {
        let weather = self.weather;
        let is_absent = self.siege.as_ref().is_some_and(|siege| siege.is_absent(at));
        if weather.bad_signal && !is_absent && self.dice.permille(200) {
            let signal =
                *self.dice.pick(&[Signal::None, Signal::Weak, Signal::Weak, Signal::Good]).expect("four");
            self.phones[at].signal = signal;
        }
        if weather.phones_die && self.dice.permille(40) {
            self.tell(|| format!("phone {at} dies"));
            self.phones[at].crash();
        }
        if weather.skewed_clocks && self.dice.permille(25) {
            let wall_ms = self.now_ms + self.skew_ms();
            self.tell(|| format!("phone {at} is set to {wall_ms}"));
            self.phones[at].set_wall(wall_ms);
        }
        if weather.phones_restored && self.dice.permille(45) {
            self.restore_phone(at);
        }
        if weather.disks_fill && self.dice.permille(120) {
            let (is_tight, is_full) = (self.dice.permille(500), self.dice.permille(300));
            self.tell(|| format!("phone {at} has little room: {is_tight}, none: {is_full}"));
            self.phones[at].set_room(is_tight, is_full);
        }
        if weather.paid_connections && self.phones[at].is_on() && self.dice.permille(60) {
            let (wifi_only, metered) = (self.dice.permille(500), self.dice.permille(500));
            self.tell(|| format!("phone {at} sends photographs by Wi-Fi only: {wifi_only}, pays: {metered}"));
            self.choose_network(at, wifi_only, metered);
        }
    }

    fn choose_network(&mut self, at: usize, wifi_only: bool, metered: bool) {
        let (key, value) = (PHOTOS_WIFI_ONLY.to_owned(), wifi_only.to_string());
        let _ = self.phones[at].ask(Request::Remember { key, value });
        let _ = self.phones[at].ask(Request::Metered { metered });
    }

    fn trouble_centre(&mut self) {
        let weather = self.weather;
        if weather.centre_dies && self.dice.permille(25) {
            self.tell(|| "the centre dies".to_owned());
            self.kill_centre();
        }
        if !self.centre.is_up() && self.dice.permille(300) {
            self.centre.open();
        }
        if weather.disks_fill && self.dice.permille(60) {
            let is_full = self.dice.permille(300);
            self.tell(|| format!("the centre's disk is full: {is_full}"));
            self.centre.disk.set_full(is_full);
        }
        let can_back_up = self.centre.is_up() && !self.centre.disk.is_full();
        if weather.centre_restored && can_back_up && self.dice.permille(15) {
            self.centre.back_up();
        }
        if weather.centre_restored && self.dice.permille(12) {
            self.restore_centre();
        }
        if weather.grants_change && self.centre.is_up() && self.dice.permille(50) {
            self.change_grants();
        }
    }

    /// The process is killed, or the power fails.
    pub(super) fn kill_centre(&mut self) {
        if self.dice.permille(500) {
            self.centre.crash();
        } else {
            self.centre.lose_power();
        }
    }

    fn restore_centre(&mut self) {
        let backup = self.dice.below(self.centre.backups());
        let folders = [PhotoFolder::Stays, PhotoFolder::OfTheBackup, PhotoFolder::Lost];
        let folder = match self.weather.photo_folder_lost {
            true => *self.dice.pick(&folders).expect("three"),
            false => PhotoFolder::Stays,
        };
        self.tell(|| format!("the centre is put back to backup {backup}; its photographs: {folder:?}"));
        self.photos_were_lost |= folder != PhotoFolder::Stays;
        // Whoever puts a backup back makes room first.
        self.centre.disk.set_full(false);
        self.centre.restore(backup, folder);
    }

    /// Puts a phone back to the copy kept of it, or keeps one.
    fn restore_phone(&mut self, at: usize) {
        if self.phones[at].restore_copy() {
            self.tell(|| format!("phone {at} is put back to an older state"));
            let (done, shots) = self.copied_at[at];
            let since = self.done[done..].iter_mut().filter(|done| done.phone == at);
            since.for_each(|done| done.may_be_gone = true);
            let since = self.shots[shots..].iter_mut().filter(|shot| shot.phone == at);
            since.for_each(|shot| shot.may_be_gone = true);
        } else {
            self.phones[at].keep_copy();
            self.copied_at[at] = (self.done.len(), self.shots.len());
        }
    }

    fn change_grants(&mut self) {
        let at = self.dice.below(self.people.len());
        let (user, grants) = self.people[at].clone();
        let granted = if self.dice.permille(500) {
            grants
        } else {
            grants.into_iter().filter(|_| self.dice.permille(500)).collect()
        };
        self.tell(|| format!("person {at} is granted {granted:?}"));
        // Not while its disk is full; another time then.
        let _ = self.centre.app().accounts().grant(user, &granted, None);
    }

    pub(super) fn sign_in_if_asked(&mut self, at: usize) {
        let phone = &mut self.phones[at];
        if phone.device().sync_state().phase != SyncPhase::SignedOut {
            return;
        }
        if self.dice.permille(300) {
            phone.give_up_sign_in();
        }
        let life = phone.life;
        if let Some((asker, request)) = phone.sign_in() {
            let signal = phone.signal;
            let parcel = Parcel::Up { life, asker, request };
            self.network.post(&mut self.dice, signal, self.now_ms, at, parcel);
        }
    }

    /// Everything works again, and everybody exchanges.
    pub(super) fn heal(&mut self) -> Result<(), String> {
        self.tell(|| "all is well from here on".to_owned());
        self.weather = Weather::quiet();
        self.centre.open();
        self.centre.disk.set_full(false);
        for (user, grants) in &self.people {
            self.centre.app().accounts().grant(*user, grants, None).map_err(|refusal| refusal.to_string())?;
        }
        for round in 0..HEALING_ROUNDS {
            self.tell(|| format!("everybody exchanges, round {round}"));
            for at in 0..self.phones.len() {
                self.phones[at].signal = Signal::Good;
                self.phones[at].start();
                self.phones[at].set_room(false, false);
                self.phones[at].give_up_sign_in();
                self.choose_network(at, true, false);
                let _ = self.phones[at].ask(Request::SyncNow);
            }
            self.settle_down()?;
        }
        Ok(())
    }

    fn settle_down(&mut self) -> Result<(), String> {
        for _ in 0..HEALING_TICKS_MAX {
            self.pass(1_000);
            for at in 0..self.phones.len() {
                self.sign_in_if_asked(at);
            }
            if self.network.next_arrival_ms().is_none() && self.phones.iter_mut().all(at_rest) {
                return Ok(());
            }
        }
        let states: Vec<_> = self.phones.iter_mut().map(|phone| phone.device().sync_state()).collect();
        Err(format!("the exchange does not come to rest: {states:#?}"))
    }
}

fn at_rest(phone: &mut Phone) -> bool {
    let state = phone.device().sync_state();
    let records = state.phase == SyncPhase::Idle && state.to_send == 0 && state.last_trouble.is_none();
    // Of photographs that are not here it is only asked whether the centre holds them: that is not told as a state.
    records && state.photos_to_send == 0 && state.photo_trouble.is_none() && !phone.waits_for_answer()
}
