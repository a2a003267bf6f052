//! A canvas with soft edges: shapes, strokes, shades and grain. Knows nothing of what is painted.

use super::chance::Chance;

/// Pixels of the finished picture across.
pub(super) const WIDTH: usize = 1_280;
/// Pixels of the finished picture down.
pub(super) const HEIGHT: usize = 960;
/// What is painted has half as many each way: a quarter of the work, and the softness of a small lens.
const COLUMNS: usize = WIDTH / 2;
const LINES: usize = HEIGHT / 2;
/// Levels looked at within one line of pixels, so that slanting edges are smooth.
const SUBLINES: usize = 3;
/// Columns from one place where the light is asked for to the next; a divisor of the columns.
const STEP: usize = 32;

/// A place on the canvas, in pixels from the upper left.
pub(super) type Spot = (f32, f32);

/// A colour: red, green, blue from 0 to 255.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Colour(pub(super) f32, pub(super) f32, pub(super) f32);

impl Colour {
    /// Partly this colour, partly another.
    pub(super) fn towards(self, other: Colour, part: f32) -> Colour {
        let mix = |from: f32, to: f32| from + (to - from) * part;
        Colour(mix(self.0, other.0), mix(self.1, other.1), mix(self.2, other.2))
    }

    /// Lighter above 1, darker below.
    pub(super) fn lit(self, light: f32) -> Colour {
        Colour(self.0 * light, self.1 * light, self.2 * light)
    }

    /// A little to one side, as no two walls have quite the same colour.
    pub(super) fn near(self, chance: &Chance) -> Colour {
        let light = 1.0 + chance.small() * 0.05;
        let warm = chance.small() * 5.0;
        Colour(self.0 * light + warm, self.1 * light, self.2 * light - warm)
    }
}

/// The picture while it is painted. Places are those of the finished picture.
#[derive(Clone, Debug)]
pub(super) struct Canvas {
    pixels: Vec<u8>,
    cover: Vec<f32>,
    crossings: Vec<f32>,
}

impl Canvas {
    /// An empty one.
    pub(super) fn new() -> Self {
        Self { pixels: vec![0; COLUMNS * LINES * 3], cover: vec![0.0; COLUMNS], crossings: Vec::new() }
    }

    /// The finished picture, three bytes a pixel, line after line.
    pub(super) fn finish(&self) -> Vec<u8> {
        let mut finished = Vec::with_capacity(WIDTH * HEIGHT * 3);
        let mut line = vec![0; WIDTH * 3];
        let mut between = vec![0; COLUMNS * 3];
        for y in 0..HEIGHT {
            // Each finished pixel lies a quarter from one painted pixel and three quarters from the next.
            let near = y / 2;
            let far = if y % 2 == 0 { near.saturating_sub(1) } else { (near + 1).min(LINES - 1) };
            let row = |at: usize| &self.pixels[at * COLUMNS * 3..(at + 1) * COLUMNS * 3];
            for ((mixed, near), far) in between.iter_mut().zip(row(near)).zip(row(far)) {
                *mixed = quarter(*near, *far);
            }
            widen(&between, &mut line);
            finished.extend_from_slice(&line);
        }
        finished
    }

    /// Fills a shape with what `paint` says of each place.
    pub(super) fn fill_with(&mut self, shape: &[Spot], paint: impl Fn(f32, f32) -> Colour) {
        self.lay(shape, 1.0, paint);
    }

    /// Fills a shape with one colour.
    pub(super) fn fill(&mut self, shape: &[Spot], colour: Colour) {
        self.lay(shape, 1.0, |_, _| colour);
    }

    /// Lays a colour thinly over a shape.
    pub(super) fn glaze(&mut self, shape: &[Spot], colour: Colour, strength: f32) {
        self.lay(shape, strength, |_, _| colour);
    }

    /// A straight stroke of this width.
    pub(super) fn stroke(&mut self, from: Spot, to: Spot, width: f32, colour: Colour) {
        let (dx, dy) = (to.0 - from.0, to.1 - from.1);
        let length = dx.hypot(dy).max(0.001);
        let (nx, ny) = (-dy / length * width / 2.0, dx / length * width / 2.0);
        let band = [
            (from.0 + nx, from.1 + ny),
            (to.0 + nx, to.1 + ny),
            (to.0 - nx, to.1 - ny),
            (from.0 - nx, from.1 - ny),
        ];
        self.fill(&band, colour);
    }

    /// Strokes from one spot to the next.
    pub(super) fn path(&mut self, spots: &[Spot], width: f32, colour: Colour) {
        for pair in spots.windows(2) {
            self.stroke(pair[0], pair[1], width, colour);
        }
    }

    /// An upright rectangle.
    pub(super) fn block(&mut self, (left, top): Spot, (right, bottom): Spot, colour: Colour) {
        self.fill(&[(left, top), (right, top), (right, bottom), (left, bottom)], colour);
    }

    /// Makes all lighter or darker, by a factor that changes slowly from place to place, and a little warmer.
    pub(super) fn shade(&mut self, warm: f32, light: impl Fn(f32, f32) -> f32) {
        let warm = [warm, 0.0, -warm];
        for (y, line) in self.pixels.chunks_exact_mut(COLUMNS * 3).enumerate() {
            let mut here = light(0.0, whole(y) * 2.0);
            for (step, run) in line.chunks_exact_mut(STEP * 3).enumerate() {
                let there = light(whole((step + 1) * STEP) * 2.0, whole(y) * 2.0);
                let slope = (there - here) / whole(STEP);
                for pixel in run.chunks_exact_mut(3) {
                    for (now, warm) in pixel.iter_mut().zip(warm) {
                        *now = byte(f32::from(*now) * here + warm);
                    }
                    here += slope;
                }
                here = there;
            }
        }
    }

    fn lay(&mut self, shape: &[Spot], strength: f32, paint: impl Fn(f32, f32) -> Colour) {
        let top = shape.iter().map(|spot| spot.1).fold(f32::MAX, f32::min) / 2.0;
        let bottom = shape.iter().map(|spot| spot.1).fold(f32::MIN, f32::max) / 2.0;
        for y in line_of(top, LINES)..line_of(bottom + 1.0, LINES) {
            let Some((left, right)) = self.cover_line(shape, y) else { continue };
            let line = &mut self.pixels[(y * COLUMNS + left) * 3..(y * COLUMNS + right) * 3];
            let covers = &mut self.cover[left..right];
            for ((at, pixel), cover) in line.chunks_exact_mut(3).enumerate().zip(covers) {
                let part = *cover * strength;
                *cover = 0.0;
                if part <= 0.0 {
                    continue;
                }
                let colour = paint(whole(left + at) * 2.0, whole(y) * 2.0);
                for (now, wanted) in pixel.iter_mut().zip([colour.0, colour.1, colour.2]) {
                    *now = if part >= 0.99 { byte(wanted) } else { mixed(*now, wanted, part) };
                }
            }
        }
    }

    /// How much of each pixel of a line the shape covers, and between which pixels there is anything.
    fn cover_line(&mut self, shape: &[Spot], y: usize) -> Option<(usize, usize)> {
        const SHARE: f32 = 1.0 / whole(SUBLINES);
        let (mut left, mut right) = (COLUMNS, 0);
        for sub in 0..SUBLINES {
            cross(shape, (whole(y) + (whole(sub) + 0.5) * SHARE) * 2.0, &mut self.crossings);
            for span in self.crossings.chunks_exact(2) {
                let (from, to) = ((span[0] / 2.0).max(0.0), (span[1] / 2.0).min(whole(COLUMNS)));
                if to <= from {
                    continue;
                }
                let (first, last) = (line_of(from, COLUMNS - 1), line_of(to, COLUMNS - 1));
                left = left.min(first);
                right = right.max(last + 1);
                let covers = &mut self.cover[first..=last];
                covers.iter_mut().for_each(|cover| *cover += SHARE);
                // Of the outermost pixels only a part is covered.
                covers[0] -= SHARE * (from - whole(first));
                covers[last - first] -= SHARE * (whole(last) + 1.0 - to);
            }
        }
        (left < right).then_some((left, right))
    }
}

/// Where a level line crosses the rim of a shape, from left to right.
fn cross(shape: &[Spot], at: f32, crossings: &mut Vec<f32>) {
    crossings.clear();
    let Some(mut from) = shape.last().copied() else { return };
    for &to in shape {
        if (from.1 <= at) != (to.1 <= at) {
            crossings.push(from.0 + (at - from.1) / (to.1 - from.1) * (to.0 - from.0));
        }
        from = to;
    }
    crossings.sort_unstable_by(f32::total_cmp);
}

/// Three quarters of one and a quarter of the other.
fn quarter(near: u8, far: u8) -> u8 {
    u8::try_from((u16::from(near) * 3 + u16::from(far) + 2) / 4).unwrap_or(u8::MAX)
}

/// A painted line with twice as many pixels.
fn widen(painted: &[u8], line: &mut [u8]) {
    for (at, pair) in line.chunks_exact_mut(6).enumerate() {
        let (before, after) = (at.saturating_sub(1), (at + 1).min(COLUMNS - 1));
        for part in 0..3 {
            let here = painted[at * 3 + part];
            pair[part] = quarter(here, painted[before * 3 + part]);
            pair[3 + part] = quarter(here, painted[after * 3 + part]);
        }
    }
}

fn mixed(now: u8, wanted: f32, part: f32) -> u8 {
    let now = f32::from(now);
    byte(now + (wanted - now) * part)
}

/// A round shape with an uneven rim: a crown, a cloud, a stone, a head.
pub(super) fn blob(chance: &Chance, centre: Spot, (across, down): Spot, uneven: f32) -> Vec<Spot> {
    const CORNERS: usize = 26;
    let waves: [f32; 4] = std::array::from_fn(|_| chance.within(0.0, std::f32::consts::TAU));
    (0..CORNERS)
        .map(|corner| {
            let turn = whole(corner) / whole(CORNERS) * std::f32::consts::TAU;
            let bumps: f32 = (waves.iter().enumerate())
                .map(|(at, phase)| (turn * whole(at + 2) + phase).sin() / whole(at + 2))
                .sum();
            let reach = 1.0 + bumps * uneven;
            (centre.0 + turn.cos() * across * reach, centre.1 + turn.sin() * down * reach)
        })
        .collect()
}

/// Smooth grain between -1 and 1, with lumps of some `size` pixels.
pub(super) fn grain(x: f32, y: f32, size: f32, seed: u32) -> f32 {
    let (column, across) = cell(x / size);
    let (row, down) = cell(y / size);
    let (across, down) = (eased(across), eased(down));
    let upper = scattered(column, row, seed);
    let lower = scattered(column, row.wrapping_add(1), seed);
    let upper = upper.0 + (upper.1 - upper.0) * across;
    let lower = lower.0 + (lower.1 - lower.0) * across;
    upper + (lower - upper) * down
}

fn eased(part: f32) -> f32 {
    part * part * (3.0 - 2.0 * part)
}

/// What two neighbouring corners say.
fn scattered(column: u32, row: u32, seed: u32) -> (f32, f32) {
    let row = row.wrapping_mul(0x85eb_ca77) ^ seed;
    (
        scatter(column.wrapping_mul(0x9e37_79b1) ^ row),
        scatter(column.wrapping_add(1).wrapping_mul(0x9e37_79b1) ^ row),
    )
}

fn scatter(mut hash: u32) -> f32 {
    hash = (hash ^ (hash >> 15)).wrapping_mul(0x2c1b_3c6d);
    hash = (hash ^ (hash >> 12)).wrapping_mul(0x297a_2d39);
    let [high, low, ..] = hash.to_be_bytes();
    f32::from(u16::from_be_bytes([high, low])) / 32_767.5 - 1.0
}

/// In which cell of a grid something is, and how far into it.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "a picture has few cells, and any wrap does"
)]
fn cell(at: f32) -> (u32, f32) {
    let towards_zero = at as i32;
    let below = if at < towards_zero as f32 { towards_zero - 1 } else { towards_zero };
    (below as u32, at - below as f32)
}

#[expect(clippy::cast_precision_loss, reason = "at most some thousand pixels")]
const fn whole(number: usize) -> f32 {
    number as f32
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "kept within the canvas")]
fn line_of(at: f32, last: usize) -> usize {
    (at.max(0.0) as usize).min(last)
}

/// A number as a byte; what is beyond is kept within.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "such a cast stays within a byte"
)]
fn byte(light: f32) -> u8 {
    (light + 0.5) as u8
}
