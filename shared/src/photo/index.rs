//! Finds near duplicates among all likenesses held, by reading through them all. Decides nothing about what it finds.

use super::likeness::{Detail, Likeness, LikenessProbes, Outline, apart};

/// The outline of a copy differs from one of the probes' wide windows by at most so many of 60 bits. Measured over
/// crops of every placement, see `docs/photos.md`; of other pictures one in fifty comes this near.
const WIDE_BITS_MAX: u32 = 14;
/// And from one of the nearer windows by at most so many; of other pictures one in some hundred comes this near.
const OUTLINE_BITS_MAX: u32 = 9;
/// Outlines compared at a time: they and their distances stay in the fastest memory.
const BLOCK: usize = 512;

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

    /// The nearest ones within a distance of the picture or of a crop of it, nearest first, at most `most`.
    pub fn search(&self, probes: &LikenessProbes, within: u32, most: usize) -> Vec<Match<K>> {
        let mut found = Vec::new();
        for (block, outlines) in self.outlines.chunks(BLOCK).enumerate() {
            let mut nearest = [u8::MAX; BLOCK];
            nearest_of(&probes.wide, outlines, &mut nearest);
            for (at, outline) in outlines.iter().enumerate() {
                if u32::from(nearest[at]) > WIDE_BITS_MAX || !any_within(&probes.outlines, *outline) {
                    continue;
                }
                let at = block * BLOCK + at;
                if let Some(distance) = detail_within(&probes.details, &self.details[at], within) {
                    found.push(Match { key: self.keys[at], distance });
                }
            }
        }
        found.sort_by_key(|found| found.distance);
        found.truncate(most);
        found
    }
}

/// For each outline the distance of the nearest probe. Without a branch inside, so that it is done several at a time.
fn nearest_of(probes: &[Outline], outlines: &[Outline], nearest: &mut [u8; BLOCK]) {
    for probe in probes {
        for (nearest, outline) in nearest.iter_mut().zip(outlines) {
            #[expect(clippy::cast_possible_truncation, reason = "at most 64")]
            let distance = (outline ^ probe).count_ones() as u8;
            *nearest = distance.min(*nearest);
        }
    }
}

fn any_within(probes: &[Outline], outline: Outline) -> bool {
    probes.iter().any(|probe| (probe ^ outline).count_ones() <= OUTLINE_BITS_MAX)
}

fn detail_within(probes: &[Detail], stored: &Detail, within: u32) -> Option<u32> {
    probes.iter().map(|probe| apart(probe, stored)).min().filter(|distance| *distance <= within)
}
