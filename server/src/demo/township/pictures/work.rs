//! Somebody at work on a road, in a wood, by a river or on a square. Nobody in particular: a vest, a hat, no face.

use super::canvas::{Canvas, Colour, Spot, blob, grain};
use super::chance::Chance;
use super::land::{self, BOTTOM, RIGHT};

/// Where somebody works.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in super::super) enum Place {
    /// Sweeping a road.
    Road,
    /// Walking a path in a wood.
    Wood,
    /// Along a river.
    River,
    /// On a village square with its lamp and board.
    Square,
}

const HAT: Colour = Colour(226.0, 204.0, 148.0);
const SKIN: Colour = Colour(206.0, 160.0, 128.0);
const STRIPE: Colour = Colour(226.0, 232.0, 226.0);

/// The place, with somebody at work or without anybody.
pub(super) fn work(chance: &Chance, canvas: &mut Canvas, place: Place, somebody: bool) {
    let horizon = land::land(chance, canvas);
    match place {
        Place::Road => road(chance, canvas, horizon),
        Place::Wood => wood(chance, canvas, horizon),
        Place::River => river(chance, canvas, horizon),
        Place::Square => square(chance, canvas, horizon),
    }
    if somebody {
        let height = chance.within(330.0, 450.0);
        let foot = (RIGHT * chance.within(0.3, 0.7), (horizon + height).min(BOTTOM - 60.0));
        worker(chance, canvas, foot, height, place);
    }
    land::bushes(chance, canvas, BOTTOM - 8.0, 7, 66.0);
    if chance.percent(40) {
        land::overhang(chance, canvas);
    }
    land::light(chance, canvas);
}

fn road(chance: &Chance, canvas: &mut Canvas, horizon: f32) {
    let end = RIGHT * chance.within(0.2, 0.8);
    trees_along(chance, canvas, horizon, 5);
    let (left, right) = (RIGHT * chance.within(-0.1, 0.15), RIGHT * chance.within(0.85, 1.1));
    let (grey, seed) = (Colour(168.0, 166.0, 160.0).near(chance), chance.seed());
    let shape = [(end - 26.0, horizon + 4.0), (end + 26.0, horizon + 4.0), (right, BOTTOM), (left, BOTTOM)];
    canvas.fill_with(&shape, |x, y| grey.lit(1.0 + grain(x, y * 2.0, 40.0, seed) * 0.06));
    for step in 0..7u8 {
        let (near, next) = (f32::from(step) / 7.0, (f32::from(step) + 0.5) / 7.0);
        let at = |part: f32| {
            let deep = part * part;
            (end + ((left + right) / 2.0 - end) * deep, horizon + (BOTTOM - horizon) * deep)
        };
        canvas.stroke(at(near), at(next), 2.0 + near * 16.0, Colour(232.0, 226.0, 206.0));
    }
    for _ in 0..24 {
        let leaf = (chance.within(left.max(0.0), right.min(RIGHT)), BOTTOM - chance.within(20.0, 230.0));
        let spot = blob(chance, leaf, (9.0, 5.0), 0.3);
        canvas.fill(&spot, Colour(176.0, 136.0, 66.0).near(chance));
    }
}

fn wood(chance: &Chance, canvas: &mut Canvas, horizon: f32) {
    trees_along(chance, canvas, horizon, 12);
    let end = RIGHT * chance.within(0.3, 0.7);
    let (earth, seed) = (Colour(156.0, 128.0, 92.0).near(chance), chance.seed());
    let bend = chance.small() * 120.0;
    let middle = (horizon + BOTTOM) / 2.0;
    let shape = [
        (end - 14.0, horizon + 20.0),
        (end + 14.0, horizon + 20.0),
        (end + bend + 90.0, middle),
        (end + 300.0, BOTTOM),
        (end - 240.0, BOTTOM),
        (end + bend - 70.0, middle),
    ];
    canvas.fill_with(&shape, |x, y| earth.lit(1.0 + grain(x, y, 30.0, seed) * 0.1));
    for _ in 0..chance.between(4, 7) {
        let x =
            if chance.percent(50) { chance.within(-40.0, 330.0) } else { chance.within(950.0, RIGHT + 40.0) };
        let height = chance.within(520.0, 800.0);
        land::tree(chance, canvas, (x, BOTTOM - chance.within(20.0, 160.0)), height);
    }
}

fn river(chance: &Chance, canvas: &mut Canvas, horizon: f32) {
    trees_along(chance, canvas, horizon, 6);
    let left = chance.percent(50);
    let flip = |x: f32| if left { x } else { RIGHT - x };
    let bank = RIGHT * chance.within(0.42, 0.6);
    let seed = chance.seed();
    let shape = [
        (flip(0.0), horizon + 16.0),
        (flip(bank * 0.5), horizon + 16.0),
        (flip(bank), BOTTOM),
        (flip(0.0), BOTTOM),
    ];
    canvas.fill_with(&shape, |x, y| {
        let wave = grain(x * 0.35, y * 1.6, 15.0, seed) * 0.08;
        Colour(122.0, 160.0, 164.0)
            .towards(Colour(196.0, 214.0, 216.0), ((BOTTOM - y) / 700.0).clamp(0.0, 1.0))
            .lit(1.0 + wave)
    });
    let wall = [
        (flip(bank * 0.5), horizon + 10.0),
        (flip(bank * 0.5 + 20.0), horizon + 10.0),
        (flip(bank + 120.0), BOTTOM),
        (flip(bank), BOTTOM),
    ];
    canvas.fill(&wall, Colour(176.0, 172.0, 162.0).near(chance));
    for step in 1..7u8 {
        let part = f32::from(step) / 7.0;
        let (x, y) = (
            bank * 0.5 + 20.0 + (bank * 0.5 + 90.0) * part * part,
            horizon + (BOTTOM - horizon) * part * part,
        );
        canvas.stroke(
            (flip(x), y),
            (flip(x), y - 130.0 * part),
            4.0 + 8.0 * part,
            Colour(222.0, 224.0, 222.0),
        );
    }
}

fn square(chance: &Chance, canvas: &mut Canvas, horizon: f32) {
    trees_along(chance, canvas, horizon, 4);
    let (stone, seed) = (Colour(196.0, 188.0, 172.0).near(chance), chance.seed());
    let near = horizon + 70.0;
    let paving = [(RIGHT * 0.14, near), (RIGHT * 0.86, near), (RIGHT * 1.2, BOTTOM), (-RIGHT * 0.2, BOTTOM)];
    canvas.fill_with(&paving, |x, y| {
        let deep = (y - near) / (BOTTOM - near);
        let joint = ((x - RIGHT / 2.0) / (90.0 + deep * 130.0)).fract().abs() < 0.03
            || (deep.sqrt() * 9.0).fract() < 0.05;
        stone.lit(if joint { 0.82 } else { 1.0 } + grain(x, y, 50.0, seed) * 0.05)
    });
    let hall = RIGHT * chance.within(0.1, 0.6);
    canvas.block((hall, near - 190.0), (hall + 430.0, near + 6.0), Colour(228.0, 222.0, 208.0).near(chance));
    canvas.fill(
        &[
            (hall - 30.0, near - 186.0),
            (hall + 460.0, near - 186.0),
            (hall + 400.0, near - 260.0),
            (hall + 30.0, near - 260.0),
        ],
        Colour(92.0, 94.0, 100.0),
    );
    for step in 0..4u8 {
        let x = hall + 36.0 + f32::from(step) * 100.0;
        canvas.block((x, near - 140.0), (x + 62.0, near - 50.0), Colour(104.0, 128.0, 142.0));
    }
    let lamp = RIGHT * chance.within(0.7, 0.92);
    canvas.stroke((lamp, near + 110.0), (lamp, near - 300.0), 14.0, Colour(110.0, 116.0, 120.0));
    canvas.stroke((lamp, near - 296.0), (lamp - 90.0, near - 270.0), 10.0, Colour(110.0, 116.0, 120.0));
    canvas.fill(&blob(chance, (lamp - 100.0, near - 262.0), (36.0, 14.0), 0.0), Colour(242.0, 238.0, 210.0));
    let board = RIGHT * chance.within(0.04, 0.16);
    canvas.block((board, near - 60.0), (board + 170.0, near + 60.0), Colour(176.0, 46.0, 40.0));
    canvas.block((board + 14.0, near - 46.0), (board + 156.0, near + 46.0), Colour(240.0, 236.0, 224.0));
}

fn trees_along(chance: &Chance, canvas: &mut Canvas, horizon: f32, count: u8) {
    for _ in 0..count {
        let foot = (chance.within(0.0, RIGHT), horizon + chance.within(8.0, 70.0));
        let height = chance.within(150.0, 330.0);
        land::tree(chance, canvas, foot, height);
    }
}

fn worker(chance: &Chance, canvas: &mut Canvas, foot: Spot, height: f32, place: Place) {
    let (x, y) = foot;
    let unit = height / 10.0;
    let facing = if chance.percent(50) { 1.0 } else { -1.0 };
    canvas.glaze(
        &blob(chance, (x + unit, y + 4.0), (unit * 2.6, unit * 0.5), 0.1),
        Colour(50.0, 46.0, 40.0),
        0.45,
    );
    let trousers =
        *chance.pick(&[Colour(58.0, 66.0, 86.0), Colour(70.0, 70.0, 66.0), Colour(88.0, 76.0, 62.0)]);
    let stride = chance.within(0.4, 1.0) * unit;
    for side in [-1.0f32, 1.0] {
        canvas.stroke(
            (x, y - unit * 4.4),
            (x + side * stride, y - unit * 0.3),
            unit * 0.85,
            trousers.lit(1.0 - side * 0.06),
        );
        canvas.stroke(
            (x + side * stride - unit * 0.3, y - unit * 0.15),
            (x + side * stride + facing * unit * 0.6, y - unit * 0.15),
            unit * 0.4,
            Colour(50.0, 48.0, 46.0),
        );
    }
    let vest = match place {
        Place::Wood => Colour(92.0, 116.0, 74.0),
        Place::River => Colour(40.0, 112.0, 176.0),
        Place::Road | Place::Square => Colour(238.0, 122.0, 38.0),
    }
    .near(chance);
    let hand = (x + facing * unit * chance.within(1.7, 2.3), y - unit * chance.within(4.4, 5.4));
    tool(chance, canvas, hand, y, unit, facing, place);
    let sleeve = trousers.lit(1.35);
    canvas.stroke(
        (x - facing * unit * 0.8, y - unit * 7.4),
        (x - facing * unit * 1.4, y - unit * 5.0),
        unit * 0.62,
        sleeve,
    );
    let body = [
        (x - unit * 1.15, y - unit * 7.9),
        (x + unit * 1.15, y - unit * 7.9),
        (x + unit * 1.0, y - unit * 4.0),
        (x - unit * 1.0, y - unit * 4.0),
    ];
    canvas.fill(&body, vest);
    for line in [6.9, 5.1] {
        canvas.stroke(
            (x - unit * 1.1, y - unit * line),
            (x + unit * 1.1, y - unit * line),
            unit * 0.34,
            STRIPE,
        );
    }
    canvas.path(
        &[(x + facing * unit * 0.8, y - unit * 7.5), (x + facing * unit * 1.3, y - unit * 5.9), hand],
        unit * 0.6,
        sleeve,
    );
    canvas.fill(&blob(chance, hand, (unit * 0.34, unit * 0.34), 0.05), SKIN);
    if place == Place::Wood {
        canvas.stroke(
            (x - facing * unit * 0.82, y - unit * 7.0),
            (x - facing * unit * 1.1, y - unit * 6.0),
            unit * 0.7,
            Colour(204.0, 40.0, 36.0),
        );
    }
    canvas.fill(&blob(chance, (x, y - unit * 8.7), (unit * 0.72, unit * 0.86), 0.03), SKIN);
    let hat = if chance.percent(60) { HAT } else { vest.lit(0.85) };
    canvas.fill(&blob(chance, (x, y - unit * 9.05), (unit * 1.45, unit * 0.34), 0.03), hat.lit(0.9));
    canvas.fill(
        &[
            (x - unit * 0.8, y - unit * 9.1),
            (x - unit * 0.4, y - unit * 9.9),
            (x + unit * 0.4, y - unit * 9.9),
            (x + unit * 0.8, y - unit * 9.1),
        ],
        hat,
    );
}

fn tool(chance: &Chance, canvas: &mut Canvas, hand: Spot, ground: f32, unit: f32, facing: f32, place: Place) {
    let wood = Colour(158.0, 122.0, 78.0);
    let end = (hand.0 + facing * unit * chance.within(0.9, 1.7), ground - unit * 0.2);
    let top = (hand.0 - facing * unit * 0.5, hand.1 - unit * 2.2);
    canvas.stroke(top, end, unit * 0.2, wood);
    match place {
        Place::Road | Place::Square => {
            let broom = [
                (end.0 - unit * 0.3, end.1 - unit * 1.1),
                (end.0 + unit * 0.3, end.1 - unit * 1.1),
                (end.0 + unit * 1.0, end.1 + unit * 0.4),
                (end.0 - unit * 0.8, end.1 + unit * 0.4),
            ];
            canvas.fill(&broom, Colour(196.0, 166.0, 88.0));
        }
        Place::River => {
            canvas.fill(
                &blob(chance, (end.0, end.1 - unit * 0.2), (unit * 0.9, unit * 0.6), 0.05),
                Colour(70.0, 128.0, 96.0),
            );
        }
        Place::Wood => {
            canvas.fill(
                &[
                    (end.0 - unit * 0.2, end.1 - unit * 0.7),
                    (end.0 + unit * 0.7, end.1 - unit * 0.5),
                    (end.0 + unit * 0.1, end.1 + unit * 0.2),
                ],
                Colour(150.0, 154.0, 158.0),
            );
        }
    }
}
