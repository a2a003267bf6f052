//! Pictures looked at: their size, a thumbnail, and which others they are like. Keeps nothing.

use crate::store::photos::{PhotoId, Seen};
use axum::body::Bytes;
use bianfang_shared::photo::{Likeness, LikenessIndex, LikenessProbes, PhotoPolicy, examine, finish};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// What is seen in a picture.
#[derive(Debug)]
pub(super) struct Looked {
    pub(super) seen: Seen,
    pub(super) thumbnail: Bytes,
    probes: Option<LikenessProbes>,
}

/// Looks at a picture; none where it cannot be decoded. What is stored stays as it is, whatever is found.
pub(super) fn look(jpeg: &[u8]) -> Option<Looked> {
    unless_it_panics(|| decode(jpeg))
}

/// A decoder that panics has decoded nothing. It must not end the thread on which all others are looked at.
fn unless_it_panics<T>(decoding: impl FnOnce() -> Option<T>) -> Option<T> {
    // What it was at is dropped: nothing half done is seen afterwards.
    catch_unwind(AssertUnwindSafe(decoding)).unwrap_or_else(|_| {
        tracing::error!("a decoder panicked");
        None
    })
}

fn decode(jpeg: &[u8]) -> Option<Looked> {
    let policy = PhotoPolicy::builtin();
    let examined = examine(jpeg, policy).ok()?;
    let photo = finish(jpeg.to_vec(), policy).ok()?;
    let likeness = photo.likeness().map(|likeness| likeness.to_string());
    Some(Looked {
        seen: Seen { width: examined.width, height: examined.height, likeness },
        thumbnail: photo.thumbnail.into(),
        probes: photo.probes,
    })
}

/// Likenesses to search in.
#[derive(Debug, Default)]
pub(super) struct Likenesses(LikenessIndex<PhotoId>);

impl Likenesses {
    /// Adds a photograph. A likeness of a form that this version does not know finds nothing and is found by nothing.
    pub(super) fn insert(&mut self, photo: PhotoId, likeness: &str) {
        if let Ok(likeness) = likeness.parse::<Likeness>() {
            self.0.insert(photo, &likeness);
        }
    }

    /// Those that look like this picture, with their distance, the nearest first.
    pub(super) fn near(&self, looked: &Looked, most: usize) -> Vec<(PhotoId, u32)> {
        let Some(probes) = &looked.probes else { return Vec::new() };
        let within = PhotoPolicy::builtin().likeness.within_bits;
        self.0.search(probes, within, most).into_iter().map(|found| (found.key, found.distance)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decoder_that_panics_leaves_a_picture_that_cannot_be_decoded() {
        assert_eq!(unless_it_panics(|| -> Option<u8> { panic!("by this test") }), None);
        assert_eq!(unless_it_panics(|| Some(1)), Some(1));
    }
}
