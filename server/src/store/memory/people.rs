//! People, devices, sign-ins, areas and the audit log in memory.

use super::{MemoryStore, State};
use crate::store::StoreResult;
use crate::store::log::DeviceFacts;
use crate::store::people::{Account, Audit, DeviceRow, NewSignIn, PeopleStore, SignInOutcome, SignedIn};
use bianfang_shared::area::{Area, AreaCode};
use bianfang_shared::chain::Head;
use bianfang_shared::id::{DeviceId, UserId};
use bianfang_shared::wire::User;
use std::collections::BTreeSet;

impl PeopleStore for MemoryStore {
    fn account_by_login(&self, login: &str) -> StoreResult<Option<Account>> {
        Ok(self.state().accounts.values().find(|account| account.user.login == login).cloned())
    }

    fn account(&self, user: UserId) -> StoreResult<Option<Account>> {
        Ok(self.state().accounts.get(&user).cloned())
    }

    fn accounts(&self) -> StoreResult<Vec<Account>> {
        let mut accounts: Vec<Account> = self.state().accounts.values().cloned().collect();
        accounts.sort_by(|a, b| a.user.login.cmp(&b.user.login));
        Ok(accounts)
    }

    fn add_account(&self, account: &Account, audit: &Audit) -> StoreResult<bool> {
        self.write(|state| {
            let User { id, login, .. } = &account.user;
            let taken =
                state.accounts.values().any(|known| known.user.id == *id || known.user.login == *login);
            if !taken {
                let grants = in_order(&account.grants);
                state.accounts.insert(*id, Account { grants, ..account.clone() });
                state.audit.push(audit.clone());
            }
            Ok(!taken)
        })
    }

    fn set_grants(&self, user: UserId, grants: &[AreaCode], audit: &Audit) -> StoreResult<bool> {
        self.change(user, audit, |account| account.grants = in_order(grants))
    }

    fn set_password(&self, user: UserId, password_hash: &str, audit: &Audit) -> StoreResult<bool> {
        let changed = self.change(user, audit, |account| account.password_hash = password_hash.to_owned())?;
        self.state().sign_ins.retain(|_, sign_in| sign_in.user != user);
        Ok(changed)
    }

    fn set_disabled(&self, user: UserId, disabled: bool, audit: &Audit) -> StoreResult<bool> {
        let changed = self.change(user, audit, |account| account.disabled = disabled)?;
        self.state().sign_ins.retain(|_, sign_in| sign_in.user != user || !disabled);
        Ok(changed)
    }

    fn sign_in(&self, sign_in: &NewSignIn, audit: &Audit) -> StoreResult<SignInOutcome> {
        self.write(|state| {
            if state.accounts.get(&sign_in.user).is_none_or(|account| account.disabled) {
                return Ok(SignInOutcome::Closed);
            }
            let outcome = state.enrol(sign_in);
            if outcome == SignInOutcome::Kept {
                state.sign_ins.retain(|_, known| known.expires_at_ms > sign_in.at_ms);
                state.sign_ins.insert(sign_in.token_hash, sign_in.clone());
                state.audit.push(audit.clone());
            }
            Ok(outcome)
        })
    }

    fn signed_in(&self, token_hash: &[u8; 32]) -> StoreResult<Option<SignedIn>> {
        let state = self.state();
        let Some(sign_in) = state.sign_ins.get(token_hash) else { return Ok(None) };
        let account = state.accounts.get(&sign_in.user).cloned();
        Ok(account.zip(state.devices.get(&sign_in.device)).map(|(account, device)| SignedIn {
            account,
            device: device.id,
            public_key: device.public_key,
            revoked: device.revoked,
            expires_at_ms: sign_in.expires_at_ms,
            replaces: sign_in.replaces.is_some(),
        }))
    }

    fn end_replaced(&self, token_hash: &[u8; 32]) -> StoreResult<()> {
        let mut state = self.state();
        let replaced = state.sign_ins.get_mut(token_hash).and_then(|sign_in| sign_in.replaces.take());
        if let Some(replaced) = replaced {
            state.sign_ins.remove(&replaced);
        }
        Ok(())
    }

    fn sign_out(&self, token_hash: &[u8; 32]) -> StoreResult<()> {
        self.state().sign_ins.remove(token_hash);
        Ok(())
    }

    fn set_clock_offset(&self, device: DeviceId, offset_ms: i64) -> StoreResult<()> {
        if let Some(device) = self.state().devices.get_mut(&device) {
            device.clock_offset_ms = Some(offset_ms);
        }
        Ok(())
    }

    fn devices(&self) -> StoreResult<Vec<DeviceRow>> {
        let state = self.state();
        let row = |row: &DeviceRow| {
            let facts = state.devices.get(&row.id);
            DeviceRow {
                last_seq: facts.map_or(0, |facts| facts.last_seq),
                revoked: facts.is_some_and(|facts| facts.revoked),
                ..row.clone()
            }
        };
        Ok(state.device_rows.iter().map(row).collect())
    }

    fn revoke_device(&self, device: DeviceId, audit: &Audit) -> StoreResult<bool> {
        let mut state = self.state();
        let Some(facts) = state.devices.get_mut(&device) else { return Ok(false) };
        facts.revoked = true;
        state.audit.push(audit.clone());
        Ok(true)
    }

    fn put_areas(&self, areas: &[Area]) -> StoreResult<()> {
        self.state().areas.extend(areas.iter().map(|area| (area.code, area.name.clone())));
        Ok(())
    }

    fn areas(&self) -> StoreResult<Vec<Area>> {
        let state = self.state();
        Ok(state.areas.iter().map(|(code, name)| Area { code: *code, name: name.clone() }).collect())
    }

    fn audit(&self, line: &Audit) -> StoreResult<()> {
        self.state().audit.push(line.clone());
        Ok(())
    }

    fn audit_log(&self, rows_max: usize) -> StoreResult<Vec<Audit>> {
        Ok(self.state().audit.iter().rev().take(rows_max).cloned().collect())
    }
}

impl MemoryStore {
    fn change(&self, user: UserId, audit: &Audit, change: impl FnOnce(&mut Account)) -> StoreResult<bool> {
        self.write(|state| {
            let Some(account) = state.accounts.get_mut(&user) else { return Ok(false) };
            change(account);
            state.audit.push(audit.clone());
            Ok(true)
        })
    }
}

impl State {
    fn enrol(&mut self, sign_in: &NewSignIn) -> SignInOutcome {
        match self.devices.get(&sign_in.device) {
            Some(known) if known.user != sign_in.user => SignInOutcome::OtherUser,
            Some(known) if known.public_key != sign_in.public_key => SignInOutcome::OtherKey,
            Some(known) if known.revoked => SignInOutcome::Revoked,
            Some(_) => SignInOutcome::Kept,
            None => {
                self.devices.insert(sign_in.device, new_device(sign_in));
                self.device_rows.push(DeviceRow {
                    id: sign_in.device,
                    user: sign_in.user,
                    label: sign_in.label.clone(),
                    enrolled_at_ms: sign_in.at_ms,
                    last_seq: 0,
                    revoked: false,
                });
                SignInOutcome::Kept
            }
        }
    }
}

fn new_device(sign_in: &NewSignIn) -> DeviceFacts {
    DeviceFacts {
        id: sign_in.device,
        user: sign_in.user,
        public_key: sign_in.public_key,
        revoked: false,
        last_seq: 0,
        head: Head::EMPTY,
        clock_offset_ms: None,
        last_trace: None,
        acknowledged_seq: 0,
        passed_ms: None,
    }
}

fn in_order(grants: &[AreaCode]) -> Vec<AreaCode> {
    grants.iter().copied().collect::<BTreeSet<_>>().into_iter().collect()
}
