//! Whether an operation may replace what it names as its parents (ADR 0011). An edit replaces only what its author can
//! have been sent: an edit that names what a colleague will say next would swallow it unseen.

use super::{Facts, Reason, at_most};
use crate::entry::Entry;
use crate::field::Register;
use crate::id::{DeviceId, OpId, UserId};
use crate::op::Op;
use std::collections::BTreeMap;

/// Most parents of one change. More than a field can hold siblings while each person has at most
/// [`SIBLINGS_OF_ONE_MAX`] there.
pub const PARENTS_MAX: usize = 400;
/// Most parents in one operation, all changes together.
pub const PARENTS_SUM_MAX: usize = 2_000;
/// Most values of one person that stand beside one another in a field. The phone names its own last value as a parent,
/// so more than one needs several phones that never met.
pub const SIBLINGS_OF_ONE_MAX: usize = 20;
/// Most operations of one device that a field remembers as replaced before they came. A phone that enrolled anew names a
/// former one for each edit that it sends again; nobody uses up what others need.
pub const UNHELD_PARENTS_MAX: usize = 200;

/// When an operation is judged, which decides what its parents must be.
#[derive(Clone, Copy, Debug)]
pub enum Arrival<'r> {
    /// It has just come: what it names of other people has to be here.
    Now,
    /// Somebody of the office asked for it: then a phone that is out of service, and whose operations a restored centre
    /// has lost, is waited for no longer.
    Asked,
    /// It was set aside for another reason, when its parents were in order.
    Checked,
    /// It was set aside because these parents were missing. What came since counts only if a former life of the centre
    /// had acknowledged it: other things that came since are what it must not name.
    Missing(&'r [OpId]),
}

/// The parents that one operation names of one field.
#[derive(Debug)]
pub(super) struct Parents<'a> {
    /// The entry, where it is known.
    pub(super) entry: Option<&'a Entry>,
    /// The field.
    pub(super) field: &'a str,
    /// What is replaced there.
    pub(super) parents: &'a [OpId],
}

/// Checks all of an operation's parents together, so that all that are missing are named at once.
pub(super) fn check(
    op: &Op,
    author: UserId,
    all: &[Parents<'_>],
    arrival: Arrival<'_>,
    facts: &impl Facts,
) -> Result<(), Reason> {
    at_most("parents", all.iter().map(|of| of.parents.len()).sum(), PARENTS_SUM_MAX)?;
    let mut missing = Vec::new();
    for of in all {
        at_most("parents", of.parents.len(), PARENTS_MAX)?;
        check_field(op, author, of, arrival, facts, &mut missing)?;
    }
    if missing.is_empty() { Ok(()) } else { Err(Reason::UnknownParents { ops: missing }) }
}

fn check_field(
    op: &Op,
    author: UserId,
    of: &Parents<'_>,
    arrival: Arrival<'_>,
    facts: &impl Facts,
    missing: &mut Vec<OpId>,
) -> Result<(), Reason> {
    let register = of.entry.and_then(|entry| entry.fields.get(of.field));
    let mut unheld: BTreeMap<DeviceId, usize> = BTreeMap::new();
    for &parent in of.parents {
        // What it waited for and what stands now may be a name that was guessed.
        let was_missing = matches!(arrival, Arrival::Missing(ops) if ops.contains(&parent));
        // The usual case: a value that stands there now.
        let stands = register.is_some_and(|register| register.holds(parent));
        if parent == op.id() || (stands && !was_missing) {
            continue;
        }
        let merged = facts.operation(parent);
        if facts.owner(parent.device) == Some(author) {
            *unheld.entry(parent.device).or_default() += usize::from(merged.is_none());
            continue;
        }
        if let Some(merged) = &merged
            && !(merged.body.entity() == op.body.entity() && merged.body.writes(of.field))
        {
            return Err(Reason::ForeignParent { op: parent });
        }
        // Its own author said it again under another name: then it never comes, or comes replaced.
        let said_again = register.is_some_and(|register| register.knows_as_replaced(parent));
        let can_have_been_sent = match arrival {
            _ if said_again => true,
            Arrival::Now => merged.is_some(),
            Arrival::Asked => merged.is_some() || facts.is_revoked(parent.device),
            Arrival::Checked => true,
            Arrival::Missing(ops) if ops.contains(&parent) => {
                merged.is_some() && facts.was_acknowledged(parent)
            }
            Arrival::Missing(_) => true,
        };
        if !can_have_been_sent && !missing.contains(&parent) {
            missing.push(parent);
        }
    }
    for (device, new) in unheld {
        let before = register.map_or(0, |register| register.replaced_of(device));
        at_most("parents", before + new, UNHELD_PARENTS_MAX)?;
    }
    let own = |register: &Register| {
        let stays = |op: &OpId| !of.parents.contains(op);
        register.heads_by(author).filter(stays).count()
    };
    at_most("siblings", register.map_or(0, own), SIBLINGS_OF_ONE_MAX - 1)
}
