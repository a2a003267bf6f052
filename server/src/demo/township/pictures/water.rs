//! Where water comes from: the tank of a works, a well, a spring, a tap at the house, and the test beside it.

use super::canvas::{Canvas, Colour, Spot, blob, grain};
use super::chance::Chance;
use super::land::{self, BOTTOM, CONCRETE, EARTH, RIGHT};
use super::masonry::{Walls, wall_face};

/// What is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in super::super) enum Source {
    /// The tank of a works.
    Tank,
    /// A well with its kerb.
    Well,
    /// A spring with its basin.
    Spring,
    /// A tap at the house.
    Tap,
    /// A glass of the water beside a colour card.
    Test,
}

const STEEL: Colour = Colour(172.0, 180.0, 186.0);
const BLUE: Colour = Colour(62.0, 118.0, 176.0);
const DEEP: Colour = Colour(70.0, 108.0, 116.0);
const DARK: Colour = Colour(48.0, 46.0, 44.0);

/// The source; `clear` says whether the water is.
pub(super) fn source(chance: &Chance, canvas: &mut Canvas, what: Source, clear: bool) {
    match what {
        Source::Tank => tank(chance, canvas),
        Source::Well => well(chance, canvas, clear),
        Source::Spring => spring(chance, canvas, clear),
        Source::Tap => tap(chance, canvas, clear),
        Source::Test => test(chance, canvas, clear),
    }
    land::light(chance, canvas);
}

fn water(clear: bool) -> Colour {
    if clear { Colour(150.0, 190.0, 200.0) } else { Colour(178.0, 158.0, 112.0) }
}

fn tank(chance: &Chance, canvas: &mut Canvas) {
    let horizon = land::land(chance, canvas);
    for _ in 0..chance.between(2, 5) {
        let foot = (chance.within(0.0, RIGHT), horizon + chance.within(6.0, 40.0));
        let height = chance.within(160.0, 330.0);
        land::tree(chance, canvas, foot, height);
    }
    let (middle, half) = (RIGHT * chance.within(0.36, 0.64), chance.within(190.0, 290.0));
    let foot = (horizon + chance.within(210.0, 300.0)).min(BOTTOM - 110.0);
    let top = foot - chance.within(300.0, 420.0);
    let plinth = [
        (middle - half - 60.0, foot - 24.0),
        (middle + half + 60.0, foot - 24.0),
        (middle + half + 100.0, foot + 50.0),
        (middle - half - 100.0, foot + 50.0),
    ];
    canvas.fill(&plinth, CONCRETE.near(chance));
    let body = *chance.pick(&[Colour(206.0, 206.0, 200.0), Colour(92.0, 150.0, 196.0), STEEL]);
    let seed = chance.seed();
    // Round, so lighter towards one side.
    let mut shape: Vec<Spot> = vec![(middle - half, top), (middle + half, top), (middle + half, foot)];
    shape.extend((0..=12u8).map(|step| {
        let turn = f32::from(step) / 12.0 * std::f32::consts::PI;
        (middle + turn.cos() * half, foot + turn.sin() * 30.0)
    }));
    shape.push((middle - half, foot));
    canvas.fill_with(&shape, |x, y| {
        let round = 1.0 - ((x - middle) / half + 0.35).powi(2) * 0.26;
        let seam = if ((y - top) / 96.0).fract() < 0.03 { 0.9 } else { 1.0 };
        body.lit(round * seam + grain(x, y, 50.0, seed) * 0.03)
    });
    canvas.fill(&blob(chance, (middle, top), (half, 36.0), 0.0), body.lit(1.1));
    canvas.fill(&blob(chance, (middle + half * 0.3, top - 8.0), (56.0, 16.0), 0.0), body.lit(0.7));
    ladder(canvas, (middle - half * 0.55, top - 30.0), foot);
    let pipe = foot - 40.0;
    canvas.path(
        &[(middle + half * 0.7, pipe), (middle + half + 130.0, pipe), (middle + half + 130.0, BOTTOM)],
        30.0,
        BLUE,
    );
    canvas.fill(
        &blob(chance, (middle + half + 60.0, pipe - 26.0), (30.0, 30.0), 0.0),
        Colour(186.0, 54.0, 44.0),
    );
    if chance.percent(60) {
        fence(canvas, foot + 78.0);
    }
    land::bushes(chance, canvas, BOTTOM - 8.0, 7, 54.0);
}

fn ladder(canvas: &mut Canvas, (left, top): Spot, foot: f32) {
    for x in [left, left + 56.0] {
        canvas.stroke((x, top), (x, foot + 16.0), 7.0, DARK);
    }
    let mut rung = top + 20.0;
    while rung < foot {
        canvas.stroke((left, rung), (left + 56.0, rung), 6.0, DARK);
        rung += 34.0;
    }
}

fn fence(canvas: &mut Canvas, line: f32) {
    let green = Colour(64.0, 116.0, 84.0);
    for step in 0..33u8 {
        let x = f32::from(step) * 40.0;
        canvas.stroke((x, line - 90.0), (x, line), if step % 4 == 0 { 9.0 } else { 4.0 }, green);
    }
    for y in [line - 84.0, line - 14.0] {
        canvas.stroke((0.0, y), (RIGHT, y), 6.0, green);
    }
}

fn well(chance: &Chance, canvas: &mut Canvas, clear: bool) {
    let horizon = land::land(chance, canvas);
    land::bushes(chance, canvas, horizon + 30.0, 14, 80.0);
    let (middle, y) =
        (RIGHT * chance.within(0.36, 0.64), (horizon + chance.within(210.0, 290.0)).min(BOTTOM - 200.0));
    let (half, flat) = (chance.within(210.0, 270.0), chance.within(60.0, 84.0));
    let paving = blob(chance, (middle, y + 90.0), (half * 1.9, flat * 2.1), 0.06);
    canvas.fill(&paving, CONCRETE.near(chance).lit(0.9));
    let drum: Vec<Spot> = [(middle - half, y), (middle + half, y)]
        .into_iter()
        .chain((0..=12u8).map(|step| {
            let turn = f32::from(step) / 12.0 * std::f32::consts::PI;
            (middle + turn.cos() * half, y + 150.0 + turn.sin() * flat)
        }))
        .collect();
    wall_face(chance, canvas, &drum, Walls::Stone, 15.0);
    canvas.fill(&blob(chance, (middle, y), (half, flat), 0.0), Colour(176.0, 172.0, 162.0));
    canvas.fill(&blob(chance, (middle, y), (half * 0.82, flat * 0.78), 0.0), DARK);
    canvas.fill(&blob(chance, (middle, y + 16.0), (half * 0.7, flat * 0.5), 0.0), water(clear).lit(0.6));
    for side in [-1.0f32, 1.0] {
        let x = middle + side * half * 0.92;
        canvas.stroke((x, y + 10.0), (x, y - 290.0), 20.0, Colour(118.0, 88.0, 60.0));
    }
    let beam = y - 250.0;
    canvas.stroke((middle - half, beam), (middle + half, beam), 26.0, Colour(132.0, 98.0, 66.0));
    canvas.stroke((middle, beam), (middle, y - 70.0), 5.0, Colour(196.0, 180.0, 148.0));
    bucket(canvas, (middle, y - 60.0), 54.0, clear);
    if chance.percent(50) {
        let roof =
            [(middle - half - 70.0, y - 270.0), (middle, y - 390.0), (middle + half + 70.0, y - 270.0)];
        canvas.fill(&roof, Colour(84.0, 84.0, 90.0).near(chance));
    }
}

fn bucket(canvas: &mut Canvas, (x, y): Spot, size: f32, clear: bool) {
    let shape =
        [(x - size, y), (x + size, y), (x + size * 0.76, y + size * 1.7), (x - size * 0.76, y + size * 1.7)];
    canvas.fill_with(&shape, |at, _| BLUE.lit(1.1 - ((at - x) / size + 0.3).powi(2) * 0.3));
    let rim = [
        (x - size, y),
        (x - size * 0.6, y - size * 0.2),
        (x + size * 0.6, y - size * 0.2),
        (x + size, y),
        (x + size * 0.6, y + size * 0.2),
        (x - size * 0.6, y + size * 0.2),
    ];
    canvas.fill(&rim, water(clear));
}

fn spring(chance: &Chance, canvas: &mut Canvas, clear: bool) {
    let horizon = land::land(chance, canvas) * 0.6;
    let seed = chance.seed();
    let rock = [
        (0.0, horizon),
        (RIGHT * 0.3, horizon - 90.0),
        (RIGHT * 0.74, horizon - 30.0),
        (RIGHT, horizon + 40.0),
        (RIGHT, BOTTOM),
        (0.0, BOTTOM),
    ];
    canvas.fill_with(&rock, |x, y| {
        Colour(124.0, 122.0, 110.0).lit(0.9 + grain(x, y, 90.0, seed) * 0.2 + grain(x, y, 22.0, seed) * 0.08)
    });
    for _ in 0..20 {
        let spot = (chance.within(0.0, RIGHT), chance.within(horizon, BOTTOM * 0.7));
        let moss = blob(chance, spot, (chance.within(40.0, 130.0), chance.within(18.0, 50.0)), 0.3);
        canvas.glaze(&moss, Colour(84.0, 116.0, 62.0).near(chance), 0.7);
    }
    let (x, y) = (RIGHT * chance.within(0.34, 0.66), BOTTOM * chance.within(0.36, 0.46));
    let pool = BOTTOM * chance.within(0.7, 0.78);
    let basin =
        [(x - 360.0, pool - 70.0), (x + 360.0, pool - 70.0), (x + 420.0, BOTTOM), (x - 420.0, BOTTOM)];
    canvas.fill(&basin, CONCRETE.near(chance));
    let surface = [
        (x - 310.0, pool - 40.0),
        (x + 310.0, pool - 40.0),
        (x + 350.0, BOTTOM - 40.0),
        (x - 350.0, BOTTOM - 40.0),
    ];
    canvas.fill_with(&surface, |px, py| {
        let ripple = ((px - x).hypot((py - pool) * 2.2) / 24.0).sin() * 0.07;
        water(clear).towards(DEEP, 0.35).lit(1.0 + ripple)
    });
    canvas.fill(&[(x - 10.0, y), (x + 16.0, y), (x + 22.0, pool), (x - 22.0, pool)], water(clear).lit(1.15));
    canvas.stroke((x - 20.0, y - 150.0), (x + 2.0, y + 6.0), 46.0, Colour(150.0, 150.0, 146.0));
    canvas.fill(&blob(chance, (x + 2.0, y + 4.0), (26.0, 14.0), 0.0), DARK);
}

fn tap(chance: &Chance, canvas: &mut Canvas, clear: bool) {
    let walls = *chance.pick(&[Walls::Plaster, Walls::Brick, Walls::Plaster]);
    wall_face(chance, canvas, &land::all(), walls, chance.within(20.0, 26.0));
    let (x, y) = (RIGHT * chance.within(0.34, 0.66), BOTTOM * chance.within(0.24, 0.36));
    let sink = BOTTOM * chance.within(0.62, 0.7);
    let tile = [(0.0, sink + 40.0), (RIGHT, sink + 40.0), (RIGHT, BOTTOM), (0.0, BOTTOM)];
    let (seed, colour) = (chance.seed(), *chance.pick(&[CONCRETE, EARTH, Colour(214.0, 218.0, 220.0)]));
    canvas.fill_with(&tile, |x, y| {
        let joint = (x / 120.0).fract() < 0.03 || (y / 90.0).fract() < 0.04;
        colour.lit(if joint { 0.8 } else { 1.0 } + grain(x, y, 60.0, seed) * 0.05)
    });
    let trough = [(x - 340.0, sink), (x + 340.0, sink), (x + 300.0, sink + 190.0), (x - 300.0, sink + 190.0)];
    canvas.fill(&trough, Colour(206.0, 204.0, 196.0).near(chance));
    canvas.fill(
        &[
            (x - 310.0, sink + 12.0),
            (x + 310.0, sink + 12.0),
            (x + 286.0, sink + 80.0),
            (x - 286.0, sink + 80.0),
        ],
        Colour(140.0, 138.0, 132.0),
    );
    canvas.stroke((x - 130.0, 0.0), (x - 130.0, y), 30.0, STEEL);
    canvas.path(&[(x - 130.0, y), (x, y), (x, y + 76.0)], 36.0, STEEL.lit(0.92));
    canvas.stroke((x - 100.0, y - 20.0), (x - 100.0, y - 66.0), 18.0, STEEL.lit(0.8));
    canvas.stroke((x - 150.0, y - 66.0), (x - 50.0, y - 66.0), 22.0, Colour(186.0, 52.0, 44.0));
    let stream = water(clear);
    canvas.fill(
        &[(x - 12.0, y + 76.0), (x + 12.0, y + 76.0), (x + 9.0, sink - 70.0), (x - 9.0, sink - 70.0)],
        stream,
    );
    canvas.stroke((x - 3.0, y + 80.0), (x - 3.0, sink - 76.0), 4.0, stream.lit(1.25));
    bucket(canvas, (x, sink - 66.0), 120.0, clear);
    if chance.percent(50) {
        // The meter in its box.
        let left = x + chance.within(230.0, 330.0);
        canvas.block((left, y - 60.0), (left + 170.0, y + 110.0), Colour(60.0, 112.0, 168.0));
        canvas.fill(&blob(chance, (left + 85.0, y + 25.0), (58.0, 58.0), 0.0), Colour(236.0, 238.0, 238.0));
        canvas.stroke(
            (left + 85.0, y + 25.0),
            (left + 85.0 + chance.small() * 34.0, y - 14.0),
            5.0,
            Colour(190.0, 40.0, 36.0),
        );
    }
}

fn test(chance: &Chance, canvas: &mut Canvas, clear: bool) {
    let seed = chance.seed();
    let table = Colour(164.0, 126.0, 86.0).near(chance).lit(chance.within(0.7, 1.2));
    let turn = chance.small() * 0.3;
    canvas.fill_with(&land::all(), |x, y| {
        table.lit(1.0 + grain((x + y * turn) * 0.1, y - x * turn, 12.0, seed) * 0.1)
    });
    let x = RIGHT * chance.within(0.26, 0.4);
    let (top, foot) = (BOTTOM * chance.within(0.14, 0.24), BOTTOM * chance.within(0.78, 0.88));
    let (wide, narrow) = (chance.within(150.0, 190.0), 120.0);
    canvas.glaze(&blob(chance, (x + 60.0, foot + 10.0), (230.0, 56.0), 0.1), DARK, 0.3);
    let level = top + chance.within(60.0, 130.0);
    let at = |y: f32| narrow + (wide - narrow) * (foot - y) / (foot - top);
    canvas.glaze(
        &[(x - wide, top), (x + wide, top), (x + narrow, foot), (x - narrow, foot)],
        Colour(226.0, 236.0, 240.0),
        0.55,
    );
    let liquid = [(x - at(level), level), (x + at(level), level), (x + narrow, foot), (x - narrow, foot)];
    canvas.glaze(&liquid, water(clear), 0.75);
    canvas.glaze(&blob(chance, (x, level), (at(level), 22.0), 0.0), water(clear).lit(1.2), 0.8);
    canvas.glaze(
        &[
            (x - wide * 0.7, top + 40.0),
            (x - wide * 0.5, top + 40.0),
            (x - narrow * 0.5, foot - 60.0),
            (x - narrow * 0.7, foot - 60.0),
        ],
        Colour(255.0, 255.0, 255.0),
        0.5,
    );
    let card = RIGHT * chance.within(0.56, 0.66);
    let lean = chance.small() * 26.0;
    canvas.fill(
        &[
            (card, 110.0),
            (card + 330.0, 110.0 + lean),
            (card + 330.0 - lean, 850.0 + lean),
            (card - lean, 850.0),
        ],
        Colour(244.0, 242.0, 234.0),
    );
    for step in 0..6u8 {
        let part = f32::from(step) / 5.0;
        let y = 150.0 + f32::from(step) * 112.0;
        let shade = Colour(250.0, 226.0, 226.0).towards(Colour(206.0, 40.0, 96.0), part);
        canvas.fill(
            &[
                (card + 30.0, y),
                (card + 190.0, y + lean / 2.0),
                (card + 190.0, y + 84.0),
                (card + 30.0, y + 84.0),
            ],
            shade,
        );
        canvas.stroke((card + 214.0, y + 42.0), (card + 290.0, y + 42.0), 9.0, DARK);
    }
}
