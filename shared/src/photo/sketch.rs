//! Computes likenesses: cell means over windows of a picture, neighbour compared with neighbour. Sums are whole numbers,
//! so the same pixels give the same likeness on every machine.

use super::likeness::{Around, Detail, Likeness, LikenessProbes, Outline, detail_of, outline_of};
use image::{DynamicImage, GrayImage, Luma};
use image_hasher::{HashAlg, HasherConfig};

/// Pixels along both edges of what is kept of a picture, whatever its shape.
const EDGE: u32 = 512;
/// Cells along an edge of a window: neighbours compared, and one more.
const OUTLINE_CELLS: usize = 6;
const DETAIL_CELLS: usize = 15;
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

/// The means of the cells of a window, row by row.
struct Cells<const COUNT: usize>([[u8; COUNT]; COUNT]);

impl Sketch {
    pub(super) fn of(picture: &DynamicImage) -> Self {
        let small = picture.thumbnail_exact(EDGE, EDGE).into_luma8();
        let edge = EDGE as usize;
        let stride = edge + 1;
        let mut sums = vec![0_u32; stride * stride];
        for (y, row) in small.as_raw().chunks_exact(edge).enumerate() {
            let mut along = 0;
            for (x, level) in row.iter().enumerate() {
                along += u32::from(*level);
                sums[(y + 1) * stride + x + 1] = sums[y * stride + x + 1] + along;
            }
        }
        Self { sums }
    }

    /// What is asked of an index about this picture; nothing if it shows nothing that could be recognised.
    pub(super) fn probes(&self) -> Option<LikenessProbes> {
        let (outline, detail) = (self.cells(INNER, INNER), self.cells(INNER, INNER));
        if telling(&detail) < TELLING_MIN {
            return None;
        }
        let likeness = Likeness {
            outline: outline_of(&hashed::<OUTLINE_CELLS>(&outline)),
            detail: detail_of(&hashed::<DETAIL_CELLS>(&detail)),
        };
        let wide = over(&WIDE_STRETCHES, &WIDE_STRETCHES).map(|(x, y)| self.outline(x, y));
        let (outlines, around) = self.windows();
        Some(LikenessProbes {
            likeness,
            wide: wide.collect::<Vec<_>>().try_into().expect("three by three are nine"),
            outlines,
            around,
        })
    }

    /// The outlines of windows, each with the details of the windows of which it is the nearest.
    fn windows(&self) -> (Vec<Outline>, Vec<Around>) {
        let (coarse, fine) = (stretches(COARSE_STEP), stretches(FINE_STEP));
        let nearby = |of: &Stretch| {
            let nearest = fine.iter().copied().filter(|stretch| nearest(*stretch, &coarse) == *of);
            (*of, nearest.collect::<Vec<Stretch>>())
        };
        let edge: Vec<(Stretch, Vec<Stretch>)> = coarse.iter().map(nearby).collect();
        let windows = edge.iter().flat_map(|x| edge.iter().map(move |y| (x, y)));
        windows
            .map(|((x, around_x), (y, around_y))| {
                let details = over(around_x, around_y).map(|(x, y)| self.detail(x, y));
                (self.outline(*x, *y), Around::new(details.collect()))
            })
            .unzip()
    }

    fn outline(&self, x: Stretch, y: Stretch) -> Outline {
        outline_of(&self.cells::<OUTLINE_CELLS>(x, y).compared())
    }

    fn detail(&self, x: Stretch, y: Stretch) -> Detail {
        detail_of(&self.cells::<DETAIL_CELLS>(x, y).compared())
    }

    /// The mean of each cell of a window.
    fn cells<const COUNT: usize>(&self, x: Stretch, y: Stretch) -> Cells<COUNT> {
        let [x, y] = [x, y].map(|stretch| cuts(stretch, COUNT));
        let mut cells = [[0; COUNT]; COUNT];
        for (row, y) in cells.iter_mut().zip(y.windows(2)) {
            for (cell, x) in row.iter_mut().zip(x.windows(2)) {
                *cell = self.mean(x[0]..x[1], y[0]..y[1]);
            }
        }
        Cells(cells)
    }

    fn mean(&self, x: std::ops::Range<usize>, y: std::ops::Range<usize>) -> u8 {
        let at = |x: usize, y: usize| self.sums[y * (EDGE as usize + 1) + x];
        let sum = at(x.end, y.end) + at(x.start, y.start) - at(x.start, y.end) - at(x.end, y.start);
        let count = u32::try_from(x.len() * y.len()).expect("a window lies within the sketch");
        u8::try_from(sum / count.max(1)).expect("a mean of bytes is a byte")
    }
}

/// The hash of a window by `image_hasher`, whose double gradient is what is stored. The cells come in the very size that
/// it would bring them to, so it compares and does not resize.
fn hashed<const COUNT: usize>(cells: &Cells<COUNT>) -> Vec<u8> {
    let edge = u32::try_from(COUNT).expect("a few cells");
    let size = 2 * (edge - 1);
    let hasher = HasherConfig::new().hash_alg(HashAlg::DoubleGradient).hash_size(size, size).to_hasher();
    let picture = GrayImage::from_fn(edge, edge, |x, y| Luma([cells.0[y as usize][x as usize]]));
    hasher.hash_image(&picture).as_bytes().to_vec()
}

impl<const COUNT: usize> Cells<COUNT> {
    /// The same hash, for the thousand windows of the probes: making a picture of each takes ten times as long as
    /// comparing its cells. First each cell with the one to its right, then column by column with the one below.
    fn compared(&self) -> Vec<u8> {
        let mut bytes = vec![0; (2 * COUNT * (COUNT - 1)).div_ceil(8)];
        let mut at = 0;
        let mut put = |darker: bool| {
            bytes[at / 8] |= u8::from(darker) << (at % 8);
            at += 1;
        };
        for row in &self.0 {
            row.windows(2).for_each(|pair| put(pair[0] < pair[1]));
        }
        for column in 0..COUNT {
            self.0.windows(2).for_each(|pair| put(pair[0][column] < pair[1][column]));
        }
        bytes
    }
}

/// How many cells differ from what their neighbours left and right, or above and below, let one expect.
fn telling(cells: &Cells<DETAIL_CELLS>) -> usize {
    let bent =
        |a: u8, b: u8, c: u8| (i32::from(a) - 2 * i32::from(b) + i32::from(c)).abs() >= 2 * TELLING_LEVELS;
    let rows =
        cells.0.iter().flat_map(|row| row.windows(3)).filter(|cells| bent(cells[0], cells[1], cells[2]));
    let columns = cells.0.windows(3).flat_map(|rows| (0..DETAIL_CELLS).map(move |column| (rows, column)));
    let columns = columns.filter(|(rows, column)| bent(rows[0][*column], rows[1][*column], rows[2][*column]));
    rows.count() + columns.count()
}

/// Where the cells of a stretch begin and end, in pixels of the sketch.
fn cuts((from, to): Stretch, count: usize) -> Vec<usize> {
    let at = |cut: usize| (from + (to - from) * cut as f32 / count as f32) * EDGE as f32;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "within the sketch's edge")]
    (0..=count).map(|cut| (at(cut).round() as usize).min(EDGE as usize)).collect()
}

fn over(x: &[Stretch], y: &[Stretch]) -> impl Iterator<Item = (Stretch, Stretch)> {
    x.iter().flat_map(move |x| y.iter().map(move |y| (*x, *y)))
}

fn nearest(stretch: Stretch, among: &[Stretch]) -> Stretch {
    let apart = |other: &Stretch| (other.0 - stretch.0).abs().max((other.1 - stretch.1).abs());
    among.iter().copied().min_by(|a, b| apart(a).total_cmp(&apart(b))).expect("there are some")
}

/// Few stretches, so that every one that may hold the inner part is within 5 % of one of them.
const WIDE_STRETCHES: [Stretch; 3] = [INNER, (0.055, 0.855), (0.145, 0.945)];

/// The stretches in which the inner part of the other picture may lie, no further than `step` from each other: longer
/// ones if this picture is a crop of the other, shorter ones if the other is a crop of this.
fn stretches(step: f32) -> Vec<Stretch> {
    // With a tenth cut off, the inner four fifths make up 8/9 of what is left, and lie up to 1/18 off the middle; the
    // other way round they make up 72 %, and lie up to 1/20 off.
    const LONGER: (f32, f32) = (0.8 / 0.9 - 0.8, 0.1 / 0.9 / 2.0);
    const SHORTER: (f32, f32) = (0.8 * 0.9 - 0.8, 0.1 / 2.0);
    #[expect(clippy::cast_possible_truncation, reason = "a few steps")]
    let steps = |length: f32| (length / step).ceil() as i32;
    let levels = steps(2.0 * LONGER.1);
    let mut found = Vec::new();
    for level in -levels..=levels {
        // How much of a tenth was cut off; the sign says from which of the two.
        let share = level as f32 / levels as f32;
        let (growth, shift) = if share > 0.0 { LONGER } else { SHORTER };
        let (length, reach) = (0.8 + share.abs() * growth, share.abs() * shift);
        let places = steps(2.0 * reach);
        for place in 0..=places {
            let shift = if places == 0 { 0.0 } else { reach * (2 * place - places) as f32 / places as f32 };
            found.push(((0.5 + shift - length / 2.0).max(0.0), (0.5 + shift + length / 2.0).min(1.0)));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_are_compared_as_the_hasher_compares_the_stored_one() {
        let picture =
            GrayImage::from_fn(300, 200, |x, y| Luma([((x * x + 3 * y * y + x * y) % 251).to_le_bytes()[0]]));
        let sketch = Sketch::of(&DynamicImage::ImageLuma8(picture));
        for stretch in stretches(COARSE_STEP) {
            let (outline, detail) =
                (sketch.cells::<OUTLINE_CELLS>(stretch, INNER), sketch.cells(INNER, stretch));
            assert_eq!(outline.compared(), hashed(&outline));
            assert_eq!(detail.compared(), hashed::<DETAIL_CELLS>(&detail));
        }
    }

    #[test]
    fn windows_leave_no_gap_and_stay_within_the_picture() {
        for step in [COARSE_STEP, FINE_STEP] {
            let stretches = stretches(step);
            let stored = nearest(INNER, &stretches);
            assert!((stored.0 - INNER.0).abs().max((stored.1 - INNER.1).abs()) < 1e-6, "{stored:?}");
            assert!(stretches.iter().all(|(from, to)| (0.0..*to).contains(from) && *to <= 1.0));
            // Every crop of up to a tenth, seen from both sides.
            for (cut, place) in over(
                &[(0.0, 0.0), (0.02, 0.0), (0.05, 0.0), (0.08, 0.0), (0.1, 0.0)],
                &[(0.0, 0.0), (0.3, 0.0), (0.7, 0.0), (1.0, 0.0)],
            ) {
                let (kept, left) = (1.0 - cut.0, cut.0 * place.0);
                for inner in
                    [((0.1 - left) / kept, (0.9 - left) / kept), (left + 0.1 * kept, left + 0.9 * kept)]
                {
                    let found = nearest(inner, &stretches);
                    let apart = (found.0 - inner.0).abs().max((found.1 - inner.1).abs());
                    assert!(apart <= step / 2.0 + 0.003, "{inner:?} is {apart} from {found:?}");
                }
            }
        }
    }
}
