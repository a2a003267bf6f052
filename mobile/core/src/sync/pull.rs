//! Fetching: asks for what is new in the villages, and takes in what comes.

use super::request::{post, read_json};
use super::{Answer, Engine, Round, SyncError, What, push};
use crate::platform::{HttpRequest, Platform};
use crate::store::scopes::{Intake, Page, Taken};
use crate::store::{Store, StoreError, meta};
use bianfang_shared::area::AreaCode;
use bianfang_shared::id::Epoch;
use bianfang_shared::wire::{PULL_SCOPES_MAX, PullReply, PullRequest, ScopePage, ScopePart};
use rusqlite::Transaction;
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn request(
    engine: &Engine,
    store: &Store,
    token: &str,
) -> Result<(What, HttpRequest), StoreError> {
    let no_epoch = StoreError::Unreadable { what: "cursor", detail: "no epoch".to_owned() };
    let epoch: Epoch = meta::epoch(store.read())?.ok_or(no_epoch)?;
    let cursors: BTreeMap<AreaCode, u64> =
        engine.scopes_left(store)?.into_iter().take(PULL_SCOPES_MAX).collect();
    let what = What::Pull { asked: cursors.keys().copied().collect() };
    let body = PullRequest { epoch, cursors, limit: engine.limits.pull_ops_max };
    Ok((what, post("/api/v1/sync/pull", Some(token), &body)))
}

pub(super) fn receive(
    engine: &mut Engine,
    store: &mut Store,
    platform: &Platform,
    asked: &[AreaCode],
    answer: Answer,
) -> Result<bool, SyncError> {
    let reply: PullReply = read_json(answer)?;
    if meta::epoch(store.read())? != Some(reply.epoch) {
        engine.greeted_until_ms = i64::MIN;
        return Ok(false);
    }
    let round = engine.round.get_or_insert_default();
    match store.write(|tx| take(tx, round, asked, &reply)) {
        Ok(Progress { stuck: true, .. }) => Err(SyncError::NoProgress("no page could be taken in")),
        Ok(progress) => Ok(progress.changed),
        Err(SyncError::Forked) => push::fork(engine, store, platform),
        Err(error) => {
            // What this round believed to have fetched was rolled back with the rest.
            engine.round = None;
            Err(error)
        }
    }
}

/// What an answer brought.
#[derive(Debug, Default)]
struct Progress {
    /// A row may look different.
    changed: bool,
    /// Nothing came nearer to its end; asking again at once would go on for ever.
    stuck: bool,
}

fn take(
    tx: &Transaction<'_>,
    round: &mut Round,
    asked: &[AreaCode],
    reply: &PullReply,
) -> Result<Progress, SyncError> {
    let mut intake = Intake::begin(tx)?;
    let (mut changed, mut moved) = (false, false);
    let done_before = round.done.len();
    for page in reply.scopes.iter().filter(|page| asked.contains(&page.scope)) {
        let done = take_page(&mut intake, round, page)?;
        moved |= done != PageDone::Nothing;
        changed |= done == PageDone::Changed;
    }
    intake.finish(reply.server_time_ms)?;
    if !reply.more {
        // No page and nothing more means nothing new.
        let told: BTreeSet<AreaCode> = reply.scopes.iter().map(|page| page.scope).collect();
        round.done.extend(asked.iter().filter(|scope| !told.contains(scope)));
    }
    Ok(Progress { changed, stuck: !moved && round.done.len() == done_before })
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum PageDone {
    Nothing,
    Moved,
    Changed,
}

fn take_page(intake: &mut Intake<'_>, round: &mut Round, page: &ScopePage) -> Result<PageDone, SyncError> {
    let scope = page.scope;
    match &page.part {
        ScopePart::Ops { ops, next, head, checksum } => {
            let page = Page { scope, ops, next: *next, head: *head, checksum: *checksum };
            match intake.take(&page)? {
                Taken::Moved { remaining } => {
                    round.fetched += ops.len() as u64;
                    round.remaining.insert(scope, remaining);
                    if remaining == 0 {
                        round.done.insert(scope);
                    }
                    Ok(if ops.is_empty() { PageDone::Nothing } else { PageDone::Changed })
                }
                Taken::Mismatch => restart(intake, round, scope),
                Taken::Elsewhere => Ok(PageDone::Nothing),
            }
        }
        ScopePart::Resync => restart(intake, round, scope),
        ScopePart::Drop => {
            intake.forget(scope)?;
            round.done.insert(scope);
            round.remaining.remove(&scope);
            Ok(PageDone::Changed)
        }
    }
}

/// Fetches a village from its beginning. Twice in one round means that doing it again does not help now.
fn restart(intake: &mut Intake<'_>, round: &mut Round, scope: AreaCode) -> Result<PageDone, SyncError> {
    if !round.restarted.insert(scope) {
        return Err(SyncError::NoProgress("a village's log is to begin anew again"));
    }
    intake.restart(scope)?;
    Ok(PageDone::Moved)
}
