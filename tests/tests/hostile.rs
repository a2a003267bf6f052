//! A hostile phone among honest ones: it changes nothing it may not, reads nothing it may not, and stops nobody.
#![expect(clippy::unwrap_used, reason = "a test ends where something is not as it must be")]

use bianfang_tests::sim::{self, HostileRun, people::Tally};
use std::thread;

/// Seeds in every run; `cargo xtask sim --hostile --seeds N` runs more.
const SEEDS: u64 = 50;
/// Seeds with a hostile phone that does nothing: what is asked of the others must be fair.
const HARMLESS_SEEDS: u64 = 6;

fn run_all(seeds: u64, run: fn(u64) -> HostileRun) -> Vec<(u64, HostileRun)> {
    let workers = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        let threads: Vec<_> = (0..workers)
            .map(|worker| {
                let own = (0..seeds).skip(worker).step_by(workers);
                scope.spawn(move || own.map(|seed| (seed, run(seed))).collect::<Vec<_>>())
            })
            .collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    })
}

#[test]
fn a_hostile_phone_changes_nothing_it_may_not_reads_nothing_it_may_not_and_stops_nobody() {
    let runs = run_all(SEEDS, sim::run_hostile);
    let failed: Vec<String> = runs
        .iter()
        .flat_map(|(seed, run)| {
            run.broken.iter().map(move |(name, found)| format!("seed {seed}: {name}: {found}"))
        })
        .collect();
    assert!(failed.is_empty(), "{failed:#?}");
    let tally: Tally = runs.iter().flat_map(|(_, run)| run.tally.clone()).collect();
    for what in ["hostile request", "month without signal", "visit", "photograph held"] {
        assert!(tally.contains_key(what), "never happened: {what}");
    }
}

#[test]
fn a_hostile_phone_that_does_nothing_breaks_nothing() {
    for (seed, run) in run_all(HARMLESS_SEEDS, sim::run_harmless) {
        assert!(run.broken.is_empty(), "seed {seed}: {:#?}", run.broken);
    }
}

#[test]
fn a_hostile_seed_replays_exactly() {
    for seed in [3, 5] {
        assert_eq!(sim::run_hostile(seed), sim::run_hostile(seed));
    }
}
