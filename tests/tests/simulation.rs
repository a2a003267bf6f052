//! Many devices and a server, with everything going wrong that does in the field, and afterwards nothing is lost.

use bianfang_tests::sim::{self, Run, people::Tally};
use std::thread;

/// Seeds in every run; `cargo xtask sim --seeds N` runs more.
const SEEDS: u64 = 200;
/// Seeds that failed once, each kept since before its fault was mended.
const KEPT: &str = include_str!("../seeds.txt");
/// What has to happen in so many runs: a simulation in which nobody does anything passes every check.
const HAPPENS: &[&str] = &[
    "visit",
    "house_inspection",
    "water_check",
    "attendance",
    "record with photographs",
    "record taken back",
    "form with photographs dropped",
    "entry registered by hand",
    "problem opened by hand",
    "problem taken up",
    "problem rectified",
    "problem accepted",
    "problem sent back",
    "own rectification refused",
    "picture kept",
    "file refused",
    "photograph held",
    "photograph cut on its way",
    "upload gone",
    "photograph said to be missing",
];

#[test]
fn after_healing_everybody_agrees_and_nothing_is_lost() {
    let kept = KEPT.lines().filter_map(|line| line.split_whitespace().next()?.parse().ok());
    let seeds: Vec<u64> = kept.chain(0..SEEDS).collect();
    let workers = thread::available_parallelism().map_or(1, usize::from);
    let runs: Vec<Result<Run, String>> = thread::scope(|scope| {
        let threads: Vec<_> = (0..workers)
            .map(|worker| {
                let own = seeds.iter().copied().skip(worker).step_by(workers);
                scope.spawn(move || own.map(sim::run).collect::<Vec<_>>())
            })
            .collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    let failed: Vec<_> = runs.iter().filter_map(|run| run.as_ref().err()?.lines().next()).collect();
    assert!(failed.is_empty(), "{failed:#?}");
    let tally: Tally = runs.iter().flatten().flat_map(|run| run.tally.clone()).collect();
    let never: Vec<_> = HAPPENS.iter().filter(|what| !tally.contains_key(*what)).collect();
    assert!(never.is_empty(), "never happened: {never:?}");
}

#[test]
fn a_seed_replays_exactly() {
    for seed in [4, 8, 11] {
        let (first, second) = (sim::run(seed), sim::run(seed));
        assert_eq!(first, second);
    }
}
