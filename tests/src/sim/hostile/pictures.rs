//! Photographs that are none, others' photographs, others' uploads.

use super::{Centre, Hostile};
use crate::grammar::Known;
use crate::sim::album::{Bulk, name_of, picture};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bianfang_shared::wire::{PHOTO_UPLOADS_PATH, PhotosHeldRequest};

/// Its own pictures are numbered from here; nobody else takes so many.
const FIRST_PICTURE: u64 = 1 << 40;
const NOISE_BYTES_MAX: usize = 4_000;
/// The length of an upload that it only begins.
const BEGUN_BYTES: u64 = 5_000;

impl Hostile {
    pub(super) fn photograph(&mut self, centre: &Centre, known: &Known) {
        match self.dice.below(8) {
            0 => {
                let noise = self.noise();
                self.upload(centre, &noise, None);
            }
            1 => {
                self.pictures += 1;
                let own = picture(FIRST_PICTURE + self.pictures, Bulk::Small);
                self.upload(centre, &own, None);
            }
            // Its own bytes under somebody else's name.
            2 => {
                let noise = self.noise();
                let name = self.some_photo(known);
                self.upload(centre, &noise, Some(name));
            }
            // Somebody else's name, and no bytes.
            3 => {
                let name = self.some_photo(known);
                self.begin(centre, &name);
            }
            4 => self.meddle(centre, known),
            5 => {
                let names: Vec<String> = (0..20).map(|_| self.some_photo(known)).collect();
                let mut request = PhotosHeldRequest::of(names);
                let guessed = request.sha256.iter().map(|name| (name.clone(), name.clone()));
                request.proofs = guessed.take(self.dice.below(3)).collect();
                let body = serde_json::to_vec(&request).expect("a message has a JSON form");
                self.say(centre, "POST", "/api/v1/photos/held", &[], body);
            }
            6 => {
                let name = self.some_photo(known);
                self.say(centre, "GET", &format!("/api/v1/photos/{name}"), &[], Vec::new());
            }
            _ => {
                let name = self.some_photo(known);
                self.say(centre, "GET", &format!("/api/v1/photos/{name}/thumb"), &[], Vec::new());
            }
        }
    }

    fn noise(&mut self) -> Vec<u8> {
        let mut noise = vec![0; 3 + self.dice.below(NOISE_BYTES_MAX)];
        self.dice.fill(&mut noise);
        noise[..3].copy_from_slice(&[0xff, 0xd8, 0xff]);
        noise
    }

    fn some_photo(&mut self, known: &Known) -> String {
        let own: Vec<String> = self.brought.iter().cloned().collect();
        let from = if self.dice.permille(700) { &known.photos } else { &own };
        self.dice.pick(from).cloned().unwrap_or_else(|| "0".repeat(64))
    }

    fn upload(&mut self, centre: &Centre, bytes: &[u8], name: Option<String>) {
        let sha256 = name_of(bytes);
        let told = name.unwrap_or_else(|| sha256.clone());
        let headers = [
            ("tus-resumable", "1.0.0".to_owned()),
            ("upload-length", bytes.len().to_string()),
            ("upload-metadata", format!("sha256 {}", STANDARD.encode(&told))),
            ("content-type", "application/offset+octet-stream".to_owned()),
        ];
        if let Some(answer) = self.say(centre, "POST", PHOTO_UPLOADS_PATH, &headers, bytes.to_vec())
            && answer.status == 201
            && told == sha256
        {
            self.brought.insert(sha256);
        }
    }

    /// Begins an upload and brings nothing.
    fn begin(&mut self, centre: &Centre, name: &str) {
        let headers = [
            ("tus-resumable", "1.0.0".to_owned()),
            ("upload-length", BEGUN_BYTES.to_string()),
            ("upload-metadata", format!("sha256 {}", STANDARD.encode(name))),
        ];
        if let Some(answer) = self.say(centre, "POST", PHOTO_UPLOADS_PATH, &headers, Vec::new()) {
            self.uploads.extend(answer.header("location").map(str::to_owned));
            if let Some(heard) = self.heard.last_mut() {
                heard.begins = Some(name.to_owned());
            }
        }
    }

    /// Asks about, writes to and ends uploads of anybody.
    fn meddle(&mut self, centre: &Centre, known: &Known) {
        let from = if self.dice.permille(700) { &known.uploads } else { &self.uploads };
        let Some(upload) = self.dice.pick(from).cloned() else { return };
        let tus = ("tus-resumable", "1.0.0".to_owned());
        match self.dice.below(3) {
            0 => drop(self.say(centre, "HEAD", &upload, &[tus], Vec::new())),
            1 => drop(self.say(centre, "DELETE", &upload, &[tus], Vec::new())),
            _ => {
                let headers = [
                    tus,
                    ("upload-offset", self.dice.below(3_000).to_string()),
                    ("content-type", "application/offset+octet-stream".to_owned()),
                ];
                let noise = self.noise();
                self.say(centre, "PATCH", &upload, &headers, noise);
            }
        }
    }
}
