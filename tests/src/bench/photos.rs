//! The photographs: made of a camera's file, and looked for among a million.

use super::{Figure, percentile};
use anyhow::{Context as _, ensure};
use bianfang_shared::photo::{
    DETAIL_BITS, Likeness, LikenessIndex, LikenessProbes, PhotoPolicy, prepare, probes,
};
use scene::{Dice, Light, Scene, View};
use serde_json::json;
use std::time::Instant;

// The made-up places that the pipeline's own tests look at.
#[expect(dead_code, reason = "the tests of the pipeline use all of it")]
#[expect(clippy::cast_possible_truncation, reason = "pixels of small drawings")]
#[path = "../../../shared/tests/photo/scene.rs"]
mod scene;

/// Pixels of the camera's file.
const CAMERA: (u32, u32) = (4_000, 3_000);
/// How often a figure is taken; the median is told.
const TIMES: usize = 9;
/// Likenesses searched.
const LIKENESSES: usize = 1_000_000;
/// Searches timed.
const SEARCHES: usize = 200;

/// Runs the figures of making photographs and of finding them again.
pub fn run(tell: &mut dyn FnMut(&Figure)) -> anyhow::Result<()> {
    for figure in prepared(&camera_file()?)? {
        tell(&figure);
    }
    tell(&searched()?);
    Ok(())
}

/// A file as a phone's camera writes it.
pub(super) fn camera_file() -> anyhow::Result<Vec<u8>> {
    let picture = Scene::of(12).draw(&View::FRONT, &Light::of(12), CAMERA.0, CAMERA.1);
    jpeg(&picture, 92)
}

fn jpeg(picture: &image::RgbImage, quality: u8) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    image::codecs::jpeg::JpegEncoder::new_with_quality(&mut bytes, quality).encode_image(picture)?;
    Ok(bytes)
}

#[expect(clippy::cast_precision_loss, reason = "counts far below 2^52")]
fn prepared(file: &[u8]) -> anyhow::Result<[Figure; 2]> {
    // The making of the file took memory too: the high-water mark begins anew. Where the system has none, it stays.
    let _ = std::fs::write("/proc/self/clear_refs", "5");
    let before_kb = memory_kb("VmRSS:")?;
    let mut took_ms = Vec::new();
    for _ in 0..TIMES {
        let start = Instant::now();
        let prepared = prepare(file, PhotoPolicy::builtin())?;
        took_ms.push(start.elapsed().as_secs_f64() * 1e3);
        ensure!(prepared.photo.width == 1_600, "another size than the policy's");
    }
    let peak_mb = (memory_kb("VmHWM:")? - before_kb) as f64 / 1024.0;
    let with = json!({ "megapixels": 12, "file_kb": file.len() / 1024, "times": TIMES });
    Ok([
        Figure {
            name: "photo_prepared_natively",
            value: percentile(&mut took_ms, 0.5),
            unit: "ms",
            with: with.clone(),
        },
        Figure { name: "photo_prepared_natively_peak_memory", value: peak_mb, unit: "MB", with },
    ])
}

fn memory_kb(line: &str) -> anyhow::Result<u64> {
    let status = std::fs::read_to_string("/proc/self/status").context("memory is told by Linux only")?;
    let told = status.lines().find_map(|text| text.strip_prefix(line)).context("a line of the status")?;
    Ok(told.trim().trim_end_matches("kB").trim().parse()?)
}

fn searched() -> anyhow::Result<Figure> {
    let mut dice = Dice::new(7);
    let drawn: Vec<LikenessProbes> = (0..600)
        .map(|seed| {
            let picture = Scene::of(seed).draw(&View::FRONT, &Light::of(seed), 320, 240);
            Ok(probes(&jpeg(&picture, 85)?)?)
        })
        .collect::<anyhow::Result<Vec<_>>>()?
        .into_iter()
        .flatten()
        .collect();
    let mut index = LikenessIndex::new();
    for at in 0..LIKENESSES {
        index.insert(at, &another(&drawn[at % drawn.len()].likeness(), &mut dice)?);
    }
    let within = PhotoPolicy::builtin().likeness.within_bits;
    let mut took_ms: Vec<f64> = (0..SEARCHES)
        .map(|at| {
            let start = Instant::now();
            std::hint::black_box(index.search(&drawn[at % drawn.len()], within, 100));
            start.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    let with =
        json!({ "likenesses": LIKENESSES, "searches": SEARCHES, "p50_ms": percentile(&mut took_ms, 0.5) });
    Ok(Figure { name: "photo_search_p99", value: percentile(&mut took_ms, 0.99), unit: "ms", with })
}

/// The likeness of another picture of the same sort: a tenth of the bits are turned over.
fn another(likeness: &Likeness, dice: &mut Dice) -> anyhow::Result<Likeness> {
    let mut bytes = hex::decode(likeness.to_string())?;
    // A byte for the form, eight for the outline's 60 bits, the rest for the detail.
    for (from, bits) in [(1, 60), (9, DETAIL_BITS as usize)] {
        for bit in 0..bits {
            if dice.below(10) == 0 {
                bytes[from + bit / 8] ^= 1 << (bit % 8);
            }
        }
    }
    Ok(hex::encode(bytes).parse()?)
}
