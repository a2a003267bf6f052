//! Finds near duplicates among all likenesses held, by reading through them all. Decides nothing about what it finds.

use super::likeness::{Detail, Likeness, LikenessProbes, Outline, WIDE_WINDOWS};

/// The outline of a copy differs from that of one of the probes' wide windows by at most so many of 60 bits. Measured
/// over crops of every placement, see `docs/photos.md`; of other pictures one in fifty comes this near.
const WIDE_BITS_MAX: u32 = 15;
/// And from that of one of the nearer windows by at most so many; of other pictures one in a hundred comes this near.
const OUTLINE_BITS_MAX: u32 = 10;

/// Likenesses by key, in memory: 64 bytes and the key for each.
///
/// A million are searched in some 15 ms, so there is no tree: a tree of hashes degenerates at the distances that crops
/// need, and this one has nothing that could be out of order.
#[derive(Clone, Debug)]
pub struct LikenessIndex<K> {
    keys: Vec<K>,
    outlines: Vec<Outline>,
    details: Vec<Detail>,
}

/// A likeness found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Match<K> {
    /// Under which key it was put in.
    pub key: K,
    /// How far it is, in bits.
    pub distance: u32,
}

impl<K> Default for LikenessIndex<K> {
    fn default() -> Self {
        Self { keys: Vec::new(), outlines: Vec::new(), details: Vec::new() }
    }
}

impl<K: Copy> LikenessIndex<K> {
    /// An index with nothing in it.
    pub fn new() -> Self {
        Self::default()
    }

    /// Puts a likeness in. The same key may be put in more than once.
    pub fn insert(&mut self, key: K, likeness: &Likeness) {
        self.keys.push(key);
        self.outlines.push(likeness.outline);
        self.details.push(likeness.detail);
    }

    /// How many are in it.
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Whether nothing is in it.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// The nearest ones within a distance of the picture or of a crop of it, nearest first, at most `most`. Of those
    /// equally near, the ones put in first.
    pub fn search(&self, probes: &LikenessProbes, within: u32, most: usize) -> Vec<Match<K>> {
        let mut found = Vec::new();
        for (at, outline) in self.outlines.iter().enumerate() {
            if nearest(&probes.wide, *outline) > WIDE_BITS_MAX {
                continue;
            }
            if let Some(distance) = looked_at(probes, *outline, &self.details[at], within) {
                found.push(Match { key: self.keys[at], distance });
            }
        }
        found.sort_by_key(|found| found.distance);
        found.truncate(most);
        found
    }
}

/// Over a fixed number of probes and without a branch: this is what a search spends half of its time in.
fn nearest(probes: &[Outline; WIDE_WINDOWS], outline: Outline) -> u32 {
    probes.iter().fold(u32::MAX, |nearest, probe| nearest.min((probe ^ outline).count_ones()))
}

/// The distance of a stored likeness from the windows whose outlines are near, if it is within the limit.
fn looked_at(probes: &LikenessProbes, outline: Outline, stored: &Detail, within: u32) -> Option<u32> {
    let mut nearest = None;
    let mut limit = within;
    let near = |probe: Outline| (probe ^ outline).count_ones() <= OUTLINE_BITS_MAX;
    for window in probes.windows.iter().filter(|window| near(window.outline)) {
        for detail in &window.details {
            if let Some(distance) = apart_within(detail, stored, limit) {
                nearest = Some(distance);
                limit = distance;
            }
        }
    }
    nearest
}

/// The distance, unless it is beyond the limit: of most pairs that shows after a few words.
fn apart_within(a: &Detail, b: &Detail, limit: u32) -> Option<u32> {
    let mut distance = 0;
    for (a, b) in a.iter().zip(b) {
        distance += (a ^ b).count_ones();
        if distance > limit {
            return None;
        }
    }
    Some(distance)
}
