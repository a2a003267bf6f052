//! `cargo xtask sim --seeds N [--from SEED]`: runs many seeds, or one with its whole story (`--seed S`).

use bianfang_tests::sim::{self, people::Tally};
use lexopt::prelude::*;
use std::process::ExitCode;

fn main() -> anyhow::Result<ExitCode> {
    let (mut seeds, mut from, mut only) = (200, 0, None);
    let mut arguments = lexopt::Parser::from_env();
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("seeds") => seeds = arguments.value()?.parse()?,
            Long("from") => from = arguments.value()?.parse()?,
            Long("seed") => only = Some(arguments.value()?.parse()?),
            other => return Err(other.unexpected().into()),
        }
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
