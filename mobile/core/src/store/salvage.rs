//! Carries over what a person entered from a damaged database into a new one. The damaged file stays as it is.
//! What the centre has is fetched again; only what exists nowhere else is looked for here.

use super::chain::{self, Identity};
use super::fold::{self, Dirty};
use super::location::Content;
use super::{Location, Store, StoreError, drafts, fork, meta, sql};
use bianfang_shared::form::FormDraft;
use bianfang_shared::hlc::Hlc;
use bianfang_shared::op::Op;
use bianfang_shared::wire::Session;
use rusqlite::Connection;

/// What could be read of a damaged database.
#[derive(Debug)]
struct Found {
    session: Session,
    hlc: Hlc,
    unsent: Vec<Op>,
    drafts: Vec<(FormDraft, i64)>,
}

/// Carries over what can be read. Does nothing when not even the owner can be told.
pub(crate) fn carry_over(
    location: &Location,
    damaged: &str,
    into: &mut Store,
    identity: Identity,
    at_ms: i64,
) -> Result<u64, StoreError> {
    let found = location.connect(damaged, Content::Ledgers).and_then(|conn| find(&conn));
    let Ok(Some(Found { session, hlc, unsent, drafts: forms })) = found else { return Ok(0) };
    let carried = unsent.len() as u64;
    into.write(|tx| {
        meta::put_session(tx, &session)?;
        // Not enrolled and without a token: the person signs in once, and the new chain is sent.
        let mut chain = chain::begin(tx, identity, false, hlc)?;
        for (draft, touched_at_ms) in &forms {
            drafts::put(tx, draft, *touched_at_ms)?;
        }
        let mut dirty = Dirty::default();
        fork::keep_former(tx, &unsent, at_ms)?;
        fork::write_again(tx, &mut chain, unsent, &mut dirty)?;
        fold::settle(tx, dirty)
    })?;
    Ok(carried)
}

fn find(conn: &Connection) -> Result<Option<Found>, StoreError> {
    let Some(session) = meta::session(conn)? else { return Ok(None) };
    let chain = chain::read(conn)?;
    // One by one: a page that cannot be read takes only its own operations with it.
    let unsent = (chain.acked + 1..=chain.last_seq).filter_map(|seq| {
        let find = "SELECT raw FROM ops WHERE device_no = ?1 AND seq = ?2";
        let raw = sql::one(conn, find, (chain.device_no, sql::signed(seq)), |row| row.get::<_, String>(0));
        serde_json::from_str(&raw.ok()??).ok()
    });
    let unsent = unsent.collect();
    let listed = drafts::list(conn, drafts::DRAFTS_MAX).unwrap_or_default();
    let forms = listed.into_iter().filter_map(|(kind, subject, touched_at_ms)| {
        drafts::get(conn, kind, subject).ok().flatten().map(|draft| (draft, touched_at_ms))
    });
    let forms = forms.chain(of_first_version(conn));
    Ok(Some(Found { session, hlc: chain.hlc, unsent, drafts: forms.collect() }))
}

/// Forms as the first version kept them: a file that was damaged before it could be upgraded.
fn of_first_version(conn: &Connection) -> Vec<(FormDraft, i64)> {
    let find = "SELECT draft, touched_at_ms FROM drafts WHERE household IS NOT NULL";
    let rows = sql::all(conn, find, [], |row| Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?)));
    let forms = rows.unwrap_or_default().into_iter();
    forms.filter_map(|(text, at_ms)| Some((serde_json::from_str(&text).ok()?, at_ms))).collect()
}
