//! A house from across the yard: walls, roof, door and windows, and what is wrong with it.

use super::canvas::{Canvas, Colour, Spot, blob, grain};
use super::chance::Chance;
use super::land::{self, BOTTOM, CONCRETE, EARTH, RIGHT};
use super::masonry::{Walls, crack, wall_face, warning};

/// How far gone it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in super::super) enum Wear {
    /// Sound.
    Sound,
    /// A crack here, a stain there.
    Worn,
    /// Broken in part.
    Broken,
    /// About to fall.
    Falling,
}

/// What a house looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in super::super) struct Looks {
    pub(in super::super) walls: Walls,
    pub(in super::super) storeys: u8,
    pub(in super::super) wear: Wear,
    /// A warning board in front.
    pub(in super::super) sign: bool,
    /// Boards over door and windows.
    pub(in super::super) sealed: bool,
}

const TILES: Colour = Colour(86.0, 88.0, 94.0);
const WOOD: Colour = Colour(122.0, 84.0, 54.0);
const GLASS: Colour = Colour(98.0, 122.0, 138.0);
const DARK: Colour = Colour(52.0, 46.0, 42.0);

/// The front of a house: its corners, how high a storey is.
struct Front {
    left: f32,
    right: f32,
    top: f32,
    foot: f32,
    storey: f32,
    /// Over how many pixels it leans to one side at the top.
    lean: f32,
}

impl Front {
    /// A place on the wall, from 0 to 1 across and up.
    fn at(&self, across: f32, up: f32) -> Spot {
        (
            self.left + (self.right - self.left) * across + self.lean * up,
            self.foot + (self.top - self.foot) * up,
        )
    }

    fn piece(&self, (from, low): Spot, (to, high): Spot) -> [Spot; 4] {
        [self.at(from, high), self.at(to, high), self.at(to, low), self.at(from, low)]
    }
}

/// The whole house with its surroundings.
pub(super) fn whole(chance: &Chance, canvas: &mut Canvas, looks: Looks) {
    let horizon = land::land(chance, canvas);
    let middle = RIGHT * chance.within(0.36, 0.64);
    for _ in 0..chance.between(3, 7) {
        let foot = (chance.within(0.0, RIGHT), horizon + chance.within(10.0, 60.0));
        let height = chance.within(170.0, 380.0);
        land::tree(chance, canvas, foot, height);
    }
    let foot = (horizon + chance.within(190.0, 290.0)).min(BOTTOM - 130.0);
    let wide = chance.within(520.0, 760.0);
    let storey = chance.within(170.0, 205.0);
    let lean =
        if looks.wear == Wear::Falling { chance.small().signum() * chance.within(16.0, 34.0) } else { 0.0 };
    let front = Front {
        left: middle - wide / 2.0,
        right: middle + wide / 2.0,
        top: foot - storey * f32::from(looks.storeys),
        foot,
        storey,
        lean,
    };
    yard(chance, canvas, &front);
    walls(chance, canvas, &front, looks);
    roof(chance, canvas, &front, looks);
    openings(chance, canvas, &front, looks);
    damage(chance, canvas, &front, looks.wear);
    if looks.sign {
        let spot = (front.left - chance.within(10.0, 60.0), front.foot + chance.within(20.0, 60.0));
        warning(canvas, spot, 120.0);
    }
    land::bushes(chance, canvas, BOTTOM - 12.0, 9, 60.0);
    if chance.percent(45) {
        land::overhang(chance, canvas);
    }
    land::light(chance, canvas);
}

/// The door with the plate that carries the house number.
pub(super) fn door(chance: &Chance, canvas: &mut Canvas, looks: Looks) {
    let front = Front {
        left: -chance.within(60.0, 500.0),
        right: RIGHT + chance.within(60.0, 500.0),
        top: -90.0,
        foot: BOTTOM - chance.within(80.0, 170.0),
        storey: BOTTOM,
        lean: 0.0,
    };
    canvas.fill(&land::all(), EARTH);
    yard(chance, canvas, &front);
    walls(chance, canvas, &front, looks);
    let middle = RIGHT * chance.within(0.36, 0.64);
    let (half, top) = (chance.within(150.0, 200.0), chance.within(150.0, 250.0));
    let leaf = Colour(126.0, 58.0, 44.0).near(chance).lit(chance.within(0.75, 1.2));
    canvas.block((middle - half - 26.0, top - 26.0), (middle + half + 26.0, front.foot), leaf.lit(0.6));
    let seed = chance.seed();
    for (from, to) in [(middle - half, middle - 3.0), (middle + 3.0, middle + half)] {
        let shape = [(from, top), (to, top), (to, front.foot), (from, front.foot)];
        canvas.fill_with(&shape, |x, y| leaf.lit(1.0 + grain(x * 3.0, y * 0.2, 14.0, seed) * 0.12));
        for panel in [top + 40.0, (top + front.foot) / 2.0 + 20.0] {
            let low = panel + (front.foot - top) * 0.36;
            canvas.path(
                &[
                    (from + 24.0, panel),
                    (to - 24.0, panel),
                    (to - 24.0, low),
                    (from + 24.0, low),
                    (from + 24.0, panel),
                ],
                5.0,
                leaf.lit(0.72),
            );
        }
    }
    // Red paper on both sides and above, as put up for the new year.
    let red = Colour(196.0, 44.0, 36.0).near(chance);
    for x in [middle - half - 92.0, middle + half + 38.0] {
        canvas.block((x, top + 10.0), (x + 54.0, front.foot - 90.0), red);
        for mark in 0..7u8 {
            let y = top + 34.0 + f32::from(mark) * (front.foot - top - 150.0) / 7.0;
            let stroke = blob(chance, (x + 27.0, y + 24.0), (14.0, 16.0), 0.4);
            canvas.fill(&stroke, Colour(64.0, 30.0, 24.0));
        }
    }
    canvas.block((middle - half * 0.8, top - 78.0), (middle + half * 0.8, top - 34.0), red);
    let side = if chance.percent(50) { middle + half + 120.0 } else { middle - half - 240.0 };
    plate(chance, canvas, (side, top + chance.within(40.0, 160.0)));
    if looks.sealed {
        boards(canvas, &[(middle - half, top), (middle + half, front.foot)]);
    }
    damage(chance, canvas, &front, looks.wear.min(Wear::Broken));
    land::light(chance, canvas);
}

fn yard(chance: &Chance, canvas: &mut Canvas, front: &Front) {
    let floor = if chance.percent(50) { CONCRETE } else { EARTH }.near(chance);
    let seed = chance.seed();
    let shape = [
        (front.left - 60.0, front.foot - 14.0),
        (front.right + 60.0, front.foot - 14.0),
        (front.right + 260.0, BOTTOM),
        (front.left - 260.0, BOTTOM),
    ];
    canvas.fill_with(&shape, |x, y| floor.lit(0.98 + grain(x, y * 2.0, 34.0, seed) * 0.06));
}

fn walls(chance: &Chance, canvas: &mut Canvas, front: &Front, looks: Looks) {
    let face = front.piece((0.0, 0.0), (1.0, 1.0));
    wall_face(chance, canvas, &face, looks.walls, front.storey / 34.0);
    let footing = front.piece((-0.01, -0.02), (1.01, 0.09 / f32::from(looks.storeys.max(1))));
    canvas.glaze(&footing, Colour(110.0, 106.0, 100.0), 0.75);
    for storey in 1..looks.storeys {
        let up = f32::from(storey) / f32::from(looks.storeys);
        canvas.fill(&front.piece((-0.01, up - 0.012), (1.01, up + 0.012)), Colour(170.0, 166.0, 158.0));
    }
}

fn roof(chance: &Chance, canvas: &mut Canvas, front: &Front, looks: Looks) {
    if looks.walls == Walls::Plaster && looks.storeys > 1 {
        // A flat roof with a parapet.
        canvas.fill(&front.piece((-0.03, 0.99), (1.03, 1.07)), Colour(204.0, 198.0, 186.0));
        canvas.fill(&front.piece((-0.03, 0.985), (1.03, 1.0)), Colour(134.0, 130.0, 124.0));
        return;
    }
    let rise = chance.within(0.5, 0.72) * front.storey;
    let (a, b) = (front.at(-0.06, 1.0), front.at(1.06, 1.0));
    let (c, d) = (front.at(0.95, 1.0), front.at(0.05, 1.0));
    let sag = match looks.wear {
        Wear::Sound | Wear::Worn => 0.0,
        Wear::Broken => rise * 0.12,
        Wear::Falling => rise * 0.34,
    };
    let ridge = ((c.0 + d.0) / 2.0 + chance.small() * 40.0, c.1 - rise + sag);
    let shape = [(a.0, a.1 + 12.0), (b.0, b.1 + 12.0), (c.0, c.1 - rise), ridge, (d.0, d.1 - rise)];
    let (colour, seed) = (TILES.near(chance).lit(chance.within(0.85, 1.2)), chance.seed());
    canvas.fill_with(&shape, |x, y| {
        let rib = (x / 11.0).sin() * 0.13;
        let row = if (y / 15.0).fract() < 0.2 { -0.12 } else { 0.0 };
        colour.lit(1.0 + rib + row + grain(x, y, 40.0, seed) * 0.08)
    });
    canvas.path(&[(d.0, d.1 - rise), ridge, (c.0, c.1 - rise)], 10.0, colour.lit(0.7));
    canvas.stroke((a.0, a.1 + 12.0), (b.0, b.1 + 12.0), 8.0, WOOD.lit(0.7));
    let holes = match looks.wear {
        Wear::Sound | Wear::Worn => 0,
        Wear::Broken => 2,
        Wear::Falling => 5,
    };
    for _ in 0..holes {
        let spot = (chance.within(d.0 + 30.0, c.0 - 30.0), c.1 - rise * chance.within(0.2, 0.75));
        let hole = blob(chance, spot, (chance.within(20.0, 58.0), chance.within(12.0, 30.0)), 0.35);
        canvas.fill(&hole, DARK);
        canvas.stroke((spot.0 - 24.0, spot.1 + 10.0), (spot.0 + 26.0, spot.1 - 12.0), 6.0, WOOD);
    }
}

fn openings(chance: &Chance, canvas: &mut Canvas, front: &Front, looks: Looks) {
    let count = chance.between(1, 2);
    let half = 0.055;
    let frame = if looks.walls == Walls::Plaster { Colour(214.0, 218.0, 220.0) } else { WOOD.near(chance) };
    let one = 1.0 / f32::from(looks.storeys.max(1));
    for storey in 0..looks.storeys {
        let low = (f32::from(storey) + 0.36) * one;
        let high = (f32::from(storey) + 0.74) * one;
        for side in [-1.0f32, 1.0] {
            for number in 0..count {
                let step = if number == 0 { 0.2 } else { 0.37 };
                window(canvas, front, (0.5 + side * step, low, high), half, frame);
            }
        }
        if storey > 0 {
            window(canvas, front, (0.5, low, high), half, frame);
        }
    }
    let leaf = Colour(130.0, 66.0, 48.0).near(chance);
    canvas.fill(&front.piece((0.43, 0.0), (0.57, 0.78 * one)), WOOD.lit(0.55));
    canvas.fill(&front.piece((0.44, 0.0), (0.497, 0.75 * one)), leaf);
    canvas.fill(&front.piece((0.503, 0.0), (0.56, 0.75 * one)), leaf.lit(0.92));
    for x in [0.412, 0.572] {
        canvas.fill(&front.piece((x, 0.14 * one), (x + 0.016, 0.7 * one)), Colour(192.0, 48.0, 40.0));
    }
    if looks.sealed {
        boards(canvas, &[front.at(0.42, 0.78 * one), front.at(0.58, 0.0)]);
        for side in [-1.0f32, 1.0] {
            let x = 0.5 + side * 0.2;
            boards(canvas, &[front.at(x - half, 0.74 * one), front.at(x + half, 0.36 * one)]);
        }
    }
}

fn window(canvas: &mut Canvas, front: &Front, (at, low, high): (f32, f32, f32), half: f32, frame: Colour) {
    canvas.fill(&front.piece((at - half - 0.008, low - 0.02), (at + half + 0.008, high + 0.015)), frame);
    canvas.fill(&front.piece((at - half, low), (at + half, high)), GLASS);
    let glare =
        [front.at(at - half * 0.9, high), front.at(at - half * 0.2, high), front.at(at - half * 0.9, low)];
    canvas.glaze(&glare, Colour(190.0, 208.0, 216.0), 0.5);
    canvas.stroke(front.at(at, low), front.at(at, high), 6.0, frame);
}

fn boards(canvas: &mut Canvas, corners: &[Spot; 2]) {
    let [(left, top), (right, bottom)] = *corners;
    let deal = Colour(196.0, 164.0, 116.0);
    canvas.stroke((left - 12.0, top + 8.0), (right + 12.0, bottom - 12.0), (bottom - top) * 0.13, deal);
    canvas.stroke(
        (left - 12.0, bottom - 12.0),
        (right + 12.0, top + 8.0),
        (bottom - top) * 0.13,
        deal.lit(0.9),
    );
}

fn damage(chance: &Chance, canvas: &mut Canvas, front: &Front, wear: Wear) {
    let (cracks, width, falls) = match wear {
        Wear::Sound => (0, 0.0, 0),
        Wear::Worn => (1, 2.6, 1),
        Wear::Broken => (3, 5.0, 2),
        Wear::Falling => (5, 8.0, 4),
    };
    for _ in 0..falls {
        let spot = front.at(chance.within(0.08, 0.92), chance.within(0.1, 0.6));
        let patch = blob(chance, spot, (chance.within(22.0, 60.0), chance.within(26.0, 70.0)), 0.3);
        canvas.glaze(&patch, Colour(120.0, 100.0, 78.0), 0.6);
    }
    for _ in 0..cracks {
        let from = front.at(chance.within(0.05, 0.95), chance.within(0.75, 0.97));
        let length = front.storey * chance.within(0.5, 0.95);
        crack(chance, canvas, from, length, width);
    }
}

fn plate(chance: &Chance, canvas: &mut Canvas, (left, top): Spot) {
    let blue = Colour(36.0, 78.0, 156.0).near(chance);
    canvas.block((left - 4.0, top - 4.0), (left + 134.0, top + 96.0), Colour(226.0, 228.0, 232.0));
    canvas.block((left, top), (left + 130.0, top + 92.0), blue);
    let white = Colour(240.0, 242.0, 246.0);
    canvas.block((left + 14.0, top + 12.0), (left + 116.0, top + 26.0), white.lit(0.9));
    // Bars instead of digits: the number of nobody's house.
    for bar in 0..4u8 {
        let x = left + 18.0 + f32::from(bar) * 26.0;
        let tall = chance.within(26.0, 44.0);
        canvas.block((x, top + 82.0 - tall), (x + 14.0, top + 82.0), white);
    }
}
