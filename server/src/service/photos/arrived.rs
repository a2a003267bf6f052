//! Bytes that arrived, and what they hash to.

use crate::files::hash_of;
use crate::store::photos::PhotoId;
use axum::body::Bytes;
use std::cell::OnceCell;

/// Bytes that arrived. What they hash to is reckoned once: of a photograph that comes in one piece it is the piece's
/// checksum and the photograph's name.
#[derive(Debug)]
pub(super) struct Arrived {
    pub(super) bytes: Bytes,
    hash: OnceCell<PhotoId>,
}

impl Arrived {
    pub(super) fn new(bytes: Bytes) -> Self {
        Self { bytes, hash: OnceCell::new() }
    }

    /// Not for tokio's threads: meanwhile other connections would wait.
    pub(super) fn hash(&self) -> PhotoId {
        *self.hash.get_or_init(|| hash_of(&self.bytes))
    }
}
