//! Pictures that are looked at: made up, encoded, brought.

use crate::harness::{TestDevice, TestServer};
use axum::body::Bytes;
use image::{Rgb, RgbImage};

/// A made-up front of a house: sky, wall, roof, and openings where the number says.
pub(crate) fn house(number: u32) -> RgbImage {
    let dice = |what: u32, below: u32| {
        let mixed = (number * 7_919 + what * 104_729).wrapping_mul(2_654_435_761);
        (mixed >> 12) % below
    };
    let ridge = 40 + dice(1, 60);
    let eaves = ridge + 50 + dice(2, 60);
    let (left, right) = (30 + dice(3, 90), 300 + dice(4, 80));
    let openings: Vec<[u32; 4]> = (0..5)
        .map(|at| {
            let (x, y) = (left + dice(10 + at, right - left - 50), eaves + 20 + dice(20 + at, 90));
            [x, y, x + 18 + dice(30 + at, 40), y + 18 + dice(40 + at, 60)]
        })
        .collect();
    RgbImage::from_fn(400, 300, |x, y| {
        let inside = |[left, top, right, bottom]: &[u32; 4]| {
            (*left..*right).contains(&x) && (*top..*bottom).contains(&y)
        };
        let grain = u8::try_from((x * 31 + y * 17 + x * y) % 9).unwrap();
        let roof = (ridge..eaves).contains(&y) && x + (eaves - y) / 2 > left && x < right + (eaves - y) / 3;
        let wall = y >= eaves && (left..right).contains(&x) && y < 270;
        let shade = if openings.iter().any(inside) && wall {
            40
        } else if roof {
            90 + u8::try_from(dice(5, 60)).unwrap()
        } else if wall {
            170 + u8::try_from(dice(6, 50)).unwrap()
        } else if y < eaves {
            225
        } else {
            120
        };
        Rgb([shade, shade.saturating_sub(grain), shade.saturating_sub(grain / 2)])
    })
}

pub(crate) fn jpeg(picture: &RgbImage, quality: u8) -> Bytes {
    let mut bytes = Vec::new();
    let mut encoder = image::codecs::jpeg::JpegEncoder::new_with_quality(&mut bytes, quality);
    encoder.encode_image(picture).unwrap();
    bytes.into()
}

/// Keeps a picture as one that this phone brought, and looks at it.
pub(crate) fn upload(server: &TestServer, phone: &TestDevice, bytes: &Bytes) {
    server.app.photos().bring(bytes, phone.user).unwrap();
    server.app.photos().settle().unwrap();
}
