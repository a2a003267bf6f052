//! One part of a house from near by, with a rule beside it: cracked wall, sunken footing, rotten beam, broken roof,
//! slope above the house.

use super::canvas::{Canvas, Colour, Spot, blob, grain};
use super::chance::Chance;
use super::land::{self, BOTTOM, EARTH, RIGHT};
use super::masonry::{Walls, crack, wall_face};

/// Which part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in super::super) enum Part {
    /// 地基.
    Footing,
    /// 墙体.
    Wall,
    /// 梁柱.
    Beam,
    /// 楼屋面.
    Roof,
    /// 周边.
    Surroundings,
}

const TIMBER: Colour = Colour(136.0, 98.0, 64.0);
const DARK: Colour = Colour(44.0, 38.0, 34.0);

/// The part, badly damaged.
pub(super) fn close(chance: &Chance, canvas: &mut Canvas, part: Part, walls: Walls) {
    match part {
        Part::Footing => footing(chance, canvas, walls),
        Part::Wall => wall(chance, canvas, walls),
        Part::Beam => beam(chance, canvas, walls),
        Part::Roof => roof(chance, canvas),
        Part::Surroundings => slope(chance, canvas),
    }
    land::light(chance, canvas);
}

fn wall(chance: &Chance, canvas: &mut Canvas, walls: Walls) {
    wall_face(chance, canvas, &land::all(), walls, chance.within(22.0, 30.0));
    let x = RIGHT * chance.within(0.3, 0.62);
    for _ in 0..2 {
        let patch =
            blob(chance, (x + chance.small() * 240.0, BOTTOM * chance.within(0.2, 0.9)), (150.0, 110.0), 0.3);
        canvas.glaze(&patch, Colour(122.0, 100.0, 74.0), 0.5);
    }
    let width = chance.within(11.0, 20.0);
    crack(chance, canvas, (x, -40.0), BOTTOM + 80.0, width);
    let start = (x + chance.small() * 160.0, 80.0);
    crack(chance, canvas, start, 520.0, 6.0);
    rule(canvas, (x + chance.within(90.0, 170.0), chance.within(240.0, 420.0)), chance.small() * 0.12);
}

fn footing(chance: &Chance, canvas: &mut Canvas, walls: Walls) {
    let floor = BOTTOM * chance.within(0.6, 0.74);
    let upper = [(0.0, 0.0), (RIGHT, 0.0), (RIGHT, floor), (0.0, floor)];
    wall_face(chance, canvas, &upper, walls, 20.0);
    let base = floor - chance.within(110.0, 190.0);
    wall_face(
        chance,
        canvas,
        &[(0.0, base), (RIGHT, base), (RIGHT, floor), (0.0, floor)],
        Walls::Stone,
        20.0,
    );
    let seed = chance.seed();
    let ground = [(0.0, floor), (RIGHT, floor), (RIGHT, BOTTOM), (0.0, BOTTOM)];
    canvas.fill_with(&ground, |x, y| EARTH.lit(0.9 + grain(x, y, 40.0, seed) * 0.12));
    let x = RIGHT * chance.within(0.3, 0.7);
    let gap = blob(chance, (x, floor + 6.0), (chance.within(170.0, 320.0), chance.within(24.0, 44.0)), 0.2);
    canvas.fill(&gap, DARK);
    crack(chance, canvas, (x, base - 260.0), floor - base + 270.0, 12.0);
    for _ in 0..7 {
        let stone =
            blob(chance, (chance.within(0.0, RIGHT), floor + chance.within(60.0, 200.0)), (34.0, 22.0), 0.25);
        canvas.fill(&stone, Colour(150.0, 146.0, 136.0).near(chance));
    }
    rule(canvas, (x + 140.0, base - 60.0), 0.04);
}

fn beam(chance: &Chance, canvas: &mut Canvas, walls: Walls) {
    wall_face(chance, canvas, &land::all(), walls, 12.0);
    canvas.glaze(&land::all(), Colour(60.0, 48.0, 38.0), 0.35);
    let (y, tall) = (BOTTOM * chance.within(0.3, 0.48), chance.within(120.0, 170.0));
    let drop = chance.within(30.0, 110.0);
    let seed = chance.seed();
    let middle = RIGHT * chance.within(0.4, 0.6);
    let shape = [
        (-20.0, y),
        (middle, y + drop),
        (RIGHT + 20.0, y - 20.0),
        (RIGHT + 20.0, y + tall - 20.0),
        (middle, y + tall + drop),
        (-20.0, y + tall),
    ];
    canvas.fill_with(&shape, |x, y| TIMBER.lit(1.0 + grain(x * 0.12, y, 9.0, seed) * 0.2));
    for _ in 0..4 {
        let spot = (middle + chance.small() * 190.0, y + drop + chance.within(20.0, tall));
        let rot = blob(chance, spot, (chance.within(40.0, 110.0), chance.within(16.0, 34.0)), 0.35);
        canvas.glaze(&rot, DARK, 0.85);
    }
    let post = RIGHT * chance.within(0.08, 0.2);
    let stand = [(post, y + tall), (post + 110.0, y + tall), (post + 110.0, BOTTOM), (post, BOTTOM)];
    canvas.fill_with(&stand, |x, y| TIMBER.lit(0.9 + grain(x, y * 0.12, 9.0, seed) * 0.18));
    rule(canvas, (middle + 120.0, y + drop - 190.0), 0.0);
}

fn roof(chance: &Chance, canvas: &mut Canvas) {
    let (seed, tiles) = (chance.seed(), Colour(94.0, 94.0, 98.0).near(chance));
    let slant = chance.within(0.05, 0.3);
    canvas.fill_with(&land::all(), |x, y| {
        let row = ((y + x * slant) / 52.0).fract();
        let rib = ((x - y * slant) / 15.0).sin() * 0.14;
        tiles.lit(1.0 + rib - if row < 0.22 { 0.25 } else { 0.0 } + grain(x, y, 60.0, seed) * 0.1)
    });
    let hole = (RIGHT * chance.within(0.35, 0.65), BOTTOM * chance.within(0.35, 0.6));
    let gap = blob(chance, hole, (chance.within(190.0, 290.0), chance.within(120.0, 190.0)), 0.28);
    canvas.fill(&gap, DARK);
    for step in 0..4u8 {
        let x = hole.0 - 220.0 + f32::from(step) * 140.0;
        canvas.stroke(
            (x, hole.1 - 230.0),
            (x + 40.0 + chance.small() * 30.0, hole.1 + 230.0),
            24.0,
            TIMBER.lit(0.8),
        );
    }
    for _ in 0..9 {
        let (x, y) = (hole.0 + chance.small() * 330.0, hole.1 + chance.small() * 230.0);
        let (wide, turn) = (46.0, chance.small());
        let tile = [
            (x, y),
            (x + wide, y + turn * 20.0),
            (x + wide - turn * 16.0, y + 32.0),
            (x - turn * 16.0, y + 26.0),
        ];
        canvas.fill(&tile, tiles.lit(chance.within(0.7, 1.3)));
    }
}

fn slope(chance: &Chance, canvas: &mut Canvas) {
    let horizon = land::land(chance, canvas);
    let left = chance.percent(50);
    let flip = |x: f32| if left { x } else { RIGHT - x };
    let seed = chance.seed();
    let top = horizon * chance.within(0.1, 0.4);
    let scar = [
        (flip(0.0), top),
        (flip(RIGHT * 0.4), top + 90.0),
        (flip(RIGHT * chance.within(0.62, 0.8)), BOTTOM * 0.86),
        (flip(RIGHT * 0.5), BOTTOM),
        (flip(0.0), BOTTOM),
    ];
    canvas
        .fill_with(&scar, |x, y| Colour(182.0, 138.0, 92.0).lit(0.95 + grain(x, y * 0.5, 34.0, seed) * 0.16));
    for _ in 0..16 {
        let spot = (flip(RIGHT * chance.within(0.1, 0.75)), BOTTOM * chance.within(0.68, 0.98));
        let stone = blob(chance, spot, (chance.within(18.0, 62.0), chance.within(14.0, 40.0)), 0.25);
        canvas.fill(&stone, Colour(164.0, 140.0, 110.0).near(chance).lit(chance.within(0.8, 1.1)));
    }
    for x in [0.08, 0.2, 0.32] {
        land::tree(chance, canvas, (flip(RIGHT * x), top + RIGHT * x * 0.2), chance.within(130.0, 210.0));
    }
    // The corner of the house that stands below it.
    let (edge, foot) = (RIGHT * chance.within(0.76, 0.86), BOTTOM * 0.9);
    let face = [
        (flip(edge), foot - 340.0),
        (flip(RIGHT + 10.0), foot - 340.0),
        (flip(RIGHT + 10.0), foot),
        (flip(edge), foot),
    ];
    wall_face(chance, canvas, &face, Walls::Brick, 6.0);
    let eaves = [
        (flip(edge - 46.0), foot - 330.0),
        (flip(edge + 60.0), foot - 460.0),
        (flip(RIGHT + 10.0), foot - 460.0),
        (flip(RIGHT + 10.0), foot - 330.0),
    ];
    canvas.fill(&eaves, Colour(82.0, 84.0, 90.0));
}

/// A folding rule held against the damage, so that its size can be told.
fn rule(canvas: &mut Canvas, at: Spot, turn: f32) {
    let (across, down) = ((turn.cos(), turn.sin()), (-turn.sin(), turn.cos()));
    let place = |x: f32, y: f32| (at.0 + across.0 * x + down.0 * y, at.1 + across.1 * x + down.1 * y);
    canvas.fill(
        &[place(0.0, 0.0), place(56.0, 0.0), place(56.0, 420.0), place(0.0, 420.0)],
        Colour(242.0, 214.0, 84.0),
    );
    for mark in 0..=40u8 {
        let y = 10.0 + f32::from(mark) * 10.0;
        let long = if mark.is_multiple_of(5) { 30.0 } else { 16.0 };
        canvas.stroke(place(0.0, y), place(long, y), 2.4, DARK);
    }
}
