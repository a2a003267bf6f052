//! Photographs: what is stored of one, how two of them are compared, and what is said of a file that is none.
//!
//! Always there: [`Likeness`] and its index, the policy, the limits and [`PhotoProblem`]. With the feature `photo`
//! also the picture work itself: [`examine`], [`prepare`], [`finish`] and [`thumbnail`], from bytes to bytes. Reads
//! no file, no clock, and never a colour profile; see `docs/photos.md`.

#[cfg(feature = "photo")]
mod decode;
#[cfg(feature = "photo")]
mod examine;
#[cfg(feature = "photo")]
mod exif;
mod index;
#[cfg(feature = "photo")]
mod jpeg;
mod likeness;
mod policy;
#[cfg(feature = "photo")]
mod prepare;
mod problem;
mod proof;
#[cfg(feature = "photo")]
mod size;
#[cfg(feature = "photo")]
mod sketch;
mod sort;

pub use index::{LikenessIndex, Match};
pub use likeness::{BadLikeness, DETAIL_BITS, Likeness, LikenessProbes};
pub use policy::{LikenessPolicy, PhotoPolicy, PicturePolicy, PlacePolicy, ThumbnailPolicy, TimePolicy};
pub use problem::PhotoProblem;
pub use proof::proof;
pub use sort::PictureSort;

#[cfg(feature = "photo")]
pub use {
    examine::{Examined, examine},
    prepare::{Photo, Prepared, finish, prepare, probes, thumbnail},
};

/// Largest file that is looked at, in bytes. The largest pictures of today's phones have half of that.
pub const SOURCE_BYTES_MAX: usize = 64 * 1024 * 1024;
/// Most pixels that are decoded. Phones of 2025 take up to 108 million when asked to; decoded that is 324 MB.
pub const PIXELS_MAX: u64 = 120_000_000;
/// Most memory that one decoded picture may take, in bytes.
pub const DECODED_BYTES_MAX: u64 = 512 * 1024 * 1024;
/// Shortest edge of a picture that is worth keeping, in pixels.
pub const EDGE_PX_MIN: u32 = 16;
