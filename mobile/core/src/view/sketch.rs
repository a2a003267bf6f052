//! An entry as far as a rule looks at it, from its row: folding every entry anew would make opening a list slow.

use bianfang_shared::area::AreaCode;
use bianfang_shared::entry::Entry;
use bianfang_shared::field::{Register, Sibling};
use bianfang_shared::hlc::Hlc;
use bianfang_shared::id::{DeviceId, EntityId, OpId, UserId};
use bianfang_shared::ledger::LedgerKind;
use bianfang_shared::value::Value;

/// An entry that says this and nothing else, by nobody.
pub(crate) fn sketch<'f>(
    id: EntityId,
    scope: AreaCode,
    ledger: LedgerKind,
    fields: impl IntoIterator<Item = (&'f str, Value)>,
) -> Entry {
    let mut entry = Entry::empty(id, scope);
    entry.ledger = Some(ledger);
    let (op, author) = (OpId::new(DeviceId::from_bytes([0; 16]), 0), UserId::from_bytes([0; 16]));
    for (field, value) in fields {
        let mut register = Register::default();
        let sibling = Sibling { op, author, hlc: Hlc::default(), received_at_ms: None, value };
        register.apply(sibling, &[], |_| true);
        entry.fields.insert(field.to_owned(), register);
    }
    entry
}
