//! What must hold whatever the hostile phone did, each by its name.

use super::World;
use crate::sim::check::Held;

/// An invariant.
#[derive(Clone, Copy, Debug)]
pub struct Invariant {
    /// Its name.
    pub name: &'static str,
    /// Whether it holds, and in words what does not.
    pub(super) holds: fn(&mut World, &Held) -> Result<(), String>,
}

/// Neither the centre nor a phone panics.
pub const NOTHING_PANICS: &str = "nothing panics";
/// All honest phones come to rest once all is well.
pub(super) const EVERYBODY_COMES_TO_REST: &str = "everybody comes to rest";
/// The centre's logs and chains are dense, and what is in a log can be read.
pub(super) const THE_LOG_IS_READ: &str = "the log is read";

/// All that is asked once all is well again; the three above show themselves before.
pub const INVARIANTS: &[Invariant] = &[
    Invariant { name: "verify ends and agrees", holds: |world, _| world.check_verify() },
    Invariant { name: "nothing waits in vain", holds: |world, held| world.check_waiting(held) },
    Invariant {
        name: "nobody accepts an own rectification",
        holds: |world, held| world.check_acceptance(held),
    },
    Invariant { name: "phones show what the centre holds", holds: |world, held| world.check_ledgers(held) },
    Invariant { name: "phones are sound", holds: |world, held| world.check_phones(held) },
    Invariant { name: "entries open on phones", holds: |world, _| world.check_entries_open() },
    Invariant { name: "honest deeds are kept", holds: |world, held| world.check_deeds(held) },
    Invariant { name: "honest operations are merged", holds: |world, held| world.check_merged(held) },
    Invariant { name: "honest pushes are taken", holds: |world, _| world.check_refused(true) },
    Invariant { name: "honest requests are answered", holds: |world, _| world.check_refused(false) },
    Invariant { name: "photographs are kept", holds: |world, held| world.check_photos(held) },
    Invariant { name: "lists answer", holds: |world, _| world.check_lists() },
    Invariant { name: "details answer", holds: |world, held| world.check_answers_of_each(held) },
    Invariant { name: "nothing fails inside the centre", holds: |world, _| world.check_amiss() },
    Invariant {
        name: "values are replaced only by who saw them",
        holds: |world, held| world.check_replaced(held),
    },
    Invariant { name: "rights of fields are kept", holds: |world, held| world.check_rights(held) },
    Invariant { name: "what no version knows is not merged", holds: |world, held| world.check_unknown(held) },
    Invariant { name: "no foreign value is told", holds: |world, held| world.check_secrets(held) },
    Invariant { name: "no foreign photograph is given", holds: |world, held| world.check_pictures(held) },
    Invariant {
        name: "nothing tells which photographs are held elsewhere",
        holds: |world, held| world.check_told_held(held),
    },
    Invariant { name: "others' uploads are closed", holds: |world, held| world.check_uploads(held) },
    Invariant { name: "no login is told", holds: |world, _| world.check_logins() },
];
