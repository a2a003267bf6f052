//! Commands about the data as a whole.

use super::say;
use crate::demo::Size;
use crate::service::demo_data::{self, DEMO_HOUSEHOLDS, SetUp};
use crate::service::import_outbox;
use crate::service::sessions::DEMO_PASSWORD;
use crate::service::verify;
use crate::{App, Config, Running, admin};
use anyhow::{Context as _, bail};
use bianfang_shared::area::Area;
use bianfang_shared::judge::Outcome;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// `demo`.
pub(super) fn demo(app: &App, seed: u64, households: Option<usize>) -> anyhow::Result<()> {
    let size = households.map_or(Size::PerVillage(DEMO_HOUSEHOLDS), Size::Total);
    let config = app.config();
    let now_ms = config.clock.now_ms();
    let made = demo_data::set_up(
        &**app.store(),
        app.merger(),
        app.photos(),
        &*config.rng,
        config.password_cost,
        (seed, size),
        now_ms,
    )
    .map_err(explained)?;
    match made {
        SetUp::ThereAlready => say("the demo township is there already")?,
        SetUp::Made { ops, photographs } => {
            say(&format!(
                "made the demo township: {} operations merged, {} set aside, {photographs} photographs kept",
                ops.merged, ops.aside
            ))?;
            if let Some(reason) = ops.first_reason {
                say(&format!("the first was set aside because of {reason}"))?;
            }
        }
    }
    say(&format!("accounts: admin, supervisor, cadre, cadre2, team-215; password: {DEMO_PASSWORD}"))?;
    Ok(())
}

/// `import-outbox`.
pub(super) fn import_outbox(app: &App, file: &Path) -> anyhow::Result<ExitCode> {
    let text = std::fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let outbox = import_outbox::read(&text)?;
    let now_ms = app.config().clock.now_ms();
    let imported = import_outbox::import(&**app.store(), app.merger(), &outbox, now_ms)?;
    let mut merged = 0;
    for receipt in &imported.receipts {
        match &receipt.outcome {
            Outcome::Quarantined { reason } => {
                say(&format!("operation {} set aside: {reason:?}", receipt.seq))?
            }
            Outcome::Merged | Outcome::MergedWithConflict => merged += 1,
        }
    }
    let aside = imported.receipts.len() - merged;
    say(&format!(
        "{merged} operations merged, {aside} set aside; the chain stands at {}",
        imported.chain.last_seq
    ))?;
    Ok(ExitCode::SUCCESS)
}

/// `import-areas`.
pub(super) fn import_areas(app: &App, file: &Path) -> anyhow::Result<()> {
    let text = std::fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let areas = read_areas(&text)?;
    app.store().put_areas(&areas)?;
    say(&format!("{} areas named", areas.len()))?;
    Ok(())
}

fn read_areas(text: &str) -> anyhow::Result<Vec<Area>> {
    let mut lines = text.trim_start_matches('\u{feff}').lines().enumerate();
    let heading: Vec<&str> = lines.next().map(|(_, line)| line.split(',').collect()).unwrap_or_default();
    let column = |name: &str| heading.iter().position(|cell| cell.trim() == name);
    let (Some(code_at), Some(name_at)) = (column("code"), column("name")) else {
        bail!("the first line has to name the columns `code` and `name`");
    };
    let mut areas = Vec::new();
    for (at, line) in lines.filter(|(_, line)| !line.trim().is_empty()) {
        let cells: Vec<&str> = line.split(',').map(str::trim).collect();
        let (Some(code), Some(name)) = (cells.get(code_at), cells.get(name_at)) else {
            bail!("line {} has too few columns", at + 1);
        };
        let code = code.parse().with_context(|| format!("line {}", at + 1))?;
        areas.push(Area { code, name: (*name).to_owned() });
    }
    Ok(areas)
}

/// `verify`.
pub(super) fn verify(app: &App) -> anyhow::Result<ExitCode> {
    let report = verify::verify(&**app.store())?;
    say(&format!(
        "{} operations in logs, {} in chains ({} set aside), {} entries, {} records",
        report.log_ops, report.chain_ops, report.aside, report.entries, report.records
    ))?;
    for difference in &report.named {
        say(difference)?;
    }
    for left in &report.unsettled_named {
        say(&format!("to settle: {left}"))?;
    }
    if report.unsettled > 0 {
        say(&format!("{} merged by an older version and left as they are", report.unsettled))?;
    }
    let photos = app.photos().verify().map_err(explained)?;
    say(&format!(
        "{} photographs held ({} bytes), {} named and not here yet",
        photos.held, photos.bytes, photos.awaited
    ))?;
    for photo in &photos.awaited_named {
        say(&format!("awaited: photograph {photo}"))?;
    }
    for difference in &photos.named {
        say(difference)?;
    }
    say(&format!("{} differences", report.differences + photos.differences))?;
    Ok(if report.is_sound() && photos.is_sound() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// `backup`.
pub(super) fn backup(data_dir: &Path, file: &Path, photos: Option<PathBuf>) -> anyhow::Result<()> {
    let config = Config { running: Running::Inline, ..Config::new(data_dir) };
    let folder = photos.unwrap_or_else(|| admin::photos_beside(file));
    admin::bring_up_to_date(&config)?;
    admin::backup(&crate::open_store(&config)?, file)?;
    say(&format!("backed up to {}", file.display()))?;
    let copied = admin::backup_photos(&App::open(config)?, &folder)?;
    say(&format!("{copied} photographs copied to {}", folder.display()))?;
    Ok(())
}

/// `restore`.
pub(super) fn restore(data_dir: &Path, file: &Path, photos: Option<PathBuf>) -> anyhow::Result<()> {
    let config = Config::new(data_dir);
    let folder = photos.or_else(|| Some(admin::photos_beside(file)).filter(|folder| folder.is_dir()));
    if let Some(folder) = folder {
        let copied = admin::restore_photos(&config, &folder)?;
        say(&format!("{copied} photographs put back from {}", folder.display()))?;
    }
    let aside = admin::restore(&config, file)?;
    say("restored; devices will send again what the backup did not hold")?;
    if let Some(aside) = aside {
        say(&format!("the database before it is kept as {}", aside.display()))?;
    }
    Ok(())
}

/// A refusal with what to do about it.
pub(super) fn explained(refusal: crate::Refusal) -> anyhow::Error {
    let advice = refusal.problem().detail.unwrap_or_default();
    anyhow::Error::from(refusal).context(advice)
}
