//! A seeded simulation: real device cores and the real server over a network and clocks that do their worst.
//! The same seed is the same run, to the byte.

pub mod album;
pub mod centre;
pub mod check;
pub mod dice;
pub mod net;
pub mod people;
pub mod phone;
pub mod world;

use people::Tally;
use world::World;

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
        Err(panic) => {
            let text = panic.downcast_ref::<String>().cloned();
            text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned())).unwrap_or_default()
        }
    };
    Err(format!("seed {seed}: {failed}\n{}", world.story().join("\n")))
}
