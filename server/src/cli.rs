//! Commands.

use crate::{App, Config, admin, serve};
use anyhow::Context as _;
use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;
use std::process::ExitCode;

/// 遍访 Bianfang, the central service.
#[derive(Debug, Parser)]
#[command(name = "bianfang-server", version, about)]
pub struct Command {
    #[command(subcommand)]
    what: What,
}

/// Where the data are.
#[derive(Args, Clone, Debug)]
struct Data {
    /// The folder of the database; made where missing.
    #[arg(long, value_name = "DIR")]
    data_dir: PathBuf,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Serves the API and, with --web, the web client.
    Serve {
        #[command(flatten)]
        data: Data,
        /// Address to listen on; port 0 takes a free one.
        #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8080")]
        listen: String,
        /// The built web client.
        #[arg(long, value_name = "DIR")]
        web: Option<PathBuf>,
        /// Believe X-Forwarded-For. Only behind a proxy that sets it.
        #[arg(long)]
        trust_forwarded: bool,
    },
}

/// Runs a command.
pub fn run(command: Command) -> anyhow::Result<ExitCode> {
    log_to_stderr();
    match command.what {
        What::Serve { data, listen, web, trust_forwarded } => {
            let mut config = Config::new(data.data_dir);
            config.web_dir = web;
            config.trust_forwarded = trust_forwarded;
            serve_command(config, &listen)?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn log_to_stderr() {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info"));
    // A second command in one process keeps the first one's log.
    let _ = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).try_init();
}

fn serve_command(config: Config, listen: &str) -> anyhow::Result<()> {
    let _lock = admin::ServeLock::take(&config.data_dir)?;
    let app = App::open(config).context("the server could not start")?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(serve::serve(app, listen)).with_context(|| format!("serving on {listen} failed"))
}
