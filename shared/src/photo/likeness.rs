//! Perceptual hashes: how they are written, and how far two pictures are from each other. Computes none.
//!
//! A likeness says for each pair of neighbouring cells which one is lighter, over the inner four fifths of the picture:
//! coarsely (the outline, 5 × 6 + 6 × 5 pairs) and finely (the detail, 14 × 15 + 15 × 14 pairs). The inner part alone,
//! because it survives in any copy from which at most a tenth of the width and of the height was cut, wherever. The
//! picture that is asked about brings its [`LikenessProbes`]: the same hashes over the windows in which that inner part
//! may lie, so that one likeness is stored for each picture and none for each crop.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// Bits of the detail, the largest distance there is.
pub const DETAIL_BITS: u32 = 420;
/// Bits of the outline.
const OUTLINE_BITS: u32 = 60;
/// Which way of hashing; a later one gets another number, and its likenesses are not compared with these.
const FORM: u8 = 1;
const DETAIL_WORDS: usize = 7;
const DETAIL_BYTES: usize = 53;
const BYTES: usize = 1 + 8 + DETAIL_BYTES;

pub(super) type Outline = u64;
pub(super) type Detail = [u64; DETAIL_WORDS];

/// The perceptual hash of a stored picture. Written as 124 lower-case hexadecimal digits, of which the first two name
/// the form. Written by released clients. Do not change; add a form.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Likeness {
    pub(super) outline: Outline,
    pub(super) detail: Detail,
}

/// A text that is no likeness of a known form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a likeness of a known form")]
pub struct BadLikeness;

impl Likeness {
    /// In how many bits of the detail two likenesses differ: 0 for the same picture, some 200 for any two. Of a picture
    /// that may be a crop ask [`LikenessProbes::distance`].
    pub fn distance(&self, other: &Likeness) -> u32 {
        apart(&self.detail, &other.detail)
    }
}

/// What is asked of the index about one picture: its own likeness, and the hashes over all windows in which the inner
/// part of a copy, or of what it was copied from, may lie.
#[derive(Clone, PartialEq, Eq)]
pub struct LikenessProbes {
    pub(super) likeness: Likeness,
    /// Outlines of few windows, wide apart.
    pub(super) wide: [Outline; WIDE_WINDOWS],
    /// Outlines of windows nearer together.
    pub(super) outlines: Vec<Outline>,
    /// And the details around each of those.
    pub(super) around: Vec<Around>,
}

/// How many windows are wide apart: three along each edge.
pub(super) const WIDE_WINDOWS: usize = 9;

/// Details of a window and of those around it, so near together that one of them fits.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Around {
    /// First the one in their middle.
    details: Vec<Detail>,
    /// How far the others are from the first, at most: what is further from the first than that and a limit is beyond
    /// the limit from all of them.
    reach: u32,
}

impl Around {
    pub(super) fn new(mut details: Vec<Detail>) -> Self {
        let reach = |from: &Detail| details.iter().map(|detail| apart(from, detail)).max().unwrap_or(0);
        let middle = details.iter().map(reach).enumerate().min_by_key(|(_, reach)| *reach);
        let (middle, reach) = middle.unwrap_or((0, 0));
        details.rotate_left(middle);
        Self { details, reach }
    }

    /// How far a stored detail is from the nearest of the windows around, if that is within the limit.
    #[inline]
    pub(super) fn apart_within(&self, stored: &Detail, limit: u32) -> Option<u32> {
        apart_within(self.details.first()?, stored, limit + self.reach)?;
        let (mut nearest, mut limit) = (None, limit);
        for detail in &self.details {
            if let Some(distance) = apart_within(detail, stored, limit) {
                nearest = Some(distance);
                limit = distance;
            }
        }
        nearest
    }
}

impl LikenessProbes {
    /// What can be asked when only the likeness is at hand: finds copies encoded or resized anew, not crops.
    pub fn uncropped(likeness: Likeness) -> Self {
        Self {
            likeness,
            wide: [likeness.outline; WIDE_WINDOWS],
            outlines: vec![likeness.outline],
            around: vec![Around::new(vec![likeness.detail])],
        }
    }

    /// The likeness of the picture itself, which is stored.
    pub fn likeness(&self) -> Likeness {
        self.likeness
    }

    /// How far a stored picture is from this one or the nearest crop of it, in bits.
    pub fn distance(&self, stored: &Likeness) -> u32 {
        let details = self.around.iter().flat_map(|around| &around.details);
        details.map(|detail| apart(detail, &stored.detail)).min().unwrap_or(DETAIL_BITS)
    }
}

fn apart(a: &Detail, b: &Detail) -> u32 {
    a.iter().zip(b).map(|(a, b)| (a ^ b).count_ones()).sum()
}

/// The distance, unless it is beyond the limit: of most pairs that shows after a few words.
#[inline]
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

impl fmt::Display for Likeness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bytes = [0; BYTES];
        bytes[0] = FORM;
        bytes[1..9].copy_from_slice(&self.outline.to_le_bytes());
        let detail = self.detail.iter().flat_map(|word| word.to_le_bytes());
        for (byte, value) in bytes[9..].iter_mut().zip(detail) {
            *byte = value;
        }
        f.write_str(&hex::encode(bytes))
    }
}

impl FromStr for Likeness {
    type Err = BadLikeness;

    fn from_str(text: &str) -> Result<Self, BadLikeness> {
        let mut bytes = [0; BYTES];
        hex::decode_to_slice(text, &mut bytes).map_err(|_| BadLikeness)?;
        let (outline, detail) = bytes[1..].split_first_chunk().ok_or(BadLikeness)?;
        let likeness = Self { outline: u64::from_le_bytes(*outline), detail: words(detail) };
        // Bits beyond the last pair would count as differences, so a text that has some is none of ours. Nor is one in
        // capitals: each likeness is written in one way only.
        let whole = likeness.outline >> OUTLINE_BITS == 0
            && likeness.detail[DETAIL_WORDS - 1] >> (DETAIL_BITS % 64) == 0
            && !text.bytes().any(|byte| byte.is_ascii_uppercase());
        if bytes[0] == FORM && whole { Ok(likeness) } else { Err(BadLikeness) }
    }
}

/// What the hasher gives for an outline, the first bit lowest.
#[cfg(feature = "photo")]
pub(super) fn outline_of(bytes: &[u8]) -> Outline {
    words(bytes)[0]
}

/// What the hasher gives for a detail, the first bit lowest.
#[cfg(feature = "photo")]
pub(super) fn detail_of(bytes: &[u8]) -> Detail {
    words(bytes)
}

fn words(bytes: &[u8]) -> Detail {
    let mut words = [0; DETAIL_WORDS];
    for (word, chunk) in words.iter_mut().zip(bytes.chunks(8)) {
        let mut whole = [0; 8];
        whole[..chunk.len()].copy_from_slice(chunk);
        *word = u64::from_le_bytes(whole);
    }
    words
}

impl TryFrom<String> for Likeness {
    type Error = BadLikeness;

    fn try_from(text: String) -> Result<Self, BadLikeness> {
        text.parse()
    }
}

impl From<Likeness> for String {
    fn from(likeness: Likeness) -> String {
        likeness.to_string()
    }
}

// By hand: the words are of no use to anyone, and the likeness tells a little of the picture.
impl fmt::Debug for Likeness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Likeness(…)")
    }
}

impl fmt::Debug for LikenessProbes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LikenessProbes").field("windows", &self.outlines.len()).finish_non_exhaustive()
    }
}
