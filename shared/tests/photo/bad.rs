//! What cannot become a photograph is refused with its reason, before memory is set aside for it, and without a panic.

use crate::copies::camera_file;
use crate::exif::{Exif, VILLAGE};
use crate::files::{
    branded, claiming, hollow_png, jpeg, looked_at, png, prepared, quarters, webp, with_segment,
};
use bianfang_shared::photo::{
    Examined, PIXELS_MAX, PhotoPolicy, PhotoProblem, PictureSort, SOURCE_BYTES_MAX, finish, probes, thumbnail,
};
use image::ExtendedColorType;

const PROGRESSIVE: &[u8] = include_bytes!("../photos/progressive.jpg");
const UNMARKED: &[u8] = include_bytes!("../photos/cmyk-unmarked.jpg");

fn too_many(width: u32, height: u32) -> PhotoProblem {
    PhotoProblem::TooManyPixels { width, height, limit_megapixels: PIXELS_MAX / 1_000_000 }
}

/// A JPEG coded by a method that is not decoded, told by the marker of its frame.
fn of_frame(marker: u8) -> Vec<u8> {
    let mut bytes = jpeg(&quarters(64, 48));
    let frame = bytes.windows(2).position(|pair| pair == [0xFF, 0xC0]).unwrap();
    bytes[frame + 1] = marker;
    bytes
}

#[test]
fn each_bad_file_has_its_reason() {
    let good = jpeg(&quarters(160, 120));
    let wrong = |sort| PhotoProblem::WrongSort { sort };
    let elsewhere = |sort| PhotoProblem::NotOpenedHere { sort };
    let cases: Vec<(&str, Vec<u8>, PhotoProblem)> = vec![
        ("empty", Vec::new(), PhotoProblem::Empty),
        ("text", "一张照片".into(), PhotoProblem::NotAPicture),
        ("one byte", vec![0xFF], PhotoProblem::NotAPicture),
        ("zeros, as a full card leaves them", vec![0; 4_096], PhotoProblem::NotAPicture),
        ("a document", b"%PDF-1.7 and so on".to_vec(), PhotoProblem::NotAPicture),
        ("an MP4 with another name", branded(b"isom"), PhotoProblem::Video),
        ("an MP4 of a phone", branded(b"mp42"), PhotoProblem::Video),
        ("a film of an iPhone", branded(b"qt  "), PhotoProblem::Video),
        ("a film without a brand", b"\0\0\0\x08moov and so on".to_vec(), PhotoProblem::Video),
        ("Matroska", b"\x1A\x45\xDF\xA3 and so on".to_vec(), PhotoProblem::Video),
        ("AVI", b"RIFF\0\0\0\0AVI LIST".to_vec(), PhotoProblem::Video),
        ("GIF", b"GIF89a\x01\0\x01\0".to_vec(), wrong(PictureSort::Gif)),
        ("BMP", b"BM\x46\0\0\0\0\0\0\0 and so on".to_vec(), wrong(PictureSort::Bmp)),
        ("TIFF", b"II*\0\x08\0\0\0".to_vec(), wrong(PictureSort::Tiff)),
        ("HEIC", branded(b"heic"), elsewhere(PictureSort::Heic)),
        ("AVIF", branded(b"avif"), elsewhere(PictureSort::Avif)),
        ("a JPEG without loss", of_frame(0xC3), elsewhere(PictureSort::Jpeg)),
        ("a JPEG of arithmetic codes", of_frame(0xC9), elsewhere(PictureSort::Jpeg)),
        ("CMYK that does not say how it is meant", UNMARKED.to_vec(), PhotoProblem::ColoursUnknown),
        ("a bomb of a JPEG", claiming(&good, 60_000, 60_000), too_many(60_000, 60_000)),
        ("a bomb of a PNG", hollow_png(60_000, 60_000, 8, 2), too_many(60_000, 60_000)),
        (
            "a PNG whose pixels are few but deep",
            hollow_png(10_000, 10_000, 16, 6),
            PhotoProblem::TooMuchMemory { size_mb: 763, limit_mb: 512 },
        ),
        ("a header for more than there is", claiming(&good, 10_000, 10_000), PhotoProblem::CutShort),
        ("no height", claiming(&good, 160, 0), PhotoProblem::Damaged),
        ("too small", jpeg(&quarters(15, 400)), PhotoProblem::TooSmall { width: 15, height: 400 }),
        ("a PNG of nothing", hollow_png(64, 48, 8, 2), PhotoProblem::CutShort),
    ];
    for (name, file, wanted) in cases {
        let found = prepared(&file).map(|_| ());
        let alike = match (&found, &wanted) {
            // What the decoder calls damaged or cut is its own matter; both are said plainly.
            (Err(PhotoProblem::Damaged), PhotoProblem::CutShort) => name == "a PNG of nothing",
            (found, wanted) => found.as_ref() == Err(wanted),
        };
        assert!(alike, "{name}: {found:?}");
    }
}

#[test]
fn a_file_that_is_too_large_is_not_read() {
    let mut file = jpeg(&quarters(64, 48));
    file.resize(SOURCE_BYTES_MAX + 1, 0);
    let wanted = PhotoProblem::TooManyBytes { size_mb: 65, limit_mb: 64 };
    assert_eq!(prepared(&file).unwrap_err(), wanted);
    assert_eq!(finish(file, PhotoPolicy::builtin()).unwrap_err(), wanted);
    // Of a film one learns that it is a film, however large.
    let mut film = branded(b"mp42");
    film.resize(SOURCE_BYTES_MAX + 1, 0);
    assert_eq!(prepared(&film).unwrap_err(), PhotoProblem::Video);
}

#[test]
fn heic_passes_for_platforms_that_open_it_and_says_its_size_where_it_does() {
    assert_eq!(looked_at(&branded(b"heic")).map(|it| (it.sort, it.width)), Ok((PictureSort::Heic, 0)));
    let mut file = branded(b"heic");
    for (width, height) in [(512_u32, 512_u32), (4_032, 3_024)] {
        file.extend([&b"ispe\0\0\0\0"[..], &width.to_be_bytes(), &height.to_be_bytes()].concat());
    }
    let Examined { width, height, .. } = looked_at(&file).unwrap();
    assert_eq!((width, height), (4_032, 3_024));
}

#[test]
fn a_picture_cut_anywhere_is_told_before_it_is_decoded() {
    let exif = Exif { orientation: Some(6), gps: Some(VILLAGE), ..Exif::default() }.segment();
    let small = quarters(160, 120);
    let files = [
        ("JPEG", with_segment(&jpeg(&small), 0xE1, &exif)),
        ("progressive", PROGRESSIVE.to_vec()),
        ("PNG", png(small.as_raw(), 160, 120, ExtendedColorType::Rgb8)),
        ("WebP", webp(&small)),
    ];
    for (name, file) in files {
        assert!(looked_at(&file).is_ok(), "{name}, whole");
        for end in 16..file.len() {
            assert_eq!(looked_at(&file[..end]).unwrap_err(), PhotoProblem::CutShort, "{name}, {end} bytes");
        }
        for end in 0..16 {
            assert!(looked_at(&file[..end]).is_err(), "{name}, {end} bytes");
        }
    }
}

#[test]
fn a_cut_picture_that_was_filled_with_zeros_is_told() {
    let mut file = camera_file(1);
    let length = file.len();
    for part in [4, 2] {
        file.truncate(length / part);
        file.resize(length, 0);
        assert_eq!(prepared(&file).unwrap_err(), PhotoProblem::CutShort);
    }
}

#[test]
fn bytes_turned_over_anywhere_never_panic() {
    let exif = Exif { orientation: Some(6), gps: Some(VILLAGE), ..Exif::default() }.segment();
    let small = quarters(48, 32);
    let files = [
        with_segment(&jpeg(&small), 0xE1, &exif),
        PROGRESSIVE.to_vec(),
        png(small.as_raw(), 48, 32, ExtendedColorType::Rgb8),
        webp(&small),
    ];
    for file in files {
        for at in (0..file.len()).filter(|at| *at < 64 || at % 5 == 0) {
            let mut bytes = file.clone();
            bytes[at] ^= 0xFF;
            // Whatever it is then, it is a photograph or a problem.
            let _ = prepared(&bytes);
            let _ = finish(bytes, PhotoPolicy::builtin());
        }
    }
}

#[test]
fn only_a_jpeg_is_finished() {
    let small = quarters(64, 48);
    let png = png(small.as_raw(), 64, 48, ExtendedColorType::Rgb8);
    let cases = [
        (Vec::new(), PhotoProblem::Empty),
        (png, PhotoProblem::WrongSort { sort: PictureSort::Png }),
        (b"no picture".to_vec(), PhotoProblem::NotAPicture),
        (jpeg(&small)[..400].to_vec(), PhotoProblem::CutShort),
        (claiming(&jpeg(&small), 60_000, 60_000), too_many(60_000, 60_000)),
    ];
    for (file, wanted) in cases {
        assert_eq!(probes(&file).unwrap_err(), wanted);
        assert_eq!(thumbnail(&file, PhotoPolicy::builtin()).unwrap_err(), wanted);
        assert_eq!(finish(file, PhotoPolicy::builtin()).unwrap_err(), wanted);
    }
}
