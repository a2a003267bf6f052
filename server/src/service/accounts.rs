//! Making and changing accounts, grants and devices. For administrators and the command line.
//!
//! An administrator reaches the accounts whose areas are all among the administrator's own, and gives no area beyond
//! them ([`Actor::administers`], [`Actor::may_grant`]). Other accounts are not found, as if they did not exist. The
//! command line acts for whoever has the machine, and may do everything.

use super::Refusal;
use super::password::{self, PasswordCost};
use super::sessions::{DEMO_NOTE, DEMO_PASSWORD, Sessions};
use crate::clock::{Clock, Rng, random};
use crate::store::Store;
use crate::store::people::{Account, Audit, DeviceRow};
use bianfang_shared::access::{Actor, Role};
use bianfang_shared::area::AreaCode;
use bianfang_shared::id::{DeviceId, UserId};
use bianfang_shared::wire::User;
use std::collections::{BTreeMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Longest name to sign in with, in characters.
const LOGIN_CHARS_MAX: usize = 64;
/// Longest name to show, in characters.
const NAME_CHARS_MAX: usize = 64;
/// Most grants of one account.
const GRANTS_MAX: usize = 2_000;
/// Most lines of the audit log in one answer.
const AUDIT_ROWS_MAX: usize = 500;
/// Lines of the audit log looked through for those that an administrator may read, the latest.
const AUDIT_ROWS_READ_MAX: usize = 20_000;
/// What the audit log calls the making of an account.
const ACCOUNT_ADDED: &str = "account_added";

/// Changes accounts and devices.
#[derive(Debug)]
pub struct Accounts {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    rng: Arc<dyn Rng>,
    cost: PasswordCost,
    sessions: Arc<Sessions>,
    /// Held from the question whether a change is allowed until it is written, so that nobody's areas grow in between.
    changing: Mutex<()>,
}

/// An account to make.
#[derive(Clone)]
pub struct NewAccount {
    /// The name to sign in with.
    pub login: String,
    /// The name to show.
    pub name: String,
    /// What the person is.
    pub role: Role,
    /// The areas granted.
    pub grants: Vec<AreaCode>,
    /// The first password.
    pub password: String,
}

// By hand, so that a password never reaches a log.
impl std::fmt::Debug for NewAccount {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewAccount")
            .field("login", &self.login)
            .field("role", &self.role)
            .finish_non_exhaustive()
    }
}

impl Accounts {
    /// Over this store; what changes there, `sessions` forgets.
    pub fn new(
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
        rng: Arc<dyn Rng>,
        cost: PasswordCost,
        sessions: Arc<Sessions>,
    ) -> Self {
        Self { store, clock, rng, cost, sessions, changing: Mutex::new(()) }
    }

    /// Makes an account. `by` is who does it; none for the command line.
    pub fn add(&self, new: &NewAccount, by: Option<&Actor>) -> Result<User, Refusal> {
        check_name("login", &new.login, LOGIN_CHARS_MAX)?;
        check_name("name", &new.name, NAME_CHARS_MAX)?;
        if new.login.chars().any(char::is_whitespace) {
            return Err(bad("A name to sign in with has no blanks."));
        }
        check_grants(&new.grants)?;
        may_grant(by, new.role, &new.grants)?;
        let password_hash = self.hash(&new.password)?;
        let now_ms = self.clock.now_ms();
        let user = User {
            id: UserId::new(now_ms, random(&*self.rng)),
            login: new.login.clone(),
            name: new.name.clone(),
            role: new.role,
        };
        let account = Account {
            user: user.clone(),
            grants: new.grants.clone(),
            password_hash,
            disabled: false,
            created_at_ms: now_ms,
        };
        // By the id, not by the name to sign in with: that stands in no other list than that of the people.
        let line = self.line(by, ACCOUNT_ADDED, &user.id.to_string());
        if self.store.add_account(&account, &line)? {
            Ok(user)
        } else {
            Err(Refusal::Taken { detail: "Choose another name to sign in with.".to_owned() })
        }
    }

    /// The accounts in someone's charge; all for the command line.
    pub fn list(&self, by: Option<&Actor>) -> Result<Vec<Account>, Refusal> {
        let mut accounts = self.store.accounts()?;
        accounts.retain(|account| is_in_charge(by, account));
        Ok(accounts)
    }

    /// The account with this name to sign in with.
    pub fn find(&self, login: &str) -> Result<Account, Refusal> {
        self.store.account_by_login(login)?.ok_or(Refusal::NotFound)
    }

    /// Replaces the areas granted. Takes effect at once.
    pub fn grant(&self, user: UserId, grants: &[AreaCode], by: Option<&Actor>) -> Result<(), Refusal> {
        check_grants(grants)?;
        let _changing = self.changing();
        let account = self.in_charge(user, by)?;
        may_grant(by, account.user.role, grants)?;
        let codes: Vec<String> = grants.iter().map(AreaCode::to_string).collect();
        let line = self.line(by, "grants_set", &format!("{user} {}", codes.join(" ")));
        self.changed(self.store.set_grants(user, grants, &line)?)
    }

    /// Sets another password and ends every sign-in of the account.
    pub fn set_password(&self, user: UserId, password: &str, by: Option<&Actor>) -> Result<(), Refusal> {
        // Asked twice: nobody learns by the time taken that an account exists, and hashing takes long enough for
        // somebody to be given more meanwhile.
        self.in_charge(user, by)?;
        let hash = self.hash(password)?;
        let _changing = self.changing();
        self.in_charge(user, by)?;
        let line = self.line(by, "password_set", &user.to_string());
        self.changed(self.store.set_password(user, &hash, &line)?)
    }

    /// Closes or opens an account.
    pub fn set_disabled(&self, user: UserId, disabled: bool, by: Option<&Actor>) -> Result<(), Refusal> {
        if disabled && by.is_some_and(|by| by.user == user) {
            return Err(bad("Nobody closes their own account."));
        }
        let _changing = self.changing();
        self.in_charge(user, by)?;
        let action = if disabled { "account_closed" } else { "account_opened" };
        let line = self.line(by, action, &user.to_string());
        self.changed(self.store.set_disabled(user, disabled, &line)?)
    }

    /// The devices of the people in someone's charge; all for the command line.
    pub fn devices(&self, by: Option<&Actor>) -> Result<Vec<DeviceRow>, Refusal> {
        let mut devices = self.store.devices()?;
        if by.is_some() {
            let users = self.users(by)?;
            devices.retain(|device| users.contains(&device.user));
        }
        Ok(devices)
    }

    /// Takes a device out of service.
    pub fn revoke_device(&self, device: DeviceId, by: Option<&Actor>) -> Result<(), Refusal> {
        let _changing = self.changing();
        let facts = self.store.device_facts(device)?.ok_or(Refusal::NotFound)?;
        self.in_charge(facts.user, by)?;
        let line = self.line(by, "device_revoked", &device.to_string());
        self.changed(self.store.revoke_device(device, &line)?)
    }

    /// The last lines of the audit log that tell of people in someone's charge, or of their devices.
    pub fn audit_log(&self, by: &Actor) -> Result<Vec<Audit>, Refusal> {
        let accounts = self.list(Some(by))?;
        let logins: BTreeMap<&str, UserId> =
            accounts.iter().map(|account| (account.user.login.as_str(), account.user.id)).collect();
        let users: HashSet<UserId> = accounts.iter().map(|account| account.user.id).collect();
        let devices: HashSet<DeviceId> = self.devices(Some(by))?.into_iter().map(|row| row.id).collect();
        let about = |line: &Audit| {
            let named = line.about.split(' ').next().unwrap_or_default();
            named.parse().is_ok_and(|user| users.contains(&user))
                || named.parse().is_ok_and(|device| devices.contains(&device))
        };
        let mut lines = self.store.audit_log(AUDIT_ROWS_READ_MAX)?;
        for line in lines.iter_mut().filter(|line| line.action == ACCOUNT_ADDED) {
            // Older lines say the name to sign in with.
            if line.about.parse::<UserId>().is_err() {
                let user = logins.get(line.about.as_str());
                line.about = user.map(UserId::to_string).unwrap_or_default();
            }
        }
        lines.retain(|line| line.actor.is_some_and(|actor| users.contains(&actor)) || about(line));
        lines.truncate(AUDIT_ROWS_MAX);
        Ok(lines)
    }

    /// An account in someone's charge. Whether another one exists is nobody's business.
    fn in_charge(&self, user: UserId, by: Option<&Actor>) -> Result<Account, Refusal> {
        let account = self.store.account(user)?.filter(|account| is_in_charge(by, account));
        account.ok_or(Refusal::NotFound)
    }

    fn users(&self, by: Option<&Actor>) -> Result<HashSet<UserId>, Refusal> {
        Ok(self.list(by)?.into_iter().map(|account| account.user.id).collect())
    }

    fn changing(&self) -> MutexGuard<'_, ()> {
        self.changing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn changed(&self, found: bool) -> Result<(), Refusal> {
        self.sessions.access_changed();
        if found { Ok(()) } else { Err(Refusal::NotFound) }
    }

    fn hash(&self, text: &str) -> Result<String, Refusal> {
        password::check(text).map_err(|detail| Refusal::BadValue { detail })?;
        if text == DEMO_PASSWORD && self.store.note(DEMO_NOTE)?.is_none() {
            return Err(Refusal::DemoPassword);
        }
        Ok(password::hash(text, random(&*self.rng), self.cost))
    }

    fn line(&self, by: Option<&Actor>, action: &str, about: &str) -> Audit {
        let (action, about) = (action.to_owned(), about.to_owned());
        Audit { at_ms: self.clock.now_ms(), actor: by.map(|by| by.user), action, about }
    }
}

/// Whether an account is in someone's charge; every one is in the command line's.
fn is_in_charge(by: Option<&Actor>, account: &Account) -> bool {
    by.is_none_or(|by| by.administers(&account.grants))
}

fn may_grant(by: Option<&Actor>, role: Role, grants: &[AreaCode]) -> Result<(), Refusal> {
    if by.is_none_or(|by| by.may_grant(role, grants)) { Ok(()) } else { Err(Refusal::Forbidden) }
}

fn bad(detail: &str) -> Refusal {
    Refusal::BadValue { detail: detail.to_owned() }
}

fn check_name(what: &str, text: &str, chars_max: usize) -> Result<(), Refusal> {
    let chars = text.chars().count();
    if text.trim() != text || chars == 0 || chars > chars_max || text.chars().any(char::is_control) {
        return Err(bad(&format!("`{what}` has 1 to {chars_max} characters, without blanks around it.")));
    }
    Ok(())
}

fn check_grants(grants: &[AreaCode]) -> Result<(), Refusal> {
    if grants.len() > GRANTS_MAX {
        return Err(bad(&format!("At most {GRANTS_MAX} areas; grant one that holds them all.")));
    }
    Ok(())
}
