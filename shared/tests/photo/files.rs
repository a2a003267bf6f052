//! Picture files made by code: what cameras write, and what they never should.

use bianfang_shared::photo::{Examined, Photo, PhotoPolicy, PhotoProblem, Prepared, examine, prepare};
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::codecs::webp::WebPEncoder;
use image::{ExtendedColorType, ImageEncoder, Rgb, RgbImage, imageops};

pub(crate) const RED: [u8; 3] = [200, 40, 40];
pub(crate) const GREEN: [u8; 3] = [40, 160, 60];
pub(crate) const BLUE: [u8; 3] = [40, 70, 190];
pub(crate) const PALE: [u8; 3] = [230, 230, 225];

/// Upright, the upper left quarter is red, the upper right green, the lower left blue, the lower right pale.
pub(crate) fn quarters(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        Rgb(match (x < width / 2, y < height / 2) {
            (true, true) => RED,
            (false, true) => GREEN,
            (true, false) => BLUE,
            (false, false) => PALE,
        })
    })
}

/// What a sensor sees that is turned so that a viewer must apply this orientation to see the picture upright.
pub(crate) fn as_stored(upright: &RgbImage, orientation: u8) -> RgbImage {
    match orientation {
        2 => imageops::flip_horizontal(upright),
        3 => imageops::rotate180(upright),
        4 => imageops::flip_vertical(upright),
        5 => imageops::flip_horizontal(&imageops::rotate90(upright)),
        6 => imageops::rotate270(upright),
        7 => imageops::flip_horizontal(&imageops::rotate270(upright)),
        8 => imageops::rotate90(upright),
        _ => upright.clone(),
    }
}

pub(crate) fn jpeg(picture: &RgbImage) -> Vec<u8> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, 90).encode_image(picture).unwrap();
    bytes
}

pub(crate) fn grey_jpeg(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    let grey = image::DynamicImage::ImageRgb8(quarters(width, height)).into_luma8();
    JpegEncoder::new_with_quality(&mut bytes, 90).encode_image(&grey).unwrap();
    bytes
}

pub(crate) fn png(pixels: &[u8], width: u32, height: u32, colour: ExtendedColorType) -> Vec<u8> {
    let mut bytes = Vec::new();
    PngEncoder::new(&mut bytes).write_image(pixels, width, height, colour).unwrap();
    bytes
}

pub(crate) fn webp(picture: &RgbImage) -> Vec<u8> {
    let mut bytes = Vec::new();
    let encoder = WebPEncoder::new_lossless(&mut bytes);
    encoder.encode(picture.as_raw(), picture.width(), picture.height(), ExtendedColorType::Rgb8).unwrap();
    bytes
}

/// Puts a segment right after the beginning of a JPEG, where cameras write theirs.
pub(crate) fn with_segment(jpeg: &[u8], marker: u8, body: &[u8]) -> Vec<u8> {
    let length = u16::try_from(body.len() + 2).unwrap().to_be_bytes();
    [&jpeg[..2], &[0xFF, marker], &length, body, &jpeg[2..]].concat()
}

/// Says another size in the header of a JPEG.
pub(crate) fn claiming(jpeg: &[u8], width: u16, height: u16) -> Vec<u8> {
    let mut bytes = jpeg.to_vec();
    let frame = bytes.windows(2).position(|pair| pair == [0xFF, 0xC0]).unwrap();
    bytes[frame + 5..frame + 7].copy_from_slice(&height.to_be_bytes());
    bytes[frame + 7..frame + 9].copy_from_slice(&width.to_be_bytes());
    bytes
}

/// A PNG that says this of itself and holds nothing.
pub(crate) fn hollow_png(width: u32, height: u32, depth: u8, colour: u8) -> Vec<u8> {
    let header = [&width.to_be_bytes()[..], &height.to_be_bytes()[..], &[depth, colour, 0, 0, 0]].concat();
    let chunks = [png_chunk(b"IHDR", &header), png_chunk(b"IDAT", &[0x78, 0x9C]), png_chunk(b"IEND", &[])];
    [b"\x89PNG\r\n\x1A\n".to_vec(), chunks.concat()].concat()
}

pub(crate) fn png_chunk(name: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let named = [&name[..], body].concat();
    let length = u32::try_from(body.len()).unwrap().to_be_bytes();
    [&length[..], &named, &crc32(&named).to_be_bytes()].concat()
}

fn crc32(bytes: &[u8]) -> u32 {
    let step = |sum: u32, byte: &u8| {
        (0..8).fold(
            sum ^ u32::from(*byte),
            |sum, _| if sum & 1 == 1 { sum >> 1 ^ 0xEDB8_8320 } else { sum >> 1 },
        )
    };
    !bytes.iter().fold(u32::MAX, step)
}

/// The beginning of a file of the HEIC and MP4 family.
pub(crate) fn branded(brand: &[u8; 4]) -> Vec<u8> {
    [&[0, 0, 0, 24], b"ftyp", &brand[..], &[0; 4], b"mif1", &brand[..], &[0; 64]].concat()
}

pub(crate) fn looked_at(bytes: &[u8]) -> Result<Examined, PhotoProblem> {
    examine(bytes, PhotoPolicy::builtin())
}

pub(crate) fn prepared(bytes: &[u8]) -> Result<Prepared, PhotoProblem> {
    prepare(bytes, PhotoPolicy::builtin())
}

/// Decodes what is stored, not with the code under test.
pub(crate) fn opened(jpeg: &[u8]) -> RgbImage {
    image::load_from_memory(jpeg).unwrap().into_rgb8()
}

/// Whether the four quarters are where they belong, in their own colours.
pub(crate) fn assert_quarters(name: &str, jpeg: &[u8], close: u8) {
    let picture = opened(jpeg);
    let (right, low) = (picture.width() * 7 / 8, picture.height() * 7 / 8);
    let (left, high) = (picture.width() / 8 * 3, picture.height() / 8 * 3);
    let right = right.min(picture.width() - 3);
    for (at, wanted) in
        [((left, high), RED), ((right, high), GREEN), ((left, low), BLUE), ((right, low), PALE)]
    {
        let found = picture.get_pixel(at.0, at.1).0;
        let far = found.iter().zip(wanted).map(|(found, wanted)| found.abs_diff(wanted)).max().unwrap();
        assert!(far <= close, "{name}: {found:?} instead of {wanted:?} at {at:?}");
    }
}

/// Nothing but the picture: no segment of a camera's, and nothing after the end.
pub(crate) fn assert_bare(name: &str, photo: &Photo) {
    let bytes = &photo.jpeg;
    for mark in [&b"Exif"[..], b"GPS", b"http", b"ICC_PROFILE", b"MPF"] {
        assert!(!bytes.windows(mark.len()).any(|part| part == mark), "{name}: holds {mark:?}");
    }
    let mut at = 2;
    loop {
        let [0xFF, marker, high, low] = bytes[at..at + 4] else { panic!("{name}: no marker at {at}") };
        let known = matches!(marker, 0xC0..=0xC2 | 0xC4 | 0xDB | 0xDD | 0xDA | 0xE0 | 0xEE);
        assert!(known, "{name}: a segment {marker:x}");
        at += 2 + usize::from(u16::from_be_bytes([high, low]));
        if marker == 0xDA {
            break;
        }
    }
    assert!(bytes.ends_with(&[0xFF, 0xD9]), "{name}: something follows the picture");
}
