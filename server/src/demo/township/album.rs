//! The photographs of the story: painted when first named, each once, and given out by their names. What is said of
//! those that are still on somebody's phone is made up. Knows no record.

use super::dice::Dice;
use super::pictures::{Scene, Take, paint};
use bianfang_shared::id::EntityId;
use bianfang_shared::observation::{PhotoRef, PhotoSource};
use bianfang_shared::photo::{PhotoPolicy, finish};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What somebody took a picture of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Shot {
    scene: Scene,
    take: Take,
    of: EntityId,
}

impl Shot {
    /// The scene at this house, supply or post, or of this problem.
    pub(super) fn new(scene: Scene, of: EntityId) -> Self {
        Self { scene, take: Take::First, of }
    }

    /// A copy of the same picture.
    pub(super) fn again(self) -> Self {
        Self { take: Take::Again, ..self }
    }
}

/// The photographs taken so far.
#[derive(Debug)]
pub(super) struct Album {
    seed: u64,
    /// Pictures have names only, for whoever looks at operations alone.
    #[cfg(test)]
    names_only: bool,
    taken: Mutex<BTreeMap<Shot, Arc<Picture>>>,
}

#[derive(Debug)]
struct Picture {
    said: PhotoRef,
    jpeg: Arc<[u8]>,
}

impl Album {
    pub(super) fn new(seed: u64) -> Self {
        Self {
            seed,
            #[cfg(test)]
            names_only: false,
            taken: Mutex::default(),
        }
    }

    /// One in which nothing is painted.
    #[cfg(test)]
    pub(super) fn of_names(seed: u64) -> Self {
        Self { names_only: true, ..Self::new(seed) }
    }

    /// What a record says of a picture that was taken for this purpose.
    pub(super) fn photo(&self, shot: Shot, purpose: &str) -> PhotoRef {
        let known = self.taken().get(&shot).cloned();
        let picture = known.unwrap_or_else(|| {
            // Painted outside of the lock: villages are told of side by side. The same shot gives the same picture.
            let picture = Arc::new(self.take(shot));
            self.taken().insert(shot, Arc::clone(&picture));
            picture
        });
        PhotoRef { purpose: purpose.to_owned(), ..picture.said.clone() }
    }

    /// What a record says of a picture whose bytes have not arrived.
    pub(super) fn elsewhere(&self, dice: &mut Dice, purpose: &str) -> PhotoRef {
        let bytes = dice.between(238_000, 462_000);
        let name = Sha256::digest([dice.sixteen_bytes(), dice.sixteen_bytes()].concat());
        let said = said(&hex::encode(name), u64::try_from(bytes).unwrap_or(0), (1_600, 1_200));
        PhotoRef { purpose: purpose.to_owned(), ..said }
    }

    /// The bytes of a picture that was painted.
    pub(super) fn jpeg(&self, sha256: &str) -> Option<Arc<[u8]>> {
        let taken = self.taken();
        let found = taken.values().find(|picture| picture.said.sha256 == sha256 && !picture.jpeg.is_empty());
        found.map(|picture| Arc::clone(&picture.jpeg))
    }

    fn take(&self, shot: Shot) -> Picture {
        #[cfg(test)]
        if self.names_only {
            let name = hex::encode(Sha256::digest(format!("{shot:?}")));
            return Picture { said: said(&name, 1, (1, 1)), jpeg: Arc::new([]) };
        }
        let [.., a, b, c, d, e, f, g, h] = shot.of.bytes();
        let seed = self.seed ^ u64::from_be_bytes([a, b, c, d, e, f, g, h]);
        let jpeg = paint(shot.scene, shot.take, seed).expect("encoding into memory does not fail");
        let photo = finish(jpeg, PhotoPolicy::builtin()).expect("what was just encoded is a whole JPEG");
        let likeness = photo.likeness().map(|likeness| likeness.to_string()).unwrap_or_default();
        let said = said(&photo.sha256, photo.jpeg.len() as u64, (photo.width, photo.height));
        Picture { said: PhotoRef { likeness, ..said }, jpeg: photo.jpeg.into() }
    }

    fn taken(&self) -> MutexGuard<'_, BTreeMap<Shot, Arc<Picture>>> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn said(sha256: &str, bytes: u64, (width, height): (u32, u32)) -> PhotoRef {
    PhotoRef {
        sha256: sha256.to_owned(),
        purpose: String::new(),
        bytes,
        width,
        height,
        source: PhotoSource::Camera,
        taken_at_ms: None,
        place: None,
        likeness: String::new(),
    }
}
