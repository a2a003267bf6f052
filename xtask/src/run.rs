//! From a fresh clone to a page that can be opened.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::Context;

use crate::args::RunOptions;
use crate::command::{run as start, say};
use crate::web::{self, Flavour};
use crate::{server, setup};

/// Left in the data folder when the demo township was made there, so that a later start still names the accounts.
const DEMO_MARK: &str = "demo-accounts.txt";

const DEMO_ACCOUNTS: &str = "\
demo accounts, password bianfang-demo:
  cadre       帮扶干部: open on a phone or in a narrow window
  cadre2      another cadre, with villages in common
  supervisor  督导: open in a wide window
  admin       administrator
";

pub(crate) fn run(options: &RunOptions) -> anyhow::Result<()> {
    setup::for_web()?;
    let site = web::build(if options.release { Flavour::Small } else { Flavour::Quick })?;
    let program = server::build(options.release)?;
    prepare(&program, &options.data_dir)?;

    let mut serve = Command::new(&program);
    serve.arg("serve").arg("--listen").arg(options.listen.to_string());
    serve.arg("--data-dir").arg(&options.data_dir).arg("--web").arg(site);
    say("Serving", &format!("data in {}", options.data_dir.display()));
    if let Ok(accounts) = fs::read_to_string(options.data_dir.join(DEMO_MARK)) {
        say("Note", &accounts);
    }
    become_program(serve)
}

fn prepare(program: &Path, data_dir: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(data_dir).with_context(|| format!("making the data folder {}", data_dir.display()))?;
    let mut entries = fs::read_dir(data_dir).with_context(|| format!("reading {}", data_dir.display()))?;
    if entries.next().is_some() {
        return Ok(());
    }
    say("Creating", "the demo township 三江镇");
    start(Command::new(program).arg("demo").arg("--data-dir").arg(data_dir))?;
    fs::write(data_dir.join(DEMO_MARK), DEMO_ACCOUNTS).context("noting the demo accounts")
}

/// The server takes this process's place: signals and the exit code are then its own.
#[cfg(unix)]
fn become_program(mut command: Command) -> anyhow::Result<()> {
    use std::os::unix::process::CommandExt;
    Err(command.exec()).context("starting the server")
}

#[cfg(not(unix))]
fn become_program(mut command: Command) -> anyhow::Result<()> {
    start(&mut command)
}
