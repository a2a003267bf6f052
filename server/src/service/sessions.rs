//! Signing in and out, and what a device has to know before it exchanges anything.

use super::Refusal;
use super::limiter::LoginLimiter;
use super::password::{self, PasswordCost};
use crate::clock::{Clock, Rng, random};
use crate::store::Store;
use crate::store::people::{Account, Audit, NewSignIn, SignInOutcome, SignedIn};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use bianfang_shared::area::{Area, AreaCode, AreaLevel};
use bianfang_shared::capability;
use bianfang_shared::chain::Head;
use bianfang_shared::id::DeviceId;
use bianfang_shared::wire::{ChainPosition, EnrolRequest, Limits, LoginReply, LoginRequest, Session, User};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

/// How long a sign-in holds. A phone may be out of reach for a season.
pub const SIGN_IN_DAYS: i64 = 180;
/// The password of the demo accounts.
pub const DEMO_PASSWORD: &str = "bianfang-demo";
/// The note that says that the data were made by `demo`.
pub const DEMO_NOTE: &str = "made_by_demo";
/// Longest a sign-in is believed without asking the store: a command may change it from another process. Changes
/// made through this process take effect at once.
pub const ACCESS_CACHE_MS_MAX: i64 = 2_000;
/// Most sign-ins remembered.
const ACCESS_CACHE_MAX: usize = 10_000;
/// Longest name of a device, in characters.
const LABEL_CHARS_MAX: usize = 100;
/// A device's clock is written down again only when it moved by so much.
const CLOCK_OFFSET_STEP_MS: i64 = 5_000;
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// Signs people in and remembers for a moment who they are.
#[derive(Debug)]
pub struct Sessions {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    rng: Arc<dyn Rng>,
    cost: PasswordCost,
    limiter: LoginLimiter,
    known: Mutex<HashMap<[u8; 32], Remembered>>,
    generation: AtomicU64,
}

#[derive(Clone, Debug)]
struct Remembered {
    who: Arc<SignedIn>,
    until_ms: i64,
    generation: u64,
}

impl Sessions {
    /// Over this store; `cost` is what a password hash costs.
    pub fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>, rng: Arc<dyn Rng>, cost: PasswordCost) -> Self {
        Self {
            store,
            clock,
            rng,
            cost,
            limiter: LoginLimiter::default(),
            known: Mutex::default(),
            generation: AtomicU64::new(0),
        }
    }

    /// `POST /api/v1/login`. Slow on purpose: call it where blocking is allowed.
    pub fn login(&self, request: &LoginRequest, address: &str) -> Result<LoginReply, Refusal> {
        let now_ms = self.clock.now_ms();
        self.limiter.check(&request.user, address, now_ms)?;
        let account = self.store.account_by_login(&request.user)?;
        // An unknown name costs the same time as a known one.
        let hash = account.as_ref().map_or_else(|| self.nobodys_hash(), |known| known.password_hash.clone());
        let fits = password::fits(&request.password, &hash);
        let Some(account) = account.filter(|_| fits) else {
            self.limiter.failed(&request.user, address, now_ms);
            return Err(Refusal::BadCredentials);
        };
        self.limiter.succeeded(&request.user, address);
        if account.disabled {
            return Err(Refusal::AccountClosed);
        }
        if request.password == DEMO_PASSWORD && self.store.note(DEMO_NOTE)?.is_none() {
            return Err(Refusal::DemoPassword);
        }
        let token = BASE64.encode(random::<32>(&*self.rng));
        let LoginRequest { device, public_key, label, .. } = request.clone();
        self.keep(&account, &token, EnrolRequest { device, public_key, label }, None)?;
        Ok(LoginReply { token, session: self.describe(&account, request.device)? })
    }

    /// `POST /api/v1/enrol`: a new device of the same person. Asked again, it answers with another token as good.
    pub fn enrol(&self, who: &SignedIn, token: &str, request: &EnrolRequest) -> Result<LoginReply, Refusal> {
        if request.device == who.device {
            return Err(Refusal::BadValue { detail: "A new device has a new id.".to_owned() });
        }
        let new = BASE64.encode(random::<32>(&*self.rng));
        self.keep(&who.account, &new, request.clone(), Some(token_hash(token)))?;
        Ok(LoginReply { token: new, session: self.describe(&who.account, request.device)? })
    }

    fn keep(
        &self,
        account: &Account,
        token: &str,
        device: EnrolRequest,
        replaces: Option<[u8; 32]>,
    ) -> Result<(), Refusal> {
        let now_ms = self.clock.now_ms();
        let sign_in = NewSignIn {
            token_hash: token_hash(token),
            user: account.user.id,
            device: device.device,
            public_key: device.public_key,
            label: device.label.chars().take(LABEL_CHARS_MAX).collect(),
            at_ms: now_ms,
            expires_at_ms: now_ms + SIGN_IN_DAYS * DAY_MS,
            replaces,
        };
        let audit = Audit {
            at_ms: now_ms,
            actor: Some(account.user.id),
            action: if replaces.is_some() { "enrolled_anew" } else { "signed_in" }.to_owned(),
            about: device.device.to_string(),
        };
        match self.store.sign_in(&sign_in, &audit)? {
            SignInOutcome::Kept => Ok(()),
            SignInOutcome::OtherKey => Err(Refusal::DeviceHasOtherKey),
            SignInOutcome::OtherUser => Err(Refusal::DeviceOfAnother),
            SignInOutcome::Revoked => Err(Refusal::DeviceRevoked),
            SignInOutcome::Closed => Err(Refusal::AccountClosed),
        }
    }

    fn nobodys_hash(&self) -> String {
        password::hash("nobody", [0; 16], self.cost)
    }

    /// Who holds this token. Revoked devices and closed accounts are told so.
    pub fn who(&self, token: &str) -> Result<Arc<SignedIn>, Refusal> {
        let hash = token_hash(token);
        let now_ms = self.clock.now_ms();
        if let Some(who) = self.remembered(&hash, now_ms) {
            return Ok(who);
        }
        // Read before the store is asked: a change in between makes what is remembered void at once.
        let generation = self.generation.load(Ordering::SeqCst);
        let who = self.store.signed_in(&hash)?.ok_or(Refusal::NotSignedIn)?;
        if who.expires_at_ms <= now_ms {
            return Err(Refusal::NotSignedIn);
        }
        if who.revoked {
            return Err(Refusal::DeviceRevoked);
        }
        if who.account.disabled {
            return Err(Refusal::AccountClosed);
        }
        if who.replaces {
            self.store.end_replaced(&hash)?;
            self.access_changed();
        }
        let who = Arc::new(who);
        let mut known = self.known();
        if known.len() >= ACCESS_CACHE_MAX {
            known.clear();
        }
        let until_ms = (now_ms + ACCESS_CACHE_MS_MAX).min(who.expires_at_ms);
        known.insert(hash, Remembered { who: Arc::clone(&who), until_ms, generation });
        Ok(who)
    }

    /// Who holds this token, if that is remembered. Never asks the store.
    pub fn remembers(&self, token: &str) -> Option<Arc<SignedIn>> {
        self.remembered(&token_hash(token), self.clock.now_ms())
    }

    fn remembered(&self, hash: &[u8; 32], now_ms: i64) -> Option<Arc<SignedIn>> {
        let generation = self.generation.load(Ordering::SeqCst);
        let known = self.known();
        let found = known.get(hash)?;
        // A clock set back must not make it last.
        let fresh = (found.until_ms - ACCESS_CACHE_MS_MAX..found.until_ms).contains(&now_ms);
        (fresh && found.generation == generation).then(|| Arc::clone(&found.who))
    }

    /// Forgets all that is remembered: someone's access has changed.
    pub fn access_changed(&self) {
        self.generation.fetch_add(1, Ordering::SeqCst);
        self.known().clear();
    }

    /// `POST /api/v1/logout`.
    pub fn logout(&self, token: &str) -> Result<(), Refusal> {
        self.store.sign_out(&token_hash(token))?;
        self.access_changed();
        Ok(())
    }

    /// `GET /api/v1/session`.
    pub fn session(&self, who: &SignedIn) -> Result<Session, Refusal> {
        self.describe(&who.account, who.device)
    }

    fn describe(&self, account: &Account, device: DeviceId) -> Result<Session, Refusal> {
        let chain = self.store.device_facts(device)?;
        Ok(Session {
            user: account.user.clone(),
            grants: account.grants.clone(),
            areas: self.areas_of(&account.grants)?,
            people: self.people_near(&account.grants)?,
            epoch: self.store.epoch()?,
            server_time_ms: self.clock.now_ms(),
            chain: chain.map_or(ChainPosition { last_seq: 0, head: Head::EMPTY }, |facts| ChainPosition {
                last_seq: facts.last_seq,
                head: facts.head,
            }),
            limits: Limits::default(),
            capabilities: capability::ALL.iter().map(|word| (*word).to_owned()).collect(),
        })
    }

    /// The villages under these grants, and the areas above them for their names. A village that nobody named
    /// is there all the same when it is granted itself or has a log.
    fn areas_of(&self, grants: &[AreaCode]) -> Result<Vec<Area>, Refusal> {
        let named: BTreeMap<AreaCode, String> =
            self.store.areas()?.into_iter().map(|area| (area.code, area.name)).collect();
        let logs = self.store.scopes()?;
        let villages: Vec<AreaCode> = named
            .keys()
            .copied()
            .chain(logs.iter().map(|head| head.scope))
            .chain(grants.iter().copied())
            .filter(|code| code.level() == AreaLevel::Village)
            .filter(|code| grants.iter().any(|grant| grant.contains(*code)))
            .collect();
        let mut areas: BTreeMap<AreaCode, String> = BTreeMap::new();
        for village in villages {
            use AreaLevel::{City, County, Province, Township};
            areas.insert(village, named.get(&village).cloned().unwrap_or_else(|| village.to_string()));
            for above in [Township, County, City, Province].map(|level| village.at(level)) {
                areas.extend(named.get(&above).map(|name| (above, name.clone())));
            }
        }
        Ok(areas.into_iter().map(|(code, name)| Area { code, name }).collect())
    }

    /// Who else is about. With a name to show, never with the name to sign in with: half of what a stranger needs.
    fn people_near(&self, grants: &[AreaCode]) -> Result<Vec<User>, Refusal> {
        let touches =
            |other: &AreaCode| grants.iter().any(|grant| grant.contains(*other) || other.contains(*grant));
        let accounts = self.store.accounts()?.into_iter();
        Ok(accounts
            .filter(|account| account.grants.iter().any(touches))
            .map(|account| User { login: String::new(), ..account.user })
            .collect())
    }

    /// Writes down how far a device's clock is off, where that changed. `device_time_ms` is what it just told.
    pub fn note_clock(&self, device: DeviceId, device_time_ms: i64) -> Result<(), Refusal> {
        let offset_ms = device_time_ms.saturating_sub(self.clock.now_ms());
        let before = self.store.device_facts(device)?.and_then(|facts| facts.clock_offset_ms);
        let moved =
            before.is_none_or(|before| before.abs_diff(offset_ms) >= CLOCK_OFFSET_STEP_MS.unsigned_abs());
        if moved {
            self.store.set_clock_offset(device, offset_ms)?;
        }
        Ok(())
    }

    fn known(&self) -> std::sync::MutexGuard<'_, HashMap<[u8; 32], Remembered>> {
        self.known.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

fn token_hash(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}
