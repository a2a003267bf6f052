//! Why a file cannot be kept as a photograph, with the numbers that its message needs. Holds no wording: the screens
//! word it as `photo-problem-<code>`.

use super::sort::PictureSort;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Why a file cannot be kept as a photograph. Nothing else is lost by it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum PhotoProblem {
    /// There is nothing in it.
    #[error("the file is empty")]
    Empty,
    /// It is no picture.
    #[error("the file is no picture")]
    NotAPicture,
    /// It is a film, whatever its name says.
    #[error("the file is a film")]
    Video,
    /// It is a picture of a kind that no camera of a phone writes.
    #[error("pictures of the kind {sort} are not taken")]
    WrongSort {
        /// The kind.
        sort: PictureSort,
    },
    /// It is a picture that only some platforms open, and this is none of them.
    #[error("pictures of the kind {sort} cannot be opened here")]
    NotOpenedHere {
        /// The kind.
        sort: PictureSort,
    },
    /// The file is too large.
    #[error("the file has {size_mb} MB, more than {limit_mb}")]
    TooManyBytes {
        /// Its size, rounded up.
        size_mb: u64,
        /// What is allowed.
        limit_mb: u64,
    },
    /// The picture has too many pixels, or says so to fill the memory.
    #[error("the picture has {width} × {height} pixels, more than {limit_megapixels} million")]
    TooManyPixels {
        /// As it says itself.
        width: u32,
        /// As it says itself.
        height: u32,
        /// What is allowed, in millions.
        limit_megapixels: u64,
    },
    /// Decoded it would not fit the memory set aside for it.
    #[error("decoded the picture takes {size_mb} MB, more than {limit_mb}")]
    TooMuchMemory {
        /// What it would take, rounded up.
        size_mb: u64,
        /// What is allowed.
        limit_mb: u64,
    },
    /// The picture is too small to show anything.
    #[error("the picture has only {width} × {height} pixels")]
    TooSmall {
        /// As it is.
        width: u32,
        /// As it is.
        height: u32,
    },
    /// The end of the file is missing.
    #[error("the end of the file is missing")]
    CutShort,
    /// What is in it cannot be decoded.
    #[error("the file is damaged")]
    Damaged,
    /// Its four colours of print do not say which way round they are meant: half of all programs would show the
    /// negative.
    #[error("the colours of the picture do not say how they are meant")]
    ColoursUnknown,
    /// A reason of a newer version.
    #[serde(other)]
    #[error("unknown")]
    Unknown,
}

impl PhotoProblem {
    /// The end of its message's key.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::NotAPicture => "not_a_picture",
            Self::Video => "video",
            Self::WrongSort { .. } => "wrong_sort",
            Self::NotOpenedHere { .. } => "not_opened_here",
            Self::TooManyBytes { .. } => "too_many_bytes",
            Self::TooManyPixels { .. } => "too_many_pixels",
            Self::TooMuchMemory { .. } => "too_much_memory",
            Self::TooSmall { .. } => "too_small",
            Self::CutShort => "cut_short",
            Self::Damaged => "damaged",
            Self::ColoursUnknown => "colours_unknown",
            Self::Unknown => "unknown",
        }
    }

    /// What its message puts in, by name.
    pub fn values(&self) -> BTreeMap<&'static str, String> {
        let list: Vec<(&'static str, String)> = match self {
            Self::WrongSort { sort } | Self::NotOpenedHere { sort } => vec![("sort", sort.to_string())],
            Self::TooManyBytes { size_mb, limit_mb } | Self::TooMuchMemory { size_mb, limit_mb } => {
                vec![("size_mb", size_mb.to_string()), ("limit_mb", limit_mb.to_string())]
            }
            Self::TooManyPixels { width, height, limit_megapixels } => vec![
                ("width", width.to_string()),
                ("height", height.to_string()),
                ("limit_megapixels", limit_megapixels.to_string()),
            ],
            Self::TooSmall { width, height } => {
                vec![("width", width.to_string()), ("height", height.to_string())]
            }
            Self::Empty
            | Self::NotAPicture
            | Self::Video
            | Self::CutShort
            | Self::Damaged
            | Self::ColoursUnknown
            | Self::Unknown => Vec::new(),
        };
        list.into_iter().collect()
    }
}

/// A number of bytes in whole megabytes, rounded up.
#[cfg(feature = "photo")]
pub(super) fn megabytes(bytes: u64) -> u64 {
    bytes.div_ceil(1024 * 1024)
}
