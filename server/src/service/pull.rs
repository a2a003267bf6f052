//! What is new in the scopes that a device asks for, written as JSON while it is read: the operations' bytes are
//! copied once and never parsed.

use super::Refusal;
use crate::store::Store;
use crate::store::log::{Cursor, PullLimits, PullSink};
use crate::store::people::SignedIn;
use bianfang_shared::access::Actor;
use bianfang_shared::area::{AreaCode, AreaLevel};
use bianfang_shared::wire::{PULL_OPS_MAX, PULL_SCOPES_MAX, PullRequest};
use std::io::Write as _;

/// A page ends after so many bytes of operations.
const PULL_BYTES_MAX: usize = 8 * 1024 * 1024;
const BUFFER_BYTES: usize = 64 * 1024;

/// The body of a `bianfang_shared::wire::PullReply`.
pub fn pull(
    store: &dyn Store,
    who: &SignedIn,
    request: &PullRequest,
    server_time_ms: i64,
) -> Result<Vec<u8>, Refusal> {
    if request.cursors.len() > PULL_SCOPES_MAX {
        return Err(Refusal::BadRequest {
            detail: format!("Ask for at most {PULL_SCOPES_MAX} scopes at once."),
        });
    }
    let epoch = store.epoch()?;
    let mut body = Body::new();
    let (granted, gone): (Vec<AreaCode>, Vec<AreaCode>) =
        request.cursors.keys().partition(|scope| may_read(who, **scope));
    gone.into_iter().for_each(|scope| body.bare(scope, "drop"));
    let more = if epoch == request.epoch {
        let cursors: Vec<Cursor> =
            granted.into_iter().map(|scope| Cursor { scope, next: request.cursors[&scope].max(1) }).collect();
        let limits = PullLimits { ops_max: request.limit.clamp(1, PULL_OPS_MAX), bytes_max: PULL_BYTES_MAX };
        store.pull(&cursors, limits, &mut body)?
    } else {
        granted.into_iter().for_each(|scope| body.bare(scope, "resync"));
        false
    };
    Ok(body.finish(&epoch.to_string(), server_time_ms, more))
}

fn may_read(who: &SignedIn, scope: AreaCode) -> bool {
    scope.level() == AreaLevel::Village && actor(who).covers(scope)
}

/// Someone signed in, as the judge sees them.
pub fn actor(who: &SignedIn) -> Actor {
    Actor { user: who.account.user.id, role: who.account.user.role, grants: who.account.grants.clone() }
}

/// The reply under construction.
struct Body {
    json: Vec<u8>,
    /// The scope whose operations are being written.
    open: Option<AreaCode>,
    is_first: bool,
}

impl Body {
    fn new() -> Self {
        let mut json = Vec::with_capacity(BUFFER_BYTES);
        json.extend_from_slice(b"{\"scopes\":[");
        Self { json, open: None, is_first: true }
    }

    fn write(&mut self, text: std::fmt::Arguments<'_>) {
        self.json.write_fmt(text).expect("memory takes everything");
    }

    fn next_scope(&mut self) {
        if !std::mem::take(&mut self.is_first) {
            self.json.push(b',');
        }
    }

    /// A scope without operations.
    fn bare(&mut self, scope: AreaCode, part: &str) {
        self.next_scope();
        self.write(format_args!("{{\"scope\":\"{scope}\",\"part\":\"{part}\"}}"));
    }

    fn open(&mut self, scope: AreaCode) {
        if self.open == Some(scope) {
            self.json.push(b',');
        } else {
            self.next_scope();
            self.write(format_args!("{{\"scope\":\"{scope}\",\"part\":{{\"ops\":{{\"ops\":["));
            self.open = Some(scope);
        }
    }

    fn finish(mut self, epoch: &str, server_time_ms: i64, more: bool) -> Vec<u8> {
        self.write(format_args!(
            "],\"epoch\":\"{epoch}\",\"server_time_ms\":{server_time_ms},\"more\":{more}}}"
        ));
        self.json
    }
}

impl PullSink for Body {
    fn op(&mut self, scope: AreaCode, seq: u64, received_at_ms: i64, raw: &str) {
        self.open(scope);
        self.write(format_args!("{{\"seq\":{seq},\"received_at_ms\":{received_at_ms},\"op\":"));
        self.json.extend_from_slice(raw.as_bytes());
        self.json.push(b'}');
    }

    fn end(&mut self, scope: AreaCode, next: u64, head: u64, checksum: u64) {
        if self.open != Some(scope) {
            self.next_scope();
            self.write(format_args!("{{\"scope\":\"{scope}\",\"part\":{{\"ops\":{{\"ops\":["));
        }
        self.write(format_args!("],\"next\":{next},\"head\":{head},\"checksum\":\"{checksum:016x}\"}}}}}}"));
        self.open = None;
    }

    fn beyond(&mut self, scope: AreaCode) {
        self.bare(scope, "resync");
    }
}
