//! Finds near duplicates among all likenesses held, by reading through them all. Decides nothing about what it finds.

use super::likeness::{Detail, Likeness, LikenessProbes, Outline, WIDE_WINDOWS};
use multiversion::multiversion;

/// The outline of a copy differs from that of one of the probes' wide windows by at most so many of 60 bits. Measured
/// over crops of every placement, see `docs/photos.md`; of other pictures one in fifty comes this near.
const WIDE_BITS_MAX: u64 = 15;
/// And from that of one of the nearer windows by at most so many; of other pictures one in a hundred comes this near.
const OUTLINE_BITS_MAX: u32 = 10;
/// Outlines compared before any detail is looked at.
const BLOCK: usize = 1_024;

/// Likenesses by key, in memory: 64 bytes and the key for each.
///
/// A million are searched in some 10 ms, so there is no tree: a tree of hashes degenerates at the distances that crops
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
        let mut found: Vec<Match<K>> = near(&self.outlines, &self.details, probes, within)
            .into_iter()
            .map(|(at, distance)| Match { key: self.keys[at], distance })
            .collect();
        found.sort_by_key(|found| found.distance);
        found.truncate(most);
        found
    }
}

/// The places of those within the distance, with their distances. Counting bits is all there is to do, and processors
/// that can count them at once are asked to.
#[multiversion(targets("x86_64+popcnt+avx512f+avx512vl+avx512vpopcntdq", "x86_64+popcnt"))]
fn near(outlines: &[Outline], details: &[Detail], probes: &LikenessProbes, within: u32) -> Vec<(usize, u32)> {
    let mut found = Vec::new();
    let mut apart = [0; BLOCK];
    for (block, outlines) in outlines.chunks(BLOCK).enumerate() {
        for (apart, outline) in apart.iter_mut().zip(outlines) {
            *apart = nearest(&probes.wide, *outline);
        }
        for (at, outline) in outlines.iter().enumerate() {
            if apart[at] > WIDE_BITS_MAX {
                continue;
            }
            let at = block * BLOCK + at;
            if let Some(distance) = looked_at(probes, *outline, &details[at], within) {
                found.push((at, distance));
            }
        }
    }
    found
}

/// Over a fixed number of probes and without a branch: this is what a search spends half of its time in.
#[inline]
fn nearest(probes: &[Outline; WIDE_WINDOWS], outline: Outline) -> u64 {
    probes.iter().fold(u64::MAX, |nearest, probe| nearest.min(u64::from((probe ^ outline).count_ones())))
}

/// The distance of a stored likeness from the windows whose outlines are near, if it is within the limit.
#[inline]
fn looked_at(probes: &LikenessProbes, outline: Outline, stored: &Detail, within: u32) -> Option<u32> {
    let (mut nearest, mut limit) = (None, within);
    for (probe, around) in probes.outlines.iter().zip(&probes.around) {
        if (probe ^ outline).count_ones() > OUTLINE_BITS_MAX {
            continue;
        }
        if let Some(distance) = around.apart_within(stored, limit) {
            nearest = Some(distance);
            limit = distance;
        }
    }
    nearest
}
