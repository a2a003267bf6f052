//! A seeded simulation: real device cores and the real server over a network and clocks that do their worst.
//! The same seed is the same run, to the byte.

pub mod centre;
pub mod check;
pub mod dice;
pub mod net;
pub mod people;
pub mod phone;
pub mod world;

use world::World;

/// Runs a seed. On failure: what does not hold, and the story up to there.
pub fn run(seed: u64) -> Result<Vec<String>, String> {
    let mut world = World::new(seed);
    let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| world.run()));
    let failed = match outcome {
        Ok(Ok(())) => return Ok(world.story().to_vec()),
        Ok(Err(failed)) => failed,
        Err(panic) => {
            let text = panic.downcast_ref::<String>().cloned();
            text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned())).unwrap_or_default()
        }
    };
    Err(format!("seed {seed}: {failed}\n{}", world.story().join("\n")))
}
