//! Sky, hills, fields, trees and the light of the day: what every picture taken out of doors has around its subject.

use super::canvas::{Canvas, Colour, HEIGHT, Spot, WIDTH, blob, grain};
use super::chance::Chance;

pub(super) const RIGHT: f32 = WIDTH as f32;
pub(super) const BOTTOM: f32 = HEIGHT as f32;

/// How a day looks.
#[derive(Clone, Copy, Debug)]
struct Day {
    above: Colour,
    below: Colour,
    cloud: Colour,
    hill: Colour,
    light: f32,
}

const DAYS: [Day; 5] = [
    Day {
        above: Colour(96.0, 152.0, 206.0),
        below: Colour(208.0, 228.0, 238.0),
        cloud: Colour(250.0, 251.0, 252.0),
        hill: Colour(92.0, 128.0, 116.0),
        light: 1.04,
    },
    Day {
        above: Colour(186.0, 196.0, 202.0),
        below: Colour(222.0, 224.0, 220.0),
        cloud: Colour(168.0, 178.0, 186.0),
        hill: Colour(120.0, 138.0, 132.0),
        light: 0.92,
    },
    Day {
        above: Colour(140.0, 176.0, 206.0),
        below: Colour(246.0, 226.0, 196.0),
        cloud: Colour(255.0, 242.0, 224.0),
        hill: Colour(104.0, 124.0, 108.0),
        light: 1.0,
    },
    Day {
        above: Colour(112.0, 130.0, 150.0),
        below: Colour(178.0, 188.0, 192.0),
        cloud: Colour(206.0, 210.0, 212.0),
        hill: Colour(78.0, 104.0, 98.0),
        light: 0.84,
    },
    Day {
        above: Colour(120.0, 180.0, 216.0),
        below: Colour(232.0, 240.0, 232.0),
        cloud: Colour(255.0, 255.0, 255.0),
        hill: Colour(120.0, 152.0, 104.0),
        light: 1.07,
    },
];

pub(super) const EARTH: Colour = Colour(166.0, 142.0, 108.0);
pub(super) const CONCRETE: Colour = Colour(186.0, 184.0, 176.0);
const GRASSES: [Colour; 4] = [
    Colour(116.0, 146.0, 72.0),
    Colour(140.0, 156.0, 84.0),
    Colour(98.0, 134.0, 70.0),
    Colour(164.0, 160.0, 96.0),
];

/// Paints sky, hills and ground. Answers where the ground begins.
pub(super) fn land(chance: &Chance, canvas: &mut Canvas) -> f32 {
    let day = *chance.pick(&DAYS);
    let horizon = chance.within(0.36, 0.58) * BOTTOM;
    let slant = chance.small() * 0.14;
    canvas.fill_with(&all(), |x, y| {
        day.above.towards(day.below, ((y + (x - RIGHT / 2.0) * slant) / horizon).clamp(0.0, 1.0))
    });
    clouds(chance, canvas, &day, horizon);
    let far = chance.below(3) + 1;
    for layer in 0..far {
        let near = (1.0 + f32::from(u8::try_from(layer).unwrap_or(0))) / 4.0;
        hill(chance, canvas, horizon, 1.0 - near, day.hill.towards(day.below, 0.62 - near * 0.7));
    }
    ground(chance, canvas, horizon);
    horizon
}

/// The light of the hour over all: brighter on one side, with the shade of clouds or leaves. Last of all.
pub(super) fn light(chance: &Chance, canvas: &mut Canvas) {
    let day = chance.pick(&DAYS).light;
    let (seed, lump) = (chance.seed(), chance.within(190.0, 420.0));
    let (side, fall) = (chance.small() * 0.13, chance.small() * 0.09);
    let depth = chance.within(0.10, 0.2);
    canvas.shade(chance.small() * 4.0, |x, y| {
        let slope = (x / RIGHT - 0.5) * side + (y / BOTTOM - 0.5) * fall;
        day + slope + grain(x, y, lump, seed) * depth
    });
}

/// A tree with its foot at a spot: broad-leaved, bamboo or fir.
pub(super) fn tree(chance: &Chance, canvas: &mut Canvas, foot: Spot, height: f32) {
    let green = Colour(74.0, 112.0, 58.0).near(chance).lit(chance.within(0.8, 1.25));
    match chance.below(3) {
        0 => bamboo(chance, canvas, foot, height, green),
        1 => {
            trunk(canvas, foot, height * 0.4);
            for step in 0..5u8 {
                let up = f32::from(step) / 5.0;
                let (top, wide) = (foot.1 - height * (0.36 + up * 0.64), height * (0.30 - up * 0.24));
                let low = foot.1 - height * (0.14 + up * 0.62);
                let shape = [(foot.0 - wide, low), (foot.0, top), (foot.0 + wide, low)];
                canvas.fill(&shape, green.lit(0.72 + up * 0.3));
            }
        }
        _ => {
            trunk(canvas, foot, height * 0.5);
            for at in 0..9u8 {
                let (x, y) = (chance.small() * height * 0.24, chance.within(0.42, 0.9) * height);
                let size = height * chance.within(0.13, 0.22);
                let crown = blob(chance, (foot.0 + x, foot.1 - y), (size, size * 0.85), 0.16);
                canvas.fill(&crown, green.lit(0.74 + f32::from(at) * 0.05));
            }
        }
    }
}

/// A few bushes and tufts along a line.
pub(super) fn bushes(chance: &Chance, canvas: &mut Canvas, line: f32, count: u64, size: f32) {
    for _ in 0..count {
        let (x, y) = (chance.within(0.0, RIGHT), line + chance.small() * size * 0.3);
        let green = Colour(92.0, 122.0, 60.0).near(chance).lit(chance.within(0.7, 1.1));
        let wide = size * chance.within(0.5, 1.2);
        let shape = blob(chance, (x, y), (wide, wide * 0.6), 0.2);
        canvas.fill(&shape, green);
    }
}

/// What hangs into the picture from above at one side, as when one stands beneath a tree.
pub(super) fn overhang(chance: &Chance, canvas: &mut Canvas) {
    let left = chance.percent(50);
    let green = Colour(58.0, 88.0, 46.0).near(chance);
    for _ in 0..26 {
        let (out, down) = (chance.within(-60.0, 330.0), chance.within(-40.0, 170.0));
        let centre = (if left { out } else { RIGHT - out }, down * (1.0 - out / 520.0));
        let leaf = blob(chance, centre, (chance.within(24.0, 62.0), chance.within(14.0, 34.0)), 0.25);
        canvas.fill(&leaf, green.lit(chance.within(0.75, 1.3)));
    }
}

pub(super) fn all() -> [Spot; 4] {
    [(0.0, 0.0), (RIGHT, 0.0), (RIGHT, BOTTOM), (0.0, BOTTOM)]
}

fn clouds(chance: &Chance, canvas: &mut Canvas, day: &Day, horizon: f32) {
    for _ in 0..chance.between(3, 8) {
        let centre = (chance.within(-100.0, RIGHT + 100.0), chance.within(0.0, horizon * 0.8));
        let wide = chance.within(90.0, 300.0);
        for _ in 0..4 {
            let puff = (centre.0 + chance.small() * wide * 0.5, centre.1 + chance.small() * wide * 0.09);
            let shape = blob(chance, puff, (wide * 0.5, wide * 0.14), 0.2);
            canvas.glaze(&shape, day.cloud, 0.42);
        }
    }
}

fn hill(chance: &Chance, canvas: &mut Canvas, horizon: f32, far: f32, colour: Colour) {
    let (seed, lump) = (chance.seed(), chance.within(180.0, 420.0));
    let height = horizon * chance.within(0.18, 0.5) * (0.5 + far * 0.7);
    let mut ridge: Vec<Spot> = (0..=40u8)
        .map(|step| {
            let x = f32::from(step) * RIGHT / 40.0;
            let rise = 0.5 + grain(x, 0.0, lump, seed) * 0.5 + grain(x, 9.0, 60.0, seed) * 0.08;
            (x, horizon - height * rise)
        })
        .collect();
    ridge.extend([(RIGHT, horizon + 30.0), (0.0, horizon + 30.0)]);
    canvas.fill_with(&ridge, |x, y| colour.lit(1.0 + grain(x, y, 26.0, seed) * 0.07));
}

fn ground(chance: &Chance, canvas: &mut Canvas, horizon: f32) {
    let (seed, grass) = (chance.seed(), chance.pick(&GRASSES).near(chance));
    let below = [(0.0, horizon), (RIGHT, horizon), (RIGHT, BOTTOM), (0.0, BOTTOM)];
    canvas.fill_with(&below, |x, y| {
        let near = (y - horizon) / (BOTTOM - horizon);
        let rows = grain(x, y, 10.0 + near * 60.0, seed) * 0.09 + grain(x, y * 3.0, 7.0, seed) * 0.04;
        grass.lit(0.92 + near * 0.1 + rows)
    });
    // Paddies and plots, each with its own green.
    for _ in 0..chance.between(2, 6) {
        let (x, y) = (chance.within(-150.0, RIGHT), horizon + chance.within(6.0, 130.0));
        let (wide, deep, lean) =
            (chance.within(160.0, 480.0), chance.within(20.0, 70.0), chance.small() * 60.0);
        let plot = chance.pick(&GRASSES).near(chance).lit(chance.within(0.85, 1.15));
        let shape = [(x, y), (x + wide, y), (x + wide + lean, y + deep), (x + lean - deep, y + deep)];
        canvas.fill_with(&shape, |x, y| plot.lit(1.0 + ((y * 0.55 + x * 0.05).sin()) * 0.06));
    }
}

fn trunk(canvas: &mut Canvas, foot: Spot, height: f32) {
    let wide = height * 0.09;
    let shape = [
        (foot.0 - wide, foot.1),
        (foot.0 - wide * 0.6, foot.1 - height),
        (foot.0 + wide * 0.6, foot.1 - height),
        (foot.0 + wide, foot.1),
    ];
    canvas.fill(&shape, Colour(104.0, 82.0, 60.0));
}

fn bamboo(chance: &Chance, canvas: &mut Canvas, foot: Spot, height: f32, green: Colour) {
    for _ in 0..7 {
        let (start, lean) = (foot.0 + chance.small() * height * 0.14, chance.small() * height * 0.2);
        let tall = height * chance.within(0.75, 1.1);
        let tip = (start + lean, foot.1 - tall);
        canvas.stroke((start, foot.1), tip, height * 0.018, green.lit(1.15));
        for _ in 0..9 {
            let up = chance.within(0.35, 1.0);
            let spot = (start + lean * up + chance.small() * height * 0.06, foot.1 - tall * up);
            let leaf = blob(chance, spot, (height * 0.085, height * 0.022), 0.3);
            canvas.fill(&leaf, green.lit(chance.within(0.8, 1.25)));
        }
    }
}
