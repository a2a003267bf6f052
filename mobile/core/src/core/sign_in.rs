//! Signing in and out. The first sign-in on a device is the one thing that needs a signal.

use super::centre::{Exchange, Then};
use super::{Answered, Asked, Device, trouble};
use crate::message::{News, Reply, Trouble};
use crate::profile::{Profile, fold_login};
use crate::store::chain::Identity;
use crate::store::meta;
use crate::sync::{Answer, SyncError, enter_session, read_json, sign_in_request};
use bianfang_shared::wire::LoginReply;

/// A sign-in under way.
#[derive(Debug)]
pub(super) struct SignIn {
    login: String,
    identity: Identity,
    /// The profile, where it is not the one in use.
    profile: Option<Profile>,
    sent_ms: i64,
}

impl Device {
    pub(super) fn begin_sign_in(&mut self, user: &str, password: &str) -> Asked {
        match self.try_begin_sign_in(user, password) {
            Ok(exchange) => Asked::Centre(Box::new(exchange)),
            Err(trouble) => Asked::Ready(Box::new(Err(trouble))),
        }
    }

    fn try_begin_sign_in(&mut self, user: &str, password: &str) -> Result<Exchange, Trouble> {
        let login = fold_login(user);
        let (identity, profile) = match &self.profile {
            Some(current) if current.login == login => (current.identity()?, None),
            _ => match self.shelf.profile(&login, &self.platform)? {
                Some(other) => (other.identity()?, Some(other)),
                None => (Identity::new(&self.platform), None),
            },
        };
        let request = sign_in_request(user.trim(), password, &identity, &self.platform);
        let sent_ms = self.platform.clock.monotonic_ms();
        Ok(Exchange { request, then: Then::SignIn(Box::new(SignIn { login, identity, profile, sent_ms })) })
    }

    pub(super) fn finish_sign_in(&mut self, sign_in: SignIn, answer: Answer) -> Answered {
        let reply: LoginReply = match read_json(answer) {
            Err(SyncError::SignedOut) => {
                return Err(trouble("bad_credentials", "the name or the password is wrong", false));
            }
            read => read?,
        };
        let sent_ago_ms = self.platform.clock.monotonic_ms().saturating_sub(sign_in.sent_ms);
        let mut profile = self.profile_for(sign_in)?;
        let entered = profile.store.write(|tx| {
            meta::put(tx, meta::TOKEN, &reply.token)?;
            enter_session(tx, &self.platform, &reply.session, sent_ago_ms)
        });
        let entered = entered.and_then(|()| Ok(self.shelf.use_profile(Some(&profile.login))?));
        profile.engine.forget();
        profile.engine.greeted(&self.platform, &reply.session);
        profile.engine.set_metered(self.metered);
        self.profile = Some(profile);
        entered.map_err(|error| match error {
            SyncError::SignedOut => {
                trouble("server_refused", "this name belongs to another account now", false)
            }
            other => other.into(),
        })?;
        self.news.push(News::Data);
        self.status()
    }

    /// The profile that signed in, taken out of wherever it is.
    fn profile_for(&mut self, sign_in: SignIn) -> Result<Profile, Trouble> {
        let in_use = self.profile.as_ref().filter(|current| current.login == sign_in.login);
        if let Some(current) = in_use {
            // The phone became a new device in between, or signed in twice at once: the token is for another.
            if current.identity()?.device != sign_in.identity.device {
                return Err(trouble("not_now", "the phone was enrolled anew in between", true));
            }
            return Ok(self.profile.take().expect("was there just now"));
        }
        match sign_in.profile {
            Some(profile) => Ok(profile),
            None => Ok(self.shelf.make(&sign_in.login, sign_in.identity, &self.platform)?),
        }
    }

    /// Forgets the token. What was not sent stays with the profile and is sent after its next sign-in.
    pub(super) fn sign_out(&mut self) -> Answered {
        if let Some(profile) = &mut self.profile {
            profile.store.write(|tx| meta::remove(tx, meta::TOKEN))?;
            self.shelf.use_profile(None)?;
            self.profile = None;
            self.news.push(News::SignedOut);
        }
        Ok(Reply::Done)
    }
}
