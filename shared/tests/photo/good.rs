//! Every kind of picture that cameras and galleries give becomes the same thing: one upright JPEG of the policy's size,
//! with nothing in it but the picture.

use crate::copies::camera_file;
use crate::exif::{Exif, VILLAGE};
use crate::files::{
    PALE, as_stored, assert_bare, assert_quarters, grey_jpeg, jpeg, opened, png, prepared, quarters, webp,
    with_segment,
};
use bianfang_shared::observation::PhotoSource;
use bianfang_shared::photo::{PhotoPolicy, PictureSort, finish, probes, thumbnail};
use image::ExtendedColorType;
use sha2::{Digest, Sha256};

const PROGRESSIVE: &[u8] = include_bytes!("../photos/progressive.jpg");
const SUBSAMPLED: &[u8] = include_bytes!("../photos/subsampled.jpg");
const RESTARTS: &[u8] = include_bytes!("../photos/restarts.jpg");
const PROFILED: &[u8] = include_bytes!("../photos/profiled.jpg");
const CMYK: &[u8] = include_bytes!("../photos/cmyk.jpg");
const YCCK: &[u8] = include_bytes!("../photos/ycck.jpg");

fn sixteen_bits(width: u32, height: u32) -> Vec<u8> {
    let deep = quarters(width, height).into_raw();
    let deep: Vec<u8> = deep.into_iter().flat_map(|part| (u16::from(part) * 257).to_ne_bytes()).collect();
    png(&deep, width, height, ExtendedColorType::Rgb16)
}

fn see_through(width: u32, height: u32) -> Vec<u8> {
    // The lower right quarter is black but cannot be seen; on white it is as good as pale.
    let picture = image::RgbaImage::from_fn(width, height, |x, y| {
        let [r, g, b] = quarters(width, height).get_pixel(x, y).0;
        image::Rgba(if [r, g, b] == PALE { [0, 0, 0, 0] } else { [r, g, b, 255] })
    });
    png(picture.as_raw(), width, height, ExtendedColorType::Rgba8)
}

#[test]
fn every_kind_of_picture_becomes_one_bare_upright_jpeg() {
    let small = quarters(160, 120);
    let exif = Exif { taken: Some("2025:07:18 11:30:00"), gps: Some(VILLAGE), ..Exif::default() };
    let cases: Vec<(&str, PictureSort, Vec<u8>)> = vec![
        ("baseline", PictureSort::Jpeg, jpeg(&small)),
        ("progressive", PictureSort::Jpeg, PROGRESSIVE.to_vec()),
        ("subsampled", PictureSort::Jpeg, SUBSAMPLED.to_vec()),
        ("restart markers", PictureSort::Jpeg, RESTARTS.to_vec()),
        ("colour profile and comment", PictureSort::Jpeg, PROFILED.to_vec()),
        ("CMYK", PictureSort::Jpeg, CMYK.to_vec()),
        ("YCCK", PictureSort::Jpeg, YCCK.to_vec()),
        ("with EXIF", PictureSort::Jpeg, with_segment(&jpeg(&small), 0xE1, &exif.segment())),
        ("PNG", PictureSort::Png, png(small.as_raw(), 160, 120, ExtendedColorType::Rgb8)),
        ("PNG of 16 bits", PictureSort::Png, sixteen_bits(160, 120)),
        ("PNG that shows through", PictureSort::Png, see_through(160, 120)),
        ("WebP", PictureSort::Webp, webp(&small)),
    ];
    for (name, sort, file) in cases {
        let made = prepared(&file).unwrap_or_else(|problem| panic!("{name}: {problem}"));
        let photo = &made.photo;
        assert_eq!(made.examined.sort, sort, "{name}");
        assert_eq!((made.examined.width, made.examined.height), (160, 120), "{name}");
        assert_eq!((photo.width, photo.height), (160, 120), "{name}");
        assert_eq!(opened(&photo.jpeg).dimensions(), (160, 120), "{name}");
        // Of what shows through, white; elsewhere what compressing twice takes.
        assert_quarters(name, &photo.jpeg, if sort == PictureSort::Png { 31 } else { 14 });
        assert_bare(name, photo);
        assert_eq!(photo.sha256, hex::encode(Sha256::digest(&photo.jpeg)), "{name}");
        assert_eq!(prepared(&file).unwrap(), made, "{name}: the same file gives the same bytes");
    }
}

#[test]
fn a_grey_picture_stays_grey() {
    let photo = prepared(&grey_jpeg(160, 120)).unwrap().photo;
    assert_bare("grey", &photo);
    let spread = |pixel: &image::Rgb<u8>| pixel.0.iter().max().unwrap() - pixel.0.iter().min().unwrap();
    assert!(opened(&photo.jpeg).pixels().all(|pixel| spread(pixel) <= 2));
}

#[test]
fn every_orientation_comes_out_upright() {
    let upright = quarters(160, 96);
    for orientation in 1..=8_u8 {
        let exif = Exif {
            orientation: Some(orientation.into()),
            big_endian: orientation % 2 == 0,
            ..Exif::default()
        };
        let file = with_segment(&jpeg(&as_stored(&upright, orientation)), 0xE1, &exif.segment());
        for (way, photo) in [
            ("prepared", prepared(&file).unwrap().photo),
            ("finished", finish(file, PhotoPolicy::builtin()).unwrap()),
        ] {
            let name = format!("{way}, orientation {orientation}");
            assert_eq!((photo.width, photo.height), (160, 96), "{name}");
            assert_quarters(&name, &photo.jpeg, 14);
            assert_quarters(&name, &photo.thumbnail, 20);
            assert_bare(&name, &photo);
        }
    }
}

#[test]
fn the_long_edge_is_the_policys_and_nothing_is_made_larger() {
    let cases = [
        ("4000 × 3000", (4000, 3000), (1600, 1200)),
        ("3000 × 4000", (3000, 4000), (1200, 1600)),
        ("1601 × 1200", (1601, 1200), (1600, 1199)),
        ("1600 × 1200", (1600, 1200), (1600, 1200)),
        ("320 × 240", (320, 240), (320, 240)),
        ("a strip", (6000, 80), (1600, 21)),
    ];
    for (name, (width, height), wanted) in cases {
        let photo = prepared(&jpeg(&quarters(width, height))).unwrap().photo;
        assert_eq!((photo.width, photo.height), wanted, "{name}");
        let small = opened(&photo.thumbnail);
        assert_eq!(small.width().max(small.height()), wanted.0.max(wanted.1).min(320), "{name}");
    }
}

#[test]
fn fifty_megapixels_are_taken() {
    let file = camera_file(50);
    let made = prepared(&file).unwrap();
    assert!(u64::from(made.examined.width) * u64::from(made.examined.height) >= 50_000_000);
    assert_eq!((made.photo.width, made.photo.height), (1600, 1200));
    assert_bare("50 MP", &made.photo);
    assert!(made.photo.likeness().is_some());
}

#[test]
fn what_the_platform_encoded_keeps_its_picture_bit_for_bit() {
    let small = quarters(160, 120);
    let plain = jpeg(&small);
    let exif = Exif { orientation: Some(1), gps: Some(VILLAGE), ..Exif::default() }.segment();
    let preview = [&b"JFIF\0\x01\x01\0\0\x01\0\x01\x02\x02"[..], &[9; 12]].concat();
    let film = [&plain[..], &b"\0\0\0\x18ftypmp42"[..], &[7; 300]].concat();
    let gap = [&plain[..2], &[0xFF, 0xFF, 0xFF], &plain[2..]].concat();
    let cases: Vec<(&str, Vec<u8>)> = vec![
        ("nothing to remove", plain.clone()),
        ("EXIF", with_segment(&plain, 0xE1, &exif)),
        ("XMP", with_segment(&plain, 0xE1, b"http://ns.adobe.com/xap/1.0/\0<x/>")),
        ("a profile", with_segment(&plain, 0xE2, b"ICC_PROFILE\0\x01\x01 sRGB")),
        ("a comment", with_segment(&plain, 0xFE, b"taken at home")),
        ("a preview in the header", with_segment(&plain, 0xE0, &preview)),
        ("a film behind the picture", film),
        ("a second picture behind the first", [&plain[..], &plain[..]].concat()),
        ("fill bytes between segments", gap),
        ("progressive", PROGRESSIVE.to_vec()),
        ("restart markers", RESTARTS.to_vec()),
        ("profile and comment", PROFILED.to_vec()),
        ("CMYK", CMYK.to_vec()),
    ];
    for (name, file) in cases {
        let photo = finish(file.clone(), PhotoPolicy::builtin())
            .unwrap_or_else(|problem| panic!("{name}: {problem}"));
        assert_eq!(opened(&photo.jpeg), opened(&file), "{name}");
        assert_bare(name, &photo);
        if name == "nothing to remove" {
            assert_eq!(photo.jpeg, file);
        }
        // What is finished is finished: doing it again changes nothing.
        assert_eq!(finish(photo.jpeg.clone(), PhotoPolicy::builtin()).unwrap(), photo, "{name}");
    }
}

#[test]
fn likeness_and_thumbnail_are_those_of_the_stored_bytes() {
    let photo = prepared(&camera_file(3)).unwrap().photo;
    assert_eq!(finish(photo.jpeg.clone(), PhotoPolicy::builtin()).unwrap(), photo);
    assert_eq!(probes(&photo.jpeg).unwrap(), photo.probes);
    assert_eq!(thumbnail(&photo.jpeg, PhotoPolicy::builtin()).unwrap(), photo.thumbnail);
}

#[test]
fn too_large_a_picture_from_the_platform_is_made_smaller() {
    let photo = finish(camera_file(4), PhotoPolicy::builtin()).unwrap();
    assert_eq!((photo.width, photo.height), (1600, 1200));
}

#[test]
fn a_record_says_of_a_photograph_what_its_file_said() {
    let exif = Exif { taken: Some("2025:07:18 11:30:00"), gps: Some(VILLAGE), ..Exif::default() };
    let made = prepared(&with_segment(&camera_file(1), 0xE1, &exif.segment())).unwrap();
    let told = made.photo.reference("panorama", PhotoSource::Gallery, &made.examined);
    assert_eq!((told.sha256.len(), told.bytes), (64, made.photo.jpeg.len() as u64));
    assert_eq!((told.width, told.height), (made.photo.width, made.photo.height));
    assert_eq!((told.purpose.as_str(), told.source), ("panorama", PhotoSource::Gallery));
    assert_eq!(told.taken_at_ms, Some(1_752_809_400_000));
    assert_eq!(told.place.map(|place| place.accuracy_m), Some(12.5));
    assert_eq!(Some(told.likeness.parse().unwrap()), made.photo.likeness());
}
