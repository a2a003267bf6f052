//! Pictures taken, chosen and refused.

use super::{Deed, Person};
use crate::sim::album::{name_of, no_picture};
use bianfang_device::message::{Reply, TakenPhoto};
use bianfang_shared::id::EntityId;
use bianfang_shared::observation::{PhotoRef, PhotoSource};

/// A picture that a phone said it had kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shot {
    /// Its name.
    pub sha256: String,
    /// The phone.
    pub phone: usize,
    /// That phone was put back to a state before it.
    pub may_be_gone: bool,
}

impl Person<'_> {
    /// Takes pictures for these purposes, one or two for each. None if the phone died over it.
    pub(super) fn photograph(&mut self, purposes: &[String], subject: EntityId) -> Option<Vec<PhotoRef>> {
        let mut taken = Vec::new();
        for purpose in purposes {
            for _ in 0..if self.dice.permille(200) { 2 } else { 1 } {
                taken.extend(self.take(purpose, subject));
                // Taken and kept, and no draft names it yet.
                if self.dies() {
                    return None;
                }
            }
        }
        Some(taken)
    }

    /// Takes a picture, or chooses one. None if the phone has no room for it, or its disk fails.
    fn take(&mut self, purpose: &str, subject: EntityId) -> Option<PhotoRef> {
        let file = self.camera.shoot(self.dice);
        let taken = self.taken(purpose, subject, file.to_vec());
        let answer = self.phone.keep_photo(taken, self.fail_at);
        match self.hear(answer) {
            Ok(Reply::Photo(kept)) => {
                self.count("picture kept");
                assert_eq!(kept.photo.sha256, name_of(&file), "a photograph is named by its bytes");
                let sha256 = kept.photo.sha256.clone();
                self.shots.push(Shot { sha256, phone: self.phone.number, may_be_gone: false });
                Some(kept.photo)
            }
            Ok(other) => panic!("a good picture is answered with {other:?}"),
            Err(_) => None,
        }
    }

    fn taken(&mut self, purpose: &str, subject: EntityId, bytes: Vec<u8>) -> TakenPhoto {
        let by_camera = self.dice.permille(750);
        TakenPhoto {
            source: if by_camera { PhotoSource::Camera } else { PhotoSource::Gallery },
            purpose: purpose.to_owned(),
            subject,
            taken_at_ms: by_camera.then(|| self.phone.wall_ms()),
            place: by_camera.then(|| self.fix()),
            bytes,
            file: None,
        }
    }

    /// Chooses a file that is no picture. It is said, and nothing else happens.
    pub(super) fn choose_no_picture(&mut self) -> Option<Deed> {
        let households = self.households();
        let subject = *self.dice.pick(&households)?;
        let file = no_picture(self.dice);
        let taken = self.taken("photo_other", subject, file);
        let answer = self.phone.keep_photo(taken, self.fail_at);
        match self.hear(answer) {
            Ok(Reply::PhotoRefused(_)) => {
                self.count("file refused");
                None
            }
            Err(_) => None,
            Ok(other) => panic!("a file that is no picture is answered with {other:?}"),
        }
    }
}
