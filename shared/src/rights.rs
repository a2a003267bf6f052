//! Who may write which value (DOMAIN “Who may change what”, “Who may register what”). The judge holds it against every
//! operation, and the phone offers by it: what a role does not cover is written as a proposal. Decides only.

use crate::access::Role;
use crate::entry::{Entry, FieldKey};
use crate::evidence::distance_m;
use crate::field::Register;
use crate::id::{ObservationId, UserId};
use crate::ledger::{FieldSpec, LedgerKind, Point, TO_CONFIRM, Writer, house};
use crate::op::{Body, Change};
use crate::value::Value;
use std::collections::BTreeMap;

/// Whoever visits moves a point by so many metres at most; farther is for the office.
pub const MOVE_M_MAX: f64 = 100.0;
/// Whoever visits notes a point no worse than this, in metres.
pub const POINT_ACCURACY_M_MAX: f64 = 100.0;

/// Who writes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Writing {
    /// The person.
    pub user: UserId,
    /// As what.
    pub role: Role,
    /// Where the entry's point stood before this person began to move it; none where the person did not.
    pub moved_from: Option<Point>,
}

/// The fields among these changes that this person may only propose. Changes that go together, such as a grade and what
/// it rests on, are weighed together.
pub fn needs_approval(writing: &Writing, entry: &Entry, changes: &[Change]) -> Vec<FieldKey> {
    if writing.role.is_office() {
        return Vec::new();
    }
    let ledger = entry.ledger.unwrap_or(LedgerKind::Unknown);
    let after = |field: &str| {
        let changed = changes.iter().find(|change| change.field == field);
        changed.map_or_else(|| entry.value(field), |change| &change.value)
    };
    let covered = |change: &&Change| {
        ledger.field(&change.field).is_none_or(|spec| {
            (covers(writing, spec, &change.value, Some(entry), &after)
                || (spec.writer == Writer::Steps && settles(entry, change)))
                && keeps_something(writing, entry, change)
                && settles_only_own(writing, entry, change)
        })
    };
    changes.iter().filter(|change| !covered(change)).map(|change| change.field.clone()).collect()
}

/// Changes of one entry as this person may write them: at most an edit and a proposal.
pub fn written(
    entry: &Entry,
    changes: Vec<Change>,
    user: UserId,
    role: Role,
    cause: Option<ObservationId>,
) -> Vec<Body> {
    // Where the point stood before is the centre's to know: what it measures otherwise is offered to the office there.
    let proposed = needs_approval(&Writing { user, role, moved_from: None }, entry, &changes);
    let (proposed, own): (Vec<Change>, Vec<Change>) =
        changes.into_iter().partition(|change| proposed.contains(&change.field));
    let entity = entry.id;
    let amend = (!own.is_empty()).then_some(Body::Amend { entity, changes: own, cause });
    let propose = (!proposed.is_empty()).then_some(Body::Propose { entity, changes: proposed, cause });
    amend.into_iter().chain(propose).collect()
}

/// The fields of a registration that this person may only propose. `known` is the entry where it was registered before,
/// as by a phone that enrolled anew and sends again what it had: what it says already is no change.
pub fn needs_approval_to_register(
    writing: &Writing,
    ledger: LedgerKind,
    fields: &BTreeMap<FieldKey, Value>,
    known: Option<&Entry>,
) -> Vec<FieldKey> {
    if writing.role.is_office() || proposes_whole(ledger, fields, known) {
        return Vec::new();
    }
    let after = |field: &str| fields.get(field).unwrap_or(&Value::Null);
    let says_so = |field: &str, value: &Value| {
        let register = known.and_then(|entry| entry.fields.get(field));
        let is_shown = |register: &Register| register.current().is_some_and(|shown| shown.value == *value);
        let own = |register: &Register| {
            let mut siblings = register.siblings().into_iter();
            siblings.any(|sibling| sibling.author == writing.user && sibling.value == *value)
        };
        register.is_some_and(|register| is_shown(register) || own(register))
    };
    let covered = |field: &str, value: &Value| {
        ledger
            .field(field)
            .is_none_or(|spec| says_so(field, value) || covers(writing, spec, value, known, &after))
    };
    fields.iter().filter(|(field, value)| !covered(field, value)).map(|(field, _)| field.clone()).collect()
}

/// Whether this person registers what the office is to confirm (待核定): then the registration says so itself.
pub fn is_to_confirm(role: Role, ledger: LedgerKind) -> bool {
    !role.is_office() && matches!(ledger, LedgerKind::Household | LedgerKind::Person | LedgerKind::Post)
}

/// A post that is to be confirmed is a proposal as a whole, so all of it can be said by anybody.
fn proposes_whole(ledger: LedgerKind, fields: &BTreeMap<FieldKey, Value>, known: Option<&Entry>) -> bool {
    let to_confirm = fields.get(crate::ledger::REGISTRATION).and_then(Value::as_text) == Some(TO_CONFIRM);
    ledger == LedgerKind::Post && to_confirm && known.is_none()
}

/// What of its report a house lacks after these changes, where they rest its grade on one: its number and its date.
pub fn lacks_report(entry: &Entry, changes: &[Change]) -> Vec<&'static str> {
    let changed =
        |field: &str| changes.iter().find(|change| change.field == field).map(|change| &change.value);
    let by_report = changed(house::GRADED_BY).and_then(Value::as_text) == Some(house::BY_REPORT);
    if entry.ledger != Some(LedgerKind::House) || !by_report {
        return Vec::new();
    }
    let is_blank = |field: &&str| changed(field).unwrap_or_else(|| entry.value(field)).is_blank();
    house::OF_A_REPORT.iter().copied().filter(is_blank).collect()
}

/// Whether the field is this person's to write with this value. `entry` is none while it is being registered.
fn covers<'v>(
    writing: &Writing,
    spec: &FieldSpec,
    value: &Value,
    entry: Option<&'v Entry>,
    after: &dyn Fn(&str) -> &'v Value,
) -> bool {
    let before = entry.map_or(&Value::Null, |entry| entry.value(spec.key));
    match spec.writer {
        Writer::Visitor => true,
        Writer::First => before.is_blank(),
        // What the rules give is held against them by the judge, and a problem begins open.
        Writer::Registration | Writer::Rule | Writer::Steps => entry.is_none(),
        Writer::Confirmation => entry.is_none() && value.as_text() == Some(TO_CONFIRM),
        Writer::Village => writing.role == Role::VillageSecretary,
        Writer::Office => false,
        Writer::Place => place_covered(writing, value, before),
        Writer::Grade => {
            let by_report = |value: &Value| value.as_text() == Some(house::BY_REPORT);
            let stands = entry.map_or(&Value::Null, |entry| entry.value(house::GRADED_BY));
            !by_report(stands) && !by_report(after(house::GRADED_BY))
        }
        Writer::Rectification => {
            let completed =
                |value: &Value| value.as_text().is_some_and(|state| house::COMPLETED.contains(&state));
            !completed(value) && !completed(before)
        }
    }
}

/// The first point, or a small move of the one that stood before this person began to move it.
fn place_covered(writing: &Writing, value: &Value, before: &Value) -> bool {
    let Some(to) = value.read::<Point>() else { return before.is_blank() };
    let near = |from: Point| distance_m(from, to) <= MOVE_M_MAX;
    to.accuracy_m <= POINT_ACCURACY_M_MAX && writing.moved_from.or(before.read()).is_none_or(near)
}

/// Whoever visits takes away what they said themselves; what others said is replaced, not emptied.
fn keeps_something(writing: &Writing, entry: &Entry, change: &Change) -> bool {
    if !change.value.is_blank() {
        return true;
    }
    let stands = entry.fields.get(&change.field).map(Register::siblings).unwrap_or_default();
    stands.iter().all(|sibling| sibling.author == writing.user || sibling.value.is_blank())
}

/// Whether a change settles a conflict by one of the values in it.
pub fn settles(entry: &Entry, change: &Change) -> bool {
    let stands = entry.fields.get(&change.field).map(Register::siblings).unwrap_or_default();
    let mut replaced = stands.into_iter().filter(|sibling| change.parents.contains(&sibling.op));
    let Some(first) = replaced.next() else { return false };
    let mut others = replaced.peekable();
    others.peek().is_some()
        && (first.value == change.value || others.any(|sibling| sibling.value == change.value))
}

/// Who wrote one of the values in conflict may take another's; a conflict between two others is a supervisor's to settle.
fn settles_only_own(writing: &Writing, entry: &Entry, change: &Change) -> bool {
    let stands = entry.fields.get(&change.field).map(Register::siblings).unwrap_or_default();
    let replaced: Vec<_> =
        stands.into_iter().filter(|sibling| change.parents.contains(&sibling.op)).collect();
    let in_conflict = replaced.windows(2).any(|pair| pair[0].value != pair[1].value);
    let own = replaced.iter().any(|sibling| sibling.author == writing.user);
    let takes_another =
        replaced.iter().any(|sibling| sibling.author != writing.user && sibling.value == change.value);
    !in_conflict || (own && takes_another)
}
