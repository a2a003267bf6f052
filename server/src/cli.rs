//! Commands. Each opens the data folder, calls one use case and says what happened.

mod data;
mod people;

use crate::admin::ServeLock;
use crate::{App, Config, serve};
use anyhow::Context as _;
use clap::{Args, Parser, Subcommand};
use std::io::Write as _;
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
    #[arg(long, value_name = "DIR", default_value = "data")]
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
        /// How long an upload of a photograph may take before it is forgotten, in seconds.
        #[arg(long, value_name = "S")]
        upload_expiry: Option<u32>,
    },
    /// Makes the demo township in an empty data folder.
    Demo {
        #[command(flatten)]
        data: Data,
        /// Households in all; without it, some sixty in each village.
        #[arg(long, value_name = "N")]
        households: Option<usize>,
        /// Another seed makes other people.
        #[arg(long, value_name = "S", default_value_t = crate::service::demo_data::DEMO_SEED)]
        seed: u64,
    },
    /// Accounts.
    #[command(subcommand)]
    User(people::UserCommand),
    /// Devices.
    #[command(subcommand)]
    Device(people::DeviceCommand),
    /// Takes in an outbox that was exported on a phone.
    ImportOutbox {
        #[command(flatten)]
        data: Data,
        /// The exported file.
        file: PathBuf,
    },
    /// Names areas from a CSV with the columns code and name.
    ImportAreas {
        #[command(flatten)]
        data: Data,
        /// The CSV file.
        file: PathBuf,
    },
    /// Folds the whole log again and compares it with what is kept, and checks the hash of every photograph.
    Verify {
        #[command(flatten)]
        data: Data,
    },
    /// Copies the database into a new file, and the photographs into a folder; safe while the server runs.
    Backup {
        #[command(flatten)]
        data: Data,
        /// The file to write.
        file: PathBuf,
        /// The folder for photographs. Several backups may share one. Without it, FILE.photos.
        #[arg(long, value_name = "DIR")]
        photos: Option<PathBuf>,
    },
    /// Puts a backup in the database's place and begins a new epoch. The server must not run.
    Restore {
        #[command(flatten)]
        data: Data,
        /// The backup.
        file: PathBuf,
        /// The folder with its photographs. Without it, FILE.photos, if it is there.
        #[arg(long, value_name = "DIR")]
        photos: Option<PathBuf>,
    },
}

/// Runs a command.
pub fn run(command: Command) -> anyhow::Result<ExitCode> {
    log_to_stderr();
    match command.what {
        What::Serve { data, listen, web, trust_forwarded, upload_expiry } => {
            let mut config = Config::new(data.data_dir);
            if let Some(seconds) = upload_expiry {
                config.photo_limits.expiry_ms = i64::from(seconds) * 1000;
            }
            config.web_dir = web;
            config.trust_forwarded = trust_forwarded;
            serve_command(config, &listen)?;
        }
        What::Demo { data, households, seed } => data::demo(&open(&data)?, seed, households)?,
        What::User(command) => people::user(command)?,
        What::Device(command) => people::device(command)?,
        What::ImportOutbox { data, file } => return data::import_outbox(&open(&data)?, &file),
        What::ImportAreas { data, file } => data::import_areas(&open(&data)?, &file)?,
        What::Verify { data } => return data::verify(&open(&data)?),
        What::Backup { data, file, photos } => data::backup(&data.data_dir, &file, photos)?,
        What::Restore { data, file, photos } => data::restore(&data.data_dir, &file, photos)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn open(data: &Data) -> anyhow::Result<App> {
    let config = Config { running: crate::Running::Inline, ..Config::new(data.data_dir.clone()) };
    crate::admin::bring_up_to_date(&config)?;
    Ok(App::open(config)?)
}

/// Tells whoever gave the command.
fn say(text: &str) -> std::io::Result<()> {
    writeln!(std::io::stdout(), "{text}")
}

fn log_to_stderr() {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info"));
    // A second command in one process keeps the first one's log.
    let _ = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).try_init();
}

fn serve_command(config: Config, listen: &str) -> anyhow::Result<()> {
    let _lock = ServeLock::take(&config.data_dir)?;
    crate::files::remove_half_written(&config.data_dir).context("clearing half-written photographs away")?;
    let app = App::open(config).context("the server could not start")?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(serve::serve(app, listen)).with_context(|| format!("serving on {listen} failed"))
}
