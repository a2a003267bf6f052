//! Greeting the centre: who one is, where it stands, and what follows when it stands elsewhere than expected.

use super::flight::Flight;
use super::request::{post, read_json, with_device_time};
use super::{Answer, Engine, SyncError, What};
use crate::clock::Contact;
use crate::platform::{HttpRequest, Platform};
use crate::store::chain::Identity;
use crate::store::outbox::{self, Fit};
use crate::store::{Store, StoreError, chain, fork, meta, scopes};
use bianfang_shared::wire::{EnrolRequest, LoginReply, LoginRequest, Session};
use rusqlite::Transaction;

/// Signs in.
pub(crate) fn sign_in_request(
    user: &str,
    password: &str,
    identity: &Identity,
    platform: &Platform,
) -> HttpRequest {
    let body = LoginRequest {
        user: user.to_owned(),
        password: password.to_owned(),
        device: identity.device,
        public_key: identity.key().public(),
        label: platform.label.clone(),
    };
    with_device_time(post("/api/v1/login", None, &body), platform)
}

/// Makes the chain's new device known, in the name of the old one.
pub(super) fn enrol_request(
    store: &Store,
    platform: &Platform,
    token: &str,
) -> Result<HttpRequest, StoreError> {
    let identity = chain::read(store.read())?.identity;
    let body = EnrolRequest {
        device: identity.device,
        public_key: identity.key().public(),
        label: platform.label.clone(),
    };
    Ok(with_device_time(post("/api/v1/enrol", Some(token), &body), platform))
}

pub(super) fn receive_enrolment(
    engine: &mut Engine,
    store: &mut Store,
    platform: &Platform,
    flight: &Flight<What>,
    answer: Answer,
) -> Result<bool, SyncError> {
    let reply: LoginReply = match read_json(answer) {
        // A centre that does not take the old token for this asks for the password once.
        Err(error @ SyncError::Refused(_)) if error.is_permanent() => return Err(SyncError::SignedOut),
        read => read?,
    };
    store.write(|tx| {
        meta::put(tx, meta::TOKEN, &reply.token)?;
        enter(tx, platform, &reply.session, sent_ago_ms(platform, flight))
    })?;
    greeted(engine, platform, &reply.session);
    Ok(true)
}

pub(super) fn receive_greeting(
    engine: &mut Engine,
    store: &mut Store,
    platform: &Platform,
    flight: &Flight<What>,
    answer: Answer,
) -> Result<bool, SyncError> {
    let session: Session = read_json(answer)?;
    let before = meta::session(store.read())?;
    store.write(|tx| enter(tx, platform, &session, sent_ago_ms(platform, flight)))?;
    greeted(engine, platform, &session);
    Ok(before.is_none_or(|before| shown_differently(&before, &session)))
}

fn greeted(engine: &mut Engine, platform: &Platform, session: &Session) {
    engine.adopt(session);
    engine.reached(platform);
}

fn sent_ago_ms(platform: &Platform, flight: &Flight<What>) -> i64 {
    platform.clock.monotonic_ms().saturating_sub(flight.sent_ms)
}

/// Whether a screen would look different.
fn shown_differently(before: &Session, now: &Session) -> bool {
    (&before.user, &before.areas, &before.people, before.epoch)
        != (&now.user, &now.areas, &now.people, now.epoch)
}

/// Takes over what the centre says of itself: its epoch, its clock, and what it holds of this chain.
/// The request was sent `sent_ago_ms` before.
pub(crate) fn enter(
    tx: &Transaction<'_>,
    platform: &Platform,
    session: &Session,
    sent_ago_ms: i64,
) -> Result<(), SyncError> {
    if meta::user(tx)?.is_some_and(|user| user.id != session.user.id) {
        // The token stands for somebody else than the profile: never send one person's records as another's.
        return Err(SyncError::SignedOut);
    }
    let wall_ms = platform.clock.wall_ms();
    // The centre read its clock about half way between the request and the answer.
    let offset_ms = wall_ms.saturating_sub(sent_ago_ms / 2).saturating_sub(session.server_time_ms);
    meta::put(tx, meta::CLOCK_OFFSET_MS, &offset_ms)?;
    let contact =
        Contact { centre_ms: wall_ms.saturating_sub(offset_ms), monotonic_ms: platform.clock.monotonic_ms() };
    meta::put(tx, meta::CONTACT, &contact)?;
    meta::put_session(tx, session)?;
    scopes::enter_epoch(tx, session.epoch)?;
    let mut own = chain::read(tx)?;
    if !own.enrolled {
        own.enrolled = true;
        chain::write(tx, &own)?;
    }
    match outbox::reconcile(tx, session.chain)? {
        Fit::Fits => Ok(()),
        Fit::Forked => Ok(fork::begin_anew(tx, Identity::new(platform), wall_ms)?),
    }
}
