//! Who is asking: the bearer token, and what the device says of its clock.

use super::Shared;
use crate::service::Refusal;
use crate::service::pull::actor;
use crate::store::people::SignedIn;
use axum::extract::FromRequestParts;
use axum::http::request::Parts as RequestParts;
use axum::http::{HeaderMap, header};
use bianfang_shared::access::Actor;
use std::sync::Arc;

/// The device's wall clock when it sent the request, in milliseconds since 1970. Optional, on any request that
/// is signed in; the centre measures by it how far the clock is off.
pub const DEVICE_TIME_HEADER: &str = "bianfang-device-time";

/// Someone signed in, with the token.
#[derive(Clone, Debug)]
pub(super) struct Caller {
    /// Who, on which device.
    pub(super) who: Arc<SignedIn>,
    /// The token.
    pub(super) token: String,
}

impl FromRequestParts<Shared> for Caller {
    type Rejection = Refusal;

    async fn from_request_parts(request: &mut RequestParts, shared: &Shared) -> Result<Self, Refusal> {
        let token = bearer(&request.headers).ok_or(Refusal::NotSignedIn)?.to_owned();
        let who = match shared.sessions.remembers(&token) {
            Some(who) => who,
            None => {
                let asked = token.clone();
                shared.blocking(move |parts| parts.sessions.who(&asked)).await?
            }
        };
        Ok(Self { who, token })
    }
}

impl Caller {
    /// Refuses all but administrators. Answers who it is, since what they reach ends with their own areas.
    pub(super) fn administers(&self) -> Result<Actor, Refusal> {
        let actor = actor(&self.who);
        if actor.role.administers() { Ok(actor) } else { Err(Refusal::Forbidden) }
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ").map(str::trim)
}

/// What the device says of its clock.
pub(super) fn device_time_ms(headers: &HeaderMap) -> Option<i64> {
    headers.get(DEVICE_TIME_HEADER)?.to_str().ok()?.parse().ok()
}
