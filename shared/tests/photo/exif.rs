//! EXIF: what a file says of time, place and orientation is read, in whatever order of bytes, and what it does not say
//! well is left out.

use crate::files::{jpeg, looked_at, png, quarters, with_segment};
use image::ExtendedColorType;

/// What a camera writes beside the picture.
#[derive(Clone, Debug, Default)]
pub(crate) struct Exif {
    pub(crate) big_endian: bool,
    pub(crate) orientation: Option<u16>,
    pub(crate) taken: Option<&'static str>,
    pub(crate) offset: Option<&'static str>,
    pub(crate) gps: Option<Gps>,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Gps {
    pub(crate) lat: [(u32, u32); 3],
    pub(crate) lat_side: &'static str,
    pub(crate) lon: [(u32, u32); 3],
    pub(crate) lon_side: &'static str,
    pub(crate) error_m: Option<(u32, u32)>,
    pub(crate) at: Option<(&'static str, [(u32, u32); 3])>,
}

/// 28°54'05.4" N, 113°18'36" E, known to 12.5 m, at 03:30:15 UTC.
pub(crate) const VILLAGE: Gps = Gps {
    lat: [(28, 1), (54, 1), (54, 10)],
    lat_side: "N",
    lon: [(113, 1), (18, 1), (3_600, 100)],
    lon_side: "E",
    error_m: Some((125, 10)),
    at: Some(("2025:07:18", [(3, 1), (30, 1), (15, 1)])),
};

enum Entry {
    Short(u16, u16),
    Ascii(u16, String),
    Rationals(u16, Vec<(u32, u32)>),
    Directory(u16, Vec<Entry>),
}

impl Exif {
    /// The body of a JPEG's APP1 segment.
    pub(crate) fn segment(&self) -> Vec<u8> {
        [b"Exif\0\0".to_vec(), self.tiff()].concat()
    }

    pub(crate) fn tiff(&self) -> Vec<u8> {
        let mut main = Vec::new();
        main.extend(self.orientation.map(|told| Entry::Short(0x0112, told)));
        let mut details = Vec::new();
        details.extend(self.taken.map(|told| Entry::Ascii(0x9003, told.to_owned())));
        details.extend(self.offset.map(|told| Entry::Ascii(0x9011, told.to_owned())));
        if !details.is_empty() {
            main.push(Entry::Directory(0x8769, details));
        }
        main.extend(self.gps.map(|gps| Entry::Directory(0x8825, gps.entries())));
        let mut bytes = if self.big_endian { b"MM\0*".to_vec() } else { b"II*\0".to_vec() };
        self.put_u32(&mut bytes, 8);
        self.put_directory(&mut bytes, &main);
        bytes
    }

    fn put_directory(&self, bytes: &mut Vec<u8>, entries: &[Entry]) {
        let start = bytes.len();
        let mut after = start + 2 + 12 * entries.len() + 4;
        let mut values = Vec::new();
        self.put_u16(bytes, entries.len() as u16);
        for entry in entries {
            let mut value = Vec::new();
            let (tag, kind, count) = match entry {
                Entry::Short(tag, told) => {
                    self.put_u16(&mut value, *told);
                    (*tag, 3, 1)
                }
                Entry::Ascii(tag, text) => {
                    value.extend_from_slice(text.as_bytes());
                    value.push(0);
                    (*tag, 2, value.len())
                }
                Entry::Rationals(tag, parts) => {
                    for (over, under) in parts {
                        self.put_u32(&mut value, *over);
                        self.put_u32(&mut value, *under);
                    }
                    (*tag, 5, parts.len())
                }
                Entry::Directory(tag, entries) => {
                    let mut nested = vec![0; after];
                    self.put_directory(&mut nested, entries);
                    let nested = nested.split_off(after);
                    self.put_u32(&mut value, after as u32);
                    after += nested.len();
                    values.extend(nested);
                    (*tag, 4, 1)
                }
            };
            self.put_u16(bytes, tag);
            self.put_u16(bytes, kind);
            self.put_u32(bytes, count as u32);
            if value.len() <= 4 {
                value.resize(4, 0);
                bytes.extend(value);
            } else {
                self.put_u32(bytes, after as u32);
                after += value.len();
                values.extend(value);
            }
        }
        self.put_u32(bytes, 0);
        bytes.extend(values);
    }

    fn put_u16(&self, bytes: &mut Vec<u8>, value: u16) {
        bytes.extend(if self.big_endian { value.to_be_bytes() } else { value.to_le_bytes() });
    }

    fn put_u32(&self, bytes: &mut Vec<u8>, value: u32) {
        bytes.extend(if self.big_endian { value.to_be_bytes() } else { value.to_le_bytes() });
    }
}

impl Gps {
    fn entries(self) -> Vec<Entry> {
        let mut entries = vec![
            Entry::Ascii(1, self.lat_side.to_owned()),
            Entry::Rationals(2, self.lat.to_vec()),
            Entry::Ascii(3, self.lon_side.to_owned()),
            Entry::Rationals(4, self.lon.to_vec()),
        ];
        if let Some((day, time)) = self.at {
            entries.push(Entry::Rationals(7, time.to_vec()));
            entries.push(Entry::Ascii(29, day.to_owned()));
        }
        entries.extend(self.error_m.map(|error| Entry::Rationals(31, vec![error])));
        entries
    }
}

fn said(exif: &Exif) -> bianfang_shared::photo::Examined {
    looked_at(&with_segment(&jpeg(&quarters(64, 48)), 0xE1, &exif.segment())).unwrap()
}

/// 2025-07-18 11:30:00 in Beijing.
const TAKEN_MS: i64 = 1_752_809_400_000;

#[test]
fn the_time_of_the_shutter_is_read_in_its_own_zone() {
    let at = |taken, offset| said(&Exif { taken: Some(taken), offset, ..Exif::default() }).taken_at_ms;
    let cases = [
        ("without a zone, Beijing's", at("2025:07:18 11:30:00", None), Some(TAKEN_MS)),
        ("with Beijing's zone", at("2025:07:18 11:30:00", Some("+08:00")), Some(TAKEN_MS)),
        ("with another zone", at("2025:07:18 06:30:00", Some("+03:00")), Some(TAKEN_MS)),
        ("behind UTC", at("2025:07:17 22:00:00", Some("-05:30")), Some(TAKEN_MS)),
        ("a zone that is none", at("2025:07:18 11:30:00", Some("   :  ")), Some(TAKEN_MS)),
        ("a clock never set", at("0000:00:00 00:00:00", None), None),
        ("a day that is none", at("2025:02:30 11:30:00", None), None),
        ("blanks", at("    :  :     :  :  ", None), None),
        ("nothing", said(&Exif::default()).taken_at_ms, None),
    ];
    for (name, found, wanted) in cases {
        assert_eq!(found, wanted, "{name}");
    }
}

#[test]
fn the_place_is_read_with_its_error_and_its_own_time() {
    for big_endian in [false, true] {
        let place = said(&Exif { big_endian, gps: Some(VILLAGE), ..Exif::default() }).place.unwrap();
        assert!((place.lat - (28.0 + 54.0 / 60.0 + 5.4 / 3_600.0)).abs() < 1e-9, "{place:?}");
        assert!((place.lon - (113.0 + 18.0 / 60.0 + 36.0 / 3_600.0)).abs() < 1e-9, "{place:?}");
        assert_eq!(place.accuracy_m, 12.5);
        assert_eq!(place.at_ms, TAKEN_MS + 15_000);
        assert_eq!((place.provider.as_deref(), place.mocked), (Some("exif"), None));
    }
}

#[test]
fn a_place_without_its_own_time_has_that_of_the_shutter_and_one_without_an_error_the_policys() {
    let gps = Some(Gps { at: None, error_m: None, ..VILLAGE });
    let place = said(&Exif { taken: Some("2025:07:18 11:30:00"), gps, ..Exif::default() }).place.unwrap();
    assert_eq!((place.at_ms, place.accuracy_m), (TAKEN_MS, 50.0));
}

#[test]
fn a_place_that_is_none_is_left_out() {
    let zero = [(0, 1); 3];
    let cases = [
        ("0° N 0° E", Gps { lat: zero, lon: zero, ..VILLAGE }),
        ("divided by nothing", Gps { lat: [(28, 0), (0, 0), (0, 0)], ..VILLAGE }),
        ("beyond the pole", Gps { lat: [(91, 1), (0, 1), (0, 1)], ..VILLAGE }),
        ("beyond the date line", Gps { lon: [(181, 1), (0, 1), (0, 1)], ..VILLAGE }),
        ("at no time", Gps { at: None, ..VILLAGE }),
    ];
    for (name, gps) in cases {
        assert_eq!(said(&Exif { gps: Some(gps), ..Exif::default() }).place, None, "{name}");
    }
}

#[test]
fn south_and_west_are_negative() {
    let gps = Gps { lat_side: "S", lon_side: "W", ..VILLAGE };
    let place = said(&Exif { gps: Some(gps), ..Exif::default() }).place.unwrap();
    assert!(place.lat < 0.0 && place.lon < 0.0);
}

#[test]
fn the_size_is_told_as_the_picture_is_looked_at() {
    for orientation in 1..=8 {
        let examined = said(&Exif { orientation: Some(orientation), ..Exif::default() });
        let wanted = if orientation > 4 { (48, 64) } else { (64, 48) };
        assert_eq!((examined.width, examined.height), wanted, "{orientation}");
        assert_eq!(u16::from(examined.orientation), orientation);
    }
}

#[test]
fn damaged_exif_does_not_cost_the_picture() {
    let whole = Exif {
        orientation: Some(6),
        taken: Some("2025:07:18 11:30:00"),
        gps: Some(VILLAGE),
        ..Exif::default()
    };
    let segment = whole.segment();
    for end in 0..segment.len() {
        looked_at(&with_segment(&jpeg(&quarters(64, 48)), 0xE1, &segment[..end])).unwrap();
    }
    // A directory that names itself as the next one, and orientations that are none.
    for orientation in [0, 9, 65_535] {
        assert_eq!(said(&Exif { orientation: Some(orientation), ..Exif::default() }).orientation, 1);
    }
}

#[test]
fn a_png_says_its_time_too() {
    let mut file = png(quarters(64, 48).as_raw(), 64, 48, ExtendedColorType::Rgb8);
    let exif = Exif { taken: Some("2025:07:18 11:30:00"), ..Exif::default() };
    let chunk = crate::files::png_chunk(b"eXIf", &exif.tiff());
    // After the header's chunk.
    file.splice(33..33, chunk);
    assert_eq!(looked_at(&file).unwrap().taken_at_ms, Some(TAKEN_MS));
}
