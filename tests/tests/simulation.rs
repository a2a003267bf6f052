//! Many devices and a server, with everything going wrong that does in the field, and afterwards nothing is lost.

use bianfang_tests::sim;
use std::thread;

/// Seeds in every run; `cargo xtask sim --seeds N` runs more.
const SEEDS: u64 = 200;
/// Seeds that failed once, each kept since before its fault was mended.
const KEPT: &str = include_str!("../seeds.txt");

#[test]
fn after_healing_everybody_agrees_and_nothing_is_lost() {
    let kept = KEPT.lines().filter_map(|line| line.split_whitespace().next()?.parse().ok());
    let seeds: Vec<u64> = kept.chain(0..SEEDS).collect();
    let workers = thread::available_parallelism().map_or(1, usize::from);
    let failed: Vec<String> = thread::scope(|scope| {
        let threads: Vec<_> = (0..workers)
            .map(|worker| {
                let own = seeds.iter().copied().skip(worker).step_by(workers);
                scope.spawn(move || own.filter_map(|seed| sim::run(seed).err()).collect::<Vec<_>>())
            })
            .collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    let first_lines: Vec<_> = failed.iter().filter_map(|story| story.lines().next()).collect();
    assert!(failed.is_empty(), "{first_lines:#?}");
}

#[test]
fn a_seed_replays_exactly() {
    for seed in [4, 8, 11] {
        let (first, second) = (sim::run(seed), sim::run(seed));
        assert_eq!(first, second);
    }
}
