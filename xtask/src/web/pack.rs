//! Packs files beforehand, so that the server need not do so for every phone.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Context;
use flate2::Compression;
use flate2::write::GzEncoder;

use super::Flavour;

/// Below this the packed file saves less than a network packet.
const WORTH_PACKING_BYTES_MIN: u64 = 1024;
const PACKABLE: &[&str] = &["wasm", "js", "css", "html", "svg", "webmanifest", "json", "ftl"];
const BROTLI_BUFFER_BYTES: usize = 64 * 1024;
const BROTLI_WINDOW_BITS: u32 = 22;

/// Writes `FILE.br` and `FILE.gz` beside the file, if that is worth it.
pub(crate) fn pack(file: &Path, flavour: Flavour) -> anyhow::Result<()> {
    let packable = file.extension().and_then(|ext| ext.to_str()).is_some_and(|ext| PACKABLE.contains(&ext));
    if !packable || fs::metadata(file)?.len() < WORTH_PACKING_BYTES_MIN {
        return Ok(());
    }
    let content = fs::read(file)?;
    brotli(&content, &beside(file, "br"), flavour).with_context(|| format!("packing {}", file.display()))?;
    gzip(&content, &beside(file, "gz"), flavour).with_context(|| format!("packing {}", file.display()))
}

fn brotli(content: &[u8], out: &Path, flavour: Flavour) -> anyhow::Result<()> {
    let quality = match flavour {
        Flavour::Quick => 5,
        Flavour::Small => 11,
    };
    let mut writer =
        brotli::CompressorWriter::new(File::create(out)?, BROTLI_BUFFER_BYTES, quality, BROTLI_WINDOW_BITS);
    writer.write_all(content)?;
    writer.flush()?;
    Ok(())
}

fn gzip(content: &[u8], out: &Path, flavour: Flavour) -> anyhow::Result<()> {
    let level = match flavour {
        Flavour::Quick => Compression::fast(),
        Flavour::Small => Compression::best(),
    };
    let mut writer = GzEncoder::new(File::create(out)?, level);
    writer.write_all(content)?;
    writer.finish()?;
    Ok(())
}

fn beside(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    name.into()
}
