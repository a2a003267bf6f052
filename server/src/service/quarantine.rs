//! Judging an operation that was set aside once more, because a person asks for it.

use super::Refusal;
use super::merger::Merger;
use super::reader::Reader;
use crate::store::Store;
use crate::store::people::{Audit, SignedIn};
use bianfang_shared::id::OpId;

/// Judges it again with today's grants, rules and program. Answers whether it is merged now.
pub fn release(
    store: &dyn Store,
    merger: &Merger,
    who: &SignedIn,
    op: OpId,
    now_ms: i64,
) -> Result<bool, Refusal> {
    let aside = store.set_aside(op)?.ok_or(Refusal::NotFound)?;
    let role = who.account.user.role;
    // One's own is not enough here: what becomes of it is for somebody else to say.
    let reader = Reader::new(store, who);
    let is_elsewhere = aside.scope.is_some_and(|scope| !reader.sees(scope));
    if is_elsewhere || !reader.sees_aside(&aside)? {
        return Err(Refusal::NotFound);
    }
    if !role.is_office() {
        return Err(Refusal::Forbidden);
    }
    let line = Audit {
        at_ms: now_ms,
        actor: Some(who.account.user.id),
        action: "judged_again".to_owned(),
        about: op.to_string(),
    };
    store.audit(&line)?;
    merger.release(op, role)?.ok_or(Refusal::NotFound)
}
