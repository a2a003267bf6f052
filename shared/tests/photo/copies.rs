//! Ways in which a photograph comes back: encoded again, made smaller, cut, marked, turned.

use crate::scene::{Dice, Light, Scene, View};
use image::codecs::jpeg::JpegEncoder;
use image::imageops::{self, FilterType};
use image::{Rgb, RgbImage};

/// A way of copying, and whether the copy must be found.
pub(crate) struct Copying {
    pub(crate) name: &'static str,
    pub(crate) promised: bool,
    make: fn(&RgbImage, &mut Dice) -> (RgbImage, u8),
}

impl Copying {
    /// The copy as a file.
    pub(crate) fn of(&self, picture: &RgbImage, dice: &mut Dice) -> Vec<u8> {
        let (copy, quality) = (self.make)(picture, dice);
        jpeg(&copy, quality)
    }
}

pub(crate) const COPIES: &[Copying] = &[
    Copying { name: "encoded anew, quality 60", promised: true, make: |p, _| (p.clone(), 60) },
    Copying { name: "encoded anew, quality 30", promised: true, make: |p, _| (p.clone(), 30) },
    Copying { name: "half the size", promised: true, make: |p, _| (scaled(p, 0.5), 75) },
    Copying { name: "a quarter of the size", promised: true, make: |p, _| (scaled(p, 0.25), 75) },
    Copying {
        name: "as a chat passes it on: 60 %, quality 45",
        promised: true,
        make: |p, _| (scaled(p, 0.6), 45),
    },
    Copying { name: "cut by up to 10 %, anywhere", promised: true, make: |p, d| (cut_up_to(p, d, 0.1), 85) },
    Copying { name: "cut by 10 % at a corner", promised: true, make: |p, d| (cut_corner(p, d, 0.1), 85) },
    Copying {
        name: "cut by up to 10 %, 60 %, quality 45",
        promised: true,
        make: |p, d| (scaled(&cut_up_to(p, d, 0.1), 0.6), 45),
    },
    // What was bright has no shades any more.
    Copying { name: "a fifth lighter", promised: false, make: |p, _| (toned(p, 1.2, 0.0), 80) },
    Copying { name: "a third darker", promised: true, make: |p, _| (toned(p, 0.67, 0.0), 80) },
    Copying { name: "paler", promised: true, make: |p, _| (toned(p, 0.7, 40.0), 80) },
    Copying { name: "with a band of writing at the foot", promised: true, make: |p, _| (marked(p), 80) },
    Copying { name: "cut by 15 % at a corner", promised: false, make: |p, d| (cut_corner(p, d, 0.15), 85) },
    Copying { name: "turned by 1°", promised: false, make: |p, _| (tilted(p, 1.0), 85) },
    Copying { name: "turned by 3°", promised: false, make: |p, _| (tilted(p, 3.0), 85) },
    Copying { name: "mirrored", promised: false, make: |p, _| (imageops::flip_horizontal(p), 85) },
];

pub(crate) fn jpeg(picture: &RgbImage, quality: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, quality).encode_image(picture).unwrap();
    bytes
}

/// A file as a camera writes it, with about so many million pixels in the shape of four to three: a scene four times
/// enlarged, with the sensor's noise over it.
pub(crate) fn camera_file(megapixels: u64) -> Vec<u8> {
    let height = ((megapixels as f64 * 1e6 * 0.75).sqrt() as u32).div_ceil(24) * 24;
    let width = height / 3 * 4;
    let small = Scene::of(3).draw(&View::FRONT, &Light::of(3), width / 4, height / 4);
    let mut dice = Dice::new(5);
    let noise: Vec<u8> = (0..65_537).map(|_| dice.below(8) as u8).collect();
    let mut pixels = Vec::with_capacity(width as usize * height as usize * 3);
    for row in small.as_raw().chunks_exact(width as usize / 4 * 3) {
        let wide: Vec<u8> = row.chunks_exact(3).flat_map(|pixel| pixel.repeat(4)).collect();
        (0..4).for_each(|_| pixels.extend_from_slice(&wide));
    }
    for part in pixels.chunks_mut(noise.len()) {
        part.iter_mut().zip(&noise).for_each(|(part, noise)| *part = part.saturating_add(*noise));
    }
    jpeg(&RgbImage::from_raw(width, height, pixels).unwrap(), 90)
}

fn scaled(picture: &RgbImage, by: f64) -> RgbImage {
    let edge = |length: u32| (f64::from(length) * by).round() as u32;
    imageops::resize(picture, edge(picture.width()), edge(picture.height()), FilterType::Triangle)
}

fn cut_up_to(picture: &RgbImage, dice: &mut Dice, most: f32) -> RgbImage {
    let [lost_x, lost_y] =
        [picture.width(), picture.height()].map(|edge| (edge as f32 * most * dice.unit()) as u32);
    let [left, top] = [lost_x, lost_y].map(|lost| (dice.unit() * (lost as f32 + 0.99)) as u32);
    cut(picture, left, top, lost_x, lost_y)
}

fn cut_corner(picture: &RgbImage, dice: &mut Dice, by: f32) -> RgbImage {
    let [lost_x, lost_y] = [picture.width(), picture.height()].map(|edge| (edge as f32 * by) as u32);
    let (left, top) = (dice.below(2) as u32 * lost_x, dice.below(2) as u32 * lost_y);
    cut(picture, left, top, lost_x, lost_y)
}

fn cut(picture: &RgbImage, left: u32, top: u32, lost_x: u32, lost_y: u32) -> RgbImage {
    imageops::crop_imm(picture, left, top, picture.width() - lost_x, picture.height() - lost_y).to_image()
}

fn toned(picture: &RgbImage, gain: f32, lift: f32) -> RgbImage {
    let mut toned = picture.clone();
    for pixel in toned.pixels_mut() {
        pixel.0 = pixel.0.map(|part| (f32::from(part) * gain + lift).clamp(0.0, 255.0) as u8);
    }
    toned
}

/// A dark band over the lowest tenth, with light strokes as of letters.
fn marked(picture: &RgbImage) -> RgbImage {
    let (width, height) = picture.dimensions();
    let mut marked = picture.clone();
    for y in height * 9 / 10..height {
        for x in 0..width {
            let stroke = x < width * 2 / 3 && x % 11 < 3 && (y / 4) % 3 == 1;
            let level = if stroke { 240 } else { 30 };
            marked.put_pixel(x, y, Rgb([level; 3]));
        }
    }
    marked
}

/// Turned a little, as when it was set straight in an album: the corners that are then empty are cut off.
fn tilted(picture: &RgbImage, degrees: f32) -> RgbImage {
    let (width, height) = picture.dimensions();
    let (sin, cos) = degrees.to_radians().sin_cos();
    let keep = 1.0 / (1.0 + sin.abs() * width as f32 / height as f32);
    RgbImage::from_fn(width, height, |x, y| {
        let (dx, dy) = ((x as f32 - width as f32 / 2.0) * keep, (y as f32 - height as f32 / 2.0) * keep);
        let (fx, fy) = (dx * cos - dy * sin + width as f32 / 2.0, dx * sin + dy * cos + height as f32 / 2.0);
        let at = |value: f32, edge: u32| (value.max(0.0) as u32).min(edge - 1);
        *picture.get_pixel(at(fx, width), at(fy, height))
    })
}
