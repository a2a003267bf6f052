//! Invented photographs: small drawings that stand in for what a phone takes.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bianfang_device::message::{KeptPhoto, PhotoRow, PhotoState, Picture, SimilarHere, Trouble};
use bianfang_shared::observation::{PhotoRef, PhotoSource};
use bianfang_shared::query::{PhotoView, SimilarPhoto};

use super::NOW_MS;
use super::ledger::{record, village};
use super::records::fix;

const PICTURES: [&[u8]; 4] = [
    include_bytes!("pictures/house.jpg"),
    include_bytes!("pictures/crack.jpg"),
    include_bytes!("pictures/tap.jpg"),
    include_bytes!("pictures/road.jpg"),
];

/// The photograph that nobody has yet.
const NOWHERE: u8 = 9;

fn address(number: u8) -> String {
    let at = usize::from(number) % PICTURES.len();
    format!("data:image/jpeg;base64,{}", STANDARD.encode(PICTURES[at]))
}

fn sha256(number: u8) -> String {
    format!("{number:064x}")
}

/// What a record says of the photograph of this number.
pub(super) fn photo(number: u8, purpose: &str, source: PhotoSource) -> PhotoRef {
    let camera = source == PhotoSource::Camera;
    PhotoRef {
        sha256: sha256(number),
        purpose: purpose.to_owned(),
        bytes: 214_300 + u64::from(number),
        width: 1_600,
        height: 1_200,
        source,
        taken_at_ms: camera.then_some(NOW_MS - 60_000 * i64::from(number)),
        place: camera.then(|| fix(30.0, 9.0)),
        likeness: String::new(),
    }
}

/// A photograph of a record and where it is.
pub(super) fn row(photo: PhotoRef, state: PhotoState) -> PhotoRow {
    let number = number_of(&photo.sha256);
    PhotoRow { thumbnail: Some(address(number)), photo, state }
}

/// The states that one record's photographs can be in.
pub(super) fn states() -> [PhotoState; 4] {
    [
        PhotoState::Held,
        PhotoState::Sending { sent: 120_000 },
        PhotoState::Device,
        PhotoState::Failed {
            trouble: Trouble {
                code: "too_large".to_owned(),
                detail: "413 Content Too Large".to_owned(),
                may_retry: false,
            },
        },
    ]
}

fn number_of(sha256: &str) -> u8 {
    u8::from_str_radix(&sha256[sha256.len() - 2..], 16).unwrap_or(0)
}

/// The picture of a hash.
pub(super) fn picture(sha256: &str) -> Picture {
    let number = number_of(sha256);
    Picture { sha256: sha256.to_owned(), address: (number != NOWHERE).then(|| address(number)) }
}

/// A picture just kept, which looks like another.
pub(super) fn kept(photo: PhotoRef) -> KeptPhoto {
    let similar = SimilarHere {
        sha256: sha256(77),
        distance: 3,
        name: "刘大海 BJ-0031".to_owned(),
        at_ms: NOW_MS - 40 * 86_400_000,
    };
    KeptPhoto { thumbnail: address(number_of(&photo.sha256)), photo, similar: vec![similar] }
}

/// Photographs as a reviewer gets them: in order, alike to one of another record, not there yet.
pub(super) fn views(photos: &[PhotoRef]) -> Vec<PhotoView> {
    let view = |(at, photo): (usize, &PhotoRef)| PhotoView {
        photo: photo.clone(),
        held: number_of(&photo.sha256) != NOWHERE,
        similar: if at == 1 { vec![similar(), hidden()] } else { Vec::new() },
    };
    photos.iter().enumerate().map(view).collect()
}

fn similar() -> SimilarPhoto {
    SimilarPhoto {
        sha256: sha256(77),
        distance: 3,
        same_bytes: false,
        record: Some(record(4)),
        scope: Some(village()),
        subject_name: "周建国".to_owned(),
        author_name: "罗文斌".to_owned(),
        ended_at_ms: NOW_MS - 12 * 86_400_000,
    }
}

fn hidden() -> SimilarPhoto {
    SimilarPhoto { same_bytes: true, ..SimilarPhoto::default() }
}

/// The photographs of an inspection.
pub(super) fn of_inspection() -> Vec<PhotoRef> {
    vec![
        photo(4, "photo_whole", PhotoSource::Camera),
        photo(5, "photo_walls", PhotoSource::Camera),
        photo(NOWHERE, "photo_door", PhotoSource::Gallery),
    ]
}
