//! Pictures of made-up places, each drawn from a number: house fronts, walls, water tanks, roads and yards, with
//! texture, light and sensor noise, from any viewpoint. Stands in for field photographs, which no test may hold.

use image::{Rgb, RgbImage};

/// A small generator, so that a scene is the same on every machine and with every version of every crate.
#[derive(Clone, Debug)]
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0xD1B5_4A32_D192_ED03)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        mix(self.0)
    }

    /// From 0 to 1.
    pub(crate) fn unit(&mut self) -> f32 {
        (self.next() >> 40) as f32 / (1u64 << 24) as f32
    }

    pub(crate) fn between(&mut self, from: f32, to: f32) -> f32 {
        from + (to - from) * self.unit()
    }

    pub(crate) fn below(&mut self, count: u64) -> u64 {
        self.next() % count
    }

    fn colour(&mut self, base: Colour, spread: f32) -> Colour {
        base.map(|part| (part + self.between(-spread, spread)).clamp(0.02, 0.98))
    }
}

fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

type Colour = [f32; 3];

/// What a scene shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Subject {
    House,
    Wall,
    Tank,
    Road,
    Yard,
}

/// Where the camera stands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct View {
    pub(crate) right: f32,
    pub(crate) up: f32,
    pub(crate) zoom: f32,
    pub(crate) turn: f32,
    pub(crate) lean: f32,
}

impl View {
    pub(crate) const FRONT: View = View { right: 0.0, up: 0.0, zoom: 1.0, turn: 0.0, lean: 0.0 };
}

/// How it is lit, and how noisy the sensor is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Light {
    pub(crate) gain: f32,
    pub(crate) warmth: f32,
    pub(crate) slope_x: f32,
    pub(crate) slope_y: f32,
    pub(crate) noise: f32,
    pub(crate) seed: u64,
}

impl Light {
    pub(crate) const DAY: Light =
        Light { gain: 1.0, warmth: 0.0, slope_x: 0.0, slope_y: 0.0, noise: 0.02, seed: 1 };

    pub(crate) fn of(seed: u64) -> Self {
        let mut dice = Dice::new(seed ^ 0x11);
        Self {
            gain: dice.between(0.75, 1.2),
            warmth: dice.between(-0.08, 0.08),
            slope_x: dice.between(-0.3, 0.3),
            slope_y: dice.between(-0.3, 0.3),
            noise: dice.between(0.01, 0.05),
            seed,
        }
    }
}

/// A made-up place.
#[derive(Clone, Debug)]
pub(crate) struct Scene {
    seed: u64,
    sky: [Colour; 2],
    ground: Colour,
    horizon: f32,
    hills: [f32; 6],
    shapes: Vec<Shape>,
}

#[derive(Clone, Debug)]
struct Shape {
    form: Form,
    colour: Colour,
    skin: Skin,
    seed: u64,
}

#[derive(Clone, Copy, Debug)]
enum Form {
    /// From left, top to right, bottom.
    Box([f32; 4]),
    /// A roof: left, right, ridge, eaves, ridge's place.
    Gable([f32; 5]),
    /// Centre, radii.
    Disc([f32; 4]),
    /// From, to, width.
    Line([f32; 5]),
    /// A road: x at the horizon, half width at the bottom.
    Wedge([f32; 3]),
}

#[derive(Clone, Copy, Debug)]
enum Skin {
    Plain,
    Rough(f32, f32),
    Brick(f32, f32),
    Tiles(f32),
    Leaves(f32),
}

impl Scene {
    pub(crate) fn of(seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        let subject = match dice.below(20) {
            0..=10 => Subject::House,
            11..=14 => Subject::Wall,
            15..=16 => Subject::Tank,
            17..=18 => Subject::Road,
            _ => Subject::Yard,
        };
        Self::with(seed, subject)
    }

    pub(crate) fn with(seed: u64, subject: Subject) -> Self {
        let mut dice = Dice::new(seed ^ 0x5CE7E);
        let grey = dice.unit() < 0.5;
        let sky = if grey { [0.82, 0.83, 0.85] } else { [0.55, 0.70, 0.92] };
        let mut scene = Self {
            seed,
            sky: [dice.colour(sky, 0.08), dice.colour([0.86, 0.89, 0.92], 0.06)],
            ground: dice.colour([0.45, 0.40, 0.32], 0.12),
            horizon: dice.between(0.50, 0.68),
            hills: std::array::from_fn(|_| dice.unit()),
            shapes: Vec::new(),
        };
        match subject {
            Subject::House => scene.build_house(&mut dice),
            Subject::Wall => scene.build_wall(&mut dice),
            Subject::Tank => scene.build_tank(&mut dice),
            Subject::Road => scene.build_road(&mut dice),
            Subject::Yard => scene.build_yard(&mut dice),
        }
        scene
    }

    fn add(&mut self, dice: &mut Dice, form: Form, colour: Colour, skin: Skin) {
        self.shapes.push(Shape { form, colour, skin, seed: dice.next() });
    }

    fn build_house(&mut self, dice: &mut Dice) {
        self.trees(dice, 3);
        let storeys = 1 + dice.below(3) as u32;
        let left = dice.between(0.06, 0.28);
        let right = dice.between(0.70, 0.95);
        let base = dice.between(0.74, 0.86);
        let storey = dice.between(0.16, 0.24);
        let top = (base - storey * storeys as f32).max(0.12);
        let wall = match dice.below(4) {
            0 => (dice.colour([0.62, 0.38, 0.28], 0.08), Skin::Brick(0.035, 0.014)),
            1 => (dice.colour([0.72, 0.58, 0.38], 0.08), Skin::Rough(28.0, 0.35)),
            2 => (dice.colour([0.88, 0.87, 0.83], 0.06), Skin::Rough(9.0, 0.18)),
            _ => (dice.colour([0.80, 0.78, 0.74], 0.1), Skin::Tiles(0.022)),
        };
        self.add(dice, Form::Box([left, top, right, base]), wall.0, wall.1);
        if dice.unit() < 0.7 {
            let ridge = top - dice.between(0.07, 0.15);
            let colour = dice.colour([0.30, 0.28, 0.29], 0.1);
            let place = dice.between(0.4, 0.6);
            self.add(
                dice,
                Form::Gable([left - 0.03, right + 0.03, ridge, top + 0.01, place]),
                colour,
                Skin::Tiles(0.018),
            );
        } else {
            self.add(
                dice,
                Form::Box([left - 0.02, top - 0.02, right + 0.02, top + 0.015]),
                [0.55; 3],
                Skin::Plain,
            );
        }
        self.openings(dice, left, right, top, base, storeys);
        self.cracks(dice, left, right, top, base);
        self.things(dice, base);
    }

    fn openings(&mut self, dice: &mut Dice, left: f32, right: f32, top: f32, base: f32, storeys: u32) {
        let bays = 2 + dice.below(4) as u32;
        let door = dice.below(u64::from(bays)) as u32;
        let (bay, storey) = ((right - left) / bays as f32, (base - top) / storeys as f32);
        let glass = dice.colour([0.20, 0.25, 0.30], 0.1);
        let wood = dice.colour([0.45, 0.20, 0.15], 0.15);
        let (wide, high) = (dice.between(0.4, 0.65), dice.between(0.4, 0.6));
        for row in 0..storeys {
            for column in 0..bays {
                let x = left + bay * (column as f32 + 0.5 - wide / 2.0);
                let y = top + storey * (row as f32 + 0.22);
                if row + 1 == storeys && column == door {
                    self.add(dice, Form::Box([x, y, x + bay * wide, base]), wood, Skin::Rough(6.0, 0.25));
                    for side in [x - 0.018, x + bay * wide + 0.004] {
                        self.add(
                            dice,
                            Form::Box([side, y, side + 0.014, base - 0.03]),
                            [0.75, 0.12, 0.10],
                            Skin::Plain,
                        );
                    }
                } else if dice.unit() < 0.9 {
                    self.add(
                        dice,
                        Form::Box([x, y, x + bay * wide, y + storey * high]),
                        [0.85; 3],
                        Skin::Plain,
                    );
                    self.add(
                        dice,
                        Form::Box([x + 0.006, y + 0.006, x + bay * wide - 0.006, y + storey * high - 0.006]),
                        glass,
                        Skin::Rough(14.0, 0.5),
                    );
                    let middle = x + bay * wide / 2.0;
                    self.add(
                        dice,
                        Form::Line([middle, y, middle, y + storey * high, 0.003]),
                        [0.85; 3],
                        Skin::Plain,
                    );
                }
            }
        }
    }

    fn cracks(&mut self, dice: &mut Dice, left: f32, right: f32, top: f32, base: f32) {
        for _ in 0..dice.below(4) {
            let (mut x, mut y) = (dice.between(left, right), dice.between(top, base));
            let width = dice.between(0.001, 0.005);
            for _ in 0..8 {
                let (next_x, next_y) = (x + dice.between(-0.03, 0.03), y + dice.between(0.0, 0.05));
                self.add(dice, Form::Line([x, y, next_x, next_y, width]), [0.12; 3], Skin::Plain);
                (x, y) = (next_x, next_y);
            }
        }
    }

    fn trees(&mut self, dice: &mut Dice, most: u64) {
        for _ in 0..=dice.below(most) {
            let (x, y) = (dice.between(-0.05, 1.05), self.horizon - dice.between(0.0, 0.12));
            let size = dice.between(0.06, 0.18);
            let green = dice.colour([0.22, 0.36, 0.16], 0.08);
            self.add(
                dice,
                Form::Box([x - 0.01, y, x + 0.01, y + 0.2]),
                [0.28, 0.2, 0.14],
                Skin::Rough(30.0, 0.3),
            );
            for _ in 0..3 {
                let (cx, cy) = (x + dice.between(-0.5, 0.5) * size, y + dice.between(-0.6, 0.2) * size);
                self.add(dice, Form::Disc([cx, cy, size, size * 0.8]), green, Skin::Leaves(40.0));
            }
        }
    }

    /// What stands about in front: tubs, stools, heaps, a person, a fence.
    fn things(&mut self, dice: &mut Dice, from: f32) {
        for _ in 0..1 + dice.below(6) {
            let (x, y) = (dice.between(0.0, 1.0), dice.between(from, 0.98));
            let (wide, high) = (dice.between(0.02, 0.10), dice.between(0.03, 0.14));
            let any = [dice.unit(), dice.unit(), dice.unit()];
            let skin = if dice.unit() < 0.5 { Skin::Plain } else { Skin::Rough(30.0, 0.4) };
            let form = match dice.below(3) {
                0 => Form::Disc([x, y, wide, high * 0.6]),
                1 => Form::Box([x, y - high, x + wide, y]),
                _ => Form::Line([x, y, x + wide * 2.0, y - high, 0.006]),
            };
            self.add(dice, form, any, skin);
        }
    }

    fn build_wall(&mut self, dice: &mut Dice) {
        let (colour, skin) = match dice.below(4) {
            0 => (
                dice.colour([0.60, 0.36, 0.27], 0.1),
                Skin::Brick(dice.between(0.08, 0.2), dice.between(0.03, 0.07)),
            ),
            1 => (dice.colour([0.70, 0.56, 0.38], 0.1), Skin::Rough(dice.between(6.0, 20.0), 0.4)),
            2 => (dice.colour([0.86, 0.85, 0.82], 0.06), Skin::Rough(dice.between(3.0, 8.0), 0.15)),
            _ => (dice.colour([0.80, 0.80, 0.78], 0.1), Skin::Tiles(dice.between(0.06, 0.14))),
        };
        self.add(dice, Form::Box([-1.0, -1.0, 2.0, 2.0]), colour, skin);
        for _ in 0..1 + dice.below(5) {
            let stain = dice.between(0.6, 0.95);
            let centre = [dice.unit(), dice.unit(), dice.between(0.05, 0.35), dice.between(0.05, 0.35)];
            self.add(dice, Form::Disc(centre), colour.map(|part| part * stain), skin);
        }
        self.cracks(dice, 0.1, 0.9, 0.0, 0.7);
        self.cracks(dice, 0.1, 0.9, 0.0, 0.7);
        if dice.unit() < 0.4 {
            let (x, y) = (dice.between(-0.2, 0.8), dice.between(-0.2, 0.8));
            let dark = dice.colour([0.25, 0.22, 0.2], 0.1);
            let wide = dice.between(0.2, 0.5);
            self.add(dice, Form::Box([x, y, x + wide, y + 1.0]), dark, Skin::Rough(8.0, 0.3));
        }
    }

    fn build_tank(&mut self, dice: &mut Dice) {
        self.trees(dice, 4);
        let (x, base) = (dice.between(0.3, 0.7), dice.between(0.72, 0.9));
        let (wide, high) = (dice.between(0.12, 0.28), dice.between(0.25, 0.5));
        let body = dice.colour([0.62, 0.66, 0.70], 0.2);
        let skin = if dice.unit() < 0.5 { Skin::Rough(5.0, 0.2) } else { Skin::Tiles(0.03) };
        self.add(dice, Form::Box([x - wide, base - high, x + wide, base]), body, skin);
        self.add(
            dice,
            Form::Disc([x, base - high, wide, wide * 0.25]),
            body.map(|part| part * 0.8),
            Skin::Plain,
        );
        for _ in 0..1 + dice.below(3) {
            let y = dice.between(base - high, base);
            let end = dice.unit();
            self.add(dice, Form::Line([x, y, end, y + 0.1, 0.012]), [0.3, 0.35, 0.5], Skin::Plain);
        }
        self.things(dice, base);
    }

    fn build_road(&mut self, dice: &mut Dice) {
        self.trees(dice, 6);
        let (far, half) = (dice.between(0.25, 0.75), dice.between(0.25, 0.6));
        let colour = dice.colour([0.60, 0.59, 0.57], 0.1);
        self.add(dice, Form::Wedge([far, half, self.horizon]), colour, Skin::Rough(20.0, 0.15));
        for _ in 0..dice.below(3) {
            let x = dice.between(0.0, 0.9);
            let wall = dice.colour([0.75, 0.7, 0.62], 0.15);
            let top = self.horizon - dice.between(0.05, 0.15);
            let wide = dice.between(0.08, 0.2);
            self.add(dice, Form::Box([x, top, x + wide, self.horizon + 0.02]), wall, Skin::Rough(10.0, 0.3));
        }
        let x = dice.between(0.2, 0.8);
        self.add(dice, Form::Box([x, 0.55, x + 0.06, 0.85]), [0.9, 0.45, 0.1], Skin::Rough(20.0, 0.3));
        self.add(dice, Form::Disc([x + 0.03, 0.52, 0.02, 0.03]), [0.75, 0.58, 0.48], Skin::Plain);
        self.things(dice, self.horizon);
    }

    fn build_yard(&mut self, dice: &mut Dice) {
        self.trees(dice, 4);
        let top = self.horizon - dice.between(0.05, 0.25);
        self.add(
            dice,
            Form::Box([-0.5, top, 1.5, self.horizon + 0.05]),
            [0.68, 0.62, 0.55],
            Skin::Brick(0.05, 0.02),
        );
        for _ in 0..3 {
            self.things(dice, self.horizon);
        }
    }

    /// Draws it as a camera would see it.
    pub(crate) fn draw(&self, view: &View, light: &Light, width: u32, height: u32) -> RgbImage {
        let (sin, cos) = (view.turn.sin(), view.turn.cos());
        RgbImage::from_fn(width, height, |px, py| {
            let x = (px as f32 + 0.5) / width as f32 - 0.5;
            let y = (py as f32 + 0.5) / height as f32 - 0.5;
            let depth = 1.0 + view.lean * x;
            let (u, v) = (x / (view.zoom * depth), y / (view.zoom * depth));
            let (u, v) = (u * cos - v * sin + 0.5 + view.right, u * sin + v * cos + 0.5 - view.up);
            let shade = light.gain * (1.0 + light.slope_x * x + light.slope_y * y);
            let noise = light.noise * gauss(light.seed, px, py);
            let [r, g, b] = self.at(u, v);
            let warm = [r * (1.0 + light.warmth), g, b * (1.0 - light.warmth)];
            Rgb(warm.map(|part| byte(part * shade + noise)))
        })
    }

    fn at(&self, u: f32, v: f32) -> Colour {
        let mut colour = self.backdrop(u, v);
        for shape in &self.shapes {
            if let Some(inside) = shape.form.hit(u, v) {
                let light = shape.skin.at(shape.seed, u, v) * inside;
                colour = shape.colour.map(|part| part * light);
            }
        }
        colour
    }

    fn backdrop(&self, u: f32, v: f32) -> Colour {
        let ridge = self.horizon
            - 0.06
            - 0.07
                * (self.hills[0] + 1.0)
                * (u * (2.0 + 3.0 * self.hills[1]) + 6.0 * self.hills[2]).sin().abs()
            - 0.03 * fractal(self.seed ^ 1, u * 6.0, 0.0, 3);
        if v < ridge {
            let cloud = 0.12 * (fractal(self.seed ^ 2, u * 3.0, v * 6.0, 4) - 0.5);
            let share = (v / self.horizon).clamp(0.0, 1.0);
            std::array::from_fn(|part| self.sky[0][part] * (1.0 - share) + self.sky[1][part] * share + cloud)
        } else if v < self.horizon {
            let leaf = 0.6 + 0.8 * fractal(self.seed ^ 3, u * 30.0, v * 40.0, 3);
            [0.32, 0.42, 0.30].map(|part| part * leaf)
        } else {
            let depth = 0.05 + v - self.horizon;
            let soil = 0.65 + 0.7 * fractal(self.seed ^ 4, u * 2.0 / depth, 4.0 / depth, 4);
            self.ground.map(|part| part * soil)
        }
    }
}

impl Form {
    /// How light the surface is there, if the point lies within.
    fn hit(self, u: f32, v: f32) -> Option<f32> {
        match self {
            Form::Box([left, top, right, bottom]) => {
                (u >= left && u < right && v >= top && v < bottom).then_some(1.0)
            }
            Form::Gable([left, right, ridge, eaves, place]) => {
                let x = (u - left) / (right - left);
                let rise = if x < place { x / place } else { (1.0 - x) / (1.0 - place) };
                (v < eaves && v > eaves - (eaves - ridge) * rise).then_some(1.0)
            }
            Form::Disc([x, y, wide, high]) => {
                let (dx, dy) = ((u - x) / wide, (v - y) / high);
                (dx * dx + dy * dy < 1.0).then_some(1.0 - 0.25 * (dx + dy) * 0.7)
            }
            Form::Line([x0, y0, x1, y1, width]) => {
                let (dx, dy) = (x1 - x0, y1 - y0);
                let along = (((u - x0) * dx + (v - y0) * dy) / (dx * dx + dy * dy).max(1e-9)).clamp(0.0, 1.0);
                let (ex, ey) = (u - x0 - along * dx, v - y0 - along * dy);
                (ex * ex + ey * ey < width * width).then_some(1.0)
            }
            Form::Wedge([far, half, horizon]) => {
                let near = (v - horizon) / (1.0 - horizon);
                let middle = far + (0.5 - far) * near;
                (near > 0.0 && (u - middle).abs() < half * near + 0.01).then_some(1.0)
            }
        }
    }
}

impl Skin {
    fn at(self, seed: u64, u: f32, v: f32) -> f32 {
        match self {
            Skin::Plain => 1.0,
            Skin::Rough(scale, depth) => 1.0 - depth / 2.0 + depth * fractal(seed, u * scale, v * scale, 4),
            Skin::Brick(wide, high) => brick(seed, u, v, wide, high),
            Skin::Tiles(size) => {
                brick(seed, u, v, size, size) * (0.9 + 0.2 * fractal(seed, u * 4.0, v * 4.0, 3))
            }
            Skin::Leaves(scale) => 0.4 + 1.2 * fractal(seed, u * scale, v * scale, 3),
        }
    }
}

fn brick(seed: u64, u: f32, v: f32, wide: f32, high: f32) -> f32 {
    let row = (v / high).floor();
    let shift = if row as i64 % 2 == 0 { 0.0 } else { wide / 2.0 };
    let column = ((u + shift) / wide).floor();
    let (in_x, in_y) = ((u + shift) / wide - column, v / high - row);
    if in_x < 0.06 || in_y < 0.12 {
        return 1.25;
    }
    0.8 + 0.4 * lattice(seed, column as i64, row as i64)
}

/// Noise with detail at every scale, as surfaces have; from 0 to 1.
fn fractal(seed: u64, x: f32, y: f32, octaves: u32) -> f32 {
    let (mut sum, mut weight, mut total, mut scale) = (0.0, 1.0, 0.0, 1.0);
    for octave in 0..octaves {
        sum += weight * smooth(seed.wrapping_add(u64::from(octave)), x * scale, y * scale);
        total += weight;
        weight *= 0.55;
        scale *= 2.0;
    }
    sum / total
}

fn smooth(seed: u64, x: f32, y: f32) -> f32 {
    let (left, top) = (x.floor(), y.floor());
    let ease = |t: f32| t * t * (3.0 - 2.0 * t);
    let (fx, fy) = (ease(x - left), ease(y - top));
    let (ix, iy) = (left as i64, top as i64);
    let upper = lattice(seed, ix, iy) * (1.0 - fx) + lattice(seed, ix + 1, iy) * fx;
    let lower = lattice(seed, ix, iy + 1) * (1.0 - fx) + lattice(seed, ix + 1, iy + 1) * fx;
    upper * (1.0 - fy) + lower * fy
}

fn lattice(seed: u64, x: i64, y: i64) -> f32 {
    let at =
        (x as u64).wrapping_mul(0x9E37_79B1).wrapping_add((y as u64).wrapping_mul(0x85EB_CA77_C2B2_AE63));
    (mix(seed ^ at) >> 40) as f32 / (1u64 << 24) as f32
}

fn gauss(seed: u64, x: u32, y: u32) -> f32 {
    let bits = mix(seed ^ (u64::from(x) << 32 | u64::from(y)));
    let parts = [bits & 0xFFFF, bits >> 16 & 0xFFFF, bits >> 32 & 0xFFFF, bits >> 48];
    (parts.iter().map(|part| *part as f32 / 65_536.0).sum::<f32>() - 2.0) * 1.73
}

fn byte(part: f32) -> u8 {
    (part.clamp(0.0, 1.0) * 255.0 + 0.5) as u8
}
