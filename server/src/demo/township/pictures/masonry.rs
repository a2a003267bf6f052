//! What houses are built of and how that breaks: the face of a wall, a crack, and the board that warns of it.

use super::canvas::{Canvas, Colour, Spot, grain};
use super::chance::Chance;

const DARK: Colour = Colour(52.0, 46.0, 42.0);
const YELLOW: Colour = Colour(238.0, 190.0, 44.0);

/// Of what the walls are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in super::super) enum Walls {
    /// Plastered or tiled brick with concrete floors.
    Plaster,
    /// Bare brick.
    Brick,
    /// Rammed or dried earth.
    Earth,
    /// Field stone.
    Stone,
}

/// The face of a wall.
pub(super) fn wall_face(chance: &Chance, canvas: &mut Canvas, shape: &[Spot], walls: Walls, unit: f32) {
    let seed = chance.seed();
    let stain = |x: f32, y: f32| grain(x, y, unit * 9.0, seed) * 0.06 + grain(x, y, unit * 2.5, seed) * 0.03;
    match walls {
        Walls::Plaster => {
            let colour = Colour(224.0, 220.0, 208.0).near(chance).lit(chance.within(0.9, 1.06));
            canvas.fill_with(shape, |x, y| colour.lit(1.0 + stain(x, y)));
        }
        Walls::Earth => {
            let colour = Colour(194.0, 156.0, 104.0).near(chance).lit(chance.within(0.85, 1.08));
            canvas.fill_with(shape, |x, y| {
                let layer = ((y / (unit * 6.0)).fract() < 0.06) as u8;
                colour.lit(1.0 + stain(x, y) * 1.8 - f32::from(layer) * 0.12)
            });
        }
        Walls::Brick => {
            let colour = Colour(176.0, 98.0, 74.0).near(chance).lit(chance.within(0.85, 1.1));
            let mortar = colour.towards(Colour(190.0, 178.0, 162.0), 0.6);
            canvas.fill_with(shape, |x, y| {
                let row = (y / (unit * 2.0)).floor();
                let along = x / (unit * 5.0) + (row * 0.5).fract();
                let gap = (y / (unit * 2.0)).fract() < 0.14 || along.fract() < 0.06;
                let brick = grain(along.floor() * 40.0, row * 40.0, 7.0, seed) * 0.09;
                if gap { mortar.lit(1.0 + stain(x, y)) } else { colour.lit(1.0 + brick + stain(x, y)) }
            });
        }
        Walls::Stone => {
            let colour = Colour(158.0, 154.0, 144.0).near(chance);
            canvas.fill_with(shape, |x, y| {
                let row = ((y + grain(x, y, unit * 7.0, seed) * unit) / (unit * 4.0)).floor();
                let along = x / (unit * 7.0)
                    + (row * 0.37).fract() * 2.0
                    + grain(row * 30.0, x, unit * 6.0, seed) * 0.2;
                let gap = ((y + grain(x, y, unit * 7.0, seed) * unit) / (unit * 4.0)).fract() < 0.09
                    || along.fract() < 0.05;
                let stone = grain(along.floor() * 50.0, row * 50.0, 9.0, seed) * 0.15;
                colour.lit(if gap { 0.66 } else { 1.0 + stone + stain(x, y) })
            });
        }
    }
}

/// A crack that wanders down and forks.
pub(super) fn crack(chance: &Chance, canvas: &mut Canvas, from: Spot, length: f32, width: f32) {
    let mut at = from;
    let mut turn = std::f32::consts::FRAC_PI_2 + chance.small() * 0.3;
    let steps = 14u8;
    for step in 0..steps {
        let left = 1.0 - f32::from(step) / f32::from(steps);
        turn = (turn + chance.small() * 0.5).clamp(0.5, 2.6);
        let reach = length / f32::from(steps);
        let to = (at.0 + turn.cos() * reach, at.1 + turn.sin() * reach);
        canvas.stroke(at, to, width * (0.3 + left * 0.7) * chance.within(0.7, 1.3), DARK);
        if step == 5 && length > 90.0 {
            crack(chance, canvas, to, length * 0.4, width * 0.6);
        }
        at = to;
    }
}

/// A yellow board with a black triangle.
pub(super) fn warning(canvas: &mut Canvas, foot: Spot, size: f32) {
    canvas.stroke(foot, (foot.0, foot.1 - size * 1.5), size * 0.07, Colour(120.0, 120.0, 118.0));
    let (left, top) = (foot.0 - size * 0.55, foot.1 - size * 2.0);
    canvas.block((left - 4.0, top - 4.0), (left + size * 1.1 + 4.0, top + size * 0.85 + 4.0), DARK);
    canvas.block((left, top), (left + size * 1.1, top + size * 0.85), YELLOW);
    let (middle, low) = (foot.0, top + size * 0.7);
    canvas
        .fill(&[(middle, top + size * 0.1), (middle + size * 0.36, low), (middle - size * 0.36, low)], DARK);
    canvas.fill(
        &[
            (middle, top + size * 0.22),
            (middle + size * 0.26, low - size * 0.05),
            (middle - size * 0.26, low - size * 0.05),
        ],
        YELLOW,
    );
    canvas.stroke((middle, top + size * 0.34), (middle, low - size * 0.2), size * 0.07, DARK);
    canvas.stroke((middle, low - size * 0.14), (middle, low - size * 0.08), size * 0.07, DARK);
}
