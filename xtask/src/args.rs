//! The command line, parsed into a [`Task`]. Does nothing.

use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::{Context, bail};
use lexopt::prelude::*;

use crate::web::Flavour;

pub(crate) const HELP: &str = "\
cargo xtask <task>

  run    set up, build, and serve with demo data
           --listen ADDR    address to serve on       (127.0.0.1:8080)
           --data-dir DIR   where the ledgers are kept (./data)
           --release        optimised server and smallest web client
  test   every test: unit, integration, simulation, others' tus clients, and the journeys in a real browser
  ci     format, lints, layering, docs, then test
  web    build the web client only; --release for the smallest one
  setup  install what the other tasks need
  layering   check which package may depend on which
  bench  measurements, one JSON line each: centre, device, photos, uploads (a quarter of an hour), browser;
         only the parts that are named, if any are
  sim    seeded simulation: --seeds N [--seed S] (arguments are passed on); with a hostile phone: --hostile
";

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Task {
    Help,
    Setup,
    Web(Flavour),
    Run(RunOptions),
    Test,
    Ci,
    Layering,
    Bench(Vec<OsString>),
    Sim(Vec<OsString>),
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) struct RunOptions {
    pub(crate) listen: SocketAddr,
    pub(crate) data_dir: PathBuf,
    pub(crate) release: bool,
}

impl Default for RunOptions {
    fn default() -> Self {
        let listen = SocketAddr::from(([127, 0, 0, 1], 8080));
        Self { listen, data_dir: PathBuf::from("data"), release: false }
    }
}

pub(crate) fn parse() -> anyhow::Result<Task> {
    parse_from(lexopt::Parser::from_env())
}

fn parse_from(mut parser: lexopt::Parser) -> anyhow::Result<Task> {
    let name = match parser.next()? {
        None | Some(Long("help") | Short('h')) => return Ok(Task::Help),
        Some(Value(name)) => name.string()?,
        Some(other) => return Err(other.unexpected().into()),
    };
    let task = match name.as_str() {
        "help" => Task::Help,
        "setup" => Task::Setup,
        "test" => Task::Test,
        "ci" => Task::Ci,
        "layering" => Task::Layering,
        "web" => Task::Web(flavour(&mut parser)?),
        "run" => Task::Run(run_options(&mut parser)?),
        "bench" => Task::Bench(parser.raw_args()?.collect()),
        "sim" => Task::Sim(parser.raw_args()?.collect()),
        other => bail!("there is no task “{other}”; `cargo xtask help` lists them"),
    };
    match parser.next()? {
        None => Ok(task),
        Some(extra) => Err(extra.unexpected().into()),
    }
}

fn flavour(parser: &mut lexopt::Parser) -> anyhow::Result<Flavour> {
    match parser.next()? {
        None => Ok(Flavour::Quick),
        Some(Long("release")) => Ok(Flavour::Small),
        Some(other) => Err(other.unexpected().into()),
    }
}

fn run_options(parser: &mut lexopt::Parser) -> anyhow::Result<RunOptions> {
    let mut options = RunOptions::default();
    while let Some(arg) = parser.next()? {
        match arg {
            Long("listen") => {
                let text = parser.value()?.string()?;
                options.listen = text.parse().with_context(|| {
                    format!("--listen {text}: expected an address and port, such as 127.0.0.1:8080")
                })?;
            }
            Long("data-dir") => options.data_dir = parser.value()?.into(),
            Long("release") => options.release = true,
            other => return Err(other.unexpected().into()),
        }
    }
    Ok(options)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> anyhow::Result<Task> {
        parse_from(lexopt::Parser::from_args(line.split_whitespace()))
    }

    #[test]
    fn run_serves_on_the_loopback_address_unless_told_otherwise() {
        assert_eq!(parsed("run").unwrap(), Task::Run(RunOptions::default()));
        let Task::Run(options) = parsed("run --listen 0.0.0.0:9000 --data-dir /srv/b --release").unwrap()
        else {
            panic!("not a run")
        };
        assert_eq!(options.listen, SocketAddr::from(([0, 0, 0, 0], 9000)));
        assert_eq!(options.data_dir, PathBuf::from("/srv/b"));
        assert!(options.release);
    }

    #[test]
    fn arguments_of_bench_and_sim_are_passed_on_untouched() {
        assert_eq!(
            parsed("sim --seeds 50 --seed 7").unwrap(),
            Task::Sim(["--seeds", "50", "--seed", "7"].map(OsString::from).to_vec())
        );
    }

    #[test]
    fn a_slip_of_the_finger_is_named() {
        for (line, said) in [
            ("rnu", "there is no task “rnu”"),
            ("run --listen nowhere", "--listen nowhere"),
            ("test --fast", "--fast"),
        ] {
            let message = format!("{:#}", parsed(line).unwrap_err());
            assert!(message.contains(said), "{line}: {message}");
        }
    }
}
