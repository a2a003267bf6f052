//! Pictures looked at: their size, a thumbnail, and which others they are like. Keeps nothing.

use crate::store::photos::{PhotoId, Seen};
use axum::body::Bytes;

/// What is seen in a picture.
#[derive(Debug)]
pub(super) struct Looked {
    pub(super) seen: Seen,
    pub(super) thumbnail: Bytes,
}

/// Looks at a picture; none where it cannot be decoded.
pub(super) fn look(_jpeg: &[u8]) -> Option<Looked> {
    None
}

/// Likenesses to search in.
#[derive(Debug, Default)]
pub(super) struct Likenesses {}

impl Likenesses {
    /// Adds a photograph.
    pub(super) fn insert(&mut self, _photo: PhotoId, _likeness: &str) {}

    /// Those that look like this picture, with their distance, the nearest first.
    pub(super) fn near(&self, _looked: &Looked) -> Vec<(PhotoId, u32)> {
        Vec::new()
    }
}
