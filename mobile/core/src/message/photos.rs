//! Photographs: as taken, as kept here, as looked at, and where they are.

use super::Trouble;
use bianfang_shared::id::EntityId;
use bianfang_shared::observation::{Fix, PhotoRef, PhotoSource};
use serde::{Deserialize, Serialize};

/// A picture as it was taken or chosen.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct TakenPhoto {
    /// The camera in the app, or the gallery.
    pub source: PhotoSource,
    /// The question that asks for it; or `before`, `after` of a problem.
    pub purpose: String,
    /// What it belongs to, for finding its like: other pictures of the same subject are no re-use.
    pub subject: EntityId,
    /// When it was taken, by the phone's wall clock, if by the camera in the app.
    #[serde(default)]
    pub taken_at_ms: Option<i64>,
    /// Where the phone was, if taken in the app.
    #[serde(default)]
    pub place: Option<Fix>,
    /// The file as it is. Travels beside the message, not in it.
    #[serde(skip)]
    pub bytes: Vec<u8>,
    /// Instead of the bytes: the number of a file that was handed to the owner of the database before, as the bridge of
    /// the browser does.
    #[serde(default)]
    pub file: Option<u64>,
}

// By hand, so that no picture reaches a log.
impl std::fmt::Debug for TakenPhoto {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TakenPhoto")
            .field("purpose", &self.purpose)
            .field("bytes", &self.bytes.len())
            .field("file", &self.file)
            .finish_non_exhaustive()
    }
}

/// A picture that is durably on this device.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KeptPhoto {
    /// What a draft or a step says of it.
    pub photo: PhotoRef,
    /// A small picture as a `data:` address.
    pub thumbnail: String,
    /// Pictures on this device that look the same, nearest first.
    pub similar: Vec<SimilarHere>,
}

/// A picture on this device that looks like another.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SimilarHere {
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// In how many bits their likenesses differ; 0 with the same hash is the same picture.
    pub distance: u32,
    /// Whose record it belongs to, in words.
    pub name: String,
    /// When that was, in milliseconds since 1970.
    pub at_ms: i64,
}

/// A photograph to look at.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Picture {
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// The picture as a `data:` address; none if neither this device nor the centre has it yet.
    pub address: Option<String>,
}

/// A photograph of a record, and where it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PhotoRow {
    /// What the record says of it.
    pub photo: PhotoRef,
    /// A small picture as a `data:` address, if it is on this device.
    pub thumbnail: Option<String>,
    /// Where it is.
    pub state: PhotoState,
}

/// Where a photograph is. The message is `photo-state-<key>`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum PhotoState {
    /// On this device only.
    Device,
    /// On its way: so many of its bytes are with the centre.
    Sending {
        /// How many.
        sent: u64,
    },
    /// The centre has it and its hash is right.
    Held,
    /// It cannot be sent; nothing else waits for it.
    Failed {
        /// Why.
        trouble: Trouble,
    },
    /// Made on another device; whether the centre has it is not known here.
    Elsewhere,
}
