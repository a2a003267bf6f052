//! `cargo xtask sim --seeds N [--from SEED]`: runs many seeds, or one with its whole story (`--seed S`). With
//! `--hostile` each run has a hostile phone, and what it broke is told.

use bianfang_tests::sim::{self, HostileRun, people::Tally};
use lexopt::prelude::*;
use std::collections::BTreeMap;
use std::ops::Range;
use std::process::ExitCode;

fn main() -> anyhow::Result<ExitCode> {
    let (mut seeds, mut from, mut only, mut hostile) = (200, 0, None, false);
    let mut arguments = lexopt::Parser::from_env();
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("seeds") => seeds = arguments.value()?.parse()?,
            Long("from") => from = arguments.value()?.parse()?,
            Long("hostile") => hostile = true,
            Long("seed") => only = Some(arguments.value()?.parse()?),
            other => return Err(other.unexpected().into()),
        }
    }
    if hostile {
        return Ok(match only {
            Some(seed) => tell_hostile(seed),
            None => run_hostile(from..from + seeds),
        });
    }
    if let Some(seed) = only {
        return Ok(tell(sim::run(seed).map(|run| run.story.join("\n"))));
    }
    let mut tally = Tally::new();
    let failed: Vec<u64> = (from..from + seeds)
        .filter(|&seed| match sim::run(seed) {
            Ok(run) => {
                run.tally.into_iter().for_each(|(what, times)| *tally.entry(what).or_default() += times);
                false
            }
            Err(story) => {
                println!("{}", story.lines().next().unwrap_or_default());
                true
            }
        })
        .collect();
    tally.iter().for_each(|(what, times)| println!("{times:>9} {what}"));
    println!("{} passed, {} failed", seeds - failed.len() as u64, failed.len());
    Ok(if failed.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn tell(outcome: Result<String, String>) -> ExitCode {
    match outcome {
        Ok(story) => {
            println!("{story}");
            ExitCode::SUCCESS
        }
        Err(story) => {
            println!("{story}");
            ExitCode::FAILURE
        }
    }
}

fn tell_hostile(seed: u64) -> ExitCode {
    let run = sim::run_hostile(seed);
    println!("{}", run.story.join("\n"));
    run.broken.iter().for_each(|(name, found)| println!("{name}: {found}"));
    outcome(run.broken.len())
}

/// How often each invariant was broken, and by which seed first.
fn run_hostile(seeds: Range<u64>) -> ExitCode {
    let mut tally = Tally::new();
    let mut broken: BTreeMap<&'static str, (u64, u64, String)> = BTreeMap::new();
    let mut failed = 0;
    for seed in seeds.clone() {
        let run: HostileRun = sim::run_hostile(seed);
        failed += usize::from(!run.broken.is_empty());
        run.tally.into_iter().for_each(|(what, times)| *tally.entry(what).or_default() += times);
        for (name, found) in run.broken {
            broken.entry(name).or_insert((0, seed, found)).0 += 1;
        }
    }
    tally.iter().for_each(|(what, times)| println!("{times:>9} {what}"));
    for (name, (times, seed, found)) in &broken {
        let found: String = found.chars().take(600).collect();
        println!("broken: {name}: {times} seeds, first {seed}: {found}");
    }
    println!("{} passed, {failed} failed", seeds.count() - failed);
    outcome(failed)
}

fn outcome(failed: usize) -> ExitCode {
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
