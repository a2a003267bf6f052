//! Painted photographs: a house, one of its parts, a water supply, somebody at work. The same seed paints the same
//! picture in every run of a build. Knows nothing of records.

mod canvas;
mod chance;
mod close;
mod house;
mod land;
mod masonry;
mod water;
mod work;

use canvas::{Canvas, HEIGHT, WIDTH};
use chance::Chance;
use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, ImageError};

pub(super) use close::Part;
pub(super) use house::{Looks, Wear};
pub(super) use masonry::Walls;
pub(super) use water::Source;
pub(super) use work::Place;

/// Most bytes of a picture.
const BYTES_MAX: usize = 80_000;
/// JPEG qualities: the first that keeps a picture small enough.
const QUALITIES: [u8; 3] = [58, 44, 30];

/// What a picture shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Scene {
    /// A house from across the yard.
    House(Looks),
    /// Its door with the number.
    Door(Looks),
    /// A damaged part from near by.
    Close(Part, Walls),
    /// A water supply; the flag says whether the water is clear.
    Water(Source, bool),
    /// A public post's place; the flag says whether anybody is there.
    Work(Place, bool),
}

/// How it was taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Take {
    /// Straight from the camera.
    #[default]
    First,
    /// The same picture again, cut a little at the rims and encoded anew.
    Again,
}

/// A picture as JPEG.
pub(super) fn paint(scene: Scene, take: Take, seed: u64) -> Result<Vec<u8>, ImageError> {
    let mut canvas = Canvas::new();
    let chance = Chance::new(seed);
    match scene {
        Scene::House(looks) => house::whole(&chance, &mut canvas, looks),
        Scene::Door(looks) => house::door(&chance, &mut canvas, looks),
        Scene::Close(part, walls) => close::close(&chance, &mut canvas, part, walls),
        Scene::Water(source, clear) => water::source(&chance, &mut canvas, source, clear),
        Scene::Work(place, somebody) => work::work(&chance, &mut canvas, place, somebody),
    }
    let pixels = canvas.finish();
    match take {
        Take::First => encode(&pixels, WIDTH, HEIGHT),
        Take::Again => encode(&cut(&pixels), WIDTH - 2 * CUT, HEIGHT - 2 * CUT),
    }
}

/// Pixels that go from each rim.
const CUT: usize = 24;

fn cut(pixels: &[u8]) -> Vec<u8> {
    let lines = pixels.chunks_exact(WIDTH * 3).skip(CUT).take(HEIGHT - 2 * CUT);
    lines.flat_map(|line| &line[CUT * 3..(WIDTH - CUT) * 3]).copied().collect()
}

fn encode(pixels: &[u8], width: usize, height: usize) -> Result<Vec<u8>, ImageError> {
    let side = |pixels: usize| u32::try_from(pixels).unwrap_or(u32::MAX);
    let mut bytes = Vec::with_capacity(BYTES_MAX);
    for quality in QUALITIES {
        bytes.clear();
        let mut encoder = JpegEncoder::new_with_quality(&mut bytes, quality);
        encoder.encode(pixels, side(width), side(height), ExtendedColorType::Rgb8)?;
        if bytes.len() <= BYTES_MAX {
            break;
        }
    }
    Ok(bytes)
}
