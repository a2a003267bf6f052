//! The tasks of this repository: `cargo xtask <task>`. Holds the command line; each task has its own module.

mod args;
mod bench;
mod browser;
mod ci;
mod command;
mod layering;
mod paths;
mod run;
mod server;
mod setup;
mod test;
mod tus;
mod web;

use std::process::ExitCode;

use args::Task;

fn main() -> ExitCode {
    match args::parse().and_then(perform) {
        Ok(()) => ExitCode::SUCCESS,
        // In words only: where in this program it was noticed helps nobody.
        Err(error) => {
            command::say("Error", &format!("{error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn perform(task: Task) -> anyhow::Result<()> {
    match task {
        Task::Help => print!("{}", args::HELP),
        Task::Setup => setup::everything()?,
        Task::Web(flavour) => {
            setup::for_web()?;
            web::build(flavour)?;
        }
        Task::Run(options) => run::run(&options)?,
        Task::Test => test::test()?,
        Task::Ci => ci::ci()?,
        Task::Layering => layering::check()?,
        Task::Bench(rest) => bench::bench(&rest)?,
        Task::Sim(rest) => bench::sim(&rest)?,
    }
    Ok(())
}
