//! Making and changing accounts, grants and devices. For administrators and the command line.

use super::Refusal;
use super::password::{self, PasswordCost};
use super::sessions::{DEMO_NOTE, DEMO_PASSWORD, Sessions};
use crate::clock::{Clock, Rng, random};
use crate::store::Store;
use crate::store::people::{Account, Audit, DeviceRow};
use bianfang_shared::access::Role;
use bianfang_shared::area::AreaCode;
use bianfang_shared::id::{DeviceId, UserId};
use bianfang_shared::wire::User;
use std::sync::Arc;

/// Longest name to sign in with, in characters.
const LOGIN_CHARS_MAX: usize = 64;
/// Longest name to show, in characters.
const NAME_CHARS_MAX: usize = 64;
/// Most grants of one account.
const GRANTS_MAX: usize = 2_000;

/// Changes accounts and devices.
#[derive(Debug)]
pub struct Accounts {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    rng: Arc<dyn Rng>,
    cost: PasswordCost,
    sessions: Arc<Sessions>,
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
        Self { store, clock, rng, cost, sessions }
    }

    /// Makes an account. `actor` is who does it; none for the command line.
    pub fn add(&self, new: &NewAccount, actor: Option<UserId>) -> Result<User, Refusal> {
        check_name("login", &new.login, LOGIN_CHARS_MAX)?;
        check_name("name", &new.name, NAME_CHARS_MAX)?;
        if new.login.chars().any(char::is_whitespace) {
            return Err(bad("A name to sign in with has no blanks."));
        }
        check_grants(&new.grants)?;
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
        if self.store.add_account(&account, &self.line(actor, "account_added", &user.login))? {
            Ok(user)
        } else {
            Err(Refusal::Taken { detail: "Choose another name to sign in with.".to_owned() })
        }
    }

    /// All accounts.
    pub fn list(&self) -> Result<Vec<Account>, Refusal> {
        Ok(self.store.accounts()?)
    }

    /// The account with this name to sign in with.
    pub fn find(&self, login: &str) -> Result<Account, Refusal> {
        self.store.account_by_login(login)?.ok_or(Refusal::NotFound)
    }

    /// Replaces the areas granted. Takes effect at once.
    pub fn grant(&self, user: UserId, grants: &[AreaCode], actor: Option<UserId>) -> Result<(), Refusal> {
        check_grants(grants)?;
        let codes: Vec<String> = grants.iter().map(AreaCode::to_string).collect();
        let line = self.line(actor, "grants_set", &format!("{user} {}", codes.join(" ")));
        self.changed(self.store.set_grants(user, grants, &line)?)
    }

    /// Sets another password and ends every sign-in of the account.
    pub fn set_password(&self, user: UserId, password: &str, actor: Option<UserId>) -> Result<(), Refusal> {
        let hash = self.hash(password)?;
        let line = self.line(actor, "password_set", &user.to_string());
        self.changed(self.store.set_password(user, &hash, &line)?)
    }

    /// Closes or opens an account.
    pub fn set_disabled(&self, user: UserId, disabled: bool, actor: Option<UserId>) -> Result<(), Refusal> {
        if disabled && actor == Some(user) {
            return Err(bad("Nobody closes their own account."));
        }
        let action = if disabled { "account_closed" } else { "account_opened" };
        let line = self.line(actor, action, &user.to_string());
        self.changed(self.store.set_disabled(user, disabled, &line)?)
    }

    /// All devices.
    pub fn devices(&self) -> Result<Vec<DeviceRow>, Refusal> {
        Ok(self.store.devices()?)
    }

    /// Takes a device out of service.
    pub fn revoke_device(&self, device: DeviceId, actor: Option<UserId>) -> Result<(), Refusal> {
        let line = self.line(actor, "device_revoked", &device.to_string());
        self.changed(self.store.revoke_device(device, &line)?)
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

    fn line(&self, actor: Option<UserId>, action: &str, about: &str) -> Audit {
        Audit { at_ms: self.clock.now_ms(), actor, action: action.to_owned(), about: about.to_owned() }
    }
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
