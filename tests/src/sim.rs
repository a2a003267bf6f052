//! A seeded simulation: real device cores and the real server over a network and clocks that do their worst.
//! The same seed is the same run, to the byte.

pub mod album;
pub mod centre;
pub mod check;
pub mod dice;
pub mod hostile;
pub mod net;
pub mod people;
pub mod phone;
pub mod world;

use hostile::Weapons;
use people::Tally;
use std::collections::BTreeMap;
use world::World;
use world::siege::NOTHING_PANICS;

pub use world::siege::{INVARIANTS, Invariant};

/// A run that ended well.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Run {
    /// What happened, one line each.
    pub story: Vec<String>,
    /// How often what happened.
    pub tally: Tally,
}

/// Runs a seed. On failure: what does not hold, and the story up to there.
pub fn run(seed: u64) -> Result<Run, String> {
    let mut world = World::new(seed);
    let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| world.run()));
    let failed = match outcome {
        Ok(Ok(())) => return Ok(Run { story: world.story().to_vec(), tally: world.tally().clone() }),
        Ok(Err(failed)) => failed,
        Err(panic) => words_of(&*panic),
    };
    Err(format!("seed {seed}: {failed}\n{}", world.story().join("\n")))
}

/// A run with a hostile phone among the honest ones.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HostileRun {
    /// What happened, one line each.
    pub story: Vec<String>,
    /// How often what happened.
    pub tally: Tally,
    /// The invariants that do not hold, with what was found.
    pub broken: BTreeMap<&'static str, String>,
}

/// Runs a seed with a hostile phone that does what the seed says.
pub fn run_hostile(seed: u64) -> HostileRun {
    besiege(World::besieged(seed, None))
}

/// The same with a hostile phone that only reads what it may: every invariant holds.
pub fn run_harmless(seed: u64) -> HostileRun {
    besiege(World::besieged(seed, Some(Weapons::none())))
}

fn besiege(mut world: World) -> HostileRun {
    let broken = match std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| world.run_besieged())) {
        Ok(broken) => broken,
        Err(panic) => BTreeMap::from([(NOTHING_PANICS, words_of(&*panic))]),
    };
    HostileRun { story: world.story().to_vec(), tally: world.tally().clone(), broken }
}

/// What a panic said.
fn words_of(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().cloned();
    text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned())).unwrap_or_default()
}
