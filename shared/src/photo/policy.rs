//! What a county may set for its photographs, from `assets/policy/photo.toml`. Decides nothing.

use crate::builtin;
use crate::policy::{BadPolicy, read};
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;

/// What holds for photographs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PhotoPolicy {
    /// Counts up with every change.
    pub version: u32,
    /// The stored picture.
    pub picture: PicturePolicy,
    /// The small picture of lists.
    pub thumbnail: ThumbnailPolicy,
    /// The time that a file says.
    pub time: TimePolicy,
    /// The place that a file says.
    pub place: PlacePolicy,
    /// When two pictures are taken for one.
    pub likeness: LikenessPolicy,
}

/// The stored picture.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PicturePolicy {
    /// Longest edge, in pixels. Smaller pictures stay as they are.
    pub long_edge_px: u32,
    /// JPEG quality, 1 to 100.
    pub quality: u8,
    /// Where the numbers come from.
    pub source: String,
}

/// The small picture of lists.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ThumbnailPolicy {
    /// Longest edge, in pixels.
    pub long_edge_px: u32,
    /// JPEG quality, 1 to 100.
    pub quality: u8,
    /// Where the numbers come from.
    pub source: String,
}

/// The time that a file says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TimePolicy {
    /// By how many minutes the clocks of cameras are ahead of UTC, where the file does not say.
    pub utc_offset_min: i32,
    /// Where the number comes from.
    pub source: String,
}

/// The place that a file says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlacePolicy {
    /// How well the place is known, in metres, where the file does not say.
    pub accuracy_m: f64,
    /// Where the number comes from.
    pub source: String,
}

/// When two pictures are taken for one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LikenessPolicy {
    /// As far as this, in bits, see [`super::Likeness`].
    pub within_bits: u32,
    /// Where the number comes from.
    pub source: String,
}

impl PhotoPolicy {
    /// The policy that comes with the program.
    pub fn builtin() -> &'static PhotoPolicy {
        static BUILTIN: LazyLock<PhotoPolicy> = LazyLock::new(|| {
            PhotoPolicy::parse(builtin::PHOTO_POLICY).expect("the built-in policy is read by a test")
        });
        &BUILTIN
    }

    /// Reads a policy from the text of its file.
    pub fn parse(text: &str) -> Result<PhotoPolicy, BadPolicy> {
        let policy: PhotoPolicy = read("photo", text)?;
        policy.check()?;
        Ok(policy)
    }

    fn check(&self) -> Result<(), BadPolicy> {
        let bad = |detail: &str| Err(BadPolicy::new("photo", detail));
        let edges = [self.picture.long_edge_px, self.thumbnail.long_edge_px];
        if edges.iter().any(|edge| !(64..=8_192).contains(edge)) {
            return bad("an edge is not between 64 and 8192 pixels");
        }
        if [self.picture.quality, self.thumbnail.quality].iter().any(|quality| !(1..=100).contains(quality)) {
            return bad("a quality is not between 1 and 100");
        }
        if !(-840..=840).contains(&self.time.utc_offset_min) {
            return bad("no clock is that far from UTC");
        }
        if !(self.place.accuracy_m.is_finite() && self.place.accuracy_m > 0.0) {
            return bad("the accuracy of a place is not above 0");
        }
        if self.likeness.within_bits > super::DETAIL_BITS / 4 {
            return bad("at such a distance any two pictures are alike");
        }
        Ok(())
    }
}
