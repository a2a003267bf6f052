//! Computes likenesses: cell means over windows of a picture, hashed by `image_hasher`. Sums are whole numbers, so the
//! same pixels give the same likeness on every machine.

use super::likeness::{self, Detail, Likeness, LikenessProbes, Outline, Window};
use image::{DynamicImage, GrayImage, Luma};
use image_hasher::{HashAlg, Hasher, HasherConfig};

/// Pixels along both edges of what is kept of a picture, whatever its shape.
const EDGE: u32 = 256;
/// Cells along an edge of a window: neighbours compared, and one more.
const OUTLINE_CELLS: u32 = 6;
const DETAIL_CELLS: u32 = 15;
/// How far the windows of outlines and of details are apart, in parts of an edge: half of it is what the cells of each
/// bear.
const COARSE_STEP: f32 = 0.06;
const FINE_STEP: f32 = 0.03;
/// A cell that differs from the mean of its neighbours by so much tells something.
const TELLING_LEVELS: i32 = 3;
/// Of 390 such triples so many must tell something, or else the picture shows nothing that could be recognised: a
/// finger before the lens, the night, an empty wall. Any two of those are alike.
const TELLING_MIN: usize = 40;

/// A stretch of an edge, in parts of the whole edge.
type Stretch = (f32, f32);

/// The part that survives every crop of at most a tenth.
const INNER: Stretch = (0.1, 0.9);

/// A picture reduced to what hashes are made of.
pub(super) struct Sketch {
    /// Sums of all pixels above and left of each corner.
    sums: Vec<u32>,
}

/// The two hashers, which are costly to make.
struct Hashers {
    outline: Hasher,
    detail: Hasher,
}

impl Hashers {
    fn new() -> Self {
        // The cells come in the very size that the hasher would bring them to, so it compares and does not resize.
        let hasher = |cells: u32| {
            let size = 2 * (cells - 1);
            HasherConfig::new().hash_alg(HashAlg::DoubleGradient).hash_size(size, size).to_hasher()
        };
        Self { outline: hasher(OUTLINE_CELLS), detail: hasher(DETAIL_CELLS) }
    }
}

impl Sketch {
    pub(super) fn of(picture: &DynamicImage) -> Self {
        let small = picture.thumbnail_exact(EDGE, EDGE).into_luma8();
        let stride = EDGE as usize + 1;
        let mut sums = vec![0_u32; stride * stride];
        for (y, row) in small.rows().enumerate() {
            let mut along = 0;
            for (x, Luma([level])) in row.enumerate() {
                along += u32::from(*level);
                sums[(y + 1) * stride + x + 1] = sums[y * stride + x + 1] + along;
            }
        }
        Self { sums }
    }

    /// What is asked of an index about this picture; nothing if it shows nothing that could be recognised.
    pub(super) fn probes(&self) -> Option<LikenessProbes> {
        if self.telling() < TELLING_MIN {
            return None;
        }
        let hashers = Hashers::new();
        let outline = |(x, y)| likeness::outline(&self.hash(&hashers.outline, OUTLINE_CELLS, x, y));
        let detail = |(x, y)| likeness::detail(&self.hash(&hashers.detail, DETAIL_CELLS, x, y));
        let wide = over(&WIDE_STRETCHES, &WIDE_STRETCHES).map(outline);
        Some(LikenessProbes {
            likeness: Likeness { outline: outline((INNER, INNER)), detail: detail((INNER, INNER)) },
            wide: wide.collect::<Vec<_>>().try_into().expect("three by three are nine"),
            windows: windows(outline, detail),
        })
    }

    fn hash(&self, hasher: &Hasher, cells: u32, x: Stretch, y: Stretch) -> Box<[u8]> {
        hasher.hash_image(&self.cells(cells, x, y)).into_inner()
    }

    /// The mean of each cell of a window.
    fn cells(&self, count: u32, x: Stretch, y: Stretch) -> GrayImage {
        let [x, y] = [x, y].map(|stretch| cuts(stretch, count));
        GrayImage::from_fn(count, count, |column, row| {
            let (column, row) = (column as usize, row as usize);
            Luma([self.mean(x[column]..x[column + 1], y[row]..y[row + 1])])
        })
    }

    fn mean(&self, x: std::ops::Range<usize>, y: std::ops::Range<usize>) -> u8 {
        let at = |x: usize, y: usize| self.sums[y * (EDGE as usize + 1) + x];
        let sum = at(x.end, y.end) + at(x.start, y.start) - at(x.start, y.end) - at(x.end, y.start);
        let count = u32::try_from(x.len() * y.len()).expect("a window lies within the sketch");
        u8::try_from(sum / count.max(1)).expect("a mean of bytes is a byte")
    }

    /// How many cells differ from what their neighbours left and right, or above and below, let one expect.
    fn telling(&self) -> usize {
        let cells = self.cells(DETAIL_CELLS, INNER, INNER);
        let level = |x: u32, y: u32| i32::from(cells.get_pixel(x, y).0[0]);
        let bent = |a: i32, b: i32, c: i32| (a - 2 * b + c).abs() >= 2 * TELLING_LEVELS;
        let inner = 1..DETAIL_CELLS - 1;
        let along = |at: u32, across: u32| {
            usize::from(bent(level(at - 1, across), level(at, across), level(at + 1, across)))
                + usize::from(bent(level(across, at - 1), level(across, at), level(across, at + 1)))
        };
        inner
            .flat_map(|at| (0..DETAIL_CELLS).map(move |across| (at, across)))
            .map(|(at, across)| along(at, across))
            .sum()
    }
}

/// Where the cells of a stretch begin and end, in pixels of the sketch.
fn cuts((from, to): Stretch, count: u32) -> Vec<usize> {
    let at = |cut: u32| (from + (to - from) * cut as f32 / count as f32) * EDGE as f32;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "within the sketch's edge")]
    (0..=count).map(|cut| (at(cut).round() as usize).min(EDGE as usize)).collect()
}

fn over(x: &[Stretch], y: &[Stretch]) -> impl Iterator<Item = (Stretch, Stretch)> {
    x.iter().flat_map(move |x| y.iter().map(move |y| (*x, *y)))
}

/// Windows by their outlines, each with the details of the windows of which it is the nearest.
fn windows(
    outline: impl Fn((Stretch, Stretch)) -> Outline,
    detail: impl Fn((Stretch, Stretch)) -> Detail,
) -> Vec<Window> {
    let (coarse, fine) = (stretches(COARSE_STEP), stretches(FINE_STEP));
    let apart = |a: Stretch, b: Stretch| (a.0 - b.0).abs().max((a.1 - b.1).abs());
    let nearest = |stretch: Stretch| {
        coarse.iter().copied().min_by(|a, b| apart(*a, stretch).total_cmp(&apart(*b, stretch)))
    };
    let around = |of: Stretch| -> Vec<Stretch> {
        fine.iter().copied().filter(|stretch| nearest(*stretch) == Some(of)).collect()
    };
    let around: Vec<(Stretch, Vec<Stretch>)> = coarse.iter().map(|of| (*of, around(*of))).collect();
    let pairs = around.iter().flat_map(|x| around.iter().map(move |y| (x, y)));
    let window = |((x, near_x), (y, near_y)): (&(Stretch, Vec<Stretch>), &(Stretch, Vec<Stretch>))| Window {
        outline: outline((*x, *y)),
        details: over(near_x, near_y).map(&detail).collect(),
    };
    pairs.map(window).collect()
}

/// Few stretches, so that every one that may hold the inner part is within 5 % of one of them.
const WIDE_STRETCHES: [Stretch; 3] = [INNER, (0.055, 0.855), (0.145, 0.945)];

/// The stretches in which the inner part of the other picture may lie, no further than `step` from each other: longer
/// ones if this picture is a crop of the other, shorter ones if the other is a crop of this.
fn stretches(step: f32) -> Vec<Stretch> {
    // With a tenth cut off, the inner four fifths make up 8/9 of what is left, and lie up to 1/18 off the middle; of the
    // other way round they make up 72 %.
    const LONGER: f32 = 0.8 / 0.9 - 0.8;
    const SHORTER: f32 = 0.8 * 0.1;
    const SHIFT: f32 = 0.1 / 0.9 / 2.0;
    #[expect(clippy::cast_possible_truncation, reason = "a few steps")]
    let steps = |length: f32| (length / step).ceil() as i32;
    let levels = steps(2.0 * SHIFT);
    let mut found = Vec::new();
    for level in -levels..=levels {
        // How much of a tenth was cut off; the sign says from which of the two.
        let share = level as f32 / levels as f32;
        let length = 0.8 + share * if share > 0.0 { LONGER } else { SHORTER };
        let reach = share.abs() * SHIFT;
        let places = steps(2.0 * reach);
        for place in 0..=places {
            let shift = if places == 0 { 0.0 } else { reach * (2 * place - places) as f32 / places as f32 };
            found.push(((0.5 + shift - length / 2.0).max(0.0), (0.5 + shift + length / 2.0).min(1.0)));
        }
    }
    found
}
